/* A private Postgres for one unit test: made in a folder of its own, durable settings off, ended with the test.
 * It must never touch a cluster that it did not make itself. */
#ifndef LEADWIRE_CLUSTER_H
#define LEADWIRE_CLUSTER_H

#include <glob.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char cluster_folder[64], cluster_bin[200], cluster_dsn[128];
static pid_t cluster_maker;

/* As the user `postgres` when we are root: the server refuses root. */
static inline int cluster_run (const char *program, const char *const argv[])
{
	char path[300];
	int status = -1;
	snprintf (path, sizeof path, "%s/%s", cluster_bin, program);
	fflush (NULL);
	pid_t pid = fork ();
	if (pid == 0) {
		const struct passwd *user = getuid () ? NULL : getpwnam ("postgres");
		if (user && (setgid (user->pw_gid) || setuid (user->pw_uid)))
			_exit (126);
		if (!freopen ("/dev/null", "w", stdout) || chdir ("/"))
			_exit (126);
		execv (path, (char *const *) argv);
		_exit (127);
	}
	waitpid (pid, &status, 0);
	return WIFEXITED (status) ? WEXITSTATUS (status) : 128;
}

static inline void cluster_end (void)
{
	if (!*cluster_folder || getpid () != cluster_maker)
		return;
	cluster_run ("pg_ctl", (const char *[]){ "pg_ctl", "-D", cluster_folder, "-m", "immediate", "-w", "stop", NULL });
	char line[100];
	snprintf (line, sizeof line, "rm -rf '%s'", cluster_folder);
	if (system (line))
		fprintf (stderr, "%s is left behind\n", cluster_folder);
}

/* False: a sentence on stderr. */
static inline bool cluster_start (void)
{
	glob_t found;
	if (glob ("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) || !found.gl_pathc)
		return fprintf (stderr, "no Postgres server is installed\n"), false;
	snprintf (cluster_bin, sizeof cluster_bin, "%s", found.gl_pathv[found.gl_pathc - 1]);
	*strrchr (cluster_bin, '/') = 0;
	globfree (&found);
	strcpy (cluster_folder, "/tmp/leadwire-unit-XXXXXX");
	const struct passwd *user = getuid () ? NULL : getpwnam ("postgres");
	if (!mkdtemp (cluster_folder) || (user && chown (cluster_folder, user->pw_uid, user->pw_gid)))
		return perror (cluster_folder), false;
	cluster_maker = getpid ();
	atexit (cluster_end);
	char options[200];
	snprintf (options, sizeof options, "-k %s -c listen_addresses= -c fsync=off -c shared_buffers=16MB -c logging_collector=off",
		  cluster_folder);
	snprintf (cluster_dsn, sizeof cluster_dsn, "host=%s user=postgres dbname=postgres", cluster_folder);
	char log[100];
	snprintf (log, sizeof log, "%s/log", cluster_folder);
	return !cluster_run ("initdb", (const char *[]){ "initdb", "-D", cluster_folder, "-U", "postgres", "-A", "trust", "-E", "UTF8",
							 "--locale=C.UTF-8", "--no-sync", NULL }) &&
	       !cluster_run ("pg_ctl", (const char *[]){ "pg_ctl", "-D", cluster_folder, "-o", options, "-l", log, "-w", "start", NULL });
}

/* A statement (or several) beside the one under test; the first value as text, "" when there is none, "!SQLSTATE" when it failed. */
static inline const char *cluster_sql (const char *sql)
{
	static PGconn *c;
	static char text[4000];
	if (!c)
		c = PQconnectdb (cluster_dsn);
	PGresult *r = PQexec (c, sql);
	ExecStatusType status = PQresultStatus (r);
	if (status == PGRES_FATAL_ERROR)
		snprintf (text, sizeof text, "!%s",
			  PQresultErrorField (r, PG_DIAG_SQLSTATE) ? PQresultErrorField (r, PG_DIAG_SQLSTATE) : "lost");
	else
		snprintf (text, sizeof text, "%s", status == PGRES_TUPLES_OK && PQntuples (r) ? PQgetvalue (r, 0, 0) : "");
	PQclear (r);
	return text;
}

#endif
