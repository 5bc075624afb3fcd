begin_rip $large disc.iso
begun=${EPOCHREALTIME/./}
kill -INT $rip
ended 130
took=$((${EPOCHREALTIME/./} - begun))
# A second for the program, and as much for a guest that shares its host.
[ $took -lt 2000000 ] || fail "it took $took microseconds to end"
half_ripped "$large_image" disc.iso

expect 0 discwright rip $large disc.iso
ripped "$large_image" disc.iso
