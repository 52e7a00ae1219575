# SPDX-License-Identifier: MIT
# bash completion for crit and the crit-* programs. The same file under the name
# of each program; starts none. The functions _crit_options, _crit_takes,
# _crit_operand and _crit_programs follow: bash.awk makes them of the programs'
# option tables.

# The pids of the tasks and threads that have a core image in a directory.
_crit_pids()
{
	local core

	for core in "${1:-.}"/core-*.img; do
		core=${core##*/core-}
		core=${core%.img}
		[[ $core == *[!0-9]* ]] || echo "$core"
	done
}

# COMPREPLY: those of the words that go on with $cur
_crit_words()
{
	local word

	for word; do
		if [[ $word == "$cur"* ]]; then
			COMPREPLY+=("$word")
		fi
	done
}

# COMPREPLY: files that match the pattern (all for *), and directories
_crit_files()
{
	local name

	compopt -o filenames 2>/dev/null || :
	while IFS= read -r name; do
		if [[ -d $name || ${name##*/} == $1 ]]; then
			COMPREPLY+=("$name")
		fi
	done < <(compgen -f -- "$cur")
}

# The word before that is a directory, whatever its place
_crit_dir()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		if [[ -d ${COMP_WORDS[i]} ]]; then
			echo "${COMP_WORDS[i]}"
			return
		fi
	done
}

# What an argument or operand of a kind may be: KIND WORD...
_crit_complete()
{
	local kind=$1

	shift
	case $kind in
	file | output)
		_crit_files '*'
		;;
	documents)
		_crit_files '*.@(json|ndjson|jsonl)'
		;;
	image)
		_crit_files '@(*.img|stats-dump|stats-restore|irmap-cache)'
		;;
	dir)
		_crit_files ''
		;;
	checkpoint)
		[[ $cur == */* ]] || _crit_words "$@"
		_crit_files '*.@(tar|tar.*|tgz|stream|zst)'
		;;
	pid)
		_crit_words $(_crit_pids "$(_crit_dir)")
		;;
	*)
		_crit_words "$@"
		;;
	esac
}

_crit()
{
	local program=${1##*/} cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
	local -a takes

	COMPREPLY=()
	# --option=VALUE is three words to readline
	if [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == = ]]; then
		cur=
	fi
	# crit COMMAND has a table of its own, or that of crit-COMMAND
	if [[ $program == crit && $COMP_CWORD -gt 1 ]]; then
		program="crit $command"
		_crit_options "$program" >/dev/null || program=crit-$command
	fi
	if [[ $program == crit ]]; then
		read -ra takes < <(_crit_operand crit)
		_crit_complete "${takes[@]}"
		_crit_words --help --version
	elif _crit_takes "$program $prev" >/dev/null; then
		read -ra takes < <(_crit_takes "$program $prev")
		_crit_complete "${takes[@]}"
	elif [[ $cur == -* ]]; then
		_crit_words $(_crit_options "$program")
	else
		read -ra takes < <(_crit_operand "$program")
		_crit_complete "${takes[@]}"
	fi
}

