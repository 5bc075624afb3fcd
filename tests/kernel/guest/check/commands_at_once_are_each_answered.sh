# As many readers as there are at once, by the block layer and past it, each with its own part of the disc.
printf 'image = "%s"\nmedium = "dvd-rom"\n' "$dvd_image" >dvd.toml
attach dvd.toml
sectors=$(($(stat -c %s "$dvd_image") / 2048))
readers=()
for part in 0 1 2 3 4 5 6 7; do
    from=$((sectors / 8 * part))
    dd if="$node" of="block$part" bs=2048 skip=$from count=$((sectors / 8)) iflag=direct status=none & readers+=($!)
    sg_dd if="$sg" of="generic$part" bs=2048 bpt=32 skip=$from count=2000 blk_sgio=1 >/dev/null 2>&1 & readers+=($!)
    sg_turs -n 50 "$sg" >/dev/null 2>&1 & readers+=($!)
done
for reader in "${readers[@]}"; do wait "$reader" || fail "a reader failed"; done
for part in 0 1 2 3 4 5 6 7; do
    from=$((sectors / 8 * part * 2048))
    cmp -i 0:$from -n $((sectors / 8 * 2048)) "block$part" "$dvd_image" || fail "part $part is another"
    cmp -i 0:$from -n $((2000 * 2048)) "generic$part" "$dvd_image" || fail "part $part, by sg, is another"
done
detach 0
nothing_attached
