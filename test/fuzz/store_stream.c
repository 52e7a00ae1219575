// SPDX-License-Identifier: MIT
/*
 * Any bytes as a stream of criu-image-streamer (common/members.h). The first byte
 * says what pages are wanted for, how many shards there are, whether they are
 * compressed, and whether the rest are the shards' bytes or a list of markers to
 * write. Shards' bytes: the length of each in two bytes, and they; the last one
 * has what is left. Markers: see struct marker.
 */
#include "common/members.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

enum { SHARDS = 3, ROOM = 1 << 18 };
enum { NAME, DATA, FILE_END, IMAGE_END };

static const char *const names[] = {
	"pages-1.img", "pagemap-1.img", "inventory.img", "memfd.img", "core-1.img",
	"pages-2.img", "pagemap-2.img", "fs.tar", "parent", "config.dump", "..",
	"a/b", "", "mm-1.img", "ghost-file-1.img", "pstree.img",
};

struct shard {
	uint8_t *p;
	size_t n;
};

static void add(struct shard *s, const void *p, size_t n)
{
	if (n > ROOM - s->n)
		n = ROOM - s->n;
	memcpy(s->p + s->n, p, n);
	s->n += n;
}

/* seq, and one more field */
static void add_marker(struct shard *s, uint64_t seq, unsigned key,
		       uint64_t number, const char *text)
{
	uint8_t b[64], *o = b;

	if (seq) {
		*o++ = 8;
		o = wire_put_varint(o, seq);
	}
	*o++ = (uint8_t)key;
	o = wire_put_varint(o, number);
	if (text) {
		memcpy(o, text, number);
		o += number;
	}
	add(s, (uint8_t[4]){ (uint8_t)(o - b) }, 4);
	add(s, b, (size_t)(o - b));
}

/* A byte: its shard (2 bits), what it is (2), whether a number is left out of
 * seq (all of 3). Then of a name its index, of data how many, and they. */
static void make(struct shard *shards, size_t n_shards, const uint8_t *p,
		 size_t n)
{
	const uint8_t *end = p + n;

	for (uint64_t seq = 0; end - p >= 2; seq++) {
		struct shard *s = &shards[(p[0] & 3) % n_shards];
		unsigned what = p[0] >> 2 & 3, arg = p[1];
		const char *name = names[arg % 16];

		seq += (p[0] >> 4 & 7) == 7;
		p += 2;
		if (what == NAME) {
			add_marker(s, seq, 2 << 3 | 2, strlen(name), name);
		} else if (what == DATA) {
			/* the last one may promise more than there is */
			add_marker(s, seq, 3 << 3, arg, NULL);
			arg = arg < end - p ? arg : (unsigned)(end - p);
			add(s, p, arg);
			p += arg;
		} else {
			add_marker(s, seq, (what == FILE_END ? 4 : 5) << 3, 1,
				   NULL);
		}
	}
}

static void split(struct shard *shards, size_t n_shards, const uint8_t *p,
		  size_t n)
{
	for (size_t i = 0; i < n_shards; i++) {
		size_t k = n;

		if (i + 1 < n_shards) {
			k = n < 2 ? 0 : p[0] | (size_t)p[1] << 8;
			p += n < 2 ? n : 2;
			n -= n < 2 ? n : 2;
			k = k < n ? k : n;
		}
		add(&shards[i], p, k);
		p += k;
		n -= k;
	}
}

static void pack(struct shard *s)
{
	size_t size = ZSTD_compressBound(s->n);
	uint8_t *to = malloc(size);

	if (!to)
		abort();
	s->n = ZSTD_compress(to, size, s->p, s->n, 1);
	free(s->p);
	s->p = to;
}

static int shard_file(const struct shard *s, char *path, size_t size)
{
	int fd = memfd_create("shard", MFD_CLOEXEC);

	if (fd < 0 || !write_all(fd, s->p, s->n))
		abort();
	snprintf(path, size, "/proc/self/fd/%d", fd);
	return fd;
}

static struct found check(const struct shard *shards, size_t n,
			  enum store_pages want)
{
	char path[SHARDS][40];
	const char *further[SHARDS];
	int fd[SHARDS];
	struct members_of of = {
		.bytes = { shards[0].p, shards[0].n },
		.content = CONTENT_STREAM, .want = want,
		.shards = further, .n_shards = n - 1,
	};
	struct found f;

	for (size_t i = 1; i < n; i++) {
		fd[i] = shard_file(&shards[i], path[i], sizeof(path[i]));
		further[i - 1] = path[i];
	}
	f = members_check(&of);
	for (size_t i = 1; i < n; i++)
		close(fd[i]);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct shard shards[SHARDS] = { { 0 } };
	struct found plain, packed;
	size_t n_shards;
	enum store_pages want;

	if (n < 1)
		return 0;
	want = p[0] % 3;
	n_shards = 1 + p[0] / 3 % SHARDS;
	for (size_t i = 0; i < n_shards; i++)
		if (!(shards[i].p = malloc(ROOM)))
			abort();
	(p[0] / 18 % 2 ? make : split)(shards, n_shards, p + 1, n - 1);
	plain = check(shards, n_shards, want);
	if (p[0] / 9 % 2) {
		for (size_t i = 0; i < n_shards; i++)
			pack(&shards[i]);
		packed = check(shards, n_shards, want);
		members_same("plain, compressed", &plain, &packed,
			     want == STORE_PAGES_ANY);
	}
	for (size_t i = 0; i < n_shards; i++)
		free(shards[i].p);
	return 0;
}
