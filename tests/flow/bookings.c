/* Appointments that people make in Calendly: one lead and one planned activity each, however often they are moved, in whatever order that is told and whoever
 * dies in between. */
#include <signal.h>
#include <string.h>
#include "story.h"

struct place {
	struct stack *s;
	struct workspace *w;
	char hook[200];
};

static struct place given_place (struct stack *s, const char *slug)
{
	struct place p = { .s = s, .w = given_workspace (s, slug, "nl-offerte-6") };
	given_source (s, slug, "--kind calendly", p.hook);
	return p;
}

/* What Calendly says of one name of an appointment. `was`, `now`: its name before, and behind; null: none. */
static void when_said (const struct place *p, const char *event, const char *who, const char *name, const char *was, const char *now,
		       const char *start)
{
	char body[2000], old[80], next[80];
	snprintf (old, sizeof old, was ? "\"%s\"" : "null", was);
	snprintf (next, sizeof next, now ? "\"%s\"" : "null", now);
	snprintf (
		body, sizeof body,
		"{\"event\":\"%s\",\"created_at\":\"2026-11-21T10:15:00Z\",\"payload\":{\"uri\":\"%s\",\"email\":\"%s@afspraak.test\","
		"\"name\":\"%s\",\"old_invitee\":%s,\"new_invitee\":%s,\"rescheduled\":%s,\"scheduled_event\":{\"name\":\"Kennismaking\","
		"\"start_time\":\"%sT09:00:00.000000Z\",\"end_time\":\"%sT09:30:00.000000Z\",\"location\":{\"join_url\":\"https://meet.example/abc\"}},"
		"\"cancellation\":{\"canceled_by\":\"%s\",\"reason\":\"Andere dag\"}}}",
		event, name, who, who, old, next, now ? "true" : "false", start, start, who);
	struct web_answer a = web_ask (p->s, &(struct web_request){ .method = "POST", .url = p->hook, .body = body });
	CHECK (a.status == 202, "%s of %s is %d %s", event, name, a.status, a.body);
	web_free (&a);
}

static void booked (const struct place *p, const char *who, const char *name, const char *was, const char *start)
{
	when_said (p, "invitee.created", who, name, was, NULL, start);
}

static void called_off (const struct place *p, const char *who, const char *name, const char *now, const char *start)
{
	when_said (p, "invitee.canceled", who, name, NULL, now, start);
}

/* One lead and one deal of theirs, and their appointments as "kind subject due[ away]", each behind a semicolon. */
static void then_one (const struct place *p, const char *who, const char *expected)
{
	settle (p->s);
	then_number (p->s, 1, "leads", "select count(*) from lead_intake.lead where workspace_id = '%s' and email = '%s@afspraak.test'",
		     p->w->id, who);
	then_number (p->s, 1, "deals",
		     "select count(*) from pipeline.deal d join lead_intake.lead l on (l.workspace_id, l.id) = (d.workspace_id, d.lead_id) "
		     "where l.workspace_id = '%s' and l.email = '%s@afspraak.test'",
		     p->w->id, who);
	then_text (
		p->s, expected, "appointments",
		"select coalesce(string_agg(a.kind || ' ' || a.subject || ' ' || to_char(a.due_at at time zone 'UTC', 'MM-DD HH24:MI') || ' ' || a.duration_minutes "
		"|| case when a.removed_at is null then '' else ' away' end, '; ' order by a.id), '') "
		"from contacts.activity a join lead_intake.lead l on (l.workspace_id, l.id) = (a.workspace_id, a.record_id) "
		"where l.workspace_id = '%s' and l.email = '%s@afspraak.test'",
		p->w->id, who);
}

/* The lines of their lead's timeline of that type, as the API tells them. */
static void then_lines (const struct place *p, const char *who, const char *type, const char *part, int64_t n)
{
	char path[200], *lead = sql_text (p->s, "select id from lead_intake.lead where workspace_id = '%s' and email = '%s@afspraak.test'",
					  p->w->id, who);
	int64_t found = 0;
	snprintf (path, sizeof path, "/api/crm/leads/%s/timeline", lead);
	struct web_answer a = web (p->s, p->w->key, "GET", path, NULL);
	CHECK (a.status == 200, "%s is %d", path, a.status);
	size_t i;
	json_t *row;
	json_array_foreach (json_at (a.json, "data"), i, row)
	{
		char *data = json_dumps (json_object_get (row, "data"), JSON_COMPACT);
		found += !strcmp (text_at (row, "type"), type) && strstr (data, part);
		free (data);
	}
	CHECK (found == n, "%lld lines of %s with %s, not %lld: %.2000s", (long long) found, type, part, (long long) n, a.body);
	free (lead);
	web_free (&a);
}

STORY (bookings_are_planned,
       "An appointment in Calendly is a lead and a meeting on its agenda; moved, it is the same meeting at another time, whichever half of that comes first")
{
	struct place p = given_place (s, "afspraken");
	booked (&p, "sanne", "S1", NULL, "2027-01-04");
	booked (&p, "sanne", "S1", NULL, "2027-01-04");
	then_one (&p, "sanne", "meeting Kennismaking 01-04 09:00 30");
	called_off (&p, "sanne", "S1", "S2", "2027-01-04");
	then_one (&p, "sanne", "meeting Kennismaking 01-04 09:00 30");
	booked (&p, "sanne", "S2", "S1", "2027-01-05");
	then_one (&p, "sanne", "meeting Kennismaking 01-05 09:00 30");
	booked (&p, "sanne", "S3", "S2", "2027-01-06");
	called_off (&p, "sanne", "S2", "S3", "2027-01-05");
	booked (&p, "sanne", "S3", "S2", "2027-01-06");
	then_one (&p, "sanne", "meeting Kennismaking 01-06 09:00 30");
	then_lines (&p, "sanne", "activity.changed", "due_at", 2);
	then_number (s, 0, "requests that made a second lead",
		     "select count(*) - 1 from lead_intake.submission where workspace_id = '%s' and outcome = 'lead'", p.w->id);
	then_no_dead_letters (s);
}

STORY (bookings_out_of_order,
       "Moved three times while everything is told backwards, or what was moved is told before what was booked: one lead, one meeting, at the last time")
{
	struct place p = given_place (s, "omgekeerd");
	called_off (&p, "bram", "B1", "B2", "2027-02-01");
	called_off (&p, "bram", "B2", "B3", "2027-02-02");
	called_off (&p, "bram", "B3", "B4", "2027-02-03");
	booked (&p, "bram", "B4", "B3", "2027-02-04");
	booked (&p, "bram", "B3", "B2", "2027-02-03");
	booked (&p, "bram", "B2", "B1", "2027-02-02");
	booked (&p, "bram", "B1", NULL, "2027-02-01");
	then_one (&p, "bram", "meeting Kennismaking 02-04 09:00 30");
	/* Calendly was linked after the first was booked: the second time is all that is ever told of it */
	booked (&p, "lot", "L2", "L1", "2027-02-10");
	then_one (&p, "lot", "meeting Kennismaking 02-10 09:00 30");
	booked (&p, "lot", "L1", NULL, "2027-02-09");
	called_off (&p, "lot", "L1", "L2", "2027-02-09");
	then_one (&p, "lot", "meeting Kennismaking 02-10 09:00 30");
	/* what was called off before it was known to be */
	called_off (&p, "kim", "K1", NULL, "2027-02-12");
	then_number (s, 0, "leads of one that is not known", "select count(*) from lead_intake.lead where email = 'kim@afspraak.test'");
	booked (&p, "kim", "K1", NULL, "2027-02-12");
	then_one (&p, "kim", "meeting Kennismaking 02-12 09:00 30 away");
	then_no_dead_letters (s);
}

STORY (bookings_end,
       "An appointment that is called off leaves the agenda, and the timeline says by whom and why; so it does when nobody came, and one that is booked anew is there again")
{
	struct place p = given_place (s, "afgezegd");
	booked (&p, "mila", "M1", NULL, "2027-03-01");
	called_off (&p, "mila", "M1", NULL, "2027-03-01");
	called_off (&p, "mila", "M1", NULL, "2027-03-01");
	then_one (&p, "mila", "meeting Kennismaking 03-01 09:00 30 away");
	then_lines (&p, "mila", "booking.told", "\"reason\":\"Andere dag\"", 1);
	booked (&p, "mila", "M2", "M1", "2027-03-02");
	then_one (&p, "mila", "meeting Kennismaking 03-02 09:00 30");
	when_said (&p, "invitee_no_show.created", "mila", "M2", NULL, NULL, "2027-03-02");
	when_said (&p, "invitee_no_show.created", "mila", "M2", NULL, NULL, "2027-03-02");
	when_said (&p, "invitee_no_show.created", "mila", "M9", NULL, NULL, "2027-03-02");
	then_one (&p, "mila", "meeting Kennismaking 03-02 09:00 30");
	then_lines (&p, "mila", "booking.told", "\"state\":\"no_show\"", 1);
	then_text (s, "booking It tells of an appointment that is not known here.", "one that nobody knows",
		   "select outcome || ' ' || reason from lead_intake.submission where workspace_id = '%s' order by id desc limit 1",
		   p.w->id);
	then_no_dead_letters (s);
}

STORY_ALONE (bookings_survive,
	     "Intake and contacts die between the halves of a move, and all is told again: one lead, one meeting, each line once")
{
	struct place p = given_place (s, "doorgaan");
	booked (&p, "finn", "F1", NULL, "2027-04-01");
	daemon_kill (s, "contacts", 0, SIGKILL);
	called_off (&p, "finn", "F1", "F2", "2027-04-01");
	daemon_kill (s, "lead-intake", 0, SIGKILL);
	daemon_ready (s, "lead-intake", 0);
	booked (&p, "finn", "F2", "F1", "2027-04-02");
	daemon_kill (s, "contacts", 0, SIGKILL);
	called_off (&p, "finn", "F2", NULL, "2027-04-02");
	settle (s);
	when_redelivered (s, "booking.told", 2);
	then_one (&p, "finn", "meeting Kennismaking 04-02 09:00 30 away");
	then_lines (&p, "finn", "booking.told", "cancelled", 1);
	then_lines (&p, "finn", "activity.changed", "due_at", 1);
	then_no_dead_letters (s);
}
