/* What reading and writing a rule share: names of its JSON, and which value an operator takes. It must never be needed outside rule*.c. */
#ifndef LEADWIRE_AUTOMATION_RULE_PARTS_H
#define LEADWIRE_AUTOMATION_RULE_PARTS_H

#include "rule.h"

/* ---- reading ---- */

struct reader {
	struct arena *a;
	struct problem *problem;
	size_t faults;
	struct rule *rule; /* what is being made */
	struct fact_name *fact;
	size_t room;
	const struct record *own_places; /* the command whose placeholders it fills itself; null: none does */
};

/* What is wrong at a JSON pointer; false. `code`: of struct problem_error, or: required not_a_choice unknown malformed no_record out_of_range too_many too_deep unreachable
 * twice not_a_list, and those of templates (template_…) in texts. */
bool rule_wrong (struct reader *r, const char *at, const char *code, const char *detail);
const char *rule_member_at (struct reader *r, const char *at, const char *name);
const char *rule_item_at (struct reader *r, const char *at, size_t i);
/* An object with no members but these (a list of names with blanks around each). */
bool rule_members_check (struct reader *r, const char *at, const json_t *object, const char *names);
/* Index in a list that null ends; -1: it is none of these, or null. */
int rule_name_find (const char *const names[], const char *name);
/* The fact of that name among the rule's, put there if it was not; `name` may be null. */
bool rule_fact_read (struct reader *r, const char *at, const json_t *name, size_t *ret);
bool rule_span_read (struct reader *r, const char *at, const json_t *value, int shortest, struct span *ret);
/* "09:00": minutes since midnight. */
bool rule_minute_read (struct reader *r, const char *at, const json_t *value, int *ret);
/* A DO step's members (null: none are given). The step knows its command; what it makes out of them is put into it. */
void rule_with_read (struct reader *r, const char *at, const json_t *with, struct step *ret);

/* ---- writing ---- */

extern const char *const span_names[],
	*const weekday_names[], *const group_names[],
					*const pick_names[]; /* each ended by null; in the order of their enums, from Monday on */

/* AMOUNT: a number, or one of a currency. */
enum wanted { WANTED_NOTHING, WANTED_WORD, WANTED_WORDS, WANTED_IDS, WANTED_NUMBER, WANTED_AMOUNT, WANTED_DAY, WANTED_DAYS, WANTED_FLAG };
enum wanted wanted_of (enum fact_kind kind, enum op op);

#endif
