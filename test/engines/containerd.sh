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

redis() { ctr task exec --exec-id "e$RANDOM" c1 redis-cli -s /data/redis "$@"; }
pongs() { [ "$(redis ping)" = PONG ]; }

run_container() {
	ctr run -d --net-host --snapshotter native \
		--runc-binary "$engines/usr/sbin/runc" demo/redis:7 c1 \
		/bin/redis-server --save '' --unixsocket /data/redis &&
		until_true pongs && redis set kept "a value to be found"
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

tasks_are() { crit-x "$1" ps | grep -w redis-server; }
memory_is() { crit-mem -s "a value to be found" "$1" | grep -qE 'heap|anon'; }
arguments_are() { crit-mem --args "$1" | grep 'redis-server'; }

inside() {
	group=crit-engines-containerd
	set_up containerd && step "starts" daemon && step "has an image" image &&
		step "runs" run_container && step "checkpointed" to_store &&
		step "its images are found" images_of_store &&
		step "crit-x" tasks_are images &&
		step "crit-mem finds a value" memory_is images &&
		step "crit-mem reads the blob" arguments_are criu.tar &&
		step "crit-x reads the blob" tasks_are criu.tar
	clean
}

if [ "${1-}" = inside ]; then
	inside
else
	each_program "$CRIT_ROOT/test/engines/containerd.sh" containerd
fi
