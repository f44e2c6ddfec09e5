/* Fuzz target: multipart forms. The boundary is always "b", so that the input is spent on what comes behind it. */
#include "fuzz.h"

#include "http_multipart.h"

static void part_check (struct arena *a, const struct part *p, struct bytes body)
{
	assert (p->bytes.at >= body.at && p->bytes.at + p->bytes.n <= body.at + body.n);
	assert (text_is_utf8 ((struct bytes){ (const unsigned char *) p->name, strlen (p->name) }));
	if (p->filename) {
		assert (text_is_utf8 ((struct bytes){ (const unsigned char *) p->filename, strlen (p->filename) }));
		assert (strlen (p->filename) <= FILE_NAME_MOST && !strpbrk (p->filename, "/\\\r\n"));
	}
	const char *text = part_text_usual (a, p, "iso-8859-15");
	assert (text_is_utf8 ((struct bytes){ (const unsigned char *) text, strlen (text) }));
	text = part_text (a, p);
	assert (text_is_utf8 ((struct bytes){ (const unsigned char *) text, strlen (text) }));
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	arena_init (&a);
	struct bytes body = { data, size };
	const struct part *part = NULL;
	size_t n = 0;
	const char *why = NULL;
	struct multipart_limits limits = { .parts = 20, .files = 5, .value_bytes = 1000, .file_bytes = 4000 };
	if (multipart_read (&a, "multipart/form-data; boundary=b", body, limits, &part, &n, &why) == OK) {
		assert (n <= limits.parts);
		for (size_t i = 0; i < n; i++)
			part_check (&a, &part[i], body);
	} else {
		assert (why);
	}
	arena_fini (&a);
	return 0;
}
