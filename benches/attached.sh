#!/bin/bash
# How fast an attached drive in software reads in a user-mode Linux: dd, dd past the cache, readom.
# usage: attached.sh [MEGABYTES]     needs user-mode-linux, kmod, wodim
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"

if [ "${1-}" = inside ]; then
    install -D -m 755 "$2" /run/bin/discwright
    read -r sr sg < <(/run/bin/discwright virtual attach "virtual:$3") || fail "cannot attach"
    trap '/run/bin/discwright virtual detach --all' EXIT
    tidy() { blockdev --flushbufs "$sr"; }
    dd_cached() { dd if="$sr" of=/dev/null bs=1M status=none; }
    dd_direct() { dd if="$sr" of=/dev/null bs=1M iflag=direct status=none; }
    readom() { command readom dev="$sg" f=/dev/null >/dev/null 2>&1; }
    # The first reading brings the image into memory.
    cat "$3" >/dev/null
    alternate dd_cached dd_direct readom
    for name in dd_cached dd_direct readom; do
        awk -v name="$name" -v seconds="${medians[$name]}" -v bytes="$(stat -c %s "$3")" 'BEGIN {
            rate = bytes / seconds / 1e6
            printf "%-24s %8.0f MB/s   wanted: at least 150: %s\n", name, rate, (rate >= 150 ? "holds" : "DOES NOT HOLD")
        }'
    done
    exit
fi

need linux.uml readom modprobe
megabytes=${1:-400}
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
head -c "${megabytes}M" /dev/urandom >"$work/disc.iso" || fail "no space in $work"
"$here/../tests/kernel/boot/uml-run" --mem "$((megabytes * 2 + 600))M" --timeout 900 -- \
    env RUNS="$runs" "$here/attached.sh" inside "$(readlink -f "$here/../target/release/discwright")" "$work/disc.iso"
