// SPDX-License-Identifier: MIT
/*
 * Any image: magic, head, entries; images that nothing refers to.
 */
#include "check/tasks.h"
#include "check/files.h"

#include <string.h>

static const struct rule rules[] = {
	{ "img-empty", ERROR, "an image of zero bytes" },
	{ "img-magic", ERROR, "the magic is not that of the file name" },
	{ "img-head", ERROR, "the number before the magic is missing, or one "
		"too many (img_version of inventory.img says which)" },
	{ "img-decode", ERROR, "framing, a message or what follows it cannot "
		"be read" },
	{ "img-required", ERROR, "a required field is missing" },
	{ "img-no-record", ERROR, "no entry, where there must be one" },
	{ "img-extra-records", WARNING, "more than one entry, where only the "
		"first is read" },
	{ "img-unknown-file", NOTE, "a file that is no image" },
	{ "img-orphan", NOTE, "an image to which nothing leads" },
	{ "img-shadowed-old", NOTE, "an image of old CRIU beside files.img: it "
		"is not read" },
	{ 0 },
};

/* Images of which one entry is read; needed: without it restore fails. */
static const struct {
	const char *type;
	bool needed;
} single[] = {
	{ "INVENTORY", true }, { "CORE", true }, { "UTSNS", true },
	{ "IPC_VAR", true }, { "USERNS", true }, { "TIMENS", true },
	{ "NETNS", true }, { "CREDS", true }, { "TCP_STREAM", true },
	{ "CPUINFO", true }, { "AUTOFS", true }, { "IDS", false },
	{ "MM", false }, { "FS", false }, { "SECCOMP", false },
	{ "CGROUP", false }, { "APPARMOR", false }, { "PIDNS", false },
	{ "STATS", false },
};

static void judge_records(struct check *c, const struct check_image *im)
{
	const char *type = im->type->name;
	bool head = !strcmp(type, "PAGEMAP") || !strcmp(type, "GHOST_FILE");

	if (im->state != IMAGE_READ)
		return;
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++) {
		if (strcmp(single[i].type, type))
			continue;
		head = single[i].needed;
		if (im->entries > 1)
			check_say(c, "img-extra-records", AT_IMAGE(im),
				  "{entries} entries, but only the first is read",
				  VALUES(im->entries));
	}
	if (head && !im->entries)
		check_say(c, "img-no-record", AT_IMAGE(im), "no entry, but "
			  "there must be one", NULL);
}

static uint8_t wanted_head(const struct check *c, const struct check_image *im)
{
	const struct inventory *inv = tasks_inventory(c);

	return inv && inv->img_version == 1 ? HEAD_NONE : im->type->head;
}

static void judge_head(struct check *c, const struct check_image *im)
{
	static const char *const heads[] = {
		"no head", "the head of common images",
		"the head of service images",
	};
	uint8_t wanted = wanted_head(c, im);

	if (im->state == IMAGE_RAW || !im->found || im->head == wanted)
		return;
	check_say(c, "img-head", AT_IMAGE(im), "it begins with {head:s}; "
		  "{wanted:s} is needed",
		  VALUES(STRING(heads[im->head]), STRING(heads[wanted])));
}

/* An orphan: an image that no other area has marked as used. */
static const char *const at_home[] = {
	"inventory.img", "pstree.img", "files.img", "seccomp.img", "cgroup.img",
	"stats-dump", "stats-restore", "irmap-cache", "cpuinfo.img",
	"apparmor.img", "tty-info.img", "filelocks.img", "memfd.img",
	"remap-fpath.img", "pipes-data.img", "fifo-data.img", "sk-queues.img",
	"bpfmap-data.img", "binfmt-misc.img", "tty-data.img",
	"eventpoll-tfd.img", "inotify-wd.img", "fanotify-mark.img",
	"filelocks-*.img", "binfmt-misc-*.img",
};

static bool is_at_home(const struct check_image *im)
{
	for (size_t i = 0; i < sizeof(at_home) / sizeof(*at_home); i++)
		if (!strcmp(im->template, at_home[i]))
			return true;
	return !strcmp(im->name, "timens-0.img");
}

static bool is_old_file(const struct check_image *im)
{
	for (int t = 1; t < FD_TYPES; t++)
		if (file_kinds[t].old && !strcmp(im->name, file_kinds[t].old))
			return true;
	return false;
}

static bool is_other(const struct check_image *im)
{
	const char *dot = strrchr(im->name, '.');

	return !im->template && !im->other && strcmp(im->name, "parent") &&
	       (!dot || strcmp(dot, ".log"));
}

static void judge_use(struct check *c, const struct check_image *im)
{
	bool old = is_old_file(im) || !strcmp(im->name, "eventpoll-tfd.img") ||
		!strcmp(im->name, "inotify-wd.img") ||
		!strcmp(im->name, "fanotify-mark.img");

	if (is_other(im)) {
		check_say(c, "img-unknown-file", AT_IMAGE(im), "no image that "
			  "CRIU knows; restore ignores it", NULL);
		return;
	}
	if (!im->template)
		return;
	if (old && check_first(c, T_FILE))
		check_say(c, "img-shadowed-old", AT_IMAGE(im), "files.img is "
			  "there, so restore does not read this image", NULL);
	else if (!old && !im->used && !is_at_home(im) && c->kind == DIR_FULL &&
		 im->state != IMAGE_BROKEN)
		check_say(c, "img-orphan", AT_IMAGE(im), "nothing leads to this "
			  "image; was the directory used for two dumps?", NULL);
}

static void check(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++) {
		struct check_image *im = check_image_at(c, i);

		if (im->type && im->template) {
			judge_records(c, im);
			judge_head(c, im);
		}
	}
}

/* Last of all areas: by then each image that is needed has been marked. */
static void check_rest(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++)
		judge_use(c, check_image_at(c, i));
}

const struct area area_framing = { .rules = rules, .check = check };
const struct area area_unused = { .check = check_rest };
