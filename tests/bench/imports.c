/* Rows about a file of people (BENCH_ROWS of them: 100,000): brought in whole, as somebody does it over HTTP, beside COPY of the same rows into one plain table;
 * what the services hold in memory for it; a death half-way, after which nobody is missing or twice; the way back; and out again as a file.
 * It must never count a row that is not in the table. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

enum { LIMIT_MS = 3600000, LINE = 120 };

static struct house imports;

static const char *const first[] = { "Sanne", "Jan", "Fatima", "Ömer", "Willem", "Anouk", "Bas", "Noor" };
static const char *const last[] = { "de Wit", "Jansen", "El Amrani", "Yılmaz", "van den Berg", "Bakker", "Visser", "Smit" };

/* heap */
static char *people_write (int64_t rows, size_t *ret_n)
{
	char *text = malloc ((size_t) rows * LINE + 100);
	CHECK (text, "memory");
	size_t n = (size_t) sprintf (text, "first name,last name,email,phone,company,job title\r\n");
	for (int64_t i = 0; i < rows; i++)
		n += (size_t) snprintf (text + n, LINE, "%s,%s,person%lld@import.example,+31 6 %08lld,Bedrijf %lld BV,Inkoper\r\n",
					first[i % 8], last[i / 8 % 8], (long long) i, (long long) i, (long long) (i % 1000));
	*ret_n = n;
	return text;
}

/* The most that a process ever held, MB. */
static double held_most (const char *name)
{
	char path[64], line[200];
	long long kb = 0;
	snprintf (path, sizeof path, "/proc/%d/status", (int) daemon_pid (&imports.s, name, 0));
	FILE *f = fopen (path, "r");
	while (f && fgets (line, sizeof line, f))
		sscanf (line, "VmHWM: %lld", &kb);
	if (f)
		fclose (f);
	return (double) kb / 1024;
}

static struct web_answer asked (const char *method, const char *path, const char *body, size_t n)
{
	return web_ask (&imports.s, &(struct web_request){ .method = method,
							   .url = path,
							   .key = imports.key,
							   .body = body,
							   .n = n,
							   .type = n ? "text/csv" : NULL,
							   .ms = 600000 });
}

static void stepped (const char *id, const char *step)
{
	char path[200];
	snprintf (path, sizeof path, "/api/crm/imports/%s/%s", id, step);
	struct web_answer a = asked ("POST", path, "{}", 0);
	CHECK (a.status == 200, "%s is %d: %s", step, a.status, a.body);
	web_free (&a);
}

static int64_t import_number (const char *id, const char *column)
{
	return sql_number (&imports.s, "select %s from contacts.import where id = '%s'", column, id);
}

/* Asked of the table, seldom, so that asking costs nothing; µs it took. */
static int64_t reached (const char *id, const char *state)
{
	char is[100];
	int64_t began = now_us (), until = began + (int64_t) LIMIT_MS * 1000;
	snprintf (is, sizeof is, "(state = '%s')::int", state);
	while (!import_number (id, is)) {
		CHECK (now_us () < until, "an import is not %s", state);
		pause_us (100000);
	}
	return now_us () - began;
}

/* COPY of the same rows, lines as they stand in the file, into one table: rows a second. Without an index, or with the two that a table of contacts has at
 * least: an id, and no e-mail twice. */
static double copy_run (const char *text, size_t n, int64_t rows, bool keyed)
{
	PGconn *db = sql_db (&imports.s);
	sql_do (&imports.s,
		"create table public.plain (first_name text, last_name text, email text, phone text, company text, job_title text)");
	if (keyed)
		sql_do (&imports.s,
			"alter table public.plain add column id uuid primary key default gen_random_uuid(), add unique (email)");
	int64_t began = now_us ();
	PQclear (
		PQexec (db, "copy public.plain (first_name, last_name, email, phone, company, job_title) from stdin (format csv, header)"));
	for (size_t at = 0; at < n; at += 1 << 20)
		CHECK (PQputCopyData (db, text + at, (int) (n - at < 1 << 20 ? n - at : 1 << 20)) == 1, "COPY: %s", PQerrorMessage (db));
	CHECK (PQputCopyEnd (db, NULL) == 1, "COPY: %s", PQerrorMessage (db));
	for (PGresult *r; (r = PQgetResult (db)); PQclear (r))
		CHECK (PQresultStatus (r) == PGRES_COMMAND_OK, "COPY: %s", PQerrorMessage (db));
	double ret = (double) rows * 1e6 / (double) (now_us () - began);
	CHECK (sql_number (&imports.s, "select count(*) from public.plain") == rows, "COPY lost rows");
	sql_do (&imports.s, "drop table public.plain");
	return ret;
}

static void memory_row (const char *name, double mb)
{
	row_end (name, mb, 50, "MB", mb / 50, mb / 50, mb / 50, "< 50 MB at most", mb < 50);
}

static int64_t people_count (void)
{
	return sql_number (&imports.s, "select count(*) from contacts.contact where removed_at is null and merged_into is null");
}

/* Out again: as the gateway sends it, row after row, to somebody who throws it away. */
static void export_run (int64_t rows)
{
	double before = held_most ("gateway");
	int64_t began;
	daemon_kill (&imports.s, "gateway", 0, SIGKILL); /* one that is asked to go answers for a while */
	daemon_ready (&imports.s, "gateway", 0);
	began = now_us ();
	struct web_answer a = asked ("GET", "/api/crm/export/contacts", NULL, 0);
	CHECK (a.status == 200, "an export is %d: %s", a.status, a.error);
	int64_t lines = -1;
	for (const char *at = a.body; (at = strchr (at, '\n')); at++)
		lines++;
	CHECK (lines == rows, "%lld rows left, not %lld", (long long) lines, (long long) rows);
	fprintf (stderr, "  %lld rows left in %.0f s; the gateway held %.1f MB while it took the file in\n", (long long) lines,
		 (double) (now_us () - began) / 1e6, before);
	web_free (&a);
	memory_row ("import_rss_upload", before);
	memory_row ("export_rss_gateway", held_most ("gateway"));
}

void row_imports (void)
{
	const char *given = getenv ("BENCH_ROWS");
	int64_t rows = given ? atoll (given) : 100000;
	size_t n;
	char *text = people_write (rows, &n), id[UUID_TEXT];
	house_open (&imports, "imports", port_first () + 50);
	int64_t before = people_count ();
	double copy[3] = { 0 }, keyed = copy_run (text, n, rows, true);
	copy[0] = copy_run (text, n, rows, false);
	calibrate ();
	int64_t began = now_us ();
	struct web_answer a = asked ("POST", "/api/crm/imports?profile=contacts&name=bench.csv", text, n);
	CHECK (a.status == 201, "an upload is %d: %s", a.status, a.body);
	snprintf (id, sizeof id, "%s", text_at (a.json, "id"));
	web_free (&a);
	stepped (id, "check");
	reached (id, "checked");
	int64_t looked = now_us ();
	CHECK (import_number (id, "ready") == rows, "rows are not ready");
	copy[1] = copy_run (text, n, rows, false);
	free (text);
	int64_t wrote = now_us ();
	stepped (id, "confirm");
	int64_t limit = now_us () + (int64_t) LIMIT_MS * 1000;
	while (import_number (id, "created") < rows / 2 && now_us () < limit)
		pause_us (50000);
	double held = held_most ("contacts");
	daemon_kill (&imports.s, "contacts", 0, SIGKILL);
	daemon_ready (&imports.s, "contacts", 0);
	reached (id, "done");
	int64_t ended = now_us ();
	double look_us = (double) (looked - began), write_us = (double) (ended - wrote);
	if (held_most ("contacts") > held)
		held = held_most ("contacts");
	CHECK (people_count () == before + rows, "%lld people, not %lld", (long long) people_count (), (long long) (before + rows));
	CHECK (sql_number (&imports.s, "select count(distinct email) from contacts.contact where email like '%%@import.example'") == rows,
	       "somebody is there twice");
	copy[2] = 2 / (1 / copy[0] + 1 / copy[1]);
	double ours = (double) rows * 1e6 / (look_us + write_us);
	fprintf (
		stderr,
		"  %lld rows: upload and look %.0f s (%.0f rows/s), write %.0f s with a death half-way (%.0f rows/s); COPY %.0f and %.0f rows/s\n",
		(long long) rows, look_us / 1e6, (double) rows * 1e6 / look_us, write_us / 1e6, (double) rows * 1e6 / write_us, copy[0],
		copy[1]);
	row_end ("import_rows", ours, copy[2], "rows/s", ours / copy[2], ours / (copy[0] > copy[1] ? copy[0] : copy[1]),
		 ours / (copy[0] < copy[1] ? copy[0] : copy[1]), ">= 1/6 of COPY into a plain table", ours / copy[2] >= 1.0 / 6);
	row_end ("import_rows_keyed", ours, keyed, "rows/s", ours / keyed, ours / keyed, ours / keyed,
		 ">= 1/6 of COPY into one with an id and an e-mail once", ours / keyed >= 1.0 / 6);
	export_run (rows);
	began = now_us ();
	stepped (id, "undo");
	reached (id, "undone");
	double back = (double) rows * 1e6 / (double) (now_us () - began);
	if (held_most ("contacts") > held)
		held = held_most ("contacts");
	CHECK (people_count () == before, "%lld people stay, not %lld", (long long) people_count (), (long long) before);
	fprintf (stderr, "  taken back: %.0f rows/s\n", back);
	memory_row ("import_rss_contacts", held);
	house_close (&imports);
}
