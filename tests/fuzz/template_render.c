/* Fuzz target: templates and values in any text, every form. What holds is rendered, within its limits; what does not names a place that is there; nothing
 * of a value becomes markup. The first byte chooses the form, what stands behind the first NUL is a value. */
#include "fuzz.h"

#include "template.h"

static const struct template_place places[] = {
	{ "a.b", TEMPLATE_IS_TEXT },   { "a.m", TEMPLATE_IS_MONEY },  { "a.d", TEMPLATE_IS_DATE },	 { "a.l", TEMPLATE_IS_LIST },
	{ "a.l.b", TEMPLATE_IS_TEXT }, { "a.l.l", TEMPLATE_IS_LIST }, { "a.l.l.n", TEMPLATE_IS_NUMBER }, { NULL, TEMPLATE_IS_TEXT },
};

static void error_check (const struct template_error *e, const char *text)
{
	int lines = 1;
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	assert (e->line >= 1 && e->line <= lines && e->column >= 1 && e->fault < TEMPLATE_FAULT_COUNT);
	assert (strlen (e->name) <= TEMPLATE_NAME_MOST);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct arena a;
	arena_init (&a);
	const char *text = arena_copy (&a, (const char *) data + 1, size - 1), *ret = NULL;
	size_t n = strlen (text), from = n + 2 < size ? n + 2 : size;
	const char *value = arena_copy (&a, (const char *) data + from, size - from);
	struct template_error e = { 0 };
	json_t *values = json_pack ("{s:{s:o*,s:{s:o*,s:s},s:o*,s:[{s:o*,s:[{s:i}]},{},{}]}}", "a", "b", json_string (value), "m", "amount",
				    json_string (value), "currency", "EUR", "d", json_string (value), "l", "b", json_string (value), "l",
				    "n", 7);
	assert (values);
	enum template_form form = data[0] % 4;
	enum status checked = template_check (text, places, &e);
	const char *const *names = template_names (&a, text, places);
	if (checked != OK) {
		error_check (&e, text);
		assert (!*names);
	}
	enum status status = template_render (&a, text, places, values, form, data[0] / 4 % 2, &ret, &e);
	if (status == OK) {
		assert (checked == OK && strlen (ret) <= TEMPLATE_OUTPUT_MOST);
		if (form == TEMPLATE_HTML && !strpbrk (text, "<>\"'"))
			for (const char *p = ret; (p = strchr (p, '<')); p++)
				assert (strncmp (p, "<br>", 4) == 0);
		if (form == TEMPLATE_LINE && !strpbrk (text, "\r\n"))
			assert (!strpbrk (ret, "\r\n"));
	} else {
		error_check (&e, text);
	}
	json_decref (values);
	arena_fini (&a);
	return 0;
}
