/* SPDX-License-Identifier: MIT
 *
 * A checkpoint directory that is open through the API.
 */
#ifndef CRIT_API_DIR_H
#define CRIT_API_DIR_H

#include "api/api.h"
#include "store/store.h"

struct crit_dir {
	struct crit *c;
	struct store dir;
	size_t at;			/* next of its files */
};

#endif
