# Twelve sectors of a file fail beneath the other's drive, by device-mapper. That drive wants a file and takes no block device, so
# its image is a file on a disc with a scratch. Pages of memory are of two sectors: the damage begins with an even one.
place_of() { isoinfo -R -l -i "$1" | sed -n "s/.*\[ *\([0-9]*\) .*$2.*/\1/p"; }
mkdir -p disc/Films disc/Texts shelf
tail -c 4500000 "$dvd_image" | head -c 4000000 >'disc/Films/long one.bin'
echo 'to be read' >disc/Texts/short.txt
genisoimage -quiet -r -J -V SCRATCHED -o disc.iso disc || fail "genisoimage"
genisoimage -quiet -r -o shelf.iso disc.iso || fail "genisoimage"
start=$(place_of disc.iso 'long one\.bin')
bad=$(((start + 101) / 2 * 2)) below=$(place_of shelf.iso 'disc\.iso')
scratch=$((below + bad)) sectors=$(($(stat -c %s shelf.iso) / 2048))

modprobe -a loop dm_mod || fail "no loop or dm_mod"
loop=$(losetup --find --show shelf.iso) || fail "losetup"
linear() { echo "$(($1 * 4)) $((($2 - $1) * 4)) linear $loop $(($1 * 4))"; }
dmsetup create --noudevsync scratched <<TABLE || fail "dmsetup"
$(linear 0 $scratch)
$((scratch * 4)) 48 error
$(linear $((scratch + 12)) $sectors)
TABLE
dmsetup mknodes
mount -o ro /dev/mapper/scratched shelf || fail "no mount"

target=iqn.2000-01.discwright:scratched
clean_up() {
    iscsiadm -m node -T $target --logout
    tgtadm --lld iscsi --mode target --op delete --tid 90 --force
    umount shelf
    dmsetup remove --noudevsync scratched
    losetup --detach "$loop"
} >/dev/null
trap clean_up EXIT
tgt() { tgtadm --lld iscsi --mode "$@" || fail "tgtadm $*"; }
tgt target --op new --tid 90 -T $target
tgt logicalunit --op new --tid 90 --lun 1 -Y cd -b "$PWD/shelf/disc.iso"
tgt target --op bind --tid 90 -I ALL
before=$(echo /dev/sr*)
iscsiadm -m discovery -t st -p 127.0.0.1 >/dev/null || fail "no discovery"
iscsiadm -m node -T $target --login >/dev/null || fail "no login"
is_new() { [ "$(echo /dev/sr*)" != "$before" ]; }
within 20 is_new
for drive in /dev/sr*; do case " $before " in *" $drive "*) ;; *) break ;; esac; done

for order in sequential used-first used-only; do
    expect 1 discwright rip --json --retries 1 --order $order $drive $order.iso
    grep '"event":"damage"' out >damage
    [ "$(wc -l <damage)" -eq 1 ] || fail "not one loss: $(cat damage)"
    says damage '"path":"Films/long one.bin"'
    says damage "\"owner\":\"file\".*\"lba\":$bad,\"sectors\":12,\"file_offset\":$(((bad - start) * 2048)),\"bytes\":24576"
    half_ripped disc.iso $order.iso
    [ "$(grep -c ' -$' $order.iso.map)" -eq 1 ] || fail "more is bad in the map of $order"
done
[ "$(tail -n 1 sequential.iso.map)" = "$(tail -n 1 used-first.iso.map)" ] || fail "the maps differ"

# The padding behind the files was left out; the scratch is polished away, and the rest is read.
says used-only.iso.map ' \?$'
dmsetup suspend scratched && linear 0 $sectors | dmsetup load scratched && dmsetup resume scratched || fail "no polish"
for order in used-first used-only; do
    expect 0 discwright rip $drive $order.iso
    ripped disc.iso $order.iso
done

# What is used is all that the kernel wants.
expect 0 discwright rip --order used-only $drive used.iso
half_ripped disc.iso used.iso
mkdir used && mount -o loop,ro used.iso.part used || fail "no mount of what is used"
diff -r disc used || fail "files differ"
umount used
