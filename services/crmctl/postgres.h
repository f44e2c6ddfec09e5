/* The private Postgres of a house: made once, started as an unprivileged user, given its roles. */
#ifndef LEADWIRE_POSTGRES_H
#define LEADWIRE_POSTGRES_H

#include <sys/types.h>
#include "crmctl.h"

struct postgres {
	const struct house *house;
	char bin[256]; /* folder of initdb and postgres */
	uid_t uid;     /* whom it runs as */
	gid_t gid;
	char *argv[8]; /* how the server is started */
	char conf[HOUSE_PATH + 96];
	char dsn[256]; /* libpq words without a user */
};

/* Finds the server's programs and its user, waits until nobody runs on the cluster any more (a survivor of a killed `up` is told to stop), makes the
 * cluster when there is none and writes its settings. False: a sentence was written to stderr. */
bool postgres_prepare (struct postgres *p, const struct house *h) MUST_CHECK;
/* Ends what still runs on the cluster's folder and removes what it left behind; nothing may be running there that is still wanted. */
void postgres_clear (const struct house *h);
/* A text of crmctl's own .sql files and of postgres.conf, which are embedded; there must be one of that name. */
const char *text_named (const char *name);
bool postgres_answers (const char *dsn);
/* Makes the database and the roles where they are missing. `dsn`: as a superuser, without dbname for a private cluster. */
bool postgres_roles (const char *dsn, bool make_database) MUST_CHECK;
/* Whether there is a demo workspace; when that cannot be told, there is. */
bool postgres_has_demo (const char *dsn);

#endif
