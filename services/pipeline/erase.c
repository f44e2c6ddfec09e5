/* Forgetting somebody, in pipeline: the deals of their leads, and those whose contact they are. The deals stand, with their stage and their value.
 * It must never change a sum: no deal comes or goes. */
#include "records.h"
#include "pipeline_sql.h"

#include <string.h>

/* Two JSON arrays of ids as one. */
static const char *ids_join (struct batch *b, const char *ids, const char *more)
{
	size_t n = strlen (ids);
	if (n < 3 || strlen (more) < 3)
		return n < 3 ? more : ids;
	return text_join (b, arena_copy (batch_arena (b), ids, n - 1), ",", more + 1);
}

static const char *deals_text (struct batch *b, const struct erased_deal *deal, size_t n)
{
	struct buffer text = { 0 };
	char id[UUID_TEXT];
	buffer_text (&text, "[");
	for (size_t i = 0; i < n; i++)
		buffer_printf (&text, "%s\"%s\"", i ? "," : "", uuid_format (deal[i].deal_id.uuid, id));
	buffer_text (&text, "]");
	const char *ret = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	buffer_fini (&text);
	return ret;
}

void person_erased (struct batch *b, const struct person_erased event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t deals;
		const struct erased_deal *deal = erased_deals (b, &event[i], 1, &deals);
		struct deals_erased said = { .head = head_caused (b, &event[i].head),
					     .erasure_id = event[i].erasure_id,
					     .ids = deals_text (b, deal, deals) };
		const char *ids = ids_join (b, event[i].ids, said.ids);
		struct erased_deal_pages page = { .workspace_id = { event[i].head.workspace }, .ids = ids };
		batch_erase (b, event[i].head.workspace, event[i].erasure_id.uuid, ids, event[i].has.words == HERE ? event[i].words : "[]");
		erased_deal_pages_write (b, &page, 1);
		deals_erased_emit (b, &said, 1);
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
