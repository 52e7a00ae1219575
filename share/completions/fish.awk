# SPDX-License-Identifier: MIT
#
# Option tables (CRIT_PRINT_OPTIONS=1 PROGRAM) in, commands for fish out.
BEGIN {
	FS = "\t"
	values["image"] = "(__crit_images)"
	values["dir"] = "(__fish_complete_directories)"
	values["checkpoint"] = "(__crit_checkpoints)"
	values["pid"] = "(__crit_pids)"
}

function quoted(s) {
	gsub(/\\/, "\\\\", s)
	gsub(/'/, "\\'", s)
	return "'" s "'"
}

# "crit decode" is crit where decode was typed
function where(program,   part) {
	if (split(program, part, " ") == 1)
		return "complete -c " program
	return "complete -c " part[1] " -n " \
		quoted("__fish_seen_subcommand_from " part[2])
}

# What to offer for a kind with words, as options of complete
function offered(kind, words,   all) {
	all = values[kind]
	if (words != "-")
		all = all == "" ? words : words " " all
	if (kind == "file" || kind == "output" || kind == "documents")
		return " -r -F"
	return all == "" ? " -x" : " -x -a " quoted(all)
}

$1 == "program" && $2 == "crit" {
	print "complete -c crit -f -n __fish_use_subcommand -a " quoted($4)
	next
}

# crit x is crit-x
$1 == "program" && $2 == "crit-x" {
	print "complete -c crit -n '__fish_seen_subcommand_from x'" \
		offered($3, $4)
}

$1 == "program" && ($3 in values) {
	all = offered($3, $4)
	sub(/^ -x/, " -f", all)
	print where($2) all
}

# those of its commands follow
$1 == "option" && $2 == "crit" && $4 != "help" && $4 != "version" { next }

$1 == "option" {
	line = where($2)
	if ($3 != "-")
		line = line " -s " $3
	count = split($4, name, " ")
	for (i = 1; i <= count; i++)
		line = line " -l " name[i]
	print line ($5 == "-" ? "" : offered($6, $7)) " -d " quoted($9)
}
