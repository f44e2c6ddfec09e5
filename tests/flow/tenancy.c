/* No workspace reaches another: every route of routes.def is tried with another workspace's ids and name, every table under its read role. What is not
 * known here fails: whoever adds a route or a table says how it is tried. It must never pass by not trying. */
#include <stdlib.h>
#include <string.h>
#include "story.h"

static const struct route {
	const char *method, *path, *record, *permission;
} routes[] = {
#define ROUTE(method, path, record, permission, doc) { #method, path, #record, #permission },
#include "../../services/gateway/routes.def"
#undef ROUTE
};

/* What a route of that record wants in its body before it looks at whose the thing is. The rest takes {}. */
static const char *body_of (const char *record, const struct user *own)
{
	static char to[100];
	static const char *const rows[][2] = {
		{ "deal_move", "{\"stage\":\"won\"}" },
		{ "deal_update", "{\"title\":\"Overgenomen\"}" },
		{ "lead_update", "{\"name\":\"Overgenomen\"}" },
		{ "contact_update", "{\"name\":\"Overgenomen\"}" },
		{ "contact_join", "{\"loser_id\":\"00000000-0000-7000-8000-000000000000\"}" },
		{ "account_join", "{\"loser_id\":\"00000000-0000-7000-8000-000000000000\"}" },
		{ "member_set", "{\"role\":\"sales\"}" },
		{ "team_update", "{\"name\":\"Overgenomen\"}" },
		{ "person_change", "{\"disabled\":true}" },
		{ "workspace_update", "{\"name\":\"Overgenomen\"}" },
		{ "preset_set", "{\"preset\":\"dynamics\"}" },
		{ "stage_update", "{\"colour\":\"red\"}" },
		{ "item_update", "{\"retired\":true}" },
		{ "custom_field_update", "{\"retired\":true}" },
		{ "deal_follow_up", "{\"note\":\"Overgenomen\"}" },
		{ "account_update", "{\"city\":\"Overgenomen\"}" },
		{ "rate_update", "{\"rate\":\"2\"}" },
		{ "lead_tag", "{\"tags\":[]}" },
		{ "deal_tag", "{\"tags\":[]}" },
		{ "contact_tag", "{\"tags\":[]}" },
		{ "account_tag", "{\"tags\":[]}" },
		{ "tag_update", "{\"colour\":\"teal\"}" },
		{ "segment_update", "{\"name\":\"Overgenomen\"}" },
		{ "template_update", "{\"name\":\"Overgenomen\"}" },
		{ "activity_update", "{\"done\":true}" },
		{ "message_edit", "{\"text\":\"Overgenomen\"}" },
		{ "linked_update", "{\"status\":\"Overgenomen\"}" },
		{ "push_assign", "{\"account_id\":\"00000000-0000-7000-8000-000000000000\"}" },
		{ "view_update", "{\"name\":\"Overgenomen\"}" },
		{ "mail_thread_update", "{\"state\":\"done\"}" },
		{ "catalog_item_update", "{\"name_nl\":\"Overgenomen\"}" },
		{ "document_update", "{\"title\":\"Overgenomen\"}" },
		{ "quote_accept", "{\"name\":\"Overgenomen\"}" },
		{ "statement_line_match", "{\"documents\":[]}" },
		{ "pay_provider_update", "{\"name\":\"Overgenomen\"}" },
		{ "recurrence_update", "{\"name\":\"Overgenomen\"}" },
		{ "hook_endpoint_update", "{\"name\":\"Overgenomen\"}" },
		{ "order_update", "{\"state\":\"done\"}" },
		{ "rule_update", "{\"name\":\"Overgenomen\"}" },
		{ "mail_oauth_finish", "{\"state\":\"x\",\"code\":\"x\"}" },
		{ "import_map", "{\"mapping\":[]}" },
		{ "import_name", "{\"names\":[]}" },
		{ "pipeline_update", "{\"move_mode\":\"locked\"}" },
	};
	if (!strcmp (record, "hand_over_form")) {
		snprintf (to, sizeof to, "{\"to\":\"%s\"}", own->id);
		return to;
	}
	for (size_t i = 0; i < LENGTH (rows); i++)
		if (!strcmp (rows[i][0], record))
			return rows[i][1];
	return "{}";
}

/* The other workspace's thing of that kind; null: this test knows none. */
static const char *foreign_id (struct stack *s, const char *field, const struct workspace *w, const struct user *u)
{
	static const char *const rows[][2] = {
		{ "deal_id", "pipeline.deal" },
		{ "lead_id", "lead_intake.lead" },
		{ "contact_id", "contacts.contact" },
		{ "file_id", "lead_intake.file" },
		{ "team_id", "gateway.team" },
		{ "apikey_id", "gateway.api_key" },
		{ "session_id", "gateway.session" },
		{ "pipeline_id", "pipeline.pipeline" },
		{ "stage_id", "pipeline.stage" },
		{ "item_id", "pipeline.catalogue_item" },
		{ "custom_field_id", "pipeline.custom_field" },
		{ "rate_id", "pipeline.rate" },
		{ "activity_id", "contacts.activity" },
		{ "account_id", "contacts.account" },
		{ "location_id", "contacts.location" },
		{ "tag_id", "contacts.tag" },
		{ "segment_id", "contacts.segment" },
		{ "template_id", "mailer.template" },
		{ "message_id", "contacts.message" },
		{ "merge_id", "contacts.merge" },
		{ "view_id", "gateway.view" },
		{ "linked_id", "contacts.linked" },
		{ "push_id", "contacts.push" },
		{ "import_id", "contacts.import" },
		{ "mail_account_id", "mailer.account" },
		{ "mail_id", "mailer.message" },
		{ "mail_thread_id", "mailer.thread" },
		{ "browser_id", "mailer.push_subscription" },
		{ "catalog_item_id", "billing.catalog_item" },
		{ "document_id", "billing.document" },
		{ "payment_id", "billing.payment" },
		{ "statement_line_id", "billing.statement_line" },
		{ "pay_provider_id", "billing.pay_provider" },
		{ "recurrence_id", "billing.recurrence" },
		{ "sales_order_id", "billing.sales_order" },
		{ "rule_id", "automation.rule" },
		{ "decision_id", "automation.decision" },
		{ "firing_id", "automation.firing" },
		{ "hook_endpoint_id", "automation.hook_endpoint" },
		{ "hook_delivery_id", "automation.hook_delivery" },
		{ "source_id", "lead_intake.source" },
		{ "submission_id", "lead_intake.submission" },
	};
	static char text[64];
	const char *table = NULL;
	if (!strcmp (field, "batch_id")) {
		char *batch = sql_text (
			s, "select batch_id from pipeline.deal_change where workspace_id = '%s' and batch_id is not null limit 1", w->id);
		snprintf (text, sizeof text, "%s", batch);
		free (batch);
		CHECK (*text, "nobody did anything in the other workspace");
		return text;
	}
	if (!strcmp (field, "user_id"))
		return u->id;
	if (!strcmp (field, "workspace_id"))
		return w->id;
	for (size_t i = 0; i < LENGTH (rows); i++)
		if (!strcmp (rows[i][0], field))
			table = rows[i][1];
	if (!table)
		return NULL;
	/* a session lies, as a browser does, in the agency's home: it is somebody's, not a workspace's */
	bool session = !strcmp (field, "session_id") || !strcmp (field, "browser_id");
	bool whole = !strcmp (field, "rule_id") || !strcmp (field, "decision_id") ||
		     !strcmp (field, "firing_id"); /* keys that bear their nouns */
	char *id = sql_text (s, "select %s from %s where %s = '%s' limit 1", whole ? field : "id", table,
			     session ? "user_id" : "workspace_id", session ? u->id : w->id);
	snprintf (text, sizeof text, "%s", id);
	free (id);
	CHECK (*text, "the other workspace has no %s", field);
	return text;
}

static bool is_read (const struct route *r)
{
	return !strcmp (r->method, "GET");
}

/* Nothing of the other workspace stands in an answer, whatever it is. */
static void says_nothing (const struct route *r, const struct web_answer *a, const struct workspace *w, const struct user *u)
{
	CHECK (!strstr (a->body, "Geheim") && !strstr (a->body, w->id) && !strstr (a->body, w->slug) && !strstr (a->body, u->id) &&
		       !strstr (a->body, u->email),
	       "%s %s tells of another workspace: %.500s", r->method, r->path, a->body);
}

/* A path that names a thing: another workspace's is not there, with its workspace named or not. */
static void thing_tried (struct stack *s, const struct route *r, const struct user *own, const struct workspace *w, const struct user *u)
{
	char field[40], path[300];
	const char *colon = strchr (r->path, ':');
	size_t n = strcspn (colon + 1, "/");
	snprintf (field, sizeof field, "%.*s", (int) n, colon + 1);
	if (!strcmp (field, "token"))
		return; /* whoever has it is its owner: calendar_link_is_ones_own, portal_says_no_more */
	if (!strcmp (field, "role"))
		return; /* roles are the agency's, and only its admins change them: people_managed */
	const char *id = foreign_id (s, field, w, u);
	CHECK (id, "%s %s names a %s: say in this test what another workspace's is", r->method, r->path, field);
	for (int named = 0; named < 2; named++) {
		snprintf (path, sizeof path, "%.*s%s%s%s", (int) (colon - r->path), r->path, id, colon + 1 + n,
			  named ? "?workspace=tenancy-b" : "");
		struct web_answer a = when_user_asks (s, own, r->method, path, is_read (r) ? NULL : body_of (r->record, own));
		CHECK (a.status == 404, "%s %s (%s) is %d, not 404, for somebody of another workspace: %.300s", r->method, path, r->record,
		       a.status, a.body);
		web_free (&a);
	}
}

/* Lists and makings: without a name nothing of the other workspace is told; with its name there is no such workspace. */
static void list_tried (struct stack *s, const struct route *r, const struct user *own, const struct workspace *w, const struct user *u)
{
	char path[300];
	bool open = !strcmp (r->permission, "public") || !strcmp (r->permission, "session"), stream = !strcmp (r->record, "stream_page");
	const char *query =
		!strcmp (r->record, "search_page") || !strcmp (r->record, "candidates_page") ? "q=Geheim"
		: !strcmp (r->record, "message_list")					     ? "channel=1"
		: !strcmp (r->record, "report_vat") || !strncmp (r->record, "bookings", 8)   ? "from=2020-01-01&to=2099-12-31"
		: !strcmp (r->record, "location_list") ? "account_id=00000000-0000-7000-8000-000000000000"
		: !strcmp (r->record, "person_get") || !strcmp (r->record, "person_export_page") ? "email=geheim@tenancy.nl"
		: !strcmp (r->record, "segment_preview")
			? "of=lead&conditions=%7B%22all%22%3A%5B%7B%22field%22%3A%22created_at%22%2C%22op%22%3A%22filled%22%7D%5D%7D"
		: !strcmp (r->record, "mention_page") ? "of=user:00000000-0000-7000-8000-000000000000"
						      : "limit=50";
	if (is_read (r) && !stream) {
		snprintf (path, sizeof path, "%s?%s", r->path, query);
		struct web_answer a = when_user_asks (s, own, "GET", path, NULL);
		bool agency = !strcmp (r->permission, "crm_agency"); /* its admins' alone */
		CHECK (agency ? a.status == 403 : a.status == 200 || a.status == 404, "%s is %d: %.300s", path, a.status, a.body);
		if (strcmp (r->record, "search_page"))
			says_nothing (r, &a, w, u);
		else
			CHECK (!strstr (a.body, w->id) && !strstr (a.body, "\"title\""), "search finds another workspace's: %.300s",
			       a.body);
		web_free (&a);
	}
	if (open)
		return; /* they are about oneself, or about nobody */
	snprintf (path, sizeof path, "%s?workspace=tenancy-b&%s", r->path, query);
	struct web_answer a = when_user_asks (s, own, r->method, path, is_read (r) ? NULL : "{}");
	CHECK (a.status == 404 || a.status == 403, "%s %s is %d: %.300s", r->method, path, a.status, a.body);
	says_nothing (r, &a, w, u);
	web_free (&a);
}

/* What the other workspace holds, as one number. */
static char *sum_of (struct stack *s, const char *workspace)
{
	return sql_text (
		s,
		"select md5(string_agg(t, ';' order by t)) from (select d::text from pipeline.deal d where workspace_id = '%s' union all select l::text from "
		"lead_intake.lead l where workspace_id = '%s' union all select c::text from contacts.contact c where workspace_id = '%s' union all select a::text from contacts.activity a where workspace_id = '%s' union all select h::text from contacts.message h where workspace_id = '%s' union all select k::text from contacts.account k where workspace_id = '%s' union all select o::text from contacts.location o where workspace_id = '%s' union all select f::text from contacts.attachment f where workspace_id = '%s' union all select n::text from contacts.linked n where workspace_id = '%s' union all select f::text from contacts.fact f where workspace_id = '%s' union all select q::text from contacts.push q where workspace_id = '%s' union all select m::text from "
		"gateway.member m where workspace_id = '%s' union all select t::text from gateway.team t where workspace_id = '%s' union all select v::text from gateway.view v where workspace_id = '%s' union all select w::text from "
		"gateway.workspace w where workspace_id = '%s' union all select g::text from pipeline.stage g where workspace_id = '%s' union all select p::text from pipeline.pipeline p where workspace_id = '%s' union all select r::text from pipeline.rate r where workspace_id = '%s' "
		"union all select b::text from pipeline.workspace b where workspace_id = '%s' union all select d::text from billing.document d where workspace_id = '%s' "
		"union all select i::text from billing.catalog_item i where workspace_id = '%s' union all select y::text from billing.payment y where workspace_id = '%s' "
		"union all select u::text from automation.rule u where workspace_id = '%s' union all select e::text from automation.hook_endpoint e where workspace_id = '%s' "
		"union all select f::text from automation.firing f where workspace_id = '%s' union all select d::text from automation.hook_delivery d where workspace_id = '%s') x (t)",
		workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace,
		workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace, workspace,
		workspace, workspace, workspace, workspace);
}

/* ---- tables ---- */

/* Every service has these for the bus: a reader replays frames out of them, and says status; no query of a service touches them. */
static const char bus_tables[] =
	" event lane lane_epoch cursor parked attempt reply asked number_block migration program gone erasure projection ";
/* Of an agency's home, which is in no set but of its admins: no row at all is seen without it. */
static const char home_tables[] = " session invite reset totp setup calendar_link push_subscription ";
/* Of the agency as a whole: names of agencies and roles are no workspace's. */
static const char agency_tables[] = " agency role role_permission ";
/* Rows that come only later than the story makes them, or are gone by then. */
static const char empty_tables[] =
	" pipeline.waiting_lead contacts.lead_person contacts.segment_mark contacts.telling contacts.timeline_shadow ";

static bool stands_in (const char *list, const char *name)
{
	char word[200];
	snprintf (word, sizeof word, " %s ", name);
	return strstr (list, word);
}

static int64_t seen (PGconn *read, const char *schema, const char *table, const char *where)
{
	char sql[300];
	snprintf (sql, sizeof sql, "select count(%s) from %s.%s where %s",
		  !strcmp (table, "workspace") && !strcmp (schema, "lead_intake") ? "id" : "workspace_id", schema, table, where);
	PGresult *r = PQexec (read, sql);
	int64_t n = PQresultStatus (r) == PGRES_TUPLES_OK ? strtoll (PQgetvalue (r, 0, 0), NULL, 10) : -1;
	const char *state = PQresultErrorField (r, PG_DIAG_SQLSTATE);
	CHECK (n >= 0 || (state && !strcmp (state, "42501")), "%s: %s", sql, PQresultErrorMessage (r));
	PQclear (r);
	return n < 0 ? 0 : n; /* not allowed to look at all */
}

static void table_tried (struct stack *s, PGconn *read, const char *schema, const char *table, const struct workspace *own,
			 const struct workspace *w, const struct user *u)
{
	char where[200], full[100];
	snprintf (full, sizeof full, "%s.%s", schema, table);
	bool home = stands_in (home_tables, table), is_projection = !strcmp (full, "lead_intake.workspace");
	if (stands_in (bus_tables, table) || stands_in (agency_tables, table))
		return;
	int64_t column = sql_number (s, "select count(*) from pg_attribute where attrelid = '%s'::regclass and attname = 'workspace_id'",
				     full);
	CHECK (column || is_projection, "%s has no workspace_id: say in this test how it is kept apart", full);
	snprintf (where, sizeof where, "%s = '%s'", is_projection ? "id" : "workspace_id", w->id);
	if (!strcmp (full, "gateway.user"))
		snprintf (where, sizeof where, "id = '%s'", u->id);
	CHECK (home || stands_in (empty_tables, full) || sql_number (s, "select count(*) from %s where %s", full, where) > 0,
	       "%s has no row of the other workspace: nothing was tried", full);
	int64_t n = seen (read, schema, table, home ? "true" : where);
	CHECK (!n, "the reader of %s sees %lld rows of %s that are another workspace's", schema, (long long) n, full);
	(void) own;
}

static void tables_tried (struct stack *s, const char *schema, const struct workspace *own, const struct workspace *w, const struct user *u)
{
	char reader[40], set[200], *rest;
	snprintf (reader, sizeof reader, "%s_read", schema);
	PGconn *read = sql_open (s, reader);
	snprintf (set, sizeof set, "select set_config('crm.workspaces', '{%s}', false), set_config('crm.scope', 'workspace', false)",
		  own->id);
	PQclear (PQexec (read, set));
	CHECK (seen (read, schema, strcmp (schema, "lead_intake") ? "workspace" : "lead", "true") > 0,
	       "%s sees nothing at all: nothing was tried", reader);
	char *list = sql_text (
		s,
		"select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = '%s'::regnamespace and relkind in ('r', 'p')",
		schema);
	for (char *table = strtok_r (list, " ", &rest); table; table = strtok_r (NULL, " ", &rest))
		table_tried (s, read, schema, table, own, w, u);
	free (list);
	PQfinish (read);
}

/* ---- the story ---- */

static void lead_with_file (struct stack *s, const struct workspace *w, const char *name)
{
	char body[1000];
	snprintf (
		body, sizeof body,
		"--grens\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n%s Persoon\r\n--grens\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n"
		"%s@tenancy.nl\r\n--grens\r\nContent-Disposition: form-data; name=\"plan\"; filename=\"%s.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%%PDF-1.4 %s\r\n"
		"--grens--\r\n",
		name, name, name, name);
	struct web_answer a = web_ask (
		s, &(struct web_request){ .method = "POST", .url = w->hook, .type = "multipart/form-data; boundary=grens", .body = body });
	CHECK (a.status / 100 == 2 || a.status == 303, "a form with a file: %d %s", a.status, a.body);
	web_free (&a);
}

/* Two people of one deal become one, and two others are two. */
static void people_merged (struct stack *s, const struct user *u, const char *into)
{
	char body[200], path[200];
	struct web_answer x = when_user_asks (s, u, "POST", "/api/crm/contacts",
					      "{\"name\":\"Geheim Twee\",\"email\":\"twee@tenancy.nl\"}");
	struct uuid two = uuid_at (x.json, "id");
	then_status (&x, 201);
	snprintf (body, sizeof body, "{\"title\":\"Geheim van twee\",\"contact_id\":\"%s\"}", id_text (two));
	x = when_user_asks (s, u, "POST", "/api/crm/deals", body);
	then_status (&x, 201);
	settle (s);
	snprintf (body, sizeof body, "{\"loser_id\":\"%s\"}", id_text (two));
	snprintf (path, sizeof path, "/api/crm/contacts/%s/merge", into);
	x = when_user_asks (s, u, "POST", path, body);
	then_status (&x, 200);
	snprintf (body, sizeof body, "{\"a_id\":\"%s\",\"b_id\":\"%s\"}", id_text (two), into);
	x = when_user_asks (s, u, "POST", "/api/crm/duplicates/dismiss", body);
	then_status (&x, 201);
}

/* A page of search in each service, as a command of many searches would have made. */
static void pages_made (struct stack *s, const struct workspace *w)
{
	struct lead_index leads = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct deal_index deals = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct contact_index contacts = { .head.workspace = w->uuid, .workspace_id = { w->uuid }, .has.workspace_id = HERE };
	struct pending *asked[] = { bus_ask (s, &lead_index_record, &leads), bus_ask (s, &deal_index_record, &deals),
				    bus_ask (s, &contact_index_record, &contacts) };
	for (size_t i = 0; i < LENGTH (asked); i++)
		CHECK (bus_wait (&asked[i], 10000).state == REPLY_DONE, "pages of search were not written");
}

/* A mail with everything that hangs on one. */
static void mails_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into mailer.account (workspace_id, id, version, created_at, kind, name, from_email, tls, is_default, tracking, state) values "
		"('%1$s', gen_random_uuid(), 1, now(), 'smtp', 'Geheim', 'x@geheim.test', 'none', true, false, 'unchecked'); "
		"insert into mailer.thread (workspace_id, id, created_at, last_at, subject) values ('%1$s', '%1$s', now(), now(), 'Geheim'); "
		"insert into mailer.message (workspace_id, id, direction, created_at, version, thread_id, subject, message_id, transactional, auto, send_at, "
		"size, state) values ('%1$s', gen_random_uuid(), 'out', now(), 1, '%1$s', 'Geheim', 'x', false, false, now(), 1, 'cancelled'); "
		"insert into mailer.recipient (workspace_id, message_id, n, account_id, kind, email, state, state_at, attempts, repeated, next_at) select "
		"workspace_id, id, 1, id, 'to', 'x@geheim.test', 'cancelled', now(), 0, false, now() from mailer.message where workspace_id = '%1$s'; "
		"insert into mailer.try (workspace_id, message_id, n, attempt, account_id, owner, began_at, lease_until, settled) select "
		"workspace_id, id, 1, 1, id, 'x', now(), now(), true from mailer.message where workspace_id = '%1$s'; "
		"insert into mailer.provider_event (workspace_id, event_id, account_id, message_id, kind, at, received_at, raw) select "
		"workspace_id, 'x', id, id, 'open', now(), now(), '{}' from mailer.message where workspace_id = '%1$s'; "
		"insert into mailer.suppression (workspace_id, email, reason, at) values ('%1$s', 'x@geheim.test', 'bounced', now()); "
		"insert into mailer.attachment (workspace_id, message_id, n, name, type, size, sha256) select workspace_id, id, 1, 'Geheim', 'x', 1, 'x' "
		"from mailer.message where workspace_id = '%1$s'; "
		"insert into mailer.letter (workspace_id, id, user_id, kind, notice_id, about, record_id, title, count, at, due_at, state) values ('%1$s', '%1$s', '%1$s', "
		"'lead', '%1$s', 'lead', '%1$s', 'Geheim', 1, now(), 'infinity', 'seen'); "
		"insert into mailer.mailbox (workspace_id, account_id, host, port, tls, login, sealed, folder, since, last_uid, state, told, fails, next_at, attempt) select "
		"workspace_id, id, 'geheim.test', 993, 'tls', 'x@geheim.test', 'x', 'INBOX', now(), 0, 'unchecked', 'unchecked', 0, now() + interval '1 day', 0 "
		"from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.oauth (workspace_id, account_id, provider, client_id, state, told, fails, next_at, attempt) select workspace_id, id, 'other', 'x', "
		"'none', 'none', 0, 'infinity', 0 from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.dns_check (workspace_id, account_id, asked_at, state, records, attempt) select workspace_id, id, now(), 'wrong', "
		"'[{\"role\": \"spf\", \"name\": \"geheim.test\", \"type\": \"TXT\", \"wanted\": null, \"found\": null, \"state\": \"wrong\", "
		"\"why\": null}]', 1 from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.canary (workspace_id, account_id, id, token, address, message_id, began_at, state, told, attempt, next_at, refused) select "
		"workspace_id, id, id, 'x', 'x@geheim.test', 'x', now(), 'back', 'back', 1, now(), false from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.forgotten (workspace_id, account_id, digest, at) select workspace_id, id, 'x', now() from mailer.account where workspace_id = '%1$s'; "
		"insert into mailer.inbound (workspace_id, id, received_at, sha256, type, size, state, attempts, trusted, from_email) select workspace_id, id, "
		"now(), 'x', 'x', 1, 'unmatched', 1, false, 'x@geheim.test' from mailer.message where workspace_id = '%1$s'; "
		"insert into mailer.push (workspace_id, id, subscription_id, kind, about, record_id, tag, title, at) values "
		"('%1$s', gen_random_uuid(), gen_random_uuid(), 'lead', 'lead', gen_random_uuid(), gen_random_uuid(), 'Geheim', now())",
		w);
}

/* A quote, an invoice and a payment with everything that hangs on them. */
static void money_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into mailer.document (workspace_id, id, kind, number, total, open, currency, state, sent_at) values ('%1$s', '%1$s', 'quote', 'Geheim', 1, 1, "
		"'EUR', 'sent', now()); "
		"insert into billing.account (workspace_id, id, name) values ('%1$s', '%1$s', 'Geheim') on conflict do nothing; "
		"insert into billing.catalog_item (workspace_id, id, version, name_nl, unit, prices, created_at) values ('%1$s', '%1$s', 1, 'Geheim', 'piece', '[]', now()); "
		"insert into billing.counter (workspace_id, kind, year, last) values ('%1$s', 'quote', 1, 1); "
		"insert into billing.document (workspace_id, id, kind, state, version, language, currency, mode, title, created_at, finalised_at, number) values "
		"('%1$s', '%1$s', 'invoice', 'sent', 1, 'nl', 'EUR', 'net', 'Geheim', now(), now(), 'GEHEIM-1'); "
		"insert into billing.render (workspace_id, document_id, version, state, wanted_at) values ('%1$s', '%1$s', 1, 'made', now()); "
		"insert into billing.mail_want (workspace_id, id, document_id, version, why, recipients, subject, body, ubl, at) values "
		"('%1$s', '%1$s', '%1$s', 9, 'sent', '[]', 'Geheim', 'Geheim', false, now()); "
		"insert into billing.payment (workspace_id, id, document_id, amount, currency, day, method, note, created_at) values "
		"('%1$s', '%1$s', '%1$s', 1, 'EUR', now(), 'manual', 'Geheim', now()); "
		"insert into billing.statement (workspace_id, id, name, sha256, format, lines, matched, doubtful, unmatched, repeated, created_at) values "
		"('%1$s', '%1$s', 'Geheim', 'x', 'camt053', 1, 0, 0, 1, 0, now()); "
		"insert into billing.statement_line (workspace_id, id, statement_id, n, hash, day, amount, currency, text, state) values "
		"('%1$s', '%1$s', '%1$s', 1, 'x', now(), 1, 'EUR', 'Geheim', 'unmatched'); "
		"insert into billing.pay_provider (workspace_id, id, kind, name, hook_hash, active, state, created_at) values "
		"('%1$s', '%1$s', 'mollie', 'Geheim', 'x%1$s', false, 'unchecked', now()); "
		"insert into billing.pay_attempt (workspace_id, id, document_id, pay_provider_id, amount, currency, state, created_at) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', 1, 'EUR', 'failed', now()); "
		"insert into billing.hook_event (workspace_id, id, pay_provider_id, received_at, event_key, body, good, state) values "
		"('%1$s', '%1$s', '%1$s', now(), 'x', '', true, 'done'); "
		"insert into billing.recurrence (workspace_id, id, document_id, name, every, send, day, created_at) values "
		"('%1$s', '%1$s', '%1$s', 'Geheim', 'month', false, 1, now()); "
		"insert into billing.sales_order (workspace_id, id, seq, state, title, created_at) values ('%1$s', '%1$s', 1001, 'open', 'Geheim', now())",
		w);
}

/* An appointment in another system's calendar. */
static void bookings_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into lead_intake.booking (workspace_id, external, activity_id, told, version) values ('%1$s', 'Geheim', '%1$s', true, 1); "
		"insert into contacts.booking_heard (workspace_id, activity_id, version) values ('%1$s', '%1$s', 1)",
		w);
}

/* An address with a message that did not arrive. */
static void hooks_put (struct stack *s, const char *w)
{
	sql_do (s,
		"insert into automation.hook_endpoint (workspace_id, id, version, name, url, events, sealed, state, told, created_at) values "
		"('%1$s', '%1$s', 1, 'Geheim', 'https://geheim.test/', '[]', 'x', 'off', 'off', now()); "
		"insert into automation.hook_delivery (workspace_id, id, endpoint_id, event_id, event_type, at, body, state, next_at, ended_at) values "
		"('%1$s', '%1$s', '%1$s', '%1$s', 'test.ping', now(), 'Geheim', 'given_up', now(), now()); "
		"insert into automation.hook_try (workspace_id, delivery_id, n, at, error, took_ms) values ('%1$s', '%1$s', 1, now(), 'Geheim', 1)",
		w);
}

/* A rule, what was decided about an event, and what the rule does about it. */
static void decisions_put (struct stack *s, const struct user *u, const char *w)
{
	struct web_answer a = when_user_asks (
		s, u, "POST", "/api/crm/rules",
		"{\"name\":\"Geheime regel\",\"body\":{\"when\":{\"event\":\"deal.created\"},\"then\":[{\"do\":\"deal_tag\",\"with\":{\"deal_id\":{\"fact\":"
		"\"event.deal_id\"},\"tags\":[]}}]}}");
	CHECK (a.status == 201, "a rule is %d: %.300s", a.status, a.body);
	web_free (&a);
	sql_do (s,
		"insert into automation.rule_set (workspace_id, rule_set_id, event_type, versions) values ('%1$s', '%1$s', 'Geheim', '{}'); "
		"insert into automation.decision (workspace_id, decision_id, event_type, at, decided_at, depth, rule_set_id, failed, facts, took_us, matched) values "
		"('%1$s', '%1$s', 'Geheim', now(), now(), 0, '%1$s', '', '{\"deal.title\": \"Geheim\"}', 1, 1); "
		"insert into automation.undecided (workspace_id, decision_id, event_type, at, recorded, depth, facts, due_at) values "
		"('%1$s', '%1$s', 'Geheim', now(), now(), 0, '{\"event.title\": \"Geheim\"}', 'infinity'); "
		"insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, steps, at, due_at) select "
		"'%1$s', '%1$s', '%1$s', rule_id, rule_version_id, 'waiting', 0, '[]', now(), 'infinity' from automation.rule where workspace_id = '%1$s' and "
		"name = 'Geheime regel'",
		w);
}

/* Somebody out of a file. */
static void file_imported (struct stack *s, const struct user *u, const char *query, const char *rows)
{
	static const char *const steps[] = { "check", "confirm" };
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports?name=Geheim%s", query);
	struct web_answer a = when_user_asks (s, u, "POST", path, rows);
	CHECK (a.status == 201, "an upload is %d: %s", a.status, a.body);
	struct uuid id = uuid_at (a.json, "id");
	web_free (&a);
	for (size_t i = 0; i < LENGTH (steps); i++) {
		snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id_text (id), steps[i]);
		a = when_user_asks (s, u, "POST", path, "{}");
		then_status (&a, 200);
		UNTIL (15000,
		       sql_number (s, "select count(*) from contacts.import where id = '%s' and state in ('checked', 'done')",
				   id_text (id)) == 1,
		       "a file was not brought in");
	}
}

STORY_ALONE (tenancy,
	     "Every route with another workspace's ids and every table under its reader: 404 and no row; a new one that is not tried fails")
{
	static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };
	struct workspace *a = given_workspace (s, "tenancy-a", "commerce"), *b = given_workspace (s, "tenancy-b", "commerce");
	struct user own = given_user (s, "own@eigen.nl", "--workspace tenancy-a --role owner"),
		    other = given_user (s, "other@elders.nl", "--workspace tenancy-b --role owner");
	lead_with_file (s, a, "Eigen");
	lead_with_file (s, b, "Geheim");
	settle (s);
	sql_do (s, "insert into contacts.erasure_job (workspace_id, id, asked_at) values ('%s', gen_random_uuid(), now())", b->id);
	sql_do (s, "insert into contacts.alike values ('%s', 'contact', 10, gen_random_uuid(), gen_random_uuid(), '{phone}')", b->id);
	sql_do (s, "insert into contacts.alike_key values ('%s', 1, gen_random_uuid())", b->id);
	sql_do (s, "insert into contacts.alike_mark values ('%s', gen_random_uuid())", b->id);
	mails_put (s, b->id);
	money_put (s, b->id);
	decisions_put (s, &other, b->id);
	bookings_put (s, b->id);
	hooks_put (s, b->id);
	struct web_answer x = when_user_asks (s, &other, "POST", "/api/teams", "{\"name\":\"Geheim team\"}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/fields",
			    "{\"kind\":\"text\",\"label\":{\"en\":\"Geheim veld\",\"nl\":\"Geheim veld\"}}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/rates", "{\"currency\":\"USD\",\"day\":\"2026-01-01\",\"rate\":\"0.92\"}");
	then_status (&x, 201);
	x = when_user_asks (
		s, &other, "POST", "/api/notifications/push",
		"{\"endpoint\":\"https://push.geheim.test/x\",\"p256dh\":"
		"\"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4\",\"auth\":\"BTBZMqHH6r4Tts7J_aSIgg\",\"words\":{}}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "PUT", "/api/me", "{\"theme\":\"dark\"}");
	then_status (&x, 200);
	x = when_user_asks (s, &other, "PUT", "/api/me/prefs", "{\"place\":\"deals\",\"content\":{\"q\":\"Geheim\"}}");
	then_status (&x, 200);
	x = when_user_asks (s, &other, "POST", "/api/crm/deals", "{\"title\":\"Geheim weg\"}");
	char gone[100];
	snprintf (gone, sizeof gone, "/api/crm/deals/%s", text_at (x.json, "id"));
	then_status (&x, 201);
	x = when_user_asks (s, &other, "DELETE", gone, NULL); /* a deal in the trash */
	then_status (&x, 204);
	x = when_user_asks (s, &other, "POST", "/api/crm/calendar/link", "{}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/views",
			    "{\"place\":\"deals\",\"name\":\"Geheime weergave\",\"shared\":true,\"content\":{}}");
	then_status (&x, 201);
	char plan[180], *foreign = sql_text (s, "select id from pipeline.deal where workspace_id = '%s'", b->id);
	snprintf (plan, sizeof plan, "/api/crm/deals/%s", foreign);
	x = when_user_asks (s, &other, "PUT", plan, "{\"title\":\"Geheim plan\"}"); /* a line of its history */
	then_status (&x, 200);
	snprintf (plan, sizeof plan, "/api/crm/leads/%s", foreign); /* it bears its lead's id */
	x = when_user_asks (s, &other, "PUT", plan, "{\"message\":\"Geheim\"}");
	then_status (&x, 200);
	char note[200];
	snprintf (note, sizeof note, "{\"kind\":\"note\",\"note\":\"Geheim\",\"deal_id\":\"%s\"}", foreign);
	x = when_user_asks (s, &other, "POST", "/api/crm/activities", note);
	then_status (&x, 201);
	snprintf (note, sizeof note, "{\"text\":\"Geheim, @{user:%s|Geheim}\",\"channel\":true}", own.id);
	x = when_user_asks (s, &other, "POST", "/api/crm/messages", note);
	then_status (&x, 201);
	x = when_user_asks (
		s, &other, "POST", "/api/crm/segments",
		"{\"name\":\"Geheim segment\",\"of\":\"lead\",\"conditions\":{\"all\":[{\"field\":\"created_at\",\"op\":\"filled\"}]}}");
	then_status (&x, 201);
	x = when_user_asks (
		s, &other, "POST", "/api/crm/segments",
		"{\"name\":\"Geheime deals\",\"of\":\"deal\",\"conditions\":{\"all\":[{\"field\":\"created_at\",\"op\":\"filled\"}]}}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/mail/templates",
			    "{\"name\":\"Geheim sjabloon\",\"subject_nl\":\"Geheim\",\"text_nl\":\"Geheim\"}");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/tags", "{\"label\":\"Geheim label\"}");
	snprintf (note, sizeof note, "{\"tags\":[\"%s\"]}", text_at (x.json, "id"));
	then_status (&x, 201);
	char tags[200];
	snprintf (tags, sizeof tags, "/api/crm/deals/%s/tags", foreign);
	x = when_user_asks (s, &other, "PUT", tags, note);
	then_status (&x, 200);
	free (foreign);
	char *contact = sql_text (s, "select id from contacts.contact where workspace_id = '%s'", b->id), path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	x = when_user_asks (s, &other, "PUT", path,
			    "{\"company\":\"Geheim BV\",\"emails\":[\"geheim@elders.test\"]}"); /* a line on the timeline */
	then_status (&x, 200);
	x = when_user_asks (s, &other, "POST", "/api/crm/fields",
			    "{\"about\":\"contact\",\"kind\":\"text\",\"label\":{\"en\":\"Geheim\",\"nl\":\"Geheim\"}}");
	then_status (&x, 201);
	char body[200];
	snprintf (body, sizeof body, "{\"ids\":[\"%s\"],\"action\":\"type\",\"value\":\"vendor\"}", contact); /* an action to be put back */
	x = when_user_asks (s, &other, "POST", "/api/crm/contacts/bulk", body);
	then_status (&x, 200);
	snprintf (body, sizeof body, "{\"kind\":\"note\",\"note\":\"Geheim\",\"contact_id\":\"%s\"}", contact);
	x = when_user_asks (s, &other, "POST", "/api/crm/activities", body);
	then_status (&x, 201);
	snprintf (path, sizeof path, "/api/crm/files?contact_id=%s&name=Geheim.txt", contact);
	x = when_user_asks (s, &other, "POST", path, "Geheim");
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/accounts", "{\"name\":\"Geheim BV\"}");
	snprintf (body, sizeof body, "{\"name\":\"Geheim depot\",\"type\":\"warehouse\",\"account_id\":\"%s\"}", text_at (x.json, "id"));
	then_status (&x, 201);
	x = when_user_asks (s, &other, "POST", "/api/crm/locations", body);
	then_status (&x, 201);
	file_imported (s, &other, "", "first name,last name\nGeheim,Uit Bestand\n");
	file_imported (s, &other, "&profile=moving", "Record ID,Company name,Company owner\n1,Geheim Verhuisd BV,Geheim\n");
	char hook[200]; /* of another system: a record, a fact, and one that waits */
	given_source (s, "tenancy-b", "--kind records --form-type kassa", hook);
	x = when_posted (
		s, hook, "%s",
		"[{\"kind\":\"order\",\"external_id\":\"1\",\"account\":\"Geheim BV\",\"account_external\":\"G\",\"title\":\"Geheime order\"},{\"kind\":\"order\",\"external_id\":\"2\",\"account\":\"Geheim elders\"},"
		"{\"panel\":\"metrics\",\"key\":\"a\",\"label\":{\"en\":\"Geheim\",\"nl\":\"Geheim\"},\"value\":\"Geheim\",\"account\":\"Geheim BV\"}]");
	then_status (&x, 202);
	x = web (s, b->key, "POST", "/api/crm/activities",
		 "{\"kind\":\"task\",\"subject\":\"Geheime taak\",\"contact_id\":\"%s\",\"owner_id\":\"%s\"}", contact,
		 other.id); /* their bell rings */
	then_status (&x, 201);
	people_merged (s, &other, contact);
	free (contact);
	snprintf (path, sizeof path, "/api/crm/opportunity/%s/stage", strrchr (plan, '/') + 1);
	x = when_user_asks (s, &other, "POST", path, "{\"stage\":\"won\"}"); /* its account */
	then_status (&x, 200);
	pages_made (s, a);
	pages_made (s, b);
	settle (s);
	char *before = sum_of (s, b->id);
	for (size_t i = 0; i < LENGTH (routes); i++)
		if (strchr (routes[i].path, ':'))
			thing_tried (s, &routes[i], &own, b, &other);
		else if (strcmp (routes[i].record, "session_close")) /* it would end the session that tries */
			list_tried (s, &routes[i], &own, b, &other);
	settle (s);
	char *after = sum_of (s, b->id);
	CHECK (*before && !strcmp (before, after), "something of the other workspace changed");
	free (before);
	free (after);
	for (size_t i = 0; i < LENGTH (schemas); i++)
		tables_tried (s, schemas[i], a, b, &other);
	then_no_dead_letters (s);
}
