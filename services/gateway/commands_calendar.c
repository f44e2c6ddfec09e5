/* The gateway's commands about links to somebody's calendar: one a person, made anew or taken away. The token leaves in the one answer and is kept nowhere.
 * It must never outlive the password that its owner had when it was made. */
#include "commands.h"
#include "clock.h"
#include "gateway_sql.h"
#include "seal.h"

enum { LINK_BYTES = 20 };

/* Its token is told once; a repeat under the same key is told when it was made. */
static struct calendar_link_whole link_of (struct batch *b, const struct calendar_link_make *cmd, struct outcome *ret)
{
	char token[TOKEN_TEXT], hash[SHA256_TEXT], at[TIME_TEXT];
	token_new (LINK_BYTES, token);
	sha256_text ((struct bytes){ (const unsigned char *) token, strlen (token) }, hash);
	struct calendar_link_whole whole = { .workspace_id = { cmd->head.workspace },
					     .user_id = cmd->user_id,
					     .session_id = { uuid_v7 (cmd->head.at) },
					     .token_hash = text_join (b, hash),
					     .at = cmd->head.at };
	ALL_HERE (&whole);
	time_format (cmd->head.at, at);
	ret->data = text_join (b, "{\"created_at\":\"", at, "\"}");
	ret->secret = text_join (b, "{\"token\":\"", token, "\",\"created_at\":\"", at, "\"}");
	return whole;
}

static struct session_ended dead (struct batch *b, const struct head *cause, user_id user, session_id link)
{
	struct session_ended ret = ended_of (b, cause, user);
	ret.session_id = link;
	ret.has.session_id = HERE;
	return ret;
}

void calendar_link_make (struct batch *b, const struct calendar_link_make cmd[], size_t n, struct outcome ret[])
{
	const struct calendar_link_place *place = calendar_link_make_load (b, cmd, n);
	struct calendar_link_whole *whole = ARRAY (b, whole, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t news = 0, ends = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id == HERE ? done_with (cmd[i].user_id.uuid, NULL) : refused (user_not_found);
		if (!is_done (ret[i]))
			continue;
		if (place[i].has.session_id == HERE)
			ended[ends++] = dead (b, &cmd[i].head, cmd[i].user_id, place[i].session_id);
		whole[news] = link_of (b, &cmd[i], &ret[i]);
		audit[news++] = audit_of (b, &cmd[i].head, "calendar_link_make", detail_of (b, &calendar_link_make_record, &cmd[i], NULL));
	}
	calendar_link_write (b, whole, news);
	audit_write (b, audit, news);
	session_ended_emit (b, ended, ends);
}

/* Taking away what is not there says nothing. */
void calendar_link_drop (struct batch *b, const struct calendar_link_drop cmd[], size_t n, struct outcome ret[])
{
	const struct calendar_link_place *place = calendar_link_drop_load (b, cmd, n);
	struct session_ended *ended = ARRAY (b, ended, n);
	struct audit_line *audit = ARRAY (b, audit, n);
	size_t ends = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place[i].has.user_id == HERE ? done () : refused (user_not_found);
		if (!is_done (ret[i]) || place[i].has.session_id != HERE)
			continue;
		ended[ends] = dead (b, &cmd[i].head, cmd[i].user_id, place[i].session_id);
		audit[ends++] = audit_of (b, &cmd[i].head, "calendar_link_drop", detail_of (b, &calendar_link_drop_record, &cmd[i], NULL));
	}
	calendar_link_away (b, ended, ends);
	audit_write (b, audit, ends);
	session_ended_emit (b, ended, ends);
}

void calendar_links_end (struct batch *b, const struct session_keep keep[], const struct head *const cause[], size_t n)
{
	size_t rows, ends = 0;
	const struct session_row *row = calendar_links_of (b, keep, n, &rows);
	struct session_ended *ended = ARRAY (b, ended, rows);
	for (size_t i = 0; i < rows; i++)
		for (size_t k = 0; k < n; k++)
			if (uuid_equal (keep[k].user_id.uuid, row[i].user_id.uuid)) {
				ended[ends++] = dead (b, cause[k], row[i].user_id, row[i].session_id);
				break;
			}
	calendar_link_away (b, ended, ends);
	session_ended_emit (b, ended, ends);
}
