/* People as they manage themselves and each other: invitations, roles, teams, handing over, passwords, second factors, keys, workspaces, the set-up of an
 * empty installation. Through the API, as the web app does it; never by a table but to look. */
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "story.h"

/* ---- asking as somebody ---- */

/* The answer of a request that must have this status; its JSON lives on in the caller's hands. */
static json_t *asked_as (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, int status)
{
	struct web_answer a = when_user_asks (s, u, method, path, body);
	CHECK (a.status == status, "%s %s %s is %d, not %d: %.500s%s", u->email, method, path, a.status, status, a.body, a.error);
	json_t *ret = json_incref (a.json);
	web_free (&a);
	return ret;
}

static void does (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, int status)
{
	json_decref (asked_as (s, u, method, path, body, status));
}

static void refused_as (struct stack *s, const struct user *u, const char *method, const char *path, const char *body, int status,
			const char *code)
{
	struct web_answer a = when_user_asks (s, u, method, path, body);
	CHECK (a.status == status, "%s %s is %d, not %d: %.400s", method, path, a.status, status, a.body);
	then_problem (&a, status, code);
}

static size_t rows_as (struct stack *s, const struct user *u, const char *path)
{
	json_t *o = asked_as (s, u, "GET", path, NULL, 200);
	size_t n = json_array_size (json_at (o, "data"));
	json_decref (o);
	return n;
}

#define PATH(...)                                                     \
	({                                                            \
		static char path_text[8][400];                        \
		static unsigned path_next;                            \
		char *path_at = path_text[path_next++ % 8];           \
		snprintf (path_at, sizeof path_text[0], __VA_ARGS__); \
		path_at;                                              \
	})

/* A public page, as a browser of ours asks it. */
static struct web_answer public_ask (struct stack *s, const char *path, const char *body)
{
	char origin[100];
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	return web_ask (s, &(struct web_request){ .method = body ? "POST" : "GET",
						  .url = path,
						  .body = body,
						  .header = { origin, "Sec-Fetch-Site: same-origin" } });
}

static bool cookie_take (struct web_answer *a, struct user *u)
{
	char cookie[512];
	if (!web_header (a, "Set-Cookie", cookie, sizeof cookie))
		return false;
	snprintf (u->cookie, sizeof u->cookie, "%.*s", (int) strcspn (cookie, ";"), cookie);
	return true;
}

/* The token of a link: what stands behind the #. */
static const char *token_of (const char *url)
{
	const char *hash = strchr (url, '#');
	CHECK (hash && hash[1], "a link without a token: %s", url);
	return hash + 1;
}

/* Whoever was invited chooses a password and is in. */
static struct user given_guest (struct stack *s, json_t *invited, const char *email, const char *name, const char *password)
{
	struct user u = { 0 };
	snprintf (u.email, sizeof u.email, "%s", email);
	snprintf (u.id, sizeof u.id, "%s", text_at (invited, "id"));
	snprintf (u.password, sizeof u.password, "%s", password);
	struct web_answer a = public_ask (s, "/api/invite/accept",
					  PATH ("{\"token\":\"%s\",\"name\":\"%s\",\"password\":\"%s\"}",
						token_of (text_at (invited, "invite.url")), name, password));
	CHECK (a.status == 200, "%s is not let in: %d %s", email, a.status, a.body);
	CHECK (cookie_take (&a, &u), "%s got no cookie", email);
	CHECK (!strcmp (text_at (a.json, "user.name"), name), "they are called %s", text_at (a.json, "user.name"));
	web_free (&a);
	return u;
}

static struct web_answer login_as (struct stack *s, const char *email, const char *password, const char *code)
{
	return public_ask (s, "/api/login",
			   code ? PATH ("{\"email\":\"%s\",\"password\":\"%s\",\"code\":\"%s\"}", email, password, code)
				: PATH ("{\"email\":\"%s\",\"password\":\"%s\"}", email, password));
}

/* ---- invitations ---- */

STORY (people_invited,
       "An owner invites by a link; it is good once, chooses a password, and a new one voids it; disabling ends what is open at once")
{
	struct workspace *w = given_workspace (s, "people", "nl-offerte-6");
	struct user owner = given_user (s, "owner@people.nl", "--workspace people --role owner");
	(void) w;
	json_t *invited = asked_as (s, &owner, "POST", "/api/users", "{\"email\":\"Anna@People.nl\",\"name\":\"Anna\",\"role\":\"sales\"}",
				    201);
	CHECK (json_is_false (json_at (invited, "existing")), "Anna was there before");
	struct web_answer a = public_ask (s, "/api/invite", PATH ("{\"token\":\"%s\"}", token_of (text_at (invited, "invite.url"))));
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "email"), "Anna@People.nl"), "the link says %d %s", a.status, a.body);
	web_free (&a);
	/* a new link instead of the first */
	json_t *again = asked_as (s, &owner, "POST", PATH ("/api/users/%s/invite", text_at (invited, "id")), "{}", 200);
	a = public_ask (s, "/api/invite", PATH ("{\"token\":\"%s\"}", token_of (text_at (invited, "invite.url"))));
	then_problem (&a, 404, "invite_not_found");
	a = public_ask (s, "/api/invite/accept",
			PATH ("{\"token\":\"%s\",\"password\":\"Welkom01\"}", token_of (text_at (again, "invite.url"))));
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.code"), "too_common"), "a bad password: %d %s", a.status, a.body);
	web_free (&a);
	struct user anna = given_guest (s, again, "anna@people.nl", "Anna Bakker", "tulp-fiets-7-kaas");
	a = public_ask (s, "/api/invite/accept",
			PATH ("{\"token\":\"%s\",\"password\":\"iets-heel-anders\"}", token_of (text_at (again, "invite.url"))));
	then_problem (&a, 404, "invite_not_found");
	does (s, &anna, "GET", "/api/crm/leads", NULL, 200);
	refused_as (s, &anna, "GET", "/api/users", NULL, 403, "forbidden");
	refused_as (s, &anna, "POST", "/api/users", "{\"email\":\"x@people.nl\",\"role\":\"owner\"}", 403, "forbidden");
	/* a role or a team that there is none of: nobody is made */
	refused_as (s, &owner, "POST", "/api/users", "{\"email\":\"bob@people.nl\",\"role\":\"wizard\"}", 422, "unknown_role");
	refused_as (s, &owner, "POST", "/api/users",
		    "{\"email\":\"bob@people.nl\",\"role\":\"sales\",\"team_id\":\"01a2009a-1d65-7059-b2c1-680369223a49\"}", 404,
		    "team_not_found");
	then_number (s, 0, "users made for nothing", "select count(*) from gateway.user where email = 'bob@people.nl'");
	/* the others hear what she is called */
	settle (s);
	then_text (s, "Anna Bakker", "her name in contacts", "select name from contacts.member where user_id = '%s'",
		   text_at (invited, "id"));
	/* an e-mail is one user: the second invitation of it is a membership at most */
	json_t *known = asked_as (s, &owner, "POST", "/api/users", "{\"email\":\"anna@people.nl\",\"role\":\"manager\"}", 201);
	CHECK (json_is_true (json_at (known, "existing")) && json_is_null (json_at (known, "invite")), "Anna is new again");
	/* role by the owner; what she may do changes with the next request */
	does (s, &owner, "PUT", PATH ("/api/users/%s/member", anna.id), "{\"role\":\"vendor\"}", 200);
	UNTIL (3000, when_user_asks (s, &anna, "GET", "/api/crm/leads", NULL).status == 403, "a vendor still reads leads");
	does (s, &owner, "PUT", PATH ("/api/users/%s/member", anna.id), "{\"role\":\"sales\"}", 200);
	UNTIL (3000, when_user_asks (s, &anna, "GET", "/api/crm/leads", NULL).status == 200, "sales does not read leads");
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s/member", anna.id), "{\"role\":\"emperor\"}", 422, "unknown_role");
	/* disabled: the open stream ends, the session is over, no log-in */
	struct stream *t = stream_open_as (s, NULL, anna.cookie, NULL);
	CHECK (stream_status (t) == 200, "her stream: %d", stream_status (t));
	does (s, &owner, "PUT", PATH ("/api/users/%s", anna.id), "{\"disabled\":true}", 200);
	UNTIL (2000, stream_ended (t), "the stream of somebody disabled goes on");
	stream_close (&t);
	refused_as (s, &anna, "GET", "/api/me", NULL, 401, "unauthenticated");
	a = login_as (s, "anna@people.nl", "tulp-fiets-7-kaas", NULL);
	then_problem (&a, 401, "login_failed");
	does (s, &owner, "PUT", PATH ("/api/users/%s", anna.id), "{\"disabled\":false}", 200);
	a = login_as (s, "anna@people.nl", "tulp-fiets-7-kaas", NULL);
	then_status (&a, 200);
	json_t *list = asked_as (s, &owner, "GET", "/api/users", NULL, 200);
	CHECK (json_array_size (json_at (list, "data")) == 2, "the owner sees %zu people", json_array_size (json_at (list, "data")));
	json_decref (list);
	json_decref (invited), json_decref (again), json_decref (known);
	then_number (s, 0, "tokens or passwords in the audit",
		     "select count(*) from gateway.audit where detail::text ~ 'tulp-fiets|argon2|token_hash|password_hash'");
	then_no_dead_letters (s);
}

STORY (people_managed, "Who manages one workspace manages nobody of another, no admin of the agency, and gives nobody the agency")
{
	given_workspace (s, "manage-a", "commerce");
	given_workspace (s, "manage-b", "commerce");
	struct user owner = given_user (s, "a@manage.nl", "--workspace manage-a --role owner"),
		    other = given_user (s, "b@manage.nl", "--workspace manage-b --role owner"),
		    both = given_user (s, "ab@manage.nl", "--workspace manage-a,manage-b --role sales"),
		    admin = given_user (s, "admin@manage.nl", "--admin");
	refused_as (s, &owner, "GET", PATH ("/api/users/%s", other.id), NULL, 404, "user_not_found");
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s", other.id), "{\"disabled\":true}", 404, "user_not_found");
	refused_as (s, &owner, "POST", PATH ("/api/users/%s/invite", other.id), "{}", 404, "user_not_found");
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s", admin.id), "{\"disabled\":true}", 404, "user_not_found");
	/* somebody of both is seen, and as a whole another one's business as well */
	does (s, &owner, "GET", PATH ("/api/users/%s", both.id), NULL, 200);
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s", both.id), "{\"disabled\":true}", 403, "forbidden");
	refused_as (s, &owner, "POST", PATH ("/api/users/%s/invite", both.id), "{}", 403, "forbidden");
	does (s, &owner, "PUT", PATH ("/api/users/%s/member", both.id), "{\"role\":\"manager\"}", 200);
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s/member?workspace=manage-b", both.id), "{\"role\":\"manager\"}", 404,
		    "workspace_not_found");
	refused_as (s, &owner, "PUT", PATH ("/api/users/%s", owner.id), "{\"agency_admin\":true}", 403, "forbidden");
	refused_as (s, &owner, "POST", "/api/users", "{\"email\":\"new@manage.nl\",\"role\":\"sales\",\"agency_admin\":true}", 403,
		    "forbidden");
	then_number (s, 0, "users of a refused invitation", "select count(*) from gateway.user where email = 'new@manage.nl'");
	refused_as (s, &owner, "PUT", "/api/roles/sales", "{\"scope\":\"own\"}", 403, "forbidden");
	refused_as (s, &owner, "POST", "/api/workspaces", "{\"name\":\"Mine\",\"preset\":\"commerce\"}", 403, "forbidden");
	does (s, &admin, "PUT", PATH ("/api/users/%s", both.id), "{\"name\":\"Both Of Them\"}", 200);
	/* its workspaces are told one by one after the answer */
	UNTIL (5000, sql_number (s, "select count(*) from contacts.member where name = 'Both Of Them'") == 2,
	       "a workspace does not know the new name")
	settle (s);
	CHECK (rows_as (s, &owner, "/api/users") == 2, "the owner sees %zu people", rows_as (s, &owner, "/api/users"));
	CHECK (rows_as (s, &admin, "/api/users") >= 4, "the admin sees %zu people", rows_as (s, &admin, "/api/users"));
	/* an agency keeps an admin who can log in: all others are switched off first */
	json_t *list = asked_as (s, &admin, "GET", "/api/users?disabled=0", NULL, 200), *o;
	size_t i;
	json_array_foreach (json_at (list, "data"), i, o)
	{
		if (json_is_true (json_at (o, "agency_admin")) && strcmp (text_at (o, "id"), admin.id))
			does (s, &admin, "PUT", PATH ("/api/users/%s", text_at (o, "id")), "{\"agency_admin\":false}", 200);
	}
	json_decref (list);
	refused_as (s, &admin, "PUT", PATH ("/api/users/%s", admin.id), "{\"disabled\":true}", 409, "last_admin");
	refused_as (s, &admin, "PUT", PATH ("/api/users/%s", admin.id), "{\"agency_admin\":false}", 409, "last_admin");
}

/* ---- teams and leavers ---- */

static void lead_for (struct stack *s, struct workspace *w, const char *name, const char *owner)
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/leads", "{\"name\":\"%s\",\"email\":\"%s@teams.nl\",\"owner_id\":\"%s\"}",
				   name, name, owner);
	then_status (&a, 201);
}

STORY_ALONE (
	people_teams,
	"A role of scope team sees what any of its members owns, in lists, writes and on the stream; whoever changes team sees at once")
{
	struct workspace *w = given_workspace (s, "teams", "commerce");
	struct user admin = given_user (s, "admin@teams.nl", "--admin"),
		    ann = given_user (s, "ann@teams.nl", "--workspace teams --role sdr"),
		    bob = given_user (s, "bob@teams.nl", "--workspace teams --role sdr"),
		    carl = given_user (s, "carl@teams.nl", "--workspace teams --role sdr");
	json_t *red = asked_as (s, &admin, "POST", "/api/teams?workspace=teams", "{\"name\":\"Red\"}", 201),
	       *blue = asked_as (s, &admin, "POST", "/api/teams?workspace=teams", "{\"name\":\"Blue\"}", 201);
	lead_for (s, w, "of-ann", ann.id);
	lead_for (s, w, "of-bob", bob.id);
	lead_for (s, w, "of-carl", carl.id);
	settle (s);
	CHECK (rows_as (s, &ann, "/api/crm/leads") == 1, "an SDR without a team sees more than her own");
	does (s, &admin, "PUT", "/api/roles/sdr", "{\"scope\":\"team\"}", 200);
	UNTIL (3000, rows_as (s, &ann, "/api/crm/leads") == 1, "scope team without a team is not one's own");
	does (s, &admin, "PUT", PATH ("/api/users/%s/member?workspace=teams", ann.id),
	      PATH ("{\"role\":\"sdr\",\"team_id\":\"%s\"}", text_at (red, "id")), 200);
	does (s, &admin, "PUT", PATH ("/api/users/%s/member?workspace=teams", bob.id),
	      PATH ("{\"role\":\"sdr\",\"team_id\":\"%s\"}", text_at (red, "id")), 200);
	does (s, &admin, "PUT", PATH ("/api/users/%s/member?workspace=teams", carl.id),
	      PATH ("{\"role\":\"sdr\",\"team_id\":\"%s\"}", text_at (blue, "id")), 200);
	UNTIL (3000, rows_as (s, &ann, "/api/crm/leads") == 2, "Ann sees %zu leads", rows_as (s, &ann, "/api/crm/leads"));
	UNTIL (3000, rows_as (s, &bob, "/api/crm/deals") == 2, "Bob sees %zu deals", rows_as (s, &bob, "/api/crm/deals"));
	CHECK (rows_as (s, &carl, "/api/crm/leads") == 1 && rows_as (s, &carl, "/api/crm/contacts") == 1, "Carl sees another team");
	json_t *board = asked_as (s, &ann, "GET", "/api/crm/count", NULL, 200);
	CHECK (number_at (board, "data.0.count") == 2, "Ann's count is %lld", (long long) number_at (board, "data.0.count"));
	json_decref (board);
	/* a move of a colleague's deal is a team's business, another team's is not there */
	char *of_bob = sql_text (s, "select id from pipeline.deal where title like 'of-bob%%'"),
	     *of_carl = sql_text (s, "select id from pipeline.deal where title like 'of-carl%%'");
	struct stream *t = stream_open_as (s, NULL, ann.cookie, NULL);
	does (s, &ann, "POST", PATH ("/api/crm/deals/%s/stage", of_bob), "{\"stage\":\"qualified\"}", 200);
	stream_wait (t, "deal.stage_changed", of_bob, 3000, NULL);
	does (s, &carl, "POST", PATH ("/api/crm/deals/%s/stage", of_carl), "{\"stage\":\"qualified\"}", 200);
	refused_as (s, &ann, "POST", PATH ("/api/crm/deals/%s/stage", of_carl), "{\"stage\":\"proposal\"}", 404, "deal_not_found");
	does (s, &ann, "POST", PATH ("/api/crm/deals/%s/stage", of_bob), "{\"stage\":\"proposal\"}", 200);
	stream_wait (t, "deal.stage_changed", of_bob, 3000, NULL);
	CHECK (!stream_heard (t, of_carl), "Ann's stream told of Carl's deal");
	/* Carl comes over: what he brings is seen at once, and the stream begins anew */
	does (s, &admin, "PUT", PATH ("/api/users/%s/member?workspace=teams", carl.id),
	      PATH ("{\"role\":\"sdr\",\"team_id\":\"%s\"}", text_at (red, "id")), 200);
	UNTIL (2000, stream_ended (t), "the stream of a teammate goes on with yesterday's team");
	stream_close (&t);
	CHECK (rows_as (s, &ann, "/api/crm/leads") == 3, "Ann sees %zu leads of three", rows_as (s, &ann, "/api/crm/leads"));
	refused_as (s, &admin, "DELETE", PATH ("/api/teams/%s", text_at (red, "id")), NULL, 409, "team_in_use");
	does (s, &admin, "DELETE", PATH ("/api/teams/%s", text_at (blue, "id")), NULL, 204);
	refused_as (s, &admin, "PUT", PATH ("/api/teams/%s", text_at (blue, "id")), "{\"name\":\"Green\"}", 404, "team_not_found");
	json_decref (red), json_decref (blue);
	free (of_bob), free (of_carl);
	then_no_dead_letters (s);
}

STORY (people_leave,
       "What a leaver owned is handed over whole: leads, deals, contacts, ways in, the default owner; each with its line of history")
{
	struct workspace *w = given_workspace (s, "leaving", "commerce");
	struct user boss = given_user (s, "boss@leaving.nl", "--workspace leaving --role owner"),
		    leaver = given_user (s, "leaver@leaving.nl", "--workspace leaving --role sales"),
		    heir = given_user (s, "heir@leaving.nl", "--workspace leaving --role sdr");
	for (int i = 0; i < 5; i++) {
		struct web_answer a = web (s, w->key, "POST", "/api/crm/leads",
					   "{\"name\":\"Left %d\",\"email\":\"left%d@leaving.nl\",\"owner_id\":\"%s\"}", i, i, leaver.id);
		then_status (&a, 201);
	}
	struct web_answer a = web (s, w->key, "POST", "/api/crm/deals",
				   "{\"title\":\"By hand\",\"owner_id\":\"%s\",\"value\":{\"amount\":\"10.00\",\"currency\":\"EUR\"}}",
				   leaver.id);
	then_status (&a, 201);
	does (s, &boss, "PUT", "/api/workspaces/leaving", PATH ("{\"default_owner_id\":\"%s\"}", leaver.id), 200);
	settle (s);
	CHECK (rows_as (s, &heir, "/api/crm/deals") == 0, "the heir sees before it is theirs");
	refused_as (s, &boss, "POST", PATH ("/api/users/%s/hand-over", leaver.id), "{\"to\":\"01a2000a-c655-7756-89ed-6277ba143c6d\"}", 422,
		    "not_a_member");
	does (s, &boss, "POST", PATH ("/api/users/%s/hand-over", leaver.id), PATH ("{\"to\":\"%s\"}", heir.id), 200);
	settle (s);
	CHECK (rows_as (s, &heir, "/api/crm/deals") == 6, "the heir sees %zu deals", rows_as (s, &heir, "/api/crm/deals"));
	CHECK (rows_as (s, &heir, "/api/crm/leads") == 5 && rows_as (s, &heir, "/api/crm/contacts") == 5,
	       "leads and contacts stayed behind");
	then_number (
		s, 0, "what the leaver still owns",
		"select (select count(*) from pipeline.deal where owner_id = '%s') + (select count(*) from lead_intake.lead where owner_id = '%s') + "
		"(select count(*) from contacts.contact where owner_id = '%s') + (select count(*) from pipeline.stage_sum where owner_id = '%s' and deals > 0)",
		leaver.id, leaver.id, leaver.id, leaver.id);
	then_text (s, heir.id, "the default owner", "select default_owner_id from pipeline.workspace where workspace_id = '%s'", w->id);
	then_number (
		s, 6, "deals' lines of history",
		"select count(distinct subject_id) from contacts.timeline where workspace_id = '%s' and type = 'deal.updated' and actor_id = '%s'",
		w->id, boss.id);
	json_t *deals = asked_as (s, &heir, "GET", "/api/crm/deals", NULL, 200), *o;
	size_t i;
	json_array_foreach (json_at (deals, "data"), i, o)
	{
		json_t *line = asked_as (s, &heir, "GET", PATH ("/api/crm/deals/%s/timeline", text_at (o, "id")), NULL, 200);
		char *text = json_dumps (line, 0);
		CHECK (strstr (text, leaver.id) && strstr (text, heir.id), "the timeline says nothing of the hand-over: %.400s", text);
		free (text);
		json_decref (line);
	}
	json_decref (deals);
	then_no_dead_letters (s);
}

/* ---- oneself ---- */

STORY (people_profile,
       "One's own name, zone, picture, password and sessions; a wrong old password changes nothing, a right one ends all other sessions")
{
	/* with a note on where it was taken, which is not kept */
	static const char start[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0CRC0", secret[] = "\0\0\0\6eXIfGEHEIMCRC0",
			  end[] = "\0\0\0\4IDATbeelCRC0\0\0\0\0IENDCRC0";
	char png[200], kept[200];
	size_t n = 0, n_kept = 0;
	memcpy (png, start, sizeof start - 1), n += sizeof start - 1;
	memcpy (kept, start, sizeof start - 1), n_kept += sizeof start - 1;
	memcpy (png + n, secret, sizeof secret - 1), n += sizeof secret - 1;
	memcpy (png + n, end, sizeof end - 1), n += sizeof end - 1;
	memcpy (kept + n_kept, end, sizeof end - 1), n_kept += sizeof end - 1;
	given_workspace (s, "profile", "commerce");
	struct user u = given_user (s, "me@profile.nl", "--workspace profile --role owner"), other = u;
	char origin[100];
	struct web_answer a = login_as (s, u.email, u.password, NULL);
	CHECK (a.status == 200 && cookie_take (&a, &other), "no second session: %d", a.status);
	web_free (&a);
	does (s, &u, "PUT", "/api/me", "{\"name\":\"Mevrouw Ik\",\"timezone\":\"Europe/Brussels\",\"theme\":\"dark\"}", 200);
	a = when_user_asks (s, &u, "PUT", "/api/me", "{\"timezone\":\"Europe/Atlantis\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/timezone"), "Atlantis: %d %s", a.status, a.body);
	web_free (&a);
	json_t *me = asked_as (s, &u, "GET", "/api/me", NULL, 200);
	CHECK (!strcmp (text_at (me, "user.name"), "Mevrouw Ik") && !strcmp (text_at (me, "user.timezone"), "Europe/Brussels"), "I am %s",
	       text_at (me, "user.name"));
	CHECK (json_array_size (json_at (me, "workspaces.0.tabs")) > 0, "the workspace has no tabs");
	json_decref (me);
	settle (s);
	then_text (s, "Mevrouw Ik", "my name in contacts", "select name from contacts.member where user_id = '%s'", u.id);
	/* the picture */
	snprintf (origin, sizeof origin, "Origin: %s", s->api);
	a = web_ask (s, &(struct web_request){ .method = "PUT",
					       .url = "/api/me/photo",
					       .cookie = u.cookie,
					       .type = "image/png",
					       .body = png,
					       .n = n,
					       .header = { origin, "Sec-Fetch-Site: same-origin" } });
	CHECK (a.status == 200 && strlen (text_at (a.json, "photo")) == 64, "the picture: %d %s", a.status, a.body);
	web_free (&a);
	a = web_ask (s, &(struct web_request){ .method = "PUT",
					       .url = "/api/me/photo",
					       .cookie = u.cookie,
					       .type = "image/png",
					       .body = "<svg onload=alert(1)>",
					       .header = { origin, "Sec-Fetch-Site: same-origin" } });
	then_problem (&a, 415, "wrong_type");
	a = when_user_asks (s, &u, "GET", PATH ("/api/users/%s/photo", u.id), NULL);
	CHECK (a.status == 200 && a.n == n_kept && !memcmp (a.body, kept, n_kept), "the picture comes back as %d, %zu bytes", a.status,
	       a.n);
	web_free (&a);
	given_workspace (s, "profile-b", "commerce");
	struct user stranger = given_user (s, "stranger@profile.nl", "--workspace profile-b --role owner");
	refused_as (s, &stranger, "GET", PATH ("/api/users/%s/photo", u.id), NULL, 404, "not_found");
	does (s, &u, "DELETE", "/api/me/photo", NULL, 204);
	refused_as (s, &u, "GET", PATH ("/api/users/%s/photo", u.id), NULL, 404, "not_found");
	/* sessions */
	json_t *list = asked_as (s, &u, "GET", "/api/me/sessions", NULL, 200), *o;
	CHECK (json_array_size (json_at (list, "data")) == 2, "%zu sessions", json_array_size (json_at (list, "data")));
	size_t i, current = 0;
	json_array_foreach (json_at (list, "data"), i, o) current += json_is_true (json_at (o, "current"));
	CHECK (current == 1, "%zu sessions are the one that asks", current);
	json_t *theirs = asked_as (s, &stranger, "GET", "/api/me/sessions", NULL, 200);
	refused_as (s, &u, "DELETE", PATH ("/api/me/sessions/%s", text_at (theirs, "data.0.id")), NULL, 404, "session_not_found");
	does (s, &stranger, "GET", "/api/me", NULL, 200);
	json_decref (theirs);
	json_array_foreach (json_at (list, "data"), i, o)
	{
		if (!json_is_true (json_at (o, "current")))
			does (s, &u, "DELETE", PATH ("/api/me/sessions/%s", text_at (o, "id")), NULL, 204);
	}
	json_decref (list);
	refused_as (s, &other, "GET", "/api/me", NULL, 401, "unauthenticated");
	/* the password */
	a = login_as (s, u.email, u.password, NULL);
	cookie_take (&a, &other);
	then_status (&a, 200);
	a = when_user_asks (s, &u, "POST", "/api/me/password", "{\"old_password\":\"not mine\",\"new_password\":\"een-heel-nieuwe-zin\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.code"), "wrong_password"), "a wrong old one: %d %s", a.status,
	       a.body);
	web_free (&a);
	does (s, &other, "GET", "/api/me", NULL, 200);
	does (s, &u, "POST", "/api/me/password", PATH ("{\"old_password\":\"%s\",\"new_password\":\"een-heel-nieuwe-zin\"}", u.password),
	      204);
	UNTIL (2000, when_user_asks (s, &other, "GET", "/api/me", NULL).status == 401, "the other session lives on after a new password");
	does (s, &u, "GET", "/api/me", NULL, 200);
	a = login_as (s, u.email, u.password, NULL);
	then_problem (&a, 401, "login_failed");
	a = login_as (s, u.email, "een-heel-nieuwe-zin", NULL);
	cookie_take (&a, &other);
	then_status (&a, 200);
	does (s, &u, "POST", "/api/me/sessions/close", "{}", 204);
	UNTIL (2000, when_user_asks (s, &other, "GET", "/api/me", NULL).status == 401, "the other session lives on");
}

/* The code of that step. */
static const char *code_at (const char *secret, size_t n, int64_t step)
{
	static char otp[4][8];
	static unsigned next;
	char *ret = otp[next++ % 4];
	CHECK (oath_hotp_generate (secret, n, (uint64_t) step, 6, false, OATH_HOTP_DYNAMIC_TRUNCATION, ret) == OATH_OK, "no code");
	return ret;
}

STORY (people_second_factor,
       "A second factor asks at log-in; its code is good once, a recovery code is good once, a reset password does not go around it")
{
	given_workspace (s, "factor", "commerce");
	struct user u = given_user (s, "me@factor.nl", "--workspace factor --role owner"),
		    boss = given_user (s, "boss@factor.nl", "--workspace factor --role owner");
	char *secret;
	size_t n;
	refused_as (s, &u, "POST", "/api/me/totp/confirm", "{\"code\":\"123456\"}", 409, "totp_not_begun");
	json_t *begun = asked_as (s, &u, "POST", "/api/me/totp", PATH ("{\"password\":\"%s\"}", u.password), 200);
	CHECK (json_array_size (json_at (begun, "qr")) >= 21 &&
		       strstr (text_at (begun, "otpauth"), "otpauth://totp/") == text_at (begun, "otpauth"),
	       "no picture");
	CHECK (oath_base32_decode (text_at (begun, "secret"), strlen (text_at (begun, "secret")), &secret, &n) == OATH_OK && n == 20,
	       "the secret does not read");
	struct web_answer a = login_as (s, u.email, u.password, NULL);
	then_status (&a, 200); /* not on yet */
	a = when_user_asks (s, &u, "POST", "/api/me/totp/confirm", "{\"code\":\"000000\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.code"), "totp_wrong"), "a wrong code: %d %s", a.status, a.body);
	web_free (&a);
	int64_t step = clock_now () / 30000000;
	json_t *codes = asked_as (s, &u, "POST", "/api/me/totp/confirm", PATH ("{\"code\":\"%s\"}", code_at (secret, n, step - 1)), 200);
	CHECK (json_array_size (json_at (codes, "recovery_codes")) == 10, "%zu recovery codes",
	       json_array_size (json_at (codes, "recovery_codes")));
	a = login_as (s, u.email, u.password, NULL);
	then_problem (&a, 401, "totp_required");
	a = login_as (s, u.email, u.password, code_at (secret, n, step - 1));
	then_problem (&a, 401, "totp_wrong"); /* used to confirm */
	step = clock_now () / 30000000;
	const char *code = code_at (secret, n, step);
	a = login_as (s, u.email, u.password, code);
	then_status (&a, 200);
	a = login_as (s, u.email, u.password, code);
	then_problem (&a, 401, "totp_wrong"); /* good once */
	a = login_as (s, u.email, u.password, text_at (codes, "recovery_codes.3"));
	then_status (&a, 200);
	a = login_as (s, u.email, u.password, text_at (codes, "recovery_codes.3"));
	then_problem (&a, 401, "totp_wrong");
	json_t *me = asked_as (s, &u, "GET", "/api/me", NULL, 200);
	CHECK (json_is_true (json_at (me, "user.two_factor")), "it is not told as on");
	json_decref (me);
	/* a colleague resets the password: no way around */
	json_t *link = asked_as (s, &boss, "POST", PATH ("/api/users/%s/invite", u.id), "{}", 200);
	a = public_ask (s, "/api/invite/accept",
			PATH ("{\"token\":\"%s\",\"password\":\"nog-een-andere-zin\"}", token_of (text_at (link, "invite.url"))));
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "login")), "a reset answers %d %s", a.status, a.body);
	char cookie[100];
	CHECK (!web_header (&a, "Set-Cookie", cookie, sizeof cookie), "a reset let somebody in");
	web_free (&a);
	a = login_as (s, u.email, "nog-een-andere-zin", NULL);
	then_problem (&a, 401, "totp_required");
	/* lost it all: a colleague switches it off */
	does (s, &boss, "PUT", PATH ("/api/users/%s", u.id), "{\"two_factor\":false}", 200);
	a = login_as (s, u.email, "nog-een-andere-zin", NULL);
	then_status (&a, 200);
	then_number (s, 0, "secrets in clear", "select count(*) from gateway.totp where sealed like '%%%s%%'", text_at (begun, "secret"));
	free (secret);
	json_decref (begun), json_decref (codes), json_decref (link);
}

/* ---- keys and the audit ---- */

STORY (people_keys,
       "Keys are made, listed by their beginning with their last use, and revoked; the audit tells who did what, and only to whom it concerns")
{
	given_workspace (s, "keys-a", "commerce");
	given_workspace (s, "keys-b", "commerce");
	struct user a_owner = given_user (s, "a@keys.nl", "--workspace keys-a --role owner"),
		    b_owner = given_user (s, "b@keys.nl", "--workspace keys-b --role owner"),
		    sales = given_user (s, "sales@keys.nl", "--workspace keys-a --role sales");
	json_t *key = asked_as (s, &a_owner, "POST", "/api/keys", "{\"name\":\"Website\",\"role\":\"sales\"}", 201);
	CHECK (!strncmp (text_at (key, "key"), text_at (key, "prefix"), strlen (text_at (key, "prefix"))) &&
		       strlen (text_at (key, "key")) > 40,
	       "the key is %s", text_at (key, "key"));
	struct web_answer a = web (s, text_at (key, "key"), "GET", "/api/crm/leads", NULL);
	then_status (&a, 200);
	a = web (s, text_at (key, "key"), "GET", "/api/keys", NULL);
	then_problem (&a, 403, "forbidden");
	settle (s);
	json_t *list = asked_as (s, &a_owner, "GET", "/api/keys?active=1", NULL, 200), *o, *found = NULL;
	size_t i;
	json_array_foreach (json_at (list, "data"), i, o)
	{
		if (!strcmp (text_at (o, "id"), text_at (key, "id")))
			found = o;
	}
	CHECK (found && !strcmp (text_at (found, "created_by.id"), a_owner.id) && *text_at (found, "used_at"), "the key in the list: %s",
	       found ? json_dumps (found, 0) : "none");
	char *text = json_dumps (list, 0);
	CHECK (!strstr (text, text_at (key, "key")), "the list tells keys");
	free (text);
	json_decref (list);
	refused_as (s, &sales, "GET", "/api/keys", NULL, 403, "forbidden");
	refused_as (s, &b_owner, "DELETE", PATH ("/api/keys/%s", text_at (key, "id")), NULL, 404, "apikey_not_found");
	does (s, &a_owner, "DELETE", PATH ("/api/keys/%s", text_at (key, "id")), NULL, 204);
	a = web (s, text_at (key, "key"), "GET", "/api/crm/leads", NULL);
	then_problem (&a, 401, "unauthenticated");
	/* the audit */
	json_t *audit = asked_as (s, &a_owner, "GET", "/api/audit?limit=2", NULL, 200);
	CHECK (!strcmp (text_at (audit, "data.0.what"), "apikey_revoke") && !strcmp (text_at (audit, "data.1.what"), "apikey_add"),
	       "the audit begins with %s, %s", text_at (audit, "data.0.what"), text_at (audit, "data.1.what"));
	CHECK (!strcmp (text_at (audit, "data.0.actor.id"), a_owner.id) && *text_at (audit, "next"), "the audit's actor or cursor");
	json_t *next = asked_as (s, &a_owner, "GET", PATH ("/api/audit?limit=200&after=%s", text_at (audit, "next")), NULL, 200);
	CHECK (json_array_size (json_at (next, "data")) >= 3, "the audit ends after %zu lines", json_array_size (json_at (next, "data")));
	json_t *adds = asked_as (s, &a_owner, "GET", PATH ("/api/audit?what=apikey_add&actor=%s", a_owner.id), NULL, 200);
	CHECK (json_array_size (json_at (adds, "data")) == 1, "%zu keys made by the owner", json_array_size (json_at (adds, "data")));
	json_t *theirs = asked_as (s, &b_owner, "GET", "/api/audit?limit=200", NULL, 200);
	text = json_dumps (theirs, 0);
	CHECK (!strstr (text, a_owner.id) && !strstr (text, text_at (key, "id")), "another workspace reads this one's audit");
	free (text);
	refused_as (s, &sales, "GET", "/api/audit", NULL, 403, "forbidden");
	json_decref (key), json_decref (audit), json_decref (next), json_decref (adds), json_decref (theirs);
}

/* ---- workspaces and presets ---- */

STORY (workspaces_made,
       "An agency makes a workspace whose hook works at once, renames it, archives it and takes it back; a lead that comes meanwhile is there")
{
	given_workspace (s, "agency-own", "commerce");
	struct user admin = given_user (s, "admin@workspaces.nl", "--admin"),
		    owner = given_user (s, "own@workspaces.nl", "--workspace agency-own --role owner");
	struct web_answer bad = when_user_asks (s, &admin, "POST", "/api/workspaces",
						"{\"name\":\"X\",\"preset\":\"commerce\",\"currency\":\"euro\"}");
	CHECK (bad.status == 422, "a currency of four letters: %d %s", bad.status, bad.body);
	web_free (&bad);
	bad = when_user_asks (s, &admin, "POST", "/api/workspaces", "{\"name\":\"X\",\"preset\":\"commerce\",\"timezone\":\"nowhere\"}");
	CHECK (bad.status == 422 && !strcmp (text_at (bad.json, "errors.0.pointer"), "/timezone"), "no zone: %d %s", bad.status, bad.body);
	web_free (&bad);
	json_t *made = asked_as (s, &admin, "POST", "/api/workspaces", "{\"name\":\"Fietsen & Zoon\",\"preset\":\"nl-offerte-6\"}", 201);
	const char *id = text_at (made, "id");
	CHECK (!strcmp (text_at (made, "slug"), "fietsen-zoon") && strstr (text_at (made, "hook"), "/hooks/"), "it is %s %s",
	       text_at (made, "slug"), text_at (made, "hook"));
	struct web_answer a = when_posted (s, text_at (made, "hook"), "{\"name\":\"Kees\",\"email\":\"kees@fiets.nl\"}");
	then_status (&a, 202);
	settle (s);
	CHECK (rows_as (s, &admin, PATH ("/api/crm/deals?workspace=%s", id)) == 1, "the first lead is no deal");
	refused_as (s, &owner, "GET", PATH ("/api/crm/deals?workspace=%s", id), NULL, 404, "workspace_not_found");
	refused_as (s, &owner, "PUT", PATH ("/api/workspaces/%s", id), "{\"name\":\"Mine\"}", 404, "workspace_not_found");
	refused_as (s, &owner, "PUT", "/api/workspaces/agency-own", "{\"archived\":true}", 403, "forbidden");
	does (s, &admin, "PUT", PATH ("/api/workspaces/%s", id), "{\"name\":\"Fietsen BV\",\"archived\":true}", 200);
	refused_as (s, &admin, "GET", PATH ("/api/crm/deals?workspace=%s", id), NULL, 404, "workspace_not_found");
	a = when_posted (s, text_at (made, "hook"), "{\"name\":\"Later\",\"email\":\"later@fiets.nl\"}");
	then_status (&a, 202);
	does (s, &admin, "PUT", PATH ("/api/workspaces/%s", id), "{\"archived\":false}", 200);
	settle (s);
	CHECK (rows_as (s, &admin, PATH ("/api/crm/deals?workspace=%s", id)) == 2, "the lead that came meanwhile is lost");
	/* all workspaces at once: boards of each, every row with its workspace */
	json_t *board = asked_as (s, &admin, "GET", "/api/crm/pipeline", NULL, 200), *o;
	size_t i, boards = 0;
	json_array_foreach (json_at (board, "data"), i, o) boards += !strcmp (text_at (o, "workspace_id"), id);
	CHECK (boards == 1 && json_array_size (json_at (board, "data")) >= 2, "%zu boards", json_array_size (json_at (board, "data")));
	json_decref (board);
	json_decref (made);
	then_no_dead_letters (s);
}

STORY (presets_change,
       "Another preset is laid upon a board: no deal is lost, old stages stay while deals stand in them, words and pages are the new ones")
{
	struct workspace *w = given_workspace (s, "presets", "nl-offerte-6");
	struct user owner = given_user (s, "own@presets.nl", "--workspace presets --role owner"),
		    sales = given_user (s, "sales@presets.nl", "--workspace presets --role sales");
	struct uuid first = given_deal_of (s, w, "Een", "een@presets.nl", "Offerte"),
		    second = given_deal_of (s, w, "Twee", "twee@presets.nl", "Offerte");
	does (s, &owner, "POST", PATH ("/api/crm/deals/%s/stage", id_text (second)), "{\"stage\":\"gewonnen\"}", 200);
	refused_as (s, &sales, "PUT", "/api/workspaces/presets/preset", "{\"landing\":\"board\"}", 403, "forbidden");
	does (s, &owner, "PUT", "/api/workspaces/presets/preset",
	      "{\"landing\":\"contacts\",\"move_mode\":\"locked\",\"tabs\":[\"deals\"]}", 200);
	settle (s);
	json_t *page = asked_as (s, &owner, "GET", "/api/workspaces/presets/preset", NULL, 200);
	CHECK (!strcmp (text_at (page, "move_mode"), "locked") && !strcmp (text_at (page, "landing"), "contacts") &&
		       json_array_size (json_at (page, "tabs")) == 1 && json_array_size (json_at (page, "changed")) == 3,
	       "the page: %s", json_dumps (page, 0));
	json_decref (page);
	struct web_answer a = when_user_asks (s, &owner, "PUT", "/api/workspaces/presets/preset", "{\"label_profile\":\"klingon\"}");
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/label_profile"), "klingon: %d %s", a.status, a.body);
	web_free (&a);
	does (s, &owner, "PUT", "/api/workspaces/presets/preset", "{\"preset\":\"commerce\"}", 200);
	settle (s);
	json_t *me = asked_as (s, &owner, "GET", "/api/me", NULL, 200);
	CHECK (!strcmp (text_at (me, "workspaces.0.label_profile"), "commerce") && !strcmp (text_at (me, "workspaces.0.currency"), "EUR"),
	       "the words are %s", text_at (me, "workspaces.0.label_profile"));
	json_decref (me);
	then_text (s, "new qualified proposal won lost nieuwe_aanvraag gewonnen", "the stages",
		   "select string_agg(key, ' ' order by position) from pipeline.stage where workspace_id = '%s'", w->id);
	CHECK (rows_as (s, &owner, "/api/crm/deals") == 2, "a deal is gone");
	then_stage (s, first, "nieuwe_aanvraag");
	given_deal_of (s, w, "Drie", "drie@presets.nl", "Offerte");
	then_text (
		s, "new", "where new deals begin",
		"select t.key from pipeline.deal d join pipeline.stage t on (t.workspace_id, t.id) = (d.workspace_id, d.stage_id) where d.title like 'Drie%%'");
	does (s, &owner, "POST", PATH ("/api/crm/deals/%s/stage", id_text (first)), "{\"stage\":\"qualified\"}", 200);
	does (s, &owner, "PUT", "/api/workspaces/presets/preset", "{\"preset\":\"commerce\"}", 200);
	settle (s);
	then_number (s, 0, "an old stage that is empty",
		     "select count(*) from pipeline.stage where workspace_id = '%s' and key = 'nieuwe_aanvraag'", w->id);
	then_number (s, 1, "an old stage with a deal in it",
		     "select count(*) from pipeline.stage where workspace_id = '%s' and key = 'gewonnen'", w->id);
	then_no_dead_letters (s);
}

/* ---- an empty installation ---- */

/* What stands in the terminal. */
static void code_printed (struct stack *s, char ret[32])
{
	char path[300], line[2000];
	*ret = 0;
	snprintf (path, sizeof path, "%s/log/crm.log", s->var);
	FILE *f = fopen (path, "r");
	while (f && fgets (line, sizeof line, f)) {
		const char *at = strstr (line, "\"event\":\"setup_code\"") ? strstr (line, "\"code\":\"") : NULL;
		if (at)
			snprintf (ret, 32, "%.14s", at + 8);
	}
	if (f)
		fclose (f);
}

static const char setup_form[] =
	"{\"code\":\"%s\",\"firm\":\"Molen BV\",\"country\":\"NL\",\"language\":\"nl\",\"timezone\":\"Europe/Amsterdam\","
	"\"currency\":\"EUR\",\"preset\":\"nl-offerte-6\",\"owner\":{\"name\":\"Mia Molen\",\"email\":\"mia@molen.nl\",\"password\":\"%s\"}}";

STORY_ALONE (setup_empty,
	     "An empty installation is opened once by the code in the terminal; its hook works at once, the lead appears while one watches")
{
	char code[32], body[800];
	UNTIL (10000, (code_printed (s, code), *code), "no code stands in the log");
	struct web_answer a = public_ask (s, "/api/setup", NULL);
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "open")) && json_array_size (json_at (a.json, "presets")) == 5,
	       "the page: %d %.200s", a.status, a.body);
	web_free (&a);
	snprintf (body, sizeof body, setup_form, "AAAA-BBBB-CCCC", "molen-wiek-steen");
	a = public_ask (s, "/api/setup", body);
	then_problem (&a, 401, "setup_code_wrong");
	snprintf (body, sizeof body, setup_form, code, "kort");
	a = public_ask (s, "/api/setup", body);
	CHECK (a.status == 422 && !strcmp (text_at (a.json, "errors.0.pointer"), "/owner/password"), "a short password: %d %s", a.status,
	       a.body);
	web_free (&a);
	snprintf (body, sizeof body, setup_form, code, "molen-wiek-steen");
	a = public_ask (s, "/api/setup", body);
	CHECK (a.status == 201, "the set-up: %d %s", a.status, a.body);
	struct user mia = { 0 };
	snprintf (mia.email, sizeof mia.email, "mia@molen.nl");
	CHECK (cookie_take (&a, &mia) && !strcmp (text_at (a.json, "agency.name"), "Molen BV") &&
		       json_array_size (json_at (a.json, "workspaces")) == 1,
	       "who is in: %s", a.body);
	struct stream *t = stream_open_as (s, NULL, mia.cookie, NULL);
	struct web_answer lead = when_posted (s, text_at (a.json, "setup.hook"),
					      "{\"name\":\"Test Person\",\"email\":\"test@example.com\"}");
	then_status (&lead, 202);
	stream_wait (t, "deal.created", "Test Person", 5000, NULL);
	stream_close (&t);
	web_free (&a);
	settle (s);
	CHECK (rows_as (s, &mia, "/api/crm/deals") == 1, "the lead is no deal");
	then_number (s, 1, "deals that the owner owns",
		     "select count(*) from pipeline.deal d join gateway.user u on u.id = d.owner_id and u.email = 'mia@molen.nl'");
	a = public_ask (s, "/api/setup", body);
	then_problem (&a, 404, "not_found");
	a = public_ask (s, "/api/setup", NULL);
	CHECK (a.status == 200 && json_is_false (json_at (a.json, "open")), "it is open still: %s", a.body);
	web_free (&a);
	then_number (s, 0, "codes in clear", "select count(*) from gateway.setup where code_hash = '%s'", code);
	then_no_dead_letters (s);
}

STORY (plain_http, "Over plain http on another name than this machine's own nobody logs in, and it is said why and how")
{
	given_workspace (s, "plain", "commerce");
	struct user u = given_user (s, "me@plain.nl", "--workspace plain --role owner");
	struct web_answer a = web_ask (s,
				       &(struct web_request){ .method = "POST",
							      .url = "/api/login",
							      .body = PATH ("{\"email\":\"%s\",\"password\":\"%s\"}", u.email, u.password),
							      .header = { "Host: crm.lan:8080", "Origin: http://crm.lan:8080" } });
	CHECK (strstr (a.body, "CRM_INSECURE_COOKIES"), "it is not said how: %s", a.body);
	then_problem (&a, 403, "https_required");
	a = web_ask (s, &(struct web_request){ .method = "GET", .url = "/api/login/state", .header = { "Host: crm.lan:8080" } });
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "https_required")), "the state: %s", a.body);
	web_free (&a);
	a = web_ask (s, &(struct web_request){ .method = "GET",
					       .url = "/api/login/state",
					       .header = { "Host: crm.lan:8080", "X-Forwarded-Proto: https" } });
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "https_required")), "whoever says https is believed: %s", a.body);
	web_free (&a);
	a = public_ask (s, "/api/login/state", NULL);
	CHECK (a.status == 200 && json_is_false (json_at (a.json, "https_required")), "this machine's own name: %s", a.body);
	web_free (&a);
}

static const char *const insecure_words[] = { "--env", "gateway:CRM_INSECURE_COOKIES=yes", NULL };

STORY_IN (
	plain_http_allowed,
	"Where the operator allows it one logs in over plain http, with a cookie that such a browser keeps, and every page knows that it is so",
	insecure_words)
{
	struct workspace *w = given_workspace (s, "lan", "commerce");
	struct user u = given_user (s, "me@lan.nl", "--workspace lan --role owner"), lan = u;
	(void) w;
	struct web_answer a = web_ask (s,
				       &(struct web_request){ .method = "POST",
							      .url = "/api/login",
							      .body = PATH ("{\"email\":\"%s\",\"password\":\"%s\"}", u.email, u.password),
							      .header = { "Host: crm.lan:8080", "Origin: http://crm.lan:8080" } });
	char cookie[512] = "";
	web_header (&a, "Set-Cookie", cookie, sizeof cookie);
	CHECK (a.status == 200 && !strncmp (cookie, "leadwire=", 9) && !strstr (cookie, "Secure") && strstr (cookie, "HttpOnly"),
	       "the log-in: %d %s", a.status, cookie);
	CHECK (json_is_true (json_at (a.json, "insecure")), "the page does not know: %s", a.body);
	cookie_take (&a, &lan);
	web_free (&a);
	a = web_ask (s,
		     &(struct web_request){ .method = "GET", .url = "/api/me", .cookie = lan.cookie, .header = { "Host: crm.lan:8080" } });
	CHECK (a.status == 200 && json_is_true (json_at (a.json, "insecure")), "who am I: %d %s", a.status, a.body);
	web_free (&a);
	/* at this machine's own name nothing is different */
	a = when_user_asks (s, &u, "GET", "/api/me", NULL);
	CHECK (a.status == 200 && !json_at (a.json, "insecure"), "this machine's own name: %s", a.body);
	web_free (&a);
}

STORY (documents, "The API's documents are there without a log-in, and say every route and every event")
{
	struct web_answer a = public_ask (s, "/api/openapi.json", NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "openapi"), "3.1.0"), "openapi.json: %d %.200s", a.status, a.body);
	CHECK (json_object_get (json_object_get (json_at (a.json, "paths"), "/api/users/{user_id}/hand-over"), "post"),
	       "a route is missing");
	web_free (&a);
	a = public_ask (s, "/api/asyncapi.json", NULL);
	CHECK (a.status == 200 && !strcmp (text_at (a.json, "asyncapi"), "3.0.0") &&
		       json_at (a.json, "components.messages.member_handed_over"),
	       "asyncapi.json: %d %.200s", a.status, a.body);
	web_free (&a);
}

/* crmctl user add, which must fail and make nobody. */
static void nobody_made (struct stack *s, const char *words)
{
	int code;
	free (ctl_text (s, &code, "user add nobody@elders.test %s", words));
	CHECK (code == 1, "user add %s is %d", words, code);
	then_number (s, 0, words, "select count(*) from gateway.user where email = 'nobody@elders.test'");
}

STORY (user_of_another_agency,
       "Somebody is made in the agency of the workspaces they are for, whichever it is; what cannot be is said before anybody is made")
{
	struct agency_add add = { .name = "Bureau Elders", .has = { HERE, HERE, ABSENT } };
	add.head.workspace = add.agency_id.uuid = uuid_v7 (clock_now ());
	add.head.grant.scope = SCOPE_ALL;
	add.head.grant.permissions = UINT64_MAX;
	struct pending *asked = bus_ask (s, &agency_add_record, &add);
	struct bus_reply reply = bus_wait (&asked, 5000);
	CHECK (reply.state == REPLY_DONE, "an agency: %s %s", reply.code, reply.detail);
	json_decref (ctl (s, "workspace add elders --preset commerce --agency 'Bureau Elders'"));
	given_workspace (s, "hier", "commerce");
	struct user eva = given_user (s, "eva@elders.test", "--workspace elders --role sdr");
	json_t *me = asked_as (s, &eva, "GET", "/api/me", NULL, 200);
	CHECK (json_array_size (json_at (me, "workspaces")) == 1 && !strcmp (text_at (me, "workspaces.0.slug"), "elders"),
	       "Eva works in %s", text_at (me, "workspaces.0.slug"));
	json_decref (me);
	nobody_made (s, "--workspace elders,hier --role sdr");
	nobody_made (s, "--workspace hier --role sdr --agency 'Bureau Elders'");
	nobody_made (s, "--workspace elders --role emperor");
	nobody_made (s, "--workspace elders,nergens --role sdr");
	nobody_made (s, "--workspace , --role sdr");
}
