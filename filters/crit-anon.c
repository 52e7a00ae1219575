// SPDX-License-Identifier: MIT
/*
 *   records ─► what is private is hidden ─► records
 *                        └─► --map FILE
 */
#include "base/output_file.h"
#include "change.h"
#include "change/anon.h"
#include "codec/json_escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { TOLD = 4096, KEY_MAX = 4096 };

struct anon_job {
	struct change_job job;
	const char *key, *map;
	unsigned keep;
	bool keep_unknown;

	struct secret secret;
	struct anon_sink sink;
	struct crit_error err;
	struct output_file file;	/* of --map */
	struct out out;
	uint64_t told[TOLD];		/* hashes of what was told last */
};

/* Words of --keep, in the order of enum privacy from PRIVACY_NAME on. */
static const char kinds[] = "name path address key time bytes unknown";

static void read_keep(void *into, const struct option_row *row,
		      const char *arg)
{
	struct anon_job *a = into;
	char meant[160];
	int i = word_find(kinds, arg);

	(void)row;
	if (i < 0)
		filter_usage("unknown kind '%s'%s", arg,
			     word_meant(kinds, arg, meant));
	if (PRIVACY_NAME + i > PRIVACY_BYTES)
		a->keep_unknown = true;
	else
		a->keep |= 1u << (PRIVACY_NAME + i);
}

static bool read_key(struct anon_job *a)
{
	uint8_t key[KEY_MAX];
	size_t n = 0, k;
	struct in in;
	int fd;

	if (!a->key) {
		if (getrandom(key, 32, 0) != 32)
			return error_sys(&a->err, errno, "cannot get a random key");
		secret_init(&a->secret, key, 32);
		return true;
	}
	fd = filter_open(a->key, &a->err);
	if (fd < 0 || !in_open(&in, fd, &a->err))
		return false;
	for (const uint8_t *p; n < KEY_MAX &&
	     (k = in_some(&in, KEY_MAX - n, &p)); n += k)
		memcpy(key + n, p, k);
	in_close(&in);
	close(fd);
	secret_init(&a->secret, key, n);
	if (!n)
		error_set(&a->err, CRIT_EDATA, "the key is empty");
	if (error_is(&a->err))
		snprintf(a->err.image, sizeof(a->err.image), "%s", a->key);
	return !error_is(&a->err);
}

static char *put_text(char *o, const char *key, const char *p, size_t n)
{
	char text[SECRET_WORD_MAX + 1];

	o += sprintf(o, ",\"%s\":", key);
	snprintf(text, sizeof(text), "%.*s", (int)n, p);
	return json_escape_message(o, text);
}

/* A line of --map, if it is not among the last ones. */
static void tell(void *ctx, const char *kind, const char *from, size_t n_from,
		 const char *to, size_t n_to)
{
	struct anon_job *a = ctx;
	char text[2 * SECRET_WORD_MAX * JSON_GROWTH + 128], *o = text;
	uint64_t hash = 14695981039346656037u ^ (uint8_t)*kind;

	for (size_t i = 0; i < n_from; i++)
		hash = (hash ^ (uint8_t)from[i]) * 1099511628211u;
	if (a->told[hash % TOLD] == hash)
		return;
	a->told[hash % TOLD] = hash;
	o += sprintf(o, "{\"kind\":\"%s\"", kind);
	o = put_text(o, "from", from, n_from);
	o = put_text(o, "to", to, n_to);
	memcpy(o, "}\n", 2);
	out_put(&a->out, text, (size_t)(o + 2 - text));
}

static bool open_map(struct anon_job *a)
{
	if (!a->map)
		return true;
	if (!output_file_open(&a->file, a->map, OUTPUT_PRIVATE, &a->err) ||
	    !out_open(&a->out, a->file.fd, a->map, &a->err))
		return false;
	a->secret.tell = tell;
	a->secret.ctx = a;
	return true;
}

static void close_map(struct anon_job *a, bool ok)
{
	if (!a->map)
		return;
	if (ok && out_flush(&a->out))
		output_file_commit(&a->file, &a->err);
	else
		output_file_abort(&a->file);
	out_close(&a->out);
}

static struct forward *begin(struct change_job *job, struct sink *to,
			     const struct schema *schema,
			     struct crit_error *err)
{
	struct anon_job *a = (struct anon_job *)job;

	(void)schema;
	if (!anon_sink_init(&a->sink, &a->secret, to, err))
		return NULL;
	a->sink.keep = a->keep;
	a->sink.keep_unknown = a->keep_unknown;
	return &a->sink.forward;
}

static const struct option_row rows[] = {
	{ 'k', "key", "FILE", TAKES_FILE,
	  .help = "use the contents of FILE as the key: the same key "
		"replaces the same value in the same way (default: a "
		"random key)",
	  .place = offsetof(struct anon_job, key) },
	{ 0, "keep", "KIND", TAKES_WORD, kinds, .call = read_keep, .many = true,
	  .help = "keep values of this kind: name, path, address, key, "
		"time, bytes, or unknown (fields that the schema lacks); "
		"may be repeated" },
	{ 'm', "map", "FILE", TAKES_OUTPUT,
	  .help = "write to FILE what each value was replaced by",
	  .place = offsetof(struct anon_job, map) },
	OPTIONS_CHANGE(struct anon_job),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "A checkpoint that can be shown to others:",
	  "crit-decode DIR | crit-anon | crit-encode -d NEW" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... [FILE]...",
	.about = "Replace names, paths, addresses, keys, times and "
		"contents in a checkpoint, so\n"
		"that others may see it. Reads the records of crit-decode "
		"from each FILE, and\n"
		"writes records. With no FILE, or when FILE is -, reads "
		"standard input.",
	.rows = rows,
	.operand = TAKES_DOCUMENTS,
	.examples = examples,
	.see = "crit-anon, man crit-stream",
};

int main(int argc, char **argv)
{
	static struct anon_job a = { .job.begin = begin };
	int first = tool_options(&tool, &a, argc, argv), status;

	error_clear(&a.err);
	if (!read_key(&a) || !open_map(&a)) {
		close_map(&a, false);
		return filter_end(filter_error(&a.err));
	}
	status = change_files(&a.job, argv + first, argc - first);
	close_map(&a, !status);
	if (a.sink.dropped)
		filter_warn("warning: fields that are not in the schema were left "
			    "out (--keep unknown)");
	filter_worst(&status, filter_error(&a.err));
	anon_sink_free(&a.sink);
	return filter_end(status);
}
