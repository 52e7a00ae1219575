/* SPDX-License-Identifier: MIT
 *
 * Numbers of devices as the C library packs them (st_rdev).
 */
#ifndef CRIT_CODEC_DEVICE_H
#define CRIT_CODEC_DEVICE_H

#include <stdint.h>

static inline uint32_t device_major(uint64_t rdev)
{
	return rdev >> 8 & 0xfff;
}

static inline uint32_t device_minor(uint64_t rdev)
{
	return (uint32_t)((rdev & 0xff) | (rdev >> 12 & 0xffffff00));
}

static inline uint64_t device_pack(uint64_t major, uint64_t minor)
{
	return major << 8 | (minor & 0xff) | (minor & ~UINT64_C(0xff)) << 12;
}

#endif
