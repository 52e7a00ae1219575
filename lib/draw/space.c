// SPDX-License-Identifier: MIT
/*
 *   task ─► mapping, mapping, ... ─► counts of the task, shares by name
 */
#include "draw/space.h"
#include "memory/kind.h"
#include "report/memory_map.h"

#include <stdlib.h>

const char *const space_kinds[HUES] = {
	[HUE_BLUE] = "code", [HUE_TEAL] = "files", [HUE_RED] = "heap",
	[HUE_ORANGE] = "stack", [HUE_YELLOW] = "anonymous",
	[HUE_PURPLE] = "shared", [HUE_GREY] = "kernel, guards, others",
};

enum hue space_hue(const struct memory *m, const struct vma *a)
{
	static const enum hue hues[KINDS] = {
		[KIND_CODE] = HUE_BLUE, [KIND_FILE] = HUE_TEAL,
		[KIND_HEAP] = HUE_RED, [KIND_STACK] = HUE_ORANGE,
		[KIND_ANON] = HUE_YELLOW, [KIND_SHARED] = HUE_PURPLE,
		[KIND_OTHER] = HUE_GREY,
	};

	return hues[memory_kind(m, a)];
}

size_t space_keep(struct space *s, const char *name)
{
	size_t n = strlen(name) + 1;
	char *to = list_more(&s->names, 1, n, s->draw->err);

	if (!to)
		return 0;
	memcpy(to, name, n);
	return s->names.n - n + 1;
}

void space_comm(const struct space *s, uint32_t pid, char to[WORDS_MAX])
{
	const struct model_task *t = model_task(&s->look.model, pid);

	*to = 0;
	if (t)
		words_fit(to, model_text(&s->look.model, t->comm), t->comm.len,
			  24);
}

/* A segment that several mappings show counts once. */
static bool counted(struct space *s, const struct memory *m,
		    const struct vma *a)
{
	const uint64_t *seen = s->segments.p;
	uint64_t id, *more;

	if (!vma_is_shared(a) || !memory_segment(m, a, &id))
		return false;
	for (size_t i = 0; i + 1 < s->segments.n; i += 2)
		if (seen[i] == id && seen[i + 1] == a->pgoff)
			return true;
	more = list_more(&s->segments, sizeof(*more), 2, s->draw->err);
	if (more) {
		more[0] = id;
		more[1] = a->pgoff;
	}
	return false;
}

static void add_share(struct space *s, struct space_task *t, const char *what,
		      enum hue hue, uint64_t bytes)
{
	struct space_share *k = t->shares;
	uint32_t i = 0;

	if (!bytes)
		return;
	while (i < t->n_shares && (k[i].hue != hue ||
				   strcmp(space_name(s, k[i].name), what)))
		i++;
	if (i == t->n_shares && i < SPACE_NAMES) {
		k[i] = (struct space_share){ space_keep(s, what), hue, 0 };
		t->n_shares++;
	}
	if (i == SPACE_NAMES && t->n_shares == SPACE_NAMES)
		k[t->n_shares++] = (struct space_share){ 0, HUE_GREY, 0 };
	k[i].bytes += bytes;
}

static bool add_mapping(struct space *s, struct space_task *t, struct memory *m,
			const struct vma *a)
{
	struct memory_bytes b;
	char buf[64];
	uint64_t weight;

	if (!memory_weigh(m, a, &b))
		return false;
	memory_bytes_add(&t->bytes, &b);
	t->mappings++;
	if (!t->end)
		t->start = a->start;
	t->end = a->end;
	if (counted(s, m, a))
		return true;
	memory_bytes_add(&s->bytes, &b);
	weight = s->by_stored ? b.stored : b.present + b.parent + b.lazy;
	t->weight += weight;
	s->weight += weight;
	add_share(s, t, memory_what(m, a, buf, sizeof(buf)),
		  space_hue(m, a), weight);
	return true;
}

/* Opens the memory of a task; false: it has none, or *err. */
static bool open_task(struct space *s, uint32_t pid, struct memory *m)
{
	bool absent = false;

	if (!memory_open(m, s->draw->store, pid, 0, NULL, &absent,
			 s->draw->err))
		return false;
	m->mapped = &s->mapped;
	return !absent;
}

static void told(struct space *s)
{
	if (error_is(s->draw->err))
		s->draw->report(s->draw->ctx, s->draw->err);
	error_clear(s->draw->err);
}

static void add_task(struct space *s, uint32_t pid)
{
	struct space_task *t;
	struct memory m;

	if (!open_task(s, pid, &m)) {
		memory_close(&m);
		told(s);
		return;
	}
	t = list_more(&s->tasks, sizeof(*t), 1, s->draw->err);
	for (uint64_t i = 0; t && i < m.vmas.n; i++) {
		struct vma a;

		t->pid = pid;
		if (!mappings_take(&m.vmas, i, &a) ||
		    !add_mapping(s, t, &m, &a))
			break;
	}
	if (t && !t->mappings)
		s->tasks.n--;
	memory_close(&m);
	told(s);
}

static void want_names(struct space *s, uint32_t pid)
{
	struct memory m;
	bool absent;

	memory_open(&m, s->draw->store, pid, 0, &s->mapped, &absent,
		    s->draw->err);
	memory_close(&m);
	told(s);
}

static int heavier(const void *a, const void *b)
{
	const struct space_task *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->pid > y->pid ? 1 : -1;
}

static int heavier_share(const void *a, const void *b)
{
	const struct space_share *x = a, *y = b;

	return x->bytes < y->bytes ? 1 : x->bytes > y->bytes ? -1 :
	       x->name > y->name ? 1 : -1;
}

static void sort(struct space *s)
{
	struct space_task *t = s->tasks.p;

	if (s->tasks.n)
		qsort(t, s->tasks.n, sizeof(*t), heavier);
	for (size_t i = 0; i < s->tasks.n; i++)
		qsort(t[i].shares, t[i].n_shares, sizeof(*t[i].shares),
		      heavier_share);
}

static void each_task(struct space *s, void (*f)(struct space *, uint32_t))
{
	for (size_t i = 0; i < model_count(&s->look.model); i++) {
		const struct model_task *t = model_nth(&s->look.model, i);

		if (view_alive(t) && look_wanted(s->draw, t->pid))
			f(s, t->pid);
	}
}

bool space_open(struct space *s, struct draw *d)
{
	*s = (struct space){ .draw = d, .by_stored = true };
	mapped_files_init(&s->mapped, d->err);
	if (!look_open(&s->look, d, EXPLORE_TASKS, NULL, 0))
		return false;
	each_task(s, want_names);
	if (!mapped_files_load(&s->mapped, d->store))
		told(s);
	each_task(s, add_task);
	if (!s->weight) {	/* all of it is in a parent, or nowhere */
		s->by_stored = false;
		s->tasks.n = s->segments.n = 0;
		s->bytes = (struct memory_bytes){ 0 };
		each_task(s, add_task);
	}
	sort(s);
	return !error_is(d->err);
}

void space_close(struct space *s)
{
	list_free(&s->tasks);
	list_free(&s->names);
	list_free(&s->segments);
	mapped_files_close(&s->mapped);
	look_close(&s->look);
}
