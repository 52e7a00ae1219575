/* SPDX-License-Identifier: MIT
 *
 * What a mapping is for: its code, its heap, ...
 */
#ifndef CRIT_MEMORY_KIND_H
#define CRIT_MEMORY_KIND_H

#include "memory/address_space.h"

enum memory_kind {
	KIND_CODE,		/* of a file, executable */
	KIND_FILE,		/* of a file, private */
	KIND_HEAP, KIND_STACK,
	KIND_ANON,		/* private memory without a file */
	KIND_SHARED,		/* of a file or not */
	KIND_OTHER,		/* the kernel's, guards, not known */
	KINDS,
};

/* "code file heap stack anon shared other" */
extern const char memory_kind_words[];
extern const char *const memory_kinds[KINDS];

enum memory_kind memory_kind(const struct memory *m, const struct vma *a);

/* "rw-p", or "????" */
void memory_prot(const struct vma *a, char prot[5]);

#endif
