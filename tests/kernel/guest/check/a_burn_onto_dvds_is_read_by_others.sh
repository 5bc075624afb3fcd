expect 0 discwright rip demo disc.iso
burnt_and_read_by_others dvd-r xorriso
burnt_and_read_by_others dvd-rw
burnt_and_read_by_others dvd+r
burnt_and_read_by_others dvd+rw xorriso
burnt_and_read_by_others dvd-ram
nothing_attached
