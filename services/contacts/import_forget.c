/* Imports: somebody who is forgotten stands in no file that waits for its yes. Their rows are blanked where they lie, so that every other row stays where it
 * was, whatever was looked at by then; a file that changed lies under its new digest.
 * It must never blank a row for its name alone when it has an e-mail: that is somebody else's. */
#include "import.h"
#include "import_bites.h"
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

/* What they are called and reached by, by kind. */
struct words {
	const char **address, **phone, **name;
	size_t addresses, phones, names;
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

static bool is_theirs (struct arena *a, const struct words *words, const struct csv_row *row)
{
	bool mailed = false, named = false;
	for (size_t i = 0; i < row->n; i++) {
		const char *cell = row->cell[i], *next = i + 1 < row->n ? row->cell[i + 1] : "";
		const char *number = words->phones ? number_of (a, cell) : "";
		mailed = mailed || strchr (cell, '@');
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

/* Blanks for all but the ends of lines that are no part of a cell: the rows behind it keep their numbers. */
static bool blanked (struct arena *a, int fd, const struct csv_row *row)
{
	size_t n = (size_t) (row->ends - row->begins);
	char *bytes = arena_alloc (a, n + 1);
	bool quoted = false;
	if (pread (fd, bytes, n, (off_t) row->begins) != (ssize_t) n)
		return false;
	for (size_t i = 0; i < n; i++) {
		quoted ^= bytes[i] == '"';
		if (quoted || (bytes[i] != '\n' && bytes[i] != '\r'))
			bytes[i] = ' ';
	}
	return pwrite (fd, bytes, n, (off_t) row->begins) == (ssize_t) n;
}

/* Every row of theirs; `numbers`: a JSON array that they are added to. */
static enum status rows_blank (const struct import_job *job, const char *path, int fd, const struct words *words, json_t *numbers)
{
	struct csv_shape shape = import_shape (job);
	struct csv_place place = { 0 };
	enum status status = OK;
	while (status == OK && !place.end) {
		struct arena a;
		const struct csv_row *row;
		size_t n = 0;
		arena_init (&a);
		status = import_rows_read (&a, path, &shape, &place, LOOK, &row, &n);
		for (size_t i = 0; status == OK && i < n; i++) {
			if ((job->header && row[i].row == 1) || !is_theirs (&a, words, &row[i]))
				continue;
			json_array_append_new (numbers, json_integer (row[i].row));
			status = blanked (&a, fd, &row[i]) ? OK : FAULT;
		}
		arena_fini (&a);
	}
	return status == REFUSED ? OK : status; /* a row that nobody can read ends the import anyway */
}

/* Under the digest of what is in it now; the name before stays beside it, for whoever has to begin again, and goes with the import. */
static enum status renamed (struct batch *b, const struct import_job *job, const char *path, char sha256[SHA256_TEXT])
{
	const char *link_path = arena_printf (batch_arena (b), "%s.forget", path);
	unlink (link_path);
	if (link (path, link_path))
		return FAULT;
	enum status status = file_take (batch_files (b), job->import_id.uuid, link_path, sha256);
	unlink (link_path);
	return status;
}

static void file_forget (struct batch *b, const struct import_job *job, const struct words *words)
{
	const char *path = import_file (b, job);
	int fd = path ? open (path, O_RDWR | O_CLOEXEC) : -1;
	json_t *numbers = json_array ();
	char sha256[SHA256_TEXT];
	bool good = fd >= 0 && rows_blank (job, path, fd, words, numbers) == OK && fsync (fd) == 0 && renamed (b, job, path, sha256) == OK;
	if (fd >= 0)
		close (fd);
	if (good) {
		char *rows = json_dumps (numbers, JSON_COMPACT);
		struct import_forgotten gone = { .workspace_id = job->workspace_id,
						 .import_id = job->import_id,
						 .sha256 = arena_text (batch_arena (b), sha256),
						 .rows = arena_text (batch_arena (b), rows) };
		free (rows);
		import_rows_forget (b, &gone, 1);
	} else if (fd >= 0 || errno != ENOENT) {
		log_error ("import_not_forgotten", LOG_T ("path", path), LOG_T ("why", strerror (errno)));
	}
	json_decref (numbers);
}

void imports_forget_person (struct batch *b, struct uuid workspace, const char *said)
{
	struct words words = words_read (batch_arena (b), said);
	struct import_ask ask = { .workspace_id = { workspace } };
	size_t n = 0;
	const struct import_job *job = words.addresses + words.phones + words.names ? imports_with_files (b, &ask, 1, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		file_forget (b, &job[i], &words);
}
