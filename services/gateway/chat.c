/* The team's conversation as pages: contacts keeps it; what a text mentions is called by each service that has it, with the reader's rights, so that a page
 * says of every mention whether this reader may open it. Never a name that the reader may not see, but the one that the writer wrote. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"
#include "mentions.h"

enum { CHAT_MS = 5000, LABEL_MS = 2000, REFS_MOST = 1000, ASKED_MOST = 100 };

/* ---- what things are called, for one reader ---- */

struct labels;
typedef void labels_fn (struct labels *l);
struct labels {
	struct request *q;
	struct head head;
	json_t *asked[3]; /* ids, by who has them: lead-intake, pipeline, contacts */
	json_t *known;	  /* "kind:id": {number, label} */
	bool people;
	size_t waiting, refs;
	json_t *page; /* what they are asked for; the labels' own */
	labels_fn *then;
};

static const char *ref_key (struct labels *l, const char *kind, const char *id)
{
	return arena_printf (l->q->arena, "%s:%s", kind, id);
}

static struct labels *labels_new (struct request *q, struct head head, json_t *page, labels_fn *then)
{
	struct labels *l = arena_alloc (q->arena, sizeof *l);
	*l = (struct labels){ .q = q, .head = head, .page = page, .known = json_object (), .then = then };
	for (size_t i = 0; i < LENGTH (l->asked); i++)
		l->asked[i] = json_array ();
	return l;
}

static void labels_end (struct labels *l)
{
	for (size_t i = 0; i < LENGTH (l->asked); i++)
		json_decref (l->asked[i]);
	json_decref (l->known);
	json_decref (l->page);
}

static void ref_add (struct labels *l, enum mention_kind kind, struct uuid id)
{
	char text[UUID_TEXT];
	const char *key = ref_key (l, mention_kind_names[kind], uuid_format (id, text));
	if (l->refs >= REFS_MOST || json_object_get (l->known, key))
		return;
	json_object_set_new (l->known, key, json_null ());
	l->refs++;
	switch (kind) {
	case mention_kind_user: l->people = true; break;
	case mention_kind_lead: json_array_append_new (l->asked[0], json_string (text)); break;
	case mention_kind_opportunity: json_array_append_new (l->asked[1], json_string (text)); break;
	case mention_kind_account:
	case mention_kind_contact: json_array_append_new (l->asked[2], json_string (text)); break;
	case mention_kind_count: break;
	}
}

static void refs_of_text (struct labels *l, const char *text)
{
	struct mention m;
	size_t at = 0;
	for (size_t n = 0; text && n < MENTIONS_MOST && mention_next (text, &at, &m); n++)
		if (!m.typed)
			ref_add (l, m.kind, m.id);
}

static void label_know (struct labels *l, const char *kind, const json_t *row, const char *label)
{
	const char *id = json_string_value (json_object_get (row, "id")), *text = json_string_value (json_object_get (row, label));
	json_t *number = json_object_get (row, "number");
	if (id && text && json_object_get (l->known, ref_key (l, kind, id)))
		json_object_set_new (l->known, ref_key (l, kind, id),
				     json_pack ("{s:O?, s:s}", "number", json_is_integer (number) ? number : NULL, "label", text));
}

/* A service that does not answer knows nothing: what it has is shown as text. */
static void labels_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct labels *l = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *row;
	size_t i;
	json_array_foreach (json_object_get (page, "data"), i, row)
	{
		const char *kind = json_string_value (json_object_get (row, "kind"));
		label_know (l, kind ? kind : mention_kind_names[mention_kind_user], row, kind ? "label" : "name");
	}
	json_decref (page);
	if (--l->waiting == 0)
		l->then (l);
}

/* The three queries have one field in one place. */
static void labels_ask (struct labels *l)
{
	static const struct record *const record[] = { &lead_labels_record, &deal_labels_record, &people_labels_record };
	static_assert (offsetof (struct lead_labels, ids) == offsetof (struct deal_labels, ids) &&
			       offsetof (struct lead_labels, ids) == offsetof (struct people_labels, ids),
		       "queries of one shape");
	struct members_list members = { .head = l->head };
	l->waiting = l->people;
	for (size_t i = 0; i < LENGTH (record); i++)
		l->waiting += json_array_size (l->asked[i]) > 0;
	if (!l->waiting) {
		l->then (l);
		return;
	}
	for (size_t i = 0; i < LENGTH (record); i++) {
		if (!json_array_size (l->asked[i]))
			continue;
		char *ids = json_dumps (l->asked[i], JSON_COMPACT);
		struct lead_labels query = { .head = l->head, .ids = arena_text (l->q->arena, ids) };
		free (ids);
		app_query (l->q->app, record[i], &query, l->q->after.at, l->q->after.n, LABEL_MS, labels_answered, l);
	}
	if (l->people)
		app_query (l->q->app, &members_list_record, &members, l->q->after.at, l->q->after.n, LABEL_MS, labels_answered, l);
}

static json_t *mention_told (struct labels *l, enum mention_kind kind, struct uuid id, const char *written)
{
	char text[UUID_TEXT];
	json_t *known = json_object_get (l->known, ref_key (l, mention_kind_names[kind], uuid_format (id, text)));
	json_t *number = json_object_get (known, "number"), *label = json_object_get (known, "label");
	return json_pack ("{s:s, s:s, s:O?, s:o, s:b}", "kind", mention_kind_names[kind], "id", text, "number", number, "label",
			  label	    ? json_incref (label)
			  : written ? json_string (written)
				    : json_null (),
			  "visible", label != NULL);
}

static json_t *mentions_of_text (struct labels *l, const char *text)
{
	json_t *ret = json_array ();
	struct mention m;
	size_t at = 0;
	for (size_t n = 0; text && n < MENTIONS_MOST && mention_next (text, &at, &m); n++)
		if (!m.typed)
			json_array_append_new (ret, mention_told (l, m.kind, m.id, arena_copy (l->q->arena, m.label, m.label_n)));
	return ret;
}

/* ---- rooms of leads and deals: their own services say what they are called ---- */

static bool room_ref (const json_t *room, enum mention_kind *ret_kind, struct uuid *ret_id)
{
	const char *kind = json_string_value (json_object_get (room, "kind")), *id = json_string_value (json_object_get (room, "id"));
	bool lead = kind && strcmp (kind, "lead") == 0, deal = kind && strcmp (kind, "deal") == 0;
	*ret_kind = lead ? mention_kind_lead : mention_kind_opportunity;
	return (lead || deal) && id && uuid_parse (id, ret_id) == OK;
}

static void room_ask_label (struct labels *l, const json_t *room)
{
	enum mention_kind kind;
	struct uuid id;
	if (room_ref (room, &kind, &id))
		ref_add (l, kind, id);
}

static void room_tell (struct labels *l, json_t *room)
{
	enum mention_kind kind;
	struct uuid id;
	char text[UUID_TEXT];
	if (!room_ref (room, &kind, &id))
		return;
	json_t *known = json_object_get (l->known, ref_key (l, mention_kind_names[kind], uuid_format (id, text)));
	if (!json_is_object (known))
		return;
	json_object_set (room, "title", json_object_get (known, "label"));
	json_object_set (room, "number", json_object_get (known, "number"));
}

static void message_ask_labels (struct labels *l, const json_t *message)
{
	room_ask_label (l, json_object_get (message, "room"));
	refs_of_text (l, json_string_value (json_object_get (message, "text")));
}

static void message_tell (struct labels *l, json_t *message)
{
	room_tell (l, json_object_get (message, "room"));
	json_object_set_new (message, "mentions", mentions_of_text (l, json_string_value (json_object_get (message, "text"))));
}

static void page_reply (struct labels *l)
{
	struct request *q = l->q;
	char *text = json_dumps (l->page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	labels_end (l);
	reply_text (q, 200, copy);
}

/* ---- a room ---- */

static void room_labelled (struct labels *l)
{
	size_t i;
	json_t *message;
	room_tell (l, json_object_get (l->page, "room"));
	json_array_foreach (json_object_get (l->page, "data"), i, message) message_tell (l, message);
	page_reply (l);
}

static void room_open (struct request *q);

static int room_missing (const struct message_list *asked)
{
	return asked->has.lead_id == HERE      ? ERROR_lead_not_found
	       : asked->has.deal_id == HERE    ? ERROR_deal_not_found
	       : asked->has.contact_id == HERE ? ERROR_contact_not_found
	       : asked->has.account_id == HERE ? ERROR_account_not_found
					       : ERROR_not_found;
}

static void room_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *page = reply->state == REPLY_DONE && reply->json.n ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL)
								   : NULL;
	bool nothing = reply->state == REPLY_DONE || (reply->state == REPLY_REFUSED && reply->error == ERROR_not_found);
	if (!page && nothing) {
		q->group++;
		room_open (q);
		return;
	}
	if (!page) {
		reply_fault (q, reply);
		return;
	}
	if (reply->stale)
		http_set (q->http, "CRM-Stale", "true");
	struct labels *l = labels_new (q, head_of_read (q, q->group), page, room_labelled);
	size_t i;
	json_t *message;
	room_ask_label (l, json_object_get (page, "room"));
	json_array_foreach (json_object_get (page, "data"), i, message) message_ask_labels (l, message);
	labels_ask (l);
}

/* A record lies in one workspace: each group of rights is asked until one knows it. */
static void room_open (struct request *q)
{
	struct message_list *asked = q->item;
	if (q->group >= q->sight.n_groups) {
		reply_error (q, room_missing (asked), NULL, NULL);
		return;
	}
	asked->head = head_of_read (q, q->group);
	app_query (q->app, &message_list_record, asked, q->after.at, q->after.n, CHAT_MS, room_answered, q);
}

void messages_page (struct request *q)
{
	if (!record_of_query (q))
		return;
	const struct message_list *asked = q->item;
	bool channel = asked->has.channel == HERE && asked->channel;
	int named = (asked->has.lead_id == HERE) + (asked->has.deal_id == HERE) + (asked->has.contact_id == HERE) +
		    (asked->has.account_id == HERE) + channel;
	if (named != 1) {
		fields_wrong (q, "/deal_id", named ? "too_many" : "required");
		return;
	}
	if (channel && q->sight.n > 1) {
		reply_error (q, ERROR_workspace_required, NULL, NULL);
		return;
	}
	q->group = 0;
	room_open (q);
}

static void message_labelled (struct labels *l)
{
	message_tell (l, l->page);
	page_reply (l);
}

static void message_found (struct request *q)
{
	json_t *message = json_loads (q->target_json, 0, NULL);
	struct labels *l = labels_new (q, head_of_seat (q), message, message_labelled);
	message_ask_labels (l, message);
	labels_ask (l);
}

void message_page (struct request *q)
{
	target_find (q, message_found);
}

/* ---- the rooms one takes part in ---- */

static int room_order (const void *a, const void *b)
{
	json_t *x = *(json_t *const *) a, *y = *(json_t *const *) b;
	const char *kind = json_string_value (json_object_get (json_object_get (x, "room"), "kind"));
	bool channel = kind && strcmp (kind, "channel") == 0;
	kind = json_string_value (json_object_get (json_object_get (y, "room"), "kind"));
	if (channel != (kind && strcmp (kind, "channel") == 0))
		return channel ? -1 : 1;
	const char *at = json_string_value (json_object_get (json_object_get (x, "last"), "at")),
		   *of = json_string_value (json_object_get (json_object_get (y, "last"), "at"));
	return strcmp (of ? of : "", at ? at : "");
}

static void rooms_sort (json_t *page)
{
	json_t *rows = json_object_get (page, "data"), *sorted = json_array ();
	size_t n = json_array_size (rows);
	json_t **row = heap_alloc ((n + 1) * sizeof *row);
	for (size_t i = 0; i < n; i++)
		row[i] = json_array_get (rows, i);
	qsort (row, n, sizeof *row, room_order);
	for (size_t i = 0; i < n; i++)
		json_array_append (sorted, row[i]);
	heap_free (row);
	json_object_set_new (page, "data", sorted);
}

static void rooms_ask (struct request *q);

/* One group's rooms after those that are there. */
static void rooms_labelled (struct labels *l)
{
	struct request *q = l->q;
	json_t *rows = json_object_get (l->page, "data"), *row;
	size_t i;
	json_array_foreach (rows, i, row) room_tell (l, json_object_get (row, "room"));
	json_int_t unread = json_integer_value (json_object_get (l->page, "total_unread")) +
			    json_integer_value (json_object_get (q->merged, "total_unread"));
	json_array_extend (json_object_get (q->merged, "data"), rows);
	json_object_set_new (q->merged, "total_unread", json_integer (unread));
	labels_end (l);
	if (++q->group < q->sight.n_groups) {
		rooms_ask (q);
		return;
	}
	rooms_sort (q->merged);
	char *text = json_dumps (q->merged, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	reply_text (q, 200, copy);
}

static void rooms_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *row;
	size_t i;
	if (!page) {
		reply_fault (q, reply);
		return;
	}
	struct labels *l = labels_new (q, head_of_read (q, q->group), page, rooms_labelled);
	json_array_foreach (json_object_get (page, "data"), i, row) room_ask_label (l, json_object_get (row, "room"));
	labels_ask (l);
}

static void rooms_ask (struct request *q)
{
	struct room_list *asked = q->item;
	asked->head = head_of_read (q, q->group);
	app_query (q->app, &room_list_record, asked, q->after.at, q->after.n, CHAT_MS, rooms_answered, q);
}

void rooms_page (struct request *q)
{
	if (!record_of_query (q))
		return;
	q->merged = json_pack ("{s:[], s:i}", "data", "total_unread", 0);
	q->group = 0;
	if (q->sight.n_groups)
		rooms_ask (q);
	else
		reply_text (q, 200, "{\"data\":[],\"total_unread\":0}");
}

/* ---- read up to here ---- */

static void room_was_seen (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	reply_text (q, 200, arena_text (q->arena, reply->data));
}

void room_seen_page (struct request *q)
{
	const struct room_seen_form *form = form_taken (q);
	const struct seat *seat = form ? seat_of_write (q) : NULL;
	if (!seat)
		return;
	struct room_see see = { .head = head_of_write (q, seat), .user_id = { q->caller->actor }, .message_id = form->message_id };
	app_command (q->app, &room_see_record, &see, q->after.at, q->after.n, CHAT_MS, room_was_seen, q);
}

/* ---- tokens that stand elsewhere: in notes, on a timeline ---- */

struct asking {
	struct mention m[ASKED_MOST];
	size_t n;
};

static void mentions_labelled (struct labels *l)
{
	const struct asking *asked = l->q->item;
	json_t *data = json_object_get (l->page, "data");
	for (size_t i = 0; i < asked->n; i++)
		json_array_append_new (data, mention_told (l, asked->m[i].kind, asked->m[i].id, NULL));
	page_reply (l);
}

static bool ref_read (const char *word, struct mention *ret)
{
	for (int i = 0; i < mention_kind_count; i++) {
		size_t n = strlen (mention_kind_names[i]);
		ret->kind = (enum mention_kind) i;
		if (strncmp (word, mention_kind_names[i], n) == 0 && word[n] == ':')
			return uuid_parse (word + n + 1, &ret->id) == OK;
	}
	return false;
}

/* What one group of rights does not show, the next one may: they are asked one after the other. */
static void mentions_ask (struct labels *l)
{
	struct request *q = l->q;
	const struct asking *asked = q->item;
	struct labels *next = l;
	if (q->group >= q->sight.n_groups) {
		mentions_labelled (l);
		return;
	}
	next->head = head_of_read (q, q->group++);
	for (size_t i = 0; i < LENGTH (next->asked); i++)
		json_array_clear (next->asked[i]);
	next->people = false;
	next->refs = 0;
	for (size_t i = 0; i < asked->n; i++) {
		char text[UUID_TEXT];
		const char *key = ref_key (l, mention_kind_names[asked->m[i].kind], uuid_format (asked->m[i].id, text));
		if (json_is_object (json_object_get (l->known, key)))
			continue;
		json_object_del (l->known, key);
		ref_add (l, asked->m[i].kind, asked->m[i].id);
	}
	labels_ask (next);
}

void mentions_page (struct request *q)
{
	struct asking *asked = arena_alloc (q->arena, sizeof *asked);
	if (!record_of_query (q))
		return;
	const char *list = ((const struct mention_page *) q->item)->of, *word;
	while ((word = word_next (q->arena, &list))) {
		if (asked->n == ASKED_MOST || !ref_read (word, &asked->m[asked->n])) {
			fields_wrong (q, "/of", asked->n == ASKED_MOST ? "too_many" : "malformed");
			return;
		}
		asked->n++;
	}
	q->item = asked;
	q->group = 0;
	mentions_ask (labels_new (q, (struct head){ 0 }, json_pack ("{s:[]}", "data"), mentions_ask));
}
