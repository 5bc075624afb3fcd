expect 0 discwright rip $dvd
ripped "$dvd_image" KERNEL_TEST.iso
