// SPDX-License-Identifier: MIT
/*
 * The programs that crit knows of, and how it finds them: beside itself, then
 * in PATH.
 */
#include "programs.h"
#include "filter.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* crit NAME runs crit-NAME, of these or of others. */
static const struct {
	const char *name, *about;
} programs[] = {
	{ "anon", "replace names, paths, addresses and contents" },
	{ "check", "report why a checkpoint would not restore" },
	{ "copy", "copy a checkpoint: into an archive, compressed, flattened" },
	{ "core", "write ELF cores of tasks for debuggers" },
	{ "decode", "convert images to JSON or YAML" },
	{ "diff", "report what changed between two checkpoints" },
	{ "draw", "draw tasks, memory, files and sockets; write a report" },
	{ "edit", "edit an image as text" },
	{ "encode", "convert JSON or YAML to images" },
	{ "info", "print types, entries and sizes of images; a summary" },
	{ "mem", "show, extract, search and change memory" },
	{ "pids", "give tasks other process ids" },
	{ "x", "explore: tasks, files, memory, sockets, namespaces" },
};

enum { PROGRAMS = sizeof(programs) / sizeof(*programs) };

void program_run(const char **argv)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n < 0)	/* no /proc */
		n = snprintf(path, sizeof(path), "%s",
			     (const char *)getauxval(AT_EXECFN));
	path[n < (ssize_t)sizeof(path) ? n : 0] = 0;
	slash = strrchr(path, '/');
	if (slash && slash + 1 + strlen(argv[0]) < path + sizeof(path)) {
		strcpy(slash + 1, argv[0]);
		execv(path, (char **)argv);
	}
	execvp(argv[0], (char **)argv);
}

int programs_list(void)
{
	printf("%s\n", "crit NAME ... runs crit-NAME; NAME is one of:\n");
	for (int i = 0; i < PROGRAMS; i++)
		printf("  %-8s %s\n", programs[i].name, programs[i].about);
	puts("\ncrit NAME --help has the options of each; crit --help, the "
	     "commands of CRIU's crit.");
	return filter_end(FILTER_OK);
}
