trap 'discwright virtual detach --all --force' EXIT
"$CHECK_TESTS" --exact --ignored --nocapture conformance::through_the_kernel >out 2>&1 || { grep -v '^ *[0-9]*: \|^ *at ' out; exit 1; }
says out '1 passed'
nothing_attached
