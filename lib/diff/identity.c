// SPDX-License-Identifier: MIT
/*
 *   tables ─► rows by message and field, for walk.c
 */
#include "diff/identity.h"
#include "base/alloc.h"

#include <string.h>

#define TASKS SECTION_TASKS
#define FILES SECTION_FILES
#define SOCKETS SECTION_SOCKETS
#define FIELDS SECTION_FIELDS

static const struct entry_rule entries[] = {
	{ "pstree_entry", TASKS, ROLE_TASK, 0 },
	{ "core_entry", TASKS, 0, 0 },
	{ "task_kobj_ids_entry", TASKS, 0, 0 },
	{ "creds_entry", TASKS, 0, 0 },
	{ "posix_timer_entry", TASKS, 0, 0 },
	{ "fs_entry", TASKS, 0, 0 },
	{ "mm_entry", TASKS, 0, 0 },
	{ "vma_entry", SECTION_MAPPINGS, ROLE_MAP, 0 },
	{ "aio_ring_entry", SECTION_MAPPINGS, 0, 0 },
	{ "fdinfo_entry", FILES, ROLE_FD, 0 },
	{ "file_entry", FILES, 0, S_FILE },
	{ "reg_file_entry", FILES, 0, S_FILE },
	{ "ns_file_entry", FILES, 0, S_FILE },
	{ "eventfd_file_entry", FILES, 0, S_FILE },
	{ "eventpoll_file_entry", FILES, 0, S_FILE },
	{ "signalfd_entry", FILES, 0, S_FILE },
	{ "tunfile_entry", FILES, 0, S_FILE },
	{ "timerfd_entry", FILES, 0, S_FILE },
	{ "inotify_file_entry", FILES, 0, S_FILE },
	{ "fanotify_file_entry", FILES, 0, S_FILE },
	{ "ext_file_entry", FILES, 0, S_FILE },
	{ "fifo_entry", FILES, 0, S_FILE },
	{ "pipe_entry", FILES, 0, S_FILE },
	{ "tty_file_entry", FILES, 0, S_FILE },
	{ "memfd_file_entry", FILES, 0, S_FILE },
	{ "bpfmap_file_entry", FILES, 0, S_FILE },
	{ "pidfd_entry", FILES, 0, S_FILE },
	{ "inet_sk_entry", SOCKETS, 0, S_FILE },
	{ "unix_sk_entry", SOCKETS, 0, S_FILE },
	{ "packet_sock_entry", SOCKETS, 0, S_FILE },
	{ "netlink_sk_entry", SOCKETS, 0, S_FILE },
	{ "sk_packet_entry", SOCKETS, 0, S_FILE },
	{ "tcp_stream_entry", SOCKETS, 0, 0 },
	{ "eventpoll_tfd_entry", FILES, 0, S_FILE },
	{ "inotify_wd_entry", FILES, 0, S_FILE },
	{ "fanotify_mark_entry", FILES, 0, S_FILE },
	{ "pipe_data_entry", FILES, 0, S_PIPE },
	{ "tty_info_entry", FILES, 0, S_TTY },
	{ "tty_data_entry", FILES, 0, S_TTY },
	{ "memfd_inode_entry", FILES, 0, S_MEMFD },
	{ "remap_file_path_entry", FILES, 0, S_FILE },
	{ "ghost_file_entry", FILES, 0, 0 },
	{ "bpfmap_data_entry", FILES, 0, S_BPF },
	{ "file_lock_entry", FILES, ROLE_FD, 0 },
	{ "mnt_entry", FIELDS, 0, 0 },
	{ "inventory_entry", FIELDS, 0, 0 },
	{ "cgroup_entry", FIELDS, 0, 0 },
	{ "cg_set_entry", FIELDS, 0, 0 },
	{ "cg_member_entry", FIELDS, 0, 0 },
	{ "cg_controller_entry", FIELDS, 0, 0 },
	{ "cgroup_dir_entry", FIELDS, 0, 0 },
	{ "cgroup_prop_entry", FIELDS, 0, 0 },
	{ "net_device_entry", FIELDS, 0, 0 },
	{ "ipc_shm_entry", FIELDS, 0, 0 },
	{ "ipc_sem_entry", FIELDS, 0, 0 },
	{ "ipc_msg_entry", FIELDS, 0, 0 },
	{ "binfmt_misc_entry", FIELDS, 0, 0 },
};

#define OBJECT(name, of) \
	{ "task_kobj_ids_entry", name, 0, of, 1, 0 }
#define FILE_ID(m) { m, "id", FIELD_KEY, S_FILE, 0, 0 }
#define SOCKET(m) \
	FILE_ID(m), \
	{ m, "ino", 0, S_SOCKET, 3, 0 }, \
	{ m, "ns_id", 0, S_NS, 0, 0 }

static const struct field_rule fields[] = {
	{ "pstree_entry", "pid", FIELD_KEY, S_PID, 1, 0 },
	{ "pstree_entry", "threads", FIELD_SET, S_PID, 1, 0 },
	OBJECT("vm_id", S_OBJECT), OBJECT("files_id", S_FILES),
	OBJECT("fs_id", S_OBJECT), OBJECT("sighand_id", S_OBJECT),
	OBJECT("pid_ns_id", S_NS), OBJECT("net_ns_id", S_NS),
	OBJECT("ipc_ns_id", S_NS), OBJECT("uts_ns_id", S_NS),
	OBJECT("mnt_ns_id", S_NS), OBJECT("user_ns_id", S_NS),
	OBJECT("cgroup_ns_id", S_NS), OBJECT("time_ns_id", S_NS),
	OBJECT("vz_pid_for_children_ns_id", S_NS),
	{ "task_core_entry", "cg_set", 0, S_CGROUP, 1, 0 },
	{ "thread_core_entry", "cg_set", 0, S_CGROUP, 1, 0 },
	{ "inventory_entry", "root_cg_set", 0, S_CGROUP, 1, 0 },
	{ "creds_entry", "groups", FIELD_SET, 0, 0, 0 },
	{ "posix_timer_entry", "it_id", FIELD_KEY, 0, 0, 0 },
	{ "cg_set_entry", "id", FIELD_KEY, S_CGROUP, 0, 0 },
	{ "cg_member_entry", "name", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
	{ "cg_controller_entry", "cnames", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
	{ "cgroup_dir_entry", "dir_name", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
	{ "cgroup_prop_entry", "name", FIELD_KEY | FIELD_NAME, 0, 0, 0 },

	{ "fdinfo_entry", "fd", FIELD_KEY, 0, 0, 0 },
	{ "fdinfo_entry", "id", 0, S_FILE, 2, 0 },
	{ "fs_entry", "cwd_id", 0, S_FILE, 2, ROLE_CWD },
	{ "fs_entry", "root_id", 0, S_FILE, 2, ROLE_ROOT },
	{ "mm_entry", "exe_file_id", 0, S_FILE, 2, ROLE_EXE },
	{ "vma_entry", "start", FIELD_KEY, 0, 0, 0 },
	{ "vma_entry", "shmid", 0, S_BY_STATUS, LEVEL_MAPPINGS, ROLE_MAP },
	{ "vma_entry", "status", FIELD_STATUS, 0, 0, 0 },
	{ "aio_ring_entry", "id", FIELD_KEY, 0, 0, 0 },
	{ "mnt_entry", "mountpoint", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
	{ "mnt_entry", "mnt_id", 0, S_MOUNT, 2, 0 },
	{ "mnt_entry", "parent_mnt_id", 0, S_MOUNT, 0, 0 },
	{ "mnt_entry", "shared_id", 0, S_PEER, 2, 0 },
	{ "mnt_entry", "master_id", 0, S_PEER, 2, 0 },

	FILE_ID("file_entry"),
	{ "file_entry", "type", FIELD_TYPE, 0, 0, 0 },
	FILE_ID("reg_file_entry"),
	{ "reg_file_entry", "name", FIELD_NAME, 0, 0, 0 },
	{ "reg_file_entry", "mnt_id", 0, S_MOUNT, 0, 0 },
	FILE_ID("ns_file_entry"),
	{ "ns_file_entry", "ns_id", 0, S_NS, 0, 0 },
	FILE_ID("eventfd_file_entry"), FILE_ID("eventpoll_file_entry"),
	FILE_ID("signalfd_entry"), FILE_ID("timerfd_entry"),
	FILE_ID("inotify_file_entry"), FILE_ID("fanotify_file_entry"),
	FILE_ID("ext_file_entry"), FILE_ID("tunfile_entry"),
	{ "tunfile_entry", "ns_id", 0, S_NS, 0, 0 },
	FILE_ID("fifo_entry"),
	{ "fifo_entry", "pipe_id", 0, S_PIPE, 3, 0 },
	{ "fifo_entry", "regf_id", 0, S_FILE, 3, 0 },
	FILE_ID("pipe_entry"),
	{ "pipe_entry", "pipe_id", 0, S_PIPE, 3, 0 },
	FILE_ID("tty_file_entry"),
	{ "tty_file_entry", "tty_info_id", 0, S_TTY, 3, 0 },
	{ "tty_file_entry", "regf_id", 0, S_FILE, 3, 0 },
	FILE_ID("memfd_file_entry"),
	{ "memfd_file_entry", "inode_id", 0, S_MEMFD, 3, 0 },
	FILE_ID("bpfmap_file_entry"),
	{ "bpfmap_file_entry", "map_id", 0, S_BPF, 3, 0 },
	{ "bpfmap_file_entry", "mnt_id", 0, S_MOUNT, 0, 0 },
	FILE_ID("pidfd_entry"),
	{ "pidfd_entry", "ino", 0, S_KERNEL, 3, 0 },
	SOCKET("inet_sk_entry"), SOCKET("unix_sk_entry"),
	SOCKET("netlink_sk_entry"),
	{ "unix_sk_entry", "peer", 0, S_SOCKET, 0, 0 },
	{ "unix_sk_entry", "mnt_id", 0, S_MOUNT, 0, 0 },
	{ "unix_sk_entry", "name", FIELD_NAME, 0, 0, 0 },
	FILE_ID("packet_sock_entry"),
	{ "packet_sock_entry", "ns_id", 0, S_NS, 0, 0 },

	{ "eventpoll_tfd_entry", "id", FIELD_KEY, S_FILE, 0, 0 },
	{ "eventpoll_tfd_entry", "tfd", FIELD_KEY, 0, 0, 0 },
	{ "inotify_wd_entry", "id", FIELD_KEY, S_FILE, 0, 0 },
	{ "inotify_wd_entry", "wd", FIELD_KEY, 0, 0, 0 },
	{ "fanotify_mark_entry", "id", FIELD_KEY, S_FILE, 0, 0 },
	{ "fanotify_inode_mark_entry", "i_ino", FIELD_KEY | FIELD_INSIDE, 0, 0,
	  0 },
	{ "fanotify_mount_mark_entry", "mnt_id", 0, S_MOUNT, 0, 0 },
	{ "sk_packet_entry", "id_for", FIELD_KEY, S_FILE, 0, 0 },
	{ "scm_entry", "rights", 0, S_FILE, 4, 0 },
	{ "pipe_data_entry", "pipe_id", FIELD_KEY, S_PIPE, 0, 0 },
	{ "tty_info_entry", "id", FIELD_KEY, S_TTY, 0, 0 },
	{ "tty_data_entry", "tty_id", FIELD_KEY, S_TTY, 0, 0 },
	{ "memfd_inode_entry", "inode_id", FIELD_KEY, S_MEMFD, 0, 0 },
	{ "memfd_inode_entry", "shmid", 0, S_SHMEM, 4, 0 },
	{ "memfd_inode_entry", "name", FIELD_NAME, 0, 0, 0 },
	{ "remap_file_path_entry", "orig_id", FIELD_KEY, S_FILE, 0, 0 },
	{ "remap_file_path_entry", "remap_id", 0, S_GHOST, 3, 0 },
	{ "bpfmap_data_entry", "map_id", FIELD_KEY, S_BPF, 0, 0 },
	{ "file_lock_entry", "pid", FIELD_KEY, 0, 0, 0 },
	{ "file_lock_entry", "fd", FIELD_KEY, 0, 0, 0 },
	{ "file_lock_entry", "start", FIELD_KEY, 0, 0, 0 },
	{ "net_device_entry", "name", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
	{ "ipc_desc_entry", "id", FIELD_KEY | FIELD_INSIDE, 0, 0, 0 },
	{ "binfmt_misc_entry", "name", FIELD_KEY | FIELD_NAME, 0, 0, 0 },
};

static const struct { const char *prefix; uint8_t space; } images[] = {
	{ "fdinfo", S_FILES }, { "tcp-stream", S_SOCKET },
	{ "ghost-file", S_GHOST }, { "mountpoints", S_NS }, { "netdev", S_NS },
	{ "netns", S_NS }, { "utsns", S_NS }, { "userns", S_NS },
	{ "pidns", S_NS }, { "timens", S_NS }, { "ipcns-shm", S_NS },
	{ "ipcns-msg", S_NS }, { "ipcns-sem", S_NS }, { "ipcns-var", S_NS },
	{ "ifaddr", S_NS }, { "route", S_NS }, { "route6", S_NS },
	{ "rule", S_NS }, { "iptables", S_NS }, { "ip6tables", S_NS },
	{ "nftables", S_NS }, { "netns-ct", S_NS }, { "netns-exp", S_NS },
	{ "ipset", S_NS }, { "binfmt-misc", S_NS },
};

enum space identity_image(const char *prefix, size_t n)
{
	for (size_t i = 0; i < sizeof(images) / sizeof(*images); i++)
		if (!strncmp(images[i].prefix, prefix, n) &&
		    !images[i].prefix[n])
			return images[i].space;
	return S_NONE;
}

enum section identity_section(const struct image_type *type)
{
	static const char *const tasks[] = {
		"SIGACT", "ITIMERS", "RLIMIT", "SIGNAL", "POSIX_TIMERS",
	};

	for (size_t i = 0; type && i < sizeof(tasks) / sizeof(*tasks); i++)
		if (!strcmp(type->name, tasks[i]))
			return SECTION_TASKS;
	return SECTION_FIELDS;
}

static size_t slot_of(const struct message *m)
{
	return (uintptr_t)m / 16 * 0x9e3779b1u >> 7;
}

static struct message_rule *find(struct identities *all,
				 const struct message *m)
{
	size_t i = slot_of(m) % MESSAGE_RULES;

	while (all->rules[i].message && all->rules[i].message != m)
		i = (i + 1) % MESSAGE_RULES;
	return &all->rules[i];
}

const struct message_rule *identity_of(const struct identities *all,
				       const struct message *m)
{
	return find((struct identities *)all, m);
}

static struct message_rule *rule_for(struct identities *all,
				     const struct message *m)
{
	struct message_rule *r = find(all, m);

	r->message = m;
	return r;
}

static bool add_field(struct identities *all, const struct message *m,
		      const struct field_rule *rule)
{
	const struct field *f = message_field_name(m, rule->field,
						   strlen(rule->field));
	struct message_rule *r = rule_for(all, m);

	if (!f)
		return true;
	if (!r->field)
		r->field = alloc_zero(m->n_fields * sizeof(*r->field));
	if (!r->field)
		return false;
	r->field[f->index] = rule;
	return true;
}

bool identities_make(struct identities *all, const struct schema *schema)
{
	const struct message *m;
	bool ok = true;

	memset(all, 0, sizeof(*all));
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		m = schema_message(schema, entries[i].message);
		if (m)
			rule_for(all, m)->entry = &entries[i];
	}
	for (size_t i = 0; ok && i < sizeof(fields) / sizeof(*fields); i++) {
		m = schema_message(schema, fields[i].message);
		ok = !m || add_field(all, m, &fields[i]);
	}
	return ok;
}

void identities_free(struct identities *all)
{
	for (size_t i = 0; i < MESSAGE_RULES; i++)
		alloc_free(all->rules[i].field);
}
