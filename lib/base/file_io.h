/* SPDX-License-Identifier: MIT
 *
 * Reading and writing descriptors until all is done.
 */
#ifndef CRIT_BASE_FILE_IO_H
#define CRIT_BASE_FILE_IO_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The file again, to be read and written anywhere; -1 where that is not to be
 * had (or it is no regular file). */
int file_again(int fd);

/* write and pwrite until all is done. */
bool write_all(int fd, const void *p, size_t n);
bool pwrite_all(int fd, const void *p, size_t n, uint64_t at);

/* read(2), repeated after EINTR: bytes, 0 at the end, -1 and errno. */
ssize_t read_some(int fd, void *p, size_t n);

/* pread of n bytes, which must be there. */
bool pread_all(int fd, void *p, size_t n, uint64_t at);

#endif
