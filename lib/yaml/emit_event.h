/* SPDX-License-Identifier: MIT
 *
 * The emitter's events, one call each. Errors stick in e->failed.
 */
#ifndef CRIT_YAML_EMIT_EVENT_H
#define CRIT_YAML_EMIT_EVENT_H

#include "yaml/emit.h"
#include "yaml/scalar.h"

void yaml_emit_open_document(struct yaml_emit *e);
void yaml_emit_close_document(struct yaml_emit *e);
void yaml_emit_open_mapping(struct yaml_emit *e);
void yaml_emit_close_mapping(struct yaml_emit *e);
void yaml_emit_open_sequence(struct yaml_emit *e);
void yaml_emit_close_sequence(struct yaml_emit *e);

/* The token as a scalar; it is empty then. */
void yaml_emit_scalar(struct yaml_emit *e, enum quotes quotes);

/* Ends the open document, if there is one. */
void yaml_emit_end_document(struct yaml_emit *e);

#endif
