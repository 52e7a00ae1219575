/* SPDX-License-Identifier: MIT */
/* A small harness for programs that are dumped.
 * A program sets up its state, calls h_main(check): it then touches "ready" in
 * its working directory and sleeps in a loop.  When a file "check.req" shows up
 * it runs check() and writes "check.res" ("OK" or "FAIL: why").
 */
#ifndef H_H
#define H_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>

#define DIE(w) do { h_note("setup failed at %s:%d %s: %s\n", __FILE__, __LINE__, w, strerror(errno)); _exit(99); } while (0)
#define T(e) do { if ((long)(e) < 0) DIE(#e); } while (0)

static char h_why[256];
#define CHECK(c) do { if (!(c)) { snprintf(h_why, sizeof h_why, "%s:%d %s errno=%d", __FILE__, __LINE__, #c, errno); return -1; } } while (0)

static void h_put(const char *name, const char *s)
{
	char tmp[64];
	snprintf(tmp, sizeof tmp, "%s.tmp", name);
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		return;
	if (write(fd, s, strlen(s)) < 0) {}
	close(fd);
	rename(tmp, name);
}

static void __attribute__((unused)) h_note(const char *fmt, ...);
#include <stdarg.h>
static void h_note(const char *fmt, ...)
{
	char b[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(b, sizeof b, fmt, ap);
	va_end(ap);
	int fd = open("setup.err", O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (fd >= 0) {
		if (write(fd, b, strlen(b)) < 0) {}
		close(fd);
	}
}

static void h_nap(long ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };
	nanosleep(&t, NULL);
}

static void __attribute__((unused)) h_idle(void)
{
	for (;;)
		h_nap(200);
}

/* CRIU without it cannot ask for the limits of another user's tasks */
static int __attribute__((unused)) h_other_users(void)
{
	return prctl(PR_CAPBSET_READ, 24 /* CAP_SYS_RESOURCE */) == 1;
}

static void __attribute__((unused)) h_main(int (*check)(void))
{
	h_put("ready", "ready\n");
	for (;;) {
		h_nap(20);
		if (access("check.req", F_OK) == 0) {
			unlink("check.req");
			h_why[0] = 0;
			int r = check ? check() : 0;
			char b[400];
			if (r == 0)
				snprintf(b, sizeof b, "OK\n");
			else
				snprintf(b, sizeof b, "FAIL: %s\n", h_why);
			h_put("check.res", b);
		}
	}
}
#endif
