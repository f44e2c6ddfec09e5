/* What contacts does about what others say, one function per event: load, decide, write, emit.
 * Never leaves a lead without its one answer, never makes a second contact of an e-mail. */
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

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
		};
		ret[i] = done ();
	}
	workspace_write (b, row, rows);
}

void workspace_updated (struct batch *b, const struct workspace_updated workspace[], size_t n, struct outcome ret[])
{
	workspace_updated_write (b, workspace, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void member_changed (struct batch *b, const struct member_changed member[], size_t n, struct outcome ret[])
{
	member_changed_write (b, member, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* What a run of leads becomes: written and said kind by kind, so that those who hear it get long runs. */
struct lead_run {
	struct contact_created *created;
	struct contact_updated *updated;
	struct contact_row *row; /* of `updated`, one each */
	struct lead_contact_linked *linked;
	struct timeline_entry *entry;
	size_t creates, updates, links, entries;
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

/* Nobody who logs in: the way in itself came with the request. */
static void entry_by_source (struct timeline_entry *entry, unsigned char has_source, source_id source)
{
	if (has_source == HERE && uuid_equal (entry->actor_id.uuid, source.uuid))
		entry->has.actor_id = ABSENT;
}

/* The lead's answer, and its row on the timeline; both name the contact. */
static struct lead_contact_linked *link_of_lead (struct batch *b, struct lead_run *run, const struct lead_created *lead,
						 const struct contact_place *place)
{
	struct lead_contact_linked *l = &run->linked[run->links++];
	*l = (struct lead_contact_linked){
		.head = head_caused (b, &lead->head),
		.lead_id = lead->lead_id,
		.owner_id = lead->has.owner_id == HERE ? lead->owner_id : place->default_owner_id,
		.has.owner_id = lead->has.owner_id == HERE ? (unsigned char) HERE : place->has.default_owner_id,
	};
	struct timeline_entry *e = &run->entry[run->entries++];
	*e = timeline_of (&lead->head, &lead_created_record, lead->lead_id.uuid, l->has.owner_id, l->owner_id);
	entry_by_source (e, lead->has.source_id, lead->source_id);
	e->detail = lead->form_type;
	e->has.detail = HERE;
	return l;
}

static void link_contact (struct lead_run *run, struct lead_contact_linked *l, contact_id contact, const char *name,
			  unsigned char has_company, const char *company)
{
	struct timeline_entry *e = &run->entry[run->entries - 1];
	l->contact_id = e->contact_id = contact;
	l->has.contact_id = e->has.contact_id = HERE;
	l->name = name;
	l->has.name = HERE;
	l->company = company;
	l->has.company = has_company;
}

static void lead_is_new (struct batch *b, struct lead_run *run, const struct lead_created *lead, const struct contact_place *place)
{
	struct contact_created *c = &run->created[run->creates++];
	*c = contact_of_lead (b, lead, place);
	struct lead_contact_linked *l = link_of_lead (b, run, lead, place);
	link_contact (run, l, c->contact_id, c->name, c->has.company, c->company);
	l->made = true;
}

static void lead_is_known (struct batch *b, struct lead_run *run, const struct lead_created *lead, const struct contact_place *place)
{
	struct contact_row *row = &run->row[run->updates];
	struct list changes;
	bool changed = lead_merge (batch_arena (b), lead, place, row, &changes);
	link_contact (run, link_of_lead (b, run, lead, place), place->contact_id, row->name, row->has.company, row->company);
	if (!changed)
		return;
	struct contact_updated *u = &run->updated[run->updates++];
	*u = (struct contact_updated){
		.head = head_caused (b, &lead->head),
		.contact_id = row->contact_id,
		.version = row->version,
		.name = row->name,
		.company = row->company,
		.has.company = row->has.company,
		.changes = changes,
		.lead_id = lead->lead_id,
		.has.lead_id = HERE,
		.owner_id = row->owner_id,
		.has.owner_id = row->has.owner_id,
	};
	struct timeline_entry *e = &run->entry[run->entries++];
	*e = timeline_with_data (b, &contact_updated_record, u, row->contact_id.uuid, row->has.owner_id, row->owner_id);
	entry_by_source (e, lead->has.source_id, lead->source_id);
}

/* Every lead is answered by exactly one lead.contact_linked. No e-mail stands twice in a run, so what was loaded is the truth. */
void lead_created (struct batch *b, const struct lead_created lead[], size_t n, struct outcome ret[])
{
	const struct contact_place *place = lead_created_load (b, lead, n);
	struct lead_run run = { .created = ARRAY (b, run.created, n),
				.updated = ARRAY (b, run.updated, n),
				.row = ARRAY (b, run.row, n),
				.linked = ARRAY (b, run.linked, n),
				.entry = ARRAY (b, run.entry, 2 * n) };
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		switch (lead_decide (&lead[i], &place[i])) {
		case LEAD_TOO_EARLY: ret[i] = not_yet ("workspace"); break;
		case LEAD_HEARD: ret[i] = skipped (); break;
		case LEAD_ALONE: link_of_lead (b, &run, &lead[i], &place[i]); break;
		case LEAD_NEW: lead_is_new (b, &run, &lead[i], &place[i]); break;
		case LEAD_KNOWN: lead_is_known (b, &run, &lead[i], &place[i]); break;
		}
	}
	contact_created_write (b, run.created, run.creates);
	contact_row_write (b, run.row, run.updates);
	timeline_write (b, run.entry, run.entries);
	contact_created_emit (b, run.created, run.creates);
	contact_updated_emit (b, run.updated, run.updates);
	lead_contact_linked_emit (b, run.linked, run.links);
}

/* ---- the timeline's ears ---- */

void lead_updated (struct batch *b, const struct lead_updated lead[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	size_t owners = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &lead_updated_record, &lead[i], lead[i].lead_id.uuid, lead[i].has.owner_id,
					       lead[i].owner_id);
		if (owner_changed (lead[i].changes))
			owner[owners++] = timeline_owner_of (&entry[i]);
		ret[i] = done ();
	}
	timeline_owner_write (b, owner, owners);
	timeline_write (b, entry, n);
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

static bool names_a_contact (const struct deal_created *deal)
{
	return deal->has.lead_id != HERE && deal->has.contact_id == HERE;
}

/* Deals made by hand name a contact by its id alone: contacts says who that is, and puts the deal on their timeline. A lead's deal finds its
 * contact in the lead's own row. */
static void contacts_of_deals (struct batch *b, const struct deal_created deal[], struct timeline_entry *const entry[], size_t n)
{
	const struct deal_person *person = deal_created_load (b, deal, n);
	struct deal_contact_linked *linked = ARRAY (b, linked, n);
	for (size_t i = 0; i < n; i++) {
		linked[i] = (struct deal_contact_linked){
			.head = head_caused (b, &deal[i].head),
			.deal_id = deal[i].deal_id,
			.contact_id = person[i].contact_id,
			.has.contact_id = person[i].has.contact_id,
			.name = person[i].name,
			.has.name = person[i].has.name,
			.company = person[i].company,
			.has.company = person[i].has.company,
			.owner_id = deal[i].owner_id,
			.has.owner_id = deal[i].has.owner_id,
		};
		entry[i]->contact_id = person[i].contact_id;
		entry[i]->has.contact_id = person[i].has.contact_id;
	}
	deal_contact_linked_emit (b, linked, n);
}

void deal_created (struct batch *b, const struct deal_created deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n), **to = ARRAY (b, to, n);
	struct deal_created *named = ARRAY (b, named, n);
	size_t names = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_of (&deal[i].head, &deal_created_record, deal[i].deal_id.uuid, deal[i].has.owner_id, deal[i].owner_id);
		entry_by_source (&entry[i], deal[i].has.source_id, deal[i].source_id);
		if (names_a_contact (&deal[i])) {
			to[names] = &entry[i];
			named[names++] = deal[i];
		}
		ret[i] = done ();
	}
	if (names)
		contacts_of_deals (b, named, to, names);
	timeline_write (b, entry, n);
}

void deal_updated (struct batch *b, const struct deal_updated deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	struct timeline_owner *owner = ARRAY (b, owner, n);
	size_t owners = 0;
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &deal_updated_record, &deal[i], deal[i].deal_id.uuid, deal[i].has.owner_id,
					       deal[i].owner_id);
		if (owner_changed (deal[i].changes))
			owner[owners++] = timeline_owner_of (&entry[i]);
		ret[i] = done ();
	}
	timeline_owner_write (b, owner, owners);
	timeline_write (b, entry, n);
}

void deal_stage_changed (struct batch *b, const struct deal_stage_changed deal[], size_t n, struct outcome ret[])
{
	struct timeline_entry *entry = ARRAY (b, entry, n);
	for (size_t i = 0; i < n; i++) {
		entry[i] = timeline_with_data (b, &deal_stage_changed_record, &deal[i], deal[i].deal_id.uuid, deal[i].has.owner_id,
					       deal[i].owner_id);
		ret[i] = done ();
	}
	timeline_write (b, entry, n);
}
