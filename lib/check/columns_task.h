/* SPDX-License-Identifier: MIT
 *
 * Which fields of the checkpoint, its tasks and their memory are kept, and
 * how. See rows.h.
 */
#ifndef CRIT_CHECK_COLUMNS_TASK_H
#define CRIT_CHECK_COLUMNS_TASK_H

#include "check/rows_task.h"

static const struct column inventory_columns[] = {
	COLUMN(inventory, img_version, VALUE),
	COLUMN(inventory, fdinfo_per_id, VALUE),
	COLUMN(inventory, root_ids, ROW), COLUMN(inventory, ns_per_id, VALUE),
	COLUMN(inventory, root_cg_set, VALUE),
	COLUMN(inventory, lsmtype, VALUE),
	COLUMN(inventory, network_lock_method, VALUE),
	COLUMN(inventory, plugins_entry, ROW),
	COLUMN(inventory, tcp_close, VALUE),
	COLUMN(inventory, allow_uprobes, VALUE),
	COLUMN(inventory, compress, VALUE),
	COLUMN(inventory, compress_block_size, VALUE),
};

static const struct column plugins_columns[] = {
	COLUMN(plugins, plugins, NAMES),
};

static const struct column ids_columns[] = {
	COLUMN(ids, vm_id, VALUE), COLUMN(ids, files_id, VALUE),
	COLUMN(ids, fs_id, VALUE), COLUMN(ids, sighand_id, VALUE),
	COLUMN(ids, pid_ns_id, VALUE), COLUMN(ids, net_ns_id, VALUE),
	COLUMN(ids, ipc_ns_id, VALUE), COLUMN(ids, uts_ns_id, VALUE),
	COLUMN(ids, mnt_ns_id, VALUE), COLUMN(ids, user_ns_id, VALUE),
	COLUMN(ids, cgroup_ns_id, VALUE), COLUMN(ids, time_ns_id, VALUE),
};

static const struct column pstree_columns[] = {
	COLUMN(pstree, pid, VALUE), COLUMN(pstree, ppid, VALUE),
	COLUMN(pstree, pgid, VALUE), COLUMN(pstree, sid, VALUE),
	COLUMN(pstree, threads, LIST),
};

static const struct column core_columns[] = {
	COLUMN(core, mtype, VALUE), COLUMN(core, tc, ROW),
	COLUMN(core, ids, ROW), COLUMN(core, thread_core, ROW),
	COLUMN(core, thread_info, ROW), COLUMN(core, ti_arm, VALUE),
	COLUMN(core, ti_aarch64, VALUE), COLUMN(core, ti_ppc64, VALUE),
	COLUMN(core, ti_s390, VALUE), COLUMN(core, ti_mips, VALUE),
	COLUMN(core, ti_loongarch64, VALUE), COLUMN(core, ti_riscv64, VALUE),
};

static const struct column task_core_columns[] = {
	COLUMN(task_core, task_state, VALUE),
	COLUMN(task_core, exit_code, VALUE), COLUMN(task_core, comm, TEXT),
	COLUMN(task_core, timers, ROW), COLUMN(task_core, rlimits, ROW),
	COLUMN(task_core, cg_set, VALUE), COLUMN(task_core, signals_s, ROW),
	COLUMN(task_core, old_seccomp_mode, VALUE),
	COLUMN(task_core, old_seccomp_filter, VALUE),
	COLUMN(task_core, oom_score_adj, VALUE),
	COLUMN(task_core, sigactions, COUNT),
	COLUMN(task_core, stop_signo, VALUE),
	COLUMN(task_core, loginuid, VALUE),
	COLUMN(task_core, membarrier_registration_mask, VALUE),
};

static const struct column timers_columns[] = {
	COLUMN(timers, real, ROW), COLUMN(timers, virt, ROW),
	COLUMN(timers, prof, ROW), COLUMN(timers, posix, ROWS),
};

static const struct column itimer_columns[] = {
	COLUMN(itimer, isec, VALUE), COLUMN(itimer, iusec, VALUE),
	COLUMN(itimer, vsec, VALUE), COLUMN(itimer, vusec, VALUE),
};

static const struct column posix_timer_columns[] = {
	COLUMN(posix_timer, it_id, VALUE),
	COLUMN(posix_timer, clock_id, VALUE),
	COLUMN(posix_timer, si_signo, VALUE),
	COLUMN(posix_timer, it_sigev_notify, VALUE),
	COLUMN(posix_timer, isec, VALUE), COLUMN(posix_timer, insec, VALUE),
	COLUMN(posix_timer, vsec, VALUE), COLUMN(posix_timer, vnsec, VALUE),
	COLUMN(posix_timer, notify_thread_id, VALUE),
};

static const struct column rlimits_columns[] = {
	COLUMN(rlimits, rlimits, ROWS),
};

static const struct column rlimit_columns[] = {
	COLUMN(rlimit, cur, VALUE), COLUMN(rlimit, max, VALUE),
};

static const struct column queue_columns[] = {
	COLUMN(queue, signals, ROWS),
};

static const struct column siginfo_columns[] = {
	COLUMN(siginfo, siginfo, HEAD),
};

static const struct column thread_core_columns[] = {
	COLUMN(thread_core, futex_rla, VALUE),
	COLUMN(thread_core, futex_rla_len, VALUE),
	COLUMN(thread_core, sched_nice, VALUE),
	COLUMN(thread_core, sched_policy, VALUE),
	COLUMN(thread_core, sched_prio, VALUE),
	COLUMN(thread_core, pdeath_sig, VALUE),
	COLUMN(thread_core, signals_p, ROW), COLUMN(thread_core, creds, ROW),
	COLUMN(thread_core, seccomp_mode, VALUE),
	COLUMN(thread_core, seccomp_filter, VALUE),
	COLUMN(thread_core, comm, TEXT), COLUMN(thread_core, rseq_entry, ROW),
	COLUMN(thread_core, cg_set, VALUE),
};

static const struct column creds_columns[] = {
	COLUMN(creds, cap_inh, LIST), COLUMN(creds, cap_prm, LIST),
	COLUMN(creds, cap_eff, LIST), COLUMN(creds, cap_bnd, LIST),
	COLUMN(creds, cap_amb, LIST), COLUMN(creds, lsm_profile, TEXT),
	COLUMN(creds, lsm_sockcreate, TEXT),
};

static const struct column rseq_columns[] = {
	COLUMN(rseq, rseq_abi_pointer, VALUE),
	COLUMN(rseq, rseq_abi_size, VALUE),
};

static const struct column x86_columns[] = {
	COLUMN(x86, gpregs, ROW), COLUMN(x86, fpregs, ROW),
};

static const struct column gpregs_columns[] = {
	COLUMN(gpregs, ip, VALUE), COLUMN(gpregs, sp, VALUE),
	COLUMN(gpregs, mode, VALUE),
};

static const struct column fpregs_columns[] = {
	COLUMN(fpregs, st_space, COUNT), COLUMN(fpregs, xmm_space, COUNT),
	COLUMN(fpregs, xsave, ROW),
};

static const struct column xsave_columns[] = {
	COLUMN(xsave, xstate_bv, VALUE), COLUMN(xsave, ymmh_space, COUNT),
	COLUMN(xsave, bndreg_state, COUNT),
	COLUMN(xsave, bndcsr_state, COUNT), COLUMN(xsave, opmask_reg, COUNT),
	COLUMN(xsave, zmm_upper, COUNT), COLUMN(xsave, hi16_zmm, COUNT),
	COLUMN(xsave, pkru, COUNT),
};

static const struct column mm_columns[] = {
	COLUMN(mm, mm_start_code, VALUE), COLUMN(mm, mm_end_code, VALUE),
	COLUMN(mm, mm_start_data, VALUE), COLUMN(mm, mm_end_data, VALUE),
	COLUMN(mm, mm_start_stack, VALUE), COLUMN(mm, mm_start_brk, VALUE),
	COLUMN(mm, mm_brk, VALUE), COLUMN(mm, mm_arg_start, VALUE),
	COLUMN(mm, mm_arg_end, VALUE), COLUMN(mm, mm_env_start, VALUE),
	COLUMN(mm, mm_env_end, VALUE), COLUMN(mm, exe_file_id, VALUE),
	COLUMN(mm, mm_saved_auxv, LIST), COLUMN(mm, vmas, ROWS),
	COLUMN(mm, dumpable, VALUE), COLUMN(mm, aios, ROWS),
};

static const struct column aio_columns[] = {
	COLUMN(aio, id, VALUE), COLUMN(aio, ring_len, VALUE),
};

static const struct column vma_columns[] = {
	COLUMN(vma, start, VALUE), COLUMN(vma, end, VALUE),
	COLUMN(vma, pgoff, VALUE), COLUMN(vma, shmid, VALUE),
	COLUMN(vma, prot, VALUE), COLUMN(vma, flags, VALUE),
	COLUMN(vma, status, VALUE), COLUMN(vma, madv, VALUE),
	COLUMN(vma, fdflags, VALUE),
};

static const struct column pagemap_head_columns[] = {
	COLUMN(pagemap_head, pages_id, VALUE),
};

static const struct column pagemap_row_columns[] = {
	COLUMN(pagemap_row, vaddr, VALUE),
	COLUMN(pagemap_row, compat_nr_pages, VALUE),
	COLUMN(pagemap_row, in_parent, VALUE),
	COLUMN(pagemap_row, flags, VALUE),
	COLUMN(pagemap_row, nr_pages, VALUE),
	COLUMN(pagemap_row, blocks, ROW),
};

static const struct column blocks_columns[] = {
	COLUMN(blocks, block_sizes, LIST),
	COLUMN(blocks, total_payload_size, VALUE),
	COLUMN(blocks, pages_per_block, VALUE),
};

static const struct column cgroup_columns[] = {
	COLUMN(cgroup, sets, ROWS), COLUMN(cgroup, controllers, ROWS),
};

static const struct column cg_set_columns[] = {
	COLUMN(cg_set, id, VALUE), COLUMN(cg_set, ctls, ROWS),
};

static const struct column cg_member_columns[] = {
	COLUMN(cg_member, name, TEXT), COLUMN(cg_member, path, TEXT),
	COLUMN(cg_member, cgns_prefix, VALUE),
};

static const struct column cg_controller_columns[] = {
	COLUMN(cg_controller, cnames, NAMES),
};

static const struct column seccomp_columns[] = {
	COLUMN(seccomp, seccomp_filters, ROWS),
};

static const struct column seccomp_filter_row_columns[] = {
	COLUMN(seccomp_filter_row, filter, SIZE),
	COLUMN(seccomp_filter_row, prev, VALUE),
	COLUMN(seccomp_filter_row, flags, VALUE),
};

static const struct column apparmor_columns[] = {
	COLUMN(apparmor, namespaces, ROWS),
};

static const struct column aa_namespace_row_columns[] = {
	COLUMN(aa_namespace_row, name, TEXT),
};

static const struct column stats_columns[] = {
	COLUMN(stats, dump, ROW), COLUMN(stats, restore, VALUE),
};

static const struct column dump_stats_columns[] = {
	COLUMN(dump_stats, pages_written, VALUE),
};

static const struct column cpuinfo_columns[] = {
	COLUMN(cpuinfo, x86_entry, ROWS), COLUMN(cpuinfo, ppc64_entry, COUNT),
	COLUMN(cpuinfo, s390_entry, COUNT),
};

static const struct column x86_cpu_columns[] = {
	COLUMN(x86_cpu, vendor_id, VALUE),
	COLUMN(x86_cpu, xfeatures_mask, VALUE),
};

#endif
