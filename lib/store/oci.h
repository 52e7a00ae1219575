/* SPDX-License-Identifier: MIT
 *
 * An OCI image layout: which of its blobs holds a checkpoint.
 *
 *   index.json ─► manifests, indexes ─► layers, containerd's criu.tar
 */
#ifndef CRIT_STORE_OCI_H
#define CRIT_STORE_OCI_H

#include "store/store.h"

enum { OCI_DIGEST = 64 };		/* hexadecimal digits */

/* Blobs of a layout, as names that a store of it knows. */
struct oci_found {
	char layer[80];			/* blobs/sha256/HEX: a tar, compressed or not */
	char manifest[80];		/* the JSON that names it */
	char config[80];		/* containerd's: the spec within a message;
					 * else "" */
	bool marked, criu_tar;		/* of a manifest of a checkpoint;
					 * containerd's images */
};

/* Whether the store looks like a layout. */
bool oci_is(const struct store *s);

/* The n-th blob that may hold the checkpoint, best first. False: *err, or
 * *none where there are no more. */
bool oci_find(const struct store *s, size_t n, struct oci_found *found,
	      bool *none, struct crit_error *err);

/* The blob is read through a digest from now on: oci_digest_check reads what is
 * left and compares it with the name, blobs/sha256/HEX. It goes with the blob.
 * NULL, false: *err. */
struct oci_digest *oci_digest_open(struct blob *b, struct crit_error *err);
bool oci_digest_check(struct oci_digest *d, const char *name,
		      struct crit_error *err);

#endif
