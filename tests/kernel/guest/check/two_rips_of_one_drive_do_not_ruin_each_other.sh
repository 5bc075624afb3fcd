begin_rip $large first.iso
# Else it would be over before the second gives up waiting for it.
kill -STOP $rip
expect 5 discwright rip $large second.iso
says err 'discwright'
says err "$rip"
absent second.iso second.iso.part second.iso.map
kill -CONT $rip
ended 0
ripped "$large_image" first.iso
