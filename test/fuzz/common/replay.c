// SPDX-License-Identifier: MIT
/*
 * Runs a fuzz target over saved inputs, without a fuzzer: each operand is a
 * file, or a folder of files. Prints how many; dies as the target does, after
 * the name of the file.
 */
#include "fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static unsigned long done;

static int one(const char *path, const struct stat *st, int flag)
{
	FILE *f = flag == FTW_F ? fopen(path, "rb") : NULL;
	uint8_t *p;
	size_t n;

	if (flag != FTW_F)
		return 0;
	p = malloc((size_t)st->st_size + 1);
	if (!f || !p) {
		perror(path);
		return 1;
	}
	n = fread(p, 1, (size_t)st->st_size + 1, f);
	fclose(f);
	/* kept where it was the last one */
	(void)!ftruncate(STDERR_FILENO, 0);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(p, n);
	free(p);
	done++;
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (ftw(argv[i], one, 16)) {
			perror(argv[i]);
			return 1;
		}
	printf("%lu inputs\n", done);
	return !done;
}
