/* The crash suite: leads at a steady rate while daemons die, stand still and move their lanes, and Postgres falls over; at the end everything
 * must add up. usage: build/chaos [SECONDS [SEED]]     BIN: programs with fault points; CHAOS_PORT, CHAOS_VAR: where the houses stand
 * It must never signal a process that is not of its own houses. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../stack/stack.h"

enum { SENDERS = 4, PEOPLE = 200, RATE = 120 }; /* leads a second, of all senders together */

static const char *const daemons[] = { "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };

struct run {
	struct stack s;
	unsigned seed;
	char path[200], slug[64], id[UUID_TEXT];
	int replicas;
	_Atomic bool over;
	_Atomic int64_t taken, tried;
	int64_t kills;
};

/* ---- leads ---- */

struct sender {
	pthread_t thread;
	struct run *run;
	int number;
};

/* Until it is answered 202, under one key: whatever happened in between, it is one lead. */
static void lead_send (struct run *run, int sender, int64_t n)
{
	char key[64], body[300], url[300];
	snprintf (key, sizeof key, "chaos-%d-%lld", sender, (long long) n);
	snprintf (body, sizeof body, "{\"name\":\"Lead %d.%lld\",\"email\":\"person%lld@chaos.nl\",\"form_type\":\"F%lld\"}", sender,
		  (long long) n, (long long) ((n * SENDERS + sender) % PEOPLE), (long long) n);
	for (int turn = 0;; turn++) {
		int port = daemon_port (&run->s, "lead-intake", (sender + turn) % run->replicas, "port");
		snprintf (url, sizeof url, "http://127.0.0.1:%d%s", port, run->path);
		struct web_answer a = web_ask (
			&run->s, &(struct web_request){ .method = "POST", .url = url, .body = body, .idempotency = key, .ms = 12000 });
		run->tried++;
		bool done = a.status == 202;
		CHECK (done || a.status == 0 || a.status == 503 || a.status == 504, "a lead is answered %d: %s", a.status, a.body);
		web_free (&a);
		if (done)
			break;
		CHECK (turn < 600, "a lead is not taken after %d turns", turn);
		pause_us (100000);
	}
	run->taken++;
}

static void *sender_run (void *ctx)
{
	struct sender *me = ctx;
	int64_t began = now_us ();
	for (int64_t n = 0; !me->run->over; n++) {
		int64_t due = began + n * 1000000 * SENDERS / RATE;
		while (now_us () < due && !me->run->over)
			pause_us (due - now_us () < 20000 ? due - now_us () + 1 : 20000);
		lead_send (me->run, me->number, n);
	}
	return NULL;
}

/* ---- what goes wrong ---- */

static unsigned pick (struct run *run, unsigned n)
{
	run->seed = run->seed * 1103515245u + 12345u;
	return run->seed >> 16 & 0x7fff ? (run->seed >> 16) % n : 0;
}

static void say (struct run *run, const char *what, const char *whom, int replica)
{
	printf ("    %6.1f s  %s %s %d  (%lld leads)\n", (double) (now_us () % 1000000000000) / 1e6, what, whom, replica,
		(long long) run->taken);
}

static void kill_one (struct run *run, const char *name, int replica)
{
	say (run, "kill -9", name, replica);
	daemon_kill (&run->s, name, replica, SIGKILL);
	run->kills++;
}

/* Every process of Postgres dies at once, as when a backend crashes. */
static void postgres_fall (struct run *run)
{
	say (run, "postgres -m immediate", "", 0);
	sql_forget (&run->s);
	daemon_kill (&run->s, "postgres", 0, SIGQUIT);
	run->kills++;
}

static void stand_still (struct run *run, const char *name, int replica, int seconds)
{
	say (run, "SIGSTOP", name, replica);
	pid_t pid = daemon_pid (&run->s, name, replica);
	if (pid <= 1)
		return;
	kill (pid, SIGSTOP);
	for (int64_t end = now_us () + (int64_t) seconds * 1000000; now_us () < end;)
		pause_us (50000);
	say (run, "SIGCONT", name, replica);
	if (daemon_pid (&run->s, name, replica) == pid)
		kill (pid, SIGCONT);
	run->kills++;
}

static void until (int64_t end)
{
	while (now_us () < end)
		pause_us (20000);
}

static void trouble_make (struct run *run, int seconds)
{
	int64_t end = now_us () + (int64_t) seconds * 1000000, middle = now_us () + (int64_t) seconds * 500000;
	bool fell = false, stood = run->replicas == 1;
	while (now_us () < end) {
		until (now_us () + 700000 + pick (run, 1500) * 1000);
		if (!fell && now_us () > middle) {
			postgres_fall (run);
			fell = true;
		} else if (!stood && seconds >= 30 && now_us () > middle - (int64_t) seconds * 200000) {
			stand_still (run, pick (run, 2) ? "pipeline" : "contacts", 0, 14); /* a takeover takes 10 s */
			stood = true;
		} else
			kill_one (run, daemons[pick (run, LENGTH (daemons))], (int) pick (run, (unsigned) run->replicas));
	}
}

/* ---- a house, trouble, and the sums ---- */

static void house_open (struct run *run, const char *name, const char *const words[])
{
	char var[200];
	const char *given = getenv ("CHAOS_VAR"), *port = getenv ("CHAOS_PORT");
	if (given)
		snprintf (var, sizeof var, "%s-%s", given, name);
	else
		snprintf (var, sizeof var, "/tmp/chaos-%d-%s", (int) getppid (), name);
	stack_up (&run->s, var, port ? atoi (port) : 9710, words);
	json_t *w = ctl (&run->s, "workspace add chaos --preset nl-offerte-6"),
	       *source = ctl (&run->s, "source add --workspace chaos --kind generic");
	snprintf (run->id, sizeof run->id, "%s", text_at (w, "id"));
	snprintf (run->path, sizeof run->path, "%s", strstr (text_at (source, "url"), "/hooks/"));
	json_decref (w), json_decref (source);
}

static void then_equal (struct run *run, const char *what, int64_t expected, const char *sql)
{
	int64_t n = sql_number (&run->s, "%s", sql);
	CHECK (n == expected, "%s: %lld, not %lld", what, (long long) n, (long long) expected);
}

static void sums_check (struct run *run)
{
	struct stack *s = &run->s;
	for (size_t i = 0; i < LENGTH (daemons); i++)
		for (int r = 0; r < run->replicas; r++)
			daemon_ready (s, daemons[i], r);
	sql_forget (s);
	settle (s);
	then_dense (s);
	int64_t n = run->taken;
	then_equal (run, "submissions", n, "select count(*) from lead_intake.submission");
	then_equal (run, "leads", n, "select count(*) from lead_intake.lead");
	then_equal (run, "deals", n, "select count(*) from pipeline.deal");
	then_equal (run, "contacts less e-mails", 0,
		    "select (select count(*) from contacts.contact) - (select count(distinct lower(email)) from lead_intake.lead)");
	then_equal (
		run, "deals joined to the contact of their lead's e-mail", n,
		"select count(*) from pipeline.deal d join lead_intake.lead l on (l.workspace_id, l.id) = (d.workspace_id, d.lead_id) "
		"join pipeline.deal_contact j on (j.workspace_id, j.deal_id) = (d.workspace_id, d.id) "
		"join contacts.contact c on (c.workspace_id, c.id) = (d.workspace_id, j.contact_id) and lower(c.email) = lower(l.email)");
	then_equal (run, "leads joined to deal and contact", n,
		    "select count(*) from lead_intake.lead l join pipeline.deal d on d.lead_id = l.id "
		    "join pipeline.deal_contact j on j.deal_id = d.id and l.contact_id = j.contact_id");
	then_equal (run, "deals moved or changed", 0, "select count(*) from pipeline.deal where version <> 1");
	then_equal (
		run, "parked items", 0,
		"select (select count(*) from gateway.parked) + (select count(*) from lead_intake.parked) + (select count(*) from contacts.parked) + "
		"(select count(*) from pipeline.parked)");
}

/* What was said, counted by the streams themselves: no event twice. */
static void stream_check (struct run *run)
{
	static const char *const types[] = { "lead.created", "deal.created", "lead.contact_linked" };
	int code;
	char *text = ctl_text (&run->s, &code, "tail --json --from 1 --until-now --workspace chaos"), *rest;
	int64_t count[LENGTH (types)] = { 0 };
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		json_t *o = json_loads (line, 0, NULL);
		for (size_t i = 0; i < LENGTH (types); i++)
			count[i] += !strcmp (text_at (o, "type"), types[i]);
		json_decref (o);
	}
	free (text);
	for (size_t i = 0; i < LENGTH (types); i++)
		CHECK (count[i] == run->taken, "%s was said %lld times, not %lld", types[i], (long long) count[i], (long long) run->taken);
}

static void act (const char *name, int seconds, unsigned seed, int replicas, const char *const words[], void (*trouble) (struct run *, int))
{
	static struct run run;
	struct sender sender[SENDERS];
	run = (struct run){ .seed = seed, .replicas = replicas };
	house_open (&run, name, words);
	for (int i = 0; i < SENDERS; i++) {
		sender[i] = (struct sender){ .run = &run, .number = i };
		CHECK (!pthread_create (&sender[i].thread, NULL, sender_run, &sender[i]), "no thread");
	}
	trouble (&run, seconds);
	run.over = true;
	for (int i = 0; i < SENDERS; i++)
		pthread_join (sender[i].thread, NULL);
	sums_check (&run);
	stream_check (&run);
	printf ("    %lld leads in %lld requests, %lld blows\n", (long long) run.taken, (long long) run.tried, (long long) run.kills);
	stack_down (&run.s);
}

/* One act in a process of its own, so that a failure ends it alone. */
static bool act_passes (const char *name, int seconds, unsigned seed, int replicas, const char *const words[],
			void (*trouble) (struct run *, int))
{
	int status;
	printf ("  %s, %d s, seed %u\n", name, seconds, seed);
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		alarm ((unsigned) seconds + 240);
		act (name, seconds, seed, replicas, words, trouble);
		fflush (NULL);
		_exit (0);
	}
	waitpid (pid, &status, 0);
	bool good = WIFEXITED (status) && WEXITSTATUS (status) == 0;
	struct stack s = { 0 };
	const char *given = getenv ("CHAOS_VAR"), *bin = getenv ("BIN");
	if (given)
		snprintf (s.var, sizeof s.var, "%s-%s", given, name);
	else
		snprintf (s.var, sizeof s.var, "/tmp/chaos-%d-%s", (int) getpid (), name);
	snprintf (s.bin, sizeof s.bin, "%s", bin ? bin : "build");
	stack_down (&s);
	if (good)
		free (program_run ((const char *[]){ "/bin/rm", "-rf", s.var, NULL }, NULL));
	else
		fprintf (stderr, "    its house is kept in %s\n", s.var);
	printf ("%s %s\n", good ? "ok    " : "FAILED", name);
	return good;
}

static int deaths (struct run *run)
{
	char path[300], line[4096];
	int n = 0;
	snprintf (path, sizeof path, "%s/log/crm.log", run->s.var);
	FILE *log = fopen (path, "r");
	while (log && fgets (line, sizeof line, log))
		n += strstr (line, "\"event\":\"died\"") != NULL;
	if (log)
		fclose (log);
	return n;
}

/* Nothing but time: the fault points do it, each daemon at another place of its first life. A crash test without a crash would prove nothing. */
static void faults_wait (struct run *run, int seconds)
{
	int64_t end = now_us () + (int64_t) seconds * 1000000;
	while (now_us () < end)
		pause_us (50000);
	UNTIL (20000, deaths (run) >= 3, "only %d daemons died at their fault points", deaths (run));
	run->kills = deaths (run);
}

static const char *const two_replicas[] = { "--replicas", "gateway=2",	"--replicas", "lead-intake=2", "--replicas",
					    "contacts=2", "--replicas", "pipeline=2", "--replicas",    "mailer=2",
					    "--replicas", "billing=2",	"--replicas", "automation=2",  NULL };

/* The fault points that a stream of leads passes; the third number is after how many passes. */
static const struct fault_set {
	const char *name;
	const char *words[8];
} faults[] = {
	{ "before_sync",
	  { "--env", "lead-intake:CRM_FAULT=before_sync:180", "--env", "contacts:CRM_FAULT=before_sync:240", "--env",
	    "pipeline:CRM_FAULT=before_sync:300", NULL } },
	{ "after_sync_before_result",
	  { "--env", "lead-intake:CRM_FAULT=after_sync_before_result:180", "--env", "contacts:CRM_FAULT=after_sync_before_result:240",
	    "--env", "pipeline:CRM_FAULT=after_sync_before_result:300", NULL } },
	{ "after_commit_before_publish",
	  { "--env", "lead-intake:CRM_FAULT=after_commit_before_publish:40", "--env", "contacts:CRM_FAULT=after_commit_before_publish:35",
	    "--env", "pipeline:CRM_FAULT=after_commit_before_publish:30", NULL } },
	{ "after_publish_before_reply",
	  { "--env", "lead-intake:CRM_FAULT=after_publish_before_reply:40", "--env", "contacts:CRM_FAULT=after_publish_before_reply:35",
	    "--env", "pipeline:CRM_FAULT=after_publish_before_reply:30", NULL } },
	{ "in_handler",
	  { "--env", "lead-intake:CRM_FAULT=in_handler:40", "--env", "contacts:CRM_FAULT=in_handler:35", "--env",
	    "pipeline:CRM_FAULT=in_handler:30", NULL } },
	{ "during_takeover",
	  { "--env", "lead-intake:CRM_FAULT=during_takeover:3", "--env", "contacts:CRM_FAULT=during_takeover:5", "--env",
	    "pipeline:CRM_FAULT=during_takeover:7", NULL } },
};

int main (int argc, char **argv)
{
	int seconds = argc > 1 ? atoi (argv[1]) : 75, passed = 0, failed = 0;
	unsigned seed = argc > 2 ? (unsigned) strtoul (argv[2], NULL, 10) : 1;
	const char *only = getenv ("CHAOS_ONLY");
	signal (SIGPIPE, SIG_IGN);
	setvbuf (stdout, NULL, _IOLBF, 0);
	/* two fifths for each of the long acts, the rest for the fault points */
	int part = seconds * 2 / 5, each = seconds / 5 / (int) LENGTH (faults);
	if (!only || strstr ("one_of_each", only))
		act_passes ("one_of_each", part, seed, 1, NULL, trouble_make) ? passed++ : failed++;
	if (!only || strstr ("two_of_each", only))
		act_passes ("two_of_each", part, seed + 1, 2, two_replicas, trouble_make) ? passed++ : failed++;
	for (size_t i = 0; i < LENGTH (faults); i++)
		if (!only || strstr (faults[i].name, only))
			act_passes (faults[i].name, each < 4 ? 4 : each, seed, 1, faults[i].words, faults_wait) ? passed++ : failed++;
	printf ("%d passed, %d failed\n", passed, failed);
	return failed || !passed;
}
