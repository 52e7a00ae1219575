// SPDX-License-Identifier: MIT
/*
 *   rule, place, text with {names}, values ─► finding: image, entry, path,
 *                                             text and JSON of the values
 */
#include "check/areas.h"
#include "base/alloc.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many findings of one rule for one image; then how many more. */
enum { SAME_MAX = 50 };

struct making {
	char text[1024], values[1400];
	size_t n, m;
};

static void put(struct making *k, const char *p, size_t n)
{
	if (n > sizeof(k->text) - 1 - k->n)
		n = sizeof(k->text) - 1 - k->n;
	memcpy(k->text + k->n, p, n);
	k->n += n;
}

static void put_value(struct making *k, const char *name, size_t n,
		      const char *json)
{
	int r = snprintf(k->values + k->m, sizeof(k->values) - k->m,
			 "%s\"%.*s\":%s", k->m ? "," : "", (int)n, name, json);

	if (r > 0 && (size_t)r < sizeof(k->values) - k->m)
		k->m += (size_t)r;
	else
		k->values[k->m] = 0;
}

/* Bytes of an image, as much as a message can hold, in a terminal's way. */
static void put_text(struct making *k, const char *name, size_t n,
		     const char *p, size_t len)
{
	char json[JSON_GROWTH * 200 + 8], plain[801];
	size_t at = 0;

	len = len > 200 ? 200 : len;
	for (size_t i = 0; i < len; ) {
		size_t good = utf8_plain((const uint8_t *)p + i, len - i);

		memcpy(plain + at, p + i, good);
		at += good;
		i += good;
		if (i < len)
			at += (size_t)snprintf(plain + at, 5, "\\x%02x",
					       (uint8_t)p[i++]);
	}
	plain[at] = 0;
	put(k, plain, at);
	if (!name)
		return;
	if (at > 190)
		plain[190] = 0;
	*json_escape_message(json, plain) = 0;
	put_value(k, name, n, json);
}

static void put_number(struct making *k, const char *name, size_t n,
		       uint64_t v, char how)
{
	char text[32], json[36];
	bool negative = how == 'd' && v > INT64_MAX;
	bool string = (negative ? -v : v) > JSON_SAFE || how == 'x' ||
		      how == 'h' || how == 'o';

	snprintf(text, sizeof(text), how == 'x' ? "0x%" PRIx64 :
		 how == 'h' ? "%" PRIx64 : how == 'o' ? "0%" PRIo64 :
		 how == 'd' ? "%" PRId64 : "%" PRIu64, v);
	put(k, text, strlen(text));
	snprintf(json, sizeof(json), string ? "\"%s\"" : "%s", text);
	if (name)
		put_value(k, name, n, json);
}

static void put_one(const struct check *c, struct making *k, const char *name,
		    size_t n, uint64_t v, char how)
{
	if (*name == '-')
		name = NULL;
	if (how == 's')
		put_text(k, name, n, (const char *)(uintptr_t)v,
			 strlen((const char *)(uintptr_t)v));
	else if (how == 't')
		put_text(k, name, n, check_text(c, v), span_n(v));
	else
		put_number(k, name, n, v, how);
}

static void format(const struct check *c, struct making *k, const char *text,
		   const uint64_t *values)
{
	k->n = k->m = 0;
	k->values[0] = 0;
	while (*text) {
		size_t plain = strcspn(text, "{"), n;
		char how = 0;

		put(k, text, plain);
		text += plain;
		if (!*text)
			break;
		n = strcspn(++text, ":}");
		if (text[n] == ':')
			how = text[n + 1];
		put_one(c, k, text, n, *values++, how);
		text += n + (how ? 3 : 1);
	}
	k->text[k->n] = 0;
}

/* How many there are of one rule and image. */
struct tally {
	const struct rule *rule;
	size_t image, n, last;		/* last: from 1, in findings */
};

static struct tally *slot(const struct check_list *l, const struct rule *rule,
			  size_t image)
{
	struct tally *all = l->p;
	size_t i = ((uintptr_t)rule / 8 + image * 0x9e3779b1u) % l->cap;

	while (all[i].rule && (all[i].rule != rule || all[i].image != image))
		i = (i + 1) % l->cap;
	return &all[i];
}

static bool grow(struct check *c, struct check_list *l)
{
	size_t cap = l->cap ? 4 * l->cap : 256;
	struct check_list more = { alloc_zero(cap * sizeof(struct tally)),
		l->n, cap };
	const struct tally *all = l->p;

	if (!more.p)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < l->cap; i++)
		if (all[i].rule)
			*slot(&more, all[i].rule, all[i].image) = all[i];
	alloc_free(l->p);
	*l = more;
	return true;
}

static struct tally *tally(struct check *c, const struct rule *rule,
			   size_t image)
{
	struct check_list *l = &c->tallies;
	struct tally *t;

	if (2 * l->n >= l->cap && !grow(c, l))
		return NULL;
	t = slot(l, rule, image);
	l->n += !t->rule;
	t->rule = rule;
	t->image = image;
	return t;
}

/* The texts of a finding lie in one block. */
static void keep(struct check *c, struct finding *f, const char *path,
		 const struct making *k)
{
	size_t p = strlen(path) + 1, t = k->n + 1, v = k->m + 1;

	f->path = alloc(p + t + v);
	if (!f->path) {
		c->findings.n--;
		error_set(c->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	f->text = f->path + p;
	f->values = f->text + t;
	memcpy(f->path, path, p);
	memcpy(f->text, k->text, t);
	memcpy(f->values, k->values, v);
}

/* The rule of an id, which is the same literal again and again. */
static const struct rule *rule_of(struct check *c, const char *id)
{
	struct rule_seen *s = &c->seen[(uintptr_t)id / 4 % RULES_SEEN];

	if (s->id != id)
		*s = (struct rule_seen){ id, check_rule_of(id) };
	return s->rule;
}

static void make(struct check *c, enum severity severity, const char *id,
		 size_t image, int64_t entry, const char *path,
		 const char *text, const uint64_t *values)
{
	const struct rule *rule = rule_of(c, id);
	struct tally *t = rule ? tally(c, rule, image) : NULL;
	struct finding *f, *all = c->findings.p;
	struct making k;
	size_t n;

	if (!rule)
		error_set(c->err, CRIT_EUSAGE, "no rule %s", id);
	if (!t)
		return;
	n = t->n++;
	if (n > SAME_MAX) {
		all[t->last - 1].more++;
		return;
	}
	if (n == SAME_MAX)
		text = "and more of this kind";
	format(c, &k, text, values);
	f = check_more(c, &c->findings, sizeof(*f));
	if (!f)
		return;
	t->last = c->findings.n;
	f->rule = rule;
	f->severity = severity;
	f->image = (uint32_t)(image + 1);
	f->entry = n == SAME_MAX ? -1 : entry;
	f->more = n == SAME_MAX;
	f->order = c->findings.n;
	keep(c, f, n == SAME_MAX ? "" : path, &k);
}

void check_say_entry_as(struct check *c, enum severity severity,
			const char *rule, size_t image, int64_t entry,
			const char *path, const char *text,
			const uint64_t *values)
{
	make(c, severity, rule, image, entry, path, text, values);
}

void check_say_entry(struct check *c, const char *rule, size_t image,
		     int64_t entry, const char *path, const char *text,
		     const uint64_t *values)
{
	make(c, rule_of(c, rule)->severity, rule, image, entry, path, text,
	     values);
}

static size_t number_of(const struct check *c, const struct check_image *im)
{
	return im ? (size_t)(im - (struct check_image *)c->images.p) : SIZE_MAX;
}

void check_say_as(struct check *c, enum severity severity, const char *rule,
		  struct place at, const char *text, const uint64_t *values)
{
	const struct row *r = at.row;
	char path[256] = "";
	size_t n;

	if (!r) {
		make(c, severity, rule, number_of(c, at.image), -1, "", text,
		     values);
		return;
	}
	check_path(c, r, path, sizeof(path));
	n = strlen(path);
	if (at.field)
		snprintf(path + n, sizeof(path) - n, "%s%s", n ? "." : "",
			 at.field);
	make(c, severity, rule, r->image, r->entry, path, text, values);
}

void check_say(struct check *c, const char *rule, struct place at,
	       const char *text, const uint64_t *values)
{
	check_say_as(c, rule_of(c, rule)->severity, rule, at, text, values);
}
