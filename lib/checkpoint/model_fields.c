// SPDX-License-Identifier: MIT
/*
 * The fields that the model uses, found by their descriptors.
 */
#include "checkpoint/model_keep.h"

_Static_assert(V_MAX <= (int)PLAN_SLOTS, "room for each value");

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

/* A schema of another version may lack some. */
void model_bind(struct model *m, const struct schema *schema)
{
	m->plan.top = "id";
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		/* auxiliary vectors are long, and say how large pages are */
		if (fields[i].value != V_AUXV || m->needs & MODEL_PAGE_SIZE)
			plan_rule(&m->plan, schema, fields[i].message,
				  fields[i].field, fields[i].value);
}
