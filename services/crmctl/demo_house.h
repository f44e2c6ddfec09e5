/* One demo workspace while it is being filled: what it is called, who works there, by which key it is written to. Shared by demo.c and the rooms beside it;
 * it must never be known outside crmctl. */
#ifndef LEADWIRE_DEMO_HOUSE_H
#define LEADWIRE_DEMO_HOUSE_H

#include "demo.h"
#include "verbs.h"

struct demo_house {
	const struct demo_workspace *what;
	struct demo_plan plan;
	struct uuid agency, id, user[DEMO_TEAM];
	char key[200], hook[200], password[24];
	char contact[DEMO_PEOPLE][UUID_TEXT]; /* ids of those who were made by hand */
	size_t mails;			      /* that go with documents: demo_money_mails waits for them */
};

/* ---- demo.c ---- */

/* A minute of a day so many days ago. */
int64_t demo_time (int days, int minute);
/* False when it was done; else that is written. */
bool demo_fails (const char *what, const struct answer *a);
/* In the words of whoever works there. */
const char *demo_said (const struct demo_house *h, const char *dutch, const char *english) __attribute__ ((format_arg (2), format_arg (3)));
/* A request by the workspace's key; `body` is taken. Null: it did not go well, and that was written. */
json_t *demo_post (const struct demo_house *h, const char *path, json_t *body);
/* The same by any method; a `time` in the body says when it happened. */
json_t *demo_ask (const struct demo_house *h, const char *method, const char *path, json_t *body);
/* Bytes, as of a moment. */
json_t *demo_bytes (const struct demo_house *h, const char *path, const char *type, struct bytes bytes, int64_t at);
/* Asks until it is so; false: it never was. */
bool demo_until (bool (*is_so) (const struct demo_house *h, const char *id), const struct demo_house *h, const char *id, const char *what);

/* ---- demo_mails.c ---- */

/* The mail of its leads and deals, by an account that sends nothing. `id`: of the leads, which are their deals' as well. */
bool demo_mails (const struct demo_house *h, char id[][UUID_TEXT]);

/* ---- demo_money.c ---- */

/* Who it is on paper, what it sells; quotes, invoices, payments, what the bank says, orders. After the mails: some of it goes by their account. */
bool demo_money (struct demo_house *h, char id[][UUID_TEXT]);
/* The mails that went with documents are written when those are drawn: they are told to have arrived. */
bool demo_money_mails (const struct demo_house *h);

/* ---- demo_rules.c ---- */

/* What it does by itself from now on. After all else: what is past is none of its business. */
bool demo_rules (const struct demo_house *h);

#endif
