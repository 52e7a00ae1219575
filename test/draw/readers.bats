#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# make check-draw: xmllint, tidy, Graphviz and Chromium read what crit-draw draws.

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
	images=$CRIT_ROOT/test/images
}

# each COMMAND...: for each picture of each checkpoint, with DIR and WHAT
each() {
	for dir in "$images"/*/; do
		[ -e "$dir/pstree.img" ] && [ -e "$dir/inventory.img" ] || continue
		for what in tree memory files sockets; do
			"$@" "$dir" "$what" || { echo "$what $dir"; return 1; }
		done
	done
}

browser() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run \
		--disable-background-networking --hide-scrollbars \
		--user-data-dir="$(mktemp -d -p .)" "$@" 2>browser.log
}

@test "xmllint: SVG is well formed" {
	one() {
		crit-draw "$2" "$1" >x.svg 2>said || [ -s said ]
		[ ! -s x.svg ] || xmllint --nonet --noout x.svg
	}
	each one
}

@test "tidy: pages have no errors, and no warnings" {
	for dir in redis tree sock ct; do
		crit-draw report "$images/$dir" >x.html 2>said || [ -s said ]
		tidy -q -e x.html 2>why || { cat why; return 1; }
	done
	crit-draw -f html memory "$images/redis" >x.html
	tidy -q -e x.html
}

@test "Graphviz draws dot" {
	one() {
		crit-draw -f dot "$2" "$1" >x.dot 2>said || [ -s said ]
		[ ! -s x.dot ] || dot -Tsvg x.dot >y.svg 2>why && [ ! -s why ]
	}
	each one
}

# Chromium itself measures: boxes of text on text, text outside of the picture.
@test "Chromium: text lies apart, and inside; fonts do not matter" {
	cat >measure.js <<-'END'
		<script>addEventListener('load', () => {
		const svg = document.querySelector('svg'), bad = [],
		page = svg.getBoundingClientRect(),
		texts = [...svg.querySelectorAll('text')].map(t => {
			const r = t.getBoundingClientRect();
			return {t: t.textContent, l: r.left, r: r.right,
				u: r.top + 2, d: r.bottom - 2}; });
		texts.forEach((a, i) => {
			if (a.l < page.left - 1 || a.r > page.right + 1 ||
			    a.d > page.bottom + 1) bad.push('outside ' + a.t);
			texts.slice(0, i).forEach(b => {
				if (a.l < b.r - 1 && b.l < a.r - 1 && a.u < b.d &&
				    b.u < a.d) bad.push('overlap ' + a.t + ' ' + b.t);
			}); });
		document.body.textContent = 'MEASURED ' + texts.length +
			(bad.length ? ' BAD ' + bad.join('; ') : ' GOOD');
		});</script>
	END
	for what in 'tree tree' 'memory redis' 'files redis' 'sockets sock'; do
		for font in monospace serif; do
			# shellcheck disable=SC2086
			set -- $what
			crit-draw -f html "$1" "$images/$2" |
				sed "s/'DejaVu Sans Mono',Menlo,Consolas,monospace/$font/" |
				sed -e '/<\/body>/{' -e 'r measure.js' -e 'd' -e '}' >x.html
			browser --dump-dom "file://$PWD/x.html" >dom
			grep -o 'MEASURED.*' dom
			grep -q 'MEASURED [1-9][0-9]* GOOD' dom
		done
	done
}

@test "Chromium: screenshots, light and dark; the script sorts" {
	crit-draw report "$images/redis" >x.html 2>said || grep pages-1 said
	browser --window-size=1280,3000 --screenshot=light.png "file://$PWD/x.html"
	[ "$(wc -c <light.png)" -gt 50000 ]
	sed 's/(prefers-color-scheme:dark)/all/' x.html >dark.html
	browser --window-size=1280,3000 --screenshot=dark.png "file://$PWD/dark.html"
	! cmp -s light.png dark.png || false
	sed 's|</body>|<script>document.querySelector("#open th button").click();\
		document.querySelectorAll("#open th button")[1].click()</script>&|' \
		x.html >sorted.html
	browser --dump-dom "file://$PWD/sorted.html" >dom
	grep -q '<th class="n"><button type="button">pid</button></th>' dom
}
