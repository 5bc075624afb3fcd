# What the checks share: names for the drives, and words for what must hold. The current folder is the check's own.
set -u
dvd=/dev/sr0 dvd_sg=/dev/sg0 dvd_image=$CHECK_DVD_IMAGE
empty=/dev/sr1 blank=/dev/sr2
large=/dev/sr3 large_image=$CHECK_LARGE_IMAGE

fail() { echo "$*"; exit 1; }

# Runs its arguments until they succeed, for SECONDS at most.
within() {
    local seconds=$1 end; shift
    end=$((SECONDS + seconds + 1))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "not within $seconds s: $*"
        sleep 0.05
    done
}

# expect STATUS COMMAND...: standard output and error are in ./out and ./err afterwards.
expect() {
    local wanted=$1 got=0; shift
    "$@" >out 2>err || got=$?
    [ $got -eq "$wanted" ] || { echo "status $got, not $wanted: $*"; tail -n 40 out err; exit 1; }
}

says() { grep -qiE -- "$2" "$1" || { echo "$1 has no '$2':"; cat "$1"; exit 1; }; }
same() { cmp "$1" "$2" || fail "$1 is not $2"; }
absent() { for name in "$@"; do [ ! -e "$name" ] || fail "$name should not exist"; done; }

# ripped IMAGE OUTPUT: a finished rip, and nothing else, is left of it.
ripped() {
    same "$2" "$1"
    sha256sum --check --strict --status "$2.sha256" || fail "sha256sum does not accept $2.sha256"
    absent "$2.part" "$2.map"
}

larger_than() { [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "$2" ]; }

# half_ripped IMAGE OUTPUT: the rip has ended early, and its map claims no sector that is not in the .part.
half_ripped() {
    local part=$2.part map=$2.map bytes=0 finished=0 from size status
    absent "$2" "$2.sha256"
    [ -f "$part" ] && [ -f "$map" ] || fail "no .part or no .map of $2"
    # The first line that is no comment is ddrescue's own state.
    while read -r from size status; do
        [ $((from)) -eq $bytes ] || fail "the map has a gap or an overlap at $from"
        bytes=$((from + size))
        if [ "$status" = + ]; then
            cmp -i $((from)) -n $((size)) "$part" "$1" || fail "the map says that $size bytes at $from are read"
            finished=$((finished + size))
        fi
    done < <(grep -v '^#' "$map" | tail -n +2)
    [ $bytes -eq "$(stat -c %s "$1")" ] || fail "the map covers $bytes bytes"
    [ $finished -gt 0 ] && [ $finished -lt $bytes ] || fail "$finished of $bytes bytes finished: not half a rip"
    ddrescuelog --show-status "$map" >status || fail "ddrescuelog does not accept the map"
    echo "$finished" >finished
}

begun_or_ended() { larger_than "$1" 30000000 || ! kill -0 $rip; }

# begin_rip DRIVE OUTPUT: in the background, as $rip; returns once it has read something, as the size of the .part tells.
begin_rip() {
    # Job control, since a shell without it starts what is in the background deaf to SIGINT.
    set -m
    discwright rip "$1" "$2" >out 2>err &
    rip=$!
    set +m
    within 30 begun_or_ended "$2.part"
    kill -0 $rip 2>/dev/null || ended "no end yet"
}

# ended STATUS: how the rip that begin_rip began ends.
ended() {
    local got=0
    wait $rip || got=$?
    [ $got = "$1" ] || { echo "status $got, not $1"; tail -n 40 out err; exit 1; }
}

# attach DISC: a drive in software, as $node and $sg. Whatever is attached is taken away at the end.
attach() {
    trap 'discwright virtual detach --all --force' EXIT
    discwright virtual attach "$1" >nodes 2>err || { cat err; fail "cannot attach $1"; }
    read -r node sg <nodes
    [ -b "$node" ] && [ -c "$sg" ] || fail "no nodes: $(cat nodes)"
}

detach() { expect 0 discwright virtual detach "$@"; }

# Of discs that are written: a blank one of this medium; what is on it is what was in disc.iso; how `info` calls it.
blank() { printf 'medium = "%s"\nstate = "blank"\n' "$1" >disc.toml; attach disc.toml; }
holds() { dd if="$node" of=copy bs=2048 count=$(($(stat -c %s disc.iso) / 2048)) status=none || fail "dd"; same copy disc.iso; }
is() { expect 0 discwright info "$sg"; says out "^disc +$1"; }

# Nothing is left of any drive in software: no node, no folder, no module, no record.
nothing_attached() {
    local left
    for left in /sys/kernel/config/target/loopback /sys/kernel/config/target/core/user_9660 /sys/module/tcm_loop \
        /sys/module/target_core_user /sys/module/target_core_mod /sys/class/uio/uio0 /run/discwright/*.json /dev/sr[4-9]; do
        [ ! -e "$left" ] || fail "$left is left"
    done
}

# burnt_and_read_by_others MEDIUM [xorriso]: disc.iso is burnt onto a blank one, with the burn_options, which the kernel, readom and ddrescue read,
# and xorriso, which takes some seconds for that.
burn_options=()
burnt_and_read_by_others() {
    blank "$1"
    expect 0 discwright burn disc.iso "$node" --yes --no-account "${burn_options[@]}"
    says out "read back +every byte is the image's"
    is "${1/+/\\+}(-seq)?, "
    local sectors=$(($(stat -c %s disc.iso) / 2048))
    expect 0 readom dev="$sg" sectors=0-$sectors f=copy
    same copy disc.iso
    rm -f copy map
    expect 0 ddrescue -q -d -b2048 -s $((sectors * 2048)) "$node" copy map
    same copy disc.iso
    if [ "${2-}" = xorriso ]; then expect 0 xorriso -indev "$node" -osirrox on -extract / files; fi
    mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
    cmp "mnt/Read me.txt" <(discwright cat disc.iso "/Read me.txt") || fail "the kernel sees another file"
    [ ! -d files ] || diff -r mnt files || fail "xorriso and the kernel see other files"
    umount mnt
    rmdir mnt
    detach "$node"
}
