/* SPDX-License-Identifier: MIT
 *
 * What the JSON of an OCI layout names:
 *
 *   index.json ─► manifests, indexes ─► descriptors, in the order of the lists
 */
#ifndef CRIT_STORE_OCI_LISTS_H
#define CRIT_STORE_OCI_LISTS_H

#include "store/oci.h"

enum oci_kind { OCI_OTHER, OCI_LIST, OCI_CRIU_TAR, OCI_LAYER, OCI_CONFIG };

struct oci_descriptor {
	char hex[OCI_DIGEST + 1];
	char name[OCI_NAME];		/* of its image, or ""; for messages */
	bool named;			/* it is the name that was asked for */
	enum oci_kind kind;
	uint64_t size;
	bool has_size;
	bool marked;			/* of a manifest of a checkpoint */
	bool chosen;			/* it may be the one that is meant */
	size_t from;			/* the list that names it */
};

struct oci_lists {
	const struct store *s;
	const char *name;		/* asked for, or NULL */
	struct oci_descriptor *all;	/* [0] is index.json */
	size_t n;
	size_t list;			/* that is being read */
	size_t first;			/* descriptors of it */
	bool marked;
	struct crit_error *err;
};

/* Reads all lists; each is read once, however often it is named. s, name and
 * err are set. False: *err. */
bool oci_lists_read(struct oci_lists *l);
void oci_lists_free(struct oci_lists *l);

/* "blobs/sha256/HEX" */
void oci_path(const struct oci_descriptor *d, char to[OCI_PATH]);

#endif
