#!/bin/bash
# rip against readom, dd and ddrescue: same guest, same drive, same folder for the output.
# usage: in-guest.sh [MEGABYTES]     needs user-mode-linux, tgt, open-iscsi, wodim, gddrescue, genisoimage
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"

if [ "${1-}" = inside ]; then
    install -D -m 755 "$2" /run/bin/discwright
    # A file system in memory, of which tmpfs's default of half the memory would be too little.
    mount -t tmpfs -o size=80% out /mnt && cd /mnt || fail "no tmpfs"
    # Else dd and ddrescue would read what the kernel still has of the disc.
    tidy() { rm -f out.*; blockdev --flushbufs /dev/sr0; }
    rip() { /run/bin/discwright rip --quiet --hash none --no-account /dev/sr0 out.iso >/dev/null; }
    readom() { command readom dev=/dev/sg0 f=out.iso >/dev/null 2>&1; }
    dd_2048() { dd if=/dev/sr0 of=out.iso bs=2048 status=none; }
    ddrescue_d() { ddrescue --quiet --idirect --sector-size=2048 /dev/sr0 out.iso out.map; }
    # The first reading brings the image into memory, which is not what is compared.
    cat /dev/sr0 >/dev/null
    alternate rip readom dd_2048 ddrescue_d
    ratio rip readom 1.0
    ratio rip dd_2048 0.7
    ratio rip ddrescue_d
    exit
fi

need linux.uml tgtd readom ddrescue genisoimage
megabytes=${1:-400}
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
mkdir "$work/content" && head -c "${megabytes}M" /dev/urandom >"$work/content/file" || fail "no space in $work"
genisoimage -quiet -r -V BENCH -o "$work/disc.iso" "$work/content" || fail "no image"
rm -r "$work/content"
"$here/../tests/kernel/boot/uml-run" --mem "$((megabytes * 3 + 600))M" --timeout 900 --drive "pressed:$work/disc.iso" -- \
    env RUNS="$runs" "$here/in-guest.sh" inside "$(readlink -f "$here/../target/release/discwright")"
