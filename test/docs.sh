# SPDX-License-Identifier: MIT
#
# What the documents say is so. In man pages and *.md each block with lines
# that begin with "$ " is an example: those lines are commands ("> " goes on),
# what follows is all that they print, [N] at its end the status if not 0.
# "..." stands for anything. Each example has a copy of the demo checkpoints.
. test/tap.sh
cd "$CRIT_ROOT"
demo=$(sed -n 's/^DEMO = //p' share/install.mk)

# The examples of a document, each in a file of its own, named by its line.
split() {
	awk -v to="$2" '
		/^```/ { inside = !inside; if (inside) at = NR; next }
		!inside { next }
		/^\$ / { found[at] = 1 }
		{ text[at] = text[at] $0 "\n" }
		END { for (at in found) printf "%s", text[at] >(to "/" at) }' "$1"
}

# matches TEXT PATTERN: whether ... in PATTERN can make it TEXT
matches() {
	local pattern=$2
	pattern=$'\n'$pattern
	pattern=${pattern//$'\n...'/...}
	pattern=$(printf %s "$pattern" | sed 's/[][\\*?]/\\&/g; s/\.\.\./*/g')
	[[ $'\n'$1 == $pattern || $1 == $pattern ]]
}

# check COMMAND EXPECTED
check() {
	local out expected=$2 want=0 status
	[ -n "$1" ] || return 0
	if [[ $expected =~ (^|$'\n')\[([0-9]+)\]$ ]]; then
		want=${BASH_REMATCH[2]}
		expected=${expected%"${BASH_REMATCH[0]}"}
	fi
	bash -c "$1" >.out 2>&1 </dev/null
	status=$?
	out=$(tr -d '\0' <.out)
	rm -f .out
	[ $status = "$want" ] && matches "$out" "$expected" && return
	printf '%s\nstatus %s, not %s; printed:\n%s\nnot:\n%s\n' \
		"$1" $status "$want" "$out" "$expected"
	return 1
}

# run FILE: all commands of an example, in a folder of its own
run() (
	local line command= expected= some=
	rm -rf "$tap_dir/run"
	mkdir "$tap_dir/run"
	cd "$tap_dir/run" || exit 1
	for d in $demo; do
		cp -r "$CRIT_ROOT/test/images/$d" .
	done
	chmod -R u+w .
	for link in */*/parent; do
		[ -L "$link" ] || ln -sf "$(cat "$link")" "$link"
	done
	while IFS= read -r line; do
		case $line in
		'$ '*)
			check "$command" "$expected" || exit 1
			command=${line#'$ '} expected= some=
			;;
		'> '* | '>')
			if [ -n "$some" ]; then
				expected+=$'\n'$line
			else
				command+=$'\n'${line#>}
			fi
			;;
		*)
			expected+=${some:+$'\n'}$line some=1
			;;
		esac
	done <"$1"
	check "$command" "$expected"
)

# Whether a page as man(1) shows it has all lines of an example as they are, so
# that what is copied from there is what is run here. Tabs are spaces there.
shown() {
	local line
	while IFS= read -r line; do
		grep -qF -- "$line" "$2" || {
			printf 'man shows another line than: %s\n' "$line"
			return 1
		}
	done < <(tr -s '\t ' ' ' <"$1" | sed 's/^ //; s/ $//')
}

for page in share/man/*.scd *.md docs/*.md; do
	[ -f "$page" ] || continue
	examples=$tap_dir/${page##*/}
	mkdir "$examples"
	split "$page" "$examples"
	rendered=$tap_dir/${page##*/}.txt
	case $page in
	*.scd)
		name=${page##*/}
		MANWIDTH=300 MAN_KEEP_FORMATTING= LC_ALL=C.UTF-8 \
			man -P cat -l "$CRIT_BUILD/man/${name%.scd}" 2>/dev/null |
			tr -s '\t ' ' ' >"$rendered"
		for example in "$examples"/*; do
			[ ! -e "$example" ] || shown "$example" "$rendered" || break
		done >"$tap_dir/why"
		[ ! -s "$tap_dir/why" ] && [ -s "$rendered" ]
		tap $? "$page: examples as man shows them" "$tap_dir/why"
		# no mark-up is left over
		grep -nE '(^|[^A-Za-z0-9_{])_[A-Z]+_([^A-Za-z0-9_]|$)' "$rendered" >"$tap_dir/why"
		[ ! -s "$tap_dir/why" ]
		tap $? "$page: no mark-up in the page" "$tap_dir/why"
		;;
	esac
	for example in $(ls "$examples" | sort -n); do
		run "$examples/$example" >"$tap_dir/why"
		tap $? "$page: example in line $example" "$tap_dir/why"
	done
done

# Pages as they are installed: no complaint of mandoc or man.
for page in "$CRIT_BUILD"/man/*.[1-9]; do
	{
		mandoc -T lint -W warning "$page"
		LC_ALL=C.UTF-8 man --warnings -l "$page" 2>&1 >/dev/null
	} >"$tap_dir/why" 2>&1
	[ ! -s "$tap_dir/why" ]
	tap $? "${page##*/}: renders without warnings" "$tap_dir/why"
done
tap_end
