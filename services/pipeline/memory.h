/* What pipeline's writer remembers between two batches: of a workspace, what every lead asks for. As a lane's only writer it may.
 * It is forgotten whole when a lane is gained or a batch aborts (batch_state), and by whoever writes a board or a page of search. */
#ifndef LEADWIRE_PIPELINE_MEMORY_H
#define LEADWIRE_PIPELINE_MEMORY_H

#include "records.h"

enum { BOARDS_KNOWN = 64 };

struct pipeline_memory {
	struct board_known board[BOARDS_KNOWN];
};

/* What becomes of leads, a row each. A lead is taken to be new: if it is not, the deal's key says so, and the batch is run again with care. */
const struct lead_plan *leads_plan (struct batch *b, const struct lead_created lead[], size_t n);
/* Where contacts are to be noted, a row each. Where every lead is a deal at once, the lead's own is there (its frame came before) and, unless
 * the key says otherwise, without a contact. */
const struct link_place *links_place (struct batch *b, const struct lead_contact_linked linked[], size_t n);
void boards_forget (struct batch *b);

#endif
