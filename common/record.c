/* Records by their tables: finding a field, whether it is there, what it hashes to; and what can be wrong with an input.
 * It must never know a record by name. */
#include "record.h"
#include "clock.h"

#include <stdio.h>
#include <string.h>
#include "record_place.h"

const char *const scope_names[] = { "none", "own", "team", "workspace", "all", NULL };

/* ---- fields ---- */

enum has field_has (const struct field *f, const void *item)
{
	return f->flags & REQUIRED ? HERE : (enum has) ((const unsigned char *) item)[f->has];
}

const struct field *record_field (const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->n_fields; i++)
		if (strcmp (r->fields[i].name, name) == 0)
			return &r->fields[i];
	return NULL;
}

size_t field_limit (const struct field *f)
{
	size_t limit = f->flags >> 32;
	if (limit)
		return limit;
	return f->kind == KIND_JSON || f->kind == KIND_BYTES ? 64 << 20 : 10000;
}

/* ---- hashes ---- */

static const uint64_t ODD = 0x9e3779b97f4a7c15u;

static uint64_t mixed (uint64_t h, uint64_t word)
{
	h = (h ^ word) * ODD;
	return h ^ h >> 29;
}

/* A to Z of eight bytes at once become a to z (Mycroft's test for a byte in a range). */
static uint64_t lower_case (uint64_t word)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t seven = word & 0x7f * ones;
	uint64_t from_a = seven + (0x80 - 'A') * ones, past_z = seven + (0x7f - 'Z') * ones;
	uint64_t upper = (from_a ^ past_z) & ~word & 0x80 * ones;
	return word | upper >> 2;
}

static uint64_t bytes_hash (const void *bytes, size_t n, bool fold)
{
	const unsigned char *at = bytes;
	uint64_t h = mixed (ODD, n);
	while (n) {
		uint64_t word = 0;
		size_t step = n < sizeof word ? n : sizeof word;
		memcpy (&word, at, step);
		h = mixed (h, fold ? lower_case (word) : word);
		at += step;
		n -= step;
	}
	return h;
}

static uint64_t value_hash (const struct field *f, const void *value)
{
	switch (f->kind) {
	case KIND_TEXT: return bytes_hash (*(const char *const *) value, strlen (*(const char *const *) value), true);
	case KIND_JSON: return bytes_hash (*(const char *const *) value, strlen (*(const char *const *) value), false);
	case KIND_BYTES: return bytes_hash (((const struct bytes *) value)->at, ((const struct bytes *) value)->n, false);
	case KIND_I64:
	case KIND_TIME: return mixed (ODD, (uint64_t) * (const int64_t *) value);
	case KIND_DATE: return mixed (ODD, (uint64_t) * (const int32_t *) value);
	case KIND_FLAG: return mixed (ODD, *(const bool *) value);
	case KIND_ENUM: return mixed (ODD, *(const unsigned *) value);
	case KIND_ID: return uuid_hash (*(const struct uuid *) value);
	case KIND_MONEY: {
		const struct money *m = value;
		return mixed (bytes_hash (m->currency, sizeof m->currency, false), (uint64_t) m->minor);
	}
	case KIND_LIST: break;
	}
	assert (!"a list is no key");
	return 0;
}

uint64_t field_hash (const struct field *f, const void *item)
{
	uint64_t h = value_hash (f, (const unsigned char *) item + f->offset);
	h ^= h >> 32;
	return h ? h : 1;
}

/* ---- text ---- */

size_t character_length (const unsigned char *at, size_t n)
{
	unsigned char first = at[0];
	size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
	if (length < 2 || length > n)
		return length > n ? 0 : length;
	unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	if (at[1] < least || at[1] > most)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

bool text_is_valid (const char *text, size_t n)
{
	const unsigned char *at = (const unsigned char *) text, *end = at + n;
	while (at < end) {
		uint64_t word;
		if (end - at >= (ptrdiff_t) sizeof word) {
			memcpy (&word, at, sizeof word);
			/* no byte ≥ 128 and none 0: the subtraction borrows from a zero byte only */
			if (!((word | (word - 0x0101010101010101u)) & 0x8080808080808080u)) {
				at += sizeof word;
				continue;
			}
		}
		if (*at - 1u < 0x7f) {
			at++;
			continue;
		}
		size_t length = *at ? character_length (at, (size_t) (end - at)) : 0;
		if (!length)
			return false;
		at += length;
	}
	return true;
}

/* ---- what is wrong with an input ---- */

void problem_add (struct arena *a, struct problem *p, const char *pointer, const char *code, const char *detail)
{
	if (!p)
		return;
	if (!p->code)
		p->code = "invalid";
	if (p->n_errors < LENGTH (p->errors))
		p->errors[p->n_errors++] = (struct problem_error){
			.pointer = arena_text (a, pointer),
			.code = arena_text (a, code),
			.detail = detail ? arena_text (a, detail) : NULL,
		};
}

void problem_changed (struct arena *a, struct problem *p, const char *field, int64_t at, const struct uuid *actor)
{
	char when[TIME_TEXT], who[UUID_TEXT];
	problem_add (a, p, arena_printf (a, "/%s", field), "changed",
		     arena_printf (a, "%s %s", time_format (at, when), actor ? uuid_format (*actor, who) : "-"));
}

/* RFC 6901: "~" is "~0", "/" is "~1". */
static void place_write (struct buffer *out, const struct place *at)
{
	if (!at)
		return;
	place_write (out, at->up);
	if (!at->member) {
		buffer_printf (out, "/%zu", at->item);
		return;
	}
	buffer_text (out, "/");
	for (const char *c = at->member; *c; c++)
		if (*c == '~' || *c == '/')
			buffer_text (out, *c == '~' ? "~0" : "~1");
		else
			buffer_add (out, c, 1);
}

bool fault_note (struct faults *to, const struct place *at, const char *code, const char *detail)
{
	struct buffer pointer = { 0 };
	place_write (&pointer, at);
	buffer_add (&pointer, "", 1);
	problem_add (to->arena, to->problem, (const char *) pointer.at, code, detail);
	buffer_fini (&pointer);
	to->n++;
	return false;
}

bool fields_complete (struct faults *to, const struct record *r, const unsigned char *item, const struct place *up)
{
	bool complete = true;
	for (const struct field *f = r->fields; f < r->fields + r->n_fields; f++)
		if ((f->flags & REQUIRED) && item[f->has] != HERE) {
			struct place here = { .up = up, .member = f->name };
			complete = fault_note (to, &here, "required", "this field must be given");
		}
	return complete;
}
