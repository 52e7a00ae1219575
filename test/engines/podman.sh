# SPDX-License-Identifier: MIT
#
# podman checkpoints a container to an archive, of each compression. Our
# programs read it; a changed one is restored, and the change is there.

. "$CRIT_ROOT/test/engines/common.bash"

podman() {
	command podman --cgroup-manager=cgroupfs --runtime "$engines/usr/sbin/runc" \
		--root "$top/graph" --runroot "$top/run" --tmpdir "$top/tmp" "$@"
}

# by its socket: the network of a restored container is down
redis() { podman exec "$1" redis-cli -s /data/redis "${@:2}"; }
pongs() { [ "$(redis "$1" ping)" = PONG ]; }

run_container() {
	podman import -q root.tar demo/redis:7 || return
	podman run -d --name c1 --cgroup-parent "/$group" --network none \
		--annotation "org.criu.config=$top/criu.conf" \
		--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
		--security-opt seccomp=unconfined --hostname before \
		demo/redis:7 /bin/redis-server --save '' --unixsocket /data/redis || return
	until_true pongs c1 && redis c1 set kept yes && redis c1 incr count
}

# to_archive COMPRESSION
to_archive() {
	podman container checkpoint --compress "$1" -e "$top/c1.tar" c1 &&
		podman rm -f -t 0 c1
}

unpack_archive() {
	mkdir archive
	tar -xf c1.tar -C archive && [ -s archive/checkpoint/inventory.img ]
}

# What is asked of the archive and of the images in it
same_answer() {
	"${@:2}" c1.tar >of_archive && "${@:2}" archive/checkpoint >of_images &&
		[ -s of_images ] && diff of_archive of_images
}

# The umask of the task, and the name of the host
change() {
	local in=archive/checkpoint out=changed
	(set -o pipefail
	crit-decode -p $in |
		jq -c '(.entries[] | select(.umask?)).umask = 63 |
			(.entries[] | select(.nodename?)).nodename = "after"' |
		crit-encode -d $out) && in=$in out=$out raw &&
		cp changed/* archive/checkpoint &&
		tar -C archive -cf "$top/changed.tar" .
}

restore_archive() { podman container restore -i "$1" -n "$2"; }

# goes_on NAME: the data of the redis is there, and can be changed
goes_on() {
	until_true pongs "$1" && [ "$(redis "$1" get kept)" = yes ] &&
		[ "$(redis "$1" incr count)" = 2 ]
}

changed() {
	podman exec c3 grep 'Umask:	0077' /proc/1/status &&
		[ "$(podman exec c3 cat /proc/sys/kernel/hostname)" = after ]
}

inside() {
	group=crit-engines-$1
	set_up "$1" && step "runs" run_container &&
		step "checkpointed" to_archive "$1" && step "unpacked" unpack_archive &&
		step "crit-mem --args reads the archive" same_answer 1 crit-mem --args &&
		step "crit-info reads the archive" same_answer 1 crit-info --summary &&
		step "the archive is restored" restore_archive c1.tar c2 &&
		step "and goes on" goes_on c2 && podman rm -f -t 0 c2 >/dev/null &&
		step "changed with jq" change &&
		step "the changed archive is restored" restore_archive changed.tar c3 &&
		step "and goes on with the changes" goes_on c3 &&
		step "umask and host are others" changed
	clean
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	[ $# -gt 0 ] || set -- none gzip zstd
	each_program "$CRIT_ROOT/test/engines/podman.sh" "$@"
fi
