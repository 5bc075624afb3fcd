# A blank CD-R, and what is recorded on it.
disc() { printf 'medium = "cd-r"\nrecording = "%s/recording.iso"\n' "$work"; }
export profile='CD-R' cdrom_id=ID_CDROM_MEDIA_CD_R=1 cdrskin='CD-R' atip='ATIP start of lead in: .*97:15/35' cdrdao='CD-RW.*no'
export capacity='Number of logical blocks=[01]$' xorriso='Media status : is blank' discwright=blank
disc >disc.toml && attach || exit 1

judge 'kernel: probe' kernel_probes
judge 'eject' eject_works
judge 'cdrom_id of udev' cdrom_id_tells
part judge 'wodim -atip' wodim_atip
part judge 'cdrdao disk-info' cdrdao_tells
judge 'xorriso -outdev -toc' xorriso_tells
judge 'cdrskin -minfo' cdrskin_tells
judge 'sg_inq, sg_modes, sg_get_config, ...' sg_tools_tell
judge 'sg_readcap' sg_readcap_tells
judge 'wodim -prcap' wodim_prcap
judge 'discwright info' discwright_tells
detach

part recorder 'wodim -sao, read by ddrescue' wodim_burns
recorder 'wodim -tao, read by readom' wodim_tao
part recorder 'wodim -tao -multi, and a second session, mounted' wodim_grows
recorder 'wodim -dummy -sao' wodim_dummy
recorder 'cdrskin -sao, read by ddrescue' cdrskin_sao
recorder 'cdrskin -tao, read by readom' cdrskin_tao
part recorder 'cdrskin -multi from a pipe, read by readom' cdrskin_multi
recorder 'cdrskin -dummy -sao' cdrskin_dummy
recorder 'xorriso -as cdrecord, read by readom' xorriso_burns
recorder 'xorriso -commit, mounted' xorriso_native
recorder 'xorriso -commit, grown, mounted' xorriso_grows
recorder 'xorriso -close on, read by isoinfo' xorriso_closes
