/* Trials: which of a few events a rule would have matched, when one is asked later, what misses a record, what counts, what is told and what is not. */
#include "trial.h"

#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "test.h"

static struct arena arena;
static struct buffer out;
static struct trial *trial;
static struct rule rule;

static const int64_t second = 1000000, day = INT64_C (86400) * 1000000;
static const int64_t began = INT64_C (1767225600) * 1000000; /* 2026-01-01 */

static struct uuid id_named (const char *letter)
{
	return uuid_of (letter, strlen (letter));
}

/* Of `days` from the beginning. */
static void trial_of (const char *body, int days)
{
	arena_reset (&arena);
	buffer_clear (&out);
	CHECK (rule_read (&arena, body, &rule, NULL) == OK);
	trial_end (&trial);
	trial = trial_begin (&(struct trial_asked){ .rule = &rule, .since = began, .until = began + days * day });
}

static void said (const struct record *r, void *item, int64_t at)
{
	static int n;
	struct head *head = item;
	char name[20];
	struct buffer packed = { 0 };
	snprintf (name, sizeof name, "event %d", ++n);
	head->id = id_named (name);
	head->at = head->recorded = at;
	record_pack (&packed, r, item);
	CHECK (trial_take (trial, r, head, (struct bytes){ packed.at, packed.n }, &out));
	buffer_fini (&packed);
}

static void deal_made (const char *letter, const char *title, int64_t at)
{
	struct deal_created made = { .deal_id = { id_named (letter) }, .number = 1, .stage_id = { id_named ("stage") }, .title = title };
	said (&deal_created_record, &made, at);
}

static void deal_called (const char *letter, const char *title, int64_t at)
{
	struct deal_updated told = { .deal_id = { id_named (letter) }, .version = 2, .title = title };
	said (&deal_updated_record, &told, at);
}

static size_t told (const char *what)
{
	size_t n = 0;
	buffer_add (&out, "", 1);
	for (const char *at = (const char *) out.at; (at = strstr (at, what)); at++)
		n++;
	out.n--;
	return n;
}

#define TAG "{\"do\":\"deal_tag\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"tags\":[]}}"
#define ABOUT_POND "\"if\":{\"all\":[{\"fact\":\"deal.title\",\"op\":\"contains\",\"value\":\"vijver\"}]}"

static void events_match (void)
{
	trial_of ("{\"when\":{\"event\":\"deal.updated\"}," ABOUT_POND ",\"then\":[" TAG "]}", 10);
	CHECK (trial_needs_past (trial));
	deal_made ("a", "vijver", began - day);
	deal_made ("b", "tuin", began - day);
	deal_called ("a", "vijver", began - second); /* before its time */
	deal_called ("a", "een vijver", began);
	deal_called ("b", "tuin", began + second);
	deal_called ("b", "Vijver", began + 2 * second);
	deal_called ("b", "vijver", began + 10 * day); /* after it */
	trial_finish (trial, &out);
	struct trial_sum sum = trial_sum (trial);
	CHECK (sum.matched == 2 && told ("{\"match\":") == 2 && told ("een vijver") == 1 && told ("\"type\":\"deal.updated\"") == 2);
	CHECK (sum.n_would == 1 && strcmp (sum.would[0].command, "deal_tag") == 0 && sum.would[0].n == 2 && !sum.truncated);
	CHECK (sum.events == 4);
}

static void only_of_one (void)
{
	arena_reset (&arena);
	trial_end (&trial);
	buffer_clear (&out);
	CHECK (rule_read (&arena, "{\"when\":{\"event\":\"deal.created\"},\"then\":[" TAG "]}", &rule, NULL) == OK);
	trial = trial_begin (&(struct trial_asked){ .rule = &rule, .record = id_named ("b"), .since = began, .until = began + day });
	CHECK (!trial_needs_past (trial)); /* it asks the event alone */
	deal_made ("a", "tuin", began);
	deal_made ("b", "terras", began);
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 1 && told ("terras") == 1);
}

/* What waits is asked when its time comes, with what is known by then. */
static void later_asked (void)
{
	trial_of ("{\"when\":{\"event\":\"deal.created\",\"after\":{\"days\":2}}," ABOUT_POND ",\"then\":[" TAG "]}", 10);
	deal_made ("a", "vijver", began);
	deal_made ("b", "vijver", began + second);
	deal_called ("a", "tuin", began + day);
	CHECK (trial_sum (trial).matched == 0);
	deal_called ("b", "tuin", began + 3 * day); /* too late to matter */
	CHECK (trial_sum (trial).matched == 1);
	deal_made ("c", "vijver", began + 9 * day);
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 1); /* of the third nobody knows yet */
}

/* A record that another service tells of a moment later is waited for, as the daemon does; one that never comes is not. */
static void overdue (const char *letter, const char *deal, int64_t at)
{
	struct invoice_overdue told = { .document_id = { id_named (letter) },
					.deal_id = { id_named (deal) },
					.kind = document_kind_invoice,
					.state = document_state_sent,
					.total = { .minor = 100, .currency = "EUR" },
					.open = { .minor = 100, .currency = "EUR" },
					.has = { .deal_id = HERE } };
	said (&invoice_overdue_record, &told, at);
}

static void missing_waited_for (void)
{
	trial_of ("{\"when\":{\"event\":\"invoice.overdue\"}," ABOUT_POND ",\"then\":[" TAG "]}", 10);
	overdue ("one", "a", began);
	CHECK (trial_sum (trial).matched == 0);
	deal_made ("b", "vijver", began + second);
	CHECK (trial_sum (trial).matched == 0);
	deal_made ("a", "vijver", began + 2 * second);
	CHECK (trial_sum (trial).matched == 1 && told ("\"noun\":\"document\"") == 1);
	overdue ("two", "c", began + 3 * second);
	deal_made ("c", "vijver", began + day); /* longer than anybody waits */
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 1);
}

/* So is the contact of a lead, by who asks about it; and it is not asked for again when it is told twice. */
static void link_waited_for (void)
{
	trial_of (
		"{\"when\":{\"event\":\"lead.created\"},\"if\":{\"all\":[{\"fact\":\"contact.email\",\"op\":\"contains\",\"value\":\"@b.nl\"}]},\"then\":"
		"[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"x\",\"lead_id\":{\"fact\":\"event.lead_id\"}}}]}",
		10);
	struct lead_created lead = { .lead_id = { id_named ("a") }, .number = 1, .source = "api", .form_type = "x", .name = "Anna" };
	struct contact_created contact = {
		.contact_id = { id_named ("c") }, .number = 1, .name = "Anna", .email = "a@b.nl", .has.email = HERE
	};
	struct lead_contact_linked linked = { .lead_id = lead.lead_id, .contact_id = contact.contact_id, .has.contact_id = HERE };
	said (&lead_created_record, &lead, began);
	CHECK (trial_sum (trial).matched == 0);
	said (&contact_created_record, &contact, began + second);
	CHECK (trial_sum (trial).matched == 0);
	said (&lead_contact_linked_record, &linked, began + 2 * second);
	CHECK (trial_sum (trial).matched == 1);
	said (&lead_contact_linked_record, &linked, began + 3 * second);
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 1);
}

static void steps_told (void)
{
	trial_of ("{\"when\":{\"event\":\"deal.created\"},\"then\":[" TAG ",{\"wait\":{\"days\":1}}," TAG
		  ",{\"if\":{\"all\":[{\"fact\":\"deal.title\",\"op\":\"filled\"}]},\"then\":[" TAG "]}]}",
		  10);
	deal_made ("a", "vijver", began);
	CHECK (told ("\"do\":\"deal_tag\"") == 2 && told ("\"wait\":\"2026-01-02") == 1); /* what a branch asks a day later is not known */
	CHECK (trial_sum (trial).would[0].n == 2);
}

static void member (const char *letter, bool active, int64_t at)
{
	struct member_changed who = { .user_id = { id_named (letter) }, .name = "X", .email = "x@y.nl", .role = "sales", .active = active };
	said (&member_changed_record, &who, at);
}

/* Who left before is chosen no more; where nobody is left, the step says so. */
static void gone_passed (void)
{
	char a[UUID_TEXT], b[UUID_TEXT], body[500];
	uuid_format (id_named ("anna"), a);
	uuid_format (id_named ("bob"), b);
	snprintf (
		body, sizeof body,
		"{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"do\":\"deal_update\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"owner_id\":"
		"{\"pick\":[\"%s\",\"%s\"],\"by\":\"turn\"}}}]}",
		a, b);
	trial_of (body, 10);
	CHECK (trial_needs_past (trial));
	member ("anna", true, began - day);
	member ("anna", false, began - day);
	member ("bob", true, began - day);
	deal_made ("a", "x", began);
	deal_made ("b", "x", began);
	CHECK (told (a) == 0 && told (b) == 2);
	member ("anna", true, began + second);
	deal_made ("c", "x", began + second);
	CHECK (told (a) == 1);
	member ("anna", false, began + 2 * second);
	member ("bob", false, began + 2 * second);
	deal_made ("d", "x", began + 3 * second);
	CHECK (told (a) == 1 && told (b) == 2 && told ("nobody_left") == 1 && trial_sum (trial).would[0].n == 3);
}

static void times_told (void)
{
	trial_of ("{\"when\":{\"quiet\":\"deal\",\"for\":{\"days\":3}}," ABOUT_POND ",\"then\":[{\"do\":\"deal_tag\",\"with\":{\"deal_id\":"
		  "{\"fact\":\"deal.deal_id\"},\"tags\":[]}}]}",
		  10);
	deal_made ("a", "vijver", began + day);
	deal_made ("b", "vijver", began + 8 * day); /* quiet only after the end */
	deal_made ("c", "tuin", began);
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 1 && told ("\"type\":\"time\"") == 1 && told ("\"event_id\":null") == 1);
	trial_of ("{\"when\":{\"each\":[\"monday\"],\"at\":\"09:00\"},\"then\":[{\"stop\":true}]}", 14);
	trial_finish (trial, &out);
	CHECK (trial_sum (trial).matched == 2 && told ("2026-01-05T09:00:00") == 1 && told ("2026-01-12T09:00:00") == 1);
}

int main (void)
{
	arena_init (&arena);
	events_match ();
	only_of_one ();
	later_asked ();
	missing_waited_for ();
	link_waited_for ();
	steps_told ();
	gone_passed ();
	times_told ();
	trial_end (&trial);
	buffer_fini (&out);
	arena_fini (&arena);
	return test_end ();
}
