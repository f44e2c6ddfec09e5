/* A step's command with its members; see action.h. It must never let a member through that the command's own record does not know. */
#include "action.h"

#include <string.h>
#include "fact_json.h"

/* What a fact holds, as the field's JSON has it; null: it holds nothing. */
static json_t *fact_member (const struct fact *f)
{
	json_t *ret = fact_json (f);
	if (!json_is_null (ret))
		return ret;
	json_decref (ret);
	return NULL;
}

static const struct given_field *given_find (const struct step *step, const char *name)
{
	for (size_t i = 0; i < step->n_with; i++)
		if (strcmp (step->with[i].field->name, name) == 0)
			return &step->with[i];
	return NULL;
}

/* The first KEY of a command that makes something is the id of what it makes. */
static bool makes (const struct record *command)
{
	static const char *const makers[] = { "deal_create",	    "activity_add", "mail_send",   "quote_create", "invoice_create",
					      "invoice_from_quote", "order_create", "notice_ring", "hook_send" };
	for (size_t i = 0; i < LENGTH (makers); i++)
		if (strcmp (makers[i], command->name) == 0)
			return true;
	return false;
}

static void members_given (json_t *body, const struct step *step, const struct fact fact[], const struct action_asking *asking)
{
	char id[UUID_TEXT];
	for (size_t i = 0; i < step->n_with; i++) {
		const struct given_field *g = &step->with[i];
		json_t *value = g->n_pick ? json_string (uuid_format (asking->picked[i], id))
				: g->json ? json_loads (g->json, JSON_DECODE_ANY, NULL)
					  : fact_member (&fact[g->fact]);
		if (value)
			json_object_set_new (body, g->field->name, value);
	}
}

enum status action_body (struct arena *a, const struct rule *rule, const struct step *step, const struct fact fact[],
			 const struct action_asking *asking, const char **ret_body, struct problem_error *ret_why)
{
	const struct record *command = step->command;
	json_t *body = json_object ();
	char id[UUID_TEXT];
	bool made = makes (command);
	(void) rule;
	members_given (body, step, fact, asking);
	for (size_t i = 0; i < command->n_fields; i++) {
		const struct field *f = &command->fields[i];
		if ((f->flags & KEY) == KEY && made && !given_find (step, f->name)) {
			json_object_set_new (body, f->name, json_string (uuid_format (asking->action.uuid, id)));
			made = false;
		}
		if ((f->flags & REQUIRED) && !json_object_get (body, f->name)) {
			*ret_why = (struct problem_error){ .pointer = arena_printf (a, "/%s", f->name),
							   .code = "required",
							   .detail = "what this comes from is empty or not known" };
			json_decref (body);
			return REFUSED;
		}
	}
	char *text = json_dumps (body, JSON_COMPACT);
	*ret_body = arena_text (a, text);
	free (text);
	json_decref (body);
	return OK;
}
