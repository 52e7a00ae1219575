// SPDX-License-Identifier: MIT
/*
 * The public API: the memory of a task.
 */
#include "api.h"

/* A checkpoint of one task, 7, made by the library: one page at 0x10000. */

static char task_dir[] = "/tmp/crit-api-XXXXXX";

static void put_image(struct crit *c, const char *name, const char *json)
{
	struct crit_error err;
	struct crit_output *out;
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", task_dir, name);
	out = crit_output_path(c, path, &err);
	CHECK(out || told(&err));
	CHECK(crit_encode(c, json, strlen(json), out, 0, &err) || told(&err));
	CHECK(crit_output_close(out, &err) || told(&err));
}

static void make_task(struct crit *c)
{
	static const char strings[] = "prog\0-x\0" "HOME=/root\0A=\0" "last";
	char page[4096] = { 0 }, path[64];
	FILE *f;

	CHECK(mkdtemp(task_dir));
	put_image(c, "mm-7.img", "{\"magic\":\"MM\",\"entries\":[{"
		  "\"mm_start_code\":0,\"mm_end_code\":0,\"mm_start_data\":0,"
		  "\"mm_end_data\":0,\"mm_start_stack\":0,\"mm_start_brk\":0,"
		  "\"mm_brk\":0,\"mm_arg_start\":65536,\"mm_arg_end\":65544,"
		  "\"mm_env_start\":65544,\"mm_env_end\":65562,"
		  "\"exe_file_id\":1,\"mm_saved_auxv\":[6,4096,25,65536,0,0],"
		  "\"vmas\":[{\"start\":65536,\"end\":73728,\"pgoff\":0,"
		  "\"shmid\":0,\"prot\":3,\"flags\":34,\"status\":513,"
		  "\"fd\":-1},{\"start\":81920,\"end\":86016,\"pgoff\":0,"
		  "\"shmid\":0,\"prot\":3,\"flags\":1,\"status\":513,"
		  "\"fd\":-1}]}]}");
	put_image(c, "pagemap-7.img", "{\"magic\":\"PAGEMAP\",\"entries\":[{"
		  "\"pages_id\":1},{\"vaddr\":65536,\"compat_nr_pages\":0,"
		  "\"flags\":4,\"nr_pages\":1}]}");
	memcpy(page, strings, sizeof(strings));
	memcpy(page + 4000, "needle and needle", 17);
	snprintf(path, sizeof(path), "%s/pages-1.img", task_dir);
	f = fopen(path, "wb");
	fwrite(page, 1, sizeof(page), f);
	fclose(f);
}

static bool join(void *ctx, const char *s, size_t n)
{
	char *all = ctx;

	CHECK(strlen(s) == n);
	strcat(strcat(all, s), ";");
	return true;
}

struct matches {
	int n, most, between;	/* with 3 bytes on either side */
};

static bool count_match(void *ctx, const struct crit_match *m)
{
	struct matches *s = ctx;

	s->between += m->before == 3 && m->after == 3;
	CHECK_BYTES(m->bytes, m->size, "needle", 6);
	CHECK_NUMBER(m->address, 65536 + 4000 + 11 * s->n);
	return ++s->n < s->most;
}

static bool page_size_of(void *ctx, uint64_t type, uint64_t value)
{
	if (type == 6)
		*(uint64_t *)ctx = value;
	return true;
}

static void read_task(struct crit_memory *m)
{
	char all[100] = "", buf[10000];
	struct crit_error err;
	struct crit_run run;
	uint64_t absent, n;

	CHECK(crit_memory_args(m, join, all, &err) || told(&err));
	CHECK_TEXT(all, "prog;-x;");
	*all = 0;
	CHECK(crit_memory_env(m, join, all, &err) || told(&err));
	CHECK_TEXT(all, "HOME=/root;A=;last;");
	CHECK(crit_memory_read(m, 65540, buf, 20, &absent, &err) && !absent);
	CHECK_TEXT(buf + 1, "-x");
	CHECK(crit_memory_read(m, 60000, buf, sizeof(buf), &absent, &err));
	CHECK_NUMBER(absent, sizeof(buf) - 4096);
	CHECK_TEXT(buf + 5536, "prog");
	CHECK(!crit_memory_read(m, UINT64_MAX, buf, 2, &absent, &err));
	CHECK_TEXT(err.what, "runs past the end of memory");
	CHECK(crit_memory_at(m, 65540, &run, &err) && !run.absent);
	CHECK_NUMBER(run.end, 65536 + 4096);
	CHECK_TEXT(run.file, "pages-1.img");
	CHECK(crit_memory_at(m, run.end, &run, &err) && run.absent);
	CHECK(crit_memory_shared(m, &n, &err) && n == 4096);
	CHECK(crit_memory_auxv(m, page_size_of, &n, &err) && n == 4096);
}

static void search_task(struct crit_memory *m)
{
	struct matches s = { .most = 9 };
	struct crit_error err;

	CHECK(crit_memory_search(m, "needle", 6, false, 3, count_match, &s,
				 &err) || told(&err));
	CHECK(s.n == 2 && s.between == 2);
	s = (struct matches){ .most = 9 };
	CHECK(crit_memory_search(m, "ne+dle", 6, true, 3, count_match, &s, &err));
	CHECK(s.n == 2);
	s = (struct matches){ .most = 1 };
	CHECK(crit_memory_search(m, "needle", 6, false, 3, count_match, &s, &err));
	CHECK(s.n == 1);
	CHECK(!crit_memory_search(m, "(", 1, true, 0, count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
	CHECK(!crit_memory_search(m, "needle", 6, false, SIZE_MAX / 2,
				  count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
	CHECK(!crit_memory_search(m, "needle", SIZE_MAX / 4, false, 3,
				  count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
	CHECK(!crit_memory_search(m, "", 0, false, 0, count_match, &s, &err) &&
	      err.code == CRIT_EUSAGE);
}

/* Task 8, whose arguments have no end: 17 MiB of letters. */
static void endless_string(struct crit *c, struct crit_dir *dir)
{
	enum { SIZE = 17 << 20 };
	struct crit_error err = { .what = "" };
	struct crit_memory *m;
	char all[8] = "", path[64];
	FILE *f;

	put_image(c, "mm-8.img", "{\"magic\":\"MM\",\"entries\":[{"
		  "\"mm_start_code\":0,\"mm_end_code\":0,\"mm_start_data\":0,"
		  "\"mm_end_data\":0,\"mm_start_stack\":0,\"mm_start_brk\":0,"
		  "\"mm_brk\":0,\"mm_arg_start\":65536,\"mm_arg_end\":17891328,"
		  "\"mm_env_start\":0,\"mm_env_end\":0,\"exe_file_id\":1,"
		  "\"vmas\":[{\"start\":65536,\"end\":17891328,\"pgoff\":0,"
		  "\"shmid\":0,\"prot\":3,\"flags\":34,\"status\":513,"
		  "\"fd\":-1}]}]}");
	put_image(c, "pagemap-8.img", "{\"magic\":\"PAGEMAP\",\"entries\":[{"
		  "\"pages_id\":2},{\"vaddr\":65536,\"compat_nr_pages\":0,"
		  "\"flags\":4,\"nr_pages\":4352}]}");
	snprintf(path, sizeof(path), "%s/pages-2.img", task_dir);
	f = fopen(path, "wb");
	for (int i = 0; i < SIZE; i++)
		putc('a', f);
	fclose(f);
	m = crit_memory_open(dir, 8, 0, &err);
	CHECK(m || told(&err));
	CHECK(m && !crit_memory_args(m, join, all, &err));
	CHECK_TEXT(err.what, "a string of more than 16777216 bytes");
	crit_memory_close(m);
}

static void memory(void)
{
	static const uint64_t sizes[] = {
		1, 256, 1000, 4097, 8 << 20, UINT64_C(1) << 32,
		UINT64_C(1) << 63, UINT64_MAX,
	};
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir;
	struct crit_memory *m;
	struct crit_error err;
	struct crit_file f;
	char path[64];

	make_task(c);
	dir = crit_dir_open(c, task_dir, false, &err);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		CHECK(!crit_memory_open(dir, 7, sizes[i], &err) &&
		      err.code == CRIT_EUSAGE);
	m = crit_memory_open(dir, 7, 0, &err);
	CHECK(m || told(&err));
	if (m) {
		read_task(m);
		search_task(m);
	}
	crit_memory_close(m);
	endless_string(c, dir);
	crit_dir_close(dir);
	dir = crit_dir_open(c, task_dir, false, &err);
	while (crit_dir_next(dir, &f)) {
		snprintf(path, sizeof(path), "%s/%s", task_dir, f.name);
		CHECK((f.kind == CRIT_FILE_RAW) == !strncmp(f.name, "pages-", 6));
		unlink(path);
	}
	crit_dir_close(dir);
	rmdir(task_dir);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(memory);
	return test_end();
}
