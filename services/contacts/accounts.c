/* Companies: commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never decides what rules_accounts.c can, never tells of an account the caller may not see. */
#include "accounts.h"
#include "notices.h"
#include "people.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <stddef.h>
#include <string.h>
#include "charset.h"

struct account_created account_is_new (struct batch *b, const struct head *cause, const struct account_row *row)
{
	return (struct account_created){
		.head = head_caused (b, cause),
		.account_id = row->account_id,
		.number = row->number,
		.name = row->name,
		.industry = row->industry,
		.has.industry = row->has.industry,
		.phone = row->phone,
		.has.phone = row->has.phone,
		.city = row->city,
		.has.city = row->has.city,
		.annual_revenue = row->annual_revenue,
		.has.annual_revenue = row->has.annual_revenue,
		.lifecycle = row->lifecycle,
		.owner_id = row->owner_id,
		.has.owner_id = row->has.owner_id,
		.onboarding_status = row->onboarding_status,
		.has.onboarding_status = row->has.onboarding_status,
#define SAYS(field) .field = row->field, .has.field = row->has.field
		SAYS (website),
		SAYS (email),
		SAYS (address),
		SAYS (postcode),
		SAYS (country),
		SAYS (registration_no),
		SAYS (vat_no),
		SAYS (account_type),
		SAYS (notes),
		SAYS (custom),
#undef SAYS
	};
}

struct account_updated account_is_other (struct batch *b, const struct head *cause, const struct account_row *was,
					 const struct account_row *row, struct list changes)
{
	bool handed = owner_changed (changes) && was->has.owner_id == HERE;
	return (struct account_updated){
		.head = head_caused (b, cause),
		.account_id = row->account_id,
		.version = row->version,
		.name = row->name,
		.lifecycle = row->lifecycle,
		.changes = changes,
		.owner_id = row->owner_id,
		.has.owner_id = row->has.owner_id,
		.old_owner_id = was->owner_id,
		.has.old_owner_id = handed ? HERE : ABSENT,
		.onboarding_status = row->onboarding_status,
		.has.onboarding_status = row->has.onboarding_status,
		.roles = row->roles,
		.has.roles = row->has.roles,
	};
}

void accounts_make (struct batch *b, const struct account_row row[], const struct account_created event[], size_t n)
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++)
		entry[i] = timeline_with_data (b, &account_created_record, &event[i], row[i].account_id.uuid, row[i].has.owner_id,
					       row[i].owner_id);
	account_insert (b, row, n);
	timeline_write (b, entry, n);
	account_created_emit (b, event, n);
}

void accounts_change (struct batch *b, const struct account_row row[], const struct account_updated event[], size_t n)
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	size_t owners = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &account_updated_record, &event[i], row[i].account_id.uuid, row[i].has.owner_id,
					       row[i].owner_id);
		if (owner_changed (event[i].changes))
			owner[owners++] = timeline_owner_of (&entry[i]);
	}
	account_write (b, row, n);
	owners_write (b, owner, owners);
	timeline_write (b, entry, n);
	account_updated_emit (b, event, n);
}

static struct gift gift_of (const struct head *cause, const struct account_row *row)
{
	return (struct gift){ .cause = cause,
			      .to = row->owner_id,
			      .has_to = row->has.owner_id,
			      .about = record_kind_account,
			      .record = row->account_id.uuid,
			      .title = row->name };
}

/* Two of one name in a run: the statement saw neither, so the later one is refused here. */
static bool name_earlier (const struct account_row row[], size_t n, const struct account_row *r)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (row[i].workspace_id.uuid, r->workspace_id.uuid) &&
		    !uuid_equal (row[i].account_id.uuid, r->account_id.uuid) && text_same (row[i].name, r->name))
			return true;
	return false;
}

void account_create (struct batch *b, const struct account_create cmd[], size_t n, struct outcome ret[])
{
	struct account_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct account_ask){ .workspace_id = { cmd[i].head.workspace },
					       .account_id = cmd[i].account_id,
					       .name = name_trim (batch_arena (b), cmd[i].name),
					       .has.name = HERE };
	const struct account_row *was = account_load (b, ask, n);
	const struct own_fields fields = own_fields_asked (b, cmd, sizeof *cmd, n);
	struct account_row *row = ARRAY (b, row, n);
	struct account_created *made = ARRAY (b, made, n);
	struct gift *gift = ARRAY (b, gift, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		size_t own;
		const struct own_field *field = own_fields_about (batch_arena (b), &fields, cmd[i].head.workspace, custom_about_account,
								  &own);
		ret[i] = account_create_check (batch_arena (b), &cmd[i], &was[i], field, own, &row[rows]);
		if (is_done (ret[i]) && name_earlier (row, rows, &row[rows]))
			ret[i] = refused (account_exists);
		if (!is_done (ret[i]))
			continue;
		row[rows].number = number_take (b, cmd[i].head.workspace, NUMBER_ACCOUNT);
		ret[i].id = cmd[i].account_id.uuid;
		ret[i].number = row[rows].number;
		ret[i].version = 1;
		made[rows] = account_is_new (b, &cmd[i].head, &row[rows]);
		gift[rows] = gift_of (&cmd[i].head, &row[rows]);
		rows++;
	}
	accounts_make (b, row, made, rows);
	gifts_ring (b, gift, rows);
}

/* A change to what is there already is done, and says nothing. */
void account_update (struct batch *b, const struct account_update cmd[], size_t n, struct outcome ret[])
{
	struct account_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct account_ask){ .workspace_id = { cmd[i].head.workspace },
					       .account_id = cmd[i].account_id,
					       .name = cmd[i].has.name == HERE ? name_trim (batch_arena (b), cmd[i].name) : NULL,
					       .has.name = cmd[i].has.name == HERE ? HERE : ABSENT,
					       .contact_id = cmd[i].primary_contact_id,
					       .has.contact_id = cmd[i].has.primary_contact_id == HERE ? HERE : ABSENT };
	const struct account_row *was = account_load (b, ask, n);
	const struct own_fields fields = own_fields_asked (b, cmd, sizeof *cmd, n);
	struct account_row *row = ARRAY (b, row, n);
	struct account_updated *changed = ARRAY (b, changed, n);
	struct gift *gift = ARRAY (b, gift, n);
	size_t rows = 0, gifts = 0;
	for (size_t i = 0; i < n; i++) {
		struct list changes = { 0 };
		size_t own;
		const struct own_field *field = own_fields_about (batch_arena (b), &fields, cmd[i].head.workspace, custom_about_account,
								  &own);
		ret[i] = account_merge (batch_arena (b), &cmd[i], &was[i], field, own, &row[rows], &changes);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].account_id.uuid;
		ret[i].version = was[i].version;
		if (!changes.n)
			continue;
		if (name_earlier (row, rows, &row[rows])) {
			ret[i] = refused (account_exists);
			continue;
		}
		changed[rows] = account_is_other (b, &cmd[i].head, &was[i], &row[rows], changes);
		if (owner_changed (changes))
			gift[gifts++] = gift_of (&cmd[i].head, &row[rows]);
		ret[i].version = row[rows++].version;
	}
	accounts_change (b, row, changed, rows);
	gifts_ring (b, gift, gifts);
}

void account_assign (struct batch *b, const struct account_assign cmd[], size_t n, struct outcome ret[])
{
	struct account_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct account_ask){ .workspace_id = { cmd[i].head.workspace }, .account_id = cmd[i].account_id };
	const struct account_row *was = account_load (b, ask, n);
	struct account_row *row = ARRAY (b, row, n);
	struct account_updated *changed = ARRAY (b, changed, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct list changes = { 0 };
		ret[i] = account_assign_merge (batch_arena (b), &cmd[i], &was[i], &row[rows], &changes);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].account_id.uuid;
		ret[i].version = was[i].version;
		if (!changes.n)
			continue;
		changed[rows] = account_is_other (b, &cmd[i].head, &was[i], &row[rows], changes);
		ret[i].version = row[rows++].version;
	}
	accounts_change (b, row, changed, rows);
}

/* ---- out of the lists, into the trash, and back ---- */

static const struct account_row *rows_load (struct batch *b, const void *cmd, size_t size, size_t id_at, size_t n, bool trashed)
{
	struct account_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		const char *item = (const char *) cmd + i * size;
		ask[i].workspace_id.uuid = ((const struct head *) (const void *) item)->workspace;
		memcpy (&ask[i].account_id, item + id_at, sizeof ask[i].account_id);
		ask[i].trashed = trashed;
		ask[i].has.trashed = HERE;
	}
	return account_load (b, ask, n);
}
#define LOAD(type, trashed) rows_load (b, cmd, sizeof (struct type), offsetof (struct type, account_id), n, trashed)

static struct outcome done_at (const struct account_row *row)
{
	struct outcome ret = done ();
	ret.id = row->account_id.uuid;
	ret.version = row->version;
	return ret;
}

/* Archived or back; whether it was otherwise before, and is to be said. */
static bool is_shelved (struct batch *b, const struct head *cause, const struct account_row *was, bool away, struct account_row *row,
			struct account_updated *event, struct outcome *ret)
{
	bool other = account_shelve (was, away, cause->at, row);
	*ret = done_at (other ? row : was);
	if (other)
		*event = account_is_other (b, cause, was, row, account_compare (batch_arena (b), was, row));
	return other;
}

/* What is archived already is done, and says nothing; so is what is thrown away already. */
void account_archive (struct batch *b, const struct account_archive cmd[], size_t n, struct outcome ret[])
{
	const struct account_row *was = LOAD (account_archive, false);
	struct account_row *row = ARRAY (b, row, n);
	struct account_updated *event = ARRAY (b, event, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = account_seen (&cmd[i].head, &was[i], cmd[i].has.version, cmd[i].version);
		if (is_done (ret[i]))
			rows += is_shelved (b, &cmd[i].head, &was[i], true, &row[rows], &event[rows], &ret[i]);
	}
	accounts_change (b, row, event, rows);
}

void account_reactivate (struct batch *b, const struct account_reactivate cmd[], size_t n, struct outcome ret[])
{
	const struct account_row *was = LOAD (account_reactivate, false);
	struct account_row *row = ARRAY (b, row, n);
	struct account_updated *event = ARRAY (b, event, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = account_seen (&cmd[i].head, &was[i], cmd[i].has.version, cmd[i].version);
		if (is_done (ret[i]))
			rows += is_shelved (b, &cmd[i].head, &was[i], false, &row[rows], &event[rows], &ret[i]);
	}
	accounts_change (b, row, event, rows);
}

void accounts_throw (struct batch *b, const struct account_row row[], const struct head *const cause[], size_t n)
{
	struct account_trashed *event = ARRAY (b, event, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		event[i] = (struct account_trashed){ .head = head_caused (b, cause[i]),
						     .account_id = row[i].account_id,
						     .version = row[i].version,
						     .name = row[i].name,
						     .owner_id = row[i].owner_id,
						     .has.owner_id = row[i].has.owner_id };
		entry[i] = timeline_with_data (b, &account_trashed_record, &event[i], row[i].account_id.uuid, row[i].has.owner_id,
					       row[i].owner_id);
	}
	account_write (b, row, n);
	account_away_write (b, row, n);
	timeline_write (b, entry, n);
	account_trashed_emit (b, event, n);
}

void accounts_bring_back (struct batch *b, const struct account_row row[], const struct head *const cause[], size_t n)
{
	struct account_restored *event = ARRAY (b, event, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		event[i] = (struct account_restored){ .head = head_caused (b, cause[i]),
						      .account_id = row[i].account_id,
						      .version = row[i].version,
						      .name = row[i].name,
						      .lifecycle = row[i].lifecycle,
						      .owner_id = row[i].owner_id,
						      .onboarding_status = row[i].onboarding_status,
						      .roles = row[i].roles,
						      .has = { .owner_id = row[i].has.owner_id,
							       .onboarding_status = row[i].has.onboarding_status,
							       .roles = row[i].has.roles } };
		entry[i] = timeline_with_data (b, &account_restored_record, &event[i], row[i].account_id.uuid, row[i].has.owner_id,
					       row[i].owner_id);
	}
	account_write (b, row, n);
	account_away_drop (b, row, n);
	timeline_write (b, entry, n);
	account_restored_emit (b, event, n);
}

void account_trash (struct batch *b, const struct account_trash cmd[], size_t n, struct outcome ret[])
{
	const struct account_row *was = LOAD (account_trash, true);
	struct account_row *row = ARRAY (b, row, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = account_seen (&cmd[i].head, &was[i], cmd[i].has.version, cmd[i].version);
		if (!is_done (ret[i]))
			continue;
		bool other = account_throw (&was[i], true, &cmd[i].head, &row[rows]);
		ret[i] = done_at (other ? &row[rows] : &was[i]);
		if (other)
			cause[rows++] = &cmd[i].head;
	}
	accounts_throw (b, row, cause, rows);
}

/* Where another one bears its name by now, it stays where it is. */
void account_restore (struct batch *b, const struct account_restore cmd[], size_t n, struct outcome ret[])
{
	const struct account_row *was = LOAD (account_restore, true);
	struct account_row *row = ARRAY (b, row, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = account_seen (&cmd[i].head, &was[i], ABSENT, 0);
		if (is_done (ret[i]) && was[i].has.removed_at == HERE && (was[i].has.taken_id == HERE || name_earlier (row, rows, &was[i])))
			ret[i] = refused (account_exists);
		if (!is_done (ret[i]))
			continue;
		bool other = account_throw (&was[i], false, &cmd[i].head, &row[rows]);
		ret[i] = done_at (other ? &row[rows] : &was[i]);
		if (other)
			cause[rows++] = &cmd[i].head;
	}
	accounts_bring_back (b, row, cause, rows);
}

/* Clients too: whoever leaves leaves them to somebody, and what they were to others'. */
void accounts_hand_over (struct batch *b, const struct member_handed_over *over)
{
	size_t n;
	const struct account_row *was = accounts_of_member (b, over, 1, &n);
	struct account_row *row = ARRAY (b, row, n);
	struct account_updated *changed = ARRAY (b, changed, n);
	for (size_t i = 0; i < n; i++) {
		row[i] = was[i];
		row[i].version++;
		account_hand_over (batch_arena (b), &row[i], over->user_id, over->to_id);
		changed[i] = account_is_other (b, &over->head, &was[i], &row[i], account_compare (batch_arena (b), &was[i], &row[i]));
	}
	accounts_change (b, row, changed, n);
}
