/* Records by a table of the test's own, with every kind once: boundary values, malformed bytes, JSON with its pointers, hashes.
 * Never a record of the product: those are in proto/records_test.c. */
#include "record.h"

#include "clock.h"
#include "test.h"

/* ---- a record of every kind ---- */

static const char *const colour_names[] = { "red", "green", NULL };
typedef struct {
	struct uuid uuid;
} thing_id;

struct part {
	struct {
		unsigned char word, count, inner;
	} has;
	kind_text word;
	kind_i64 count;
	struct list inner;
};
extern const struct record part_record;
static const struct field part_fields[] = {
	{ "word", 4, KIND_TEXT, REQUIRED | LIMIT (5), offsetof (struct part, word), offsetof (struct part, has.word), .doc = "w" },
	{ "count", 5, KIND_I64, OPTIONAL, offsetof (struct part, count), offsetof (struct part, has.count), .doc = "c" },
	{ "inner", 5, KIND_LIST, OPTIONAL, offsetof (struct part, inner), offsetof (struct part, has.inner), &part_record, .doc = "i" },
};
const struct record part_record = {
	.name = "part", .class = RECORD_PART, .size = sizeof (struct part), .fields = part_fields, .n_fields = 3
};

struct all {
	struct head head;
	struct {
		unsigned char key, id, number, yes, at, day, price, extra, raw, colour, parts, secret, last;
	} has;
	kind_text key;
	thing_id id;
	kind_i64 number;
	kind_flag yes;
	kind_time at;
	kind_date day;
	kind_money price;
	kind_json extra;
	kind_bytes raw;
	unsigned colour;
	struct list parts;
	kind_text secret, last;
};
#define F(n, k, f, ...)                                                                                         \
	{                                                                                                       \
		.name = #n, .name_n = sizeof #n - 1, .kind = k, .flags = f, .offset = offsetof (struct all, n), \
		.has = offsetof (struct all, has.n), __VA_ARGS__                                                \
	}
static const struct field all_fields[] = {
	F (key, KIND_TEXT, KEY | LIMIT (70000), .doc = ""),
	F (id, KIND_ID, OPTIONAL, .noun = "thing"),
	F (number, KIND_I64, OPTIONAL, .doc = ""),
	F (yes, KIND_FLAG, OPTIONAL, .doc = ""),
	F (at, KIND_TIME, OPTIONAL, .doc = ""),
	F (day, KIND_DATE, OPTIONAL, .doc = ""),
	F (price, KIND_MONEY, OPTIONAL, .doc = ""),
	F (extra, KIND_JSON, OPTIONAL, .doc = ""),
	F (raw, KIND_BYTES, OPTIONAL | LIMIT (8), .doc = ""),
	F (colour, KIND_ENUM, OPTIONAL, .names = colour_names),
	F (parts, KIND_LIST, OPTIONAL | LIMIT (3), .part = &part_record),
	F (secret, KIND_TEXT, OPTIONAL | SECRET, .doc = ""),
	F (last, KIND_TEXT, OPTIONAL | PERSONAL, .doc = ""),
};
static const struct record all_record = {
	.name = "all", .class = RECORD_COMMAND, .size = sizeof (struct all), .fields = all_fields, .n_fields = LENGTH (all_fields)
};

static struct arena arena;
static struct buffer packed;

static enum status unpack (const void *bytes, size_t n, struct all *ret, struct problem *problem)
{
	unsigned char *exact = heap_alloc (n); /* so that a byte too far is seen */
	if (n)
		memcpy (exact, bytes, n);
	*problem = (struct problem){ 0 };
	enum status status = record_unpack (&arena, &all_record, (struct bytes){ exact, n }, ret, problem);
	heap_free (exact);
	return status;
}

static enum status again (const struct all *item, struct all *ret)
{
	struct problem problem;
	buffer_clear (&packed);
	record_pack (&packed, &all_record, item);
	CHECK (msgpack_skip ((struct bytes){ packed.at, packed.n }) == packed.n);
	return unpack (packed.at, packed.n, ret, &problem);
}

/* ---- msgpack ---- */

static void numbers_at_their_bounds (void)
{
	static const int64_t rows[] = { 0,     1,	  127,	      128,	  255,		 256,	   32767, 32768, 65535,
					65536, INT32_MAX, 4294967295, 4294967296, INT64_MAX,	 -1,	   -32,	  -33,	 -128,
					-129,  -32768,	  -32769,     INT32_MIN,  -2147483649LL, INT64_MIN };
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct all in = { .key = "k", .number = rows[i], .has.number = HERE }, out;
		CHECK (again (&in, &out) == OK && out.has.number == HERE && out.number == rows[i]);
	}
	static const int64_t times[] = { TIME_LEAST, TIME_MOST, 0, -1 };
	for (size_t i = 0; i < LENGTH (times); i++) {
		struct all in = { .key = "k", .at = times[i], .has.at = HERE }, out;
		CHECK (again (&in, &out) == OK && out.at == times[i]);
	}
	struct all in = { .key = "k", .at = TIME_MOST + 1, .has.at = HERE }, out;
	CHECK (again (&in, &out) == REFUSED);
	in = (struct all){ .key = "k", .day = DATE_LEAST, .has.day = HERE };
	CHECK (again (&in, &out) == OK && out.day == DATE_LEAST);
	in.day = DATE_MOST + 1;
	CHECK (again (&in, &out) == REFUSED);
	in = (struct all){ .key = "k", .price = { INT64_MIN, "JPY" }, .has.price = HERE };
	CHECK (again (&in, &out) == OK && out.price.minor == INT64_MIN && strcmp (out.price.currency, "JPY") == 0);
}

static void texts_at_their_bounds (void)
{
	static const size_t lengths[] = { 0, 1, 7, 8, 9, 31, 32, 255, 256, 65535, 65536, 70000 };
	char *text = heap_alloc (70002);
	for (size_t i = 0; i < LENGTH (lengths); i++) {
		memset (text, 'x', lengths[i]);
		text[lengths[i]] = 0;
		struct all in = { .key = text }, out;
		CHECK (again (&in, &out) == OK && strcmp (out.key, text) == 0);
	}
	text[70000] = 'x';
	struct all in = { .key = text }, out;
	CHECK (again (&in, &out) == REFUSED); /* one over its LIMIT */
	memset (text, 'x', 10001);
	text[10001] = 0;
	in = (struct all){ .key = "k", .last = text, .has.last = HERE };
	CHECK (again (&in, &out) == REFUSED); /* one over the usual limit */
	text[10000] = 0;
	CHECK (again (&in, &out) == OK);
	heap_free (text);
	in = (struct all){ .key = "k", .raw = { (const unsigned char *) "\0\1\2\3\4\5\6\7", 8 }, .has.raw = HERE };
	CHECK (again (&in, &out) == OK && out.raw.n == 8 && memcmp (out.raw.at, in.raw.at, 8) == 0);
	in.raw = (struct bytes){ NULL, 0 };
	CHECK (again (&in, &out) == OK && out.has.raw == HERE && out.raw.n == 0);
	static const char *const good[] = { "é", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xef\xbf\xbd", "abcdefgé", "1234567é9" };
	static const char *const bad[] = { "\x80", "\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
					   "\xf5", "\xe2\x82", "abcdefgh\xff", "\xc3" };
	for (size_t i = 0; i < LENGTH (good); i++) {
		in = (struct all){ .key = good[i] };
		CHECK (again (&in, &out) == OK && strcmp (out.key, good[i]) == 0);
	}
	for (size_t i = 0; i < LENGTH (bad); i++) {
		in = (struct all){ .key = bad[i] };
		CHECK (again (&in, &out) == REFUSED);
	}
	for (size_t n = 1; n < 20; n++) { /* a NUL at every place of a word */
		char nul[20] = "aaaaaaaaaaaaaaaaaaa";
		CHECK (text_is_valid (nul, n));
		nul[n - 1] = 0;
		CHECK (!text_is_valid (nul, n));
	}
}

static void absent_cleared_here (void)
{
	struct all in = { .key = "k", .has = { .number = CLEARED, .last = CLEARED, .secret = HERE }, .secret = "s" }, out;
	CHECK (again (&in, &out) == OK);
	CHECK (out.has.key == HERE && out.has.number == CLEARED && out.has.last == CLEARED && out.has.yes == ABSENT &&
	       out.has.secret == HERE);
	CHECK (field_has (&all_fields[0], &in) == HERE && field_has (&all_fields[2], &in) == CLEARED);
	struct part part[2] = { { .word = "a" }, { .word = "b", .has.count = HERE, .count = -5 } };
	part[1].inner = (struct list){ part, 1 };
	part[1].has.inner = HERE;
	in = (struct all){ .key = "k", .parts = { part, 2 }, .has.parts = HERE };
	CHECK (again (&in, &out) == OK && out.parts.n == 2);
	const struct part *got = out.parts.at;
	CHECK (strcmp (got[0].word, "a") == 0 && got[0].has.count == ABSENT && got[1].count == -5 && got[1].inner.n == 1);
}

/* What is refused: the bytes, where, and why. "\x81\xa3key\xa1k" is the least that is not. */
static const struct {
	const char *bytes;
	size_t n;
	const char *pointer, *code;
} refused[] = {
#define BYTES(s) s, sizeof s - 1
	{ BYTES (""), "", "malformed" },
	{ BYTES ("\xc1"), "", "malformed" },
	{ BYTES ("\xc0"), "", "not_an_object" },
	{ BYTES ("\x90"), "", "not_an_object" },
	{ BYTES ("\x80"), "/key", "required" },
	{ BYTES ("\x81\xa3key\xc0"), "/key", "required" },
	{ BYTES ("\x81\xa3key\xa1k\x00"), "", "malformed" }, /* something follows */
	{ BYTES ("\x82\xa3key\xa1k"), "", "malformed" },     /* one pair is missing */
	{ BYTES ("\xdf\xff\xff\xff\xff\xa3key\xa1k"), "", "malformed" },
	{ BYTES ("\xde\xff\xff\xa3key\xa1k"), "", "malformed" },
	{ BYTES ("\x81\x01\xa1k"), "", "malformed" }, /* a key that is no str */
	{ BYTES ("\x81\xa3key\xdb\xff\xff\xff\xff"
		 "k"),
	  "/key", "malformed" },
	{ BYTES ("\x81\xa3key\x01"), "/key", "not_a_string" },
	{ BYTES ("\x81\xa3key\xc4\x01k"), "/key", "not_a_string" },
	{ BYTES ("\x81\xa3key\xa1\x00"), "/key", "bad_text" },
	{ BYTES ("\x81\xa3key\xa1\xff"), "/key", "bad_text" },
	{ BYTES ("\x82\xa3key\xa1k\xa3key\xa1k"), "/key", "twice" },
	{ BYTES ("\x82\xa6number\xc0\xa6number\x01"), "/number", "twice" },
	{ BYTES ("\x82\xa3key\xa1k\xa2id\xc4\x0f"
		 "123456789012345"),
	  "/id", "not_an_id" },
	{ BYTES ("\x82\xa3key\xa1k\xa2id\xb0"
		 "1234567890123456"),
	  "/id", "not_an_id" },
	{ BYTES ("\x82\xa3key\xa1k\xa6number\xcf\x80\0\0\0\0\0\0\0"), "/number", "not_a_number" },
	{ BYTES ("\x82\xa3key\xa1k\xa6number\xcb\x3f\xf0\0\0\0\0\0\0"), "/number", "not_a_number" },
	{ BYTES ("\x82\xa3key\xa1k\xa6number\xcb\x3f\xf0"), "/number", "malformed" },
	{ BYTES ("\x82\xa3key\xa1k\xa3yes\x01"), "/yes", "not_a_flag" },
	{ BYTES ("\x82\xa3key\xa1k\xa2"
		 "at\xd3\x7f\xff\xff\xff\xff\xff\xff\xff"),
	  "/at", "not_a_time" },
	{ BYTES ("\x82\xa3key\xa1k\xa3"
		 "day\xce\x7f\xff\xff\xff"),
	  "/day", "not_a_date" },
	{ BYTES ("\x82\xa3key\xa1k\xa5price\x93\x01\xa3"
		 "EUR\x01"),
	  "/price", "not_an_amount" },
	{ BYTES ("\x82\xa3key\xa1k\xa5price\x92\xa1"
		 "1\xa3"
		 "EUR"),
	  "/price", "not_an_amount" },
	{ BYTES ("\x82\xa3key\xa1k\xa5price\x92\x01\xa3"
		 "eur"),
	  "/price", "not_a_currency" },
	{ BYTES ("\x82\xa3key\xa1k\xa5price\x92\x01\xa4"
		 "EURO"),
	  "/price", "not_a_currency" },
	{ BYTES ("\x82\xa3key\xa1k\xa5price\x92\x01\x01"), "/price", "not_a_currency" },
	{ BYTES ("\x82\xa3key\xa1k\xa5"
		 "extra\xa2{,"),
	  "/extra", "not_json" },
	{ BYTES ("\x82\xa3key\xa1k\xa5"
		 "extra\x80"),
	  "/extra", "not_json" },
	{ BYTES ("\x82\xa3key\xa1k\xa3raw\xa1x"), "/raw", "not_bytes" },
	{ BYTES ("\x82\xa3key\xa1k\xa3raw\xc4\x09"
		 "123456789"),
	  "/raw", "too_long" },
	{ BYTES ("\x82\xa3key\xa1k\xa6"
		 "colour\xa4"
		 "blue"),
	  "/colour", "not_a_choice" },
	{ BYTES ("\x82\xa3key\xa1k\xa6"
		 "colour\xa8red\0abcd"),
	  "/colour", "not_a_choice" },
	{ BYTES ("\x82\xa3key\xa1k\xa6"
		 "colour\xa2re"),
	  "/colour", "not_a_choice" },
	{ BYTES ("\x82\xa3key\xa1k\xa6"
		 "colour\x00"),
	  "/colour", "not_a_choice" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\x80"), "/parts", "not_a_list" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\x94\x80\x80\x80\x80"), "/parts", "too_many" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\xdd\xff\xff\xff\xff\x80"), "/parts", "malformed" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\x92\x81\xa4word\xa1w\x80"), "/parts/1/word", "required" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\x91\x81\xa4word\xa6"
		 "abcdef"),
	  "/parts/0/word", "too_long" },
	{ BYTES ("\x82\xa3key\xa1k\xa5parts\x91\x01"), "/parts/0", "not_an_object" },
};

static void malformed_is_refused (void)
{
	struct all out;
	struct problem problem;
	CHECK (unpack (BYTES ("\x81\xa3key\xa1k"), &out, &problem) == OK);
	for (size_t i = 0; i < LENGTH (refused); i++) {
		CHECK (unpack (refused[i].bytes, refused[i].n, &out, &problem) == REFUSED);
		CHECK (problem.n_errors == 1 && strcmp (problem.code, "invalid") == 0);
		CHECK_TEXT (problem.errors[0].pointer, refused[i].pointer);
		CHECK_TEXT (problem.errors[0].code, refused[i].code);
	}
	CHECK (record_unpack (&arena, &all_record, (struct bytes){ NULL, 0 }, &out, NULL) == REFUSED);
}

static void unknown_keys_are_skipped (void)
{
	struct all out;
	struct problem problem;
	/* every type there is, in front, between and behind */
	CHECK (unpack (BYTES ("\x8c\xa1"
			      "a\xc0\xa1"
			      "b\xcb\0\0\0\0\0\0\0\0\xa1"
			      "c\xca\0\0\0\0\xa1"
			      "d\xc7\x02\x05xx\xa1"
			      "e\xd4\x05x\xa1"
			      "f\xd8\x05"
			      "1234567890123456\xa3key\xa1k\xa1"
			      "g\x93\x01\x82\xa1x\x90\xa1y\x80\xc2\xa6number\x05\xa1"
			      "h\xdc\0\1\x7f\xa1"
			      "i\xc4\x01x\xa4keys\xa1z"),
		       &out, &problem) == OK);
	CHECK_TEXT (out.key, "k");
	CHECK (out.number == 5);
	/* the table backwards: the guess is wrong each time */
	CHECK (unpack (BYTES ("\x83\xa4last\xa1l\xa6number\x05\xa3key\xa1k"), &out, &problem) == OK && out.number == 5 &&
	       strcmp (out.last, "l") == 0);
}

static void depth_has_an_end (void)
{
	unsigned char deep[200];
	memset (deep, 0x91, sizeof deep);
	for (size_t n = 0; n < 100; n++) {
		deep[n] = 0x01;
		CHECK (msgpack_skip ((struct bytes){ deep, n + 1 }) == (n <= 32 ? n + 1 : 0));
		deep[n] = 0x91;
	}
	/* the same as an unknown key's value, and as parts in parts */
	struct buffer b = { 0 };
	struct all out;
	struct problem problem;
	for (int levels = 1; levels < 40; levels++) {
		buffer_clear (&b);
		buffer_add (&b, "\x82\xa3key\xa1k\xa1x", 9);
		for (int i = 0; i < levels; i++)
			buffer_add (&b, "\x91", 1);
		buffer_add (&b, "\xc0", 1);
		CHECK (unpack (b.at, b.n, &out, &problem) == (levels <= 31 ? OK : REFUSED));
		buffer_clear (&b);
		buffer_add (&b, "\x82\xa3key\xa1k\xa5parts", 13);
		for (int i = 0; i < levels; i++)
			buffer_add (&b, "\x91\x82\xa4word\xa1w\xa5inner", 15);
		buffer_add (&b, "\x90", 1);
		CHECK (unpack (b.at, b.n, &out, &problem) == (levels <= 15 ? OK : REFUSED));
	}
	buffer_fini (&b);
	CHECK (msgpack_skip ((struct bytes){ (const unsigned char *) "\xdd\xff\xff\xff\xff", 5 }) == 0);
	CHECK (msgpack_skip ((struct bytes){ (const unsigned char *) "\xdf\x80\0\0\0\0\0", 7 }) == 0);
	CHECK (msgpack_skip ((struct bytes){ (const unsigned char *) "\x01\x02", 2 }) == 1);
	CHECK (msgpack_skip ((struct bytes){ NULL, 0 }) == 0);
}

static void claims_allocate_nothing (void)
{
	struct all out;
	struct problem problem;
	arena_reset (&arena);
	CHECK (unpack (BYTES ("\x82\xa3key\xa1k\xa5parts\xdd\x7f\xff\xff\xff\x80\x80\x80"), &out, &problem) == REFUSED);
	CHECK (arena.total < 1000);
}

/* ---- the head ---- */

static bool same_head (const struct head *a, const struct head *b)
{
	return uuid_equal (a->workspace, b->workspace) && uuid_equal (a->actor, b->actor) && uuid_equal (a->id, b->id) &&
	       uuid_equal (a->correlation, b->correlation) && uuid_equal (a->causation, b->causation) && a->at == b->at &&
	       a->depth == b->depth && a->grant.scope == b->grant.scope && a->grant.permissions == b->grant.permissions &&
	       uuid_equal (a->grant.user, b->grant.user) && uuid_equal (a->grant.team, b->grant.team) &&
	       a->grant.n_users == b->grant.n_users &&
	       (!a->grant.n_users || memcmp (a->grant.users, b->grant.users, a->grant.n_users * sizeof *a->grant.users) == 0) &&
	       a->n_workspaces == b->n_workspaces &&
	       (!a->n_workspaces || memcmp (a->workspaces, b->workspaces, a->n_workspaces * sizeof *a->workspaces) == 0);
}

static void heads (void)
{
	struct uuid set[] = { uuid_v7 (1), uuid_v7 (2), uuid_v7 (3) };
	struct head rows[] = {
		{ .depth = 0 },
		{ .workspace = set[0],
		  .actor = set[1],
		  .id = set[2],
		  .correlation = set[0],
		  .causation = set[1],
		  .at = 1795251600000000,
		  .depth = 31,
		  .grant = { SCOPE_ALL, UINT64_MAX, set[0], set[1], NULL, 0 },
		  .workspaces = set,
		  .n_workspaces = 3 },
		{ .at = -1, .grant = { SCOPE_OWN, 5, .user = set[2] } },
		{ .at = -1, .grant = { SCOPE_OWN, 5, .user = set[2], .users = set, .n_users = 3 } },
	};
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct head got;
		size_t used = 0;
		buffer_clear (&packed);
		head_pack (&packed, &rows[i]);
		CHECK (msgpack_skip ((struct bytes){ packed.at, packed.n }) == packed.n);
		for (size_t n = 0; n < packed.n; n++) {
			unsigned char *exact = heap_alloc (n);
			memcpy (exact, packed.at, n);
			CHECK (head_unpack (&arena, (struct bytes){ exact, n }, &got, &used) == REFUSED && used == 0);
			heap_free (exact);
		}
		size_t whole = packed.n;
		buffer_add (&packed, "\x80", 1); /* the record behind it is not the head's */
		CHECK (head_unpack (&arena, (struct bytes){ packed.at, packed.n }, &got, &used) == OK && used == whole);
		CHECK (same_head (&rows[i], &got));
		/* a later version says more */
		packed.n = whole;
		if (!rows[i].grant.n_users)
			buffer_add (&packed, "\x90", 1);
		packed.at[0] = 0x9e;
		buffer_add (&packed, "\x91\xa1x", 3);
		CHECK (head_unpack (&arena, (struct bytes){ packed.at, packed.n }, &got, &used) == OK && used == packed.n);
		packed.at[0] = 0x9b; /* eleven are too few */
		CHECK (head_unpack (&arena, (struct bytes){ packed.at, packed.n }, &got, &used) == REFUSED);
	}
}

/* ---- JSON ---- */

static enum status from_json (const char *text, bool strict, struct all *ret, struct problem *problem)
{
	json_t *json = json_loads (text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	CHECK (json != NULL);
	*problem = (struct problem){ 0 };
	enum status status = record_from_json (&arena, &all_record, json, strict, ret, problem);
	json_decref (json);
	return status;
}

static const char *to_json (const struct record *r, const void *item, bool redact)
{
	struct buffer b = { 0 };
	record_to_json (&b, r, item, redact);
	const char *text = arena_copy (&arena, (const char *) b.at, b.n);
	buffer_fini (&b);
	return text;
}

static void json_both_ways (void)
{
	const char *text =
		"{\"key\":\"k \\\"\\\\\\n\\u0001é\",\"id\":\"0191e7e5-abcd-7def-8123-456789abcdef\",\"number\":-5,\"yes\":true,"
		"\"at\":\"2026-11-21T09:00:00.123456Z\",\"day\":\"2026-11-21\",\"price\":{\"amount\":\"1815.00\",\"currency\":\"EUR\"},"
		"\"extra\":{\"a\":[1,2.5,null,\"é\"]},\"raw\":\"AAEC\",\"colour\":\"green\",\"parts\":[{\"word\":\"w\",\"count\":null}],"
		"\"last\":null}";
	struct all item;
	struct problem problem;
	CHECK (from_json (text, true, &item, &problem) == OK);
	CHECK (item.raw.n == 3 && item.raw.at[2] == 2 && item.colour == 1 && item.price.minor == 181500 && item.day == 20778);
	CHECK_TEXT (to_json (&all_record, &item, false), text);
	struct all same;
	CHECK (again (&item, &same) == OK);
	CHECK_TEXT (to_json (&all_record, &same, false), text);

	struct all hidden = { .key = "k", .secret = "s3cret", .last = "Piet", .has = { .secret = HERE, .last = HERE } };
	CHECK_TEXT (to_json (&all_record, &hidden, false), "{\"key\":\"k\",\"last\":\"Piet\"}");
	CHECK_TEXT (to_json (&all_record, &hidden, true), "{\"key\":\"k\",\"last\":\"•••\"}");
	struct buffer b = { 0 };
	record_list_json (&b, &all_record, (struct list){ &hidden, 1 });
	buffer_add (&b, "", 1);
	CHECK_TEXT ((const char *) b.at, "[{\"key\":\"k\",\"secret\":\"s3cret\",\"last\":\"Piet\"}]");
	buffer_clear (&b);
	record_list_json (&b, &all_record, (struct list){ NULL, 0 });
	buffer_add (&b, "", 1);
	CHECK_TEXT ((const char *) b.at, "[]");
	buffer_clear (&b);
	json_quote (&b, "a\xff\xe2\x82 \x7f\xf0\x9f\x98\x80\xc3");
	buffer_add (&b, "", 1);
	CHECK_TEXT ((const char *) b.at, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \x7f\xf0\x9f\x98\x80\xef\xbf\xbd\"");
	buffer_fini (&b);
}

static const struct {
	const char *json;
	const char *pointer, *code; /* of the first error; null: it is taken */
} rows[] = {
	{ "{\"key\":\"k\"}", NULL, NULL },
	{ "[]", "", "not_an_object" },
	{ "{}", "/key", "required" },
	{ "{\"key\":null}", "/key", "required" },
	{ "{\"key\":5}", "/key", "not_a_string" },
	{ "{\"key\":\"a\\u0000b\"}", "/key", "bad_text" },
	{ "{\"key\":\"k\",\"a/b~c\":1}", "/a~1b~0c", "unknown" },
	{ "{\"key\":\"k\",\"number\":5.0}", "/number", "not_a_number" },
	{ "{\"key\":\"k\",\"number\":\"5\"}", "/number", "not_a_number" },
	{ "{\"key\":\"k\",\"number\":9223372036854775807}", NULL, NULL },
	{ "{\"key\":\"k\",\"yes\":1}", "/yes", "not_a_flag" },
	{ "{\"key\":\"k\",\"at\":\"2026-11-21T10:00:00+01:00\"}", NULL, NULL },
	{ "{\"key\":\"k\",\"at\":\"2026-11-21\"}", "/at", "not_a_time" },
	{ "{\"key\":\"k\",\"at\":1795251600}", "/at", "not_a_time" },
	{ "{\"key\":\"k\",\"day\":\"2026-02-30\"}", "/day", "not_a_date" },
	{ "{\"key\":\"k\",\"id\":\"x\"}", "/id", "not_an_id" },
	{ "{\"key\":\"k\",\"colour\":\"blue\"}", "/colour", "not_a_choice" },
	{ "{\"key\":\"k\",\"colour\":1}", "/colour", "not_a_choice" },
	{ "{\"key\":\"k\",\"raw\":\"A\"}", "/raw", "not_bytes" },
	{ "{\"key\":\"k\",\"raw\":\"AAAAAAAAAAAA\"}", "/raw", "too_long" },
	{ "{\"key\":\"k\",\"extra\":{\"a\":\"\\u0000\"}}", "/extra", "not_json" },
	{ "{\"key\":\"k\",\"extra\":\"text\"}", NULL, NULL },
	{ "{\"key\":\"k\",\"parts\":{}}", "/parts", "not_a_list" },
	{ "{\"key\":\"k\",\"parts\":[{\"word\":\"w\"},{\"word\":\"longer\"}]}", "/parts/1/word", "too_long" },
	{ "{\"key\":\"k\",\"parts\":[{\"word\":\"w\",\"inner\":[{}]}]}", "/parts/0/inner/0/word", "required" },
	{ "{\"key\":\"k\",\"parts\":[{\"word\":\"w\",\"x\":1}]}", "/parts/0/x", "unknown" },
	{ "{\"key\":\"k\",\"parts\":[1]}", "/parts/0", "not_an_object" },
	{ "{\"key\":\"k\",\"parts\":[{},{},{},{}]}", "/parts", "too_many" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1815.5\",\"currency\":\"EUR\"}}", NULL, NULL },
	{ "{\"key\":\"k\",\"price\":{\"amount\":1815,\"currency\":\"EUR\"}}", NULL, NULL },
	{ "{\"key\":\"k\",\"price\":{\"amount\":1815.0,\"currency\":\"EUR\"}}", "/price/amount", "not_a_string" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":true,\"currency\":\"EUR\"}}", "/price/amount", "not_a_string" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"18,15\",\"currency\":\"EUR\"}}", "/price/amount", "not_an_amount" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1.005\",\"currency\":\"EUR\"}}", "/price/amount", "not_an_amount" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":9223372036854775807,\"currency\":\"EUR\"}}", "/price/amount", "not_an_amount" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1\",\"currency\":\"XXY\"}}", "/price/currency", "not_a_currency" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1\",\"currency\":978}}", "/price/currency", "not_a_currency" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1\"}}", "/price/currency", "required" },
	{ "{\"key\":\"k\",\"price\":{\"currency\":\"EUR\"}}", "/price/amount", "required" },
	{ "{\"key\":\"k\",\"price\":{\"amount\":\"1\",\"currency\":\"EUR\",\"x\":1}}", "/price/x", "unknown" },
	{ "{\"key\":\"k\",\"price\":\"1815.00\"}", "/price", "not_an_object" },
};

static void json_with_pointers (void)
{
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct all item;
		struct problem problem;
		enum status status = from_json (rows[i].json, true, &item, &problem);
		CHECK (status == (rows[i].code ? REFUSED : OK));
		CHECK (problem.n_errors == (rows[i].code ? 1 : 0));
		if (problem.n_errors) {
			CHECK_TEXT (problem.errors[0].pointer, rows[i].pointer);
			CHECK_TEXT (problem.errors[0].code, rows[i].code);
			CHECK (problem.errors[0].detail != NULL);
		}
	}
	struct all item;
	struct problem problem;
	CHECK (from_json ("{\"key\":\"k\",\"unknown\":{\"x\":1}}", false, &item, &problem) == OK);
	CHECK (from_json ("{\"number\":\"x\",\"yes\":0,\"zzz\":1}", true, &item, &problem) == REFUSED && problem.n_errors == 4);
	struct buffer many = { 0 };
	buffer_text (&many, "{\"key\":\"k\"");
	for (int i = 0; i < 40; i++)
		buffer_printf (&many, ",\"x%d\":1", i);
	buffer_add (&many, "}", 2);
	CHECK (from_json ((const char *) many.at, true, &item, &problem) == REFUSED && problem.n_errors == 16);
	buffer_fini (&many);
}

static void valid_json (void)
{
	static const char *const good[] = { "null", " [ ] ", "{}",     "{\"a\":{\"b\":[1,-0.5e+10,true]}}", "\"\\ud83d\\ude00\"", "0",
					    "-1",   "1e999", "[[],{}]" };
	static const char *const bad[] = { "",	       "nul",	   "[",		  "]",		 "{,}",		"[1,]",
					   "{\"a\"}",  "{\"a\":}", "{\"a\":1,}",  "{1:2}",	 "[1 2]",	"01",
					   "1.",       ".5",	   "-",		  "1e",		 "+1",		"\"\\x\"",
					   "\"\t\"",   "\"",	   "\"\\u0000\"", "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"",
					   "1 2",      "[1}",	   "{\"a\":1]",	  "\"\\",	 "\"\\u12",	"1e9999",
					   "\"\xff\"", "nullx" };
	for (size_t i = 0; i < LENGTH (good); i++)
		CHECK (json_is_valid ((struct bytes){ (const unsigned char *) good[i], strlen (good[i]) }));
	for (size_t i = 0; i < LENGTH (bad); i++) {
		size_t n = strlen (bad[i]);
		unsigned char *exact = heap_alloc (n);
		memcpy (exact, bad[i], n);
		CHECK (!json_is_valid ((struct bytes){ exact, n }));
		heap_free (exact);
	}
	unsigned char deep[5000];
	for (size_t levels = 2047; levels < 2050; levels++) {
		memset (deep, '[', levels);
		memset (deep + levels, ']', levels);
		CHECK (json_is_valid ((struct bytes){ deep, 2 * levels }) == (levels <= 2048));
	}
}

/* ---- hashes ---- */

static void hashes (void)
{
	const struct field *key = &all_fields[0], *number = &all_fields[2], *id = &all_fields[1];
	struct all a = { .key = "Piet.De.Vries@Example.NL" }, b = { .key = "piet.de.vries@example.nl" },
		   c = { .key = "piet.de.vries@example.n" };
	CHECK (field_hash (key, &a) == field_hash (key, &b));
	CHECK (field_hash (key, &a) != field_hash (key, &c));
	a.key = "@[`{É", b.key = "`{@[é"; /* neighbours of the letters, and what is not ASCII, stay themselves */
	CHECK (field_hash (key, &a) != field_hash (key, &b));
	a.key = "";
	CHECK (field_hash (key, &a) != 0);
	for (int i = 0; i < 1000; i++) {
		a.number = i, b.number = i + 1;
		CHECK (field_hash (number, &a) != field_hash (number, &b) && field_hash (number, &a) != 0);
	}
	a.id.uuid = uuid_v7 (5), b.id = a.id;
	CHECK (field_hash (id, &a) == field_hash (id, &b));
	b.id.uuid.b[15] ^= 1;
	CHECK (field_hash (id, &a) != field_hash (id, &b));
	CHECK (record_field (&all_record, "price") == &all_fields[6] && record_field (&all_record, "none") == NULL);
	a.key = "k";
	CHECK (field_hash (key, &a) == 0xcbed741d7e9ee02b); /* kept in `parked`: must not change between builds */
}

int main (void)
{
	arena_init (&arena);
	numbers_at_their_bounds ();
	texts_at_their_bounds ();
	absent_cleared_here ();
	malformed_is_refused ();
	unknown_keys_are_skipped ();
	depth_has_an_end ();
	claims_allocate_nothing ();
	heads ();
	json_both_ways ();
	json_with_pointers ();
	valid_json ();
	hashes ();
	buffer_fini (&packed);
	arena_fini (&arena);
	return test_end ();
}
