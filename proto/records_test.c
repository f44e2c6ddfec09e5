/* Every record there is, with values made from its table: there and back as msgpack and JSON, cut short at every byte, every byte wrong once.
 * And what the tables themselves must keep to. It must never know a record by name. */
#include "records.h"

#include "test.h"
#include "../tests/values.h"

static struct arena arena;
static struct buffer packed, other;

/* ---- there and back ---- */

static bool unpacks (const struct record *r, const unsigned char *bytes, size_t n, void *ret)
{
	unsigned char *exact = heap_alloc (n); /* a byte too far is seen */
	memcpy (exact, bytes, n);
	enum status status = record_unpack (&arena, r, (struct bytes){ exact, n }, ret, NULL);
	heap_free (exact);
	return status == OK;
}

static bool same_packed (const struct record *r, const void *item)
{
	buffer_clear (&other);
	record_pack (&other, r, item);
	return other.n == packed.n && memcmp (other.at, packed.at, packed.n) == 0;
}

static bool back_from_msgpack (const struct record *r)
{
	void *got = arena_alloc (&arena, r->size);
	return unpacks (r, packed.at, packed.n, got) && same_packed (r, got);
}

/* The list's form is taken, for it holds SECRET fields too. */
static bool back_from_json (const struct record *r, const void *item)
{
	struct buffer text = { 0 };
	record_list_json (&text, r, (struct list){ item, 1 });
	json_t *json = json_loadb ((char *) text.at, text.n, 0, NULL);
	struct problem problem = { 0 };
	void *got = arena_alloc (&arena, r->size);
	bool same = json_is_valid ((struct bytes){ text.at, text.n }) && json &&
		    record_from_json (&arena, r, json_array_get (json, 0), true, got, &problem) == OK && same_packed (r, got);
	if (!same && problem.n_errors)
		fprintf (stderr, "%s%s %s\n", r->name, problem.errors[0].pointer, problem.errors[0].code);
	json_decref (json);
	buffer_fini (&text);
	return same;
}

static bool shown_without_secrets (const struct record *r, const void *item)
{
	struct buffer text = { 0 };
	record_to_json (&text, r, item, true);
	json_t *json = json_loadb ((char *) text.at, text.n, 0, NULL);
	bool good = json != NULL;
	for (const struct field *f = r->fields; good && f < r->fields + r->n_fields; f++) {
		const json_t *shown = json_object_get (json, f->name);
		if (f->flags & SECRET)
			good = !shown;
		else if ((f->flags & PERSONAL) && field_has (f, item) == HERE)
			good = json_is_string (shown) && strcmp (json_string_value (shown), "•••") == 0;
	}
	json_decref (json);
	buffer_fini (&text);
	return good;
}

/* Every beginning of it is refused; with any one byte wrong it is refused or is a good record, but nothing worse. */
static bool survives_damage (const struct record *r)
{
	bool refused_all = true;
	void *got = arena_alloc (&arena, r->size);
	for (size_t n = 0; n < packed.n; n++)
		refused_all = refused_all && !unpacks (r, packed.at, n, got) && !msgpack_skip ((struct bytes){ packed.at, n });
	static const unsigned char wrong[] = { 0x00, 0x80, 0x90, 0xa1, 0xc0, 0xc1, 0xc4, 0xdb, 0xdd, 0xdf, 0xff };
	for (size_t i = 0; i < packed.n; i++) {
		unsigned char was = packed.at[i];
		packed.at[i] = wrong[value_below (LENGTH (wrong))];
		if (unpacks (r, packed.at, packed.n, got)) {
			buffer_clear (&other);
			record_pack (&other, r, got);
		}
		packed.at[i] = was;
	}
	return refused_all;
}

static void there_and_back (const struct record *r)
{
	for (int round = 0; round < 12; round++) {
		unsigned char *item = arena_alloc (&arena, r->size);
		record_fill (r, item, round == 0 ? LEAST : round == 1 ? MOST : SOME, 0);
		buffer_clear (&packed);
		record_pack (&packed, r, item);
		bool good = msgpack_skip ((struct bytes){ packed.at, packed.n }) == packed.n && back_from_msgpack (r) &&
			    back_from_json (r, item) && shown_without_secrets (r, item) && (round > 2 || survives_damage (r));
		if (!good)
			fprintf (stderr, "%s, round %d:\n", r->name, round);
		CHECK (good);
		arena_reset (&arena);
	}
}

/* ---- what the tables keep to ---- */

static bool is_word (const char *name)
{
	for (const char *c = name; *c; c++)
		if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') && *c != '_')
			return false;
	return *name;
}

static void field_keeps_to_the_rules (const struct record *r, const struct field *f)
{
	bool good = is_word (f->name) && f->name_n == strlen (f->name) && f->doc && *f->doc && record_field (r, f->name) == f &&
		    f->offset < r->size && f->has < r->size && (f->kind == KIND_LIST) == (f->part != NULL) &&
		    (f->kind == KIND_ENUM) == (f->names != NULL);
	good = good && !(r->class == RECORD_EVENT && (f->flags & SECRET)); /* what is said cannot be taken back */
	good = good && !(f->part && (f->part->class != RECORD_PART && f->part->class != RECORD_ROW)); /* a list's items have no head */
	good = good && !(f->flags >> 32 && (f->kind != KIND_TEXT && f->kind != KIND_JSON && f->kind != KIND_BYTES && f->kind != KIND_LIST));
	if (!good)
		fprintf (stderr, "%s.%s:\n", r->name, f->name);
	CHECK (good);
}

static void record_keeps_to_the_rules (const struct record *r)
{
	CHECK (is_word (r->name) && r->doc && *r->doc && record_named (r->name) == r);
	CHECK (r->n_fields || r->class == RECORD_QUERY); /* a question may ask for all there is */
	CHECK ((r->class == RECORD_EVENT) == (r->type != NULL) && (!r->type || (record_of_type (r->type) == r && r->version > 0)));
	bool key = false, owner = false;
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		field_keeps_to_the_rules (r, f);
		key = key || (f->flags & KEY) == KEY;
		owner = owner || strcmp (f->name, "old_owner_id") == 0;
	}
	CHECK (!owner || record_field (r, "owner_id")); /* who may hear it: both */
	if (r->class == RECORD_COMMAND && !key)
		fprintf (stderr, "%s has no KEY:\n", r->name);
	CHECK (r->class != RECORD_COMMAND || key);
}

/* What an event may ask for is a command that holds no secret, for what is said cannot be taken back. */
static bool may_be_asked (const struct record *r)
{
	bool good = r && r->class == RECORD_COMMAND;
	for (size_t i = 0; good && i < r->n_fields; i++) {
		const struct field *f = &r->fields[i];
		good = !(f->flags & SECRET);
		for (size_t k = 0; good && f->part && k < f->part->n_fields; k++)
			good = !(f->part->fields[k].flags & SECRET);
	}
	return good;
}

static void asked_keep_to_the_rules (void)
{
	static const char *const names[] = {
#define ASKED(command, permission) #command,
#include "asked.def"
#undef ASKED
	};
	for (size_t i = 0; i < LENGTH (names); i++) {
		if (!may_be_asked (record_named (names[i])))
			fprintf (stderr, "%s may not be asked for:\n", names[i]);
		CHECK (may_be_asked (record_named (names[i])));
		for (size_t k = 0; k < i; k++)
			CHECK (strcmp (names[i], names[k]) != 0);
	}
	CHECK (asked_permission ("deal_move") == PERMISSION_crm_edit && asked_permission ("mail_account_add") == -1);
}

/* common/ writes the state by its number. */
static_assert (action_state_done == 0 && action_state_refused == 1, "as settled_fill has them");

int main (void)
{
	arena_init (&arena);
	values_begin (&arena, 1);
	for (size_t i = 0; all_records[i]; i++) {
		record_keeps_to_the_rules (all_records[i]);
		there_and_back (all_records[i]);
	}
	asked_keep_to_the_rules ();
	CHECK (record_of_type ("no.such") == NULL && record_named ("no_such") == NULL);
	CHECK (error_find ("invalid") == ERROR_invalid && error_find ("no_such") == -1);
	buffer_fini (&packed);
	buffer_fini (&other);
	arena_fini (&arena);
	return test_end ();
}
