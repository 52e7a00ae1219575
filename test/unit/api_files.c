// SPDX-License-Identifier: MIT
/*
 * The public API: files, folders, pipes, and where there is no room.
 */
#include "api.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

static char dir_name[] = "/tmp/crit-api-XXXXXX";

static enum crit_edit set_ppid(void *ctx, struct crit_entry *e, uint64_t index)
{
	const char *how = ctx;
	uint64_t pid = 0;

	CHECK(crit_get_number(e, "pid", &pid, NULL) == 1);
	if (*how == 's' && index == 1)
		return CRIT_STOP;
	if (*how == 'd' && index == 1)
		return CRIT_DROP;
	CHECK(crit_set_number(e, "sid", 77, NULL));
	if (*how == 'm' && index == 1)
		CHECK(crit_remove(e, "pgid", NULL));
	return CRIT_KEEP;
}

static int count_files(void)
{
	DIR *d = opendir(dir_name);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static void edited(void)
{
	struct crit *c = crit_new(NULL);
	struct bytes was = slurp("test/images/ct/pstree.img"), now;
	struct crit_error err;
	char path[64];
	FILE *f;

	CHECK(mkdtemp(dir_name));
	snprintf(path, sizeof(path), "%s/pstree.img", dir_name);
	f = fopen(path, "wb");
	fwrite(was.p, 1, was.n, f);
	fclose(f);
	CHECK(crit_edit(c, path, set_ppid, (void *)"stop", &err) || told(&err));
	now = slurp(path);
	CHECK_BYTES(now.p, now.n, was.p, was.n);
	free(now.p);
	CHECK(!crit_edit(c, path, set_ppid, (void *)"missing", &err));
	CHECK_TEXT(err.what, "required field \"pgid\" is missing");
	CHECK_NUMBER(err.entry, 1);
	now = slurp(path);
	CHECK_BYTES(now.p, now.n, was.p, was.n);
	free(now.p);
	CHECK_NUMBER(count_files(), 3);
	CHECK(crit_edit(c, path, set_ppid, (void *)"drop", &err) || told(&err));
	now = slurp(path);
	CHECK(now.n < was.n && now.n > 8);
	CHECK_NUMBER(count_files(), 3);
	free(now.p);
	free(was.p);
	unlink(path);
	rmdir(dir_name);
	crit_free(c);
}

static bool no_room(void *ctx, const void *p, size_t n)
{
	(void)ctx;
	(void)p;
	(void)n;
	errno = ENOSPC;
	return false;
}

static void full(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_output *out = crit_output_function(c, no_room, NULL, NULL);
	struct crit_image *im = crit_open(c, "test/images/ct/pstree.img", NULL);
	static const char json[] = "{\"magic\":\"PSTREE\",\"entries\":[]}";
	struct crit_error err;
	int fd = open("/dev/full", O_WRONLY);

	CHECK(!crit_decode(im, out, 0, &err));
	CHECK(err.code == CRIT_EIO && err.sys == ENOSPC);
	CHECK(!crit_output_close(out, &err) && err.sys == ENOSPC);
	out = crit_output_fd(c, fd, NULL);
	CHECK(!crit_encode(c, json, strlen(json), out, 0, &err) &&
	      err.sys == ENOSPC);
	crit_output_abort(out);
	crit_close(im);
	close(fd);
	crit_free(c);
}

static int open_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* A checkpoint to records and back; nothing stays open. */
static void directories(void)
{
	struct crit *c = crit_new(NULL);
	struct crit_dir *dir;
	struct crit_error err;
	struct crit_output *out;
	FILE *f = tmpfile();
	char to[] = "/tmp/crit-api-XXXXXX", path[400];
	struct crit_file file;
	int n = 0, fds = open_fds();

	CHECK(mkdtemp(to));
	dir = crit_dir_open(c, "test/images/ct", false, &err);
	out = crit_output_fd(c, fileno(f), &err);
	CHECK(!crit_decode_dir(dir, out, CRIT_JSON, &err));
	CHECK(crit_decode_dir(dir, out, CRIT_PRETTY, &err) || told(&err));
	CHECK(crit_output_close(out, &err));
	crit_dir_close(dir);
	rewind(f);
	CHECK(crit_encode_dir(c, fileno(f), to, 0, &err) || told(&err));
	/* where the trailer is cut off, nothing is put in place */
	rewind(f);
	CHECK(!ftruncate(fileno(f), lseek(fileno(f), 0, SEEK_END) - 60));
	rewind(f);
	CHECK(!crit_encode_dir(c, fileno(f), "/tmp/crit-api-none", 0, &err));
	CHECK(access("/tmp/crit-api-none", F_OK));
	dir = crit_dir_open(c, to, false, &err);
	while (crit_dir_next(dir, &file)) {
		struct bytes was, now;

		n++;
		snprintf(path, sizeof(path), "test/images/ct/%s", file.name);
		was = slurp(path);
		snprintf(path, sizeof(path), "%s/%s", to, file.name);
		now = slurp(path);
		CHECK_BYTES(now.p, now.n, was.p, was.n);
		free(was.p);
		free(now.p);
		unlink(path);
	}
	CHECK(n > 20);
	crit_dir_close(dir);
	CHECK(!rmdir(to));
	CHECK_NUMBER(open_fds(), fds);
	fclose(f);
	crit_free(c);
}

static void informed(void)
{
	struct crit *c = crit_new(NULL);
	struct bytes b = slurp("test/images/ct/ipcns-msg-11.img");
	struct crit_image *im = crit_open_memory(c, b.p, b.n, NULL, NULL);
	struct crit_info info;
	int p[2];

	CHECK(crit_info(im, &info, NULL));
	CHECK(info.entries && info.extra_bytes);
	CHECK_NUMBER(8 + 4 * info.entries + info.payload_bytes +
		     info.extra_bytes, b.n);
	CHECK_TEXT(crit_magic(im), "IPCNS_MSG");
	CHECK(!crit_name(im));
	crit_close(im);
	/* a pipe */
	CHECK(!pipe(p) && write(p[1], b.p, b.n) == (ssize_t)b.n && !close(p[1]));
	im = crit_open_fd(c, p[0], "piped", NULL);
	CHECK(crit_info(im, &info, NULL) && info.entries);
	CHECK_TEXT(crit_name(im), "piped");
	crit_close(im);
	CHECK(!close(p[0]));
	free(b.p);
	crit_free(c);
}

int main(void)
{
	api_root();
	RUN(edited);
	RUN(full);
	RUN(directories);
	RUN(informed);
	return test_end();
}
