/* SendGrid's Inbound Parse; see inbound.h. In default mode every field has a character set of its own, told in the field `charsets`.
 * It must never lose a mail because one field of the form cannot be read. */
#include "inbound.h"

#include <string.h>
#include <strings.h>
#include <jansson.h>
#include "html.h"
#include "http_multipart.h"

enum { ENVELOPE_MOST = 200 };

struct form {
	struct arena *a;
	const struct part *part;
	size_t n;
	json_t *charsets;
};

static const struct part *part_named (const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp (f->part[i].name, name) == 0)
			return &f->part[i];
	return NULL;
}

/* A field in the set of characters that `charsets` says of it. Null: it is not there. */
static const char *field (const struct form *f, const char *name)
{
	const struct part *p = part_named (f, name);
	return p ? mail_text (f->a, p->bytes, json_string_value (json_object_get (f->charsets, name))) : NULL;
}

static json_t *field_json (const struct form *f, const char *name)
{
	const struct part *p = part_named (f, name);
	return p ? json_loadb ((const char *) p->bytes.at, p->bytes.n, 0, NULL) : NULL;
}

static void envelope_read (const struct form *f, struct inbound *in)
{
	json_t *envelope = field_json (f, "envelope"), *to = json_object_get (envelope, "to");
	const char *from = json_string_value (json_object_get (envelope, "from"));
	const char **ret = arena_array (f->a, ENVELOPE_MOST, sizeof *ret);
	size_t n = json_is_array (to) ? json_array_size (to) : 0;
	for (size_t i = 0; i < n && in->envelopes < ENVELOPE_MOST; i++) {
		const char *email = mail_party_read (f->a, json_string_value (json_array_get (to, i))).email;
		if (*email)
			ret[in->envelopes++] = email;
	}
	in->envelope = ret;
	in->envelope_from = mail_party_read (f->a, from).email;
	if (from && !*from)
		in->mail.automatic |= 1u << MAIL_WHY_no_sender;
	json_decref (envelope);
}

static const char *domain_of (const char *email)
{
	const char *at = strrchr (email, '@');
	return at ? at + 1 : "";
}

/* The same domain, or one below it. */
static bool domain_covers (const char *domain, size_t n, const char *of)
{
	size_t of_n = strlen (of);
	return n && n <= of_n && strncasecmp (of + of_n - n, domain, n) == 0 && (n == of_n || of[of_n - n - 1] == '.');
}

/* "{@example.com : pass}", several with commas between. A public suffix signs for nobody: it needs a point. */
static bool dkim_passed (const char *text, const char *domain)
{
	for (const char *p = text; (p = strchr (p, '@'));) {
		size_t n = strcspn (++p, " :},"), verdict = n + strspn (p + n, " ");
		if (p[verdict] == ':' && strncmp (p + verdict + 1 + strspn (p + verdict + 1, " "), "pass", 4) == 0 && memchr (p, '.', n) &&
		    domain_covers (p, n, domain))
			return true;
	}
	return false;
}

static bool is_aligned (const struct form *f, const struct inbound *in)
{
	const char *domain = domain_of (in->mail.from.email), *dkim = field (f, "dkim"), *spf = field (f, "SPF");
	const char *sender = domain_of (in->envelope_from);
	return *domain && ((dkim && dkim_passed (dkim, domain)) ||
			   (spf && strncasecmp (spf, "pass", 4) == 0 && *sender && strcasecmp (sender, domain) == 0));
}

/* The files of default mode: attachment1 and so on, what they are called in `attachment-info`. */
static void files_read (const struct form *f, struct mail *m)
{
	json_t *info = field_json (f, "attachment-info");
	struct mail_part *file = arena_array (f->a, MAIL_FILES_MOST, sizeof *file);
	for (size_t i = 0; i < f->n; i++) {
		const struct part *p = &f->part[i];
		if (!p->filename || strncmp (p->name, "attachment", 10) != 0)
			continue;
		if (m->files == MAIL_FILES_MOST) {
			m->cut = true;
			break;
		}
		json_t *about = json_object_get (info, p->name);
		const char *name = json_string_value (json_object_get (about, "filename")),
			   *type = json_string_value (json_object_get (about, "type"));
		const char *id = json_string_value (json_object_get (about, "content-id"));
		const char *shown = filename_display (f->a, name ? name : p->filename);
		file[m->files++] = (struct mail_part){
			.name = shown,
			.type = mail_line (f->a, type ? type : p->type),
			.content_id = id && *id ? mail_line (f->a, id) : NULL,
			.bytes = p->bytes,
		};
	}
	m->file = file;
	json_decref (info);
}

/* The form's fields go before what the headers say: they are decoded already. */
static void default_read (const struct form *f, struct mail *m)
{
	const struct part *headers = part_named (f, "headers");
	struct bytes nothing = { (const unsigned char *) "", 0 };
	mail_read (f->a, headers ? headers->bytes : nothing, m);
	const char *subject = field (f, "subject"), *from = field (f, "from"), *text = field (f, "text"), *html = field (f, "html");
	if (subject && *subject)
		m->subject = mail_line (f->a, subject);
	if (from && !*m->from.email)
		m->from = mail_party_read (f->a, from);
	if (!m->to_n && field (f, "to")) {
		struct mail_party *to = arena_alloc (f->a, sizeof *to);
		*to = mail_party_read (f->a, field (f, "to"));
		m->to = to;
		m->to_n = *to->email != '\0';
	}
	size_t html_n = html ? strlen (html) : 0, text_n = text ? strlen (text) : 0;
	m->html = html_n ? html_n > MAIL_HTML_MOST ? mail_text (f->a, (struct bytes){ (const unsigned char *) html, MAIL_HTML_MOST }, NULL)
						   : html
			 : NULL;
	m->text = text_n ? text_n > MAIL_TEXT_MOST ? mail_text (f->a, (struct bytes){ (const unsigned char *) text, MAIL_TEXT_MOST }, NULL)
						   : text
			 : NULL;
	m->cut |= html_n > MAIL_HTML_MOST || text_n > MAIL_TEXT_MOST;
	if (!m->text)
		m->text = m->html ? html_text (f->a, m->html, MAIL_TEXT_MOST) : "";
	m->own_n = mail_own_size (m->text);
	m->files = 0;
	files_read (f, m);
}

void inbound_read (struct arena *a, const char *content_type, struct bytes body, struct inbound *ret)
{
	struct form f = { .a = a };
	struct multipart_limits limits = {
		.parts = 200, .files = MAIL_FILES_MOST, .value_bytes = INBOUND_MOST, .file_bytes = INBOUND_MOST
	};
	struct inbound in = { .raw = body, .is_form = true };
	if (multipart_read (a, content_type, body, limits, &f.part, &f.n, &in.broken) != OK)
		f.n = 0;
	else
		in.broken = NULL;
	const struct part *email = part_named (&f, "email");
	f.charsets = field_json (&f, "charsets");
	if (email) {
		in.raw = email->bytes;
		in.is_form = false;
		mail_read (a, email->bytes, &in.mail);
	} else {
		default_read (&f, &in.mail);
	}
	envelope_read (&f, &in);
	in.aligned = is_aligned (&f, &in);
	json_decref (f.charsets);
	*ret = in;
}

const char *token_of_address (struct arena *a, const char *email)
{
	const char *plus = strchr (email, '+'), *at = strrchr (email, '@');
	if (!plus || !at || plus > at || strncasecmp (email, "reply", (size_t) (plus - email)) != 0 || plus - email != 5)
		return NULL;
	size_t n = (size_t) (at - plus - 1);
	if (n < MAIL_TOKEN_LEAST || n > MAIL_TOKEN_MOST)
		return NULL;
	char *ret = arena_copy (a, plus + 1, n);
	for (char *p = ret; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char) (*p + 32);
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
			return NULL;
	}
	return ret;
}

const char *subject_bare (struct arena *a, const char *subject)
{
	static const char *const prefixes[] = { "re",	  "fw", "fwd", "antw", "antwoord", "betr", "betreft",
						"doorst", "aw", "wg",  "tr",   "rv",	   "sv",   "vs" };
	for (bool again = true; again;) {
		again = false;
		subject += strspn (subject, " ");
		for (size_t i = 0; i < LENGTH (prefixes) && !again; i++) {
			size_t n = strlen (prefixes[i]);
			if (strncasecmp (subject, prefixes[i], n) != 0)
				continue;
			if (subject[n] == '[') /* Re[2]: */
				n += strcspn (subject + n, "]") + 1 <= strlen (subject + n) ? strcspn (subject + n, "]") + 1 : 0;
			n += strspn (subject + n, " ");
			if (subject[n] == ':') {
				subject += n + 1;
				again = true;
			}
		}
	}
	return mail_line (a, subject);
}
