expect 0 discwright rip demo disc.iso
expect 0 discwright extract disc.iso -C files
blank dvd+r
genisoimage -quiet -r -V STREAM files | discwright burn - "$node" --yes --no-account >out 2>err || fail "$(cat out err)"
says out "read back +every byte is the image's"
mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
diff -r mnt files || fail "other files"
umount mnt
is 'dvd\+r, complete'
detach 0
nothing_attached
