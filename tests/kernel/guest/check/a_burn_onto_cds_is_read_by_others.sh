expect 0 discwright rip demo disc.iso
burnt_and_read_by_others cd-r xorriso
# Two sectors of run-out follow a track at once.
burn_options=(--write-mode tao)
burnt_and_read_by_others cd-rw
nothing_attached
