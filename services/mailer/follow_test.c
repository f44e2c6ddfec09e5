/* Links of HTML that lead by the own door, and who is called a person. */
#include "follow.h"

#include <stdio.h>
#include <string.h>
#include "test.h"

static struct arena memory;
static const int64_t second = 1000000, now = INT64_C (1795256180) * 1000000;

static const char *lead (void *ctx, const char *url)
{
	(void) ctx;
	return strstr (url, "/unsubscribe/") ? NULL : arena_printf (&memory, "https://crm.test/[%s]", url);
}

static void links (void)
{
	static const struct {
		const char *html, *becomes;
	} rows[] = {
		{ "<p>x</p>", "<p>x</p>" },
		{ "<a href=\"https://x.nl/a?b=1&amp;c=2\">x</a>", "<a href=\"https://crm.test/[https://x.nl/a?b=1&amp;c=2]\">x</a>" },
		{ "<A title=\"href=1>\" HREF = \"http://x.nl\" class=\"b\">x</A> <a href=\"https://y.nl\">y</a>",
		  "<A title=\"href=1>\" HREF = \"https://crm.test/[http://x.nl]\" class=\"b\">x</A> <a href=\"https://crm.test/[https://y.nl]\">y</a>" },
		{ "<a href=\"https://x.nl/&quot;&lt;\">", "<a href=\"https://crm.test/[https://x.nl/&quot;&lt;]\">" },
		/* what stays */
		{ "<a href=\"mailto:a@b.nl\">", "<a href=\"mailto:a@b.nl\">" },
		{ "<a href=\"javascript:1\">", "<a href=\"javascript:1\">" },
		{ "<a href=\"https://x.nl/&#10;b\">", "<a href=\"https://x.nl/&#10;b\">" },
		{ "<a href=\"https://x.nl/\r\nb\">", "<a href=\"https://x.nl/\r\nb\">" },
		{ "<a href=\"https://crm.test/unsubscribe/x\">", "<a href=\"https://crm.test/unsubscribe/x\">" },
		{ "<a data-href=\"https://x.nl\">", "<a data-href=\"https://x.nl\">" },
		{ "<area href=\"https://x.nl\"><img src=\"https://x.nl\">", "<area href=\"https://x.nl\"><img src=\"https://x.nl\">" },
		{ "<a href=https://x.nl>", "<a href=https://x.nl>" },
		{ "<a href='https://x.nl'>", "<a href='https://x.nl'>" },
		{ "<a href=\"https://x.nl", "<a href=\"https://x.nl" },
		{ "<a ", "<a " },
		{ "<a =\"https://x.nl\">", "<a =\"https://x.nl\">" },
		{ "<", "<" },
	};
	for (size_t i = 0; i < LENGTH (rows); i++)
		CHECK_TEXT (html_follow (&memory, rows[i].html, lead, NULL, NULL), rows[i].becomes);
	CHECK_TEXT (html_follow (&memory, "<p>x</p>\n", lead, NULL, "https://crm.test/t/o/x.gif"),
		    "<p>x</p>\n<img src=\"https://crm.test/t/o/x.gif\" width=\"1\" height=\"1\" alt=\"\">\n");
	static char url[FOLLOW_URL_MOST + 100] = "<a href=\"https://";
	memset (url + strlen (url), 'x', FOLLOW_URL_MOST);
	strcat (url, "\">");
	CHECK_TEXT (html_follow (&memory, url, lead, NULL, NULL), url);
}

static void who_looks (void)
{
	static const char person[] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.0";
	static const char proxy[] = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
	CHECK (!follow_is_machine (person, false, now - 60 * second, now) && !follow_is_machine (person, true, now - 60 * second, now));
	CHECK (follow_is_machine (person, false, now - 3 * second, now)); /* a filter's look at what has just come */
	CHECK (follow_is_machine (person, true, 0, now));		  /* nobody took it yet */
	CHECK (follow_is_machine (NULL, false, now - 60 * second, now) && follow_is_machine ("", true, now - 60 * second, now));
	CHECK (follow_is_machine (proxy, false, now - 60 * second, now));
	CHECK (follow_is_machine ("Mozilla/5.0", false, now - 60 * second, now) &&
	       !follow_is_machine ("Mozilla/5.0", true, now - 60 * second, now));
	CHECK (follow_is_machine ("Mozilla/5.0 (compatible; Googlebot/2.1)", true, now - 60 * second, now));
	CHECK (follow_is_machine ("curl/8.1", true, now - 60 * second, now));
}

int main (void)
{
	arena_init (&memory);
	links ();
	who_looks ();
	arena_fini (&memory);
	return test_end ();
}
