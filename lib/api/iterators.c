// SPDX-License-Identifier: MIT
/*
 * The iterators of crit.h: for each a table of the pointers in its struct, the
 * question, and the answer. Those of a task's memory: iterators_memory.c.
 */
#include "api/iterator.h"

static const struct iterator_kind tasks = {
	"tasks", sizeof(struct crit_task), 2, {
		STRING_AT(struct crit_task, comm),
		BYTES_AT(struct crit_task, threads, n_threads,
			 sizeof(uint32_t)),
	},
};
GIVE(give_task, struct crit_task)

struct crit_iterator *crit_iterate_tasks(struct crit_dir *dir,
					 struct crit_error *err)
{
	ITERATE(dir->c, &tasks, crit_tasks(dir, give_task, it, &it->end));
}

int crit_next_task(struct crit_iterator *it, struct crit_task *task,
		   struct crit_error *err)
{
	return iterator_next(it, &tasks, task, err);
}

static const struct iterator_kind descriptors = {
	"descriptors", sizeof(struct crit_descriptor), 5, {
		STRING_AT(struct crit_descriptor, at),
		STRING_AT(struct crit_descriptor, type),
		BYTES_AT(struct crit_descriptor, path, path_size, 1),
		STRING_AT(struct crit_descriptor, facts),
		STRING_AT(struct crit_descriptor, notes),
	},
};
GIVE(give_descriptor, struct crit_descriptor)

struct crit_iterator *crit_iterate_descriptors(struct crit_dir *dir,
					       uint32_t pid,
					       struct crit_error *err)
{
	ITERATE(dir->c, &descriptors,
		crit_descriptors(dir, pid, give_descriptor, it, &it->end));
}

int crit_next_descriptor(struct crit_iterator *it,
			 struct crit_descriptor *descriptor,
			 struct crit_error *err)
{
	return iterator_next(it, &descriptors, descriptor, err);
}

static const struct iterator_kind mappings = {
	"mappings", sizeof(struct crit_mapping), 1, {
		STRING_AT(struct crit_mapping, what),
	},
};
GIVE(give_mapping, struct crit_mapping)

struct crit_iterator *crit_iterate_mappings(struct crit_dir *dir, uint32_t pid,
					    struct crit_error *err)
{
	ITERATE(dir->c, &mappings,
		crit_mappings(dir, pid, give_mapping, it, &it->end));
}

int crit_next_mapping(struct crit_iterator *it, struct crit_mapping *mapping,
		      struct crit_error *err)
{
	return iterator_next(it, &mappings, mapping, err);
}

static const struct iterator_kind resident = {
	"runs of pages", sizeof(struct crit_pages), 0, { { 0 } },
};
GIVE(give_pages, struct crit_pages)

struct crit_iterator *crit_iterate_resident(struct crit_dir *dir, uint32_t pid,
					    struct crit_error *err)
{
	ITERATE(dir->c, &resident,
		crit_resident(dir, pid, give_pages, it, &it->end));
}

int crit_next_resident(struct crit_iterator *it, struct crit_pages *pages,
		       struct crit_error *err)
{
	return iterator_next(it, &resident, pages, err);
}

static const struct iterator_kind sockets = {
	"sockets", sizeof(struct crit_socket), 3, {
		STRING_AT(struct crit_socket, kind),
		BYTES_AT(struct crit_socket, source, source_size, 1),
		STRING_AT(struct crit_socket, destination),
	},
};
GIVE(give_socket, struct crit_socket)

struct crit_iterator *crit_iterate_sockets(struct crit_dir *dir, uint32_t pid,
					   struct crit_error *err)
{
	ITERATE(dir->c, &sockets,
		crit_sockets(dir, pid, give_socket, it, &it->end));
}

int crit_next_socket(struct crit_iterator *it, struct crit_socket *socket,
		     struct crit_error *err)
{
	return iterator_next(it, &sockets, socket, err);
}

static const struct iterator_kind findings = {
	"findings", sizeof(struct crit_finding), 4, {
		STRING_AT(struct crit_finding, image),
		STRING_AT(struct crit_finding, path),
		STRING_AT(struct crit_finding, text),
		STRING_AT(struct crit_finding, values),
	},
};
GIVE(give_finding, struct crit_finding)

struct crit_iterator *
crit_iterate_findings(struct crit_dir *dir, const struct crit_check_how *how,
		      struct crit_error *err)
{
	ITERATE(dir->c, &findings,
		crit_check(dir, how, give_finding, it, &it->end));
}

int crit_next_finding(struct crit_iterator *it, struct crit_finding *finding,
		      struct crit_error *err)
{
	return iterator_next(it, &findings, finding, err);
}

/* Texts: records, and strings of a task. */

struct text {
	const char *p;
	size_t n;
};

static const struct iterator_kind records = {
	"records", sizeof(struct text), 1, { BYTES_AT(struct text, p, n, 1) },
};
static const struct iterator_kind strings = {
	"strings", sizeof(struct text), 1, { BYTES_AT(struct text, p, n, 1) },
};

static bool give_text(void *it, const char *p, size_t n)
{
	return iterator_put(it, &(struct text){ p, n });
}

static int next_text(struct crit_iterator *it, const struct iterator_kind *kind,
		     const char **p, size_t *n, struct crit_error *err)
{
	struct text text;
	int r = iterator_next(it, kind, &text, err);

	if (r <= 0)
		return r;
	*p = text.p;
	if (n)
		*n = text.n;
	return 1;
}

struct crit_iterator *crit_iterate_explore(struct crit_dir *dir,
					   const char *what, uint32_t pid,
					   struct crit_error *err)
{
	ITERATE(dir->c, &records,
		crit_explore(dir, what, pid, give_text, it, &it->end));
}

int crit_next_record(struct crit_iterator *it, const char **json, size_t *size,
		     struct crit_error *err)
{
	return next_text(it, &records, json, size, err);
}

struct crit_iterator *crit_iterate_args(struct crit_memory *m,
					struct crit_error *err)
{
	ITERATE(api_context(m), &strings,
		crit_memory_args(m, give_text, it, &it->end));
}

struct crit_iterator *crit_iterate_env(struct crit_memory *m,
				       struct crit_error *err)
{
	ITERATE(api_context(m), &strings,
		crit_memory_env(m, give_text, it, &it->end));
}

int crit_next_string(struct crit_iterator *it, const char **s, size_t *size,
		     struct crit_error *err)
{
	return next_text(it, &strings, s, size, err);
}

static const struct iterator_kind differences = {
	"differences", sizeof(struct crit_difference), 4, {
		STRING_AT(struct crit_difference, section),
		STRING_AT(struct crit_difference, image),
		STRING_AT(struct crit_difference, path),
		BYTES_AT(struct crit_difference, line, size, 1),
	},
};
GIVE(give_difference, struct crit_difference)

struct crit_iterator *
crit_iterate_differences(struct crit_dir *a, struct crit_dir *b,
			 const struct crit_diff_how *how,
			 struct crit_error *err)
{
	ITERATE(a->c, &differences,
		crit_diff(a, b, how, give_difference, it, &it->end));
}

int crit_next_difference(struct crit_iterator *it,
			 struct crit_difference *difference,
			 struct crit_error *err)
{
	return iterator_next(it, &differences, difference, err);
}
