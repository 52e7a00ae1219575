// SPDX-License-Identifier: MIT
/*
 *   arg_start          arg_end = env_start           env_end
 *   |nginx: master process /usr/sbin/nginx -g ...\0    |     a title
 *   |/usr/sbin/nginx\0-g\0...\0|PATH=...\0HOME=...\0   |     arguments
 *
 * The last byte of the arguments tells: it is no NUL where there is a title.
 */
#include "memory/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

size_t memory_some(struct memory *m, uint64_t addr, uint8_t *p, uint64_t n)
{
	struct run run;

	if (!memory_run(m, addr, &run) || run.kind <= RUN_LAZY)
		return 0;
	if (n > run.end - addr)
		n = run.end - addr;
	return memory_read(m, &run, addr, p, (size_t)n);
}

uint64_t memory_behind_nul(struct memory *m, uint64_t addr, uint64_t end)
{
	uint8_t buf[4096];

	while (addr < end) {
		uint64_t left = end - addr;
		size_t n = memory_some(m, addr, buf,
				    left < sizeof(buf) ? left : sizeof(buf));
		const uint8_t *nul = memchr(buf, 0, n);

		if (nul)
			return addr + (uint64_t)(nul - buf) + 1;
		if (!n)
			return addr;
		addr += n;
	}
	return end;
}

bool memory_arguments(struct memory *m, uint64_t *start, uint64_t *end)
{
	const struct mappings *v = &m->vmas;
	uint64_t most = v->arg_end, title;
	uint8_t last;

	*start = v->arg_start;
	*end = v->arg_end;
	if (*start >= *end || !memory_some(m, *end - 1, &last, 1) || !last)
		return !error_is(m->err);
	if (v->env_start == v->arg_end && v->env_end > most)
		most = v->env_end;
	title = memory_behind_nul(m, *start, most);
	/* bytes that no image has are reported when they are read */
	*end = title < *end && title <= *start ? *end : title;
	return !error_is(m->err);
}

void memory_arguments_note(const struct memory *m, uint64_t n,
			   char note[MEMORY_NOTE])
{
	const struct mappings *v = &m->vmas;

	*note = 0;
	if (!n)
		snprintf(note, MEMORY_NOTE, "%s", v->arg_start >= v->arg_end ?
			 "no arguments" : "the program wrote zeros over its "
			 "arguments");
}

void memory_environment_note(uint64_t strings, uint64_t empty,
			     char note[MEMORY_NOTE])
{
	*note = 0;
	if (!strings)
		snprintf(note, MEMORY_NOTE, "no variables");
	else if (empty)
		snprintf(note, MEMORY_NOTE, "%" PRIu64 " of %" PRIu64
			 " variables are zeros: the program wrote over them, "
			 "as setproctitle does", empty, strings);
}
