/* A daemon's schema, made ready before the daemon is: migrations are forward only, one transaction each, checked by sum. Until it is, the daemon
 * lives, says why at /readyz and tries again. Never half a migration, never work on a schema that is not the binary's. */
#ifndef LEADWIRE_MIGRATE_H
#define LEADWIRE_MIGRATE_H

#include "bus.h"

enum { MIGRATE_WHY = 600, BUILD_TEXT = 48 };

/* Once. FAULT: the world's (Postgres away, a lock not to be had); REFUSED: what is there and the binary do not fit, or a migration failed. */
enum status migrate_once (struct app *a, char ret_why[MIGRATE_WHY]) MUST_CHECK;
/* Until it is done, on a thread of its own, while the loop runs. False: somebody asked to stop. */
bool migrate_wait (struct app *a) MUST_CHECK;
/* Why it is not done yet; "" when it is. */
void migrate_why (char ret_why[MIGRATE_WHY]);
/* {"service","build","migrations":[{"origin","number","name","sum","min_binary"}]}: what --version prints and `crmctl doctor` reads. */
void migrate_version (const struct service *service);

#endif
