#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# make install, uninstall, static, deb and dist, with the build at hand.

setup_file() {
	cd "$CRIT_ROOT"
	export S=$BATS_FILE_TMPDIR/stage P=/opt/a\ b/crit
	[ -z "$CRIT_SAN" ] || return 0
	run_make DESTDIR="$S" PREFIX=/opt/crit install
}

setup() {
	[ -z "$CRIT_SAN" ] || skip "sanitized"
	cd "$CRIT_ROOT"
}

run_make() {
	make -s --no-print-directory BUILD="$CRIT_BUILD" "$@" >/dev/null
}

# The files below a folder, as paths from there.
files() {
	(cd "$1" && find . ! -type d | sed 's|^\./||' | sort)
}

@test "install: programs, pages, completions, library, data, demo" {
	cd "$S/opt/crit"
	for p in crit crit-decode crit-encode crit-info crit-x crit-mem; do
		[ -x bin/$p ]
		[ -s share/man/man1/$p.1 ]
		[ -s share/bash-completion/completions/$p ]
		[ -s share/fish/vendor_completions.d/$p.fish ]
	done
	[ -s share/man/man3/libcrit.3 ]
	[ -s share/man/man5/crit-stream.5 ]
	[ -s share/man/man5/crit-images.5 ]
	[ -s share/man/man7/crit-pipelines.7 ]
	[ -s share/zsh/site-functions/_crit ]
	[ -s include/crit.h ]
	[ -s lib/libcrit.a ]
	[ -s lib/pkgconfig/crit.pc ]
	[ -s share/crit-tools/crit.binpb ]
	[ -s share/crit-tools/proto/pstree.proto ]
	[ -s share/crit-tools/images.yaml ]
	[ -s share/crit-tools/demo/redis/pstree.img ]
	[ -L share/crit-tools/demo/incr/3/parent ]
}

@test "install: the programs run there, with the rest of PATH out of reach" {
	cd "$BATS_TEST_TMPDIR"
	demo=$S/opt/crit/share/crit-tools/demo
	env -i "$S/opt/crit/bin/crit" decode -i "$demo/redis/pstree.img" >d
	cmp d "$CRIT_ROOT/test/golden/redis/pstree.img.json"
	env -i "$S/opt/crit/bin/crit-decode" \
		--schema "$S/opt/crit/share/crit-tools/crit.binpb" \
		"$demo/redis" >r
	"$S/opt/crit/bin/crit-encode" -d copy <r
	diff -r copy "$demo/redis"
}

@test "install: the recipes for fleets run from there" {
	cd "$BATS_TEST_TMPDIR"
	fleet=$S/opt/crit/share/doc/crit-tools/fleet
	diff <(ls "$fleet") <(ls "$CRIT_ROOT/share/fleet")
	for f in local hosts rows slice pipe array.sbatch; do
		[ -x "$fleet/$f" ]
	done
	[ ! -x "$fleet/broken.sql" ]
	cp -r "$S/opt/crit/share/crit-tools/demo/redis" .
	head -c 600 redis/files.img >cut.tar
	PATH=$S/opt/crit/bin:$PATH "$fleet/rows" out summary redis cut.tar 2>log
	[ "$(cat out/summary/*.jsonl | jq -c '[.checkpoint, .error != null]' |
		sort | xargs)" = '[cut.tar,true] [redis,false]' ]
	diff <(printf 'redis\n' | PATH=$S/opt/crit/bin:$PATH "$fleet/pipe") \
		out/summary/redis.jsonl
}

@test "install: works from any prefix, also one that moves" {
	cp -a "$S/opt/crit" "$BATS_TEST_TMPDIR/moved"
	env -i "$BATS_TEST_TMPDIR/moved/bin/crit" x \
		"$BATS_TEST_TMPDIR/moved/share/crit-tools/demo/tree" ps >ps
	grep -q sess-leader ps
	rm ps
	# nobody's home, nor the build's, is in what was installed
	! grep -rlF -e "$CRIT_ROOT/" -e "$S" -e "$CRIT_BUILD" "$S/opt/crit/share" \
		"$S/opt/crit/bin" "$S/opt/crit/lib/pkgconfig" || false
}

@test "install: a folder with spaces" {
	D="$BATS_TEST_TMPDIR/a b"
	run_make DESTDIR="$D" PREFIX=/usr install
	diff <(files "$D/usr") <(files "$S/opt/crit")
	run_make DESTDIR="$D" PREFIX=/usr uninstall
	[ -z "$(files "$D")" ]
}

@test "uninstall: takes away what install brought, and nothing else" {
	cp -a "$S" "$BATS_TEST_TMPDIR/stage"
	cd "$BATS_TEST_TMPDIR/stage/opt/crit"
	touch bin/mine share/man/man1/mine.1 lib/mine.so
	cd "$CRIT_ROOT"
	run_make DESTDIR="$BATS_TEST_TMPDIR/stage" PREFIX=/opt/crit uninstall
	diff <(files "$BATS_TEST_TMPDIR/stage/opt/crit") \
		<(printf '%s\n' bin/mine lib/mine.so share/man/man1/mine.1)
	[ ! -e "$BATS_TEST_TMPDIR/stage/opt/crit/share/crit-tools" ]
	[ ! -e "$BATS_TEST_TMPDIR/stage/opt/crit/share/doc/crit-tools" ]
}

@test "man finds the pages of an install" {
	for page in crit-decode crit-images crit-pipelines libcrit; do
		man -M "$S/opt/crit/share/man" -w $page
	done
}

@test "filters need no file of the system: an empty root" {
	file=$(command -v crit-decode)
	! ldd "$file" 2>/dev/null | grep '=>' || false
	[ "$(id -u)" = 0 ] && chroot / true 2>/dev/null || skip "not root"
	mkdir -p "$BATS_TEST_TMPDIR/root/tmp"
	for p in crit-decode crit-encode crit-x crit-info crit-mem crit; do
		cp "$CRIT_BUILD/$p" "$BATS_TEST_TMPDIR/root"
	done
	cp -r test/images/loop "$BATS_TEST_TMPDIR/root"
	chroot "$BATS_TEST_TMPDIR/root" /crit-decode loop |
		chroot "$BATS_TEST_TMPDIR/root" /crit-encode -d copy
	cp test/images/loop/pages-1.img "$BATS_TEST_TMPDIR/root/copy"
	diff -r test/images/loop "$BATS_TEST_TMPDIR/root/copy"
	chroot "$BATS_TEST_TMPDIR/root" /crit x loop ps | grep -q loop
	chroot "$BATS_TEST_TMPDIR/root" /crit-mem --args loop | grep -q loop
}

# dpkg on a root of its own, where there is nothing else
in_root() {
	PATH=$PATH:/usr/sbin:/sbin dpkg --root="$PWD/root" --log=/dev/null \
		--force-not-root,depends,script-chrootless "$@" >log 2>&1 ||
		{ cat log; false; }
}

@test "deb: installs, runs, and goes without a trace" {
	command -v dpkg-deb >/dev/null || skip "no dpkg"
	# xz takes most of a minute; where dpkg is older than this, it does
	export DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1
	run_make DEB="$BATS_TEST_TMPDIR/crit-tools.deb" deb
	cd "$BATS_TEST_TMPDIR"
	dpkg-deb -I crit-tools.deb >info
	grep -q 'Package: crit-tools' info
	! grep -q 'Maintainer: .*localhost' info || false
	grep -q 'Maintainer: .* <.*@.*>' info
	dpkg-deb --ctrl-tarfile crit-tools.deb | tar -t >control
	grep -qx ./triggers control
	grep -qx ./shlibs control
	dpkg-deb -x crit-tools.deb files
	grep -q 'License: Expat' files/usr/share/doc/crit-tools/copyright
	zcat files/usr/share/doc/crit-tools/changelog.gz | head -n 1 |
		grep -q '^crit-tools (.*) unstable'
	# no debugging symbols, no symbols but those of the API
	! readelf -S files/usr/lib/libcrit.so.0 | grep -qF .debug_ || false
	mkdir -p root/var/lib/dpkg/{info,updates} root/usr/bin
	touch root/var/lib/dpkg/{status,available}
	echo criu >root/usr/bin/crit
	in_root -i crit-tools.deb
	[ "$(cat root/usr/bin/crit.criu)" = criu ]
	dpkg --root="$PWD/root" -V crit-tools
	root/usr/bin/crit x root/usr/share/crit-tools/demo/redis ps |
		grep -q redis-server
	man -l root/usr/share/man/man1/crit-decode.1.gz | grep -q SYNOPSIS
	[ "$(stat -c %U%a root/usr/bin/crit)" = root755 ] || [ "$(id -u)" != 0 ]
	in_root -P crit-tools
	[ ! -e root/usr/share/crit-tools ]
	[ "$(find root/usr -type f)" = root/usr/bin/crit ]
	[ "$(cat root/usr/bin/crit)" = criu ]
}

# Objects of the build at hand are those of the commit, unless sources differ. What
# they were made of is in the tarball, then; what generates sources is compiled
# again.
reuse_objects() {
	git -C "$CRIT_ROOT" diff --quiet HEAD -- Makefile lib filters proto share ||
		return 0
	find "$CRIT_BUILD/lib" "$CRIT_BUILD/filters" -name '*.d' -exec cat {} + |
		grep -ohE '(^| )(lib|filters)/[^ :]+\.[ch]\>' | sort -u >"$1.sources"
	[ "$(wc -l <"$1.sources")" -gt 300 ]
	xargs ls <"$1.sources" >/dev/null
	make -s BUILD="$1" "$1/facts.h" "$1/schema_tables.c" >/dev/null
	cp -r "$CRIT_BUILD/lib" "$CRIT_BUILD/filters" "$1"
}

@test "dist: a tarball of the commit, which is complete" {
	git -C "$CRIT_ROOT" rev-parse -q HEAD >/dev/null || skip "no git"
	own=$BATS_TEST_TMPDIR/own
	make -s -C "$CRIT_ROOT" BUILD="$BATS_TEST_TMPDIR" dist
	cd "$BATS_TEST_TMPDIR"
	tar xzf crit-tools-*.tar.gz
	cd crit-tools-*/
	diff <(find . ! -type d -printf '%P\n' | sort) \
		<(git -C "$CRIT_ROOT" ls-tree -rz --name-only HEAD | tr '\0' '\n' | sort)
	reuse_objects "$own"
	make -s -j"$(nproc)" BUILD="$own" all man >/dev/null
	"$own/crit-decode" test/images/redis/pstree.img | grep -q 20001
}

@test "make help, and what make says where nothing is installed" {
	cd "$CRIT_ROOT"
	make -s help >"$BATS_TEST_TMPDIR/help"
	for target in deps check install uninstall deb demo clean; do
		grep -q "^make $target " "$BATS_TEST_TMPDIR/help"
	done
	run make -s BUILD="$BATS_TEST_TMPDIR/none" PROTOC_C=protoc-c-not-here all
	[ "$status" != 0 ]
	[[ $output == *"protoc-c-not-here is not here: 'make deps', as root"* ]]
}

@test "installed pages name directories of PREFIX" {
	run_make PREFIX=/opt/crit DESTDIR="$BATS_TEST_TMPDIR/root" install
	cd "$BATS_TEST_TMPDIR/root/opt/crit"
	! grep -rq /usr/share/crit-tools share/man || false
	grep -rq /opt/crit/share/crit-tools share/man
}
