dd if=$dvd of=copy bs=1M status=none || fail "dd failed"
same copy "$dvd_image"
