/* Forgetting somebody, in mailer: the mails about them are empty from now on, what has not gone yet does not go,
 * and what came from them is no more.
 * It must never send them anything any more. */
#include "records.h"
#include "mailer_sql.h"

void person_erased (struct batch *b, const struct person_erased event[], size_t n, struct outcome ret[])
{
	person_erased_mails (b, event, n);
	person_erased_cancel (b, event, n);
	person_erased_letters (b, event, n);
	person_erased_states (b, event, n);
	person_erased_threads (b, event, n);
	person_erased_files (b, event, n);
	person_erased_inbound (b, event, n);
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
