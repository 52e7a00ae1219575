// SPDX-License-Identifier: MIT
/*
 *   names of A, names of B ─► the same image ─► units, or bytes
 */
#include "diff/diff.h"
#include "diff/print.h"

#include <stdlib.h>
#include <string.h>

static const struct image_type *type_of(const struct schema *s,
					const char *name)
{
	for (size_t i = 0; i < s->n_images; i++)
		for (unsigned k = 0; k < s->images[i].n_files; k++)
			if (schema_template(s->images[i].files[k], name))
				return &s->images[i];
	return NULL;
}

static unsigned sections_of(const struct diff *d, const struct image_type *t)
{
	const struct message_rule *r;

	if (!t || !t->first)
		return 1 << SECTION_FIELDS;
	if (!strcmp(t->name, "PAGEMAP"))
		return 0;
	if (!strcmp(t->name, "MM"))
		return 1 << SECTION_TASKS | 1 << SECTION_MAPPINGS;
	if (!strcmp(t->name, "FILES"))
		return 1 << SECTION_FILES | 1 << SECTION_SOCKETS;
	r = identity_of(&d->identities, t->first);
	return 1u << (r->entry ? r->entry->section : identity_section(t));
}

static bool is_pages(const struct raw_type *raw)
{
	return raw && strstr(raw->name, "PAGES");
}

/* Pages are compared as memory, and what is no image not at all. */
static bool add(struct diff *d, int side, const struct store_file *f)
{
	const struct raw_type *raw = schema_raw_file(d->schema, f->name);
	const struct image_type *t = raw ? NULL : type_of(d->schema, f->name);
	size_t n = strlen(f->name);
	struct diff_image *im;

	if (is_pages(raw) || (raw && d->images_only) ||
	    (!raw && !t && (n < 4 || strcmp(f->name + n - 4, ".img"))))
		return true;
	im = list_more(&d->images[side], sizeof(*im), d->err);
	if (!im)
		return false;
	im->name = f->name;
	im->type = t;
	im->sections = sections_of(d, t);
	return true;
}

bool diff_images(struct diff *d)
{
	for (int side = 0; side < 2; side++)
		for (size_t i = 0; i < d->store[side]->n; i++)
			if (!add(d, side, &d->store[side]->files[i]))
				return false;
	return true;
}

struct by_key {
	uint64_t key;
	uint32_t at;		/* from 1 */
};

static int compare(const void *a, const void *b)
{
	const struct by_key *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static bool sort_keys(struct diff *d, int side, struct list *keys)
{
	struct diff_image *all = d->images[side].p;

	for (size_t i = 0; i < d->images[side].n; i++) {
		struct by_key *k = list_more(keys, sizeof(*k), d->err);

		if (!k)
			return false;
		all[i].id = walk_image_id(d->schema, &d->ids, side, all[i].name);
		all[i].other = 0;
		k->key = all[i].id.key;
		k->at = (uint32_t)(i + 1);
	}
	if (keys->n)
		qsort(keys->p, keys->n, sizeof(struct by_key), compare);
	return true;
}

/* Once the ids are known. */
static void match(struct diff *d, const struct list *a, const struct list *b)
{
	const struct by_key *x = a->p, *y = b->p;
	struct diff_image *of_a = d->images[0].p, *of_b = d->images[1].p;
	size_t i = 0, k = 0;

	while (i < a->n && k < b->n) {
		if (x[i].key == y[k].key) {
			of_a[x[i].at - 1].other = y[k].at;
			of_b[y[k].at - 1].other = x[i].at;
		}
		if (x[i].key < y[k].key)
			i++;
		else if (x[i].key > y[k].key)
			k++;
		else
			i++, k++;
	}
}

bool diff_images_match(struct diff *d)
{
	struct list a = { 0 }, b = { 0 };
	bool ok = sort_keys(d, 0, &a) && sort_keys(d, 1, &b);

	if (ok)
		match(d, &a, &b);
	list_free(&a);
	list_free(&b);
	return ok;
}

bool diff_task_stays(const struct diff *d, int side, uint32_t pid)
{
	const struct id *id = ids_find(&d->ids, side, S_PID, pid);

	return !id || id->token;
}

/* One that only A or B has: not told where its task, its descriptor table, or
 * its file is gone. */
static void lone(struct diff *d, int side, const struct diff_image *im,
		 enum section section)
{
	unsigned wanted = im->sections & d->sections;
	const struct image_id *of = &im->id;
	const struct id *id = of->space ?
		ids_find(&d->ids, side, of->space, of->number) : NULL;

	/* once, though it has several sections */
	if (wanted & ((1u << section) - 1))
		return;
	if ((of->label.role && !diff_task_stays(d, side, of->label.pid)) ||
	    ids_alone(id))
		return;
	print_image(d, im, side ? APPEARED : GONE);
}

static bool read_full(const struct blob *b, uint64_t at, uint8_t *buf, size_t n,
		      size_t *got, struct crit_error *err)
{
	*got = blob_read(b, at, buf, n, err);
	for (size_t k; *got && *got < n; *got += k) {
		k = blob_read(b, at + *got, buf + *got, n - *got, err);
		if (!k)
			break;
	}
	return !error_is(err);
}

/* The first byte that differs; *same: none. */
static bool differ_at(const struct blob *a, const struct blob *b, uint64_t *at,
		      bool *same, struct crit_error *err)
{
	enum { PIECE = 8 << 10 };
	uint8_t x[PIECE], y[PIECE];
	size_t n, m;

	*same = false;
	for (*at = 0; read_full(a, *at, x, PIECE, &n, err) &&
	     read_full(b, *at, y, PIECE, &m, err); *at += n) {
		size_t less = n < m ? n : m, i = 0;

		while (i < less && x[i] == y[i])
			i++;
		*at += i;
		if (i < less || n != m)
			return true;
		*at -= i;
		if (!n) {
			*same = true;
			return true;
		}
	}
	return false;
}

static bool raw_images(struct diff *d, const struct diff_image *a,
		       const struct diff_image *b)
{
	struct blob x = BLOB_NONE, y = BLOB_NONE;
	uint64_t at = 0;
	bool same = true, ok;

	d->side = 0;
	ok = store_blob(d->store[0], a->name, &x, d->err);
	d->side = ok;
	ok = ok && store_blob(d->store[1], b->name, &y, d->err) &&
	     differ_at(&x, &y, &at, &same, d->err);
	if (ok && !same)
		print_bytes(d, a, x.size, y.size, at);
	blob_close(&x);
	blob_close(&y);
	return ok || diff_trouble(d);
}

static bool pair_of(struct diff *d, struct diff_image *a,
		    const struct diff_image *b, enum section section)
{
	if (a->bad || b->bad || a->same >> section & 1)
		return true;
	if (!a->type && schema_raw_file(d->schema, a->name))
		return raw_images(d, a, b);
	return diff_units(d, a, b, section);
}

bool diff_images_compare(struct diff *d, enum section section)
{
	struct diff_image *a = d->images[0].p, *b = d->images[1].p;

	for (size_t i = 0; i < d->images[0].n && !d->stop; i++) {
		if (!(a[i].sections >> section & 1))
			continue;
		if (!a[i].other)
			lone(d, 0, &a[i], section);
		else if (!pair_of(d, &a[i], &b[a[i].other - 1], section))
			return false;
	}
	for (size_t i = 0; i < d->images[1].n && !d->stop; i++)
		if (b[i].sections >> section & 1 && !b[i].other)
			lone(d, 1, &b[i], section);
	return !error_is(d->err);
}
