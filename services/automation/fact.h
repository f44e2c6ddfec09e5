/* Facts: what a rule may ask and hand on, by name, and what each is. "event.<field>" is of the event that the rule hears, "<record>.<field>" of a record as it
 * stands, "history.<counter>" of what happened before. It must never name a field that is SECRET, nor look anything up itself. */
#ifndef LEADWIRE_AUTOMATION_FACT_H
#define LEADWIRE_AUTOMATION_FACT_H

#include "records.h"

/* FACT_OWN: of a field that a workspace gave its records: what it holds is seen only when it is asked. */
enum fact_kind {
	FACT_TEXT,
	FACT_CHOICE,
	FACT_NUMBER,
	FACT_FLAG,
	FACT_TIME,
	FACT_DATE,
	FACT_MONEY,
	FACT_ID,
	FACT_LIST,
	FACT_OWN,
	FACT_KINDS
};
enum fact_of { FACT_OF_EVENT, FACT_OF_RECORD, FACT_OF_HISTORY };

struct fact_name {
	const char *name; /* whole: "event.deal_id" */
	enum fact_of of;
	enum fact_kind kind;
	const char *noun;	   /* ID, and LIST of ids: of what; else null */
	const char *const *choice; /* CHOICE: its values' names, ended by null */
	const struct field *field; /* the event's, or of the event that tells of such a record; null: no field holds it */
	const char *key;	   /* OWN: the field's key */
	const char *doc;	   /* what it is */
};

/* A number with four digits behind the point, as a count of ten-thousandths: no i64 of a record is too large for it. */
typedef __int128 fact_number;
enum { FACT_NUMBER_DIGITS = 4, FACT_NUMBER_ONE = 10000 };

/* A fact's value. ABSENT: nobody knows (the record is not known here). CLEARED: it is known that there is none. An OWN fact comes as what it holds: a text, a
 * number, a flag, a date or a list. */
struct fact {
	enum has has;
	enum fact_kind kind;
	const char *text;  /* TEXT, CHOICE */
	const char *small; /* TEXT, CHOICE: the same with every letter small (text_small); what is compared */
	fact_number number;
	bool flag;
	int64_t at;  /* TIME: µs since 1970 UTC */
	int32_t day; /* DATE; TIME: the day that it is then in the workspace's zone */
	struct money money;
	struct uuid id;
	const char *const *list; /* LIST: small */
	size_t n;
};

/* Whether there is a fact of that name where `event` (null: none) is heard; its texts stand in the arena or in tables. */
bool fact_find (struct arena *a, const struct record *event, const char *name, struct fact_name *ret);
/* Whether facts may begin with this record's name: deal, contact, account, lead, document. */
bool fact_record (const char *name);
/* Every fact there is where `event` is heard that is of the event; of none (null): those of records and of history. In the arena. Of a workspace's own fields,
 * of which nobody here knows, one stands for all: its name ends with "*", where a field's key goes. */
const struct fact_name *facts_all (struct arena *a, const struct record *event, size_t *ret_n);
/* The field that a fact of such a record is of ("custom": what its own ones are in); null: it can not be asked, or no field holds it. */
const struct field *fact_field (const char *record, const char *name);

/* Values. Each text is kept as it is (the caller's), and small in the arena. "" is CLEARED. */
struct fact fact_of_text (struct arena *a, const char *text);
struct fact fact_of_list (struct arena *a, const char *const text[], size_t n);
struct fact fact_of_money (struct money money);
struct fact fact_of_whole (int64_t number);
/* `day`: which day that is in the workspace's zone: zone_wall knows. */
struct fact fact_of_time (int64_t at, int32_t day);
struct fact fact_of_date (int32_t day);
struct fact fact_of_id (struct uuid id);
struct fact fact_of_flag (bool flag);
/* A member of a record's own values, as JSON: null and {} and [] are CLEARED; what is of no kind that can be asked is ABSENT. */
struct fact fact_of_own (struct arena *a, const json_t *value);
/* What an item (a struct of the event or row that name->field is of) says. `day_of` gives the workspace's day of a moment. A field that is not HERE is CLEARED: an event that carries
 * none says that there is none. */
struct fact fact_of_field (struct arena *a, const struct fact_name *name, const void *item,
			   int32_t (*day_of) (const void *zone, int64_t at), const void *zone);

/* ---- numbers and days as people write them ---- */

/* As machines write it: digits, at most 15, and four behind a point. REFUSED: anything else. */
enum status number_exact (const char *text, fact_number *ret) MUST_CHECK;

/* In which language a workspace writes: decides "1.500" and "3/4/2026". */
enum written { WRITTEN_NL, WRITTEN_EN };

/* "1.500,00" "1500.5" "€ 1 500" "-12" … REFUSED: no number, more than four digits behind its point, or more than 18 before. Where a lone sign with three digits
 * behind it may be either, the language says: "1.500" is 1500 in Dutch and 1.5 in English. */
enum status number_written (const char *text, enum written written, fact_number *ret) MUST_CHECK;
/* "2026-11-23" "23-11-2026" "23/11/2026" "23 november 2026" "23 nov. 2026" "November 23, 2026". REFUSED: no day; or, in English, one with slashes that may be
 * two ("3/4/2026": in Dutch the day stands first). */
enum status day_written (const char *text, enum written written, int32_t *ret) MUST_CHECK;

#endif
