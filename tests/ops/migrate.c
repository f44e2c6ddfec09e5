/* Upgrades that refuse to lie: a migration that fails, one that would break a living process, a binary that is too old.
 * It must never let a daemon be called ready on a schema that is not its own. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ops.h"

/* ---- a daemon beside those of the house ---- */

static pid_t daemon_start (struct stack *s, const char *program, int replica, int metrics)
{
	char path[400];
	snprintf (path, sizeof path, "%s/run/up.json", s->var);
	json_t *state = json_load_file (path, 0, NULL);
	char dsn[600], read_dsn[600], log[400], number[16], port[16], files[400], key[400];
	snprintf (dsn, sizeof dsn, "%s user=contacts", text_at (state, "dsn"));
	snprintf (read_dsn, sizeof read_dsn, "%s user=contacts_read", text_at (state, "dsn"));
	snprintf (log, sizeof log, "%s/log/beside-%d.log", s->var, replica);
	snprintf (number, sizeof number, "%d", replica);
	snprintf (port, sizeof port, "%d", metrics);
	snprintf (files, sizeof files, "%s/files", s->var);
	snprintf (key, sizeof key, "%s/secrets/key", s->var);
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		if (!freopen (log, "a", stderr) || !freopen ("/dev/null", "w", stdout))
			_exit (126);
		setenv ("CRM_DSN", dsn, 1), setenv ("CRM_READ_DSN", read_dsn, 1), setenv ("CRM_BUS", text_at (state, "bus"), 1);
		setenv ("CRM_REPLICA", number, 1), setenv ("CRM_METRICS_PORT", port, 1), setenv ("CRM_FILES", files, 1);
		setenv ("CRM_KEY_FILE", key, 1);
		execl (program, program, (char *) NULL);
		_exit (127);
	}
	json_decref (state);
	return pid;
}

static void daemon_end (pid_t pid)
{
	int status;
	kill (pid, SIGTERM);
	CHECK (waitpid (pid, &status, 0) == pid && WIFEXITED (status) && !WEXITSTATUS (status), "it does not stop in good order: %x",
	       status);
}

/* Waits for an answer of that status whose text holds `part`. */
static void readyz (struct stack *s, int port, int status, const char *part)
{
	char url[100], last[700] = "no answer";
	snprintf (url, sizeof url, "http://127.0.0.1:%d/readyz", port);
	for (int64_t limit = now_us () + 30000000;; pause_us (20000)) {
		struct web_answer a = web_ask (s, &(struct web_request){ .method = "GET", .url = url, .ms = 2000 });
		bool good = a.status == status && strstr (a.body, part);
		snprintf (last, sizeof last, "%d %s", a.status, a.body);
		web_free (&a);
		if (good)
			break;
		CHECK (now_us () < limit, "/readyz does not say %d %s, but %s", status, part, last);
	}
	printf ("    /readyz: %s", last);
}

static void next_build (struct stack *s, const char *sql, const char *name, char ret_program[400])
{
	char file[400];
	int code;
	snprintf (file, sizeof file, "%s/%s.sql", s->var, name);
	snprintf (ret_program, 400, "%s/contacts-%s", s->var, name);
	FILE *f = fopen (file, "w");
	CHECK (f && fputs (sql, f) >= 0 && !fclose (f), "%s", strerror (errno));
	free (program_run ((const char *[]){ "tests/ops/next", "contacts", file, name, ret_program, NULL }, &code));
	CHECK (code == 0, "the next version of contacts cannot be built");
}

/* Everything that stands in the schema, and its shape. */
static char *schema_sum (struct stack *s)
{
	return sql_text (
		s,
		"select md5((select coalesce(string_agg(c::text, '|' order by c::text), '') from contacts.contact c)"
		" || (select string_agg(m.origin || m.number || m.sum, '|' order by m.origin, m.number) from contacts.migration m)"
		" || (select string_agg(a.attrelid::regclass || a.attname || a.atttypid, '|' order by a.attrelid::regclass::text, a.attnum)"
		"     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
		"     where n.nspname = 'contacts' and a.attnum > 0))");
}

OP (migration_fails, "A migration that fails changes nothing, keeps /readyz red and says why, while the old one works on")
{
	struct stack s;
	char program[400];
	house_up (&s, "fails", 0, NULL);
	struct hook h = given_hook (&s, "fails");
	lead_post (&s, &h, "before");
	settle (&s);
	char *before = schema_sum (&s);
	next_build (&s,
		    "create table contacts.half (id int);\nalter table contacts.contact add column half int;\n"
		    "update contacts.contact set name = 'lost';\nselect 1 / 0;\n",
		    "fails", program);
	pid_t pid = daemon_start (&s, program, 1, ops_port (18));
	readyz (&s, ops_port (18), 503, "_fails failed, nothing was changed: ");
	readyz (&s, ops_port (18), 503, "division by zero");
	char *after = schema_sum (&s);
	CHECK (!strcmp (before, after), "the schema is not what it was");
	lead_post (&s, &h, "beside");
	settle (&s);
	CHECK (sql_number (&s, "select count(*) from contacts.contact") == 2, "the old one does not work on");
	daemon_end (pid);
	free (before);
	free (after);
	doctor_healthy (&s);
}

OP (migration_waits, "A migration that breaks older binaries waits until none lives; then an older one refuses to work")
{
	struct stack s;
	char program[400], url[100];
	int code;
	house_up (&s, "waits", 0, NULL);
	struct hook h = given_hook (&s, "waits");
	lead_post (&s, &h, "before");
	settle (&s);
	char *before = schema_sum (&s);
	next_build (
		&s,
		"-- min_binary: @NUMBER@\nalter table contacts.contact add column later int;\ncomment on column contacts.contact.later is 'a test';\n",
		"waits", program);
	pid_t pid = daemon_start (&s, program, 1, ops_port (18));
	readyz (&s, ops_port (18), 503, "would break contacts.0, which lives");
	char *after = schema_sum (&s);
	CHECK (!strcmp (before, after), "the schema is not what it was");
	daemon_hold (&s, "contacts");
	readyz (&s, ops_port (18), 200, "ready");
	CHECK (sql_number (&s, "select count(*) from contacts.migration where min_binary > 0") == 1, "min_binary is not kept");
	free (ctl_text (&s, &code, "up --only contacts"));
	CHECK (code, "an old binary on a newer schema is called ready");
	snprintf (url, sizeof url, "http://127.0.0.1:%d", daemon_port (&s, "contacts", 0, "metrics"));
	readyz (&s, daemon_port (&s, "contacts", 0, "metrics"), 503, "the schema is ahead of this binary");
	doctor_says (&s, "schema_ahead", "contacts");
	lead_post (&s, &h, "after");
	settle (&s);
	CHECK (sql_number (&s, "select count(*) from contacts.contact") == 2, "the new one does not work");
	daemon_hold (&s, "contacts");
	daemon_end (pid);
	free (before);
	free (after);
}
