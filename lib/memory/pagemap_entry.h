/* SPDX-License-Identifier: MIT
 *
 * An entry of a pagemap -> the numbers of struct pagemap, from events or from
 * its bytes. They are not checked yet.
 */
#ifndef CRIT_MEMORY_PAGEMAP_ENTRY_H
#define CRIT_MEMORY_PAGEMAP_ENTRY_H

#include "memory/pagemap.h"

extern const struct sink_ops pagemap_sink_ops;

#endif
