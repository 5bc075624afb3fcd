printf 'medium = "dvd+r"\nstate = "blank"\n' >blank.toml
printf 'tray = "empty"\n' >empty.toml
attach blank.toml
expect 0 discwright info --json "$node"
says out '"event":"disc".*"medium":"dvd\+r".*"state":"blank"'
first=$node
attach empty.toml
expect 3 discwright info --json "$node"
says out '"event":"drive".*"state":"empty"'
discwright virtual attach demo --foreground >nodes 2>err &
front=$!
within 20 grep -q /dev/sr nodes
read -r third _ <nodes
expect 0 discwright virtual list
[ "$(grep -c 'served by process' out)" = 3 ] || fail "not three: $(cat out)"
kill -TERM $front
wait $front
[ $? = 143 ] || fail "no end by the signal"
[ ! -e "$third" ] || fail "$third is left"
detach "$first" 1
nothing_attached

printf 'medum = "dvd+r"\n' >typo.toml
expect 2 discwright virtual attach typo.toml
says err 'typo.toml: line 1: .*did you mean .medium'
expect 3 setpriv --reuid 1234 --regid 1234 --clear-groups discwright virtual attach demo
says err 'only root'
expect 3 discwright virtual detach 7
nothing_attached
