// SPDX-License-Identifier: MIT
/*
 *   ELF header ─► program headers ─► notes ─► GNU build id
 */
#include "check/build_id.h"
#include "base/buffer.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { HEADERS_MAX = 256 };

/* Where the notes of one program header lie. */
struct notes {
	uint64_t at, size;
};

static bool find_id(const uint8_t *p, size_t n, uint8_t *id, size_t *size)
{
	while (n >= 12) {
		uint32_t name = wire_get32(p), desc = wire_get32(p + 4);
		size_t skip = ((size_t)name + 3) / 4 * 4;
		size_t all = 12 + skip + ((size_t)desc + 3) / 4 * 4;

		if (name > n || desc > n || all > n)
			return false;
		if (wire_get32(p + 8) == NT_GNU_BUILD_ID && name == 4 &&
		    !memcmp(p + 12, "GNU", 4) && desc <= BUILD_ID_MAX) {
			memcpy(id, p + 12 + skip, desc);
			*size = desc;
			return true;
		}
		p += all;
		n -= all;
	}
	return false;
}

static size_t from_notes(int fd, const struct notes *at, uint8_t *id)
{
	uint8_t buf[4096];
	size_t n = at->size < sizeof(buf) ? (size_t)at->size : sizeof(buf);
	size_t size = 0;

	if (!pread_all(fd, buf, n, at->at) || !find_id(buf, n, id, &size))
		return 0;
	return size;
}

/* Program header i of a file of 64 or 32 bits; false: no notes. */
static bool notes_of(int fd, bool wide, uint64_t at, struct notes *notes)
{
	union {
		Elf64_Phdr wide;
		Elf32_Phdr narrow;
	} h;

	if (!pread_all(fd, &h, wide ? sizeof(h.wide) : sizeof(h.narrow), at))
		return false;
	if (wide)
		*notes = (struct notes){ h.wide.p_offset, h.wide.p_filesz };
	else
		*notes = (struct notes){ h.narrow.p_offset, h.narrow.p_filesz };
	return (wide ? h.wide.p_type : h.narrow.p_type) == PT_NOTE;
}

static size_t from_elf(int fd, uint8_t *id)
{
	union {
		Elf64_Ehdr wide;
		Elf32_Ehdr narrow;
		uint8_t ident[EI_NIDENT];
	} h = { 0 };
	uint64_t at, step, n;
	size_t size = 0;
	bool wide;

	if (!pread_all(fd, &h, sizeof(h.narrow), 0) ||
	    memcmp(h.ident, ELFMAG, SELFMAG))
		return 0;
	wide = h.ident[EI_CLASS] == ELFCLASS64;
	if (wide && !pread_all(fd, &h, sizeof(h.wide), 0))
		return 0;
	at = wide ? h.wide.e_phoff : h.narrow.e_phoff;
	step = wide ? h.wide.e_phentsize : h.narrow.e_phentsize;
	n = wide ? h.wide.e_phnum : h.narrow.e_phnum;
	for (uint64_t i = 0; i < n && i < HEADERS_MAX && !size; i++) {
		struct notes notes;

		if (notes_of(fd, wide, at + i * step, &notes))
			size = from_notes(fd, &notes, id);
	}
	return size;
}

size_t build_id_read(const char *path, uint8_t id[BUILD_ID_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t n;

	memset(id, 0, BUILD_ID_MAX);
	if (fd < 0)
		return 0;
	n = from_elf(fd, id);
	close(fd);
	return n;
}
