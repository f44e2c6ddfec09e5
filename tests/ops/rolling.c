/* Daemons are restarted one after the other while leads come in, pages are read, deals are made and a stream is listened to: nobody notices.
 * A request here is tried once: what would be forgiven by a second try counts as failed. It must never count a request that was not answered. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ops.h"

enum { THREADS = 7, WORKSPACES = 12, PERIOD_US = 25000, TOLD_MAX = 20000 };

struct shop {
	struct hook hook;
	char key[128]; /* of the API */
	char id[40];
};

struct crowd {
	struct stack *s;
	struct shop shop[WORKSPACES];
	_Atomic bool over, level; /* level: everything has arrived where it belongs, and `deals` of the first workspace are to be told */
	int64_t deals;
	_Atomic int64_t leads, reads, made, failed, slowest_us;
	_Atomic int64_t streams, resets;
	char why[600]; /* of the first that failed */
	pthread_mutex_t lock;
	pthread_t thread[THREADS];
	size_t n_told, twice;
	char (*told)[40]; /* deals that the stream told of */
};
struct one {
	struct crowd *crowd;
	int number;
};

static void answer_take (struct crowd *c, struct web_answer *a, int status, const char *what, _Atomic int64_t *good)
{
	if (a->status == status)
		++*good;
	else {
		pthread_mutex_lock (&c->lock);
		if (!c->failed++)
			snprintf (c->why, sizeof c->why, "%s: %d %s %.300s", what, a->status, a->error, a->body);
		pthread_mutex_unlock (&c->lock);
	}
	int64_t most = c->slowest_us;
	while (a->took_us > most && !atomic_compare_exchange_weak (&c->slowest_us, &most, a->took_us))
		;
	web_free (a);
}

/* At a steady rate, whatever the last answer took. */
static bool turn_wait (struct crowd *c, int64_t began, int64_t n)
{
	while (!c->over && now_us () < began + n * PERIOD_US)
		pause_us (2000);
	return !c->over;
}

static void *sender_run (void *ctx)
{
	struct one *me = ctx;
	struct crowd *c = me->crowd;
	int64_t began = now_us ();
	for (int64_t n = 0; turn_wait (c, began, n); n++) {
		struct shop *shop = &c->shop[(n + me->number) % WORKSPACES];
		char body[300], url[300];
		snprintf (body, sizeof body, "{\"name\":\"Lead %d.%lld\",\"email\":\"person%lld@rolling.nl\",\"form_type\":\"Quote\"}",
			  me->number, (long long) n, (long long) n % 50);
		snprintf (url, sizeof url, "%s/hooks/%s", c->s->hooks, shop->hook.key);
		struct web_answer a = web_ask (c->s, &(struct web_request){ .method = "POST", .url = url, .body = body });
		answer_take (c, &a, 202, url, &c->leads);
	}
	return NULL;
}

static void *reader_run (void *ctx)
{
	static const char *const pages[] = { "/api/crm/deals", "/api/crm/contacts", "/api/crm/leads", "/api/crm/pipeline",
					     "/api/crm/count" };
	struct one *me = ctx;
	struct crowd *c = me->crowd;
	int64_t began = now_us ();
	for (int64_t n = 0; turn_wait (c, began, n); n++) {
		const char *page = pages[n % (int64_t) LENGTH (pages)];
		struct web_answer a = web (c->s, c->shop[n % WORKSPACES].key, "GET", page, NULL);
		answer_take (c, &a, 200, page, &c->reads);
	}
	return NULL;
}

static void *maker_run (void *ctx)
{
	struct crowd *c = ((struct one *) ctx)->crowd;
	int64_t began = now_us ();
	for (int64_t n = 0; turn_wait (c, began, n); n++) {
		struct web_answer a = web (c->s, c->shop[n % WORKSPACES].key, "POST", "/api/crm/deals", "{\"title\":\"Made %lld\"}",
					   (long long) n);
		answer_take (c, &a, 201, "POST /api/crm/deals", &c->made);
	}
	return NULL;
}

static void told_add (struct crowd *c, const char *deal)
{
	for (size_t i = 0; i < c->n_told; i++)
		if (!strcmp (c->told[i], deal)) {
			c->twice++;
			return;
		}
	CHECK (c->n_told < TOLD_MAX, "more deals than there is room for");
	snprintf (c->told[c->n_told++], sizeof c->told[0], "%s", deal);
}

static void told_take (struct crowd *c, struct stream *t)
{
	char type[64];
	json_t *data;
	while (stream_next (t, type, &data)) {
		if (!strcmp (type, "reset"))
			c->resets++;
		if (!strcmp (type, "deal.created"))
			told_add (c, text_at (data, "data.deal_id"));
		json_decref (data);
	}
}

/* As a browser does: comes back with the last id it was given, for as long as somebody looks. */
static void *listener_run (void *ctx)
{
	struct crowd *c = ((struct one *) ctx)->crowd;
	char id[8192] = "";
	for (bool last = false; !last;) {
		struct stream *t = stream_open (c->s, c->shop[0].key, *id ? id : NULL);
		CHECK (stream_status (t) == 200, "the stream is answered %d", stream_status (t));
		c->streams++;
		while (!stream_ended (t) && !(last = c->level)) {
			told_take (c, t);
			pause_us (5000);
		}
		told_take (c, t);
		stream_id (t, id, sizeof id);
		/* what it has not told within a moment it never will */
		for (int64_t limit = now_us () + 10000000; last && (int64_t) c->n_told < c->deals && now_us () < limit; pause_us (5000))
			told_take (c, t);
		stream_close (&t);
	}
	return NULL;
}

static void crowd_start (struct crowd *c, struct stack *s)
{
	static struct one one[THREADS];
	c->s = s;
	c->told = calloc (TOLD_MAX, sizeof *c->told);
	pthread_mutex_init (&c->lock, NULL);
	for (int i = 0; i < WORKSPACES; i++) {
		char slug[20];
		snprintf (slug, sizeof slug, "rolling-%d", i);
		c->shop[i].hook = given_hook (s, slug);
		json_t *o = ctl (s, "apikey add --workspace %s --role owner", slug);
		snprintf (c->shop[i].key, sizeof c->shop[i].key, "%s", text_at (o, "key"));
		json_decref (o);
		char *id = sql_text (s, "select workspace_id from gateway.workspace where slug = '%s'", slug);
		snprintf (c->shop[i].id, sizeof c->shop[i].id, "%s", id);
		free (id);
	}
	doctor_healthy (s);
	/* the listener is there before the first deal, and is the last to go */
	static void *(*const run[]) (void *) = { listener_run, sender_run, sender_run, sender_run, reader_run, reader_run, maker_run };
	for (int i = 0; i < THREADS; i++) {
		one[i] = (struct one){ .crowd = c, .number = i };
		CHECK (!pthread_create (&c->thread[i], NULL, run[i], &one[i]), "no thread");
		UNTIL (20000, c->streams, "no stream opens");
	}
	UNTIL (30000, c->leads > 100 && c->reads > 50 && c->made > 20 && c->streams, "the load does not get going: %s", c->why);
}

/* The load goes on for so many more leads. */
static void crowd_more (struct crowd *c, int64_t leads)
{
	int64_t enough = c->leads + leads;
	UNTIL (60000, c->leads >= enough || c->failed, "the load does not go on");
}

/* Nobody was refused, nothing was lost, nothing came twice. */
static void crowd_end (struct crowd *c)
{
	struct stack *s = c->s;
	c->over = true;
	for (int i = 1; i < THREADS; i++)
		pthread_join (c->thread[i], NULL);
	CHECK (!c->failed, "%lld requests failed; the first: %s", (long long) c->failed, c->why);
	settle (s);
	c->deals = sql_number (s, "select count(*) from pipeline.deal where workspace_id = '%s'", c->shop[0].id);
	c->level = true;
	pthread_join (c->thread[0], NULL);
	then_dense (s);
	int64_t leads = sql_number (s, "select count(*) from lead_intake.lead"),
		deals = sql_number (s, "select count(*) from pipeline.deal");
	CHECK (sql_number (s, "select count(*) from lead_intake.submission") == c->leads && leads == c->leads, "%lld leads of %lld",
	       (long long) leads, (long long) c->leads);
	CHECK (deals == c->leads + c->made, "%lld deals of %lld leads and %lld made by hand", (long long) deals, (long long) c->leads,
	       (long long) c->made);
	CHECK (sql_number (s, "select count(distinct lead_id) from pipeline.deal") == c->leads, "a lead has more than one deal");
	CHECK (sql_number (s, "select count(*) from contacts.contact") ==
		       sql_number (s, "select count(distinct (workspace_id, lower(email))) from lead_intake.lead"),
	       "not one contact for each address");
	CHECK (sql_number (s, "select count(*) from lead_intake.lead where contact_id is null") == 0, "a lead has no contact");
	CHECK (sql_number (s,
			   "select (select count(*) from lead_intake.parked) + (select count(*) from contacts.parked) + (select count(*) "
			   "from pipeline.parked) + (select count(*) from gateway.parked)") == 0,
	       "something is parked");
	CHECK ((int64_t) c->n_told == c->deals && !c->resets, "the stream told of %zu deals of %lld, %lld resets", c->n_told,
	       (long long) c->deals, (long long) c->resets);
	printf ("    %lld leads, %lld pages, %lld deals by hand, 0 failed, the slowest %lld ms; a stream in %lld parts told all %zu deals, %zu twice\n",
		(long long) c->leads, (long long) c->reads, (long long) c->made, (long long) c->slowest_us / 1000, (long long) c->streams,
		c->n_told, c->twice);
	free (c->told);
}

static void house_restart (struct stack *s, const char *words, int processes)
{
	int code, n = 0;
	char *text = ctl_text (s, &code, "restart %s", words), *rest;
	printf ("%s", text);
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest))
		n++;
	CHECK (code == 0 && n == processes, "crmctl restart %s: exit %d, %d of %d processes", words, code, n, processes);
	free (text);
}

OP (rolling_restart,
    "Every daemon is restarted under load, one of each: no request fails, no event is lost, a stream goes on without a gap")
{
	static struct crowd c;
	struct stack s;
	house_up (&s, "rolling", 0, NULL);
	crowd_start (&c, &s);
	for (int round = 0; round < 3; round++) {
		house_restart (&s, "", 7);
		crowd_more (&c, 60);
	}
	crowd_end (&c);
	doctor_healthy (&s);
}

/* ---- two builds side by side ---- */

static void program_put (const char *bin, const char *name, const char *from)
{
	char fresh[400], place[400];
	int code;
	snprintf (fresh, sizeof fresh, "%s/%s.new", bin, name);
	snprintf (place, sizeof place, "%s/%s", bin, name);
	free (program_run ((const char *[]){ "/bin/cp", from, fresh, NULL }, &code));
	CHECK (code == 0 && !rename (fresh, place), "%s cannot be put into %s", from, bin);
}

/* A folder of programs that can be exchanged, as an installed one. */
static void programs_copy (const char *bin)
{
	static const char *const names[] = {
		"crmctl", "contacts", "pipeline", "mailer", "billing", "automation", "lead-intake", "gateway"
	};
	const char *from = getenv ("BIN");
	char path[400];
	free (program_run ((const char *[]){ "/bin/mkdir", "-p", bin, NULL }, NULL));
	for (size_t i = 0; i < LENGTH (names); i++) {
		snprintf (path, sizeof path, "%s/%s", from ? from : "build", names[i]);
		program_put (bin, names[i], path);
	}
	setenv ("BIN", bin, 1);
}

/* The same program with a migration more, and so another build. */
static void later_build (const char *bin, const char *daemon, const char *name, const char *sql, char ret_program[400])
{
	char file[400];
	int code;
	snprintf (file, sizeof file, "%s/%s-%s.sql", bin, daemon, name);
	snprintf (ret_program, 400, "%s/%s-%s", bin, daemon, name);
	FILE *f = fopen (file, "w");
	CHECK (f && fputs (sql, f) >= 0 && !fclose (f), "%s cannot be written", file);
	free (program_run ((const char *[]){ "tests/ops/next", daemon, file, name, ret_program, NULL }, &code));
	CHECK (code == 0, "the next version of %s cannot be built", daemon);
}

/* How many of a service's living builds have committed something under the claims that hold now. */
static int64_t builds_at_work (struct stack *s, const char *service)
{
	return sql_number (s,
			   "select count(distinct p.build) from %1$s.lane l join %1$s.program p on p.member = l.member "
			   "where exists (select from %1$s.event e where e.lane = l.lane and e.epoch = l.epoch)",
			   service);
}

OP (old_and_new_side_by_side, "Two builds of a service work side by side under load, and one that would break the other is not let in")
{
	static struct crowd c;
	struct stack s;
	int code;
	char bin[300], contacts[400], pipeline[400], breaking[400];
	static const char column[] = "alter table %s add column later int;\ncomment on column %s.later is 'a test';\n";
	snprintf (bin, sizeof bin, "%s", ops_var ("bin"));
	programs_copy (bin);
	char sql[300];
	snprintf (sql, sizeof sql, column, "contacts.contact", "contacts.contact");
	later_build (bin, "contacts", "later", sql, contacts);
	snprintf (sql, sizeof sql, "-- min_binary: @NUMBER@\nalter table contacts.contact add column broken int;\n");
	later_build (bin, "contacts", "breaking", sql, breaking);
	snprintf (sql, sizeof sql, column, "pipeline.deal", "pipeline.deal");
	later_build (bin, "pipeline", "later", sql, pipeline);
	house_up (&s, "sides", 0, (const char *[]){ "--replicas", "contacts=2", "--replicas", "pipeline=2", NULL });
	crowd_start (&c, &s);

	/* first one that would break the old one beside it: it waits, and says so, and the rest is let be */
	program_put (bin, "contacts", breaking);
	free (ctl_text (&s, &code, "restart --only contacts.0 --wait 3"));
	CHECK (code == 1, "a build that breaks the one beside it is let in");
	CHECK (sql_number (&s, "select count(*) from information_schema.columns where table_name = 'contact' and column_name = 'broken'") ==
		       0,
	       "its migration was run");
	crowd_more (&c, 60);

	program_put (bin, "contacts", contacts);
	program_put (bin, "pipeline", pipeline);
	house_restart (&s, "--only contacts.0", 1);
	house_restart (&s, "--only pipeline.0", 1);
	doctor_says (&s, "builds_differ", "contacts");
	doctor_says (&s, "builds_differ", "pipeline");
	UNTIL (30000, builds_at_work (&s, "contacts") == 2 && builds_at_work (&s, "pipeline") == 2,
	       "not both builds are at work: %lld of contacts, %lld of pipeline", (long long) builds_at_work (&s, "contacts"),
	       (long long) builds_at_work (&s, "pipeline"));
	crowd_more (&c, 150);

	/* and the rest */
	house_restart (&s, "", 9);
	crowd_more (&c, 60);
	crowd_end (&c);
	doctor_healthy (&s);
}
