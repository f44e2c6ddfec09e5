/* From a request to the page that answers it: the route, who asks, whether they may, which workspaces. See routes.def.
 * Every answer of the API leaves through the reply_… functions here. Never a decision that a service has to make. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "seal.h"

struct gateway_config gateway_config;

#define PERMISSION_public ROUTE_public
#define PERMISSION_session ROUTE_session
const struct route_row routes[] = {
#define ROUTE(method, path, record, permission, doc) { #method, path, &record##_record, PERMISSION_##permission, doc },
#include "routes.def"
#undef ROUTE
};
const size_t routes_n = LENGTH (routes);

/* Pages that are more than one question or one command. */
static const struct {
	const struct record *record;
	page_fn *page;
} own_pages[] = {
	{ &login_form_record, login_page },
	{ &login_state_record, login_state_page },
	{ &session_close_record, logout_page },
	{ &me_page_record, me_page_show },
	{ &profile_update_record, profile_page },
	{ &password_form_record, password_page },
	{ &photo_form_record, photo_page },
	{ &user_photo_record, photo_show_page },
	{ &session_list_record, sessions_page },
	{ &sessions_close_record, sessions_close_page },
	{ &totp_form_record, totp_page },
	{ &totp_code_form_record, totp_confirm_page },
	{ &user_get_record, person_page },
	{ &person_form_record, person_add_page },
	{ &person_change_record, person_update_page },
	{ &person_link_record, person_invite_page },
	{ &member_set_record, member_page },
	{ &hand_over_form_record, hand_over_page },
	{ &invite_form_record, invite_page },
	{ &accept_form_record, invite_accept_page },
	{ &invite_withdraw_record, person_withdraw_page },
	{ &forgot_form_record, forgot_page },
	{ &role_set_record, role_page },
	{ &workspace_form_record, workspace_add_page },
	{ &workspace_update_record, workspace_update_page },
	{ &presets_list_record, presets_list_page },
	{ &preset_get_record, preset_page },
	{ &preset_set_record, preset_set_page },
	{ &setup_page_record, setup_page_show },
	{ &setup_form_record, setup_form_page },
	{ &source_form_record, source_add_page },
	{ &source_update_record, setting_page },
	{ &source_remove_record, setting_page },
	{ &source_restore_record, named_setting_page },
	{ &source_rotate_record, setting_page },
	{ &demo_page_record, demo_page_show },
	{ &demo_form_record, demo_end_page },
	{ &search_page_record, search_page_show },
	{ &notices_page_record, notices_page_show },
	{ &seen_form_record, notices_seen_page },
	{ &read_form_record, notices_read_page },
	{ &choice_form_record, notices_choose_page },
	{ &news_stop_page_record, news_stop_page_show },
	{ &news_stop_form_record, news_stop_form_page },
	{ &browser_list_record, browser_list_page },
	{ &browser_form_record, browser_form_page },
	{ &browser_drop_record, browser_drop_page },
	{ &document_page_record, document_page_show },
	{ &file_get_record, file_page },
	{ &lead_files_record, files_page },
	{ &attachment_add_record, file_add_page },
	{ &attachment_remove_record, file_change_page },
	{ &attachment_restore_record, file_change_page },
	{ &mail_html_record, mail_html_page },
	{ &mail_file_get_record, mail_file_page },
	{ &mail_form_record, mail_upload_page },
	{ &mail_oauth_begin_record, mail_oauth_page },
	{ &import_form_record, import_upload_page },
	{ &import_check_record, import_check_page },
	{ &import_name_record, import_step_page },
	{ &import_confirm_record, import_step_page },
	{ &import_cancel_record, import_step_page },
	{ &import_undo_record, import_step_page },
	{ &import_export_page_record, import_result_page },
	{ &lead_export_page_record, export_page },
	{ &deal_export_page_record, export_page },
	{ &contact_export_page_record, export_page },
	{ &account_export_page_record, export_page },
	{ &person_export_page_record, takeout_page },
	{ &person_erase_record, erase_page },
	{ &erasure_list_record, erasures_page },
	{ &lead_qualify_record, qualify_page },
	{ &stream_page_record, stream_page_open },
	{ &deal_get_record, deal_page },
	{ &deal_create_record, deal_create_page },
	{ &activity_add_record, activity_add_page },
	{ &account_create_record, account_page },
	{ &account_update_record, account_page },
	{ &account_assign_record, account_assign_page },
	{ &activity_update_record, text_page },
	{ &message_post_record, text_page },
	{ &message_edit_record, text_page },
	{ &message_list_record, messages_page },
	{ &message_get_record, message_page },
	{ &room_list_record, rooms_page },
	{ &room_seen_form_record, room_seen_page },
	{ &mention_page_record, mentions_page },
	{ &candidates_page_record, candidates_page_show },
	{ &task_list_record, tasks_page },
	{ &lead_create_record, lead_create_page },
	{ &deal_follow_up_record, deal_follow_up_page },
	{ &deal_restore_record, named_page },
	{ &account_restore_record, named_page },
	{ &deal_bulk_record, bulk_page },
	{ &contact_bulk_record, bulk_page },
	{ &account_bulk_record, bulk_page },
	{ &contact_restore_record, named_page },
	{ &batch_undo_record, undo_page },
	{ &calendar_link_get_record, calendar_link_page },
	{ &calendar_link_make_record, calendar_link_make_page },
	{ &calendar_link_drop_record, calendar_link_drop_page },
	{ &calendar_feed_page_record, calendar_feed_page },
	{ &prefs_list_record, prefs_page },
	{ &prefs_set_record, prefs_set_page },
	{ &pipeline_add_record, setting_page },
	{ &pipeline_update_record, setting_page },
	{ &stage_add_record, setting_page },
	{ &stage_update_record, setting_page },
	{ &stage_remove_record, setting_page },
	{ &item_add_record, setting_page },
	{ &item_update_record, setting_page },
	{ &custom_field_add_record, setting_page },
	{ &custom_field_update_record, setting_page },
	{ &currency_set_record, setting_page },
	{ &rate_put_record, setting_page },
	{ &rate_update_record, setting_page },
	{ &rate_remove_record, setting_page },
	{ &template_add_record, setting_page },
	{ &template_update_record, setting_page },
	{ &template_remove_record, setting_page },
	{ &template_restore_record, setting_page },
	{ &mail_account_add_record, setting_page },
	{ &mail_account_update_record, setting_page },
	{ &mail_account_remove_record, setting_page },
	{ &mail_account_test_record, setting_page },
	{ &mail_canary_record, setting_page },
	{ &mail_oauth_finish_record, setting_page },
	{ &segment_add_record, setting_page },
	{ &segment_update_record, setting_page },
	{ &segment_remove_record, setting_page },
	{ &onboarding_set_record, setting_page },
	{ &mail_settings_set_record, setting_page },
	{ &account_overview_record, overview_page },
	{ &duplicate_list_record, duplicates_page },
	{ &tag_update_record, setting_page },
	{ &tag_remove_record, setting_page },
	{ &company_set_record, setting_page },
	{ &company_logo_page_record, company_logo_page_show },
	{ &company_logo_form_record, company_logo_form_page },
	{ &catalog_item_add_record, setting_page },
	{ &catalog_item_update_record, setting_page },
	{ &catalog_item_remove_record, setting_page },
	{ &catalog_item_restore_record, named_setting_page },
	{ &series_set_record, setting_page },
	{ &document_restore_record, named_page },
	{ &document_duplicate_record, document_duplicate_page },
	{ &document_pdf_page_record, document_pdf_page_show },
	{ &document_ubl_page_record, document_ubl_page_show },
	{ &document_check_page_record, document_check_page_show },
	{ &payment_remove_record, named_page },
	{ &payment_restore_record, named_page },
	{ &payment_allocate_record, named_page },
	{ &statement_form_record, statement_form_page },
	{ &statement_line_match_record, named_page },
	{ &statement_line_ignore_record, named_page },
	{ &pay_provider_add_record, setting_page },
	{ &pay_provider_update_record, named_setting_page },
	{ &pay_provider_remove_record, named_setting_page },
	{ &recurrence_update_record, named_page },
	{ &recurrence_remove_record, named_page },
	{ &bookings_csv_page_record, bookings_page },
	{ &bookings_xaf_page_record, bookings_page },
	{ &quote_export_page_record, export_page },
	{ &invoice_export_page_record, export_page },
	{ &rule_add_record, setting_page },
	{ &rule_update_record, setting_page },
	{ &rule_remove_record, setting_page },
	{ &rule_restore_record, named_setting_page },
	{ &rule_catalogue_page_record, rule_catalogue_page_show },
	{ &rule_check_form_record, rule_check_page },
	{ &decision_get_record, decision_page },
	{ &rule_try_form_record, rule_try_page },
	{ &submission_list_record, submission_list_page },
	{ &submission_get_record, submission_page },
	{ &submission_preview_form_record, submission_preview_page },
	{ &submission_replay_form_record, submission_replay_page },
	{ &firing_stop_record, named_page },
	{ &hook_endpoint_add_record, setting_page },
	{ &hook_endpoint_update_record, setting_page },
	{ &hook_endpoint_remove_record, setting_page },
	{ &hook_secret_rotate_record, setting_page },
	{ &hook_test_record, setting_page },
	{ &hook_resend_record, setting_page },
	{ &event_pull_page_record, event_pull_page_show },
	{ &portal_page_record, portal_page_show },
	{ &portal_seen_form_record, portal_seen_page },
	{ &portal_choose_form_record, portal_choose_page },
	{ &portal_accept_form_record, portal_accept_page },
	{ &portal_decline_form_record, portal_decline_page },
	{ &portal_pay_form_record, portal_pay_page },
	{ &portal_payment_page_record, portal_payment_page_show },
	{ &portal_pdf_page_record, portal_pdf_page_show },
	{ &portal_ubl_page_record, portal_ubl_page_show },
	{ &portal_logo_page_record, portal_logo_page_show },
};

/* ---- answers ---- */

void request_end (struct request *q)
{
	json_decref (q->body);
	json_decref (q->merged);
	q->body = q->merged = NULL;
	caller_drop (&q->caller);
}

static void headers_set (struct request *q)
{
	char text[UUID_TEXT];
	http_set (q->http, "X-Request-Id", uuid_format (q->id, text));
	http_set (q->http, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	http_set (q->http, "Content-Language", q->language);
	http_set (q->http, "Vary", "Cookie, Authorization, Accept-Language");
	if (strncmp (gateway_config.origin, "https:", 6) == 0)
		http_set (q->http, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

/* A read's body is its own tag. Not strong: the same rows in another order of members are the same page. */
static const char *tag_of (struct request *q, struct bytes body)
{
	char text[UUID_TEXT];
	return arena_printf (q->arena, "W/\"%s\"", uuid_format (uuid_of (body.at, body.n), text));
}

void reply_as (struct request *q, int status, const char *type, struct bytes json)
{
	headers_set (q);
	bool read = strcmp (q->row->method, "GET") == 0;
	http_set (q->http, "Cache-Control", read ? "private, no-cache" : "no-store");
	const char *tag = read && status == 200 ? tag_of (q, json) : NULL;
	struct http_request *r = q->http;
	if (tag)
		http_set (r, "ETag", tag);
	bool known = tag && tag_matches (http_header (r, "If-None-Match"), tag);
	request_end (q);
	if (known)
		http_reply (r, 304, NULL, (struct bytes){ NULL, 0 });
	else
		http_reply (r, status, status == 204 ? NULL : type, json);
}

void reply_json (struct request *q, int status, struct bytes json)
{
	reply_as (q, status, "application/json", json);
}

void reply_text (struct request *q, int status, const char *json)
{
	reply_json (q, status, (struct bytes){ (const unsigned char *) json, strlen (json) });
}

/* What is wrong with a field, in Dutch; English comes with the refusal itself. */
static const char *field_dutch (const char *code)
{
	static const struct {
		const char *code, *text;
	} rows[] = {
		{ "required", "dit veld is verplicht" },
		{ "unknown", "dit veld bestaat niet" },
		{ "too_long", "is te lang" },
		{ "not_a_string", "moet tekst zijn" },
		{ "not_json", "is geen JSON" },
		{ "twice", "staat er al" },
		{ "too_deep", "zit te diep in elkaar" },
		{ "unreachable", "achter een einde wordt niets meer gedaan" },
		{ "not_a_number", "moet een geheel getal zijn" },
		{ "not_a_flag", "moet true of false zijn" },
		{ "not_a_time", "moet een RFC 3339-tijdstip zijn, zoals 2026-11-21T09:00:00Z" },
		{ "not_a_date", "moet een datum zijn, zoals 2026-11-21" },
		{ "not_an_id", "moet een UUID zijn" },
		{ "not_an_object", "moet een object zijn" },
		{ "not_a_list", "moet een lijst zijn" },
		{ "not_a_choice", "is geen van de mogelijke waarden" },
		{ "not_an_amount", "moet een bedrag zijn, zoals \"1815.00\"" },
		{ "not_a_currency", "moet een ISO 4217-code zijn, zoals EUR" },
		{ "not_a_rate", "moet een koers boven 0 zijn, zoals \"1.0845\": hooguit negen cijfers voor en negen achter de punt" },
		{ "is_base", "is de basisvaluta: die heeft geen koers nodig" },
		{ "out_of_range", "ligt buiten de grenzen" },
		{ "not_an_email", "lijkt niet op een e-mailadres" },
		{ "not_a_timezone", "moet een IANA-naam zijn, zoals Europe/Amsterdam" },
		{ "too_short", "ten minste acht tekens" },
		{ "too_common", "dit is een van de eerste die iedereen probeert" },
		{ "wrong_password", "dit is niet uw wachtwoord" },
		{ "totp_wrong", "deze code klopt niet of is al gebruikt" },
		{ "taken", "is al in gebruik" },
		{ "malformed", "heeft niet de juiste vorm" },
		{ "too_many", "zijn er te veel" },
		{ "negative", "mag niet minder dan nul zijn; voor geld terug is er de creditnota" },
		{ "rate_required", "een regel met gewone btw heeft een tarief boven nul" },
		{ "rate_not_zero", "alleen een regel met gewone btw heeft een tarief" },
		{ "mixed_outside", "wat buiten de btw valt, staat op een eigen document" },
		{ "other_currency", "de factuur is in een andere valuta" },
		{ "not_a_url", "moet een webadres zijn, zoals https://voorbeeld.nl" },
		{ "first_open", "een pijplijn begint met een open fase" },
		{ "bad_slug", "2 tot 60 van a-z, 0-9 en losse streepjes, beginnend met een letter" },
	};
	for (size_t i = 0; code && i < LENGTH (rows); i++)
		if (strcmp (rows[i].code, code) == 0)
			return rows[i].text;
	return NULL;
}

const struct problem *problem_translated (struct request *q, const struct problem *problem)
{
	if (!problem || strcmp (q->language, "nl"))
		return problem;
	struct problem *ret = arena_alloc (q->arena, sizeof *ret);
	*ret = *problem;
	for (size_t i = 0; i < ret->n_errors; i++) {
		const char *text = field_dutch (ret->errors[i].code);
		if (text)
			ret->errors[i].detail = text;
	}
	return ret;
}

void reply_error (struct request *q, int error, const char *detail, const struct problem *problem)
{
	assert (error >= 0 && error < ERROR_COUNT);
	const struct error_row *row = &error_rows[error];
	const struct problem *told = problem_translated (q, problem && problem->n_errors ? problem : NULL);
	struct http_request *r = q->http;
	headers_set (q);
	http_set (r, "Cache-Control", "no-store");
	if (row->status == 401)
		http_set (r, "WWW-Authenticate", "Bearer");
	if (row->status == 503)
		http_set (r, "Retry-After", "1");
	const char *title = strcmp (q->language, "nl") ? row->en : row->nl;
	request_end (q);
	http_reply_problem (r, row->status, row->code, title, detail, told);
}

void reply_fault (struct request *q, const struct reply *reply)
{
	int error = reply->state == REPLY_UNAVAILABLE ? ERROR_unavailable : reply->state == REPLY_TIMEOUT ? ERROR_timeout : reply->error;
	if (reply->state == REPLY_REFUSED && error < 0)
		error = ERROR_internal; /* a code that this build does not know */
	/* whoever said which version they saw is told that it is old, and nothing of what the service calls it */
	if (q->if_match && (error == ERROR_deal_changed || error == ERROR_lead_changed || error == ERROR_contact_changed ||
			    error == ERROR_account_changed || error == ERROR_location_changed || error == ERROR_activity_changed ||
			    error == ERROR_message_changed || error == ERROR_mail_account_changed || error == ERROR_document_changed ||
			    error == ERROR_catalog_item_changed))
		error = ERROR_stale;
	reply_error (q, error, reply->state == REPLY_REFUSED ? reply->detail : NULL,
		     reply->state == REPLY_REFUSED ? &reply->problem : NULL);
}

/* ---- who asks ---- */

static const char *origin_here (struct http_request *r)
{
	const char *host = http_header (r, "Host");
	if (gateway_config.origin[0])
		return gateway_config.origin;
	return arena_printf (http_arena (r), "%s://%s", http_over_tls (r) ? "https" : "http", host ? host : "127.0.0.1");
}

const char *origin_of (struct request *q)
{
	return origin_here (q->http);
}

/* Without a word about it: the same name, on the next port where ours is told, else behind the same door. */
const char *hooks_origin (struct http_request *r)
{
	const char *origin = origin_here (r), *colon = strrchr (origin, ':');
	long port = colon && colon[1] != '/' ? strtol (colon + 1, NULL, 10) : 0;
	if (strcmp (gateway_config.hooks, "same") == 0)
		return origin;
	if (gateway_config.hooks[0])
		return gateway_config.hooks;
	return port > 0 ? arena_printf (http_arena (r), "%.*s:%ld", (int) (colon - origin), origin, port + 1) : origin;
}

/* Another daemon's own door likewise: it stands so many ports on where ours is told. */
const char *door_origin (struct http_request *r, int door)
{
	const char *origin = origin_here (r), *colon = strrchr (origin, ':');
	long port = colon && colon[1] != '/' ? strtol (colon + 1, NULL, 10) : 0;
	if (gateway_config.hooks[0])
		return strcmp (gateway_config.hooks, "same") == 0 ? origin : gateway_config.hooks;
	return port > 0 ? arena_printf (http_arena (r), "%.*s:%ld", (int) (colon - origin), origin, port + door) : origin;
}

static void page_open (struct request *q)
{
	if (q->admit) {
		q->admit (q);
		return;
	}
	for (size_t i = 0; i < LENGTH (own_pages); i++)
		if (own_pages[i].record == q->row->record) {
			own_pages[i].page (q);
			return;
		}
	if (q->row->record->class == RECORD_QUERY)
		read_page (q);
	else
		write_page (q);
}

/* The caller's seats, or those that ?workspace= names: one, or several with commas between them. Null: answered. */
static const struct seat *seats_asked (struct request *q, size_t *ret_n)
{
	const char *names = http_query (q->http, "workspace");
	*ret_n = q->caller->n_seats;
	if (!names)
		return q->caller->seats;
	const struct seat *named = seats_named (q->arena, q->caller->seats, q->caller->n_seats, names, ret_n);
	if (!named)
		reply_error (q, ERROR_workspace_not_found, NULL, NULL);
	return named;
}

/* The workspaces: those of the caller in which the page may be opened at all. False: answered. */
static bool sight_open (struct request *q)
{
	size_t n;
	if (!q->caller->section_crm) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return false;
	}
	const struct seat *asked = seats_asked (q, &n);
	if (!asked && http_query (q->http, "workspace"))
		return false;
	int permission = q->row->record->class == RECORD_COMMAND ? PERMISSION_crm_view : q->row->permission;
	int refusal = sight_of (q->arena, asked, n, permission, &q->sight);
	if (refusal != ALLOWED)
		reply_error (q, refusal, NULL, NULL);
	return refusal == ALLOWED;
}

/* The house itself: people, keys, settings. Whoever may do that somewhere may do it whether or not the CRM is open there; an agency's admins see the
 * agency beside its workspaces. */
bool route_is_office (const struct route_row *row)
{
	return row->permission == PERMISSION_crm_users || row->permission == PERMISSION_crm_settings ||
	       row->permission == PERMISSION_crm_agency;
}

static bool office_open (struct request *q)
{
	const char *name = http_query (q->http, "workspace");
	const struct caller *c = q->caller;
	size_t n;
	const struct seat *asked = seats_asked (q, &n);
	if (!asked && name)
		return false;
	bool home = c->agency_admin && !name && q->row->record->class != RECORD_COMMAND; /* no write is about an agency */
	bool open = office_of (q->arena, asked, n, home ? &c->home : NULL, q->row->permission, &q->sight);
	if (!open && !(c->agency_admin && !name)) /* an agency without a workspace has its admin all the same */
		reply_error (q, ERROR_forbidden, NULL, NULL);
	return open || (c->agency_admin && !name);
}

static void caller_found (struct app *app, void *ctx, struct caller *c, int error)
{
	struct request *q = ctx;
	if (error != ALLOWED) {
		reply_error (q, error, NULL, NULL);
		return;
	}
	q->caller = c;
	q->language = language_choose (http_header (q->http, "Accept-Language"), c->language);
	q->after = c->positions;
	positions_read (&q->after, http_header (q->http, "CRM-Position"));
	caller_use (app, c);
	if (q->row->permission < 0 || (route_is_office (q->row) ? office_open (q) : sight_open (q)))
		page_open (q);
}

/* A key goes before a cookie: a program that sends one means it. */
static void caller_open (struct request *q)
{
	char hash[SHA256_TEXT];
	const char *authorization = http_header (q->http, "Authorization"), *cookie = http_cookie (q->http, cookie_name (q));
	bool bearer = authorization && strncasecmp (authorization, "Bearer ", 7) == 0;
	const char *token = bearer ? authorization + 7 + strspn (authorization + 7, " ") : cookie;
	int refusal = origin_check (q->row->method, !bearer && cookie, http_header (q->http, "Sec-Fetch-Site"),
				    http_header (q->http, "Origin"), http_header (q->http, "Host"), gateway_config.origin);
	if (refusal != ALLOWED && !bearer) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	if (q->row->permission == ROUTE_public) {
		page_open (q);
		return;
	}
	if (!token || !*token) {
		reply_error (q, ERROR_unauthenticated, NULL, NULL);
		return;
	}
	sha256_text ((struct bytes){ (const unsigned char *) token, strlen (token) }, hash);
	caller_find (q->app, bearer ? CALLER_KEY : CALLER_SESSION, hash, caller_found, q);
}

/* ---- the door ---- */

static void left (struct http_request *r, void *ctx)
{
	(void) r;
	((struct request *) ctx)->gone = true;
}

static struct uuid request_id (struct http_request *r)
{
	struct uuid ret;
	const char *text = http_header (r, "X-Request-Id");
	return text && strlen (text) < UUID_TEXT && uuid_parse (text, &ret) == OK ? ret : uuid_v7 (clock_now ());
}

static struct request *request_new (struct http_request *r, struct app *app)
{
	struct request *q = arena_alloc (http_arena (r), sizeof *q);
	q->app = app;
	q->http = r;
	q->arena = http_arena (r);
	q->id = request_id (r);
	q->language = language_choose (http_header (r, "Accept-Language"), NULL);
	return q;
}

/* OPTIONS says what an address takes; no other site may use it, so there is nothing more to allow. */
static void no_route (struct request *q)
{
	static const struct route_row nothing = { .method = "GET", .path = "", .permission = ROUTE_public };
	const char *method = http_method (q->http);
	q->row = &nothing;
	if (!q->found.allow[0]) {
		reply_error (q, ERROR_not_found, NULL, NULL);
		return;
	}
	http_set (q->http, "Allow", q->found.allow);
	if (strcmp (method, "OPTIONS") == 0)
		http_reply (q->http, 204, NULL, (struct bytes){ NULL, 0 });
	else
		reply_error (q, ERROR_method_not_allowed, NULL, NULL);
}

void gateway_route (struct http_request *r, void *app)
{
	const char *path = http_path (r);
	/* all below /api/ is the API's, but for the page that shows it */
	if ((strncmp (path, "/api/", 5) || strcmp (path, "/api/docs") == 0) && file_serve (r))
		return;
	struct request *q = request_new (r, app);
	route_find (routes, routes_n, http_method (r), path, &q->found);
	q->row = q->found.row;
	if (!q->row) {
		no_route (q);
		return;
	}
	http_on_gone (r, left, q);
	caller_open (q);
}

/* ---- large bodies: nothing of them before it is known whose they are ---- */

enum { SENDERS = 256 }; /* who sends at one time; one more waits */
static struct sender {
	struct uuid actor;
	int64_t n;
} senders[SENDERS];

/* Null: all places are taken. */
static struct sender *sender_of (struct uuid actor)
{
	struct sender *empty = NULL;
	for (size_t i = 0; i < SENDERS; i++) {
		if (senders[i].n && uuid_equal (senders[i].actor, actor))
			return &senders[i];
		if (!senders[i].n)
			empty = &senders[i];
	}
	if (empty)
		empty->actor = actor;
	return empty;
}

static void sender_over (void *ctx)
{
	struct sender *s = ctx;
	s->n--;
}

/* Once more with the body, by the same rules: until then somebody's right may have ended. */
static void body_taken (struct request *q)
{
	struct http_request *r = q->http;
	struct sender *s = sender_of (q->caller->actor);
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal == ALLOWED && (!s || s->n >= gateway_config.uploads_per_user))
		refusal = ERROR_too_many;
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	s->n++;
	http_on_over (r, sender_over, s);
	http_body_allow (r, q->body_most);
	request_end (q);
	http_go_on (r);
}

static void body_judge (struct request *q)
{
	seat_choose (q, body_taken);
}

void body_admit (struct http_request *r, struct app *app, size_t bytes)
{
	struct request *q = request_new (r, app);
	route_find (routes, routes_n, http_method (r), http_path (r), &q->found);
	q->row = q->found.row;
	assert (q->row && q->row->permission >= 0);
	q->admit = body_judge;
	q->body_most = bytes;
	http_wait (r);
	caller_open (q);
}
