/* Contacts as vCards, held against what RFC 6350 asks of every line. */
#include <string.h>
#include "test.h"
#include "vcard.h"

static const char *card_of (struct buffer *out, const char *json)
{
	json_t *contact = json_loads (json, 0, NULL);
	buffer_clear (out);
	vcard_add (out, contact);
	buffer_add (out, "", 1);
	json_decref (contact);
	return (const char *) out->at;
}

int main (void)
{
	struct buffer out = { 0 };
	CHECK (!strcmp (
		card_of (
			&out,
			"{\"id\":\"018f0000-0000-7000-8000-000000000001\",\"name\":\"Sanne de Wit\",\"first_name\":\"Sanne\",\"last_name\":\"de Wit\",\"email\":\"s@wit.nl\","
			"\"emails\":[{\"value\":\"thuis@wit.nl\",\"label\":null}],\"phone\":\"+31612345678\",\"phones\":[{\"value\":\"tst. 12\"}],\"company\":\"Wit, Zn; Co\",\"job_title\":\"Eigenaar\","
			"\"created_at\":\"2026-11-21T10:15:00.000000Z\"}"),
		"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:018f0000-0000-7000-8000-000000000001\r\nFN:Sanne de Wit\r\nN:de Wit;Sanne;;;\r\nEMAIL;PREF=1:s@wit.nl\r\n"
		"EMAIL:thuis@wit.nl\r\nTEL;VALUE=uri:tel:+31612345678\r\nTEL;VALUE=text:tst. 12\r\nORG:Wit\\, Zn\\; Co\r\nTITLE:Eigenaar\r\nREV:20261121T101500Z\r\nEND:VCARD\r\n"));
	/* nobody's text is a property of its own, nor a line of more than 75 octets or half a character */
	const char *card = card_of (
		&out,
		"{\"id\":\"1\",\"name\":\"A\\r\\nTEL:1\\nééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\",\"last_name\":\"x\\ny;z\"}");
	CHECK (!strstr (card, "\nTEL") && strstr (card, "FN:A\\nTEL:1\\n") && strstr (card, "N:x y\\;z;;;;\r\n"));
	for (const char *line = card; *line; line = strchr (line, '\n') + 1) {
		size_t n = strcspn (line, "\r");
		CHECK (n <= 75 && (*line != ' ' || ((unsigned char) line[1] & 0xc0) != 0x80));
	}
	CHECK (strstr (card_of (&out, "{\"id\":\"1\",\"email\":\"a@b.nl\"}"), "FN:a@b.nl\r\n"));
	buffer_fini (&out);
	return test_end ();
}
