/* SPDX-License-Identifier: MIT
 *
 * CHECKPOINT operands: the options that say which one is meant, and what is
 * said of it.
 */
#ifndef CRIT_CHECKPOINT_H
#define CRIT_CHECKPOINT_H

#include "filter.h"
#include "store/source.h"
#include "store/store.h"

struct file_list {
	const char **name;
	size_t n;
};

struct checkpoint_options {
	const char *at, *parent;
	struct file_list shards;
	bool follow, verbose;
	bool with, without;		/* -H, --no-checkpoint */
};

/* Rows for the options; `member` is a struct checkpoint_options. */
#define OPTION_SHARD(type, member) \
	{ 0, "shard", "FILE", TAKES_FILE, \
	  .help = "read FILE as another part (shard) of the stream; may " \
		"be repeated", \
	  .place = offsetof(type, member), .call = file_list_add, .many = true }
#define OPTIONS_CHECKPOINT(type, member) \
	OPTION_AT(type, member.at), \
	OPTION_SHARD(type, member.shards), \
	OPTION_FOLLOW(type, member.follow)
#define OPTIONS_MANY(type, member) \
	OPTION_WITH_CHECKPOINT(type, member.with), \
	OPTION_NO_CHECKPOINT(type, member.without)

/* --image: the images that are printed. */
struct image_choice {
	const char *glob;		/* NULL: all */
	bool any;			/* an image matched */
};

#define OPTION_IMAGE(type, member) \
	{ 0, "image", "GLOB", TAKES_TEXT, \
	  .help = "only images with a name that matches GLOB", \
	  .place = offsetof(type, member.glob) }

/* Whether this image is printed; NULL, standard input, always is. */
bool image_chosen(struct image_choice *c, const char *name);

/* False and *err: no image matched. */
bool image_matched(const struct image_choice *c, struct crit_error *err);

void file_list_add(void *into, const struct option_row *row, const char *arg);

/* Refuses what does not go with n operands. */
void checkpoint_check(const struct checkpoint_options *o, int n);

/* How the options and a want say that it is opened. output: as of
 * progress_meter. */
struct store_how checkpoint_how(const struct checkpoint_options *o,
				enum store_pages want, const char *output);

/* Opens one: from (or NULL: the path). What could not be read goes to report,
 * and what came before is in the store then. From now on messages say where
 * images are. False: *err. */
bool checkpoint_open(struct store *s, const char *path, struct source *from,
		     const struct store_how *how, const struct schema *schema,
		     void (*report)(void *ctx, const struct crit_error *),
		     void *ctx, struct crit_error *err);
/* The same for STORE_PAGES_ANY: command lines and environments of a compressed
 * archive are read while their pages pass. */
bool checkpoint_open_memory(struct store *s, const char *path,
			    struct source *from, const struct store_how *how,
			    const struct schema *schema,
			    void (*report)(void *ctx, const struct crit_error *),
			    void *ctx, struct crit_error *err);
void checkpoint_close(struct store *s);

/* What is done with each image of a checkpoint. */
struct image_walk {
	struct image_choice *chosen;
	const struct out *out;		/* no more are asked for once it failed */
	void (*image)(void *ctx, const struct store *, const char *name);
	/* Sends what there is: what follows may be long in coming. NULL: no
	 * image is given before all of the checkpoint has been read. */
	void (*send)(void *ctx);
	void *ctx;
};

/* Opens a checkpoint, and gives the images that are chosen, also while an
 * archive is being read. As checkpoint_open. */
bool checkpoint_images(struct image_walk *w, const char *path,
		       struct source *from, struct store_how how,
		       const struct schema *schema, int *status,
		       struct crit_error *err);

/* A path, told by its content; "-" may be a terminal, which is said. want: what
 * it will be opened for. False: *err. */
bool checkpoint_look(struct source *s, const char *path, enum store_pages want,
		     const char *output, const struct schema *schema,
		     struct crit_error *err);

/* Whether it is a CHECKPOINT, not one image or documents. */
bool checkpoint_is(const struct source *s);

#endif
