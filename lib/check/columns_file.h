/* SPDX-License-Identifier: MIT
 *
 * Which fields of descriptors and files are kept, and how. See rows.h.
 */
#ifndef CRIT_CHECK_COLUMNS_FILE_H
#define CRIT_CHECK_COLUMNS_FILE_H

#include "check/rows_file.h"

static const struct column fdinfo_columns[] = {
	COLUMN(fdinfo, id, VALUE), COLUMN(fdinfo, flags, VALUE),
	COLUMN(fdinfo, type, VALUE), COLUMN(fdinfo, fd, VALUE),
};

#define MEMBER(name) \
	{ #name, (uint16_t)offsetof(struct file_entry, member), TAKE_ROW }
static const struct column file_entry_columns[] = {
	COLUMN(file_entry, type, VALUE), COLUMN(file_entry, id, VALUE),
	MEMBER(reg), MEMBER(pipe), MEMBER(fifo), MEMBER(isk), MEMBER(usk),
	MEMBER(efd), MEMBER(epfd), MEMBER(ify), MEMBER(sgfd), MEMBER(psk),
	MEMBER(tty), MEMBER(ffy), MEMBER(nlsk), MEMBER(nsf), MEMBER(tunf),
	MEMBER(ext), MEMBER(tfd), MEMBER(memfd), MEMBER(bpf), MEMBER(pidfd),
};
#undef MEMBER

static const struct column fs_columns[] = {
	COLUMN(fs, cwd_id, VALUE), COLUMN(fs, root_id, VALUE),
	COLUMN(fs, umask, VALUE),
};

static const struct column fown_columns[] = {
	COLUMN(fown, signum, VALUE), COLUMN(fown, pid_type, VALUE),
	COLUMN(fown, pid, VALUE),
};

static const struct column sk_opts_columns[] = {
	COLUMN(sk_opts, so_bound_dev, TEXT),
};

static const struct column reg_columns[] = {
	COLUMN(reg, id, VALUE), COLUMN(reg, flags, VALUE),
	COLUMN(reg, pos, VALUE), COLUMN(reg, fown, ROW),
	COLUMN(reg, name, TEXT), COLUMN(reg, mnt_id, VALUE),
	COLUMN(reg, size, VALUE), COLUMN(reg, ext, VALUE),
	COLUMN(reg, mode, VALUE), COLUMN(reg, build_id, LIST),
};

static const struct column inetsk_columns[] = {
	COLUMN(inetsk, id, VALUE), COLUMN(inetsk, ino, VALUE),
	COLUMN(inetsk, family, VALUE), COLUMN(inetsk, type, VALUE),
	COLUMN(inetsk, proto, VALUE), COLUMN(inetsk, state, VALUE),
	COLUMN(inetsk, src_port, VALUE), COLUMN(inetsk, dst_port, VALUE),
	COLUMN(inetsk, src_addr, LIST), COLUMN(inetsk, dst_addr, LIST),
	COLUMN(inetsk, fown, ROW), COLUMN(inetsk, opts, ROW),
	COLUMN(inetsk, ifname, TEXT), COLUMN(inetsk, ns_id, VALUE),
};

static const struct column ns_file_columns[] = {
	COLUMN(ns_file, id, VALUE), COLUMN(ns_file, ns_id, VALUE),
	COLUMN(ns_file, ns_cflag, VALUE),
};

static const struct column packetsk_columns[] = {
	COLUMN(packetsk, id, VALUE), COLUMN(packetsk, ifindex, VALUE),
	COLUMN(packetsk, mclist, ROWS), COLUMN(packetsk, fown, ROW),
	COLUMN(packetsk, opts, ROW), COLUMN(packetsk, ns_id, VALUE),
};

static const struct column mclist_columns[] = {
	COLUMN(mclist, addr, SIZE),
};

static const struct column netlinksk_columns[] = {
	COLUMN(netlinksk, id, VALUE), COLUMN(netlinksk, portid, VALUE),
	COLUMN(netlinksk, groups, COUNT), COLUMN(netlinksk, fown, ROW),
	COLUMN(netlinksk, opts, ROW), COLUMN(netlinksk, ns_id, VALUE),
};

static const struct column eventfd_row_columns[] = {
	COLUMN(eventfd_row, id, VALUE), COLUMN(eventfd_row, fown, ROW),
	COLUMN(eventfd_row, counter, VALUE),
};

static const struct column eventpoll_columns[] = {
	COLUMN(eventpoll, id, VALUE), COLUMN(eventpoll, fown, ROW),
	COLUMN(eventpoll, tfd, ROWS),
};

static const struct column tfd_columns[] = {
	COLUMN(tfd, id, VALUE), COLUMN(tfd, tfd, VALUE),
};

static const struct column signalfd_row_columns[] = {
	COLUMN(signalfd_row, id, VALUE), COLUMN(signalfd_row, fown, ROW),
	COLUMN(signalfd_row, sigmask, VALUE),
};

static const struct column tunf_columns[] = {
	COLUMN(tunf, id, VALUE), COLUMN(tunf, netdev, TEXT),
	COLUMN(tunf, ns_id, VALUE),
};

static const struct column timerfd_row_columns[] = {
	COLUMN(timerfd_row, id, VALUE), COLUMN(timerfd_row, fown, ROW),
	COLUMN(timerfd_row, clockid, VALUE),
	COLUMN(timerfd_row, vnsec, VALUE), COLUMN(timerfd_row, insec, VALUE),
};

static const struct column inotify_columns[] = {
	COLUMN(inotify, id, VALUE), COLUMN(inotify, fown, ROW),
	COLUMN(inotify, wd, ROWS),
};

static const struct column wd_columns[] = {
	COLUMN(wd, id, VALUE), COLUMN(wd, i_ino, VALUE),
	COLUMN(wd, mask, VALUE), COLUMN(wd, s_dev, VALUE),
	COLUMN(wd, wd, VALUE), COLUMN(wd, f_handle, ROW),
};

static const struct column fanotify_columns[] = {
	COLUMN(fanotify, id, VALUE), COLUMN(fanotify, fown, ROW),
	COLUMN(fanotify, mark, ROWS),
};

static const struct column mark_columns[] = {
	COLUMN(mark, id, VALUE), COLUMN(mark, type, VALUE),
	COLUMN(mark, ie, ROW), COLUMN(mark, me, ROW),
};

static const struct column inode_mark_columns[] = {
	COLUMN(inode_mark, f_handle, ROW),
};

static const struct column mount_mark_columns[] = {
	COLUMN(mount_mark, mnt_id, VALUE), COLUMN(mount_mark, path, TEXT),
};

static const struct column handle_columns[] = {
	COLUMN(handle, bytes, VALUE), COLUMN(handle, handle, COUNT),
	COLUMN(handle, path, TEXT), COLUMN(handle, mnt_id, VALUE),
};

static const struct column ext_columns[] = {
	COLUMN(ext, id, VALUE), COLUMN(ext, fown, ROW),
};

static const struct column unixsk_columns[] = {
	COLUMN(unixsk, id, VALUE), COLUMN(unixsk, ino, VALUE),
	COLUMN(unixsk, type, VALUE), COLUMN(unixsk, state, VALUE),
	COLUMN(unixsk, uflags, VALUE), COLUMN(unixsk, peer, VALUE),
	COLUMN(unixsk, fown, ROW), COLUMN(unixsk, opts, ROW),
	COLUMN(unixsk, name, TEXT), COLUMN(unixsk, shutdown, VALUE),
	COLUMN(unixsk, name_dir, TEXT), COLUMN(unixsk, deleted, VALUE),
	COLUMN(unixsk, ns_id, VALUE), COLUMN(unixsk, mnt_id, VALUE),
};

static const struct column fifo_columns[] = {
	COLUMN(fifo, id, VALUE), COLUMN(fifo, pipe_id, VALUE),
	COLUMN(fifo, regf_id, VALUE),
};

static const struct column pipe_row_columns[] = {
	COLUMN(pipe_row, id, VALUE), COLUMN(pipe_row, pipe_id, VALUE),
	COLUMN(pipe_row, fown, ROW),
};

static const struct column tty_columns[] = {
	COLUMN(tty, id, VALUE), COLUMN(tty, tty_info_id, VALUE),
	COLUMN(tty, fown, ROW), COLUMN(tty, regf_id, VALUE),
};

static const struct column memfd_columns[] = {
	COLUMN(memfd, id, VALUE), COLUMN(memfd, fown, ROW),
	COLUMN(memfd, inode_id, VALUE),
};

static const struct column bpf_columns[] = {
	COLUMN(bpf, id, VALUE), COLUMN(bpf, fown, ROW),
	COLUMN(bpf, map_type, VALUE), COLUMN(bpf, key_size, VALUE),
	COLUMN(bpf, value_size, VALUE), COLUMN(bpf, map_id, VALUE),
	COLUMN(bpf, max_entries, VALUE),
};

static const struct column pidfd_columns[] = {
	COLUMN(pidfd, id, VALUE), COLUMN(pidfd, ino, VALUE),
	COLUMN(pidfd, nspid, VALUE), COLUMN(pidfd, fown, ROW),
};

#endif
