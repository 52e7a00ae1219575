// SPDX-License-Identifier: MIT
/*
 * A directory as a store: which files it has, in which order, and that nothing
 * leads out of it.
 */
#include "store/store.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char place[64];
static struct crit_error err;

static void file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", place, name);
	f = fopen(path, "w");
	if (!CHECK(f))
		return;
	fputs(text, f);
	fclose(f);
}

static void link_to(const char *target, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", place, name);
	CHECK(!symlink(target, path));
}

static void make(void)
{
	char path[256];

	snprintf(place, sizeof(place), "/tmp/dir_store.XXXXXX");
	CHECK(mkdtemp(place));
	file("mm-10.img", "ten");
	file("mm-9.img", "nine");
	file("pstree.img", "tree");
	file("inventory.img", "");
	file("pages-1.img", "0123456789");
	file("zz odd\nname", "x");
	link_to("mm-9.img", "core-9.img");
	link_to("/etc/hostname", "core-8.img");
	link_to("../nowhere", "core-7.img");
	snprintf(path, sizeof(path), "%s/fifo.img", place);
	CHECK(!mkfifo(path, 0600));
	snprintf(path, sizeof(path), "%s/sub", place);
	CHECK(!mkdir(path, 0700));
}

static void open_it(struct store *s)
{
	error_clear(&err);
	CHECK(store_open(s, place, &crit_schema, false, &err));
}

/* In the order in which images explain one another, numbers by value. */
static void order(void)
{
	static const char *const want[] = {
		"inventory.img", "pstree.img", "core-9.img", "mm-9.img",
		"mm-10.img",
	};
	struct store s;
	size_t at = 0;

	open_it(&s);
	CHECK(store_list(&s, place, &err));
	for (size_t i = 0; i < s.n && at < 5; i++)
		at += !strcmp(s.files[i].name, want[at]);
	CHECK_NUMBER(at, 5);
	for (size_t i = 0; i < s.n; i++)
		if (!strcmp(s.files[i].name, "sub") ||
		    !strncmp(s.files[i].name, "core", 4))
			CHECK(!s.files[i].regular);
	store_close(&s);
}

static bool read_all(struct store *s, const char *name, char *text, size_t size)
{
	struct blob b;
	size_t n;

	error_clear(&err);
	if (!store_blob(s, name, &b, &err))
		return false;
	n = b.size < size - 1 ? (size_t)b.size : size - 1;
	text[0] = 0;
	CHECK_NUMBER(blob_read(&b, 0, text, n, &err), n);
	text[n] = 0;
	/* from each byte on */
	for (size_t i = 0; i < n; i++) {
		char part[64];

		CHECK_NUMBER(blob_read(&b, i, part, n - i, &err), n - i);
		CHECK_BYTES(part, n - i, text + i, n - i);
	}
	blob_close(&b);
	return true;
}

/* Emulators (qemu-s390x 7.2) and old kernels do without. */
static bool has_openat2(void)
{
	return syscall(SYS_openat2, -1, NULL, NULL, (size_t)0) >= 0 ||
	       errno != ENOSYS;
}

static void blobs(void)
{
	char text[64];
	struct store s;

	open_it(&s);
	CHECK(read_all(&s, "mm-10.img", text, sizeof(text)));
	CHECK_TEXT(text, "ten");
	CHECK(read_all(&s, "inventory.img", text, sizeof(text)));
	CHECK_TEXT(text, "");
	CHECK(read_all(&s, "pages-1.img", text, sizeof(text)));
	CHECK_TEXT(text, "0123456789");
	/* a link within is followed, where the kernel can tell */
	if (has_openat2()) {
		CHECK(read_all(&s, "core-9.img", text, sizeof(text)));
		CHECK_TEXT(text, "nine");
	} else {
		CHECK(!read_all(&s, "core-9.img", text, sizeof(text)));
		CHECK(strstr(err.what, "no openat2(2) here"));
	}
	store_close(&s);
}

/* Links that lead out, what is no file, what is not there: errors that name it,
 * and nobody waits for the other end of a FIFO. */
static void refused(void)
{
	static const char *const names[] = {
		"core-8.img", "core-7.img", "fifo.img", "sub", "none.img",
		"../passwd",
	};
	struct store s;
	char text[64];

	open_it(&s);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		test_case = names[i];
		CHECK(!read_all(&s, names[i], text, sizeof(text)));
		CHECK(error_is(&err) && err.image[0]);
	}
	test_case = "";
	CHECK(store_absent(&s, "none.img"));
	CHECK(!store_absent(&s, "mm-9.img"));
	store_close(&s);
	store_close(&s);
	CHECK(!store_open(&s, "/nowhere/at/all", &crit_schema, false, &err));
}

static void clean(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf %s", place);
	CHECK(!system(command));
}

int main(void)
{
	make();
	RUN(order);
	RUN(blobs);
	RUN(refused);
	clean();
	return test_end();
}
