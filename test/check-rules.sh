# SPDX-License-Identifier: MIT
#
# Rules of crit-check: checkpoints that are broken in one place each.
#
#   check/broken.tsv   broken for CRIU's restore: files that differ from mut/,
#                      mutct/, mutinc/ lie in check/cases, with what CRIU did
#   check/edits.sh     broken here, by jq and crit-encode
#
# pages-N.img are not kept: `sizes` has their length, and only that is looked at.
# At the end each rule of --list has been seen.
. "$(dirname "$0")/tap.sh"
here=$CRIT_ROOT/test/check
work=$tap_dir/work
mkdir -p "$work"
: >"$work/seen"

# base NAME: a copy of a checkpoint, in $work/ck
base() {
	rm -rf "$work/ck"
	if [ -d "$here/$1" ]; then
		cp -r "$here/$1" "$work/ck"
	else
		cp -r "$CRIT_ROOT/test/images/$1" "$work/ck"
	fi
	cd "$work/ck" || exit 1
	sizes
}

# The pages that `sizes` lists, or that pagemaps need.
sizes() {
	find . -name sizes | while read -r list; do
		while read -r name bytes; do
			truncate -s "$bytes" "${list%sizes}$name"
		done <"$list"
		rm "$list"
	done
}

stream= run=()
crit=$(command -v crit-check)

# findings OPTION...: of the checkpoint as it is, or of its records
findings() {
	if [ -n "$stream" ]; then
		crit-decode . | jq -c "$stream" | "${run[@]}" "$crit" "$@"
	else
		"${run[@]}" "$crit" "$@" .
	fi >"$work/found" 2>"$work/message"
	local status=$?
	awk '{ print $1 " " $2 }' "$work/found" | sort -u >"$work/fired"
	cat "$work/fired" >>"$work/seen"
	sed -n 's/^error //p' "$work/fired" >"$work/errors"
	[ $status -le 1 ] && [ ! -s "$work/message" ]
}

# What restore refused, and which rules are errors.
while IFS=$'\t' read -r name meant restore errors why; do
	case $name in '#'*) continue ;; esac
	base "${name%%/*}"
	over=$here/cases/$name
	[ ! -f "$over/gone" ] || xargs rm -rf <"$over/gone"
	[ ! -d "$over" ] || cp -rP "$over/." .
	rm -f gone
	sizes
	findings && tr ' ' '\n' <<<"$errors" | sed '/^$/d' | sort |
		diff - "$work/errors" >"$work/why"
	tap $? "$name: $meant ($restore)${why:+: $why}" "$work/why"
done <"$here/broken.tsv"

# t RULE CHECKPOINT CHANGE [OTHER]...: the rule fires, and no error but it, the
# others, and what the checkpoint has without the change
t() {
	local rule=$1 from=$2 change=$3 allow=${allow:-lazy-pages}
	shift 3
	base "$from"
	stream=
	if [ ! -f "$work/before-$from" ]; then
		findings --allow lazy-pages
		cp "$work/errors" "$work/before-$from"
	fi
	{
		eval "$change" && findings "${options[@]}" || cat "$work/message"
		grep -q " $rule\$" "$work/fired" || echo "$rule did not fire"
		printf '%s\n' "$rule" "$@" | cat - "$work/before-$from" |
			grep -vxFf - "$work/errors" | sed 's/^/not meant: /'
	} >"$work/why" 2>&1
	[ ! -s "$work/why" ]
	tap $? "$rule: $from: $change" "$work/why"
}

options=(--allow lazy-pages)
. "$CRIT_ROOT/test/check/edits.sh"
edits

# h RULE CHECKPOINT CHANGE [OPTION]...: --host finds it
h() {
	local rule=$1 from=$2 change=$3
	shift 3
	base "$from"
	stream=
	{
		eval "$change"
		findings --host "$@" || cat "$work/message"
		grep -q " $rule\$" "$work/fired" || echo "$rule did not fire"
	} >"$work/why" 2>&1
	[ ! -s "$work/why" ]
	tap $? "$rule: $from: $change $*" "$work/why"
}

host_edits

crit-check --list | awk '{ print $2 }' | sort >"$work/rules"
awk '{ print $2 }' "$work/seen" | sort -u | comm -23 "$work/rules" - >"$work/why"
[ ! -s "$work/why" ]
tap $? "each rule of --list has fired" "$work/why"
tap_end
