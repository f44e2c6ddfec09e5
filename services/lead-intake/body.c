/* Bytes of a request: which kind they are, whether their signature fits, what members and files they hold, and files put on disk.
 * Runs on any thread, on one request at a time. A file's name is never used as a path; a file is durable before its command is queued. */
#include "door.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sodium.h>
#include "clock.h"
#include "fault.h"
#include "log.h"
#include "seal.h"

enum { BODY_INLINE = 65536, PARTS_MOST = 2000, PART_HEAD_MOST = 8192, BOUNDARY_MOST = 70, NAME_MOST = 255, TYPE_MOST = 200 };

/* ---- text ---- */

/* 0x80 to 0x9F of windows-1252; the rest is Latin-1. */
static const unsigned short windows_1252[32] = { 0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
						 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
						 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178 };

static const char *text_1252 (struct arena *a, struct bytes text)
{
	char *out = arena_alloc (a, 3 * text.n + 1), *p = out;
	for (size_t i = 0; i < text.n; i++) {
		unsigned c = text.at[i];
		if (c >= 0x80 && c < 0xA0)
			c = windows_1252[c - 0x80];
		if (c == 0)
			continue;
		if (c < 0x80) {
			*p++ = (char) c;
		} else if (c < 0x800) {
			*p++ = (char) (0xC0 | c >> 6);
			*p++ = (char) (0x80 | (c & 0x3F));
		} else {
			*p++ = (char) (0xE0 | c >> 12);
			*p++ = (char) (0x80 | (c >> 6 & 0x3F));
			*p++ = (char) (0x80 | (c & 0x3F));
		}
	}
	*p = '\0';
	return out;
}

const char *text_utf8 (struct arena *a, struct bytes text)
{
	bool plain = true;
	for (size_t i = 0; plain && i < text.n; i++)
		plain = text.at[i] && text.at[i] < 0x80;
	if (plain)
		return arena_copy (a, (const char *) text.at, text.n);
	json_t *probe = json_stringn ((const char *) text.at, text.n); /* what JSON takes as UTF-8 */
	bool good = probe != NULL;
	json_decref (probe);
	if (!good)
		return text_1252 (a, text);
	char *out = arena_alloc (a, text.n + 1), *p = out;
	for (size_t i = 0; i < text.n; i++)
		if (text.at[i])
			*p++ = (char) text.at[i];
	return out;
}

/* The value of a parameter of a header ("boundary", "filename"); null: it is not there. `strict` names only: filename is not filename*. */
static const char *header_param (struct arena *a, const char *header, const char *name)
{
	size_t n = strlen (name);
	for (const char *p = strchr (header, ';'); p; p = strchr (p, ';')) {
		p += 1 + strspn (p + 1, " \t");
		if (strncasecmp (p, name, n) == 0 && p[n] == '=') {
			p += n + 1;
			if (*p != '"')
				return arena_copy (a, p, strcspn (p, "; \t"));
			char *out = arena_alloc (a, strlen (p) + 1), *to = out;
			for (p++; *p && *p != '"'; p++) {
				if (p[0] == '\\' && p[1] == '"') /* other backslashes are parts of paths */
					p++;
				*to++ = *p;
			}
			return out;
		}
		if (strcspn (p, "\"") < strcspn (p, ";")) { /* a quoted value may hold semicolons */
			p += strcspn (p, "\"") + 1;
			while (*p && *p != '"')
				p += p[0] == '\\' && p[1] ? 2 : 1;
			if (!*p)
				return NULL;
		}
	}
	return NULL;
}

static bool type_is (const char *type, const char *wanted)
{
	size_t n = strlen (wanted);
	return strncasecmp (type, wanted, n) == 0 && (type[n] == '\0' || strchr ("; \t", type[n]));
}

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
		if (type_is (type, known[i].type)) {
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

/* ---- forms (WHATWG URL, 5.1) ---- */

static int hex_digit (unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct bytes form_decode (struct arena *a, const unsigned char *at, size_t n)
{
	unsigned char *out = arena_alloc (a, n + 1);
	size_t used = 0;
	for (size_t i = 0; i < n; i++) {
		int high = at[i] == '%' && i + 2 < n ? hex_digit (at[i + 1]) : -1, low = high >= 0 ? hex_digit (at[i + 2]) : -1;
		if (low >= 0) {
			out[used++] = (unsigned char) (high << 4 | low);
			i += 2;
		} else {
			out[used++] = at[i] == '+' ? ' ' : at[i];
		}
	}
	return (struct bytes){ out, used };
}

static bool is_1252 (const char *charset)
{
	return charset && (strcasecmp (charset, "windows-1252") == 0 || strncasecmp (charset, "iso-8859-1", 10) == 0 ||
			   strcasecmp (charset, "latin1") == 0 || strcasecmp (charset, "cp1252") == 0);
}

static const char *charset_text (struct arena *a, struct bytes text, bool old)
{
	return old ? text_1252 (a, text) : text_utf8 (a, text);
}

static void form_read (struct hook *h, struct bytes body)
{
	const char *charset = header_param (h->arena, http_header (h->request, "Content-Type"), "charset");
	bool old = is_1252 (charset);
	struct reading_fault fault;
	size_t n = 0, room = 1;
	for (size_t i = 0; i < body.n; i++)
		room += body.at[i] == '&';
	const unsigned char *hint = memmem (body.at, body.n, "_charset_=", 10);
	if (hint && (hint == body.at || hint[-1] == '&')) {
		size_t rest = body.n - (size_t) (hint + 10 - body.at), length = 0;
		while (length < rest && length < 20 && hint[10 + length] != '&')
			length++;
		old = is_1252 (arena_copy (h->arena, (const char *) hint + 10, length));
	}
	if (room > PARTS_MOST + 1) {
		hook_refuse (h, submission_outcome_bad_request, ERROR_too_large, "The form has more than 2,000 values.");
		return;
	}
	struct form_pair *pair = arena_array (h->arena, room, sizeof *pair);
	for (size_t from = 0; from < body.n;) {
		const unsigned char *at = body.at + from, *end = memchr (at, '&', body.n - from);
		size_t length = end ? (size_t) (end - at) : body.n - from;
		const unsigned char *equals = length ? memchr (at, '=', length) : NULL;
		size_t name = equals ? (size_t) (equals - at) : length;
		if (length) {
			pair[n].name = charset_text (h->arena, form_decode (h->arena, at, name), old);
			pair[n].value = equals ? charset_text (h->arena, form_decode (h->arena, equals + 1, length - name - 1), old) : "";
			n++;
		}
		from += length + 1;
	}
	if (body_read_form (h->arena, pair, n, &h->tree, &fault) != OK)
		hook_refuse (h, submission_outcome_bad_request, fault.error, fault.detail);
}

/* ---- multipart/form-data (RFC 7578) ---- */

/* filename*=UTF-8''a%20b (RFC 8187) */
static const char *name_extended (struct arena *a, const char *value)
{
	const char *p = value ? strchr (value, '\'') : NULL;
	p = p ? strchr (p + 1, '\'') : NULL;
	if (!p)
		return NULL;
	char *plus = arena_text (a, p + 1);
	for (char *q = plus; *q; q++) /* here a plus is a plus */
		if (*q == '+')
			*q = '\1';
	struct bytes b = form_decode (a, (const unsigned char *) plus, strlen (plus));
	const char *name = text_utf8 (a, b);
	for (char *q = (char *) name; *q; q++)
		if (*q == '\1')
			*q = '+';
	return name;
}

/* The last part of what may be a path, without control characters: for people to read. */
static const char *name_clean (struct arena *a, const char *name)
{
	for (const char *p = name; *p; p++)
		if ((*p == '/' || *p == '\\') && p[1])
			name = p + 1;
	char *out = arena_text (a, name), *to = out;
	for (const char *p = out; *p; p++)
		if ((unsigned char) *p >= ' ' && *p != 0x7F && *p != '/' && *p != '\\')
			*to++ = *p;
	*to = '\0';
	return *out ? text_cut (a, out, NAME_MOST) : "file";
}

static const char *part_header (struct arena *a, struct bytes head, const char *name)
{
	size_t n = strlen (name);
	for (size_t from = 0; from < head.n;) {
		const unsigned char *at = head.at + from, *end = memmem (at, head.n - from, "\r\n", 2);
		size_t length = end ? (size_t) (end - at) : head.n - from;
		if (length > n && at[n] == ':' && strncasecmp ((const char *) at, name, n) == 0)
			return text_utf8 (a, (struct bytes){ at + n + 1, length - n - 1 });
		from += length + 2;
	}
	return NULL;
}

/* False: the part has no name, or it is an upload field left empty. */
static bool part_read (struct hook *h, struct bytes head, struct bytes value, struct part *ret)
{
	const char *said = part_header (h->arena, head, "Content-Disposition"), *type = part_header (h->arena, head, "Content-Type");
	const char *name = said ? header_param (h->arena, said, "name") : NULL;
	if (!name || !*name)
		return false;
	const char *extended = name_extended (h->arena, header_param (h->arena, said, "filename*"));
	const char *file = extended ? extended : header_param (h->arena, said, "filename");
	if (file && !*file && value.n == 0)
		return false;
	type = type ? type + strspn (type, " \t") : "application/octet-stream";
	*ret = (struct part){ .name = name,
			      .file_name = file ? name_clean (h->arena, file) : NULL,
			      .type = text_cut (h->arena, type, TYPE_MOST),
			      .value = value };
	return true;
}

static void multipart_fault (struct hook *h, int error, const char *detail)
{
	hook_refuse (h, submission_outcome_bad_request, error, detail);
}

/* The parts in their order. 0 and a refusal when the body does not hold together. */
static size_t parts_read (struct hook *h, struct bytes body, struct part *part)
{
	const char *boundary = header_param (h->arena, http_header (h->request, "Content-Type"), "boundary");
	if (!boundary || !*boundary || strlen (boundary) > BOUNDARY_MOST) {
		multipart_fault (h, ERROR_bad_request, "The Content-Type names no boundary of at most 70 characters.");
		return 0;
	}
	const char *line = arena_printf (h->arena, "\r\n--%s", boundary);
	size_t line_n = strlen (line), n = 0;
	const unsigned char *end = body.at + body.n, *at;
	if (body.n >= line_n - 2 && memcmp (body.at, line + 2, line_n - 2) == 0)
		at = body.at + line_n - 2;
	else if ((at = body.n ? memmem (body.at, body.n, line, line_n) : NULL))
		at += line_n;
	while (at && !(end - at >= 2 && memcmp (at, "--", 2) == 0)) {
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (end - at < 2 || memcmp (at, "\r\n", 2) != 0)
			break;
		const unsigned char *head = at, *blank = memmem (at, (size_t) (end - at), "\r\n\r\n", 4);
		const unsigned char *next = blank ? memmem (blank + 2, (size_t) (end - blank - 2), line, line_n) : NULL;
		if (!next || blank - head > PART_HEAD_MOST)
			break;
		if (n == PARTS_MOST) {
			multipart_fault (h, ERROR_too_large, "The form has more than 2,000 values.");
			return 0;
		}
		const unsigned char *value = blank + 4;
		struct bytes head_bytes = { head + 2, blank > head ? (size_t) (blank - head - 2) : 0 };
		n += part_read (h, head_bytes, (struct bytes){ value, next > value ? (size_t) (next - value) : 0 }, &part[n]);
		at = next + line_n;
	}
	if (!at || end - at < 2 || memcmp (at, "--", 2) != 0) {
		multipart_fault (h, ERROR_bad_request, "The parts of the form do not hold together: a boundary or a header is missing.");
		return 0;
	}
	return n;
}

/* The files among the parts, in front; values become members. */
static void multipart_read (struct hook *h, struct bytes body)
{
	struct part *part = arena_array (h->arena, PARTS_MOST + 1, sizeof *part);
	size_t n = parts_read (h, body, part), pairs = 0, bytes = 0;
	struct form_pair *pair = arena_array (h->arena, n + 1, sizeof *pair);
	struct reading_fault fault;
	h->part = arena_array (h->arena, FILES_MOST + 1, sizeof *part);
	if (h->error != NO_ERROR)
		return;
	for (size_t i = 0; i < n; i++) {
		if (!part[i].file_name) {
			pair[pairs].name = part[i].name;
			pair[pairs++].value = text_utf8 (h->arena, part[i].value);
			continue;
		}
		bytes += part[i].value.n;
		if (h->n_files == FILES_MOST || bytes > FILES_BYTES_MOST) {
			h->n_files = 0;
			multipart_fault (h, ERROR_too_large, "A form may carry 10 files, 25 MB together.");
			return;
		}
		h->part[h->n_files++] = part[i];
	}
	if (pairs == 0 && h->n_files) /* files alone: somebody wants something */
		pair[pairs++] = (struct form_pair){ "_files", "" };
	if (body_read_form (h->arena, pair, pairs, &h->tree, &fault) != OK)
		multipart_fault (h, fault.error, fault.detail);
}

void body_read (struct hook *h, struct bytes body)
{
	struct reading_fault fault;
	switch (h->body) {
	case BODY_IS_JSON:
		if (body_read_json (h->arena, body, &h->tree, &fault) != OK)
			hook_refuse (h, submission_outcome_bad_request, fault.error, fault.detail);
		return;
	case BODY_IS_FORM: form_read (h, body); return;
	case BODY_IS_MULTIPART: multipart_read (h, body); return;
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
		crypto_hash_sha256_update (&state, h->part[i].value.at, h->part[i].value.n);
	}
	crypto_hash_sha256_final (&state, h->content);
	json_decref (said);
}

/* ---- files: CRM_FILES/workspace/sha256 ---- */

static const char *hash_text (struct arena *a, struct bytes bytes)
{
	char hex[SHA256_TEXT];
	return arena_text (a, sha256_text (bytes, hex));
}

static bool folder_sync (const char *path)
{
	int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync (fd) == 0;
	if (fd >= 0)
		close (fd);
	return good;
}

static bool write_all (int fd, struct bytes b)
{
	while (b.n) {
		ssize_t n = write (fd, b.at, b.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		b.at += n;
		b.n -= (size_t) n;
	}
	return true;
}

/* Under a temporary name, synced, renamed. */
static bool file_put (struct hook *h, const char *folder, const char *name, struct bytes bytes)
{
	char id[UUID_TEXT];
	const char *files = app_config (h->app)->files, *to = arena_printf (h->arena, "%s/%s", folder, name);
	const char *from = arena_printf (h->arena, "%s/tmp/%s", files, uuid_format (uuid_v7 (clock_now ()), id));
	if (access (to, F_OK) == 0)
		return true; /* the same bytes came before */
	int fd = open (from, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = fd >= 0 && write_all (fd, bytes) && fsync (fd) == 0;
	if (fd >= 0)
		close (fd);
	fault_point (file_before_rename);
	if (good && rename (from, to) == 0)
		return true;
	unlink (from);
	return false;
}

/* A body that lies in a spool file gets a second name; the first is taken away by whoever gave it. */
static bool body_put (struct hook *h, const char *folder, struct bytes body)
{
	const char *spool = http_spool (h->request);
	h->body_file = hash_text (h->arena, body);
	if (!spool)
		return file_put (h, folder, h->body_file, body);
	int fd = open (spool, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync (fd) == 0;
	if (fd >= 0)
		close (fd);
	fault_point (file_before_rename);
	return good && (link (spool, arena_printf (h->arena, "%s/%s", folder, h->body_file)) == 0 || errno == EEXIST);
}

static bool store (struct hook *h)
{
	char id[UUID_TEXT];
	const char *files = app_config (h->app)->files;
	const char *folder = arena_printf (h->arena, "%s/%s", files, uuid_format (h->workspace, id));
	struct bytes body = http_body (h->request);
	if (mkdir (folder, 0700) == 0 ? !folder_sync (files) : errno != EEXIST)
		return false;
	h->file = arena_array (h->arena, h->n_files, sizeof *h->file);
	for (size_t i = 0; i < h->n_files; i++) {
		const struct part *part = &h->part[i];
		h->file[i] = (struct upload){ .file_id = { uuid_v7 (clock_now ()) },
					      .field = text_cut (h->arena, part->name, 200),
					      .has.field = HERE,
					      .name = part->file_name,
					      .type = part->type,
					      .size = (int64_t) part->value.n,
					      .sha256 = hash_text (h->arena, part->value) };
		if (!file_put (h, folder, h->file[i].sha256, part->value))
			return false;
	}
	return (body.n <= BODY_INLINE || body_put (h, folder, body)) && folder_sync (folder);
}

void files_store (void *hook)
{
	struct hook *h = hook;
	h->disk_failed = !store (h);
	if (h->disk_failed)
		log_error ("files_not_kept", LOG_U ("submission", h->submission), LOG_T ("why", strerror (errno)));
}
