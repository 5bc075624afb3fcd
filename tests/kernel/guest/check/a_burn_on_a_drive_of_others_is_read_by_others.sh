# tgt's drive knows no RESERVE TRACK, no GET EVENT STATUS and no disc id, and calls a closed DVD+R a DVD-ROM.
expect 0 discwright rip demo disc.iso
expect 0 discwright burn disc.iso $blank --yes --no-account --trace burn.trace
says out "read back +every byte is the image's"
readom dev=/dev/sg2 sectors=0-3600 f=copy >out 2>&1 || fail "readom: $(cat out)"
same copy disc.iso
# It has no way of telling the kernel that the disc is another now, but for the tray.
expect 0 eject $blank
expect 0 eject -t $blank
mkdir mnt && mount -o ro $blank mnt || fail "no mount"
cmp "mnt/Read me.txt" <(discwright cat disc.iso "/Read me.txt") || fail "another file"
umount mnt
# It is closed now.
expect 3 discwright burn disc.iso $blank --yes --no-account
expect 0 discwright trace show burn.trace
says out 'CLOSE TRACK'
