// SPDX-License-Identifier: MIT
/*
 *   summary, container ─► the head of the page
 */
#include "draw/report.h"

#include <inttypes.h>
#include <stdio.h>

static void put_tile(struct out *out, const char *value, const char *what)
{
	markup(out, "<div><b>");
	markup_string(out, value);
	markup(out, "</b><span>");
	markup_string(out, what);
	markup(out, "</span></div>\n");
}

static void put_number(struct out *out, uint64_t n, const char *what)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	put_tile(out, text, what);
}

static void put_size(struct out *out, uint64_t n, const char *what)
{
	char text[32];

	words_size(text, sizeof(text), n);
	put_tile(out, text, what);
}

void report_tiles(const struct page *g)
{
	const struct summary *s = &g->summary;
	uint64_t frozen = s->stats[SUMMARY_DUMP_frozen_time];
	struct out *out = g->draw.out;
	char text[32];

	markup(out, "<div class=\"tiles\">\n");
	put_number(out, s->tasks, s->tasks == 1 ? "task" : "tasks");
	put_number(out, s->threads, s->threads == 1 ? "thread" : "threads");
	put_size(out, s->bytes, "in images");
	put_size(out, s->stored, "of it memory");
	put_size(out, s->vma_bytes, "mapped");
	put_number(out, s->files, "files, sockets");
	if (frozen != UINT64_MAX) {
		snprintf(text, sizeof(text), "%.1f ms", (double)frozen / 1000);
		put_tile(out, text, "frozen");
	}
	markup(out, "</div>\n");
}

void report_container(const struct page *g)
{
	const struct container *c = g->summary.container;
	struct out *out = g->draw.out;
	char buf[512];

	if (!c)
		return;
	markup(out, "<dl>\n");
	for (size_t i = 0; i < container_n_fields; i++) {
		const char *v = container_field(c, i, buf, sizeof(buf));

		if (!v)
			continue;
		markup(out, "<dt>%s</dt><dd>", container_fields[i].label);
		markup_string(out, v);
		markup(out, "</dd>\n");
	}
	if (container_engine_name(c))
		markup(out, "<dt>Engine</dt><dd>%s</dd>\n",
		       container_engine_name(c));
	markup(out, "</dl>\n");
}
