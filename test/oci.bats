#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# OCI layouts that hold several checkpoints: --at chooses one, by the name of its
# image or the beginning of a digest.

bats_require_minimum_version 1.5.0

# blob FILE: moves it into the layout; its digest
blob() {
	local sum
	sum=$(sha256sum <"$1") sum=${sum%% *}
	mv "$1" "blobs/sha256/$sum"
	echo "sha256:$sum"
}

# descriptor DIGEST TYPE [NAME [KEY]]: with the annotation, if there is a NAME
descriptor() {
	jq -nc --arg d "$1" --arg t "$2" --arg n "${3-}" \
		--arg k "${4-org.opencontainers.image.ref.name}" \
		--argjson s "$(stat -c %s "blobs/sha256/${1#*:}")" \
		'{mediaType: $t, digest: $d, size: $s} +
			if $n == "" then {} else {annotations: {($k): $n}} end'
}

# list TYPE KEY DESCRIPTOR...: a manifest (layers) or an index (manifests);
# its digest
list() {
	local key=$2
	shift 2
	printf '%s\n' "$@" | jq -sc --arg k "$key" '{schemaVersion: 2, ($k): .,
		annotations: {"org.criu.checkpoint.engine.name": "x"}}' >x
	blob x
}

# image IMAGES [COMPRESSION]: a manifest of one layer; its digest
image() {
	local d type=application/vnd.oci.image
	tar c ${2-} -f y --transform 's,^\.,checkpoint,' \
		-C "$CRIT_ROOT/test/images/$1" .
	d=$(blob y)
	list "$type.manifest.v1+json" layers "$(descriptor "$d" \
		"$type.layer.v1.tar")"
}

# index DESCRIPTOR...: of the layout; then packs it
index() {
	printf '%s\n' "$@" | jq -sc '{schemaVersion: 2, manifests: .}' >index.json
	tar cf ../image.tar .
}

setup() {
	set -o pipefail
	images=$CRIT_ROOT/test/images
	mkdir -p "$BATS_TEST_TMPDIR/image/blobs/sha256"
	cd "$BATS_TEST_TMPDIR/image" || return 1
	echo '{"imageLayoutVersion":"1.0.0"}' >oci-layout
	manifest=application/vnd.oci.image.manifest.v1+json
	mem=$(image mem --gzip)
	loop=$(image loop)
	ct=$(image ct --zstd)
	one=$(descriptor "$mem" $manifest localhost/cp:one)
	two=$(descriptor "$loop" $manifest two)
	three=$(descriptor "$ct" $manifest docker.io/x/three:3 \
		io.containerd.image.name |
		jq -c '.annotations["org.opencontainers.image.ref.name"] = "3"')
	index "$one" "$two" "$three"
	cd ..
}

# answers AT IMAGES: layout, archive and pipe, as the directory
answers() {
	crit-x "$images/$2" ps >want
	crit-x --at "$1" image ps | diff - want
	crit-x --at "$1" image.tar ps | diff - want
	crit-x --at "$1" - ps <image.tar | diff - want
	gzip -c image.tar | crit-x --at "$1" - ps | diff - want
}

@test "without --at all are named" {
	for f in image image.tar; do
		run -1 crit-x "$f" ps
		[[ $output = *"several checkpoints in it (localhost/cp:one sha256:"* ]]
		[[ $output = *", two sha256:"*", docker.io/x/three:3 sha256:"* ]]
		[[ $output = *"; choose one with --at" ]]
		# what is named can be given
		for d in $(grep -o 'sha256:[0-9a-f]*' <<<"$output"); do
			crit-x --at "$d" "$f" ps
		done
	done
}

@test "by name, by digest, and a directory within" {
	# containerd exports both of its names: the full one, and the tag
	answers 3 ct
	answers localhost/cp:one mem
	answers two loop
	answers docker.io/x/three:3 ct
	answers "${mem:0:17}" mem
	answers "$loop" loop
	answers two//checkpoint loop
	answers "${ct:0:17}//checkpoint" ct
	run -1 crit-x --at two//final image.tar ps
	[[ $output = *"no images at final in it" ]]
}

@test "what is not there: the message says what is" {
	for at in twoo sha256: sha256:zz nothing//checkpoint; do
		for f in image image.tar; do
			run -1 crit-x --at "$at" "$f" ps
			[[ $output = *"no image"*"${at%%//*}"*"(localhost/cp:one ${mem:0:19}, two ${loop:0:19}, "* ]]
		done
	done
}

@test "every program that takes a CHECKPOINT" {
	for c in crit-decode crit-info crit-mem "crit-mem -s root" crit-core; do
		$c "$images/loop" | sort >want
		for f in image image.tar; do
			$c --at two "$f" | sort | cmp - want
		done
	done
	crit-info --summary --at two image | grep -qx 'tasks  *1 (.*'
	crit-check --at two image.tar
	crit-draw tree --at two image | grep -q ">loop<"
	crit-diff --at two image image.tar
	# several operands, with their names
	crit-x -H -f records --at two image image.tar ps |
		jq -r .checkpoint | sort -u | diff - <(printf 'image\nimage.tar\n')
	for f in image image.tar; do
		rm -rf copy
		crit-copy --at two "$f" copy
		crit-diff "$images/loop" copy
		[ ! -e copy/index.json ]
	done
	crit-copy --at two - copy-pipe <image.tar
	crit-diff "$images/loop" copy-pipe
	# of the only one, --at is not needed
	(cd image && index "$two")
	gzip -c image.tar | crit-copy - copy-only
	crit-diff "$images/loop" copy-only
}

@test "a name or the beginning of a digest that fits several" {
	local also
	also=$(cd image && descriptor "$ct" $manifest two)
	(cd image && index "$one" "$two" "$also")
	run -1 crit-x --at two image ps
	[[ $output = *"--at two fits several in it (two ${loop:0:19}, two ${ct:0:19})" ]]
	answers "$ct" ct
	# the same image twice is one
	(cd image && index "$one" "$two" "$two")
	answers two loop
	# 17 layers: two of them begin with the same digit
	cd image
	set --
	for i in {1..17}; do
		echo "$i" >x
		set -- "$@" "$(descriptor "$(blob x)" other)"
	done
	digit=$(printf '%s\n' "$@" | jq -r '.digest[7:8]' | sort | uniq -d | head -n 1)
	printf '%s\n' "$@" | jq -sc '{manifests: .}' >index.json
	cd ..
	run -1 crit-x --at "sha256:$digit" image ps
	[[ $output = *"--at sha256:$digit fits several in it (sha256:$digit"* ]]
}

@test "indexes within indexes, named twice, and without end" {
	local type=application/vnd.oci.image.index.v1+json a b
	cd image
	a=$(list $type manifests "$one" "$two")
	b=$(list $type manifests "$(descriptor "$a" $type inner)" "$three")
	index "$(descriptor "$a" $type first)" "$(descriptor "$b" $type second)"
	cd ..
	answers two loop
	run -1 crit-x --at first image ps
	[[ $output = *"several checkpoints in it ("*"two sha256:"* ]]
	run -1 crit-x --at inner image.tar ps
	[[ $output = *"several checkpoints in it ("*"two sha256:"* ]]
	# one that names itself has another digest than its name says
	cd image
	printf '{"manifests":[%s]}' "$(descriptor "$a" $type me)" \
		>"blobs/sha256/${a#*:}"
	index "$(descriptor "$a" $type me)"
	cd ..
	run -1 timeout 120 crit-x --at me image ps
	[[ $output = *": its digest is sha256:"* ]]
	# a list of 3 MB that is named 998 times is read once
	cd image
	head -c 3000000 /dev/zero | tr '\0' ' ' >x
	echo '{}' >>x
	a=$(blob x)
	descriptor "$a" $type | jq -c '{manifests: [range(998) as $i | .]}' \
		>index.json
	cd ..
	run -1 timeout 120 crit-x image ps
	[[ $output = *"without a layer that holds a checkpoint"* ]]
}
