# Two sessions of two programs on a CD, each with run-out behind it: one image, with the files that the kernel sees.
mkdir first disc
seq 20000 >first/numbers
printf 'new\n' >new.txt
expect 0 xorriso -as mkisofs -R -J -o first.iso first
printf 'medium = "cd-r"\nrecording = "cd.iso"\n' >cd-r.toml
attach cd-r.toml
expect 0 wodim dev="$sg" gracetime=2 -tao -multi first.iso
expect 0 xorriso -dev "$node" -map new.txt /new.txt -commit
expect 0 discwright info "$node"
start=$(sed -n 's/^track.* session 2, from sector \([0-9]*\),.*/\1/p' out)
[ -n "$start" ] || fail "no second session: $(cat out)"

expect 0 discwright rip "$node" both.iso
cat out err >told
says told 'lie between two sessions'
cmp -n "$(stat -c %s first.iso)" both.iso first.iso || fail "the first session is another"
count=$(($(stat -c %s both.iso) / 2048 - start))
expect 0 readom dev="$sg" sectors=$start-$((start + count)) f=second
tail -c +$((start * 2048 + 1)) both.iso >copy
same copy second

mount -o ro "$node" disc || fail "mount"
expect 0 discwright extract both.iso -C files
diff -r disc files || fail "the kernel sees other files"
umount disc
[ "$(discwright ls both.iso --session 1)" = numbers ] || fail "the first session has other files"
expect 0 discwright verify both.iso
expect 0 discwright verify "$node" --against both.iso
detach "$node"
nothing_attached
