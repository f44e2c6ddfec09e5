/* What contacts' writer remembers between two batches: of a workspace, what every lead asks for; of leads, that they came a moment ago. As a
 * lane's only writer it may. It is forgotten whole when a lane is gained or a batch aborts (batch_state), and by whoever writes a workspace. */
#ifndef LEADWIRE_CONTACTS_MEMORY_H
#define LEADWIRE_CONTACTS_MEMORY_H

#include "records.h"

enum { PEOPLE_KNOWN = 64, LEADS_FRESH = 8192, SEGMENTED_MOST = 64, ALIKE_MOST = 64 };

struct contacts_memory {
	struct people_known people[PEOPLE_KNOWN];
	uint64_t fresh[LEADS_FRESH];	       /* leads written a moment ago, each with its time and its maker, as one number */
	struct uuid segmented[SEGMENTED_MOST]; /* workspaces that have segments */
	size_t n_segmented;
	bool segmented_known, segmented_all;  /* all: too many to remember, so whoever marks looks */
	struct alike_reach alike[ALIKE_MOST]; /* workspaces in which somebody looked for duplicates, and how far they are compared */
	size_t n_alike;
	bool alike_known, alike_all; /* as of segments */
	struct push_look looked;     /* the last of those that wait which was looked at */
};

/* Whose contact each lead is, a row each. A lead is taken to be new: if it is not, its key says so, and the batch is run again with care. */
const struct contact_place *leads_place (struct batch *b, const struct lead_created lead[], size_t n);
void leads_remember (struct batch *b, const struct heard_lead lead[], size_t n);
/* Of each deal its lead or the contact that it names: those that a lead of a moment ago became are not looked for. */
const struct deal_person *deals_person (struct batch *b, const struct deal_created deal[], size_t n);
void people_forget (struct batch *b);

#endif
