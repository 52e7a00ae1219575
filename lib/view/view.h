/* SPDX-License-Identifier: MIT
 *
 * What explorers print with: a model in, text out.
 */
#ifndef CRIT_VIEW_VIEW_H
#define CRIT_VIEW_VIEW_H

#include "checkpoint/model.h"
#include "json/text.h"
#include "store/store.h"
#include "view/table.h"

enum view_format {
	VIEW_TEXT,	/* CRIT's, byte for byte where CRIT is right */
	VIEW_JSON,	/* go-criu's structure */
	VIEW_RECORDS,	/* one JSON object a line; or a table, where there is one */
};

typedef void view_run(void *ctx, const struct page_run *);

struct view {
	struct model *model;
	struct out *out;
	enum view_format format;
	struct table *table;	/* or NULL; format is VIEW_RECORDS then */
	const struct store *dir;	/* where pages are; NULL: a stream */
	bool part;		/* of all: what does not apply is no fault */
	bool terminal;		/* control characters are escaped in text */
	enum { BRANCHES_NONE, BRANCHES_ASCII, BRANCHES_BOX } branches;	/* branches, in a table */

	/* An image that a task needs did not come: "mm-", 12. */
	void (*missing)(void *ctx, const char *prefix, uint32_t number);
	/* Reads the mappings of a task; NULL: the model has them. */
	void (*mappings)(void *ctx, const struct model_task *t);
	/* Passes the pagemap runs of a task on, from wherever they are. */
	void (*runs)(void *ctx, const struct model_task *t, view_run *run,
		     void *run_ctx);
	void *ctx;

	struct model_list line;	/* char: a value in the making */
	uint32_t n_segments;	/* shared memory, numbered as it comes */
	struct json_text json;
};

/* view.c: whether the task is alive or stopped and its image came; says what
 * is missing. */
bool view_alive(const struct model_task *t);
bool view_has(struct view *v, const struct model_task *t, unsigned image,
	      const char *prefix);

/* A list of what a task has: its pid as a line, or {"pid": ..., "LIST": [. */
void view_open_task(struct view *v, const struct model_task *t,
		    const char *list);
void view_close_task(struct view *v);

/* Calls put for each task of the tree that is alive, in a list. */
void view_tasks(struct view *v,
		void (*put)(struct view *, const struct model_task *));

/* Whether --pid lets it pass. */
bool view_wanted(const struct view *v, uint32_t pid);

/* Whether the mappings of a task are known; reads them where they wait. */
bool view_mapped(struct view *v, const struct model_task *t);

/* The descriptors of a task. NULL: none; CRIU makes an image when its first
 * entry comes, so that a task without open descriptors has no fdinfo image. */
const struct model_table *view_table(struct view *v,
				     const struct model_task *t);

/* Text. What comes out of an image goes through view_say. */
void view_put(struct view *v, const void *p, size_t n);
void view_say(struct view *v, const void *p, size_t n);
void view_escape(struct view *v, const void *p, size_t n);	/* \x0a */

/* v->line: cleared by view_line, added to by the others. */
void view_line(struct view *v);
void view_add(struct view *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

void view_add_bytes(struct view *v, const void *p, size_t n);

/* With blanks before it, width (at most 8) in all. */
void view_add_right(struct view *v, const void *p, size_t n, size_t width);

/* Digits of n at p, so wide with blanks after it; returns the end. Room for
 * DIGITS_MAX of digits.h. */
char *view_decimal_text(char *p, uint64_t n, int width);

/* A name that may be any bytes; text has b'...' for what is not UTF-8. */
void view_add_name(struct view *v, const void *p, size_t n);

/* The file, or NULL after an error has been reported. */
const struct model_file *view_file(struct view *v, int32_t type, uint32_t id);

/* A file as CRIT's text or go-criu's JSON names it; its type. */
void view_add_path(struct view *v, int32_t type, uint32_t id);
void view_add_type(struct view *v, int32_t type);

/* view_json.c. key NULL: an element of a list, or the top. */
void view_open(struct view *v, const char *key, char bracket);
void view_close(struct view *v, char bracket);
void view_number(struct view *v, const char *key, uint64_t n);
void view_hex(struct view *v, const char *key, uint64_t n);	/* "0x.." */
void view_bytes(struct view *v, const char *key, const void *p, size_t n);
void view_string(struct view *v, const char *key, const char *s);
void view_value(struct view *v, const char *key);	/* v->line */
void view_bool(struct view *v, const char *key, bool b);

/* Where objects are open. */
struct json_text *view_json(struct view *v);

/* facts.c: what is known of the file beyond its name: "file" and what other
 * images say of it; only the latter; only the former, under any key. */
void view_facts(struct view *v, int32_t type, uint32_t id);
void view_notes(struct view *v, int32_t type, uint32_t id);
void view_file_facts(struct view *v, const char *key, int32_t type, uint32_t id);

/* resource.c: a field of what other images say of the file. */
bool view_note(struct view *v, int32_t type, uint32_t id, const char *name,
	       struct fact *fact);

/* To v->line: before, and the name of a memfd. False: it is not known. */
bool view_memfd(struct view *v, uint32_t id, const char *before);

/* To v->line; false: nothing to say. What --inherit-fd and --external of CRIU
 * call it: "pipe:[N]", "socket:[N]", "tty[RDEV:DEV]", "srv/file". */
bool view_add_resource(struct view *v, int32_t type, uint32_t id);

/* known.c, to v->line; what people call it: "memfd:name", "/dev/pts/3". And how
 * a descriptor is open, as a list: "rw", "append", "cloexec". */
bool view_add_known(struct view *v, int32_t type, uint32_t id);
void view_open_flags(struct view *v, const char *key, const struct model_fd *fd);

/* Symbolic names by a flag map or dictionary of symbols.yaml. */
/* A number as its field shows it: a name, flags, hexadecimal, a device. */
void view_field(struct view *v, const char *key, const struct field *f,
		uint64_t n);
void view_flags(struct view *v, const char *key, const char *map, uint64_t n);
const char *view_name(const struct view *v, const char *map, uint64_t n);

/* A socket of a task; file and s are NULL where no image tells of it. */
struct view_socket {
	const struct model_task *task;
	const struct model_fd *fd;
	const struct model_file *file;
	const struct model_socket *s;
};

bool view_is_socket(int32_t type);
/* Its family: images have that of IP sockets only. */
uint32_t view_socket_family(int32_t type, const struct model_socket *s);
struct view_socket view_socket_of(struct view *v, const struct model_task *t,
				  const struct model_fd *fd);

/* socket.c: to v->line; nothing where there is nothing to say. */
void view_add_socket_family(struct view *v, const struct view_socket *k);
void view_add_socket_type(struct view *v, const struct view_socket *k);
void view_add_socket_protocol(struct view *v, const struct view_socket *k);
void view_add_socket_state(struct view *v, const struct view_socket *k);

/* side: 0 source, 1 destination. end: address and port, or [inode]. */
void view_add_socket_end(struct view *v, const struct view_socket *k, int side);
/* The same, or the name of a unix socket; and all of it:
 * "TCP 127.0.0.1:80 LISTEN". */
void view_add_socket_place(struct view *v, const struct view_socket *k, int side);
bool view_socket_has_peer(const struct view_socket *k);
void view_add_socket(struct view *v, const struct view_socket *k);
void view_add_socket_address(struct view *v, const struct view_socket *k,
			     int side);

#endif
