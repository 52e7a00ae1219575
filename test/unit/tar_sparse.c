// SPDX-License-Identifier: MIT
/*
 * PAX records and sparse maps of a tar member, right and wrong ones:
 *
 *   "key=value|key=value" ─► x header ┐
 *   header, more headers, data ───────┴─► tar_next ─► size, extents, message
 *
 * '@' stands for NUL.
 */
#include "store/tar.h"
#include "test.h"

enum { BLOCK = TAR_BLOCK, ROOM = 64 * BLOCK };

static uint8_t archive[ROOM];
static size_t end;

static void seal(uint8_t *h)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
}

static uint8_t *header(char type, const char *name, size_t size)
{
	uint8_t *h = archive + end;

	memset(h, 0, BLOCK);
	snprintf((char *)h, 100, "%s", name);
	snprintf((char *)h + 108, 8, "%07o", 1);
	snprintf((char *)h + 116, 8, "%07o", 2);
	snprintf((char *)h + 124, 12, "%011zo", size);
	h[156] = (uint8_t)type;
	memcpy(h + 257, "ustar\0" "00", 8);
	seal(h);
	end += BLOCK;
	return h;
}

static void data(const char *p, size_t n)
{
	memset(archive + end, 0, (n / BLOCK + 1) * BLOCK);
	memcpy(archive + end, p, n);
	end += (n + BLOCK - 1) / BLOCK * BLOCK;
}

/* "key=value|..." as records of an x header. */
static void pax(const char *records)
{
	char text[2048];
	size_t n = 0;

	while (*records) {
		size_t k = strcspn(records, "|"), len = k + 3;

		len += len + 1 > 99 ? 2 : len > 8;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%zu %.*s\n",
				      len, (int)k, records);
		records += k + (records[k] == '|');
	}
	for (size_t i = 0; i < n; i++)
		text[i] = text[i] == '@' ? 0 : text[i];
	header('x', "x", n);
	data(text, n);
}

static struct tar_member member;

/* The first member: what is said of it, or "". */
static const char *said(struct extents *x)
{
	static struct crit_error err;
	struct tar t;
	struct in in;
	int r;

	error_clear(&err);
	extents_init(x);
	member = (struct tar_member){ 0 };
	CHECK(in_open_bytes(&in, archive, end, &err));
	tar_open(&t, &in, x, &err);
	r = tar_next(&t, &member);
	CHECK(r == 1 || error_is(&err));
	tar_close(&t);
	in_close(&in);
	return r == 1 ? "" : err.what;
}

struct sparse {
	const char *records, *data;
	size_t packed;
	const char *said;
	uint64_t size, extents;
};

#define NO_SIZE "GNU.sparse.major=1|GNU.sparse.minor=0"
#define ONE NO_SIZE "|GNU.sparse.realsize=100"
#define MAP "GNU.sparse.size=100|GNU.sparse.map="
#define PAIR "GNU.sparse.size=100|GNU.sparse.numblocks=1|GNU.sparse."
#define BAD "bad sparse map of f"

static const struct sparse pax_cases[] = {
	{ MAP "0,2,10,2", "abcd", 4, "", 100, 2 },
	{ MAP "0,2,100,0", "ab", 2, "", 100, 1 },
	{ PAIR "offset=9|GNU.sparse.numbytes=4", "abcd", 4, "", 100, 1 },
	{ ONE, "2\n0\n2\n10\n2\n", BLOCK + 4, "", 100, 2 },
	{ ONE, "0\n", BLOCK, "", 100, 0 },
	/* not ascending, beyond the file, beyond the data */
	{ MAP "0,2,1,2", "abcd", 4, BAD, 0, 0 },
	{ MAP "10,2,0,2", "abcd", 4, BAD, 0, 0 },
	{ MAP "90,20", "abcd", 40, BAD, 0, 0 },
	{ MAP "101,0", "abcd", 4, BAD, 0, 0 },
	{ MAP "0,50", "abcd", 4, BAD, 0, 0 },
	{ MAP "0,9223372036854775000", "abcd", 4, BAD, 0, 0 },
	/* no pairs of numbers */
	{ MAP "0", "abcd", 4, "bad sparse map", 0, 0 },
	{ MAP "0,2,", "abcd", 4, "", 100, 1 },
	{ MAP "0,2,10", "abcd", 4, "bad sparse map", 0, 0 },
	{ MAP "0,x", "abcd", 4, "bad sparse map", 0, 0 },
	{ MAP "0,,2", "abcd", 4, "bad sparse map", 0, 0 },
	{ MAP "0,-2", "abcd", 4, "bad sparse map", 0, 0 },
	{ PAIR "offset=9", "abcd", 4, "bad sparse map", 0, 0 },
	{ PAIR "offset=|GNU.sparse.numbytes=4", "abcd", 4, "bad sparse map", 0, 0 },
	/* a map must not end at a NUL */
	{ PAIR "offset=0|GNU.sparse.numbytes=2@9|GNU.sparse.offset=10|"
	  "GNU.sparse.numbytes=2", "abcd", 4, "NUL in a PAX header", 0, 0 },
	{ MAP "0,2@10,2", "abcd", 4, "NUL in a PAX header", 0, 0 },
	/* sizes */
	{ "GNU.sparse.map=0,2", "abcd", 4, "sparse member f has no size", 0, 0 },
	{ NO_SIZE, "0\n", BLOCK, "sparse member f has no size", 0, 0 },
	{ "GNU.sparse.realsize=x", "ab", 2, "bad number in a PAX header", 0, 0 },
	{ "GNU.sparse.size=99999999999999999999", "ab", 2,
	  "bad number in a PAX header", 0, 0 },
	/* maps in the data */
	{ ONE, "1x\n0\n2\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "0000000000000000000000001\n0\n2\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "9\n0\n2\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "2\n0\n2\n1\n2\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "1\n0\n9\n", BLOCK + 4, BAD, 0, 0 },
	{ ONE, "1\n0\n", 4, BAD, 0, 0 },
	{ ONE, "0\n", 4, BAD, 0, 0 },
	/* what is no record */
	{ "=1", "ab", 2, "bad PAX record", 0, 0 },
	{ "size", "ab", 2, "bad PAX record", 0, 0 },
	{ "uid=x", "ab", 2, "bad number in a PAX header", 0, 0 },
	{ "gid=-1", "ab", 2, "bad number in a PAX header", 0, 0 },
	{ "path=a@b", "ab", 2, "NUL in a PAX header", 0, 0 },
};

static void in_pax(void)
{
	for (size_t i = 0; i < sizeof(pax_cases) / sizeof(*pax_cases); i++) {
		const struct sparse *c = &pax_cases[i];
		const char *what;
		struct extents x;

		test_case = c->records;
		end = 0;
		pax(c->records);
		header('0', "f", c->packed);
		memset(archive + end, 0, 2 * BLOCK);
		memcpy(archive + end, c->data, strlen(c->data));
		end += (c->packed + BLOCK - 1) / BLOCK * BLOCK;
		what = said(&x);
		CHECK_TEXT(what, c->said);
		CHECK(*c->said || (member.size == c->size && member.sparse));
		CHECK(*c->said || member.extents.n == c->extents);
		extents_free(&x);
	}
	test_case = "";
}

static void owners(void)
{
	const char *what;
	struct extents x;

	end = 0;
	pax("uid=70000|gid=80000|comment=a");
	header('0', "f", 0);
	what = said(&x);
	CHECK_TEXT(what, "");
	CHECK_NUMBER(member.uid, 70000);
	CHECK_NUMBER(member.gid, 80000);
	CHECK(!member.sparse);
	extents_free(&x);
}

/* Old GNU: entries of 12 + 12 bytes in the header, more in blocks behind it. */
static void entry(uint8_t *p, const char *at, const char *size)
{
	memcpy(p, at, strlen(at));
	memcpy(p + 12, size, strlen(size));
}

static uint8_t *old_header(const char *real, bool more)
{
	uint8_t *h;

	end = 0;
	h = header('S', "f", 4);
	memcpy(h + 257, "ustar  ", 8);
	memcpy(h + 483, real, strlen(real));
	h[482] = more;
	return h;
}

static const char *sealed(uint8_t *h, struct extents *x)
{
	const char *what;

	seal(h);
	data("abcd", 4);
	what = said(x);
	extents_free(x);
	return what;
}

static void old_gnu(void)
{
	const char *what;
	struct extents x;
	uint8_t *h = old_header("144", true);

	entry(h + 386, "0", "2");
	memset(archive + end, 0, BLOCK);
	entry(archive + end, "12", "2");
	end += BLOCK;
	what = sealed(h, &x);
	CHECK_TEXT(what, "");
	CHECK_NUMBER(member.size, 100);
	CHECK_NUMBER(member.data, 2 * BLOCK);
	CHECK_NUMBER(member.extents.n, 2);
	h = old_header("1x4", false);
	what = sealed(h, &x);
	CHECK_TEXT(what, "bad size field of f");
	h = old_header("144", false);
	entry(h + 386, "9", "2");
	what = sealed(h, &x);
	CHECK_TEXT(what, "bad sparse map");
	h = old_header("144", false);
	entry(h + 386, "0", "5");
	what = sealed(h, &x);
	CHECK_TEXT(what, BAD);
	h = old_header("2", false);
	entry(h + 386, "0", "4");
	what = sealed(h, &x);
	CHECK_TEXT(what, BAD);
	/* the block that should follow is not there */
	h = old_header("144", true);
	entry(h + 386, "0", "4");
	seal(h);
	what = said(&x);
	CHECK_TEXT(what, "the archive ends within a header");
	extents_free(&x);
}

int main(void)
{
	RUN(in_pax);
	RUN(owners);
	RUN(old_gnu);
	return test_end();
}
