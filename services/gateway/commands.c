/* The gateway's commands about agencies: their beginning, the set-up of an empty installation, roles, keys for programs. In the order of
 * proto/gateway.def; workspaces, people and sessions stand in the files beside. Every change of somebody's rights leaves a line in the audit table.
 * Never a password, a token or a key in an event or a stored reply. */
#include "clock.h"
#include "commands.h"
#include "gateway_sql.h"
#include "presets.h"
#include "rules.h"
#include "seal.h"

enum { KEY_BYTES = 32, KEY_PREFIX_BYTES = 6 };

struct audit_line audit_of (struct batch *b, const struct head *head, const char *what, const char *detail)
{
	struct audit_line ret = {
		.workspace_id = { head->workspace }, .line_id = { uuid_new (b) }, .at = head->at, .what = what, .detail = detail
	};
	ALL_HERE (&ret);
	ret.actor.uuid = head->actor;
	ret.has.actor = uuid_is_null (head->actor) ? ABSENT : HERE;
	return ret;
}

const char *detail_of (struct batch *b, const struct record *r, const void *cmd, const char *before)
{
	struct buffer out = { 0 };
	buffer_text (&out, "{\"asked\":");
	record_to_json (&out, r, cmd, true);
	if (before)
		buffer_text (&out, ",\"before\":"), buffer_text (&out, before);
	buffer_text (&out, "}");
	const char *ret = arena_copy (batch_arena (b), (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

struct outcome refused_field (struct batch *b, const char *pointer, const char *code, const char *detail)
{
	struct problem *problem = ARRAY (b, problem, 1);
	problem_add (batch_arena (b), problem, pointer, code, detail);
	struct outcome ret = refused (invalid);
	ret.problem = problem;
	return ret;
}

struct outcome done_with (struct uuid id, const char *data)
{
	struct outcome ret = done ();
	ret.id = id;
	ret.data = data;
	return ret;
}

struct workspace_created created_of (struct batch *b, const struct head *cause, const struct workspace_whole *w, const char *content)
{
	struct workspace_created ret = { .head = head_caused (b, cause),
					 .workspace_id = w->workspace_id,
					 .agency_id = w->agency_id,
					 .slug = w->slug,
					 .name = w->name,
					 .language = w->language,
					 .currency = w->currency,
					 .timezone = w->timezone,
					 .country = w->country,
					 .preset = w->preset,
					 .content = content,
					 .home = w->home };
	ALL_HERE (&ret);
	ret.has.default_owner_id = ABSENT;
	return ret;
}

static struct workspace_whole home_of (struct batch *b, const struct agency_add *cmd)
{
	char text[UUID_TEXT];
	struct workspace_whole ret = { .workspace_id = { cmd->agency_id.uuid },
				       .agency_id = cmd->agency_id,
				       .slug = text_join (b, "home-", uuid_format (cmd->agency_id.uuid, text)),
				       .name = cmd->name,
				       .preset = "home",
				       .language = "en",
				       .currency = "EUR",
				       .timezone = "Europe/Amsterdam",
				       .country = "NL",
				       .label_profile = "classic",
				       .landing = "board",
				       .home = true,
				       .at = cmd->head.at };
	ALL_HERE (&ret);
	ret.has.default_owner_id = ret.has.owner_fits = ABSENT;
	return ret;
}

/* An agency comes with its home: a workspace of its own id, where its users and roles lie, and every other service makes room for it. */
void agency_add (struct batch *b, const struct agency_add cmd[], size_t n, struct outcome ret[])
{
	const struct agency_place *place = agency_add_load (b, cmd, n);
	struct agency_add *made = ARRAY (b, made, n);
	struct agency_role *roles = ARRAY (b, roles, n);
	struct workspace_whole *home = ARRAY (b, home, n);
	struct workspace_created *event = ARRAY (b, event, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done_with (cmd[i].agency_id.uuid, NULL);
		if (!grant_allows (&cmd[i].head.grant, PERMISSION_crm_agency))
			ret[i] = refused (forbidden);
		else if (!uuid_equal (cmd[i].head.workspace, cmd[i].agency_id.uuid))
			ret[i] = refused_field (b, "/agency_id", "not_the_head", "An agency is made in its own home workspace.");
		if (!is_done (ret[i]) || place[i].known)
			continue;
		made[news] = cmd[i];
		roles[news] = (struct agency_role){ .agency_id = cmd[i].agency_id, .roles = presets_roles () };
		ALL_HERE (&roles[news]);
		home[news] = home_of (b, &cmd[i]);
		event[news] = created_of (b, &cmd[i].head, &home[news], "{}");
		news++;
	}
	agency_add_write (b, made, news);
	agency_roles_write (b, roles, news);
	agency_permissions_write (b, roles, news);
	workspace_whole_write (b, home, news);
	workspace_created_emit (b, event, news);
}

/* ---- an empty installation ---- */

/* The code that is good stays: several replicas ask, one code stands in a terminal. */
void setup_open (struct batch *b, const struct setup_open cmd[], size_t n, struct outcome ret[])
{
	const struct setup_place *place = setup_open_load (b, cmd, n);
	struct setup_open *kept = ARRAY (b, kept, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !place[i].known || place[i].peopled ? refused (not_found) : done_with (cmd[i].agency_id.uuid, NULL);
		if (!is_done (ret[i]))
			continue;
		ret[i].data = place[i].waiting ? "{\"kept\":false}" : "{\"kept\":true}";
		if (!place[i].waiting)
			kept[news++] = cmd[i];
	}
	setup_open_write (b, kept, news);
}

void setup_miss (struct batch *b, const struct setup_miss cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	setup_miss_write (b, cmd, n);
}

static struct outcome setup_finish_check (struct batch *b, const struct setup_finish *cmd, const struct setup_place *place)
{
	if (place->has.user_id == HERE && uuid_equal (place->user_id.uuid, cmd->user_id.uuid))
		return done_with (cmd->user_id.uuid, NULL); /* said twice */
	if (!place->known || place->peopled)
		return refused (not_found);
	if (!place->waiting || !place->right)
		return refused (setup_code_wrong);
	if (!email_fits (cmd->email))
		return refused_field (b, "/owner/email", "not_an_email", "This does not look like an e-mail address.");
	return done_with (cmd->user_id.uuid, NULL);
}

static struct user_whole owner_of_setup (const struct setup_finish *cmd)
{
	struct user_whole ret = { .workspace_id = { cmd->agency_id.uuid },
				  .user_id = cmd->user_id,
				  .email = cmd->email,
				  .name = cmd->name,
				  .password_hash = cmd->password_hash,
				  .language = cmd->language,
				  .single_keys = true,
				  .agency_admin = true,
				  .allowed_sections = "[\"crm\"]",
				  .at = cmd->head.at };
	ALL_HERE (&ret);
	ret.has.theme = ret.has.timezone = ABSENT;
	ret.has.language = cmd->has.language;
	return ret;
}

void setup_finish (struct batch *b, const struct setup_finish cmd[], size_t n, struct outcome ret[])
{
	const struct setup_place *place = setup_finish_load (b, cmd, n);
	struct setup_finish *made = ARRAY (b, made, n);
	struct user_whole *owner = ARRAY (b, owner, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = setup_finish_check (b, &cmd[i], &place[i]);
		if (!is_done (ret[i]) || place[i].has.user_id == HERE)
			continue;
		made[news] = cmd[i];
		owner[news] = owner_of_setup (&cmd[i]);
		audit[news++] = audit_of (b, &cmd[i].head, "setup_finish", detail_of (b, &setup_finish_record, &cmd[i], NULL));
	}
	user_whole_write (b, owner, news);
	setup_agency_write (b, made, news);
	setup_home_write (b, made, news);
	setup_used_write (b, made, news);
	audit_write (b, audit, news);
}

/* ---- roles ---- */

static struct outcome role_set_check (struct batch *b, const struct role_set *cmd, const struct role_whole *old)
{
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (old->has.workspace_id != HERE)
		return refused (role_not_found);
	if (cmd->has.scope == HERE && !scope_fits (cmd->scope))
		return refused_field (b, "/scope", "not_a_choice", "none, own, team or workspace.");
	if (cmd->has.permissions == HERE && !permissions_fit (cmd->permissions))
		return refused_field (b, "/permissions", "not_a_choice", "An array of names of permissions, each once.");
	if (cmd->has.label == HERE && !label_fits (cmd->label))
		return refused_field (b, "/label", "not_an_object", "An object with en and nl.");
	return done ();
}

void role_set (struct batch *b, const struct role_set cmd[], size_t n, struct outcome ret[])
{
	const struct role_whole *old = role_set_load (b, cmd, n);
	struct role_whole *whole = ARRAY (b, whole, n);
	struct role_changed *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = role_set_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		struct role_whole *r = &whole[changes];
		*r = old[i];
		if (cmd[i].has.scope == HERE)
			r->scope = cmd[i].scope;
		if (cmd[i].has.permissions == HERE)
			r->permissions = cmd[i].permissions;
		if (cmd[i].has.label == HERE)
			r->label = cmd[i].label;
		event[changes] = (struct role_changed){ .head = head_caused (b, &cmd[i].head), .role = r->role, .has.role = HERE };
		const char *before = text_join (b, "{\"scope\":\"", old[i].scope, "\",\"permissions\":", old[i].permissions, "}");
		audit[changes++] = audit_of (b, &cmd[i].head, "role_set", detail_of (b, &role_set_record, &cmd[i], before));
	}
	role_write (b, whole, changes);
	role_untold (b, whole, changes);
	role_permissions_drop (b, whole, changes);
	role_permissions_write (b, whole, changes);
	audit_write (b, audit, changes);
	role_changed_emit (b, event, changes);
}

/* ---- keys ---- */
static struct outcome apikey_add_check (const struct apikey_add *cmd, const struct apikey_place *place)
{
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_users))
		return refused (forbidden);
	if (place->has.agency_id != HERE)
		return refused (workspace_not_found);
	if (!place->role_known)
		return refused (unknown_role);
	return done_with (cmd->apikey_id.uuid, NULL);
}

/* The key itself leaves in this one answer; what stays is its hash and its visible beginning. */
static struct apikey_whole apikey_of (struct batch *b, const struct apikey_add *cmd, agency_id agency, struct outcome *ret)
{
	char prefix[TOKEN_TEXT], rest[TOKEN_TEXT], hash[SHA256_TEXT];
	token_new (KEY_PREFIX_BYTES, prefix);
	token_new (KEY_BYTES, rest);
	const char *key = text_join (b, "lw_", prefix, "_", rest);
	sha256_text ((struct bytes){ (const unsigned char *) key, strlen (key) }, hash);
	struct apikey_whole whole = { .workspace_id = { cmd->head.workspace },
				      .apikey_id = cmd->apikey_id,
				      .agency_id = agency,
				      .name = cmd->name,
				      .role = cmd->role,
				      .prefix = text_join (b, "lw_", prefix),
				      .key_hash = text_join (b, hash),
				      .at = cmd->head.at };
	ALL_HERE (&whole);
	whole.has.name = cmd->has.name;
	whole.created_by.uuid = cmd->head.actor;
	whole.has.created_by = uuid_is_null (cmd->head.actor) ? ABSENT : HERE;
	ret->data = text_join (b, "{\"prefix\":\"", whole.prefix, "\"}");
	ret->secret = text_join (b, "{\"key\":\"", key, "\"}");
	return whole;
}

void apikey_add (struct batch *b, const struct apikey_add cmd[], size_t n, struct outcome ret[])
{
	const struct apikey_place *place = apikey_add_load (b, cmd, n);
	struct apikey_whole *whole = ARRAY (b, whole, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = apikey_add_check (&cmd[i], &place[i]);
		if (!is_done (ret[i]) || place[i].made)
			continue;
		whole[news] = apikey_of (b, &cmd[i], place[i].agency_id, &ret[i]);
		audit[news++] = audit_of (b, &cmd[i].head, "apikey_add", detail_of (b, &apikey_add_record, &cmd[i], NULL));
	}
	apikey_whole_write (b, whole, news);
	audit_write (b, audit, news);
}

void apikey_revoke (struct batch *b, const struct apikey_revoke cmd[], size_t n, struct outcome ret[])
{
	const struct apikey_place *place = apikey_revoke_load (b, cmd, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t ends = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_users) ? refused (forbidden)
			 : !place[i].made					  ? refused (apikey_not_found)
										  : done_with (cmd[i].apikey_id.uuid, NULL);
		if (!is_done (ret[i]) || place[i].revoked)
			continue;
		ended[ends] = (struct session_ended){ .head = head_caused (b, &cmd[i].head),
						      .apikey_id = cmd[i].apikey_id,
						      .has.apikey_id = HERE };
		audit[ends++] = audit_of (b, &cmd[i].head, "apikey_revoke", detail_of (b, &apikey_revoke_record, &cmd[i], NULL));
	}
	apikey_revoke_write (b, ended, ends);
	audit_write (b, audit, ends);
	session_ended_emit (b, ended, ends);
}

/* Ways in are lead-intake's; that somebody changed one is told here by whoever asked for it. */
void source_note (struct batch *b, const struct source_note cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_settings) ? refused (forbidden)
			 : strcmp (cmd[i].what, "source_add")			     ? refused (bad_request)
										     : done ();
		if (is_done (ret[i]))
			audit[news++] = audit_of (b, &cmd[i].head, "source_add", detail_of (b, &source_note_record, &cmd[i], NULL));
	}
	audit_write (b, audit, news);
}

void export_note (struct batch *b, const struct export_note cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = grant_allows (&cmd[i].head.grant, PERMISSION_crm_export) ? done () : refused (forbidden);
		if (is_done (ret[i]))
			audit[news++] = audit_of (b, &cmd[i].head, "export", detail_of (b, &export_note_record, &cmd[i], NULL));
	}
	audit_write (b, audit, news);
}

void setting_note (struct batch *b, const struct setting_note cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = grant_allows (&cmd[i].head.grant, PERMISSION_crm_settings) ? done () : refused (forbidden);
		if (is_done (ret[i]))
			audit[news++] = audit_of (b, &cmd[i].head, cmd[i].what, cmd[i].detail);
	}
	audit_write (b, audit, news);
}

void import_note (struct batch *b, const struct import_note cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = grant_allows (&cmd[i].head.grant, PERMISSION_crm_edit) ? done () : refused (forbidden);
		if (is_done (ret[i]))
			audit[news++] = audit_of (b, &cmd[i].head, cmd[i].what, cmd[i].detail);
	}
	audit_write (b, audit, news);
}

void apikey_touch (struct batch *b, const struct apikey_touch cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	apikey_touch_write (b, cmd, n);
}

/* Before it is done. What stands of them in views and preferences goes at once: nobody else says it here again, and what is said here is of those who log in. */
void person_note (struct batch *b, const struct person_note cmd[], size_t n, struct outcome ret[])
{
	struct audit_line *audit = ARRAY (b, audit, n);
	struct person_note *pinned = ARRAY (b, pinned, n);
	size_t news = 0, pins = 0;
	for (size_t i = 0; i < n; i++) {
		bool erase = strcmp (cmd[i].what, "person_erase") == 0;
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_erase) ? refused (forbidden)
			 : !erase && strcmp (cmd[i].what, "person_export")	  ? refused (bad_request)
										  : done ();
		if (!is_done (ret[i]))
			continue;
		struct person_note said = cmd[i];
		said.has.words = said.has.ids = ABSENT;
		audit[news++] = audit_of (b, &cmd[i].head, cmd[i].what, detail_of (b, &person_note_record, &said, NULL));
		if (!erase)
			continue;
		if (cmd[i].has.ids == HERE)
			pinned[pins++] = cmd[i];
		batch_erase (b, cmd[i].head.workspace, cmd[i].erasure_id.uuid, cmd[i].has.ids == HERE ? cmd[i].ids : "[]",
			     cmd[i].has.words == HERE ? cmd[i].words : "[]");
		batch_erase_settle (b, cmd[i].head.workspace, cmd[i].erasure_id.uuid, false);
	}
	person_pins_write (b, pinned, pins);
	audit_write (b, audit, news);
}
