/* Forgetting somebody, in billing: quotes and drafts say nothing of them from now on, and no mail waits for them any more.
 * It must never touch what is printed of a final document: the law wants invoices kept for seven years, and says more than a wish to be forgotten. */
#include "billing_sql.h"
#include "records.h"

void person_erased (struct batch *b, const struct person_erased event[], size_t n, struct outcome ret[])
{
	person_erased_renders (b, event, n);
	person_erased_documents (b, event, n);
	person_erased_mails (b, event, n);
	for (size_t i = 0; i < n; i++) {
		batch_erase (b, event[i].head.workspace, event[i].erasure_id.uuid, event[i].ids,
			     event[i].has.words == HERE ? event[i].words : "[]");
		ret[i] = done ();
	}
}

void erasure_settled (struct batch *b, const struct erasure_settled event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		batch_erase_settle (b, event[i].head.workspace, event[i].erasure_id.uuid, true);
		ret[i] = done ();
	}
}
