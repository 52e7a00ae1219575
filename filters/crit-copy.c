// SPDX-License-Identifier: MIT
/*
 *   SOURCE ─► members, images, pages ─► changes ─► DESTINATION
 *
 * Sources: a checkpoint, or a CRIU that dumps (criu:DIR). Destinations: a new
 * directory, tar, stream, or a CRIU that restores (criu:DIR).
 */
#include "copy_job.h"
#include "load_schema.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_drop(void *into, const struct option_row *row, const char *arg)
{
	struct job *j = into;
	const char **more = realloc(j->drop, (j->n_drop + 1) * sizeof(*more));

	(void)row;
	if (!more)
		exit(FILTER_FAILED);
	j->drop = more;
	more[j->n_drop++] = arg;
	free(j->dropped);
	j->dropped = calloc(j->n_drop, 1);
	if (!j->dropped)
		exit(FILTER_FAILED);
}

static void add_shard(void *into, const struct option_row *row, const char *arg)
{
	struct job *j = into;

	(void)row;
	if (j->n_shards == STREAM_SHARDS_MAX)
		filter_usage("more than %d shards", STREAM_SHARDS_MAX);
	j->shards[j->n_shards++] = arg;
}

static void add_from_shard(void *into, const struct option_row *row,
			   const char *arg)
{
	struct job *j = into;

	(void)row;
	if (j->n_from_shards == STREAM_SHARDS_MAX)
		filter_usage("more than %d shards", STREAM_SHARDS_MAX);
	j->from_shards[j->n_from_shards++] = arg;
}

static uint32_t number(const char *text, const char *what, uint32_t most)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || v > most)
		filter_usage("invalid %s '%s'", what, text);
	if (!strcmp(end, "K") || !strcmp(end, "KiB"))
		v *= 1024;
	else if (!strcmp(end, "M") || !strcmp(end, "MiB"))
		v *= 1024 * 1024;
	else if (*end)
		filter_usage("invalid %s '%s'", what, text);
	if (v > most)
		filter_usage("%s %s is above %u", what, text, most);
	return (uint32_t)v;
}

static void set_compress(void *into, const struct option_row *row,
			 const char *arg)
{
	struct job *j = into;

	(void)row;
	j->compress = true;
	j->block = arg ? number(arg, "block size", PAGEMAP_BLOCK_MAX) :
		256 << 10;
	if (!j->block || j->block % 4096)
		filter_usage("invalid block size '%s': expected a multiple "
			"of 4096", arg);
}

static void set_acceleration(void *into, const struct option_row *row,
			     const char *arg)
{
	(void)row;
	((struct job *)into)->acceleration = (int)number(arg, "acceleration",
							 65537);
}

static void set_progress(void *into, const struct option_row *row,
			 const char *arg)
{
	struct job *j = into;

	(void)row;
	j->progress = (int)number(arg, "descriptor", 1 << 20);
	if (fcntl(j->progress, F_GETFD) < 0)
		filter_usage("--progress-fd %s: the descriptor is not open", arg);
}

static const struct option_row rows[] = {
	{ 'f', "format", "FORMAT", TAKES_WORD, "dir tar stream",
	  .help = "dir (a new directory; the default), tar, or stream (as "
		"criu-image-streamer writes)", .place = offsetof(struct job, format) },
	{ 0, "prefix", "PATH", TAKES_TEXT,
	  .help = "in a tar, put everything below PATH",
	  .place = offsetof(struct job, prefix) },
	{ 0, "to-shard", "FILE", TAKES_FILE, .call = add_shard, .many = true,
	  .help = "write a part (shard) of the stream to FILE; may be "
		"repeated" },
	OPTION_HEADING("Where SOURCE is:"),
	{ 0, "shard", "FILE", TAKES_FILE, .call = add_from_shard, .many = true,
	  .help = "read FILE as another part (shard) of the stream; may be "
		"repeated" },
	OPTION_AT(struct job, at),
	OPTION_PARENT(struct job, parent),
	OPTION_FOLLOW(struct job, follow),
	OPTION_HEADING("Changes on the way:"),
	{ 0, "with", "RECORDS", TAKES_DOCUMENTS,
	  .help = "take the images from RECORDS (- is standard input); "
		"leave out images that they lack",
	  .place = offsetof(struct job, with) },
	{ 0, "add", "RECORDS", TAKES_DOCUMENTS,
	  .help = "take images from RECORDS, too: replace those that "
		"exist, add the others",
	  .place = offsetof(struct job, add) },
	{ 0, "filter", "COMMAND", TAKES_TEXT,
	  .help = "pipe the records of SOURCE through the shell command "
		"COMMAND, and make the images from what it prints",
	  .place = offsetof(struct job, command) },
	{ 0, "drop", "GLOB", TAKES_TEXT, .call = add_drop, .many = true,
	  .help = "leave out files whose name matches GLOB; may be repeated" },
	OPTION_FLAG(0, "images-only", struct job, images_only,
		    "copy only images that records describe, and their "
		    "pages; list what is left out"),
	OPTION_HEADING("Pages:"),
	OPTION_FLAG(0, "flatten", struct job, flatten,
		    "copy the pages of parents, too, so that the copy "
		    "needs no parent"),
	{ 0, "compress", "[=BLOCK]", TAKES_TEXT, .call = set_compress,
	  .help = "store pages as LZ4 blocks of BLOCK bytes (default: "
		"256K; from 4096 to 4M)" },
	OPTION_FLAG(0, "decompress", struct job, decompress,
		    "store pages without compression"),
	{ 0, "acceleration", "N", TAKES_TEXT, .call = set_acceleration,
	  .help = "LZ4's acceleration (default: 1); larger numbers are "
		"faster and compress less" },
	OPTION_FLAG(0, "drop-zero", struct job, drop_zero,
		    "leave out pages of zeros in private anonymous memory"),
	OPTION_FLAG(0, "no-memory", struct job, no_memory,
		    "keep all mappings, but without contents: pages read "
		    "as zeros"),
	OPTION_FLAG(0, "in-place", struct job, in_place,
		    "change the images in the directory SOURCE; give no "
		    "DESTINATION"),
	OPTION_FLAG(0, "backup", struct job, backup,
		    "with --in-place: keep each replaced image as NAME.bak"),
	OPTION_FLAG(0, "report", struct job, report,
		    "print what was done with each pagemap, as crit "
		    "compress does"),
	OPTION_FLAG(0, "force", struct job, force,
		    "with --in-place: remove pages even if another "
		    "checkpoint may need them"),
	OPTION_HEADING("More:"),
	{ 0, "progress-fd", "N", TAKES_TEXT, .call = set_progress,
	  .help = "write progress to file descriptor N, as "
		"criu-image-streamer does" },
	OPTION_SCHEMA(struct job, schema_file),
	OPTION_VERBOSE(struct job, verbose, "report what is being done"),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Merge an incremental checkpoint:", "crit-copy --flatten 3 whole" },
	{ "Change a checkpoint on its way into an archive:",
	  "crit-copy -f tar --filter 'jq -c ...' DIR - | zstd > new.tar.zst" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... SOURCE DESTINATION",
	.about = "Copy a whole checkpoint, and change it on the way.\n"
		"SOURCE is a checkpoint, or criu:DIR for criu dump --stream -D "
		"DIR.\n"
		"DESTINATION is a new directory, a file (with -f), - for standard "
		"output,\n"
		"or criu:DIR for criu restore --stream -D DIR.",
	.rows = rows,
	.operand = TAKES_CHECKPOINT,
	.examples = examples,
};

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n >= k && !strcmp(s + n - k, end);
}

static void check_destination(const struct job *j)
{
	struct stat st;
	const char *to = j->to;

	if (j->format == FORMAT_DIR && (!strcmp(to, "-") ||
	    ends_in(to, ".tar") || ends_in(to, ".tgz") ||
	    ends_in(to, ".stream") || strstr(to, ".tar.")))
		filter_usage("%s: use -f tar or -f stream", to);
	if (j->format == FORMAT_DIR && !lstat(to, &st))
		filter_usage("%s exists: DESTINATION must be a new "
			"directory", to);
	if (j->format != FORMAT_DIR && !strcmp(to, "-") &&
	    isatty(STDOUT_FILENO))
		filter_usage("refusing to write a binary archive to a terminal; "
			     "use a file or a pipe");
}

static bool has_dotdot(const char *path)
{
	for (size_t n; *path; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == 2 && !memcmp(path, "..", 2))
			return true;
	}
	return false;
}

/* Readers refuse member names that lead out of the archive. */
static void check_prefix(const struct job *j)
{
	if (!j->prefix)
		return;
	if (j->format != FORMAT_TAR)
		filter_usage("--prefix needs -f tar");
	if (*j->prefix == '/' || has_dotdot(j->prefix))
		filter_usage("--prefix %s leads out of the archive: expected a "
			     "relative path without ..", j->prefix);
}

static void check_options(struct job *j)
{
	if (j->compress + j->decompress > 1)
		filter_usage("--compress and --decompress exclude each other");
	if ((j->with != NULL) + (j->add != NULL) + (j->command != NULL) > 1)
		filter_usage("only one of --with, --add, --filter");
	if (j->with && !strcmp(j->with, "-") && !strcmp(j->from, "-"))
		filter_usage("SOURCE and RECORDS cannot both be standard input");
	if (j->n_shards && j->format != FORMAT_STREAM)
		filter_usage("--to-shard needs -f stream");
	check_prefix(j);
	if (j->in_place && !job_rewrites(j))
		filter_usage("--in-place needs --flatten, --compress, "
			     "--decompress, --drop-zero or --no-memory");
	if ((j->backup && !j->in_place) ||
	    (j->report && !(j->compress || j->decompress)))
		filter_usage("--backup needs --in-place; --report needs "
			"--compress or --decompress");
	if (j->in_place && !j->force && (j->no_memory || j->drop_zero))
		filter_usage("--no-memory and --drop-zero remove pages "
			"that another checkpoint may need, if this one is "
			"its parent; use --force to remove them in place");
	if (!j->in_place && !j->serves)
		check_destination(j);
}

int main(int argc, char **argv)
{
	static struct job j = { .progress = -1, .acceleration = 1 };
	int first = tool_options(&tool, &j, argc, argv);

	if (first == argc)
		tool_missing(&tool, j.in_place ? "--in-place takes one SOURCE" :
			     "expected SOURCE and DESTINATION");
	if (argc - first != (j.in_place ? 1 : 2))
		filter_usage(j.in_place ? "--in-place takes one SOURCE" :
			     "expected SOURCE and DESTINATION");
	j.from = argv[first];
	j.to = j.in_place ? j.from : argv[first + 1];
	j.captures = !strncmp(j.from, "criu:", 5);
	j.serves = !strncmp(j.to, "criu:", 5);
	if (!strcmp(j.from, "criu:") || !strcmp(j.to, "criu:"))
		filter_usage("criu: needs a directory: criu:DIR");
	if (!*j.from || !*j.to)
		filter_usage("the name of the checkpoint is empty");
	check_options(&j);
	error_clear(&j.err);
	j.schema = load_schema(j.schema_file, &j.loaded, &j.err);
	if (!j.schema || !job_run(&j))
		return filter_end(filter_error(&j.err));
	return filter_end(FILTER_OK);
}
