expect 0 discwright info --json $dvd
sectors=$(($(stat -c %s "$dvd_image") / 2048))
says out '"event":"disc".*"medium":"dvd-rom"'
says out "\"event\":\"disc\".*\"sectors\":$sectors"
says out '"event":"volume".*"kind":"iso9660".*"label":"KERNEL_TEST"'
says out '"event":"result".*"exit":0'
