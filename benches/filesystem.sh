#!/bin/bash
# Listing and judging 100,000 files, and extracting 20,000 of 2 GB, beside the programs that others have for it.
# usage: filesystem.sh [iso|udf|extract|rip]...      all of them by default; MEASURE=cpu: see compare.bash
# Needs the packages xorriso, genisoimage, 7zip, libarchive-tools and time, 6 GB in $TMPDIR, and some ten minutes.
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"
need xorriso genisoimage isoinfo 7zz bsdtar /usr/bin/time
[ $# -gt 0 ] || set -- iso udf extract rip
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
discwright=$here/../target/release/discwright
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

image() { xorriso -report_about SORRY -as mkisofs -quiet -R -J -o "$1" "$2" 2>/dev/null || fail "no image"; }

# 100,000 names in 400 folders, a few bytes in each file: names.iso with Rock Ridge and Joliet, udf.iso with UDF besides.
make_names() {
    [ ! -e names.iso ] || return 0
    mkdir names
    perl -e 'for $d (0..399) { mkdir sprintf "names/folder number %03d", $d;
        for $f (0..249) { open F, ">", sprintf "names/folder number %03d/a file of the name %05d.text", $d, $f; print F $f } }'
    image names.iso names
    genisoimage -quiet -udf -R -J -o udf.iso names 2>/dev/null || fail "no image with UDF"
    rm -rf names
    mkdir one && echo one >one/file && image one.iso one
    genisoimage -quiet -udf -R -J -o one-udf.iso one 2>/dev/null || fail "no image with UDF"
}

# Names with their sizes, as all of the others tell them.
iso() {
    make_names
    ours() { spent "$discwright" ls -l -R names.iso; }
    judging() { spent "$discwright" verify --hash none names.iso; }
    xorriso_lsdl() { spent xorriso -report_about SORRY -indev names.iso -find / -exec lsdl --; }
    xorriso_lba() { spent xorriso -report_about SORRY -indev names.iso -find / -type f -exec report_lba --; }
    seven_zip() { spent 7zz l names.iso; }
    bsdtar_tv() { spent bsdtar -tvf names.iso; }
    isoinfo_l() { spent isoinfo -R -l -i names.iso; }
    alternate ours judging xorriso_lsdl xorriso_lba seven_zip bsdtar_tv isoinfo_l
    fastest xorriso_lsdl xorriso_lba seven_zip bsdtar_tv isoinfo_l
    ratio ours "$best" 0.5
    ratio judging "$best" 0.5
    # A name of these images has 30 bytes. Judging holds both trees at once.
    memory 100400 one.iso ls -R names.iso
    memory 200800 one.iso verify --hash none names.iso
}

# The same files in UDF, which of the others only 7zz lists. Judging judges all of a bridge: three trees.
udf() {
    make_names
    ours() { spent "$discwright" ls -l -R udf.iso; }
    judging() { spent "$discwright" verify --hash none udf.iso; }
    seven_zip() { spent 7zz l udf.iso; }
    alternate ours judging seven_zip
    ratio ours seven_zip 0.5
    ratio judging seven_zip 0.5
    memory 100400 one-udf.iso ls -R udf.iso
    memory 301200 one-udf.iso verify --hash none udf.iso
}

# memory ENTRIES SMALL COMMAND...: peak memory beyond that of the image SMALL, with one file: bytes an entry, name included.
memory() {
    local entries=$1 small=$2 few many
    shift 2
    /usr/bin/time -f %M -o peak "$discwright" "${@:1:$#-1}" "$small" >/dev/null 2>&1 || fail "no $1 of $small"
    few=$(tail -n 1 peak)
    /usr/bin/time -f %M -o peak "$discwright" "$@" >/dev/null 2>&1 || fail "no $1"
    many=$(tail -n 1 peak)
    awk -v entries="$entries" -v few="$few" -v many="$many" -v what="$1" 'BEGIN {
        each = (many - few) * 1024 / entries
        printf "%s: peak %.1f MiB, %.0f bytes an entry   wanted: at most 200 and its name of 30: %s\n", what, many / 1024, each, each <= 230 ? "holds" : "DOES NOT HOLD"
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

# The same 100,000 names, read from a virtual drive of 72 MB/s, as one of 16x is for Blu-ray.
rip() {
    make_names
    drive() { printf 'image = "%s"\nmedium = "bd-rom"\nspeed = 72_000\n' "$1" >"$2"; }
    drive names.iso judged.toml
    # Without a filesystem there is nothing to judge: the same bytes, but for the descriptors.
    cp names.iso bytes.img
    dd if=/dev/urandom of=bytes.img bs=2048 seek=16 count=16 conv=notrunc status=none
    drive bytes.img unjudged.toml
    tidy() { rm -f out.iso*; }
    ripped() { "$discwright" rip --quiet --hash none --no-account "virtual:$1.toml" out.iso >/dev/null 2>&1; }
    judged() { ripped judged; }
    unjudged() { ripped unjudged || [ $? -eq 1 ]; }
    alternate judged unjudged
    tidy() { :; }
    rm -f out.iso*
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
        iso | udf | extract | rip) "$part" ;;
        *) fail "there is no $part" ;;
    esac
done
