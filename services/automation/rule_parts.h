/* What reading and writing a rule share: names of its JSON, and which value an operator takes. It must never be needed outside rule*.c. */
#ifndef LEADWIRE_AUTOMATION_RULE_PARTS_H
#define LEADWIRE_AUTOMATION_RULE_PARTS_H

#include "rule.h"

extern const char *const span_names[], *const weekday_names[],
					       *const group_names[]; /* each ended by null; in the order of their enums, from Monday on */

/* AMOUNT: a number, or one of a currency. */
enum wanted { WANTED_NOTHING, WANTED_WORD, WANTED_WORDS, WANTED_IDS, WANTED_NUMBER, WANTED_AMOUNT, WANTED_DAY, WANTED_DAYS, WANTED_FLAG };
enum wanted wanted_of (enum fact_kind kind, enum op op);

#endif
