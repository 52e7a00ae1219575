// SPDX-License-Identifier: MIT
/*
 * System calls and memory that fail. Linked into each filter (BUILD/test/
 * faults/crit-*) in place of the C library's functions:
 *
 *   CRIT_FAULT=write:3:ENOSPC     the third write fails so
 *   CRIT_FAULT=read:2:short       from the second on they do one byte each
 *   CRIT_FAULT=all:7:EIO          the seventh call of any kind but memory
 *   CRIT_FAULT=all:7:KILL         the program is killed in place of it
 *   CRIT_FAULT=listen:1:TERM      SIGTERM comes before the call
 *   CRIT_FAULT=memory:2:ENOMEM    the second malloc, calloc, realloc, strdup
 *   CRIT_FAULT_HIT=FILE           is made when it happened
 *
 * Only calls of our own code are counted, not those that the C library makes
 * of itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	bool ready, is_short;
	char call[32];
	long left;		/* calls before it */
	int error;
} fault;

static void read_fault(void)
{
	static const struct {
		const char *name;
		int error;
	} errors[] = {
		{ "EIO", EIO }, { "ENOSPC", ENOSPC }, { "EINTR", EINTR },
		{ "EPIPE", EPIPE }, { "ENOMEM", ENOMEM }, { "EMFILE", EMFILE },
		{ "EACCES", EACCES }, { "EDQUOT", EDQUOT }, { "EAGAIN", EAGAIN },
		{ "EPERM", EPERM }, { "ENOENT", ENOENT }, { "EINVAL", EINVAL },
		{ "EXDEV", EXDEV }, { "EFBIG", EFBIG }, { "KILL", -SIGKILL },
		{ "TERM", -SIGTERM },
	};
	const char *text = getenv("CRIT_FAULT"), *colon;

	fault.ready = true;
	fault.left = -1;
	colon = text ? strchr(text, ':') : NULL;
	if (!colon || (size_t)(colon - text) >= sizeof(fault.call))
		return;
	memcpy(fault.call, text, (size_t)(colon - text));
	fault.left = atol(colon + 1) - 1;
	colon = strchr(colon + 1, ':');
	fault.is_short = colon && !strcmp(colon, ":short");
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (colon && !strcmp(colon + 1, errors[i].name))
			fault.error = errors[i].error;
	if (!fault.is_short && !fault.error)
		_exit(99);
}

/* In C the names are the short ones; the linker sees those of _FILE_OFFSET_BITS
 * = 64, with that number behind them. */
#define REAL_AS(symbol, type, name, args) \
	type real_##name args __asm__("__real_" #symbol)
#define WRAP_AS(symbol, type, name, args) \
	REAL_AS(symbol, type, name, args); \
	type wrap_##name args __asm__("__wrap_" #symbol); \
	type wrap_##name args
#define WRAP(type, name, args) WRAP_AS(name, type, name, args)

REAL_AS(close, int, close, (int fd));
REAL_AS(open64, int, open, (const char *path, int flags, ...));

static void hit(void)
{
	const char *file = getenv("CRIT_FAULT_HIT");

	if (file)
		real_close(real_open(file, O_CREAT | O_WRONLY, 0600));
}

/* Whether this call is the one. */
static bool now(const char *call, bool memory)
{
	if (!fault.ready)
		read_fault();
	if (fault.left < 0 || (strcmp(call, fault.call) &&
			       strcmp(memory ? "memory" : "all", fault.call)))
		return false;
	if (fault.left) {
		fault.left--;
		return false;
	}
	hit();
	if (fault.is_short)
		return true;	/* and again */
	fault.left = -1;
	if (fault.error < 0) {
		raise(-fault.error);
		return false;
	}
	errno = fault.error;
	return true;
}

static bool fails(const char *call)
{
	return now(call, false) && !fault.is_short;
}

#define SIZED(symbol, name, args, call) \
	WRAP_AS(symbol, ssize_t, name, args) \
	{ \
		if (now(#name, false)) { \
			if (!fault.is_short) \
				return -1; \
			n = n ? 1 : 0; \
		} \
		return real_##name call; \
	}

SIZED(read, read, (int fd, void *p, size_t n), (fd, p, n))
SIZED(pread64, pread, (int fd, void *p, size_t n, off_t at), (fd, p, n, at))
SIZED(write, write, (int fd, const void *p, size_t n), (fd, p, n))
SIZED(pwrite64, pwrite, (int fd, const void *p, size_t n, off_t at), (fd, p, n, at))
SIZED(sendfile64, sendfile, (int to, int from, off_t *at, size_t n), (to, from, at, n))
SIZED(copy_file_range, copy_file_range,
      (int from, off_t *a, int to, off_t *b, size_t n, unsigned flags), (from, a, to, b, n, flags))

#define SIMPLE_AS(symbol, type, name, args, call, bad) \
	WRAP_AS(symbol, type, name, args) \
	{ \
		return fails(#name) ? bad : real_##name call; \
	}
#define SIMPLE(type, name, args, call, bad) \
	SIMPLE_AS(name, type, name, args, call, bad)

/* a descriptor is closed, whatever close says */
WRAP(int, close, (int fd))
{
	bool bad = fails("close");
	int sys = errno, r = real_close(fd);

	return bad ? (errno = sys, -1) : r;
}

SIMPLE(int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g), -1)
SIMPLE(int, fsync, (int fd), (fd), -1)
SIMPLE(int, syncfs, (int fd), (fd), -1)
SIMPLE_AS(ftruncate64, int, ftruncate, (int fd, off_t n), (fd, n), -1)
SIMPLE_AS(lseek64, off_t, lseek, (int fd, off_t n, int how), (fd, n, how), -1)
SIMPLE(int, rename, (const char *a, const char *b), (a, b), -1)
SIMPLE(int, linkat, (int x, const char *a, int y, const char *b, int f),
       (x, a, y, b, f), -1)
SIMPLE(int, renameat, (int x, const char *a, int y, const char *b),
       (x, a, y, b), -1)
SIMPLE(int, mkdir, (const char *p, mode_t m), (p, m), -1)
SIMPLE(int, mkdirat, (int fd, const char *p, mode_t m), (fd, p, m), -1)
SIMPLE(int, dup, (int fd), (fd), -1)
SIMPLE_AS(fstat64, int, fstat, (int fd, struct stat *st), (fd, st), -1)
SIMPLE_AS(fstatat64, int, fstatat,
	  (int fd, const char *p, struct stat *st, int f), (fd, p, st, f), -1)
SIMPLE_AS(stat64, int, stat, (const char *p, struct stat *st), (p, st), -1)
SIMPLE(int, faccessat, (int fd, const char *p, int mode, int f),
       (fd, p, mode, f), -1)
SIMPLE(int, fchmod, (int fd, mode_t m), (fd, m), -1)
SIMPLE(char *, realpath, (const char *p, char *to), (p, to), NULL)
SIMPLE(ssize_t, readlink, (const char *p, char *to, size_t n), (p, to, n), -1)
SIMPLE(ssize_t, getrandom, (void *p, size_t n, unsigned f), (p, n, f), -1)
SIMPLE(int, execv, (const char *p, char *const *v), (p, v), -1)
SIMPLE(int, execvp, (const char *p, char *const *v), (p, v), -1)
SIMPLE(DIR *, fdopendir, (int fd), (fd), NULL)
SIMPLE_AS(readdir64, struct dirent *, readdir, (DIR *d), (d), NULL)

SIMPLE_AS(lstat64, int, lstat, (const char *p, struct stat *st), (p, st), -1)
SIMPLE(ssize_t, readlinkat, (int fd, const char *p, char *to, size_t n),
       (fd, p, to, n), -1)
SIMPLE(int, symlinkat, (const char *a, int fd, const char *b), (a, fd, b), -1)
SIMPLE(int, mknodat, (int fd, const char *p, mode_t m, dev_t d), (fd, p, m, d),
       -1)
SIMPLE(int, fchmodat, (int fd, const char *p, mode_t m, int f), (fd, p, m, f),
       -1)
SIMPLE(int, fchownat, (int fd, const char *p, uid_t u, gid_t g, int f),
       (fd, p, u, g, f), -1)
SIMPLE(int, futimens, (int fd, const struct timespec *t), (fd, t), -1)
SIMPLE(int, utimensat, (int fd, const char *p, const struct timespec *t, int f),
       (fd, p, t, f), -1)
SIMPLE(ssize_t, flistxattr, (int fd, char *p, size_t n), (fd, p, n), -1)
SIMPLE(int, pipe, (int *fds), (fds), -1)
SIMPLE(pid_t, fork, (void), (), -1)
SIMPLE(pid_t, waitpid, (pid_t p, int *status, int f), (p, status, f), -1)
SIMPLE(int, dup2, (int a, int b), (a, b), -1)
SIMPLE(int, socket, (int a, int b, int c), (a, b, c), -1)
SIMPLE(int, bind, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n), -1)
SIMPLE(int, listen, (int fd, int n), (fd, n), -1)
SIMPLE(int, accept4, (int fd, struct sockaddr *a, socklen_t *n, int f),
       (fd, a, n, f), -1)
SIMPLE(ssize_t, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f), -1)
SIMPLE(ssize_t, send, (int fd, const void *p, size_t n, int f), (fd, p, n, f), -1)
SIMPLE(int, poll, (struct pollfd *p, nfds_t n, int t), (p, n, t), -1)
SIMPLE_AS(splice, ssize_t, splice, (int a, off_t *x, int b, off_t *y, size_t n,
	  unsigned f), (a, x, b, y, n, f), -1)

#define MEMORY(type, name, args, call) \
	WRAP(type, name, args) \
	{ \
		return now(#name, true) ? NULL : real_##name call; \
	}

MEMORY(void *, malloc, (size_t n), (n))
MEMORY(void *, calloc, (size_t n, size_t k), (n, k))
MEMORY(void *, realloc, (void *p, size_t n), (p, n))
MEMORY(char *, strdup, (const char *s), (s))

/* Whether there is one argument more, the flags say; none is as good as any. */
#define MORE(symbol, name, args, last, type, call) \
	WRAP_AS(symbol, int, name, args) \
	{ \
		type more; \
		va_list ap; \
		\
		va_start(ap, last); \
		more = va_arg(ap, type); \
		va_end(ap); \
		return fails(#name) ? -1 : real_##name call; \
	}

MORE(open64, open, (const char *path, int flags, ...), flags, mode_t,
     (path, flags, more))
MORE(openat64, openat, (int fd, const char *path, int flags, ...), flags, mode_t,
     (fd, path, flags, more))
MORE(fcntl64, fcntl, (int fd, int what, ...), what, long, (fd, what, more))

/* openat2, getdents64 */
WRAP(long, syscall, (long number, ...))
{
	long a[6];
	va_list ap;

	va_start(ap, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	return fails("syscall") ? -1 :
	       real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
