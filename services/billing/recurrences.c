/* Invoices that are made again and again: when, and whether they go by themselves. Making them is the clock's (tending.c).
 * It must never make one itself, nor forget on which day of the month it began. */
#include "given.h"
#include "recurring.h"
#include "billing_sql.h"

static struct outcome days_check (struct batch *b, const struct recurrence_row *row, int32_t today)
{
	if (row->has.next_on == HERE && row->next_on < today)
		return refused_at (batch_arena (b), "/next_on", "out_of_range", "that day is over");
	if (row->has.until == HERE && row->has.next_on == HERE && row->until < row->next_on)
		return refused_at (batch_arena (b), "/until", "out_of_range", "it ends before the next one");
	return done ();
}

static struct outcome recurrence_keep (struct batch *b, const struct head *cause, const struct recurrence_row *row)
{
	bool removed = row->has.removed_at == HERE;
	struct recurrence_changed said = { .head = head_caused (b, cause),
					   .recurrence_id = row->recurrence_id,
					   .name = row->name,
					   .next_on = row->next_on,
					   .has.next_on = removed ? ABSENT : row->has.next_on,
					   .removed = removed };
	struct outcome ret = done ();
	recurrence_write (b, row, 1);
	recurrence_changed_emit (b, &said, 1);
	ret.id = row->recurrence_id.uuid;
	ret.version = row->version;
	return ret;
}

static const struct recurrence_place *place_of (struct batch *b, const struct head *head, recurrence_id id, const document_id *document)
{
	struct recurrence_ask ask = { .workspace_id = { head->workspace },
				      .recurrence_id = id,
				      .document_id = document ? *document : (document_id){ { { 0 } } },
				      .has.document_id = document ? HERE : ABSENT };
	return recurrence_load (b, &ask, 1);
}

static struct recurrence_row row_of (const struct head *head, recurrence_id id, const struct recurrence_place *was, int64_t now)
{
	return (struct recurrence_row){ .workspace_id = { head->workspace },
					.recurrence_id = id,
					.version = was->version + 1,
					.document_id = was->document_id,
					.name = was->has.name == HERE	 ? was->name
						: was->has.title == HERE ? was->title
									 : "",
					.every = was->has.every == HERE ? was->every : recurrence_every_month,
					.next_on = was->next_on,
					.until = was->until,
					.send = was->send,
					.day = was->day,
					.created_at = now,
					.created_by = { head->actor },
					.has = { .next_on = was->has.next_on, .until = was->has.until, .created_by = HERE } };
}

#define RECURRENCE_TAKE(to, from)                                                    \
	do {                                                                         \
		if (is_said ((from)->has.name, (from)->name))                        \
			(to)->name = (from)->name;                                   \
		if ((from)->has.every == HERE)                                       \
			(to)->every = (from)->every;                                 \
		if ((from)->has.send == HERE)                                        \
			(to)->send = (from)->send;                                   \
		if ((from)->has.until != ABSENT) {                                   \
			(to)->until = (from)->until;                                 \
			(to)->has.until = (from)->has.until == HERE ? HERE : ABSENT; \
		}                                                                    \
		if ((from)->has.next_on == HERE) {                                   \
			(to)->next_on = (from)->next_on;                             \
			(to)->has.next_on = HERE;                                    \
			(to)->day = day_of_month ((from)->next_on);                  \
		}                                                                    \
	} while (0)

void recurrence_add (struct batch *b, const struct recurrence_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct recurrence_place *was = place_of (b, &cmd[i].head, cmd[i].recurrence_id, &cmd[i].document_id);
		struct recurrence_row row = row_of (&cmd[i].head, cmd[i].recurrence_id, was, batch_now (b));
		bool there = was->has.kind == HERE && was->kind == document_kind_invoice &&
			     grant_covers (&cmd[i].head.grant, &was->owner_id);
		ret[i] = there ? done () : refused (document_not_found);
		if (is_done (ret[i]) && cmd[i].has.next_on != HERE)
			ret[i] = refused_at (batch_arena (b), "/next_on", "required", "the day of the next one");
		if (!is_done (ret[i]))
			continue;
		RECURRENCE_TAKE (&row, &cmd[i]);
		ret[i] = days_check (b, &row, was->today);
		if (is_done (ret[i]))
			ret[i] = recurrence_keep (b, &cmd[i].head, &row);
	}
}

void recurrence_update (struct batch *b, const struct recurrence_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct recurrence_place *was = place_of (b, &cmd[i].head, cmd[i].recurrence_id, NULL);
		struct recurrence_row row = row_of (&cmd[i].head, cmd[i].recurrence_id, was, batch_now (b));
		ret[i] = was->has.version != HERE || was->removed || !grant_covers (&cmd[i].head.grant, &was->owner_id)
				 ? refused (recurrence_not_found)
			 : cmd[i].has.version == HERE && cmd[i].version != was->version ? refused (stale)
											: done ();
		if (!is_done (ret[i]))
			continue;
		RECURRENCE_TAKE (&row, &cmd[i]);
		ret[i] = days_check (b, &row, was->today);
		if (is_done (ret[i]))
			ret[i] = recurrence_keep (b, &cmd[i].head, &row);
	}
}

/* What is so already is done, and says nothing. */
void recurrence_remove (struct batch *b, const struct recurrence_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct recurrence_place *was = place_of (b, &cmd[i].head, cmd[i].recurrence_id, NULL);
		struct recurrence_row row = row_of (&cmd[i].head, cmd[i].recurrence_id, was, batch_now (b));
		ret[i] = was->has.version == HERE && grant_covers (&cmd[i].head.grant, &was->owner_id) ? done ()
												       : refused (recurrence_not_found);
		if (!is_done (ret[i]) || was->removed)
			continue;
		row.removed_at = batch_now (b);
		row.has.removed_at = HERE;
		ret[i] = recurrence_keep (b, &cmd[i].head, &row);
	}
}
