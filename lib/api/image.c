// SPDX-License-Identifier: MIT
#include "api/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static struct crit_image *image_new(struct crit *c, const char *name,
				    struct crit_error *err)
{
	struct crit_image *im = alloc_zero(sizeof(*im));
	char *copy = name ? alloc_text(name) : NULL;

	if (!im || (name && !copy)) {
		alloc_free(im);
		alloc_free(copy);
		api_no_memory(err);
		return NULL;
	}
	im->c = c;
	im->blob = BLOB_NONE;
	im->name = copy;
	error_clear(&im->err);
	event_queue_init(&im->queue, &im->err);
	return im;
}

bool api_image_fail(const struct crit_image *im, struct crit_error *err)
{
	return api_fail_at(im->place, err, &im->err);
}

static struct crit_image *opened(struct crit_image *im, bool ok,
				 struct crit_error *err)
{
	im->source.warn = api_warn;
	im->source.ctx = im->c;
	if (ok)
		return im;
	api_image_fail(im, err);
	crit_close(im);
	return NULL;
}

static void close_fd(struct blob *b)
{
	close(b->fd);
}

static struct crit_image *open_source(struct crit_image *im, int fd,
				      struct crit_error *err)
{
	return opened(im, image_source_open(&im->source, fd, im->name,
					    im->c->schema, &im->err), err);
}

struct crit_image *api_open_blob(struct crit *c, struct blob *b,
				 const char *name, const char *place,
				 struct crit_error *err)
{
	struct crit_image *im = image_new(c, name, err);

	if (!im) {
		blob_close(b);
		return NULL;
	}
	im->blob = *b;
	im->place = place ? alloc_text(place) : NULL;
	return opened(im, image_source_open_blob(&im->source, &im->blob,
						 im->name, c->schema,
						 &im->err), err);
}

/* The directory of a path, for errors; NULL: it has none. */
static char *directory_of(const char *path)
{
	size_t n = (size_t)(api_base_name(path) - path);
	char *place = n ? alloc_text(path) : NULL;

	if (place)
		place[n] = 0;
	return place;
}

struct crit_image *crit_open(struct crit *c, const char *path,
			     struct crit_error *err)
{
	struct crit_image *im;
	struct crit_error e;
	int fd;
	API(c);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error_clear(&e);
		snprintf(e.image, sizeof(e.image), "%s", path);
		error_sys(&e, errno, "cannot open");
		return api_fail(err, &e), NULL;
	}
	im = image_new(c, api_base_name(path), err);
	if (!im)
		return close(fd), NULL;
	im->blob = (struct blob){ .fd = fd, .close = close_fd };
	im->place = directory_of(path);
	return open_source(im, fd, err);
}

struct crit_image *crit_open_fd(struct crit *c, int fd, const char *name,
				struct crit_error *err)
{
	struct crit_image *im;
	API(c);

	im = image_new(c, name, err);
	return im ? open_source(im, fd, err) : NULL;
}

struct crit_image *crit_open_memory(struct crit *c, const void *p, size_t n,
				    const char *name, struct crit_error *err)
{
	struct crit_image *im;
	API(c);

	im = image_new(c, name, err);
	if (!im)
		return NULL;
	return opened(im, image_source_open_bytes(&im->source, p, n, im->name,
						  c->schema, &im->err), err);
}

void crit_close(struct crit_image *im)
{
	if (!im)
		return;
	image_source_close(&im->source);
	event_queue_free(&im->queue);
	blob_close(&im->blob);
	alloc_free(im->name);
	alloc_free(im->place);
	alloc_free(im);
}

const char *crit_magic(const struct crit_image *im)
{
	return im->source.image.type->name;
}

const char *crit_name(const struct crit_image *im)
{
	return im->name;
}

int api_image_next(struct crit_image *im, struct sink *sink,
		   struct crit_error *err)
{
	int r = -1;

	if (!error_is(&im->err))
		r = image_source_next(&im->source, sink);
	if (r < 0)
		api_image_fail(im, err);
	return r;
}

int crit_next(struct crit_image *im, struct crit_event *event,
	      struct crit_error *err)
{
	int r = error_is(&im->err) ? -1 : event_queue_next(&im->queue, event);
	API(im->c);

	if (!r) {
		event_queue_clear(&im->queue, im->source.entries);
		r = api_image_next(im, &im->queue.sink.sink, err);
		if (r > 0)
			r = event_queue_next(&im->queue, event);
	}
	if (r < 0)
		api_image_fail(im, err);
	return r;
}

bool crit_each(struct crit_image *im,
	       bool (*event)(void *ctx, const struct crit_event *), void *ctx,
	       struct crit_error *err)
{
	struct event_giver g;
	int r = 1;
	API(im->c);

	event_queue_clear(&im->queue, 0);
	event_giver_init(&g, &im->err, event, ctx);
	while (r > 0 && !g.stop) {
		g.place.entry = im->source.entries;
		r = api_image_next(im, &g.sink.sink, err);
	}
	return r >= 0;
}

static bool no_event(void *ctx, const struct crit_event *event)
{
	(void)ctx;
	(void)event;
	return false;
}

bool crit_info(struct crit_image *im, struct crit_info *info,
	       struct crit_error *err)
{
	struct event_giver g;
	int r = 1;
	API(im->c);

	event_giver_init(&g, &im->err, no_event, NULL);
	im->source.skip_extra = im->source.skip_messages = true;
	while (r > 0)
		r = api_image_next(im, &g.sink.sink, err);
	*info = (struct crit_info){
		.entries = im->source.entries,
		.payload_bytes = im->source.payload_bytes,
		.extra_bytes = im->source.extra_bytes,
	};
	return !r;
}

uint64_t crit_offset(const struct crit_image *im)
{
	return in_offset(&im->source.in);
}
