/* Moving in: rows are written and taken back, a bite at a time. Records are written by the commands that people use; deals are asked of pipeline.
 * It must never write a record twice: what its system calls it is kept in the same transaction, and a row that names the same one changes it. */
#include "moving.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "people.h"
#include "rules.h"
#include "contacts_sql.h"

enum { WRITE = 400, WAIT_US = 60000000, AT_ONCE = 64 };

void contact_create (struct batch *b, const struct contact_create cmd[], size_t n, struct outcome ret[]);
void contact_update (struct batch *b, const struct contact_update cmd[], size_t n, struct outcome ret[]);
void account_create (struct batch *b, const struct account_create cmd[], size_t n, struct outcome ret[]);
void account_update (struct batch *b, const struct account_update cmd[], size_t n, struct outcome ret[]);
void account_trash (struct batch *b, const struct account_trash cmd[], size_t n, struct outcome ret[]);
void activity_add (struct batch *b, const struct activity_add cmd[], size_t n, struct outcome ret[]);
void activity_update (struct batch *b, const struct activity_update cmd[], size_t n, struct outcome ret[]);
void activity_remove (struct batch *b, const struct activity_remove cmd[], size_t n, struct outcome ret[]);

/* ---- writing ---- */

struct moving {
	struct batch *b;
	const struct import_job *job;
	const struct head *head;
	const struct moving_due *due;
	struct import_done *done;
	size_t n;
};

static void row_skipped (struct import_done *d, const char *reason)
{
	d->did = import_did_skipped;
	d->reason = reason;
	d->has.reason = HERE;
	d->has.contact_id = d->has.account_id = d->has.deal_id = d->has.activity_id = d->has.before = d->has.version = ABSENT;
}

static const char *refusal_of (struct outcome outcome)
{
	return outcome.problem && outcome.problem->n_errors ? outcome.problem->errors[0].code : error_code (outcome.error);
}

static void id_set (json_t *part, const char *key, struct uuid id)
{
	char text[UUID_TEXT];
	json_object_set_new (part, key, json_string (uuid_format (id, text)));
}

/* Who sees their own alone gives nothing away. */
static bool owner_of (const struct moving *m, const struct moving_due *due, struct uuid *ret)
{
	bool own = m->head->grant.scope == SCOPE_OWN;
	*ret = own ? m->head->grant.user : due->assignee_id.uuid;
	return own || due->has.assignee_id == HERE;
}

/* The fields of the record as the API takes them; the caller gives it back. */
static json_t *part_of (const struct moving *m, const struct moving_due *due, const char *name, json_t **ret_data)
{
	json_t *data = json_loads (due->data, 0, NULL), *part = json_object_get (data, name);
	struct uuid owner;
	if (owner_of (m, due, &owner))
		id_set (part, "owner_id", owner);
	*ret_data = data;
	return part;
}

static bool read_as (const struct moving *m, const struct record *r, json_t *part, const char *key, struct uuid id, const struct head *head,
		     void *ret)
{
	id_set (part, key, id);
	bool good = record_from_json (batch_arena (m->b), r, part, false, ret, NULL) == OK;
	json_object_del (part, key);
	memcpy (ret, head, sizeof *head);
	return good;
}

/* The fields that change, as they were. */
static const char *before_of (const struct moving *m, const struct moving_due *due, const json_t *part)
{
	json_t *whole = due->has.whole == HERE ? json_loads (due->whole, 0, NULL) : NULL, *before = json_object (), *value;
	const char *key;
	json_object_foreach ((json_t *) (uintptr_t) part, key, value)
	{
		json_t *was = json_object_get (whole, key);
		json_object_set (before, key, was ? was : json_null ());
	}
	char *text = json_dumps (before, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (m->b), text);
	free (text);
	json_decref (before);
	json_decref (whole);
	return ret;
}

/* The commands of one kind of record: what is new and what changes, and of which row each is. */
struct pair {
	const struct record *create, *update;
	const char *part, *key;
	char *creates, *updates;
	size_t n_creates, n_updates;
	size_t *create_of, *update_of;
	struct uuid *ids; /* of each row */
};

static struct pair pair_begin (struct moving *m, const struct record *create, const struct record *update, const char *part,
			       const char *key)
{
	struct arena *a = batch_arena (m->b);
	return (struct pair){ .create = create,
			      .update = update,
			      .part = part,
			      .key = key,
			      .creates = arena_array (a, m->n + 1, create->size),
			      .updates = arena_array (a, m->n + 1, update->size),
			      .create_of = ARRAY (m->b, ((struct pair *) NULL)->create_of, m->n + 1),
			      .update_of = ARRAY (m->b, ((struct pair *) NULL)->update_of, m->n + 1),
			      .ids = ARRAY (m->b, ((struct pair *) NULL)->ids, m->n + 1) };
}

static void pair_take (struct moving *m, struct pair *p, size_t i, json_t *part, const struct head *head)
{
	const struct moving_due *due = &m->due[i];
	bool known = due->has.record_id == HERE;
	p->ids[i] = known ? due->record_id.uuid : uuid_new (m->b);
	if (known && due->has.owner_id == HERE && !grant_covers (&m->head->grant, &due->owner_id)) {
		row_skipped (&m->done[i], "taken");
	} else if (known) {
		m->done[i].before = before_of (m, due, part);
		m->done[i].has.before = HERE;
		p->update_of[p->n_updates] = i;
		if (read_as (m, p->update, part, p->key, p->ids[i], m->head, p->updates + p->n_updates * p->update->size))
			p->n_updates++;
		else
			row_skipped (&m->done[i], "malformed");
	} else {
		p->create_of[p->n_creates] = i;
		if (read_as (m, p->create, part, p->key, p->ids[i], head, p->creates + p->n_creates * p->create->size))
			p->n_creates++;
		else
			row_skipped (&m->done[i], "malformed");
	}
}

static void row_done (struct moving *m, size_t i, enum import_did did, struct outcome outcome)
{
	m->done[i].did = did;
	m->done[i].version = outcome.version;
	m->done[i].has.version = HERE;
	if (!is_done (outcome))
		row_skipped (&m->done[i], refusal_of (outcome));
}

static void companies_write (struct moving *m)
{
	struct pair p = pair_begin (m, &account_create_record, &account_update_record, "account", "account_id");
	struct outcome *made = ARRAY (m->b, made, m->n + 1), *changed = ARRAY (m->b, changed, m->n + 1);
	json_t *data;
	for (size_t i = 0; i < m->n; i++) {
		pair_take (m, &p, i, part_of (m, &m->due[i], p.part, &data), m->head);
		json_decref (data);
		m->done[i].account_id.uuid = p.ids[i];
		m->done[i].has.account_id = HERE;
	}
	account_create (m->b, (const struct account_create *) (const void *) p.creates, p.n_creates, made);
	account_update (m->b, (const struct account_update *) (const void *) p.updates, p.n_updates, changed);
	for (size_t k = 0; k < p.n_creates; k++)
		row_done (m, p.create_of[k], import_did_created, made[k]);
	for (size_t k = 0; k < p.n_updates; k++)
		row_done (m, p.update_of[k], import_did_updated, changed[k]);
}

/* Their company by its old id or its name; where there is none of these, it is a word. */
static void contacts_write (struct moving *m)
{
	struct pair p = pair_begin (m, &contact_create_record, &contact_update_record, "contact", "contact_id");
	struct outcome *made = ARRAY (m->b, made, m->n + 1), *changed = ARRAY (m->b, changed, m->n + 1);
	json_t *data;
	for (size_t i = 0; i < m->n; i++) {
		const struct moving_due *due = &m->due[i];
		json_t *part = part_of (m, due, p.part, &data);
		if (due->has.company_id == HERE && grant_covers (&m->head->grant, &due->company_owner_id))
			id_set (part, "account_id", due->company_id.uuid);
		else if (json_object_get (data, "company"))
			json_object_set (part, "company", json_object_get (data, "company"));
		pair_take (m, &p, i, part, m->head);
		json_decref (data);
		m->done[i].contact_id.uuid = p.ids[i];
		m->done[i].has.contact_id = HERE;
	}
	contact_create (m->b, (const struct contact_create *) (const void *) p.creates, p.n_creates, made);
	contact_update (m->b, (const struct contact_update *) (const void *) p.updates, p.n_updates, changed);
	for (size_t k = 0; k < p.n_creates; k++)
		row_done (m, p.create_of[k], import_did_created, made[k]);
	for (size_t k = 0; k < p.n_updates; k++)
		row_done (m, p.update_of[k], import_did_updated, changed[k]);
}

/* Pipeline makes and changes them, once for each id, and says of each what became of it: until then it counts for nothing. What may not be seen here is not
 * asked for; what became another's meanwhile, pipeline refuses. */
static void deals_ask (struct moving *m)
{
	struct arena *a = batch_arena (m->b);
	struct deal_import_asked *asked = ARRAY (m->b, asked, m->n + 1);
	size_t n = 0;
	json_t *data;
	for (size_t i = 0; i < m->n; i++) {
		const struct moving_due *due = &m->due[i];
		bool known = due->has.record_id == HERE;
		if (known && !grant_covers (&m->head->grant, &due->owner_id)) {
			row_skipped (&m->done[i], "taken");
			continue;
		}
		struct deal_import_asked *d = &asked[n++];
		json_t *part = part_of (m, due, "deal", &data);
		const char *company = json_string_value (json_object_get (data, "company")),
			   *closed = json_string_value (json_object_get (data, "closed_at"));
		*d = (struct deal_import_asked){ .head = head_caused (m->b, m->head),
						 .deal_id = { known ? due->record_id.uuid : uuid_new (m->b) },
						 .import_id = m->job->import_id,
						 .title = arena_text (a, json_string_value (json_object_get (part, "title"))),
						 .stage_id = due->stage_id,
						 .again = true,
						 .scope = scope_names[m->head->grant.scope],
						 .row = due->n,
						 .has = { .again = HERE, .fields = HERE, .scope = HERE, .row = HERE } };
		d->has.stage_id = due->has.stage_id;
		if (due->has.contact_id == HERE && grant_covers (&m->head->grant, &due->contact_owner_id)) {
			d->contact_id = due->contact_id, d->has.contact_id = HERE;
			d->contact_name = due->contact_name, d->has.contact_name = due->has.contact_name;
		}
		if (due->has.company_id == HERE && grant_covers (&m->head->grant, &due->company_owner_id))
			d->account_id = due->company_id, d->has.account_id = HERE;
		if (company)
			d->company = arena_text (a, company), d->has.company = HERE;
		if (closed && time_parse (closed, &d->closed_at) == OK)
			d->has.closed_at = HERE;
		d->has.owner_id = owner_of (m, due, &d->owner_id.uuid) ? HERE : ABSENT;
		json_object_del (part, "owner_id");
		char *text = json_dumps (part, JSON_COMPACT);
		d->fields = arena_text (a, text);
		free (text);
		json_decref (data);
		m->done[i].deal_id = d->deal_id;
		m->done[i].has.deal_id = HERE;
		m->done[i].did = known ? import_did_updated : import_did_created;
		m->done[i].asked = true;
	}
	deal_import_asked_emit (m->b, asked, n);
}

/* Of what it is about, the nearest; when it was said there, it was said here. */
static void notes_write (struct moving *m)
{
	struct pair p = pair_begin (m, &activity_add_record, &activity_update_record, "activity", "activity_id");
	struct outcome *made = ARRAY (m->b, made, m->n + 1), *changed = ARRAY (m->b, changed, m->n + 1);
	json_t *data;
	for (size_t i = 0; i < m->n; i++) {
		const struct moving_due *due = &m->due[i];
		struct head head = *m->head;
		json_t *part = part_of (m, due, p.part, &data), *whole = json_copy (part);
		const char *at = json_string_value (json_object_get (data, "at"));
		int64_t moment;
		if (at && time_parse (at, &moment) == OK && moment < batch_now (m->b))
			head.at = moment;
		if (due->has.record_id != HERE && due->has.deal_id == HERE && due->deal_known)
			id_set (whole, "deal_id", due->deal_id.uuid);
		else if (due->has.record_id != HERE && due->has.contact_id == HERE)
			id_set (whole, "contact_id", due->contact_id.uuid);
		else if (due->has.record_id != HERE && due->has.company_id == HERE)
			id_set (whole, "account_id", due->company_id.uuid);
		pair_take (m, &p, i, whole, &head);
		json_decref (whole);
		json_decref (data);
		m->done[i].activity_id.uuid = p.ids[i];
		m->done[i].has.activity_id = HERE;
	}
	activity_add (m->b, (const struct activity_add *) (const void *) p.creates, p.n_creates, made);
	activity_update (m->b, (const struct activity_update *) (const void *) p.updates, p.n_updates, changed);
	for (size_t k = 0; k < p.n_creates; k++)
		row_done (m, p.create_of[k], import_did_created, made[k]);
	for (size_t k = 0; k < p.n_updates; k++)
		row_done (m, p.update_of[k], import_did_updated, changed[k]);
}

/* What its system calls each of them is that record from now on. */
static void old_ids_keep (struct moving *m)
{
	struct imported_row *row = ARRAY (m->b, row, m->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < m->n; i++) {
		const struct import_done *d = &m->done[i];
		struct uuid id = d->has.activity_id == HERE  ? d->activity_id.uuid
				 : d->has.deal_id == HERE    ? d->deal_id.uuid
				 : d->has.contact_id == HERE ? d->contact_id.uuid
							     : d->account_id.uuid;
		if (d->did == import_did_skipped || m->due[i].has.old_id != HERE || m->job->has.system != HERE)
			continue;
		row[n++] = (struct imported_row){ .workspace_id = m->job->workspace_id,
						  .system = m->job->system,
						  .kind = m->due[i].kind,
						  .external_id = m->due[i].old_id,
						  .record_id.uuid = id };
	}
	imported_write (m->b, row, n);
}

/* Rows of one kind, each of another record: one statement would not see what the other writes. */
static size_t rows_apart (const struct moving_due due[], size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (due[i].kind != due[0].kind)
			return i;
		for (size_t k = 0; k < i; k++)
			if (due[i].has.record_id == HERE && due[k].has.record_id == HERE &&
			    uuid_equal (due[i].record_id.uuid, due[k].record_id.uuid))
				return i;
	}
	return n;
}

/* What is waited for one row after the other counts together: pipeline is away, or refused those deals; a row that came while it was waited for shows that it
 * works, and the waiting begins anew. */
bool patience_ends (struct patience *p, struct uuid import, int64_t row, bool is_here, int64_t now)
{
	bool same = uuid_equal (p->import, import);
	if (is_here) {
		if (same && p->row == row)
			*p = (struct patience){ 0 };
		return false;
	}
	if (!same)
		*p = (struct patience){ .import = import };
	p->waited += p->row == row ? now - p->looked_at : 0;
	p->row = row;
	p->looked_at = now;
	return p->waited > WAIT_US;
}

struct patience *patience_of (struct patience p[], size_t n, struct uuid import)
{
	struct patience *oldest = &p[0];
	for (size_t i = 0; i < n; i++) {
		if (uuid_equal (p[i].import, import))
			return &p[i];
		if (p[i].looked_at < oldest->looked_at)
			oldest = &p[i];
	}
	return oldest;
}

/* A note of a deal waits until pipeline has made the deal; an import not for ever. */
static size_t rows_known (struct batch *b, const struct import_job *job, const struct moving_due due[], size_t n)
{
	static struct patience patience[AT_ONCE];
	struct patience *p = patience_of (patience, AT_ONCE, job->import_id.uuid);
	size_t i = 0;
	while (i < n && (due[i].has.deal_id != HERE || due[i].deal_known || due[i].has.record_id == HERE))
		i++;
	if (!n)
		return 0;
	return patience_ends (p, job->import_id.uuid, due[0].n, i > 0, batch_now (b)) ? 1 : i;
}

/* It is not over before pipeline has answered for all deals that it asked for. As long as answers come, nothing counts as waiting: each look sees others. */
static bool deals_wait (struct batch *b, const struct import_bite *bite)
{
	static struct patience patience[AT_ONCE];
	struct patience *p = patience_of (patience, AT_ONCE, bite->import_id.uuid);
	size_t n;
	int64_t open = moving_open (b, bite, 1, &n)->rows;
	return !patience_ends (p, bite->import_id.uuid, -1 - open, open == 0, batch_now (b)) && open;
}

/* What became of deals that were asked for. */
void deal_import_answered (struct batch *b, const struct deal_import_answered answer[], size_t n, struct outcome ret[])
{
	moving_answered (b, answer, n);
	batch_hurry (b); /* an import may end by it, or a note go on */
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

enum moving_step moving_write (struct batch *b, struct import_job *job, const struct head *head, bool one, bool pass)
{
	struct import_bite bite = {
		.workspace_id = job->workspace_id, .import_id = job->import_id, .after_n = job->applied, .most = one ? 1 : WRITE
	};
	size_t found;
	struct moving m = { .b = b, .job = job, .head = head, .due = moving_next (b, &bite, 1, &found) };
	m.n = rows_known (b, job, m.due, rows_apart (m.due, found));
	if (found && !m.n)
		return MOVING_WAITS;
	m.done = ARRAY (b, m.done, m.n + 1);
	for (size_t i = 0; i < m.n; i++)
		m.done[i] = (struct import_done){ .workspace_id = job->workspace_id,
						  .import_id = job->import_id,
						  .n = m.due[i].n,
						  .kind = m.due[i].kind,
						  .has.kind = HERE };
	if (pass && m.n)
		row_skipped (&m.done[0], "internal");
	else if (m.n)
		switch (m.due[0].kind) {
		case moving_kind_companies: companies_write (&m); break;
		case moving_kind_contacts: contacts_write (&m); break;
		case moving_kind_deals: deals_ask (&m); break;
		case moving_kind_notes: notes_write (&m); break;
		case moving_kind_count: break;
		}
	for (size_t i = 0; i < m.n; i++) {
		job->applied = m.done[i].n;
		if (m.done[i].asked)
			continue;
		job->created += m.done[i].did == import_did_created;
		job->updated += m.done[i].did == import_did_updated;
		job->skipped += m.done[i].did == import_did_skipped;
	}
	old_ids_keep (&m);
	import_done_insert (b, m.done, m.n);
	if (found == (size_t) bite.most || m.n < found)
		return MOVING_GOES_ON;
	return deals_wait (b, &bite) ? MOVING_WAITS : MOVING_ENDS;
}

/* ---- taking back ---- */

/* Nobody changed it since; what the import made is taken away only where nothing hangs on it. */
static bool is_untouched (const struct moving_back *row)
{
	bool made = row->did == import_did_created;
	return row->has.version == HERE && row->version == row->left_version && !row->removed && !(made && row->used);
}

struct backing {
	struct batch *b;
	const struct import_job *job;
	const struct head *head;
	const struct moving_back *row;
	bool *back;
	size_t n;
};

static bool before_read (const struct backing *k, const struct record *r, const struct moving_back *row, const char *key, struct uuid id,
			 void *ret)
{
	json_t *part = row->has.before == HERE ? json_loads (row->before, 0, NULL) : NULL;
	if (part)
		id_set (part, key, id);
	bool good = part && record_from_json (batch_arena (k->b), r, part, false, ret, NULL) == OK;
	json_decref (part);
	memcpy (ret, k->head, sizeof *k->head);
	return good;
}

static void deals_back (struct backing *k)
{
	struct deal_import_undone *deal = ARRAY (k->b, deal, k->n + 1);
	for (size_t i = 0; i < k->n; i++) {
		deal[i] = (struct deal_import_undone){ .head = head_caused (k->b, k->head),
						       .deal_id = k->row[i].deal_id,
						       .import_id = k->job->import_id,
						       .changed = k->row[i].did == import_did_updated,
						       .has.changed = HERE };
		k->back[i] = true;
	}
	deal_import_undone_emit (k->b, deal, k->n);
}

static void notes_back (struct backing *k)
{
	struct activity_remove *gone = ARRAY (k->b, gone, k->n + 1);
	struct activity_update *old = ARRAY (k->b, old, k->n + 1);
	struct outcome *out = ARRAY (k->b, out, k->n + 1), *put = ARRAY (k->b, put, k->n + 1);
	struct outcome **of = ARRAY (k->b, of, k->n + 1);
	size_t gones = 0, olds = 0;
	for (size_t i = 0; i < k->n; i++) {
		const struct moving_back *row = &k->row[i];
		if (!is_untouched (row))
			continue;
		if (row->did == import_did_created) {
			of[i] = &out[gones];
			gone[gones++] = (struct activity_remove){ .head = *k->head, .activity_id = row->activity_id };
		} else if (before_read (k, &activity_update_record, row, "activity_id", row->activity_id.uuid, &old[olds])) {
			of[i] = &put[olds++];
		}
	}
	activity_remove (k->b, gone, gones, out);
	activity_update (k->b, old, olds, put);
	for (size_t i = 0; i < k->n; i++)
		k->back[i] = of[i] && is_done (*of[i]);
}

static void contacts_back (struct backing *k)
{
	struct state_ask *gone = ARRAY (k->b, gone, k->n + 1);
	struct contact_update *old = ARRAY (k->b, old, k->n + 1);
	struct outcome *out = ARRAY (k->b, out, k->n + 1), *put = ARRAY (k->b, put, k->n + 1);
	struct outcome **of = ARRAY (k->b, of, k->n + 1);
	size_t gones = 0, olds = 0;
	for (size_t i = 0; i < k->n; i++) {
		const struct moving_back *row = &k->row[i];
		if (!is_untouched (row))
			continue;
		if (row->did == import_did_created) {
			of[i] = &out[gones];
			gone[gones++] = (struct state_ask){ .head = k->head, .id = row->contact_id, .primary = true };
		} else if (before_read (k, &contact_update_record, row, "contact_id", row->contact_id.uuid, &old[olds])) {
			of[i] = &put[olds++];
		}
	}
	contacts_state (k->b, gone, gones, people_action_delete, out, ARRAY (k->b, (bool *) NULL, k->n + 1));
	contact_update (k->b, old, olds, put);
	for (size_t i = 0; i < k->n; i++)
		k->back[i] = of[i] && is_done (*of[i]);
}

static void companies_back (struct backing *k)
{
	struct account_trash *gone = ARRAY (k->b, gone, k->n + 1);
	struct account_update *old = ARRAY (k->b, old, k->n + 1);
	struct outcome *out = ARRAY (k->b, out, k->n + 1), *put = ARRAY (k->b, put, k->n + 1);
	struct outcome **of = ARRAY (k->b, of, k->n + 1);
	size_t gones = 0, olds = 0;
	for (size_t i = 0; i < k->n; i++) {
		const struct moving_back *row = &k->row[i];
		if (!is_untouched (row))
			continue;
		if (row->did == import_did_created) {
			of[i] = &out[gones];
			gone[gones++] = (struct account_trash){ .head = *k->head, .account_id = row->account_id };
		} else if (before_read (k, &account_update_record, row, "account_id", row->account_id.uuid, &old[olds])) {
			of[i] = &put[olds++];
		}
	}
	account_trash (k->b, gone, gones, out);
	account_update (k->b, old, olds, put);
	for (size_t i = 0; i < k->n; i++)
		k->back[i] = of[i] && is_done (*of[i]);
}

/* The last first: what was said of a record before the record, people before their company. */
bool moving_undo (struct batch *b, struct import_job *job, const struct head *head, bool one, bool pass)
{
	struct import_bite bite = {
		.workspace_id = job->workspace_id, .import_id = job->import_id, .after_n = job->applied, .most = one ? 1 : WRITE
	};
	size_t found, n = 0;
	const struct moving_back *row = moving_back_next (b, &bite, 1, &found);
	while (n < found && row[n].kind == row[0].kind)
		n++;
	struct backing k = { .b = b, .job = job, .head = head, .row = row, .n = n, .back = ARRAY (b, k.back, n + 1) };
	struct moving_undone *undone = ARRAY (b, undone, n + 1);
	if (n && !pass)
		switch (row[0].kind) {
		case moving_kind_companies: companies_back (&k); break;
		case moving_kind_contacts: contacts_back (&k); break;
		case moving_kind_deals: deals_back (&k); break;
		case moving_kind_notes: notes_back (&k); break;
		case moving_kind_count: break;
		}
	for (size_t i = 0; i < n; i++) {
		undone[i] = (struct moving_undone){ .workspace_id = job->workspace_id,
						    .import_id = job->import_id,
						    .n = row[i].n,
						    .undone = k.back[i] ? "undone" : "kept" };
		job->taken_back += k.back[i];
		job->kept += !k.back[i];
		job->applied = row[i].n;
	}
	moving_undone_write (b, undone, n);
	return found < (size_t) bite.most && n == found;
}
