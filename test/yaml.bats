#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# YAML: what crit-decode writes, what crit-encode reads and refuses.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	set -o pipefail
}

# refused MESSAGE: the text on stdin gives status 1 and one line with MESSAGE
refused() {
	local status=0
	crit-encode >image 2>message || status=$?
	[ $status = 1 ] && grep -qF -- "$1" message && [ "$(wc -l <message)" = 1 ] || {
		echo "status $status, wanted: $1"
		echo "said: $(cat message)"
		return 1
	}
}

# the same into a directory
refused_dir() {
	! crit-encode -d new 2>message && grep -qF -- "$1" message || {
		cat message
		return 1
	}
}

# same YAML JSON: both are the same image
same() {
	crit-encode --no-end >a <<<"$1" && crit-encode --no-end >b <<<"$2" && cmp a b
}

# comm VALUE: the name of a task, as VALUE stands in YAML
comm() {
	printf 'magic: CORE\nentries:\n- {mtype: X86_64, tc: {task_state: 1, exit_code: 0, personality: 0, flags: 0, blk_sigset: 0, comm: %s}}\n' "$1" |
		crit-encode --allow-partial | crit-decode | jq -r '.entries[0].tc.comm'
}

task='"pid":7,"ppid":0,"pgid":7,"sid":7'

@test "one document an image, block style, an end document after the last" {
	crit-decode -f yaml "$images/redis/pstree.img" >text
	head -n 6 text | diff - <(printf '%s\n' --- 'image: pstree.img' \
		'magic: PSTREE' entries: '- pid: 20001' '  ppid: 0')
	tail -n 5 text | diff - <(printf '%s\n' --- end: '  images: 1' \
		'  records: 1' 'entries: []')
	crit-decode -f yaml <"$images/redis/pstree.img" | grep -c -e '^---' -e '^end' |
		grep -qx 1
}

# What each reader must see: a line for each entry, with the name of its image.
# Large bytes are a list of strings, which are joined.
entries='(.image // null) as $image | .entries[]? | [$image, walk(
	if type == "array" and length > 0 and all(type == "string") and
		(.[0] | length) == 65536 then add else . end)]'

# readable COMMAND...: it makes JSON of YAML, with the values that records have,
# of all checkpoints
readable() {
	local dir
	while read -r dir; do
		crit-decode "$dir" >>records 2>/dev/null || true
		crit-decode -f yaml "$dir" >>yaml 2>/dev/null || true
	done < <(find "$images" -mindepth 1 -type d)
	jq -c "$entries" records >want
	[ "$(wc -l <want)" -gt 2500 ]
	"$@" <yaml | jq -c "$entries" | cmp - want
}

@test "Python reads what records say" {
	command -v python3 >/dev/null && python3 -c 'import yaml' ||
		skip "no python3-yaml"
	readable python3 -c '
import json, sys, yaml
loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
for document in yaml.load_all(sys.stdin.buffer, loader):
    print(json.dumps(document))'
}

@test "Ruby reads what records say" {
	command -v ruby >/dev/null && ruby -ryaml -rjson -e '' || skip "no ruby"
	readable ruby -ryaml -rjson -e '
		YAML.load_stream(STDIN.read) { |document| puts JSON.generate(document) }'
}

@test "yq reads what records say, and changes nothing" {
	command -v yq >/dev/null || skip "no yq"
	readable yq -c .
	crit-decode -f yaml "$images/redis" | yq -y . | crit-encode -d new
	for image in new/*.img; do
		cmp "$image" "$images/redis/${image#new/}"
	done
}

@test "strings that some reader takes for something else are quoted" {
	names=(y N yes No on OFF true Null '~' 1e3 0x10 0o7 0b1 1_000 1:30
		2001-01-01 .5 +1 -1 .inf .nan = '<<' '- a' '? a' '#a' 'a: b' 'a #b'
		'!a' '&a' '*a' '%a' '@a' '`a' '{a' '[a' '"a' "'a" ' a' 'a ' :
		redis-server /usr/bin/x 'with "quotes"' 'a\b' $'tab\there'
		$'line\nbreak' 'ünï' $'\u2028' $'\ufeffx' $'\U1f600' $'\x7f' 0 '')
	jq -cn '$ARGS.positional[] | {magic: "CORE", entries: [{mtype: "X86_64",
		tc: {task_state: 1, exit_code: 0, personality: 0, flags: 0,
		blk_sigset: 0, comm: .}}]}' --args -- "${names[@]}" >documents
	while read -r document; do
		crit-encode --allow-partial >image <<<"$document"
		crit-decode -f yaml image 2>/dev/null >text
		crit-encode --allow-partial text | cmp - image || {
			echo "$document"; cat text; return 1
		}
		cat text >>all
	done <documents
	[ "$(grep -c ' comm: ' all)" = ${#names[@]} ]
	if command -v python3 >/dev/null && python3 -c 'import yaml'; then
		python3 -c '
import json, yaml
have = [d["entries"][0]["tc"]["comm"] for d in yaml.safe_load_all(open("all"))
        if d["entries"]]
want = [json.loads(d)["entries"][0]["tc"]["comm"] for d in open("documents")]
for a, b in zip(have, want):
    if a != b:
        print(repr(a), repr(b))
assert have == want'
	fi
	crit-decode -f yaml "$images/redis" >text
	grep -qx '    name: /.*' text
}

@test "comments, order, flow style, quotes, block scalars, tags" {
	same "$(printf '# ports\nentries:   # all\n- {sid: 7, pgid: 7, ppid: 0x0, pid: "7"}\nmagic: PSTREE # which\n')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
	same "$(printf '%%YAML 1.1\n---\nmagic: "PSTREE"\nentries: [{pid: !!int "7", ppid: 0, pgid: 0b111, sid: 0o7}]\n...\n')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
	same "{magic: PSTREE, entries: [{$task}]}" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
	[ "$(comm '!!str 12')" = 12 ]
	[ "$(comm '"\x41\u00e9"')" = 'Aé' ]
	same "$(printf 'magic: |-\n  PSTREE\nentries:\n- pid: >-\n    7\n  ppid: 0\n  pgid: 7\n  sid: 7\n')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
}

@test "a byte order mark, ends of lines as in DOS, no newline at the end" {
	same "$(printf '\xef\xbb\xbfmagic: PSTREE\r\nentries:\r\n- pid: 7\r\n  ppid: 0\r\n  pgid: 7\r\n  sid: 7\r\n')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
	printf 'magic: PSTREE\nentries: []' | crit-encode | cmp - <(
		crit-encode <<<'{"magic":"PSTREE","entries":[]}')
}

@test "large integers, and bytes above 48 KiB" {
	printf 'magic: MM\nentries:\n- {mm_start_code: 18446744073709551615, mm_end_code: "18446744073709551615"}\n' |
		crit-encode --allow-partial | crit-decode 2>/dev/null |
		jq -e '.entries[0] | .mm_start_code == .mm_end_code' >/dev/null
	crit-decode -f yaml "$images/synthetic/fifo-data.img" |
		awk 'length > 60000 { print length }' | diff - <(echo 65540)
}

@test "anchors and aliases, in bounds" {
	same "$(printf 'magic: PSTREE\nentries:\n- &a {pid: 7, ppid: 0, pgid: &g 7, sid: *g}\n- *a\n')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task},{$task}]}"
	same "$(printf 'magic: PSTREE\nentries:\n- &a {pid: &p 7, ppid: 0, pgid: *p, sid: *p}\n- &b [*p]\n' | sed '$d')" \
		"{\"magic\":\"PSTREE\",\"entries\":[{$task}]}"
	{ printf 'x: &a [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n'
	  for c in b c d e f g h i; do
		p=$(tr b-i a-h <<<$c)
		echo "y$c: &$c [*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p]"
	  done; } >laughs
	{ echo 'entries:'; sed -n 's/^[xy].*: /- /p' laughs; echo 'magic: PSTREE'; } |
		refused 'the anchors of a document hold more than 256 KiB'
	{ echo 'entries:'; echo "- &a [$(yes lol | head -n 30000 | paste -sd,)]"
	  printf -- '- *a\n%.0s' {1..30}; echo 'magic: PSTREE'; } >laughs
	refused 'aliases of a document stand for more than 4 MiB' <laughs
	printf 'magic: PSTREE\nentries: &a [*a]\n' | refused 'alias *a is inside'
	printf 'magic: &m PSTREE\nentries:\n- *m : 7\n' |
		refused 'line 3, column 3, entry 0: an alias as a key'
	for i in {1..257}; do echo "- {pid: &a$i $i, ppid: 0, pgid: 1, sid: 1}"; done |
		{ printf 'magic: PSTREE\nentries:\n'; cat; } |
		refused 'more than 256 anchors in a document'
	{ printf 'magic: PSTREE\nentries:\n- pid: &'; printf 'a%.0s' {1..64}; echo ' 7'; } |
		refused 'the name of an anchor is longer than 63 bytes'
	printf 'magic: PSTREE\nentries:\n- pid: !seven 7\n' |
		refused 'line 3, column 8, entry 0, pid: unsupported tag !seven'
	printf 'magic: PSTREE\nentries:\n- !!set {pid: 7}\n' |
		refused 'unsupported tag tag:yaml.org,2002:set'
	printf 'magic: PSTREE\nentries: *a\n' | refused 'line 2, column 10: alias *a has no anchor'
}

@test "messages name line and column" {
	printf 'magic: PSTREE\nentries:\n- pid: 1\n  ppid: x\n' |
		refused 'line 4, column 12, entry 0, ppid: "x": not an integer'
	printf 'magic: PSTREE\n\n\nentries:\n# one\n- pid: 1\n  ppid: 0\n  pgid: 99999999999\n' |
		refused 'line 8, column 20, entry 0, pgid: does not fit'
	printf 'magic: PSTREE\nentries:\n- pid: 1\n  pxid: 0\n' |
		refused 'line 4, column 9, entry 0: key "pxid" is unknown'
	printf 'magic: PSTREE\nentries:\n- pid:\n  ppid: 0\n' |
		refused 'line 3, column 9, entry 0, pid: expected a number, found null'
	printf 'magic: PSTREE\nentries:\n- pid: 1\n  pid: 2\n' |
		refused 'line 4, column 8, entry 0: key "pid" appears twice'
	printf 'magic: PSTREE\nentries: []\nmagic: MM\n' |
		refused 'key "magic" appears twice'
	printf 'magic: PSTREE\nentries: []\n...\nmore\n' | refused 'line 4, column 1'
	printf 'magic: PSTREE\nentries:\n- {pid: 7}\n\t- {pid: 8}\n' | refused 'line 4'
	printf 'magic: PSTREE\nentries: []\n' | iconv -t UTF-16 | refused 'UTF-16'
	printf 'magic: PSTREE\nentries: []\n' | iconv -t UTF-16LE | refused 'line 1'
	printf 'magic: PSTREE\nentries:\n- pid: 1\n ppid: 0\n' | refused 'line 4, column'
	printf 'magic: PSTREE\nentries: [\n' | refused 'line 3, column 1'
	printf 'magic: PSTREE\nentries:\n\t- 1\n' | refused 'line 3, column'
	printf 'magic: PSTREE\n? [a]\n: b\n' | refused 'line 2, column 3: a key that is no scalar'
	printf 'magic: !foo PSTREE\n' | refused 'line 1, column 8: unsupported tag !foo'
	printf -- '---\n- 1\n' | refused "line 2, column"
	printf -- '---\n' | refused 'empty input'
	printf 'magic: PSTREE\nentries:\n- pid: \xff\n  ppid: 0\n' | refused 'line 3: invalid leading UTF-8'
}

@test "what would need unbounded memory is refused" {
	{ printf 'magic: PSTREE\nentries:\n- pid: 1\n  ppid: '
	  head -c 70000 /dev/zero | tr '\0' 1; } >large
	refused 'line 4, column 9, entry 0, ppid: a scalar of more than 64 KiB' <large
	{ printf 'magic: PSTREE\nentries:\n- pid: "'
	  head -c 70000000 /dev/zero | tr '\0' 1; } >large
	(ulimit -v 60000; refused 'a scalar of more than 64 KiB' <large)
	for what in ' ' '\n' '#'; do
		{ printf 'magic: PSTREE\nentries: []\n#'
		  head -c 20000000 /dev/zero | tr '\0' "$what"; } >large
		(ulimit -v 60000; refused 'more than 1 MiB without a value' <large)
	done
	{ printf 'entries: '; head -c 100000 /dev/zero | tr '\0' '['; } >deep
	refused 'nested too deep' <deep
	{ echo entries:; for i in {1..600}; do printf "%${i}s- \n" ""; done; } >deep
	refused 'nested too deep' <deep
}

@test "an image that breaks off says so in its document" {
	head -c -1 "$images/redis/pstree.img" >pstree.img
	run -1 crit-decode -f yaml pstree.img
	[[ $output == *"error: "* ]]
	(crit-decode -f yaml pstree.img 2>/dev/null || true) | refused 'its producer stopped'
	run -1 crit-decode -f yaml missing.img
	[[ $output == *"error: "*"cannot open"* ]]
}

@test "a cut stream is no whole one" {
	crit-decode -f yaml "$images/tree" >text
	sed '/^end:/,$d' text | refused_dir 'truncated'
	[ ! -e new ]
}

@test "a full disk is an error" {
	run -1 crit-decode -f yaml "$images/tree" -o /dev/full
	[[ $output == *"cannot write"* ]]
}

@test "explorers read YAML, too" {
	crit-decode -f yaml "$images/tree" | crit-x ps | diff - <(crit-x "$images/tree" ps)
}
