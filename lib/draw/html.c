// SPDX-License-Identifier: MIT
/*
 * The frame of a page: it needs no network, and no script to be read.
 */
#include "draw/html.h"
#include "draw/style.h"

#include <string.h>

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
	".wrap{overflow-x:auto;margin:.6em 0 1.2em}svg{max-width:100%;height:auto;display:block}\n"
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
	"dl.short{background:var(--soft);border:1px solid var(--line);"
	"border-radius:6px;padding:.8em 1.1em;margin:1em 0}"
	"dl.short dt{font-weight:bold;color:var(--fg)}"
	"dl.short span{color:var(--dim)}"
	"code{font:13px 'DejaVu Sans Mono',Menlo,Consolas,monospace}\n"
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

static const char script[] =
	"const key=s=>{const m=/^(-?[\\d.]+) ?([KMGTPE])?(i?B)?%?$/.exec(s);"
	"return m?m[1]*1024**' KMGTPE'.indexOf(m[2]||' '):NaN};\n"
	"document.querySelectorAll('table').forEach(t=>t.querySelectorAll('th')"
	".forEach((h,i)=>{\n"
	"const b=document.createElement('button');b.type='button';"
	"b.textContent=h.textContent;h.replaceChildren(b);let up=1;\n"
	"b.onclick=()=>{const text=r=>r.cells[i]?r.cells[i].textContent:'';\n"
	"[...t.tBodies[0].rows].sort((a,b)=>{const x=text(a),y=text(b),"
	"d=key(x)-key(y);return up*(isNaN(d)?x.localeCompare(y):d)})"
	".forEach(r=>t.tBodies[0].append(r));up=-up}}));\n";

void html_script(struct out *out)
{
	markup(out, "<script>\n");
	out_put(out, script, sizeof(script) - 1);
	markup(out, "</script>\n");
}

/* Words by blanks; those of numbers end with >. */
void html_head(struct out *out, const char *titles)
{
	markup(out, "<div class=\"wrap\"><table>\n<thead><tr>");
	while (*titles) {
		size_t n = strcspn(titles, " ");
		bool number = titles[n - 1] == '>';

		markup(out, number ? "<th class=\"n\">" : "<th>");
		markup_text(out, titles, n - number);
		markup(out, "</th>");
		titles += n + (titles[n] == ' ');
	}
	markup(out, "</tr></thead>\n<tbody>\n");
}

void html_cell(struct out *out, const char *text, bool number)
{
	markup(out, number ? "<td class=\"n\">" : "<td>");
	markup_string(out, text);
	markup(out, "</td>");
}
