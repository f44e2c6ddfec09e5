/* Every record there is, with values made from its table: there and back as msgpack and JSON, cut short at every byte, every byte wrong once.
 * And what the tables themselves must keep to. It must never know a record by name. */
#include "records.h"

#include <stdlib.h>
#include "clock.h"
#include "test.h"

static struct arena arena;
static struct buffer packed, other;
static uint64_t state;

/* xorshift64 (Marsaglia): the same values in every run. */
static uint64_t random_next (void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static size_t random_below (size_t n)
{
	return random_next () % n;
}

/* ---- values ---- */

enum fullness { LEAST, MOST, SOME };

static void record_fill (const struct record *r, unsigned char *item, enum fullness how, int depth);

static const char *text_make (const struct field *f)
{
	static const char *const piece[] = { "a", "Z", " ", "é", "€", "😀", "\"", "\\", "\n", "\x01", "</script>", "0" };
	size_t most = field_limit (f) < 60 ? field_limit (f) : 60, n = 0;
	char *text = arena_alloc (&arena, most + 1);
	for (size_t want = random_below (most + 1); n < want;) {
		const char *p = piece[random_below (LENGTH (piece))];
		size_t length = strlen (p);
		if (n + length > most)
			break;
		memcpy (text + n, p, length);
		n += length;
	}
	return text;
}

static void value_make (const struct field *f, void *to, int depth)
{
	static const char *const json[] = { "{}", "[1,2.5,null]", "\"x\"", "{\"a\":{\"b\":\"é\"}}", "true" };
	static const int64_t number[] = { 0, -1, 127, 128, -129, 65536, INT64_MAX, INT64_MIN };
	static const char currency[][4] = { "EUR", "JPY", "KWD" };
	switch (f->kind) {
	case KIND_TEXT: *(const char **) to = text_make (f); return;
	case KIND_JSON: *(const char **) to = json[random_below (LENGTH (json))]; return;
	case KIND_BYTES: {
		size_t n = random_below ((field_limit (f) < 50 ? field_limit (f) : 50) + 1);
		unsigned char *bytes = arena_alloc (&arena, n);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char) random_next ();
		*(struct bytes *) to = (struct bytes){ bytes, n };
		return;
	}
	case KIND_I64: *(int64_t *) to = number[random_below (LENGTH (number))]; return;
	case KIND_FLAG: *(bool *) to = random_next () & 1; return;
	case KIND_TIME: *(int64_t *) to = TIME_LEAST + (int64_t) (random_next () % (uint64_t) (TIME_MOST - TIME_LEAST)); return;
	case KIND_DATE: *(int32_t *) to = DATE_LEAST + (int32_t) random_below (DATE_MOST - DATE_LEAST); return;
	case KIND_ID: *(struct uuid *) to = uuid_of (&state, sizeof state); return;
	case KIND_MONEY: {
		struct money m = { .minor = number[random_below (LENGTH (number))] };
		memcpy (m.currency, currency[random_below (LENGTH (currency))], 4);
		*(struct money *) to = m;
		return;
	}
	case KIND_ENUM: {
		unsigned n = 0;
		while (f->names[n])
			n++;
		*(unsigned *) to = (unsigned) random_below (n);
		return;
	}
	case KIND_LIST: {
		size_t n = depth < 3 ? random_below ((field_limit (f) < 3 ? field_limit (f) : 3) + 1) : 0;
		unsigned char *items = arena_array (&arena, n, f->part->size);
		for (size_t i = 0; i < n; i++)
			record_fill (f->part, items + i * f->part->size, SOME, depth + 1);
		*(struct list *) to = (struct list){ items, n };
		return;
	}
	}
}

static void record_fill (const struct record *r, unsigned char *item, enum fullness how, int depth)
{
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		random_next ();
		enum has has = f->flags & REQUIRED || how == MOST ? HERE : how == LEAST ? ABSENT : (enum has) random_below (3);
		item[f->has] = (unsigned char) has;
		if (has == HERE)
			value_make (f, item + f->offset, depth);
	}
}

/* ---- there and back ---- */

static bool unpacks (const struct record *r, const unsigned char *bytes, size_t n, void *ret)
{
	unsigned char *exact = malloc (n ? n : 1); /* a byte too far is seen */
	memcpy (exact, bytes, n);
	enum status status = record_unpack (&arena, r, (struct bytes){ exact, n }, ret, NULL);
	free (exact);
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
		packed.at[i] = wrong[random_below (LENGTH (wrong))];
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
	CHECK (is_word (r->name) && r->doc && *r->doc && record_named (r->name) == r && r->n_fields);
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

int main (void)
{
	arena_init (&arena);
	state = 0x9e3779b97f4a7c15u;
	for (size_t i = 0; all_records[i]; i++) {
		record_keeps_to_the_rules (all_records[i]);
		there_and_back (all_records[i]);
	}
	CHECK (record_of_type ("no.such") == NULL && record_named ("no_such") == NULL);
	CHECK (error_find ("invalid") == ERROR_invalid && error_find ("no_such") == -1);
	buffer_fini (&packed);
	buffer_fini (&other);
	arena_fini (&arena);
	return test_end ();
}
