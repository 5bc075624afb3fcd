expect 0 discwright rip $dvd_sg disc.iso
ripped "$dvd_image" disc.iso
