/* The ways in and the agencies' clients, as the door finds them: a cache on the main thread, filled by queries. What was found is good for two
 * seconds, so that one that is removed or has another key is so for every door soon; what was not, for a quarter of one. It holds nothing that a
 * query could not give again, and never a key in clear. */
#include "intake.h"

#include <string.h>
#include <sodium.h>
#include "clock.h"
#include "log.h"
#include "seal.h"

enum { SLOTS = 1024, KEPT_MOST = 20000, QUERY_MS = 3000, FOUND_LASTS = 2000000, NONE_LASTS = 250000, NAME_MOST = 100 };

/* A source by its key's hash, or a client by agency and name. */
struct known {
	struct known *next;
	unsigned char key[crypto_hash_sha256_BYTES];
	int64_t until; /* clock_monotonic */
	bool none;     /* there is no such thing */
	union {
		struct source source;
		struct client client;
	};
	bool is_source;
};

struct intake_config intake_config;

static struct known *slots[SLOTS];
static size_t kept_n;

static struct known **slot_of (const unsigned char key[crypto_hash_sha256_BYTES])
{
	return &slots[(key[0] | key[1] << 8) % SLOTS];
}

static void known_free (struct known *k)
{
	if (k->is_source) {
		heap_free ((void *) k->source.secret.at);
		heap_free ((void *) k->source.form_type);
		heap_free ((void *) k->source.redirect);
		heap_free ((void *) k->source.origins);
		heap_free ((void *) k->source.verify_token);
		heap_free ((void *) k->source.mapping);
	}
	heap_free (k);
}

static void known_drop (struct known **at)
{
	struct known *k = *at;
	*at = k->next;
	known_free (k);
	kept_n--;
}

static void forget_all (void)
{
	for (size_t i = 0; i < SLOTS; i++)
		while (slots[i])
			known_drop (&slots[i]);
}

static struct known *known_find (const unsigned char key[crypto_hash_sha256_BYTES])
{
	for (struct known **at = slot_of (key); *at; at = &(*at)->next) {
		if (memcmp ((*at)->key, key, sizeof (*at)->key))
			continue;
		if ((*at)->until > clock_monotonic ())
			return *at;
		known_drop (at);
		return NULL;
	}
	return NULL;
}

/* A fresh one in place of what was known. */
static struct known *known_add (const unsigned char key[crypto_hash_sha256_BYTES], bool is_source, bool none)
{
	if (kept_n >= KEPT_MOST)
		forget_all ();
	for (struct known **at = slot_of (key); *at; at = &(*at)->next)
		if (memcmp ((*at)->key, key, sizeof (*at)->key) == 0) {
			known_drop (at);
			break;
		}
	struct known *k = heap_alloc (sizeof *k), **at = slot_of (key);
	memcpy (k->key, key, sizeof k->key);
	k->is_source = is_source;
	k->none = none;
	k->until = clock_monotonic () + (none ? NONE_LASTS : FOUND_LASTS);
	k->next = *at;
	*at = k;
	kept_n++;
	return k;
}

void sources_start (struct app *app)
{
	if (!seal_open (app_config (app)->key))
		log_error ("key_unusable", LOG_T ("setting", "CRM_KEY"));
	limits_start ();
}

/* ---- keys and secrets ---- */

/* Where there is no CRM_KEY a secret cannot be kept: null. */
const char *secret_seal (struct arena *a, const char *secret)
{
	return seal_text (a, (struct bytes){ (const unsigned char *) secret, strlen (secret) });
}

/* The secret in heap memory; n 0: it cannot be opened. */
static struct bytes secret_open (const char *sealed)
{
	struct arena a;
	struct bytes secret, kept = { 0 };
	arena_init (&a);
	if (unseal_text (&a, sealed, &secret) == OK && secret.n) {
		unsigned char *copy = heap_alloc (secret.n);
		memcpy (copy, secret.at, secret.n);
		kept = (struct bytes){ copy, secret.n };
		sodium_memzero ((void *) secret.at, secret.n);
	}
	arena_fini (&a);
	return kept;
}

/* The same as a text; null: there is none, or it cannot be opened. */
static const char *token_open (const char *sealed)
{
	struct bytes token = sealed ? secret_open (sealed) : (struct bytes){ 0 };
	char *ret = token.n ? heap_alloc (token.n + 1) : NULL;
	if (ret) {
		memcpy (ret, token.at, token.n);
		ret[token.n] = '\0';
	}
	heap_free ((void *) token.at);
	return ret;
}

const char *key_hash (struct arena *a, const char *url_key)
{
	char hex[SHA256_TEXT];
	return arena_text (a, sha256_text ((struct bytes){ (const unsigned char *) url_key, strlen (url_key) }, hex));
}

/* ---- asking ---- */

struct asking {
	unsigned char key[crypto_hash_sha256_BYTES];
	source_fn *source;
	client_fn *client;
	void *ctx;
};

static const char *member (const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text && *text ? text : NULL;
}

static const char *member_kept (const json_t *o, const char *name)
{
	return member (o, name) ? heap_text (member (o, name)) : NULL;
}

static void place_read (const json_t *o, struct uuid *ret_workspace, char ret_country[3], bool *ret_dutch)
{
	const char *country = member (o, "country"), *language = member (o, "language");
	if (!member (o, "workspace_id") || uuid_parse (member (o, "workspace_id"), ret_workspace) != OK)
		*ret_workspace = (struct uuid){ 0 };
	memset (ret_country, 0, 3);
	if (country)
		memcpy (ret_country, country, strnlen (country, 2));
	*ret_dutch = language && strcmp (language, "nl") == 0;
}

static void source_read (const json_t *o, struct source *s)
{
	const char *kind = member (o, "kind"), *sealed = member (o, "sealed");
	place_read (o, &s->workspace, s->country, &s->dutch);
	if (!member (o, "source_id") || uuid_parse (member (o, "source_id"), &s->id) != OK)
		s->id = (struct uuid){ 0 };
	s->kind = source_kind_generic;
	for (int i = 0; kind && source_kind_names[i]; i++)
		if (strcmp (source_kind_names[i], kind) == 0)
			s->kind = (enum source_kind) i;
	s->secret = sealed ? secret_open (sealed) : (struct bytes){ 0 };
	s->locked = sealed && s->secret.n == 0;
	if (s->locked)
		log_error ("source_locked", LOG_U ("source", s->id));
	s->form_type = member_kept (o, "form_type");
	s->redirect = member_kept (o, "redirect");
	s->origins = member_kept (o, "origins");
	s->mapping = member_kept (o, "mapping");
	s->verify_token = token_open (member (o, "sealed_token"));
	const json_t *fill = json_object_get (o, "minimum_fill");
	s->minimum_fill = json_is_integer (fill) ? json_integer_value (fill) : -1;
	s->per_minute = json_integer_value (json_object_get (o, "per_minute"));
}

static void tell (const struct asking *q, enum finding finding, const struct known *k)
{
	if (q->source)
		q->source (q->ctx, finding, k ? &k->source : NULL);
	else
		q->client (q->ctx, finding, k ? &k->client : NULL);
}

static void asked (struct app *app, void *ctx, const struct reply *reply)
{
	struct asking *q = ctx;
	json_t *o = NULL;
	(void) app;
	if (reply->state == REPLY_DONE)
		o = json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL);
	if (json_is_object (o)) {
		struct known *k = known_add (q->key, q->source != NULL, false);
		if (q->source)
			source_read (o, &k->source);
		else
			place_read (o, &k->client.workspace, k->client.country, &k->client.dutch);
		tell (q, FOUND, k);
	} else if (reply->state == REPLY_REFUSED && reply->code && strcmp (reply->code, "not_found") == 0) {
		known_add (q->key, q->source != NULL, true);
		tell (q, FOUND_NONE, NULL);
	} else {
		tell (q, FOUND_AWAY, NULL);
	}
	json_decref (o);
	heap_free (q);
}

/* True: the answer was known, and told. */
static bool tell_known (const struct asking *q)
{
	const struct known *k = known_find (q->key);
	if (k)
		tell (q, k->none ? FOUND_NONE : FOUND, k->none ? NULL : k);
	return k != NULL;
}

static struct asking *asking_keep (const struct asking *q)
{
	struct asking *kept_q = heap_alloc (sizeof *kept_q);
	*kept_q = *q;
	return kept_q;
}

void source_find_by_key (struct app *app, const char *key, source_fn *found, void *ctx)
{
	struct asking q = { .source = found, .ctx = ctx };
	char hex[2 * sizeof q.key + 1];
	crypto_hash_sha256 (q.key, (const unsigned char *) key, strlen (key));
	if (tell_known (&q))
		return;
	struct source_find query = { .key_hash = sodium_bin2hex (hex, sizeof hex, q.key, sizeof q.key) };
	app_query (app, &source_find_record, &query, NULL, 0, QUERY_MS, asked, asking_keep (&q));
}

void client_find_by_name (struct app *app, struct uuid agency, const char *name, client_fn *found, void *ctx)
{
	struct asking q = { .client = found, .ctx = ctx };
	crypto_hash_sha256_state state;
	size_t n = strlen (name);
	if (n > NAME_MOST) {
		found (ctx, FOUND_NONE, NULL);
		return;
	}
	crypto_hash_sha256_init (&state);
	crypto_hash_sha256_update (&state, agency.b, sizeof agency.b);
	crypto_hash_sha256_update (&state, (const unsigned char *) name, n);
	crypto_hash_sha256_final (&state, q.key);
	if (tell_known (&q))
		return;
	struct client_find query = { .agency_id = { agency }, .client = name };
	app_query (app, &client_find_record, &query, NULL, 0, QUERY_MS, asked, asking_keep (&q));
}
