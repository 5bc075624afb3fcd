expect 0 discwright rip demo disc.iso
blank dvd-r-dl
expect 0 xorriso -as cdrecord dev="$node" disc.iso
holds
is 'dvd-r-dl, complete'
detach 0
blank dvd+r-dl
expect 0 cdrskin dev="$node" disc.iso
holds
is 'dvd\+r-dl, complete'
detach 0
nothing_attached
