/* crmctl demo: a workspace per preset with a believable start. Every lead comes in through the hook or the API, as a customer's would;
 * nothing is written past the daemons. The same seed gives the same people; only ids, keys and passwords differ. */
#include <curl/curl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "demo_data.h"
#include "verbs.h"

enum { DEALS = 60, DAY = 86400, TEAM = 3 };

struct demo_workspace {
	const char *agency; /* null: the first one */
	const char *slug, *name, *preset, *domain;
	const struct demo_text *first, *last, *firms, *forms, *wishes;
	const char *currency, *phone; /* phone: what numbers begin with */
	int64_t least, most;	      /* what a deal is worth, whole units */
	const char *stages[6];	      /* the way of a deal that is won, and at last the stage of the lost */
	const char *note;	      /* said with each move where one is wanted */
	const char *team[TEAM];	      /* the owner first */
	const char *role[TEAM];
};

static const struct demo_workspace demo[] = {
	{ NULL,
	  "bakkerij-jansen",
	  "Bakkerij Jansen",
	  "nl-offerte-6",
	  "bakkerij-jansen.example",
	  &dutch_first,
	  &dutch_last,
	  &bakery_firms,
	  &bakery_forms,
	  &bakery_wishes,
	  "EUR",
	  "+31 6 ",
	  60,
	  2400,
	  { "contact_opgenomen", "offerte_verstuurd", "in_onderhandeling", "gewonnen", NULL, "verloren" },
	  NULL,
	  { "Jan Jansen", "Mieke Jansen", "Tom Kuipers" },
	  { "owner", "sales", "sales" } },
	{ NULL,
	  "garage-smit",
	  "Garage Smit",
	  "nl-offerte-6",
	  "garage-smit.example",
	  &dutch_first,
	  &dutch_last,
	  &garage_firms,
	  &garage_forms,
	  &garage_wishes,
	  "EUR",
	  "+31 6 ",
	  90,
	  14500,
	  { "contact_opgenomen", "offerte_verstuurd", "in_onderhandeling", "gewonnen", NULL, "verloren" },
	  NULL,
	  { "Henk Smit", "Wilma Smit", "Ali Demir" },
	  { "owner", "sales", "sales" } },
	{ "Kestrel IT",
	  "kestrel-it",
	  "Kestrel IT",
	  "classic-6",
	  "kestrel-it.example",
	  &english_first,
	  &english_last,
	  &msp_firms,
	  &msp_forms,
	  &msp_wishes,
	  "EUR",
	  "+44 20 7946 ",
	  400,
	  38000,
	  { "qualified", "proposal", "negotiation", "won", NULL, "lost" },
	  NULL,
	  { "Mitch Kestrel", "Rosie Bell", "Adam Finch" },
	  { "owner", "admin", "admin" } },
	{ "Envíos MX",
	  "envios-mx",
	  "Envíos MX",
	  "follow-up",
	  "envios-mx.example",
	  &mexican_first,
	  &mexican_last,
	  &shipping_firms,
	  &shipping_forms,
	  &shipping_wishes,
	  "USD",
	  "+52 55 ",
	  250,
	  9000,
	  { "contacted", "interested", "negotiation", "onboarding", "won", "lost" },
	  "Called, went well.",
	  { "Carmen Solís", "Luis Prado", "Elena Mora" },
	  { "owner", "sdr", "mdr" } },
	{ "Harbor & Pine",
	  "harbor-pine",
	  "Harbor & Pine",
	  "dynamics",
	  "harbor-pine.example",
	  &english_first,
	  &english_last,
	  &sales_firms,
	  &sales_forms,
	  &sales_wishes,
	  "EUR",
	  "+1 212 555 ",
	  1200,
	  85000,
	  { "qualified", "proposal", "negotiation", "won", NULL, "lost" },
	  NULL,
	  { "Dana Pine", "Rob Ellery", "Vera Quist" },
	  { "owner", "manager", "sales" } },
	{ "Tulip & Co",
	  "tulip-co",
	  "Tulip & Co",
	  "commerce",
	  "tulip-co.example",
	  &english_first,
	  &english_last,
	  &shop_firms,
	  &shop_forms,
	  &shop_wishes,
	  "EUR",
	  "+31 20 ",
	  35,
	  3200,
	  { "qualified", "proposal", "won", NULL, NULL, "lost" },
	  NULL,
	  { "Nina Tulp", "Max Orr", "Ilse Hof" },
	  { "owner", "manager", "sales" } },
};

static struct {
	const char *var;
	bool json;
	char api[100], hooks[100];
	uint64_t seed;
	json_t *made; /* what is printed at the end */
} run;

/* SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere. */
static uint64_t random_next (void)
{
	uint64_t z = run.seed += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static int64_t random_between (int64_t least, int64_t most)
{
	return least + (int64_t) (random_next () % (uint64_t) (most - least + 1));
}

static const char *random_of (const struct demo_text *texts)
{
	return texts->at[random_next () % texts->n];
}

/* ---- HTTP ---- */

static size_t body_take (char *at, size_t size, size_t n, void *ctx)
{
	buffer_add (ctx, at, size * n);
	return size * n;
}

/* A request with a JSON body (taken), and the JSON that came back; exits the verb's thread's work by null on failure. */
static json_t *http_json (const char *method, const char *url, const char *key, json_t *body)
{
	static CURL *c;
	struct buffer answer = { 0 };
	struct curl_slist *headers = curl_slist_append (NULL, "Content-Type: application/json");
	char bearer[300], when[100];
	if (key &&
	    json_object_get (body, "time")) { /* the API takes it beside the record: when it happened, from somebody who may say so */
		snprintf (when, sizeof when, "CRM-Time: %s", json_string_value (json_object_get (body, "time")));
		headers = curl_slist_append (headers, when);
		json_object_del (body, "time");
	}
	char *text = body ? json_dumps (body, JSON_COMPACT) : NULL;
	long status = 0;
	if (!c)
		c = curl_easy_init ();
	curl_easy_reset (c);
	if (key) {
		snprintf (bearer, sizeof bearer, "Authorization: Bearer %s", key);
		headers = curl_slist_append (headers, bearer);
	}
	curl_easy_setopt (c, CURLOPT_URL, url);
	curl_easy_setopt (c, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt (c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (c, CURLOPT_TIMEOUT_MS, 20000L);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, body_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, &answer);
	if (text)
		curl_easy_setopt (c, CURLOPT_POSTFIELDS, text);
	CURLcode code = curl_easy_perform (c);
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
	json_t *o = json_loadb ((const char *) answer.at, answer.n, JSON_DECODE_ANY, NULL);
	if (code != CURLE_OK || status / 100 != 2) {
		fprintf (stderr, "crmctl demo: %s %s: %ld %.*s\n", method, key ? url : "a hook", status,
			 (int) (answer.n < 300 ? answer.n : 300), answer.n ? (const char *) answer.at : curl_easy_strerror (code));
		json_decref (o);
		o = NULL;
	}
	curl_slist_free_all (headers);
	buffer_fini (&answer);
	free (text);
	json_decref (body);
	return o;
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

struct demo_place {
	const struct demo_workspace *what;
	struct uuid agency, id, user[TEAM];
	char key[200], hook[200], password[24];
};

/* "Sanne de Boer" of "Hotel De Linde": sanne.deboer@hotel-de-linde.example, in ASCII. */
static void address_make (char *ret, size_t room, const char *name, const char *firm)
{
	size_t n = 0;
	for (const char *at = name; *at && n < room - 60; at++) {
		unsigned char c = (unsigned char) *at;
		if (c == ' ' && !strchr (ret, '.') && n)
			ret[n++] = '.';
		else if ((c | 32) >= 'a' && (c | 32) <= 'z')
			ret[n++] = (char) (c | 32);
		ret[n] = 0;
	}
	n += (size_t) snprintf (ret + n, room - n, "@");
	for (const char *at = firm ? firm : "post"; *at && n < room - 20; at++) {
		unsigned char c = (unsigned char) *at;
		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			ret[n++] = (char) (c | 32);
		else if (c == ' ' && ret[n - 1] != '-')
			ret[n++] = '-';
	}
	snprintf (ret + n, room - n, ".example");
}

static json_t *lead_make (const struct demo_workspace *w, int64_t at)
{
	char name[200], email[300] = "", phone[60], time[TIME_TEXT];
	const char *firm = random_of (w->firms);
	snprintf (name, sizeof name, "%s %s", random_of (w->first), random_of (w->last));
	address_make (email, sizeof email, name, firm);
	snprintf (phone, sizeof phone, "%s%08lld", w->phone, (long long) random_between (10000000, 99999999));
	phone[strlen (w->phone) + (strstr (w->phone, "7946") || strstr (w->phone, "555") ? 4 : 8)] = 0;
	return json_pack ("{ss ss ss* ss ss ss ss* ss*}", "name", name, "email", email, "company", firm, "phone", phone, "form_type",
			  random_of (w->forms), "message", random_of (w->wishes), "source", at ? "web_form" : NULL, "time",
			  at ? time_format (at, time) : NULL);
}

/* The last week through the hook, what is older through the API, which may say when it was. */
static bool leads_post (const struct demo_place *p)
{
	int64_t now = clock_now ();
	for (int i = 0; i < DEALS; i++) {
		int64_t age = (int64_t) (DEALS - i) * (DEALS - i) * 130 * DAY / (DEALS * DEALS);
		int64_t at = age > 5 * DAY ? now - age * 1000000 - random_between (0, DAY / 3) * 1000000 : 0;
		json_t *lead = lead_make (p->what, at),
		       *answer = at ? api ("POST", p->key, lead, "/api/crm/leads") : http_json ("POST", p->hook, NULL, lead);
		if (!answer)
			return false;
		json_decref (answer);
	}
	return true;
}

/* All deals of the workspace, oldest first; waits until every lead has become one. */
static json_t *deals_wait (const struct demo_place *p)
{
	for (int turn = 0; turn < 1000; turn++) {
		json_t *page = api ("GET", p->key, NULL, "/api/crm/deals?limit=200"), *list = json_incref (json_object_get (page, "data"));
		bool whole = json_array_size (list) >= DEALS;
		json_decref (page);
		if (whole)
			return list;
		json_decref (list);
		nanosleep (&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	fprintf (stderr, "crmctl demo: the leads of %s do not become deals\n", p->what->slug);
	return NULL;
}

static bool deal_value (const struct demo_place *p, const char *id, int64_t worth)
{
	char amount[32], owner[UUID_TEXT];
	snprintf (amount, sizeof amount, "%lld.%02d", (long long) worth, worth < 200 ? 50 : 0);
	json_t *answer = api ("PUT", p->key,
			      json_pack ("{s{ss ss} ss}", "value", "amount", amount, "currency", p->what->currency, "owner_id",
					 uuid_format (p->user[random_next () % TEAM], owner)),
			      "/api/crm/opportunities/%s", id);
	json_decref (answer);
	return answer;
}

static bool deal_step (const struct demo_place *p, const char *id, const char *stage, int64_t at)
{
	char time[TIME_TEXT];
	json_t *answer = api ("POST", p->key,
			      json_pack ("{ss ss* ss}", "stage", stage, "note", p->what->note, "time", time_format (at, time)),
			      "/api/crm/opportunity/%s/stage", id);
	json_decref (answer);
	return answer;
}

/* The older a deal, the further it has come; every fifth of the old ones was lost on the way. */
static bool deal_live (const struct demo_place *p, json_t *deal, size_t i)
{
	const struct demo_workspace *w = p->what;
	const char *id = json_string_value (json_object_get (deal, "id"));
	int64_t created = 0, now = clock_now (), steps = 0;
	while (steps < 5 && w->stages[steps])
		steps++;
	if (time_parse (json_string_value (json_object_get (deal, "created_at")), &created) != OK)
		return false;
	int64_t age = (now - created) / 1000000 / DAY;
	int64_t way = age < 3 ? 0 : random_between (age > 14, age > 45 ? steps : age > 20 ? steps - 1 : steps - 2);
	bool lost = way && age > 15 && i % 5 == 0;
	if ((way || random_next () % 3) && !deal_value (p, id, random_between (w->least, w->most)))
		return false;
	for (int64_t k = 0; k < way; k++)
		if (!deal_step (p, id, lost && k == way - 1 ? w->stages[5] : w->stages[k], created + (now - created) * (k + 1) / (way + 1)))
			return false;
	return true;
}

static bool fail (const char *what, const struct answer *a)
{
	if (a->state == ANSWER_DONE)
		return false;
	fprintf (stderr, "%s: ", what);
	answer_fail ("demo", a, false);
	return true;
}

static void user_address (char *ret, size_t room, const struct demo_workspace *w, int i)
{
	size_t n = 0;
	for (const char *at = w->team[i]; *at && *at != ' ' && n < room - 50; at++)
		ret[n++] = (char) (*at | 32);
	snprintf (ret + n, room - n, "@%s", w->domain);
}

static bool team_make (struct demo_place *p)
{
	for (int i = 0; i < TEAM; i++) {
		char email[200];
		user_address (email, sizeof email, p->what, i);
		struct answer a = user_make (p->agency, email, p->what->team[i], NULL, false, i ? NULL : password_random (p->password),
					     &p->user[i]);
		if (fail (email, &a))
			return false;
		a = member_make (p->id, p->user[i], p->what->role[i]);
		if (fail (email, &a))
			return false;
		ask_spread (&a);
	}
	return true;
}

static bool agency_make (const struct demo_workspace *w, struct uuid *ret)
{
	if (!w->agency)
		return ask_agency ("demo", NULL, ret);
	*ret = uuid_v7 (clock_now ());
	struct agency_add add = {
		.head.workspace = *ret, .agency_id = { *ret }, .name = w->agency, .has = { .agency_id = HERE, .name = HERE }
	};
	struct answer a = ask_command (&agency_add_record, &add);
	ask_spread (&a);
	return !fail (w->agency, &a);
}

static bool place_make (struct demo_place *p)
{
	char key[48];
	if (!agency_make (p->what, &p->agency))
		return false;
	struct answer a = workspace_make (p->agency, p->what->slug, p->what->preset, p->what->name, &p->id);
	if (fail (p->what->slug, &a))
		return false;
	ask_spread (&a);
	if (!team_make (p))
		return false;
	a = apikey_make (p->id, "owner", "demo data");
	if (fail ("key", &a))
		return false;
	snprintf (p->key, sizeof p->key, "%s", json_string_value (json_object_get (a.json, "key")));
	struct uuid key_id = a.id;
	a = source_make (p->id, "generic", "Website", NULL, p->what->forms->at[0], key);
	if (fail ("source", &a))
		return false;
	ask_spread (&a);
	snprintf (p->hook, sizeof p->hook, "%s/hooks/%s", run.hooks, key);
	json_t *deals = leads_post (p) ? deals_wait (p) : NULL, *deal;
	size_t i;
	bool good = deals;
	json_array_foreach (deals, i, deal)
	{
		good = good && deal_live (p, deal, i);
	}
	json_decref (deals);
	struct apikey_revoke revoke = { .head.workspace = p->id, .apikey_id = { key_id }, .has.apikey_id = HERE };
	ask_command (&apikey_revoke_record, &revoke);
	return good;
}

/* ---- all of them ---- */

static void place_tell (const struct demo_place *p)
{
	char email[200], id[UUID_TEXT];
	user_address (email, sizeof email, p->what, 0);
	if (!run.json)
		printf ("  %-16s %-14s %-34s %s\n", p->what->slug, p->what->preset, email, p->password);
	json_array_append_new (run.made, json_pack ("{ss ss ss ss ss ss}", "id", uuid_format (p->id, id), "slug", p->what->slug, "preset",
						    p->what->preset, "email", email, "password", p->password, "hook", p->hook));
}

/* The agency's own log-in: both client workspaces at once, and one address for both. */
static bool admin_make (struct uuid agency)
{
	static const char email[] = "admin@studio-noord.example";
	char password[24], key[48];
	struct uuid user;
	struct answer a = user_make (agency, email, "Sara Noord", "nl", true, password_random (password), &user);
	if (fail (email, &a))
		return false;
	a = source_make (agency, "agency", "Websites", NULL, NULL, key);
	if (fail ("source", &a))
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
	static struct demo_place place[LENGTH (demo)];
	run.made = json_array ();
	if (!run.json)
		printf ("Log in with\n\n");
	for (size_t i = 0; i < LENGTH (demo); i++) {
		run.seed = 0x1ead0000 + i;
		place[i].what = &demo[i];
		if (!place_make (&place[i]))
			return 1;
		place_tell (&place[i]);
	}
	if (!admin_make (place[0].agency))
		return 1;
	if (run.json)
		json_line (json_pack ("{so}", "data", run.made));
	return 0;
}

int crmctl_demo (int argc, char **argv)
{
	const struct word words[] = { { "json", NULL, &run.json }, { "var", &run.var, NULL } };
	if (words_read (argc, argv, words, LENGTH (words)) || sodium_init () < 0) {
		fprintf (stderr, "usage: crmctl demo [--json] [--var DIR]\n");
		return 2;
	}
	json_t *house = ask_house (run.var);
	const char *api_url = json_string_value (json_object_get (house, "api")),
		   *hooks = json_string_value (json_object_get (house, "hooks"));
	snprintf (run.api, sizeof run.api, "%s", api_url ? api_url : "");
	snprintf (run.hooks, sizeof run.hooks, "%s", hooks ? hooks : "");
	json_decref (house);
	return ask_run (run.var, demo_run, NULL);
}
