/* NAME
 *	gateway — the one door for people and programs: users and their rights, the HTTP API, the live stream, the web app's files.
 *
 * OWNS
 *	schema gateway: agencies, workspaces, roles and what they permit, users, members, teams, sessions, second factors, links to choose a
 *	password, API keys, the audit of rights, the code of an empty installation; how people like their pages, and the views they keep.
 *	Identity lies in an agency's home workspace, whose id is the agency's. Every other row lies in the workspace it is about.
 *
 * HEARS
 *	Nothing as a consumer: it keeps no projection, so it has no cursor and no events.c. As a tap it hears its own events (they end what it
 *	cached of somebody's rights) and those of lead-intake, contacts, pipeline, mailer, billing and automation (they go to the open live streams).
 *
 * SAYS
 *	workspace.created, workspace.updated, workspace.preset_changed, workspace.removed, demo.ended, member.changed, member.handed_over, user.changed, role.changed, session.ended,
 *	prefs.changed, view.changed, notices.changed, reader.changed.
 *
 * ASKS
 *	Every service, by commands and queries over the bus. A request is: find the route (routes.def), find who asks (session.c), find the set of
 *	workspaces they may see (rules.c), then one query or one command, whose answer goes out as it came.
 *
 * ROOMS
 *	routes.def  every address of the API          commands.c  agencies, workspaces, users, members, sessions, keys
 *	routes.c    from a request to its page        session.c   the cache of callers
 *	routes_read.c, routes_write.c, login.c        stream.c    the live stream
 *	rules.c     what is decided without asking    static.c    the web app's files, people's files
 *	files.c, upload.c  what people put to records
 *	login.c, passwords.c  getting in              profile.c   oneself
 *	people.c    users, links, roles               workspaces.c, setup.c  workspaces, an empty installation
 *	search.c    search                            documents.c the API's documents
 *	notices.c   the bell
 *	imports.c   files of records come in
 *	rule_catalogue.c, decisions.c  rules        events.c    what happened, pulled
 *	sweep.c     files that no row names go        billing.c   documents' files, statements
	portal.c    what a customer sees by their link
 *	prefs.c     how people like their pages       commands_views.c the same, and their views
 *	presets.c   proto/presets in the binary       rows.def, sql/, web/
 *
 * MUST NEVER
 *	decide what a service has to decide; touch another schema; keep a right past the event that took it away; let one workspace's events or rows
 *	reach somebody of another; log or answer a password, a token or a key (but a new key, once); block the loop.
 */
#include "gateway.h"
#include "gateway_sql.h"
#include "log.h"
#include "vapid.h"

#include <string.h>

static const struct setting settings[] = {
#define SETTING(k, field, e, f, l, m, d)                     \
	{ .name = #field,                                    \
	  .env = e,                                          \
	  .fallback = f,                                     \
	  .least = l,                                        \
	  .most = m,                                         \
	  .offset = offsetof (struct gateway_config, field), \
	  .doc = d,                                          \
	  .kind = SETTING_KIND_##k },
#define SETTING_KIND_text SETTING_TEXT
#define SETTING_KIND_number SETTING_NUMBER
#define SETTING_KIND_flag SETTING_FLAG
#define SETTING_KIND_secret SETTING_SECRET
#include "config.def"
#undef SETTING
};

HANDLER_THUNK (agency_add)
HANDLER_THUNK (workspace_add)
HANDLER_THUNK (workspace_update)
HANDLER_THUNK (user_add)
HANDLER_THUNK (user_update)
HANDLER_THUNK (profile_update)
HANDLER_THUNK (member_set)
HANDLER_THUNK (session_open)
HANDLER_THUNK (session_touch)
HANDLER_THUNK (session_close)
HANDLER_THUNK (login_miss)
HANDLER_THUNK (apikey_add)
HANDLER_THUNK (apikey_revoke)
HANDLER_THUNK (user_invite)
HANDLER_THUNK (invite_accept)
HANDLER_THUNK (invite_withdraw)
HANDLER_THUNK (password_forget)
HANDLER_THUNK (password_set)
HANDLER_THUNK (photo_set)
HANDLER_THUNK (sessions_close)
HANDLER_THUNK (totp_begin)
HANDLER_THUNK (totp_confirm)
HANDLER_THUNK (totp_recovery)
HANDLER_THUNK (totp_off)
HANDLER_THUNK (leads_seen)
HANDLER_THUNK (notices_read)
HANDLER_THUNK (member_refresh)
HANDLER_THUNK (member_hand_over)
HANDLER_THUNK (team_add)
HANDLER_THUNK (team_update)
HANDLER_THUNK (team_drop)
HANDLER_THUNK (role_set)
HANDLER_THUNK (apikey_touch)
HANDLER_THUNK (export_note)
HANDLER_THUNK (source_note)
HANDLER_THUNK (setting_note)
HANDLER_THUNK (import_note)
HANDLER_THUNK (person_note)
HANDLER_THUNK (preset_set)
HANDLER_THUNK (workspace_remove)
HANDLER_THUNK (agency_remove)
HANDLER_THUNK (demo_end)
HANDLER_THUNK (setup_open)
HANDLER_THUNK (setup_miss)
HANDLER_THUNK (setup_finish)
HANDLER_THUNK (prefs_set)
HANDLER_THUNK (view_add)
HANDLER_THUNK (view_update)
HANDLER_THUNK (view_drop)
HANDLER_THUNK (calendar_link_make)
HANDLER_THUNK (calendar_link_drop)

HANDLER_THUNK (readers_tell)

static const struct command_row own_time[] = { SERVE_ONCE (readers_tell) };
static const struct command_row commands[] = {
	SERVE (agency_add),
	SERVE (workspace_add),
	SERVE (workspace_update),
	SERVE (user_add),
	SERVE (user_update),
	SERVE (profile_update),
	SERVE (member_set),
	SERVE (session_open),
	SERVE (session_touch),
	SERVE (session_close),
	SERVE (login_miss),
	SERVE (apikey_add),
	SERVE (apikey_revoke),
	SERVE (user_invite),
	SERVE (invite_accept),
	SERVE (invite_withdraw),
	SERVE (password_forget),
	SERVE (password_set),
	SERVE (photo_set),
	SERVE (sessions_close),
	SERVE (totp_begin),
	SERVE (totp_confirm),
	SERVE (totp_recovery),
	SERVE (totp_off),
	SERVE (leads_seen),
	SERVE (notices_read),
	SERVE (member_refresh),
	SERVE (member_hand_over),
	SERVE (team_add),
	SERVE (team_update),
	SERVE (team_drop),
	SERVE (role_set),
	SERVE (apikey_touch),
	SERVE (preset_set),
	SERVE (setup_open),
	SERVE (setup_miss),
	SERVE (setup_finish),
	SERVE (prefs_set),
	SERVE (view_add),
	SERVE (view_update),
	SERVE (view_drop),
	SERVE (calendar_link_make),
	SERVE (calendar_link_drop),
	SERVE (demo_end),
	/* an answer would be kept under what is no more */
	SERVE_ONCE (workspace_remove),
	SERVE_ONCE (agency_remove),
	SERVE (export_note),
	SERVE (source_note),
	SERVE (setting_note),
	SERVE (import_note),
	SERVE (person_note),
};

static const char *const taps[] = { "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation", NULL };

static void start (struct app *app)
{
	if (!seal_open (app_config (app)->key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
	vapid_open (app_config (app)->key);
	callers_start (app);
	streams_start (app);
	files_start (app);
	sweep_start (app);
	exports_start ();
	billing_start (app);
}

static void begin (struct http_request *r, void *app)
{
	uploads_begin (r, app);
	imports_begin (r, app);
	mails_begin (r, app);
	billing_begin (r, app);
}

static bool settled (struct app *app)
{
	return callers_settled (app) && streams_settled ();
}

static void hear (struct app *app, const struct heard *event)
{
	callers_hear (app, event);
	streams_hear (app, event);
}

static void hole (struct app *app, const char *source, int lane)
{
	(void) app;
	if (strcmp (source, "gateway") == 0)
		callers_hole ();
	else
		streams_hole (source, lane);
}

int main (int argc, char **argv)
{
	static const struct service service = {
		.name = "gateway",
		.schema = "gateway",
		.sql = &gateway_sql,
		.commands = commands,
		.n_commands = LENGTH (commands),
		.clock = own_time,
		.n_clocks = LENGTH (own_time),
		.settings = settings,
		.n_settings = LENGTH (settings),
		.config = &gateway_config,
		.start = start,
		.settled = settled,
		.route = gateway_route,
		.route_begin = begin,
		.body_limit = 1 << 20,
		.taps = taps,
		.tap = hear,
		.tap_head = streams_head,
		.tap_hole = hole,
	};
	return service_main (&service, argc, argv);
}
