// SPDX-License-Identifier: MIT
// arm and aarch64.
#include "core/arch.h"

static const struct core_row arm_regs[] = {
	ROW("gpregs", "r0", 18, 0, 4),		/* to orig_r0, in their order */
};

static const struct core_row arm_vfp[] = {
	ROW("fpstate", "vfp_regs", 32, 0, 8), ROW("fpstate", "fpscr", 1, 256, 4),
};

static const struct core_row arm_tls[] = { ROW("", "tls", 1, 0, 4) };

static const struct core_note arm_notes[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 18 * 4,
	  CORE_ROWS(arm_regs) },
	{ .owner = "LINUX", .type = 0x400, .size = 260, CORE_ROWS(arm_vfp) },
	{ .owner = "LINUX", .type = 0x401, .size = 4, CORE_ROWS(arm_tls) },
};

const struct core_arch core_arm = {
	.name = "arm", .mtype = 2, .short_ids = true, .machine = 40,
	.info = "ti_arm", CORE_NOTES(arm_notes),
};

static const struct core_row regs[] = {
	ROW("gpregs", "regs", 31, 0, 8),
	ROW("gpregs", "sp", 3, 31 * 8, 8),	/* sp pc pstate */
};

static const struct core_row fpsimd[] = {
	ROW("fpsimd", "vregs", 64, 0, 8),
	ROW("fpsimd", "fpsr", 2, 512, 4),	/* fpsr fpcr */
};

static const struct core_row tls[] = { ROW("", "tls", 1, 0, 8) };

/* Which bits of a pointer are its signature. No image says; so it is with
 * addresses of 48 bits. The keys themselves are secrets, and left out. */
static const struct core_row pac[] = {
	ROW("pac_keys.pac_address_keys", "apiakey_lo", 1, 0, 0),
	ROW("", NULL, 2, 0, 8, .value = UINT64_C(0x007f000000000000)),
};

static const struct core_row gcs[] = {
	ROW("gcs", "features_enabled", 1, 0, 8), ROW("gcs", "gcspr_el0", 1, 16, 8),
};

static const struct core_note notes[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 34 * 8,
	  CORE_ROWS(regs) },
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = 528,
	  CORE_ROWS(fpsimd) },
	{ .owner = "LINUX", .type = 0x401, .size = 8, CORE_ROWS(tls) },
	{ .owner = "LINUX", .type = 0x406, .size = 16, CORE_ROWS(pac) },
	{ .owner = "LINUX", .type = 0x410, .size = 24, CORE_ROWS(gcs) },
};

const struct core_arch core_aarch64 = {
	.name = "aarch64", .mtype = 3, .is64 = true, .machine = 183,
	.info = "ti_aarch64", CORE_NOTES(notes),
};
