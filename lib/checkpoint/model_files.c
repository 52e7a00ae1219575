// SPDX-License-Identifier: MIT
/*
 * What is kept of files: those of files.img, those of the images of old, and
 * what other images say of them.
 */
#include "checkpoint/model_keep.h"

static uint32_t add_socket(struct model *m)
{
	struct model_socket *s;

	if (!(m->needs & MODEL_SOCKET_DATA) || !has_value(m, V_SNDBUF))
		return 0;
	s = model_more(m, &m->sockets, sizeof(*s));
	if (!s)
		return 0;
	s->family = value32(m, V_FAMILY);
	s->type = value32(m, V_SK_TYPE);
	s->protocol = value32(m, V_PROTO);
	s->state = value32(m, V_SK_STATE);
	s->port[0] = value32(m, V_SPORT);
	s->port[1] = value32(m, V_DPORT);
	s->sndbuf = value32(m, V_SNDBUF);
	s->rcvbuf = value32(m, V_RCVBUF);
	memcpy(s->address, m->words, sizeof(s->address));
	memcpy(s->n_words, m->n_words, sizeof(s->n_words));
	return (uint32_t)m->sockets.n;
}

void model_keep_file(struct model *m)
{
	struct model_file *f = model_more(m, &m->files, sizeof(*f));
	int old = m->kind->fd_type;

	if (!f)
		return;
	f->id = value32(m, V_ID);
	f->type = old ? old : (int32_t)value_of(m, V_TYPE);
	f->has = has_value(m, V_NAME) * FILE_HAS_NAME |
		has_value(m, V_PIPE) * FILE_HAS_PIPE |
		has_value(m, V_INO) * FILE_HAS_UNIX;
	f->name = text_of(m, has_value(m, V_NAME) ? V_NAME : V_UNIX_NAME);
	f->number = value_of(m, has_value(m, V_PIPE) ? V_PIPE : V_KEY);
	f->ino = value32(m, V_INO);
	f->peer = value32(m, V_PEER);
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

void model_keep_note(struct model *m)
{
	uint32_t kind = KEY_NOTE + (uint32_t)m->kind->fd_type;
	uint32_t first = model_get(m, kind, value_of(m, V_ID)), this;
	struct model_note *n = model_more(m, &m->notes, sizeof(*n)), *list;

	if (!n)
		return;
	n->facts = facts_take(m);
	this = n->last = (uint32_t)m->notes.n;
	if (!first) {
		model_put(m, kind, value_of(m, V_ID), this);
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
