// SPDX-License-Identifier: MIT
/*
 * remap-fpath.img, ghost-file-X.img: files that had no name any more.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

#include <sys/stat.h>

static const struct rule rules[] = {
	{ "remap-orig-missing", ERROR, "the file of a remap is missing" },
	{ "remap-type", ERROR, "the type of a remap is unknown" },
	{ "remap-linked-missing", ERROR, "the linked file is missing" },
	{ "remap-ghost-missing", ERROR, "the ghost image is missing" },
	{ "remap-procfs-pid", ERROR, "the pid of a remap below /proc cannot be" },
	{ "remap-duplicate", WARNING, "two remaps of one file" },
	{ "opt-link-remap", NOTE, "restored from a hard link on disk" },
	{ "ghost-mode", WARNING, "the type of a ghost is unknown" },
	{ "ghost-rdev", ERROR, "a ghost device without its number" },
	{ "ghost-symlink-target", ERROR, "a ghost link without its target" },
	{ "ghost-chunks-size", ERROR, "a ghost in chunks without its size" },
	{ "ghost-chunk-range", ERROR, "a chunk beyond the size of its ghost" },
	{ "ghost-chunk-order", WARNING, "chunks overlap, or are not in order" },
	{ "ghost-reg-size", ERROR, "a ghost has another size than its file" },
	{ 0 },
};

static const struct ref refs[] = {
	{ "remap-orig-missing", "remap_file_path_entry.orig_id", "REG", true,
	  NULL },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "remap-duplicate", "remap_file_path_entry.orig_id", IN_ALL, true,
	  NULL },
	{ 0 },
};

enum { LINKED, GHOST, PROCFS };

static uint64_t ghost_size(const struct ghost *g)
{
	return HAS(g, ghost, size) ? g->size : g->extra;
}

static void judge_ghost_of(struct check *c, const struct remap *r, uint64_t x)
{
	const struct ghost *g = check_of_image(c, T_GHOST, "ghost-file-$.img", x);
	const struct check_file *f = files_find(c, FD_REG, r->orig_id);
	const struct reg *reg = f ? (const void *)f->row : NULL;

	check_use(c, "ghost-file-$.img", x);
	if (!g) {
		if (!check_broken(c, "ghost-file-$.img", x))
			check_say(c, "remap-ghost-missing", AT_FIELD(r,
				  "remap_id"), "ghost-file-{-hex:h}.img of file "
				  "{id} is missing or empty",
				  VALUES(x, r->orig_id));
		return;
	}
	if (S_ISREG(g->mode) && reg && HAS(reg, reg, size) &&
	    reg->size != ghost_size(g))
		check_say(c, "ghost-reg-size", AT(g), "{bytes} bytes, but file "
			  "{id} has the size {size}",
			  VALUES(ghost_size(g), r->orig_id, reg->size));
}

static bool is_thread(const struct check *c, uint64_t tid)
{
	for EACH_TASK(c, t)
		for (uint32_t i = 1; i < span_n(t->entry->threads); i++)
			if (check_number(c, t->entry->threads, i) == tid)
				return true;
	return false;
}

static void judge_linked(struct check *c, const struct remap *r, uint64_t id)
{
	struct check_file *f = files_find(c, FD_REG, id);

	if (!files_use(c, FD_REG, id, false)) {
		if (files_known(c))
			check_say(c, "remap-linked-missing", AT_FIELD(r,
				  "remap_id"), "file {id}, the link of file "
				  "{orig_id}, is missing", VALUES(id, r->orig_id));
		return;
	}
	check_say(c, "opt-link-remap", AT_FIELD(r, "remap_id"), "file {orig_id} "
		  "is restored from the hard link {name:t}",
		  VALUES(r->orig_id, f->row ?
			 ((const struct reg *)(const void *)f->row)->name : 0));
}

static void judge(struct check *c, const struct remap *r)
{
	bool old = !HAS(r, remap, remap_type);
	uint64_t type = old ? r->remap_id >> 31 & 1 : r->remap_type;
	uint64_t id = old ? r->remap_id & 0x7fffffff : r->remap_id;

	if (type == GHOST)
		judge_ghost_of(c, r, id);
	else if (type == LINKED)
		judge_linked(c, r, id);
	else if (type != PROCFS)
		check_say(c, "remap-type", AT_FIELD(r, "remap_type"), "{type} of "
			  "file {id} is unknown", VALUES(type, r->orig_id));
	else if (!id || id >> 22 || is_thread(c, id))
		check_say(c, "remap-procfs-pid", AT_FIELD(r, "remap_id"), "{pid} "
			  "is no pid that restore can make for file {id}",
			  VALUES(id, r->orig_id));
}

static void judge_ghost(struct check *c, const struct ghost *g)
{
	bool device = S_ISCHR(g->mode) || S_ISBLK(g->mode);

	if (!device && !S_ISREG(g->mode) && !S_ISDIR(g->mode) &&
	    !S_ISLNK(g->mode) && !S_ISFIFO(g->mode))
		check_say(c, "ghost-mode", AT_FIELD(g, "mode"), "{mode:o} has no "
			  "known type; restored as a regular file",
			  VALUES(g->mode));
	if (device && !HAS(g, ghost, rdev))
		check_say(c, "ghost-rdev", AT(g), "a device, but rdev is missing",
			  NULL);
	if (S_ISLNK(g->mode) && !span_n(g->symlnk_target))
		check_say(c, "ghost-symlink-target", AT(g), "a symbolic link, "
			  "but symlnk_target is missing", NULL);
	if (g->chunks && !HAS(g, ghost, size))
		check_say(c, "ghost-chunks-size", AT(g), "chunks is set, but size "
			  "is missing", NULL);
}

static void judge_chunk(struct check *c, const struct chunk *k,
			const struct chunk *before)
{
	const struct ghost *g = check_of_image(c, T_GHOST, "ghost-file-$.img",
		check_image_at(c, k->row.image)->number);

	if (g && HAS(g, ghost, size) &&
	    (k->off > g->size || k->len > g->size - k->off))
		check_say(c, "ghost-chunk-range", AT(k), "{len} bytes at {off} "
			  "end beyond the size, {size}",
			  VALUES(k->len, k->off, g->size));
	if (before && before->row.image == k->row.image &&
	    k->off < before->off + before->len)
		check_say(c, "ghost-chunk-order", AT_FIELD(k, "off"), "{off} is "
			  "below {end}, where the chunk before ends",
			  VALUES(k->off, before->off + before->len));
}

static void check(struct check *c)
{
	const struct chunk *before = NULL;

	for EACH(c, T_REMAP, remap, r)
		judge(c, r);
	for EACH(c, T_GHOST, ghost, g)
		judge_ghost(c, g);
	for EACH(c, T_CHUNK, chunk, k) {
		judge_chunk(c, k, before);
		before = k;
	}
}

const struct area area_remap = {
	.rules = rules, .refs = refs, .uniques = uniques, .check = check,
};
