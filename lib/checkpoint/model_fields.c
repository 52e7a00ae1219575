// SPDX-License-Identifier: MIT
/*
 * The fields whose values count, found by their descriptors.
 */
#include "checkpoint/model_keep.h"
#include "codec/wire.h"

_Static_assert(V_MAX <= (int)MODEL_VALUES, "room for each value");

static const struct {
	const char *message, *field;
	uint8_t value;
} fields[] = {
	{ "pstree_entry", "pid", V_PID },
	{ "pstree_entry", "ppid", V_PPID },
	{ "pstree_entry", "pgid", V_PGID },
	{ "pstree_entry", "sid", V_SID },
	{ "pstree_entry", "threads", V_THREAD },
	/* nested pid namespaces: never in a release, but in vendors' images */
	{ "pstree_entry", "ns_pid", V_PID },
	{ "pstree_entry", "ns_pgid", V_PGID },
	{ "pstree_entry", "ns_sid", V_SID },
	{ "task_core_entry", "task_state", V_STATE },
	{ "task_core_entry", "exit_code", V_EXIT },
	{ "task_core_entry", "comm", V_COMM },
	{ "thread_core_entry", "comm", V_THREAD_COMM },
	{ "task_kobj_ids_entry", "files_id", V_FILES_ID },
	{ "fdinfo_entry", "id", V_FD_ID },
	{ "fdinfo_entry", "fd", V_FD },
	{ "fdinfo_entry", "type", V_FD_TYPE },
	{ "fdinfo_entry", "flags", V_FD_FLAGS },
	{ "fs_entry", "cwd_id", V_CWD },
	{ "fs_entry", "root_id", V_ROOT },
	{ "mm_entry", "exe_file_id", V_EXE },
	{ "mm_entry", "mm_saved_auxv", V_AUXV },
	{ "vma_entry", "start", V_START },
	{ "vma_entry", "end", V_END },
	{ "vma_entry", "pgoff", V_PGOFF },
	{ "vma_entry", "shmid", V_SHMID },
	{ "vma_entry", "prot", V_PROT },
	{ "vma_entry", "flags", V_FLAGS },
	{ "vma_entry", "status", V_STATUS },
	{ "pagemap_entry", "vaddr", V_VADDR },
	{ "pagemap_entry", "compat_nr_pages", V_PAGES_COMPAT },
	{ "pagemap_entry", "in_parent", V_IN_PARENT },
	{ "pagemap_entry", "flags", V_RUN_FLAGS },
	{ "pagemap_entry", "nr_pages", V_PAGES },
	{ "file_entry", "type", V_TYPE },
	{ "reg_file_entry", "name", V_NAME },
	{ "pipe_entry", "pipe_id", V_PIPE },
	{ "memfd_file_entry", "inode_id", V_KEY },
	{ "memfd_inode_entry", "inode_id", V_ID },
	{ "tty_file_entry", "tty_info_id", V_KEY },
	{ "unix_sk_entry", "ino", V_INO },
	{ "unix_sk_entry", "peer", V_PEER },
	{ "unix_sk_entry", "name", V_UNIX_NAME },
	{ "unix_sk_entry", "type", V_SK_TYPE },
	{ "unix_sk_entry", "state", V_SK_STATE },
	{ "inet_sk_entry", "family", V_FAMILY },
	{ "inet_sk_entry", "type", V_SK_TYPE },
	{ "inet_sk_entry", "proto", V_PROTO },
	{ "inet_sk_entry", "state", V_SK_STATE },
	{ "inet_sk_entry", "src_port", V_SPORT },
	{ "inet_sk_entry", "dst_port", V_DPORT },
	{ "inet_sk_entry", "src_addr", V_SADDR },
	{ "inet_sk_entry", "dst_addr", V_DADDR },
	{ "packet_sock_entry", "type", V_SK_TYPE },
	{ "packet_sock_entry", "protocol", V_PROTO },
	{ "packet_sock_entry", "ifindex", V_SPORT },
	{ "netlink_sk_entry", "protocol", V_PROTO },
	{ "netlink_sk_entry", "state", V_SK_STATE },
	{ "netlink_sk_entry", "portid", V_SPORT },
	{ "netlink_sk_entry", "dst_portid", V_DPORT },
	{ "sk_opts_entry", "so_sndbuf", V_SNDBUF },
	{ "sk_opts_entry", "so_rcvbuf", V_RCVBUF },
};

static unsigned hash(const void *p)
{
	return (unsigned)((uintptr_t)p / 16 * 0x9e3779b1u >> 24) % 256;
}

int model_field_value(const struct model *m, const struct field *f)
{
	unsigned i = hash(f);

	while (m->fields[i].f && m->fields[i].f != f)
		i = (i + 1) % MODEL_FIELDS;
	return m->fields[i].f ? m->fields[i].value : V_NONE;
}

/* A schema of another version may lack some. */
static void bind(struct model *m, const struct schema *schema, size_t n)
{
	const struct message *msg = schema_message(schema, fields[n].message);
	const char *name = fields[n].field;
	const struct field *f = msg ?
		message_field_name(msg, name, strlen(name)) : NULL;
	unsigned i;

	/* auxiliary vectors are long, and say how large pages are */
	if (!f || (fields[n].value == V_AUXV && m->what != MODEL_RSS))
		return;
	for (i = hash(f); m->fields[i].f; )
		i = (i + 1) % MODEL_FIELDS;
	m->fields[i].f = f;
	m->fields[i].value = fields[n].value;
}

void model_bind(struct model *m, const struct schema *schema)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		bind(m, schema, i);
}

/* Kinds that model_flat reads by itself: it looks at large numbers only. */
static bool is_plain(uint8_t kind)
{
	return kind_wire(kind) == WIRE_VARINT && kind_table[kind].bits > 1 &&
		!kind_table[kind].zigzag;
}

static bool is_wanted(struct model *m, const struct message *message)
{
	const struct model_plan *plan = model_plan(m, message);

	return !plan || plan->wanted;
}

/* Whether somebody looks at the field, or at what is in it. */
static bool is_looked_at(struct model *m, const struct field *f)
{
	return model_field_value(m, f) || !strcmp(f->name, "id") ||
	       (f->kind == KIND_MESSAGE && is_wanted(m, f->message));
}

/* What is set as it comes; lists and "id" mean more. */
static uint8_t step_of(const struct model *m, const struct field *f)
{
	int value = model_field_value(m, f);

	if (kind_wire(f->kind) != WIRE_VARINT || !strcmp(f->name, "id"))
		return STEP_ASK;
	if (value && (f->label == LABEL_REPEATED || !is_plain(f->kind)))
		return STEP_ASK;
	return (uint8_t)value;
}

/* A message that holds itself counts as wanted meanwhile. */
static void make_plan(struct model *m, const struct message *message,
		      struct model_plan *plan)
{
	bool wanted = false;

	plan->message = message;
	plan->wanted = true;
	memset(plan->step, STEP_ASK, sizeof(plan->step));
	for (size_t i = 0; i < message->n_fields; i++) {
		const struct field *f = &message->fields[i];
		bool looked_at = is_looked_at(m, f);

		wanted |= looked_at;
		if (f->number >= sizeof(plan->kind))
			continue;
		plan->step[f->number << 3 | WIRE_VARINT] = step_of(m, f);
		plan->kind[f->number] = f->kind;
		if (!looked_at)
			plan->step[f->number << 3 | WIRE_LEN] = STEP_PASS;
	}
	plan->wanted = wanted;
}

const struct model_plan *model_plan(struct model *m,
				    const struct message *message)
{
	unsigned i = hash(message), n = 0;

	while (m->plans[i].message && m->plans[i].message != message) {
		if (++n == 32)
			return NULL;
		i = (i + 1) % MODEL_PLANS;
	}
	if (!m->plans[i].message)
		make_plan(m, message, &m->plans[i]);
	return &m->plans[i];
}
