/* SPDX-License-Identifier: MIT
 *
 * A unit test is a program that speaks TAP:
 *
 *	static void varints(void) { CHECK(...); }
 *	int main(void) { RUN(varints); return test_end(); }
 *
 * A check that fails is told and counted; the test goes on.
 */
#ifndef CRIT_TEST_H
#define CRIT_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int test_number, test_failures, test_bad;

/* Sanitizers and valgrind are slow: they see each so many cases. */
static inline size_t test_stride(void)
{
	const char *san = getenv("CRIT_SAN");

	return san && *san ? 13 : 1;
}

/* In failure messages: which line of a table is at work. */
static const char *test_case = "";

static inline bool test_failed(const char *file, int line, const char *what)
{
	if (++test_bad <= 10)
		printf("# %s:%d: %s%s%s\n", file, line, what,
		       *test_case ? ": " : "", test_case);
	return false;
}

#define CHECK(x) ((x) ? true : test_failed(__FILE__, __LINE__, #x))

static inline bool test_number_is(const char *file, int line, const char *what,
				  uint64_t got, uint64_t want)
{
	if (got == want)
		return true;
	test_failed(file, line, what);
	printf("#   got %" PRIu64 ", want %" PRIu64 "\n", got, want);
	return false;
}

#define CHECK_NUMBER(got, want) \
	test_number_is(__FILE__, __LINE__, #got, (uint64_t)(got), (uint64_t)(want))

static inline void test_print(const char *name, const void *p, size_t n)
{
	const unsigned char *b = p;

	printf("#   %s (%zu) ", name, n);
	for (size_t i = 0; i < n && i < 400; i++)
		if (b[i] >= ' ' && b[i] < 0x7f && b[i] != '\\')
			putchar(b[i]);
		else
			printf("\\x%02x", b[i]);
	putchar('\n');
}

static inline bool test_bytes_are(const char *file, int line, const char *what,
				  const void *got, size_t n, const void *want,
				  size_t m)
{
	if (n == m && (!n || !memcmp(got, want, n)))
		return true;
	test_failed(file, line, what);
	if (test_bad <= 10) {
		test_print("got ", got, n);
		test_print("want", want, m);
	}
	return false;
}

#define CHECK_BYTES(got, n, want, m) \
	test_bytes_are(__FILE__, __LINE__, #got, got, n, want, m)
#define CHECK_TEXT(got, want) \
	test_bytes_are(__FILE__, __LINE__, #got, got, strlen(got), want, \
		       strlen(want))

static inline void test_run(void (*test)(void), const char *name)
{
	test_bad = 0;
	test_case = "";
	test();
	if (test_bad)
		test_failures++;
	printf("%s %d - %s\n", test_bad ? "not ok" : "ok", ++test_number, name);
	fflush(stdout);
}

#define RUN(test) test_run(test, #test)

static inline int test_end(void)
{
	printf("1..%d\n", test_number);
	return test_failures != 0;
}

/* A literal with its length, NULs and all. */
#define S(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* The same numbers on every run. */
static inline uint64_t test_random(void)
{
	static uint64_t x = 0x9e3779b97f4a7c15;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

/* Edges first, then numbers of every length. */
static inline uint64_t test_value(unsigned i)
{
	unsigned bit = i / 3 % 64;

	if (i < 192)
		return (UINT64_C(1) << bit) + (uint64_t)(i % 3) - 1;
	return test_random() >> test_random() % 64;
}

#endif
