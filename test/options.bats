#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# What the option table gives to each program: help, version, messages with a
# suggestion, status 2.

programs=$(cd "$BATS_TEST_DIRNAME/../filters" && ls crit-*.c | sed 's/\.c$//')

setup() {
	bats_require_minimum_version 1.5.0
}

# refused MESSAGE PROGRAM ARGUMENT...
refused() {
	local message=$1
	shift
	run -2 "$@"
	[ "${lines[0]}" = "$1: $message" ]
	[ "${lines[1]}" = "Try '$1 --help'." ]
	[ "${#lines[@]}" = 2 ]
}

@test "-h and --help are the same, of at most 80 columns" {
	for program in $programs; do
		$program --help >"$BATS_TEST_TMPDIR/help"
		$program -h | cmp - "$BATS_TEST_TMPDIR/help"
		grep -q "^Usage: $program " "$BATS_TEST_TMPDIR/help"
		grep -q "^Full documentation: man $program" "$BATS_TEST_TMPDIR/help"
		[ "$(sed '/^      crit-/d' "$BATS_TEST_TMPDIR/help" | wc -L)" -le 80 ]
		$program --version | grep -qE "^$program [0-9]+\.[0-9]+"
	done
}

# The words of option heads: a letter, names, an argument, a line each.
@test "pages have the options of the table, in its order" {
	for program in crit $programs; do
		CRIT_PRINT_OPTIONS=1 $program | awk -F '\t' -v program=$program '
			$1 == "option" && $2 == program {
				if ($3 != "-")
					print "-" $3
				n = split($4, name, " ")
				for (i = 1; i <= n; i++)
					print "--" name[i]
				if ($5 != "-")
					print $5
			}' >"$BATS_TEST_TMPDIR/table"
		grep -q . "$BATS_TEST_TMPDIR/table"
		MANWIDTH=300 man -P cat -l "$CRIT_BUILD/man/$program.1" | col -b |
			sed -n '/^OPTIONS$/,/^[A-Z]/s/^ \{1,7\}\(-.*\)/\1/p' |
			sed 's/\[=/ &/' | tr -s ', ' '\n' |
			diff "$BATS_TEST_TMPDIR/table" -
	done
}

# page OPTION... : the page of a program with the options -k FILE and --deep;
# these have texts
page() {
	{
		printf '# OPTIONS\n\n'
		printf '%s\n\ttext\n\n' "$@"
		printf '# NEXT\n'
	} >page
	awk -f "$CRIT_ROOT/share/option_rows.awk" <<-'end' |
		struct option_row no_rows[] = { { 'n', "no" }, { 0 } };
		static const struct option_row rows[] = {
		 { 'k', "key k2", "FILE", f(1, 2), .help = "a \" }" "b" }, { .help = "More " "text:" },
		 { 0, "deep", .help = "x" },
		 { 0 }
		};
	end
		awk -f "$CRIT_ROOT/share/man_options.awk" - \
			"$CRIT_ROOT/share/options.scd" page
}

@test "pages: an option without a text, a text without an option" {
	cd "$BATS_TEST_TMPDIR"
	page --key --deep >made
	printf '# OPTIONS\n\n*-k*, *--key*, *--k2* _FILE_\n\ttext\n\n%s\n\n%s\n\ttext\n\n# NEXT\n' \
		'## More text' '*--deep*' | diff made -
	run -1 --separate-stderr page --key
	[ "$stderr" = "page: no text for --deep" ]
	run -1 --separate-stderr page --key --deep --sort
	[ "$stderr" = "page: the program has no --sort" ]
}

@test "texts that pages share are of several programs" {
	for program in $programs; do
		CRIT_PRINT_OPTIONS=1 $program
	done | awk -F '\t' '$1 == "option" { split($4, name, " "); print "--" name[1] }' |
		sort | uniq -d >"$BATS_TEST_TMPDIR/several"
	grep -o '^--.*' "$CRIT_ROOT/share/options.scd" | sort |
		comm -23 - "$BATS_TEST_TMPDIR/several" | diff /dev/null -
}

@test "an option that is unknown: the one that was meant, if it is close" {
	refused "unknown option '--pretti' (did you mean --pretty?)" \
		crit-decode --pretti
	refused "unknown option '--formta' (did you mean --format?)" \
		crit-x --formta=json ps
	refused "unknown option '--frobnicate'" crit-info --frobnicate
	refused "unknown option '-q'" crit-mem -q
	for program in $programs; do
		refused "unknown option '--nothing-so'" $program --nothing-so
	done
}

@test "arguments: missing, too many, ambiguous names" {
	refused "option '-o' needs an argument" crit-decode -o
	refused "option '--format' needs an argument" crit-x ps --format
	refused "option '--pretty' takes no argument" crit-decode --pretty=1
	refused "option '--a' is ambiguous" crit-mem --a 1
	refused "unknown format 'jsn' (did you mean json?)" crit-x -f jsn ps
	refused "unknown format 'xml' (text, json, records, table)" crit-x -f xml ps
	refused "unknown view 'fdss' (did you mean fds?)" crit-x . fdss
	refused "unknown view 'fdss' (did you mean fds?)" crit-x fdss .
	refused "unknown view 'sockets' (did you mean sk?)" crit-x . sockets
	refused "unknown view 'files' (did you mean fds?)" crit-x . files
	refused "unknown view 'processes' (did you mean ps?)" crit-x . processes
	refused "invalid PID '12x'" crit-x -p 12x ps
	refused "invalid PID ''" crit-mem -p '' .
	refused "invalid PID '4294967296'" crit-mem -p 4294967296 .
}

@test "options may stand anywhere, and end at --" {
	cd "$CRIT_ROOT/test/images"
	crit-x redis ps -f json >"$BATS_TEST_TMPDIR/want"
	crit-x -fjson redis ps | cmp - "$BATS_TEST_TMPDIR/want"
	crit-x --form json -- redis ps | cmp - "$BATS_TEST_TMPDIR/want"
	crit-x -p 1001 --pid=1009 tree ps | grep -c . | grep -qx 3
	run -1 crit-decode -- --help
}

@test "no operand: what is missing, usage, examples" {
	for program in crit-x crit-mem crit-pids crit-diff crit-edit crit-copy; do
		run --separate-stderr -2 $program </dev/null
		[ -z "$output" ]
		[[ $stderr = "$program: "*$'\n'"Usage: $program "*$'\n'Examples:$'\n'*"Try '$program --help'." ]]
	done
}

@test "--version says which images are known" {
	root=${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}
	# each field of proto/ says since when it is there
	known=$(grep -rhoE '// v[0-9]+[.][0-9.]+' "$root"/proto/*.proto |
		sed 's/.*v//' | sort -V | tail -n 1)
	year=$(grep -rhoE '// development [0-9]+' "$root"/proto/*.proto |
		sed 's/.* //' | sort | tail -n 1)
	for program in crit crit-decode crit-x; do
		$program --version | tail -n 1 |
			grep -x "knows images of CRIU 1.0 to $known, and of its development up to $year"
	done
}

@test "whoever waits for a terminal says so" {
	command -v script >/dev/null || skip "no script"
	cd "$CRIT_ROOT/test/images"
	for command in crit-anon crit-check 'crit-copy - new' crit-decode \
		'crit-diff - loop' 'crit-draw tree' crit-info 'crit-mem -' \
		'crit-pids +1' 'crit-x ps'; do
		# two ^D: the end of the input
		printf '\4\4' | timeout 120 script -qec "$command" /dev/null |
			grep -q "^${command%% *}: reading from the terminal"
	done
	[ ! -e new ]
}

@test "a directory where records are wanted: what to do" {
	dir=$CRIT_ROOT/test/images/loop
	cd "$BATS_TEST_TMPDIR"
	for command in "crit-anon $dir" "crit-encode -o new $dir" \
		"crit-pids +1 $dir" "crit-copy --with $dir $dir new" \
		"crit-copy --add $dir $dir new"; do
		run -1 $command
		[ "$output" = "${command%% *}: $dir: is a directory: use crit-decode $dir | ..." ]
		[ ! -e new ]
	done
}
