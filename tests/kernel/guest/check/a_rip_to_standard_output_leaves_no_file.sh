discwright rip $dvd - 2>err | cmp - "$dvd_image" || { cat err; fail "not the image"; }
[ "$(ls)" = err ] || fail "files: $(ls)"
