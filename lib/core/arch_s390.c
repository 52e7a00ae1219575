// SPDX-License-Identifier: MIT
// s390x, the big-endian one.
#include "core/arch.h"

static const struct core_row
	regs[] = {
		ROW("gpregs", "psw_mask", 2, 0, 8),	/* psw_mask psw_addr */
		ROW("gpregs", "gprs", 16, 16, 8),
		ROW("gpregs", "acrs", 16, 144, 4),
		ROW("gpregs", "orig_gpr2", 1, 208, 8),
	},
	fpregs[] = {
		ROW("fpregs", "fpc", 1, 0, 4), ROW("fpregs", "fprs", 16, 8, 8),
	},
	call[] = { ROW("gpregs", "system_call", 1, 0, 4) },
	vxrs_low[] = { ROW("vxrs_low", "regs", 16, 0, 8) },
	vxrs_high[] = { ROW("vxrs_high", "regs", 32, 0, 8) },
	gs_cb[] = { ROW("gs_cb", "regs", 4, 0, 8) },
	gs_bc[] = { ROW("gs_bc", "regs", 4, 0, 8) },
	ri_cb[] = { ROW("ri_cb", "regs", 8, 0, 8) };

#define NOTE(number, bytes, rows_of) \
	{ .owner = "LINUX", .type = number, .size = bytes, CORE_ROWS(rows_of) }

static const struct core_note notes[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 216,
	  CORE_ROWS(regs) },
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = 136,
	  CORE_ROWS(fpregs) },
	NOTE(0x307, 4, call), NOTE(0x309, 128, vxrs_low),
	NOTE(0x30a, 256, vxrs_high), NOTE(0x30b, 32, gs_cb),
	NOTE(0x30c, 32, gs_bc), NOTE(0x30d, 64, ri_cb),
};

const struct core_arch core_s390 = {
	.name = "s390x", .mtype = 5, .is64 = true, .big = true, .machine = 22,
	.info = "ti_s390", CORE_NOTES(notes),
};
