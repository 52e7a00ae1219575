// SPDX-License-Identifier: MIT
#include "core/elf.h"
#include "core/bytes.h"

#include <string.h>

enum {
	EHDR_64 = 64, EHDR_32 = 52, PHDR_64 = 56, PHDR_32 = 32,
	SHDR_64 = 64, SHDR_32 = 40, SHDR_MAX = 64,
	ET_CORE = 4, EV_CURRENT = 1,
	PN_XNUM = 0xffff,		/* the number is in Shdr 0 */
	PF_X = 1, PF_W = 2, PF_R = 4,
};

static uint64_t ehdr_size(const struct core_elf *e)
{
	return e->arch->is64 ? EHDR_64 : EHDR_32;
}

static uint64_t phdr_size(const struct core_elf *e)
{
	return e->arch->is64 ? PHDR_64 : PHDR_32;
}

static uint64_t shdr_size(const struct core_elf *e)
{
	return e->arch->is64 ? SHDR_64 : SHDR_32;
}

uint64_t core_elf_size(const struct core_elf *e, uint64_t n)
{
	return ehdr_size(e) + n * phdr_size(e) + (n < PN_XNUM ? 0 : shdr_size(e));
}

bool core_elf_begin(const struct core_elf *e, uint64_t n, struct out *out)
{
	unsigned word = e->arch->is64 ? 8 : 4;
	bool many = n >= PN_XNUM, big = e->big;
	uint64_t shoff = many ? ehdr_size(e) + n * phdr_size(e) : 0;
	uint8_t h[EHDR_64] = { 0x7f, 'E', 'L', 'F' }, *p = h + 16;

	h[4] = e->arch->is64 ? 2 : 1;
	h[5] = big ? 2 : 1;
	h[6] = EV_CURRENT;
	p = core_put(p, ET_CORE, 2, big);
	p = core_put(p, e->arch->machine, 2, big);
	p = core_put(p, EV_CURRENT, 4, big);
	p = core_put(p, 0, word, big);			/* e_entry */
	p = core_put(p, ehdr_size(e), word, big);	/* e_phoff */
	p = core_put(p, shoff, word, big);
	p = core_put(p, e->arch->flags, 4, big);
	p = core_put(p, ehdr_size(e), 2, big);
	p = core_put(p, phdr_size(e), 2, big);
	p = core_put(p, many ? PN_XNUM : n, 2, big);
	p = core_put(p, many ? shdr_size(e) : 0, 2, big);
	p = core_put(p, many ? 1 : 0, 2, big);		/* e_shnum */
	core_put(p, 0, 2, big);				/* e_shstrndx */
	return out_put(out, h, ehdr_size(e));
}

static uint32_t flags_of(uint32_t prot)
{
	return (prot & 1 ? PF_R : 0) | (prot & 2 ? PF_W : 0) |
	       (prot & 4 ? PF_X : 0);
}

bool core_elf_phdr(const struct core_elf *e, const struct core_phdr *h,
		   struct out *out)
{
	const uint64_t words[] = { h->offset, h->start, 0, h->filesz, h->memsz };
	bool is64 = e->arch->is64, big = e->big;
	unsigned word = is64 ? 8 : 4;
	uint8_t bytes[PHDR_64], *p = core_put(bytes, h->type, 4, big);

	if (is64)
		p = core_put(p, flags_of(h->prot), 4, big);
	for (size_t i = 0; i < 5; i++)
		p = core_put(p, words[i], word, big);
	if (!is64)
		p = core_put(p, flags_of(h->prot), 4, big);
	core_put(p, h->align, word, big);
	return out_put(out, bytes, phdr_size(e));
}

/* All zeros but sh_size, the number of section headers, and sh_info, that of
 * the program headers. */
bool core_elf_end(const struct core_elf *e, uint64_t n, struct out *out)
{
	bool is64 = e->arch->is64;
	uint8_t h[SHDR_MAX] = { 0 };

	if (n < PN_XNUM)
		return true;
	core_put(h + (is64 ? 32 : 20), 1, is64 ? 8 : 4, e->big);
	core_put(h + (is64 ? 44 : 28), n, 4, e->big);
	return out_put(out, h, shdr_size(e));
}
