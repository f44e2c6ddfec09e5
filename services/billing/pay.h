/* What is asked of those who take payments, and what they tell of one; how each of them words it stands in mollie.c and stripe.c. Pure.
 * Never an amount but in minor units of its currency. */
#ifndef LEADWIRE_BILLING_PAY_H
#define LEADWIRE_BILLING_PAY_H

#include <jansson.h>
#include "arena.h"
#include "money.h"

struct pay_ask {
	struct money amount;
	const char *invoice_id, *workspace; /* come back with what is told; workspace may be null */
	const char *description;	    /* "Factuur 2026-0042" */
	const char *back_url;		    /* where the payer comes back to */
	const char *hook_url;		    /* where changes are posted; null: the provider knows */
	const char *email;		    /* the payer's; may be null */
	const char *locale;		    /* "nl_NL"; may be null */
	const char *method;		    /* one alone, as the provider calls it; null: the payer chooses */
};

enum pay_state { PAY_OPEN, PAY_PENDING, PAY_PAID, PAY_FAILED, PAY_EXPIRED, PAY_CANCELLED };
const char *pay_state_name (enum pay_state state); /* "open", "pending", "paid", "failed", "expired", "cancelled" */

enum { PAY_UNTOLD = -1 };
struct pay_told {
	const char *external_id; /* the payment's at the provider; null: there is none yet */
	const char *session_id;	 /* of the page on which it is paid, where that has an id of its own */
	enum pay_state state;
	struct money amount;
	int64_t refunded, charged_back;	    /* minor units in all; PAY_UNTOLD: this says nothing of it */
	const char *invoice_id, *workspace; /* as they were asked with; null: not ours */
	const char *url;		    /* the page on which it is paid; null: it cannot be any more */
	const char *name, *iban;	    /* the payer's, as the provider tells them; may be null */
};

/* What a provider posted. */
struct pay_hook {
	const char *event_id; /* each is taken once; null: it has none */
	const char *fetch_id; /* what to ask the provider for; null: nothing of ours */
	bool has_told;
	struct pay_told told;
};

/* ---- for the readers ---- */

/* A string of an object as a copy in the arena, at most `most` bytes of visible ASCII; null where it is none. */
const char *pay_id (struct arena *a, const json_t *o, const char *name);
const char *pay_text (struct arena *a, const json_t *o, const char *name);
/* The provider's own sentence about what went wrong, without what ends a line; null where there is none. */
const char *pay_words (struct arena *a, const char *text);
bool pay_id_good (const char *id);

#endif
