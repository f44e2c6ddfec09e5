/* Imports: what a row of a file is. Pure functions over cells; the commands and bites stand in imports.c.
 * Never lets a cell go anywhere but to the field that somebody said it is. */
#ifndef LEADWIRE_CONTACTS_IMPORT_H
#define LEADWIRE_CONTACTS_IMPORT_H

#include "vcard_file.h"
#include "records.h"

enum import_part { PART_contact, PART_account, PART_deal };
enum import_kind {
	IMPORT_TEXT,
	IMPORT_EMAIL,
	IMPORT_CODE,
	IMPORT_PHONE,
	IMPORT_LOCALE,
	IMPORT_STATUS,
	IMPORT_TYPE,
	IMPORT_NUMBER,
	IMPORT_EMAILS,
	IMPORT_PHONES
};
struct import_field {
	enum import_profile profile;
	const char *key, *member, *aliases;
	enum import_part part;
	enum import_kind kind;
	bool required;
};

/* Letters and digits of a column's name alone, in lower case. */
const char *import_plain (struct arena *a, const char *name);
/* Whether a first row names columns: a known name does, an e-mail or a number does not. */
bool import_is_header (struct arena *a, const struct csv_row *row);
/* JSON: what each column is taken for, by its name, or where there are no names by what stands in it; each field once. */
const char *import_propose (struct arena *a, enum import_profile profile, const struct csv_row *first, bool header);

/* Of a file of vCards: what its columns are, and a card as a row of them. */
extern const char import_cards_mapping[];
struct csv_row import_card_row (struct arena *a, const struct vcard *card);
bool import_is_cards (const struct csv_shape *shape);
/* Rows of a file whatever it is, as csv_read gives them. */
enum status import_rows_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
			      const struct csv_row **ret, size_t *ret_n) MUST_CHECK;

/* How the rows of one import are read. */
struct import_plan {
	enum import_profile profile;
	const struct import_field *column[CSV_CELLS_MOST]; /* null: not used */
	size_t columns;
	json_t *choices; /* of catalogues; null: not known, so whatever stands there is taken */
};
/* Refused with a pointer into the mapping: no such field, one named twice, a required one that no column holds. plan_end gives its memory back. */
struct outcome import_plan_read (struct arena *a, enum import_profile profile, const char *mapping, const char *choices,
				 struct import_plan *ret);
void import_plan_end (struct import_plan *plan);

/* A row as it would be written (but for who is known already): verdict "ready" or "error". */
struct import_line import_line_read (struct arena *a, const struct import_plan *plan, const struct import_job *job,
				     const struct csv_row *row);
/* What is known of its e-mail decides it. `same_as`: an earlier row of the file has it; 0: none. */
void import_line_judge (struct arena *a, const struct import_job *job, const struct import_known *known, int64_t same_as,
			const struct grant *grant, struct import_line *line);

#endif
