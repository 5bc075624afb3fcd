# A blank BD-R, and what is recorded on it. growisofs formats it to be written over, unless it is told to leave no spares.
disc() { printf 'medium = "bd-r"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='BD-R' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_BD_R=1 cdrskin='BD-R'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
detach

recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -Z with reload, read by dd' growisofs_reloads
recorder 'growisofs -Z and -M, mounted' growisofs_grows
part recorder 'growisofs without spares, read by readom' growisofs_spareless
recorder 'growisofs -dvd-compat -Z, read by isoinfo' growisofs_finalizes_bd
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
part recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -close on, read by isoinfo' xorriso_closes
recorder 'xorriso -format' xorriso_formats
recorder 'cdrskin, read by ddrescue' cdrskin_burns
recorder 'cdrskin -multi from a pipe, read by readom' cdrskin_multi
