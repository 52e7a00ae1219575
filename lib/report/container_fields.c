// SPDX-License-Identifier: MIT
/*
 * Where each engine has what: fact ─► field.
 */
#include "report/container.h"

#include <stdio.h>
#include <string.h>

#define CRIO "/annotations/io.kubernetes.cri-o."
#define CRI "/annotations/io.kubernetes.cri."
#define POD "/annotations/io.kubernetes.pod."

/* In the order of enum container_engine; the first is the end of an OCI
 * annotation's key. */
const struct container_field container_fields[] = {
	{ "Container", "container_name", {
		{ DOC_OCI, "name" }, { DOC_CONFIG, "/name" },
		{ DOC_META, "/name" }, { DOC_SPEC, CRI "container-name" } },
	  false, true },
	{ "Image", "image", {
		{ DOC_OCI, "rootfsImageName" }, { DOC_CONFIG, "/rootfsImageName" },
		{ DOC_CONFIG, "/rootfsImageName" },
		{ DOC_CONFIG, "/rootfsImageName" } }, false, true },
	{ "ID", "id", {
		{ DOC_OCI, "container.id" }, { DOC_CONFIG, "/id" },
		{ DOC_CONFIG, "/id" }, { DOC_CONFIG, "/id" } }, false, false },
	{ "Runtime", "runtime", {
		{ DOC_OCI, "runtime.name" }, { DOC_CONFIG, "/runtime" },
		{ DOC_CONFIG, "/runtime" }, { DOC_CONFIG, "/runtime" } }, false, false },
	{ "Created", "created", {
		{ DOC_OCI, "" }, { DOC_CONFIG, "/createdTime" },
		{ DOC_SPEC, CRIO "Created" }, { DOC_CONFIG, "/createdTime" } },
	  true, false },
	{ "Checkpointed", "checkpointed", {
		{ DOC_OCI, "" }, { DOC_CONFIG, "/checkpointedTime" },
		{ DOC_CONFIG, "/checkpointedTime" },
		{ DOC_CONFIG, "/checkpointedTime" } }, true, true },
	{ "Pod", "pod", {
		{ DOC_OCI, "pod.name" }, { DOC_CONFIG, "/pod" },
		{ DOC_SPEC, POD "name" }, { DOC_SPEC, CRI "sandbox-name" } },
	  false, true },
	{ "Namespace", "namespace", {
		{ DOC_OCI, "pod.namespace" }, { DOC_CONFIG, "" },
		{ DOC_SPEC, POD "namespace" },
		{ DOC_SPEC, CRI "sandbox-namespace" } }, false, false },
	{ "Hostname", "hostname", {
		{ DOC_OCI, "" }, { DOC_SPEC, "/hostname" },
		{ DOC_SPEC, "/hostname" }, { DOC_SPEC, "/hostname" } }, false, false },
	{ "Log", "log", {
		{ DOC_OCI, "" }, { DOC_CONFIG, "/logPath" },
		{ DOC_SPEC, CRIO "LogPath" }, { DOC_STATUS, "/log_path" } },
	  false, false },
};
const size_t container_n_fields = sizeof(container_fields) /
	sizeof(*container_fields);

const char *container_annotation(const struct container *c, const char *end)
{
	static const char *const starts[] = {
		"/annotations/io.podman.annotations.checkpoint.",
		"/annotations/org.criu.checkpoint.container.",
		"/annotations/org.criu.checkpoint.",
		"/annotations/io.kubernetes.cri-o.annotations.checkpoint.",
	};

	for (size_t i = 0; *end && i < sizeof(starts) / sizeof(*starts); i++) {
		char pointer[160];
		const char *text;

		snprintf(pointer, sizeof(pointer), "%s%s", starts[i], end);
		text = container_get(c, DOC_OCI, pointer);
		if (text)
			return text;
	}
	return NULL;
}

/* Without fractions of seconds, as RFC 3339 allows; "0001-..." is none. */
static const char *time_text(const char *text, char *buf, size_t size)
{
	const char *dot = strchr(text, '.'), *zone = dot;

	if (!strncmp(text, "0001-01-01", 10))
		return NULL;
	while (zone && *++zone >= '0' && *zone <= '9')
		;
	if (!zone)
		return text;
	snprintf(buf, size, "%.*s%s", (int)(dot - text), text, zone);
	return buf;
}

const char *container_field(const struct container *c, size_t i, char *buf,
			    size_t size)
{
	const struct container_field *f = &container_fields[i];
	const char *text = NULL;

	if (c->engine != ENGINE_NONE)
		text = container_get(c, f->from[c->engine].doc,
				     f->from[c->engine].pointer);
	for (int k = ENGINE_PODMAN; k < ENGINES && (!text || !*text); k++)
		if (f->from[k].doc == DOC_CONFIG)
			text = container_get(c, DOC_CONFIG, f->from[k].pointer);
	if (!text || !*text)
		text = container_annotation(c, f->from[ENGINE_NONE].pointer);
	if (!text && !strcmp(f->key, "image"))
		text = container_get(c, DOC_OCI, "/annotations/"
				     "org.opencontainers.image.ref.name");
	if (!text && !strcmp(f->key, "runtime"))
		text = container_get(c, DOC_OCI, "/annotations/"
				     "io.containerd.checkpoint.runtime");
	if (!text || !*text)
		return NULL;
	return f->time ? time_text(text, buf, size) : text;
}

const char *container_engine_name(const struct container *c)
{
	static const char *const names[] = {
		[ENGINE_PODMAN] = "Podman", [ENGINE_CRIO] = "CRI-O",
		[ENGINE_CONTAINERD] = "containerd",
	};
	const char *name = names[c->engine];

	return name ? name : container_annotation(c, "engine.name");
}
