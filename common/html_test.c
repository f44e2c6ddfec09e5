/* HTML of strangers: what may be shown of it, what never, and what it says as a text. */
#include "html.h"
#include "test.h"

static struct arena arena;

static const char *image (void *with, const char *id)
{
	(void) with;
	return strcmp (id, "logo@b") == 0 ? "/files/1?a=1&b=2" : NULL;
}

static void cleaned (void)
{
	static const struct {
		const char *html, *wanted;
	} cases[] = {
		{ "", "" },
		{ "a < b && c > d \"e\"", "a &lt; b &amp;&amp; c &gt; d &quot;e&quot;" },
		{ "<P CLASS=x>Hoi <B>Jan", "<p>Hoi <b>Jan</b></p>" },
		{ "<b><i>x</b>y</i>", "<b><i>x</i></b>y" },
		{ "</p></table>x", "x" },
		{ "a<br/>b<hr>", "a<br>b<hr>" },
		{ "&eacute;&#233;&#xe9;&nosuch;&#0;&#x110000;&#xD800;", "ééé&amp;nosuch;\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
		{ "a<script>alert(1)</script>b<SCRIPT src=x></SCRIPT >c", "abc" },
		{ "a<script>alert(1)", "a" },
		{ "a<style>p{}</style>b<title>t</title><!-- x --><!doctype html><?xml?>c<!-- y", "abc" },
		{ "a<svg onload=alert(1)><p>b<script>x", "a<p>b</p>" },
		{ "<svg><script>x</script><a href='javascript:x'>y</a></svg>z<math>q</math>", "z" },
		{ "<iframe src=x>y</iframe><object data=x>z</object><embed src=x><form action=x><input name=y><button>q</button>k</form>",
		  "k" },
		{ "<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)" },
		{ "<img src=x onerror=alert(1)>", "<img>" },
		{ "<p onclick=\"x\" style=\"color:red;position:fixed;background:url(x);width:expression(1);COLOR : #fff\">y</p>",
		  "<p style=\"color:red;color:#fff;\">y</p>" },
		{ "<p style=\"color:rgb(1, 2, 3);color:rgb(1);x:y;font-size:1px;}b:x</style>\">y",
		  "<p style=\"color:rgb(1, 2, 3);color:rgb(1);font-size:1px;\">y</p>" },
		{ "<a href=\"javascript:alert(1)\">x</a>", "<a>x</a>" },
		{ "<a href=\" jav&#x09;ascript:alert(1)\">x</a><a href='data:text/html,x'>y</a><a href=//x>z</a>",
		  "<a>x</a><a>y</a><a>z</a>" },
		{ "<a href='https://x.example/?a=1&amp;b=\"><script>'>x</a>",
		  "<a href=\"https://x.example/?a=1&amp;b=&quot;&gt;&lt;script&gt;\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>" },
		{ "<a href=mailto:a@b.example target=_top rel=opener>x</a>",
		  "<a href=\"mailto:a@b.example\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">x</a>" },
		{ "<img src='https://x.example/p.gif' width=1 height=1 alt='a\"b'>", "<img width=\"1\" height=\"1\" alt=\"a&quot;b\">" },
		{ "<img src='cid:logo@b'><img src='cid:other'>",
		  "<img src=\"/files/1?a=1&amp;b=2\" loading=\"lazy\" referrerpolicy=\"no-referrer\"><img>" },
		{ "<img src='data:image/svg+xml;base64,AAAA'><img src='data:image/png;base64,AA\"x'>", "<img><img>" },
		{ "<td colspan=2 rowspan='1\"' align=left bgcolor=#ff0000 width=50%>x",
		  "<td colspan=\"2\" align=\"left\" bgcolor=\"#ff0000\" width=\"50%\">x</td>" },
		{ "<p a b= c=\"\" =d '\"", "<p></p>" },
		{ "<p title=1 title=2>", "<p title=\"1\"></p>" },
		{ "<", "&lt;" },
		{ "<<b>", "&lt;<b></b>" },
		{ "</", "&lt;/" },
		{ "<b", "<b></b>" },
		{ "<averylongnameofanelement>x", "x" },
		{ "<a\xE2\x80\xA8href=x>y", "y" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		size_t remote;
		const char *text = cases[i].html;
		CHECK_TEXT (html_clean (&arena, text, false, image, NULL, &remote), cases[i].wanted);
	}
	size_t remote;
	CHECK_TEXT (html_clean (&arena, "<img src=https://x.example/p.gif><img src=http://y.example>", true, NULL, NULL, &remote),
		    "<img src=\"https://x.example/p.gif\" loading=\"lazy\" referrerpolicy=\"no-referrer\">"
		    "<img src=\"http://y.example\" loading=\"lazy\" referrerpolicy=\"no-referrer\">");
	CHECK (remote == 2);
}

static void texts (void)
{
	static const struct {
		const char *html, *wanted;
	} cases[] = {
		{ "<p>Beste  Jan,</p>\n<p>Tot&nbsp;ziens<br>Piet", "Beste Jan,\n\nTot ziens\nPiet" },
		{ "<ul><li>een</li><li>twee</ul>drie", "- een\n- twee\ndrie" },
		{ "<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc" },
		{ "x<blockquote>oud<blockquote>ouder</blockquote></blockquote>y", "x\n> oud\n> > ouder\ny" },
		{ "<pre>a\n\nb</pre>", "a\n\nb" },
		{ "<style>x</style><script>y</script>", "" },
		{ "1 < 2 &lt; 3", "1 < 2 < 3" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++)
		CHECK_TEXT (html_text (&arena, cases[i].html, 1000), cases[i].wanted);
	char deep[5000] = "";
	for (int i = 0; i < 300; i++)
		strcat (deep, "<blockquote>x");
	CHECK (strlen (html_text (&arena, deep, 500)) <= 500);
	html_clean (&arena, deep, false, NULL, NULL, NULL);
}

/* A megabyte that opens what nothing ends takes no longer than another one. */
static void long_ones (void)
{
	enum { TIMES = 300000 };
	static char text[TIMES * 5 + 2];
	for (size_t i = 0; i < TIMES; i++)
		memcpy (text + i * 5, i % 2 ? "<svg>" : "</b/>", 5);
	text[sizeof text - 2] = 'x';
	CHECK_TEXT (html_clean (&arena, text, false, NULL, NULL, NULL), "x");
	CHECK_TEXT (html_text (&arena, text, 1000), "x");
}

int main (void)
{
	arena_init (&arena);
	cleaned ();
	texts ();
	long_ones ();
	arena_fini (&arena);
	return test_end ();
}
