/* NAME
 *	automation - what is done by itself, and why
 *
 * OWNS
 *	schema automation: rule, rule_version, rule_set (what rules say), decision (what became of each event that rules hear), firing (what a rule does
 *	about one), known (what rules may ask of records), hook_endpoint, hook_delivery, hook_try (webhooks that go out; secrets sealed); workspace, member
 *	and stage (copies of what the others say).
 *
 * HEARS
 *	workspace.created, workspace.updated, workspace.preset_changed, member.changed, board.changed
 *	workspace.removed	all that was kept of a workspace goes
 *	member.handed_over	what somebody owned is another one's
 *	every public event	what is known of its records is another; rules are asked, endpoints are told
 *	*.action_settled	what became of what a rule wanted done
 *	person.erased, erasure.settled	somebody is forgotten
 *
 * DOES WHEN ASKED
 *	rule_add, rule_update, rule_remove, rule_restore	each body is a version
 *	firing_stop	what waits is not done
 *	hook_endpoint_add, hook_endpoint_update, hook_endpoint_remove, hook_secret_rotate, hook_test, hook_resend, hook_send	webhooks that go out
 *	rule_list, rule_get, decision_list, decision_get, hook_endpoint_list, hook_endpoint_get, hook_delivery_list, hook_delivery_get	answer pages
 *
 * DOES BY ITSELF
 *	what waited and is due goes on; rules of time act; messages are sent to endpoints (claim, send, record)
 *
 * SAYS
 *	action.wanted	to the service whose command a rule asks for, once an action
 *	rule.changed, rule.fired, hook_endpoint.changed
 *
 * MUST NEVER
 *	act twice for one event, or without a decision that says why; change a rule's version or a decision; act on what was said before a rule was switched
 *	on; talk to a receiver inside a transaction; tell a secret in an event or a log.
 */
#include <curl/curl.h>
#include <string.h>

#include "automation.h"
#include "automation_sql.h"
#include "engine.h"
#include "hooks.h"
#include "log.h"
#include "pool.h"
#include "public_events.h"
#include "seal.h"

static const struct setting settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct automation_config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};

HANDLER_THUNK (rule_add)
HANDLER_THUNK (rule_update)
HANDLER_THUNK (rule_remove)
HANDLER_THUNK (rule_restore)
HANDLER_THUNK (firing_stop)
HANDLER_THUNK (hook_endpoint_add)
HANDLER_THUNK (hook_endpoint_update)
HANDLER_THUNK (hook_endpoint_remove)
HANDLER_THUNK (hook_secret_rotate)
HANDLER_THUNK (hook_test)
HANDLER_THUNK (hook_resend)
HANDLER_THUNK (hook_send)
static const struct command_row commands[] = {
	SERVE (rule_add),	    SERVE (rule_update),       SERVE (rule_remove),	     SERVE (rule_restore),
	SERVE (firing_stop),	    SERVE (hook_endpoint_add), SERVE (hook_endpoint_update), SERVE (hook_endpoint_remove),
	SERVE (hook_secret_rotate), SERVE (hook_test),	       SERVE (hook_resend),	     SERVE (hook_send),
};

HANDLER_THUNK (rules_tick)
HANDLER_THUNK (hooks_tell)
/* What waits asks how things stand then: a house that was down hears first what happened before it was. */
static const struct command_row own_time[] = { SERVE_BEHIND_NEWS (rules_tick), SERVE_ONCE (hooks_tell) };

static struct effect_row effects[] = {
	{ .name = "hook",
	  .claim = &hook_claim_statement,
	  .record = &hook_record_statement,
	  .act = hook_act,
	  .ended = hook_ended,
	  .most = HOOK_TALKS,
	  .end = hook_act_end,
	  .state = sizeof (struct hook_talks),
	  .lease = HOOK_LEASE,
	  .limit = HOOK_LIMIT },
	/* who answers late, or not at all, keeps no other waiting */
	{ .name = "hook_late",
	  .claim = &hook_late_claim_statement,
	  .record = &hook_record_statement,
	  .act = hook_act,
	  .ended = hook_ended,
	  .most = HOOK_TALKS,
	  .end = hook_act_end,
	  .state = sizeof (struct hook_talks),
	  .lease = HOOK_LEASE,
	  .limit = HOOK_LIMIT,
	  .apart = true },
};

HANDLER_THUNK (workspace_created)
HANDLER_THUNK (workspace_updated)
HANDLER_THUNK (workspace_preset_changed)
HANDLER_THUNK (workspace_removed)
HANDLER_THUNK (member_changed)
HANDLER_THUNK (member_handed_over)
HANDLER_THUNK (board_changed)
HANDLER_THUNK (person_erased)
HANDLER_THUNK (erasure_settled)
static const struct listener_row own_events[] = {
	HEAR (workspace_created, workspace_id),	       /* its time and language; its rules stand from then on */
	HEAR (workspace_updated, workspace_id),	       /* its name, who owns what nobody does */
	HEAR (workspace_preset_changed, workspace_id), /* its language and place */
	HEAR (workspace_removed, workspace_id),	       /* all that was kept of it goes */
	HEAR (member_changed, user_id),		       /* who may be given something */
	HEAR_APART (member_handed_over, user_id),      /* another owner of all that somebody owned */
	HEAR (board_changed, pipeline_id),	       /* what its stages are called and mean */
	HEAR_APART (person_erased, erasure_id),	       /* what is known and was decided says nothing of them */
	HEAR (erasure_settled, erasure_id),	       /* frames and texts */
};

/* ---- every other event, by one handler a kind: a listener has to know which record it hears ---- */

#define COMMAND(r, doc)
#define QUERY(r, doc)
#define ROW(r, doc)
#define PART(r, doc)
#define FIELD(r, kind, name, flags, doc)
#define ID(r, noun, name, flags, doc)
#define ENUM(r, set, name, flags, doc)
#define LIST(r, part, name, flags, doc)
#define END(r)

#define EVENT(r, type, version, doc)                                                             \
	static void hear_##r (struct batch *b, const void *item, size_t n, struct outcome ret[]) \
	{                                                                                        \
		event_run (b, &r##_record, item, n, ret);                                        \
	}

static bool is_settled (const struct record *r)
{
	return record_field (r, "action_id") && record_field (r, "state");
}

/* What was heard is told to endpoints, in its order; what waits for something is heard again. */
static void event_run (struct batch *b, const struct record *r, const void *item, size_t n, struct outcome ret[])
{
	if (is_settled (r)) {
		engine_settle (b, r, item, n, ret);
		return;
	}
	engine_hear (b, r, item, n, ret);
	for (size_t i = 0, from = 0; i <= n && event_is_public (r); i++) {
		if (i < n && ret[i].state != OUTCOME_NOT_YET)
			continue;
		hooks_hear (b, r, (const char *) item + from * r->size, i - from);
		from = i + 1;
	}
}

#include "all.def"
#undef EVENT

static const struct listener_row every_event[] = {
#define EVENT(r, type, version, doc) { .record = &r##_record, .run = hear_##r },
#include "all.def"
#include "undef.h"
};

static struct listener_row hears[LENGTH (own_events) + LENGTH (every_event)];
static size_t n_hears;

/* What says something of all records that bear it, naming none. */
static bool is_of_many (const struct record *r)
{
	return r == &tag_changed_record || r == &segment_changed_record;
}

/* What moves what is known, though rules do not hear it. */
static bool moves_known (const struct record *r)
{
	static const char *const nouns[] = { "lead", "deal", "contact", "account", "document", "record" };
	for (size_t f = 0; f < r->n_fields; f++)
		for (size_t k = 0; k < LENGTH (nouns); k++)
			if (r->fields[f].kind == KIND_ID && strcmp (r->fields[f].noun, nouns[k]) == 0)
				return true;
	return is_of_many (r);
}

static bool is_heard (const struct record *r)
{
	for (size_t i = 0; i < LENGTH (own_events); i++)
		if (own_events[i].record == r)
			return false;
	return strcmp (r->service, "automation") != 0 && (is_settled (r) || event_is_public (r) || moves_known (r));
}

/* The records that an event names come first: what is said of one is heard in its order. Others by any id of theirs. */
static void keys_choose (struct listener_row *row)
{
	static const char *const nouns[] = { "action", "deal", "lead", "document", "record", "contact", "account" };
	const struct record *r = row->record;
	size_t n = 0;
	for (size_t k = 0; k < LENGTH (nouns); k++)
		for (size_t f = 0; f < r->n_fields && n < KEYS; f++)
			if (r->fields[f].kind == KIND_ID && strcmp (r->fields[f].noun, nouns[k]) == 0)
				row->key[n++] = r->fields[f].name;
	for (size_t f = 0; f < r->n_fields && !n; f++)
		if (r->fields[f].kind == KIND_ID)
			row->key[n++] = r->fields[f].name;
	row->apart = is_of_many (r);
}

static void hears_choose (void)
{
	for (size_t i = 0; i < LENGTH (own_events); i++)
		hears[n_hears++] = own_events[i];
	for (size_t i = 0; i < LENGTH (every_event); i++)
		if (is_heard (every_event[i].record)) {
			hears[n_hears] = every_event[i];
			keys_choose (&hears[n_hears++]);
		}
}

static void start (struct app *app)
{
	curl_global_init (CURL_GLOBAL_DEFAULT);
	if (!seal_open (app_config (app)->key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
	engine_start ();
	hooks_start ();
}

static struct service automation = {
	.name = "automation",
	.schema = "automation",
	.sql = &automation_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.settings = settings,
	.n_settings = LENGTH (settings),
	.config = &automation_config,
	.start = start,
	.effects = effects,
	.n_effects = LENGTH (effects),
	.clock = own_time,
	.n_clocks = LENGTH (own_time),
	.hears = hears,
	.ends = pool_end,
	.writer_state = sizeof (struct automation_memory),
};

int main (int argc, char **argv)
{
	hears_choose ();
	automation.n_hears = n_hears;
	return service_main (&automation, argc, argv);
}
