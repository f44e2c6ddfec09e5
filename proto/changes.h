/* What is different between a record as it was and as it is, as struct change: every value as the text that people read, null where there is none.
 * Pure; for every service that tells what changed. Never notes a field that is as it was. */
#ifndef LEADWIRE_CHANGES_H
#define LEADWIRE_CHANGES_H

#include "records.h"

/* Whether a list of changes says something of that field. */
bool changes_name (struct list changes, const char *field);

/* Appends to `changes`, which has room for it, unless both are the same. */
void change_note (struct list *changes, const char *field, const char *old, const char *new);

/* A text's value: as it stands in a row of any record. */
#define SAID(row, field) ((row)->has.field == HERE ? (row)->field : NULL)
const char *number_said (struct arena *a, unsigned char has, int64_t number);
const char *money_said (struct arena *a, unsigned char has, struct money m);
const char *time_said (struct arena *a, unsigned char has, int64_t at);
const char *date_said (struct arena *a, unsigned char has, int32_t day);
const char *id_said (struct arena *a, unsigned char has, struct uuid id);

#endif
