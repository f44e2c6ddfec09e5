/* What mailer's rooms share: the door's routes, the settings, the links in mails, and writing a mail. It must never hold anything of a request longer
 * than that lives. */
#ifndef LEADWIRE_MAILER_H
#define LEADWIRE_MAILER_H

#include "config.h"
#include "http.h"
#include "outside.h"
#include "records.h"
#include "rules.h"
#include "service.h"

struct mailer_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct mailer_config mailer_config;

/* ---- the door (main thread) ---- */

void mailer_route (struct http_request *r, void *app);
/* A row of errors.def as problem+json, in the asker's language. */
void answer_error (struct http_request *r, int error, const char *detail);

/* ---- links in mails: whose, which, and our seal; nothing is stored ---- */

struct mail_link {
	struct uuid workspace, mail;
	int64_t n;
};
void links_open (const char *key); /* CRM_KEY, once */
/* Null: there is no key. */
const char *link_make (struct arena *a, const struct mail_link *link);
bool link_read (const char *text, struct mail_link *ret);
/* Of the image in a mail, and of a link in it, which bears where it leads: only what stood in the mail was ever sealed. */
const char *open_link_make (struct arena *a, const struct mail_link *link);
bool open_link_read (const char *text, struct mail_link *ret);
const char *url_link_make (struct arena *a, const struct mail_link *link, const char *url);
/* Where it leads; null: it is not ours. */
const char *url_link_read (struct arena *a, const char *text, struct mail_link *ret);

/* ---- sending ---- */

/* What the settings allow of talks with other servers. */
static inline struct outside mailer_outside (void)
{
	return (struct outside){ .private = mailer_config.private, .ca = mailer_config.ca };
}
/* What stands in a password's stead: a log-in by OAuth, and nothing that a server would take for another mechanism. */
void curl_bearer (void *curl, const char *login, const char *token);
const void *mail_act (struct effect *e, const void *job);
void mail_act_end (void *state);
enum { MAIL_ACT_STATE = 64 };

/* Writes mails: rows, threads, recipients, files; says mail.queued. `place` answers each. */
struct draft {
	struct head head; /* of the command or the event that asks for it */
	struct kept_mail mail;
	const char *marked; /* its text with the values in it escaped, when it was made of a template; else null */
	struct kept_mail_recipient *recipient;
	size_t recipients;
	struct kept_mail_file *file;
	size_t files;
};
void drafts_write (struct batch *b, struct draft draft[], size_t n);
/* Message-ID, thread, HTML and size of a draft whose place is known. */
void draft_finish (struct batch *b, struct draft *d, const struct mail_place *place, bool with_token);

/* Whom a draft is for, each address once; its files, which lie in the folder. What is wrong is added to `*p`. */
void draft_people (struct batch *b, struct draft *d, const struct list *list, unsigned char has, enum mail_recipient_kind kind,
		   const char *name, struct problem **p);
void draft_files (struct batch *b, struct draft *d, const struct list *files, unsigned char has, struct problem **p);
/* The customer's page of a document, from what was sealed (documents.c); null: it cannot be opened, or nobody said what our address is. */
const char *document_url (struct batch *b, const char *sealed);

/* A recipient's new state, said and written; those whose state moves. */
void mails_move (struct batch *b, const struct head *head, const struct mail_recipient_found *of, const struct mail_moved *to, size_t n);

/* What that says of their conversations (threads.c). */
void threads_look (struct batch *b, const struct mail_moved *to, size_t n);

/* What a mail is about, from a row that says it to another or to an event. */
#define ABOUT(to, from)                                \
	(to)->deal_id = (from)->deal_id;               \
	(to)->has.deal_id = (from)->has.deal_id;       \
	(to)->contact_id = (from)->contact_id;         \
	(to)->has.contact_id = (from)->has.contact_id; \
	(to)->account_id = (from)->account_id;         \
	(to)->has.account_id = (from)->has.account_id; \
	(to)->lead_id = (from)->lead_id;               \
	(to)->has.lead_id = (from)->has.lead_id;       \
	(to)->owner_id = (from)->owner_id;             \
	(to)->has.owner_id = (from)->has.owner_id

/* An outcome's data: what an account is called, for whoever writes down what was done with it (accounts.c). */
const char *account_named (struct batch *b, const char *name);

/* One more fault of a form (accounts.c); `*p` is null before the first. */
void form_wrong (struct batch *b, struct problem **p, const char *pointer, const char *code, const char *detail);

#endif
