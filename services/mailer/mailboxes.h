/* Mailboxes that are looked into by IMAP: what people say of them, what an effect worker does there, and what is said of it.
 * It must never change anything in one, nor move on before what was taken is on disk and in a row. */
#ifndef LEADWIRE_MAILBOXES_H
#define LEADWIRE_MAILBOXES_H

#include "mailer.h"

/* Seconds: a message of the largest size may take all of it; after the first half no further one is begun. */
enum { MAILBOX_LEASE = 180, MAILBOX_LIMIT = 120 };

/* The effect: what is new in one of them is taken. */
const void *mailbox_act (struct effect *e, const void *claimed);

/* What a command says of an account's mailbox; `has` as in a record. */
struct mailbox_ask {
	const char *host, *login, *secret, *folder;
	int64_t port;
	enum mail_tls tls;
	struct {
		unsigned char host, port, tls, login, secret, folder;
	} has;
	const char *secret_else; /* the account's own, said in the same command; null: it was not */
	bool oauth;		 /* the account logs in by OAuth, and so does its mailbox: it needs no password */
};
enum mailbox_ask_means { MAILBOX_STAYS, MAILBOX_GOES, MAILBOX_IS_KEPT };
/* `ret`: what is kept of it. What is wrong is added to `p`. HERE, and null `ret->sealed`: there is no CRM_KEY. */
enum mailbox_ask_means mailbox_asked (struct batch *b, const struct mailbox_ask *ask, const struct mail_account_found *found,
				      const struct kept_mail_account *account, struct kept_mailbox *ret, struct problem **p);

/* ---- rules: pure ---- */

/* Seconds until it is looked into again: later each time that it fails. */
int64_t mailbox_wait (int64_t poll, int64_t fails);
/* The message that stands for one that is too large to be taken: its own head, and a sentence. `head` ends with an empty line, or not at all. */
const char *mailbox_note (struct arena *a, const char *head, size_t n, int64_t bytes, bool dutch);
/* Whether a message that could not be taken `times` times in a row is stepped over; `said`: the server itself says no, and does not only fall silent. */
bool mailbox_steps_over (int64_t times, bool said);
/* What stands for such a message. */
const char *mailbox_refusal (struct arena *a, const char *folder, int64_t validity, int64_t uid, const char *words, bool dutch);

#endif
