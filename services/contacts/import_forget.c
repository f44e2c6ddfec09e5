/* Imports: somebody who is forgotten stands in no file that waits for its yes. Their rows are blanked where they lie, so that every other row stays where it
 * was, whatever was looked at by then; a file that changed lies under its new digest.
 * It must never blank a row for its name alone when it has an e-mail: that is somebody else's. */
#include "import.h"
#include "import_bites.h"
#include "moving.h"
#include "contacts_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "files.h"
#include "log.h"

enum { LOOK = 2000, DIGITS = 9, DIGITS_LEAST = 7 };

/* What they are called and reached by, by kind; `old`: what the files of one moving call them. */
struct words {
	const char **address, **phone, **name, **old;
	size_t addresses, phones, names, olds, olds_room;
};

/* A file that is gone through. */
struct forgetting {
	const char *path;
	struct uuid folder;
	struct csv_shape shape;
	bool header;
	const struct moving_plan *plan; /* of a moving's file, where somebody has said what it is */
	int64_t before;			/* its rows' numbers are counted from here */
};

/* The last nine digits; empty: it is no telephone number. */
static const char *number_of (struct arena *a, const char *text)
{
	char *digits = arena_alloc (a, strlen (text) + 1);
	size_t n = 0;
	if (text[strspn (text, "+0123456789 ()-./")])
		return "";
	for (; *text; text++)
		if (*text >= '0' && *text <= '9')
			digits[n++] = *text;
	return n < DIGITS_LEAST ? "" : n > DIGITS ? digits + n - DIGITS : digits;
}

static struct words words_read (struct arena *a, const char *json)
{
	json_t *all = json_loads (json, 0, NULL), *one;
	size_t n = json_array_size (all), i;
	struct words ret = { .address = arena_array (a, n + 1, sizeof *ret.address),
			     .phone = arena_array (a, n + 1, sizeof *ret.phone),
			     .name = arena_array (a, n + 1, sizeof *ret.name) };
	json_array_foreach (all, i, one)
	{
		const char *text = arena_text (a, json_is_string (one) ? json_string_value (one) : "");
		const char *number = number_of (a, text);
		if (strchr (text, '@'))
			ret.address[ret.addresses++] = text;
		else if (*number)
			ret.phone[ret.phones++] = number;
		else if (strchr (text, ' '))
			ret.name[ret.names++] = text;
	}
	json_decref (all);
	return ret;
}

static bool is_of_word (char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c && strchr ("._-+@", c)) || (unsigned char) c >= 0x80;
}

static bool holds_address (const char *cell, const char *address)
{
	size_t n = strlen (address);
	for (const char *at = cell; (at = strcasestr (at, address)); at++)
		if ((at == cell || !is_of_word (at[-1])) && (!is_of_word (at[n]) || (at[n] == '.' && !is_of_word (at[n + 1]))))
			return true;
	return false;
}

/* Of two cells beside each other, as the halves of a name stand. */
static bool is_name (const char *name, const char *first, const char *last)
{
	size_t n = strlen (first);
	return n && strncasecmp (name, first, n) == 0 && (*last ? name[n] == ' ' && strcasecmp (name + n + 1, last) == 0 : !name[n]);
}

static const struct moving_field *field_at (const struct moving_plan *plan, size_t column)
{
	return plan && column < plan->columns ? plan->column[column] : NULL;
}

/* "12;13": one of them is theirs. */
static bool names_old (const struct words *words, const char *cell)
{
	for (size_t n; *cell; cell += n + (cell[n] != '\0')) {
		cell += strspn (cell, " ");
		n = strcspn (cell, ";,");
		for (size_t k = 0; k < words->olds; k++)
			if (strlen (words->old[k]) == n && memcmp (words->old[k], cell, n) == 0)
				return true;
	}
	return false;
}

/* An address of its own makes a row somebody else's; a colleague's, whose record it is, does not. */
static bool is_own_address (const struct moving_plan *plan, const char *cell, size_t column)
{
	const struct moving_field *f = field_at (plan, column);
	return strchr (cell, '@') && (!plan || (f && f->how == MOVING_EMAIL));
}

static bool is_theirs (struct arena *a, const struct words *words, const struct moving_plan *plan, const struct csv_row *row)
{
	bool mailed = false, named = false;
	for (size_t i = 0; i < row->n; i++) {
		const char *cell = row->cell[i], *next = i + 1 < row->n ? row->cell[i + 1] : "";
		const char *number = words->phones ? number_of (a, cell) : "";
		const struct moving_field *f = field_at (plan, i);
		mailed = mailed || is_own_address (plan, cell, i);
		if (f && plan->kind == moving_kind_notes && (strcmp (f->key, "contact_id") == 0 || strcmp (f->key, "record_id") == 0) &&
		    names_old (words, cell))
			return true;
		for (size_t k = 0; k < words->addresses; k++)
			if (holds_address (cell, words->address[k]))
				return true;
		for (size_t k = 0; k < words->phones && *number; k++)
			if (strcmp (number, words->phone[k]) == 0)
				return true;
		for (size_t k = 0; k < words->names; k++)
			named = named || is_name (words->name[k], cell, "") || is_name (words->name[k], cell, next) ||
				is_name (words->name[k], next, cell);
	}
	return named && !mailed;
}

/* Blanks for all but its end: the rows behind it keep their numbers, whatever quotes stand in it. */
static bool blanked (struct arena *a, int fd, const struct csv_row *row)
{
	size_t n = (size_t) (row->ends - row->begins);
	char *bytes = arena_alloc (a, n + 1);
	if (pread (fd, bytes, n, (off_t) row->begins) != (ssize_t) n)
		return false;
	while (n && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r'))
		n--;
	memset (bytes, ' ', n);
	return pwrite (fd, bytes, n, (off_t) row->begins) == (ssize_t) n;
}

static void old_add (struct arena *a, struct words *words, const char *old)
{
	if (words->olds == words->olds_room) {
		const char **more = arena_array (a, 2 * words->olds_room + 8, sizeof *more);
		for (size_t k = 0; k < words->olds; k++)
			more[k] = words->old[k];
		words->old = more;
		words->olds_room = 2 * words->olds_room + 8;
	}
	words->old[words->olds++] = arena_text (a, old);
}

/* What a moving's file calls them, for the notes that name them by that alone. */
static void old_keep (struct arena *a, struct words *words, const struct moving_plan *plan, const struct csv_row *row)
{
	for (size_t i = 0; plan && plan->kind == moving_kind_contacts && i < row->n; i++) {
		const struct moving_field *f = field_at (plan, i);
		if (f && f->how == MOVING_OLD && *row->cell[i])
			old_add (a, words, row->cell[i]);
	}
}

/* Rows that are left out, for there is nothing in them: an attempt whose transaction broke off has blanked them, and their lines stand here yet. */
static void blanks_add (json_t *numbers, const struct forgetting *f, int64_t from, int64_t to)
{
	for (int64_t row = from; row < to; row++)
		json_array_append_new (numbers, json_integer (f->before + row));
}

/* Every row of theirs; `numbers`: a JSON array that they are added to, as are those that nothing stands in. */
static enum status rows_blank (struct arena *keep, const struct forgetting *f, int fd, struct words *words, json_t *numbers)
{
	struct csv_place place = { 0 };
	enum status status = OK;
	int64_t next = 1;
	while (status == OK && !place.end) {
		struct arena a;
		const struct csv_row *row;
		size_t n = 0;
		arena_init (&a);
		status = import_rows_read (&a, f->path, &f->shape, &place, LOOK, &row, &n);
		for (size_t i = 0; status == OK && i < n; i++) {
			blanks_add (numbers, f, next, row[i].row);
			next = row[i].row + 1;
			if ((f->header && row[i].row == 1) || !is_theirs (&a, words, f->plan, &row[i]))
				continue;
			old_keep (keep, words, f->plan, &row[i]);
			json_array_append_new (numbers, json_integer (f->before + row[i].row));
			status = blanked (&a, fd, &row[i]) ? OK : FAULT;
		}
		arena_fini (&a);
	}
	blanks_add (numbers, f, next, place.row);
	return status == REFUSED ? OK : status; /* a row that nobody can read ends the import anyway */
}

/* Under the digest of what is in it now; the name before stays beside it, for whoever has to begin again, and goes with the import. */
static enum status renamed (struct batch *b, const struct forgetting *f, char sha256[SHA256_TEXT])
{
	const char *link_path = arena_printf (batch_arena (b), "%s.forget", f->path);
	unlink (link_path);
	if (link (f->path, link_path))
		return FAULT;
	enum status status = file_take (batch_files (b), f->folder, link_path, sha256);
	unlink (link_path);
	return status;
}

/* The digest it lies under now; null: it is gone, or nothing could be done, which is in the log. */
static const char *file_forget (struct batch *b, const struct forgetting *f, struct words *words, json_t *numbers)
{
	int fd = f->path ? open (f->path, O_RDWR | O_CLOEXEC) : -1;
	char sha256[SHA256_TEXT];
	bool good = fd >= 0 && rows_blank (batch_arena (b), f, fd, words, numbers) == OK && fsync (fd) == 0 && renamed (b, f, sha256) == OK;
	if (!good && (fd >= 0 || errno != ENOENT))
		log_error ("import_not_forgotten", LOG_T ("path", f->path), LOG_T ("why", strerror (errno)));
	if (fd >= 0)
		close (fd);
	return good ? arena_text (batch_arena (b), sha256) : NULL;
}

static const char *numbers_end (struct batch *b, json_t *numbers)
{
	char *rows = json_dumps (numbers, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (b), rows);
	free (rows);
	json_decref (numbers);
	return ret;
}

static void import_forget (struct batch *b, const struct import_job *job, struct words *words)
{
	struct forgetting f = {
		.path = import_file (b, job), .folder = job->import_id.uuid, .shape = import_shape (job), .header = job->header
	};
	struct import_forgotten gone = { .workspace_id = job->workspace_id, .import_id = job->import_id };
	json_t *numbers = json_array ();
	gone.sha256 = file_forget (b, &f, words, numbers);
	gone.rows = numbers_end (b, numbers);
	if (gone.sha256)
		import_rows_forget (b, &gone, 1);
}

/* People before what was said of them: in that order the files are read. While somebody still says what they are, rows that were looked at are counted by
 * files as they stood then: all of them are looked at anew. */
static void moving_forget_person (struct batch *b, const struct import_job *job, struct words *words)
{
	struct import_ask ask = { .workspace_id = job->workspace_id, .import_id = job->import_id };
	size_t n, olds, files = 0;
	const struct moving_file *file = moving_files (b, &ask, 1, &n);
	struct moving_forgotten *gone = ARRAY (b, gone, n + 1);
	struct import_forgotten rows = { .workspace_id = job->workspace_id, .import_id = job->import_id, .sha256 = job->sha256 };
	json_t *all = json_array ();
	words->olds = 0;
	for (size_t i = 0; i < n; i++) {
		struct moving_plan *plan = ARRAY (b, plan, 1);
		bool said = file[i].has.kind == HERE &&
			    is_done (moving_plan_read (batch_arena (b), (int) file[i].kind, file[i].mapping, i, plan)) && plan->used;
		struct forgetting f = { .path = file_path (batch_arena (b), batch_files (b), file[i].file_id.uuid, file[i].sha256),
					.folder = file[i].file_id.uuid,
					.shape = moving_shape (&file[i]),
					.header = file[i].header,
					.plan = said ? plan : NULL,
					.before = moving_row (i, 0) };
		json_t *numbers = json_array ();
		const char *sha256 = file_forget (b, &f, words, numbers);
		json_array_extend (all, numbers);
		gone[files] = (struct moving_forgotten){ .workspace_id = job->workspace_id,
							 .import_id = job->import_id,
							 .file_id = file[i].file_id,
							 .sha256 = sha256,
							 .rows = numbers_end (b, numbers) };
		/* what rows were called that were blank already, too */
		const struct moving_old *old = moving_olds (b, &gone[files], sha256 != NULL, &olds);
		for (size_t k = 0; k < olds; k++)
			old_add (batch_arena (b), words, old[k].old_id);
		files += sha256 != NULL;
	}
	moving_rows_forget (b, gone, files);
	rows.rows = numbers_end (b, all);
	if (job->state == import_state_mapping)
		import_lines_drop (b, &ask, 1);
	else
		import_rows_forget (b, &rows, 1);
}

void imports_forget_person (struct batch *b, struct uuid workspace, const char *said)
{
	struct words words = words_read (batch_arena (b), said);
	struct import_ask ask = { .workspace_id = { workspace } };
	size_t n = 0;
	const struct import_job *job = words.addresses + words.phones + words.names ? imports_with_files (b, &ask, 1, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if (job[i].profile == import_profile_moving)
			moving_forget_person (b, &job[i], &words);
		else
			import_forget (b, &job[i], &words);
}
