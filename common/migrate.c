/* The schema's own house-keeping: which migrations were run, which are wanted, who would be broken by one.
 * It must never run a migration that a living process cannot bear, nor let a binary work on a schema that says it is too old for it. */
#include "migrate.h"

#include <elf.h>
#include <jansson.h>
#include <link.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bus_sql.h"
#include "clock.h"
#include "db.h"
#include "log.h"

static const char migration_table[] =
	"create table if not exists migration (origin text not null, number int not null, name text not null, sum text not null, "
	"at timestamptz not null default now(), primary key (origin, number));"
	"alter table migration add column if not exists min_binary int not null default 0;"
	"comment on table migration is 'What was done to this schema, and when';"
	"comment on column migration.origin is 'bus: tables every service has; service: its own';"
	"comment on column migration.number is 'order';"
	"comment on column migration.name is 'its file';"
	"comment on column migration.sum is 'BLAKE2b of its text: a landed migration never changes';"
	"comment on column migration.at is 'when';"
	"comment on column migration.min_binary is 'the last migration (of this origin) that a binary must know to work with it; 0: any can';"
	"create table if not exists program (member text primary key, bus int not null, service int not null, build text not null, "
	"at timestamptz not null);"
	"comment on table program is 'What each process knows of the migrations, so that none is run that a living one cannot bear';"
	"comment on column program.member is 'service.replica';"
	"comment on column program.bus is 'the last migration of the tables every service has that its binary knows';"
	"comment on column program.service is 'the last of the service''s own';"
	"comment on column program.build is 'which build it is: the linker''s id';"
	"comment on column program.at is 'when it started';";

/* What every transaction here begins with: one that cannot have its lock lets the others go on and comes again. */
static const char lock_limit[] = "set local lock_timeout = '5s';\n";

static void sum_of (const char *text, char ret[33])
{
	unsigned char sum[16];
	crypto_generichash (sum, sizeof sum, (const unsigned char *) text, strlen (text), NULL, 0);
	sodium_bin2hex (ret, 33, sum, sizeof sum);
}

/* The line `-- min_binary: 7` of a migration that breaks binaries which do not know migration 7 of its folder; 0: it breaks none. */
static int min_binary_of (const struct migration *m)
{
	static const char line[] = "-- min_binary:";
	const char *at = strstr (m->text, line);
	return at && (at == m->text || at[-1] == '\n') ? (int) strtol (at + sizeof line - 1, NULL, 10) : 0;
}

static int last_of (const struct sql_file *file)
{
	return file->n_migrations ? file->migrations[file->n_migrations - 1].number : 0;
}

static int build_take (struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void) size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_NOTE)
			continue;
		const char *at = (const char *) info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, *end = at + info->dlpi_phdr[i].p_memsz;
		while (at + sizeof (ElfW (Nhdr)) < end) {
			const ElfW (Nhdr) *note = (const ElfW (Nhdr) *) (const void *) at;
			const char *name = at + sizeof *note, *text = name + (note->n_namesz + 3) / 4 * 4;
			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && !memcmp (name, "GNU", 4) &&
			    note->n_descsz * 2 < BUILD_TEXT)
				sodium_bin2hex (ctx, BUILD_TEXT, (const unsigned char *) text, note->n_descsz);
			at = text + (note->n_descsz + 3) / 4 * 4;
		}
	}
	return 1; /* the first object is the program itself */
}

static const char *build_id (char ret[BUILD_TEXT])
{
	*ret = 0;
	dl_iterate_phdr (build_take, ret);
	return ret;
}

static void version_add (json_t *list, const char *origin, const struct sql_file *file)
{
	for (size_t i = 0; i < file->n_migrations; i++) {
		const struct migration *m = &file->migrations[i];
		char sum[33];
		sum_of (m->text, sum);
		json_array_append_new (list, json_pack ("{ss si ss ss si}", "origin", origin, "number", m->number, "name", m->name, "sum",
							sum, "min_binary", min_binary_of (m)));
	}
}

void migrate_version (const struct service *service)
{
	char build[BUILD_TEXT];
	json_t *list = json_array ();
	version_add (list, "bus", &bus_sql);
	version_add (list, "service", service->sql);
	json_t *o = json_pack ("{ss ss so}", "service", service->schema, "build", build_id (build), "migrations", list);
	char *text = json_dumps (o, JSON_COMPACT);
	puts (text ? text : "{}");
	free (text);
	json_decref (o);
}

/* ---- one go ---- */

struct migrating {
	struct app *app;
	struct db db;
	char *why;
};

static enum status why_db (struct migrating *m, const char *what, enum status status)
{
	snprintf (m->why, MIGRATE_WHY, "%s: %s", what, m->db.error);
	return status;
}

static enum status elders_refuse (struct migrating *m, const char *origin, const struct migration *move, int min_binary)
{
	unsigned char room[8];
	struct db_param p[] = { db_textp (origin), db_i32 (min_binary, room), db_textp (m->app->shared.member) };
	PGresult *r = db_run (&m->db, &migration_elders_statement, p, 3);
	if (!r)
		return why_db (m, "the processes that live cannot be read", FAULT);
	struct bytes who = db_bytes (r, 0, 0);
	enum status status = OK;
	if (who.n) {
		snprintf (m->why, MIGRATE_WHY,
			  "migration %s %s would break %.*s, which lives and does not know it; it is run when that has stopped", origin,
			  move->name, (int) who.n, (const char *) who.at);
		status = REFUSED;
	}
	PQclear (r);
	return status;
}

/* The migration and the row that says so are one transaction. */
static enum status migration_run (struct migrating *m, const char *origin, const struct migration *move, const char *sum, int min_binary)
{
	struct buffer sql = { 0 };
	buffer_printf (&sql, "begin;\n%s%s", lock_limit, move->text);
	buffer_printf (&sql, ";\ninsert into migration (origin, number, name, sum, min_binary) values ('%s', %d, '%s', '%s', %d);\ncommit;",
		       origin, move->number, move->name, sum, min_binary);
	buffer_add (&sql, "", 1);
	int64_t began = clock_monotonic ();
	enum status status = db_script (&m->db, (const char *) sql.at);
	buffer_fini (&sql);
	if (status == OK) {
		log_info ("migrated", LOG_T ("origin", origin), LOG_T ("name", move->name),
			  LOG_N ("ms", (clock_monotonic () - began) / 1000));
		return OK;
	}
	char what[160];
	snprintf (what, sizeof what, "migration %s %s failed, nothing was changed", origin, move->name);
	status = why_db (m, what, status);
	return db_alive (&m->db) && db_script (&m->db, "rollback") == OK ? status : FAULT;
}

static enum status migration_one (struct migrating *m, const char *origin, const struct migration *move)
{
	char sum[33];
	unsigned char room[8];
	int min_binary = min_binary_of (move);
	sum_of (move->text, sum);
	struct db_param p[] = { db_textp (origin), db_i32 (move->number, room) };
	PGresult *r = db_run (&m->db, &migration_done_statement, p, 2);
	if (!r)
		return why_db (m, "the migrations that were run cannot be read", FAULT);
	bool there = PQntuples (r) == 1;
	struct bytes ran = there ? db_bytes (r, 0, 0) : (struct bytes){ 0 };
	bool same = ran.n == strlen (sum) && !memcmp (ran.at, sum, ran.n);
	PQclear (r);
	if (there && !same) {
		snprintf (m->why, MIGRATE_WHY, "migration %s %s was changed after it was run here; add a new one instead", origin,
			  move->name);
		return REFUSED;
	}
	if (there)
		return OK;
	enum status status = min_binary ? elders_refuse (m, origin, move, min_binary) : OK;
	return status == OK ? migration_run (m, origin, move, sum, min_binary) : status;
}

/* Is this binary too old for what was done here? */
static enum status ahead_refuse (struct migrating *m)
{
	unsigned char room[2][8];
	struct db_param p[] = { db_i32 (last_of (&bus_sql), room[0]), db_i32 (last_of (m->app->service->sql), room[1]) };
	PGresult *r = db_run (&m->db, &migration_ahead_statement, p, 2);
	if (!r)
		return why_db (m, "the migrations that were run cannot be read", FAULT);
	enum status status = PQntuples (r) ? REFUSED : OK;
	if (status == REFUSED) {
		struct bytes name = db_bytes (r, 0, 0);
		snprintf (m->why, MIGRATE_WHY,
			  "the schema is ahead of this binary: %.*s wants one that knows migration %lld; start a newer one", (int) name.n,
			  (const char *) name.at, (long long) db_int (r, 0, 1));
	}
	PQclear (r);
	return status;
}

static enum status program_note (struct migrating *m)
{
	char build[BUILD_TEXT];
	unsigned char room[2][8];
	struct db_param p[] = { db_textp (m->app->shared.member), db_i32 (last_of (&bus_sql), room[0]),
				db_i32 (last_of (m->app->service->sql), room[1]), db_textp (build_id (build)) };
	PGresult *r = db_run (&m->db, &program_note_statement, p, 4);
	bool good = r != NULL;
	PQclear (r);
	return good ? OK : why_db (m, "this process cannot note what it knows", FAULT);
}

static enum status tables_make (struct migrating *m)
{
	PGresult *r = db_run (&m->db, &migration_ready_statement, NULL, 0);
	if (!r)
		return why_db (m, "the schema cannot be looked at", FAULT);
	bool ready = db_int (r, 0, 0);
	PQclear (r);
	enum status status = ready ? OK : db_script (&m->db, migration_table);
	return status == OK ? OK : why_db (m, "the schema cannot be made ready", status);
}

static enum status schema_make (struct migrating *m)
{
	const struct service *s = m->app->service;
	enum status status = tables_make (m);
	if (status == OK)
		status = ahead_refuse (m);
	for (size_t i = 0; status == OK && i < bus_sql.n_migrations; i++)
		status = migration_one (m, "bus", &bus_sql.migrations[i]);
	for (size_t i = 0; status == OK && i < s->sql->n_migrations; i++)
		status = migration_one (m, "service", &s->sql->migrations[i]);
	if (status == OK)
		status = program_note (m);
	if (status == OK && db_script (&m->db, "deallocate all") != OK) /* each is prepared again, to be looked at */
		status = why_db (m, "the statements cannot be checked", FAULT);
	if (status == OK && !(sql_check (&m->db, &bus_sql) && sql_check (&m->db, s->sql))) {
		snprintf (m->why, MIGRATE_WHY, "a statement does not fit the schema; the log says which");
		status = db_alive (&m->db) ? REFUSED : FAULT;
	}
	return status;
}

enum status migrate_once (struct app *a, char ret_why[MIGRATE_WHY])
{
	struct migrating m = { .app = a, .why = ret_why };
	char name[80];
	*ret_why = 0;
	snprintf (name, sizeof name, "%s setup", a->shared.member);
	enum status status = db_open (&m.db, a->config.dsn, a->service->schema, name);
	if (status != OK)
		return why_db (&m, "Postgres is away", FAULT);
	/* Replicas take turns. */
	status = db_script (&m.db, "select pg_advisory_lock(hashtext(current_schema()), 1000)");
	status = status == OK ? schema_make (&m) : why_db (&m, "the schema cannot be locked", status);
	db_close (&m.db);
	buffer_fini (&m.db.scratch);
	return status;
}

/* ---- until it is done ---- */

static struct {
	pthread_mutex_t lock;
	char why[MIGRATE_WHY];
	bool done;
	uv_async_t wake;
} self = { .lock = PTHREAD_MUTEX_INITIALIZER };

void migrate_why (char ret_why[MIGRATE_WHY])
{
	pthread_mutex_lock (&self.lock);
	memcpy (ret_why, self.why, MIGRATE_WHY);
	pthread_mutex_unlock (&self.lock);
}

static void why_keep (const char *why, bool done)
{
	pthread_mutex_lock (&self.lock);
	snprintf (self.why, sizeof self.why, "%s", why);
	self.done = done;
	pthread_mutex_unlock (&self.lock);
}

/* Away: looked for twenty times a second, since being ready soon counts. Refused: people must act, so every two seconds is enough. */
static void *migrate_run (void *ctx)
{
	struct app *a = ctx;
	char why[MIGRATE_WHY] = "", said[MIGRATE_WHY] = "";
	int64_t said_at = 0;
	for (enum status status; (status = migrate_once (a, why)) != OK;) {
		why_keep (why, false);
		if (strcmp (why, said) || clock_monotonic () - said_at > 60000000) {
			if (status == REFUSED)
				log_error ("schema_not_ready", LOG_T ("why", why));
			else
				log_warn ("schema_not_ready", LOG_T ("why", why));
			memcpy (said, why, sizeof said);
			said_at = clock_monotonic ();
		}
		nanosleep (&(struct timespec){ .tv_sec = status == REFUSED ? 2 : 0, .tv_nsec = status == REFUSED ? 0 : 50000000 }, NULL);
	}
	why_keep ("", true);
	uv_async_send (&self.wake);
	return NULL;
}

static void migrate_done (uv_async_t *wake)
{
	uv_stop (wake->loop);
}

bool migrate_wait (struct app *a)
{
	pthread_t thread;
	why_keep ("the schema is being made ready", false);
	uv_async_init (&a->loop, &self.wake, migrate_done);
	if (pthread_create (&thread, NULL, migrate_run, a))
		abort ();
	uv_run (&a->loop, UV_RUN_DEFAULT);
	pthread_mutex_lock (&self.lock);
	bool done = self.done;
	pthread_mutex_unlock (&self.lock);
	if (!done) { /* asked to stop: what is under way rolls back when the process ends */
		pthread_detach (thread);
		return false;
	}
	pthread_join (thread, NULL);
	uv_close ((uv_handle_t *) &self.wake, NULL);
	return !a->stopping;
}
