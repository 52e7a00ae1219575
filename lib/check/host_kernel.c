// SPDX-License-Identifier: MIT
/*
 * --host: architecture, processor, and what the kernel and CRIU must know.
 */
#include "check/files.h"
#include "check/host.h"
#include "check/pages.h"
#include "check/rows_ns.h"
#include "check/tasks.h"

#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

static const struct rule rules[] = {
	{ "host-arch", ERROR, "another architecture than this machine's" },
	{ "host-cpuinfo", ERROR, "a feature that this processor does not have" },
	{ "host-kernel-feature", WARNING, "a feature that this kernel does not "
		"have" },
	{ "host-criu-version", NOTE, "the oldest CRIU that reads the images" },
	{ "host-shm-limit", ERROR, "more objects than the kernel has room for" },
	{ 0 },
};

/* Names of uname(2), by mtype. */
static const char *const machines[] = {
	NULL, "x86_64", "arm", "aarch64", "ppc64", "s390", "mips",
	"loongarch64", "riscv64",
};

static void judge_arch(struct check *c)
{
	const struct core *core = check_first(c, T_CORE);
	struct utsname u;

	if (!core || !core->mtype || core->mtype > 8 || uname(&u) ||
	    !strncmp(u.machine, machines[core->mtype],
		     strlen(machines[core->mtype])))
		return;
	check_say(c, "host-arch", AT_FIELD(core, "mtype"), "{dumped:s}, but this "
		  "machine is {here:s}",
		  VALUES(STRING(machines[core->mtype]), STRING(u.machine)));
}

/* Parts of extended state that the processor has; 0: not known. */
static uint64_t xfeatures(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned a, b, k, d;

	if (__get_cpuid_count(13, 0, &a, &b, &k, &d))
		return a | (uint64_t)d << 32;
#endif
	return 0;
}

static void judge_cpu(struct check *c)
{
	uint64_t here = xfeatures();

	if (!here)
		return;
	for EACH(c, T_X86_CPU, x86_cpu, p)
		if (p->xfeatures_mask & ~here)
			check_say(c, "host-cpuinfo", AT_FIELD(p,
				  "xfeatures_mask"), "{dumped:x} has features "
				  "that this processor lacks: {here:x}",
				  VALUES(p->xfeatures_mask, here));
	for EACH(c, T_XSAVE, xsave, x)
		if (x->xstate_bv & ~here)
			check_say(c, "host-cpuinfo", AT_FIELD(x, "xstate_bv"),
				  "{dumped:x} has state that this processor "
				  "lacks: {here:x}", VALUES(x->xstate_bv, here));
}

static bool has_guard(const struct check *c)
{
	for EACH(c, T_VMA, vma, v)
		if (v->status & VMA_GUARD)
			return true;
	return false;
}

static bool has_shadow_stack(const struct check *c)
{
	for EACH(c, T_VMA, vma, v)
		if (v->status & VMA_SHSTK)
			return true;
	return false;
}

static bool has_pidfd(const struct check *c)
{
	return check_first(c, T_PIDFD);
}

static bool has_bpf(const struct check *c)
{
	return check_first(c, T_BPF);
}

static bool has_files(const struct check *c)
{
	return check_first(c, T_FILE);
}

static bool has_time(const struct check *c)
{
	return tasks_dumped(c, NS_TIME);
}

static bool has_rseq(const struct check *c)
{
	for EACH(c, T_RSEQ, rseq, r)
		if (r->rseq_abi_pointer)
			return true;
	return false;
}

static bool has_seccomp_flags(const struct check *c)
{
	for EACH(c, T_FILTER, seccomp_filter_row, f)
		if (f->flags)
			return true;
	return false;
}

static bool has_memfd(const struct check *c)
{
	return check_first(c, T_INODE);
}

static bool has_huge_memfd(const struct check *c)
{
	for EACH(c, T_INODE, memfd_inode, i)
		if (i->hugetlb_flag)
			return true;
	return false;
}

static bool has_membarrier(const struct check *c)
{
	for EACH(c, T_TC, task_core, t)
		if (t->membarrier_registration_mask)
			return true;
	return false;
}

static bool has_lazy(const struct check *c)
{
	return check_allows(c, "lazy-pages");
}

static bool has_thread_set(const struct check *c)
{
	for EACH(c, T_THREAD_CORE, thread_core, t)
		if (HAS(t, thread_core, cg_set))
			return true;
	return false;
}

static bool has_nr_pages(const struct check *c)
{
	const struct pagemap_sum *s = c->sums.p;

	for (size_t i = 0; i < c->sums.n; i++)
		if (s[i].new_count)
			return true;
	return false;
}

/* A version is major << 16 | minor. */
#define V(major, minor) ((uint32_t)(major) << 16 | (minor))

struct need {
	uint32_t version;
	const char *what;
	bool (*has)(const struct check *);
};

static const struct need kernels[] = {
	{ V(6, 13), "guard ranges", has_guard },
	{ V(6, 6), "shadow stacks", has_shadow_stack },
	{ V(5, 6), "time namespaces", has_time },
	{ V(5, 3), "pidfd", has_pidfd },
	{ V(4, 18), "restartable sequences", has_rseq },
	{ V(4, 16), "membarrier registrations", has_membarrier },
	{ V(4, 14), "flags of seccomp filters", has_seccomp_flags },
	{ V(4, 14), "huge pages in memfd", has_huge_memfd },
	{ V(4, 11), "userfaultfd of lazy pages", has_lazy },
	{ V(3, 17), "memfd", has_memfd },
	{ 0 },
};

/* The newest first. */
static const struct need crius[] = {
	{ V(4, 2), "nr_pages of pagemaps", has_nr_pages },
	{ V(4, 1), "guard ranges", has_guard },
	{ V(4, 1), "pidfd", has_pidfd },
	{ V(3, 18), "cg_set of threads", has_thread_set },
	{ V(3, 15), "BPF maps", has_bpf },
	{ V(3, 14), "memfd", has_memfd },
	{ V(3, 4), "files.img", has_files },
	{ 0 },
};

static void judge_kernel(struct check *c)
{
	uint32_t here = host_kernel();

	for (const struct need *n = kernels; n->what; n++)
		if (here < n->version && n->has(c))
			check_say(c, "host-kernel-feature", NOWHERE, "{what:s} "
				  "need Linux {major}.{minor}",
				  VALUES(STRING(n->what), n->version >> 16,
				  n->version & 0xffff));
	for EACH(c, T_TC, task_core, t)
		if (HAS(t, task_core, loginuid) && t->loginuid != UINT32_MAX &&
		    access("/proc/self/loginuid", F_OK))
			check_say(c, "host-kernel-feature", AT_FIELD(t,
				  "loginuid"), "this kernel has no loginuid", NULL);
}

static void judge_criu(struct check *c)
{
	const struct need *n = crius;

	while (n->what && !n->has(c))
		n++;
	if (n->what)
		check_say(c, "host-criu-version", NOWHERE, "restore needs CRIU "
			  "{major}.{minor} or later, because of {what:s}",
			  VALUES(n->version >> 16, n->version & 0xffff,
			  STRING(n->what)));
}

static void judge_ipc(struct check *c)
{
	enum { IPC_MAX = 32768 };

	for (size_t i = 0; i < c->images.n; i++) {
		const struct check_image *im = check_image_at(c, i);

		if (im->template && !strncmp(im->template, "ipcns-", 6) &&
		    im->entries > IPC_MAX)
			check_say(c, "host-shm-limit", AT_IMAGE(im), "{count} "
				  "objects; the kernel has room for {max}",
				  VALUES(im->entries, IPC_MAX));
	}
}

static void check(struct check *c)
{
	if (!c->host)
		return;
	judge_arch(c);
	judge_cpu(c);
	judge_kernel(c);
	judge_criu(c);
	judge_ipc(c);
}

const struct area area_host_kernel = { .rules = rules, .check = check };
