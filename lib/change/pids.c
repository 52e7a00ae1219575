// SPDX-License-Identifier: MIT
#include "change/pids.h"
#include "codec/wire.h"
#include "schema/pretty.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline struct pids_sink *pids(struct sink *sink)
{
	return (struct pids_sink *)sink;
}

/* An id that stays, where another one becomes the same: two tasks would have
 * it. Elsewhere than in the tree it may be that of a process that is gone. */
static void check_kept(struct pids_sink *s, uint64_t pid)
{
	if (!s->type || strcmp(s->type->name, "PSTREE"))
		return;
	for (size_t i = 0; i < s->map->n; i++)
		if (s->map->pairs[i].to == pid)
			error_set(s->forward.sink.err, CRIT_EDATA,
				  "%u becomes %u, but there is a task or group %u "
				  "that keeps its id", s->map->pairs[i].from,
				  s->map->pairs[i].to, s->map->pairs[i].to);
}

static uint64_t mapped(struct pids_sink *s, uint64_t pid)
{
	struct pid_map *m = s->map;
	size_t lo = 0, hi = m->n;

	if (!pid || pid > INT32_MAX)
		return pid;
	/* the first of a pid namespace stays that */
	if (m->offset && pid == 1)
		return 1;
	if (m->offset) {
		m->met = true;
		if (pid + m->offset > PIDS_MAX)
			error_set(s->forward.sink.err, CRIT_EDATA, "pid %" PRIu64
				  " + %u is above %d", pid, m->offset, PIDS_MAX);
		return pid + m->offset;
	}
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (m->pairs[mid].from == pid) {
			m->pairs[mid].met = m->met = true;
			return m->pairs[mid].to;
		}
		if (m->pairs[mid].from < pid)
			lo = mid + 1;
		else
			hi = mid;
	}
	check_kept(s, pid);
	return pid;
}

/* core-12.img -> core-1012.img, where the type's names have a pid. */
static const char *rename_image(struct pids_sink *s, const struct image *im)
{
	for (size_t i = 0; i < im->type->n_pids; i++) {
		const char *star = strchr(im->type->files[i], '*');
		uint64_t pid;
		char *end;

		if (!star || !schema_template(im->type->files[i], im->name))
			continue;
		pid = strtoull(im->name + (star - im->type->files[i]), &end, 10);
		snprintf(s->name, sizeof(s->name), "%.*s%" PRIu64 "%s",
			 (int)(star - im->type->files[i]), im->name,
			 mapped(s, pid), end);
		return s->name;
	}
	return im->name;
}

static void on_image(struct sink *sink, const struct image *image)
{
	struct pids_sink *s = pids(sink);
	struct image renamed = *image;

	s->type = image->type;
	if (image->name && image->type)
		renamed.name = rename_image(s, image);
	forward_image(sink, &renamed);
}

static void pass(struct pids_sink *s, const struct field *f, uint64_t v)
{
	forward_number(&s->forward.sink, f, v);
}

/* remap_id comes before remap_type. */
static void release(struct pids_sink *s, bool is_pid)
{
	const struct field *f = s->held;

	s->held = NULL;
	if (f)
		pass(s, f, is_pid ? mapped(s, s->held_value) : s->held_value);
}

static void note_march(struct pids_sink *s, const struct field *f, uint64_t v)
{
	const char *name = pretty_name(f->symbols, v);

	if (f->message || strcmp(f->name, "mtype"))
		return;
	snprintf(s->march, sizeof(s->march), "%s", name ? name : "");
}

/* CRIU writes any number as the thread of a dead task. */
static uint64_t thread(struct pids_sink *s, uint64_t v)
{
	if (!s->threads)
		s->living = !s->task || v == s->task;
	s->threads = true;
	return s->living ? mapped(s, v) : v;
}

static uint64_t changed(struct pids_sink *s, const struct field *f, uint64_t v)
{
	switch (f->pid) {
	case PID_OF_TASK:
		s->task = v;
		return mapped(s, v);
	case PID_NUMBER:
		return mapped(s, v);
	case PID_OF_THREADS:
		return thread(s, v);
	default:
		return v;
	}
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct pids_sink *s = pids(sink);

	if (f->pid == PID_OF_PROCFS) {
		s->held = f;
		s->held_value = v;
		return;
	}
	if (f->kind == KIND_ENUM && s->held) {
		const char *name = pretty_name(f->symbols, v);

		release(s, name && !strcmp(name, "PROCFS"));
	} else if (f->kind == KIND_ENUM) {
		note_march(s, f, v);
	}
	pass(s, f, changed(s, f, v));
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct pids_sink *s = pids(sink);

	s->task = 0;
	s->threads = false;
	forward_entry(sink, m);
}

static void on_entry_end(struct sink *sink)
{
	release(pids(sink), false);
	forward_entry_end(sink);
}

/* siginfo_t: signal, error, code, and at 16 (32 bits: 12) whoever sent it,
 * where a process did, or the child. */

static uint32_t get32(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3] : wire_get32(p);
}

static void put32(uint8_t *p, uint32_t v, bool big)
{
	wire_put32(p, big ? __builtin_bswap32(v) : v);
}

static void change_sender(struct pids_sink *s)
{
	bool mips = !strcmp(s->march, "MIPS"), arm = !strcmp(s->march, "ARM");
	bool big = !strcmp(s->march, "S390");
	uint8_t *p = s->siginfo, *sender = p + (arm ? 12 : 16);
	uint32_t signal = get32(p, big);
	int32_t code = (int32_t)get32(p + (mips ? 4 : 8), big);
	bool child = signal == (mips ? 18 : 17) && code >= 1 && code <= 6;

	/* SI_USER, SI_QUEUE, SI_MESGQ, SI_TKILL */
	if (s->n >= 20 && (child || code == 0 || code == -1 || code == -3 ||
			   code == -6))
		put32(sender, (uint32_t)mapped(s, get32(sender, big)), big);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct pids_sink *s = pids(sink);

	if (f->pid != PID_IN_SIGINFO) {
		forward_bytes(sink, f, p, n, last);
		return;
	}
	if (n > sizeof(s->siginfo) - s->n) {
		error_set(sink->err, CRIT_EDATA, "siginfo of more than 128 bytes");
		return;
	}
	if (n)
		memcpy(s->siginfo + s->n, p, n);
	s->n += n;
	if (!last)
		return;
	change_sender(s);
	forward_bytes(sink, f, s->siginfo, s->n, true);
	s->n = 0;
}

static const struct sink_ops ops = {
	.image = on_image,
	.image_end = forward_image_end,
	.entry = on_entry,
	.entry_end = on_entry_end,
	.begin = forward_begin,
	.end = forward_end,
	.list = forward_list,
	.list_end = forward_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.unknown = forward_unknown,
	.head = forward_head,
	.raw = forward_raw,
	.fail = forward_fail,
};

void pids_sink_init(struct pids_sink *s, struct pid_map *map,
		    const struct schema *schema, struct sink *to,
		    struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->map = map;
	s->schema = schema;
	forward_init(&s->forward, &ops, to, err);
}
