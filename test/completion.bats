#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Tab in bash: the function is called as readline would, and COMPREPLY is
# looked at. No program is started: PATH is empty.

setup() {
	source "$CRIT_BUILD/completions/crit.bash"
	cd "$BATS_TEST_TMPDIR"
	for d in loop redis sock tree; do
		ln -s "$CRIT_ROOT/test/images/$d"
	done
}

# tab WORD... : COMPREPLY for the last word, one a line, sorted
tab() {
	local PATH=
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_crit "$1"
	PATH=/usr/bin:/bin
	printf '%s\n' "${COMPREPLY[@]}" | sort
}

is() {
	local want=$1
	shift
	diff <(printf '%s\n' $want) <(tab "$@")
}

@test "options: all those of --help, for each program" {
	for program in crit-decode crit-encode crit-info crit-x crit-mem; do
		diff <($program --help | grep -oE -- '^  +-.*' | sed 's/  [a-zA-Z].*//' |
			grep -oE -- '(^|[ ,])--?[a-zA-Z0-9][a-z-]*' | tr -d ' ,' | sort -u) \
			<(tab $program -) || { echo "$program"; false; }
	done
}

@test "options that begin so" {
	is '--pretty' crit-decode --pr
	is '--no-end' crit-encode --no
}

@test "formats" {
	is 'json records yaml' crit-decode -f ''
	is 'records' crit-decode --format r
	is 'json records yaml' crit-decode --format = ''
	is 'json records table text' crit-x -f ''
	is 'records table text' crit-mem -f ''
	is 'error skip zero' crit-mem --holes ''
}

@test "image files and directories, nothing else" {
	is 'redis/stats-dump redis/stats-restore' crit-decode redis/st
	is 'redis/pstree.img' crit-info redis/ps
	touch trash.txt
	is 'tree' crit-decode t
	is 'trash.txt tree' crit-decode -i t
	is 'loop redis sock tree' crit-mem ''
	is 'tree' crit-encode -d t
}

@test "explorers, and directories" {
	is 'signals sk sock' crit-x s
	is 'all cmd container creds env fds ipc limits locks loop mems mounts net ns ps redis routes rss signals sk sock threads timers tree' crit-x tree ''
	is 'rss' crit-x tree rs
}

@test "pids of the directory" {
	is '4242' crit-mem loop -p ''
	is '' crit-mem -p ''
	is '20001 20005 20006 20007 20008' crit-x redis --pid 20
	is '1009' crit-x tree -p 1009
}

@test "crit and its commands" {
	is '--help --version anon check compress copy core decode decompress diff draw edit encode info mem pids show x' crit ''
	is 'decode decompress' crit de
	is '--help --nopl -h' crit show -
	is '--help --in --input --out --output --pretty -h -i -o' crit decode -
	is 'redis/pstree.img' crit info redis/ps
	is 'fds' crit x tree fd
}

@test "names with spaces and stars stay whole" {
	mkdir 'a b'
	touch 'a b/x*.img' 'a b/x y.img' 'a b/dump.log'
	diff <(printf '%s\n' 'a b/x y.img' 'a b/x*.img') <(tab crit-decode 'a b/')
	diff <(echo 'a b') <(tab crit-mem a)
}

@test "zsh and fish: the files parse" {
	command -v zsh >/dev/null && zsh -n "$CRIT_BUILD/completions/_crit"
	command -v fish >/dev/null && fish -n "$CRIT_BUILD/completions/crit.fish"
	true
}

@test "archives, where a checkpoint may stand" {
	touch cp.tar cp.tar.zst cp.tgz cp.txt cp.stream
	is 'cp.stream cp.tar cp.tar.zst cp.tgz' crit-mem cp
	is 'cp.stream cp.tar cp.tar.zst cp.tgz' crit-draw tree cp
}

# in_zsh LINE PATTERN : whether what zsh makes of the line at Tab matches
in_zsh() {
	cat >tab.zsh <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		expect() { zpty -r -m shell text "$1"; print -r -- $text >>said }
		zpty -w shell "PS1='>> '; fpath=($1 \$fpath); autoload -U compinit"
		zpty -w shell "compinit -u -D; unsetopt beep; echo rea''dy"
		expect '*ready*>> *'
		zpty -w -n shell "$2"$'\t'
		expect "*$3*"
		zpty -d shell
	END
	TERM=dumb HOME=$BATS_TEST_TMPDIR timeout 120 zsh -f tab.zsh \
		"$CRIT_BUILD/completions" "$1" "$2" 3>&- || {
		cat said
		return 1
	}
}

@test "zsh, live" {
	command -v zsh >/dev/null || skip "no zsh"
	in_zsh 'crit-decode --pre' '--pretty'
	in_zsh 'crit-x loop -p 42' '4242'
	in_zsh 'crit-mem --holes=sk' '--holes=skip'
	in_zsh 'crit-decode redis/pst' 'redis/pstree.img'
	in_zsh 'crit sho' 'crit show'
	in_zsh 'crit show --nop' '--nopl'
	in_zsh 'crit x --byt' '--bytes'
	touch some.tar.zst
	in_zsh 'crit-mem some' 'some.tar.zst'
}

# in_fish LINE : what fish offers, with the descriptions
in_fish() {
	HOME=$BATS_TEST_TMPDIR fish --no-config -c \
		'source $argv[1]; complete -C $argv[2]' \
		"$CRIT_BUILD/completions/crit.fish" "$1"
}

@test "fish, live" {
	command -v fish >/dev/null || skip "no fish"
	[ "$(in_fish 'crit-decode --pr')" = $'--pretty\tprint flags, devices and IP addresses as text; indent json' ]
	[ "$(in_fish 'crit-mem --holes ' | cut -f 1)" = $'error\nskip\nzero' ]
	[ "$(in_fish 'crit-x loop -p ' | cut -f 1)" = 4242 ]
	in_fish 'crit-decode redis/pst' | grep -q '^redis/pstree.img'
	in_fish 'crit x re' | grep -q '^redis/'
	[ "$(in_fish 'crit sh')" = show ]
	in_fish 'crit show --n' | grep -q '^--nopl'
	touch fish.tar.zst fish.txt
	[ "$(in_fish 'crit-mem fish' | cut -f 1)" = fish.tar.zst ]
}
