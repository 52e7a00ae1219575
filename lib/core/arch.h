/* SPDX-License-Identifier: MIT
 *
 * What a core of each architecture looks like, as tables: which notes a thread
 * has, and which fields of core-TID.img go where in them.
 *
 *   core-12.img                          NT_PRSTATUS, pr_reg
 *     thread_info.gpregs.r15  ───row───► | 0  r15 |
 *                        r14  ─────────► | 8  r14 | ...
 *
 * To add an architecture: a table in a file of its own, and a line in arch.c.
 */
#ifndef CRIT_CORE_ARCH_H
#define CRIT_CORE_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CORE_NOTES_MAX = 16,		/* of one thread */
	CORE_DESC_MAX = 8192,		/* bytes of all of them */
	CORE_ROWS_MAX = 128,
};

/* Numbers of an image -> integers of a note. n is the most elements of a list,
 * or so many fields with consecutive numbers; one follows the other. */
struct core_row {
	const char *at;		/* message: "fpregs.xsave"; "" is the root */
	const char *field;	/* first of n; NULL: the value below, always */
	uint16_t n;
	uint16_t offset;
	uint8_t width;		/* of each; 0: only notes that it is there */
	uint8_t part;		/* bit of parts that says it was there; 0: none */
	uint8_t stride;		/* from one element of a list of messages to the
				   next */
	uint8_t shift;		/* added to what is there, so many bits up */
	uint64_t value;
	/* in place of width: takes strings and bytes; base is offset 0 */
	void (*bytes)(uint8_t *base, const uint8_t *p, size_t n, bool last);
};

struct core_note {
	const char *owner;	/* "CORE" or "LINUX" */
	uint32_t type;
	uint16_t size;		/* bytes that rows fill */
	bool last;		/* one of the first thread, after all others */
	uint8_t n_rows;
	const struct core_row *rows;
	/* NULL, or puts the last touch to a note, and returns its size; 0: it
	 * is left out. parts: bits of the rows that were there */
	size_t (*finish)(uint8_t *desc, uint64_t parts);
};

struct core_arch {
	const char *name;
	uint32_t mtype;		/* core_entry.mtype */
	bool compat;		/* of 32-bit tasks on a 64-bit kernel */
	bool is64, big;
	bool pairs;		/* an element of the auxv image is a pair */
	bool short_ids;		/* uid and gid are 16 bits in NT_PRPSINFO */
	uint16_t machine;
	uint32_t flags;		/* e_flags */
	const char *info;	/* field of core_entry with the registers */
	/* the first one is pr_reg, the registers of NT_PRSTATUS */
	const struct core_note *notes;
	uint8_t n_notes;
};

/* NULL: not known. */
const struct core_arch *core_arch_find(uint64_t mtype, bool compat);

#define ROW(path, name, count, to, bytes_each, ...) \
	{ .at = path, .field = name, .n = count, .offset = to, \
	  .width = bytes_each, __VA_ARGS__ }
#define CORE_ROWS(r) .n_rows = sizeof(r) / sizeof(*(r)), .rows = r
#define CORE_NOTES(t) .notes = t, .n_notes = sizeof(t) / sizeof(*(t))

/* "CORE" notes */
enum {
	CORE_PRSTATUS = 1, CORE_FPREGSET = 2, CORE_PRPSINFO = 3, CORE_AUXV = 6,
	CORE_FILE = 0x46494c45, CORE_SIGINFO = 0x53494749,
};

extern const struct core_arch core_x86_64, core_i386, core_arm, core_aarch64,
	core_ppc64, core_s390, core_mips, core_loongarch, core_riscv;

#endif
