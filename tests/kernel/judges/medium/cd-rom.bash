# A pressed CD: data, and behind it a track of audio where the data alone are not asked for.
disc() { printf 'image = "%s"\nmedium = "cd-rom"\n' "$image"; }
export profile=CD-ROM cd_info='ISO 9660' cdrom_id=ID_CDROM_MEDIA_CD=1 cdrdao='CD-RW.*no|Toc Type'
export capacity="Number of logical blocks=$(($(stat -c %s "$image") / 2048))\$" discwright='CD-ROM' mediainfo='non-DVD media'
disc >disc.toml && attach || exit 1

judge 'kernel: probe' kernel_probes
judge 'kernel: mount' kernel_mounts
judge 'kernel: change of the disc' change_is_noticed
judge 'eject' eject_works
judge 'blkid' blkid_tells
judge 'cdrom_id of udev' cdrom_id_tells
judge 'dd' dd_reads
judge 'dd, direct' dd_direct_reads
judge 'ddrescue' ddrescue_reads
judge 'readom' readom_reads
judge 'isoinfo' isoinfo_reads
judge 'xorriso -indev' xorriso_reads
judge 'cd-info' cd_info_tells
judge 'cdrdao disk-info' cdrdao_tells
judge 'cdrdao read-toc' cdrdao_reads_toc
judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
judge 'sg_readcap' sg_readcap_tells
judge 'wodim -prcap' wodim_prcap
judge 'wodim -toc' wodim_toc
judge 'discwright rip' discwright_reads
judge 'discwright info' discwright_tells
detach

disc() { printf 'medium = "cd-rom"\n[[track]]\nmode = "audio"\nsectors = 4000\n'; }
recorder 'cdparanoia -Q, of audio' cdparanoia_tells
