# Images that Debian's packages have inside.
grub_rescue() { # image
    cp /usr/lib/grub-rescue/grub-rescue-cdrom.iso "$image"
}
ipxe() { # image
    cp /usr/lib/ipxe/ipxe.iso "$image"
}
memtest86_x64() { # image
    cp /usr/lib/memtest86+/memtest86+x64.iso "$image"
}
memtest86_ia32() { # image
    cp /usr/lib/memtest86+/memtest86+ia32.iso "$image"
}
