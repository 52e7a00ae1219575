/* SPDX-License-Identifier: MIT
 *
 * crit-check: will it restore?
 *
 *   store: names, sizes ──────────────┐
 *   image_source, json_source: events │
 *        │                            ▼
 *        ▼            rows.h       images
 *     collect.c ──► tables of rows ──┬──► declared checks (declared.h):
 *        │                           │    values, references, duplicates
 *        └► pagemap entries:         └──► functions of the areas: the rest
 *           pages*.c, at once                │
 *                                            ▼
 *                    findings ──► sorted, once each ──► text or records
 *
 * Each image is read once, forward. A message that rules look at becomes a
 * row (columns_*.h); pagemaps are judged as they pass and leave only sums.
 * When all images have been read, each area (areas.h: one file for the rules
 * of one kind of image, and their code) looks at the rows. Files that are not
 * images (pages, archives, parent) are looked at through the store where there
 * is one; without it, the rules that need it are passed over.
 *
 * An image that cannot be read is one finding. What refers to it is not judged.
 */
#ifndef CRIT_CHECK_CHECK_H
#define CRIT_CHECK_CHECK_H

#include "base/buffer.h"
#include "event/event.h"
#include "check/rows.h"
#include "store/store.h"

enum severity { NOTE, WARNING, ERROR };

struct rule {
	const char *id;
	enum severity severity;
	const char *about;
};

enum image_state { IMAGE_RAW, IMAGE_READ, IMAGE_BROKEN };

struct check_image {
	char *name;
	const struct image_type *type;	/* by its name; NULL: of no type */
	const struct image_type *found;	/* by its magic */
	const char *template;		/* that its name fits, or NULL */
	uint64_t number;		/* in its name */
	uint8_t state, head;
	bool used;			/* something leads to it */
	bool has_size;
	bool other;		/* no file: a directory, a link */
	uint64_t entries, size;
};

struct named {
	const char *name;
	size_t image;
};

struct check_list {
	void *p;
	size_t n, cap;
};

struct finding {
	const struct rule *rule;
	uint32_t severity, image;	/* image from 1; 0: the checkpoint */
	int64_t entry;			/* or -1 */
	size_t order;			/* in which it was found */
	uint64_t more;			/* of that rule and image, not told */
	char *path, *text, *values;	/* "" where there is none */
};

/* How a message is read: which table, which column of each field. */
struct plan {
	const struct message *message;
	enum table table;
	uint8_t *slot;			/* by field index: column + 1 */
	uint8_t extra;			/* column + 1 of what follows entries */
};

struct frame {
	const struct message *message;
	const struct plan *plan;	/* NULL: not read */
	const struct field *field;	/* in the message around it */
	size_t row;
	uint32_t element, list_next;
	const struct field *list;
	uint64_t required;
};

/* What a pagemap leaves behind: pages.h. */
struct pagemap_sum;
struct pages;

enum kind_of_dir { DIR_FULL, DIR_PRE, DIR_PAGES, DIR_CPUINFO, DIR_OTHER };

struct check_index;

enum { PLANS = 512, CHECK_TEXT_MAX = 64 << 10, RULES_SEEN = 64 };

struct rule_seen {
	const char *id;
	const struct rule *rule;
};

struct check {
	struct sink sink;
	struct crit_error *err;
	const struct schema *schema;

	/* set by the caller, after check_init */
	const char *const *allow;	/* what restore will be called with */
	size_t n_allow;
	bool host;			/* look at this machine, too */
	const struct store *store;	/* NULL: a stream */
	/* NULL, or told what could not be read (it is a finding, too) */
	void (*warn)(void *ctx, const struct crit_error *);
	void *ctx;

	struct check_list images;	/* struct check_image */
	struct check_list tables[T_MAX];
	struct check_list text;		/* char */
	struct check_list numbers;	/* uint64_t */
	struct check_list findings;
	struct rule_seen seen[RULES_SEEN];
	struct check_list tallies;	/* finding.c: how many of each */
	struct check_list sums;		/* struct pagemap_sum */
	struct named *by_name;		/* images, by strcmp */
	struct check_index *indexes;
	struct check_list files;	/* struct check_file: files.h */

	/* what all areas ask for: facts.c */
	enum kind_of_dir kind;
	struct check_list tasks;	/* struct task: tasks.h */
	uint64_t page_size;
	void *root;			/* struct task, or NULL */
	unsigned dumped;		/* namespaces: bits of tasks.h */

	/* the image that is being read */
	size_t image;			/* in images; SIZE_MAX: none */
	bool ignore;		/* not read */
	bool passing;		/* what comes may be taken back; so far, */
	bool lacks;		/* required fields are absent */
	uint64_t entry;
	struct plan plans[PLANS];	/* by message; open addressing */
	struct frame frames[WIRE_DEPTH_MAX + 2];
	int depth;			/* frames in use */
	uint32_t text_n;		/* bytes of the text that is coming */
	struct pages *pages;
	bool parent_broken;		/* and that has been told */
};

/* err stays the caller's. False: no memory. */
bool check_init(struct check *c, const struct schema *schema,
		struct crit_error *err);
void check_free(struct check *c);

/* Reads all of a directory; it must stay until check_free. */
bool check_store(struct check *c, const struct store *store);

/* A file that is there, before its events: its image number. */
size_t check_image(struct check *c, const char *name);

/* When all has been read. False: *err, and no answer. */
bool check_end(struct check *c);

/* The answer: how many findings, in order. */
size_t check_count(const struct check *c, enum severity severity);
void check_print(const struct check *c, struct out *out, const char *prefix);
void check_records(const struct check *c, struct out *out, const char *prefix);

/* All rules, in order: NULL after the last. */
const struct rule *check_rule(size_t n);
const char *check_severity(enum severity s);

/* For areas ---------------------------------------------------------------*/

/* Rows of a table in the order in which they came; NULL after the last. */
void *check_first(const struct check *c, enum table t);
void *check_next(const struct check *c, enum table t, const void *row);
void *check_row(const struct check *c, enum table t, uint64_t from_one);

#define EACH(c, t, type, r) \
	(struct type *r = check_first(c, t); r; r = check_next(c, t, r))

/* Element i of a span of rows. */
void *check_nth(const struct check *c, enum table t, uint64_t rows, uint32_t i);

/* The rows of an image: the first, or NULL. */
void *check_of_image(const struct check *c, enum table t, const char *template,
		     uint64_t number);

/* Element i of a span of numbers; the bytes of a span of text. */
uint64_t check_number(const struct check *c, uint64_t numbers, uint32_t i);
const char *check_text(const struct check *c, uint64_t text);

/* An image by a template of its name: "core-#.img", "ghost-file-$.img" with
 * the number in hexadecimal. present: it is there, and not empty; broken: it
 * cannot be read, and nothing else is to be said of it. */
struct check_image *check_find(const struct check *c, const char *template,
			       uint64_t number);
bool check_present(const struct check *c, const char *template, uint64_t n);
bool check_broken(const struct check *c, const char *template, uint64_t n);
/* Marks it as used. */
void check_use(struct check *c, const char *template, uint64_t n);
struct check_image *check_image_at(const struct check *c, size_t n);

/* The first row whose column ("vma_entry.start") has this value, and the next
 * one after row; NULL if there is none. */
void *check_lookup(const struct check *c, const char *column, uint64_t value);
void *check_lookup_next(const struct check *c, const char *column,
			const void *row);

/* The names of restore's options that may change a finding, with blanks. */
extern const char check_options[];

/* Whether restore will be called with this option: "shell-job", or one with a
 * value that begins like "external=mnt[KEY]". */
bool check_allows(const struct check *c, const char *option);

/* "external=mnt[KEY]", for check_allows. */
void check_option(char *buf, size_t n, const char *option, const char *key,
		  size_t key_n);

/* A finding. The place is a row and a field of it (NULL: the row itself), or an
 * image. {name} in the text stands for the next of the values: {n} decimal,
 * {n:x} hexadecimal ({n:h} without 0x), {n:o} octal, {n:d} signed, {n:t} a span
 * of text, {n:s} a C string (STRING). Values that are named with a dash before
 * ({-n}) are only in the text. */
struct place {
	const void *row;
	const char *field;
	const struct check_image *image;
};

#define AT(r) ((struct place){ .row = (r) })
#define AT_FIELD(r, f) ((struct place){ .row = (r), .field = (f) })
#define AT_IMAGE(i) ((struct place){ .image = (i) })
#define NOWHERE ((struct place){ .row = NULL })
#define VALUES(...) (const uint64_t[]){ __VA_ARGS__ }
#define STRING(s) ((uint64_t)(uintptr_t)(s))

void check_say(struct check *c, const char *rule, struct place at,
	       const char *text, const uint64_t *values);
void check_say_as(struct check *c, enum severity severity, const char *rule,
		  struct place at, const char *text, const uint64_t *values);

/* Of an entry that has no row. */
void check_say_entry(struct check *c, const char *rule, size_t image,
		     int64_t entry, const char *path, const char *text,
		     const uint64_t *values);
void check_say_entry_as(struct check *c, enum severity severity,
			const char *rule, size_t image, int64_t entry,
			const char *path, const char *text,
			const uint64_t *values);

/* The field path of a row. */
void check_path(const struct check *c, const void *row, char *buf, size_t n);

/* One more element (zeroed), or NULL and the error. */
void *check_more(struct check *c, struct check_list *l, size_t size);
bool check_append(struct check *c, struct check_list *l, const void *p,
		  size_t n, size_t size);

#endif
