# SPDX-License-Identifier: MIT
#
# Rules of crit-check, each by a change to a checkpoint that restores: by jq and
# crit-encode, or by bytes. A line has the rules that must fire (errors that are
# not in it may not), the checkpoint of test/check, and the change. check-rules.sh
# reads this.
#
#   e IMAGE FILTER     the document of an image, through jq
#   n IMAGE MAGIC JSON a new image with these entries
#   f ID FILTER        in files.img: the file of this id
#   v PID N FILTER     mapping N of mm-PID.img
#   stream FILTER      records, each through jq, are checked in its place

e() {
	# records have large numbers as strings, which jq does not round
	crit-decode "$1" | jq -cs "map(select(.magic)) | {magic: .[0].magic,
		entries: map(.entries[])} | $2" >"$work/doc" &&
		crit-encode -o "$1" <"$work/doc"
}

n() {
	printf '{"magic":"%s","entries":%s}' "$2" "$3" >"$work/doc" &&
		crit-encode -o "$1" <"$work/doc"
}

f() {
	e files.img "(.entries[] | select(.id == $1)) |= ($2)"
}

stream() {
	stream=$1
}

v() {
	e "mm-$1.img" "(.entries[0].vmas[$2]) |= ($3)"
}

fown='"fown":{"uid":0,"euid":0,"signum":0,"pid_type":0,"pid":0}'
sk='"opts":{"so_sndbuf":1,"so_rcvbuf":1,"so_snd_tmo_sec":0,"so_snd_tmo_usec":0,"so_rcv_tmo_sec":0,"so_rcv_tmo_usec":0}'

edits() {
	# any image
	t img-extra-records mut 'e mm-3004.img ".entries += .entries"'
	t img-required mut 'crit-decode core-3004.img | jq -c "del(.entries[0].tc.personality?)" >doc && crit-encode --allow-partial -o core-3004.img <doc; rm doc'
	t img-unknown-file mut 'echo x >notes.txt'
	t img-shadowed-old mut 'n reg-files.img REG_FILES "[{\"id\":1,\"flags\":0,\"pos\":0,$fown,\"name\":\"/x\"}]"'
	# inventory.img, stats, cpuinfo
	t inventory-version mut 'e inventory.img ".entries[0].img_version = 7"'
	t inventory-root-ids-missing mut 'e inventory.img "del(.entries[0].root_ids)"' utsns-missing ipcns-var-missing userns-missing timens-missing mnt-missing
	t inventory-root-cg-set-zero mut 'e inventory.img ".entries[0].root_cg_set = 0"' core-cg-set
	t inventory-lsm-type mut 'e inventory.img ".entries[0].lsmtype = 9"'
	t inventory-network-lock mut 'e inventory.img ".entries[0].network_lock_method = 3"'
	t inventory-plugins mut 'e inventory.img ".entries[0].plugins_entry.plugins = [\"amdgpu\"]"'
	t inventory-compress-block-size mut 'e inventory.img ".entries[0].compress_block_size = 8192"'
	t inventory-compress-block-size mut 'e inventory.img ".entries[0] += {compress: 1, compress_block_size: 5000}"'
	t opt-allow-uprobes mut 'e inventory.img ".entries[0].allow_uprobes = true"'
	t stats-record mut 'e stats-dump ".entries[0] = {}"'
	t cpuinfo-entry cpuinfo 'e cpuinfo.img ".entries[0].x86_entry += .entries[0].x86_entry"'
	# pstree.img
	t pstree-duplicate-pid mut 'e pstree.img ".entries += [.entries[5]]"'
	t pstree-multiple-roots mut 'e pstree.img ".entries[2].ppid = 0"'
	t pstree-root-dead mut 'e core-3001.img ".entries[0].tc.task_state = 2"'
	t pstree-thread-core-missing mut 'rm core-3003.img'
	t pstree-init-pidns mutct 'e ids-1.img ".entries[0].pid_ns_id = 1"; e ids-2.img ".entries[0].pid_ns_id = 1"; e ids-3.img ".entries[0].pid_ns_id = 1"'
	t pstree-root-not-init mut 'for p in 3001 3004 3005 3007 3008; do e ids-$p.img ".entries[0].pid_ns_id = 77"; done'
	t pstree-root-sid-init mutct 'e pstree.img ".entries[0] += {sid: 5}"' pstree-pgid-session
	t pstree-born-sid-conflict mut 'e pstree.img "(.entries[] | select(.pid == 3008)).ppid = 3004 | .entries += [{pid: 3010, ppid: 3004, pgid: 3010, sid: 3001, threads: [3010]}] | (.entries[] | select(.pid == 3004)).sid = 3004 | (.entries[] | select(.pid == 3010)) |= . | .entries += [{pid: 3011, ppid: 3004, pgid: 3011, sid: 3005, threads: [3011]}]"' pstree-core-missing pstree-sid-unreachable
	# ids-PID.img
	t ids-ns-zero mut 'e ids-3004.img ".entries[0].uts_ns_id = 0"' ids-subns
	t ids-shared-files-nonparent mut 'e ids-3007.img ".entries[0].files_id = 4"'
	t ids-shared-vm mut 'e ids-3007.img ".entries[0].vm_id = 2"'
	# core-PID.img
	t core-mtype-unknown mut 'for c in core-*.img; do e $c ".entries[0].mtype = 77"; done'
	t core-mtype-mixed mut 'e core-3007.img ".entries[0].mtype = 3"' core-thread-info-missing
	t core-exit-code mut 'e core-3006.img ".entries[0].tc.exit_code = 17"'
	t core-sigactions-count mut 'e core-3004.img ".entries[0].tc.sigactions |= .[:60]"'
	t core-creds-missing mut 'e core-3004.img "del(.entries[0].thread_core.creds)"'
	t core-rlimits-count mut 'e core-3004.img ".entries[0].tc.rlimits.rlimits |= . + .[:1]"'
	t core-rlimit-order mut 'e core-3004.img ".entries[0].tc.rlimits.rlimits[0] = {cur: 5, max: 4}"'
	t core-stop-signo mut 'e core-3004.img ".entries[0].tc.stop_signo = 65"'
	t core-comm-len mut 'e core-3004.img ".entries[0].tc.comm = \"0123456789abcdef\""'
	t core-compat-mixed mut 'e core-3003.img ".entries[0].thread_info.gpregs.mode = \"COMPAT\" | .entries[0].thread_core.futex_rla_len = 12"'
	t core-pdeath-sig mut 'e core-3004.img ".entries[0].thread_core.pdeath_sig = 65"'
	t core-robust-list-len mut 'e core-3004.img ".entries[0].thread_core.futex_rla_len = 20"'
	t core-robust-list-unmapped mut 'e core-3004.img ".entries[0].thread_core.futex_rla = 4096"'
	t core-thread-core-missing mut 'e core-3003.img "del(.entries[0].thread_core)"'
	t core-rseq mut 'e core-3004.img ".entries[0].thread_core.rseq_entry = {rseq_abi_pointer: 16, rseq_abi_size: 32, signature: 1}"'
	t core-rseq mut 'e core-3004.img ".entries[0].thread_core.rseq_entry = {rseq_abi_pointer: 32, rseq_abi_size: 8, signature: 1}"'
	t core-seccomp-filter mut 'e core-3004.img ".entries[0].thread_core += {seccomp_mode: \"filter\", seccomp_filter: 9}"'
	t core-seccomp-missing mut 'e core-3004.img ".entries[0].thread_core += {seccomp_mode: \"filter\"}"; rm seccomp.img'
	t core-ip-not-exec mut 'e core-3004.img ".entries[0].thread_info.gpregs.ip = 8192"'
	t core-sp-unmapped mut 'e core-3004.img ".entries[0].thread_info.gpregs.sp = 8192"'
	timer='{it_id: 1, clock_id: 1, si_signo: 10, it_sigev_notify: 0, sival_ptr: 0, overrun: 0, isec: 1, insec: 0, vsec: 1, vnsec: 0}'
	t core-posix-timer-duplicate mut "e core-3004.img '.entries[0].tc.timers.posix = [$timer, $timer]'"
	t core-posix-timer-range mut "e core-3004.img '.entries[0].tc.timers.posix = [$timer | .insec = 1000000000]'"
	t core-siginfo-signo mut 'e core-3004.img ".entries[0].tc.signals_s.signals = [{siginfo: \"$(head -c 128 /dev/zero | base64 -w0)\"}]"'
	# mm-PID.img and mappings
	t mm-auxv-odd mut 'e mm-3004.img ".entries[0].mm_saved_auxv |= .[:21]"'
	t mm-dumpable mut 'e mm-3004.img ".entries[0].dumpable = 3"'
	t mm-vmas-missing mut 'e mm-3007.img "del(.entries[0].vmas)"' pagemap-vma
	t vma-empty mut 'v 3004 0 ".end = .start"' pagemap-vma
	t vma-unaligned mut 'v 3004 0 ".end -= 1"'
	t vma-guard-order mut 'e mm-3004.img ".entries[0].vmas |= [.[1] | .status = 65537] + ."' vma-guard-uncovered
	t vma-guard-uncovered mut 'e mm-3004.img ".entries[0].vmas += [{start: 4096, end: 8192, pgoff: 0, shmid: 0, prot: 0, flags: 34, status: 65536, fd: -1}]"'
	t vma-status-unknown mut 'v 3004 5 ".status += 16"'
	t vma-prot-bits mut 'v 3004 5 ".prot = 11"'
	t vma-pgoff-unaligned mut 'v 3004 0 ".pgoff = 5"'
	t vma-madv mut 'v 3004 5 ".madv = 8"'
	t vma-aioring-no-entry mut 'v 3004 5 ".status = 8193"'
	t vma-uprobes mut 'v 3004 5 ".status += 131072"'
	t vma-ext-plugin mut 'v 3004 5 ".status += 134217728"'
	t vma-vvar-without-vdso mut 'e mm-3004.img "(.entries[0].vmas[] | select(.status % 16 >= 8)).status -= 8"'
	t vma-file-beyond-size mut 'v 3004 0 ".pgoff = 1048576"'
	t vma-sysvipc-hole mutct 'e mm-1.img "(.entries[0].vmas[] | select(.status / 1024 % 2 >= 1)).pgoff = 4096"'
	# pagemaps
	t pagemap-flags-unknown mut 'e pagemap-3004.img ".entries[1].flags = 20"'
	t pagemap-no-data mut 'e pagemap-3004.img ".entries[1].flags = 0"'
	t pagemap-compat mut 'e pagemap-3004.img ".entries[1] |= (.compat_nr_pages = 77)"'
	t pagemap-huge-entry mut 'e pagemap-3004.img ".entries[-1].nr_pages = 2199023255552"'
	t pages-id-shared mut 'e pagemap-3005.img ".entries[0].pages_id = 4 | .entries[1:] |= .[1:]"'
	t pagemap-blocks mut 'e pagemap-3004.img ".entries[1].blocks = {block_sizes: [], total_payload_size: 0, pages_per_block: 0}"' pages-trailing
	t pagemap-blocks-sum mut 'e pagemap-3004.img "(.entries[1].blocks = {block_sizes: [10], total_payload_size: 11, pages_per_block: .entries[1].nr_pages})"' pages-trailing
	t shmem-range mut 'e pagemap-shmem-10160.img ".entries[1].vaddr = 8192"'
	t parent-absolute mutinc 'rm parent && ln -s "$PWD/par" parent'
	t parent-head mutinc 'tail -c +5 par/pagemap-3004.img >cut && mv cut par/pagemap-3004.img'
	# files
	t files-id-zero mut 'f 19 ".id = 0 | .efd.id = 0"; for i in fdinfo-*; do e $i "(.entries[] | select(.id == 19)).id = 0"; done'
	t files-member-extra mut 'f 19 ".tty = {id: 19, tty_info_id: 0, flags: 0, fown: .efd.fown}"' tty-info-missing tty-regf-missing
	t files-member-missing mut 'f 19 "del(.efd)"'
	t file-fown mut 'f 19 ".efd.fown += {pid: 3001, pid_type: 3}"'
	t file-fown mut 'f 19 ".efd.fown += {pid: 3001, signum: 65}"'
	t ext-file-plugin mut "e files.img '.entries += [{type: \"EXT\", id: 90, ext: {id: 90, $fown}}]'"
	t reg-ext mut 'f 4 ".reg.ext = true"'
	t reg-name-relative mut 'f 4 ".reg.name = \"plain\""'
	t reg-pos mut 'f 11 ".reg.pos = \"9223372036854775808\""'
	t fdinfo-duplicate-fd mut 'e fdinfo-2.img ".entries += [.entries[5]]"'
	t fdinfo-flags mut 'e fdinfo-2.img ".entries[5].flags = 2"'
	t fdinfo-missing mut 'rm fdinfo-5.img'
	t fs-missing mut 'rm fs-3004.img'
	t fs-umask mut 'e fs-3004.img ".entries[0].umask = 4096"'
	t fifo-regf-missing mut 'f 12 ".fifo.regf_id = 99"'
	t pipe-data-duplicate mut 'e pipes-data.img ".entries += .entries"'
	t pipe-data-size-odd mut 'e pipes-data.img ".entries[0].size = 5000"'
	t remap-duplicate mut 'e remap-fpath.img ".entries += .entries"'
	t remap-linked-missing mut 'e remap-fpath.img ".entries += [{orig_id: 11, remap_id: 99, remap_type: \"LINKED\"}]"'
	t opt-link-remap mut 'e remap-fpath.img ".entries += [{orig_id: 11, remap_id: 4, remap_type: \"LINKED\"}]"'
	t remap-procfs-pid mut 'e remap-fpath.img ".entries += [{orig_id: 11, remap_id: 3003, remap_type: \"PROCFS\"}]"'
	t ghost-mode mut 'e ghost-file-1.img ".entries[0].mode = 420"'
	t ghost-reg-size mut 'e ghost-file-1.img ".entries[0].extra = \"Z2g=\""'
	t ghost-chunks-size ghostsparse 'e ghost-file-1.img "del(.entries[0].size)"' ghost-reg-size
	t ghost-chunk-range ghostsparse 'e ghost-file-1.img ".entries[1].off = 1000000000000"'
	t ghost-chunk-order ghostsparse 'e ghost-file-1.img ".entries[2].off = 0"'
	# sockets
	t unix-peer-missing mut 'f 14 ".usk.peer = 5"' unix-peer-order unix-peer-unnamed unix-peer-not-listening
	t unix-peer-type mut 'f 14 ".usk.type = 5"'
	t unix-name-len mut 'f 18 ".usk.name = \"=00$(printf %0120d 0)\""'
	t unix-name-duplicate mut 'f 16 ".usk.name = \"=00bigsock\""'
	t unix-plugin mut 'f 18 ".usk.uflags = 4"'
	t unix-state mut 'f 18 ".usk.state = 3"'
	t unix-mnt-id mutct "e files.img '.entries += [{type: \"UNIXSK\", id: 90, usk: {id: 90, ino: 5, type: 2, state: 7, flags: 0, uflags: 1, backlog: 0, peer: 0, $fown, $sk, name: \"\", mnt_id: 5}}]'"
	t opt-ext-unix-sk mut 'f 16 ".usk.uflags = 1"'
	t skq-scm-count mut 'e sk-queues.img ".entries[1].scm |= . + ."'
	t inet-port mutct 'f 3 ".isk.src_port = 70000"'
	t inet-state mutct 'f 3 ".isk.state = 13"'
	t inet-type mutct 'f 3 ".isk.type = 4"'
	t inet-ifname mutct 'f 3 ".isk.ifname = \"eth9\""'
	t tcp-unsq-missing mutct 'e tcp-stream-48f613.img "del(.entries[0].unsq_len)"'
	t tcp-unsq-range mutct 'e tcp-stream-48f613.img ".entries[0].unsq_len = 5"'
	t packet-ifindex mutct 'f 6 ".psk.ifindex = 9"'
	t packet-ns mutct 'f 6 ".psk.ns_id = 99"'
	t netlink-ns mutct 'f 7 ".nlsk.ns_id = 99"'
	t netlink-groups mutct 'f 7 ".nlsk.groups = [1, 2]"'
	# files of events
	t epoll-self mut 'f 23 ".epfd.tfd[0].tfd = 17"'
	t epoll-tfd-id mut 'f 23 ".epfd.tfd[0].id = 5"'
	t epoll-tfd-type mut 'f 23 ".epfd.tfd[0].tfd = 6"'
	t epoll-tfd-owner oldstyle true
	t inotify-handle mut 'f 22 "del(.ify.wd[0].f_handle.path) | .ify.wd[0].f_handle.bytes = 0"'
	t inotify-mask mut 'f 22 ".ify.wd[0].mask = 4096"'
	t inotify-wd-duplicate mut 'f 22 ".ify.wd |= . + (. | map(.i_ino = 5))"'
	t inotify-wd-id mut 'f 22 ".ify.wd[0].id = 9"'
	t inotify-mark-owner oldstyle true
	t fanotify-mark-type fanotify 'e files.img "(.entries[] | select(.ffy)).ffy.mark[0].type = 3"'
	t fanotify-mark-member fanotify 'e files.img "(.entries[] | select(.ffy)).ffy.mark[0] |= (.type = \"INODE\" | del(.ie))"'
	t fanotify-mark-mount fanotify 'e files.img "(.entries[] | select(.ffy)).ffy.mark[0] |= (.type = \"MOUNT\" | .me = {mnt_id: 5})"'
	t fanotify-mark-owner oldstyle 'n fanotify-mark.img FANOTIFY_MARK "[{\"id\":9,\"type\":1,\"mflags\":0,\"mask\":1,\"ignored_mask\":0,\"s_dev\":1,\"ie\":{\"i_ino\":1,\"f_handle\":{\"bytes\":8,\"type\":1}}}]"'
	t timerfd-clock mut 'f 20 ".tfd.clockid = 2"'
	t signalfd-kill mut 'f 21 ".sgfd.sigmask = 256"'
	# memfd.img, terminals, locks, BPF maps
	t memfd-seals mut 'e memfd.img ".entries[1].seals = 64"'
	t memfd-shmid-shared mut 'e memfd.img ".entries[1] += {shmid: 10159, size: 65536}"'
	t tty-info-id-range mutct 'e tty-info.img ".entries[0].id = 4001 | .entries[1].id = 4000 | .entries[].pty.index = 2000"; e tty-data.img ".entries[0].tty_id = 4001"; f 10 ".tty.tty_info_id = 4001"; f 16 ".tty.tty_info_id = 4000"'
	t tty-info-type mutct 'e tty-info.img ".entries[0].type = 9 | del(.entries[0].pty)"'
	t tty-rdev mutct 'e tty-info.img ".entries[0].rdev = 2304"'
	t tty-sid mutct 'e tty-info.img ".entries[0].sid = 77"'
	lock='{flag: 2, type: 1, pid: 3001, fd: 6, start: 0, len: 0}'
	t lock-fd mut "n filelocks.img FILE_LOCKS '[]'; e filelocks.img '.entries = [$lock | .fd = 99]'"
	t lock-type mut "n filelocks.img FILE_LOCKS '[]'; e filelocks.img '.entries = [$lock | .type = 3]'"
	t bpf-data-missing bpf 'rm bpfmap-data.img'
	t bpf-data-orphan bpf 'e bpfmap-data.img ".entries[0].map_id = 77"'
	t bpf-data-size bpf 'e files.img "(.entries[] | select(.bpf)).bpf.max_entries = 0"'
	t bpf-map-type bpf 'e files.img "(.entries[] | select(.bpf)).bpf.map_type = 5"'
	# control groups, seccomp, AppArmor
	cg='{sets: [{id: 1, ctls: [{name: \"cpu\", path: \"/a\"}]}], controllers: [{cnames: [\"cpu\"]}]}'
	t cgroup-set-duplicate mut "n cgroup.img CGROUP [{}]; e cgroup.img \".entries[0] = $cg | .entries[0].sets |= . + .\""
	t cgroup-controller-empty mut "n cgroup.img CGROUP [{}]; e cgroup.img \".entries[0] = $cg | .entries[0].controllers += [{}]\""
	t cgroup-member-controller mut "n cgroup.img CGROUP [{}]; e cgroup.img \".entries[0] = $cg | .entries[0].sets[0].ctls[0].name = \\\"pids\\\"\""
	t cgroup-cgns-prefix mut "n cgroup.img CGROUP [{}]; e cgroup.img \".entries[0] = $cg | .entries[0].sets[0].ctls[0].cgns_prefix = 3\""
	t cgroup-set-controllers mut "n cgroup.img CGROUP [{}]; e cgroup.img \".entries[0] = $cg | .entries[0].sets += [{id: 2, ctls: []}]\""
	t seccomp-filter-size mut 'e seccomp.img ".entries[0].seccomp_filters = [{filter: \"\"}]"'
	t apparmor-name mut 'n apparmor.img APPARMOR "[{\"namespaces\":[{\"name\":\"\"}]}]"'
	# namespaces
	t timens-range mut 'e timens-0.img ".entries[0].boottime.tv_nsec = 1000000000"'
	user='for p in 1 2 3; do e ids-$p.img ".entries[0].user_ns_id = 70"; done'
	t userns-empty mutct "$user; n userns-70.img USERNS '[{}]'"
	t userns-extent mutct "$user; n userns-70.img USERNS '[{\"uid_map\":[{\"first\":0,\"lower_first\":0,\"count\":0}],\"gid_map\":[{\"first\":0,\"lower_first\":0,\"count\":9}]}]'"
	t userns-overlap mutct "$user; n userns-70.img USERNS '[{\"uid_map\":[{\"first\":0,\"lower_first\":0,\"count\":5},{\"first\":4,\"lower_first\":9,\"count\":5}],\"gid_map\":[{\"first\":0,\"lower_first\":0,\"count\":9}]}]'"
	t ipc-id-duplicate mutct 'e ipcns-sem-11.img ".entries |= . + (. | map(.desc.key = 7))"'
	t ipc-msg-count mutct 'stream "if .image == \"ipcns-msg-11.img\" then .entries[0].qnum = 2 else . end"'
	t ipc-msg-size mutct 'e ipcns-msg-11.img ".entries[0].extra = [{mtype: 1, msize: 9000}, \"$(head -c 9000 /dev/zero | base64 -w0)\"]"'
	t ipc-msg-qbytes mutct 'e ipcns-var-11.img ".entries[0].msg_ctlmnb = 4"'
	t ipc-sem-count mutct 'stream "if .image == \"ipcns-sem-11.img\" then .entries[0].nsems = 4 else . end"'
	# mounts
	t mnt-bind-source mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/mnt\")).root_dev = 77"'
	t mnt-ext-both mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/mnt\")) += {ext_mount: true, ext_key: \"K\"}"'
	t mnt-fsname mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/mnt\")).fsname = \"ext4\""'
	t mnt-path mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/mnt\")).root = \"a\""'
	t mnt-master-missing mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/dev\")).master_id = 55"'
	t opt-enable-external-masters mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/\")).master_id = 55"'
	t mnt-sharing-parents mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/dev\")).master_id = 7 | (.entries[] | select(.mountpoint == \"/tmp\")) += {shared_id: 7, master_id: 0} | (.entries[] | select(.mountpoint == \"/mnt\")) += {shared_id: 7, master_id: 7}"'
	t mnt-tmpfs-missing mutct 'rm tmpfs-dev-45.tar.gz.img'
	auto='e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/proc\")) += {fstype: 18, root_dev: 60}"'
	t autofs-pgrp mutct "$auto; n autofs-60.img AUTOFS '[{\"fd\":3,\"pgrp\":99,\"timeout\":0,\"minproto\":5,\"maxproto\":5,\"mode\":0}]'"
	t autofs-fd mutct "$auto; n autofs-60.img AUTOFS '[{\"fd\":99,\"pgrp\":1,\"timeout\":0,\"minproto\":5,\"maxproto\":5,\"mode\":0}]'"
	# networks
	t netdev-loopback mutct 'e netdev-10.img ".entries[0].type = \"EXTLINK\""'
	t netdev-master-missing mutct 'e netdev-10.img ".entries[1].master = 9"'
	t netdev-name-duplicate mutct 'e netdev-10.img ".entries += [.entries[1] | .ifindex = 5]"'
	t netdev-sit-missing mutct 'e netdev-10.img ".entries += [.entries[0] | .ifindex = 5 | .name = \"sit0\" | .type = \"SIT\"]"'
	t netdev-type mutct 'e netdev-10.img ".entries += [.entries[0] | .ifindex = 5 | .name = \"x\" | .type = 9]"'
	t net-ct-trunc mutct 'printf "\\050\\0\\0\\0abcd" >netns-ct-10.img'
	t opt-deprecated mut 'n itimers-3004.img ITIMERS "[{\"isec\":0,\"iusec\":0,\"vsec\":0,\"vusec\":0}]"'
}

# What --host finds: h RULE CHECKPOINT CHANGE [OPTION]...; `run` runs crit-check.
host_edits() {
	local self=$$ crit real=$work/real
	crit=$(command -v crit-check)
	session=$(ps -o sid= -p $$ | tr -d ' ')
	printf 0123456789 >"$real"
	chmod 644 "$real"
	h host-arch mut 'for c in core-*; do e $c ".entries[0].mtype = \"S390\""; done'
	h host-cgroup-controller mut 'n cgroup.img CGROUP "[{\"controllers\":[{\"cnames\":[\"nonsuch\"]}]}]"'
	h host-cpuinfo mut 'e core-3004.img ".entries[0].thread_info.fpregs.xsave.xstate_bv = \"1099511627776\""'
	h host-cpuinfo cpuinfo 'e cpuinfo.img ".entries[0].x86_entry[0].xfeatures_mask = \"1099511627776\""'
	h host-criu-version mut true
	h host-external-key mutct true --allow 'external=mnt[NOPE]:/x'
	h host-external-key mutct true --allow 'inherit-fd=fd[3]:NOPE'
	h host-file-missing mut true
	h host-file-size mut 'f 4 ".reg.name = \"$real\" | .reg.size = 11"'
	h host-file-mode mut 'f 4 ".reg.name = \"$real\" | .reg.size = 10 | .reg.mode = 33279"'
	h host-file-build-id mut 'f 1 ".reg.name = \"$(realpath "$BASH")\" | .reg.size = $(stat -Lc %s "$BASH")"'
	h host-ghost-dir mut true
	h host-ghost-leftover mut 'f 10 ".reg.name = \"$work/gone\""; : >"$work/gone.cr.1.ghost"'
	h host-hugepages mut 'v 3004 5 ".flags = 2013528098"'
	h host-id-map mutct "$user; n userns-70.img USERNS '[{\"uid_map\":[{\"first\":0,\"lower_first\":4294967290,\"count\":6}]}]'"
	h host-last-cap mut 'e core-3004.img ".entries[0].thread_core.creds.cap_prm = [0, 4294967295]"'
	h host-link-remap mut 'e remap-fpath.img ".entries += [{orig_id: 11, remap_id: 4, remap_type: \"LINKED\"}]"'
	h host-lsm mut 'e inventory.img ".entries[0].lsmtype = \"SELINUX\""; e core-3004.img ".entries[0].thread_core.creds.lsm_profile = \"x\""'
	h host-memory mut 'e pagemap-3004.img ".entries[1].nr_pages = 274877906944"'
	h host-mount-source mutct 'e mountpoints-13.img "(.entries[] | select(.mountpoint == \"/proc\")).fstype = 13"'
	h host-netdev mut 'f 14 ".usk.opts.so_bound_dev = \"nodev0\""'
	h host-nr-open mut 'e fdinfo-2.img ".entries[-1].fd = 2147483647"'
	h host-page-size mut 'v 3004 0 ".start -= 512"'
	h host-pid-max mut 'e pstree.img ".entries[5].pid = 4194304"'
	h host-pid-used mut 'e pstree.img ".entries[5].pgid = $self"'
	h host-port-used socktcp 'e files.img "(.entries[] | select(.isk.dst_port // 0 > 0)).isk.src_addr = [1]"'
	h host-root-dir mutct true --allow "root=$work"
	h host-root-dir mutct true --allow root=/proc
	h host-root-dir mutct true --allow root=/nonsuch
	h host-shell-job-clash mut 'e pstree.img ".entries[0].sid = $session"' --allow shell-job
	h host-shm-limit mutct 'e ipcns-sem-11.img "(.entries[0] | .nsems = 0 | .extra = []) as \$e | .entries = [range(32769) | \$e]"'
	h host-task-size mut 'v 3004 -2 ".end = \"144115188075855872\""'
	h host-unix-name mut 'f 18 ".usk.name = \"$real\""'
	# a kernel of the name 2.6
	run=(setarch "$(uname -m)" --uname-2.6)
	h host-kernel-feature mut true
	# without programs
	run=(env PATH=/nonsuch)
	h host-net-tools mutct true
	h host-tmpfs-tar mutct true
	# as a user, who cannot write gcov's counters
	run=()
	[ "$(id -u)" != 0 ] || run=(env GCOV_ERROR_FILE=/dev/null
		setpriv --reuid 65534 --regid 65534 --clear-groups)
	h host-capability mut 'stream=.'
	h host-mmap-min-addr mut 'v 3004 0 ".start = 0"; stream=.'
	run=()
}
