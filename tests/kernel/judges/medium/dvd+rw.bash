# A new DVD+RW, never formatted, and what is recorded on it.
disc() { printf 'medium = "dvd+rw"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD\+RW' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_DVD_PLUS_RW=1
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' cdrskin='DVD\+RW|blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
judge 'growisofs -dry-run' growisofs_dry_run
detach

part recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -Z with reload, read by dd' growisofs_reloads
recorder 'growisofs -dvd-compat -Z, read by xorriso' growisofs_finalizes
recorder 'growisofs -Z and -M, mounted' growisofs_grows
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
part recorder 'xorriso -format' xorriso_formats
recorder 'cdrskin, read by ddrescue' cdrskin_burns
part recorder 'wodim -format and -sao, read by ddrescue' wodim_formats_and_burns
part recorder 'dvd+rw-format' dvd_rw_format
recorder 'kernel: dd to the block device, read by readom' kernel_writes
part recorder 'kernel: UDF mounted and written, verified by discwright' kernel_writes_udf
