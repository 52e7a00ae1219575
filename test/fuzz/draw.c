// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint -> a picture or a page of it. The first byte chooses
 * which; then come files (folder.h). Promises: no byte of an image is markup, none
 * a control character.
 */
#include "common/folder.h"
#include "draw/draw.h"

static const char *const names[] = {
	"core-1.img", "core-2.img", "pstree.img", "mm-1.img", "pagemap-1.img",
	"pages-1.img", "files.img", "fdinfo-1.img", "ids-1.img", "fs-1.img",
	"fdinfo-2.img", "ids-2.img", "mm-2.img", "remap-fpath.img",
	"netdev-9.img", "ifaddr-9.img", "route-9.img", "rule-9.img",
	"inventory.img", "stats-dump", "memfd.img", "tty-info.img",
	"mountpoints-9.img", "config.dump", "spec.dump", "pagemap-2.img",
};

enum { NAMES = sizeof(names) / sizeof(*names) };

static struct fuzz_folder folder = { .names = names, .n = NAMES, .fd = -1 };

static void remove_folder(void)
{
	fuzz_folder_remove(&folder);
}

/* Where the text is, or its end. */
static size_t find(const struct result *r, const char *text, size_t otherwise)
{
	const uint8_t *at = r->n ? memmem(r->p, r->n, text, strlen(text)) : NULL;

	return at ? (size_t)(at - r->p) : otherwise;
}

/* Angle brackets are ours, and come in pairs, but in the style and the script. */
static void check(const struct result *r, enum draw_format format)
{
	size_t n = find(r, "<script>\n", r->n), open = 0;

	for (size_t i = find(r, "</style>", 0); i < n; i++) {
		uint8_t c = r->p[i];

		if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f)
			abort();
		if (format == DRAW_DOT || (c != '<' && c != '>'))
			continue;
		if ((c == '<') != !open)
			abort();
		open = c == '<';
	}
	if (open)
		abort();
}

static void report(void *ctx, const struct crit_error *err)
{
	(void)ctx;
	(void)err;
}

static void draw_all(uint8_t what, struct result *r)
{
	enum draw_format format = (enum draw_format)(what / n_drawings % 3);
	const struct drawing *d = &drawings[what % n_drawings];
	struct store store;
	struct crit_error err;
	struct out out;
	struct draw job = {
		.store = &store, .name = "x", .out = &out, .report = report,
		.err = &err,
	};

	error_clear(&err);
	if (!store_open(&store, folder.path, &crit_schema, false, &err))
		abort();
	if (!out_open(&out, fuzz_output(r), "output", &err))
		abort();
	if (store_list(&store, folder.path, &err) && draw(&job, d, format) &&
	    out_flush(&out))
		check(r, d->page ? DRAW_HTML : format);
	out_close(&out);
	store_close(&store);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct result r = { 0 };

	if (!n)
		return 0;
	if (folder.fd < 0) {
		fuzz_folder_make(&folder);
		atexit(remove_folder);
	}
	fuzz_folder_write(&folder, p + 1, n - 1);
	draw_all(*p, &r);
	result_free(&r);
	fuzz_folder_clean(&folder);
	return 0;
}
