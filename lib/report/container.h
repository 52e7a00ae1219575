/* SPDX-License-Identifier: MIT
 *
 * What podman, CRI-O and containerd wrote beside the images: which container
 * this is.
 *
 *   config.dump, spec.dump, network.status, ... ─► facts ─► fields of a table
 */
#ifndef CRIT_REPORT_CONTAINER_H
#define CRIT_REPORT_CONTAINER_H

#include "json/text.h"
#include "store/store.h"

/* Files that facts come from. */
enum container_doc {
	DOC_CONFIG, DOC_SPEC, DOC_NETWORK, DOC_STATUS, DOC_META, DOC_OCI,
	CONTAINER_DOCS,
};

struct container_fact {
	enum container_doc doc;
	char *pointer, *text;		/* a JSON pointer, and what is there */
	size_t n;
};

enum container_engine {
	ENGINE_NONE, ENGINE_PODMAN, ENGINE_CRIO, ENGINE_CONTAINERD, ENGINES,
};

struct container {
	struct container_fact *facts;
	size_t n, cap;
	size_t bytes;			/* of their texts */
	bool have[CONTAINER_DOCS];
	enum container_engine engine;
	uint64_t images, pages, gpu_pages, rootfs;	/* sizes */
	bool has_rootfs;
	struct crit_error *err;
};

/* Reads what there is; the names of the store must have been read. What is
 * wrong with a file goes to report, and the rest is read. False: nothing
 * describes a container, or no memory: *err. */
bool container_read(struct container *c, const struct store *s,
		    void (*report)(void *ctx, const struct crit_error *),
		    void *ctx, struct crit_error *err);
void container_free(struct container *c);

/* A text of a file, or NULL. */
const char *container_get(const struct container *c, enum container_doc doc,
			  const char *pointer);

/* Fields that all engines have: container_field(c, i) is the value of
 * container_fields[i], in buf or elsewhere; NULL: there is none. */
struct container_field {
	const char *label, *key;	/* in text, in JSON */
	struct {
		enum container_doc doc;
		const char *pointer;
	} from[ENGINES];		/* ENGINE_NONE: an OCI annotation's end */
	bool time;
	bool brief;			/* also in the summary as text */
};

extern const struct container_field container_fields[];
extern const size_t container_n_fields;
const char *container_field(const struct container *c, size_t i, char *buf,
			    size_t size);
/* The annotation of an OCI image with this end of its key, or NULL. */
const char *container_annotation(const struct container *c, const char *end);
const char *container_engine_name(const struct container *c);

/* The fields as an object "container", and some of them as lines. */
void container_json(const struct container *c, struct json_text *r);
void container_text(const struct container *c, struct out *out);

#endif
