#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What takes long says on a terminal how far it is. Long is a pipe that gives a
# piece now and then.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}/test" || return 1
	. ./until.bash
	type script >/dev/null || skip 'no script'
	images=$PWD/images
	cd "$BATS_TEST_TMPDIR" || return 1
	export TERM=xterm
	erase=$'\r\e[K'
	head -c 300K /dev/zero >junk
	tar -cf end --transform 's,^\.,checkpoint,' -C "$images/mem" .
	# feed FIFO SEEN SECONDS END : pieces until SEEN tells of a rate, or for
	# so long, then the checkpoint
	cat >feed <<-'END'
		set -o pipefail
		end=$((SECONDS + $3))
		exec >"$1"
		until grep -q 'B/s' "$2" 2>/dev/null || [ $SECONDS -ge $end ]; do
			n=$((n + 1))
			tar -b 1 -cf - --transform "s,.*,$n," junk |
				head -c -1024 || exit
			sleep 0.05
		done
		cat "$4"
	END
}

# slowly NAME COMMAND [SECONDS [END]] : the command with a slow fifo NAME; what
# it writes to its terminal goes to NAME.typed
slowly() {
	local status=0
	mkfifo "$1"
	timeout 120 bash feed "$1" "$1.typed" "${3-60}" "${4-end}" 3>&- &
	timeout 120 script -qec "stty -onlcr; $2" /dev/null </dev/null \
		>"$1.typed" 3>&- || status=$?
	wait $! || :
	return $status
}

@test "each program that reads long says how far it is, and leaves nothing" {
	while read -r name command; do
		slowly "$name" "$command" 3>&- &
	done <<-END
		x crit-x x ps >x.out
		decode crit-decode -o decode.out decode
		info crit-info info >info.out
		search crit-mem -o search.out -s needle search
		all crit-mem --all -p 2501 -o all.out all
		check crit-check check >check.out
		diff crit-diff diff $images/mem >diff.out
		core crit-core -p 2501 -o core.out core
		draw crit-draw -o draw.out tree draw
		copy crit-copy -f tar copy copy.out
	END
	wait
	for typed in *.typed; do
		echo "$typed: $(cat -v "$typed")"
		grep -qE $'\r[0-9.]+ [KM]iB, [0-9.]+ [KM]?i?B/s\e\\[K' "$typed"
		# all that comes after the last line erases it
		[[ $(<"$typed") == *"$erase" ]]
		[[ $(<"$typed") != *B/s$'\e[K'[!$'\r']* ]]
	done
	[ "$(ls ./*.typed | wc -l)" = 10 ]
	crit-x "$images/mem" ps | cmp - x.out
}

@test "a message takes the line's place" {
	head -c 3000 end >cut
	slowly x 'crit-x x ps >out' 60 cut || :
	cat -v x.typed
	[[ $(<x.typed) == *B/s*"$erase"'crit-x: x: '* ]]
	[[ $(<x.typed) != *B/s$'\e[K'crit-x* ]]
}

@test "no progress but on a terminal, or where the output is on it" {
	slowly a 'crit-x a ps >out 2>err' 3 3>&- &
	slowly b 'crit-x b ps' 3 3>&- &
	slowly c 'crit-copy -f tar c c.tar 2>err' 3 3>&- &
	wait
	[ ! -s err ] && [ ! -s a.typed ] && [ ! -s c.typed ]
	crit-x "$images/mem" ps | cmp - b.typed
}

@test "a signal takes the line away" {
	while read -r sig command; do
		mkfifo x
		timeout 120 bash feed x /dev/null 60 end 3>&- &
		feed=$!
		# the shell has background processes ignore INT
		timeout 120 env --default-signal script -qec \
			"stty -onlcr; echo \$\$ >pid; exec $command" /dev/null \
			</dev/null >x.typed 3>&- &
		script=$!
		until_true grep -q B/s x.typed
		kill -"$sig" "$(<pid)"
		status=0
		wait $script || status=$?
		wait $feed || :
		echo "$sig $command: $status $(cat -v x.typed)"
		[ $status = $((128 + $(kill -l "$sig"))) ]
		[[ $(<x.typed) == *"$erase" ]]
		[ -z "$(ls -A | grep '^\.crit')" ]
		rm -f x x.typed pid
	done <<-END
		INT crit-x x ps >x.out
		TERM crit-decode -o decode.out x
		INT crit-copy -f tar x copy.out
		TERM crit-copy x copy
	END
}
