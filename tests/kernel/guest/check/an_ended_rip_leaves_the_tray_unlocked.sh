begin_rip $large disc.iso
kill -TERM $rip
ended 143
expect 0 discwright eject $large
expect 0 discwright load $large
