// SPDX-License-Identifier: MIT
/*
 * The outputs of CRIT (test/golden) are ours, byte for byte, and back. An image
 * without NAME.nopl.json has its .pretty.json there, too. (test/golden.sh is
 * the same with the programs, for some of them.)
 */
#include "feed_encode.h"
#include "image/write.h"
#include "image/read.h"
#include "json/write.h"
#include "json/read.h"

struct bytes {
	uint8_t *p;
	size_t n;
};

static struct crit_error err;
static const char *root;
static unsigned compared[5];

static struct bytes read_file(const char *path)
{
	struct bytes b = { NULL, 0 };
	int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd < 0)
		return b;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		b.n = (size_t)st.st_size;
		b.p = malloc(b.n + 1);
		CHECK(__real_read(fd, b.p, b.n) == (ssize_t)b.n);
	}
	close(fd);
	return b;
}

static bool decode(struct bytes image, enum json_format format, bool pretty,
		   bool nopl)
{
	struct image_source s;
	struct json_sink j;
	struct out out;

	error_clear(&err);
	feed_bytes(image.p, image.n);
	if (!out_open(&out, feed.out, "out", &err) ||
	    !json_sink_open(&j, &out, format, &err))
		abort();
	j.symbolic = pretty;
	j.newline = true;
	if (image_source_open(&s, feed.fd, NULL, &crit_schema, &err)) {
		s.skip_extra = nopl;
		image_source_run(&s, &j.sink);
	}
	out_flush(&out);
	image_source_close(&s);
	json_sink_close(&j);
	out_close(&out);
	return !error_is(&err);
}

static bool encode(struct bytes text)
{
	feed_bytes(text.p, text.n);
	return feed_encode(false, &err);
}

static void check(unsigned what, bool ok, struct bytes want)
{
	static const char *const name[] = {
		"json", "pretty", "nopl", "json, back", "pretty, back",
	};

	compared[what]++;
	if (!CHECK(ok && feed_got(want.p, want.n)))
		printf("# %s: %s\n", name[what], err.what);
}

static void one(const char *image_path, const char *base)
{
	struct bytes image = read_file(image_path), json, pretty, nopl;
	char path[8300];

	test_case = base;
	snprintf(path, sizeof(path), "%s.json", base);
	json = read_file(path);
	snprintf(path, sizeof(path), "%s.pretty.json", base);
	pretty = read_file(path);
	snprintf(path, sizeof(path), "%s.nopl.json", base);
	nopl = read_file(path);
	if (json.p) {
		check(0, decode(image, JSON_LINE, false, false), json);
		check(3, encode(json), image);
	}
	if (pretty.p) {
		check(1, decode(image, JSON_INDENTED, true, false), pretty);
		check(4, encode(pretty), image);
	}
	if (nopl.p || pretty.p)
		check(2, decode(image, JSON_INDENTED, true, true),
		      nopl.p ? nopl : pretty);
	free(image.p);
	free(json.p);
	free(pretty.p);
	free(nopl.p);
}

static void each(const char *sub)
{
	char path[4096], image[8192], base[8192];
	struct dirent **names;
	int n;

	snprintf(path, sizeof(path), "%s/test/images%s", root, sub);
	n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		const char *name = names[i]->d_name;
		struct stat st;

		snprintf(image, sizeof(image), "%s/%s", path, name);
		snprintf(base, sizeof(base), "%s/test/golden%s/%s", root, sub, name);
		if (*name != '.' && !lstat(image, &st)) {
			char deeper[4096];

			snprintf(deeper, sizeof(deeper), "%s/%s", sub, name);
			if (S_ISDIR(st.st_mode))
				each(deeper);
			else if (S_ISREG(st.st_mode))
				one(image, base);
		}
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static void goldens(void)
{
	each("");
	test_case = "";
	for (unsigned i = 0; i < 5; i++)
		CHECK(compared[i] > 600);
}

int main(void)
{
	root = getenv("CRIT_ROOT");
	if (!root)
		root = ".";
	feed_init();
	RUN(goldens);
	return test_end();
}
