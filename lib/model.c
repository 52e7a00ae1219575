// SPDX-License-Identifier: MIT
/*
 *   image ─► entry ─► values of the fields that count ─► entry_end ─► keep
 *                     (mm: a mapping is kept where its message ends)
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>

/* Values that an entry may bring. */
enum {
	V_NONE,
	V_PID, V_PPID, V_PGID, V_SID, V_THREAD,
	V_STATE, V_EXIT, V_COMM, V_THREAD_COMM, V_FILES_ID,
	V_FD, V_FD_ID, V_FD_TYPE, V_FD_FLAGS, V_CWD, V_ROOT,
	V_EXE, V_START, V_END, V_PGOFF, V_SHMID, V_PROT, V_FLAGS, V_STATUS,
	V_VADDR, V_PAGES, V_PAGES_COMPAT, V_IN_PARENT, V_RUN_FLAGS,
	V_ID, V_TYPE, V_NAME, V_PIPE, V_INO, V_PEER, V_UNIX_NAME, V_KEY,
	V_FAMILY, V_SK_TYPE, V_PROTO, V_SK_STATE, V_SPORT, V_DPORT, V_SADDR,
	V_DADDR, V_SNDBUF, V_RCVBUF,
	V_MAX,
};

_Static_assert(V_MAX <= (int)MODEL_VALUES, "room for each value");

static const struct {
	const char *message, *field;
	uint8_t value;
} fields[] = {
	{ "pstree_entry", "pid", V_PID },
	{ "pstree_entry", "ppid", V_PPID },
	{ "pstree_entry", "pgid", V_PGID },
	{ "pstree_entry", "sid", V_SID },
	{ "pstree_entry", "threads", V_THREAD },
	/* nested pid namespaces: never in a release, but in vendors' images */
	{ "pstree_entry", "ns_pid", V_PID },
	{ "pstree_entry", "ns_pgid", V_PGID },
	{ "pstree_entry", "ns_sid", V_SID },
	{ "task_core_entry", "task_state", V_STATE },
	{ "task_core_entry", "exit_code", V_EXIT },
	{ "task_core_entry", "comm", V_COMM },
	{ "thread_core_entry", "comm", V_THREAD_COMM },
	{ "task_kobj_ids_entry", "files_id", V_FILES_ID },
	{ "fdinfo_entry", "id", V_FD_ID },
	{ "fdinfo_entry", "fd", V_FD },
	{ "fdinfo_entry", "type", V_FD_TYPE },
	{ "fdinfo_entry", "flags", V_FD_FLAGS },
	{ "fs_entry", "cwd_id", V_CWD },
	{ "fs_entry", "root_id", V_ROOT },
	{ "mm_entry", "exe_file_id", V_EXE },
	{ "vma_entry", "start", V_START },
	{ "vma_entry", "end", V_END },
	{ "vma_entry", "pgoff", V_PGOFF },
	{ "vma_entry", "shmid", V_SHMID },
	{ "vma_entry", "prot", V_PROT },
	{ "vma_entry", "flags", V_FLAGS },
	{ "vma_entry", "status", V_STATUS },
	{ "pagemap_entry", "vaddr", V_VADDR },
	{ "pagemap_entry", "compat_nr_pages", V_PAGES_COMPAT },
	{ "pagemap_entry", "in_parent", V_IN_PARENT },
	{ "pagemap_entry", "flags", V_RUN_FLAGS },
	{ "pagemap_entry", "nr_pages", V_PAGES },
	{ "file_entry", "type", V_TYPE },
	{ "reg_file_entry", "name", V_NAME },
	{ "pipe_entry", "pipe_id", V_PIPE },
	{ "memfd_file_entry", "inode_id", V_KEY },
	{ "memfd_inode_entry", "inode_id", V_ID },
	{ "tty_file_entry", "tty_info_id", V_KEY },
	{ "unix_sk_entry", "ino", V_INO },
	{ "unix_sk_entry", "peer", V_PEER },
	{ "unix_sk_entry", "name", V_UNIX_NAME },
	{ "unix_sk_entry", "type", V_SK_TYPE },
	{ "unix_sk_entry", "state", V_SK_STATE },
	{ "inet_sk_entry", "family", V_FAMILY },
	{ "inet_sk_entry", "type", V_SK_TYPE },
	{ "inet_sk_entry", "proto", V_PROTO },
	{ "inet_sk_entry", "state", V_SK_STATE },
	{ "inet_sk_entry", "src_port", V_SPORT },
	{ "inet_sk_entry", "dst_port", V_DPORT },
	{ "inet_sk_entry", "src_addr", V_SADDR },
	{ "inet_sk_entry", "dst_addr", V_DADDR },
	{ "packet_sock_entry", "type", V_SK_TYPE },
	{ "packet_sock_entry", "protocol", V_PROTO },
	{ "packet_sock_entry", "ifindex", V_SPORT },
	{ "netlink_sk_entry", "protocol", V_PROTO },
	{ "netlink_sk_entry", "state", V_SK_STATE },
	{ "netlink_sk_entry", "portid", V_SPORT },
	{ "netlink_sk_entry", "dst_portid", V_DPORT },
	{ "sk_opts_entry", "so_sndbuf", V_SNDBUF },
	{ "sk_opts_entry", "so_rcvbuf", V_RCVBUF },
};

/* Kinds of keys in the table; of files the type is added. */
enum { KEY_TASK, KEY_TABLE, KEY_FILE, KEY_OLD_FILE = 0x100, KEY_NOTE = 0x200 };

struct model_kind {
	const char *type, *prefix;	/* of the image's name, up to its number */
	unsigned need;
	void (*keep)(struct model *m);	/* an entry is whole */
	void (*done)(struct model *m);	/* the image is */
	int fd_type;			/* whose entries are of files */
};

/* Values of the entry. */

static bool has(const struct model *m, int v)
{
	return m->seen >> v & 1;
}

static uint64_t get(const struct model *m, int v)
{
	return has(m, v) ? m->value[v] : 0;
}

static uint32_t get32(const struct model *m, int v)
{
	return (uint32_t)get(m, v);
}

static struct model_span get_text(const struct model *m, int v)
{
	uint64_t w = get(m, v);

	return (struct model_span){ (uint32_t)(w >> 32), (uint32_t)w };
}

/* Tasks. */

static bool wanted(const struct model *m, uint32_t pid)
{
	for (size_t i = 0; i < m->n_pids; i++)
		if (m->pids[i] == pid)
			return true;
	return !m->n_pids;
}

struct model_task *model_task(const struct model *m, uint32_t pid)
{
	uint32_t i = model_get(m, KEY_TASK, pid);

	return i ? (struct model_task *)m->tasks.p + i - 1 : NULL;
}

struct model_task *model_nth(const struct model *m, size_t n)
{
	return (struct model_task *)m->tasks.p + ((uint32_t *)m->order.p)[n];
}

static struct model_task *make_task(struct model *m, uint32_t pid)
{
	struct model_task *t = model_task(m, pid);

	if (t)
		return t;
	t = model_more(m, &m->tasks, sizeof(*t));
	if (!t || !model_put(m, KEY_TASK, pid, (uint32_t)m->tasks.n))
		return NULL;
	t->pid = pid;
	return t;
}

/* The one that the image's name tells. */
static struct model_task *image_task(struct model *m)
{
	struct model_task *t = make_task(m, m->number);

	if (t)
		t->seen |= m->kind->need;
	return t;
}

static void keep_task(struct model *m)
{
	struct model_task *t;
	uint32_t *place;

	if (!has(m, V_PID) || !wanted(m, get32(m, V_PID)))
		return;
	t = make_task(m, get32(m, V_PID));
	if (!t)
		return;
	t->ppid = get32(m, V_PPID);
	t->pgid = get32(m, V_PGID);
	t->sid = get32(m, V_SID);
	t->threads = (uint32_t)m->threads.n - m->n_threads;
	t->n_threads = m->n_threads;
	if (t->listed)
		return;
	t->listed = true;
	t->place = (uint32_t)m->order.n;
	place = model_more(m, &m->order, sizeof(*place));
	if (place)
		*place = (uint32_t)(t - (struct model_task *)m->tasks.p);
}

static void keep_core(struct model *m)
{
	struct model_task *t = image_task(m);

	if (!t)
		return;
	t->state = get32(m, V_STATE);
	t->exit_code = get32(m, V_EXIT);
	t->comm = get_text(m, has(m, V_COMM) ? V_COMM : V_THREAD_COMM);
	if (has(m, V_FILES_ID) && !(t->seen & MODEL_IDS))
		t->files_id = get32(m, V_FILES_ID);
}

static void keep_ids(struct model *m)
{
	struct model_task *t = image_task(m);

	if (t)
		t->files_id = get32(m, V_FILES_ID);
}

static void keep_fs(struct model *m)
{
	struct model_task *t = image_task(m);

	if (!t)
		return;
	t->cwd = get32(m, V_CWD);
	t->root = get32(m, V_ROOT);
}

/* Descriptors. */

static void keep_fd(struct model *m)
{
	struct model_fd *fd = model_more(m, &m->fds, sizeof(*fd));

	if (!fd)
		return;
	fd->fd = get32(m, V_FD);
	fd->id = get32(m, V_FD_ID);
	fd->type = (int32_t)get(m, V_FD_TYPE);
	fd->flags = get32(m, V_FD_FLAGS);
	m->kept = (uint32_t)m->fds.n;
}

static void done_fds(struct model *m)
{
	struct model_table *t = model_more(m, &m->tables, sizeof(*t));

	if (!t)
		return;
	t->fds = m->first;
	t->n_fds = m->kept - m->first;
	model_put(m, KEY_TABLE, m->number, (uint32_t)m->tables.n);
}

const struct model_table *model_table(const struct model *m, uint32_t id)
{
	uint32_t i = model_get(m, KEY_TABLE, id);

	return i ? (struct model_table *)m->tables.p + i - 1 : NULL;
}

/* Mappings, and pages. */

static void add_vma(struct model *m)
{
	struct model_vma *v = model_more(m, &m->vmas, sizeof(*v));

	if (!v)
		return;
	v->start = get(m, V_START);
	v->end = get(m, V_END);
	v->pgoff = get(m, V_PGOFF);
	v->shmid = get(m, V_SHMID);
	v->prot = get32(m, V_PROT);
	v->flags = get32(m, V_FLAGS);
	v->status = get32(m, V_STATUS);
}

static void keep_mm(struct model *m)
{
	struct model_task *t = image_task(m);

	if (t)
		t->exe = get32(m, V_EXE);
	m->kept = (uint32_t)m->vmas.n;
}

static void keep_vma(struct model *m)
{
	add_vma(m);
	m->kept = (uint32_t)m->vmas.n;
}

static void done_vmas(struct model *m)
{
	struct model_task *t = make_task(m, m->number);

	m->vmas.n = m->kept;
	if (!t || m->kept == m->first)
		return;
	t->vmas = m->first;
	t->n_vmas = m->kept - m->first;
}

static void spool_run(void *ctx, const struct model_run *r)
{
	struct model *m = ctx;
	struct model_task *t = image_task(m);

	if (!t || !spool_put(&m->spool, r, sizeof(*r)))
		return;
	t->n_runs++;
}

static void begin_runs(struct model *m)
{
	struct model_task *t = m->run ? NULL : image_task(m);

	if (!t)
		return;
	t->runs = spool_size(&m->spool);
	t->n_runs = 0;
}

static void keep_run(struct model *m)
{
	struct model_run r = {
		.vaddr = get(m, V_VADDR),
		.n_pages = get(m, has(m, V_PAGES) ? V_PAGES : V_PAGES_COMPAT),
		.flags = get32(m, V_RUN_FLAGS),
	};

	if (!has(m, V_VADDR))	/* the head */
		return;
	if (!has(m, V_RUN_FLAGS) && get(m, V_IN_PARENT))
		r.flags = 1;	/* PE_PARENT */
	if (m->run)
		m->run(m->run_ctx, &r);
	else
		spool_run(m, &r);
}

bool model_runs(struct model *m, const struct model_task *t,
		void (*run)(void *ctx, const struct model_run *), void *ctx)
{
	struct model_run r[64];
	uint64_t at = t->runs, end = at + t->n_runs * sizeof(*r);

	while (at < end) {
		size_t n = end - at < sizeof(r) ? (size_t)(end - at) : sizeof(r);

		n = spool_read(&m->spool, at, r, n);
		if (n < sizeof(*r))
			return false;
		for (size_t i = 0; i < n / sizeof(*r); i++)
			run(ctx, &r[i]);
		at += n / sizeof(*r) * sizeof(*r);
	}
	return true;
}

/* Files. */

static uint32_t add_socket(struct model *m)
{
	struct model_socket *s;

	if (m->what != MODEL_SK || !has(m, V_SNDBUF))
		return 0;
	s = model_more(m, &m->sockets, sizeof(*s));
	if (!s)
		return 0;
	s->family = get32(m, V_FAMILY);
	s->type = get32(m, V_SK_TYPE);
	s->protocol = get32(m, V_PROTO);
	s->state = get32(m, V_SK_STATE);
	s->port[0] = get32(m, V_SPORT);
	s->port[1] = get32(m, V_DPORT);
	s->sndbuf = get32(m, V_SNDBUF);
	s->rcvbuf = get32(m, V_RCVBUF);
	memcpy(s->address, m->words, sizeof(s->address));
	memcpy(s->n_words, m->n_words, sizeof(s->n_words));
	return (uint32_t)m->sockets.n;
}

static void keep_file(struct model *m)
{
	struct model_file *f = model_more(m, &m->files, sizeof(*f));
	int old = m->kind->fd_type;

	if (!f)
		return;
	f->id = get32(m, V_ID);
	f->type = old ? old : (int32_t)get(m, V_TYPE);
	f->has = has(m, V_NAME) * FILE_HAS_NAME | has(m, V_PIPE) * FILE_HAS_PIPE |
		has(m, V_INO) * FILE_HAS_UNIX;
	f->name = get_text(m, has(m, V_NAME) ? V_NAME : V_UNIX_NAME);
	f->number = get(m, has(m, V_PIPE) ? V_PIPE : V_KEY);
	f->ino = get32(m, V_INO);
	f->peer = get32(m, V_PEER);
	f->socket = add_socket(m);
	f->facts = facts_take(m);
	model_put(m, old ? KEY_OLD_FILE + (uint32_t)old : KEY_FILE, f->id,
		  (uint32_t)m->files.n);
}

/* An entry of files.img is the file, of whatever type; else the old images
 * are asked. */
const struct model_file *model_file(const struct model *m, int32_t type,
				    uint32_t id)
{
	uint32_t i = model_get(m, KEY_FILE, id);

	if (!i && type > 0 && type <= FD_PIDFD)
		i = model_get(m, KEY_OLD_FILE + (uint32_t)type, id);
	return i ? (struct model_file *)m->files.p + i - 1 : NULL;
}

static void keep_note(struct model *m)
{
	uint32_t kind = KEY_NOTE + (uint32_t)m->kind->fd_type;
	uint32_t first = model_get(m, kind, get(m, V_ID)), this;
	struct model_note *n = model_more(m, &m->notes, sizeof(*n)), *list;

	if (!n)
		return;
	n->facts = facts_take(m);
	this = n->last = (uint32_t)m->notes.n;
	if (!first) {
		model_put(m, kind, get(m, V_ID), this);
		return;
	}
	list = (struct model_note *)m->notes.p - 1;
	list[list[first].last].next = this;
	list[first].last = this;
}

const struct model_note *model_note(const struct model *m, int32_t type,
				    uint64_t key)
{
	uint32_t i = model_get(m, KEY_NOTE + (uint32_t)type, key);

	return i ? (struct model_note *)m->notes.p + i - 1 : NULL;
}

/* Images. */

static const struct model_kind kinds[] = {
	{ "PSTREE", "pstree", MODEL_TREE, keep_task, NULL, 0 },
	{ "CORE", "core-", MODEL_CORE, keep_core, NULL, 0 },
	{ "IDS", "ids-", MODEL_IDS, keep_ids, NULL, 0 },
	{ "FDINFO", "fdinfo-", MODEL_FDINFO, keep_fd, done_fds, 0 },
	{ "FS", "fs-", MODEL_FS, keep_fs, NULL, 0 },
	{ "MM", "mm-", MODEL_MM, keep_mm, done_vmas, 0 },
	{ "VMAS", "vmas-", MODEL_MM, keep_vma, done_vmas, 0 },
	{ "PAGEMAP", "pagemap-", MODEL_PAGEMAP, keep_run, NULL, 0 },
	{ "FILES", "files", MODEL_NAMES, keep_file, NULL, 0 },
	{ "REG_FILES", "reg-files", MODEL_NAMES, keep_file, NULL, FD_REG },
	{ "PIPES", "pipes", MODEL_NAMES, keep_file, NULL, FD_PIPE },
	{ "UNIXSK", "unixsk", MODEL_NAMES, keep_file, NULL, FD_UNIXSK },
	{ "INETSK", "inetsk", MODEL_SOCKETS, keep_file, NULL, FD_INETSK },
	{ "PACKETSK", "packetsk", MODEL_SOCKETS, keep_file, NULL, FD_PACKETSK },
	{ "NETLINK_SK", "netlinksk", MODEL_SOCKETS, keep_file, NULL,
	  FD_NETLINKSK },
	{ "FIFO", "fifo", MODEL_FACTS, keep_file, NULL, FD_FIFO },
	{ "EVENTFD_FILE", "eventfd", MODEL_FACTS, keep_file, NULL, FD_EVENTFD },
	{ "EVENTPOLL_FILE", "eventpoll", MODEL_FACTS, keep_file, NULL,
	  FD_EVENTPOLL },
	{ "INOTIFY_FILE", "inotify", MODEL_FACTS, keep_file, NULL, FD_INOTIFY },
	{ "SIGNALFD", "signalfd", MODEL_FACTS, keep_file, NULL, FD_SIGNALFD },
	{ "TTY_FILES", "tty", MODEL_FACTS, keep_file, NULL, FD_TTY },
	{ "FANOTIFY_FILE", "fanotify", MODEL_FACTS, keep_file, NULL,
	  FD_FANOTIFY },
	{ "NS_FILES", "ns-files", MODEL_FACTS, keep_file, NULL, FD_NS },
	{ "TUNFILE", "tunfile", MODEL_FACTS, keep_file, NULL, FD_TUNF },
	{ "EXT_FILES", "ext-files", MODEL_FACTS, keep_file, NULL, FD_EXT },
	{ "TIMERFD", "timerfd", MODEL_FACTS, keep_file, NULL, FD_TIMERFD },
	{ "BPFMAP_FILE", "bpfmap-file", MODEL_FACTS, keep_file, NULL,
	  FD_BPFMAP },
	{ "PIDFD", "pidfd", MODEL_FACTS, keep_file, NULL, FD_PIDFD },
	{ "MEMFD_INODE", "memfd", MODEL_FACTS, keep_note, NULL, FD_MEMFD },
	{ "TTY_INFO", "tty-info", MODEL_FACTS, keep_note, NULL, FD_TTY },
	{ "EVENTPOLL_TFD", "eventpoll-tfd", MODEL_FACTS, keep_note, NULL,
	  FD_EVENTPOLL },
	{ "INOTIFY_WD", "inotify-wd", MODEL_FACTS, keep_note, NULL, FD_INOTIFY },
	{ "FANOTIFY_MARK", "fanotify-mark", MODEL_FACTS, keep_note, NULL,
	  FD_FANOTIFY },
};

static unsigned needs(enum model_what what, bool facts)
{
	static const unsigned text[] = {
		[MODEL_PS] = MODEL_TREE | MODEL_CORE,
		[MODEL_FDS] = MODEL_TREE | MODEL_CORE | MODEL_IDS |
			MODEL_FDINFO | MODEL_FS | MODEL_NAMES,
		[MODEL_MEMS] = MODEL_TREE | MODEL_CORE | MODEL_MM | MODEL_NAMES,
		[MODEL_RSS] = MODEL_TREE | MODEL_CORE | MODEL_MM | MODEL_NAMES |
			MODEL_PAGEMAP,
		[MODEL_SK] = MODEL_TREE | MODEL_CORE | MODEL_IDS |
			MODEL_FDINFO | MODEL_NAMES | MODEL_SOCKETS,
	};

	if (facts && what == MODEL_FDS)
		return text[what] | MODEL_SOCKETS | MODEL_FACTS;
	if (facts && what == MODEL_SK)
		return text[what] | MODEL_FACTS;
	if (facts && what == MODEL_PS)
		return text[what] | MODEL_THREADS;
	return text[what];
}

/* PREFIX.img or PREFIX-NUMBER.img */
static bool fits(const char *prefix, const char *name, uint32_t *number)
{
	size_t n = strlen(prefix);
	unsigned long long v = 0;

	if (strncmp(name, prefix, n))
		return false;
	name += n;
	if (prefix[n - 1] == '-') {
		if (*name < '0' || *name > '9')
			return false;
		for (; *name >= '0' && *name <= '9' && v <= UINT32_MAX; name++)
			v = 10 * v + (unsigned)(*name - '0');
	}
	*number = (uint32_t)v;
	return v <= UINT32_MAX && !strcmp(name, ".img");
}

/* Whether the image of that number is of a task that was asked for. */
static bool fits_task(const struct model *m, const struct model_kind *k,
		      uint32_t number)
{
	enum { OF_TASK = MODEL_CORE | MODEL_IDS | MODEL_FS | MODEL_MM |
	       MODEL_PAGEMAP };
	const struct model_task *t;

	if (!(k->need & OF_TASK) ||
	    (k->need == MODEL_CORE && m->needs & MODEL_THREADS))
		return true;
	t = m->ordered ? model_task(m, number) : NULL;
	return m->ordered ? t && t->listed : wanted(m, number);
}

static const struct model_kind *kind_of(const struct model *m,
					const char *name, uint32_t *number)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].need & m->needs &&
		    fits(kinds[i].prefix, name, number))
			return fits_task(m, &kinds[i], *number) ? &kinds[i] : NULL;
	return NULL;
}

bool model_takes(const struct model *m, const char *name)
{
	uint32_t number;

	return kind_of(m, name, &number);
}

/* What is broken is not missing, too. */
static void lost(struct model *m)
{
	enum { TASKS = MODEL_IDS | MODEL_FS | MODEL_MM | MODEL_PAGEMAP };

	if (m->kind->need & TASKS)
		image_task(m);
	if (m->kind->done)
		m->kind->done(m);
	m->kind = NULL;
}

void model_lost(struct model *m, const char *name)
{
	m->kind = kind_of(m, name, &m->number);
	m->first = m->kept = (uint32_t)(m->kind && m->kind->need == MODEL_MM ?
					m->vmas.n : m->fds.n);
	if (!m->kind)
		return;
	m->came |= m->kind->need;
	lost(m);
}

static struct model *model(struct sink *sink)
{
	return (struct model *)sink;
}

static void on_image(struct sink *sink, const struct image *im)
{
	struct model *m = model(sink);

	m->kind = im->name ? kind_of(m, im->name, &m->number) : NULL;
	if (m->kind && strcmp(m->kind->type, im->type->name))
		m->kind = NULL;
	if (!m->kind)
		return;
	m->came |= m->kind->need;
	m->first = (uint32_t)(m->kind->need == MODEL_MM ? m->vmas.n : m->fds.n);
	m->kept = m->first;
	m->message = NULL;
	if (m->kind->need == MODEL_PAGEMAP)
		begin_runs(m);
}

static void on_image_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind && m->kind->done)
		m->kind->done(m);
	m->kind = NULL;
}

static void on_fail(struct sink *sink, const struct crit_error *err)
{
	struct model *m = model(sink);

	if (m->report)
		m->report(m->ctx, err);
	if (m->kind)
		lost(m);
	else
		model_lost(m, err->image);
	error_clear(sink->err);
}

static void on_entry(struct sink *sink, const struct message *message)
{
	struct model *m = model(sink);

	if (!m->kind)
		return;
	if (message != m->message)
		m->id = message_field_name(message, "id", 2);
	m->message = message;
	m->depth = m->vma_depth = 0;
	m->seen = 0;
	m->string.len = 0;
	m->n_threads = m->n_words[0] = m->n_words[1] = 0;
	m->facts.n = 0;
	m->facts_depth = 0;
	if (m->needs & MODEL_FACTS && m->kind->fd_type) {
		m->facts_depth = 1;
		facts_open(m);
	}
}

static void on_entry_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind)
		m->kind->keep(m);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	enum { VMA = 1ull << V_START | 1ull << V_END | 1ull << V_PGOFF |
	       1ull << V_SHMID | 1ull << V_PROT | 1ull << V_FLAGS |
	       1ull << V_STATUS };
	struct model *m = model(sink);

	if (!m->kind)
		return;
	m->depth++;
	if (f->message == m->vma && m->kind->need == MODEL_MM) {
		m->seen &= ~(uint64_t)VMA;
		m->vma_depth = m->depth;
	}
	if (m->facts_depth) {
		facts_begin(m, f);
	} else if (m->needs & MODEL_FACTS && m->depth == 1 &&
		   m->kind->need == MODEL_NAMES) {
		m->facts_depth = 2;
		facts_open(m);
	}
}

static void on_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (!m->kind)
		return;
	if (m->depth == m->vma_depth)
		add_vma(m);
	if (m->facts_depth && m->depth >= m->facts_depth)
		facts_end(m);
	else if (m->facts_depth == 2)
		m->facts_depth = 0;
	m->depth--;
}

static void on_list(struct sink *sink, const struct field *f)
{
	struct model *m = model(sink);

	if (m->kind && m->facts_depth)
		facts_list(m, f);
}

static void on_list_end(struct sink *sink)
{
	struct model *m = model(sink);

	if (m->kind && m->facts_depth)
		facts_list_end(m);
}

static unsigned hash(const struct field *f)
{
	return (unsigned)((uintptr_t)f / sizeof(*f) * 0x9e3779b1u >> 24) %
		MODEL_FIELDS;
}

static int value_of(const struct model *m, const struct field *f)
{
	unsigned i = hash(f);

	while (m->fields[i].f && m->fields[i].f != f)
		i = (i + 1) % MODEL_FIELDS;
	return m->fields[i].f ? m->fields[i].value : V_NONE;
}

static void add_word(struct model *m, int side, uint64_t v)
{
	if (m->n_words[side] < 4)
		m->words[side][m->n_words[side]] = (uint32_t)v;
	if (m->n_words[side] < 5)
		m->n_words[side]++;
}

static void set(struct model *m, const struct field *f, int i, uint64_t v)
{
	uint32_t *thread;

	switch (i) {
	case V_THREAD:
		thread = model_more(m, &m->threads, sizeof(*thread));
		if (thread)
			*thread = (uint32_t)v;
		m->n_threads += thread != NULL;
		return;
	case V_SADDR:
	case V_DADDR:
		add_word(m, i == V_DADDR, v);
		return;
	case V_PID:
	case V_PGID:
	case V_SID:
		/* ns_pid: the first one counts, and pid before it */
		if (f->label == LABEL_REPEATED && has(m, i))
			return;
		break;
	}
	m->value[i] = v;
	m->seen |= 1ull << i;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct model *m = model(sink);
	int i;

	if (!m->kind)
		return;
	if (m->facts_depth)
		facts_number(m, f, v);
	i = f == m->id ? V_ID : V_NONE;
	if (i)
		set(m, f, i, v);
	i = value_of(m, f);
	if (i)
		set(m, f, i, v);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct model *m = model(sink);
	int i;

	if (!m->kind)
		return;
	if (m->facts_depth)
		facts_bytes(m, f, p, n, last);
	i = value_of(m, f);
	if (!i)
		return;
	if (!m->string.len)
		m->string.at = (uint32_t)m->text.n;
	if (!model_add(m, &m->text, p, n))
		return;
	m->string.len += (uint32_t)n;
	if (!last)
		return;
	set(m, f, i, (uint64_t)m->string.at << 32 | m->string.len);
	m->string.len = 0;
}

static void on_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	(void)sink;
	(void)p;
	(void)n;
	(void)last;
}

static const struct sink_ops ops = {
	.image = on_image,
	.image_end = on_image_end,
	.entry = on_entry,
	.entry_end = on_entry_end,
	.begin = on_begin,
	.end = on_end,
	.list = on_list,
	.list_end = on_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.unknown = on_unknown,
	.fail = on_fail,
};

/* A schema of another version may lack some. */
static void bind(struct model *m, const struct schema *schema, size_t n)
{
	const struct message *msg = schema_message(schema, fields[n].message);
	const struct field *f = msg ?
		message_field_name(msg, fields[n].field, strlen(fields[n].field)) :
		NULL;
	unsigned i;

	if (!f)
		return;
	for (i = hash(f); m->fields[i].f; )
		i = (i + 1) % MODEL_FIELDS;
	m->fields[i].f = f;
	m->fields[i].value = fields[n].value;
}

bool model_init(struct model *m, enum model_what what, bool facts,
		const struct schema *schema, struct crit_error *err)
{
	const struct message *fd = schema_message(schema, "fdinfo_entry");
	const struct field *type = fd ? message_field_name(fd, "type", 4) : NULL;

	memset(m, 0, sizeof(*m));
	m->sink.ops = &ops;
	m->sink.err = err;
	m->what = what;
	m->needs = needs(what, facts);
	m->vma = schema_message(schema, "vma_entry");
	m->fd_types = type ? type->symbols : NULL;
	spool_init(&m->spool, err);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		bind(m, schema, i);
	return m->fd_types ||
	       error_set(err, CRIT_EUSAGE, "the schema has no fdinfo_entry.type");
}

void model_free(struct model *m)
{
	struct model_list *const lists[] = {
		&m->tasks, &m->order, &m->threads, &m->tables, &m->fds,
		&m->vmas, &m->files, &m->sockets, &m->notes, &m->text,
		&m->facts, &m->raw,
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		free(lists[i]->p);
	free(m->slots);
	spool_free(&m->spool);
	memset(m, 0, sizeof(*m));
}
