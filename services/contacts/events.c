/* What contacts does about what others say, one function per event: load, decide, write, emit.
 * Never leaves a lead without its one answer, never makes a second contact of an e-mail. */
#include "activities.h"
#include "accounts.h"
#include "convert.h"
#include "notices.h"
#include "projection.h"
#include "rules.h"
#include "import_bites.h"
#include "memory.h"
#include "people.h"
#include "segments.h"
#include "timeline.h"
#include "contacts_sql.h"

#include <jansson.h>
#include <stdlib.h>

void workspace_created (struct batch *b, const struct workspace_created workspace[], size_t n, struct outcome ret[])
{
	struct people_workspace *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		bool auto_contact = true;
		if (!workspace[i].home && !preset_auto_contact (workspace[i].content, &auto_contact)) {
			ret[i] = refused (unknown_preset);
			continue;
		}
		row[rows++] = (struct people_workspace){
			.workspace_id = workspace[i].workspace_id,
			.auto_contact = auto_contact,
			.default_owner_id = workspace[i].default_owner_id,
			.has.default_owner_id = workspace[i].has.default_owner_id,
			.timezone = workspace[i].timezone,
		};
		ret[i] = done ();
	}
	workspace_write (b, row, rows);
	people_forget (b);
}

void workspace_updated (struct batch *b, const struct workspace_updated workspace[], size_t n, struct outcome ret[])
{
	workspace_updated_write (b, workspace, n);
	people_forget (b);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void member_changed (struct batch *b, const struct member_changed member[], size_t n, struct outcome ret[])
{
	member_changed_write (b, member, n);
	room_reader_join (b, member, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void rule_changed (struct batch *b, const struct rule_changed rule[], size_t n, struct outcome ret[])
{
	rule_changed_write (b, rule, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* What a run of leads becomes: written and said kind by kind, so that those who hear it get long runs. */
struct lead_run {
	struct contact_created *created;
	struct contact_updated *updated;
	struct contact_row *row; /* of `updated`, one each */
	struct lead_contact_linked *linked;
	struct heard_lead *heard;     /* of `linked`, one each */
	struct timeline_entry *entry; /* of `updated`, one each */
	struct contact_late *late;    /* what search would not find by its words from now on */
	struct contact_updated *back; /* of `updated`: those that were archived */
	struct lead_person *person;   /* who asked and is no contact */
	size_t creates, updates, links, lates, persons, backs;
};

static struct contact_created contact_of_lead (struct batch *b, const struct lead_created *lead, const struct contact_place *place)
{
	struct contact_created c = {
		.head = head_caused (b, &lead->head),
		.contact_id = { uuid_new (b) },
		.number = number_take (b, lead->head.workspace, NUMBER_CONTACT),
		.name = lead->name,
		.first_name = lead->first_name,
		.has.first_name = lead->has.first_name,
		.last_name = lead->last_name,
		.has.last_name = lead->has.last_name,
		.email = lead->has.email == HERE ? email_fold (batch_arena (b), lead->email) : NULL,
		.phone = lead->phone,
		.has.phone = lead->has.phone,
		.company = lead->company,
		.has.company = lead->has.company,
		.owner_id = lead->has.owner_id == HERE ? lead->owner_id : place->default_owner_id,
		.has.owner_id = lead->has.owner_id == HERE ? (unsigned char) HERE : place->has.default_owner_id,
	};
	c.has.email = c.email ? HERE : ABSENT;
	return c;
}

/* Who did it, when it was somebody who logs in: the way in itself is no actor. */
static unsigned char has_person (const struct head *head, unsigned char has_source, source_id source)
{
	return uuid_is_null (head->actor) || (has_source == HERE && uuid_equal (head->actor, source.uuid)) ? ABSENT : HERE;
}

/* The lead's answer, and what is kept of it; both name the contact. */
static struct lead_contact_linked *link_of_lead (struct batch *b, struct lead_run *run, const struct lead_created *lead,
						 const struct contact_place *place)
{
	struct heard_lead *h = &run->heard[run->links];
	struct lead_contact_linked *l = &run->linked[run->links++];
	*l = (struct lead_contact_linked){
		.head = head_caused (b, &lead->head),
		.lead_id = lead->lead_id,
		.owner_id = lead->has.owner_id == HERE ? lead->owner_id : place->default_owner_id,
		.has.owner_id = lead->has.owner_id == HERE ? (unsigned char) HERE : place->has.default_owner_id,
	};
	*h = (struct heard_lead){
		.workspace_id = { lead->head.workspace },
		.lead_id = lead->lead_id,
		.at = lead->head.at,
		.form_type = lead->form_type,
		.owner_id = l->owner_id,
		.has.owner_id = l->has.owner_id,
		.actor_id = { lead->head.actor },
		.has.actor_id = has_person (&lead->head, lead->has.source_id, lead->source_id),
	};
	return l;
}

/* Who it is, as whoever hears it has to know: `from` is a contact_created or a contact_row. */
#define LINK_SAY(l, from)                                                                                                       \
	(l)->name = (from)->name, (l)->has.name = HERE, (l)->company = (from)->company, (l)->has.company = (from)->has.company, \
	(l)->email = (from)->email, (l)->has.email = (from)->has.email, (l)->phone = (from)->phone, (l)->has.phone = (from)->has.phone

static void link_contact (struct lead_run *run, struct lead_contact_linked *l, contact_id contact)
{
	struct heard_lead *h = &run->heard[l - run->linked];
	l->contact_id = h->contact_id = contact;
	l->has.contact_id = h->has.contact_id = HERE;
}

static void late_note (struct lead_run *run, const struct head *head, const struct contact_place *place, contact_id id)
{
	if (stands_on_page (place, id))
		run->late[run->lates++] = (struct contact_late){ .workspace_id = { head->workspace }, .late_id = id };
}

static void lead_is_new (struct batch *b, struct lead_run *run, const struct lead_created *lead, const struct contact_place *place)
{
	struct contact_created *c = &run->created[run->creates++];
	*c = contact_of_lead (b, lead, place);
	late_note (run, &lead->head, place, c->contact_id);
	struct lead_contact_linked *l = link_of_lead (b, run, lead, place);
	link_contact (run, l, c->contact_id);
	LINK_SAY (l, c);
	l->made = true;
}

static void lead_is_known (struct batch *b, struct lead_run *run, const struct lead_created *lead, const struct contact_place *place)
{
	struct contact_row *row = &run->row[run->updates];
	struct list changes;
	bool changed = lead_merge (batch_arena (b), lead, place, row, &changes);
	struct lead_contact_linked *l = link_of_lead (b, run, lead, place);
	link_contact (run, l, place->contact_id);
	LINK_SAY (l, row);
	if (!changed)
		return;
	if (words_changed (changes))
		late_note (run, &lead->head, place, row->contact_id);
	struct timeline_entry *e = &run->entry[run->updates];
	struct contact_updated *u = &run->updated[run->updates++];
	*u = CONTACT_UPDATED (b, &lead->head, row, changes);
	u->lead_id = lead->lead_id;
	u->has.lead_id = HERE;
	*e = timeline_with_data (b, &contact_updated_record, u, row->contact_id.uuid, row->has.owner_id, row->owner_id);
	e->has.actor_id = has_person (&lead->head, lead->has.source_id, lead->source_id);
	if (place->has.archived_at == HERE)
		run->back[run->backs++] = *u;
}

/* Every lead is answered by exactly one lead.contact_linked. No e-mail stands twice in a run, so what was loaded is the truth. */
void lead_created (struct batch *b, const struct lead_created lead[], size_t n, struct outcome ret[])
{
	const struct contact_place *place = leads_place (b, lead, n);
	struct lead_run run = { .created = ARRAY (b, run.created, n),
				.updated = ARRAY (b, run.updated, n),
				.row = ARRAY (b, run.row, n),
				.linked = ARRAY (b, run.linked, n),
				.heard = ARRAY (b, run.heard, n),
				.entry = ARRAY (b, run.entry, n),
				.late = ARRAY (b, run.late, n),
				.back = ARRAY (b, run.back, n),
				.person = ARRAY (b, run.person, n) };
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		switch (lead_decide (&lead[i], &place[i])) {
		case LEAD_TOO_EARLY: ret[i] = not_yet ("workspace"); break;
		case LEAD_HEARD: ret[i] = skipped (); break;
		case LEAD_ALONE:
			link_of_lead (b, &run, &lead[i], &place[i]);
			person_keep (&lead[i], &run.person[run.persons++]);
			break;
		case LEAD_NEW: lead_is_new (b, &run, &lead[i], &place[i]); break;
		case LEAD_KNOWN: lead_is_known (b, &run, &lead[i], &place[i]); break;
		}
	}
	contact_created_write (b, run.created, run.creates);
	contact_row_write (b, run.row, run.updates);
	if (run.backs)
		contact_back_write (b, run.back, run.backs);
	contact_late_write (b, run.late, run.lates);
	lead_write (b, run.heard, run.links);
	lead_person_write (b, run.person, run.persons);
	leads_remember (b, run.heard, run.links);
	timeline_write (b, run.entry, run.updates);
	contact_created_emit (b, run.created, run.creates);
	contact_updated_emit (b, run.updated, run.updates);
	lead_contact_linked_emit (b, run.linked, run.links);
}

/* ---- the timeline's ears ---- */

void lead_updated (struct batch *b, const struct lead_updated lead[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	struct gift *gift = ARRAY (b, gift, n);
	size_t owners = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &lead_updated_record, &lead[i], lead[i].lead_id.uuid, lead[i].has.owner_id,
					       lead[i].owner_id);
		if (owner_changed (lead[i].changes)) {
			gift[owners] = (struct gift){ .cause = &lead[i].head,
						      .to = lead[i].owner_id,
						      .has_to = lead[i].has.owner_id,
						      .about = record_kind_lead,
						      .record = lead[i].lead_id.uuid };
			owner[owners++] = timeline_owner_of (&entry[i]);
		}
		ret[i] = done ();
	}
	lead_owner_write (b, owner, owners);
	owners_write (b, owner, owners);
	people_changed (b, lead, n);
	timeline_write (b, entry, n);
	segments_mark (b, &lead_updated_record, lead, n);
	gifts_ring (b, gift, owners);
}

void lead_qualified (struct batch *b, const struct lead_qualified lead[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_of (&lead[i].head, &lead_qualified_record, lead[i].lead_id.uuid, lead[i].has.owner_id,
					lead[i].owner_id);
		ret[i] = done ();
	}
	timeline_write (b, entry, n);
}

/* A deal made by hand names a contact by its id alone: contacts says who that is, or that there is none such. */
static struct deal_contact_linked contact_of_deal (struct batch *b, const struct deal_created *deal, const struct deal_person *person)
{
	return (struct deal_contact_linked){
		.head = head_caused (b, &deal->head),
		.deal_id = deal->deal_id,
		.contact_id = person->contact_id,
		.has.contact_id = person->has.contact_id,
		.name = person->name,
		.has.name = person->has.name,
		.company = person->company,
		.has.company = person->has.company,
		.email = person->email,
		.has.email = person->has.email,
		.phone = person->phone,
		.has.phone = person->has.phone,
		.owner_id = deal->owner_id,
		.has.owner_id = deal->has.owner_id,
	};
}

static struct timeline_entry entry_of_deal (struct batch *b, const struct deal_created *deal, const struct deal_person *person)
{
	struct timeline_entry entry = timeline_of (&deal->head, &deal_created_record, deal->deal_id.uuid, deal->has.owner_id,
						   deal->owner_id);
	entry.contact_id = person->contact_id;
	entry.has.contact_id = person->has.contact_id;
	entry.has.actor_id = has_person (&deal->head, deal->has.source_id, deal->source_id);
	char stage[UUID_TEXT];
	entry.data = text_join (b, "{\"stage_id\":\"", uuid_format (deal->stage_id.uuid, stage), "\"}");
	if (deal->has.lead_id != HERE && deal->has.company == HERE) { /* what a won one makes an account of */
		json_t *data = json_pack ("{s:s, s:s}", "stage_id", stage, "company", deal->company);
		char *text = json_dumps (data, JSON_COMPACT);
		entry.data = arena_text (batch_arena (b), text);
		free (text);
		json_decref (data);
	}
	entry.has.data = HERE;
	return entry;
}

/* A lead's deal is noted with its lead; any other one has a row of its own. */
void deal_created (struct batch *b, const struct deal_created deal[], size_t n, struct outcome ret[])
{
	const struct deal_person *person = deals_person (b, deal, n);
	struct deal_created *noted = ARRAY (b, noted, n);
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct deal_contact_linked *linked = ARRAY (b, linked, n);
	struct gift *gift = ARRAY (b, gift, n);
	size_t notes = 0, entries = 0, links = 0, gifts = 0;
	bool *is_noted = ARRAY (b, is_noted, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		is_noted[i] = person[i].noted;
		if (person[i].noted) {
			noted[notes++] = deal[i];
			continue;
		}
		entry[entries++] = entry_of_deal (b, &deal[i], &person[i]);
		if (deal[i].has.lead_id != HERE) /* that of a lead rings with its lead */
			gift[gifts++] = (struct gift){ .cause = &deal[i].head,
						       .to = deal[i].owner_id,
						       .has_to = deal[i].has.owner_id,
						       .about = record_kind_deal,
						       .record = deal[i].deal_id.uuid,
						       .title = deal[i].title };
		if (deal[i].has.lead_id != HERE && deal[i].has.contact_id == HERE)
			linked[links++] = contact_of_deal (b, &deal[i], &person[i]);
	}
	lead_deal_write (b, noted, notes);
	timeline_write (b, entry, entries);
	deal_facts_begin (b, deal, is_noted, n);
	segments_mark (b, &deal_created_record, deal, n);
	deal_contact_linked_emit (b, linked, links);
	gifts_ring (b, gift, gifts);
}

void deal_updated (struct batch *b, const struct deal_updated deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	struct gift *gift = ARRAY (b, gift, n);
	size_t owners = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &deal_updated_record, &deal[i], deal[i].deal_id.uuid, deal[i].has.owner_id,
					       deal[i].owner_id);
		if (owner_changed (deal[i].changes)) {
			gift[owners] = (struct gift){ .cause = &deal[i].head,
						      .to = deal[i].owner_id,
						      .has_to = deal[i].has.owner_id,
						      .about = record_kind_deal,
						      .record = deal[i].deal_id.uuid,
						      .title = deal[i].title };
			owner[owners++] = timeline_owner_of (&entry[i]);
		}
		ret[i] = done ();
	}
	lead_owner_write (b, owner, owners);
	owners_write (b, owner, owners);
	timeline_write (b, entry, n);
	deal_facts_change (b, deal, n);
	segments_mark (b, &deal_updated_record, deal, n);
	gifts_ring (b, gift, owners);
}

void deal_stage_changed (struct batch *b, const struct deal_stage_changed deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		struct deal_stage_changed said = deal[i];
		if (said.has.followed == HERE && said.followed) /* its note is an activity, and stands here once */
			said.has.note = ABSENT;
		entry[i] = timeline_with_data (b, &deal_stage_changed_record, &said, said.deal_id.uuid, said.has.owner_id, said.owner_id);
		ret[i] = done ();
	}
	timeline_write (b, entry, n);
	deal_facts_move (b, deal, n);
	segments_mark (b, &deal_stage_changed_record, deal, n);
	for (size_t i = 0; i < n; i++)
		if (deal[i].has.won == HERE && deal[i].won)
			deal_won (b, &deal[i], false);
}

void deal_trashed (struct batch *b, const struct deal_trashed deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &deal_trashed_record, &deal[i], deal[i].deal_id.uuid, deal[i].has.owner_id,
					       deal[i].owner_id);
		ret[i] = done ();
	}
	timeline_write (b, entry, n);
	deal_away_write (b, deal, n);
	segments_mark (b, &deal_trashed_record, deal, n);
}

void deal_restored (struct batch *b, const struct deal_restored deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &deal_restored_record, &deal[i], deal[i].deal_id.uuid, deal[i].has.owner_id,
					       deal[i].owner_id);
		ret[i] = done ();
	}
	timeline_write (b, entry, n);
	deal_away_drop (b, deal, n);
	segments_mark (b, &deal_restored_record, deal, n);
}

void deal_purged (struct batch *b, const struct deal_purged deal[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		deal_gone (b, &deal[i], 1);
		projections_cancel (b, deal[i].head.workspace);
		ret[i] = done ();
	}
}

/* A copy of the fields that contacts and accounts have; those of deals are pipeline's alone. */
void custom_field_changed (struct batch *b, const struct custom_field_changed field[], size_t n, struct outcome ret[])
{
	own_field_put (b, field, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* ---- what people decide for all at once ---- */

void workspace_preset_changed (struct batch *b, const struct workspace_preset_changed event[], size_t n, struct outcome ret[])
{
	struct people_preset *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		bool auto_contact;
		ret[i] = done ();
		if (preset_says_contact (event[i].content, &auto_contact))
			row[rows++] = (struct people_preset){ .workspace_id = event[i].workspace_id, .auto_contact = auto_contact };
	}
	people_preset_write (b, row, rows);
	workspace_zone_write (b, event, n);
	people_forget (b);
}

/* Contacts change hands as if by hand, each with its line of history. Leads and deals are told by their own services; who may see their past
 * is settled here at once. */
void member_handed_over (struct batch *b, const struct member_handed_over over[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t contacts, rows = 0;
		const struct contact_place *was = contacts_of_member (b, &over[i], 1, &contacts);
		struct contact_row *row = ARRAY (b, row, contacts);
		struct contact_updated *updated = ARRAY (b, updated, contacts);
		struct timeline_entry *entry = ARRAY (b, entry, contacts);
		for (size_t k = 0; k < contacts; k++) {
			struct list changes;
			struct contact_update to = { .head = over[i].head, .owner_id = over[i].to_id, .has.owner_id = HERE };
			if (!contact_merge (batch_arena (b), &to, &was[k], &row[rows], &changes))
				continue;
			updated[rows] = (struct contact_updated){ .head = head_caused (b, &over[i].head),
								  .contact_id = row[rows].contact_id,
								  .version = row[rows].version,
								  .name = row[rows].name,
								  .company = row[rows].company,
								  .has.company = row[rows].has.company,
								  .email = row[rows].email,
								  .has.email = row[rows].has.email,
								  .phone = row[rows].phone,
								  .has.phone = row[rows].has.phone,
								  .changes = changes,
								  .owner_id = row[rows].owner_id,
								  .has.owner_id = HERE,
								  .old_owner_id = was[k].owner_id,
								  .has.old_owner_id = HERE };
			entry[rows] = timeline_with_data (b, &contact_updated_record, &updated[rows], row[rows].contact_id.uuid, HERE,
							  row[rows].owner_id);
			rows++;
		}
		timeline_hand_over (b, &over[i], 1);
		lead_hand_over (b, &over[i], 1);
		deal_fact_hand_over (b, &over[i], 1);
		activities_hand_over (b, &over[i]);
		linked_hand_over (b, &over[i], 1);
		fact_hand_over (b, &over[i], 1);
		contact_row_write (b, row, rows);
		timeline_write (b, entry, rows);
		contact_updated_emit (b, updated, rows);
		accounts_hand_over (b, &over[i]);
		merged_hand_over (b, &over[i], 1);
		ret[i] = done ();
	}
}

/* All that was kept of it. */
void workspace_removed (struct batch *b, const struct workspace_removed event[], size_t n, struct outcome ret[])
{
	imports_end (b, event, n);
	removed_search_page_drop (b, event, n);
	removed_search_block_drop (b, event, n);
	removed_search_gram_drop (b, event, n);
	removed_telling_drop (b, event, n);
	removed_merge_part_drop (b, event, n);
	removed_merge_drop (b, event, n);
	removed_not_duplicate_drop (b, event, n);
	removed_alike_drop (b, event, n);
	removed_alike_key_drop (b, event, n);
	removed_alike_mark_drop (b, event, n);
	removed_timeline_drop (b, event, n);
	removed_shadow_drop (b, event, n);
	removed_erasure_job_drop (b, event, n);
	removed_mention_drop (b, event, n);
	removed_room_reader_drop (b, event, n);
	removed_message_drop (b, event, n);
	removed_room_drop (b, event, n);
	removed_booking_heard_drop (b, event, n);
	removed_activity_drop (b, event, n);
	removed_deal_away_drop (b, event, n);
	removed_notice_drop (b, event, n);
	removed_tagged_drop (b, event, n);
	removed_tag_drop (b, event, n);
	removed_segment_member_drop (b, event, n);
	removed_segment_mark_drop (b, event, n);
	removed_segment_drop (b, event, n);
	removed_deal_fact_drop (b, event, n);
	removed_lead_drop (b, event, n);
	removed_lead_person_drop (b, event, n);
	removed_conversion_drop (b, event, n);
	removed_location_drop (b, event, n);
	removed_attachment_drop (b, event, n);
	removed_linked_drop (b, event, n);
	removed_fact_drop (b, event, n);
	removed_push_drop (b, event, n);
	removed_system_drop (b, event, n);
	removed_account_external_drop (b, event, n);
	removed_account_drop (b, event, n);
	removed_batch_change_drop (b, event, n);
	removed_custom_field_drop (b, event, n);
	removed_contact_reach_drop (b, event, n);
	removed_contact_drop (b, event, n);
	removed_rule_name_drop (b, event, n);
	removed_member_drop (b, event, n);
	removed_workspace_drop (b, event, n);
	for (size_t i = 0; i < n; i++) {
		batch_workspace_end (b, event[i].workspace_id.uuid);
		ret[i] = done ();
	}
}
