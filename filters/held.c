// SPDX-License-Identifier: MIT
#include "held.h"

#include <errno.h>
#include <stdlib.h>

void held_init(struct held *h, struct crit_error *err)
{
	*h = (struct held){ 0 };
	spool_init(&h->spool, err);
}

void held_free(struct held *h)
{
	spool_free(&h->spool);
	free(h->answers);
	h->answers = NULL;
	h->n = h->cap = 0;
}

static bool put(void *arg, const void *p, size_t n)
{
	struct held *h = arg;

	if (spool_put(&h->spool, p, n))
		return true;
	errno = h->spool.err->sys;
	return false;
}

void held_begin(struct held *h, struct out *out)
{
	out->write = put;
	out->arg = h;
}

bool held_end(struct held *h, struct out *out, uint32_t pid)
{
	struct held_answer *more;
	uint64_t start = h->n ? h->answers[h->n - 1].end : 0;

	if (!out_flush(out))
		return false;
	if (h->n == h->cap) {
		size_t cap = h->cap ? 2 * h->cap : 16;

		more = realloc(h->answers, cap * sizeof(*more));
		if (!more)
			return error_set(out->err, CRIT_ENOMEM, "out of memory");
		h->answers = more;
		h->cap = cap;
	}
	h->answers[h->n++] = (struct held_answer){
		pid, start, spool_size(&h->spool),
	};
	return true;
}

void held_put(struct held *h, struct out *out, uint32_t pid)
{
	char buf[4096];

	for (size_t i = 0; i < h->n; i++) {
		const struct held_answer *a = &h->answers[i];
		uint64_t at = a->start;

		while (a->pid == pid && at < a->end) {
			uint64_t left = a->end - at;
			size_t k = spool_read(&h->spool, at, buf, left <
					      sizeof(buf) ? (size_t)left :
					      sizeof(buf));

			if (!k)
				return;
			out_put(out, buf, k);
			at += k;
		}
	}
}
