/* Members of a request become a lead: names that forms use for the same thing, the shapes of the senders we know, and the words for
 * what is missing. What no rule takes stays in `fields` as it came; a value is never taken twice. */
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum slot {
	NAME,
	FIRST,
	INFIX,
	LAST,
	COMPANY,
	EMAIL,
	PHONE,
	MESSAGE,
	FORM_TYPE,
	FORM_NAME,
	SUBJECT,
	EXTERNAL,
	SOURCE,
	LANGUAGE,
	PAGE,
	AGREED, /* from here on: what somebody agreed to */
	NEWS,
	TERMS,
	AGREED_TEXT,
	AGREED_VERSION,
	AGREED_AT,
	AGREED_PAGE,
	SLOTS,
	NONE = SLOTS
};

static const struct alias {
	const char *name;
	enum slot slot;
} aliases[] = {
#define ALIAS(slot, name) { name, slot },
#include "aliases.def"
#undef ALIAS
};

/* Nested objects that speak of the person who asks; "name" inside anything else is the name of that. */
static const char *const person_words[] = { "afzender",	      "answers",  "body",     "contact", "contactgegevens", "contactperson",
					    "contactpersoon", "customer", "data",     "entry",	 "fields",	    "formdata",
					    "formfields",     "gegevens", "klant",    "lead",	 "payload",	    "person",
					    "personalia",     "persoon",  "prospect", "sender",	 "submission",	    "user",
					    "values",	      "visitor",  "bezoeker" };
/* Nested objects that never speak of the person. */
static const char *const other_words[] = { "campaign", "consent", "meta", "order", "page", "product", "tracking", "utm" };

enum { FOLDED_MOST = 64 };
struct folded {
	char at[FOLDED_MOST]; /* empty: no name we could know */
};

static struct folded name_fold (const char *name, size_t n)
{
	struct folded f = { "" };
	size_t used = 0;
	for (size_t i = 0; i < n; i++) {
		char c = name[i];
		if (c == ' ' || c == '_' || c == '-' || c == '*' || c == ':')
			continue;
		if (used == FOLDED_MOST - 1)
			return (struct folded){ "" };
		f.at[used++] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
	}
	f.at[used] = '\0';
	return f;
}

static bool is_one_of (const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (word, list[i]) == 0)
			return true;
	return false;
}

/* Compares by length and first letter before all else: most names of a request are none of ours. */
static enum slot slot_of (const char *folded)
{
	for (size_t i = 0; i < LENGTH (aliases); i++)
		if (aliases[i].name[0] == folded[0] && strcmp (aliases[i].name, folded) == 0)
			return aliases[i].slot;
	return NONE;
}

/* Boxes of some makers bear a number: acceptance-123. */
static enum slot slot_of_box (const struct folded *name)
{
	struct folded plain = *name;
	size_t n = strlen (plain.at);
	while (n && plain.at[n - 1] >= '0' && plain.at[n - 1] <= '9')
		plain.at[--n] = '\0';
	enum slot slot = n ? slot_of (plain.at) : NONE;
	return slot >= AGREED && slot <= TERMS ? slot : NONE;
}

/* ---- picking ---- */

struct pick {
	const json_t *value;	  /* null: none */
	const char *text, *label; /* label: what people read beside a box; null: not known */
	int rank;		  /* how far down it stood; the nearest wins, then the first */
	bool taken;		  /* it went into the draft, so it is not among the other fields */
};

struct mapping {
	struct arena *arena;
	const struct reading *how;
	const json_t *elementor; /* the member `fields` of Elementor's shape */
	struct pick pick[SLOTS];
	const json_t **used; /* what rules of the source took */
	size_t n_used;
	json_t *own; /* and made of it beside the fields of a lead; null: nothing */
};

static const char *trimmed (struct arena *a, const char *text)
{
	size_t n = strlen (text), from = 0;
	while (from < n && strchr (" \t\r\n\v\f", text[from]))
		from++;
	while (n > from && strchr (" \t\r\n\v\f", text[n - 1]))
		n--;
	return from == 0 && text[n] == '\0' ? text : arena_copy (a, text + from, n - from);
}

/* One line without runs of white space: names stand on cards. */
static const char *one_line (struct arena *a, const char *text, size_t most)
{
	bool plain = true;
	for (const char *p = text; plain && *p; p++)
		plain = (unsigned char) *p >= ' ' && !(*p == ' ' && p[1] == ' ');
	if (!plain) {
		char *copy = arena_text (a, text), *to = copy;
		for (const char *p = text; *p; p++) {
			char c = (unsigned char) *p < ' ' ? ' ' : *p;
			if (c != ' ' || (to > copy && to[-1] != ' '))
				*to++ = c;
		}
		while (to > copy && to[-1] == ' ')
			to--;
		*to = '\0';
		text = copy;
	}
	return text_cut (a, text, most);
}

/* A scalar, or scalars one after the other; null: it has no text. */
static const char *value_text (struct arena *a, const json_t *value)
{
	const char *all = NULL;
	json_t *one;
	size_t i;
	if (json_is_string (value))
		return trimmed (a, json_string_value (value));
	if (json_is_integer (value))
		return arena_printf (a, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
	if (!json_is_array (value))
		return NULL;
	json_array_foreach ((json_t *) value, i, one)
	{
		const char *text = json_is_array (one) ? NULL : value_text (a, one);
		if (text && *text)
			all = all ? arena_printf (a, "%s, %s", all, text) : text;
	}
	return all;
}

static void slot_offer (struct mapping *m, enum slot slot, const json_t *value, int rank)
{
	struct pick *p = &m->pick[slot];
	if (slot == NONE || (p->value && p->rank <= rank))
		return;
	bool box = slot >= AGREED && slot <= TERMS;
	const char *text = json_is_boolean (value) && box ? (json_is_true (value) ? "yes" : "no") : value_text (m->arena, value);
	if (text && slot == EMAIL)
		text = email_read (m->arena, text);
	else if (text && slot == LANGUAGE)
		text = language_read (text);
	if (!text || (!*text && !box)) /* a box that nobody ticked is empty */
		return;
	*p = (struct pick){ .value = value, .text = text, .rank = rank };
}

/* What a nested name means: with its parent's name before it, else by itself where the parent speaks of the person. */
static enum slot slot_nested (const char *parent, const char *folded)
{
	char both[2 * FOLDED_MOST];
	snprintf (both, sizeof both, "%s%s", parent, folded);
	enum slot slot = slot_of (both);
	if (slot != NONE || is_one_of (parent, other_words, LENGTH (other_words)))
		return slot;
	slot = slot_of (folded);
	if (slot == EMAIL || slot == PHONE || is_one_of (parent, person_words, LENGTH (person_words)))
		return slot;
	return NONE;
}

/* A box that has no name that we know, but words beside it and a plain yes or no in it. */
static bool box_words_offer (struct mapping *m, const char *words, const json_t *value, int rank)
{
	static const enum slot slots[] = { [BOX_NEWS] = NEWS, [BOX_MAIL] = AGREED, [BOX_TERMS] = TERMS };
	const char *text = value_text (m->arena, value);
	if (!json_is_boolean (value) && !(text && strlen (text) < 16 && consent_is_answer (m->arena, text)))
		return false;
	enum consent_box box = consent_box_of (m->arena, words);
	if (box == BOX_NONE || (text && !*text && !strchr (words, ' ')))
		return false;
	slot_offer (m, slots[box], value, rank + 3);
	if (m->pick[slots[box]].value == value)
		m->pick[slots[box]].label = words;
	return true;
}

static void member_offer (struct mapping *m, const char *parent, const char *key, const json_t *value, int rank)
{
	const char *cut = NULL;
	for (const char *p = strstr (key, "__"); p; p = strstr (p + 2, "__"))
		cut = p != key && p[2] ? p : cut;
	struct folded above = { "" }, name = name_fold (cut ? cut + 2 : key, strlen (cut ? cut + 2 : key));
	if (cut) {
		above = name_fold (key, (size_t) (cut - key));
		parent = above.at;
		rank++;
	}
	enum slot slot = !name.at[0] ? NONE : *parent ? slot_nested (parent, name.at) : slot_of (name.at);
	if (slot == NONE)
		slot = name.at[0] ? slot_of_box (&name) : NONE;
	if (slot == NONE && box_words_offer (m, key, value, rank))
		return;
	slot_offer (m, slot, value, rank);
}

/* ---- shapes ---- */

static const char *member_text (const json_t *object, const char *key)
{
	const char *text = json_string_value (json_object_get (object, key));
	return text && *text ? text : NULL;
}

/* Elementor with "advanced data": every member of `fields` is an object with a value. */
static const json_t *elementor_fields (const json_t *object)
{
	json_t *fields = json_object_get (object, "fields"), *field;
	const char *key;
	if (!json_is_object (fields) || json_object_size (fields) == 0)
		return NULL;
	json_object_foreach (fields, key, field) if (!json_is_object (field) || !json_object_get (field, "value") ||
						     !json_object_get (field, "id")) return NULL;
	return fields;
}

/* The id says most, then the label, then the kind of input. */
static void elementor_offer (struct mapping *m, const char *id, const json_t *field)
{
	const char *title = member_text (field, "title"), *type = member_text (field, "type");
	const json_t *value = json_object_get (field, "value");
	struct folded name = name_fold (id, strlen (id));
	enum slot slot = slot_of (name.at);
	if (slot == NONE && title) {
		name = name_fold (title, strlen (title));
		slot = slot_of (name.at);
	}
	if (slot == NONE && type && strcmp (type, "acceptance") == 0)
		slot = title && consent_box_of (m->arena, title) == BOX_NEWS ? NEWS : TERMS;
	if (slot != NONE) {
		slot_offer (m, slot, value, 0);
		if (m->pick[slot].value == value)
			m->pick[slot].label = title;
		return;
	}
	if (title && box_words_offer (m, title, value, 0))
		return;
	if (type)
		slot_offer (m,
			    strcmp (type, "email") == 0	     ? EMAIL
			    : strcmp (type, "tel") == 0	     ? PHONE
			    : strcmp (type, "textarea") == 0 ? MESSAGE
							     : NONE,
			    value, 2);
}

/* Somebody's yes and no to boxes, as two senders tell it beside the fields: HubSpot {consent: {consentToProcess, text, communications: [{value, text}]}},
 * Meta [{checkbox_key, is_checked}]. False: it is neither. */
static bool boxes_open (struct mapping *m, const json_t *said)
{
	const json_t *asked = json_object_get (said, "consent"), *list = json_object_get (asked, "communications"), *one;
	const char *text = member_text (asked, "text");
	size_t i;
	if (json_is_object (asked)) {
		slot_offer (m, TERMS, json_object_get (asked, "consentToProcess"), 0);
		json_array_foreach ((json_t *) list, i, one)
		{
			const char *words = member_text (one, "text");
			if (!m->pick[NEWS].value || json_is_true (json_object_get (one, "value"))) { /* one yes is one */
				m->pick[NEWS] = (struct pick){ 0 };
				slot_offer (m, NEWS, json_object_get (one, "value"), 0);
			}
			text = !words ? text : text ? arena_printf (m->arena, "%s\n%s", text, words) : words;
		}
		if (text)
			m->pick[AGREED_TEXT] = (struct pick){ .value = asked, .text = text };
		return true;
	}
	if (!json_is_array (said) || !member_text (json_array_get (said, 0), "checkbox_key"))
		return false;
	json_array_foreach ((json_t *) said, i, one)
	{
		const char *key = member_text (one, "checkbox_key");
		enum slot slot = key && consent_box_of (m->arena, key) == BOX_NEWS ? NEWS : TERMS;
		slot_offer (m, slot, json_object_get (one, "is_checked"), 0);
		if (m->pick[slot].value == json_object_get (one, "is_checked"))
			m->pick[slot].label = key;
	}
	return true;
}

static void object_walk (struct mapping *m, const char *parent, const json_t *object, int depth)
{
	const char *key;
	json_t *value, *one;
	size_t i;
	json_object_foreach ((json_t *) object, key, value)
	{
		if (value == m->elementor) {
			const char *id;
			json_object_foreach (value, id, one) elementor_offer (m, id, one);
		} else if (depth == 0 && strcmp (key, "consent") == 0 && boxes_open (m, value)) {
			continue;
		} else if (json_is_object (value)) {
			struct folded name = name_fold (key, strlen (key));
			object_walk (m, name.at[0] ? name.at : "?", value, depth + 1);
		} else {
			member_offer (m, parent, key, value, depth);
			if (json_is_array (value) && json_is_object (json_array_get (value, 0))) /* [{"name":"email","value":"…"}] */
				json_array_foreach (value, i, one) if (member_text (one, "name") && json_object_get (one, "value"))
					member_offer (m, "", member_text (one, "name"), json_object_get (one, "value"), depth + 1);
		}
	}
}

/* ---- Gravity Forms: keys are field ids ---- */

static bool is_entry (const json_t *object)
{
	const char *key;
	json_t *value;
	if (!json_object_get (object, "form_id"))
		return false;
	json_object_foreach ((json_t *) object, key,
			     value) if (key[0] >= '0' && key[0] <= '9' && key[strspn (key, "0123456789.")] == '\0') return true;
	return false;
}

/* "1.3" and "1.6" are the two halves of a name, unless "1.1" says that 1 is an address or a list of choices. */
static void entry_name (struct mapping *m, const json_t *entry)
{
	const char *key;
	json_t *value;
	json_object_foreach ((json_t *) entry, key, value)
	{
		size_t digits = strspn (key, "0123456789");
		char other[24];
		if (digits == 0 || digits > 10 || strcmp (key + digits, ".3"))
			continue;
		snprintf (other, sizeof other, "%.*s.1", (int) digits, key);
		if (json_object_get (entry, other))
			continue;
		other[digits + 1] = '6';
		if (!json_object_get (entry, other))
			continue;
		slot_offer (m, FIRST, value, 1);
		slot_offer (m, LAST, json_object_get (entry, other), 1);
		return;
	}
}

/* A box for consent: "5.1" that it was ticked, "5.2" what it says, "5.3" which version of that. */
static void entry_consent (struct mapping *m, const json_t *entry)
{
	const char *key;
	json_t *value;
	json_object_foreach ((json_t *) entry, key, value)
	{
		size_t digits = strspn (key, "0123456789");
		char other[24];
		if (digits == 0 || digits > 10 || strcmp (key + digits, ".2") || !json_is_string (value))
			continue;
		snprintf (other, sizeof other, "%.*s.1", (int) digits, key);
		const json_t *ticked = json_object_get (entry, other);
		other[digits + 1] = '3';
		const char *version = member_text (entry, other), *words = json_string_value (value);
		if (!ticked || !version || version[strspn (version, "0123456789")] || consent_box_of (m->arena, words) == BOX_NONE)
			continue;
		slot_offer (m, TERMS, ticked, 1);
		if (m->pick[TERMS].value != ticked)
			return;
		m->pick[TERMS].label = words;
		m->pick[AGREED_VERSION] = (struct pick){ .value = json_object_get (entry, other), .text = version };
		return;
	}
}

static bool looks_like_phone (struct mapping *m, const char *text)
{
	return strchr ("+0(", text[0]) && strlen (text) >= 8 && phone_read (m->arena, text, m->how->country);
}

/* What the fields' ids do not say, their values do. */
static void entry_walk (struct mapping *m, const json_t *entry)
{
	const char *key, *longest = NULL;
	json_t *value, *message = NULL;
	entry_name (m, entry);
	entry_consent (m, entry);
	json_object_foreach ((json_t *) entry, key, value)
	{
		const char *text = json_string_value (value);
		if (!text || !(key[0] >= '0' && key[0] <= '9'))
			continue;
		slot_offer (m, EMAIL, value, 1);
		if (*text && looks_like_phone (m, text))
			slot_offer (m, PHONE, value, 1);
		else if (strchr (text, ' ') && !strchr ("[{", text[0]) && strlen (text) >= 16 &&
			 (!longest || strlen (text) > strlen (longest)))
			longest = text, message = value;
	}
	if (message)
		slot_offer (m, MESSAGE, message, 1);
	slot_offer (m, EXTERNAL, json_object_get (entry, "id"), 1);
}

/* ---- the source's own rules ---- */

/* What fits no such field is none of it: it is read as ever. */
static const char *text_fit (struct mapping *m, enum mapping_to to, const char *text)
{
	if (text && to == MAP_EMAIL)
		return email_read (m->arena, text);
	return text && to == MAP_LANGUAGE ? language_read (text) : text;
}

static const json_t of_no_member; /* stands for the value of what a rule says by itself */

/* They come before all that names say. */
static void rules_offer (struct mapping *m, const struct mapping_rules *rules, const json_t *object)
{
	static const enum slot slots[] = { [MAP_NAME] = NAME,
					   [MAP_FIRST_NAME] = FIRST,
					   [MAP_LAST_NAME] = LAST,
					   [MAP_COMPANY] = COMPANY,
					   [MAP_EMAIL] = EMAIL,
					   [MAP_PHONE] = PHONE,
					   [MAP_MESSAGE] = MESSAGE,
					   [MAP_FORM_TYPE] = FORM_TYPE,
					   [MAP_LANGUAGE] = LANGUAGE,
					   [MAP_CONSENT] = AGREED,
					   [MAP_NEWS] = NEWS,
					   [MAP_CONSENT_TEXT] = AGREED_TEXT,
					   [MAP_CONSENT_VERSION] = AGREED_VERSION };
	m->used = arena_array (m->arena, rules->n * MAPPING_FROM_MOST + 1, sizeof (json_t *));
	for (size_t i = 0; i < rules->n; i++) {
		const struct mapping_rule *rule = &rules->rule[i];
		struct mapped got = mapping_apply (m->arena, rule, object);
		const char *text = text_fit (m, rule->to, got.text);
		if (!text)
			continue;
		for (size_t k = 0; k < got.n; k++)
			if (!json_is_boolean (got.of[k])) /* all that are true are one value: it stays among the others as well */
				m->used[m->n_used++] = got.of[k];
		if (rule->to == MAP_FIELDS) {
			m->own = m->own ? m->own : json_object ();
			json_object_set_new_nocheck (m->own, rule->field, json_string_nocheck (text));
		} else {
			m->pick[slots[rule->to]] = (struct pick){
				.value = got.n && !json_is_boolean (got.of[0]) ? got.of[0] : &of_no_member, .text = text, .rank = -1
			};
		}
	}
}

/* ---- the other fields ---- */

static bool is_taken (const struct mapping *m, const json_t *value)
{
	for (size_t i = 0; i < m->n_used; i++)
		if (m->used[i] == value)
			return true;
	for (size_t i = 0; i < SLOTS; i++)
		if (m->pick[i].taken && m->pick[i].value == value)
			return true;
	return false;
}

static bool holds_taken (const struct mapping *m, const json_t *value)
{
	const char *key;
	json_t *one;
	size_t i;
	if (is_taken (m, value))
		return true;
	json_object_foreach ((json_t *) value, key, one) if (holds_taken (m, one)) return true;
	json_array_foreach ((json_t *) value, i,
			    one) if (json_is_object (one) && holds_taken (m, json_object_get (one, "value"))) return true;
	return false;
}

/* Members that only carry the form itself. */
static bool is_wiring (const struct mapping *m, const char *key, const json_t *value)
{
	if (key[0] == '_')
		return strcmp (key, "_redirect") == 0 || strcmp (key, "_stamp") == 0 || strcmp (key, "_charset_") == 0 ||
		       strncmp (key, "_wpcf7", 6) == 0 || strncmp (key, "_wpnonce", 8) == 0;
	if (strcmp (key, "website") == 0) /* the honeypot, left alone by a person */
		return json_is_string (value) && json_string_length (value) == 0;
	return m->how->kind == source_kind_agency && strcmp (key, "client_id") == 0;
}

/* A copy of what was not taken; null: nothing is left. */
static json_t *rest_of (const struct mapping *m, const json_t *object, bool top)
{
	json_t *rest = json_object (), *value, *one;
	const char *key;
	size_t i;
	json_object_foreach ((json_t *) object, key, value)
	{
		if (is_taken (m, value) || (top && is_wiring (m, key, value)))
			continue;
		if (top && value == m->elementor) { /* a person reads the labels */
			const char *id;
			json_object_foreach (value, id, one)
			{
				json_t *given = json_object_get (one, "value");
				if (!is_taken (m, given))
					json_object_set_nocheck (rest, member_text (one, "title") ? member_text (one, "title") : id, given);
			}
		} else if (!holds_taken (m, value)) {
			json_object_set_nocheck (rest, key, value);
		} else if (json_is_object (value)) {
			json_object_set_new_nocheck (rest, key, rest_of (m, value, false));
		} else {
			json_t *left = json_array ();
			json_array_foreach (value, i, one) if (!is_taken (m, json_object_get (one, "value"))) json_array_append (left, one);
			if (json_array_size (left))
				json_object_set_new_nocheck (rest, key, left);
			else
				json_decref (left);
		}
	}
	if (!top && json_object_size (rest) == 0) {
		json_decref (rest);
		return NULL;
	}
	return rest;
}

static int to_arena (const char *bytes, size_t n, void *ctx)
{
	buffer_add (ctx, bytes, n);
	return 0;
}

static const char *fields_text (struct mapping *m, const json_t *object)
{
	json_t *rest = rest_of (m, object, true);
	const char *text = NULL;
	if (m->own)
		json_object_update (rest, m->own);
	if (json_object_size (rest)) {
		struct buffer out = { 0 };
		json_dump_callback (rest, to_arena, &out, JSON_COMPACT);
		text = arena_copy (m->arena, (const char *) out.at, out.n);
		buffer_fini (&out);
	}
	json_decref (rest);
	return text;
}

/* ---- the draft ---- */

static const char *take (struct mapping *m, enum slot slot)
{
	struct pick *p = &m->pick[slot];
	p->taken = p->value != NULL;
	return p->text;
}

static const char *words_join (struct arena *a, const char *x, const char *y)
{
	return x && y ? arena_printf (a, "%s %s", x, y) : x ? x : y;
}

static void name_map (struct mapping *m, struct lead_draft *d)
{
	struct arena *a = m->arena;
	const char *name = take (m, NAME), *first = take (m, FIRST), *last = words_join (a, take (m, INFIX), take (m, LAST));
	if (first && !last && name && !strstr (name, first))
		last = name, name = NULL; /* "Voornaam", "Naam": the second is the family's */
	if (!name || (first && last && !strstr (name, last)))
		name = words_join (a, first, last) ? words_join (a, first, last) : name;
	if (name)
		d->name = one_line (a, name, 300);
	if (first) {
		d->first_name = one_line (a, first, 200);
		d->has.first_name = HERE;
	}
	if (last) {
		d->last_name = one_line (a, last, 200);
		d->has.last_name = HERE;
	}
}

static void name_fall_back (struct mapping *m, struct lead_draft *d)
{
	if (d->name && *d->name)
		return;
	if (d->has.email)
		d->name = arena_copy (m->arena, d->email, (size_t) (strrchr (d->email, '@') - d->email));
	else if (d->has.phone)
		d->name = d->phone;
	else
		d->name = m->how->dutch ? "Onbekend" : "Unknown";
}

/* Values of the catalogue that a sender may name itself. */
static const char *source_map (struct mapping *m)
{
	static const char *const known[] = { "web_form", "chat", "whatsapp", "manual", "referral", "event", "import", "api" };
	const char *said = m->pick[SOURCE].text;
	for (size_t i = 0; said && i < LENGTH (known); i++)
		if (strcasecmp (said, known[i]) == 0) {
			take (m, SOURCE);
			return known[i];
		}
	return m->how->kind == source_kind_zapier || m->how->kind == source_kind_make ? "api" : "web_form";
}

static const char *form_type_map (struct mapping *m)
{
	const char *type = take (m, FORM_TYPE);
	if (!type)
		type = m->how->form_type;
	if (!type)
		type = take (m, FORM_NAME);
	if (!type)
		type = m->pick[SUBJECT].text; /* stays among the fields: the visitor wrote it */
	type = type ? one_line (m->arena, type, 200) : "";
	return *type ? type : m->how->dutch ? "Contactformulier" : "Contact form";
}

/* What the form says of it, where it asked; else the page, as the form or the browser tells its address; else what the browser would rather read. It is
 * no word of the visitor's that is put in order: it stays among the fields. */
static const char *language_map (const struct mapping *m)
{
	const char *ret = m->pick[LANGUAGE].text;
	if (!ret && m->pick[PAGE].text)
		ret = language_of_page (m->pick[PAGE].text);
	if (!ret && m->how->page)
		ret = language_of_page (m->how->page);
	return ret || !m->how->accepts ? ret : language_accepted (m->how->accepts);
}

/* It stays among the fields as well, as it came: nobody doubts later what was made of it. */
static const char *consent_map (const struct mapping *m)
{
	static const enum slot slots[] = { [BOX_NEWS] = NEWS, [BOX_MAIL] = AGREED, [BOX_TERMS] = TERMS };
	const char *page = m->pick[AGREED_PAGE].text ? m->pick[AGREED_PAGE].text : m->pick[PAGE].text;
	struct consent_said said = { .text = m->pick[AGREED_TEXT].text,
				     .version = m->pick[AGREED_VERSION].text,
				     .at = m->pick[AGREED_AT].text,
				     .page = page ? page : m->how->page };
	for (size_t i = 0; i < BOXES; i++)
		said.answer[i] = (struct consent_answer){ .said = m->pick[slots[i]].text, .label = m->pick[slots[i]].label };
	return consent_read (m->arena, &said, m->how->at);
}

#define GIVE(draft, field, given)                    \
	do {                                         \
		const char *given_text = (given);    \
		if (given_text) {                    \
			(draft)->field = given_text; \
			(draft)->has.field = HERE;   \
		}                                    \
	} while (0)

static const char *cut_or_none (struct arena *a, const char *text, size_t most)
{
	return text ? text_cut (a, text, most) : NULL;
}

static struct lead_draft lead_map (struct arena *a, const json_t *object, const struct reading *how)
{
	struct mapping m = { .arena = a, .how = how, .elementor = elementor_fields (object) };
	struct lead_draft d = { .name = NULL };
	object_walk (&m, "", object, 0);
	if (how->kind == source_kind_gravity_forms || is_entry (object))
		entry_walk (&m, object);
	if (how->rules)
		rules_offer (&m, how->rules, object);
	name_map (&m, &d);
	GIVE (&d, email, take (&m, EMAIL));
	const char *phone = take (&m, PHONE), *e164 = phone ? phone_read (a, phone, how->country) : NULL;
	GIVE (&d, phone, e164 ? e164 : phone ? one_line (a, phone, 60) : NULL);
	const char *company = take (&m, COMPANY);
	GIVE (&d, company, company ? one_line (a, company, 300) : NULL);
	GIVE (&d, message, cut_or_none (a, take (&m, MESSAGE), FIELD_BYTES_MOST));
	GIVE (&d, external_id, cut_or_none (a, take (&m, EXTERNAL), 200));
	GIVE (&d, language, language_map (&m));
	GIVE (&d, consent, consent_map (&m));
	d.source = source_map (&m);
	d.form_type = form_type_map (&m);
	name_fall_back (&m, &d);
	GIVE (&d, fields, fields_text (&m, object));
	json_decref (m.own);
	return d;
}

/* The drafts outlive the tree: texts that still lie in it are copied. */
static void draft_keep (struct arena *a, struct lead_draft *d)
{
	const char **text[] = { &d->name,  &d->first_name, &d->last_name, &d->company, &d->email,
				&d->phone, &d->form_type,  &d->source,	  &d->message, &d->external_id };
	for (size_t i = 0; i < LENGTH (text); i++)
		if (*text[i])
			*text[i] = arena_text (a, *text[i]);
}

/* Zapier's a__b is {"a":{"b":…}}. */
static json_t *unflattened (struct arena *a, const json_t *object)
{
	json_t *whole = json_object (), *value;
	const char *key;
	json_object_foreach ((json_t *) object, key, value)
	{
		json_t *at = whole;
		const char *rest = key, *cut;
		while ((cut = strstr (rest, "__")) && cut != rest && cut[2]) {
			const char *part = arena_copy (a, rest, (size_t) (cut - rest));
			json_t *next = json_object_get (at, part);
			if (next && !json_is_object (next))
				break;
			if (!next) {
				next = json_object ();
				json_object_set_new_nocheck (at, part, next);
			}
			at = next;
			rest = cut + 2;
		}
		json_object_set_nocheck (at, rest, value);
	}
	return whole;
}

void leads_read (struct arena *a, const json_t *tree, const struct reading *how, struct lead_draft **ret_lead, size_t *ret_n)
{
	bool many = json_is_array (tree);
	size_t n = many ? json_array_size (tree) : 1;
	struct lead_draft *lead = arena_array (a, n, sizeof *lead);
	for (size_t i = 0; i < n; i++) {
		const json_t *object = many ? json_array_get (tree, i) : tree;
		json_t *whole = how->kind == source_kind_zapier || how->kind == source_kind_make ? unflattened (a, object) : NULL;
		lead[i] = lead_map (a, whole ? whole : object, how);
		draft_keep (a, &lead[i]);
		json_decref (whole);
	}
	*ret_lead = lead;
	*ret_n = n;
}

/* ---- the envelope ---- */

static bool is_filled (const json_t *object, const char *key)
{
	const json_t *value = json_object_get (object, key);
	return json_is_string (value) && json_string_length (value) > 0;
}

static bool trap_sprung (const json_t *object, struct manner manner)
{
	static const char *const traps[] = { "_gotcha", "_honeypot", "_honey", "honeypot", "bot-field", "hp_field" };
	for (size_t i = 0; i < LENGTH (traps); i++)
		if (is_filled (object, traps[i]))
			return true;
	return kind_is_page (manner.kind) && manner.page && is_filled (object, "website");
}

static const char *host_of (struct arena *a, const char *url)
{
	const char *from = url ? strstr (url, "://") : NULL;
	from = from ? from + 3 : "";
	return arena_copy (a, from, strcspn (from, "/?#"));
}

/* The id under which the sender would send the same again. */
static const char *external_of (struct arena *a, const json_t *object)
{
	const char *id = value_text (a, json_object_get (object, "submission_id"));
	if (id && *id)
		return id;
	if (!is_entry (object))
		return NULL;
	id = value_text (a, json_object_get (object, "id"));
	const char *form = value_text (a, json_object_get (object, "form_id"));
	return id && form ? arena_printf (a, "%s %s %s", host_of (a, member_text (object, "source_url")), form, id) : NULL;
}

static const char *client_of (struct arena *a, const json_t *object)
{
	const char *client = value_text (a, json_object_get (object, "client_id"));
	return client && *client ? arena_text (a, client) : NULL;
}

struct envelope envelope_read (struct arena *a, const json_t *tree, struct manner manner)
{
	struct envelope e = { 0 };
	const json_t *first = json_is_array (tree) ? json_array_get (tree, 0) : tree, *one;
	size_t i;
	e.client = client_of (a, first);
	json_array_foreach (tree, i, one)
	{
		const char *client = client_of (a, one);
		if ((client == NULL) != (e.client == NULL) || (client && strcasecmp (client, e.client)))
			e.clients_differ = true;
	}
	if (json_is_array (tree))
		return e;
	e.redirect = member_text (tree, "_redirect") ? arena_text (a, member_text (tree, "_redirect")) : NULL;
	const char *external = external_of (a, tree);
	e.external = external ? arena_text (a, external) : NULL;
	e.stamp = member_text (tree, "_stamp") ? arena_text (a, member_text (tree, "_stamp")) : NULL;
	e.honeypot = trap_sprung (tree, manner);
	e.elementor = manner.kind == source_kind_elementor || elementor_fields (tree) ||
		      (json_object_get (tree, "form_id") && json_object_get (tree, "form_name"));
	return e;
}
