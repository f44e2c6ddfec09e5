/* One thing done to many contacts or accounts, and putting back what an action did: a handful of the very changes that people do one by one, in one statement.
 * Never half of a command: what refuses one lets the others go on; never puts back what somebody changed since. */
#include "accounts.h"
#include "clock.h"
#include "people.h"
#include "rules.h"
#include "contacts_sql.h"

#include <stdlib.h>
#include <string.h>

/* ---- which, and what ---- */

static int type_named (const char *name)
{
	for (int i = 0; i < contact_type_count; i++)
		if (strcmp (contact_type_names[i], name) == 0)
			return i;
	return -1;
}

/* What an action needs to be told, as a change of one contact takes it. */
static struct outcome value_read (struct arena *a, enum people_action action, unsigned char has, const char *value,
				  struct contact_update *ret)
{
	int type;
	*ret = (struct contact_update){ 0 };
	switch (action) {
	case people_action_owner:
		if (has == ABSENT || (has == HERE && uuid_parse (value, &ret->owner_id.uuid) != OK))
			return refused_at (a, "/value", "not_an_id", "whose they are from now on, or null");
		ret->has.owner_id = has;
		return done ();
	case people_action_type:
		type = has == HERE ? type_named (value) : -1;
		if (type < 0)
			return refused_at (a, "/value", "not_a_choice", "customer, contractor, vendor, partner or other");
		ret->type = (enum contact_type) type;
		ret->has.type = HERE;
		return done ();
	case people_action_status:
		if (has == ABSENT)
			return refused_at (a, "/value", "required", "which status, or null");
		ret->status = value;
		ret->has.status = has;
		return done ();
	case people_action_tag:
	case people_action_untag: return has == HERE ? done () : refused_at (a, "/value", "required", "the tag's id");
	case people_action_archive:
	case people_action_reactivate:
	case people_action_delete:
	case people_action_restore:
	case people_action_count: break;
	}
	return done ();
}

/* ---- done, and written down ---- */

struct bulk {
	enum record_kind about; /* an account's id stands where a contact's does */
	const struct head *head;
	struct uuid batch;
	const contact_id *id;
	size_t n;
	struct outcome *out;
	bool *did;
	struct batch_change *change;
	size_t changes;
};

static void note (struct bulk *k, contact_id id, const char *field, const char *old, const char *became)
{
	k->change[k->changes++] = (struct batch_change){ .workspace_id = { k->head->workspace },
							 .batch_id = { k->batch },
							 .about = k->about,
							 .record_id = { id.uuid },
							 .field = field,
							 .old = old,
							 .has.old = old ? HERE : ABSENT,
							 .became = became,
							 .has.became = became ? HERE : ABSENT };
}

static const char *owner_text (struct arena *a, unsigned char has, user_id owner)
{
	char text[UUID_TEXT];
	return has == HERE ? arena_text (a, uuid_format (owner.uuid, text)) : NULL;
}

static void note_update (struct arena *a, struct bulk *k, const struct contact_whole *was, const struct contact_update *what, contact_id id)
{
	if (what->has.owner_id != ABSENT)
		note (k, id, "owner_id", owner_text (a, was->has.owner_id, was->owner_id),
		      owner_text (a, what->has.owner_id, what->owner_id));
	else if (what->has.type == HERE)
		note (k, id, "type", contact_type_names[was->type], contact_type_names[what->type]);
	else
		note (k, id, "status", was->has.status == HERE ? was->status : NULL,
		      what->has.status == HERE && *what->status ? what->status : NULL);
}

static const struct contact_whole *wholes_of (struct batch *b, const struct bulk *k)
{
	struct contact_ask *ask = ARRAY (b, ask, k->n);
	for (size_t i = 0; i < k->n; i++)
		ask[i] = (struct contact_ask){ .workspace_id = { k->head->workspace }, .contact_id = k->id[i] };
	return contact_whole_load (b, ask, k->n);
}

/* A contact's version says whether anything was done to it: what is so already is done, and says nothing. */
static void bulk_update (struct batch *b, struct bulk *k, const struct contact_update *what)
{
	struct contact_update *update = ARRAY (b, update, k->n);
	const struct contact_whole *was = wholes_of (b, k);
	for (size_t i = 0; i < k->n; i++) {
		update[i] = *what;
		update[i].head = *k->head;
		update[i].contact_id = k->id[i];
		update[i].has.contact_id = HERE;
	}
	contact_update (b, update, k->n, k->out);
	for (size_t i = 0; i < k->n; i++) {
		k->did[i] = is_done (k->out[i]) && k->out[i].version != was[i].version;
		if (k->did[i])
			note_update (batch_arena (b), k, &was[i], what, k->id[i]);
	}
}

static void bulk_state (struct batch *b, struct bulk *k, enum people_action action)
{
	bool archive = action == people_action_archive || action == people_action_reactivate;
	bool on = action == people_action_archive || action == people_action_delete;
	struct state_ask *ask = ARRAY (b, ask, k->n);
	for (size_t i = 0; i < k->n; i++)
		ask[i] = (struct state_ask){ .head = k->head, .id = k->id[i] };
	contacts_state (b, ask, k->n, action, k->out, k->did);
	for (size_t i = 0; i < k->n; i++)
		if (k->did[i])
			note (k, k->id[i], archive ? "archived" : "removed", on ? NULL : "true", on ? "true" : NULL);
}

static void bulk_accounts (struct batch *b, struct bulk *k, enum people_action action, const struct contact_update *what)
{
	struct arena *a = batch_arena (b);
	bool archive = action == people_action_archive || action == people_action_reactivate;
	bool on = action == people_action_archive || action == people_action_delete;
	struct uuid *id = ARRAY (b, id, k->n);
	for (size_t i = 0; i < k->n; i++)
		id[i] = k->id[i].uuid;
	const struct account_row *was = accounts_do (b, k->head, id, k->n, action, what->has.owner_id, what->owner_id, k->out, k->did);
	for (size_t i = 0; i < k->n; i++)
		if (k->did[i] && action == people_action_owner)
			note (k, k->id[i], "owner_id", owner_text (a, was[i].has.owner_id, was[i].owner_id),
			      owner_text (a, what->has.owner_id, what->owner_id));
		else if (k->did[i])
			note (k, k->id[i], archive ? "archived" : "removed", on ? NULL : "true", on ? "true" : NULL);
}

/* ---- tags ---- */

/* A contact's tags as JSON, in the order of their ids, `tag` among them or not. */
static const char *tags_text (struct arena *a, const struct tagged_row *row, size_t n, struct uuid contact, const struct uuid *tag, bool on)
{
	struct uuid *list = arena_array (a, n + 1, sizeof *list);
	size_t tags = 0;
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (row[i].record_id.uuid, contact) && row[i].has.tag_id == HERE &&
		    !(tag && uuid_equal (row[i].tag_id.uuid, *tag)))
			list[tags++] = row[i].tag_id.uuid;
	if (tag && on)
		list[tags++] = *tag;
	qsort (list, tags, sizeof *list, id_order);
	const char *ret = "[";
	char text[UUID_TEXT];
	for (size_t i = 0; i < tags; i++)
		ret = arena_printf (a, "%s%s\"%s\"", ret, i ? ", " : "", uuid_format (list[i], text));
	return arena_printf (a, "%s]", ret);
}

/* Each contact or account bears what `tags` says of it from now on. */
static void tags_lay (struct batch *b, const struct head *head, enum record_kind about, const contact_id id[], const char *const tags[],
		      size_t n, struct outcome out[])
{
	struct account_tag *firm = ARRAY (b, firm, n);
	for (size_t i = 0; i < n; i++)
		firm[i] = (struct account_tag){
			.head = *head, .account_id = { id[i].uuid }, .has.account_id = HERE, .tags = tags[i], .has.tags = HERE
		};
	if (about == record_kind_account) {
		account_tag (b, firm, n, out);
		return;
	}
	struct contact_tag *cmd = ARRAY (b, cmd, n);
	for (size_t i = 0; i < n; i++)
		cmd[i] = (struct contact_tag){
			.head = *head, .contact_id = id[i], .has.contact_id = HERE, .tags = tags[i], .has.tags = HERE
		};
	contact_tag (b, cmd, n, out);
}

static void bulk_tag (struct batch *b, struct bulk *k, const char *value, bool on)
{
	struct arena *a = batch_arena (b);
	struct tagged_row *ask = ARRAY (b, ask, k->n);
	const char **tags = ARRAY (b, tags, k->n);
	struct uuid tag;
	size_t rows;
	for (size_t i = 0; i < k->n; i++)
		ask[i] = (struct tagged_row){ .workspace_id = { k->head->workspace }, .record_id = { k->id[i].uuid } };
	if (uuid_parse (value, &tag) != OK) {
		for (size_t i = 0; i < k->n; i++)
			k->out[i] = refused_at (a, "/value", "not_an_id", "the tag's id");
		return;
	}
	const struct tagged_row *now = tagged_now (b, ask, k->n, &rows);
	for (size_t i = 0; i < k->n; i++)
		tags[i] = tags_text (a, now, rows, k->id[i].uuid, &tag, on);
	tags_lay (b, k->head, k->about, k->id, tags, k->n, k->out);
	for (size_t i = 0; i < k->n; i++) {
		const char *old = tags_text (a, now, rows, k->id[i].uuid, NULL, false);
		k->did[i] = is_done (k->out[i]) && strcmp (old, tags[i]) != 0;
		if (k->did[i])
			note (k, k->id[i], "tags", old, tags[i]);
	}
}

/* ---- the command ---- */

static const char *json_told (struct arena *a, json_t *told)
{
	size_t length = json_dumpb (told, NULL, 0, JSON_COMPACT);
	char *ret = arena_alloc (a, length + 1);
	json_dumpb (told, ret, length, JSON_COMPACT);
	json_decref (told);
	return ret;
}

static const char *bulk_told (struct arena *a, const struct bulk *k)
{
	char text[UUID_TEXT];
	json_t *refusals = json_array ();
	size_t dones = 0, skips = 0;
	for (size_t i = 0; i < k->n; i++) {
		dones += is_done (k->out[i]) && k->did[i];
		skips += is_done (k->out[i]) && !k->did[i];
		if (!is_done (k->out[i]))
			json_array_append_new (refusals, json_pack ("{s:s, s:s}", "id", uuid_format (k->id[i].uuid, text), "code",
								    error_code (k->out[i].error)));
	}
	return json_told (a, json_pack ("{s:s, s:I, s:I, s:o}", "batch_id", uuid_format (k->batch, text), "done", (json_int_t) dones,
					"skipped", (json_int_t) skips, "refused", refusals));
}

static struct bulk bulk_new (struct batch *b, enum record_kind about, const struct head *head, struct uuid batch, const contact_id id[],
			     size_t n)
{
	return (struct bulk){ .about = about,
			      .head = head,
			      .batch = batch,
			      .id = id,
			      .n = n,
			      .out = ARRAY (b, (struct outcome *) NULL, n),
			      .did = ARRAY (b, (bool *) NULL, n),
			      .change = ARRAY (b, (struct batch_change *) NULL, n) };
}

static void bulk_contacts (struct batch *b, struct bulk *k, const struct contact_bulk *cmd, const struct contact_update *what)
{
	switch (cmd->action) {
	case people_action_owner:
	case people_action_type:
	case people_action_status: bulk_update (b, k, what); break;
	case people_action_tag:
	case people_action_untag: bulk_tag (b, k, cmd->value, cmd->action == people_action_tag); break;
	case people_action_archive:
	case people_action_reactivate:
	case people_action_delete:
	case people_action_restore: bulk_state (b, k, cmd->action); break;
	case people_action_count: break;
	}
}

static struct outcome bulk_one (struct batch *b, enum record_kind about, const struct contact_bulk *cmd)
{
	struct contact_update what;
	struct uuid *ids = NULL;
	size_t n = 0;
	struct outcome ret = cmd->has.ids == HERE ? ids_read (batch_arena (b), cmd->ids, &ids, &n)
						  : refused_at (batch_arena (b), "/ids", "required", "this field is required");
	if (is_done (ret))
		ret = value_read (batch_arena (b), cmd->action, cmd->has.value, cmd->value, &what);
	if (is_done (ret) && about == record_kind_account && (cmd->action == people_action_type || cmd->action == people_action_status))
		ret = refused_at (batch_arena (b), "/action", "not_a_choice", "of contacts alone");
	if (!is_done (ret))
		return ret;
	struct bulk k = bulk_new (b, about, &cmd->head, cmd->batch_id.uuid, (contact_id *) ids, n);
	bool firms = about == record_kind_account && cmd->action != people_action_tag && cmd->action != people_action_untag;
	if (firms)
		bulk_accounts (b, &k, cmd->action, &what);
	else
		bulk_contacts (b, &k, cmd, &what);
	batch_change_write (b, k.change, k.changes);
	ret.data = bulk_told (batch_arena (b), &k);
	return ret;
}
/* One command after the other: each sees what the one before it left. */
void contact_bulk (struct batch *b, const struct contact_bulk cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = bulk_one (b, record_kind_contact, &cmd[i]);
}

void account_bulk (struct batch *b, const struct account_bulk cmd[], size_t n, struct outcome ret[])
{
	static_assert (sizeof (struct account_bulk) == sizeof (struct contact_bulk), "one says what the other does");
	for (size_t i = 0; i < n; i++)
		ret[i] = bulk_one (b, record_kind_account, (const struct contact_bulk *) (const void *) &cmd[i]);
}

/* ---- putting back ---- */

static const char *kept_why (const struct people_part *part)
{
	bool same = part->has.became == part->has.now && (part->has.now != HERE || strcmp (part->became, part->now) == 0);
	if (part->has.number != HERE)
		return "gone";
	if (!same)
		return "changed";
	return part->has.trashed == HERE && part->trashed && strcmp (part->field, "removed") != 0 ? "trashed" : NULL;
}

static void kept_note (json_t *kept, const struct people_part *part, const char *why)
{
	char id[UUID_TEXT], at[TIME_TEXT], by[UUID_TEXT];
	json_t *one = json_pack ("{s:s, s:I, s:s, s:s}", "id", uuid_format (part->record_id.uuid, id), "number",
				 (json_int_t) (part->has.number == HERE ? part->number : 0), "field", part->field, "why", why);
	if (part->has.later_at == HERE)
		json_object_set_new (one, "at", json_string (time_format (part->later_at, at)));
	if (part->has.later_by == HERE)
		json_object_set_new (one, "by", json_string (uuid_format (part->later_by.uuid, by)));
	json_array_append_new (kept, one);
}

/* One field of an account, as it was. */
static struct outcome firm_back (struct batch *b, const struct head *head, const struct people_part *part)
{
	bool was = part->has.old == HERE, did, archive = strcmp (part->field, "archived") == 0;
	enum people_action action = strcmp (part->field, "owner_id") == 0 ? people_action_owner
				    : archive				  ? (was ? people_action_archive : people_action_reactivate)
									  : (was ? people_action_delete : people_action_restore);
	struct uuid id = part->record_id.uuid;
	user_id owner = { 0 };
	struct outcome out = done ();
	if (action == people_action_owner && was && uuid_parse (part->old, &owner.uuid) != OK)
		return refused (not_found);
	accounts_do (b, head, &id, 1, action, was ? HERE : CLEARED, owner, &out, &did);
	return out;
}

/* One field of one contact, as it was. */
static struct outcome part_back (struct batch *b, const struct head *head, const struct people_part *part)
{
	contact_id id = { part->record_id.uuid };
	struct contact_update cmd = { .head = *head, .contact_id = id, .has.contact_id = HERE };
	struct state_ask ask = { .head = head, .id = id };
	struct outcome out = done ();
	bool did;
	const char *field = part->field, *tags = part->old;
	unsigned char has = part->has.old == HERE ? HERE : CLEARED;
	if (part->about == record_kind_account && strcmp (field, "tags") != 0)
		return firm_back (b, head, part);
	if (strcmp (field, "archived") == 0)
		contacts_state (b, &ask, 1, has == HERE ? people_action_archive : people_action_reactivate, &out, &did);
	else if (strcmp (field, "removed") == 0)
		contacts_state (b, &ask, 1, has == HERE ? people_action_delete : people_action_restore, &out, &did);
	else if (strcmp (field, "tags") == 0)
		tags_lay (b, head, part->about, &id, &tags, 1, &out);
	else if (strcmp (field, "owner_id") == 0 || strcmp (field, "type") == 0 || strcmp (field, "status") == 0) {
		enum people_action action = strcmp (field, "owner_id") == 0 ? people_action_owner
					    : strcmp (field, "type") == 0   ? people_action_type
									    : people_action_status;
		out = value_read (batch_arena (b), action, has, part->old, &cmd);
		cmd.head = *head;
		cmd.contact_id = id;
		cmd.has.contact_id = HERE;
		if (is_done (out))
			contact_update (b, &cmd, 1, &out);
	}
	return out;
}

enum { UNDO_BITE = 200 }; /* rows of people_undo_load */

static struct outcome undo_one (struct batch *b, const struct people_undo *cmd)
{
	size_t n, undone = 0;
	char text[UUID_TEXT];
	const struct people_part *part = people_undo_load (b, cmd, 1, &n);
	if (!n && cmd->has.after_id != HERE)
		return refused (not_found);
	json_t *kept = json_array ();
	for (size_t i = 0; i < n; i++) {
		if (part[i].has.number == HERE && !grant_covers (&cmd->head.grant, &part[i].owner_id))
			continue; /* what you may not see is not told of, and stays */
		const char *why = kept_why (&part[i]);
		if (!why && !is_done (part_back (b, &cmd->head, &part[i])))
			why = "refused";
		if (why)
			kept_note (kept, &part[i], why);
		else
			undone++;
		if (!why && part[i].has.owner_left == HERE && part[i].owner_left)
			kept_note (kept, &part[i], "owner_left"); /* nobody's, then */
	}
	json_t *told = json_pack ("{s:s, s:I, s:o}", "batch_id", uuid_format (cmd->batch_id.uuid, text), "undone", (json_int_t) undone,
				  "kept", kept);
	json_object_set_new (told, "next", n == UNDO_BITE ? json_string (uuid_format (part[n - 1].record_id.uuid, text)) : json_null ());
	struct outcome ret = done ();
	ret.data = json_told (batch_arena (b), told);
	return ret;
}

void people_undo (struct batch *b, const struct people_undo cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = undo_one (b, &cmd[i]);
}
