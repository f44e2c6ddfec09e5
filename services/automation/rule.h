/* A rule: when something happens or a time comes, if conditions hold, then steps are taken. Its JSON (rule_version.body) is read into structs, checked, and
 * written back in one form. Pure. It must never let a rule through that could ask a fact, or ask for a command, that there is none of. */
#ifndef LEADWIRE_AUTOMATION_RULE_H
#define LEADWIRE_AUTOMATION_RULE_H

#include "fact.h"
#include "rule_time.h"

/*   {"when": {"event": "invoice.paid"},
 *    "if":   {"all": [{"fact": "deal.value", "op": "more", "value": {"amount": "1000", "currency": "EUR"}},
 *                     {"none": [{"fact": "account.tags", "op": "is", "value": ["vip"]}]}]},
 *    "then": [{"do": "deal_move", "with": {"deal_id": {"fact": "event.deal_id"}, "stage": "won"}},
 *             {"wait": {"days": 3}},
 *             {"if": {"all": […]}, "then": […], "else": […]},
 *             {"stop": true}]}
 *
 * when  {"event": type}                                    it is said
 *       {"event": type, "after": span}                     so long after that
 *       {"before": fact, "by": span, "at": "09:00"}        so long before a record's day: days or longer
 *       {"quiet": record, "for": span}                     nothing happened to such a record for so long
 *       {"each": ["monday", …], "at": "09:00"}             each week on these days
 * span  {"minutes": n}, or hours, days, weeks, months      one of them, 1 to SPAN_MOST
 * if    absent: always. {"all": […]}, {"any": […]} or {"none": […]}, of one or more conditions and such groups.
 * with  values as the command's own JSON has them, or in place of one, in members of a list's items too:
 *       {"fact": name}                                     what that fact holds when the step is taken
 *       {"in": span}                                       of a time or a date: so long after that
 *       {"pick": [user, …], "by": "turn"}                  of a user's id: one of them; "load": who has the fewest open deals
 *       and in a text {{fact}}, with filters and conditions as templates have them (template.h). A command whose own placeholders are asked for
 *       ("placeholders": true) fills its texts itself: there no fact is put in, for a value could be read as a placeholder.
 *       The id of what the command makes (command_makes) is left out: whoever takes the step gives it. The id of the deal, lead, contact, account or document
 *       that a command needs may be left out too: it is read as that which the event names, else as that of the record that the rule is about. */

enum {
	RULE_BYTES_MOST = 64 * 1024, /* of the JSON */
	RULE_CONDITIONS_MOST = 50,   /* of one tree */
	RULE_DEPTH_MOST = 5,	     /* groups within groups; branches within branches */
	RULE_STEPS_MOST = 50,	     /* all of them, those of branches too */
	RULE_WORDS_MOST = 100,	     /* of one condition */
	RULE_WORD_BYTES = 200,
	RULE_DAYS_MOST = 9999,
};

enum when_kind { WHEN_EVENT, WHEN_AFTER, WHEN_BEFORE, WHEN_QUIET, WHEN_EACH };
struct when {
	enum when_kind kind;
	const struct record *event; /* EVENT, AFTER */
	struct span span;	    /* AFTER, BEFORE, QUIET */
	size_t fact;		    /* BEFORE: index in rule.fact; a date or a time */
	const char *record;	    /* QUIET */
	struct weekly each;	    /* EACH; BEFORE: .minute alone */
};

/* Operators, in the order of op_names; the words are those of segments (proto/conditions.h) where these have them. What each means: rule_eval.h. */
enum op {
	OP_IS,
	OP_IS_NOT,
	OP_CONTAINS,
	OP_CONTAINS_NOT,
	OP_STARTS,
	OP_MORE,
	OP_LESS,
	OP_AT_LEAST,
	OP_AT_MOST,
	OP_BEFORE,
	OP_AFTER,
	OP_WITHIN,
	OP_NOT_WITHIN,
	OP_AHEAD,
	OP_NOT_AHEAD,
	OP_EMPTY,
	OP_FILLED,
	OP_COUNT
};
extern const char *const op_names[]; /* ended by null */
/* Which operators a kind takes: bits 1u << op. */
unsigned ops_of (enum fact_kind kind);

struct condition {
	size_t number; /* in its tree, from 1, in the order in which they are written */
	size_t fact;   /* index in rule.fact */
	enum op op;
	/* what it is asked for: the one that op and the fact's kind take */
	const char *const *word;   /* TEXT, CHOICE, LIST, OWN: as written; one of them is enough */
	const char *const *small;  /* the same, small */
	const struct uuid *id;	   /* ID */
	size_t n;		   /* words or ids */
	fact_number number_wanted; /* NUMBER, MONEY, and OWN where it is ordered */
	char currency[4];	   /* MONEY: ""; of whichever currency */
	int32_t day;		   /* DATE, TIME: a day */
	int days;		   /* within, ahead: how many */
	bool flag;
};

enum node_kind { NODE_ALL, NODE_ANY, NODE_NONE, NODE_CONDITION };
struct node {
	enum node_kind kind;
	const struct node *at; /* of a group */
	size_t n;
	struct condition condition;
};
struct conditions {
	const struct node *root; /* null: always */
	size_t n;		 /* conditions in it */
};

/* What a member of a command comes of, when the step is taken. */
enum given_kind {
	GIVEN_PLAIN, /* it stands there */
	GIVEN_FACT,
	GIVEN_IN,   /* so long after then: of a time the same moment or time of day, of a date its day */
	GIVEN_PICK, /* one of some users, whom the caller chooses */
	GIVEN_TEXT, /* a template whose placeholders are facts */
	GIVEN_LIST, /* parts of whose members one at least is none that stands there */
	GIVEN_JSON, /* a JSON value in which facts stand, as members of objects or items of arrays */
};
enum pick_by { PICK_TURN, PICK_LOAD }; /* one after another, or who has the fewest open deals */

struct given_field {
	const struct field *field;
	enum given_kind kind;
	const char *json;	 /* PLAIN, TEXT, JSON: as JSON; else null */
	size_t fact;		 /* FACT: index in rule.fact */
	struct span in;		 /* IN */
	int in_at;		 /* IN: at this minute of that day, where the workspace is; -1: at the same time of the day */
	const struct uuid *pick; /* PICK: none of them twice */
	size_t n_pick;
	enum pick_by pick_by;
	const char *text;    /* TEXT: what json says */
	const size_t *place; /* TEXT, JSON: the facts that it names: indices in rule.fact */
	size_t n_places;
	const struct given_item *item; /* LIST */
	size_t n_items;
};
/* A part in a list: what is given of its fields, in their order. */
struct given_item {
	const struct given_field *field;
	size_t n;
};

struct steps {
	const struct step *at;
	size_t n;
};
enum step_kind { STEP_DO, STEP_WAIT, STEP_BRANCH, STEP_STOP };
struct step {
	enum step_kind kind;
	size_t number;		      /* among all of the rule's steps, from 1, in the order in which they are written */
	const struct record *command; /* DO */
	const struct given_field *with;
	size_t n_with; /* in the order of the command's fields */
	struct span wait;
	struct conditions branch; /* BRANCH */
	struct steps yes, no;
};

struct rule {
	struct when when;
	struct conditions conditions;
	struct steps steps;
	size_t n_steps;		      /* all of them */
	const struct fact_name *fact; /* each fact that it asks or hands on, once */
	size_t n_facts;
};

/* The rights that a step takes, bits of a grant: the command's own (asked.def), and that to hand a prospect on where it gives a deal an owner. Whoever writes
 * the rule must hold them, and what it asks for is asked with them alone. */
uint64_t step_permissions (const struct step *step);

/* The name in {"fact": name}; null: it is no such thing. */
const char *given_fact_name (const json_t *value);

/* What a command makes: in which field its id stands. `only_with`: where this field is given, null: always. False: it makes nothing. */
struct made {
	const struct field *field, *only_with;
};
bool command_makes (const struct record *command, struct made *ret);

/* Reads and checks a body. Everything in *ret stands in the arena or in tables. REFUSED: `ret_problem` (may be null) says where by JSON pointers into the
 * body ("/if/all/0/value"), *ret is left as it was. */
enum status rule_read (struct arena *a, const char *json, struct rule *ret, struct problem *ret_problem) MUST_CHECK;
/* Whether a rule that was read lacks what some step of it needs: that would be refused whatever happens. REFUSED: `ret_problem` says where. It is asked of who
 * writes a rule; one that is kept is read without. */
enum status rule_check (struct arena *a, const struct rule *rule, struct problem *ret_problem) MUST_CHECK;
/* Appends the rule's one form: members in a fixed order, nothing between them, a default left out. What it says, rule_read reads as the same rule. */
void rule_write (struct buffer *out, const struct rule *r);
/* One condition of it, likewise. */
void rule_condition_write (struct buffer *out, const struct rule *r, const struct condition *c);

#endif
