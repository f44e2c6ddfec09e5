/* Talks to Mollie and Stripe, by libcurl: asks for a payment, how far one is, or whether a key is taken. No SQL, no transaction: what is due was claimed before, what came of it is
 * recorded after. It must never ask twice for two payments (the attempt's id is the provider's key for that), nor believe an answer that is about another's. */
#include "paying.h"

#include <curl/curl.h>
#include <sodium.h>
#include <string.h>
#include "clock.h"
#include "mollie.h"
#include "seal.h"
#include "stripe.h"

struct billing_config billing_config;

enum { ANSWER_MOST = 512 << 10, CONNECT_SECONDS = 10, URL_MOST = 700, FAILS_MOST = 8, FAILS_LATE = 200, OPEN_DAYS = 30 };

struct talk {
	struct arena *arena;
	struct buffer answer;
	struct outside outside;
	char error[CURL_ERROR_SIZE];
	CURLcode code;
	long status;
};

static size_t answer_take (char *at, size_t size, size_t n, void *ctx)
{
	struct talk *t = ctx;
	if (size * n > ANSWER_MOST - t->answer.n)
		return 0;
	buffer_add (&t->answer, at, size * n);
	return size * n;
}

/* ---- one question ---- */

static void talk (struct talk *t, const char *url, const char *key, const char *type, const char *once, const char *body, int limit)
{
	CURL *c = curl_easy_init ();
	struct curl_slist *head = curl_slist_append (NULL, arena_printf (t->arena, "Authorization: Bearer %s", key));
	head = curl_slist_append (head, "Stripe-Version: " STRIPE_VERSION); /* Mollie does not mind */
	head = curl_slist_append (head, "Expect:");
	if (body) {
		head = curl_slist_append (head, arena_printf (t->arena, "Content-Type: %s", type));
		head = curl_slist_append (head, arena_printf (t->arena, "Idempotency-Key: %s", once));
		curl_easy_setopt (c, CURLOPT_POSTFIELDS, body);
	}
	t->outside = billing_outside ();
	curl_easy_setopt (c, CURLOPT_URL, url);
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, billing_config.private ? "http,https" : "https");
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) limit);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt (c, CURLOPT_HTTPHEADER, head);
	curl_easy_setopt (c, CURLOPT_WRITEFUNCTION, answer_take);
	curl_easy_setopt (c, CURLOPT_WRITEDATA, t);
	curl_outside (c, &t->outside);
	t->code = curl_easy_perform (c);
	curl_easy_getinfo (c, CURLINFO_RESPONSE_CODE, &t->status);
	curl_easy_cleanup (c);
	for (struct curl_slist *h = head; h; h = h->next)
		sodium_memzero (h->data, strlen (h->data));
	curl_slist_free_all (head);
}

/* ---- what is asked ---- */

static struct pay_ask ask_of (struct arena *a, const struct pay_job *j, const char *hook)
{
	char id[UUID_TEXT], workspace[UUID_TEXT], attempt[UUID_TEXT];
	bool dutch = !strcmp (j->language, "nl");
	return (struct pay_ask){ .amount = j->amount,
				 .invoice_id = arena_text (a, uuid_format (j->document_id.uuid, id)),
				 .workspace = arena_text (a, uuid_format (j->workspace_id.uuid, workspace)),
				 .description = arena_printf (a, "%s %s", dutch ? "Factuur" : "Invoice",
							      j->has.number == HERE ? j->number : ""),
				 .back_url = arena_printf (a, "%s/portal/%s?paid=%s", billing_config.origin, j->token,
							   uuid_format (j->pay_attempt_id.uuid, attempt)),
				 .hook_url = hook ? arena_printf (a, "%s/hooks/pay/%s", billing_config.origin, hook) : NULL,
				 .email = j->has.email == HERE && strchr (j->email, '@') ? j->email : NULL,
				 .locale = dutch ? "nl_NL" : "en_GB" };
}

static const char *url_of (struct arena *a, const struct pay_job *j, const char *mollie, const char *stripe, const char *id)
{
	bool is = j->kind == pay_provider_kind_mollie;
	const char *base = j->has.url == HERE ? j->url : is ? "https://api.mollie.com" : "https://api.stripe.com";
	return arena_printf (a, "%s%s%s%s", base, is ? mollie : stripe, id, !is && *id ? "?expand[]=payment_intent.latest_charge" : "");
}

static void question (struct talk *t, const struct pay_job *j, const char *key, const char *hook, int limit)
{
	struct arena *a = t->arena;
	char once[UUID_TEXT];
	bool mollie = j->kind == pay_provider_kind_mollie;
	if (j->has.external_id == HERE) {
		talk (t, url_of (a, j, "/v2/payments/", "/v1/checkout/sessions/", j->external_id), key, NULL, NULL, NULL, limit);
		return;
	}
	struct pay_ask ask = ask_of (a, j, hook);
	talk (t, url_of (a, j, "/v2/payments", "/v1/checkout/sessions", ""), key,
	      mollie ? "application/json" : "application/x-www-form-urlencoded", uuid_format (j->pay_attempt_id.uuid, once),
	      mollie ? mollie_payment_ask (a, &ask) : stripe_session_ask (a, &ask), limit);
}

/* ---- what came of it ---- */

/* About the same: the invoice, the workspace and the currency that were asked for. */
static bool told_ours (const struct pay_job *j, const struct pay_told *told)
{
	char id[UUID_TEXT], workspace[UUID_TEXT];
	return told->invoice_id && told->workspace && !strcmp (told->invoice_id, uuid_format (j->document_id.uuid, id)) &&
	       !strcmp (told->workspace, uuid_format (j->workspace_id.uuid, workspace)) &&
	       !strcmp (told->amount.currency, j->amount.currency);
}

/* Not by itself once it is settled; the hook says when something changes after that. */
static void told_wait (const struct pay_job *j, enum pay_state state, struct pay_heard *h)
{
	int64_t age = (clock_now () - j->created_at) / 1000000;
	bool open = state == PAY_OPEN || state == PAY_PENDING;
	h->has.wait = open && age < OPEN_DAYS * INT64_C (86400) ? HERE : ABSENT;
	/* whose hooks do not come is asked often at first */
	h->wait = age < 120 ? 5 : age < 1800 ? 30 : age < 86400 ? 600 : 21600;
}

static void told_take (struct arena *a, const struct pay_job *j, const struct pay_told *told, struct pay_heard *h)
{
	const char *id = told->session_id ? told->session_id : told->external_id;
	int64_t back = (told->refunded > 0 ? told->refunded : 0) + (told->charged_back > 0 ? told->charged_back : 0);
	h->heard = true;
	h->state = pay_state_name (told->state);
	h->has.state = HERE;
	h->external_id = id;
	h->has.external_id = HERE;
	h->payment_ref = told->session_id ? told->external_id : NULL;
	h->has.payment_ref = h->payment_ref ? HERE : ABSENT;
	h->url = told->url;
	h->has.url = told->url && strlen (told->url) <= URL_MOST * 4 && !strncmp (told->url, "http", 4) ? HERE : ABSENT;
	h->has.paid_amount = told->state == PAY_PAID ? HERE : ABSENT;
	h->paid_amount = told->amount.minor;
	h->has.refunded = told->state == PAY_PAID && told->refunded != PAY_UNTOLD ? HERE : ABSENT;
	h->refunded = back < told->amount.minor ? back : told->amount.minor;
	h->provider_state = "works";
	h->has.provider_state = HERE;
	told_wait (j, told->state, h);
	(void) a;
}

static void fail (struct talk *t, const struct pay_job *j, struct pay_heard *h, const char *words, bool provider)
{
	/* one that nobody was led to is begun anew by who wants to pay; of one that is there, its provider is asked as long as it may be paid */
	int64_t age = (clock_now () - j->created_at) / 1000000;
	bool gives_up = j->has.external_id != HERE ? j->fails + 1 >= FAILS_MOST
						   : j->fails + 1 >= FAILS_LATE && age > OPEN_DAYS * INT64_C (86400);
	h->error = pay_words (t->arena, words);
	h->has.error = h->error ? HERE : ABSENT;
	h->state = "failed";
	h->has.state = gives_up && j->has.external_id != HERE ? HERE : ABSENT;
	h->wait = INT64_C (1) << (j->fails < 8 ? j->fails + 1 : 9);
	h->has.wait = gives_up ? ABSENT : HERE;
	h->provider_state = "fails";
	h->has.provider_state = provider ? HERE : ABSENT;
}

/* A charge says that it was disputed, and says so for ever: what is taken back of it, and what came back since, the disputes say. */
static bool disputes_ask (struct talk *t, const struct pay_job *j, const char *key, int limit, struct pay_told *told)
{
	struct talk more = { .arena = t->arena };
	const char *path = arena_printf (t->arena, "/v1/disputes?limit=100&payment_intent=%s", told->external_id);
	talk (&more, url_of (t->arena, j, "", path, ""), key, NULL, NULL, NULL, limit);
	struct bytes body = { more.answer.at, more.answer.n };
	bool ret = more.code == CURLE_OK && more.status / 100 == 2 && stripe_disputes_read (body, &told->charged_back) == OK;
	buffer_fini (&more.answer);
	return ret;
}

/* What went wrong, in words; null: nothing did. */
static const char *talk_fault (struct talk *t, bool mollie)
{
	struct bytes body = { t->answer.at, t->answer.n };
	if (t->code != CURLE_OK)
		return t->outside.refused ? "its address is a private one, which is not allowed here"
		       : *t->error	  ? t->error
					  : curl_easy_strerror (t->code);
	if (t->status / 100 == 2)
		return NULL;
	const char *words = mollie ? mollie_error (t->arena, body) : stripe_error (t->arena, body);
	return words ? words : arena_printf (t->arena, "the provider answered %ld", t->status);
}

static void answer_read (struct talk *t, const struct pay_job *j, const char *key, int limit, struct pay_heard *h)
{
	struct bytes body = { t->answer.at, t->answer.n };
	bool mollie = j->kind == pay_provider_kind_mollie;
	struct pay_told told;
	const char *words = talk_fault (t, mollie);
	if (words) {
		/* a key that is not taken, or a provider that is out of order: others meet the same. What it says of one payment is that payment's alone */
		fail (t, j, h, words, t->code != CURLE_OK || t->status == 401 || t->status == 403 || t->status / 100 == 5);
		if (t->code != CURLE_OK)
			return;
		/* what it will never take is not offered again; another key may be */
		if (j->has.external_id != HERE && t->status / 100 == 4 && t->status != 408 && t->status != 409 && t->status != 429) {
			h->has.state = HERE;
			h->has.wait = ABSENT;
		}
		return;
	}
	enum status status = mollie ? mollie_payment_read (t->arena, body, &told) : stripe_object_read (t->arena, body, &told);
	const char *id = status != OK ? NULL : told.session_id ? told.session_id : told.external_id;
	if (!id || !told_ours (j, &told) || (j->has.external_id == HERE && strcmp (id, j->external_id) != 0))
		fail (t, j, h, "the provider's answer cannot be read, or is about another payment", true);
	else if (!mollie && told.charged_back > 0 && told.external_id && !disputes_ask (t, j, key, limit, &told))
		fail (t, j, h, "the provider does not say what became of a dispute", false);
	else
		told_take (t->arena, j, &told, h);
}

static bool unseal (struct arena *a, unsigned char has, const char *sealed, const char **ret)
{
	struct bytes out = { 0 };
	if (has == HERE && unseal_text (a, sealed, &out) != OK)
		return false;
	*ret = (const char *) out.at;
	return true;
}

const void *pay_act (struct effect *e, const void *claimed)
{
	const struct pay_job *j = claimed;
	struct arena *a = effect_arena (e);
	struct pay_heard *h = arena_alloc (a, sizeof *h);
	struct talk t = { .arena = a };
	const char *key = NULL, *hook = NULL;
	*h = (struct pay_heard){ .workspace_id = j->workspace_id, .pay_attempt_id = j->pay_attempt_id, .attempt = j->attempt };
	if (!unseal (a, j->has.sealed, j->sealed, &key) || !unseal (a, j->has.hook_key_sealed, j->hook_key_sealed, &hook) || !key) {
		fail (&t, j, h, "its key cannot be read: it was sealed with another CRM_KEY", true);
	} else if (j->has.external_id != HERE && (!*billing_config.origin || j->has.token != HERE)) {
		fail (&t, j, h, "CRM_ORIGIN is not set: a payer could not come back", false);
	} else {
		question (&t, j, key, hook, effect_limit (e));
		answer_read (&t, j, key, effect_limit (e), h);
	}
	if (key)
		sodium_memzero ((void *) (uintptr_t) key, strlen (key));
	buffer_fini (&t.answer);
	return h;
}

/* ---- whether a key is taken ---- */

enum { CHECK_AGAIN = 600 };

/* Asks for what a payment needs the right to, and changes nothing. */
const void *pay_check_act (struct effect *e, const void *claimed)
{
	const struct pay_check *j = claimed;
	struct arena *a = effect_arena (e);
	struct pay_checked *ret = arena_alloc (a, sizeof *ret);
	struct talk t = { .arena = a };
	bool mollie = j->kind == pay_provider_kind_mollie;
	const char *key = NULL, *error = NULL,
		   *base = j->has.url == HERE ? j->url
			   : mollie	      ? "https://api.mollie.com"
					      : "https://api.stripe.com";
	*ret = (struct pay_checked){ .workspace_id = j->workspace_id, .pay_provider_id = j->pay_provider_id, .version = j->version };
	if (!unseal (a, HERE, j->sealed, &key)) {
		error = "its key cannot be read: it was sealed with another CRM_KEY";
	} else {
		talk (&t, arena_printf (a, "%s%s", base, mollie ? "/v2/methods" : "/v1/checkout/sessions?limit=1"), key, NULL, NULL, NULL,
		      effect_limit (e));
		error = talk_fault (&t, mollie);
		sodium_memzero ((void *) (uintptr_t) key, strlen (key));
	}
	/* a key that is refused stays refused; who could not be reached is asked again */
	ret->has.wait = error && t.status / 100 != 4 && key ? HERE : ABSENT;
	ret->wait = CHECK_AGAIN;
	ret->state = error ? "fails" : "works";
	ret->error = error ? pay_words (a, error) : NULL;
	ret->has.error = ret->error ? HERE : ABSENT;
	buffer_fini (&t.answer);
	return ret;
}
