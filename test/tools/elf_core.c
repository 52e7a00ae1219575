// SPDX-License-Identifier: MIT
/*
 * Reads ELF cores on its own, for the tests of crit-core.
 *
 * elf_core list CORE : a line for each note and each PT_LOAD; status 1 and the
 *	reason where headers, notes or segments are not in order.
 * elf_core words CORE TYPE WIDTH : the first note of that type, as integers.
 * elf_core all CORE : the bytes that the PT_LOADs have in the file, one after
 *	another.
 * elf_core pages A B : pages that both have, and how many of them differ, then
 *	the addresses of those.
 */
#include "tool.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

enum { PAGE = 4096, PN_XNUM = 0xffff };

struct core {
	struct bytes file;
	bool is64, big;
	uint64_t phoff, n, phsize;
};

struct load {
	uint64_t type, flags, offset, start, filesz, memsz, align;
};

static _Noreturn void wrong(const char *what, uint64_t v)
{
	printf("wrong: %s: 0x%" PRIx64 "\n", what, v);
	exit(1);
}

static uint64_t get(const struct core *c, uint64_t at, unsigned width)
{
	uint64_t v = 0;

	if (at > c->file.n || width > c->file.n - at)
		wrong("ends before", at);
	for (unsigned i = 0; i < width; i++)
		v |= (uint64_t)(uint8_t)c->file.p[at + i] <<
		     8 * (c->big ? width - 1 - i : i);
	return v;
}

static struct core open_core(const char *path)
{
	struct core c = { .file = read_file(path) };

	if (c.file.n < 64 || memcmp(c.file.p, "\177ELF", 4))
		wrong("no ELF file", c.file.n);
	c.is64 = c.file.p[4] == 2;
	c.big = c.file.p[5] == 2;
	if (get(&c, 16, 2) != 4)
		wrong("no core", get(&c, 16, 2));
	c.phoff = c.is64 ? get(&c, 32, 8) : get(&c, 28, 4);
	c.phsize = c.is64 ? 56 : 32;
	if (get(&c, c.is64 ? 54 : 42, 2) != c.phsize)
		wrong("e_phentsize", c.phsize);
	c.n = get(&c, c.is64 ? 56 : 44, 2);
	if (c.n == PN_XNUM)
		c.n = get(&c, get(&c, c.is64 ? 40 : 32, c.is64 ? 8 : 4) +
			  (c.is64 ? 44 : 28), 4);
	return c;
}

static struct load get_load(const struct core *c, uint64_t i)
{
	uint64_t at = c->phoff + i * c->phsize;

	return c->is64 ? (struct load){
		get(c, at, 4), get(c, at + 4, 4), get(c, at + 8, 8),
		get(c, at + 16, 8), get(c, at + 32, 8), get(c, at + 40, 8),
		get(c, at + 48, 8),
	} : (struct load){
		get(c, at, 4), get(c, at + 24, 4), get(c, at + 4, 4),
		get(c, at + 8, 4), get(c, at + 16, 4), get(c, at + 20, 4),
		get(c, at + 28, 4),
	};
}

static void list_notes(const struct core *c, const struct load *l)
{
	uint64_t at = l->offset, end = l->offset + l->filesz;

	while (at < end) {
		uint64_t name = get(c, at, 4), size = get(c, at + 4, 4);

		if (!name || name > 8 || c->file.p[at + 12 + name - 1])
			wrong("name of the note", at);
		printf("note %s 0x%" PRIx64 " %" PRIu64 "\n",
		       c->file.p + at + 12, get(c, at + 8, 4), size);
		at += 12 + ((name + 3) & -UINT64_C(4)) +
		      ((size + 3) & -UINT64_C(4));
	}
	if (at != end)
		wrong("notes end", at);
}

static int list(const struct core *c)
{
	struct load l = get_load(c, 0);
	uint64_t last = 0, file = l.offset + l.filesz;

	if (l.type != 4 || l.memsz || l.start)
		wrong("the first header is no PT_NOTE", l.type);
	if (l.offset < c->phoff + c->n * c->phsize)
		wrong("notes over headers", l.offset);
	list_notes(c, &l);
	for (uint64_t i = 1; i < c->n; i++) {
		l = get_load(c, i);
		printf("load 0x%" PRIx64 "-0x%" PRIx64 " %c%c%c %s\n", l.start,
		       l.start + l.memsz, l.flags & 4 ? 'r' : '-',
		       l.flags & 2 ? 'w' : '-', l.flags & 1 ? 'x' : '-',
		       l.filesz ? "here" : "absent");
		if (l.type != 1 || l.start < last || !l.memsz)
			wrong("order of segments", l.start);
		if (l.filesz && (l.filesz != l.memsz || l.offset < file ||
				 l.offset - file >= PAGE))
			wrong("place in the file", l.offset);
		if (l.align > 1 && (l.start ^ l.offset) & (l.align - 1))
			wrong("alignment", l.start);
		last = l.start + l.memsz;
		file = l.filesz ? l.offset + l.filesz : file;
	}
	if (file > c->file.n || c->file.n - file >= PAGE)
		wrong("size of the file", c->file.n);
	return 0;
}

static int words(const struct core *c, uint64_t type, unsigned width)
{
	struct load l = get_load(c, 0);
	uint64_t at = l.offset, end = l.offset + l.filesz;

	while (at < end) {
		uint64_t name = (get(c, at, 4) + 3) & -UINT64_C(4);
		uint64_t size = get(c, at + 4, 4), from = at + 12 + name;

		if (get(c, at + 8, 4) == type) {
			for (uint64_t i = 0; i + width <= size; i += width)
				printf("%" PRIu64 "\n", get(c, from + i, width));
			return 0;
		}
		at = from + ((size + 3) & -UINT64_C(4));
	}
	wrong("no note of this type", type);
}

static int all(const struct core *c)
{
	for (uint64_t i = 1; i < c->n; i++) {
		struct load l = get_load(c, i);

		if (l.offset > c->file.n || l.filesz > c->file.n - l.offset)
			wrong("segment", l.offset);
		if (fwrite(c->file.p + l.offset, 1, l.filesz, stdout) != l.filesz)
			die("write");
	}
	return fflush(stdout) ? 1 : 0;
}

/* The page at addr; cursor is the segment to begin with. */
static const char *page(const struct core *c, uint64_t *cursor, uint64_t addr)
{
	for (; *cursor < c->n; ++*cursor) {
		struct load l = get_load(c, *cursor);

		if (addr < l.start)
			return NULL;
		if (addr < l.start + l.memsz)
			return addr - l.start + PAGE <= l.filesz ?
				c->file.p + l.offset + (addr - l.start) : NULL;
	}
	return NULL;
}

static int compare(const struct core *a, const struct core *b)
{
	uint64_t cursor = 1, both = 0, differ = 0;

	for (uint64_t i = 1; i < a->n; i++) {
		struct load l = get_load(a, i);

		for (uint64_t at = 0; at + PAGE <= l.filesz; at += PAGE) {
			const char *p = page(b, &cursor, l.start + at);

			if (!p)
				continue;
			both++;
			if (!memcmp(p, a->file.p + l.offset + at, PAGE))
				continue;
			differ++;
			printf("0x%" PRIx64 "\n", l.start + at);
		}
	}
	printf("%" PRIu64 " pages, %" PRIu64 " differ\n", both, differ);
	return 0;
}

int main(int argc, char **argv)
{
	struct core a, b;

	if (argc < 3) {
		fputs("usage: elf_core list|all CORE, words CORE TYPE WIDTH, pages A B\n", stderr);
		return 2;
	}
	a = open_core(argv[2]);
	if (!strcmp(argv[1], "list"))
		return list(&a);
	if (!strcmp(argv[1], "all"))
		return all(&a);
	if (!strcmp(argv[1], "words") && argc > 4)
		return words(&a, strtoull(argv[3], NULL, 0),
			     (unsigned)strtoul(argv[4], NULL, 0));
	b = open_core(argv[argc - 1]);
	return compare(&a, &b);
}
