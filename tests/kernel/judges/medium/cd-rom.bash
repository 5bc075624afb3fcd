# A pressed CD: data, and behind it a track of audio where the data alone are not asked for.
disc() { printf 'image = "%s"\nmedium = "cd-rom"\n' "$image"; }
export profile=CD-ROM cd_info='ISO 9660' cdrom_id=ID_CDROM_MEDIA_CD=1 cdrdao='CD-RW.*no|Toc Type'
export capacity="Number of logical blocks=$(($(stat -c %s "$image") / 2048))\$" discwright='CD-ROM' mediainfo='non-DVD media'
disc >disc.toml && attach || exit 1

part judge 'kernel: probe' kernel_probes
part judge 'kernel: mount' kernel_mounts
part judge 'kernel: change of the disc' change_is_noticed
part judge 'eject' eject_works
part judge 'blkid' blkid_tells
part judge 'cdrom_id of udev' cdrom_id_tells
part judge 'dd' dd_reads
part judge 'dd, direct' dd_direct_reads
part judge 'ddrescue' ddrescue_reads
part judge 'readom' readom_reads
part judge 'isoinfo' isoinfo_reads
part judge 'xorriso -indev' xorriso_reads
part judge 'cd-info' cd_info_tells
part judge 'cdrdao disk-info' cdrdao_tells
part judge 'cdrdao read-toc' cdrdao_reads_toc
part judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
part judge 'sg_readcap' sg_readcap_tells
part judge 'wodim -prcap' wodim_prcap
part judge 'wodim -toc' wodim_toc
part judge 'discwright rip' discwright_reads
part judge 'discwright info' discwright_tells
detach

disc() { printf 'medium = "cd-rom"\n[[track]]\nmode = "audio"\nsectors = 4000\n'; }
part recorder 'cdparanoia -Q, of audio' cdparanoia_tells
