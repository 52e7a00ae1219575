# SPDX-License-Identifier: MIT
#
# images/bad: files that are wrong in the way their name says, and what the
# filters say of them (EXPECTED: status, command, file, text). Each within two
# seconds and 8 MiB. To make EXPECTED anew, after a look at the differences:
# CRIT_NEW=1 test/run BUILD test/bad.bats

shopt -s extglob

setup() {
	cd "$CRIT_ROOT/test/images/bad" || exit 1
	t=$BATS_TEST_TMPDIR
	kib=8192
	if [ -n "$CRIT_SAN" ]; then
		kib=2000000
	else
		ulimit -t 2	# seconds of each process
	fi
}

# say COMMAND FILE: the line of EXPECTED. Few processes: there are many files.
say() {
	local status=0 cmd lines more text line used
	case $1 in
	encode-d) cmd="crit-encode -d $t/dir" ;;
	encode) cmd="crit-encode -o $t/out" ;;
	*) cmd="crit-$1" ;;
	esac
	rss "$t/kib" $cmd "$2" >"$t/stdout" 2>"$t/stderr" </dev/null || status=$?
	mapfile -t lines <"$t/stderr"
	[ $status != 0 ] || {
		mapfile -tn 3 more < <(exec cat -v "$t/stdout")
		lines+=("${more[@]}")
	}
	text=
	for line in "${lines[@]}"; do
		[[ $line != '{"end":'* ]] || continue
		line=${line#crit-*([a-z]): }
		text+=${text:+|}${line//"$t"/TMP}
	done
	printf '%s\t%s\t%s\t%s\n' $status "$1" "$2" "${text:0:1000}"
	used=$(<"$t/kib")
	[ "$used" -le $kib ] || echo "$2 took $used KiB"
	[ $status = 0 ] || [ ! -e "$t/out" ] || echo "$2 left an output"
	[ $status = 0 ] || [ ! -e "$t/dir" ] || echo "$2 left a folder"
	[ $status != 0 ] || [ $1 = ${1#encode} ] || rm -rf "$t/out" "$t/dir"
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
		{ grep -v "$pattern" EXPECTED || :; cat; } >"$t/new"
		sort -t$'\t' -k2,3 "$t/new" >EXPECTED
		return
	fi
	cat >"$t/got"
	grep "$pattern" EXPECTED | sort >"$t/want"
	sort "$t/got" | diff "$t/want" - |
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
	say_all encode !(name-*|no-name|end-*|producer-*).json | check encode
}

@test "streams that cannot be put into a folder" {
	say_all encode-d name-*.json no-name.json no-end.json end-*.json \
		producer-failed.json | check encode-d
}

@test "the files are those that ./make makes" {
	type xxd || skip "no xxd"
	mkdir "$t/bad"
	cp make "$t/bad"
	"$t/bad/make"
	cp EXPECTED "$t/bad"
	diff -r . "$t/bad"
}
