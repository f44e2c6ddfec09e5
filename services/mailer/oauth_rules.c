/* OAuth 2 without talking to anybody: addresses, forms, and what providers answer; see oauth.h.
 * It must never take for a token what no token is: it stands in lines that other servers read. */
#include "oauth.h"

#include <sodium.h>
#include <string.h>

enum {
	TOKEN_LENGTH_MOST = 16384,
	LASTS_USUAL = 3600,
	LASTS_MOST = 366 * 86400,
	EARLY = 300,
	AGAIN_FIRST = 5,
	AGAIN_MOST = 300,
	WORDS_LENGTH = 300
};

/* ---- addresses ---- */

static const char *microsoft (struct arena *a, const char *tenant, const char *what)
{
	return arena_printf (a, "https://login.microsoftonline.com/%s/oauth2/v2.0/%s", tenant && *tenant ? tenant : "common", what);
}

const char *oauth_authorize_of (struct arena *a, enum oauth_provider provider, const char *tenant, const char *url)
{
	switch (provider) {
	case oauth_provider_google: return "https://accounts.google.com/o/oauth2/v2/auth";
	case oauth_provider_microsoft: return microsoft (a, tenant, "authorize");
	case oauth_provider_other:
	case oauth_provider_count: break;
	}
	return url ? url : "";
}

const char *oauth_token_of (struct arena *a, enum oauth_provider provider, const char *tenant, const char *url)
{
	switch (provider) {
	case oauth_provider_google: return "https://oauth2.googleapis.com/token";
	case oauth_provider_microsoft: return microsoft (a, tenant, "token");
	case oauth_provider_other:
	case oauth_provider_count: break;
	}
	return url ? url : "";
}

const char *oauth_scope_of (enum oauth_provider provider, const char *scope)
{
	if (scope && *scope)
		return scope;
	switch (provider) {
	case oauth_provider_google: return "https://mail.google.com/";
	case oauth_provider_microsoft:
		return "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All offline_access";
	case oauth_provider_other:
	case oauth_provider_count: break;
	}
	return "";
}

bool oauth_url_good (const char *url, bool plain)
{
	size_t n = !strncmp (url, "https://", 8) ? 8 : plain && !strncmp (url, "http://", 7) ? 7 : 0;
	if (!n || !url[n] || strchr ("/:?", url[n]))
		return false;
	for (const char *p = url; *p; p++)
		if ((unsigned char) *p <= ' ' || (unsigned char) *p > '~' || strchr ("\"<>\\^`{|}#@", *p))
			return false;
	return true;
}

/* ---- what is asked ---- */

const char *oauth_challenge (struct arena *a, const char *verifier)
{
	enum { KIND = sodium_base64_VARIANT_URLSAFE_NO_PADDING };
	unsigned char digest[crypto_hash_sha256_BYTES];
	size_t room = sodium_base64_ENCODED_LEN (sizeof digest, KIND);
	crypto_hash_sha256 (digest, (const unsigned char *) verifier, strlen (verifier));
	return sodium_bin2base64 (arena_alloc (a, room), room, digest, sizeof digest, KIND);
}

static void value_put (struct buffer *out, const char *value)
{
	static const char digit[] = "0123456789ABCDEF";
	for (const unsigned char *p = (const unsigned char *) value; *p; p++) {
		bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || strchr ("-._~", *p);
		const char coded[] = { '%', digit[*p >> 4], digit[*p & 15] };
		buffer_add (out, plain ? (const char *) p : coded, plain ? 1 : sizeof coded);
	}
}

const char *oauth_form (struct arena *a, const char *const pair[][2])
{
	struct buffer out = { 0 };
	for (size_t i = 0; pair[i][0]; i++) {
		if (!pair[i][1])
			continue;
		buffer_printf (&out, "%s%s=", out.n ? "&" : "", pair[i][0]);
		value_put (&out, pair[i][1]);
	}
	const char *ret = arena_copy (a, out.n ? (const char *) out.at : "", out.n);
	if (out.n)
		sodium_memzero (out.at, out.n); /* secrets stand in it */
	buffer_fini (&out);
	return ret;
}

/* Google gives what new tokens are asked for with only when it is asked for, and shows its page again for it. */
const char *oauth_page (struct arena *a, const struct oauth_page *page)
{
	bool google = page->provider == oauth_provider_google, microsoft_ = page->provider == oauth_provider_microsoft;
	const char *const pair[][2] = { { "response_type", "code" },
					{ "client_id", page->client_id },
					{ "redirect_uri", page->redirect },
					{ "scope", *page->scope ? page->scope : NULL },
					{ "state", page->state },
					{ "code_challenge", page->challenge },
					{ "code_challenge_method", "S256" },
					{ "login_hint", page->hint },
					{ "access_type", google ? "offline" : NULL },
					{ "prompt", google	 ? "consent"
						    : microsoft_ ? "select_account"
								 : NULL },
					{ NULL, NULL } };
	return arena_printf (a, "%s%s%s", page->authorize, strchr (page->authorize, '?') ? "&" : "?", oauth_form (a, pair));
}

/* ---- what is answered ---- */

static const char *words_of (struct arena *a, const char *first, const char *second)
{
	char *ret = arena_printf (a, "%.*s%s%.*s", WORDS_LENGTH / 3, first, second ? ": " : "", WORDS_LENGTH, second ? second : "");
	for (char *p = ret; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
	return ret;
}

/* Visible ASCII (RFC 6749, A.12, without the space that no provider gives). */
static const char *token_read (struct arena *a, const json_t *o, const char *name)
{
	const json_t *value = json_object_get (o, name);
	const char *text = json_string_value (value);
	size_t n = text ? json_string_length (value) : 0;
	if (!n || n > TOKEN_LENGTH_MOST)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char) text[i] <= ' ' || (unsigned char) text[i] > '~')
			return NULL;
	return arena_copy (a, text, n);
}

/* As a number, or, as some write it, in quotes. */
static int64_t lasts_read (const json_t *value)
{
	const char *text = json_string_value (value);
	int64_t ret = json_integer_value (value);
	for (const char *p = text; p && *p >= '0' && *p <= '9' && ret <= LASTS_MOST; p++)
		ret = ret * 10 + (*p - '0');
	return ret < 1 ? LASTS_USUAL : ret > LASTS_MOST ? LASTS_MOST : ret;
}

static void failure_read (struct arena *a, long status, const json_t *o, struct oauth_answer *ret)
{
	const char *error = json_string_value (json_object_get (o, "error")),
		   *more = json_string_value (json_object_get (o, "error_description"));
	bool busy = status == 408 || status == 429 || status >= 500 || status / 100 == 3;
	/* a provider that is there says why in its own word */
	if (error && !strcmp (error, "invalid_grant"))
		ret->outcome = oauth_outcome_refused;
	else if ((busy && (!error || status >= 500)) || status == 429 || (error && !strcmp (error, "temporarily_unavailable")))
		ret->outcome = oauth_outcome_later;
	else
		ret->outcome = oauth_outcome_unfit;
	ret->words = error ? words_of (a, error, more) : arena_printf (a, "the provider answered %ld", status);
}

struct oauth_answer oauth_answer_read (struct arena *a, long status, const char *body, size_t n)
{
	struct oauth_answer ret = { .outcome = oauth_outcome_unfit };
	json_t *o = json_loadb (body, n, 0, NULL);
	if (status != 200) {
		failure_read (a, status, o, &ret);
	} else {
		ret.access = token_read (a, o, "access_token");
		ret.refresh = token_read (a, o, "refresh_token");
		ret.lasts = lasts_read (json_object_get (o, "expires_in"));
		ret.outcome = ret.access ? oauth_outcome_granted : oauth_outcome_unfit;
		if (!ret.access && json_object_get (o, "error"))
			failure_read (a, 400, o, &ret);
		else if (!ret.access)
			ret.words = "the provider answered without a token";
	}
	json_decref (o);
	return ret;
}

int64_t oauth_renew (int64_t lasts)
{
	return lasts > 4 * EARLY ? lasts - EARLY : lasts * 3 / 4;
}

int64_t oauth_again (int64_t fails)
{
	int64_t ret = AGAIN_FIRST;
	for (; fails > 0 && ret < AGAIN_MOST; fails--)
		ret *= 2;
	return ret > AGAIN_MOST ? AGAIN_MOST : ret;
}
