# A pressed BD.
disc() { printf 'image = "%s"\nmedium = "bd-rom"\n' "$image"; }
export profile=BD-ROM mediainfo='BD-ROM' cd_info='BD-ROM|listed as' cdrom_id=ID_CDROM_MEDIA_BD=1
export capacity="Number of logical blocks=$(($(stat -c %s "$image") / 2048))\$" discwright='BD-ROM|bd-rom'
disc >disc.toml && attach || exit 1

judge 'kernel: probe' kernel_probes
part judge 'kernel: mount' kernel_mounts
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
judge 'dvd+rw-mediainfo' mediainfo_tells
judge 'dvd+rw-booktype' booktype_is_refused
judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
judge 'sg_readcap' sg_readcap_tells
judge 'wodim -prcap' wodim_prcap
judge 'wodim -toc' wodim_toc
part judge 'discwright rip' discwright_reads
judge 'discwright info' discwright_tells
detach
