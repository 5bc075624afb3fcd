expect 0 discwright rip demo disc.iso
blank dvd-r
expect 0 growisofs -dvd-compat -Z "$node=disc.iso"
holds
is 'dvd-r, complete'
detach 0
blank dvd-r
expect 0 wodim -dummy -sao dev="$sg" disc.iso
is 'dvd-r, blank'
expect 0 wodim -sao dev="$sg" disc.iso
holds
is 'dvd-r, complete'
detach 0
nothing_attached
