// SPDX-License-Identifier: MIT
/*
 * Images of any size, the same bytes on every machine:
 *
 *   bench-gen KIND NUMBER [BYTES]  >IMAGE
 *   bench-gen dir DIR PROCESSES VMAS DESCRIPTORS
 *   bench-gen mem DIR RUNS
 *   bench-gen mixed DIR MIB
 *
 * Fields are those that CRIU 3.5 to 4.1 writes, so that Debian's crit reads
 * them, too; kind pagemap42 is what CRIU 4.2 writes.
 */
#include "schema/schema.h"
#include "codec/wire.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, CHUNK = 1 << 20 };

#define MM_START 0x550000000000ull
#define VSYSCALL 0xffffffffff600000ull

static FILE *out;
static uint64_t seed;

static uint64_t draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint64_t below(uint64_t n)
{
	return draw() % n;
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-gen: ");
	perror(what);
	exit(1);
}

static void bytes(const void *p, size_t n)
{
	if (n && fwrite(p, n, 1, out) != 1)
		die("write");
}

static void u32(uint32_t v)
{
	uint8_t b[4];

	wire_put32(b, v);
	bytes(b, sizeof(b));
}

static const struct image_type *image_type(const char *name)
{
	return schema_image_name(&crit_schema, name, strlen(name));
}

static void plant(const struct image_type *t)
{
	seed = 0x9e3779b97f4a7c15 ^ t->magic;
}

static void image(const char *name)
{
	const struct image_type *t = image_type(name);

	if (t->head)
		u32(t->head == HEAD_SERVICE ? MAGIC_SERVICE : MAGIC_COMMON);
	u32(t->magic);
	plant(t);
}

/* A message under construction. */
struct message_bytes {
	uint8_t b[8192];
	size_t n;
};

static void varint(struct message_bytes *m, uint64_t v)
{
	m->n = (size_t)(wire_put_varint(m->b + m->n, v) - m->b);
}

static void num(struct message_bytes *m, uint32_t field, uint64_t v)
{
	varint(m, field << 3 | WIRE_VARINT);
	varint(m, v);
}

static void data(struct message_bytes *m, uint32_t field, const void *p,
		 size_t n)
{
	varint(m, field << 3 | WIRE_LEN);
	varint(m, n);
	memcpy(m->b + m->n, p, n);
	m->n += n;
}

static void sub(struct message_bytes *m, uint32_t field,
		const struct message_bytes *inner)
{
	data(m, field, inner->b, inner->n);
}

static void text(struct message_bytes *m, uint32_t field, const char *s)
{
	data(m, field, s, strlen(s));
}

static void entry(struct message_bytes *m)
{
	u32((uint32_t)m->n);
	bytes(m->b, m->n);
	m->n = 0;
}

static void noise(uint64_t n)
{
	static uint64_t block[CHUNK / 8];

	for (size_t i = 0; i < CHUNK / 8; i++)
		block[i] = draw();
	for (; n > CHUNK; n -= CHUNK) {
		block[0] = draw();
		bytes(block, CHUNK);
	}
	bytes(block, n);
}

static void pagemap(uint64_t n, bool v42)
{
	struct message_bytes m = { .n = 0 };
	uint64_t at = 0x7f0000000000;

	image("PAGEMAP");
	num(&m, 1, 1);
	entry(&m);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t pages = 1 + below(16);

		num(&m, 1, at);
		num(&m, 2, v42 ? 0 : pages);
		num(&m, 4, below(4) ? 4 : 6);
		if (v42)
			num(&m, 5, pages);
		entry(&m);
		at += (pages + 1 + below(8)) * PAGE;
	}
}

/* The i-th of n; the next one starts at *at or later. Returns its number of
 * pages. The last one is where x86's kernel has its own, and has no pages. */
static uint64_t vma(struct message_bytes *m, uint64_t i, uint64_t n,
		    uint64_t *at, uint64_t files)
{
	uint64_t start = *at, end = start + PAGE * (1 + below(64));
	bool file = i % 3 == 0;

	if (i == n - 1) {
		num(m, 1, VSYSCALL);
		num(m, 2, VSYSCALL + PAGE);
		num(m, 3, 0);
		num(m, 4, 0);
		num(m, 5, 4);
		num(m, 6, 0x22);
		num(m, 7, 4);
		num(m, 8, wire_zigzag(-1));
		return 0;
	}
	num(m, 1, start);
	num(m, 2, end);
	num(m, 3, file ? PAGE * below(1000) : 0);
	num(m, 4, file ? 1 + below(files) : 0);
	num(m, 5, "\1\3\5\1"[i & 3]);
	num(m, 6, file ? 0x2 : 0x22);
	num(m, 7, file ? 0x41 : 0x201);
	num(m, 8, wire_zigzag(-1));
	if (i % 5 == 0)
		num(m, 9, 0x8000);
	if (file)
		num(m, 10, 0);
	*at = end + PAGE * below(4);
	return (end - start) / PAGE;
}

static void mm_fields(struct message_bytes *m, struct message_bytes *tail);

/* One entry; its VMAs are made twice, to know their size. */
static void mm(uint64_t n, uint64_t files)
{
	struct message_bytes m = { .n = 0 }, v = { .n = 0 }, tail = { .n = 0 };
	uint64_t size = 0, at, start = MM_START;

	image("MM");
	mm_fields(&m, &tail);
	for (int pass = 0; pass < 2; pass++) {
		uint64_t again = seed;

		at = start;
		for (uint64_t i = 0; i < n; i++) {
			vma(&v, i, n, &at, files);
			if (pass) {
				uint8_t head[16] = { 14 << 3 | WIRE_LEN };

				bytes(head, (size_t)(wire_put_varint(head + 1,
						     v.n) - head));
				bytes(v.b, v.n);
			}
			size += 1 + wire_varint_size(v.n) + v.n;
			v.n = 0;
		}
		if (!pass) {
			u32((uint32_t)(m.n + size + tail.n));
			bytes(m.b, m.n);
			seed = again;
		}
	}
	bytes(tail.b, tail.n);
}

/* The same as JSON with sorted keys, as jq -S would print it. */

static void print_field(const struct message_bytes *m, const struct field *f)
{
	const uint8_t *p = m->b, *end = m->b + m->n;
	bool list = f->label == LABEL_REPEATED;
	const char *before = list ? "[" : "";
	struct wire_field w;
	const char *what;

	fprintf(out, "\"%s\":", f->name);
	while (p < end) {
		p = wire_field(p, end, &w, &what);
		if (w.number != f->number)
			continue;
		if (f->kind == KIND_BOOL)
			fprintf(out, "%s", w.value ? "true" : "false");
		else
			fprintf(out, f->kind == KIND_SINT64 ? "%s%lld" :
				"%s%llu", before, f->kind == KIND_SINT64 ?
				(unsigned long long)wire_unzigzag(w.value) :
				(unsigned long long)w.value);
		before = ",";
	}
	if (list)
		putc(']', out);
}

static bool has(const struct message_bytes *m, uint32_t number)
{
	const uint8_t *p = m->b, *end = m->b + m->n;
	struct wire_field w;
	const char *what;

	while (p < end) {
		p = wire_field(p, end, &w, &what);
		if (w.number == number)
			return true;
	}
	return false;
}

static void print_fields(const char *message, const struct message_bytes *b)
{
	const struct message *m = schema_message(&crit_schema, message);
	const char *before = "{";

	for (size_t i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->fields[m->by_name[i]];

		if (!has(b, f->number))
			continue;
		fputs(before, out);
		print_field(b, f);
		before = ",";
	}
}

static void mm_fields(struct message_bytes *m, struct message_bytes *tail)
{
	for (uint32_t f = 1; f <= 11; f++)
		num(m, f, MM_START + f * PAGE);
	num(m, 12, 1);
	for (uint32_t i = 0; i < 20; i++) {
		num(m, 13, 3 + i);
		num(m, 13, i & 1 ? MM_START + i : i);
	}
	num(tail, 15, 1);
	num(tail, 17, 0);
}

static void mm_sorted(uint64_t n, uint64_t files)
{
	struct message_bytes m = { .n = 0 }, v = { .n = 0 };
	uint64_t at = MM_START;

	plant(image_type("MM"));
	mm_fields(&m, &m);
	fputs("{\"entries\":[", out);
	print_fields("mm_entry", &m);
	fputs(",\"vmas\":[", out);
	for (uint64_t i = 0; i < n; i++) {
		v.n = 0;
		vma(&v, i, n, &at, files);
		if (i)
			putc(',', out);
		print_fields("vma_entry", &v);
		putc('}', out);
	}
	fputs("]}],\"magic\":\"MM\"}\n", out);
}

static void fown(struct message_bytes *m)
{
	for (uint32_t f = 1; f <= 5; f++)
		num(m, f, 0);
}

static void reg_file(struct message_bytes *m, uint64_t id)
{
	struct message_bytes f = { .n = 0 }, reg = { .n = 0 };
	char name[128];

	fown(&f);
	num(&reg, 1, id);
	num(&reg, 2, id % 7 ? 0x8000 : 0x8402);
	num(&reg, 3, below(100000));
	sub(&reg, 5, &f);
	snprintf(name, sizeof(name), "/usr/lib/x86_64-linux-gnu/%s/lib%06x.so.%u",
		 id % 3 ? "perl5" : "gconv", (unsigned)below(1 << 24),
		 (unsigned)(id % 100));
	text(&reg, 6, name);
	num(&reg, 8, below(10000000));
	num(&reg, 10, 0100644);
	num(m, 1, 1);
	num(m, 2, id);
	sub(m, 3, &reg);
}

static void pipe_file(struct message_bytes *m, uint64_t id)
{
	struct message_bytes f = { .n = 0 }, p = { .n = 0 };

	fown(&f);
	num(&p, 1, id);
	num(&p, 2, 7000 + id / 2);
	num(&p, 3, id & 1);
	sub(&p, 4, &f);
	num(m, 1, 2);
	num(m, 2, id);
	sub(m, 18, &p);
}

static void inet_file(struct message_bytes *m, uint64_t id)
{
	struct message_bytes f = { .n = 0 }, o = { .n = 0 }, s = { .n = 0 };

	fown(&f);
	for (uint32_t i = 1; i <= 6; i++)
		num(&o, i, i < 3 ? 212992 : 0);
	num(&s, 1, id);
	num(&s, 2, 9000 + id);
	num(&s, 3, 2);		/* INET, STREAM, TCP, LISTEN */
	num(&s, 4, 1);
	num(&s, 5, 6);
	num(&s, 6, 10);
	num(&s, 7, 1024 + id % 60000);
	num(&s, 8, 0);
	num(&s, 9, 2);
	num(&s, 10, 128);
	num(&s, 11, 0x0100007f);
	num(&s, 12, 0);
	sub(&s, 13, &f);
	sub(&s, 14, &o);
	num(m, 1, 4);
	num(m, 2, id);
	sub(m, 4, &s);
}

/* What a file of this id is; id 1 is regular. */
static unsigned file_type(uint64_t id)
{
	return id % 10 == 7 ? 2 : id % 10 == 9 ? 4 : 1;
}

static void any_file(uint64_t id)
{
	struct message_bytes m = { .n = 0 };

	switch (file_type(id)) {
	case 2:
		pipe_file(&m, id);
		break;
	case 4:
		inet_file(&m, id);
		break;
	default:
		reg_file(&m, id);
	}
	entry(&m);
}

static void files(uint64_t n, bool mixed)
{
	struct message_bytes m = { .n = 0 };

	image("FILES");
	for (uint64_t id = 1; id <= n; id++)
		if (mixed) {
			any_file(id);
		} else {
			reg_file(&m, id);
			entry(&m);
		}
}

static void ghost(uint64_t n, bool chunks)
{
	struct message_bytes m = { .n = 0 };

	image("GHOST_FILE");
	num(&m, 1, 0);
	num(&m, 2, 0);
	num(&m, 3, 0100600);
	num(&m, 4, 8 << 20 | 1);
	num(&m, 5, 123456);
	if (chunks) {
		num(&m, 9, 1);
		num(&m, 10, n);
	}
	entry(&m);
	if (!chunks) {
		noise(n);
		return;
	}
	for (uint64_t at = 0; at < n; at += CHUNK) {
		uint64_t k = n - at < CHUNK ? n - at : CHUNK;

		num(&m, 1, k);
		num(&m, 2, at);
		entry(&m);
		noise(k);
	}
}

static void pipes_data(uint64_t n, uint64_t size)
{
	struct message_bytes m = { .n = 0 };

	image("PIPES_DATA");
	for (uint64_t i = 0; i < n; i++) {
		num(&m, 1, 7000 + i);
		num(&m, 2, size);
		num(&m, 3, 65536);
		entry(&m);
		noise(size);
	}
}

/* Contents inside the image, as before CRIU 3.0. */
static void shm(uint64_t size)
{
	struct message_bytes m = { .n = 0 }, d = { .n = 0 };

	image("IPCNS_SHM");
	for (uint32_t f = 1; f <= 7; f++)
		num(&d, f, f == 6 ? 0600 : f);
	sub(&m, 1, &d);
	num(&m, 2, size);
	entry(&m);
	noise(size);
	bytes("\0\0\0", -size & 3);
}

/* A checkpoint. */

static const char *dir;

static void open_out(const char *fmt, uint64_t id)
{
	char path[4200], name[64];

	if (id)
		snprintf(name, sizeof(name), fmt, (unsigned)id);
	else
		snprintf(name, sizeof(name), "%s", fmt);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	if (!out)
		die(path);
}

static void close_out(void)
{
	if (fclose(out))
		die("close");
}

static void ids(struct message_bytes *m, uint64_t table)
{
	for (uint32_t f = 1; f <= 4; f++)
		num(m, f, table);
	for (uint32_t f = 5; f <= 11; f++)
		num(m, f, f - 4);
}

static void inventory(void)
{
	struct message_bytes m = { .n = 0 }, i = { .n = 0 };

	open_out("inventory.img", 0);
	image("INVENTORY");
	ids(&i, 1);
	num(&m, 1, 2);
	num(&m, 2, 1);
	sub(&m, 3, &i);
	num(&m, 4, 1);
	num(&m, 5, 1);
	entry(&m);
	close_out();
}

static void pstree(uint64_t n)
{
	struct message_bytes m = { .n = 0 };

	open_out("pstree.img", 0);
	image("PSTREE");
	for (uint64_t pid = 1; pid <= n; pid++) {
		num(&m, 1, pid);
		num(&m, 2, pid == 1 ? 0 : pid / 4 ? pid / 4 : 1);
		num(&m, 3, pid / 4 ? pid / 4 : 1);
		num(&m, 4, 1);
		num(&m, 5, pid);
		entry(&m);
	}
	close_out();
}

static void registers(struct message_bytes *info)
{
	struct message_bytes g = { .n = 0 }, fp = { .n = 0 }, x = { .n = 0 };

	for (uint32_t f = 1; f <= 27; f++)
		num(&g, f, f % 3 ? draw() >> 17 : 0);
	num(&g, 28, 1);
	for (uint32_t f = 1; f <= 8; f++)
		num(&fp, f, f < 7 ? 0 : 8064);
	for (int i = 0; i < 32; i++)
		num(&fp, 9, 0);
	for (int i = 0; i < 64; i++)
		num(&fp, 10, i < 24 ? (uint32_t)draw() : 0);
	num(&x, 1, 7);
	for (int i = 0; i < 64; i++)
		num(&x, 2, 0);
	sub(&fp, 13, &x);
	num(info, 1, 0x7f0000001000);
	sub(info, 2, &g);
	sub(info, 3, &fp);
}

static void core(uint64_t pid)
{
	struct message_bytes m = { .n = 0 }, info = { .n = 0 }, tc = { .n = 0 },
		limits = { .n = 0 }, l, th = { .n = 0 }, creds = { .n = 0 };
	char comm[17];

	open_out("core-%u.img", pid);
	image("CORE");
	registers(&info);
	for (int i = 0; i < 16; i++) {
		l.n = 0;
		num(&l, 1, i & 1 ? UINT64_MAX : 8388608);
		num(&l, 2, UINT64_MAX);
		sub(&limits, 1, &l);
	}
	snprintf(comm, sizeof(comm), "worker-%u", (unsigned)pid);
	num(&tc, 1, 1);
	num(&tc, 2, 0);
	num(&tc, 3, 0);
	num(&tc, 4, 4194304);
	num(&tc, 5, 0);
	text(&tc, 6, comm);
	sub(&tc, 8, &limits);
	num(&tc, 9, 1);
	for (uint32_t f = 1; f <= 8; f++)
		num(&creds, f, 1000);
	for (uint32_t f = 9; f <= 12; f++)
		for (int i = 0; i < 2; i++)
			num(&creds, f, f == 12 ? UINT32_MAX : 0);
	num(&creds, 13, 0);
	num(&th, 1, 0x7f0000001100);
	num(&th, 2, 24);
	num(&th, 3, 0);
	num(&th, 4, 0);
	num(&th, 5, 0);
	num(&th, 6, 0);
	sub(&th, 10, &creds);
	num(&m, 1, 1);
	sub(&m, 2, &info);
	sub(&m, 3, &tc);
	sub(&m, 5, &th);
	entry(&m);
	close_out();
}

/* The first half of each mapping that mm makes. */
static void pagemap_of_mm(uint64_t pid, uint64_t vmas, uint64_t n_files)
{
	struct message_bytes m = { .n = 0 }, v = { .n = 0 };
	uint64_t at = MM_START;

	image("PAGEMAP");
	plant(image_type("MM"));
	num(&m, 1, pid);
	entry(&m);
	for (uint64_t i = 0; i + 1 < vmas; i++) {
		uint64_t start = at, pages = vma(&v, i, vmas, &at, n_files);

		v.n = 0;
		num(&m, 1, start);
		num(&m, 2, (pages + 1) / 2);
		num(&m, 4, 4);
		entry(&m);
	}
}

static void process(uint64_t pid, uint64_t n_files, uint64_t vmas,
		    uint64_t descriptors)
{
	struct message_bytes m = { .n = 0 };
	uint64_t id = (pid - 1) * descriptors;

	core(pid);
	open_out("ids-%u.img", pid);
	image("IDS");
	ids(&m, pid);
	entry(&m);
	close_out();
	open_out("fs-%u.img", pid);
	image("FS");
	num(&m, 1, 1);
	num(&m, 2, 1);
	num(&m, 3, 18);
	entry(&m);
	close_out();
	open_out("fdinfo-%u.img", pid);
	image("FDINFO");
	for (uint64_t fd = 0; fd < descriptors; fd++) {
		id++;
		num(&m, 1, id);
		num(&m, 2, 0);
		num(&m, 3, file_type(id));
		num(&m, 4, fd);
		entry(&m);
	}
	close_out();
	open_out("mm-%u.img", pid);
	mm(vmas, n_files ? n_files : 1);
	close_out();
	open_out("pagemap-%u.img", pid);
	pagemap_of_mm(pid, vmas, n_files ? n_files : 1);
	close_out();
}

static void checkpoint(const char *path, uint64_t n, uint64_t vmas,
		       uint64_t descriptors)
{
	uint64_t n_files = n * descriptors;

	dir = path;
	if (mkdir(dir, 0777) && access(dir, W_OK))
		die(dir);
	inventory();
	pstree(n);
	open_out("files.img", 0);
	files(n_files, true);
	close_out();
	for (uint64_t pid = 1; pid <= n; pid++)
		process(pid, n_files, vmas, descriptors);
}

/* An mm with one anonymous mapping. */
static void mm_of(uint64_t start, uint64_t end)
{
	struct message_bytes m = { .n = 0 }, tail = { .n = 0 }, v = { .n = 0 };

	open_out("mm-%u.img", 1);
	image("MM");
	mm_fields(&m, &tail);
	num(&v, 1, start);
	num(&v, 2, end);
	num(&v, 3, 0);
	num(&v, 4, 0);
	num(&v, 5, 3);
	num(&v, 6, 0x22);
	num(&v, 7, 0x201);
	num(&v, 8, wire_zigzag(-1));
	sub(&m, 14, &v);
	memcpy(m.b + m.n, tail.b, tail.n);
	m.n += tail.n;
	entry(&m);
	close_out();
}

/* The images of one task; its pagemap is open, and has its head. */
static void one_task(const char *path)
{
	struct message_bytes m = { .n = 0 };

	dir = path;
	if (mkdir(dir, 0777) && access(dir, W_OK))
		die(dir);
	inventory();
	pstree(1);
	core(1);
	open_out("pagemap-1.img", 0);
	image("PAGEMAP");
	num(&m, 1, 1);
	entry(&m);
}

static void page_run(uint64_t at, uint64_t pages)
{
	struct message_bytes m = { .n = 0 };

	num(&m, 1, at);
	num(&m, 2, 0);
	num(&m, 4, 4);
	num(&m, 5, pages);
	entry(&m);
}

/* One task with so many runs of pages; every sixteenth page has bytes, the
 * others are holes of the file. */
static void memory(const char *path, uint64_t runs)
{
	const uint64_t start = 0x7f0000000000;
	uint64_t total = 0, at = start;
	char page[PAGE];

	one_task(path);
	for (uint64_t i = 0; i < runs; i++) {
		uint64_t pages = 1 + below(16);

		page_run(at, pages);
		at += (pages + 1 + below(8)) * PAGE;
		total += pages;
	}
	close_out();
	mm_of(start, at);
	open_out("pages-1.img", 0);
	for (uint64_t i = 0; i < total; i += 16) {
		for (size_t k = 0; k < PAGE; k++)
			page[k] = (char)(i + k * 7);
		if (fseeko(out, (off_t)(i * PAGE), SEEK_SET))
			die("seek");
		bytes(page, PAGE);
	}
	if (fflush(out) || ftruncate(fileno(out), (off_t)(total * PAGE)))
		die("pages");
	close_out();
}

static void text_page(char *p)
{
	static const char words[] = "the of and error request from user at "
		"index session null value connection object list timeout\n";

	for (size_t k = 0; k < PAGE; k++)
		p[k] = words[(k + below(2) * below(64)) % (sizeof(words) - 1)];
}

/* Objects of a heap: a pointer, a length, flags. */
static void heap_page(char *p)
{
	for (size_t k = 0; k < PAGE; k += 16) {
		uint64_t pointer = 0x7f3000000000 + below(1 << 24) * 16;

		wire_put32((uint8_t *)p + k, (uint32_t)pointer);
		wire_put32((uint8_t *)p + k + 4, (uint32_t)(pointer >> 32));
		wire_put32((uint8_t *)p + k + 8, (uint32_t)below(64));
		wire_put32((uint8_t *)p + k + 12, 0);
	}
}

/* What memory is like: of sixteen pages, four are zeros, four text, five a
 * heap, three noise. */
static void mixed_page(char *p, uint64_t i)
{
	memset(p, 0, PAGE);
	if (i % 16 >= 13)
		for (size_t k = 0; k < PAGE; k += 4)
			wire_put32((uint8_t *)p + k, (uint32_t)draw());
	else if (i % 16 >= 8)
		heap_page(p);
	else if (i % 16 >= 4)
		text_page(p);
}

/* One task with so much memory, without holes. */
static void mixed(const char *path, uint64_t mib)
{
	const uint64_t start = 0x7f0000000000;
	uint64_t total = mib << 8, left = total, at = start;
	char page[PAGE];

	one_task(path);
	while (left) {
		uint64_t pages = 1 + below(512);

		pages = pages < left ? pages : left;
		page_run(at, pages);
		at += (pages + 1 + below(8)) * PAGE;
		left -= pages;
	}
	close_out();
	mm_of(start, at);
	open_out("pages-1.img", 0);
	for (uint64_t i = 0; i < total; i++) {
		mixed_page(page, i);
		bytes(page, PAGE);
	}
	close_out();
}

static _Noreturn void usage(void)
{
	fputs("usage: bench-gen pagemap|pagemap42|mm|files|ghost|ghost-chunks|"
	      "shm NUMBER >IMAGE\n"
	      "       bench-gen mm-sorted NUMBER >JSON\n"
	      "       bench-gen pipes NUMBER BYTES >IMAGE\n"
	      "       bench-gen dir DIR PROCESSES VMAS DESCRIPTORS\n"
	      "       bench-gen mem DIR RUNS\n"
	      "       bench-gen mixed DIR MIB\n", stderr);
	exit(2);
}

static uint64_t number(char **argv, int argc, int i)
{
	if (i >= argc)
		usage();
	return strtoull(argv[i], NULL, 0);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "";
	uint64_t n;

	out = stdout;
	if (!strcmp(kind, "dir")) {
		checkpoint(argv[2], number(argv, argc, 3),
			   number(argv, argc, 4), number(argv, argc, 5));
		return 0;
	}
	if (!strcmp(kind, "mem")) {
		memory(argv[2], number(argv, argc, 3));
		return 0;
	}
	if (!strcmp(kind, "mixed")) {
		mixed(argv[2], number(argv, argc, 3));
		return 0;
	}
	n = number(argv, argc, 2);
	if (!strcmp(kind, "pagemap") || !strcmp(kind, "pagemap42"))
		pagemap(n, kind[7]);
	else if (!strcmp(kind, "mm"))
		mm(n, 1000);
	else if (!strcmp(kind, "mm-sorted"))
		mm_sorted(n, 1000);
	else if (!strcmp(kind, "files"))
		files(n, false);
	else if (!strcmp(kind, "ghost") || !strcmp(kind, "ghost-chunks"))
		ghost(n, kind[5]);
	else if (!strcmp(kind, "shm"))
		shm(n);
	else if (!strcmp(kind, "pipes"))
		pipes_data(n, number(argv, argc, 3));
	else
		usage();
	if (fflush(stdout))
		die("write");
	return 0;
}
