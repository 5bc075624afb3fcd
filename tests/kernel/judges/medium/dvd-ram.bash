# A DVD-RAM, which is formatted when it is bought.
disc() { printf 'medium = "dvd-ram"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD-RAM' mediainfo='DVD-RAM' cdrom_id=ID_CDROM_MEDIA_DVD_RAM=1 cdrskin='DVD-RAM'
export capacity='Number of logical blocks=2236704$' xorriso='Media status : is blank' discwright='dvd-ram'
disc >disc.toml && attach || exit 1

judge 'kernel: probe' kernel_probes
judge 'eject' eject_works
judge 'cdrom_id of udev' cdrom_id_tells
judge 'dvd+rw-mediainfo' mediainfo_tells
judge 'dvd+rw-booktype' booktype_is_refused
judge 'xorriso -outdev -toc' xorriso_tells
judge 'cdrskin -minfo' cdrskin_tells
judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
judge 'sg_readcap' sg_readcap_tells
judge 'wodim -prcap' wodim_prcap
judge 'discwright info' discwright_tells
detach

recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -Z and -M, mounted' growisofs_grows
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -format' xorriso_formats
part recorder 'cdrskin, read by ddrescue' cdrskin_burns
recorder 'dvd+rw-format' dvd_rw_format
recorder 'kernel: dd to the block device, read by readom' kernel_writes
part recorder 'kernel: UDF mounted and written, read by discwright' kernel_writes_some_udf
