// SPDX-License-Identifier: MIT
/*
 * Entries and events -> images.
 */
#include "api/entry.h"
#include "api/image.h"
#include "api/output.h"
#include "image/write.h"

#include <stdio.h>
#include <string.h>

enum { WRITE_LEVELS = IMAGE_LEVELS };

/* A message that is open. */
struct write_level {
	const struct field *f;		/* NULL: the entry */
	const struct message *m;	/* NULL: extra that is a message */
	const struct field *list;	/* the list being written, or NULL */
};

struct crit_writer {
	struct crit *c;
	struct crit_error err;
	struct image_sink sink;
	struct crit_output *out;
	struct image image;
	uint64_t entries;

	struct write_level level[WRITE_LEVELS];
	int depth;			/* 0: between entries */
	const struct field *bytes;	/* the field whose pieces are being written */
	bool extra;			/* of this entry has come: no more fields */
};

static int open_image(void *arg, const struct image *im, const char **name)
{
	struct crit_output *out = arg;

	(void)im;
	*name = output_name(out);
	return out->fd;
}

static void close_image(void *arg, int fd)
{
	(void)arg;
	(void)fd;
}

static struct crit_writer *begin(struct crit *c, struct crit_output *out,
				 const struct image *im, struct crit_error *err)
{
	struct crit_writer *w;
	API(c);

	w = alloc_zero(sizeof(*w));
	if (!w)
		return api_no_memory(err), NULL;
	w->c = c;
	w->out = out;
	w->image = *im;
	error_clear(&w->err);
	if (!image_sink_init(&w->sink, c->schema, &w->err)) {
		alloc_free(w);
		return api_no_memory(err), NULL;
	}
	w->sink.arg = out;
	w->sink.open = open_image;
	w->sink.close = close_image;
	w->sink.write = output_write;
	event_image(&w->sink.sink, &w->image);
	return w;
}

struct crit_writer *crit_write(struct crit *c, struct crit_output *out,
			       const char *magic, struct crit_error *err)
{
	struct image im = {
		.type = schema_image_name(c->schema, magic, strlen(magic)),
	};

	if (!im.type)
		return api_usage(err, "no image has the magic %s", magic), NULL;
	im.head = im.type->head;
	return begin(c, out, &im, err);
}

struct crit_writer *crit_write_like(const struct crit_image *image,
				    struct crit_output *out,
				    struct crit_error *err)
{
	struct image im = image->source.image;

	im.name = NULL;
	return begin(image->c, out, &im, err);
}

void crit_write_partial(struct crit_writer *w, bool allow)
{
	w->sink.allow_partial = allow;
}

/* How it went: with the index of the entry, if it is an error. */
static bool result(struct crit_writer *w, struct crit_error *err)
{
	if (!error_is(&w->err))
		return true;
	if (w->err.entry < 0)
		w->err.entry = (int64_t)w->entries;
	output_fail(w->out, &w->err);
	return api_fail(err, &w->err);
}

bool crit_put(struct crit_writer *w, const struct crit_entry *e,
	      struct crit_error *err)
{
	API(w->c);

	if (error_is(&w->err))
		return result(w, err);
	if (w->depth || e->type != w->image.type ||
	    e->message != (w->entries ? e->type->rest : e->type->first))
		return api_usage(err, w->depth ? "an entry is open" :
				 "an entry of a %s image", e->type->name);
	entry_emit(e, &w->sink.sink);
	if (!result(w, err))
		return false;
	w->entries++;
	return true;
}

/* Events. */

static struct write_level *top(struct crit_writer *w)
{
	return &w->level[w->depth - 1];
}

static bool bad(struct crit_writer *w, const struct crit_event *ev,
		const char *what)
{
	if (ev->field)
		snprintf(w->err.path, sizeof(w->err.path), "%s", ev->field);
	return error_set(&w->err, CRIT_EUSAGE, "%s", what);
}

/* What follows an entry has no numbers. */
static const struct field *extra_field(const struct crit_writer *w,
				       const struct crit_event *ev)
{
	const struct write_level *l = &w->level[w->depth - 1];
	const char *name = ev->field ? ev->field : "";

	if (l->f == &extra_queues)
		return !strcmp(name, "inq") ? &extra_queue[0] :
			!strcmp(name, "outq") ? &extra_queue[1] : NULL;
	if (l->f || strcmp(name, "extra"))
		return NULL;
	if (w->image.type->extra == EXTRA_MESSAGES && ev->kind == CRIT_BYTES)
		return &extra_text;
	return extra_forms[w->image.type->extra].field;
}

static const struct field *field_of(const struct crit_writer *w,
				    const struct crit_event *ev)
{
	const struct message *m = w->level[w->depth - 1].m;
	const struct field *f = NULL;

	if (m && ev->number)
		f = message_field(m, ev->number);
	else if (m && ev->field)
		f = message_field_name(m, ev->field, strlen(ev->field));
	return f || ev->number ? f : extra_field(w, ev);
}

static bool fits(const struct field *f, enum crit_event_kind kind)
{
	if (kind == CRIT_LIST)
		return f->label == LABEL_REPEATED;
	if (kind == CRIT_NUMBER)
		return kind_is_number(f->kind);
	if (kind == CRIT_MESSAGE)
		return f->kind == KIND_MESSAGE;
	return f->kind == KIND_STRING || f->kind == KIND_BYTES;
}

static void end_list(struct crit_writer *w)
{
	if (top(w)->list)
		event_list_end(&w->sink.sink);
	top(w)->list = NULL;
}

/* Opens and closes the lists that fields are in. */
static void enter(struct crit_writer *w, const struct field *f)
{
	const struct field *list = f == &extra_text ? &extra_messages :
		f->label == LABEL_REPEATED ? f : NULL;

	if (top(w)->list == list)
		return;
	end_list(w);
	if (list)
		event_list(&w->sink.sink, list);
	top(w)->list = list;
}

static bool open_message(struct crit_writer *w, const struct crit_event *ev,
			 const struct field *f, const struct message *m)
{
	if (w->depth == WRITE_LEVELS)
		return bad(w, ev, "messages nested too deep");
	w->level[w->depth++] = (struct write_level){ f, m, NULL };
	return true;
}

/* Behind the message there is room for extra only. */
static bool is_over(const struct crit_writer *w)
{
	const struct field *f = w->level[w->depth - 1].f;

	return w->extra && (!f || f == &extra_queues);
}

static bool put_field(struct crit_writer *w, const struct crit_event *ev)
{
	const struct field *f = w->bytes ? w->bytes : field_of(w, ev);
	struct sink *sink = &w->sink.sink;
	bool pieces = ev->kind == CRIT_STRING || ev->kind == CRIT_BYTES;

	if (!f)
		return bad(w, ev, "no such field");
	if (!fits(f, ev->kind))
		return bad(w, ev, "not the type of this field");
	if (f->tag && is_over(w))
		return bad(w, ev, "a field after extra");
	w->extra |= !f->tag;
	enter(w, f);
	if (ev->kind == CRIT_NUMBER) {
		event_number(sink, f, ev->value);
	} else if (ev->kind == CRIT_MESSAGE) {
		event_begin(sink, f);
		return open_message(w, ev, f, f == &extra_messages ?
				    w->sink.extra_message : f->message);
	} else if (pieces) {
		event_bytes(sink, f, ev->bytes, ev->size, ev->last);
		w->bytes = ev->last ? NULL : f;
	}
	return true;
}

static bool put_entry(struct crit_writer *w, const struct crit_event *ev)
{
	const struct message *m = w->entries ? w->image.type->rest :
		w->image.type->first;

	event_entry(&w->sink.sink, m);
	w->extra = false;
	return open_message(w, ev, NULL, m);
}

static bool put_end(struct crit_writer *w, const struct crit_event *ev)
{
	struct sink *sink = &w->sink.sink;
	bool entry = ev->kind == CRIT_ENTRY_END;

	if (entry != (w->depth == 1))
		return bad(w, ev, "an end without a beginning");
	end_list(w);
	w->depth--;
	if (!entry) {
		event_end(sink);
		return true;
	}
	event_entry_end(sink);
	if (error_is(&w->err))
		return false;
	w->entries++;
	return true;
}

static bool put_event(struct crit_writer *w, const struct crit_event *ev)
{
	if (!w->depth != (ev->kind == CRIT_ENTRY))
		return bad(w, ev, w->depth ? "an entry inside another" :
			   "a field outside of an entry");
	if (w->bytes && ev->kind != CRIT_STRING && ev->kind != CRIT_BYTES)
		return bad(w, ev, "the last piece of bytes is missing");
	switch (ev->kind) {
	case CRIT_ENTRY:
		return put_entry(w, ev);
	case CRIT_ENTRY_END:
	case CRIT_MESSAGE_END:
		return put_end(w, ev);
	case CRIT_LIST_END:
		end_list(w);
		return true;
	case CRIT_UNKNOWN:
		if (is_over(w))
			return bad(w, ev, "a field after extra");
		end_list(w);
		event_unknown(&w->sink.sink, ev->bytes, ev->size,
					  ev->last);
		return true;
	default:
		return put_field(w, ev);
	}
}

bool crit_put_event(struct crit_writer *w, const struct crit_event *ev,
		    struct crit_error *err)
{
	API(w->c);

	if (!error_is(&w->err))
		put_event(w, ev);
	return result(w, err);
}

bool crit_write_end(struct crit_writer *w, struct crit_error *err)
{
	bool ok;
	API(w->c);

	if (w->depth)
		error_set(&w->err, CRIT_EUSAGE, "an entry is still open");
	event_image_end(&w->sink.sink);
	ok = result(w, err);
	image_sink_free(&w->sink);
	alloc_free(w);
	return ok;
}

/* Changing an image where it is. */

static bool edit_all(struct crit_image *im, struct crit_writer *w,
		     enum crit_edit (*edit)(void *ctx, struct crit_entry *entry,
					    uint64_t index),
		     void *ctx, bool *stop, struct crit_error *err)
{
	struct crit_entry *e = NULL;
	uint64_t index = 0;
	bool ok = true;
	int r;

	while (ok && (r = crit_read(im, &e, err)) > 0) {
		enum crit_edit what = edit(ctx, e, index++);

		*stop = what == CRIT_STOP;
		if (*stop)
			break;
		ok = what == CRIT_DROP || crit_put(w, e, err);
	}
	crit_entry_free(e);
	return ok && r >= 0;
}

bool crit_edit(struct crit *c, const char *path,
	       enum crit_edit (*edit)(void *ctx, struct crit_entry *entry,
				      uint64_t index),
	       void *ctx, struct crit_error *err)
{
	struct crit_image *im = crit_open(c, path, err);
	struct crit_output *out = im ? crit_output_path(c, path, err) : NULL;
	struct crit_writer *w = out ? crit_write_like(im, out, err) : NULL;
	bool stop = false, ok;

	ok = w && edit_all(im, w, edit, ctx, &stop, err);
	if (w && !crit_write_end(w, ok && !stop ? err : NULL))
		ok = stop;
	if (ok && !stop)
		ok = crit_output_close(out, err);
	else
		crit_output_abort(out);
	crit_close(im);
	return ok;
}
