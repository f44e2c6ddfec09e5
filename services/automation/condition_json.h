/* Which condition bears a number, in a rule's JSON: decisions and firings keep the number alone. Pure. It must never ask a condition, nor count otherwise than
 * rule_read does. */
#ifndef LEADWIRE_AUTOMATION_CONDITION_JSON_H
#define LEADWIRE_AUTOMATION_CONDITION_JSON_H

#include <jansson.h>

/* `conditions`: a rule's "if", may be null. From 1, in the order in which they are written, groups or not. Null: it has not so many. Of `conditions`. */
const json_t *condition_numbered (const json_t *conditions, size_t number);

#endif
