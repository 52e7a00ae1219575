// SPDX-License-Identifier: MIT
#include "json/write_parts.h"

char *json_indent(char *o, int depth)
{
	*o++ = '\n';
	memset(o, ' ', 4 * (size_t)depth);
	return o + 4 * depth;
}

char *json_separate(struct json_sink *j, char *o)
{
	bool *first = &j->first[j->depth - 1];

	if (!*first)
		*o++ = ',';
	if (j->format == JSON_INDENTED)
		o = json_indent(o, j->depth);
	else if (!*first && j->format == JSON_LINE)
		*o++ = ' ';
	*first = false;
	return o;
}

char *json_escape_key(struct json_sink *j, char *o, const char *key)
{
	*o++ = '"';
	o = json_put(o, key);
	return json_put(o, j->format == JSON_RECORDS ? "\":" : "\": ");
}

char *json_before(struct json_sink *j, const struct field *f)
{
	char *o = json_separate(j, json_room(j));

	return j->scope[j->depth - 1] == ']' ? o : json_escape_key(j, o, f->name);
}

char *json_open_scope(struct json_sink *j, char *o, char open, char close,
		      bool hex)
{
	*o++ = open;
	j->scope[j->depth] = close;
	j->first[j->depth] = true;
	j->hex[j->depth++] = hex;
	return o;
}

char *json_close_scope(struct json_sink *j, char *o)
{
	j->depth--;
	if (!j->first[j->depth] && j->format == JSON_INDENTED)
		o = json_indent(o, j->depth);
	*o++ = j->scope[j->depth];
	return o;
}
