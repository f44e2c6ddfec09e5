/* What a backup holds, and how it is known to be whole: shared by backup.c (takes one) and restore.c (puts one back, or only looks).
 *
 * A tar file:   database.dump      pg_dump's custom format: every schema of the product, at one snapshot
 *               files/…            workspace/sha256, each that a row names at that snapshot
 *               key                only with --with-key: what seals secrets
 *               manifest.json      counts and sums of every table, heads of every lane, cursors, migrations, sizes
 *               manifest.sha256    of the manifest
 * A row sum does not depend on the order of rows. A file is whole when its SHA-256 is its name. */
#ifndef LEADWIRE_BACKUP_H
#define LEADWIRE_BACKUP_H

#include "archive.h"
#include "look.h"

enum { BACKUP_FORMAT = 1 };

/* {"schema.table": {"rows": n, "sum": "…"}}; null: an error was written to stderr. Inside the caller's transaction. */
json_t *manifest_tables (PGconn *c);
/* {"schema": {"heads": [16], "cursors": […], "migrations": {…}}}; null likewise. */
json_t *manifest_lanes (PGconn *c);
/* A cursor beyond its source's head, or null: {"service", "source", "lane", "cursor", "head"}. */
json_t *manifest_beyond (json_t *lanes);
/* The session's settings for both. */
bool manifest_settings (PGconn *c);
/* A short print of the key that does not give it away. */
const char *key_print (const char *key_hex, char ret[17]);
/* The newest installed one of Postgres' programs, else its name alone. */
const char *postgres_program (const char *name, char *ret, size_t room);
/* Runs a program to its end with libpq's words as PG… variables (never on its command line). `log`: a file its stderr goes to, or null. */
bool postgres_run (const char *const argv[], const char *dsn, const char *log);

#endif
