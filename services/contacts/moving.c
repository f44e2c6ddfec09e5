/* Moving in: the files of one import, what its names mean, and their rows looked at, a bite at a time; what a row is decides moving_rows.c.
 * Never writes a record: moving_bites.c. */
#include "moving.h"

#include <stdlib.h>
#include <string.h>
#include "charset.h"

#include "files.h"
#include "import.h"
#include "import_bites.h"
#include "rules.h"
#include "contacts_sql.h"

enum { LOOK = 1000, SAMPLE = 11, FILE_SHIFT = 32 };

/* ---- files ---- */

struct csv_shape moving_shape (const struct moving_file *file)
{
	return (struct csv_shape){ .delimiter = *file->delimiter,
				   .legacy = file->legacy,
				   .begins = file->begins,
				   .bytes = file->bytes,
				   .records = file->records };
}

int64_t moving_row (size_t file, int64_t row)
{
	return (int64_t) (file + 1) << FILE_SHIFT | row;
}

static struct import_ask ask_of (const struct import_job *job)
{
	return (struct import_ask){ .workspace_id = job->workspace_id, .import_id = job->import_id };
}

static const struct moving_file *files_of (struct batch *b, const struct import_job *job, size_t *ret_n)
{
	struct import_ask ask = ask_of (job);
	return moving_files (b, &ask, 1, ret_n);
}

static int kind_of_file (const struct moving_file *file)
{
	return file->has.kind == HERE ? (int) file->kind : -1;
}

void moving_files_end (struct batch *b, const struct import_job *job)
{
	size_t n;
	if (job->profile != import_profile_moving)
		return;
	const struct moving_file *file = files_of (b, job, &n);
	struct moving_file *over = ARRAY (b, over, n + 1);
	for (size_t i = 0; i < n; i++) {
		over[i] = file[i];
		over[i].finished_at = batch_now (b);
		over[i].has.finished_at = HERE;
		files_drop (batch_files (b), file[i].file_id.uuid);
	}
	moving_file_write (b, over, n);
}

void moving_forget (struct batch *b, const struct import_ask ask[], size_t n)
{
	size_t files;
	const struct moving_file *file = moving_files (b, ask, n, &files);
	for (size_t i = 0; i < files; i++)
		files_drop (batch_files (b), file[i].file_id.uuid);
	moving_drop (b, ask, n);
}

/* Reads a file's first rows; what it is, is proposed. */
static struct outcome file_read (struct batch *b, const struct import_open *cmd, struct import_job *job, struct moving_file *file)
{
	struct arena *a = batch_arena (b);
	struct csv_place place = { 0 };
	const struct csv_row *row;
	const char *system = job->has.system == HERE ? job->system : NULL;
	size_t n = 0;
	int kind;
	*file = (struct moving_file){ .workspace_id = job->workspace_id,
				      .import_id = job->import_id,
				      .file_id.uuid = cmd->import_id.uuid,
				      .name = cmd->name,
				      .sha256 = cmd->sha256,
				      .bytes = cmd->bytes,
				      .delimiter = cmd->delimiter,
				      .legacy = cmd->legacy,
				      .begins = cmd->begins,
				      .records = cmd->records,
				      .header = true,
				      .has.name = cmd->has.name };
	struct csv_shape shape = moving_shape (file);
	const char *path = *cmd->delimiter ? file_path (a, batch_files (b), cmd->import_id.uuid, cmd->sha256) : NULL;
	if (import_is_cards (&shape))
		return refused (import_cards);
	if (!path || csv_read (a, path, &shape, &place, SAMPLE, &row, &n) != OK || n < 2)
		return refused (import_unreadable);
	moving_recognise (a, &row[0], &system, &kind);
	if (kind >= 0)
		file->kind = (enum moving_kind) kind, file->has.kind = HERE;
	if (system && job->has.system != HERE)
		job->system = system, job->has.system = HERE;
	file->sample = import_sample (a, row, n);
	file->mapping = moving_propose (a, system, kind, &row[0], true);
	return done ();
}

struct outcome moving_file_add (struct batch *b, const struct import_open *cmd, struct import_job *job)
{
	struct moving_file file;
	size_t n;
	const struct moving_file *there = files_of (b, job, &n);
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (there[i].file_id.uuid, cmd->import_id.uuid))
			return done ();
	if (n >= MOVING_FILES_MOST)
		return refused (import_full);
	struct outcome ret = file_read (b, cmd, job, &file);
	if (is_done (ret))
		moving_file_insert (b, &file, 1);
	return ret;
}

static struct csv_row first_row (struct batch *b, const char *sample)
{
	json_t *json = json_loads (sample, 0, NULL), *row = json_array_get (json, 0);
	struct csv_row ret = { .n = json_array_size (row), .cell = ARRAY (b, ret.cell, json_array_size (row) + 1) };
	for (size_t i = 0; i < ret.n; i++)
		ret.cell[i] = arena_text (batch_arena (b), json_string_value (json_array_get (row, i)));
	json_decref (json);
	return ret;
}

/* Rows of another kind have other fields: what the columns are is proposed anew. */
struct outcome moving_map (struct batch *b, const struct import_map *cmd, struct import_job *job)
{
	size_t n;
	const struct moving_file *there = files_of (b, job, &n);
	struct moving_plan plan;
	for (size_t i = 0; i < n; i++) {
		struct moving_file file = there[i];
		if (cmd->has.file_id != HERE || !uuid_equal (file.file_id.uuid, cmd->file_id.uuid))
			continue;
		bool other = cmd->has.kind == HERE && (file.has.kind != HERE || file.kind != cmd->kind);
		if (cmd->has.kind == HERE)
			file.kind = cmd->kind, file.has.kind = HERE;
		if (cmd->has.header == HERE)
			file.header = cmd->header;
		if (cmd->has.system == HERE)
			job->system = cmd->system, job->has.system = HERE;
		struct csv_row first = first_row (b, file.sample);
		const char *system = job->has.system == HERE ? job->system : NULL;
		int kind = kind_of_file (&file);
		const char *said;
		int seen;
		moving_recognise (batch_arena (b), &first, &system, &seen);
		said = other ? moving_propose (batch_arena (b), seen == kind ? system : NULL, kind, &first, file.header) : cmd->mapping;
		struct outcome ret = moving_plan_read (batch_arena (b), kind, said, i, &plan);
		if (ret.state == OUTCOME_REFUSED && ret.error != ERROR_import_mapping) /* what is missing is said when it is checked */
			return ret;
		file.mapping = said;
		moving_file_write (b, &file, 1);
		return done ();
	}
	return refused_at (batch_arena (b), "/file_id", "not_a_choice", "there is no such file");
}

struct outcome moving_check (struct batch *b, const struct import_job *job)
{
	size_t n, used = 0;
	const struct moving_file *file = files_of (b, job, &n);
	struct import_ask ask = ask_of (job);
	for (size_t i = 0; i < n; i++) {
		struct moving_plan plan;
		struct outcome ret = moving_plan_read (batch_arena (b), kind_of_file (&file[i]), file[i].mapping, i, &plan);
		if (!is_done (ret))
			return ret;
		used += plan.used > 0;
	}
	if (!used)
		return refused (import_mapping);
	moved_names_anew (b, &ask, 1);
	return done ();
}

struct outcome moving_names_choose (struct batch *b, const struct import_name *cmd, const struct import_job *job)
{
	struct arena *a = batch_arena (b);
	json_t *names = json_loads (cmd->names, 0, NULL), *one;
	struct moved_name *row = ARRAY (b, row, json_array_size (names) + 1);
	struct outcome ret = json_is_array (names) ? done () : refused_at (a, "/names", "not_a_list", "an array of {kind, name, target}");
	size_t i, n = 0;
	json_array_foreach (names, i, one)
	{
		const char *kind = json_string_value (json_object_get (one, "kind")),
			   *name = json_string_value (json_object_get (one, "name")),
			   *target = json_string_value (json_object_get (one, "target"));
		struct uuid id = { 0 };
		if (!kind || !name || (strcmp (kind, "stage") && strcmp (kind, "owner")) || (target && uuid_parse (target, &id) != OK)) {
			ret = refused_at (a, arena_printf (a, "/names/%zu", i), "not_a_choice",
					  "kind stage or owner, a name and an id or null");
			break;
		}
		row[n] = (struct moved_name){ .workspace_id = job->workspace_id,
					      .import_id = job->import_id,
					      .kind = arena_text (a, kind),
					      .name = arena_text (a, name),
					      .target.uuid = id,
					      .chosen = true,
					      .has.target = target ? HERE : ABSENT };
		size_t k = 0;
		while (k < n && (strcmp (row[k].kind, row[n].kind) || strcmp (row[k].name, row[n].name)))
			k++;
		row[k] = row[n];
		n += k == n;
	}
	json_decref (names);
	if (is_done (ret))
		moved_name_choose (b, row, n);
	return ret;
}

/* ---- looking ---- */

struct names {
	const struct moved_name *there;
	size_t n;
	struct moved_name *count; /* those of this bite */
	size_t counts;
	json_t *choices;
};

static const struct moved_name *name_found (const struct moved_name row[], size_t n, const char *kind, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (row[i].kind, kind) == 0 && strcmp (row[i].name, name) == 0)
			return &row[i];
	return NULL;
}

/* Counts it; false: it is nothing here. */
static bool name_take (struct names *names, const struct import_job *job, const char *kind, const char *name)
{
	const struct moved_name *there = name_found (names->there, names->n, kind, name);
	struct moved_name *count = (struct moved_name *) (uintptr_t) name_found (names->count, names->counts, kind, name);
	if (!count) {
		struct uuid target = { 0 };
		bool has = there ? there->has.target == HERE : moving_target (names->choices, kind, name, &target);
		count = &names->count[names->counts++];
		*count = (struct moved_name){ .workspace_id = job->workspace_id,
					      .import_id = job->import_id,
					      .kind = kind,
					      .name = name,
					      .target.uuid = there ? there->target.uuid : target,
					      .chosen = there && there->chosen,
					      .has.target = has ? HERE : ABSENT };
	}
	count->rows++;
	return count->has.target == HERE;
}

static void line_error (struct import_line *line, const char *field, const char *reason, const char *detail)
{
	if (strcmp (line->verdict, "error") == 0)
		return;
	line->verdict = "error";
	line->field = field;
	line->reason = reason;
	line->detail = detail;
	line->has.field = line->has.reason = HERE;
	line->has.detail = detail ? HERE : ABSENT;
}

static bool lines_same (const struct import_line *x, const struct import_line *y)
{
	return (x->has.old_id == HERE && y->has.old_id == HERE && strcmp (x->old_id, y->old_id) == 0) ||
	       (x->has.email == HERE && y->has.email == HERE && strcmp (x->email, y->email) == 0) ||
	       (x->kind == moving_kind_companies && x->has.called == HERE && y->has.called == HERE && text_same (x->called, y->called));
}

/* What is known of it decides it. One record is one row: a second one of the same is wrong, for nobody could say which of them is meant. */
static void lines_judge (struct batch *b, struct import_line line[], size_t n, const struct grant *grant)
{
	const struct moving_known *known = moving_known (b, line, n);
	for (size_t i = 0; i < n; i++) {
		int64_t same = known[i].has.same_as == HERE ? known[i].same_as : 0;
		for (size_t k = 0; k < i && !same; k++)
			if (strcmp (line[k].verdict, "error") && lines_same (&line[k], &line[i]))
				same = line[k].n;
		if (same)
			line_error (&line[i], "old_id", "same_row",
				    arena_printf (batch_arena (b), "%lld", (long long) (same & UINT32_MAX)));
		else if (!known[i].meant)
			line_error (&line[i], "record", "no_record", NULL);
		else if (known[i].has.record_id == HERE && (known[i].has.owner_id == HERE || line[i].kind == moving_kind_deals) &&
			 !grant_covers (grant, &known[i].owner_id))
			line_error (&line[i], "old_id", "taken", NULL);
		else if (known[i].has.record_id == HERE && strcmp (line[i].verdict, "error"))
			line[i].verdict = "update";
	}
}

static void line_names (struct batch *b, struct names *names, const struct import_job *job, struct import_line *line)
{
	const char *owner = moving_said (batch_arena (b), line->data, "owner"), *stage = moving_said (batch_arena (b), line->data, "stage");
	if (owner)
		name_take (names, job, "owner", owner);
	if (stage && !name_take (names, job, "stage", stage))
		line_error (line, "stage", "no_stage", stage);
}

static struct names names_begin (struct batch *b, const struct import_job *job, size_t most)
{
	struct import_ask ask = ask_of (job);
	struct names ret = { .choices = job->has.choices == HERE ? json_loads (job->choices, 0, NULL) : NULL,
			     .count = ARRAY (b, ret.count, 2 * most + 1) };
	ret.there = moved_names (b, &ask, 1, &ret.n);
	return ret;
}

static void lines_count (struct import_job *job, const struct import_line line[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		job->errors += strcmp (line[i].verdict, "error") == 0;
		job->updates += strcmp (line[i].verdict, "update") == 0;
		job->ready += strcmp (line[i].verdict, "ready") == 0;
	}
	job->lines += (int64_t) n;
}

bool moving_look (struct batch *b, struct import_job *job, const struct grant *grant, bool one, bool *ret_failed)
{
	struct arena *a = batch_arena (b);
	size_t files, n = 0, lines = 0;
	const struct moving_file *file = files_of (b, job, &files);
	struct csv_place place = { .offset = job->offset_at, .row = job->row_at };
	const struct csv_row *row;
	struct moving_plan *plan = ARRAY (b, plan, 1);
	*ret_failed = false;
	if ((size_t) job->place >= files)
		return true;
	file += job->place;
	struct csv_shape shape = moving_shape (file);
	if (!is_done (moving_plan_read (a, kind_of_file (file), file->mapping, (size_t) job->place, plan)) ||
	    csv_read (a, file_path (a, batch_files (b), file->file_id.uuid, file->sha256), &shape, &place, one ? 1 : LOOK, &row, &n) !=
		    OK) {
		*ret_failed = true;
		return false;
	}
	struct names names = names_begin (b, job, n);
	plan->currency = json_string_value (json_object_get (names.choices, "currency"));
	struct import_line *line = ARRAY (b, line, n + 1);
	for (size_t i = 0; i < n && plan->used; i++)
		if (!file->header || job->offset_at || i)
			line[lines++] = moving_line_read (a, plan, job, moving_row ((size_t) job->place, row[i].row), &row[i]);
	for (size_t i = 0; i < lines; i++)
		line_names (b, &names, job, &line[i]);
	json_decref (names.choices);
	lines_judge (b, line, lines, grant);
	lines_count (job, line, lines);
	for (size_t i = 0; i < lines; i++) /* a wrong row stands in no other one's way */
		if (strcmp (line[i].verdict, "error") == 0)
			line[i].has.email = ABSENT;
	import_line_insert (b, line, lines);
	moved_name_count (b, names.count, names.counts);
	job->offset_at = place.offset;
	job->row_at = place.row;
	if (!place.end && plan->used)
		return false;
	job->place++;
	job->offset_at = job->row_at = 0;
	return (size_t) job->place == files;
}
