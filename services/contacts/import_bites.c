/* Imports, a bite at a time: rows are looked at, written, taken back. A bite is one transaction with the place where the next one begins, so whoever dies in
 * between goes on there and does nothing twice. What is written is written by the commands that people use, with the rights of who said yes.
 * It must never write a row before all were looked at, nor hold the lane for longer than a bite. */
#include "import_bites.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "import.h"
#include "metrics.h"
#include "moving.h"
#include "people.h"
#include "rules.h"
#include "contacts_sql.h"

enum { LOOK = 2000, WRITE = 400, TRIES = 3, FORGET = 10000 };

/* The commands that write; the service's own handlers. */
void contact_create (struct batch *b, const struct contact_create cmd[], size_t n, struct outcome ret[]);
void contact_update (struct batch *b, const struct contact_update cmd[], size_t n, struct outcome ret[]);
void contact_trash (struct batch *b, const struct contact_trash cmd[], size_t n, struct outcome ret[]);
void contact_archive (struct batch *b, const struct contact_archive cmd[], size_t n, struct outcome ret[]);
void contact_reactivate (struct batch *b, const struct contact_reactivate cmd[], size_t n, struct outcome ret[]);
void account_create (struct batch *b, const struct account_create cmd[], size_t n, struct outcome ret[]);

/* What went by in this process: a bite that is done twice, since its transaction failed, counts twice. */
static struct metric rows_looked = { .name = "leadwire_import_rows_total",
				     .help = "Rows of files that were brought in, by what was done with them",
				     .kind = METRIC_COUNTER,
				     .label = "did=\"looked\"" };
static struct metric rows_written = { .name = "leadwire_import_rows_total", .kind = METRIC_COUNTER, .label = "did=\"written\"" };
static struct metric rows_failed = { .name = "leadwire_import_rows_total", .kind = METRIC_COUNTER, .label = "did=\"failed\"" };
static struct metric rows_undone = { .name = "leadwire_import_rows_total", .kind = METRIC_COUNTER, .label = "did=\"undone\"" };
static struct metric running = { .name = "leadwire_imports_running",
				 .help = "Imports that are looked at, written or taken back",
				 .kind = METRIC_GAUGE };

void imports_start (void)
{
	struct metric *all[] = { &rows_looked, &rows_written, &rows_failed, &rows_undone, &running };
	for (size_t i = 0; i < LENGTH (all); i++)
		metric_register (all[i]);
}

/* A bite that fails is tried again by itself with one row; a row that fails alone is passed over. What was tried is counted here, for a transaction that fails
 * leaves nothing behind. */
static struct {
	struct uuid import;
	int64_t place;
	int tries;
} stuck;

static bool is_stuck (struct batch *b, const struct import_job *job)
{
	int64_t place = job->state == import_state_checking ? job->offset_at + (job->place << 48) : job->applied;
	bool same = uuid_equal (stuck.import, job->import_id.uuid) && stuck.place == place;
	stuck.tries = same ? stuck.tries + 1 : 0;
	stuck.import = job->import_id.uuid;
	stuck.place = place;
	return batch_careful (b) || stuck.tries;
}

/* Who acts: whoever confirmed it or took it back, not who brought it; and all that it brings about is one action. */
static struct head head_of_job (struct batch *b, const struct import_job *job)
{
	struct uuid me = job->has.asked_by == HERE   ? job->asked_by.uuid
			 : job->has.owner_id == HERE ? job->owner_id.uuid
						     : (struct uuid){ 0 };
	return (struct head){ .workspace = job->workspace_id.uuid,
			      .actor = me,
			      .id = job->import_id.uuid,
			      .correlation = job->import_id.uuid,
			      .at = batch_now (b),
			      .grant = { .scope = (enum scope) job->scope, .permissions = (uint64_t) job->permissions, .user = me } };
}

static void job_over (struct batch *b, struct import_job *job, enum import_state state)
{
	job->state = state;
	if (state == import_state_checked)
		return;
	job->finished_at = batch_now (b);
	job->has.finished_at = HERE;
	if (state == import_state_done || state == import_state_failed) {
		files_drop (batch_files (b), job->import_id.uuid);
		moving_files_end (b, job);
	}
}

/* ---- looking ---- */

/* Rows of this very bite by their e-mail: the statement saw only those of bites before. The place of an e-mail, taken or free. */
static const struct import_line **place_of (const struct import_line **table, size_t room, const char *email)
{
	uint64_t h = UINT64_C (1469598103934665603);
	for (const char *p = email; *p; p++)
		h = (h ^ (unsigned char) *p) * UINT64_C (1099511628211);
	size_t i = h % room;
	while (table[i] && strcmp (table[i]->email, email))
		i = (i + 1) % room;
	return &table[i];
}

/* A row that is wrong stands in no other one's way. */
static void lines_judge (struct batch *b, const struct import_job *job, struct import_line line[], size_t n)
{
	const struct import_known *known = import_known (b, line, n);
	const struct grant grant = head_of_job (b, job).grant;
	size_t room = 2 * n + 1;
	const struct import_line **table = ARRAY (b, table, room);
	for (size_t i = 0; i < n; i++) {
		const struct import_line **at = line[i].has.email == HERE ? place_of (table, room, line[i].email) : NULL;
		int64_t same = known[i].has.same_as == HERE ? known[i].same_as : at && *at ? (*at)->n : 0;
		import_line_judge (batch_arena (b), job, &known[i], same, &grant, &line[i]);
		if (strcmp (line[i].verdict, "error") == 0)
			line[i].has.email = ABSENT;
		else if (at && !*at)
			*at = &line[i];
	}
}

static void bite_look (struct batch *b, struct import_job *job, bool one)
{
	struct arena *a = batch_arena (b);
	struct import_plan *plan = ARRAY (b, plan, 1);
	struct csv_shape shape = import_shape (job);
	struct csv_place place = { .offset = job->offset_at, .row = job->row_at };
	const struct csv_row *row;
	size_t n = 0, lines = 0;
	struct outcome planned = import_plan_read (a, job->profile, job->mapping, job->has.choices == HERE ? job->choices : NULL, plan);
	if (!is_done (planned) || stuck.tries > TRIES ||
	    import_rows_read (a, import_file (b, job), &shape, &place, one ? 1 : LOOK, &row, &n) != OK) {
		import_plan_end (plan);
		job_over (b, job, import_state_failed);
		return;
	}
	struct import_line *line = ARRAY (b, line, n + 1);
	for (size_t i = 0; i < n; i++)
		if (!job->header || job->offset_at || i)
			line[lines++] = import_line_read (a, plan, job, &row[i]);
	import_plan_end (plan);
	lines_judge (b, job, line, lines);
	for (size_t i = 0; i < lines; i++) {
		job->errors += strcmp (line[i].verdict, "error") == 0;
		job->updates += strcmp (line[i].verdict, "update") == 0;
		job->ready += strcmp (line[i].verdict, "ready") == 0;
		job->repeats += strcmp (line[i].verdict, "update") == 0 && line[i].has.reason == HERE;
	}
	job->lines += (int64_t) lines;
	job->offset_at = place.offset;
	job->row_at = place.row;
	import_line_insert (b, line, lines);
	if (place.end)
		job_over (b, job, import_state_checked);
}

/* ---- writing ---- */

struct writing {
	struct head head;
	struct import_job *job;
	const struct import_due *due;
	struct import_done *done;
	size_t n;
	struct contact_create *create;
	struct contact_update *update;
	struct contact_reactivate *back; /* of those that are updated, the inactive ones: first */
	size_t creates, updates, backs;
	size_t *create_of, *update_of; /* which row each is of */
	struct deal_import_asked *deal;
	size_t deals;
};

static void row_skipped (struct writing *w, size_t i, const char *reason)
{
	w->done[i].did = import_did_skipped;
	w->done[i].reason = reason;
	w->done[i].has.reason = HERE;
	w->done[i].has.contact_id = w->done[i].has.account_id = w->done[i].has.deal_id = ABSENT;
	w->done[i].has.before = w->done[i].has.version = ABSENT;
}

/* A row of an e-mail that stands in this bite already waits for the next: one statement would not see the other. */
static size_t rows_apart (const struct import_due due[], size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (due[i].has.email == HERE && due[k].has.email == HERE && strcmp (due[i].email, due[k].email) == 0)
				return i;
	return n;
}

/* The command's struct out of the row's JSON, with what is said here. */
static bool command_of (struct batch *b, const struct record *r, const char *json, struct uuid contact, account_id *account, void *ret)
{
	char id[UUID_TEXT];
	json_t *part = json_loads (json, 0, NULL);
	json_object_set_new (part, "contact_id", json_string (uuid_format (contact, id)));
	if (account)
		json_object_set_new (part, "account_id", json_string (uuid_format (account->uuid, id)));
	bool good = record_from_json (batch_arena (b), r, part, false, ret, NULL) == OK;
	json_decref (part);
	return good;
}

/* The companies that are not there yet, each once; rows[i].account_id is there afterwards. */
static void accounts_made (struct batch *b, struct writing *w, account_id account[], bool has[])
{
	struct account_create *cmd = ARRAY (b, cmd, w->n);
	const char **key = ARRAY (b, key, w->n);
	size_t *of = ARRAY (b, of, w->n), n = 0;
	for (size_t i = 0; i < w->n; i++) {
		const struct import_due *d = &w->due[i];
		has[i] = d->has.account_name == HERE && d->has.contact_id != HERE;
		if (!has[i])
			continue;
		account[i] = d->account_id;
		if (d->has.account_id == HERE) {
			has[i] = grant_covers (&w->head.grant, &d->account_owner_id);
			continue;
		}
		size_t k = 0;
		while (k < n && strcmp (key[k], d->account_key))
			k++;
		if (k == n) {
			cmd[n] = (struct account_create){ .head = w->head, .account_id = { uuid_new (b) }, .name = d->account_name };
			of[n] = i;
			key[n++] = d->account_key;
		}
		account[i] = cmd[k].account_id;
	}
	struct outcome *outcome = ARRAY (b, outcome, n + 1);
	account_create (b, cmd, n, outcome);
	for (size_t k = 0; k < n; k++) {
		if (is_done (outcome[k])) {
			w->done[of[k]].account_id = cmd[k].account_id;
			w->done[of[k]].has.account_id = HERE;
		}
		for (size_t i = 0; i < w->n && !is_done (outcome[k]); i++)
			has[i] = has[i] && !uuid_equal (account[i].uuid, cmd[k].account_id.uuid);
	}
}

static const char *refusal_of (struct outcome outcome)
{
	return outcome.problem && outcome.problem->n_errors ? outcome.problem->errors[0].code : error_code (outcome.error);
}

static void creates_run (struct batch *b, struct writing *w)
{
	struct outcome *outcome = ARRAY (b, outcome, w->creates + 1);
	contact_create (b, w->create, w->creates, outcome);
	for (size_t k = 0; k < w->creates; k++) {
		struct import_done *d = &w->done[w->create_of[k]];
		d->contact_id = w->create[k].contact_id;
		d->version = outcome[k].version;
		d->has.contact_id = d->has.version = HERE;
		d->did = import_did_created;
		if (!is_done (outcome[k]))
			row_skipped (w, w->create_of[k], refusal_of (outcome[k]));
	}
}

static void updates_run (struct batch *b, struct writing *w)
{
	struct outcome *outcome = ARRAY (b, outcome, w->updates + 1);
	contact_reactivate (b, w->back, w->backs, outcome); /* what refuses that refuses the update as well */
	contact_update (b, w->update, w->updates, outcome);
	for (size_t k = 0; k < w->updates; k++) {
		struct import_done *d = &w->done[w->update_of[k]];
		d->contact_id = w->update[k].contact_id;
		d->version = outcome[k].version;
		d->before = w->due[w->update_of[k]].before;
		d->has.contact_id = d->has.version = HERE;
		d->has.before = w->due[w->update_of[k]].has.before;
		d->did = import_did_updated;
		if (!is_done (outcome[k]))
			row_skipped (w, w->update_of[k], refusal_of (outcome[k]));
	}
}

/* Pipeline makes the deals: the person is there for it to name. */
static void deals_ask (struct batch *b, struct writing *w, const account_id account[], const bool has[])
{
	for (size_t k = 0; k < w->creates; k++) {
		size_t i = w->create_of[k];
		const struct contact_create *c = &w->create[k];
		if (w->due[i].has.deal != HERE || w->done[i].did != import_did_created)
			continue;
		struct deal_import_asked *deal = &w->deal[w->deals++];
		*deal = (struct deal_import_asked){ .head = head_caused (b, &w->head),
						    .deal_id = { uuid_new (b) },
						    .import_id = w->job->import_id,
						    .title = w->due[i].has.account_name == HERE ? w->due[i].account_name : c->name,
						    .contact_id = c->contact_id,
						    .contact_name = c->name,
						    .company = w->due[i].account_name,
						    .account_id = account[i],
						    .fields = w->due[i].deal,
						    .has = { .contact_id = HERE, .contact_name = HERE, .fields = HERE } };
		deal->has.company = w->due[i].has.account_name;
		deal->has.account_id = has[i] ? HERE : ABSENT;
		if (w->head.grant.scope == SCOPE_OWN) {
			deal->owner_id.uuid = w->head.grant.user;
			deal->has.owner_id = HERE;
		}
		w->done[i].deal_id = deal->deal_id;
		w->done[i].has.deal_id = HERE;
	}
	deal_import_asked_emit (b, w->deal, w->deals);
}

static void rows_write (struct batch *b, struct writing *w)
{
	account_id *account = ARRAY (b, account, w->n);
	bool *has = ARRAY (b, has, w->n);
	accounts_made (b, w, account, has);
	for (size_t i = 0; i < w->n; i++) {
		const struct import_due *d = &w->due[i];
		bool known = d->has.contact_id == HERE, back = known && w->job->profile == import_profile_prospects;
		bool good;
		if (back && !d->inactive) {
			row_skipped (w, i, "taken");
			continue;
		}
		if (known) {
			w->update_of[w->updates] = i;
			good = command_of (b, &contact_update_record, d->contact, d->contact_id.uuid, NULL, &w->update[w->updates]);
			w->update[w->updates].head = w->head;
			w->updates += good;
			if (good && back)
				w->back[w->backs++] = (struct contact_reactivate){ .head = w->head, .contact_id = d->contact_id };
		} else {
			w->create_of[w->creates] = i;
			good = command_of (b, &contact_create_record, d->contact, uuid_new (b), has[i] ? &account[i] : NULL,
					   &w->create[w->creates]);
			w->create[w->creates].head = w->head;
			w->creates += good;
		}
		if (!good)
			row_skipped (w, i, "malformed");
	}
	creates_run (b, w);
	updates_run (b, w);
	deals_ask (b, w, account, has);
}

static void bite_write (struct batch *b, struct import_job *job, bool one)
{
	struct import_bite bite = {
		.workspace_id = job->workspace_id, .import_id = job->import_id, .after_n = job->applied, .most = one ? 1 : WRITE
	};
	struct writing w = { .head = head_of_job (b, job), .job = job };
	size_t found;
	w.due = import_next (b, &bite, 1, &found);
	w.n = rows_apart (w.due, found);
	w.done = ARRAY (b, w.done, w.n + 1);
	w.create = ARRAY (b, w.create, w.n + 1);
	w.update = ARRAY (b, w.update, w.n + 1);
	w.create_of = ARRAY (b, w.create_of, w.n + 1);
	w.update_of = ARRAY (b, w.update_of, w.n + 1);
	w.back = ARRAY (b, w.back, w.n + 1);
	w.deal = ARRAY (b, w.deal, w.n + 1);
	for (size_t i = 0; i < w.n; i++)
		w.done[i] = (struct import_done){ .workspace_id = job->workspace_id, .import_id = job->import_id, .n = w.due[i].n };
	if (stuck.tries > TRIES && w.n)
		row_skipped (&w, 0, "internal");
	else
		rows_write (b, &w);
	for (size_t i = 0; i < w.n; i++) {
		job->created += w.done[i].did == import_did_created;
		job->updated += w.done[i].did == import_did_updated;
		job->skipped += w.done[i].did == import_did_skipped;
		job->applied = w.done[i].n;
	}
	import_done_insert (b, w.done, w.n);
	if (found < (size_t) bite.most && w.n == found)
		job_over (b, job, import_state_done);
}

/* ---- taking back ---- */

/* Nobody changed them since, and nothing was written about them. */
static bool is_untouched (const struct import_back *row)
{
	return row->has.version == HERE && row->version == row->left_version && !row->used && !row->removed;
}

/* The fields of a person as they were, those that were empty too. */
static bool restore_of (struct batch *b, const struct import_back *row, struct contact_update *ret)
{
	return row->has.before == HERE && command_of (b, &contact_update_record, row->before, row->contact_id.uuid, NULL, ret);
}

/* Whoever was inactive is so again. */
static void archived_again (struct batch *b, const struct head *head, const struct import_back row[], size_t n)
{
	struct contact_archive *cmd = ARRAY (b, cmd, n + 1);
	struct outcome *outcome = ARRAY (b, outcome, n + 1);
	size_t archives = 0;
	for (size_t i = 0; i < n; i++)
		if (row[i].did == import_did_updated && row[i].inactive && is_untouched (&row[i]))
			cmd[archives++] = (struct contact_archive){ .head = *head, .contact_id = row[i].contact_id };
	contact_archive (b, cmd, archives, outcome);
}

/* The companies that it made go after the last of their people, when nobody changed them or wrote about them. */
static void companies_back (struct batch *b, const struct head *head, const struct import_undone undone[], size_t n)
{
	size_t bares;
	const struct import_bare *bare = import_bare_load (b, undone, n, &bares);
	struct account_trash *trash = ARRAY (b, trash, bares + 1);
	for (size_t i = 0; i < bares; i++)
		trash[i] = (struct account_trash){ .head = *head, .account_id = bare[i].account_id };
	account_trash (b, trash, bares, ARRAY (b, (struct outcome *) NULL, bares + 1));
}

static void bite_undo (struct batch *b, struct import_job *job, bool one)
{
	struct import_bite bite = {
		.workspace_id = job->workspace_id, .import_id = job->import_id, .after_n = job->applied, .most = one ? 1 : WRITE
	};
	const struct head head = head_of_job (b, job);
	size_t n, trashes = 0, restores = 0, deals = 0;
	const struct import_back *row = import_back_next (b, &bite, 1, &n);
	struct state_ask *trash = ARRAY (b, trash, n + 1);
	struct contact_update *restore = ARRAY (b, restore, n + 1);
	struct outcome *trashed = ARRAY (b, trashed, n + 1), *restored = ARRAY (b, restored, n + 1);
	struct import_undone *undone = ARRAY (b, undone, n + 1);
	struct deal_import_undone *deal = ARRAY (b, deal, n + 1);
	struct outcome **of = ARRAY (b, of, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (!is_untouched (&row[i]) || stuck.tries > TRIES)
			continue;
		if (row[i].did == import_did_created) {
			of[i] = &trashed[trashes];
			trash[trashes++] = (struct state_ask){ .head = &head, .id = row[i].contact_id, .primary = true };
		} else if (restore_of (b, &row[i], &restore[restores])) {
			of[i] = &restored[restores];
			restore[restores++].head = head;
		}
	}
	contacts_state (b, trash, trashes, people_action_delete, trashed, ARRAY (b, (bool *) NULL, n + 1));
	contact_update (b, restore, restores, restored);
	archived_again (b, &head, row, n);
	for (size_t i = 0; i < n; i++) {
		bool back = of[i] && is_done (*of[i]);
		undone[i] = (struct import_undone){ .workspace_id = job->workspace_id,
						    .import_id = job->import_id,
						    .contact_id = row[i].contact_id,
						    .undone = back ? "undone" : "kept" };
		if (back && row[i].has.deal_id == HERE)
			deal[deals++] = (struct deal_import_undone){ .head = head_caused (b, &head),
								     .deal_id = row[i].deal_id,
								     .import_id = job->import_id,
								     .owner_id = row[i].owner_id,
								     .has.owner_id = row[i].has.owner_id };
		job->taken_back += back ? row[i].rows : 0;
		job->kept += back ? 0 : row[i].rows;
		job->applied = row[i].n;
	}
	import_undone_write (b, undone, n);
	companies_back (b, &head, undone, n);
	deal_import_undone_emit (b, deal, deals);
	if (n < (size_t) bite.most)
		job_over (b, job, import_state_undone);
}

/* ---- several files ---- */

/* False: nothing could be done now, and that is nobody's fault. */
static bool bite_moving (struct batch *b, struct import_job *job, bool one)
{
	const struct head head = head_of_job (b, job);
	bool pass = stuck.tries > TRIES, failed = false;
	enum moving_step step;
	switch (job->state) {
	case import_state_checking:
		if (moving_look (b, job, &head.grant, one, &failed))
			job_over (b, job, import_state_checked);
		else if (failed || pass)
			job_over (b, job, import_state_failed);
		return true;
	case import_state_running:
		step = moving_write (b, job, &head, one, pass);
		if (step == MOVING_ENDS)
			job_over (b, job, import_state_done);
		stuck.tries = step == MOVING_WAITS ? -1 : stuck.tries;
		return step != MOVING_WAITS;
	case import_state_undoing:
		if (moving_undo (b, job, &head, one, pass))
			job_over (b, job, import_state_undone);
		return true;
	case import_state_mapping:
	case import_state_checked:
	case import_state_done:
	case import_state_cancelled:
	case import_state_undone:
	case import_state_failed:
	case import_state_count: break;
	}
	return true;
}

/* ---- time ---- */

/* What was over a month ago goes with all its rows, and so does what nobody went on with for a day; some of the rows at a time. True: there are more. */
static bool old_forgotten (struct batch *b, const struct imports_step *now)
{
	size_t n;
	const struct import_ask *old = imports_old (b, now, 1, &n);
	old = batch_own (b, &import_ask_record, old, &n);
	if (n == 0)
		return false;
	const struct import_bite bite = { .workspace_id = old->workspace_id, .import_id = old->import_id, .most = FORGET };
	import_old_drop (b, &bite, 1);
	moving_forget (b, old, 1);
	files_drop (batch_files (b), old->import_id.uuid);
	return true;
}

/* ---- a step of the clock ---- */

void imports_step (struct batch *b, const struct imports_step cmd[], size_t n, struct outcome ret[])
{
	size_t workspaces, found;
	struct imports_step now = cmd[0];
	now.now = batch_now (b);
	const struct workspace_due *own = imports_waiting (b, &now, 1, &workspaces);
	own = batch_own (b, &workspace_due_record, own, &workspaces);
	const struct import_job *waiting = imports_under_way (b, own, workspaces, &found);
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
	metric_set (&running, (int64_t) found);
	if (found) {
		struct import_job job = *waiting;
		const struct import_job before = job;
		enum import_state was = job.state;
		bool one = is_stuck (b, &job), waits = false;
		if (job.profile == import_profile_moving)
			waits = !bite_moving (b, &job, one);
		else if (was == import_state_checking)
			bite_look (b, &job, one);
		else if (was == import_state_running)
			bite_write (b, &job, one);
		else
			bite_undo (b, &job, one);
		metric_add (&rows_looked, job.lines - before.lines);
		metric_add (&rows_written, job.created + job.updated - before.created - before.updated);
		metric_add (&rows_failed, job.errors - before.errors + job.skipped - before.skipped);
		metric_add (&rows_undone, job.taken_back - before.taken_back);
		job.version++;
		job.touched_at = batch_now (b);
		import_write (b, &job, 1);
		if (job.state != was) {
			struct head head = head_of_job (b, &job);
			struct import_changed event = import_is_other (b, &head, &job);
			import_changed_emit (b, &event, 1);
		}
		ret[0].number = !waits; /* another one may wait, or this one again */
		return;
	}
	ret[0].number = old_forgotten (b, &now);
}
