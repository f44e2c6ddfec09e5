/* What other systems say: linked records, facts, clients. Of somebody who is not here it waits, shown, and is taken when they are.
 * Never loses what waits, never lets an older word overwrite a newer one, never takes the same again for news. */
#include "metrics.h"
#include "linked.h"
#include "memory.h"
#include "rules.h"
#include "contacts_sql.h"

#include <string.h>

enum { LOOK_MOST = 200 };
#define COPY(to, from, field) ((to)->field = (from)->field, (to)->has.field = (from)->has.field)

/* One thing on its way. */
struct pushed {
	struct record_pushed said; /* whole: with what waited of it */
	struct push_row waiting;   /* push_id absent: nothing did */
	bool again;		   /* it is not said now: who it is about, is here */
	account_id account;	   /* somebody said whose it is */
	contact_id contact;
	bool has_account, has_contact;
	bool taken;
};

/* What a run of them comes to. */
struct push_run {
	struct linked_step *restored, *step;
	struct linked_row *same; /* said again as they are */
	struct fact_row *fact_new, *fact_other;
	struct fact_changed *fact_said;
	struct push_row *wait, *gone;
	struct push_waits *waits;
	struct push_settled *settled;
	struct push_skipped *skipped;
	struct system_row *system;
	struct account_external *external;
	size_t n_restored, n_steps, n_same, n_fact_new, n_fact_other, n_facts, n_wait, n_gone, n_waits, n_settled, n_skipped, n_systems,
		n_externals;
};

static bool is_deleted (const struct record_pushed *said)
{
	return said->has.deleted == HERE && said->deleted;
}

static bool names_somebody (const struct pushed *p)
{
	return p->has_account || p->has_contact || is_said (p->said.has.account, p->said.account) ||
	       is_said (p->said.has.account_external, p->said.account_external) || is_said (p->said.has.email, p->said.email);
}

static void skip_say (struct batch *b, struct push_run *run, const struct pushed *p, int64_t said, int64_t known, unsigned char has_owner,
		      user_id owner)
{
	run->skipped[run->n_skipped++] = (struct push_skipped){ .head = head_caused (b, &p->said.head),
								.submission_id = p->said.submission_id,
								.what = p->said.what,
								.said = said,
								.known = known,
								.owner_id = owner,
								.has.owner_id = has_owner };
}

/* ---- it waits, or waits no more ---- */

static void wait_on (struct batch *b, struct push_run *run, const struct pushed *p)
{
	struct buffer text = { 0 };
	bool known = p->waiting.has.push_id == HERE;
	if (p->again)
		return;
	record_to_json (&text, &record_pushed_record, &p->said, false);
	struct push_row row = {
		.workspace_id = { p->said.head.workspace },
		.push_id = known ? p->waiting.push_id : (push_id){ uuid_new (b) },
		.what = p->said.what,
		.submission_id = p->said.submission_id,
		.at = p->said.head.at,
		.data = arena_copy (batch_arena (b), (const char *) text.at, text.n),
		.has = { .push_id = HERE, .what = HERE, .submission_id = HERE, .at = HERE, .data = HERE },
	};
	buffer_fini (&text);
	run->wait[run->n_wait++] = row;
	if (!known && !is_deleted (&p->said))
		run->waits[run->n_waits++] = (struct push_waits){
			.head = head_caused (b, &p->said.head), .push_id = row.push_id, .what = p->said.what, .system = p->said.system
		};
}

static void take (struct batch *b, struct push_run *run, struct pushed *p)
{
	p->taken = true;
	if (p->waiting.has.push_id != HERE)
		return;
	run->gone[run->n_gone++] = p->waiting;
	run->settled[run->n_settled++] = (struct push_settled){ .head = head_caused (b, &p->said.head),
								.push_id = p->waiting.push_id,
								.taken = true };
}

static void external_note (struct push_run *run, const struct pushed *p, const struct linked_place *place)
{
	const struct record_pushed *said = &p->said;
	if (place->has.account_id != HERE)
		return;
	struct account_external row = { .workspace_id = { said->head.workspace }, .system = said->system, .account_id = place->account_id };
	if (is_said (said->has.account_external, said->account_external)) {
		row.external_id = said->account_external;
		run->external[run->n_externals++] = row;
	}
}

/* ---- a record ---- */

static struct linked_row row_begun (struct batch *b, const struct record_pushed *said)
{
	return (struct linked_row){
		.workspace_id = { said->head.workspace },
		.linked_id = { uuid_new (b) },
		.version = 1,
		.kind = said->kind,
		.system = said->system,
		.external_id = said->external_id,
		.created_at = said->head.at,
		.has = { .linked_id = HERE, .version = HERE, .kind = HERE, .system = HERE, .external_id = HERE, .created_at = HERE },
	};
}

static void said_at (struct linked_row *row, const struct record_pushed *said)
{
	if (said->has.updated_at != HERE)
		return;
	row->said_at = said->updated_at;
	row->has.said_at = HERE;
}

/* One that its system took away: that it is gone is kept, so that an older word does not bring it back. */
static void record_gone (struct batch *b, struct push_run *run, const struct pushed *p, const struct linked_row *was,
			 const struct linked_row *row)
{
	struct linked_step *step = &run->step[run->n_steps];
	*step = (struct linked_step){ .cause = &p->said.head, .was = *was, .row = *row, .what = LINKED_REMOVED, .by_system = true };
	said_at (&step->row, &p->said);
	if (was->has.removed_at == HERE) {
		run->same[run->n_same++] = step->row;
		return;
	}
	step->row.version = was->version + 1;
	step->row.removed_at = p->said.head.at;
	step->row.has.removed_at = HERE;
	run->n_steps++;
	(void) b;
}

static void record_restored (struct push_run *run, const struct pushed *p, struct linked_row *row)
{
	struct linked_step *step = &run->restored[run->n_restored++];
	*step = (struct linked_step){ .cause = &p->said.head, .was = *row, .what = LINKED_RESTORED, .by_system = true };
	row->version++;
	row->has.removed_at = row->has.removed_by = ABSENT;
	step->row = *row;
}

/* True: it is another from now on, or a new one. */
static void record_lay (struct batch *b, struct push_run *run, const struct pushed *p, const struct linked_row *was,
			const struct linked_place *place)
{
	const struct record_pushed *said = &p->said;
	bool there = was->has.linked_id == HERE;
	struct linked_said words = { .kind = said->kind, .has.kind = HERE };
	COPY (&words, said, title);
	COPY (&words, said, status);
	COPY (&words, said, amount);
	COPY (&words, said, count);
	COPY (&words, said, excerpt);
	COPY (&words, said, url);
	COPY (&words, said, assignee);
	COPY (&words, said, occurred_at);
	COPY (&words, said, data);
	struct linked_row before = *was, row = there ? *was : row_begun (b, said);
	if (names_somebody (p))
		linked_place_in (&row, place);
	struct list changes = linked_lay (batch_arena (b), &words, was, &row);
	said_at (&row, said);
	bool away = there && was->has.removed_at == HERE, by_hand = away && was->has.removed_by == HERE;
	if (there && !changes.n && (!away || by_hand)) {
		run->same[run->n_same++] = row;
		return;
	}
	if (away) {
		record_restored (run, p, &before);
		row.version = before.version;
		row.has.removed_at = row.has.removed_by = ABSENT;
		if (!changes.n)
			return;
	}
	row.version += there;
	run->step[run->n_steps++] = (struct linked_step){ .cause = &said->head,
							  .was = before,
							  .row = row,
							  .changes = changes,
							  .what = there ? LINKED_CHANGED : LINKED_MADE,
							  .by_system = true };
}

static void record_take (struct batch *b, struct push_run *run, struct pushed *p, const struct linked_row *was,
			 const struct linked_place *place)
{
	const struct record_pushed *said = &p->said;
	bool there = was->has.linked_id == HERE, found = place->has.account_id == HERE || place->has.contact_id == HERE;
	if (there && said->has.updated_at == HERE && was->has.said_at == HERE && said->updated_at < was->said_at) {
		skip_say (b, run, p, said->updated_at, was->said_at, was->has.owner_id, was->owner_id);
		take (b, run, p);
	} else if (there && is_deleted (said)) {
		record_gone (b, run, p, was, was);
		take (b, run, p);
	} else if ((!found && (names_somebody (p) || !there)) || (is_deleted (said) && !there)) {
		wait_on (b, run, p); /* what is gone before it came waits too, so that what is older does not bring it */
	} else {
		record_lay (b, run, p, was, place);
		take (b, run, p);
		external_note (run, p, place);
	}
}

static bool makes_client (const struct pushed *p, const struct linked_place *place)
{
	const struct record_pushed *said = &p->said;
	bool sold = said->has.kind == HERE && (said->kind == linked_kind_order || said->kind == linked_kind_invoice) &&
		    !is_deleted (said) && said->has.lifecycle != HERE;
	return p->taken && place->has.account_id == HERE && place->account_lifecycle != lifecycle_client &&
	       (sold || (said->has.lifecycle == HERE && said->lifecycle == lifecycle_client));
}

/* ---- a fact ---- */

static void fact_take (struct batch *b, struct push_run *run, struct pushed *p, const struct fact_row *was,
		       const struct linked_place *place)
{
	const struct record_pushed *said = &p->said;
	int64_t as_of = said->has.as_of == HERE ? said->as_of : said->head.at;
	bool there = was->has.fact_id == HERE, account = place->has.account_id == HERE;
	struct fact_row row = *was;
	take (b, run, p);
	external_note (run, p, place);
	if (there && as_of < was->as_of) {
		skip_say (b, run, p, as_of, was->as_of, was->has.owner_id, was->owner_id);
		return;
	}
	row.as_of = as_of;
	row.has.as_of = HERE;
	row.owner_id = account ? place->account_owner_id : place->contact_owner_id;
	row.has.owner_id = account ? place->has.account_owner_id : place->has.contact_owner_id;
	if (!fact_lay (batch_arena (b), said, &row))
		return;
	if (!there) {
		row.fact_id.uuid = uuid_new (b);
		row.about = account ? record_kind_account : record_kind_contact;
		row.about_id.uuid = account ? place->account_id.uuid : place->contact_id.uuid;
		row.panel = said->panel;
		row.key = said->key;
		row.has.fact_id = row.has.about = row.has.about_id = row.has.panel = row.has.key = row.has.system = HERE;
	}
	*(there ? &run->fact_other[run->n_fact_other++] : &run->fact_new[run->n_fact_new++]) = row;
	struct fact_changed *event = &run->fact_said[run->n_facts++];
	*event = (struct fact_changed){ .head = head_caused (b, &said->head),
					.fact_id = row.fact_id,
					.panel = row.panel,
					.key = row.key,
					.system = row.system,
					.as_of = as_of };
	event->account_id.uuid = event->contact_id.uuid = row.about_id.uuid;
	event->has.account_id = row.about == record_kind_account ? HERE : ABSENT;
	event->has.contact_id = row.about == record_kind_account ? ABSENT : HERE;
	COPY (event, &row, label);
	COPY (event, &row, value);
	COPY (event, &row, unit);
	COPY (event, &row, owner_id);
}

/* ---- all of them ---- */

static struct linked_ask ask_of (struct batch *b, const struct pushed *p)
{
	const struct record_pushed *said = &p->said;
	struct uuid id;
	struct linked_ask ask = {
		.workspace_id = { said->head.workspace },
		.system = said->system,
		.account_id = p->account,
		.contact_id = p->contact,
		.has = { .system = HERE, .account_id = p->has_account ? HERE : ABSENT, .contact_id = p->has_contact ? HERE : ABSENT }
	};
	if (said->has.kind == HERE) {
		ask.kind = linked_kind_names[said->kind];
		ask.external_id = said->external_id;
		ask.has.kind = ask.has.external_id = HERE;
	}
	if (is_said (said->has.account, said->account)) {
		ask.account = name_trim (batch_arena (b), said->account);
		ask.has.account = HERE;
		if (!p->has_account && uuid_parse (ask.account, &id) == OK) {
			ask.account_id.uuid = id;
			ask.has.account_id = HERE;
		}
	}
	COPY (&ask, said, account_external);
	COPY (&ask, said, email);
	return ask;
}

static struct push_run run_of (struct batch *b, size_t n)
{
	return (struct push_run){ .restored = ARRAY (b, ((struct push_run *) 0)->restored, n),
				  .step = ARRAY (b, ((struct push_run *) 0)->step, n),
				  .same = ARRAY (b, ((struct push_run *) 0)->same, n),
				  .fact_new = ARRAY (b, ((struct push_run *) 0)->fact_new, n),
				  .fact_other = ARRAY (b, ((struct push_run *) 0)->fact_other, n),
				  .fact_said = ARRAY (b, ((struct push_run *) 0)->fact_said, n),
				  .wait = ARRAY (b, ((struct push_run *) 0)->wait, n),
				  .gone = ARRAY (b, ((struct push_run *) 0)->gone, n),
				  .waits = ARRAY (b, ((struct push_run *) 0)->waits, n),
				  .settled = ARRAY (b, ((struct push_run *) 0)->settled, n),
				  .skipped = ARRAY (b, ((struct push_run *) 0)->skipped, n),
				  .system = ARRAY (b, ((struct push_run *) 0)->system, n),
				  .external = ARRAY (b, ((struct push_run *) 0)->external, n) };
}

static void run_end (struct batch *b, struct push_run *run)
{
	linked_put (b, run->restored, run->n_restored);
	linked_put (b, run->step, run->n_steps);
	linked_said (b, run->same, run->n_same);
	fact_insert (b, run->fact_new, run->n_fact_new);
	fact_write (b, run->fact_other, run->n_fact_other);
	push_write (b, run->wait, run->n_wait);
	push_drop (b, run->gone, run->n_gone);
	system_write (b, run->system, run->n_systems);
	account_external_write (b, run->external, run->n_externals);
	fact_changed_emit (b, run->fact_said, run->n_facts);
	push_waits_emit (b, run->waits, run->n_waits);
	push_settled_emit (b, run->settled, run->n_settled);
	push_skipped_emit (b, run->skipped, run->n_skipped);
}

/* Which facts of those that are here, one each; the others ask for nothing. */
static const struct fact_ask *facts_asked (struct batch *b, const struct pushed p[], const struct linked_place place[], size_t n)
{
	struct fact_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct fact_ask){
			.workspace_id = { p[i].said.head.workspace },
			.about_id = { place[i].has.account_id == HERE ? place[i].account_id.uuid : place[i].contact_id.uuid },
			.panel = p[i].said.has.panel == HERE ? fact_panel_names[p[i].said.panel] : "",
			.key = p[i].said.has.key == HERE ? p[i].said.key : "",
		};
	return ask;
}

/* How many there are before one of the same fact under another name (in capitals, or by somebody of that company): one statement would not see the other. */
static size_t facts_apart (const struct fact_ask ask[], size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i && *ask[i].key && !uuid_is_null (ask[i].about_id.uuid); k++)
			if (uuid_equal (ask[i].about_id.uuid, ask[k].about_id.uuid) && strcmp (ask[i].key, ask[k].key) == 0 &&
			    strcmp (ask[i].panel, ask[k].panel) == 0)
				return i;
	return n;
}

static void system_note (struct push_run *run, const struct record_pushed *said)
{
	struct system_row row = { .workspace_id = { said->head.workspace }, .system = said->system, .at = said->head.at };
	COPY (&row, said, source_id);
	COPY (&row, said, every);
	row.kind = said->has.kind == HERE ? linked_kind_names[said->kind] : NULL;
	row.has.kind = said->has.kind;
	run->system[run->n_systems++] = row;
}

static struct outcome one_take (struct batch *b, struct push_run *run, struct pushed *p, const struct linked_row *was,
				const struct linked_place *place, const struct fact_row *fact)
{
	bool found = place->has.account_id == HERE || place->has.contact_id == HERE;
	if (!place->known)
		return not_yet ("workspace");
	if (!p->again)
		system_note (run, &p->said);
	if (p->said.has.kind == HERE)
		record_take (b, run, p, was, place);
	else if (p->said.has.panel == HERE && found)
		fact_take (b, run, p, fact, place);
	else if (p->said.has.lifecycle == HERE && place->has.account_id == HERE) {
		take (b, run, p);
		external_note (run, p, place);
	} else if (p->said.has.panel == HERE || p->said.has.lifecycle == HERE)
		wait_on (b, run, p);
	return done ();
}

/* No thing stands in it twice. */
static void pushes_take (struct batch *b, struct pushed p[], size_t all, struct outcome ret[])
{
	struct linked_ask *ask = ARRAY (b, ask, all);
	struct push_run run = run_of (b, all);
	for (size_t i = 0; i < all; i++)
		ask[i] = ask_of (b, &p[i]);
	const struct linked_row *was = linked_load (b, ask, all);
	const struct linked_place *place = linked_place_load (b, ask, all);
	const struct fact_ask *which = facts_asked (b, p, place, all);
	size_t n = facts_apart (which, all);
	const struct fact_row *fact = fact_load (b, which, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = one_take (b, &run, &p[i], &was[i], &place[i], &fact[i]);
	run_end (b, &run);
	for (size_t i = 0; i < n; i++)
		if (makes_client (&p[i], &place[i]))
			account_client_from (b, &p[i].said.head, place[i].account_id);
	if (n < all)
		pushes_take (b, p + n, all - n, ret + n);
}

/* ---- what is said now ---- */

/* What is said over what waits of the same thing. False: that is newer. */
static bool laid_over (struct batch *b, struct pushed *p, int64_t *ret_known)
{
	struct record_pushed was;
	if (p->waiting.has.push_id != HERE || !push_read (batch_arena (b), &p->waiting, &was))
		return true;
	*ret_known = was.has.updated_at == HERE ? was.updated_at : was.has.as_of == HERE ? was.as_of : 0;
	if (p->said.has.updated_at == HERE && was.has.updated_at == HERE && p->said.updated_at < was.updated_at)
		return false;
	if (p->said.has.as_of == HERE && was.has.as_of == HERE && p->said.as_of < was.as_of)
		return false;
	push_merge (batch_arena (b), &p->waiting, &p->said);
	return true;
}

void record_pushed (struct batch *b, const struct record_pushed said[], size_t n, struct outcome ret[])
{
	struct push_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct push_ask){ .workspace_id = { said[i].head.workspace }, .what = said[i].what, .has.what = HERE };
	const struct push_row *waiting = push_load (b, ask, n);
	struct pushed *p = ARRAY (b, p, n);
	struct outcome *out = ARRAY (b, out, n);
	struct push_run old = run_of (b, n);
	size_t *which = ARRAY (b, which, n), takes = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t known = 0;
		p[takes] = (struct pushed){ .said = said[i], .waiting = waiting[i] };
		ret[i] = done ();
		if (laid_over (b, &p[takes], &known))
			which[takes++] = i;
		else {
			system_note (&old, &said[i]);
			skip_say (b, &old, &p[takes], said[i].has.updated_at == HERE ? said[i].updated_at : said[i].as_of, known, ABSENT,
				  (user_id){ { { 0 } } });
		}
	}
	pushes_take (b, p, takes, out);
	for (size_t i = 0; i < takes; i++)
		ret[which[i]] = out[i];
	run_end (b, &old);
}

void record_refused (struct batch *b, const struct record_refused said[], size_t n, struct outcome ret[])
{
	system_fail (b, said, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

/* ---- those that wait ---- */

/* What waits, as if its system said it now. */
static bool pushed_again (struct batch *b, const struct push_row *row, struct pushed *ret)
{
	*ret = (struct pushed){ .waiting = *row, .again = true };
	if (row->has.push_id != HERE || !push_read (batch_arena (b), row, &ret->said))
		return false;
	ret->said.head = (struct head){ .workspace = row->workspace_id.uuid,
					.actor = ret->said.has.source_id == HERE ? ret->said.source_id.uuid : (struct uuid){ { 0 } },
					.id = row->push_id.uuid,
					.correlation = row->submission_id.uuid,
					.at = batch_now (b) };
	return true;
}

/* Some at a time, round and round: so it costs the same however many wait. */
static size_t looked_at (struct batch *b, struct push_ask ask[LOOK_MOST])
{
	struct contacts_memory *m = batch_state (b);
	struct push_look from = m->looked;
	size_t n, asks = 0, i;
	const struct push_found *found = pushes_look_load (b, &from, 1, &n);
	for (i = 0; i < n && asks < LOOK_MOST; i++)
		if (found[i].here && batch_owns (b, found[i].workspace_id.uuid))
			ask[asks++] = (struct push_ask){ .workspace_id = found[i].workspace_id,
							 .push_id = found[i].push_id,
							 .has.push_id = HERE };
	m->looked = n < 500 && i == n ? (struct push_look){ 0 }
				      : (struct push_look){ .workspace_id = found[i - 1].workspace_id, .push_id = found[i - 1].push_id };
	return asks;
}

/* ---- for whoever watches: each replica counts its own lanes, twice a minute ---- */

static struct metric waiting = { .name = "leadwire_pushes_waiting",
				 .help = "What other systems said of people and companies who are not here, on the lanes owned here",
				 .kind = METRIC_GAUGE };
static struct metric silent = {
	.name = "leadwire_systems_silent",
	.help = "Systems that were not understood or missed two of the times they promised, on the lanes owned here",
	.kind = METRIC_GAUGE
};

void pushes_watch (struct app *app)
{
	(void) app;
	metric_register (&waiting);
	metric_register (&silent);
}

static void pushes_counted (struct batch *b)
{
	static int64_t next;
	const struct push_look all = { .has = { .workspace_id = HERE, .push_id = HERE } };
	int64_t waits = 0, away = 0;
	size_t n = 0;
	if (batch_now (b) < next)
		return;
	next = batch_now (b) + INT64_C (30) * 1000000;
	const struct push_count *row = pushes_count (b, &all, 1, &n);
	for (size_t i = 0; i < n; i++)
		if (batch_owns (b, row[i].workspace_id.uuid)) {
			waits += row[i].waiting;
			away += row[i].silent;
		}
	metric_set (&waiting, waits);
	metric_set (&silent, away);
}

void pushes_look (struct batch *b, const struct pushes_look cmd[], size_t n, struct outcome ret[])
{
	pushes_counted (b);
	for (size_t i = 0; i < n; i++) {
		struct push_ask ask[LOOK_MOST];
		size_t asks = looked_at (b, ask), again = 0;
		ret[i] = done ();
		const struct push_row *row = asks ? push_load (b, ask, asks) : NULL;
		struct pushed *p = ARRAY (b, p, asks);
		struct outcome *out = ARRAY (b, out, asks);
		for (size_t k = 0; k < asks; k++)
			again += pushed_again (b, &row[k], &p[again]);
		if (again)
			pushes_take (b, p, again, out);
	}
	(void) cmd;
}

static struct outcome push_assign_one (struct batch *b, const struct push_assign *cmd)
{
	struct push_ask ask = { .workspace_id = { cmd->head.workspace }, .push_id = cmd->push_id, .has.push_id = HERE };
	struct pushed p;
	struct outcome out;
	if (cmd->head.grant.scope == SCOPE_OWN || !pushed_again (b, push_load (b, &ask, 1), &p))
		return refused (push_not_found);
	if ((cmd->has.account_id == HERE) == (cmd->has.contact_id == HERE))
		return refused_at (batch_arena (b), "/account_id", "required", "account_id or contact_id: whose it is");
	p.account = cmd->account_id;
	p.has_account = cmd->has.account_id == HERE;
	p.contact = cmd->contact_id;
	p.has_contact = cmd->has.contact_id == HERE;
	p.said.head = cmd->head;
	pushes_take (b, &p, 1, &out);
	if (!p.taken)
		return p.has_account ? refused (account_not_found) : refused (contact_not_found);
	if (p.has_account && is_said (p.said.has.account, p.said.account)) { /* who is called so there, is this one from now on */
		struct account_external row = { .workspace_id = { cmd->head.workspace },
						.system = p.said.system,
						.account_id = cmd->account_id,
						.external_id = text_join (b, "name:", name_trim (batch_arena (b), p.said.account)) };
		account_external_write (b, &row, 1);
	}
	out = done ();
	out.id = cmd->push_id.uuid;
	return out;
}

void push_assign (struct batch *b, const struct push_assign cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = push_assign_one (b, &cmd[i]);
}

void push_remove (struct batch *b, const struct push_remove cmd[], size_t n, struct outcome ret[])
{
	struct push_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct push_ask){ .workspace_id = { cmd[i].head.workspace }, .push_id = cmd[i].push_id, .has.push_id = HERE };
	const struct push_row *row = push_load (b, ask, n);
	struct push_row *gone = ARRAY (b, gone, n);
	struct push_settled *settled = ARRAY (b, settled, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = row[i].has.push_id == HERE && cmd[i].head.grant.scope != SCOPE_OWN ? done () : refused (push_not_found);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].push_id.uuid;
		gone[rows] = row[i];
		settled[rows++] = (struct push_settled){ .head = head_caused (b, &cmd[i].head), .push_id = cmd[i].push_id };
	}
	push_drop (b, gone, rows);
	push_settled_emit (b, settled, rows);
}
