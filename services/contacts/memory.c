/* What the writer remembers; see memory.h.
 * Never trusted in a batch that was refused once: that one looks at everything. */
#include "memory.h"

#include <string.h>
#include "contacts_sql.h"

/* Read when it is not remembered; false: the workspace has not arrived yet. */
static bool people_of (struct batch *b, struct uuid workspace, struct people_known *ret)
{
	struct contacts_memory *m = batch_state (b);
	struct people_known *known = &m->people[uuid_hash (workspace) % PEOPLE_KNOWN];
	if (known->has.workspace_id != HERE || !uuid_equal (known->workspace_id.uuid, workspace)) {
		size_t rows;
		struct people_asked asked = { .workspace_id = { workspace } };
		const struct people_known *row = people_known_load (b, &asked, 1, &rows);
		if (rows == 0)
			return false;
		*known = *row;
	}
	*ret = *known;
	return true;
}

void people_forget (struct batch *b)
{
	struct contacts_memory *m = batch_state (b);
	memset (m, 0, sizeof *m);
}

static void place_people (struct contact_place *place, const struct people_known *people)
{
	place->auto_contact = people->auto_contact;
	place->has.auto_contact = HERE;
	place->default_owner_id = people->default_owner_id;
	place->has.default_owner_id = people->has.default_owner_id;
	place->search_upto = people->search_upto;
	place->has.search_upto = people->has.search_upto;
}

/* Whom nobody has for their first e-mail, somebody may have for a further one: asked of workspaces that have such alone. */
static void further_place (struct batch *b, const struct lead_created lead[], size_t n, struct contact_place place[])
{
	struct lead_created *asked = ARRAY (b, asked, n);
	size_t *which = ARRAY (b, which, n), asks = 0, rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct people_known people;
		if (lead[i].has.email != HERE || place[i].has.contact_id == HERE || !people_of (b, lead[i].head.workspace, &people) ||
		    !people.has_reach)
			continue;
		which[asks] = i;
		asked[asks++] = lead[i];
	}
	const struct contact_place *found = asks ? contact_of_reach_load (b, asked, asks, &rows) : NULL;
	for (size_t i = 0; i < rows; i++)
		place[which[found[i].item - 1]] = found[i];
}

const struct contact_place *leads_place (struct batch *b, const struct lead_created lead[], size_t n)
{
	if (batch_careful (b))
		return lead_created_load (b, lead, n);
	struct contact_place *place = ARRAY (b, place, n);
	struct lead_created *asked = ARRAY (b, asked, n);
	size_t *which = ARRAY (b, which, n), asks = 0, rows = 0;
	for (size_t i = 0; i < n; i++)
		if (lead[i].has.email == HERE) {
			which[asks] = i;
			asked[asks++] = lead[i];
		}
	const struct contact_place *found = asks ? contact_of_email_load (b, asked, asks, &rows) : NULL;
	for (size_t i = 0; i < rows; i++)
		place[which[found[i].item - 1]] = found[i];
	further_place (b, lead, n, place);
	for (size_t i = 0; i < n; i++) {
		struct people_known people;
		if (people_of (b, lead[i].head.workspace, &people))
			place_people (&place[i], &people);
	}
	return place;
}

/* Never 0. */
static uint64_t fresh_number (struct uuid lead, int64_t at, struct uuid person)
{
	uint64_t h = (uuid_hash (lead) ^ (uint64_t) at) * UINT64_C (0x9e3779b97f4a7c15);
	return (h ^ h >> 29 ^ uuid_hash (person)) | 1;
}

static uint64_t *fresh_slot (struct batch *b, struct uuid lead)
{
	struct contacts_memory *m = batch_state (b);
	return &m->fresh[uuid_hash (lead) % LEADS_FRESH];
}

void leads_remember (struct batch *b, const struct heard_lead lead[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		*fresh_slot (b, lead[i].lead_id.uuid) = fresh_number (
			lead[i].lead_id.uuid, lead[i].at, lead[i].has.actor_id == HERE ? lead[i].actor_id.uuid : (struct uuid){ 0 });
}

static bool deal_noted (struct batch *b, const struct deal_created *deal)
{
	bool by_source = deal->has.source_id == HERE && uuid_equal (deal->head.actor, deal->source_id.uuid);
	struct uuid person = by_source ? (struct uuid){ 0 } : deal->head.actor;
	return deal->has.lead_id == HERE && *fresh_slot (b, deal->lead_id.uuid) == fresh_number (deal->lead_id.uuid, deal->head.at, person);
}

const struct deal_person *deals_person (struct batch *b, const struct deal_created deal[], size_t n)
{
	if (batch_careful (b))
		return deal_created_load (b, deal, n);
	struct deal_person *person = ARRAY (b, person, n);
	struct deal_created *asked = ARRAY (b, asked, n);
	size_t *which = ARRAY (b, which, n), rest = 0;
	for (size_t i = 0; i < n; i++) {
		person[i].noted = deal_noted (b, &deal[i]);
		if (!person[i].noted) {
			which[rest] = i;
			asked[rest++] = deal[i];
		}
	}
	const struct deal_person *found = rest ? deal_created_load (b, asked, rest) : NULL;
	for (size_t i = 0; i < rest; i++)
		person[which[i]] = found[i];
	return person;
}
