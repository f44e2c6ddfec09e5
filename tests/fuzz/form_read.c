/* Fuzz target: urlencoded forms and parameters of headers. The bytes up to the first line end are the content type. */
#include "fuzz.h"

#include "http_form.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	arena_init (&a);
	const uint8_t *line = memchr (data, '\n', size);
	const char *type = line ? arena_copy (&a, (const char *) data, (size_t) (line - data)) : NULL;
	size_t from = line ? (size_t) (line - data) + 1 : 0, n = 0;
	const struct form_field *field = NULL;
	struct form_limits limits = { .fields = 50, .value_bytes = 500 };
	if (form_read (&a, (struct bytes){ data + from, size - from }, type, limits, &field, &n) == OK) {
		assert (n <= limits.fields);
		for (size_t i = 0; i < n; i++) {
			assert (text_is_utf8 ((struct bytes){ (const unsigned char *) field[i].name, strlen (field[i].name) }));
			assert (text_is_utf8 ((struct bytes){ (const unsigned char *) field[i].value, strlen (field[i].value) }));
		}
	}
	arena_fini (&a);
	return 0;
}
