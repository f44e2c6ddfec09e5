/* Fuzz target: a source's own rules, and what they make of a request: the rules before the first nought byte, the request behind it. What is made is text within the
 * limits of a lead, and days and amounts are what they say. */
#include "fuzz.h"

#include "charset.h"
#include "clock.h"
#include "../../services/lead-intake/reading.h"

static void values_check (struct arena *a, const char *text)
{
	int32_t day;
	const char *date = date_typed (a, text), *amount = amount_typed (a, text);
	assert (!date || date_parse (date, &day) == OK);
	assert (!amount || (*amount && amount[strspn (amount, "-0123456789.")] == '\0'));
}

static void lead_check (const struct lead_draft *d)
{
	const char *const text[] = { d->name, d->has.email == HERE ? d->email : NULL, d->has.message == HERE ? d->message : NULL,
				     d->has.fields == HERE ? d->fields : NULL };
	assert (d->name && *d->name && strlen (d->name) <= 300);
	for (size_t i = 0; i < LENGTH (text); i++)
		assert (!text[i] || text_is_utf8 ((struct bytes){ (const unsigned char *) text[i], strlen (text[i]) }));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	struct mapping_rules rules;
	struct problem problem = { 0 };
	struct reading_fault fault;
	const uint8_t *cut = size ? memchr (data, 0, size) : NULL;
	struct opened opened;
	if (!cut)
		return 0;
	arena_init (&a);
	enum status read = mapping_read (&a, (const char *) data, &rules, &problem);
	assert ((read == OK) == !problem.n_errors);
	struct bytes body = { cut + 1, size - (size_t) (cut + 1 - data) };
	if (read == OK && request_open (&a, BODY_IS_JSON, "text/plain", body, &rules, &opened, &fault) == OK) {
		struct reading how = { .country = "NL", .dutch = true, .rules = &rules };
		struct lead_draft *lead;
		size_t n;
		leads_read (&a, opened.tree, &how, &lead, &n);
		for (size_t i = 0; i < n; i++)
			lead_check (&lead[i]);
		json_decref (opened.tree);
	}
	values_check (&a, arena_copy (&a, (const char *) data, (size_t) (cut - data)));
	arena_fini (&a);
	return 0;
}
