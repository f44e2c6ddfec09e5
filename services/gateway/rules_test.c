/* The gateway's pure decisions: routes, rights, origins, ids, positions, stream ids, names.
 * It must never need a database, a socket or the time. */
#include "gateway.h"
#include "presets.h"
#include "test.h"

#include <dirent.h>
#include <stdlib.h>

/* ---- words ---- */

static void slugs (void)
{
	static const char *const good[] = { "acme", "bakkerij-jansen", "a1", "kpn-2-go" };
	static const char *const bad[] = { "", "a", "1a", "-a", "a-", "a--b", "Acme", "a_b", "a b", "caf\xc3\xa9" };
	for (size_t i = 0; i < LENGTH (good); i++)
		CHECK (slug_fits (good[i]));
	for (size_t i = 0; i < LENGTH (bad); i++)
		CHECK (!slug_fits (bad[i]));
}

static void languages (void)
{
	CHECK_TEXT (language_choose ("nl,en;q=0.8", NULL), "nl");
	CHECK_TEXT (language_choose ("en-GB,en;q=0.9,nl;q=0.8", "nl"), "en");
	CHECK_TEXT (language_choose ("de,nl-BE;q=0.5,en;q=0.4", NULL), "nl");
	CHECK_TEXT (language_choose ("de", "nl"), "nl");
	CHECK_TEXT (language_choose (NULL, NULL), "en");
	CHECK_TEXT (language_choose ("", "xx"), "en");
	CHECK_TEXT (language_choose ("nl;q=0", "en"), "en");
	CHECK (email_fits ("piet@example.nl") && !email_fits ("piet") && !email_fits ("a b@c") && !email_fits ("@c"));
}

static void settings_fit (void)
{
	CHECK (page_fits ("deals-2") && !page_fits ("") && !page_fits ("Deals") && !page_fits ("a b"));
	CHECK (object_fits ("{}") && !object_fits ("[]") && !object_fits ("{") && !object_fits ("null"));
	CHECK (scope_fits ("team") && !scope_fits ("all") && !scope_fits (""));
	CHECK (permissions_fit ("[\"crm-view\",\"crm-edit\"]") && permissions_fit ("[]"));
	CHECK (!permissions_fit ("[\"crm-view\",\"crm-view\"]") && !permissions_fit ("[\"fly\"]") && !permissions_fit ("{}") &&
	       !permissions_fit ("[7]"));
	CHECK (words_fit ("[\"crm\",\"web_site\"]") && !words_fit ("[\"Crm\"]") && !words_fit ("[\"\"]") && !words_fit ("\"crm\""));
	CHECK (label_fits ("{\"en\":\"Lead\",\"nl\":\"Baas\"}") && !label_fits ("{\"en\":\"Lead\"}") &&
	       !label_fits ("{\"en\":\"\",\"nl\":\"B\"}"));
	CHECK (is_own_address ("localhost") && is_own_address ("127.0.0.1:8080") && is_own_address ("[::1]:1/x"));
	CHECK (!is_own_address (NULL) && !is_own_address ("localhost.example.nl") && !is_own_address ("127.0.0.1:1@example.nl") &&
	       !is_own_address ("localhost:@example.nl/"));
	CHECK (zone_fits ("Europe/Amsterdam") && zone_fits ("UTC") && !zone_fits ("europe") && !zone_fits ("A") &&
	       !zone_fits ("Europe//X") && !zone_fits ("'; drop"));
	struct preset_set set = { .label_profile = "nl", .country = "NL", .currency = "EUR" };
	memset (&set.has, ABSENT, sizeof set.has);
	CHECK (!preset_parts_wrong (&set));
	set.has.label_profile = set.has.country = set.has.currency = HERE;
	CHECK (!preset_parts_wrong (&set));
	set.currency = "euro";
	CHECK_TEXT (preset_parts_wrong (&set), "/currency");
	set.label_profile = "klingon";
	CHECK_TEXT (preset_parts_wrong (&set), "/label_profile");
}

static void marks (void)
{
	struct arena a;
	static const char id[] = "01A2020A-8097-765D-B0B1-F41EA4073581";
	char one[100], many[6000] = "[";
	arena_init (&a);
	snprintf (one, sizeof one, "[\"%s\"]", id);
	CHECK_TEXT (marks_of (&a, one, -5), "{\"01a2020a-8097-765d-b0b1-f41ea4073581\":-5}");
	static const char *const wrong[] = { "", "[]", "{}", "[1]", "[\"x\"]", "\"01a2020a-8097-765d-b0b1-f41ea4073581\"", "[" };
	for (size_t i = 0; i < LENGTH (wrong); i++)
		CHECK (!marks_of (&a, wrong[i], 5));
	CHECK (!marks_of (&a, NULL, 5));
	for (size_t i = 0; i <= MARKS_MOST; i++)
		snprintf (many + strlen (many), sizeof many - strlen (many), "%s\"%s\"", i ? "," : "", id);
	strcat (many, "]");
	CHECK (!marks_of (&a, many, 5));
	arena_fini (&a);
}

static void passwords (void)
{
	CHECK_TEXT (password_wrong ("kort", NULL, NULL), "too_short");
	CHECK_TEXT (password_wrong ("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL, NULL), "too_short"); /* four letters of two bytes */
	CHECK_TEXT (password_wrong ("Welkom2026!", NULL, NULL), "too_common");
	CHECK_TEXT (password_wrong ("password1", NULL, NULL), "too_common");
	CHECK_TEXT (password_wrong ("12345678", NULL, NULL), "too_common");
	CHECK_TEXT (password_wrong ("Piet@Example.nl", "piet@example.nl", NULL), "too_common");
	CHECK_TEXT (password_wrong ("pietdevries", "pietdevries@example.nl", NULL), "too_common");
	CHECK_TEXT (password_wrong ("Piet de Vries", "p@example.nl", "piet de vries"), "too_common");
	CHECK (!password_wrong ("correct horse battery staple", "p@example.nl", "Piet"));
	CHECK (!password_wrong ("tulp-7-fiets", NULL, NULL));
}

static void offices (void)
{
	struct arena a;
	struct sight sight;
	static const char *const users[] = { "crm-view", "crm-users" };
	struct uuid user = { .b = { 9 } }, none = { .b = { 0 } };
	struct seat list[2] = { { .workspace = { .b = { 1 } } }, { .workspace = { .b = { 2 } } } }, home = { .workspace = { .b = { 3 } } };
	list[0].grant = grant_of_role ("workspace", users, 1, user, none, NULL, 0, false);
	list[1].grant = grant_of_role ("own", users, 2, user, none, NULL, 0, false);
	arena_init (&a);
	CHECK (office_of (&a, list, 2, NULL, PERMISSION_crm_users, &sight) && sight.n == 1 && sight.n_groups == 1 &&
	       sight.seat[0] == &list[1]);
	CHECK (office_of (&a, list, 2, &home, PERMISSION_crm_users, &sight) && sight.n == 2 && sight.n_groups == 1);
	CHECK (!office_of (&a, list, 1, NULL, PERMISSION_crm_users, &sight) && sight.n == 0);
	arena_fini (&a);
}

/* RFC 6238, appendix B: tests/fixtures/security/totp-vectors.json. */
static void codes (void)
{
	json_t *all = json_load_file ("tests/fixtures/security/totp-vectors.json", 0, NULL), *row;
	const char *secret = json_string_value (json_object_get (all, "secret_ascii"));
	struct arena a;
	size_t i;
	arena_init (&a);
	CHECK (secret && json_array_size (json_object_get (all, "vectors")) >= 6);
	CHECK_TEXT (totp_secret_text (&a, (struct bytes){ (const unsigned char *) secret, strlen (secret) }),
		    json_string_value (json_object_get (all, "secret_base32")));
	json_array_foreach (json_object_get (all, "vectors"), i, row)
	{
		int64_t at = json_integer_value (json_object_get (row, "time")), step = at / 30;
		const char *code = json_string_value (json_object_get (row, "digits6"));
		CHECK (totp_step (secret, strlen (secret), code, at * 1000000, 0) == step);
		CHECK (totp_step (secret, strlen (secret), code, (at + 30) * 1000000, 0) == step); /* a step late or early */
		CHECK (totp_step (secret, strlen (secret), code, (at - 30) * 1000000, 0) == step);
		CHECK (totp_step (secret, strlen (secret), code, (at + 60) * 1000000, 0) == 0);
		CHECK (totp_step (secret, strlen (secret), code, at * 1000000, step) == 0); /* used */
		CHECK (totp_step (secret, strlen (secret), code, at * 1000000, step - 1) == step);
	}
	CHECK (totp_step (secret, strlen (secret), "28708", 59000000, 0) == 0);
	CHECK (totp_step (secret, strlen (secret), "28708a", 59000000, 0) == 0);
	CHECK_TEXT (recovery_plain (&a, "ABcd-ef gh"), "abcdefgh");
	json_decref (all);
	arena_fini (&a);
}

/* ---- rights ---- */

static struct seat seat_of (unsigned char id, const char *role, const char *scope, bool edit)
{
	static const char *const permission[] = { "crm-view", "crm-edit", "no-such-thing" };
	struct uuid user = { .b = { 9 } }, none = { .b = { 0 } };
	struct seat ret = { .workspace = { .b = { id } }, .slug = "acme", .role = role, .feature_crm = true };
	ret.grant = grant_of_role (scope, permission, edit ? 3 : 1, user, none, NULL, 0, false);
	return ret;
}

static void grants (void)
{
	static const char *const all[] = { "crm-view", "all-prospects" };
	struct uuid user = { .b = { 9 } }, none = { .b = { 0 } };
	CHECK (grant_of_role ("own", all, 1, user, none, NULL, 0, false).scope == SCOPE_OWN);
	CHECK (grant_of_role ("own", all, 2, user, none, NULL, 0, false).scope == SCOPE_WORKSPACE);
	CHECK (grant_of_role ("team", all, 1, user, none, NULL, 0, false).scope == SCOPE_OWN);
	CHECK (grant_of_role ("all", all, 1, user, none, NULL, 0, false).scope == SCOPE_WORKSPACE);
	CHECK (grant_of_role ("nonsense", all, 2, user, none, NULL, 0, false).scope == SCOPE_NONE);
	struct grant admin = grant_of_role ("none", NULL, 0, user, none, NULL, 0, true);
	CHECK (admin.scope == SCOPE_ALL && admin.permissions >> PERMISSION_crm_agency & 1);
	struct uuid team[] = { user, { .b = { 8 } } }, stranger = { .b = { 7 } };
	struct grant of_team = grant_of_role ("team", all, 1, user, none, team, 2, false);
	CHECK (of_team.scope == SCOPE_OWN && of_team.n_users == 2);
	CHECK (grant_hears (&of_team, true, team[1], none) && grant_hears (&of_team, true, stranger, user));
	CHECK (!grant_hears (&of_team, true, stranger, none) && !grant_hears (&of_team, true, none, none));
	CHECK (grant_covers_id (&of_team, team[1]) && !grant_covers_id (&of_team, stranger) && !grant_covers_id (&of_team, none));
	of_team = grant_of_role ("team", all, 2, user, none, team, 2, false);
	CHECK (of_team.scope == SCOPE_WORKSPACE && of_team.n_users == 0);
	CHECK (grant_of_role ("own", all, 1, user, none, team, 2, false).n_users == 0);
}

static void seats (void)
{
	struct seat s = seat_of (1, "client", "workspace", false);
	CHECK (seat_check (&s, PERMISSION_crm_view) == ALLOWED);
	CHECK (seat_check (&s, PERMISSION_crm_edit) == ERROR_forbidden);
	s.admin_only = true;
	CHECK (seat_check (&s, -1) == ERROR_forbidden);
	s.role = "admin";
	CHECK (seat_check (&s, -1) == ALLOWED);
	s.feature_crm = false;
	CHECK (seat_check (&s, -1) == ERROR_not_found);
	s = seat_of (1, "vendor", "none", true);
	CHECK (seat_check (&s, -1) == ERROR_forbidden);
}

static void sights (void)
{
	struct arena a;
	struct sight sight;
	size_t n;
	struct seat list[] = { seat_of (3, "sdr", "own", true), seat_of (1, "manager", "workspace", true), seat_of (2, "sdr", "own", true),
			       seat_of (4, "vendor", "none", false) };
	arena_init (&a);
	CHECK (sight_of (&a, list, LENGTH (list), PERMISSION_crm_view, &sight) == ALLOWED);
	CHECK (sight.n == 3 && sight.n_groups == 2);
	const struct uuid *own = sight_set (&a, &sight, 0, &n);
	CHECK (n == 2 && own[0].b[0] == 2 && own[1].b[0] == 3);
	CHECK (sight_set (&a, &sight, 1, &n)->b[0] == 1 && n == 1);
	CHECK (sight_of (&a, list + 3, 1, PERMISSION_crm_view, &sight) == ERROR_forbidden);
	CHECK (sight_of (&a, list, 0, PERMISSION_crm_view, &sight) == ALLOWED && sight.n == 0);
	list[0].feature_crm = false;
	CHECK (sight_of (&a, list, 1, PERMISSION_crm_view, &sight) == ERROR_not_found);
	CHECK (seat_find (list, 4, "ACME") == &list[0] && !seat_find (list, 4, "acm"));
	CHECK (seat_find (list, 4, "02000000-0000-0000-0000-000000000000") == &list[2]);
	const struct seat *named = seats_named (&a, list, 4, "02000000-0000-0000-0000-000000000000,04000000-0000-0000-0000-000000000000",
						&n);
	CHECK (named && n == 2 && named[0].workspace.b[0] == 2 && named[1].workspace.b[0] == 4);
	CHECK (seats_named (&a, list, 4, "acme,ACME", &n) && n == 1);
	CHECK (!seats_named (&a, list, 4, "acme,nobody", &n) && !seats_named (&a, list, 4, "acme,", &n) &&
	       !seats_named (&a, list, 4, "", &n));
	arena_fini (&a);
}

static void hearing (void)
{
	struct uuid me = { .b = { 9 } }, other = { .b = { 8 } }, none = { .b = { 0 } };
	struct grant own = seat_of (1, "sdr", "own", false).grant, all = seat_of (1, "sales", "workspace", false).grant;
	CHECK (grant_hears (&own, true, me, none));
	CHECK (grant_hears (&own, true, other, me));
	CHECK (!grant_hears (&own, true, other, none));
	CHECK (!talk_hears (&own, true, true, none));
	own.permissions |= UINT64_C (1) << PERMISSION_crm_chat;
	CHECK (talk_hears (&own, true, true, none) && talk_hears (&own, true, false, me));
	CHECK (!talk_hears (&own, true, false, other) && !talk_hears (&own, true, false, none));
	CHECK (!grant_hears (&own, true, none, none));
	CHECK (!grant_hears (&own, false, none, none));
	CHECK (grant_hears (&all, false, none, none));
	all.permissions = 0;
	CHECK (!grant_hears (&all, true, me, me));
}

/* ---- requests ---- */

static void origins (void)
{
	const char *host = "crm.example.nl:8080", *ours = "https://crm.example.nl";
	CHECK (origin_check ("GET", true, "cross-site", "https://evil.test", host, NULL) == ALLOWED);
	CHECK (origin_check ("POST", true, "same-origin", NULL, host, NULL) == ALLOWED);
	CHECK (origin_check ("POST", true, "cross-site", NULL, host, NULL) == ERROR_cross_site);
	CHECK (origin_check ("POST", true, "same-site", NULL, host, NULL) == ERROR_cross_site);
	CHECK (origin_check ("POST", true, "none", NULL, host, NULL) == ERROR_cross_site);
	CHECK (origin_check ("PUT", true, NULL, "http://crm.example.nl:8080", host, NULL) == ALLOWED);
	CHECK (origin_check ("PUT", true, NULL, "https://crm.example.nl", "gateway:8080", ours) == ALLOWED);
	CHECK (origin_check ("PUT", true, NULL, "https://crm.example.nl", "gateway:8080", "") == ERROR_cross_site);
	CHECK (origin_check ("PUT", true, NULL, "https://crm.example.nl.evil.test", host, ours) == ERROR_cross_site);
	CHECK (origin_check ("PUT", true, NULL, "null", host, ours) == ERROR_cross_site);
	CHECK (origin_check ("POST", true, NULL, NULL, host, ours) == ERROR_cross_site);
	CHECK (origin_check ("POST", false, NULL, NULL, host, ours) == ALLOWED);
	CHECK (origin_check ("POST", false, "cross-site", NULL, host, ours) == ERROR_cross_site);
}

static const char *found (const char *method, const char *path)
{
	static struct route_found f;
	route_find (routes, routes_n, method, path, &f);
	return f.row ? f.row->record->name : f.allow;
}

static void paths (void)
{
	struct route_found f;
	CHECK_TEXT (found ("GET", "/api/crm/leads"), "lead_list");
	CHECK_TEXT (found ("POST", "/api/crm/leads"), "lead_create");
	CHECK_TEXT (found ("POST", "/api/crm/opportunity/7/stage"), "deal_move");
	CHECK_TEXT (found ("POST", "/api/crm/opportunities/7/stage"), "deal_move");
	CHECK_TEXT (found ("HEAD", "/api/crm/deals/7"), "deal_get");
	CHECK_TEXT (found ("DELETE", "/api/crm/leads/7"), "GET, PUT");
	CHECK_TEXT (found ("GET", "/api/crm/leads/7/qualify"), "POST");
	CHECK_TEXT (found ("GET", "/api/crm/leads/"), "");
	CHECK_TEXT (found ("GET", "/api/crm/leads//timeline"), "");
	CHECK_TEXT (found ("GET", "/api/crm"), "");
	CHECK_TEXT (found ("GET", "/api/crm/leads/7/8/9"), "");
	route_find (routes, routes_n, "GET", "/api/crm/deals/42/timeline", &f);
	CHECK_TEXT (f.field, "deal_id");
	CHECK_TEXT (f.value, "42");
	CHECK (f.sub);
	route_find (routes, routes_n, "GET", "/api/crm/deals/42", &f);
	CHECK (f.field && !f.sub);
	route_find (routes, routes_n, "GET", "/api/crm/deals", &f);
	CHECK (!f.field);
}

static bool is_generic (const char *path)
{
	return strncmp (path, "/api/crm/", 9) == 0 || strncmp (path, "/api/teams", 10) == 0 || strncmp (path, "/api/keys", 9) == 0;
}

/* What no query finds: its page asks for ?workspace= where there are several. An order is found by its own short word. */
static bool is_unfound (const char *name)
{
	static const char *const names[] = { "batch_get",      "payment_get",	  "statement_line_get", "pay_provider_get",
					     "recurrence_get", "sales_order_get", "firing_get" };
	for (size_t i = 0; i < LENGTH (names); i++)
		if (strcmp (names[i], name) == 0)
			return true;
	return false;
}

/* What routes.def leans on: a path's field is the record's, or the record is found by its noun's own query. Pages of people, settings and oneself
 * read their paths themselves. */
static void routes_hold (void)
{
	char name[64];
	for (size_t i = 0; i < routes_n; i++) {
		const char *field = strchr (routes[i].path, ':');
		if (!field || !is_generic (routes[i].path))
			continue;
		int n = (int) strcspn (field + 1, "/");
		CHECK (n > 3 && strncmp (field + 1 + n - 3, "_id", 3) == 0);
		snprintf (name, sizeof name, "%.*s_get", n - 3, field + 1);
		CHECK (record_named (name) || is_unfound (name));
		snprintf (name, sizeof name, "%.*s", n, field + 1);
		const struct record *r = routes[i].record;
		CHECK (record_field (r, name) || record_field (r, "lead_id"));
		if (r->class == RECORD_COMMAND) /* it is about that, or makes something for it */
			CHECK (record_field (r, name) && record_field (r, name)->flags & REQUIRED);
	}
}

static void ids (void)
{
	struct uuid one = { .b = { 1 } }, two = { .b = { 2 } };
	char text[UUID_TEXT];
	CHECK_TEXT (uuid_format (key_id (one, "01a2000a-c655-7756-89ed-6277ba143c6d"), text), "01a2000a-c655-7756-89ed-6277ba143c6d");
	CHECK_TEXT (uuid_format (key_id (one, "\"01a2000a-c655-7756-89ed-6277ba143c6d\""), text), "01a2000a-c655-7756-89ed-6277ba143c6d");
	CHECK (uuid_equal (key_id (one, "order-7"), key_id (one, "\"order-7\"")));
	CHECK (!uuid_equal (key_id (one, "order-7"), key_id (two, "order-7")));
	CHECK (uuid_equal (made_id (one, two, "lead_id"), made_id (one, two, "lead_id")));
	CHECK (!uuid_equal (made_id (one, two, "lead_id"), made_id (one, two, "deal_id")));
	struct uuid timed = uuid_v7 (INT64_C (1795256100000000));
	CHECK (uuid_time (made_id (one, timed, "lead_id")) == uuid_time (timed));
	CHECK (uuid_equal (made_id (one, timed, "lead_id"), made_id (one, timed, "lead_id")) &&
	       !uuid_equal (made_id (one, timed, "lead_id"), timed));
	CHECK (version_of_match ("\"7\"") == 7 && version_of_match ("W/\"7\"") == 7 && version_of_match ("7") == 7);
	CHECK (version_of_match ("*") == 0 && version_of_match (NULL) == 0 && version_of_match ("\"7") == 0 &&
	       version_of_match ("\"x\"") == 0);
	CHECK (tag_matches ("\"a\", W/\"b\"", "W/\"b\"") && tag_matches ("*", "\"a\"") && tag_matches ("\"b\"", "W/\"b\""));
	CHECK (!tag_matches ("\"a\"", "\"b\"") && !tag_matches (NULL, "\"b\"") && !tag_matches ("\"bb\"", "\"b\""));
	CHECK (login_delay (0) == 0 && login_delay (4) == 0 && login_delay (5) == 1 && login_delay (8) == 8 && login_delay (1000) == 60);
}

static void positions (void)
{
	struct positions p = { .n = 0 };
	struct arena a;
	arena_init (&a);
	positions_read (&p, "pipeline/3/17 contacts/3/5");
	CHECK (p.n == 2 && p.at[0].sequence == 17 && p.at[1].lane == 3);
	CHECK_TEXT (p.at[1].service, "contacts");
	position_keep (&p, "pipeline", 3, 18);
	CHECK (p.n == 2 && p.at[1].sequence == 18);
	position_keep (&p, "pipeline", 3, 2);
	CHECK (p.at[1].sequence == 18);
	CHECK_TEXT (position_text (&a, &p.at[1]), "pipeline/3/18");
	for (int lane = 0; lane < LANES; lane++)
		position_keep (&p, "lead-intake", lane, 1);
	CHECK (p.n == POSITIONS_MAX && p.at[POSITIONS_MAX - 1].lane == 15 && p.at[0].lane == 8);
	struct positions bad = { .n = 0 };
	positions_read (&bad, "nobody/3/17 pipeline/99/1 pipeline/1/x");
	positions_read (&bad, "pipeline/1");
	positions_read (&bad, "pipeline/77/1");
	CHECK (bad.n == 0);
	arena_fini (&a);
}

static void vectors (void)
{
	struct stream_vector v = { 0 }, back;
	char text[STREAM_ID_TEXT];
	v.mark[0][4] = (struct stream_mark){ .known = true, .epoch = UINT64_C (0xfeedfacedeadbeef), .sequence = 105 };
	v.mark[2][15] = (struct stream_mark){ .known = true, .epoch = 1, .sequence = INT64_MAX };
	v.mark[1][0] = (struct stream_mark){ .known = true, .epoch = 0, .sequence = 0 };
	v.mark[1][1].sequence = 7; /* unknown: not said */
	vector_pack (&v, ~UINT32_C (0), text);
	CHECK (vector_unpack (text, &back));
	CHECK (back.mark[0][4].known && back.mark[0][4].epoch == UINT64_C (0xfeedfacedeadbeef) && back.mark[0][4].sequence == 105);
	CHECK (back.mark[2][15].sequence == INT64_MAX && back.mark[1][0].known && !back.mark[1][1].known);
	vector_pack (&v, UINT32_C (1) << 4, text);
	CHECK (vector_unpack (text, &back) && back.mark[0][4].known && !back.mark[2][15].known);
	for (int s = 0; s < STREAM_SERVICES; s++)
		for (int lane = 0; lane < LANES; lane++)
			v.mark[s][lane] = (struct stream_mark){ .known = true, .epoch = UINT64_MAX, .sequence = INT64_MAX };
	vector_pack (&v, ~UINT32_C (0), text);
	CHECK (strlen (text) < STREAM_ID_TEXT && vector_unpack (text, &back) && back.mark[2][7].sequence == INT64_MAX);
	CHECK (!vector_unpack ("", &back) && !vector_unpack ("7", &back) && !vector_unpack ("not base64!", &back));
	for (size_t n = 2; n < 20; n++) { /* cut anywhere: refused, or a shorter vector; never a read past the end */
		char cut[STREAM_ID_TEXT];
		snprintf (cut, sizeof cut, "%.*s", (int) n, text);
		CHECK (vector_unpack (cut, &back) || true);
	}
}

static void files (void)
{
	struct arena a;
	arena_init (&a);
	CHECK_TEXT (inline_type ((const unsigned char *) "\x89PNG\r\n\x1a\nxx", 10), "image/png");
	CHECK_TEXT (inline_type ((const unsigned char *) "RIFF....WEBPxxxx", 16), "image/webp");
	CHECK_TEXT (inline_type ((const unsigned char *) "%PDF-1.7", 8), "application/pdf");
	CHECK (!inline_type ((const unsigned char *) "<svg xmlns=", 11) && !inline_type ((const unsigned char *) "<html>", 6));
	CHECK (!inline_type ((const unsigned char *) "%PDF", 4));
	CHECK_TEXT (disposition_of (&a, false, "caf\xc3\xa9 \"x\".pdf"),
		    "attachment; filename=\"caf__ _x_.pdf\"; filename*=UTF-8''caf%C3%A9%20%22x%22.pdf");
	CHECK_TEXT (disposition_of (&a, true, "a\r\nb"), "inline; filename=\"a__b\"; filename*=UTF-8''a%0D%0Ab");
	arena_fini (&a);
}

/* Every file of proto/presets is in the binary. */
static void presets (void)
{
	DIR *d = opendir ("proto/presets");
	struct dirent *entry;
	char name[256];
	CHECK (d != NULL);
	while (d && (entry = readdir (d))) {
		size_t n = strlen (entry->d_name);
		if (n < 6 || strcmp (entry->d_name + n - 5, ".json") || strcmp (entry->d_name, "roles.json") == 0)
			continue;
		snprintf (name, sizeof name, "%.*s", (int) (n - 5), entry->d_name);
		CHECK (preset_find (name) != NULL);
	}
	if (d)
		closedir (d);
	CHECK (!preset_find ("none"));
	CHECK_TEXT (preset_find ("nl-offerte-6")->language, "nl");
	json_t *roles = json_loads (presets_roles (), JSON_REJECT_DUPLICATES, NULL), *role, *permission;
	size_t i, j;
	CHECK (json_array_size (json_object_get (roles, "roles")) == 8);
	json_array_foreach (json_object_get (roles, "roles"), i, role)
		json_array_foreach (json_object_get (role, "permissions"), j, permission)
	{
		bool known = false;
		for (int k = 0; k < PERMISSION_COUNT; k++)
			known |= strcmp (permission_names[k], json_string_value (permission)) == 0;
		CHECK (known);
	}
	json_decref (roles);
}

int main (void)
{
	settings_fit ();
	passwords ();
	offices ();
	codes ();
	slugs ();
	languages ();
	grants ();
	seats ();
	sights ();
	hearing ();
	origins ();
	paths ();
	routes_hold ();
	ids ();
	positions ();
	vectors ();
	files ();
	presets ();
	marks ();
	return test_end ();
}
