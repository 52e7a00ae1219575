// SPDX-License-Identifier: MIT
/*
 * The public API: memory that is written, documents that are changed.
 */
#include "api.h"

static char dir_path[] = "/tmp/crit-api-XXXXXX";

enum { TASK = 4242 };
static const uint64_t heap = 0x1dd95000, absent = 0x1dd97000;

static bool first_string(void *ctx, const char *s, size_t n)
{
	snprintf(ctx, 256, "%.*s", (int)n, s);
	return false;
}

static void write_there(struct crit_dir *dir)
{
	char buf[64], before[64], path[256];
	struct crit_error err;
	struct crit_memory *m = crit_memory_open(dir, TASK, 0, &err), *other;

	CHECK(m || told(&err));
	if (!m)
		return;
	CHECK(crit_memory_read(m, heap, before, 64, NULL, &err));
	CHECK(crit_memory_write(m, heap + 8, "bytes", 5, NULL, &err) ||
	      told(&err));
	memcpy(before + 8, "bytes", 5);
	CHECK(crit_memory_read(m, heap, buf, 64, NULL, &err));
	CHECK(!memcmp(buf, before, 64));
	/* over a border, into a page that no image had */
	CHECK(crit_memory_write(m, absent - 3, "abcdef", 6, NULL, &err) ||
	      told(&err));
	CHECK(crit_memory_read(m, absent - 3, buf, 7, NULL, &err));
	CHECK(!memcmp(buf, "abcdef", 7));
	other = crit_memory_open(dir, TASK, 0, &err);
	CHECK(other && crit_memory_read(other, absent - 3, buf, 7, NULL, &err));
	CHECK(!memcmp(buf, "abcdef", 7));
	crit_memory_close(other);
	CHECK(!crit_memory_write(m, 0x1000, "x", 1, NULL, &err) &&
	      strstr(err.what, "no mapping is there"));
	/* after an error it works as before */
	CHECK(crit_memory_read(m, absent, buf, 4, NULL, &err) &&
	      !memcmp(buf, "def", 4));
	CHECK(crit_memory_setenv(m, "PATH=/x", &err) || told(&err));
	CHECK(crit_memory_env(m, first_string, path, &err));
	CHECK_TEXT(path, "PATH=/x");
	CHECK(!crit_memory_setenv(m, "NEW=/x", &err) &&
	      strstr(err.what, "has no variable NEW"));
	CHECK(!crit_memory_setenv(m, "=", &err) && err.code == CRIT_EUSAGE);
	crit_memory_close(m);
}

static void memory(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir;
	char command[256];

	CHECK(mkdtemp(dir_path));
	snprintf(command, sizeof(command), "cp test/images/loop/* %s && "
		 "chmod u+w %s/*", dir_path, dir_path);
	CHECK(!system(command));
	dir = crit_dir_open(c, dir_path, false, &err);
	CHECK(dir || told(&err));
	write_there(dir);
	crit_dir_close(dir);
	snprintf(command, sizeof(command), "rm -r %s", dir_path);
	CHECK(!system(command));
	crit_free(c);
}

/* What change makes of these documents, as a string to be freed. */
static char *changed(struct crit *c, const char *map, const char *key,
		     struct crit_error *err)
{
	static const char text[] = "{\"image\":\"core-7.img\",\"magic\":\"CORE\","
		"\"entries\":[{\"mtype\":\"X86_64\",\"tc\":{\"task_state\":1,"
		"\"exit_code\":0,\"personality\":0,\"flags\":0,\"blk_sigset\":0,"
		"\"comm\":\"private\"}}]}\n{\"end\":{\"images\":1,\"records\":1},"
		"\"entries\":[]}\n";
	FILE *f = tmpfile();
	struct crit_output *out = crit_output_memory(c, err);
	char *result = NULL;
	const char *p;
	size_t n;
	bool ok;

	fwrite(text, 1, strlen(text), f);
	rewind(f);
	ok = map ? crit_pids(c, fileno(f), map, out, err) :
		crit_anon(c, fileno(f), key, strlen(key), out, err);
	if (ok) {
		p = crit_output_bytes(out, &n);
		result = malloc(n + 1);
		memcpy(result, p, n);
		result[n] = 0;
	}
	crit_output_abort(out);
	fclose(f);
	return result;
}

static void documents(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	char *a = changed(c, "7=8", NULL, &err), *b;

	CHECK(a || told(&err));
	CHECK(a && strstr(a, "\"core-8.img\"") && strstr(a, "\"private\"") &&
	      strstr(a, "{\"end\""));
	free(a);
	a = changed(c, NULL, "key", &err);
	b = changed(c, NULL, "key", &err);
	CHECK(a && b && !strcmp(a, b));
	CHECK(a && strstr(a, "core-7.img") && !strstr(a, "private"));
	free(b);
	b = changed(c, NULL, "other", &err);
	CHECK(a && b && strcmp(a, b));
	free(a);
	free(b);
	CHECK(!changed(c, "7", NULL, &err));
	told(&err);
	CHECK(!changed(c, NULL, "", &err) && err.code == CRIT_EUSAGE);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(memory);
	RUN(documents);
	return test_end();
}
