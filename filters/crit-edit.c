// SPDX-License-Identifier: MIT
/*
 *   image ─► YAML or JSON, a temporary file ─► editor
 *     ^                       ^                  │
 *     │        wrong: with a message             v
 *     └──────────────────────────────────── crit-encode
 */
#include "base/buffer.h"
#include "base/output_file.h"
#include "edit_archive.h"
#include "edit_image.h"
#include "edit_text.h"
#include "filter.h"
#include "load_schema.h"
#include "schema/load.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TURNS_MAX = 50 };	/* an editor that is a script may never end */

struct edit {
	unsigned format;
	const char *schema_file;

	struct crit_error err;
	struct schema *loaded;
	struct edit_image image;
	struct edit_archive archive;	/* that has it; path NULL: none */
	char text_path[PATH_MAX];	/* for the editor */
	int text;			/* what was taken from there */
	struct edit_state was, last;	/* at first; when it was wrong */
	unsigned turns;			/* of the editor */
	bool kept;			/* text_path stays */
};

/* A named file, so that an editor can open it, and knows its kind. */
static bool make_text(struct edit *e)
{
	int fd;

	snprintf(e->text_path, sizeof(e->text_path), "%s/crit-edit.",
		 temp_root());
	fd = temp_make_file(AT_FDCWD, e->text_path, sizeof(e->text_path),
			    e->format ? ".json" : ".yaml", 0600);
	if (fd < 0) {
		snprintf(e->err.image, sizeof(e->err.image), "%.200s",
			 temp_root());
		return error_sys(&e->err, errno, "cannot make a temporary file");
	}
	close(fd);
	e->text = temp_file(&e->err);
	return e->text >= 0;
}

/* Between e->text and the file of the editor. */
static bool exchange(struct edit *e, bool (*copy)(struct edit *, int))
{
	int fd = open(e->text_path, O_RDWR | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return error_sys(&e->err, errno, "cannot open the edited text");
	ok = copy(e, fd);
	if (close(fd) && ok)
		return error_sys(&e->err, errno, "cannot write a temporary file");
	return ok;
}

static bool give_first(struct edit *e, int fd)
{
	static const char *const own[] = {
		"Change what you like. The image is replaced when the editor ends.",
		"If the text is as before, or empty, the image stays as it is.",
		NULL,
	};

	return edit_give(e->text, fd, 0, own, &e->err);
}

static bool take(struct edit *e, int fd)
{
	return edit_take(fd, e->text, &e->last, &e->err);
}

/* What was wrong, at its place. */
static bool give_again(struct edit *e, int fd)
{
	char text[1024];
	const char *own[] = { text, NULL };
	int64_t line = e->err.line;

	error_text(&e->err, text, sizeof(text));
	error_clear(&e->err);
	return edit_give(e->text, fd, line, own, &e->err);
}

static bool same(const struct edit_state *a, const struct edit_state *b)
{
	return !memcmp(a->digest, b->digest, sizeof(a->digest));
}

enum turn { TURN_DONE, TURN_AGAIN, TURN_FAILED };

/* The editor once, and what comes of its text. */
static enum turn turn(struct edit *e)
{
	struct edit_state last = e->last;

	if (!edit_run(e->text_path, &e->err))
		return TURN_FAILED;
	if (!exchange(e, take))
		return TURN_FAILED;
	if (e->last.blank || same(&e->last, &e->was)) {
		filter_warn("%s: not changed", e->archive.path ?
			    e->archive.image : e->image.path);
		return TURN_DONE;
	}
	e->kept = true;		/* from now on there is something to lose */
	if (edit_replace(&e->image, e->text, &e->err)) {
		e->kept = false;
		return TURN_DONE;
	}
	if (e->err.code != CRIT_EDATA || same(&e->last, &last) ||
	    ++e->turns == TURNS_MAX)
		return TURN_FAILED;
	return exchange(e, give_again) ? TURN_AGAIN : TURN_FAILED;
}

/* The image of an archive as a file, which is edited, and back. */
static bool edit(struct edit *e);

static bool edit_in_archive(struct edit *e)
{
	struct edit_archive *a = &e->archive;
	bool ok;

	a->schema = e->image.schema;
	ok = edit_archive_take(a, &e->err);
	snprintf(e->image.path, sizeof(e->image.path), "%s", a->file);
	ok = ok && edit(e);
	if (ok && !edit_archive_put(a, &e->err)) {
		e->kept = true;
		ok = false;
	}
	edit_archive_close(a);
	if (!ok && !e->err.image[0])
		snprintf(e->err.image, sizeof(e->err.image), "%.250s", a->path);
	return ok;
}

static bool edit(struct edit *e)
{
	enum turn how;

	e->image.format = e->format ? &writer_json : &writer_yaml;
	if (!make_text(e) || !edit_decode(&e->image, e->text, &e->err) ||
	    !exchange(e, give_first) || !exchange(e, take))
		return false;
	e->was = e->last;
	do
		how = turn(e);
	while (how == TURN_AGAIN);
	return how == TURN_DONE;
}

static bool is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* IMAGE of a directory, also of a container's. */
static void find_image(struct edit *e, const char *checkpoint,
		       const char *image)
{
	static const char *const below[] = { "", "checkpoint/" };

	if (!output_file_name_ok(image, strlen(image)))
		filter_usage("'%s' is not the name of an image", image);
	if (!is_dir(checkpoint) && edit_archive_is(checkpoint)) {
		e->archive.path = checkpoint;
		e->archive.image = image;
		return;
	}
	if (!is_dir(checkpoint))
		filter_usage("%s is not a directory or an uncompressed tar "
			     "archive: crit-copy it to a directory first",
			     checkpoint);
	for (size_t i = 0; i < 2; i++) {
		snprintf(e->image.path, sizeof(e->image.path), "%s/%s%s",
			 checkpoint, below[i], image);
		if (!access(e->image.path, F_OK))
			return;
	}
	snprintf(e->image.path, sizeof(e->image.path), "%s/%s", checkpoint,
		 image);
}

static void find_file(struct edit *e, const char *path)
{
	if (is_dir(path))
		filter_usage("missing argument: IMAGE of %s", path);
	snprintf(e->image.path, sizeof(e->image.path), "%s", path);
}

static const struct option_row rows[] = {
	OPTION_FORMAT(struct edit, format, "yaml json",
		      "yaml (default) or json: the language of the text"),
	OPTION_FLAG(0, "allow-partial", struct edit, image.partial,
		    "accept messages that lack required fields"),
	OPTION_SCHEMA(struct edit, schema_file),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "The open files of a checkpoint:", "crit-edit DIR files.img" },
	{ "With another editor, as JSON:",
	  "EDITOR='code --wait' crit-edit -f json pstree.img" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... FILE\n[OPTION]... CHECKPOINT IMAGE",
	.about = "Edit an image as text, in $VISUAL or $EDITOR.\n"
		"FILE is an image. CHECKPOINT is a directory or an uncompressed "
		"tar archive, and\n"
		"IMAGE the name of an image in it.",
	.rows = rows,
	.operand = TAKES_IMAGE,
	.examples = examples,
	.see = "crit-edit, man crit-stream",
};

static void finish(struct edit *e)
{
	if (e->kept)
		filter_warn("the edited text is in %s", e->text_path);
	else if (*e->text_path)
		unlink(e->text_path);
	if (e->text >= 0)
		close(e->text);
	schema_free(e->loaded);
}

int main(int argc, char **argv)
{
	static struct edit e = { .text = -1 };
	int first = tool_options(&tool, &e, argc, argv), status;

	error_clear(&e.err);
	if (first == argc)
		tool_missing(&tool, "expected FILE, or DIR and IMAGE");
	if (argc - first < 1 || argc - first > 2)
		filter_usage("expected FILE, or CHECKPOINT and IMAGE");
	if (argc - first == 2)
		find_image(&e, argv[first], argv[first + 1]);
	else
		find_file(&e, argv[first]);
	e.image.schema = load_schema(e.schema_file, &e.loaded, &e.err);
	if (e.image.schema && !(e.archive.path ? edit_in_archive(&e) : edit(&e)) &&
	    !e.err.image[0])
		snprintf(e.err.image, sizeof(e.err.image), "%.250s", e.image.path);
	status = filter_error(&e.err);
	finish(&e);
	return filter_end(status);
}
