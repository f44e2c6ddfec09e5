/* crmctl workspace, user, apikey, source: who there is and how leads come in. Each act is a command to the service that owns it.
 * A password, key or secret is printed once and kept nowhere here. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "seal.h"
#include "clock.h"
#include "verbs.h"

static struct {
	const char *var, *agency, *workspace, *preset, *name, *language, *currency, *timezone, *role, *password, *kind, *secret, *form_type,
		*redirect, *origins, *owner, *sections, *slug, *verify_token, *overlap, *access_token, *stage, *minimum_fill, *per_minute;
	bool json, admin;
	char **word;
	int n;
} say;

static const char *text_of (json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? text : "";
}

#define SET(item, field, given)                  \
	do {                                     \
		if (given) {                     \
			(item).field = (given);  \
			(item).has.field = HERE; \
		}                                \
	} while (0)

/* ---- finding ---- */

size_t ask_homes (struct uuid ret[], size_t room)
{
	struct agency_list query = { 0 };
	struct answer a = ask_query (&agency_list_record, &query);
	size_t i, n = 0;
	json_t *o;
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		if (n < room && uuid_parse (text_of (o, "id"), &ret[n]) == OK)
			n++;
	}
	json_decref (a.json);
	return n;
}

/* The gateway makes the first agency by itself, a moment after its first start. */
static struct answer agencies_ask (void)
{
	int64_t limit = clock_monotonic () + 15000000;
	for (;;) {
		struct agency_list query = { 0 };
		struct answer a = ask_query (&agency_list_record, &query);
		if (json_array_size (json_object_get (a.json, "data")) || clock_monotonic () > limit)
			return a;
		json_decref (a.json);
		nanosleep (&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
}

bool ask_agency (const char *verb, const char *name, struct uuid *ret)
{
	struct answer a = agencies_ask ();
	json_t *list = json_object_get (a.json, "data"), *o;
	size_t i, found = 0;
	json_array_foreach (list, i, o)
	{
		struct uuid id;
		if (name && strcasecmp (name, text_of (o, "name")) && strcasecmp (name, text_of (o, "id")))
			continue;
		if (!found && uuid_parse (text_of (o, "id"), &id) == OK) {
			*ret = id; /* of several the oldest: it comes first */
			found++;
		}
	}
	if (a.state != ANSWER_DONE)
		answer_fail (verb, &a, false);
	else if (!found)
		fprintf (stderr, "crmctl %s: there is no such agency\n", verb);
	json_decref (a.json);
	return found;
}

static json_t *workspace_row (json_t *list, const char *name)
{
	size_t i;
	json_t *o;
	json_array_foreach (json_object_get (list, "data"), i, o)
	{
		if (!strcasecmp (name, text_of (o, "slug")) || !strcasecmp (name, text_of (o, "id")))
			return o;
	}
	return NULL;
}

bool workspace_of_list (json_t *list, const char *name, struct uuid *ret)
{
	json_t *row = workspace_row (list, name);
	return row && uuid_parse (text_of (row, "id"), ret) == OK;
}

static struct answer workspaces_ask (void)
{
	struct uuid home[64];
	struct workspace_list query = { 0 };
	query.head.workspaces = home;
	query.head.n_workspaces = ask_homes (home, LENGTH (home));
	return ask_query (&workspace_list_record, &query);
}

bool ask_workspace (const char *verb, const char *name, struct uuid *ret)
{
	struct answer a = workspaces_ask ();
	bool found = workspace_of_list (a.json, name, ret);
	if (a.state != ANSWER_DONE)
		answer_fail (verb, &a, false);
	else if (!found)
		fprintf (stderr, "crmctl %s: there is no workspace %s\n", verb, name);
	json_decref (a.json);
	return found;
}

/* For tail, whose questions are asked on the loop's thread: the homes first, then their workspaces. */
static struct {
	reply_fn *reply;
	struct uuid home[64];
} list_ask;

static void grant_all (struct head *h)
{
	h->id = h->correlation = uuid_v7 (clock_now ());
	h->grant.scope = SCOPE_ALL;
	h->grant.permissions = ~UINT64_C (0);
}

static void homes_arrive (struct app *app, void *ctx, const struct reply *reply)
{
	struct workspace_list query = { 0 };
	json_t *o, *list = reply->json.n ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	size_t i;
	grant_all (&query.head);
	query.head.workspaces = list_ask.home;
	json_array_foreach (json_object_get (list, "data"), i, o)
	{
		if (query.head.n_workspaces < LENGTH (list_ask.home) &&
		    uuid_parse (text_of (o, "id"), &list_ask.home[query.head.n_workspaces]) == OK)
			query.head.n_workspaces++;
	}
	json_decref (list);
	app_query (app, &workspace_list_record, &query, NULL, 0, 10000, list_ask.reply, ctx);
}

void workspace_list_ask (struct app *app, reply_fn *reply)
{
	struct agency_list query = { 0 };
	list_ask.reply = reply;
	grant_all (&query.head);
	app_query (app, &agency_list_record, &query, NULL, 0, 10000, homes_arrive, NULL);
}

/* ---- the acts ---- */

struct answer workspace_make (struct uuid agency, const char *slug, const char *preset, const char *name, bool demo, struct uuid *ret_id)
{
	*ret_id = uuid_v7 (clock_now ());
	struct workspace_add add = { .head.workspace = *ret_id, .slug = slug, .workspace_id = { *ret_id }, .agency_id = { agency } };
	SET (add, slug, slug);
	SET (add, preset, preset);
	SET (add, name, name);
	SET (add, language, say.language);
	SET (add, currency, say.currency);
	SET (add, timezone, say.timezone);
	add.has.workspace_id = add.has.agency_id = add.has.demo = HERE;
	add.demo = demo;
	return ask_command (&workspace_add_record, &add);
}

const char *password_random (char ret[24])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	size_t n = 0;
	for (size_t i = 0; i < 16; i++) {
		if (i && i % 4 == 0)
			ret[n++] = '-';
		ret[n++] = letters[randombytes_uniform (sizeof letters - 1)];
	}
	ret[n] = 0;
	return ret;
}

struct answer user_make (struct uuid agency, const char *email, const char *name, const char *language, bool admin, const char *password,
			 struct uuid *ret_id)
{
	static char hash[PASSWORD_TEXT];
	*ret_id = uuid_v7 (clock_now ());
	struct user_add add = { .head.workspace = agency, .user_id = { *ret_id }, .has.user_id = HERE };
	if (password && !password_hash (password, hash)) /* by the gateway's own measure: a log-in's time tells nothing */
		abort ();				 /* memory that is not there */
	SET (add, email, email);
	SET (add, name, name);
	SET (add, language, language);
	const char *kept = password ? hash : NULL;
	SET (add, password_hash, kept);
	if (admin) {
		add.agency_admin = true;
		add.has.agency_admin = HERE;
	}
	SET (add, allowed_sections, say.sections);
	return ask_command (&user_add_record, &add);
}

struct answer member_make (struct uuid workspace, struct uuid user, const char *role)
{
	struct member_set set = { .head.workspace = workspace, .user_id = { user }, .has.user_id = HERE };
	SET (set, role, role);
	return ask_command (&member_set_record, &set);
}

struct answer apikey_make (struct uuid workspace, const char *role, const char *name)
{
	struct apikey_add add = { .head.workspace = workspace, .apikey_id = { uuid_v7 (clock_now ()) }, .has.apikey_id = HERE };
	SET (add, role, role);
	SET (add, name, name);
	return ask_command (&apikey_add_record, &add);
}

static int kind_find (const char *name)
{
	for (int i = 0; i < source_kind_count; i++)
		if (!strcmp (source_kind_names[i], name))
			return i;
	return -1;
}

/* 128 random bits, in the URL's own letters. */
static void key_random (char ret[48])
{
	unsigned char bits[16];
	randombytes_buf (bits, sizeof bits);
	sodium_bin2base64 (ret, 48, bits, sizeof bits, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool is_number (const char *text)
{
	return !text || (*text && strlen (text) < 10 && strspn (text, "0123456789") == strlen (text));
}

static void number_read (int64_t *to, unsigned char *to_has, const char *text)
{
	if (!text)
		return;
	*to = strtoll (text, NULL, 10);
	*to_has = HERE;
}

struct answer source_make (struct uuid workspace, const char *kind, const char *name, const char *secret, const char *form_type, bool demo,
			   char ret_key[48])
{
	key_random (ret_key);
	struct source_add add = { .head.workspace = workspace, .source_id = { uuid_v7 (clock_now ()) }, .url_key = ret_key };
	add.has.source_id = add.has.url_key = add.has.kind = HERE;
	add.kind = (enum source_kind) kind_find (kind);
	add.demo = demo;
	add.has.demo = demo ? HERE : ABSENT;
	add.per_minute = 6000; /* a demo's months of leads come within a minute */
	add.has.per_minute = add.has.demo;
	SET (add, name, name);
	SET (add, secret, secret);
	SET (add, form_type, form_type);
	SET (add, redirect, say.redirect);
	SET (add, origins, say.origins);
	SET (add, verify_token, say.verify_token);
	SET (add, access_token, say.access_token);
	SET (add, stage, say.stage);
	number_read (&add.minimum_fill, &add.has.minimum_fill, say.minimum_fill);
	number_read (&add.per_minute, &add.has.per_minute, say.per_minute);
	struct answer a = ask_command (&source_add_record, &add);
	if (a.state != ANSWER_DONE)
		return a;
	struct source_note note = { .head.workspace = workspace, .source_id = add.source_id, .what = "source_add", .kind = kind };
	note.has.source_id = note.has.what = note.has.kind = HERE;
	SET (note, name, name);
	struct answer noted = ask_command (&source_note_record, &note);
	if (noted.state != ANSWER_DONE)
		return noted;
	a.id = add.source_id.uuid;
	return a;
}

/* ---- crmctl workspace ---- */

static int workspace_add_run (void *ctx)
{
	(void) ctx;
	struct uuid agency, id;
	char text[UUID_TEXT];
	if (!ask_agency ("workspace", say.agency, &agency))
		return 1;
	struct answer a = workspace_make (agency, say.word[1], say.preset, say.name, false, &id);
	if (a.state != ANSWER_DONE)
		return answer_fail ("workspace", &a, say.json);
	ask_spread (&a);
	if (say.json)
		json_line (json_pack ("{ss ss}", "id", uuid_format (id, text), "slug", say.word[1]));
	else
		printf ("%s %s\n", uuid_format (id, text), say.word[1]);
	return 0;
}

static int workspace_list_run (void *ctx)
{
	(void) ctx;
	struct answer a = workspaces_ask ();
	size_t i;
	json_t *o;
	if (a.state != ANSWER_DONE)
		return answer_fail ("workspace", &a, say.json);
	if (say.json) {
		json_line (a.json);
		return 0;
	}
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		printf ("%-24s %-14s %s  %s\n", text_of (o, "slug"), text_of (o, "preset"), text_of (o, "id"), text_of (o, "name"));
	}
	json_decref (a.json);
	return 0;
}

/* The words that all of these verbs know; which of them mean something is the verb's. */
static void say_read (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &say.json },
		{ "var", &say.var, NULL },
		{ "agency", &say.agency, NULL },
		{ "workspace", &say.workspace, NULL },
		{ "preset", &say.preset, NULL },
		{ "name", &say.name, NULL },
		{ "language", &say.language, NULL },
		{ "currency", &say.currency, NULL },
		{ "timezone", &say.timezone, NULL },
		{ "role", &say.role, NULL },
		{ "password", &say.password, NULL },
		{ "kind", &say.kind, NULL },
		{ "secret", &say.secret, NULL },
		{ "form-type", &say.form_type, NULL },
		{ "redirect", &say.redirect, NULL },
		{ "origins", &say.origins, NULL },
		{ "verify-token", &say.verify_token, NULL },
		{ "overlap", &say.overlap, NULL },
		{ "access-token", &say.access_token, NULL },
		{ "stage", &say.stage, NULL },
		{ "minimum-fill", &say.minimum_fill, NULL },
		{ "per-minute", &say.per_minute, NULL },
		{ "owner", &say.owner, NULL },
		{ "sections", &say.sections, NULL },
		{ "admin", NULL, &say.admin },
	};
	if (sodium_init () < 0)
		abort ();
	say.n = words_read (argc, argv, words, LENGTH (words));
	say.word = argv + 1;
}

static bool verb_is (const char *name, int words)
{
	return say.n == words && !strcmp (say.word[0], name);
}

int crmctl_workspace (int argc, char **argv)
{
	say_read (argc, argv);
	if (verb_is ("add", 2) && say.preset)
		return ask_run (say.var, workspace_add_run, NULL);
	if (verb_is ("list", 1))
		return ask_run (say.var, workspace_list_run, NULL);
	fprintf (stderr,
		 "usage: crmctl workspace add SLUG --preset P [--name N] [--language nl|en] [--currency EUR] [--timezone Z] [--agency A]\n"
		 "       crmctl workspace list\n");
	return 2;
}

/* ---- crmctl user ---- */

enum { USER_WORKSPACES = 64 };

/* Where somebody is to work. */
struct places {
	struct uuid id[USER_WORKSPACES], agency;
	char slug[USER_WORKSPACES][64];
	bool closed[USER_WORKSPACES]; /* open to its owner and admins alone */
	size_t n;
};

/* NULL, or why nobody can be made for the workspace: people and workspaces are of one agency. */
static const char *place_add (struct places *places, json_t *row)
{
	struct uuid agency;
	if (!row || uuid_parse (text_of (row, "agency_id"), &agency) != OK)
		return "there is no workspace";
	if (places->n && !uuid_equal (agency, places->agency))
		return "another agency than the others' has the workspace";
	if (places->n == LENGTH (places->id) || uuid_parse (text_of (row, "id"), &places->id[places->n]) != OK)
		return "too many workspaces at once, from";
	places->agency = agency;
	snprintf (places->slug[places->n], sizeof places->slug[0], "%s", text_of (row, "slug"));
	places->closed[places->n] = json_is_true (json_object_get (row, "admin_only")) && strcmp (say.role, "owner") &&
				    strcmp (say.role, "admin");
	places->n++;
	return NULL;
}

/* The workspaces of the list "a,b", looked up before anybody is made: nobody is left who can log in and belongs nowhere. */
static bool places_find (const char *list, struct places *ret)
{
	char copy[1000], *rest;
	struct answer a = workspaces_ask ();
	const char *why = NULL;
	ret->n = 0;
	if (a.state != ANSWER_DONE)
		return answer_fail ("user", &a, say.json), false;
	snprintf (copy, sizeof copy, "%s", list);
	for (char *slug = strtok_r (copy, ",", &rest); slug && !why; slug = strtok_r (NULL, ",", &rest)) {
		why = place_add (ret, workspace_row (a.json, slug));
		if (why)
			fprintf (stderr, "crmctl user: %s %s\n", why, slug);
	}
	if (!why && !ret->n)
		fprintf (stderr, "crmctl user: --workspace names none\n");
	json_decref (a.json);
	return !why && ret->n;
}

/* Whose somebody is: the agency that was named, else that of the workspaces, else the oldest. */
static bool agency_find (const struct places *places, struct uuid *ret)
{
	*ret = places->agency;
	if (places->n && !say.agency)
		return true;
	if (!ask_agency ("user", say.agency, ret))
		return false;
	if (!places->n || uuid_equal (*ret, places->agency))
		return true;
	fprintf (stderr, "crmctl user: the workspaces are not of the agency %s\n", say.agency);
	return false;
}

/* Asked before, for the same reason. */
static bool role_known (const struct places *places)
{
	struct role_list query = { .head.workspaces = places->id, .head.n_workspaces = places->n };
	if (!places->n)
		return true;
	struct answer a = ask_query (&role_list_record, &query);
	size_t i;
	json_t *o;
	bool known = false;
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		known = known || !strcmp (say.role, text_of (o, "key"));
	}
	if (a.state != ANSWER_DONE)
		answer_fail ("user", &a, say.json);
	else if (!known)
		fprintf (stderr, "crmctl user: there is no role %s\n", say.role);
	json_decref (a.json);
	return known;
}

/* One membership per workspace. */
static int members_make (const struct places *places, struct uuid user)
{
	for (size_t i = 0; i < places->n; i++) {
		struct answer a = member_make (places->id[i], user, say.role);
		if (a.state != ANSWER_DONE)
			return answer_fail ("user", &a, say.json);
		ask_spread (&a);
	}
	return 0;
}

/* --sections crm,website becomes the JSON array that the command wants. */
static const char *sections_json (const char *list)
{
	json_t *array = json_array ();
	char copy[500], *rest;
	if (!list)
		return NULL;
	snprintf (copy, sizeof copy, "%s", list);
	for (char *word = strtok_r (copy, ",", &rest); word; word = strtok_r (NULL, ",", &rest))
		json_array_append_new (array, json_string (word));
	char *text = json_dumps (array, JSON_COMPACT);
	json_decref (array);
	return text;
}

/* Who was made, where, and where that role does not get in yet. */
static void user_told (const struct places *places, struct uuid id, const char *password)
{
	char text[UUID_TEXT];
	json_t *members = json_array ();
	for (size_t i = 0; i < places->n; i++)
		json_array_append_new (
			members, json_pack ("{ss ss sb}", "workspace", places->slug[i], "role", say.role, "admin_only", places->closed[i]));
	if (say.json)
		json_line (json_pack ("{ss ss ss sO}", "id", uuid_format (id, text), "email", say.word[1], "password", password, "members",
				      members));
	else
		printf ("%s  password %s\n", say.word[1], password);
	for (size_t i = 0; i < places->n && !say.json; i++)
		printf ("  %s of %s%s\n", say.role, places->slug[i],
			places->closed[i]
				? ", which only its owner and admins get into (admin_only): nothing is seen there until that is off"
				: "");
	if (!places->n && !say.json)
		printf ("  of no workspace%s\n",
			say.admin ? ", but an admin of the agency" : " yet: crmctl user add … --workspace SLUG --role ROLE");
	json_decref (members);
}

static int user_add_run (void *ctx)
{
	(void) ctx;
	struct uuid agency, id;
	struct places places = { .n = 0 };
	char random[24];
	if ((say.workspace && !places_find (say.workspace, &places)) || !role_known (&places) || !agency_find (&places, &agency))
		return 1;
	const char *password = say.password ? say.password : password_random (random);
	say.sections = sections_json (say.sections);
	struct answer a = user_make (agency, say.word[1], say.name ? say.name : say.word[1], say.language, say.admin, password, &id);
	if (a.state != ANSWER_DONE)
		return answer_fail ("user", &a, say.json);
	ask_spread (&a);
	int code = members_make (&places, id);
	if (code)
		return code;
	user_told (&places, id, password);
	return 0;
}

static int user_list_run (void *ctx)
{
	(void) ctx;
	struct uuid home[64];
	struct user_list query = { .head.workspaces = home, .head.n_workspaces = ask_homes (home, LENGTH (home)) };
	struct answer a = ask_query (&user_list_record, &query);
	size_t i;
	json_t *o;
	if (a.state != ANSWER_DONE)
		return answer_fail ("user", &a, say.json);
	if (say.json) {
		json_line (a.json);
		return 0;
	}
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		printf ("%s  %-32s %s\n", text_of (o, "id"), text_of (o, "email"), text_of (o, "name"));
	}
	json_decref (a.json);
	return 0;
}

int crmctl_user (int argc, char **argv)
{
	say_read (argc, argv);
	if (verb_is ("add", 2) && !say.workspace == !say.role)
		return ask_run (say.var, user_add_run, NULL);
	if (verb_is ("list", 1))
		return ask_run (say.var, user_list_run, NULL);
	fprintf (stderr,
		 "usage: crmctl user add EMAIL [--name N] [--workspace SLUG,… --role R] [--admin] [--password P] [--language nl|en]\n"
		 "                       [--sections crm,…] [--agency A]\n"
		 "       crmctl user list\n");
	return 2;
}

/* ---- crmctl apikey ---- */

static int apikey_add_run (void *ctx)
{
	(void) ctx;
	struct uuid workspace;
	char text[UUID_TEXT];
	if (!ask_workspace ("apikey", say.workspace, &workspace))
		return 1;
	struct answer a = apikey_make (workspace, say.role, say.name);
	if (a.state != ANSWER_DONE)
		return answer_fail ("apikey", &a, say.json);
	ask_spread (&a);
	if (say.json)
		json_line (json_pack ("{ss ss}", "id", uuid_format (a.id, text), "key", text_of (a.json, "key")));
	else
		printf ("%s\n", text_of (a.json, "key"));
	return 0;
}

/* A key's workspace is found by looking through the keys of all of them. */
static bool apikey_workspace (struct uuid id, struct uuid *ret)
{
	struct answer w = workspaces_ask ();
	struct uuid set[1024];
	size_t n = 0, i;
	json_t *o;
	bool found = false;
	json_array_foreach (json_object_get (w.json, "data"), i, o)
	{
		if (n < LENGTH (set) && uuid_parse (text_of (o, "id"), &set[n]) == OK)
			n++;
	}
	struct apikey_list query = { .head.workspaces = set, .head.n_workspaces = n };
	struct answer a = ask_query (&apikey_list_record, &query);
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		struct uuid key;
		if (uuid_parse (text_of (o, "id"), &key) == OK && uuid_equal (key, id))
			found = uuid_parse (text_of (o, "workspace_id"), ret) == OK;
	}
	json_decref (w.json);
	json_decref (a.json);
	return found;
}

static int apikey_revoke_run (void *ctx)
{
	(void) ctx;
	struct apikey_revoke revoke = { .has.apikey_id = HERE };
	if (uuid_parse (say.word[1], &revoke.apikey_id.uuid) != OK || !apikey_workspace (revoke.apikey_id.uuid, &revoke.head.workspace)) {
		fprintf (stderr, "crmctl apikey: there is no key %s\n", say.word[1]);
		return 1;
	}
	struct answer a = ask_command (&apikey_revoke_record, &revoke);
	if (a.state != ANSWER_DONE)
		return answer_fail ("apikey", &a, say.json);
	ask_spread (&a);
	if (say.json)
		json_line (json_pack ("{ss}", "revoked", say.word[1]));
	return 0;
}

int crmctl_apikey (int argc, char **argv)
{
	say_read (argc, argv);
	if (verb_is ("add", 1) && say.workspace && say.role)
		return ask_run (say.var, apikey_add_run, NULL);
	if (verb_is ("revoke", 2))
		return ask_run (say.var, apikey_revoke_run, NULL);
	fprintf (stderr, "usage: crmctl apikey add --workspace SLUG --role R [--name N]\n       crmctl apikey revoke ID\n");
	return 2;
}

/* ---- crmctl source ---- */

static int source_add_run (void *ctx)
{
	(void) ctx;
	struct uuid workspace;
	char key[48], text[UUID_TEXT], url[300];
	bool agency = !strcmp (say.kind, "agency"); /* an agency's way in stands in its home */
	if (agency ? !ask_agency ("source", say.agency, &workspace) : !ask_workspace ("source", say.workspace, &workspace))
		return 1;
	struct answer a = source_make (workspace, say.kind, say.name, say.secret, say.form_type, false, key);
	if (a.state != ANSWER_DONE)
		return answer_fail ("source", &a, say.json);
	ask_spread (&a);
	json_t *house = ask_house (say.var);
	snprintf (url, sizeof url, "%s/hooks/%s", text_of (house, "hooks"), key);
	json_decref (house);
	if (say.json)
		json_line (json_pack ("{ss ss}", "id", uuid_format (a.id, text), "url", url));
	else
		printf ("%s\n", url);
	return 0;
}

/* The set of all workspaces and homes, or of the one that was named. */
static size_t set_find (struct uuid set[], size_t room)
{
	size_t n = 0, i;
	json_t *o;
	if (say.workspace)
		return ask_workspace ("source", say.workspace, &set[0]);
	n = ask_homes (set, room);
	struct answer w = workspaces_ask ();
	json_array_foreach (json_object_get (w.json, "data"), i, o)
	{
		if (n < room && uuid_parse (text_of (o, "id"), &set[n]) == OK)
			n++;
	}
	json_decref (w.json);
	return n;
}

static int source_list_run (void *ctx)
{
	(void) ctx;
	static struct uuid set[1024];
	struct source_list query = { .limit = 200, .has.limit = HERE };
	query.head.workspaces = set;
	query.head.n_workspaces = set_find (set, LENGTH (set));
	if (!query.head.n_workspaces)
		return 1;
	struct answer a = ask_query (&source_list_record, &query);
	size_t i;
	json_t *o;
	if (a.state != ANSWER_DONE)
		return answer_fail ("source", &a, say.json);
	if (say.json) {
		json_line (a.json);
		return 0;
	}
	json_array_foreach (json_object_get (a.json, "data"), i, o)
	{
		printf ("%s  %-14s %s\n", text_of (o, "id"), text_of (o, "kind"), text_of (o, "name"));
	}
	json_decref (a.json);
	return 0;
}

/* A line of the audit: who did it is the operator. */
static struct answer source_noted (struct uuid workspace, const char *what, const char *id, const json_t *said)
{
	json_t *before = json_object_get (said, "before"), *detail = json_pack ("{s{ss} sO?}", "asked", "source_id", id, "before", before);
	char *text = json_dumps (detail, JSON_COMPACT);
	struct setting_note note = { .head.workspace = workspace, .what = what, .detail = text, .has = { HERE, HERE } };
	struct answer ret = ask_command (&setting_note_record, &note);
	free (text);
	json_decref (detail);
	return ret;
}

/* The new address of a rotation; null: it is another verb's answer. */
static const char *source_url (const json_t *said, char ret[300])
{
	const char *key = json_string_value (json_object_get (said, "hook"));
	if (!key)
		return NULL;
	json_t *house = ask_house (say.var);
	snprintf (ret, 300, "%s/hooks/%s", text_of (house, "hooks"), key);
	json_decref (house);
	return ret;
}

static int source_told (struct answer *a, struct uuid workspace, const char *what)
{
	char url[300];
	if (a->state != ANSWER_DONE)
		return answer_fail ("source", a, say.json);
	struct answer noted = source_noted (workspace, what, say.word[1], a->json);
	const char *told = source_url (a->json, url);
	ask_spread (a);
	if (say.json)
		json_line (json_pack ("{ss ss*}", "id", say.word[1], "url", told));
	else if (told)
		printf ("%s\n", told);
	json_decref (a->json);
	return noted.state == ANSWER_DONE ? 0 : answer_fail ("source", &noted, say.json);
}

/* The one that is named, in the workspace that is named: what is removed no list of all holds. */
static int source_change_run (void *ctx)
{
	const char *verb = say.word[0];
	struct uuid workspace;
	struct source_remove remove = { .has.source_id = HERE };
	struct source_restore restore = { .has.source_id = HERE };
	struct source_rotate rotate = { .has.source_id = HERE };
	struct answer a;
	(void) ctx;
	if (say.agency ? !ask_agency ("source", say.agency, &workspace) : !ask_workspace ("source", say.workspace, &workspace))
		return 1;
	if (uuid_parse (say.word[1], &remove.source_id.uuid) != OK) {
		fprintf (stderr, "crmctl source: %s is no id: crmctl source list names them\n", say.word[1]);
		return 1;
	}
	remove.head.workspace = restore.head.workspace = rotate.head.workspace = workspace;
	restore.source_id = rotate.source_id = remove.source_id;
	if (say.overlap) {
		rotate.overlap = strtoll (say.overlap, NULL, 10);
		rotate.has.overlap = HERE;
	}
	if (!strcmp (verb, "remove")) {
		a = ask_command (&source_remove_record, &remove);
		return source_told (&a, workspace, "source_remove");
	}
	if (!strcmp (verb, "restore")) {
		a = ask_command (&source_restore_record, &restore);
		return source_told (&a, workspace, "source_restore");
	}
	a = ask_command (&source_rotate_record, &rotate);
	return source_told (&a, workspace, "source_rotate");
}

int crmctl_source (int argc, char **argv)
{
	say_read (argc, argv);
	bool changes = verb_is ("remove", 2) || verb_is ("restore", 2) || verb_is ("rotate", 2);
	if (changes && (say.workspace || say.agency) && is_number (say.overlap))
		return ask_run (say.var, source_change_run, NULL);
	if (verb_is ("list", 1))
		return ask_run (say.var, source_list_run, NULL);
	bool numbers = is_number (say.minimum_fill) && is_number (say.per_minute);
	if (verb_is ("add", 1) && numbers && say.kind && kind_find (say.kind) >= 0 && (say.workspace || !strcmp (say.kind, "agency")))
		return ask_run (say.var, source_add_run, NULL);
	fprintf (
		stderr,
		"usage: crmctl source add --workspace SLUG --kind KIND [--secret S] [--name N] [--form-type T] [--redirect URL]\n"
		"                         [--origins 'URL …'] [--verify-token T] [--access-token T] [--stage KEY]\n"
		"                         [--minimum-fill SECONDS] [--per-minute N]\n"
		"       crmctl source list [--workspace SLUG]\n"
		"       crmctl source rotate ID --workspace SLUG [--overlap HOURS]    another URL; the old one stays good that long, 24 when not said\n"
		"       crmctl source remove|restore ID --workspace SLUG\n"
		"       KIND:");
	for (int i = 0; i < source_kind_count; i++)
		fprintf (stderr, " %s", source_kind_names[i]);
	fprintf (stderr, "\n");
	return 2;
}
