# SPDX-License-Identifier: MIT
#
# Preprocessed C -> the rows of its option tables (filters/options.h), a line
# each, tabs between the fields:
#	option LETTER NAMES ARGUMENT
#	heading TEXT
# An empty field is "-". The compiler's -E is enough, so that pages can be
# made where the programs cannot run.

function flush_row(   letter) {
	letter = word[1] == "0" ? "-" : substr(word[1], 2, 1)
	if (text[2] != "")
		printf "option\t%s\t%s\t%s\n", letter, text[2], text[3] == "" ? "-" : text[3]
	else if (text[".help="] != "")
		printf "heading\t%s\n", text[".help="]
	delete word
	delete text
	field = 1
}
# What stands between the braces: strings beside each other are one.
function parse(s,   c, at, depth, inside) {
	field = 1
	while (s != "") {
		if (match(s, /^[ \t\n]+/))
			;
		else if (match(s, /^"([^"\\]|\\.)*"/)) {
			c = substr(s, 2, RLENGTH - 2)
			gsub(/\\"/, "\"", c)
			at = word[field] ~ /^\./ ? word[field] : field
			text[at] = text[at] c
		} else if (match(s, /^'[^']+'/) || match(s, /^[A-Za-z0-9_.=*-]+/))
			word[field] = word[field] substr(s, 1, RLENGTH)
		else {
			c = substr(s, 1, 1)
			RLENGTH = 1
			if (c == "(") inside++
			if (c == ")") inside--
			if (c == "{") depth++
			if (c == "}" && --depth < 0) return
			if (c == "}" && !depth) flush_row()
			if (c == "," && depth == 1 && !inside) field++
		}
		s = substr(s, RLENGTH + 1)
	}
}

/struct option_row (standard_)?rows\[\] = *[{]/ {
	sub(/.*rows\[\] = *[{]/, "")
	table = ""
	open = 1
}
open { table = table $0 "\n" }
open && /^};/ { parse(table); open = 0 }
