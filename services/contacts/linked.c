/* Records of other systems, and by hand: commands, one function each; load, decide, write, emit. One at a time where two of a run may be the same record.
 * Never decides what rules_linked.c can, never tells of one whose account, contact or deal the caller may not see. */
#include "accounts.h"
#include "linked.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

#define COPY(to, from, field) ((to)->field = (from)->field, (to)->has.field = (from)->has.field)
#define COPY_WORDS(to, from)                                                                                                         \
	(COPY (to, from, title), COPY (to, from, status), COPY (to, from, amount), COPY (to, from, count), COPY (to, from, excerpt), \
	 COPY (to, from, url), COPY (to, from, assignee), COPY (to, from, occurred_at), COPY (to, from, data))
#define NAMES(row)                                                                                                                    \
	.linked_id = (row)->linked_id, .kind = (row)->kind, .system = (row)->system, .external_id = (row)->external_id,               \
	.account_id = (row)->account_id, .has.account_id = (row)->has.account_id, .contact_id = (row)->contact_id,                    \
	.has.contact_id = (row)->has.contact_id, .deal_id = (row)->deal_id, .has.deal_id = (row)->has.deal_id, .title = (row)->title, \
	.has.title = (row)->has.title, .owner_id = (row)->owner_id, .has.owner_id = (row)->has.owner_id

/* ---- what happens to them is written and said ---- */

/* On the timeline of what it hangs on first; what was made long ago stands where it was made. */
static struct timeline_entry line_of (struct batch *b, const struct record *event, const void *item, const struct linked_step *step)
{
	const struct linked_row *row = &step->row;
	struct uuid subject = row->has.account_id == HERE   ? row->account_id.uuid
			      : row->has.contact_id == HERE ? row->contact_id.uuid
							    : row->deal_id.uuid;
	struct timeline_entry entry = timeline_with_data (b, event, item, subject, row->has.owner_id, row->owner_id);
	if (row->has.account_id == HERE && row->has.contact_id == HERE) {
		entry.contact_id = row->contact_id;
		entry.has.contact_id = HERE;
	}
	if (step->by_system)
		entry.has.actor_id = ABSENT;
	if (step->what == LINKED_MADE && row->has.occurred_at == HERE && row->occurred_at < entry.at)
		entry.at = row->occurred_at;
	return entry;
}

struct linked_run {
	struct linked_row *made, *other;
	struct linked_added *added;
	struct linked_changed *changed;
	struct linked_removed *removed;
	struct linked_restored *restored;
	struct timeline_entry *entry;
	size_t n_made, n_other, n_added, n_changed, n_removed, n_restored, n_entries;
};

static void changed_say (struct batch *b, struct linked_run *run, const struct linked_step *s)
{
	struct linked_changed *event = &run->changed[run->n_changed++];
	bool moved = s->was.has.owner_id == HERE &&
		     (s->row.has.owner_id != HERE || !uuid_equal (s->was.owner_id.uuid, s->row.owner_id.uuid));
	*event = (struct linked_changed){
		.head = head_caused (b, s->cause), .version = s->row.version, .changes = s->changes, NAMES (&s->row)
	};
	COPY_WORDS (event, &s->row);
	event->old_owner_id = s->was.owner_id;
	event->has.old_owner_id = moved ? HERE : ABSENT;
	if (linked_told (s->changes))
		run->entry[run->n_entries++] = line_of (b, &linked_changed_record, event, s);
}

static void step_say (struct batch *b, struct linked_run *run, const struct linked_step *s)
{
	switch (s->what) {
	case LINKED_MADE: {
		struct linked_added *event = &run->added[run->n_added++];
		*event = (struct linked_added){ .head = head_caused (b, s->cause), NAMES (&s->row) };
		COPY_WORDS (event, &s->row);
		run->entry[run->n_entries++] = line_of (b, &linked_added_record, event, s);
		run->made[run->n_made++] = s->row;
		return;
	}
	case LINKED_CHANGED: changed_say (b, run, s); break;
	case LINKED_REMOVED:
		run->removed[run->n_removed] = (struct linked_removed){ .head = head_caused (b, s->cause),
									.version = s->row.version,
									NAMES (&s->row) };
		run->entry[run->n_entries++] = line_of (b, &linked_removed_record, &run->removed[run->n_removed++], s);
		break;
	case LINKED_RESTORED:
		run->restored[run->n_restored] = (struct linked_restored){ .head = head_caused (b, s->cause),
									   .version = s->row.version,
									   NAMES (&s->row) };
		run->entry[run->n_entries++] = line_of (b, &linked_restored_record, &run->restored[run->n_restored++], s);
		break;
	}
	run->other[run->n_other++] = s->row;
}

void linked_put (struct batch *b, const struct linked_step step[], size_t n)
{
	struct linked_run run = { .made = ARRAY (b, run.made, n),
				  .other = ARRAY (b, run.other, n),
				  .added = ARRAY (b, run.added, n),
				  .changed = ARRAY (b, run.changed, n),
				  .removed = ARRAY (b, run.removed, n),
				  .restored = ARRAY (b, run.restored, n),
				  .entry = ARRAY (b, run.entry, n) };
	for (size_t i = 0; i < n; i++)
		step_say (b, &run, &step[i]);
	linked_insert (b, run.made, run.n_made);
	linked_write (b, run.other, run.n_other);
	timeline_write (b, run.entry, run.n_entries);
	linked_added_emit (b, run.added, run.n_added);
	linked_changed_emit (b, run.changed, run.n_changed);
	linked_removed_emit (b, run.removed, run.n_removed);
	linked_restored_emit (b, run.restored, run.n_restored);
}

void account_client_from (struct batch *b, const struct head *cause, account_id account)
{
	struct account_ask ask = { .workspace_id = { cause->workspace }, .account_id = account };
	const struct account_row *was = account_load (b, &ask, 1);
	if (was->has.account_id != HERE || was->lifecycle == lifecycle_client)
		return;
	struct account_row row = *was;
	row.lifecycle = lifecycle_client;
	row.version++;
	account_is_client (&row, cause->at);
	struct account_updated event = account_is_other (b, cause, was, &row, account_compare (batch_arena (b), was, &row));
	accounts_change (b, &row, &event, 1);
}

/* ---- by hand and by the API ---- */

static struct outcome done_at (const struct linked_row *row)
{
	struct outcome ret = done ();
	ret.id = row->linked_id.uuid;
	ret.version = row->version;
	return ret;
}

static const struct linked_row *linked_of (struct batch *b, const struct head *head, linked_id id)
{
	struct linked_ask ask = { .workspace_id = { head->workspace }, .linked_id = id, .has.linked_id = HERE };
	return linked_load (b, &ask, 1);
}

static struct linked_row row_begun (const struct linked_add *cmd, const struct linked_ask *ask)
{
	return (struct linked_row){
		.workspace_id = { cmd->head.workspace },
		.linked_id = cmd->linked_id,
		.version = 1,
		.kind = cmd->kind,
		.system = ask->system,
		.external_id = ask->external_id,
		.created_by = { cmd->head.actor },
		.created_at = cmd->head.at,
		.has = { .linked_id = HERE,
			 .version = HERE,
			 .kind = HERE,
			 .system = HERE,
			 .external_id = HERE,
			 .created_by = uuid_is_null (cmd->head.actor) ? ABSENT : HERE,
			 .created_at = HERE },
	};
}

static bool is_text (unsigned char has, const char *text)
{
	return has == HERE && text[strspn (text, " \t\r\n")];
}

static struct linked_ask ask_of_add (struct batch *b, const struct linked_add *cmd)
{
	char id[UUID_TEXT];
	struct linked_ask ask = {
		.workspace_id = { cmd->head.workspace },
		.linked_id = cmd->linked_id,
		.kind = linked_kind_names[cmd->kind],
		.system = is_text (cmd->has.system, cmd->system) ? name_trim (batch_arena (b), cmd->system) : "manual",
		.external_id = is_text (cmd->has.external_id, cmd->external_id)
				       ? name_trim (batch_arena (b), cmd->external_id)
				       : arena_text (batch_arena (b), uuid_format (cmd->linked_id.uuid, id)),
		.has = { .linked_id = HERE, .kind = HERE, .system = HERE, .external_id = HERE },
	};
	COPY (&ask, cmd, account_id);
	COPY (&ask, cmd, contact_id);
	COPY (&ask, cmd, deal_id);
	return ask;
}

/* Taken away before, it is back first. */
static struct linked_row restored_first (struct batch *b, const struct head *cause, const struct linked_row *was, bool by_system)
{
	struct linked_step step = { .cause = cause, .was = *was, .row = *was, .what = LINKED_RESTORED, .by_system = by_system };
	step.row.version++;
	step.row.has.removed_at = step.row.has.removed_by = ABSENT;
	linked_put (b, &step, 1);
	return step.row;
}

static struct outcome linked_add_one (struct batch *b, const struct linked_add *cmd)
{
	struct linked_ask ask = ask_of_add (b, cmd);
	const struct linked_row *was = linked_load (b, &ask, 1);
	const struct linked_place *place = linked_place_load (b, &ask, 1);
	bool there = was->has.linked_id == HERE,
	     named = cmd->has.account_id == HERE || cmd->has.contact_id == HERE || cmd->has.deal_id == HERE;
	struct linked_said said = { .kind = cmd->kind, .has.kind = HERE };
	COPY_WORDS (&said, cmd);
	struct outcome out = linked_place_check (batch_arena (b), cmd, place, there);
	if (is_done (out))
		out = linked_words_check (batch_arena (b), &said);
	if (is_done (out) && there)
		out = linked_seen (&cmd->head, was);
	if (is_done (out) && !there && strcmp (ask.system, "manual") == 0 && !is_text (said.has.title, said.title))
		out = refused_at (batch_arena (b), "/title", "required", "what it is called");
	if (!is_done (out))
		return out;
	struct linked_step step = { .cause = &cmd->head, .was = *was, .what = there ? LINKED_CHANGED : LINKED_MADE };
	if (there && was->has.removed_at == HERE)
		step.was = restored_first (b, &cmd->head, was, false);
	step.row = there ? step.was : row_begun (cmd, &ask);
	if (named)
		linked_place_in (&step.row, place);
	step.changes = linked_lay (batch_arena (b), &said, &step.was, &step.row);
	if (there && !step.changes.n)
		return done_at (&step.was);
	step.row.version += there;
	linked_put (b, &step, 1);
	if ((cmd->kind == linked_kind_order || cmd->kind == linked_kind_invoice) && strcmp (ask.system, "manual") &&
	    step.row.has.account_id == HERE)
		account_client_from (b, &cmd->head, step.row.account_id);
	return done_at (&step.row);
}

void linked_add (struct batch *b, const struct linked_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = linked_add_one (b, &cmd[i]);
}

/* A change to what is there already is done, and says nothing. */
static struct outcome linked_update_one (struct batch *b, const struct linked_update *cmd)
{
	const struct linked_row *was = linked_of (b, &cmd->head, cmd->linked_id);
	struct linked_said said = { .kind = cmd->kind, .has.kind = cmd->has.kind };
	struct linked_step step = { .cause = &cmd->head, .was = *was, .row = *was, .what = LINKED_CHANGED };
	COPY_WORDS (&said, cmd);
	struct outcome out = linked_seen (&cmd->head, was);
	if (!is_done (out) || was->has.removed_at == HERE)
		return refused (linked_not_found);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (linked_changed);
	out = linked_words_check (batch_arena (b), &said);
	if (is_done (out) && said.has.title != ABSENT && !is_text (said.has.title, said.title))
		out = refused_at (batch_arena (b), "/title", "required", "what it is called");
	if (is_done (out) && said.has.kind == HERE && said.kind != was->kind && strcmp (was->system, "manual"))
		out = refused_at (batch_arena (b), "/kind", "not_yours", "its system says what it is");
	if (!is_done (out))
		return out;
	step.changes = linked_lay (batch_arena (b), &said, was, &step.row);
	if (!step.changes.n)
		return done_at (was);
	step.row.version++;
	linked_put (b, &step, 1);
	return done_at (&step.row);
}

void linked_update (struct batch *b, const struct linked_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = linked_update_one (b, &cmd[i]);
}

/* Taking away what is away already is done, and says nothing. */
void linked_remove (struct batch *b, const struct linked_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct linked_row *was = linked_of (b, &cmd[i].head, cmd[i].linked_id);
		ret[i] = linked_seen (&cmd[i].head, was);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != was->version)
			ret[i] = refused (linked_changed);
		if (!is_done (ret[i]))
			continue;
		struct linked_step step = { .cause = &cmd[i].head, .was = *was, .row = *was, .what = LINKED_REMOVED };
		ret[i] = done_at (was);
		if (was->has.removed_at == HERE)
			continue;
		step.row.version++;
		step.row.removed_at = cmd[i].head.at;
		step.row.removed_by.uuid = cmd[i].head.actor;
		step.row.has.removed_at = step.row.has.removed_by = HERE;
		linked_put (b, &step, 1);
		ret[i] = done_at (&step.row);
	}
}

void linked_restore (struct batch *b, const struct linked_restore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct linked_row *was = linked_of (b, &cmd[i].head, cmd[i].linked_id);
		ret[i] = linked_seen (&cmd[i].head, was);
		if (!is_done (ret[i]))
			continue;
		struct linked_row row = was->has.removed_at == HERE ? restored_first (b, &cmd[i].head, was, false) : *was;
		ret[i] = done_at (&row);
	}
}

/* ---- the beginning with a new client ---- */

void onboarding_set (struct batch *b, const struct onboarding_set cmd[], size_t n, struct outcome ret[])
{
	struct onboarding_changed *said = ARRAY (b, said, n);
	size_t says = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = steps_check (batch_arena (b), cmd[i].steps);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].head.workspace;
		said[says++] = (struct onboarding_changed){ .head = head_caused (b, &cmd[i].head),
							    .workspace_id = { cmd[i].head.workspace },
							    .steps = cmd[i].steps };
	}
	onboarding_write (b, said, says);
	onboarding_changed_emit (b, said, says);
}

/* A step that was begun before stays as it is. */
static bool step_begin (struct batch *b, const struct account_onboard *cmd, const struct account_row *account,
			const struct onboarding_step *s)
{
	char id[UUID_TEXT];
	struct arena *a = batch_arena (b);
	const char *title = name_trim (a, s->title);
	struct linked_add add = {
		.head = cmd->head,
		.linked_id = { uuid_new (b) },
		.kind = s->kind,
		.account_id = cmd->account_id,
		.external_id = arena_printf (a, "onboarding/%s/%s", uuid_format (cmd->account_id.uuid, id), title),
		.title = title,
		.has = { .account_id = HERE, .external_id = HERE, .title = HERE },
	};
	struct linked_ask ask = ask_of_add (b, &add);
	if (linked_load (b, &ask, 1)->has.linked_id == HERE)
		return false;
	struct linked_step step = { .cause = &cmd->head, .row = row_begun (&add, &ask), .what = LINKED_MADE };
	step.row.account_id = cmd->account_id;
	step.row.owner_id = account->owner_id;
	step.row.title = title;
	step.row.has.account_id = step.row.has.title = HERE;
	step.row.has.owner_id = account->has.owner_id;
	linked_put (b, &step, 1);
	return true;
}

static struct outcome account_onboard_one (struct batch *b, const struct account_onboard *cmd)
{
	struct arena *a = batch_arena (b);
	struct account_ask ask = { .workspace_id = { cmd->head.workspace }, .account_id = cmd->account_id };
	struct onboarding_ask own = { .workspace_id = { cmd->head.workspace } };
	const struct account_row *was = account_load (b, &ask, 1);
	const struct onboarding_row *steps = onboarding_load (b, &own, 1);
	if (was->has.account_id != HERE || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (account_not_found);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (account_changed);
	struct list list = cmd->has.steps == HERE ? cmd->steps : steps_read (a, steps->has.steps, steps->steps);
	struct outcome out = steps_check (a, list);
	if (!is_done (out))
		return out;
	size_t made = 0;
	for (size_t i = 0; i < list.n; i++)
		made += step_begin (b, cmd, was, (const struct onboarding_step *) list.at + i);
	struct account_row row = *was;
	if (was->has.onboarding_status != HERE || strcmp (was->onboarding_status, "not_started") == 0) {
		row.onboarding_status = "in_progress";
		row.has.onboarding_status = HERE;
		row.version++;
		struct account_updated event = account_is_other (b, &cmd->head, was, &row, account_compare (a, was, &row));
		accounts_change (b, &row, &event, 1);
	}
	out.id = cmd->account_id.uuid;
	out.version = row.version;
	out.data = arena_printf (a, "{\"made\":%zu}", made);
	return out;
}

void account_onboard (struct batch *b, const struct account_onboard cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = account_onboard_one (b, &cmd[i]);
}
