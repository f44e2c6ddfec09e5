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

/* ---- signature ---- */

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

/* ---- members and files ---- */

/* Of a way in with a sender, or for records, the shape is theirs. */
static const struct mapping_rules *rules_of (const struct hook *h)
{
	return h->sender || h->source.kind == source_kind_records ? NULL : h->rules;
}

void body_read (struct hook *h, struct bytes body)
{
	struct reading_fault fault;
	if (request_open (h->arena, h->body, http_header (h->request, "Content-Type"), body, rules_of (h), &h->said, &fault) != OK)
		hook_refuse (h, submission_outcome_bad_request, fault.error, fault.detail);
}

/* ---- files on disk ---- */

static enum status store (struct hook *h)
{
	const char *folder = app_config (h->app)->files, *spool = http_spool (h->request);
	struct bytes body = http_body (h->request);
	char hash[SHA256_TEXT];
	h->file = arena_array (h->arena, h->n_files, sizeof *h->file);
	for (size_t i = 0; i < h->n_files; i++) {
		const struct part *part = &h->said.part[i];
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
