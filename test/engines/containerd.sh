# SPDX-License-Identifier: MIT
#
# containerd checkpoints a container into its store. The blob of CRIU's images
# in it is read, and so is the memory of the redis in there.

. "$CRIT_ROOT/test/engines/common.bash"

ctr() { command ctr -a "$top/containerd.sock" -n "$group" "$@"; }

daemon() {
	cat >config.toml <<-C
	version = 2
	root = "$top/root-of-containerd"
	state = "$top/state"
	disabled_plugins = ["io.containerd.grpc.v1.cri"]
	[grpc]
	address = "$top/containerd.sock"
	[ttrpc]
	address = "$top/ttrpc.sock"
	C
	containerd -c config.toml >containerd.log 2>&1 &
	disown
	until_true ctr version
}

# An image of one layer, as an OCI archive: containerd reads no plain folder
image() {
	local layer config
	mkdir -p oci/blobs/sha256
	layer=$(blob <root.tar)
	config=$(printf '{"architecture":"amd64","os":"linux","config":{},
		"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$layer" | blob)
	manifest=$(printf '{"schemaVersion":2,"config":{%s%s},"layers":[{%s%s}]}' \
		'"mediaType":"application/vnd.oci.image.config.v1+json",' \
		"$(described "$config")" \
		'"mediaType":"application/vnd.oci.image.layer.v1.tar",' \
		"$(described "$layer")" | blob)
	printf '{"schemaVersion":2,"manifests":[{%s%s,%s}]}' \
		'"mediaType":"application/vnd.oci.image.manifest.v1+json",' \
		"$(described "$manifest")" \
		'"annotations":{"io.containerd.image.name":"demo/redis:7"}' \
		>oci/index.json
	echo '{"imageLayoutVersion":"1.0.0"}' >oci/oci-layout
	tar -C oci -cf image.tar . && ctr image import --snapshotter native image.tar
}

# its name: the digest of standard input, which is kept
blob() {
	local digest
	cat >blob.new
	digest=$(sha256sum <blob.new | cut -d ' ' -f 1)
	mv blob.new "oci/blobs/sha256/$digest"
	echo "$digest"
}

described() {
	printf '"digest":"sha256:%s","size":%s' "$1" \
		"$(stat -c %s "oci/blobs/sha256/$1")"
}

container=c1
redis() { ctr task exec --exec-id "e$RANDOM" $container redis-cli -s /data/redis "$@"; }
pongs() { [ "$(redis ping)" = PONG ]; }

run_container() {
	ctr run -d --net-host --snapshotter native \
		--runc-binary "$engines/usr/sbin/runc" demo/redis:7 $container \
		/bin/redis-server --save "" --port 0 \
		--unixsocket /data/redis &&
		until_true pongs && redis set kept "$1"
}

to_store() { ctr container checkpoint --task --rw c1 demo/checkpoint:1; }

# The blob that holds CRIU's images, by way of the checkpoint's index
images_of_store() {
	local index digest
	index=$(ctr image ls | awk '/^demo\/checkpoint/ { print $3 }')
	digest=$(ctr content get "$index" | jq -r '.manifests[] |
		select(.mediaType | endswith("criu.tar")) | .digest')
	ctr content get "$digest" >criu.tar && mkdir images &&
		tar -xf criu.tar -C images && [ -s images/inventory.img ]
}

# Another container's checkpoint, and both in one OCI archive. (The manifests of
# Docker's format, which ctr also writes, it cannot make of checkpoints.)
several() {
	container=c2
	run_container "a value of the second" &&
		ctr container checkpoint --task --rw c2 demo/checkpoint:2 &&
		ctr image export --skip-manifest-json both.tar \
			demo/checkpoint:1 demo/checkpoint:2
}
names_them() {
	crit-x both.tar ps 2>said && return 1
	grep -F demo/checkpoint:1 said && grep -F demo/checkpoint:2 said
}
searched() {
	crit-mem -s "a value of the second" --at demo/checkpoint:"$1" both.tar
}
second_is() {
	tasks_are both.tar --at demo/checkpoint:2 &&
		zstd -qc both.tar | crit-x --at demo/checkpoint:2 - ps |
			grep -w redis-server &&
		searched 2 | grep . && ! searched 1 | grep .
}

tasks_are() { crit-x "$@" ps | grep -w redis-server; }
memory_is() { crit-mem -s "a value to be found" "$1" | grep -qE 'heap|anon'; }
arguments_are() { crit-mem --args "$1" | grep 'redis-server'; }

inside() {
	group=crit-engines-containerd
	set_up containerd && step "starts" daemon && step "has an image" image &&
		step "runs" run_container "a value to be found" && step "checkpointed" to_store &&
		step "its images are found" images_of_store &&
		step "crit-x" tasks_are images &&
		step "crit-mem finds a value" memory_is images &&
		step "crit-mem reads the blob" arguments_are criu.tar &&
		step "crit-x reads the blob" tasks_are criu.tar &&
		step "two in one archive" several &&
		step "their names are told" names_them &&
		step "--at takes the second" second_is
	clean
}

if [ "${1-}" = inside ]; then
	inside
else
	each_program "$CRIT_ROOT/test/engines/containerd.sh" containerd
fi
