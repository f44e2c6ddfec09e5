/* Stories: given, when, then, over real daemons and a real Postgres. A story runs in a process of its own, so a check that fails ends it alone.
 * The verbs say what a person would say; how it is done stands in given.c, when.c and then.c. */
#ifndef LEADWIRE_STORY_H
#define LEADWIRE_STORY_H

#include "../stack/stack.h"

struct story {
	const char *name, *sentence;
	void (*run) (struct stack *s);
	const char *const *words; /* more for `crmctl up`; not null: a house of its own */
	struct story *next;
};
void story_add (struct story *story);

#define STORY_IN(title, says, up_words)                                                                                    \
	static void story_##title (struct stack *s);                                                                       \
	__attribute__ ((constructor)) static void story_##title##_add (void)                                               \
	{                                                                                                                  \
		static struct story story = { .name = #title, .sentence = says, .run = story_##title, .words = up_words }; \
		story_add (&story);                                                                                        \
	}                                                                                                                  \
	static void story_##title (struct stack *s)
/* In the house that most stories share. */
#define STORY(title, says) STORY_IN (title, says, NULL)
/* In a house of its own, thrown away afterwards; STORY_WITH gives `crmctl up` more words. */
extern const char *const no_words[];
#define STORY_ALONE(title, says) STORY_IN (title, says, no_words)

/* ---- given ---- */

struct workspace {
	char slug[64], id[UUID_TEXT];
	struct uuid uuid;
	char hook[200]; /* a generic source's URL */
	char key[128];	/* an API key of role owner */
};
/* Made at the first asking, found at the next. */
struct workspace *given_workspace (struct stack *s, const char *slug, const char *preset);
void given_source (struct stack *s, const char *slug, const char *words, char ret_url[200]);
/* A user and their open session; `words`: further words of `crmctl user add`. */
struct user {
	char id[UUID_TEXT], email[128], password[64], cookie[512];
};
struct user given_user (struct stack *s, const char *email, const char *words);
/* A lead through the hook and what became of it; everything has settled. */
struct uuid given_deal (struct stack *s, const char *slug, const char *preset, const char *name, const char *form_type);
struct uuid given_deal_of (struct stack *s, struct workspace *w, const char *name, const char *email, const char *form_type);
/* A server beside the house, by a script of ours in Python that says "ready" on its first line; it ends with the story at the latest. argv: python3, the script, its words, null. */
pid_t given_world (const char *const argv[]);

/* ---- when ---- */

struct web_answer when_posted (struct stack *s, const char *url, const char *json, ...) __attribute__ ((format (printf, 3, 4)));
struct web_answer when_posted_once (struct stack *s, const char *url, const char *idempotency, const char *json);
/* The service's writer stands still in the middle of a transaction: what is asked now becomes one batch when it is released. */
void when_held (struct stack *s, const char *service);
void when_released (struct stack *s, const char *service);
struct asked;
/* A command, asked without waiting for its answer: "stage=qualified version=1". */
struct asked *when_asked (struct stack *s, const char *command, struct uuid deal, const char *fields);
/* Every event of that type of its lane is given to its hearers once more, n times: their cursors are set back while they are down. */
void when_redelivered (struct stack *s, const char *type, int n);

/* A POST by an API key, asked until there is an answer, always under one Idempotency-Key; the answer is no more than 499. */
struct web_answer when_insisted (struct stack *s, const char *key, const char *path, const char *idempotency, const char *body);
struct web_answer when_user_asks (struct stack *s, const struct user *u, const char *method, const char *path, const char *body);

/* ---- then ---- */

void then_done (struct stack *s, struct asked *asked);
void then_refused (struct stack *s, struct asked *asked, const char *code);
void then_status (struct web_answer *a, int status); /* also frees it */
void then_problem (struct web_answer *a, int status, const char *code);
/* What was said about this record, in order, each once; the lane dense. */
void then_said (struct stack *s, struct uuid subject, const char *types);
void then_stage (struct stack *s, struct uuid deal, const char *key);
void then_number (struct stack *s, int64_t expected, const char *what, const char *sql, ...) __attribute__ ((format (printf, 4, 5)));
void then_text (struct stack *s, const char *expected, const char *what, const char *sql, ...) __attribute__ ((format (printf, 4, 5)));
void then_no_dead_letters (struct stack *s);
/* Ends the story here, without the look at the streams that ends every other. */
_Noreturn void then_over (void);

/* What a stand-in for a mail server took for an address, the nth of it from 0; null: not so many. A new reference. `file`: where it writes a line a mail. */
json_t *mail_taken (const char *file, const char *to, int nth);

/* Where a deal or lead lives. */
struct uuid workspace_of_deal (struct stack *s, struct uuid deal);
struct uuid uuid_at (json_t *o, const char *path);
char *id_text (struct uuid id); /* one of a few buffers */

/* Imports (imports.c): a request by the workspace's key; a step asked for, and what it answers; the import when it is that far; its counts, by their names. */
struct web_answer import_asked (struct stack *s, const struct workspace *w, const char *method, const char *path, const char *body);
void import_stepped (struct stack *s, const struct workspace *w, const char *id, const char *step, int status);
json_t *import_reached (struct stack *s, const struct workspace *w, const char *id, const char *state, int seconds);
void import_counts (json_t *import, const char *names, const char *expected);

/* Mail that comes in (mail_in.c): an account that takes it, and where; all that came, n in number, has become mails. */
struct post {
	char hook[200], account[64];
};
struct post given_post (struct stack *s, const struct workspace *w);
void mails_taken (struct stack *s, const struct workspace *w, int64_t n);

#endif
