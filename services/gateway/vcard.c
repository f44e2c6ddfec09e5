/* How a contact is written for address books: what every one of them reads, by the letter of RFC 6350. Lines are folded and texts escaped as iCalendar does,
 * which has the same rules.
 * It must never leave out a name (FN), which a card cannot do without. */
#include "vcard.h"

#include <string.h>
#include "ics.h"

static const char *text_of (const json_t *contact, const char *member)
{
	const char *text = json_string_value (json_object_get (contact, member));
	return text ? text : "";
}

/* One of the parts that N and ORG have between semicolons. */
static void part_add (struct buffer *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if ((unsigned char) *c < ' ' || *c == 127) {
			buffer_add (out, " ", 1);
			continue;
		}
		if (*c == '\\' || *c == ';' || *c == ',')
			buffer_add (out, "\\", 1);
		buffer_add (out, c, 1);
	}
}

static void name_add (struct buffer *out, const json_t *contact)
{
	struct buffer name = { 0 };
	part_add (&name, text_of (contact, "last_name"));
	buffer_add (&name, ";", 1);
	part_add (&name, text_of (contact, "first_name"));
	buffer_add (&name, ";;;", 4); /* and its end */
	ics_line (out, "N", (const char *) name.at);
	buffer_fini (&name);
}

/* +31612345678 and nothing else is a number that any telephone can call. */
static void phone_add (struct buffer *out, const char *phone)
{
	struct buffer uri = { 0 };
	if (*phone == '+' && phone[1] && !phone[1 + strspn (phone + 1, "0123456789")]) {
		buffer_printf (&uri, "tel:%s", phone);
		buffer_add (&uri, "", 1);
		ics_line (out, "TEL;VALUE=uri", (const char *) uri.at);
	} else if (*phone) {
		ics_text (out, "TEL;VALUE=text", phone);
	}
	buffer_fini (&uri);
}

/* 2026-11-21T09:00:00.123456Z as 20261121T090000Z */
static void revised_add (struct buffer *out, const char *at)
{
	char text[17];
	size_t n = 0;
	for (; *at && *at != '.' && n < 15; at++)
		if (*at != '-' && *at != ':' && *at != 'Z')
			text[n++] = *at;
	text[n++] = 'Z';
	text[n] = 0;
	if (n == 16)
		ics_line (out, "REV", text);
}

void vcard_add (struct buffer *out, const json_t *contact)
{
	struct buffer id = { 0 };
	const json_t *more;
	size_t i;
	buffer_printf (&id, "urn:uuid:%s", text_of (contact, "id"));
	buffer_add (&id, "", 1);
	ics_line (out, "BEGIN", "VCARD");
	ics_line (out, "VERSION", "4.0");
	ics_line (out, "UID", (const char *) id.at);
	ics_text (out, "FN", *text_of (contact, "name") ? text_of (contact, "name") : text_of (contact, "email"));
	name_add (out, contact);
	if (*text_of (contact, "email"))
		ics_text (out, "EMAIL;PREF=1", text_of (contact, "email"));
	json_array_foreach (json_object_get (contact, "emails"), i, more) ics_text (out, "EMAIL", text_of (more, "value"));
	phone_add (out, text_of (contact, "phone"));
	json_array_foreach (json_object_get (contact, "phones"), i, more) phone_add (out, text_of (more, "value"));
	const char *company = *text_of (contact, "account_name") ? text_of (contact, "account_name") : text_of (contact, "company");
	if (*company)
		ics_text (out, "ORG", company);
	if (*text_of (contact, "job_title"))
		ics_text (out, "TITLE", text_of (contact, "job_title"));
	revised_add (out, text_of (contact, "created_at"));
	ics_line (out, "END", "VCARD");
	buffer_fini (&id);
}
