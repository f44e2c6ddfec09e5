/* Mail as it comes in; see mime.h. GMime's objects live inside one call and never leave this file; what is given back lies in the arena.
 * It must never trust a length, a name or a character set that a message claims. */
#include "mime.h"

#include <iconv.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <gmime/gmime.h>
#include "charset.h"
#include "clock.h"
#include "html.h"
#include "http_multipart.h"

const char *const mail_why_names[MAIL_WHY_COUNT] = {
#define MAIL_WHY(name, doc) #name,
	MAIL_AUTOMATIC (MAIL_WHY)
#undef MAIL_WHY
};

/* ---- texts ---- */

/* A name that is nothing but one: iconv would take suffixes. */
static bool charset_is_name (const char *name)
{
	size_t n = strlen (name);
	return n && n <= 40 && strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:") == n;
}

/* What iconv cannot read becomes U+FFFD, a byte at a time. Null: it does not know the set. */
static const char *converted (struct arena *a, struct bytes in, const char *charset)
{
	bool marked = in.n >= 2 && (memcmp (in.at, "\xFE\xFF", 2) == 0 || memcmp (in.at, "\xFF\xFE", 2) == 0);
	if (strcasecmp (charset, "utf-16") == 0 && !marked) /* RFC 2781 4.3; iconv takes this machine's order */
		charset = "UTF-16BE";
	iconv_t cd = iconv_open ("UTF-8", charset);
	if (cd == (iconv_t) -1)
		return NULL;
	char *from = arena_copy (a, (const char *) in.at, in.n), *out, *to;
	size_t left = in.n, room = 4 * in.n + 16;
	out = to = arena_alloc (a, room + 1);
	while (left && iconv (cd, &from, &left, &to, &room) == (size_t) -1) {
		if (room < 8)
			break;
		memcpy (to, "\xEF\xBF\xBD", 3);
		to += 3, room -= 3;
		from++, left--;
	}
	iconv (cd, NULL, NULL, &to, &room);
	iconv_close (cd);
	struct bytes made = { (const unsigned char *) out, (size_t) (to - out) };
	return text_from_charset (a, made, NULL);
}

/* \r\n and \r become \n; other control characters but the tab go. In place: nothing becomes longer. */
static char *lines_unify (char *text)
{
	char *out = text;
	for (const char *p = text; *p; p++) {
		if (*p == '\r') {
			*out++ = '\n';
			p += p[1] == '\n';
		} else if ((unsigned char) *p >= 0x20 || *p == '\n' || *p == '\t') {
			*out++ = *p;
		}
	}
	*out = '\0';
	return text;
}

const char *mail_text (struct arena *a, struct bytes in, const char *charset)
{
	const char *text = NULL;
	if (charset && charset_is_name (charset) && charset_named (charset) == CHARSET_GUESS && strncasecmp (charset, "utf-8", 5) != 0 &&
	    strncasecmp (charset, "us-ascii", 8) != 0)
		text = converted (a, in, charset);
	return lines_unify (arena_text (a, text ? text : text_from_charset (a, in, charset)));
}

const char *mail_line (struct arena *a, const char *text)
{
	if (!text)
		return "";
	struct bytes in = { (const unsigned char *) text, strnlen (text, 16 * MAIL_LINE_MOST) };
	char *line = arena_text (a, text_from_charset (a, in, NULL));
	for (char *p = line; *p; p++)
		if ((unsigned char) *p < 0x20 || *p == 0x7F)
			*p = ' ';
	while (*line == ' ')
		line++;
	size_t n = strlen (line);
	if (n > MAIL_LINE_MOST)
		for (n = MAIL_LINE_MOST; n && ((unsigned char) line[n] & 0xC0) == 0x80;)
			n--;
	while (n && line[n - 1] == ' ')
		n--;
	line[n] = '\0';
	return line;
}

bool mail_is_email (const char *text)
{
	const char *at = strrchr (text, '@');
	size_t n = strlen (text);
	if (!at || at == text || !at[1] || n > 254 || at - text > 64 || strpbrk (text, " \t\r\n<>,;") || at[1] == '.' || text[n - 1] == '.')
		return false;
	for (const unsigned char *p = (const unsigned char *) text; *p; p++)
		if (*p < 0x20 || *p == 0x7F)
			return false;
	return true;
}

/* What stands between < and >, or the whole; null when nothing is left. */
static const char *id_bare (struct arena *a, const char *id)
{
	char *line = arena_text (a, mail_line (a, id));
	char *open = strchr (line, '<'), *close = open ? strchr (open, '>') : NULL;
	if (close) {
		*close = '\0';
		line = open + 1;
	}
	size_t n = strcspn (line, " <>");
	line[n] = '\0';
	return n ? line : NULL;
}

/* ---- headers ---- */

static const char *header_get (struct arena *a, GMimeObject *of, const char *name)
{
	const char *value = g_mime_object_get_header (of, name);
	return value ? mail_line (a, value) : NULL;
}

static struct mail_party address_of (struct arena *a, InternetAddress *address)
{
	const char *name = internet_address_get_name (address);
	const char *email = INTERNET_ADDRESS_IS_MAILBOX (address) ? internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address))
								  : NULL;
	struct mail_party ret = { mail_line (a, name), mail_line (a, email) };
	if (!mail_is_email (ret.email))
		ret.email = "";
	return ret;
}

/* Groups are opened; what is no address is left out. */
static size_t addresses_add (struct arena *a, InternetAddressList *list, struct mail_party *ret, size_t n, int depth)
{
	int count = list ? internet_address_list_length (list) : 0;
	for (int i = 0; i < count && n < MAIL_ADDRESSES_MOST; i++) {
		InternetAddress *address = internet_address_list_get_address (list, i);
		if (INTERNET_ADDRESS_IS_GROUP (address) && depth < 3)
			n = addresses_add (a, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (address)), ret, n, depth + 1);
		else if (*(ret[n] = address_of (a, address)).email)
			n++;
	}
	return n;
}

static const struct mail_party *addresses_read (struct arena *a, InternetAddressList *list, size_t *ret_n, bool *ret_cut)
{
	struct mail_party *ret = arena_array (a, MAIL_ADDRESSES_MOST + 1, sizeof *ret);
	*ret_n = addresses_add (a, list, ret, 0, 0);
	*ret_cut |= *ret_n == MAIL_ADDRESSES_MOST;
	return ret;
}

struct mail_party mail_party_read (struct arena *a, const char *header)
{
	struct mail_party ret = { "", "" };
	size_t n = 0;
	bool cut = false;
	InternetAddressList *list = internet_address_list_parse (NULL, mail_line (a, header));
	const struct mail_party *all = addresses_read (a, list, &n, &cut);
	if (n)
		ret = all[0];
	else if (list && internet_address_list_length (list) > 0)
		ret = address_of (a, internet_address_list_get_address (list, 0));
	if (list)
		g_object_unref (list);
	return ret;
}

static void reference_add (struct arena *a, const char *id, const char **ret, size_t *n)
{
	const char *bare = id_bare (a, id);
	if (!bare || *n == MAIL_REFERENCES_MOST)
		return;
	for (size_t i = 0; i < *n; i++)
		if (strcmp (ret[i], bare) == 0)
			return;
	ret[(*n)++] = bare;
}

/* Right to left, the nearest first; of more than are kept also the one that began it, which is ours more often than any. */
static void references_add (struct arena *a, const char *header, const char **ret, size_t *n)
{
	if (!header || strlen (header) > 100000)
		return;
	GMimeReferences *list = g_mime_references_parse (NULL, header);
	for (int i = g_mime_references_length (list); i-- > 0;)
		if (*n + 1 < MAIL_REFERENCES_MOST || i == 0)
			reference_add (a, g_mime_references_get_message_id (list, i), ret, n);
	g_mime_references_free (list);
}

static bool starts (const char *text, const char *with)
{
	return strncasecmp (text, with, strlen (with)) == 0;
}

static void automatic_read (struct arena *a, GMimeObject *of, struct mail *m)
{
	const char *submitted = header_get (a, of, "Auto-Submitted"), *precedence = header_get (a, of, "Precedence"),
		   *sender = header_get (a, of, "Return-Path");
	if (submitted && *submitted && !starts (submitted, "no"))
		m->automatic |= 1u << MAIL_WHY_auto_submitted;
	if (header_get (a, of, "X-Auto-Response-Suppress") || header_get (a, of, "X-Autoreply") || header_get (a, of, "X-Autorespond"))
		m->automatic |= 1u << MAIL_WHY_auto_suppressed;
	if (precedence && (starts (precedence, "bulk") || starts (precedence, "junk") || starts (precedence, "list") ||
			   starts (precedence, "auto_reply")))
		m->automatic |= 1u << MAIL_WHY_precedence;
	if (header_get (a, of, "List-Id"))
		m->automatic |= 1u << MAIL_WHY_list;
	if (sender && strcmp (sender, "<>") == 0)
		m->automatic |= 1u << MAIL_WHY_no_sender;
}

static void sender_read (struct arena *a, GMimeMessage *message, struct mail *m)
{
	static const char *const otherwise[] = { "Sender", "Return-Path" };
	size_t n;
	const struct mail_party *from = addresses_read (a, g_mime_message_get_from (message), &n, &m->cut);
	m->from = n ? from[0] : mail_party_read (a, header_get (a, GMIME_OBJECT (message), "From"));
	for (size_t i = 0; i < LENGTH (otherwise) && !*m->from.email; i++) {
		struct mail_party other = mail_party_read (a, header_get (a, GMIME_OBJECT (message), otherwise[i]));
		if (*other.email)
			m->from = (struct mail_party){ *m->from.name ? m->from.name : other.name, other.email };
	}
	const struct mail_party *reply = addresses_read (a, g_mime_message_get_reply_to (message), &n, &m->cut);
	m->reply_to = n ? reply[0] : (struct mail_party){ "", "" };
}

static void delivered_read (struct arena *a, GMimeObject *of, struct mail *m)
{
	static const char *const names[] = { "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To" };
	const char **ret = arena_array (a, LENGTH (names), sizeof *ret);
	for (size_t i = 0; i < LENGTH (names); i++) {
		const char *email = mail_party_read (a, header_get (a, of, names[i])).email;
		if (*email)
			ret[m->delivered_n++] = email;
	}
	m->delivered = ret;
}

static void headers_read (struct arena *a, GMimeMessage *message, struct mail *m)
{
	GMimeObject *of = GMIME_OBJECT (message);
	const char **reference = arena_array (a, MAIL_REFERENCES_MOST, sizeof *reference);
	const char *id = g_mime_message_get_message_id (message);
	GDateTime *date = g_mime_message_get_date (message);
	m->message_id = id ? id_bare (a, id) : NULL;
	m->subject = mail_line (a, g_mime_message_get_subject (message));
	references_add (a, g_mime_object_get_header (of, "In-Reply-To"), reference, &m->references);
	references_add (a, g_mime_object_get_header (of, "References"), reference, &m->references);
	m->reference = reference;
	if (date) {
		int64_t seconds = g_date_time_to_unix (date);
		m->sent_at = seconds > 0 && seconds < TIME_MOST / 1000000 ? seconds * 1000000 : 0;
	}
	sender_read (a, message, m);
	m->to = addresses_read (a, g_mime_message_get_to (message), &m->to_n, &m->cut);
	m->cc = addresses_read (a, g_mime_message_get_cc (message), &m->cc_n, &m->cut);
	delivered_read (a, of, m);
	automatic_read (a, of, m);
}

/* ---- parts ---- */

struct reading {
	struct arena *a;
	struct mail *m;
	struct buffer text, html;
	struct mail_part file[MAIL_FILES_MOST];
	struct mail_failure failure[MAIL_FAILURES_MOST];
	size_t parts;
	bool headers, report, complaint, failed;
};

static struct bytes part_bytes (struct arena *a, GMimePart *part)
{
	struct bytes ret = { (const unsigned char *) "", 0 };
	GMimeDataWrapper *content = g_mime_part_get_content (part);
	if (!content)
		return ret;
	GMimeStream *stream = g_mime_stream_mem_new ();
	g_mime_data_wrapper_write_to_stream (content, stream);
	GByteArray *array = g_mime_stream_mem_get_byte_array (GMIME_STREAM_MEM (stream));
	/* the line end before a boundary is the boundary's (RFC 2046 5.1.1); GMime takes the half of it */
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding (part);
	bool plain = encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	if (plain && array && array->len && array->data[array->len - 1] == '\r')
		array->len--;
	if (array && array->len)
		ret = (struct bytes){ (const unsigned char *) arena_copy (a, (const char *) array->data, array->len), array->len };
	g_object_unref (stream);
	return ret;
}

/* "application/pdf": lower case, nothing but a type's characters. */
static const char *type_of (struct arena *a, GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type (part);
	char *text = type ? g_mime_content_type_get_mime_type (type) : NULL, *ret = arena_text (a, text ? text : "");
	g_free (text);
	size_t n = strlen (ret);
	for (size_t i = 0; i < n; i++)
		if (ret[i] >= 'A' && ret[i] <= 'Z')
			ret[i] = (char) (ret[i] + 32);
	if (!n || n > 100 || !strchr (ret, '/') || strspn (ret, "abcdefghijklmnopqrstuvwxyz0123456789.+-_/") != n)
		return "application/octet-stream";
	return ret;
}

static void file_add (struct reading *r, GMimeObject *part, const char *name, struct bytes bytes)
{
	struct mail *m = r->m;
	if (m->files == MAIL_FILES_MOST) {
		m->cut = true;
		return;
	}
	size_t number = m->files + 1;
	const char *id = g_mime_object_get_content_id (part), *shown = name && *name ? filename_display (r->a, mail_line (r->a, name)) : "";
	r->file[m->files++] = (struct mail_part){
		.name = *shown ? shown : arena_printf (r->a, "attachment-%zu", number),
		.type = type_of (r->a, part),
		.content_id = id ? id_bare (r->a, id) : NULL,
		.bytes = bytes,
	};
}

static void text_add (struct reading *r, struct buffer *to, size_t most, const char *text)
{
	size_t n = strlen (text);
	if (to->n && n)
		buffer_text (to, "\n");
	if (n > most - (to->n < most ? to->n : most)) {
		n = most - (to->n < most ? to->n : most);
		while (n && ((unsigned char) text[n] & 0xC0) == 0x80)
			n--;
		r->m->cut = true;
	}
	buffer_add (to, text, n);
}

/* ---- reports ---- */

/* The value of a field in a block of header lines, unfolded; null: it is not there. `type;` before it goes. */
static const char *field_get (struct arena *a, const char *block, size_t n, const char *name)
{
	size_t name_n = strlen (name);
	for (size_t at = 0; at < n;) {
		size_t line = strcspn (block + at, "\n"), end = at + line;
		if (line > name_n && strncasecmp (block + at, name, name_n) == 0 && block[at + name_n] == ':') {
			while (end + 1 < n && (block[end + 1] == ' ' || block[end + 1] == '\t'))
				end += 1 + strcspn (block + end + 1, "\n");
			if (end > n)
				end = n;
			return mail_line (a, arena_copy (a, block + at + name_n + 1, end - at - name_n - 1));
		}
		at = end + 1;
	}
	return NULL;
}

static const char *behind_type (const char *value)
{
	const char *semicolon = value ? strchr (value, ';') : NULL;
	value = semicolon ? semicolon + 1 : value;
	return value ? value + strspn (value, " ") : "";
}

/* RFC 3464: blocks with empty lines between, one about the message, one a recipient. */
static void delivery_read (struct reading *r, const char *text)
{
	while (*text) {
		const char *empty = strstr (text, "\n\n");
		size_t n = empty ? (size_t) (empty - text) + 1 : strlen (text);
		const char *recipient = field_get (r->a, text, n, "Original-Recipient"),
			   *final = field_get (r->a, text, n, "Final-Recipient"), *action = field_get (r->a, text, n, "Action"),
			   *status = field_get (r->a, text, n, "Status"), *why = field_get (r->a, text, n, "Diagnostic-Code");
		if ((final || recipient) && r->m->failures < MAIL_FAILURES_MOST) {
			const char *email = mail_party_read (r->a, behind_type (recipient)).email;
			if (!*email)
				email = mail_party_read (r->a, behind_type (final)).email;
			r->failure[r->m->failures++] = (struct mail_failure){ email, action ? action : "", status ? status : "",
									      behind_type (why) };
			r->failed |= action && starts (action, "failed");
		}
		text += n;
		text += strspn (text, "\n");
	}
	r->report = true;
}

static void complaint_read (struct reading *r, const char *text)
{
	size_t n = strlen (text);
	const char *from = field_get (r->a, text, n, "Original-Mail-From"), *to = field_get (r->a, text, n, "Original-Rcpt-To");
	const char *email = mail_party_read (r->a, to ? to : "").email, *sort = field_get (r->a, text, n, "Feedback-Type");
	if (from && *mail_party_read (r->a, from).email)
		r->m->original_from = mail_party_read (r->a, from).email;
	if (*email && r->m->failures < MAIL_FAILURES_MOST)
		r->failure[r->m->failures++] = (struct mail_failure){ email, "complained", "", sort ? sort : "" };
	r->complaint = true;
}

static void original_read (struct reading *r, const char *text)
{
	const char *empty = strstr (text, "\n\n");
	const char *id = field_get (r->a, text, empty ? (size_t) (empty - text) + 1 : strlen (text), "Message-ID");
	if (id && !r->m->original_id)
		r->m->original_id = id_bare (r->a, id);
}

/* ---- the walk ---- */

static bool is_attached (GMimeObject *part)
{
	GMimeContentDisposition *disposition = g_mime_object_get_content_disposition (part);
	return (disposition && strcasecmp (g_mime_content_disposition_get_disposition (disposition), "attachment") == 0) ||
	       (GMIME_IS_PART (part) && g_mime_part_get_filename (GMIME_PART (part)));
}

static void leaf_read (struct reading *r, GMimePart *part)
{
	GMimeObject *of = GMIME_OBJECT (part);
	const char *type = type_of (r->a, of), *charset = g_mime_object_get_content_type_parameter (of, "charset");
	struct bytes bytes = part_bytes (r->a, part);
	bool attached = is_attached (of);
	if (strcmp (type, "message/delivery-status") == 0 || strcmp (type, "message/global-delivery-status") == 0)
		delivery_read (r, mail_text (r->a, bytes, NULL));
	else if (strcmp (type, "message/feedback-report") == 0)
		complaint_read (r, mail_text (r->a, bytes, NULL));
	else if (strcmp (type, "message/disposition-notification") == 0)
		r->report = true;
	else if (strcmp (type, "message/rfc822-headers") == 0 || strcmp (type, "text/rfc822-headers") == 0)
		original_read (r, mail_text (r->a, bytes, NULL));
	else if (strcmp (type, "text/html") == 0 && !attached)
		text_add (r, &r->html, MAIL_HTML_MOST, mail_text (r->a, bytes, charset));
	else if (starts (type, "text/") && strcmp (type, "text/calendar") != 0 && !attached)
		text_add (r, &r->text, MAIL_TEXT_MOST, mail_text (r->a, bytes, charset));
	else
		file_add (r, of, g_mime_part_get_filename (part), bytes);
}

/* A message inside a message: what bounced, or an attachment as it is. */
static void message_read (struct reading *r, GMimeMessagePart *part)
{
	GMimeMessage *inner = g_mime_message_part_get_message (part);
	if (!inner)
		return;
	const char *id = g_mime_message_get_message_id (inner);
	if ((r->report || r->complaint) && !r->m->original_id && id) {
		r->m->original_id = id_bare (r->a, id);
		return;
	}
	char *text = g_mime_object_to_string (GMIME_OBJECT (inner), NULL);
	size_t n = text ? strlen (text) : 0;
	struct bytes bytes = { (const unsigned char *) arena_copy (r->a, text ? text : "", n), n };
	g_free (text);
	const char *subject = g_mime_message_get_subject (inner);
	file_add (r, GMIME_OBJECT (part), arena_printf (r->a, "%.200s.eml", subject && *subject ? subject : "message"), bytes);
}

static void part_read (struct reading *r, GMimeObject *part, int depth)
{
	if (depth > MAIL_DEPTH_MOST || ++r->parts > MAIL_PARTS_MOST) {
		r->m->cut = true;
	} else if (GMIME_IS_MULTIPART (part)) {
		int n = g_mime_multipart_get_count (GMIME_MULTIPART (part));
		for (int i = 0; i < n && r->parts <= MAIL_PARTS_MOST; i++)
			part_read (r, g_mime_multipart_get_part (GMIME_MULTIPART (part), i), depth + 1);
	} else if (GMIME_IS_MESSAGE_PART (part)) {
		message_read (r, GMIME_MESSAGE_PART (part));
	} else if (GMIME_IS_PART (part)) {
		leaf_read (r, GMIME_PART (part));
	}
}

/* What is behind the first empty line: all that is left to show of a message whose parts say nothing. Without a header all of it. */
static const char *body_rest (struct arena *a, struct bytes raw, bool headers)
{
	if (!headers)
		return mail_text (a, raw, NULL);
	for (size_t i = 0; i + 1 < raw.n; i++) {
		size_t n = raw.at[i] != '\n'						     ? 0
			   : raw.at[i + 1] == '\n'					     ? 2
			   : i + 2 < raw.n && raw.at[i + 1] == '\r' && raw.at[i + 2] == '\n' ? 3
											     : 0;
		if (n)
			return mail_text (a, (struct bytes){ raw.at + i + n, raw.n - i - n }, NULL);
	}
	return "";
}

static const char *text_end (struct arena *a, struct buffer *b)
{
	const char *ret = b->n ? arena_copy (a, (const char *) b->at, b->n) : NULL;
	buffer_fini (b);
	return ret;
}

static void reading_end (struct reading *r, struct bytes raw)
{
	struct mail *m = r->m;
	m->file = arena_array (r->a, m->files + 1, sizeof *m->file);
	memcpy ((void *) m->file, r->file, m->files * sizeof *m->file);
	m->failure = arena_array (r->a, m->failures + 1, sizeof *m->failure);
	memcpy ((void *) m->failure, r->failure, m->failures * sizeof *m->failure);
	m->html = text_end (r->a, &r->html);
	const char *text = text_end (r->a, &r->text);
	if (!text && m->html)
		text = html_text (r->a, m->html, MAIL_TEXT_MOST);
	if (!text && !m->files && !r->report && !r->complaint) {
		struct buffer rest = { 0 };
		text_add (r, &rest, MAIL_TEXT_MOST, body_rest (r->a, raw, r->headers));
		text = text_end (r->a, &rest);
	}
	m->text = text ? text : "";
	m->own_n = mail_own_size (m->text);
	m->sort = r->complaint ? MAIL_COMPLAINT : r->failed ? MAIL_BOUNCE : r->report ? MAIL_REPORT : MAIL_MESSAGE;
	if (m->sort != MAIL_MESSAGE)
		m->automatic |= 1u << MAIL_WHY_report;
}

/* Exim tells without RFC 3464's form. */
static void failed_recipients_read (struct reading *r, GMimeMessage *message)
{
	const char *header = header_get (r->a, GMIME_OBJECT (message), "X-Failed-Recipients");
	if (!header || r->m->failures)
		return;
	const char *email = mail_party_read (r->a, header).email;
	if (!*email)
		return;
	r->failure[r->m->failures++] = (struct mail_failure){ email, "failed", "", "" };
	r->report = r->failed = true;
}

static void gmime_start (void)
{
	g_mime_init ();
}

/* What a line of the head is called; 0: it is none. ret_blanks: what stands between that and its colon. */
static size_t line_name (const unsigned char *at, size_t n, size_t *ret_blanks)
{
	size_t name = 0, blanks = 0;
	while (name < n && at[name] > ' ' && at[name] < 0x7F && at[name] != ':')
		name++;
	while (name + blanks < n && (at[name + blanks] == ' ' || at[name + blanks] == '\t'))
		blanks++;
	*ret_blanks = blanks;
	return name + blanks < n && at[name + blanks] == ':' ? name : 0;
}

/* Bytes before the headers that are none: a byte order mark, empty lines, a mailbox's "From " line. */
static struct bytes headers_begin (struct bytes raw)
{
	if (raw.n >= 3 && memcmp (raw.at, "\xEF\xBB\xBF", 3) == 0)
		raw = (struct bytes){ raw.at + 3, raw.n - 3 };
	while (raw.n && (*raw.at == '\r' || *raw.at == '\n'))
		raw = (struct bytes){ raw.at + 1, raw.n - 1 };
	size_t blanks;
	if (raw.n >= 5 && memcmp (raw.at, "From ", 5) == 0 && !line_name (raw.at, raw.n, &blanks)) {
		const unsigned char *end = memchr (raw.at, '\n', raw.n);
		size_t n = end ? (size_t) (end - raw.at) + 1 : raw.n;
		raw = (struct bytes){ raw.at + n, raw.n - n };
	}
	return raw;
}

/* What a strict reader would lose of a head: the line behind a NUL, a name with a blank before its colon, the text where no empty line begins it. */
static struct bytes head_mend (struct arena *a, struct bytes raw)
{
	struct buffer out = { 0 };
	size_t at = 0, lines = 0, stray = 0;
	bool ends = false;
	while (at < raw.n && !ends) {
		const unsigned char *line = raw.at + at, *end = memchr (line, '\n', raw.n - at);
		size_t n = end ? (size_t) (end - line) + 1 : raw.n - at, blanks = 0, name = line_name (line, n, &blanks);
		ends = *line == '\n' || (*line == '\r' && n == 2);
		if (!ends && !name && *line != ' ' && *line != '\t' && lines && !stray)
			stray = out.n;
		lines += name > 0;
		buffer_add (&out, line, name);
		for (size_t i = name ? name + blanks : 0; i < n; i++)
			buffer_add (&out, line[i] ? (const void *) &line[i] : " ", 1);
		at += n;
	}
	if (!ends && stray) {
		buffer_text (&out, "\n");
		memmove (out.at + stray + 1, out.at + stray, out.n - stray - 1);
		out.at[stray] = '\n';
	}
	buffer_add (&out, raw.at + at, raw.n - at);
	struct bytes ret = { (const unsigned char *) arena_copy (a, (const char *) out.at, out.n), out.n };
	buffer_fini (&out);
	return ret;
}

/* 8-bit bytes of a head are what nobody said: UTF-8 where they are, else what Western programs write. */
static GMimeParserOptions *options_new (void)
{
	static const char *sets[] = { "utf-8", "windows-1252", NULL };
	GMimeParserOptions *ret = g_mime_parser_options_new ();
	g_mime_parser_options_set_fallback_charsets (ret, sets);
	return ret;
}

void mail_read (struct arena *a, struct bytes raw, struct mail *ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once (&once, gmime_start);
	raw = head_mend (a, headers_begin (raw));
	struct mail m = { .subject = "", .text = "", .from = { "", "" }, .reply_to = { "", "" } };
	struct reading *r = arena_alloc (a, sizeof *r);
	*r = (struct reading){ .a = a, .m = &m };
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer ((const char *) raw.at, raw.n);
	GMimeParser *parser = g_mime_parser_new_with_stream (stream);
	GMimeParserOptions *options = options_new ();
	GMimeMessage *message = g_mime_parser_construct_message (parser, options);
	if (message) {
		headers_read (a, message, &m);
		r->headers = g_mime_header_list_get_count (g_mime_object_get_header_list (GMIME_OBJECT (message))) > 0;
		GMimeObject *part = g_mime_message_get_mime_part (message);
		if (part)
			part_read (r, part, 0);
		failed_recipients_read (r, message);
		g_object_unref (message);
	}
	reading_end (r, raw);
	g_mime_parser_options_free (options);
	g_object_unref (parser);
	g_object_unref (stream);
	*ret = m;
}
