// SPDX-License-Identifier: MIT
#include "draw/style.h"
#include "draw/words.h"

#include <stdio.h>

static const struct {
	const char *pale[2], *full[2];		/* light, dark */
} hues[HUES] = {
	[HUE_BLUE] = { { "#d6e4f5", "#1f3a5c" }, { "#3b78c4", "#6ea8ea" } },
	[HUE_TEAL] = { { "#cfeee8", "#154a43" }, { "#1f9d8b", "#4cc9b5" } },
	[HUE_RED] = { { "#f9dad9", "#5c2626" }, { "#d0504d", "#f08682" } },
	[HUE_ORANGE] = { { "#fde3ca", "#5a3a14" }, { "#d9822b", "#f2a85c" } },
	[HUE_YELLOW] = { { "#f8eec0", "#4f4510" }, { "#b89a1c", "#dcc14f" } },
	[HUE_PURPLE] = { { "#e8daf3", "#45295c" }, { "#8d5ab8", "#bf94e4" } },
	[HUE_GREEN] = { { "#daeecd", "#2a4a1c" }, { "#5a9a32", "#8cca65" } },
	[HUE_GREY] = { { "#e6e9ed", "#343a42" }, { "#7d8792", "#a3adb8" } },
};

/* A rule: what it says besides the colours; what has the colour, light, dark. */
static const struct {
	const char *name, *rule, *what;
	const char *colour[2];
} plain[] = {
	[STYLE_PAPER] = { "paper", "", "fill", { "#ffffff", "#14181d" } },
	[STYLE_CARD] = { "card", "fill:#88888818;", "stroke",
			 { "#c3cad3", "#4a535d" } },
	[STYLE_FRAME] = { "frame", "fill:none;", "stroke",
			  { "#c3cad3", "#4a535d" } },
	[STYLE_TEXT] = { "t", "", "fill", { "#1b2027", "#e8ecf0" } },
	[STYLE_DIM] = { "dim", "", "fill", { "#5a6470", "#a5afba" } },
	[STYLE_BOLD] = { "bold", "font-weight:bold;", "fill",
			 { "#1b2027", "#f4f6f8" } },
	[STYLE_TITLE] = { "title", "font-weight:bold;", "fill",
			  { "#1b2027", "#f4f6f8" } },
	[STYLE_EDGE] = { "edge", "fill:none;stroke-width:1.5;", "stroke",
			 { "#a9b2bd", "#5d6772" } },
};

const char *style_pale(enum hue h)
{
	return hues[h].pale[0];
}

const char *style_class(enum style s, char buf[8])
{
	if (s < STYLE_HUE)
		return plain[s].name;
	snprintf(buf, 8, "%c%u", "hmw"[(s - STYLE_HUE) / HUES],
		 (unsigned)(s - STYLE_HUE) % HUES);
	return buf;
}

static void rules(struct out *out, int dark)
{
	for (int s = 0; s < STYLE_HUE; s++)
		markup(out, ".%s{%s%s:%s}\n", plain[s].name, plain[s].rule,
		       plain[s].what, plain[s].colour[dark]);
	for (int h = 0; h < HUES; h++) {
		markup(out, ".h%d{fill:%s;stroke:%s}", h, hues[h].pale[dark],
		       dark ? "#14181d" : "#ffffff");
		markup(out, ".m%d{fill:%s}", h, hues[h].full[dark]);
		markup(out, ".w%d{fill:none;stroke-width:1.5;stroke-opacity:.7;"
		       "stroke:%s}\n", h, hues[h].full[dark]);
	}
}

void style_sheet(struct out *out)
{
	markup(out, "svg text{font-family:'DejaVu Sans Mono',Menlo,Consolas,"
	       "monospace;white-space:pre}\n");
	rules(out, 0);
	markup(out, "@media (prefers-color-scheme:dark){\n");
	rules(out, 1);
	markup(out, "}\n@media print{\n");
	rules(out, 0);
	markup(out, "}\n");
}
