/* crmctl doctor, the part that asks Postgres: the server, every service's schema, and what rows say about files and secrets.
 * It reads as role crmctl; it must never lock, write, or take a lag that shrinks for a fault. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "clock.h"
#include "doctor.h"
#include "seal.h"

enum {
	CLOCK_MOST = 1000000 /* µs */,
	UNSEEN_MOST = 12 /* s */,
	WAITING_MOST = 60 /* s */,
	LAG_FREE = 1000 /* events */,
	SOON = 800 /* ms */
};

/* ---- the server ---- */

static void away_say (struct doctor *d, const char *why)
{
	char next[NEXT_MOST];
	if (d->elsewhere)
		snprintf (next, sizeof next, "start it, or give the right CRM_DSN");
	else
		snprintf (next, sizeof next, "read what it says in %s/crm.log", d->house.log);
	if (strstr (why, "too many clients") || strstr (why, "remaining connection slots"))
		found (d, "connections", "postgres", "end what holds them (select * from pg_stat_activity), or raise max_connections",
		       "all of Postgres' connections are used up: %s", why);
	else
		found (d, "postgres_away", "postgres", next, "Postgres cannot be reached: %s", why);
	cause_named (d, "postgres");
}

static char *pid_of (PGconn *c)
{
	char *pid = look_text (c, "doctor_pid", NULL, 0);
	return pid ? pid : strdup ("");
}

/* While a second connection is inside a transaction, the first is asked who serves it: with a pooler between, it has been given away. */
static void pooler_look (struct doctor *d, const char *dsn, const char *user, const char *who)
{
	char why[300], ours[16];
	PGconn *a = look_open (dsn, user, "crmctl doctor", why), *b = look_open (dsn, user, "crmctl doctor", why);
	if (a && b) {
		snprintf (ours, sizeof ours, "%d", PQbackendPID (a));
		char *first = pid_of (a);
		PQclear (look_ask (b, "doctor_open", NULL, 0));
		char *others = pid_of (b), *second = pid_of (a);
		PQclear (look_ask (b, "doctor_close", NULL, 0));
		if (strcmp (first, second) || !strcmp (others, first))
			found (d, "pooler", who, "let its DSN name Postgres itself, or set the pooler to pool_mode = session",
			       "a transaction pooler stands between it and Postgres: one connection was served by processes %s and %s; locks and "
			       "prepared statements get lost there",
			       first, strcmp (first, second) ? second : others);
		free (first);
		free (others);
		free (second);
	}
	if (a)
		PQfinish (a);
	if (b)
		PQfinish (b);
}

/* A daemon may have been given a DSN of its own. */
static void poolers_look (struct doctor *d)
{
	size_t i;
	json_t *p;
	pooler_look (d, d->dsn, NULL, "postgres");
	json_array_foreach (json_object_get (d->state, "processes"), i, p)
	{
		int pid = (int) member_number (p, "pid");
		char *dsn = look_alive (pid) ? look_environment (pid, "CRM_DSN") : NULL;
		const char *house = member_text (d->state, "dsn");
		if (dsn && strncmp (dsn, house, strlen (house)))
			pooler_look (d, dsn, NULL, member_text (p, "name"));
		free (dsn);
	}
}

static void server_settings (struct doctor *d, json_t *o)
{
	size_t i;
	json_t *x;
	json_array_foreach (json_object_get (o, "loose"), i, x)
	{
		found (d, "not_durable", "postgres", "alter system reset it, then select pg_reload_conf()",
		       "what was answered may be lost when the power fails: %s", json_string_value (x));
	}
	json_array_foreach (json_object_get (o, "loose_roles"), i, x)
	{
		found (d, "not_durable", member_text (x, "role"), "alter role … reset synchronous_commit, then restart its daemon",
		       "what it commits may be lost when the power fails: %s", member_text (x, "setting"));
	}
	json_array_foreach (json_object_get (o, "old"), i, x)
	{
		found (d, "old_transaction", "postgres", "end it: select pg_terminate_backend(its process)",
		       "a transaction of %s (process %lld) has been open for %lld s and keeps dead rows from being cleared away",
		       member_text (x, "name"), (long long) member_number (x, "pid"), (long long) member_number (x, "seconds"));
	}
}

static void server_clock (struct doctor *d, json_t *o, int64_t before, int64_t after)
{
	d->clock_ahead = before + (after - before) / 2 - member_number (o, "now");
	if (d->clock_ahead > CLOCK_MOST || d->clock_ahead < -CLOCK_MOST)
		found (d, "clock_off", "host", "let both machines take the time from the network (timedatectl set-ntp true)",
		       "this machine's clock is %lld.%lld s %s Postgres'", (long long) llabs (d->clock_ahead) / 1000000,
		       (long long) llabs (d->clock_ahead) % 1000000 / 100000, d->clock_ahead > 0 ? "ahead of" : "behind");
}

/* Who registered, and has not been seen since; a process of this house that was already told of is not told of again. */
static void members_look (struct doctor *d, json_t *members)
{
	size_t i, k;
	json_t *o, *p;
	char who[64];
	json_array_foreach (members, i, o)
	{
		bool known = false;
		json_array_foreach (json_object_get (d->state, "processes"), k, p)
		{
			snprintf (who, sizeof who, "%s.%lld", member_text (p, "name"), (long long) member_number (p, "replica"));
			known = known || (!strcmp (who, member_text (o, "name")) && !look_alive ((int) member_number (p, "pid")));
		}
		if (!known && member_number (o, "unseen") > UNSEEN_MOST)
			found (d, "member_unseen", member_text (o, "name"),
			       "start it again; if it is gone for good, an hour after it was last seen it is forgotten",
			       "it is registered (process %lld) and has not been seen for %lld s", (long long) member_number (o, "pid"),
			       (long long) member_number (o, "unseen"));
	}
}

void doctor_postgres (struct doctor *d)
{
	char why[300];
	d->pg = look_open (d->dsn, NULL, "crmctl doctor", why);
	if (!d->pg) {
		away_say (d, why);
		return;
	}
	int64_t before = clock_now ();
	json_t *o = look_json (d->pg, "doctor_postgres", NULL, 0);
	if (!o) {
		found (d, "roles_missing", "postgres", "run deploy/postgres/roles.sql in the database as a superuser",
		       "role crmctl may not look: %s", look_why (d->pg));
		cause_named (d, "postgres");
		PQfinish (d->pg);
		d->pg = NULL;
		return;
	}
	server_clock (d, o, before, clock_now ());
	int64_t used = member_number (o, "used"), most = member_number (o, "most");
	if (used * 10 >= most * 9)
		found (d, "connections", "postgres", "end what holds them (select * from pg_stat_activity), or raise max_connections",
		       "%lld of Postgres' %lld connections are in use", (long long) used, (long long) most);
	if (json_is_true (json_object_get (o, "standby")))
		found (d, "standby", "postgres", "name the primary in CRM_DSN (target_session_attrs=read-write finds it)",
		       "this Postgres is a standby and takes no writes");
	server_settings (d, o);
	members_look (d, json_object_get (o, "members"));
	poolers_look (d);
	json_object_set (d->services, "", json_object_get (o, "schemas"));
	json_decref (o);
}

/* ---- a service's schema ---- */

static json_t *migration_find (json_t *list, const char *origin, int64_t number)
{
	size_t i;
	json_t *o;
	json_array_foreach (list, i, o)
	{
		if (!strcmp (member_text (o, "origin"), origin) && member_number (o, "number") == number)
			return o;
	}
	return NULL;
}

static int64_t known_last (json_t *version, const char *origin)
{
	size_t i;
	json_t *o;
	int64_t last = 0;
	json_array_foreach (json_object_get (version, "migrations"), i, o)
	{
		if (!strcmp (member_text (o, "origin"), origin) && member_number (o, "number") > last)
			last = member_number (o, "number");
	}
	return last;
}

/* What the daemon itself says about it; said once. */
static void schema_say (struct doctor *d, const char *code, const char *service, const char *next, const char *what)
{
	json_t *not_ready = json_object_get (d->not_ready, service);
	if (not_ready && !strcmp (code, "schema_behind"))
		found (d, code, service, next, "%s; %s says: %s", what, member_text (not_ready, "who"), member_text (not_ready, "why"));
	else
		found (d, code, service, next, "%s", what);
	json_object_del (d->not_ready, service);
	cause_named (d, service);
}

/* What the binary knows against what was done here. */
static void migrations_look (struct doctor *d, const char *service, json_t *version, json_t *done)
{
	size_t i;
	json_t *o;
	char what[500];
	json_array_foreach (json_object_get (version, "migrations"), i, o)
	{
		json_t *ran = migration_find (done, member_text (o, "origin"), member_number (o, "number"));
		const char *origin = member_text (o, "origin"), *name = member_text (o, "name");
		if (!ran) {
			snprintf (what, sizeof what, "its schema is behind the binary: migration %s %s was not run", origin, name);
			schema_say (d, "schema_behind", service,
				    "start the daemon of this build; its /readyz says what keeps it from migrating", what);
		} else if (strcmp (member_text (ran, "sum"), member_text (o, "sum"))) {
			snprintf (what, sizeof what, "migration %s %s was changed after it ran here", origin, name);
			schema_say (d, "migration_changed", service,
				    "bring back the file as it was, and put the change into a new migration", what);
		}
	}
	json_array_foreach (done, i, o)
	{
		if (version && member_number (o, "min_binary") > known_last (version, member_text (o, "origin"))) {
			snprintf (what, sizeof what, "its schema is ahead of the binary: migration %s %s wants one that knows number %lld",
				  member_text (o, "origin"), member_text (o, "name"), (long long) member_number (o, "min_binary"));
			schema_say (d, "schema_ahead", service, "start a binary at least as new as the schema", what);
		}
	}
}

/* Somebody lives, and all who do are of one build. */
static void programs_look (struct doctor *d, const char *service, json_t *programs)
{
	size_t i;
	json_t *o, *first = NULL;
	bool any = false;
	json_array_foreach (programs, i, o)
	{
		any = any || json_is_true (json_object_get (o, "lives"));
	}
	if (d->elsewhere && !any) { /* a house knows its processes better */
		found (d, "daemon_dead", service, "start it; its log says why it ended", "no process of it lives");
		cause_named (d, service);
	}
	json_array_foreach (programs, i, o)
	{
		if (!json_is_true (json_object_get (o, "lives")))
			continue;
		if (first && strcmp (member_text (first, "build"), member_text (o, "build"))) {
			found (d, "builds_differ", service, "restart the older one; a rolling upgrade is over when all are the same",
			       "%s and %s are of different builds (%.12s, %.12s)", member_text (first, "member"), member_text (o, "member"),
			       member_text (first, "build"), member_text (o, "build"));
			return;
		}
		first = first ? first : o;
	}
}

static bool writer_of (const char *holder, const char *service)
{
	size_t n = strlen (service), m = strlen (holder);
	return !strncmp (holder, service, n) && holder[n] == '.' && m > 7 && !strcmp (holder + m - 7, " writer");
}

static void lanes_look (struct doctor *d, const char *service, json_t *lanes)
{
	size_t i;
	json_t *o;
	char free_lanes[80] = "", stranger[64] = "";
	int n = 0;
	json_array_foreach (lanes, i, o)
	{
		const char *holder = member_text (o, "holder"), *stopped = member_text (o, "stopped");
		if (!writer_of (holder, service)) {
			snprintf (free_lanes + strlen (free_lanes), sizeof free_lanes - strlen (free_lanes), "%s%lld", n++ ? " " : "",
				  (long long) member_number (o, "lane"));
			snprintf (stranger, sizeof stranger, "%s", holder);
		}
		if (*stopped)
			found (d, "lane_stopped", service,
			       "restore that source from the same backup as this service, or crmctl restore both",
			       "lane %lld of it has stopped: %s", (long long) member_number (o, "lane"), stopped);
		if (strcmp (member_text (o, "epoch"), member_text (o, "latest")))
			found (d, "epoch_old", service,
			       "restart its daemons; then look who else writes there (crmctl status on every machine)",
			       "lane %lld is written under epoch %s, and its latest claim is %s: two owners, or a restored table",
			       (long long) member_number (o, "lane"), member_text (o, "epoch"), member_text (o, "latest"));
	}
	if (n && !cause_known (d, service)) {
		char next[NEXT_MOST];
		snprintf (next, sizeof next, *stranger ? "end the session of %s, which holds the lock" : "start %s, or one more of it",
			  *stranger ? stranger : service);
		found (d, "lane_unowned", service, next, "%d lane%s of it %s no owner: %s", n, n > 1 ? "s" : "", n > 1 ? "have" : "has",
		       free_lanes);
		cause_named (d, service);
	}
}

static void parked_look (struct doctor *d, const char *service, json_t *parked)
{
	size_t i;
	json_t *o;
	char next[NEXT_MOST];
	json_array_foreach (parked, i, o)
	{
		bool poison = !strcmp (member_text (o, "state"), "poison");
		if (!poison && member_number (o, "seconds") <= WAITING_MOST)
			continue;
		snprintf (next, sizeof next, "crmctl dead list --service %s%s", service, doctor_var (d));
		found (d, poison ? "parked_poison" : "parked_waiting", service, next, "%lld event%s parked for up to %lld s as %s (%s): %s",
		       (long long) member_number (o, "n"), member_number (o, "n") > 1 ? "s are" : " is",
		       (long long) member_number (o, "seconds"), poison ? "poison" : "waiting for what they refer to",
		       member_text (o, "type"), member_text (o, "error"));
	}
}

/* People who are to be forgotten: how many are under way is counted; that some cannot end is a finding. */
static void erasures_look (struct doctor *d, const char *service, json_t *o)
{
	int64_t open = member_number (o, "open"), stuck = member_number (o, "stuck"), so_far = member_number (d->counts, "erasures_open");
	json_object_set_new (d->counts, "erasures_open", json_integer (open > so_far ? open : so_far));
	if (stuck)
		found (d, "erasure_stuck", service, "bring the frame back from a backup; it is tried again every ten minutes",
		       "%lld erasure%s cannot end: %lld frame%s on lane %lld, the first at %lld, cannot be read and may name who is to be forgotten",
		       (long long) stuck, stuck > 1 ? "s" : "", (long long) member_number (o, "unread"),
		       member_number (o, "unread") > 1 ? "s" : "", (long long) member_number (o, "lane"),
		       (long long) member_number (o, "sequence"));
}

static bool schema_enter (struct doctor *d, const char *schema)
{
	char path[48];
	snprintf (path, sizeof path, "%s,pg_temp", schema);
	const char *value[] = { path };
	PGresult *r = look_ask (d->pg, "look_schema", value, 1);
	PQclear (r);
	return r != NULL;
}

static bool schema_there (const struct doctor *d, const char *schema)
{
	size_t i;
	json_t *o;
	json_array_foreach (json_object_get (d->services, ""), i, o)
	{
		if (!strcmp (json_string_value (o), schema))
			return true;
	}
	return false;
}

static void unreadable_say (struct doctor *d, const char *service, const char *schema)
{
	char why[300];
	const char *value[] = { schema };
	snprintf (why, sizeof why, "%s", look_why (d->pg));
	char *may = look_text (d->pg, "doctor_role", value, 1);
	if (!may || strcmp (may, "true"))
		found (d, "roles_missing", service, "run deploy/postgres/roles.sql in the database as a superuser",
		       "role crmctl may not look into its schema, or its role is gone");
	else
		found (d, "schema_behind", service, "start its daemon of this build; it makes its schema",
		       "its schema is behind this crmctl: %s", why);
	free (may);
}

static void service_look (struct doctor *d, const char *service)
{
	char schema[40], next[NEXT_MOST];
	const char *value[] = { look_schema_of (service, schema) };
	json_t *version = json_object_get (d->versions, schema);
	snprintf (next, sizeof next, "start %s; it makes its schema", service);
	if (!schema_there (d, schema)) {
		found (d, "schema_behind", service, next, "its schema was never made");
		cause_named (d, service);
		return;
	}
	json_t *o = schema_enter (d, schema) ? look_json (d->pg, "doctor_service", value, 1) : NULL;
	if (!o) {
		unreadable_say (d, service, schema);
		return;
	}
	migrations_look (d, service, version, json_object_get (o, "migrations"));
	programs_look (d, service, json_object_get (o, "programs"));
	lanes_look (d, service, json_object_get (o, "lanes"));
	parked_look (d, service, json_object_get (o, "parked"));
	erasures_look (d, service, json_object_get (o, "erasures"));
	json_object_set_new (d->services, schema, o);
}

/* What other systems said that waits, and how many of them are silent: theirs to mend, so it is only counted. */
static void systems_look (struct doctor *d)
{
	json_t *o = schema_there (d, "contacts") && schema_enter (d, "contacts") ? look_json (d->pg, "doctor_contacts", NULL, 0) : NULL;
	json_object_set (d->counts, "pushes_waiting", json_object_get (o, "waiting"));
	json_object_set (d->counts, "systems_silent", json_object_get (o, "silent"));
	json_decref (o);
}

/* Mailboxes that give nothing any more: their people wait for mail that does not come. */
static void mailboxes_look (struct doctor *d)
{
	json_t *o = schema_there (d, "mailer") && schema_enter (d, "mailer") ? look_json (d->pg, "doctor_mailer", NULL, 0) : NULL;
	int64_t n = member_number (o, "failing");
	if (n)
		found (d, "mailbox_fails", "mailer",
		       "put it right under Settings, Mail; what lies in it is taken as soon as it can be read",
		       "%lld mailbox%s not be looked into: that of %s at %s (%s): %s", (long long) n, n > 1 ? "es can" : " can",
		       member_text (o, "name"), member_text (o, "host"), member_text (o, "fault"), member_text (o, "error"));
	json_t *missing = json_object_get (o, "missing");
	n = member_number (missing, "count");
	if (n)
		found (d, "mail_missing", "mailer", "look under Settings, Mail what became of it: what people answer may not arrive either",
		       "a mail to oneself did not come back by %lld account%s: %s, that of %s UTC is %s %s", (long long) n,
		       n > 1 ? "s" : "", member_text (missing, "name"), member_text (missing, "at"), member_text (missing, "state"),
		       member_text (missing, "reason"));
	json_decref (o);
}

/* Accounts whose log-in at their provider ended: nothing goes by them, nor comes, until somebody logs in. */
static void logins_look (struct doctor *d)
{
	json_t *o = schema_there (d, "mailer") && schema_enter (d, "mailer") ? look_json (d->pg, "doctor_logins", NULL, 0) : NULL;
	int64_t n = member_number (o, "failing");
	if (n)
		found (d, "mail_login_ended", "mailer", "log in again under Settings, Mail; what waits goes then",
		       "%lld mail account%s not log in at %s provider: %s: %s", (long long) n, n > 1 ? "s can" : " can",
		       n > 1 ? "their" : "its", member_text (o, "name"), member_text (o, "error"));
	json_decref (o);
}

/* What customers wait for: documents whose files cannot be made, mails that wait for them, ways to be paid that do not work. */
static void billing_look (struct doctor *d)
{
	json_t *o = schema_there (d, "billing") && schema_enter (d, "billing") ? look_json (d->pg, "doctor_billing", NULL, 0) : NULL;
	json_t *renders = json_object_get (o, "renders"), *providers = json_object_get (o, "providers"),
	       *mails = json_object_get (o, "mails");
	int64_t n = member_number (renders, "count"), hooks = member_number (o, "hooks");
	if (n)
		found (d, "render_fails", "billing", "open the document and mend what its preview names; its log says more",
		       "the files of %lld document%s cannot be made: %s: %s", (long long) n, n > 1 ? "s" : "",
		       member_text (renders, "number"), member_text (renders, "error"));
	n = member_number (providers, "count");
	if (n)
		found (d, "pay_provider_fails", "billing",
		       "put it right under Settings, Ways to be paid; customers cannot pay by it meanwhile",
		       "%lld way%s to be paid %s not work: %s: %s", (long long) n, n > 1 ? "s" : "", n > 1 ? "do" : "does",
		       member_text (providers, "name"), member_text (providers, "error"));
	n = member_number (mails, "count");
	if (n)
		found (d, "document_mail_waits", "billing", "see whether its files can be made (render_fails), and whether billing runs",
		       "%lld mail%s with a document for longer than five minutes: %s since %s UTC", (long long) n,
		       n > 1 ? "s wait" : " waits", member_text (mails, "number"), member_text (mails, "at"));
	if (hooks)
		found (d, "pay_hook_waits", "billing", "see whether billing runs; what waits is dealt with as soon as it does",
		       "%lld message%s of payment providers for longer than five minutes", (long long) hooks,
		       hooks > 1 ? "s wait" : " waits");
	json_object_set (d->counts, "bookings_waiting", json_object_get (o, "bookings"));
	json_decref (o);
}

/* What rules began and that does not go on. */
static void automation_look (struct doctor *d)
{
	json_t *o = schema_there (d, "automation") && schema_enter (d, "automation") ? look_json (d->pg, "doctor_automation", NULL, 0)
										     : NULL;
	const char *asked = member_text (o, "asked");
	int64_t n = member_number (o, "count");
	if (n)
		found (d, "rule_waits", "automation",
		       "see whether automation and the service that was asked run, and crmctl dead list; it goes on as soon as they do",
		       "%lld thing%s that a rule began %s not go on: %s waits%s%s since %s UTC", (long long) n, n > 1 ? "s" : "",
		       n > 1 ? "do" : "does", member_text (o, "name"), *asked ? " for the answer to " : "", asked, member_text (o, "at"));
	json_decref (o);
}

/* Webhooks that nobody sends, and receivers that do not take them. */
static void hooks_look (struct doctor *d)
{
	json_t *o = schema_there (d, "automation") && schema_enter (d, "automation") ? look_json (d->pg, "doctor_hooks", NULL, 0) : NULL;
	int64_t waits = member_number (o, "waits"), fails = member_number (o, "fails");
	if (waits)
		found (d, "hook_waits", "automation", "see whether automation runs; what waits is sent as soon as it does",
		       "%lld address%s of webhooks %s not told what waits for longer than five minutes: %s since %s UTC", (long long) waits,
		       waits > 1 ? "es" : "", waits > 1 ? "are" : "is", member_text (o, "waits_name"), member_text (o, "waits_at"));
	if (fails)
		found (d, "hook_fails", "automation",
		       "look at what came back, in the log of the address under Settings, Webhooks; put its receiver right, switch it on, and send again what it missed",
		       "%lld address%s of webhooks %s not take what %s told: %s since %s UTC", (long long) fails, fails > 1 ? "es" : "",
		       fails > 1 ? "do" : "does", fails > 1 ? "they are" : "it is", member_text (o, "fails_name"),
		       member_text (o, "fails_at"));
	json_decref (o);
}

/* ---- cursors ---- */

/* A service's cursors held against one source's log, as that source's schema says now; null: it cannot be asked. */
static json_t *cursors_held (struct doctor *d, const char *source, json_t *cursors)
{
	char schema[40], *text = json_dumps (cursors, JSON_COMPACT);
	const char *value[] = { text, source };
	json_t *o = schema_enter (d, look_schema_of (source, schema)) ? look_json (d->pg, "doctor_cursors", value, 2) : NULL;
	free (text);
	return o;
}

static void cut_say (struct doctor *d, const char *service, const char *source, json_t *held)
{
	size_t i, n = 0;
	json_t *o;
	int64_t lane = 0;
	json_array_foreach (held, i, o)
	{
		if (json_is_true (json_object_get (o, "cut"))) {
			lane = n++ ? lane : member_number (o, "lane");
		}
	}
	if (n)
		found (d, "log_cut", service, "bring both back from one backup: crmctl restore",
		       "it has heard events of %s that are not in the log any more, on %zu lane%s (first: %lld): an older state of %s was put back",
		       source, n, n > 1 ? "s" : "", (long long) lane, source);
}

/* Behind at both looks and not moving, or far behind and not catching up. */
static void lag_say (struct doctor *d, const char *service, const char *source, json_t *before, json_t *after)
{
	size_t i, lanes = 0;
	json_t *o;
	int64_t behind = 0;
	json_array_foreach (after, i, o)
	{
		json_t *was = json_array_get (before, i);
		int64_t now = member_number (o, "behind"), then = member_number (was, "behind");
		bool stuck = then > 0 && now > 0 && member_number (o, "sequence") == member_number (was, "sequence");
		if (stuck || (now >= then && now > LAG_FREE)) {
			lanes++;
			behind += now;
		}
	}
	if (lanes) {
		char next[NEXT_MOST];
		snprintf (next, sizeof next, "crmctl lag and crmctl dead list%s; a replica more if it is only slow", doctor_var (d));
		found (d, "lag", service, next, "it is %lld event%s behind %s on %zu lane%s and does not catch up", (long long) behind,
		       behind > 1 ? "s" : "", source, lanes, lanes > 1 ? "s" : "");
	}
}

static bool any_behind (json_t *held)
{
	size_t i;
	json_t *o;
	json_array_foreach (held, i, o)
	{
		if (member_number (o, "behind") > 0)
			return true;
	}
	return false;
}

/* One source once, in the order of the cursors. */
static json_t *sources_of (json_t *cursors)
{
	size_t i;
	json_t *o, *list = json_object ();
	json_array_foreach (cursors, i, o)
	{
		json_object_set_new (list, member_text (o, "source"), json_null ());
	}
	return list;
}

static void lags_look (struct doctor *d, const char *service, json_t *first)
{
	char schema[40];
	const char *source;
	json_t *before;
	bool entered = schema_enter (d, look_schema_of (service, schema));
	json_t *cursors = entered ? look_json (d->pg, "doctor_cursors_now", NULL, 0) : NULL;
	json_object_foreach (first, source, before)
	{
		json_t *after = any_behind (before) ? cursors_held (d, source, cursors) : NULL;
		lag_say (d, service, source, before, after);
		json_decref (after);
	}
	json_decref (cursors);
}

static void cursors_look (struct doctor *d)
{
	char schema[40];
	json_t *looks = json_object (), *held, *sources;
	const char *source, *service;
	bool behind = false;
	void *next;
	for (const char *const *s = services_all (); *s; s++) {
		json_t *cursors = json_object_get (json_object_get (d->services, look_schema_of (*s, schema)), "cursors");
		sources = sources_of (cursors);
		json_object_foreach_safe (sources, next, source, held)
		{
			held = cursors_held (d, source, cursors);
			cut_say (d, *s, source, held);
			behind = behind || any_behind (held);
			json_object_set_new (sources, source, held ? held : json_null ());
		}
		if (!cause_known (d, *s))
			json_object_set (looks, *s, sources);
		json_decref (sources);
	}
	if (behind) /* a second look tells what stands from what moves */
		nanosleep (&(struct timespec){ .tv_nsec = SOON * 1000000 }, NULL);
	json_object_foreach (looks, service, sources)
	{
		if (behind)
			lags_look (d, service, sources);
	}
	json_decref (looks);
}

void doctor_services (struct doctor *d)
{
	for (const char *const *s = services_all (); *s; s++)
		service_look (d, *s);
	systems_look (d);
	mailboxes_look (d);
	logins_look (d);
	billing_look (d);
	automation_look (d);
	hooks_look (d);
	cursors_look (d);
}

/* ---- what rows say about files and secrets ---- */

/* Runs the query that a statement gives for our schemas; null: nothing of the kind exists. */
static PGresult *sample_ask (struct doctor *d, const char *statement)
{
	const char *value[] = { look_schemas_array () };
	char *query = look_text (d->pg, statement, value, 1);
	PGresult *r = query ? look_ask_text (d->pg, query) : NULL;
	free (query);
	return r;
}

static void sealed_look (struct doctor *d)
{
	struct arena a;
	struct bytes secret;
	PGresult *r = sample_ask (d, "look_sealed");
	int wrong = 0, n = r ? PQntuples (r) : 0;
	arena_init (&a);
	if (n && !cause_known (d, "secrets") && seal_open (d->config.key ? d->config.key : ""))
		for (int i = 0; i < n; i++)
			wrong += unseal_text (&a, PQgetvalue (r, i, 1), &secret) != OK;
	if (wrong)
		found (d, "key_other", "secrets", "put back the key that these were sealed with (it is kept beside the backups)",
		       "the key is not the one that sealed the secrets in %s: %d of %d cannot be opened", PQgetvalue (r, 0, 0), wrong, n);
	arena_fini (&a);
	PQclear (r);
}

static void files_look (struct doctor *d)
{
	PGresult *r = sample_ask (d, "look_files");
	char path[2 * HOUSE_PATH], hex[65];
	int missing = 0, wrong = 0, n = r ? PQntuples (r) : 0;
	const char *first_missing = "", *first_wrong = "";
	for (int i = 0; i < n; i++) {
		const char *name = PQgetvalue (r, i, 0), *sha256 = strchr (name, '/');
		int64_t size;
		snprintf (path, sizeof path, "%s/%s", d->files, name);
		if (!look_digest (path, hex, &size)) {
			first_missing = missing++ ? first_missing : name;
		} else if (!sha256 || strcmp (sha256 + 1, hex)) {
			first_wrong = wrong++ ? first_wrong : name;
		}
	}
	if (missing)
		found (d, "file_missing", "files", "bring it back from a backup",
		       "%d of %d files that rows name are missing or cannot be read: %s", missing, n, first_missing);
	if (wrong)
		found (d, "file_wrong", "files", "bring it back from a backup; then look at the disk",
		       "%d of %d files are not what they were: %s has another SHA-256 than its name", wrong, n, first_wrong);
	PQclear (r);
}

static void imports_look (struct doctor *d)
{
	PGresult *r = sample_ask (d, "look_stuck");
	int n = r ? PQntuples (r) : 0;
	if (n)
		found (d, "import_stuck", "contacts", "read its log; start it when it does not run: what is under way goes on by itself",
		       "%d import%s not got on: %s is %s, and nothing was done for %s s", n, n > 1 ? "s have" : " has",
		       PQgetvalue (r, 0, 0), PQgetvalue (r, 0, 1), PQgetvalue (r, 0, 2));
	PQclear (r);
}

void doctor_stored (struct doctor *d)
{
	imports_look (d);
	sealed_look (d);
	if (!cause_known (d, "files"))
		files_look (d);
}
