/* The streams: nothing lost, nothing twice, whatever is away, poisoned, forged or restored. PRODUCT's, N1 and N11. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

/* No two alike: the same content again is a duplicate. */
static void leads_post (struct stack *s, const struct workspace *w, int n, int people)
{
	static int i;
	for (int end = i + n; i < end; i++) {
		struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Lead %d\",\"email\":\"person%d@%s.nl\",\"form_type\":\"F%d\"}",
						   i, i % people, w->slug, i);
		then_status (&a, 202);
	}
}

STORY (a_3_pipeline_away, "A-3: 1,000 leads while pipeline is down are 1,000 deals when it is back, those of each contact in their order")
{
	struct workspace *w = given_workspace (s, "away", "nl-offerte-6");
	daemon_hold (s, "pipeline");
	leads_post (s, w, 1000, 100);
	then_number (s, 0, "deals while pipeline is down", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	daemon_release (s, "pipeline");
	settle (s);
	then_number (s, 1000, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 100, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (
		s, 0, "deals without contact",
		"select count(*) from pipeline.deal d where workspace_id = '%s' and not exists (select from pipeline.deal_contact c where c.deal_id = d.id)",
		w->id);
	then_number (
		s, 0, "deals out of order",
		"select count(*) from (select d.number, lag (d.number) over (partition by c.contact_id order by l.number) as before from pipeline.deal d "
		"join pipeline.deal_contact c on (c.workspace_id, c.deal_id) = (d.workspace_id, d.id) "
		"join lead_intake.lead l on (l.workspace_id, l.id) = (d.workspace_id, d.lead_id) where d.workspace_id = '%s') o where number < before",
		w->id);
	then_no_dead_letters (s);
}

/* A program of ours in the background, its stdout in a file. */
static pid_t background (const char *path, const char *const argv[])
{
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		if (!freopen (path, "w", stdout))
			_exit (126);
		execv (argv[0], (char *const *) argv);
		_exit (127);
	}
	return pid;
}

/* Every number of every lane of that file of CloudEvents once and in order; how many there were. */
static int64_t numbers_check (const char *path, json_t *next)
{
	FILE *file = fopen (path, "r");
	char *line = NULL, name[80];
	size_t room = 0;
	int64_t n = 0;
	CHECK (file, "%s is not there", path);
	while (getline (&line, &room, file) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		if (!o)
			break; /* half a line: it is being written */
		snprintf (name, sizeof name, "%s/%lld", text_at (o, "source"), (long long) number_at (o, "lane"));
		int64_t sequence = strtoll (text_at (o, "sequence"), NULL, 10), due = number_at (next, name) + 1;
		CHECK (sequence == due, "%s: #%lld came where #%lld was due", name, (long long) sequence, (long long) due);
		json_object_set_new (next, name, json_integer (sequence));
		json_decref (o);
		n++;
	}
	free (line);
	fclose (file);
	return n;
}

static int64_t events_all (struct stack *s)
{
	return sql_number (s,
			   "select (select coalesce(sum(n), 0) from gateway.event) + (select coalesce(sum(n), 0) from lead_intake.event) + "
			   "(select coalesce(sum(n), 0) from contacts.event) + (select coalesce(sum(n), 0) from pipeline.event) + "
			   "(select coalesce(sum(n), 0) from mailer.event) + (select coalesce(sum(n), 0) from billing.event) + "
			   "(select coalesce(sum(n), 0) from automation.event)");
}

static int64_t lines_of (const char *path)
{
	json_t *next = json_object ();
	int64_t n = numbers_check (path, next);
	json_decref (next);
	return n;
}

STORY (n_1_replayable_stream,
       "N1: a tail from the beginning sees every number of every lane once, though all consumers and the tail's sources go away")
{
	struct workspace *w = given_workspace (s, "replay", "nl-offerte-6");
	char program[300], path[300];
	snprintf (program, sizeof program, "%s/crmctl", s->bin);
	snprintf (path, sizeof path, "%s/tail.jsonl", s->var);
	pid_t tail = background (path, (const char *[]){ program, "tail", "--json", "--from", "1", "--var", s->var, NULL });
	leads_post (s, w, 100, 20);
	daemon_hold (s, "contacts"), daemon_hold (s, "pipeline");
	leads_post (s, w, 200, 20);
	daemon_release (s, "contacts"), daemon_release (s, "pipeline");
	daemon_kill (s, "lead-intake", 0, SIGKILL);
	daemon_ready (s, "lead-intake", 0);
	leads_post (s, w, 100, 20);
	settle (s);
	UNTIL (20000, lines_of (path) >= events_all (s), "the tail saw %lld events of %lld", (long long) lines_of (path),
	       (long long) events_all (s));
	kill (tail, SIGTERM);
	waitpid (tail, NULL, 0);
	CHECK (lines_of (path) == events_all (s), "the tail saw %lld events of %lld", (long long) lines_of (path),
	       (long long) events_all (s));
	then_number (s, 400, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 20, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
}

STORY (n_1_by_http, "N1: a live stream that comes back with Last-Event-ID hears what it missed, once")
{
	struct workspace *w = given_workspace (s, "resume", "nl-offerte-6");
	char id[8192] = "";
	struct stream *t = stream_open (s, w->key, NULL);
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Voor\",\"email\":\"voor@resume.nl\"}");
	then_status (&a, 202);
	stream_wait (t, "deal.created", "Voor", 5000, NULL);
	settle (s);
	UNTIL (5000, (stream_id (t, id, sizeof id), *id), "the stream gives no id");
	/* the id that stands for all of this comes after a moment of idleness */
	int64_t heard_at = now_us ();
	UNTIL (5000, (stream_id (t, id, sizeof id), now_us () - heard_at > 1500000), "time stands still");
	stream_close (&t);
	a = when_posted (s, w->hook, "{\"name\":\"Gemist\",\"email\":\"gemist@resume.nl\"}");
	then_status (&a, 202);
	settle (s);
	t = stream_open (s, w->key, id);
	stream_wait (t, "deal.created", "Gemist", 5000, NULL);
	CHECK (!stream_heard (t, "Voor"), "the stream repeats what it had said");
	stream_close (&t);
}

STORY (n_11_trace, "N11: one lead traced: every hop with its time and its cause, by any of its ids")
{
	struct workspace *w = given_workspace (s, "traced", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Tracey", "tracey@traced.nl", "Offerte");
	char *submission = sql_text (s, "select submission_id from lead_intake.lead where workspace_id = '%s'", w->id);
	json_t *by_deal = ctl (s, "trace %s", id_text (deal)), *by_submission = ctl (s, "trace %s --workspace traced", submission);
	static const char *const hops[] = { "lead.created", "deal.created", "contact.created", "lead.contact_linked" };
	size_t k, n = json_array_size (json_at (by_deal, "hops"));
	json_t *hop;
	CHECK (n >= 4 && n == json_array_size (json_at (by_submission, "hops")), "there are %zu hops by the deal, %zu by the submission", n,
	       json_array_size (json_at (by_submission, "hops")));
	for (size_t i = 0; i < LENGTH (hops); i++) {
		int found = 0;
		json_array_foreach (json_at (by_deal, "hops"), k, hop)
		{
			found += !strcmp (text_at (hop, "type"), hops[i]);
			CHECK (number_at (hop, "after_us") >= 0 && number_at (hop, "after_us") < 10000000, "%s came after %lld µs",
			       text_at (hop, "type"), (long long) number_at (hop, "after_us"));
			CHECK (number_at (hop, "depth") == 1 || *text_at (hop, "causation"), "%s has no cause", text_at (hop, "type"));
		}
		CHECK (found == 1, "%s stands %d times in the trace", hops[i], found);
	}
}

/* ---- A-5 ---- */

static char *metrics_of (struct stack *s, const char *name)
{
	char url[100];
	snprintf (url, sizeof url, "http://127.0.0.1:%d/metrics", daemon_port (s, name, 0, "metrics"));
	struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET", .url = url });
	CHECK (a.status == 200, "/metrics of %s: %d", name, a.status);
	return a.body;
}

/* The sum of a metric over its labels; -1: it is not there. */
static double metric (struct stack *s, const char *service, const char *name)
{
	char *text = metrics_of (s, service), *rest;
	double sum = -1;
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		size_t n = strlen (name);
		if (!strncmp (line, name, n) && (line[n] == ' ' || line[n] == '{'))
			sum = (sum < 0 ? 0 : sum) + strtod (strrchr (line, ' '), NULL);
	}
	free (text);
	return sum;
}

STORY (a_5_poison,
       "A-5: what fails every time is put aside and shown by crmctl and /metrics, what comes after it goes on, and it can be tried again")
{
	struct workspace *w = given_workspace (s, "poison", "nl-offerte-6");
	sql_do (s,
		"create or replace function pipeline.story_poison () returns trigger language plpgsql as $$ begin if new.title like 'Gif —%%' then "
		"raise exception 'no such thing'; end if; return new; end $$; "
		"create or replace trigger story_poison before insert on pipeline.deal for each row execute function pipeline.story_poison ()");
	struct web_answer a = when_posted (s, w->hook,
					   "[{\"name\":\"Goed\",\"email\":\"a@poison.nl\"},{\"name\":\"Gif\",\"email\":\"b@poison.nl\"},"
					   "{\"name\":\"Ook goed\",\"email\":\"c@poison.nl\"}]");
	then_status (&a, 202);
	UNTIL (60000, sql_number (s, "select count(*) from pipeline.parked where state = 'poison'") == 1, "nothing is put aside");
	UNTIL (10000, sql_number (s, "select count(*) from pipeline.deal where workspace_id = '%s'", w->id) == 2,
	       "what is beside the poison does not go on");
	json_t *list = ctl (s, "dead list --service pipeline");
	json_t *item = json_at (list, "data.0");
	CHECK (!strcmp (text_at (item, "type"), "lead.created") && !strcmp (text_at (item, "state"), "poison") &&
		       strstr (text_at (item, "error"), "no such thing"),
	       "crmctl dead says %s", json_dumps (list, 0));
	CHECK (metric (s, "pipeline", "leadwire_parked_total") >= 1, "/metrics does not show what is put aside");
	CHECK (metric (s, "pipeline", "leadwire_consumer_lag") >= 0, "/metrics does not show how far behind it is");
	json_t *lag = ctl (s, "lag");
	CHECK (number_at (lag, "parked.pipeline") >= 1, "crmctl lag shows nothing parked: %s", json_dumps (lag, 0));
	sql_do (s, "drop trigger story_poison on pipeline.deal; drop function pipeline.story_poison ()");
	json_t *done = ctl (s, "dead redrive pipeline/%s/%lld/%lld", text_at (item, "source"), (long long) number_at (item, "lane"),
			    (long long) number_at (item, "sequence"));
	CHECK (number_at (done, "changed") == 1, "the item is not tried again");
	UNTIL (30000, sql_number (s, "select count(*) from pipeline.parked") == 0, "it stays parked");
	then_number (s, 3, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	settle (s);
	then_number (s, 3, "joined deals", "select count(*) from pipeline.deal_contact where workspace_id = '%s'", w->id);
}

/* ---- safety ---- */

STORY (forged_writer, "A second writer that forges a cursor or a frame commits nothing, and the true one goes on")
{
	struct uuid deal = given_deal (s, "forged", "nl-offerte-6", "Echt", "Contact");
	struct workspace *w = given_workspace (s, "forged", "nl-offerte-6");
	char state[6];
	int lane = lane_of (w->uuid);
	PGconn *forger = sql_open (s, "pipeline");
	PQclear (PQexec (forger, "begin"));
	CHECK (!*sql_state (forger, state, "update pipeline.deal set title = 'Vals' where id = '%s'", id_text (deal)),
	       "the forger cannot write: %s", state);
	sql_state (
		forger, state,
		"update pipeline.cursor set last_seq = case last_seq when 999999 then 1000000 end where consumer = 'main' and source = 'lead-intake' and lane = %d",
		lane);
	CHECK (!strcmp (state, "23502"), "a forged cursor gives %s, not 23502", state);
	PQclear (PQexec (forger, "commit"));
	PQclear (PQexec (forger, "begin"));
	sql_state (forger, state, "update pipeline.deal set title = 'Vals' where id = '%s'", id_text (deal));
	sql_state (
		forger, state,
		"insert into pipeline.event (lane, first_seq, n, epoch, payload) select lane, first_seq, 1, 1, '' from pipeline.event where lane = %d "
		"order by first_seq desc limit 1",
		lane);
	CHECK (!strcmp (state, "23505"), "a forged frame gives %s, not 23505", state);
	PQclear (PQexec (forger, "commit"));
	PQfinish (forger);
	then_text (s, "Echt — Contact", "the deal's title", "select title from pipeline.deal where id = '%s'", id_text (deal));
	given_deal (s, "forged", "nl-offerte-6", "Nog echter", "Contact");
}

STORY_ALONE (frame_sneaked_in, "A frame sneaked in at a lane's head makes the true owner fail, look again and lose nothing")
{
	struct workspace *w = given_workspace (s, "sneak", "nl-offerte-6");
	given_deal_of (s, w, "Eerst", "eerst@sneak.nl", "Contact");
	int lane = lane_of (w->uuid);
	/* a copy of an older frame of the same lane, as a paused second owner would have written it */
	sql_do (s,
		"insert into pipeline.event (lane, first_seq, n, epoch, payload) select lane, (select max(first_seq + n) from pipeline.event where lane = %d), n, "
		"epoch, payload from pipeline.event where lane = %d order by first_seq desc limit 1",
		lane, lane);
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Daarna\",\"email\":\"daarna@sneak.nl\"}");
	then_status (&a, 202);
	UNTIL (60000, sql_number (s, "select count(*) from pipeline.deal where workspace_id = '%s' and title like 'Daarna%%'", w->id) == 1,
	       "the true owner does not recover");
	then_dense (s);
	then_over ();
}

static void command_run (const char *command)
{
	CHECK (!system (command), "%s", command);
}

STORY_ALONE (schema_restored,
	     "One schema restored alone from an older dump: the lanes that hear it stop and say so, and nothing is consumed twice")
{
	struct workspace *w = given_workspace (s, "restored", "nl-offerte-6");
	char dump[900], restore[900];
	const char *host = PQhost (sql_db (s));
	snprintf (dump, sizeof dump, "pg_dump -h %s -U postgres -n lead_intake crm >%s/old.sql", host, s->var);
	snprintf (restore, sizeof restore, "psql -q -h %s -U postgres -d crm -f %s/old.sql >/dev/null 2>&1", host, s->var);
	leads_post (s, w, 20, 20);
	settle (s);
	command_run (dump);
	leads_post (s, w, 20, 20);
	settle (s);
	daemon_hold (s, "lead-intake");
	sql_do (s, "drop schema lead_intake cascade");
	command_run (restore);
	daemon_release (s, "lead-intake");
	leads_post (s, w, 5, 5);
	int lane = lane_of (w->uuid);
	UNTIL (30000, sql_number (s, "select count(*) from pipeline.lane where lane = %d and stopped is not null", lane) == 1,
	       "pipeline's lane goes on");
	UNTIL (30000, sql_number (s, "select count(*) from contacts.lane where lane = %d and stopped is not null", lane) == 1,
	       "contacts' lane goes on");
	then_number (s, 40, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	json_t *lag = ctl (s, "lag"), *o;
	size_t i, stopped = 0;
	json_array_foreach (json_at (lag, "cursors"), i, o)
	{
		stopped += number_at (o, "lane") == lane && *text_at (o, "stopped");
	}
	CHECK (stopped >= 2, "crmctl lag does not show the stopped lanes: %s", json_dumps (lag, 0));
	then_over ();
}

STORY_ALONE (postgres_away, "Postgres away: 503 with Retry-After and nothing kept; when it is back, intake comes back by itself")
{
	struct workspace *w = given_workspace (s, "no-postgres", "nl-offerte-6");
	leads_post (s, w, 5, 5);
	settle (s);
	daemon_hold (s, "postgres");
	sql_forget (s);
	char retry[50];
	struct web_answer a = { 0 };
	UNTIL (15000,
	       (web_free (&a), a = when_posted_once (s, w->hook, "away-1", "{\"name\":\"Later\",\"email\":\"later@away.nl\"}"),
		a.status == 503),
	       "the answer is %d: %s", a.status, a.body);
	CHECK (web_header (&a, "Retry-After", retry, sizeof retry), "503 without Retry-After: %s", a.headers);
	then_problem (&a, 503, "unavailable");
	daemon_release (s, "postgres");
	UNTIL (30000,
	       (web_free (&a), a = when_posted_once (s, w->hook, "away-1", "{\"name\":\"Later\",\"email\":\"later@away.nl\"}"),
		a.status == 202),
	       "intake does not come back: %d %s", a.status, a.body);
	settle (s);
	then_number (s, 1, "leads of that key", "select count(*) from lead_intake.lead where workspace_id = '%s' and name = 'Later'",
		     w->id);
	then_number (s, 6, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}

static const char *const two_replicas[] = { "--replicas", "gateway=2",	"--replicas", "lead-intake=2", "--replicas", "contacts=2",
					    "--replicas", "pipeline=2", NULL };

STORY_IN (replicas_share_lanes,
	  "With two replicas of each, either takes any lead, the lanes move when one dies, and no lead is lost or doubled", two_replicas)
{
	struct workspace *w = given_workspace (s, "replicas", "nl-offerte-6");
	const char *path = strstr (w->hook, "/hooks/");
	for (int i = 0; i < 200; i++) {
		char url[200];
		struct web_answer a = { 0 };
		if (i == 60)
			daemon_kill (s, "pipeline", 0, SIGKILL);
		if (i == 120)
			daemon_kill (s, "contacts", 1, SIGKILL);
		snprintf (url, sizeof url, "http://127.0.0.1:%d%s", daemon_port (s, "lead-intake", i % 2, "port"), path);
		a = when_posted (s, url, "{\"name\":\"R %d\",\"email\":\"r%d@replicas.nl\"}", i, i % 50);
		then_status (&a, 202);
	}
	settle (s);
	then_number (s, 200, "deals", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
	then_number (s, 50, "contacts", "select count(*) from contacts.contact where workspace_id = '%s'", w->id);
	then_number (s, 200, "joined deals", "select count(*) from pipeline.deal_contact where workspace_id = '%s'", w->id);
	then_no_dead_letters (s);
}
