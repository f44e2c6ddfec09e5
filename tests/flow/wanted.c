/* What an event asks for: the daemon whose command it is does it once, however often it is told, and whenever it dies. Nobody says such events yet: the
 * story puts one on the gateway's stream, in its tables, while that is down. */
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "frame.h"
#include "story.h"

/* As if the gateway had said them in one transaction: everybody who hears it hears them too. */
static void when_wanted (struct stack *s, const struct action_wanted e[], size_t n)
{
	int lane = lane_of (e[0].head.workspace);
	struct frame_writer w = { 0 };
	struct buffer out = { 0 }, hex = { 0 };
	daemon_hold (s, "gateway");
	frame_start (&w);
	for (size_t i = 0; i < n; i++)
		frame_add (&w, &action_wanted_record, &e[i].head, &e[i]);
	frame_finish (&w, e[0].head.at, NULL, 0, &out);
	for (size_t i = 0; i < out.n; i++)
		buffer_printf (&hex, "%02x", out.at[i]);
	sql_do (s,
		"insert into gateway.event (lane, first_seq, n, epoch, payload) select %d, coalesce(max(e.first_seq + e.n), 1), %d, "
		"(select epoch from gateway.lane where lane = %d), '\\x%.*s' from gateway.event e where e.lane = %d",
		lane, (int) n, lane, (int) hex.n, (const char *) hex.at, lane);
	daemon_release (s, "gateway");
	frame_fini (&w);
	buffer_fini (&out);
	buffer_fini (&hex);
}

static struct action_wanted wanted_of (struct workspace *w, const char *service, const char *command, const char *body)
{
	int64_t now = clock_now ();
	return (struct action_wanted){
		.head = { .workspace = w->uuid, .actor = uuid_v7 (now), .id = uuid_v7 (now), .at = now, .depth = 1 },
		.action_id = { uuid_v7 (now) },
		.service = service,
		.command = command,
		.body = body,
		.scope = "workspace",
		.permissions = INT64_C (1) << PERMISSION_crm_edit,
		.by_id = { uuid_v7 (now) },
	};
}

/* Everything from that place of the gateway's lane is told to this daemon once more, which dies as soon as it is up. */
static void when_told_again (struct stack *s, const char *service, int lane, int64_t first)
{
	daemon_hold (s, service);
	sql_do (s, "update %s.cursor set last_seq = %lld, epoch = 0 where consumer = 'main' and source = 'gateway' and lane = %d", service,
		(long long) first - 1, lane);
	daemon_release (s, service);
	daemon_kill (s, service, 0, 9);
	daemon_ready (s, service, 0);
	settle (s);
}

/* How often this was answered, and each time so. */
static void then_settled (struct stack *s, const struct workspace *w, const char *type, const struct action_wanted *e, int64_t n,
			  const char *state, const char *code)
{
	int exit_code;
	char *rest, *text = ctl_text (s, &exit_code, "tail --from 1 --until-now --json --type %s --workspace %s", type, w->id);
	int64_t found = 0;
	CHECK (exit_code == 0, "crmctl tail: exit %d", exit_code);
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		json_t *o = json_loads (line, 0, NULL);
		if (strcmp (text_at (o, "data.action_id"), id_text (e->action_id.uuid)) == 0) {
			found++;
			CHECK (!strcmp (text_at (o, "data.state"), state) && !strcmp (text_at (o, "data.code"), code),
			       "answered otherwise: %s", line);
		}
		json_decref (o);
	}
	free (text);
	CHECK (found == n, "%s of %s was said %lld times, not %lld", type, e->command, (long long) found, (long long) n);
}

/* The daemon has done the command and is about to write down that it did: there it dies. */
static void when_wanted_and_killed (struct stack *s, const struct action_wanted e[], size_t n)
{
	char state[6];
	PGconn *hold = sql_open (s, "postgres");
	CHECK (!*sql_state (hold, state, "begin; lock table pipeline.asked in share mode"), "pipeline.asked cannot be held: %s", state);
	when_wanted (s, e, n);
	UNTIL (20000, sql_number (s, "select count(*) from pg_locks where not granted and relation = 'pipeline.asked'::regclass") > 0,
	       "pipeline does not come to write an answer down");
	daemon_kill (s, "pipeline", 0, 9);
	CHECK (!*sql_state (hold, state, "commit"), "pipeline.asked cannot be released: %s", state);
	PQfinish (hold);
	daemon_ready (s, "pipeline", 0);
	settle (s);
}

STORY (wanted_once,
       "What an event asks for is done once, whatever is told again and whoever dies: what people did since stands; each time it is answered the same")
{
	struct uuid deal = given_deal (s, "wanted", "classic-6", "Piet de Vries", "Offerteaanvraag");
	struct workspace *w = given_workspace (s, "wanted", "classic-6");
	char move[200], nowhere[200], note[400];
	snprintf (move, sizeof move, "{\"deal_id\":\"%s\",\"stage\":\"qualified\"}", id_text (deal));
	snprintf (nowhere, sizeof nowhere, "{\"deal_id\":\"%s\",\"stage\":\"nowhere\"}", id_text (deal));
	snprintf (note, sizeof note, "{\"activity_id\":\"%s\",\"kind\":\"note\",\"note\":\"Gevraagd\",\"deal_id\":\"%s\"}",
		  id_text (uuid_v7 (clock_now ())), id_text (deal));
	struct action_wanted e[] = { wanted_of (w, "pipeline", "deal_move", move),
				     wanted_of (w, "pipeline", "deal_move", nowhere),
				     wanted_of (w, "contacts", "activity_add", note),
				     { .has = { 0 } } };
	e[3] = e[0]; /* under another number of the stream */
	int lane = lane_of (w->uuid);
	settle (s);
	int64_t first = sql_number (s, "select coalesce(max(first_seq + n), 1) from gateway.event where lane = %d", lane);
	when_wanted_and_killed (s, e, LENGTH (e));
	then_stage (s, deal, "qualified");
	then_done (s, when_asked (s, "deal_move", deal, "stage=proposal"));
	for (int i = 0; i < 3; i++) {
		when_told_again (s, "pipeline", lane, first);
		when_told_again (s, "contacts", lane, first);
	}
	then_stage (s, deal, "proposal");
	then_number (s, 2, "moves", "select count(*) from contacts.timeline where workspace_id = '%s' and type = 'deal.stage_changed'",
		     w->id);
	then_number (s, 1, "notes", "select count(*) from contacts.activity where workspace_id = '%s' and note = 'Gevraagd'", w->id);
	then_number (s, 2, "answers kept", "select count(*) from pipeline.asked where workspace_id = '%s'", w->id);
	then_settled (s, w, "deal.action_settled", &e[0], 8, "done", "");
	then_settled (s, w, "deal.action_settled", &e[1], 4, "refused", "stage_not_found");
	then_settled (s, w, "contact.action_settled", &e[2], 4, "done", "");
	then_no_dead_letters (s);
}

/* What rules said to somebody, newest first: title, title. */
static void rings_are (struct stack *s, const struct user *u, const char *expected)
{
	char is[300] = "";
	size_t i;
	json_t *row;
	struct web_answer a = when_user_asks (s, u, "GET", "/api/notifications?kind=rule", NULL);
	CHECK (a.status == 200, "the news of %s is %d: %s", u->email, a.status, a.body);
	json_array_foreach (json_at (a.json, "data"), i, row)
	{
		size_t n = strlen (is);
		CHECK (!strcmp (text_at (row, "kind"), "rule") && !json_is_true (json_at (row, "read")), "it rings otherwise: %s", a.body);
		snprintf (is + n, sizeof is - n, "%s%s%s", n ? ", " : "", text_at (row, "title"), *text_at (row, "about.id") ? " *" : "");
	}
	CHECK (!strcmp (is, expected), "rules said to %s '%s', not '%s'", u->email, is, expected);
	web_free (&a);
}

static struct uuid owned_deal (struct stack *s, const struct user *by, const char *title, const struct user *owner)
{
	char body[200], path[100];
	snprintf (body, sizeof body, "{\"title\":\"%s\",\"owner_id\":\"%s\"}", title, (owner ? owner : by)->id);
	struct web_answer a = when_user_asks (s, by, "POST", "/api/crm/deals", body);
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	if (!owner) {
		snprintf (path, sizeof path, "/api/crm/deals/%s", id_text (ret));
		a = when_user_asks (s, by, "PUT", path, "{\"owner_id\":null}");
		then_status (&a, 200);
	}
	return ret;
}

STORY (wanted_ring,
       "What a rule says rings once, for the record's owner or whom it names and nobody else, in the bell, live and by mail; nobody's record rings for who owns what nobody else does, and for nobody where there is no such person")
{
	struct workspace *w = given_workspace (s, "wanted-ring", "commerce");
	struct user anna = given_user (s, "anna@wantedring.nl", "--workspace wanted-ring --role owner"),
		    bob = given_user (s, "bob@wantedring.nl", "--workspace wanted-ring --role manager");
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/mail/accounts",
		"{\"kind\":\"smtp\",\"name\":\"Kantoor\",\"from_email\":\"wij@wantedring.test\",\"host\":\"wantedring.test\"}");
	then_status (&a, 201);
	char body[4][300];
	struct uuid his = owned_deal (s, &anna, "Van Bob", &bob), nobodys = owned_deal (s, &anna, "Van niemand", NULL),
		    ring = uuid_v7 (clock_now ()), other = uuid_v7 (clock_now ());
	snprintf (body[0], sizeof body[0], "{\"notice_id\":\"%s\",\"deal_id\":\"%s\",\"title\":\"Bel hem\"}", id_text (ring),
		  id_text (his));
	snprintf (body[1], sizeof body[1], "{\"notice_id\":\"%s\",\"user_id\":\"%s\",\"title\":\"Kijk even\"}", id_text (other), anna.id);
	snprintf (body[2], sizeof body[2], "{\"notice_id\":\"%s\",\"deal_id\":\"%s\",\"title\":\"Stil\"}", id_text (uuid_v7 (clock_now ())),
		  id_text (nobodys));
	snprintf (body[3], sizeof body[3], "{\"notice_id\":\"%s\",\"deal_id\":\"%s\",\"title\":\"Weg\"}", id_text (uuid_v7 (clock_now ())),
		  id_text (other));
	struct action_wanted e[] = { wanted_of (w, "contacts", "notice_ring", body[0]), wanted_of (w, "contacts", "notice_ring", body[1]),
				     wanted_of (w, "contacts", "notice_ring", body[2]), wanted_of (w, "contacts", "notice_ring", body[3]),
				     wanted_of (w, "contacts", "notice_ring", body[0]) }; /* another action of the same id */
	int lane = lane_of (w->uuid);
	settle (s);
	int64_t first = sql_number (s, "select coalesce(max(first_seq + n), 1) from gateway.event where lane = %d", lane);
	daemon_hold (s, "contacts");
	when_wanted (s, e, LENGTH (e));
	daemon_ready (s, "gateway", 0);
	struct stream *hers = stream_open_as (s, NULL, anna.cookie, NULL), *live = stream_open_as (s, NULL, bob.cookie, NULL);
	daemon_release (s, "contacts");
	stream_wait (hers, "notice.rung", id_text (other), 15000, NULL);
	stream_wait (live, "notice.rung", id_text (ring), 15000, NULL);
	CHECK (!stream_heard (hers, id_text (ring)) && !stream_heard (live, id_text (other)), "a ring was told to another one");
	stream_close (&hers);
	stream_close (&live);
	for (int i = 0; i < 2; i++)
		when_told_again (s, "contacts", lane, first);
	rings_are (s, &bob, "Bel hem *");
	rings_are (s, &anna, "Stil *, Kijk even"); /* she owns what nobody else does */
	then_settled (s, w, "contact.action_settled", &e[0], 3, "done", "");
	then_settled (s, w, "contact.action_settled", &e[2], 3, "done", "");
	then_settled (s, w, "contact.action_settled", &e[3], 3, "refused", "deal_not_found");
	then_number (s, 3, "rings", "select count(*) from contacts.notice where workspace_id = '%s' and kind = 'rule'", w->id);
	then_number (s, 3, "letters",
		     "select count(*) from mailer.letter where workspace_id = '%s' and kind = 'rule' and state = 'waiting'", w->id);
	/* where there is no such person nobody's record rings for nobody, and it is done all the same */
	a = when_user_asks (s, &anna, "PUT", "/api/workspaces/wanted-ring", "{\"default_owner_id\":null}");
	then_status (&a, 200);
	settle (s);
	snprintf (body[0], sizeof body[0], "{\"notice_id\":\"%s\",\"deal_id\":\"%s\",\"title\":\"Van niemand\"}",
		  id_text (uuid_v7 (clock_now ())), id_text (nobodys));
	struct action_wanted late = wanted_of (w, "contacts", "notice_ring", body[0]);
	when_wanted (s, &late, 1);
	settle (s);
	then_settled (s, w, "contact.action_settled", &late, 1, "done", "");
	then_number (s, 3, "rings still", "select count(*) from contacts.notice where workspace_id = '%s' and kind = 'rule'", w->id);
	a = when_user_asks (s, &bob, "PUT", "/api/notifications/choices", "{\"kind\":\"rule\",\"bell\":false}");
	then_status (&a, 204);
	a = when_user_asks (s, &bob, "GET", "/api/notifications", NULL);
	CHECK (json_is_false (json_at (a.json, "choices.rule.bell")) && !strstr (a.body, "Bel hem"), "what is off rings: %s", a.body);
	web_free (&a);
	then_no_dead_letters (s);
}

STORY (wanted_papers,
       "A quote and an invoice that an event asks for are written once, for whom their deal is; of no record they are nobody's, and no number is lost")
{
	struct uuid deal = given_deal (s, "wanted-papers", "classic-6", "Piet de Vries", "Offerteaanvraag");
	struct workspace *w = given_workspace (s, "wanted-papers", "classic-6");
	char quote[300], invoice[200];
	struct uuid id = uuid_v7 (clock_now ()), other = uuid_v7 (clock_now ());
	snprintf (quote, sizeof quote, "{\"document_id\":\"%s\",\"deal_id\":\"%s\",\"intro\":\"Beste\"}", id_text (id), id_text (deal));
	snprintf (invoice, sizeof invoice, "{\"document_id\":\"%s\",\"title\":\"Los\"}", id_text (other));
	struct action_wanted e[] = { wanted_of (w, "billing", "quote_create", quote), wanted_of (w, "billing", "invoice_create", invoice),
				     wanted_of (w, "billing", "quote_create", quote) }; /* another action of the same id */
	int lane = lane_of (w->uuid);
	settle (s);
	int64_t first = sql_number (s, "select coalesce(max(first_seq + n), 1) from gateway.event where lane = %d", lane);
	when_wanted (s, e, LENGTH (e));
	settle (s);
	when_told_again (s, "billing", lane, first);
	then_settled (s, w, "document.action_settled", &e[0], 2, "done", "");
	then_settled (s, w, "document.action_settled", &e[1], 2, "done", "");
	then_settled (s, w, "document.action_settled", &e[2], 2, "refused", "document_changed");
	then_number (s, 1, "quotes for Piet",
		     "select count(*) from billing.document where workspace_id = '%s' and kind = 'quote' and deal_id = '%s' and "
		     "buyer->>'name' = 'Piet de Vries' and right(number, 4) = '-001'",
		     w->id, id_text (deal));
	then_number (
		s, 1, "invoices of nobody",
		"select count(*) from billing.document where workspace_id = '%s' and kind = 'invoice' and owner_id is null and number is null",
		w->id);
	then_number (s, 2, "documents", "select count(*) from billing.document where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}

/* The tables say whose each is; a body that says nothing is refused by its own handler's fields, and by nobody else. */
STORY (wanted_by_name, "Every command that an event may ask for is served by the service whose it is")
{
	static const char *const names[] = {
#define ASKED(command, permission) #command,
#include "asked.def"
#undef ASKED
	};
	static const char *const types[][2] = { { "pipeline", "deal.action_settled" },
						{ "contacts", "contact.action_settled" },
						{ "mailer", "mail.action_settled" },
						{ "billing", "document.action_settled" } };
	struct workspace *w = given_workspace (s, "wanted-names", "classic-6");
	struct action_wanted e[LENGTH (names)];
	for (size_t i = 0; i < LENGTH (names); i++)
		e[i] = wanted_of (w, record_named (names[i])->service, names[i], "{}");
	settle (s);
	when_wanted (s, e, LENGTH (e));
	settle (s);
	for (size_t i = 0; i < LENGTH (names); i++)
		for (size_t k = 0; k < LENGTH (types); k++)
			then_settled (s, w, types[k][1], &e[i], !strcmp (types[k][0], e[i].service), "refused", "invalid");
}
