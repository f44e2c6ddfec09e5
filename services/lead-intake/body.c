/* Bytes of a request: which kind they are, whether their signature fits, what members and files they hold, and files put on disk.
 * Runs on any thread, on one request at a time. A file's name is never used as a path; a file is durable before its command is queued. */
#include "door.h"

#include <string.h>
#include <strings.h>
#include <sodium.h>
#include "clock.h"
#include "files.h"
#include "http_form.h"
#include "log.h"
#include "seal.h"

enum { PARTS_MOST = 2000 };

bool body_kind (const char *type, enum body *ret)
{
	static const struct {
		const char *type;
		enum body body;
	} known[] = { { "application/json", BODY_IS_JSON },
		      { "text/plain", BODY_IS_JSON },
		      { "text/json", BODY_IS_JSON },
		      { "application/x-www-form-urlencoded", BODY_IS_FORM },
		      { "multipart/form-data", BODY_IS_MULTIPART } };
	for (size_t i = 0; type && i < LENGTH (known); i++)
		if (header_is (type, known[i].type)) {
			*ret = known[i].body;
			return true;
		}
	return false;
}

/* ---- signature and key ---- */

bool signature_fits (const struct source *source, struct bytes body, const char *header)
{
	unsigned char wanted[32];
	if (source->secret.n == 0)
		return true;
	if (!header || strncasecmp (header, "sha256=", 7) != 0)
		return false;
	hmac_sha256 (source->secret, body, wanted);
	return hex_equal (header + 7, wanted, sizeof wanted);
}

/* A structured-field string is quoted (draft-ietf-httpapi-idempotency-key-header); older senders leave the quotes out. */
const char *idempotency_key (struct arena *a, const char *header)
{
	size_t n = header ? strlen (header) : 0;
	if (n >= 2 && header[0] == '"' && header[n - 1] == '"')
		header++, n -= 2;
	if (n == 0 || n > 300)
		return n ? arena_copy (a, header, 300) : NULL;
	char *out = arena_copy (a, header, n), *to = out;
	for (const char *p = out; *p; p++) {
		if (p[0] == '\\' && p[1])
			p++;
		*to++ = *p;
	}
	*to = '\0';
	return *out ? out : NULL;
}

/* ---- members and files ---- */

static void tree_refuse (struct hook *h, int error, const char *detail)
{
	hook_refuse (h, submission_outcome_bad_request, error, detail);
}

static void form_members (struct hook *h, struct bytes body)
{
	const struct form_field *field;
	struct form_limits limits = { .fields = PARTS_MOST, .value_bytes = BODY_FORM };
	struct reading_fault fault;
	size_t n;
	if (form_read (h->arena, body, http_header (h->request, "Content-Type"), limits, &field, &n) != OK)
		tree_refuse (h, ERROR_too_large, "The form has more than 2,000 values.");
	else if (body_read_form (h->arena, field, n, &h->tree, &fault) != OK)
		tree_refuse (h, fault.error, fault.detail);
}

/* Values become members; files are gathered, but for those that were not chosen. */
static void multipart_members (struct hook *h, struct bytes body)
{
	struct multipart_limits limits = { .parts = PARTS_MOST, .files = PARTS_MOST, .value_bytes = BODY_FORM, .file_bytes = body.n };
	struct reading_fault fault;
	const struct part *part;
	const char *why = NULL;
	size_t n, fields = 0, bytes = 0;
	if (multipart_read (h->arena, http_header (h->request, "Content-Type"), body, limits, &part, &n, &why) != OK) {
		tree_refuse (h, ERROR_bad_request, why);
		return;
	}
	struct form_field *field = arena_array (h->arena, n + 1, sizeof *field);
	h->part = arena_array (h->arena, FILES_MOST, sizeof *h->part);
	for (size_t i = 0; i < n; i++) {
		if (!part[i].filename) {
			field[fields++] = (struct form_field){ part[i].name, part_text (h->arena, &part[i]) };
			continue;
		}
		if (!*part[i].filename && part[i].bytes.n == 0)
			continue;
		bytes += part[i].bytes.n;
		if (h->n_files == FILES_MOST || bytes > FILES_BYTES_MOST) {
			tree_refuse (h, ERROR_too_large, "A form may carry 10 files, 25 MB together.");
			return;
		}
		h->part[h->n_files++] = part[i];
	}
	if (fields == 0 && h->n_files) /* files alone: somebody wants something */
		field[fields++] = (struct form_field){ "_files", "" };
	if (body_read_form (h->arena, field, fields, &h->tree, &fault) != OK)
		tree_refuse (h, fault.error, fault.detail);
}

void body_read (struct hook *h, struct bytes body)
{
	struct reading_fault fault;
	switch (h->body) {
	case BODY_IS_JSON:
		if (body_read_json (h->arena, body, &h->tree, &fault) != OK)
			tree_refuse (h, fault.error, fault.detail);
		return;
	case BODY_IS_FORM: form_members (h, body); return;
	case BODY_IS_MULTIPART: multipart_members (h, body); return;
	}
}

/* ---- what it says ---- */

static int digest_add (const char *bytes, size_t n, void *state)
{
	return crypto_hash_sha256_update (state, (const unsigned char *) bytes, n);
}

void content_digest (struct hook *h, struct bytes body)
{
	crypto_hash_sha256_state state;
	json_t *meta = h->tree && h->envelope.elementor ? json_object_get (h->tree, "meta") : NULL;
	if (h->body != BODY_IS_MULTIPART && !meta) {
		crypto_hash_sha256 (h->content, body.at, body.n);
		return;
	}
	crypto_hash_sha256_init (&state);
	json_t *said = h->tree ? json_copy (h->tree) : NULL;
	if (meta)
		json_object_del (said, "meta"); /* the minute and the browser of it */
	json_dump_callback (said, digest_add, &state, JSON_COMPACT);
	for (size_t i = 0; i < h->n_files; i++) {
		crypto_hash_sha256_update (&state, (const unsigned char *) h->part[i].name, strlen (h->part[i].name) + 1);
		crypto_hash_sha256_update (&state, h->part[i].bytes.at, h->part[i].bytes.n);
	}
	crypto_hash_sha256_final (&state, h->content);
	json_decref (said);
}

/* ---- files on disk ---- */

static enum status store (struct hook *h)
{
	const char *folder = app_config (h->app)->files, *spool = http_spool (h->request);
	struct bytes body = http_body (h->request);
	char hash[SHA256_TEXT];
	h->file = arena_array (h->arena, h->n_files, sizeof *h->file);
	for (size_t i = 0; i < h->n_files; i++) {
		const struct part *part = &h->part[i];
		if (file_put (folder, h->workspace, part->bytes, hash) != OK)
			return FAULT;
		h->file[i] = (struct upload){
			.file_id = { uuid_v7 (clock_now ()) },
			.field = text_cut (h->arena, part->name, 200),
			.has.field = HERE,
			.name = *part->filename ? part->filename : "file",
			.type = text_cut (h->arena, part->type, 200),
			.size = (int64_t) part->bytes.n,
			.sha256 = arena_text (h->arena, hash),
		};
	}
	if (body.n <= BODY_INLINE)
		return OK;
	if ((spool ? file_take (folder, h->workspace, spool, hash) : file_put (folder, h->workspace, body, hash)) != OK)
		return FAULT;
	h->body_file = arena_text (h->arena, hash);
	return OK;
}

void files_store (void *hook)
{
	struct hook *h = hook;
	h->disk_failed = store (h) != OK;
	if (h->disk_failed)
		log_error ("files_not_kept", LOG_U ("submission", h->submission));
}
