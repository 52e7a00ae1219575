// SPDX-License-Identifier: MIT
#include "memory/kind.h"

#include <string.h>

const char memory_kind_words[] = "code file heap stack anon shared other";
const char *const memory_kinds[KINDS] = {
	"code", "file", "heap", "stack", "anon", "shared", "other",
};

enum memory_kind memory_kind(const struct memory *m, const struct vma *a)
{
	static const struct { uint32_t status; enum memory_kind kind; } by[] = {
		{ VMA_VSYSCALL | VMA_VDSO | VMA_VVAR | VMA_GUARD | VMA_UNKNOWN,
		  KIND_OTHER },
		{ VMA_HEAP, KIND_HEAP }, { VMA_STACK, KIND_STACK },
	};

	for (size_t i = 0; i < sizeof(by) / sizeof(*by); i++)
		if (a->status & by[i].status)
			return by[i].kind;
	if (m->vmas.stack >= a->start && m->vmas.stack < a->end)
		return KIND_STACK;
	if (vma_is_shared(a))
		return KIND_SHARED;
	if (vma_is_file(a))
		return a->prot & VMA_PROT_EXEC ? KIND_CODE : KIND_FILE;
	return KIND_ANON;
}

void memory_prot(const struct vma *a, char prot[5])
{
	if (a->status & VMA_UNKNOWN) {
		memcpy(prot, "????", 5);
		return;
	}
	prot[0] = a->prot & VMA_PROT_READ ? 'r' : '-';
	prot[1] = a->prot & VMA_PROT_WRITE ? 'w' : '-';
	prot[2] = a->prot & VMA_PROT_EXEC ? 'x' : '-';
	prot[3] = vma_is_shared(a) ? 's' : 'p';
	prot[4] = 0;
}
