/* Exports: every lead, deal, contact or account that the caller may take away, as one CSV file (RFC 4180, UTF-8 with its mark so that spreadsheets see it) or JSON,
 * a line each; contacts as vCards too. Those that fit the filters of their list, of deals also in an order and with some columns.
 * Rows are read a page at a time and only as fast as the client takes them, in an order that no change meanwhile can shift: no row twice, none left out
 * that was there at the beginning. Each workspace's audit log says who took what before the first row leaves. Never more than a page in memory. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "gateway.h"
#include "vcard.h"
#include "log.h"
#include "metrics.h"

enum { EXPORT_MS = 10000, ROWS_FIRST = 25, ROWS_MOST = 200, DEALS_MOST = 2000, PAGE_BYTES = 1 << 20 };

/* ---- what a file holds ---- */

/* A column and where its value stands in a row's JSON: a member, or a member of one. An owner is told by name. */
struct column {
	const char *name, *place;
};

static const struct column lead_columns[] = {
	{ "id", "id" },
	{ "number", "number" },
	{ "created_at", "created_at" },
	{ "status", "status" },
	{ "name", "name" },
	{ "first_name", "first_name" },
	{ "last_name", "last_name" },
	{ "company", "company" },
	{ "email", "email" },
	{ "phone", "phone" },
	{ "source", "source" },
	{ "form_type", "form_type" },
	{ "message", "message" },
	{ "owner", "owner_id" },
	{ "external_id", "external_id" },
	{ "language", "language" },
	{ "consent", "consent" },
	{ "contact_id", "contact_id" },
	{ "deal_id", "deal_id" },
	{ "fields", "fields" },
	{ "workspace_id", "workspace_id" },
};

static const struct column deal_columns[] = {
	{ "id", "id" },
	{ "number", "number" },
	{ "created_at", "created_at" },
	{ "title", "title" },
	{ "stage", "stage_key" },
	{ "stage_since", "stage_since" },
	{ "value", "value.amount" },
	{ "currency", "value.currency" },
	{ "contact_name", "contact_name" },
	{ "company", "company" },
	{ "owner", "owner_id" },
	{ "source", "source" },
	{ "close_date", "close_date" },
	{ "closed_at", "closed_at" },
	{ "probability", "probability_own" },
	{ "monthly_shipments", "monthly_shipments" },
	{ "account_type", "account_type" },
	{ "ecommerce_type", "ecommerce_type" },
	{ "channel", "channel" },
	{ "weight_range", "weight_range" },
	{ "content_type", "content_type" },
	{ "campaign", "campaign" },
	{ "plan_type", "plan_type" },
	{ "locale", "locale" },
	{ "loss_reason", "loss_reason" },
	{ "annotations", "annotations" },
	{ "custom", "custom" },
	{ "account_value", "account_value.amount" },
	{ "account_currency", "account_value.currency" },
	{ "notes", "notes" },
	{ "lead_id", "lead_id" },
	{ "contact_id", "contact_id" },
	{ "workspace_id", "workspace_id" },
	{ "email", "email" },
	{ "phone", "phone" },
	{ "lead_status", "lead_status" },
	{ "last_note_at", "last_note_at" },
	{ "days_without_contact", "days_without_contact" },
	{ "next_at", "next_at" },
	{ "next_kind", "next_kind" },
	{ "tags", "tags" },
	{ "account", "account_name" },
	{ "account_id", "account_id" },
	{ "type", "type" },
	{ "onboarding_status", "onboarding_status" },
	{ "kae", "kae" },
	{ "csr", "csr" },
};

/* What the table calls a column and the file another. */
static const struct column deal_aliases[] = {
	{ "name", "contact_name" },
	{ "stage_key", "stage" },
	{ "stage_id", "stage" },
	{ "owner_id", "owner" },
};

static const struct column contact_columns[] = {
	{ "id", "id" },
	{ "number", "number" },
	{ "created_at", "created_at" },
	{ "name", "name" },
	{ "first_name", "first_name" },
	{ "last_name", "last_name" },
	{ "email", "email" },
	{ "phone", "phone" },
	{ "company", "company" },
	{ "owner", "owner_id" },
	{ "workspace_id", "workspace_id" },
	{ "type", "type" },
	{ "status", "status" },
	{ "job_title", "job_title" },
	{ "account", "account_name" },
	{ "account_id", "account_id" },
	{ "further_emails", "emails" },
	{ "further_phones", "phones" },
	{ "custom", "custom" },
	{ "archived_at", "archived_at" },
};

static const struct column account_columns[] = {
	{ "id", "id" },
	{ "number", "number" },
	{ "created_at", "created_at" },
	{ "name", "name" },
	{ "lifecycle", "lifecycle" },
	{ "client_at", "client_at" },
	{ "industry", "industry" },
	{ "phone", "phone" },
	{ "email", "email" },
	{ "website", "website" },
	{ "address", "address" },
	{ "postcode", "postcode" },
	{ "city", "city" },
	{ "country", "country" },
	{ "registration_no", "registration_no" },
	{ "vat_no", "vat_no" },
	{ "account_type", "account_type" },
	{ "annual_revenue", "annual_revenue.amount" },
	{ "annual_revenue_currency", "annual_revenue.currency" },
	{ "contacts", "contacts" },
	{ "custom", "custom" },
	{ "onboarding_status", "onboarding_status" },
	{ "kae", "assignments.kae" },
	{ "csr", "assignments.csr" },
	{ "owner", "owner_id" },
	{ "workspace_id", "workspace_id" },
};

static const struct column import_columns[] = {
	{ "row", "row" },      { "result", "state" },	    { "field", "field" }, { "reason", "reason" },   { "detail", "detail" },
	{ "name", "name" },    { "email", "email" },	    { "phone", "phone" }, { "company", "company" }, { "contact", "contact_id" },
	{ "deal", "deal_id" }, { "account", "account_id" }, { "kind", "kind" },	  { "file", "file" },
};

static const struct column document_columns[] = {
	{ "id", "id" },
	{ "number", "number" },
	{ "kind", "kind" },
	{ "state", "state" },
	{ "name", "name" },
	{ "title", "title" },
	{ "issued", "issued" },
	{ "due", "due" },
	{ "currency", "currency" },
	{ "net", "net.amount" },
	{ "vat", "vat.amount" },
	{ "gross", "gross.amount" },
	{ "payable", "payable.amount" },
	{ "open", "open.amount" },
	{ "sent_at", "sent_at" },
	{ "seen_at", "seen_at" },
	{ "accepted_at", "accepted_at" },
	{ "paid_at", "paid_at" },
	{ "email", "email" },
	{ "owner", "owner_id" },
	{ "deal_id", "deal_id" },
	{ "contact_id", "contact_id" },
	{ "account_id", "account_id" },
	{ "workspace_id", "workspace_id" },
};

static const struct exported {
	const char *name;
	const struct record *page, *query; /* what the route names, what a service answers */
	const struct column *column;
	size_t columns;
} kinds[] = {
	{ "leads", &lead_export_page_record, &lead_list_record, lead_columns, LENGTH (lead_columns) },
	{ "deals", &deal_export_page_record, &deal_list_record, deal_columns, LENGTH (deal_columns) },
	{ "contacts", &contact_export_page_record, &contact_list_record, contact_columns, LENGTH (contact_columns) },
	{ "accounts", &account_export_page_record, &account_list_record, account_columns, LENGTH (account_columns) },
	{ "quotes", &quote_export_page_record, &quote_list_record, document_columns, LENGTH (document_columns) },
	{ "invoices", &invoice_export_page_record, &invoice_list_record, document_columns, LENGTH (document_columns) },
	{ "import", &import_export_page_record, &import_rows_record, import_columns, LENGTH (import_columns) },
};

static struct metric export_rows = { .name = "leadwire_export_rows_total", .help = "Rows that left in exports", .kind = METRIC_COUNTER };

/* ---- an export on its way ---- */

struct export
{
	struct app *app;
	struct arena arena;
	struct request *q;	  /* until the first rows are there, or the refusal was given */
	struct http_stream *http; /* from then on; null: the client is gone, or all was said */
	struct caller *caller;
	const struct exported *kind;
	const struct column *column; /* of the file */
	size_t columns;
	const void *filter;	       /* struct of the kind's query: which ones, by the list's own filters; null: of deals */
	struct uuid import;	       /* whose rows; null: of none */
	const struct deal_list *asked; /* of deals: which, in what order */
	const char *fields;	       /* of rows as JSON; null: all */
	const char *language;	       /* of the headings; null: the API's names */
	enum { AS_CSV, AS_JSON, AS_LINES, AS_CARDS } as;
	bool comma;
	struct sight sight;
	struct uuid id;
	struct positions after;
	struct export *next, **place; /* among those under way */
	size_t notes;		      /* lines of the audit still to be written; one more while they are sent */
	int64_t rows;		      /* of the next page */
	json_t *names;
	size_t group;
	char *cursor; /* null: the group's beginning */
	bool asking;
	struct buffer text;
};

static struct export *under_way;

static void export_free (struct export *x)
{
	*x->place = x->next;
	if (x->next)
		x->next->place = x->place;
	json_decref (x->names);
	buffer_fini (&x->text);
	caller_drop (&x->caller);
	free (x->cursor);
	arena_fini (&x->arena);
	heap_free (x);
}

/* Nothing was sent yet: the client hears why. */
static void export_refuse (struct export *x, const struct reply *reply)
{
	struct request *q = x->q;
	x->q = NULL;
	if (q)
		reply_fault (q, reply);
}

static void cursor_set (struct export *x, const char *text)
{
	free (x->cursor);
	x->cursor = text ? strdup (text) : NULL;
}

/* ---- a row as text ---- */

/* What a spreadsheet would run as a formula gets an apostrophe before it; a number or a phone number keeps its sign. */
static bool is_formula (const char *text)
{
	if (strchr ("=@\t\r", *text))
		return *text;
	return (*text == '+' || *text == '-') && text[1 + strspn (text + 1, "0123456789 .,()/-")];
}

void cell_add (struct buffer *out, const char *text)
{
	bool formula = is_formula (text);
	if (!formula && !strpbrk (text, ",\"\r\n;") && *text != ' ') {
		buffer_text (out, text);
		return;
	}
	buffer_text (out, formula ? "\"'" : "\"");
	for (const char *at = text; *at; at++)
		buffer_add (out, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
	buffer_text (out, "\"");
}

static void value_add (struct buffer *out, const json_t *value)
{
	if (json_is_string (value)) {
		cell_add (out, json_string_value (value));
	} else if (json_is_integer (value)) {
		buffer_printf (out, "%lld", (long long) json_integer_value (value));
	} else if (value && !json_is_null (value) && !(json_is_object (value) && !json_object_size (value))) {
		char *text = json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY);
		cell_add (out, text);
		free (text);
	}
}

/* Further e-mails and phones as people write them, and as the import reads them: "info@x.nl (work); x@y.nl". */
static void reach_add (struct buffer *out, const json_t *list)
{
	struct buffer text = { 0 };
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one)
	{
		const char *value = json_string_value (json_object_get (one, "value")),
			   *label = json_string_value (json_object_get (one, "label"));
		buffer_printf (&text, label ? "%s%s (%s)" : "%s%s", i ? "; " : "", value ? value : "", label);
	}
	buffer_add (&text, "", 1);
	cell_add (out, (const char *) text.at);
	buffer_fini (&text);
}

static void row_add (struct export *x, const json_t *row)
{
	for (size_t i = 0; i < x->columns; i++) {
		const char *place = x->column[i].place, *dot = strchr (place, '.');
		const json_t *value = json_object_getn (row, place, dot ? (size_t) (dot - place) : strlen (place));
		if (dot)
			value = json_object_get (value, dot + 1);
		if (strcmp (place, "owner_id") == 0 && json_object_get (x->names, json_string_value (value)))
			value = json_object_get (x->names, json_string_value (value));
		if (i)
			buffer_text (&x->text, ",");
		if (strcmp (place, "emails") == 0 || strcmp (place, "phones") == 0)
			reach_add (&x->text, value);
		else
			value_add (&x->text, value);
	}
	buffer_text (&x->text, "\r\n");
}

const char *heading_of (const char *language, const char *name)
{
	static const struct {
		const char *name, *en, *nl;
	} headings[] = {
#define HEADING(name, en, nl) { #name, en, nl },
#include "headings.def"
#undef HEADING
	};
	for (size_t i = 0; language && i < LENGTH (headings); i++)
		if (strcmp (headings[i].name, name) == 0)
			return strcmp (language, "nl") == 0 ? headings[i].nl : headings[i].en;
	return name;
}

static void head_add (struct export *x)
{
	if (x->as == AS_JSON)
		buffer_text (&x->text, "[");
	if (x->as != AS_CSV)
		return;
	buffer_text (&x->text, "\xef\xbb\xbf");
	for (size_t i = 0; i < x->columns; i++)
		buffer_printf (&x->text, "%s%s", i ? "," : "", heading_of (x->language, x->column[i].name));
	buffer_text (&x->text, "\r\n");
}

static void json_add (struct export *x, const json_t *row)
{
	char *text = json_dumps (row, JSON_COMPACT);
	if (x->as == AS_JSON)
		buffer_text (&x->text, x->comma ? ",\n" : "\n");
	buffer_text (&x->text, text);
	if (x->as == AS_LINES)
		buffer_text (&x->text, "\n");
	x->comma = true;
	free (text);
}

static const struct form {
	const char *ending, *type;
} forms[] = {
	[AS_CSV] = { "csv", "text/csv; charset=utf-8; header=present" },
	[AS_JSON] = { "json", "application/json" },
	[AS_LINES] = { "jsonl", "application/x-ndjson" },
	[AS_CARDS] = { "vcf", "text/vcard; charset=utf-8" },
};

/* ---- page after page ---- */

static void rows_ask (struct export *x);

static void client_gone (struct http_stream *s, void *ctx)
{
	(void) s;
	struct export *x = ctx;
	x->http = NULL;
	if (!x->asking)
		export_free (x);
}

/* The client has taken all there was. */
static void client_ready (struct http_stream *s, void *ctx)
{
	(void) s;
	struct export *x = ctx;
	if (!x->asking && x->group < x->sight.n_groups)
		rows_ask (x);
}

static void stream_begin (struct export *x)
{
	struct request *q = x->q;
	struct http_request *r = q->http;
	time_t now = (time_t) (clock_now () / 1000000);
	struct tm day;
	char date[16];
	strftime (date, sizeof date, "%Y-%m-%d", gmtime_r (&now, &day));
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "Content-Disposition",
		  disposition_of (q->arena, false, arena_printf (q->arena, "%s-%s.%s", x->kind->name, date, forms[x->as].ending)));
	x->q = NULL;
	request_end (q);
	x->http = http_stream_open (r, 200, forms[x->as].type, SIZE_MAX, client_gone, x); /* one page at a time waits */
	http_stream_on_read (x->http, client_ready);
}

/* Whole pages only: an answer that breaks off is seen by the client as one that broke off. */
static void rows_broken (struct export *x, const struct reply *reply)
{
	log_warn ("export_broken", LOG_T ("kind", x->kind->name), LOG_N ("state", reply->state));
	if (x->q) {
		export_refuse (x, reply);
		export_free (x);
	} else {
		http_stream_cut (x->http);
	}
}

static void page_send (struct export *x, json_t *page)
{
	int64_t most = x->asked ? DEALS_MOST : ROWS_MOST;
	size_t i;
	json_t *row;
	buffer_clear (&x->text);
	if (x->q) {
		stream_begin (x);
		head_add (x);
	}
	if (x->as != AS_CSV && x->fields)
		table_sparse (x->fields, page);
	json_array_foreach (json_object_get (page, "data"), i, row)
	{
		if (x->as == AS_CSV)
			row_add (x, row);
		else if (x->as == AS_CARDS)
			vcard_add (&x->text, row);
		else
			json_add (x, row);
	}
	metric_add (&export_rows, (int64_t) i);
	/* rows are small or, where somebody posts megabytes, large: a page is about a megabyte */
	if (x->text.n > PAGE_BYTES)
		x->rows = x->rows > 8 ? x->rows / 8 : 1;
	else
		x->rows = x->rows * 2 < most ? x->rows * 2 : most;
	cursor_set (x, json_string_value (json_object_get (page, "next")));
	if (!x->cursor)
		x->group++;
	if (x->as == AS_JSON && x->group == x->sight.n_groups)
		buffer_text (&x->text, "\n]\n");
	http_stream_write (x->http, (struct bytes){ x->text.at, x->text.n });
	if (x->group == x->sight.n_groups)
		http_stream_end (x->http);
	else if (!x->text.n)
		rows_ask (x); /* an empty page is never taken */
}

static void rows_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct export *x = ctx;
	x->asking = false;
	if (x->q && x->q->gone) /* it is owed an answer all the same */
		export_refuse (x, &(struct reply){ .state = REPLY_UNAVAILABLE });
	if (!x->q && !x->http) { /* nobody reads on */
		export_free (x);
		return;
	}
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	if (page)
		page_send (x, page);
	else
		rows_broken (x, reply);
	json_decref (page);
}

static void rows_ask (struct export *x)
{
	const struct record *r = x->kind->query;
	const struct field *after = record_field (r, "after"), *limit = record_field (r, "limit");
	struct arena once = { 0 };
	arena_init (&once);
	char *item = arena_alloc (&once, r->size);
	if (x->asked)
		memcpy (item, x->asked, sizeof *x->asked);
	else if (x->filter)
		memcpy (item, x->filter, r->size);
	struct head head = { .actor = x->caller->actor, .id = x->id, .correlation = x->id };
	head.grant = x->sight.seat[x->sight.group[x->group]]->grant;
	head.workspaces = sight_set (&once, &x->sight, x->group, &head.n_workspaces);
	*(struct head *) (void *) item = head;
	*(int64_t *) (void *) (item + limit->offset) = x->rows;
	item[limit->has] = HERE;
	if (x->cursor) {
		*(const char **) (void *) (item + after->offset) = x->cursor;
		item[after->has] = HERE;
	}
	const struct field *import = record_field (r, "import_id");
	if (import)
		memcpy (item + import->offset, &x->import, sizeof x->import);
	x->asking = true;
	if (x->asked)
		r = list_asks ((const struct deal_list *) (const void *) item);
	app_query (x->app, r, item, x->after.at, x->after.n, EXPORT_MS, rows_answered, x);
	arena_fini (&once);
}

/* ---- before the first row ---- */

static void names_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct export *x = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL, *one;
	size_t i;
	if (!page) {
		export_refuse (x, reply);
		export_free (x);
		return;
	}
	x->names = json_object ();
	json_array_foreach (json_object_get (page, "data"), i, one)
		json_object_set (x->names, json_string_value (json_object_get (one, "id")), json_object_get (one, "name"));
	json_decref (page);
	rows_ask (x);
}

static void names_ask (struct export *x)
{
	struct members_list list = { .head = { .actor = x->caller->actor, .id = x->id, .correlation = x->id } };
	struct uuid *set = arena_array (&x->arena, x->sight.n, sizeof *set);
	for (size_t i = 0; i < x->sight.n; i++)
		set[i] = x->sight.seat[i]->workspace;
	list.head.grant = x->sight.seat[0]->grant;
	list.head.workspaces = set;
	list.head.n_workspaces = x->sight.n;
	app_query (x->app, &members_list_record, &list, x->after.at, x->after.n, EXPORT_MS, names_told, x);
}

/* Nothing leaves before every workspace's log says so. */
static void note_over (struct export *x)
{
	if (--x->notes)
		return;
	if (x->q)
		names_ask (x);
	else
		export_free (x);
}

static void noted (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	if (reply->state != REPLY_DONE)
		export_refuse (ctx, reply);
	note_over (ctx);
}

/* The caller's seats that may export, kept for as long as the export takes. */
static bool export_sight (struct export *x, struct request *q)
{
	if (!uuid_is_null (x->import)) /* whoever may bring in may see what came of it */
		return sight_of (&x->arena, q->seat, 1, q->row->permission, &x->sight) == ALLOWED && x->sight.n;
	const char *names = http_query (q->http, "workspace");
	size_t n = x->caller->n_seats;
	const struct seat *asked = names ? seats_named (&x->arena, x->caller->seats, n, names, &n) : x->caller->seats;
	return asked && sight_of (&x->arena, asked, n, PERMISSION_crm_export, &x->sight) == ALLOWED && x->sight.n;
}

/* The columns that were named, as the file calls them; a field of the workspace's own is one too. */
static void columns_choose (struct export *x)
{
	const char *list = x->fields, *word;
	struct column *column = arena_array (&x->arena, strlen (list) + 1, sizeof *column);
	size_t n = 0;
	while ((word = word_next (&x->arena, &list))) {
		for (size_t i = 0; i < LENGTH (deal_aliases); i++)
			if (strcmp (deal_aliases[i].name, word) == 0)
				word = deal_aliases[i].place;
		for (size_t i = 0; i < x->kind->columns; i++)
			if (strcmp (x->kind->column[i].name, word) == 0)
				column[n++] = x->kind->column[i];
		if (strncmp (word, "custom.", 7) == 0)
			column[n++] = (struct column){ word, word };
		if (strcmp (word, "value") == 0)
			column[n++] = (struct column){ "currency", "value.currency" };
		if (strcmp (word, "account_value") == 0)
			column[n++] = (struct column){ "account_currency", "account_value.currency" };
	}
	x->column = column;
	x->columns = n;
}

/* Which deals, in what order, as what. False: answered. */
static bool deals_asked (struct export *x, struct request *q)
{
	struct problem problem = { 0 };
	struct deal_list *list = arena_alloc (&x->arena, sizeof *list);
	json_t *params = table_params (q, &problem);
	const char *format = json_string_value (json_object_get (params, "format"));
	const char *fields = json_string_value (json_object_get (params, "fields"));
	if (format && strcmp (format, "csv") && strcmp (format, "json"))
		problem_add (q->arena, &problem, "/format", "not_a_choice", "csv or json");
	x->as = format && strcmp (format, "json") == 0 ? AS_JSON : AS_CSV;
	x->fields = fields ? arena_text (&x->arena, fields) : NULL;
	if (record_from_json (&x->arena, &deal_list_record, params, false, list, &problem) == OK && !problem.n_errors) {
		if (list->has.sort != HERE)
			list->sort = "-id", list->has.sort = HERE;
		list->notes = true, list->has.notes = HERE;
		list->has.fields = ABSENT;
		x->asked = list;
	} else {
		problem.code = NULL;
		reply_error (q, ERROR_invalid, NULL, &problem);
	}
	json_decref (params);
	if (x->asked && x->fields)
		columns_choose (x);
	return x->asked;
}

/* How the pages follow each other is this file's alone. */
static bool is_filter (const struct field *f)
{
	static const char *const others[] = { "sort", "after", "limit", "count", "now", "zones", "tz" };
	for (size_t i = 0; i < LENGTH (others); i++)
		if (strcmp (f->name, others[i]) == 0)
			return false;
	return f->kind != KIND_LIST && f->kind != KIND_BYTES;
}

/* Of leads, contacts and accounts: by the filters that their list takes; a line of JSON each, or of contacts a card. False: answered. */
static bool rows_filtered (struct export *x, struct request *q)
{
	const struct record *r = x->kind->query;
	const char *format = http_query (q->http, "format");
	struct problem problem = { 0 };
	json_t *params = json_object ();
	for (size_t i = 0; i < r->n_fields; i++) {
		const char *value = is_filter (&r->fields[i]) ? http_query (q->http, r->fields[i].name) : NULL;
		if (value)
			json_object_set_new (params, r->fields[i].name, param_json (&r->fields[i], value));
	}
	own_params (q, r, &problem, params);
	for (size_t i = 0; i < LENGTH (forms); i++)
		if (format && strcmp (forms[i].ending, format) == 0)
			x->as = (int) i;
	if (format && (strcmp (forms[x->as].ending, format) || x->as == AS_JSON || (x->as == AS_CARDS && r != &contact_list_record)))
		problem_add (q->arena, &problem, "/format", "not_a_choice",
			     r == &contact_list_record ? "csv, jsonl or vcf" : "csv or jsonl");
	void *filter = arena_alloc (&x->arena, r->size);
	if (record_from_json (&x->arena, r, params, false, filter, &problem) == OK && !problem.n_errors) {
		x->filter = filter;
	} else {
		problem.code = NULL;
		reply_error (q, ERROR_invalid, NULL, &problem);
	}
	json_decref (params);
	return x->filter;
}

void export_page (struct request *q)
{
	struct export *x = heap_alloc (sizeof *x);
	*x = (struct export){
		.app = q->app, .q = q, .caller = caller_keep (q->caller), .id = q->id, .after = q->after, .rows = ROWS_FIRST
	};
	x->next = under_way;
	x->place = &under_way;
	if (x->next)
		x->next->place = &x->next;
	under_way = x;
	arena_init (&x->arena);
	for (size_t i = 0; i < LENGTH (kinds); i++)
		if (kinds[i].page == q->row->record)
			x->kind = &kinds[i];
	assert (x->kind);
	x->language = q->caller->kind == CALLER_SESSION ? arena_text (&x->arena, q->language) : NULL;
	if (q->row->record == &import_export_page_record)
		x->import = q->target;
	if (!export_sight (x, q)) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		export_free (x);
		return;
	}
	x->column = x->kind->column;
	x->columns = x->kind->columns;
	if (x->kind->query == &deal_list_record ? !deals_asked (x, q) : uuid_is_null (x->import) && !rows_filtered (x, q)) {
		export_free (x);
		return;
	}
	x->notes = x->sight.n + 1;
	for (size_t i = 0; i < x->sight.n; i++) {
		const struct seat *seat = x->sight.seat[i];
		struct export_note note = { .head = { .workspace = seat->workspace,
						      .actor = x->caller->actor,
						      .id = uuid_v7 (clock_now ()),
						      .correlation = q->id,
						      .grant = seat->grant },
					    .workspace_id = { seat->workspace },
					    .kind = x->kind->name,
					    .has = { .workspace_id = HERE, .kind = HERE } };
		app_command (q->app, &export_note_record, &note, NULL, 0, EXPORT_MS, noted, x);
	}
	note_over (x);
}

void import_result_page (struct request *q)
{
	target_find (q, export_page);
}

/* Whoever's rights change takes nothing more away with the old ones. */
void exports_end (caller_fits *fits, struct uuid id)
{
	for (struct export *x = under_way, *next; x; x = next) {
		next = x->next;
		if (x->http && (!fits || fits (x->caller, id)))
			http_stream_cut (x->http);
	}
	bookings_end (fits, id);
	rule_tries_end (fits, id);
	submissions_end (fits, id);
}

void exports_start (void)
{
	metric_register (&export_rows);
}
