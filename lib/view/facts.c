// SPDX-License-Identifier: MIT
/*
 *   facts of a file (events) ─► JSON, as crit-decode --pretty shows them
 */
#include "schema/pretty.h"
#include "view/view.h"

struct facts_sink {
	struct sink sink;
	struct json_text *json;
	const char *key;		/* of the message */
	struct address_words address;	/* of the list */
};

static struct facts_sink *facts(struct sink *sink)
{
	return (struct facts_sink *)sink;
}

/* Elements of a list have no key. */
static const char *key_of(const struct field *f)
{
	return f->label == LABEL_REPEATED ? NULL : f->name;
}

static void on_begin(struct sink *sink, const struct field *f)
{
	json_text_open(facts(sink)->json, f ? key_of(f) : facts(sink)->key, '{');
}

static void on_end(struct sink *sink)
{
	json_text_close(facts(sink)->json, '}');
}

static void on_list(struct sink *sink, const struct field *f)
{
	json_text_open(facts(sink)->json, f->name, '[');
	facts(sink)->address.n = 0;
	facts(sink)->address.none = f->show != SHOW_ADDRESS;
}

static void put_words(struct facts_sink *s)
{
	for (unsigned i = 0; i < s->address.n; i++)
		json_text_number(s->json, NULL, s->address.word[i]);
	s->address.n = 0;
}

static void on_list_end(struct sink *sink)
{
	struct facts_sink *s = facts(sink);
	char text[64], *end;

	if (address_is(&s->address)) {
		end = pretty_address(text, s->address.word, s->address.n);
		json_text_text(s->json, NULL, text + 1, (size_t)(end - text) - 2);
		s->address.n = 0;
	}
	put_words(s);
	json_text_close(s->json, ']');
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct facts_sink *s = facts(sink);

	if (f->show == SHOW_ADDRESS && f->label == LABEL_REPEATED) {
		if (address_keep(&s->address, v))
			return;
		put_words(s);
	}
	json_text_field(s->json, key_of(f), f, v);
}

/* Kept values are whole. */
static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct json_text *json = facts(sink)->json;

	(void)last;
	if (f->kind == KIND_BYTES && f->show != SHOW_NAME)
		json_text_base64(json, key_of(f), p, n);
	else
		json_text_text(json, key_of(f), p, n);
}

static const struct sink_ops ops = {
	.begin = on_begin, .end = on_end,
	.list = on_list, .list_end = on_list_end,
	.number = on_number, .bytes = on_bytes,
};

static const struct {
	int32_t type;
	const char *key;
	bool list;
} notes[] = {
	{ FD_MEMFD, "inode", false },
	{ FD_TTY, "info", false },
	{ FD_EVENTPOLL, "tfd", true },
	{ FD_INOTIFY, "wd", true },
	{ FD_FANOTIFY, "mark", true },
};

static void put_span(struct view *v, const char *key, struct model_span s)
{
	struct facts_sink sink = {
		.sink = { .ops = &ops, .err = v->model->sink.err },
		.json = view_json(v), .key = key,
	};

	if (!v->table)
		facts_play(v->model, s, &sink.sink);
}

static void put_notes(struct view *v, int i, const struct model_note *first)
{
	const struct model_note *list = v->model->notes.p;

	if (!notes[i].list) {
		put_span(v, notes[i].key, first->facts);
		return;
	}
	view_open(v, notes[i].key, '[');
	for (const struct model_note *n = first; n;
	     n = n->next ? &list[n->next - 1] : NULL)
		put_span(v, NULL, n->facts);
	view_close(v, ']');
}

void view_file_facts(struct view *v, const char *key, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);

	if (f)
		put_span(v, key, f->facts);
}

void view_facts(struct view *v, int32_t type, uint32_t id)
{
	view_file_facts(v, "file", type, id);
	view_notes(v, type, id);
}

void view_notes(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);
	int n = sizeof(notes) / sizeof(*notes);

	for (int i = 0; f && i < n; i++) {
		const struct model_note *note = notes[i].type == type ?
			model_note(v->model, type, notes[i].list ? id :
				   f->number) : NULL;

		if (note)
			put_notes(v, i, note);
	}
}
