/* Backups under load, put back into an empty instance and held against the original at the cut, by SQL of our own and not by crmctl's.
 * It must never compare a backup with anything but what was there at its moment. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ops.h"

enum { SENDERS = 3 };

static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };
static const char *const services[] = { "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };

struct load {
	struct stack *s;
	struct hook h;
	_Atomic bool over;
	_Atomic int64_t taken;
};
struct sender {
	pthread_t thread;
	struct load *load;
	int number;
};

static void *sender_run (void *ctx)
{
	struct sender *me = ctx;
	for (int64_t n = 0; !me->load->over; n++) {
		char name[64], content[64];
		snprintf (name, sizeof name, "load-%d-%lld", me->number, (long long) n);
		snprintf (content, sizeof content, "plan %d of %lld", me->number, (long long) n);
		if (n % 5 == 0)
			lead_post_file (me->load->s, &me->load->h, name, content);
		else
			lead_post (me->load->s, &me->load->h, name);
		me->load->taken++;
	}
	return NULL;
}

static void load_start (struct load *load, struct sender sender[SENDERS])
{
	for (int i = 0; i < SENDERS; i++) {
		sender[i] = (struct sender){ .load = load, .number = i };
		CHECK (!pthread_create (&sender[i].thread, NULL, sender_run, &sender[i]), "no thread");
	}
}

static void load_end (struct load *load, struct sender sender[SENDERS])
{
	load->over = true;
	for (int i = 0; i < SENDERS; i++)
		pthread_join (sender[i].thread, NULL);
}

/* The history of a service up to the heads of the cut, as one sum. */
static char *history (struct stack *s, const char *schema, json_t *heads)
{
	char cut[500] = "";
	for (size_t k = 0; k < 16; k++)
		snprintf (cut + strlen (cut), sizeof cut - strlen (cut), "%s%lld", k ? "," : "",
			  (long long) json_integer_value (json_array_get (heads, k)));
	return sql_text (
		s,
		"select md5(coalesce(string_agg(lane || ':' || first_seq || ':' || n || ':' || epoch || ':' || md5(payload), '|' order by lane, first_seq), ''))"
		" || ' ' || count(*) from %s.event where first_seq <= ('{%s}'::bigint[])[lane + 1]",
		schema, cut);
}

static void restored_same (struct stack *s, struct stack *r, json_t *manifest)
{
	for (size_t i = 0; i < LENGTH (schemas); i++) {
		char path[100];
		snprintf (path, sizeof path, "services.%s.heads", schemas[i]);
		json_t *heads = json_at (manifest, path);
		CHECK (json_array_size (heads) == 16, "no heads of %s", schemas[i]);
		char *was = history (s, schemas[i], heads), *is = history (r, schemas[i], heads);
		CHECK (!strcmp (was, is), "%s: the history up to the cut is %s, and was %s", schemas[i], is, was);
		printf ("    %s: %s\n", schemas[i], is);
		for (int k = 0; k < 16; k++) {
			int64_t head = json_integer_value (json_array_get (heads, (size_t) k));
			int64_t there = sql_number (r, "select coalesce(max(first_seq + n - 1), 0) from %s.event where lane = %d",
						    schemas[i], k);
			CHECK (there == head, "%s lane %d: head %lld, cut at %lld", schemas[i], k, (long long) there, (long long) head);
			for (size_t j = 0; j < LENGTH (schemas); j++)
				CHECK (sql_number (r,
						   "select count(*) from %s.cursor where source = '%s' and lane = %d and last_seq > %lld",
						   schemas[j], services[i], k, (long long) head) == 0,
				       "%s has a cursor beyond %s's lane %d", schemas[j], services[i], k);
		}
		free (was);
		free (is);
	}
}

/* Rows that are written once: those that were put back are, value for value, those of the original under the same ids. */
static void rows_same (struct stack *s, struct stack *r)
{
	static const struct {
		const char *table, *columns;
	} kept[] = {
		{ "lead_intake.submission", "t.workspace_id, t.id, t.source_id" },
		{ "lead_intake.lead", "t.workspace_id, t.id, t.submission_id, t.name, t.email" },
		{ "lead_intake.file", "t.workspace_id, t.id, t.sha256" },
		{ "contacts.contact", "t.workspace_id, t.id, t.name, t.email" },
		{ "pipeline.deal", "t.workspace_id, t.id, t.title, t.lead_id" },
	};
	for (size_t i = 0; i < LENGTH (kept); i++) {
		char *ids = sql_text (r, "select array_agg(id) from %s", kept[i].table), *was, *is;
		static const char sum[] =
			"select count(*) || ' ' || md5(string_agg((%s)::text, '|' order by t.id)) from %s t where t.id = any ('%s')";
		was = sql_text (s, sum, kept[i].columns, kept[i].table, ids);
		is = sql_text (r, sum, kept[i].columns, kept[i].table, ids);
		CHECK (*ids && !strcmp (was, is), "%s: %s was put back, it was %s", kept[i].table, is, was);
		printf ("    %s: %s\n", kept[i].table, is);
		free (ids), free (was), free (is);
	}
}

/* Every file that a row names is there, and is what its name says. */
static int64_t files_same (struct stack *r)
{
	PGresult *rows = PQexec (sql_db (r), "select workspace_id || '/' || sha256 from lead_intake.file");
	int n = PQntuples (rows), code;
	for (int i = 0; i < n; i++) {
		char path[500];
		snprintf (path, sizeof path, "%s/files/%s", r->var, PQgetvalue (rows, i, 0));
		char *text = program_run ((const char *[]){ "/usr/bin/sha256sum", path, NULL }, &code);
		CHECK (code == 0 && !strncmp (text, strchr (PQgetvalue (rows, i, 0), '/') + 1, 64), "%s is not what it was: %s", path,
		       text);
		free (text);
	}
	PQclear (rows);
	return n;
}

static char *crmctl (struct stack *s, int *ret_exit, const char *const words[])
{
	char program[300];
	const char *argv[32] = { program };
	int n = 1;
	snprintf (program, sizeof program, "%s/crmctl", s->bin);
	while (*words && n < 30)
		argv[n++] = *words++;
	argv[n] = NULL;
	return program_run (argv, ret_exit);
}

static void byte_change (const char *path, int64_t at)
{
	char byte;
	int fd = open (path, O_RDWR);
	CHECK (fd >= 0 && pread (fd, &byte, 1, at) == 1, "%s: %s", path, strerror (errno));
	byte ^= 1;
	CHECK (pwrite (fd, &byte, 1, at) == 1 && !close (fd), "%s: %s", path, strerror (errno));
}

/* Where the bytes of one stored file are. */
static int64_t plan_find (const char *file)
{
	static const char words[] = "plan 1 of";
	struct stat st;
	int fd = open (file, O_RDONLY);
	CHECK (fd >= 0 && !fstat (fd, &st), "%s: %s", file, strerror (errno));
	char *bytes = malloc ((size_t) st.st_size);
	CHECK (bytes && read (fd, bytes, (size_t) st.st_size) == st.st_size, "%s cannot be read", file);
	const char *at = memmem (bytes, (size_t) st.st_size, words, sizeof words - 1);
	CHECK (at, "no stored file is in %s", file);
	int64_t place = at - bytes;
	free (bytes);
	close (fd);
	return place;
}

/* Damage is seen, wherever it is. */
static void damage_seen (struct stack *s, const char *file)
{
	struct stat st;
	int code;
	char damaged[500];
	snprintf (damaged, sizeof damaged, "%s.damaged", file);
	CHECK (!stat (file, &st), "%s", strerror (errno));
	for (int part = 0; part < 10; part++) {
		free (program_run ((const char *[]){ "/bin/cp", file, damaged, NULL }, &code));
		if (part >= 8) /* the empty blocks at the end */
			byte_change (damaged, st.st_size - (part == 8 ? 700 : 3));
		else if (part == 7)
			byte_change (damaged, plan_find (file));
		else if (part == 6)
			CHECK (!truncate (damaged, st.st_size / 2), "%s", strerror (errno));
		else
			byte_change (damaged, 600 + (st.st_size - 3000) * part / 5);
		free (crmctl (s, &code, (const char *[]){ "restore", "--check", "--quick", damaged, NULL }));
		CHECK (code == 1, "damage %d is not seen", part);
	}
	unlink (damaged);
}

OP (backup_under_load,
    "A backup under load is one moment: put back into an empty instance, counts, sums and lanes are equal, and it runs on")
{
	struct stack s, r = { 0 };
	struct sender sender[SENDERS];
	int code;
	char file[400], key[400], last_id[4096] = "";
	house_up (&s, "load", 0, (const char *[]){ "--replicas", "contacts=2", NULL });
	struct load load = { .s = &s, .h = given_hook (&s, "load") };
	json_t *o = ctl (&s, "apikey add --workspace load --role owner");
	char *api_key = heap_text (text_at (o, "key"));
	json_decref (o);
	snprintf (file, sizeof file, "%s.tar", s.var);
	snprintf (key, sizeof key, "%s/secrets/key", s.var);
	unlink (file);
	doctor_healthy (&s);
	load_start (&load, sender);
	UNTIL (60000, load.taken > 150, "the load does not get going");
	int64_t before = load.taken;
	json_t *manifest = ctl (&s, "backup %s", file);
	int64_t during = load.taken - before;
	UNTIL (60000, load.taken > before + during + 150, "the load does not go on");
	load_end (&load, sender);
	settle (&s);
	CHECK (number_at (manifest, "files") > 5 && !number_at (manifest, "missing"), "files: %lld",
	       (long long) number_at (manifest, "files"));
	printf ("    %lld leads before, %lld while it ran (%lld ms), %lld in all; %lld rows, %lld files\n", (long long) before,
		(long long) during, (long long) number_at (manifest, "ms"), (long long) load.taken,
		(long long) number_at (manifest, "rows"), (long long) number_at (manifest, "files"));

	/* what a client of the live stream had seen last, well behind the cut */
	struct stream *t = stream_open (&s, api_key, NULL);
	lead_post (&s, &load.h, "seen-last");
	json_decref (stream_wait (t, "deal.created", NULL, 10000, NULL));
	UNTIL (10000, (stream_id (t, last_id, sizeof last_id), *last_id), "the stream gives no id");
	stream_close (&t);

	free (crmctl (&s, &code, (const char *[]){ "restore", file, "--var", ops_var ("again"), NULL }));
	CHECK (code == 1, "it is put back without its key");
	free (crmctl (&s, &code, (const char *[]){ "restore", file, "--var", s.var, "--key", key, NULL }));
	CHECK (code == 1, "it is put back over a house that is up");
	char *text = crmctl (&s, &code, (const char *[]){ "restore", "--check", "--json", file, NULL });
	o = json_loads (text, 0, NULL);
	CHECK (code == 0 && json_is_true (json_at (o, "rows_verified")), "the check fails: %s", text);
	json_decref (o);
	free (text);
	damage_seen (&s, file);
	text = crmctl (&s, &code, (const char *[]){ "restore", file, "--json", "--var", ops_var ("again"), "--key", key, NULL });
	CHECK (code == 0, "it cannot be put back: %s", text);
	free (text);

	char port[16], program[300];
	snprintf (r.var, sizeof r.var, "%s", ops_var ("again"));
	snprintf (r.bin, sizeof r.bin, "%s", s.bin);
	snprintf (port, sizeof port, "%d", ops_port (60));
	snprintf (r.api, sizeof r.api, "http://127.0.0.1:%d", ops_port (60));
	snprintf (r.hooks, sizeof r.hooks, "http://127.0.0.1:%d", ops_port (61));
	snprintf (program, sizeof program, "%s/crmctl", s.bin);
	/* first the rows as they lie, before a daemon goes on with what stood unfinished at the cut */
	free (program_run ((const char *[]){ program,	   "up",	 "--detach",   "--json",       "--var",	     r.var,
					     "--port",	   port,	 "--replicas", "gateway=0",    "--replicas", "lead-intake=0",
					     "--replicas", "contacts=0", "--replicas", "pipeline=0",   "--replicas", "mailer=0",
					     "--replicas", "billing=0",	 "--replicas", "automation=0", NULL },
			   &code));
	CHECK (code == 0, "Postgres does not start on what was put back");
	restored_same (&s, &r, manifest);
	rows_same (&s, &r);
	stack_down (&r);
	free (program_run ((const char *[]){ program, "up", "--detach", "--json", "--var", r.var, "--port", port, NULL }, &code));
	CHECK (code == 0, "what was put back does not start");
	r.up = true;
	CHECK (files_same (&r) == number_at (manifest, "files"), "not every file is there");
	settle (&r);
	doctor_healthy (&r);
	int64_t leads = sql_number (&r, "select count(*) from lead_intake.lead");
	CHECK (leads >= before && leads <= load.taken, "%lld leads", (long long) leads);
	CHECK (sql_number (&r, "select count(*) from pipeline.deal") == leads, "not every lead has its deal");
	lead_post (&r, &load.h, "after-the-cut");
	settle (&r);
	CHECK (sql_number (&r, "select count(*) from lead_intake.lead") == leads + 1, "it does not take a lead");
	then_dense (&r);

	/* A client that saw what was cut is told to start over. */
	t = stream_open (&r, api_key, last_id);
	json_decref (stream_wait (t, "reset", NULL, 10000, NULL));
	stream_close (&t);
	stack_down (&r);
	unlink (file);
	json_decref (manifest);
	free (api_key);
}

OP (backup_of_two, "Where a service keeps its schema in another database, no backup is promised")
{
	struct stack s;
	char words[500], read_words[500], file[400], path[400];
	int code;
	house_up (&s, "two", 0, NULL);
	struct hook h = given_hook (&s, "two");
	lead_post (&s, &h, "first");
	settle (&s);
	snprintf (path, sizeof path, "%s/run/up.json", s.var);
	json_t *state = json_load_file (path, 0, NULL);
	sql_do (&s, "create database other");
	snprintf (words, sizeof words, "%s user=postgres", text_at (state, "dsn"));
	char *at = strstr (words, "dbname=crm");
	CHECK (at, "%s", words);
	memmove (at + 12, at + 10, strlen (at + 10) + 1);
	memcpy (at, "dbname=other", 12);
	free (program_run (
		(const char *[]){ "/usr/bin/psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", words, "-f", "deploy/postgres/roles.sql", NULL },
		&code));
	CHECK (code == 0, "the roles cannot be made in the other database");
	stack_down (&s);
	char host[300];
	snprintf (host, sizeof host, "%.*s", (int) (at - words), words);
	snprintf (words, sizeof words, "pipeline:CRM_DSN=%sdbname=other user=pipeline", host);
	snprintf (read_words, sizeof read_words, "pipeline:CRM_READ_DSN=%sdbname=other user=pipeline_read", host);
	char program[300], port[16];
	snprintf (program, sizeof program, "%s/crmctl", s.bin);
	snprintf (port, sizeof port, "%d", ops_port (0));
	free (program_run ((const char *[]){ program, "up", "--detach", "--json", "--var", s.var, "--port", port, "--env", words, "--env",
					     read_words, NULL },
			   &code));
	CHECK (code == 0, "the house does not start with two databases");
	snprintf (file, sizeof file, "%s.tar", s.var);
	free (ctl_text (&s, &code, "backup %s", file));
	CHECK (code == 1 && access (file, F_OK), "a backup of two databases is promised");
	json_decref (state);
}
