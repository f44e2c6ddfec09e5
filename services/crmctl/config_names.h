/* Rules name people, tags, templates, segments, stages and webhooks by their ids, and each workspace has its own. In a configuration's file they stand by what
 * they are called, as {template: Welcome}. Where in a rule an id of what stands, the records of its commands and its facts say.
 * Pure. It must never take one thing for another of the same name: what bears a name twice is not found by it. */
#ifndef LEADWIRE_CONFIG_NAMES_H
#define LEADWIRE_CONFIG_NAMES_H

#include "records.h"

/* Heap: config_names_fini. */
struct config_names {
	json_t *ids;   /* {noun: {name: id}}; of a name that several bear null */
	json_t *names; /* {noun: {id: name}}: of those alone that are found by it */
};
void config_names_init (struct config_names *n);
void config_names_fini (struct config_names *n);
/* One there is. `noun`: as records have it ("template", "hook_endpoint", "user" …). A noun that no file names is passed over. People's addresses are kept small. */
void config_names_put (struct config_names *n, const char *noun, const char *name, const char *id);
/* One that will be there: it is found by an id that nothing has, until it has its own. */
void config_names_promise (struct config_names *n, const char *noun, const char *name);

/* What is wrong, at a pointer within the rule's body. */
typedef void config_names_fault (void *ctx, const char *pointer, const char *code, const char *detail);
/* In a rule's body, in place: each id that bears a name becomes {<word>: <name>}; one that bears none stays. */
void config_names_show (struct arena *a, const struct config_names *n, json_t *body);
/* The other way round: false: `fault` was told of each name that nobody bears (nobody), or several (ambiguous). */
bool config_names_find (struct arena *a, const struct config_names *n, json_t *body, config_names_fault *fault, void *ctx);

#endif
