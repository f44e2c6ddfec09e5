/* What intake decides about requests and leads that are kept already. Pure: no I/O, time is in the items.
 * Never looks at what only the door knows (signatures, addresses, files). */
#include "rules.h"

#include <string.h>
#include "clock.h"

enum { SHIPMENTS_MOST = 1000000000 };

static bool bytes_equal (struct bytes x, struct bytes y)
{
	return x.n == y.n && memcmp (x.at, y.at, x.n) == 0;
}

struct outcome submission_check (const struct submission_take *cmd, const struct submission_known *known, enum fate *ret_fate)
{
	if (!known->has.workspace_id)
		return refused (workspace_not_found);
	if (outcome_is_refusal (cmd->outcome)) {
		*ret_fate = FATE_NOTE; /* refused at the door: kept, and the sender's key stays free for a better one */
		return done ();
	}
	if (!known->has.first_id) {
		*ret_fate = FATE_NEW;
		return done ();
	}
	if (uuid_equal (known->first_id.uuid, cmd->submission_id.uuid)) {
		*ret_fate = FATE_REPEAT;
		return done ();
	}
	if (cmd->bucket != 0) {
		*ret_fate = FATE_DUPLICATE;
		return done ();
	}
	if (cmd->has.content == HERE && known->has.first_content == HERE && !bytes_equal (cmd->content, known->first_content))
		return refused (key_reused);
	*ret_fate = FATE_REPEAT;
	return done ();
}

struct outcome submission_reread_check (const struct submission_reread *cmd, const struct submission_held *held, enum fate *ret_fate)
{
	bool made = cmd->has.made == HERE && cmd->made;
	if (held->has.submission_id != HERE)
		return refused (submission_not_found);
	*ret_fate = FATE_REPEAT;
	if (held->outcome == submission_outcome_lead || (held->outcome == submission_outcome_duplicate && !made))
		return done ();
	bool open = held->outcome == submission_outcome_bad_request || held->outcome == submission_outcome_no_workspace;
	if (held->outcome == submission_outcome_records || (cmd->has.elsewhere == HERE && !open))
		return refused (submission_closed);
	if (!made && !open)
		return refused (submission_closed);
	*ret_fate = cmd->has.elsewhere == HERE || (!made && held->has.first_leads == HERE) ? FATE_DUPLICATE : FATE_NEW;
	return done ();
}

/* ---- a lead by hand ---- */

static struct outcome name_source_check (struct arena *a, enum has name, const char *name_text, enum has source, const char *source_text)
{
	if (name == CLEARED || (name == HERE && !*name_text))
		return refused_at (a, "/name", "required", "A lead has a name.");
	if (source == CLEARED || (source == HERE && !*source_text))
		return refused_at (a, "/source", "required", "A lead has a source.");
	return done ();
}

static bool is_phone_code (const char *text)
{
	size_t n = text[0] == '+' ? strspn (text + 1, "0123456789") : 0;
	return n >= 1 && n <= 4 && !text[1 + n];
}

struct outcome lead_create_check (struct arena *a, const struct lead_create *cmd, const struct workspace_facts *facts)
{
	if (!facts->has.language)
		return refused (workspace_not_found);
	if (facts->taken)
		return refused_at (a, "/lead_id", "taken", "A lead of this id exists already.");
	if (cmd->has.email == HERE && *cmd->email && !email_read (a, cmd->email))
		return refused_at (a, "/email", "not_an_email", "This is no e-mail address.");
	if (cmd->has.status == HERE && cmd->status == lead_status_Qualified)
		return refused_at (a, "/status", "not_allowed", "A lead becomes Qualified by qualifying it.");
	if (cmd->has.phone_code == HERE && *cmd->phone_code && !is_phone_code (cmd->phone_code))
		return refused_at (a, "/phone_code", "not_a_phone_code", "A country code is + and one to four digits.");
	if (cmd->has.monthly_shipments == HERE && (cmd->monthly_shipments < 0 || cmd->monthly_shipments > SHIPMENTS_MOST))
		return refused_at (a, "/monthly_shipments", "out_of_range", "0 to 1,000,000,000");
	if (cmd->has.language == HERE && *cmd->language && !language_read (cmd->language))
		return refused_at (a, "/language", "not_a_choice", "A language by ISO 639-1: nl, en, de …");
	if (cmd->has.consent == HERE && !consent_given (a, cmd->consent, cmd->head.at))
		return refused_at (a, "/consent", "malformed", "{given: yes or no, news, text, version, at, page}");
	return name_source_check (a, HERE, cmd->name, cmd->has.source, cmd->source);
}

static const char *phone_kept (struct arena *a, const char *phone, const char *country)
{
	const char *e164 = phone_read (a, phone, country);
	return e164 ? e164 : phone;
}

/* The phone as typed, behind the country code that was chosen beside it; a phone that bears one keeps its own. A zero before it is for calls from
 * within, but in Italy. */
static const char *phone_whole (struct arena *a, const struct lead_create *cmd)
{
	const char *phone = cmd->phone + strspn (cmd->phone, " ");
	if (cmd->has.phone_code != HERE || !*cmd->phone_code || *phone == '+' || !strncmp (phone, "00", 2))
		return cmd->phone;
	return arena_printf (a, "%s%s", cmd->phone_code, *phone == '0' && strcmp (cmd->phone_code, "+39") ? phone + 1 : phone);
}

/* Who may see only their own gets what they make; else the workspace says who. */
static void owner_fill (struct kept_lead *lead, const struct lead_create *cmd, const struct workspace_facts *facts)
{
	bool own = cmd->head.grant.scope == SCOPE_OWN;
	if (cmd->has.owner_id != ABSENT) {
		lead->owner_id = cmd->owner_id;
		lead->has.owner_id = cmd->has.owner_id;
	} else {
		lead->owner_id = own ? (user_id){ cmd->head.grant.user } : facts->default_owner_id;
		lead->has.owner_id = own ? HERE : facts->has.default_owner_id;
	}
}

#define FILL(field, given)                                                                   \
	do {                                                                                 \
		const char *filled = cmd->has.field == HERE && *cmd->field ? (given) : NULL; \
		lead.field = filled;                                                         \
		lead.has.field = filled ? HERE : ABSENT;                                     \
	} while (0)

struct kept_lead lead_create_fill (struct arena *a, const struct lead_create *cmd, const struct workspace_facts *facts)
{
	struct kept_lead lead = {
		.workspace_id = { cmd->head.workspace },
		.lead_id = cmd->lead_id,
		.at = cmd->head.at,
		.source = cmd->has.source == HERE ? cmd->source : "manual",
		.form_type = cmd->has.form_type == HERE && *cmd->form_type ? cmd->form_type : facts->form_type,
		.status = cmd->has.status == HERE ? cmd->status : lead_status_New,
		.name = cmd->name,
		.version = 1,
	};
	FILL (company, cmd->company);
	FILL (email, email_read (a, cmd->email));
	FILL (phone, phone_kept (a, phone_whole (a, cmd), facts->country));
	FILL (message, cmd->message);
	FILL (fields, cmd->fields);
	FILL (language, language_read (cmd->language));
	FILL (consent, consent_given (a, cmd->consent, cmd->head.at));
	owner_fill (&lead, cmd, facts);
	return lead;
}

/* ---- changing a lead ---- */

static bool owner_is_other (const struct lead_update *cmd, const struct lead_found *lead)
{
	if (cmd->has.owner_id == ABSENT)
		return false;
	return (cmd->has.owner_id == HERE) != (lead->has.owner_id == HERE) ||
	       (cmd->has.owner_id == HERE && !uuid_equal (cmd->owner_id.uuid, lead->owner_id.uuid));
}

struct outcome lead_update_check (struct arena *a, const struct lead_update *cmd, const struct lead_found *lead)
{
	if (!lead->has.lead_id || !grant_covers (&cmd->head.grant, &lead->owner_id))
		return refused (lead_not_found); /* what you may not see is not there */
	if (cmd->has.version == HERE && cmd->version != lead->version)
		return refused (lead_changed);
	if (owner_is_other (cmd, lead) && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit_salesman_prospect))
		return refused (forbidden); /* its deal would go along */
	if (cmd->has.email == HERE && *cmd->email && !email_read (a, cmd->email))
		return refused_at (a, "/email", "not_an_email", "This is no e-mail address.");
	if (cmd->has.status == CLEARED)
		return refused_at (a, "/status", "required", "A lead has a status.");
	if (cmd->has.status == HERE && cmd->status != lead->status &&
	    (cmd->status == lead_status_Qualified || lead->status == lead_status_Qualified))
		return refused_at (a, "/status", "not_allowed", "A lead becomes Qualified by qualifying it, and stays so.");
	return name_source_check (a, cmd->has.name, cmd->name, cmd->has.source, cmd->source);
}

/* A text as it will be: absent leaves what stands, cleared or empty leaves nothing. */
static const char *text_merge (enum has has, const char *given, enum has stood, const char *old)
{
	if (has == ABSENT)
		return stood == HERE ? old : NULL;
	return has == HERE && *given ? given : NULL;
}

enum { CHANGES_MOST = 8 };
#define MERGE(field, given)                                                                              \
	do {                                                                                             \
		const char *merged = text_merge (cmd->has.field, (given), lead->has.field, lead->field); \
		to.field = merged;                                                                       \
		to.has.field = merged ? HERE : ABSENT;                                                   \
		change_note (ret_changes, #field, SAID (lead, field), merged);                           \
	} while (0)

struct lead_change lead_update_merge (struct arena *a, const struct lead_update *cmd, const struct lead_found *lead,
				      struct list *ret_changes)
{
	struct lead_change to = { .workspace_id = { cmd->head.workspace }, .lead_id = cmd->lead_id, .version = lead->version + 1 };
	*ret_changes = (struct list){ .at = arena_array (a, CHANGES_MOST, sizeof (struct change)) };
	MERGE (name, cmd->name);
	MERGE (company, cmd->company);
	MERGE (email, cmd->has.email == HERE && *cmd->email ? email_read (a, cmd->email) : cmd->email);
	MERGE (phone, cmd->has.phone == HERE && *cmd->phone ? phone_kept (a, cmd->phone, lead->country) : cmd->phone);
	MERGE (source, cmd->source);
	MERGE (message, cmd->message);
	to.status = cmd->has.status == HERE ? cmd->status : lead->status;
	change_note (ret_changes, "status", lead_status_names[lead->status], lead_status_names[to.status]);
	to.owner_id = cmd->has.owner_id ? cmd->owner_id : lead->owner_id;
	to.has.owner_id = cmd->has.owner_id ? cmd->has.owner_id : lead->has.owner_id;
	change_note (ret_changes, "owner_id", id_said (a, lead->has.owner_id, lead->owner_id.uuid),
		     id_said (a, to.has.owner_id, to.owner_id.uuid));
	return to;
}

struct outcome lead_conflict (struct arena *a, const struct lead_since *since, size_t n)
{
	struct outcome ret = refused (lead_changed);
	struct problem *problem = arena_alloc (a, sizeof *problem);
	problem->code = error_code (ERROR_lead_changed);
	for (size_t i = 0; i < n; i++)
		problem_changed (a, problem, since[i].field, since[i].at, since[i].has.actor_id == HERE ? &since[i].actor_id.uuid : NULL);
	ret.problem = n ? problem : NULL;
	return ret;
}

struct outcome lead_qualify_check (const struct lead_qualify *cmd, const struct lead_found *lead)
{
	if (!lead->has.lead_id || !grant_covers (&cmd->head.grant, &lead->owner_id))
		return refused (lead_not_found);
	return done ();
}
