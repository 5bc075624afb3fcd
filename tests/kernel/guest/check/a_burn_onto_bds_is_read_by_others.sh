expect 0 discwright rip demo disc.iso
burnt_and_read_by_others bd-r xorriso
burnt_and_read_by_others bd-re
nothing_attached
