/* What crmctl's verbs share: their words, asking the daemons, printing. A verb asks on a thread of its own and reads from top to bottom;
 * the loop of common/ runs beside it. It must never write to a service's schema. */
#ifndef LEADWIRE_VERBS_H
#define LEADWIRE_VERBS_H

#include "crmctl.h"
#include "records.h"

/* ---- words.c ---- */

struct word {
	const char *name;   /* without the dashes */
	const char **value; /* where its value goes, or */
	bool *yes;	    /* where it is noted that it was said */
};
/* Takes the options out of argv, wherever they stand; what is left begins at argv[1] and ends with null. How many are left.
 * An option nobody knows ends the program. */
int words_read (int argc, char **argv, const struct word *word, size_t n);

/* ---- ask.c ---- */

struct answer {
	enum { ANSWER_DONE, ANSWER_REFUSED, ANSWER_UNAVAILABLE, ANSWER_TIMEOUT } state;
	char code[64];
	char detail[512];
	struct uuid id;
	int64_t number, version;
	char service[32]; /* a command's effect stands there, on that lane, under that number; 0: it had none */
	int lane;
	int64_t sequence;
	json_t *json; /* a query's text, or a command's further members; null: none. The caller's. */
};

/* Opens the house's bus and runs `verb` on a thread; its value is the exit code. Prints a sentence and answers 1 when there is no house. */
int ask_run (const char *var, int (*verb) (void *ctx), void *ctx);
/* From the verb's thread. The head is filled where it is empty: an id, and an operator's grant. */
struct answer ask_command (const struct record *r, void *command);
struct answer ask_query (const struct record *r, void *query);
/* One of the questions common/ answers in every service: "status", "parked", "redrive", "drop"; `json` is taken. */
struct answer ask_service (const char *service, const char *question, json_t *json);
/* Events of one lane from a sequence on, to its end, each through `event` on the loop's thread. False: the log was cut or nobody answered. */
bool ask_replay (const char *source, int lane, int64_t from, void (*event) (void *ctx, const struct heard *heard), void *ctx);
/* Some frames of it only; ret_next: where the next ones begin, 0: that was all. */
bool ask_replay_page (const char *source, int lane, int64_t from, void (*event) (void *ctx, const struct heard *heard), void *ctx,
		      int64_t *ret_next);
/* Waits until every service that hears it has dealt with what a command brought about, so that a next program can build on it. */
void ask_spread (const struct answer *answer);
/* The first agency, or the one of that name or id; false: a sentence was written. */
bool ask_agency (const char *verb, const char *name, struct uuid *ret);
/* Every agency's home, as the set a query runs for; how many. */
size_t ask_homes (struct uuid ret[], size_t room);
/* Prints why an answer is not DONE; the exit code. */
int answer_fail (const char *verb, const struct answer *answer, bool json);
/* A workspace by slug or id; false: a sentence was written. */
bool ask_workspace (const char *verb, const char *name, struct uuid *ret);
/* The same on the loop's thread: all workspaces are asked for, and one is found in the answer. */
void workspace_list_ask (struct app *app, reply_fn *reply);
bool workspace_of_list (json_t *list, const char *name, struct uuid *ret);
/* The settings to reach the house's bus with; false: a sentence was written to stderr. Kept until the process ends. */
bool ask_config (const char *var, struct config *ret);
/* Where the house's HTTP is; null when it was never started. */
json_t *ask_house (const char *var);

/* The names of all services that say something, ended by null. */
const char *const *services_all (void);

/* ---- event.c ---- */

struct uuid event_subject (const struct heard *heard); /* what it is about: its first id */
/* One CloudEvents JSON object, without line end. */
void event_json (struct buffer *out, const char *source, const struct heard *heard);
void event_pretty (struct buffer *out, const char *source, const struct heard *heard);
bool event_names (const struct heard *heard, struct uuid id); /* it carries that id anywhere */

/* ---- print ---- */
void json_line (json_t *value); /* takes it; one line on stdout */

/* ---- the verbs ---- */
int crmctl_tail (int argc, char **argv);
int crmctl_lag (int argc, char **argv);
int crmctl_trace (int argc, char **argv);
int crmctl_dead (int argc, char **argv);
int crmctl_rebuild (int argc, char **argv);
int crmctl_doctor (int argc, char **argv);
int crmctl_backup (int argc, char **argv);
int crmctl_restore (int argc, char **argv);
int crmctl_user (int argc, char **argv);
int crmctl_workspace (int argc, char **argv);
int crmctl_apikey (int argc, char **argv);
int crmctl_source (int argc, char **argv);
int crmctl_demo (int argc, char **argv);
int crmctl_config (int argc, char **argv);
int crmctl_decisions (int argc, char **argv);

/* ---- demo_remove.c ---- */
int demo_remove (const char *var, bool json);

/* ---- identity.c: the same acts, for demo.c ---- */
struct answer workspace_make (struct uuid agency, const char *slug, const char *preset, const char *name, bool demo, struct uuid *ret_id);
struct answer user_make (struct uuid agency, const char *email, const char *name, const char *language, bool admin, const char *password,
			 struct uuid *ret_id);
struct answer member_make (struct uuid workspace, struct uuid user, const char *role);
struct answer apikey_make (struct uuid workspace, const char *role, const char *name); /* json: {"key"} */
struct answer source_make (struct uuid workspace, const char *kind, const char *name, const char *secret, const char *form_type, bool demo,
			   char ret_key[48]);
/* Four groups of four letters and digits that cannot be mistaken for each other. */
const char *password_random (char ret[24]);

#endif
