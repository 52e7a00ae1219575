// SPDX-License-Identifier: MIT
/*
 *   pages of a mapping ─► lines, ranges, rows of bytes
 */
#include "diff/print.h"
#include "json/text.h"

#include <inttypes.h>
#include <string.h>

static const char *const changes[] = { "changed", "gone", "appeared" };

static void told(struct diff *d, uint32_t pid, enum change_kind change)
{
	diff_told(d, &(struct diff_line){
		.section = SECTION_MEMORY, .change = change, .pid = pid,
		.path = "",
	});
}

static void record_memory(struct diff *d, const struct pages_differ *m)
{
	struct json_text r;

	json_text_begin(&r, d->out);
	json_text_string(&r, "section", diff_section(SECTION_MEMORY));
	json_text_number(&r, "pid", m->pid);
	json_text_hex(&r, "start", m->start);
	json_text_hex(&r, "end", m->end);
	if (*m->what)
		json_text_string(&r, "path", m->what);
	for (int c = CHANGED; c <= APPEARED; c++)
		json_text_number(&r, changes[c], m->pages[c]);
	json_text_end(&r);
}

static void text_memory(struct diff *d, const struct pages_differ *m)
{
	const char *sep = "";

	out_printf(d->out, "memory %" PRIu32 " 0x%" PRIx64 "-0x%" PRIx64,
		   m->pid, m->start, m->end);
	if (*m->what) {
		out_put(d->out, " ", 1);
		json_text_plain(d->out, m->what, strlen(m->what));
	}
	out_put(d->out, ": ", 2);
	for (int c = CHANGED; c <= APPEARED; c++) {
		if (!m->pages[c])
			continue;
		out_printf(d->out, "%s%" PRIu64 "%s %s", sep, m->pages[c],
			   *sep ? "" : m->pages[c] == 1 ? " page" :
			   " pages", changes[c]);
		sep = ", ";
	}
	out_put(d->out, "\n", 1);
}

void print_memory(struct diff *d, const struct pages_differ *m)
{
	if (d->records)
		record_memory(d, m);
	else
		text_memory(d, m);
	told(d, m->pid, CHANGED);
}

void print_range(struct diff *d, const struct pages_differ *m, uint64_t start,
		 uint64_t end, uint64_t page, enum change_kind c)
{
	struct json_text r;

	if (!d->records) {
		out_printf(d->out, "pages %" PRIu32 " 0x%" PRIx64 "-0x%"
			   PRIx64 ": %" PRIu64 " %s\n", m->pid, start, end,
			   (end - start) / page, changes[c]);
	} else {
		json_text_begin(&r, d->out);
		json_text_string(&r, "section", diff_section(SECTION_MEMORY));
		json_text_string(&r, "change", changes[c]);
		json_text_number(&r, "pid", m->pid);
		json_text_hex(&r, "start", start);
		json_text_hex(&r, "end", end);
		json_text_number(&r, "pages", (end - start) / page);
		json_text_end(&r);
	}
	told(d, m->pid, c);
}

static void row(struct out *out, char sign, uint64_t addr, const uint8_t *p,
		size_t n)
{
	out_printf(out, "%c%012" PRIx64 " ", sign, addr);
	for (size_t i = 0; i < 16; i++) {
		if (i < n)
			out_printf(out, i == 8 ? "  %02x" : " %02x", p[i]);
		else
			out_printf(out, i == 8 ? "    " : "   ");
	}
	out_put(out, "  |", 3);
	for (size_t i = 0; i < n; i++) {
		char c = p[i] >= ' ' && p[i] <= '~' ? (char)p[i] : '.';

		out_put(out, &c, 1);
	}
	out_put(out, "|\n", 2);
}

/* Rows of 16 bytes that differ. */
void print_hex(struct diff *d, uint64_t addr, const uint8_t *a,
	       const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		size_t k = n - i < 16 ? n - i : 16;

		if (!memcmp(a + i, b + i, k))
			continue;
		row(d->out, '-', addr + i, a + i, k);
		row(d->out, '+', addr + i, b + i, k);
	}
}
