/* Fuzz target: any HTML with its links led elsewhere. What is put in cannot break out of its attribute, and what is not replaced stays as it is. */
#include "fuzz.h"

#include "../../services/mailer/follow.h"

static size_t led;

static const char *lead (void *ctx, const char *url)
{
	(void) ctx;
	assert (strlen (url) <= FOLLOW_URL_MOST && !strpbrk (url, " \t\r\n"));
	led++;
	return "@\"<>&";
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	struct arena a;
	arena_init (&a);
	const char *html = arena_copy (&a, (const char *) data, size);
	led = 0;
	const char *ret = html_follow (&a, html, lead, NULL, NULL);
	size_t found = 0;
	for (const char *p = ret; (p = strstr (p, "@&quot;&lt;&gt;&amp;")); p++)
		found++;
	assert (found >= led && (led || strcmp (html, ret) == 0));
	arena_fini (&a);
	return 0;
}
