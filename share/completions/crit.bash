# SPDX-License-Identifier: MIT
# bash completion for crit and the crit-* filters. The same file under the name
# of each program; starts none.

# The options that PROGRAM has, and those that take what: a word for each.
_crit_options()
{
	case $1 in
	crit-decode)
		echo -i --in --input -o --out --output -f --format -p --pretty \
			--nopl --schema -L --dereference -v --verbose
		;;
	crit-encode)
		echo -i --in --input -o --out --output -d --dir --no-end \
			--allow-partial --schema
		;;
	crit-info)
		echo -i --in --input --summary -f --format --schema \
			-L --dereference
		;;
	crit-x)
		echo -f --format -p --pid --no-end --schema -L --dereference
		;;
	crit-mem)
		echo --runs -a --address --vma --all -x --hex -s --string \
			-r --regex --args --env --auxv -p --pid -f --format \
			-o --output -c --context -0 --null --holes --page-size \
			-L --dereference
		;;
	esac
	echo --help --version
}

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

# What an option wants; false where it wants nothing
_crit_argument()
{
	case $prev in
	-i | --in | --input)
		_crit_files '*'
		;;
	-o | --out | --output | --schema)
		_crit_files '*'
		;;
	-d | --dir)
		_crit_files ''
		;;
	-f | --format)
		case $program in
		crit-decode) _crit_words records json ;;
		crit-info) _crit_words text json ;;
		crit-x) _crit_words text json records ;;
		crit-mem) _crit_words text records ;;
		*) return 1 ;;
		esac
		;;
	-p | --pid)
		[[ $program == crit-x || $program == crit-mem ]] || return 1
		_crit_words $(_crit_pids "$(_crit_dir)")
		;;
	--holes)
		_crit_words zero error skip
		;;
	--vma)
		_crit_words '[stack]' '[heap]' '[anon]'
		;;
	-a | --address | -s | --string | -r | --regex | -c | --context | \
		--page-size)
		;;
	*)
		return 1
		;;
	esac
}

_crit_operand()
{
	case $program in
	crit-encode)
		_crit_files '*.@(json|ndjson|jsonl)'
		;;
	crit-x)
		[[ $cur == */* ]] || _crit_words ps fds mems rss sk
		_crit_files ''
		;;
	crit-mem)
		_crit_files ''
		;;
	*)
		_crit_files '@(*.img|stats-dump|stats-restore|irmap-cache)'
		;;
	esac
}

# crit COMMAND: as the filter that does it
_crit_front()
{
	case ${COMP_WORDS[1]} in
	decode | show) program=crit-decode ;;
	info | x) program=crit-${COMP_WORDS[1]} ;;
	encode) program=crit-encode ;;
	esac
	if [[ $COMP_CWORD == 1 ]]; then
		_crit_words decode encode show info x --help --version
		return 1
	elif [[ $cur == -* && ${COMP_WORDS[1]} != x ]]; then
		case ${COMP_WORDS[1]} in
		decode) _crit_words -i --in --input -o --out --output --pretty ;;
		encode) _crit_words -i --in --input -o --out --output ;;
		show) _crit_words --nopl ;;
		esac
		_crit_words --help
		return 1
	fi
}

_crit()
{
	local program=${1##*/} cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	# --option=VALUE is three words to readline
	if [[ $prev == = ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == = ]]; then
		cur=
	fi
	if [[ $program != crit ]] || _crit_front; then
		if _crit_argument; then
			:
		elif [[ $cur == -* ]]; then
			_crit_words $(_crit_options "$program")
		else
			_crit_operand
		fi
	fi
}

complete -F _crit crit crit-decode crit-encode crit-info crit-x crit-mem
