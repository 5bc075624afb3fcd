# Slow enough to be killed in the middle, while what takes long is done ten times as fast.
printf 'medium = "dvd+r"\nspeed = 1_000\nclock = 10\nrecording = "data"\n' >disc.toml
attach disc.toml
begin_burn() {
    set -m
    discwright burn "$dvd_image" "$node" --yes --no-account >out 2>err &
    burn=$!
    set +m
    within 30 larger_than data "$1"
    kill -0 $burn || fail "no end yet: $(cat out err)"
}
begin_burn 3000000
kill -KILL $burn
wait $burn
# The drive goes on with what it has in its buffer.
expect 0 discwright info "$sg"
says out 'dvd\+r, appendable'
begin_burn 25000000
kill -INT $burn
wait $burn
[ $? -eq 130 ] || fail "not interrupted: $(cat out err)"
says err 'the same command goes on from there'
expect 0 discwright burn "$dvd_image" "$node" --yes --no-account
says out 'are there from a burn that was cut off'
says out "read back +every byte is the image's"
detach 0
# Padded to whole ECC blocks.
cmp -n "$(stat -c %s "$dvd_image")" "$dvd_image" data || fail "another image"
nothing_attached
