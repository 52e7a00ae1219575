#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# crit-diff: equal checkpoints, single changes, renumbered ids, memory.

setup() {
	bats_require_minimum_version 1.5.0
	images=$CRIT_ROOT/test/images
	cd "$BATS_TEST_TMPDIR"
	set -o pipefail
}

# edit NAME IMAGE JQ: a copy of a checkpoint with the records of one image changed
edit() {
	rm -rf edited
	cp -r "$images/$1" edited
	crit-decode "$images/$1/$2" | jq -c "if .end then . else $3 end" |
		crit-encode --no-end -o "edited/$2"
}

# tells NAME LINE...: these differences, and no others
tells() {
	local name=$1
	shift
	run -1 --separate-stderr crit-diff "$images/$name" edited
	[ "$output" = "$(printf '%s\n' "$@")" ] || { echo "$output"; false; }
}

# An mm image that contradicts itself is the point of synthetic.
@test "a checkpoint does not differ from itself" {
	n=0
	for dir in "$images"/* "$images"/incr/*; do
		[ -e "$dir/pstree.img" ] && [ "${dir##*/}" != synthetic ] ||
			continue
		crit-diff "$dir" "$dir" >out 2>err || { cat out err; false; }
		[ ! -s out ] && [ ! -s err ]
		n=$((n + 1))
	done
	[ $n -ge 20 ]
	run -0 crit-diff --only tasks,files,mappings,sockets,fields \
		"$images/synthetic" "$images/synthetic"
	[ -z "$output" ]
}

@test "one changed field is one line" {
	edit files files.img '(.entries[].reg | select(.id == 3)).pos = 77'
	run -1 --separate-stderr crit-diff "$images/files" edited
	[[ $output == "fd "*": reg.pos: "*" -> 77" ]]
	edit files pstree.img '.entries[].sid = 5'
	tells files 'task 78: sid: 78 -> 5'
	edit files fdinfo-2.img 'if .entries[0].fd == 1 then .entries[].flags = 1
		else . end'
	run -1 --separate-stderr crit-diff "$images/files" edited
	[[ $output == "fd 78/1"*": flags: 0 -> 1" ]]
	edit mem mm-2501.img '.entries[].vmas[3].prot = 7'
	run -1 crit-diff "$images/mem" edited
	[[ $output == "mapping 2501 0x"*": prot: "*" -> PROT_READ | PROT_WRITE | PROT_EXEC" ]]
	edit mem mm-2501.img '.entries[].dumpable = 9'
	run -1 crit-diff "$images/mem" edited
	[[ $output == "task 2501: dumpable: "*" -> 9" ]]
	edit files files.img '(.entries[].epfd | select(.tfd).tfd[0].events) = 5'
	run -1 --separate-stderr crit-diff "$images/files" edited
	[[ $output == "fd 78/"*": epfd.tfd["*"].events: "*" -> 5" ]]
	edit files files.img '(.entries[].ify | select(.wd)) |= (.wd |= .[1:])'
	run -1 --separate-stderr crit-diff "$images/files" edited
	[[ $output == "fd 78/"*": ify.wd["*"] gone" ]]
	edit sock files.img '(.entries[].usk | select(.id == 13)).backlog = 99'
	run -1 crit-diff "$images/sock" edited
	[[ $output == "fd 4001/"*" sock.listen: usk.backlog: 6 -> 99" ]]
}

@test "what appeared, what is gone" {
	edit mem mm-2501.img 'del(.entries[].vmas[3])'
	run -1 crit-diff "$images/mem" edited
	[[ $output == "mapping 2501 0x"*": gone"* ]]
	[ "${#lines[@]}" = 1 ]
	run -1 crit-diff edited "$images/mem"
	[[ $output == "mapping 2501 0x"*": appeared"* ]]
	[ "${#lines[@]}" = 1 ]
	edit files fdinfo-2.img 'select(.entries[0].fd != 22)'
	run -1 --separate-stderr crit-diff "$images/files" edited
	[[ $output == "fd 78/22: gone PIPE"* ]]
	[ "${#lines[@]}" = 1 ]
}

@test "of a task that is gone, nothing else is told" {
	crit-decode "$images/tree" | jq -c 'if .image == "pstree.img" then
		select(.entries[0].pid != 1009) else . end' >records
	rm -rf edited
	crit-encode -d edited <records
	cp "$images"/tree/pages-*.img edited
	run -1 crit-diff "$images/tree" edited
	[ "$output" = 'task 1009: gone' ]
	rm edited/*-1009.img edited/fdinfo-7.img
	run -1 crit-diff --ignore files.img: "$images/tree" edited
	[ "$output" = 'task 1009: gone' ]
}

@test "renumbered ids tell nothing" {
	renumber='
		def file: if . == 0 then 0 else 5000 - . end;
		def kobj: with_entries(if .key | endswith("_id")
			then .value |= 700 - . else . end);
		if .image == "files.img" then .entries[] |= (.id |= file |
			map_values(if type == "object" and .id then .id |= file
				else . end) |
			if .pipe then .pipe.pipe_id += 99 else . end |
			if .usk then .usk.ino += 1000 |
				(if .usk.peer > 0 then .usk.peer += 1000 else . end)
				else . end |
			if .isk then .isk.ino += 1000 else . end |
			map_values(if type == "object" and .ns_id
				then .ns_id |= 700 - . else . end))
		elif .magic == "FDINFO" then .entries[].id |= file |
			.image = "fdinfo-\(700 - (.image | scan("[0-9]+") |
				tonumber)).img"
		elif .magic == "FS" then .entries[] |= (.cwd_id |= file |
			.root_id |= file)
		elif .magic == "MM" then .entries[] |= (.exe_file_id |= file |
			.vmas[] |= if (.status / 64 | floor) % 4 > 0 then
				.shmid |= file else . end)
		elif .magic == "IDS" then .entries[] |= kobj
		elif .magic == "CORE" then .entries[] |=
			if .ids then .ids |= kobj else . end
		elif .magic == "INVENTORY" then .entries[].root_ids |= kobj
		elif .magic == "PIPES_DATA" then .entries[].pipe_id += 99
		elif .magic == "SK_QUEUES" then .entries[] |=
			(.id_for |= file | if .scm then .scm[].rights[]? |= file
				else . end)
		elif .magic == "TIMENS" then .image = "timens-0.img"
		else . end'
	for name in loop sock tree; do
		crit-decode "$images/$name" | jq -c "$renumber" |
			crit-encode -d "new-$name"
		cp "$images/$name"/pages-*.img "new-$name"
		! cmp -s "$images/$name/files.img" "new-$name/files.img" || false
		crit-diff "$images/$name" "new-$name" || { echo "$name"; false; }
	done
}

@test "memory: pages that changed, by mapping" {
	cp -r "$images/tree" edited
	printf X | dd of=edited/pages-1.img bs=1 seek=4100 conv=notrunc 2>/dev/null
	run -1 crit-diff "$images/tree" edited
	[[ $output == "memory "*": 1 page changed" ]]
	run -1 crit-diff --pages "$images/tree" edited
	[[ ${lines[0]} == "pages "*": 1 changed" ]]
	run -1 crit-diff --hex "$images/tree" edited
	[[ $output == *$'\n'-*" "*"|"$'\n'+*" 58 "*"|"$'\n'* ]]
	run -1 crit-diff -f records "$images/tree" edited
	jq -es 'length == 1 and .[0].section == "memory" and
		.[0].changed == 1 and .[0].gone == 0' <<<"$output"
	run -0 crit-diff --only tasks,files,mappings,sockets,fields \
		"$images/tree" edited
}

@test "the same memory in another layout, and in archives" {
	crit-copy --compress "$images/tree" packed
	run -0 crit-diff --only memory "$images/tree" packed
	[ -z "$output" ]
	crit-copy -f tar "$images/tree" tree.tar
	run -0 crit-diff "$images/tree" tree.tar
	[ -z "$output" ]
	gzip -k tree.tar
	run -0 crit-diff tree.tar.gz "$images/tree"
	[ -z "$output" ]
	crit-copy --flatten "$images/incr/3" whole
	run -0 crit-diff --only memory "$images/incr/3" whole
	[ -z "$output" ]
}

@test "--only, --ignore, -q, and statuses" {
	run -2 crit-diff --ignore '' "$images/files" "$images/tree"
	edit files files.img '(.entries[].reg | select(.id == 3)).pos = 77'
	run -0 --separate-stderr crit-diff --ignore pos "$images/files" edited
	run -0 --separate-stderr crit-diff --ignore reg "$images/files" edited
	run -0 --separate-stderr crit-diff --ignore 'files.img:reg.p*' \
		"$images/files" edited
	run -1 --separate-stderr crit-diff --ignore 'core-*:pos' \
		"$images/files" edited
	run -0 --separate-stderr crit-diff --only tasks,fields "$images/files" edited
	run -1 --separate-stderr crit-diff --only tasks,files "$images/files" edited
	run -1 --separate-stderr crit-diff -q "$images/files" edited
	[ -z "$output" ]
	run -2 crit-diff --only nothing "$images/files" edited
	run -2 crit-diff "$images/files"
	run -2 crit-diff "$images/files" missing
	head -c 20 "$images/files/pstree.img" >edited/pstree.img
	run -2 --separate-stderr crit-diff "$images/files" edited
	[[ $output == *"reg.pos"* ]]
	[[ $stderr == *"pstree.img"* ]]
	for arguments in --help --version "$images/files edited"; do
		run -2 bash -c "crit-diff $arguments >/dev/full"
		[[ $output == *"No space left on device" ]]
	done
	run -0 bash -c 'crit-diff "$0" "$1" | head -n 1' "$images/loop" "$images/tree"
	[ "$output" = "task 4242: gone" ]
}

@test "-f records: values as they are" {
	edit files files.img '(.entries[].reg | select(.id == 3)).pos = 77'
	run -1 --separate-stderr crit-diff -f records "$images/files" edited
	jq -e '.section == "files" and .kind == "fd" and .pid == 78 and
		.field == "reg.pos" and .b == 77 and .image == "files.img"' \
		<<<"$output"
}

@test "-f records: negative and large numbers, bytes that are no text" {
	edit mem core-2501.img '.entries[].tc.oom_score_adj = -7 |
		.entries[].thread_info.gpregs.ax = "18446744073709551615" |
		.entries[].tc.comm = {"base64": "/w=="}'
	run -1 crit-diff -f records "$images/mem" edited
	jq -es 'map({(.field): .b}) | add == {"tc.oom_score_adj": -7,
		"thread_info.gpregs.ax": "18446744073709551615",
		"tc.comm": {"base64": "/w=="}}' <<<"$output"
}

# memory DIR PAGES: a task with one mapping of so many pages; the caller makes
# pages-1.img
memory() {
	mkdir -p "$1"
	cp "$images/loop/pstree.img" "$1"
	crit-encode --no-end -o "$1/mm-4242.img" <<-E
	{"image":"mm-4242.img","magic":"MM","entries":[{"mm_start_code":0,
	"mm_end_code":0,"mm_start_data":0,"mm_end_data":0,"mm_start_stack":0,
	"mm_start_brk":0,"mm_brk":0,"mm_arg_start":0,"mm_arg_end":0,
	"mm_env_start":0,"mm_env_end":0,"exe_file_id":0,"vmas":[{
	"start":"0x10000000","end":$((0x10000000 + $2 * 4096)),"pgoff":0,"shmid":0,
	"prot":3,"flags":34,"status":513,"fd":-1}]}]}
	E
	crit-encode --no-end -o "$1/pagemap-4242.img" <<-E
	{"image":"pagemap-4242.img","magic":"PAGEMAP","entries":[{"pages_id":1},
	{"vaddr":"0x10000000","nr_pages":$2,"compat_nr_pages":$2,"flags":4}]}
	E
}

@test "holes of both are not read, and memory is bounded" {
	pages=$((1 << 26))
	for side in a b; do
		memory $side $pages
		truncate -s $((pages * 4096)) $side/pages-1.img
	done
	printf X | dd of=a/pages-1.img bs=4096 seek=77 conv=notrunc 2>/dev/null
	printf X | dd of=b/pages-1.img bs=4096 seek=77777 conv=notrunc 2>/dev/null
	ulimit -v 40000
	run -1 timeout 120 crit-diff --pages a b
	[ "${lines[0]}" = 'pages 4242 0x1004d000-0x1004e000: 1 changed' ]
	[ "${lines[1]}" = 'pages 4242 0x22fd1000-0x22fd2000: 1 changed' ]
	[[ ${lines[2]} == "memory 4242 "*": 2 pages changed" ]]
	[ "${#lines[@]}" = 3 ]
}

@test "pages appear and go; zeros of private memory are no difference" {
	memory a 4
	memory b 4
	printf 'A%04095dB%04095d' 0 0 >a/pages-1.img
	truncate -s 16384 a/pages-1.img
	crit-encode --no-end -o b/pagemap-4242.img <<-E
	{"image":"pagemap-4242.img","magic":"PAGEMAP","entries":[{"pages_id":1},
	{"vaddr":"0x10000000","nr_pages":1,"compat_nr_pages":1,"flags":4}]}
	E
	head -c 4096 a/pages-1.img >b/pages-1.img
	run -1 crit-diff --pages a b
	[ "${lines[0]}" = 'pages 4242 0x10001000-0x10002000: 1 gone' ]
	[ "${lines[1]}" = 'memory 4242 0x10000000-0x10004000 [anon]: 1 page gone' ]
	run -1 crit-diff b a
	[ "$output" = 'memory 4242 0x10000000-0x10004000 [anon]: 1 page appeared' ]
}

@test "memory that neither has is said not to be compared" {
	cp -r "$images/files" copy
	run -0 --separate-stderr crit-diff "$images/files" copy
	[ -z "$output" ]
	[ "$stderr" = "crit-diff: memory of task 78 is not compared: neither has its pages image" ]
	cp -r "$images/tree" copy2
	rm copy2/pages-1.img
	run -2 --separate-stderr crit-diff "$images/tree" copy2
	[[ $stderr == *"pages-1.img"* ]]
}

@test "parents of archives, by --parent-a and --parent-b" {
	crit-copy -f tar "$images/incr/3" three.tar
	run -2 crit-diff --only memory "$images/incr/3" three.tar
	run -0 crit-diff --only memory --parent-b "$images/incr/2" \
		"$images/incr/3" three.tar
	run -0 crit-diff --only memory --parent-a "$images/incr/2" \
		three.tar "$images/incr/3"
	[ -z "$output" ]
}

# changes.tsv: what is changed, checkpoint, image, jq on its document, lines
@test "each kind of change is told as that change alone" {
	n=0
	while IFS=$'\t' read -r kind name image program lines; do
		[ -e "$name" ] || crit-decode "$images/$name" 2>/dev/null |
			grep -v '^{"end"' >"$name"
		{
			grep -vF "{\"image\":\"$image\"" "$name"
			grep -F "{\"image\":\"$image\"" "$name" |
				jq -sc "[.[].entries[]] as \$all | .[0] |
					.entries = \$all | ($program)"
			echo '{"end":{},"entries":[]}'
		} >changed
		told=$(crit-diff "$images/$name" changed 2>err) || [ $? = 1 ]
		[ "$told" = "${lines// ;; /$'\n'}" ] ||
			{ echo "$kind: $told"; cat err; false; }
		crit-diff -f records "$images/$name" changed >>records 2>err ||
			[ $? = 1 ]
		n=$((n + 1))
	done <"$CRIT_ROOT/test/diff/changes.tsv"
	[ $n -ge 80 ]
	jq -es 'all(.section and .change and .image)' records >why
}

# What was found in an entry before it showed to be irregular counts once.
@test "an entry with its fields out of order is the same entry" {
	. "$CRIT_ROOT/test/again.bash"
	cp -r "$images/files" odd
	again odd/mm-78.img
	again odd/fs-78.img
	again odd/core-78.img
	run -0 --separate-stderr crit-diff "$images/files" odd
	[ -z "$output" ]
	edit files mm-78.img '.entries[0].vmas[1].prot = 7'
	again edited/mm-78.img
	tells files "mapping 78 0x401000: prot: PROT_READ | PROT_EXEC ->$(
		) PROT_READ | PROT_WRITE | PROT_EXEC"
}

@test "records, in a file or on standard input" {
	crit-decode "$images/tree" >records
	run -0 --separate-stderr crit-diff records "$images/tree"
	[ -z "$output" ]
	[ "$stderr" = "crit-diff: records contain no memory and no raw images: these are not compared" ]
	run -0 crit-diff --only tasks,fields records records
	[ -z "$output" ]
	jq -c 'if .image == "pstree.img" then .entries[].sid = 5 else . end' \
		records >changed
	run -1 --separate-stderr crit-diff "$images/tree" - <changed
	[ "${#lines[@]}" = 7 ]
	run -2 crit-diff - - <records
	head -n 5 records >cut
	run -2 --separate-stderr crit-diff cut "$images/tree"
	[[ $stderr == "crit-diff: cut: "* ]]
	: >empty
	run -2 crit-diff empty "$images/tree"
}

@test "streams and their shards, and archives with themselves" {
	crit-copy -f stream --to-shard two "$images/tree" one
	run -0 --separate-stderr crit-diff --shard-a two one "$images/tree"
	[ -z "$output$stderr" ]
	run -0 --separate-stderr crit-diff --shard-b two "$images/tree" one
	[ -z "$output$stderr" ]
	run -2 --separate-stderr crit-diff one "$images/tree"
	[[ $stderr == *"--shard"* ]]
	# its parent is not in it, and need not be
	crit-copy -f tar "$images/incr/3" three.tar
	run -0 --separate-stderr crit-diff three.tar three.tar
	[ -z "$output$stderr" ]
	cp three.tar other.tar
	run -2 --separate-stderr crit-diff three.tar other.tar
}

@test "checkpoints of CRIU's own tests do not differ from themselves" {
	mkdir zdtm
	zstd -dc --long=27 "$images/zdtm.tar.zst" | tar x -C zdtm
	for dir in zdtm/*; do
		crit-diff "$dir" "$dir" >out 2>err || { cat out err; false; }
		[ ! -s out ] && [ ! -s err ]
		crit-decode "$dir" | crit-diff "$dir" - >out 2>err ||
			{ cat out err; false; }
		[ ! -s out ]
	done
}

# many STEP: records of 500 tasks with 50 descriptors and 200 mappings each;
# the ids of files rise, or fall
many() {
	awk -v step="$1" '
		function file(i) { return step > 0 ? i + 1 : 25000 - i }
		function put(image, magic, entry) {
			printf "{\"image\":\"%s\",\"magic\":\"%s\"," \
				"\"entries\":[{%s}]}\n", image, magic, entry
		}
		BEGIN {
			for (t = 1000; t < 1500; t++)
				put("pstree.img", "PSTREE", sprintf("\"pid\":%d," \
					"\"ppid\":%d,\"pgid\":1000,\"sid\":1000," \
					"\"threads\":[%d]", t, t > 1000 ? 1000 : 0, t))
			for (t = 1; t <= 500; t++)
				put("ids-" t + 999 ".img", "IDS", sprintf("\"vm_id\":%d," \
					"\"files_id\":%d,\"fs_id\":%d," \
					"\"sighand_id\":%d", t, t, t, t))
			for (i = 0; i < 25000; i++)
				put("fdinfo-" int(i / 50) + 1 ".img", "FDINFO",
				    sprintf("\"id\":%d,\"flags\":0,\"type\":\"REG\"," \
					    "\"fd\":%d", file(i), i % 50))
			for (i = 0; i < 25000; i++)
				put("files.img", "FILES", sprintf("\"type\":\"REG\"," \
					"\"id\":%d,\"reg\":{\"id\":%d,\"flags\":0," \
					"\"pos\":%d,\"fown\":{\"uid\":0,\"euid\":0," \
					"\"signum\":0,\"pid_type\":0,\"pid\":0}," \
					"\"name\":\"/srv/data/%d/file\"}",
					file(i), file(i), i, i))
			for (t = 1000; t < 1500; t++) {
				vmas = ""
				for (i = 0; i < 200; i++)
					vmas = vmas sprintf("%s{\"start\":%d,\"end\":%d," \
						"\"pgoff\":0,\"shmid\":%d,\"prot\":1," \
						"\"flags\":2,\"status\":65,\"fd\":-1}",
						i ? "," : "", 268435456 + i * 8192,
						268439552 + i * 8192, file(i))
				put("mm-" t ".img", "MM", "\"mm_start_code\":0," \
					"\"mm_end_code\":0,\"mm_start_data\":0," \
					"\"mm_end_data\":0,\"mm_start_stack\":0," \
					"\"mm_start_brk\":0,\"mm_brk\":0," \
					"\"mm_arg_start\":0,\"mm_arg_end\":0," \
					"\"mm_env_start\":0,\"mm_env_end\":0," \
					"\"exe_file_id\":" file(0) ",\"vmas\":[" vmas "]")
			}
			print "{\"end\":{},\"entries\":[]}"
		}'
}

@test "of 500 tasks: less than 16 MiB" {
	many 1 | crit-encode -d a
	many -1 | crit-encode -d b
	run -0 rss kib crit-diff a b
	[ -z "$output" ]
	[ -n "$CRIT_SAN" ] || [ "$(cat kib)" -lt 12288 ]
	# where no file kept its path, and each is told
	many -1 | sed 's|/srv/data/|/mnt/other/|' | crit-encode -d c
	run -1 rss kib crit-diff a c
	[ -n "$CRIT_SAN" ] || [ "$(cat kib)" -lt 16384 ]
}

# seconds COMMAND...: user and system time
seconds() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >out 2>err || :; } 2>&1 | awk '{ print $1 + $2 }'
}

# As quick as cmp where nothing else runs (crit-performance(7)); here other suites
# share the processor and its memory
@test "speed: of the order of cmp" {
	memory a 65536
	memory b 65536
	head -c 8M /dev/urandom >piece
	for i in {1..32}; do cat piece; done >a/pages-1.img
	cp a/pages-1.img b/
	cp -r b same
	for i in {0..655}; do
		printf X | dd of=b/pages-1.img bs=1 seek=$((i * 409600 + 9)) \
			conv=notrunc 2>/dev/null
	done
	for i in 1 2 3 4 5; do
		echo "$(seconds cmp a/pages-1.img same/pages-1.img)" \
			"$(seconds crit-diff a b)"
	done >times
	run -1 crit-diff a b
	[[ $output == *": 6"[45][0-9]" pages changed" ]]
	awk 'NR == 1 || $1 < cmp { cmp = $1 } NR == 1 || $2 < diff { diff = $2 }
		END {
			print "# figure: cmp " cmp " s, crit-diff " diff " s"
			exit !(diff <= 3 * cmp + 0.1)
		}' times >&3
}

@test "messages name the checkpoint that is damaged" {
	cp -r "$images/ct" "$BATS_TEST_TMPDIR/x"
	printf xx >>"$BATS_TEST_TMPDIR/x/fs-22.img"
	rm "$BATS_TEST_TMPDIR/x/pages-1.img"
	for pair in "$BATS_TEST_TMPDIR/x $images/ct" "$images/ct $BATS_TEST_TMPDIR/x"; do
		run --separate-stderr -2 crit-diff $pair
		[ "${stderr_lines[0]}" = "crit-diff: $BATS_TEST_TMPDIR/x/fs-22.img: entry 1, offset 18: truncated entry size" ]
		[ "${stderr_lines[1]}" = "crit-diff: $BATS_TEST_TMPDIR/x/pages-1.img: cannot open: No such file or directory" ]
	done
}
