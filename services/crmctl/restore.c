/* crmctl restore: a backup into an empty folder (or an empty Postgres), counted and summed again; --check: the same in a scratch place, or at
 * least every byte against the manifest. It must never touch an instance that holds something, nor say that a backup is whole unseen. */
#include "backup.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"
#include "postgres.h"
#include "uuid.h"
#include "verbs.h"

enum { BLOCK = 256 * 1024, TEXT_MOST = 256 * 1024 * 1024, WAIT = 60 /* s */ };

static struct {
	const char *var, *dsn, *files_dir, *key_path;
	bool json, check, quick;
	struct house house;
	char files[HOUSE_PATH + 32], dump[HOUSE_PATH + 64], scratch[HOUSE_PATH], superuser[1300];
	struct archive archive;
	json_t *manifest;
	char manifest_sum[65], dump_sum[65], names_sum[65], *key;
	char sum_said[72];
	int64_t dump_size, n_files, n_bytes;
	pid_t server;
	bool made;     /* the folder is ours to speak of */
	bool verified; /* the rows were counted, too */
} restore;

static bool no (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
static bool no (const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	fprintf (stderr, "crmctl restore: ");
	vfprintf (stderr, format, ap);
	fputc ('\n', stderr);
	va_end (ap);
	return false;
}

/* ---- the archive, from front to back ---- */

/* The member's bytes into a file (null: nowhere), and their sum. */
static bool member_copy (const char *path, char ret_hex[65])
{
	static unsigned char block[BLOCK];
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	int fd = path ? open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
	int64_t n;
	if (path && fd < 0)
		return no ("%s cannot be made: %s", path, strerror (errno));
	crypto_hash_sha256_init (&state);
	bool good = true;
	while ((n = archive_read (&restore.archive, block, sizeof block)) > 0) {
		crypto_hash_sha256_update (&state, block, (size_t) n);
		good = good && (fd < 0 || write (fd, block, (size_t) n) == n);
	}
	good = good && (fd < 0 || !fsync (fd));
	if (fd >= 0)
		close (fd);
	crypto_hash_sha256_final (&state, digest);
	sodium_bin2hex (ret_hex, 65, digest, sizeof digest);
	if (n < 0)
		return no ("%s", restore.archive.why);
	return good || no ("%s cannot be written: %s", path, strerror (errno));
}

static char *member_text (int64_t size, char ret_hex[65])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	if (size > TEXT_MOST)
		return no ("a text in it is too long"), NULL;
	char *text = heap_alloc ((size_t) size + 1);
	int64_t n = 0, got;
	while (n < size && (got = archive_read (&restore.archive, text + n, (size_t) (size - n))) > 0)
		n += got;
	crypto_hash_sha256 (digest, (const unsigned char *) text, (size_t) n);
	sodium_bin2hex (ret_hex, 65, digest, sizeof digest);
	return n == size ? text : (no ("%s", restore.archive.why), NULL);
}

/* files/workspace/sha256, and nothing else in a path. */
static bool file_member (const char *name, crypto_hash_sha256_state *names)
{
	char folder[HOUSE_PATH + 128], path[HOUSE_PATH + 256], hex[65], id[UUID_TEXT];
	const char *inner = name + strlen ("files/"), *slash = strchr (inner, '/');
	struct uuid workspace;
	if (!slash || slash - inner != UUID_TEXT - 1 || strlen (slash + 1) != 64 || strspn (slash + 1, "0123456789abcdef") != 64)
		return no ("%s is no name of a file", name);
	memcpy (id, inner, UUID_TEXT - 1);
	id[UUID_TEXT - 1] = 0;
	if (uuid_parse (id, &workspace) != OK)
		return no ("%s is no name of a file", name);
	snprintf (folder, sizeof folder, "%s/%s", restore.files, id);
	snprintf (path, sizeof path, "%s/%s", folder, slash + 1);
	bool keep = *restore.files;
	if (keep && mkdir (folder, 0750) && errno != EEXIST)
		return no ("%s cannot be made: %s", folder, strerror (errno));
	if (!member_copy (keep ? path : NULL, hex))
		return false;
	if (strcmp (hex, slash + 1))
		return no ("%s is damaged: its SHA-256 is %s", name, hex);
	crypto_hash_sha256_update (names, (const unsigned char *) inner, strlen (inner) + 1);
	restore.n_files++;
	return true;
}

static bool member_take (const char *name, int64_t size, crypto_hash_sha256_state *names)
{
	char hex[65], *text;
	if (!strncmp (name, "files/", 6)) {
		restore.n_bytes += size;
		return file_member (name, names);
	}
	if (!strcmp (name, "database.dump")) {
		restore.dump_size = size;
		return member_copy (*restore.dump ? restore.dump : NULL, restore.dump_sum);
	}
	if (!strcmp (name, "manifest.json")) {
		json_decref (restore.manifest);
		text = member_text (size, restore.manifest_sum);
		restore.manifest = text ? json_loads (text, 0, NULL) : NULL;
		heap_free (text);
		return restore.manifest || no ("its manifest cannot be read");
	}
	if (strcmp (name, "manifest.sha256") && strcmp (name, "key"))
		return no ("%s does not belong into a backup", name);
	text = member_text (size, hex);
	if (text && !strcmp (name, "key"))
		restore.key = restore.key ? restore.key : text;
	else if (text)
		snprintf (restore.sum_said, sizeof restore.sum_said, "%s", text);
	return text != NULL;
}

/* The small members alone, so that a key that is missing is told before anything is made. */
static bool manifest_find (const char *path)
{
	char name[ARCHIVE_NAME];
	int64_t size;
	bool good = archive_open (&restore.archive, path);
	while (good && archive_next (&restore.archive, name, &size))
		if (!strcmp (name, "manifest.json") || !strcmp (name, "manifest.sha256") || !strcmp (name, "key"))
			good = member_take (name, size, NULL);
	if (restore.archive.failed)
		good = no ("%s", restore.archive.why);
	archive_close (&restore.archive);
	return good;
}

static bool archive_take (const char *path)
{
	char name[ARCHIVE_NAME];
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state names;
	int64_t size;
	bool good = archive_open (&restore.archive, path);
	if (!good)
		return no ("%s", restore.archive.why);
	crypto_hash_sha256_init (&names);
	while (good && archive_next (&restore.archive, name, &size))
		good = member_take (name, size, &names);
	if (good && restore.archive.failed)
		good = no ("%s", restore.archive.why);
	archive_close (&restore.archive);
	crypto_hash_sha256_final (&names, digest);
	sodium_bin2hex (restore.names_sum, sizeof restore.names_sum, digest, sizeof digest);
	return good;
}

/* ---- what the manifest says ---- */

static int64_t said (const char *object, const char *name)
{
	return json_integer_value (json_object_get (json_object_get (restore.manifest, object), name));
}

static const char *said_text (const char *object, const char *name)
{
	const char *text = json_string_value (json_object_get (json_object_get (restore.manifest, object), name));
	return text ? text : "";
}

static bool manifest_check (void)
{
	if (!restore.manifest)
		return no ("it has no manifest: it was never finished, or is cut");
	if (strcmp (restore.manifest_sum, restore.sum_said))
		return no ("its manifest is damaged");
	return json_integer_value (json_object_get (restore.manifest, "format")) == BACKUP_FORMAT ||
	       no ("it is of a format that this crmctl does not know");
}

static bool contents_check (void)
{
	if (strcmp (restore.dump_sum, said_text ("dump", "sha256")) || restore.dump_size != said ("dump", "size"))
		return no ("database.dump is damaged: its SHA-256 is not the manifest's");
	if (restore.n_files != said ("files", "n") || restore.n_bytes != said ("files", "bytes") ||
	    strcmp (restore.names_sum, said_text ("files", "sha256")))
		return no ("its files are not those of the manifest: %lld of %lld", (long long) restore.n_files,
			   (long long) said ("files", "n"));
	json_t *beyond = manifest_beyond (json_object_get (restore.manifest, "services"));
	if (beyond) {
		json_decref (beyond);
		return no ("a cursor in it is beyond its source's log");
	}
	return true;
}

/* The key the secrets were sealed with: in the backup, or given. */
static bool key_check (void)
{
	char print[17];
	const char *wanted = said_text ("key", "print");
	if (restore.key_path) {
		FILE *file = fopen (restore.key_path, "re");
		char *text = heap_alloc (80);
		if (file && fgets (text, 80, file))
			text[strcspn (text, "\n")] = 0;
		if (file)
			fclose (file);
		restore.key = text;
	}
	if (!*wanted || restore.check)
		return !restore.key || !*wanted || !strcmp (key_print (restore.key, print), wanted) ||
		       no ("the key is not the one that sealed its secrets");
	if (!restore.key)
		return no (
			"the key that sealed its secrets is not in it; give it with --key FILE (it stood in secrets/key of the instance)");
	return !strcmp (key_print (restore.key, print), wanted) || no ("the key is not the one that sealed its secrets");
}

/* ---- a server to put it into ---- */

static bool server_start (void)
{
	static struct postgres p;
	char log[HOUSE_PATH + 64];
	snprintf (log, sizeof log, "%s/restore.log", restore.house.log);
	if (!postgres_prepare (&p, &restore.house))
		return false;
	fflush (NULL);
	pid_t parent = getpid ();
	restore.server = fork ();
	if (!restore.server) {
		int out = open (log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		dup2 (out, STDOUT_FILENO);
		dup2 (out, STDERR_FILENO);
		setpgid (0, 0);
		if (!getuid () && (setgid (p.gid) || setuid (p.uid)))
			_exit (126);
		prctl (PR_SET_PDEATHSIG, SIGINT);
		if (getppid () != parent || chdir ("/"))
			_exit (126);
		execv (p.argv[0], p.argv);
		_exit (127);
	}
	for (int64_t limit = clock_monotonic () + WAIT * 1000000LL; !postgres_answers (p.dsn);) {
		if (restore.server < 0 || waitpid (restore.server, NULL, WNOHANG) || clock_monotonic () > limit)
			return no ("Postgres does not start; see %s", log);
		nanosleep (&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	snprintf (restore.superuser, sizeof restore.superuser, "%s user=postgres", p.dsn);
	return postgres_roles (p.dsn, true);
}

static void server_stop (void)
{
	if (restore.server <= 0)
		return;
	kill (restore.server, SIGINT);
	while (waitpid (restore.server, NULL, 0) < 0 && errno == EINTR)
		;
	restore.server = 0;
}

static bool room_make (PGconn *c)
{
	const char *value[] = { look_schemas_array () };
	char *taken = look_text (c, "restore_taken", value, 1);
	bool empty = taken && !strcmp (taken, "0");
	free (taken);
	if (!empty)
		return no ("there are tables already; a backup goes into an empty instance only");
	PGresult *r = look_ask (c, "restore_schemas", value, 1);
	PQclear (r);
	r = r ? look_ask_text (c, text_named ("restore_room")) : NULL;
	PQclear (r);
	return r || no ("%s", look_why (c));
}

static bool rows_load (void)
{
	static char program[256], log[HOUSE_PATH + 64], jobs[16];
	long cores = sysconf (_SC_NPROCESSORS_ONLN);
	snprintf (jobs, sizeof jobs, "--jobs=%ld", cores > 4 ? 4 : cores < 1 ? 1 : cores);
	snprintf (log, sizeof log, "%s/restore.log", restore.house.log);
	PQconninfoOption *option = PQconninfoParse (restore.superuser, NULL);
	const char *database = "crm";
	for (PQconninfoOption *o = option; o && o->keyword; o++)
		if (!strcmp (o->keyword, "dbname") && o->val)
			database = heap_text (o->val);
	PQconninfoFree (option);
	const char *argv[] = { postgres_program ("pg_restore", program, sizeof program),
			       "--exit-on-error",
			       "--no-password",
			       jobs,
			       "--dbname",
			       database,
			       restore.dump,
			       NULL };
	const char *where = restore.dsn ? NULL : log;
	return postgres_run (argv, restore.superuser, where) ||
	       no ("pg_restore did not succeed%s%s", where ? "; see " : "", where ? log : "");
}

static bool tables_same (json_t *is)
{
	json_t *was = json_object_get (restore.manifest, "tables"), *o;
	const char *name;
	json_object_foreach (was, name, o)
	{
		json_t *now = json_object_get (is, name);
		if (!now)
			return no ("table %s did not come back", name);
		if (!json_equal (now, o))
			return no ("table %s is not what it was: %lld rows of %lld, or other contents", name,
				   (long long) json_integer_value (json_object_get (now, "rows")),
				   (long long) json_integer_value (json_object_get (o, "rows")));
	}
	return json_object_size (is) == json_object_size (was) || no ("there are tables that the backup did not have");
}

static bool rows_verify (PGconn *c)
{
	if (!manifest_settings (c))
		return no ("%s", look_why (c));
	json_t *tables = manifest_tables (c), *lanes = tables ? manifest_lanes (c) : NULL;
	bool good = lanes && tables_same (tables);
	if (good && !json_equal (lanes, json_object_get (restore.manifest, "services")))
		good = no ("lanes, cursors or migrations are not what they were");
	json_t *beyond = good ? manifest_beyond (lanes) : NULL;
	if (beyond)
		good = no ("a cursor is beyond its source's log");
	json_decref (beyond);
	json_decref (tables);
	json_decref (lanes);
	restore.verified = good;
	return good;
}

static bool database_restore (void)
{
	char why[300];
	if (restore.dsn)
		snprintf (restore.superuser, sizeof restore.superuser, "%s", restore.dsn);
	if (restore.dsn ? !postgres_roles (restore.dsn, false) : !server_start ())
		return false;
	PGconn *c = look_open (restore.superuser, NULL, "crmctl restore", why);
	if (!c)
		return no ("Postgres: %s", why);
	bool good = room_make (c) && rows_load ();
	if (good) {
		PQclear (look_ask (c, "restore_settle", NULL, 0));
		good = rows_verify (c);
	}
	PQfinish (c);
	return good;
}

/* ---- where to ---- */

static bool folder_empty (const char *path)
{
	DIR *dir = opendir (path);
	bool empty = true;
	if (!dir)
		return errno == ENOENT;
	for (struct dirent *e; empty && (e = readdir (dir));)
		empty = !strcmp (e->d_name, ".") || !strcmp (e->d_name, "..");
	closedir (dir);
	return empty;
}

static int entry_remove (const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void) st, (void) type, (void) ftw;
	return remove (path);
}

static void folder_remove (const char *path)
{
	if (nftw (path, entry_remove, 32, FTW_DEPTH | FTW_PHYS))
		fprintf (stderr, "crmctl restore: %s could not be removed: %s\n", path, strerror (errno));
}

static bool house_lock (void)
{
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/lock", restore.house.run);
	int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	return (fd >= 0 && !flock (fd, LOCK_EX | LOCK_NB)) || no ("%s is in use", restore.house.var);
}

static bool house_new (const char *var)
{
	house_find (&restore.house, var);
	if (!folder_empty (restore.house.var))
		return no ("%s is not empty; a backup goes into an empty folder only", restore.house.var);
	restore.made = true;
	if (!house_make (&restore.house))
		return false;
	house_find (&restore.house, var); /* once more, now that its real name can be known */
	if (!house_make (&restore.house) || !house_lock ())
		return false;
	snprintf (restore.dump, sizeof restore.dump, "%s/database.dump", restore.house.run);
	return true;
}

/* Room for a look: a folder that goes away again. */
static bool scratch_make (void)
{
	const char *tmp = getenv ("TMPDIR");
	snprintf (restore.scratch, sizeof restore.scratch, "%s/leadwire-check-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
	if (!mkdtemp (restore.scratch) || chmod (restore.scratch, 0755)) /* Postgres' own user passes through */
		return no ("%s cannot be made: %s", restore.scratch, strerror (errno));
	return house_new (restore.scratch);
}

static bool outside_make (void)
{
	snprintf (restore.files, sizeof restore.files, "%s", restore.files_dir);
	snprintf (restore.dump, sizeof restore.dump, "%s/.database.dump", restore.files_dir);
	return true;
}

static bool key_write (void)
{
	char path[HOUSE_PATH + 64];
	if (!restore.key || restore.dsn || restore.check)
		return true;
	snprintf (path, sizeof path, "%s/key", restore.house.secrets);
	int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = fd >= 0 && dprintf (fd, "%s", restore.key) == (int) strlen (restore.key) && !fsync (fd);
	if (fd >= 0)
		close (fd);
	return good || no ("%s cannot be written: %s", path, strerror (errno));
}

/* ---- the verb ---- */

static bool server_installed (void)
{
	char program[256];
	return *postgres_program ("initdb", program, sizeof program) == '/';
}

static bool restore_run (const char *path)
{
	if (!manifest_find (path) || !manifest_check () || !key_check ())
		return false;
	bool look_only = restore.check && (restore.quick || !server_installed ());
	if (!look_only && !(restore.check ? scratch_make () : restore.dsn ? outside_make () : house_new (restore.var)))
		return false;
	if (!look_only && !restore.check && !restore.dsn)
		snprintf (restore.files, sizeof restore.files, "%s", restore.house.files);
	if (!archive_take (path) || !contents_check ())
		return false;
	return look_only || (key_write () && database_restore ());
}

static void restore_say (const char *path)
{
	int64_t rows = 0;
	const char *name;
	json_t *o, *tables = json_object_get (restore.manifest, "tables");
	json_object_foreach (tables, name, o)
	{
		rows += json_integer_value (json_object_get (o, "rows"));
	}
	if (restore.json) {
		json_line (json_pack ("{ss sb sb sI sI sO sO sO}", "file", path, "whole", 1, "rows_verified", restore.verified, "rows",
				      (json_int_t) rows, "files", (json_int_t) restore.n_files, "at",
				      json_object_get (restore.manifest, "at"), "services", json_object_get (restore.manifest, "services"),
				      "tables", tables));
		return;
	}
	printf ("%s is whole, as of %s: %lld rows in %zu tables, %lld files; ", path,
		json_string_value (json_object_get (restore.manifest, "at")), (long long) rows, json_object_size (tables),
		(long long) restore.n_files);
	printf ("%s\n", restore.verified ? "every table and lane was put back and is what it was"
					 : "every byte is what it was (the rows were not put back)");
	if (!restore.check && !restore.dsn)
		printf ("It stands in %s; next: crmctl up --var %s\n", restore.house.var, restore.house.var);
}

static int usage (void)
{
	fprintf (
		stderr,
		"usage: crmctl restore FILE --var EMPTY-FOLDER [--key FILE] [--json]\n"
		"       crmctl restore FILE --dsn SUPERUSER-DSN --files FOLDER [--json]     into an empty database elsewhere\n"
		"       crmctl restore --check FILE [--quick] [--json]                      is it whole? --quick: without a scratch Postgres\n");
	return 2;
}

int crmctl_restore (int argc, char **argv)
{
	const struct word words[] = {
		{ "json", NULL, &restore.json },    { "check", NULL, &restore.check }, { "quick", NULL, &restore.quick },
		{ "var", &restore.var, NULL },	    { "dsn", &restore.dsn, NULL },     { "files", &restore.files_dir, NULL },
		{ "key", &restore.key_path, NULL },
	};
	int n = words_read (argc, argv, words, LENGTH (words));
	bool somewhere = restore.var || (restore.dsn && restore.files_dir);
	if (n != 1 || (!restore.check && !somewhere) || (restore.var && restore.dsn))
		return usage ();
	if (sodium_init () < 0)
		return 1;
	bool good = restore_run (argv[1]);
	server_stop ();
	if (*restore.dump)
		unlink (restore.dump);
	if (*restore.scratch)
		folder_remove (restore.scratch);
	if (good)
		restore_say (argv[1]);
	else if (!restore.check && restore.made)
		fprintf (stderr, "crmctl restore: what stands in %s is not whole; remove it before you try again\n", restore.house.var);
	return !good;
}
