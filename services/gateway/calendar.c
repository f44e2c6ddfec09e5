/* Somebody's calendar for phones and other programs: a link of their own, and behind it iCalendar (RFC 5545) of what they have to do, with the rights they
 * have now. Never what others have to do, never a note: a link is passed on more easily than a password. Its token is in no log. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "ics.h"
#include "log.h"
#include "seal.h"

enum { CALENDAR_MS = 5000, TOKEN_LENGTH = 32 };

static struct link_pace pace = { .most = 30 };
static const int64_t told_since = 90 * 86400 * INT64_C (1000000);

/* ---- the link ---- */

/* A key for programs has no calendar. */
static bool is_person (struct request *q)
{
	if (q->caller->kind == CALLER_SESSION)
		return true;
	reply_error (q, ERROR_forbidden, NULL, NULL);
	return false;
}

static struct head head_of_link (struct request *q)
{
	const char *key = http_header (q->http, "Idempotency-Key");
	struct head ret = head_of_home (q->caller->agency, q->caller->actor);
	if (key && *key)
		ret.id = ret.correlation = key_id (ret.actor, key);
	return ret;
}

static void link_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	if (reply->state == REPLY_DONE)
		reply_json (ctx, 200, reply->json);
	else
		reply_fault (ctx, reply);
}

void calendar_link_page (struct request *q)
{
	struct uuid *home = arena_alloc (q->arena, sizeof *home);
	struct calendar_link_get *ask = arena_alloc (q->arena, sizeof *ask);
	if (!is_person (q))
		return;
	*home = q->caller->agency;
	*ask = (struct calendar_link_get){ .head = head_of_homes () };
	ask->head.actor = ask->head.grant.user = q->caller->actor;
	ask->head.workspaces = home;
	ask->head.n_workspaces = 1;
	app_query (q->app, &calendar_link_get_record, ask, q->after.at, q->after.n, CALENDAR_MS, link_found, q);
}

static void link_made (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	json_t *data = reply->data ? json_loads (reply->data, 0, NULL) : NULL;
	const char *token = json_string_value (json_object_get (data, "token")),
		   *at = json_string_value (json_object_get (data, "created_at"));
	const char *url = token ? arena_printf (q->arena, "\"%s/calendar/%s.ics\"", origin_of (q), token) : "null";
	const char *text = arena_printf (q->arena, "{\"url\":%s,\"created_at\":\"%s\"}", url, at ? at : "");
	json_decref (data);
	reply_text (q, 201, text);
}

void calendar_link_make_page (struct request *q)
{
	struct calendar_link_make *make = arena_alloc (q->arena, sizeof *make);
	if (!is_person (q))
		return;
	*make = (struct calendar_link_make){ .head = head_of_link (q), .user_id = { q->caller->actor }, .has.user_id = HERE };
	app_command (q->app, &calendar_link_make_record, make, q->after.at, q->after.n, CALENDAR_MS, link_made, q);
}

static void link_dropped (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	position_remember (q, reply);
	reply_text (q, 204, "");
}

void calendar_link_drop_page (struct request *q)
{
	struct calendar_link_drop *drop = arena_alloc (q->arena, sizeof *drop);
	if (!is_person (q))
		return;
	*drop = (struct calendar_link_drop){ .head = head_of_link (q), .user_id = { q->caller->actor }, .has.user_id = HERE };
	app_command (q->app, &calendar_link_drop_record, drop, q->after.at, q->after.n, CALENDAR_MS, link_dropped, q);
}

/* ---- what stands in it ---- */

struct feed {
	struct request *q;
	json_t *rows;
	size_t waiting;
	bool failed;
};

static const char *text_of (const json_t *row, const char *name)
{
	return json_string_value (json_object_get (row, name));
}

/* What people call a kind. */
static const char *kind_word (const char *kind, bool dutch)
{
	static const struct {
		const char *kind, *en, *nl;
	} rows[] = {
		{ "call", "Call", "Telefoongesprek" }, { "whatsapp", "WhatsApp", "WhatsApp" }, { "email", "E-mail", "E-mail" },
		{ "sms", "Text message", "Sms" },      { "meeting", "Meeting", "Afspraak" },   { "task", "Task", "Taak" },
		{ "other", "Other", "Overig" },
	};
	for (size_t i = 0; i < LENGTH (rows); i++)
		if (strcmp (rows[i].kind, kind) == 0)
			return dutch ? rows[i].nl : rows[i].en;
	return dutch ? "Notitie" : "Note";
}

static const char *summary_of (struct feed *f, const json_t *row, bool dutch)
{
	const char *subject = text_of (row, "subject"), *title = text_of (row, "title"), *kind = kind_word (text_of (row, "kind"), dutch);
	return arena_printf (f->q->arena, "%s%s%s%s", json_is_true (json_object_get (row, "done")) ? "\xe2\x9c\x93 " : "",
			     subject && *subject ? subject : kind, title ? " \xc2\xb7 " : "", title ? title : "");
}

static const char *address_of (struct feed *f, const json_t *row)
{
	static const struct {
		const char *about, *type;
	} rows[] = { { "lead", "lead" }, { "deal", "prospect" }, { "contact", "contact" }, { "account", "client" } };
	const char *about = text_of (row, "about"), *type = "prospect";
	for (size_t i = 0; i < LENGTH (rows); i++)
		if (strcmp (rows[i].about, about) == 0)
			type = rows[i].type;
	return arena_printf (f->q->arena, "%s/crm?type=%s&id=%s", origin_of (f->q), type, text_of (row, "record_id"));
}

static void alarm_write (struct buffer *out, const char *at, const char *summary)
{
	ics_line (out, "BEGIN", "VALARM");
	ics_line (out, "ACTION", "DISPLAY");
	ics_line (out, "TRIGGER;VALUE=DATE-TIME", at);
	ics_text (out, "DESCRIPTION", summary);
	ics_line (out, "END", "VALARM");
}

/* Half an hour of a day that stays free for others: when it ends is known of none. What is gone says that, and nothing of whom it was about. */
static void event_write (struct feed *f, struct buffer *out, const json_t *row, bool dutch)
{
	bool gone = json_is_true (json_object_get (row, "removed"));
	const char *address = address_of (f, row), *remind = text_of (row, "remind"), *kind = kind_word (text_of (row, "kind"), dutch);
	const char *summary = gone ? kind : summary_of (f, row, dutch);
	ics_line (out, "BEGIN", "VEVENT");
	ics_line (out, "UID", arena_printf (f->q->arena, "%s@leadwire", text_of (row, "id")));
	ics_line (out, "DTSTAMP", text_of (row, "stamp"));
	ics_line (out, "SEQUENCE", arena_printf (f->q->arena, "%lld", (long long) json_integer_value (json_object_get (row, "version"))));
	ics_line (out, "DTSTART", text_of (row, "due"));
	ics_line (out, "DURATION", "PT30M");
	ics_text (out, "SUMMARY", summary);
	ics_line (out, "STATUS", gone ? "CANCELLED" : "CONFIRMED");
	ics_line (out, "TRANSP", "TRANSPARENT");
	ics_text (out, "CATEGORIES", kind);
	if (!gone) {
		ics_text (out, "DESCRIPTION", arena_printf (f->q->arena, "%s\n%s", kind, address));
		ics_line (out, "URL", address);
	}
	if (remind && !gone)
		alarm_write (out, remind, summary);
	ics_line (out, "END", "VEVENT");
}

static void feed_reply (struct feed *f)
{
	struct request *q = f->q;
	struct buffer out = { 0 };
	size_t i;
	json_t *row;
	bool dutch = strcmp (q->language, "nl") == 0;
	if (f->failed) { /* a calendar that lacks half of what was in it would be believed */
		json_decref (f->rows);
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	ics_line (&out, "BEGIN", "VCALENDAR");
	ics_line (&out, "VERSION", "2.0");
	ics_line (&out, "PRODID", "-//Leadwire//Leadwire//EN");
	ics_line (&out, "CALSCALE", "GREGORIAN");
	ics_line (&out, "METHOD", "PUBLISH");
	ics_text (&out, "X-WR-CALNAME", arena_printf (q->arena, "Leadwire \xc2\xb7 %s", q->caller->name));
	ics_line (&out, "REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
	ics_line (&out, "X-PUBLISHED-TTL", "PT15M");
	json_array_foreach (f->rows, i, row) event_write (f, &out, row, dutch);
	ics_line (&out, "END", "VCALENDAR");
	const char *text = arena_copy (q->arena, (const char *) out.at, out.n);
	struct bytes body = { (const unsigned char *) text, out.n };
	buffer_fini (&out);
	json_decref (f->rows);
	http_set (q->http, "Content-Disposition", "inline; filename=\"leadwire.ics\"");
	reply_as (q, 200, "text/calendar; charset=utf-8", body);
}

static void feed_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct feed *f = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	f->failed = f->failed || !page;
	json_array_extend (f->rows, json_object_get (page, "data"));
	json_decref (page);
	if (--f->waiting == 0)
		feed_reply (f);
}

/* Day by day, so that what is told changes with what is done, not with every question. */
static int64_t since_now (void)
{
	int64_t since = clock_now () - told_since;
	return since - since % (86400 * INT64_C (1000000));
}

static void feed_ask (struct request *q)
{
	struct feed *f = arena_alloc (q->arena, sizeof *f);
	struct caller *c = q->caller;
	/* somebody who sees no workspace any more has nothing to do */
	bool open = c->section_crm && sight_of (q->arena, c->seats, c->n_seats, PERMISSION_crm_view, &q->sight) == ALLOWED;
	*f = (struct feed){ .q = q, .rows = json_array (), .waiting = open ? q->sight.n_groups : 0 };
	if (!f->waiting) {
		feed_reply (f);
		return;
	}
	for (size_t g = 0; g < q->sight.n_groups; g++) {
		struct activity_feed ask = {
			.head = { .actor = c->actor, .id = q->id, .correlation = q->id, .grant = q->sight.seat[q->sight.group[g]]->grant },
			.since = since_now (),
			.has.since = HERE
		};
		ask.head.workspaces = sight_set (q->arena, &q->sight, g, &ask.head.n_workspaces);
		app_query (q->app, &activity_feed_record, &ask, q->after.at, q->after.n, CALENDAR_MS, feed_answered, f);
	}
}

/* ---- who asks ---- */

static void owner_found (struct app *app, void *ctx, struct caller *c, int error)
{
	(void) app;
	struct request *q = ctx;
	if (error == ERROR_unauthenticated) {
		link_unknown (q, "calendar", ERROR_not_found);
		return;
	}
	if (error != ALLOWED) {
		reply_error (q, error, NULL, NULL);
		return;
	}
	q->caller = c;
	q->language = language_choose (c->language ? NULL : http_header (q->http, "Accept-Language"), c->language);
	if (link_too_often (&pace, c->id))
		too_many (q, 60);
	else
		feed_ask (q);
}

/* "token.ics"; null: it is none that we make. */
static const char *token_in (struct request *q)
{
	const char *name = q->found.value;
	size_t n = strspn (name, "abcdefghijklmnopqrstuvwxyz234567");
	return n == TOKEN_LENGTH && strcmp (name + n, ".ics") == 0 ? arena_copy (q->arena, name, n) : NULL;
}

void calendar_feed_page (struct request *q)
{
	char hash[SHA256_TEXT];
	const char *token = token_in (q);
	http_set (q->http, "Referrer-Policy", "no-referrer");
	http_set (q->http, "X-Robots-Tag", "noindex");
	if (!token) {
		link_unknown (q, "calendar", ERROR_not_found);
		return;
	}
	sha256_text ((struct bytes){ (const unsigned char *) token, strlen (token) }, hash);
	caller_find (q->app, CALLER_CALENDAR, hash, owner_found, q);
}
