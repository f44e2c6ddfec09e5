/* The gateway's commands about getting in: sessions, passwords, pictures, second factors. A code and a recovery code are good once, and only their
 * owner ends a session. Never a password, a secret or a code in an event, in the audit or in a stored reply. */
#include "commands.h"
#include "gateway_sql.h"
#include "rules.h"

struct session_ended ended_of (struct batch *b, const struct head *cause, user_id user)
{
	return (struct session_ended){ .head = head_caused (b, cause), .user_id = user, .has.user_id = HERE };
}

struct user_changed changed_of (struct batch *b, const struct head *cause, const struct user_whole *user, bool rights)
{
	struct user_changed ret = {
		.head = head_caused (b, cause), .user_id = user->user_id, .disabled = user->disabled, .rights = rights
	};
	ALL_HERE (&ret);
	return ret;
}

/* One code opens one session, also when two come in the same moment. */
static bool code_taken (const struct session_open made[], size_t n, const struct session_open *cmd)
{
	for (size_t i = 0; i < n; i++) {
		if (!uuid_equal (made[i].user_id.uuid, cmd->user_id.uuid))
			continue;
		if (cmd->has.totp_step == HERE && made[i].has.totp_step == HERE && made[i].totp_step >= cmd->totp_step)
			return true;
		if (cmd->has.recovery_hash == HERE && made[i].has.recovery_hash == HERE &&
		    strcmp (made[i].recovery_hash, cmd->recovery_hash) == 0)
			return true;
	}
	return false;
}

static struct outcome session_open_check (const struct session_open *cmd, const struct session_place *place,
					  const struct session_open made[], size_t n)
{
	if (place->has.user_id != HERE)
		return refused (user_not_found);
	if (place->made || !place->two_factor)
		return done_with (cmd->session_id.uuid, NULL);
	if (cmd->has.totp_step != HERE && cmd->has.recovery_hash != HERE)
		return refused (totp_required);
	bool good = cmd->has.totp_step == HERE ? place->step_fresh : place->recovers;
	return good && !code_taken (made, n, cmd) ? done_with (cmd->session_id.uuid, NULL) : refused (totp_wrong);
}

void session_open (struct batch *b, const struct session_open cmd[], size_t n, struct outcome ret[])
{
	const struct session_place *place = session_open_load (b, cmd, n);
	struct session_open *made = ARRAY (b, made, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = session_open_check (&cmd[i], &place[i], made, news);
		if (is_done (ret[i]) && !place[i].made)
			made[news++] = cmd[i];
	}
	session_open_write (b, made, news);
	login_right (b, made, news);
	totp_used_write (b, made, news);
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
		bool own = uuid_is_null (cmd[i].head.actor) || uuid_equal (cmd[i].head.actor, place[i].user_id.uuid);
		ret[i] = place[i].has.user_id == HERE && own ? done () : refused (session_not_found);
		if (!is_done (ret[i]) || !place[i].made)
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

/* ---- passwords, pictures, other sessions ---- */

static const struct head *cause_of (const struct session_keep keep[], const struct head *const cause[], size_t n,
				    const struct session_row *row)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (keep[i].user_id.uuid, row->user_id.uuid))
			return cause[i];
	return NULL;
}

void sessions_end (struct batch *b, const struct session_keep keep[], const struct head *const cause[], size_t n)
{
	size_t rows, ends = 0;
	const struct session_row *row = sessions_open (b, keep, n, &rows);
	struct session_ended *ended = ARRAY (b, ended, rows);
	for (size_t i = 0; i < rows; i++) {
		const struct head *why = cause_of (keep, cause, n, &row[i]);
		if (!why)
			continue;
		ended[ends] = ended_of (b, why, row[i].user_id);
		ended[ends].session_id = row[i].session_id;
		ended[ends++].has.session_id = HERE;
	}
	session_close_write (b, ended, ends);
	session_ended_emit (b, ended, ends);
}

static struct session_keep keep_of (const struct head *head, user_id user, session_id keep, unsigned char has)
{
	return (struct session_keep){ .workspace_id = { head->workspace }, .user_id = user, .keep_id = keep, .has.keep_id = has };
}

void password_set (struct batch *b, const struct password_set cmd[], size_t n, struct outcome ret[])
{
	const struct user_there *user = password_set_load (b, cmd, n);
	struct password_set *set = ARRAY (b, set, n);
	struct session_keep *keep = ARRAY (b, keep, n);
	const struct head **cause = ARRAY (b, cause, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t sets = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user[i].has.user_id == HERE ? done_with (cmd[i].user_id.uuid, NULL) : refused (user_not_found);
		if (!is_done (ret[i]))
			continue;
		set[sets] = cmd[i];
		cause[sets] = &cmd[i].head;
		keep[sets] = keep_of (&cmd[i].head, cmd[i].user_id, cmd[i].keep_id, cmd[i].has.keep_id);
		audit[sets++] = audit_of (b, &cmd[i].head, "password_set", detail_of (b, &password_set_record, &cmd[i], NULL));
	}
	password_set_write (b, set, sets);
	invite_void_write (b, set, sets);
	reset_void_write (b, set, sets);
	audit_write (b, audit, sets);
	sessions_end (b, keep, cause, sets);
	calendar_links_end (b, keep, cause, sets);
}

void photo_set (struct batch *b, const struct photo_set cmd[], size_t n, struct outcome ret[])
{
	const struct user_there *user = photo_set_load (b, cmd, n);
	struct photo_set *set = ARRAY (b, set, n);
	struct user_changed *event = ARRAY (b, event, n);
	size_t sets = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = user[i].has.user_id == HERE ? done_with (cmd[i].user_id.uuid, NULL) : refused (user_not_found);
		if (!is_done (ret[i]))
			continue;
		struct user_whole who = { .user_id = cmd[i].user_id };
		event[sets] = changed_of (b, &cmd[i].head, &who, false);
		set[sets++] = cmd[i];
	}
	photo_set_write (b, set, sets);
	user_changed_emit (b, event, sets);
}

void sessions_close (struct batch *b, const struct sessions_close cmd[], size_t n, struct outcome ret[])
{
	struct session_keep *keep = ARRAY (b, keep, n);
	const struct head **cause = ARRAY (b, cause, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done_with (cmd[i].user_id.uuid, NULL);
		cause[i] = &cmd[i].head;
		keep[i] = keep_of (&cmd[i].head, cmd[i].user_id, cmd[i].keep_id, cmd[i].has.keep_id);
		audit[i] = audit_of (b, &cmd[i].head, "sessions_close", detail_of (b, &sessions_close_record, &cmd[i], NULL));
	}
	audit_write (b, audit, n);
	sessions_end (b, keep, cause, n);
}

/* ---- second factors ---- */

/* A factor that is on stays as it is until it is switched off: whoever sits at an open screen cannot replace it. */
void totp_begin (struct batch *b, const struct totp_begin cmd[], size_t n, struct outcome ret[])
{
	const struct totp_place *place = totp_begin_load (b, cmd, n);
	struct totp_begin *begun = ARRAY (b, begun, n);
	size_t begins = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id != HERE ? refused (user_not_found)
			 : place[i].confirmed	      ? refused (totp_on)
						      : done_with (cmd[i].user_id.uuid, NULL);
		if (is_done (ret[i]))
			begun[begins++] = cmd[i];
	}
	totp_begin_write (b, begun, begins);
}

void totp_confirm (struct batch *b, const struct totp_confirm cmd[], size_t n, struct outcome ret[])
{
	const struct totp_place *place = totp_confirm_load (b, cmd, n);
	struct totp_confirm *set = ARRAY (b, set, n);
	struct session_keep *keep = ARRAY (b, keep, n);
	const struct head **cause = ARRAY (b, cause, n);
	struct user_changed *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t sets = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].begun && !place[i].confirmed ? done_with (cmd[i].user_id.uuid, NULL) : refused (totp_not_begun);
		if (!is_done (ret[i]))
			continue;
		struct user_whole who = { .user_id = cmd[i].user_id };
		set[sets] = cmd[i];
		cause[sets] = &cmd[i].head;
		keep[sets] = keep_of (&cmd[i].head, cmd[i].user_id, cmd[i].keep_id, cmd[i].has.keep_id);
		event[sets] = changed_of (b, &cmd[i].head, &who, false);
		audit[sets++] = audit_of (b, &cmd[i].head, "totp_confirm", detail_of (b, &totp_confirm_record, &cmd[i], NULL));
	}
	totp_confirm_write (b, set, sets);
	audit_write (b, audit, sets);
	user_changed_emit (b, event, sets);
	sessions_end (b, keep, cause, sets);
}

void totp_recovery (struct batch *b, const struct totp_recovery cmd[], size_t n, struct outcome ret[])
{
	const struct totp_place *place = totp_recovery_load (b, cmd, n);
	struct totp_recovery *set = ARRAY (b, set, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t sets = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].confirmed ? done_with (cmd[i].user_id.uuid, NULL) : refused (totp_not_begun);
		if (!is_done (ret[i]))
			continue;
		set[sets] = cmd[i];
		audit[sets++] = audit_of (b, &cmd[i].head, "totp_recovery", detail_of (b, &totp_recovery_record, &cmd[i], NULL));
	}
	totp_recovery_write (b, set, sets);
	audit_write (b, audit, sets);
}

void totp_off (struct batch *b, const struct totp_off cmd[], size_t n, struct outcome ret[])
{
	struct session_keep *drop = ARRAY (b, drop, n);
	struct user_changed *event = ARRAY (b, event, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	for (size_t i = 0; i < n; i++) {
		struct user_whole who = { .user_id = cmd[i].user_id };
		ret[i] = done_with (cmd[i].user_id.uuid, NULL);
		drop[i] = keep_of (&cmd[i].head, cmd[i].user_id, (session_id){ 0 }, ABSENT);
		event[i] = changed_of (b, &cmd[i].head, &who, false);
		audit[i] = audit_of (b, &cmd[i].head, "totp_off", detail_of (b, &totp_off_record, &cmd[i], NULL));
	}
	totp_drop (b, drop, n);
	audit_write (b, audit, n);
	user_changed_emit (b, event, n);
}

/* ---- what somebody has seen ---- */

static struct notices_changed looked (struct batch *b, const struct head *cause, user_id user)
{
	return (struct notices_changed){ .head = head_caused (b, cause), .user_id = user, .has.user_id = HERE };
}

/* All up to there is read: what was marked one by one before is said by that. */
void leads_seen (struct batch *b, const struct leads_seen cmd[], size_t n, struct outcome ret[])
{
	struct leads_seen *seen = ARRAY (b, seen, n);
	struct notices_changed *event = ARRAY (b, event, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		seen[i] = cmd[i];
		if (cmd[i].has.seen != HERE || cmd[i].seen > cmd[i].head.at)
			seen[i].seen = cmd[i].head.at;
		seen[i].has.seen = HERE;
		event[i] = looked (b, &cmd[i].head, cmd[i].user_id);
		event[i].seen = seen[i].seen;
		event[i].has.seen = HERE;
	}
	leads_seen_write (b, seen, n);
	notices_changed_emit (b, event, n);
}

void notices_read (struct batch *b, const struct notices_read cmd[], size_t n, struct outcome ret[])
{
	struct notices_read *mark = ARRAY (b, mark, n);
	struct notices_changed *event = ARRAY (b, event, n);
	size_t marks = 0;
	for (size_t i = 0; i < n; i++) {
		bool unread = cmd[i].has.unread == HERE && cmd[i].unread;
		mark[marks] = cmd[i];
		mark[marks].ids = marks_of (batch_arena (b), cmd[i].ids, unread ? -batch_now (b) : batch_now (b));
		ret[i] = mark[marks].ids ? done () : refused_field (b, "/ids", "not_a_list", "An array of 1 to 100 ids.");
		if (!is_done (ret[i]))
			continue;
		event[marks] = looked (b, &cmd[i].head, cmd[i].user_id);
		event[marks].ids = cmd[i].ids;
		event[marks].unread = unread;
		event[marks].has.ids = event[marks].has.unread = HERE;
		marks++;
	}
	notices_read_write (b, mark, marks);
	notices_changed_emit (b, event, marks);
}
