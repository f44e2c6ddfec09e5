/* Moving in: several files of another system as one import. What a row of such a file is stands in moving_rows.c, as pure functions; commands and bites in
 * moving.c and moving_bites.c. Never makes a record twice: what its system calls it is kept. */
#ifndef LEADWIRE_CONTACTS_MOVING_H
#define LEADWIRE_CONTACTS_MOVING_H

#include "csv_file.h"
#include "records.h"

enum { MOVING_FILES_MOST = 32 };

/* ---- rows (moving_rows.c) ---- */

enum moving_part { MOVING_none, MOVING_account, MOVING_contact, MOVING_deal, MOVING_activity };
enum moving_how {
	MOVING_TEXT,
	MOVING_EMAIL,
	MOVING_OLD,
	MOVING_REF,
	MOVING_NAME,
	MOVING_OWNER,
	MOVING_STAGE,
	MOVING_STATUS,
	MOVING_MONEY,
	MOVING_CURRENCY,
	MOVING_DATE,
	MOVING_TIME,
	MOVING_KIND,
	MOVING_DONE
};
struct moving_field {
	enum moving_kind kind;
	const char *key;
	enum moving_part part;
	enum moving_how how;
	bool required;
	const char *aliases;
};

/* Which system's file this is and what its rows are, by the names of its columns; *ret_system: that of the other files, which goes before, or null. Null
 * afterwards: none that is known; kind -1: it cannot be told. */
void moving_recognise (struct arena *a, const struct csv_row *first, const char **ret_system, int *ret_kind);
/* JSON: what each column is taken for. */
const char *moving_propose (struct arena *a, const char *system, int kind, const struct csv_row *first, bool header);

struct moving_plan {
	enum moving_kind kind;
	const struct moving_field *column[CSV_CELLS_MOST]; /* null: not used */
	size_t columns, used;
	const char *currency; /* of amounts that name none */
};
/* Refused with a pointer: no such field, one named twice, a required one that no column holds (but where no column is used at all: the file is left out). */
struct outcome moving_plan_read (struct arena *a, int kind, const char *mapping, size_t place, struct moving_plan *ret);
/* A row as it would be written, verdict "ready" or "error"; n: its place among all rows of all files. */
struct import_line moving_line_read (struct arena *a, const struct moving_plan *plan, const struct import_job *job, int64_t n,
				     const struct csv_row *row);

/* Who is called so: a stage or a user of the workspace, by what the gateway told (see import_check). False: nobody. */
bool moving_target (const json_t *choices, const char *kind, const char *name, struct uuid *ret);
/* A text of a row's data; null: it says nothing of it. */
const char *moving_said (struct arena *a, const char *data, const char *key);

/* ---- commands and bites (moving.c, moving_bites.c) ---- */

struct csv_shape moving_shape (const struct moving_file *file);
/* A row's place among all rows of all files. */
int64_t moving_row (size_t file, int64_t row);
/* The files' bytes go; before that they were needed. */
void moving_files_end (struct batch *b, const struct import_job *job);
/* They go with all that was kept of the import. */
void moving_forget (struct batch *b, const struct import_ask ask[], size_t n);
struct outcome moving_map (struct batch *b, const struct import_map *cmd, struct import_job *job);
struct outcome moving_check (struct batch *b, const struct import_job *job);
struct outcome moving_file_add (struct batch *b, const struct import_open *cmd, struct import_job *job);
struct outcome moving_names_choose (struct batch *b, const struct import_name *cmd, const struct import_job *job);

/* How long an import has waited for what pipeline makes; see moving_bites.c. True: it goes on without. */
struct patience {
	struct uuid import;
	int64_t row, looked_at, waited;
};
/* Each import has its own: they take turns, and one that is looked at would forget how long another has waited. A new one takes the place of
 * whichever was looked at longest ago. */
struct patience *patience_of (struct patience p[], size_t n, struct uuid import);
bool patience_ends (struct patience *p, struct uuid import, int64_t row, bool is_here, int64_t now);

/* One bite; true: there are no more. False from `look` with ret_failed: a file could not be read. */
bool moving_look (struct batch *b, struct import_job *job, const struct grant *grant, bool one, bool *ret_failed);
enum moving_step { MOVING_GOES_ON, MOVING_WAITS, MOVING_ENDS }; /* it waits for pipeline, which makes the deals that it asked for */
enum moving_step moving_write (struct batch *b, struct import_job *job, const struct head *head, bool one, bool pass);
bool moving_undo (struct batch *b, struct import_job *job, const struct head *head, bool one, bool pass);

#endif
