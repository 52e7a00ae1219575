/* SPDX-License-Identifier: MIT
 *
 * The headers of an ELF core, in the class and byte order of its machine.
 *
 *   Ehdr | Phdr PT_NOTE, PT_LOAD.. | [Shdr 0] | notes | 0.. | bytes of PT_LOADs
 *
 * Shdr 0 is there only where the number of Phdrs does not fit into the Ehdr.
 */
#ifndef CRIT_CORE_ELF_H
#define CRIT_CORE_ELF_H

#include "base/buffer.h"
#include "core/arch.h"

enum { CORE_PT_LOAD = 1, CORE_PT_NOTE = 4 };

struct core_elf {
	const struct core_arch *arch;
	bool big;
};

struct core_phdr {
	uint32_t type, prot;		/* prot: as in mmap(2) */
	uint64_t offset, start, filesz, memsz, align;
};

/* Bytes of all headers. */
uint64_t core_elf_size(const struct core_elf *e, uint64_t n_phdrs);

bool core_elf_begin(const struct core_elf *e, uint64_t n_phdrs,
		    struct out *out);
bool core_elf_phdr(const struct core_elf *e, const struct core_phdr *p,
		   struct out *out);
/* After the last one. */
bool core_elf_end(const struct core_elf *e, uint64_t n_phdrs, struct out *out);

#endif
