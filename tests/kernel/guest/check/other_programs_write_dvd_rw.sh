expect 0 discwright rip demo disc.iso
blank dvd-rw
expect 0 cdrskin -multi -tao dev="$node" - <disc.iso
holds
is 'dvd-rw-seq, appendable'
expect 0 wodim blank=fast dev="$sg"
is 'dvd-rw-seq, blank'
# After that it takes nothing but a disc at once.
expect 0 xorriso -as cdrecord dev="$node" disc.iso
holds
is 'dvd-rw-seq, complete'
expect 0 dvd+rw-format -blank=full "$node"
is 'dvd-rw-seq, blank'
expect 0 growisofs -Z "$node=disc.iso"
holds
is 'dvd-rw-seq, appendable'
detach 0
nothing_attached
