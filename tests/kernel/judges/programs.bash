# Other people's programs, each as one function: what it does with the drive $node, $sg. The disc's data are in $image,
# and the current folder is the judge's own. Whatever fails ends the judge.

fail() { echo "$*"; exit 1; }

# expect STATUS COMMAND...: standard output and error are in ./out and ./err afterwards.
expect() {
    local wanted=$1 got=0; shift
    "$@" >out 2>err </dev/null || got=$?
    [ $got -eq "$wanted" ] || { echo "status $got, not $wanted: $*"; grep -aE 'SORRY|FAILURE|FATAL' err; tail -n 15 out err; exit 1; }
}
says() { cat out err | grep -qiE -- "$1" || { echo "no '$1' is said:"; tail -n 25 out err; exit 1; }; }

sectors_of() { echo $((($(stat -c %s "$1") + 2047) / 2048)); }

# The first sectors are the image's; what a recorder adds behind them may be zeros.
same_as() {
    cmp -n "$(stat -c %s "$1")" "$1" "$2" || fail "other data than $1"
}

# --- Readers, which copy the disc
dd_reads() { expect 0 dd if="$node" of=copy bs=2048 count="$(sectors_of "$image")"; same_as "$image" copy; }
dd_direct_reads() { expect 0 dd if="$node" of=copy bs=64k iflag=direct; same_as "$image" copy; }
ddrescue_reads() { expect 0 ddrescue -q -d -b2048 -s "$(stat -c %s "$image")" "$node" copy map; same_as "$image" copy; }
readom_reads() { expect 0 readom dev="$sg" f=copy sectors=0-"$(sectors_of "$image")"; same_as "$image" copy; }
isoinfo_reads() {
    expect 0 isoinfo -d -i "$node"
    says "Volume id: $label"
    isoinfo -R -x /numbers.bin -i "$node" >file 2>err || fail "isoinfo: $(cat err)"
    cmp file "$files/numbers.bin" || fail "another file"
}
xorriso_reads() {
    expect 0 xorriso -indev "$node" -toc -osirrox on -extract /numbers.bin file
    says "ISO session"
    cmp file "$files/numbers.bin" || fail "another file"
}
discwright_reads() { expect 0 discwright rip --no-account "$sg" copy; same_as "$image" copy; }
kernel_mounts() {
    mkdir mnt && mount -o ro "$node" mnt || fail "no mount"
    cmp mnt/numbers.bin "$files/numbers.bin"; local same=$?
    umount mnt
    [ $same -eq 0 ] || fail "another file"
}

# --- The kernel and what asks in its name
kernel_probes() {
    local name=${node#/dev/}
    dmesg | grep -q "scsi3-mmc drive" || fail "a drive of the last century: $(dmesg | grep "scsi.*drive" | tail -n 1)"
    [ "$(cat "/sys/block/$name/ro")" = 0 ] || fail "read only"
    [ "$(cat "/sys/block/$name/queue/logical_block_size")" = 2048 ] || fail "not in sectors of 2048 bytes"
}
blkid_tells() { expect 0 blkid -p -o export "$node"; says "LABEL=$label"; }
cdrom_id_tells() { expect 0 /lib/udev/cdrom_id "$node"; says "$cdrom_id"; }
eject_works() {
    expect 0 eject "$node"
    expect 1 dd if="$node" of=/dev/null bs=2048 count=1
    expect 0 eject -t "$node"
    expect 0 sg_turs -n 20 "$sg"
}
# The kernel asks for media events by itself, and says so to whoever listens.
change_is_noticed() {
    expect 0 eject "$node"
    echo 100 >"/sys/block/${node#/dev/}/events_poll_msecs" || fail "no polling"
    sleep 0.5
    expect 0 sg_start --load "$sg"
    local end=$((SECONDS + 6))
    until dd if="$node" of=first bs=2048 count=1 2>err; do
        [ $SECONDS -lt $end ] || fail "not noticed: $(cat err)"
        sleep 0.1
    done
    [ "$(cat "/sys/block/${node#/dev/}/size")" = $(($(sectors_of "$image") * 4)) ] || fail "another size: $(cat "/sys/block/${node#/dev/}/size")"
}

# --- Programs that tell what is there
sg_tools_tell() {
    expect 0 sg_inq "$sg"; says DWRIGHT
    expect 0 sg_turs "$sg"
    expect 0 sg_modes "$sg"; says 'MM capabilities'
    expect 0 sg_modes -6 "$sg"; says 'MM capabilities'
    expect 0 sg_get_config "$sg"; says "$profile"
    expect 0 sg_requests "$sg"
    expect 0 sg_raw -r 255 "$sg" 12 00 00 00 ff 00
    expect 0 sg_prevent --allow "$sg"
}
sg_readcap_tells() { expect 0 sg_readcap "$sg"; says "$capacity"; }
wodim_prcap() { expect 0 wodim dev="$sg" -prcap; says 'Does read DVD-ROM'; says 'Number of supported write speeds'; }
wodim_toc() { expect 0 wodim dev="$sg" -toc; says 'lout'; }
wodim_atip() { expect 0 wodim dev="$sg" -atip; says "$atip"; }
wodim_msinfo() { expect 0 wodim dev="$sg" -msinfo; says "$msinfo"; }
mediainfo_tells() { expect 0 dvd+rw-mediainfo "$node"; says "$mediainfo"; }
cd_info_tells() { expect 0 cd-info --no-device-info --no-cddb -C "$node"; says "$cd_info"; }
xorriso_tells() { expect 0 xorriso -outdev "$node" -toc; says "$xorriso"; }
cdrskin_tells() { expect 0 cdrskin dev="$node" -minfo; says "$cdrskin"; }
cdrdao_tells() { expect 0 cdrdao disk-info --device "$sg"; says "$cdrdao"; }
cdrdao_reads_toc() { expect 0 cdrdao read-toc --fast-toc --device "$sg" toc; grep -q TRACK toc || fail "no track"; }
cdparanoia_tells() { expect 0 cdparanoia -d "$node" -Q; says '1\. +'; }
booktype_is_refused() {
    dvd+rw-booktype -inq "$node" >out 2>err </dev/null
    [ $? -lt 128 ] || fail "died: $(cat out err)"
    expect 0 sg_turs "$sg"
}

# --- Recorders. Another program reads what they wrote.
read_back() {
    expect 0 sg_turs -n 20 "$sg"
    blockdev --flushbufs "$node"
    "$1"
}
growisofs_writes() { expect 0 growisofs -use-the-force-luke=notray "$@" -Z "$node=$image"; }
growisofs_burns() { growisofs_writes; read_back readom_reads; }
growisofs_dao() { growisofs_writes -use-the-force-luke=dao -dvd-compat; read_back readom_reads; }
growisofs_reloads() { expect 0 growisofs -Z "$node=$image"; expect 0 sg_start --load "$sg"; read_back dd_reads; }
growisofs_finalizes() { growisofs_writes -dvd-compat; read_back xorriso_reads; }
# libburn reads no BD-R that was formatted to be written over.
growisofs_finalizes_bd() { growisofs_writes -dvd-compat; read_back isoinfo_reads; }
growisofs_dry_run() { expect 0 growisofs -dry-run -Z "$node=$image"; expect 0 dvd+rw-mediainfo "$node"; says 'blank'; }
growisofs_makes() { expect 0 growisofs -Z "$node" -quiet -R -V "$label" "$files"; expect 0 sg_start --load "$sg"; }
growisofs_grows() {
    growisofs_makes
    mkdir more && cp "$files/numbers.bin" more/second.bin
    expect 0 growisofs -M "$node" -quiet -R -V "$label" more
    expect 0 sg_start --load "$sg"
    read_back isoinfo_reads_both
}
isoinfo_reads_both() {
    mkdir mnt && mount -o ro "$node" mnt || fail "no mount of what has grown"
    cmp mnt/numbers.bin "$files/numbers.bin" && cmp mnt/second.bin "$files/numbers.bin"; local same=$?
    umount mnt
    [ $same -eq 0 ] || fail "other files"
}
xorriso_burns() { expect 0 xorriso -as cdrecord -v dev="$node" -eject "$image"; expect 0 sg_start --load "$sg"; read_back readom_reads; }
xorriso_native() {
    expect 0 xorriso -outdev "$node" -volid "$label" -map "$files/numbers.bin" /numbers.bin -commit
    read_back kernel_mounts
}
xorriso_grows() {
    expect 0 xorriso -outdev "$node" -volid "$label" -map "$files/numbers.bin" /numbers.bin -commit
    expect 0 xorriso -dev "$node" -map "$files/numbers.bin" /second.bin -commit
    expect 0 eject "$node"; expect 0 sg_start --load "$sg"
    read_back isoinfo_reads_both
}
xorriso_closes() { expect 0 xorriso -outdev "$node" -close on -map "$files/numbers.bin" /numbers.bin -volid "$label" -commit; read_back isoinfo_reads; }
xorriso_formats() { expect 0 xorriso -outdev "$node" -format as_needed; expect 0 dvd+rw-mediainfo "$node"; says 'Mounted Media'; }
cdrskin_burns() { expect 0 cdrskin dev="$node" -v "$image"; read_back ddrescue_reads; }
cdrskin_formats_and_burns() { expect 0 cdrskin dev="$node" -v blank=format_if_needed "$image"; read_back ddrescue_reads; }
cdrskin_sao() { expect 0 cdrskin dev="$node" -v -sao "$image"; read_back ddrescue_reads; }
cdrskin_multi() { expect 0 sh -c 'cdrskin dev="$0" -v -multi - <"$1"' "$node" "$image"; read_back readom_reads; }
wodim_burns() { expect 0 wodim dev="$sg" -v -sao "$image"; read_back ddrescue_reads; }
wodim_formats_and_burns() { expect 0 wodim dev="$sg" -format; wodim_burns; }
wodim_tao() { expect 0 wodim dev="$sg" -v gracetime=2 -tao "$image"; read_back readom_reads; }
wodim_dummy() { expect 0 wodim dev="$sg" -v gracetime=2 -dummy -sao "$image"; is_blank; }
wodim_grows() {
    expect 0 wodim dev="$sg" gracetime=2 -tao -multi "$image"
    expect 0 wodim dev="$sg" -msinfo
    local next; next=$(cat out)
    mkdir more && cp "$files/numbers.bin" more/second.bin
    expect 0 genisoimage -quiet -R -V "$label" -C "$next" -M "$image" -o second.iso more
    expect 0 wodim dev="$sg" gracetime=2 -tao second.iso
    expect 0 eject "$node"; expect 0 sg_start --load "$sg"
    read_back isoinfo_reads_both
}
wodim_blanks() {
    expect 0 wodim dev="$sg" gracetime=2 "$1" "$image"
    expect 0 wodim dev="$sg" gracetime=2 blank=fast; is_blank
    expect 0 wodim dev="$sg" gracetime=2 blank=all; is_blank
    wodim_burns
}
wodim_blanks_tracks() { wodim_blanks -tao; }
wodim_blanks_discs() { wodim_blanks -sao; }
is_blank() { expect 0 xorriso -outdev "$node" -toc; says 'Media status : is blank'; }
cdrskin_tao() { expect 0 cdrskin dev="$node" -v -tao "$image"; read_back readom_reads; }
cdrskin_dummy() { expect 0 cdrskin dev="$node" -v -dummy -sao "$image"; is_blank; }
cdrskin_blanks() {
    expect 0 cdrskin dev="$node" -v "$image"
    expect 0 cdrskin dev="$node" -v blank=fast; is_blank
    expect 0 cdrskin dev="$node" -v blank=all; is_blank
    cdrskin_burns
}
xorriso_blanks() {
    expect 0 xorriso -outdev "$node" -volid "$label" -map "$files/numbers.bin" /numbers.bin -commit
    expect 0 xorriso -outdev "$node" -blank as_needed; is_blank
    xorriso_burns
}
growisofs_spareless() { growisofs_writes -use-the-force-luke=spare=none; read_back readom_reads; }
dvd_rw_blanks() {
    growisofs_writes
    expect 0 dvd+rw-format -blank "$node"; is_blank
    expect 0 dvd+rw-format -blank=full "$node"; is_blank
    growisofs_burns
}
dvd_rw_format() { expect 0 dvd+rw-format -force "$node"; expect 0 dvd+rw-mediainfo "$node"; says 'BG|Media'; }
# Formatted to the end, so that any sector can be written to.
format_whole() {
    expect 0 xorriso -outdev "$node" -format full
    expect 0 eject "$node"
    expect 0 sg_start --load "$sg"
}
kernel_writes() { format_whole; expect 0 dd if="$image" of="$node" bs=64k conv=fsync; read_back readom_reads; }
kernel_writes_udf() {
    kernel_writes_some_udf
    expect 0 discwright verify "$node"
}
kernel_writes_some_udf() {
    format_whole
    expect 0 mkudffs --media-type=dvdram -b 2048 -l "$label" "$node" 20000
    mkdir mnt && mount -t udf -o rw "$node" mnt || fail "no mount for writing: $(dmesg | tail -n 3)"
    cp "$files/numbers.bin" mnt/numbers.bin && umount mnt || { umount mnt; fail "cannot write: $(dmesg | tail -n 3)"; }
    blockdev --flushbufs "$node"
    expect 0 discwright cat "$node" /numbers.bin
    cmp out "$files/numbers.bin" || fail "another file"
}
discwright_tells() { expect 0 discwright info "$sg"; says "$discwright"; }
