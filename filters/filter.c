// SPDX-License-Identifier: MIT
#include "filter.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Which the messages of proto/ are of. */
#define NEWEST_CRIU "4.2"
#define NEWEST_COMMIT "2026"

static void say(const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	progress_clear();
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, text);
}

void filter_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
}

static _Noreturn void see_help(void)
{
	fprintf(stderr, "Try '%s --help'.\n", program_invocation_short_name);
	exit(FILTER_USAGE);
}

void filter_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	see_help();
}

void filter_version(void)
{
	printf("%s %s\nknows images of CRIU 1.0 to " NEWEST_CRIU
	       ", and of its development up to " NEWEST_COMMIT "\n",
	       program_invocation_short_name, CRIT_VERSION);
}

static char place[256];

void filter_place(const char *text)
{
	snprintf(place, sizeof(place), "%s", text);
}

/* Length of the place's name, without the separator behind it. */
static size_t place_name(void)
{
	size_t n = strlen(place);

	while (n && strchr("/: ", place[n - 1]))
		n--;
	return n;
}

/* "cp.tar: checkpoint/" and "core-1.img", "../config.dump", or what is of the
 * checkpoint itself: "", or its name. */
static void put_place(char *to, size_t size, const char *image)
{
	size_t n = strlen(place), name = place_name();
	bool beside = !strncmp(image, "../", 3);

	if (beside)
		image += 3;
	while (beside && n && (place[n - 1] == '/'))
		n--;
	while (beside && n && place[n - 1] != '/' && place[n - 1] != ' ')
		n--;
	if (!*image || (strlen(image) == name && !memcmp(place, image, name))) {
		n = name;
		image = "";
	}
	snprintf(to, size, "%.*s%.100s", (int)(n < 150 ? n : 150), place, image);
}

int filter_error(const struct crit_error *err)
{
	struct crit_error where;
	char text[1024];

	if (!error_is(err))
		return FILTER_OK;
	where = *err;
	if (place[0] && strcmp(err->image, STDOUT_NAME))
		put_place(where.image, sizeof(where.image), err->image);
	filter_warn("%s", error_text(&where, text, sizeof(text)));
	return err->code == CRIT_EUSAGE ? FILTER_USAGE : FILTER_FAILED;
}

void filter_warning(void *ctx, const struct crit_error *err)
{
	(void)ctx;
	filter_error(err);
}

void filter_failure(void *status, const struct crit_error *err)
{
	filter_worst(status, filter_error(err));
}

bool filter_reads(const char *path)
{
	bool is = !strcmp(path, "-");

	if (is && isatty(STDIN_FILENO))
		filter_warn("reading from the terminal");
	return is;
}

int filter_open(const char *path, struct crit_error *err)
{
	int fd;

	if (filter_reads(path))
		return STDIN_FILENO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		snprintf(err->image, sizeof(err->image), "%s", path);
		error_sys(err, errno, "cannot open");
	}
	return fd;
}

int filter_open_records(const char *path, struct crit_error *err)
{
	int fd = filter_open(path, err);
	struct stat st;

	if (fd <= 0 || fstat(fd, &st) || !S_ISDIR(st.st_mode))
		return fd;
	close(fd);
	snprintf(err->image, sizeof(err->image), "%s", path);
	error_set(err, CRIT_EDATA, "is a directory: use crit-decode %.100s | ...",
		  path);
	return -1;
}

int filter_end(int status)
{
	bool bad = fflush(stdout) || ferror(stdout);

	progress_clear();
	/* a file system may tell of a full disk only now */
	if (close(STDOUT_FILENO) && errno != EBADF)
		bad = true;
	if (!bad)
		return status;
	if (status == FILTER_OK)
		filter_warn(STDOUT_NAME ": cannot write: %s", strerror(errno));
	return status ? status : FILTER_FAILED;
}
