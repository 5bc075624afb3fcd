expect 0 discwright info --json $blank
says out '"event":"disc".*"medium":"dvd\+r".*"state":"blank"'
# All of a DVD+R.
says out '"free_sectors":2295104[,}]'
expect 3 discwright rip $blank disc.iso
says err 'blank'
absent disc.iso disc.iso.part disc.iso.map
