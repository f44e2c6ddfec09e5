/* The private Postgres of a house: initdb, settings, roles, and clearing away what a killed run left.
 * It must never loosen durability (fsync and synchronous_commit stay on), nor listen on anything but its socket. */
#include "postgres.h"
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <libpq-fe.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "crmctl_sql.h"

/* The newest server installed, or the one the cluster was made by. */
static bool programs_find (struct postgres *p)
{
	char path[HOUSE_PATH + 96], version[16] = "*";
	snprintf (path, sizeof path, "%s/PG_VERSION", p->house->pg);
	FILE *file = fopen (path, "r");
	if (file) {
		if (fgets (version, sizeof version, file))
			version[strcspn (version, "\n")] = 0;
		fclose (file);
	}
	snprintf (path, sizeof path, "/usr/lib/postgresql/%s/bin/postgres", version);
	glob_t found;
	bool any = !glob (path, 0, NULL, &found) && found.gl_pathc;
	if (any) {
		snprintf (p->bin, sizeof p->bin, "%s", found.gl_pathv[found.gl_pathc - 1]);
		*strrchr (p->bin, '/') = 0;
	} else
		fprintf (stderr, "crmctl: no Postgres server at %s; deploy/setup installs one\n", path);
	globfree (&found);
	return any;
}

/* Postgres refuses to run as root; its package brings a user for it. */
static bool user_find (struct postgres *p)
{
	p->uid = getuid (), p->gid = getgid ();
	if (p->uid)
		return true;
	const struct passwd *user = getpwnam ("postgres");
	if (!user) {
		fprintf (stderr, "crmctl: as root, Postgres needs the user `postgres`, and there is none\n");
		return false;
	}
	p->uid = user->pw_uid, p->gid = user->pw_gid;
	return true;
}

static bool folder_give (const struct postgres *p, const char *path)
{
	if (mkdir (path, 0700) && errno != EEXIST)
		return fprintf (stderr, "crmctl: %s cannot be made: %s\n", path, strerror (errno)), false;
	if (chown (path, p->uid, p->gid) || chmod (path, 0700))
		return fprintf (stderr, "crmctl: %s belongs to somebody else\n", path), false;
	return true;
}

static bool cluster_make (const struct postgres *p)
{
	char program[300];
	snprintf (program, sizeof program, "%s/initdb", p->bin);
	char *argv[] = { program, "-D", (char *) p->house->pg, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", NULL };
	fflush (NULL);
	pid_t pid = fork ();
	if (pid < 0)
		return fprintf (stderr, "crmctl: no process for initdb: %s\n", strerror (errno)), false;
	if (!pid) {
		if (!freopen ("/dev/null", "w", stdout) || (!getuid () && (setgid (p->gid) || setuid (p->uid))) || chdir ("/"))
			_exit (126);
		execv (program, argv);
		_exit (127);
	}
	int status;
	while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!status)
		return true;
	fprintf (
		stderr,
		"crmctl: initdb could not make %s. It runs as another user than root: a folder it may enter is given by --var DIR (make run VAR=DIR)\n",
		p->house->pg);
	return false;
}

const char *text_named (const char *name)
{
	for (size_t i = 0; i < crmctl_sql.n_statements; i++)
		if (!strcmp (crmctl_sql.statements[i]->name, name))
			return crmctl_sql.statements[i]->text;
	assert (!"a statement of crmctl's own");
	return NULL;
}

static bool settings_write (const struct postgres *p)
{
	FILE *file = fopen (p->conf, "w");
	if (!file)
		return fprintf (stderr, "crmctl: %s cannot be written: %s\n", p->conf, strerror (errno)), false;
	fprintf (
		file,
		"# Written by crmctl at every start.\n%slisten_addresses = ''\nunix_socket_permissions = 0700\ndata_directory = '%s'\nhba_file = '%s/pg_hba.conf'\nident_file = '%s/pg_ident.conf'\n",
		text_named ("postgres_settings"), p->house->pg, p->house->pg, p->house->pg);
	fprintf (file, "unix_socket_directories = '%s'\n", p->house->socket);
	return !fclose (file);
}

bool postgres_prepare (struct postgres *p, const struct house *h)
{
	*p = (struct postgres){ .house = h };
	if (!programs_find (p) || !user_find (p) || !folder_give (p, h->pg) || !folder_give (p, h->socket))
		return false;
	postgres_clear (h);
	char version[HOUSE_PATH + 96];
	snprintf (version, sizeof version, "%s/PG_VERSION", h->pg);
	if (access (version, F_OK) && !cluster_make (p))
		return false;
	snprintf (p->conf, sizeof p->conf, "%s/postgres.conf", h->run);
	snprintf (p->dsn, sizeof p->dsn, "host=%s dbname=crm", h->socket);
	if (!settings_write (p))
		return false;
	static char program[300], conf[HOUSE_PATH + 128];
	snprintf (program, sizeof program, "%s/postgres", p->bin);
	snprintf (conf, sizeof conf, "--config-file=%s", p->conf);
	p->argv[0] = program, p->argv[1] = conf;
	return true;
}

/* Sends the signal to every process whose working folder is the cluster's (a postmaster and its children; nothing else goes there).
 * How many there were. */
static int survivors_signal (const char *folder, int number)
{
	int found = 0;
	DIR *dir = opendir ("/proc");
	for (struct dirent *entry; dir && (entry = readdir (dir));) {
		char link[64], cwd[PATH_MAX];
		long pid = strtol (entry->d_name, NULL, 10);
		if (pid <= 0 || snprintf (link, sizeof link, "/proc/%ld/cwd", pid) >= (int) sizeof link)
			continue;
		ssize_t n = readlink (link, cwd, sizeof cwd - 1);
		cwd[n > 0 ? n : 0] = 0;
		if (n > 0 && !strcmp (cwd, folder)) {
			found++;
			if (number)
				kill ((pid_t) pid, number);
		}
	}
	if (dir)
		closedir (dir);
	return found;
}

void postgres_clear (const struct house *h)
{
	char path[HOUSE_PATH + 96], real[PATH_MAX];
	const char *folder = realpath (h->pg, real) ? real : h->pg;
	snprintf (path, sizeof path, "%s/postmaster.pid", h->pg);
	if (access (path, F_OK))
		return;
	/* SIGINT is a postmaster's fast shutdown; a backend only ends its statement. Patience, then force. */
	for (int turn = 0; survivors_signal (folder, turn == 0 ? SIGINT : turn == 500 ? SIGQUIT : turn == 1000 ? SIGKILL : 0); turn++)
		nanosleep (&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	/* Nobody lives here now, whatever process has inherited the number in the file. */
	unlink (path);
	snprintf (path, sizeof path, "%s/.s.PGSQL.5432.lock", h->socket);
	unlink (path);
}

bool postgres_answers (const char *dsn)
{
	char words[1200];
	snprintf (words, sizeof words, "%s user=postgres dbname=postgres connect_timeout=2", dsn);
	return PQping (words) == PQPING_OK;
}

/* Runs one of crmctl's own statements; the number of rows, -1 and a sentence when it failed. */
static int text_run (PGconn *c, const char *name)
{
	PGresult *r = PQexec (c, text_named (name));
	int rows = PQresultStatus (r) == PGRES_COMMAND_OK || PQresultStatus (r) == PGRES_TUPLES_OK ? PQntuples (r) : -1;
	if (rows < 0)
		fprintf (stderr, "crmctl: %s: %s", name, PQresultErrorMessage (r));
	PQclear (r);
	return rows;
}

static void notice_drop (void *arg, const char *message)
{
	(void) arg, (void) message;
}

static PGconn *superuser_open (const char *dsn, const char *more)
{
	char words[1200];
	snprintf (words, sizeof words, "%s %s", dsn, more);
	PGconn *c = PQconnectdb (words);
	if (PQstatus (c) == CONNECTION_OK) {
		PQsetNoticeProcessor (c, notice_drop, NULL);
		return c;
	}
	fprintf (stderr, "crmctl: Postgres: %s", PQerrorMessage (c));
	PQfinish (c);
	return NULL;
}

bool postgres_roles (const char *dsn, bool make_database)
{
	PGconn *c = NULL;
	bool good = true;
	if (make_database) {
		c = superuser_open (dsn, "user=postgres dbname=postgres");
		int there = c ? text_run (c, "up_database_there") : -1;
		good = there > 0 || (there == 0 && text_run (c, "up_database_make") >= 0);
		PQfinish (c);
	}
	if (!good)
		return false;
	c = superuser_open (dsn, make_database ? "user=postgres" : "");
	good = c && text_run (c, "roles") >= 0;
	PQfinish (c);
	return good;
}

bool postgres_has_demo (const char *dsn)
{
	PGconn *c = superuser_open (dsn, "user=postgres");
	bool stands = !c || text_run (c, "up_demo_stands") != 0;
	PQfinish (c);
	return stands;
}
