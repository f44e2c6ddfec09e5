/* crmctl backup: all schemas and all files at one moment, while everything runs. One transaction's snapshot is counted, summed and dumped;
 * files are named by what is in them and never change, so those that rows name then are copied after.
 * It must never stop or lock anything, never promise one moment over two Postgres, nor leave half a backup under a whole one's name. */
#include "backup.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "verbs.h"

enum { BLOCK = 256 * 1024 };

static struct {
	const char *var;
	bool json, with_key;
	struct house house;
	struct config config;
	char path[HOUSE_PATH + 64], dump[HOUSE_PATH + 96];
	const char *key; /* hex; null: none at hand */
	json_t *manifest;
	struct archive archive;
	int64_t files, bytes;
	json_t *missing;
	int64_t began;
} backup;

/* ---- what restore.c does as well ---- */

const char *key_print (const char *key_hex, char ret[17])
{
	static const unsigned char purpose[] = "leadwire key print";
	unsigned char sum[16];
	crypto_generichash (sum, sizeof sum, (const unsigned char *) key_hex, strlen (key_hex), purpose, sizeof purpose - 1);
	return sodium_bin2hex (ret, 17, sum, 8);
}

const char *postgres_program (const char *name, char *ret, size_t room)
{
	char pattern[128];
	glob_t all;
	snprintf (ret, room, "%s", name);
	snprintf (pattern, sizeof pattern, "/usr/lib/postgresql/*/bin/%s", name);
	if (!glob (pattern, 0, NULL, &all) && all.gl_pathc)
		snprintf (ret, room, "%s", all.gl_pathv[all.gl_pathc - 1]);
	globfree (&all);
	return ret;
}

static void words_export (const char *dsn)
{
	PQconninfoOption *option = PQconninfoParse (dsn, NULL);
	for (PQconninfoOption *o = option; o && o->keyword; o++)
		if (o->val && o->envvar)
			setenv (o->envvar, o->val, 1);
	PQconninfoFree (option);
}

bool postgres_run (const char *const argv[], const char *dsn, const char *log)
{
	int status;
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		int out = log ? open (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
		if (out >= 0)
			dup2 (out, STDERR_FILENO);
		words_export (dsn);
		execvp (argv[0], (char *const *) argv);
		fprintf (stderr, "%s cannot be started: %s\n", argv[0], strerror (errno));
		_exit (127);
	}
	while (pid > 0 && waitpid (pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED (status) && !WEXITSTATUS (status);
}

bool manifest_settings (PGconn *c)
{
	PGresult *r = look_ask (c, "backup_settings", NULL, 0);
	PQclear (r);
	return r != NULL;
}

static void *failed (PGconn *c, const char *what)
{
	fprintf (stderr, "crmctl: %s: %s\n", what, look_why (c));
	return NULL;
}

json_t *manifest_tables (PGconn *c)
{
	const char *value[] = { look_schemas_array () };
	PGresult *tables = look_ask (c, "backup_tables", value, 1);
	if (!tables)
		return failed (c, "the tables cannot be listed");
	json_t *all = json_object ();
	for (int i = 0; i < PQntuples (tables); i++) {
		PGresult *r = look_ask_text (c, PQgetvalue (tables, i, 1));
		if (!r) {
			json_decref (all);
			all = failed (c, PQgetvalue (tables, i, 0));
			break;
		}
		json_object_set_new (
			all, PQgetvalue (tables, i, 0),
			json_pack ("{sI ss}", "rows", (json_int_t) strtoll (PQgetvalue (r, 0, 0), NULL, 10), "sum", PQgetvalue (r, 0, 1)));
		PQclear (r);
	}
	PQclear (tables);
	return all;
}

json_t *manifest_lanes (PGconn *c)
{
	json_t *all = json_object ();
	for (const char *const *s = look_schemas (); *s; s++) {
		const char *value[] = { *s };
		PQclear (look_ask (c, "look_schema", value, 1));
		json_t *o = look_json (c, "backup_lanes", NULL, 0);
		if (!o) {
			json_decref (all);
			return failed (c, *s);
		}
		json_object_set_new (all, *s, o);
	}
	return all;
}

json_t *manifest_beyond (json_t *lanes)
{
	const char *service;
	json_t *one, *o;
	size_t i;
	char schema[40];
	json_object_foreach (lanes, service, one)
	{
		json_array_foreach (json_object_get (one, "cursors"), i, o)
		{
			const char *source = json_string_value (json_object_get (o, "source"));
			int64_t lane = json_integer_value (json_object_get (o, "lane")),
				at = json_integer_value (json_object_get (o, "sequence"));
			json_t *heads = json_object_get (json_object_get (lanes, look_schema_of (source, schema)), "heads");
			int64_t head = json_integer_value (json_array_get (heads, (size_t) lane));
			if (at > head)
				return json_pack ("{ss ss sI sI sI}", "service", service, "source", source, "lane", (json_int_t) lane,
						  "cursor", (json_int_t) at, "head", (json_int_t) head);
		}
	}
	return NULL;
}

/* ---- is it one Postgres? ---- */

/* Every claim of a lane has a random epoch. A service whose claims are not in this Postgres writes to another one. */
static int one_look (void *ctx)
{
	PGconn *c = ctx;
	for (const char *const *s = services_all (); *s; s++) {
		char schema[40];
		struct answer a = ask_service (*s, "status", json_object ());
		if (a.state != ANSWER_DONE) { /* not there: its tables must be */
			json_decref (a.json);
			continue;
		}
		char *lanes = json_dumps (json_object_get (a.json, "lanes"), JSON_COMPACT);
		const char *path[] = { look_schema_of (*s, schema) }, *value[] = { lanes };
		PQclear (look_ask (c, "look_schema", path, 1));
		char *strangers = look_text (c, "backup_epochs", value, 1);
		bool same = strangers && !strcmp (strangers, "0");
		free (strangers);
		free (lanes);
		json_decref (a.json);
		if (!same) {
			fprintf (
				stderr,
				"crmctl backup: %s keeps its schema in another Postgres than this one; no backup can hold both at one moment. "
				"Back up each with its own tools, or bring the schemas together\n",
				*s);
			return 1;
		}
	}
	return 0;
}

/* ---- the parts ---- */

static bool part_file (const char *name, const char *path, int64_t size, char ret_hex[65])
{
	static unsigned char block[BLOCK];
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	crypto_hash_sha256_init (&state);
	archive_member (&backup.archive, name, size);
	int64_t left = size;
	for (ssize_t n; left && (n = read (fd, block, left < BLOCK ? (size_t) left : BLOCK)) > 0; left -= n) {
		crypto_hash_sha256_update (&state, block, (size_t) n);
		archive_add (&backup.archive, block, (size_t) n);
	}
	close (fd);
	crypto_hash_sha256_final (&state, digest);
	sodium_bin2hex (ret_hex, 65, digest, sizeof digest);
	if (left) { /* it became shorter under our hands */
		backup.archive.failed = true;
		snprintf (backup.archive.why, sizeof backup.archive.why, "%s became shorter while it was read", path);
	}
	return !left;
}

static bool dump_start (const char *dsn, const char *snapshot)
{
	static char program[256], shared[128], file[HOUSE_PATH + 128];
	const char *argv[48] = { postgres_program ("pg_dump", program, sizeof program), "--format=custom", "--no-password",
				 "--lock-wait-timeout=60000" };
	int n = 4;
	snprintf (shared, sizeof shared, "--snapshot=%s", snapshot);
	snprintf (file, sizeof file, "--file=%s", backup.dump);
	argv[n++] = shared;
	argv[n++] = file;
	for (const char *const *s = look_schemas (); *s && n < 44; s++) {
		argv[n++] = "--schema";
		argv[n++] = *s;
	}
	return postgres_run (argv, dsn, NULL);
}

static bool dump_take (PGconn *c)
{
	struct stat st;
	char hex[65], *snapshot = look_text (c, "backup_snapshot", NULL, 0);
	int64_t began = clock_monotonic ();
	int fd = open (backup.dump, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd >= 0)
		close (fd);
	bool good = fd >= 0 && snapshot && dump_start (backup.config.dsn, snapshot) && !stat (backup.dump, &st) && st.st_size;
	free (snapshot);
	if (!good)
		return fprintf (stderr, "crmctl backup: pg_dump did not succeed; nothing was written\n"), false;
	if (!part_file ("database.dump", backup.dump, st.st_size, hex))
		return false;
	json_object_set_new (backup.manifest, "dump",
			     json_pack ("{sI ss sI}", "size", (json_int_t) st.st_size, "sha256", hex, "ms",
					(json_int_t) (clock_monotonic () - began) / 1000));
	return true;
}

/* One file by its name, workspace/sha256. `passing`: whoever named it at the moment of the backup may be done with it and have dropped it since. */
static void file_take_in (const char *name, bool passing, crypto_hash_sha256_state *list)
{
	char path[HOUSE_PATH + 128], member[160], hex[65];
	struct stat st;
	snprintf (path, sizeof path, "%s/%s", backup.config.files, name);
	snprintf (member, sizeof member, "files/%s", name);
	const char *sha256 = strchr (name, '/');
	int64_t size;
	if (passing && access (path, F_OK) && errno == ENOENT)
		return;
	if (stat (path, &st) || !look_digest (path, hex, &size) || !sha256 || strcmp (sha256 + 1, hex)) {
		json_array_append_new (backup.missing, json_string (name));
		return;
	}
	if (!part_file (member, path, size, hex))
		return;
	crypto_hash_sha256_update (list, (const unsigned char *) name, strlen (name) + 1);
	backup.files++;
	backup.bytes += size;
}

/* Row by row, since there may be millions. */
static bool files_take (PGconn *c)
{
	const char *value[] = { look_schemas_array () };
	unsigned char digest[crypto_hash_sha256_BYTES];
	char hex[65], *query = look_text (c, "backup_files", value, 1);
	crypto_hash_sha256_state list;
	crypto_hash_sha256_init (&list);
	backup.missing = json_array ();
	bool good = true;
	if (query && PQsendQuery (c, query) && PQsetSingleRowMode (c))
		for (PGresult *r; (r = PQgetResult (c)); PQclear (r)) {
			if (PQresultStatus (r) == PGRES_SINGLE_TUPLE)
				file_take_in (PQgetvalue (r, 0, 0), *PQgetvalue (r, 0, 1) == 't', &list);
			else
				good = good && PQresultStatus (r) == PGRES_TUPLES_OK;
		}
	free (query);
	crypto_hash_sha256_final (&list, digest);
	sodium_bin2hex (hex, sizeof hex, digest, sizeof digest);
	json_object_set_new (backup.manifest, "files",
			     json_pack ("{sI sI ss sO}", "n", (json_int_t) backup.files, "bytes", (json_int_t) backup.bytes, "sha256", hex,
					"missing", backup.missing));
	if (!good)
		failed (c, "the files cannot be listed");
	return good;
}

static void manifest_take (void)
{
	char hex[65];
	unsigned char digest[crypto_hash_sha256_BYTES];
	if (backup.key) {
		char print[17];
		json_object_set_new (backup.manifest, "key",
				     json_pack ("{ss sb}", "print", key_print (backup.key, print), "inside", backup.with_key));
	}
	if (backup.key && backup.with_key)
		archive_text (&backup.archive, "key", backup.key);
	char *text = json_dumps (backup.manifest, JSON_INDENT (1) | JSON_SORT_KEYS);
	crypto_hash_sha256 (digest, (const unsigned char *) text, strlen (text));
	archive_text (&backup.archive, "manifest.json", text);
	archive_text (&backup.archive, "manifest.sha256", sodium_bin2hex (hex, sizeof hex, digest, sizeof digest));
	free (text);
}

/* ---- one moment ---- */

static bool counted (PGconn *c)
{
	json_t *tables = manifest_tables (c), *lanes = tables ? manifest_lanes (c) : NULL, *beyond = lanes ? manifest_beyond (lanes) : NULL;
	if (!lanes)
		return false;
	json_object_set_new (backup.manifest, "tables", tables);
	json_object_set_new (backup.manifest, "services", lanes);
	if (!beyond)
		return true;
	char *text = json_dumps (beyond, JSON_COMPACT);
	fprintf (stderr, "crmctl backup: a cursor is beyond its source's log, so this is no whole state: %s; see crmctl doctor\n", text);
	free (text);
	json_decref (beyond);
	return false;
}

static bool moment_take (PGconn *c)
{
	PGresult *r = look_ask (c, "backup_begin", NULL, 0);
	PQclear (r);
	json_t *server = r && manifest_settings (c) ? look_json (c, "backup_server", NULL, 0) : NULL;
	if (!server)
		return failed (c, "Postgres"), false;
	backup.manifest = json_pack ("{si ss so}", "format", BACKUP_FORMAT, "product", "leadwire", "schemas", json_array ());
	json_object_update_missing (backup.manifest, server);
	json_decref (server);
	for (const char *const *s = look_schemas (); *s; s++)
		json_array_append_new (json_object_get (backup.manifest, "schemas"), json_string (*s));
	if (!dump_take (c) || !counted (c) || !files_take (c))
		return false;
	PQclear (look_ask (c, "backup_end", NULL, 0));
	manifest_take ();
	return true;
}

/* A folder: a file in it that is named by the moment. */
static bool target_find (const char *target)
{
	struct stat st;
	size_t n = strlen (target);
	if (!stat (target, &st) && S_ISDIR (st.st_mode)) {
		char stamp[32];
		time_t now = (time_t) (clock_now () / 1000000);
		struct tm tm;
		strftime (stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", gmtime_r (&now, &tm));
		snprintf (backup.path, sizeof backup.path, "%s%sleadwire-%s.tar", target, n && target[n - 1] == '/' ? "" : "/", stamp);
	} else
		snprintf (backup.path, sizeof backup.path, "%s", target);
	snprintf (backup.dump, sizeof backup.dump, "%s.dump.partial", backup.path);
	if (!access (backup.path, F_OK))
		return fprintf (stderr, "crmctl backup: %s is there already\n", backup.path), false;
	return true;
}

static void key_find (void)
{
	static char text[80];
	char path[HOUSE_PATH + 64];
	backup.key = backup.config.key && *backup.config.key ? backup.config.key : NULL;
	snprintf (path, sizeof path, "%s/key", backup.house.secrets);
	FILE *file = backup.key ? NULL : fopen (path, "re");
	if (!file)
		return;
	if (fgets (text, sizeof text, file)) {
		text[strcspn (text, "\n")] = 0;
		backup.key = text;
	}
	fclose (file);
}

static void backup_say (const struct stat *st)
{
	int64_t rows = 0, ms = (clock_monotonic () - backup.began) / 1000;
	const char *name;
	json_t *o;
	json_object_foreach (json_object_get (backup.manifest, "tables"), name, o)
	{
		rows += json_integer_value (json_object_get (o, "rows"));
	}
	if (backup.json) {
		json_line (json_pack ("{ss sI sI sI sI sI sO sO}", "file", backup.path, "bytes", (json_int_t) st->st_size, "rows",
				      (json_int_t) rows, "files", (json_int_t) backup.files, "missing",
				      (json_int_t) json_array_size (backup.missing), "ms", (json_int_t) ms, "at",
				      json_object_get (backup.manifest, "at"), "services", json_object_get (backup.manifest, "services")));
		return;
	}
	printf ("%s: %lld rows in %zu tables and %lld files as of %s; %lld MiB in %lld.%lld s\n", backup.path, (long long) rows,
		json_object_size (json_object_get (backup.manifest, "tables")), (long long) backup.files,
		json_string_value (json_object_get (backup.manifest, "at")), (long long) st->st_size / 1048576, (long long) ms / 1000,
		(long long) ms % 1000 / 100);
	if (backup.key && !backup.with_key)
		printf ("The key that seals secrets is not in it: keep %s/key somewhere else, or say --with-key.\n", backup.house.secrets);
}

static int backup_take (PGconn *c)
{
	struct stat st;
	bool good = archive_create (&backup.archive, backup.path) && moment_take (c);
	unlink (backup.dump);
	if (!good) {
		if (backup.archive.failed)
			fprintf (stderr, "crmctl backup: %s\n", backup.archive.why);
		archive_drop (&backup.archive);
		return 1;
	}
	if (!archive_finish (&backup.archive) || stat (backup.path, &st)) {
		fprintf (stderr, "crmctl backup: %s\n", backup.archive.why);
		return 1;
	}
	backup_say (&st);
	size_t missing = json_array_size (backup.missing);
	if (missing)
		fprintf (stderr, "crmctl backup: %zu file%s that rows name %s missing or damaged on disk, so they are not in it: %s\n",
			 missing, missing > 1 ? "s" : "", missing > 1 ? "are" : "is",
			 json_string_value (json_array_get (backup.missing, 0)));
	return missing > 0;
}

int crmctl_backup (int argc, char **argv)
{
	const struct word words[] = { { "json", NULL, &backup.json },
				      { "with-key", NULL, &backup.with_key },
				      { "var", &backup.var, NULL } };
	char why[300];
	if (words_read (argc, argv, words, LENGTH (words)) != 1) {
		fprintf (stderr, "usage: crmctl backup FILE|FOLDER [--with-key] [--json] [--var DIR]\n");
		return 2;
	}
	backup.began = clock_monotonic ();
	house_find (&backup.house, backup.var);
	if (!ask_config (backup.var, &backup.config) || !target_find (argv[1]))
		return 1;
	key_find ();
	PGconn *c = look_open (backup.config.dsn, NULL, "crmctl backup", why);
	if (!c)
		return fprintf (stderr, "crmctl backup: Postgres: %s\n", why), 1;
	int exit_code = ask_run (backup.var, one_look, c);
	if (!exit_code)
		exit_code = backup_take (c);
	PQfinish (c);
	return exit_code;
}
