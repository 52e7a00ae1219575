// SPDX-License-Identifier: MIT
/*
 *   shares of the tasks, kinds of images ─► a picture, two tables
 */
#include "draw/report.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHARES = 40 };

static void put_kinds(const struct page *g)
{
	const struct summary *s = &g->summary;
	struct out *out = g->draw.out;
	char text[32];

	html_head(out, "image files> bytes> share>");
	for (size_t i = 0; i < s->n_kinds; i++) {
		markup(out, "<tr>");
		html_cell(out, s->kinds[i].name, false);
		snprintf(text, sizeof(text), "%" PRIu64, s->kinds[i].files);
		html_cell(out, text, true);
		words_size(text, sizeof(text), s->kinds[i].bytes);
		html_cell(out, text, true);
		snprintf(text, sizeof(text), "%.1f%%", s->bytes ? 100.0 *
			 (double)s->kinds[i].bytes / (double)s->bytes : 0);
		html_cell(out, text, true);
		markup(out, "</tr>\n");
	}
	markup(out, "</tbody></table></div>\n");
}

static void put_share(const struct page *g, const struct space_task *t,
		      const struct space_share *k)
{
	struct out *out = g->draw.out;
	char text[WORDS_MAX];

	markup(out, "<tr>");
	snprintf(text, sizeof(text), "%" PRIu32, t->pid);
	html_cell(out, text, true);
	space_comm(&g->space, t->pid, text);
	html_cell(out, text, false);
	html_cell(out, space_name(&g->space, k->name), false);
	html_cell(out, space_kinds[k->hue], false);
	words_size(text, sizeof(text), k->bytes);
	html_cell(out, text, true);
	markup(out, "</tr>\n");
}

void report_big(struct page *g)
{
	const struct space_task *t = g->space.tasks.p;
	size_t n = 0;

	report_picture(g, "memory");
	report_fold(g, "mappings and images by size");
	html_head(g->draw.out, "pid> comm mapping kind bytes>");
	for (size_t i = 0; i < g->space.tasks.n; i++)
		for (uint32_t k = 0; k < t[i].n_shares && n < SHARES; k++, n++)
			put_share(g, &t[i], &t[i].shares[k]);
	markup(g->draw.out, "</tbody></table></div>\n");
	put_kinds(g);
	report_unfold(g);
}
