// SPDX-License-Identifier: MIT
// mips64, loongarch64 and riscv64: general and floating point registers only.
#include "core/arch.h"

static const struct core_row
	mips_regs[] = { ROW("gpregs", "r0", 38, 0, 8) },	/* to cp0_cause */
	mips_fpregs[] = {
		ROW("fpregs", "r0", 32, 0, 8),
		ROW("fpregs", "fpu_fcr31", 2, 256, 4),	/* fpu_fcr31 fpu_id */
	},
	loongarch_regs[] = {
		ROW("gpregs", "regs", 32, 0, 8), ROW("gpregs", "pc", 1, 264, 8),
	},
	loongarch_fpregs[] = {
		ROW("fpregs", "regs", 32, 0, 8), ROW("fpregs", "fcc", 1, 256, 8),
		ROW("fpregs", "fcsr", 1, 264, 4),
	},
	riscv_regs[] = { ROW("gpregs", "pc", 32, 0, 8) },	/* to t6 */
	riscv_fpregs[] = {
		ROW("fpsimd", "f", 32, 0, 8), ROW("fpsimd", "fcsr", 1, 256, 4),
	};

#define TWO(words, regs, bytes, fpregs) { \
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 8 * (words), \
	  CORE_ROWS(regs) }, \
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = bytes, \
	  CORE_ROWS(fpregs) }, \
}

static const struct core_note
	mips_notes[] = TWO(45, mips_regs, 264, mips_fpregs),
	loongarch_notes[] = TWO(45, loongarch_regs, 272, loongarch_fpregs),
	riscv_notes[] = TWO(32, riscv_regs, 264, riscv_fpregs);

const struct core_arch core_mips = {
	.name = "mips64", .mtype = 6, .is64 = true, .machine = 8,
	.flags = 0x20000000, .info = "ti_mips", CORE_NOTES(mips_notes),
};

const struct core_arch core_loongarch = {
	.name = "loongarch64", .mtype = 7, .is64 = true, .machine = 258,
	.info = "ti_loongarch64", CORE_NOTES(loongarch_notes),
};

const struct core_arch core_riscv = {
	.name = "riscv64", .mtype = 8, .is64 = true, .machine = 243,
	.flags = 5, .info = "ti_riscv64", CORE_NOTES(riscv_notes),
};
