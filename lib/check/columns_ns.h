/* SPDX-License-Identifier: MIT
 *
 * Which fields of namespaces are kept, and how. See rows.h.
 */
#ifndef CRIT_CHECK_COLUMNS_NS_H
#define CRIT_CHECK_COLUMNS_NS_H

#include "check/rows_ns.h"

static const struct column utsns_columns[] = {
	COLUMN(utsns, nodename, TEXT), COLUMN(utsns, domainname, TEXT),
};

static const struct column ipc_var_columns[] = {
	COLUMN(ipc_var, msg_ctlmnb, VALUE),
};

static const struct column ipc_desc_columns[] = {
	COLUMN(ipc_desc, key, VALUE), COLUMN(ipc_desc, id, VALUE),
};

static const struct column shm_columns[] = {
	COLUMN(shm, desc, ROW), COLUMN(shm, size, VALUE),
	COLUMN(shm, in_pagemaps, VALUE),
};

static const struct column sem_columns[] = {
	COLUMN(sem, desc, ROW), COLUMN(sem, nsems, VALUE),
	COLUMN(sem, extra, COUNT),
};

static const struct column msg_columns[] = {
	COLUMN(msg, desc, ROW), COLUMN(msg, qnum, VALUE),
	COLUMN(msg, extra, ROWS),
};

static const struct column msg_text_columns[] = {
	COLUMN(msg_text, mtype, VALUE), COLUMN(msg_text, msize, VALUE),
};

static const struct column timens_columns[] = {
	COLUMN(timens, monotonic, ROW), COLUMN(timens, boottime, ROW),
};

static const struct column timespec_row_columns[] = {
	COLUMN(timespec_row, tv_sec, VALUE),
	COLUMN(timespec_row, tv_nsec, VALUE),
};

static const struct column userns_columns[] = {
	COLUMN(userns, uid_map, ROWS), COLUMN(userns, gid_map, ROWS),
};

static const struct column extent_columns[] = {
	COLUMN(extent, first, VALUE), COLUMN(extent, lower_first, VALUE),
	COLUMN(extent, count, VALUE),
};

static const struct column pidns_columns[] = {
	COLUMN(pidns, ext_key, TEXT),
};

static const struct column mnt_columns[] = {
	COLUMN(mnt, fstype, VALUE), COLUMN(mnt, mnt_id, VALUE),
	COLUMN(mnt, root_dev, VALUE), COLUMN(mnt, parent_mnt_id, VALUE),
	COLUMN(mnt, root, TEXT), COLUMN(mnt, mountpoint, TEXT),
	COLUMN(mnt, shared_id, VALUE), COLUMN(mnt, master_id, VALUE),
	COLUMN(mnt, with_plugin, VALUE), COLUMN(mnt, ext_mount, VALUE),
	COLUMN(mnt, fsname, TEXT), COLUMN(mnt, ext_key, TEXT),
};

static const struct column autofs_columns[] = {
	COLUMN(autofs, fd, VALUE), COLUMN(autofs, pgrp, VALUE),
	COLUMN(autofs, read_fd, VALUE),
};

static const struct column netns_columns[] = {
	COLUMN(netns, nsids, ROWS), COLUMN(netns, ext_key, TEXT),
};

static const struct column nsid_columns[] = {
	COLUMN(nsid, target_ns_id, VALUE),
};

static const struct column netdev_columns[] = {
	COLUMN(netdev, type, VALUE), COLUMN(netdev, ifindex, VALUE),
	COLUMN(netdev, name, TEXT), COLUMN(netdev, tun, VALUE),
	COLUMN(netdev, conf, COUNT), COLUMN(netdev, conf4, COUNT),
	COLUMN(netdev, conf6, COUNT), COLUMN(netdev, macvlan, VALUE),
	COLUMN(netdev, peer_nsid, VALUE), COLUMN(netdev, master, VALUE),
	COLUMN(netdev, sit, VALUE),
};

#endif
