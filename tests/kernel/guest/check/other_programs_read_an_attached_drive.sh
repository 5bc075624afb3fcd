printf 'image = "%s"\nmedium = "dvd-rom"\n' "$dvd_image" >dvd.toml
attach dvd.toml
dd if="$node" of=copy bs=1M status=none || fail "dd"
same copy "$dvd_image"
dd if="$node" of=copy bs=64k iflag=direct status=none || fail "dd, direct"
same copy "$dvd_image"
ddrescue -q -d -b2048 "$node" copy map || fail "ddrescue"
same copy "$dvd_image"
readom dev="$sg" f=copy >out 2>&1 || fail "readom: $(cat out)"
same copy "$dvd_image"
isoinfo -d -i "$node" >out || fail "isoinfo"
says out 'Volume id: KERNEL_TEST'
isoinfo -x /NUMBERS.BIN\;1 -i "$node" | cmp - <(discwright cat "$dvd_image" /numbers.bin) || fail "isoinfo reads another file"
expect 0 xorriso -indev "$node" -toc -osirrox on -extract /numbers.bin numbers.bin
says out 'Media current: DVD-ROM'
cmp numbers.bin <(discwright cat "$dvd_image" /numbers.bin) || fail "xorriso reads another file"
expect 0 sg_inq "$sg"
says out 'DWRIGHT'
expect 0 sg_readcap "$node"
says out "Number of logical blocks=$(($(stat -c %s "$dvd_image") / 2048))\$"
expect 0 sg_get_config "$node"
says out 'DVD-ROM'
expect 0 sg_turs "$sg"
# 255 bytes are asked for, and fewer come.
expect 0 sg_raw -r 255 "$sg" 12 00 00 00 ff 00
says err 'Received [1-9][0-9]? bytes of data'
detach "$node"
nothing_attached
