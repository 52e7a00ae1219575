// SPDX-License-Identifier: MIT
/*
 *   store ─► records (a child) ─► sh -c COMMAND ─► records ─► images
 */
#include "copy_job.h"
#include "copy/decode.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void write_records(const struct store *s, int fd)
{
	struct writer writer = { .format = &writer_records, .named = true };
	struct crit_error err;
	struct decoder d = {
		.schema = s->schema, .writer = &writer, .strict = true,
		.err = &err,
	};
	struct out out;
	bool ok;

	error_clear(&err);
	ok = out_open(&out, fd, "the command", &err) &&
	     writer_open(&writer, &out, &err) && decode_store(&d, s);
	if (writer.state && !writer_finish(&writer))
		ok = false;
	if (!ok)
		filter_error(&err);
	_exit(ok ? FILTER_OK : FILTER_FAILED);
}

static _Noreturn void run_shell(const char *command, int in, int out)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	close(in);
	close(out);
	signal(SIGPIPE, SIG_DFL);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Status of a child, as the shell says it. */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
		128 + WTERMSIG(status);
}

static bool fail(struct crit_error *err, const char *what)
{
	return error_sys(err, errno, what);
}

/* The two children: to the command's input, and the command. */
static bool start(const char *command, const struct store *s, pid_t pids[2],
		  int *from, struct crit_error *err)
{
	int a[2], b[2];

	if (pipe(a))
		return fail(err, "cannot create a pipe");
	if (pipe(b)) {
		close(a[0]);
		close(a[1]);
		return fail(err, "cannot create a pipe");
	}
	pids[0] = fork();
	if (!pids[0]) {
		close(a[0]);
		close(b[0]);
		close(b[1]);
		write_records(s, a[1]);
	}
	pids[1] = pids[0] < 0 ? -1 : fork();
	if (!pids[1]) {
		close(a[1]);
		close(b[0]);
		run_shell(command, a[0], b[1]);
	}
	close(a[0]);
	close(a[1]);
	close(b[1]);
	*from = b[0];
	return pids[1] > 0 || fail(err, "cannot fork");
}

bool command_run(const char *command, const struct store *s,
		 struct changes *changes, struct crit_error *err)
{
	pid_t pids[2] = { -1, -1 };
	int from = -1, wrote, said;
	bool ok = start(command, s, pids, &from, err);

	ok = ok && changes_read(changes, from, s->schema, err);
	if (from >= 0)
		close(from);
	wrote = pids[0] > 0 ? wait_for(pids[0]) : 0;
	said = pids[1] > 0 ? wait_for(pids[1]) : 0;
	if (said)
		error_clear(err);
	if (said)
		return error_set(err, CRIT_EDATA, "--filter: the command ended "
				 "with status %d", said);
	/* a command that does not read everything ends its writer */
	if (ok && wrote == FILTER_FAILED)
		return error_set(err, CRIT_EDATA, "not all images of the source "
				 "could be read");
	return ok;
}
