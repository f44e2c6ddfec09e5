/* When two may become one, and one two again: pure functions over what was said and what was loaded.
 * Never tells of a record that the asker may not see. */
#include "merge.h"
#include "rules.h"

#include <jansson.h>
#include <string.h>

static const char *const contact_fields = " name email phone company account_id type status job_title notes user_id owner_id custom ";
static const char *const account_fields =
	" name industry phone email website address postcode city country annual_revenue registration_no vat_no notes"
	" account_type onboarding_status primary_contact_id owner_id custom ";

static bool is_field (enum merge_kind kind, const char *name)
{
	const char *all = kind == merge_kind_contact ? contact_fields : account_fields;
	size_t n = strlen (name);
	for (const char *at = strstr (all, name); n && at; at = strstr (at + 1, name))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

static bool is_side (const json_t *value)
{
	const char *said = json_string_value (value);
	return said && (strcmp (said, "survivor") == 0 || strcmp (said, "loser") == 0);
}

struct outcome merge_fields_check (struct arena *a, enum merge_kind kind, const char *fields)
{
	json_t *said = json_loads (fields, 0, NULL), *value;
	struct outcome ret = json_is_object (said) ? done ()
						   : refused_at (a, "/fields", "wrong_type", "an object: {field: survivor or loser}");
	const char *name;
	json_object_foreach (said, name, value) if (!is_field (kind, name))
		ret = refused_at (a, arena_printf (a, "/fields/%s", name), "unknown", "there is no such field");
	else if (!is_side (value)) ret = refused_at (a, arena_printf (a, "/fields/%s", name), "not_a_choice", "survivor or loser");
	json_decref (said);
	return ret;
}

struct outcome merge_check (const struct head *head, const struct merge_ask *ask, const struct merge_place *place, int64_t version,
			    int64_t loser_version, struct outcome not_found, struct outcome changed)
{
	bool seen = place->has.version == HERE && place->has.loser_version == HERE && grant_covers (&head->grant, &place->owner_id) &&
		    grant_covers (&head->grant, &place->loser_owner_id);
	if (!seen) /* what you may not see is not there */
		return not_found;
	if (uuid_equal (ask->survivor_id.uuid, ask->loser_id.uuid))
		return refused (merge_self);
	if (place->has.merge_id == HERE) {
		struct outcome ret = done ();
		ret.id = place->merge_id.uuid;
		return ret;
	}
	if (!place->stands || !place->loser_stands)
		return refused (merge_done);
	if (place->away)
		return not_found;
	if ((version && version != place->version) || (loser_version && loser_version != place->loser_version))
		return changed;
	return done ();
}

struct outcome merge_undo_check (const struct head *head, const struct merge_place *place)
{
	bool seen = place->has.merge_id == HERE && place->has.version == HERE && place->has.loser_version == HERE &&
		    grant_covers (&head->grant, &place->owner_id) && grant_covers (&head->grant, &place->loser_owner_id);
	if (!seen)
		return refused (merge_not_found);
	if (place->undone)
		return skipped ();
	if (!place->stands || place->has.later_id == HERE)
		return refused (merge_not_last);
	if (place->away)
		return refused (merge_not_found);
	if (place->has.taken_id == HERE)
		return refused (merge_taken);
	return done ();
}
