// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint -> a core, whose headers and notes agree with its
 * size. Files: a byte for the name, two for the length, the bytes. They lie in
 * a folder of $TMPDIR.
 */
#include "common/fuzz.h"
#include "core/bytes.h"
#include "core/core.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
	"core-1.img", "core-2.img", "pstree.img", "mm-1.img", "pagemap-1.img",
	"pages-1.img", "pagemap-shmem-5.img", "pages-2.img", "files.img",
	"memfd.img", "creds-1.img", "ids-1.img", "ipcns-shm-9.img",
	"reg-files.img", "vmas-1.img",
};

enum { NAMES = sizeof(names) / sizeof(*names), SIZE_MAX_WRITTEN = 16 << 20 };

static struct store dir = { .fd = -1 };

static void clean(void)
{
	for (size_t i = 0; i < NAMES; i++)
		unlinkat(dir.fd, names[i], 0);
}

static void open_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	struct crit_error err;
	char path[4000];

	error_clear(&err);
	snprintf(path, sizeof(path), "%s/fuzz-core.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(path) ||
	    !store_open(&dir, path, &crit_schema, false, &err))
		abort();
	atexit(clean);
}

static void write_files(const uint8_t *p, size_t n)
{
	while (n >= 3) {
		const char *name = names[p[0] % NAMES];
		size_t k = p[1] | (size_t)p[2] << 8;
		int fd;

		p += 3;
		n -= 3;
		if (k > n)
			k = n;
		fd = openat(dir.fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (fd < 0 || !write_all(fd, p, k))
			abort();
		/* pages: sparse ones do */
		if (strstr(name, "pages-") && ftruncate(fd, 64 << 10))
			abort();
		close(fd);
		p += k;
		n -= k;
	}
}

static void check_notes(const uint8_t *p, uint64_t size, bool big)
{
	while (size) {
		uint64_t name, desc, n;

		if (size < 12)
			abort();
		name = core_get(p, 4, big);
		desc = core_get(p + 4, 4, big);
		n = 12 + ((name + 3) & -UINT64_C(4)) + ((desc + 3) & -UINT64_C(4));
		if (name < 5 || name > 6 || n > size)
			abort();
		p += n;
		size -= n;
	}
}

/* The first program header is that of the notes. */
static void check(const struct core *c, const struct result *r)
{
	bool is64 = c->elf.arch->is64, big = c->elf.big;
	unsigned word = is64 ? 8 : 4;
	const uint8_t *h;
	uint64_t at, size;

	if (r->n != c->size || memcmp(r->p, "\177ELF", 4))
		abort();
	h = r->p + (is64 ? 64 : 52);
	at = core_get(h + word, word, big);
	size = core_get(h + (is64 ? 32 : 16), word, big);
	if (at > r->n || size > r->n - at || at + size > c->data_at)
		abort();
	check_notes(r->p + at, size, big);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct core c = { 0 };
	struct result r = { 0 };
	struct crit_error err;
	int fd;

	if (dir.fd < 0)
		open_dir();
	write_files(p, n);
	error_clear(&err);
	if (core_open(&c, &dir, 1, &err) && c.size < SIZE_MAX_WRITTEN) {
		fd = fuzz_output(&r);
		if (core_write(&c, fd, "output"))
			check(&c, &r);
	}
	core_close(&c);
	result_free(&r);
	clean();
	return 0;
}
