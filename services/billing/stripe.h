/* Stripe's words: what is asked of it, what it answers, what it posts and how it signs that. Pure.
 * Never paid because a page was completed: what was paid says so. */
#ifndef LEADWIRE_BILLING_STRIPE_H
#define LEADWIRE_BILLING_STRIPE_H

#include "pay.h"

/* The answers are read as this version has them. */
#define STRIPE_VERSION "2025-09-30.clover"

/* The body of POST /v1/checkout/sessions, a form. */
const char *stripe_session_ask (struct arena *a, const struct pay_ask *ask);
/* A checkout session, a payment intent (with its latest charge, where that is asked for), a charge or a dispute as it is answered. REFUSED: none of them. */
enum status stripe_object_read (struct arena *a, struct bytes body, struct pay_told *ret) MUST_CHECK;
/* A list of disputes: what they hold back now, in minor units. What was won came back; an inquiry holds nothing. */
enum status stripe_disputes_read (struct bytes body, int64_t *ret) MUST_CHECK;
/* What an error says; null: nothing. */
const char *stripe_error (struct arena *a, struct bytes body);
/* An event. REFUSED: it is none. */
enum status stripe_hook_read (struct arena *a, struct bytes body, struct pay_hook *ret) MUST_CHECK;
enum { STRIPE_SECONDS = 300 };
/* Stripe-Signature of the raw body, not older or newer than STRIPE_SECONDS from now (seconds since 1970): any of its v1 is good. The secret is the key as it
 * is written, whsec_ and all. */
bool stripe_signed (const char *header, const char *secret, struct bytes body, int64_t now);

#endif
