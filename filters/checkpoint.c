// SPDX-License-Identifier: MIT
#include "checkpoint.h"
#include "progress.h"
#include "memory/glance.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool image_chosen(struct image_choice *c, const char *name)
{
	bool is = !c->glob || !name || !fnmatch(c->glob, name, 0);

	c->any |= is;
	return is;
}

bool image_matched(const struct image_choice *c, struct crit_error *err)
{
	return !c->glob || c->any ||
	       error_set(err, CRIT_EDATA, "no image matches '%s'", c->glob);
}

void file_list_add(void *into, const struct option_row *row, const char *arg)
{
	struct file_list *l = (void *)((char *)into + row->place);
	const char **more = realloc(l->name, (l->n + 1) * sizeof(*more));

	if (!more) {
		filter_warn("out of memory");
		exit(FILTER_FAILED);
	}
	l->name = more;
	l->name[l->n++] = arg;
}

/* Whether messages must say of which checkpoint an image is. */
static bool many;

void checkpoint_check(const struct checkpoint_options *o, int n)
{
	many = n > 1;
	if (o->parent && n > 1)
		filter_usage("--parent goes with one CHECKPOINT only");
	if (o->shards.n && n > 1)
		filter_usage("--shard goes with one CHECKPOINT only");
	if (o->with && o->without)
		filter_usage("only one of -H and --no-checkpoint");
}

static void note(void *ctx, const char *what)
{
	(void)ctx;
	filter_warn("%s", what);
}

struct store_how checkpoint_how(const struct checkpoint_options *o,
				enum store_pages want, const char *output)
{
	return (struct store_how){
		.follow = o->follow, .at = o->at, .parent = o->parent,
		.shards = o->shards.name, .n_shards = o->shards.n,
		.want = want, .partial = true, .warn = filter_warning,
		.note = o->verbose ? note : NULL,
		.meter = progress_meter(output),
	};
}

static void place(const struct store *s, const char *path)
{
	char text[STORE_PLACE_MAX];
	size_t n = strlen(path);

	snprintf(text, sizeof(text), "%.250s%s", path,
		 n && path[n - 1] == '/' ? "" : "/");
	filter_place(s->place[0] || !many || !strcmp(path, "-") ? s->place : text);
}

bool checkpoint_open(struct store *s, const char *path, struct source *from,
		     const struct store_how *how, const struct schema *schema,
		     void (*report)(void *ctx, const struct crit_error *),
		     void *ctx, struct crit_error *err)
{
	bool ok;

	if (!from)
		filter_reads(path);
	ok = from ? store_open_source(s, from, schema, how, err) :
		store_open_how(s, path, schema, how, err);

	if (!ok)
		return false;
	if (error_is(&s->damage))
		report(ctx, &s->damage);
	place(s, path);
	return true;
}

bool checkpoint_open_memory(struct store *s, const char *path,
			    struct source *from, const struct store_how *how,
			    const struct schema *schema,
			    void (*report)(void *ctx, const struct crit_error *),
			    void *ctx, struct crit_error *err)
{
	struct store_how own = *how;
	struct memory_glance glance;
	bool ok;

	if (how->want != STORE_PAGES_ANY)
		return checkpoint_open(s, path, from, how, schema, report, ctx,
				       err);
	memory_glance_init(&glance);
	own.pass = memory_glance;
	own.ctx = &glance;
	ok = checkpoint_open(s, path, from, &own, schema, report, ctx, err);
	s->how.pass = NULL;
	s->how.ctx = NULL;
	memory_glance_free(&glance);
	return ok;
}

void checkpoint_close(struct store *s)
{
	filter_place("");
	store_close(s);
}

/* Called for each image while an archive is read. */
static bool come(void *ctx, const struct store *so_far, const char *name)
{
	struct image_walk *w = ctx;

	if (w->out->failed || !image_chosen(w->chosen, name))
		return true;
	filter_place(so_far->place);
	w->image(w->ctx, so_far, name);
	w->send(w->ctx);
	filter_place("");
	return true;
}

bool checkpoint_images(struct image_walk *w, const char *path,
		       struct source *from, struct store_how how,
		       const struct schema *schema, int *status,
		       struct crit_error *err)
{
	struct store s;
	bool ok;

	how.pass = w->send && how.want != STORE_PAGES_ANY ? come : NULL;
	how.ctx = w;
	ok = checkpoint_open(&s, path, from, &how, schema, filter_failure,
			     status, err) &&
	     store_list(&s, path, err) && store_has_images(&s, path, err);
	for (size_t i = 0; ok && i < s.n && !w->out->failed; i++)
		if (!s.files[i].passed && image_chosen(w->chosen, s.files[i].name))
			w->image(w->ctx, &s, s.files[i].name);
	checkpoint_close(&s);
	return ok;
}

bool checkpoint_look(struct source *s, const char *path, enum store_pages want,
		     const char *output, const struct schema *schema,
		     struct crit_error *err)
{
	filter_reads(path);
	return source_open(s, path, schema, want == STORE_PAGES_ANY,
			   progress_meter(output), err);
}

bool checkpoint_is(const struct source *s)
{
	return s->content == CONTENT_DIR || s->content == CONTENT_TAR ||
	       s->content == CONTENT_STREAM || s->kind;
}

