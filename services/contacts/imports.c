/* Imports: what people ask of them, one function per command, in the order of proto/contacts.def. What takes long is done in bites: import_bites.c.
 * Never writes a record: only how far an import is. */
#include "import.h"
#include "import_bites.h"
#include "moving.h"
#include "rules.h"
#include "contacts_sql.h"

#include <stdlib.h>
#include <string.h>

#include "files.h"

enum { SAMPLE = 11 };

const char *import_file (struct batch *b, const struct import_job *job)
{
	return file_path (batch_arena (b), batch_files (b), job->import_id.uuid, job->sha256);
}

struct csv_shape import_shape (const struct import_job *job)
{
	return (struct csv_shape){
		.delimiter = *job->delimiter, .legacy = job->legacy, .begins = job->begins, .bytes = job->bytes, .records = job->records
	};
}

struct import_changed import_is_other (struct batch *b, const struct head *cause, const struct import_job *job)
{
	struct import_changed ret = { .head = head_caused (b, cause),
				      .import_id = job->import_id,
				      .profile = job->profile,
				      .state = job->state,
				      .created = job->created,
				      .updated = job->updated,
				      .skipped = job->skipped,
				      .taken_back = job->taken_back,
				      .owner_id = job->owner_id,
				      .has.owner_id = job->has.owner_id };
	ret.head.workspace = job->workspace_id.uuid;
	return ret;
}

/* What it says of itself when nothing was done yet. */
static void begun_anew (struct import_job *job)
{
	job->offset_at = job->row_at = job->lines = job->ready = job->updates = job->repeats = job->errors = job->applied = job->place = 0;
	job->created = job->updated = job->skipped = job->taken_back = job->kept = 0;
}

/* ---- a file is here ---- */

const char *import_sample (struct arena *a, const struct csv_row row[], size_t n)
{
	json_t *all = json_array ();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_array ();
		for (size_t k = 0; k < row[i].n; k++)
			json_array_append_new (one, json_string (row[i].cell[k]));
		json_array_append_new (all, one);
	}
	char *text = json_dumps (all, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (all);
	return ret;
}

static struct outcome file_opened (struct batch *b, const struct import_open *cmd, struct import_job *job)
{
	struct arena *a = batch_arena (b);
	struct csv_place place = { 0 };
	const struct csv_row *row;
	size_t n = 0;
	*job = (struct import_job){
		.workspace_id = { cmd->head.workspace },
		.import_id = cmd->import_id,
		.owner_id = { cmd->head.actor },
		.profile = cmd->profile,
		.state = import_state_mapping,
		.name = cmd->name,
		.sha256 = cmd->sha256,
		.bytes = cmd->bytes,
		.delimiter = cmd->delimiter,
		.legacy = cmd->legacy,
		.begins = cmd->begins,
		.records = cmd->records,
		.created_at = batch_now (b),
	};
	memset (&job->has, HERE, sizeof job->has);
	job->has.name = cmd->has.name;
	job->has.system = ABSENT;
	if (job->profile == import_profile_moving) {
		job->header = true;
		job->sample = job->mapping = "[]";
		return moving_file_add (b, cmd, job);
	}
	struct csv_shape shape = import_shape (job);
	const char *path = *cmd->delimiter ? import_file (b, job) : NULL;
	if (!path || import_rows_read (a, path, &shape, &place, SAMPLE, &row, &n) != OK || !n)
		return refused (import_unreadable);
	bool cards = import_is_cards (&shape);
	if (cards && job->profile != import_profile_contacts)
		return refused (import_cards);
	job->header = !cards && import_is_header (a, &row[0]);
	if (job->header && n == 1)
		return refused (import_unreadable);
	job->sample = import_sample (a, row, n);
	job->mapping = cards ? import_cards_mapping : import_propose (a, job->profile, &row[0], job->header);
	return done ();
}

/* ---- its steps ---- */

static const struct import_job *jobs_of (struct batch *b, const void *cmd, size_t size, size_t n, size_t id_at)
{
	struct import_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		const char *one = (const char *) cmd + i * size;
		ask[i].workspace_id.uuid = ((const struct head *) (const void *) one)->workspace;
		memcpy (&ask[i].import_id, one + id_at, sizeof ask[i].import_id);
	}
	return import_load (b, ask, n);
}
#define JOBS_OF(b, cmd, n) jobs_of (b, cmd, sizeof *(cmd), n, (size_t) ((const char *) &(cmd)->import_id - (const char *) (cmd)))

/* Whoever sees all of a workspace sees all imports, others their own; `states`: bits of those in which this can be asked. */
static struct outcome step_check (const struct head *head, const struct import_job *was, unsigned states)
{
	if (was->has.state != HERE || !grant_covers (&head->grant, &was->owner_id))
		return refused (import_not_found);
	return states >> was->state & 1 ? done () : refused (import_not_now);
}
#define STATE(name) (1u << import_state_##name)

static struct import_job step_to (struct batch *b, const struct head *head, const struct import_job *was, enum import_state state)
{
	struct import_job job = *was;
	job.state = state;
	job.version++;
	job.asked_by.uuid = head->actor;
	job.has.asked_by = HERE;
	job.step_at = job.touched_at = batch_now (b);
	job.has.step_at = job.has.touched_at = HERE;
	return job;
}

static void steps_end (struct batch *b, const struct import_job job[], const struct head *const cause[], size_t n)
{
	struct import_changed *event = ARRAY (b, event, n);
	for (size_t i = 0; i < n; i++)
		event[i] = import_is_other (b, cause[i], &job[i]);
	import_write (b, job, n);
	import_changed_emit (b, event, n);
	if (n)
		batch_hurry (b);
}

/* Another file of a moving that is here. */
static struct outcome file_into (struct batch *b, const struct import_open *cmd)
{
	struct import_ask ask = { .workspace_id = { cmd->head.workspace }, .import_id = cmd->into_id };
	const struct import_job *was = import_load (b, &ask, 1);
	struct outcome ret = step_check (&cmd->head, was, STATE (mapping) | STATE (checked));
	struct import_job job = step_to (b, &cmd->head, was, import_state_mapping);
	const struct head *cause = &cmd->head;
	if (is_done (ret))
		ret = was->profile == import_profile_moving ? moving_file_add (b, cmd, &job) : refused (import_not_now);
	if (!is_done (ret)) {
		files_drop (batch_files (b), cmd->import_id.uuid);
		return ret;
	}
	ret.id = cmd->into_id.uuid;
	ret.version = job.version;
	steps_end (b, &job, &cause, 1);
	return ret;
}

void import_open (struct batch *b, const struct import_open cmd[], size_t n, struct outcome ret[])
{
	struct import_ask *ask = ARRAY (b, ask, n);
	struct import_job *job = ARRAY (b, job, n);
	size_t jobs = 0;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct import_ask){ .workspace_id = { cmd[i].head.workspace }, .import_id = cmd[i].import_id };
	const struct import_job *was = import_load (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		if (cmd[i].has.into_id == HERE) {
			ret[i] = file_into (b, &cmd[i]);
			continue;
		}
		ret[i] = was[i].has.state == HERE ? done () : file_opened (b, &cmd[i], &job[jobs]);
		if (!is_done (ret[i])) {
			files_drop (batch_files (b), cmd[i].import_id.uuid);
			continue;
		}
		ret[i].id = cmd[i].import_id.uuid;
		ret[i].version = 1;
		jobs += was[i].has.state != HERE;
	}
	import_insert (b, job, jobs);
}

void import_map (struct batch *b, const struct import_map cmd[], size_t n, struct outcome ret[])
{
	const struct import_job *was = JOBS_OF (b, cmd, n);
	struct import_job *job = ARRAY (b, job, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t jobs = 0;
	for (size_t i = 0; i < n; i++) {
		struct import_plan *plan = ARRAY (b, plan, 1);
		ret[i] = step_check (&cmd[i].head, &was[i], STATE (mapping) | STATE (checked));
		if (!is_done (ret[i]))
			continue;
		job[jobs] = step_to (b, &cmd[i].head, &was[i], import_state_mapping);
		bool moving = was[i].profile == import_profile_moving;
		bool cards = *was[i].delimiter == VCARD_DELIMITER; /* say for themselves what they are */
		if (moving)
			ret[i] = moving_map (b, &cmd[i], &job[jobs]);
		else
			ret[i] = import_plan_read (batch_arena (b), was[i].profile, cards ? was[i].mapping : cmd[i].mapping, NULL, plan);
		import_plan_end (plan);
		if (ret[i].state == OUTCOME_REFUSED && ret[i].error == ERROR_import_mapping) /* said when it is checked */
			ret[i] = done ();
		if (!is_done (ret[i]))
			continue;
		if (!cards && !moving)
			job[jobs].mapping = cmd[i].mapping;
		if (cmd[i].has.header == HERE && !cards && !moving)
			job[jobs].header = cmd[i].header;
		ret[i].id = cmd[i].import_id.uuid;
		ret[i].version = job[jobs].version;
		cause[jobs++] = &cmd[i].head;
	}
	steps_end (b, job, cause, jobs);
}

void import_check (struct batch *b, const struct import_check cmd[], size_t n, struct outcome ret[])
{
	const struct import_job *was = JOBS_OF (b, cmd, n);
	struct import_job *job = ARRAY (b, job, n);
	struct import_ask *anew = ARRAY (b, anew, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t jobs = 0;
	for (size_t i = 0; i < n; i++) {
		struct import_plan *plan = ARRAY (b, plan, 1);
		ret[i] = step_check (&cmd[i].head, &was[i], STATE (mapping) | STATE (checked));
		if (!is_done (ret[i]))
			continue;
		ret[i] = was[i].profile == import_profile_moving
				 ? moving_check (b, &was[i])
				 : import_plan_read (batch_arena (b), was[i].profile, was[i].mapping, NULL, plan);
		import_plan_end (plan);
		if (!is_done (ret[i]))
			continue;
		job[jobs] = step_to (b, &cmd[i].head, &was[i], import_state_checking);
		begun_anew (&job[jobs]);
		job[jobs].choices = cmd[i].choices;
		job[jobs].has.choices = cmd[i].has.choices;
		job[jobs].scope = cmd[i].head.grant.scope;
		job[jobs].permissions = (int64_t) (cmd[i].head.grant.permissions & INT64_MAX);
		anew[jobs] = (struct import_ask){ .workspace_id = was[i].workspace_id, .import_id = was[i].import_id };
		ret[i].id = cmd[i].import_id.uuid;
		ret[i].version = job[jobs].version;
		cause[jobs++] = &cmd[i].head;
	}
	import_lines_drop (b, anew, jobs);
	steps_end (b, job, cause, jobs);
}

/* Who means what: the rows are looked at anew with that. */
void import_name (struct batch *b, const struct import_name cmd[], size_t n, struct outcome ret[])
{
	const struct import_job *was = JOBS_OF (b, cmd, n);
	struct import_job *job = ARRAY (b, job, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t jobs = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = step_check (&cmd[i].head, &was[i], STATE (mapping) | STATE (checked));
		if (is_done (ret[i]))
			ret[i] = moving_names_choose (b, &cmd[i], &was[i]);
		if (!is_done (ret[i]))
			continue;
		job[jobs] = step_to (b, &cmd[i].head, &was[i], import_state_mapping);
		ret[i].id = cmd[i].import_id.uuid;
		ret[i].version = job[jobs].version;
		cause[jobs++] = &cmd[i].head;
	}
	steps_end (b, job, cause, jobs);
}

/* One step for each command, by the rights of who asks. */
static void step_all (struct batch *b, const struct head *const head[], const struct import_job was[], size_t n, unsigned from,
		      enum import_state to, struct outcome ret[])
{
	struct import_job *job = ARRAY (b, job, n);
	const struct head **cause = ARRAY (b, cause, n);
	size_t jobs = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = step_check (head[i], &was[i], from);
		if (!is_done (ret[i]))
			continue;
		struct import_job *j = &job[jobs];
		*j = step_to (b, head[i], &was[i], to);
		if (to == import_state_running)
			j->skipped = j->errors;
		if (to == import_state_running || to == import_state_undoing) {
			j->applied = 0;
			j->scope = head[i]->grant.scope;
			j->permissions = (int64_t) (head[i]->grant.permissions & INT64_MAX);
		} else {
			j->finished_at = batch_now (b);
			j->has.finished_at = HERE;
			files_drop (batch_files (b), j->import_id.uuid);
			moving_files_end (b, j);
		}
		ret[i].id = j->import_id.uuid;
		ret[i].version = j->version;
		cause[jobs++] = head[i];
	}
	steps_end (b, job, cause, jobs);
}

#define STEP_ALL(b, cmd, n, from, to, ret)                                                \
	do {                                                                              \
		const struct head **head = ARRAY (b, head, n);                            \
		for (size_t i = 0; i < (n); i++)                                          \
			head[i] = &(cmd)[i].head;                                         \
		step_all (b, head, JOBS_OF (b, cmd, n), n, from, import_state_##to, ret); \
	} while (0)

void import_confirm (struct batch *b, const struct import_confirm cmd[], size_t n, struct outcome ret[])
{
	STEP_ALL (b, cmd, n, STATE (checked), running, ret);
}

void import_cancel (struct batch *b, const struct import_cancel cmd[], size_t n, struct outcome ret[])
{
	STEP_ALL (b, cmd, n, STATE (mapping) | STATE (checking) | STATE (checked) | STATE (running), cancelled, ret);
}

void import_undo (struct batch *b, const struct import_undo cmd[], size_t n, struct outcome ret[])
{
	STEP_ALL (b, cmd, n, STATE (done) | STATE (cancelled), undoing, ret);
}

/* ---- what goes with a workspace, or with time ---- */

void imports_forget (struct batch *b, const struct import_ask ask[], size_t n)
{
	moving_forget (b, ask, n);
	import_drop (b, ask, n);
	for (size_t i = 0; i < n; i++)
		files_drop (batch_files (b), ask[i].import_id.uuid);
}

void imports_end (struct batch *b, const struct workspace_removed event[], size_t n)
{
	size_t found;
	const struct import_ask *ask = imports_of_workspace (b, event, n, &found);
	imports_forget (b, ask, found);
	imported_end (b, event, n);
}
