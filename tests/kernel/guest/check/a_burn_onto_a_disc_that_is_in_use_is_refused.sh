expect 0 discwright rip demo disc.iso
blank dvd+rw
expect 0 discwright burn disc.iso "$node" --yes --no-account --no-verify
mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
for drive in "$node" "$sg"; do
    for refused in "burn disc.iso $drive" "format $drive" "close $drive"; do
        expect 5 discwright $refused --yes
        says err "mounted on .*/mnt"
    done
done
umount mnt
perl -e 'use Fcntl; sysopen(F, shift, O_RDONLY | O_EXCL | O_NONBLOCK) or die; $| = 1; print "held\n"; sleep 100' "$node" >holder &
holder=$!
trap 'kill $holder; discwright virtual detach --all --force' EXIT
within 5 grep -q held holder
for drive in "$node" "$sg"; do
    expect 5 discwright burn disc.iso "$drive" --yes
    says err "perl"
    says err "$holder"
done
kill $holder
trap 'discwright virtual detach --all --force' EXIT
holds
# What is on it asks, and nobody is there to answer.
expect 5 discwright burn disc.iso "$node"
says err "would be lost"
detach 0
nothing_attached
