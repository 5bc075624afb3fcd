chown root:cdrom $dvd && chmod 660 $dvd && chmod 600 $dvd_sg
chmod 777 .
expect 0 setpriv --reuid 1234 --regid 1234 --groups cdrom discwright rip $dvd disc.iso
ripped "$dvd_image" disc.iso
