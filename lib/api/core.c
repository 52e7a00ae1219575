// SPDX-License-Identifier: MIT
// A task of an open checkpoint -> an ELF core in an output.
#include "api/dir.h"
#include "api/output.h"
#include "core/core.h"

static bool write_core(struct core *core, struct crit_output *out)
{
	if (out->fd >= 0 && !out->write)
		return core_write(core, out->fd, output_name(out));
	return core_write_to(core, output_write, out, output_name(out));
}

bool crit_core(struct crit_dir *dir, uint32_t pid, const char *sysroot,
	       struct crit_output *out, struct crit_error *err)
{
	struct core *core;
	struct crit_error own;
	bool ok;
	API(dir->c);

	core = alloc_zero(sizeof(*core));
	if (!core)
		return api_no_memory(err);
	error_clear(&own);
	core->sysroot = sysroot;
	core->warn = api_warn;
	core->ctx = dir->c;
	ok = core_open(core, &dir->dir, pid, &own) && write_core(core, out);
	core_close(core);
	alloc_free(core);
	if (ok)
		return true;
	output_fail(out, &own);
	return dir_fail(dir, err, &own);
}
