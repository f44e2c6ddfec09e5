/* `crmctl doctor`: what is broken, each in one line with the next step. The parts look; doctor.c says.
 * A cause that was named keeps its consequences quiet: a dead daemon's lanes and lag are not told of again. */
#ifndef LEADWIRE_DOCTOR_H
#define LEADWIRE_DOCTOR_H

#include "look.h"
#include "verbs.h"

enum { NEXT_MOST = 2 * HOUSE_PATH };

struct doctor {
	struct house house;
	const char *var; /* as it was given; null: not given */
	json_t *state;	 /* of the house; null: nothing is up, or it is elsewhere */
	struct config config;
	bool elsewhere; /* no house here: settings from the environment (a container) */
	char dsn[1200], files[HOUSE_PATH + 32];
	PGconn *pg;
	json_t *findings;
	json_t *named;	     /* what a cause was already named for: "contacts" */
	json_t *not_ready;   /* by service: {"who", "why"}, until its schema explains it */
	json_t *versions;    /* by schema: what the binary on disk says with --version */
	int64_t clock_ahead; /* the host's clock minus Postgres', µs */
	json_t *counts;	     /* what is worth knowing though nothing is wrong */
	json_t *services;    /* by schema: what doctor_service gave */
};

/* A finding. `part`: a process, a service, "postgres", "files" …; `next`: what to do, one step. */
void found (struct doctor *d, const char *code, const char *part, const char *next, const char *format, ...)
	__attribute__ ((format (printf, 5, 6)));
/* " --var DIR" when one was given. */
const char *doctor_var (const struct doctor *d);
void cause_named (struct doctor *d, const char *part);
bool cause_known (const struct doctor *d, const char *part);

const char *member_text (json_t *o, const char *name); /* "" when absent */
int64_t member_number (json_t *o, const char *name);

void doctor_postgres (struct doctor *d); /* the server itself; opens d->pg */
void doctor_services (struct doctor *d); /* every schema: migrations, lanes, cursors, parked */
void doctor_stored (struct doctor *d);	 /* sealed secrets and files against what rows say */

#endif
