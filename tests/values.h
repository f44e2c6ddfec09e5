/* Values for any record, made from its table alone: for the round trips and for the fuzzers. The same seed gives the same values.
 * It must never know a record by name. */
#ifndef LEADWIRE_VALUES_H
#define LEADWIRE_VALUES_H

#include <string.h>
#include "clock.h"
#include "record.h"

static struct arena *values_arena;
static uint64_t values_state;

static inline void values_begin (struct arena *a, uint64_t seed)
{
	values_arena = a;
	values_state = seed * 0x9e3779b97f4a7c15u | 1;
}

/* xorshift64 (Marsaglia): the same values in every run. */
static inline uint64_t value_next (void)
{
	values_state ^= values_state << 13;
	values_state ^= values_state >> 7;
	values_state ^= values_state << 17;
	return values_state;
}

static inline size_t value_below (size_t n)
{
	return value_next () % n;
}

/* ---- values ---- */

enum fullness { LEAST, MOST, SOME };

static inline void record_fill (const struct record *r, unsigned char *item, enum fullness how, int depth);

static inline const char *text_make (const struct field *f)
{
	static const char *const piece[] = { "a", "Z", " ", "é", "€", "😀", "\"", "\\", "\n", "\x01", "</script>", "0" };
	size_t most = field_limit (f) < 60 ? field_limit (f) : 60, n = 0;
	char *text = arena_alloc (values_arena, most + 1);
	for (size_t want = value_below (most + 1); n < want;) {
		const char *p = piece[value_below (LENGTH (piece))];
		size_t length = strlen (p);
		if (n + length > most)
			break;
		memcpy (text + n, p, length);
		n += length;
	}
	return text;
}

static inline void value_make (const struct field *f, void *to, int depth)
{
	static const char *const json[] = { "{}", "[1,2.5,null]", "\"x\"", "{\"a\":{\"b\":\"é\"}}", "true" };
	static const int64_t number[] = { 0, -1, 127, 128, -129, 65536, INT64_MAX, INT64_MIN };
	static const char currency[][4] = { "EUR", "JPY", "KWD" };
	switch (f->kind) {
	case KIND_TEXT: *(const char **) to = text_make (f); return;
	case KIND_JSON: *(const char **) to = json[value_below (LENGTH (json))]; return;
	case KIND_BYTES: {
		size_t n = value_below ((field_limit (f) < 50 ? field_limit (f) : 50) + 1);
		unsigned char *bytes = arena_alloc (values_arena, n);
		for (size_t i = 0; i < n; i++)
			bytes[i] = (unsigned char) value_next ();
		*(struct bytes *) to = (struct bytes){ bytes, n };
		return;
	}
	case KIND_I64: *(int64_t *) to = number[value_below (LENGTH (number))]; return;
	case KIND_FLAG: *(bool *) to = value_next () & 1; return;
	case KIND_TIME: *(int64_t *) to = TIME_LEAST + (int64_t) (value_next () % (uint64_t) (TIME_MOST - TIME_LEAST)); return;
	case KIND_DATE: *(int32_t *) to = DATE_LEAST + (int32_t) value_below (DATE_MOST - DATE_LEAST); return;
	case KIND_ID: *(struct uuid *) to = uuid_of (&values_state, sizeof values_state); return;
	case KIND_MONEY: {
		struct money m = { .minor = number[value_below (LENGTH (number))] };
		memcpy (m.currency, currency[value_below (LENGTH (currency))], 4);
		*(struct money *) to = m;
		return;
	}
	case KIND_ENUM: {
		unsigned n = 0;
		while (f->names[n])
			n++;
		*(unsigned *) to = (unsigned) value_below (n);
		return;
	}
	case KIND_LIST: {
		size_t n = depth < 3 ? value_below ((field_limit (f) < 3 ? field_limit (f) : 3) + 1) : 0;
		unsigned char *items = arena_array (values_arena, n, f->part->size);
		for (size_t i = 0; i < n; i++)
			record_fill (f->part, items + i * f->part->size, SOME, depth + 1);
		*(struct list *) to = (struct list){ items, n };
		return;
	}
	}
}

/* Fills a zeroed struct; texts and lists live in the arena of values_begin. */
static inline void record_fill (const struct record *r, unsigned char *item, enum fullness how, int depth)
{
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		value_next ();
		enum has has = f->flags & REQUIRED || how == MOST ? HERE : how == LEAST ? ABSENT : (enum has) value_below (3);
		item[f->has] = (unsigned char) has;
		if (has == HERE)
			value_make (f, item + f->offset, depth);
	}
}

#endif
