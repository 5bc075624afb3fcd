expect 0 discwright drives --json
for number in 0 1 2 3; do
    says out "\"event\":\"drive\".*\"device\":\"/dev/sr$number\".*\"sg\":\"/dev/sg$number\""
done
grep sr0 out >line && says line '"state":"complete"' && says line '"vendor":"IET"' && says line '"product":"VIRTUAL-CDROM"'
grep sr1 out >line && says line '"state":"empty"'
grep sr2 out >line && says line '"state":"blank"'
