# A sector takes 8 seconds, and whoever asks for it does not wait so long: the kernel aborts that command, and others that wait behind it.
printf 'image = "%s"\nmedium = "dvd-rom"\n[[fault]]\nkind = "unreadable"\nsectors = [4000]\nseconds = 8\n' "$dvd_image" >slow.toml
attach slow.toml
first=(28 00 00 00 00 00 00 00 01 00) slow=(28 00 00 00 0f a0 00 00 01 00)
expect 0 sg_raw -r 2048 -o before "$sg" "${first[@]}"
sg_raw -t 2 -r 2048 "$sg" "${slow[@]}" >slow.out 2>&1 & asking=$!
sleep 0.5
sg_raw -t 1 -r 2048 "$sg" "${first[@]}" >waits.out 2>&1 & waiting=$!
wait $asking && fail "a sector that takes 8 s came within 2"
wait $waiting
# It is there again, and says the same as before.
within 30 sg_turs "$sg"
expect 0 sg_raw -t 20 -r 2048 -o after "$sg" "${first[@]}"
same before after
cmp -n 2048 after "$dvd_image" || fail "other data"
[ "$(cat "/sys/class/block/${node#/dev/}/device/state")" = running ] || fail "the kernel has given the drive up"
expect 0 dd if="$node" of=copy bs=2048 count=1000
cmp -n 2048000 copy "$dvd_image" || fail "other data by the block node"
detach 0
nothing_attached
