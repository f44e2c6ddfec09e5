/* What a won deal becomes, and who asked while they are no contact; see convert.c. */
#ifndef LEADWIRE_CONTACTS_CONVERT_H
#define LEADWIRE_CONTACTS_CONVERT_H

#include "records.h"

/* Account, contact and deal.converted; nothing when it was converted before, or when the workspace waits for somebody to ask and nobody did. */
void deal_won (struct batch *b, const struct deal_stage_changed *won, bool asked);
/* What will be a contact one day, of a lead that is none now; and what changed of it. */
void person_keep (const struct lead_created *lead, struct lead_person *ret);
void people_changed (struct batch *b, const struct lead_updated lead[], size_t n);

#endif
