// SPDX-License-Identifier: MIT
#include "core/build_id.h"
#include "core/bytes.h"

#include <string.h>

enum { PT_NOTE = 4, NT_GNU_BUILD_ID = 3, PHDRS_MAX = 64, NOTES_MAX = 4096 };

/* Offsets in the file header and in a program header, by class. */
static const struct layout {
	unsigned word, phoff, phentsize, phnum, offset, filesz;
} layouts[] = {
	{ 4, 28, 42, 44, 4, 16 }, { 8, 32, 54, 56, 8, 32 },
};

static bool pread_blob(const struct blob *b, void *p, size_t n, uint64_t at)
{
	struct crit_error err = { 0 };

	return blob_read(b, at, p, n, &err) == n;
}

static bool in_notes(const uint8_t *p, size_t size, bool big,
		     const uint8_t *id, size_t n)
{
	while (size >= 12) {
		uint64_t name = core_get(p, 4, big), desc = core_get(p + 4, 4, big);
		uint64_t type = core_get(p + 8, 4, big);
		uint64_t at = 12 + ((name + 3) & ~UINT64_C(3));
		uint64_t next = at + ((desc + 3) & ~UINT64_C(3));

		if (at + desc > size)
			return false;
		if (type == NT_GNU_BUILD_ID && name == 4 && desc == n &&
		    !memcmp(p + 12, "GNU", 4) && !memcmp(p + at, id, n))
			return true;
		if (next > size)
			return false;
		p += next;
		size -= (size_t)next;
	}
	return false;
}

static bool in_segment(const struct blob *b, const struct layout *l, uint64_t at, bool big,
		       const uint8_t *id, size_t n)
{
	uint8_t phdr[56], notes[NOTES_MAX];
	uint64_t size;

	if (!pread_blob(b, phdr, l->word == 8 ? 56 : 32, at) ||
	    core_get(phdr, 4, big) != PT_NOTE)
		return false;
	size = core_get(phdr + l->filesz, l->word, big);
	if (size > NOTES_MAX)
		size = NOTES_MAX;
	return pread_blob(b, notes, (size_t)size,
			 core_get(phdr + l->offset, l->word, big)) &&
	       in_notes(notes, (size_t)size, big, id, n);
}

bool core_build_id_is(const struct blob *b, const uint8_t *id, size_t n)
{
	const struct layout *l;
	uint8_t head[64];
	uint64_t at, step, count;
	bool big;

	if (!pread_blob(b, head, sizeof(head), 0) ||
	    memcmp(head, "\177ELF", 4) || head[4] - 1u > 1)
		return false;
	l = &layouts[head[4] - 1];
	big = head[5] == 2;
	at = core_get(head + l->phoff, l->word, big);
	step = core_get(head + l->phentsize, 2, big);
	count = core_get(head + l->phnum, 2, big);
	for (uint64_t i = 0; i < count && i < PHDRS_MAX; i++)
		if (in_segment(b, l, at + i * step, big, id, n))
			return true;
	return false;
}
