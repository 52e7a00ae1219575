# SPDX-License-Identifier: MIT
#
# Option tables (CRIT_PRINT_OPTIONS=1 PROGRAM) in, the functions out that
# crit.bash asks.
BEGIN { FS = "\t" }

# A kind, and the words that there are
function values(kind, words) {
	return "'" kind (words == "-" ? "" : " " words) "'"
}

$1 == "program" {
	programs[++n] = $2
	operand[$2] = values($3, $4)
}

$1 == "option" {
	count = split($4, name, " ")
	list = $3 == "-" ? "" : " -" $3
	for (i = 1; i <= count; i++)
		list = list " --" name[i]
	options[$2] = options[$2] list
	if ($5 == "-")
		next
	count = split(list, name, " ")
	for (i = 1; i <= count; i++)
		pattern = (i == 1 ? "" : pattern " | ") "'" $2 " " name[i] "'"
	takes[++m] = "\t" pattern ") echo " values($6, $7) " ;;"
}

END {
	print "# Of option tables, by bash.awk\n_crit_options()\n{\n\tcase $1 in"
	for (i = 1; i <= n; i++)
		printf "\t'%s') echo%s ;;\n", programs[i], options[programs[i]]
	print "\t*) return 1 ;;\n\tesac\n}\n\n_crit_takes()\n{\n\tcase $1 in"
	for (i = 1; i <= m; i++)
		print takes[i]
	print "\t*) return 1 ;;\n\tesac\n}\n\n_crit_operand()\n{\n\tcase $1 in"
	for (i = 1; i <= n; i++)
		printf "\t'%s') echo %s ;;\n", programs[i], operand[programs[i]]
	printf "\tesac\n}\n\ncomplete -F _crit"
	for (i = 1; i <= n; i++)
		if (programs[i] !~ / /)
			printf " %s", programs[i]
	print ""
}
