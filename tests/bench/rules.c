/* Rules: what was said once is heard by automation again and again, with one rule that acts, a hundred and a thousand; what it writes of it beside pgbench writing the
 * same; what waits and is due in one minute; a rule on what was said already, tried. It must never compare runs that heard different events. */
#include <stdlib.h>
#include <string.h>
#include "bench.h"

#define TRIED                                                                                                                          \
	"{\"days\":400,\"body\":{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"filled\"}," \
	"{\"fact\":\"lead.email\",\"op\":\"contains\",\"value\":\"7\"}]},\"then\":[{\"do\":\"deal_tag\",\"with\":{\"deal_id\":"        \
	"{\"fact\":\"event.deal_id\"},\"tags\":[]}}]}}"

enum { FILL_US = 300000 /* leads come for so long: thousands */ };

static json_t *end_of (const char *body)
{
	const char *at = strstr (body, "{\"end\":");
	json_t *ret = at ? json_loads (at, 0, NULL) : NULL;
	CHECK (ret, "a trial without an end: %.300s", body);
	return ret;
}

static double trial_rate (int64_t *ret_events)
{
	struct web_answer a = web_ask (
		&house.s,
		&(struct web_request){ .method = "POST", .url = "/api/crm/rules/try", .key = house.key, .body = TRIED, .ms = 120000 });
	CHECK (a.status == 200, "a trial is %d: %.300s", a.status, a.body);
	json_t *end = end_of (a.body);
	*ret_events = number_at (end, "end.events");
	CHECK (number_at (end, "end.matched") > 0, "nothing matched: %.300s", a.body);
	double ret = (double) *ret_events * 1e6 / (double) a.took_us;
	json_decref (end);
	web_free (&a);
	return ret;
}

/* The peer: each service's frames of the same lane, one psql after the other, into nothing. */
static double frames_rate (int64_t events)
{
	static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing" };
	char query[300], path[300];
	int code;
	snprintf (path, sizeof path, "%s/frames", house.s.var);
	int64_t began = now_us ();
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		snprintf (
			query, sizeof query,
			"copy (select payload from %s.event where lane = (select lane from pipeline.event group by lane order by count(*) desc "
			"limit 1) order by first_seq) to stdout (format binary)",
			schemas[i]);
		free (program_run ((const char *[]){ "/usr/bin/env", "psql", "-q", "-h", PQhost (sql_db (&house.s)), "-U", "postgres", "-d",
						     "crm", "-o", path, "-c", query, NULL },
				   &code));
		CHECK (!code, "psql: exit %d", code);
	}
	return (double) events * 1e6 / (double) (now_us () - began);
}

void row_dry_run (void)
{
	double ours[PAIRS], peer[PAIRS], ratio[PAIRS];
	int64_t events = 0;
	house_main ();
	ours_run (&house, ARRAY, PEOPLE, FILL_US);
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		ours[i] = trial_rate (&events);
		peer[i] = frames_rate (events);
		ratio[i] = ours[i] / peer[i];
	}
	row_end ("dry_run", median (ours, PAIRS), median (peer, PAIRS), "events/s", median (ratio, PAIRS), least (ratio, PAIRS),
		 most (ratio, PAIRS), "≥ 50,000/s; peer: psql reads them", median (ours, PAIRS) >= 50000);
	printf ("%-26s   %lld events, with what was known of each record\n", "", (long long) events);
}

/* ---- one rule, a hundred, a thousand: the same events each time ---- */

enum {
	RULES = 1000,
	BATCH = 250, /* decisions an insert of the peer's */
};

/* Seven of ten want one kind of form, two one sender, one a word in what was written: that one is asked each time. None of them is met. */
static void rule_add_nth (struct house *h, int i)
{
	static const char *const asks[] = { "\"fact\":\"event.form_type\",\"op\":\"is\"", "\"fact\":\"event.email\",\"op\":\"is\"",
					    "\"fact\":\"event.message\",\"op\":\"contains\"" };
	const char *first = asks[i % 10 < 7 ? 0 : i % 10 < 9 ? 1 : 2];
	struct web_answer a = web (
		&h->s, h->key, "POST", "/api/crm/rules",
		"{\"name\":\"Rule %d\",\"enabled\":true,\"body\":{\"when\":{\"event\":\"lead.created\"},\"if\":{\"all\":[{%s,\"value\":\"nothing %d\"},"
		"{\"fact\":\"lead.owner_id\",\"op\":\"empty\"}]},\"then\":[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\","
		"\"subject\":\"Call\",\"lead_id\":{\"fact\":\"event.lead_id\"}}}]}}",
		i, first, i);
	CHECK (a.status == 201, "rule %d is %d: %.400s", i, a.status, a.body);
	web_free (&a);
}

/* As it was before these events, with so many rules that act since long ago. */
static void heard_undo (struct stack *s, int rules)
{
	daemon_hold (s, "automation");
	sql_do (s, "truncate automation.decision, automation.firing, automation.known");
	sql_do (s, "update automation.cursor c set last_seq = b.last_seq, epoch = 0 from bench_before b "
		   "where (b.consumer, b.source, b.lane) = (c.consumer, c.source, c.lane)");
	sql_do (s,
		"update automation.rule set enabled = preset is null and name in (select 'Rule ' || g from generate_series(1, %d) g), "
		"enabled_at = created_at - interval '1 day'",
		rules);
	sql_do (s, "vacuum analyze automation.rule");
	sql_do (s, "checkpoint");
}

/* How long automation takes to hear them all, in µs, from its first step on. */
static int64_t hear (struct stack *s)
{
	daemon_release (s, "automation");
	UNTIL (60000,
	       sql_number (s, "select count(*) from automation.cursor c join bench_before b on (b.consumer, b.source, b.lane) = "
			      "(c.consumer, c.source, c.lane) where c.last_seq > b.last_seq"),
	       "automation hears nothing");
	int64_t began = now_us ();
	UNTIL (300000,
	       !sql_number (s, "select count(*) from automation.cursor c join bench_after a on (a.consumer, a.source, a.lane) = "
			       "(c.consumer, c.source, c.lane) where c.last_seq < a.last_seq"),
	       "automation does not come to the end");
	return now_us () - began;
}

/* The peer: as many rows with the same indexes, as many a statement as automation's own batches hold; rows a second. */
static double decisions_rate (struct stack *s, int64_t n)
{
	char script[300], times[20];
	int code;
	sql_do (s, "drop table if exists automation.bench_decision");
	sql_do (s, "create table automation.bench_decision (like automation.decision including all)");
	sql_do (s, "checkpoint");
	snprintf (script, sizeof script, "%s/decisions.pgbench", s->var);
	FILE *f = fopen (script, "w");
	CHECK (f &&
		       fprintf (
			       f,
			       "insert into automation.bench_decision select workspace_id, gen_random_uuid(), event_type, at, decided_at, actor_id, depth, "
			       "rule_set_id, failed, facts, skipped, took_us, matched, gen_random_uuid(), gen_random_uuid(), contact_id, account_id, "
			       "document_id, owner_id from automation.decision limit %d;\n",
			       BATCH) > 0 &&
		       !fclose (f),
	       "the script is not written");
	snprintf (times, sizeof times, "%lld", (long long) (n / BATCH));
	int64_t began = now_us ();
	free (program_run ((const char *[]){ "/usr/bin/env", "pgbench", "-n", "-h", PQhost (sql_db (s)), "-U", "postgres", "-c", "1", "-t",
					     times, "-f", script, "crm", NULL },
			   &code));
	CHECK (!code, "pgbench: exit %d", code);
	return (double) (n / BATCH * BATCH) * 1e6 / (double) (now_us () - began);
}

static int64_t events_between (struct stack *s)
{
	return sql_number (
		s, "select sum(a.last_seq - b.last_seq)::bigint from bench_after a join bench_before b using (consumer, source, lane)");
}

void row_rules (void)
{
	static const int rules[] = { 1, 100, RULES };
	static struct house h;
	double rate[LENGTH (rules)][PAIRS], decided[PAIRS], peer[PAIRS], same[PAIRS];
	house_open (&h, "rules", port_first () + 70);
	settle (&h.s);
	sql_do (&h.s, "create table bench_before as select * from automation.cursor");
	int64_t leads = ours_run (&h, ARRAY, PEOPLE, FILL_US * 2).leads;
	for (int i = 1; i <= RULES; i++)
		rule_add_nth (&h, i);
	settle (&h.s);
	sql_do (&h.s, "create table bench_after as select * from automation.cursor");
	int64_t events = events_between (&h.s);
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		for (size_t k = 0; k < LENGTH (rules); k++) {
			heard_undo (&h.s, rules[k]);
			int64_t took = hear (&h.s), there = sql_number (&h.s, "select count(*) from automation.decision");
			CHECK (there == leads, "%lld decisions about %lld leads", (long long) there, (long long) leads);
			rate[k][i] = (double) events * 1e6 / (double) took;
			decided[i] = k ? decided[i] : (double) leads * 1e6 / (double) took;
			fprintf (stderr, "  %d rules: %lld events, %lld decisions in %.2f s\n", rules[k], (long long) events,
				 (long long) leads, (double) took / 1e6);
		}
		peer[i] = decisions_rate (&h.s, leads);
	}
	memcpy (same, rate[0], sizeof same);
	for (size_t k = 1; k < LENGTH (rules); k++) {
		char name[40];
		double cost[PAIRS];
		for (int i = 0; i < PAIRS; i++)
			cost[i] = rate[0][i] / rate[k][i];
		snprintf (name, sizeof name, "rules_%d", rules[k]);
		row_end (name, median (rate[k], PAIRS), median (same, PAIRS), "events/s", median (cost, PAIRS), least (cost, PAIRS),
			 most (cost, PAIRS), rules[k] == RULES ? "cost ≤ 3 × one rule's" : "told: cost beside one rule's",
			 rules[k] != RULES || median (cost, PAIRS) <= 3);
	}
	row_pairs ("decisions", decided, peer, PAIRS, "decisions/s", "told: with all it heard; peer: rows alone", 0, true);
	house_close (&h);
}

/* ---- a hundred thousand waits ---- */

/* One deed a lead, an hour after it came. */
static void waits_begin (struct house *h, int64_t n)
{
	struct load l = { .port = h->s.port + 1,
			  .path = h->path,
			  .connections = CONNECTIONS,
			  .microseconds = 600 * INT64_C (1000000),
			  .requests = n / ARRAY,
			  .per_request = ARRAY,
			  .people = PEOPLE,
			  .seed = 4711 };
	struct web_answer a = web (
		&h->s, h->key, "POST", "/api/crm/rules",
		"{\"name\":\"An hour later\",\"enabled\":true,\"limit_per_hour\":100000,\"body\":{\"when\":{\"event\":"
		"\"lead.created\"},\"then\":[{\"wait\":{\"hours\":1}},{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\","
		"\"subject\":\"Call back\",\"lead_id\":{\"fact\":\"event.lead_id\"}}}]}}");
	CHECK (a.status == 201, "the rule is %d: %.400s", a.status, a.body);
	web_free (&a);
	CHECK (load_run (&l) && l.leads == n && !l.refused && !l.broken, "%lld leads were taken", (long long) l.leads);
	load_free (&l);
	UNTIL (600000, sql_number (&h->s, "select count(*) from automation.firing where state = 'waiting'") == n, "not all wait");
	settle (&h->s);
}

/* The hour has passed but for some seconds. */
static void waits_near (struct stack *s)
{
	daemon_hold (s, "automation");
	sql_do (s,
		"update automation.firing f set due_at = f.due_at - (select min(due_at) from automation.firing where state = 'waiting') + "
		"now() + interval '5 seconds' where f.state = 'waiting'");
	sql_do (s, "create table bench_due as select workspace_id, firing_id, due_at from automation.firing where state = 'waiting'");
	sql_do (s, "vacuum analyze automation.firing");
	sql_do (s, "checkpoint");
	daemon_release (s, "automation");
}

void row_waits (void)
{
	enum { EDGE = 5 /* seconds at either end that are not whole */, SECONDS_MOST = 600 };
	static struct house h;
	const char *given = getenv ("BENCH_WAITS");
	int64_t n = given && atoll (given) >= ARRAY ? atoll (given) / ARRAY * ARRAY : 100000;
	double taken[SECONDS_MOST], due[SECONDS_MOST], ratio[SECONDS_MOST];
	int seconds_told = 0;
	house_open (&h, "waits", port_first () + 70);
	waits_begin (&h, n);
	calibrate ();
	waits_near (&h.s);
	UNTIL (600000, sql_number (&h.s, "select count(*) from automation.firing where state = 'done'") == n, "not all are done");
	settle (&h.s);
	int64_t tasks = sql_number (&h.s, "select count(*) from contacts.activity where subject = 'Call back'"),
		of = sql_number (&h.s, "select count(distinct record_id) from contacts.activity where subject = 'Call back'");
	CHECK (tasks == n && of == n, "%lld tasks of %lld leads, not %lld", (long long) tasks, (long long) of, (long long) n);
	sql_do (&h.s,
		"create view bench_taken as select b.due_at, (f.steps -> -1 ->> 'at')::timestamptz as at from automation.firing f join bench_due b "
		"using (workspace_id, firing_id)");
	PGresult *r = PQexec (
		sql_db (&h.s),
		"select s.s, (select count(*) from bench_taken where date_trunc('second', due_at) = s.s), (select count(*) from bench_taken where "
		"date_trunc('second', at) = s.s) from (select generate_series(date_trunc('second', min(due_at)), max(due_at), interval '1 second') as s from "
		"bench_taken) s order by 1");
	for (int i = EDGE; i < PQntuples (r) - EDGE && seconds_told < SECONDS_MOST; i++) {
		due[seconds_told] = strtod (PQgetvalue (r, i, 1), NULL);
		taken[seconds_told] = strtod (PQgetvalue (r, i, 2), NULL);
		ratio[seconds_told] = due[seconds_told] > 0 ? taken[seconds_told] / due[seconds_told] : 0;
		seconds_told++;
	}
	PQclear (r);
	CHECK (seconds_told, "they are not spread over a minute");
	double most_taken = most (taken, seconds_told);
	row_end ("waits", median (taken, seconds_told), median (due, seconds_told), "deeds/s", median (ratio, seconds_told),
		 least (ratio, seconds_told), most (ratio, seconds_told), "once each; busiest second ≤ 2 × its due",
		 most_taken <= 2 * median (due, seconds_told));
	char *late = sql_text (
		&h.s,
		"select format('begun after its time: p50 %%s ms, p99 %%s ms, at most %%s ms', round(1000 * percentile_cont(0.5) within group "
		"(order by l)), round(1000 * percentile_cont(0.99) within group (order by l)), round(1000 * max(l))) from (select extract(epoch from "
		"at - due_at) as l from bench_taken) x");
	printf ("%-26s   %lld waits due within %d s, each done once; %s\n", "", (long long) n, seconds_told + 2 * EDGE, late);
	free (late);
	house_close (&h);
}
