/* The bell: what is new to somebody, put together out of what the services know, and what they say about it: how far they have looked, which they marked one
 * by one, what rings. Each service applies the asker's rights to its own rows. Never the news of anybody but who asks; a key has none. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "news_link.h"

enum { NEWS_MS = 3000, ROWS_MOST = 50, ROWS_USUAL = 20, UNSEEN_MOST = 100 };

struct bell {
	struct request *q;
	json_t *rows, *choices;
	const char *marks; /* JSON object */
	int64_t since;	   /* 0: never looked */
	int64_t unseen;
	bool asked[notice_kind_count], fresh, partial, answered;
	size_t waiting, limit;
	int64_t before_at; /* 0: from the newest */
	notice_id before_id;
};

/* ---- what rings ---- */

/* In a conversation its own mark says that there is something. */
static bool rings_by_itself (enum notice_kind kind)
{
	return kind != notice_kind_message;
}

/* Kept flat, so that one of them changes without the others: {"lead_bell": false}. */
static bool choice_of (const json_t *choices, enum notice_kind kind, const char *what, bool usual)
{
	char name[60];
	snprintf (name, sizeof name, "%s_%s", notice_kind_names[kind], what);
	const json_t *said = json_object_get (choices, name);
	return json_is_boolean (said) ? json_is_true (said) : usual;
}

static bool rings (const struct bell *b, enum notice_kind kind)
{
	return choice_of (b->choices, kind, "bell", rings_by_itself (kind));
}

/* A conversation is no mail. */
static bool goes_by_mail (enum notice_kind kind)
{
	return kind != notice_kind_message;
}

static const char *mail_choice (const struct bell *b, enum notice_kind kind)
{
	char name[60];
	snprintf (name, sizeof name, "%s_mail", notice_kind_names[kind]);
	const char *said = json_string_value (json_object_get (b->choices, name));
	for (int i = 0; said && i < letter_when_count; i++)
		if (!strcmp (said, letter_when_names[i]))
			return letter_when_names[i];
	return letter_when_names[letter_when_now];
}

static json_t *choices_told (const struct bell *b)
{
	json_t *ret = json_object ();
	for (enum notice_kind kind = 0; kind < notice_kind_count; kind++)
		json_object_set_new (ret, notice_kind_names[kind],
				     json_pack ("{s:b, s:b, s:s?}", "bell", rings (b, kind), "desktop",
						choice_of (b->choices, kind, "desktop", false), "mail",
						goes_by_mail (kind) ? mail_choice (b, kind) : NULL));
	return ret;
}

/* ---- the page ---- */

static const char *text_at (const json_t *row, const char *name)
{
	const char *ret = json_string_value (json_object_get (row, name));
	return ret ? ret : "";
}

static int newest_first (const void *a, const void *b)
{
	const json_t *x = *(json_t *const *) a, *y = *(json_t *const *) b;
	int at = strcmp (text_at (y, "at"), text_at (x, "at"));
	return at ? at : strcmp (text_at (y, "id"), text_at (x, "id"));
}

/* Those of all services and groups, by time and id. */
static json_t *sorted (json_t *rows)
{
	size_t n = json_array_size (rows);
	json_t **row = heap_alloc ((n + 1) * sizeof *row), *ret = json_array ();
	for (size_t i = 0; i < n; i++)
		row[i] = json_array_get (rows, i);
	qsort (row, n, sizeof *row, newest_first);
	for (size_t i = 0; i < n; i++)
		json_array_append (ret, row[i]);
	heap_free (row);
	json_decref (rows);
	return ret;
}

/* Each service was asked for a row more than is shown: when there is one, the page goes on after its last row. */
static const char *next_of (struct bell *b)
{
	int64_t at;
	if (json_array_size (b->rows) <= b->limit)
		return NULL;
	while (json_array_size (b->rows) > b->limit)
		json_array_remove (b->rows, json_array_size (b->rows) - 1);
	const json_t *last = json_array_get (b->rows, b->limit - 1);
	if (time_parse (text_at (last, "at"), &at) != OK)
		return NULL;
	return arena_printf (b->q->arena, "%" PRId64 ".%s", at, text_at (last, "id"));
}

static void bell_reply (struct bell *b)
{
	struct request *q = b->q;
	char seen[TIME_TEXT];
	if (!b->answered && b->partial) {
		json_decref (b->rows);
		json_decref (b->choices);
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	b->rows = sorted (b->rows);
	const char *next = next_of (b);
	json_t *page = json_pack ("{s:o, s:I, s:o, s:o, s:b, s:o}", "data", b->rows, "unseen",
				  (json_int_t) (b->unseen > UNSEEN_MOST ? UNSEEN_MOST : b->unseen), "seen_at",
				  b->since ? json_string (time_format (b->since, seen)) : json_null (), "choices", choices_told (b),
				  "partial", b->partial, "next", next ? json_string (next) : json_null ());
	json_decref (b->choices);
	link_next (q, next);
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (page);
	reply_text (q, 200, copy);
}

/* A service that does not answer is told as missing, never as empty. */
static void news_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bell *b = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	json_array_extend (b->rows, json_object_get (page, "data"));
	b->unseen += json_integer_value (json_object_get (page, "unseen"));
	b->answered = b->answered || page;
	b->partial = b->partial || !page;
	json_decref (page);
	if (--b->waiting == 0)
		bell_reply (b);
}

/* ---- asking ---- */

static struct head head_of_group (struct request *q, size_t group)
{
	struct head ret = {
		.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->sight.seat[q->sight.group[group]]->grant
	};
	ret.workspaces = sight_set (q->arena, &q->sight, group, &ret.n_workspaces);
	return ret;
}

#define NEWS_ASKED(b, g)                                                                                                               \
	.head = head_of_group ((b)->q, g), .since = (b)->since, .marks = (b)->marks, .fresh = (b)->fresh, .before_at = (b)->before_at, \
	.before_id = (b)->before_id, .limit = (int64_t) (b)->limit + 1, .has.since = (b)->since ? HERE : ABSENT, .has.marks = HERE,    \
	.has.fresh = HERE, .has.before_at = (b)->before_at ? HERE : ABSENT, .has.before_id = (b)->before_at ? HERE : ABSENT,           \
	.has.limit = HERE

static void news_ask (struct bell *b, const struct record *record, const void *query)
{
	b->waiting++;
	app_query (b->q->app, record, query, b->q->after.at, b->q->after.n, NEWS_MS, news_answered, b);
}

static void bell_ask (struct bell *b)
{
	b->waiting = 1;
	for (size_t g = 0; g < b->q->sight.n_groups; g++) {
		struct lead_news lead = { NEWS_ASKED (b, g) };
		struct reminder_news reminder = { NEWS_ASKED (b, g) };
		struct notice_news notice = { NEWS_ASKED (b, g), .gifts = b->asked[notice_kind_assigned],
					      .rules = b->asked[notice_kind_rule] };
		struct chat_news chat = { NEWS_ASKED (b, g), .mentions = b->asked[notice_kind_mention],
					  .messages = b->asked[notice_kind_message] };
		chat.chat = grant_allows (&chat.head.grant, PERMISSION_crm_chat);
		chat.has.mentions = chat.has.messages = chat.has.chat = notice.has.gifts = notice.has.rules = HERE;
		if (b->asked[notice_kind_lead])
			news_ask (b, &lead_news_record, &lead);
		if (b->asked[notice_kind_reminder])
			news_ask (b, &reminder_news_record, &reminder);
		if (notice.gifts || notice.rules)
			news_ask (b, &notice_news_record, &notice);
		if (chat.mentions || chat.messages)
			news_ask (b, &chat_news_record, &chat);
	}
	if (--b->waiting == 0)
		bell_reply (b);
}

/* What was not asked for by name is what rings. */
static void state_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct bell *b = ctx;
	const struct notices_page *asked = b->q->item;
	if (reply->state != REPLY_DONE) {
		json_decref (b->rows);
		reply_fault (b->q, reply);
		return;
	}
	json_t *state = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	char *marks = json_dumps (json_object_get (state, "marks"), JSON_COMPACT);
	b->marks = marks ? arena_text (b->q->arena, marks) : "{}";
	b->since = json_integer_value (json_object_get (state, "seen"));
	b->choices = json_incref (json_object_get (state, "choices"));
	free (marks);
	json_decref (state);
	for (enum notice_kind kind = 0; asked->has.kind != HERE && kind < notice_kind_count; kind++)
		b->asked[kind] = rings (b, kind);
	bell_ask (b);
}

static bool kinds_read (struct bell *b, const char *list, struct problem *problem)
{
	for (const char *word; (word = word_next (b->q->arena, &list));) {
		enum notice_kind kind = 0;
		while (kind < notice_kind_count && strcmp (word, notice_kind_names[kind]))
			kind++;
		if (kind == notice_kind_count) {
			problem_add (b->q->arena, problem, "/kind", "not_a_choice", "lead, reminder, mention, assigned, message or rule");
			return false;
		}
		b->asked[kind] = true;
	}
	return true;
}

static bool cursor_read (struct bell *b, const char *text, struct problem *problem)
{
	char *end;
	b->before_at = strtoll (text, &end, 10);
	if (b->before_at > 0 && *end == '.' && uuid_parse (end + 1, &b->before_id.uuid) == OK)
		return true;
	problem_add (b->q->arena, problem, "/after", "malformed", "a cursor that a page gave");
	return false;
}

void notices_page_show (struct request *q)
{
	struct bell *b = arena_alloc (q->arena, sizeof *b);
	struct problem problem = { 0 };
	if (!record_of_query (q))
		return;
	const struct notices_page *asked = q->item;
	*b = (struct bell){ .q = q, .marks = "{}", .limit = ROWS_USUAL };
	b->fresh = asked->has.unread == HERE && asked->unread;
	if (asked->has.limit == HERE)
		b->limit = asked->limit > ROWS_MOST ? ROWS_MOST : (size_t) asked->limit;
	if ((asked->has.kind == HERE && !kinds_read (b, asked->kind, &problem)) ||
	    (asked->has.after == HERE && !cursor_read (b, asked->after, &problem))) {
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	b->rows = json_array ();
	if (q->caller->kind != CALLER_SESSION) { /* nothing is ever new to a key, nor did it choose anything */
		b->choices = json_object ();
		bell_reply (b);
		return;
	}
	struct notice_state state = { .head = { .actor = q->caller->actor, .id = q->id, .correlation = q->id } };
	state.head.workspaces = &q->caller->agency;
	state.head.n_workspaces = 1;
	state.head.grant.scope = SCOPE_OWN;
	state.head.grant.user = q->caller->actor;
	app_query (q->app, &notice_state_record, &state, q->after.at, q->after.n, NEWS_MS, state_found, b);
}

/* ---- what somebody says about it ---- */

/* Null: answered. A key looks at nothing. */
static void *own_form (struct request *q)
{
	if (q->caller->kind == CALLER_SESSION)
		return form_taken (q);
	reply_error (q, ERROR_forbidden, NULL, NULL);
	return NULL;
}

static void looked (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_keep (&q->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	reply_text (q, 204, "");
}

void notices_seen_page (struct request *q)
{
	const struct seen_form *form = own_form (q);
	if (!form)
		return;
	struct leads_seen seen = { .head = head_of_home (q->caller->agency, q->caller->actor),
				   .user_id = { q->caller->actor },
				   .seen = form->at,
				   .has = { .user_id = HERE, .seen = form->has.at } };
	app_command (q->app, &leads_seen_record, &seen, NULL, 0, NEWS_MS, looked, q);
}

void notices_read_page (struct request *q)
{
	const struct read_form *form = own_form (q);
	if (!form)
		return;
	struct notices_read mark = { .head = head_of_home (q->caller->agency, q->caller->actor),
				     .user_id = { q->caller->actor },
				     .ids = form->ids,
				     .unread = form->unread,
				     .has = { .user_id = HERE, .ids = HERE, .unread = form->has.unread } };
	app_command (q->app, &notices_read_record, &mark, NULL, 0, NEWS_MS, looked, q);
}

/* Kept in the home, whichever workspaces they look at: a person has one bell. */
void notices_choose_page (struct request *q)
{
	const struct choice_form *form = own_form (q);
	if (!form)
		return;
	if (form->has.mail == HERE && !goes_by_mail (form->kind)) {
		struct problem problem = { 0 };
		problem_add (q->arena, &problem, "/mail", "not_a_choice", "messages do not go by mail");
		reply_error (q, ERROR_invalid, NULL, &problem);
		return;
	}
	json_t *content = json_object ();
	const char *kind = notice_kind_names[form->kind];
	if (form->has.bell == HERE)
		json_object_set_new (content, arena_printf (q->arena, "%s_bell", kind), json_boolean (form->bell));
	if (form->has.desktop == HERE)
		json_object_set_new (content, arena_printf (q->arena, "%s_desktop", kind), json_boolean (form->desktop));
	if (form->has.mail == HERE)
		json_object_set_new (content, arena_printf (q->arena, "%s_mail", kind), json_string (letter_when_names[form->mail]));
	char *text = json_dumps (content, JSON_COMPACT);
	struct prefs_set set = { .head = head_of_home (q->caller->agency, q->caller->actor),
				 .place = "notifications",
				 .content = arena_text (q->arena, text),
				 .has = { .place = HERE, .content = HERE } };
	free (text);
	json_decref (content);
	set.head.grant.scope = SCOPE_OWN;
	set.head.grant.user = q->caller->actor;
	app_command (q->app, &prefs_set_record, &set, NULL, 0, NEWS_MS, looked, q);
}

static void own_marked (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx, (void) reply; /* at worst it rings for who made it */
}

void notice_own (struct request *q, struct uuid made)
{
	char id[UUID_TEXT];
	if (q->caller->kind != CALLER_SESSION)
		return;
	struct notices_read mark = { .head = head_of_home (q->caller->agency, q->caller->actor),
				     .user_id = { q->caller->actor },
				     .ids = arena_printf (q->arena, "[\"%s\"]", uuid_format (made, id)),
				     .has = { .user_id = HERE, .ids = HERE } };
	app_command (q->app, &notices_read_record, &mark, NULL, 0, NEWS_MS, own_marked, NULL);
}

/* ---- the link in a mail with news: one click, without logging in, and only by POST ---- */

static void stop_reply (struct request *q, int status, const char *nl, const char *en, bool asks)
{
	bool dutch = !strcmp (q->language, "nl");
	const char *word = dutch ? "Geen mail meer" : "No more mail";
	const char *form = asks ? arena_printf (q->arena,
						"<form method=post><input type=hidden name=List-Unsubscribe value=One-Click>"
						"<button>%s</button></form>",
						word)
				: "";
	const char *page = arena_printf (
		q->arena,
		"<!doctype html><html lang=%s><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
		"<meta name=robots content=noindex><title>%s</title><p>%s</p>%s</html>",
		dutch ? "nl" : "en", word, dutch ? nl : en, form);
	http_set (q->http, "Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
	http_set (q->http, "Referrer-Policy", "no-referrer");
	http_set (q->http, "Cache-Control", "no-store");
	request_end (q);
	http_reply (q->http, status, "text/html; charset=utf-8", (struct bytes){ (const unsigned char *) page, strlen (page) });
}

static bool stop_link (struct request *q, struct uuid *ret_agency, struct uuid *ret_user)
{
	q->language = language_choose (http_header (q->http, "Accept-Language"), NULL);
	if (news_link_read (q->arena, q->found.value, ret_agency, ret_user))
		return true;
	stop_reply (q, 404, "Deze link klopt niet. Open hem zoals hij in de mail staat.",
		    "This link is not right. Open it as it stands in the mail.", false);
	return false;
}

void news_stop_page_show (struct request *q)
{
	struct uuid agency, user;
	if (stop_link (q, &agency, &user))
		stop_reply (q, 200, "Wil je geen meldingen van Leadwire meer per mail?",
			    "Do you want no more notifications of Leadwire by mail?", true);
}

static void news_stopped (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	if (reply->state == REPLY_DONE)
		stop_reply (ctx, 200, "Je krijgt geen meldingen meer per mail. In Leadwire, bij Meldingen, zet je ze weer aan.",
			    "You get no more notifications by mail. In Leadwire, under Notifications, you switch them on again.", false);
	else
		reply_fault (ctx, reply);
}

void news_stop_form_page (struct request *q)
{
	struct uuid agency, user;
	if (!stop_link (q, &agency, &user))
		return;
	struct buffer content = { 0 };
	for (enum notice_kind kind = 0; kind < notice_kind_count; kind++)
		if (goes_by_mail (kind))
			buffer_printf (&content, "%c\"%s_mail\":\"never\"", content.n ? ',' : '{', notice_kind_names[kind]);
	buffer_text (&content, "}");
	struct prefs_set set = { .head = head_of_home (agency, user),
				 .place = "notifications",
				 .content = arena_copy (q->arena, (const char *) content.at, content.n),
				 .has = { .place = HERE, .content = HERE } };
	buffer_fini (&content);
	set.head.grant.scope = SCOPE_OWN;
	set.head.grant.user = user;
	app_command (q->app, &prefs_set_record, &set, NULL, 0, NEWS_MS, news_stopped, q);
}
