// SPDX-License-Identifier: MIT
#include "schema/pretty.h"
#include "schema/pretty_read.h"
#include "test.h"

static const struct field *field(const char *path)
{
	char message[100];
	const char *dot = strchr(path, '.');
	const struct message *m;
	const struct field *f;

	snprintf(message, sizeof(message), "%.*s", (int)(dot - path), path);
	m = schema_message(&crit_schema, message);
	f = m ? message_field_name(m, dot + 1, strlen(dot + 1)) : NULL;
	if (!f) {
		printf("Bail out! no field %s\n", path);
		exit(2);
	}
	return f;
}

/* Both ways. */
static const struct {
	const char *path;
	uint64_t value;
	const char *text;
} line[] = {
	{ "vma_entry.start", 0, "\"0x0\"" },
	{ "vma_entry.start", UINT64_MAX, "\"0xffffffffffffffff\"" },
	{ "vma_entry.prot", 0, "\"\"" },
	{ "vma_entry.prot", 5, "\"PROT_READ | PROT_EXEC\"" },
	{ "vma_entry.prot", 0x101, "\"PROT_READ | 0x100\"" },
	{ "vma_entry.prot", 0x80000000, "\"0x80000000\"" },
	{ "vma_entry.pgoff", 4096, "4096" },
	{ "vma_entry.fd", (uint64_t)-1, "-1" },
	{ "reg_file_entry.flags", 3, "\"O_WRONLY | O_RDWR\"" },
	{ "ghost_file_entry.dev", 8 << 20 | 1, "\"8:1\"" },
	{ "ghost_file_entry.dev", UINT32_MAX, "\"4095:1048575\"" },
	{ "ghost_file_entry.rdev", 0x0801, "\"8:1\"" },
	{ "ghost_file_entry.rdev", UINT32_MAX, "\"4095:1048575\"" },
	{ "inet_sk_entry.family", 2, "\"INET\"" },
	{ "inet_sk_entry.family", 77, "77" },
	{ "inet_sk_entry.state", 10, "\"LISTEN\"" },
	{ "task_core_entry.task_state", 1, "\"Alive\"" },
	{ "task_core_entry.task_state", 2, "2" },
	{ "task_core_entry.task_state", 3, "\"TASK_STOPPED\"" },
	{ "task_core_entry.task_state", 6, "\"TASK_ZOMBIE\"" },
	{ "file_entry.type", 1, "\"REG\"" },
	{ "file_entry.type", 65535, "\"AUTOFS_PIPE\"" },
	{ "file_entry.type", 424242, "424242" },
	{ "file_entry.type", (uint64_t)-7, "-7" },
};

static const char *unquoted(const char *text, size_t *n)
{
	*n = strlen(text);
	if (*text != '"')
		return text;
	*n -= 2;
	return text + 1;
}

static void lines(void)
{
	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		const struct field *f = field(line[i].path);
		char got[SYMBOLIC_MAX + 1];
		uint64_t back = 0;
		const char *text;
		size_t n;

		test_case = line[i].path;
		*pretty_put(got, f, line[i].value, false) = 0;
		CHECK_TEXT(got, line[i].text);
		if (*line[i].text != '"')
			continue;
		text = unquoted(line[i].text, &n);
		CHECK(!pretty_read(f, text, n, &back));
		CHECK_NUMBER(back, line[i].value);
	}
}

/* A value that the kind of f can hold. */
static uint64_t hold(const struct field *f, uint64_t v)
{
	switch (f->kind) {
	case KIND_UINT32:
	case KIND_FIXED32:
		return (uint32_t)v;
	case KIND_INT32:
	case KIND_SINT32:
	case KIND_SFIXED32:
	case KIND_ENUM:
		return (uint64_t)(int64_t)(int32_t)v;
	case KIND_BOOL:
		return v & 1;
	default:
		return v;
	}
}

/* Every number field of every message, shown and read. */
static void all_fields_there_and_back(void)
{
	for (size_t i = 0; i < crit_schema.n_messages; i++) {
		const struct message *m = crit_schema.messages[i];

		for (size_t j = 0; j < m->n_fields; j++) {
			const struct field *f = &m->fields[j];

			if (!kind_is_number(f->kind) || f->kind == KIND_BOOL)
				continue;
			test_case = f->name;
			for (unsigned k = 0; k < 400; k++) {
				uint64_t v = hold(f, test_value(k)), back = ~v;
				char text[SYMBOLIC_MAX];
				char *end = pretty_put(text, f, v, k & 1);

				CHECK(end - text < SYMBOLIC_MAX);
				if (*text == '"') {
					CHECK(!pretty_read(f, text + 1,
						(size_t)(end - text) - 2, &back));
				} else {
					struct integer n;

					CHECK(!integer_read(text,
						(size_t)(end - text), &n));
					CHECK(!integer_fit(f->kind, &n, &back));
				}
				CHECK_NUMBER(back, v);
			}
		}
	}
}

static void what_is_refused(void)
{
	static const char *const bad[][2] = {
		{ "vma_entry.prot", "PROT_READ | " },
		{ "vma_entry.prot", "PROT_READ | PROT_READ" },
		{ "vma_entry.prot", "prot_read" },
		{ "vma_entry.prot", "PROT_READ PROT_EXEC" },
		{ "vma_entry.prot", "0x100000000" },
		{ "vma_entry.prot", "-1" },
		{ "vma_entry.start", "" },
		{ "vma_entry.start", "0x" },
		{ "vma_entry.start", "0xg" },
		{ "vma_entry.start", "010" },
		{ "vma_entry.start", "0x10000000000000000" },
		{ "vma_entry.start", "1 2" },
		{ "ghost_file_entry.dev", "8:" },
		{ "ghost_file_entry.dev", ":1" },
		{ "ghost_file_entry.dev", "8:1:2" },
		{ "ghost_file_entry.dev", "0x8:1" },
		{ "ghost_file_entry.dev", "4096:0" },
		{ "ghost_file_entry.dev", "0:1048576" },
		{ "inet_sk_entry.family", "inet" },
		{ "file_entry.type", "REGULAR" },
		{ "file_entry.type", "" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint64_t v;

		test_case = bad[i][1];
		CHECK(pretty_read(field(bad[i][0]), bad[i][1],
				    strlen(bad[i][1]), &v));
	}
}

/* CRIT's two words keep CRIT's meaning. */
static void old_names_are_read(void)
{
	const struct field *f = field("task_core_entry.task_state");
	uint64_t v = 0;

	CHECK(!pretty_read(f, "Zombie", 6, &v));
	CHECK_NUMBER(v, 3);
	CHECK(!pretty_read(f, "Stopped", 7, &v));
	CHECK_NUMBER(v, 6);
}

static void literals(void)
{
	static const struct {
		const char *text;
		uint64_t size;
		bool negative, bad;
	} word[] = {
		{ "0", 0, false, false }, { "00", 0, false, false },
		{ "7", 7, false, false }, { "-7", 7, true, false },
		{ "+7", 7, false, false }, { " 7 ", 7, false, false },
		{ "0x1F", 31, false, false }, { "0X1f", 31, false, false },
		{ "0o17", 15, false, false }, { "0b101", 5, false, false },
		{ "1_000", 1000, false, false }, { "0x_f", 15, false, false },
		{ "-0x10", 16, true, false },
		{ "18446744073709551615", UINT64_MAX, false, false },
		{ "-9223372036854775808", UINT64_C(1) << 63, true, false },
		{ "18446744073709551616", 0, false, true },
		{ "", 0, false, true }, { " ", 0, false, true },
		{ "010", 0, false, true }, { "1__0", 0, false, true },
		{ "_1", 0, false, true }, { "1_", 0, false, true },
		{ "0x", 0, false, true }, { "0b2", 0, false, true },
		{ "1.5", 0, false, true }, { "- 7", 0, false, true },
		{ "--7", 0, false, true }, { "7x", 0, false, true },
	};

	for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++) {
		struct integer n = { 0 };
		const char *wrong;

		test_case = word[i].text;
		wrong = integer_read(word[i].text, strlen(word[i].text), &n);
		CHECK(!wrong == !word[i].bad);
		if (wrong)
			continue;
		CHECK_NUMBER(n.size, word[i].size);
		CHECK(n.negative == word[i].negative);
	}
}

static void ranges(void)
{
	static const struct {
		uint8_t kind;
		const char *text;
		bool fits;
	} word[] = {
		{ KIND_UINT32, "4294967295", true },
		{ KIND_UINT32, "4294967296", false },
		{ KIND_UINT32, "-1", false }, { KIND_UINT32, "-0", true },
		{ KIND_INT32, "2147483647", true },
		{ KIND_INT32, "2147483648", false },
		{ KIND_INT32, "-2147483648", true },
		{ KIND_INT32, "-2147483649", false },
		{ KIND_UINT64, "18446744073709551615", true },
		{ KIND_UINT64, "-1", false },
		{ KIND_INT64, "9223372036854775807", true },
		{ KIND_INT64, "9223372036854775808", false },
		{ KIND_SINT64, "-9223372036854775808", true },
		{ KIND_SINT64, "-9223372036854775809", false },
		{ KIND_ENUM, "2147483648", false },
		{ KIND_ENUM, "-2147483648", true },
	};

	for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++) {
		struct integer n;
		uint64_t v;

		test_case = word[i].text;
		CHECK(!integer_read(word[i].text, strlen(word[i].text), &n));
		CHECK(!integer_fit(word[i].kind, &n, &v) == word[i].fits);
	}
}

static void floats(void)
{
	static const struct {
		const char *text;
		uint64_t size;
		bool bad;
	} word[] = {
		{ "1e3", 1000, false }, { "1.5e1", 15, false },
		{ "20.0", 20, false }, { "100e-2", 1, false },
		{ "0.0", 0, false }, { "0e999999", 0, false },
		{ "1.5", 0, true }, { "1e-1", 0, true },
		{ "1e400", 0, true }, { "1.8446744073709552e+19", 0, true },
		{ "1e99999999999999999999", 0, true },
	};

	for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++) {
		struct integer n = { 0 };
		const char *wrong = integer_read_float(word[i].text,
						       strlen(word[i].text), &n);

		test_case = word[i].text;
		CHECK(!wrong == !word[i].bad);
		if (!wrong)
			CHECK_NUMBER(n.size, word[i].size);
	}
}

static void addresses(void)
{
	/* as Python up to 3.12 writes them */
	static const struct {
		uint32_t w[4];
		size_t n;
		const char *text;
	} word[] = {
		{ { 0x0100007f }, 1, "127.0.0.1" },
		{ { 0 }, 1, "0.0.0.0" },
		{ { UINT32_MAX }, 1, "255.255.255.255" },
		{ { 0, 0, 0, 0 }, 4, "::" },
		{ { 0, 0, 0, 0x01000000 }, 4, "::1" },
		{ { 0x000080fe, 0, 0, 0x01000000 }, 4, "fe80::1" },
		{ { 0, 0, 0xffff0000, 0x0100007f }, 4, "::ffff:7f00:1" },
		{ { 0xb80d0120, 0, 0x01000000, 0x01000000 }, 4,
		  "2001:db8::1:0:1" },
		{ { 0x01000100, 0x01000000, 0x01000100, 0x01000100 }, 4,
		  "1:1:0:1:1:1:1:1" },
		{ { 0, 0x01000100, 0, 0x01000100 }, 4, "::1:1:0:0:1:1" },
	};

	for (size_t i = 0; i < sizeof(word) / sizeof(*word); i++) {
		char got[SYMBOLIC_MAX], want[64];
		uint32_t w[4];
		size_t n = 0;

		test_case = word[i].text;
		snprintf(want, sizeof(want), "\"%s\"", word[i].text);
		*pretty_address(got, word[i].w, word[i].n) = 0;
		CHECK_TEXT(got, want);
		CHECK(!address_read(word[i].text, strlen(word[i].text), w, &n));
		CHECK_NUMBER(n, word[i].n);
		CHECK(!memcmp(w, word[i].w, n * sizeof(*w)));
	}
}

static void addresses_there_and_back(void)
{
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t w[4], back[4];
		char text[SYMBOLIC_MAX];
		size_t n = i & 1 ? 4 : 1, k = 0;
		char *end;

		for (size_t j = 0; j < n; j++)
			w[j] = test_random() % 3 ? (uint32_t)test_random() : 0;
		end = pretty_address(text, w, n);
		CHECK(!address_read(text + 1, (size_t)(end - text) - 2, back, &k));
		CHECK(k == n && !memcmp(w, back, n * sizeof(*w)));
	}
}

static void no_addresses(void)
{
	static const char *const bad[] = {
		"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.a", " 1.2.3.4",
		":", ":::", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7",
		"fe80::1%eth0",
	};
	uint32_t w[4];
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		test_case = bad[i];
		CHECK(address_read(bad[i], strlen(bad[i]), w, &n));
	}
}

int main(void)
{
	RUN(lines);
	RUN(all_fields_there_and_back);
	RUN(what_is_refused);
	RUN(old_names_are_read);
	RUN(literals);
	RUN(ranges);
	RUN(floats);
	RUN(addresses);
	RUN(addresses_there_and_back);
	RUN(no_addresses);
	return test_end();
}
