// SPDX-License-Identifier: MIT
/*
 *   records ─► other pids ─► records
 */
#include "change.h"
#include "change/pids.h"

#include <stdio.h>
#include <string.h>

enum { UNMET_TOLD = 8 };

struct pids_job {
	struct change_job job;
	struct pid_map map;
	struct pids_sink sink;
};

static struct forward *begin(struct change_job *job, struct sink *to,
			     const struct schema *schema,
			     struct crit_error *err)
{
	struct pids_job *p = (struct pids_job *)job;

	pids_sink_init(&p->sink, &p->map, schema, to, err);
	return &p->sink.forward;
}

/* A map that fits nothing is likely a slip. */
static void tell_unmet(const struct pid_map *m)
{
	char ids[UNMET_TOLD * 12] = "", more[40] = "";
	size_t unmet = 0;

	if (m->offset && !m->met)
		filter_warn("warning: no id was changed");
	for (size_t i = 0; i < m->n; i++) {
		size_t n = strlen(ids);

		if (m->pairs[i].met || unmet++ >= UNMET_TOLD)
			continue;
		snprintf(ids + n, sizeof(ids) - n, "%s%u", n ? ", " : "",
			 m->pairs[i].from);
	}
	if (unmet > UNMET_TOLD)
		snprintf(more, sizeof(more), " and %zu others",
			 unmet - UNMET_TOLD);
	if (unmet)
		filter_warn("warning: the records have no process, thread, group "
			    "or session %s%s", ids, more);
}

static const struct option_row rows[] = {
	OPTIONS_CHANGE(struct pids_job),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Add 1000 to all process IDs:",
	  "crit-decode DIR | crit-pids +1000 | crit-encode -d NEW" },
	{ "Change two of them:", "crit-decode DIR | crit-pids 12=112,13=113" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... MAP [FILE]...",
	.about = "Give the tasks of a checkpoint other process IDs.\n"
		"MAP is OLD=NEW,... or +OFFSET. Reads the records of "
		"crit-decode from each FILE,\n"
		"and writes records. With no FILE, or when FILE is -, "
		"reads standard input.",
	.rows = rows,
	.operand = TAKES_DOCUMENTS,
	.examples = examples,
	.see = "crit-pids, man crit-stream",
};

int main(int argc, char **argv)
{
	static struct pids_job p = { .job.begin = begin };
	int first = tool_options(&tool, &p, argc, argv);
	struct crit_error err;
	int status;

	error_clear(&err);
	if (first == argc)
		tool_missing(&tool, "missing argument: MAP");
	if (!pid_map_read(&p.map, argv[first++], &err))
		return filter_end(filter_error(&err));
	status = change_files(&p.job, argv + first, argc - first);
	if (!status)
		tell_unmet(&p.map);
	pid_map_free(&p.map);
	return filter_end(status);
}
