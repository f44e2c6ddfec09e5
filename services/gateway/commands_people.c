/* The gateway's commands about people: users, the links by which they choose a password, their own preferences, memberships, teams, handing over what
 * somebody owned. Every change of somebody's rights leaves a line in the audit table. Never decides what rules.c can, nor lets anybody
 * change whom they do not manage. */
#include "commands.h"
#include "gateway_sql.h"
#include "rules.h"

static struct outcome user_add_check (struct batch *b, const struct user_add *cmd, const struct user_place *place)
{
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_users))
		return refused (forbidden);
	if (cmd->has.agency_admin == HERE && cmd->agency_admin && !grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (!place->agency)
		return refused (workspace_not_found);
	if (!email_fits (cmd->email))
		return refused_field (b, "/email", "not_an_email", "This does not look like an e-mail address.");
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (place->taken)
		return refused (email_taken);
	if (!place->role_known)
		return refused (unknown_role);
	if (!place->team_known)
		return refused (team_not_found);
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
	ret.has.theme = ret.has.timezone = ABSENT;
	ret.has.password_hash = cmd->has.password_hash;
	ret.has.language = cmd->has.language;
	return ret;
}

static struct invite_whole invite_of (const struct head *head, user_id user, const char *hash, int64_t expires)
{
	return (struct invite_whole){
		.workspace_id = { head->workspace }, .user_id = user, .token_hash = hash, .at = head->at, .expires = expires
	};
}

void user_add (struct batch *b, const struct user_add cmd[], size_t n, struct outcome ret[])
{
	const struct user_place *place = user_add_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct invite_whole *invite = ARRAY (b, invite, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0, invites = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user_add_check (b, &cmd[i], &place[i]);
		if (!is_done (ret[i]) || place[i].made)
			continue;
		whole[news] = user_of (&cmd[i]);
		if (cmd[i].has.invite_hash == HERE && cmd[i].has.invite_expires == HERE)
			invite[invites++] = invite_of (&cmd[i].head, cmd[i].user_id, cmd[i].invite_hash, cmd[i].invite_expires);
		audit[news++] = audit_of (b, &cmd[i].head, "user_add", detail_of (b, &user_add_record, &cmd[i], NULL));
	}
	user_whole_write (b, whole, news);
	invite_write (b, invite, invites);
	audit_write (b, audit, news);
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

static const char *workspaces_data (struct batch *b, const char *workspaces)
{
	return workspaces ? text_join (b, "{\"workspaces\":", workspaces, "}") : NULL;
}

/* Whoever manages all of somebody's workspaces manages them; who is an admin of the agency, only its admins decide. */
static struct outcome user_update_check (struct batch *b, const struct user_update *cmd, const struct user_whole *old)
{
	if (old->has.user_id != HERE)
		return refused (user_not_found);
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_users) || !old->managed)
		return refused (forbidden);
	bool admin = cmd->has.agency_admin == HERE ? cmd->agency_admin : old->agency_admin;
	bool disabled = cmd->has.disabled == HERE ? cmd->disabled : old->disabled;
	if (admin != old->agency_admin && !grant_allows (&cmd->head.grant, PERMISSION_crm_agency))
		return refused (forbidden);
	if (old->agency_admin && !old->disabled && (!admin || disabled) && !old->admins)
		return refused (last_admin);
	if (cmd->has.name == HERE && !*cmd->name)
		return refused_field (b, "/name", "required", "A person needs a name.");
	if (cmd->has.allowed_sections == HERE && !words_fit (cmd->allowed_sections))
		return refused_field (b, "/allowed_sections", "not_a_list", "An array of the sections' names.");
	return done_with (cmd->user_id.uuid, workspaces_data (b, old->workspaces));
}

static const char *user_before (struct batch *b, const struct user_whole *old)
{
	return text_join (b, "{\"agency_admin\":", old->agency_admin ? "true" : "false", ",\"disabled\":", old->disabled ? "true" : "false",
			  ",\"allowed_sections\":", old->allowed_sections, "}");
}

void user_update (struct batch *b, const struct user_update cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *old = user_update_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct user_changed *event = ARRAY (b, event, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct session_keep *unfactored = ARRAY (b, unfactored, n), *unlinked = ARRAY (b, unlinked, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t changes = 0, ends = 0, drops = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user_update_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		whole[changes] = old[i];
		user_merge (&whole[changes], &cmd[i]);
		event[changes] = changed_of (b, &cmd[i].head, &whole[changes], true);
		audit[changes] = audit_of (b, &cmd[i].head, "user_update",
					   detail_of (b, &user_update_record, &cmd[i], user_before (b, &old[i])));
		if (cmd[i].has.two_factor == HERE && !cmd[i].two_factor)
			unfactored[drops++] = (struct session_keep){ .workspace_id = { cmd[i].head.workspace }, .user_id = cmd[i].user_id };
		if (whole[changes].disabled || cmd[i].has.password_hash != ABSENT) {
			unlinked[ends] = (struct session_keep){ .workspace_id = { cmd[i].head.workspace }, .user_id = cmd[i].user_id };
			ended[ends++] = ended_of (b, &cmd[i].head, cmd[i].user_id);
		}
		changes++;
	}
	user_update_write (b, whole, changes);
	user_untold (b, whole, changes); /* an admin of the agency sees more than others */
	totp_drop (b, unfactored, drops);
	user_sessions_close (b, ended, ends);
	links_drop (b, unlinked, ends);
	calendar_link_away (b, ended, ends);
	audit_write (b, audit, changes);
	user_changed_emit (b, event, changes);
	session_ended_emit (b, ended, ends);
}

/* ---- links to choose a password ---- */

void user_invite (struct batch *b, const struct user_invite cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *user = user_invite_load (b, cmd, n);
	struct invite_whole *invite = ARRAY (b, invite, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user[i].has.user_id != HERE || user[i].disabled ? refused (user_not_found)
			 : !grant_allows (&cmd[i].head.grant, PERMISSION_crm_users) || !user[i].managed
				 ? refused (forbidden)
				 : done_with (cmd[i].user_id.uuid, NULL);
		if (!is_done (ret[i]))
			continue;
		invite[news] = invite_of (&cmd[i].head, cmd[i].user_id, cmd[i].token_hash, cmd[i].expires);
		audit[news++] = audit_of (b, &cmd[i].head, "user_invite", detail_of (b, &user_invite_record, &cmd[i], NULL));
	}
	invite_write (b, invite, news);
	audit_write (b, audit, news);
}

/* Two by one link in the same moment: the first has it. */
static bool link_taken (const struct invite_accept taken[], size_t n, user_id user)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (taken[i].user_id.uuid, user.uuid))
			return true;
	return false;
}

/* The link is good once; whoever was logged in is not any more. */
void invite_accept (struct batch *b, const struct invite_accept cmd[], size_t n, struct outcome ret[])
{
	const struct invite_place *place = invite_accept_load (b, cmd, n);
	struct invite_accept *taken = ARRAY (b, taken, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t takes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id == HERE && place[i].good && !link_taken (taken, takes, cmd[i].user_id)
				 ? done_with (cmd[i].user_id.uuid, workspaces_data (b, place[i].workspaces))
				 : refused (invite_not_found);
		if (is_done (ret[i]) && cmd[i].has.language == HERE && !language_known (cmd[i].language))
			ret[i] = refused_field (b, "/language", "not_a_choice", "nl or en.");
		if (!is_done (ret[i]))
			continue;
		taken[takes] = cmd[i];
		ended[takes] = ended_of (b, &cmd[i].head, cmd[i].user_id);
		audit[takes++] = audit_of (b, &cmd[i].head, place[i].forgotten ? "password_reset" : "invite_accept",
					   detail_of (b, &invite_accept_record, &cmd[i], NULL));
	}
	invite_used_write (b, taken, takes);
	reset_used_write (b, taken, takes);
	invite_user_write (b, taken, takes);
	user_sessions_close (b, ended, takes);
	calendar_link_away (b, ended, takes);
	audit_write (b, audit, takes);
	session_ended_emit (b, ended, takes);
}

/* Whoever has a password keeps it; whoever has none was not here yet, and is not to come. */
void invite_withdraw (struct batch *b, const struct invite_withdraw cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *old = invite_withdraw_load (b, cmd, n);
	struct invite_withdraw *gone = ARRAY (b, gone, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct user_changed *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t voids = 0, changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = old[i].has.user_id != HERE ? refused (user_not_found)
			 : !grant_allows (&cmd[i].head.grant, PERMISSION_crm_users) || !old[i].managed
				 ? refused (forbidden)
				 : done_with (cmd[i].user_id.uuid, workspaces_data (b, old[i].workspaces));
		if (!is_done (ret[i]))
			continue;
		gone[voids] = cmd[i];
		audit[voids++] = audit_of (b, &cmd[i].head, "invite_withdraw", detail_of (b, &invite_withdraw_record, &cmd[i], NULL));
		if (old[i].has.password_hash == HERE || old[i].disabled)
			continue;
		whole[changes] = old[i];
		whole[changes].disabled = true;
		event[changes] = changed_of (b, &cmd[i].head, &whole[changes], true);
		changes++;
	}
	invite_withdraw_write (b, gone, voids);
	user_update_write (b, whole, changes);
	audit_write (b, audit, voids);
	user_changed_emit (b, event, changes);
}

void password_forget (struct batch *b, const struct password_forget cmd[], size_t n, struct outcome ret[])
{
	const struct invite_place *place = password_forget_load (b, cmd, n);
	struct password_forget *made = ARRAY (b, made, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t makes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id == HERE ? done_with (cmd[i].user_id.uuid, workspaces_data (b, place[i].workspaces))
						      : refused (user_not_found);
		if (!is_done (ret[i]))
			continue;
		made[makes] = cmd[i];
		audit[makes++] = audit_of (b, &cmd[i].head, "password_forget", detail_of (b, &password_forget_record, &cmd[i], NULL));
	}
	password_forget_write (b, made, makes);
	audit_write (b, audit, makes);
}

/* ---- one's own ---- */

static struct outcome profile_update_check (struct batch *b, const struct profile_update *cmd, const struct user_whole *old)
{
	if (cmd->has.name == CLEARED || (cmd->has.name == HERE && !cmd->name[strspn (cmd->name, " \t")]))
		return refused_field (b, "/name", "required", "A person needs a name.");
	if (!old->zone_known)
		return refused_field (b, "/timezone", "not_a_timezone", "An IANA name, such as Europe/Amsterdam.");
	if (old->has.user_id != HERE)
		return refused (user_not_found);
	if (cmd->has.language == HERE && !language_known (cmd->language))
		return refused_field (b, "/language", "not_a_choice", "nl or en.");
	if (cmd->has.theme == HERE && !theme_known (cmd->theme))
		return refused_field (b, "/theme", "not_a_choice", "light, dark or auto.");
	return done_with (cmd->user_id.uuid, cmd->has.name == HERE ? workspaces_data (b, old->workspaces) : NULL);
}

static void profile_merge (struct user_whole *user, const struct profile_update *cmd)
{
	if (cmd->has.language != ABSENT) {
		user->language = cmd->language;
		user->has.language = cmd->has.language;
	}
	if (cmd->has.theme != ABSENT) {
		user->theme = cmd->theme;
		user->has.theme = cmd->has.theme;
	}
	if (cmd->has.timezone != ABSENT) {
		user->timezone = cmd->timezone;
		user->has.timezone = cmd->has.timezone;
	}
	if (cmd->has.single_keys == HERE)
		user->single_keys = cmd->single_keys;
	if (cmd->has.name == HERE)
		user->name = cmd->name;
}

/* Nothing but space is nothing. */
static struct signature_kept signature_of (const struct profile_update *cmd)
{
	bool there = cmd->has.signature == HERE && cmd->signature[strspn (cmd->signature, " \t\r\n")];
	return (struct signature_kept){ .workspace_id = { cmd->head.workspace },
					.user_id = cmd->user_id,
					.signature = there ? cmd->signature : NULL,
					.has.signature = there ? HERE : ABSENT };
}

void profile_update (struct batch *b, const struct profile_update cmd[], size_t n, struct outcome ret[])
{
	const struct user_whole *old = profile_update_load (b, cmd, n);
	struct user_whole *whole = ARRAY (b, whole, n);
	struct user_whole *read = ARRAY (b, read, n); /* in another language from now on */
	struct user_changed *event = ARRAY (b, event, n);
	struct signature_kept *signature = ARRAY (b, signature, n);
	size_t changes = 0, signatures = 0, reads = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = profile_update_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		struct user_whole *user = &whole[changes];
		if (cmd[i].has.signature != ABSENT)
			signature[signatures++] = signature_of (&cmd[i]);
		*user = old[i];
		profile_merge (user, &cmd[i]);
		if (cmd[i].has.language != ABSENT)
			read[reads++] = *user;
		event[changes++] = changed_of (b, &cmd[i].head, user, false);
	}
	user_update_write (b, whole, changes);
	user_untold (b, read, reads);
	signature_write (b, signature, signatures);
	user_changed_emit (b, event, changes);
}

/* ---- memberships ---- */

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
	if (!place->team_known)
		return refused (team_not_found);
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
	if (cmd->has.team_id == ABSENT) {
		ret.team_id = place->old_team_id;
		ret.has.team_id = place->has.old_team_id;
	}
	return ret;
}

static struct member_changed member_changed_of (struct batch *b, const struct head *cause, const struct member_whole *m)
{
	struct member_changed ret = { .head = head_caused (b, cause),
				      .user_id = m->user_id,
				      .name = m->name,
				      .email = m->email,
				      .role = m->role,
				      .active = m->active,
				      .team_id = m->team_id };
	ALL_HERE (&ret);
	ret.has.team_id = m->has.team_id;
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
		const char *before = place[i].has.old_role == HERE ? text_join (b, "{\"role\":\"", place[i].old_role, "\"}") : NULL;
		*m = member_of (&cmd[i], &place[i]);
		event[changes] = member_changed_of (b, &cmd[i].head, m);
		audit[changes++] = audit_of (b, &cmd[i].head, "member_set", detail_of (b, &member_set_record, &cmd[i], before));
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

/* What every service keeps of somebody's name follows the user's own. */
void member_refresh (struct batch *b, const struct member_refresh cmd[], size_t n, struct outcome ret[])
{
	const struct member_whole *now = member_refresh_load (b, cmd, n);
	struct member_whole *whole = ARRAY (b, whole, n);
	struct member_changed *event = ARRAY (b, event, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		if (uuid_is_null (now[i].user_id.uuid))
			continue;
		whole[changes] = now[i];
		event[changes] = member_changed_of (b, &cmd[i].head, &now[i]);
		changes++;
	}
	member_refresh_write (b, whole, changes);
	member_changed_emit (b, event, changes);
}

/* Each service hands over its own when it hears of it; the workspace's default owner is the gateway's. */
void member_hand_over (struct batch *b, const struct member_hand_over cmd[], size_t n, struct outcome ret[])
{
	const struct hand_over_place *place = member_hand_over_load (b, cmd, n);
	struct member_handed_over *event = ARRAY (b, event, n);
	struct workspace_updated *owned = ARRAY (b, owned, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t events = 0, owners = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_users) ? refused (forbidden)
			 : !place[i].known					  ? refused (workspace_not_found)
			 : !place[i].member					  ? refused (user_not_found)
			 : !place[i].fits					  ? refused (not_a_member)
										  : done_with (cmd[i].user_id.uuid, NULL);
		if (!is_done (ret[i]))
			continue;
		event[events] = (struct member_handed_over){ .head = head_caused (b, &cmd[i].head),
							     .user_id = cmd[i].user_id,
							     .to_id = cmd[i].to_id };
		ALL_HERE (&event[events]);
		audit[events++] = audit_of (b, &cmd[i].head, "member_hand_over", detail_of (b, &member_hand_over_record, &cmd[i], NULL));
		if (!place[i].owned)
			continue;
		owned[owners] = updated_of (b, &cmd[i].head, (workspace_id){ cmd[i].head.workspace }, place[i].workspace_name);
		owned[owners].default_owner_id = cmd[i].to_id;
		owned[owners++].has.default_owner_id = HERE;
	}
	workspace_owner_write (b, owned, owners);
	audit_write (b, audit, events);
	member_handed_over_emit (b, event, events);
	workspace_updated_emit (b, owned, owners);
}

/* Whoever tells people of news hears how they want it, in each workspace of theirs: said by the clock, once what changed it is kept. */
void readers_tell (struct batch *b, const struct readers_tell cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, rows;
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	const struct workspace_due *due = readers_waiting (b, &workspaces);
	due = batch_own (b, &workspace_due_record, due, &workspaces);
	if (!workspaces)
		return;
	const struct reader_untold *found = readers_untold (b, due, workspaces, &rows);
	struct reader_changed *event = ARRAY (b, event, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		struct head head = cmd[0].head;
		head.workspace = found[i].workspace_id.uuid; /* the clock has none */
		event[i] = (struct reader_changed){ .head = head_caused (b, &head),
						    .user_id = found[i].user_id,
						    .role = found[i].role,
						    .scope = found[i].scope,
						    .team_id = found[i].team_id,
						    .language = found[i].language,
						    .choices = found[i].choices,
						    .slug = found[i].slug,
						    .chats = found[i].chats };
		ALL_HERE (&event[i]);
		event[i].has.team_id = found[i].has.team_id;
		event[i].has.language = found[i].has.language;
	}
	reader_told (b, found, rows);
	reader_changed_emit (b, event, rows);
	ret[0].number = rows > 0; /* perhaps there is more of it */
}

/* ---- teams ---- */

static struct outcome team_check (const struct head *head, const struct team_place *place, bool wanted)
{
	if (!grant_allows (&head->grant, PERMISSION_crm_users))
		return refused (forbidden);
	if (place->has.agency_id != HERE)
		return refused (workspace_not_found);
	return wanted && !place->made ? refused (team_not_found) : done ();
}

void team_add (struct batch *b, const struct team_add cmd[], size_t n, struct outcome ret[])
{
	const struct team_place *place = team_add_load (b, cmd, n);
	struct team_add *made = ARRAY (b, made, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = team_check (&cmd[i].head, &place[i], false);
		ret[i].id = cmd[i].team_id.uuid;
		if (!is_done (ret[i]) || place[i].made)
			continue;
		made[news] = cmd[i];
		audit[news++] = audit_of (b, &cmd[i].head, "team_add", detail_of (b, &team_add_record, &cmd[i], NULL));
	}
	team_add_write (b, made, news);
	audit_write (b, audit, news);
}

void team_update (struct batch *b, const struct team_update cmd[], size_t n, struct outcome ret[])
{
	const struct team_place *place = team_update_load (b, cmd, n);
	struct team_update *named = ARRAY (b, named, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t names = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = team_check (&cmd[i].head, &place[i], true);
		ret[i].id = cmd[i].team_id.uuid;
		if (!is_done (ret[i]))
			continue;
		named[names] = cmd[i];
		audit[names++] = audit_of (b, &cmd[i].head, "team_update", detail_of (b, &team_update_record, &cmd[i], NULL));
	}
	team_update_write (b, named, names);
	audit_write (b, audit, names);
}

void team_drop (struct batch *b, const struct team_drop cmd[], size_t n, struct outcome ret[])
{
	const struct team_place *place = team_drop_load (b, cmd, n);
	struct team_drop *gone = ARRAY (b, gone, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t drops = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = team_check (&cmd[i].head, &place[i], true);
		if (is_done (ret[i]) && place[i].members)
			ret[i] = refused (team_in_use);
		ret[i].id = cmd[i].team_id.uuid;
		if (!is_done (ret[i]))
			continue;
		gone[drops] = cmd[i];
		audit[drops++] = audit_of (b, &cmd[i].head, "team_drop", detail_of (b, &team_drop_record, &cmd[i], NULL));
	}
	team_drop_write (b, gone, drops);
	audit_write (b, audit, drops);
}
