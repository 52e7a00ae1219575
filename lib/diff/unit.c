// SPDX-License-Identifier: MIT
/*
 *   numbers that wait, a key, a name ─► what a unit is
 */
#include "diff/walk_parts.h"
#include "facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* fd_types of sockets */
static const uint32_t sockets_of_type = 1 << 4 | 1 << 5 | 1 << 10 | 1 << 13;

enum space walk_space(const struct unit *u, const struct field_rule *rule)
{
	if (rule->space != S_BY_STATUS)
		return rule->space;
	if (u->status & (VMA_ANON_SHARED | VMA_SYSVIPC))
		return S_SHMEM;
	return u->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED | VMA_MEMFD |
			    VMA_SOCKET) ? S_FILE : S_NONE;
}

static void note_key(struct unit *u, const struct field_rule *rule, uint64_t v)
{
	if (!u->number_of)
		u->number_of = rule->field;
	if (rule->space && rule->space != S_PID)
		u->of = v;
	else if (u->n_numbers < 3)
		u->number[u->n_numbers++] = v;
}

bool unit_note(struct walk *w, struct unit *u, const struct field *f,
	       const struct field_rule *rule, uint64_t v, uint64_t path)
{
	bool waits = rule->space == S_BY_STATUS;

	if (rule->flags & FIELD_KEY && (w->frames[w->depth - 1].root ||
					rule->flags & FIELD_INSIDE))
		note_key(u, rule, v);
	if (rule->flags & FIELD_STATUS)
		u->status = v;
	if (rule->flags & FIELD_TYPE)
		u->type = (uint32_t)v + 1;
	if (rule->flags & FIELD_TYPE && v < 32 && sockets_of_type >> v & 1)
		u->section = SECTION_SOCKETS;
	if ((waits || walk_is_id(w, rule)) && u->n_later < WALK_LATER)
		u->later[u->n_later++] = (struct later){
			.field = f, .rule = rule, .value = v, .path = path };
	return waits;
}

void unit_name(struct unit *u, const void *p, size_t n)
{
	const char *s = p;

	if (n >= WALK_NAME)
		n = WALK_NAME - 1;
	/* an abstract socket's begins with a NUL */
	if (n && !s[0])
		u->name[0] = '@';
	for (size_t i = n && !s[0]; i < n; i++)
		u->name[i] = s[i];
	u->name[n] = 0;
	u->name_n = strlen(u->name);
}

/* The thread of a core image. */
static void name_thread(const struct walk *w, struct unit *u)
{
	const struct id *id = ids_find(w->ids, w->side, S_PID, u->label.pid);

	if (u->label.role != ROLE_TASK || !id || id->label.pid == u->label.pid)
		return;
	u->label.role = ROLE_THREAD;
	u->label.number = u->label.pid;
	u->label.pid = id->label.pid;
}

static void name_unit(const struct walk *w, struct unit *u)
{
	const struct unit *of = u;
	const struct id *id;

	if (u->rule && u->rule->role) {
		u->label.role = u->rule->role;
		if (u->n_numbers > 1 || u->rule->role == ROLE_TASK)
			u->label.pid = (uint32_t)u->number[0];
		u->label.number = u->number[u->n_numbers > 1];
		return;
	}
	/* a watch without the id of its file is in the file's entry */
	if (u->rule && u->rule->of && !u->of && w->n_units > 1)
		of = u - 1;
	if (of->rule && of->rule->of) {
		id = ids_find(w->ids, w->side, of->rule->of, of->of);
		u->label = id ? id->label : (struct title){ .role = 0 };
		return;
	}
	name_thread(w, u);
	/* the namespace that it is of is in the image's name */
	if (u->section == SECTION_FIELDS)
		u->label = (struct title){ .role = ROLE_NONE };
}

/* A name for what has none: "3" in brackets after a list, or "id 3". */
static void name_number(const struct walk *w, struct unit *u)
{
	uint64_t n = u->n_numbers ? u->number[0] : u->of;
	const char *field = w->n_units > 1 ? "" : u->number_of;

	if (u->name_n || !u->number_of || u->rule->role ||
	    (w->n_units > 1 ? !u->n_numbers : u->label.role))
		return;
	u->name_n = (size_t)snprintf(u->name, sizeof(u->name), "%s%s%" PRIu64,
				     field, *field ? " " : "", n);
}

static void end_later(struct walk *w, struct unit *u, const struct later *l)
{
	enum space space = walk_space(u, l->rule);
	struct leaf leaf = {
		.field = l->field, .path = l->path, .value = l->value,
		.space = space,
	};

	if (space && walk_is_id(w, l->rule))
		w->id(w, u, l, space);
	if (l->rule->space != S_BY_STATUS)
		return;
	leaf.hash = space ? ids_token(w->ids, w->side, space, l->value) :
		mix(1, l->value);
	u->content += mix(leaf.path, leaf.hash);
	if (!w->leaf || !u->wanted)
		return;
	leaf.path_n = u->path_at + (size_t)snprintf(w->path + u->path_at,
		WALK_PATH - u->path_at, "%s", l->field->name);
	w->leaf(w, u, &leaf);
}

void unit_end(struct walk *w, struct unit *u)
{
	name_unit(w, u);
	if (!u->rule)
		u->key = mix(u->key, u->content);
	for (unsigned i = 0; i < u->n_later; i++)
		end_later(w, u, &u->later[i]);
	name_number(w, u);
	if (w->unit)
		w->unit(w, u);
}
