/* The documents that the records' tables give: OpenAPI, AsyncAPI, TypeScript, and the contract of what is said.
 * Made from the tables alone; nothing in them is written by hand twice. */
#ifndef LEADWIRE_DOCS_H
#define LEADWIRE_DOCS_H

#include <jansson.h>
#include "records.h"

/* All new references; members in the tables' order. */
json_t *docs_openapi (void);
json_t *docs_asyncapi (void);
json_t *docs_events (void); /* the contract: docs/contract/events.json */
void docs_types (struct buffer *out);

/* A record as JSON Schema (2020-12); what `leave` says is left out. Lists' parts are named in `parts` (an object whose keys are record names). */
typedef bool field_leave (const struct field *f, const void *ctx);
json_t *schema_record (const struct record *r, field_leave *leave, const void *ctx, json_t *parts);
json_t *schema_field (const struct field *f, json_t *parts);
/* The schemas of everything in `parts`, and of money, set into `schemas`. */
void schema_parts (json_t *schemas, json_t *parts);

/* What stands between a contract and the tables of today: "incompatible: …" for what needs a new version, "new: …" for what the contract must
 * be told of. An array of strings, empty when they agree. */
json_t *contract_differences (const json_t *contract, const json_t *today);

#endif
