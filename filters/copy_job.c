// SPDX-License-Identifier: MIT
#include "copy_job.h"

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

/* What a signal must remove; output_file.c removes its own. */
static struct job *volatile running;

static void die_by(int sig)
{
	struct job *j = running;

	if (j) {
		to_dir_remove(&j->dir);
		stream_socket_remove(&j->socket);
		if (j->file.temp[0])
			unlink(j->file.temp);
		if (j->place.dir.temp[0])
			to_dir_remove_tree_at(j->place.dir.fd,
					      j->place.dir.temp);
		if (j->temp[0])
			to_dir_remove_tree(j->temp);
	}
	raise(sig);	/* the handler was for once */
}

static void catch_signals(struct job *j)
{
	static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = die_by, .sa_flags = SA_RESETHAND };
	struct sigaction old;

	running = j;
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		if (!sigaction(deadly[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
}

bool job_rewrites(const struct job *j)
{
	return j->flatten || j->compress || j->decompress || j->drop_zero ||
	       j->no_memory;
}

static void left_out(void *ctx, const char *path)
{
	(void)ctx;
	filter_warn("%s: left out", path);
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
		    "copied; --flatten takes them along", j->from);
}

struct copy job_copy(struct job *j)
{
	const struct store *s = j->changed ? &j->overlay.store : &j->store;
	struct copy c = {
		.store = s, .source = j->from, .at = "", .prefix = "",
		.target = j->target, .changes = j->changed ? &j->changes : NULL,
		.whole = j->whole, .drop = (const char *const *)j->drop,
		.n_drop = j->n_drop, .images_only = j->images_only,
		.flat = j->format == FORMAT_STREAM || j->serves,
		.changed_only = j->in_place, .rewrite = job_rewrites(j),
		.sized = j->format == FORMAT_TAR,
		.left_out = left_out, .rewrote = tell_rewrote, .ctx = j,
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
		fd = filter_open(path, &j->err);
		if (fd < 0)
			return false;
		ok = changes_read(&j->changes, fd, j->schema, &j->err);
		if (fd)
			close(fd);
	}
	return ok && overlay_open(&j->overlay, &j->store, &j->changes, j->whole,
				  &j->err);
}

static bool open_output(struct job *j)
{
	if (!strcmp(j->to, "-")) {
		j->fds[0] = STDOUT_FILENO;
		return true;
	}
	if (!output_file_open_plain(&j->file, j->to, OUTPUT_PRIVATE, &j->err))
		return false;
	j->fds[0] = j->file.fd;
	return true;
}

static bool open_shards(struct job *j)
{
	for (size_t i = 0; i < j->n_shards; i++) {
		j->fds[i + 1] = open(j->shards[i], O_WRONLY | O_CREAT | O_TRUNC |
				     O_CLOEXEC, 0600);
		if (j->fds[i + 1] >= 0)
			continue;
		snprintf(j->err.image, sizeof(j->err.image), "%.250s",
			 j->shards[i]);
		return error_sys(&j->err, errno, "cannot open");
	}
	return to_stream_open(&j->stream, j->fds, j->n_shards + 1, &j->err);
}

bool job_open_target(struct job *j)
{
	if (j->in_place) {
		j->target = &j->place.target;
		if (!to_place_open(&j->place, j->to, &j->err))
			return false;
		j->place.backup = j->backup;
		return true;
	}
	if (j->format == FORMAT_DIR) {
		j->target = &j->dir.target;
		return to_dir_open(&j->dir, j->to, &j->err);
	}
	if (!open_output(j))
		return false;
	if (j->format == FORMAT_TAR) {
		j->target = &j->tar.target;
		return to_tar_open(&j->tar, j->fds[0], j->to, &j->err);
	}
	j->target = &j->stream.target;
	return open_shards(j);
}

static bool close_shards(struct job *j)
{
	for (size_t i = 0; i < j->n_shards; i++)
		if (j->fds[i + 1] > 0 && close(j->fds[i + 1])) {
			snprintf(j->err.image, sizeof(j->err.image), "%.250s",
				 j->shards[i]);
			error_sys(&j->err, errno, "cannot close");
		}
	return !error_is(&j->err);
}

bool job_close_target(struct job *j, bool ok)
{
	ok = ok && target_finish(j->target);
	if (!ok && j->target && j->target->ops)
		target_abort(j->target);
	ok = close_shards(j) && ok;
	if (j->format == FORMAT_DIR || !j->file.name)
		return ok;
	if (ok)
		return output_file_commit(&j->file, &j->err);
	output_file_abort(&j->file);
	return false;
}

static struct member plain_member(const char *name)
{
	return (struct member){
		.path = name, .type = MEMBER_FILE, .mode = 0600,
		.uid = geteuid(), .gid = getegid(),
		.mtime = (int64_t)time(NULL), .size = BLOB_UNKNOWN,
	};
}

bool job_each_image(struct job *j, struct copy *c)
{
	for (size_t i = 0; i < j->store.n; i++) {
		const char *name = j->store.files[i].name;
		struct member m = plain_member(name);
		struct blob b;
		bool ok;

		if (!j->store.files[i].regular ||
		    store_absent(&j->store, name))
			continue;
		if (!store_blob(&j->store, name, &b, &j->err))
			return false;
		j->err.image[0] = 0;
		m.size = b.size;
		ok = copy_member(c, &m, &b);
		blob_close(&b);
		if (!ok)
			return false;
	}
	return true;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
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
	return !block || error_set(&j->err, CRIT_EDATA, "the parent of %s is "
				   "compressed: only the newest checkpoint of a "
				   "chain can be", j->from);
}

/* Its pages are here now. */
static bool forget_parent(struct job *j)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/parent", j->from);
	if (!unlink(path) || errno == ENOENT)
		return true;
	snprintf(j->err.image, sizeof(j->err.image), "%.250s", path);
	return error_sys(&j->err, errno, "cannot remove");
}

bool job_copy_store(struct job *j)
{
	struct copy c;
	bool ok, go_on = true;

	if (!j->in_place && is_dir(j->from) && inside(j->to, j->from))
		return error_set(&j->err, CRIT_EUSAGE, "%s lies inside of %s",
				 j->to, j->from);
	tell_parent(j, &j->store);
	if (j->report && !job_report_begin(j, &go_on))
		return false;
	if (!go_on)
		return true;
	if (!job_open_target(j))
		return job_close_target(j, false);
	c = job_copy(j);
	c.prefix = j->prefix ? j->prefix : "";
	ok = !error_is(&j->err) &&
	     (c.flat || !is_dir(j->from) ? job_each_image(j, &c) :
	      tree_dir(j->from, copy_member, &c, &j->err)) && copy_end(&c);
	ok = job_close_target(j, ok);
	if (ok && j->in_place && j->flatten)
		ok = forget_parent(j);
	if (ok && j->report)
		puts("Done");
	return ok;
}

bool job_run_store(struct job *j)
{
	bool ok = store_open_list(&j->store, j->from, j->schema, j->follow,
				  &j->err) && job_changes(j);

	if (ok)
		ok = j->serves ? job_serve(j) : job_copy_store(j);
	if (j->changed) {
		overlay_close(&j->overlay);
		changes_close(&j->changes);
	}
	store_close(&j->store);
	return ok;
}

bool job_run(struct job *j)
{
	j->dir.fd = j->socket.listener = j->socket.peer = -1;
	catch_signals(j);
	signal(SIGPIPE, j->serves || j->captures ? SIG_IGN : SIG_DFL);
	return j->captures ? job_capture(j) : job_run_store(j);
}
