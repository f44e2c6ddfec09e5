/* The gateway's commands, in the order of proto/gateway.def: agencies, workspaces, users, members, sessions, keys.
 * Every change of somebody's rights leaves a line in the audit table. Never a password, a token or a key in an event or a stored reply. */
#include <string.h>

#include "clock.h"
#include "gateway_sql.h"
#include "presets.h"
#include "rules.h"
#include "seal.h"

enum { KEY_BYTES = 32, KEY_PREFIX_BYTES = 6 };

/* Every field is there; what is not is said after it. */
#define ALL_HERE(item) memset (&(item)->has, HERE, sizeof (item)->has)

/* One line of the audit: `detail` is JSON. */
static struct audit_line audit_of (struct batch *b, const struct head *head, const char *what, const char *detail)
{
	struct audit_line ret = {
		.workspace_id = { head->workspace }, .line_id = { uuid_new (b) }, .at = head->at, .what = what, .detail = detail
	};
	ALL_HERE (&ret);
	ret.actor.uuid = head->actor;
	ret.has.actor = uuid_is_null (head->actor) ? ABSENT : HERE;
	return ret;
}

/* What was asked, without what is secret or personal, and what it was before when that is one word. */
static const char *detail_of (struct batch *b, const struct record *r, const void *cmd, const char *old_role)
{
	struct buffer out = { 0 };
	buffer_text (&out, "{\"asked\":");
	record_to_json (&out, r, cmd, true);
	if (old_role)
		buffer_text (&out, ",\"old_role\":"), json_quote (&out, old_role);
	buffer_text (&out, "}");
	const char *ret = arena_copy (batch_arena (b), (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static struct outcome refused_field (struct batch *b, const char *pointer, const char *code, const char *detail)
{
	struct problem *problem = ARRAY (b, problem, 1);
	problem_add (batch_arena (b), problem, pointer, code, detail);
	struct outcome ret = refused (invalid);
	ret.problem = problem;
	return ret;
}

static struct outcome done_with (struct uuid id, const char *data)
{
	struct outcome ret = done ();
	ret.id = id;
	ret.data = data;
	return ret;
}

/* The row and the event are one: what every service hears of a workspace is what stands here. */
static struct workspace_created created_of (struct batch *b, const struct head *cause, const struct workspace_whole *w, const char *content)
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

static struct outcome workspace_add_check (struct batch *b, const struct workspace_add *cmd, const struct workspace_place *place,
					   const struct preset *preset)
{
	char text[UUID_TEXT];
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (!uuid_equal (cmd->head.workspace, cmd->workspace_id.uuid))
		return refused_field (b, "/workspace_id", "not_the_head", "A workspace is made on its own lane.");
	if (!slug_fits (cmd->slug))
		return refused_field (b, "/slug", "bad_slug",
				      "A short name has 2 to 60 of a-z, 0-9 and single hyphens, and begins with a letter.");
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (!preset)
		return refused (unknown_preset);
	if (!place->agency)
		return refused_field (b, "/agency_id", "unknown", "There is no such agency.");
	if (place->taken)
		return refused (slug_taken);
	return done_with (cmd->workspace_id.uuid,
			  text_join (b, "{\"slug\":\"", cmd->slug, "\",\"id\":\"", uuid_format (cmd->workspace_id.uuid, text), "\"}"));
}

#define CHOSEN(field) (cmd->has.field == HERE ? cmd->field : preset->field)

/* A workspace is its preset, with what the caller says differently. */
static struct workspace_whole workspace_of (const struct workspace_add *cmd, const struct preset *preset)
{
	struct workspace_whole ret = { .workspace_id = cmd->workspace_id,
				       .agency_id = cmd->agency_id,
				       .slug = cmd->slug,
				       .name = cmd->has.name == HERE ? cmd->name : cmd->slug,
				       .preset = cmd->preset,
				       .language = CHOSEN (language),
				       .currency = CHOSEN (currency),
				       .timezone = CHOSEN (timezone),
				       .country = CHOSEN (country),
				       .label_profile = preset->label_profile,
				       .landing = preset->landing,
				       .admin_only = CHOSEN (admin_only),
				       .feature_crm = cmd->has.feature_crm != HERE || cmd->feature_crm,
				       .at = cmd->head.at };
	ALL_HERE (&ret);
	ret.has.default_owner_id = ret.has.owner_fits = ABSENT;
	return ret;
}
#undef CHOSEN

void workspace_add (struct batch *b, const struct workspace_add cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_place *place = workspace_add_load (b, cmd, n);
	struct workspace_whole *whole = ARRAY (b, whole, n);
	struct workspace_created *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		const struct preset *preset = preset_find (cmd[i].preset);
		ret[i] = workspace_add_check (b, &cmd[i], &place[i], preset);
		if (!is_done (ret[i]) || place[i].made)
			continue;
		whole[news] = workspace_of (&cmd[i], preset);
		event[news] = created_of (b, &cmd[i].head, &whole[news], preset->content);
		audit[news++] = audit_of (b, &cmd[i].head, "workspace_add", detail_of (b, &workspace_add_record, &cmd[i], NULL));
	}
	workspace_whole_write (b, whole, news);
	audit_write (b, audit, news);
	workspace_created_emit (b, event, news);
}

static struct outcome workspace_update_check (const struct workspace_update *cmd, const struct workspace_whole *old)
{
	if (old->has.workspace_id != HERE)
		return refused (workspace_not_found);
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_settings))
		return refused (forbidden);
	if (!old->owner_fits)
		return refused (not_a_member);
	return done_with (cmd->workspace_id.uuid, NULL);
}

static struct workspace_updated updated_of (struct batch *b, const struct head *cause, workspace_id id, const char *name)
{
	return (struct workspace_updated){
		.head = head_caused (b, cause), .workspace_id = id, .name = name, .has = { HERE, HERE, ABSENT }
	};
}

static void workspace_merge (struct workspace_whole *w, const struct workspace_update *cmd)
{
	if (cmd->has.name == HERE)
		w->name = cmd->name;
	if (cmd->has.admin_only == HERE)
		w->admin_only = cmd->admin_only;
	if (cmd->has.feature_crm == HERE)
		w->feature_crm = cmd->feature_crm;
	if (cmd->has.default_owner_id == ABSENT)
		return;
	w->default_owner_id = cmd->default_owner_id;
	w->has.default_owner_id = cmd->has.default_owner_id;
}

void workspace_update (struct batch *b, const struct workspace_update cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_whole *old = workspace_update_load (b, cmd, n);
	struct workspace_whole *whole = ARRAY (b, whole, n);
	struct workspace_updated *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = workspace_update_check (&cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		whole[changes] = old[i];
		workspace_merge (&whole[changes], &cmd[i]);
		event[changes] = updated_of (b, &cmd[i].head, old[i].workspace_id, whole[changes].name);
		event[changes].default_owner_id = whole[changes].default_owner_id;
		event[changes].has.default_owner_id = whole[changes].has.default_owner_id;
		audit[changes++] = audit_of (b, &cmd[i].head, "workspace_update", detail_of (b, &workspace_update_record, &cmd[i], NULL));
	}
	workspace_update_write (b, whole, changes);
	audit_write (b, audit, changes);
	workspace_updated_emit (b, event, changes);
}

static struct outcome user_add_check (struct batch *b, const struct user_add *cmd, const struct user_place *place)
{
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_users))
		return refused (forbidden);
	if (!place->agency)
		return refused (workspace_not_found);
	if (!email_fits (cmd->email))
		return refused_field (b, "/email", "not_an_email", "This does not look like an e-mail address.");
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (place->taken)
		return refused (email_taken);
	return done_with (cmd->user_id.uuid, NULL);
}

static struct user_whole user_of (const struct user_add *cmd)
{
	struct user_whole ret = { .workspace_id = { cmd->head.workspace },
				  .user_id = cmd->user_id,
				  .email = cmd->email,
				  .name = cmd->name,
				  .password_hash = cmd->password_hash,
				  .language = cmd->language,
				  .single_keys = true,
				  .agency_admin = cmd->has.agency_admin == HERE && cmd->agency_admin,
				  .allowed_sections = cmd->has.allowed_sections == HERE ? cmd->allowed_sections : "[\"crm\"]",
				  .at = cmd->head.at };
	ALL_HERE (&ret);
	ret.has.theme = ABSENT;
	ret.has.password_hash = cmd->has.password_hash;
	ret.has.language = cmd->has.language;
	return ret;
}

void user_add (struct batch *b, const struct user_add cmd[], size_t n, struct outcome ret[])
{
	const struct user_place *place = user_add_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user_add_check (b, &cmd[i], &place[i]);
		if (!is_done (ret[i]) || place[i].made)
			continue;
		whole[news] = user_of (&cmd[i]);
		audit[news++] = audit_of (b, &cmd[i].head, "user_add", detail_of (b, &user_add_record, &cmd[i], NULL));
	}
	user_whole_write (b, whole, news);
	audit_write (b, audit, news);
}

static struct session_ended ended_of (struct batch *b, const struct head *cause, user_id user)
{
	return (struct session_ended){ .head = head_caused (b, cause), .user_id = user, .has.user_id = HERE };
}

static struct user_changed changed_of (struct batch *b, const struct head *cause, const struct user_whole *user, bool rights)
{
	struct user_changed ret = {
		.head = head_caused (b, cause), .user_id = user->user_id, .disabled = user->disabled, .rights = rights
	};
	ALL_HERE (&ret);
	return ret;
}

static void user_merge (struct user_whole *user, const struct user_update *cmd)
{
	if (cmd->has.name == HERE)
		user->name = cmd->name;
	if (cmd->has.agency_admin == HERE)
		user->agency_admin = cmd->agency_admin;
	if (cmd->has.allowed_sections == HERE)
		user->allowed_sections = cmd->allowed_sections;
	if (cmd->has.disabled == HERE)
		user->disabled = cmd->disabled;
	if (cmd->has.password_hash != ABSENT) {
		user->password_hash = cmd->password_hash;
		user->has.password_hash = cmd->has.password_hash;
	}
}

void user_update (struct batch *b, const struct user_update cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *old = user_update_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct user_changed *event = ARRAY (b, event, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0, ends = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_users) ? refused (forbidden)
			 : old[i].has.user_id != HERE				  ? refused (user_not_found)
										  : done_with (cmd[i].user_id.uuid, NULL);
		if (!is_done (ret[i]))
			continue;
		whole[changes] = old[i];
		user_merge (&whole[changes], &cmd[i]);
		event[changes] = changed_of (b, &cmd[i].head, &whole[changes], true);
		audit[changes] = audit_of (b, &cmd[i].head, "user_update", detail_of (b, &user_update_record, &cmd[i], NULL));
		if (whole[changes].disabled || cmd[i].has.password_hash != ABSENT)
			ended[ends++] = ended_of (b, &cmd[i].head, cmd[i].user_id);
		changes++;
	}
	user_update_write (b, whole, changes);
	user_sessions_close (b, ended, ends);
	audit_write (b, audit, changes);
	user_changed_emit (b, event, changes);
	session_ended_emit (b, ended, ends);
}

static struct outcome profile_update_check (struct batch *b, const struct profile_update *cmd, const struct user_whole *old)
{
	if (old->has.user_id != HERE)
		return refused (user_not_found);
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (cmd->has.theme == HERE && !theme_known (cmd->theme))
		return refused_field (b, "/theme", "not_a_choice", "light, dark or auto.");
	return done_with (cmd->user_id.uuid, NULL);
}

void profile_update (struct batch *b, const struct profile_update cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *old = profile_update_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct user_changed *event = ARRAY (b, event, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = profile_update_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		struct user_whole *user = &whole[changes];
		*user = old[i];
		if (cmd[i].has.language != ABSENT) {
			user->language = cmd[i].language;
			user->has.language = cmd[i].has.language;
		}
		if (cmd[i].has.theme != ABSENT) {
			user->theme = cmd[i].theme;
			user->has.theme = cmd[i].has.theme;
		}
		if (cmd[i].has.single_keys == HERE)
			user->single_keys = cmd[i].single_keys;
		event[changes++] = changed_of (b, &cmd[i].head, user, false);
	}
	user_update_write (b, whole, changes);
	user_changed_emit (b, event, changes);
}

static struct outcome member_set_check (const struct member_set *cmd, const struct member_place *place)
{
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_users))
		return refused (forbidden);
	if (place->has.agency_id != HERE)
		return refused (workspace_not_found);
	if (place->has.name != HERE)
		return refused (user_not_found);
	if (!place->role_known)
		return refused (unknown_role);
	return done_with (cmd->user_id.uuid, NULL);
}

static struct member_whole member_of (const struct member_set *cmd, const struct member_place *place)
{
	struct member_whole ret = { .workspace_id = { cmd->head.workspace },
				    .agency_id = place->agency_id,
				    .user_id = cmd->user_id,
				    .name = place->name,
				    .email = place->email,
				    .role = cmd->role,
				    .team_id = cmd->team_id,
				    .at = cmd->head.at,
				    .active = !place->disabled && (cmd->has.active != HERE || cmd->active) };
	ALL_HERE (&ret);
	ret.has.team_id = cmd->has.team_id;
	return ret;
}

static struct member_changed member_changed_of (struct batch *b, const struct head *cause, const struct member_whole *m)
{
	struct member_changed ret = { .head = head_caused (b, cause),
				      .user_id = m->user_id,
				      .name = m->name,
				      .email = m->email,
				      .role = m->role,
				      .active = m->active };
	ALL_HERE (&ret);
	return ret;
}

void member_set (struct batch *b, const struct member_set cmd[], size_t n, struct outcome ret[])
{
	const struct member_place *place = member_set_load (b, cmd, n);
	struct member_whole *whole = ARRAY (b, whole, n);
	struct member_changed *event = ARRAY (b, event, n);
	struct workspace_updated *owned = ARRAY (b, owned, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0, owners = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = member_set_check (&cmd[i], &place[i]);
		if (!is_done (ret[i]))
			continue;
		struct member_whole *m = &whole[changes];
		const char *old_role = place[i].has.old_role == HERE ? place[i].old_role : NULL;
		*m = member_of (&cmd[i], &place[i]);
		event[changes] = member_changed_of (b, &cmd[i].head, m);
		audit[changes++] = audit_of (b, &cmd[i].head, "member_set", detail_of (b, &member_set_record, &cmd[i], old_role));
		if (!m->active || place[i].owned || strcmp (m->role, "owner") || owner_named (owned, owners, m->workspace_id.uuid))
			continue;
		owned[owners] = updated_of (b, &cmd[i].head, m->workspace_id, place[i].workspace_name);
		owned[owners].default_owner_id = m->user_id;
		owned[owners++].has.default_owner_id = HERE;
	}
	member_set_write (b, whole, changes);
	workspace_owner_write (b, owned, owners);
	audit_write (b, audit, changes);
	member_changed_emit (b, event, changes);
	workspace_updated_emit (b, owned, owners);
}

void session_open (struct batch *b, const struct session_open cmd[], size_t n, struct outcome ret[])
{
	const struct session_place *place = session_open_load (b, cmd, n);
	struct session_open *made = ARRAY (b, made, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id == HERE ? done_with (cmd[i].session_id.uuid, NULL) : refused (user_not_found);
		if (is_done (ret[i]) && !place[i].made)
			made[news++] = cmd[i];
	}
	session_open_write (b, made, news);
	login_right (b, made, news);
}

void session_touch (struct batch *b, const struct session_touch cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	session_touch_write (b, cmd, n);
}

/* Closing what is closed says nothing. */
void session_close (struct batch *b, const struct session_close cmd[], size_t n, struct outcome ret[])
{
	const struct session_place *place = session_close_load (b, cmd, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	size_t ends = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		if (!place[i].made)
			continue;
		ended[ends] = ended_of (b, &cmd[i].head, place[i].user_id);
		ended[ends].session_id = cmd[i].session_id;
		ended[ends++].has.session_id = HERE;
	}
	session_close_write (b, ended, ends);
	session_ended_emit (b, ended, ends);
}

void login_miss (struct batch *b, const struct login_miss cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	login_wrong (b, cmd, n);
}

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
			 : !place[i].made					  ? refused (not_found)
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
