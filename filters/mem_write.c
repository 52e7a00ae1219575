// SPDX-License-Identifier: MIT
#include "mem_write.h"
#include "filter.h"
#include "base/file_io.h"
#include "change/setenv.h"
#include "json/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void mem_write_check(const struct mem_write *j)
{
	size_t n = 0;

	if (!j->hex)
		return;
	for (const char *p = j->hex; *p; p++)
		if (*p != ' ' && *p != ':' && digit(*p) < 0)
			filter_usage("'%c' is not a hexadecimal digit", *p);
		else
			n += digit(*p) >= 0;
	if (!n || n & 1)
		filter_usage("--write-hex needs two digits for each byte");
}

/* Bytes that come, cut at the ends of pages. */
struct coming {
	const char *hex;
	int fd;
	struct crit_error *err;
};

static size_t from_hex(struct coming *c, uint8_t *p, size_t n)
{
	size_t got = 0;
	int high = -1, v;

	for (; *c->hex && got < n; c->hex++) {
		v = digit(*c->hex);
		if (v < 0)
			continue;
		if (high >= 0)
			p[got++] = (uint8_t)(high << 4 | v);
		high = high < 0 ? v : -1;
	}
	return got;
}

static size_t more(struct coming *c, uint8_t *p, size_t n)
{
	size_t got = 0;
	ssize_t k = 1;

	if (c->hex)
		return from_hex(c, p, n);
	while (got < n && (k = read_some(c->fd, p + got, n - got)) > 0)
		got += (size_t)k;
	if (k < 0)
		error_sys(c->err, errno, "cannot read the bytes to write");
	return k < 0 ? 0 : got;
}

static bool put_all(const struct mem_write *j, struct memory_write *w,
		    struct coming *c, uint8_t *buf)
{
	uint64_t addr = j->start, page = w->m->page_size;
	size_t n, want;

	do {
		want = (size_t)(page - (addr & (page - 1)));
		n = more(c, buf, want);
		if (j->exact && n > j->end - addr)
			return error_set(w->err, CRIT_EDATA, "there are more than "
					 "the %" PRIu64 " bytes of the range",
					 j->end - j->start);
		if (error_is(w->err) || !memory_write_put(w, addr, buf, n))
			return false;
		addr += n;
	} while (n == want);
	if (addr == j->start)
		return error_set(w->err, CRIT_EDATA, "there are no bytes "
			"to write");
	return !j->exact || addr == j->end ||
	       error_set(w->err, CRIT_EDATA, "there are %" PRIu64 " bytes, not "
			 "the %" PRIu64 " of the range", addr - j->start,
			 j->end - j->start);
}

static bool put_bytes(const struct mem_write *j, struct memory_write *w)
{
	struct coming c = { .hex = j->hex, .fd = -1, .err = w->err };
	uint8_t *buf = malloc((size_t)w->m->page_size);
	bool ok;

	if (!buf)
		return error_set(w->err, CRIT_ENOMEM, "out of memory");
	if (!j->hex)
		c.fd = filter_open(j->file, w->err);
	ok = (j->hex || c.fd >= 0) && put_all(j, w, &c, buf);
	if (c.fd > 0)
		close(c.fd);
	free(buf);
	return ok;
}

static void tell_page(const struct memory_write *w, const struct memory_page *p,
		      struct out *out)
{
	static const char *const was[] = {
		[WAS_PRESENT] = "present", [WAS_PACKED] = "compressed",
		[WAS_PARENT] = "parent", [WAS_ABSENT] = "absent",
		[WAS_FILE] = "file", [WAS_LAZY] = "lazy",
	};
	const struct memory_image *im = &w->images[p->image];

	out_printf(out, "0x%" PRIx64 "\t%" PRIu64 "\t%s\t", p->first,
		   p->end - p->first, was[p->was]);
	if (w->in_place)
		out_printf(out, "pages-%" PRIu64 ".img+0x%" PRIx64 "\n",
			   im->old_id, p->at + (p->first - p->addr));
	else
		out_printf(out, "pages-%" PRIu64 ".img -> pages-%" PRIu64
			   ".img\n", im->old_id, im->new_id);
}

static bool do_it(const struct mem_write *j, struct memory_write *w,
		  struct out *out)
{
	struct setenv_place place;

	if (!memory_write_open(w) ||
	    !(j->variable ? memory_setenv(w, j->variable, &place) :
	      put_bytes(j, w)) ||
	    !memory_write_plan(w))
		return false;
	if (!j->dry)
		return memory_write_commit(w);
	out_printf(out, "address\tbytes\twas\twritten to\n");
	for (size_t i = 0; i < w->n; i++)
		tell_page(w, &w->pages[i], out);
	return true;
}

bool mem_write(const struct mem_write *j, struct memory *m, struct out *out)
{
	struct core_sysroot files;
	struct memory_write w = {
		.path = j->path, .m = m, .files = &files, .err = m->err,
		.temp = -1,
	};
	bool ok = core_sysroot_open(&files, j->sysroot, m->err);

	files.warn = filter_warning;
	files.lost = "its bytes are not used";
	ok = ok && do_it(j, &w, out);
	memory_write_close(&w);
	core_sysroot_close(&files);
	return ok;
}
