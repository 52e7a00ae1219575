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
	uint32_t id;
	uint64_t size;
};

struct chunk {
	uint32_t file;
	struct tar_extent e;
};

struct merge {
	struct archive *a;
	struct shard *shards;
	uint64_t seq;
	struct file *files;		/* open ones */
	size_t n_files, cap_files;
	struct file *now;		/* that data belongs to */
	uint32_t next_id;
	struct chunk *chunks;
	size_t n_chunks, cap_chunks;
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
	*f = (struct file){ .name = alloc_text(s->next.name),
			    .id = m->next_id };
	if (!f->name)
		return error_set(m->a->err, CRIT_ENOMEM, "out of memory");
	m->n_files++;
	m->next_id++;
	m->now = f;
	return true;
}

/* Bytes that lie at from are the next ones of the file. */
static bool add_chunk(struct merge *m, uint64_t from, uint64_t n)
{
	struct chunk *last = m->n_chunks ? &m->chunks[m->n_chunks - 1] : NULL;
	struct tar_extent e = { m->now->size, n, from };

	m->now->size += n;
	if (last && last->file == m->now->id &&
	    last->e.from + last->e.size == from) {
		last->e.size += n;
		return true;
	}
	if (!archive_room((void **)&m->chunks, m->n_chunks, &m->cap_chunks,
			  sizeof(*m->chunks), m->a->err))
		return false;
	m->chunks[m->n_chunks++] = (struct chunk){ m->now->id, e };
	return true;
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
	to.extents = m->now->id;	/* until the chunks are sorted */
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

/* The chunks of each file one after another: by counting. */
static bool sort_chunks(struct merge *m)
{
	struct archive *a = m->a;
	size_t *at = alloc_zero((m->next_id + 1) * sizeof(*at));
	struct tar_extent *e = alloc(m->n_chunks * sizeof(*e) + 1);

	a->extents = e;
	if (!at || !e) {
		alloc_free(at);
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < m->n_chunks; i++)
		at[m->chunks[i].file + 1]++;
	for (uint32_t i = 0; i < m->next_id; i++)
		at[i + 1] += at[i];
	for (size_t i = 0; i < a->n; i++) {
		size_t id = a->members[i].extents;

		a->members[i].extents = (uint32_t)at[id];
		a->members[i].n_extents = (uint32_t)(at[id + 1] - at[id]);
	}
	for (size_t i = 0; i < m->n_chunks; i++)
		e[at[m->chunks[i].file]++] = m->chunks[i].e;
	a->n_extents = m->n_chunks;
	alloc_free(at);
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
	alloc_free(m->chunks);
	alloc_free(m->shards);
}

bool archive_read_streamer(struct archive *a)
{
	struct merge m = { .a = a };
	struct crit_error keep, *err = a->err;
	bool ok;

	m.shards = alloc_zero(a->n_sources * sizeof(*m.shards));
	if (!m.shards)
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	ok = open_shards(&m) && merge(&m);
	/* complete images are kept, also after an error */
	error_clear(&keep);
	a->err = &keep;
	if (!sort_chunks(&m))
		a->n = 0;
	a->err = err;
	if (!error_is(err) && error_is(&keep))
		*err = keep;
	close_shards(&m);
	return ok && !error_is(err);
}
