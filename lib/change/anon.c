// SPDX-License-Identifier: MIT
#include "change/anon.h"
#include "base/alloc.h"
#include "codec/wire.h"

#include <string.h>

static inline struct anon_sink *anon(struct sink *sink)
{
	return (struct anon_sink *)sink;
}

/* What is to be done with a field: PRIVACY_NOT, nothing. */
static enum privacy privacy_of(const struct anon_sink *a, const struct field *f)
{
	enum privacy p = (enum privacy)f->privacy;

	if (p == PRIVACY_NONE)
		p = f->kind == KIND_STRING ? PRIVACY_NAME :
			f->kind == KIND_BYTES ? PRIVACY_BYTES : PRIVACY_NOT;
	return a->keep >> p & 1 ? PRIVACY_NOT : p;
}

static bool ends(const struct field *f, const char *end)
{
	size_t n = strlen(end);

	return f->name_len >= n && !strcmp(f->name + f->name_len - n, end);
}

static uint64_t new_time(const struct anon_sink *a, const struct field *f,
			 uint64_t v)
{
	uint32_t unit = ends(f, "usec") ? 1000000 : ends(f, "nsec") ?
		1000000000 : 0;

	v = secret_time(a->secret, v, unit);
	return f->kind == KIND_UINT32 || f->kind == KIND_FIXED32 ?
		(uint32_t)v : v;
}

static uint64_t new_number(const struct anon_sink *a, const struct field *f,
			   uint64_t v)
{
	bool negative = (int64_t)v < 0 && (f->kind == KIND_INT32 ||
		f->kind == KIND_SINT32 || f->kind == KIND_SFIXED32);

	if (f->kind >= KIND_BOOL)
		return v;
	return negative ? -secret_number(a->secret, -v) :
		secret_number(a->secret, v);
}

static void pass(struct anon_sink *a, const struct field *f, uint64_t v)
{
	forward_number(&a->forward.sink, f, v);
}

/* Words of a list that is no address are numbers. */
static void put_words(struct anon_sink *a, const struct field *f)
{
	for (unsigned i = 0; i < a->words.n; i++)
		pass(a, f, new_number(a, f, a->words.word[i]));
	a->words.n = 0;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct anon_sink *a = anon(sink);

	switch (privacy_of(a, f)) {
	case PRIVACY_NONE:
	case PRIVACY_NOT:
		pass(a, f, v);
		break;
	case PRIVACY_TIME:
		pass(a, f, new_time(a, f, v));
		break;
	case PRIVACY_ADDRESS:
		if (a->address && address_keep(&a->words, v))
			break;
		put_words(a, f);
		pass(a, f, new_number(a, f, v));
		break;
	default:
		pass(a, f, new_number(a, f, v));
	}
}

/* The words of an address are bytes in their order. */

static void on_list(struct sink *sink, const struct field *f)
{
	struct anon_sink *a = anon(sink);

	a->address = privacy_of(a, f) == PRIVACY_ADDRESS &&
		kind_is_number(f->kind) ? f : NULL;
	a->words = (struct address_words){ .n = 0 };
	forward_list(sink, f);
}

static void put_address(struct anon_sink *a, const struct field *f)
{
	uint8_t bytes[4 * ADDRESS_WORDS];
	unsigned n = a->words.n;

	if (!address_is(&a->words)) {
		put_words(a, f);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		wire_put32(bytes + 4 * i, a->words.word[i]);
	secret_address(a->secret, bytes, 4 * n);
	for (unsigned i = 0; i < n; i++)
		pass(a, f, wire_get32(bytes + 4 * i));
	a->words.n = 0;
}

static void on_list_end(struct sink *sink)
{
	struct anon_sink *a = anon(sink);

	if (a->address)
		put_address(a, a->address);
	a->address = NULL;
	forward_list_end(sink);
}

/* Text is changed when it is there as a whole. */
static void put_text(struct anon_sink *a, const struct field *f, bool last,
		     enum privacy privacy)
{
	secret_words(a->secret, a->text, a->n, privacy == PRIVACY_PATH);
	forward_bytes(&a->forward.sink, f, a->text, a->n, last);
	a->n = 0;
}

static void on_text(struct anon_sink *a, const struct field *f,
		    const char *p, size_t n, bool last, enum privacy privacy)
{
	while (n > ANON_TEXT - a->n) {
		size_t k = ANON_TEXT - a->n;

		memcpy(a->text + a->n, p, k);
		a->n += k;
		p += k;
		n -= k;
		put_text(a, f, false, privacy);
	}
	if (n)
		memcpy(a->text + a->n, p, n);
	a->n += n;
	if (last)
		put_text(a, f, true, privacy);
}

static void on_filled(struct anon_sink *a, const struct field *f, size_t n,
		      bool last)
{
	do {
		size_t k = n < ANON_TEXT ? n : ANON_TEXT;

		if (f->kind == KIND_STRING)
			secret_letters(a->secret, a->offset, a->text, k);
		else
			secret_bytes(a->secret, a->offset, a->text, k);
		a->offset += k;
		n -= k;
		forward_bytes(&a->forward.sink, f, a->text, k, last && !n);
	} while (n);
	if (last)
		a->offset = 0;
}

static void on_hardware(struct anon_sink *a, const struct field *f,
			const void *p, size_t n, bool last)
{
	uint8_t address[16];

	if (!last || n > sizeof(address)) {
		on_filled(a, f, n, last);
		return;
	}
	if (n)
		memcpy(address, p, n);
	secret_address(a->secret, address, n);
	forward_bytes(&a->forward.sink, f, address, n, true);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct anon_sink *a = anon(sink);
	enum privacy privacy = privacy_of(a, f);

	switch (privacy) {
	case PRIVACY_NONE:
	case PRIVACY_NOT:
		forward_bytes(sink, f, p, n, last);
		break;
	case PRIVACY_ADDRESS:
		on_hardware(a, f, p, n, last);
		break;
	case PRIVACY_NAME:
	case PRIVACY_PATH:
		on_text(a, f, p, n, last, privacy);
		break;
	default:
		on_filled(a, f, n, last);
	}
}

/* Nobody knows what is in there. */
static void on_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	if (anon(sink)->keep_unknown)
		forward_unknown(sink, p, n, last);
	else
		anon(sink)->dropped = true;
}

/* The same of an image; its size stays. */
static void on_raw(struct sink *sink, const void *p, size_t n)
{
	struct anon_sink *a = anon(sink);

	if (!a->keep_unknown && n <= ANON_TEXT) {
		secret_bytes(a->secret, 0, a->text, n);
		p = a->text;
	}
	forward_raw(sink, p, n);
}

static const struct sink_ops ops = {
	.image = forward_image,
	.image_end = forward_image_end,
	.entry = forward_entry,
	.entry_end = forward_entry_end,
	.begin = forward_begin,
	.end = forward_end,
	.list = on_list,
	.list_end = on_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.unknown = on_unknown,
	.head = forward_head,
	.raw = on_raw,
	.fail = forward_fail,
};

bool anon_sink_init(struct anon_sink *a, const struct secret *secret,
		    struct sink *to, struct crit_error *err)
{
	memset(a, 0, sizeof(*a));
	forward_init(&a->forward, &ops, to, err);
	a->secret = secret;
	a->text = alloc(ANON_TEXT);
	return a->text || error_set(err, CRIT_ENOMEM, "out of memory");
}

void anon_sink_free(struct anon_sink *a)
{
	alloc_free(a->text);
	a->text = NULL;
}
