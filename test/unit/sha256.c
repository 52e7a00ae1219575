// SPDX-License-Identifier: MIT
/*
 * SHA-256 by the examples of FIPS 180-2 and RFC 6234, HMAC by the test cases
 * of RFC 4231; each also in pieces.
 */
#include "test.h"
#include "codec/sha256.h"

static const struct {
	const uint8_t *p;
	size_t n, times;
	const char *digest;
} message[] = {
	{ S(""), 1, "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
	{ S("abc"), 1, "ba7816bf8f01cfea414140de5dae2223"
		       "b00361a396177a9cb410ff61f20015ad" },
	{ S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ S("a"), 1000000, "cdc76e5c9914fb9281a1c7e284d73e67"
			   "f1809a48a497200e046d39ccc7112cd0" },
	{ S("0123456701234567012345670123456701234567012345670123456701234567"),
	  10, "594847328451bdfa85056225462cc1d8"
	      "67d877fb388df0ce35f25ab5562bfbb5" },
	{ S("\x19"), 1, "68aa2e2ee5dff96e3355e6c7ee373e3d"
			"6a4e17f75f9518d843709c0c9bc3e3d4" },
};

static const struct {
	const char *key, *data, *digest;
	size_t key_times, data_times;
} keyed[] = {
	{ "\x0b", "Hi There", "b0344c61d8db38535ca8afceaf0bf12b"
	  "881dc200c9833da726e9376c2e32cff7", 20, 1 },
	{ "Jefe", "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	  1, 1 },
	{ "\xaa", "\xdd", "773ea91e36800e46854db8ebd09181a7"
	  "2959098b3ef8c122d9635514ced565fe", 20, 50 },
	{ "\xaa", "Test Using Larger Than Block-Size Key - Hash Key First",
	  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	  131, 1 },
	{ "\xaa", "This is a test using a larger than block-size key and a "
	  "larger than block-size data. The key needs to be hashed before "
	  "being used by the HMAC algorithm.",
	  "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
	  131, 1 },
};

static const char *digest_of(struct sha256 *s)
{
	static char text[SHA256_HEX];
	uint8_t digest[SHA256_SIZE];

	sha256_end(s, digest);
	return sha256_hex(digest, text);
}

static void digests(void)
{
	for (size_t i = 0; i < sizeof(message) / sizeof(*message); i++) {
		struct sha256 s;

		sha256_init(&s);
		for (size_t k = 0; k < message[i].times; k++)
			sha256_add(&s, message[i].p, message[i].n);
		CHECK(!strcmp(digest_of(&s), message[i].digest));
	}
}

/* Any cut of any length around a block gives the digest of the whole. */
static void pieces(void)
{
	char whole[SHA256_HEX];
	uint8_t p[200];

	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)(i * 7);
	for (size_t n = 0; n <= sizeof(p); n++) {
		struct sha256 s;

		sha256_init(&s);
		sha256_add(&s, p, n);
		strcpy(whole, digest_of(&s));
		for (size_t cut = 0; cut <= n; cut++) {
			sha256_init(&s);
			sha256_add(&s, p, cut);
			sha256_add(&s, p + cut, n - cut);
			if (!CHECK(!strcmp(digest_of(&s), whole)))
				return;
		}
	}
}

static size_t repeat(char *to, const char *s, size_t times)
{
	for (size_t i = 0; i < times; i++)
		memcpy(to + i * strlen(s), s, strlen(s));
	return times * strlen(s);
}

static void keys(void)
{
	for (size_t i = 0; i < sizeof(keyed) / sizeof(*keyed); i++) {
		char key[200], data[200], text[SHA256_HEX];
		uint8_t digest[SHA256_SIZE];
		struct hmac h;

		hmac_init(&h, key, repeat(key, keyed[i].key, keyed[i].key_times));
		hmac_add(&h, data,
			 repeat(data, keyed[i].data, keyed[i].data_times));
		hmac_end(&h, digest);
		CHECK(!strcmp(sha256_hex(digest, text), keyed[i].digest));
	}
}

int main(void)
{
	RUN(digests);
	RUN(pieces);
	RUN(keys);
	return test_end();
}
