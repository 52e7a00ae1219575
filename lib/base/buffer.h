/* SPDX-License-Identifier: MIT
 *
 * All of base/ that buffers: in, out, spool, and the calls below them.
 */
#ifndef CRIT_BASE_BUFFER_H
#define CRIT_BASE_BUFFER_H

#include "base/file_io.h"
#include "base/in.h"
#include "base/out.h"
#include "base/spool.h"
#include "base/temp.h"

#endif
