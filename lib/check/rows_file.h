/* SPDX-License-Identifier: MIT
 *
 * Rows of descriptors, files and what other images tell of them. See rows.h.
 * The id is the first slot of each kind of file, so that struct file_row fits
 * all of them.
 */
#ifndef CRIT_CHECK_ROWS_FILE_H
#define CRIT_CHECK_ROWS_FILE_H

#include "check/rows.h"

struct fdinfo {
	struct row row;
	uint64_t id, flags, type, fd;
};

/* member: the row of the last one that is there. There are as many columns for
 * it as enum fd_types has types, in that order: `seen` says which are there. */
struct file_entry {
	struct row row;
	uint64_t type, id, member;
};

struct fs {
	struct row row;
	uint64_t cwd_id, root_id, umask;
};

struct fown {
	struct row row;
	uint64_t signum, pid_type, pid;
};

struct sk_opts {
	struct row row;
	uint64_t so_bound_dev;
};

struct file_row {
	struct row row;
	uint64_t id;
};

struct reg {
	struct row row;
	uint64_t id, flags, pos, fown, name, mnt_id, size, ext, mode, build_id;
};

struct inetsk {
	struct row row;
	uint64_t id, ino, family, type, proto, state, src_port, dst_port;
	uint64_t src_addr, dst_addr, fown, opts, ifname, ns_id;
};

struct ns_file {
	struct row row;
	uint64_t id, ns_id, ns_cflag;
};

struct packetsk {
	struct row row;
	uint64_t id, ifindex, mclist, fown, opts, ns_id;
};

struct mclist {
	struct row row;
	uint64_t addr;
};

struct netlinksk {
	struct row row;
	uint64_t id, portid, groups, fown, opts, ns_id;
};

struct eventfd_row {
	struct row row;
	uint64_t id, fown, counter;
};

struct eventpoll {
	struct row row;
	uint64_t id, fown, tfd;
};

struct tfd {
	struct row row;
	uint64_t id, tfd;
};

struct signalfd_row {
	struct row row;
	uint64_t id, fown, sigmask;
};

struct tunf {
	struct row row;
	uint64_t id, netdev, ns_id;
};

struct timerfd_row {
	struct row row;
	uint64_t id, fown, clockid, vnsec, insec;
};

struct inotify {
	struct row row;
	uint64_t id, fown, wd;
};

struct wd {
	struct row row;
	uint64_t id, i_ino, mask, s_dev, wd, f_handle;
};

struct fanotify {
	struct row row;
	uint64_t id, fown, mark;
};

struct mark {
	struct row row;
	uint64_t id, type, ie, me;
};

struct inode_mark {
	struct row row;
	uint64_t f_handle;
};

struct mount_mark {
	struct row row;
	uint64_t mnt_id, path;
};

struct handle {
	struct row row;
	uint64_t bytes, handle, path, mnt_id;
};

struct ext {
	struct row row;
	uint64_t id, fown;
};

struct unixsk {
	struct row row;
	uint64_t id, ino, type, state, uflags, peer, fown, opts, name, shutdown;
	uint64_t name_dir, deleted, ns_id, mnt_id;
};

struct fifo {
	struct row row;
	uint64_t id, pipe_id, regf_id;
};

struct pipe_row {
	struct row row;
	uint64_t id, pipe_id, fown;
};

struct tty {
	struct row row;
	uint64_t id, tty_info_id, fown, regf_id;
};

struct memfd {
	struct row row;
	uint64_t id, fown, inode_id;
};

struct bpf {
	struct row row;
	uint64_t id, fown, map_type, key_size, value_size, map_id, max_entries;
};

struct pidfd {
	struct row row;
	uint64_t id, ino, nspid, fown;
};

struct pipe_data {
	struct row row;
	uint64_t pipe_id, bytes, size;
};

struct packet {
	struct row row;
	uint64_t id_for, length, scm;
};

struct scm {
	struct row row;
	uint64_t type, rights;
};

struct tcp {
	struct row row;
	uint64_t inq_len, outq_len, opt_mask, rcv_wscale, timestamp, unsq_len;
};

struct ghost {
	struct row row;
	uint64_t mode, dev, ino, rdev, chunks, size, symlnk_target, extra;
};

struct chunk {
	struct row row;
	uint64_t len, off;
};

struct remap {
	struct row row;
	uint64_t orig_id, remap_id, remap_type;
};

struct memfd_inode {
	struct row row;
	uint64_t inode_id, name, size, shmid, seals, hugetlb_flag;
};

struct tty_info {
	struct row row;
	uint64_t id, type, locked, exclusive, packet_mode, sid, pgrp, rdev;
	uint64_t termios, termios_locked, winsize, pty, dev, uid, gid;
};

struct termios_row {
	struct row row;
	uint64_t c_iflag, c_oflag, c_cflag, c_lflag, c_line, c_ispeed, c_ospeed;
	uint64_t c_cc;
};

struct pty {
	struct row row;
	uint64_t index;
};

struct tty_data {
	struct row row;
	uint64_t tty_id;
};

struct bpf_data {
	struct row row;
	uint64_t map_id, keys_bytes, values_bytes, count;
};

struct lock {
	struct row row;
	uint64_t flag, type, pid, fd;
};

#endif
