# Images of xorriso and of its emulation of mkisofs, which libburnia and most of today's distributions use.
xmkisofs() { xorriso -report_about WARNING -as mkisofs -o "$image" "$@"; }
xnative() { xorriso -report_about WARNING -outdev "stdio:$image" "$@"; }

xorriso_level_1() { # image
    xmkisofs -iso-level 1 $plain
}
xorriso_level_2() { # image
    xmkisofs -iso-level 2 -V LEVEL2 $plain
}
xorriso_level_3_lowercase() { # image
    xmkisofs -iso-level 3 -allow-lowercase -relaxed-filenames -l $unicode
}
xorriso_1999() { # image
    xmkisofs -iso-level 4 -R $rich
}
xorriso_rock_ridge() { # image
    xmkisofs -R $rich
}
xorriso_joliet_rock_ridge() { # image
    xmkisofs -R -J $rich
}
xorriso_joliet_long() { # image
    xmkisofs -J -joliet-long $unicode
}
xorriso_joliet_utf16() { # image
    xnative -compliance joliet_utf16:joliet_long_names -joliet on -map $unicode / -commit
}
xorriso_native() { # image
    xnative -map $rich / -commit
}
xorriso_md5() { # image
    xnative -md5 all -xattr on -acl on -map $large / -commit
}
xorriso_zisofs() { # image
    xnative -zisofs level=9:block_size=32k -map $large / -map $rich /rich -find / -type f -exec set_filter --zisofs -- -commit
}
xorriso_zisofs_v2() { # image
    xnative -zisofs level=9:version_2=on:block_size_v2=256k -map $large / -find / -type f -exec set_filter --zisofs -- -commit
}
xorriso_relocated() { # image
    xnative -compliance deep_paths_off:long_paths_off -rr_reloc_dir rr_moved -map $deep / -commit
}
xorriso_relocated_to_the_root() { # image
    xnative -compliance deep_paths_off:long_paths_off -rr_reloc_dir "" -map $deep / -commit
}
xorriso_deep() { # image
    xmkisofs -R -J -D $deep
}
xorriso_hfsplus() { # image
    xmkisofs -R -J -hfsplus $unicode
}
xorriso_bios_and_uefi() { # image
    mkdir tree; cp -a $plain/. tree; cp /usr/lib/ISOLINUX/isolinux.bin tree/; mformat_esp tree/efi.img
    xmkisofs -R -J -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
        -eltorito-alt-boot -e efi.img -no-emul-boot -isohybrid-gpt-basdat tree
}
xorriso_appended_partition() { # image
    mkdir tree; cp -a $plain/. tree; mformat_esp efi.img
    xmkisofs -R -J -append_partition 2 0xef efi.img -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot tree
}
xorriso_partition_offset() { # image
    xmkisofs -R -J -partition_offset 16 $plain
}
xorriso_sessions() { # image
    # As on media that are written once: a session behind the other, each with its own descriptors.
    xorriso -report_about WARNING -outdev "stdio:$image" -map $plain / -commit
    xorriso -report_about WARNING -dev "stdio:$image" -map $deep /deep -rm /A.BIN -- -commit
    xorriso -report_about WARNING -dev "stdio:$image" -map $unicode /unicode -mv /NOEXT /renamed -- -commit
}
xorriso_latin_1_names() { # image
    fill "$(printf 'tree/caf\xe9 \x8f.txt')" 100
    fill "$(printf 'tree/\xff\xfe/x')" 101
    xmkisofs -R tree
}
