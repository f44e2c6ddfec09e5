/* The rules that the product brings, as JSON bodies made of a workspace's preset. Pure. It must never name a stage that the preset does not have. */
#ifndef LEADWIRE_AUTOMATION_PRESETS_H
#define LEADWIRE_AUTOMATION_PRESETS_H

#include "arena.h"

struct preset {
	const char *key;  /* quote_sent, quote_accepted, invoice_paid, lead_task, lead_confirm */
	const char *name; /* what people call it, in the workspace's language */
	const char *body; /* a rule, see rule.h */
	bool enabled;	  /* it acts from the beginning */
};

/* `language`: nl or en, of texts that stand in them. `content`: the preset as workspace.created has it (proto/presets/README.md). Those that do not fit the
 * stages of its first pipeline are left out. In the arena. */
const struct preset *presets_of (struct arena *a, const char *language, const char *content, size_t *ret_n);

#endif
