// SPDX-License-Identifier: MIT
/*
 *   units, leaves ─► "fd 12/5: reg.pos: 10 -> 20", or a record
 */
#include "diff/print.h"
#include "json/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const changes[] = { "changed", "gone", "appeared" };

static const struct { const char *text, *what, *number; } roles[] = {
	[ROLE_NONE] = { "", NULL, NULL },
	[ROLE_TASK] = { "task %" PRIu32, "task", NULL },
	[ROLE_FD] = { "fd %" PRIu32 "/%" PRIu64, "fd", "fd" },
	[ROLE_CWD] = { "cwd of task %" PRIu32, "cwd", NULL },
	[ROLE_ROOT] = { "root of task %" PRIu32, "root", NULL },
	[ROLE_EXE] = { "exe of task %" PRIu32, "exe", NULL },
	[ROLE_MAP] = { "mapping %" PRIu32 " 0x%" PRIx64, "mapping", "start" },
	[ROLE_THREAD] = { "thread %" PRIu32 "/%" PRIu64, "thread", "tid" },
};

const char *print_label(const struct title *l, char buf[LABEL_MAX])
{
	snprintf(buf, LABEL_MAX, roles[l->role].text, l->pid, l->number);
	return buf;
}

/* The path of a leaf, in buf: in its unit, or in the one around that. */
static void path_of(const struct detail *t, const struct shown *s,
		    const struct kept *k, char buf[WALK_PATH])
{
	int n = (int)(k->path_n - k->unit_n);
	const char *p = print_text(t, k) + k->unit_n;

	if (s->inside)
		snprintf(buf, WALK_PATH, "%.*s[%s].%.*s", (int)k->unit_n,
			 print_text(t, k), s->name, n, p);
	else
		snprintf(buf, WALK_PATH, "%.*s", n, p);
}

static void put(struct out *out, const char *p, size_t n)
{
	out_put(out, p, n);
}

static void put_s(struct out *out, const char *s)
{
	put(out, s, strlen(s));
}

static const char *image_of(const struct detail *t, const struct shown *s)
{
	return t->image[s->change == APPEARED]->name;
}

/* "fd 12/5", or the image and what the entry is called. */
static void head(const struct detail *t, const struct shown *s)
{
	struct out *out = t->d->out;
	bool named = s->name[0] && !s->inside;
	char buf[LABEL_MAX];

	if (s->label.role)
		put_s(out, print_label(&s->label, buf));
	if (s->label.role == ROLE_FD && named) {
		put_s(out, " ");
		json_text_plain(out, s->name, strlen(s->name));
	}
	if (s->label.role && s->beside)
		put_s(out, " ");
	if (!s->label.role || s->beside) {
		json_text_plain(out, image_of(t, s), strlen(image_of(t, s)));
		if (named && s->label.role != ROLE_FD) {
			put_s(out, ": ");
			json_text_plain(out, s->name, strlen(s->name));
		}
	}
	put_s(out, ": ");
}

static void record_head(struct json_text *r, const struct detail *t,
			const struct shown *s, const char *change)
{
	const struct title *l = &s->label;

	json_text_begin(r, t->d->out);
	json_text_string(r, "section", diff_section(s->section));
	json_text_string(r, "change", change);
	if (l->role) {
		json_text_string(r, "kind", roles[l->role].what);
		json_text_number(r, "pid", l->pid);
	}
	if (roles[l->role].number)
		json_text_number(r, roles[l->role].number, l->number);
	if (s->name[0])
		json_text_string(r, "path", s->name);
	json_text_string(r, "image", image_of(t, s));
}

static void told(const struct detail *t, const struct shown *s,
		 enum change_kind change, const char *path)
{
	diff_told(t->d, &(struct diff_line){
		.section = s->section, .change = change,
		.pid = s->label.role ? s->label.pid : 0,
		.image = image_of(t, s), .path = path,
	});
}

static void record_leaf(const struct detail *t, const struct shown *s,
			const struct kept *a, const struct kept *b,
			enum change_kind change, const char *path)
{
	struct json_text r;

	record_head(&r, t, s, changes[change]);
	json_text_string(&r, "field", path);
	if (a)
		print_json(t, &r, "a", a);
	if (b)
		print_json(t, &r, "b", b);
	if (a && a->bytes_n < a->size)
		json_text_number(&r, "a_size", a->size);
	if (b && b->bytes_n < b->size)
		json_text_number(&r, "b_size", b->size);
	json_text_end(&r);
}

static void text_leaf(const struct detail *t, const struct shown *s,
		      const struct kept *a, const struct kept *b,
		      const char *path)
{
	struct out *out = t->d->out;

	head(t, s);
	out_printf(out, "%s: ", path);
	if (a)
		print_value(t, 0, out, a);
	put_s(out, !b ? " gone" : a ? " -> " : "");
	if (b)
		print_value(t, 1, out, b);
	put_s(out, !a ? " appeared\n" : "\n");
}

void print_leaf(const struct detail *t, const struct shown *s,
		const struct kept *a, const struct kept *b)
{
	enum change_kind change = !b ? GONE : !a ? APPEARED : CHANGED;
	char path[WALK_PATH];

	path_of(t, s, a ? a : b, path);
	if (print_ignores(t->d, image_of(t, s), path))
		return;
	if (t->d->records)
		record_leaf(t, s, a, b, change, path);
	else
		text_leaf(t, s, a, b, path);
	told(t, s, change, path);
}

void print_list(const struct detail *t, const struct shown *s,
		const struct kept *a, const struct kept *b, size_t n)
{
	struct out *out = t->d->out;
	char path[WALK_PATH], *index;

	path_of(t, s, a, path);
	if (print_ignores(t->d, image_of(t, s), path))
		return;
	head(t, s);
	index = strrchr(path, '[');
	out_printf(out, "%.*s: %zu numbers differ, the first at %s: ",
		   index ? (int)(index - path) : (int)strlen(path), path,
		   n, index ? index : "");
	print_value(t, 0, out, a);
	put_s(out, b ? " -> " : " gone");
	if (b)
		print_value(t, 1, out, b);
	put_s(out, "\n");
	told(t, s, b ? CHANGED : GONE, path);
}

void print_more(const struct detail *t, const struct shown *s)
{
	t->d->differs = true;
	if (t->d->records)
		return;
	head(t, s);
	put_s(t->d->out, "more fields differ\n");
	told(t, s, CHANGED, "");
}

/* The file that a descriptor or a mapping has, by its leaf. */
static void file_name(const struct detail *t, const struct shown *s,
		      const struct kept *k, const struct kept *end,
		      struct out *out)
{
	int side = s->change == APPEARED;
	const uint32_t unit = k < end ? k->unit : 0;
	const struct id *id = NULL;
	char buf[LABEL_MAX];

	for (; s->label.role && k < end && k->unit == unit; k++) {
		if (k->space == S_FILE && !id)
			id = ids_find(&t->d->ids, side, S_FILE, k->value);
		if (s->label.role == ROLE_FD && k->field &&
		    k->field->kind == KIND_ENUM) {
			put_s(out, " ");
			print_number(out, k);
		}
	}
	if (!id)
		return;
	if (!print_file_name(t, out, id) && id->token &&
	    !title_same(&id->label, &s->label))
		out_printf(out, " (the file of %s)",
			   print_label(&id->label, buf));
}

/* All that it has, by path. */
static void record_fields(struct json_text *r, const struct detail *t,
			  const struct kept *k, const struct kept *end)
{
	const uint32_t unit = k < end ? k->unit : 0;
	char path[WALK_PATH];

	json_text_open(r, "fields", '{');
	for (; k < end && k->unit == unit; k++) {
		snprintf(path, sizeof(path), "%.*s", (int)(k->path_n - k->unit_n),
			 print_text(t, k) + k->unit_n);
		print_json(t, r, path, k);
	}
	json_text_close(r, '}');
}

static void text_unit(const struct detail *t, const struct shown *s,
		      const struct kept *k, const struct kept *end)
{
	head(t, s);
	if (s->inside && k < end) {
		json_text_plain(t->d->out, print_text(t, k), k->unit_n);
		out_printf(t->d->out, "[%s] ", s->name);
	}
	put_s(t->d->out, changes[s->change]);
	file_name(t, s, k, end, t->d->out);
	put_s(t->d->out, "\n");
}

void print_unit(const struct detail *t, const struct shown *s,
		const struct kept *k, const struct kept *end)
{
	struct json_text r;

	if (print_ignores(t->d, image_of(t, s), s->message->name))
		return;
	if (t->d->records) {
		record_head(&r, t, s, changes[s->change]);
		record_fields(&r, t, k, end);
		json_text_end(&r);
	} else {
		text_unit(t, s, k, end);
	}
	told(t, s, s->change, "");
}
