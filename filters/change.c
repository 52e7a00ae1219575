// SPDX-License-Identifier: MIT
/*
 *   FILE.., stdin ─► json source ─► change ─► records ─► stdout, -o FILE
 */
#include "change.h"
#include "base/output_file.h"
#include "load_schema.h"
#include "schema/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct run {
	struct change_job *job;
	struct crit_error err;
	struct output_file file;
	struct out out;
	struct change_records records;
	const struct schema *schema;
	struct schema *loaded;
};

static bool begin(struct run *r)
{
	const char *output = r->job->output;
	struct forward *change;
	int fd = STDOUT_FILENO;

	error_clear(&r->err);
	r->schema = load_schema(r->job->schema_file, &r->loaded, &r->err);
	if (!r->schema)
		return false;
	if (output && !output_file_open(&r->file, output, OUTPUT_PUBLIC, &r->err))
		return false;
	if (output)
		fd = r->file.fd;
	if (!out_open(&r->out, fd, output ? output : STDOUT_NAME,
		      &r->err) ||
	    !change_records_open(&r->records, &r->out, &writer_records,
				 r->schema, &r->err))
		return false;
	change = r->job->begin(r->job, r->records.writer.sink, r->schema,
			       &r->err);
	if (!change)
		return false;
	change_records_use(&r->records, change);
	r->records.source.no_end = r->job->no_end;
	r->records.source.warn = filter_warning;
	return true;
}

/* An archive, or an image, in place of its records. */
static void hint(struct run *r, const char *path)
{
	size_t n = strlen(r->err.what);

	if (r->err.code && r->err.line == 1 && r->err.column == 1)
		snprintf(r->err.what + n, sizeof(r->err.what) - n, ", not "
			 "records: use crit-decode %.100s | ...", path);
}

static bool read_file(struct run *r, const char *path)
{
	int fd = filter_open_records(path, &r->err);
	struct in in;

	if (fd < 0 || !in_open(&in, fd, &r->err))
		return false;
	change_records_read(&r->records, &in);
	if (strcmp(path, "-"))
		hint(r, path);
	if (error_is(&r->err) && !r->err.image[0] && strcmp(path, "-"))
		snprintf(r->err.image, sizeof(r->err.image), "%s", path);
	in_close(&in);
	if (fd)
		close(fd);
	return !error_is(&r->err);
}

/* What a failed run has written to standard output says so in its text. */
static bool read_all(struct run *r, char **operand, int n)
{
	bool ok = true;

	if (!n)
		ok = read_file(r, "-");
	for (int i = 0; i < n && ok; i++)
		ok = read_file(r, operand[i]);
	return change_records_end(&r->records) && ok;
}

int change_files(struct change_job *job, char **operand, int n)
{
	static struct run r;
	bool ok;

	r.job = job;
	ok = begin(&r) && read_all(&r, operand, n);
	if (job->output && !ok)
		output_file_abort(&r.file);
	else if (job->output)
		output_file_commit(&r.file, &r.err);
	change_records_close(&r.records);
	out_close(&r.out);
	schema_free(r.loaded);
	return filter_error(&r.err);
}
