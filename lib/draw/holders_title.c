// SPDX-License-Identifier: MIT
/*
 *   holders ─► what stands above their picture
 */
#include "draw/holders.h"

#include <inttypes.h>
#include <stdio.h>

void holders_legend(struct picture *p, bool connections, double x, double y)
{
	static const char *const names[HUES] = {
		[HUE_BLUE] = "files", [HUE_TEAL] = "terminals",
		[HUE_ORANGE] = "pipes", [HUE_PURPLE] = "unix sockets",
		[HUE_GREEN] = "network", [HUE_YELLOW] = "events",
		[HUE_RED] = "memfd", [HUE_GREY] = "others",
	};

	for (int h = 0; h < HUES; h++)
		if (!connections || h == HUE_ORANGE || h == HUE_PURPLE ||
		    h == HUE_GREEN || h == HUE_GREY)
			x = picture_legend(p, x, y, (enum hue)h, names[h]);
}

void holders_title(struct holders *h, struct picture *p)
{
	char title[WORDS_MAX], about[200], tasks[40], things[40];
	uint32_t n = 0, all = 0, shared = 0;

	for (uint32_t i = 0; i < h->holders.n; i++)
		n += holders_holder(h, i)->to == i ?
			holders_holder(h, i)->count : 0;
	for (uint32_t i = 0; i < h->things.n; i++) {
		const struct thing *t = holders_thing(h, i);

		all += t->to == i ? t->count : 0;
		shared += t->to == i && t->users > 1 ? t->count : 0;
	}
	words_count(tasks, sizeof(tasks), n, "task");
	snprintf(title, sizeof(title), h->connections ? "Connections of %.300s" :
		 "Open files of %.300s", h->draw->name);
	words_count(things, sizeof(things), all,
		    h->connections ? "connection" : "file");
	snprintf(about, sizeof(about), "%s, %s, %" PRIu32 " held by several",
		 tasks, things, shared);
	picture_title(p, title, about);
}
