/* SPDX-License-Identifier: MIT
 *
 * Rows of the checkpoint as a whole, tasks and their memory. See rows.h.
 */
#ifndef CRIT_CHECK_ROWS_TASK_H
#define CRIT_CHECK_ROWS_TASK_H

#include "check/rows.h"

struct inventory {
	struct row row;
	uint64_t img_version, fdinfo_per_id, root_ids, ns_per_id, root_cg_set;
	uint64_t lsmtype, network_lock_method, plugins_entry, tcp_close;
	uint64_t allow_uprobes, compress, compress_block_size;
};

struct plugins {
	struct row row;
	uint64_t plugins;
};

struct ids {
	struct row row;
	uint64_t vm_id, files_id, fs_id, sighand_id, pid_ns_id, net_ns_id;
	uint64_t ipc_ns_id, uts_ns_id, mnt_ns_id, user_ns_id, cgroup_ns_id;
	uint64_t time_ns_id;
};

struct pstree {
	struct row row;
	uint64_t pid, ppid, pgid, sid, threads;
};

struct core {
	struct row row;
	uint64_t mtype, tc, ids, thread_core, thread_info, ti_arm, ti_aarch64;
	uint64_t ti_ppc64, ti_s390, ti_mips, ti_loongarch64, ti_riscv64;
};

struct task_core {
	struct row row;
	uint64_t task_state, exit_code, comm, timers, rlimits, cg_set;
	uint64_t signals_s, old_seccomp_mode, old_seccomp_filter;
	uint64_t oom_score_adj, sigactions, stop_signo, loginuid;
	uint64_t membarrier_registration_mask;
};

struct timers {
	struct row row;
	uint64_t real, virt, prof, posix;
};

struct itimer {
	struct row row;
	uint64_t isec, iusec, vsec, vusec;
};

struct posix_timer {
	struct row row;
	uint64_t it_id, clock_id, si_signo, it_sigev_notify, isec, insec;
	uint64_t vsec, vnsec, notify_thread_id;
};

struct rlimits {
	struct row row;
	uint64_t rlimits;
};

struct rlimit {
	struct row row;
	uint64_t cur, max;
};

struct queue {
	struct row row;
	uint64_t signals;
};

struct siginfo {
	struct row row;
	uint64_t siginfo;
};

struct thread_core {
	struct row row;
	uint64_t futex_rla, futex_rla_len, sched_nice, sched_policy, sched_prio;
	uint64_t pdeath_sig, signals_p, creds, seccomp_mode, seccomp_filter;
	uint64_t comm, rseq_entry, cg_set;
};

struct creds {
	struct row row;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb, lsm_profile;
	uint64_t lsm_sockcreate;
};

struct rseq {
	struct row row;
	uint64_t rseq_abi_pointer, rseq_abi_size;
};

struct x86 {
	struct row row;
	uint64_t gpregs, fpregs;
};

struct gpregs {
	struct row row;
	uint64_t ip, sp, mode;
};

struct fpregs {
	struct row row;
	uint64_t st_space, xmm_space, xsave;
};

struct xsave {
	struct row row;
	uint64_t xstate_bv, ymmh_space, bndreg_state, bndcsr_state, opmask_reg;
	uint64_t zmm_upper, hi16_zmm, pkru;
};

struct mm {
	struct row row;
	uint64_t mm_start_code, mm_end_code, mm_start_data, mm_end_data;
	uint64_t mm_start_stack, mm_start_brk, mm_brk, mm_arg_start, mm_arg_end;
	uint64_t mm_env_start, mm_env_end, exe_file_id, mm_saved_auxv, vmas;
	uint64_t dumpable, aios;
};

struct aio {
	struct row row;
	uint64_t id, ring_len;
};

struct vma {
	struct row row;
	uint64_t start, end, pgoff, shmid, prot, flags, status, madv, fdflags;
};

struct pagemap_head {
	struct row row;
	uint64_t pages_id;
};

struct pagemap_row {
	struct row row;
	uint64_t vaddr, compat_nr_pages, in_parent, flags, nr_pages, blocks;
};

struct blocks {
	struct row row;
	uint64_t block_sizes, total_payload_size, pages_per_block;
};

struct stats {
	struct row row;
	uint64_t dump, restore;
};

struct dump_stats {
	struct row row;
	uint64_t pages_written;
};

struct cpuinfo {
	struct row row;
	uint64_t x86_entry, ppc64_entry, s390_entry;
};

struct x86_cpu {
	struct row row;
	uint64_t vendor_id, xfeatures_mask;
};

struct seccomp {
	struct row row;
	uint64_t seccomp_filters;
};

struct seccomp_filter_row {
	struct row row;
	uint64_t filter, prev, flags;
};

struct cgroup {
	struct row row;
	uint64_t sets, controllers;
};

struct cg_set {
	struct row row;
	uint64_t id, ctls;
};

struct cg_member {
	struct row row;
	uint64_t name, path, cgns_prefix;
};

struct cg_controller {
	struct row row;
	uint64_t cnames;
};

struct apparmor {
	struct row row;
	uint64_t namespaces;
};

struct aa_namespace_row {
	struct row row;
	uint64_t name;
};

#endif
