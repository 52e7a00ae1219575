# SPDX-License-Identifier: MIT
#
# Option tables (CRIT_PRINT_OPTIONS=1 PROGRAM) in; out, _crit with the function
# that calls _arguments for each program.
BEGIN {
	FS = "\t"
	action["file"] = action["output"] = action["documents"] = "_files"
	action["dir"] = "_files -/"
	action["image"] = "_crit_images"
	action["pid"] = "_crit_pids"
}

function quoted(s) {
	gsub(/'/, "'\\''", s)
	return "'" s "'"
}

# In the text of a description: brackets and colons have a meaning
function plain(s) {
	gsub(/[\[\]:\\]/, "\\\\&", s)
	return s
}

# What completes a kind with words
function does(kind, words) {
	words = words == "-" ? "" : words
	gsub(/[\[\]]/, "\\\\&", words)
	if (kind == "checkpoint")
		return "_crit_checkpoint " words
	if (kind in action)
		return action[kind]
	return words == "" ? "" : "(" words ")"
}

# The file in place of which this comes
FILENAME ~ /_crit$/ {
	head[++heads] = $0
	next
}

$1 == "program" {
	programs[++n] = $2
	if ($2 !~ / /)
		all = all " " $2
	if ($3 != "nothing")
		operand[$2] = " \\\n\t\t\t" quoted("*:" $3 ":" does($3, $4))
	if ($2 == "crit")
		commands = $4
}

$1 == "option" {
	count = split($4, name, " ")
	list = $3 == "-" ? "" : "-" $3
	for (i = 1; i <= count; i++)
		list = list (list == "" ? "" : " ") "--" name[i]
	exclude = $8 == "many" ? "*" : "(" list ")"
	if ($9 ~ /and exit$/)
		exclude = "(- *)"
	text = "[" plain($9) "]"
	if ($5 != "-")
		text = text ":" tolower($5) ":" does($6, $7)
	count = split(list, name, " ")
	for (i = 1; i <= count; i++)
		options[$2] = options[$2] " \\\n\t\t\t" quoted(exclude name[i] \
			($5 == "-" ? "" : name[i] ~ /^--/ ? "=" : "+") text)
}

END {
	sub(/@PROGRAMS@/, substr(all, 2), head[1])
	for (i = 1; i <= heads; i++)
		print head[i]
	print "_crit_arguments() {\n\tcase $1 in"
	for (i = 1; i <= n; i++)
		if (programs[i] != "crit")
			printf "\t'%s')\n\t\t_arguments -s -S%s%s\n\t\t;;\n", \
				programs[i], options[programs[i]], \
				operand[programs[i]]
	print "\t*)\n\t\treturn 2\n\t\t;;\n\tesac\n}\n"
	print "if [[ $service == crit ]]; then"
	print "\t_arguments -C '(- *)'{-h,--help}'[print the commands]' \\"
	print "\t\t'(- *)--version[print the version]' \\"
	print "\t\t':command:(" commands ")' '*:: :_crit_command'"
	print "else\n\t_crit_arguments $service\nfi"
}
