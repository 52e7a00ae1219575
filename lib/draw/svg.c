// SPDX-License-Identifier: MIT
/*
 *   shapes ─► SVG 1.1, one element a line
 */
#include "draw/picture.h"

static void put_tip(const struct picture *p, const struct shape *s,
		    struct out *out)
{
	markup(out, "<title>");
	markup_string(out, picture_words(p, s->tip));
	markup(out, "</title>");
}

static void put_box(const struct picture *p, const struct shape *s,
		    struct out *out, const char *class)
{
	markup(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	       "height=\"%.1f\"%s", class, s->x, s->y, s->w, s->h,
	       s->h > 20 && s->style != STYLE_PAPER ? " rx=\"4\"" : "");
	if (!s->tip) {
		markup(out, "/>\n");
		return;
	}
	markup(out, ">");
	put_tip(p, s, out);
	markup(out, "</rect>\n");
}

/* textLength keeps it where it is meant to be, whatever the font. */
static void put_text(const struct picture *p, const struct shape *s,
		     struct out *out, const char *class)
{
	static const char *const sides[] = { "start", "middle", "end" };
	int side = s->side == 's' ? 0 : s->side == 'm' ? 1 : 2;

	if (!s->text || s->w <= 0)
		return;
	markup(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" font-size=\"%g\"",
	       class, s->x, s->y + s->size * 0.36, s->size);
	if (side)
		markup(out, " text-anchor=\"%s\"", sides[side]);
	markup(out, " textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\">",
	       s->w);
	if (s->tip)
		put_tip(p, s, out);
	markup_string(out, picture_words(p, s->text));
	markup(out, "</text>\n");
}

static void put_curve(const struct picture *p, const struct shape *s,
		      struct out *out, const char *class)
{
	double bend = s->w / 2;

	(void)p;
	markup(out, "<path class=\"%s\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f "
	       "%.1f\"/>\n", class, s->x, s->y, s->x + bend, s->y,
	       s->x + s->w - bend, s->y + s->h, s->x + s->w, s->y + s->h);
}

static void put_elbow(const struct picture *p, const struct shape *s,
		      struct out *out, const char *class)
{
	(void)p;
	markup(out, "<path class=\"%s\" d=\"M%.1f %.1fV%.1fH%.1f\"/>\n", class,
	       s->x, s->y, s->y + s->h, s->x + s->w);
}

static void put_arrow(const struct picture *p, const struct shape *s,
		      struct out *out, const char *class)
{
	(void)p;
	markup(out, "<path class=\"%s\" d=\"M%.1f %.1fl%.1f -4.5v9z\"/>\n", class,
	       s->x, s->y, s->w);
}

static void begin(const struct picture *p, struct out *out, bool alone)
{
	if (alone)
		markup(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	markup(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" "
	       "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n",
	       p->width, p->height, p->width, p->height);
}

void picture_svg(const struct picture *p, struct out *out, const char *title,
		 bool alone)
{
	static void (*const put[])(const struct picture *, const struct shape *,
				   struct out *, const char *) = {
		[SHAPE_BOX] = put_box, [SHAPE_TEXT] = put_text,
		[SHAPE_CURVE] = put_curve, [SHAPE_ELBOW] = put_elbow,
		[SHAPE_ARROW] = put_arrow,
	};
	const struct shape *s = p->shapes.p;
	char class[8];

	begin(p, out, alone);
	markup(out, "<title>");
	markup_string(out, title);
	markup(out, "</title>\n");
	if (alone) {
		markup(out, "<style>\n");
		style_sheet(out);
		markup(out, "</style>\n<rect class=\"paper\" width=\"100%%\" "
		       "height=\"100%%\"/>\n");
	}
	for (size_t i = 0; i < p->shapes.n; i++)
		put[s[i].kind](p, &s[i], out, style_class(s[i].style, class));
	markup(out, "</svg>\n");
}
