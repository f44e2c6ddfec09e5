/* What people ask of contacts, one function per command, in the order of proto/contacts.def: load, decide, write, emit.
 * Never decides what rules.c can, never tells of a contact the caller may not see. */
#include "rules.h"
#include "memory.h"
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

/* That a contact was made stands in its own row; the timeline reads it there. */
void contact_create (struct batch *b, const struct contact_create cmd[], size_t n, struct outcome ret[])
{
	const struct contact_place *place = contact_create_load (b, cmd, n);
	struct contact_created *contact = ARRAY (b, contact, n);
	struct contact_late *late = ARRAY (b, late, n);
	struct contact_account *account = ARRAY (b, account, n);
	size_t contacts = 0, lates = 0, accounts = 0;
	for (size_t i = 0; i < n; i++) {
		const char *email = cmd[i].has.email == HERE ? email_fold (batch_arena (b), cmd[i].email) : NULL;
		struct contact_created c = {
			.head = head_caused (b, &cmd[i].head),
			.contact_id = cmd[i].contact_id,
			.name = cmd[i].name,
			.first_name = cmd[i].first_name,
			.has.first_name = cmd[i].has.first_name,
			.last_name = cmd[i].last_name,
			.has.last_name = cmd[i].has.last_name,
			.email = email,
			.has.email = email ? HERE : ABSENT,
			.phone = cmd[i].phone,
			.has.phone = cmd[i].has.phone,
			.company = cmd[i].company,
			.has.company = cmd[i].has.company,
		};
		ret[i] = contact_create_check (&cmd[i], &place[i]);
		if (is_done (ret[i]) && email_earlier (contact, contacts, &c))
			ret[i] = refused (contact_exists);
		if (is_done (ret[i]))
			ret[i] = contact_account_check (batch_arena (b), &cmd[i].head.grant, cmd[i].has.account_id, &place[i]);
		if (!is_done (ret[i]))
			continue;
		if (cmd[i].has.account_id == HERE) {
			c.account_id = cmd[i].account_id;
			c.has.account_id = HERE;
			account[accounts++] = joins (&c.head, c.contact_id, HERE, c.account_id, 1);
		}
		c.has.owner_id = contact_owner (&cmd[i], &place[i], &c.owner_id) ? HERE : ABSENT;
		c.number = number_take (b, cmd[i].head.workspace, NUMBER_CONTACT);
		ret[i].id = c.contact_id.uuid;
		ret[i].number = c.number;
		ret[i].version = 1;
		if (stands_on_page (&place[i], c.contact_id)) /* an id may be of another time */
			late[lates++] = (struct contact_late){ .workspace_id = { cmd[i].head.workspace }, .late_id = c.contact_id };
		contact[contacts++] = c;
	}
	contact_created_write (b, contact, contacts);
	contact_account_write (b, account, accounts); /* beside the row: nearly all come with a lead, and name none */
	contact_late_write (b, late, lates);
	contact_created_emit (b, contact, contacts);
}

static struct contact_updated updated_by_hand (struct batch *b, const struct contact_update *cmd, const struct contact_place *was,
					       const struct contact_row *row, struct list changes)
{
	struct contact_updated event = {
		.head = head_caused (b, &cmd->head),
		.contact_id = row->contact_id,
		.version = row->version,
		.name = row->name,
		.company = row->company,
		.has.company = row->has.company,
		.email = row->email,
		.has.email = row->has.email,
		.phone = row->phone,
		.has.phone = row->has.phone,
		.changes = changes,
		.owner_id = row->owner_id,
		.has.owner_id = row->has.owner_id,
	};
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

/* A change to what is there already is done, and says nothing. */
void contact_update (struct batch *b, const struct contact_update cmd[], size_t n, struct outcome ret[])
{
	const struct contact_place *was = contact_update_load (b, cmd, n);
	struct contact_row *row = ARRAY (b, row, n);
	struct list *changes = ARRAY (b, changes, n);
	struct contact_updated *contact = ARRAY (b, contact, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	struct contact_late *late = ARRAY (b, late, n);
	struct contact_account *account = ARRAY (b, account, n);
	size_t rows = 0, owners = 0, lates = 0, accounts = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = contact_update_check (&cmd[i], &was[i]);
		if (is_done (ret[i]))
			ret[i] = contact_account_check (batch_arena (b), &cmd[i].head.grant, cmd[i].has.account_id, &was[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].contact_id.uuid;
		ret[i].version = was[i].version;
		if (!contact_merge (batch_arena (b), &cmd[i], &was[i], &row[rows], &changes[rows]))
			continue;
		if (email_asked (row, changes, rows, &row[rows])) {
			ret[i] = refused (contact_exists);
			continue;
		}
		contact[rows] = updated_by_hand (b, &cmd[i], &was[i], &row[rows], changes[rows]);
		entry[rows] = timeline_with_data (b, &contact_updated_record, &contact[rows], row[rows].contact_id.uuid,
						  row[rows].has.owner_id, row[rows].owner_id);
		if (owner_changed (changes[rows]))
			owner[owners++] = timeline_owner_of (&entry[rows]);
		if (changes_name (changes[rows], "account_id"))
			account[accounts++] = joins (&cmd[i].head, cmd[i].contact_id, cmd[i].has.account_id, cmd[i].account_id,
						     row[rows].version);
		if (words_changed (changes[rows]))
			late[lates++] = (struct contact_late){ .workspace_id = row[rows].workspace_id, .late_id = row[rows].contact_id };
		ret[i].version = row[rows++].version;
	}
	contact_row_write (b, row, rows);
	contact_account_write (b, account, accounts);
	contact_late_write (b, late, lates);
	timeline_owner_write (b, owner, owners);
	activity_owner_write (b, owner, owners);
	linked_owner_write (b, owner, owners);
	fact_owner_write (b, owner, owners);
	room_owner_write (b, owner, owners);
	timeline_write (b, entry, rows);
	contact_updated_emit (b, contact, rows);
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
