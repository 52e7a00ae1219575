// SPDX-License-Identifier: MIT
/*
 * images golden IMAGES GOLDEN : what the filters print of each file below
 *	IMAGES is what lies at the same place below GOLDEN (NAME.json,
 *	NAME.pretty.json, NAME.nopl.json (else as .pretty.json),
 *	NAME.info.json; those that there are), and back.
 * images roundtrip IMAGES : decode and encode give the same bytes.
 *
 * TAP, a test an image. A C program because a shell forks too slowly.
 */
#include "tool.h"

#include <dirent.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

enum { WORDS = 8 };

static int tests, failures;
static bool bad;
static int said = -1;		/* what the programs say */

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

static void fail(const char *what, const char *command, const char *path)
{
	char text[1000];
	ssize_t n = pread(said, text, sizeof(text) - 1, 0);

	bad = true;
	printf("# %s: %s %s\n", what, command, path);
	if (n > 0) {
		text[n] = 0;
		for (char *line = strtok(text, "\n"); line;
		     line = strtok(NULL, "\n"))
			printf("#   %s\n", line);
	}
}

/* A word @ of the command stands for path. */
static pid_t start(const char *command, const char *path, int in, int out)
{
	posix_spawn_file_actions_t fa;
	char line[200], *argv[WORDS], *save;
	int n = 0;
	pid_t pid;

	snprintf(line, sizeof(line), "%s", command);
	for (char *w = strtok_r(line, " ", &save); w && n < WORDS - 1;
	     w = strtok_r(NULL, " ", &save))
		argv[n++] = strcmp(w, "@") ? w : (char *)path;
	argv[n] = NULL;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, 0);
	posix_spawn_file_actions_adddup2(&fa, out, 1);
	posix_spawn_file_actions_adddup2(&fa, said, 2);
	if (posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ))
		die(argv[0]);
	posix_spawn_file_actions_destroy(&fa);
	return pid;
}

static bool ended_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && status == 0;
}

/* The output of first, or of first | second, with path as standard input;
 * *ok where both end with status 0. */
static struct bytes run(const char *path, const char *first,
			const char *second, bool *ok)
{
	int in = open(path, O_RDONLY | O_CLOEXEC), a[2], b[2] = { -1, -1 };
	struct bytes got;
	pid_t p, q = 0;

	if (in < 0 || pipe2(a, O_CLOEXEC) || (second && pipe2(b, O_CLOEXEC)) ||
	    ftruncate(said, 0) || lseek(said, 0, SEEK_SET))
		die(path);
	p = start(first, path, in, a[1]);
	close(a[1]);
	if (second) {
		q = start(second, path, a[0], b[1]);
		close(a[0]);
		close(b[1]);
	}
	got = read_all(second ? b[0] : a[0]);
	close(second ? b[0] : a[0]);
	close(in);
	*ok = ended_well(p);
	if (second)
		*ok &= ended_well(q);
	return got;
}

static void compare(struct bytes got, bool ok, const char *want_path,
		    const char *command, const char *path)
{
	struct bytes want = read_file(want_path);

	if (!ok)
		fail("failed", command, path);
	else if (!same(got, want))
		fail("other bytes", command, path);
	free(got.p);
	free(want.p);
}

/* BASE SUFFIX, where it is there, is what command prints of the image; of it
 * crit-encode makes the image. */
static void golden_one(const char *image, const char *base, const char *suffix,
		       const char *command)
{
	char path[4200];
	struct bytes got;
	bool ok, back = !strcmp(command, "crit-encode");

	snprintf(path, sizeof(path), "%s%s", base, suffix);
	if (!exists(path))
		return;
	got = run(back ? path : image, command, NULL, &ok);
	compare(got, ok, back ? image : path, command, back ? path : image);
}

static bool golden(const char *image, const char *base)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s.nopl.json", base);
	golden_one(image, base, ".json", "crit-decode -f json");
	golden_one(image, base, ".pretty.json", "crit-decode -f json -p");
	golden_one(image, base, exists(path) ? ".nopl.json" : ".pretty.json",
		   "crit-decode -f json -p --nopl");
	golden_one(image, base, ".info.json", "crit-info");
	golden_one(image, base, ".json", "crit-encode");
	golden_one(image, base, ".pretty.json", "crit-encode");
	snprintf(path, sizeof(path), "%s.json", base);
	if (exists(path))
		return true;
	snprintf(path, sizeof(path), "%s.info.json", base);
	return exists(path);
}

static bool said_that(const char *what)
{
	char text[4096];
	ssize_t n = pread(said, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = 0;
	return strstr(text, what) != NULL;
}

static bool roundtrip(const char *image, const char *base)
{
	static const char *const decode[] = {
		"crit-decode -f json", "crit-decode -f json -p",
		"crit-decode @", "crit-decode -p @",
		"crit-decode -f yaml", "crit-decode -f yaml -p @",
	};
	const char *encode = "crit-encode";
	bool ok, changes;

	(void)base;
	free(run(image, decode[0], NULL, &ok).p);
	if (!ok)	/* no image; the decode tests know which those are */
		return false;
	if (said_that("required field"))
		encode = "crit-encode --allow-partial";
	changes = said_that("will not reproduce");
	for (size_t i = 0; i < sizeof(decode) / sizeof(*decode); i++) {
		struct bytes got = run(image, decode[i], encode, &ok);

		if (!changes) {
			compare(got, ok, image, decode[i], image);
			continue;
		}
		if (!ok)
			fail("failed", decode[i], image);
		free(got.p);
	}
	return true;
}

typedef bool test_fn(const char *image, const char *base);

static void each(const char *dir, const char *base, test_fn *test)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);

	if (n < 0)
		die(dir);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		char path[2000], to[2000];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", dir, name);
		snprintf(to, sizeof(to), "%s/%s", base, name);
		if (lstat(path, &st) || *name == '.') {
			;
		} else if (S_ISDIR(st.st_mode)) {
			each(path, to, test);
		} else if (S_ISREG(st.st_mode)) {
			bad = false;
			if (test(path, to)) {
				failures += bad;
				printf("%s %d - %s\n", bad ? "not ok" : "ok",
				       ++tests, path);
			}
		}
		free(names[i]);
	}
	free(names);
}

int main(int argc, char **argv)
{
	bool is_golden = argc == 4 && !strcmp(argv[1], "golden");

	said = memfd_create("stderr", MFD_CLOEXEC);
	if (said < 0)
		die("memfd");
	if (!is_golden && (argc != 3 || strcmp(argv[1], "roundtrip"))) {
		fputs("usage: images golden IMAGES GOLDEN\n"
		      "       images roundtrip IMAGES\n", stderr);
		return 2;
	}
	each(argv[2], is_golden ? argv[3] : argv[2],
	     is_golden ? golden : roundtrip);
	printf("1..%d\n", tests);
	return failures || !tests;
}
