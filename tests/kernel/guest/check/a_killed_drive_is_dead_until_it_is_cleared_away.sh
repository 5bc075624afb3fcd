attach demo
expect 0 discwright virtual list --json
pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' out) log=$(sed -n 's/.*"log":"\([^"]*\)".*/\1/p' out)
says "$log" "drive 0, $node $sg: demo, served by process $pid"
mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
kill -KILL "$pid"
dead() { discwright virtual list --json | grep -q '"state":"dead"'; }
within 5 dead
# Whoever asks it something hears at once that it has failed, and nobody hangs.
answers() {
    local begun=$SECONDS
    timeout 60 "$@" >asked 2>&1
    [ $((SECONDS - begun)) -lt 10 ] || fail "it took $((SECONDS - begun)) s: $*"
}
answers sg_turs "$sg"
answers sg_turs "$sg"
answers dd if="$node" of=/dev/null bs=2048 count=1 iflag=direct
umount mnt || fail "no end of the mount"
expect 0 discwright virtual list
says out "dead: .*detach.* log $log"
begun=$SECONDS
expect 0 discwright virtual detach 0
says err 'was dead'
[ $((SECONDS - begun)) -lt 10 ] || fail "it took $((SECONDS - begun)) s"
absent "$log"
nothing_attached
# Its number is free again.
attach demo
[ "$(discwright virtual list --json | grep -c '"number":0,')" = 1 ] || fail "not drive 0"
# Both processes are killed: whoever asks hears nothing, until the drive is taken away.
kill -KILL $(pgrep -f 'virtual (watch|serve)')
within 5 dead
timeout 60 sg_turs "$sg" >asked 2>&1 &
asking=$!
sleep 0.5
begun=$SECONDS
expect 0 discwright virtual detach 0
says err 'was dead'
wait $asking
[ $((SECONDS - begun)) -lt 20 ] || fail "it took $((SECONDS - begun)) s"
nothing_attached
# Without a fault nothing is left, either.
attach demo
detach 0
absent "$log"
nothing_attached
