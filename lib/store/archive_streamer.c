// SPDX-License-Identifier: MIT
/*
 *   shards ─► markers in the order of seq ─► files, each a list of chunks
 *
 * Files come interleaved, pages before what says where they belong.
 */
#include "store/archive.h"
#include "base/alloc.h"
#include "store/streamer.h"

#include <stdio.h>
#include <string.h>

enum { OPEN_MAX = 1024 };		/* files that are not complete */

struct shard {
	struct in in;
	struct blob blob;
	struct streamer_marker next;
	bool have, opened;
};

struct file {
	char *name;
	uint64_t size;
	struct extent_list chunks;
};

struct merge {
	struct archive *a;
	struct shard *shards;
	uint64_t seq;
	struct file *files;		/* open ones */
	size_t n_files, cap_files;
	struct file *now;		/* that data belongs to */
	bool ended;
};

static bool bad(struct merge *m, const struct shard *s, const char *what)
{
	struct crit_error *err = m->a->err;

	if (!error_is(err) && s)
		err->offset = (int64_t)s->next.at;
	return error_set(err, CRIT_EDATA, "%s", what);
}

static bool load(struct merge *m, struct shard *s)
{
	int r = streamer_next(&s->in, &s->next, m->a->err);

	s->have = r > 0;
	return r >= 0;
}

static bool open_shards(struct merge *m)
{
	struct archive *a = m->a;

	for (size_t i = 0; i < a->n_sources; i++) {
		struct shard *s = &m->shards[i];

		if (!archive_in_open(a, i, &s->in, &s->blob))
			return false;
		s->opened = true;
		if (!load(m, s))
			return false;
	}
	return true;
}

static bool is_name(const char *name)
{
	return *name && !strchr(name, '/') && strcmp(name, ".") &&
	       strcmp(name, "..");
}

static bool select_file(struct merge *m, const struct shard *s)
{
	struct file *f;

	if (!is_name(s->next.name))
		return bad(m, s, "a file name with a path in it");
	for (size_t i = 0; i < m->n_files; i++)
		if (!strcmp(m->files[i].name, s->next.name)) {
			m->now = &m->files[i];
			return true;
		}
	if (m->n_files == OPEN_MAX)
		return bad(m, s, "too many files at a time");
	if (!archive_room((void **)&m->files, m->n_files, &m->cap_files,
			  sizeof(*f), m->a->err))
		return false;
	f = &m->files[m->n_files];
	*f = (struct file){ .name = alloc_text(s->next.name) };
	if (!f->name)
		return error_set(m->a->err, CRIT_ENOMEM, "out of memory");
	m->n_files++;
	m->now = f;
	return true;
}

/* Bytes that lie at from are the next ones of the file. */
static bool add_chunk(struct merge *m, uint64_t from, uint64_t n)
{
	struct extents *x = &m->a->extents;
	struct extent_list *l = &m->now->chunks;
	struct extent e = { m->now->size, n, from }, last;

	m->now->size += n;
	if (!n || !l->n)
		return !n || extents_add(x, l, &e, m->a->err);
	if (!extents_last(x, l, &last, m->a->err))
		return false;
	if (last.from + last.size != from)
		return extents_add(x, l, &e, m->a->err);
	last.size += n;
	return extents_set_last(x, l, &last, m->a->err);
}

static bool data(struct merge *m, struct shard *s)
{
	size_t i = (size_t)(s - m->shards);
	uint32_t n = s->next.n;
	uint64_t from;

	if (!m->now)
		return bad(m, s, "data of no file");
	switch (archive_place(m->a, m->now->name)) {
	case MEMBER_TEMP:
		from = m->a->temp_size;
		return (archive_to_temp(m->a, &s->in, n) ||
			bad(m, s, "the stream ends in the data of a file")) &&
		       add_chunk(m, from, n);
	case MEMBER_SOURCE:
		from = (uint64_t)i << ARCHIVE_SHARD | s->next.at;
		if (!add_chunk(m, from, n))
			return false;
		break;
	default:
		m->now->size += n;
	}
	if (s->in.size != UINT64_MAX && s->next.at + n > s->in.size)
		return bad(m, s, "the stream ends in the data of a file");
	return in_skip(&s->in, n) ||
	       bad(m, s, "the stream ends in the data of a file");
}

static bool end_file(struct merge *m, const struct shard *s)
{
	struct member to = { .type = TAR_FILE, .sparse = true };

	if (!m->now)
		return bad(m, s, "the end of no file");
	to.size = to.packed = m->now->size;
	to.extents = (uint32_t)m->now->chunks.first;
	to.n_extents = (uint32_t)m->now->chunks.n;
	to.at = (uint8_t)archive_place(m->a, m->now->name);
	if (!archive_put(m->a, &to, m->now->name))
		return false;
	alloc_free(m->now->name);
	*m->now = m->files[--m->n_files];
	m->now = NULL;
	return true;
}

static bool take(struct merge *m, struct shard *s)
{
	bool ok = true;

	if (s->next.what == MARKER_NAME)
		ok = select_file(m, s);
	else if (s->next.what == MARKER_DATA)
		ok = data(m, s);
	else if (s->next.what == MARKER_EOF)
		ok = end_file(m, s);
	else
		m->ended = true;
	m->seq++;
	return ok && load(m, s);
}

/* The shard that has the next marker, or NULL and *err. */
static struct shard *next(struct merge *m)
{
	bool any = false;

	for (size_t i = 0; i < m->a->n_sources; i++) {
		struct shard *s = &m->shards[i];

		any |= s->have;
		if (s->have && s->next.seq == m->seq)
			return s;
	}
	if (any)
		error_set(m->a->err, CRIT_EDATA, "marker %llu is in none of the "
			  "files: are there more shards (--shard FILE)?",
			  (unsigned long long)m->seq);
	else
		error_set(m->a->err, CRIT_EDATA, m->a->n_sources > 1 ?
			  "the stream ends early" : "the stream ends early, or "
			  "has more shards (--shard FILE)");
	return NULL;
}

static bool merge(struct merge *m)
{
	while (!m->ended) {
		struct shard *s = next(m);

		if (!s || !take(m, s))
			return false;
	}
	for (size_t i = 0; i < m->a->n_sources; i++)
		if (m->shards[i].have)
			return bad(m, &m->shards[i], "data after the end of the "
				   "checkpoint");
	if (m->n_files)
		return bad(m, NULL, "files without their ends");
	return true;
}

static void close_shards(struct merge *m)
{
	for (size_t i = 0; i < m->a->n_sources; i++)
		if (m->shards[i].opened)
			archive_in_close(m->a, &m->shards[i].in,
					 &m->shards[i].blob);
	for (size_t i = 0; i < m->n_files; i++)
		alloc_free(m->files[i].name);
	alloc_free(m->files);
	alloc_free(m->shards);
}

bool archive_read_streamer(struct archive *a)
{
	struct merge m = { .a = a };
	bool ok;

	m.shards = alloc_zero(a->n_sources * sizeof(*m.shards));
	if (!m.shards)
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	ok = open_shards(&m) && merge(&m);
	close_shards(&m);
	return ok && !error_is(a->err);
}
