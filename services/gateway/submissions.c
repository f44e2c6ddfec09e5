/* Requests from outside, as they were kept: what one says, what it would give by other rules, and reading it again. Bytes are read here by the rooms that the
 * door reads them with (../lead-intake/reading.h), off the loop and one request at a time; whether leads come of it is lead-intake's alone to decide.
 * It must never show a secret that stands in a request, nor write anything of one but by submission_reread. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sodium.h>

#include "../lead-intake/reading.h"
#include "charset.h"
#include "clock.h"
#include "files.h"
#include "gateway.h"
#include "log.h"

enum {
	SUBMISSION_MS = 10000,
	PREVIEWS_MOST = 20,
	REPLAYS_MOST = 10000, /* requests in one go */
	RUNS_MOST = 2,	      /* at a time, of everybody */
	LIST_PAGE = 200,
	SHOWN_MOST = 256 << 10, /* bytes of a body */
	BODY_INLINE = 64 << 10, /* past it they lie beside the row: as at the door */
	BODY_MOST = 27 << 20,
	AGAIN_SECONDS = 5 /* who has to wait may ask again then */
};

/* ---- one of them, off the loop ---- */

struct kept {
	struct arena *a;
	const char *folder, *json; /* CRM_FILES; what submission_get says */
	struct uuid workspace;
	const struct seat *into; /* whose its leads become, where that is not the workspace it lies in; null: that one's */
	const char *body_file;	 /* its bytes over there, where a row does not hold them */
	const char *mapping;	 /* instead of its way in's own; null: that */
	bool made, store;	 /* somebody says that it is a lead; its files are put where leads' files lie */
	struct uuid id;
	enum submission_outcome outcome;
	bool gone; /* nothing of its bytes is left */
	struct bytes body;
	json_t *said;
	struct reread read;
	struct upload *file;
	bool failed; /* the disk, or a file of it */
};

static const char *text_of (const json_t *o, const char *member)
{
	return json_string_value (json_object_get (o, member));
}

static bool file_bytes (struct arena *a, const char *path, struct bytes *ret)
{
	FILE *f = path ? fopen (path, "rbe") : NULL;
	size_t room = 64 << 10, n = 0, got;
	if (!f)
		return false;
	char *bytes = arena_alloc (a, room);
	while ((got = fread (bytes + n, 1, room - n, f)) > 0 && n + got <= BODY_MOST) {
		n += got;
		if (n == room) {
			char *more = arena_alloc (a, room *= 2);
			memcpy (more, bytes, n);
			bytes = more;
		}
	}
	bool whole = !ferror (f) && feof (f);
	fclose (f);
	*ret = (struct bytes){ (const unsigned char *) bytes, n };
	return whole;
}

/* Its bytes, out of the row or from where they lie. */
static void body_take (struct kept *k)
{
	const char *text = text_of (k->said, "body"), *file = text_of (k->said, "body_file");
	size_t n = text ? strlen (text) : 0;
	if (text) {
		unsigned char *bytes = arena_alloc (k->a, n + 1);
		if (sodium_base642bin (bytes, n, text, n, NULL, &k->body.n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0)
			k->body.at = bytes;
		else
			k->failed = true;
	} else if (file) {
		k->failed = !file_bytes (k->a, file_path (k->a, k->folder, k->workspace, file), &k->body);
	} else {
		k->gone = true;
	}
}

static int choice_of (const char *const names[], int count, const char *word, int other)
{
	for (int i = 0; word && i < count; i++)
		if (strcmp (names[i], word) == 0)
			return i;
	return other;
}

static void files_keep (struct kept *k)
{
	char hash[SHA256_TEXT];
	k->file = arena_array (k->a, k->read.said.n_files + 1, sizeof *k->file);
	for (size_t i = 0; i < k->read.said.n_files && !k->failed; i++) {
		const struct part *part = &k->read.said.part[i];
		k->failed = file_put (k->folder, k->into ? k->into->workspace : k->workspace, part->bytes, hash) != OK;
		k->file[i] = (struct upload){ .file_id = { uuid_v7 (clock_now ()) },
					      .field = text_cut (k->a, part->name, 200),
					      .has.field = HERE,
					      .name = *part->filename ? part->filename : "file",
					      .type = text_cut (k->a, part->type, 200),
					      .size = (int64_t) part->bytes.n,
					      .sha256 = arena_text (k->a, hash) };
	}
}

/* Its bytes as well, where another workspace keeps them from now on. */
static void body_keep (struct kept *k)
{
	char hash[SHA256_TEXT];
	if (k->body.n <= BODY_INLINE || k->failed)
		return;
	k->failed = file_put (k->folder, k->into->workspace, k->body, hash) != OK;
	k->body_file = arena_text (k->a, hash);
}

/* Opens what submission_get said: its bytes, and what became of it. */
static void kept_open (struct kept *k)
{
	k->said = json_loads (k->json, 0, NULL);
	const json_t *page = json_object_get (k->said, "page");
	const char *id = text_of (page, "id");
	k->failed = !id || uuid_parse (id, &k->id) != OK;
	k->outcome = (enum submission_outcome) choice_of (submission_outcome_names, submission_outcome_count, text_of (page, "outcome"),
							  submission_outcome_noted);
	body_take (k);
}

/* What it says, by the rules that it is to be read by. */
static void kept_read (struct kept *k)
{
	struct mapping_rules rules;
	kept_open (k);
	const json_t *page = json_object_get (k->said, "page");
	const char *mapping = k->mapping ? k->mapping : text_of (k->said, "mapping"), *language = text_of (k->said, "language"),
		   *source = text_of (page, "source_id");
	struct kept_request r = {
		/* what no way in of its own workspace took came by its agency's */
		.kind = (enum source_kind) choice_of (source_kind_names, source_kind_count, text_of (page, "kind"), source_kind_agency),
		.form_type = text_of (k->said, "form_type"),
		.country = text_of (k->said, "country"),
		.dutch = !language || strcmp (language, "nl") == 0,
		.type = text_of (k->said, "type"),
		.headers = text_of (k->said, "headers"),
		.body = k->body,
		.at = json_integer_value (json_object_get (k->said, "at_us")),
		.made = k->made,
	};
	if (k->into) {
		r.country = k->into->country;
		r.dutch = strcmp (k->into->language, "nl") == 0;
	}
	if (k->failed || k->gone)
		return;
	if (source && uuid_parse (source, &r.source) != OK)
		k->failed = true;
	if (mapping && mapping_read (k->a, mapping, &rules, NULL) == OK)
		r.rules = &rules;
	k->read = request_reread (k->a, &r);
	if (k->store && k->read.told.n)
		files_keep (k);
	if (k->store && k->read.told.n && k->into)
		body_keep (k);
	for (size_t i = 0; i < k->read.told.n; i++)
		k->read.told.lead[i].lead_id.uuid = uuid_v7 (clock_now ());
}

static void kept_end (struct kept *k)
{
	json_decref (k->said);
	k->said = NULL;
}

/* ---- what is shown of one ---- */

/* What is a secret where it stands: the key of a form of Google Ads. */
static void secrets_mask (char *text)
{
	static const char name[] = "google_key";
	for (char *at = text; (at = strstr (at, name));) {
		at += sizeof name - 1;
		at += strspn (at, "\\\" \t\r\n:=");
		for (; *at && !strchr ("\"\\&\r\n", *at); at++)
			*at = '*';
	}
}

static void headers_add (struct buffer *out, const char *headers)
{
	bool first = true;
	buffer_text (out, "[");
	for (const char *line = headers; line && *line;) {
		size_t n = strcspn (line, "\n"), name = strcspn (line, ":");
		if (name < n) {
			char *text = heap_alloc (n + 1);
			memcpy (text, line, n);
			text[n] = text[name] = '\0';
			buffer_text (out, first ? "{\"name\":" : ",{\"name\":");
			json_quote (out, text);
			buffer_text (out, ",\"value\":");
			json_quote (out, text + name + 1 + (text[name + 1] == ' '));
			buffer_text (out, "}");
			heap_free (text);
			first = false;
		}
		line += n + (line[n] == '\n');
	}
	buffer_text (out, "]");
}

/* A member as it stands, behind a comma. */
static void member_add (struct buffer *out, const char *name, const json_t *value)
{
	char *text = value ? json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	buffer_printf (out, ",\"%s\":%s", name, text ? text : "null");
	free (text);
}

static const char *reason_told (struct arena *a, const char *language, const char *reason)
{
	return reason ? reason_in (a, language, reason) : NULL;
}

/* A row as it leaves. */
static void page_clean (struct arena *a, const char *language, json_t *page)
{
	const char *reason = text_of (page, "reason"), *says = text_of (page, "says");
	if (reason)
		json_object_set_new (page, "reason", json_string (reason_in (a, language, reason)));
	if (says) {
		char *masked = arena_text (a, says);
		secrets_mask (masked);
		json_object_set_new (page, "says", json_string (masked));
	}
}

struct showing {
	struct request *q;
	struct kept kept;
	struct buffer out;
};

static void show_make (void *ctx)
{
	struct showing *s = ctx;
	struct kept *k = &s->kept;
	kept_open (k);
	json_t *page = json_object_get (k->said, "page");
	size_t shown = k->body.n > SHOWN_MOST ? SHOWN_MOST : k->body.n;
	char *text = k->body.at ? arena_text (k->a, text_from_charset (k->a, (struct bytes){ k->body.at, shown }, NULL)) : NULL;
	if (text)
		secrets_mask (text);
	page_clean (k->a, s->q->language, page);
	char *row = json_dumps (page, JSON_COMPACT);
	buffer_add (&s->out, row, strlen (row) - 1); /* but for its end */
	free (row);
	buffer_text (&s->out, ",\"headers\":");
	headers_add (&s->out, text_of (k->said, "headers"));
	member_add (&s->out, "remote", json_object_get (k->said, "remote"));
	buffer_text (&s->out, ",\"body\":");
	if (text)
		json_quote (&s->out, text);
	else
		buffer_text (&s->out, "null");
	buffer_printf (&s->out, ",\"cut\":%s", shown < k->body.n ? "true" : "false");
	member_add (&s->out, "files", json_object_get (k->said, "files"));
	buffer_text (&s->out, "}");
	kept_end (k);
}

static void show_made (struct app *app, void *ctx)
{
	(void) app;
	struct showing *s = ctx;
	struct request *q = s->q;
	const char *text = arena_copy (q->arena, (const char *) s->out.at, s->out.n);
	buffer_fini (&s->out);
	reply_text (q, 200, text);
}

static void show_found (struct request *q)
{
	struct showing *s = arena_alloc (q->arena, sizeof *s);
	int refusal = seat_check (q->seat, q->row->permission);
	if (refusal != ALLOWED) {
		reply_error (q, refusal, NULL, NULL);
		return;
	}
	*s = (struct showing){
		.q = q,
		.kept = { .a = q->arena, .folder = app_config (q->app)->files, .json = q->target_json, .workspace = q->seat->workspace }
	};
	app_work (q->app, show_make, show_made, s);
}

void submission_page (struct request *q)
{
	target_find (q, show_found);
}

/* ---- a run: what some of them would give, or give ---- */

struct run {
	struct app *app;
	struct arena arena, once; /* of all of it; of one request */
	struct request *q;	  /* a preview, until it is answered */
	struct http_stream *http; /* of those that are read again; null: the client is gone, or all was said */
	struct caller *caller;
	const char *language;
	struct head asks, writes; /* the writes' but for its id */
	struct head settles;	  /* of requests that become another workspace's leads: where they lie */
	struct seat into;	  /* that workspace; its texts null: none */
	const char *mapping;
	bool made, working, over;
	struct uuid *id;
	size_t n, at, room;
	struct submission_list list; /* which are read again, where they are not named */
	bool listing;
	struct kept kept;
	int64_t leads, duplicates, refused, had;
	int64_t given; /* leads of the one at hand that another workspace has from now on */
	struct buffer out;
	struct run *next, **place; /* among those under way */
};

static struct run *under_way;

static void run_free (struct run *x)
{
	*x->place = x->next;
	if (x->next)
		x->next->place = x->place;
	kept_end (&x->kept);
	heap_free (x->id);
	buffer_fini (&x->out);
	caller_drop (&x->caller);
	arena_fini (&x->once);
	arena_fini (&x->arena);
	heap_free (x);
}

static struct run *run_new (struct request *q)
{
	struct run *x = heap_alloc (sizeof *x);
	*x = (struct run){ .app = q->app, .caller = caller_keep (q->caller), .next = under_way, .place = &under_way };
	if (x->next)
		x->next->place = &x->next;
	under_way = x;
	arena_init (&x->arena);
	arena_init (&x->once);
	x->language = strcmp (q->language, "nl") == 0 ? "nl" : "en";
	x->asks = head_of_seat (q);
	struct uuid *set = arena_alloc (&x->arena, sizeof *set);
	*set = q->seat->workspace;
	x->asks.workspaces = set;
	x->writes = head_of_write (q, q->seat);
	return x;
}

/* What is asked for lies in the agency's home; its leads are of the workspace that the request names. */
static void run_from_home (struct run *x, struct request *q)
{
	struct uuid *home = arena_alloc (&x->arena, sizeof *home);
	*home = q->caller->home.workspace;
	x->asks.workspace = *home;
	x->asks.workspaces = home;
	x->asks.grant = q->caller->home.grant;
	x->settles = head_of_write (q, &q->caller->home);
	x->into = (struct seat){ .workspace = q->seat->workspace,
				 .country = q->seat->country ? arena_text (&x->arena, q->seat->country) : NULL,
				 .language = arena_text (&x->arena, q->seat->language) };
}

static void id_add (struct run *x, struct uuid id)
{
	if (x->n == x->room)
		x->id = heap_resize (x->id, (x->room = x->room ? x->room * 2 : 64) * sizeof *x->id);
	x->id[x->n++] = id;
}

/* Nobody waits for it any more, or it cannot go on: an answer that breaks off is seen by the client as one that broke off. */
static void run_break (struct run *x)
{
	x->working = false;
	if (x->http)
		http_stream_cut (x->http);
	else if (x->q)
		reply_error (x->q, ERROR_unavailable, NULL, NULL), run_free (x);
	else
		run_free (x);
}

static void run_on (struct run *x);

static void client_gone (struct http_stream *s, void *ctx)
{
	(void) s;
	struct run *x = ctx;
	x->http = NULL;
	if (!x->working)
		run_free (x);
}

/* The client has taken all there was. */
static void client_ready (struct http_stream *s, void *ctx)
{
	(void) s;
	struct run *x = ctx;
	if (!x->working && !x->over)
		run_on (x);
}

static void out_send (struct run *x)
{
	http_stream_write (x->http, (struct bytes){ x->out.at, x->out.n });
	buffer_clear (&x->out);
}

/* ---- what came of one ---- */

static void quoted_or_null (struct buffer *out, const char *text)
{
	if (text)
		json_quote (out, text);
	else
		buffer_text (out, "null");
}

/* A lead that is none: it has no id. */
static void lead_add (struct run *x, size_t i, const struct lead_draft *lead)
{
	struct buffer whole = { 0 };
	record_to_json (&whole, &lead_draft_record, lead, false);
	json_t *o = json_loadb ((const char *) whole.at, whole.n, 0, NULL);
	json_object_del (o, "lead_id");
	char *text = json_dumps (o, JSON_COMPACT);
	buffer_printf (&x->out, "%s%s", i ? "," : "", text);
	free (text);
	json_decref (o);
	buffer_fini (&whole);
}

static void preview_add (struct run *x, const struct kept *k)
{
	char id[UUID_TEXT];
	buffer_printf (&x->out, "%s{\"id\":\"%s\",\"outcome\":\"%s\",\"reason\":", x->at ? "," : "", uuid_format (k->id, id),
		       submission_outcome_names[k->gone ? submission_outcome_noted : k->read.told.outcome]);
	quoted_or_null (&x->out, reason_told (&x->once, x->language, k->gone ? "Its bytes were erased." : k->read.told.reason));
	buffer_text (&x->out, ",\"leads\":[");
	for (size_t i = 0; i < k->read.told.n; i++)
		lead_add (x, i, &k->read.told.lead[i]);
	buffer_text (&x->out, "],\"files\":[");
	for (size_t i = 0; i < k->read.said.n_files; i++) {
		const struct part *part = &k->read.said.part[i];
		buffer_text (&x->out, i ? ",{\"field\":" : "{\"field\":");
		json_quote (&x->out, part->name);
		buffer_text (&x->out, ",\"name\":");
		json_quote (&x->out, part->filename);
		buffer_text (&x->out, ",\"type\":");
		json_quote (&x->out, part->type);
		buffer_printf (&x->out, ",\"size\":%zu}", part->bytes.n);
	}
	buffer_text (&x->out, "]}");
}

/* One line, and how far it is. `leads`: a JSON array. */
static void line_add (struct run *x, const char *outcome, const char *leads, const char *reason)
{
	char id[UUID_TEXT];
	buffer_printf (&x->out,
		       "{\"submission\":{\"id\":\"%s\",\"outcome\":\"%s\",\"lead_ids\":%s,\"reason\":", uuid_format (x->id[x->at], id),
		       outcome, leads);
	quoted_or_null (&x->out, reason);
	buffer_printf (&x->out, "}}\n{\"progress\":{\"done\":%zu,\"of\":%zu}}\n", x->at + 1, x->n);
}

/* The next one, when the client has taken this. */
static void one_done (struct run *x)
{
	kept_end (&x->kept);
	arena_reset (&x->once);
	x->at++;
	x->given = 0;
	x->working = false;
	if (x->q) {
		run_on (x);
		return;
	}
	if (!x->http) {
		run_free (x);
		return;
	}
	out_send (x);
}

static void one_refused (struct run *x, const char *reason)
{
	x->refused++;
	line_add (x, submission_outcome_names[x->kept.read.told.outcome], "[]", reason);
	one_done (x);
}

static void reread_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct run *x = ctx;
	if (reply->state == REPLY_REFUSED) {
		int error = reply->error >= 0 ? reply->error : ERROR_internal;
		one_refused (x, strcmp (x->language, "nl") ? error_rows[error].en : error_rows[error].nl);
		return;
	}
	if (reply->state != REPLY_DONE) { /* what was not answered can be asked again: it makes nothing twice */
		run_break (x);
		return;
	}
	position_keep (&x->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	json_t *data = reply->data ? json_loads (reply->data, 0, NULL) : NULL, *ids = json_object_get (data, "lead_ids");
	const char *outcome = text_of (data, "outcome");
	char *leads = ids ? json_dumps (ids, JSON_COMPACT) : NULL;
	bool lead = outcome && strcmp (outcome, "lead") == 0;
	if (x->given)
		x->leads += x->given;
	else if (lead && x->kept.outcome != submission_outcome_lead)
		x->leads += (int64_t) json_array_size (ids);
	else if (lead)
		x->had++;
	else
		x->duplicates++;
	line_add (x, outcome ? outcome : "duplicate", leads ? leads : "[]", NULL);
	free (leads);
	json_decref (data);
	one_done (x);
}

/* ---- leads of another workspace ---- */

/* The same again for the same request and workspace: whoever asks how often, it is one. */
static struct uuid id_over_there (const struct run *x)
{
	unsigned char both[32];
	memcpy (both, x->kept.id.b, 16);
	memcpy (both + 16, x->into.workspace.b, 16);
	struct uuid ret = uuid_of (both, sizeof both);
	memcpy (ret.b, x->kept.id.b, sizeof ret.b / 2); /* of its time and version */
	return ret;
}

/* They are made: the request at home is settled by them. */
static void given_told (struct app *app, void *ctx, const struct reply *reply)
{
	struct run *x = ctx;
	json_t *data = reply->data ? json_loads (reply->data, 0, NULL) : NULL, *ids = json_object_get (data, "lead_ids"), *one;
	size_t i, n = json_array_size (ids);
	if (reply->state != REPLY_DONE || !n) {
		json_decref (data);
		reread_told (app, ctx, reply);
		return;
	}
	position_keep (&x->caller->positions, reply->position.service, reply->position.lane, reply->position.sequence);
	struct uuid *lead = arena_array (&x->once, n, sizeof *lead);
	json_array_foreach (ids, i, one) if (uuid_parse (json_string_value (one), &lead[i]) != OK) n = 0;
	json_decref (data);
	struct submission_reread *cmd = arena_alloc (&x->once, sizeof *cmd);
	*cmd = (struct submission_reread){ .head = x->settles,
					   .submission_id = { x->kept.id },
					   .dedupe = x->kept.read.dedupe,
					   .bucket = x->kept.read.bucket,
					   .elsewhere = { (const unsigned char *) lead, n * sizeof *lead },
					   .has.elsewhere = HERE };
	cmd->head.id = uuid_v7 (clock_now ());
	cmd->head.correlation = x->kept.id;
	x->given = (int64_t) n;
	app_command (x->app, &submission_reread_record, cmd, NULL, 0, SUBMISSION_MS, reread_told, x);
}

static void text_take (const char **to, unsigned char *to_has, const char *text)
{
	*to = text;
	*to_has = text ? HERE : ABSENT;
}

static void given_send (struct run *x)
{
	struct kept *k = &x->kept;
	char id[UUID_TEXT];
	struct submission_take *cmd = arena_alloc (&x->once, sizeof *cmd);
	struct uuid source = { 0 };
	const char *from = text_of (json_object_get (k->said, "page"), "source_id"),
		   *method = text_of (json_object_get (k->said, "page"), "method");
	*cmd = (struct submission_take){ .head = x->writes,
					 .submission_id = { id_over_there (x) },
					 .method = method ? method : "POST",
					 .body = k->body,
					 .body_size = (int64_t) k->body.n,
					 .outcome = submission_outcome_lead,
					 .leads = { k->read.told.lead, k->read.told.n },
					 .files = { k->file, k->read.said.n_files },
					 .bookings = { k->read.told.booking, k->read.told.booking != NULL },
					 .has = { .body = k->body_file ? ABSENT : HERE,
						  .leads = HERE,
						  .files = k->read.said.n_files ? HERE : ABSENT,
						  .bookings = k->read.told.booking ? HERE : ABSENT } };
	if (from && uuid_parse (from, &source) == OK) {
		cmd->source_id.uuid = source;
		cmd->has.source_id = HERE;
	}
	text_take (&cmd->type, &cmd->has.type, text_of (k->said, "type"));
	text_take (&cmd->headers, &cmd->has.headers, text_of (k->said, "headers"));
	text_take (&cmd->remote, &cmd->has.remote, text_of (k->said, "remote"));
	text_take (&cmd->body_file, &cmd->has.body_file, k->body_file);
	cmd->dedupe = request_digest (&x->once, source, arena_printf (&x->once, "of no client %s", uuid_format (k->id, id)), NULL, NULL);
	cmd->head.id = uuid_v7 (clock_now ());
	cmd->head.correlation = k->id;
	app_command (x->app, &submission_take_record, cmd, NULL, 0, SUBMISSION_MS, given_told, x);
}

static void reread_send (struct run *x)
{
	struct kept *k = &x->kept;
	if (x->into.language) {
		given_send (x);
		return;
	}
	struct submission_reread *cmd = arena_alloc (&x->once, sizeof *cmd);
	*cmd = (struct submission_reread){ .head = x->writes,
					   .submission_id = { k->id },
					   .dedupe = k->read.dedupe,
					   .bucket = k->read.bucket,
					   .made = x->made,
					   .has.made = x->made ? HERE : ABSENT,
					   .leads = { k->read.told.lead, k->read.told.n },
					   .bookings = { k->read.told.booking, k->read.told.booking != NULL },
					   .has.bookings = k->read.told.booking ? HERE : ABSENT,
					   .files = { k->file, k->read.said.n_files },
					   .has.files = k->read.said.n_files ? HERE : ABSENT };
	cmd->head.id = uuid_v7 (clock_now ());
	cmd->head.correlation = k->id;
	app_command (x->app, &submission_reread_record, cmd, NULL, 0, SUBMISSION_MS, reread_told, x);
}

/* Why it is not read again, in words; null: it is. */
static const char *closed_reason (const struct run *x)
{
	const struct kept *k = &x->kept;
	bool dutch = strcmp (x->language, "nl") == 0,
	     open = k->outcome == submission_outcome_bad_request || k->outcome == submission_outcome_no_workspace;
	if (k->gone)
		return dutch ? "De inhoud is gewist." : "Its bytes were erased.";
	if (!x->made && !open)
		return dutch ? error_rows[ERROR_submission_closed].nl : error_rows[ERROR_submission_closed].en;
	return k->read.told.n ? NULL
			      : reason_in (k->a, x->language, k->read.told.reason ? k->read.told.reason : "No lead was found in it.");
}

static void one_read (struct app *app, void *ctx)
{
	(void) app;
	struct run *x = ctx;
	struct kept *k = &x->kept;
	if (k->failed) {
		log_warn ("submission_not_read", LOG_U ("submission", k->id));
		run_break (x);
		return;
	}
	if (x->q) {
		preview_add (x, k);
		one_done (x);
		return;
	}
	const json_t *ids = json_object_get (json_object_get (k->said, "page"), "lead_ids");
	if (k->outcome == submission_outcome_lead || (k->outcome == submission_outcome_duplicate && !x->made)) {
		char *leads = json_dumps (ids, JSON_COMPACT);
		x->had++;
		line_add (x, submission_outcome_names[k->outcome], leads ? leads : "[]", NULL);
		free (leads);
		one_done (x);
		return;
	}
	const char *why = closed_reason (x);
	if (why) {
		k->read.told.outcome = k->read.told.n || k->gone ? k->outcome : k->read.told.outcome;
		one_refused (x, why);
	} else {
		reread_send (x);
	}
}

static void run_read (void *ctx)
{
	struct run *x = ctx;
	kept_read (&x->kept);
}

static void one_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct run *x = ctx;
	if (reply->state == REPLY_REFUSED && reply->code && strcmp (reply->code, "not_found") == 0) {
		if (x->q) {
			struct request *q = x->q;
			run_free (x);
			reply_error (q, ERROR_submission_not_found, NULL, NULL);
			return;
		}
		x->kept = (struct kept){ .a = &x->once, .id = x->id[x->at], .read.told.outcome = submission_outcome_noted };
		one_refused (x, strcmp (x->language, "nl") ? error_rows[ERROR_submission_not_found].en
							   : error_rows[ERROR_submission_not_found].nl);
		return;
	}
	if (reply->state != REPLY_DONE) {
		run_break (x);
		return;
	}
	x->kept = (struct kept){ .a = &x->once,
				 .folder = app_config (x->app)->files,
				 .json = arena_copy (&x->once, (const char *) reply->json.at, reply->json.n),
				 .workspace = x->into.language ? x->settles.workspace : x->writes.workspace,
				 .into = x->into.language ? &x->into : NULL,
				 .mapping = x->mapping,
				 .made = x->made,
				 .store = !x->q };
	app_work (x->app, run_read, one_read, x);
}

/* ---- which ones ---- */

static void listed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct run *x = ctx;
	if (reply->state != REPLY_DONE) {
		run_break (x);
		return;
	}
	json_t *page = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL), *row;
	const char *next = text_of (page, "next");
	size_t i;
	json_array_foreach (json_object_get (page, "data"), i, row)
	{
		struct uuid id;
		if (x->n < REPLAYS_MOST && text_of (row, "id") && uuid_parse (text_of (row, "id"), &id) == OK)
			id_add (x, id);
	}
	x->listing = next && x->n < REPLAYS_MOST;
	if (x->listing) {
		x->list.after = arena_text (&x->arena, next);
		x->list.has.after = HERE;
	}
	json_decref (page);
	x->working = false;
	run_on (x);
}

static void end_add (struct run *x)
{
	buffer_printf (&x->out, "{\"end\":{\"leads\":%lld,\"duplicates\":%lld,\"refused\":%lld,\"had\":%lld}}\n", (long long) x->leads,
		       (long long) x->duplicates, (long long) x->refused, (long long) x->had);
}

static void preview_end (struct run *x)
{
	struct request *q = x->q;
	buffer_text (&x->out, "]}");
	const char *text = arena_copy (q->arena, (const char *) x->out.at, x->out.n);
	run_free (x);
	reply_text (q, 200, text);
}

static void run_on (struct run *x)
{
	if (!x->q && !x->http) {
		run_free (x);
	} else if (x->listing) {
		x->working = true;
		app_query (x->app, &submission_list_record, &x->list, NULL, 0, SUBMISSION_MS, listed, x);
	} else if (x->at < x->n) {
		struct submission_get *get = arena_alloc (&x->once, sizeof *get);
		*get = (struct submission_get){ .head = x->asks, .submission_id = { x->id[x->at] } };
		x->working = true;
		app_query (x->app, &submission_get_record, get, NULL, 0, SUBMISSION_MS, one_found, x);
	} else if (x->q) {
		preview_end (x);
	} else {
		x->over = true;
		end_add (x);
		out_send (x);
		http_stream_end (x->http);
	}
}

/* ---- pages ---- */

/* Ids as a JSON list; false: answered. */
static bool ids_named (struct request *q, const char *json, size_t most, struct uuid **ret, size_t *ret_n)
{
	json_t *list = json_loads (json, 0, NULL), *one;
	size_t n = json_array_size (list), i;
	const char *wrong = !n ? "required" : n > most ? "too_many" : NULL;
	struct uuid *id = arena_array (q->arena, n + 1, sizeof *id);
	if (!wrong)
		json_array_foreach (list, i, one) if (!json_is_string (one) || uuid_parse (json_string_value (one), &id[i]) != OK)
			wrong = "not_an_id";
	json_decref (list);
	if (wrong)
		fields_wrong (q, "/ids", wrong);
	*ret = id;
	*ret_n = n;
	return !wrong;
}

/* The rules of a form, said where they are wrong; false: answered. */
static bool mapping_fits (struct request *q, const char *mapping)
{
	struct problem found = { 0 };
	struct mapping_rules rules;
	if (mapping_read (q->arena, mapping, &rules, &found) == OK)
		return true;
	for (size_t i = 0; i < found.n_errors; i++)
		found.errors[i].pointer = arena_printf (q->arena, "/mapping%s", found.errors[i].pointer);
	reply_error (q, ERROR_invalid, NULL, problem_translated (q, &found));
	return false;
}

void submission_preview_page (struct request *q)
{
	const struct submission_preview_form *form = form_taken (q);
	struct uuid *id;
	size_t n;
	if (!form || !(q->seat = seat_of_write (q)) || !ids_named (q, form->ids, PREVIEWS_MOST, &id, &n))
		return;
	if (form->has.mapping == HERE && !mapping_fits (q, form->mapping))
		return;
	struct run *x = run_new (q);
	x->q = q;
	x->mapping = form->has.mapping == HERE ? form->mapping : NULL;
	for (size_t i = 0; i < n; i++)
		id_add (x, id[i]);
	buffer_text (&x->out, "{\"data\":[");
	run_on (x);
}

/* Seconds to wait; 0: it may begin. */
static int run_wait (const struct request *q)
{
	int n = 0;
	bool own = false;
	for (const struct run *x = under_way; x; x = x->next) {
		n += !x->q;
		own = own || (!x->q && uuid_equal (x->caller->id, q->caller->id));
	}
	return own || n >= RUNS_MOST ? AGAIN_SECONDS : 0;
}

static const char *kept_text (struct arena *a, enum has has, const char *text)
{
	return has == HERE ? arena_text (a, text) : NULL;
}

/* What a form names, or what fits its filter: of those that could not be read. */
static void list_begin (struct run *x, const struct submission_replay_form *form)
{
	struct submission_list *l = &x->list;
	x->listing = true;
	*l = (struct submission_list){ .head = x->asks, .limit = LIST_PAGE, .from = form->from, .to = form->to };
	l->source = kept_text (&x->arena, form->has.source, form->source);
	l->q = kept_text (&x->arena, form->has.q, form->q);
	l->outcome = form->has.outcome == HERE ? arena_text (&x->arena, form->outcome) : "bad_request,no_workspace";
	l->has.source = form->has.source;
	l->has.q = form->has.q;
	l->has.from = form->has.from;
	l->has.to = form->has.to;
	l->has.outcome = l->has.limit = HERE;
}

static void replay_begin (struct request *q, const struct submission_replay_form *form, const struct uuid *id, size_t n)
{
	struct run *x = run_new (q);
	x->made = form->has.made == HERE && form->made;
	if (form->has.home == HERE && form->home)
		run_from_home (x, q);
	for (size_t i = 0; i < n; i++)
		id_add (x, id[i]);
	if (!n)
		list_begin (x, form);
	struct http_request *r = q->http;
	http_set (r, "Cache-Control", "no-store");
	http_set (r, "X-Accel-Buffering", "no");
	request_end (q);
	x->http = http_stream_open (r, 200, "application/x-ndjson; charset=utf-8", SIZE_MAX, client_gone,
				    x); /* one request at a time waits */
	http_stream_on_read (x->http, client_ready);
	run_on (x);
}

void submission_replay_page (struct request *q)
{
	const struct submission_replay_form *form = form_taken (q);
	struct uuid *id = NULL;
	size_t n = 0;
	if (!form || !(q->seat = seat_of_write (q)))
		return;
	if (form->has.made == HERE && form->made && form->has.ids != HERE) { /* one looks at what one says is a lead */
		fields_wrong (q, "/ids", "required");
		return;
	}
	if (form->has.home == HERE && form->home && !q->caller->agency_admin) {
		reply_error (q, ERROR_forbidden, NULL, NULL);
		return;
	}
	if (form->has.ids == HERE && !ids_named (q, form->ids, REPLAYS_MOST, &id, &n))
		return;
	int wait = run_wait (q);
	if (wait)
		too_many (q, wait);
	else if (q->gone) /* nobody would ever read it */
		reply_error (q, ERROR_unavailable, NULL, NULL);
	else
		replay_begin (q, form, id, n);
}

void submissions_end (caller_fits *fits, struct uuid id)
{
	for (struct run *x = under_way, *next; x; x = next) {
		next = x->next;
		if (x->http && (!fits || fits (x->caller, id)))
			http_stream_cut (x->http);
	}
}

/* ---- the list: reasons in the reader's language, and no secret in what they begin with ---- */

static void rows_told (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct request *q = ctx;
	size_t i;
	json_t *page, *row;
	if (reply->state != REPLY_DONE) {
		reply_fault (q, reply);
		return;
	}
	page = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	json_array_foreach (json_object_get (page, "data"), i, row) page_clean (q->arena, q->language, row);
	char *text = json_dumps (page, JSON_COMPACT);
	const char *answer = arena_text (q->arena, text);
	free (text);
	json_decref (page);
	reply_text (q, 200, answer);
}

void submission_list_page (struct request *q)
{
	if (!q->sight.n) {
		reply_text (q, 200, "{\"data\":[],\"next\":null}");
		return;
	}
	if (!record_of_query (q))
		return;
	struct submission_list *list = q->item;
	list->head = head_of_read (q, 0);
	app_query (q->app, &submission_list_record, list, q->after.at, q->after.n, SUBMISSION_MS, rows_told, q);
}
