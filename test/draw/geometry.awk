# SPDX-License-Identifier: MIT
#
# Reads an SVG of crit-draw, which has an element a line: all boxes and texts lie
# inside of the canvas, and no text lies on another one. Prints what does not.
function attribute(name) {
	if (!match($0, " " name "=\"[^\"]*\""))
		return ""
	return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}
function inside(x, y, w, h) {
	x += 0
	y += 0
	if (x < -0.1 || y < -0.1 || x + w > width + 0.1 || y + h > height + 0.1)
		print "outside: " $0
}
/^<svg / {
	width = attribute("width") + 0
	height = attribute("height") + 0
	next
}
/^<rect class="paper" width="100%"/ { next }
/^<rect / {
	inside(attribute("x"), attribute("y"), attribute("width"),
	       attribute("height"))
}
/^<text / {
	n++
	w[n] = attribute("textLength") + 0
	x[n] = attribute("x") + 0
	if (attribute("text-anchor") == "end")
		x[n] -= w[n]
	h[n] = attribute("font-size") + 0
	y[n] = attribute("y") - h[n] * 0.86
	line[n] = $0
	inside(x[n], y[n], w[n], h[n])
	for (i = 1; i < n; i++)
		if (x[i] < x[n] + w[n] - 0.1 && x[n] < x[i] + w[i] - 0.1 &&
		    y[i] < y[n] + h[n] && y[n] < y[i] + h[i])
			print "overlap: " line[i] "\n     and: " line[n]
}
END { if (!n) print "no text" }
