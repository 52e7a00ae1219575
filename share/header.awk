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
# Pages are read in 60 columns, of which a block has these.
function trim(s) {
	gsub(/[ \t]+/, " ", s)
	sub(/^ /, "", s)
	sub(/ $/, "", s)
	return s
}
# Words of s after `first`, and below each other after `next_`; breaks are at spaces.
function fill(s, first, next_,   n, w, i, line, out) {
	n = split(s, w, " ")
	line = first
	for (i = 1; i <= n; i++) {
		if (i > 1 && length(line) + length(w[i]) >= WIDTH) {
			out = out line "\n"
			line = next_ w[i]
		} else
			line = line (i > 1 ? " " : "") w[i]
	}
	return out line "\n"
}
function longest(s,   n, i, line, most) {
	n = split(s, line, "\n")
	for (i = 1; i <= n; i++)
		if (length(line[i]) > most)
			most = length(line[i])
	return most
}
function remark(s, indent,   out) {
	out = fill("/*\002" s "\002*/", indent, indent "   ")
	gsub(/\002/, " ", out)
	return out
}
# Code is broken behind commas; where that does not do, behind its first bracket, or
# at any space.
function fill_code(code, indent,   c, out) {
	c = code
	gsub(/ /, "\002", c)
	gsub(/,\002/, ", ", c)
	out = fill(c, indent, indent "    ")
	if (longest(out) > WIDTH) {
		sub(/\(/, "( ", c)
		out = fill(c, indent, indent "    ")
		gsub(/\( /, "(", out)
	}
	if (longest(out) > WIDTH)
		out = fill(code, indent, indent "    ")
	gsub(/\002/, " ", out)
	return out
}
# A statement and the comment beside it, which goes below it where it is long.
function statement(code, beside, indent,   out) {
	out = fill_code(code, indent)
	if (beside == "")
		return out
	sub(/\n$/, "", out)
	if (out !~ /\n/ && length(out) + length(beside) + 8 < WIDTH)
		return out "  /* " beside " */\n"
	return out "\n" remark(beside, indent "    ")
}
# Declarations, as they are in the header: a line of each, refilled.
function refill(text,   n, line, i, code, beside, at, inside, out, indent, open) {
	n = split(text, line, "\n")
	for (i = 1; i <= n; i++) {
		if (inside || line[i] ~ /\/\*/) {
			at = inside ? 1 : index(line[i], "/*")
			code = code (inside ? "" : " " substr(line[i], 1, at - 1))
			beside = beside " " substr(line[i], at + (inside ? 0 : 2))
			inside = beside !~ /\*\//
			if (inside)
				continue
			sub(/\*\/.*/, "", beside)
		} else
			code = code " " line[i]
		code = trim(code)
		indent = open && code !~ /^}/ ? "    " : ""
		if (code == "" && beside != "")
			out = out remark(trim(beside), indent)
		else if (code ~ /[;{,]$/ && (open || code !~ /,$/) && \
			 gsub(/\(/, "(", code) == gsub(/\)/, ")", code))
			out = out statement(code, trim(beside), indent)
		else if (beside == "")
			continue
		else
			out = out statement(code, trim(beside), indent)
		open = code ~ /{$/ || (open && code !~ /^}/)
		code = beside = ""
	}
	return out
}
# What it does, then what it looks like.
function flush() {
	if (n)
		tell()
	if (declared)
		printf "```\n%s```\n\n", refill(declaration)
	declared = 0
	declaration = ""
}

BEGIN { WIDTH = 49; print "\n# REFERENCE\n" }
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
	declaration = declaration $0 "\n"; declared = 1
}
END { if (declared || n) flush() }
