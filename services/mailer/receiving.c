/* What was read becomes mails: each matched, written and said, a bite at a time, by the writer's own clock; and what people say of those that belong to
 * nothing. A report moves the state of whom it names, when that is somebody whom that very mail went to.
 * It must never lose one, let one stop another, nor begin anything because of a machine's mail. */
#include "receiving.h"

#include <string.h>
#include "canary.h"
#include "mailer_sql.h"
#include "metrics.h"

enum { BITE = 50 /* as receiving.sql says it */ };

/* Counted when it is decided: a batch that is done again counts again. */
#define BECAME(what)                                                                          \
	[mail_inbound_state_##what] = { .name = "leadwire_mails_received_total",              \
					.help = "Mails that came in, by what became of them", \
					.kind = METRIC_COUNTER,                               \
					.label = "state=\"" #what "\"" }
static struct metric received[mail_inbound_state_count] = {
	BECAME (matched),   BECAME (suggested), BECAME (unmatched),  BECAME (bounce),
	BECAME (complaint), BECAME (repeated),	BECAME (unreadable),
};

void receiving_start (void)
{
	for (size_t i = 0; i < LENGTH (received); i++)
		if (received[i].name)
			metric_register (&received[i]);
}

/* ---- kept ---- */

void inbound_keep (struct batch *b, const struct inbound_keep cmd[], size_t n, struct outcome ret[])
{
	const struct inbound_door *door = inbound_keep_load (b, cmd, n);
	struct inbound_keep *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) { /* the account may have gone since the door looked: what is not kept is not called taken */
		ret[i] = door[i].known ? done () : refused (workspace_not_found);
		ret[i].id = cmd[i].mail_id.uuid;
		if (door[i].known)
			row[rows++] = cmd[i];
	}
	inbound_keep_write (b, row, rows);
	batch_wake (b);
}

/* What one may not see is not there. */
static struct outcome place_check (const struct grant *grant, const struct mail_brought *place, bool names_deal, bool names_contact)
{
	if (!place->known)
		return refused (workspace_not_found);
	if (names_deal && (!place->deal_known || !grant_covers (grant, &place->owner_id)))
		return refused (deal_not_found);
	if (names_contact && (place->contact_known ? !grant_covers (grant, &place->contact_owner_id) : !names_deal))
		return refused (contact_not_found);
	return done ();
}

void mail_upload (struct batch *b, const struct mail_upload cmd[], size_t n, struct outcome ret[])
{
	const struct mail_brought *place = mail_upload_load (b, cmd, n);
	struct mail_upload *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = place_check (&cmd[i].head.grant, &place[i], cmd[i].has.deal_id == HERE, cmd[i].has.contact_id == HERE);
		ret[i].id = cmd[i].mail_id.uuid;
		if (is_done (ret[i]) && !place[i].there) /* one of this id is there: the same again, long after */
			row[rows++] = cmd[i];
	}
	mail_upload_write (b, row, rows);
	batch_wake (b);
}

/* ---- reports ---- */

static void suppress (struct batch *b, const struct head *head, const struct inbound_failed *f)
{
	struct kept_suppression row = { .workspace_id = f->workspace_id,
					.email = f->email,
					.reason = f->complains ? suppression_reason_complained : suppression_reason_bounced,
					.detail = f->why,
					.at = batch_now (b),
					.mail_id = f->mail_id,
					.has = { .detail = f->has.why, .mail_id = HERE } };
	struct suppression_changed said = { .head = head_caused (b, head), .email = f->email, .reason = row.reason, .has.reason = HERE };
	suppression_write (b, &row, 1);
	suppression_changed_emit (b, &said, 1);
}

/* `known`: its state by now, also by a report that stood before this one. */
static void report_take (struct batch *b, const struct head *head, const struct inbound_failed *f, enum mail_state known)
{
	enum mail_state to = f->complains ? mail_state_complained : mail_state_bounced;
	struct mail_recipient_found of = { .workspace_id = f->workspace_id,
					   .mail_id = f->mail_id,
					   .n = f->n,
					   .state = f->state,
					   .email = f->email,
					   .subject = f->subject };
	struct mail_moved move = { .workspace_id = f->workspace_id,
				   .mail_id = f->mail_id,
				   .n = f->n,
				   .at = batch_now (b),
				   .state = to,
				   .reason = f->why,
				   .has.reason = f->has.why };
	if (!mail_state_moves (known, to))
		return;
	ABOUT (&of, f);
	mails_move (b, head, &of, &move, 1);
	if (f->complains || (f->has.status == HERE && says_no_mailbox (f->status)))
		suppress (b, head, f);
}

static struct head head_of (const struct inbound_take *cmd, workspace_id workspace)
{
	struct head head = cmd->head;
	head.workspace = workspace.uuid; /* the clock has none */
	return head;
}

static void reports_take (struct batch *b, const struct inbound_take *cmd, const struct inbound_step *step, size_t n)
{
	struct inbound_step *report = ARRAY (b, report, n + 1);
	size_t reports = 0, failures;
	for (size_t i = 0; i < n; i++)
		if (step[i].state == mail_inbound_state_bounce || step[i].state == mail_inbound_state_complaint)
			report[reports++] = step[i];
	if (!reports)
		return;
	const struct inbound_failed *f = inbound_failures (b, report, reports, &failures);
	for (size_t i = 0; i < failures; i++) {
		enum mail_state known = f[i].state;
		struct head head = head_of (cmd, f[i].workspace_id);
		for (size_t k = 0; k < i; k++) {
			enum mail_state was = f[k].complains ? mail_state_complained : mail_state_bounced;
			if (f[k].n == f[i].n && uuid_equal (f[k].mail_id.uuid, f[i].mail_id.uuid) && mail_state_moves (known, was))
				known = was;
		}
		report_take (b, &head, &f[i], known);
	}
}

/* ---- mails ---- */

/* What it may belong to by its sender and subject: a mail of the last month that went to whom it is from. */
static void suggestions_take (struct batch *b, struct inbound_step *step, const struct inbound_due *const *of, size_t n)
{
	struct inbound_sender *sender = ARRAY (b, sender, n + 1);
	size_t senders = 0, rows;
	for (size_t i = 0; i < n; i++)
		if ((step[i].state == mail_inbound_state_unmatched || step[i].state == mail_inbound_state_suggested) &&
		    of[i]->has.found_by != HERE && of[i]->has.from_email == HERE)
			sender[senders++] = (struct inbound_sender){ .workspace_id = step[i].workspace_id,
								     .mail_id = step[i].mail_id,
								     .email = of[i]->from_email };
	if (!senders)
		return;
	const struct inbound_candidate *c = inbound_candidates (b, sender, senders, &rows);
	for (size_t i = 0, from = 0, to; from < rows; from = to) {
		for (to = from + 1; to < rows && uuid_equal (c[to].mail_id.uuid, c[from].mail_id.uuid);)
			to++;
		for (i = 0; i < n && !uuid_equal (step[i].mail_id.uuid, c[from].mail_id.uuid);)
			i++;
		const struct inbound_candidate *likely = i < n ? inbound_suggest (batch_arena (b), step[i].subject, c + from, to - from)
							       : NULL;
		if (!likely)
			continue;
		step[i].state = mail_inbound_state_suggested;
		step[i].why = "subject";
		step[i].has.why = step[i].has.found_id = HERE;
		step[i].found_id = likely->sent_id;
		step[i].may_deal_id = likely->deal_id;
		step[i].has.may_deal_id = likely->has.deal_id;
		if (likely->has.contact_id == HERE) {
			step[i].may_contact_id = likely->contact_id;
			step[i].has.may_contact_id = HERE;
		}
	}
}

static void received_say (struct batch *b, const struct inbound_take *cmd, const struct inbound_step *s, const struct inbound_due *due)
{
	struct head by = head_of (cmd, s->workspace_id);
	struct mail_received said = { .head = head_caused (b, &by),
				      .mail_id = s->mail_id,
				      .subject = s->subject,
				      .email = due->from_email,
				      .name = due->from_name,
				      .files = due->files,
				      .machine = s->machine,
				      .state = s->state,
				      .trusted = s->trusted };
	said.head.at = s->at;
	said.has.email = due->has.from_email;
	said.has.name = due->has.from_name;
	ABOUT (&said, s);
	mail_received_emit (b, &said, 1);
}

static void mails_write (struct batch *b, const struct inbound_step *step, size_t n)
{
	struct inbound_step *fresh = ARRAY (b, fresh, n + 1), *came = ARRAY (b, came, n + 1);
	size_t mails = 0, by_account = 0;
	for (size_t i = 0; i < n; i++) {
		if (step[i].has.mail_account_id == HERE)
			came[by_account++] = step[i];
		if (step[i].state == mail_inbound_state_repeated)
			continue;
		fresh[mails++] = step[i];
		inbound_thread_write (b, &step[i], 1); /* two of one thread in a bite: one row each */
	}
	inbound_mail_write (b, fresh, mails);
	inbound_files_write (b, fresh, mails);
	inbound_step_write (b, step, n);
	inbound_account_write (b, came, by_account);
}

void inbound_take (struct batch *b, const struct inbound_take cmd[], size_t n, struct outcome ret[])
{
	struct inbound_take ask = cmd[0];
	size_t workspaces, rows = 0, steps = 0, waiting = 0, canaries = 0;
	const struct workspace_due *own = inbound_waiting (b, &workspaces);
	own = batch_own (b, &workspace_due_record, own, &workspaces);
	const struct inbound_due *due = workspaces ? inbound_due_load (b, own, workspaces, &rows) : NULL;
	struct inbound_step *step = ARRAY (b, step, rows + 1);
	const struct inbound_due **of = ARRAY (b, of, rows + 1);
	struct canary_came *came = ARRAY (b, came, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		if (due[i].has.canary_id == HERE) { /* nobody's mail */
			came[canaries++] = canary_came_of (&due[i]);
			continue;
		}
		if (due[i].waits) { /* for the one before it to be a mail */
			waiting++;
			continue;
		}
		of[steps] = &due[i];
		step[steps++] = inbound_decide (&due[i]);
	}
	suggestions_take (b, step, of, steps);
	reports_take (b, &ask, step, steps);
	canaries_take (b, came, canaries);
	mails_write (b, step, steps);
	for (size_t i = 0; i < steps; i++) {
		metric_add (&received[step[i].state], 1);
		if (step[i].state != mail_inbound_state_repeated)
			received_say (b, &ask, &step[i], of[i]);
	}
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = steps + canaries && (waiting || rows == BITE); /* there is more of it */
	}
}

/* ---- where it belongs, as people say ---- */

static struct outcome assign_check (struct batch *b, const struct mail_assign *cmd, const struct mail_brought *place)
{
	bool names_deal = cmd->has.deal_id == HERE, names_contact = cmd->has.contact_id == HERE;
	struct problem *p = arena_alloc (batch_arena (b), sizeof *p);
	struct outcome ret = refused (invalid);
	if (!place->there || !grant_covers (&cmd->head.grant, &place->mail_owner_id))
		return refused (mail_not_found);
	if (!names_deal && !names_contact) {
		problem_add (batch_arena (b), p, "/deal_id", "required", "a deal or a contact");
		ret.problem = p;
		return ret;
	}
	ret = place_check (&cmd->head.grant, place, names_deal, names_contact);
	return is_done (ret) && place->placed ? refused (mail_assigned) : ret;
}

static void assigned_say (struct batch *b, const struct mail_assign *cmd, const struct mail_assigning *to)
{
	size_t rows;
	mail_assign_keep (b, to, 1);
	const struct mail_placed *mail = mail_assign_write (b, to, 1, &rows);
	struct mail_assigned *said = ARRAY (b, said, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		said[i] = (struct mail_assigned){ .head = head_caused (b, &cmd->head),
						  .mail_id = mail[i].mail_id,
						  .subject = mail[i].subject,
						  .email = mail[i].from_email,
						  .name = mail[i].from_name,
						  .files = mail[i].files,
						  .machine = mail[i].machine };
		said[i].has.email = mail[i].has.from_email;
		said[i].has.name = mail[i].has.from_name;
		ABOUT (&said[i], to);
	}
	mail_assign_settle (b, to, 1);
	thread_joined_write (b, to, 1);
	mail_assigned_emit (b, said, rows);
}

void mail_assign (struct batch *b, const struct mail_assign cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) { /* two of one thread: the second is placed by the first */
		const struct mail_brought *place = mail_assign_load (b, &cmd[i], 1);
		ret[i] = assign_check (b, &cmd[i], place);
		ret[i].id = cmd[i].mail_id.uuid;
		if (!is_done (ret[i]))
			continue;
		struct mail_assigning to = { .workspace_id = { cmd[i].head.workspace },
					     .mail_id = cmd[i].mail_id,
					     .deal_id = cmd[i].deal_id };
		to.has.deal_id = cmd[i].has.deal_id;
		to.contact_id = place->contact_id;
		to.has.contact_id = place->has.contact_id;
		to.account_id = place->account_id;
		to.has.account_id = place->has.account_id;
		to.lead_id = place->lead_id;
		to.has.lead_id = place->has.lead_id;
		to.owner_id = place->owner_id;
		to.has.owner_id = place->has.owner_id;
		assigned_say (b, &cmd[i], &to);
	}
}
