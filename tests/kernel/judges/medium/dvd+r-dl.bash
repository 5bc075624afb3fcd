# A blank DVD+R of two layers, and what is recorded on it.
disc() { printf 'medium = "dvd+r-dl"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD\+R' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_DVD_PLUS_R_DL=1 cdrskin='DVD.R'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
detach

part recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'cdrskin, read by ddrescue' cdrskin_burns
recorder 'cdrskin -multi from a pipe, read by readom' cdrskin_multi
recorder 'wodim -sao, read by ddrescue' wodim_burns
