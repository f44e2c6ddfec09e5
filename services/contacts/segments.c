/* Segments: conditions under a name, and what fits them. A record that changed is marked with the change, in its transaction; the clock looks at what is
 * marked and says what joined and left. Never says either twice, never keeps the writer from its leads for long, never marks what has no segment. */
#include "segments.h"

#include "charset.h"
#include "clock.h"
#include "conditions.h"
#include "memory.h"
#include "rules.h"
#include "contacts_sql.h"

#include <string.h>

enum { LOOK_US = 50000 /* a tick, for all workspaces together */, SEGMENTS_OF_WORKSPACE = 100 };

/* ---- which workspaces have segments ---- */

static void segmented_load (struct batch *b, struct contacts_memory *m)
{
	struct segments_look ask = { .now = batch_now (b) };
	size_t n;
	const struct segment_ask *found = segments_anywhere (b, &ask, 1, &n);
	m->segmented_all = n > SEGMENTED_MOST;
	m->n_segmented = m->segmented_all ? 0 : n;
	for (size_t i = 0; i < m->n_segmented; i++)
		m->segmented[i] = found[i].workspace_id.uuid;
	m->segmented_known = true;
}

static bool is_segmented (const struct contacts_memory *m, struct uuid workspace)
{
	for (size_t i = 0; i < m->n_segmented; i++)
		if (uuid_equal (m->segmented[i], workspace))
			return true;
	return m->segmented_all;
}

/* ---- marks ---- */

/* What an event may be about here, whoever says it. */
static bool names_record (const struct field *f)
{
	static const char *const names[] = { "contact_id", "account_id", "lead_id", "deal_id", "record_id", "survivor_id", "loser_id" };
	for (size_t i = 0; f->kind == KIND_ID && i < LENGTH (names); i++)
		if (strcmp (f->name, names[i]) == 0)
			return true;
	return false;
}

/* The account that a contact or a deal went away from: it counts its people and its deals anew. */
static size_t account_left (const struct contacts_memory *m, struct uuid workspace, struct list changes, struct segment_mark *mark)
{
	const struct change *change = changes.at;
	for (size_t k = 0; k < changes.n && is_segmented (m, workspace); k++)
		if (strcmp (change[k].field, "account_id") == 0 && change[k].has.old == HERE &&
		    uuid_parse (change[k].old, &mark->record_id.uuid) == OK) {
			mark->workspace_id.uuid = workspace;
			return 1;
		}
	return 0;
}

static void accounts_left (struct batch *b, const struct contacts_memory *m, const struct record *r, const void *said, size_t n)
{
	const struct contact_updated *contact = r == &contact_updated_record ? said : NULL;
	const struct deal_updated *deal = r == &deal_updated_record ? said : NULL;
	struct segment_mark *mark = ARRAY (b, mark, n);
	size_t marks = 0;
	for (size_t i = 0; i < n && (contact || deal); i++)
		marks += account_left (m, contact ? contact[i].head.workspace : deal[i].head.workspace,
				       contact ? contact[i].changes : deal[i].changes, &mark[marks]);
	segment_mark_write (b, mark, marks);
}

void segments_mark (struct batch *b, const struct record *r, const void *item, size_t n)
{
	struct contacts_memory *m = batch_state (b);
	if (r == &segment_joined_record || r == &segment_left_record || r == &segment_changed_record)
		return;
	if (!m->segmented_known)
		segmented_load (b, m);
	if (!m->n_segmented && !m->segmented_all)
		return;
	size_t marks = 0, most = 0;
	for (size_t k = 0; k < r->n_fields; k++)
		most += names_record (&r->fields[k]);
	struct segment_mark *mark = ARRAY (b, mark, n * most);
	for (size_t i = 0; i < n && most; i++) {
		const char *at = (const char *) item + i * r->size;
		const struct head *head = (const void *) at;
		for (size_t k = 0; k < r->n_fields && is_segmented (m, head->workspace); k++) {
			const struct field *f = &r->fields[k];
			if (!names_record (f) || field_has (f, at) != HERE)
				continue;
			mark[marks].workspace_id.uuid = head->workspace;
			memcpy (&mark[marks++].record_id.uuid, at + f->offset, sizeof (struct uuid));
		}
	}
	segment_mark_write (b, mark, marks);
	accounts_left (b, m, r, item, n);
	if (r != &tag_changed_record)
		return;
	struct segment_ask *again = ARRAY (b, again, n); /* a tag that is gone or called otherwise: whatever bore it */
	for (size_t i = 0; i < n; i++)
		again[i].workspace_id.uuid = ((const struct tag_changed *) item)[i].head.workspace;
	segments_again (b, again, n);
}

/* ---- commands ---- */

struct segment_set {
	const struct segment_row *at;
	size_t n;
};

static struct segment_set segments_of (struct batch *b, struct uuid workspace)
{
	struct segment_ask ask = { .workspace_id = { workspace } };
	struct segment_set ret;
	ret.at = segment_load (b, &ask, 1, &ret.n);
	return ret;
}

static const struct segment_row *segment_find (const struct segment_set *set, struct uuid id)
{
	for (size_t i = 0; i < set->n; i++)
		if (uuid_equal (set->at[i].segment_id.uuid, id))
			return &set->at[i];
	return NULL;
}

static struct outcome name_check (struct batch *b, const struct segment_set *set, struct uuid id, const char *said, const char **ret)
{
	const char *name = name_trim (batch_arena (b), said ? said : "");
	if (!*name)
		return refused_at (batch_arena (b), "/name", "required", "a segment is called something");
	for (size_t i = 0; i < set->n; i++)
		if (!uuid_equal (set->at[i].segment_id.uuid, id) && text_same (set->at[i].name, name))
			return refused_at (batch_arena (b), "/name", "taken", "there is a segment of that name");
	*ret = name;
	return done ();
}

static struct outcome conditions_read (struct batch *b, enum record_kind of, const char *json, bool *ret_by_time)
{
	struct problem *problem = arena_alloc (batch_arena (b), sizeof *problem);
	*problem = (struct problem){ 0 };
	struct outcome ret = refused (invalid);
	ret.problem = problem;
	return conditions_check (batch_arena (b), of, json ? json : "", problem, ret_by_time) ? done () : ret;
}

static void segment_say (struct batch *b, const struct head *cause, const struct segment_row *row, bool removed)
{
	struct segment_changed said = {
		.head = head_caused (b, cause), .segment_id = row->segment_id, .name = row->name, .of = row->of, .removed = removed
	};
	segment_changed_emit (b, &said, 1);
	people_forget (b); /* which workspaces have segments, too */
}

static void segment_moves (struct batch *b, const struct head *cause, const struct segment_move *move, size_t n);
static void segment_sweeps (struct batch *b, const struct head *cause, struct segment_row *row, int64_t until);

/* Its first records are looked at there and then: who just saved it sees them. */
static void segment_begins (struct batch *b, const struct head *cause, const struct segment_row *row)
{
	struct segment_row now = *row;
	segment_write (b, row, 1);
	segment_say (b, cause, row, false);
	now.swept_to = (record_id){ { { 0 } } };
	now.has.swept_to = HERE;
	now.now = batch_now (b);
	segment_sweeps (b, cause, &now, clock_monotonic () + LOOK_US);
}

void segment_add (struct batch *b, const struct segment_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct segment_set set = segments_of (b, cmd[i].head.workspace);
		struct segment_row row = { .workspace_id = { cmd[i].head.workspace },
					   .segment_id = cmd[i].segment_id,
					   .version = 1,
					   .of = cmd[i].of,
					   .conditions = cmd[i].conditions,
					   .created_at = batch_now (b),
					   .created_by = { cmd[i].head.actor },
					   .has.created_by = HERE };
		ret[i] = name_check (b, &set, cmd[i].segment_id.uuid, cmd[i].name, &row.name);
		if (is_done (ret[i]))
			ret[i] = conditions_read (b, row.of, row.conditions, &row.by_time);
		if (is_done (ret[i]) && set.n >= SEGMENTS_OF_WORKSPACE)
			ret[i] = refused_at (batch_arena (b), "/name", "too_many", "a hundred segments are the most");
		if (!is_done (ret[i]))
			continue;
		ret[i].id = row.segment_id.uuid;
		ret[i].version = row.version;
		segment_begins (b, &cmd[i].head, &row);
	}
}

static struct outcome may_change (const struct head *head, const struct segment_row *was)
{
	if (!was)
		return refused (segment_not_found);
	bool own = was->has.created_by == HERE && uuid_equal (was->created_by.uuid, head->actor);
	return own || grant_allows (&head->grant, PERMISSION_crm_settings) ? done () : refused (forbidden);
}

void segment_update (struct batch *b, const struct segment_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct segment_set set = segments_of (b, cmd[i].head.workspace);
		const struct segment_row *was = segment_find (&set, cmd[i].segment_id.uuid);
		struct segment_row row = was ? *was : (struct segment_row){ 0 };
		ret[i] = may_change (&cmd[i].head, was);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != was->version)
			ret[i] = refused (stale);
		if (is_done (ret[i]) && cmd[i].has.name != ABSENT)
			ret[i] = name_check (b, &set, row.segment_id.uuid, cmd[i].has.name == HERE ? cmd[i].name : "", &row.name);
		if (is_done (ret[i]) && cmd[i].has.conditions != ABSENT)
			ret[i] = conditions_read (b, row.of, row.conditions = cmd[i].has.conditions == HERE ? cmd[i].conditions : "",
						  &row.by_time);
		if (!is_done (ret[i]))
			continue;
		row.version++;
		ret[i].id = row.segment_id.uuid;
		ret[i].version = row.version;
		segment_begins (b, &cmd[i].head, &row);
	}
}

void segment_remove (struct batch *b, const struct segment_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct segment_set set = segments_of (b, cmd[i].head.workspace);
		const struct segment_row *was = segment_find (&set, cmd[i].segment_id.uuid);
		ret[i] = may_change (&cmd[i].head, was);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = was->segment_id.uuid;
		segment_drop (b, was, 1);
		segment_say (b, &cmd[i].head, was, true);
	}
}

/* ---- who joins, who leaves ---- */

/* Table and streams say the same, in one transaction, on a lane that nobody else writes: so each is said once. */
static void segment_moves (struct batch *b, const struct head *cause, const struct segment_move *move, size_t n)
{
	struct segment_move *row = ARRAY (b, row, n);
	struct segment_joined *joined = ARRAY (b, joined, n);
	struct segment_left *left = ARRAY (b, left, n);
	size_t joins = 0, leaves = 0;
	for (size_t i = 0; i < n; i++) {
		struct head head = head_caused (b, cause);
		head.workspace = move[i].workspace_id.uuid;
		if (move[i].joined) {
			row[joins] = move[i];
			joined[joins++] = (struct segment_joined){ .head = head,
								   .segment_id = move[i].segment_id,
								   .of = move[i].of,
								   .record_id = move[i].record_id,
								   .owner_id = move[i].owner_id,
								   .has.owner_id = move[i].has.owner_id };
		} else {
			row[n - ++leaves] = move[i];
			left[leaves - 1] = (struct segment_left){ .head = head,
								  .segment_id = move[i].segment_id,
								  .of = move[i].of,
								  .record_id = move[i].record_id,
								  .owner_id = move[i].owner_id,
								  .has.owner_id = move[i].has.owner_id };
		}
	}
	segment_join (b, row, joins);
	segment_leave (b, row + joins, leaves);
	segment_joined_emit (b, joined, joins);
	segment_left_emit (b, left, leaves);
}

/* On through a segment's records, a thousand at a time, until the end or the time is up. */
static void segment_sweeps (struct batch *b, const struct head *cause, struct segment_row *row, int64_t until)
{
	bool more = true;
	while (more) {
		const struct segment_bite *bite = segment_bite_load (b, row, 1);
		struct segment_sweep sweep = { .workspace_id = row->workspace_id,
					       .segment_id = row->segment_id,
					       .of = row->of,
					       .conditions = row->conditions,
					       .from_id = row->swept_to,
					       .upto = bite->upto,
					       .has.upto = bite->has.upto,
					       .now = row->now };
		size_t n;
		const struct segment_move *move = segment_bite_look (b, &sweep, 1, &n);
		segment_moves (b, cause, move, n);
		segment_swept_write (b, &sweep, 1);
		row->swept_to = bite->upto;
		row->has.swept_to = bite->has.upto;
		more = bite->has.upto == HERE && clock_monotonic () < until;
	}
}

static void marked_look (struct batch *b, const struct segments_look *now, int64_t until)
{
	size_t n, marked;
	const struct segment_look *look = segments_marked (b, now, 1, &marked);
	for (size_t i = 0; i < marked && clock_monotonic () < until; i++) {
		if (!batch_owns (b, look[i].workspace_id.uuid))
			continue;
		const struct segment_move *move = segment_marks_look (b, &look[i], 1, &n);
		segment_moves (b, &now->head, move, n);
	}
}

/* A bite at a time: where one did not do, it is given again as soon as what came meanwhile is done. */
void segments_look (struct batch *b, const struct segments_look cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		int64_t until = clock_monotonic () + LOOK_US;
		struct segments_look now = cmd[i];
		size_t workspaces, found;
		now.now = batch_now (b);
		ret[i] = done ();
		marked_look (b, &now, until);
		const struct workspace_due *own = segments_waiting (b, &now, 1, &workspaces);
		own = batch_own (b, &workspace_due_record, own, &workspaces);
		const struct segment_row *due = segments_swept (b, own, workspaces, &found);
		for (size_t k = 0; k < found; k++) {
			struct segment_row row = due[k];
			if (clock_monotonic () < until)
				segment_sweeps (b, &cmd[i].head, &row, until);
			ret[i].number = ret[i].number || row.has.swept_to == HERE;
		}
	}
}

/* ---- what is kept of a deal ---- */

static bool is_worth_a_row (const struct deal_created *deal, bool noted)
{
	return !noted || deal->has.value == HERE || deal->has.account_id == HERE || deal->has.close_date == HERE;
}

void deal_facts_begin (struct batch *b, const struct deal_created deal[], const bool noted[], size_t n)
{
	struct deal_fact *fact = ARRAY (b, fact, n);
	size_t facts = 0;
	for (size_t i = 0; i < n; i++) {
		const struct deal_created *d = &deal[i];
		if (!is_worth_a_row (d, noted[i]))
			continue;
		fact[facts++] = (struct deal_fact){ .workspace_id = { d->head.workspace },
						    .deal_id = d->deal_id,
						    .by_hand = d->has.lead_id != HERE,
						    .at = d->head.at,
						    .contact_id = d->contact_id,
						    .account_id = d->account_id,
						    .owner_id = d->owner_id,
						    .stage_id = d->stage_id,
						    .value = d->value,
						    .close_date = d->close_date,
						    .has = { .contact_id = d->has.lead_id != HERE ? d->has.contact_id
												  : (unsigned char) ABSENT,
							     .account_id = d->has.account_id,
							     .owner_id = d->has.owner_id,
							     .stage_id = HERE,
							     .value = d->has.value,
							     .close_date = d->has.close_date } };
	}
	deal_fact_write (b, fact, facts);
}

void deal_facts_change (struct batch *b, const struct deal_updated deal[], size_t n)
{
	struct deal_fact *fact = ARRAY (b, fact, n);
	for (size_t i = 0; i < n; i++) {
		const struct deal_updated *d = &deal[i];
		fact[i] = (struct deal_fact){ .workspace_id = { d->head.workspace },
					      .deal_id = d->deal_id,
					      .at = d->head.at,
					      .account_id = d->account_id,
					      .owner_id = d->owner_id,
					      .value = d->value,
					      .close_date = d->close_date,
					      .has = { .account_id = d->has.account_id,
						       .owner_id = d->has.owner_id,
						       .value = d->has.value,
						       .close_date = d->has.close_date } };
	}
	deal_fact_change (b, fact, n);
}

void deal_facts_move (struct batch *b, const struct deal_stage_changed deal[], size_t n)
{
	struct deal_fact *fact = ARRAY (b, fact, n);
	for (size_t i = 0; i < n; i++) {
		const struct deal_stage_changed *d = &deal[i];
		bool won = d->has.won == HERE && d->won;
		fact[i] = (struct deal_fact){
			.workspace_id = { d->head.workspace },
			.deal_id = d->deal_id,
			.at = d->head.at,
			.account_id = d->account_id,
			.owner_id = d->owner_id,
			.stage_id = d->to_id,
			.kind = won	    ? stage_kind_won
				: d->closed ? stage_kind_lost
					    : stage_kind_open,
			.has = { .account_id = d->has.account_id, .owner_id = d->has.owner_id, .stage_id = HERE, .kind = HERE }
		};
	}
	deal_fact_move (b, fact, n);
}
