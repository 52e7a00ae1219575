// SPDX-License-Identifier: MIT
/*
 * What must be there where the checkpoint is restored, and what CRIU is to be
 * told.
 *
 *   tasks, descriptors, mapped files, container ─► lines
 */
#include "draw/report.h"

#include <inttypes.h>
#include <stdio.h>

enum { PIDS = 16, FILES = 200 };

static void engine(struct page *g)
{
	static const char *const how[ENGINES] = {
		[ENGINE_PODMAN] = "Podman: <code>podman container restore "
			"--import FILE</code>, and the image above.",
		[ENGINE_CRIO] = "CRI-O: a pod whose container has this "
			"checkpoint, as an OCI image or an archive, as its image.",
		[ENGINE_CONTAINERD] = "containerd: <code>ctr containers restore"
			"</code>, or its CRI plugin.",
	};
	const struct container *c = g->summary.container;

	if (c && how[c->engine])
		markup(g->draw.out, "<li>%s</li>\n", how[c->engine]);
}

static void pids(struct look *l, struct out *out)
{
	size_t n = model_count(&l->model);

	markup(out, "<li>These process ids, free or in a new PID namespace: ");
	for (size_t i = 0; i < n && i < PIDS; i++)
		markup(out, "%s%" PRIu32, i ? ", " : "",
		       model_nth(&l->model, i)->pid);
	if (n > PIDS)
		markup(out, " and %zu more", n - PIDS);
	markup(out, ".</li>\n");
}

struct counts {
	uint64_t established, listening, ttys, unix_out;
};

static void count_inet(const struct model *m, const struct model_file *f,
		       struct counts *c)
{
	const struct model_socket *s = f->socket ?
		(const struct model_socket *)m->sockets.p + f->socket - 1 : NULL;

	if (!s)
		return;
	c->established += s->state == SK_STATE_ESTABLISHED &&
		s->protocol == SK_PROTO_TCP;
	c->listening += s->state == SK_STATE_LISTEN;
}

/* Whether some unix socket of the checkpoint has this inode. */
static bool has_ino(const struct model *m, uint32_t ino)
{
	const struct model_file *f = m->files.p;

	for (size_t i = 0; i < m->files.n; i++)
		if (f[i].has & FILE_HAS_UNIX && f[i].ino == ino)
			return true;
	return false;
}

static struct counts count(const struct model *m)
{
	const struct model_file *f = m->files.p;
	struct counts c = { 0 };

	for (size_t i = 0; i < m->files.n; i++) {
		if (f[i].type == FD_INETSK)
			count_inet(m, &f[i], &c);
		c.ttys += f[i].type == FD_TTY;
		c.unix_out += f[i].has & FILE_HAS_UNIX && f[i].peer &&
			!has_ino(m, f[i].peer);
	}
	return c;
}

static void line(struct out *out, uint64_t n, const char *what,
		 const char *need)
{
	char text[80];

	words_count(text, sizeof(text), n, what);
	if (n)
		markup(out, "<li>%s: %s</li>\n", text, need);
}

static void files(const struct page *g)
{
	const struct mapped_files *m = &g->space.mapped;
	struct out *out = g->draw.out;
	size_t n = 0;

	if (!m->n)
		return;
	markup(out, "<li>The same files at the same paths (%zu are mapped), "
	       "besides those that are open.\n<details><summary>mapped files"
	       "</summary><ul>\n", m->n);
	for (size_t i = 0; i < m->n && n < FILES; i++) {
		const char *name = m->files[i].name;

		if (!name || m->files[i].memfd)
			continue;
		n++;
		markup(out, "<li>");
		markup_string(out, name);
		markup(out, "</li>\n");
	}
	if (!n)
		markup(out, "<li>names are not known</li>\n");
	markup(out, "</ul></details></li>\n");
}

void report_needs(struct page *g)
{
	struct out *out = g->draw.out;
	struct counts c;
	struct look l;

	markup(out, "<ul>\n");
	engine(g);
	if (look_open(&l, &g->draw, EXPLORE_TASKS | MODEL_NAMES | MODEL_SOCKETS |
		      MODEL_SOCKET_DATA, NULL, 0)) {
		c = count(&l.model);
		pids(&l, out);
		line(out, c.listening, "listening socket", "its address and port, "
		     "not in use.");
		line(out, c.established, "TCP connection", "<code>criu restore "
		     "--tcp-established</code>, the same addresses, and a peer "
		     "that still waits; or <code>--tcp-close</code>.");
		line(out, c.unix_out, "unix socket with a peer outside",
		     "<code>--external</code> or <code>--ext-unix-sk</code>.");
		line(out, c.ttys, "terminal", "<code>--shell-job</code>, where "
		     "it is the terminal of a shell outside.");
	}
	look_close(&l);
	error_clear(g->draw.err);
	files(g);
	line(out, g->space.bytes.parent / 4096, "page in a parent",
	     "the checkpoint that this one continues, as <code>parent</code>.");
	line(out, g->space.bytes.lazy / 4096, "page with a page server",
	     "<code>criu lazy-pages</code>, connected to it.");
	markup(out, "<li>Root, or CAP_CHECKPOINT_RESTORE; "
	       "<code>crit-check</code> looks at the images and at the machine "
	       "more closely.</li>\n</ul>\n");
}

static void part(struct out *out, bool *any, uint64_t n, const char *what,
		 const char *need)
{
	char text[80];

	if (!n)
		return;
	words_count(text, sizeof(text), n, what);
	markup(out, "%s%s%s", *any ? "; " : "", text, need);
	*any = true;
}

void report_needs_short(struct page *g)
{
	static const char *const engines[ENGINES] = {
		[ENGINE_PODMAN] = "podman and its image", [ENGINE_CRIO] =
		"CRI-O and its image", [ENGINE_CONTAINERD] = "containerd and its "
		"image",
	};
	const struct container *c = g->summary.container;
	struct out *out = g->draw.out;
	struct counts n = { 0 };
	bool any = false;
	struct look l;

	if (look_open(&l, &g->draw, EXPLORE_TASKS | MODEL_NAMES | MODEL_SOCKETS |
		      MODEL_SOCKET_DATA, NULL, 0))
		n = count(&l.model);
	if (c && engines[c->engine]) {
		markup(out, "%s", engines[c->engine]);
		any = true;
	}
	part(out, &any, model_count(&l.model), "free process id", "");
	part(out, &any, g->space.mapped.n, "mapped file", " at the same paths");
	part(out, &any, n.listening, "free address", "");
	part(out, &any, n.established, "TCP connection",
	     " (<code>--tcp-established</code>)");
	part(out, &any, n.unix_out, "unix peer outside",
	     " (<code>--ext-unix-sk</code>)");
	part(out, &any, n.ttys, "terminal", " (<code>--shell-job</code>)");
	part(out, &any, g->space.bytes.parent / 4096, "page", " of a parent");
	part(out, &any, g->space.bytes.lazy / 4096, "page", " of a page server");
	look_close(&l);
	error_clear(g->draw.err);
}
