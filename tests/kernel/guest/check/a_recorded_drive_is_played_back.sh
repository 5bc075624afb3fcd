cp "$dvd_image" drive.iso
expect 0 discwright info $dvd
# A record has what a drive says of itself, not the directories that counting files takes.
grep -E '^(disc|size|volume|track)' out | sed -E 's/, [0-9,]+ (file|director).*//' >live
expect 0 discwright trace record $dvd drive.trace
expect 0 discwright info trace:drive.trace
grep -E '^(disc|size|volume|track)' out >played
[ -s live ] || fail "info says nothing"
diff live played || fail "the record tells another story"
expect 0 discwright trace show drive.trace
says out 'READ CAPACITY'
