// SPDX-License-Identifier: MIT
// x86_64 and, on it, i386. The fields of an FXSAVE area come twice: as a note
// of their own and as the head of the XSAVE area.
#include "core/arch.h"
#include "core/bytes.h"

#include <string.h>

#define FXSAVE \
	ROW("fpregs", "cwd", 4, 0, 2),		/* cwd swd twd fop */ \
	ROW("fpregs", "rip", 2, 8, 8),		/* rip rdp */ \
	ROW("fpregs", "mxcsr", 2, 24, 4),	/* mxcsr mxcsr_mask */ \
	ROW("fpregs", "st_space", 32, 32, 4), \
	ROW("fpregs", "xmm_space", 64, 160, 4)

/* An image has exactly the components that the CPU had: those make XCR0. */
enum { YMM = 2, BNDREGS, BNDCSR, OPMASK, ZMM_HIGH, ZMM_16, PKRU = 9 };
enum { XCR0_AT = 464, XSTATE_BV_AT = 512 };

static const struct {
	uint8_t bit;
	uint16_t offset, size;
	uint16_t end;		/* size of a note that ends with this one: one
				   that debuggers know */
} components[] = {
	{ YMM, 576, 256, 832 }, { BNDREGS, 960, 64, 1088 },
	{ BNDCSR, 1024, 64, 1088 }, { OPMASK, 1088, 64, 2688 },
	{ ZMM_HIGH, 1152, 512, 2688 }, { ZMM_16, 1664, 1024, 2688 },
	{ PKRU, 2688, 8, 2696 },
};
enum { N_COMPONENTS = sizeof(components) / sizeof(*components) };

#define XSAVE(width_of) \
	ROW("fpregs.xsave", "ymmh_space", 64, 576, width_of(4), .part = YMM), \
	ROW("fpregs.xsave", "bndreg_state", 8, 960, width_of(8), .part = BNDREGS), \
	ROW("fpregs.xsave", "bndcsr_state", 8, 1024, width_of(8), .part = BNDCSR), \
	ROW("fpregs.xsave", "opmask_reg", 8, 1088, width_of(8), .part = OPMASK), \
	ROW("fpregs.xsave", "zmm_upper", 64, 1152, width_of(8), .part = ZMM_HIGH), \
	ROW("fpregs.xsave", "hi16_zmm", 128, 1664, width_of(8), .part = ZMM_16), \
	ROW("fpregs.xsave", "pkru", 2, 2688, width_of(4), .part = PKRU)
#define AS_IT_IS(n) n
#define NOTHING(n) 0

static const struct core_row fpregs[] = { FXSAVE };
static const struct core_row xsave[] = {
	FXSAVE, ROW("fpregs.xsave", "xstate_bv", 1, XSTATE_BV_AT, 8),
	XSAVE(AS_IT_IS),
};
static const struct core_row layout[] = { XSAVE(NOTHING) };

static size_t finish_xstate(uint8_t *desc, uint64_t parts)
{
	uint64_t xcr0 = parts | 3, bv = core_get(desc + XSTATE_BV_AT, 8, false);
	size_t size = 0;

	for (size_t i = 0; i < N_COMPONENTS; i++)
		if (parts >> components[i].bit & 1)
			size = components[i].end;
	memset(desc + XCR0_AT, 0, XSTATE_BV_AT - XCR0_AT);
	core_put(desc + XCR0_AT, xcr0, 8, false);
	core_put(desc + XSTATE_BV_AT, bv & xcr0, 8, false);
	return size;
}

static size_t finish_layout(uint8_t *desc, uint64_t parts)
{
	uint8_t *p = desc;

	for (size_t i = 0; i < N_COMPONENTS; i++) {
		if (!(parts >> components[i].bit & 1))
			continue;
		core_put(p, components[i].bit, 4, false);
		core_put(p + 4, components[i].size, 4, false);
		core_put(p + 8, components[i].offset, 4, false);
		core_put(p + 12, 0, 4, false);
		p += 16;
	}
	return (size_t)(p - desc);
}

#define NT_XSTATE { .owner = "LINUX", .type = 0x202, .size = 2696, \
		    CORE_ROWS(xsave), .finish = finish_xstate }
#define NT_XSAVE_LAYOUT { .owner = "LINUX", .type = 0x205, .last = true, \
			  .size = 16 * N_COMPONENTS, CORE_ROWS(layout), \
			  .finish = finish_layout }

/* The shadow stack: features and its pointer; a note where it is in use. */
static const struct core_row shstk[] = {
	ROW("fpregs.xsave.cet", "ssp", 1, 0, 8),
	ROW("fpregs.xsave.cet", "cet", 1, 8, 8),
};

static size_t finish_shstk(uint8_t *desc, uint64_t parts)
{
	(void)parts;
	return desc[8] & 1 ? 8 : 0;
}

static const struct core_row regs64[] = {
	ROW("gpregs", "r15", 27, 0, 8),		/* to gs, in their order */
};

static const struct core_note notes64[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 27 * 8,
	  CORE_ROWS(regs64) },
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = 512,
	  CORE_ROWS(fpregs) },
	NT_XSTATE,
	{ .owner = "LINUX", .type = 0x204, .size = 16, CORE_ROWS(shstk),
	  .finish = finish_shstk },
	NT_XSAVE_LAYOUT,
};

const struct core_arch core_x86_64 = {
	.name = "x86_64", .mtype = 1, .is64 = true, .machine = 62,
	.info = "thread_info", CORE_NOTES(notes64),
};

#define REG(name, i) ROW("gpregs", name, 1, 4 * (i), 4)
static const struct core_row regs32[] = {
	REG("bx", 0), REG("cx", 1), REG("dx", 2), REG("si", 3), REG("di", 4),
	REG("bp", 5), REG("ax", 6), REG("ds", 7), REG("es", 8), REG("fs", 9),
	REG("gs", 10), REG("orig_ax", 11), REG("ip", 12), REG("cs", 13),
	REG("flags", 14), REG("sp", 15), REG("ss", 16),
};

/* FSAVE is made of FXSAVE, and of two segments that are put after it. */
enum { FSAVE_SIZE = 108, FXSAVE_SIZE = 512, CS_AT = 512, DS_AT = 514 };
static const struct core_row fsave[] = {
	FXSAVE, ROW("gpregs", "cs", 1, CS_AT, 2), ROW("gpregs", "ds", 1, DS_AT, 2),
};

/* The two bits of a register's tag: 0 valid, 1 zero, 2 special, 3 empty. */
static unsigned tag_of(const uint8_t *st)
{
	uint64_t mantissa = core_get(st, 8, false);
	unsigned exponent = (unsigned)core_get(st + 8, 2, false) & 0x7fff;

	if (exponent == 0x7fff)
		return 2;
	if (!exponent)
		return mantissa ? 2 : 1;
	return mantissa >> 63 ? 0 : 2;
}

static unsigned full_tag(const uint8_t *fx)
{
	unsigned top = (unsigned)core_get(fx + 2, 2, false) >> 11 & 7, tag = 0;

	for (unsigned i = 0; i < 8; i++) {
		const uint8_t *st = fx + 32 + 16 * ((i - top) & 7);

		tag |= (fx[4] >> i & 1 ? tag_of(st) : 3) << 2 * i;
	}
	return tag;
}

static size_t finish_fsave(uint8_t *desc, uint64_t parts)
{
	const uint32_t high = 0xffff0000;
	uint8_t fx[FXSAVE_SIZE + 4];
	uint32_t head[7];

	(void)parts;
	memcpy(fx, desc, sizeof(fx));
	memset(desc, 0, sizeof(fx));
	head[0] = high | (uint32_t)core_get(fx, 2, false);
	head[1] = high | (uint32_t)core_get(fx + 2, 2, false);
	head[2] = high | full_tag(fx);
	head[3] = (uint32_t)core_get(fx + 8, 4, false);
	head[4] = (uint32_t)(core_get(fx + CS_AT, 2, false) |
			     core_get(fx + 6, 2, false) << 16);
	head[5] = (uint32_t)core_get(fx + 16, 4, false);
	head[6] = high | (uint32_t)core_get(fx + DS_AT, 2, false);
	for (size_t i = 0; i < 7; i++)
		core_put(desc + 4 * i, head[i], 4, false);
	for (size_t i = 0; i < 8; i++)
		memcpy(desc + 28 + 10 * i, fx + 32 + 16 * i, 10);
	return FSAVE_SIZE;
}

/* struct user_desc, three of them */
#define BIT(name, at) ROW("tls", name, 1, 12, 4, .stride = 16, .shift = at)
static const struct core_row tls[] = {
	ROW("tls", "entry_number", 1, 0, 4, .stride = 16),
	ROW("tls", "base_addr", 1, 4, 4, .stride = 16),
	ROW("tls", "limit", 1, 8, 4, .stride = 16),
	BIT("seg_32bit", 0), BIT("contents_l", 1), BIT("contents_h", 2),
	BIT("read_exec_only", 3), BIT("limit_in_pages", 4),
	BIT("seg_not_present", 5), BIT("usable", 6),
};

static const struct core_note notes32[] = {
	{ .owner = "CORE", .type = CORE_PRSTATUS, .size = 17 * 4,
	  CORE_ROWS(regs32) },
	{ .owner = "CORE", .type = CORE_FPREGSET, .size = FXSAVE_SIZE + 4,
	  CORE_ROWS(fsave), .finish = finish_fsave },
	{ .owner = "LINUX", .type = 0x46e62b7f, .size = FXSAVE_SIZE,
	  CORE_ROWS(fpregs) },
	NT_XSTATE,
	{ .owner = "LINUX", .type = 0x200, .size = 48, CORE_ROWS(tls) },
	NT_XSAVE_LAYOUT,
};

const struct core_arch core_i386 = {
	.name = "i386", .mtype = 1, .compat = true, .pairs = true,
	.short_ids = true, .machine = 3, .info = "thread_info",
	CORE_NOTES(notes32),
};
