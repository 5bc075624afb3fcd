expect 3 discwright rip --json $empty disc.iso
says out '"event":"result".*"exit":3'
says out '"message":"[^"]*no disc'
absent disc.iso disc.iso.part disc.iso.map
