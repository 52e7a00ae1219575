// SPDX-License-Identifier: MIT
/*
 *   images that only one has, raw images that differ ─► lines
 */
#include "diff/print.h"
#include "json/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const changes[] = { "changed", "gone", "appeared" };

static void image_line(struct diff *d, const struct diff_image *im,
		       enum change_kind change, const char *text)
{
	struct json_text r;

	if (d->records) {
		json_text_begin(&r, d->out);
		json_text_string(&r, "section", diff_section(SECTION_FIELDS));
		json_text_string(&r, "change", changes[change]);
		json_text_string(&r, "image", im->name);
		json_text_end(&r);
	} else {
		json_text_plain(d->out, im->name, strlen(im->name));
		out_printf(d->out, ": %s\n", text);
	}
	diff_told(d, &(struct diff_line){
		.section = SECTION_FIELDS, .change = change, .image = im->name,
		.path = "",
	});
}

void print_image(struct diff *d, const struct diff_image *im, enum change_kind c)
{
	if (!print_ignores(d, im->name, ""))
		image_line(d, im, c, changes[c]);
}

void print_bytes(struct diff *d, const struct diff_image *im, uint64_t size_a,
		 uint64_t size_b, uint64_t at)
{
	char text[128];
	int n;

	if (print_ignores(d, im->name, ""))
		return;
	n = snprintf(text, sizeof(text), "bytes differ from offset %" PRIu64 " on",
		     at);
	if (size_a != size_b)
		snprintf(text + n, sizeof(text) - (size_t)n, ", size %" PRIu64
			 " -> %" PRIu64, size_a, size_b);
	image_line(d, im, CHANGED, text);
}
