/* SPDX-License-Identifier: MIT
 *
 * An OCI image layout: which of its blobs holds a checkpoint.
 *
 *   index.json ─► manifests, indexes ─► layers, containerd's criu.tar
 */
#ifndef CRIT_STORE_OCI_H
#define CRIT_STORE_OCI_H

#include "store/store.h"

enum {
	OCI_DIGEST = 64,		/* hexadecimal digits */
	OCI_PATH = 80,
	OCI_NAME = 64,			/* bytes of a name in messages */
};

/* Blobs of a layout, as names that a store of it knows. */
struct oci_found {
	char layer[OCI_PATH];		/* blobs/sha256/HEX: a tar, compressed or not */
	char manifest[OCI_PATH];	/* the JSON that names it */
	char config[OCI_PATH];		/* containerd's: the spec within a message;
					 * else "" */
	char name[OCI_NAME];		/* of the image that it is of, or "" */
	bool marked, criu_tar;		/* of a manifest of a checkpoint;
					 * containerd's images */
};

/* Whether the store looks like a layout. */
bool oci_is(const struct store *s);

/* The n-th blob that may hold the checkpoint, best first; ref: of what --at
 * names, or NULL. False: *err, or *none where there are no more. */
bool oci_find(const struct store *s, const char *ref, size_t n,
	      struct oci_found *found, bool *none, struct crit_error *err);

/* What --at says for a layout: "IMAGE", "IMAGE//DIR", or a directory within the
 * layer. IMAGE is a name, or "sha256:" and the first digits of the digest of an
 * image or a layer. *ref is NULL, or text with the image's; *dir is NULL, or
 * points into at. False: there is none, or several; *err. */
bool oci_at(const struct store *s, const char *at, char *text, size_t size,
	    const char **ref, const char **dir, struct crit_error *err);

/* Adds to a message that no image has the name either, and which there are. */
void oci_no_image(const struct store *s, struct crit_error *err);

/* "NAME sha256:HEX", as far as it fits; each digest is shortened. */
size_t oci_label(const char *name, const char *hex, char *to, size_t size);

/* The blob is read through a digest from now on: oci_digest_check reads what is
 * left and compares it with the name, blobs/sha256/HEX. It goes with the blob.
 * NULL, false: *err. */
struct oci_digest *oci_digest_open(struct blob *b, struct crit_error *err);
bool oci_digest_check(struct oci_digest *d, const char *name,
		      struct crit_error *err);

#endif
