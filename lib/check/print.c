// SPDX-License-Identifier: MIT
/*
 *   findings ─► sorted by image, entry and rule ─► lines of text or records
 */
#include "check/areas.h"
#include "json/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int difference(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int d = difference(x->image, y->image);

	if (!d && !x->more != !y->more)
		return x->more ? 1 : -1;
	if (!d)
		d = difference(x->entry, y->entry);
	if (!d)
		d = strcmp(x->path, y->path);
	if (!d)
		d = strcmp(x->rule->id, y->rule->id);
	if (!d)
		d = strcmp(x->text, y->text);
	return d ? d : difference((int64_t)x->order, (int64_t)y->order);
}

static bool is_again(const struct finding *f, const struct finding *last)
{
	return last && f->rule == last->rule && f->image == last->image &&
	       f->entry == last->entry && !strcmp(f->path, last->path) &&
	       !strcmp(f->text, last->text);
}

void findings_sort(struct check *c)
{
	struct finding *all = c->findings.p;
	size_t n = 0;

	if (!c->findings.n)
		return;
	qsort(all, c->findings.n, sizeof(*all), compare);
	for (size_t i = 0; i < c->findings.n; i++) {
		if (is_again(&all[i], n ? &all[n - 1] : NULL)) {
			finding_free(&all[i]);
			continue;
		}
		all[n++] = all[i];
	}
	c->findings.n = n;
}

size_t check_count(const struct check *c, enum severity severity)
{
	const struct finding *all = c->findings.p;
	size_t n = 0;

	for (size_t i = 0; i < c->findings.n; i++)
		n += all[i].severity == severity;
	return n;
}

static const char *const severities[] = { "note", "warning", "error" };

const char *check_severity(enum severity s)
{
	return severities[s];
}

static void put_plain(struct out *out, const char *s)
{
	json_text_plain(out, s, strlen(s));
}

static void print_place(const struct check *c, const struct finding *f,
			struct out *out)
{
	const struct check_image *im = f->image ?
		check_image_at(c, f->image - 1) : NULL;

	if (im) {
		put_plain(out, im->name);
		out_put(out, ": ", 2);
	}
	if (f->entry >= 0)
		out_printf(out, "entry %" PRId64 "%s", f->entry,
			   *f->path ? ", " : ": ");
	if (*f->path)
		out_printf(out, "%s: ", f->path);
}

void check_print(const struct check *c, struct out *out, const char *prefix)
{
	const struct finding *all = c->findings.p;

	for (size_t i = 0; i < c->findings.n; i++) {
		if (prefix) {
			put_plain(out, prefix);
			out_put(out, ": ", 2);
		}
		out_printf(out, "%s %s ", severities[all[i].severity],
			   all[i].rule->id);
		print_place(c, &all[i], out);
		out_put(out, all[i].text, strlen(all[i].text));
		if (all[i].more)
			out_printf(out, " (%" PRIu64 ")", all[i].more);
		out_put(out, "\n", 1);
	}
}

static void record(const struct check *c, const struct finding *f,
		   struct out *out, const char *prefix)
{
	struct json_text r;

	json_text_begin(&r, out);
	if (prefix)
		json_text_string(&r, "checkpoint", prefix);
	json_text_string(&r, "rule", f->rule->id);
	json_text_string(&r, "severity", severities[f->severity]);
	if (f->image)
		json_text_string(&r, "image",
				 check_image_at(c, f->image - 1)->name);
	if (f->entry >= 0)
		json_text_number(&r, "entry", (uint64_t)f->entry);
	if (*f->path)
		json_text_string(&r, "field", f->path);
	json_text_string(&r, "text", f->text);
	if (f->more)
		json_text_number(&r, "more", f->more);
	json_text_open(&r, "values", '{');
	out_put(out, f->values, strlen(f->values));
	json_text_close(&r, '}');
	json_text_end(&r);
}

void check_records(const struct check *c, struct out *out, const char *prefix)
{
	const struct finding *all = c->findings.p;

	for (size_t i = 0; i < c->findings.n; i++)
		record(c, &all[i], out, prefix);
}
