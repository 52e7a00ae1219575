// SPDX-License-Identifier: MIT
/*
 *   store ─► image source ─► json sink ─► records
 */
#include "copy/records.h"
#include "base/alloc.h"
#include "image/read.h"
#include "json/write.h"

static bool write_image(const struct store *s, const char *name,
			struct json_sink *json, struct crit_error *err)
{
	struct image_source source;
	struct blob b;
	bool ok;

	switch (store_look(s, name, &b, err)) {
	case FILE_IMAGE:
		break;
	case FILE_BAD:
		json_sink_refuse(json, name, err);
		return false;
	default:
		return true;
	}
	ok = image_source_open_blob(&source, &b, name, s->schema, err) &&
	     image_source_run(&source, &json->sink);
	image_source_close(&source);
	blob_close(&b);
	return ok;
}

bool records_write(const struct store *s, struct out *out,
		   struct crit_error *err)
{
	struct json_sink *json = alloc_zero(sizeof(*json));
	bool ok = json && json_sink_open(json, out, JSON_RECORDS, err);

	if (!json)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	json->named = true;
	for (size_t i = 0; i < s->n && ok; i++)
		ok = write_image(s, s->files[i].name, json, err);
	if (ok)
		json_sink_end(json);
	json_sink_close(json);
	alloc_free(json);
	return out_flush(out) && ok;
}
