/* What stands in DNS about a sender's domain, rule by rule, in zones that stand here; and answers as they come over the wire, also those that lie. */
#include "dns.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "test.h"

static struct arena arena;

/* ---- a zone: "name type text", a line each ---- */

struct zone {
	const char *lines;
	int asked;
};

static const char *type_text (enum dns_type type)
{
	switch (type) {
	case DNS_A: return "A";
	case DNS_AAAA: return "AAAA";
	case DNS_CNAME: return "CNAME";
	case DNS_MX: return "MX";
	case DNS_TXT: return "TXT";
	}
	return "";
}

static enum dns_said zone_ask (void *ctx, const char *name, enum dns_type type, struct dns_answer *ret)
{
	struct zone *z = ctx;
	char *lines = arena_text (&arena, z->lines), *save = NULL;
	z->asked++;
	ret->text = arena_array (&arena, 50, sizeof *ret->text);
	ret->n = 0;
	for (char *line = strtok_r (lines, "\n", &save); line; line = strtok_r (NULL, "\n", &save)) {
		char *is = strchr (line, ' '), *text = is ? strchr (is + 1, ' ') : NULL;
		*is = '\0';
		if (strcasecmp (line, name))
			continue;
		if (!strcmp (is + 1, "FAILS"))
			return DNS_FAILS;
		*text = '\0';
		if (!strcmp (is + 1, type_text (type)))
			ret->text[ret->n++] = text + 1;
	}
	return ret->n ? DNS_SOME : DNS_NONE;
}

static struct dns_record record[DNS_RECORDS_MOST];
static size_t records;

/* "spf:wrong/spf_two dkim:ok …" */
static const char *looked (const char *lines, struct dns_subject s)
{
	static const char *const states[] = { "ok", "missing", "wrong", "unknown" };
	struct zone zone = { .lines = lines };
	struct dns_zone z = { .ask = zone_ask, .ctx = &zone, .arena = &arena };
	const char *ret = "";
	records = dns_look (&z, &s, record);
	for (size_t i = 0; i < records; i++)
		ret = arena_printf (&arena, "%s%s%s:%s%s%s", ret, *ret ? " " : "", record[i].role, states[record[i].state],
				    record[i].why ? "/" : "", record[i].why ? record[i].why : "");
	return ret;
}

#define PUBLIC "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1"
#define REST                                       \
	"\n_dmarc.zon.test TXT v=DMARC1; p=reject" \
	"\nzon.test MX 10 mx.zon.test\n"
#define SMTP(...) ((struct dns_subject){ .kind = mail_account_kind_smtp, .domain = "zon.test", __VA_ARGS__ })
#define GRID(...) ((struct dns_subject){ .kind = mail_account_kind_sendgrid, .domain = "zon.test", __VA_ARGS__ })
#define HOST "smtp.zon.test A 203.0.113.9\n"
#define SIGNED "x._domainkey.zon.test TXT " PUBLIC "\n"

static const struct dns_record *of (const char *role)
{
	for (size_t i = 0; i < records; i++)
		if (!strcmp (record[i].role, role))
			return &record[i];
	return &record[0];
}

/* What SPF is called of a server of our own at 203.0.113.9, and what to paste. */
static const char *spf (const char *lines)
{
	char *ret = arena_text (
		&arena, looked (arena_printf (&arena, HOST SIGNED "%s" REST, lines), SMTP (.host = "smtp.zon.test", .selector = "x")));
	char *at = strstr (ret, "spf:");
	at[strcspn (at, " ")] = '\0';
	return at + 4;
}

static void test_spf (void)
{
	CHECK_TEXT (spf (""), "missing/spf_none");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 a:smtp.zon.test ~all");
	CHECK_TEXT (spf ("zon.test TXT something else\nzon.test TXT v=spf10 -all"), "missing/spf_none");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 -all"), "ok");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 ip4:203.0.113.9 -all");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.8/31 -all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.10/31 -all"), "unknown/spf_server");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 a:smtp.zon.test ~all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 mx ~all\nmx.zon.test A 203.0.113.9"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 -a:smtp.zon.test ~all"), "unknown/spf_server");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ~all ip4:203.0.113.9"), "unknown/spf_server"); /* behind its end */
	CHECK_TEXT (spf ("zon.test TXT v=spf1 include:a.test ~all\na.test TXT v=spf1 ip4:203.0.113.0/24 ?all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 redirect=a.test\na.test TXT v=spf1 ip4:203.0.113.9 -all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 -all\nzon.test TXT v=spf1 include:a.test ~all"), "wrong/spf_two");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 ip4:203.0.113.9 include:a.test a:smtp.zon.test ~all");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113 -all"), "wrong/spf_syntax");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ipv4:203.0.113.9 -all"), "wrong/spf_syntax");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9/33 -all"), "wrong/spf_syntax");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 include: -all"), "wrong/spf_syntax");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 +all"), "wrong/spf_open");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 ip4:203.0.113.9 ~all");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 ?all"), "wrong/spf_no_end");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9"), "wrong/spf_no_end");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 include:away.test -all"), "wrong/spf_include_none");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip4:203.0.113.9 include:silent.test -all\nsilent.test FAILS"), "unknown/dns_fails");
	CHECK_TEXT (spf ("zon.test FAILS"), "unknown/dns_fails");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 a mx a mx a mx a mx a mx ip4:203.0.113.9 -all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 a mx a mx a mx a mx a mx a ip4:203.0.113.9 -all"), "wrong/spf_many");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 include:zon.test -all"), "wrong/spf_many"); /* itself */
	CHECK_TEXT (spf ("zon.test TXT v=spf1 exists:%{i}._spf.a.test ip4:203.0.113.9 -all"), "ok");
	CHECK_TEXT (spf ("zon.test TXT v=spf1 ip6:2001:db8::/32 a/24//64 mx:zon.test/24 ip4:203.0.113.9 exp=why.test -all"), "ok");
}

static const char *google_zone (const char *spf)
{
	return arena_printf (&arena,
			     "smtp.gmail.com A 203.0.113.1\ngoogle._domainkey.zon.test TXT " PUBLIC REST "zon.test TXT v=spf1 %s -all\n"
			     "_spf.google.com TXT v=spf1 ip4:203.0.113.0/24 ~all\nspf.eigen.test TXT v=spf1 ip4:192.0.2.1 ~all\n",
			     spf);
}

static void test_provider (void)
{
	const struct dns_subject gmail = SMTP (.host = "smtp.gmail.com");
	struct dns_subject own = gmail;
	own.include = "spf.eigen.test";
	CHECK_TEXT (looked (google_zone ("include:_spf.google.com"), gmail), "server:ok spf:ok dkim:ok dmarc:ok mx:ok");
	CHECK_TEXT (of ("dkim")->name, "google._domainkey.zon.test");
	CHECK_TEXT (looked (google_zone ("mx"), gmail), "server:ok spf:wrong/spf_not_named dkim:ok dmarc:ok mx:ok");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 mx include:_spf.google.com -all");
	CHECK_TEXT (looked (google_zone ("mx"), own), "server:ok spf:wrong/spf_not_named dkim:ok dmarc:ok mx:ok");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 mx include:spf.eigen.test -all");
	CHECK_TEXT (looked (google_zone ("include:spf.eigen.test"), own), "server:ok spf:ok dkim:ok dmarc:ok mx:ok");
	CHECK (dns_provider_of ("SMTP.Office365.com") && !dns_provider_of ("notgmail.com") && !dns_provider_of ("gmail.com.evil.test"));
}

/* Its second key, where answers go, and what SPF names. */
static const char *grid_zone (const char *second, const char *mx, const char *spf)
{
	return arena_printf (&arena,
			     "s1._domainkey.zon.test CNAME s1.domainkey.u1.wl.sendgrid.net\ns1._domainkey.zon.test TXT k=rsa; t=s; p="
			     "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1\n%s" REST
			     "sendgrid.net TXT v=spf1 ip4:198.51.100.0/24 ~all\nin.zon.test MX %s\nzon.test TXT v=spf1 %s~all\n",
			     second, mx, spf);
}

static void test_sendgrid (void)
{
	const char *second = "s2._domainkey.zon.test CNAME s2.domainkey.u1.wl.sendgrid.net\ns2._domainkey.zon.test TXT " PUBLIC "\n";
	const struct dns_subject plain = GRID (.reply_domain = NULL), replies = GRID (.reply_domain = "in.zon.test");
	CHECK_TEXT (looked (grid_zone (second, "10 mx.sendgrid.net", "include:sendgrid.net "), replies),
		    "spf:ok dkim:ok dkim:ok dmarc:ok mx:ok");
	CHECK_TEXT (of ("mx")->wanted, "10 mx.sendgrid.net");
	CHECK_TEXT (of ("dkim")->found, "s1.domainkey.u1.wl.sendgrid.net");
	const char *elsewhere = grid_zone (second, "10 mail.elders.test", "");
	CHECK_TEXT (looked (elsewhere, replies), "spf:ok/spf_by_provider dkim:ok dkim:ok dmarc:ok mx:wrong/mx_elsewhere");
	CHECK_TEXT (looked (elsewhere, plain), "spf:ok/spf_by_provider dkim:ok dkim:ok dmarc:ok mx:ok");
	CHECK_TEXT (looked (grid_zone ("", "10 mx.sendgrid.net\nin.zon.test MX 5 mail.elders.test", ""), replies),
		    "spf:wrong/spf_not_named dkim:ok dkim:missing/dkim_none dmarc:ok mx:wrong/mx_not_first");
	CHECK_TEXT (looked (grid_zone ("s2._domainkey.zon.test CNAME s2.domainkey.u1.wl.sendgrid.net\n", "0 .", ""), replies),
		    "spf:wrong/spf_not_named dkim:ok dkim:wrong/dkim_dangling dmarc:ok mx:wrong/mx_null");
	CHECK_TEXT (looked (grid_zone ("s2._domainkey.zon.test CNAME s2.domainkey.elders.test\n", "10 mail.elders.test", ""),
			    GRID (.reply_domain = "in.zon.test", .mailbox = true)),
		    "spf:wrong/spf_not_named dkim:ok dkim:wrong/dkim_elsewhere dmarc:ok mx:ok");
	CHECK_TEXT (looked (grid_zone ("s2._domainkey.zon.test.zon.test CNAME s2.domainkey.u1.wl.sendgrid.net\n", "10 mx.sendgrid.net", ""),
			    plain),
		    "spf:wrong/spf_not_named dkim:ok dkim:wrong/doubled dmarc:ok mx:ok");
}

static void test_given (void)
{
	static const char answer[] =
		"[{\"domain\":\"zon.test\",\"valid\":false,\"dns\":{\"dkim1\":{\"host\":\"old._domainkey.zon.test\",\"type\":\"cname\",\"data\":\"o.test\"}}},"
		"{\"domain\":\"Zon.test\",\"valid\":false,\"dns\":{\"mail_cname\":{\"host\":\"em1.zon.test\",\"type\":\"cname\",\"data\":\"u1.wl.sendgrid.net\"},"
		"\"dkim1\":{\"host\":\"s1._domainkey.zon.test\",\"type\":\"cname\",\"data\":\"s1.domainkey.u1.wl.sendgrid.net\"},"
		"\"dkim2\":{\"host\":\"s2._domainkey.zon.test\",\"type\":\"cname\",\"data\":\"s2.domainkey.u1.wl.sendgrid.net\"}}}]";
	const struct dns_given *given = sendgrid_given_read (&arena, answer, sizeof answer - 1, "zon.test");
	CHECK (given != NULL);
	if (!given)
		return;
	CHECK_TEXT (given[GIVEN_PATH].value, "u1.wl.sendgrid.net");
	CHECK (!sendgrid_given_read (&arena, answer, sizeof answer - 1, "maan.test"));
	CHECK (!sendgrid_given_read (&arena, answer, 40, "zon.test") && !sendgrid_given_read (&arena, "{}", 2, "zon.test"));
	const char *second = "s2._domainkey.zon.test CNAME s2.domainkey.u2.wl.sendgrid.net\ns2._domainkey.zon.test TXT " PUBLIC "\n";
	CHECK_TEXT (looked (grid_zone (second, "", ""), GRID (.given = given)),
		    "spf:wrong/spf_not_named dkim:ok dkim:wrong/dkim_elsewhere path:missing/path_none dmarc:ok mx:ok");
	CHECK_TEXT (record[2].wanted, "s2.domainkey.u1.wl.sendgrid.net");
	CHECK_TEXT (of ("path")->wanted, "u1.wl.sendgrid.net");
	second = "s2._domainkey.zon.test CNAME s2.domainkey.u1.wl.sendgrid.net\ns2._domainkey.zon.test TXT " PUBLIC
		 "\nem1.zon.test CNAME u1.wl.sendgrid.net\n";
	CHECK_TEXT (looked (grid_zone (second, "", ""), GRID (.given = given)),
		    "spf:ok/spf_by_provider dkim:ok dkim:ok path:ok dmarc:ok mx:ok");
}

static const char *dkim (const char *text)
{
	looked (arena_printf (&arena, HOST "x._domainkey.zon.test TXT %s\n" REST, text), SMTP (.host = "smtp.zon.test", .selector = "x"));
	return of ("dkim")->state == DNS_OK ? "ok" : of ("dkim")->why;
}

static const char *dmarc (const char *lines)
{
	looked (arena_printf (&arena, "%s\n", lines),
		(struct dns_subject){ .kind = mail_account_kind_sendgrid, .domain = "post.zon.test" });
	return of ("dmarc")->why ? of ("dmarc")->why : "ok";
}

static void test_keys_and_policy (void)
{
	CHECK_TEXT (dkim (PUBLIC), "ok");
	CHECK_TEXT (dkim ("v=DKIM1; p="), "dkim_revoked");
	CHECK_TEXT (dkim ("v=DKIM1; p=MIGf"), "dkim_bad");
	CHECK_TEXT (dkim ("v=DKIM1; p=\"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC1\""), "dkim_bad"); /* quotes that were pasted */
	CHECK_TEXT (dkim ("google-site-verification=x"), "dkim_bad");
	CHECK_TEXT (looked ("\n", SMTP (.host = "smtp.zon.test")),
		    "server:missing/host_none spf:missing/spf_none dkim:unknown/dkim_selector dmarc:missing/dmarc_none mx:missing/mx_none");
	CHECK_TEXT (
		looked ("a.test A 1.1.1.1\n", SMTP (.host = "10.0.0.1")),
		"server:wrong/host_private spf:missing/spf_none dkim:unknown/dkim_selector dmarc:missing/dmarc_none mx:missing/mx_none");
	CHECK_TEXT (of ("spf")->wanted, "v=spf1 ip4:10.0.0.1 ~all");
	CHECK (!strncmp (looked ("h.test A 10.1.2.3\n", SMTP (.host = "h.test", .private = true)), "server:ok ", 10));
	CHECK (!strncmp (looked ("h.test AAAA fd00::1\n", SMTP (.host = "h.test")), "server:wrong/host_private ", 26));
	CHECK (!strncmp (looked ("h.test FAILS\n", SMTP (.host = "h.test")), "server:unknown/dns_fails ", 25));

	CHECK_TEXT (dmarc ("_dmarc.post.zon.test TXT v=DMARC1; p=quarantine"), "ok");
	CHECK_TEXT (dmarc ("_dmarc.post.zon.test TXT v=DMARC1;p=none"), "dmarc_watches");
	CHECK (of ("dmarc")->state == DNS_OK);
	CHECK_TEXT (dmarc ("_dmarc.zon.test TXT v=DMARC1; p=reject"), "ok");
	CHECK_TEXT (dmarc ("_dmarc.zon.test TXT v=DMARC1; p=reject; sp=none"), "dmarc_watches");
	CHECK_TEXT (dmarc ("_dmarc.zon.test TXT v=DMARC1"), "dmarc_bad");
	CHECK_TEXT (dmarc ("_dmarc.zon.test TXT v=DMARC1; p=block"), "dmarc_bad");
	CHECK_TEXT (dmarc ("_dmarc.zon.test TXT v=DMARC1; p=none\n_dmarc.zon.test TXT v=DMARC1; p=reject"), "dmarc_two");
	CHECK_TEXT (dmarc ("_dmarc.test TXT v=DMARC1; p=reject"), "dmarc_none"); /* a top domain's is not ours */
	CHECK_TEXT (dmarc ("_dmarc.post.zon.test.post.zon.test TXT v=DMARC1; p=none"), "doubled");
	CHECK_TEXT (dmarc ("_dmarc.post.zon.test FAILS"), "dns_fails");
}

static void test_names (void)
{
	CHECK (dns_name_good ("s1._domainkey.zon.test") && dns_name_good ("a"));
	CHECK (!dns_name_good ("") && !dns_name_good ("a..b") && !dns_name_good (".a") && !dns_name_good ("a.") && !dns_name_good ("a b"));
	CHECK (!dns_name_good ("0123456789012345678901234567890123456789012345678901234567890123.test"));
}

/* ---- over the wire ---- */

#define ANSWER(code, rows) "\x12\x34\x81" code "\0\1\0" rows "\0\0\0\0"
#define QUESTION "\3zon\4test\0\0\x10\0\1"
#define OF(type, n) "\xc0\x0c\0" type "\0\1\0\0\0\x3c\0" n

static const char *read_as (const char *at, size_t n, enum dns_type type)
{
	static const char *const said[] = { "some", "none", "fails" };
	struct dns_answer found;
	unsigned char *exact = malloc (n ? n : 1); /* of its very length, so that a sanitizer sees what reads on */
	memcpy (exact, at, n);
	const char *ret = said[dns_read (&arena, exact, n, type, &found)];
	for (size_t i = 0; i < found.n; i++)
		ret = arena_printf (&arena, "%s|%s", ret, found.text[i]);
	free (exact);
	return ret;
}

#define READ(text, type) read_as (text, sizeof (text) - 1, type)

static void test_wire (void)
{
	static const char two[] = ANSWER ("\x80", "\2") QUESTION OF ("\x10", "\x0d") "\6v=spf1\5 -all" OF ("\x05", "\2") "\xc0\x0c";
	CHECK_TEXT (READ (two, DNS_TXT), "some|v=spf1 -all");
	CHECK_TEXT (READ (two, DNS_CNAME), "some|zon.test");
	CHECK_TEXT (READ (two, DNS_A), "none");
	for (size_t n = 0; n < sizeof two - 1; n++)
		CHECK_TEXT (read_as (two, n, DNS_TXT), "fails");
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\x0f", "\5") "\0\x0a\1a\0", DNS_MX), "some|10 a");
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\x0f", "\3") "\0\0\0", DNS_MX), "some|0 .");
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\1", "\4") "\xcb\0\x71\x09", DNS_A), "some|203.0.113.9");
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\1", "\3") "\xcb\0\x71", DNS_A), "none");
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\x10", "\3") "\7ab", DNS_TXT),
		    "none"); /* a part that is longer than its record */
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION OF ("\x10", "\4") "\3a\n\xff", DNS_TXT), "some|a??");
	CHECK_TEXT (READ (ANSWER ("\x83", "\0") QUESTION, DNS_TXT), "none");
	CHECK_TEXT (READ (ANSWER ("\x82", "\0") QUESTION, DNS_TXT), "fails");
	CHECK_TEXT (READ ("\x12\x34\x01\x80\0\0\0\0\0\0\0\0", DNS_TXT), "fails"); /* a question */
	CHECK_TEXT (READ (ANSWER ("\x80", "\1") QUESTION "\xc0\x1a\0\5\0\1\0\0\0\x3c\0\2\xc0\x1a", DNS_CNAME),
		    "fails"); /* a name that names itself */
}

int main (void)
{
	arena_init (&arena);
	test_spf ();
	test_provider ();
	test_sendgrid ();
	test_given ();
	test_keys_and_policy ();
	test_names ();
	test_wire ();
	arena_fini (&arena);
	return test_end ();
}
