cp "$dvd_image" drive.iso
expect 0 discwright info $dvd
grep -E '^(disc|size|volume|track)' out >live
expect 0 discwright trace record $dvd drive.trace
expect 0 discwright info trace:drive.trace
grep -E '^(disc|size|volume|track)' out >played
[ -s live ] || fail "info says nothing"
diff live played || fail "the record tells another story"
expect 0 discwright trace show drive.trace
says out 'READ CAPACITY'
