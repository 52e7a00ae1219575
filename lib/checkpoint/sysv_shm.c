// SPDX-License-Identifier: MIT
#include "checkpoint/sysv_shm.h"
#include "base/alloc.h"
#include "schema/extra.h"
#include "checkpoint/extract.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SYSV_SHM_MAX = 32768 };		/* Linux has no more */

struct reading {
	struct sysv_shm *s;
	uint64_t id, size, in_pagemaps, end;
};

static const struct extract_rule segment_rules[] = {
	{ "ipc_desc_entry", "id", offsetof(struct reading, id), 0 },
	{ "ipc_shm_entry", "size", offsetof(struct reading, size), 0 },
	{ "ipc_shm_entry", "in_pagemaps", offsetof(struct reading, in_pagemaps),
	  0 },
	{ "ipc_shm_entry", NULL, 0, 0 },
};

static const struct extract_rule ids_rules[] = {
	{ "task_kobj_ids_entry", "ipc_ns_id", 0, 0 },
};

void sysv_shm_init(struct sysv_shm *s, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->blob = BLOB_NONE;
	s->err = err;
}

void sysv_shm_close(struct sysv_shm *s)
{
	blob_close(&s->blob);
	alloc_free(s->list);
	sysv_shm_init(s, s->err);
}

static struct segment *add(struct sysv_shm *s)
{
	struct segment *more;

	if (s->n == SYSV_SHM_MAX) {
		error_set(s->err, CRIT_EDATA, "more than %d segments",
			  SYSV_SHM_MAX);
		return NULL;
	}
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		more = alloc_more(s->list, s->cap * sizeof(*more));
		if (!more) {
			error_set(s->err, CRIT_ENOMEM, "out of memory");
			return NULL;
		}
		s->list = more;
	}
	return &s->list[s->n++];
}

static bool keep(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;
	struct segment *to = r->in_pagemaps ? NULL : add(r->s);

	(void)rule;
	if (to)
		*to = (struct segment){
			.id = r->id, .size = r->size,
			.at = r->end - r->size -
				extra_padding(EXTRA_SEGMENT, r->size),
		};
	r->id = r->size = r->in_pagemaps = 0;
	return !error_is(r->s->err);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = ((const struct segment *)a)->id;
	uint64_t y = ((const struct segment *)b)->id;

	return x < y ? -1 : x > y;
}

/* In an image of its own, or (v0.x) in that of the core. */
static bool find_namespace(const struct sysv_shm *s,
			   const struct store *dir, uint32_t pid,
			   uint64_t *id)
{
	const struct extract pick = { .rules = ids_rules, .n_rules = 1, .ctx = id };
	bool absent = true;
	char name[64];

	*id = 0;
	for (int i = 0; absent && i < 2; i++) {
		snprintf(name, sizeof(name), i ? "core-%" PRIu32 ".img" :
			 "ids-%" PRIu32 ".img", pid);
		if (!extract_image(&pick, dir, name, &absent, s->err))
			return false;
	}
	return true;
}

bool sysv_shm_load(struct sysv_shm *s, const struct store *dir,
		   uint32_t pid)
{
	struct reading r = { .s = s };
	const struct extract pick = {
		.magic = "IPCNS_SHM", .rules = segment_rules, .n_rules = 4,
		.ctx = &r, .done = keep, .end = &r.end,
	};
	uint64_t namespace;
	bool absent;

	if (s->loaded)
		return true;
	s->loaded = true;
	if (!find_namespace(s, dir, pid, &namespace))
		return false;
	snprintf(s->name, sizeof(s->name), "ipcns-shm-%" PRIu64 ".img",
		 namespace);
	if (!extract_image(&pick, dir, s->name, &absent, s->err))
		return false;
	if (!s->n)
		return true;
	qsort(s->list, s->n, sizeof(*s->list), compare);
	return store_blob(dir, s->name, &s->blob, s->err);
}

const struct segment *sysv_shm_find(const struct sysv_shm *s, uint64_t id)
{
	const struct segment key = { .id = id };

	return s->n ? bsearch(&key, s->list, s->n, sizeof(key), compare) : NULL;
}
