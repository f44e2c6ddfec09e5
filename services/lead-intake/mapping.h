/* A source's own rules: which value of a request is which field of a lead, where the names that forms use do not say it. Rules win over these names; what no
 * rule takes is read as ever, and stays among the lead's fields. Pure: read once, applied to any request's tree.
 * It must never drop a value that it cannot read, nor make one up: what no rule fits stays as it came. */
#ifndef LEADWIRE_INTAKE_MAPPING_H
#define LEADWIRE_INTAKE_MAPPING_H

#include "record.h"

enum { MAPPING_RULES_MOST = 100, MAPPING_FROM_MOST = 10, MAPPING_VALUES_MOST = 200, MAPPING_PATH_MOST = 300, MAPPING_TEXT_MOST = 1000 };

/* A mapping as JSON: a list of rules.
 *	{"to": "email", "from": "klant.mail"}					the value at a path
 *	{"to": "phone", "from": ["mobiel", "tel"]}				the first of these that is filled
 *	{"to": "message", "from": ["vraag", "wens"], "join": "\n"}		all of them that are
 *	{"to": "form_type", "value": "Offerte"}					always this
 *	{"to": "fields.maat", "from": "size", "values": {"s": "Klein"}, "else": "Anders"}	a table, whatever the case; without else what stands in none stays
 *	{"to": "last_name", "from": "naam", "part": "last"}			the first word, or what follows it
 *	{"to": "fields.datum", "from": "wanneer", "as": "date"}			a day or an amount as people write it, as 2026-12-31 or 1234.56
 *	{"read": "lines", "at": "data.leads"}					once at most: how the body is read, and where the lead, or the list of leads, lies in it
 * `to` is a field of a lead or of what somebody agreed to (see to_names in mapping.c), each once, or fields.<name>: a field of one's own. A path is names with dots between, as klant.adres.plaats or items.0.naam; a
 * name with dots in it is found whole first. Lists of {name, value} are known by their names.
 * `read`: json, form or lines ("Naam: Piet" each), whatever its Content-Type says; `at`: a path, on which a text that is itself JSON is opened. */

enum mapping_to {
	MAP_NAME,
	MAP_FIRST_NAME,
	MAP_LAST_NAME,
	MAP_COMPANY,
	MAP_EMAIL,
	MAP_PHONE,
	MAP_MESSAGE,
	MAP_FORM_TYPE,
	MAP_LANGUAGE,
	MAP_CONSENT,
	MAP_NEWS,
	MAP_CONSENT_TEXT,
	MAP_CONSENT_VERSION,
	MAP_FIELDS, /* one of the lead's other fields */
	MAP_TOS = MAP_FIELDS
};
enum mapping_part { PART_ALL, PART_FIRST, PART_LAST };
enum mapping_as { AS_TEXT, AS_DATE, AS_AMOUNT };
struct mapping_value {
	const char *when, *then; /* `when`: small, without blanks around it */
};
struct mapping_rule {
	enum mapping_to to;
	const char *field;	 /* FIELDS: its name */
	const char *const *from; /* paths; none: a constant */
	size_t n_from;
	const char *join;     /* between all of them that are filled; null: the first one alone */
	const char *constant; /* where no path stands */
	const struct mapping_value *value;
	size_t n_values;
	const char *other; /* of what stands in no row of the table; null: as it came */
	enum mapping_part part;
	enum mapping_as as;
};
enum mapping_body { BODY_AS_SENT, BODY_JSON, BODY_FORM_DATA, BODY_LINES };
struct mapping_rules {
	const struct mapping_rule *rule;
	size_t n;
	enum mapping_body body;
	const char *at; /* null: the body itself */
};

/* Reads and checks. REFUSED: `ret_problem` says where by JSON pointers ("/0/from/1"); codes: not_json not_a_list not_an_object not_a_string required unknown twice
 * not_a_choice too_many too_long malformed. All of *ret stands in the arena. */
enum status mapping_read (struct arena *a, const char *json, struct mapping_rules *ret, struct problem *ret_problem) MUST_CHECK;

/* What a rule makes of a request's object: the text, and the values that it was made of (they are taken). text null: nothing is there, or it cannot be read as
 * the rule says; then nothing is taken. In the arena. */
struct mapped {
	const char *text;
	const json_t *of[MAPPING_FROM_MOST];
	size_t n;
};
struct mapped mapping_apply (struct arena *a, const struct mapping_rule *rule, const json_t *object);

/* What lies at a path of a body, or null: a reference of the caller's (json_decref). Texts that are JSON are opened, at the path's end too. */
json_t *mapping_tree_at (json_t *body, const char *path);

/* ---- single values ---- */

/* A day as people write it, Dutch or English: 31-12-2026, 31/12/26, 31 december 2026, Dec 31, 2026, 2026-12-31 (with or without a time behind it). Of two numbers
 * that could both be the month the first is the day. As 2026-12-31; null: it is none. */
const char *date_typed (struct arena *a, const char *text);
/* An amount, Dutch or English: € 1.234,56, 1,234.56, 1234, 12,5, -3.50. As 1234.56, with the digits that stand there; null: it is none, or could be two. */
const char *amount_typed (struct arena *a, const char *text);

#endif
