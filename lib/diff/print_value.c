// SPDX-License-Identifier: MIT
/*
 *   a leaf ─► its value, for people or as JSON
 */
#include "diff/print.h"
#include "json/text.h"
#include "schema/pretty.h"

#include <inttypes.h>
#include <string.h>

const char *print_text(const struct detail *t, const struct kept *k)
{
	return (const char *)t->text.p + k->text;
}

static void put(struct out *out, const char *p, size_t n)
{
	out_put(out, p, n);
}

static void put_s(struct out *out, const char *s)
{
	put(out, s, strlen(s));
}

/* Digits and names without quotes. */
void print_number(struct out *out, const struct kept *k)
{
	char buf[SYMBOLIC_MAX];
	char *end = pretty_put(buf, k->field, k->value, k->hex), *from = buf;

	if (*from == '"') {
		from++;
		end--;
	}
	put(out, from, (size_t)(end - from));
	if (from == end)
		put_s(out, "0");
}

static void value_bytes(const struct detail *t, struct out *out,
			const struct kept *k)
{
	const char *p = print_text(t, k) + k->path_n;
	bool text = k->field && k->field->kind == KIND_STRING;

	/* names of sockets have NULs */
	for (size_t i = 0; !text && i < k->bytes_n; i++)
		if (p[i] ? p[i] < ' ' || p[i] > '~' : !*p && k->bytes_n == 1)
			break;
		else
			text = i + 1 == k->bytes_n && (*p || p[i]);
	if (text || !k->bytes_n) {
		put_s(out, "\"");
		json_text_plain(out, p, k->bytes_n);
		put_s(out, k->bytes_n < k->size ? "\"..." : "\"");
	} else {
		size_t most = k->bytes_n < 16 ? k->bytes_n : 16;

		for (size_t i = 0; i < most; i++)
			out_printf(out, "%02x", (uint8_t)p[i]);
		if (most < k->size)
			put_s(out, "...");
	}
	if (k->bytes_n < k->size)
		out_printf(out, " (%" PRIu64 " bytes)", k->size);
}

bool print_file_name(const struct detail *t, struct out *out,
		     const struct id *id)
{
	const char *name;

	if (!id->name)
		return false;
	name = (const char *)t->d->names.p + id->name - 1;
	put_s(out, " ");
	json_text_plain(out, name, strlen(name));
	return true;
}

/* The thing in the other checkpoint that it is, or NULL. */
static const struct id *partner(const struct ids *s, int side,
				const struct id *id)
{
	const struct id *all = s->known[!side].p;

	for (size_t i = 0; id->token && i < s->known[!side].n; i++)
		if (all[i].token == id->token)
			return &all[i];
	return NULL;
}

/* Whether a label is the thing's own: the cwd, root or exe of a task, too. */
static bool is_own(const struct title *own, const struct title *l)
{
	return title_same(own, l) ||
	       (own->role == ROLE_TASK && own->pid == l->pid &&
		(l->role == ROLE_CWD || l->role == ROLE_ROOT ||
		 l->role == ROLE_EXE));
}

/* What an id stands for: a thing that has it, other than the one whose line
 * this is. */
static void put_id(const struct detail *t, int side, struct out *out,
		   const struct kept *k, const struct id *id)
{
	const struct title *own = &t->units[k->unit].label;
	const struct id *other = partner(&t->d->ids, side, id);
	char buf[LABEL_MAX];

	if (!is_own(own, &id->label))
		other = id;
	if (other && other->label.role && !is_own(own, &other->label))
		out_printf(out, "that of %s",
			   print_label(&other->label, buf));
	else
		put_s(out, side && !id->token ? "a new one" : "its own");
	print_file_name(t, out, id);
}

void print_value(const struct detail *t, int side, struct out *out,
		  const struct kept *k)
{
	const struct id *id;

	if (!k->field || !kind_is_number(k->field->kind)) {
		value_bytes(t, out, k);
		return;
	}
	id = k->space && k->space < S_BY_STATUS && k->space != S_PID ?
		ids_find(&t->d->ids, side, k->space, k->value) : NULL;
	if (id && id->label.role)
		put_id(t, side, out, k, id);
	else
		print_number(out, k);
}

void print_json(const struct detail *t, struct json_text *r,
			 const char *key, const struct kept *k)
{
	if (k->field && kind_is_number(k->field->kind)) {
		if (kind_is_signed(k->field->kind))
			json_text_signed(r, key, (int64_t)k->value);
		else
			json_text_number(r, key, k->value);
		return;
	}
	json_text_text(r, key, print_text(t, k) + k->path_n, k->bytes_n);
}
