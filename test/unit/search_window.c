// SPDX-License-Identifier: MIT
/*
 * What a search finds, wherever the bytes are cut, and across the end of its
 * window.
 */
#include "search/search.h"
#include "test.h"

static uint64_t at[64];
static char around[64][64];
static unsigned n_found;

static void found(void *ctx, const struct search_match *m)
{
	size_t n = m->before + m->n + m->after;

	(void)ctx;
	if (n_found == 64)
		return;
	at[n_found] = m->addr;
	if (n < 64) {
		memcpy(around[n_found], m->p - m->before, n);
		around[n_found][n] = 0;
	}
	n_found++;
}

static void give(struct search *s, uint64_t addr, const char *p, size_t n)
{
	while (n) {
		size_t k = n;
		uint8_t *to = search_room(s, addr, &k);

		if (!CHECK(k && k <= n))
			return;
		memcpy(to, p, k);
		search_got(s, k);
		addr += k;
		p += k;
		n -= k;
	}
}

static void begin(struct search *s, bool regex, const char *what, size_t context,
		  struct crit_error *err)
{
	error_clear(err);
	memset(s, 0, sizeof(*s));
	CHECK(regex ? search_regex(s, what, context, err) :
	      search_string(s, what, strlen(what), context, err));
	s->found = found;
	n_found = 0;
}

static void end(struct search *s)
{
	search_flush(s);
	search_close(s);
}

/* Two pieces: every cut finds the same. */
static void cuts(void)
{
	static const char text[] = "abneedle needneedle.needle";
	static const uint64_t want[] = { 0x1002, 0x100d, 0x1014 };
	struct crit_error err;
	struct search s;

	for (int regex = 0; regex < 2; regex++)
		for (size_t cut = 0; cut <= strlen(text); cut++) {
			begin(&s, regex, regex ? "ne{2}dle" : "needle", 2, &err);
			give(&s, 0x1000, text, cut);
			give(&s, 0x1000 + cut, text + cut, strlen(text) - cut);
			end(&s);
			CHECK_NUMBER(n_found, 3);
			for (unsigned i = 0; i < 3; i++)
				CHECK_NUMBER(at[i], want[i]);
			CHECK_TEXT(around[0], "abneedle n");
			CHECK_TEXT(around[2], "e.needle");
		}
}

/* Nothing matches across a gap of the addresses. */
static void gaps(void)
{
	struct crit_error err;
	struct search s;

	for (size_t cut = 1; cut < 6; cut++) {
		begin(&s, false, "needle", 0, &err);
		give(&s, 0x1000, "needle", cut);
		give(&s, 0x2000, &"needle"[cut], 6 - cut);
		give(&s, 0x3000, "needle", 6);
		end(&s);
		CHECK_NUMBER(n_found, 1);
		CHECK_NUMBER(at[0], 0x3000);
	}
}

/* A needle at each place about the end of the window. */
static void window_ends(void)
{
	static char big[SEARCH_WINDOW + 4096];
	struct crit_error err;
	struct search s;

	for (size_t near = 0; near < 40; near += 1 + test_stride() / 13) {
		size_t place = SEARCH_WINDOW - 20 + near;

		memset(big, 'x', sizeof(big));
		memcpy(big + place, "needle", 6);
		for (int regex = 0; regex < 2; regex++) {
			begin(&s, regex, regex ? "n[e]+dle" : "needle", 4, &err);
			give(&s, 0, big, sizeof(big));
			end(&s);
			CHECK_NUMBER(n_found, 1);
			CHECK_NUMBER(at[0], place);
			CHECK_TEXT(around[0], "xxxxneedlexxxx");
		}
	}
}

int main(void)
{
	RUN(cuts);
	RUN(gaps);
	RUN(window_ends);
	return test_end();
}
