// SPDX-License-Identifier: MIT
#include "base/unpack_kinds.h"

#include <string.h>

bool unpack_is(const struct unpack_kind *kind, const uint8_t *p, size_t n)
{
	if (n >= kind->n_magic && !memcmp(p, kind->magic, kind->n_magic))
		return true;
	return kind->skippable && n >= 4 && (p[0] & 0xf0) == 0x50 &&
	       p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18;
}

const struct unpack_kind *unpack_kind(const uint8_t *head, size_t n)
{
	for (size_t i = 0; i < unpack_n_kinds; i++)
		if (unpack_is(&unpack_kinds[i], head, n))
			return &unpack_kinds[i];
	return NULL;
}

const char *unpack_name(const struct unpack_kind *kind)
{
	return kind->name;
}

static bool fail(struct unpack *u, const char *what)
{
	if (what == unpack_too_wide || what == unpack_not_here)
		return error_set(&u->own, CRIT_EDATA, "%s: %s; unpack it first: "
				 "%s FILE | ... -", u->kind->name, what,
				 u->kind->tool);
	if (what != unpack_no_memory)
		u->own.offset = (int64_t)u->pos;
	return error_set(&u->own, what == unpack_no_memory ? CRIT_ENOMEM :
			 CRIT_EDATA, "%s: %s", u->kind->name, what);
}

static bool begin(struct unpack *u)
{
	u->why = unpack_no_memory;
	u->begun = u->kind->begin(u);
	return u->begun || fail(u, u->why);
}

static bool start(struct unpack *u)
{
	error_clear(&u->own);
	u->pos = 0;
	u->begun = u->done = u->trailing = false;
	return in_open_blob(&u->in, u->from, &u->own);
}

bool unpack_open(struct unpack *u, const struct blob *from,
		 const struct unpack_kind *kind, struct crit_error *err)
{
	*u = (struct unpack){ .kind = kind, .from = from };
	if (start(u))
		return true;
	*err = u->own;
	return false;
}

void unpack_close(struct unpack *u)
{
	if (!u->kind)
		return;
	in_close(&u->in);
	if (u->state)
		u->kind->end(u);
	u->kind = NULL;
}

/* After a frame: another one, padding of zeros, or the end. */
static void next_frame(struct unpack *u)
{
	u->begun = false;
	while (in_fill(&u->in, 1) && !u->in.buf[u->in.pos]) {
		in_take(&u->in, 1);
		u->trailing |= !u->kind->padded;
	}
	in_fill(&u->in, UNPACK_HEAD);
	if (unpack_is(u->kind, u->in.buf + u->in.pos, in_avail(&u->in)))
		return;
	u->done = true;
	u->trailing |= in_avail(&u->in) > 0;
}

/* Puts more at u->dst; false at the end and after an error. */
static bool step(struct unpack *u)
{
	size_t before, room;
	enum unpack_step r;

	if (!u->begun && !begin(u))
		return false;
	if (!in_avail(&u->in))
		in_fill(&u->in, 1);
	if (error_is(&u->own))
		return false;
	u->src = u->in.buf + u->in.pos;
	u->n_src = in_avail(&u->in);
	before = u->n_src + u->n_dst;
	room = u->n_dst;
	r = u->kind->step(u);
	u->pos += room - u->n_dst;
	in_take(&u->in, in_avail(&u->in) - u->n_src);
	if (r == UNPACK_BAD)
		return fail(u, u->why);
	if (r == UNPACK_END)
		next_frame(u);
	else if (before == u->n_src + u->n_dst && u->in.eof)
		return fail(u, "the data ends early");
	return !error_is(&u->own);
}

static size_t forward(struct unpack *u, void *p, size_t n)
{
	u->dst = p;
	u->n_dst = n;
	while (u->n_dst && !u->done && !error_is(&u->own))
		if (!step(u))
			break;
	return n - u->n_dst;
}

/* Goes to offset at, from the start if need be. */
static bool go(struct unpack *u, uint64_t at, void *p, size_t n)
{
	if (at < u->pos) {
		in_close(&u->in);
		if (!start(u))
			return false;
	}
	while (u->pos < at) {
		uint64_t left = at - u->pos;

		if (!forward(u, p, left < n ? (size_t)left : n))
			return false;
	}
	return true;
}

size_t unpack_read(struct unpack *u, uint64_t at, void *p, size_t n,
		   struct crit_error *err)
{
	size_t got;

	if (at < u->n_head && at < u->pos) {
		got = u->n_head - (size_t)at;
		got = got < n ? got : n;
		memcpy(p, u->head + at, got);
		return got;
	}
	got = go(u, at, p, n) ? forward(u, p, n) : 0;
	if (got && at == u->n_head && at < sizeof(u->head)) {
		size_t k = sizeof(u->head) - u->n_head;

		k = k < got ? k : got;
		memcpy(u->head + u->n_head, p, k);
		u->n_head += k;
	}
	/* what came before an error is given first */
	if (!got && error_is(&u->own) && !error_is(err))
		*err = u->own;
	return got;
}
