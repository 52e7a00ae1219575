// SPDX-License-Identifier: MIT
#include "fuzz.h"
#include "image/write.h"
#include "json/read.h"
#include "schema/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

/* No process has so many descriptors. */
enum { FD_IN = 1 << 29, FD_OUT };

static struct {
	const uint8_t *p;
	size_t n, cut;
} input;

static struct result *output;

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

ssize_t __wrap_read(int fd, void *p, size_t n)
{
	size_t k = n < input.n ? n : input.n;

	if (fd != FD_IN)
		return __real_read(fd, p, n);
	if (input.cut && k > input.cut)
		k = input.cut;
	ASAN_UNPOISON_MEMORY_REGION(p, n + WIRE_SLOP);
	if (k) {
		memcpy(p, input.p, k);
		input.p += k;
		input.n -= k;
	}
	ASAN_POISON_MEMORY_REGION((uint8_t *)p + k + WIRE_SLOP, n - k);
	return (ssize_t)k;
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (fd != FD_OUT)
		return __real_write(fd, p, n);
	if (output->cap - output->n < n) {
		output->cap = 2 * (output->n + n);
		output->p = realloc(output->p, output->cap);
		if (!output->p)
			abort();
	}
	memcpy(output->p + output->n, p, n);
	output->n += n;
	return (ssize_t)n;
}

int fuzz_input(const uint8_t *p, size_t n, size_t cut)
{
	input.p = p;
	input.n = n;
	input.cut = cut;
	return FD_IN;
}

/* Its memory will be somebody else's. */
void fuzz_close(struct in *in)
{
	if (in->buf)
		ASAN_UNPOISON_MEMORY_REGION(in->buf, in->cap + WIRE_SLOP);
	in_close(in);
}

int fuzz_output(struct result *r)
{
	output = r;
	return FD_OUT;
}

void result_free(struct result *r)
{
	free(r->p);
	memset(r, 0, sizeof(*r));
}

static void show(const struct result *r)
{
	if (!r)
		return;
	fprintf(stderr, "--- %s, %zu bytes%s%s: %s\n", r->ok ? "ok" : "failed",
		r->n, r->odd ? ", odd" : "", r->missing ? ", missing" : "",
		r->error);
	fwrite(r->p, 1, r->n < 4000 ? r->n : 4000, stderr);
	fputc('\n', stderr);
}

void fuzz_fail(const char *what, const struct result *a,
	       const struct result *b)
{
	fprintf(stderr, "broken: %s\n", what);
	show(a);
	show(b);
	abort();
}

void fuzz_same(const char *what, const struct result *a,
	       const struct result *b, bool errors)
{
	if (a->ok != b->ok || a->n != b->n ||
	    (a->n && memcmp(a->p, b->p, a->n)) ||
	    (errors && (a->odd != b->odd || a->missing != b->missing ||
			strcmp(a->error, b->error))))
		fuzz_fail(what, a, b);
}

/* A descriptor set by hand. */
struct set {
	uint8_t b[2048];
	size_t n;
};

static void put(struct set *s, unsigned number, const void *p, size_t n)
{
	uint8_t *o = s->b + s->n;

	o = wire_put_varint(o, number << 3 | WIRE_LEN);
	o = wire_put_varint(o, n);
	memcpy(o, p, n);
	s->n = (size_t)(o + n - s->b);
}

static void put_number(struct set *s, unsigned number, unsigned v)
{
	uint8_t *o = wire_put_varint(s->b + s->n, number << 3);

	s->n = (size_t)(wire_put_varint(o, v) - s->b);
}

static void put_text(struct set *s, unsigned number, const char *text)
{
	put(s, number, text, strlen(text));
}

/* type: as descriptor.proto numbers them; label 1 optional, 3 repeated, 4
 * packed; show: the key of a crit.Show that is set, or 0 */
static void put_field(struct set *message, const char *name, unsigned number,
		      unsigned type, unsigned label, unsigned show)
{
	struct set f = { .n = 0 }, options = { .n = 0 }, shown = { .n = 0 };

	put_text(&f, 1, name);
	put_number(&f, 3, number);
	put_number(&f, 4, label > 3 ? 3 : label);
	put_number(&f, 5, type);
	if (type == 11)
		put_text(&f, 6, ".utsns_entry");
	if (type == 14)
		put_text(&f, 6, ".colour");
	if (label > 3)
		put_number(&options, 2, 1);
	if (show == 3)
		put_text(&shown, 3, "fd");
	else if (show == 7)
		put_text(&shown, 7, "unix_name");
	else if (show)
		put_number(&shown, show, 1);
	if (show)
		put(&options, 1018, shown.b, shown.n);
	put(&f, 8, options.b, options.n);
	put(message, 2, f.b, f.n);
}

static void put_enum(struct set *file)
{
	static const char *const names[] = { "RED", "GREEN", "BLUE" };
	struct set e = { .n = 0 };

	put_text(&e, 1, "colour");
	for (unsigned i = 0; i < 3; i++) {
		struct set v = { .n = 0 };

		put_text(&v, 1, names[i]);
		put_number(&v, 2, i);
		put(&e, 2, v.b, v.n);
	}
	put(file, 5, e.b, e.n);
}

const struct schema *fuzz_schema(void)
{
	static const uint8_t types[] = {
		13, 4, 5, 3, 17, 18, 7, 6, 15, 16, 8, 14, 9, 12, 11,
	};
	static const uint8_t shows[] = { 1, 2, 3, 4, 5 };
	static const struct schema *made;
	struct set m = { .n = 0 }, file = { .n = 0 }, all = { .n = 0 };
	struct crit_error err;
	char name[16];

	if (made)
		return made;
	put_text(&m, 1, "utsns_entry");
	for (unsigned i = 0; i < 15; i++)
		for (unsigned label = 1; label <= 4; label++) {
			if (label == 2 || (label == 4 && i > 11))
				continue;
			snprintf(name, sizeof(name), "f%u_%u", types[i], label);
			put_field(&m, name, 4 * i + label, types[i], label, 0);
		}
	for (unsigned i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "show%u", shows[i]);
		put_field(&m, name, 70 + i, 13, shows[i] == 2 ? 3 : 1, shows[i]);
	}
	put_field(&m, "name", 80, 12, 1, 7);
	put_field(&m, "hex_inside", 600, 11, 1, 1);
	put_field(&m, "far", 536870911, 13, 3, 0);
	put(&file, 4, m.b, m.n);
	put_enum(&file);
	put(&all, 1, file.b, file.n);
	error_clear(&err);
	made = schema_load(&crit_schema, all.b, all.n, &err);
	if (!made)
		fprintf(stderr, "%s\n", err.what), abort();
	return made;
}

static void warn(void *ctx, const struct crit_error *w)
{
	struct result *r = ctx;

	if (strstr(w->what, "missing"))
		r->missing = true;
	else if (strstr(w->what, "reproduce"))
		r->odd = true;
}

static void end(struct result *r, const struct crit_error *err)
{
	r->ok = !error_is(err);
	if (!r->ok)
		error_text(err, r->error, sizeof(r->error));
}

void fuzz_decode(const struct to_text *how, const uint8_t *p, size_t n,
		 struct result *r)
{
	struct crit_error err;
	struct image_source s;
	struct json_sink j;
	struct sink_ops ops;
	struct out out;

	memset(r, 0, sizeof(*r));
	error_clear(&err);
	if (!out_open(&out, fuzz_output(r), "output", &err) ||
	    !json_sink_open(&j, &out, how->format, &err))
		abort();
	j.symbolic = how->pretty;
	j.named = how->named;
	j.newline = true;
	ops = *j.sink.ops;
	if (how->plain) {
		ops.bulk = NULL;
		j.sink.ops = &ops;
	}
	if (image_source_open(&s, fuzz_input(p, n, how->cut),
			      how->named ? "a.img" : NULL, fuzz_schema(),
			      &err)) {
		s.skip_extra = how->nopl;
		s.warn = warn;
		s.ctx = r;
		image_source_run(&s, &j.sink);
	} else {
		json_sink_refuse(&j, how->named ? "a.img" : NULL, &err);
	}
	if (how->named && !error_is(&err))
		json_sink_end(&j);
	out_flush(&out);
	fuzz_close(&s.in);
	image_source_close(&s);
	json_sink_close(&j);
	out_close(&out);
	end(r, &err);
}

static int open_output(void *arg, const struct image *im, const char **name)
{
	(void)im;
	(void)name;
	return fuzz_output(arg);
}

static void close_output(void *arg, int fd)
{
	(void)arg;
	(void)fd;
}

static void open_sink(struct image_sink *sink, struct result *r, bool partial,
		      struct crit_error *err)
{
	if (!image_sink_init(sink, fuzz_schema(), err))
		abort();
	sink->arg = r;
	sink->open = open_output;
	sink->close = close_output;
	sink->allow_partial = partial;
}

static void encode(const uint8_t *p, size_t n, size_t cut, bool partial,
		   struct result *r,
		   bool (*read)(struct json_source *, struct in *))
{
	static struct json_source s;
	struct crit_error err;
	struct image_sink sink;
	struct in in;

	memset(r, 0, sizeof(*r));
	error_clear(&err);
	open_sink(&sink, r, partial, &err);
	if (!in_open(&in, fuzz_input(p, n, cut), &err) ||
	    !json_source_init(&s, fuzz_schema(), &sink.sink, &err))
		abort();
	s.no_end = true;
	if (read(&s, &in))
		json_source_end(&s);
	fuzz_close(&in);
	json_source_free(&s);
	image_sink_free(&sink);
	end(r, &err);
}

void fuzz_encode(const uint8_t *p, size_t n, size_t cut, bool partial,
		 struct result *r)
{
	encode(p, n, cut, partial, r, json_source_read);
}

void fuzz_encode_any(const uint8_t *p, size_t n, size_t cut, struct result *r)
{
	encode(p, n, cut, true, r, documents_read);
}

void fuzz_yaml(const uint8_t *p, size_t n, struct result *r)
{
	struct writer w = { .format = &writer_yaml, .newline = true };
	struct crit_error err;
	struct image_source s;
	struct out out;

	memset(r, 0, sizeof(*r));
	error_clear(&err);
	if (!out_open(&out, fuzz_output(r), "output", &err) ||
	    !writer_open(&w, &out, &err))
		abort();
	if (image_source_open(&s, fuzz_input(p, n, 0), NULL, fuzz_schema(),
			      &err)) {
		s.warn = warn;
		s.ctx = r;
		image_source_run(&s, w.sink);
	}
	if (!error_is(&err))
		writer_finish(&w);
	out_flush(&out);
	fuzz_close(&s.in);
	image_source_close(&s);
	writer_close(&w);
	out_close(&out);
	end(r, &err);
}

void fuzz_copy(const uint8_t *p, size_t n, size_t cut, struct result *r)
{
	struct crit_error err;
	struct image_source s;
	struct image_sink sink;

	memset(r, 0, sizeof(*r));
	error_clear(&err);
	open_sink(&sink, r, true, &err);
	if (image_source_open(&s, fuzz_input(p, n, cut), NULL, fuzz_schema(),
			      &err)) {
		s.warn = warn;
		s.ctx = r;
		image_source_run(&s, &sink.sink);
	}
	fuzz_close(&s.in);
	image_source_close(&s);
	image_sink_free(&sink);
	end(r, &err);
}
