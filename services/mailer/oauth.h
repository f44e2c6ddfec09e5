/* Log-ins by OAuth 2 (RFC 6749, 7636): what people say of an account's app, a log-in that is under way, and tokens that are made new before they end.
 * It must never give a token to a server that it was not granted for, nor take a code from anybody but whoever began. */
#ifndef LEADWIRE_MAILER_OAUTH_H
#define LEADWIRE_MAILER_OAUTH_H

#include "mailer.h"

/* Seconds. */
enum { OAUTH_LEASE = 60, OAUTH_LIMIT = 15 };

/* The effect: a code becomes tokens, or a token is made new. */
const void *oauth_act (struct effect *e, const void *claimed);

/* What a command says of how an account logs in; `has` as in a record. */
struct oauth_ask {
	enum mail_auth auth;
	enum oauth_provider provider;
	const char *tenant, *authorize_url, *token_url, *scope, *client, *secret;
	struct {
		unsigned char auth, provider, tenant, authorize_url, token_url, scope, client, secret;
	} has;
};
#define OAUTH_ASK(cmd)                                                                                                         \
	{                                                                                                                      \
		.auth = (cmd)->auth, .provider = (cmd)->oauth_provider, .tenant = (cmd)->oauth_tenant,                         \
		.authorize_url = (cmd)->oauth_authorize_url, .token_url = (cmd)->oauth_token_url, .scope = (cmd)->oauth_scope, \
		.client = (cmd)->oauth_client, .secret = (cmd)->oauth_secret,                                                  \
		.has = {(cmd)->has.auth,                                                                                       \
			(cmd)->has.oauth_provider,                                                                             \
			(cmd)->has.oauth_tenant,                                                                               \
			(cmd)->has.oauth_authorize_url,                                                                        \
			(cmd)->has.oauth_token_url,                                                                            \
			(cmd)->has.oauth_scope,                                                                                \
			(cmd)->has.oauth_client,                                                                               \
			(cmd)->has.oauth_secret }                                                                              \
	}
/* It logs in by OAuth from now on. */
bool oauth_wanted (const struct oauth_ask *ask, const struct mail_account_found *found);
enum oauth_ask_means { OAUTH_STAYS, OAUTH_GOES, OAUTH_IS_KEPT };
/* `ret`: what is kept; `ret_anew`: what was granted was granted to another app. What is wrong is added to `p`. False: there is no CRM_KEY. */
bool oauth_asked (struct batch *b, const struct oauth_ask *ask, const struct mail_account_found *found,
		  const struct kept_mail_account *account, enum oauth_ask_means *ret_means, struct kept_oauth *ret, bool *ret_anew,
		  struct problem **p);
/* Another server or name to log in with, there or at the mailbox: tokens do not go there by themselves. `box`: null when it stays as it is. */
bool oauth_leads_elsewhere (const struct mail_account_found *found, const struct kept_mail_account *account,
			    const struct kept_mailbox *box);

/* ---- rules: pure ---- */

/* Where, of a provider that we know or as its addresses say; never null. */
const char *oauth_authorize_of (struct arena *a, enum oauth_provider provider, const char *tenant, const char *url);
const char *oauth_token_of (struct arena *a, enum oauth_provider provider, const char *tenant, const char *url);
const char *oauth_scope_of (enum oauth_provider provider, const char *scope);
/* https:// and somebody there; http:// where `plain`. */
bool oauth_url_good (const char *url, bool plain);

/* PKCE, S256: base64url of the verifier's SHA-256. */
const char *oauth_challenge (struct arena *a, const char *verifier);
struct oauth_page {
	enum oauth_provider provider;
	const char *authorize, *client_id, *redirect, *scope, *state, *challenge, *hint;
};
/* The provider's page where somebody says yes. */
const char *oauth_page (struct arena *a, const struct oauth_page *page);

/* Pairs of a name and a value, ended by a null name; a null value leaves its pair out. application/x-www-form-urlencoded. */
const char *oauth_form (struct arena *a, const char *const pair[][2]);

struct oauth_answer {
	enum oauth_outcome outcome;
	const char *access, *refresh; /* null: none was given */
	int64_t lasts;		      /* seconds */
	const char *words;	      /* what went wrong, in printable ASCII; null: nothing did */
};
/* What a provider answered who was asked for a token. `status`: of HTTP. */
struct oauth_answer oauth_answer_read (struct arena *a, long status, const char *body, size_t n);
/* Seconds after which a token that lasts so long is made new; seconds until a provider is asked again that did not answer so often. */
int64_t oauth_renew (int64_t lasts);
int64_t oauth_again (int64_t fails);

#endif
