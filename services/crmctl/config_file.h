/* A workspace's configuration as a file: its sections and what stands in them, read from YAML with the lines of what is wrong, written in one form, and what
 * to do so that what is there becomes what a file says. What an item may hold is what the command that adds one takes; nothing of it is told twice.
 * Pure. It must never take or write a secret, an id or anything about one person: a file goes from one workspace to another. */
#ifndef LEADWIRE_CONFIG_FILE_H
#define LEADWIRE_CONFIG_FILE_H

#include "records.h"
#include "yaml_file.h"

enum { CONFIG_VERSION = 1, CONFIG_KEYS_MOST = 2, CONFIG_FAULTS_MOST = 50 };

/* Items of one kind. */
struct config_section {
	const char *name; /* in the file */
	const struct record *
		record; /* the command that adds one: its fields are an item's, but for ids and the position, which is the place in the list */
	const char *key[CONFIG_KEYS_MOST]; /* the fields by which one is told from the others; the second may be null */
	const char *within;		   /* the section in which an item's first key names one; null: it names none */
	bool ordered;			   /* the place has a meaning, among those that share all keys but the last */
	bool stays;			   /* what a file does not name is let alone: nothing is removed by it */
};
/* What there is today, ended by one without a name. In the order in which it can be made. */
extern const struct config_section config_sections[];

/* What is wrong. Codes are PROBLEM_CODES', yaml_file.h's, and: not_a_version, secret, own_id, nowhere (names none of the section it is within), ambiguous. */
struct config_fault {
	size_t line, column; /* 0: it did not come from a file */
	const char *pointer; /* RFC 6901: /stages/3/colour; empty: the whole */
	const char *code, *detail;
};
struct config_faults {
	struct config_fault at[CONFIG_FAULTS_MOST];
	size_t n; /* those beyond the most are left out */
};

/* {"stages": [{…}, …], …}: sections that were given in their order, items in theirs, fields in the record's. Null is a field to be cleared; one that does not
 * stand there is left as it is. A section that does not stand there is let alone, an empty one has no items. */
struct configuration {
	const struct config_section *sections;
	json_t *root;
	const struct yaml_tree *tree; /* the arena's; null: it did not come from a file */
};
void config_fini (struct configuration *c);

/* REFUSED: all that is wrong, as far as it can be seen at once; `ret` is as it was. */
enum status config_read (struct arena *a, const struct config_section *sections, struct bytes text, struct configuration *ret,
			 struct config_faults *ret_faults) MUST_CHECK;
/* The same from JSON in that shape, as what is there is told. Fields and sections are held to the same. */
enum status config_take (struct arena *a, const struct config_section *sections, const json_t *in, struct configuration *ret,
			 struct config_faults *ret_faults) MUST_CHECK;
/* Appends the file. What config_read gives back of it equals it, and is written as the same bytes. */
void config_write (struct buffer *out, const struct configuration *c);
/* Where something stands in the file; 0: it came from none. For what a service refuses later. */
size_t config_line (const struct configuration *c, const char *pointer);

/* "stages sales/new": an item among all, in the arena. */
const char *config_item_name (struct arena *a, const struct config_section *s, const json_t *item);

/* ---- config_plan.c ---- */

enum config_action { CONFIG_KEEP, CONFIG_ADD, CONFIG_CHANGE, CONFIG_REMOVE };
enum { CONFIG_ACTIONS = CONFIG_REMOVE + 1 };
struct config_change {
	const char *field;
	const json_t *was, *now; /* null: it has none, is to have none */
};
struct config_step {
	enum config_action action;
	const struct config_section *section;
	const char *name;	 /* config_item_name's */
	const json_t *was, *now; /* the item; null: is not there, is no more */
	size_t was_at, now_at;	 /* its index in the section on either side; config_line of the file's: "/<section>/<now_at>" */
	const struct config_change *change;
	size_t changes;
	size_t place; /* from 1, among those it is ordered with, when this step is taken after those before it; 0: it stays, or has none */
};
/* Steps in the order they are to be taken: what is there to keep, change or add, sections forwards and items in the file's order; then what is to be
 * removed, backwards. As few are moved as can be. The JSON stays `was`'s and `wanted`'s. */
struct config_plan {
	const struct config_step *step;
	size_t n, of[CONFIG_ACTIONS];
};
void config_plan_make (struct arena *a, const struct configuration *was, const struct configuration *wanted, struct config_plan *ret);

#endif
