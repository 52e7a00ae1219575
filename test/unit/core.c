// SPDX-License-Identifier: MIT
/*
 * The tables of architectures fit their notes and the schema; headers, build
 * ids, and cores that cannot be opened.
 */
#include "core/build_id.h"
#include "core/bytes.h"
#include "core/core.h"
#include "test.h"

#include <fcntl.h>
#include <unistd.h>

static const struct core_arch *const archs[] = {
	&core_x86_64, &core_i386, &core_arm, &core_aarch64, &core_ppc64,
	&core_s390, &core_mips, &core_loongarch, &core_riscv,
};
enum { ARCHS = sizeof(archs) / sizeof(*archs) };

/* The message that a path leads to. */
static const struct message *at(const struct message *m, const char *path)
{
	while (m && *path) {
		size_t n = strcspn(path, ".");
		const struct field *f = message_field_name(m, path, n);

		m = f ? f->message : NULL;
		path += n + (path[n] == '.');
	}
	return m;
}

static bool row_fits(const struct core_note *note, const struct core_row *r)
{
	unsigned last = r->stride ? 2u * r->stride : 0;

	return !r->width ||
	       r->offset + last + (unsigned)r->n * r->width <= note->size;
}

/* A list, or n fields with numbers one after another. */
static bool row_known(const struct message *m, const struct core_row *r)
{
	const struct field *f;

	if (!r->field)
		return true;
	f = m ? message_field_name(m, r->field, strlen(r->field)) : NULL;
	if (!f || !kind_is_number(f->kind))
		return false;
	for (unsigned i = 1; f->label != LABEL_REPEATED && i < r->n; i++) {
		const struct field *next = message_field(m, f->number + i);

		if (!next || next->label == LABEL_REPEATED)
			return false;
	}
	return true;
}

static void check_note(const struct core_arch *arch,
		       const struct core_note *note)
{
	const struct message *root = at(schema_message(&crit_schema,
						       "core_entry"),
					arch->info);

	for (size_t i = 0; i < note->n_rows; i++) {
		const struct core_row *r = &note->rows[i];

		test_case = r->field ? r->field : "";
		CHECK(row_fits(note, r));
		CHECK(row_known(at(root, r->at), r));
	}
}

static void tables(void)
{
	for (size_t i = 0; i < ARCHS; i++) {
		const struct core_arch *arch = archs[i];
		size_t bytes = 0, rows = 0;

		for (size_t k = 0; k < arch->n_notes; k++) {
			check_note(arch, &arch->notes[k]);
			bytes += (arch->notes[k].size + 7u) & ~7u;
			rows += arch->notes[k].n_rows;
		}
		test_case = arch->name;
		CHECK(arch->n_notes <= CORE_NOTES_MAX);
		CHECK(bytes <= CORE_DESC_MAX);
		CHECK(rows <= CORE_ROWS_MAX);
		CHECK_NUMBER(arch->notes[0].type, CORE_PRSTATUS);
		CHECK(core_arch_find(arch->mtype, arch->compat) == arch);
	}
	CHECK(!core_arch_find(0, false));
	CHECK(!core_arch_find(9, false));
	CHECK(!core_arch_find(2, true));
}

static void integers(void)
{
	static const uint64_t v = UINT64_C(0x0102030405060708);
	uint8_t b[8];

	CHECK(core_put(b, v, 8, false) == b + 8);
	CHECK_BYTES(b, 8, "\10\7\6\5\4\3\2\1", 8);
	CHECK_NUMBER(core_get(b, 8, false), v);
	core_put(b, v, 8, true);
	CHECK_BYTES(b, 8, "\1\2\3\4\5\6\7\10", 8);
	CHECK_NUMBER(core_get(b, 8, true), v);
	core_put(b, v, 2, true);
	CHECK_BYTES(b, 2, "\7\10", 2);
}

/* x87 in the form of FXSAVE -> the 108 bytes of FSAVE. */
static void fsave(void)
{
	const struct core_note *note = &core_i386.notes[1];
	uint8_t d[516] = { 0 };

	core_put(d, 0x37f, 2, false);			/* cwd */
	core_put(d + 2, 6 << 11, 2, false);		/* swd: top 6 */
	d[4] = 0xc0;					/* registers 6, 7 */
	core_put(d + 6, 0x123, 2, false);		/* fop */
	core_put(d + 32, UINT64_C(1) << 63, 8, false);	/* st0 = 1.0 */
	core_put(d + 40, 0x3fff, 2, false);
	core_put(d + 512, 0x23, 2, false);		/* cs */
	CHECK_NUMBER(note->finish(d, 0), 108);
	CHECK_NUMBER(core_get(d, 4, false), 0xffff037f);
	/* st0 is register 6: valid; st1 is register 7: zero */
	CHECK_NUMBER(core_get(d + 8, 4, false), 0xffff4fff);
	CHECK_NUMBER(core_get(d + 16, 4, false), 0x01230023);
	CHECK_NUMBER(core_get(d + 28, 8, false), UINT64_C(1) << 63);
	CHECK_NUMBER(core_get(d + 36, 2, false), 0x3fff);
}

/* The size of the XSAVE area is one that debuggers know. */
static void xsave(void)
{
	static const struct { uint64_t parts; size_t size; } t[] = {
		{ 0, 0 }, { 4, 832 }, { 4 | 8 | 16, 1088 }, { 0xe4, 2688 },
		{ 0x2e4, 2696 }, { 0x204, 2696 },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		uint8_t d[2696] = { 0 };

		memset(d + 512, 0xff, 8);
		CHECK_NUMBER(core_x86_64.notes[2].finish(d, t[i].parts),
			     t[i].size);
		CHECK_NUMBER(core_get(d + 464, 8, false), t[i].parts | 3);
		CHECK_NUMBER(core_get(d + 512, 8, false), t[i].parts | 3);
	}
}

static void put_elf(uint8_t *p, bool is64, bool big, uint64_t notes_at)
{
	unsigned word = is64 ? 8 : 4;

	memcpy(p, "\177ELF", 4);
	p[4] = is64 ? 2 : 1;
	p[5] = big ? 2 : 1;
	core_put(p + (is64 ? 32 : 28), 64, word, big);
	core_put(p + (is64 ? 54 : 42), is64 ? 56 : 32, 2, big);
	core_put(p + (is64 ? 56 : 44), 1, 2, big);
	p += 64;
	core_put(p, 4, 4, big);
	core_put(p + (is64 ? 8 : 4), notes_at, word, big);
	core_put(p + (is64 ? 32 : 16), 36, word, big);
}

static void build_ids(void)
{
	static const uint8_t id[20] = "0123456789abcdefghij", other[20] = "";

	for (int i = 0; i < 4; i++) {
		bool is64 = i & 1, big = i & 2;
		uint8_t f[256] = { 0 }, *note = f + 160;
		struct blob b = { .fd = -1, .bytes = f, .size = sizeof(f) };

		put_elf(f, is64, big, 160);
		core_put(note, 4, 4, big);
		core_put(note + 4, 20, 4, big);
		core_put(note + 8, 3, 4, big);
		memcpy(note + 12, "GNU", 4);
		memcpy(note + 16, id, 20);
		CHECK(core_build_id_is(&b, id, 20));
		CHECK(!core_build_id_is(&b, other, 20));
		CHECK(!core_build_id_is(&b, id, 16));
		for (uint64_t n = 0; n < 196; n++) {
			b.size = n;
			CHECK(!core_build_id_is(&b, id, 20));
		}
		b.size = sizeof(f);
		core_put(note + 4, UINT32_MAX, 4, big);
		CHECK(!core_build_id_is(&b, id, 20));
	}
}

/* core_close closes nothing that is not the core's. */
static void not_opened(void)
{
	const char *root = getenv("CRIT_ROOT");
	struct core c = { 0 };
	struct crit_error err;
	struct store dir;
	char path[4096];

	error_clear(&err);
	snprintf(path, sizeof(path), "%s/test/images/incr/1",
		 root ? root : ".");
	if (!CHECK(store_open(&dir, path, &crit_schema, false, &err)))
		return;
	CHECK(!core_open(&c, &dir, 9501, &err));
	core_close(&c);
	CHECK(fcntl(0, F_GETFD) >= 0);
	store_close(&dir);
}

int main(void)
{
	RUN(tables);
	RUN(integers);
	RUN(fsave);
	RUN(xsave);
	RUN(build_ids);
	RUN(not_opened);
	return test_end();
}
