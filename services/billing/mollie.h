/* Mollie's words: what is asked of it (API v2), what it answers, what it posts. Pure.
 * Never believed without having asked: a classic hook says an id alone, and nobody signed it. */
#ifndef LEADWIRE_BILLING_MOLLIE_H
#define LEADWIRE_BILLING_MOLLIE_H

#include "pay.h"

/* The body of POST /v2/payments, JSON. */
const char *mollie_payment_ask (struct arena *a, const struct pay_ask *ask);
/* A payment or a payment link as it is answered. REFUSED: it is neither, or says something that cannot be. */
enum status mollie_payment_read (struct arena *a, struct bytes body, struct pay_told *ret) MUST_CHECK;
/* What an error says; null: nothing. */
const char *mollie_error (struct arena *a, struct bytes body);
/* A hook: "id=tr_…", or a signed event with the payment in it. REFUSED: neither. */
enum status mollie_hook_read (struct arena *a, struct bytes body, struct pay_hook *ret) MUST_CHECK;
/* X-Mollie-Signature of the raw body; several (secrets in turn, commas between them) as soon as one is good. */
bool mollie_signed (const char *header, const char *secret, struct bytes body);

#endif
