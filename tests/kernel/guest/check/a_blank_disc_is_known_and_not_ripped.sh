expect 0 discwright info --json $blank
says out '"medium":"dvd\+r"'
says out '"event":"disc".*"state":"blank"'
expect 3 discwright rip $blank disc.iso
says err 'blank'
absent disc.iso disc.iso.part disc.iso.map
