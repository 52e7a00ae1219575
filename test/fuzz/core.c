// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint (folder.h) -> a core. Its headers and notes agree with
 * its size.
 */
#include "common/folder.h"
#include "core/bytes.h"
#include "core/core.h"

static const char *const names[] = {
	"core-1.img", "core-2.img", "pstree.img", "mm-1.img", "pagemap-1.img",
	"pages-1.img", "pagemap-shmem-5.img", "pages-2.img", "files.img",
	"memfd.img", "creds-1.img", "ids-1.img", "ipcns-shm-9.img",
	"reg-files.img", "vmas-1.img",
};

enum { NAMES = sizeof(names) / sizeof(*names), SIZE_MAX_WRITTEN = 16 << 20 };

static struct fuzz_folder folder = { .names = names, .n = NAMES };
static struct store dir = { .fd = -1 };

static void remove_folder(void)
{
	fuzz_folder_remove(&folder);
}

static void open_dir(void)
{
	fuzz_folder_open(&folder, &dir);
	atexit(remove_folder);
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
	fuzz_folder_write(&folder, p, n);
	error_clear(&err);
	if (core_open(&c, &dir, 1, &err) && c.size < SIZE_MAX_WRITTEN) {
		fd = fuzz_output(&r);
		if (core_write(&c, fd, "output"))
			check(&c, &r);
	}
	core_close(&c);
	result_free(&r);
	fuzz_folder_clean(&folder);
	return 0;
}
