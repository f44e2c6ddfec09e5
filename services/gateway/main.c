/* NAME
 *	gateway — the one door for people and programs: users and their rights, the HTTP API, the live stream, the web app's files.
 *
 * OWNS
 *	schema gateway: agencies, workspaces, roles and what they permit, users, members, teams, sessions, API keys, the audit of rights.
 *	Identity lies in an agency's home workspace, whose id is the agency's. Every other row lies in the workspace it is about.
 *
 * HEARS
 *	Nothing as a consumer: it keeps no projection, so it has no cursor and no events.c. As a tap it hears its own events (they end what it
 *	cached of somebody's rights) and those of lead-intake, contacts and pipeline (they go to the open live streams).
 *
 * SAYS
 *	workspace.created, workspace.updated, member.changed, user.changed, session.ended.
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
 *	presets.c   proto/presets in the binary       rows.def, sql/, web/
 *
 * MUST NEVER
 *	decide what a service has to decide; touch another schema; keep a right past the event that took it away; let one workspace's events or rows
 *	reach somebody of another; log or answer a password, a token or a key (but a new key, once); block the loop.
 */
#include "gateway.h"
#include "gateway_sql.h"

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

static const struct command_row commands[] = {
	SERVE (agency_add),	SERVE (workspace_add), SERVE (workspace_update), SERVE (user_add),	SERVE (user_update),
	SERVE (profile_update), SERVE (member_set),    SERVE (session_open),	 SERVE (session_touch), SERVE (session_close),
	SERVE (login_miss),	SERVE (apikey_add),    SERVE (apikey_revoke),
};

static const char *const taps[] = { "gateway", "lead-intake", "contacts", "pipeline", NULL };

static void start (struct app *app)
{
	callers_start (app);
	streams_start (app);
	files_start (app);
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
		.settings = settings,
		.n_settings = LENGTH (settings),
		.config = &gateway_config,
		.start = start,
		.route = gateway_route,
		.body_limit = 1 << 20,
		.taps = taps,
		.tap = hear,
		.tap_head = streams_head,
		.tap_hole = hole,
	};
	return service_main (&service, argc, argv);
}
