/* The operator's tool: its verbs, and the house (one running instance: its folder, its Postgres, its daemons) they work on.
 * A verb is one function, called with argv[0] its own name; it answers the exit code. It must never do a daemon's work. */
#ifndef LEADWIRE_CRMCTL_H
#define LEADWIRE_CRMCTL_H

#include <jansson.h>
#include "status.h"

/* ---- up.c: starting, stopping and looking at a house ---- */
int crmctl_up (int argc, char **argv);
int crmctl_down (int argc, char **argv);
int crmctl_status (int argc, char **argv);

/* ---- restart.c ---- */
int crmctl_restart (int argc, char **argv);

/* ---- docs.c: the documents that the tables give ---- */
int crmctl_docs (int argc, char **argv);

/* ---- demo_remove.c ---- */

/* What `up` shows of the demo's log-ins when there is no demo any more: the agency's own, which stays. */
void demo_logins_forget (const char *var);

/* ---- house.c: where the things of one instance are ---- */

enum { HOUSE_PATH = 512 };

struct house {
	char var[HOUSE_PATH];	       /* --var, absolute */
	char run[HOUSE_PATH + 32];     /* var/run: lock, up.json */
	char pg[HOUSE_PATH + 32];      /* var/pg: the cluster */
	char files[HOUSE_PATH + 32];   /* var/files */
	char secrets[HOUSE_PATH + 32]; /* var/secrets: key */
	char log[HOUSE_PATH + 32];     /* var/log: crm.log */
	char bus[96];		       /* folder of ipc sockets, short and 0700 */
	char socket[96];	       /* folder of Postgres' socket, short and 0700 */
	char bin[HOUSE_PATH];	       /* folder of the binary that runs now, and of its daemons */
	char web[HOUSE_PATH];	       /* the web app's files; empty: none found */
};

/* Fills the paths; `var` null: $CRM_VAR, else "var". Makes nothing. Exits with a sentence when a path is too long. */
void house_find (struct house *ret, const char *var);
/* Makes the folders. False: a sentence was written to stderr. */
bool house_make (const struct house *h) MUST_CHECK;
/* What `up` wrote when it started (a new reference), or null when nothing was ever started there:
 *   {"supervisor": pid, "api": URL, "hooks": URL, "ready": bool, "dsn": libpq words without a user, "bus": folder,
 *    "processes": [{"name", "replica", "pid", "port", "metrics"}]}                port 0: no HTTP of its own */
json_t *house_state (const struct house *h);
/* The process that holds the house's lock, or 0 when it is not up. */
int house_supervisor (const struct house *h);
/* GET on a port of 127.0.0.1: the status code, 0 when nobody answered within the time. */
int house_probe (int port, const char *path, int milliseconds);

#endif
