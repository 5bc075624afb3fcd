#!/bin/bash
# Listing and judging 100,000 files, and extracting 20,000 of 2 GB, beside the programs that others have for it.
# usage: filesystem.sh [list|extract|rip]...      all of them by default
# Needs the packages xorriso, genisoimage, 7zip, libarchive-tools and time, 6 GB in $TMPDIR, and some ten minutes.
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"
need xorriso isoinfo 7zz bsdtar /usr/bin/time
[ $# -gt 0 ] || set -- list extract rip
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
discwright=$here/../target/release/discwright
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

image() { xorriso -report_about SORRY -as mkisofs -quiet -R -J -o "$1" "$2" 2>/dev/null || fail "no image"; }

# 100,000 names in 400 folders, a few bytes in each file.
make_names() {
    perl -e 'for $d (0..399) { mkdir sprintf "names/folder number %03d", $d;
        for $f (0..249) { open F, ">", sprintf "names/folder number %03d/a file of the name %05d.text", $d, $f; print F $f } }'
    image names.iso names
    rm -rf names
}

list() {
    mkdir names && make_names
    ours() { "$discwright" ls -l -R names.iso >/dev/null; }
    judging() { "$discwright" verify --hash none names.iso >/dev/null 2>&1; }
    xorriso_lsdl() { xorriso -report_about SORRY -indev names.iso -find / -exec lsdl -- >/dev/null 2>&1; }
    xorriso_lba() { xorriso -report_about SORRY -indev names.iso -find / -type f -exec report_lba -- >/dev/null 2>&1; }
    seven_zip() { 7zz l names.iso >/dev/null; }
    bsdtar_tv() { bsdtar -tvf names.iso >/dev/null; }
    isoinfo_l() { isoinfo -R -l -i names.iso >/dev/null; }
    alternate ours judging xorriso_lsdl xorriso_lba seven_zip bsdtar_tv isoinfo_l
    fastest xorriso_lsdl xorriso_lba seven_zip bsdtar_tv isoinfo_l
    ratio ours "$best" 0.5
    ratio judging "$best" 0.5
    memory
}

# Peak memory beyond that of an image with one file: bytes an entry, names included.
memory() {
    mkdir one && echo one >one/file && image one.iso one
    local image few many
    for image in one names; do
        /usr/bin/time -f %M -o peak "$discwright" ls -R $image.iso >/dev/null || fail "no listing of $image.iso"
        [ $image = one ] && few=$(tail -n 1 peak) || many=$(tail -n 1 peak)
    done
    # A name of this image has 30 bytes.
    awk -v few="$few" -v many="$many" 'BEGIN {
        each = (many - few) * 1024 / 100400
        printf "ls -R: peak %.1f MiB, %.0f bytes an entry   wanted: at most 200 and its name of 30: %s\n", many / 1024, each, each <= 230 ? "holds" : "DOES NOT HOLD"
    }'
}

# 2 GB in 20,000 files, which compress badly.
make_files() {
    perl -e 'srand 1; $block = pack "L*", map { rand 2**32 } 1 .. 25000;
        for $d (0..99) { mkdir "files/$d"; for $f (0..199) { open F, ">", "files/$d/$f.bin"; print F pack("N", $d * 200 + $f), $block } }'
    image files.iso files
    rm -rf files
}

extract() {
    mkdir files && make_files
    # Where the image has been read once, disks have no part in it; the output goes to one folder of them all.
    cat files.iso >/dev/null
    tidy() { rm -rf out; mkdir out; sync; }
    ours() { "$discwright" extract files.iso -C out >/dev/null 2>&1; }
    seven_zip() { 7zz x -bso0 -bsp0 -oout files.iso; }
    bsdtar_x() { bsdtar -xf files.iso -C out; }
    osirrox() { xorriso -report_about SORRY -osirrox on -indev files.iso -extract / out >/dev/null; chmod -R u+w out; }
    alternate ours seven_zip bsdtar_x osirrox
    tidy() { :; }
    fastest seven_zip bsdtar_x osirrox
    ratio ours "$best" 1.0
    rm -rf out files.iso
}

# The same 100,000 names, read from a virtual drive that is as fast as can be.
rip() {
    [ -e names.iso ] || { mkdir names && make_names; }
    tidy() { rm -f out.iso*; }
    judged() { "$discwright" rip --quiet --hash none --no-account virtual:names.iso out.iso >/dev/null 2>&1; }
    # Without a filesystem there is nothing to judge: the same bytes, but for the descriptors.
    cp names.iso bytes.img
    dd if=/dev/urandom of=bytes.img bs=2048 seek=16 count=16 conv=notrunc status=none
    unjudged() { "$discwright" rip --quiet --hash none --no-account virtual:bytes.img out.iso >/dev/null 2>&1; [ $? -le 1 ]; }
    alternate judged unjudged
    tidy
    ratio judged unjudged 1.03
}

fastest() {
    local name
    best=$1
    for name; do
        if awk "BEGIN { exit !(${medians[$name]} < ${medians[$best]}) }"; then best=$name; fi
    done
}

for part; do
    case $part in
        list | extract | rip) "$part" ;;
        *) fail "there is no $part" ;;
    esac
done
