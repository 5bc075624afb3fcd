# Images of cdrkit's genisoimage.
geniso() { genisoimage -quiet -o "$image" "$@"; }

genisoimage_plain() { # image
    geniso -V PLAIN $plain
}
genisoimage_level_1() { # image
    geniso -iso-level 1 -no-pad $unicode
}
genisoimage_relaxed() { # image
    geniso -U -iso-level 3 -allow-lowercase -allow-multidot -l $unicode
}
genisoimage_rock_ridge() { # image
    geniso -R $rich
}
genisoimage_joliet() { # image
    geniso -J -joliet-long -input-charset utf-8 -m "*outside*" $unicode
}
genisoimage_joliet_rock_ridge() { # image
    geniso -R -J -input-charset utf-8 $rich
}
genisoimage_relocated() { # image
    geniso -R $deep
}
genisoimage_relocated_visible() { # image
    geniso -r -J -D -hide-rr-moved $deep
}
genisoimage_many() { # image
    geniso -R -J $many
}
genisoimage_1999() { # image
    geniso -iso-level 4 -R $rich
}
genisoimage_udf_bridge() { # image
    geniso -udf -R -J -input-charset utf-8 $rich
}
genisoimage_udf_dvd_video() { # image
    mkdir -p tree/VIDEO_TS tree/AUDIO_TS
    cp $plain/A.BIN tree/VIDEO_TS/OTHER.BIN
    geniso -udf -J -R tree
}
genisoimage_hfs() { # image
    geniso -hfs -R -J $deep
}
genisoimage_floppy() { # image
    mkdir tree; cp -a $plain/. tree; truncate -s 1474560 tree/boot.img
    geniso -R -b boot.img -c boot.cat tree
}
genisoimage_two_boot_images() { # image
    mkdir tree; cp -a $plain/. tree; cp /usr/lib/ISOLINUX/isolinux.bin tree/; head -c 40960 /dev/zero >tree/efi.img
    geniso -R -J -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table -eltorito-alt-boot -b efi.img -no-emul-boot tree
}
genisoimage_xa() { # image
    geniso -xa -R $rich
}
genisoimage_sessions() { # image
    mkdir one two three; cp -a $plain/. one; fill two/second.bin 20000; fill three/third.bin 30000; fill three/SUB/B.BIN 50
    genisoimage -quiet -R -J -o 1 one
    local n1=$(($(stat -c %s 1) / 2048))
    genisoimage -quiet -R -J -C 0,$n1 -M 1 -o 2 two
    cat 1 2 >12
    local n2=$(($(stat -c %s 12) / 2048))
    genisoimage -quiet -R -J -C $n1,$n2 -M 12 -o 3 three
    cat 12 3 >"$image"
    echo $n2 >"${image%.img}.start"
}
implantisomd5_genisoimage() { # image
    geniso -R -J $large
    implantisomd5 "$image"
}
isohybrid_isolinux() { # image
    mkdir tree; cp -a $plain/. tree; cp /usr/lib/ISOLINUX/isolinux.bin tree/
    geniso -R -J -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table tree
    isohybrid "$image"
}
isohybrid_uefi() { # image
    mkdir tree; cp -a $plain/. tree; cp /usr/lib/ISOLINUX/isolinux.bin tree/
    mformat_esp tree/efi.img
    geniso -R -J -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table -eltorito-alt-boot -e efi.img -no-emul-boot tree
    isohybrid --uefi "$image"
}
