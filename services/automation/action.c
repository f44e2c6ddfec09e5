/* A step's command with its members; see action.h. It must never let a member through that the command's own record does not know. */
#include "action.h"

#include <string.h>
#include "clock.h"
#include "fact_json.h"
#include "template.h"

struct filler {
	struct arena *a;
	const struct rule *rule;
	const struct fact *fact;
	const struct action_asking *asking;
	enum template_language language;
	struct problem_error *why;
};

/* ---- a fact alone ---- */

static json_t *list_text (struct arena *a, const struct fact *f)
{
	const char *ret = "";
	for (size_t i = 0; i < f->n; i++)
		ret = arena_printf (a, "%s%s%s", ret, i ? ", " : "", f->list[i]);
	return json_string (ret);
}

/* As a text: what machines write of it. */
static json_t *exact_text (struct arena *a, const struct fact *f)
{
	char amount[24];
	if (f->kind == FACT_MONEY)
		return json_string (money_amount (f->money, amount));
	if (f->kind == FACT_LIST)
		return list_text (a, f);
	json_t *value = fact_json (f);
	if (json_is_string (value))
		return value;
	char *text = json_dumps (value, JSON_ENCODE_ANY);
	json_t *ret = json_string (text);
	free (text);
	json_decref (value);
	return ret;
}

/* Null: it is none, or nobody knows it. */
static json_t *fact_value (const struct filler *w, const struct given_field *g)
{
	const struct fact *f = &w->fact[g->fact];
	if (f->has != HERE)
		return NULL;
	return g->field->kind == KIND_TEXT ? exact_text (w->a, f) : fact_json (f);
}

/* ---- texts ---- */

/* 1234.5 in Dutch 1234,5. */
static json_t *number_said (const struct filler *w, const struct fact *f)
{
	json_t *exact = fact_json (f);
	if (!json_is_string (exact))
		return exact;
	char *text = arena_text (w->a, json_string_value (exact)), *point = strchr (text, '.');
	json_decref (exact);
	for (size_t n = strlen (text); n && text[n - 1] == '0'; n--)
		text[n - 1] = '\0';
	if (point && w->language == TEMPLATE_NL)
		*point = ',';
	return json_string (text);
}

/* As templates take it, and its kind there; null: there is none. */
static json_t *place_value (const struct filler *w, const struct fact *f, enum template_kind *ret_kind)
{
	char day[DATE_TEXT];
	*ret_kind = TEMPLATE_IS_TEXT;
	if (f->has != HERE)
		return json_null ();
	switch (f->kind) {
	case FACT_NUMBER: *ret_kind = TEMPLATE_IS_NUMBER; return number_said (w, f);
	case FACT_FLAG: return f->flag ? json_string (w->language == TEMPLATE_NL ? "ja" : "yes") : json_false ();
	case FACT_TIME:
	case FACT_DATE: *ret_kind = TEMPLATE_IS_DATE; return json_string (date_format (f->day, day));
	case FACT_MONEY: *ret_kind = TEMPLATE_IS_MONEY; return fact_json (f);
	case FACT_LIST: return list_text (w->a, f);
	case FACT_TEXT:
	case FACT_CHOICE:
	case FACT_ID:
	case FACT_OWN:
	case FACT_KINDS: break;
	}
	return fact_json (f);
}

/* "deal.custom.size" is a member of a member of `values`. */
static void place_put (struct arena *a, json_t *values, const char *name, json_t *value)
{
	size_t n = strcspn (name, ".");
	const char *first = arena_copy (a, name, n);
	if (!name[n]) {
		json_object_set_new (values, first, value);
		return;
	}
	if (!json_is_object (json_object_get (values, first)))
		json_object_set_new (values, first, json_object ());
	place_put (a, json_object_get (values, first), name + n + 1, value);
}

/* At most `most` bytes, whole characters, and a sign that more was said. */
static const char *text_cut (struct arena *a, const char *text, size_t most)
{
	static const char more[] = "…";
	size_t n = strlen (text);
	if (n <= most || most < sizeof more)
		return text;
	n = most - (sizeof more - 1);
	while (n && ((unsigned char) text[n] & 0xC0) == 0x80)
		n--;
	return arena_printf (a, "%.*s%s", (int) n, text, more);
}

enum { LINE_MOST = 500 }; /* a field that takes no more is a line: a subject, a title */

static json_t *text_value (const struct filler *w, const struct given_field *g)
{
	struct template_place *place = arena_array (w->a, g->n_places + 1, sizeof *place);
	struct template_error error;
	size_t most = field_limit (g->field);
	const char *text = "";
	json_t *values = json_object ();
	for (size_t i = 0; i < g->n_places; i++) {
		place[i].name = w->rule->fact[g->place[i]].name;
		place_put (w->a, values, place[i].name, place_value (w, &w->fact[g->place[i]], &place[i].kind));
	}
	if (template_render (w->a, g->text, place, values, most <= LINE_MOST ? TEMPLATE_LINE : TEMPLATE_PLAIN, w->language, &text,
			     &error) != OK)
		text = "";
	json_decref (values);
	return text[strspn (text, " \t\r\n")] ? json_string (text_cut (w->a, text, most)) : NULL;
}

/* ---- facts in a JSON value ---- */

/* The same with facts in their places; null: it is one that is none, or that nobody knows, and is left out. */
static json_t *placed (const struct filler *w, const struct given_field *g, const json_t *value)
{
	const char *name = given_fact_name (value);
	json_t *one, *ret;
	size_t i;
	for (i = 0; name && i < g->n_places; i++)
		if (strcmp (w->rule->fact[g->place[i]].name, name) == 0)
			return w->fact[g->place[i]].has == HERE ? fact_json (&w->fact[g->place[i]]) : NULL;
	if (!json_is_object (value) && !json_is_array (value))
		return json_incref ((json_t *) value);
	ret = json_is_object (value) ? json_object () : json_array ();
	json_object_foreach ((json_t *) value, name, one)
	{
		json_t *is = placed (w, g, one);
		if (is)
			json_object_set_new (ret, name, is);
	}
	json_array_foreach ((json_t *) value, i, one)
	{
		json_t *is = placed (w, g, one);
		if (is)
			json_array_append_new (ret, is);
	}
	return ret;
}

static json_t *json_value (const struct filler *w, const struct given_field *g)
{
	json_t *value = json_loads (g->json, JSON_DECODE_ANY, NULL), *ret = value ? placed (w, g, value) : NULL;
	json_decref (value);
	return ret;
}

/* ---- the others ---- */

static json_t *in_value (const struct filler *w, const struct given_field *g)
{
	char text[TIME_TEXT];
	int64_t at = span_after (w->asking->zone, w->asking->asking.now, g->in);
	struct wall wall = { zone_wall (w->asking->zone, at).day, g->in_at * INT64_C (60000000) };
	if (g->in_at >= 0)
		at = zone_moment (w->asking->zone, wall);
	return json_string (g->field->kind == KIND_DATE ? date_format (zone_wall (w->asking->zone, at).day, text) : time_format (at, text));
}

size_t pick_of (const struct given_field *g, const struct pick_from from[], int64_t *turns)
{
	size_t ret = g->n_pick, n = g->n_pick;
	for (size_t i = 0; i < n && g->pick_by == PICK_TURN && ret == n; i++) {
		size_t next = (size_t) (*turns + (int64_t) i) % n;
		if (!from[next].here)
			continue;
		*turns += (int64_t) i + 1;
		ret = next;
	}
	for (size_t i = 0; i < n && g->pick_by == PICK_LOAD; i++)
		if (from[i].here && (ret == n || from[i].deals < from[ret].deals))
			ret = i;
	return ret;
}

struct problem_error pick_failed (struct arena *a, const struct given_field *g)
{
	return (struct problem_error){ .pointer = arena_printf (a, "/%s", g->field->name),
				       .code = "nobody_left",
				       .detail = "none of those of whom one is to be chosen is in the workspace any more" };
}

static json_t *pick_value (struct uuid picked)
{
	char id[UUID_TEXT];
	return uuid_is_null (picked) ? NULL : json_string (uuid_format (picked, id));
}

static enum status members_fill (const struct filler *w, const char *at, const struct given_field *given, size_t n,
				 const struct uuid *picked, json_t *ret);

static enum status list_fill (const struct filler *w, const char *at, const struct given_field *g, json_t **ret)
{
	enum status status = OK;
	*ret = json_array ();
	for (size_t i = 0; status == OK && i < g->n_items; i++) {
		json_t *item = json_object ();
		status = members_fill (w, arena_printf (w->a, "%s/%zu", at, i), g->item[i].field, g->item[i].n, NULL, item);
		json_array_append_new (*ret, item);
	}
	return status;
}

static const char *why_none (const struct filler *w, const struct given_field *g)
{
	switch (g->kind) {
	case GIVEN_FACT:
		return arena_printf (w->a, w->fact[g->fact].has == CLEARED ? "%s is empty" : "%s is not known",
				     w->rule->fact[g->fact].name);
	case GIVEN_TEXT: return "nothing is left of the text";
	case GIVEN_PICK: return "nobody could be chosen";
	case GIVEN_PLAIN:
	case GIVEN_IN:
	case GIVEN_JSON:
	case GIVEN_LIST: break;
	}
	return "it has no value";
}

static enum status member_fill (const struct filler *w, const char *at, const struct given_field *g, const struct uuid *picked,
				json_t **ret)
{
	static const struct uuid nobody;
	*ret = NULL;
	switch (g->kind) {
	case GIVEN_PLAIN: *ret = json_loads (g->json, JSON_DECODE_ANY, NULL); break;
	case GIVEN_FACT: *ret = fact_value (w, g); break;
	case GIVEN_IN: *ret = in_value (w, g); break;
	case GIVEN_PICK: *ret = pick_value (picked ? *picked : nobody); break;
	case GIVEN_TEXT: *ret = text_value (w, g); break;
	case GIVEN_JSON: *ret = json_value (w, g); break;
	case GIVEN_LIST: return list_fill (w, at, g, ret);
	}
	if (*ret || !(g->field->flags & REQUIRED))
		return OK;
	*w->why = (struct problem_error){ .pointer = at, .code = "required", .detail = why_none (w, g) };
	return REFUSED;
}

/* `picked`: who was chosen for each of them; null: for none. */
static enum status members_fill (const struct filler *w, const char *at, const struct given_field *given, size_t n,
				 const struct uuid *picked, json_t *ret)
{
	enum status status = OK;
	for (size_t i = 0; status == OK && i < n; i++) {
		json_t *value;
		status = member_fill (w, arena_printf (w->a, "%s/%s", at, given[i].field->name), &given[i], picked ? &picked[i] : NULL,
				      &value);
		if (value)
			json_object_set_new (ret, given[i].field->name, value);
	}
	return status;
}

/* ---- the whole ---- */

/* In which language its texts are written: as the command itself is told, where it is. */
static enum template_language language_of (const struct step *step, const struct asking *asking)
{
	for (size_t i = 0; i < step->n_with; i++)
		if (step->with[i].kind == GIVEN_PLAIN && strcmp (step->with[i].field->name, "language") == 0)
			return strcmp (step->with[i].json, "\"nl\"") == 0 ? TEMPLATE_NL : TEMPLATE_EN;
	return asking->written == WRITTEN_NL ? TEMPLATE_NL : TEMPLATE_EN;
}

static void made_put (const struct step *step, const struct action_asking *asking, json_t *body)
{
	struct made made;
	char id[UUID_TEXT];
	if (command_makes (step->command, &made) && (!made.only_with || json_object_get (body, made.only_with->name)))
		json_object_set_new (body, made.field->name, json_string (uuid_format (asking->action.uuid, id)));
}

enum status action_body (struct arena *a, const struct rule *rule, const struct step *step, const struct fact fact[],
			 const struct action_asking *asking, const char **ret_body, struct problem_error *ret_why)
{
	struct filler w = {
		.a = a, .rule = rule, .fact = fact, .asking = asking, .language = language_of (step, &asking->asking), .why = ret_why
	};
	json_t *body = json_object ();
	enum status status = members_fill (&w, "", step->with, step->n_with, asking->picked, body);
	made_put (step, asking, body);
	char *text = status == OK ? json_dumps (body, JSON_COMPACT) : NULL;
	if (text)
		*ret_body = arena_text (a, text);
	free (text);
	json_decref (body);
	return status;
}
