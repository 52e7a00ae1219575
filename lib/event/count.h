/* SPDX-License-Identifier: MIT
 *
 * A sink that looks at nothing: what image_source counts on its way (entries,
 * payload_bytes, extra_bytes) is the result.
 */
#ifndef CRIT_EVENT_COUNT_H
#define CRIT_EVENT_COUNT_H

#include "event/event.h"

void count_sink_open(struct sink *sink, struct crit_error *err);

#endif
