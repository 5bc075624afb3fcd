# What `info` says is what mkisofs takes, and the kernel sees the files of both images: on a disc that grows, and on one of
# two sessions.
mkdir one two mnt
echo first >one/first.txt
head -c 700000 "$dvd_image" >one/data.bin
echo second >two/second.txt
expect 0 genisoimage -quiet -r -o disc.iso one
for medium in dvd+rw cd-r; do
    blank $medium
    keep=
    [ $medium = dvd+rw ] || keep=--keep-open
    # shellcheck disable=SC2086
    expect 0 discwright burn disc.iso "$node" --yes --no-account $keep
    expect 0 discwright info "$sg"
    place=$(sed -n 's/^append .*mkisofs -C \([0-9]*,[0-9]*\) .*/\1/p' out)
    [ -n "$place" ] || fail "no place for more: $(cat out)"
    expect 0 genisoimage -quiet -r -C "$place" -M disc.iso -o more.iso two
    # Made for the beginning of a disc: refused.
    expect 5 discwright burn disc.iso "$node" --yes --no-account --append
    says err "mkisofs -C $place"
    expect 0 discwright burn more.iso "$node" --yes --no-account --append
    says out "read back +every byte is the image's"
    mount -o ro "$node" mnt || fail "no mount of the $medium"
    for file in one/first.txt one/data.bin two/second.txt; do same "mnt/${file#*/}" $file; done
    umount mnt
    detach --all
    rm more.iso
done
nothing_attached
