// SPDX-License-Identifier: MIT
/*
 * The frame of a page: it needs no network, and no script to be read.
 */
#include "draw/draw.h"

static const char sheet[] =
	":root{color-scheme:light dark;--fg:#1b2027;--dim:#5a6470;--bg:#fff;"
	"--line:#d9dee4;--soft:#f5f7f9;--accent:#3b78c4}\n"
	"@media (prefers-color-scheme:dark){:root{--fg:#e8ecf0;--dim:#a5afba;"
	"--bg:#14181d;--line:#343c45;--soft:#1d232a;--accent:#6ea8ea}}\n"
	"@media print{:root{--fg:#000;--dim:#444;--bg:#fff;--line:#bbb;"
	"--soft:#fff;color-scheme:light}nav{display:none}"
	"details>*{display:block}section{break-inside:auto}}\n"
	"body{margin:0 auto;padding:1.5rem;max-width:78rem;background:var(--bg);"
	"color:var(--fg);font:15px/1.5 system-ui,'DejaVu Sans',sans-serif}\n"
	"h1{font-size:1.6rem;margin:.2em 0;overflow-wrap:anywhere}"
	"h2{font-size:1.2rem;margin:2em 0 .5em;border-bottom:1px solid "
	"var(--line);padding-bottom:.2em}\n"
	"p.sub{color:var(--dim);margin:.2em 0 1em;overflow-wrap:anywhere}\n"
	"nav a{color:var(--accent);margin-right:1em}\n"
	".wrap{overflow-x:auto}svg{max-width:100%;height:auto;display:block}\n"
	"table{border-collapse:collapse;font-size:13px;font-variant-numeric:"
	"tabular-nums}th,td{padding:.25em .7em;text-align:left;vertical-align:"
	"top;border-bottom:1px solid var(--line);max-width:34rem;overflow-wrap:"
	"anywhere}\n"
	"th{background:var(--soft);white-space:nowrap}"
	"td.n,th.n{text-align:right;white-space:nowrap}"
	"td{font-family:'DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
	"th button{font:inherit;font-weight:bold;color:inherit;background:none;"
	"border:0;padding:0;cursor:pointer}\n"
	".tiles{display:flex;flex-wrap:wrap;gap:.8rem;margin:1em 0}"
	".tiles div{background:var(--soft);border:1px solid var(--line);"
	"border-radius:6px;padding:.6em 1em;min-width:7rem}"
	".tiles b{display:block;font-size:1.35rem}"
	".tiles span{color:var(--dim);font-size:13px}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1.2em;"
	"margin:.5em 0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
	"ul{margin:.4em 0;padding-left:1.3em}summary{cursor:pointer;"
	"color:var(--dim)}\n";

void html_begin(struct out *out, const char *title)
{
	markup(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	       "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	       "content=\"width=device-width,initial-scale=1\">\n<title>");
	markup_string(out, title);
	markup(out, "</title>\n<style>\n");
	out_put(out, sheet, sizeof(sheet) - 1);
	style_sheet(out);
	markup(out, "</style>\n</head>\n<body>\n");
}

void html_end(struct out *out)
{
	markup(out, "</body>\n</html>\n");
}
