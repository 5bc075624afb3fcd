# A new BD-RE, never formatted, and what is recorded on it.
disc() { printf 'medium = "bd-re"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='BD-RE' mediainfo='BD-RE' cdrom_id=ID_CDROM_MEDIA_BD_RE=1 cdrskin='BD-RE'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
detach

part recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -Z with reload, read by dd' growisofs_reloads
recorder 'growisofs -Z and -M, mounted' growisofs_grows
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -format' xorriso_formats
recorder 'cdrskin blank=format_if_needed, read by ddrescue' cdrskin_formats_and_burns
recorder 'dvd+rw-format' dvd_rw_format
part recorder 'kernel: dd to the block device, read by readom' kernel_writes
recorder 'kernel: UDF mounted and written, read by discwright' kernel_writes_some_udf
