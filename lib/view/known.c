// SPDX-License-Identifier: MIT
/*
 * What people call a file that has no path, and how it is open.
 *
 *   facts of a file ─► a value of them ─► "memfd:name", "/dev/pts/3"
 */
#include "view/names.h"
#include "codec/device.h"

#include <inttypes.h>
#include <string.h>

static bool fact_number(struct view *v, const struct model_file *f,
			const char *name, uint64_t *number)
{
	struct fact fact;

	if (!facts_find(v->model, f->facts, name, &fact) || fact.op != FACT_NUMBER)
		return false;
	*number = fact.number;
	return true;
}

static bool add_memfd(struct view *v, const struct model_file *f, uint32_t id)
{
	(void)f;
	return view_memfd(v, id, &MEMFD_PATH[1]);
}

/* Devices as Linux numbers them. */
static const struct {
	uint32_t major, from, to;
	const char *name;
	bool number;
} ttys[] = {
	{ 5, 0, 0, "/dev/tty", false }, { 5, 1, 1, "/dev/console", false },
	{ 5, 2, 2, "/dev/ptmx", false }, { 4, 0, 63, "/dev/tty", true },
	{ 4, 64, 255, "/dev/ttyS", true }, { 136, 0, 1 << 20, "/dev/pts/", true },
};

static bool add_tty(struct view *v, const struct model_file *f, uint32_t id)
{
	uint32_t major, minor;
	struct fact rdev;

	(void)f;
	if (!view_note(v, FD_TTY, id, "rdev", &rdev))
		return false;
	major = device_major(rdev.number);
	minor = device_minor(rdev.number);
	for (size_t i = 0; i < sizeof(ttys) / sizeof(*ttys); i++) {
		if (ttys[i].major != major || minor < ttys[i].from ||
		    minor > ttys[i].to)
			continue;
		view_add(v, "%s", ttys[i].name);
		if (ttys[i].number)
			view_add(v, "%" PRIu32, minor - ttys[i].from);
		return true;
	}
	view_add(v, "tty %" PRIu32 ":%" PRIu32, major, minor);
	return true;
}

/* A fifo has a file of its own. */
static bool add_fifo(struct view *v, const struct model_file *f, uint32_t id)
{
	uint64_t file;

	(void)id;
	if (!fact_number(v, f, "regf_id", &file))
		return false;
	view_add_path(v, FD_REG, (uint32_t)file);
	return true;
}

static bool add_ns(struct view *v, const struct model_file *f, uint32_t id)
{
	static const struct bit_name names[] = {
		{ NS_FLAG_TIME, "time" }, { NS_FLAG_NS, "mnt" },
		{ NS_FLAG_CGROUP, "cgroup" }, { NS_FLAG_UTS, "uts" },
		{ NS_FLAG_IPC, "ipc" }, { NS_FLAG_USER, "user" },
		{ NS_FLAG_PID, "pid" }, { NS_FLAG_NET, "net" },
	};
	uint64_t ns, flag;

	(void)id;
	if (!fact_number(v, f, "ns_id", &ns) || !fact_number(v, f, "ns_cflag", &flag))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (flag == names[i].bit)
			view_add(v, "%s ", names[i].name);
	view_add(v, "namespace %" PRIu64, ns);
	return true;
}

static bool add_signals(struct view *v, const struct model_file *f, uint32_t id)
{
	uint64_t set;

	(void)id;
	if (!fact_number(v, f, "sigmask", &set))
		return false;
	view_add(v, "signalfd");
	for (unsigned n = 1; n <= 64; n++) {
		char name[24];

		if (set >> (n - 1) & 1)
			view_add(v, " %s", view_signal_name(n, name));
	}
	return true;
}

/* The type's word, and a fact behind it. */
static const struct {
	int32_t type;
	const char *word;		/* or what add says */
	const char *key;		/* or NULL */
	bool (*add)(struct view *v, const struct model_file *f, uint32_t id);
} kinds[] = {
	{ FD_MEMFD, NULL, NULL, add_memfd }, { FD_TTY, NULL, NULL, add_tty },
	{ FD_FIFO, NULL, NULL, add_fifo }, { FD_NS, NULL, NULL, add_ns },
	{ FD_SIGNALFD, NULL, NULL, add_signals },
	{ FD_EVENTFD, "eventfd", "counter", NULL },
	{ FD_TIMERFD, "timerfd", NULL, NULL },
	{ FD_EVENTPOLL, "eventpoll", NULL, NULL },
	{ FD_INOTIFY, "inotify", NULL, NULL },
	{ FD_FANOTIFY, "fanotify", NULL, NULL },
	{ FD_TUNF, "tun", "netdev", NULL }, { FD_PIDFD, "pidfd", "nspid", NULL },
	{ FD_EXT, "external", NULL, NULL },
	{ FD_BPFMAP, "bpf map", "map_name", NULL },
};

static void add_fact(struct view *v, const struct model_file *f,
		     const char *name)
{
	struct fact fact;

	if (!facts_find(v->model, f->facts, name, &fact))
		return;
	view_add(v, " ");
	if (fact.op == FACT_BYTES)
		view_add_bytes(v, fact.bytes, fact.number);
	else
		view_add(v, "%" PRIu64, fact.number);
}

/* How often a field comes, also in what is repeated. */
static unsigned occurs(struct view *v, struct model_span facts, const char *name)
{
	struct fact fact;
	unsigned n = 0;

	while (facts_next(v->model, &facts, &fact))
		n += fact.op == FACT_NUMBER && !strcmp(fact.field->name, name);
	return n;
}

/* How many files an epoll has, or a watcher watches. */
static void add_count(struct view *v, int32_t type, uint32_t id)
{
	static const struct { int32_t type; const char *key, *one, *many; } counts[] = {
		{ FD_EVENTPOLL, "events", "file", "files" },
		{ FD_INOTIFY, "i_ino", "watch", "watches" },
		{ FD_FANOTIFY, "mflags", "mark", "marks" },
	};
	const struct model_note *list = v->model->notes.p, *n;
	const struct model_file *f = model_file(v->model, type, id);
	unsigned k = 0;

	for (size_t i = 0; f && i < sizeof(counts) / sizeof(*counts); i++) {
		if (counts[i].type != type)
			continue;
		k = occurs(v, f->facts, counts[i].key);
		n = model_note(v->model, type, id);	/* images of old */
		for (; n; n = n->next ? &list[n->next - 1] : NULL)
			k += occurs(v, n->facts, counts[i].key);
		view_add(v, " of %u %s", k, k == 1 ? counts[i].one : counts[i].many);
	}
}

bool view_add_known(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);

	for (size_t i = 0; f && i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t before = v->line.n;

		if (kinds[i].type != type)
			continue;
		if (kinds[i].add) {
			if (kinds[i].add(v, f, id))
				return true;
			v->line.n = before;
			return false;
		}
		view_add(v, "%s", kinds[i].word);
		add_count(v, type, id);
		if (kinds[i].key)
			add_fact(v, f, kinds[i].key);
		return true;
	}
	return false;
}

/* Flags of open(2). */
static const struct bit_name opens[] = {
	{ OPEN_APPEND, "append" }, { OPEN_NONBLOCK, "nonblock" },
	{ OPEN_DSYNC, "dsync" }, { OPEN_FASYNC, "async" },
	{ OPEN_DIRECT, "direct" }, { OPEN_DIRECTORY, "directory" },
	{ OPEN_SYNC, "sync" }, { OPEN_PATH, "path" },
};

void view_open_flags(struct view *v, const char *key, const struct model_fd *fd)
{
	static const char *const access[] = { "r", "w", "rw", "none" };
	const struct model_file *f = model_file(v->model, fd->type, fd->id);
	uint64_t flags;

	view_open(v, key, '[');
	if (f && fact_number(v, f, "flags", &flags)) {
		view_string(v, NULL, access[flags & 3]);
		for (size_t i = 0; i < sizeof(opens) / sizeof(*opens); i++)
			if (flags & opens[i].bit)
				view_string(v, NULL, opens[i].name);
	}
	if (fd->flags & 1)
		view_string(v, NULL, "cloexec");
	view_close(v, ']');
}
