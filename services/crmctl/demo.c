/* crmctl demo: a workspace per preset with a believable start, and the end of it. Every lead comes in through the hook or the API, as a customer's would;
 * nothing is written past the daemons. The same plan every time (demo_plan.c); only ids, keys and passwords differ. */
#include <curl/curl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "demo_house.h"

enum { DAY = 86400 };

static struct {
	const char *var;
	bool json;
	char api[100], hooks[100];
	int64_t today; /* its first µs, UTC */
	json_t *made;  /* what is printed at the end */
} run;

int64_t demo_time (int days, int minute)
{
	return run.today + ((int64_t) -days * DAY + (int64_t) minute * 60) * 1000000;
}

/* ---- HTTP ---- */

static size_t body_take (char *at, size_t size, size_t n, void *ctx)
{
	buffer_add (ctx, at, size * n);
	return size * n;
}

static CURL *curl;

/* Sends what was set; the JSON that came back, null when it did not go well. */
static json_t *http_send (const char *method, const char *url, struct curl_slist *headers, const char *shown)
{
	struct buffer answer = { 0 };
	long status = 0;
	curl_easy_setopt (curl, CURLOPT_URL, url);
	curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (curl, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, body_take);
	curl_easy_setopt (curl, CURLOPT_WRITEDATA, &answer);
	CURLcode code = curl_easy_perform (curl);
	curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
	json_t *o = status == 204 ? json_object () : json_loadb ((const char *) answer.at, answer.n, JSON_DECODE_ANY, NULL);
	if (code != CURLE_OK || status / 100 != 2) {
		fprintf (stderr, "crmctl demo: %s %s: %ld %.*s\n", method, shown, status, (int) (answer.n < 300 ? answer.n : 300),
			 answer.n ? (const char *) answer.at : curl_easy_strerror (code));
		json_decref (o);
		o = NULL;
	}
	curl_slist_free_all (headers);
	buffer_fini (&answer);
	return o;
}

/* A request with a JSON body (taken). With a key it is the API's, which takes the time beside the record: when it happened, from somebody who may say
 * so. */
static json_t *http_json (const char *method, const char *url, const char *key, json_t *body)
{
	struct curl_slist *headers = curl_slist_append (NULL, "Content-Type: application/json");
	char bearer[300], when[100];
	const char *time = key ? json_string_value (json_object_get (body, "time")) : NULL;
	if (time) {
		snprintf (when, sizeof when, "CRM-Time: %s", time);
		headers = curl_slist_append (headers, when);
		json_object_del (body, "time");
	}
	char *text = body ? json_dumps (body, JSON_COMPACT) : NULL;
	curl_easy_reset (curl);
	if (key) {
		snprintf (bearer, sizeof bearer, "Authorization: Bearer %s", key);
		headers = curl_slist_append (headers, bearer);
	}
	if (text)
		curl_easy_setopt (curl, CURLOPT_POSTFIELDS, text);
	json_t *ret = http_send (method, url, headers, key ? url : "a hook");
	free (text);
	json_decref (body);
	return ret;
}

/* The same inquiry as a browser's form would send it, with a file. */
static json_t *http_form (const char *url, json_t *body, const char *file)
{
	curl_easy_reset (curl);
	curl_mime *form = curl_mime_init (curl);
	const char *name;
	json_t *value;
	json_object_foreach (body, name, value)
	{
		curl_mimepart *field = curl_mime_addpart (form);
		curl_mime_name (field, name);
		curl_mime_data (field, json_string_value (value), CURL_ZERO_TERMINATED);
	}
	const char *text = json_string_value (json_object_get (body, "message"));
	curl_mimepart *part = curl_mime_addpart (form);
	curl_mime_name (part, "attachment");
	curl_mime_filename (part, file);
	curl_mime_type (part, "text/plain");
	curl_mime_data (part, text ? text : "", CURL_ZERO_TERMINATED);
	curl_easy_setopt (curl, CURLOPT_MIMEPOST, form);
	json_t *ret = http_send ("POST", url, NULL, "a hook");
	curl_mime_free (form);
	json_decref (body);
	return ret;
}

static json_t *api (const char *method, const char *key, json_t *body, const char *format, ...) __attribute__ ((format (printf, 4, 5)));
static json_t *api (const char *method, const char *key, json_t *body, const char *format, ...)
{
	char path[300], url[420];
	va_list ap;
	va_start (ap, format);
	vsnprintf (path, sizeof path, format, ap);
	va_end (ap);
	snprintf (url, sizeof url, "%s%s", run.api, path);
	return http_json (method, url, key, body);
}

/* ---- one workspace ---- */

/* An API call with a time; taken: what came back is not needed. */
static bool say (const struct demo_house *h, const char *method, json_t *body, int days, int minute, const char *path, const char *id,
		 const char *then)
{
	char time[TIME_TEXT];
	json_object_set_new (body, "time", json_string (time_format (demo_time (days, minute), time)));
	json_t *answer = api (method, h->key, body, "%s%s%s", path, id, then);
	json_decref (answer);
	return answer;
}

static const char *owner_of (const struct demo_house *h, const struct demo_item *item, char ret[UUID_TEXT])
{
	return uuid_format (h->user[item->owner], ret);
}

/* A lead's id, which is its deal's as well. */
static bool lead_post (const struct demo_house *h, const struct demo_item *lead, char ret_id[UUID_TEXT])
{
	const struct demo_person *who = &h->plan.person[lead->person];
	char time[TIME_TEXT], owner[UUID_TEXT];
	json_t *body = json_pack ("{ss ss ss* ss ss ss}", "name", who->name, "email", who->email, "company", who->firm, "phone", who->phone,
				  "form_type", lead->title, "message", lead->wish),
	       *answer;
	if (lead->days) {
		json_object_set_new (body, "source", json_string (lead->source));
		json_object_set_new (body, "owner_id", json_string (owner_of (h, lead, owner)));
		json_object_set_new (body, "time", json_string (time_format (demo_time (lead->days, lead->minute), time)));
		answer = api ("POST", h->key, body, "/api/crm/leads");
	} else if (lead == &h->plan.lead[DEMO_LEADS - DEMO_BY_HOOK])
		answer = http_form (h->hook, body, h->what->file);
	else
		answer = http_json ("POST", h->hook, NULL, body);
	const char *id = json_string_value (json_object_get (answer, "id"));
	snprintf (ret_id, UUID_TEXT, "%s", id ? id : "");
	json_decref (answer);
	return answer;
}

json_t *demo_post (const struct demo_house *h, const char *path, json_t *body)
{
	return api ("POST", h->key, body, "%s", path);
}

json_t *demo_ask (const struct demo_house *h, const char *method, const char *path, json_t *body)
{
	return api (method, h->key, body, "%s", path);
}

json_t *demo_bytes (const struct demo_house *h, const char *path, const char *type, struct bytes bytes, int64_t at)
{
	char url[420], line[2][300], time[TIME_TEXT];
	snprintf (url, sizeof url, "%s%s", run.api, path);
	snprintf (line[0], sizeof line[0], "Content-Type: %s", type);
	snprintf (line[1], sizeof line[1], "Authorization: Bearer %s", h->key);
	struct curl_slist *headers = curl_slist_append (curl_slist_append (NULL, line[0]), line[1]);
	snprintf (line[0], sizeof line[0], "CRM-Time: %s", time_format (at, time));
	curl_easy_reset (curl);
	curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE, (long) bytes.n);
	curl_easy_setopt (curl, CURLOPT_POSTFIELDS, bytes.at);
	return http_send ("POST", url, curl_slist_append (headers, line[0]), url);
}

bool demo_until (bool (*is_so) (const struct demo_house *h, const char *id), const struct demo_house *h, const char *id, const char *what)
{
	for (int turn = 0; turn < 1000; turn++) {
		if (is_so (h, id))
			return true;
		nanosleep (&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	fprintf (stderr, "crmctl demo: %s of %s never comes\n", what, h->what->slug);
	return false;
}

/* Every lead has become a deal. */
static bool deals_are (const struct demo_house *h, const char *id)
{
	(void) id;
	json_t *page = api ("GET", h->key, NULL, "/api/crm/deals?limit=200");
	size_t n = json_array_size (json_object_get (page, "data"));
	json_decref (page);
	return n >= DEMO_LEADS;
}

/* A day so many days ago, as text. */
static const char *day_text (int days, char ret[TIME_TEXT])
{
	time_format (demo_time (days, 0), ret);
	ret[10] = 0; /* the date */
	return ret;
}

static const char *currency_of (const struct demo_house *h, const struct demo_item *item)
{
	return h->what->second && item->worth % 4 == 0 ? h->what->second : h->what->currency;
}

/* What the second currency was worth, since before the first deal. */
static bool rates_make (const struct demo_house *h)
{
	bool good = true;
	char day[TIME_TEXT];
	for (int i = 0, days = DEMO_DAYS + 6; h->what->second && good && i < DEMO_RATES; i++, days /= 3)
		good = say (h, "POST",
			    json_pack ("{ss ss ss}", "currency", h->what->second, "day", day_text (days, day), "rate", h->what->rates[i]),
			    days, 8 * 60, "/api/crm/rates", "", "");
	return good;
}

/* What people know of a deal by now. */
static bool deal_fill (const struct demo_house *h, const struct demo_item *item, const char *id)
{
	char amount[32], closes[TIME_TEXT];
	if (!item->worth && !item->note)
		return true;
	json_t *body = json_object ();
	if (item->worth) {
		snprintf (amount, sizeof amount, "%lld.%02d", (long long) item->worth, item->worth < 200 ? 50 : 0);
		json_object_set_new (body, "value", json_pack ("{ss ss}", "amount", amount, "currency", currency_of (h, item)));
		json_object_set_new (body, "close_date", json_string (day_text (-item->closes, closes)));
	}
	if (item->note)
		json_object_set_new (body, "notes", json_string (item->note));
	return say (h, "PUT", body, item->days, item->minute + 10, "/api/crm/opportunities/", id, "");
}

static bool deal_step (const struct demo_house *h, const struct demo_item *item, const char *id, int step)
{
	const char *stage = item->lost && step == item->way - 1 ? h->what->lost : h->what->stages[step];
	const char *loss = step == item->way - 1 ? item->loss : NULL;
	return say (h, "POST", json_pack ("{ss ss* ss*}", "stage", stage, "note", item->move[step], "loss_reason", loss),
		    demo_step_days (item, step), item->minute + 20 * (step + 1), "/api/crm/opportunity/", id, "/stage");
}

/* A lead is answered, and some become an opportunity; where that is what moves its deal, the first step is this one. */
static bool lead_answer (const struct demo_house *h, const struct demo_item *lead, const char *id)
{
	int days = lead->way ? demo_step_days (lead, 0) : lead->days, minute = lead->minute + 15;
	switch (lead->status) {
	case DEMO_NEW: return true;
	case DEMO_CONTACTED: return say (h, "PUT", json_pack ("{ss}", "status", "Contacted"), days, minute, "/api/crm/leads/", id, "");
	case DEMO_QUALIFIED: return say (h, "POST", json_object (), days, minute, "/api/crm/leads/", id, "/qualify");
	}
	return false;
}

static bool lead_live (const struct demo_house *h, const struct demo_item *lead, const char *id)
{
	bool good = !lead->days || (deal_fill (h, lead, id) && lead_answer (h, lead, id));
	for (int k = h->what->by_qualify && lead->status == DEMO_QUALIFIED; good && k < lead->way; k++)
		good = deal_step (h, lead, id, k);
	return good;
}

/* Most are customers; some have a second address, a title and what is to be known of them. */
static json_t *contact_body (const struct demo_person *who, size_t i, const char *time)
{
	static const char *const types[] = { "customer", "customer", "contractor", "customer", "vendor",
					     "customer", "partner",  "customer",   "other" };
	static const char *const states[] = { "lead", "active", "customer", "customer", "former" };
	static const char *const titles[] = { "Inkoper", "Directeur", NULL, "Office manager", NULL, "Projectleider" };
	json_t *body = json_pack ("{ss ss ss ss* ss ss ss ss*}", "name", who->name, "email", who->email, "phone", who->phone, "company",
				  who->firm, "time", time, "type", types[i % LENGTH (types)], "status", states[i % LENGTH (states)],
				  "job_title", titles[i % LENGTH (titles)]);
	if (i % 4 == 1)
		json_object_set_new (body, "phones", json_pack ("[{ss ss}]", "value", "+31 20 555 01 01", "label", "kantoor"));
	if (i % 5 == 2)
		json_object_set_new (body, "notes", json_string ("Liever bellen in de ochtend."));
	return body;
}

static bool contacts_make (struct demo_house *h)
{
	for (size_t i = 0; i < h->plan.people; i++) {
		const struct demo_person *who = &h->plan.person[i];
		char time[TIME_TEXT];
		if (!who->is_contact)
			continue;
		json_t *answer = api ("POST", h->key, contact_body (who, i, time_format (demo_time (who->days, 9 * 60 + (int) i), time)),
				      "/api/crm/contacts");
		const char *id = json_string_value (json_object_get (answer, "id"));
		snprintf (h->contact[i], sizeof h->contact[i], "%s", id ? id : "");
		json_decref (answer);
		if (!answer)
			return false;
	}
	return true;
}

/* One of them stands here twice: a colleague wrote them down once more, by the first letter of the name and the number as people say it. And a company that
 * somebody made by mistake lies in the trash. */
static bool twins_make (const struct demo_house *h)
{
	const struct demo_person *who = NULL;
	char name[200], phone[60], time[TIME_TEXT];
	size_t code = strcspn (h->what->phone, " "); /* as numbers begin in that country */
	for (size_t i = 0; i < h->plan.people && !who; i++)
		if (h->plan.person[i].is_contact && h->plan.person[i].firm && strchr (h->plan.person[i].name, ' '))
			who = &h->plan.person[i];
	if (!who)
		return true;
	snprintf (name, sizeof name, "%.1s.%s", who->name, strchr (who->name, ' '));
	snprintf (phone, sizeof phone, "%s", strncmp (who->phone, h->what->phone, code) == 0 ? who->phone + code + 1 : who->phone);
	json_t *answer = api ("POST", h->key,
			      json_pack ("{ss ss ss ss}", "name", name, "phone", phone, "company", who->firm, "time",
					 time_format (demo_time (9, 10 * 60), time)),
			      "/api/crm/contacts");
	bool good = answer;
	json_decref (answer);
	snprintf (name, sizeof name, "%s (%s)", who->firm, "2");
	answer = api ("POST", h->key, json_pack ("{ss ss}", "name", name, "time", time_format (demo_time (6, 11 * 60), time)),
		      "/api/crm/accounts");
	const char *id = json_string_value (json_object_get (answer, "id"));
	char account[UUID_TEXT];
	snprintf (account, sizeof account, "%s", id ? id : "");
	json_decref (answer);
	return good && *account && say (h, "DELETE", json_object (), 5, 11 * 60, "/api/crm/accounts/", account, "");
}

/* A list that somebody kept beside brought in what their contacts do; one row of it was not good enough. */
static bool import_wait (const struct demo_house *h, const char *id, const char *state)
{
	for (int turn = 0; turn < 1000; turn++) {
		json_t *import = api ("GET", h->key, NULL, "/api/crm/imports/%s", id);
		const char *is = json_string_value (json_object_get (import, "state"));
		bool there = is && strcmp (is, state) == 0;
		json_decref (import);
		if (there)
			return true;
		nanosleep (&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	fprintf (stderr, "crmctl demo: the import of %s is not %s\n", h->what->slug, state);
	return false;
}

static bool import_make (const struct demo_house *h)
{
	static const char *const did[] = { "Inkoper", "Directeur", "Planner" };
	struct buffer rows = { 0 };
	char url[420], id[UUID_TEXT], bearer[300];
	size_t n = 0;
	buffer_text (&rows, h->what->dutch ? "Voornaam;Achternaam;E-mail;Functie\n" : "First name;Last name;E-mail;Job title\n");
	for (size_t i = 0; i < h->plan.people && n < LENGTH (did); i++) {
		const struct demo_person *who = &h->plan.person[i];
		const char *last = who->is_contact ? strchr (who->name, ' ') : NULL;
		if (last)
			buffer_printf (&rows, "%.*s;%s;%s;%s\n", (int) (last - who->name), who->name, last + 1, who->email, did[n++]);
	}
	buffer_text (&rows, ";Onbekend;;\n");
	snprintf (url, sizeof url, "%s/api/crm/imports?profile=contacts&name=%s.csv", run.api, h->what->dutch ? "beurs" : "trade-fair");
	snprintf (bearer, sizeof bearer, "Authorization: Bearer %s", h->key);
	curl_easy_reset (curl);
	curl_easy_setopt (curl, CURLOPT_POSTFIELDSIZE, (long) rows.n);
	curl_easy_setopt (curl, CURLOPT_POSTFIELDS, rows.at);
	json_t *made = http_send ("POST", url, curl_slist_append (curl_slist_append (NULL, "Content-Type: text/csv"), bearer), url);
	const char *told = json_string_value (json_object_get (made, "id"));
	snprintf (id, sizeof id, "%s", told ? told : "");
	json_decref (made);
	buffer_fini (&rows);
	return *id && say (h, "POST", json_object (), 3, 10 * 60, "/api/crm/imports/", id, "/check") && import_wait (h, id, "checked") &&
	       say (h, "POST", json_object (), 3, 10 * 60 + 2, "/api/crm/imports/", id, "/confirm") && import_wait (h, id, "done");
}

/* Where clients are looked after on a board of their own, each of these companies has its card there. */
static bool card_make (const struct demo_house *h, const char *firm, size_t nth, const char *account)
{
	static const char *const stages[] = { "new", "new", "won", "lost" };
	if (strcmp (h->what->preset, "follow-up") != 0)
		return true;
	return say (h, "POST",
		    json_pack ("{ss ss ss ss ss}", "title", firm, "company", firm, "account_id", account, "pipeline", "care", "stage",
			       stages[nth % LENGTH (stages)]),
		    DEMO_DAYS / 2, 12 * 60 + (int) nth, "/api/crm/deals", "", "");
}

static bool care_make (const struct demo_house *h)
{
	return strcmp (h->what->preset, "follow-up") != 0 || say (h, "POST",
								  json_pack ("{ss s{ss ss} ss}", "key", "care", "label", "en",
									     "Client care", "nl", "Klantenzorg", "kind", "relationship"),
								  DEMO_DAYS, 9 * 60, "/api/crm/pipelines", "", "");
}

/* The first companies that asked are accounts with people who look after them, and their deals are theirs; a deal of theirs that is won makes them clients. */
static bool account_make (const struct demo_house *h, const char *firm, size_t nth, char id[][UUID_TEXT])
{
	static const char *const states[] = { "not_started", "in_progress", "done" };
	char user[2][UUID_TEXT], account[UUID_TEXT], time[TIME_TEXT];
	uuid_format (h->user[1 % DEMO_TEAM], user[0]);
	uuid_format (h->user[2 % DEMO_TEAM], user[1]);
	struct demo_firm more;
	demo_firm (h->what, firm, nth, &more);
	json_t *answer = api ("POST", h->key,
			      json_pack ("{s{ss} ss ss ss ss ss ss ss ss ss ss ss ss}", "custom", "company_size",
					 nth % 2 ? "small" : "large", "industry", more.industry, "website", more.website, "email",
					 more.email, "phone", more.phone, "address", more.address, "postcode", more.postcode, "city",
					 more.city, "country", more.country, "name", firm, "onboarding_status",
					 states[nth % LENGTH (states)], "owner_id", user[0], "time",
					 time_format (demo_time (DEMO_DAYS, 10 * 60 + (int) nth), time)),
			      "/api/crm/accounts");
	const char *made = json_string_value (json_object_get (answer, "id"));
	snprintf (account, sizeof account, "%s", made ? made : "");
	json_decref (answer);
	bool good = *account && say (h, "PUT", json_pack ("{ss ss}", "kae", user[nth % 2], "csr", user[(nth + 1) % 2]), DEMO_DAYS,
				     11 * 60 + (int) nth, "/api/crm/accounts/", account, "/assignments");
	for (size_t i = 0; good && i < more.places; i++)
		good = say (h, "POST",
			    json_pack ("{ss ss ss ss ss}", "account_id", account, "name", more.place[i].name, "type", more.place[i].type,
				       "address", more.place[i].address, "map_url", more.place[i].map),
			    DEMO_DAYS, 11 * 60 + 20 + (int) (nth * 2 + i), "/api/crm/locations", "", "");
	good = good && card_make (h, firm, nth, account);
	for (size_t i = 0; good && i < DEMO_LEADS; i++) {
		const struct demo_item *lead = &h->plan.lead[i];
		const char *of = h->plan.person[lead->person].firm;
		if (lead->days && of && strcmp (of, firm) == 0)
			good = say (h, "PUT", json_pack ("{ss}", "account_id", account), lead->days, lead->minute + 5, "/api/crm/deals/",
				    id[i], "");
	}
	return good;
}

static bool accounts_make (const struct demo_house *h, char id[][UUID_TEXT])
{
	size_t made = 0;
	bool good = care_make (h);
	for (size_t i = 0; good && i < h->what->firms->n && made < DEMO_ACCOUNTS; i++)
		if (h->what->firms->at[i])
			good = account_make (h, h->what->firms->at[i], made++, id);
	return good;
}

/* One that nobody asked for by a form: somebody met them. */
static bool deal_make (const struct demo_house *h, const struct demo_item *deal)
{
	char time[TIME_TEXT], owner[UUID_TEXT], id[UUID_TEXT];
	json_t *answer = api ("POST", h->key,
			      json_pack ("{ss ss ss ss}", "title", deal->title, "contact_id", h->contact[deal->person], "owner_id",
					 owner_of (h, deal, owner), "time", time_format (demo_time (deal->days, deal->minute), time)),
			      "/api/crm/deals");
	const char *made = json_string_value (json_object_get (answer, "id"));
	snprintf (id, sizeof id, "%s", made ? made : "");
	json_decref (answer);
	bool good = answer && deal_fill (h, deal, id);
	for (int k = 0; good && k < deal->way; k++)
		good = deal_step (h, deal, id, k);
	return good;
}

/* Fields of the workspace's own, of deals and of companies, as settings would add them. */
static bool fields_make (const struct demo_house *h)
{
	json_t *body = json_pack ("{ss s{ss ss} s[{ss s{ss ss}} {ss s{ss ss}}]}", "kind", "choice", "label", "en", "Heard of us through",
				  "nl", "Hoe bij ons gekomen", "choices", "key", "neighbours", "label", "en", "Neighbours", "nl", "Buren",
				  "key", "search", "label", "en", "A search engine", "nl", "Zoekmachine");
	json_t *size = json_pack ("{ss ss ss s{ss ss} s[{ss s{ss ss}} {ss s{ss ss}}]}", "about", "account", "kind", "choice", "key",
				  "company_size", "label", "en", "Number of people", "nl", "Aantal mensen", "choices", "key", "small",
				  "label", "en", "Up to 10", "nl", "Tot 10", "key", "large", "label", "en", "More than 10", "nl",
				  "Meer dan 10");
	return say (h, "POST", body, DEMO_DAYS, 8 * 60, "/api/crm/fields", "", "") &&
	       say (h, "POST", size, DEMO_DAYS, 8 * 60 + 1, "/api/crm/fields", "", "");
}

/* ---- what people did and are going to do ---- */

static bool tags_make (const struct demo_house *h, char tag[][UUID_TEXT])
{
	static const char *const colours[] = { "teal", "orange", "purple" };
	for (size_t i = 0; i < h->what->tags->n; i++) {
		json_t *answer = api ("POST", h->key,
				      json_pack ("{ss ss}", "label", h->what->tags->at[i], "colour", colours[i % LENGTH (colours)]),
				      "/api/crm/tags");
		const char *id = json_string_value (json_object_get (answer, "id"));
		snprintf (tag[i], UUID_TEXT, "%s", id ? id : "");
		json_decref (answer);
		if (!id)
			return false;
	}
	return true;
}

static bool activity_say (const struct demo_house *h, const struct demo_item *lead, const char *id, int days, int minute, json_t *body)
{
	char owner[UUID_TEXT];
	json_object_set_new (body, "lead_id", json_string (id));
	json_object_set_new (body, "owner_id", json_string (owner_of (h, lead, owner)));
	return say (h, "POST", body, days, minute, "/api/crm/activities", "", "");
}

/* Whoever was answered was called, visited or written to, and some of it was noted; what is open has something to come, late or not. */
static bool lead_followed (const struct demo_house *h, const struct demo_item *lead, size_t i, const char *id)
{
	static const char *const did[] = { "call", "meeting", "email" }, *const next[] = { "call", "task", "meeting", "whatsapp" };
	const struct demo_workspace *w = h->what;
	bool over = lead->lost || (lead->way && (lead->way == DEMO_STAGES || !w->stages[lead->way])), good = true;
	int days = lead->way ? demo_step_days (lead, 0) : lead->days;
	char due[TIME_TEXT];
	if (lead->status != DEMO_NEW)
		good = activity_say (
			h, lead, id, days, lead->minute + 18,
			json_pack ("{ss ss sb}", "kind", did[i % LENGTH (did)], "subject", w->did->at[i % w->did->n], "done", 1));
	if (good && lead->status != DEMO_NEW && i % 3 == 0)
		good = activity_say (h, lead, id, lead->way > 1 ? demo_step_days (lead, 1) : days, lead->minute + 25,
				     json_pack ("{ss ss}", "kind", "note", "note", w->notes->at[i % w->notes->n]));
	if (good && !over && i % 2 == 0) {
		time_format (demo_time ((int) (i % 11) - 8, (9 + (int) (i % 8)) * 60), due);
		good = activity_say (h, lead, id, 1, lead->minute,
				     json_pack ("{ss ss ss ss}", "kind", next[i / 2 % LENGTH (next)], "subject",
						w->tasks->at[i / 2 % w->tasks->n], "due_at", due, "priority", i % 5 ? "medium" : "high"));
	}
	return good;
}

const char *demo_said (const struct demo_house *h, const char *dutch, const char *english)
{
	return h->what->dutch ? dutch : english;
}

static bool segment_make (const struct demo_house *h, const char *dutch, const char *english, const char *of, json_t *conditions)
{
	return say (h, "POST",
		    json_pack ("{ss ss s{so}}", "name", demo_said (h, dutch, english), "of", of, "conditions", "all", conditions),
		    DEMO_DAYS, 8 * 60, "/api/crm/segments", "", "");
}

/* One of each kind of record; all of them have somebody in them. */
static bool segments_make (const struct demo_house *h)
{
	char amount[30];
	snprintf (amount, sizeof amount, "%lld", (long long) ((h->what->least + h->what->most) / 2));
	return segment_make (h, "Loopt, maar stil", "Open but quiet", "lead",
			     json_pack ("[{ss ss ss} {ss ss si}]", "field", "outcome", "op", "is", "value", "open", "field",
					"last_activity", "op", "not_within", "value", 14)) &&
	       segment_make (h, "Groot en open", "Large and open", "deal",
			     json_pack ("[{ss ss ss} {ss ss s{ss ss}}]", "field", "outcome", "op", "is", "value", "open", "field", "value",
					"op", "more", "value", "amount", amount, "currency", h->what->currency)) &&
	       segment_make (h, "Mensen met iets lopends", "People with something open", "contact",
			     json_pack ("[{ss ss ss}]", "field", "deals_open", "op", "more", "value", "0")) &&
	       segment_make (h, "Bedrijven met mensen", "Companies with people", "account",
			     json_pack ("[{ss ss ss}]", "field", "people", "op", "more", "value", "0"));
}

static bool template_make (const struct demo_house *h, const char *name, const char *subject, const char *text, bool needed)
{
	const char *subject_at = h->what->dutch ? "subject_nl" : "subject_en", *text_at = h->what->dutch ? "text_nl" : "text_en";
	return say (h, "POST", json_pack ("{ss ss ss sb}", "name", name, subject_at, subject, text_at, text, "transactional", needed),
		    DEMO_DAYS, 8 * 60, "/api/crm/mail/templates", "", "");
}

/* What a first answer and a reminder look like, with placeholders, a default and a condition. */
static bool templates_make (const struct demo_house *h)
{
	return template_make (
		       h, demo_said (h, "Eerste reactie", "First answer"),
		       demo_said (h, "Bedankt voor uw bericht, {{contact.first_name}}",
				  "Thank you for your message, {{contact.first_name}}"),
		       demo_said (
			       h,
			       "Beste {{contact.first_name | default:\"klant\"}},\n\nBedankt voor uw bericht over **{{deal.title}}**. Ik neem binnen een werkdag contact met u op.\n\n"
			       "Met vriendelijke groet,\n{{sender.name}}\n{{workspace.name}}",
			       "Dear {{contact.first_name | default:\"customer\"}},\n\nThank you for your message about **{{deal.title}}**. I will be in touch within a working day.\n\n"
			       "Kind regards,\n{{sender.name}}\n{{workspace.name}}"),
		       true) &&
	       template_make (
		       h, demo_said (h, "Herinnering", "Reminder"), demo_said (h, "Nog even over {{deal.title}}", "About {{deal.title}}"),
		       demo_said (
			       h,
			       "Beste {{contact.first_name | default:\"klant\"}},\n\nHebt u al kunnen kijken naar {{deal.title}}?\n{% if deal.value %}\nHet gaat om {{deal.value | money}}.\n{% end %}\n"
			       "Met vriendelijke groet,\n{{sender.name}}",
			       "Dear {{contact.first_name | default:\"customer\"}},\n\nHave you been able to look at {{deal.title}}?\n{% if deal.value %}\nIt is about {{deal.value | money}}.\n{% end %}\n"
			       "Kind regards,\n{{sender.name}}"),
		       false);
}

static bool leads_follow (const struct demo_house *h, char id[][UUID_TEXT])
{
	char tag[8][UUID_TEXT];
	bool good = tags_make (h, tag);
	for (size_t i = 0; good && i < DEMO_LEADS; i++) {
		if (h->plan.lead[i].days)
			good = lead_followed (h, &h->plan.lead[i], i, id[i]);
		if (good && h->plan.lead[i].days && i % 4 == 1) /* those of the hook come in now */
			good = say (h, "PUT", json_pack ("{s[s]}", "tags", tag[i / 4 % h->what->tags->n]), 1, 9 * 60, "/api/crm/leads/",
				    id[i], "/tags");
	}
	return good && segments_make (h) && templates_make (h);
}

bool demo_fails (const char *what, const struct answer *a)
{
	if (a->state == ANSWER_DONE)
		return false;
	fprintf (stderr, "%s: ", what);
	answer_fail ("demo", a, false);
	return true;
}

/* ---- what they say to each other: by themselves, not by the key that fills the rest ---- */

/* About a lead; null: to all. */
static bool message_say (const struct demo_house *h, int who, int days, int minute, const char *lead, const char *text)
{
	struct message_post post = { .head = { .workspace = h->id, .actor = h->user[who], .at = demo_time (days, minute) },
				     .text = text,
				     .channel = !lead,
				     .has.channel = lead ? ABSENT : HERE };
	post.head.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0), .user = h->user[who] };
	post.message_id.uuid = uuid_v7 (post.head.at);
	post.has.lead_id = lead && uuid_parse (lead, &post.lead_id.uuid) == OK ? HERE : ABSENT;
	struct answer a = ask_command (&message_post_record, &post);
	return !demo_fails ("conversation", &a);
}

static bool team_talks (const struct demo_house *h, char id[][UUID_TEXT])
{
	const struct demo_workspace *w = h->what;
	bool good = true;
	for (size_t i = 0; good && i < w->talk->n; i++)
		good = message_say (h, (int) (i * 2 % DEMO_TEAM), i < 2 ? 3 : 1, 8 * 60 + 40 + (int) i * 3, NULL, w->talk->at[i]);
	for (size_t i = 3; good && i < DEMO_LEADS; i += 20) {
		char user[UUID_TEXT], text[600];
		int who = (int) (h->plan.lead[i].owner % DEMO_TEAM), asks = (who + 1) % DEMO_TEAM;
		snprintf (text, sizeof text, "@{user:%s|%s} %s", uuid_format (h->user[who], user), w->team[who], w->asked->at[0]);
		good = message_say (h, asks, 2, 10 * 60 + (int) i, id[i], text) &&
		       message_say (h, who, 2, 11 * 60 + (int) i, id[i], w->asked->at[1]);
	}
	return good;
}

/* ---- what other systems say of the companies: a till, a help desk; and of one that is not here ---- */

static json_t *record_of (const char *kind, const char *system, int number, const char *firm, const char *title, const char *status,
			  int days)
{
	char id[40], made[TIME_TEXT];
	snprintf (id, sizeof id, "%s-%d", kind, number);
	return json_pack ("{ss ss ss ss ss ss ss}", "kind", kind, "system", system, "external_id", id, "account", firm, "title", title,
			  "status", status, "occurred_at", time_format (demo_time (days, 11 * 60 + number % 60), made));
}

static json_t *sold (json_t *record, const struct demo_house *h, int amount)
{
	char text[24];
	snprintf (text, sizeof text, "%d.00", amount);
	json_object_set_new (record, "amount", json_pack ("{ss ss}", "amount", text, "currency", h->what->currency));
	return record;
}

static json_t *counted (json_t *record, int count)
{
	json_object_set_new (record, "count", json_integer (count));
	return record;
}

static json_t *fact_of (const char *firm, const char *panel, const char *key, const char *en, const char *nl, json_t *value)
{
	return json_pack ("{ss ss ss s{ss ss} so}", "account", firm, "panel", panel, "key", key, "label", "en", en, "nl", nl, "value",
			  value);
}

static void firm_speaks (const struct demo_house *h, json_t *all, const char *firm, int nth)
{
	json_array_append_new (all,
			       record_of ("ticket", "helpdesk", 40 + nth, firm, demo_said (h, "Inloggen lukt niet", "Login does not work"),
					  nth % 2 ? "open" : demo_said (h, "gesloten", "closed"), 9 + nth));
	json_array_append_new (all, record_of ("project", "planning", 7 + nth, firm, demo_said (h, "Inrichting", "Onboarding"),
					       demo_said (h, "bezig", "busy"), 30));
	json_array_append_new (
		all, counted (record_of ("conversation", "chat", 90 + nth, firm, "Chat", demo_said (h, "gesloten", "closed"), 4 + nth), 5));
	json_array_append_new (
		all, fact_of (firm, "metrics", "visits", "Visits this month", "Bezoeken deze maand", json_integer (120 + 31 * nth)));
	json_array_append_new (all,
			       fact_of (firm, "integrations", "shop", "Shop", "Winkel", json_string (nth % 2 ? "WooCommerce" : "Shopify")));
	if (nth) /* what is bought makes a client; the others are what their deals make of them */
		return;
	json_array_append_new (all, sold (record_of ("order", "shop", 1001, firm, demo_said (h, "Bestelling 1001", "Order 1001"),
						     demo_said (h, "bezorgd", "delivered"), 20),
					  h, 120));
	json_array_append_new (all, sold (record_of ("order", "shop", 1002, firm, demo_said (h, "Bestelling 1002", "Order 1002"),
						     demo_said (h, "betaald", "paid"), 3),
					  h, 80));
	json_array_append_new (all, sold (record_of ("invoice", "books", 31, firm, "2026-0031", "open", 3), h, 80));
	json_array_append_new (all, counted (record_of ("loyalty", "shop", 1, firm, demo_said (h, "Punten", "Points"),
							demo_said (h, "actief", "active"), 40),
					     340));
	json_array_append_new (all, record_of ("device", "monitoring", 3, firm, "Laptop 3", "online", 60));
	json_array_append_new (all, fact_of (firm, "marketing", "newsletter", "Newsletter", "Nieuwsbrief", json_true ()));
	json_array_append_new (all, fact_of (firm, "onboarding", "training", "Training", "Training", json_string ("2 / 4")));
	json_array_append_new (all, fact_of (firm, "balance", "open", "Open balance", "Openstaand saldo",
					     json_pack ("{ss ss}", "amount", "80.00", "currency", h->what->currency)));
}

static bool systems_speak (const struct demo_house *h)
{
	char key[48], hook[200];
	struct answer a = source_make (h->id, "records", demo_said (h, "Andere systemen", "Other systems"), NULL, "shop", true, key);
	if (demo_fails ("source", &a))
		return false;
	ask_spread (&a);
	snprintf (hook, sizeof hook, "%s/hooks/%s", run.hooks, key);
	json_t *all = json_array ();
	int nth = 0;
	for (size_t i = 0; i < h->what->firms->n && nth < DEMO_ACCOUNTS; i++)
		if (h->what->firms->at[i])
			firm_speaks (h, all, h->what->firms->at[i], nth++);
	json_array_append_new (all, sold (record_of ("order", "shop", 1003, demo_said (h, "Iemand Anders BV", "Somebody Else Ltd"),
						     demo_said (h, "Bestelling 1003", "Order 1003"), demo_said (h, "betaald", "paid"), 1),
					  h, 45));
	json_t *answer = http_json ("POST", hook, NULL, all);
	json_decref (answer);
	return answer;
}

static bool house_fill (struct demo_house *h)
{
	static char id[DEMO_LEADS][UUID_TEXT];
	bool good = fields_make (h) && rates_make (h);
	for (size_t i = 0; good && i < DEMO_LEADS; i++)
		good = lead_post (h, &h->plan.lead[i], id[i]);
	good = good && demo_until (deals_are, h, NULL, "the last deal") && contacts_make (h) &&
	       accounts_make (h, id); /* before a won deal makes them */
	for (size_t i = 0; good && i < DEMO_LEADS; i++)
		good = lead_live (h, &h->plan.lead[i], id[i]);
	good = good && leads_follow (h, id) && team_talks (h, id);
	for (size_t i = 0; good && i < DEMO_BY_HAND; i++)
		good = deal_make (h, &h->plan.deal[i]);
	return good && systems_speak (h) && import_make (h) && twins_make (h) && demo_mails (h, id) && demo_money (h, id);
}

static void user_address (char *ret, size_t room, const struct demo_workspace *w, int i)
{
	size_t n = 0;
	for (const char *at = w->team[i]; *at && *at != ' ' && n < room - 50; at++)
		ret[n++] = (char) (*at | 32);
	snprintf (ret + n, room - n, "@%s", w->domain);
}

static bool team_make (struct demo_house *h)
{
	for (int i = 0; i < DEMO_TEAM; i++) {
		char email[200];
		user_address (email, sizeof email, h->what, i);
		struct answer a = user_make (h->agency, email, h->what->team[i], NULL, false, i ? NULL : password_random (h->password),
					     &h->user[i]);
		if (demo_fails (email, &a))
			return false;
		a = member_make (h->id, h->user[i], h->what->role[i]);
		if (demo_fails (email, &a))
			return false;
		ask_spread (&a);
	}
	return true;
}

/* They have looked at their news until a day and a half ago: whoever logs in finds a few, not all that was ever made. */
static void team_looks (const struct demo_house *h)
{
	for (int i = 0; i < DEMO_TEAM; i++) {
		struct leads_seen seen = { .head.workspace = h->agency,
					   .head.at = clock_now (),
					   .user_id = { h->user[i] },
					   .seen = clock_now () - INT64_C (129600) * 1000000,
					   .has = { HERE, HERE } };
		ask_command (&leads_seen_record, &seen);
	}
}

static bool agency_make (const struct demo_workspace *w, struct uuid *ret)
{
	if (!w->agency)
		return ask_agency ("demo", NULL, ret);
	*ret = uuid_v7 (clock_now ());
	struct agency_add add = {
		.head.workspace = *ret, .agency_id = { *ret }, .name = w->agency, .demo = true, .has = { HERE, HERE, HERE }
	};
	struct answer a = ask_command (&agency_add_record, &add);
	ask_spread (&a);
	return !demo_fails (w->agency, &a);
}

static bool house_make_one (struct demo_house *h)
{
	char key[48];
	if (!agency_make (h->what, &h->agency))
		return false;
	struct answer a = workspace_make (h->agency, h->what->slug, h->what->preset, h->what->name, true, &h->id);
	if (demo_fails (h->what->slug, &a))
		return false;
	ask_spread (&a);
	if (!team_make (h))
		return false;
	a = apikey_make (h->id, "owner", "demo data");
	if (demo_fails ("key", &a))
		return false;
	snprintf (h->key, sizeof h->key, "%s", json_string_value (json_object_get (a.json, "key")));
	struct uuid key_id = a.id;
	a = source_make (h->id, "generic", "Website", NULL, h->what->forms->at[0], true, key);
	if (demo_fails ("source", &a))
		return false;
	ask_spread (&a);
	snprintf (h->hook, sizeof h->hook, "%s/hooks/%s", run.hooks, key);
	bool good = house_fill (h);
	team_looks (h);
	struct apikey_revoke revoke = { .head.workspace = h->id, .apikey_id = { key_id }, .has.apikey_id = HERE };
	ask_command (&apikey_revoke_record, &revoke);
	return good;
}

/* ---- all of them ---- */

static void house_tell (const struct demo_house *h)
{
	char email[200], id[UUID_TEXT];
	user_address (email, sizeof email, h->what, 0);
	if (!run.json)
		printf ("  %-16s %-14s %-34s %s\n", h->what->slug, h->what->preset, email, h->password);
	json_array_append_new (run.made, json_pack ("{ss ss ss ss ss ss}", "id", uuid_format (h->id, id), "slug", h->what->slug, "preset",
						    h->what->preset, "email", email, "password", h->password, "hook", h->hook));
}

/* The agency's own log-in: both client workspaces at once, and one address for both. They stay when the demo goes, so they may be there. */
static bool admin_make (struct uuid agency)
{
	static const char email[] = "admin@studio-noord.example";
	char password[24], key[48];
	struct uuid user;
	struct answer a = user_make (agency, email, "Sara Noord", "nl", true, password_random (password), &user);
	if (a.state == ANSWER_REFUSED && !strcmp (a.code, "email_taken"))
		snprintf (password, sizeof password, "(as before)");
	else if (demo_fails (email, &a))
		return false;
	a = source_make (agency, "agency", "Websites", NULL, NULL, true, key);
	if (demo_fails ("source", &a))
		return false;
	ask_spread (&a);
	if (!run.json) {
		printf ("  %-16s %-14s %-34s %s\n", "(the agency)", "", email, password);
		printf ("\nA lead for the bakery, by the agency's address:\n\n  curl -d 'client_id=bakkerij-jansen' -d 'name=Piet de Vries' -d "
			"'email=piet@example.nl' -d 'form_type=Offerteaanvraag' \\\n    %s/hooks/%s\n",
			run.hooks, key);
	}
	json_array_append_new (run.made, json_pack ("{ss ss ss}", "email", email, "password", password, "hook", key));
	return true;
}

static int demo_run (void *ctx)
{
	(void) ctx;
	struct demo_house *all = heap_alloc (demo_workspaces_n * sizeof *all);
	struct uuid first = { { 0 } };
	bool good = true;
	run.made = json_array ();
	run.today = clock_now () / (INT64_C (1000000) * DAY) * (INT64_C (1000000) * DAY);
	curl = curl_easy_init ();
	if (!run.json)
		printf ("Log in with\n\n");
	for (size_t i = 0; good && i < demo_workspaces_n; i++) {
		struct demo_house *h = &all[i];
		*h = (struct demo_house){ .what = &demo_workspaces[i] };
		demo_plan (i, &h->plan);
		good = house_make_one (h);
		if (good)
			house_tell (h);
		if (i == 0)
			first = h->agency;
	}
	for (size_t i = 0; good && i < demo_workspaces_n; i++)
		good = demo_money_mails (&all[i]) && demo_rules (&all[i]);
	good = good && admin_make (first);
	if (good && run.json)
		json_line (json_pack ("{so}", "data", json_incref (run.made)));
	curl_easy_cleanup (curl);
	heap_free (all);
	json_decref (run.made);
	return !good;
}

int crmctl_demo (int argc, char **argv)
{
	const struct word words[] = { { "json", NULL, &run.json }, { "var", &run.var, NULL } };
	int left = words_read (argc, argv, words, LENGTH (words));
	bool removes = left == 1 && !strcmp (argv[1], "remove");
	if ((left && !removes) || sodium_init () < 0) {
		fprintf (stderr, "usage: crmctl demo [remove] [--json] [--var DIR]\n");
		return 2;
	}
	if (removes)
		return demo_remove (run.var, run.json);
	json_t *house = ask_house (run.var);
	const char *api_url = json_string_value (json_object_get (house, "api")),
		   *hooks = json_string_value (json_object_get (house, "hooks"));
	snprintf (run.api, sizeof run.api, "%s", api_url ? api_url : "");
	snprintf (run.hooks, sizeof run.hooks, "%s", hooks ? hooks : "");
	json_decref (house);
	return ask_run (run.var, demo_run, NULL);
}
