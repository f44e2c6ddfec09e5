/* The code for banks' apps: byte for byte what the fixtures have as text, module for module what they have as picture; what is refused, and that nothing
 * of a name or text can become a line of its own. */
#include "epc.h"

#include <cairo/cairo.h>
#include "test.h"

static struct arena arena;

static const struct {
	const char *name;
	struct epc epc;
} fixtures[] = {
	{ "unstructured",
	  { .name = "Zonwering Voorbeeld B.V.", .iban = "nl13 test 0123 4567 89", .amount = 121000, .text = "Factuur 2026-0042" } },
	{ "structured-rf",
	  { .name = "Zonwering Voorbeeld B.V.", .iban = "NL13TEST0123456789", .amount = 121000, .reference = "RF88 2026 0042" } },
	{ "v1-with-bic", { .name = "Café René", .iban = "NL13TEST0123456789", .bic = "TESTNL2A", .amount = 1, .text = "Test" } },
};

static const char *text_of (struct epc e)
{
	const char *ret = "untouched";
	return epc_text (&arena, &e, &ret) == OK ? ret : strcmp (ret, "untouched") == 0 ? "refused" : "refused, and touched";
}

static const char *file_text (const char *path)
{
	static char text[1000];
	FILE *f = fopen (path, "rb");
	size_t n = f ? fread (text, 1, sizeof text - 1, f) : 0;
	text[n] = '\0';
	if (f)
		fclose (f);
	return text;
}

/* A picture's module: each is some pixels wide, with four modules of white around all. */
static bool picture_is (const char *path, const struct qr *qr)
{
	cairo_surface_t *s = cairo_image_surface_create_from_png (path);
	int wide = cairo_image_surface_get_width (s), pixels = wide / (qr->width + 8), differ = 0;
	bool fits = cairo_surface_status (s) == CAIRO_STATUS_SUCCESS && wide == pixels * (qr->width + 8);
	cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, wide, wide);
	cairo_t *c = cairo_create (image);
	cairo_set_source_surface (c, s, 0, 0);
	cairo_paint (c);
	cairo_surface_flush (image);
	const unsigned char *data = cairo_image_surface_get_data (image);
	int stride = cairo_image_surface_get_stride (image);
	for (int y = 0; fits && y < qr->width; y++)
		for (int x = 0; x < qr->width; x++) {
			int middle = pixels / 2;
			bool dark = data[((y + 4) * pixels + middle) * stride + ((x + 4) * pixels + middle) * 4] < 128;
			differ += dark != qr->module[y * qr->width + x];
		}
	cairo_destroy (c);
	cairo_surface_destroy (image);
	cairo_surface_destroy (s);
	if (differ)
		fprintf (stderr, "  %s: %d modules of %d differ\n", path, differ, qr->width * qr->width);
	return fits && !differ;
}

static void fixtures_hold (void)
{
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		char path[100];
		struct qr qr = { 0 };
		snprintf (path, sizeof path, "tests/fixtures/epc-qr/%s.txt", fixtures[i].name);
		CHECK_TEXT (text_of (fixtures[i].epc), file_text (path));
		CHECK (epc_qr (&arena, text_of (fixtures[i].epc), &qr) == OK);
		snprintf (path, sizeof path, "tests/fixtures/epc-qr/%s.png", fixtures[i].name);
		CHECK (picture_is (path, &qr));
	}
}

static void faults (void)
{
	const struct epc good = fixtures[0].epc;
	struct epc e;
	char long_text[600];
#define REFUSED_WITH(...) (e = good, __VA_ARGS__, CHECK_TEXT (text_of (e), "refused"))
	REFUSED_WITH (e.name = NULL);
	REFUSED_WITH (e.name = " \n ");
	REFUSED_WITH (e.name = "\xff");
	REFUSED_WITH (e.iban = NULL);
	REFUSED_WITH (e.iban = "NL13TEST0123456788");
	REFUSED_WITH (e.bic = "BANK");
	REFUSED_WITH (e.amount = 0);
	REFUSED_WITH (e.amount = -1);
	REFUSED_WITH (e.amount = 100000000000);
	REFUSED_WITH (e.reference = "RF8820260043", e.text = NULL);
	REFUSED_WITH (e.reference = "RF8820260042"); /* and a text beside it */
	memset (long_text, 'x', sizeof long_text);
	long_text[141] = '\0';
	REFUSED_WITH (e.text = long_text);
	long_text[140] = '\0';
	e.text = long_text;
	CHECK (strstr (text_of (e), long_text) != NULL);
	/* 140 characters may be more bytes than a code holds */
	for (int i = 0; i < 140; i++)
		memcpy (long_text + 2 * i, "é", 3);
	REFUSED_WITH (e.text = long_text);
	e = good, e.amount = 99999999999, e.text = NULL, e.bic = "";
	CHECK_TEXT (text_of (e), "BCD\n002\n1\nSCT\n\nZonwering Voorbeeld B.V.\nNL13TEST0123456789\nEUR999999999.99");
	e.name = "A\nNL91ABNA0417164300", e.text = "one\r\ntwo";
	CHECK_TEXT (text_of (e), "BCD\n002\n1\nSCT\n\nA NL91ABNA0417164300\nNL13TEST0123456789\nEUR999999999.99\n\n\none  two");
	/* a long name is cut between characters */
	for (int i = 0; i < 80; i++)
		memcpy (long_text + 2 * i, "é", 3);
	e.name = long_text, e.text = "";
	const char *cut = strchr (strstr (text_of (e), "SCT\n") + 4, '\n') + 1;
	CHECK (strcspn (cut, "\n") == 140 && strncmp (cut, long_text, 140) == 0);
}

static void codes (void)
{
	struct qr qr = { 0 };
	char text[400];
	memset (text, 'x', sizeof text);
	text[331] = '\0';
	CHECK (epc_qr (&arena, text, &qr) == OK && qr.width == 17 + 4 * 13); /* the longest that the rules allow */
	text[331] = 'x', text[332] = '\0';
	CHECK (epc_qr (&arena, text, &qr) == REFUSED);
}

int main (void)
{
	arena_init (&arena);
	fixtures_hold ();
	faults ();
	codes ();
	arena_fini (&arena);
	return test_end ();
}
