// SPDX-License-Identifier: MIT
#include "yaml/formats.h"
#include "yaml/read.h"

#include <string.h>

const struct writer_format *writer_format(const char *name)
{
	for (size_t i = 0; writer_formats[i]; i++)
		if (!strcmp(writer_formats[i]->name, name))
			return writer_formats[i];
	return NULL;
}

bool documents_read(struct json_source *s, struct in *in)
{
	struct yaml_reader y;
	bool ok;

	if (!yaml_looks(in))
		return json_source_read(s, in);
	ok = yaml_reader_open(&y, in, s->err) && json_source_read(s, &y.json);
	yaml_reader_close(&y);
	return ok;
}
