// SPDX-License-Identifier: MIT
#include "change/setenv.h"
#include "base/alloc.h"
#include "memory/entry_stack.h"

#include <inttypes.h>
#include <string.h>
#include <sys/auxv.h>

struct setting {
	struct memory_write *w;
	struct entry_stack stack;
	const char *text;
	size_t n, name;			/* bytes of text; of NAME= */
};

/* Whether the string at addr begins with NAME=. False and *err: it cannot be
 * read. */
static bool is_named(struct setting *s, uint64_t addr, uint8_t *buf)
{
	return memory_write_get(s->w, addr, buf, s->name) &&
	       !memcmp(buf, s->text, s->name);
}

/* The bytes of a string, without its NUL; at most SETENV_MAX. */
static bool length(struct memory_write *w, uint64_t addr, uint64_t *n)
{
	uint8_t buf[64];

	for (*n = 0; *n < SETENV_MAX; *n += sizeof(buf)) {
		uint64_t left = w->m->page_size -
			((addr + *n) & (w->m->page_size - 1));
		size_t k = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		const uint8_t *nul;

		if (!memory_write_get(w, addr + *n, buf, k))
			return false;
		nul = memchr(buf, 0, k);
		if (nul) {
			*n += (uint64_t)(nul - buf);
			return true;
		}
		*n += k - sizeof(buf);
	}
	return error_set(w->err, CRIT_EDATA, "the string at 0x%" PRIx64
			 " has no end", addr);
}

/* The first pointer to NAME=: getenv takes that. */
static bool find(struct setting *s, struct setenv_place *place)
{
	uint8_t *buf = alloc(s->name);

	if (!buf)
		return error_set(s->w->err, CRIT_ENOMEM, "out of memory");
	for (uint64_t i = 0; i < s->stack.envc; i++) {
		place->pointer = s->stack.envp + i * s->stack.word;
		if (!entry_stack_word(&s->stack, s->w->m, place->pointer,
				      &place->before))
			break;
		if (is_named(s, place->before, buf)) {
			alloc_free(buf);
			return true;
		}
		/* a string that cannot be read is not the one */
		if (error_is(s->w->err) && s->w->err->code != CRIT_EDATA)
			break;
		error_clear(s->w->err);
	}
	alloc_free(buf);
	return error_set(s->w->err, CRIT_EDATA, "task %" PRIu32 " has no variable "
			 "%.*s: only one that is there can be changed",
			 s->w->m->pid, (int)(s->name - 1), s->text);
}

/* Where the kernel's other data above the vector end: random bytes, names of
 * the machine. */
static bool data_end(struct setting *s, uint64_t *end)
{
	static const uint64_t types[] = {
		AT_RANDOM, AT_PLATFORM, AT_BASE_PLATFORM,
	};
	uint64_t type, value, n;

	*end = s->stack.end;
	for (uint64_t at = s->stack.auxv; at < s->stack.end;
	     at += 2 * s->stack.word) {
		if (!entry_stack_word(&s->stack, s->w->m, at, &type) ||
		    !entry_stack_word(&s->stack, s->w->m, at + s->stack.word, &value))
			return false;
		for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
			if (type != types[i] || value < s->stack.end ||
			    value >= s->stack.strings)
				continue;
			n = 16;
			if (type != AT_RANDOM && !length(s->w, value, &n))
				return false;
			if (value + n + 1 > *end)
				*end = value + n + 1;
		}
	}
	return true;
}

static bool is_zero(struct memory_write *w, uint64_t addr, uint64_t end)
{
	uint8_t buf[256];

	for (size_t k; addr < end; addr += k) {
		k = end - addr < sizeof(buf) ? (size_t)(end - addr) : sizeof(buf);
		if (!memory_write_get(w, addr, buf, k))
			return false;
		for (size_t i = 0; i < k; i++)
			if (buf[i])
				return false;
	}
	return true;
}

/* Between the kernel's data and the strings there is a gap of random size, up to
 * 8 KiB, that is never used. */
static bool gap(struct setting *s, uint64_t *at)
{
	uint64_t from;

	if (!data_end(s, &from) || s->stack.strings < s->n + 1)
		return false;
	*at = s->stack.strings - (s->n + 1);
	return *at >= from + 16 && is_zero(s->w, *at, s->stack.strings);
}

/* The lowest pages of the stack's mapping that were never touched, as were none
 * in the 64 KiB above them. */
static bool bottom(struct setting *s, uint64_t *at)
{
	uint64_t page = s->w->m->page_size;
	uint64_t need = ((s->n + page) & -page) + (64 << 10);
	struct run run;

	for (*at = s->stack.vma.start + page; *at < s->stack.argv &&
	     s->stack.argv - *at > need; *at = run.end) {
		if (!memory_vma_run(s->w->m, &s->stack.vma, *at, &run))
			return false;
		if (run.kind == RUN_NONE && run.end - *at >= need)
			return true;
	}
	return false;
}

static bool elsewhere(struct setting *s, struct setenv_place *place)
{
	uint8_t pointer[8];

	if (!gap(s, &place->after) &&
	    (error_is(s->w->err) || !bottom(s, &place->after)))
		return error_set(s->w->err, CRIT_EDATA, "the stack has no room for "
				 "%zu bytes", s->n + 1);
	entry_stack_put(&s->stack, pointer, place->after);
	return memory_write_put(s->w, place->after, s->text, s->n + 1) &&
	       memory_write_put(s->w, place->pointer, pointer, s->stack.word);
}

/* In place of the old one, with NULs up to its end. */
static bool in_place(struct setting *s, uint64_t addr, uint64_t n)
{
	uint8_t *p = alloc_zero((size_t)n + 1);
	bool ok;

	if (!p)
		return error_set(s->w->err, CRIT_ENOMEM, "out of memory");
	memcpy(p, s->text, s->n);
	ok = memory_write_put(s->w, addr, p, (size_t)n);
	alloc_free(p);
	return ok;
}

bool memory_setenv(struct memory_write *w, const char *text,
		   struct setenv_place *place)
{
	const char *equals = strchr(text, '=');
	struct setting s = { .w = w, .text = text, .n = strlen(text) };
	uint64_t old;

	if (!equals || equals == text)
		return error_set(w->err, CRIT_EUSAGE, "'%.60s' is not NAME=VALUE",
				 text);
	if (s.n >= SETENV_MAX)
		return error_set(w->err, CRIT_EUSAGE, "a variable has at most %d "
				 "bytes", SETENV_MAX - 1);
	s.name = (size_t)(equals - text) + 1;
	memset(place, 0, sizeof(*place));
	if (!entry_stack_find(&s.stack, w->m))
		return error_is(w->err) ? false :
			error_set(w->err, CRIT_EDATA, "task %" PRIu32 ": its envp "
				  "is not where the kernel put it, at 0x%" PRIx64,
				  w->m->pid, w->m->vmas.stack);
	if (!find(&s, place) || !length(w, place->before, &old))
		return false;
	place->after = place->before;
	return s.n <= old ? in_place(&s, place->before, old) :
		elsewhere(&s, place);
}
