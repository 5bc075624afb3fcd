perl -e 'use Fcntl; sysopen(F, shift, O_RDONLY | O_EXCL | O_NONBLOCK) or die; $| = 1; print "held\n"; sleep 100' $dvd >holder &
holder=$!
trap 'kill $holder' EXIT
within 5 grep -q held holder
for node in $dvd $dvd_sg; do
    expect 5 discwright rip $node disc.iso
    says err 'perl'
    says err "$holder"
done
# Neither is it written, erased, formatted or closed. All at once: each waits a while for the holder to let go.
others=()
head -c 65536 "$dvd_image" >small
for node in $dvd $dvd_sg; do
    for command in 'burn small' blank format close; do
        told=${node##*/}-${command%% *}
        # shellcheck disable=SC2086
        { discwright $command $node -y >/dev/null 2>"$told"; echo $? >"$told.status"; } &
        others+=($!)
    done
done
wait "${others[@]}"
for command in burn blank format close; do
    for told in {${dvd##*/},${dvd_sg##*/}}-$command; do
        says "$told.status" '^5$'
        says "$told" 'perl'
        says "$told" "$holder"
    done
done
absent disc.iso disc.iso.part disc.iso.map
