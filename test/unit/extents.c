// SPDX-License-Identifier: MIT
/* Three lists that grow side by side, in memory and in a file: what was put in
 * is found, in order and not; holes; none. */
#include "store/extents.h"
#include "test.h"

enum { LISTS = 3, N = 60000 };

static struct extents x;
static struct extent_list list[LISTS];
static struct crit_error err;

/* List k: extent i at 10 * i + k, 7 bytes of it; from tells both. */
static void put(void)
{
	for (uint64_t i = 0; i < N; i++)
		for (uint64_t k = 0; k < LISTS; k++) {
			const struct extent e = { 10 * i + k, 7, i << 8 | k };

			(void)CHECK(extents_add(&x, &list[k], &e, &err));
		}
}

static bool is(uint64_t k, struct extent_place *p, uint64_t at)
{
	uint64_t i = at < k ? N : (at - k) / 10, in = at < k ? 7 : (at - k) % 10;
	struct extent e;

	if (!extents_find(&x, list[k].first, list[k].n, p, at, &e, &err))
		return false;
	if (i < N && in < 7)
		return e.at == at && e.size == 7 - in &&
		       e.from == (i << 8 | k) + in;
	return e.at == at && e.from == EXTENT_HOLE &&
	       (i >= N - 1 ? at < k || e.size == UINT64_MAX - at :
		e.size == 10 - in);
}

static void lists(void)
{
	struct extent_place p[LISTS] = { { 0 } };
	struct extent e;
	bool ok = true;

	extents_init(&x);
	error_clear(&err);
	put();
	CHECK(x.cap <= EXTENTS_MEMORY && x.temp >= 0);
	for (uint64_t at = 0; at < 10 * N + 20; at += 3)
		for (uint64_t k = 0; k < LISTS; k++)
			ok &= is(k, &p[k], at);
	CHECK(ok);
	for (uint64_t at = 10 * N + 20; at > 0; at -= at > 997 ? 997 : at)
		for (uint64_t k = 0; k < LISTS; k++)
			ok &= is(k, &p[k], at);
	CHECK(ok);
	/* the last one may grow */
	CHECK(extents_last(&x, &list[1], &e, &err) && e.at == 10 * N - 9);
	e.size = 1000;
	CHECK(extents_set_last(&x, &list[1], &e, &err));
	CHECK(extents_find(&x, list[1].first, list[1].n, &p[1], 10 * N, &e,
			   &err) && e.size == 991);
	/* a list of none */
	p[0] = (struct extent_place){ 0 };
	CHECK(extents_find(&x, 0, 0, &p[0], 5, &e, &err) && e.at == 5 &&
	      e.size == UINT64_MAX - 5 && e.from == EXTENT_HOLE);
	CHECK(!error_is(&err));
	extents_free(&x);
}

int main(void)
{
	RUN(lists);
	return test_end();
}
