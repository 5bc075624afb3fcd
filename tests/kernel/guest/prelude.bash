# What the checks share: names for the drives, and words for what must hold. The current folder is the check's own.
set -u
dvd=/dev/sr0 dvd_sg=/dev/sg0 dvd_image=$CHECK_DVD_IMAGE
empty=/dev/sr1 blank=/dev/sr2
large=/dev/sr3 large_image=$CHECK_LARGE_IMAGE

fail() { echo "$*"; exit 1; }

# Runs its arguments until they succeed, for SECONDS at most.
within() {
    local seconds=$1 end; shift
    end=$((SECONDS + seconds + 1))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "not within $seconds s: $*"
        sleep 0.05
    done
}

# expect STATUS COMMAND...: standard output and error are in ./out and ./err afterwards.
expect() {
    local wanted=$1 got=0; shift
    "$@" >out 2>err || got=$?
    [ $got -eq "$wanted" ] || { echo "status $got, not $wanted: $*"; tail -n 40 out err; exit 1; }
}

says() { grep -qiE -- "$2" "$1" || { echo "$1 has no '$2':"; cat "$1"; exit 1; }; }
same() { cmp "$1" "$2" || fail "$1 is not $2"; }
absent() { for name in "$@"; do [ ! -e "$name" ] || fail "$name should not exist"; done; }
