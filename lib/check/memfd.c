// SPDX-License-Identifier: MIT
/*
 * memfd.img: files in memory.
 */
#include "check/areas.h"
#include "check/files.h"
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "memfd-inode-missing", ERROR, "the inode of a memfd is missing" },
	{ "memfd-inode-duplicate", ERROR, "an inode is twice in memfd.img" },
	{ "memfd-pagemap-missing", ERROR, "the pagemap of a memfd is missing" },
	{ "memfd-shmid-shared", WARNING, "two inodes have one pagemap" },
	{ "memfd-seals", ERROR, "unknown seals" },
	{ "memfd-name-len", ERROR, "the name of a memfd is too long" },
	{ 0 },
};

static const struct test tests[] = {
	{ "memfd-seals", "memfd_inode_entry.seals", TEST_BITS, 0x3f, 0,
	  "has unknown bits", NULL },
	{ "memfd-name-len", "memfd_inode_entry.name", TEST_SIZE_ABOVE, 249, 0,
	  "bytes are more than the kernel takes", NULL },
	{ 0 },
};

static bool is_readable(const struct check *c, const void *row)
{
	(void)row;
	return !check_broken(c, "memfd.img", 0);
}

static const struct ref refs[] = {
	{ "memfd-inode-missing", "memfd_file_entry.inode_id",
	  "memfd_inode_entry.inode_id", true, is_readable },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "memfd-inode-duplicate", "memfd_inode_entry.inode_id", IN_ALL, true,
	  NULL },
	{ "memfd-shmid-shared", "memfd_inode_entry.shmid", IN_ALL, true, NULL },
	{ 0 },
};

static void check(struct check *c)
{
	for EACH(c, T_INODE, memfd_inode, i) {
		check_use(c, "pagemap-shmem-#.img", i->shmid);
		if (i->size && !check_present(c, "pagemap-shmem-#.img", i->shmid) &&
		    check_lookup(c, "memfd_file_entry.inode_id", i->inode_id))
			check_say(c, "memfd-pagemap-missing", AT_FIELD(i,
				  "shmid"), "pagemap-shmem-{shmid}.img of inode "
				  "{inode_id} is missing",
				  VALUES(i->shmid, i->inode_id));
	}
}

const struct area area_memfd = {
	.rules = rules, .tests = tests, .refs = refs, .uniques = uniques,
	.check = check,
};
