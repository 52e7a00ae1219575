// SPDX-License-Identifier: MIT
/*
 * inject CALL ERROR may|must|never|partly LINES COMMAND... : runs it again and again,
 * its first, second, third CALL failing with ERROR (see test/faults/faults.c),
 * until it makes fewer of them. Works in $T: input T/in, outputs T/new/out,
 * T/new/dir/pstree.img (both "old" before) and stdout, temporary files T/tmp.
 *
 * After each: status 0 and what comes out without a fault; or 1, at most LINES
 * lines, "crit-...: " before the first, and T/new untouched (or, where the
 * fault came late, complete). Nothing in T/tmp. must: never 0; never: never 1;
 * partly: some files may be new ones, since only one at a time can be renamed.
 * Prints how many, or what was wrong.
 */
#include "tool.h"

#include <dirent.h>
#include <ftw.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

static const char *top;

static const char *at(const char *name)
{
	static char path[4][4096];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof(path[i]), "%s/%s", top, name);
	return path[i];
}

static void add_file(struct bytes *b, const char *path)
{
	struct bytes file = read_file(path);

	add(b, file.p, file.n);
	free(file.p);
}

static void add_tree(struct bytes *b, const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort);

	if (n < 0)
		die(path);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		char sub[4096 + 256];
		struct stat st;

		snprintf(sub, sizeof(sub), "%s/%s", path, name);
		if (strcmp(name, ".") && strcmp(name, "..") && !lstat(sub, &st)) {
			add(b, name, strlen(name) + 1);
			if (S_ISDIR(st.st_mode))
				add_tree(b, sub);
			else
				add_file(b, sub);
		}
		free(names[i]);
	}
	free(names);
}

static struct bytes tree(void)
{
	struct bytes b = { NULL, 0 };

	add(&b, "", 0);
	add_tree(&b, at("new"));
	return b;
}

static int drop(const char *path, const struct stat *st, int flag,
		struct FTW *f)
{
	(void)st;
	(void)flag;
	(void)f;
	return remove(path);
}

static void write_old(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, "old\n", 4) != 4)
		die(path);
	close(fd);
}

static void prepare(void)
{
	nftw(at("new"), drop, 16, FTW_DEPTH | FTW_PHYS);
	if (mkdir(at("new"), 0755) || mkdir(at("new/dir"), 0755))
		die(at("new"));
	write_old(at("new/out"));
	write_old(at("new/dir/pstree.img"));
}

static int run(char **argv)
{
	posix_spawn_file_actions_t fa;
	int status;
	pid_t pid;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, access(at("in"), R_OK) ?
					 "/dev/null" : at("in"), O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1, at("stdout"),
					 O_WRONLY | O_CREAT | O_TRUNC, 0644);
	posix_spawn_file_actions_addopen(&fa, 2, at("stderr"),
					 O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ) ||
	    waitpid(pid, &status, 0) != pid)
		die(argv[0]);
	posix_spawn_file_actions_destroy(&fa);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

static bool empty_tmp(void)
{
	struct dirent **names;
	int n = scandir(at("tmp"), &names, NULL, alphasort);

	return n == 2;
}

struct want {
	struct bytes old, right, text;
	const char *must;
	int most;
};

/* NULL, or what is wrong. */
static const char *said_well(int most)
{
	struct bytes said = read_file(at("stderr"));
	int lines = 0;

	for (size_t i = 0; i < said.n; i++)
		lines += said.p[i] == '\n';
	if (!lines || lines > most)
		return lines ? "too many lines" : "not a word";
	return strncmp(said.p, "crit-", 5) && strncmp(said.p, "crit: ", 6) ?
		"who says so?" : NULL;
}

static const char *judge(const struct want *w, int status)
{
	struct bytes now = tree(), text = read_file(at("stdout"));
	const char *wrong = NULL;

	if (status == 0) {
		if (!strcmp(w->must, "must"))
			wrong = "status 0";
		else if (!same(now, w->right) || !same(text, w->text))
			wrong = "status 0, another output";
	} else if (status == 1) {
		if (!strcmp(w->must, "never"))
			wrong = "not borne";
		else if (!strcmp(w->must, "partly") ?
			 memmem(now.p, now.n, ".crit-", 6) != NULL :
			 !same(now, w->old) && !same(now, w->right))
			wrong = "target touched, or more left";
		else
			wrong = said_well(w->most);
	} else {
		wrong = "neither status 0 nor 1";
	}
	if (!wrong && !empty_tmp())
		wrong = "temporary files left";
	free(now.p);
	free(text.p);
	return wrong;
}

static int tell(const char *wrong, int status)
{
	struct bytes said = read_file(at("stderr"));

	printf("%s: %s (status %d)\n%.*s", getenv("CRIT_FAULT"), wrong, status,
	       (int)said.n, said.p);
	return 1;
}

int main(int argc, char **argv)
{
	struct want w;
	int n = 0, status;

	top = getenv("T");
	if (argc < 6 || !top)
		return 2;
	setenv("TMPDIR", at("tmp"), 1);
	setenv("CRIT_FAULT_HIT", at("hit"), 1);
	setenv("CRIT_FAULT", "none", 1);
	w = (struct want){ .must = argv[3], .most = atoi(argv[4]) };
	prepare();
	w.old = tree();
	status = run(argv + 5);
	if (status)
		return tell("without a fault", status);
	w.right = tree();
	w.text = read_file(at("stdout"));
	for (;; n++) {
		const char *wrong;
		char fault[100];

		snprintf(fault, sizeof(fault), "%s:%d:%s", argv[1], n + 1,
			 argv[2]);
		setenv("CRIT_FAULT", fault, 1);
		unlink(at("hit"));
		prepare();
		status = run(argv + 5);
		if (access(at("hit"), F_OK))
			break;
		wrong = judge(&w, status);
		if (wrong)
			return tell(wrong, status);
		/* these last */
		if (!strcmp(argv[2], "short") && ++n)
			break;
	}
	if (!n)
		return tell("never hit", status);
	printf("%d\n", n);
	return 0;
}
