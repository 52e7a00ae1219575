// SPDX-License-Identifier: MIT
/*
 *   counts of a summary ─► text or JSON
 */
#include "json/text.h"
#include "report/summary_data.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define STATS(i) (offsetof(struct summary, stats) + (i) * sizeof(uint64_t))
#define DUMP(name) { "dump_stats_entry", #name, \
	STATS(SUMMARY_DUMP_##name), 0 },
#define RESTORE(i, name) { "restore_stats_entry", name, \
	STATS(SUMMARY_DUMP + (i)), 0 }

/* Times are microseconds, the rest are numbers of pages. */
const struct extract_rule summary_dump_rules[SUMMARY_DUMP] = {
	DUMP_STATS_ENTRY__EACH(DUMP)
};

const struct extract_rule summary_restore_rules[SUMMARY_STATS - SUMMARY_DUMP] = {
	RESTORE(0, "forking_time"), RESTORE(1, "restore_time"),
	RESTORE(2, "pages_compared"), RESTORE(3, "pages_skipped_cow"),
	RESTORE(4, "pages_restored"),
};

/* Of enum fd_types, by value. */
static const char *const types[SUMMARY_TYPES] = {
	"UND", "REG", "PIPE", "FIFO", "INETSK", "UNIXSK", "EVENTFD", "EVENTPOLL",
	"INOTIFY", "SIGNALFD", "PACKETSK", "TTY", "FANOTIFY", "NETLINKSK", "NS",
	"TUNF", "EXT", "TIMERFD", "MEMFD", "BPFMAP", "PIDFD", "other", "other",
};

static bool is_socket(size_t type)
{
	return type == FD_INETSK || type == FD_UNIXSK ||
	       type == FD_PACKETSK || type == FD_NETLINKSK;
}

uint64_t summary_sockets(const struct summary *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i < SUMMARY_TYPES; i++)
		n += is_socket(i) ? s->file_types[i] : 0;
	return n;
}

/* What is said of memory, in bytes. */
#define MEMORY(member, text) { #member, text, offsetof(struct summary, member) }
static const struct {
	const char *key, *text;
	size_t offset;
} memory[] = {
	MEMORY(present, "present"), MEMORY(shared, "shared"),
	MEMORY(parent, "in a parent"), MEMORY(lazy, "lazy"),
	MEMORY(zero, "zero"), MEMORY(packed, "compressed"),
	MEMORY(stored_zero, "stored, of zeros"),
};

static uint64_t memory_bytes(const struct summary *s, size_t i)
{
	uint64_t v;

	memcpy(&v, (const char *)s + memory[i].offset, sizeof(v));
	return v;
}

static void json_types(const struct summary *s, struct json_text *r,
		       const char *key, uint64_t total, bool sockets)
{
	json_text_open(r, key, '{');
	json_text_number(r, "total", total);
	for (size_t i = 0; i < SUMMARY_TYPES; i++)
		if (s->file_types[i] && is_socket(i) == sockets)
			json_text_number(r, types[i], s->file_types[i]);
	json_text_close(r, '}');
}

static void json_memory(const struct summary *s, struct json_text *r)
{
	json_text_open(r, "memory", '{');
	json_text_number(r, "page_size", s->page_size);
	for (size_t i = 0; i < sizeof(memory) / sizeof(*memory); i++) {
		if (memory_bytes(s, i) == SUMMARY_UNKNOWN)
			continue;
		json_text_open(r, memory[i].key, '{');
		json_text_number(r, "pages", memory_bytes(s, i) / s->page_size);
		json_text_number(r, "bytes", memory_bytes(s, i));
		if (!strcmp(memory[i].key, "packed"))
			json_text_number(r, "stored", s->packed_stored);
		json_text_close(r, '}');
	}
	json_text_number(r, "stored", s->stored);
	json_text_close(r, '}');
}

static void json_images(const struct summary *s, struct json_text *r)
{
	json_text_open(r, "images", '{');
	json_text_number(r, "files", s->images);
	json_text_number(r, "bytes", s->bytes);
	json_text_open(r, "kinds", '[');
	for (size_t i = 0; i < s->n_kinds; i++) {
		json_text_open(r, NULL, '{');
		json_text_string(r, "kind", s->kinds[i].name);
		json_text_number(r, "files", s->kinds[i].files);
		json_text_number(r, "bytes", s->kinds[i].bytes);
		json_text_close(r, '}');
	}
	json_text_close(r, ']');
	json_text_close(r, '}');
}

static bool known(const uint64_t *v, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++)
		any |= v[i] != SUMMARY_UNKNOWN;
	return any;
}

static void json_stats(struct json_text *r, const char *key,
		       const struct extract_rule *rules, const uint64_t *v,
		       size_t n)
{
	if (!known(v, n))
		return;
	json_text_open(r, key, '{');
	for (size_t i = 0; i < n; i++)
		if (v[i] != SUMMARY_UNKNOWN)
			json_text_number(r, rules[i].field, v[i]);
	json_text_close(r, '}');
}

void summary_json(const struct summary *s, struct out *out)
{
	uint64_t sockets = summary_sockets(s);
	struct json_text r;

	json_text_begin(&r, out);
	if (s->name)
		json_text_text(&r, "dir", s->name, strlen(s->name));
	if (s->container)
		container_json(s->container, &r);
	json_text_number(&r, "img_version", s->version);
	json_text_number(&r, "compress", s->compress);
	if (s->uptime)
		json_text_number(&r, "dump_uptime", s->uptime);
	if (s->run_id[0])
		json_text_string(&r, "run_id", s->run_id);
	json_text_number(&r, "tasks", s->tasks);
	json_text_number(&r, "threads", s->threads);
	json_text_number(&r, "zombies", s->zombies);
	json_text_number(&r, "stopped", s->stopped);
	json_types(s, &r, "files", s->files - sockets, false);
	json_types(s, &r, "sockets", sockets, true);
	json_text_open(&r, "mappings", '{');
	json_text_number(&r, "count", s->vmas);
	json_text_number(&r, "bytes", s->vma_bytes);
	json_text_close(&r, '}');
	json_memory(s, &r);
	json_images(s, &r);
	json_stats(&r, "dump", summary_dump_rules, s->stats, SUMMARY_DUMP);
	json_stats(&r, "restore", summary_restore_rules, s->stats + SUMMARY_DUMP,
		   SUMMARY_STATS - SUMMARY_DUMP);
	json_text_end(&r);
}

static void text_types(const struct summary *s, struct out *out, bool sockets)
{
	const char *sep = " (";

	for (size_t i = 0; i < SUMMARY_TYPES; i++) {
		if (!s->file_types[i] || is_socket(i) != sockets)
			continue;
		out_printf(out, "%s%s %" PRIu64, sep, types[i],
			      s->file_types[i]);
		sep = ", ";
	}
	out_printf(out, "%s\n", *sep == ',' ? ")" : "");
}

static void text_memory(const struct summary *s, struct out *out)
{
	out_printf(out, "%-24s %12s %16s\n", "memory", "pages", "bytes");
	for (size_t i = 0; i < sizeof(memory) / sizeof(*memory); i++)
		if (memory_bytes(s, i) != SUMMARY_UNKNOWN)
			out_printf(out, "  %-22s %12" PRIu64 " %16" PRIu64
			      "\n", memory[i].text, memory_bytes(s, i) / s->page_size,
			      memory_bytes(s, i));
	out_printf(out, "  %-22s %12s %16" PRIu64 "\n", "stored", "",
		   s->stored);
}

static void text_stats(struct out *out, const char *what,
		       const struct extract_rule *rules, const uint64_t *v,
		       size_t n)
{
	if (!known(v, n))
		return;
	out_printf(out, "%s\n", what);
	for (size_t i = 0; i < n; i++)
		if (v[i] != SUMMARY_UNKNOWN)
			out_printf(out, "  %-22s %12" PRIu64 "%s\n",
				      rules[i].field, v[i],
				      strstr(rules[i].field, "_time") ? " us" :
				      "");
}

void summary_text(const struct summary *s, struct out *out)
{
	uint64_t sockets = summary_sockets(s);

	if (s->name) {
		json_text_plain(out, s->name, strlen(s->name));
		out_printf(out, ":\n");
	}
	if (s->container)
		container_text(s->container, out);
	out_printf(out, "%-24s %12" PRIu64 " (%" PRIu64 " zombies, %" PRIu64
		      " stopped), %" PRIu64 " threads\n", "tasks", s->tasks,
		      s->zombies, s->stopped, s->threads);
	out_printf(out, "%-24s %12" PRIu64, "files", s->files - sockets);
	text_types(s, out, false);
	out_printf(out, "%-24s %12" PRIu64, "sockets", sockets);
	text_types(s, out, true);
	out_printf(out, "%-24s %12" PRIu64 " %16" PRIu64 "\n", "mappings",
		      s->vmas, s->vma_bytes);
	text_memory(s, out);
	out_printf(out, "%-24s %12s %16s\n", "images", "files", "bytes");
	for (size_t i = 0; i < s->n_kinds; i++)
		out_printf(out, "  %-22s %12" PRIu64 " %16" PRIu64 "\n",
			      s->kinds[i].name, s->kinds[i].files,
			      s->kinds[i].bytes);
	out_printf(out, "  %-22s %12" PRIu64 " %16" PRIu64 "\n", "total",
		      s->images, s->bytes);
	text_stats(out, "dump", summary_dump_rules, s->stats, SUMMARY_DUMP);
	text_stats(out, "restore", summary_restore_rules,
		   s->stats + SUMMARY_DUMP, SUMMARY_STATS - SUMMARY_DUMP);
}
