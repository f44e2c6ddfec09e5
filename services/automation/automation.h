/* What automation's rooms share: its settings, and what the writer remembers. It must never hold anything of a request longer than that lives. */
#ifndef LEADWIRE_AUTOMATION_AUTOMATION_H
#define LEADWIRE_AUTOMATION_AUTOMATION_H

#include "config.h"
#include "outside.h"
#include "records.h"
#include "service.h"

struct automation_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct automation_config automation_config;

/* What the settings allow of talks with receivers of webhooks. */
static inline struct outside automation_outside (void)
{
	return (struct outside){ .private = automation_config.private, .ca = automation_config.ca };
}

/* What the writer remembers between two batches (batch_state): whether its books are good. Zero: nothing is known. */
struct automation_memory {
	bool rules_known;
	bool hooks_known;
	bool pool_open; /* what is known of records is being gathered: its batch has not ended */
};

#endif
