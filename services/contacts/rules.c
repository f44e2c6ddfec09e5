/* What contacts decides; see rules.h. */
#include "rules.h"

#include <string.h>

const char *email_fold (struct arena *a, const char *email)
{
	static const char blank[] = " \t\r\n";
	if (!email)
		return NULL;
	email += strspn (email, blank);
	size_t n = strlen (email);
	while (n && strchr (blank, email[n - 1]))
		n--;
	if (!n)
		return NULL;
	char *folded = arena_copy (a, email, n);
	for (char *c = folded; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char) (*c - 'A' + 'a');
	return folded;
}

void name_halves (struct arena *a, const char *name, const char *first, const char *last, const char **ret_first, const char **ret_last)
{
	size_t n = strlen (name), word = strcspn (name, " ");
	size_t n_first = first ? strlen (first) : 0, n_last = last ? strlen (last) : 0;
	*ret_first = first;
	*ret_last = last;
	if (!first && !last) {
		*ret_first = word ? arena_copy (a, name, word) : NULL;
		*ret_last = word + 1 < n ? name + word + 1 : NULL;
	} else if (!first && n > n_last && name[n - n_last - 1] == ' ' && strcmp (name + n - n_last, last) == 0) {
		*ret_first = arena_copy (a, name, n - n_last - 1);
	} else if (!last && n > n_first + 1 && name[n_first] == ' ' && memcmp (name, first, n_first) == 0) {
		*ret_last = name + n_first + 1;
	}
}

bool preset_auto_contact (const char *content, bool *ret)
{
	json_t *preset = json_loads (content, 0, NULL);
	bool good = json_is_object (preset);
	if (good)
		*ret = !json_is_false (json_object_get (json_object_get (preset, "intake"), "auto_contact"));
	json_decref (preset);
	return good;
}

bool preset_says_contact (const char *content, bool *ret)
{
	json_t *in = json_loads (content, 0, NULL);
	const json_t *word = json_object_get (json_object_get (in, "intake"), "auto_contact");
	bool says = json_is_boolean (word);
	*ret = json_is_true (word);
	json_decref (in);
	return says;
}

enum lead_fate lead_decide (const struct lead_created *lead, const struct contact_place *place)
{
	if (place->has.auto_contact != HERE)
		return LEAD_TOO_EARLY;
	if (place->has.heard == HERE && place->heard)
		return LEAD_HEARD;
	if (!place->auto_contact)
		return LEAD_ALONE;
	return place->has.contact_id == HERE && lead->has.email == HERE ? LEAD_KNOWN : LEAD_NEW;
}

/* ---- rows and what changes in them ---- */

static bool is_filled (unsigned char has, const char *text)
{
	return has == HERE && text && *text;
}

/* Intake has to call a lead something: a name that is only its e-mail or 'Unknown' says nothing about the person. */
static bool is_a_name (const struct lead_created *lead)
{
	if (!is_filled (HERE, lead->name) || strcmp (lead->name, "Unknown") == 0)
		return false;
	return !is_filled (lead->has.email, lead->email) || strcmp (lead->name, lead->email) != 0;
}

static struct contact_row row_as_it_was (struct uuid workspace, const struct contact_place *was)
{
	return (struct contact_row){
		.workspace_id = { workspace },
		.contact_id = was->contact_id,
		.version = was->version + 1,
		.name = was->name,
		.first_name = was->first_name,
		.has.first_name = was->has.first_name,
		.last_name = was->last_name,
		.has.last_name = was->has.last_name,
		.email = was->email,
		.has.email = was->has.email,
		.phone = was->phone,
		.has.phone = was->has.phone,
		.company = was->company,
		.has.company = was->has.company,
		.owner_id = was->owner_id,
		.has.owner_id = was->has.owner_id,
	};
}

static const char *text_of (unsigned char has, const char *text)
{
	return is_filled (has, text) ? text : NULL;
}

enum { CHANGES_MOST = 32 };

static struct list row_compare (struct arena *a, const struct contact_place *was, const struct contact_row *now)
{
	struct list list = { .at = arena_array (a, CHANGES_MOST, sizeof (struct change)) };
	change_note (&list, "name", was->name, now->name);
	change_note (&list, "first_name", text_of (was->has.first_name, was->first_name), text_of (now->has.first_name, now->first_name));
	change_note (&list, "last_name", text_of (was->has.last_name, was->last_name), text_of (now->has.last_name, now->last_name));
	change_note (&list, "email", text_of (was->has.email, was->email), text_of (now->has.email, now->email));
	change_note (&list, "phone", text_of (was->has.phone, was->phone), text_of (now->has.phone, now->phone));
	change_note (&list, "company", text_of (was->has.company, was->company), text_of (now->has.company, now->company));
	change_note (&list, "owner_id", id_said (a, was->has.owner_id, was->owner_id.uuid),
		     id_said (a, now->has.owner_id, now->owner_id.uuid));
	return list;
}

bool owner_changed (struct list changes)
{
	return changes_name (changes, "owner_id");
}

bool words_changed (struct list changes)
{
	return changes_name (changes, "name") || changes_name (changes, "company") || changes_name (changes, "email");
}

bool stands_on_page (const struct contact_place *place, contact_id id)
{
	return place->has.search_upto == HERE && memcmp (&id, &place->search_upto, sizeof id) <= 0;
}

/* ---- by a lead ---- */

static void take_filled (const char **to, unsigned char *to_has, unsigned char has, const char *text)
{
	if (!is_filled (has, text))
		return;
	*to = text;
	*to_has = HERE;
}

/* A new name takes its parts along: those of the old name would contradict it. Left open, they are read off the name. */
static void take_name (struct contact_row *row, const struct lead_created *lead)
{
	if (!is_a_name (lead))
		return;
	if (strcmp (row->name, lead->name) != 0) {
		row->name = lead->name;
		row->has.first_name = row->has.last_name = ABSENT;
	}
	take_filled (&row->first_name, &row->has.first_name, lead->has.first_name, lead->first_name);
	take_filled (&row->last_name, &row->has.last_name, lead->has.last_name, lead->last_name);
}

bool lead_merge (struct arena *a, const struct lead_created *lead, const struct contact_place *was, struct contact_row *ret,
		 struct list *ret_changes)
{
	*ret = row_as_it_was (lead->head.workspace, was);
	take_name (ret, lead);
	take_filled (&ret->phone, &ret->has.phone, lead->has.phone, lead->phone);
	take_filled (&ret->company, &ret->has.company, lead->has.company, lead->company);
	if (ret->has.owner_id != HERE && lead->has.owner_id == HERE) {
		ret->owner_id = lead->owner_id;
		ret->has.owner_id = HERE;
	}
	*ret_changes = row_compare (a, was, ret);
	change_note (ret_changes, "archived", was->has.archived_at == HERE ? "true" : NULL,
		     NULL); /* who asks again is no more of the past */
	return ret_changes->n > 0;
}

/* ---- by hand ---- */

struct outcome contact_create_check (const struct contact_create *cmd, const struct contact_place *place)
{
	if (place->has.auto_contact != HERE)
		return refused (workspace_not_found);
	if (place->has.contact_id == HERE && is_filled (cmd->has.email, cmd->email))
		return refused (contact_exists);
	return done ();
}

struct outcome contact_account_check (struct arena *a, const struct grant *grant, unsigned char has, const struct contact_place *place)
{
	bool seen = place->has.asked_account_id == HERE && grant_covers (grant, &place->asked_account_owner_id);
	return has != HERE || seen ? done () : refused_at (a, "/account_id", "not_found", "there is no such account");
}

/* Ids for programs, names for people, as deals say it. */
static void account_compare_note (struct arena *a, struct list *list, const struct contact_update *cmd, const struct contact_place *was)
{
	const char *old = id_said (a, was->has.account_id, was->account_id.uuid),
		   *new = id_said (a, cmd->has.account_id, cmd->account_id.uuid);
	if (cmd->has.account_id == ABSENT || (!old && !new) || (old && new &&strcmp (old, new) == 0))
		return;
	change_note (list, "account_id", old, new);
	change_note (list, "account", was->has.account_id == HERE ? was->account_name : NULL, new ? was->asked_account_name : NULL);
}

struct outcome contact_update_check (const struct contact_update *cmd, const struct contact_place *was)
{
	if (was->has.contact_id != HERE || !grant_covers (&cmd->head.grant, &was->owner_id))
		return refused (contact_not_found); /* what you may not see is not there */
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (contact_changed);
	if (was->has.taken == HERE && was->taken)
		return refused (contact_exists);
	return done ();
}

static void take_meant (const char **to, unsigned char *to_has, unsigned char has, const char *text)
{
	if (has == ABSENT)
		return;
	*to = text;
	*to_has = is_filled (has, text) ? (unsigned char) HERE : (unsigned char) CLEARED;
}

/* The whole name and its halves stay one: whoever changes a half without the whole, changes the whole. */
static void meant_name (struct arena *a, struct contact_row *row, const struct contact_update *cmd)
{
	const char *first, *last;
	if (is_filled (cmd->has.name, cmd->name) && strcmp (cmd->name, row->name) != 0) {
		row->name = cmd->name;
		row->has.first_name = row->has.last_name = ABSENT;
	}
	name_halves (a, row->name, text_of (row->has.first_name, row->first_name), text_of (row->has.last_name, row->last_name), &first,
		     &last);
	take_meant (&row->first_name, &row->has.first_name, cmd->has.first_name, cmd->first_name);
	take_meant (&row->last_name, &row->has.last_name, cmd->has.last_name, cmd->last_name);
	if (is_filled (cmd->has.name, cmd->name) || (cmd->has.first_name == ABSENT && cmd->has.last_name == ABSENT))
		return;
	first = cmd->has.first_name == ABSENT ? first : text_of (cmd->has.first_name, cmd->first_name);
	last = cmd->has.last_name == ABSENT ? last : text_of (cmd->has.last_name, cmd->last_name);
	if (first || last)
		row->name = first && last ? arena_printf (a, "%s %s", first, last) : first ? first : last;
}

bool contact_merge (struct arena *a, const struct contact_update *cmd, const struct contact_place *was, struct contact_row *ret,
		    struct list *ret_changes)
{
	*ret = row_as_it_was (cmd->head.workspace, was);
	meant_name (a, ret, cmd);
	take_meant (&ret->email, &ret->has.email, cmd->has.email, cmd->has.email == HERE ? email_fold (a, cmd->email) : NULL);
	take_meant (&ret->phone, &ret->has.phone, cmd->has.phone, cmd->phone);
	take_meant (&ret->company, &ret->has.company, cmd->has.company, cmd->company);
	if (cmd->has.owner_id != ABSENT) {
		ret->owner_id = cmd->owner_id;
		ret->has.owner_id = cmd->has.owner_id;
	}
	*ret_changes = row_compare (a, was, ret);
	account_compare_note (a, ret_changes, cmd, was);
	return ret_changes->n > 0;
}

bool contact_owner (const struct contact_create *cmd, const struct contact_place *place, user_id *ret)
{
	if (cmd->has.owner_id == HERE)
		*ret = cmd->owner_id;
	else if (cmd->head.grant.scope == SCOPE_OWN)
		ret->uuid = cmd->head.grant.user;
	else if (place->has.default_owner_id == HERE)
		*ret = place->default_owner_id;
	else
		return false;
	return true;
}
