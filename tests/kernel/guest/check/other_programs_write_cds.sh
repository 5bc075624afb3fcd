sectors=$(($(stat -c %s "$dvd_image") / 2048))
reads_back() { readom dev="$sg" sectors=0-$sectors f=copy >out 2>&1 || fail "readom: $(cat out)"; same copy "$dvd_image"; }

printf 'medium = "cd-r"\nrecording = "cd.iso"\n' >cd-r.toml
attach cd-r.toml
expect 0 wodim dev="$sg" gracetime=2 -dummy -sao "$dvd_image"
absent cd.iso
expect 0 wodim dev="$sg" gracetime=2 -sao "$dvd_image"
reads_back
expect 0 wodim dev="$sg" -toc
cat out err >all
says all "lout lba: +$sectors "
detach "$node"
same cd.iso "$dvd_image"

# Two sessions of two programs, which the kernel mounts.
printf 'medium = "cd-rw"\nrecording = "cd-rw.iso"\n' >cd-rw.toml
attach cd-rw.toml
expect 0 wodim dev="$sg" gracetime=2 -tao -multi "$dvd_image"
reads_back
printf 'new\n' >new.txt
expect 0 xorriso -dev "$node" -map new.txt /new.txt -commit
mkdir disc
mount -o ro "$node" disc || fail "mount"
cmp disc/new.txt new.txt && cmp disc/numbers.bin <(discwright cat "$dvd_image" /numbers.bin) || fail "mounted, it is another"
umount disc
expect 0 discwright info "$node"
says out 'cd-rw, .*2 sessions'
expect 0 wodim dev="$sg" gracetime=2 blank=fast
expect 0 xorriso -as cdrecord dev="$node" -sao "$dvd_image"
reads_back
detach "$node"
nothing_attached
