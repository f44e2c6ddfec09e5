/* The team's conversation and mentions: commands, one function each, in the order of proto/contacts.def; load, decide, write, emit.
 * Never decides what rules_chat.c can; never writes a line of the timeline: what is said here is said to the team, not about the record. */
#include "chat.h"
#include "mentions.h"
#include "notices.h"
#include "rules.h"
#include "contacts_sql.h"

#include <string.h>

/* ---- mentions ---- */

static bool was_told (const struct mention_told *told, size_t n, const struct written *text, struct uuid user)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (told[i].source_id.uuid, text->source) && uuid_equal (told[i].user_id.uuid, user) &&
		    uuid_equal (told[i].workspace_id.uuid, text->cause->workspace))
			return true;
	return false;
}

static struct mention_made made_of (struct batch *b, const struct written *text, struct uuid user)
{
	return (struct mention_made){
		.head = head_caused (b, text->cause),
		.user_id = { user },
		.source = text->kind,
		.source_id = { text->source },
		.about = text->about,
		.record_id = { text->record },
		.excerpt = excerpt_of (batch_arena (b), text->text),
		.by_id = { text->writer },
		.has.by_id = uuid_is_null (text->writer) ? ABSENT : HERE,
		.owner_id = text->owner,
		.has.owner_id = text->has_owner,
	};
}

/* Those that were there before are asked which of their people know already. */
static const struct mention_told *told_before (struct batch *b, const struct written text[], size_t n, size_t *ret_n)
{
	struct mention_ask *ask = ARRAY (b, ask, n);
	size_t asks = 0;
	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (!text[i].is_new)
			ask[asks++] = (struct mention_ask){ .workspace_id = { text[i].cause->workspace }, .source_id = { text[i].source } };
	return asks ? mentions_told (b, ask, asks, ret_n) : NULL;
}

void mentions_tell (struct batch *b, const struct written text[], size_t n)
{
	struct uuid user[MENTIONS_MOST];
	size_t rows = 0, most = 0, readers = 0, tolds;
	struct written *some = ARRAY (b, some, n);
	size_t somes = 0;
	for (size_t i = 0; i < n; i++) {
		size_t people = people_mentioned (text[i].text, text[i].writer, user);
		most += people;
		if (people)
			some[somes++] = text[i];
	}
	if (!most)
		return;
	const struct mention_told *told = told_before (b, some, somes, &tolds);
	struct mention_row *row = ARRAY (b, row, most);
	struct mention_made *made = ARRAY (b, made, most);
	struct room_reader *reader = ARRAY (b, reader, most);
	for (size_t i = 0; i < somes; i++) {
		size_t people = people_mentioned (some[i].text, some[i].writer, user);
		for (size_t k = 0; k < people; k++) {
			if (was_told (told, tolds, &some[i], user[k]))
				continue;
			made[rows] = made_of (b, &some[i], user[k]);
			row[rows++] = (struct mention_row){ .workspace_id = { some[i].cause->workspace },
							    .source_id = { some[i].source },
							    .user_id = { user[k] },
							    .source = some[i].kind,
							    .at = rings_at (b, some[i].cause) };
			if (some[i].kind == mention_source_message)
				reader[readers++] = (struct room_reader){ .workspace_id = { some[i].cause->workspace },
									  .room_id = { some[i].record },
									  .user_id = { user[k] },
									  .mentioned = some[i].place };
		}
	}
	mention_insert (b, row, rows);
	room_reader_write (b, reader, readers);
	mention_made_emit (b, made, rows);
}

static enum room_kind room_about (enum record_kind about)
{
	switch (about) {
	case record_kind_lead: return room_kind_lead;
	case record_kind_deal: return room_kind_deal;
	case record_kind_contact: return room_kind_contact;
	case record_kind_account: return room_kind_account;
	case record_kind_count: break;
	}
	return room_kind_lead;
}

void notes_tell (struct batch *b, const struct activity_row row[], const struct head *const cause[], size_t n, bool is_new)
{
	struct written *text = ARRAY (b, text, n);
	size_t texts = 0;
	for (size_t i = 0; i < n; i++)
		if (row[i].has.note == HERE)
			text[texts++] = (struct written){ .cause = cause[i],
							  .text = row[i].note,
							  .source = row[i].activity_id.uuid,
							  .record = row[i].record_id.uuid,
							  .writer = cause[i]->actor,
							  .kind = mention_source_activity,
							  .about = room_about (row[i].about),
							  .owner = row[i].owner_id,
							  .has_owner = row[i].has.owner_id,
							  .is_new = is_new };
	mentions_tell (b, text, texts);
}

/* ---- messages ---- */

/* A room's owner stands where a record's does; the channel has none. */
static const struct record_place *rooms_place (struct batch *b, const struct message_post cmd[], size_t n)
{
	struct activity_add *about = ARRAY (b, about, n);
	for (size_t i = 0; i < n; i++)
		about[i] = (struct activity_add){ .head = cmd[i].head,
						  .lead_id = cmd[i].lead_id,
						  .deal_id = cmd[i].deal_id,
						  .contact_id = cmd[i].contact_id,
						  .account_id = cmd[i].account_id,
						  .has = { .lead_id = cmd[i].has.lead_id,
							   .deal_id = cmd[i].has.deal_id,
							   .contact_id = cmd[i].has.contact_id,
							   .account_id = cmd[i].has.account_id } };
	return record_place_load (b, about, n);
}

/* Places count up within the batch too. */
static void places_take (struct batch *b, struct room_row room[], size_t n)
{
	struct room_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct room_ask){ .workspace_id = room[i].workspace_id, .room_id = room[i].room_id };
	const struct room_place *place = room_load (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		room[i].place = place[i].newest + 1;
		for (size_t k = 0; k < i; k++)
			room[i].place += uuid_equal (room[k].room_id.uuid, room[i].room_id.uuid) &&
					 uuid_equal (room[k].workspace_id.uuid, room[i].workspace_id.uuid);
	}
}

static const char *place_told (struct batch *b, const struct room_row *room)
{
	char id[UUID_TEXT];
	return arena_printf (batch_arena (b), "{\"place\":%lld,\"room_id\":\"%s\"}", (long long) room->place,
			     uuid_format (room->room_id.uuid, id));
}

static struct written written_of (const struct head *cause, const struct message_row *row, bool is_new)
{
	return (struct written){ .cause = cause,
				 .text = row->text,
				 .source = row->message_id.uuid,
				 .record = row->room_id.uuid,
				 .writer = row->author_id.uuid,
				 .kind = mention_source_message,
				 .about = row->room,
				 .owner = row->owner_id,
				 .has_owner = row->has.owner_id,
				 .place = row->place,
				 .is_new = is_new };
}

static struct message_row row_of (const struct message_post *cmd, const struct room_row *room)
{
	return (struct message_row){ .workspace_id = room->workspace_id,
				     .message_id = cmd->message_id,
				     .version = 1,
				     .room = room->room,
				     .room_id = room->room_id,
				     .place = room->place,
				     .author_id = { cmd->head.actor },
				     .text = cmd->text,
				     .created_at = cmd->head.at,
				     .owner_id = room->owner_id,
				     .has = { .version = HERE,
					      .room = HERE,
					      .room_id = HERE,
					      .place = HERE,
					      .author_id = HERE,
					      .text = HERE,
					      .created_at = HERE,
					      .owner_id = room->has.owner_id } };
}

/* Whoever says something has read what was said before. */
void message_post (struct batch *b, const struct message_post cmd[], size_t n, struct outcome ret[])
{
	const struct record_place *place = rooms_place (b, cmd, n);
	struct room_row *room = ARRAY (b, room, n);
	struct message_row *row = ARRAY (b, row, n);
	struct room_reader *reader = ARRAY (b, reader, n);
	struct message_posted *said = ARRAY (b, said, n);
	struct written *text = ARRAY (b, text, n);
	size_t *which = ARRAY (b, which, n), rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = message_post_check (batch_arena (b), &cmd[i], &place[i]);
		if (is_done (ret[i])) {
			room[rows] = room_of_message (&cmd[i], &place[i]);
			which[rows++] = i;
		}
	}
	places_take (b, room, rows);
	for (size_t k = 0; k < rows; k++) {
		const struct message_post *c = &cmd[which[k]];
		struct outcome *out = &ret[which[k]];
		row[k] = row_of (c, &room[k]);
		reader[k] = (struct room_reader){
			.workspace_id = row[k].workspace_id, .room_id = row[k].room_id, .user_id = row[k].author_id, .seen = row[k].place
		};
		said[k] = (struct message_posted){ .head = head_caused (b, &c->head),
						   .message_id = c->message_id,
						   .room = row[k].room,
						   .room_id = row[k].room_id,
						   .place = row[k].place,
						   .author_id = row[k].author_id,
						   .text = c->text,
						   .owner_id = row[k].owner_id,
						   .has.owner_id = row[k].has.owner_id };
		text[k] = written_of (&c->head, &row[k], true);
		out->id = c->message_id.uuid;
		out->version = 1;
		out->data = place_told (b, &room[k]);
	}
	room_write (b, room, rows);
	message_insert (b, row, rows);
	room_reader_write (b, reader, rows);
	message_posted_emit (b, said, rows);
	mentions_tell (b, text, rows);
}

static struct message_ask ask_of (const struct head *head, message_id id)
{
	return (struct message_ask){
		.workspace_id = { head->workspace }, .message_id = id, .user_id = { head->actor }, .has.user_id = HERE
	};
}

/* A change to what is said already is done, and says nothing. */
void message_edit (struct batch *b, const struct message_edit cmd[], size_t n, struct outcome ret[])
{
	struct message_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].message_id);
	const struct message_row *was = message_load (b, ask, n);
	struct message_row *row = ARRAY (b, row, n);
	struct message_changed *said = ARRAY (b, said, n);
	struct written *text = ARRAY (b, text, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = message_edit_check (batch_arena (b), &cmd[i], &was[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].message_id.uuid;
		ret[i].version = was[i].version;
		if (strcmp (was[i].text, cmd[i].text) == 0)
			continue;
		struct message_row *r = &row[rows];
		*r = was[i];
		r->version++;
		r->text = cmd[i].text;
		r->edited_at = cmd[i].head.at;
		r->has.edited_at = HERE;
		said[rows] = (struct message_changed){ .head = head_caused (b, &cmd[i].head),
						       .message_id = r->message_id,
						       .version = r->version,
						       .room = r->room,
						       .room_id = r->room_id,
						       .place = r->place,
						       .author_id = r->author_id,
						       .text = r->text,
						       .owner_id = r->owner_id,
						       .has.owner_id = r->has.owner_id };
		text[rows] = written_of (&cmd[i].head, r, false);
		ret[i].version = row[rows++].version;
	}
	message_write (b, row, rows);
	message_changed_emit (b, said, rows);
	mentions_tell (b, text, rows);
}

/* Taking away what is away already is done, and says nothing. */
void message_remove (struct batch *b, const struct message_remove cmd[], size_t n, struct outcome ret[])
{
	struct message_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = ask_of (&cmd[i].head, cmd[i].message_id);
	const struct message_row *was = message_load (b, ask, n);
	struct message_row *row = ARRAY (b, row, n);
	struct message_removed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = message_remove_check (&cmd[i], &was[i]);
		if (!is_done (ret[i]) || was[i].has.removed_at == HERE)
			continue;
		struct message_row *r = &row[rows];
		*r = was[i];
		r->version++;
		r->has.text = ABSENT;
		r->removed_at = cmd[i].head.at;
		r->has.removed_at = HERE;
		said[rows] = (struct message_removed){ .head = head_caused (b, &cmd[i].head),
						       .message_id = r->message_id,
						       .version = r->version,
						       .room = r->room,
						       .room_id = r->room_id,
						       .place = r->place,
						       .owner_id = r->owner_id,
						       .has.owner_id = r->has.owner_id };
		ret[i].id = r->message_id.uuid;
		ret[i].version = row[rows++].version;
	}
	message_write (b, row, rows);
	message_removed_emit (b, said, rows);
}

/* Nobody reads backwards: what was read already is done, and says nothing. */
void room_see (struct batch *b, const struct room_see cmd[], size_t n, struct outcome ret[])
{
	struct message_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		ask[i] = ask_of (&cmd[i].head, cmd[i].message_id);
		ask[i].user_id = cmd[i].user_id;
	}
	const struct message_row *at = message_load (b, ask, n);
	struct room_reader *reader = ARRAY (b, reader, n);
	struct room_seen *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = message_seen (&cmd[i].head, &at[i]);
		if (!is_done (ret[i]))
			continue;
		struct room_row room = { .room_id = at[i].room_id, .place = at[i].place };
		if (at[i].has.seen == HERE && at[i].seen > room.place)
			room.place = at[i].seen;
		ret[i].data = place_told (b, &room);
		if (at[i].has.seen == HERE && at[i].seen >= at[i].place)
			continue;
		reader[rows] = (struct room_reader){
			.workspace_id = at[i].workspace_id, .room_id = at[i].room_id, .user_id = cmd[i].user_id, .seen = at[i].place
		};
		said[rows++] = (struct room_seen){ .head = head_caused (b, &cmd[i].head),
						   .user_id = cmd[i].user_id,
						   .room = at[i].room,
						   .room_id = at[i].room_id,
						   .message_id = cmd[i].message_id,
						   .place = at[i].place };
	}
	room_reader_write (b, reader, rows);
	room_seen_emit (b, said, rows);
}
