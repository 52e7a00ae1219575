// SPDX-License-Identifier: MIT
/*
 *   bytes that were read or written ─► a line on the terminal: bytes, rate, time
 *   left
 */
#include "progress.h"
#include "base/output_file.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* In seconds: nothing is shown of what takes less; between two lines. */
static const double FIRST = 1, BETWEEN = 0.2;

static struct {
	struct blob_meter meter;
	double started, told;		/* seconds */
	bool apart;			/* the output is not standard output */
	bool sure;			/* meter.all is what there is */
	volatile sig_atomic_t shown;
} progress;

static const char erase[] = "\r\033[K";

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static const char *size(char buf[24], double n)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	for (; n >= 1024 && i < 4; i++)
		n /= 1024;
	snprintf(buf, 24, i ? "%.1f %s" : "%.0f %s", n, units[i]);
	return buf;
}

static void show(const struct blob_meter *m, double t)
{
	char done[24], all[24], rate[24], of[48] = "", left[48] = "";
	double speed = (double)m->done / (t - progress.started);

	if (m->all > m->done)
		snprintf(of, sizeof(of), " of %s", size(all, (double)m->all));
	if (m->all > m->done && progress.sure)
		snprintf(left, sizeof(left), ", %.0f s left",
			 (double)(m->all - m->done) / speed);
	if (!progress.shown)
		output_at_signal(progress_erase);
	progress.shown = true;		/* a signal may come while it is written */
	fprintf(stderr, "\r%s%s, %s/s%s\033[K", size(done, (double)m->done), of,
		size(rate, speed), left);
}

/* Only what takes long looks for a terminal. */
static void tell(struct blob_meter *m)
{
	double t = now();

	if (t - progress.started <= FIRST || t - progress.told <= BETWEEN)
		return;
	progress.told = t;
	if (isatty(STDERR_FILENO) && (progress.apart || !isatty(STDOUT_FILENO)))
		show(m, t);
	else
		progress.told = INFINITY;
}

struct blob_meter *progress_meter(const char *output)
{
	if (!progress.meter.tell)
		progress.started = now();
	progress.meter.tell = tell;
	progress.apart = output;
	return &progress.meter;
}

void progress_all(uint64_t all)
{
	progress.meter.all = all;
	progress.sure = true;
}

void progress_clear(void)
{
	if (progress.shown)
		fputs(erase, stderr);
	progress.shown = false;
}

void progress_erase(void)
{
	if (progress.shown)
		(void)!write(STDERR_FILENO, erase, sizeof(erase) - 1);
}
