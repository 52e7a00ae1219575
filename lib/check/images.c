// SPDX-License-Identifier: MIT
/*
 *   name ─► template, number ─► what it should be ─► what it is
 */
#include "check/collect.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *fitting(const char *const *files, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (schema_template(files[i], name))
			return files[i];
	return NULL;
}

static void name_image(struct check *c, struct check_image *im)
{
	const struct schema *s = c->schema;
	const char *star;

	for (size_t i = 0; i < s->n_images && !im->template; i++) {
		im->template = fitting(s->images[i].files, s->images[i].n_files,
				       im->name);
		if (im->template)
			im->type = &s->images[i];
	}
	for (size_t i = 0; i < s->n_raws && !im->template; i++)
		im->template = fitting(s->raws[i].files, s->raws[i].n_files,
				       im->name);
	star = im->template ? strchr(im->template, '*') : NULL;
	if (star)
		im->number = strtoull(im->name + (star - im->template), NULL,
				      strncmp(im->name, "ghost-", 6) &&
				      strncmp(im->name, "tcp-", 4) ? 10 : 16);
}

size_t check_image(struct check *c, const char *name)
{
	struct check_image *im;

	im = check_more(c, &c->images, sizeof(*im));
	if (!im)
		return SIZE_MAX;
	im->name = alloc_text(name);
	if (!im->name) {
		c->images.n--;
		error_set(c->err, CRIT_ENOMEM, "out of memory");
		return SIZE_MAX;
	}
	name_image(c, im);
	c->image = c->images.n - 1;
	return c->image;
}

struct check_image *check_image_at(const struct check *c, size_t n)
{
	struct check_image *all = c->images.p;

	return n < c->images.n ? &all[n] : NULL;
}

bool images_begin(struct check *c, const struct image *i)
{
	struct check_image *im = check_image_at(c, c->image);

	if (!im && check_image(c, i->name ? i->name : "") == SIZE_MAX)
		return false;
	im = check_image_at(c, c->image);
	im->state = IMAGE_READ;
	im->found = i->type;
	im->head = (uint8_t)i->head;
	if (!im->type || im->type == i->type)
		return im->type;
	im->state = IMAGE_BROKEN;
	check_say(c, "img-magic", AT_IMAGE(im), "it holds a {found:s} image, "
		  "but its name is that of a {expected:s} image",
		  VALUES(STRING(i->type->name), STRING(im->type->name)));
	return false;
}

void images_end(struct check *c, uint64_t entries)
{
	check_image_at(c, c->image)->entries = entries;
}

void images_failed_call(struct check *c, const struct crit_error *err)
{
	if (err->code == CRIT_ENOMEM)
		error_set(c->err, CRIT_ENOMEM, "out of memory");
	else if (err->code == CRIT_EIO && c->warn)
		c->warn(c->ctx, err);
}

/* What the source says, without the place, which a finding has itself. */
void images_fail(struct check *c, const struct crit_error *err)
{
	struct check_image *im = check_image_at(c, c->image);
	const char *rule = im && im->found ? "img-decode" : "img-magic";

	if (!im && check_image(c, err->image) == SIZE_MAX)
		return;
	im = check_image_at(c, c->image);
	im->state = IMAGE_BROKEN;
	if (err->code == CRIT_EIO)
		rule = "img-decode";
	images_failed_call(c, err);
	check_say_entry(c, rule, c->image, err->entry, err->path,
			err->offset < 0 ? "{what:s}" : "{what:s} (offset {offset})",
			VALUES(STRING(err->what), (uint64_t)err->offset));
}

static int compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->name, y->name);
}

bool images_sort(struct check *c)
{
	c->by_name = alloc_zero((c->images.n + 1) * sizeof(*c->by_name));
	if (!c->by_name)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < c->images.n; i++)
		c->by_name[i] = (struct named){ check_image_at(c, i)->name, i };
	if (c->images.n)
		qsort(c->by_name, c->images.n, sizeof(*c->by_name), compare);
	return true;
}

void images_free(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++)
		alloc_free(check_image_at(c, i)->name);
	alloc_free(c->images.p);
	alloc_free(c->by_name);
}

/* While the images of a stream still come. */
static struct check_image *find_unsorted(const struct check *c, const char *name)
{
	struct check_image *all = c->images.p;

	for (size_t i = c->images.n; i-- > 0; )
		if (!strcmp(all[i].name, name))
			return &all[i];
	return NULL;
}

struct check_image *check_find(const struct check *c, const char *template,
			       uint64_t number)
{
	const char *hash = strchr(template, '#'), *hex = strchr(template, '$');
	const struct named *found;
	char name[128];
	const struct named key = { .name = name };

	if (hash)
		snprintf(name, sizeof(name), "%.*s%llu%s",
			 (int)(hash - template), template,
			 (unsigned long long)number, hash + 1);
	else if (hex)
		snprintf(name, sizeof(name), "%.*s%llx%s",
			 (int)(hex - template), template,
			 (unsigned long long)number, hex + 1);
	else
		snprintf(name, sizeof(name), "%s", template);
	if (!c->by_name)
		return find_unsorted(c, name);
	found = c->images.n ? bsearch(&key, c->by_name, c->images.n,
				      sizeof(key), compare) : NULL;
	return found ? check_image_at(c, found->image) : NULL;
}

/* An image without entries counts as absent. */
bool check_present(const struct check *c, const char *template, uint64_t n)
{
	const struct check_image *im = check_find(c, template, n);

	return im && (im->state != IMAGE_READ || im->entries);
}

bool check_broken(const struct check *c, const char *template, uint64_t n)
{
	const struct check_image *im = check_find(c, template, n);

	return im && im->state == IMAGE_BROKEN;
}

void check_use(struct check *c, const char *template, uint64_t n)
{
	struct check_image *im = check_find(c, template, n);

	if (im)
		im->used = true;
}
