// SPDX-License-Identifier: MIT
// ppc64, little endian. A transaction's own registers, where there are any,
// are laid out as those of the thread.
#include "core/arch.h"

#define GPREGS(at) \
	ROW(at, "gpr", 32, 0, 8), \
	ROW(at, "nip", 7, 256, 8),	/* nip msr orig_gpr3 ctr link xer ccr */ \
	ROW("", NULL, 1, 312, 8, .value = 1),	/* softe */ \
	ROW(at, "trap", 1, 320, 8)
#define FPREGS(at) ROW(at, "fpregs", 33, 0, 8)	/* the last one is fpscr */
#define VMX(at) \
	ROW(at, "vrregs", 66, 0, 8), ROW(at, "vrsave", 1, 528, 4)
#define VSX(at) ROW(at, "vsxregs", 32, 0, 8)

static const struct core_row
	regs[] = { GPREGS("gpregs") },
	fpregs[] = { FPREGS("fpstate") },
	vmx[] = { VMX("vrstate") },
	vsx[] = { VSX("vsxstate") },
	tm_regs[] = { GPREGS("tmstate.gpregs") },
	tm_fpregs[] = { FPREGS("tmstate.fpstate") },
	tm_vmx[] = { VMX("tmstate.vrstate") },
	tm_vsx[] = { VSX("tmstate.vsxstate") },
	tm_spr[] = {
		ROW("tmstate.gpregs", "tfhar", 1, 0, 8),
		ROW("tmstate.gpregs", "texasr", 1, 8, 8),
		ROW("tmstate.gpregs", "tfiar", 1, 16, 8),
	};

#define NOTE(number, bytes, rows_of) \
	{ .owner = "LINUX", .type = number, .size = bytes, CORE_ROWS(rows_of) }

static const struct core_note notes[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 48 * 8,
	  CORE_ROWS(regs) },
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = 33 * 8,
	  CORE_ROWS(fpregs) },
	NOTE(0x100, 544, vmx), NOTE(0x102, 256, vsx),
	NOTE(0x108, 48 * 8, tm_regs), NOTE(0x109, 33 * 8, tm_fpregs),
	NOTE(0x10a, 544, tm_vmx), NOTE(0x10b, 256, tm_vsx),
	NOTE(0x10c, 24, tm_spr),
};

const struct core_arch core_ppc64 = {
	.name = "ppc64", .mtype = 4, .is64 = true, .machine = 21, .flags = 2,
	.info = "ti_ppc64", CORE_NOTES(notes),
};
