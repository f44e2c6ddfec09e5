/* Asks a provider for tokens: a code becomes one, or one is made new before it ends. By libcurl; no SQL, no transaction.
 * It must never follow the provider elsewhere, nor leave a token unsealed behind. */
#include "oauth.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>
#include "seal.h"

enum { ANSWER_MOST = 64 << 10, CONNECT_SECONDS = 10 };

struct asking {
	struct arena *arena;
	char error[CURL_ERROR_SIZE];
	char answer[ANSWER_MOST];
	size_t n;
	bool large;
	struct outside outside;
};

static size_t answer_take (char *at, size_t size, size_t n, void *ctx)
{
	struct asking *k = ctx;
	k->large = k->large || size * n > sizeof k->answer - k->n;
	if (k->large)
		return 0;
	memcpy (k->answer + k->n, at, size * n);
	k->n += size * n;
	return size * n;
}

static struct oauth_answer ask (struct asking *k, const char *url, const char *form, int limit)
{
	struct oauth_answer ret = { .outcome = oauth_outcome_later, .words = "libcurl does not begin" };
	struct curl_slist *head = curl_slist_append (NULL, "Accept: application/json");
	CURL *c = curl_easy_init ();
	long status = 0;
	if (!c)
		return ret;
	curl_easy_setopt (c, CURLOPT_URL, url);
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, mailer_config.private ? "http,https" : "https");
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) limit);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, k->error);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt (c, CURLOPT_POSTFIELDS, form);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, answer_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, k);
	k->outside = mailer_outside ();
	curl_outside (c, &k->outside);
	CURLcode code = curl_easy_perform (c);
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_OK)
		ret = oauth_answer_read (k->arena, status, k->answer, k->n);
	else
		ret.words = k->outside.refused ? "its address is a private one, which is not allowed here"
			    : k->large	       ? "the provider said more than anybody needs"
			    : *k->error	       ? k->error
					       : curl_easy_strerror (code);
	curl_easy_cleanup (c);
	curl_slist_free_all (head);
	return ret;
}

static const char *seal (struct arena *a, const char *text)
{
	return text ? seal_text (a, (struct bytes){ (const unsigned char *) text, strlen (text) }) : NULL;
}

/* False: it was sealed with another key. Null when there is none. */
static bool unseal (struct arena *a, unsigned char has, const char *sealed, const char **ret)
{
	struct bytes out = { 0 };
	if (has == HERE && unseal_text (a, sealed, &out) != OK)
		return false;
	*ret = (const char *) out.at;
	return true;
}

static void forget (const char *text)
{
	if (text)
		sodium_memzero ((void *) (uintptr_t) text, strlen (text));
}

static void tell (struct arena *a, const struct oauth_job *j, const struct oauth_answer *said, struct oauth_told *told)
{
	bool granted = said->outcome == oauth_outcome_granted;
	told->outcome = said->outcome;
	told->access_sealed = seal (a, said->access);
	told->refresh_sealed = seal (a, said->refresh);
	told->has.access_sealed = told->access_sealed ? HERE : ABSENT;
	told->has.refresh_sealed = told->refresh_sealed ? HERE : ABSENT;
	told->lasts = said->lasts;
	/* what cannot be made new is good until it ends */
	bool renews = said->refresh || (j->has.code_sealed != HERE && j->has.refresh_sealed == HERE);
	told->wait = !granted ? oauth_again (j->fails) : renews ? oauth_renew (said->lasts) : said->lasts;
	char *words = said->words ? arena_printf (a, "%.400s", said->words) : NULL;
	for (char *p = words; p && *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
	told->error = words;
	told->has.error = words ? HERE : ABSENT;
}

const void *oauth_act (struct effect *e, const void *claimed)
{
	const struct oauth_job *j = claimed;
	struct arena *a = effect_arena (e);
	struct oauth_told *told = arena_alloc (a, sizeof *told);
	struct asking *k = arena_alloc (a, sizeof *k);
	struct oauth_answer said = { .outcome = oauth_outcome_unfit,
				     .words = "its secrets cannot be read: they were sealed with another CRM_KEY" };
	const char *secret = NULL, *code = NULL, *refresh = NULL, *verifier = NULL, *form = NULL;
	*told = (struct oauth_told){ .workspace_id = j->workspace_id, .mail_account_id = j->mail_account_id, .attempt = j->attempt };
	*k = (struct asking){ .arena = a };
	bool read = unseal (a, j->has.secret_sealed, j->secret_sealed, &secret) && unseal (a, j->has.code_sealed, j->code_sealed, &code) &&
		    unseal (a, j->has.refresh_sealed, j->refresh_sealed, &refresh) &&
		    unseal (a, j->has.verifier_sealed, j->verifier_sealed, &verifier);
	if (read && (code || refresh)) {
		const char *const pair[][2] = { { "grant_type", code ? "authorization_code" : "refresh_token" },
						{ "code", code },
						{ "redirect_uri", code && j->has.redirect == HERE ? j->redirect : NULL },
						{ "code_verifier", code ? verifier : NULL },
						{ "refresh_token", code ? NULL : refresh },
						{ "client_id", j->client_id },
						{ "client_secret", secret },
						{ NULL, NULL } };
		form = oauth_form (a, pair);
		said = ask (k,
			    oauth_token_of (a, j->provider, j->has.tenant == HERE ? j->tenant : NULL,
					    j->has.token_url == HERE ? j->token_url : NULL),
			    form, effect_limit (e));
	} else if (read) {
		said = (struct oauth_answer){ .outcome = oauth_outcome_ended,
					      .words = "the log-in ended, and the provider gave nothing to ask for a new one with" };
	}
	tell (a, j, &said, told);
	forget (secret), forget (code), forget (refresh), forget (verifier), forget (form), forget (said.access), forget (said.refresh);
	sodium_memzero (k->answer, k->n);
	return told;
}
