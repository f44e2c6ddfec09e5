/* Everything that is known of a person, as one ZIP archive: what each service has of them as JSON, and the files they sent. It is written down in the audit
 * before the first byte leaves; files follow as the client takes them, one at a time in memory.
 * It must never give out what another person's record is about. */
#include <endian.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"

enum { TAKEOUT_MS = 10000, FILE_BYTES = 64 << 20, ENTRIES_MOST = 2000 };

/* An entry as it is told again at the archive's end (APPNOTE 4.3.12); stored, not packed. */
struct entry {
	const char *name;
	uint32_t crc, size, at;
};

struct takeout {
	struct app *app;
	struct request *q; /* until the stream is open */
	struct caller *caller;
	struct arena arena;
	struct http_stream *http;
	struct head read;
	const char *ids;
	json_t *part[6], *files;
	size_t waiting, file;
	struct entry entry[ENTRIES_MOST];
	size_t entries;
	uint32_t written;
	bool failed, busy, ended;
	/* the file under way, a pool thread's while busy */
	const char *path;
	struct buffer bytes;
	uint32_t crc;
};

static const char *const part_names[] = { "leads.json", "people.json", "deals.json", "mails.json", "money.json", "rules.json" };

static void takeout_free (struct takeout *t)
{
	for (size_t i = 0; i < LENGTH (t->part); i++)
		json_decref (t->part[i]);
	json_decref (t->files);
	caller_drop (&t->caller);
	buffer_fini (&t->bytes);
	arena_fini (&t->arena);
	heap_free (t);
}

/* ---- ZIP ---- */

/* Four bits at a time: of a large file, a pool thread's work. */
static uint32_t crc_of (struct bytes bytes)
{
	static const uint32_t four[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
					   0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
	uint32_t crc = 0xffffffffu;
	for (size_t i = 0; i < bytes.n; i++) {
		crc = crc >> 4 ^ four[(crc ^ bytes.at[i]) & 15];
		crc = crc >> 4 ^ four[(crc ^ bytes.at[i] >> 4) & 15];
	}
	return ~crc;
}

static void put16 (struct buffer *b, unsigned v)
{
	buffer_add (b, (unsigned char[]){ (unsigned char) v, (unsigned char) (v >> 8) }, 2);
}

static void put32 (struct buffer *b, uint32_t v)
{
	uint32_t le = htole32 (v);
	buffer_add (b, &le, 4);
}

static void part_send (struct takeout *t, const void *at, size_t n)
{
	http_stream_write (t->http, (struct bytes){ at, n });
	t->written += (uint32_t) n;
}

/* What an entry's two heads have in common: version 2.0, names in UTF-8, stored, no time. */
static void entry_head (struct buffer *b, const struct entry *e)
{
	put16 (b, 20), put16 (b, 0x0800), put16 (b, 0), put16 (b, 0), put16 (b, 0x21);
	put32 (b, e->crc), put32 (b, e->size), put32 (b, e->size);
	put16 (b, (unsigned) strlen (e->name)), put16 (b, 0);
}

static void entry_send (struct takeout *t, const char *name, struct bytes bytes, uint32_t crc)
{
	struct buffer b = { 0 };
	assert (t->entries < ENTRIES_MOST);
	struct entry *e = &t->entry[t->entries++];
	*e = (struct entry){ arena_text (&t->arena, name), crc, (uint32_t) bytes.n, t->written };
	put32 (&b, 0x04034b50);
	entry_head (&b, e);
	buffer_text (&b, e->name);
	part_send (t, b.at, b.n);
	part_send (t, bytes.at, bytes.n);
	buffer_fini (&b);
}

static void archive_end (struct takeout *t)
{
	struct buffer b = { 0 };
	uint32_t at = t->written;
	for (size_t i = 0; i < t->entries; i++) {
		const struct entry *e = &t->entry[i];
		put32 (&b, 0x02014b50), put16 (&b, 20);
		entry_head (&b, e);
		put16 (&b, 0), put16 (&b, 0), put16 (&b, 0), put32 (&b, 0), put32 (&b, e->at);
		buffer_text (&b, e->name);
	}
	uint32_t size = (uint32_t) b.n;
	put32 (&b, 0x06054b50), put16 (&b, 0), put16 (&b, 0);
	put16 (&b, (unsigned) t->entries), put16 (&b, (unsigned) t->entries), put32 (&b, size), put32 (&b, at), put16 (&b, 0);
	part_send (t, b.at, b.n);
	buffer_fini (&b);
	t->ended = true;
	http_stream_end (t->http);
}

/* ---- files, one at a time ---- */

static void file_read (void *ctx)
{
	struct takeout *t = ctx;
	struct stat st;
	int fd = open (t->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_warn ("takeout_file_missing", LOG_T ("path", t->path));
		return;
	}
	if (!fstat (fd, &st) && st.st_size <= FILE_BYTES)
		for (ssize_t n; (n = read (fd, buffer_reserve (&t->bytes, 65536), 65536)) > 0;)
			t->bytes.n += (size_t) n;
	close (fd);
	t->crc = crc_of ((struct bytes){ t->bytes.at, t->bytes.n });
}

/* A name that no unpacker takes for a path. */
static const char *entry_name (struct takeout *t, const json_t *file)
{
	const char *name = json_string_value (json_object_get (file, "name"));
	char *ret = (char *) (uintptr_t) arena_printf (&t->arena, "files/%zu-%s", t->file, name ? name : "file");
	for (char *p = ret + strlen ("files/"); *p; p++)
		if (*p == '/' || *p == '\\' || (unsigned char) *p < ' ')
			*p = '_';
	return ret;
}

static void file_was_read (struct app *app, void *ctx)
{
	(void) app;
	struct takeout *t = ctx;
	t->busy = false;
	if (!t->http) {
		takeout_free (t);
		return;
	}
	entry_send (t, entry_name (t, json_array_get (t->files, t->file)), (struct bytes){ t->bytes.at, t->bytes.n }, t->crc);
	t->file++;
}

static void file_next (struct takeout *t)
{
	const json_t *file = json_array_get (t->files, t->file);
	const char *sha256 = json_string_value (json_object_get (file, "sha256"));
	const char *workspace = json_string_value (json_object_get (file, "workspace_id"));
	struct uuid of;
	if (!file) {
		archive_end (t);
		return;
	}
	if (t->entries == ENTRIES_MOST ||
	    t->written > UINT32_MAX - FILE_BYTES) { /* more than an archive of this kind holds: it breaks off, and is seen to */
		log_error ("takeout_too_large", LOG_N ("files", (int64_t) t->file));
		t->ended = true;
		http_stream_cut (t->http);
		return;
	}
	t->path = sha256 && workspace && uuid_parse (workspace, &of) == OK ? file_path (&t->arena, app_config (t->app)->files, of, sha256)
									   : NULL;
	t->busy = true;
	t->crc = 0;
	buffer_clear (&t->bytes);
	if (t->path)
		app_work (t->app, file_read, file_was_read, t);
	else
		file_was_read (t->app, t);
}

/* The client has taken all there was. */
static void client_ready (struct http_stream *s, void *ctx)
{
	(void) s;
	struct takeout *t = ctx;
	if (!t->busy && !t->ended)
		file_next (t);
}

static void client_gone (struct http_stream *s, void *ctx)
{
	(void) s;
	struct takeout *t = ctx;
	t->http = NULL;
	if (!t->busy)
		takeout_free (t);
}

static void takeout_stream (struct takeout *t)
{
	struct request *q = t->q;
	struct http_request *r = q->http;
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "Content-Disposition", "attachment; filename=\"person.zip\"");
	t->q = NULL;
	request_end (q);
	t->http = http_stream_open (r, 200, "application/zip", SIZE_MAX, client_gone, t); /* one file at a time waits */
	http_stream_on_read (t->http, client_ready);
	for (size_t i = 0; i < LENGTH (t->part); i++) {
		char *text = json_dumps (json_object_get (t->part[i], "data"), JSON_INDENT (2));
		struct bytes bytes = { (const unsigned char *) (text ? text : "{}"), strlen (text ? text : "{}") };
		entry_send (t, part_names[i], bytes, crc_of (bytes));
		free (text);
	}
}

/* ---- what is known, service by service ---- */

static bool takeout_failed (struct takeout *t, const struct reply *reply)
{
	if (reply->state == REPLY_DONE)
		return false;
	reply_fault (t->q, reply);
	takeout_free (t);
	return true;
}

static json_t *page_of (const struct reply *reply)
{
	return reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
}

static void rest_told (struct takeout *t, size_t part, const struct reply *reply)
{
	t->part[part] = page_of (reply);
	t->failed = t->failed || !t->part[part];
	json_array_extend (t->files, json_object_get (t->part[part], "files"));
	if (--t->waiting)
		return;
	if (!t->failed && !t->q->gone) {
		takeout_stream (t);
		return;
	}
	reply_error (t->q, ERROR_unavailable, NULL, NULL);
	takeout_free (t);
}

static void people_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	rest_told (ctx, 1, reply);
}

static void deals_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	rest_told (ctx, 2, reply);
}

static void mails_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	rest_told (ctx, 3, reply);
}

static void money_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	rest_told (ctx, 4, reply);
}

static void rules_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	rest_told (ctx, 5, reply);
}

static void leads_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct takeout *t = ctx;
	if (takeout_failed (t, reply))
		return;
	t->part[0] = page_of (reply);
	t->files = json_incref (json_object_get (t->part[0], "files"));
	char *ids = json_dumps (json_object_get (t->part[0], "ids"), JSON_COMPACT);
	t->ids = arena_text (&t->arena, ids ? ids : "[]");
	free (ids);
	struct person_rows people = { .head = t->read, .ids = t->ids, .has.ids = HERE };
	struct deal_person_rows deals = { .head = t->read, .ids = t->ids, .has.ids = HERE };
	struct mail_person_rows mails = { .head = t->read, .ids = t->ids, .has.ids = HERE };
	struct billing_person_rows money = { .head = t->read, .ids = t->ids, .has.ids = HERE };
	struct automation_person_rows rules = { .head = t->read, .ids = t->ids, .has.ids = HERE };
	t->waiting = 5;
	app_query (app, &person_rows_record, &people, NULL, 0, TAKEOUT_MS, people_told, t);
	app_query (app, &deal_person_rows_record, &deals, NULL, 0, TAKEOUT_MS, deals_told, t);
	app_query (app, &mail_person_rows_record, &mails, NULL, 0, TAKEOUT_MS, mails_told, t);
	app_query (app, &billing_person_rows_record, &money, NULL, 0, TAKEOUT_MS, money_told, t);
	app_query (app, &automation_person_rows_record, &rules, NULL, 0, TAKEOUT_MS, rules_told, t);
}

static void takeout_noted (struct app *app, void *ctx, const struct reply *reply)
{
	struct takeout *t = ctx;
	if (takeout_failed (t, reply))
		return;
	json_t *person = json_object_get (t->part[1], "data");
	char *ids = json_dumps (json_object_get (person, "ids"), JSON_COMPACT),
	     *words = json_dumps (json_object_get (person, "words"), JSON_COMPACT);
	struct lead_person_rows query = { .head = t->read,
					  .ids = arena_text (&t->arena, ids ? ids : "[]"),
					  .words = arena_text (&t->arena, words ? words : "[]"),
					  .has = { .ids = HERE, .words = HERE } };
	free (ids);
	free (words);
	json_decref (t->part[1]);
	t->part[1] = NULL;
	app_query (app, &lead_person_rows_record, &query, NULL, 0, TAKEOUT_MS, leads_told, t);
}

static void person_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct takeout *t = ctx;
	if (takeout_failed (t, reply))
		return;
	const struct person_get *asked = t->q->item;
	t->part[1] = page_of (reply);
	struct person_note note = { .head = head_of_write (t->q, t->q->seat),
				    .what = "person_export",
				    .contact_id = asked->contact_id,
				    .has.contact_id = asked->has.contact_id };
	note.head.id = note.erasure_id.uuid = uuid_v7 (clock_now ());
	app_command (app, &person_note_record, &note, NULL, 0, TAKEOUT_MS, takeout_noted, t);
}

void takeout_page (struct request *q)
{
	if (!record_of_query (q))
		return;
	const struct person_export_page *asked = q->item;
	struct person_get *query = arena_alloc (q->arena, sizeof *query);
	if (asked->has.contact_id != HERE && asked->has.email != HERE) {
		fields_wrong (q, "/contact_id", "required");
		return;
	}
	q->seat = seat_of_write (q);
	if (!q->seat)
		return;
	int refusal = seat_check (q->seat, PERMISSION_crm_erase);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	struct takeout *t = heap_alloc (sizeof *t);
	*t = (struct takeout){ .app = q->app, .q = q, .caller = caller_keep (q->caller) };
	arena_init (&t->arena);
	t->read = head_of_seat (q);
	struct uuid *one = arena_array (&t->arena, 1, sizeof *one);
	*one = q->seat->workspace;
	t->read.workspaces = one;
	t->read.n_workspaces = 1;
	*query = (struct person_get){ .head = t->read,
				      .contact_id = asked->contact_id,
				      .email = asked->email,
				      .has = { .contact_id = asked->has.contact_id, .email = asked->has.email } };
	q->item = query;
	app_query (q->app, &person_get_record, query, q->after.at, q->after.n, TAKEOUT_MS, person_told, t);
}
