// SPDX-License-Identifier: MIT
#include "draw/picture.h"


enum { MARGIN = 24, TIP = 200 };

void picture_init(struct picture *p, struct crit_error *err)
{
	*p = (struct picture){ .err = err };
}

void picture_free(struct picture *p)
{
	list_free(&p->shapes);
	list_free(&p->words);
}

static void reach(struct picture *p, double x, double y)
{
	if (x + MARGIN > p->width)
		p->width = x + MARGIN;
	if (y + MARGIN > p->height)
		p->height = y + MARGIN;
}

static void put(struct picture *p, const struct shape *s)
{
	struct shape *to = list_more(&p->shapes, sizeof(*s), 1, p->err);

	if (to)
		*to = *s;
}

/* Where it is in words, from 1. */
static size_t keep(struct picture *p, const char *text)
{
	size_t n = strlen(text) + 1;
	char *to = list_more(&p->words, 1, n, p->err);

	if (!to)
		return 0;
	memcpy(to, text, n);
	return p->words.n - n + 1;
}

void picture_box(struct picture *p, enum style s, double x, double y, double w,
		 double h, const char *tip)
{
	put(p, &(struct shape){ .kind = SHAPE_BOX, .style = s, .x = x, .y = y,
				.w = w, .h = h, .tip = tip ? keep(p, tip) : 0 });
	reach(p, x + w, y + h);
}

void picture_curve(struct picture *p, enum style s, double x, double y,
		   double to_x, double to_y)
{
	put(p, &(struct shape){ .kind = SHAPE_CURVE, .style = s, .x = x, .y = y,
				.w = to_x - x, .h = to_y - y });
}

void picture_elbow(struct picture *p, enum style s, double x, double y,
		   double to_x, double to_y)
{
	put(p, &(struct shape){ .kind = SHAPE_ELBOW, .style = s, .x = x, .y = y,
				.w = to_x - x, .h = to_y - y });
}

void picture_arrow(struct picture *p, enum style s, double x, double y,
		   bool from_left)
{
	put(p, &(struct shape){ .kind = SHAPE_ARROW, .style = s, .x = x, .y = y,
				.w = from_left ? -8 : 8 });
}

static double put_text(struct picture *p, struct shape *s, const void *bytes,
		       size_t n, size_t columns)
{
	char text[WORDS_MAX], tip[WORDS_MAX];
	size_t used = words_fit(text, bytes, n, columns);
	double column = TEXT_COLUMN * s->size / TEXT_SIZE;

	s->kind = SHAPE_TEXT;
	s->text = keep(p, text);
	if (words_fit(tip, bytes, n, TIP) > columns)
		s->tip = keep(p, tip);
	s->w = (double)used * column;
	put(p, s);
	reach(p, s->x + (s->side == 's' ? s->w : s->side == 'm' ? s->w / 2 : 0),
	      s->y + s->size / 2);
	return s->w;
}

double picture_text(struct picture *p, enum style s, char side, double x,
		    double y, const char *text, size_t columns)
{
	struct shape shape = { .style = s, .x = x, .y = y, .side = side,
			       .size = TEXT_SIZE };

	return put_text(p, &shape, text, strlen(text), columns);
}

double picture_bytes(struct picture *p, enum style s, double x, double y,
		     const void *bytes, size_t n, size_t columns)
{
	struct shape shape = { .style = s, .x = x, .y = y, .side = 's',
			       .size = TEXT_SIZE };

	return put_text(p, &shape, bytes, n, columns);
}

void picture_title(struct picture *p, const char *title, const char *about)
{
	struct shape shape = { .style = STYLE_TITLE, .x = MARGIN, .y = 30,
			       .side = 's', .size = TITLE_SIZE };

	put_text(p, &shape, title, strlen(title), 100);
	picture_text(p, STYLE_DIM, 's', MARGIN, 54, about, 150);
}

double picture_legend(struct picture *p, double x, double y, enum hue h,
		      const char *text)
{
	picture_box(p, STYLE_MARK + h, x, y - 6, 12, 12, NULL);
	return x + 18 + picture_text(p, STYLE_DIM, 's', x + 18, y, text, 80) + 18;
}
