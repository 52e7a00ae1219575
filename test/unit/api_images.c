// SPDX-License-Identifier: MIT
/*
 * The public API over all images of test/images: what it reads it can write,
 * by events, by entries, through JSON.
 */
#include "api.h"

#include <dirent.h>

/* The output's bytes are these; ends it. */
static void check_output(struct crit_output *out, const struct bytes *want)
{
	struct crit_error err;
	const void *p;
	size_t n;

	p = crit_output_bytes(out, &n);
	CHECK_BYTES(p, n, want->p, want->n);
	if (!CHECK(crit_output_close(out, &err)))
		told(&err);
}

static struct crit_image *open_bytes(struct crit *c, const struct bytes *b)
{
	struct crit_error err;
	struct crit_image *im = crit_open_memory(c, b->p, b->n, "it.img", &err);

	if (!CHECK(im))
		told(&err);
	return im;
}

static void copy_events(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = im ? crit_write_like(im, out, NULL) : NULL;
	struct crit_event ev;
	struct crit_error err;
	int r = 0;

	while (w && (r = crit_next(im, &ev, &err)) > 0)
		if (!CHECK(crit_put_event(w, &ev, &err)))
			break;
	if (r)
		told(&err);
	CHECK(!w || crit_write_end(w, NULL));
	check_output(out, b);
	crit_close(im);
}

struct each {
	struct crit_writer *w;
	struct crit_error err;
};

static bool put_event(void *ctx, const struct crit_event *ev)
{
	struct each *e = ctx;
	struct crit_event named = *ev;

	/* names will do, and lists need not be told */
	named.number = 0;
	if (ev->kind == CRIT_LIST_END)
		return true;
	return crit_put_event(e->w, &named, &e->err) || told(&e->err);
}

static void push_events(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct each e = { .w = im ? crit_write_like(im, out, NULL) : NULL };

	if (e.w) {
		CHECK(crit_each(im, put_event, &e, &e.err) || told(&e.err));
		CHECK(crit_write_end(e.w, NULL));
	}
	check_output(out, b);
	crit_close(im);
}

static void copy_entries(struct crit *c, const struct bytes *b)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = im ? crit_write_like(im, out, NULL) : NULL;
	struct crit_entry *e = NULL;
	struct crit_error err;
	uint64_t n = 0;
	int r = 0;

	while (w && (r = crit_read(im, &e, &err)) > 0 &&
	       CHECK(crit_put(w, e, &err) || told(&err)))
		n++;
	CHECK(!r || told(&err));
	CHECK(!w || crit_write_end(w, NULL));
	check_output(out, b);
	crit_entry_free(e);
	crit_close(im);
}

static void through_json(struct crit *c, const struct bytes *b, unsigned flags)
{
	struct crit_image *im = open_bytes(c, b);
	struct crit_output *json = crit_output_memory(c, NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_error err;
	const void *p;
	size_t n;

	if (im) {
		CHECK(crit_decode(im, json, flags, &err) || told(&err));
		p = crit_output_bytes(json, &n);
		CHECK(crit_encode(c, p, n, out, CRIT_NO_END, &err) || told(&err));
	}
	check_output(out, b);
	crit_output_abort(json);
	crit_close(im);
}

static bool nothing(void *ctx, const struct crit_event *ev)
{
	(void)ctx;
	return ev->kind;
}

static void note(void *ctx, const struct crit_error *w)
{
	(void)w;
	*(bool *)ctx = true;
}

/* An image as writers make it: broken and odd ones do not come out as they
 * went in, but must give errors and warnings. */
static bool is_sound(const char *path)
{
	struct crit *c = crit_new(NULL);
	struct crit_image *im;
	struct crit_error err;
	bool warned = false, ok;
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return crit_free(c), false;
	crit_set_warn(c, note, &warned);
	im = crit_open(c, path, &err);
	ok = im && crit_each(im, nothing, NULL, &err);
	CHECK(ok || (err.code == CRIT_EDATA && *err.what));
	crit_close(im);
	crit_free(c);
	return ok && !warned;
}

static void each_image(void (*f)(struct crit *, const struct bytes *))
{
	DIR *dirs = opendir("test/images"), *dir;
	struct crit *c = crit_new(NULL);
	struct dirent *d, *e;
	char path[1024];
	int n = 0;

	while (dirs && (d = readdir(dirs))) {
		snprintf(path, sizeof(path), "test/images/%s", d->d_name);
		dir = *d->d_name == '.' ? NULL : opendir(path);
		while (dir && (e = readdir(dir))) {
			struct bytes b;

			snprintf(path, sizeof(path), "test/images/%s/%s",
				 d->d_name, e->d_name);
			test_case = path;
			if (*e->d_name == '.' || !is_sound(path))
				continue;
			b = slurp(path);
			f(c, &b);
			free(b.p);
			n++;
		}
		if (dir)
			closedir(dir);
	}
	if (dirs)
		closedir(dirs);
	CHECK(n > 200);
	crit_free(c);
}

static void events_make_the_image_again(void)
{
	each_image(copy_events);
}

static void pushed_events_do(void)
{
	each_image(push_events);
}

static void entries_do(void)
{
	each_image(copy_entries);
}

static void json_image(struct crit *c, const struct bytes *b)
{
	through_json(c, b, CRIT_RECORDS);
	through_json(c, b, CRIT_JSON | CRIT_PRETTY);
	through_json(c, b, CRIT_YAML);
}

static void json_does(void)
{
	each_image(json_image);
}

/* Extra and large entries through a pipe, whose cursor needs its file. */
static void large_entry(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_entry *e = crit_entry_new(c, "GHOST_FILE", true, NULL);
	struct crit_output *out = crit_output_memory(c, NULL);
	struct crit_writer *w = crit_write(c, out, "GHOST_FILE", NULL);
	size_t n = 3 << 20, seen = 0, size;
	char *big = calloc(1, n);
	struct crit_event ev;
	struct crit_error err;
	struct crit_image *im;
	const void *p;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		big[i] = (char)test_random();
	CHECK(crit_set_number(e, "uid", 1, &err) &&
	      crit_set_number(e, "gid", 2, &err) &&
	      crit_set_number(e, "mode", 0100644, &err) &&
	      crit_set_bytes(e, "extra", big, n, &err));
	CHECK(crit_put(w, e, &err) || told(&err));
	CHECK(crit_write_end(w, &err));
	p = crit_output_bytes(out, &size);
	im = crit_open_memory(c, p, size, NULL, &err);
	CHECK(im || told(&err));
	while (im && (r = crit_next(im, &ev, &err)) > 0)
		if (ev.kind == CRIT_BYTES) {
			CHECK(!memcmp(ev.bytes, big + seen, ev.size));
			CHECK_TEXT(ev.field, "extra");
			seen += ev.size;
			CHECK(!ev.last || seen == n);
		}
	CHECK(!r || told(&err));
	CHECK_NUMBER(seen, n);
	crit_close(im);

	/* an entry has a limit, the cursor has none */
	crit_set_limit(c, 1 << 20);
	im = crit_open_memory(c, p, size, NULL, &err);
	crit_entry_free(e);
	e = NULL;
	CHECK(crit_read(im, &e, &err) < 0 && err.code == CRIT_ENOMEM);
	CHECK(crit_next(im, &ev, &err) < 0);
	crit_close(im);
	crit_entry_free(e);
	crit_output_close(out, NULL);
	crit_free(c);
	free(big);
}

int main(void)
{
	api_root();
	RUN(events_make_the_image_again);
	RUN(pushed_events_do);
	RUN(entries_do);
	RUN(json_does);
	RUN(large_entry);
	return test_end();
}
