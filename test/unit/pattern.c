// SPDX-License-Identifier: MIT
/*
 * Regular expressions, beside regexec(3) on the same bytes.
 */
#include "search/regex.h"
#include "test.h"

#include <regex.h>

enum { TEXT = 100000, MATCHES = TEXT };

static uint8_t text[TEXT + 1];	/* sanitizers want a string for regexec(3) */
static struct { size_t at, n; } got[MATCHES];
static size_t n_got;
static uint64_t seed;

static unsigned any(unsigned n)
{
	return (unsigned)(test_value((unsigned)seed++) >> 7) % n;
}

static void keep(void *ctx, size_t at, size_t n)
{
	(void)ctx;
	if (n_got == MATCHES)
		abort();
	got[n_got].at = at;
	got[n_got++].n = n;
}

/* Alternatives of sequences of repeated atoms. Edges are not in groups: there
 * regexec(3) of glibc 2.36 goes wrong. */
static char *put_regex(char *p, int depth)
{
	static const char *const atoms[] = {
		"a", "b", "ab", "x", ".", "[ab]", "[^a]", "[^bx]", "\\.", "[0-9]",
		"[[:alpha:]]", "[[:space:]]", "1", "[]-]", "\\w", "\\W", "\\S",
		"[a-b1]", "c", "[^[:digit:]x]",
	}, *const repeats[] = { "*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}" },
	*const edges[] = { "^", "$", "\\b", "\\<", "\\>", "\\B" };

	for (unsigned alternatives = any(4) ? 1 : 2; alternatives--; ) {
		for (unsigned n = 1 + any(4); n--; ) {
			if (depth == 2 && !any(12)) {
				p = stpcpy(p, edges[any(6)]);
				continue;
			}
			if (depth && !any(4)) {
				*p++ = '(';
				p = put_regex(p, depth - 1);
				*p++ = ')';
			} else {
				p = stpcpy(p, atoms[any(20)]);
			}
			if (!any(3))
				p = stpcpy(p, repeats[any(7)]);
		}
		if (alternatives)
			*p++ = '|';
	}
	*p = 0;
	return p;
}

static void fill(size_t n, unsigned kind)
{
	static const char *const kinds[] = { "ab", "abx\n", "ab1x. c-\n", "aaab" };
	const char *bytes = kinds[kind % 4];
	size_t k = strlen(bytes);

	for (size_t i = 0; i < n; i++)
		text[i] = (uint8_t)(any(40) ? bytes[any((unsigned)k)] :
				    kind & 4 ? '\0' : '\n');
}

/* musl has none that begins in the middle of a text; that of sanitizers is an
 * old one. There only what the other tests see is tested. */
#if !defined(REG_STARTEND) || defined(__SANITIZE_ADDRESS__)
static bool as_regexec(const char *regex, size_t from, size_t to, size_t end)
{
	return *regex && from < to && to <= end;
}
#else
/* The matches of regexec(3) are those that were got, from..to. */
static bool as_regexec(const char *regex, size_t from, size_t to, size_t end)
{
	regmatch_t m;
	regex_t r;
	size_t i = 0;
	bool ok = true;

	if (regcomp(&r, regex, REG_EXTENDED | REG_NEWLINE))
		return CHECK(!"regcomp");
	while (ok) {
		m = (regmatch_t){ (regoff_t)from, (regoff_t)end };
		if (regexec(&r, (char *)text, 1, &m, REG_STARTEND) ||
		    (size_t)m.rm_so >= to)
			break;
		from = (size_t)(m.rm_eo > m.rm_so ? m.rm_eo : m.rm_eo + 1);
		if (m.rm_eo == m.rm_so)
			continue;
		if (m.rm_eo - m.rm_so > REGEX_REACH) {
			regfree(&r);
			return true;
		}
		ok = i < n_got && got[i].at == (size_t)m.rm_so &&
		     got[i].n == (size_t)(m.rm_eo - m.rm_so);
		if (!ok && i < n_got)
			printf("# %s: %zu+%zu, not %d+%d\n", regex, got[i].at,
			       got[i].n, (int)m.rm_so,
			       (int)(m.rm_eo - m.rm_so));
		i++;
	}
	regfree(&r);
	return CHECK(ok) && CHECK_NUMBER(n_got, i);
}
#endif

static void one(const char *regex, size_t n, unsigned kind)
{
	struct text t = { text, n };
	struct crit_error err;
	struct regex p;
	size_t from = any(3), to = n - any(4);

	test_case = regex;
	error_clear(&err);
	fill(n, kind);
	n_got = 0;
	if (!CHECK(regex_open(&p, regex, &err)))
		puts(err.what);
	else if (from < to)
		regex_scan(&p, &t, from, to, keep, NULL);
	regex_close(&p);
	if (from < to && !as_regexec(regex, from, to, n)) {
		printf("# seed %" PRIu64 ", %zu bytes of kind %u\n", seed, n,
		       kind);
	}
	test_case = "";
}

static void as_regexec_does(void)
{
	const unsigned step = (unsigned)test_stride();
	char regex[4096];

	for (unsigned i = 0; i < 1500 && test_bad < 5; i += step) {
		seed = i * 100000;
		put_regex(regex, 2);
		one(regex, i % 50 ? 4 + any(300) : 8000, any(8));
	}
}

static void many_bytes(void)
{
	static const char *const list[] = {
		"[ab]+x", "a[^x]*x", "(a|b)*1", "a*b", "ab|ba|x", "^.*$", "[ab]",
		"a.{3}b", "\\bb", "a{5}", "x(a|b){2,5}1", "no", "[^b]{6}",
		"aaab|b", "1[^\n]*1", "a*",
	};

	for (unsigned i = 0; i < sizeof(list) / sizeof(*list); i++)
		for (unsigned kind = i % 3; kind < 8; kind += 3) {
			seed = i * 1000 + kind;
			one(list[i], TEXT / test_stride() - any(99), kind);
		}
}

static void said(const char *regex, const char *what)
{
	struct crit_error err;
	struct regex p;

	error_clear(&err);
	test_case = regex;
	CHECK(!regex_open(&p, regex, &err));
	CHECK(err.code == CRIT_EUSAGE && strstr(err.what, what));
	regex_close(&p);
	test_case = "";
}

static void what_is_none(void)
{
	static const struct {
		const char *regex, *what;
	} cases[] = {
		{ "(", "( without )" }, { "*a", "nothing to repeat" },
		{ "a|*", "nothing to repeat" }, { "^*", "nothing to repeat" },
		{ "[a", "[ without ]" }, { "[b-a]", "ends before it starts" },
		{ "[[:nope:]]", "no such class" },
		{ "[[.ab.]]", "no such byte" }, { "a{", "{ without" },
		{ "a{3,2}", "{ without" }, { "a{40000}", "too large" },
		{ "((a{999}){999}){999}", "too large" },
		{ "(((){30000}){30000}){30000}", "too large" },
		{ "a\\", "\\ at its end" }, { "(a)\\1", "no \\1" },
		{ "\\x4", "hexadecimal" }, { "\\q", "\\q is not" },
		{ "\\0", "\\0 is not" }, { "\\Z", "\\Z is not" },
		/* what other kinds of expressions have */
		{ "a*?", "*? is not" }, { "a+?", "+? is not" },
		{ "a??", "?? is not" }, { "a{2,3}?b", "{2,3}? is not" },
		{ "a*+", "*+ is not" }, { "(?i:a)", "(?i: is not" },
		{ "(?i)a", "(?i is not" }, { "(?=a)", "(?=a is not" },
		{ "\\b*", "\\b* is not" }, { "[\\b]", "\\b is not" },
		{ "[a\\q]", "\\q is not" }, { "[\\x4]", "hexadecimal" },
		{ "[a\\]", "[ without ]" }, { "[\\d-x]", "a range" },
		{ "[\\", "[ without ]" }, { "(?", "(? is not" },
	};
	char many[REGEX_TEXT_MAX + 2];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		said(cases[i].regex, cases[i].what);
	memset(many, '(', 300);
	many[300] = 0;
	said(many, "too many (");
	memset(many, 'a', sizeof(many) - 1);
	many[sizeof(many) - 1] = 0;
	said(many, "too long");
}

struct found {
	const char *regex, *bytes;
	size_t n, at, length;
};

static void found(const struct found *f)
{
	struct text t = { (const uint8_t *)f->bytes, f->n };
	struct crit_error err;
	struct regex p;

	error_clear(&err);
	test_case = f->regex;
	n_got = 0;
	if (CHECK(regex_open(&p, f->regex, &err)))
		regex_scan(&p, &t, 0, f->n, keep, NULL);
	CHECK(n_got == 1 && got[0].at == f->at && got[0].n == f->length);
	regex_close(&p);
	test_case = "";
}

static void bytes(void)
{
	static const struct found cases[] = {
		{ "\\x00\\xfF", "ab\0\377c", 5, 2, 2 },
		{ "b.d", "abcdb\0db\nd", 10, 1, 3 },
		{ "b[^x]d", "b\0dbxdb\nd", 9, 0, 3 },
		{ "\\n\\t", "a\n\tb", 4, 1, 2 },
		{ ")", "a)b", 3, 1, 1 }, { "a{,2}b{1}", "aaab", 4, 1, 3 },
		{ "[[=a=]][[.-.]]", "aa-", 3, 1, 2 },
		{ "[]a-]{3}", "x]a-", 4, 1, 3 }, { "b\\'", "bb", 2, 1, 1 },
		{ "\\`a", "aa", 2, 0, 1 }, { "()a", "ba", 2, 1, 1 },
		{ "a||b{2}", "bb", 2, 0, 2 },
		/* between brackets as outside */
		{ "[\\d]+", "ab123c", 6, 2, 3 }, { "[\\w.]+", " a_1.b ", 7, 1, 5 },
		{ "[^\\s]+", "\n\t ab \n", 7, 3, 2 },
		{ "[\\t\\n]+", "tn\t\n\\", 5, 2, 2 },
		{ "[\\]]", "\\x]", 3, 2, 1 }, { "[\\\\x]{2}", "a\\xb", 4, 1, 2 },
		{ "[\\x41-\\x43]+", "x41ABCD", 7, 3, 3 },
		{ "[\\S]+", " ab ", 4, 1, 2 }, { "[\\D1]+", "0a1b0", 5, 1, 3 },
		{ "[\\w-]+", ".a-b.", 5, 1, 3 }, { "[\\-\\^]+", "a^-b", 4, 1, 2 },
		{ "(?:ab)+c", "aababc", 6, 1, 5 }, { "\\Aa", "aa", 2, 0, 1 },
		{ "b\\z", "bb", 2, 1, 1 },
		/* edges in groups */
		{ "(\\Bb|\\bx|$\n){3}", "ab\nxb", 5, 1, 3 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		found(&cases[i]);
}

/* Where a table of states is too small, and where matches are too long. */
static void hostile(void)
{
	static const char *const list[] = {
		"(a|b)*a(a|b){14}x", "a[^x]*x|ab[^\n]{3}\n", "(.*a){20}\n",
		"((a|b)*b(a|b){9}[^ab]|[^x]{300}1)", "a(b*a){30}[^b]{40}x",
	};

	for (unsigned i = 0; i < 5; i++) {
		struct text t = { text, TEXT };
		struct crit_error err;
		struct regex p;

		seed = i;
		for (size_t k = 0; k < TEXT; k++)
			text[k] = any(2) ? 'a' : 'b';
		text[TEXT - 1] = 'x';
		error_clear(&err);
		n_got = 0;
		if (CHECK(regex_open(&p, list[i], &err)))
			CHECK(regex_scan(&p, &t, 0, TEXT, keep, NULL) >= TEXT);
		regex_close(&p);
	}
}

int main(void)
{
	RUN(as_regexec_does);
	RUN(many_bytes);
	RUN(what_is_none);
	RUN(bytes);
	RUN(hostile);
	return test_end();
}
