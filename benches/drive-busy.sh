#!/bin/bash
# The share of its time in which a drive of 72 MB/s has a command to work on, while four digests are computed.
# usage: drive-busy.sh [MEGABYTES]
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"

megabytes=${1:-720}
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
head -c "${megabytes}M" /dev/urandom >"$work/disc.iso" || fail "no space in $work"
printf 'image = "disc.iso"\nmedium = "bd-rom"\nspeed = 72_000\n' >"$work/drive.toml"

for ((run = 1; run <= runs; run++)); do
    "$here/../target/release/discwright" rip --json --no-account "virtual:$work/drive.toml" "$work/out.iso" >"$work/events" || fail "the rip failed"
    tail -n 1 "$work/events" | sed -n 's/.*"drive_busy":\([0-9.]*\).*/\1/p' >>"$work/busy"
    rm -f "$work"/out.*
done
sort -g "$work/busy" | sed -n "$(((runs + 1) / 2))p" |
    awk '{ printf "drive busy: %.2f %%   wanted: at least 99: %s\n", $1 * 100, ($1 >= 0.99 ? "holds" : "DOES NOT HOLD") }'
