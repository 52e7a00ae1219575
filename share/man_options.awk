# SPDX-License-Identifier: MIT
#
# option_rows.awk's lines, share/options.scd, a page's source -> the source
# with its section OPTIONS written out. Letters, names, arguments, headings and
# the order are those of the option table; the texts are those of the page, or
# of options.scd where the page has none. In both a text stands below the long
# name (or the names of options that share a text):
#
#	--sort
#		Print a table sorted by _COLUMN_...
#
# In a page, a line "@shared" stands for the text of options.scd.

function fail(message) {
	print page ": " message >"/dev/stderr"
	failed = 1
}
# A block of texts begins or goes on: to[name] is its key, said[key] its text.
function collect(to, said) {
	if (/^--/) {
		key = $0
		for (i = 1; i <= NF; i++)
			to[substr($i, 3)] = key
	} else if (key != "")
		said[key] = said[key] $0 "\n"
	else if (NF)
		fail("no option above: " $0)
}
function head(i,   n, name, j, out, argument) {
	n = split(names[i], name, " ")
	if (letter[i] != "-")
		out = "*-" letter[i] "*, "
	for (j = 1; j <= n; j++)
		out = out (j > 1 ? ", " : "") "*--" name[j] "*"
	argument = arguments[i]
	gsub(/[A-Z]+/, "_&_", argument)
	return out (argument == "-" ? "" : \
		argument ~ /^\[/ ? argument : " " argument)
}
# A text without the blank lines at its end.
function end(s) {
	sub(/\n+$/, "", s)
	return s
}
function first(i) {
	return substr(names[i], 1, index(names[i] " ", " ") - 1)
}
function put(i,   name, key, said, at) {
	name = first(i)
	if (name in own) {
		key = own[name]
		said = own_text[key]
		at = index(said, "\t@shared\n")
		if (at && name in shared)
			said = substr(said, 1, at - 1) \
				end(shared_text[shared[name]]) \
				substr(said, at + 8)
	} else if (name in shared) {
		key = shared[name]
		said = shared_text[key]
	} else
		return fail("no text for --" name)
	# options that share a text stand one after another
	if (key == last)
		return
	last = key
	used[key] = 1
	printf "%s", head(i)
	while (++i <= n && index(key " ", "--" first(i) " "))
		printf ", %s", head(i)
	printf "\n%s\n\n", end(said)
}
function options(   i) {
	if (!n)
		fail("the program has no option table")
	for (i = 1; i <= n; i++)
		if (heading[i] != "") {
			sub(/:$/, "", heading[i])
			printf "## %s\n\n", heading[i]
		} else
			put(i)
	for (key in own_text)
		if (!(key in used))
			fail("the program has no " key)
}

FNR == 1 { file++; key = "" }
file == 1 && $1 == "heading" { heading[++n] = substr($0, 9); next }
file == 1 {
	split($0, field, "\t")
	letter[++n] = field[2]
	names[n] = field[3]
	arguments[n] = field[4]
	next
}
file == 2 { if (!/^;/) collect(shared, shared_text); next }
FNR == 1 { page = FILENAME }
/^# / && section { options(); section = 0 }
section { collect(own, own_text); next }
{ print }
/^# OPTIONS$/ { section = 1; print ""; key = "" }
END { exit failed }
