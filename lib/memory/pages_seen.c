// SPDX-License-Identifier: MIT
#include "memory/pages_seen.h"
#include "base/alloc.h"

#include <inttypes.h>
#include <stdio.h>

struct pages_seen {
	struct pages_seen *next;
	uint64_t id, digest;
	char name[64];
};

bool pages_seen(struct pages_seen **seen, const struct pages_end *end,
		bool *again, struct crit_error *err)
{
	struct pages_seen *s = *seen;

	*again = true;
	if (!end->has_id)
		return true;
	while (s && s->id != end->id)
		s = s->next;
	*again = s;
	if (s && s->digest != end->digest)
		return error_set(err, CRIT_EDATA, "%s and %s are different, and "
				 "have the same pages_id %" PRIu64, s->name,
				 end->name, end->id);
	if (*again)
		return true;
	s = alloc(sizeof(*s));
	if (!s)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	*s = (struct pages_seen){ *seen, end->id, end->digest, "" };
	snprintf(s->name, sizeof(s->name), "%s", end->name);
	*seen = s;
	return true;
}

void pages_seen_free(struct pages_seen *s)
{
	for (struct pages_seen *next; s; s = next) {
		next = s->next;
		alloc_free(s);
	}
}
