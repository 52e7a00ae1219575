// SPDX-License-Identifier: MIT
/*
 * Files that are there whole or not at all.
 */
#include "base/output_file.h"
#include "base/file_io.h"
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/crit-output.XXXXXX";
static char path[64];

static void write_file(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	CHECK(fd >= 0 && write_all(fd, text, strlen(text)));
	close(fd);
}

static void holds(const char *want)
{
	char text[64];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text));

	if (!want)
		CHECK(fd < 0);
	else if (CHECK(n >= 0))
		CHECK_BYTES(text, (size_t)n, want, strlen(want));
	if (fd >= 0)
		close(fd);
}

/* Nothing but the file itself is in the directory. */
static void nothing_is_left(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while ((e = readdir(d)))
		CHECK(*e->d_name == '.' ? strspn(e->d_name, ".") ==
		      strlen(e->d_name) : !strcmp(e->d_name, "file"));
	closedir(d);
}

static void commits(void)
{
	struct crit_error err;
	struct output_file f;
	struct stat st;

	error_clear(&err);
	write_file("old");
	CHECK(output_file_open_plain(&f, path, OUTPUT_PRIVATE, &err));
	CHECK(write_all(f.fd, "new", 3));
	holds("old");
	CHECK(output_file_commit(&f, &err));
	holds("new");
	output_file_abort(&f);
	holds("new");
	/* it keeps its mode */
	CHECK(!stat(path, &st));
	CHECK_NUMBER(st.st_mode & 0777, 0640);
	nothing_is_left();
}

static void aborts(void)
{
	struct crit_error err;
	struct output_file f;

	error_clear(&err);
	for (int there = 0; there < 2; there++) {
		unlink(path);
		if (there)
			write_file("old");
		CHECK(output_file_open_plain(&f, path, OUTPUT_PRIVATE, &err));
		CHECK(write_all(f.fd, "new", 3));
		output_file_abort(&f);
		holds(there ? "old" : NULL);
		nothing_is_left();
	}
}

static void links_and_devices(void)
{
	struct crit_error err;
	struct output_file f;
	char link[80];
	struct stat st;

	error_clear(&err);
	write_file("old");
	snprintf(link, sizeof(link), "%s/link", dir);
	CHECK(!symlink("file", link));
	CHECK(output_file_open_plain(&f, link, OUTPUT_PUBLIC, &err));
	CHECK(write_all(f.fd, "new", 3) && output_file_commit(&f, &err));
	CHECK(!lstat(link, &st) && S_ISLNK(st.st_mode));
	holds("new");
	unlink(link);
	CHECK(output_file_open_plain(&f, "/dev/null", OUTPUT_PUBLIC, &err));
	CHECK(f.direct && output_file_commit(&f, &err));
	CHECK(!stat("/dev/null", &st) && S_ISCHR(st.st_mode));
	CHECK(!output_file_open_plain(&f, dir, OUTPUT_PUBLIC, &err));
	CHECK(error_is(&err));
}

static void names(void)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "/" };
	char name[257];

	for (unsigned i = 0; i < 5; i++)
		CHECK(!output_file_name_ok(bad[i], strlen(bad[i])));
	CHECK(!output_file_name_ok("a\0b", 3));
	CHECK(output_file_name_ok("...", 3) && output_file_name_ok("a b", 3));
	memset(name, 'x', sizeof(name));
	CHECK(output_file_name_ok(name, 255) && !output_file_name_ok(name, 256));
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/file", dir);
	RUN(commits);
	RUN(aborts);
	RUN(links_and_devices);
	RUN(names);
	unlink(path);
	rmdir(dir);
	return test_end();
}
