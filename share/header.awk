# SPDX-License-Identifier: MIT
#
# crit.h -> the reference part of libcrit(3), in scdoc: each declaration with
# the comment above it. "/* Title" on its own, before a blank line or a
# comment's end, begins a section.

function escape(s) {
	gsub(/[_*\\]/, "\\\\&", s)
	return s
}
# Tabs as spaces: pages stand further to the right.
function expand(s,   out, i, c) {
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		if (c == "\t")
			do out = out " "; while (length(out) % 8)
		else
			out = out c
	}
	return out
}
function section(title) {
	sub(/[:.].*/, "", title)
	print "## " toupper(title) "\n"
	return 1
}
# The comment: paragraphs, and what is drawn with tabs as it is.
function tell(   i, line, open) {
	for (i = 1; i <= n; i++) {
		line = comment[i]
		if (line ~ /^\t/) {
			if (!open)
				print "\n\n```"
			print expand(substr(line, 2))
			open = 1
			continue
		}
		if (open)
			print "```\n"
		open = 0
		printf "%s", line == "" ? "\n\n" : escape(line) " "
	}
	print open ? "```\n" : "\n"
	n = 0
}
function flush(   first) {
	if (declared) {
		printf "```\n%s```\n\n", declaration
	}
	if (n)
		tell()
	declared = 0
	declaration = ""
}

BEGIN { print "\n# REFERENCE\n" }
/^#ifdef __cplusplus/ && begun { flush(); exit }
/^#define CRIT_API/ { begun = 1; next }
!begun { next }
/^\/\* [A-Z][a-z ]+( \*\/)?$/ && (/\*\/$/ || length < 30) {
	title = $0
	gsub(/^\/\* | \*\/$/, "", title)
	flush()
	section(title)
	inside = !/\*\/$/
	next
}
/^\/\*/ {
	flush()
	inside = 1
	sub(/^\/\* ?/, "")
	at = 1
}
inside {
	ends = /\*\//
	sub(/ *\*\/.*/, "")
	if (!at)
		sub(/^ \* ?/, "")
	at = 0
	if ($0 != "" || n)
		comment[++n] = $0
	if (ends)
		inside = 0
	next
}
/^$/ { if (declared) flush(); next }
{
	sub(/^CRIT_API /, "")
	declaration = declaration expand($0) "\n"; declared = 1
}
END { if (declared || n) flush() }
