/* Rules of time, told by a house whose clock the story moves: Postgres and every daemon have one and the same wall clock, ahead of the machine's by what a file
 * says (tests/ops/shim/clock.c). It must never wait for time to pass where it can be put forward. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "story.h"

static const int64_t SECOND = 1000000, MINUTE = 60 * INT64_C (1000000), HOUR = 3600 * INT64_C (1000000), DAY = 86400 * INT64_C (1000000);

/* ---- the clock ---- */

static volatile int64_t *ahead; /* µs that the house's clock is ahead of the machine's */

static int64_t house_now (void)
{
	return clock_now () + *ahead;
}

static const char *moment (int64_t at)
{
	static char text[8][TIME_TEXT];
	static unsigned next;
	return time_format (at, text[next++ % LENGTH (text)]);
}

static const char *day_text (int64_t at)
{
	static char text[8][DATE_TEXT];
	static unsigned next;
	return date_format ((int32_t) (at / DAY), text[next++ % LENGTH (text)]);
}

static void when_it_is (int64_t at)
{
	*ahead = at - clock_now ();
}

/* What is loaded into each process stands beside this program. */
static void shim_load (const char *file)
{
	char path[400];
	ssize_t n = readlink ("/proc/self/exe", path, sizeof path - 20);
	CHECK (n > 0, "this program has no name");
	path[n] = 0;
	snprintf (strrchr (path, '/'), 20, "/clock.so");
	CHECK (!access (path, R_OK), "%s is not built", path);
	const char *words = getenv ("ASAN_OPTIONS");
	char more[400];
	snprintf (more, sizeof more, "%s%sverify_asan_link_order=0", words ? words : "", words ? ":" : "");
	setenv ("ASAN_OPTIONS", more, 1);
	setenv ("LD_PRELOAD", path, 1);
	setenv ("CLOCK_FILE", file, 1);
}

/* The house begins anew, at that moment. */
static void given_clock (struct stack *s, int64_t at)
{
	char file[300];
	int code;
	snprintf (file, sizeof file, "%s/clock", s->var);
	sql_forget (s);
	free (ctl_text (s, &code, "down"));
	int fd = open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	CHECK (fd >= 0 && !ftruncate (fd, sizeof *ahead), "%s cannot be made", file);
	void *map = mmap (NULL, sizeof *ahead, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK (map != MAP_FAILED, "%s cannot be shared", file);
	close (fd);
	ahead = map;
	when_it_is (at);
	shim_load (file);
	json_decref (ctl (s, "up --detach --port %d", s->port));
	int64_t off = sql_number (s, "select (extract(epoch from clock_timestamp()) * 1000000)::bigint") - house_now ();
	CHECK (off < SECOND && off > -SECOND, "Postgres' clock is off by %lld µs", (long long) off);
}

/* The last Sunday of a month of next year, 1:00 UTC: when Europe's clocks change. */
static int64_t change_of (int month)
{
	char text[40];
	int64_t ret;
	int year = atoi (moment (clock_now ())) + 1;
	snprintf (text, sizeof text, "%04d-%02d-31T01:00:00Z", year, month);
	CHECK (time_parse (text, &ret) == OK, "%s is no time", text);
	while ((ret / DAY + 4) % 7)
		ret -= DAY;
	return ret;
}

/* ---- rules and records ---- */

static void given_rule (struct stack *s, const struct workspace *w, const char *name, const char *body, char ret[UUID_TEXT])
{
	struct web_answer a = web (s, w->key, "POST", "/api/crm/rules",
				   "{\"name\":\"%s\",\"enabled\":true,\"limit_per_hour\":100000,\"body\":%s}", name, body);
	CHECK (a.status == 201, "the rule %s is %d: %.500s", name, a.status, a.body);
	if (ret)
		snprintf (ret, UUID_TEXT, "%s", text_at (a.json, "id"));
	web_free (&a);
}

static void when_rule_becomes (struct stack *s, const struct workspace *w, const char *rule, const char *change)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/rules/%s", rule);
	struct web_answer a = web (s, w->key, "PUT", path, "%s", change);
	then_status (&a, 200);
}

static struct uuid given_own_deal (struct stack *s, const struct workspace *w, const char *title, const char *close_date)
{
	struct web_answer a = close_date ? web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"%s\",\"close_date\":\"%s\"}", title,
						close_date)
					 : web (s, w->key, "POST", "/api/crm/deals", "{\"title\":\"%s\"}", title);
	CHECK (a.status == 201, "the deal %s is %d: %.500s", title, a.status, a.body);
	struct uuid ret = uuid_at (a.json, "id");
	web_free (&a);
	return ret;
}

static void when_deal (struct stack *s, const struct workspace *w, const char *method, struct uuid deal, const char *then, const char *body)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/deals/%s%s", id_text (deal), then);
	struct web_answer a = web_ask (s, &(struct web_request){ .method = method, .url = path, .key = w->key, .body = body });
	CHECK (a.status / 100 == 2, "%s %s is %d: %.500s", method, path, a.status, a.body);
	web_free (&a);
}

/* All rules of time were looked at as of now. Those that were are looked at again after half a minute: the clock is put forward before this is asked. */
static void then_looked (struct stack *s, const struct workspace *w)
{
	const char *now = moment (house_now ());
	UNTIL (60000,
	       !sql_number (
		       s,
		       "select count(*) from automation.rule where workspace_id = '%s' and enabled and removed_at is null and timed_at < '%s'",
		       w->id, now),
	       "rules of time are not looked at: now it is %s", now);
	settle (s);
}

/* It becomes that time, and what is due then is done. */
static void when_time_comes (struct stack *s, const struct workspace *w, int64_t at)
{
	when_it_is (at);
	then_looked (s, w);
}

static void when_killed (struct stack *s)
{
	pid_t was = daemon_pid (s, "automation", 0);
	daemon_kill (s, "automation", 0, 9);
	UNTIL (20000, daemon_pid (s, "automation", 0) != was, "automation does not come back");
	daemon_ready (s, "automation", 0);
}

/* Titles of what a workspace's rules made, deals and tasks, with how often: "Stil 1, Week 2". */
static void then_made (struct stack *s, const struct workspace *w, const char *expected)
{
	then_text (
		s, expected, "what rules made",
		"select string_agg(made.title || ' ' || made.n, ', ' order by made.title collate \"C\") from ("
		"select x.title, count(*) as n from (select title from pipeline.deal where workspace_id = '%1$s' and title like 'R:%%' union all "
		"select subject from contacts.activity where workspace_id = '%1$s' and subject like 'R:%%') x group by x.title) made",
		w->id);
}

/* When it acted, of a rule's decisions. */
static void then_at (struct stack *s, const char *rule, int64_t last)
{
	then_text (
		s, moment (last), "when it was due",
		"select automation.moment(max(d.at)) from automation.firing f join automation.decision d using (workspace_id, decision_id) "
		"where f.rule_id = '%s'",
		rule);
}

/* ---- over the change of the clocks ---- */

#define EACH_SUNDAY \
	"{\"when\":{\"each\":[\"sunday\"],\"at\":\"02:30\"},\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: week\"}}]}"
#define OTHER_SUNDAY \
	"{\"when\":{\"each\":[\"sunday\"],\"at\":\"02:30\"},\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: week\",\"notes\":\"anders\"}}]}"
#define DAY_BEFORE                                                                                                                      \
	"{\"when\":{\"before\":\"deal.close_date\",\"by\":{\"days\":1},\"at\":\"02:30\"},\"then\":[{\"do\":\"activity_add\",\"with\":{" \
	"\"kind\":\"task\",\"subject\":\"R: sluit {{deal.title}}\",\"deal_id\":{\"fact\":\"deal.deal_id\"}}}]}"
#define QUIET_DAY                                                                                                                            \
	"{\"when\":{\"quiet\":\"deal\",\"for\":{\"days\":1}},\"if\":{\"all\":[{\"fact\":\"deal.title\",\"op\":\"is\",\"value\":\"Stil\"}]}," \
	"\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: {{deal.title}}\"}}]}"

static void over_the_change (struct stack *s, const char *slug, int64_t change, bool spring)
{
	int64_t noon = change - DAY + (spring ? 10 : 9) * HOUR,		   /* Saturday, 12:00 there */
		night = spring ? change : change - HOUR / 2,		   /* Sunday, 2:30 there, or what there is of it */
		next = change + 7 * DAY + (spring ? -HOUR / 2 : HOUR / 2), /* a week later */
		monday = change + DAY + (spring ? -HOUR / 2 : HOUR / 2);
	char week[UUID_TEXT], before[UUID_TEXT], quiet[UUID_TEXT];
	when_it_is (noon - 5 * MINUTE);
	struct workspace *w = given_workspace (s, slug, "commerce");
	settle (s);
	given_rule (s, w, "Elke zondag", EACH_SUNDAY, week);
	given_rule (s, w, "Dag ervoor", DAY_BEFORE, before);
	given_rule (s, w, "Stil", QUIET_DAY, quiet);
	given_own_deal (s, w, "zo", day_text (change));
	given_own_deal (s, w, "ma", day_text (change + DAY));
	given_own_deal (s, w, "di", day_text (change + 2 * DAY));
	when_it_is (noon);
	given_own_deal (s, w, "Stil", NULL);
	settle (s);
	int64_t touched = sql_number (
		s,
		"select (extract(epoch from active_at) * 1000000)::bigint from automation.known where workspace_id = '%s' "
		"and facts ->> 'title' = 'Stil'",
		w->id);
	when_time_comes (s, w, night - 10 * SECOND);
	then_made (s, w, "");
	when_time_comes (s, w, night + 40 * SECOND);
	then_made (s, w, "R: sluit ma 1, R: week 1");
	then_at (s, week, night);
	then_at (s, before, night);
	when_killed (s);
	when_it_is (night - 10 * MINUTE); /* the machine's clock is put back: what was done is done */
	given_rule (
		s, w, "Nieuw",
		"{\"when\":{\"quiet\":\"lead\",\"for\":{\"hours\":1}},\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: nooit\"}}]}",
		NULL);
	when_rule_becomes (s, w, week, "{\"body\":" OTHER_SUNDAY "}");
	for (int i = 1; i <= 3; i++) { /* through the hour that comes twice, or never */
		int64_t at = night - 10 * MINUTE + i * 31 * MINUTE;
		when_it_is (at);
		UNTIL (20000,
		       sql_number (s,
				   "select count(*) from automation.rule where workspace_id = '%s' and name = 'Nieuw' and timed_at >= '%s'",
				   w->id, moment (at)),
		       "it does not look");
		settle (s);
		then_made (s, w, "R: sluit ma 1, R: week 1");
	}
	int64_t due = touched + (spring ? 23 : 25) * HOUR;
	when_time_comes (s, w, due - 20 * SECOND);
	then_made (s, w, "R: sluit ma 1, R: week 1");
	when_time_comes (s, w, due + 40 * SECOND);
	then_made (s, w, "R: Stil 1, R: sluit ma 1, R: week 1");
	then_at (s, quiet, due);
	when_time_comes (s, w, monday - 20 * SECOND);
	then_made (s, w, "R: Stil 1, R: sluit ma 1, R: week 1");
	when_time_comes (s, w, monday + 40 * SECOND);
	then_made (s, w, "R: Stil 1, R: sluit di 1, R: sluit ma 1, R: week 1");
	then_at (s, before, monday);
	when_killed (s);
	when_time_comes (s, w, next - 20 * SECOND);
	then_made (s, w, "R: Stil 1, R: sluit di 1, R: sluit ma 1, R: week 1");
	when_time_comes (s, w, next + 40 * SECOND);
	then_made (s, w, "R: Stil 1, R: sluit di 1, R: sluit ma 1, R: week 2");
	then_at (s, week, next);
	when_rule_becomes (s, w, week, "{\"enabled\":false}");
	then_no_dead_letters (s);
}

STORY_ALONE (
	rules_over_the_change,
	"Each week, a day before, and nothing for a day: each acts once where the clock is put forward and back, at a time that is not there or comes twice, and when the machine's own clock goes back")
{
	int64_t spring = change_of (3), autumn = change_of (10);
	given_clock (s, spring - DAY);
	over_the_change (s, "spring", spring, true);
	over_the_change (s, "autumn", autumn, false);
}

/* ---- what waits ---- */

#define CALL_LATER(subject)                                                                                                           \
	"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"starts\",\"value\":\"Wacht\"}]}," \
	"\"then\":[{\"wait\":{\"days\":3}},{\"if\":{\"all\":[{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":[\"open\"]}]},"       \
	"\"then\":[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"R: " subject                                    \
	" {{deal.title}}\",\"deal_id\":{\"fact\":\"event.deal_id\"}}}],\"else\":[{\"stop\":true}]}]}"
#define DAYS_AFTER                                                                                                                             \
	"{\"when\":{\"event\":\"deal.created\",\"after\":{\"days\":3}},\"if\":{\"all\":[{\"fact\":\"deal.title\",\"op\":\"starts\",\"value\":" \
	"\"Wacht\"},{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":[\"open\"]}]},\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: na\"}}]}"

static void then_waiting (struct stack *s, const struct workspace *w, int64_t n)
{
	then_number (s, n, "firings that wait", "select count(*) from automation.firing where workspace_id = '%s' and state = 'waiting'",
		     w->id);
}

/* States of a rule's firings: "done 2, stopped 1". */
static void then_states (struct stack *s, const char *rule, const char *expected)
{
	then_text (
		s, expected, "how they ended",
		"select string_agg(state || ' ' || n, ', ' order by state collate \"C\") from (select state, count(*) as n from automation.firing "
		"where rule_id = '%s' group by state) x",
		rule);
}

/* What was due is begun by the next tick, which comes within a second; then it is done. */
static void then_none_due (struct stack *s, const struct workspace *w)
{
	UNTIL (60000,
	       !sql_number (
		       s,
		       "select count(*) from automation.firing where workspace_id = '%s' and (state = 'running' or state = 'waiting' and due_at <= '%s')",
		       w->id, moment (house_now ())),
	       "what is due does not go on");
	settle (s);
}

STORY_ALONE (
	rules_that_wait,
	"What waits keeps the version that it began with, goes on where its rule is switched off, and not where the rule or the record is gone; conditions are asked as it stands then; killed, and with the clock put forward and back, each once")
{
	int64_t change = change_of (3);
	given_clock (s, change - 2 * DAY);
	struct workspace *w = given_workspace (s, "wait", "commerce");
	char call[UUID_TEXT], after[UUID_TEXT], path[200];
	settle (s);
	given_rule (s, w, "Bellen", CALL_LATER ("bel"), call);
	given_rule (s, w, "Daarna", DAYS_AFTER, after);
	given_own_deal (s, w, "Wacht oud", NULL);
	struct uuid won = given_own_deal (s, w, "Wacht gewonnen", NULL), trashed = given_own_deal (s, w, "Wacht weg", NULL),
		    back = given_own_deal (s, w, "Wacht terug", NULL);
	settle (s);
	when_rule_becomes (s, w, call, "{\"body\":" CALL_LATER ("mail") "}");
	given_own_deal (s, w, "Wacht nieuw", NULL);
	settle (s);
	when_rule_becomes (s, w, call, "{\"enabled\":false}");
	given_own_deal (s, w, "Wacht niet", NULL); /* heard by the one that acts later alone */
	settle (s);
	then_waiting (s, w, 11);
	int64_t made = house_now (), due = made + 3 * DAY - HOUR; /* the same time of day, with an hour less between */
	when_it_is (change - DAY);
	when_deal (s, w, "POST", won, "/stage", "{\"stage\":\"won\"}");
	when_deal (s, w, "DELETE", trashed, "", NULL);
	when_deal (s, w, "DELETE", back, "", NULL);
	when_deal (s, w, "POST", back, "/restore", "{}");
	settle (s);
	when_killed (s);
	when_it_is (due - MINUTE);
	struct uuid probe = given_own_deal (s, w, "Proef", NULL);
	settle (s);
	then_made (s, w, "");
	when_it_is (due + 2 * MINUTE);
	then_none_due (s, w);
	const char *all = "R: bel Wacht oud 1, R: bel Wacht terug 1, R: mail Wacht nieuw 1, R: na 4";
	then_made (s, w, all);
	then_states (s, call, "done 4, stopped 1");
	then_states (s, after, "done 4, stopped 1, unmet 1, waiting 5");
	when_it_is (due - HOUR); /* back, and over it once more */
	when_killed (s);
	when_it_is (due + 2 * MINUTE);
	then_none_due (s, w);
	then_made (s, w, all);
	/* a rule that is taken away */
	when_deal (s, w, "PUT", probe, "", "{\"title\":\"Wacht op niets\"}");
	snprintf (path, sizeof path, "/api/crm/rules/%s", after);
	struct web_answer a = web (s, w->key, "DELETE", path, NULL);
	then_status (&a, 204);
	when_it_is (due + 5 * DAY);
	settle (s);
	then_waiting (s, w, 0);
	then_states (s, after, "done 4, stopped 6, unmet 1");
	then_made (s, w, all);
	then_no_dead_letters (s);
}

/* ---- many at once ---- */

enum { WAITS = 3000, ASKED_AT_ONCE = 500, SPREAD = 60 };

#define HOUR_LATER                                                                                                                     \
	"{\"when\":{\"event\":\"deal.created\"},\"if\":{\"all\":[{\"fact\":\"event.title\",\"op\":\"is\",\"value\":\"Veel\"}]},"       \
	"\"then\":[{\"wait\":{\"hours\":1}},{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\",\"subject\":\"R: veel\",\"deal_id\":" \
	"{\"fact\":\"event.deal_id\"}}}]}"

/* Whoever makes them is one batch after another; with the clock standing still they begin to wait at one moment. */
static void given_many_deals (struct stack *s, const struct workspace *w, int n, const char *title, int64_t close)
{
	struct pending *asked[ASKED_AT_ONCE];
	for (int made = 0, now; made < n; made += now) {
		now = n - made < ASKED_AT_ONCE ? n - made : ASKED_AT_ONCE;
		for (int i = 0; i < now; i++) {
			struct deal_create cmd = { .head = { .workspace = w->uuid,
							     .id = uuid_v7 (clock_now ()),
							     .at = house_now (),
							     .grant = { .scope = SCOPE_ALL, .permissions = ~UINT64_C (0) } },
						   .deal_id = { uuid_v7 (clock_now ()) },
						   .title = title,
						   .close_date = (int32_t) (close / DAY),
						   .has.close_date = close ? HERE : ABSENT };
			asked[i] = bus_ask (s, &deal_create_record, &cmd);
		}
		for (int i = 0; i < now; i++) {
			struct bus_reply r = bus_wait (&asked[i], 30000);
			CHECK (r.state == REPLY_DONE, "a deal is not made: %s %s", r.code, r.detail);
		}
	}
}

/* Each second of the minute has its share of what began in one: as far from it as chance alone puts it, and no further (six sigma). */
static void then_even (struct stack *s, const char *rule, int n)
{
	char *shown = sql_text (
		s,
		"select format('%%s seconds, %%s to %%s in one', count(*), min(n), max(n)) from (select count(*) as n from automation.firing f "
		"where f.rule_id = '%s' group by floor(extract(epoch from f.due_at - f.at - interval '1 hour'))) x",
		rule);
	int64_t share = n / SPREAD, seconds = strtoll (shown, NULL, 10), least = strtoll (strchr (shown, ',') + 1, NULL, 10) - share,
		most = strtoll (strstr (shown, " to ") + 4, NULL, 10) - share;
	CHECK (seconds == SPREAD && most * most <= 36 * share && least * least <= 36 * share, "%d waits are spread over %s", n, shown);
	free (shown);
}

/* For so long it is looked on, with the clock as it runs: none goes on before its time, and none is left behind. */
static void then_in_time (struct stack *s, const char *rule, int64_t until)
{
	const int64_t late = 4 * SECOND;
	while (house_now () < until) {
		int64_t now = house_now ();
		char *left = sql_text (
			s,
			"select coalesce(automation.moment(min(due_at)), '') from automation.firing where rule_id = '%s' and state = 'waiting'",
			rule);
		CHECK (strcmp (left, moment (now - late)) > 0, "at %s what was due at %s waits", moment (now), left);
		free (left);
		pause_us (100000);
	}
}

static void then_all_once (struct stack *s, const struct workspace *w, const char *rule, int n)
{
	then_none_due (s, w);
	then_number (s, n, "firings that are done", "select count(*) from automation.firing where rule_id = '%s' and state = 'done'", rule);
	then_number (s, n, "tasks", "select count(*) from contacts.activity where workspace_id = '%s' and subject = 'R: veel'", w->id);
	then_number (s, n, "deals with a task",
		     "select count(distinct record_id) from contacts.activity where workspace_id = '%s' and subject = 'R: veel'", w->id);
	then_number (s, 0, "steps taken before their time",
		     "select count(*) from automation.firing where rule_id = '%s' and (steps -> 1 ->> 'at')::timestamptz < (steps -> 0 ->> "
		     "'wait')::timestamptz",
		     rule);
}

STORY_ALONE (
	rules_waits_spread,
	"Thousands of waits that are due in one minute act once each, spread evenly over it, while automation is killed and the clock is put forward and back")
{
	int n = getenv ("FLOW_WAITS") ? atoi (getenv ("FLOW_WAITS")) : WAITS;
	int64_t first;
	alarm ((unsigned) (240 + n / 20));
	given_clock (s, change_of (3) - HOUR / 2);
	struct workspace *w = given_workspace (s, "many", "commerce");
	char rule[UUID_TEXT];
	settle (s);
	given_rule (s, w, "Uur later", HOUR_LATER, rule);
	given_many_deals (s, w, n, "Veel", 0);
	settle (s);
	then_number (s, n, "firings that wait", "select count(*) from automation.firing where rule_id = '%s' and state = 'waiting'", rule);
	then_even (s, rule, n);
	char *text = sql_text (s, "select automation.moment(min(due_at)) from automation.firing where rule_id = '%s'", rule);
	CHECK (time_parse (text, &first) == OK, "none waits");
	free (text);
	when_it_is (first - 2 * SECOND);
	then_in_time (s, rule, first + 6 * SECOND);
	when_killed (s);
	when_it_is (first + 25 * SECOND); /* what was passed over is due at once */
	then_none_due (s, w);
	int64_t acted = sql_number (s, "select count(*) from automation.firing where rule_id = '%s' and state = 'done'", rule);
	CHECK (acted > 0 && acted < n, "%lld of %d went on in the middle of the minute", (long long) acted, n);
	when_it_is (first - 30 * SECOND); /* back: it waits on */
	then_in_time (s, rule, first - 28 * SECOND);
	then_number (s, acted, "that went on, with the clock put back",
		     "select count(*) from automation.firing where rule_id = '%s' and state <> 'waiting'", rule);
	when_it_is (first + 40 * SECOND);
	for (int i = 0; i < 3; i++) { /* in the midst of what is due */
		UNTIL (20000,
		       sql_number (s, "select count(*) from automation.firing where rule_id = '%s' and state <> 'waiting'", rule) > acted,
		       "nothing goes on");
		acted = sql_number (s, "select count(*) from automation.firing where rule_id = '%s' and state <> 'waiting'", rule);
		when_killed (s);
		when_it_is (first + (50 + 10 * i) * SECOND);
	}
	when_it_is (first + HOUR);
	then_all_once (s, w, rule, n);
	then_no_dead_letters (s);
}

/* ---- what was missed ---- */

#define QUIET_WEEK                                                                                                                                \
	"{\"when\":{\"quiet\":\"deal\",\"for\":{\"weeks\":1}},\"if\":{\"all\":[{\"fact\":\"deal.title\",\"op\":\"starts\",\"value\":\"Stil\"}]}," \
	"\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: {{deal.title}}\"}}]}"
#define ON_MONDAYS \
	"{\"when\":{\"each\":[\"monday\"],\"at\":\"09:00\"},\"then\":[{\"do\":\"deal_create\",\"with\":{\"title\":\"R: maandag\"}}]}"

STORY_ALONE (
	rules_after_a_week,
	"Where automation was down for weeks, what came due meanwhile acts once when it is back: of each week's times the last, of each record's its own; what happened while it was down is heard first")
{
	int64_t change = change_of (3), begin = change - 4 * DAY; /* a Wednesday */
	given_clock (s, begin);
	struct workspace *w = given_workspace (s, "down", "commerce");
	char week[UUID_TEXT], body[100];
	settle (s);
	given_rule (s, w, "Maandag", ON_MONDAYS, week);
	given_rule (s, w, "Dag ervoor", DAY_BEFORE, NULL);
	given_rule (s, w, "Stil", QUIET_WEEK, NULL);
	given_rule (s, w, "Bellen", CALL_LATER ("bel"), NULL);
	given_own_deal (s, w, "een", day_text (begin + 3 * DAY));
	given_own_deal (s, w, "twee", day_text (begin + 9 * DAY));
	given_own_deal (s, w, "veel later", day_text (begin + 40 * DAY));
	given_own_deal (s, w, "Stil een", NULL);
	given_own_deal (s, w, "Wacht een", NULL);
	struct uuid put_off = given_own_deal (s, w, "uitgesteld", day_text (begin + 9 * DAY)),
		    busy = given_own_deal (s, w, "Stil niet", NULL), won = given_own_deal (s, w, "Wacht gewonnen", NULL),
		    trashed = given_own_deal (s, w, "Stil weg", NULL);
	settle (s);
	daemon_hold (s, "automation");
	when_it_is (begin + 2 * DAY);
	when_deal (s, w, "POST", won, "/stage", "{\"stage\":\"won\"}");
	when_it_is (begin + 6 * DAY);
	snprintf (body, sizeof body, "{\"close_date\":\"%s\"}", day_text (begin + 60 * DAY));
	when_deal (s, w, "PUT", put_off, "", body);
	when_deal (s, w, "DELETE", trashed, "", NULL);
	when_it_is (begin + 14 * DAY);
	when_deal (s, w, "PUT", busy, "", "{\"notes\":\"gebeld\"}");
	when_it_is (begin + 15 * DAY);
	daemon_hold (s, "pipeline"); /* what it said meanwhile can be heard later alone: nothing is done without it */
	daemon_release (s, "automation");
	daemon_ready (s, "automation", 0);
	daemon_release (s, "pipeline");
	then_looked (s, w);
	then_none_due (s, w);
	const char *all = "R: Stil een 1, R: bel Wacht een 1, R: maandag 1, R: sluit een 1, R: sluit twee 1";
	then_made (s, w, all);
	then_at (s, week, change + 8 * DAY + 6 * HOUR); /* the second of two Mondays, 9:00 in summer */
	when_killed (s);
	when_time_comes (s, w, begin + 15 * DAY + HOUR);
	then_made (s, w, all);
	when_it_is (begin + 15 * DAY - 5 * DAY); /* put back by days, and forward again */
	when_killed (s);
	when_time_comes (s, w, begin + 15 * DAY + 2 * HOUR);
	then_none_due (s, w);
	then_made (s, w, all);
	then_no_dead_letters (s);
}

STORY_ALONE (
	rules_of_thousands,
	"Thousands of records whose time comes at once are looked at page by page, each acted upon once, though automation is killed between two pages")
{
	int64_t change = change_of (3);
	char expected[100];
	given_clock (s, change - 3 * DAY);
	struct workspace *w = given_workspace (s, "pages", "commerce");
	settle (s);
	given_rule (s, w, "Stil", QUIET_DAY, NULL);
	given_rule (s, w, "Dag ervoor", DAY_BEFORE, NULL);
	given_many_deals (s, w, WAITS, "Stil", change);
	settle (s);
	when_it_is (change - 2 * DAY + HOUR);
	UNTIL (60000,
	       sql_number (s, "select count(*) from automation.decision where workspace_id = '%s' and event_type = 'time'", w->id) > 0,
	       "nothing is done");
	when_killed (s);
	then_looked (s, w);
	then_none_due (s, w);
	snprintf (expected, sizeof expected, "R: Stil %d", WAITS);
	then_made (s, w, expected);
	when_it_is (change - DAY + HOUR);
	UNTIL (60000, sql_number (s, "select count(*) from automation.firing where workspace_id = '%s'", w->id) > WAITS,
	       "nothing more is done");
	when_killed (s);
	then_looked (s, w);
	then_none_due (s, w);
	snprintf (expected, sizeof expected, "R: Stil %d, R: sluit Stil %d", WAITS, WAITS);
	then_made (s, w, expected);
	then_no_dead_letters (s);
}
