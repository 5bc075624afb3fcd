mkdir mnt && mount -o ro $dvd mnt || fail "no mount"
trap 'umount mnt' EXIT
expect 0 discwright rip $dvd disc.iso
says err 'mounted'
ripped "$dvd_image" disc.iso
# It is read, and nothing else.
head -c 65536 "$dvd_image" >small
for node in $dvd $dvd_sg; do
    for command in 'burn small' blank format close; do
        # shellcheck disable=SC2086
        expect 5 discwright $command $node -y
        says err "mounted on $PWD/mnt"
        says err "umount $PWD/mnt"
    done
done
cmp mnt/numbers.bin <(tail -c +1 mnt/numbers.bin) || fail "the mount no longer reads"
