# What the benches share: commands timed in turns, so that a machine that slows down slows all of them.
set -u
runs=${RUNS:-5}
declare -A times medians

fail() { echo "$(basename "$0"): $*" >&2; exit 1; }

need() {
    local program
    for program; do command -v "$program" >/dev/null || fail "$program is missing; the first lines of this script name packages"; done
}

# alternate NAME...: calls each function, then each again, `runs` times. One that times itself sets `took`, in seconds.
alternate() {
    local run name begun
    for ((run = 1; run <= runs; run++)); do
        for name; do
            tidy
            took=
            begun=$EPOCHREALTIME
            "$name" || fail "$name failed"
            [ -n "$took" ] || took=$(awk "BEGIN { print $EPOCHREALTIME - $begun }")
            times[$name]+="$took "
        done
    done
    tidy
    for name; do
        medians[$name]=$(printf '%s\n' ${times[$name]} | sort -g | sed -n "$(((runs + 1) / 2))p")
        printf '%-24s median %8.3f s   of%s\n' "$name" "${medians[$name]}" "$(printf ' %.3f' ${times[$name]})"
    done
}

# spent COMMAND [ARG...]: runs it, and throws away what it prints. With MEASURE=cpu what counts is the time that it had of
# processors, for machines that have other things to do.
spent() {
    if [ "${MEASURE:-clock}" != cpu ]; then
        "$@" >/dev/null 2>&1
        return
    fi
    local TIMEFORMAT='%U %S' ended
    took=$({ time "$@" >/dev/null 2>&1; } 2>&1)
    ended=$?
    took=$(awk "BEGIN { print ${took/ / + } }")
    return $ended
}

# Between two commands; a bench that leaves files says how to remove them.
tidy() { :; }

# ratio A B [BOUND]: how long A took, B being 1.
ratio() {
    awk -v a="${medians[$1]}" -v b="${medians[$2]}" -v bound="${3-}" -v names="$1 / $2" 'BEGIN {
        printf "%-40s %6.3f", names, a / b
        if (bound != "") printf "   wanted: at most %s: %s", bound, a / b <= bound ? "holds" : "DOES NOT HOLD"
        print ""
    }'
}
