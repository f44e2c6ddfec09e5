/* Two contacts or accounts become one, and two again; what is looked at and not merged. Rules of it stand in rules_merge.c, the rows in
 * sql/0026_merge.sql. Never merges what the asker may not see, never takes back what another merge stands upon. */
#ifndef LEADWIRE_CONTACTS_MERGE_H
#define LEADWIRE_CONTACTS_MERGE_H

#include "records.h"

/* `fields` is {field: survivor or loser}, of fields there are; refused with a pointer. */
struct outcome merge_fields_check (struct arena *a, enum merge_kind kind, const char *fields);
/* Whether two may become one. Done with an id: they are one already, by that merge. `not_found`, `changed`: what it is called for this kind. */
struct outcome merge_check (const struct head *head, const struct merge_ask *ask, const struct merge_place *place, int64_t version,
			    int64_t loser_version, struct outcome not_found, struct outcome changed);
/* Whether a merge may be taken back; skipped: it was. */
struct outcome merge_undo_check (const struct head *head, const struct merge_place *place);

#endif
