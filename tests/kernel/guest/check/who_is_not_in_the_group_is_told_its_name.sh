chown root:cdrom $dvd $dvd_sg && chmod 660 $dvd $dvd_sg
chmod 777 .
for node in $dvd $dvd_sg; do
    expect 3 setpriv --reuid 1234 --regid 1234 --clear-groups discwright rip $node disc.iso
    says err "$node"
    says err 'cdrom'
done
absent disc.iso disc.iso.part disc.iso.map
