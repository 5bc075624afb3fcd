perl -e 'use Fcntl; sysopen(F, shift, O_RDONLY | O_EXCL | O_NONBLOCK) or die; $| = 1; print "held\n"; sleep 100' $dvd >holder &
holder=$!
trap 'kill $holder' EXIT
within 5 grep -q held holder
for node in $dvd $dvd_sg; do
    expect 5 discwright rip $node disc.iso
    says err 'perl'
    says err "$holder"
done
absent disc.iso disc.iso.part disc.iso.map
