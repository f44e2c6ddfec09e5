/* vCard files as address books have them: the fixtures as a table, read whole and a card at a time; what is no vCard. */
#include "vcard_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "test.h"

static char path[64];

static void file_is (const char *text)
{
	FILE *f = fopen (path, "w");
	CHECK (f && fwrite (text, 1, strlen (text), f) == strlen (text));
	if (f)
		fclose (f);
}

/* Every card: number, then names with types and preference where they have one, and values. */
static const char *told (const char *file, size_t most)
{
	static char out[20000];
	struct csv_shape shape;
	struct csv_place place = { 0 };
	*out = 0;
	CHECK (csv_survey (file, &shape) == OK && vcard_survey (file, &shape) == OK);
	if (shape.delimiter != VCARD_DELIMITER)
		return "none";
	for (int bites = 0; !place.end && bites < 1000; bites++) {
		struct arena a;
		const struct vcard *card;
		size_t n = 0;
		arena_init (&a);
		CHECK (vcard_read (&a, file, &shape, &place, most, &card, &n) == OK && n <= most);
		for (size_t i = 0; i < n; i++) {
			sprintf (out + strlen (out), "%d:", (int) card[i].number);
			for (size_t k = 0; k < card[i].n; k++) {
				const struct vcard_line *l = &card[i].line[k];
				sprintf (out + strlen (out), "%s%s", k ? "|" : "", l->name);
				if (l->types[1])
					sprintf (out + strlen (out), "%.*s", (int) strlen (l->types) - 1, l->types);
				if (l->preference < 101)
					sprintf (out + strlen (out), "#%d", l->preference);
				sprintf (out + strlen (out), "=%s", l->value);
			}
			strcat (out, "/");
		}
		arena_fini (&a);
	}
	sprintf (out + strlen (out), "%d", (int) shape.records);
	return out;
}

static const struct {
	const char *file, *told;
} fixtures[] = {
	{ "contact-v3-outlook",
	  "1:VERSION=3.0|FN=René Brûlé|N=Brûlé;René;;;|ORG=Café;Inkoop|EMAIL internet work pref#1=rene@example.com|TEL cell voice=06 12 34 56 78|"
	  "ADR work=;;Kade 2;Amsterdam;;1011 AB;NL|X-ABADR=nl|BDAY=1980-04-19/1" },
	{ "contact-v4",
	  "1:VERSION=4.0|UID=urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1|FN=Sanne de Wit|N=de Wit;Sanne;;mevr.;|ORG=Bakkerij De Wit B.V.|"
	  "TITLE=Eigenaar|EMAIL work#1=sanne.dewit@example.com|TEL  work cell =tel:+31612345678|ADR work=;;Dorpsstraat 1;Utrecht;;3511 AA;Nederland|"
	  "URL=https://www.example.com/|NOTE=Lead via Typeform\\, 21-11-2026\\nBelt terug|CATEGORIES=klant,zonwering|REV=20261121T101500Z|"
	  "PRODID=-//Example CRM//contacts 1.0//NL/1" },
	{ "contact-v21-phone",
	  "1:VERSION=2.1|N=Öztürk;Ayşe;;;|FN=Ayşe Öztürk|TEL cell=+31687654321|TEL work voice=020 7654321|EMAIL internet home=ayse@example.com|"
	  "EMAIL internet work pref#1=a.ozturk@bouwbedrijf.example|ORG=Bouwbedrijf Öztürk|TITLE=Directeur|NOTE=Belt liever niet\r\nop maandag|"
	  "X-HEAVY=/1" },
	{ "contacts-many",
	  "1:VERSION=4.0|UID=1|FN=Bart Blijver|N=Blijver;Bart;;;|EMAIL#2=bart@blijver.example|EMAIL work#1=b.blijver@werk.example|"
	  "TEL home=+31 20 123 45 67|TEL  work fax =+31 20 123 45 68|NOTE=Een lange aantekening die over de rand van de regel loopt en daarom "
	  "wordt gevouwen\\; met een puntkomma|REV=20260101T000000Z/2:VERSION=3.0|FN=Zonder Naamdelen|AGENT=|EMAIL=zonder@delen.example/"
	  "3:VERSION=3.0|N=;;;;|FN=|ORG=Alleen Een Bedrijf\\, Zn.;Balie/4:VERSION=3.0|FN=Nooit Gesloten|EMAIL=nooit@gesloten.example/"
	  "5:VERSION=3.0|FN=Bart Opnieuw|EMAIL=B.Blijver@werk.example/6:VERSION=3.0|NOTE=niemand/7" },
};

static void test_fixtures (void)
{
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		char file[200];
		snprintf (file, sizeof file, "tests/fixtures/vcard/%s.vcf", fixtures[i].file);
		for (size_t most = 1; most < 20; most += 9)
			CHECK_TEXT (told (file, most), fixtures[i].told);
	}
}

static void test_edges (void)
{
	file_is ("first name,last name\nBEGIN:VCARD,END:VCARD\n");
	CHECK_TEXT (told (path, 9), "none");
	file_is ("\r\n \r\nBEGIN:VCARD\rFN:Oude Appel\rEND:VCARD\r");
	CHECK_TEXT (told (path, 9), "1:FN=Oude Appel/1");
	file_is ("BEGIN:VCARD\nFN;X-A=\"a:b;c\":Aap\nonzin\n:niets\nITEM1.TEL:1\nEND:VCARD\nrommel\n");
	CHECK_TEXT (told (path, 9), "1:FN=Aap|TEL=1/1");
	file_is ("BEGIN:VCARD");
	CHECK_TEXT (told (path, 9), "1:/1");
}

static void test_values (void)
{
	struct arena a;
	arena_init (&a);
	CHECK_TEXT (vcard_text (&a, " a\\, b\\nc\\\\d\\x "), "a, b\nc\\d\\x");
	CHECK_TEXT (vcard_part (&a, "de Wit;San\\;ne;;", 0), "de Wit");
	CHECK_TEXT (vcard_part (&a, "de Wit;San\\;ne;;", 1), "San;ne");
	CHECK_TEXT (vcard_part (&a, "de Wit;San\\;ne;;", 3), "");
	CHECK_TEXT (vcard_part (&a, "de Wit", 1), "");
	arena_fini (&a);
}

int main (void)
{
	snprintf (path, sizeof path, "/tmp/vcard-test-%d", (int) getpid ());
	test_fixtures ();
	test_edges ();
	test_values ();
	unlink (path);
	return test_end ();
}
