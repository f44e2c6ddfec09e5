/* One house, broken in one way after the other: doctor must name each, and call the house healthy again when it is mended.
 * It must never leave a thing broken for the next one. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "ops.h"

static void file_write (const char *path, const char *text)
{
	FILE *file = fopen (path, "w");
	CHECK (file && fputs (text, file) >= 0 && !fclose (file), "%s: %s", path, strerror (errno));
}

static void path_of (struct stack *s, char ret[400], const char *name)
{
	snprintf (ret, 400, "%s/%s", s->var, name);
}

static void settings_reload (struct stack *s)
{
	sql_do (s, "select pg_reload_conf()");
}

/* ---- processes ---- */

static void postgres_away (struct stack *s)
{
	sql_forget (s);
	daemon_hold (s, "postgres");
	doctor_says (s, "postgres_away", "postgres");
	daemon_release (s, "postgres");
	doctor_healthy (s);
}

static void daemon_dead (struct stack *s)
{
	daemon_hold (s, "contacts");
	doctor_says (s, "daemon_dead", "contacts.0");
	daemon_release (s, "contacts");
	doctor_healthy (s);
}

static void daemon_paused (struct stack *s)
{
	pid_t pid = daemon_pid (s, "pipeline", 0);
	kill (pid, SIGSTOP);
	doctor_says (s, "daemon_silent", "pipeline.0");
	kill (pid, SIGCONT);
	doctor_healthy (s);
}

static void member_unseen (struct stack *s)
{
	sql_do (s, "insert into bus.member (name, service, pub, rpc, curve, lanes, pid, seen) "
		   "values ('contacts.7', 'contacts', '', '', '', 0, 1, now() - interval '2 min')");
	doctor_says (s, "member_unseen", "contacts.7");
	sql_do (s, "delete from bus.member where name = 'contacts.7'");
	doctor_healthy (s);
}

static void builds_differ (struct stack *s)
{
	char words[600];
	char *dsn = sql_text (s, "select current_setting('unix_socket_directories')");
	snprintf (words, sizeof words, "host=%s dbname=crm user=contacts application_name='contacts.1 writer'", dsn);
	PGconn *c = PQconnectdb (words);
	CHECK (PQstatus (c) == CONNECTION_OK, "%s", PQerrorMessage (c));
	sql_do (s, "insert into contacts.program (member, bus, service, build, at) values ('contacts.1', 99, 99, 'ffffffffffff', now())");
	doctor_says (s, "builds_differ", "contacts");
	sql_do (s, "delete from contacts.program where member = 'contacts.1'");
	PQfinish (c);
	free (dsn);
	doctor_healthy (s);
}

/* ---- schemas ---- */

static void migration_changed (struct stack *s)
{
	char *sum = sql_text (s, "select sum from pipeline.migration where origin = 'service' and number = 1");
	sql_do (s, "update pipeline.migration set sum = 'another' where origin = 'service' and number = 1");
	doctor_says (s, "migration_changed", "pipeline");
	sql_do (s, "update pipeline.migration set sum = '%s' where origin = 'service' and number = 1", sum);
	free (sum);
	doctor_healthy (s);
}

static void schema_behind (struct stack *s)
{
	sql_do (s, "create table pipeline.kept as select * from pipeline.migration where origin = 'service' and number = 1");
	sql_do (s, "delete from pipeline.migration where origin = 'service' and number = 1");
	doctor_says (s, "schema_behind", "pipeline");
	sql_do (s, "insert into pipeline.migration select * from pipeline.kept");
	sql_do (s, "drop table pipeline.kept");
	doctor_healthy (s);
}

static void schema_ahead (struct stack *s)
{
	sql_do (s, "insert into contacts.migration (origin, number, name, sum, min_binary) values ('service', 99, '0099_later', 'x', 99)");
	doctor_says (s, "schema_ahead", "contacts");
	sql_do (s, "delete from contacts.migration where number = 99");
	doctor_healthy (s);
}

/* ---- lanes and cursors ---- */

static void lane_unowned (struct stack *s)
{
	PGconn *stranger = sql_open (s, "postgres");
	daemon_hold (s, "contacts");
	CHECK (PQsendQuery (stranger, "select pg_advisory_lock(hashtext('contacts'), 5); select pg_sleep(120)"), "%s",
	       PQerrorMessage (stranger));
	UNTIL (5000,
	       sql_number (s, "select count(*) from pg_locks where locktype = 'advisory' and granted and objid = 5 and classid::bigint = "
			      "(hashtext('contacts')::bigint & 4294967295)"),
	       "the lock is not taken");
	char path[400];
	path_of (s, path, "run/hold-contacts");
	unlink (path);
	path_of (s, path, "run/up.json");
	json_t *state = json_load_file (path, 0, NULL);
	kill ((pid_t) number_at (state, "supervisor"), SIGHUP);
	json_decref (state);
	UNTIL (10000, daemon_pid (s, "contacts", 0) > 0, "contacts does not start");
	doctor_says (s, "lane_unowned", "contacts");
	sql_do (s,
		"select pg_terminate_backend(pid) from pg_stat_activity where query like '%%pg_sleep(120)%%' and pid <> pg_backend_pid()");
	PQfinish (stranger);
	doctor_healthy (s);
}

static void lane_stopped (struct stack *s)
{
	sql_do (s, "update contacts.lane set stopped = 'the log of pipeline was cut' where lane = 2");
	doctor_says (s, "lane_stopped", "contacts");
	sql_do (s, "update contacts.lane set stopped = null where lane = 2");
	doctor_healthy (s);
}

static void epoch_old (struct stack *s)
{
	daemon_hold (s, "contacts");
	sql_do (s, "update contacts.lane set epoch = epoch + 1 where lane = 3");
	doctor_says (s, "epoch_old", "contacts");
	sql_do (s, "update contacts.lane set epoch = epoch - 1 where lane = 3");
	daemon_release (s, "contacts");
	doctor_healthy (s);
}

static void log_cut (struct stack *s)
{
	daemon_hold (s, "contacts");
	sql_do (s, "update contacts.cursor set last_seq = last_seq + 7 where source = 'lead-intake' and epoch <> 0");
	doctor_says (s, "log_cut", "contacts");
	sql_do (s, "update contacts.cursor set last_seq = last_seq - 7 where source = 'lead-intake' and epoch <> 0");
	daemon_release (s, "contacts");
	doctor_healthy (s);
}

/* Its cursors cannot move while somebody holds their table, and events go on. */
static void lag_grows (struct stack *s, const struct hook *h)
{
	PGconn *c = sql_open (s, "postgres");
	PQclear (PQexec (c, "begin; lock table pipeline.cursor in exclusive mode"));
	CHECK (PQtransactionStatus (c) == PQTRANS_INTRANS, "%s", PQerrorMessage (c));
	for (int i = 0; i < 5; i++) {
		char name[40];
		snprintf (name, sizeof name, "lag-%d", i);
		lead_post (s, h, name);
	}
	doctor_says (s, "lag", "pipeline");
	PQclear (PQexec (c, "rollback"));
	PQfinish (c);
	doctor_healthy (s);
}

static void parked_one (struct stack *s, const char *state, const char *error)
{
	sql_do (s,
		"insert into contacts.parked (lane, source, sequence, key, key2, workspace_id, type, event, state, tries, error, first_at, next_at) "
		"values (4, 'lead-intake', 9999991, 1, 0, '00000000-0000-0000-0000-000000000001', 'lead.created', '', '%s', 9, '%s', "
		"now() - interval '2 hours', now() + interval '1 hour')",
		state, error);
}

static void parked (struct stack *s)
{
	parked_one (s, "poison", "division by zero");
	doctor_says (s, "parked_poison", "contacts");
	sql_do (s, "delete from contacts.parked");
	parked_one (s, "waiting", "workspace");
	doctor_says (s, "parked_waiting", "contacts");
	sql_do (s, "delete from contacts.parked");
	doctor_healthy (s);
}

/* ---- Postgres ---- */

static void not_durable (struct stack *s)
{
	sql_do (s, "alter system set fsync = off");
	settings_reload (s);
	doctor_says (s, "not_durable", "postgres");
	sql_do (s, "alter system reset fsync");
	settings_reload (s);
	sql_do (s, "alter role pipeline set synchronous_commit = off");
	doctor_says (s, "not_durable", "pipeline");
	sql_do (s, "alter role pipeline reset synchronous_commit");
	doctor_healthy (s);
}

static void connections (struct stack *s)
{
	PGconn *held[400];
	int n = 0;
	int most = (int) sql_number (s, "select setting::int from pg_settings where name = 'max_connections'");
	/* counted each time: sessions that have just ended are still on their way out; with those of the other daemons they are nine of ten, and not all */
	while (n < 400 && sql_number (s, "select count(*) from pg_stat_activity where backend_type = 'client backend'") < most * 93 / 100) {
		held[n] = sql_open (s, "contacts");
		CHECK (PQstatus (held[n]) == CONNECTION_OK, "%s", PQerrorMessage (held[n]));
		n++;
	}
	doctor_says (s, "connections", "postgres");
	for (bool refused = false; n < 400 && !refused; n++) {
		held[n] = sql_open (s, "contacts");
		refused = PQstatus (held[n]) != CONNECTION_OK;
	}
	doctor_says (s, "connections", "postgres");
	while (n)
		PQfinish (held[--n]);
	doctor_healthy (s);
}

static void role_missing (struct stack *s)
{
	sql_do (s, "revoke contacts from crmctl");
	doctor_says (s, "roles_missing", "contacts");
	sql_do (s, "grant contacts to crmctl");
	doctor_healthy (s);
}

/* ---- the machine ---- */

static void disk_full (struct stack *s)
{
	char files[400], big[420];
	path_of (s, files, "files");
	if (mount ("tmpfs", files, "tmpfs", 0, "size=16m")) {
		printf ("    disk_full: not tried, nothing may be mounted here: %s\n", strerror (errno));
		return;
	}
	snprintf (big, sizeof big, "%s/big", files);
	int fd = open (big, O_WRONLY | O_CREAT, 0600);
	CHECK (fd >= 0 && !posix_fallocate (fd, 0, 16 * 1024 * 1024 - 300000), "%s cannot be filled", files);
	close (fd);
	doctor_says (s, "disk_full", "files");
	CHECK (!umount (files), "%s stays mounted: %s", files, strerror (errno));
	doctor_healthy (s);
}

/* One that is under way, in a row alone: its service would go on with it, so it is held while the doctor looks. */
static void import_stuck (struct stack *s)
{
	daemon_hold (s, "contacts");
	sql_do (s,
		"insert into contacts.import (workspace_id, id, profile, state, scope, permissions, sha256, bytes, delimiter, legacy, begins, records, header, "
		"sample, mapping, created_at, touched_at) values (gen_random_uuid(), gen_random_uuid(), 'contacts', 'running', 0, 0, 'x', 1, ',', false, 0, 1, "
		"true, '[]', '[]', now(), now() - interval '6 minutes')");
	doctor_says (s, "import_stuck", "contacts");
	sql_do (s, "delete from contacts.import");
	daemon_release (s, "contacts");
	doctor_healthy (s);
}

/* One that nobody can look into: its row alone, and its service held, which would put it right. */
static void mailbox_fails (struct stack *s)
{
	daemon_hold (s, "mailer");
	sql_do (s,
		"insert into mailer.account (workspace_id, id, version, created_at, kind, name, from_email, tls, is_default, tracking, state) select id, id, 1, "
		"now(), 'smtp', 'Kantoor', 'x@zon.test', 'none', true, false, 'works' from gen_random_uuid() id; "
		"insert into mailer.mailbox (workspace_id, account_id, host, port, tls, login, sealed, folder, since, last_uid, state, told, fault, last_error, fails, "
		"next_at, attempt) select workspace_id, id, 'imap.zon.test', 993, 'tls', 'x', '', 'INBOX', now(), 0, 'fails', 'fails', 'login', 'NO', 5, "
		"now() + interval '1 day', 5 from mailer.account where name = 'Kantoor'");
	doctor_says (s, "mailbox_fails", "mailer");
	sql_do (s, "delete from mailer.mailbox");
	sql_do (s,
		"insert into mailer.canary (workspace_id, account_id, id, token, address, message_id, began_at, state, told, attempt, next_at, refused) select "
		"workspace_id, id, gen_random_uuid(), 'x', 'x@zon.test', 'x', now(), 'missing', 'missing', 1, now(), false from mailer.account where name = "
		"'Kantoor'");
	doctor_says (s, "mail_missing", "mailer");
	sql_do (s, "delete from mailer.canary; delete from mailer.account where name = 'Kantoor'");
	daemon_release (s, "mailer");
	doctor_healthy (s);
}

/* One whose log-in was taken back. */
static void login_ended (struct stack *s)
{
	sql_do (s,
		"insert into mailer.account (workspace_id, id, version, created_at, kind, name, from_email, tls, is_default, tracking, state) select id, id, 1, "
		"now(), 'smtp', 'Kantoor', 'x@zon.test', 'none', true, false, 'fails' from gen_random_uuid() id; "
		"insert into mailer.oauth (workspace_id, account_id, provider, client_id, state, told, error, fails, next_at, attempt) select workspace_id, id, "
		"'google', 'x', 'refused', 'refused', 'invalid_grant', 1, 'infinity', 1 from mailer.account where name = 'Kantoor'");
	doctor_says (s, "mail_login_ended", "mailer");
	sql_do (s, "delete from mailer.oauth; delete from mailer.account where name = 'Kantoor'");
	doctor_healthy (s);
}

/* Files that cannot be made, a way to be paid that does not work, and what waits for billing, which is held. */
static void money_waits (struct stack *s)
{
	daemon_hold (s, "billing");
	sql_do (s,
		"insert into billing.document (workspace_id, id, kind, state, version, language, currency, mode, created_at) select id, id, 'quote', 'draft', 1, 'nl', "
		"'EUR', 'net', now() from gen_random_uuid() id; "
		"insert into billing.render (workspace_id, document_id, version, state, wanted_at, error) select workspace_id, id, 1, 'failed', now(), 'no font' from "
		"billing.document");
	doctor_says (s, "render_fails", "billing");
	sql_do (s,
		"delete from billing.render; insert into billing.mail_want (workspace_id, id, document_id, version, why, recipients, subject, body, ubl, at) select "
		"workspace_id, id, id, 1, 'sent', '[]', 'x', 'x', false, now() - interval '6 minutes' from billing.document");
	doctor_says (s, "document_mail_waits", "billing");
	sql_do (s,
		"delete from billing.mail_want; insert into billing.pay_provider (workspace_id, id, kind, name, hook_hash, active, state, last_error, created_at) "
		"select workspace_id, id, 'mollie', 'Mollie', 'x', true, 'fails', '401', now() from billing.document");
	doctor_says (s, "pay_provider_fails", "billing");
	sql_do (s,
		"update billing.pay_provider set state = 'works'; insert into billing.hook_event (workspace_id, id, pay_provider_id, received_at, event_key, body, "
		"good, state) select workspace_id, id, id, now() - interval '6 minutes', 'x', '', true, 'waiting' from billing.pay_provider");
	doctor_says (s, "pay_hook_waits", "billing");
	sql_do (s, "delete from billing.hook_event; delete from billing.pay_provider; delete from billing.document");
	daemon_release (s, "billing");
	doctor_healthy (s);
}

/* What a rule began and that waits longer than it should, while automation is held; then an action that nobody answers. */
static void rule_waits (struct stack *s)
{
	daemon_hold (s, "automation");
	sql_do (s,
		"insert into automation.rule (workspace_id, rule_id, rule_version_id, version, name, enabled, position, limit_per_hour, when_kind, created_at, "
		"updated_at) select id, id, id, 1, 'Wacht', true, 1, 1, 'event', now(), now() from gen_random_uuid() id; "
		"insert into automation.firing (workspace_id, firing_id, decision_id, rule_id, rule_version_id, state, step, due_at, steps, at) select workspace_id, "
		"rule_id, rule_id, rule_id, rule_id, 'waiting', 1, now() - interval '6 minutes', '[]', now() from automation.rule where name = 'Wacht'");
	doctor_says (s, "rule_waits", "automation");
	sql_do (s,
		"update automation.firing set state = 'running', due_at = null, action_id = firing_id, steps = jsonb_build_array(jsonb_build_object('step', 1, 'do', "
		"'deal_move', 'state', 'asked', 'at', automation.moment(now() - interval '6 minutes')))");
	doctor_says (s, "rule_waits", "automation");
	sql_do (s, "delete from automation.firing; delete from automation.rule where name = 'Wacht'");
	daemon_release (s, "automation");
	doctor_healthy (s);
}

/* A receiver that takes nothing since yesterday; messages that nobody sends while automation is held. */
static void hook_waits (struct stack *s)
{
	daemon_hold (s, "automation");
	sql_do (s,
		"insert into automation.hook_endpoint (workspace_id, id, version, name, url, events, state, told, created_at, failures, failing_since) select id, id, 1, "
		"'Boekhouder', 'https://boek.example/crm', '[]', 'on', 'on', now(), 3, now() - interval '1 day' from gen_random_uuid() id");
	doctor_says (s, "hook_fails", "automation");
	sql_do (s, "update automation.hook_endpoint set state = 'failing'");
	doctor_says (s, "hook_fails", "automation");
	sql_do (s,
		"update automation.hook_endpoint set state = 'on', failures = 0, failing_since = null; "
		"insert into automation.hook_delivery (workspace_id, id, endpoint_id, event_id, event_type, at, body, state, next_at) select id, id, id, id, 'deal.created', "
		"now(), '{}', 'waiting', now() - interval '6 minutes' from automation.hook_endpoint");
	doctor_says (s, "hook_waits", "automation");
	sql_do (s, "delete from automation.hook_delivery; delete from automation.hook_endpoint");
	daemon_release (s, "automation");
	doctor_healthy (s);
}

static void files_away (struct stack *s)
{
	char files[400], aside[400];
	path_of (s, files, "files");
	path_of (s, aside, "files.aside");
	CHECK (!rename (files, aside), "%s", strerror (errno));
	file_write (files, "");
	doctor_says (s, "files_unwritable", "files");
	unlink (files);
	CHECK (!rename (aside, files), "%s", strerror (errno));
	doctor_healthy (s);
}

static void file_damaged (struct stack *s, const struct hook *h)
{
	char path[600], aside[620];
	lead_post_file (s, h, "with-file", "a plan of the garden");
	settle (s);
	char *name = sql_text (s, "select workspace_id || '/' || sha256 from lead_intake.file limit 1");
	CHECK (*name, "no file was stored");
	snprintf (path, sizeof path, "%s/files/%s", s->var, name);
	snprintf (aside, sizeof aside, "%s.aside", path);
	CHECK (!rename (path, aside), "%s: %s", path, strerror (errno));
	doctor_says (s, "file_missing", "files");
	file_write (path, "a plan of the gardex");
	doctor_says (s, "file_wrong", "files");
	CHECK (!rename (aside, path), "%s", strerror (errno));
	free (name);
	doctor_healthy (s);
}

static void keys (struct stack *s)
{
	char key[400], aside[400];
	json_decref (ctl (s, "source add --workspace doctor --kind web_form --secret hush-hush-hush"));
	path_of (s, key, "secrets/key");
	path_of (s, aside, "secrets/key.aside");
	CHECK (!rename (key, aside), "%s", strerror (errno));
	doctor_says (s, "key_missing", "secrets");
	file_write (key, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
	doctor_says (s, "key_other", "secrets");
	CHECK (!rename (aside, key), "%s", strerror (errno));
	doctor_healthy (s);
}

/* The host's clock is moved for crmctl alone. */
static void clock_of_host (struct stack *s)
{
	const char *shim = getenv ("OPS_CLOCK");
	CHECK (shim && !access (shim, R_OK), "OPS_CLOCK does not name tests/ops/shim/clock.c, built");
	setenv ("LD_PRELOAD", shim, 1);
	setenv ("CLOCK_OFFSET", "5", 1);
	doctor_says (s, "clock_off", "host");
	unsetenv ("LD_PRELOAD");
	unsetenv ("CLOCK_OFFSET");
	doctor_healthy (s);
}

OP (doctor_names, "Doctor names what is broken, one fault after the other, and a mended house is healthy")
{
	struct stack s;
	house_up (&s, "doctor", 0, NULL);
	struct hook h = given_hook (&s, "doctor");
	lead_post (&s, &h, "first");
	settle (&s);
	doctor_healthy (&s);
	daemon_dead (&s);
	daemon_paused (&s);
	member_unseen (&s);
	builds_differ (&s);
	migration_changed (&s);
	schema_behind (&s);
	schema_ahead (&s);
	lane_stopped (&s);
	epoch_old (&s);
	log_cut (&s);
	lag_grows (&s, &h);
	parked (&s);
	not_durable (&s);
	role_missing (&s);
	disk_full (&s);
	import_stuck (&s);
	mailbox_fails (&s);
	login_ended (&s);
	money_waits (&s);
	rule_waits (&s);
	hook_waits (&s);
	files_away (&s);
	file_damaged (&s, &h);
	keys (&s);
	clock_of_host (&s);
	connections (&s);
	lane_unowned (&s);
	postgres_away (&s);
	settle (&s);
	then_dense (&s);
	stack_down (&s);
	doctor_says (&s, "nothing_up", "house");
}

OP (doctor_clock_of_daemon, "Doctor tells which daemon's clock is off")
{
	struct stack s;
	char preload[400];
	const char *shim = getenv ("OPS_CLOCK");
	CHECK (shim && !access (shim, R_OK), "OPS_CLOCK does not name tests/ops/shim/clock.c, built");
	snprintf (preload, sizeof preload, "pipeline:LD_PRELOAD=%s", shim);
	house_up (&s, "clock", 0, (const char *[]){ "--env", preload, "--env", "pipeline:CLOCK_OFFSET=-90", NULL });
	doctor_says (&s, "clock_off", "pipeline.0");
}

static pid_t pooler_start (struct stack *s, const char *mode, int port)
{
	char ini[400], users[400], text[1600];
	char *socket = sql_text (s, "select current_setting('unix_socket_directories')");
	path_of (s, ini, "pooler.ini");
	path_of (s, users, "pooler.users");
	file_write (users, "\"contacts\" \"\"\n\"crmctl\" \"\"\n");
	snprintf (
		text, sizeof text,
		"[databases]\ncrm = host=%s dbname=crm user=crmctl\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\nauth_type = any\n"
		"auth_file = %s\npool_mode = %s\nignore_startup_parameters = extra_float_digits,options\n",
		socket, port, users, mode);
	file_write (ini, text);
	free (socket);
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		setpgid (0, 0);
		if (getuid ())
			execlp ("pgbouncer", "pgbouncer", "-q", ini, (char *) NULL);
		else /* the server's socket is for its own user alone */
			execlp ("pgbouncer", "pgbouncer", "-q", "-u", "postgres", ini, (char *) NULL);
		_exit (127);
	}
	return pid;
}

OP (doctor_pooler, "Doctor tells that a transaction pooler stands between; one in session mode is let be")
{
	struct stack s;
	char state[400], aside[400], text[300];
	int port = ops_port (19), code;
	house_up (&s, "pooler", 0, NULL);
	const char *const modes[] = { "session", "transaction" };
	path_of (&s, state, "run/up.json");
	path_of (&s, aside, "run/up.json.aside");
	for (int i = 0; i < 2; i++) {
		pid_t pid = pooler_start (&s, modes[i], port);
		snprintf (text, sizeof text, "host=127.0.0.1 port=%d dbname=crm", port);
		for (int64_t limit = now_us () + 10000000;; pause_us (20000)) {
			PGconn *c = PQconnectdb (text);
			bool there = PQstatus (c) == CONNECTION_OK;
			CHECK (there || now_us () < limit, "pgbouncer (of deploy/setup test) does not answer: %s", PQerrorMessage (c));
			PQfinish (c);
			if (there)
				break;
		}
		json_t *o = json_load_file (state, 0, NULL);
		char *was = heap_text (text_at (o, "dsn"));
		json_object_set_new (o, "dsn", json_string (text));
		CHECK (!json_dump_file (o, aside, 0) && !rename (aside, state), "up.json");
		if (i)
			doctor_says (&s, "pooler", "postgres");
		else
			doctor_healthy (&s);
		json_object_set_new (o, "dsn", json_string (was));
		CHECK (!json_dump_file (o, aside, 0) && !rename (aside, state), "up.json");
		json_decref (o);
		free (was);
		kill (pid, SIGTERM);
		waitpid (pid, &code, 0);
	}
	doctor_healthy (&s);
}
