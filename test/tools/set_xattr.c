// SPDX-License-Identifier: MIT
/*
 * set_xattr FILE NAME VALUE : an extended attribute, for tests of what is said
 * of them. 1 where the file system or the system does not allow it.
 */
#include "tool.h"

#include <string.h>
#include <sys/xattr.h>

int main(int argc, char **argv)
{
	return argc != 4 ||
	       setxattr(argv[1], argv[2], argv[3], strlen(argv[3]), 0);
}
