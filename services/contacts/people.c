/* Contacts beyond what a lead says of them; see people.h. Archive and trash: commands, one function each, in the order of proto/contacts.def.
 * Never throws a row away: what lies in the trash stands there, and no reader sees it. */
#include "people.h"
#include "accounts.h"
#include "memory.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

struct own_fields own_fields_of (struct batch *b, const struct custom_ask ask[], size_t n)
{
	struct own_fields ret = { NULL, 0 };
	if (n)
		ret.at = own_fields_known (b, ask, n, &ret.n);
	return ret;
}

struct own_fields own_fields_asked (struct batch *b, const void *cmd, size_t size, size_t n)
{
	struct custom_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i].workspace_id.uuid = ((const struct head *) (const void *) ((const char *) cmd + i * size))->workspace;
	return own_fields_of (b, ask, n);
}

struct own_field *own_fields_about (struct arena *a, const struct own_fields *fields, struct uuid workspace, enum custom_about about,
				    size_t *ret_n)
{
	struct own_field *ret = arena_array (a, fields->n + 1, sizeof *ret);
	*ret_n = 0;
	for (size_t i = 0; i < fields->n; i++) {
		const struct custom_field *f = &fields->at[i];
		if (f->about == about && uuid_equal (f->workspace_id.uuid, workspace))
			ret[(*ret_n)++] = (struct own_field){ .kind = f->kind,
							      .key = f->key,
							      .choices = f->has.choices == HERE ? f->choices : NULL,
							      .needed = f->needed,
							      .retired = f->retired };
	}
	return ret;
}

void reaches_write (struct batch *b, const struct contact_whole row[], size_t n)
{
	size_t reaches = 0, most = 0;
	struct reach_row **of = ARRAY (b, of, n);
	size_t *many = ARRAY (b, many, n);
	for (size_t i = 0; i < n; i++)
		most += many[i] = reach_rows (batch_arena (b), &row[i], &of[i]);
	struct reach_row *reach = ARRAY (b, reach, most + 1);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < many[i]; k++)
			reach[reaches++] = of[i][k];
	reach_write (b, reach, reaches);
	if (reaches)
		people_forget (b); /* that the workspace has such */
}

void wholes_write (struct batch *b, const struct contact_whole row[], size_t n)
{
	contact_whole_write (b, row, n);
	reach_clear (b, row, n);
	reaches_write (b, row, n);
}

bool company_account (struct batch *b, const struct head *cause, const char *company, unsigned char has_owner, user_id owner,
		      account_id *ret, const char **ret_name)
{
	const char *name = name_trim (batch_arena (b), company);
	struct account_ask ask = { .workspace_id = { cause->workspace }, .account_id = { uuid_new (b) }, .name = name, .has.name = HERE };
	if (!*name)
		return false;
	const struct account_row *was = account_load (b, &ask, 1);
	*ret_name = name;
	if (was->has.taken_id == HERE) {
		*ret = was->taken_id;
		return true;
	}
	struct account_row row = {
		.workspace_id = { cause->workspace },
		.account_id = ask.account_id,
		.number = number_take (b, cause->workspace, NUMBER_ACCOUNT),
		.version = 1,
		.name = name,
		.lifecycle = lifecycle_prospect,
		.created_at = cause->at,
		.owner_id = owner,
		.has = { .workspace_id = HERE,
			 .account_id = HERE,
			 .number = HERE,
			 .version = HERE,
			 .name = HERE,
			 .lifecycle = HERE,
			 .created_at = HERE,
			 .owner_id = has_owner == HERE ? HERE : ABSENT },
	};
	struct account_created made = account_is_new (b, cause, &row);
	accounts_make (b, &row, &made, 1);
	*ret = row.account_id;
	return true;
}

/* ---- archive and trash ---- */

/* What became of some contacts: written and said kind by kind. */
struct state_run {
	struct contact_whole *row, *away, *back;
	struct contact_updated *updated;
	struct contact_trashed *trashed;
	struct contact_restored *restored;
	struct timeline_entry *entry;
	size_t rows, updates, trashes, restores, entries;
};

static void said_archived (struct batch *b, struct state_run *run, const struct head *cause, const struct contact_whole *row, bool archived)
{
	struct list changes = { .at = arena_array (batch_arena (b), 1, sizeof (struct change)) };
	change_note (&changes, "archived", archived ? NULL : "true", archived ? "true" : NULL);
	struct contact_updated *u = &run->updated[run->updates++];
	*u = CONTACT_UPDATED (b, cause, row, changes);
	run->entry[run->entries++] = timeline_with_data (b, &contact_updated_record, u, row->contact_id.uuid, row->has.owner_id,
							 row->owner_id);
}

#define SAID_OF(b, cause, row)                                                                                                   \
	{                                                                                                                        \
		.head = head_caused (b, cause), .contact_id = (row)->contact_id, .version = (row)->version, .name = (row)->name, \
		.owner_id = (row)->owner_id, .has.owner_id = (row)->has.owner_id                                                 \
	}

static void said_trashed (struct batch *b, struct state_run *run, const struct head *cause, const struct contact_whole *row)
{
	struct contact_trashed *t = &run->trashed[run->trashes];
	*t = (struct contact_trashed) SAID_OF (b, cause, row);
	run->away[run->trashes++] = *row;
	run->entry[run->entries++] = timeline_with_data (b, &contact_trashed_record, t, row->contact_id.uuid, row->has.owner_id,
							 row->owner_id);
}

static void said_restored (struct batch *b, struct state_run *run, const struct head *cause, const struct contact_whole *row)
{
	struct contact_restored *r = &run->restored[run->restores];
	*r = (struct contact_restored) SAID_OF (b, cause, row);
	run->back[run->restores++] = *row;
	run->entry[run->entries++] = timeline_with_data (b, &contact_restored_record, r, row->contact_id.uuid, row->has.owner_id,
							 row->owner_id);
}

static void state_take (struct batch *b, struct state_run *run, const struct head *cause, const struct contact_whole *was,
			enum people_action action)
{
	struct contact_whole *row = &run->row[run->rows++];
	*row = *was;
	row->version++;
	if (action == people_action_archive || action == people_action_reactivate) {
		row->archived_at = cause->at;
		row->has.archived_at = action == people_action_archive ? HERE : ABSENT;
		said_archived (b, run, cause, row, action == people_action_archive);
		return;
	}
	bool away = action == people_action_delete;
	row->removed_at = cause->at;
	row->removed_by.uuid = cause->actor;
	row->has.removed_at = away ? HERE : ABSENT;
	row->has.removed_by = away && !uuid_is_null (cause->actor) ? HERE : ABSENT;
	if (away)
		said_trashed (b, run, cause, row);
	else
		said_restored (b, run, cause, row);
}

/* Two of one e-mail come back in one go: the statement saw neither stand, so the later one is refused here. */
static bool email_back (const struct state_run *run, const struct contact_whole *was)
{
	for (size_t i = 0; i < run->restores && was->has.email == HERE && *was->email; i++)
		if (run->back[i].has.email == HERE && uuid_equal (run->back[i].workspace_id.uuid, was->workspace_id.uuid) &&
		    strcmp (run->back[i].email, was->email) == 0)
			return true;
	return false;
}

void contacts_state (struct batch *b, const struct state_ask ask[], size_t n, enum people_action action, struct outcome ret[], bool did[])
{
	struct contact_ask *which = ARRAY (b, which, n);
	for (size_t i = 0; i < n; i++)
		which[i] = (struct contact_ask){ .workspace_id = { ask[i].head->workspace }, .contact_id = ask[i].id };
	const struct contact_whole *was = contact_whole_load (b, which, n);
	struct state_run run = { .row = ARRAY (b, run.row, n),
				 .away = ARRAY (b, run.away, n),
				 .back = ARRAY (b, run.back, n),
				 .updated = ARRAY (b, run.updated, n),
				 .trashed = ARRAY (b, run.trashed, n),
				 .restored = ARRAY (b, run.restored, n),
				 .entry = ARRAY (b, run.entry, n) };
	for (size_t i = 0; i < n; i++) {
		ret[i] = contact_state_check (&ask[i], &was[i], action, &did[i]);
		if (did[i] && action == people_action_restore && email_back (&run, &was[i])) {
			ret[i] = refused (contact_exists);
			did[i] = false;
		}
		if (!is_done (ret[i]))
			continue;
		ret[i].id = ask[i].id.uuid;
		ret[i].version = was[i].version + did[i];
		if (did[i])
			state_take (b, &run, ask[i].head, &was[i], action);
	}
	contact_state_write (b, run.row, run.rows);
	record_away_write (b, run.away, run.trashes);
	record_away_drop (b, run.back, run.restores);
	timeline_write (b, run.entry, run.entries);
	contact_updated_emit (b, run.updated, run.updates);
	contact_trashed_emit (b, run.trashed, run.trashes);
	contact_restored_emit (b, run.restored, run.restores);
}

#define STATE_ASK(cmd, seen) ((struct state_ask){ .head = &(cmd)->head, .id = (cmd)->contact_id, .version = seen })
#define VERSION_SEEN(cmd) ((cmd)->has.version == HERE ? (cmd)->version : 0)

void contact_archive (struct batch *b, const struct contact_archive cmd[], size_t n, struct outcome ret[])
{
	struct state_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = STATE_ASK (&cmd[i], VERSION_SEEN (&cmd[i]));
	contacts_state (b, ask, n, people_action_archive, ret, ARRAY (b, (bool *) NULL, n));
}

void contact_reactivate (struct batch *b, const struct contact_reactivate cmd[], size_t n, struct outcome ret[])
{
	struct state_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = STATE_ASK (&cmd[i], VERSION_SEEN (&cmd[i]));
	contacts_state (b, ask, n, people_action_reactivate, ret, ARRAY (b, (bool *) NULL, n));
}

void contact_trash (struct batch *b, const struct contact_trash cmd[], size_t n, struct outcome ret[])
{
	struct state_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = STATE_ASK (&cmd[i], VERSION_SEEN (&cmd[i]));
	contacts_state (b, ask, n, people_action_delete, ret, ARRAY (b, (bool *) NULL, n));
}

void contact_restore (struct batch *b, const struct contact_restore cmd[], size_t n, struct outcome ret[])
{
	struct state_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = STATE_ASK (&cmd[i], 0);
	contacts_state (b, ask, n, people_action_restore, ret, ARRAY (b, (bool *) NULL, n));
}
