/* Records and heads as msgpack (its specification: github.com/msgpack/msgpack/blob/master/spec.md), by a cursor of our own.
 * By hand because a library's unpacker allocates what an untrusted header claims before it has seen the bytes, and because keys are matched
 * against the table as they come: fields travel in the table's order, so the next field is nearly always the next key.
 * It must never read past `in`, never recurse deeper than 32, and never allocate more than the bytes that are there can fill. */
#include "record.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "clock.h"
#include "record_place.h"

enum { DEEPEST = 32 };

/* ---- the cursor ---- */

struct cursor {
	const unsigned char *at, *end;
};

enum wire { WIRE_NIL, WIRE_FLAG, WIRE_INT, WIRE_BIG, WIRE_STR, WIRE_BIN, WIRE_ARRAY, WIRE_MAP, WIRE_OTHER };

struct token {
	enum wire is;
	int64_t number;		    /* FLAG, INT; BIG: above INT64_MAX, the same bits */
	size_t n;		    /* STR, BIN: bytes; ARRAY: items; MAP: pairs */
	const unsigned char *bytes; /* STR, BIN */
};

/* A big-endian number of 1, 2, 4 or 8 bytes. */
static bool number_take (struct cursor *c, size_t width, uint64_t *ret)
{
	if ((size_t) (c->end - c->at) < width)
		return false;
	uint64_t value = 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | c->at[i];
	c->at += width;
	*ret = value;
	return true;
}

static inline bool bytes_take (struct cursor *c, struct token *t, enum wire is, uint64_t n)
{
	if (n > (uint64_t) (c->end - c->at))
		return false;
	*t = (struct token){ .is = is, .n = n, .bytes = c->at };
	c->at += n;
	return true;
}

/* The items follow; each is one byte at least, which bounds the count by what is there. */
static bool count_take (struct cursor *c, struct token *t, enum wire is, uint64_t n)
{
	*t = (struct token){ .is = is, .n = n };
	return n <= (uint64_t) (c->end - c->at) / (is == WIRE_MAP ? 2 : 1);
}

static bool sized_take (struct cursor *c, struct token *t, enum wire is, size_t width, size_t more)
{
	uint64_t n;
	if (!number_take (c, width, &n))
		return false;
	return is == WIRE_ARRAY || is == WIRE_MAP ? count_take (c, t, is, n) : bytes_take (c, t, is, n + more);
}

static bool integer_take (struct cursor *c, struct token *t, size_t width, bool is_signed)
{
	uint64_t value;
	if (!number_take (c, width, &value))
		return false;
	unsigned unused = 64 - 8 * (unsigned) width;
	*t = (struct token){ .is = WIRE_INT, .number = (int64_t) value };
	if (is_signed)
		t->number = (int64_t) (value << unused) >> unused;
	else if (value > INT64_MAX)
		t->is = WIRE_BIG;
	return true;
}

/* What begins with a byte of its own; `b` was that byte, at least 0xc0. */
static bool long_take (struct cursor *c, struct token *t, unsigned char b)
{
	switch (b) {
	case 0xc0: *t = (struct token){ .is = WIRE_NIL }; return true;
	case 0xc1: return false; /* never used */
	case 0xc2:		 /* false, true */
	case 0xc3: *t = (struct token){ .is = WIRE_FLAG, .number = b & 1 }; return true;
	case 0xc4: /* bin */
	case 0xc5:
	case 0xc6: return sized_take (c, t, WIRE_BIN, 1u << (b - 0xc4), 0);
	case 0xc7: /* ext: a byte of type, then as many as it says */
	case 0xc8:
	case 0xc9: return sized_take (c, t, WIRE_OTHER, 1u << (b - 0xc7), 1);
	case 0xca: /* float */
	case 0xcb: return bytes_take (c, t, WIRE_OTHER, 4u << (b - 0xca));
	case 0xcc: /* unsigned */
	case 0xcd:
	case 0xce:
	case 0xcf: return integer_take (c, t, 1u << (b - 0xcc), false);
	case 0xd0: /* signed */
	case 0xd1:
	case 0xd2:
	case 0xd3: return integer_take (c, t, 1u << (b - 0xd0), true);
	case 0xd4: /* fixext */
	case 0xd5:
	case 0xd6:
	case 0xd7:
	case 0xd8: return bytes_take (c, t, WIRE_OTHER, 1 + (1u << (b - 0xd4)));
	case 0xd9: /* str */
	case 0xda:
	case 0xdb: return sized_take (c, t, WIRE_STR, 1u << (b - 0xd9), 0);
	case 0xdc: /* array */
	case 0xdd: return sized_take (c, t, WIRE_ARRAY, 2u << (b - 0xdc), 0);
	default: return sized_take (c, t, WIRE_MAP, 2u << (b - 0xde), 0); /* 0xde, 0xdf: map */
	}
}

/* One value, or the head of an array or map. False: not well formed. Short strings and small numbers are most of what there is. */
static inline bool token_take (struct cursor *c, struct token *t)
{
	if (c->at == c->end)
		return false;
	unsigned char b = *c->at++;
	if (b >= 0xa0 && b < 0xc0)
		return bytes_take (c, t, WIRE_STR, b & 31);
	if (b < 0x80 || b >= 0xe0) {
		*t = (struct token){ .is = WIRE_INT, .number = (signed char) b };
		return true;
	}
	if (b < 0xa0)
		return count_take (c, t, b < 0x90 ? WIRE_MAP : WIRE_ARRAY, b & 15);
	return long_take (c, t, b);
}

/* One whole value, whatever it is; `depth` containers stand around it. */
static bool value_skip (struct cursor *c, unsigned depth)
{
	size_t left[DEEPEST + 1];
	unsigned open = 0;
	do {
		struct token t;
		if (!token_take (c, &t))
			return false;
		if (open)
			left[open - 1]--;
		if ((t.is == WIRE_ARRAY || t.is == WIRE_MAP) && t.n) {
			if (depth + open >= DEEPEST)
				return false;
			left[open++] = t.is == WIRE_MAP ? 2 * t.n : t.n;
		}
		while (open && !left[open - 1])
			open--;
	} while (open);
	return true;
}

size_t msgpack_skip (struct bytes in)
{
	struct cursor c = { in.at, in.at + in.n };
	return value_skip (&c, 0) ? (size_t) (c.at - in.at) : 0;
}

/* ---- reading a record ---- */

struct reader {
	struct cursor c;
	struct faults faults;
	unsigned depth;
};

static bool record_take (struct reader *in, const struct record *r, unsigned char *item, const struct place *up);

static bool wrong (struct reader *in, const struct place *at, const char *code)
{
	return fault_note (&in->faults, at, code, NULL);
}

static bool text_take (struct reader *in, const struct field *f, const struct token *t, const char **ret, const struct place *at)
{
	if (t->is != WIRE_STR)
		return wrong (in, at, f->kind == KIND_JSON ? "not_json" : "not_a_string");
	if (t->n > field_limit (f))
		return wrong (in, at, "too_long");
	if (f->kind == KIND_JSON ? !json_is_valid ((struct bytes){ t->bytes, t->n }) : !text_is_valid ((const char *) t->bytes, t->n))
		return wrong (in, at, f->kind == KIND_JSON ? "not_json" : "bad_text");
	*ret = arena_copy (in->faults.arena, (const char *) t->bytes, t->n);
	return true;
}

static bool bytes_copy (struct reader *in, const struct field *f, const struct token *t, struct bytes *ret, const struct place *at)
{
	if (t->is != WIRE_BIN)
		return wrong (in, at, "not_bytes");
	if (t->n > field_limit (f))
		return wrong (in, at, "too_long");
	*ret = (struct bytes){ (unsigned char *) arena_copy (in->faults.arena, (const char *) t->bytes, t->n), t->n };
	return true;
}

static bool money_take (struct reader *in, const struct token *pair, struct money *ret, const struct place *at)
{
	struct token minor, currency;
	if (pair->is != WIRE_ARRAY || pair->n != 2 || !token_take (&in->c, &minor) || minor.is != WIRE_INT)
		return wrong (in, at, "not_an_amount");
	if (!token_take (&in->c, &currency) || currency.is != WIRE_STR || currency.n != 3)
		return wrong (in, at, "not_a_currency");
	ret->minor = minor.number;
	for (int i = 0; i < 3; i++) {
		if (currency.bytes[i] < 'A' || currency.bytes[i] > 'Z')
			return wrong (in, at, "not_a_currency");
		ret->currency[i] = (char) currency.bytes[i];
	}
	return true;
}

static bool choice_take (struct reader *in, const struct field *f, const struct token *t, unsigned *ret, const struct place *at)
{
	if (t->is == WIRE_STR)
		for (unsigned i = 0; f->names[i]; i++)
			if (strlen (f->names[i]) == t->n && memcmp (f->names[i], t->bytes, t->n) == 0) {
				*ret = i;
				return true;
			}
	return wrong (in, at, "not_a_choice");
}

static bool list_take (struct reader *in, const struct field *f, const struct token *t, struct list *ret, const struct place *at)
{
	if (t->is != WIRE_ARRAY)
		return wrong (in, at, "not_a_list");
	if (t->n > field_limit (f))
		return wrong (in, at, "too_many");
	unsigned char *item = arena_array (in->faults.arena, t->n, f->part->size);
	*ret = (struct list){ item, t->n };
	in->depth++;
	for (size_t i = 0; i < t->n; i++) {
		struct place here = { .up = at, .item = i };
		if (!record_take (in, f->part, item + i * f->part->size, &here))
			return false;
	}
	in->depth--;
	return true;
}

/* `to` is the field's value in the struct. */
static bool value_take (struct reader *in, const struct field *f, const struct token *t, void *to, const struct place *at)
{
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_JSON: return text_take (in, f, t, to, at);
	case KIND_BYTES: return bytes_copy (in, f, t, to, at);
	case KIND_I64:
		if (t->is != WIRE_INT)
			return wrong (in, at, "not_a_number");
		*(int64_t *) to = t->number;
		return true;
	case KIND_TIME:
		if (t->is != WIRE_INT || t->number < TIME_LEAST || t->number > TIME_MOST)
			return wrong (in, at, "not_a_time");
		*(int64_t *) to = t->number;
		return true;
	case KIND_DATE:
		if (t->is != WIRE_INT || t->number < DATE_LEAST || t->number > DATE_MOST)
			return wrong (in, at, "not_a_date");
		*(int32_t *) to = (int32_t) t->number;
		return true;
	case KIND_FLAG:
		if (t->is != WIRE_FLAG)
			return wrong (in, at, "not_a_flag");
		*(bool *) to = t->number;
		return true;
	case KIND_ID:
		if (t->is != WIRE_BIN || t->n != sizeof (struct uuid))
			return wrong (in, at, "not_an_id");
		memcpy (to, t->bytes, sizeof (struct uuid));
		return true;
	case KIND_MONEY: return money_take (in, t, to, at);
	case KIND_ENUM: return choice_take (in, f, t, to, at);
	case KIND_LIST: return list_take (in, f, t, to, at);
	}
	assert (!"every kind is named");
	return false;
}

static inline uint64_t eight (const char *at)
{
	uint64_t word;
	memcpy (&word, at, sizeof word);
	return word;
}

static inline uint32_t four (const char *at)
{
	uint32_t word;
	memcpy (&word, at, sizeof word);
	return word;
}

/* Names have mostly 4 to 16 bytes: their first and last words, which may overlap, are all of it; a call would cost more. */
static inline bool same_bytes (const void *a, const void *b, size_t n)
{
	const char *x = a, *y = b;
	if (n >= 8 && n <= 16)
		return eight (x) == eight (y) && eight (x + n - 8) == eight (y + n - 8);
	if (n >= 4 && n < 8)
		return four (x) == four (y) && four (x + n - 4) == four (y + n - 4);
	return memcmp (x, y, n) == 0;
}

/* The field of a key; the one after the last found is tried first. */
static inline const struct field *key_field (const struct record *r, const struct token *key, size_t *guess)
{
	for (size_t i = 0, at = *guess; i < r->n_fields; i++, at++) {
		if (at >= r->n_fields)
			at = 0;
		const struct field *f = &r->fields[at];
		if (f->name_n == key->n && same_bytes (f->name, key->bytes, key->n)) {
			*guess = at + 1;
			return f;
		}
	}
	return NULL;
}

static bool field_take (struct reader *in, const struct field *f, unsigned char *item, const struct place *up)
{
	struct place here = { .up = up, .member = f->name };
	struct token t;
	if (item[f->has])
		return wrong (in, &here, "twice");
	if (!token_take (&in->c, &t))
		return wrong (in, &here, "malformed");
	item[f->has] = t.is == WIRE_NIL ? CLEARED : HERE;
	return t.is == WIRE_NIL || value_take (in, f, &t, item + f->offset, &here);
}

/* The struct is zero. The first fault ends it, for what follows cannot be trusted to be what it seems. */
static bool record_take (struct reader *in, const struct record *r, unsigned char *item, const struct place *up)
{
	struct token map, key;
	if (!token_take (&in->c, &map))
		return wrong (in, up, "malformed");
	if (map.is != WIRE_MAP || in->depth >= DEEPEST)
		return wrong (in, up, map.is == WIRE_MAP ? "malformed" : "not_an_object");
	in->depth++;
	size_t guess = 0;
	for (size_t i = 0; i < map.n; i++) {
		if (!token_take (&in->c, &key) || key.is != WIRE_STR)
			return wrong (in, up, "malformed");
		const struct field *f = key_field (r, &key, &guess);
		if (f ? !field_take (in, f, item, up) : !value_skip (&in->c, in->depth))
			return f ? false : wrong (in, up, "malformed");
	}
	in->depth--;
	return fields_complete (&in->faults, r, item, up);
}

enum status record_unpack (struct arena *a, const struct record *r, struct bytes in, void *ret_item, struct problem *ret_problem)
{
	struct reader reader = { .c = { in.at, in.at + in.n }, .faults = { .arena = a, .problem = ret_problem } };
	memset (ret_item, 0, r->size);
	if (!record_take (&reader, r, ret_item, NULL))
		return REFUSED;
	if (reader.c.at != reader.c.end)
		wrong (&reader, NULL, "malformed"); /* something follows */
	return reader.faults.n ? REFUSED : OK;
}

/* ---- writing ---- */

enum { HEAD_MOST = 9 }; /* bytes of the longest head or number */

static inline unsigned char *room (struct buffer *out, size_t n)
{
	return out->room - out->n >= n ? out->at + out->n : buffer_reserve (out, n);
}

static inline unsigned char *number_put (unsigned char *to, unsigned char type, uint64_t value, size_t width)
{
	*to++ = type;
	for (size_t i = width; i--;)
		*to++ = (unsigned char) (value >> 8 * i);
	return to;
}

static unsigned char *integer_put (unsigned char *to, int64_t value)
{
	if (value >= -32 && value < 128)
		*to++ = (unsigned char) value;
	else if (value < 0)
		to = value >= INT8_MIN	  ? number_put (to, 0xd0, (uint64_t) value, 1)
		     : value >= INT16_MIN ? number_put (to, 0xd1, (uint64_t) value, 2)
		     : value >= INT32_MIN ? number_put (to, 0xd2, (uint64_t) value, 4)
					  : number_put (to, 0xd3, (uint64_t) value, 8);
	else
		to = value <= UINT8_MAX	   ? number_put (to, 0xcc, (uint64_t) value, 1)
		     : value <= UINT16_MAX ? number_put (to, 0xcd, (uint64_t) value, 2)
		     : value <= UINT32_MAX ? number_put (to, 0xce, (uint64_t) value, 4)
					   : number_put (to, 0xcf, (uint64_t) value, 8);
	return to;
}

/* The head of a str, bin, array or map: `fix` | n below `fixed`, else the types for one, two and four bytes of n (0: there is none). */
static inline unsigned char *count_put (unsigned char *to, size_t n, unsigned char fix, size_t fixed, unsigned char one, unsigned char two)
{
	assert (n <= UINT32_MAX);
	if (n < fixed)
		*to++ = (unsigned char) (fix | n);
	else if (one && n <= UINT8_MAX)
		to = number_put (to, one, n, 1);
	else if (n <= UINT16_MAX)
		to = number_put (to, two, n, 2);
	else
		to = number_put (to, (unsigned char) (two + 1), n, 4);
	return to;
}

/* A call costs more than the few bytes of a name or a short text. */
static inline unsigned char *copy_put (unsigned char *to, const void *from, size_t n)
{
	const unsigned char *at = from;
	if (n >= 8 && n <= 16) {
		memcpy (to, at, 8);
		memcpy (to + n - 8, at + n - 8, 8);
	} else if (n >= 4 && n < 8) {
		memcpy (to, at, 4);
		memcpy (to + n - 4, at + n - 4, 4);
	} else if (n)
		memcpy (to, at, n);
	return to + n;
}

static inline void str_put (struct buffer *out, const char *text, size_t n)
{
	unsigned char *to = count_put (room (out, HEAD_MOST + n), n, 0xa0, 32, 0xd9, 0xda);
	out->n = (size_t) (copy_put (to, text, n) - out->at);
}

static inline void bin_put (struct buffer *out, const void *bytes, size_t n)
{
	unsigned char *to = count_put (room (out, HEAD_MOST + n), n, 0, 0, 0xc4, 0xc5);
	out->n = (size_t) (copy_put (to, bytes, n) - out->at);
}

static void array_put (struct buffer *out, size_t n)
{
	out->n = (size_t) (count_put (room (out, HEAD_MOST), n, 0x90, 16, 0, 0xdc) - out->at);
}

static void int_put (struct buffer *out, int64_t value)
{
	out->n = (size_t) (integer_put (room (out, HEAD_MOST), value) - out->at);
}

static void byte_put (struct buffer *out, unsigned char byte)
{
	*room (out, 1) = byte;
	out->n++;
}

static void list_put (struct buffer *out, const struct record *part, const struct list *list)
{
	array_put (out, list->n);
	for (size_t i = 0; i < list->n; i++)
		record_pack (out, part, (const unsigned char *) list->at + i * part->size);
}

static void value_put (struct buffer *out, const struct field *f, const void *value)
{
	switch (f->kind) {
	case KIND_TEXT:
	case KIND_JSON: {
		const char *text = *(const char *const *) value;
		assert (text); /* HERE means there is one */
		str_put (out, text, strlen (text));
		return;
	}
	case KIND_BYTES: bin_put (out, ((const struct bytes *) value)->at, ((const struct bytes *) value)->n); return;
	case KIND_I64:
	case KIND_TIME: int_put (out, *(const int64_t *) value); return;
	case KIND_DATE: int_put (out, *(const int32_t *) value); return;
	case KIND_FLAG: byte_put (out, *(const bool *) value ? 0xc3 : 0xc2); return;
	case KIND_ID: bin_put (out, value, sizeof (struct uuid)); return;
	case KIND_MONEY:
		array_put (out, 2);
		int_put (out, ((const struct money *) value)->minor);
		str_put (out, ((const struct money *) value)->currency, 3);
		return;
	case KIND_ENUM: {
		const char *name = f->names[*(const unsigned *) value];
		str_put (out, name, strlen (name));
		return;
	}
	case KIND_LIST: list_put (out, f->part, value); return;
	}
	assert (!"every kind is named");
}

void record_pack (struct buffer *out, const struct record *r, const void *item)
{
	/* the count is known at the end; a table of 16 fields and more gets the two-byte form whatever is here */
	size_t head = out->n, width = r->n_fields < 16 ? 1 : 3;
	unsigned n = 0;
	room (out, width);
	out->n += width;
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		enum has has = f->flags & REQUIRED ? HERE : (enum has) ((const unsigned char *) item)[f->has];
		if (has == ABSENT)
			continue;
		n++;
		str_put (out, f->name, f->name_n);
		if (has == CLEARED)
			byte_put (out, 0xc0);
		else
			value_put (out, f, (const unsigned char *) item + f->offset);
	}
	if (width == 1)
		out->at[head] = (unsigned char) (0x80 | n);
	else
		number_put (out->at + head, 0xde, n, 2);
}

/* ---- the head ---- */

enum { HEAD_ITEMS = 12 };

static void id_put (struct buffer *out, struct uuid id)
{
	if (uuid_is_null (id))
		byte_put (out, 0xc0);
	else
		bin_put (out, id.b, sizeof id.b);
}

static void ids_put (struct buffer *out, const struct uuid *id, size_t n)
{
	array_put (out, n);
	for (size_t i = 0; i < n; i++)
		bin_put (out, id[i].b, sizeof id[i].b);
}

void head_pack (struct buffer *out, const struct head *head)
{
	array_put (out, HEAD_ITEMS + (head->grant.n_users > 0));
	id_put (out, head->workspace);
	id_put (out, head->actor);
	id_put (out, head->id);
	id_put (out, head->correlation);
	id_put (out, head->causation);
	int_put (out, head->at);
	int_put (out, head->depth);
	int_put (out, head->grant.scope);
	out->n = (size_t) (number_put (room (out, HEAD_MOST), 0xcf, head->grant.permissions, 8) - out->at);
	id_put (out, head->grant.user);
	id_put (out, head->grant.team);
	ids_put (out, head->workspaces, head->n_workspaces);
	if (head->grant.n_users)
		ids_put (out, head->grant.users, head->grant.n_users);
}

static bool id_take (struct cursor *c, bool may_be_null, struct uuid *ret)
{
	struct token t;
	if (!token_take (c, &t) || (t.is == WIRE_NIL ? !may_be_null : t.is != WIRE_BIN || t.n != sizeof ret->b))
		return false;
	if (t.is == WIRE_BIN)
		memcpy (ret->b, t.bytes, sizeof ret->b);
	return true;
}

static bool int_take (struct cursor *c, int64_t least, int64_t most, int64_t *ret)
{
	struct token t;
	if (!token_take (c, &t) || t.is != WIRE_INT || t.number < least || t.number > most)
		return false;
	*ret = t.number;
	return true;
}

static bool permissions_take (struct cursor *c, uint64_t *ret)
{
	struct token t;
	if (!token_take (c, &t) || (t.is != WIRE_BIG && (t.is != WIRE_INT || t.number < 0)))
		return false;
	*ret = (uint64_t) t.number;
	return true;
}

static bool ids_take (struct arena *a, struct cursor *c, const struct uuid **ret, size_t *ret_n)
{
	struct token list;
	if (!token_take (c, &list) || list.is != WIRE_ARRAY || list.n > (size_t) (c->end - c->at) / sizeof (struct uuid))
		return false;
	if (!list.n)
		return true;
	struct uuid *id = arena_array (a, list.n, sizeof *id);
	for (size_t i = 0; i < list.n; i++)
		if (!id_take (c, false, &id[i]))
			return false;
	*ret = id;
	*ret_n = list.n;
	return true;
}

enum status head_unpack (struct arena *a, struct bytes in, struct head *ret_head, size_t *ret_used)
{
	struct cursor c = { in.at, in.at + in.n };
	struct head h = { 0 };
	struct token list;
	int64_t depth, scope;
	if (!token_take (&c, &list) || list.is != WIRE_ARRAY || list.n < HEAD_ITEMS || !id_take (&c, true, &h.workspace) ||
	    !id_take (&c, true, &h.actor) || !id_take (&c, true, &h.id) || !id_take (&c, true, &h.correlation) ||
	    !id_take (&c, true, &h.causation) || !int_take (&c, TIME_LEAST, TIME_MOST, &h.at) || !int_take (&c, 0, INT_MAX, &depth) ||
	    !int_take (&c, SCOPE_NONE, SCOPE_ALL, &scope) || !permissions_take (&c, &h.grant.permissions) ||
	    !id_take (&c, true, &h.grant.user) || !id_take (&c, true, &h.grant.team) || !ids_take (a, &c, &h.workspaces, &h.n_workspaces))
		return REFUSED;
	if (list.n > HEAD_ITEMS && !ids_take (a, &c, &h.grant.users, &h.grant.n_users))
		return REFUSED;
	for (size_t i = HEAD_ITEMS + 1; i < list.n; i++) /* what a later version added */
		if (!value_skip (&c, 1))
			return REFUSED;
	h.depth = (int) depth;
	h.grant.scope = (enum scope) scope;
	*ret_head = h;
	*ret_used = (size_t) (c.at - in.at);
	return OK;
}
