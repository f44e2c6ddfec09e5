/* What the rooms of imports share: an import's file, its event, and its end. */
#ifndef LEADWIRE_CONTACTS_IMPORT_BITES_H
#define LEADWIRE_CONTACTS_IMPORT_BITES_H

#include "csv_file.h"
#include "records.h"

void imports_start (void); /* its metrics */
const char *import_file (struct batch *b, const struct import_job *job);
struct csv_shape import_shape (const struct import_job *job);
/* Rows as JSON: an array of arrays of texts. */
const char *import_sample (struct arena *a, const struct csv_row row[], size_t n);
struct import_changed import_is_other (struct batch *b, const struct head *cause, const struct import_job *job);
/* All that is kept of them goes, and their files; what they wrote stays. */
void imports_forget (struct batch *b, const struct import_ask ask[], size_t n);
/* What stands of somebody in the files of imports that are not written yet, by their words: a JSON array. */
void imports_forget_person (struct batch *b, struct uuid workspace, const char *words);
void imports_end (struct batch *b, const struct workspace_removed event[], size_t n);

#endif
