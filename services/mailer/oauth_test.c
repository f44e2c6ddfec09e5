/* OAuth 2 without a provider: the pages and forms that are asked for, what is made of answers, good and bad; when a token is made new. */
#include "oauth.h"

#include <string.h>
#include "test.h"

static struct arena arena;

static void addresses (void)
{
	CHECK_TEXT (oauth_token_of (&arena, oauth_provider_google, "x", "http://evil.test"), "https://oauth2.googleapis.com/token");
	CHECK_TEXT (oauth_token_of (&arena, oauth_provider_microsoft, NULL, NULL),
		    "https://login.microsoftonline.com/common/oauth2/v2.0/token");
	CHECK_TEXT (oauth_authorize_of (&arena, oauth_provider_microsoft, "zon.test", NULL),
		    "https://login.microsoftonline.com/zon.test/oauth2/v2.0/authorize");
	CHECK_TEXT (oauth_token_of (&arena, oauth_provider_other, NULL, "https://a.test/t"), "https://a.test/t");
	CHECK_TEXT (oauth_scope_of (oauth_provider_google, NULL), "https://mail.google.com/");
	CHECK_TEXT (oauth_scope_of (oauth_provider_google, "mine"), "mine");
	CHECK_TEXT (oauth_scope_of (oauth_provider_other, NULL), "");
	static const struct {
		const char *url;
		bool plain, good;
	} rows[] = { { "https://a.test/x?y=1", false, true }, { "http://a.test/x", false, false },
		     { "http://a.test/x", true, true },	      { "https://", false, false },
		     { "https:///x", false, false },	      { "ftp://a.test", true, false },
		     { "https://a.test/x y", false, false },  { "https://u@a.test/", false, false },
		     { "https://a.test/#x", false, false },   { "https://a.test/\nHost: b", true, false } };
	for (size_t i = 0; i < LENGTH (rows); i++)
		CHECK_TEXT (oauth_url_good (rows[i].url, rows[i].plain) ? rows[i].url : "", rows[i].good ? rows[i].url : "");
}

/* RFC 7636, appendix B. */
static void pages (void)
{
	CHECK_TEXT (oauth_challenge (&arena, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	struct oauth_page page = { .provider = oauth_provider_google,
				   .authorize = "https://a.test/auth",
				   .client_id = "c&1",
				   .redirect = "https://crm.test/settings/mail/oauth",
				   .scope = "a b",
				   .state = "s.t",
				   .challenge = "E9",
				   .hint = "caf\xc3\xa9@zon.test" };
	CHECK_TEXT (
		oauth_page (&arena, &page),
		"https://a.test/auth?response_type=code&client_id=c%261&redirect_uri=https%3A%2F%2Fcrm.test%2Fsettings%2Fmail%2Foauth&scope=a%20b&"
		"state=s.t&code_challenge=E9&code_challenge_method=S256&login_hint=caf%C3%A9%40zon.test&access_type=offline&prompt=consent");
	page.provider = oauth_provider_other;
	page.authorize = "https://a.test/auth?tenant=1";
	page.scope = "";
	const char *url = oauth_page (&arena, &page);
	CHECK (!strncmp (url, "https://a.test/auth?tenant=1&response_type=code&", 47) && !strstr (url, "scope=") &&
	       !strstr (url, "prompt="));
}

static const char *const outcomes[] = { "granted", "refused", "unfit", "ended", "later" };

static void answers (void)
{
	static const struct {
		long status;
		const char *body, *wanted;
	} rows[] = {
		{ 200, "{\"access_token\":\"a.b-c\",\"refresh_token\":\"r\",\"expires_in\":3599,\"token_type\":\"Bearer\"}",
		  "granted a.b-c r 3599" },
		{ 200, "{\"access_token\":\"a\",\"expires_in\":\"120\"}", "granted a - 120" },
		{ 200, "{\"access_token\":\"a\"}", "granted a - 3600" },
		{ 200, "{\"access_token\":\"a\",\"expires_in\":-5}", "granted a - 3600" },
		{ 200, "{\"access_token\":\"a\",\"expires_in\":99999999999}", "granted a - 31622400" },
		{ 200, "{\"access_token\":\"a\\u0001b\"}", "unfit - - 3600 the provider answered without a token" },
		{ 200, "{\"access_token\":\"a b\"}", "unfit - - 3600 the provider answered without a token" },
		{ 200, "{\"access_token\":7}", "unfit - - 3600 the provider answered without a token" },
		{ 200, "<html>", "unfit - - 3600 the provider answered without a token" },
		{ 200, "{\"error\":\"bad_verification_code\"}", "unfit - - 3600 bad_verification_code" },
		{ 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
		  "refused - - 0 invalid_grant: Token has been expired or revoked." },
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":\"a\\r\\nb\"}", "unfit - - 0 invalid_client: a??b" },
		{ 400, "", "unfit - - 0 the provider answered 400" },
		{ 302, "", "later - - 0 the provider answered 302" },
		{ 429, "{\"error\":\"slow\"}", "later - - 0 slow" },
		{ 503, "<html>", "later - - 0 the provider answered 503" },
		{ 400, "{\"error\":\"temporarily_unavailable\"}", "later - - 0 temporarily_unavailable" },
		{ 400, "{\"error\":{\"message\":\"x\"}}", "unfit - - 0 the provider answered 400" },
	};
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct oauth_answer a = oauth_answer_read (&arena, rows[i].status, rows[i].body, strlen (rows[i].body));
		const char *is = arena_printf (&arena, "%s %s %s %lld%s%s", outcomes[a.outcome], a.access ? a.access : "-",
					       a.refresh ? a.refresh : "-", (long long) a.lasts, a.words ? " " : "",
					       a.words ? a.words : "");
		CHECK_TEXT (is, rows[i].wanted);
	}
}

static void times (void)
{
	CHECK (oauth_renew (3600) == 3300 && oauth_renew (1200) == 900 && oauth_renew (60) == 45);
	CHECK (oauth_again (0) == 5 && oauth_again (1) == 10 && oauth_again (5) == 160 && oauth_again (6) == 300 &&
	       oauth_again (1000) == 300);
}

int main (void)
{
	arena_init (&arena);
	addresses ();
	pages ();
	answers ();
	times ();
	arena_fini (&arena);
	return test_end ();
}
