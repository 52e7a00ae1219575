// SPDX-License-Identifier: MIT
#include "base/alloc.h"
#include "codec/digits.h"
#include "codec/utf8.h"
#include "view/view.h"
#include "schema/pretty.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A core that says nothing of a state is a zombie's; without a core the other
 * images tell. */
bool view_alive(const struct model_task *t)
{
	return !(t->seen & MODEL_CORE) || t->state == TASK_ALIVE ||
	       t->state == TASK_STOPPED;
}

bool view_has(struct view *v, const struct model_task *t, unsigned image,
	      const char *prefix)
{
	if (t->seen & image)
		return true;
	if (image == MODEL_CORE && t->core_lost)
		return false;
	v->missing(v->ctx, prefix, t->pid);
	return false;
}

void view_tasks(struct view *v,
		void (*put)(struct view *, const struct model_task *))
{
	if (v->format == VIEW_JSON)
		view_open(v, NULL, '[');
	for (size_t i = 0; i < model_count(v->model); i++) {
		const struct model_task *t = model_nth(v->model, i);

		if (view_alive(t))
			put(v, t);
	}
	if (v->format == VIEW_JSON)
		view_close(v, ']');
}

bool view_wanted(const struct view *v, uint32_t pid)
{
	for (size_t i = 0; i < v->model->n_pids; i++)
		if (v->model->pids[i] == pid)
			return true;
	return !v->model->n_pids;
}

bool view_mapped(struct view *v, const struct model_task *t)
{
	if (v->mappings)
		v->mappings(v->ctx, t);
	return view_has(v, t, MODEL_MM, "mm-");
}

const struct model_table *view_table(struct view *v,
				     const struct model_task *t)
{
	if (!t->files_id && !view_has(v, t, MODEL_IDS, "ids-"))
		return NULL;
	return model_table(v->model, t->files_id);
}

void view_open_task(struct view *v, const struct model_task *t, const char *list)
{
	if (v->format == VIEW_TEXT)
		out_printf(v->out, "%" PRIu32 "\n", t->pid);
	if (v->format != VIEW_JSON)
		return;
	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	view_open(v, list, '[');
}

void view_close_task(struct view *v)
{
	if (v->format != VIEW_JSON)
		return;
	view_close(v, ']');
	view_close(v, '}');
}

void view_put(struct view *v, const void *p, size_t n)
{
	out_put(v->out, p, n);
}

void view_escape(struct view *v, const void *text, size_t n)
{
	const uint8_t *p = text;

	while (n) {
		size_t k = utf8_plain(p, n);

		view_put(v, p, k);
		if (k == n)
			return;
		out_printf(v->out, "\\x%02x", p[k]);
		p += k + 1;
		n -= k + 1;
	}
}

void view_say(struct view *v, const void *text, size_t n)
{
	(v->terminal ? view_escape : view_put)(v, text, n);
}

void view_line(struct view *v)
{
	v->line.n = 0;
}

void view_add_bytes(struct view *v, const void *p, size_t n)
{
	model_add(v->model, &v->line, p, n);
}

void view_add_right(struct view *v, const void *p, size_t n, size_t width)
{
	static const char blanks[] = "        ";

	if (n < width)
		view_add_bytes(v, blanks, width - n);
	view_add_bytes(v, p, n);
}

char *view_decimal_text(char *p, uint64_t n, int width)
{
	char *end = digits_u64(p, n);

	while (end < p + width)
		*end++ = ' ';
	return end;
}

void view_add(struct view *v, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	view_add_bytes(v, text, (size_t)n < sizeof(text) ? (size_t)n :
		       sizeof(text) - 1);
}

void view_add_type(struct view *v, int32_t type)
{
	const char *name = pretty_name(v->model->fd_types,
					 (uint64_t)(int64_t)type);

	if (name)
		view_add_bytes(v, name, strlen(name));
	else
		view_add(v, "%" PRId32, type);
}
