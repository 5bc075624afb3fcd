for number in 0 1 2 3; do
    [ -b /dev/sr$number ] && [ -c /dev/sg$number ] || fail "drive $number lacks a node"
    of_block=$(readlink -f /sys/block/sr$number/device) of_sg=$(readlink -f /sys/class/scsi_generic/sg$number/device)
    [ "$of_block" = "$of_sg" ] || fail "sr$number is $of_block, and sg$number is $of_sg"
done
