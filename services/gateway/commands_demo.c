/* The gateway's commands that take a demo away: a workspace, an agency that was made for it, those who belonged to nothing else.
 * Never removes what was not made for a demo, nor a line of another audit. */
#include "commands.h"
#include "files.h"
#include "gateway_sql.h"

static struct outcome remove_check (const struct head *head, struct uuid named, const struct demo_place *place)
{
	if (!grant_allows (&head->grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (!place->known || !uuid_equal (head->workspace, named))
		return refused (workspace_not_found);
	return place->demo && !place->workspaces ? done_with (named, NULL) : refused (not_a_demo);
}

static struct workspace_removed removed_of (struct batch *b, const struct head *cause)
{
	return (struct workspace_removed){ .head = head_caused (b, cause), .workspace_id = { cause->workspace }, .has.workspace_id = HERE };
}

/* Every other service hears it and takes its own; whoever asks about it from now on is told that there is none such. */
void workspace_remove (struct batch *b, const struct workspace_remove cmd[], size_t n, struct outcome ret[])
{
	const struct demo_place *place = workspace_remove_load (b, cmd, n);
	struct workspace_remove *gone = ARRAY (b, gone, n);
	struct workspace_removed *event = ARRAY (b, event, n);
	size_t goes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = remove_check (&cmd[i].head, cmd[i].workspace_id.uuid, &place[i]);
		if (!is_done (ret[i]))
			continue;
		gone[goes] = cmd[i];
		event[goes++] = removed_of (b, &cmd[i].head);
	}
	workspace_remove_audit (b, gone, goes);
	workspace_remove_keys (b, gone, goes);
	workspace_remove_members (b, gone, goes);
	workspace_remove_teams (b, gone, goes);
	workspace_remove_preferences (b, gone, goes);
	workspace_remove_views (b, gone, goes);
	workspace_remove_write (b, event, goes);
	workspace_removed_emit (b, event, goes);
	for (size_t i = 0; i < goes; i++)
		batch_workspace_end (b, gone[i].head.workspace);
}

/* An agency's home is a workspace to the other services: they hear that it is no more. */
void agency_remove (struct batch *b, const struct agency_remove cmd[], size_t n, struct outcome ret[])
{
	const struct demo_place *place = agency_remove_load (b, cmd, n);
	struct workspace_removed *event = ARRAY (b, event, n);
	size_t goes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = remove_check (&cmd[i].head, cmd[i].agency_id.uuid, &place[i]);
		if (is_done (ret[i]))
			event[goes++] = removed_of (b, &cmd[i].head);
	}
	agency_remove_audit (b, event, goes);
	agency_remove_sessions (b, event, goes);
	agency_remove_calendars (b, event, goes);
	agency_remove_invites (b, event, goes);
	agency_remove_resets (b, event, goes);
	agency_remove_factors (b, event, goes);
	agency_remove_users (b, event, goes);
	agency_remove_preferences (b, event, goes);
	agency_remove_permissions (b, event, goes);
	agency_remove_roles (b, event, goes);
	agency_remove_setup (b, event, goes);
	agency_remove_home (b, event, goes);
	agency_remove_write (b, event, goes);
	workspace_removed_emit (b, event, goes);
	for (size_t i = 0; i < goes; i++)
		batch_workspace_end (b, event[i].workspace_id.uuid);
}

/* Those of one agency, and their pictures. How many they were. */
static size_t users_take_away (struct batch *b, const struct demo_end *cmd)
{
	size_t users;
	const struct demo_user *user = demo_end_users (b, cmd, 1, &users);
	struct session_ended *ended = ARRAY (b, ended, users);
	for (size_t i = 0; i < users; i++) {
		ended[i] = ended_of (b, &cmd->head, user[i].user_id);
		if (user[i].has.photo == HERE)
			file_drop (batch_files (b), cmd->head.workspace, user[i].photo);
	}
	demo_user_sessions (b, user, users);
	calendar_link_away (b, ended, users);
	demo_user_invites (b, user, users);
	demo_user_resets (b, user, users);
	demo_user_factors (b, user, users);
	demo_user_preferences (b, user, users);
	demo_user_write (b, user, users);
	session_ended_emit (b, ended, users);
	return users;
}

void demo_end (struct batch *b, const struct demo_end cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	struct demo_ended *event = ARRAY (b, event, n);
	size_t lines = 0;
	for (size_t i = 0; i < n; i++) {
		if (!grant_allows (&cmd[i].head.grant, PERMISSION_crm_agency)) {
			ret[i] = refused (forbidden);
			continue;
		}
		const char *users = arena_printf (batch_arena (b), "{\"users\":%zu}", users_take_away (b, &cmd[i]));
		struct demo_end told = cmd[i]; /* their names stood in rows that are gone */
		told.has.users = ABSENT;
		event[lines] = (struct demo_ended){ .head = head_caused (b, &cmd[i].head),
						    .agency_id = cmd[i].agency_id,
						    .has.agency_id = HERE };
		audit[lines++] = audit_of (b, &cmd[i].head, "demo_remove", detail_of (b, &demo_end_record, &told, users));
		ret[i] = done_with (cmd[i].agency_id.uuid, users);
	}
	audit_write (b, audit, lines);
	demo_ended_emit (b, event, lines);
}
