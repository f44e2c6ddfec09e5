/* Search over everything: what several services are asked at once, and answered as one page. Each service applies the caller's rights to its
 * own rows; here is only put together what they gave. A service that does not answer is told as missing, never as empty. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { SEARCH_MS = 3000, INDEX_MS = 10000, HITS_MOST = 50, HITS_USUAL = 10, BEHIND_MOST = 32 };

/* ---- who is asked ---- */

enum kind_of_hit { HIT_LEADS, HIT_OPPORTUNITIES, HIT_ACCOUNTS, HIT_CONTACTS, HIT_LINKED, HIT_QUOTES, HIT_INVOICES, HIT_ORDERS, HITS };

static const struct searched {
	const char *group;
	const struct record *query, *index;
} searched[HITS] = {
	[HIT_LEADS] = { "leads", &lead_search_record, &lead_index_record },
	[HIT_OPPORTUNITIES] = { "opportunities", &deal_search_record, &deal_index_record },
	[HIT_ACCOUNTS] = { "accounts", &account_search_record, NULL }, /* few: they have no pages */
	[HIT_CONTACTS] = { "contacts", &contact_search_record, &contact_index_record },
	[HIT_LINKED] = { "linked", &linked_search_record, NULL }, /* an index of their own */
	[HIT_QUOTES] = { "quotes", &quote_list_record, NULL },	  /* their lists, by part of a number, a name or a title */
	[HIT_INVOICES] = { "invoices", &invoice_list_record, NULL },
	[HIT_ORDERS] = { "orders", &order_list_record, NULL },
};

/* ---- pages that are behind are written when somebody searches: one bite at a time, one workspace of a kind at a time ---- */

static struct behind {
	bool busy;
	enum kind_of_hit kind;
	struct uuid workspace;
	struct app *app;
} behind[BEHIND_MOST];

static void bite_ask (struct behind *at);

static void bitten (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct behind *at = ctx;
	if (reply->state == REPLY_DONE && reply->data && strstr (reply->data, "\"more\":true")) {
		bite_ask (at);
		return;
	}
	if (reply->state != REPLY_DONE)
		log_info ("search_behind", LOG_T ("kind", searched[at->kind].group), LOG_N ("state", reply->state));
	at->busy = false;
}

/* All three commands have one field, the workspace, in the same place. */
static void bite_ask (struct behind *at)
{
	union {
		struct lead_index lead;
		struct deal_index deal;
		struct contact_index contact;
	} cmd = { .lead = { .workspace_id = { at->workspace }, .has.workspace_id = HERE } };
	static_assert (offsetof (struct lead_index, workspace_id) == offsetof (struct deal_index, workspace_id) &&
			       offsetof (struct lead_index, workspace_id) == offsetof (struct contact_index, workspace_id),
		       "the workspace stands in one place");
	cmd.lead.head = (struct head){ .workspace = at->workspace, .id = uuid_v7 (clock_now ()), .at = clock_now () };
	cmd.lead.head.grant.scope = SCOPE_ALL;
	app_command (at->app, searched[at->kind].index, &cmd, NULL, 0, INDEX_MS, bitten, at);
}

static void behind_note (struct app *app, enum kind_of_hit kind, struct uuid workspace)
{
	struct behind *free_one = NULL;
	for (size_t i = 0; i < BEHIND_MOST; i++) {
		if (!behind[i].busy)
			free_one = &behind[i];
		else if (behind[i].kind == kind && uuid_equal (behind[i].workspace, workspace))
			return;
	}
	if (!free_one)
		return; /* whoever searches next asks again */
	*free_one = (struct behind){ .busy = true, .kind = kind, .workspace = workspace, .app = app };
	bite_ask (free_one);
}

void deals_behind (struct app *app, struct uuid workspace)
{
	behind_note (app, HIT_OPPORTUNITIES, workspace);
}

static void page_behind (struct app *app, enum kind_of_hit kind, const json_t *page)
{
	json_t *id;
	size_t i;
	json_array_foreach (json_object_get (page, "behind"), i, id)
	{
		struct uuid workspace;
		if (json_is_string (id) && uuid_parse (json_string_value (id), &workspace) == OK)
			behind_note (app, kind, workspace);
	}
}

void pages_behind (struct app *app, const struct record *query, const json_t *page)
{
	for (int kind = 0; kind < HITS; kind++)
		if (searched[kind].query == query && searched[kind].index)
			page_behind (app, (enum kind_of_hit) kind, page);
}

/* ---- a search on its way ---- */

struct search;
struct part {
	struct search *s;
	enum kind_of_hit kind;
};
struct search {
	struct request *q;
	json_t *group[HITS];
	size_t limit, waiting;
	bool partial, stale;
};

/* Newest first, as the services gave them; a number's bearer stays on top of its group. */
static json_t *cut (json_t *list, size_t most)
{
	while (json_array_size (list) > most)
		json_array_remove (list, json_array_size (list) - 1);
	return list;
}

static json_t *words_of (const char *asked)
{
	json_t *ret = json_array ();
	for (const char *p = asked; *p;) {
		p += strspn (p, " \t");
		size_t n = strcspn (p, " \t");
		if (n)
			json_array_append_new (ret, json_stringn (p, n));
		p += n;
	}
	return ret;
}

static void search_reply (struct search *s)
{
	struct request *q = s->q;
	const struct search_page *asked = q->item;
	json_t *data = json_object ();
	for (int i = 0; i < HITS; i++)
		json_object_set_new (data, searched[i].group, cut (s->group[i], s->limit));
	json_t *page = json_pack ("{s:o, s:s, s:o, s:b}", "data", data, "q", asked->q, "words", words_of (asked->q), "partial", s->partial);
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (page);
	if (s->stale)
		http_set (q->http, "CRM-Stale", "true");
	reply_text (q, 200, copy);
}

static struct head head_of_part (struct request *q, size_t group)
{
	struct head ret = {
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->sight.seat[q->sight.group[group]]->grant
	};
	ret.workspaces = sight_set (q->arena, &q->sight, group, &ret.n_workspaces);
	return ret;
}

/* ---- deals know their contact's name alone: those of whoever was found by an e-mail are found by who that is ---- */

static bool is_there (const json_t *list, const json_t *hit)
{
	json_t *other;
	size_t i;
	json_array_foreach ((json_t *) list, i, other)
	{
		if (json_equal (json_object_get (other, "id"), json_object_get (hit, "id")))
			return true;
	}
	return false;
}

static void people_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct search *s = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *hit;
	size_t i;
	json_array_foreach (json_object_get (page, "data"), i, hit)
	{
		if (!is_there (s->group[HIT_OPPORTUNITIES], hit))
			json_array_append (s->group[HIT_OPPORTUNITIES], hit);
	}
	s->partial = s->partial || !page;
	json_decref (page);
	if (--s->waiting == 0)
		search_reply (s);
}

static const char *ids_of (struct search *s, enum kind_of_hit kind)
{
	json_t *ids = json_array (), *hit;
	size_t i;
	json_array_foreach (s->group[kind], i, hit)
	{
		json_array_append (ids, json_object_get (hit, "id"));
	}
	char *text = json_dumps (ids, JSON_COMPACT);
	const char *ret = arena_text (s->q->arena, text);
	free (text);
	json_decref (ids);
	return ret;
}

/* A number names one thing of each kind and nobody's deals. */
static bool is_number (const char *asked)
{
	asked += strspn (asked, " \t#");
	return *asked && asked[strspn (asked, "0123456789 \t")] == 0;
}

static void people_ask (struct search *s)
{
	struct request *q = s->q;
	s->waiting = q->sight.n_groups;
	for (size_t g = 0; g < q->sight.n_groups; g++) {
		struct deal_of query = { .head = head_of_part (q, g),
					 .leads = ids_of (s, HIT_LEADS),
					 .contacts = ids_of (s, HIT_CONTACTS),
					 .limit = (int64_t) s->limit,
					 .has = { HERE, HERE, HERE } };
		app_query (q->app, &deal_of_record, &query, q->after.at, q->after.n, SEARCH_MS, people_answered, s);
	}
}

/* All kinds have answered. */
static void search_go_on (struct search *s)
{
	const struct search_page *asked = s->q->item;
	bool people = json_array_size (s->group[HIT_LEADS]) || json_array_size (s->group[HIT_CONTACTS]);
	if (people && json_array_size (s->group[HIT_OPPORTUNITIES]) < s->limit && !is_number (asked->q))
		people_ask (s);
	else
		search_reply (s);
}

static bool is_money (enum kind_of_hit kind)
{
	return kind == HIT_QUOTES || kind == HIT_INVOICES || kind == HIT_ORDERS;
}

/* Who it is for: on a document as it was written there, on an order as they are called now. */
static const char *whose_it_is (const json_t *row)
{
	const char *name = json_string_value (json_object_get (row, "name")),
		   *company = json_string_value (json_object_get (json_object_get (row, "account"), "name")),
		   *person = json_string_value (json_object_get (json_object_get (row, "contact"), "name"));
	return name ? name : company ? company : person;
}

/* A row of their list as a hit: called by its number, or by what it is about while it has none. */
static json_t *document_hit (const json_t *row)
{
	static const char *const same[] = { "id", "workspace_id", "kind", "state", "created_at" };
	json_t *hit = json_object ();
	for (size_t i = 0; i < LENGTH (same); i++)
		json_object_set (hit, i == 2 ? "document" : same[i], json_object_get (row, same[i]));
	const char *number = json_string_value (json_object_get (row, "number")),
		   *about = json_string_value (json_object_get (row, "title")), *name = whose_it_is (row);
	const char *title = number ? number : about ? about : name ? name : "", *rest = title == about ? NULL : about;
	const char *whose = title == name ? NULL : name;
	json_object_set_new (hit, "title", json_string (title));
	json_object_set_new (hit, "subtitle",
			     rest && whose   ? json_sprintf ("%s \xc2\xb7 %s", whose, rest)
			     : rest || whose ? json_string (rest ? rest : whose)
					     : json_null ());
	json_t *payable = json_object_get (row, "payable");
	if (!payable) {
		json_object_set_new (hit, "document", json_string ("order"));
		payable = json_object_get (row, "total");
	}
	json_object_set (hit, "total", payable);
	json_object_set (hit, "owner_id", json_object_get (row, "owner_id"));
	return hit;
}

static void rows_add (json_t *group, enum kind_of_hit kind, const json_t *rows)
{
	json_t *row;
	size_t i;
	if (!is_money (kind)) {
		json_array_extend (group, (json_t *) rows);
		return;
	}
	json_array_foreach ((json_t *) rows, i, row)
	{
		json_array_append_new (group, document_hit (row));
	}
}

static void part_answered (struct app *app, void *ctx, const struct reply *reply)
{
	struct part *part = ctx;
	struct search *s = part->s;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (page)
		rows_add (s->group[part->kind], part->kind, json_object_get (page, "data"));
	else
		s->partial = true;
	s->stale = s->stale || (page && reply->stale);
	page_behind (app, part->kind, page);
	json_decref (page);
	if (--s->waiting == 0)
		search_go_on (s);
}

/* Documents of money are found as their lists find them. */
static void documents_ask (struct search *s, struct part *part, size_t group)
{
	struct request *q = s->q;
	const struct search_page *asked = q->item;
	struct head head = head_of_part (q, group);
	int64_t limit = (int64_t) s->limit;
	struct quote_list quotes = { .head = head, .q = asked->q, .limit = limit, .has = { .q = HERE, .limit = HERE } };
	struct invoice_list invoices = { .head = head, .q = asked->q, .limit = limit, .has = { .q = HERE, .limit = HERE } };
	struct order_list orders = { .head = head, .q = asked->q, .limit = limit, .has = { .q = HERE, .limit = HERE } };
	const void *query = part->kind == HIT_QUOTES	 ? (void *) &quotes
			    : part->kind == HIT_INVOICES ? (void *) &invoices
							 : (void *) &orders;
	app_query (q->app, searched[part->kind].query, query, q->after.at, q->after.n, SEARCH_MS, part_answered, part);
}

/* The queries have the same fields in the same places, as their asking has. */
static void part_ask (struct search *s, enum kind_of_hit kind, size_t group)
{
	struct request *q = s->q;
	const struct search_page *asked = q->item;
	struct part *part = arena_alloc (q->arena, sizeof *part);
	*part = (struct part){ .s = s, .kind = kind };
	if (is_money (kind)) {
		documents_ask (s, part, group);
		return;
	}
	static_assert (offsetof (struct lead_search, q) == offsetof (struct deal_search, q) &&
			       offsetof (struct lead_search, q) == offsetof (struct contact_search, q) &&
			       sizeof (struct lead_search) == sizeof (struct deal_search) &&
			       sizeof (struct lead_search) == sizeof (struct contact_search) &&
			       offsetof (struct lead_search, q) == offsetof (struct account_search, q) &&
			       sizeof (struct lead_search) == sizeof (struct account_search) &&
			       offsetof (struct lead_search, q) == offsetof (struct linked_search, q) &&
			       sizeof (struct lead_search) == sizeof (struct linked_search),
		       "queries of one shape");
	struct lead_search query = { .head = head_of_part (q, group), .q = asked->q, .limit = (int64_t) s->limit, .has = { HERE, HERE } };
	app_query (q->app, searched[kind].query, &query, q->after.at, q->after.n, SEARCH_MS, part_answered, part);
}

void search_page_show (struct request *q)
{
	struct search *s = arena_alloc (q->arena, sizeof *s);
	struct problem problem = { 0 };
	if (!record_of_query (q))
		return;
	const struct search_page *asked = q->item;
	*s = (struct search){ .q = q, .limit = asked->has.limit == HERE ? (size_t) asked->limit : HITS_USUAL };
	if (s->limit < 1 || s->limit > HITS_MOST) {
		problem_add (q->arena, &problem, "/limit", "out_of_range", "1 to 50");
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	for (int i = 0; i < HITS; i++)
		s->group[i] = json_array ();
	s->waiting = HITS * q->sight.n_groups;
	if (!s->waiting) {
		search_reply (s);
		return;
	}
	for (int i = 0; i < HITS; i++)
		for (size_t g = 0; g < q->sight.n_groups; g++)
			part_ask (s, (enum kind_of_hit) i, g);
}
