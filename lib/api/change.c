// SPDX-License-Identifier: MIT
/*
 * Changing checkpoints through the API: memory where it is, documents on their
 * way.
 */
#include "api/memory.h"
#include "api/output.h"
#include "change/anon.h"
#include "change/pids.h"
#include "change/records.h"
#include "change/setenv.h"

/* What was read is of before: it is opened again. */
static bool again(struct crit_memory *m)
{
	uint64_t page_size = m->memory.page_size;
	uint32_t pid = m->memory.pid;

	memory_close(&m->memory);
	mapped_files_close(&m->mapped);
	return api_memory_open(m, pid, page_size);
}

/* bytes, or a variable */
static bool change(struct crit_memory *m, const char *sysroot,
		   uint64_t address, const void *bytes, size_t n,
		   const char *variable)
{
	struct core_sysroot files;
	struct setenv_place place;
	struct memory_write w = {
		.path = m->dir->path ? m->dir->path : "", .m = &m->memory,
		.files = &files, .plain = true, .err = &m->err, .temp = -1,
	};
	bool ok;

	if (m->memory.bare)
		return error_set(&m->err, CRIT_EDATA, "a pre-dump has no mappings "
				 "to write in");
	ok = core_sysroot_open(&files, sysroot, &m->err) &&
	     memory_write_open(&w) &&
	     (variable ? memory_setenv(&w, variable, &place) :
	      memory_write_put(&w, address, bytes, n)) &&
	     memory_write_commit(&w);
	memory_write_close(&w);
	core_sysroot_close(&files);
	return ok && again(m);
}

bool crit_memory_write(struct crit_memory *m, uint64_t address,
		       const void *bytes, size_t n, const char *sysroot,
		       struct crit_error *err)
{
	API(m->c);

	return api_memory_result(m, change(m, sysroot, address, bytes, n, NULL),
				 err);
}

bool crit_memory_setenv(struct crit_memory *m, const char *variable,
			struct crit_error *err)
{
	API(m->c);

	return api_memory_result(m, change(m, NULL, 0, NULL, 0, variable), err);
}

/* Records in and out. */

struct changing {
	struct crit_error err;
	struct out out;
	struct change_records records;
	struct pid_map map;
	struct pids_sink pids;
	struct secret secret;
	struct anon_sink anon;
};

static bool begin(struct changing *g, struct crit *c, struct crit_output *out)
{
	error_clear(&g->err);
	if (!out_open(&g->out, out->fd, output_name(out), &g->err))
		return false;
	g->out.write = output_write;
	g->out.arg = out;
	if (!change_records_open(&g->records, &g->out, &writer_records, c->schema,
				 &g->err))
		return false;
	g->records.source.warn = api_warn;
	g->records.source.ctx = c;
	return true;
}

static bool run(struct changing *g, struct forward *how, int fd)
{
	struct in in = { .fd = -1 };
	bool ok;

	change_records_use(&g->records, how);
	ok = in_open(&in, fd, &g->err) && change_records_read(&g->records, &in);
	in_close(&in);
	return change_records_end(&g->records) && ok;
}

static bool end(struct changing *g, bool ok, struct crit_output *out,
		struct crit_error *err)
{
	change_records_close(&g->records);
	out_close(&g->out);
	if (!ok) {
		output_fail(out, &g->err);
		api_fail(err, &g->err);
	}
	alloc_free(g);
	return ok;
}

bool crit_pids(struct crit *c, int fd, const char *map,
	       struct crit_output *out, struct crit_error *err)
{
	struct changing *g;
	bool ok;
	API(c);

	g = alloc_zero(sizeof(*g));
	if (!g)
		return api_no_memory(err);
	ok = begin(g, c, out) && pid_map_read(&g->map, map, &g->err);
	if (ok) {
		pids_sink_init(&g->pids, &g->map, c->schema,
			       g->records.writer.sink, &g->err);
		ok = run(g, &g->pids.forward, fd);
	}
	pid_map_free(&g->map);
	return end(g, ok, out, err);
}

bool crit_anon(struct crit *c, int fd, const void *key, size_t n,
	       struct crit_output *out, struct crit_error *err)
{
	struct changing *g;
	bool ok;
	API(c);

	if (!n)
		return api_usage(err, "the key is empty");
	g = alloc_zero(sizeof(*g));
	if (!g)
		return api_no_memory(err);
	secret_init(&g->secret, key, n);
	ok = begin(g, c, out) &&
	     anon_sink_init(&g->anon, &g->secret, g->records.writer.sink,
			    &g->err);
	if (ok)
		ok = run(g, &g->anon.forward, fd);
	anon_sink_free(&g->anon);
	return end(g, ok, out, err);
}
