// SPDX-License-Identifier: MIT
/*
 * Tasks, descriptors, sockets and resident pages through the API.
 */
#include "api/explore.h"
#include "schema/pretty.h"

/* Tasks. */

enum { DEPTH_UNKNOWN = UINT32_MAX, DEPTH_ON_WAY = UINT32_MAX - 1 };

static const struct model_task *parent(const struct model *m,
				       const struct model_task *t)
{
	const struct model_task *p = t->ppid ? model_task(m, t->ppid) : NULL;

	return p && p->listed ? p : NULL;
}

/* The depth of the i-th task and all above it. Rings have no depth. */
static void find_depth(const struct model *m, uint32_t *depth, size_t i)
{
	const struct model_task *t = model_nth(m, i);
	uint32_t base = 0, steps = 0;

	while (t && depth[t->place] == DEPTH_UNKNOWN) {
		depth[t->place] = DEPTH_ON_WAY;
		steps++;
		t = parent(m, t);
	}
	if (t && depth[t->place] != DEPTH_ON_WAY)
		base = depth[t->place] + 1;
	for (t = model_nth(m, i); steps; t = parent(m, t))
		depth[t->place] = base + --steps;
}

static bool give_task(const struct model *m, const struct model_task *t,
		      uint32_t depth, struct explore *x,
		      bool (*task)(void *ctx, const struct crit_task *),
		      void *ctx)
{
	struct crit_task out = {
		.pid = t->pid, .ppid = t->ppid, .pgid = t->pgid, .sid = t->sid,
		.state = t->state, .exit_code = t->exit_code, .depth = depth,
		.n_threads = t->n_threads,
	};
	size_t at;

	x->text.n = 0;
	at = explore_keep(x, model_text(m, t->comm), t->comm.len);
	out.comm = explore_text(x, at);
	if (t->n_threads)
		out.threads = (const uint32_t *)m->threads.p + t->threads;
	/* CRIU writes a thread 0 for a zombie */
	if (t->n_threads == 1 && !*out.threads)
		out.n_threads = 0;
	return task(ctx, &out);
}

bool crit_tasks(struct crit_dir *dir,
		bool (*task)(void *ctx, const struct crit_task *), void *ctx,
		struct crit_error *err)
{
	struct explore *x;
	uint32_t *depth;
	bool ok;
	API(dir->c);

	x = alloc(sizeof(*x));
	if (!x)
		return api_no_memory(err);
	ok = explore_begin(x, dir, "ps", 0, err);
	if (ok) {
		size_t n = model_count(&x->model);

		depth = alloc(n * sizeof(*depth) + 1);
		if (!depth)
			error_set(&x->err, CRIT_ENOMEM, "out of memory");
		for (size_t i = 0; depth && i < n; i++)
			depth[i] = DEPTH_UNKNOWN;
		for (size_t i = 0; depth && i < n; i++) {
			const struct model_task *t = model_nth(&x->model, i);

			find_depth(&x->model, depth, i);
			view_has(&x->view, t, MODEL_CORE, "core-");
			if (!give_task(&x->model, t, depth[i], x, task, ctx))
				break;
		}
		alloc_free(depth);
		ok = explore_end(x, err);
	}
	alloc_free(x);
	return ok;
}

/* The others go through tasks that are alive. */

struct asking {
	bool (*descriptor)(void *ctx, const struct crit_descriptor *);
	bool (*socket)(void *ctx, const struct crit_socket *);
	bool (*pages)(void *ctx, const struct crit_pages *);
	void *ctx;
	uint32_t pid;
	bool stop;
};

static bool ask(struct crit_dir *dir, const char *what, uint32_t pid,
		bool (*task)(void *ctx, struct explore *,
			     const struct model_task *),
		struct asking *a, struct crit_error *err)
{
	struct explore *x = alloc(sizeof(*x));
	bool ok;

	if (!x)
		return api_no_memory(err);
	ok = explore_begin(x, dir, what, pid, err);
	if (ok) {
		explore_tasks(x, task, a);
		ok = explore_end(x, err);
	}
	alloc_free(x);
	return ok;
}

static bool give_descriptor(struct asking *a, struct explore *x,
			    const struct model_task *t,
			    const struct model_fd *fd, const char *at)
{
	struct crit_descriptor d = {
		.pid = t->pid, .at = at, .fd = fd->fd, .flags = fd->flags,
		.id = fd->id,
	};
	size_t type, path, notes, facts;

	x->text.n = 0;
	type = explore_type(x, fd->type);
	path = explore_path(x, fd->type, fd->id);
	d.path_size = x->view.line.n;
	facts = explore_facts(x, fd->type, fd->id);
	notes = explore_notes(x, fd->type, fd->id);
	d.type = explore_text(x, type);
	d.path = explore_text(x, path);
	d.facts = facts ? explore_text(x, facts) : NULL;
	d.notes = notes ? explore_text(x, notes) : NULL;
	return a->descriptor(a->ctx, &d);
}

static bool task_descriptors(void *ctx, struct explore *x,
			     const struct model_task *t)
{
	const struct model_table *table = view_table(&x->view, t);
	const struct model_fd *fd = x->model.fds.p;
	struct model_fd cwd = { .type = FD_REG, .id = t->cwd },
			root = { .type = FD_REG, .id = t->root };
	bool go_on = true;

	for (uint32_t i = 0; table && i < table->n_fds && go_on; i++)
		go_on = give_descriptor(ctx, x, t, &fd[table->fds + i], NULL);
	return go_on && (!view_has(&x->view, t, MODEL_FS, "fs-") ||
			 (give_descriptor(ctx, x, t, &cwd, "cwd") &&
			  give_descriptor(ctx, x, t, &root, "root")));
}

bool crit_descriptors(struct crit_dir *dir, uint32_t pid,
		      bool (*found)(void *ctx, const struct crit_descriptor *),
		      void *ctx, struct crit_error *err)
{
	struct asking a = { .descriptor = found, .ctx = ctx };
	API(dir->c);

	return ask(dir, "fds", pid, task_descriptors, &a, err);
}

static bool is_socket(int32_t type)
{
	return type == FD_INETSK || type == FD_UNIXSK || type == FD_PACKETSK ||
	       type == FD_NETLINKSK;
}

/* 127.0.0.1, ::1, or nothing. */
static size_t keep_address(struct explore *x, const struct model_socket *s,
			   int side)
{
	uint32_t n = s->n_words[side];
	char text[64], *end;

	if (!address_fits(n))
		return explore_keep(x, "", 0);
	end = pretty_address(text, s->address[side], n);
	return explore_keep(x, text + 1, (size_t)(end - text) - 2);
}

static bool give_socket(struct asking *a, struct explore *x,
			const struct model_task *t, const struct model_fd *fd)
{
	static const struct model_socket none;
	const struct model_file *f = model_file(&x->model, fd->type, fd->id);
	const struct model_socket *s = f && f->socket ?
		(const struct model_socket *)x->model.sockets.p + f->socket - 1 :
		&none;
	struct crit_socket out = {
		.pid = t->pid, .fd = fd->fd, .id = fd->id,
		.family = view_socket_family(fd->type, s), .type = s->type,
		.protocol = s->protocol, .state = s->state,
		.source_port = s->port[0], .destination_port = s->port[1],
		.ino = f ? f->ino : 0, .peer = f ? f->peer : 0,
		.send_buffer = s->sndbuf, .receive_buffer = s->rcvbuf,
	};
	size_t kind, source, destination;

	x->text.n = 0;
	kind = explore_type(x, fd->type);
	source = fd->type == FD_UNIXSK && f ?
		explore_keep(x, model_text(&x->model, f->name), f->name.len) :
		keep_address(x, s, 0);
	destination = keep_address(x, s, 1);
	out.kind = explore_text(x, kind);
	out.source = explore_text(x, source);
	out.source_size = fd->type == FD_UNIXSK && f ? f->name.len :
		strlen(out.source);
	out.destination = explore_text(x, destination);
	return a->socket(a->ctx, &out);
}

static bool task_sockets(void *ctx, struct explore *x,
			 const struct model_task *t)
{
	const struct model_table *table = view_table(&x->view, t);
	const struct model_fd *fd = x->model.fds.p;

	for (uint32_t i = 0; table && i < table->n_fds; i++)
		if (is_socket(fd[table->fds + i].type) &&
		    !give_socket(ctx, x, t, &fd[table->fds + i]))
			return false;
	return true;
}

bool crit_sockets(struct crit_dir *dir, uint32_t pid,
		  bool (*found)(void *ctx, const struct crit_socket *),
		  void *ctx, struct crit_error *err)
{
	struct asking a = { .socket = found, .ctx = ctx };
	API(dir->c);

	return ask(dir, "sk", pid, task_sockets, &a, err);
}

static void give_pages(void *ctx, const struct page_run *run)
{
	struct asking *a = ctx;

	if (a->stop)
		return;
	a->stop = !a->pages(a->ctx, &(struct crit_pages){
		.pid = a->pid, .address = run->vaddr, .pages = run->n_pages,
		.present = run->flags & PAGEMAP_PRESENT,
		.parent = run->flags & PAGEMAP_PARENT,
		.lazy = run->flags & PAGEMAP_LAZY,
	});
}

static bool task_pages(void *ctx, struct explore *x, const struct model_task *t)
{
	struct asking *a = ctx;

	a->pid = t->pid;
	model_dir_runs(&x->images, t, give_pages, a);
	return !a->stop;
}

bool crit_resident(struct crit_dir *dir, uint32_t pid,
		   bool (*found)(void *ctx, const struct crit_pages *),
		   void *ctx, struct crit_error *err)
{
	struct asking a = { .pages = found, .ctx = ctx };
	API(dir->c);

	return ask(dir, "rss", pid, task_pages, &a, err);
}
