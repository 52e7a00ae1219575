// SPDX-License-Identifier: MIT
/*
 * Which images there are, and which of them a question needs.
 */
#include "checkpoint/model_keep.h"

static const struct model_kind kinds[] = {
	{ "PSTREE", "pstree", MODEL_TREE, model_keep_task, NULL, 0 },
	{ "CORE", "core-", MODEL_CORE, model_keep_core, NULL, 0 },
	{ "IDS", "ids-", MODEL_IDS, model_keep_ids, NULL, 0 },
	{ "FDINFO", "fdinfo-", MODEL_FDINFO, model_keep_fd, model_done_fds, 0 },
	{ "FS", "fs-", MODEL_FS, model_keep_fs, NULL, 0 },
	{ "MM", "mm-", MODEL_MM, model_keep_mm, model_done_vmas, 0 },
	{ "VMAS", "vmas-", MODEL_MM, model_keep_vma, model_done_vmas, 0 },
	{ "PAGEMAP", "pagemap-", MODEL_PAGEMAP, model_keep_run, NULL, 0 },
	{ "FILES", "files", MODEL_NAMES, model_keep_file, NULL, 0 },
	{ "REG_FILES", "reg-files", MODEL_NAMES, model_keep_file, NULL,
	  FD_REG },
	{ "PIPES", "pipes", MODEL_NAMES, model_keep_file, NULL, FD_PIPE },
	{ "UNIXSK", "unixsk", MODEL_NAMES, model_keep_file, NULL, FD_UNIXSK },
	{ "INETSK", "inetsk", MODEL_SOCKETS, model_keep_file, NULL, FD_INETSK },
	{ "PACKETSK", "packetsk", MODEL_SOCKETS, model_keep_file, NULL,
	  FD_PACKETSK },
	{ "NETLINK_SK", "netlinksk", MODEL_SOCKETS, model_keep_file, NULL,
	  FD_NETLINKSK },
	{ "FIFO", "fifo", MODEL_FACTS, model_keep_file, NULL, FD_FIFO },
	{ "EVENTFD_FILE", "eventfd", MODEL_FACTS, model_keep_file, NULL,
	  FD_EVENTFD },
	{ "EVENTPOLL_FILE", "eventpoll", MODEL_FACTS, model_keep_file, NULL,
	  FD_EVENTPOLL },
	{ "INOTIFY_FILE", "inotify", MODEL_FACTS, model_keep_file, NULL,
	  FD_INOTIFY },
	{ "SIGNALFD", "signalfd", MODEL_FACTS, model_keep_file, NULL,
	  FD_SIGNALFD },
	{ "TTY_FILES", "tty", MODEL_FACTS, model_keep_file, NULL, FD_TTY },
	{ "FANOTIFY_FILE", "fanotify", MODEL_FACTS, model_keep_file, NULL,
	  FD_FANOTIFY },
	{ "NS_FILES", "ns-files", MODEL_FACTS, model_keep_file, NULL, FD_NS },
	{ "TUNFILE", "tunfile", MODEL_FACTS, model_keep_file, NULL, FD_TUNF },
	{ "EXT_FILES", "ext-files", MODEL_FACTS, model_keep_file, NULL,
	  FD_EXT },
	{ "TIMERFD", "timerfd", MODEL_FACTS, model_keep_file, NULL,
	  FD_TIMERFD },
	{ "BPFMAP_FILE", "bpfmap-file", MODEL_FACTS, model_keep_file, NULL,
	  FD_BPFMAP },
	{ "PIDFD", "pidfd", MODEL_FACTS, model_keep_file, NULL, FD_PIDFD },
	{ "MEMFD_INODE", "memfd", MODEL_FACTS, model_keep_note, NULL,
	  FD_MEMFD },
	{ "TTY_INFO", "tty-info", MODEL_FACTS, model_keep_note, NULL, FD_TTY },
	{ "EVENTPOLL_TFD", "eventpoll-tfd", MODEL_FACTS, model_keep_note, NULL,
	  FD_EVENTPOLL },
	{ "INOTIFY_WD", "inotify-wd", MODEL_FACTS, model_keep_note, NULL,
	  FD_INOTIFY },
	{ "FANOTIFY_MARK", "fanotify-mark", MODEL_FACTS, model_keep_note, NULL,
	  FD_FANOTIFY },
};

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

static bool wanted_task(const struct model *m, uint32_t number)
{
	const struct model_task *t = m->ordered ? model_task(m, number) : NULL;

	return m->ordered ? t && t->listed : model_wanted(m, number);
}

/* Whether the image of that number is of a task that was asked for. */
static bool fits_task(const struct model *m, const struct model_kind *k,
		      uint32_t number)
{
	enum { OF_TASK = MODEL_CORE | MODEL_IDS | MODEL_FS | MODEL_MM |
	       MODEL_PAGEMAP };

	return !(k->need & OF_TASK) ||
	       (k->need == MODEL_CORE && m->needs & MODEL_THREADS) ||
	       wanted_task(m, number);
}

/* Images that only rows are taken from. */
static void keep_nothing(struct model *m)
{
	(void)m;
}

static bool is_source(const struct model *m, const struct row_source *s,
		      const char *name, uint32_t *number)
{
	return fits(s->prefix, name, number) &&
	       (!s->of_task || wanted_task(m, *number));
}

/* A kind for each source that is no image of the table. */
static struct model_kind *kind_of_source(struct model *m, const char *name,
					 uint32_t *number)
{
	const struct row_source *s = m->sources, *end = s + m->n_sources;

	while (s < end && !is_source(m, s, name, number))
		s++;
	if (s == end)
		return NULL;
	m->row_source = (uint32_t)(s - m->sources);
	m->row_kind = (struct model_kind){
		s->type, s->prefix, MODEL_ROWS, keep_nothing, NULL, 0,
	};
	return &m->row_kind;
}

const struct model_kind *model_kind_of(struct model *m, const char *name,
				       uint32_t *number)
{
	const struct model_kind *k = kinds;

	for (size_t n = sizeof(kinds) / sizeof(*kinds); n--; k++)
		if (k->need & m->needs && fits(k->prefix, name, number))
			return fits_task(m, k, *number) ? k : NULL;
	return kind_of_source(m, name, number);
}

void model_find_sources(struct model *m, const char *name)
{
	uint32_t number;

	m->n_readers = 0;
	for (unsigned i = 0; i < m->n_sources; i++)
		if (is_source(m, &m->sources[i], name, &number) &&
		    !strcmp(m->sources[i].type, m->kind->type))
			rows_image(m, i);
}

bool model_is_second(struct model *m)
{
	uint32_t key = m->kind == &m->row_kind ? KEY_ROW_IMAGE + m->row_source :
		KEY_IMAGE + (uint32_t)(m->kind - kinds);

	if (model_get(m, key, m->number))
		return true;
	model_put(m, key, m->number, 1);
	return false;
}

const struct model_kind *model_old_files(const struct model_kind *before)
{
	const struct model_kind *k = before ? before + 1 : kinds;

	for (; k < kinds + sizeof(kinds) / sizeof(*kinds); k++)
		if (k->fd_type && k->keep == model_keep_file)
			return k;
	return NULL;
}

bool model_takes(struct model *m, const char *name)
{
	uint32_t number;

	return model_kind_of(m, name, &number);
}
