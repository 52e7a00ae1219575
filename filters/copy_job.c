// SPDX-License-Identifier: MIT
#include "copy_job.h"
#include "copy/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

bool job_rewrites(const struct job *j)
{
	return j->flatten || j->compress || j->decompress || j->drop_zero ||
	       j->no_memory;
}

/* One line tells of all, or -v of each. */
static void left_out(void *ctx, const char *path)
{
	struct job *j = ctx;
	size_t at = strlen(j->left_out);

	if (j->verbose) {
		filter_warn("%s: left out", path);
		return;
	}
	if (j->n_left_out++ == j->n_left_out_named &&
	    (!at || at + strlen(path) + 3 < sizeof(j->left_out))) {
		snprintf(j->left_out + at, sizeof(j->left_out) - at, "%s%s",
			 at ? ", " : "", path);
		j->n_left_out_named++;
	}
}

static void tell_left_out(const struct job *j)
{
	size_t more = j->n_left_out - j->n_left_out_named;

	if (more)
		filter_warn("left out: %s and %zu more (-v names all)",
			    j->left_out, more);
	else if (j->n_left_out)
		filter_warn("left out: %s", j->left_out);
}

static void warn(void *ctx, const char *name, const char *what)
{
	(void)ctx;
	filter_warn("%s: %s", name, what);
}

static void tell_rewrote(void *ctx, const char *base,
			 const struct pages_counts *c)
{
	const struct job *j = ctx;

	if (j->report)
		printf("  %s.img: %" PRIu64 " pages, %" PRIu64 " -> %" PRIu64
		       " bytes\n", base, c->pages, c->before, c->after);
	else if (j->verbose)
		filter_warn("%s: %" PRIu64 " pages, %" PRIu64 " bytes (before: %"
			    PRIu64 "), %" PRIu64 " pages of zeros left out",
			    base, c->pages, c->after, c->before, c->dropped);
}

/* A parent that the copy does not hold. */
static void tell_parent(const struct job *j, const struct store *s)
{
	struct store parent;

	if (j->flatten || !store_parent(s, &parent))
		return;
	store_close(&parent);
	filter_warn("some pages may lie in the parent of %s, which is not "
		"copied; use --flatten to copy them, too", j->from);
}

struct copy job_copy(struct job *j)
{
	const struct store *s = j->changed ? &j->overlay.store :
		j->has_store ? &j->store : NULL;
	struct copy c = {
		.store = s, .source = j->from, .at = "", .prefix = "",
		.target = j->target, .changes = j->changed ? &j->changes : NULL,
		.whole = j->whole, .drop = (const char *const *)j->drop,
		.dropped = j->dropped, .n_drop = j->n_drop, .images_only = j->images_only,
		.flat = j->format == FORMAT_STREAM || j->serves,
		.changed_only = j->in_place, .rewrite = job_rewrites(j),
		.sized = j->format == FORMAT_TAR,
		.left_out = left_out, .warn = warn, .rewrote = tell_rewrote, .ctx = j,
		.err = &j->err,
	};

	c.pages = (struct pages_options){
		.flatten = j->flatten, .drop_zero = j->drop_zero,
		.no_memory = j->no_memory, .block = j->block,
		.acceleration = j->acceleration,
	};
	/* pages stay packed as they were unless something else is asked for */
	if (c.rewrite && !j->compress && !j->decompress)
		c.pages.block = copy_inventory_block(s, &j->err);
	return c;
}

bool job_changes(struct job *j)
{
	const char *path = j->with ? j->with : j->add;
	int fd;
	bool ok;

	if (!path && !j->command)
		return true;
	j->whole = j->with || j->command;
	j->changed = true;
	if (j->command) {
		ok = command_run(j->command, &j->store, &j->changes, &j->err);
	} else {
		fd = filter_open_records(path, &j->err);
		if (fd < 0)
			return false;
		ok = changes_read(&j->changes, fd, j->schema, &j->err);
		if (fd)
			close(fd);
	}
	return ok && overlay_open(&j->overlay, &j->store, &j->changes, j->whole,
				  &j->err);
}

static void close_fd(struct blob *b)
{
	close(b->fd);
}

static bool inside(const char *path, const char *dir)
{
	char real[PATH_MAX], up[PATH_MAX], *slash;
	size_t n;

	snprintf(up, sizeof(up), "%s", path);
	slash = strrchr(up, '/');
	if (slash)
		slash[slash == up] = 0;
	else
		strcpy(up, ".");
	if (!realpath(up, real) || !realpath(dir, up))
		return false;
	n = strlen(up);
	return !strncmp(real, up, n) && (!real[n] || real[n] == '/');
}

/* The file that the copy becomes, where it has a name; NULL: none. */
static const char *to_path(const struct job *j, char out[PATH_MAX])
{
	struct stat st;
	ssize_t n;

	if (strcmp(j->to, "-"))
		return j->to;
	n = fstat(STDOUT_FILENO, &st) || !S_ISREG(st.st_mode) ? -1 :
		readlink("/proc/self/fd/1", out, PATH_MAX - 1);
	if (n < 0)
		return NULL;
	out[n] = 0;
	return out;
}

/* CRIU's crit compress and decompress: what they say, and when there is
 * nothing to do. */
static bool job_report_begin(struct job *j, bool *go_on)
{
	uint32_t block = copy_inventory_block(&j->store, &j->err);
	struct store parent;
	bool any = false;

	for (size_t i = 0; i < j->store.n; i++)
		any |= !strncmp(j->store.files[i].name, "pagemap-", 8);
	printf("%s checkpoint in %s\n", j->compress ? "Compressing" :
	       "Decompressing", j->from);
	*go_on = any && j->compress == !block;
	if (!any)
		printf("No pagemap files found in %s\n", j->from);
	else if (!*go_on)
		printf("%s is already %s\n", j->from, j->compress ?
		       "compressed" : "uncompressed");
	if (!*go_on || !j->compress || !store_parent(&j->store, &parent))
		return !error_is(&j->err);
	block = copy_inventory_block(&parent, &j->err);
	store_close(&parent);
	return !block || error_set(&j->err, CRIT_EDATA, "the parent of %s "
		"is compressed: only the newest checkpoint of a chain can "
		"be compressed", j->from);
}

bool job_copy_store(struct job *j)
{
	char out[PATH_MAX];
	const char *to = to_path(j, out);
	bool ok, go_on = true;
	struct copy c;

	if (!j->in_place && j->source.content == CONTENT_DIR && to &&
	    inside(to, j->from))
		return error_set(&j->err, CRIT_EUSAGE, "%s lies inside of %s",
				 to, j->from);
	if (j->has_store)
		tell_parent(j, &j->store);
	if (j->report && !job_report_begin(j, &go_on))
		return false;
	if (!go_on)
		return true;
	if (!job_open_target(j))
		return job_close_target(j, false);
	c = job_copy(j);
	c.prefix = j->prefix ? j->prefix : "";
	ok = !error_is(&j->err) && copy_whole(&c, j->has_store ? &j->store :
		NULL, &j->source, j->from);
	ok = job_close_target(j, ok);
	if (ok)
		tell_left_out(j);
	for (size_t i = 0; ok && i < j->n_drop; i++)
		if (!j->dropped[i])
			filter_warn("--drop %s: no such file in %s", j->drop[i],
				    j->from);
	if (ok && j->in_place && j->flatten)
		ok = to_place_forget_parent(j->from, &j->err);
	if (ok && j->report)
		puts("Done");
	return ok;
}

static void note(void *ctx, const char *what)
{
	filter_warn("%s: %s", ((struct job *)ctx)->from, what);
}

/* The store reads the source for itself; a pipe becomes a file that both
 * read. */
static bool open_store(struct job *j)
{
	const struct store_how how = {
		.follow = j->follow, .whole = true, .at = j->at, .parent = j->parent,
		.shards = j->from_shards, .n_shards = j->n_from_shards,
		.note = j->verbose ? note : NULL, .ctx = j,
	};
	struct source s = { .dir = -1 };
	struct blob b = BLOB_NONE;

	if (j->source.content != CONTENT_DIR && source_is_pipe(&j->source) &&
	    !source_spool(&j->source, &j->err))
		return false;
	if (j->source.spooled) {
		b = (struct blob){
			.fd = dup(j->source.raw.fd),
			.start = j->source.raw.start,
			.size = j->source.raw.size, .close = close_fd,
		};
		if (b.fd < 0)
			return error_sys(&j->err, errno, "cannot duplicate");
		return source_open_blob(&s, &b, j->source.name, j->schema,
					&j->err) &&
		       store_open_source(&j->store, &s, j->schema, &how,
					 &j->err) &&
		       store_list(&j->store, j->from, &j->err);
	}
	return store_open_how(&j->store, j->from, j->schema, &how, &j->err) &&
	       store_list(&j->store, j->from, &j->err);
}

/* Without changes an archive is copied member by member, as it comes. */
static bool wants_store(const struct job *j)
{
	return j->with || j->add || j->command || job_rewrites(j) ||
	       j->images_only || j->serves || j->at || j->parent ||
	       j->n_from_shards || j->format == FORMAT_STREAM;
}

bool job_run_store(struct job *j)
{
	bool store = wants_store(j);
	bool ok;

	filter_reads(j->from);
	ok = source_open(&j->source, j->from, j->schema, store, NULL, &j->err);
	j->has_store = ok && (store || j->source.layout ||
			      j->source.content != CONTENT_TAR);
	if (j->has_store)
		ok = open_store(j) &&
		     store_has_images(&j->store, j->source.name, &j->err) &&
		     job_changes(j);
	if (ok)
		ok = j->serves ? job_serve(j) : job_copy_store(j);
	if (j->changed) {
		overlay_close(&j->overlay);
		changes_close(&j->changes);
	}
	if (j->has_store)
		store_close(&j->store);
	source_close(&j->source);
	return ok;
}

bool job_run(struct job *j)
{
	j->dir.fd = j->socket.listener = j->socket.peer = -1;
	job_catch_signals(j);
	signal(SIGPIPE, j->serves || j->captures ? SIG_IGN : SIG_DFL);
	return j->captures ? job_capture(j) : job_run_store(j);
}
