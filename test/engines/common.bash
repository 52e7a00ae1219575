# SPDX-License-Identifier: MIT
#
# For the suites of this folder: container engines of Debian's packages, which
# are unpacked and not installed, run in namespaces of their own with all their
# data below $top. The container is a redis-server; busybox changes its archive.

. "$CRIT_ROOT/test/restore/common.bash"

engines=$CRIT_BUILD/engines/root
# CRIU finds its way to the kernel's packet filter without iptables
criu_options="network-lock nftables"

# libraries ROOT: where Debian's packages have them
libraries() { echo "$1/usr/lib/x86_64-linux-gnu:$1/lib/x86_64-linux-gnu"; }

# set_up NAME: $top, where the engine finds CRIU, and root.tar for an image
set_up() {
	name=$1
	top=$(mktemp -d "${TMPDIR:-/var/tmp}/engines.XXXXXX")
	cd "$top" || return
	# where engines keep what runs, and caches
	mount -t tmpfs tmpfs /run
	mount -t tmpfs tmpfs /var/lib
	export HOME=$top/home
	export LD_LIBRARY_PATH=$(libraries "$engines"):$(libraries "$foreign")
	export PATH=$CRIT_BUILD/criu:$engines/usr/bin:$engines/usr/sbin:$PATH
	export STORAGE_DRIVER=vfs
	mkdir -p "$HOME/.config/containers"
	cp "$engines/etc/containers/policy.json" "$HOME/.config/containers"
	echo "$criu_options" >criu.conf
	root_folder
	tar -C root -cf root.tar .
}

root_folder() {
	local i
	mkdir -p root/bin root/lib root/lib64 root/data
	cp "$(ls "$engines"/bin/busybox "$engines"/usr/bin/busybox 2>/dev/null |
		head -n 1)" root/bin
	for i in sh cat grep; do
		ln -s busybox root/bin/$i
	done
	cp -L "$foreign/usr/bin/redis-server" "$foreign/usr/bin/redis-cli" root/bin
	ldd root/bin/redis-server root/bin/redis-cli | awk '$2 == "=>" { print $3 }' |
		sort -u | xargs -I{} cp -L {} root/lib
	cp -L /lib64/ld-linux-x86-64.so.2 root/lib64
}

# clean: nothing runs, no control group is left
clean() {
	stop
	cd /
	find /sys/fs/cgroup -depth -type d -path "*/$group*" \
		-exec rmdir {} + 2>/dev/null
	grep -o " $top[^ ]*" /proc/mounts | sort -r | xargs -r umount -l
	rm -rf "$top"
}

# step NAME COMMAND... : a test
step() {
	local status
	"${@:2}" >"$top/why" 2>&1
	status=$?
	result $status "$1" || tail -n 15 "$top/why" | sed 's/^/# /'
	return $status
}
