/* What contacts decides of people beyond what a lead says: further e-mails and phones, type and status, fields of the workspace's own, archive and
 * trash. See people.h. Never takes a change for one that leaves everything as it was. */
#include "people.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

enum { REACH_MOST = 10, REACH_BYTES = 320, LABEL_BYTES = 60 };

bool whole_says (const struct contact_whole *said)
{
	return said->has.type != ABSENT || said->has.status != ABSENT || said->has.job_title != ABSENT || said->has.notes != ABSENT ||
	       said->has.user_id != ABSENT || said->has.emails != ABSENT || said->has.phones != ABSENT || said->has.custom != ABSENT;
}

/* ---- further e-mails and phones ---- */

static bool is_email (const char *text)
{
	const char *at = strchr (text, '@');
	return at && at != text && at[1] && !strchr (at + 1, '@') && !text[strcspn (text, " \t\r\n,;<>\"")];
}

static const char *reach_fold (struct arena *a, const char *text, bool email)
{
	const char *ret = name_trim (a, text ? text : "");
	return email ? email_fold (a, ret) : *ret ? ret : NULL;
}

static const char *json_member (const json_t *one, const char *name)
{
	return json_string_value (json_object_get (one, name));
}

static int reach_order (const void *x, const void *y)
{
	return strcmp (json_member (*(json_t *const *) x, "value"), json_member (*(json_t *const *) y, "value"));
}

static bool reach_there (json_t *const list[], size_t n, const char *value)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (json_member (list[i], "value"), value) == 0)
			return true;
	return false;
}

/* One of them; *ret null: it says nothing, or stands elsewhere already. */
static struct outcome reach_one (struct arena *a, const char *pointer, const json_t *one, bool email, const char *first, json_t **ret)
{
	const char *said = json_is_string (one) ? json_string_value (one) : json_member (one, "value"), *label = json_member (one, "label");
	*ret = NULL;
	if (!json_is_string (one) && !json_is_object (one))
		return refused_at (a, pointer, "malformed", "must be {value, label}");
	const char *value = reach_fold (a, said, email);
	if (!value || (first && strcmp (value, first) == 0))
		return done ();
	if (strlen (value) > REACH_BYTES || (label && strlen (label) > LABEL_BYTES))
		return refused_at (a, pointer, "too_long", "a value of 320 bytes and a label of 60 are the most");
	if (email && !is_email (value))
		return refused_at (a, pointer, "not_an_email", "must be an e-mail address");
	label = label ? name_trim (a, label) : "";
	*ret = json_pack ("{s:s, s:o}", "value", value, "label", *label ? json_string (label) : json_null ());
	return done ();
}

static const char *json_kept (struct arena *a, json_t *value)
{
	size_t n = json_dumpb (value, NULL, 0, JSON_COMPACT);
	char *text = arena_alloc (a, n + 1);
	json_dumpb (value, text, n, JSON_COMPACT);
	return text;
}

/* As it is kept: by value, each once; null: there are none. */
static struct outcome reach_read (struct arena *a, const char *name, const char *json, bool email, const char *first, const char **ret)
{
	json_t *in = json ? json_loads (json, JSON_DECODE_ANY, NULL) : NULL, *one, *list[REACH_MOST];
	struct outcome out = json_is_array (in) ? done ()
						: refused_at (a, arena_printf (a, "/%s", name), "not_a_list", "an array of {value, label}");
	size_t i, n = 0;
	if (is_done (out) && json_array_size (in) > REACH_MOST)
		out = refused_at (a, arena_printf (a, "/%s", name), "too_many", "ten are the most");
	for (i = 0; is_done (out) && i < json_array_size (in); i++) {
		out = reach_one (a, arena_printf (a, "/%s/%zu", name, i), json_array_get (in, i), email, first, &one);
		if (one && reach_there (list, n, json_member (one, "value")))
			json_decref (one);
		else if (one)
			list[n++] = one;
	}
	json_decref (in);
	if (n)
		qsort (list, n, sizeof *list, reach_order);
	json_t *all = json_array ();
	for (i = 0; i < n; i++)
		json_array_append_new (all, list[i]);
	*ret = n ? json_kept (a, all) : NULL;
	json_decref (all);
	return out;
}

/* As a timeline shows them: values with commas between. */
static const char *reach_text (struct arena *a, unsigned char has, const char *json)
{
	json_t *in = has == HERE ? json_loads (json, 0, NULL) : NULL, *one;
	const char *ret = NULL;
	size_t i;
	json_array_foreach (in, i, one)
	{
		const char *value = json_member (one, "value"), *label = json_member (one, "label");
		const char *word = label ? arena_printf (a, "%s (%s)", value, label) : arena_text (a, value);
		ret = ret ? arena_printf (a, "%s, %s", ret, word) : word;
	}
	json_decref (in);
	return ret;
}

static size_t reach_count (unsigned char has, const char *json)
{
	json_t *in = has == HERE ? json_loads (json, 0, NULL) : NULL;
	size_t n = json_array_size (in);
	json_decref (in);
	return n;
}

static void reach_append (struct arena *a, const struct contact_whole *whole, const char *kind, const char *json, struct reach_row *row,
			  size_t *n)
{
	json_t *in = json_loads (json, 0, NULL), *one;
	size_t i;
	json_array_foreach (in, i, one)
	{
		const char *label = json_member (one, "label");
		row[(*n)++] = (struct reach_row){ .workspace_id = whole->workspace_id,
						  .contact_id = whole->contact_id,
						  .kind = kind,
						  .value = arena_text (a, json_member (one, "value")),
						  .label = label ? arena_text (a, label) : NULL,
						  .has.label = label ? HERE : ABSENT };
	}
	json_decref (in);
}

size_t reach_rows (struct arena *a, const struct contact_whole *whole, struct reach_row **ret)
{
	size_t n = 0;
	*ret = arena_array (a, reach_count (whole->has.emails, whole->emails) + reach_count (whole->has.phones, whole->phones) + 1,
			    sizeof **ret);
	if (whole->has.emails == HERE)
		reach_append (a, whole, "email", whole->emails, *ret, &n);
	if (whole->has.phones == HERE)
		reach_append (a, whole, "phone", whole->phones, *ret, &n);
	return n;
}

/* ---- the row ---- */

static void text_take (struct arena *a, const char **to, unsigned char *has, unsigned char said, const char *text)
{
	if (said == ABSENT)
		return;
	const char *word = said == HERE ? name_trim (a, text) : "";
	*to = *word ? word : NULL;
	*has = *word ? (unsigned char) HERE : (unsigned char) CLEARED;
}

static struct outcome reach_take (struct arena *a, const char *name, bool email, const char *first, unsigned char said, const char *json,
				  const char **to, unsigned char *has)
{
	struct outcome ret = done ();
	if (said == ABSENT && *has == HERE) /* the first may be one of them by now */
		json = *to;
	else if (said == ABSENT)
		return ret;
	*to = NULL;
	if (said == HERE || (said == ABSENT && json))
		ret = reach_read (a, name, json, email, first, to);
	*has = *to ? (unsigned char) HERE : (unsigned char) CLEARED;
	return ret;
}

size_t whole_changes_most (const struct contact_whole *said, const struct contact_whole *was)
{
	return 10 + own_values_count (SAID (said, custom)) + own_values_count (SAID (was, custom));
}

static void whole_compare (struct arena *a, const struct contact_whole *was, const struct contact_whole *now, struct list *changes)
{
	change_note (changes, "type", was->has.type == HERE ? contact_type_names[was->type] : NULL, contact_type_names[now->type]);
	change_note (changes, "status", SAID (was, status), SAID (now, status));
	change_note (changes, "job_title", SAID (was, job_title), SAID (now, job_title));
	change_note (changes, "notes", SAID (was, notes), SAID (now, notes));
	change_note (changes, "user_id", id_said (a, was->has.user_id, was->user_id.uuid),
		     id_said (a, now->has.user_id, now->user_id.uuid));
	change_note (changes, "emails", reach_text (a, was->has.emails, was->emails), reach_text (a, now->has.emails, now->emails));
	change_note (changes, "phones", reach_text (a, was->has.phones, was->phones), reach_text (a, now->has.phones, now->phones));
	own_values_compare (a, SAID (was, custom), SAID (now, custom), changes);
}

struct outcome whole_lay (struct arena *a, const struct own_field field[], size_t n, const struct contact_whole *said,
			  const struct contact_whole *was, const char *first_email, const char *first_phone, bool makes,
			  struct contact_whole *ret, struct list *changes)
{
	*ret = *was;
	ret->workspace_id = said->workspace_id;
	ret->contact_id = said->contact_id;
	ret->has.workspace_id = ret->has.contact_id = HERE;
	if (said->has.type != ABSENT || was->has.type != HERE) {
		ret->type = said->has.type == HERE ? said->type : contact_type_customer;
		ret->has.type = HERE;
	}
	text_take (a, &ret->status, &ret->has.status, said->has.status, said->status);
	text_take (a, &ret->job_title, &ret->has.job_title, said->has.job_title, said->job_title);
	text_take (a, &ret->notes, &ret->has.notes, said->has.notes, said->notes);
	if (said->has.user_id != ABSENT) {
		ret->user_id = said->user_id;
		ret->has.user_id = said->has.user_id;
	}
	struct outcome out = reach_take (a, "emails", true, first_email, said->has.emails, said->emails, &ret->emails, &ret->has.emails);
	if (is_done (out))
		out = reach_take (a, "phones", false, first_phone, said->has.phones, said->phones, &ret->phones, &ret->has.phones);
	if (is_done (out) && (makes || said->has.custom == HERE)) {
		out = own_values_merge (a, field, n, SAID (was, custom), SAID (said, custom), makes, &ret->custom);
		ret->has.custom = ret->custom ? HERE : ABSENT;
	}
	if (is_done (out))
		whole_compare (a, was, ret, changes);
	return out;
}

/* ---- archive and trash ---- */

struct outcome contact_state_check (const struct state_ask *ask, const struct contact_whole *was, enum people_action action, bool *ret_did)
{
	bool trashed = was->has.removed_at == HERE, archived = was->has.archived_at == HERE;
	*ret_did = false;
	if (was->has.contact_id != HERE || !grant_covers (&ask->head->grant, &was->owner_id))
		return refused (contact_not_found);
	if (ask->version && ask->version != was->version && !trashed)
		return refused (contact_changed);
	switch (action) {
	case people_action_archive:
	case people_action_reactivate:
		if (trashed)
			return refused (contact_not_found);
		*ret_did = archived != (action == people_action_archive);
		return done ();
	case people_action_delete:
		if (!trashed && was->is_primary && !ask->primary)
			return refused (contact_is_primary);
		*ret_did = !trashed;
		return done ();
	case people_action_restore:
		if (trashed && was->taken)
			return refused (contact_exists);
		*ret_did = trashed;
		return done ();
	case people_action_owner:
	case people_action_tag:
	case people_action_untag:
	case people_action_type:
	case people_action_status:
	case people_action_count: break;
	}
	abort ();
}
