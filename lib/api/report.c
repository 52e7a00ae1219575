// SPDX-License-Identifier: MIT
/*
 *   an open checkpoint ─┬─► summary ─┬─► output
 *                       └─► picture ─┘
 */
#include "api/dir.h"
#include "api/output.h"
#include "draw/draw.h"
#include "report/summary.h"

struct report {
	struct crit_dir *dir;
	struct crit_output *to;
	struct out out;
	struct crit_error err;		/* why it is not whole */
	struct crit_error first;	/* what could not be read */
};

/* What is wrong with one image does not keep the others from being told. */
static void tell(void *ctx, const struct crit_error *err)
{
	struct report *r = ctx;

	if (!error_is(&r->first))
		r->first = *err;
}

static bool begin(struct report *r, struct crit_dir *dir, struct crit_output *to,
		  struct crit_error *err)
{
	memset(r, 0, sizeof(*r));
	r->dir = dir;
	r->to = to;
	error_clear(&r->err);
	error_clear(&r->first);
	if (!store_has_images(&dir->dir, dir->path, &r->err) ||
	    !out_open(&r->out, -1, output_name(to), &r->err))
		return dir_fail(dir, err, &r->err);
	r->out.write = output_write;
	r->out.arg = to;
	return true;
}

static bool end(struct report *r, bool ok, struct crit_error *err)
{
	bool sent = out_flush(&r->out);

	out_close(&r->out);
	if (!sent)
		return output_fail(r->to, &r->err) || api_fail(err, &r->err);
	if (error_is(&r->err))
		tell(r, &r->err);
	if (!ok)
		output_fail(r->to, &r->first);
	return (ok && !error_is(&r->first)) || dir_fail(r->dir, err, &r->first);
}

bool crit_summary(struct crit_dir *dir, unsigned flags, struct crit_output *out,
		  struct crit_error *err)
{
	enum summary_format format = flags & CRIT_TEXT ? SUMMARY_TEXT :
		flags & CRIT_JSON ? SUMMARY_JSON : SUMMARY_ROW;
	struct crit_error own;
	struct report r;
	API(dir->c);

	if (!begin(&r, dir, out, err))
		return false;
	error_clear(&own);
	if (!summary_print(&dir->dir, flags & CRIT_ZERO_PAGES, &r.out,
			   format == SUMMARY_ROW ? dir->path : NULL, format,
			   NULL, NULL, &own))
		tell(&r, &own);
	return end(&r, true, err);
}

const char *crit_drawing(size_t i, const char **about)
{
	if (i >= n_drawings)
		return NULL;
	if (about)
		*about = drawings[i].about;
	return drawings[i].name;
}

bool crit_draw(struct crit_dir *dir, const char *what, enum crit_picture form,
	       uint32_t pid, struct crit_output *out, struct crit_error *err)
{
	const struct drawing *drawing = drawing_find(what);
	struct report r;
	struct draw d = {
		.store = &dir->dir, .name = api_base_name(dir->path),
		.pids = &pid, .n_pids = pid != 0, .out = &r.out, .report = tell,
		.ctx = &r, .err = &r.err,
	};
	API(dir->c);

	if (!drawing)
		return api_usage(err, "unknown picture '%.40s'", what);
	return begin(&r, dir, out, err) &&
	       end(&r, draw(&d, drawing, (enum draw_format)form), err);
}
