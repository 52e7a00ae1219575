// SPDX-License-Identifier: MIT
/*
 *   path ─► first bytes ─┬─ text ─► records ─► images in an unlinked file
 *                        └─ else ─► store
 */
#include "diff_side.h"
#include "filter.h"

#include <stdio.h>

static bool is_records(const struct source *s)
{
	return !s->kind && (s->content == CONTENT_TEXT ||
			    s->content == CONTENT_EMPTY);
}

static bool read_records(struct side *s, struct source *source,
			 const struct schema *schema, struct crit_error *err)
{
	struct in in;
	bool ok;

	s->records = true;
	ok = in_open_blob(&in, &source->raw, err) &&
	     changes_read_in(&s->images, &in, schema, err) &&
	     overlay_open_alone(&s->overlay, source->name, &s->images, schema,
				err);
	in_close(&in);
	if (error_is(err) && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", source->name);
	source_close(source);
	return ok;
}

bool side_open(struct side *s, const char *path, const struct store_how *how,
	       const struct schema *schema, struct crit_error *err)
{
	struct source source;

	*s = (struct side){ .checkpoint.fd = -1, .images.fd = -1 };
	filter_reads(path);
	if (!source_open(&source, path, schema, true, how->meter, err))
		return false;
	if (is_records(&source))
		return read_records(s, &source, schema, err);
	return store_open_source(&s->checkpoint, &source, schema, how, err) &&
	       store_list(&s->checkpoint, path, err) &&
	       store_has_images(&s->checkpoint, path, err);
}

void side_close(struct side *s)
{
	overlay_close(&s->overlay);
	changes_close(&s->images);
	store_close(&s->checkpoint);
}

const struct store *side_store(const struct side *s)
{
	return s->records ? &s->overlay.store : &s->checkpoint;
}
