// SPDX-License-Identifier: MIT
/*
 * What a key makes of words, paths, numbers, addresses: never the same, never
 * two the same, of the same shape.
 */
#include "test.h"
#include "change/secret.h"
#include "codec/utf8.h"

static struct secret s;

/* All words of these letters: each becomes another one, each once. */
static void all_words(const char *first, const char *last)
{
	static bool seen[26 * 26 * 10 * 10];
	size_t n = strlen(first), number = 0;
	char word[8], to[8];

	memset(seen, 0, sizeof(seen));
	strcpy(word, first);
	for (size_t i = 0; number == 0 || i; number++) {
		size_t at = 0;

		memcpy(to, word, n);
		secret_word(&s, to, n);
		CHECK(memcmp(to, word, n) != 0);
		for (size_t k = 0; k < n; k++) {
			CHECK(first[k] == last[k] ? to[k] == first[k] :
			      to[k] >= first[k] && to[k] <= last[k]);
			at = at * (size_t)(last[k] - first[k] + 1) +
				(size_t)(to[k] - first[k]);
		}
		if (!CHECK(at < sizeof(seen) && !seen[at]))
			return;
		seen[at] = true;
		for (i = n; i && word[i - 1] == last[i - 1]; i--)
			word[i - 1] = first[i - 1];
		if (i)
			word[i - 1]++;
	}
}

static void words(void)
{
	all_words("a", "z");
	all_words("0", "9");
	all_words("00", "99");
	all_words("aa", "zz");
	all_words("a-0", "z-9");
	all_words("A0", "Z9");
	all_words("0.0.0", "9.9.9");
	all_words("aA00", "zZ99");
}

static void text_of(const char *from, bool paths, char *to)
{
	strcpy(to, from);
	secret_words(&s, to, strlen(from), paths);
}

static void same(const char *from, bool paths, const char *want)
{
	char to[400];

	test_case = from;
	text_of(from, paths, to);
	CHECK_TEXT(to, want);
}

static void paths(void)
{
	static const char *const known[] = {
		"", "/", "//", "/usr/lib", "./dev/pts", "/dev/null", "lo",
		"/usr/local/bin", "tmpfs", "rw,mode=,size=", "/proc/self",
		"/dev/null:/tmp", "/proc/sys", "/sys/fs/cgroup", "/var/run", "cpu,cpuacct",
		"name=systemd", "lowerdir=/var/lib", "///usr///lib",
	};
	char a[400], b[400], want[1000];

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		same(known[i], true, known[i]);
	/* the same word everywhere, whatever is before and after it */
	text_of("secret-word", false, a);
	CHECK(strcmp(a, "secret-word") != 0);
	sprintf(want, "/usr/lib/%s/x", a);
	text_of("/usr/lib/secret-word/x", true, b);
	CHECK(!memcmp(b, want, strlen(want) - 1) && b[strlen(want) - 1] != 'x');
	sprintf(want, "lowerdir=/%s:/tmp/%s,rw", a, a);
	same("lowerdir=/secret-word:/tmp/secret-word,rw", true, want);
	/* known words below unknown ones, or of another case, are not known */
	text_of("/secret-word/usr", true, b);
	CHECK(!strstr(b, "/usr"));
	text_of("/usr", false, b);
	CHECK(strcmp(b, "/usr") != 0);
	text_of("usr", true, b);
	CHECK(strcmp(b, "usr") != 0);
	/* a long one, in parts */
	memset(want, 'a', 399);
	want[399] = 0;
	text_of(want, true, b);
	CHECK_NUMBER(strlen(b), 399);
	CHECK(strspn(b, "abcdefghijklmnopqrstuvwxyz") == 399);
}

static void characters(void)
{
	static const char *const text[] = {
		"caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf",
		"\xf4\x8f\xbf\xbf", "\xe0\xa0\x80x",
	};
	char to[32];

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		text_of(text[i], true, to);
		CHECK_NUMBER(strlen(to), strlen(text[i]));
		CHECK(strcmp(to, text[i]) != 0);
		CHECK(utf8_valid((uint8_t *)to, strlen(to)));
	}
	memcpy(to, "a\0b\xff\xfe", 5);
	secret_words(&s, to, 5, true);
	CHECK(to[0] != 'a' && to[1] == 0 && to[2] != 'b');
	CHECK(memcmp(to + 3, "\xff\xfe", 2) != 0);
}

static void numbers(void)
{
	static const uint64_t of[] = {
		1, 2, 127, 0x7fffffff, 0x80000000, UINT32_MAX, UINT64_C(1) << 32,
		INT64_MAX, UINT64_C(1) << 63, UINT64_MAX,
	};

	CHECK_NUMBER(secret_number(&s, 0), 0);
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		uint64_t to = secret_number(&s, of[i]);

		CHECK(to && to != of[i] && to == secret_number(&s, of[i]));
		CHECK(of[i] >> 31 || !(to >> 31));
		CHECK(of[i] >> 32 || !(to >> 32));
		CHECK(of[i] >> 63 || !(to >> 63));
	}
	CHECK_NUMBER(secret_time(&s, 0, 0), 0);
	CHECK_NUMBER(secret_time(&s, 500, 0) - secret_time(&s, 400, 0), 100);
	CHECK(secret_time(&s, 500, 0) != 500);
	CHECK(secret_time(&s, 999999, 1000000) < 1000000);
	CHECK(secret_time(&s, 999999, 1000000) != 999999);
}

static unsigned common(const uint8_t *a, const uint8_t *b, size_t n)
{
	unsigned i = 0;

	while (i < 8 * n && !((a[i / 8] ^ b[i / 8]) << i % 8 & 0x80))
		i++;
	return i;
}

static void prefixes(size_t n)
{
	for (int i = 0; i < 2000; i++) {
		uint8_t a[16], b[16], c[16], d[16];
		unsigned bit = (unsigned)test_random() % (8 * (unsigned)n);

		for (size_t k = 0; k < n; k++)
			a[k] = (uint8_t)test_random();
		a[0] &= 0x3f;		/* no kind of address of its own */
		memcpy(b, a, n);
		b[bit / 8] ^= 0x80 >> bit % 8;
		b[0] &= 0x3f;
		memcpy(c, a, n);
		memcpy(d, b, n);
		secret_address(&s, c, n);
		secret_address(&s, d, n);
		if (a[0] == 127 || b[0] == 127)
			continue;
		CHECK(memcmp(a, c, n) != 0);
		if (!CHECK_NUMBER(common(c, d, n), common(a, b, n)))
			return;
	}
}

static void addresses(void)
{
	static const uint8_t kept[][16] = {
		{ 0 }, { [15] = 1 },
	};
	uint8_t v4[4] = { 127, 0, 0, 1 }, six[16] = { [10] = 255, 255, 10, 1, 2, 3 };
	uint8_t ten[4] = { 10, 1, 2, 3 }, group[4] = { 224, 0, 0, 5 };

	prefixes(4);
	prefixes(16);
	prefixes(6);
	for (size_t i = 0; i < 2; i++) {
		uint8_t to[16];

		memcpy(to, kept[i], 16);
		secret_address(&s, to, 16);
		CHECK(!memcmp(to, kept[i], 16));
	}
	secret_address(&s, v4, 4);
	CHECK(v4[0] == 127 && v4[3] == 1);
	secret_address(&s, six, 16);
	secret_address(&s, ten, 4);
	CHECK(!memcmp(six + 12, ten, 4));
	secret_address(&s, group, 4);
	CHECK(group[0] >> 4 == 14);
}

static void fillings(void)
{
	uint8_t a[10000], b[10000];
	char text[101] = "";

	memset(a, 1, sizeof(a));
	memset(b, 2, sizeof(b));
	secret_bytes(&s, 0, a, sizeof(a));
	for (size_t i = 0; i < sizeof(b); i += 777)
		secret_bytes(&s, i, b + i, sizeof(b) - i < 777 ?
			     sizeof(b) - i : 777);
	CHECK(!memcmp(a, b, sizeof(a)));
	secret_letters(&s, 5, text, 100);
	CHECK(strspn(text, "abcdefghijklmnopqrstuvwxyz") == 100);
}

static void keys(void)
{
	char a[400], b[400];

	text_of("another", false, a);
	secret_init(&s, "other", 5);
	text_of("another", false, b);
	CHECK(strcmp(a, b) != 0);
	secret_init(&s, "key", 3);
	text_of("another", false, b);
	CHECK_TEXT(a, b);
}

int main(void)
{
	secret_init(&s, "key", 3);
	RUN(words);
	RUN(paths);
	RUN(characters);
	RUN(numbers);
	RUN(addresses);
	RUN(fillings);
	RUN(keys);
	return test_end();
}
