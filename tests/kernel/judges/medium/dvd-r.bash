# A blank DVD-R, and what is recorded on it.
disc() { printf 'medium = "dvd-r"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='DVD-R' mediainfo='Disc status: +blank' cdrom_id=ID_CDROM_MEDIA_DVD_R=1 cdrskin='DVD-R'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judges_of_any_blank
judge 'growisofs -dry-run' growisofs_dry_run
detach

part recorder 'growisofs -Z, read by readom' growisofs_burns
recorder 'growisofs -dvd-compat -Z, read by xorriso' growisofs_finalizes
recorder 'growisofs, disc at once, read by readom' growisofs_dao
recorder 'growisofs -Z with reload, read by dd' growisofs_reloads
recorder 'growisofs -Z and -M, mounted' growisofs_grows
recorder 'wodim -sao, read by ddrescue' wodim_burns
recorder 'wodim -dummy -sao' wodim_dummy
part recorder 'cdrskin -sao, read by ddrescue' cdrskin_sao
recorder 'cdrskin -multi from a pipe, read by readom' cdrskin_multi
recorder 'cdrskin -dummy -sao' cdrskin_dummy
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -close on, read by isoinfo' xorriso_closes
