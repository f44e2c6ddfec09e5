/* The commands of lead-intake, in the order of proto/lead-intake.def: load, decide, write, emit what was written.
 * Never speaks to a sender, never opens a file: the door (routes.c) has done both. */
#include "intake.h"
#include "bookings.h"
#include "memory.h"

#include <string.h>
#include <sodium.h>
#include "lead_intake_sql.h"
#include "rules.h"

enum { BITE = 2048 }; /* rows of lead_index_load */

#define COPY(to, from, field) ((to)->field = (from)->field, (to)->has.field = (from)->has.field)

/* ---- submission_take ---- */

/* What a run of requests comes to: rows to be written, in the order of the requests. */
struct taking {
	struct kept_submission *kept, *note;
	struct kept_lead *lead;
	struct lead_created *said;
	struct kept_file *file;
	struct kept_lead_file *lead_file;
	struct lead_late *late; /* leads whose id is not past the last page of search */
	struct record_pushed *pushed;
	struct record_refused *refused;
	struct bookings bookings;
	size_t n_kept, n_note, n_leads, n_files, n_lead_files, n_late, n_pushed, n_refused;
};

static struct taking taking_new (struct batch *b, const struct submission_take cmd[], size_t n)
{
	struct taking t = { 0 };
	size_t leads = 0, files = 0, pairs = 0, pushed = 0;
	for (size_t i = 0; i < n; i++) {
		leads += cmd[i].leads.n;
		pushed += cmd[i].pushed.n;
		files += cmd[i].files.n;
		pairs += cmd[i].leads.n * cmd[i].files.n;
	}
	t.kept = ARRAY (b, t.kept, n);
	t.note = ARRAY (b, t.note, n);
	t.lead = ARRAY (b, t.lead, leads);
	t.said = ARRAY (b, t.said, leads);
	t.late = ARRAY (b, t.late, leads);
	t.file = ARRAY (b, t.file, files);
	t.lead_file = ARRAY (b, t.lead_file, pairs);
	t.pushed = ARRAY (b, t.pushed, pushed);
	t.refused = ARRAY (b, t.refused, n);
	t.bookings = bookings_known (b, cmd, n);
	return t;
}

/* {"submission_id":…,"lead_ids":[…],"outcome":…}: the door gives it to the sender as it is. */
static const char *answer_text (struct batch *b, submission_id submission, struct bytes leads, const char *outcome)
{
	size_t n = leads.n / sizeof (struct uuid);
	char *list = arena_alloc (batch_arena (b), n * (UUID_TEXT + 2) + 1), *p = list, id[UUID_TEXT];
	for (size_t i = 0; i < n; i++) {
		struct uuid lead;
		memcpy (&lead, leads.at + i * sizeof lead, sizeof lead);
		p = stpcpy (stpcpy (p, i ? ",\"" : "\""), uuid_format (lead, id));
		p = stpcpy (p, "\"");
	}
	return text_join (b, "{\"submission_id\":\"", uuid_format (submission.uuid, id), "\",\"lead_ids\":[", list, "],\"outcome\":\"",
			  outcome, "\"}");
}

/* What a suspect is told to have become: as good an id as any, so that no robot learns by its answer what gives it away. The same at each repeat. */
static struct bytes lead_pretended (struct batch *b, struct uuid submission)
{
	struct uuid *lead = ARRAY (b, lead, 1);
	*lead = uuid_of (submission.b, sizeof submission.b);
	memcpy (lead->b, submission.b, sizeof lead->b / 2); /* of its time and version */
	return (struct bytes){ lead->b, sizeof lead->b };
}

static struct bytes lead_ids (struct batch *b, const struct submission_take *cmd)
{
	const struct lead_draft *draft = cmd->leads.at;
	size_t n = cmd->has.leads == HERE ? cmd->leads.n : 0;
	struct uuid *id = ARRAY (b, id, n);
	for (size_t i = 0; i < n; i++)
		id[i] = draft[i].lead_id.uuid;
	return (struct bytes){ (const unsigned char *) id, n * sizeof *id };
}

static struct kept_submission submission_row (const struct submission_take *cmd, enum submission_outcome outcome, struct bytes leads)
{
	struct kept_submission row = {
		.workspace_id = { cmd->head.workspace },
		.submission_id = cmd->submission_id,
		.at = cmd->head.at,
		.bucket = cmd->bucket,
		.dedupe = cmd->dedupe,
		.method = cmd->method,
		.body_size = cmd->body_size,
		.outcome = outcome,
		.leads = leads,
		.has.leads = leads.n ? HERE : ABSENT,
	};
	COPY (&row, cmd, source_id);
	COPY (&row, cmd, type);
	COPY (&row, cmd, headers);
	COPY (&row, cmd, body);
	COPY (&row, cmd, body_file);
	COPY (&row, cmd, remote);
	COPY (&row, cmd, reason);
	if (cmd->bucket == 0)
		COPY (&row, cmd, content);
	return row;
}

static struct kept_lead lead_row (struct batch *b, const struct submission_take *cmd, const struct submission_known *known,
				  const struct lead_draft *draft)
{
	struct kept_lead row = {
		.workspace_id = { cmd->head.workspace },
		.lead_id = draft->lead_id,
		.number = number_take (b, cmd->head.workspace, NUMBER_LEAD),
		.at = cmd->head.at,
		.submission_id = cmd->submission_id,
		.has.submission_id = HERE,
		.source = draft->source,
		.form_type = draft->form_type,
		.status = lead_status_New,
		.name = draft->name,
		.version = 1,
	};
	COPY (&row, cmd, source_id);
	COPY (&row, draft, first_name);
	COPY (&row, draft, last_name);
	COPY (&row, draft, company);
	COPY (&row, draft, email);
	COPY (&row, draft, phone);
	COPY (&row, draft, message);
	COPY (&row, draft, fields);
	COPY (&row, draft, external_id);
	COPY (&row, draft, language);
	COPY (&row, draft, consent);
	COPY (&row, known, owner_id);
	return row;
}

/* The event says what the row holds; only of a long message the beginning. */
static struct lead_created lead_said (struct batch *b, const struct head *cause, const struct kept_lead *row, struct list files)
{
	struct lead_created said = {
		.head = head_caused (b, cause),
		.lead_id = row->lead_id,
		.number = row->number,
		.source = row->source,
		.form_type = row->form_type,
		.name = row->name,
		.status = row->status,
		.files = files,
		.has.files = files.n ? HERE : ABSENT,
	};
	COPY (&said, row, submission_id);
	COPY (&said, row, source_id);
	COPY (&said, row, first_name);
	COPY (&said, row, last_name);
	COPY (&said, row, company);
	COPY (&said, row, email);
	COPY (&said, row, phone);
	COPY (&said, row, owner_id);
	COPY (&said, row, language);
	COPY (&said, row, consent);
	COPY (&said, row, message);
	if (said.has.message == HERE)
		said.message = text_cut (batch_arena (b), said.message, 2000);
	return said;
}

static void leads_take (struct batch *b, struct taking *t, const struct submission_take *cmd, const struct submission_known *known)
{
	const struct lead_draft *draft = cmd->leads.at;
	const struct upload *file = cmd->files.at;
	struct list files = cmd->has.files == HERE ? cmd->files : (struct list){ 0 };
	for (size_t i = 0; i < files.n; i++) {
		struct kept_file row = {
			.workspace_id = { cmd->head.workspace },
			.file_id = file[i].file_id,
			.submission_id = cmd->submission_id,
			.at = cmd->head.at,
			.name = file[i].name,
			.type = file[i].type,
			.size = file[i].size,
			.sha256 = file[i].sha256,
		};
		COPY (&row, &file[i], field);
		t->file[t->n_files++] = row;
	}
	for (size_t i = 0; cmd->has.leads == HERE && i < cmd->leads.n; i++) {
		t->lead[t->n_leads] = lead_row (b, cmd, known, &draft[i]);
		if (known->has.search_upto == HERE && memcmp (&draft[i].lead_id, &known->search_upto, sizeof draft[i].lead_id) <= 0)
			t->late[t->n_late++] = (struct lead_late){ .workspace_id = { cmd->head.workspace }, .late_id = draft[i].lead_id };
		t->said[t->n_leads] = lead_said (b, &cmd->head, &t->lead[t->n_leads], files);
		t->n_leads++;
		for (size_t k = 0; k < files.n; k++)
			t->lead_file[t->n_lead_files++] = (struct kept_lead_file){ .workspace_id = { cmd->head.workspace },
										   .lead_id = draft[i].lead_id,
										   .file_id = file[k].file_id };
	}
}

/* ---- what another system says is handed on, each thing an event of its own ---- */

static struct record_pushed pushed_said (struct batch *b, const struct submission_take *cmd, const struct pushed_draft *d, size_t place)
{
	struct record_pushed said = {
		.head = head_caused (b, &cmd->head),
		.submission_id = cmd->submission_id,
		.place = (int64_t) place,
		.what = pushed_what (batch_arena (b), d),
	};
	COPY (&said, cmd, source_id);
	COPY (&said, d, kind);
	COPY (&said, d, system);
	COPY (&said, d, external_id);
	COPY (&said, d, account);
	COPY (&said, d, account_external);
	COPY (&said, d, email);
	COPY (&said, d, title);
	COPY (&said, d, status);
	COPY (&said, d, amount);
	COPY (&said, d, count);
	COPY (&said, d, excerpt);
	COPY (&said, d, url);
	COPY (&said, d, assignee);
	COPY (&said, d, occurred_at);
	COPY (&said, d, data);
	COPY (&said, d, updated_at);
	COPY (&said, d, deleted);
	COPY (&said, d, lifecycle);
	COPY (&said, d, panel);
	COPY (&said, d, key);
	COPY (&said, d, label);
	COPY (&said, d, value);
	COPY (&said, d, unit);
	COPY (&said, d, as_of);
	COPY (&said, d, every);
	return said;
}

static void pushed_take (struct batch *b, struct taking *t, const struct submission_take *cmd)
{
	const struct pushed_draft *draft = cmd->pushed.at;
	for (size_t i = 0; cmd->has.pushed == HERE && i < cmd->pushed.n; i++)
		t->pushed[t->n_pushed++] = pushed_said (b, cmd, &draft[i], i);
}

/* Of a way in that a system sends to: that it could not be read is known to who waits for it. */
static void refused_note (struct batch *b, struct taking *t, const struct submission_take *cmd)
{
	if (cmd->has.system != HERE || cmd->outcome == submission_outcome_records)
		return;
	struct record_refused said = {
		.head = head_caused (b, &cmd->head),
		.submission_id = cmd->submission_id,
		.system = cmd->system,
		.reason = cmd->has.reason == HERE ? cmd->reason : submission_outcome_names[cmd->outcome],
	};
	COPY (&said, cmd, source_id);
	t->refused[t->n_refused++] = said;
}

/* A new request, whose leads are made where it tells of no appointment that has its own. */
static enum submission_outcome submission_new (struct batch *b, struct taking *t, const struct submission_take *cmd,
					       const struct submission_known *known, struct bytes *ret_leads)
{
	struct booked booked = booking_take (b, &t->bookings, cmd, known->owner_id, known->has.owner_id == HERE);
	enum submission_outcome outcome = booked.wants_lead ? cmd->outcome : submission_outcome_booking;
	*ret_leads = booked.wants_lead ? lead_ids (b, cmd) : booked.leads;
	struct kept_submission *row = &t->kept[t->n_kept++];
	*row = submission_row (cmd, outcome, *ret_leads);
	row->has.dedupe = HERE;
	if (booked.reason) {
		row->reason = booked.reason;
		row->has.reason = HERE;
	}
	if (booked.wants_lead)
		leads_take (b, t, cmd, known);
	pushed_take (b, t, cmd);
	return outcome;
}

static const char *pushed_answer (struct batch *b, const struct submission_take *cmd, submission_id submission)
{
	char id[UUID_TEXT];
	return text_join (b, "{\"submission_id\":\"", uuid_format (submission.uuid, id), "\",\"outcome\":\"records\",\"records\":",
			  arena_printf (batch_arena (b), "%zu", cmd->has.pushed == HERE ? cmd->pushed.n : 0), "}");
}

static struct outcome submission_fulfil (struct batch *b, struct taking *t, const struct submission_take *cmd,
					 const struct submission_known *known, enum fate fate)
{
	struct outcome o = done ();
	struct bytes leads = { 0 };
	const char *outcome = submission_outcome_names[cmd->outcome];
	o.id = cmd->submission_id.uuid;
	switch (fate) {
	case FATE_NEW: outcome = submission_outcome_names[submission_new (b, t, cmd, known, &leads)]; break;
	case FATE_NOTE:
		t->note[t->n_note++] = submission_row (cmd, cmd->outcome, leads);
		refused_note (b, t, cmd);
		break;
	case FATE_DUPLICATE:
		leads = known->first_leads;
		outcome = submission_outcome_names[submission_outcome_duplicate];
		t->note[t->n_note++] = submission_row (cmd, submission_outcome_duplicate, leads);
		break;
	case FATE_REPEAT:
		leads = known->first_leads;
		outcome = known->first_outcome;
		o.id = known->first_id.uuid;
		break;
	}
	const char *spam = submission_outcome_names[submission_outcome_spam];
	if (fate == FATE_DUPLICATE && strcmp (known->first_outcome, spam) == 0)
		leads = lead_pretended (b, known->first_id.uuid);
	if (strcmp (outcome, spam) == 0) {
		leads = lead_pretended (b, o.id);
		outcome = submission_outcome_names[submission_outcome_lead];
	}
	o.data = cmd->outcome == submission_outcome_records ? pushed_answer (b, cmd, (submission_id){ o.id })
							    : answer_text (b, (submission_id){ o.id }, leads, outcome);
	return o;
}

/* A request is kept once, with the leads that the door's parser found in it; a repeat gets the first one's answer. */
void submission_take (struct batch *b, const struct submission_take cmd[], size_t n, struct outcome ret[])
{
	const struct submission_known *known = submissions_known (b, cmd, n);
	struct taking t = taking_new (b, cmd, n);
	for (size_t i = 0; i < n; i++) {
		enum fate fate = FATE_NEW;
		ret[i] = submission_check (&cmd[i], &known[i], &fate);
		if (is_done (ret[i]))
			ret[i] = submission_fulfil (b, &t, &cmd[i], &known[i], fate);
	}
	submission_write (b, t.kept, t.n_kept);
	submission_note (b, t.note, t.n_note);
	lead_write (b, t.lead, t.n_leads);
	lead_late_write (b, t.late, t.n_late);
	file_write (b, t.file, t.n_files);
	lead_file_write (b, t.lead_file, t.n_lead_files);
	lead_created_emit (b, t.said, t.n_leads);
	bookings_write (b, &t.bookings);
	record_pushed_emit (b, t.pushed, t.n_pushed);
	record_refused_emit (b, t.refused, t.n_refused);
}

/* ---- submission_reread ---- */

/* As if it came now, for the rooms that make leads of a request. */
static struct submission_take taken_again (const struct submission_reread *cmd, const struct submission_held *held)
{
	struct submission_take take = {
		.head = cmd->head, .submission_id = cmd->submission_id, .leads = cmd->leads, .files = cmd->files, .has.leads = HERE
	};
	take.has.files = cmd->has.files;
	COPY (&take, cmd, bookings);
	COPY (&take, held, source_id);
	return take;
}

static struct settled_submission settled_row (const struct submission_reread *cmd, const struct submission_held *held,
					      enum submission_outcome outcome, struct bytes leads)
{
	struct settled_submission row = {
		.workspace_id = { cmd->head.workspace },
		.submission_id = cmd->submission_id,
		.bucket = held->bucket,
		.outcome = outcome,
		.leads = leads,
		.at = cmd->head.at,
		.reread_by = { cmd->head.actor },
		.has.reread_by = HERE,
	};
	COPY (&row, held, dedupe);
	if (outcome == submission_outcome_lead && held->has.dedupe != HERE &&
	    !held->taken) { /* who sends the same again is answered alike */
		row.dedupe = cmd->dedupe;
		row.has.dedupe = HERE;
		row.bucket = cmd->bucket;
	}
	return row;
}

static struct submission_settled settled_said (struct batch *b, const struct submission_reread *cmd, const struct submission_held *held,
					       const struct settled_submission *row)
{
	struct submission_settled said = {
		.head = head_caused (b, &cmd->head),
		.submission_id = cmd->submission_id,
		.outcome = row->outcome,
		.old_outcome = held->outcome,
		.leads = (int64_t) (row->leads.n / sizeof (struct uuid)),
	};
	COPY (&said, held, source_id);
	return said;
}

/* What a kept request says makes its leads, once; what it held stays as it came. */
void submission_reread (struct batch *b, const struct submission_reread cmd[], size_t n, struct outcome ret[])
{
	const struct submission_held *held = submission_held_load (b, cmd, n);
	struct submission_take *take = ARRAY (b, take, n);
	struct settled_submission *row = ARRAY (b, row, n);
	struct submission_settled *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++)
		take[i] = taken_again (&cmd[i], &held[i]);
	struct taking t = taking_new (b, take, n);
	for (size_t i = 0; i < n; i++) {
		enum fate fate;
		struct bytes leads = held[i].leads;
		enum submission_outcome outcome = held[i].outcome;
		ret[i] = submission_reread_check (&cmd[i], &held[i], &fate);
		if (!is_done (ret[i]))
			continue;
		struct booked booked = { .wants_lead = true };
		if (fate == FATE_NEW)
			booked = booking_take (b, &t.bookings, &take[i], held[i].owner_id, held[i].has.owner_id == HERE);
		if (fate != FATE_REPEAT) {
			outcome = fate != FATE_NEW    ? submission_outcome_duplicate
				  : booked.wants_lead ? submission_outcome_lead
						      : submission_outcome_booking;
			leads = cmd[i].has.elsewhere == HERE ? cmd[i].elsewhere
				: fate != FATE_NEW	     ? held[i].first_leads
				: booked.wants_lead	     ? lead_ids (b, &take[i])
							     : booked.leads;
			row[rows] = settled_row (&cmd[i], &held[i], outcome, leads);
			row[rows].reason = booked.reason;
			row[rows].has.reason = booked.reason ? HERE : ABSENT;
			said[rows] = settled_said (b, &cmd[i], &held[i], &row[rows]);
			rows++;
		}
		if (fate == FATE_NEW && booked.wants_lead) {
			struct submission_known known = { .owner_id = held[i].owner_id, .search_upto = held[i].search_upto };
			known.has.owner_id = held[i].has.owner_id;
			known.has.search_upto = held[i].has.search_upto;
			leads_take (b, &t, &take[i], &known);
		}
		ret[i].id = cmd[i].submission_id.uuid;
		ret[i].data = answer_text (b, cmd[i].submission_id, leads, submission_outcome_names[outcome]);
	}
	submission_settle (b, row, rows);
	lead_write (b, t.lead, t.n_leads);
	lead_late_write (b, t.late, t.n_late);
	file_write (b, t.file, t.n_files);
	lead_file_write (b, t.lead_file, t.n_lead_files);
	lead_created_emit (b, t.said, t.n_leads);
	bookings_write (b, &t.bookings);
	submission_settled_emit (b, said, rows);
}

/* ---- leads by hand ---- */

void lead_create (struct batch *b, const struct lead_create cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_facts *facts = lead_create_load (b, cmd, n);
	struct kept_lead *lead = ARRAY (b, lead, n);
	struct lead_created *said = ARRAY (b, said, n);
	struct lead_late *late = ARRAY (b, late, n);
	size_t leads = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = lead_create_check (batch_arena (b), &cmd[i], &facts[i]);
		if (!is_done (ret[i]))
			continue;
		lead[leads] = lead_create_fill (batch_arena (b), &cmd[i], &facts[i]);
		lead[leads].number = number_take (b, cmd[i].head.workspace, NUMBER_LEAD);
		said[leads] = lead_said (b, &cmd[i].head, &lead[leads], (struct list){ 0 });
		COPY (&said[leads], &cmd[i], locale);
		COPY (&said[leads], &cmd[i], monthly_shipments);
		COPY (&said[leads], &cmd[i], stage);
		late[leads] = (struct lead_late){ .workspace_id = { cmd[i].head.workspace }, .late_id = lead[leads].lead_id };
		ret[i].id = lead[leads].lead_id.uuid;
		ret[i].number = lead[leads].number;
		ret[i].version = lead[leads].version;
		leads++;
	}
	lead_write (b, lead, leads);
	lead_late_write (b, late, leads); /* an id may be of another time */
	lead_created_emit (b, said, leads);
}

/* Who saw an old lead hears what happened to it since. */
static struct outcome conflict_told (struct batch *b, const struct lead_update *cmd, struct outcome outcome)
{
	struct lead_seen seen = { .workspace_id = { cmd->head.workspace }, .lead_id = cmd->lead_id, .version = cmd->version };
	size_t n;
	if (outcome.state != OUTCOME_REFUSED || outcome.error != ERROR_lead_changed)
		return outcome;
	const struct lead_since *since = lead_changed_since (b, &seen, 1, &n);
	return lead_conflict (batch_arena (b), since, n);
}

/* Setting what is already so is done, and says nothing. */
void lead_update (struct batch *b, const struct lead_update cmd[], size_t n, struct outcome ret[])
{
	const struct lead_found *lead = lead_update_load (b, cmd, n);
	struct lead_change *to = ARRAY (b, to, n);
	struct lead_updated *said = ARRAY (b, said, n);
	struct lead_late *late = ARRAY (b, late, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		struct list fields;
		ret[i] = conflict_told (b, &cmd[i], lead_update_check (batch_arena (b), &cmd[i], &lead[i]));
		if (!is_done (ret[i]))
			continue;
		to[changes] = lead_update_merge (batch_arena (b), &cmd[i], &lead[i], &fields);
		ret[i].id = lead[i].lead_id.uuid;
		ret[i].number = lead[i].number;
		ret[i].version = fields.n ? to[changes].version : lead[i].version;
		if (fields.n == 0)
			continue;
		said[changes] = (struct lead_updated){
			.head = head_caused (b, &cmd[i].head),
			.lead_id = cmd[i].lead_id,
			.version = to[changes].version,
			.changes = fields,
			.status = to[changes].status,
		};
		late[changes] = (struct lead_late){ .workspace_id = { cmd[i].head.workspace }, .late_id = cmd[i].lead_id };
		COPY (&said[changes], &to[changes], owner_id);
		if (lead[i].has.owner_id == HERE &&
		    (to[changes].has.owner_id != HERE || !uuid_equal (lead[i].owner_id.uuid, to[changes].owner_id.uuid))) {
			said[changes].old_owner_id = lead[i].owner_id;
			said[changes].has.old_owner_id = HERE;
		}
		changes++;
	}
	lead_update_write (b, to, changes);
	lead_history_write (b, said, changes);
	lead_late_write (b, late, changes);
	lead_updated_emit (b, said, changes);
}

/* A lead that is qualified already is done, and says nothing. */
void lead_qualify (struct batch *b, const struct lead_qualify cmd[], size_t n, struct outcome ret[])
{
	const struct lead_found *lead = lead_qualify_load (b, cmd, n);
	struct lead_qualified *said = ARRAY (b, said, n);
	size_t moves = 0;
	for (size_t i = 0; i < n; i++) {
		char deal[UUID_TEXT];
		ret[i] = lead_qualify_check (&cmd[i], &lead[i]);
		if (!is_done (ret[i]))
			continue;
		ret[i].id = lead[i].lead_id.uuid;
		ret[i].number = lead[i].number;
		ret[i].version = lead[i].version;
		ret[i].data = text_join (b, "{\"deal_id\":\"", uuid_format (lead[i].lead_id.uuid, deal),
					 "\"}"); /* a deal bears its lead's id */
		if (lead[i].status == lead_status_Qualified)
			continue;
		ret[i].version++;
		said[moves] = (struct lead_qualified){ .head = head_caused (b, &cmd[i].head),
						       .lead_id = cmd[i].lead_id,
						       .version = ret[i].version };
		COPY (&said[moves], &lead[i], owner_id);
		moves++;
	}
	lead_history_qualified (b, said, moves);
	lead_qualify_write (b, said, moves);
	lead_qualified_emit (b, said, moves);
}

/* ---- search ---- */

/* A bite at a time, so that nobody waits for long behind it. */
void lead_index (struct batch *b, const struct lead_index cmd[], size_t n, struct outcome ret[])
{
	const struct lead_bite *next = lead_index_load (b, cmd, n);
	struct lead_bite *bite = ARRAY (b, bite, n);
	size_t bites = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = next[i].known ? done () : refused (workspace_not_found);
		if (!is_done (ret[i]))
			continue;
		ret[i].data = next[i].taken == BITE ? "{\"more\":true}" : "{\"more\":false}";
		if (next[i].taken)
			bite[bites++] = next[i];
	}
	lead_page_write (b, bite, bites);
	lead_gram_write (b, bite, bites);
	lead_mark_write (b, bite, bites);
	ways_forget (b);
}
