#!/bin/bash
# The peak memory of a rip to standard output, of a 50 MB disc and of one a thousand times as large.
# usage: memory.sh      needs the package time, and some minutes
here=$(dirname "$(readlink -f "$0")")
. "$here/compare.bash"
need /usr/bin/time
cargo build --release --quiet --manifest-path "$here/../Cargo.toml" || fail "no build"
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
for disc in 50M 50G; do
    truncate -s $(($(numfmt --from=si $disc) / 2048 * 2048)) "$work/$disc"
    # A disc of nothing but zeros would be called damaged.
    echo disc | dd of="$work/$disc" conv=notrunc status=none
    /usr/bin/time -f %M -o "$work/peak" "$here/../target/release/discwright" rip --quiet "virtual:$work/$disc" - >/dev/null 2>&1 || fail "the rip of $disc failed"
    awk -v disc=$disc '{ printf "%s: peak %.1f MiB   wanted: at most 48: %s\n", disc, $1 / 1024, $1 <= 48 * 1024 ? "holds" : "DOES NOT HOLD" }' "$work/peak"
done
