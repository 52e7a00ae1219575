// SPDX-License-Identifier: MIT
/*
 *   records ─► json source ─► image sink ─► temporary file, one image after
 *   another
 */
#include "copy/changes.h"
#include "base/alloc.h"
#include "base/file_io.h"
#include "base/temp.h"
#include "base/output_file.h"
#include "image/write.h"
#include "json/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool no_memory(struct changes *e)
{
	return error_set(e->err, CRIT_ENOMEM, "out of memory");
}

static struct change *add(struct changes *e, const char *name)
{
	struct change *more = e->list;

	if (e->n == e->cap) {
		e->cap = e->cap ? 2 * e->cap : 64;
		more = alloc_more(e->list, e->cap * sizeof(*more));
		if (!more)
			return no_memory(e), NULL;
		e->list = more;
	}
	more[e->n] = (struct change){ .name = alloc_text(name) };
	if (!more[e->n].name)
		return no_memory(e), NULL;
	return &more[e->n++];
}

static uint64_t end(const struct changes *e)
{
	return (uint64_t)lseek(e->fd, 0, SEEK_CUR);
}

static int open_image(void *arg, const struct image *im, const char **name)
{
	struct changes *e = arg;
	struct change *change = add(e, im->name);

	*name = im->name;
	if (!change)
		return -1;
	change->start = end(e);
	return e->fd;
}

static void close_image(void *arg, int fd)
{
	struct changes *e = arg;
	struct change *change = &e->list[e->n - 1];

	(void)fd;
	change->size = end(e) - change->start;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct change *)a)->name,
		      ((const struct change *)b)->name);
}

bool changes_sort(struct changes *e)
{
	if (e->n)
		qsort(e->list, e->n, sizeof(*e->list), by_name);
	for (size_t i = 1; i < e->n; i++)
		if (!by_name(&e->list[i - 1], &e->list[i]))
			return error_set(e->err, CRIT_EDATA, "%s appears twice: "
					 "does the input hold two checkpoints?",
					 e->list[i].name);
	return true;
}

static bool read_records(struct changes *e, struct in *in,
			 struct image_sink *sink, struct json_source *source,
			 const struct schema *schema)
{
	if (!image_sink_init(sink, schema, e->err) ||
	    !json_source_init(source, schema, &sink->sink, e->err))
		return false;
	sink->arg = e;
	sink->open = open_image;
	sink->close = close_image;
	source->need_name = true;
	return json_source_read(source, in) && json_source_end(source) &&
	       !error_is(e->err) && changes_sort(e);
}

bool changes_read_in(struct changes *e, struct in *in,
		     const struct schema *schema, struct crit_error *err)
{
	struct json_source *source = alloc_zero(sizeof(*source));
	struct image_sink *sink = alloc_zero(sizeof(*sink));
	bool ok;

	*e = (struct changes){ .fd = temp_file(err), .err = err };
	if (!source || !sink)
		no_memory(e);
	ok = e->fd >= 0 && source && sink &&
	     read_records(e, in, sink, source, schema);
	if (source)
		json_source_free(source);
	if (sink)
		image_sink_free(sink);
	alloc_free(source);
	alloc_free(sink);
	return ok;
}

bool changes_read(struct changes *e, int fd, const struct schema *schema,
		struct crit_error *err)
{
	struct in in;
	bool ok;

	*e = (struct changes){ .fd = -1, .err = err };
	ok = in_open(&in, fd, err) && changes_read_in(e, &in, schema, err);
	in_close(&in);
	return ok;
}

bool changes_none(struct changes *e, struct crit_error *err)
{
	*e = (struct changes){ .fd = temp_file(err), .err = err };
	return e->fd >= 0;
}

bool changes_add(struct changes *e, const char *name, const void *p, size_t n)
{
	struct change *change = add(e, name);

	if (!change)
		return false;
	change->start = end(e);
	change->size = n;
	return write_all(e->fd, p, n) ||
	       error_sys(e->err, errno, "cannot write a temporary file");
}

void changes_close(struct changes *e)
{
	for (size_t i = 0; i < e->n; i++)
		alloc_free(e->list[i].name);
	alloc_free(e->list);
	if (e->fd >= 0)
		close(e->fd);
	e->list = NULL;
	e->n = e->cap = 0;
	e->fd = -1;
}

struct change *changes_find(const struct changes *e, const char *name)
{
	const struct change key = { .name = (char *)name };

	return e->n ? bsearch(&key, e->list, e->n, sizeof(key), by_name) : NULL;
}

struct blob changes_blob(const struct changes *e, const struct change *change)
{
	return (struct blob){
		.fd = e->fd, .start = change->start, .size = change->size,
	};
}
