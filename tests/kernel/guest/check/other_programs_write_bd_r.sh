# Two sessions, of which the second has the files of both.
blank bd-r
mkdir mnt first second
echo one >first/one.txt
echo two >second/two.txt
expect 0 xorriso -outdev "$node" -map first /first -commit
expect 0 xorriso -dev "$node" -map second /second -commit
is 'bd-r, appendable, 2 sessions'
mount -o ro "$node" mnt || fail "no mount"
same mnt/first/one.txt first/one.txt
same mnt/second/two.txt second/two.txt
umount mnt
detach 0
nothing_attached
