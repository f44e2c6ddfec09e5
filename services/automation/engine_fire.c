/* What a rule does about a decision, step by step: it asks for an action and waits for its answer, waits for a time, or ends. See firing.h for what comes behind
 * what. It must never ask for two actions of one firing at once, nor go on from a step that was not answered. */
#include "engine_parts.h"
#include "hooks.h"

#include <string.h>
#include "action.h"
#include "automation_sql.h"
#include "clock.h"
#include "fact_json.h"

/* ---- what was done is written down ---- */

static json_t *moment_json (int64_t at)
{
	char text[TIME_TEXT];
	return json_string (time_format (at, text));
}

static const char *steps_text (struct run *r, json_t *steps)
{
	char *text = json_dumps (steps, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (r->b), text ? text : "[]");
	free (text);
	json_decref (steps);
	return ret;
}

void firing_note (struct run *r, struct firing_row *row, json_t *step)
{
	json_t *steps = json_loads (row->steps, 0, NULL);
	if (!steps)
		steps = json_array ();
	json_object_set_new (step, "at", moment_json (batch_now (r->b)));
	json_array_append_new (steps, step);
	row->steps = steps_text (r, steps);
}

void firing_end (struct run *r, struct firing_row *row, enum firing_state state)
{
	row->state = state;
	row->has.action_id = row->has.due_at = CLEARED;
	row->ended_at = batch_now (r->b);
	row->has.ended_at = HERE;
}

void firing_keep (struct run *r, const struct cause *c, const char *name, const struct firing_row *row)
{
	struct rule_fired said = { .head = head_caused (r->b, c->head),
				   .firing_id = row->firing_id,
				   .rule_id = row->rule_id,
				   .rule_name = name,
				   .state = row->state,
				   .cause = c->type,
				   .decision_id = row->decision_id };
	said.head.workspace = c->workspace;
	said.head.depth = c->depth + 1;
	ID_PUT (&said, deal_id, c->id[KNOWN_DEAL]);
	ID_PUT (&said, lead_id, c->id[KNOWN_LEAD]);
	ID_PUT (&said, contact_id, c->id[KNOWN_CONTACT]);
	ID_PUT (&said, account_id, c->id[KNOWN_ACCOUNT]);
	ID_PUT (&said, document_id, c->id[KNOWN_DOCUMENT]);
	ID_PUT (&said, owner_id, c->owner);
	r->firing = run_room (r, r->firing, r->firings, &r->firings_room, sizeof *r->firing);
	r->firing[r->firings++] = *row;
	r->fired = run_room (r, r->fired, r->fireds, &r->fireds_room, sizeof *r->fired);
	r->fired[r->fireds++] = said;
}

/* ---- actions ---- */

static json_t *step_json (const struct step *step, const char *state)
{
	return json_pack ("{s:i, s:s, s:s}", "step", (int) step->number, "do", step->command->name, "state", state);
}

static void step_refused (struct run *r, struct firing_row *row, const struct step *step, const struct problem_error *why)
{
	json_t *note = step_json (step, "refused");
	json_object_set_new (note, "code", json_string (why->code ? why->code : "invalid"));
	json_object_set_new (note, "detail", json_sprintf ("%s: %s", why->pointer ? why->pointer : "", why->detail ? why->detail : ""));
	firing_note (r, row, note);
	firing_end (r, row, firing_state_refused);
}

/* Who comes next by turns, or has the fewest open deals; of several the first. Who is not there any more is passed over; null: nobody is left. */
static struct uuid pick_one (struct run *r, const struct cause *c, const struct rule_known *rule, const struct given_field *g)
{
	struct owner_load_ask *ask = ARRAY (r->b, ask, g->n_pick);
	struct pick_from *from = ARRAY (r->b, from, g->n_pick);
	for (size_t i = 0; i < g->n_pick; i++)
		ask[i] = (struct owner_load_ask){ .workspace_id = { c->workspace }, .user_id = { g->pick[i] } };
	pool_keep (r->pool);
	const struct owner_load *load = owner_loads (r->b, ask, g->n_pick);
	for (size_t i = 0; i < g->n_pick; i++)
		from[i] = (struct pick_from){ .here = load[i].here, .deals = load[i].deals };
	int64_t turns = rule->fires->turns;
	size_t picked = pick_of (g, from, &rule->fires->turns);
	if (rule->fires->turns != turns) {
		struct rule_turns_row row = { .workspace_id = { c->workspace }, .rule_id = { rule->rule }, .turns = rule->fires->turns };
		rule_turns_write (r->b, &row, 1);
	}
	return picked < g->n_pick ? g->pick[picked] : (struct uuid){ { 0 } };
}

static void wanted_add (struct run *r, const struct cause *c, const struct rule_known *rule, const struct firing_row *row,
			const struct step *step, const char *body)
{
	struct action_wanted wanted = { .head = head_caused (r->b, c->head),
					.action_id = row->action_id,
					.service = step->command->service,
					.command = step->command->name,
					.body = body,
					.scope = scope_names[SCOPE_WORKSPACE],
					.permissions = (int64_t) step_permissions (step),
					.by_id = { rule->rule },
					.rule_id = row->rule_id,
					.rule_version_id = row->rule_version_id,
					.step = (int64_t) step->number,
					.decision_id = row->decision_id,
					.has = { .rule_id = HERE, .rule_version_id = HERE, .step = HERE, .decision_id = HERE } };
	wanted.head.workspace = c->workspace;
	wanted.head.actor = rule->rule;
	wanted.head.depth = c->depth + 1;
	r->wanted = run_room (r, r->wanted, r->wanteds, &r->wanteds_room, sizeof *r->wanted);
	r->wanted[r->wanteds++] = wanted;
}

/* False: it is refused already. */
static bool action_ask (struct run *r, const struct cause *c, const struct rule_known *rule, struct firing_row *row,
			const struct step *step, const struct fact fact[])
{
	struct arena *a = batch_arena (r->b);
	struct uuid *picked = ARRAY (r->b, picked, step->n_with + 1);
	struct problem_error why = { 0 };
	char id[UUID_TEXT];
	const char *body;
	for (size_t i = 0; i < step->n_with; i++) {
		if (!step->with[i].n_pick)
			continue;
		picked[i] = pick_one (r, c, rule, &step->with[i]);
		if (uuid_is_null (picked[i])) {
			why = pick_failed (batch_arena (r->b), &step->with[i]);
			step_refused (r, row, step, &why);
			return false;
		}
	}
	row->action_id = action_id_of (row->firing_id, step->number);
	struct action_asking asking = { .asking = cause_asking (r, c), .zone = c->rules->zone, .action = row->action_id, .picked = picked };
	if (action_body (a, &rule->says, step, fact, &asking, &body, &why) != OK) {
		step_refused (r, row, step, &why);
		return false;
	}
	json_t *note = step_json (step, "asked");
	json_object_set_new (note, "action_id", json_string (uuid_format (row->action_id.uuid, id)));
	firing_note (r, row, note);
	row->has.action_id = HERE;
	if (strcmp (step->command->service, "automation") == 0)
		r->own = body;
	else
		wanted_add (r, c, rule, row, step, body);
	return true;
}

/* ---- automation's own actions ---- */

/* What a message of a rule says: what it answers, and the facts that the rule asks or hands on. */
static const char *own_data (struct run *r, const struct cause *c, const struct rule_known *rule)
{
	char id[UUID_TEXT];
	json_t *facts = json_object (), *all;
	const struct fact *fact = cause_facts (r, c, rule);
	for (size_t i = 0; i < rule->says.n_facts; i++) {
		json_t *value = fact_json (&fact[i]);
		if (value)
			json_object_set_new (facts, rule->says.fact[i].name, value);
	}
	all = json_pack ("{s:s, s:s, s:s, s:o, s:o}", "rule", rule->name, "event", c->type, "event_id", uuid_format (c->decision, id), "at",
			 moment_json (c->at), "facts", facts);
	for (int noun = 0; noun < KNOWN_NOUNS; noun++)
		if (!uuid_is_null (c->id[noun]))
			json_object_set_new (all, arena_printf (batch_arena (r->b), "%s_id", known_noun_names[noun]),
					     json_string (uuid_format (c->id[noun], id)));
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (r->b), text);
	free (text);
	json_decref (all);
	return ret;
}

/* The action that was asked for last, if it is one of automation's own: done or refused there and then. False: another service answers. */
static bool own_done (struct run *r, const struct cause *c, const struct rule_known *rule, struct firing_row *row)
{
	if (!r->own)
		return false;
	struct hook_send cmd = { 0 };
	struct outcome out;
	json_t *body = json_loads (r->own, 0, NULL);
	enum status status = record_from_json (batch_arena (r->b), &hook_send_record, body, true, &cmd, NULL);
	json_decref (body);
	r->own = NULL;
	cmd.head = head_caused (r->b, c->head);
	cmd.head.workspace = c->workspace;
	cmd.head.actor = rule->rule;
	if (cmd.has.data != HERE) {
		cmd.data = own_data (r, c, rule);
		cmd.has.data = HERE;
	}
	if (status == OK)
		out = hook_give (r->b, &cmd,
				 &(struct hook_about){ .deal = c->id[KNOWN_DEAL],
						       .lead = c->id[KNOWN_LEAD],
						       .contact = c->id[KNOWN_CONTACT],
						       .document = c->id[KNOWN_DOCUMENT] });
	else
		out = refused (invalid);
	row->has.action_id = CLEARED;
	json_t *steps = json_loads (row->steps, 0, NULL), *last = json_array_get (steps, json_array_size (steps) - 1);
	json_object_set_new (last, "state", json_string (is_done (out) ? "done" : "refused"));
	if (!is_done (out))
		json_object_set_new (last, "code", json_string (error_code (out.error)));
	row->steps = steps_text (r, steps);
	if (!is_done (out))
		firing_end (r, row, firing_state_refused);
	return is_done (out);
}

/* ---- from step to step ---- */

/* A wait of an hour or longer ends within a minute: many that began at once do not end at once. */
static int64_t due_of (const struct firing_row *row, int64_t due, struct span span)
{
	bool short_one = span.unit == SPAN_MINUTE && span.n < 60;
	return short_one ? due : due + due_spread (row->firing_id.uuid, SPREAD_SECONDS * INT64_C (1000000));
}

/* Which condition did not hold, as the rule says it, and what its fact held: {failed, condition, value}; there is no value of what nobody knew, but `unknown`.
 * The decision keeps what facts held when it was made; here they are asked later. What stands in a workspace's own field is not kept: where somebody
 * is forgotten steps are looked through for names, addresses and numbers, and that could be anything. */
static void failed_put (json_t *note, const struct rule *rule, const struct fact fact[], const struct verdict *v)
{
	json_object_set_new (note, "failed", json_integer ((json_int_t) v->failed));
	if (!v->at)
		return;
	struct buffer out = { 0 };
	rule_condition_write (&out, rule, v->at);
	json_object_set_new (note, "condition", json_loadb ((const char *) out.at, out.n, 0, NULL));
	buffer_fini (&out);
	const struct fact *f = &fact[v->at->fact];
	if (f->has == ABSENT)
		json_object_set_new (note, "unknown", json_true ());
	else if (f->has == CLEARED || rule->fact[v->at->fact].kind != FACT_OWN)
		json_object_set_new (note, "value", fact_json (f));
}

static void branches_note (struct run *r, struct firing_row *row, const struct rule *rule, const struct fact fact[],
			   const struct firing_next *next)
{
	for (size_t i = 0; i < next->n_passed; i++) {
		const struct firing_branch *p = &next->passed[i];
		json_t *note = json_pack ("{s:i, s:s}", "step", (int) p->step->number, "branch", p->verdict.matched ? "then" : "else");
		failed_put (note, rule, fact, &p->verdict);
		firing_note (r, row, note);
	}
}

static void firing_wait (struct run *r, struct firing_row *row, const struct step *step, int64_t due)
{
	row->state = firing_state_waiting;
	row->due_at = due_of (row, due, step->wait);
	row->has.due_at = HERE;
	row->has.action_id = CLEARED;
	firing_note (r, row, json_pack ("{s:i, s:o}", "step", (int) step->number, "wait", moment_json (row->due_at)));
}

static void steps_go (struct run *r, const struct cause *c, const struct rule_known *rule, struct firing_row *row)
{
	struct asking asking = cause_asking (r, c);
	const struct fact *fact = cause_facts (r, c, rule);
	struct firing_next *next = arena_alloc (batch_arena (r->b), sizeof *next);
	firing_step (&rule->says, (size_t) row->step, fact, &asking, c->rules->zone, next);
	branches_note (r, row, &rule->says, fact, next);
	row->has.due_at = CLEARED;
	if (next->step)
		row->step = (int64_t) next->step->number;
	switch (next->what) {
	case FIRING_DO:
		row->state = firing_state_running;
		action_ask (r, c, rule, row, next->step, fact);
		break;
	case FIRING_WAIT: firing_wait (r, row, next->step, next->due); break;
	case FIRING_STOPPED:
		firing_note (r, row, json_pack ("{s:i, s:b}", "step", (int) next->step->number, "stop", 1));
		firing_end (r, row, firing_state_done);
		break;
	case FIRING_DONE: firing_end (r, row, firing_state_done); break;
	}
}

/* What is automation's own is done at once: it does not hear itself. */
void firing_go (struct run *r, const struct cause *c, const struct rule_known *rule, struct firing_row *row)
{
	do
		steps_go (r, c, rule, row);
	while (row->state == firing_state_running && own_done (r, c, rule, row));
}

/* ---- what begins ---- */

static bool is_limited (struct run *r, const struct cause *c, const struct rule_known *rule)
{
	enum { HOUR = 3600 };
	int64_t hour = batch_now (r->b) / (HOUR * INT64_C (1000000));
	struct rule_fires *f = rule->fires;
	if (f->hour != hour) {
		struct firing_count_ask ask = { .workspace_id = { c->workspace },
						.rule_id = { rule->rule },
						.since = hour * HOUR * 1000000 };
		f->hour = hour;
		f->fired = firing_counts_load (r->b, &ask, 1)->fired;
	}
	return ++f->fired > rule->limit;
}

void rule_begins (struct run *r, const struct cause *c, const struct rule_known *rule)
{
	int64_t now = batch_now (r->b);
	struct firing_row row = { .workspace_id = { c->workspace },
				  .decision_id = { c->decision },
				  .rule_id = { rule->rule },
				  .rule_version_id = { rule->version },
				  .state = firing_state_running,
				  .steps = "[]",
				  .at = now };
	row.firing_id = firing_id_of (row.rule_version_id, row.decision_id);
	ID_PUT (&row, owner_id, c->owner);
	if (is_limited (r, c, rule))
		firing_end (r, &row, firing_state_limited);
	else if (rule->says.when.kind == WHEN_AFTER) {
		row.state = firing_state_waiting;
		row.due_at = due_of (&row, span_after (c->rules->zone, c->at, rule->says.when.span), rule->says.when.span);
		row.has.due_at = HERE;
	} else
		firing_go (r, c, rule, &row);
	firing_keep (r, c, rule->name, &row);
}

/* ---- what goes on ---- */

/* Its rule says what this house does not know (any more): it was written for another one. */
static void firing_unread (struct run *r, struct firing_row *row)
{
	firing_note (r, row,
		     json_pack ("{s:i, s:b, s:s, s:s}", "step", (int) row->step, "stop", 1, "code", "rule_unreadable", "detail",
				"what the rule says cannot be read any more"));
	firing_end (r, row, firing_state_stopped);
}

struct firing_row firing_row_of (const struct firing_whole *f)
{
	return (struct firing_row){
		.workspace_id = f->workspace_id,
		.firing_id = f->firing_id,
		.decision_id = f->decision_id,
		.rule_id = f->rule_id,
		.rule_version_id = f->rule_version_id,
		.state = f->state,
		.step = f->step,
		.action_id = f->action_id,
		.due_at = f->due_at,
		.steps = f->steps,
		.at = f->at,
		.ended_at = f->ended_at,
		.owner_id = f->owner_id,
		.has = { .action_id = f->has.action_id, .due_at = f->has.due_at, .ended_at = f->has.ended_at, .owner_id = f->has.owner_id }
	};
}

#define ID_TAKE(from, name) ((from)->has.name == HERE ? (from)->name.uuid : (struct uuid){ { 0 } })

void cause_of_firing (struct run *r, const struct head *head, const struct firing_whole *f, struct cause *ret)
{
	json_t *said = json_loads (f->facts, 0, NULL);
	*ret = (struct cause){ .rules = rules_of (r->b, f->workspace_id.uuid),
			       .head = head,
			       .workspace = f->workspace_id.uuid,
			       .decision = f->decision_id.uuid,
			       .actor = ID_TAKE (f, actor_id),
			       .owner = ID_TAKE (f, owner_id),
			       .type = f->event_type,
			       .event = record_of_type (f->event_type),
			       .said = run_hold (said ? said : json_object ()),
			       .at = f->event_at,
			       .recorded = f->event_at,
			       .depth = (int) f->depth,
			       .id = { [KNOWN_LEAD] = ID_TAKE (f, lead_id),
				       [KNOWN_DEAL] = ID_TAKE (f, deal_id),
				       [KNOWN_CONTACT] = ID_TAKE (f, contact_id),
				       [KNOWN_ACCOUNT] = ID_TAKE (f, account_id),
				       [KNOWN_DOCUMENT] = ID_TAKE (f, document_id) } };
	if (f->has.about == HERE) {
		ret->about_noun = noun_told (f->about);
		ret->about = ret->id[ret->about_noun];
	}
	cause_context (r, ret);
}

const struct rule_known *rule_of_firing (struct run *r, const struct firing_whole *f)
{
	const struct rule_known *kept = rule_kept (r->b, f->rule_id.uuid, f->rule_version_id.uuid, f->body);
	struct rule_fires *fires = rule_fires_of (rules_of (r->b, f->workspace_id.uuid), f->rule_id.uuid);
	if (!kept || !fires)
		return NULL;
	struct rule_known *ret = arena_alloc (batch_arena (r->b), sizeof *ret);
	*ret = *kept;
	ret->rule = f->rule_id.uuid;
	ret->name = f->name;
	ret->fires = fires;
	return ret;
}

/* Their records, and what these hang on. */
static void firings_load (struct run *r, const struct firing_whole f[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct uuid id[] = { ID_TAKE (&f[i], deal_id), ID_TAKE (&f[i], lead_id), ID_TAKE (&f[i], contact_id),
					   ID_TAKE (&f[i], account_id), ID_TAKE (&f[i], document_id) };
		for (size_t k = 0; k < LENGTH (id); k++)
			if (!uuid_is_null (id[k]))
				pool_ask (r->pool, f[i].workspace_id.uuid, id[k]);
	}
	pool_load (r->pool, true);
	for (size_t i = 0; i < n; i++) {
		const struct rule_known *rule = rule_kept (r->b, f[i].rule_id.uuid, f[i].rule_version_id.uuid, f[i].body);
		if (rule && facts_need_papers (rule->says.fact, rule->says.n_facts) && f[i].has.deal_id == HERE)
			pool_ask (r->pool, f[i].workspace_id.uuid, f[i].deal_id.uuid);
	}
	pool_load_papers (r->pool);
}

/* The last step's answer stands beside it. */
static void step_answer (struct run *r, struct firing_row *row, const char *state, const struct record *event, const void *item)
{
	static const char *const kept[] = { "code", "detail", "record_id", "number" };
	json_t *steps = json_loads (row->steps, 0, NULL);
	json_t *last = json_array_get (steps, json_array_size (steps) - 1);
	json_object_set_new (last, "state", json_string (state));
	json_object_set_new (last, "answered_at", moment_json (batch_now (r->b)));
	for (size_t i = 0; i < LENGTH (kept); i++) {
		const struct field *f = record_field (event, kept[i]);
		const char *at = (const char *) item + f->offset;
		char id[UUID_TEXT];
		if (field_has (f, item) != HERE)
			continue;
		json_object_set_new (last, kept[i],
				     f->kind == KIND_ID	   ? json_string (uuid_format (*(const struct uuid *) at, id))
				     : f->kind == KIND_I64 ? json_integer (*(const int64_t *) at)
							   : json_string (*(const char *const *) at));
	}
	row->steps = steps_text (r, steps);
}

static void firing_answered (struct run *r, const struct record *event, const void *item, const struct firing_whole *f)
{
	enum action_state state = *(const enum action_state *) ((const char *) item + record_field (event, "state")->offset);
	const struct rule_known *rule = rule_of_firing (r, f);
	struct firing_row row = firing_row_of (f);
	struct cause cause;
	cause_of_firing (r, item, f, &cause);
	step_answer (r, &row, action_state_names[state], event, item);
	row.has.action_id = CLEARED;
	if (state == action_state_refused)
		firing_end (r, &row, firing_state_refused);
	else if (f->removed)
		firing_end (r, &row, firing_state_stopped);
	else if (!rule)
		firing_unread (r, &row);
	else
		firing_go (r, &cause, rule, &row);
	firing_keep (r, &cause, f->name, &row);
}

void engine_settle (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[])
{
	struct run run;
	struct firing_ask *ask = ARRAY (b, ask, n);
	size_t rows, offset = record_field (r, "action_id")->offset;
	run_begin (&run, b);
	for (size_t i = 0; i < n; i++) {
		const struct head *head = (const void *) ((const char *) item + i * r->size);
		ask[i].workspace_id.uuid = head->workspace;
		memcpy (&ask[i].id.uuid, (const char *) head + offset, sizeof (struct uuid));
		ret[i] = done ();
	}
	const struct firing_whole *f = firing_of_action_load (b, ask, n, &rows);
	firings_load (&run, f, rows);
	for (size_t k = 0; k < rows; k++)
		for (size_t i = 0; i < n; i++)
			if (uuid_equal (ask[i].id.uuid, f[k].action_id.uuid) &&
			    uuid_equal (ask[i].workspace_id.uuid, f[k].workspace_id.uuid)) {
				firing_answered (&run, r, (const char *) item + i * r->size, &f[k]);
				break; /* told again */
			}
	run_keep (&run);
}

/* ---- what is due ---- */

/* An event that says so itself is what its rule answers. */
static bool says_gone (const char *type)
{
	static const char *const ways[] = { ".trashed", ".removed", ".merged", ".purged" };
	const char *way = strrchr (type, '.');
	for (size_t i = 0; way && i < LENGTH (ways); i++)
		if (strcmp (way, ways[i]) == 0)
			return true;
	return false;
}

/* The record that it is about is no more: nothing is done about it. */
static bool record_is_gone (const struct cause *c)
{
	const struct known *k = uuid_is_null (c->about) ? NULL : c->context.of[c->about_noun];
	return !uuid_is_null (c->about) && !says_gone (c->type) && (!k || known_is_gone (k));
}

static void firing_due (struct run *r, const struct head *clock, const struct firing_whole *f)
{
	const struct rule_known *rule = rule_of_firing (r, f);
	struct firing_row row = firing_row_of (f);
	struct head *head = arena_alloc (batch_arena (r->b), sizeof *head);
	struct cause cause;
	*head = *clock;
	head->workspace = f->workspace_id.uuid;
	cause_of_firing (r, head, f, &cause);
	if (f->removed || record_is_gone (&cause))
		firing_end (r, &row, firing_state_stopped);
	else if (!rule)
		firing_unread (r, &row);
	else if (rule->says.when.kind == WHEN_AFTER && row.step == 0) {
		struct asking asking = cause_asking (r, &cause);
		const struct fact *fact = cause_facts (r, &cause, rule);
		struct verdict v = conditions_evaluate (&rule->says.conditions, fact, &asking);
		if (v.matched)
			firing_go (r, &cause, rule, &row);
		else {
			json_t *note = json_pack ("{s:i}", "step", 0);
			failed_put (note, &rule->says, fact, &v);
			firing_note (r, &row, note);
			firing_end (r, &row, firing_state_unmet);
		}
	} else
		firing_go (r, &cause, rule, &row);
	firing_keep (r, &cause, f->name, &row);
}

size_t firings_go_on (struct batch *b, const struct rules_tick *tick)
{
	size_t n, rows;
	struct run run;
	const struct workspace_due *due = firings_due (b, tick, 1, &n);
	due = batch_own (b, &workspace_due_record, due, &n);
	if (!n)
		return 0;
	run_begin (&run, b);
	const struct firing_whole *f = firings_due_load (b, due, n, &rows);
	firings_load (&run, f, rows);
	for (size_t i = 0; i < rows; i++)
		firing_due (&run, &tick->head, &f[i]);
	run_keep (&run);
	return rows;
}

void firing_stop (struct batch *b, const struct firing_stop cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct firing_ask ask = { .workspace_id = { cmd[i].head.workspace }, .id = { cmd[i].firing_id.uuid } };
		struct cause cause;
		struct run run;
		size_t rows;
		run_begin (&run, b);
		const struct firing_whole *f = firing_load (b, &ask, 1, &rows);
		bool may = rows && f->state == firing_state_waiting && grant_covers (&cmd[i].head.grant, &f->owner_id);
		ret[i] = may ? done () : refused (firing_not_found);
		if (!may)
			continue;
		struct firing_row row = firing_row_of (f);
		cause_of_firing (&run, &cmd[i].head, f, &cause);
		firing_end (&run, &row, firing_state_stopped);
		firing_keep (&run, &cause, f->name, &row);
		run_keep (&run);
		ret[i].id = row.firing_id.uuid;
	}
}
