/* SPDX-License-Identifier: MIT
 *
 * An entry of a pagemap -> the numbers of struct pagemap, from events or from
 * its bytes. They are not checked yet.
 */
#ifndef CRIT_PAGEMAP_SINK_H
#define CRIT_PAGEMAP_SINK_H

#include "pagemap.h"

extern const struct sink_ops pagemap_sink_ops;

#endif
