/* SPDX-License-Identifier: MIT
 *
 * A sink that looks at nothing: what image_source counts on its way (entries,
 * payload_bytes, extra_bytes) is the result.
 */
#ifndef CRIT_COUNT_SINK_H
#define CRIT_COUNT_SINK_H

#include "event.h"

void count_sink_open(struct sink *sink, struct crit_error *err);

#endif
