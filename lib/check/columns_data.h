/* SPDX-License-Identifier: MIT
 *
 * Which fields of what other images tell of files are kept, and how. See rows.h.
 */
#ifndef CRIT_CHECK_COLUMNS_DATA_H
#define CRIT_CHECK_COLUMNS_DATA_H

#include "check/rows_file.h"

static const struct column pipe_data_columns[] = {
	COLUMN(pipe_data, pipe_id, VALUE), COLUMN(pipe_data, bytes, VALUE),
	COLUMN(pipe_data, size, VALUE),
};

static const struct column packet_columns[] = {
	COLUMN(packet, id_for, VALUE), COLUMN(packet, length, VALUE),
	COLUMN(packet, scm, ROWS),
};

static const struct column scm_columns[] = {
	COLUMN(scm, type, VALUE), COLUMN(scm, rights, LIST),
};

static const struct column tcp_columns[] = {
	COLUMN(tcp, inq_len, VALUE), COLUMN(tcp, outq_len, VALUE),
	COLUMN(tcp, opt_mask, VALUE), COLUMN(tcp, rcv_wscale, VALUE),
	COLUMN(tcp, timestamp, VALUE), COLUMN(tcp, unsq_len, VALUE),
};

static const struct column ghost_columns[] = {
	COLUMN(ghost, mode, VALUE), COLUMN(ghost, dev, VALUE),
	COLUMN(ghost, ino, VALUE), COLUMN(ghost, rdev, VALUE),
	COLUMN(ghost, chunks, VALUE), COLUMN(ghost, size, VALUE),
	COLUMN(ghost, symlnk_target, TEXT), COLUMN(ghost, extra, SIZE),
};

static const struct column chunk_columns[] = {
	COLUMN(chunk, len, VALUE), COLUMN(chunk, off, VALUE),
};

static const struct column remap_columns[] = {
	COLUMN(remap, orig_id, VALUE), COLUMN(remap, remap_id, VALUE),
	COLUMN(remap, remap_type, VALUE),
};

static const struct column memfd_inode_columns[] = {
	COLUMN(memfd_inode, inode_id, VALUE), COLUMN(memfd_inode, name, TEXT),
	COLUMN(memfd_inode, size, VALUE), COLUMN(memfd_inode, shmid, VALUE),
	COLUMN(memfd_inode, seals, VALUE),
	COLUMN(memfd_inode, hugetlb_flag, VALUE),
};

static const struct column tty_info_columns[] = {
	COLUMN(tty_info, id, VALUE), COLUMN(tty_info, type, VALUE),
	COLUMN(tty_info, locked, VALUE), COLUMN(tty_info, exclusive, VALUE),
	COLUMN(tty_info, packet_mode, VALUE), COLUMN(tty_info, sid, VALUE),
	COLUMN(tty_info, pgrp, VALUE), COLUMN(tty_info, rdev, VALUE),
	COLUMN(tty_info, termios, ROW), COLUMN(tty_info, termios_locked, ROW),
	COLUMN(tty_info, winsize, VALUE), COLUMN(tty_info, pty, ROW),
	COLUMN(tty_info, dev, VALUE), COLUMN(tty_info, uid, VALUE),
	COLUMN(tty_info, gid, VALUE),
};

static const struct column termios_row_columns[] = {
	COLUMN(termios_row, c_iflag, VALUE),
	COLUMN(termios_row, c_oflag, VALUE),
	COLUMN(termios_row, c_cflag, VALUE),
	COLUMN(termios_row, c_lflag, VALUE),
	COLUMN(termios_row, c_line, VALUE),
	COLUMN(termios_row, c_ispeed, VALUE),
	COLUMN(termios_row, c_ospeed, VALUE),
	COLUMN(termios_row, c_cc, COUNT),
};

static const struct column pty_columns[] = {
	COLUMN(pty, index, VALUE),
};

static const struct column tty_data_columns[] = {
	COLUMN(tty_data, tty_id, VALUE),
};

static const struct column bpf_data_columns[] = {
	COLUMN(bpf_data, map_id, VALUE), COLUMN(bpf_data, keys_bytes, VALUE),
	COLUMN(bpf_data, values_bytes, VALUE), COLUMN(bpf_data, count, VALUE),
};

static const struct column lock_columns[] = {
	COLUMN(lock, flag, VALUE), COLUMN(lock, type, VALUE),
	COLUMN(lock, pid, VALUE), COLUMN(lock, fd, VALUE),
};

#endif
