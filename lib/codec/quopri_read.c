// SPDX-License-Identifier: MIT
#include "codec/quopri_read.h"

static const char wrong_escape[] =
	"= without two hex digits or a line break after it (write = as =3D)";

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The next byte after =: where it ends what = began, state is 0 again. */
static const char *escaped(struct quopri_read *q, uint8_t c, uint8_t **out)
{
	q->held[q->state - 1] = c;
	if (q->state == 1) {
		q->state = c == '\n' ? 0 : 2;
		return c == '\n' || c == '\r' || hex(c) >= 0 ? NULL :
			wrong_escape;
	}
	q->state = 0;
	if (q->held[0] == '\r')
		return c == '\n' ? NULL : wrong_escape;
	if (hex(c) < 0)
		return wrong_escape;
	*(*out)++ = (uint8_t)(hex(q->held[0]) << 4 | hex(c));
	return NULL;
}

const char *quopri_read(struct quopri_read *q, const uint8_t *p, size_t n,
			uint8_t **out)
{
	for (size_t i = 0; i < n; i++) {
		const char *wrong = NULL;

		if (p[i] > 0x7f)
			return "not ASCII: quoted-printable has nothing "
				"else";
		if (q->state)
			wrong = escaped(q, p[i], out);
		else if (p[i] == '=')
			q->state = 1;
		else
			*(*out)++ = p[i];
		if (wrong)
			return wrong;
	}
	return NULL;
}

const char *quopri_read_end(const struct quopri_read *q)
{
	return q->state ? wrong_escape : NULL;
}
