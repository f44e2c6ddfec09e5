/* Records as JSON: from a parsed object with validation, and back as text. Parsing itself is jansson's; writing is done here, straight from the
 * struct. It must never take a floating point number for an amount, nor write a SECRET where people or logs can see it. */
#include "record.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "record_place.h"

/* ---- texts ---- */

static void escape (struct buffer *out, unsigned char c)
{
	switch (c) {
	case '"': buffer_add (out, "\\\"", 2); return;
	case '\\': buffer_add (out, "\\\\", 2); return;
	case '\n': buffer_add (out, "\\n", 2); return;
	case '\r': buffer_add (out, "\\r", 2); return;
	case '\t': buffer_add (out, "\\t", 2); return;
	default: buffer_printf (out, "\\u%04x", c); return;
	}
}

void json_quote (struct buffer *out, const char *text)
{
	const unsigned char *at = (const unsigned char *) text, *end = at + strlen (text), *from = at;
	buffer_add (out, "\"", 1);
	while (at < end) {
		bool plain = *at >= 0x20 && *at < 0x80 && *at != '"' && *at != '\\';
		size_t length = plain || *at < 0x20 ? 1 : character_length (at, (size_t) (end - at));
		if (plain || length > 1) {
			at += length;
			continue;
		}
		buffer_add (out, from, (size_t) (at - from));
		if (length)
			escape (out, *at);
		else
			buffer_text (out, "\xef\xbf\xbd"); /* U+FFFD, one for each byte that is none */
		from = ++at;
	}
	buffer_add (out, from, (size_t) (at - from));
	buffer_add (out, "\"", 1);
}

/* ---- is it JSON ---- */

struct scan {
	const unsigned char *at, *end;
};

static int scan_peek (const struct scan *s)
{
	return s->at < s->end ? *s->at : -1;
}

static bool scan_is (struct scan *s, const char *literal)
{
	size_t n = strlen (literal);
	if ((size_t) (s->end - s->at) < n || memcmp (s->at, literal, n) != 0)
		return false;
	s->at += n;
	return true;
}

static void scan_space (struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool scan_hex (struct scan *s, unsigned *ret)
{
	unsigned value = 0;
	for (int i = 0; i < 4; i++, s->at++) {
		int c = scan_peek (s);
		if (c >= '0' && c <= '9')
			value = value << 4 | (unsigned) (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f' && c > 0)
			value = value << 4 | (unsigned) ((c | 32) - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return true;
}

/* After the backslash. */
static bool scan_escape (struct scan *s)
{
	int c = scan_peek (s);
	s->at++;
	if (c != 'u')
		return c > 0 && strchr ("\"\\/bfnrt", c);
	unsigned unit, low;
	if (!scan_hex (s, &unit) || !unit || (unit >= 0xdc00 && unit <= 0xdfff))
		return false;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	return scan_is (s, "\\u") && scan_hex (s, &low) && low >= 0xdc00 && low <= 0xdfff;
}

static bool scan_string (struct scan *s)
{
	if (!scan_is (s, "\""))
		return false;
	for (;;) {
		int c = scan_peek (s);
		if (c < 0x20)
			return false;
		s->at++;
		if (c == '"')
			return true;
		if (c == '\\' && (s->at == s->end || !scan_escape (s)))
			return false;
	}
}

static size_t scan_digits (struct scan *s)
{
	const unsigned char *from = s->at;
	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (size_t) (s->at - from);
}

static bool scan_number (struct scan *s)
{
	enum { LONGEST = 1000, EXPONENT = 3 }; /* far inside what a numeric holds */
	const unsigned char *from = s->at;
	scan_is (s, "-");
	bool zero = scan_peek (s) == '0';
	size_t whole = scan_digits (s);
	if (!whole || (zero && whole > 1))
		return false;
	if (scan_is (s, ".") && !scan_digits (s))
		return false;
	if (scan_is (s, "e") || scan_is (s, "E")) {
		if (!scan_is (s, "+"))
			scan_is (s, "-");
		size_t exponent = scan_digits (s);
		if (!exponent || exponent > EXPONENT)
			return false;
	}
	return s->at - from <= LONGEST;
}

static bool scan_scalar (struct scan *s)
{
	int c = scan_peek (s);
	return c == '"'				    ? scan_string (s)
	       : c == '-' || (c >= '0' && c <= '9') ? scan_number (s)
						    : scan_is (s, "true") || scan_is (s, "false") || scan_is (s, "null");
}

static bool scan_key (struct scan *s)
{
	scan_space (s);
	if (!scan_string (s))
		return false;
	scan_space (s);
	return scan_is (s, ":");
}

/* Which containers are open is a stack of bits, for the input must not choose how deep we recurse. */
static bool scan_value (struct scan *s)
{
	enum { DEEPEST = 2048 }; /* jansson's own limit */
	unsigned char object[DEEPEST / 8];
	unsigned open = 0;
	for (;;) {
		scan_space (s);
		int c = scan_peek (s);
		if (c == '{' || c == '[') {
			if (open == DEEPEST)
				return false;
			unsigned char bit = (unsigned char) (1 << open % 8);
			object[open / 8] = (unsigned char) (c == '{' ? object[open / 8] | bit : object[open / 8] & ~bit);
			open++;
			s->at++;
			scan_space (s);
			if (scan_peek (s) != (c == '{' ? '}' : ']')) {
				if (c == '{' && !scan_key (s))
					return false;
				continue;
			}
		} else if (!scan_scalar (s))
			return false;
		/* a value has ended, or an empty container is to be closed */
		for (;;) {
			scan_space (s);
			if (!open)
				return true;
			bool in_object = object[(open - 1) / 8] >> (open - 1) % 8 & 1;
			if (scan_is (s, ",")) {
				if (in_object && !scan_key (s))
					return false;
				break;
			}
			if (!scan_is (s, in_object ? "}" : "]"))
				return false;
			open--;
		}
	}
}

bool json_is_valid (struct bytes text)
{
	struct scan s = { text.at, text.at + text.n };
	return text_is_valid ((const char *) text.at, text.n) && scan_value (&s) && s.at == s.end;
}

/* ---- from JSON ---- */

struct reader {
	struct faults faults;
	bool strict;
};

static void record_read (struct reader *in, const struct record *r, const json_t *object, unsigned char *item, const struct place *up);

static bool wrong (struct reader *in, const struct place *at, const char *code, const char *detail)
{
	return fault_note (&in->faults, at, code, detail);
}

static bool too_long (struct reader *in, const struct field *f, const struct place *at)
{
	return wrong (in, at, f->kind == KIND_LIST ? "too_many" : "too_long",
		      arena_printf (in->faults.arena, "at most %zu %s", field_limit (f), f->kind == KIND_LIST ? "items" : "bytes"));
}

static bool text_read (struct reader *in, const struct field *f, const json_t *value, const char **ret, const struct place *at)
{
	if (!json_is_string (value))
		return wrong (in, at, "not_a_string", "must be a string");
	const char *text = json_string_value (value);
	size_t n = json_string_length (value);
	if (n > field_limit (f))
		return too_long (in, f, at);
	if (!text_is_valid (text, n))
		return wrong (in, at, "bad_text", "must not hold a NUL character");
	*ret = arena_copy (in->faults.arena, text, n);
	return true;
}

static bool json_read (struct reader *in, const struct field *f, const json_t *value, const char **ret, const struct place *at)
{
	char *text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (!text || !json_is_valid ((struct bytes){ (unsigned char *) text, strlen (text) })) {
		free (text);
		return wrong (in, at, "not_json", "must be JSON that can be kept: no NUL characters");
	}
	bool fits = strlen (text) <= field_limit (f);
	if (fits)
		*ret = arena_text (in->faults.arena, text);
	free (text);
	return fits || too_long (in, f, at);
}

static bool bytes_read (struct reader *in, const struct field *f, const json_t *value, struct bytes *ret, const struct place *at)
{
	size_t n = json_is_string (value) ? json_string_length (value) : 0, used = 0;
	unsigned char *to = arena_alloc (in->faults.arena, n / 4 * 3 + 3);
	if (!json_is_string (value) ||
	    sodium_base642bin (to, n / 4 * 3 + 3, json_string_value (value), n, NULL, &used, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return wrong (in, at, "not_bytes", "must be base64");
	if (used > field_limit (f))
		return too_long (in, f, at);
	*ret = (struct bytes){ to, used };
	return true;
}

static bool choice_read (struct reader *in, const struct field *f, const json_t *value, unsigned *ret, const struct place *at)
{
	const char *name = json_string_value (value);
	for (unsigned i = 0; name && f->names[i]; i++)
		if (strcmp (f->names[i], name) == 0) {
			*ret = i;
			return true;
		}
	struct buffer all = { 0 };
	buffer_text (&all, "must be one of");
	for (unsigned i = 0; f->names[i]; i++)
		buffer_printf (&all, "%s %s", i ? "," : "", f->names[i]);
	buffer_add (&all, "", 1);
	wrong (in, at, "not_a_choice", (const char *) all.at);
	buffer_fini (&all);
	return false;
}

/* "1815.00", or the integer 1815; a JSON number with a point has been through floating point already. */
static bool money_read (struct reader *in, const json_t *value, struct money *ret, const struct place *at)
{
	const json_t *amount = json_object_get (value, "amount"), *currency = json_object_get (value, "currency");
	struct place amount_place = { .up = at, .member = "amount" }, currency_place = { .up = at, .member = "currency" };
	const char *name;
	json_t *member;
	if (!json_is_object (value))
		return wrong (in, at, "not_an_object", "must be an object with amount and currency");
	json_object_foreach ((json_t *) value, name, member) if (in->strict && member != amount && member != currency)
	{
		struct place here = { .up = at, .member = name };
		return wrong (in, &here, "unknown", "there is no such field");
	}
	if (!amount || !currency)
		return wrong (in, amount ? &currency_place : &amount_place, "required", "this field must be given");
	if (!json_is_string (amount) && !json_is_integer (amount))
		return wrong (in, &amount_place, "not_a_string", "must be a string, as \"1815.00\"");
	if (!json_is_string (currency) || money_parse ("0", json_string_value (currency), ret) != OK)
		return wrong (in, &currency_place, "not_a_currency", "must be an ISO 4217 code, as EUR");
	char digits[24];
	snprintf (digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value (amount)); /* 0 of a string */
	if (money_parse (json_is_string (amount) ? json_string_value (amount) : digits, json_string_value (currency), ret) != OK)
		return wrong (in, &amount_place, "not_an_amount", "must be a decimal number with no more digits than the currency has");
	return true;
}

static bool list_read (struct reader *in, const struct field *f, const json_t *value, struct list *ret, const struct place *at)
{
	if (!json_is_array (value))
		return wrong (in, at, "not_a_list", "must be an array");
	size_t n = json_array_size (value);
	if (n > field_limit (f))
		return too_long (in, f, at);
	unsigned char *item = arena_array (in->faults.arena, n, f->part->size);
	for (size_t i = 0; i < n; i++) {
		struct place here = { .up = at, .item = i };
		record_read (in, f->part, json_array_get (value, i), item + i * f->part->size, &here);
	}
	*ret = (struct list){ item, n };
	return true;
}

static bool value_read (struct reader *in, const struct field *f, const json_t *value, void *to, const struct place *at)
{
	const char *text = json_string_value (value); /* null when it is no string */
	switch (f->kind) {
	case KIND_TEXT: return text_read (in, f, value, to, at);
	case KIND_JSON: return json_read (in, f, value, to, at);
	case KIND_BYTES: return bytes_read (in, f, value, to, at);
	case KIND_I64:
		if (!json_is_integer (value))
			return wrong (in, at, "not_a_number", "must be a whole number");
		*(int64_t *) to = json_integer_value (value);
		return true;
	case KIND_FLAG:
		if (!json_is_boolean (value))
			return wrong (in, at, "not_a_flag", "must be true or false");
		*(bool *) to = json_is_true (value);
		return true;
	case KIND_TIME:
		if (!text || time_parse (text, to) != OK)
			return wrong (in, at, "not_a_time", "must be an RFC 3339 time, as 2026-11-21T09:00:00Z");
		return true;
	case KIND_DATE:
		if (!text || date_parse (text, to) != OK)
			return wrong (in, at, "not_a_date", "must be a date, as 2026-11-21");
		return true;
	case KIND_ID:
		if (!text || uuid_parse (text, to) != OK)
			return wrong (in, at, "not_an_id", "must be a UUID");
		return true;
	case KIND_MONEY: return money_read (in, value, to, at);
	case KIND_ENUM: return choice_read (in, f, value, to, at);
	case KIND_LIST: return list_read (in, f, value, to, at);
	}
	assert (!"every kind is named");
	return false;
}

/* The struct is zero. Goes on after a fault: who filled in a form wants to hear of everything at once. */
static void record_read (struct reader *in, const struct record *r, const json_t *object, unsigned char *item, const struct place *up)
{
	if (!json_is_object (object)) {
		wrong (in, up, "not_an_object", "must be an object");
		return;
	}
	const char *name;
	json_t *value;
	json_object_foreach ((json_t *) object, name, value)
	{
		const struct field *f = record_field (r, name);
		struct place here = { .up = up, .member = name };
		if (f) {
			item[f->has] = json_is_null (value) ? CLEARED : HERE;
			if (!json_is_null (value))
				value_read (in, f, value, item + f->offset, &here);
		} else if (in->strict)
			wrong (in, &here, "unknown", "there is no such field");
	}
	fields_complete (&in->faults, r, item, up);
}

enum status record_from_json (struct arena *a, const struct record *r, const json_t *in, bool strict, void *ret_item,
			      struct problem *ret_problem)
{
	struct reader reader = { .faults = { .arena = a, .problem = ret_problem }, .strict = strict };
	memset (ret_item, 0, r->size);
	record_read (&reader, r, in, ret_item, NULL);
	return reader.faults.n ? REFUSED : OK;
}

/* ---- to JSON ---- */

enum readers { READ_BY_PEOPLE, READ_IN_LOGS, READ_BY_SQL };

static void record_write (struct buffer *out, const struct record *r, const unsigned char *item, enum readers whose);

static void list_write (struct buffer *out, const struct record *part, const struct list *list, enum readers whose)
{
	buffer_add (out, "[", 1);
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			buffer_add (out, ",", 1);
		record_write (out, part, (const unsigned char *) list->at + i * part->size, whose);
	}
	buffer_add (out, "]", 1);
}

/* Needs no escapes. */
static void plain_write (struct buffer *out, const char *text)
{
	buffer_add (out, "\"", 1);
	buffer_text (out, text);
	buffer_add (out, "\"", 1);
}

static void bytes_write (struct buffer *out, const struct bytes *bytes)
{
	size_t room = sodium_base64_encoded_len (bytes->n, sodium_base64_VARIANT_ORIGINAL);
	buffer_add (out, "\"", 1);
	char *to = (char *) buffer_reserve (out, room);
	sodium_bin2base64 (to, room, bytes->at, bytes->n, sodium_base64_VARIANT_ORIGINAL);
	out->n += room - 1; /* without the end */
	buffer_add (out, "\"", 1);
}

static void money_write (struct buffer *out, const struct money *m)
{
	char amount[24];
	buffer_text (out, "{\"amount\":");
	plain_write (out, money_amount (*m, amount));
	buffer_text (out, ",\"currency\":");
	json_quote (out, m->currency);
	buffer_add (out, "}", 1);
}

static void value_write (struct buffer *out, const struct field *f, const void *value, enum readers whose)
{
	char text[UUID_TEXT]; /* the longest of them */
	switch (f->kind) {
	case KIND_TEXT: json_quote (out, *(const char *const *) value); return;
	case KIND_JSON: buffer_text (out, *(const char *const *) value); return;
	case KIND_BYTES: bytes_write (out, value); return;
	case KIND_I64: buffer_printf (out, "%lld", (long long) *(const int64_t *) value); return;
	case KIND_FLAG: buffer_text (out, *(const bool *) value ? "true" : "false"); return;
	case KIND_TIME: plain_write (out, time_format (*(const int64_t *) value, text)); return;
	case KIND_DATE: plain_write (out, date_format (*(const int32_t *) value, text)); return;
	case KIND_ID: plain_write (out, uuid_format (*(const struct uuid *) value, text)); return;
	case KIND_MONEY: money_write (out, value); return;
	case KIND_ENUM: plain_write (out, f->names[*(const unsigned *) value]); return;
	case KIND_LIST: list_write (out, f->part, value, whose); return;
	}
	assert (!"every kind is named");
}

static void record_write (struct buffer *out, const struct record *r, const unsigned char *item, enum readers whose)
{
	const char *before = "{\"";
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++) {
		enum has has = field_has (f, item);
		if (has == ABSENT || ((f->flags & SECRET) && whose != READ_BY_SQL))
			continue;
		buffer_text (out, before);
		buffer_text (out, f->name);
		buffer_add (out, "\":", 2);
		before = ",\"";
		if (has == CLEARED)
			buffer_add (out, "null", 4);
		else if ((f->flags & PERSONAL) && whose == READ_IN_LOGS)
			buffer_text (out, "\"•••\"");
		else
			value_write (out, f, item + f->offset, whose);
	}
	buffer_text (out, *before == '{' ? "{}" : "}");
}

void record_to_json (struct buffer *out, const struct record *r, const void *item, bool redact)
{
	record_write (out, r, item, redact ? READ_IN_LOGS : READ_BY_PEOPLE);
}

void record_list_json (struct buffer *out, const struct record *part, struct list list)
{
	list_write (out, part, &list, READ_BY_SQL);
}
