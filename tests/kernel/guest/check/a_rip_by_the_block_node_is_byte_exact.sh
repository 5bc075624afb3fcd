expect 0 discwright rip $dvd disc.iso
ripped "$dvd_image" disc.iso
