/* Mentions as somebody writes them: what the picker offers, and names that were typed out, which become ids before the text is sent on. Everything is asked
 * where it is kept, with the writer's rights. Never takes one of two of the same name: who wrote it says which. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway.h"
#include "mentions.h"

enum { NAMES_MS = 3000, TYPED_MOST = 20, OFFERED_MOST = 8 };

/* ---- names that were typed ---- */

struct typed {
	struct resolving *r;
	struct mention m;
	json_t *names; /* [{id, label}]; null: nobody answered */
};
struct resolving {
	struct request *q;
	const char **text; /* where the command has it */
	const struct field *field;
	struct typed at[TYPED_MOST];
	size_t n, waiting;
	page_fn *then;
};

static const char *name_of (const json_t *row)
{
	const char *label = json_string_value (json_object_get (row, "label"));
	return label ? label : json_string_value (json_object_get (row, "name"));
}

/* The longest name that stands there; all of that length. */
static size_t names_fit (const struct typed *t, const json_t *ret[], size_t most, size_t *ret_n)
{
	size_t longest = 0, i;
	json_t *row;
	*ret_n = 0;
	json_array_foreach (t->names, i, row)
	{
		const char *name = name_of (row);
		size_t n = name ? mention_named (t->m.label, t->m.label_n, name) : 0;
		if (n > longest)
			longest = n, *ret_n = 0;
		if (n && n == longest && *ret_n < most)
			ret[(*ret_n)++] = row;
	}
	return longest;
}

static const char *candidates_told (struct request *q, enum mention_kind kind, const json_t *const row[], size_t n)
{
	struct buffer out = { 0 };
	for (size_t i = 0; i < n; i++)
		buffer_printf (&out, "%s%s:%s", i ? " " : "", mention_kind_names[kind], json_string_value (json_object_get (row[i], "id")));
	buffer_add (&out, "", 1);
	const char *ret = arena_text (q->arena, (const char *) out.at);
	buffer_fini (&out);
	return ret;
}

static void typed_write (struct resolving *r, const struct typed *t, struct buffer *out, size_t *from, struct problem *problem)
{
	const json_t *fit[OFFERED_MOST];
	struct uuid id;
	size_t n, length = names_fit (t, fit, LENGTH (fit), &n);
	if (!n)
		return;
	if (n > 1) {
		problem_add (r->q->arena, problem, arena_printf (r->q->arena, "/%s", r->field->name), "mention_ambiguous",
			     candidates_told (r->q, t->m.kind, fit, n));
		return;
	}
	if (uuid_parse (json_string_value (json_object_get (fit[0], "id")), &id) != OK)
		return;
	buffer_add (out, *r->text + *from, t->m.from - *from);
	mention_write (out, t->m.kind, id, name_of (fit[0]));
	*from = t->m.until + length;
}

static void typed_resolve (struct resolving *r)
{
	struct request *q = r->q;
	struct buffer out = { 0 };
	struct problem problem = { .code = error_code (ERROR_invalid) };
	size_t from = 0;
	for (size_t i = 0; i < r->n; i++)
		typed_write (r, &r->at[i], &out, &from, &problem);
	buffer_add (&out, *r->text + from, strlen (*r->text + from) + 1);
	if (!problem.n_errors && out.n - 1 > field_limit (r->field))
		problem_add (q->arena, &problem, arena_printf (q->arena, "/%s", r->field->name), "too_long", "with what it mentions");
	*r->text = arena_text (q->arena, (const char *) out.at);
	buffer_fini (&out);
	for (size_t i = 0; i < r->n; i++)
		json_decref (r->at[i].names);
	if (problem.n_errors)
		reply_error (q, ERROR_invalid, NULL, &problem);
	else
		r->then (q);
}

static void typed_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct typed *t = ctx;
	struct resolving *r = t->r;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	t->names = json_incref (json_object_get (page, "data"));
	bool failed = !page;
	json_decref (page);
	for (size_t i = 0; i < r->n && r->waiting == 1 && !failed; i++)
		failed = &r->at[i] != t && !r->at[i].names;
	if (--r->waiting)
		return;
	if (!failed) {
		typed_resolve (r);
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		json_decref (r->at[i].names);
	reply_error (r->q, ERROR_unavailable, NULL, NULL); /* it may be a name: nobody can tell */
}

/* The queries have one field in one place; members are few and told whole. */
static void typed_ask (struct typed *t)
{
	static const struct record *const record[mention_kind_count] = {
		[mention_kind_lead] = &lead_named_record,
		[mention_kind_opportunity] = &deal_named_record,
		[mention_kind_account] = &account_named_record,
		[mention_kind_contact] = &contact_named_record,
	};
	static_assert (offsetof (struct lead_named, text) == offsetof (struct deal_named, text) &&
			       offsetof (struct lead_named, text) == offsetof (struct contact_named, text) &&
			       offsetof (struct lead_named, text) == offsetof (struct account_named, text),
		       "queries of one shape");
	struct request *q = t->r->q;
	struct head head = head_of_seat (q);
	struct members_list members = { .head = head, .active = true, .has.active = HERE };
	struct lead_named named = { .head = head, .text = arena_copy (q->arena, t->m.label, t->m.label_n) };
	if (record[t->m.kind])
		app_query (q->app, record[t->m.kind], &named, q->after.at, q->after.n, NAMES_MS, typed_answered, t);
	else
		app_query (q->app, &members_list_record, &members, q->after.at, q->after.n, NAMES_MS, typed_answered, t);
}

/* A message's text, or a note. */
static const struct field *text_of (struct request *q)
{
	const struct field *f = record_field (q->row->record, "text");
	f = f ? f : record_field (q->row->record, "note");
	assert (f && f->kind == KIND_TEXT);
	return f;
}

void mentions_resolve (struct request *q, page_fn *then)
{
	const struct field *f = text_of (q);
	struct resolving *r = arena_alloc (q->arena, sizeof *r);
	struct mention m;
	size_t at = 0;
	*r = (struct resolving){ .q = q, .text = (const char **) (void *) ((char *) q->item + f->offset), .field = f, .then = then };
	while (field_has (f, q->item) == HERE && r->n < TYPED_MOST && mention_next (*r->text, &at, &m))
		if (m.typed)
			r->at[r->n++] = (struct typed){ .r = r, .m = m };
	r->waiting = r->n;
	for (size_t i = 0; i < r->n; i++)
		typed_ask (&r->at[i]);
	if (!r->n)
		then (q);
}

/* ---- what the picker offers ---- */

struct offering {
	struct request *q;
	json_t *rows[mention_kind_count];
	size_t waiting;
};
struct offer {
	struct offering *o;
	enum mention_kind kind;
	const struct record *record;
};

static void offering_reply (struct offering *o)
{
	json_t *data = json_array ();
	for (int kind = 0; kind < mention_kind_count; kind++) {
		for (size_t i = 0; i < OFFERED_MOST && i < json_array_size (o->rows[kind]); i++)
			json_array_append (data, json_array_get (o->rows[kind], i));
		json_decref (o->rows[kind]);
	}
	json_t *page = json_pack ("{s:o}", "data", data);
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (o->q->arena, text);
	free (text);
	json_decref (page);
	reply_text (o->q, 200, copy);
}

/* Each word that is looked for begins one of the name's or address's. */
static bool person_fits (const char *q, const char *name, const char *email)
{
	for (q += strspn (q, " "); *q; q += strspn (q, " ")) {
		size_t n = strcspn (q, " ");
		bool found = strncasecmp (email, q, n) == 0;
		for (const char *p = name; *p && !found; p += strcspn (p, " -'"), p += strspn (p, " -'"))
			found = strncasecmp (p, q, n) == 0;
		if (!found)
			return false;
		q += n;
	}
	return true;
}

static bool is_offered (const json_t *rows, const char *id)
{
	size_t i;
	json_t *row;
	json_array_foreach ((json_t *) rows, i, row)
	{
		if (strcmp (json_string_value (json_object_get (row, "id")), id) == 0)
			return true;
	}
	return false;
}

static void offer_add (const struct offer *of, const json_t *row)
{
	const struct candidates_page *asked = of->o->q->item;
	bool person = of->kind == mention_kind_user;
	const char *id = json_string_value (json_object_get (row, "id")),
		   *label = json_string_value (json_object_get (row, person ? "name" : "title")),
		   *detail = json_string_value (json_object_get (row, person ? "email" : "subtitle"));
	if (!id || !label || is_offered (of->o->rows[of->kind], id))
		return;
	if (person && !person_fits (asked->has.q == HERE ? asked->q : "", label, detail ? detail : ""))
		return;
	json_array_append_new (of->o->rows[of->kind],
			       json_pack ("{s:s, s:s, s:O?, s:s, s:s?}", "kind", mention_kind_names[of->kind], "id", id, "number",
					  person ? NULL : json_object_get (row, "number"), "label", label, "detail", detail));
}

/* A service that does not answer offers nothing: the others do. */
static void offer_answered (struct app *app, void *ctx, const struct reply *reply)
{
	struct offer *of = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *row;
	size_t i;
	json_array_foreach (json_object_get (page, "data"), i, row) offer_add (of, row);
	pages_behind (app, of->record, page);
	json_decref (page);
	if (--of->o->waiting == 0)
		offering_reply (of->o);
}

static bool kind_asked (struct request *q, const struct candidates_page *asked, const char *kind)
{
	const char *list = asked->has.kind == HERE ? asked->kind : "", *word;
	bool all = !*list;
	while (!all && (word = word_next (q->arena, &list)))
		if (strcmp (word, kind) == 0)
			return true;
	return all;
}

/* The searches have the same fields in the same places, as search.c makes sure. */
void candidates_page_show (struct request *q)
{
	static const struct record *const record[mention_kind_count] = {
		[mention_kind_lead] = &lead_search_record,
		[mention_kind_opportunity] = &deal_search_record,
		[mention_kind_account] = &account_search_record,
		[mention_kind_contact] = &contact_search_record,
	};
	struct offering *o = arena_alloc (q->arena, sizeof *o);
	if (!record_of_query (q))
		return;
	const struct candidates_page *asked = q->item;
	bool searched = asked->has.q == HERE && asked->q[strspn (asked->q, " ")];
	*o = (struct offering){ .q = q, .waiting = 1 };
	for (int kind = 0; kind < mention_kind_count; kind++) {
		o->rows[kind] = json_array ();
		if (!kind_asked (q, asked, mention_kind_names[kind]))
			continue;
		for (size_t g = 0; g < q->sight.n_groups && (searched || !record[kind]); g++) {
			struct offer *of = arena_alloc (q->arena, sizeof *of);
			struct members_list members = { .head = head_of_read (q, g), .active = true, .has.active = HERE };
			struct lead_search words = { .head = members.head, .q = asked->q, .limit = OFFERED_MOST, .has = { HERE, HERE } };
			*of = (struct offer){ .o = o, .kind = (enum mention_kind) kind, .record = record[kind] };
			o->waiting++;
			if (record[kind])
				app_query (q->app, record[kind], &words, q->after.at, q->after.n, NAMES_MS, offer_answered, of);
			else
				app_query (q->app, &members_list_record, &members, q->after.at, q->after.n, NAMES_MS, offer_answered, of);
		}
	}
	if (--o->waiting == 0)
		offering_reply (o);
}
