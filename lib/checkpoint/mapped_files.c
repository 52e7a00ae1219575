// SPDX-License-Identifier: MIT
/*
 *   ids of mappings ─► files.img, or reg-files.img ─► names, sizes, build ids
 *                   └► memfd.img ─► names, and where the bytes are
 */
#include "checkpoint/mapped_files.h"
#include "base/alloc.h"
#include "checkpoint/extract.h"
#include "checkpoint/vma.h"
#include "codec/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 8192 };		/* longer names are cut */

struct reading {
	struct mapped_files *m;
	uint64_t id, inode, shmid, size, word;
	uint8_t build_id[BUILD_ID_MAX];
	uint8_t build_id_n;
	char name[NAME_MAX_BYTES];
};

#define REG_FILE_RULES \
	{ "reg_file_entry", "name", offsetof(struct reading, name), \
	  NAME_MAX_BYTES }, \
	{ "reg_file_entry", "size", offsetof(struct reading, size), 0 }, \
	{ "reg_file_entry", "build_id", offsetof(struct reading, word), 0 }

static const struct extract_rule file_rules[] = {
	{ "file_entry", "id", offsetof(struct reading, id), 0 },
	REG_FILE_RULES,
	{ "memfd_file_entry", "inode_id", offsetof(struct reading, inode), 0 },
	{ "file_entry", NULL, 0, 0 },
};

/* before files.img */
static const struct extract_rule old_rules[] = {
	{ "reg_file_entry", "id", offsetof(struct reading, id), 0 },
	REG_FILE_RULES,
	{ "reg_file_entry", NULL, 0, 0 },
};

static const struct extract_rule memfd_rules[] = {
	{ "memfd_inode_entry", "name", offsetof(struct reading, name),
	  NAME_MAX_BYTES },
	{ "memfd_inode_entry", "shmid", offsetof(struct reading, shmid), 0 },
	{ "memfd_inode_entry", "inode_id", offsetof(struct reading, inode), 0 },
	{ "memfd_inode_entry", "size", offsetof(struct reading, size), 0 },
	{ "memfd_inode_entry", NULL, 0, 0 },
};

void mapped_files_init(struct mapped_files *m, struct crit_error *err)
{
	memset(m, 0, sizeof(*m));
	m->err = err;
}

void mapped_files_close(struct mapped_files *m)
{
	for (size_t i = 0; i < m->n; i++)
		alloc_free(m->files[i].name);
	alloc_free(m->files);
	m->files = NULL;
	m->n = 0;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = ((const struct mapped_file *)a)->id;
	uint32_t y = ((const struct mapped_file *)b)->id;

	return x < y ? -1 : x > y;
}

static void sort(struct mapped_files *m)
{
	size_t to = 0;

	if (m->n)
		qsort(m->files, m->n, sizeof(*m->files), compare);
	for (size_t i = 0; i < m->n; i++)
		if (!to || m->files[i].id != m->files[to - 1].id)
			m->files[to++] = m->files[i];
	m->n = to;
}

static bool grow(struct mapped_files *m)
{
	struct mapped_file *more;
	size_t cap;

	/* the same files come again and again */
	sort(m);
	if (m->n <= m->cap / 2 && m->cap)
		return true;
	cap = m->cap ? 2 * m->cap : 64;
	more = alloc_more(m->files, cap * sizeof(*more));
	if (!more)
		return error_set(m->err, CRIT_ENOMEM, "out of memory");
	m->files = more;
	m->cap = cap;
	return true;
}

bool mapped_files_want(struct mapped_files *m, uint32_t id)
{
	if (m->n && m->files[m->n - 1].id == id)
		return true;
	if (m->n == m->cap && !grow(m))
		return false;
	m->files[m->n++] = (struct mapped_file){ .id = id };
	return true;
}

const struct mapped_file *mapped_files_find(const struct mapped_files *m, uint32_t id)
{
	struct mapped_file key = { .id = id };

	return m->n ? bsearch(&key, m->files, m->n, sizeof(key), compare) : NULL;
}

static bool keep_name(struct mapped_files *m, struct mapped_file *f, const char *name)
{
	alloc_free(f->name);
	f->name = alloc_text(name);
	return f->name || error_set(m->err, CRIT_ENOMEM, "out of memory");
}

/* Words of the build id, as the dumping machine read them from the note. */
static void keep_word(void *ctx, const struct field *f, uint64_t v)
{
	struct reading *r = ctx;

	(void)f;
	if (r->build_id_n + 4 > BUILD_ID_MAX)
		return;
	wire_put32(r->build_id + r->build_id_n, (uint32_t)v);
	r->build_id_n += 4;
}

static void keep_facts(struct mapped_file *f, const struct reading *r)
{
	f->has_size = r->size != UINT64_MAX;
	f->size = r->size;
	f->build_id_n = r->build_id_n;
	memcpy(f->build_id, r->build_id, sizeof(f->build_id));
	f->memfd = r->inode != UINT64_MAX;
	f->inode = r->inode;
}

static bool keep_file(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;
	struct mapped_file *f =
		(struct mapped_file *)mapped_files_find(r->m, (uint32_t)r->id);
	bool ok = true;

	(void)rule;
	if (f && r->name[0])
		ok = keep_name(r->m, f, r->name);
	if (f)
		keep_facts(f, r);
	r->name[0] = 0;
	r->id = 0;
	r->inode = r->size = UINT64_MAX;
	r->build_id_n = 0;
	return ok;
}

static bool keep_memfd(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;
	char name[NAME_MAX_BYTES + 16];
	bool ok = true;

	(void)rule;
	snprintf(name, sizeof(name), "%s%s", r->name[0] == '/' ? "" : MEMFD_PATH,
		 r->name);
	for (size_t i = 0; ok && i < r->m->n; i++) {
		struct mapped_file *f = &r->m->files[i];

		if (!f->memfd || f->inode != r->inode)
			continue;
		f->has_shmid = true;
		f->shmid = r->shmid;
		f->has_size = r->size != UINT64_MAX;
		f->size = r->size;
		ok = keep_name(r->m, f, name);
	}
	r->name[0] = 0;
	r->size = UINT64_MAX;
	return ok;
}

#define RUN(m, dir, image, type, list, to, finish, absent) \
	extract_image(&(const struct extract){ .magic = type, .rules = list, \
		   .n_rules = sizeof(list) / sizeof(*(list)), .ctx = to, \
		   .done = finish, .item = keep_word }, dir, image, absent, (m)->err)

bool mapped_files_load(struct mapped_files *m, const struct store *dir)
{
	struct reading r = { .m = m, .inode = UINT64_MAX, .size = UINT64_MAX };
	bool absent, none;

	sort(m);
	if (!m->n)
		return true;
	if (!RUN(m, dir, IMAGE_FILES, "FILES", file_rules, &r, keep_file,
		 &absent))
		return false;
	if (absent && !RUN(m, dir, IMAGE_REG_FILES, "REG_FILES", old_rules, &r,
			   keep_file, &none))
		return false;
	return RUN(m, dir, IMAGE_MEMFD_INODE, "MEMFD_INODE", memfd_rules, &r, keep_memfd,
		   &none);
}
