# Volumes of mkudffs, most of them filled by the kernel in the guest.
# blank BLOCK_BYTES BLOCKS OPTION...
blank() { local block=$1 blocks=$2; shift 2; truncate -s $((block * blocks)) "$image"; mkudffs --utf8 -b $block "$@" "$image" $blocks; }
# later FOLDER [MOUNT_OPTIONS]: what the guest puts in.
later() { printf '%s\n' "$1" "${2-}" >"${image%.img}.fill"; }
# As a disc that was written so far: its table of virtual addresses stands in the last block.
cut() { perl -e '$_ = do { local $/; <STDIN> }; s/\0+\z//; truncate $ARGV[0], 2048 * int((length() + 2047) / 2048)' "$image" <"$image"; }

mkudffs_empty_cd() { # image
    blank 2048 4000 -m cd -r 2.01
}
mkudffs_empty_dvdr_open() { # image
    blank 2048 4000 -m dvdr -r 2.01 --vat; cut
}
mkudffs_empty_dvdr_closed() { # image
    blank 2048 4000 -m dvdr -r 2.01 --vat --closed; cut
}
mkudffs_empty_cdr_1_50() { # image
    blank 2048 4000 -m cdr -r 1.50 --vat; cut
}
mkudffs_empty_bdr() { # image
    blank 2048 8000 -m bdr -r 2.60 --vat --closed; cut
}
mkudffs_empty_strategy_4096() { # image
    blank 2048 4000 -m dvdram -r 2.01 --strategy=4096
}
mkudffs_hd_512() { # image
    blank 512 24000 -m hd -r 2.01 --label='Ünïcode ☃'; later rich
}
mkudffs_hd_2048() { # image
    blank 2048 6000 -m hd -r 2.01; later rich
}
mkudffs_hd_4096() { # image
    blank 4096 3000 -m hd -r 2.01; later unicode
}
mkudffs_1_02() { # image
    blank 2048 6000 -m hd -r 1.02; later rich
}
mkudffs_1_50() { # image
    blank 2048 6000 -m dvdram -r 1.50; later unicode
}
mkudffs_short() { # image
    blank 2048 6000 -m hd -r 2.01 --ad=short; later rich noadinicb,shortad
}
mkudffs_long() { # image
    blank 2048 6000 -m hd -r 2.01 --ad=long; later rich noadinicb,longad
}
mkudffs_no_efe() { # image
    blank 2048 6000 -m hd -r 2.01 --noefe; later rich
}
mkudffs_sparable() { # image
    blank 2048 12000 -m cdrw -r 2.01; later unicode
}
mkudffs_many() { # image
    blank 2048 8000 -m dvdram -r 2.01; later many
}
mkudffs_holes() { # image
    blank 2048 9000 -m hd -r 2.01; later holes noadinicb
}
mkudffs_deleted() { # image
    blank 512 24000 -m hd -r 2.01; later deleted
}
