expect 0 discwright eject $dvd
expect 3 discwright info --json $dvd
# This drive does not tell an open tray from an empty one.
says out '"event":"drive".*"state":"(open|empty)"'
expect 0 discwright load $dvd
expect 0 discwright rip $dvd disc.iso
ripped "$dvd_image" disc.iso
