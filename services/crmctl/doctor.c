/* crmctl doctor: looks at every part of a house and names what is broken, one line a finding, with the next step.
 * It must never change anything, never hang on a part that does, and never call a house healthy that it could not look at. */
#include "doctor.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"
#include "files.h"

enum { PROBE = 1500, DISK_LEAST = 5 /* percent */, CLOCK_MOST = 1000000 /* µs */ };

static struct {
	const char *var;
	bool json;
	struct doctor d;
} doctor;

/* ---- what is said ---- */

const char *member_text (json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? text : "";
}

int64_t member_number (json_t *o, const char *name)
{
	return json_integer_value (json_object_get (o, name));
}

void found (struct doctor *d, const char *code, const char *part, const char *next, const char *format, ...)
{
	char what[900];
	va_list ap;
	va_start (ap, format);
	vsnprintf (what, sizeof what, format, ap);
	va_end (ap);
	json_t *o = json_pack ("{ss ss so ss}", "code", code, "part", part, "what", json_stringn_nocheck (what, strlen (what)), "next",
			       next);
	json_array_append_new (d->findings, o);
}

const char *doctor_var (const struct doctor *d)
{
	static char text[HOUSE_PATH + 16];
	snprintf (text, sizeof text, "%s%s", d->var ? " --var " : "", d->var ? d->var : "");
	return text;
}

void cause_named (struct doctor *d, const char *part)
{
	json_object_set_new (d->named, part, json_true ());
}

bool cause_known (const struct doctor *d, const char *part)
{
	return json_object_get (d->named, part) || json_object_get (d->named, "postgres");
}

static int findings_say (const struct doctor *d, bool json)
{
	size_t n = json_array_size (d->findings), i;
	json_t *o;
	if (json) {
		json_line (json_pack ("{sb sO sO}", "healthy", n == 0, "findings", d->findings, "counts", d->counts));
		return n > 0;
	}
	json_array_foreach (d->findings, i, o)
	{
		printf ("%-16s %-14s %s; next: %s\n", member_text (o, "code"), member_text (o, "part"), member_text (o, "what"),
			member_text (o, "next"));
	}
	if (!n)
		printf ("healthy\n");
	return n > 0;
}

/* ---- the machine: disk, folders, key ---- */

static void disk_look (struct doctor *d, const char *what, const char *path)
{
	struct statvfs fs;
	if (statvfs (path, &fs) || !fs.f_blocks)
		return;
	int64_t percent = (int64_t) (fs.f_bavail * 100 / fs.f_blocks), mib = (int64_t) (fs.f_bavail * fs.f_frsize / 1048576);
	if (percent < DISK_LEAST)
		found (d, "disk_full", what, "make room there, or move it to a larger disk",
		       "the disk that holds %s is nearly full: %lld %% (%lld MiB) left", path, (long long) percent, (long long) mib);
}

/* The same disk is told of once. */
static void disks_look (struct doctor *d)
{
	struct stat var, files, pg;
	bool has_var = !d->elsewhere && !stat (d->house.var, &var), has_files = !stat (d->files, &files);
	bool has_pg = !d->elsewhere && !stat (d->house.pg, &pg);
	if (has_var)
		disk_look (d, "disk", d->house.var);
	if (has_files && !(has_var && files.st_dev == var.st_dev))
		disk_look (d, "files", d->files);
	if (has_pg && !(has_var && pg.st_dev == var.st_dev))
		disk_look (d, "postgres", d->house.pg);
}

static void folder_look (struct doctor *d)
{
	char path[HOUSE_PATH + 96];
	snprintf (path, sizeof path, "%s/.doctor-XXXXXX", d->files);
	int fd = mkostemp (path, O_CLOEXEC);
	bool good = fd >= 0 && write (fd, "x", 1) == 1 && !fsync (fd);
	int why = errno;
	if (fd >= 0) {
		close (fd);
		unlink (path);
	}
	if (good)
		return;
	cause_named (d, "files");
	found (d, "files_unwritable", "files",
	       why == ENOSPC ? "make room there" : "give the folder back to the user that the daemons run as",
	       "the files folder %s cannot be written: %s", d->files, strerror (why));
}

/* Files that no row names go once a day: did they, and how many were they. */
static void sweep_look (struct doctor *d)
{
	struct files_swept swept = { 0 };
	int64_t last = files_swept_last (d->files, &swept), days = last ? (clock_now () - last) / (86400 * INT64_C (1000000)) : 0;
	if (last)
		json_object_set_new (d->counts, "files_named", json_integer (swept.named)),
			json_object_set_new (d->counts, "files_swept", json_integer (swept.dropped)),
			json_object_set_new (d->counts, "uploads_broken", json_integer (swept.broken));
	if (days > 2)
		found (d, "files_unswept", "files",
		       "look in the gateway's log for files_sweep_waits: a service that does not answer keeps all files",
		       "files that no row names were last taken away %lld days ago", (long long) days);
}

static void key_look (struct doctor *d)
{
	char path[HOUSE_PATH + 64], *text = NULL, next[NEXT_MOST];
	size_t room = 0;
	if (d->elsewhere)
		return;
	snprintf (path, sizeof path, "%s/key", d->house.secrets);
	snprintf (next, sizeof next, "put the old key back to %s (it is kept beside the backups)", path);
	FILE *file = fopen (path, "re");
	ssize_t n = file ? getline (&text, &room, file) : -1;
	if (n > 0)
		text[strcspn (text, "\n")] = 0;
	if (n != 64 && !(n == 65 && strlen (text) == 64)) {
		found (d, "key_missing", "secrets", next, "the key that seals secrets is %s: %s",
		       !file && errno == ENOENT ? "missing" : "not 32 bytes in hex, or cannot be read", path);
		cause_named (d, "secrets");
	} else
		d->config.key = heap_text (text);
	if (file)
		fclose (file);
	free (text);
}

/* ---- processes ---- */

/* What the program on disk says of itself; null: it does not say. */
static json_t *version_ask (const struct doctor *d, const char *name)
{
	char program[HOUSE_PATH + 64];
	int pipes[2], status;
	snprintf (program, sizeof program, "%s/%s", d->house.bin, name);
	if (access (program, X_OK) || pipe2 (pipes, O_CLOEXEC))
		return NULL;
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		alarm (5);
		dup2 (pipes[1], STDOUT_FILENO);
		execl (program, program, "--version", (char *) NULL);
		_exit (127);
	}
	close (pipes[1]);
	FILE *from = fdopen (pipes[0], "r");
	json_t *o = pid > 0 && from ? json_loadf (from, 0, NULL) : NULL;
	if (from)
		fclose (from);
	while (pid > 0 && waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	return o;
}

static void versions_ask (struct doctor *d)
{
	char schema[40];
	for (const char *const *s = services_all (); *s; s++) {
		json_t *o = version_ask (d, *s);
		if (o)
			json_object_set_new (d->versions, look_schema_of (*s, schema), o);
	}
}

static const char *process_name (json_t *p, char ret[64])
{
	snprintf (ret, 64, "%s.%lld", member_text (p, "name"), (long long) member_number (p, "replica"));
	return ret;
}

static void process_dead (struct doctor *d, json_t *p, const char *who)
{
	char path[HOUSE_PATH + 96], next[NEXT_MOST];
	const char *name = member_text (p, "name");
	snprintf (path, sizeof path, "%s/hold-%s", d->house.run, name);
	bool held = !access (path, F_OK);
	if (held)
		snprintf (next, sizeof next, "crmctl up --only %s%s", name, doctor_var (d));
	else
		snprintf (next, sizeof next, "read its last lines in %s/crm.log; it is started again every few seconds", d->house.log);
	if (!strcmp (name, "postgres")) {
		found (d, "postgres_away", "postgres", next, "Postgres %s",
		       held ? "was stopped by `crmctl down --only postgres`" : "does not run");
		cause_named (d, "postgres");
		return;
	}
	found (d, "daemon_dead", who, next, "%s",
	       held ? "was stopped by `crmctl down --only`" : "does not run: it ends as soon as it is started");
	cause_named (d, name);
	cause_named (d, who);
}

static void process_silent (struct doctor *d, json_t *p, const char *who)
{
	char next[NEXT_MOST];
	int pid = (int) member_number (p, "pid");
	const char *name = member_text (p, "name");
	if (look_paused (pid))
		snprintf (next, sizeof next, "kill -CONT %d", pid);
	else
		snprintf (next, sizeof next, "kill -ABRT %d: it is started again, and its core says where it hung", pid);
	found (d, "daemon_silent", who, next, "process %d lives and does not answer on port %lld%s", pid,
	       (long long) member_number (p, "metrics"), look_paused (pid) ? ": a signal has paused it" : "");
	cause_named (d, name);
	cause_named (d, who);
}

/* Is it the program that stands on disk now? */
static void process_build (struct doctor *d, json_t *p, const char *who)
{
	char path[HOUSE_PATH + 96], next[NEXT_MOST];
	struct stat runs, disk;
	snprintf (path, sizeof path, "/proc/%d/exe", (int) member_number (p, "pid"));
	if (stat (path, &runs))
		return;
	snprintf (path, sizeof path, "%s/%s", d->house.bin, member_text (p, "name"));
	if (stat (path, &disk) || (runs.st_dev == disk.st_dev && runs.st_ino == disk.st_ino))
		return;
	snprintf (next, sizeof next, "crmctl down --only %s%s, then up --only", member_text (p, "name"), doctor_var (d));
	found (d, "build_old", who, next, "runs another build than the one on disk (%s)", path);
}

static void process_settings (struct doctor *d, json_t *p, const char *who)
{
	int pid = (int) member_number (p, "pid");
	char *frozen = look_environment (pid, "CRM_CLOCK"), *fault = look_environment (pid, "CRM_FAULT");
	if (frozen && *frozen)
		found (d, "clock_frozen", who, "start it without CRM_CLOCK, which is for tests", "its clock stands still at %s", frozen);
	if (fault && *fault)
		found (d, "faults_on", who, "start it without CRM_FAULT, which is for tests", "it is told to fail at: %s", fault);
	free (frozen);
	free (fault);
}

/* The Date header has no fraction: it is up to a second behind the clock it came from. */
static void process_clock (struct doctor *d, const char *who, int64_t date)
{
	int64_t off = date * 1000000 + 500000 - (clock_now () - d->clock_ahead);
	if (date && (off > CLOCK_MOST + 500000 || off < -CLOCK_MOST - 500000)) {
		int64_t off_ms = off / 1000;
		found (d, "clock_off", who, "let its machine take the time from the network (timedatectl set-ntp true)",
		       "its clock is %lld.%lld s %s Postgres'", (long long) llabs (off_ms / 1000), (long long) llabs (off_ms % 1000 / 100),
		       off > 0 ? "ahead of" : "behind");
	}
}

static void process_look (struct doctor *d, json_t *p)
{
	char who[64];
	int pid = (int) member_number (p, "pid"), metrics = (int) member_number (p, "metrics"), port = (int) member_number (p, "port");
	process_name (p, who);
	if (!look_alive (pid)) {
		process_dead (d, p, who);
		return;
	}
	if (!metrics) /* Postgres: it is asked by SQL */
		return;
	struct look_answer a = look_http (metrics, "/readyz", PROBE);
	if (!a.status) {
		process_silent (d, p, who);
		return;
	}
	process_build (d, p, who);
	process_settings (d, p, who);
	process_clock (d, who, a.date);
	if (a.status != 200 && !cause_known (d, member_text (p, "name"))) {
		const char *why = !strncmp (a.body, "not ready: ", 11) ? a.body + 11 : a.body;
		json_object_set_new (d->not_ready, member_text (p, "name"), json_pack ("{ss ss}", "who", who, "why", why));
		cause_named (d, member_text (p, "name"));
	}
	if (port && a.status == 200 && !look_http (port, "/healthz", PROBE).status)
		found (d, "port_silent", who, "look who else listens there: ss -ltnp", "port %d does not answer", port);
}

/* ---- the bus ---- */

static int bus_look (void *ctx)
{
	struct doctor *d = ctx;
	for (const char *const *s = services_all (); *s; s++) {
		if (cause_known (d, *s))
			continue;
		struct answer a = ask_service (*s, "status", json_object ());
		if (a.state != ANSWER_DONE)
			found (d, "bus_silent", *s,
			       "restart it; if that does not help, look at the bus folder or the addresses in bus.member",
			       "it does not answer on the bus");
		json_decref (a.json);
	}
	return 0;
}

/* ---- all of it ---- */

/* False: there is nothing to look at any further. */
static bool house_look (struct doctor *d)
{
	house_find (&d->house, d->var);
	d->state = ask_house (d->var);
	d->elsewhere = !d->state && !d->var && getenv ("CRM_DSN");
	if (!d->state && !d->elsewhere) {
		char next[NEXT_MOST];
		snprintf (next, sizeof next, "crmctl up%s", doctor_var (d));
		found (d, "nothing_up", "house", next, "nothing is up in %s", d->house.var);
		if (access (d->house.var, F_OK))
			return false;
	} else if (!ask_config (d->var, &d->config))
		return false;
	snprintf (d->dsn, sizeof d->dsn, "%s", d->config.dsn ? d->config.dsn : "");
	snprintf (d->files, sizeof d->files, "%s", d->elsewhere ? d->config.files : d->house.files);
	return true;
}

static void processes_look (struct doctor *d, bool postgres)
{
	size_t i;
	json_t *p;
	json_array_foreach (json_object_get (d->state, "processes"), i, p)
	{
		if (!strcmp (member_text (p, "name"), "postgres") == postgres)
			process_look (d, p);
	}
}

/* What its schema did not explain. */
static void not_ready_say (struct doctor *d)
{
	const char *name;
	json_t *o;
	char next[NEXT_MOST];
	snprintf (next, sizeof next, "put that right; it tries again by itself (%s/crm.log)", d->house.log);
	json_object_foreach (d->not_ready, name, o)
	{
		found (d, "daemon_not_ready", member_text (o, "who"), next, "it is not ready: %s", member_text (o, "why"));
	}
}

static void doctor_look (struct doctor *d)
{
	if (!house_look (d))
		return;
	disks_look (d);
	key_look (d);
	if (!access (d->house.var, F_OK) || d->elsewhere)
		folder_look (d), sweep_look (d);
	if (!d->state && !d->elsewhere)
		return;
	versions_ask (d);
	processes_look (d, true);
	if (!cause_known (d, "postgres"))
		doctor_postgres (d);
	processes_look (d, false);
	if (d->pg) {
		doctor_services (d);
		doctor_stored (d);
	}
	not_ready_say (d);
	if (!cause_known (d, "postgres"))
		ask_run (d->var, bus_look, d);
}

int crmctl_doctor (int argc, char **argv)
{
	struct doctor *d = &doctor.d;
	const struct word words[] = { { "json", NULL, &doctor.json }, { "var", &doctor.var, NULL } };
	if (words_read (argc, argv, words, LENGTH (words))) {
		fprintf (stderr, "usage: crmctl doctor [--json] [--var DIR]\n");
		return 2;
	}
	d->var = doctor.var;
	d->findings = json_array ();
	d->named = json_object ();
	d->not_ready = json_object ();
	d->versions = json_object ();
	d->services = json_object ();
	d->counts = json_object ();
	doctor_look (d);
	if (d->pg)
		PQfinish (d->pg);
	return findings_say (d, doctor.json);
}
