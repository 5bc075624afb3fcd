#!/bin/bash
# Burning: how busy a writer of 72 MB/s is kept (16x of a BD), with digests; the whole job, proof and all, against
# growisofs and xorriso with readom and cmp behind them; and peak memory.
# usage: burn.sh [busy|job|memory]...     all of them by default; MEGABYTES of the image (200)
# job needs user-mode-linux, growisofs, xorriso, wodim; memory the package time.
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"
megabytes=${MEGABYTES:-200}

if [ "${1-}" = inside ]; then
    install -D -m 755 "$2" /run/bin/discwright
    export PATH=/run/bin:$PATH
    mount -t tmpfs -o size=80% work /mnt && cd /mnt || fail "no tmpfs"
    cp "$3" disc.iso
    # A disc for each burn, all of the same kind, speed and patience, on the real clock.
    fresh() {
        printf 'medium = "%s"\nspeed = %s\nrecording = "%s"\n' "$medium" "$speed" /mnt/data >disc.toml
        read -r sr sg < <(discwright virtual attach disc.toml 2>err) || { cat err; fail "cannot attach"; }
        begun=$EPOCHREALTIME
    }
    done_with() {
        took=$(awk "BEGIN { print $EPOCHREALTIME - $begun }")
        discwright virtual detach --all >/dev/null 2>&1
        cmp -n "$(stat -c %s disc.iso)" disc.iso data || fail "another image is on the disc"
        rm -f data data.state copy
    }
    read_and_compared() {
        readom dev="$sg" sectors=0-$(($(stat -c %s disc.iso) / 2048)) f=copy >out 2>&1 && cmp disc.iso copy
    }
    burnt() { fresh; discwright burn disc.iso "$sr" --yes --no-account "$@" >out 2>&1 || { cat out; return 1; }; done_with; }
    ours() { burnt; }
    # As growisofs leaves a BD-R, whatever it is told.
    ours_left_open() { burnt --keep-open; }
    growisofs_readom() { fresh; growisofs -use-the-force-luke=spare:none -dvd-compat -Z "$sr=disc.iso" >out 2>&1 && read_and_compared || { cat out; return 1; }; done_with; }
    xorriso_readom() { fresh; xorriso -as cdrecord -v dev="$sr" disc.iso >out 2>&1 && read_and_compared || { cat out; return 1; }; done_with; }
    medium=$4 speed=$5
    echo "$medium at $speed:"
    as_growisofs=ours
    [ "$medium" != bd-r ] || as_growisofs=ours_left_open
    alternate $(printf '%s\n' ours $as_growisofs | uniq) growisofs_readom xorriso_readom
    ratio $as_growisofs growisofs_readom 0.9
    ratio ours xorriso_readom 0.9
    exit
fi

image() {
    [ ! -e "$work/disc.iso" ] || return 0
    head -c "${megabytes}M" /dev/urandom >"$work/disc.iso" || fail "no space in $work"
}

busy() {
    image
    printf 'medium = "bd-r"\nspeed = 72_000\nrecording = "data"\n' >"$work/drive.toml"
    for ((run = 1; run <= runs; run++)); do
        rm -f "$work"/data*
        "$discwright" burn --json --no-account --no-verify --yes "$work/disc.iso" "virtual:$work/drive.toml" >"$work/events" 2>/dev/null || fail "the burn failed"
        tail -n 1 "$work/events" | sed -n 's/.*"drive_busy":\([0-9.]*\).*"buffer_least":\([0-9.]*\).*/\1 \2/p' >>"$work/busy"
    done
    cut -d ' ' -f 1 "$work/busy" | sort -g | sed -n "$(((runs + 1) / 2))p" |
        awk '{ printf "drive busy: %.2f %%   wanted: at least 99: %s\n", $1 * 100, ($1 >= 0.99 ? "holds" : "DOES NOT HOLD") }'
    cut -d ' ' -f 2 "$work/busy" | sort -g | head -n 1 |
        awk '{ printf "its buffer never below: %.0f %%   wanted: at least 50: %s\n", $1 * 100, ($1 >= 0.5 ? "holds" : "DOES NOT HOLD") }'
}

job() {
    need linux.uml growisofs xorriso readom
    image
    local medium
    for medium in 'bd-r 72_000' 'dvd+r 22_160'; do
        # shellcheck disable=SC2086
        "$here/../tests/kernel/boot/uml-run" --mem "$((megabytes * 4 + 600))M" --timeout 3600 -- \
            env RUNS="$runs" "$here/burn.sh" inside "$(readlink -f "$discwright")" "$work/disc.iso" $medium || fail "the guest failed"
    done
}

memory() {
    need /usr/bin/time
    local bytes
    for bytes in 50M 4G; do
        truncate -s $bytes "$work/large.img"
        rm -f "$work"/data*
        printf 'medium = "bd-r"\nrecording = "data"\n' >"$work/drive.toml"
        /usr/bin/time -f %M -o "$work/peak" "$discwright" burn --quiet --no-account --yes "$work/large.img" "virtual:$work/drive.toml" >/dev/null 2>&1 ||
            fail "the burn of $bytes failed"
        awk -v bytes=$bytes '{ printf "%s: peak %.1f MiB   wanted: at most 64: %s\n", bytes, $1 / 1024, $1 <= 64 * 1024 ? "holds" : "DOES NOT HOLD" }' "$work/peak"
    done
    rm -f "$work"/large.img "$work"/data*
}

[ $# -gt 0 ] || set -- busy job memory
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
discwright=$here/../target/release/discwright
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
echo "load: $(cut -d ' ' -f 1-3 /proc/loadavg)"
for part; do
    case $part in
        busy | job | memory) "$part" ;;
        *) fail "there is no $part" ;;
    esac
done
