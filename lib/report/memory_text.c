// SPDX-License-Identifier: MIT
#include "report/memory_text.h"
#include "base/alloc.h"
#include "memory/environment.h"
#include "memory/hexdump.h"
#include "json/text.h"

#include <inttypes.h>
#include <string.h>

enum {
	STRING_MAX = 4 << 20,	/* of one string in a record; Linux: 128 KiB */
	PIECE = 4096,
};

/* Strings that end in NUL, from pieces: as the form wants them. */
struct strings {
	struct memory *m;
	struct out *out;
	struct memory_form form;
	const char *what;	/* key of a record */
	char separator;		/* of lines */
	uint64_t nuls;		/* that may be the last ones */
	bool begun;		/* a line is */
	uint64_t length;	/* of this string, so far */
	uint64_t count, empty, text;	/* strings, those of them without a byte;
					   bytes of the others */
	char *note;

	struct json_text record;
	char *p;		/* the string that is coming, in records */
	size_t n, cap;
};

static void begin_line(struct strings *s)
{
	if (s->form.pid)
		out_printf(s->out, "%" PRIu32 "\t", s->m->pid);
	s->begun = true;
}

static void put_line_byte(struct strings *s, uint8_t c)
{
	if (!c) {
		s->nuls++;
		return;
	}
	if (!s->begun)
		begin_line(s);
	for (; s->nuls; s->nuls--) {
		out_put(s->out, &s->separator, 1);
		if (s->separator == '\n')
			begin_line(s);
	}
	if (c < 0x20 || c == 0x7f)
		out_printf(s->out, "\\x%02x", c);
	else
		out_put(s->out, &c, 1);
}

static bool keep_byte(struct strings *s, char c)
{
	char *more;
	size_t cap;

	if (s->n == s->cap) {
		if (s->cap >= STRING_MAX)
			return error_set(s->m->err, CRIT_EDATA,
					 "a string of more than %d bytes",
					 STRING_MAX);
		cap = s->cap ? 2 * s->cap : PIECE;
		more = alloc_more(s->p, cap);
		if (!more)
			return error_set(s->m->err, CRIT_ENOMEM, "out of memory");
		s->p = more;
		s->cap = cap;
	}
	s->p[s->n++] = c;
	return true;
}

/* An empty variable is one that the program wrote over: only counted. */
static bool put_record_byte(struct strings *s, uint8_t c)
{
	if (c)
		return keep_byte(s, (char)c);
	if (!s->n && s->separator == '\n')
		return true;
	json_text_text(&s->record, NULL, s->p ? s->p : "", s->n);
	s->n = 0;
	return true;
}

static void count_byte(struct strings *s, uint8_t c)
{
	s->count += !s->length;
	s->empty += !c && !s->length;
	s->text += c != 0;
	s->length = c ? s->length + 1 : 0;
}

static bool put_bytes(struct strings *s, const uint8_t *p, size_t n)
{
	if (s->form.raw)
		return out_put(s->out, p, n);
	for (size_t i = 0; i < n; i++) {
		count_byte(s, p[i]);
		if (!s->form.records)
			put_line_byte(s, p[i]);
		else if (!put_record_byte(s, p[i]))
			return false;
	}
	return true;
}

static bool read_strings(void *ctx, uint64_t addr, uint64_t end)
{
	struct strings *s = ctx;
	uint8_t buf[PIECE];
	struct run run;

	while (addr < end) {
		uint64_t n;

		if (!memory_run(s->m, addr, &run))
			return false;
		if (run.kind <= RUN_LAZY)
			return error_set(s->m->err, CRIT_EDATA, "%s of task %"
					 PRIu32 ": no image has the bytes at 0x%"
					 PRIx64 "%s", s->what, s->m->pid, addr,
					 run.kind == RUN_LAZY ?
					 " (a page server kept them)" : "");
		n = (run.end < end ? run.end : end) - addr;
		n = memory_read(s->m, &run, addr, buf, n < PIECE ? n : PIECE);
		if (!n || !put_bytes(s, buf, n))
			return false;
		addr += n;
	}
	return true;
}

static void strings_begin(struct strings *s)
{
	if (!s->form.records)
		return;
	json_text_begin(&s->record, s->out);
	json_text_number(&s->record, "pid", s->m->pid);
	json_text_open(&s->record, s->what, '[');
}

static bool strings_end(struct strings *s, bool ok)
{
	*s->note = 0;
	if (ok && !s->form.raw && s->separator == '\n')
		memory_environment_note(s->count, s->empty, s->note);
	else if (ok && !s->form.raw)
		memory_arguments_note(s->m, s->text, s->note);
	if (s->form.records) {
		if (s->n)
			put_record_byte(s, 0);
		json_text_close(&s->record, ']');
		if (!ok)
			json_text_string(&s->record, "error", s->m->err->what);
		else if (*s->note)
			json_text_string(&s->record, "note", s->note);
		json_text_end(&s->record);
	} else if (!s->form.raw && (s->begun || (ok && s->separator != '\n'))) {
		if (!s->begun)
			begin_line(s);
		out_put(s->out, "\n", 1);
	}
	alloc_free(s->p);
	return ok;
}

bool memory_args(struct memory *m, struct out *out, struct memory_form form,
		 char note[MEMORY_NOTE])
{
	struct strings s = { .m = m, .out = out, .form = form, .what = "args",
			     .separator = ' ', .note = note };
	uint64_t start, end;

	*note = 0;

	if (!memory_arguments(m, &start, &end))
		return false;
	strings_begin(&s);
	return strings_end(&s, read_strings(&s, start, end));
}

bool memory_env(struct memory *m, struct out *out, struct memory_form form,
		char note[MEMORY_NOTE])
{
	struct strings s = { .m = m, .out = out, .form = form, .what = "env",
			     .separator = '\n', .note = note };

	strings_begin(&s);
	return strings_end(&s, memory_environment(m, read_strings, &s));
}

static void put_auxv(struct out *out, const struct memory *m, uint64_t type,
		     uint64_t value, bool pid)
{
	const char *name = mappings_auxv_name(type);

	if (pid)
		out_printf(out, "%" PRIu32 "\t", m->pid);
	if (name)
		out_printf(out, "%-22s", name);
	else
		out_printf(out, "%-22" PRIu64, type);
	out_printf(out, " 0x%" PRIx64 "\n", value);
}

static void put_auxv_record(struct json_text *r, uint64_t type, uint64_t value)
{
	const char *name = mappings_auxv_name(type);

	json_text_open(r, NULL, '{');
	json_text_number(r, "type", type);
	if (name)
		json_text_string(r, "name", name);
	json_text_hex(r, "value", value);
	json_text_close(r, '}');
}

bool memory_auxv(struct memory *m, struct out *out, struct memory_form form)
{
	const uint64_t *auxv = m->vmas.auxv;
	struct json_text r;

	if (form.records) {
		json_text_begin(&r, out);
		json_text_number(&r, "pid", m->pid);
		json_text_open(&r, "auxv", '[');
	}
	for (unsigned i = 0; i + 1 < m->vmas.n_auxv; i += 2) {
		if (form.records)
			put_auxv_record(&r, auxv[i], auxv[i + 1]);
		else
			put_auxv(out, m, auxv[i], auxv[i + 1], form.pid);
	}
	if (form.records) {
		json_text_close(&r, ']');
		json_text_end(&r);
	}
	return true;
}

static bool dump_bytes(struct memory *m, struct hexdump *h,
		       const struct run *run, uint8_t *buf)
{
	for (uint64_t addr = run->start; addr < run->end; ) {
		size_t k = memory_read(m, run, addr, buf, COPY_BUFFER);

		if (!k)
			return false;
		hexdump_bytes(h, buf, k);
		addr += k;
	}
	return true;
}

/* A hole: false where dumping ends. */
static bool dump_hole(struct memory *m, struct hexdump *h,
		      const struct run *run, enum holes holes)
{
	switch (holes) {
	case HOLES_ERROR:
		return error_set(m->err, CRIT_EDATA, "no image has the bytes of 0x%"
				 PRIx64 "-0x%" PRIx64, run->start, run->end);
	case HOLES_SKIP:
		if (h->n || h->have_last)
			hexdump_end(h);
		hexdump_begin(h, h->out, run->end);
		break;
	case HOLES_ZERO:
		hexdump_zeros(h, run->end - run->start);
		break;
	}
	return true;
}

bool memory_dump(struct memory *m, struct out *out, uint64_t start,
		 uint64_t end, enum holes holes, uint8_t *buf)
{
	struct hexdump h;
	struct run run;

	hexdump_begin(&h, out, start);
	for (uint64_t addr = start; addr < end && !out->failed; addr = run.end) {
		bool ok;

		if (!memory_run(m, addr, &run))
			return false;
		if (run.end > end)
			run.end = end;
		if (run.kind >= RUN_RAW)
			ok = dump_bytes(m, &h, &run, buf);
		else
			ok = dump_hole(m, &h, &run, run.kind == RUN_ZERO ?
				       HOLES_ZERO : holes);
		if (!ok)
			return false;
	}
	if (holes != HOLES_SKIP || h.n || h.have_last)
		hexdump_end(&h);
	return true;
}

bool memory_search(struct memory *m, struct search *s, uint64_t start,
		   uint64_t end)
{
	struct run run;

	for (uint64_t addr = start; addr < end; ) {
		if (!memory_run(m, addr, &run))
			return false;
		if (run.end > end)
			run.end = end;
		if (run.kind <= RUN_LAZY)
			addr = run.end;
		while (addr < run.end) {
			size_t n = run.end - addr < COPY_BUFFER ?
				(size_t)(run.end - addr) : COPY_BUFFER;
			uint8_t *p = search_room(s, addr, &n);

			n = memory_read(m, &run, addr, p, n);
			if (!n)
				return false;
			search_got(s, n);
			addr += n;
		}
	}
	return !error_is(m->err);
}

/* As in the runs of the map; of an LZ4 block, where that begins. */
static void put_stored(struct json_text *r, const struct run *run,
		       uint64_t addr)
{
	if (run->kind != RUN_RAW && run->kind != RUN_PACKED)
		return;
	json_text_string(r, "image", run->file);
	json_text_number(r, "offset", run->at +
			 (run->kind == RUN_RAW ? addr - run->start : 0));
	if (run->kind == RUN_PACKED)
		json_text_hex(r, "block", run->block);
}

void memory_match(struct memory *m, const struct search_match *match,
		  const struct run *run, struct out *out, bool records)
{
	const uint8_t *context = match->p - match->before;
	size_t n = match->before + match->n + match->after;
	uint64_t i = mappings_find(&m->vmas, match->addr);
	const struct vma *a = i < m->vmas.n ? mappings_get(&m->vmas, i) : NULL;
	const char *what = "";
	struct json_text r;
	char buf[64];

	if (!a)
		return;
	what = memory_what(m, a, buf, sizeof(buf));
	if (!records) {
		out_printf(out, "%" PRIu32 "\t0x%" PRIx64 "\t", m->pid,
			      match->addr);
		json_text_plain(out, what, strlen(what));
		out_put(out, "\t", 1);
		json_text_plain(out, context, n);
		out_put(out, "\n", 1);
		return;
	}
	json_text_begin(&r, out);
	json_text_number(&r, "pid", m->pid);
	json_text_hex(&r, "address", match->addr);
	json_text_number(&r, "length", match->n);
	json_text_hex(&r, "start", a->start);
	json_text_hex(&r, "end", a->end);
	json_text_string(&r, "path", what);
	if (run)
		put_stored(&r, run, match->addr);
	json_text_number(&r, "before", match->before);
	json_text_text(&r, "context", context, n);
	json_text_end(&r);
}
