// SPDX-License-Identifier: MIT
#include "pages.h"
#include "alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <lz4.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SIZES = 256,			/* block sizes held at a time */
	PAST = 2048,			/* entries that are kept, */
	PAST_DEPTH = 8,			/* down to this layer */
};

struct pages_layer {
	struct pagemap map;
	struct checkpoint dir;		/* only fd, schema, follow */
	bool own_dir;			/* fd is to be closed */
	struct pages_layer *parent;
	unsigned depth;
	bool no_map;			/* no such pagemap */
	char base[64];			/* pagemap-12.img */
	char name[PAGES_WHERE_MAX];	/* parent/pagemap-12.img */
	char file[PAGES_WHERE_MAX];	/* parent/pages-1.img */

	int fd;				/* of the pages, -1: not open yet */
	uint64_t size;
	dev_t dev;			/* of the directory */
	ino_t ino;

	uint32_t sizes[SIZES];		/* of blocks first.. of the entry */
	uint64_t first, n_sizes, sizes_entry;
	uint64_t block, block_at;	/* a block, and where its bytes are */

	uint8_t *unpacked;		/* the block whose bytes are there */
	uint64_t unpacked_at;
	size_t unpacked_size, capacity;
	struct pages_layer *next_held;	/* in the pool */

	const struct pagemap_entry *entry;	/* map.entry, or a past one */
	struct pagemap_entry *past;	/* NULL: it never had to go back */
	uint64_t n_past;		/* the last PAST of them are kept */
};

static void pool_remove(struct pages_pool *pool, struct pages_layer *l)
{
	struct pages_layer **at = &pool->first;

	while (*at && *at != l)
		at = &(*at)->next_held;
	if (!*at)
		return;
	*at = l->next_held;
	pool->held -= l->capacity;
}

static void pool_put(struct pages_pool *pool, struct pages_layer *l)
{
	l->next_held = pool->first;
	pool->first = l;
	pool->held += l->capacity;
}

static void drop_block(struct pages_layer *l)
{
	alloc_free(l->unpacked);
	l->unpacked = NULL;
	l->unpacked_size = l->capacity = 0;
}

/* Drops the blocks that were used longest ago until n bytes fit. */
static void pool_shrink(struct pages_pool *pool, size_t n)
{
	while (pool->first && pool->held + n > PAGES_POOL_MAX) {
		struct pages_layer *last = pool->first;

		while (last->next_held)
			last = last->next_held;
		pool_remove(pool, last);
		drop_block(last);
	}
}

static void layer_free(struct pages_layer *l)
{
	pagemap_close(&l->map);
	if (l->fd >= 0)
		close(l->fd);
	if (l->own_dir)
		close(l->dir.fd);
	drop_block(l);
	alloc_free(l->past);
	alloc_free(l);
}

/* "parent/" once a level, with numbers where there are many. */
static void set_name(const struct pages_layer *l, char *to, const char *file)
{
	size_t n = 0;

	if (l->depth > 8)
		n = (size_t)snprintf(to, PAGES_WHERE_MAX, "(parent %u)/",
				     l->depth);
	else
		for (unsigned i = 0; i < l->depth; i++)
			n += (size_t)snprintf(to + n, PAGES_WHERE_MAX - n,
					      "parent/");
	snprintf(to + n, PAGES_WHERE_MAX - n, "%s", file);
}

/* Takes over nothing: dir's descriptor stays its owner's. NULL: *err. */
static struct pages_layer *layer_open(const struct checkpoint *dir,
				      const char *base, unsigned depth,
				      uint64_t page_size, struct crit_error *err)
{
	struct pages_layer *l = alloc_zero(sizeof(*l));
	struct stat st;

	if (!l) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	l->dir = *dir;
	l->depth = depth;
	l->fd = l->map.fd = -1;
	l->sizes_entry = UINT64_MAX;
	snprintf(l->base, sizeof(l->base), "%s", base);
	set_name(l, l->name, base);
	if (fstat(dir->fd, &st)) {
		error_sys(err, errno, "cannot look at the directory");
		layer_free(l);
		return NULL;
	}
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	if (pagemap_open(&l->map, &l->dir, l->base, page_size, &l->no_map, err) ||
	    l->no_map) {
		l->map.name = l->name;
		return l;
	}
	snprintf(err->image, sizeof(err->image), "%s", l->name);
	layer_free(l);
	return NULL;
}

bool pages_open(struct pages *p, const struct checkpoint *dir, const char *base,
		uint64_t page_size, struct pages_pool *pool,
		struct crit_error *err)
{
	char name[64];

	p->page_size = page_size;
	p->pool = pool;
	p->err = err;
	snprintf(name, sizeof(name), "%s.img", base);
	p->top = layer_open(dir, name, 0, page_size, err);
	return p->top != NULL;
}

void pages_close(struct pages *p)
{
	for (struct pages_layer *l = p->top, *next; l; l = next) {
		next = l->parent;
		pool_remove(p->pool, l);
		layer_free(l);
	}
	p->top = NULL;
}

bool pages_none(const struct pages *p)
{
	return p->top->no_map;
}

static bool is_loop(const struct pages *p, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	for (const struct pages_layer *l = p->top; l; l = l->parent)
		if (l->dev == st.st_dev && l->ino == st.st_ino)
			return true;
	return false;
}

/* The directory below. Where a copy has lost the link, a file of that name
 * may hold what the link held. */
static int open_link(int dir)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd = openat(dir, "parent", O_RDONLY | O_DIRECTORY | O_CLOEXEC), at;

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	at = openat(dir, "parent", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (at < 0)
		return -1;
	n = pread(at, path, sizeof(path) - 1, 0);
	close(at);
	while (n > 0 && path[n - 1] == '\n')
		n--;
	path[n > 0 ? n : 0] = 0;
	errno = ENOTDIR;
	return n > 0 && !memchr(path, 0, (size_t)n) ?
		openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

/* The layer below; opened at the first page that is said to be there. */
static struct pages_layer *layer_parent(struct pages *p, struct pages_layer *l)
{
	struct checkpoint dir = l->dir;

	if (l->parent)
		return l->parent;
	dir.fd = open_link(l->dir.fd);
	if (dir.fd < 0) {
		pagemap_bad(&l->map, "pages are in the parent, and the directory "
			    "'parent' cannot be opened: %s", strerror(errno));
		return NULL;
	}
	if (l->depth == PAGES_DEPTH_MAX)
		pagemap_bad(&l->map, "more than %d parents", PAGES_DEPTH_MAX);
	else if (is_loop(p, dir.fd))
		pagemap_bad(&l->map, "pages are in the parent, and the links "
			    "named parent go round in a loop");
	else
		l->parent = layer_open(&dir, l->base, l->depth + 1,
				       p->page_size, p->err);
	if (l->parent)
		l->parent->own_dir = true;
	else
		close(dir.fd);
	return l->parent;
}

static bool open_file(struct pages_layer *l)
{
	char name[64];
	struct stat st;

	snprintf(name, sizeof(name), "pages-%" PRIu64 ".img", l->map.pages_id);
	set_name(l, l->file, name);
	l->fd = checkpoint_file(&l->dir, name, l->map.err);
	snprintf(l->map.err->image, sizeof(l->map.err->image), "%s", l->file);
	if (l->fd < 0)
		return false;
	if (fstat(l->fd, &st))
		return error_sys(l->map.err, errno, "cannot look at it");
	l->size = (uint64_t)st.st_size;
	l->map.err->image[0] = 0;
	return true;
}

static bool check_file(struct pages_layer *l)
{
	const struct pagemap_entry *e = &l->map.entry;

	if (!(e->flags & PAGEMAP_PRESENT))
		return true;
	if (l->fd < 0 && !open_file(l))
		return false;
	if (e->at + e->size <= l->size)
		return true;
	return pagemap_bad(&l->map, "its pages end at %" PRIu64 ", and %s has only %"
			   PRIu64 " bytes", e->at + e->size, l->file, l->size);
}

/* Entries that were passed, for mappings that go through them backwards. */

static void keep_past(struct pages_layer *l)
{
	if (l->past)
		l->past[l->n_past++ % PAST] = l->map.entry;
}

/* The first one that ends after addr; NULL where it may not be kept. */
static const struct pagemap_entry *find_past(const struct pages_layer *l,
					     uint64_t addr)
{
	uint64_t low = l->n_past > PAST ? l->n_past - PAST : 0, high = l->n_past;

	if (!l->past || low == high || (low && l->past[low % PAST].start > addr))
		return NULL;
	while (low < high) {
		uint64_t i = low + (high - low) / 2;

		if (l->past[i % PAST].end > addr)
			high = i;
		else
			low = i + 1;
	}
	/* only the current entry has its block sizes */
	return low < l->n_past && !l->past[low % PAST].blocks ?
		&l->past[low % PAST] : NULL;
}

static bool layer_rewind(struct pages_layer *l)
{
	if (!l->past && l->depth < PAST_DEPTH)
		l->past = alloc(PAST * sizeof(*l->past));
	l->n_past = 0;
	return pagemap_rewind(&l->map);
}

/* The first entry that ends after addr, if any: l->entry. */
static bool layer_seek(struct pages_layer *l, uint64_t addr)
{
	int r;

	l->entry = NULL;
	if (l->no_map)
		return true;
	if (addr < l->map.from) {
		l->entry = find_past(l, addr);
		if (l->entry)
			return true;
		if (!layer_rewind(l))
			return false;
	}
	while (!l->map.have || l->map.entry.end <= addr) {
		r = pagemap_next(&l->map);
		if (r <= 0)
			return !r;
		keep_past(l);
		if (!check_file(l))
			return false;
	}
	l->entry = &l->map.entry;
	return true;
}

static bool load_sizes(struct pages_layer *l, uint64_t i)
{
	const struct pagemap_entry *e = &l->map.entry;

	l->first = i;
	l->n_sizes = e->blocks - i < SIZES ? e->blocks - i : SIZES;
	return pagemap_sizes(&l->map, i, l->sizes, (size_t)l->n_sizes);
}

static bool block_size(struct pages_layer *l, uint64_t i, uint32_t *size)
{
	if ((i < l->first || i >= l->first + l->n_sizes) && !load_sizes(l, i))
		return false;
	*size = l->sizes[i - l->first];
	return true;
}

/* Goes to block i of the entry: l->block_at is where its bytes are. */
static bool block_seek(struct pages_layer *l, uint64_t i)
{
	uint32_t size;

	if (l->sizes_entry != l->map.index || i < l->block) {
		l->sizes_entry = l->map.index;
		l->n_sizes = 0;
		l->block = 0;
		l->block_at = l->map.entry.at;
	}
	for (; l->block < i; l->block++) {
		if (!block_size(l, l->block, &size))
			return false;
		l->block_at += size;
	}
	return true;
}

static void set_block(struct pages_layer *l, uint64_t addr, uint32_t size,
		      struct run *run)
{
	const struct pagemap_entry *e = &l->map.entry;

	run->block = e->start + l->block * e->block_size;
	run->block_size = e->end - run->block;
	if (run->block_size > e->block_size)
		run->block_size = e->block_size;
	run->end = run->block + run->block_size;
	run->at = l->block_at;
	run->size = size;
	run->kind = RUN_PACKED;
	if (!size) {
		run->kind = RUN_ZERO;
	} else if (size == run->block_size) {
		run->kind = RUN_RAW;
		run->at += addr - run->block;
	}
}

/* The block at addr, and those after it that are as it is. */
static bool block_run(struct pages_layer *l, uint64_t addr, struct run *run)
{
	const struct pagemap_entry *e = &l->map.entry;
	uint64_t i = (addr - e->start) / e->block_size;
	uint32_t size;

	if (!block_seek(l, i) || !block_size(l, i, &size))
		return false;
	set_block(l, addr, size, run);
	while (run->kind != RUN_PACKED && ++i < e->blocks) {
		uint64_t left = e->end - run->end;
		uint64_t whole = left < e->block_size ? left : e->block_size;

		if (!block_size(l, i, &size))
			return false;
		if (size != (run->kind == RUN_RAW ? whole : 0))
			break;
		run->end += whole;
	}
	return true;
}

/* Whether the page at addr is in the parent: *parent. */
static bool layer_run(struct pages_layer *l, uint64_t addr, struct run *run,
		      bool *parent)
{
	const struct pagemap_entry *e;

	*parent = false;
	*run = (struct run){
		.start = addr, .end = UINT64_MAX, .kind = RUN_NONE, .fd = -1,
		.depth = l->depth, .layer = l,
	};
	if (!layer_seek(l, addr))
		return false;
	e = l->entry;
	if (!e)
		return true;
	run->end = e->start;
	if (e->start > addr)
		return true;
	run->end = e->end;
	*parent = e->flags & PAGEMAP_PARENT;
	if (e->flags & PAGEMAP_PRESENT) {
		run->fd = l->fd;
		run->file = l->file;
		if (e->blocks)
			return block_run(l, addr, run);
		run->kind = RUN_RAW;
		run->at = e->at + (addr - e->start);
	} else if (e->flags & PAGEMAP_LAZY && !*parent) {
		run->kind = RUN_LAZY;
	}
	return true;
}

bool pages_run(struct pages *p, uint64_t addr, struct run *run)
{
	struct pages_layer *l = p->top, *above = NULL;
	uint64_t end = UINT64_MAX;
	bool parent = true;

	for (;;) {
		if (!layer_run(l, addr, run, &parent))
			return false;
		if (run->end > end)
			run->end = end;
		if (!parent)
			break;
		end = run->end;
		above = l;
		l = layer_parent(p, l);
		if (!l)
			return false;
	}
	if (above && run->kind == RUN_NONE)
		return pagemap_bad(&above->map, "page 0x%" PRIx64 " is in the parent, "
				   "and %s does not have it", addr, l->name);
	return true;
}

static size_t cannot_read(struct pages *p, const struct run *run, ssize_t r)
{
	int sys = errno;

	error_set(p->err, r ? CRIT_EIO : CRIT_EDATA, "cannot read: %s",
		  r ? strerror(sys) : "the file ends");
	snprintf(p->err->image, sizeof(p->err->image), "%s", run->file);
	return 0;
}

static size_t read_at(struct pages *p, const struct run *run, uint64_t at,
		      void *buf, size_t n)
{
	ssize_t r;

	do
		r = pread(run->fd, buf, n, (off_t)at);
	while (r < 0 && errno == EINTR);
	return r > 0 ? (size_t)r : cannot_read(p, run, r);
}

static bool room(struct pages *p, struct pages_layer *l, size_t n)
{
	uint8_t *more;

	pool_remove(p->pool, l);
	if (l->capacity < n)
		drop_block(l);
	pool_shrink(p->pool, l->capacity < n ? n : l->capacity);
	more = l->capacity < n ? alloc(n) : l->unpacked;
	if (!more) {
		error_set(p->err, CRIT_ENOMEM, "out of memory");
		return false;
	}
	l->unpacked = more;
	l->capacity = l->capacity < n ? n : l->capacity;
	pool_put(p->pool, l);
	return true;
}

/* Unpacks a block within one buffer: LZ4 allows that where the packed bytes
 * lie at its end, 1/256 and a little behind the end of what comes out. */
static bool unpack(struct pages *p, const struct run *run)
{
	struct pages_layer *l = run->layer;
	size_t size = (size_t)run->block_size, packed = (size_t)run->size;
	size_t whole = size + (size >> 8) + 64;
	uint8_t *from;

	l->unpacked_size = 0;
	if (!room(p, l, whole))
		return false;
	from = l->unpacked + whole - packed;
	for (size_t got = 0, k; got < packed; got += k) {
		k = read_at(p, run, run->at + got, from + got, packed - got);
		if (!k)
			return false;
	}
	if (LZ4_decompress_safe((char *)from, (char *)l->unpacked, (int)packed,
				(int)size) != (int)size) {
		error_set(p->err, CRIT_EDATA, "the LZ4 block of 0x%" PRIx64
			  " does not unpack to %zu bytes", run->block, size);
		snprintf(p->err->image, sizeof(p->err->image), "%s", run->file);
		p->err->offset = (int64_t)run->at;
		return false;
	}
	l->unpacked_at = run->at;
	l->unpacked_size = size;
	return true;
}

static size_t read_packed(struct pages *p, const struct run *run, uint64_t addr,
			  void *buf, size_t n)
{
	struct pages_layer *l = run->layer;

	if ((!l->unpacked_size || l->unpacked_at != run->at) &&
	    !unpack(p, run))
		return 0;
	memcpy(buf, l->unpacked + (addr - run->block), n);
	return n;
}

size_t pages_read(struct pages *p, const struct run *run, uint64_t addr,
		  void *buf, size_t n)
{
	if (n > run->end - addr)
		n = (size_t)(run->end - addr);
	if (run->kind == RUN_RAW)
		return read_at(p, run, run->at + (addr - run->start), buf, n);
	if (run->kind == RUN_PACKED)
		return read_packed(p, run, addr, buf, n);
	memset(buf, 0, n);
	return n;
}

/* How much of the pages image no entry describes. */
static uint64_t trailing(struct pages_layer *l)
{
	struct crit_error keep = *l->map.err;

	if (l->fd < 0 && !open_file(l)) {
		/* nothing is said to be in it: it need not be there */
		*l->map.err = keep;
		return 0;
	}
	return l->size > l->map.payload ? l->size - l->map.payload : 0;
}

bool pages_finish(struct pages *p, struct pages_end *end)
{
	struct pages_layer *l = p->top;

	*end = (struct pages_end){ .name = l->name, .file = l->file };
	if (!layer_seek(l, UINT64_MAX))
		return false;
	if (l->no_map || !l->map.has_head)
		return true;
	end->has_id = true;
	end->id = l->map.pages_id;
	end->digest = l->map.digest;
	end->trailing = trailing(l);
	if (!l->map.strict || !end->trailing)
		return true;
	l->map.index = l->map.source.entries - 1;
	return pagemap_bad(&l->map, "the last payload ends at %" PRIu64 ", and %s has %"
			   PRIu64 " bytes", l->map.payload, l->file, l->size);
}
