# SPDX-License-Identifier: MIT
# libcrit from Python and Go: the modules of share/examples, as they are
# installed, answer as the filters do.

setup_file() {
	export CRIT_ROOT=${CRIT_ROOT:-$BATS_TEST_DIRNAME/..}
	export CRIT_BUILD=${CRIT_BUILD:-$CRIT_ROOT/build}
	export S=$BATS_FILE_TMPDIR/stage P=$BATS_FILE_TMPDIR/stage/opt/crit
	export A=$BATS_FILE_TMPDIR/archives T=$BATS_FILE_TMPDIR
	cd "$CRIT_ROOT" || return 1
	[ -n "$CRIT_SAN" ] && return
	make -s --no-print-directory BUILD="$CRIT_BUILD" DESTDIR="$S" \
		PREFIX=/opt/crit install-lib install-examples >/dev/null
	export EXAMPLES=$P/share/doc/crit-tools/examples
	export CRIT_LIBRARY=$P/lib/libcrit.so.0
	export PYTHONPATH=$EXAMPLES/python PYTHONDONTWRITEBYTECODE=1
	export PKG_CONFIG_PATH=$P/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$S
	export CGO_LDFLAGS=-Wl,-rpath,$P/lib GOCACHE=$T/gocache GOFLAGS=-mod=mod
	export GOPROXY=off HOME=$T/home
	mkdir -p "$A/pod/checkpoint" "$T/bin"
	cp -r test/images/loop/. "$A/pod/checkpoint"
	printf '{}' >"$A/pod/config.dump"
	tar -czf "$A/pod.tar.gz" -C "$A/pod" .
	python=$(command -v /usr/bin/python3 || command -v python3) || :
	export PYTHON=$python
	command -v go >/dev/null || return 0
	cp -r "$EXAMPLES/go" "$T/go" && mkdir "$T/go/questions" &&
		cp test/bindings/questions.go "$T/go/questions"
	(cd "$T/go" && go vet ./... && go build -o "$T/bin/" ./tasks ./questions)
}

setup() {
	set -o pipefail
	[ -z "$CRIT_SAN" ] || skip "sanitized"
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
	all="$images/ct $images/redis $images/socktcp $images/tree $A/pod.tar.gz"
}

# there PROGRAM: or the test is skipped (not in make check-bindings)
there() {
	command -v "${1:-none}" >/dev/null || {
		[ -z "$CRIT_BINDINGS" ] || return 1
		skip "no ${1:-python3} here"
	}
}

python() {
	"$PYTHON" "$CRIT_ROOT/test/bindings/questions.py" "$@"
}

# want QUESTION CHECKPOINT: what the filters say, in the words of questions.*
want() {
	case $1 in
	ps) crit-x -f records "$2" ps | jq -r '[.pid, .ppid, .comm,
		([.threads[].tid | tostring] | join(","))] | @tsv' ;;
	fds) crit-x -f records "$2" fds |
		jq -r '[.pid, (.at // .fd), .path] | map(tostring) | join("\t")' ;;
	mems) crit-x -f records "$2" mems | jq -r 'select(.start) |
		[.pid, .start, .end] | @tsv' ;;
	sk) crit-x -f records "$2" sk | jq -r '[.pid, .fd, .fd_type,
		(.src_port // 0), (.dest_port // 0)] | @tsv' ;;
	check) crit-check -f records "$2" | jq -r '[.severity, .rule,
		(.image // ""), .text] | join("\t")' ;;
	limits) crit-x -f records "$2" limits | jq -c . ;;
	esac
}

# same COMMAND: answers all questions as the filters do
same() {
	for c in $all; do
		for question in ps fds mems sk check; do
			# its sockets have names that are no text
			[ "$question ${c##*/}" != "fds socktcp" ] || continue
			# sockets of packets and netlink have no ports
			"$1" $question "$c" | grep -av 'PACKETSK\|NETLINKSK' \
				>got || [ ! -s got ]
			want $question "$c" | grep -av 'PACKETSK\|NETLINKSK' \
				>want || [ $question = check ] || [ ! -s want ]
			diff want got
		done
		"$1" summary "$c" | jq -S . >got
		crit-info --summary -f records "$c" | jq -S . |
			diff - got
		"$1" diff "$c" "$images/loop" >got
		(crit-diff -f records "$c" "$images/loop" || [ $? = 1 ]) |
			jq -r '[.section, (if .change | type == "string" then .change
				else "changed" end), (.pid // 0), (.image // ""),
				(.field // "")] | @tsv' | sed 's/\\\\/\\/g' | diff - got
		"$1" limits "$c" | jq -c . >got
		diff <(want limits "$c") got
	done
	[ "$("$1" fds "$A/pod.tar.gz" | wc -l)" -gt 3 ]
	for c in "$images/loop" "$A/pod.tar.gz"; do
		"$1" memory "$c" 4242 >got
		diff <("$1" search "$c" 4242) <(crit-mem -p 4242 -f records \
			--regex 'l[o]+p' "$c" | jq -r '[.address, "loop"] | @tsv')
		diff <("$1" stats "$c") <(crit-info --summary -f records "$c" |
			jq -r '[.frozen_time, .pages_written] | @tsv')
		printf '%s\n' /srv/corpus/bin/loop "$(crit-mem -p 4242 \
			--vma '[stack]' "$c" | sha256sum | cut -d ' ' -f 1)" |
			diff - got
	done
	run "$1" ps "$images/nothing"
	[ "$status" = 1 ]
	[ "$output" = "$images/nothing: cannot open: No such file or directory" ]
	run "$1" memory "$A/pod.tar.gz" 7
	[ "$status" = 1 ]
	[[ "$output" == "$A/pod.tar.gz: "*7* ]]
}

@test "Python answers as the filters do" {
	there "$PYTHON"
	same python
}

@test "Go answers as the filters do" {
	there go
	same "$T/bin/questions"
}

@test "the examples tasks.py and tasks.go print the same" {
	there "$PYTHON"
	there go
	for c in $all; do
		"$PYTHON" "$EXAMPLES/python/tasks.py" "$c" >a
		"$T/bin/tasks" "$c" | diff a -
		[ -s a ]
	done
}

@test "Python copies, and writes cores" {
	there "$PYTHON"
	"$PYTHON" - "$A/pod.tar.gz" <<-end
		import crit, sys
		with crit.open(sys.argv[1]) as c:
		    c.copy("out")
		    c.copy("out.tar", form="tar", prefix="a/")
		    c.core(4242, "core")
		    try:
		        c.copy("out")
		    except crit.Error as e:
		        assert "exists" in str(e), e
		    else:
		        raise SystemExit("copied twice")
		    images = c.images()
		assert images[0]["image"] == "inventory.img"
		try:
		    next(c.tasks())
		except ValueError:
		    pass
		else:
		    raise SystemExit("closed, and answers")
	end
	crit-copy "$A/pod.tar.gz" want
	diff -r out want
	crit-core -p 4242 "$A/pod.tar.gz" | cmp - core
	tar -tf out.tar | grep "^a/.*checkpoint/pstree.img" >/dev/null
}

@test "the code of the READMEs works" {
	there "$PYTHON"
	sed -n '/^```python/,/^```/p' "$EXAMPLES/python/README.md" | sed '/^```/d' \
		>readme.py
	cp "$A/pod.tar.gz" cp.tar.gz
	"$PYTHON" readme.py >out
	grep -q '^4242 loop' out
	there go
	mkdir -p "$T/go/readme"
	sed -n '/^```go/,/^```/p' "$EXAMPLES/go/README.md" | sed '/^```/d' \
		>"$T/go/readme/main.go"
	(cd "$T/go" && go build -o "$BATS_TEST_TMPDIR/readme" ./readme)
	./readme | grep -q '^4242 loop'
}

# go CALL CHECKPOINT PID: see gocriu.py
go_criu() {
	"$PYTHON" "$CRIT_ROOT/test/bindings/gocriu.py" "$@"
}

# Each line of the table FROM GO-CRIU of libcrit(3), on values. ExplorePs, Fds, Mems
# and Sk are asked above.
@test "what go-criu's calls answer" {
	there "$PYTHON"
	pid=4242
	d=$images/loop
	diff <(go_criu decode "$d" $pid | jq -c .) \
		<(crit-decode -f json "$d/pstree.img" | jq -c .)
	[ "$(go_criu encode "$d" $pid)" = True ]
	diff <(go_criu info "$d" $pid) <(crit-info "$d" | jq -r '
		select(.image == "files.img") |
		[.magic, .entries, .payload, .extra, .size] | @tsv')
	diff <(go_criu rss "$d" $pid) <(crit-decode "$d/pagemap-$pid.img" |
		jq -r '.entries[] | select(.vaddr) | [.vaddr, .nr_pages // .compat_nr_pages] | @tsv' |
		while read -r a n; do printf '0x%x\t%d\n' "$a" "$n"; done)
	[ "$(go_criu pages_id "$d" $pid)" = "$(crit-decode "$d/pagemap-$pid.img" |
		jq '.entries[0].pages_id // empty' | head -n 1)" ]
	cmp <(go_criu mem_pages "$d" $pid) <(crit-mem -p $pid --vma '[stack]' "$d")
	diff <(go_criu ps_args "$d" $pid) \
		<(crit-mem -p $pid -f records --args "$d" | jq -r '.args[]')
	diff <(go_criu ps_env "$d" $pid) \
		<(crit-mem -p $pid -f records --env "$d" | jq -r '.env[]')
	[ "$(go_criu shmem_size "$images/ct" 22)" = "$(
		crit-decode "$images/ct/mm-22.img" | jq -s '[.[].entries[].vmas[] |
			select(.flags % 2 == 1) | .end - .start] | add')" ]
	diff <(go_criu search "$d" $pid) <(crit-mem -p $pid -f records \
		--regex 'l[o]+p' "$d" | jq -r '[.address, "loop"] | @tsv')
	go_criu dump_stats "$d" $pid | jq -S 'del(.[] | select(. == 0))' |
		diff - <(crit-decode "$d/stats-dump" | jq -S '
			.entries[].dump | select(.) | del(.[] | select(. == 0))')
}

@test "Python changes, compares, draws, and says what there is" {
	there "$PYTHON"
	cp -r "$images/loop" loop
	tar -cf loop.tar -C loop .
	printf secret >key
	"$PYTHON" - <<-end
		import crit, json, os
		for names, one in ((crit.explorers(), "mounts"),
		                   (crit.drawings(), "tree"), (crit.rules(), "vma-empty")):
		    assert names[one]
		with crit.open("loop.tar") as a, crit.open("loop") as b:
		    assert list(a.diff(b)) == []
		    json.dump(a.summary(), open("row", "w"))
		    assert a.summary()["memory_stored_zero"] is None
		    for wrong in (lambda: a.draw("tree", "png"),
		                  lambda: a.copy("x", form="zip")):
		        try:
		            wrong()
		        except ValueError as e:
		            assert "is not one of" in str(e)
		        else:
		            raise SystemExit("a form that there is not")
		    assert b.summary(zero_pages=True)["memory_stored_zero"] >= 0
		    open("tree.svg", "wb").write(a.draw("tree"))
		    a.copy("one", form="stream", shards=["two"])
		    a.copy("less", drop=["stats-dump"],
		           replace={"pstree.img": open("loop/pstree.img", "rb").read()})
		    assert not os.path.exists("less/stats-dump")
		    with b.memory(4242) as m:
		        stack, = [a for a in m.mappings() if a.what == "[stack]"]
		        m.write(stack.end - 64, b"written here")
		        found = [m for m in m.search("written here", context=4)]
		        assert len(found) == 1 and len(found[0].after) == 4, found
		        assert m.at(found[0].address).file
		        assert m.auxv()[6] == 4096
		        before = m.env()
		        name = before[0].split("=")[0]
		        m.setenv(name + "=x")
		        assert m.env()[0] == name + "=x"
		        assert m.env()[1:] == before[1:]
		with crit.open("one", shards=["two"]) as s, crit.open("loop.tar") as a:
		    assert list(s.diff(a)) == []
		with crit.open("loop") as b, crit.open("loop.tar") as a:
		    d, = b.diff(a, only=["memory"])
		    assert d.section == "memory" and d.pid == 4242, d
		    assert d.record["changed"] >= 1
		    b.copy_in_place(compress=65536, backup=True)
		assert os.path.exists("loop/pages-1.img.bak")
		with open("records", "w") as f, crit.open("loop.tar") as a:
		    for r in a.images():
		        print(json.dumps(r), file=f)
		with open("records", "rb") as f:
		    open("moved", "wb").write(crit.renumber(f.fileno(), "+1000"))
		with open("records", "rb") as f:
		    open("private", "wb").write(crit.anonymize(f.fileno(), b"secret"))
	end
	diff <(jq -S . row) <(crit-info --summary -f records loop.tar | jq -S .)
	cmp tree.svg <(crit-draw tree loop.tar)
	cmp moved <(crit-pids +1000 records)
	cmp private <(crit-anon --key key records)
}
