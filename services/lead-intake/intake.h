/* What the rooms of lead-intake share beside rules.h: settings, ways in as the door knows them, keys and secrets.
 * Never included outside this folder. */
#ifndef LEADWIRE_INTAKE_H
#define LEADWIRE_INTAKE_H

#include "records.h"

struct intake_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct intake_config intake_config;

/* ---- routes.c ---- */

void hook_route (struct http_request *r, void *app);
void hook_begin (struct http_request *r, void *app);

/* ---- door_limits.c ---- */

void limits_start (void);

/* ---- sources.c: main thread, but for the last two ---- */

/* A way in, and what matters of the workspace it stands in. */
struct source {
	struct uuid workspace, id;
	enum source_kind kind;
	struct bytes secret;			    /* opened; n 0: requests are not signed */
	const char *form_type, *redirect, *origins; /* null: none */
	const char *verify_token;		    /* opened; null: none, or our CRM_KEY does not open it */
	const char *mapping;			    /* its own rules as JSON, see mapping.h; null: none */
	int64_t minimum_fill;			    /* seconds; -1: no stamp is asked */
	int64_t per_minute;			    /* 0: CRM_HOOK_RATE */
	char country[3];
	bool dutch;
	bool locked; /* it has a secret that our CRM_KEY does not open */
};
/* A workspace that a client_id means. */
struct client {
	struct uuid workspace;
	char country[3];
	bool dutch;
};
enum finding { FOUND, FOUND_NONE, FOUND_AWAY };
/* What was found; good during the call only. */
typedef void source_fn (void *ctx, enum finding finding, const struct source *source);
typedef void client_fn (void *ctx, enum finding finding, const struct client *client);

void sources_start (struct app *app);
/* Calls back at once when it is known, else when lead-intake's reader has answered. */
void source_find_by_key (struct app *app, const char *key, source_fn *found, void *ctx);
void client_find_by_name (struct app *app, struct uuid agency, const char *name, client_fn *found, void *ctx);
/* Any thread. */
const char *key_hash (struct arena *a, const char *url_key);   /* SHA-256, hex */
const char *secret_seal (struct arena *a, const char *secret); /* null: there is no CRM_KEY */

#endif
