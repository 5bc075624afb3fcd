begin_rip $large disc.iso
kill -TERM $rip
ended 143
half_ripped "$large_image" disc.iso
ddrescue --quiet --sector-size=2048 --idirect $large disc.iso.part disc.iso.map || fail "ddrescue failed"
same disc.iso.part "$large_image"
ddrescuelog --done-status disc.iso.map || fail "ddrescue left something"
