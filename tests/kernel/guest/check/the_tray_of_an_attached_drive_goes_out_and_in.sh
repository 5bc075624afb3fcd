# The kernel's own way, which is also that of `eject`: CDROMEJECT and CDROMCLOSETRAY.
tray() { perl -e 'use Fcntl; sysopen(F, shift, O_RDONLY | O_NONBLOCK) or die; ioctl(F, hex shift, 0) or die "$!\n"' "$node" "$1"; }
attach demo
tray 5309 || fail "no way out"
expect 3 discwright info --json "$node"
says out '"event":"drive".*"state":"open"'
tray 5319 || fail "no way in"
expect 0 discwright info --json "$node"
says out '"event":"drive".*"state":"complete"'
expect 0 sg_start --eject "$sg"
! dd if="$node" of=copy bs=2048 count=1 status=none 2>err || fail "an open tray reads"
expect 0 sg_start --load "$sg"
within 5 dd if="$node" of=copy bs=2048 count=1 status=none
expect 0 discwright eject "$node"
expect 0 discwright load "$node"
blkid "$node" >out && says out 'DISCWRIGHT_DEMO'
