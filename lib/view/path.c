// SPDX-License-Identifier: MIT
/*
 *   type and id of a file ─► model ─► what CRIT and go-criu call it
 */
#include "codec/digits.h"
#include "codec/quopri.h"
#include "codec/utf8.h"
#include "schema/pretty.h"
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

static void add_decimal(struct view *v, uint64_t n)
{
	char s[DIGITS_MAX];

	view_add_bytes(v, s, (size_t)(digits_u64(s, n) - s));
}

/* Bytes that are not text, as CRIT has always shown them: b'...', with the
 * quotes and escapes of Python. */
static void add_literal(struct view *v, const uint8_t *p, size_t n)
{
	static const char names[] = "\\\\\tt\nn\rr";
	char quote = memchr(p, '\'', n) && !memchr(p, '"', n) ? '"' : '\'';

	view_add(v, "b%c", quote);
	for (size_t i = 0; i < n; i++) {
		char name = p[i] == quote ? quote : 0;

		for (const char *s = names; *s && !name; s += 2)
			name = *s == (char)p[i] ? s[1] : 0;
		if (name)
			view_add(v, "\\%c", name);
		else
			view_add(v, p[i] < ' ' || p[i] > '~' ? "\\x%02x" : "%c",
				 p[i]);
	}
	view_add(v, "%c", quote);
}

void view_add_name(struct view *v, const void *p, size_t n)
{
	if (v->format == VIEW_TEXT && !utf8_valid(p, n))
		add_literal(v, p, n);
	else
		view_add_bytes(v, p, n);
}

/* Bytes of a unix socket's name as CRIT writes them. */
static void add_quoted(struct view *v, const uint8_t *p, size_t n)
{
	const uint8_t *lf = memchr(p, '\n', n);
	struct quopri q;

	quopri_begin(&q, lf && lf > p && lf[-1] == '\r');
	while (n) {
		size_t k = n < 256 ? n : 256, used;
		char text[256 * QUOPRI_GROWTH];
		char *end = quopri_put(&q, text, p, k, k == n, &used);

		view_add_bytes(v, text, (size_t)(end - text));
		p += used;
		n -= used;
	}
}

static void add_regular(struct view *v, const struct model_file *f)
{
	bool named = f && f->has & FILE_HAS_NAME;

	if (named && (f->name.len || v->format != VIEW_TEXT))
		view_add_name(v, model_text(v->model, f->name), f->name.len);
	else
		view_add(v, v->format == VIEW_JSON ? "unknown" :
			 "unknown path");
}

static void add_pipe(struct view *v, const struct model_file *f)
{
	view_add_bytes(v, "pipe[", 5);
	if (f && f->has & FILE_HAS_PIPE)
		add_decimal(v, f->number);
	else
		view_add_bytes(v, "?", 1);
	view_add_bytes(v, "]", 1);
}

/* go-criu has the bytes themselves, and a blank before none. */
static void add_unix(struct view *v, const struct model_file *f)
{
	const char *name;

	if (!f || !(f->has & FILE_HAS_UNIX)) {
		view_add(v, "unix[?]");
		return;
	}
	name = model_text(v->model, f->name);
	view_add_bytes(v, "unix[", 5);
	add_decimal(v, f->ino);
	view_add_bytes(v, " (", 2);
	add_decimal(v, f->peer);
	view_add_bytes(v, ")", 1);
	if (f->name.len || v->format == VIEW_JSON)
		view_add_bytes(v, " ", 1);
	if (v->format == VIEW_TEXT)
		add_quoted(v, (const uint8_t *)name, f->name.len);
	else
		view_add_bytes(v, name, f->name.len);
	view_add_bytes(v, "]", 1);
}

/* An image names a file that no image describes: told once of each, or of all
 * where there is no files.img. */
static void no_file(struct view *v, int32_t type, uint32_t id)
{
	enum { KEY_NO_FILE = 0x500 };
	struct model *m = v->model;
	bool none = !(m->came & (MODEL_NAMES | MODEL_SOCKETS));
	uint64_t key = none ? UINT64_MAX : id;
	const char *name = pretty_name(m->fd_types, (uint64_t)(int64_t)type);
	struct crit_error err;

	if (m->cut || m->lost & (MODEL_NAMES | MODEL_SOCKETS) ||
	    model_get(m, KEY_NO_FILE, key))
		return;
	model_put(m, KEY_NO_FILE, key, 1);
	error_clear(&err);
	if (none)
		error_set(&err, CRIT_EDATA, "files.img: no such image");
	else
		error_set(&err, CRIT_EDATA, "no image has file %" PRIu32 " (%s)",
			  id, name ? name : "of an unknown type");
	m->report(m->ctx, &err);
}

const struct model_file *view_file(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);

	if (!f)
		no_file(v, type, id);
	return f;
}

/* Of other types the number says all. */
static bool has_path(int32_t type)
{
	return type == FD_REG || type == FD_PIPE || type == FD_UNIXSK;
}

void view_add_path(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = has_path(type) ? view_file(v, type, id) :
		NULL;

	switch (type) {
	case FD_REG:
		add_regular(v, f);
		break;
	case FD_PIPE:
		add_pipe(v, f);
		break;
	case FD_UNIXSK:
		add_unix(v, f);
		break;
	default:
		view_add_type(v, type);
		view_add_bytes(v, ".", 1);
		add_decimal(v, id);
	}
}
