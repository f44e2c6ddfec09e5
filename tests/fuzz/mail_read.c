/* Fuzz target: mail as it comes in, alone and as a provider's form. What is read is whole UTF-8 within its limits; what may be shown of its HTML holds no
 * element, handler or address that a browser runs. The first byte says which door. */
#include "fuzz.h"

#include "charset.h"
#include "html.h"
#include "../../services/mailer/inbound.h"

static void text_check (const char *text)
{
	assert (text && text_is_utf8 ((struct bytes){ (const unsigned char *) text, strlen (text) }));
}

static void line_check (const char *text)
{
	text_check (text);
	assert (strlen (text) <= MAIL_LINE_MOST && !strpbrk (text, "\r\n"));
}

/* Every < of what was cleaned begins a tag that we wrote. */
static void clean_check (const char *html)
{
	static const char *const never[] = { "<script", "<style", "<iframe", "<svg",  "<form", "<input",
					     "<object", "<meta",  "<link",   "<base", "<!" };
	text_check (html);
	for (const char *p = html; (p = strchr (p, '<')); p++) {
		for (size_t i = 0; i < LENGTH (never); i++)
			assert (strncasecmp (p, never[i], strlen (never[i])) != 0);
		assert ((p[1] >= 'a' && p[1] <= 'z') || p[1] == '/');
	}
	assert (!strstr (html, "href=\"javascript") && !strstr (html, "src=\"javascript"));
}

static void mail_check (struct arena *a, const struct mail *m)
{
	line_check (m->subject);
	line_check (m->from.email);
	line_check (m->from.name);
	text_check (m->text);
	assert (m->own_n <= strlen (m->text) && strlen (m->text) <= MAIL_TEXT_MOST);
	assert (text_is_utf8 ((struct bytes){ (const unsigned char *) m->text, m->own_n }));
	for (size_t i = 0; i < m->references; i++)
		line_check (m->reference[i]);
	for (size_t i = 0; i < m->files; i++) {
		line_check (m->file[i].name);
		assert (*m->file[i].name && !strpbrk (m->file[i].name, "/\\"));
	}
	for (size_t i = 0; i < m->failures; i++)
		line_check (m->failure[i].email);
	if (m->html) {
		text_check (m->html);
		clean_check (html_clean (a, m->html, true, NULL, NULL, NULL));
		text_check (html_text (a, m->html, 2000));
	}
	line_check (subject_bare (a, m->subject));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena a;
	struct inbound in;
	arena_init (&a);
	struct bytes raw = { data + 1, size - 1 };
	if (data[0] % 4 == 0) {
		const char *text = mail_text (&a, raw, NULL);
		clean_check (html_clean (&a, text, true, NULL, NULL, NULL));
		text_check (html_text (&a, text, 2000));
	} else if (data[0] % 4 == 1) {
		inbound_read (&a, "multipart/form-data; boundary=b", raw, &in);
		mail_check (&a, &in.mail);
	} else {
		mail_read (&a, raw, &in.mail);
		mail_check (&a, &in.mail);
	}
	arena_fini (&a);
	return 0;
}
