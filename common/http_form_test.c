/* Tests of forms: urlencoded and multipart, character sets, names of files. */
#include "http_multipart.h"

#include "test.h"

static const struct form_limits some = { .fields = 200, .value_bytes = 65536 };
static const struct multipart_limits many = { .parts = 200, .files = 20, .value_bytes = 65536, .file_bytes = 1 << 20 };

static struct bytes text_bytes (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

/* name=value lines of a form, or "refused". */
static const char *form (struct arena *a, const char *body, const char *content_type)
{
	const struct form_field *field;
	size_t n;
	char *out = arena_text (a, "");
	if (form_read (a, text_bytes (body), content_type, some, &field, &n) != OK)
		return "refused";
	for (size_t i = 0; i < n; i++)
		out = arena_printf (a, "%s[%s]=[%s]", out, field[i].name, field[i].value);
	return out;
}

static void urlencoded (struct arena *a)
{
	CHECK_TEXT (form (a, "", NULL), "");
	CHECK_TEXT (form (a, "a=1&b=2&a=3", NULL), "[a]=[1][b]=[2][a]=[3]");
	CHECK_TEXT (form (a, "&&a&=x&b=&", NULL), "[a]=[][]=[x][b]=[]");
	CHECK_TEXT (form (a, "a=x%3Dy%26z+w%2B&c[d]=1=2", NULL), "[a]=[x=y&z w+][c[d]]=[1=2]");
	CHECK_TEXT (form (a, "a=%&b=%4&c=%zz&d=%41", NULL), "[a]=[%][b]=[%4][c]=[%zz][d]=[A]");
	CHECK_TEXT (form (a, "a=caf%C3%A9", NULL), "[a]=[café]");
	CHECK_TEXT (form (a, "a=caf%E9&b=%80", NULL), "[a]=[café][b]=[€]");
	CHECK_TEXT (form (a, "a=caf%C3%A9&b=%80", NULL), "[a]=[cafÃ©][b]=[€]"); /* one set for all of it */
	CHECK_TEXT (form (a, "a=%C3%A9", "application/x-www-form-urlencoded; charset=ISO-8859-1"), "[a]=[Ã©]");
	CHECK_TEXT (form (a, "a=%A4", "application/x-www-form-urlencoded; charset=\"iso-8859-15\""), "[a]=[€]");
	CHECK_TEXT (form (a, "a=%C3%A9&_charset_=windows-1252", NULL), "[a]=[Ã©][_charset_]=[windows-1252]");
	CHECK_TEXT (form (a, "a=%C3%A9&_charset_=windows-1252", "x; charset=UTF-8"), "[a]=[é][_charset_]=[windows-1252]");
	CHECK_TEXT (form (a, "a=%E9", "x; charset=utf-8"), "[a]=[é]"); /* it claims what it is not */
	CHECK_TEXT (form (a, "a=x%00y", NULL), "[a]=[x\xEF\xBF\xBDy]");
	CHECK_TEXT (form (a, "a=%ED%A0%80", NULL), "[a]=[í\xC2\xA0€]"); /* a surrogate is no UTF-8 */
	const struct form_field *field;
	size_t n;
	struct form_limits tight = { .fields = 2, .value_bytes = 3 };
	CHECK (form_read (a, text_bytes ("a=1&b=2"), NULL, tight, &field, &n) == OK && n == 2);
	CHECK (form_read (a, text_bytes ("a=1&b=2&c=3"), NULL, tight, &field, &n) == REFUSED);
	CHECK (form_read (a, text_bytes ("a=1234"), NULL, tight, &field, &n) == REFUSED);
	CHECK (form_read (a, text_bytes ("abcd=1"), NULL, tight, &field, &n) == REFUSED);
	CHECK (form_read (a, text_bytes ("a=%41%41%41"), NULL, tight, &field, &n) == OK);
}

static void parameters (struct arena *a)
{
	CHECK_TEXT (header_parameter (a, "text/html; charset=utf-8", "charset"), "utf-8");
	CHECK_TEXT (header_parameter (a, "text/html;CHARSET = \"ut\\\"f; 8\" ; x=1", "charset"), "ut\"f; 8");
	CHECK_TEXT (header_parameter (a, "form-data; filename=\"C:\\dir\\a.txt\"; name=f", "filename"), "C:\\dir\\a.txt");
	CHECK_TEXT (header_parameter (a, "form-data; filename=\"a;name=evil\"; name=f", "name"), "f");
	CHECK (header_parameter (a, "text/html", "charset") == NULL && header_parameter (a, NULL, "charset") == NULL);
	CHECK (header_parameter (a, "text/html; charset", "charset") == NULL && header_parameter (a, "x; ;;=;", "charset") == NULL);
	CHECK_TEXT (header_parameter (a, "x; charset=\"open", "charset"), "open");
	CHECK (header_is ("Application/JSON; charset=x", "application/json") && !header_is ("application/jsonp", "application/json"));
}

/* name|filename|type|bytes of each part, or why it was refused. */
static const char *multipart_limited (struct arena *a, const char *content_type, struct bytes body, struct multipart_limits limits)
{
	const struct part *part;
	size_t n;
	const char *why;
	char *out = arena_text (a, "");
	if (multipart_read (a, content_type, body, limits, &part, &n, &why) != OK)
		return arena_printf (a, "refused: %s", why);
	for (size_t i = 0; i < n; i++)
		out = arena_printf (a, "%s[%s|%s|%s|%.*s]", out, part[i].name, part[i].filename ? part[i].filename : "-", part[i].type,
				    (int) part[i].bytes.n, part[i].bytes.at);
	return out;
}

static const char *multipart (struct arena *a, const char *body)
{
	return multipart_limited (a, "multipart/form-data; boundary=xx", text_bytes (body), many);
}

#define PART(headers, content) "--xx\r\nContent-Disposition: form-data; " headers "\r\n\r\n" content "\r\n"

static void multiparts (struct arena *a)
{
	CHECK_TEXT (multipart (a, PART ("name=\"a\"", "1") PART ("name=b", "two\r\nlines") "--xx--\r\n"),
		    "[a|-|text/plain|1][b|-|text/plain|two\r\nlines]");
	CHECK_TEXT (multipart (a, "preamble\r\n" PART ("name=a", "") "--xx--trailing"), "[a|-|text/plain|]");
	CHECK_TEXT (multipart (a, "--xx--\r\n"), "");
	CHECK_TEXT (multipart (a, "--xx \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--xx--"), "[a|-|text/plain|1]");
	CHECK_TEXT (
		multipart (a,
			   "--xx\r\ncontent-disposition:form-data;\r\n name=\"a\"\r\ncontent-type: image/png\r\nX: y\r\n\r\n1\r\n--xx--"),
		"[a|-|image/png|1]");
	CHECK_TEXT (multipart (a, PART ("name=a", "\r\n--xxy\r\n--x\r\n-xx") "--xx--"), "[a|-|text/plain|\r\n--xxy\r\n--x\r\n-xx]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"a b.pdf\"", "%PDF") "--xx--"), "[f|a b.pdf|text/plain|%PDF]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"\"", "") "--xx--"), "[f||text/plain|]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"C:\\docs\\..\\a.pdf\"", "1") "--xx--"), "[f|a.pdf|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"../../etc/passwd\"", "1") "--xx--"), "[f|passwd|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"..\"", "1") "--xx--"), "[f|file|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"x%0D%0A%22y\"", "1") "--xx--"), "[f|x\"y|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=old.txt; filename*=UTF-8''caf%c3%a9%2Fna%C3%AFve.txt", "1") "--xx--"),
		    "[f|naïve.txt|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename*=iso-8859-1'nl'%A3%20rates", "1") "--xx--"), "[f|£ rates|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename*=broken; filename=ok", "1") "--xx--"), "[f|ok|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"caf\xE9\"", "1") "--xx--"), "[café|-|text/plain|1]");
	CHECK_TEXT (multipart (a, PART ("name=\"f\"; filename=\"invoice\xE2\x80\xAE"
					"fdp.exe\"",
					"1") "--xx--"),
		    "[f|invoicefdp.exe|text/plain|1]");
}

/* The part's own set of characters, else what the form says of all its fields, else a guess. */
static void part_charsets (struct arena *a)
{
	const struct part plain = { .name = "a", .type = "text/plain", .bytes = text_bytes ("\xC3\xA9\xA4") },
			  own = { .name = "a", .type = "text/plain; charset=iso-8859-15", .bytes = text_bytes ("\xA4") };
	CHECK_TEXT (part_text (a, &plain), "Ã©¤");
	CHECK_TEXT (part_text_usual (a, &plain, "iso-8859-15"), "Ã©€");
	CHECK_TEXT (part_text_usual (a, &plain, "no such"), "Ã©¤");
	CHECK_TEXT (part_text_usual (a, &own, "windows-1252"), "€");
	CHECK_TEXT (part_text (a, &own), "€");
}

static void bad_multiparts (struct arena *a)
{
	static const char *const bad[] = {
		"",
		"x",
		"--xx",
		"--xx\r\n",
		"--yy--",
		PART ("name=a", "1"),
		PART ("name=a", "1") "--xx",
		"--xx\r\n\r\n1\r\n--xx--",
		"--xx\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xx--",
		"--xx\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--xx--",
		"--xx\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--xx--",
	};
	for (size_t i = 0; i < LENGTH (bad); i++)
		CHECK (strncmp (multipart (a, bad[i]), "refused: ", 9) == 0);
	struct bytes good = text_bytes (PART ("name=a", "1") "--xx--");
	static const char *const types[] = {
		"multipart/form-data", "multipart/mixed; boundary=xx", "multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"x\r\n\"",
		"multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x"
	};
	for (size_t i = 0; i < LENGTH (types); i++)
		CHECK (strncmp (multipart_limited (a, types[i], good, many), "refused: ", 9) == 0);
	CHECK (strncmp (multipart_limited (a, NULL, good, many), "refused: ", 9) == 0);
	struct multipart_limits tight = { .parts = 1, .files = 0, .value_bytes = 1, .file_bytes = 1 };
	const char *type = "multipart/form-data; boundary=xx";
	CHECK_TEXT (multipart_limited (a, type, good, tight), "[a|-|text/plain|1]");
	CHECK_TEXT (multipart_limited (a, type, text_bytes (PART ("name=a", "12") "--xx--"), tight), "refused: A field is too long.");
	CHECK_TEXT (multipart_limited (a, type, text_bytes (PART ("name=a;filename=b", "1") "--xx--"), tight),
		    "refused: The form has too many files.");
	CHECK_TEXT (multipart_limited (a, type, text_bytes (PART ("name=a", "1") PART ("name=b", "1") "--xx--"), tight),
		    "refused: The form has too many fields.");
	const char *long_header = arena_printf (a, "--xx\r\nContent-Disposition: form-data; name=a\r\nX: %09000d\r\n\r\n1\r\n--xx--", 0);
	CHECK_TEXT (multipart (a, long_header), "refused: A part's header does not end, or is longer than 8 KiB.");
}

static void names_of_files (struct arena *a)
{
	CHECK_TEXT (filename_display (a, ""), "file");
	CHECK_TEXT (filename_display (a, "/"), "file");
	CHECK_TEXT (filename_display (a, "a\x01\x7F\xC2\x85"
					 "b"),
		    "ab");
	const char *long_name = arena_printf (a, "%0254d\xC3\xA9", 0);
	CHECK (strlen (filename_display (a, long_name)) == 254); /* never half a character */
	CHECK (strlen (filename_display (a, arena_printf (a, "%0400d", 0))) == 255);
}

int main (void)
{
	struct arena a;
	arena_init (&a);
	urlencoded (&a);
	parameters (&a);
	multiparts (&a);
	part_charsets (&a);
	bad_multiparts (&a);
	names_of_files (&a);
	arena_fini (&a);
	return test_end ();
}
