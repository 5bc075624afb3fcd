# A new CD-RW, what is recorded on it, and blanked.
disc() { printf 'medium = "cd-rw"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='CD-RW' cdrom_id=ID_CDROM_MEDIA_CD_RW=1 cdrskin='CD-RW' atip='Is erasable' cdrdao='CD-RW.*yes'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judge 'kernel: probe' kernel_probes
judge 'eject' eject_works
judge 'cdrom_id of udev' cdrom_id_tells
judge 'wodim -atip' wodim_atip
judge 'cdrdao disk-info' cdrdao_tells
judge 'xorriso -outdev -toc' xorriso_tells
judge 'cdrskin -minfo' cdrskin_tells
judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
judge 'sg_readcap' sg_readcap_tells
judge 'wodim -prcap' wodim_prcap
judge 'discwright info' discwright_tells
detach

recorder 'wodim -sao, read by ddrescue' wodim_burns
part recorder 'wodim blank=fast and blank=all' wodim_blanks_tracks
recorder 'cdrskin -sao, read by ddrescue' cdrskin_sao
recorder 'cdrskin blank=fast and blank=all' cdrskin_blanks
part recorder 'xorriso -blank, and once more' xorriso_blanks
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
