ln -s "$dvd_image" disc.iso
cat >scratched.toml <<'END'
image = "disc.iso"
medium = "dvd-rom"
[[fault]]
kind = "unreadable"
sectors = ["1000..1016", 5000]
END
attach scratched.toml
expect 5 discwright virtual attach ./scratched.toml
says err 'in the attached drive 0 already'

# Four sectors, the third of which is bad: the sense names it.
sg_raw -r 8192 "$sg" 28 00 00 00 03 e6 00 00 04 00 >out 2>&1
says out 'Medium Error'
says out 'L-EC uncorrectable error'
says out 'Info fld=0x3e8'

ddrescue -q -d -b2048 "$node" copy map || fail "ddrescue"
grep -E ' -$' map >bad
printf '0x%08X  0x%08X  -\n' $((1000 * 2048)) $((16 * 2048)) $((5000 * 2048)) 2048 >wanted
diff wanted bad || fail "ddrescue misses other sectors"

expect 1 discwright rip --retries 1 "$node" ours.iso
grep -E ' -$' ours.iso.map >ours
diff -b wanted ours || fail "the rip misses other sectors"
cmp ours.iso.part copy || fail "the two copies differ"
detach 0
nothing_attached
