mkdir mnt first second
echo one >first/one.txt
echo two >second/two.txt
# growisofs formats a BD-R so that it can be written over, and then does that.
blank bd-r
expect 0 growisofs -Z "$node" -R -J first
expect 0 growisofs -M "$node" -R -J second
mount -o ro "$node" mnt || fail "no mount"
same mnt/one.txt first/one.txt
same mnt/two.txt second/two.txt
umount mnt
detach 0
nothing_attached
