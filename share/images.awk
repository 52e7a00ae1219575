# SPDX-License-Identifier: MIT
#
# images.yaml -> crit-images(5), in scdoc. Knows YAML as far as that file uses
# it: a list of maps, one key a line.

function bare(s) {
	gsub(/^ *[a-z]+: *|^"|"$/, "", s)
	gsub(/^"|"$/, "", s)
	return s
}
function escape(s) {
	gsub(/[_*\\]/, "\\\\&", s)
	return s
}
function list(s) {
	gsub(/^[^[]*\[|\].*$/, "", s)
	gsub(/"/, "", s)
	return escape(s)
}
function follows(extra, kind) {
	kind = extra
	sub(/.*kind: */, "", kind)
	sub(/[,}].*/, "", kind)
	sub(/^[^[]*/, "", extra)
	return text[kind] (extra ~ /^\[/ ? " (" list(extra) ")" : "")
}
function flush() {
	if (!name)
		return
	printf "*%s*\n\t%s.", name, about
	printf "++\nFiles: _%s_.", files
	if (message)
		printf "++\nEntries: *%s*%s.", message,
			rest ? ", then *" rest "*" : ""
	if (extra)
		printf "++\nExtra: %s.", extra
	printf "++\nMagic: %s%s.", magic, head
	print "\n"
	name = about = files = message = rest = extra = magic = head = ""
}
function flush_raw() {
	if (name)
		printf "*%s*\n\t%s.++\nFiles: _%s_.\n\n", name, about, files
	name = about = files = ""
}

BEGIN {
	text["bytes"] = "as many bytes as its fields say"
	text["queues"] = "bytes received and not read, bytes sent and not acknowledged"
	text["semaphores"] = "16-bit values, padded to 8 bytes"
	text["messages"] = "messages and their texts, padded to 8 bytes"
	text["segment"] = "the bytes of the segment, padded to 4"
	text["ghost"] = "the contents of the file, or chunks of it as further entries"
}
/^#/ || /^$/ { next }
/^[a-z]/ {
	if (section == "images") flush()
	if (section == "raw") flush_raw()
	section = $1
	sub(/:.*/, "", section)
	if (section == "raw")
		print "# RAW IMAGES\n\nThese have no magic and no entries. The tools" \
			" recognize them by their names, and never decode them.\n"
	if (section == "images")
		print "# IMAGES\n"
	next
}
section != "images" && section != "raw" { next }
/^ *- name:/ {
	if (section == "images") flush()
	else flush_raw()
	name = $0
	sub(/.*name: */, "", name)
	name = escape(name)
	next
}
/^ *about:/ {
	about = escape(bare($0))
	about = toupper(substr(about, 1, 1)) substr(about, 2)
}
/^ *magic:/ { magic = bare($0) }
/^ *head:/ {
	head = bare($0)
	head = head == "common" ? "" : ", head " head
}
/^ *message:/ { message = escape(bare($0)) }
/^ *rest:/ { rest = escape(bare($0)) }
/^ *files:/ { files = list($0); gsub(/, /, "_, _", files) }
/^ *extra:/ { extra = follows($0) }
END {
	if (section == "images") flush()
	if (section == "raw") flush_raw()
	print "# SEE ALSO\n\n*crit-decode*(1), *crit-info*(1), *crit-stream*(5)"
}
