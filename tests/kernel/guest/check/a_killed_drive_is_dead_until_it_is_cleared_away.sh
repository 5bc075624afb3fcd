attach demo
expect 0 discwright virtual list --json
pid=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' out)
kill -KILL "$pid"
dead() { discwright virtual list --json | grep -q '"state":"dead"'; }
within 5 dead
# Somebody asks it something, and hears nothing: taking the drive away ends that.
timeout 60 sg_turs "$sg" >asked 2>&1 &
asking=$!
sleep 0.5
begun=$SECONDS
expect 0 discwright virtual detach 0
says err 'was dead'
wait $asking
[ $((SECONDS - begun)) -lt 20 ] || fail "it took $((SECONDS - begun)) s"
nothing_attached
# Its number is free again.
attach demo
[ "$(discwright virtual list --json | grep -c '"number":0,')" = 1 ] || fail "not drive 0"
