// SPDX-License-Identifier: MIT
#include "edit_text.h"
#include "base/buffer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char own_line[] = "# crit-edit:";

struct copy {
	struct in in;
	struct out out;
	struct sha256 sha256;
	bool blank;
};

static bool begin(struct copy *c, int from, int to, struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->blank = true;
	sha256_init(&c->sha256);
	if (lseek(from, 0, SEEK_SET) < 0 || lseek(to, 0, SEEK_SET) < 0 ||
	    ftruncate(to, 0))
		return error_sys(err, errno, "cannot write a temporary file");
	return in_open(&c->in, from, err) &&
		out_open(&c->out, to, "temporary file", err);
}

static bool end(struct copy *c, struct crit_error *err)
{
	bool ok = c->out.buf && !error_is(err) && out_flush(&c->out);

	in_close(&c->in);
	out_close(&c->out);
	return ok && !error_is(err);
}

/* Part of a line, up to its end; first: the line begins with it. */
static size_t line_part(struct copy *c, bool first, bool skip)
{
	const uint8_t *p = c->in.buf + c->in.pos, *newline;
	size_t n = in_avail(&c->in);

	newline = memchr(p, '\n', n);
	if (newline)
		n = (size_t)(newline + 1 - p);
	if (!skip) {
		sha256_add(&c->sha256, p, n);
		out_put(&c->out, p, n);
	}
	if (first)
		while (n && (*p == ' ' || *p == '\t' || *p == '\r'))
			p++;
	if (first && *p != '\n' && *p != '#')
		c->blank = false;
	return n;
}

/* A line; false at the end. */
static bool copy_line(struct copy *c, bool strip)
{
	size_t own = sizeof(own_line) - 1, n;
	bool first = true, skip, more = true;

	if (!in_fill(&c->in, 1))
		return false;
	skip = strip && in_fill(&c->in, own) &&
		!memcmp(c->in.buf + c->in.pos, own_line, own);
	while (more && in_fill(&c->in, 1)) {
		n = line_part(c, first && !skip, skip);
		more = c->in.buf[c->in.pos + n - 1] != '\n';
		in_take(&c->in, n);
		first = false;
	}
	return true;
}

bool edit_take(int from, int to, struct edit_state *state,
	       struct crit_error *err)
{
	struct copy c;

	if (begin(&c, from, to, err))
		while (copy_line(&c, true))
			;
	sha256_end(&c.sha256, state->digest);
	state->blank = c.blank;
	return end(&c, err);
}

bool edit_give(int from, int to, int64_t line, const char *const *own,
	       struct crit_error *err)
{
	struct copy c;
	bool ok = begin(&c, from, to, err);

	for (int64_t i = 1; ok && i < line && copy_line(&c, false); i++)
		;
	for (; ok && *own; own++)
		ok = out_put(&c.out, own_line, sizeof(own_line) - 1) &&
			out_put(&c.out, " ", 1) &&
			out_put(&c.out, *own, strlen(*own)) &&
			out_put(&c.out, "\n", 1);
	while (ok && copy_line(&c, false))
		;
	return end(&c, err);
}

/* Where neither variable says which. */
static void run_usual(const char *path)
{
	static const char *const editors[] = { "editor", "vi", "nano" };

	for (size_t i = 0; i < sizeof(editors) / sizeof(*editors); i++) {
		char *const argv[] = { (char *)editors[i], (char *)path, NULL };

		execvp(*argv, argv);
	}
}

/* A command line. The shell gives way to the command unless it is more than
 * one: Ctrl-C is not the shell's, either. */
static void run_command(const char *editor, const char *path)
{
	char command[4096];
	char *const argv[] = {
		(char *)"sh", (char *)"-c", command, (char *)"sh",
		(char *)path, NULL,
	};
	bool simple = !strpbrk(editor, "|&;<>()$`\\\"'*?[#~=\n");

	if (snprintf(command, sizeof(command), "%s%s \"$@\"",
		     simple ? "exec " : "", editor) < (int)sizeof(command))
		execvp(*argv, argv);
}

static _Noreturn void run_editor(const char *path)
{
	const char *editor = getenv("VISUAL");

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	if (editor && *editor)
		run_command(editor, path);
	else
		run_usual(path);
	_exit(127);
}

static bool wait_for(pid_t pid, int *status)
{
	pid_t got;

	do
		got = waitpid(pid, status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid;
}

bool edit_run(const char *path, struct crit_error *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	int status = 0;
	bool ok;
	pid_t pid;

	/* Ctrl-C is the editor's */
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	pid = fork();
	if (!pid) {
		sigaction(SIGINT, &interrupt, NULL);
		sigaction(SIGQUIT, &quit, NULL);
		run_editor(path);
	}
	ok = pid > 0 && wait_for(pid, &status);
	if (!ok)
		error_sys(err, errno, "cannot run the editor");
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (ok && WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return error_set(err, CRIT_EIO, "no editor: set VISUAL or EDITOR");
	if (ok && status)
		return error_set(err, CRIT_EIO, "the editor failed (status %d)",
				 WIFEXITED(status) ? WEXITSTATUS(status) :
				 128 + WTERMSIG(status));
	return ok;
}
