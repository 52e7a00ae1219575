// SPDX-License-Identifier: MIT
/*
 *   members, files ─► directory | tar | stream
 */
#include "copy/target.h"

#include <stdio.h>
#include <unistd.h>

bool target_member(struct target *t, const struct member *m)
{
	return !error_is(t->err) && t->ops->member(t, m);
}

bool target_open(struct target *t, struct target_file *f,
		 const struct member *m)
{
	*f = (struct target_file){ .to = t, .m = *m, .spool = -1 };
	f->out.fd = -1;
	f->out.err = t->err;
	if (error_is(t->err) || !t->ops->open(t, f))
		return false;
	target_tells(t, &f->out);
	return true;
}

bool target_close(struct target_file *f)
{
	struct target *t = f->to;
	bool ok = !error_is(t->err) && blob_copy_flush(&f->out) &&
		  t->ops->close(t, f);

	blob_copy_close(&f->out);
	if (f->spool >= 0)
		close(f->spool);
	f->spool = -1;
	if (ok) {
		t->files++;
		t->bytes += f->size;
	}
	return ok;
}

/* Until it ends: how many bytes it has is not known before. */
static bool put_all(struct target_file *f, const struct blob *b)
{
	uint64_t at = 0;
	size_t n;

	while ((n = blob_read(b, at, f->out.buf, BLOB_COPY_BUFFER,
			      f->out.err)) > 0) {
		if (!blob_copy_put(&f->out, f->out.buf, n))
			return false;
		at += n;
	}
	return !error_is(f->out.err);
}

bool target_blob(struct target *t, const struct member *m,
		 const struct blob *b)
{
	struct target_file f;
	bool ok;

	if (t->ops->blob && b->size != BLOB_UNKNOWN) {
		ok = !error_is(t->err) && t->ops->blob(t, m, b);
		t->files += ok;
		t->bytes += ok ? b->size : 0;
		return ok;
	}
	ok = target_open(t, &f, m);
	if (ok && b->size == BLOB_UNKNOWN)
		ok = put_all(&f, b);
	else if (ok)
		ok = blob_copy_range(&f.out, b, member_place(m), 0, b->size);
	return target_close(&f) && ok;
}

bool target_finish(struct target *t)
{
	return !error_is(t->err) && t->ops->finish(t);
}

void target_abort(struct target *t)
{
	t->ops->abort(t);
}
