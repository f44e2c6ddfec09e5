/* Forgetting somebody, in automation: what is known of their records, what was decided about them and what was sent of them says nothing of them any more.
 * It must never keep a rule from saying that it acted: that it did, and when, stays. */
#include "automation_sql.h"
#include "pool.h"
#include "records.h"

void person_erased (struct batch *b, const struct person_erased event[], size_t n, struct outcome ret[])
{
	pool_end (b); /* what is known of their records is in the rows that are emptied now */
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
