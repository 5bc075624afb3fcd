# A blank DVD-R of two layers, and what is recorded on it: one session.
disc() { printf 'medium = "dvd-r-dl"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD-R' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_DVD_R cdrskin='DVD-R'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
detach

part recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -close on, read by isoinfo' xorriso_closes
recorder 'cdrskin -sao, read by ddrescue' cdrskin_sao
recorder 'cdrskin, read by ddrescue' cdrskin_burns
