/* What people ask of contacts, one function per command, in the order of proto/contacts.def: load, decide, write, emit.
 * Never decides what rules.c can, never tells of a contact the caller may not see. */
#include "rules.h"
#include "memory.h"
#include "people.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <string.h>

enum { BITE = 2048 }; /* rows of contact_index_load */

/* Two of one e-mail in a run: the statement saw neither, so the later one is refused here. */
static bool email_earlier (const struct contact_created created[], size_t n, const struct contact_created *c)
{
	for (size_t i = 0; i < n && c->has.email == HERE; i++)
		if (created[i].has.email == HERE && uuid_equal (created[i].head.workspace, c->head.workspace) &&
		    strcmp (created[i].email, c->email) == 0)
			return true;
	return false;
}

static struct contact_account joins (const struct head *head, contact_id id, unsigned char has, account_id account, int64_t version)
{
	return (struct contact_account){ .workspace_id = { head->workspace },
					 .contact_id = id,
					 .account_id = account,
					 .has.account_id = has == HERE ? HERE : ABSENT,
					 .version = version };
}

/* Whose further e-mail is another's: refused, by the item's place. */
static void reach_check (struct batch *b, const struct contact_whole whole[], size_t n, const size_t item[], struct outcome ret[])
{
	size_t most = 0, rows = 0, taken;
	struct reach_row **of = ARRAY (b, of, n), *reach;
	size_t *many = ARRAY (b, many, n), *which;
	for (size_t i = 0; i < n; i++)
		most += many[i] = reach_rows (batch_arena (b), &whole[i], &of[i]);
	reach = ARRAY (b, reach, most + 1);
	which = ARRAY (b, which, most + 1);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < many[i]; k++)
			if (strcmp (of[i][k].kind, "email") == 0) {
				which[rows] = item[i];
				reach[rows++] = of[i][k];
			}
	if (!rows)
		return;
	const struct reach_taken *found = reach_taken_load (b, reach, rows, &taken);
	for (size_t i = 0; i < taken; i++)
		ret[which[found[i].item - 1]] = refused_at (batch_arena (b), "/emails", "taken",
							    "a contact with this e-mail exists already");
}

static struct list changes_new (struct arena *a, struct list before, size_t more)
{
	struct list ret = { .at = arena_array (a, before.n + more, sizeof (struct change)), .n = before.n };
	if (before.n)
		memcpy ((struct change *) ret.at, before.at, before.n * sizeof (struct change));
	return ret;
}

static struct contact_created contact_by_hand (struct batch *b, const struct contact_create *cmd)
{
	const char *email = cmd->has.email == HERE ? email_fold (batch_arena (b), cmd->email) : NULL;
	return (struct contact_created){
		.head = head_caused (b, &cmd->head),
		.contact_id = cmd->contact_id,
		.name = cmd->name,
		.first_name = cmd->first_name,
		.has.first_name = cmd->has.first_name,
		.last_name = cmd->last_name,
		.has.last_name = cmd->has.last_name,
		.email = email,
		.has.email = email ? HERE : ABSENT,
		.phone = cmd->phone,
		.has.phone = cmd->has.phone,
		.company = cmd->company,
		.has.company = cmd->has.company,
	};
}

/* What of the whole is told as well. */
static void created_says (struct contact_created *c, const struct contact_whole *whole)
{
	c->type = whole->type;
	c->has.type = whole->type == contact_type_customer ? ABSENT : HERE;
	c->status = whole->status;
	c->has.status = whole->has.status == HERE ? HERE : ABSENT;
	c->job_title = whole->job_title;
	c->has.job_title = whole->has.job_title == HERE ? HERE : ABSENT;
}

/* What a run of contacts made by hand becomes. */
struct made_run {
	struct contact_created *contact;
	struct contact_made *row;
	struct contact_whole *whole;
	struct contact_late *late;
	size_t contacts, wholes, lates;
};

static void contact_joins (struct batch *b, struct contact_created *c, const struct contact_create *cmd)
{
	const char *name;
	if (cmd->has.account_id == HERE) {
		c->account_id = cmd->account_id;
		c->has.account_id = HERE;
	} else if (cmd->has.company_account == HERE && cmd->company_account && cmd->has.company == HERE &&
		   company_account (b, &cmd->head, cmd->company, c->has.owner_id, c->owner_id, &c->account_id, &name)) {
		c->has.account_id = HERE;
	}
}

/* Its row; whole: what somebody said beside it, null: nothing. Nearly all contacts come with a lead and have none of that: they are written elsewhere. */
static struct contact_made made_row (const struct contact_created *c, const struct contact_whole *whole)
{
	struct contact_made row = { .workspace_id = { c->head.workspace },
				    .contact_id = c->contact_id,
				    .number = c->number,
				    .created_at = c->head.at,
				    .name = c->name,
				    .first_name = c->first_name,
				    .has.first_name = c->has.first_name,
				    .last_name = c->last_name,
				    .has.last_name = c->has.last_name,
				    .email = c->email,
				    .has.email = c->has.email,
				    .phone = c->phone,
				    .has.phone = c->has.phone,
				    .company = c->company,
				    .has.company = c->has.company,
				    .owner_id = c->owner_id,
				    .has.owner_id = c->has.owner_id,
				    .account_id = c->account_id,
				    .has.account_id = c->has.account_id,
				    .type = c->type,
				    .has.type = c->has.type,
				    .status = c->status,
				    .has.status = c->has.status,
				    .job_title = c->job_title,
				    .has.job_title = c->has.job_title };
	if (whole) {
		row.notes = whole->notes;
		row.has.notes = whole->has.notes;
		row.user_id = whole->user_id;
		row.has.user_id = whole->has.user_id;
		row.custom = whole->custom;
		row.has.custom = whole->has.custom;
	}
	return row;
}

static struct outcome contact_made_check (struct batch *b, const struct contact_create *cmd, const struct contact_place *place,
					  const struct contact_created *c, const struct own_fields *fields, struct contact_whole *ret)
{
	struct arena *a = batch_arena (b);
	size_t n;
	struct own_field *field = own_fields_about (a, fields, cmd->head.workspace, custom_about_contact, &n);
	struct contact_whole said = WHOLE_SAID (cmd), none = { 0 };
	struct list changes = changes_new (a, (struct list){ 0 }, whole_changes_most (&said, &none));
	struct outcome out = contact_create_check (cmd, place);
	if (is_done (out))
		out = contact_account_check (a, &cmd->head.grant, cmd->has.account_id, place);
	if (is_done (out))
		out = whole_lay (a, field, n, &said, &none, c->email, c->has.phone == HERE ? c->phone : NULL, true, ret, &changes);
	return out;
}

/* Who made it by hand stands on its timeline; of one that a lead makes its own row says when, and that is all there is to say. */
static void made_told (struct batch *b, const struct contact_created made[], size_t n)
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++)
		entry[i] = timeline_with_data (b, &contact_created_record, &made[i], made[i].contact_id.uuid, made[i].has.owner_id,
					       made[i].owner_id);
	timeline_write (b, entry, n);
}

void contact_create (struct batch *b, const struct contact_create cmd[], size_t n, struct outcome ret[])
{
	const struct contact_place *place = contact_create_load (b, cmd, n);
	const struct own_fields fields = own_fields_asked (b, cmd, sizeof *cmd, n);
	struct made_run run = { .contact = ARRAY (b, run.contact, n),
				.row = ARRAY (b, run.row, n),
				.whole = ARRAY (b, run.whole, n),
				.late = ARRAY (b, run.late, n) };
	struct contact_created *made = ARRAY (b, made, n);
	struct contact_whole *whole = ARRAY (b, whole, n);
	size_t *item = ARRAY (b, item, n), wholes = 0;
	for (size_t i = 0; i < n; i++) {
		made[i] = contact_by_hand (b, &cmd[i]);
		ret[i] = contact_made_check (b, &cmd[i], &place[i], &made[i], &fields, &whole[i]);
		if (is_done (ret[i])) {
			run.whole[wholes] = whole[i];
			item[wholes++] = i;
		}
	}
	reach_check (b, run.whole, wholes, item, ret);
	for (size_t i = 0; i < n; i++) {
		struct contact_created *c = &made[i];
		if (is_done (ret[i]) && email_earlier (run.contact, run.contacts, c))
			ret[i] = refused (contact_exists);
		if (!is_done (ret[i]))
			continue;
		c->has.owner_id = contact_owner (&cmd[i], &place[i], &c->owner_id) ? HERE : ABSENT;
		contact_joins (b, c, &cmd[i]);
		created_says (c, &whole[i]);
		c->number = number_take (b, cmd[i].head.workspace, NUMBER_CONTACT);
		ret[i].id = c->contact_id.uuid;
		ret[i].number = c->number;
		ret[i].version = 1;
		if (stands_on_page (&place[i], c->contact_id)) /* an id may be of another time */
			run.late[run.lates++] = (struct contact_late){ .workspace_id = { cmd[i].head.workspace },
								       .late_id = c->contact_id };
		bool says = whole_says (&(struct contact_whole) WHOLE_SAID (&cmd[i]));
		if (says)
			run.whole[run.wholes++] = whole[i];
		run.row[run.contacts] = made_row (c, says ? &whole[i] : NULL);
		run.contact[run.contacts++] = *c;
	}
	contact_made_write (b, run.row, run.contacts);
	reaches_write (b, run.whole, run.wholes);
	contact_late_write (b, run.late, run.lates);
	contact_created_emit (b, run.contact, run.contacts);
	made_told (b, run.contact, run.contacts);
}

static struct contact_updated updated_by_hand (struct batch *b, const struct contact_update *cmd, const struct contact_place *was,
					       const struct contact_row *row, struct list changes)
{
	struct contact_updated event = CONTACT_UPDATED (b, &cmd->head, row, changes);
	if (was->has.owner_id == HERE && owner_changed (changes)) {
		event.old_owner_id = was->owner_id;
		event.has.old_owner_id = HERE;
	}
	return event;
}

/* A run holds no contact twice, but two contacts may ask for one e-mail: the later one is refused. */
static bool email_asked (const struct contact_row row[], const struct list changes[], size_t n, const struct contact_row *r)
{
	for (size_t i = 0; i < n && r->has.email == HERE; i++)
		if (changes[i].n && row[i].has.email == HERE && uuid_equal (row[i].workspace_id.uuid, r->workspace_id.uuid) &&
		    strcmp (row[i].email, r->email) == 0)
			return true;
	return false;
}

/* What a run of changed contacts becomes. */
struct changed_run {
	struct contact_row *row;
	struct list *changes;
	struct contact_updated *contact;
	struct timeline_entry *entry;
	struct timeline_owner *owner;
	struct contact_late *late;
	struct contact_account *account;
	struct contact_whole *whole;
	size_t rows, owners, lates, accounts, wholes;
};

/* The company that the form names is an account from now on; its change is noted as if the account had been named by its id. */
static void company_joins (struct batch *b, struct changed_run *run, const struct contact_update *cmd, const struct contact_place *was,
			   struct list *changes)
{
	struct arena *a = batch_arena (b);
	const struct contact_row *row = &run->row[run->rows];
	account_id id;
	const char *name;
	if (cmd->has.account_id != ABSENT || cmd->has.company_account != HERE || !cmd->company_account || row->has.company != HERE ||
	    !company_account (b, &cmd->head, row->company, row->has.owner_id, row->owner_id, &id, &name) ||
	    (was->has.account_id == HERE && uuid_equal (was->account_id.uuid, id.uuid)))
		return;
	*changes = changes_new (a, *changes, 2);
	change_note (changes, "account_id", id_said (a, was->has.account_id, was->account_id.uuid), id_said (a, HERE, id.uuid));
	change_note (changes, "account", was->has.account_id == HERE ? SAID (was, account_name) : NULL, name);
	run->account[run->accounts++] = joins (&cmd->head, cmd->contact_id, HERE, id, row->version);
}

/* What no lead says of them, laid upon what was. */
static struct outcome whole_merge (struct batch *b, struct changed_run *run, const struct contact_update *cmd,
				   const struct contact_whole *was, const struct own_fields *fields, struct list *changes)
{
	struct arena *a = batch_arena (b);
	const struct contact_row *row = &run->row[run->rows];
	struct contact_whole said = WHOLE_SAID (cmd);
	size_t n, before = changes->n;
	struct own_field *field = own_fields_about (a, fields, cmd->head.workspace, custom_about_contact, &n);
	*changes = changes_new (a, *changes, whole_changes_most (&said, was));
	struct outcome out = whole_lay (a, field, n, &said, was, row->has.email == HERE ? row->email : NULL,
					row->has.phone == HERE ? row->phone : NULL, false, &run->whole[run->wholes], changes);
	if (is_done (out) && changes->n > before)
		run->wholes++;
	return out;
}

static void changed_take (struct batch *b, struct changed_run *run, const struct contact_update *cmd, const struct contact_place *was,
			  struct list changes)
{
	size_t r = run->rows++;
	const struct contact_row *row = &run->row[r];
	run->changes[r] = changes;
	run->contact[r] = updated_by_hand (b, cmd, was, row, changes);
	run->entry[r] = timeline_with_data (b, &contact_updated_record, &run->contact[r], row->contact_id.uuid, row->has.owner_id,
					    row->owner_id);
	if (owner_changed (changes))
		run->owner[run->owners++] = timeline_owner_of (&run->entry[r]);
	if (cmd->has.account_id != ABSENT && changes_name (changes, "account_id"))
		run->account[run->accounts++] = joins (&cmd->head, cmd->contact_id, cmd->has.account_id, cmd->account_id, row->version);
	if (words_changed (changes))
		run->late[run->lates++] = (struct contact_late){ .workspace_id = row->workspace_id, .late_id = row->contact_id };
}

/* A change to what is there already is done, and says nothing. */
void contact_update (struct batch *b, const struct contact_update cmd[], size_t n, struct outcome ret[])
{
	const struct contact_place *was = contact_update_load (b, cmd, n);
	const struct own_fields fields = own_fields_asked (b, cmd, sizeof *cmd, n);
	struct contact_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct contact_ask){ .workspace_id = { cmd[i].head.workspace }, .contact_id = cmd[i].contact_id };
	const struct contact_whole *whole = contact_whole_load (b, ask, n);
	struct changed_run run = { .row = ARRAY (b, run.row, n),
				   .changes = ARRAY (b, run.changes, n),
				   .contact = ARRAY (b, run.contact, n),
				   .entry = ARRAY (b, run.entry, n),
				   .owner = ARRAY (b, run.owner, n),
				   .late = ARRAY (b, run.late, n),
				   .account = ARRAY (b, run.account, n),
				   .whole = ARRAY (b, run.whole, n) };
	for (size_t i = 0; i < n; i++) {
		struct list changes;
		size_t wholes = run.wholes;
		ret[i] = contact_update_check (&cmd[i], &was[i]);
		if (is_done (ret[i]))
			ret[i] = contact_account_check (batch_arena (b), &cmd[i].head.grant, cmd[i].has.account_id, &was[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].contact_id.uuid;
		ret[i].version = was[i].version;
		contact_merge (batch_arena (b), &cmd[i], &was[i], &run.row[run.rows], &changes);
		struct outcome out = whole_merge (b, &run, &cmd[i], &whole[i], &fields, &changes);
		if (is_done (out) && run.wholes > wholes)
			reach_check (b, &run.whole[wholes], 1, &(size_t){ 0 }, &out);
		if (is_done (out) && email_asked (run.row, run.changes, run.rows, &run.row[run.rows]))
			out = refused (contact_exists);
		if (!is_done (out)) {
			run.wholes = wholes;
			ret[i] = out;
			continue;
		}
		company_joins (b, &run, &cmd[i], &was[i], &changes);
		if (!changes.n)
			continue;
		ret[i].version = run.row[run.rows].version;
		changed_take (b, &run, &cmd[i], &was[i], changes);
	}
	contact_row_write (b, run.row, run.rows);
	contact_account_write (b, run.account, run.accounts);
	wholes_write (b, run.whole, run.wholes);
	contact_late_write (b, run.late, run.lates);
	owners_write (b, run.owner, run.owners);
	timeline_write (b, run.entry, run.rows);
	contact_updated_emit (b, run.contact, run.rows);
}

/* ---- search ---- */

/* A bite at a time, so that nobody waits for long behind it. */
void contact_index (struct batch *b, const struct contact_index cmd[], size_t n, struct outcome ret[])
{
	const struct contact_bite *next = contact_index_load (b, cmd, n);
	struct contact_bite *bite = ARRAY (b, bite, n);
	size_t bites = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = next[i].known ? done () : refused (workspace_not_found);
		if (!is_done (ret[i]))
			continue;
		ret[i].data = next[i].taken == BITE ? "{\"more\":true}" : "{\"more\":false}";
		if (next[i].taken)
			bite[bites++] = next[i];
	}
	contact_page_write (b, bite, bites);
	contact_gram_write (b, bite, bites);
	contact_mark_write (b, bite, bites);
	people_forget (b);
}
