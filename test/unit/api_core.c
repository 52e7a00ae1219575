// SPDX-License-Identifier: MIT
/*
 * The public API: cores, in memory and in files, are the same.
 */
#include "api.h"

static void both_outputs(void)
{
	char path[] = "/tmp/crit-api-core-XXXXXX";
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_dir_open(c, "test/images/loop", 0, &err);
	struct crit_output *memory = crit_output_memory(c, &err), *file;
	struct bytes in_file;
	const void *bytes;
	size_t n;

	if (!CHECK(dir && memory && mkstemp(path) >= 0))
		return;
	CHECK(crit_core(dir, 4242, NULL, memory, &err) || told(&err));
	bytes = crit_output_bytes(memory, &n);
	CHECK(n > 64 && !memcmp(bytes, "\177ELF", 4));
	file = crit_output_path(c, path, &err);
	CHECK(crit_core(dir, 4242, NULL, file, &err) || told(&err));
	CHECK(crit_output_close(file, &err) || told(&err));
	in_file = slurp(path);
	CHECK_BYTES(in_file.p, in_file.n, bytes, n);
	free(in_file.p);
	crit_output_abort(memory);
	remove(path);
	crit_dir_close(dir);
	crit_free(c);
}

static void no_task(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_dir_open(c, "test/images/loop", 0, &err);
	struct crit_output *out = crit_output_memory(c, &err);

	if (!CHECK(dir && out))
		return;
	CHECK(!crit_core(dir, 1, NULL, out, &err));
	CHECK(strstr(err.what, "no images of a task 1"));
	CHECK(!crit_core(dir, 4242, "/does/not/exist", out, &err));
	CHECK(strstr(err.what, "cannot open"));
	crit_output_abort(out);
	crit_dir_close(dir);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(both_outputs);
	RUN(no_task);
	return test_end();
}
