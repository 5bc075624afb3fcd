# Data go out to the drive: the recording beside the disc file has them, also for the next drive with that disc.
printf 'medium = "dvd+r"\nrecording = "recording.iso"\n' >disc.toml
attach disc.toml
head -c $((32 * 2048)) "$dvd_image" >data
write() { sg_raw -t 20 -s $((16 * 2048)) -i "$1" "$sg" 2a 00 00 00 00 "$2" 00 00 10 00 >out 2>err; }
write data 00 || fail "the first 16 sectors: $(cat err)"
tail -c $((16 * 2048)) data >second
# Not where writing goes on: refused, and the kernel gets the sense.
write second 40 && fail "written behind the end"
says err 'Invalid address for write'
write second 10 || fail "the next 16 sectors: $(cat err)"
expect 0 sg_raw -t 20 "$sg" 35 00 00 00 00 00 00 00 00 00
expect 0 sg_raw -t 20 "$sg" 5b 00 01 00 00 01 00 00 00 00
expect 0 sg_raw -t 20 "$sg" 5b 00 02 00 00 00 00 00 00 00
same data recording.iso
detach 0
attach disc.toml
expect 0 readom dev="$sg" f=copy
same copy data
detach 0
nothing_attached
