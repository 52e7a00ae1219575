// SPDX-License-Identifier: MIT
#include "json/walk.h"
#include "base/alloc.h"
#include "json/lex.h"

#include <stdio.h>
#include <string.h>

struct walk {
	struct json j;
	bool (*f)(void *ctx, const struct walk_value *);
	void *ctx;
	char pointer[WALK_POINTER_MAX];
	char text[WALK_TEXT_MAX + 1];
	bool stopped;
};

static bool value(struct walk *w, unsigned depth, size_t end);

static bool give(struct walk *w, const struct walk_value *v)
{
	w->stopped = !w->f(w->ctx, v);
	return !w->stopped;
}

/* A string into w->text, as much as there is room for. */
static bool read_text(struct walk *w, size_t *n)
{
	const uint8_t *p;
	bool last = false;
	size_t k;

	*n = 0;
	if (!json_take(&w->j, '"'))
		return false;
	while (!last) {
		if (!json_piece(&w->j, &p, &k, &last))
			return false;
		if (k > WALK_TEXT_MAX - *n)
			k = WALK_TEXT_MAX - *n;
		memcpy(w->text + *n, p, k);
		*n += k;
	}
	w->text[*n] = 0;
	return true;
}

/* Appends "/KEY" to the pointer; 0: it would be too long. */
static size_t append(struct walk *w, size_t end, const char *key, size_t n)
{
	if (end + 1 >= WALK_POINTER_MAX)
		return 0;
	w->pointer[end++] = '/';
	for (size_t i = 0; i < n; i++) {
		bool special = key[i] == '/' || key[i] == '~';

		if (end + 2 >= WALK_POINTER_MAX)
			return 0;
		if (special)
			w->pointer[end++] = '~';
		w->pointer[end++] = (char)(!special ? key[i] :
			key[i] == '/' ? '1' : '0');
	}
	w->pointer[end] = 0;
	return end;
}

/* What has no pointer is passed over. */
static bool member(struct walk *w, unsigned depth, size_t end)
{
	return end && depth < WALK_DEPTH_MAX ? value(w, depth, end) :
		json_skip(&w->j);
}

static bool object(struct walk *w, unsigned depth, size_t end)
{
	size_t n;

	in_take(w->j.in, 1);
	if (json_peek(&w->j) == '}') {
		in_take(w->j.in, 1);
		return true;
	}
	do {
		size_t to;

		if (!read_text(w, &n) || !json_take(&w->j, ':'))
			return false;
		to = append(w, end, w->text, n);
		if (!member(w, depth + 1, to))
			return false;
		w->pointer[end] = 0;
	} while (json_next(&w->j, '}'));
	return !error_is(w->j.err);
}

static bool array(struct walk *w, unsigned depth, size_t end)
{
	char key[24];

	in_take(w->j.in, 1);
	if (json_peek(&w->j) == ']') {
		in_take(w->j.in, 1);
		return true;
	}
	for (uint64_t i = 0; ; i++) {
		int n = snprintf(key, sizeof(key), "%llu", (unsigned long long)i);

		if (!member(w, depth + 1, append(w, end, key, (size_t)n)))
			return false;
		w->pointer[end] = 0;
		if (!json_next(&w->j, ']'))
			return !error_is(w->j.err);
	}
}

static bool word(struct walk *w)
{
	static const char *const words[] = { "true", "false", "null" };
	uint8_t c = json_peek(&w->j);

	for (size_t i = 0; i < 3; i++)
		if (c == (uint8_t)words[i][0])
			return json_word(&w->j, words[i], "a value") &&
			       give(w, &(struct walk_value){
					.pointer = w->pointer, .kind = WALK_WORD,
					.text = words[i], .n = strlen(words[i]),
			       });
	return json_expected(&w->j, "a value");
}

/* Fractions and exponents are passed over. */
static bool number(struct walk *w)
{
	const uint8_t *p = json_window(&w->j), *from = p, *end;
	struct walk_value v = { .pointer = w->pointer, .kind = WALK_NUMBER };

	v.negative = *p == '-';
	end = json_digits(p + v.negative, &v.number);
	v.n = end ? (size_t)(end - from) : 0;
	memcpy(w->text, from, v.n);
	w->text[v.n] = 0;
	v.text = w->text;
	if (!json_skip(&w->j))
		return false;
	return !end || strchr(".eE", *end) || give(w, &v);
}

static bool value(struct walk *w, unsigned depth, size_t end)
{
	struct walk_value v = { .pointer = w->pointer, .text = w->text };
	uint8_t c = json_peek(&w->j);

	if (c == '{' || c == '[') {
		v.kind = WALK_OPEN;
		v.text = c == '{' ? "{" : "[";
		return give(w, &v) && (c == '{' ? object(w, depth, end) :
				       array(w, depth, end));
	}
	if (c == '"')
		return read_text(w, &v.n) && give(w, &v);
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(w);
	return word(w);
}

bool json_walk(const struct blob *b,
	       bool (*f)(void *ctx, const struct walk_value *), void *ctx,
	       struct crit_error *err)
{
	struct walk *w = alloc_zero(sizeof(*w));
	struct in in;
	bool ok;

	if (!w || !in_open_blob(&in, b, err)) {
		alloc_free(w);
		return error_set(err, CRIT_ENOMEM, "out of memory");
	}
	w->j.err = err;
	w->f = f;
	w->ctx = ctx;
	ok = json_open(&w->j, &in) && value(w, 0, 0);
	if (ok && !json_at_end(&w->j))
		ok = json_expected(&w->j, "the end");
	ok = ok || w->stopped;
	in_close(&in);
	alloc_free(w);
	return ok && !error_is(err);
}

const char *json_under(const char *pointer, const char *prefix)
{
	for (; *prefix; prefix++)
		if (*prefix == '*')
			pointer += strcspn(pointer, "/");
		else if (*prefix != *pointer++)
			return NULL;
	return pointer;
}

void json_last_key(const char *pointer, char *to, size_t size)
{
	const char *p = strrchr(pointer, '/');

	for (p = p ? p + 1 : pointer; *p && size > 1; p++, size--) {
		if (*p == '~' && p[1])
			*to++ = *++p == '1' ? '/' : '~';
		else
			*to++ = *p;
	}
	*to = 0;
}
