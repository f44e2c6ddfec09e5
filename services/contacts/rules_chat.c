/* What contacts decides about the team's conversation and about mentions; see rules.h. Pure functions.
 * Never lets anybody say something in another one's name. */
#include "rules.h"
#include "mentions.h"

#include <string.h>

enum { MESSAGE_MOST = 5000, EXCERPT_MOST = 140 };

static struct outcome text_check (struct arena *a, const char *text)
{
	if (!text[strspn (text, " \t\r\n")])
		return refused_at (a, "/text", "required", "a message says something");
	if (mention_length (text) > MESSAGE_MOST)
		return refused_at (a, "/text", "too_long", "at most 5,000 characters");
	return done ();
}

static bool in_channel (const struct message_post *cmd)
{
	return cmd->has.channel == HERE && cmd->channel;
}

static struct outcome room_named (struct arena *a, const struct message_post *cmd)
{
	int named = (cmd->has.lead_id == HERE) + (cmd->has.deal_id == HERE) + (cmd->has.contact_id == HERE) +
		    (cmd->has.account_id == HERE) + in_channel (cmd);
	if (named == 0)
		return refused_at (a, "/deal_id", "required", "lead_id, deal_id, contact_id, account_id or channel: where it is said");
	if (named > 1)
		return refused_at (a, "/deal_id", "too_many", "it is said in one place");
	return done ();
}

struct room_row room_of_message (const struct message_post *cmd, const struct record_place *place)
{
	struct room_row ret = { .workspace_id = { cmd->head.workspace }, .owner_id = place->owner_id, .has.owner_id = place->has.owner_id };
	if (in_channel (cmd)) {
		ret.room = room_kind_channel;
		ret.room_id.uuid = cmd->head.workspace;
		ret.has.owner_id = ABSENT;
	} else if (cmd->has.lead_id == HERE) {
		ret.room = room_kind_lead;
		ret.room_id.uuid = cmd->lead_id.uuid;
	} else if (cmd->has.deal_id == HERE) {
		ret.room = room_kind_deal;
		ret.room_id.uuid = cmd->deal_id.uuid;
	} else if (cmd->has.contact_id == HERE) {
		ret.room = room_kind_contact;
		ret.room_id.uuid = cmd->contact_id.uuid;
	} else {
		ret.room = room_kind_account;
		ret.room_id.uuid = cmd->account_id.uuid;
	}
	return ret;
}

struct outcome message_post_check (struct arena *a, const struct message_post *cmd, const struct record_place *place)
{
	struct outcome outcome = room_named (a, cmd);
	if (!is_done (outcome))
		return outcome;
	if (!grant_allows (&cmd->head.grant, PERMISSION_crm_chat))
		return refused (forbidden);
	if (!place->known)
		return refused (workspace_not_found);
	if (!in_channel (cmd) && (!place->found || !grant_covers (&cmd->head.grant, &place->owner_id)))
		return cmd->has.lead_id == HERE	     ? refused (lead_not_found)
		       : cmd->has.deal_id == HERE    ? refused (deal_not_found)
		       : cmd->has.contact_id == HERE ? refused (contact_not_found)
						     : refused (account_not_found);
	if (!in_channel (cmd) && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit))
		return refused (forbidden);
	return text_check (a, cmd->text);
}

/* Whether the asker may read the room at all; what they may not see is not there. */
static bool is_read (const struct head *head, const struct message_row *was)
{
	return was->has.version == HERE && head->grant.scope != SCOPE_NONE && grant_allows (&head->grant, PERMISSION_crm_chat) &&
	       (was->room == room_kind_channel || grant_covers (&head->grant, &was->owner_id));
}

struct outcome message_seen (const struct head *head, const struct message_row *was)
{
	return is_read (head, was) ? done () : refused (message_not_found);
}

static bool is_own (const struct head *head, const struct message_row *was)
{
	return uuid_equal (head->actor, was->author_id.uuid);
}

struct outcome message_edit_check (struct arena *a, const struct message_edit *cmd, const struct message_row *was)
{
	if (!is_read (&cmd->head, was) || was->has.removed_at == HERE)
		return refused (message_not_found);
	if (!is_own (&cmd->head, was))
		return refused (forbidden);
	if (cmd->has.version == HERE && cmd->version != was->version)
		return refused (message_changed);
	return text_check (a, cmd->text);
}

struct outcome message_remove_check (const struct message_remove *cmd, const struct message_row *was)
{
	if (!is_read (&cmd->head, was))
		return refused (message_not_found);
	if (!is_own (&cmd->head, was) && !grant_allows (&cmd->head.grant, PERMISSION_crm_settings))
		return refused (forbidden);
	if (was->has.removed_at != HERE && cmd->has.version == HERE && cmd->version != was->version)
		return refused (message_changed);
	return done ();
}

size_t people_mentioned (const char *text, struct uuid writer, struct uuid ret[MENTIONS_MOST])
{
	struct mention m;
	size_t at = 0, n = 0;
	while (n < MENTIONS_MOST && mention_next (text, &at, &m)) {
		bool known = m.typed || m.kind != mention_kind_user || uuid_equal (m.id, writer) || uuid_is_null (m.id);
		for (size_t i = 0; i < n && !known; i++)
			known = uuid_equal (ret[i], m.id);
		if (!known)
			ret[n++] = m.id;
	}
	return n;
}

const char *excerpt_of (struct arena *a, const char *text)
{
	return mention_plain (a, text, EXCERPT_MOST);
}
