# Images of libarchive's bsdtar and of NetBSD's makefs.
mformat_esp() { truncate -s 1440K "$1"; mformat -i "$1" -f 1440 ::; mmd -i "$1" ::/EFI ::/EFI/BOOT; mcopy -i "$1" $plain/A.BIN ::/EFI/BOOT/BOOTX64.EFI; }

bsdtar_default() { # image
    bsdtar --format=iso9660 -cf "$image" -C $rich .
}
bsdtar_joliet_long() { # image
    bsdtar --format=iso9660 --options='joliet=long,rockridge' -cf "$image" -C $unicode .
}
bsdtar_plain() { # image
    bsdtar --format=iso9660 --options='!joliet,!rockridge,iso-level=2' -cf "$image" -C $plain .
}
bsdtar_zisofs() { # image
    bsdtar --format=iso9660 --options='zisofs=direct' -cf "$image" -C $large .
}
bsdtar_relocated() { # image
    bsdtar --format=iso9660 --options='limit-depth,rockridge=strict' -cf "$image" -C $deep .
}
bsdtar_1999() { # image
    bsdtar --format=iso9660 --options='iso-level=4' -cf "$image" -C $unicode .
}
makefs_plain() { # image
    makefs -t cd9660 -o label=MAKEFS "$image" $plain
}
makefs_rock_ridge() { # image
    makefs -t cd9660 -o rockridge,label=MAKEFS "$image" $rich
}
makefs_relaxed() { # image
    makefs -t cd9660 -o allow-deep-trees,allow-lowercase,allow-multidot,isolevel=2 "$image" $deep
}
