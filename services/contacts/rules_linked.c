/* What contacts decides about linked records, facts and what waits; see rules.h. Pure functions.
 * Never lets a word that was left open overwrite one that is known; never takes the same again for news. */
#include "rules.h"
#include "clock.h"

#include <string.h>
#include <strings.h>

enum { CHANGES_MOST = 12 };

/* JSON in one spelling; null: none. */
static const char *json_plain (struct arena *a, unsigned char has, const char *text)
{
	json_t *value = has == HERE ? json_loads (text, JSON_DECODE_ANY, NULL) : NULL;
	if (!value || json_is_null (value)) {
		json_decref (value);
		return NULL;
	}
	size_t n = json_dumpb (value, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	char *out = arena_alloc (a, n + 1);
	json_dumpb (value, out, n, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	out[n] = 0;
	json_decref (value);
	return out;
}

static bool is_url (const char *url)
{
	size_t n = strncasecmp (url, "https://", 8) == 0 ? 8 : strncasecmp (url, "http://", 7) == 0 ? 7 : 0;
	if (!n || !url[n] || url[n] == '/')
		return false;
	for (const unsigned char *p = (const unsigned char *) url; *p; p++)
		if (*p <= ' ' || *p == 0x7f || strchr ("\\\"<>", *p))
			return false;
	return true;
}

/* ---- what is said is laid over what is known ---- */

#define LAY_TEXT(field)                                              \
	if (said->has.field != ABSENT) {                             \
		bool is = is_said (said->has.field, said->field);    \
		ret->field = is ? name_trim (a, said->field) : NULL; \
		ret->has.field = here (is);                          \
	}
#define LAY(field)                                               \
	if (said->has.field != ABSENT) {                         \
		ret->field = said->field;                        \
		ret->has.field = here (said->has.field == HERE); \
	}

static void words_lay (struct arena *a, const struct linked_said *said, struct linked_row *ret)
{
	if (is_said (said->has.title, said->title))
		ret->title = name_trim (a, said->title);
	else if (ret->has.title != HERE || said->has.title == CLEARED)
		ret->title = ret->external_id;
	ret->has.title = HERE;
	LAY_TEXT (status)
	LAY_TEXT (excerpt)
	LAY_TEXT (url)
	LAY_TEXT (assignee)
	LAY (amount)
	LAY (count)
	LAY (occurred_at)
	if (said->has.kind == HERE)
		ret->kind = said->kind;
	if (said->has.data != ABSENT) {
		ret->data = json_plain (a, said->has.data, said->data);
		ret->has.data = here (ret->data != NULL);
	}
}

static struct list linked_compare (struct arena *a, const struct linked_row *was, const struct linked_row *now)
{
	struct list list = { .at = arena_array (a, CHANGES_MOST, sizeof (struct change)) };
	change_note (&list, "kind", linked_kind_names[was->kind], linked_kind_names[now->kind]);
	change_note (&list, "title", was->title, now->title);
	change_note (&list, "status", SAID (was, status), SAID (now, status));
	change_note (&list, "amount", money_said (a, was->has.amount, was->amount), money_said (a, now->has.amount, now->amount));
	change_note (&list, "count", number_said (a, was->has.count, was->count), number_said (a, now->has.count, now->count));
	change_note (&list, "excerpt", SAID (was, excerpt), SAID (now, excerpt));
	change_note (&list, "url", SAID (was, url), SAID (now, url));
	change_note (&list, "assignee", SAID (was, assignee), SAID (now, assignee));
	change_note (&list, "occurred_at", time_said (a, was->has.occurred_at, was->occurred_at),
		     time_said (a, now->has.occurred_at, now->occurred_at));
	change_note (&list, "data", json_plain (a, was->has.data, was->data), json_plain (a, now->has.data, now->data));
	change_note (&list, "account_id", id_said (a, was->has.account_id, was->account_id.uuid),
		     id_said (a, now->has.account_id, now->account_id.uuid));
	change_note (&list, "contact_id", id_said (a, was->has.contact_id, was->contact_id.uuid),
		     id_said (a, now->has.contact_id, now->contact_id.uuid));
	return list;
}

struct list linked_lay (struct arena *a, const struct linked_said *said, const struct linked_row *was, struct linked_row *ret)
{
	words_lay (a, said, ret);
	return was->has.linked_id == HERE ? linked_compare (a, was, ret) : (struct list){ 0 };
}

struct outcome linked_words_check (struct arena *a, const struct linked_said *said)
{
	if (is_said (said->has.url, said->url) && !is_url (name_trim (a, said->url)))
		return refused_at (a, "/url", "not_a_url", "http:// or https://");
	json_t *data = said->has.data == HERE ? json_loads (said->data, JSON_DECODE_ANY, NULL) : NULL;
	bool wrong = said->has.data == HERE && !json_is_object (data);
	json_decref (data);
	return wrong ? refused_at (a, "/data", "not_an_object", "an object of further members") : done ();
}

bool linked_told (struct list changes)
{
	static const char *const quiet[] = { "count", "excerpt", "occurred_at", "data" };
	const struct change *change = changes.at;
	for (size_t i = 0; i < changes.n; i++) {
		bool is_quiet = false;
		for (size_t k = 0; k < LENGTH (quiet); k++)
			is_quiet = is_quiet || strcmp (change[i].field, quiet[k]) == 0;
		if (!is_quiet)
			return true;
	}
	return false;
}

/* ---- whose it is ---- */

void linked_place_in (struct linked_row *row, const struct linked_place *place)
{
	row->account_id = place->account_id;
	row->has.account_id = place->has.account_id;
	row->contact_id = place->contact_id;
	row->has.contact_id = place->has.contact_id;
	if (place->has.deal_id == HERE || row->has.linked_id != HERE) {
		row->deal_id = place->deal_id;
		row->has.deal_id = place->has.deal_id;
	}
	if (place->has.account_id == HERE) {
		row->owner_id = place->account_owner_id;
		row->has.owner_id = place->has.account_owner_id;
	} else if (place->has.contact_id == HERE) {
		row->owner_id = place->contact_owner_id;
		row->has.owner_id = place->has.contact_owner_id;
	} else {
		row->owner_id = place->deal_owner_id;
		row->has.owner_id = place->has.deal_owner_id;
	}
}

struct outcome linked_place_check (struct arena *a, const struct linked_add *cmd, const struct linked_place *place, bool there)
{
	const struct grant *g = &cmd->head.grant;
	if (!place->known)
		return refused (workspace_not_found);
	if (cmd->has.account_id == HERE && (place->has.account_id != HERE || !grant_covers (g, &place->account_owner_id)))
		return refused (account_not_found); /* what you may not see is not there */
	if (cmd->has.contact_id == HERE && (place->has.contact_id != HERE || !grant_covers (g, &place->contact_owner_id)))
		return refused (contact_not_found);
	if (cmd->has.deal_id == HERE && (place->has.deal_id != HERE || !grant_covers (g, &place->deal_owner_id)))
		return refused (deal_not_found);
	if (!there && cmd->has.account_id != HERE && cmd->has.contact_id != HERE && cmd->has.deal_id != HERE)
		return refused_at (a, "/account_id", "required", "account_id, contact_id or deal_id: whose it is");
	return done ();
}

struct outcome linked_seen (const struct head *head, const struct linked_row *was)
{
	return was->has.linked_id == HERE && grant_covers (&head->grant, &was->owner_id) ? done () : refused (linked_not_found);
}

/* ---- facts ---- */

bool fact_lay (struct arena *a, const struct record_pushed *said, struct fact_row *row)
{
	struct fact_row was = *row;
	bool gone = said->has.deleted == HERE && said->deleted;
	row->system = said->system;
	if (said->has.label == HERE)
		row->label = said->label;
	row->has.label = here (said->has.label == HERE || was.has.label == HERE);
	row->value = gone ? NULL : json_plain (a, said->has.value, said->value);
	row->has.value = here (row->value != NULL);
	if (said->has.unit != ABSENT) {
		row->unit = said->unit;
		row->has.unit = here (is_said (said->has.unit, said->unit));
	}
	const char *const pair[][2] = {
		{ json_plain (a, was.has.value, was.value), row->value },
		{ json_plain (a, was.has.label, was.label), json_plain (a, row->has.label, row->label) },
		{ SAID (&was, unit), SAID (row, unit) },
		{ was.has.fact_id == HERE ? was.system : NULL, row->system },
	};
	for (size_t i = 0; i < LENGTH (pair); i++)
		if ((pair[i][0] == NULL) != (pair[i][1] == NULL) || (pair[i][0] && strcmp (pair[i][0], pair[i][1])))
			return true;
	return was.has.fact_id != HERE || was.as_of != row->as_of;
}

/* ---- what waits ---- */

bool push_read (struct arena *a, const struct push_row *waiting, struct record_pushed *ret)
{
	struct problem problem = { 0 };
	json_t *was = json_loads (waiting->data, 0, NULL);
	bool good = was && record_from_json (a, &record_pushed_record, was, false, ret, &problem) == OK;
	json_decref (was);
	return good;
}

bool push_merge (struct arena *a, const struct push_row *waiting, struct record_pushed *said)
{
	struct record_pushed whole;
	struct problem problem = { 0 };
	struct buffer text = { 0 };
	record_to_json (&text, &record_pushed_record, said, false);
	json_t *was = json_loads (waiting->data, 0, NULL), *now = json_loadb ((const char *) text.at, text.n, 0, NULL);
	buffer_fini (&text);
	if (!json_object_get (now, "deleted"))
		json_object_del (was, "deleted");
	json_object_update (was, now);
	bool good = record_from_json (a, &record_pushed_record, was, false, &whole, &problem) == OK;
	json_decref (was);
	json_decref (now);
	if (!good)
		return false;
	whole.head = said->head;
	*said = whole;
	return true;
}

/* ---- what is begun with a new client ---- */

struct outcome steps_check (struct arena *a, struct list steps)
{
	const struct onboarding_step *step = steps.at;
	for (size_t i = 0; i < steps.n; i++)
		if (!is_said (HERE, step[i].title))
			return refused_at (a, arena_printf (a, "/steps/%zu/title", i), "required", "what it is called");
	return done ();
}

struct list steps_read (struct arena *a, unsigned char has, const char *json)
{
	static const struct onboarding_step usual[] = { { .kind = linked_kind_ticket, .title = "Welcome" },
							{ .kind = linked_kind_project, .title = "Onboarding" } };
	json_t *list = has == HERE ? json_loads (json, 0, NULL) : NULL, *one;
	struct problem problem = { 0 };
	struct list ret = { usual, LENGTH (usual) };
	size_t i, n = 0;
	if (json_is_array (list)) {
		struct onboarding_step *step = arena_array (a, json_array_size (list), sizeof *step);
		json_array_foreach (list, i, one) if (record_from_json (a, &onboarding_step_record, one, false, &step[n], &problem) == OK)
			n++;
		ret = (struct list){ step, n };
	}
	json_decref (list);
	return ret;
}
