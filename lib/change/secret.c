// SPDX-License-Identifier: MIT
#include "change/secret.h"
#include "codec/sha256.h"
#include "codec/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t secret_draw(const struct secret *s, char tag, uint32_t counter,
		     const void *p, size_t n)
{
	return siphash(&s->drawn, (uint64_t)counter << 8 | (uint8_t)tag, p, n);
}

void secret_init(struct secret *s, const void *key, size_t n)
{
	uint8_t digest[SHA256_SIZE];
	struct hmac h;

	memset(s, 0, sizeof(*s));
	hmac_init(&h, key, n);
	hmac_add(&h, "crit-anon", 9);
	hmac_end(&h, digest);
	s->drawn.key[0] = wire_get64(digest);
	s->drawn.key[1] = wire_get64(digest + 8);
	for (uint32_t i = 0; i < SECRET_FILL / 8; i++)
		wire_put64(s->fill + 8 * i, secret_draw(s, 'b', i, NULL, 0));
}

static void tell_numbers(const struct secret *s, uint64_t from, uint64_t to)
{
	char a[24], b[24];

	if (!s->tell)
		return;
	snprintf(a, sizeof(a), "%" PRIu64, from);
	snprintf(b, sizeof(b), "%" PRIu64, to);
	s->tell(s->ctx, "number", a, strlen(a), b, strlen(b));
}

void secret_bytes(const struct secret *s, uint64_t offset, void *p, size_t n)
{
	uint8_t *to = p;

	while (n) {
		size_t at = offset % SECRET_FILL, k = SECRET_FILL - at;

		k = k < n ? k : n;
		memcpy(to, s->fill + at, k);
		to += k;
		n -= k;
		offset += k;
	}
}

void secret_letters(const struct secret *s, uint64_t offset, char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (char)('a' + s->fill[(offset + i) % SECRET_FILL] % 26);
}

uint64_t secret_number(const struct secret *s, uint64_t v)
{
	unsigned bits = v >> 63 ? 64 : v >> 32 ? 63 : v >> 31 ? 32 : 31;
	uint8_t in[8];
	uint64_t to = 0;

	if (!v)
		return 0;
	wire_put64(in, v);
	for (uint32_t i = 0; !to || to == v; i++)
		to = secret_draw(s, 'n', i, in, sizeof(in)) >> (64 - bits);
	tell_numbers(s, v, to);
	return to;
}

uint64_t secret_time(const struct secret *s, uint64_t v, uint32_t unit)
{
	uint64_t by = 1 + wire_get32(s->fill) % 999999;

	if (!v)
		return 0;
	if (!unit)
		return v + 1000 * by;
	return v < unit ? (v + by) % unit : v + by;
}

/* Those that mean the same everywhere: any, loopback, broadcast, multicast. */
static bool well_known(const uint8_t *p, size_t n)
{
	size_t zeros = 0, ones = 0;

	while (zeros < n && !p[zeros])
		zeros++;
	while (ones < n && p[ones] == 0xff)
		ones++;
	return zeros == n || ones == n || (n == 4 && *p == 127) ||
		(n == 16 && zeros == 15 && p[15] == 1);
}

/* How many bits at the beginning stay: a kind of address. */
static unsigned fixed_bits(const uint8_t *p, size_t n)
{
	if (n == 4)
		return *p >= 224 ? 4 : 0;
	if (n == 16)
		return *p == 0xff ? 16 : *p == 0xfe ? 10 : 0;
	return 8;		/* who made the device; multicast, local */
}

/* Each bit is turned or not, by those before it. The last one always is: no
 * address stays. */
static void turn_bits(const struct secret *s, uint8_t *p, size_t n)
{
	uint8_t old[16], prefix[17];
	char tag = n == 4 ? '4' : n == 16 ? '6' : 'm';

	memcpy(old, p, n);
	for (unsigned i = fixed_bits(p, n); i < 8 * n; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);

		memset(prefix, 0, sizeof(prefix));
		memcpy(prefix, old, i / 8 + 1);
		prefix[i / 8] &= (uint8_t)~(2 * bit - 1);
		prefix[16] = (uint8_t)i;
		if (secret_draw(s, tag, 0, prefix, sizeof(prefix)) & 1 || i + 1 == 8 * n)
			p[i / 8] ^= bit;
	}
}

static void tell_address(const struct secret *s, const uint8_t *from,
			 const uint8_t *to, size_t n)
{
	char a[40] = "", b[40] = "";

	if (!s->tell)
		return;
	for (size_t i = 0; i < n; i++) {
		sprintf(a + 2 * i, "%02x", from[i]);
		sprintf(b + 2 * i, "%02x", to[i]);
	}
	s->tell(s->ctx, "address", a, 2 * n, b, 2 * n);
}

void secret_address(const struct secret *s, uint8_t *p, size_t n)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	uint8_t old[16];

	if (n == 16 && !memcmp(p, mapped, sizeof(mapped))) {
		secret_address(s, p + 12, 4);	/* IPv4 within IPv6 */
		return;
	}
	if (n > 16 || !n || well_known(p, n))
		return;
	memcpy(old, p, n);
	turn_bits(s, p, n);
	tell_address(s, old, p, n);
}
