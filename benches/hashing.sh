#!/bin/bash
# Four digests on two cores: a rip of an unthrottled drive, and a verify, against one digest alone and against coreutils.
# usage: hashing.sh [MEGABYTES]      needs genisoimage, and two and a half times as much free memory
here=$(dirname "$(readlink -f "$0")")
[ -n "${ON_TWO_CORES-}" ] || ON_TWO_CORES=1 exec taskset -c 0,1 "$0" "$@"
. "$here/compare.bash"
need genisoimage

megabytes=${1:-1000}
cd "$here/.." && cargo build --release --quiet && cargo bench --quiet --no-run --bench digest_alone || fail "no build"
discwright=$PWD/target/release/discwright
# In memory: what is compared is computing, and no disk is as steady.
work=$(mktemp -d -p /dev/shm) && trap 'rm -rf "$work"' EXIT
mkdir "$work/content" && head -c "${megabytes}M" /dev/urandom >"$work/content/file" || fail "no space in $work"
genisoimage -quiet -r -V BENCH -o "$work/disc.iso" "$work/content" || fail "no image"
rm -r "$work/content"
image=$work/disc.iso

tidy() { rm -f "$work"/out.*; }
rip() { "$discwright" rip --quiet --no-account "virtual:$image" "$work/out.iso" >/dev/null; }
md5_alone() { took=$(cargo bench --quiet --bench digest_alone -- md5 "$image" 2>/dev/null); }
one_after_the_other() { cp "$image" "$work/out.copy" && sha256sum "$image" && sha1sum "$image" && md5sum "$image"; } >/dev/null
verify() { "$discwright" verify --quiet --hash sha256,sha1,md5,crc32 "$image" >/dev/null; }
in_parallel() { sha256sum "$image" & sha1sum "$image" & md5sum "$image" & wait; } >/dev/null

alternate rip md5_alone one_after_the_other verify in_parallel
ratio rip md5_alone 1.35
ratio rip one_after_the_other 0.4
ratio verify md5_alone 1.3
ratio verify in_parallel 0.5
