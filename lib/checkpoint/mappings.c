// SPDX-License-Identifier: MIT
#include "checkpoint/mappings.h"
#include "checkpoint/extract.h"
#include "checkpoint/guards.h"
#include "checkpoint/page_run.h"

#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct mappings *v;
	const char *name;
	struct guards guards;
	uint64_t last;			/* end of the mapping before */
	uint64_t arg_start, arg_end, env_start, env_end, stack, exe;
	uint64_t start, end, pgoff, shmid, prot, flags, status, auxv;
};

#define MM(field, member) \
	{ "mm_entry", field, offsetof(struct reading, member), 0 }
#define VMA(field) { "vma_entry", #field, offsetof(struct reading, field), 0 }

static const struct extract_rule rules[] = {
	MM("mm_arg_start", arg_start), MM("mm_arg_end", arg_end),
	MM("mm_env_start", env_start), MM("mm_env_end", env_end),
	MM("mm_start_stack", stack), MM("exe_file_id", exe),
	MM("mm_saved_auxv", auxv),
	VMA(start), VMA(end), VMA(pgoff), VMA(shmid), VMA(prot), VMA(flags),
	VMA(status), { "vma_entry", NULL, 0, 0 },
};

static void keep_auxv(void *ctx, const struct field *f, uint64_t value)
{
	struct mappings *v = ((struct reading *)ctx)->v;

	(void)f;
	if (v->n_auxv < sizeof(v->auxv) / sizeof(*v->auxv))
		v->auxv[v->n_auxv++] = value;
}

static bool bad(struct reading *r, const char *what)
{
	struct crit_error *err = r->v->err;

	snprintf(err->image, sizeof(err->image), "%s", r->name);
	err->entry = 0;
	snprintf(err->path, sizeof(err->path), "vmas[%" PRIu64 "]", r->v->n);
	return error_set(err, CRIT_EDATA, "%s", what);
}

bool mappings_put(struct mappings *v, const struct vma *a)
{
	v->n++;
	return spool_put(&v->spool, a, sizeof(*a));
}

static bool keep_vma(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;
	struct vma a = {
		r->start, r->end, r->pgoff, r->shmid, (uint32_t)r->prot,
		(uint32_t)r->flags, (uint32_t)r->status,
	};

	(void)rule;
	if (a.end < a.start)
		return bad(r, "the mapping ends before it starts");
	r->start = r->end = r->pgoff = r->shmid = 0;
	r->prot = r->flags = r->status = 0;
	if (a.status & VMA_GUARD)
		return guards_add(&r->guards, &a, r->v->err);
	if (a.start < r->last)
		return bad(r, "the mapping overlaps the one before, or they are "
			   "not sorted");
	r->last = a.end;
	r->v->whole++;
	return mappings_put(r->v, &a);
}

/* The head of the mm image; its mappings have been kept by now. */
static void keep_mm(struct mappings *v, const struct reading *r)
{
	v->arg_start = r->arg_start;
	v->arg_end = r->arg_end;
	v->env_start = r->env_start;
	v->env_end = r->env_end;
	v->stack = r->stack;
	v->exe = r->exe;
}

bool mappings_open(struct mappings *v, const struct store *dir, uint32_t pid,
	       bool *absent, struct crit_error *err)
{
	struct reading r = { .v = v };
	struct extract pick = {
		.magic = "MM",
		.rules = rules, .n_rules = sizeof(rules) / sizeof(*rules),
		.ctx = &r, .done = keep_vma, .item = keep_auxv,
	};
	char name[64];
	bool none, ok;

	memset(v, 0, sizeof(*v));
	v->err = err;
	spool_init(&v->spool, err);
	snprintf(name, sizeof(name), "mm-%" PRIu32 ".img", pid);
	r.name = name;
	ok = extract_image(&pick, dir, name, absent, err);
	keep_mm(v, &r);
	if (ok && !v->n && !*absent) {
		snprintf(name, sizeof(name), "vmas-%" PRIu32 ".img", pid);
		pick.magic = "VMAS";
		ok = extract_image(&pick, dir, name, &none, err);
	}
	ok = ok && guards_cut(&r.guards, v);
	guards_free(&r.guards);
	return ok;
}

void mappings_close(struct mappings *v)
{
	spool_free(&v->spool);
}

static bool load(struct mappings *v, uint64_t i)
{
	uint64_t left = v->n - i;
	size_t n = (size_t)(left < 64 ? left : 64);

	v->first = i;
	v->n_window = (unsigned)n;
	n *= sizeof(struct vma);
	return spool_read(&v->spool, i * sizeof(struct vma), v->window, n) == n ||
	       error_set(v->err, CRIT_EIO, "mappings are gone");
}

const struct vma *mappings_get(struct mappings *v, uint64_t i)
{
	if (i < v->first || i >= v->first + v->n_window)
		if (!load(v, i))
			return NULL;
	return &v->window[i - v->first];
}

/* The one found before, or soon after: memory is mostly read in order. */
static bool is_near(struct mappings *v, uint64_t addr)
{
	const struct vma *a;

	for (int i = 0; i < 64 && addr >= v->after && v->found < v->n; i++) {
		a = mappings_get(v, v->found);
		if (!a)
			return false;
		if (a->end > addr)
			return true;
		v->after = a->end;
		v->found++;
	}
	return false;
}

bool mappings_take(struct mappings *v, uint64_t i, struct vma *a)
{
	const struct vma *at = mappings_get(v, i);

	if (at)
		*a = *at;
	return at;
}

uint64_t mappings_find(struct mappings *v, uint64_t addr)
{
	uint64_t low = 0, high = v->n;

	if (is_near(v, addr))
		return v->found;
	v->after = 0;
	while (low < high) {
		uint64_t i = low + (high - low) / 2;
		const struct vma *a = mappings_get(v, i);

		if (!a)
			return UINT64_MAX;
		if (a->end > addr)
			high = i;
		else
			low = i + 1;
		if (a->end <= addr && a->end > v->after)
			v->after = a->end;
	}
	v->found = low;
	return low;
}

uint64_t mappings_auxv(const struct mappings *v, uint64_t type, uint64_t otherwise)
{
	for (unsigned i = 0; i + 1 < v->n_auxv; i += 2)
		if (v->auxv[i] == type)
			return v->auxv[i + 1];
	return otherwise;
}

uint64_t mappings_page_size(const struct mappings *v)
{
	return page_size_by(mappings_auxv(v, AT_PAGESZ, 0));
}

const char *mappings_auxv_name(uint64_t type)
{
	static const char *const names[] = {
		[AT_NULL] = "AT_NULL", [AT_IGNORE] = "AT_IGNORE",
		[AT_EXECFD] = "AT_EXECFD", [AT_PHDR] = "AT_PHDR",
		[AT_PHENT] = "AT_PHENT", [AT_PHNUM] = "AT_PHNUM",
		[AT_PAGESZ] = "AT_PAGESZ", [AT_BASE] = "AT_BASE",
		[AT_FLAGS] = "AT_FLAGS", [AT_ENTRY] = "AT_ENTRY",
		[AT_NOTELF] = "AT_NOTELF", [AT_UID] = "AT_UID",
		[AT_EUID] = "AT_EUID", [AT_GID] = "AT_GID",
		[AT_EGID] = "AT_EGID", [AT_PLATFORM] = "AT_PLATFORM",
		[AT_HWCAP] = "AT_HWCAP", [AT_CLKTCK] = "AT_CLKTCK",
		[AT_SECURE] = "AT_SECURE",
		[AT_BASE_PLATFORM] = "AT_BASE_PLATFORM",
		[AT_RANDOM] = "AT_RANDOM", [AT_HWCAP2] = "AT_HWCAP2",
		[27] = "AT_RSEQ_FEATURE_SIZE", [28] = "AT_RSEQ_ALIGN",
		[29] = "AT_HWCAP3", [30] = "AT_HWCAP4",
		[AT_EXECFN] = "AT_EXECFN", [AT_SYSINFO] = "AT_SYSINFO",
		[AT_SYSINFO_EHDR] = "AT_SYSINFO_EHDR",
		[AT_L1I_CACHESIZE] = "AT_L1I_CACHESIZE",
		[AT_L1I_CACHEGEOMETRY] = "AT_L1I_CACHEGEOMETRY",
		[AT_L1D_CACHESIZE] = "AT_L1D_CACHESIZE",
		[AT_L1D_CACHEGEOMETRY] = "AT_L1D_CACHEGEOMETRY",
		[AT_L2_CACHESIZE] = "AT_L2_CACHESIZE",
		[AT_L2_CACHEGEOMETRY] = "AT_L2_CACHEGEOMETRY",
		[AT_L3_CACHESIZE] = "AT_L3_CACHESIZE",
		[AT_L3_CACHEGEOMETRY] = "AT_L3_CACHEGEOMETRY",
		[AT_MINSIGSTKSZ] = "AT_MINSIGSTKSZ",
	};

	return type < sizeof(names) / sizeof(*names) ? names[type] : NULL;
}
