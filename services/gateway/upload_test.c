/* Files by their ending and their bytes: what is taken, what lies about itself, what could act. */
#include <string.h>

#include "test.h"
#include "upload.h"

static bool is (const char *name, const char *bytes, size_t n, const char *type)
{
	const char *ret = upload_type (name, (struct bytes){ (const unsigned char *) bytes, n });
	return type ? ret && strcmp (ret, type) == 0 : !ret;
}
#define TEXT(text) text, sizeof text - 1

static void taken (void)
{
	CHECK (is ("contract.pdf", TEXT ("%PDF-1.7\n..."), "application/pdf"));
	CHECK (is ("FOTO.JPG", TEXT ("\xff\xd8\xff\xe0...."), "image/jpeg"));
	CHECK (is ("logo.webp", TEXT ("RIFF....WEBPVP8 "), "image/webp"));
	CHECK (is ("brief.docx", TEXT ("PK\x03\x04....[Content_Types].xml...word/document.xml"),
		   "application/vnd.openxmlformats-officedocument.wordprocessingml.document"));
	CHECK (is ("lijst.xlsx", TEXT ("PK\x03\x04....xl/workbook.xml"),
		   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
	CHECK (is ("lijst.csv", TEXT ("\xef\xbb\xbfnaam;mail\r\nJan\xeb;x\r\n"), "text/csv"));
	CHECK (is ("kaart.vcf", TEXT ("begin:vcard\r\nVERSION:4.0"), "text/vcard"));
	CHECK (is ("afspraak.ics", TEXT ("BEGIN:VCALENDAR\r\n"), "text/calendar"));
	CHECK (is ("mail.eml", TEXT ("Received: from x\r\n\r\n<html>"), "message/rfc822"));
}

static void refused (void)
{
	CHECK (is ("contract.pdf", TEXT ("<html>"), NULL));
	CHECK (is ("x.png", TEXT ("%PDF-1.7"), NULL));
	CHECK (is ("x.svg", TEXT ("<svg onload=alert(1)>"), NULL) && is ("x.html", TEXT ("<p>"), NULL));
	CHECK (is ("x.txt", TEXT ("  <script>alert(1)</script>"), NULL));
	CHECK (is ("x.txt", TEXT ("MZ\0\0\x01"), NULL) && is ("x.exe", TEXT ("MZ"), NULL));
	CHECK (is ("x.docx", TEXT ("PK\x03\x04 evil.exe"), NULL));
	CHECK (is ("x", TEXT ("text"), NULL) && is ("x.pdf", TEXT (""), NULL));
}

int main (void)
{
	taken ();
	refused ();
	return test_end ();
}
