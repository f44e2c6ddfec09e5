/* A rule on what was said already: events a second that a dry run takes, records as they were then among them; the peer is Postgres handing out the same frames. */
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
