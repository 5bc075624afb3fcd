# A DVD-RAM, which is formatted when it is bought.
disc() { printf 'medium = "dvd-ram"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD-RAM' mediainfo='DVD-RAM' cdrom_id=ID_CDROM_MEDIA_DVD_RAM=1 cdrskin='DVD-RAM'
export capacity='Number of logical blocks=2236704$' xorriso='Media status : is blank' discwright='dvd-ram'
disc >disc.toml && attach || exit 1

judges_of_any_blank
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
