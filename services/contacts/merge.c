/* Merging, and taking it back: commands, one function each; load, decide, write, emit. One merge at a time: the next of a batch meets the last.
 * Never moves a row that is not written down, never says more than was moved. */
#include "merge.h"
#include "memory.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <jansson.h>
#include <stdlib.h>

/* ---- what came of it, as SQL says it ---- */

static const char *text_of (struct batch *b, const json_t *o, const char *name, unsigned char *ret_has)
{
	const char *text = json_string_value (json_object_get (o, name));
	if (ret_has)
		*ret_has = text ? HERE : ABSENT;
	return text ? arena_text (batch_arena (b), text) : NULL;
}

static const char *json_of (struct batch *b, const json_t *o, const char *name, unsigned char *ret_has)
{
	json_t *part = json_object_get (o, name);
	char *text = part ? json_dumps (part, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	const char *ret = text ? arena_text (batch_arena (b), text) : NULL;
	*ret_has = text ? HERE : ABSENT;
	free (text);
	return ret;
}

static user_id user_of (const json_t *o, const char *name, unsigned char *ret_has)
{
	user_id ret = { 0 };
	const char *text = json_string_value (json_object_get (o, name));
	*ret_has = text && uuid_parse (text, &ret.uuid) == OK ? HERE : ABSENT;
	return ret;
}

static struct list changes_of (struct batch *b, const json_t *result)
{
	json_t *said = json_object_get (result, "changes"), *one;
	struct change *change = ARRAY (b, change, json_array_size (said));
	size_t i;
	json_array_foreach (said, i, one)
	{
		change[i].field = text_of (b, one, "field", NULL);
		change[i].old = text_of (b, one, "old", &change[i].has.old);
		change[i].new = text_of (b, one, "new", &change[i].has.new);
	}
	return (struct list){ change, json_array_size (said) };
}

static int64_t number_of (const json_t *o, const char *name)
{
	return json_integer_value (json_object_get (o, name));
}

/* ---- the survivor's own change: what hears of it hears of it as of any other ---- */

static void contact_changed_say (struct batch *b, const struct head *cause, contact_id id, int64_t version, const json_t *result)
{
	const json_t *row = json_object_get (result, "row");
	struct contact_updated said = {
		.head = head_caused (b, cause), .contact_id = id, .version = version, .changes = changes_of (b, result)
	};
	said.name = text_of (b, row, "name", NULL);
	said.company = text_of (b, row, "company", &said.has.company);
	said.email = text_of (b, row, "email", &said.has.email);
	said.phone = text_of (b, row, "phone", &said.has.phone);
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	if (!said.changes.n)
		return;
	struct timeline_entry entry = timeline_with_data (b, &contact_updated_record, &said, id.uuid, said.has.owner_id, said.owner_id);
	if (owner_changed (said.changes)) {
		struct timeline_owner owner = timeline_owner_of (&entry);
		owners_write (b, &owner, 1);
	}
	timeline_write (b, &entry, 1);
	contact_updated_emit (b, &said, 1);
}

static void account_changed_say (struct batch *b, const struct head *cause, account_id id, int64_t version, const json_t *result)
{
	const json_t *row = json_object_get (result, "row");
	struct account_updated said = {
		.head = head_caused (b, cause), .account_id = id, .version = version, .changes = changes_of (b, result)
	};
	const char *lifecycle = json_string_value (json_object_get (row, "lifecycle"));
	said.name = text_of (b, row, "name", NULL);
	said.lifecycle = lifecycle && *lifecycle == 'c' ? lifecycle_client : lifecycle_prospect;
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	said.onboarding_status = text_of (b, row, "onboarding_status", &said.has.onboarding_status);
	said.roles = json_of (b, row, "roles", &said.has.roles);
	struct timeline_entry entry = timeline_with_data (b, &account_updated_record, &said, id.uuid, said.has.owner_id, said.owner_id);
	if (owner_changed (said.changes)) {
		struct timeline_owner owner = timeline_owner_of (&entry);
		owners_write (b, &owner, 1);
	}
	if (said.changes.n)
		timeline_write (b, &entry, 1);
	account_updated_emit (b, &said, 1); /* roles alone may be other ones */
}

/* Its words, for search. */
static void words_late (struct batch *b, struct uuid workspace, contact_id one, contact_id other)
{
	struct contact_late late[2] = { { .workspace_id = { workspace }, .late_id = one },
					{ .workspace_id = { workspace }, .late_id = other } };
	contact_late_write (b, late, 2);
	people_forget (b); /* whether anybody here has a further e-mail */
}

/* Which linked records stand on somebody's timeline is known once they are moved: one of an account too stands on the account's. */
static void linked_follow (struct batch *b, struct uuid workspace, contact_id id, unsigned char has_owner, user_id owner)
{
	struct timeline_owner row = {
		.workspace_id = { workspace }, .subject_id = { id.uuid }, .owner_id = owner, .has.owner_id = has_owner
	};
	linked_owner_write (b, &row, 1);
}

/* ---- merging ---- */

static struct merge_ask ask_of (struct batch *b, const struct head *head, enum merge_kind kind, struct uuid survivor, struct uuid loser)
{
	return (struct merge_ask){ .workspace_id = { head->workspace },
				   .merge_id = { uuid_new (b) },
				   .kind = kind,
				   .survivor_id = { survivor },
				   .loser_id = { loser },
				   .actor_id = { head->actor },
				   .has.actor_id = uuid_is_null (head->actor) ? ABSENT : HERE,
				   .at = head->at };
}

static json_t *result_of (const struct merge_result *row)
{
	json_t *ret = json_loads (row->result, 0, NULL);
	assert (ret);
	return ret;
}

static void merged_answer (struct batch *b, struct outcome *ret, struct uuid id, struct uuid merge, int64_t version)
{
	char text[UUID_TEXT];
	ret->id = id;
	ret->version = version;
	ret->data = text_join (b, "{\"merge_id\":\"", uuid_format (merge, text), "\"}");
}

/* Both have a line: the survivor's says with whom. */
static void contacts_merged (struct batch *b, const struct contact_join *cmd, const struct merge_ask *ask, int64_t version)
{
	json_t *result = result_of (merge_make (b, ask, 1));
	const json_t *row = json_object_get (result, "row"), *loser = json_object_get (result, "loser");
	struct contact_merged said = {
		.survivor_id = cmd->contact_id, .loser_id = cmd->loser_id, .merge_id = ask->merge_id, .version = version
	};
	contact_changed_say (b, &cmd->head, cmd->contact_id, version, result);
	said.head = head_caused (b, &cmd->head);
	said.name = text_of (b, row, "name", NULL);
	said.company = text_of (b, row, "company", &said.has.company);
	said.email = text_of (b, row, "email", &said.has.email);
	said.phone = text_of (b, row, "phone", &said.has.phone);
	said.loser_name = text_of (b, loser, "name", NULL);
	said.loser_number = number_of (loser, "number");
	said.leads = json_of (b, result, "leads", &said.has.leads);
	said.moved = json_of (b, result, "moved", &said.has.moved);
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	said.old_owner_id = user_of (loser, "owner_id", &said.has.old_owner_id);
	struct contact_merged line = said; /* which leads they were is of no use there */
	line.has.leads = ABSENT;
	struct timeline_entry entry = timeline_with_data (b, &contact_merged_record, &line, said.survivor_id.uuid, said.has.owner_id,
							  said.owner_id);
	timeline_write (b, &entry, 1);
	linked_follow (b, cmd->head.workspace, said.survivor_id, said.has.owner_id, said.owner_id);
	words_late (b, cmd->head.workspace, cmd->contact_id, cmd->loser_id);
	contact_merged_emit (b, &said, 1);
	json_decref (result);
}

void contact_join (struct batch *b, const struct contact_join cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct merge_ask ask = ask_of (b, &cmd[i].head, merge_kind_contact, cmd[i].contact_id.uuid, cmd[i].loser_id.uuid);
		ask.fields = cmd[i].fields;
		ask.has.fields = cmd[i].has.fields == HERE ? HERE : ABSENT;
		const struct merge_place *place = contact_join_load (b, &ask, 1);
		ret[i] = ask.has.fields == HERE ? merge_fields_check (batch_arena (b), ask.kind, ask.fields) : done ();
		if (is_done (ret[i]))
			ret[i] = merge_check (&cmd[i].head, &ask, place, cmd[i].has.version == HERE ? cmd[i].version : 0,
					      cmd[i].has.loser_version == HERE ? cmd[i].loser_version : 0, refused (contact_not_found),
					      refused (contact_changed));
		if (!is_done (ret[i]))
			continue;
		bool before = !uuid_is_null (ret[i].id); /* given again */
		merged_answer (b, &ret[i], cmd[i].contact_id.uuid, before ? ret[i].id : ask.merge_id.uuid, place->version + !before);
		if (!before)
			contacts_merged (b, &cmd[i], &ask, place->version + 1);
	}
}

static void accounts_merged (struct batch *b, const struct account_join *cmd, const struct merge_ask *ask, int64_t version)
{
	json_t *result = result_of (merge_make (b, ask, 1));
	const json_t *row = json_object_get (result, "row"), *loser = json_object_get (result, "loser");
	struct account_merged said = {
		.survivor_id = cmd->account_id, .loser_id = cmd->loser_id, .merge_id = ask->merge_id, .version = version
	};
	account_changed_say (b, &cmd->head, cmd->account_id, version, result);
	said.head = head_caused (b, &cmd->head);
	said.name = text_of (b, row, "name", NULL);
	said.loser_name = text_of (b, loser, "name", NULL);
	said.loser_number = number_of (loser, "number");
	said.moved = json_of (b, result, "moved", &said.has.moved);
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	said.old_owner_id = user_of (loser, "owner_id", &said.has.old_owner_id);
	struct timeline_entry entry = timeline_with_data (b, &account_merged_record, &said, said.survivor_id.uuid, said.has.owner_id,
							  said.owner_id);
	timeline_write (b, &entry, 1);
	account_merged_emit (b, &said, 1);
	json_decref (result);
}

/* The owner of a client is not changed by way of a merge either: who is a client keeps its own, also when it goes into a prospect. */
static bool owner_chosen (const char *fields, const struct merge_place *place)
{
	json_t *said = json_loads (fields, 0, NULL);
	const char *owner = json_string_value (json_object_get (said, "owner_id"));
	bool ret = owner && ((place->client && *owner == 'l') || (!place->client && place->loser_client && *owner == 's'));
	json_decref (said);
	return ret;
}

void account_join (struct batch *b, const struct account_join cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct merge_ask ask = ask_of (b, &cmd[i].head, merge_kind_account, cmd[i].account_id.uuid, cmd[i].loser_id.uuid);
		ask.fields = cmd[i].fields;
		ask.has.fields = cmd[i].has.fields == HERE ? HERE : ABSENT;
		const struct merge_place *place = account_join_load (b, &ask, 1);
		ret[i] = ask.has.fields == HERE ? merge_fields_check (batch_arena (b), ask.kind, ask.fields) : done ();
		if (is_done (ret[i]))
			ret[i] = merge_check (&cmd[i].head, &ask, place, cmd[i].has.version == HERE ? cmd[i].version : 0,
					      cmd[i].has.loser_version == HERE ? cmd[i].loser_version : 0, refused (account_not_found),
					      refused (account_changed));
		if (is_done (ret[i]) && ask.has.fields == HERE && owner_chosen (ask.fields, place))
			ret[i] = refused (account_is_client);
		if (!is_done (ret[i]))
			continue;
		bool before = !uuid_is_null (ret[i].id);
		merged_answer (b, &ret[i], cmd[i].account_id.uuid, before ? ret[i].id : ask.merge_id.uuid, place->version + !before);
		if (!before)
			accounts_merged (b, &cmd[i], &ask, place->version + 1);
	}
}

/* ---- and back ---- */

static void contacts_parted (struct batch *b, const struct merge_undo *cmd, const struct merge_place *place, const json_t *result)
{
	const json_t *row = json_object_get (result, "row"), *loser = json_object_get (result, "loser");
	struct contact_unmerged said = { .survivor_id = { place->survivor_id.uuid },
					 .loser_id = { place->loser_id.uuid },
					 .merge_id = cmd->merge_id,
					 .version = place->version + 1 };
	contact_changed_say (b, &cmd->head, said.survivor_id, said.version, result);
	said.head = head_caused (b, &cmd->head);
	said.name = text_of (b, row, "name", NULL);
	said.loser_name = text_of (b, loser, "name", NULL);
	said.loser_company = text_of (b, loser, "company", &said.has.loser_company);
	said.loser_email = text_of (b, loser, "email", &said.has.loser_email);
	said.loser_phone = text_of (b, loser, "phone", &said.has.loser_phone);
	said.loser_number = number_of (loser, "number");
	said.leads = json_of (b, result, "leads", &said.has.leads);
	said.kept = json_of (b, result, "kept", &said.has.kept);
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	said.old_owner_id = user_of (loser, "owner_id", &said.has.old_owner_id);
	struct contact_unmerged line = said;
	line.has.leads = ABSENT;
	struct timeline_entry entry[2] = {
		timeline_with_data (b, &contact_unmerged_record, &line, said.survivor_id.uuid, said.has.owner_id, said.owner_id),
		timeline_with_data (b, &contact_unmerged_record, &line, said.loser_id.uuid, said.has.old_owner_id, said.old_owner_id),
	};
	timeline_write (b, entry, 2);
	linked_follow (b, cmd->head.workspace, said.survivor_id, said.has.owner_id, said.owner_id);
	linked_follow (b, cmd->head.workspace, said.loser_id, said.has.old_owner_id, said.old_owner_id);
	words_late (b, cmd->head.workspace, said.survivor_id, said.loser_id);
	contact_unmerged_emit (b, &said, 1);
}

static void accounts_parted (struct batch *b, const struct merge_undo *cmd, const struct merge_place *place, const json_t *result)
{
	const json_t *row = json_object_get (result, "row"), *loser = json_object_get (result, "loser");
	const char *lifecycle = json_string_value (json_object_get (loser, "lifecycle"));
	struct account_unmerged said = { .survivor_id = { place->survivor_id.uuid },
					 .loser_id = { place->loser_id.uuid },
					 .merge_id = cmd->merge_id,
					 .loser_lifecycle = lifecycle && *lifecycle == 'c' ? lifecycle_client : lifecycle_prospect,
					 .version = place->version + 1 };
	account_changed_say (b, &cmd->head, said.survivor_id, said.version, result);
	said.head = head_caused (b, &cmd->head);
	said.name = text_of (b, row, "name", NULL);
	said.loser_name = text_of (b, loser, "name", NULL);
	said.loser_number = number_of (loser, "number");
	said.loser_onboarding_status = text_of (b, loser, "onboarding_status", &said.has.loser_onboarding_status);
	said.loser_roles = json_of (b, loser, "roles", &said.has.loser_roles);
	said.kept = json_of (b, result, "kept", &said.has.kept);
	said.owner_id = user_of (row, "owner_id", &said.has.owner_id);
	said.old_owner_id = user_of (loser, "owner_id", &said.has.old_owner_id);
	struct timeline_entry entry[2] = {
		timeline_with_data (b, &account_unmerged_record, &said, said.survivor_id.uuid, said.has.owner_id, said.owner_id),
		timeline_with_data (b, &account_unmerged_record, &said, said.loser_id.uuid, said.has.old_owner_id, said.old_owner_id),
	};
	timeline_write (b, entry, 2);
	account_unmerged_emit (b, &said, 1);
}

/* Which fields stayed, not what they say: an answer is kept, and it is about a person. */
static json_t *kept_names (const json_t *result)
{
	json_t *names = json_array (), *one;
	size_t i;
	json_array_foreach (json_object_get (json_object_get (result, "kept"), "fields"), i, one)
		json_array_append (names, json_object_get (one, "field"));
	return names;
}

static const char *parted_answer (struct batch *b, const struct merge_place *place, const json_t *result)
{
	char survivor[UUID_TEXT], loser[UUID_TEXT];
	json_t *records = json_object_get (json_object_get (result, "kept"), "records");
	json_t *data = json_pack ("{s:s, s:s, s:s, s:{s:o, s:O?}}", "kind", merge_kind_names[place->kind], "survivor_id",
				  uuid_format (place->survivor_id.uuid, survivor), "loser_id", uuid_format (place->loser_id.uuid, loser),
				  "kept", "fields", kept_names (result), "records", records);
	char *text = json_dumps (data, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (b), text);
	free (text);
	json_decref (data);
	return ret;
}

/* One that was taken back already is done, and says nothing. */
void merge_undo (struct batch *b, const struct merge_undo cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct merge_ask ask = ask_of (b, &cmd[i].head, merge_kind_contact, (struct uuid){ 0 }, (struct uuid){ 0 });
		ask.merge_id = cmd[i].merge_id;
		const struct merge_place *place = merge_undo_load (b, &ask, 1);
		ret[i] = merge_undo_check (&cmd[i].head, place);
		bool before = ret[i].state == OUTCOME_SKIPPED;
		if (!is_done (ret[i]) && !before)
			continue;
		if (!before)
			merge_account_now (b, &ask, 1);
		json_t *result = before ? NULL : result_of (merge_part (b, &ask, 1));
		ret[i] = done ();
		ret[i].id = cmd[i].merge_id.uuid;
		ret[i].data = parted_answer (b, place, result);
		if (result && place->kind == merge_kind_contact)
			contacts_parted (b, &cmd[i], place, result);
		else if (result)
			accounts_parted (b, &cmd[i], place, result);
		json_decref (result);
	}
}

/* ---- looked at, and two ---- */

void duplicate_dismiss (struct batch *b, const struct duplicate_dismiss cmd[], size_t n, struct outcome ret[])
{
	const struct pair_place *place = not_duplicate_load (b, cmd, n);
	struct duplicate_dismiss *said = ARRAY (b, said, n);
	size_t pairs = 0;
	for (size_t i = 0; i < n; i++) {
		bool seen = place[i].there && grant_covers (&cmd[i].head.grant, &place[i].owner_id) &&
			    grant_covers (&cmd[i].head.grant, &place[i].other_owner_id);
		ret[i] = seen ? done () : refused (contact_not_found); /* what you may not see is not there */
		if (!seen)
			continue;
		said[pairs] = cmd[i];
		if (said[pairs].has.dismissed != HERE) {
			said[pairs].dismissed = true;
			said[pairs].has.dismissed = HERE;
		}
		pairs++;
	}
	not_duplicate_write (b, said, pairs);
	not_duplicate_drop (b, said, pairs);
}
