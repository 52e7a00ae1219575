// SPDX-License-Identifier: MIT
/*
 * Rows of tiles along the shorter side of what is left; a row takes one more
 * tile as long as that makes its worst tile more square. (Bruls, Huizing, van
 * Wijk: Squarified Treemaps, 2000)
 */
#include "draw/treemap.h"

/* The worst side ratio of a row of n tiles with this sum, along a side. */
static double worst(const struct tile *t, size_t n, double sum, double scale,
		    double side)
{
	double depth = sum * scale / side, bad = 1;

	for (size_t i = 0; i < n; i += n > 1 ? n - 1 : 1) {
		double length = t[i].weight * scale / depth;
		double ratio = length > depth ? length / depth : depth / length;

		bad = ratio > bad ? ratio : bad;
	}
	return bad;
}

static void put_row(struct tile *t, size_t n, double sum, double x, double y,
		    double side, double depth, int upright)
{
	double at = 0;

	for (size_t i = 0; i < n; i++) {
		double length = side * t[i].weight / sum;

		t[i].x = upright ? x : x + at;
		t[i].y = upright ? y + at : y;
		t[i].w = upright ? depth : length;
		t[i].h = upright ? length : depth;
		at += length;
	}
}

void treemap(struct tile *t, size_t n, double x, double y, double w, double h)
{
	double left = 0;

	for (size_t i = 0; i < n; i++)
		left += t[i].weight;
	for (size_t i = 0, row; i < n && left > 0; i += row) {
		int upright = w > h;
		double side = upright ? h : w, scale = w * h / left, depth;
		double sum = t[i].weight;

		for (row = 1; i + row < n; row++) {
			double more = sum + t[i + row].weight;

			if (worst(t + i, row + 1, more, scale, side) >
			    worst(t + i, row, sum, scale, side))
				break;
			sum = more;
		}
		depth = i + row == n ? (upright ? w : h) : sum * scale / side;
		put_row(t + i, row, sum, x, y, side, depth, upright);
		*(upright ? &x : &y) += depth;
		*(upright ? &w : &h) -= depth;
		left -= sum;
	}
}
