# SPDX-License-Identifier: MIT
#
# images/bad: files that are wrong in the way their name says, and what the
# filters say of them (EXPECTED: status, command, file, text). Each within two
# seconds and 8 MiB. To make EXPECTED anew, after a look at the differences:
# CRIT_NEW=1 test/run BUILD test/bad.bats

setup() {
	cd "$CRIT_ROOT/test/images/bad" || exit 1
	kib=8192
	seconds=2
	case $CRIT_SAN in ?*) kib=2000000 seconds=20 ;; esac
}

# say COMMAND FILE: the line of EXPECTED
say() {
	local status cmd
	case $1 in
	encode-d) cmd="crit-encode -d $BATS_TEST_TMPDIR/dir" ;;
	encode) cmd="crit-encode -o $BATS_TEST_TMPDIR/out" ;;
	*) cmd="crit-$1" ;;
	esac
	timeout "$seconds" rss "$BATS_TEST_TMPDIR/kib" $cmd "$2" \
		>"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" \
		</dev/null && status=0 || status=$?
	[ $status != 0 ] || sed '/^{"end":/d' "$BATS_TEST_TMPDIR/stdout" |
		head -c 1000 >>"$BATS_TEST_TMPDIR/stderr"
	printf '%s\t%s\t%s\t%s\n' $status "$1" "$2" "$(
		sed "s/^crit-[a-z]*: //; s|$BATS_TEST_TMPDIR|TMP|g" \
			"$BATS_TEST_TMPDIR/stderr" | paste -sd'|')"
	[ "$(<"$BATS_TEST_TMPDIR/kib")" -le $kib ] ||
		echo "$2 took $(<"$BATS_TEST_TMPDIR/kib") KiB"
	[ $status = 0 ] || [ ! -e "$BATS_TEST_TMPDIR/out" ] ||
		echo "$2 left an output"
	[ $status = 0 ] || [ ! -e "$BATS_TEST_TMPDIR/dir" ] ||
		echo "$2 left a folder"
	[ $status != 0 ] || rm -rf "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/dir"
}

say_all() {			# COMMAND FILE...
	local cmd=$1
	shift
	for f; do say "$cmd" "$f"; done
}

check() {			# what say_all printed, against EXPECTED
	local pattern=$'^[0-9]*\t'$1$'\t'
	if [ "${CRIT_NEW-}" ]; then
		touch EXPECTED
		{ grep -v "$pattern" EXPECTED || :; cat; } >"$BATS_TEST_TMPDIR/new"
		sort -t$'\t' -k2,3 "$BATS_TEST_TMPDIR/new" >EXPECTED
		return
	fi
	cat >"$BATS_TEST_TMPDIR/got"
	grep "$pattern" EXPECTED | sort >"$BATS_TEST_TMPDIR/want"
	sort "$BATS_TEST_TMPDIR/got" | diff "$BATS_TEST_TMPDIR/want" - |
		cut -c1-600
	[ "${PIPESTATUS[1]}" = 0 ]
}

@test "images that cannot be decoded" {
	say_all decode *.img | check decode
}

@test "images that crit-info cannot count" {
	say_all info *.img | check info
}

@test "documents that cannot be encoded" {
	say_all encode $(ls *.json | grep -v '^name-\|^no-name') | check encode
}

@test "streams that cannot be put into a folder" {
	say_all encode-d name-*.json no-name.json no-end.json end-*.json \
		producer-failed.json | check encode-d
}

@test "the files are those that ./make makes" {
	type xxd || skip "no xxd"
	mkdir "$BATS_TEST_TMPDIR/bad"
	cp make "$BATS_TEST_TMPDIR/bad"
	"$BATS_TEST_TMPDIR/bad/make"
	cp EXPECTED "$BATS_TEST_TMPDIR/bad"
	diff -r . "$BATS_TEST_TMPDIR/bad"
}
