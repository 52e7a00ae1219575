// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint's memory -> its map, its pages, what a search
 * finds. One byte says what; then files: a byte for the name, two for the
 * length, the bytes. They lie in a folder of $TMPDIR.
 */
#include "common/fuzz.h"
#include "report/memory_map.h"
#include "report/memory_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {
	"mm-1.img", "pagemap-1.img", "pages-1.img", "pagemap-shmem-5.img",
	"pages-2.img", "files.img", "memfd.img", "parent/pagemap-1.img",
	"parent/pages-1.img", "parent/parent/pagemap-1.img", "inventory.img",
	"vmas-1.img", "reg-files.img", "ids-1.img", "ipcns-shm-9.img",
};

enum { NAMES = sizeof(names) / sizeof(*names) };

static struct store dir = { .fd = -1 };

static void clean(void)
{
	for (size_t i = 0; i < NAMES; i++)
		unlinkat(dir.fd, names[i], 0);
}

static void at_exit(void)
{
	clean();
	unlinkat(dir.fd, "parent/parent", AT_REMOVEDIR);
	unlinkat(dir.fd, "parent", AT_REMOVEDIR);
}

static void open_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	struct crit_error err;
	char path[4000];

	error_clear(&err);
	snprintf(path, sizeof(path), "%s/fuzz-memory.XXXXXX",
		 tmp ? tmp : "/tmp");
	if (!mkdtemp(path))
		abort();
	/* nobody else comes here: the name can go when it is empty */
	if (!store_open(&dir, path, &crit_schema, false, &err) ||
	    mkdirat(dir.fd, "parent", 0700) ||
	    mkdirat(dir.fd, "parent/parent", 0700))
		abort();
	atexit(at_exit);
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

static void found(void *ctx, const struct search_match *match)
{
	(void)ctx;
	if (match->n > match->before + match->n + match->after)
		abort();
}

static void search(struct memory *m, struct crit_error *err)
{
	struct search s = { 0 };

	if (!search_string(&s, "ab", 2, 4, err))
		return;
	s.found = found;
	for (uint64_t i = 0; i < m->vmas.n && !error_is(err); i++) {
		const struct vma *a = mappings_get(&m->vmas, i);

		if (a)
			memory_search(m, &s, a->start, a->end);
	}
	search_flush(&s);
	search_close(&s);
}

static void look(struct memory *m, unsigned what, struct out *out,
		 struct crit_error *err)
{
	struct memory_form form = { .records = what & 8, .raw = what & 16 };

	switch (what % 6) {
	case 0:
	case 1:
		memory_list(m, NULL, out, what & 8, what % 6);
		break;
	case 2:
		search(m, err);
		break;
	case 3:
		memory_args(m, out, form);
		break;
	case 4:
		memory_env(m, out, form);
		break;
	default:
		memory_auxv(m, out, form);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct result text = { 0 };
	struct crit_error err;
	struct mapped_files mapped;
	struct memory m;
	struct out out;
	bool absent;

	if (!n)
		return 0;
	if (dir.fd < 0)
		open_dir();
	write_files(p + 1, n - 1);
	error_clear(&err);
	if (!out_open(&out, fuzz_output(&text), "output", &err))
		abort();
	mapped_files_init(&mapped, &err);
	if (memory_open(&m, &dir, 1, p[0] & 64 ? 4096 : 0, &mapped, &absent,
			&err) && !absent && mapped_files_load(&mapped, &dir)) {
		m.mapped = &mapped;
		look(&m, p[0], &out, &err);
	}
	memory_close(&m);
	mapped_files_close(&mapped);
	out_flush(&out);
	out_close(&out);
	result_free(&text);
	clean();
	return 0;
}
