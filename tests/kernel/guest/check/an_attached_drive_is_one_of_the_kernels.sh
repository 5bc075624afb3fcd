expect 0 discwright rip demo demo.iso
attach demo
expect 0 discwright virtual list --json
says out "\"event\":\"attachment\",\"number\":0,\"device\":\"$node\",\"sg\":\"$sg\",\"disc\":\"demo\".*\"state\":\"served\""
of_block=$(readlink -f "/sys/block/${node#/dev/}/device") of_sg=$(readlink -f "/sys/class/scsi_generic/${sg#/dev/}/device")
[ "$of_block" = "$of_sg" ] || fail "$node is $of_block, and $sg is $of_sg"
blkid "$node" >out || fail "blkid knows nothing"
says out 'LABEL="DISCWRIGHT_DEMO".*TYPE="iso9660"'
mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
expect 5 discwright virtual detach 0
says err 'mounted on .*/mnt'
cmp "mnt/Read me.txt" <(discwright cat demo "/Read me.txt") || fail "not the file"
umount mnt
expect 0 cd-info --no-header --no-device-info --no-cddb "$node"
says out '1: 00:02:00  000000 data'
says out '170: 00:50:00  003600 leadout'
expect 0 discwright rip "$node" disc.iso
ripped demo.iso disc.iso
expect 0 discwright rip "$sg" --range 16..32 part.iso
detach 0
nothing_attached
expect 0 discwright virtual list
says err 'no drive'
