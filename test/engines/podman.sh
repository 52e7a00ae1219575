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

# same_answer DIR COMMAND...: of the archive, and of DIR, which is out of it
same_answer() {
	"${@:2}" c1.tar >of_archive && "${@:2}" "$1" >of_images &&
		[ -s of_images ] && diff of_archive of_images
}

tasks() { crit-x "$1" ps; }
entries() { crit-decode "$1" | jq -S .entries | sort; }

# The umask of the task, and the name of the host: by way of records, or all of the
# archive by crit-copy
filter='(.entries[] | select(.umask?)).umask = 63 |
	(.entries[] | select(.nodename?)).nodename = "after"'

# images_by_jq DIR
images_by_jq() {
	local in=archive/checkpoint out=$1
	(set -o pipefail
	crit-decode -p $in | jq -c "$filter" | crit-encode -d "$out") && raw &&
		cp $in/descriptors.json "$out"
}

# change_by HOW: HOW.tar
change_by_jq() {
	mkdir new && tar -xf c1.tar -C new --exclude 'checkpoint/*' &&
		rm -rf new/checkpoint && images_by_jq new/checkpoint &&
		tar -C new -cf jq.tar .
}

change_by_copy() { crit-copy -f tar --filter "jq -c '$filter'" c1.tar copy.tar; }

restore_archive() { podman container restore -i "$1" -n "$2"; }

# goes_on NAME: the data of the redis is there, and can be changed
goes_on() {
	until_true pongs "$1" && [ "$(redis "$1" get kept)" = yes ] &&
		[ "$(redis "$1" incr count)" = 2 ]
}

changed() {
	podman exec "$1" grep 'Umask:	0077' /proc/1/status &&
		[ "$(podman exec "$1" cat /proc/sys/kernel/hostname)" = after ]
}

images_are_read() {
	local images=archive/checkpoint
	step "crit-mem reads the archive" same_answer $images crit-mem --args &&
		step "crit-x reads the archive" same_answer $images tasks &&
		step "crit-decode reads the archive" same_answer $images entries
}

read_and_restored() {
	step "runs" run_container && step "checkpointed" to_archive "$1" &&
		step "unpacked" unpack_archive &&
		images_are_read && step "crit-info reads the archive" \
			same_answer archive crit-info --summary &&
		step "crit-check accepts it" crit-check c1.tar &&
		step "the archive is restored" restore_archive c1.tar c2 &&
		step "and goes on" goes_on c2 && podman rm -f -t 0 c2 >/dev/null
}

# changed_and_restored HOW
changed_and_restored() {
	step "changed by $1" "change_by_$1" &&
		step "restored from that" restore_archive "$1.tar" "c-$1" &&
		step "and goes on with the changes" goes_on "c-$1" &&
		step "umask and host are others" changed "c-$1"
	podman rm -f -t 0 "c-$1" >/dev/null 2>&1
}

inside() {
	group=crit-engines-$1
	set_up "$1" && read_and_restored "$1" && {
		changed_and_restored jq
		changed_and_restored copy
	}
	clean
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	[ $# -gt 0 ] || set -- none gzip zstd
	each_program "$CRIT_ROOT/test/engines/podman.sh" "$@"
fi
