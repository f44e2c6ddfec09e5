/* Reading what came in: an effect, since a message of thirty megabytes is no work for the writer, and one that ends its reader must not end it for ever. Bytes
 * from the files folder in, one JSON object out, and a file for everything that hangs on it.
 * It must never decide what a mail belongs to: that is the writer's, by what stands here. */
#include "receiving.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "canary.h"
#include "files.h"
#include "inbound.h"

enum { REFS_MOST_TEXT = 4000 };

/* ---- what stands in it ---- */

/* What came is UTF-8 by now; a text that is not after all says nothing. */
static void put (json_t *o, const char *name, const char *text)
{
	json_t *value = text ? json_string (text) : NULL;
	if (value)
		json_object_set_new (o, name, value);
}

static void parties_put (struct arena *a, json_t *list, const char *kind, const struct mail_party *party, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *email = address_read (a, party[i].email);
		json_t *o = json_object ();
		put (o, "kind", kind);
		put (o, "email", email ? email : party[i].email);
		put (o, "name", *party[i].name ? party[i].name : NULL);
		json_array_append_new (list, o);
	}
}

/* Whom it was delivered to says more than its head, which anybody writes; of what somebody brought, or a provider that tells no envelope, the head is all. */
static json_t *tokens_of (struct arena *a, const struct inbound *in)
{
	json_t *ret = json_array ();
	const struct mail *m = &in->mail;
	for (size_t i = 0; i < in->envelopes; i++) {
		const char *token = token_of_address (a, in->envelope[i]);
		if (token)
			json_array_append_new (ret, json_string (token));
	}
	if (in->envelopes)
		return ret;
	for (size_t i = 0; i < m->delivered_n + m->to_n + m->cc_n; i++) {
		size_t to = i - m->delivered_n;
		const char *email = i < m->delivered_n ? m->delivered[i] : to < m->to_n ? m->to[to].email : m->cc[to - m->to_n].email;
		const char *token = token_of_address (a, email);
		if (token)
			json_array_append_new (ret, json_string (token));
	}
	return ret;
}

static json_t *failures_of (const struct mail *m)
{
	json_t *ret = json_array ();
	for (size_t i = 0; i < m->failures; i++) {
		json_t *o = json_object ();
		put (o, "email", m->failure[i].email);
		put (o, "action", m->failure[i].action);
		put (o, "status", m->failure[i].status);
		put (o, "why", m->failure[i].why);
		json_array_append_new (ret, o);
	}
	return ret;
}

static json_t *reasons_of (const struct mail *m)
{
	json_t *ret = json_array ();
	for (int i = 0; i < MAIL_WHY_COUNT; i++)
		if (m->automatic & 1u << i)
			json_array_append_new (ret, json_string (mail_why_names[i]));
	return ret;
}

/* The nearest first: what it answers, and by which its thread is found. As a head says them they stand the other way round. */
static void references_put (struct arena *a, json_t *o, const struct mail *m)
{
	json_t *list = json_array ();
	const char *refs = "";
	for (size_t i = 0; i < m->references; i++)
		json_array_append_new (list, json_string (m->reference[i]));
	for (size_t i = m->references; i-- > 0;)
		if (strlen (refs) + strlen (m->reference[i]) < REFS_MOST_TEXT)
			refs = arena_printf (a, "%s%s<%s>", refs, *refs ? " " : "", m->reference[i]);
	json_object_set_new (o, "references", list);
	put (o, "in_reply_to", m->references ? m->reference[0] : NULL);
	put (o, "refs", *refs ? refs : NULL);
}

static const char *sort_name (enum mail_sort sort)
{
	switch (sort) {
	case MAIL_MESSAGE: return "message";
	case MAIL_BOUNCE: return "bounce";
	case MAIL_REPORT: return "report";
	case MAIL_COMPLAINT: return "complaint";
	}
	return "message";
}

json_t *reading_json (struct arena *a, const struct inbound *in)
{
	const struct mail *m = &in->mail;
	json_t *o = json_object (), *addressed = json_array ();
	put (o, "from_name", *m->from.name ? m->from.name : NULL);
	put (o, "reply_to", *m->reply_to.email ? m->reply_to.email : NULL);
	put (o, "subject", m->subject);
	put (o, "text", m->text);
	json_object_set_new (o, "own", json_integer ((json_int_t) m->own_n));
	put (o, "html", m->html);
	put (o, "message_id", m->message_id);
	put (o, "sort", sort_name (m->sort));
	put (o, "original_id", m->original_id);
	put (o, "canary", canary_token_of (a, m));
	json_object_set_new (o, "machine", json_boolean (m->automatic || m->sort != MAIL_MESSAGE));
	json_object_set_new (o, "reasons", reasons_of (m));
	json_object_set_new (o, "aligned", json_boolean (in->aligned));
	json_object_set_new (o, "tokens", tokens_of (a, in));
	json_object_set_new (o, "failures", failures_of (m));
	references_put (a, o, m);
	parties_put (a, addressed, "to", m->to, m->to_n);
	parties_put (a, addressed, "cc", m->cc, m->cc_n);
	json_object_set_new (o, "addressed", addressed);
	return o;
}

/* ---- the files that hang on it ---- */

/* On disk for good before anything names them. False: the disk. */
static bool files_keep (struct effect *e, const struct inbound_job *job, const struct mail *m, json_t *o)
{
	json_t *list = json_array ();
	json_object_set_new (o, "files", list);
	for (size_t i = 0; i < m->files; i++) {
		char sha256[SHA256_TEXT];
		json_t *file = json_object ();
		if (file_put (effect_files (e), job->workspace_id.uuid, m->file[i].bytes, sha256) != OK) {
			json_decref (file);
			return false;
		}
		put (file, "name", m->file[i].name);
		put (file, "type", m->file[i].type);
		put (file, "content_id", m->file[i].content_id);
		put (file, "sha256", sha256);
		json_object_set_new (file, "size", json_integer ((json_int_t) m->file[i].bytes.n));
		if (!json_object_get (file, "name"))
			put (file, "name", "file");
		if (!json_object_get (file, "type"))
			put (file, "type", "application/octet-stream");
		json_array_append_new (list, file);
	}
	return true;
}

/* ---- the bytes ---- */

/* Mapped; null: they are not there, or cannot be had. */
static void *bytes_open (const char *path, size_t *ret_n)
{
	struct stat at;
	void *ret = NULL;
	int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0 && !fstat (fd, &at) && at.st_size > 0) {
		*ret_n = (size_t) at.st_size;
		ret = mmap (NULL, *ret_n, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	if (fd >= 0)
		close (fd);
	return ret == MAP_FAILED ? NULL : ret;
}

void mail_inbound_read (struct arena *a, const char *type, bool brought, struct bytes bytes, struct inbound *ret)
{
	if (!brought) {
		inbound_read (a, type, bytes, ret);
		return;
	}
	*ret = (struct inbound){ .raw = bytes, .envelope_from = "" };
	mail_read (a, bytes, &ret->mail);
}

const void *inbound_act (struct effect *e, const void *claimed)
{
	const struct inbound_job *job = claimed;
	struct arena *a = effect_arena (e);
	struct inbound_told *told = arena_alloc (a, sizeof *told);
	size_t n = 0;
	void *at = bytes_open (file_path (a, effect_files (e), job->workspace_id.uuid, job->sha256), &n);
	*told = (struct inbound_told){ .workspace_id = job->workspace_id, .mail_id = job->mail_id, .attempt = job->attempt };
	if (!at) {
		told->fault = "its file is not there";
		told->has.fault = HERE;
		return told;
	}
	struct inbound in;
	mail_inbound_read (a, job->type, job->brought, (struct bytes){ at, n }, &in);
	json_t *o = reading_json (a, &in);
	char *text = files_keep (e, job, &in.mail, o) ? json_dumps (o, JSON_COMPACT) : NULL;
	const char *from = address_read (a, in.mail.from.email);
	if (text) {
		told->reading = arena_text (a, text);
		told->has.reading = HERE;
		told->from_email = from ? from : arena_text (a, in.mail.from.email);
		told->has.from_email = *told->from_email ? HERE : ABSENT;
	} else {
		told->fault = "its files cannot be kept";
		told->has.fault = HERE;
	}
	free (text);
	json_decref (o);
	munmap (at, n);
	return told;
}
