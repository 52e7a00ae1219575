// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint's memory -> its map, its pages, the matches of a
 * search. The first byte chooses one of them; then come files (folder.h).
 */
#include "common/folder.h"
#include "report/memory_map.h"
#include "report/memory_text.h"

static const char *const names[] = {
	"mm-1.img", "pagemap-1.img", "pages-1.img", "pagemap-shmem-5.img",
	"pages-2.img", "files.img", "memfd.img", "parent/pagemap-1.img",
	"parent/pages-1.img", "parent/parent/pagemap-1.img", "inventory.img",
	"vmas-1.img", "reg-files.img", "ids-1.img", "ipcns-shm-9.img",
};

enum { NAMES = sizeof(names) / sizeof(*names) };

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
	char note[MEMORY_NOTE];

	switch (what % 6) {
	case 0:
	case 1:
		memory_list(m, NULL, out, what & 8, what % 6);
		break;
	case 2:
		search(m, err);
		break;
	case 3:
		memory_args(m, out, form, note);
		break;
	case 4:
		memory_env(m, out, form, note);
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
	fuzz_folder_write(&folder, p + 1, n - 1);
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
	fuzz_folder_clean(&folder);
	return 0;
}
