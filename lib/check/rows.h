/* SPDX-License-Identifier: MIT
 *
 * What crit-check keeps of a checkpoint: each message that some rule looks at
 * becomes a row, a structure of 64 bit slots. Which field goes to which slot
 * stands in the columns_*.c tables; collect.c fills the rows.
 *
 *   core_entry -> struct core ── tc ──> struct task_core ── timers ──> ...
 *
 * All slots have eight bytes. What a slot holds is said by its column:
 *   TAKE_VALUE  a number (of a list: the last), or 1 where a message is there
 *   TAKE_COUNT  how many elements the list has
 *   TAKE_LIST   the numbers themselves: a span of check.numbers
 *   TAKE_TEXT   bytes: a span of check.text
 *   TAKE_NAMES  the strings of a list, a NUL after each: a span of check.text
 *   TAKE_SIZE   how many bytes
 *   TAKE_HEAD   the first four bytes as a number, and how many there are
 *   TAKE_ROW    the row of the message, from 1
 *   TAKE_ROWS   a span of rows
 * A slot is 0 where the field is absent; HAS tells 0 from absent.
 */
#ifndef CRIT_CHECK_ROWS_H
#define CRIT_CHECK_ROWS_H

#include "schema/schema.h"

enum take {
	TAKE_VALUE, TAKE_COUNT, TAKE_LIST, TAKE_TEXT, TAKE_NAMES, TAKE_SIZE,
	TAKE_HEAD, TAKE_ROW, TAKE_ROWS,
};

enum { ROW_COLUMNS_MAX = 40 };

struct row {
	uint64_t seen;		/* bit i: slot i was there */
	uint32_t image;		/* in check.images */
	uint32_t entry;
	uint32_t parent;	/* its row, from 1; 0: none */
	uint32_t element;	/* its index in the list */
	uint16_t parent_table;
	uint16_t via;		/* index of the parent's field */
	uint32_t flags;		/* for rules: ROW_USED.. */
};

enum { ROW_USED = 1, ROW_ELEMENT = 2, ROW_PEER = 4, ROW_DROPPED = 8 };

#define SLOT(s, member) \
	((offsetof(struct s, member) - sizeof(struct row)) / sizeof(uint64_t))
#define HAS(r, s, member) ((r)->row.seen >> SLOT(s, member) & 1)

/* A span: where it begins, from 1, and how long it is. */
static inline uint64_t span(size_t at, size_t n)
{
	return (uint64_t)(at + 1) << 32 | (uint32_t)n;
}

static inline uint32_t span_n(uint64_t s)
{
	return (uint32_t)s;
}

static inline size_t span_at(uint64_t s)
{
	return (size_t)(s >> 32) - 1;
}

/* Of TAKE_HEAD. */
static inline uint32_t head_size(uint64_t v)
{
	return (uint32_t)(v >> 32);
}

static inline int32_t head_word(uint64_t v)
{
	return (int32_t)(uint32_t)v;
}

struct column {
	const char *field;
	uint16_t offset;
	uint8_t take;
};

struct check;

struct table_rule {
	const char *message;
	size_t size;
	const struct column *columns;
	size_t n;
	/* May be NULL. Called when such a message ends; its row and those
	 * below it are dropped afterwards. */
	void (*done)(struct check *, void *row);
	/* May be NULL. Whether rules look at such a row at all. */
	bool (*keep)(const void *row);
};

enum table {
	T_NONE,
	T_INVENTORY, T_PLUGINS, T_IDS, T_PSTREE, T_CORE, T_TC, T_TIMERS,
	T_ITIMER, T_POSIX, T_RLIMITS, T_RLIMIT, T_QUEUE, T_SIGINFO,
	T_THREAD_CORE, T_CREDS, T_RSEQ, T_X86, T_GPREGS, T_FPREGS, T_XSAVE,
	T_MM, T_AIO, T_VMA, T_PAGEMAP_HEAD, T_PAGEMAP, T_BLOCKS,
	T_FDINFO, T_FILE, T_FS, T_FOWN, T_SK_OPTS, T_REG, T_INETSK, T_NS,
	T_PACKETSK, T_MCLIST, T_NETLINKSK, T_EVENTFD, T_EVENTPOLL, T_TFD,
	T_SIGNALFD, T_TUNF, T_TIMERFD, T_INOTIFY, T_WD, T_FANOTIFY, T_MARK,
	T_INODE_MARK, T_MOUNT_MARK, T_HANDLE, T_EXT, T_UNIXSK, T_FIFO, T_PIPE,
	T_TTY, T_MEMFD, T_BPF, T_PIDFD, T_PIPE_DATA, T_PACKET, T_SCM,
	T_TCP, T_GHOST, T_CHUNK, T_REMAP, T_INODE, T_TTY_INFO, T_TERMIOS,
	T_PTY, T_TTY_DATA, T_BPF_DATA, T_LOCK, T_CGROUP, T_SET, T_MEMBER,
	T_CONTROLLER, T_SECCOMP, T_FILTER, T_APPARMOR, T_AA_NAMESPACE,
	T_UTSNS, T_IPC_VAR, T_IPC_DESC, T_SHM, T_SEM, T_MSG, T_MSG_TEXT,
	T_TIMENS, T_TIMESPEC, T_USERNS, T_EXTENT, T_PIDNS, T_MNT, T_AUTOFS,
	T_NETNS, T_NSID, T_NETDEV, T_STATS, T_DUMP_STATS, T_CPUINFO, T_X86_CPU,
	T_MAX,
};

/* columns_*.c; a schema may lack some of them. */
extern const struct table_rule check_tables[T_MAX];

#define COLUMNS(list) .columns = (list), .n = sizeof(list) / sizeof(*(list))
#define COLUMN(s, member, how) \
	{ #member, (uint16_t)offsetof(struct s, member), TAKE_##how }
#define VALUE(s, member) COLUMN(s, member, VALUE)

#endif
