/* Facts out of what is known of records; see known.h. It must never take what nobody told for none. */
#include "known_parts.h"

#include <string.h>
#include "clock.h"

static struct fact without (enum has has, enum fact_kind kind)
{
	return (struct fact){ .has = has, .kind = kind };
}

static bool is_whole (const struct known *k)
{
	return k && k->created_at;
}

/* ---- which records ---- */

/* What a record of one noun says of one of another: null: nothing. */
static struct uuid named_by (const struct known *k, enum known_noun noun)
{
	const struct uuid none = { { 0 } };
	if (!k)
		return none;
	switch (noun) {
	case KNOWN_LEAD: return k->lead_id;
	case KNOWN_DEAL: return k->noun == KNOWN_LEAD ? k->record_id : k->noun == KNOWN_DOCUMENT ? k->deal_id : none;
	case KNOWN_CONTACT: return k->contact_id;
	case KNOWN_ACCOUNT: return k->account_id;
	case KNOWN_DOCUMENT:
	case KNOWN_NOUNS: break;
	}
	return none;
}

static const enum known_noun order[] = { KNOWN_DOCUMENT, KNOWN_DEAL, KNOWN_LEAD, KNOWN_CONTACT };

bool known_follow (const struct known_context *c, enum known_noun noun, struct uuid *ret)
{
	for (size_t i = 0; i < LENGTH (order); i++) {
		struct uuid id = order[i] == noun ? (struct uuid){ { 0 } } : named_by (c->of[order[i]], noun);
		if (uuid_is_null (id))
			continue;
		*ret = id;
		return true;
	}
	return false;
}

static bool is_unlinked (const struct known *lead)
{
	return is_whole (lead) && uuid_is_null (lead->contact_id) && !json_is_true (json_object_get (lead->facts, "linked"));
}

/* A fact of a contact or a company, or that says of a lead or a deal which that is. */
static bool is_awaits (const struct fact_name *f)
{
	static const char *const named[] = { "deal.contact_id", "deal.contact_name", "lead.contact_id" };
	bool is = strncmp (f->name, "contact.", 8) == 0 || strncmp (f->name, "account.", 8) == 0;
	for (size_t i = 0; i < LENGTH (named); i++)
		is = is || strcmp (f->name, named[i]) == 0;
	return is && f->of == FACT_OF_RECORD;
}

static bool is_over_deal (const struct fact_name *f)
{
	return f->of == FACT_OF_RECORD && strncmp (f->name, "deal.", 5) == 0;
}

static bool is_of_lead (const struct record *event)
{
	return strncmp (event->type, "lead.", 5) == 0;
}

bool known_asks_later (const struct record *event, const struct fact_name fact[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_awaits (&fact[i]) || (is_of_lead (event) && is_over_deal (&fact[i])))
			return true;
	return false;
}

/* A lead that began just now, or is worth a deal since just now, and pipeline has not said its deal. */
static bool is_without_deal (const struct known_context *c, const struct record *event, int64_t at)
{
	const struct known *lead = c->of[KNOWN_LEAD];
	return is_whole (lead) && !c->of[KNOWN_DEAL] && is_of_lead (event) &&
	       (event == &lead_qualified_record || at - lead->created_at < DEAL_FOLLOWS_SECONDS * INT64_C (1000000));
}

bool known_awaits (const struct known_context *c, const struct record *event, int64_t at, const struct fact_name fact[], size_t n)
{
	bool unlinked = is_unlinked (c->of[KNOWN_LEAD]) && !c->of[KNOWN_CONTACT], dealless = is_without_deal (c, event, at);
	for (size_t i = 0; i < n; i++) {
		if (dealless && is_over_deal (&fact[i]))
			return true;
		if (unlinked && is_awaits (&fact[i]) && !(fact[i].name[0] == 'a' && c->of[KNOWN_ACCOUNT]))
			return true;
	}
	return false;
}

/* No contact or company: somebody could name one, and names none. Of whom contacts has still to speak, nobody knows. */
static enum has has_of_nobody (const struct known_context *c, enum known_noun noun)
{
	struct uuid id;
	bool could = false;
	if (is_unlinked (c->of[KNOWN_LEAD]))
		return ABSENT;
	for (size_t i = 0; i < LENGTH (order); i++)
		could = could || (order[i] != noun && is_whole (c->of[order[i]]));
	return could && (noun == KNOWN_CONTACT || noun == KNOWN_ACCOUNT) && !known_follow (c, noun, &id) ? CLEARED : ABSENT;
}

/* ---- one member ---- */

static struct fact time_fact (const struct known_context *c, int64_t at)
{
	return fact_of_time (at, c->day_of (c->zone, at));
}

/* Tags by what they are called, segments by their ids. */
static struct fact list_of (struct arena *a, const json_t *list)
{
	size_t n = json_array_size (list), i;
	const char **label = arena_array (a, n, sizeof *label);
	for (i = 0; i < n; i++) {
		const json_t *one = json_array_get (list, i);
		label[i] = arena_text (a, json_string_value (json_is_object (one) ? json_object_get (one, "label") : one));
	}
	return fact_of_list (a, label, n);
}

static struct fact id_fact (struct uuid id, enum has none)
{
	return uuid_is_null (id) ? without (none, FACT_ID) : fact_of_id (id);
}

/* `text` of a date, a time, an id or a choice. */
static struct fact read_text (struct arena *a, const struct fact_name *name, const struct known_context *c, const char *text)
{
	struct fact ret = without (ABSENT, name->kind);
	struct uuid id;
	int64_t at;
	int32_t day;
	if (name->kind == FACT_TIME && time_parse (text, &at) == OK)
		ret = time_fact (c, at);
	else if (name->kind == FACT_DATE && date_parse (text, &day) == OK)
		ret = fact_of_date (day);
	else if (name->kind == FACT_ID && uuid_parse (text, &id) == OK)
		ret = fact_of_id (id);
	else if (name->kind == FACT_TEXT || name->kind == FACT_CHOICE)
		ret = fact_of_text (a, arena_text (a, text));
	ret.kind = name->kind;
	return ret;
}

static struct fact read_value (struct arena *a, const struct fact_name *name, const struct known_context *c, const json_t *value)
{
	if (json_is_string (value))
		return read_text (a, name, c, json_string_value (value));
	if (name->kind == FACT_LIST)
		return list_of (a, value);
	if (name->kind == FACT_NUMBER && json_is_integer (value))
		return fact_of_whole (json_integer_value (value));
	struct fact ret = fact_of_own (a, value); /* a flag or an amount */
	return ret.kind == name->kind ? ret : without (ABSENT, name->kind);
}

static struct fact own_value (struct arena *a, const struct fact_name *name, const struct known *k)
{
	const json_t *own = json_object_get (k->facts, "custom"), *value = json_object_get (own, name->key);
	if (value)
		return fact_of_own (a, value);
	return without (own || is_whole (k) ? CLEARED : ABSENT, FACT_OWN);
}

static struct fact member_fact (struct arena *a, const struct fact_name *name, const struct known_context *c, const struct known *k,
				const char *member)
{
	const json_t *value = json_object_get (k->facts, member);
	if (value && !json_is_null (value))
		return read_value (a, name, c, value);
	return without (value || is_whole (k) ? CLEARED : ABSENT, name->kind);
}

static struct fact column_fact (const struct known *k, const char *member)
{
	struct known copy = *k;
	const struct uuid *column = known_column (&copy, member);
	return id_fact (*column, is_whole (k) ? CLEARED : ABSENT);
}

/* ---- what is not kept as it is asked ---- */

static const struct known_stage *stage_of (const struct known_context *c, const struct known *deal)
{
	const char *text = json_string_value (json_object_get (deal->facts, "stage_id"));
	struct uuid id;
	for (size_t i = 0; text && uuid_parse (text, &id) == OK && i < c->stages; i++)
		if (uuid_equal (c->stage[i].id, id))
			return &c->stage[i];
	return NULL;
}

/* What is known of the stage itself comes before what was said when the deal entered it. A deal stands in some stage: if none was told, nobody knows. */
static struct fact stage_fact (struct arena *a, const struct fact_name *name, const struct known_context *c, const struct known *deal,
			       const char *member)
{
	const struct known_stage *stage = stage_of (c, deal);
	if (stage)
		return read_text (a, name, c, strcmp (member, "stage") == 0 ? stage->key : stage_kind_names[stage->kind]);
	struct fact ret = member_fact (a, name, c, deal, member);
	ret.has = ret.has == CLEARED ? ABSENT : ret.has;
	return ret;
}

/* Of a contact or a company that is here: what it is called now. */
static struct fact called (struct arena *a, const struct fact_name *name, const struct known_context *c, const struct known *deal,
			   const char *member, enum known_noun noun, struct uuid id)
{
	const struct known *who = c->of[noun];
	const json_t *is = who && uuid_equal (who->record_id, id) ? json_object_get (who->facts, "name") : NULL;
	return json_is_string (is) ? read_value (a, name, c, is) : member_fact (a, name, c, deal, member);
}

/* A lead's contact is its deal's, where the deal was told of none. */
static struct uuid contact_of (const struct known_context *c, const struct known *deal)
{
	const struct known *lead = c->of[KNOWN_LEAD];
	bool own = lead && uuid_is_null (deal->contact_id) && uuid_equal (deal->lead_id, lead->record_id);
	return own ? lead->contact_id : deal->contact_id;
}

static bool is_deal_fact (struct arena *a, const struct fact_name *name, const struct known_context *c, const struct known *deal,
			  const char *member, struct fact *ret)
{
	if (strcmp (member, "open_invoices") == 0)
		*ret = known_open_invoices (c);
	else if (strcmp (member, "left_to_invoice") == 0)
		*ret = known_left_to_invoice (c);
	else if (strcmp (member, "stage") == 0 || strcmp (member, "outcome") == 0)
		*ret = stage_fact (a, name, c, deal, member);
	else if (strcmp (member, "contact_id") == 0)
		*ret = id_fact (contact_of (c, deal), is_whole (deal) ? CLEARED : ABSENT);
	else if (strcmp (member, "contact_name") == 0)
		*ret = called (a, name, c, deal, member, KNOWN_CONTACT, contact_of (c, deal));
	else if (strcmp (member, "account_name") == 0)
		*ret = called (a, name, c, deal, member, KNOWN_ACCOUNT, deal->account_id);
	else
		return false;
	return true;
}

static enum known_noun noun_of (const char *name, const char **ret_member)
{
	const char *point = strchr (name, '.');
	size_t n = point ? (size_t) (point - name) : 0;
	int i = 0;
	while (known_noun_names[i] && (strlen (known_noun_names[i]) != n || strncmp (known_noun_names[i], name, n) != 0))
		i++;
	*ret_member = point ? point + 1 : "";
	return (enum known_noun) i;
}

struct fact fact_of_known (struct arena *a, const struct fact_name *name, const struct known_context *c)
{
	const char *member;
	struct fact ret;
	enum known_noun noun = noun_of (name->name, &member);
	const struct known *k = noun == KNOWN_NOUNS ? NULL : c->of[noun];
	if (!k)
		return without (noun == KNOWN_NOUNS ? ABSENT : has_of_nobody (c, noun), name->kind);
	size_t n = strlen (known_noun_names[noun]);
	if (noun == KNOWN_DEAL && is_deal_fact (a, name, c, k, member, &ret))
		return ret;
	if (strncmp (member, known_noun_names[noun], n) == 0 && strcmp (member + n, "_id") == 0)
		return fact_of_id (k->record_id);
	if (strcmp (member, "created_at") == 0)
		return k->created_at ? time_fact (c, k->created_at) : without (ABSENT, FACT_TIME);
	if (name->kind == FACT_OWN)
		return own_value (a, name, k);
	struct known copy = *k;
	return known_column (&copy, member) ? column_fact (k, member) : member_fact (a, name, c, k, member);
}

/* ---- what is reckoned of a deal's documents ---- */

static bool says (const struct known *document, const char *member, const char *text)
{
	const char *is = json_string_value (json_object_get (document->facts, member));
	return is && strcmp (is, text) == 0;
}

/* It counts: neither thrown away nor cancelled. */
static bool counts (const struct known *document, enum document_kind kind)
{
	return says (document, "kind", document_kind_names[kind]) && !json_is_true (json_object_get (document->facts, "removed")) &&
	       !says (document, "state", document_state_names[document_state_cancelled]);
}

static bool are_known (const struct known_context *c)
{
	return is_whole (c->of[KNOWN_DEAL]) && c->document;
}

struct fact known_open_invoices (const struct known_context *c)
{
	int64_t n = 0;
	if (!are_known (c))
		return without (ABSENT, FACT_NUMBER);
	for (size_t i = 0; i < c->documents; i++)
		n += counts (c->document[i], document_kind_invoice) &&
		     !says (c->document[i], "state", document_state_names[document_state_paid]);
	return fact_of_whole (n);
}

static bool total_of (const struct known *document, struct money *ret)
{
	const json_t *total = json_object_get (document->facts, "total");
	const char *amount = json_string_value (json_object_get (total, "amount")),
		   *currency = json_string_value (json_object_get (total, "currency"));
	return amount && currency && money_parse (amount, currency, ret) == OK;
}

/* A credit note that has its number, of an invoice that counts still: it takes something off that. */
static bool credits (const struct known_context *c, const struct known *note)
{
	char text[UUID_TEXT];
	const char *original = json_string_value (json_object_get (note->facts, "original_id"));
	if (!counts (note, document_kind_credit_note) || says (note, "state", document_state_names[document_state_draft]))
		return false;
	for (size_t i = 0; original && i < c->documents; i++)
		if (strcmp (uuid_format (c->document[i]->record_id, text), original) == 0)
			return counts (c->document[i], document_kind_invoice);
	return false;
}

struct fact known_left_to_invoice (const struct known_context *c)
{
	struct fact ret = without (are_known (c) ? CLEARED : ABSENT, FACT_MONEY);
	struct money left = { 0 }, total;
	bool accepted = false;
	for (size_t i = 0; ret.has == CLEARED && i < c->documents; i++) {
		const struct known *document = c->document[i];
		bool quote = counts (document, document_kind_quote) &&
			     says (document, "state", document_state_names[document_state_accepted]),
		     invoice = counts (document, document_kind_invoice);
		if (!quote && !invoice && !credits (c, document))
			continue;
		accepted = accepted || quote;
		bool is = total_of (document, &total);
		if (is && !*left.currency)
			memcpy (left.currency, total.currency, sizeof left.currency);
		total.minor = invoice && is ? -total.minor : total.minor;
		if (!is || money_add (left, total, &left) != OK)
			ret.has = ABSENT;
	}
	return ret.has == CLEARED && accepted ? fact_of_money (left) : ret;
}

/* ---- history ---- */

struct fact fact_of_history (const struct fact_name *name, const struct known *about, const struct record *event,
			     const struct known_history *rule, const struct known_context *c)
{
	const char *member;
	int64_t at = 0;
	noun_of (name->name, &member);
	if (!about)
		return without (ABSENT, name->kind);
	if (strcmp (member, "matches") == 0)
		return fact_of_whole (rule->matches);
	if (strcmp (member, "events") == 0)
		return event ? fact_of_whole (json_integer_value (json_object_get (json_object_get (about->facts, "n"), event->type)))
			     : without (ABSENT, FACT_NUMBER);
	if (name->kind == FACT_NUMBER)
		return fact_of_whole (json_integer_value (json_object_get (about->facts, member)));
	const char *text = json_string_value (json_object_get (about->facts, member));
	if (strcmp (member, "matched_at") == 0)
		at = rule->matched_at;
	else if (strcmp (member, "active_at") == 0)
		at = about->active_at;
	else if (text && time_parse (text, &at) != OK)
		at = 0;
	return at ? time_fact (c, at) : without (CLEARED, FACT_TIME);
}
