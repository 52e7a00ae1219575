// SPDX-License-Identifier: MIT
/*
 *   bytes of a message ─► where and what: bad bytes, a value that does not fit,
 *                         a required field that is not there
 */
#include "event/message.h"

#include <stdio.h>

void message_path(struct crit_error *err, const char *name, int64_t index)
{
	size_t n = strlen(err->path);
	char *p = err->path + n;

	snprintf(p, sizeof(err->path) - n, index < 0 ? "%s%s" : "%s%s[%lld]",
		 n ? "." : "", name, (long long)index);
}

/* Where the walk is: names of the fields on the way, and elements so far. */
struct place {
	const struct field *f;
	int64_t index;
};

static void count_place(struct place *at, const struct field *f)
{
	if (f && f == at->f)
		at->index++;
	else
		*at = (struct place){ f, f && f->label == LABEL_REPEATED ? 0 : -1 };
}

static void add_place(struct crit_error *err, const struct place *at,
		      uint32_t number)
{
	char name[32];

	if (at->f) {
		message_path(err, at->f->name, at->index);
		return;
	}
	snprintf(name, sizeof(name), "field %u", number);
	message_path(err, name, -1);
}

/* The number in a tag that may be cut; 0 where there is none. */
static uint32_t peek_number(const uint8_t *p, const uint8_t *end)
{
	unsigned sloppy = 0;
	uint64_t tag;
	const uint8_t *q = wire_varint(p, &tag, &sloppy);

	return q && q <= end && tag <= UINT32_MAX ? (uint32_t)(tag >> 3) : 0;
}

void message_explain(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err)
{
	struct message_walk k = message_walk(m, p, n, false);
	struct place at = { NULL, -1 };
	uint32_t number;
	const char *what;
	const uint8_t *from;

	do {
		from = k.p;
		number = from < k.end ? peek_number(from, k.end) : 0;
		count_place(&at, number ? message_field(m, number) : NULL);
	} while (message_next(&k, &what));
	if (!what) {
		error_set(err, CRIT_EDATA, "messages nested too deep");
		return;
	}
	if (number)
		add_place(err, &at, number);
	err->offset = from - p;
	error_set(err, CRIT_EDATA, "%s", what);
}

void message_say_misfit(struct crit_error *err)
{
	error_set(err, CRIT_EDATA, "warning: a value that does not fit this "
		  "field (of a newer or another CRIU?); kept under _unknown");
}

static bool misfit(const struct message *m, const uint8_t *start,
		   const uint8_t *p, size_t n, struct crit_error *err)
{
	struct message_walk k = message_walk(m, p, n, true);
	struct place at = { NULL, -1 };
	size_t mark = strlen(err->path);
	const char *what;

	while (message_next(&k, &what)) {
		count_place(&at, k.f);
		if (!k.f || (k.fit != FIT_UNKNOWN && k.f->kind != KIND_MESSAGE))
			continue;
		add_place(err, &at, k.w.number);
		if (k.fit == FIT_UNKNOWN) {
			err->offset = k.w.start - start;
			message_say_misfit(err);
			return true;
		}
		if (misfit(k.f->message, start, k.w.data, k.w.value, err))
			return true;
		err->path[mark] = 0;
	}
	return false;
}

void message_explain_misfit(const struct message *m, const uint8_t *p, size_t n,
			    struct crit_error *err)
{
	misfit(m, p, p, n, err);
}

static unsigned fields(const struct message *m, uint64_t seen)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->n_fields; i++)
		n += (m->fields[i].required & ~seen) != 0;
	return n;
}

void message_say_missing(const struct message *m, uint64_t seen,
		      struct crit_error *err)
{
	char text[200];
	size_t n = 0;

	for (size_t i = 0; i < m->n_fields && n < sizeof(text) - 1; i++)
		if (m->fields[i].required & ~seen)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
					      n ? ", " : "", m->fields[i].name);
	error_set(err, CRIT_EDATA, fields(m, seen) > 1 ?
		  "required fields are missing: %s" :
		  "required field \"%s\" is missing", text);
}

static bool missing(const struct message *m, const uint8_t *p, size_t n,
		    struct crit_error *err)
{
	struct message_walk k = message_walk(m, p, n, true);
	struct place at = { NULL, -1 };
	size_t mark = strlen(err->path);
	uint64_t seen = 0;
	const char *what;

	while (message_next(&k, &what)) {
		count_place(&at, k.f);
		seen |= k.f ? k.f->required : 0;
		if (k.fit == FIT_UNKNOWN || k.f->kind != KIND_MESSAGE)
			continue;
		add_place(err, &at, k.w.number);
		if (missing(k.f->message, k.w.data, k.w.value, err))
			return true;
		err->path[mark] = 0;
	}
	if (seen == m->required)
		return false;
	message_say_missing(m, seen, err);
	return true;
}

void message_missing(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err)
{
	missing(m, p, n, err);
}
