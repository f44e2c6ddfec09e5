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
 *	rule_list, rule_get, decision_list, decision_get	answer pages
 *
 * DOES BY ITSELF
 *	what waited and is due goes on; rules of time act
 *
 * SAYS
 *	action.wanted	to the service whose command a rule asks for, once an action
 *	rule.changed, rule.fired
 *
 * MUST NEVER
 *	act twice for one event, or without a decision that says why; change a rule's version or a decision; act on what was said before a rule was switched
 *	on; talk to a receiver inside a transaction; tell a secret in an event or a log.
 */
#include <curl/curl.h>

#include "automation.h"
#include "automation_sql.h"
#include "log.h"
#include "seal.h"

struct automation_config automation_config;

static const struct setting settings[] = {
#define SETTING(kind, ...) SETTING_ROW (struct automation_config, kind, __VA_ARGS__)
#include "config.def"
#undef SETTING
};

HANDLER_THUNK (rule_add)
HANDLER_THUNK (rule_update)
HANDLER_THUNK (rule_remove)
HANDLER_THUNK (rule_restore)
static const struct command_row commands[] = {
	SERVE (rule_add),
	SERVE (rule_update),
	SERVE (rule_remove),
	SERVE (rule_restore),
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
static const struct listener_row hears[] = {
	HEAR (workspace_created, workspace_id),	       /* its time and language; its rules stand from then on */
	HEAR (workspace_updated, workspace_id),	       /* its name, who owns what nobody does */
	HEAR (workspace_preset_changed, workspace_id), /* its language and place */
	HEAR (workspace_removed, workspace_id),	       /* all that was kept of it goes */
	HEAR (member_changed, user_id),		       /* who may be given something */
	HEAR (member_handed_over, user_id),	       /* another owner of all that somebody owned */
	HEAR (board_changed, pipeline_id),	       /* what its stages are called and mean */
	HEAR_APART (person_erased, erasure_id),	       /* what is known and was decided says nothing of them */
	HEAR (erasure_settled, erasure_id),	       /* frames and texts */
};

static void start (struct app *app)
{
	curl_global_init (CURL_GLOBAL_DEFAULT);
	if (!seal_open (app_config (app)->key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
}

static const struct service automation = {
	.name = "automation",
	.schema = "automation",
	.sql = &automation_sql,
	.commands = commands,
	.n_commands = LENGTH (commands),
	.settings = settings,
	.n_settings = LENGTH (settings),
	.config = &automation_config,
	.start = start,
	.hears = hears,
	.n_hears = LENGTH (hears),
	.writer_state = sizeof (struct automation_memory),
};

int main (int argc, char **argv)
{
	return service_main (&automation, argc, argv);
}
