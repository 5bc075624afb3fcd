# What goes into the images: $plain, whose names every filesystem takes; $rich, with all that Rock Ridge and UDF can say; $unicode, names within UCS-2 and one beyond; $deep, 13 directories; $large, of 4 MB; $many, 1500 names.
plain=$content/plain rich=$content/rich unicode=$content/unicode deep=$content/deep large=$content/large many=$content/many

# fill FILE BYTES: bytes that depend on both, and no two sectors alike.
fill() { mkdir -p "$(dirname "$1")"; seq -f "$(basename "$1") %.0f" 1 $(($2 / 4 + 1)) 2>/dev/null | head -c "$2" >"$1" || true; [ "$(stat -c %s "$1")" = "$2" ]; }

contents() {
    fill $plain/A.BIN 5000
    fill $plain/SUB/B.BIN 3000
    fill $plain/SUB/EXACT.BIN 4096
    fill $plain/SUB/DEEPER/LAST.TXT 1
    fill $plain/NOEXT 2049
    : >$plain/EMPTY.TXT
    mkdir $plain/NOTHING
    touch -d '1999-12-31 23:59:58Z' $plain/A.BIN
    touch -d '1970-01-01 00:00:00Z' $plain/SUB/B.BIN
    touch -d '2037-02-28 12:00:01Z' $plain/NOEXT

    # Long names, bytes that are no UTF-8 aside: each maker says what it can of these.
    local long=$(printf 'long-name-%.0s' {1..18})
    fill "$rich/lower case and blanks.text" 12345
    fill "$rich/$long.bin" 777
    fill "$rich/a.b.c.tar.gz" 100
    fill "$rich/café/naïve ☃.txt" 2048
    fill "$rich/日本語/ファイル.dat" 6001
    fill "$rich/executable" 50; chmod 755 $rich/executable
    fill "$rich/secret" 50; chmod 600 $rich/secret
    fill "$rich/setuid" 50; chmod 4711 $rich/setuid
    fill "$rich/old" 3; touch -d '1971-03-04 05:06:07.891234Z' $rich/old
    fill "$rich/new" 3; touch -d '2100-03-04 05:06:07.5Z' $rich/new
    ln $rich/old $rich/old-again
    ln -s "lower case and blanks.text" $rich/link
    ln -s ../../etc/passwd $rich/café/outside
    ln -s /absolute/target $rich/absolute
    ln -s ./.././a/../b/ $rich/dots
    ln -s nowhere $rich/dangling
    ln -s "$(printf 'component-%.0s/' {1..30})end" $rich/far
    ln -s "$(printf 'x%.0s' {1..240})" $rich/one-long-component
    mkdir -p $rich/empty $rich/sticky; chmod 1777 $rich/sticky
    local n; for n in {1..120}; do echo $n >"$rich/sticky/file number $n"; done
    touch -d '2001-09-09 01:46:40Z' $rich/empty $rich/café $rich/sticky

    fill "$unicode/Ω and 漢字.txt" 1000
    fill "$unicode/😀 outside the plane.txt" 1001
    fill "$unicode/$(printf 'n%.0s' {1..60}).txt" 10
    fill "$unicode/Mixed Case.Name" 11
    fill "$unicode/under/ÀÉÎ.bin" 5000

    fill $deep/1/2/3/4/5/6/7/8/9/10/11/test.txt 4000
    fill $deep/1/2/3/4/5/6/7/8/9/other/beside.txt 4001
    fill $deep/1/2/3/4/5/6/7/8/x/y/z.txt 4002
    fill $deep/top.txt 5

    fill $large/first.bin 3000000
    fill $large/second.bin 700001
    mkdir -p $many; for n in {1..1500}; do echo "$n" >"$many/a file with a name of middling length, number $n"; done
    find $unicode $deep $large $many -exec touch -hd '2015-06-07 08:09:10Z' {} +
}
