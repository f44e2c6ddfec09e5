/* Books of a period as a file: a line each as CSV, or an auditfile. Billing tells them part after part and a page at a time; the next is asked for when the
 * client took the last. The audit log says who took them before the first byte leaves.
 * It must never hold more than a page, nor end a file as whole whose totals are not those of its lines: that one breaks off. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auditfile.h"
#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "money.h"

enum { BOOKS_MS = 30000 };

enum step { STEP_WHOLE, STEP_RELATIONS, STEP_DOCUMENTS, STEP_PAYMENTS, STEP_OVER };

static const char *const step_parts[] = {
	[STEP_WHOLE] = "whole",
	[STEP_RELATIONS] = "relations",
	[STEP_DOCUMENTS] = "documents",
	[STEP_PAYMENTS] = "payments",
};

static const char *const csv_columns[] = {
	"kind",	    "number",	"day",	      "due",   "ledger", "ledger_name", "relation", "name",   "description",
	"vat_code", "vat_rate", "vat_amount", "debit", "credit", "currency",	"about",    "vat_id", "country",
};

struct books {
	struct app *app;
	struct arena arena, once; /* once: of a page */
	struct request *q;	  /* until the first bytes are there, or the refusal was given */
	struct http_stream *http; /* from then on; null: the client is gone, or all was said */
	struct caller *caller;
	struct sight sight;
	struct uuid id;
	struct positions after;
	struct bookings_export asked;
	const char *language;	/* of CSV headings and ledger names; null: the API's names */
	struct auditfile *file; /* null: CSV, or not begun */
	enum step step;
	char *cursor; /* null: the part's beginning */
	bool xaf, asking;
	struct buffer text;
	struct books *next, **place; /* among those under way */
};

static struct books *under_way;

static void books_free (struct books *x)
{
	*x->place = x->next;
	if (x->next)
		x->next->place = x->place;
	auditfile_close (x->file);
	buffer_fini (&x->text);
	caller_drop (&x->caller);
	free (x->cursor);
	arena_fini (&x->once);
	arena_fini (&x->arena);
	heap_free (x);
}

/* Nothing was sent yet: the client hears why. */
static void books_refuse (struct books *x, const struct reply *reply)
{
	struct request *q = x->q;
	x->q = NULL;
	if (q)
		reply_fault (q, reply);
}

/* An answer that breaks off is seen by the client as one that broke off. */
static void books_break (struct books *x, const char *why)
{
	log_warn ("bookings_broken", LOG_T ("why", why), LOG_T ("part", x->step < STEP_OVER ? step_parts[x->step] : "end"));
	if (x->q) {
		books_refuse (x, &(struct reply){ .state = REPLY_UNAVAILABLE });
		books_free (x);
	} else {
		http_stream_cut (x->http);
	}
}

/* ---- a line as text ---- */

static const char *minor_text (struct arena *a, const struct booking *b, int64_t minor)
{
	struct money m = { .minor = minor };
	char made[24];
	strncpy (m.currency, b->currency, sizeof m.currency - 1);
	return arena_text (a, money_amount (m, made));
}

static void line_add (struct books *x, const struct booking *b, const struct book_line *l)
{
	bool dutch = x->language && strcmp (x->language, "nl") == 0, paid = strcmp (b->kind, "payment") == 0;
	const char *number = paid && b->about ? b->about : b->number;
	const char *cell[LENGTH (csv_columns)] = {
		b->kind,
		b->number,
		b->day,
		b->due,
		l->ledger->id,
		dutch ? l->ledger->nl : l->ledger->en,
		b->relation,
		b->name,
		b->name ? arena_printf (&x->once, "%s %s", number, b->name) : number,
		l->code,
		l->rate,
		l->code ? minor_text (&x->once, b, l->tax < 0 ? -l->tax : l->tax) : NULL,
		l->minor > 0 ? minor_text (&x->once, b, l->minor) : NULL,
		l->minor < 0 ? minor_text (&x->once, b, -l->minor) : NULL,
		b->currency,
		b->about,
		b->vat_id,
		b->country,
	};
	for (size_t i = 0; i < LENGTH (cell); i++) {
		if (i)
			buffer_text (&x->text, ",");
		if (cell[i])
			cell_add (&x->text, cell[i]);
	}
	buffer_text (&x->text, "\r\n");
}

static void csv_head (struct books *x)
{
	buffer_text (&x->text, "\xef\xbb\xbf");
	for (size_t i = 0; i < LENGTH (csv_columns); i++)
		buffer_printf (&x->text, "%s%s", i ? "," : "", heading_of (x->language, csv_columns[i]));
	buffer_text (&x->text, "\r\n");
}

/* ---- part after part ---- */

static void part_ask (struct books *x);

static void client_gone (struct http_stream *s, void *ctx)
{
	(void) s;
	struct books *x = ctx;
	x->http = NULL;
	if (!x->asking)
		books_free (x);
}

/* The client has taken all there was. */
static void client_ready (struct http_stream *s, void *ctx)
{
	(void) s;
	struct books *x = ctx;
	if (!x->asking && x->step < STEP_OVER)
		part_ask (x);
}

static void stream_begin (struct books *x)
{
	struct request *q = x->q;
	char from[DATE_TEXT], to[DATE_TEXT];
	http_set (q->http, "Cache-Control", "no-store");
	http_set (q->http, "Content-Disposition",
		  disposition_of (q->arena, false,
				  arena_printf (q->arena, "%s-%s-%s.%s", x->sight.seat[0]->slug, date_format (x->asked.from, from),
						date_format (x->asked.to, to), x->xaf ? "xaf" : "csv")));
	x->q = NULL;
	struct http_request *r = q->http;
	request_end (q);
	x->http = http_stream_open (r, 200, x->xaf ? "application/xml; charset=utf-8" : "text/csv; charset=utf-8; header=present", SIZE_MAX,
				    client_gone, x); /* one page at a time waits */
	http_stream_on_read (x->http, client_ready);
}

/* Whose books they are; false: answered. */
static bool whole_told (struct books *x, json_t *page)
{
	const char *currency = json_string_value (json_object_get (page, "currency"));
	time_t now = (time_t) (clock_now () / 1000000);
	if (!currency || money_digits (currency) > 2) { /* the format ends at cents */
		struct request *q = x->q;
		x->q = NULL;
		if (q)
			fields_wrong (q, "/currency", "not_a_choice");
		books_free (x);
		return false;
	}
	x->asked.currency = arena_text (&x->arena, currency);
	x->asked.has.currency = HERE;
	x->file = auditfile_open (page, x->asked.from, x->asked.to, (int32_t) (now / 86400));
	return true;
}

static bool bookings_told (struct books *x, const json_t *rows)
{
	const json_t *row;
	size_t i;
	json_array_foreach (rows, i, row)
	{
		struct booking b;
		enum status read = x->step == STEP_PAYMENTS ? booking_of_payment (&x->once, row, &b)
							    : booking_of_document (&x->once, row, &b);
		if (read != OK)
			return false;
		if (x->file)
			auditfile_booking (x->file, &b);
		for (size_t n = 0; !x->file && n < b.lines; n++)
			line_add (x, &b, &b.line[n]);
	}
	return true;
}

static void relations_told (struct books *x, const json_t *rows)
{
	const json_t *row;
	size_t i;
	json_array_foreach (rows, i, row) auditfile_relation (x->file, row);
}

/* What stands between one part and the next. */
static void step_begin (struct books *x)
{
	if (x->step == STEP_PAYMENTS && !(x->asked.has.payments == HERE && x->asked.payments))
		x->step = STEP_OVER;
	if (!x->file)
		return;
	if (x->step == STEP_DOCUMENTS) {
		auditfile_ledger (x->file);
		auditfile_journal (x->file, "VRK", "Verkoop", "S");
	} else if (x->step == STEP_PAYMENTS) {
		auditfile_journal (x->file, "BNK", "Ontvangen betalingen", "B");
	}
}

static void page_send (struct books *x, json_t *page)
{
	const json_t *rows = json_object_get (page, "data");
	const char *next = json_string_value (json_object_get (page, "next"));
	if (x->step == STEP_WHOLE && !whole_told (x, page))
		return;
	if (x->q)
		stream_begin (x);
	if (x->step == STEP_RELATIONS)
		relations_told (x, rows);
	else if (x->step > STEP_RELATIONS && !bookings_told (x, rows)) {
		books_break (x, "a booking does not come out even");
		return;
	}
	free (x->cursor);
	x->cursor = next ? strdup (next) : NULL;
	if (!x->cursor) {
		x->step++;
		step_begin (x);
	}
	enum status whole = x->file && x->step == STEP_OVER ? auditfile_end (x->file) : OK;
	if (whole == OK && x->file)
		whole = auditfile_take (x->file, &x->text);
	if (whole != OK) {
		books_break (x, whole == REFUSED ? "its totals are not those of its lines" : "it cannot be written");
		return;
	}
	bool nothing = !x->text.n;
	http_stream_write (x->http, (struct bytes){ x->text.at, x->text.n });
	buffer_clear (&x->text);
	if (x->step == STEP_OVER)
		http_stream_end (x->http);
	else if (nothing)
		part_ask (x); /* an empty page is never taken */
}

static void part_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct books *x = ctx;
	x->asking = false;
	if (x->q && x->q->gone) /* it is owed an answer all the same */
		books_refuse (x, &(struct reply){ .state = REPLY_UNAVAILABLE });
	if (!x->q && !x->http) { /* nobody reads on */
		books_free (x);
		return;
	}
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	arena_reset (&x->once);
	if (page) {
		page_send (x, page);
	} else if (x->q) {
		books_refuse (x, reply->state == REPLY_DONE ? &(struct reply){ .state = REPLY_UNAVAILABLE } : reply);
		books_free (x);
	} else {
		books_break (x, "billing does not answer");
	}
	json_decref (page);
}

static void part_ask (struct books *x)
{
	struct bookings_export query = x->asked;
	query.head = (struct head){ .actor = x->caller->actor, .id = x->id, .correlation = x->id, .grant = x->sight.seat[0]->grant };
	query.head.workspaces = sight_set (&x->once, &x->sight, 0, &query.head.n_workspaces);
	query.part = step_parts[x->step];
	query.after = x->cursor;
	query.has.part = HERE;
	query.has.after = x->cursor ? HERE : ABSENT;
	x->asking = true;
	app_query (x->app, &bookings_export_record, &query, x->after.at, x->after.n, BOOKS_MS, part_answered, x);
}

/* ---- before the first byte ---- */

static void noted (struct app *app, void *ctx, const struct reply *reply)
{
	struct books *x = ctx;
	(void) app;
	if (reply->state != REPLY_DONE)
		books_refuse (x, reply);
	if (x->q)
		part_ask (x);
	else
		books_free (x);
}

static void note_ask (struct books *x)
{
	const struct seat *seat = x->sight.seat[0];
	struct export_note note = { .head = { .workspace = seat->workspace,
					      .actor = x->caller->actor,
					      .id = uuid_v7 (clock_now ()),
					      .correlation = x->id,
					      .grant = seat->grant },
				    .workspace_id = { seat->workspace },
				    .kind = "bookings",
				    .has = { .workspace_id = HERE, .kind = HERE } };
	app_command (x->app, &export_note_record, &note, NULL, 0, BOOKS_MS, noted, x);
}

/* Books are one company's. False: answered. */
static bool books_sight (struct books *x, struct request *q)
{
	const char *names = http_query (q->http, "workspace");
	size_t n = x->caller->n_seats;
	const struct seat *asked = names ? seats_named (&x->arena, x->caller->seats, n, names, &n) : x->caller->seats;
	if (!asked || sight_of (&x->arena, asked, n, PERMISSION_crm_export, &x->sight) != ALLOWED || !x->sight.n) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return false;
	}
	if (x->sight.n > 1)
		reply_error (q, ERROR_workspace_required, NULL, NULL);
	return x->sight.n == 1;
}

/* Three capital letters, or nothing. */
static bool is_currency (const char *text)
{
	return !text || (strlen (text) == 3 && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3);
}

/* Which ones. False: answered. */
static bool books_asked (struct books *x, struct request *q)
{
	static const char *const fields[] = { "from", "to", "payments", "currency" };
	const struct record *r = &bookings_export_record;
	struct problem problem = { 0 };
	json_t *params = json_pack ("{s:s}", "part", "whole");
	for (size_t i = 0; i < LENGTH (fields); i++) {
		const char *value = http_query (q->http, fields[i]);
		if (value)
			json_object_set_new (params, fields[i], param_json (record_field (r, fields[i]), value));
	}
	bool read = record_from_json (&x->arena, r, params, false, &x->asked, &problem) == OK;
	json_decref (params);
	if (read && x->asked.to < x->asked.from)
		problem_add (q->arena, &problem, "/to", "not_a_choice", "not before from");
	if (read && x->xaf && auditfile_period (x->asked.from, x->asked.to) > AUDITFILE_PERIODS)
		problem_add (q->arena, &problem, "/to", "not_a_choice", "an auditfile has at most 999 periods");
	if (!is_currency (http_query (q->http, "currency")))
		problem_add (q->arena, &problem, "/currency", "not_a_choice", "three capital letters");
	if (problem.n_errors || !read) {
		problem.code = NULL;
		reply_error (q, ERROR_invalid, NULL, &problem);
		return false;
	}
	x->asked.until = clock_now ();
	x->asked.has.until = HERE;
	return true;
}

void bookings_page (struct request *q)
{
	struct books *x = heap_alloc (sizeof *x);
	*x = (struct books){ .app = q->app, .q = q, .caller = caller_keep (q->caller), .id = q->id, .after = q->after };
	x->next = under_way;
	x->place = &under_way;
	if (x->next)
		x->next->place = &x->next;
	under_way = x;
	arena_init (&x->arena);
	arena_init (&x->once);
	x->language = q->caller->kind == CALLER_SESSION ? arena_text (&x->arena, q->language) : NULL;
	x->xaf = q->row->record == &bookings_xaf_page_record;
	x->step = x->xaf ? STEP_WHOLE : STEP_DOCUMENTS;
	if (!books_sight (x, q) || !books_asked (x, q)) {
		books_free (x);
		return;
	}
	if (!x->xaf)
		csv_head (x);
	note_ask (x);
}

void bookings_end (caller_fits *fits, struct uuid id)
{
	for (struct books *x = under_way, *next; x; x = next) {
		next = x->next;
		if (x->http && (!fits || fits (x->caller, id)))
			http_stream_cut (x->http);
	}
}
