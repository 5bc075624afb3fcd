# A new DVD-RW, in sequence, blanked, and formatted.
disc() { printf 'medium = "dvd-rw"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD-RW' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_DVD_RW=1 cdrskin='DVD-RW'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
judge 'growisofs -dry-run' growisofs_dry_run
detach

recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -dvd-compat -Z, read by xorriso' growisofs_finalizes
recorder 'growisofs, disc at once, read by readom' growisofs_dao
recorder 'growisofs -Z and -M, mounted' growisofs_grows
recorder 'wodim -sao, read by ddrescue' wodim_burns
recorder 'wodim blank=fast and blank=all' wodim_blanks_discs
recorder 'cdrskin, read by ddrescue' cdrskin_burns
recorder 'cdrskin -multi from a pipe, read by readom' cdrskin_multi
recorder 'cdrskin blank=fast and blank=all' cdrskin_blanks
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -blank, and once more' xorriso_blanks
recorder 'xorriso -format' xorriso_formats
recorder 'dvd+rw-format' dvd_rw_format
part recorder 'dvd+rw-format -blank and -blank=full' dvd_rw_blanks
