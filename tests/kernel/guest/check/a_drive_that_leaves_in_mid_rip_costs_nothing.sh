session=(iscsiadm -m node -T iqn.2000-01.discwright:drive3)
begin_rip $large disc.iso
"${session[@]}" --logout >/dev/null || fail "no logout"
ended 4
half_ripped "$large_image" disc.iso
before=$(cat finished)

"${session[@]}" --login >/dev/null || fail "no login"
within 20 test -b $large
expect 0 discwright rip --json $large disc.iso
ripped "$large_image" disc.iso
[ "$before" -gt 1000000 ] || fail "only $before bytes were kept"
