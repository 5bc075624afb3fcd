mkdir mnt && mount -o ro $dvd mnt || fail "no mount"
trap 'umount mnt' EXIT
expect 0 discwright rip $dvd disc.iso
says err 'mounted'
ripped "$dvd_image" disc.iso
cmp mnt/numbers.bin <(tail -c +1 mnt/numbers.bin) || fail "the mount no longer reads"
