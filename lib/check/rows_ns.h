/* SPDX-License-Identifier: MIT
 *
 * Rows of namespaces: mounts, network, IPC and so on. See rows.h.
 */
#ifndef CRIT_CHECK_ROWS_NS_H
#define CRIT_CHECK_ROWS_NS_H

#include "check/rows.h"

struct utsns {
	struct row row;
	uint64_t nodename, domainname;
};

struct ipc_var {
	struct row row;
	uint64_t msg_ctlmnb;
};

struct ipc_desc {
	struct row row;
	uint64_t key, id;
};

struct shm {
	struct row row;
	uint64_t desc, size, in_pagemaps;
};

struct sem {
	struct row row;
	uint64_t desc, nsems, extra;
};

struct msg {
	struct row row;
	uint64_t desc, qnum, extra;
};

struct msg_text {
	struct row row;
	uint64_t mtype, msize;
};

struct timens {
	struct row row;
	uint64_t monotonic, boottime;
};

struct timespec_row {
	struct row row;
	uint64_t tv_sec, tv_nsec;
};

struct userns {
	struct row row;
	uint64_t uid_map, gid_map;
};

struct extent {
	struct row row;
	uint64_t first, lower_first, count;
};

struct pidns {
	struct row row;
	uint64_t ext_key;
};

struct mnt {
	struct row row;
	uint64_t fstype, mnt_id, root_dev, parent_mnt_id, root, mountpoint;
	uint64_t shared_id, master_id, with_plugin, ext_mount, fsname, ext_key;
};

struct autofs {
	struct row row;
	uint64_t fd, pgrp, read_fd;
};

struct netns {
	struct row row;
	uint64_t nsids, ext_key;
};

struct nsid {
	struct row row;
	uint64_t target_ns_id;
};

struct netdev {
	struct row row;
	uint64_t type, ifindex, name, tun, conf, conf4, conf6, macvlan;
	uint64_t peer_nsid, master, sit;
};

#endif
