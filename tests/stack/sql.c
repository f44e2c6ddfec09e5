/* What Postgres says, asked as its superuser: the truth behind every claim of a story. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "arena.h"
#include "stack.h"

static const struct service_place {
	const char *name, *schema;
} places[] = { { "gateway", "gateway" }, { "lead-intake", "lead_intake" }, { "contacts", "contacts" },	  { "pipeline", "pipeline" },
	       { "mailer", "mailer" },	 { "billing", "billing" },	   { "automation", "automation" } };

PGconn *sql_open (struct stack *s, const char *user)
{
	char path[300], words[600];
	snprintf (path, sizeof path, "%s/run/up.json", s->var);
	json_t *state = json_load_file (path, 0, NULL);
	snprintf (words, sizeof words, "%s user=%s application_name=story", text_at (state, "dsn"), user);
	json_decref (state);
	return PQconnectdb (words);
}

static void notice_drop (void *ctx, const char *text)
{
	(void) ctx, (void) text;
}

PGconn *sql_db (struct stack *s)
{
	if (s->db && s->db_pid == getpid () && PQstatus (s->db) == CONNECTION_OK)
		return s->db;
	if (s->db && s->db_pid == getpid ())
		PQfinish (s->db);
	s->db = sql_open (s, "postgres");
	s->db_pid = getpid ();
	PQsetNoticeProcessor (s->db, notice_drop, NULL);
	CHECK (PQstatus (s->db) == CONNECTION_OK, "Postgres: %s", PQerrorMessage (s->db));
	return s->db;
}

void sql_forget (struct stack *s)
{
	if (s->db && s->db_pid == getpid ())
		PQfinish (s->db);
	s->db = NULL;
}

static PGresult *sql_run (struct stack *s, const char *format, va_list ap)
{
	char *text;
	if (vasprintf (&text, format, ap) < 0)
		abort ();
	PGresult *r = PQexec (sql_db (s), text);
	ExecStatusType status = PQresultStatus (r);
	CHECK (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s\n      %s", PQresultErrorMessage (r), text);
	free (text);
	return r;
}

int64_t sql_number (struct stack *s, const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	PGresult *r = sql_run (s, format, ap);
	va_end (ap);
	int64_t n = PQntuples (r) ? strtoll (PQgetvalue (r, 0, 0), NULL, 10) : 0;
	PQclear (r);
	return n;
}

char *sql_text (struct stack *s, const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	PGresult *r = sql_run (s, format, ap);
	va_end (ap);
	char *text = heap_text (PQntuples (r) ? PQgetvalue (r, 0, 0) : "");
	PQclear (r);
	return text;
}

void sql_do (struct stack *s, const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	PQclear (sql_run (s, format, ap));
	va_end (ap);
}

const char *sql_state (PGconn *c, char ret[6], const char *format, ...)
{
	char *text;
	va_list ap;
	va_start (ap, format);
	if (vasprintf (&text, format, ap) < 0)
		abort ();
	va_end (ap);
	PGresult *r = PQexec (c, text);
	const char *state = PQresultErrorField (r, PG_DIAG_SQLSTATE);
	snprintf (ret, 6, "%s", state ? state : "");
	PQclear (r);
	free (text);
	return ret;
}

/* ---- the streams, as their tables hold them ---- */

/* Of all services in one statement, so in one moment: what a service hears and what it says because of it are one transaction, and looks one after the other
 * would miss what goes on behind their back. */
static const char *all_behind (void)
{
	static struct buffer text;
	if (text.n)
		return (const char *) text.at;
	buffer_text (&text, "select 0");
	for (const struct service_place *consumer = places; consumer < places + LENGTH (places); consumer++) {
		buffer_printf (&text, " + (select count(*) from %s.parked where state <> 'poison')", consumer->schema);
		for (const struct service_place *source = places; source < places + LENGTH (places); source++)
			buffer_printf (&text,
				       " + (select count(*) from %s.cursor c where c.source = '%s' and c.last_seq <> coalesce("
				       "(select max(e.first_seq + e.n - 1) from %s.event e where e.lane = c.lane), 0))",
				       consumer->schema, source->name, source->schema);
	}
	buffer_add (&text, "", 1);
	return (const char *) text.at;
}

bool settled (struct stack *s)
{
	return sql_number (s, "%s", all_behind ()) == 0;
}

static void settle_explain (struct stack *s)
{
	int code;
	char *text = ctl_text (s, &code, "lag");
	fprintf (stderr, "%s", text);
	free (text);
	text = ctl_text (s, &code, "dead list");
	fprintf (stderr, "%s", text);
	free (text);
}

/* Nothing is under way any more. */
void settle (struct stack *s)
{
	int64_t limit = now_us () + 60000000;
	while (!settled (s)) {
		if (now_us () > limit) {
			settle_explain (s);
			FAIL ("the streams did not settle within 60 s");
		}
		pause_us (3000);
	}
}

void then_dense (struct stack *s)
{
	for (size_t i = 0; i < LENGTH (places); i++) {
		const char *schema = places[i].schema;
		int64_t holes = sql_number (
			s,
			"select count(*) from (select lane, first_seq, coalesce(lag(first_seq + n) over "
			"(partition by lane order by first_seq), 1) as follows from %s.event) f where first_seq <> follows",
			schema);
		CHECK (!holes, "%s: %lld frames do not follow the one before", schema, (long long) holes);
		for (size_t k = 0; k < LENGTH (places); k++) {
			int64_t beyond = sql_number (s,
						     "select count(*) from %s.cursor c where c.source = '%s' and c.last_seq > coalesce("
						     "(select max(e.first_seq + e.n - 1) from %s.event e where e.lane = c.lane), 0)",
						     schema, places[k].name, places[k].schema);
			CHECK (!beyond, "%s: %lld cursors are beyond the head of %s", schema, (long long) beyond, places[k].name);
		}
	}
}
