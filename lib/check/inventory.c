// SPDX-License-Identifier: MIT
/*
 * inventory.img: what holds for the checkpoint as a whole; stats, cpuinfo.
 */
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "inventory-missing", ERROR, "inventory.img is missing" },
	{ "inventory-version", ERROR, "img_version is not 1 or 2" },
	{ "inventory-fdinfo-per-id", ERROR, "fdinfo_per_id is not set" },
	{ "inventory-root-ids-missing", ERROR, "root_ids is missing" },
	{ "inventory-root-ids-files", ERROR, "the root task has the files_id "
		"of CRIU itself" },
	{ "inventory-root-cg-set-zero", ERROR, "root_cg_set is 0" },
	{ "inventory-ns-per-id", WARNING, "ns_per_id is not set: names of "
		"namespace images have the pid of the root task" },
	{ "inventory-lsm-type", WARNING, "lsmtype is unknown" },
	{ "inventory-network-lock", WARNING, "network_lock_method is unknown" },
	{ "inventory-plugins", NOTE, "restore needs these plugins" },
	{ "inventory-compress-block-size", ERROR, "compress_block_size cannot "
		"be right" },
	{ "opt-tcp-close", NOTE, "restore needs --tcp-close" },
	{ "opt-allow-uprobes", NOTE, "restore needs --allow-uprobes" },
	{ "cpuinfo-entry", ERROR, "cpuinfo.img has not one x86 entry of a known "
		"vendor" },
	{ "stats-record", WARNING, "statistics without their part" },
	{ 0 },
};

static bool full(const struct check *c, const void *row)
{
	(void)row;
	return c->kind == DIR_FULL;
}

static const struct test tests[] = {
	{ "inventory-root-cg-set-zero", "inventory_entry.root_cg_set", TEST_IS,
	  0, 0, "is no set", NULL },
	{ "inventory-lsm-type", "inventory_entry.lsmtype", TEST_ABOVE, 2, 0,
	  "is none of 0 (none), 1 (SELinux), 2 (AppArmor)", NULL },
	{ "inventory-network-lock", "inventory_entry.network_lock_method",
	  TEST_ABOVE, 2, 0, "is none of 0 (iptables), 1 (nftables), 2 (skip)",
	  NULL },
	{ "inventory-ns-per-id", "inventory_entry.ns_per_id", TEST_ABSENT, 0, 0,
	  "ns_per_id is missing", full },
	{ "inventory-ns-per-id", "inventory_entry.ns_per_id", TEST_IS, 0, 0,
	  "is not set", full },
	{ "inventory-fdinfo-per-id", "inventory_entry.fdinfo_per_id",
	  TEST_ABSENT, 0, 0, "fdinfo_per_id is missing: CRIU refuses such "
	  "images", full },
	{ "inventory-fdinfo-per-id", "inventory_entry.fdinfo_per_id", TEST_IS,
	  0, 0, "is not set: CRIU refuses such images", full },
	{ 0 },
};

static void judge_version(struct check *c, const struct inventory *inv)
{
	uint64_t v = inv->img_version;

	if (v == 1 || v == 2 || (!v && c->kind == DIR_PRE))
		return;
	check_say_as(c, v == 3 ? NOTE : ERROR, "inventory-version",
		     AT_FIELD(inv, "img_version"), v == 3 ?
		     "{value}: compressed pages, which no release reads yet" :
		     "{value} is neither 1 nor 2", VALUES(v));
}

static void judge_root(struct check *c, const struct inventory *inv)
{
	const struct ids *ids = check_row(c, T_IDS, inv->root_ids);
	const struct task *root = c->root;

	if (c->kind != DIR_FULL || !root || !root->ids)
		return;
	if (!ids)
		check_say(c, "inventory-root-ids-missing", AT(inv), "root_ids is "
			  "missing, but task {pid} has ids", VALUES(root->pid));
	else if (ids->files_id == root->ids->files_id)
		check_say(c, "inventory-root-ids-files", AT_FIELD(inv,
			  "root_ids.files_id"), "{files_id} is that of task "
			  "{pid}, too", VALUES(ids->files_id, root->pid));
}

static void judge_compress(struct check *c, const struct inventory *inv)
{
	uint64_t n = inv->compress_block_size;

	if (!HAS(inv, inventory, compress_block_size))
		return;
	if (!inv->compress)
		check_say(c, "inventory-compress-block-size", AT_FIELD(inv,
			  "compress_block_size"), "{value}, but compress is not "
			  "set", VALUES(n));
	else if (!n || n % 4096 || n > 4 << 20)
		check_say(c, "inventory-compress-block-size", AT_FIELD(inv,
			  "compress_block_size"), "{value} is no multiple of "
			  "4096 up to 4 MiB", VALUES(n));
}

static void judge_plugins(struct check *c, const struct inventory *inv)
{
	const struct plugins *p = check_row(c, T_PLUGINS, inv->plugins_entry);
	const char *name, *end;

	if (!p || !span_n(p->plugins))
		return;
	name = check_text(c, p->plugins);
	for (end = name + span_n(p->plugins); name < end;
	     name += strlen(name) + 1)
		check_say(c, "inventory-plugins", AT(p), "restore needs the "
			  "plugin {plugin:s}", VALUES(STRING(name)));
}

static void judge_cpuinfo(struct check *c)
{
	for EACH(c, T_CPUINFO, cpuinfo, e) {
		const struct x86_cpu *cpu = check_nth(c, T_X86_CPU,
						      e->x86_entry, 0);

		if (e->ppc64_entry || e->s390_entry)
			continue;
		if (span_n(e->x86_entry) != 1)
			check_say(c, "cpuinfo-entry", AT_FIELD(e, "x86_entry"),
				  "{count} entries in place of one",
				  VALUES(span_n(e->x86_entry)));
		else if (cpu->vendor_id != 1 && cpu->vendor_id != 2)
			check_say(c, "cpuinfo-entry", AT_FIELD(cpu, "vendor_id"),
				  "{vendor_id} is neither Intel nor AMD",
				  VALUES(cpu->vendor_id));
	}
}

static void judge_stats(struct check *c)
{
	for EACH(c, T_STATS, stats, s) {
		const char *name = check_image_at(c, s->row.image)->name;
		bool dump = !strcmp(name, "stats-dump");

		if (dump ? !s->dump : !s->restore)
			check_say(c, "stats-record", AT(s), "{part:s} is missing",
				  VALUES(STRING(dump ? "dump" : "restore")));
	}
}

static void check(struct check *c)
{
	const struct inventory *inv = tasks_inventory(c);

	if (!check_present(c, "inventory.img", 0) &&
	    (c->kind == DIR_FULL || c->kind == DIR_PRE))
		check_say(c, "inventory-missing", NOWHERE, "inventory.img is "
			  "missing", NULL);
	judge_cpuinfo(c);
	judge_stats(c);
	if (!inv)
		return;
	judge_version(c, inv);
	judge_root(c, inv);
	judge_compress(c, inv);
	judge_plugins(c, inv);
	if (inv->tcp_close && !check_allows(c, "tcp-close"))
		check_say(c, "opt-tcp-close", AT_FIELD(inv, "tcp_close"),
			  "restore needs --tcp-close", NULL);
	if (inv->allow_uprobes && !check_allows(c, "allow-uprobes"))
		check_say(c, "opt-allow-uprobes", AT_FIELD(inv, "allow_uprobes"),
			  "restore needs --allow-uprobes", NULL);
}

const struct area area_inventory = {
	.rules = rules, .tests = tests, .check = check,
};
