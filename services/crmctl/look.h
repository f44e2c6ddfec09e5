/* How `doctor`, `backup` and `restore` look at a house's parts: Postgres by crmctl's own statements, a port by HTTP, a process by /proc.
 * Nothing here says anything to a person; it answers, and why not. */
#ifndef LEADWIRE_LOOK_H
#define LEADWIRE_LOOK_H

#include <libpq-fe.h>
#include "crmctl.h"

/* The schemas that are the product's. */
const char *const *look_schemas (void); /* lead_intake …, ended by null */
const char *look_schemas_array (void);	/* the same as Postgres writes an array */
const char *look_schema_of (const char *service, char ret[40]);

/* Connects; null: `ret_why` says why in one line. `name`: application_name. */
PGconn *look_open (const char *dsn, const char *user, const char *name, char ret_why[300]);
/* One of crmctl's statements by its name; parameters as text. Null after an error (look_why). The caller clears it. */
PGresult *look_ask (PGconn *c, const char *statement, const char *const *value, int n);
/* The same with a query that a statement gave. */
PGresult *look_ask_text (PGconn *c, const char *text);
/* The first value of the first row as JSON; null: error, no row or null. */
json_t *look_json (PGconn *c, const char *statement, const char *const *value, int n);
/* The first value of the first row (heap); null: error, no row or null. */
char *look_text (PGconn *c, const char *statement, const char *const *value, int n);
const char *look_why (PGconn *c); /* the last error, one line */

struct look_answer {
	int status;	/* 0: nobody answered */
	int64_t date;	/* the Date header, seconds since 1970; 0: none */
	char body[700]; /* its first line */
};
struct look_answer look_http (int port, const char *path, int milliseconds);

bool look_alive (int pid);
bool look_paused (int pid); /* stopped by a signal */
/* A variable of a process' environment at its start (heap); null: not set, or it may not be read. */
char *look_environment (int pid, const char *name);

/* SHA-256 of a file, in hex. False: it cannot be read. */
bool look_digest (const char *path, char ret_hex[65], int64_t *ret_size);

#endif
