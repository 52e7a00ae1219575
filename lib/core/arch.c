// SPDX-License-Identifier: MIT
// mtype of an image -> the table of that architecture.
#include "core/arch.h"

static const struct core_arch *const archs[] = {
	&core_x86_64, &core_i386, &core_arm, &core_aarch64, &core_ppc64,
	&core_s390, &core_mips, &core_loongarch, &core_riscv,
};

const struct core_arch *core_arch_find(uint64_t mtype, bool compat)
{
	for (size_t i = 0; i < sizeof(archs) / sizeof(*archs); i++)
		if (archs[i]->mtype == mtype && archs[i]->compat == compat)
			return archs[i];
	return NULL;
}
