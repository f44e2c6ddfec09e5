/* What billing's rooms share: its settings, and the few helpers that all of them need. It must never hold anything of a request longer than that lives. */
#ifndef LEADWIRE_BILLING_BILLING_H
#define LEADWIRE_BILLING_BILLING_H

#include "config.h"
#include "outside.h"
#include "records.h"
#include "service.h"

struct billing_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct billing_config billing_config;

/* What the settings allow of talks with other servers. */
static inline struct outside billing_outside (void)
{
	return (struct outside){ .private = billing_config.private, .ca = billing_config.ca };
}

/* When it happened: now, or in the past where whoever asks may write of it (demo data, imports). What only waited for us a moment happens now, so that two who
 * ask at midnight get days in the order of their numbers. */
int64_t moment_of (struct batch *b, const struct head *head);

/* What a document, a payment or an order is about, from a row that says it to another or to an event. */
#define ABOUT(to, from)                                \
	(to)->deal_id = (from)->deal_id;               \
	(to)->has.deal_id = (from)->has.deal_id;       \
	(to)->lead_id = (from)->lead_id;               \
	(to)->has.lead_id = (from)->has.lead_id;       \
	(to)->contact_id = (from)->contact_id;         \
	(to)->has.contact_id = (from)->has.contact_id; \
	(to)->account_id = (from)->account_id;         \
	(to)->has.account_id = (from)->has.account_id; \
	(to)->owner_id = (from)->owner_id;             \
	(to)->has.owner_id = (from)->has.owner_id

#endif
