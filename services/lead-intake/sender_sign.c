/* How each sender signs: which bytes, by which digest, written how, in which header. Compared in constant time, over the bytes as they came.
 * It must never parse before it has verified, but where the sender's secret stands in the body itself. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "sender_parts.h"

enum { DIGEST_MOST = 32, PIECES_MOST = 6 };

struct digest {
	unsigned char at[DIGEST_MOST];
	size_t n; /* 32, or 20 */
};

static struct bytes text_bytes (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static struct digest sha256_of (struct bytes secret, const struct bytes piece[], size_t n)
{
	crypto_auth_hmacsha256_state state;
	struct digest ret = { .n = crypto_auth_hmacsha256_BYTES };
	crypto_auth_hmacsha256_init (&state, secret.at, secret.n);
	for (size_t i = 0; i < n; i++)
		crypto_auth_hmacsha256_update (&state, piece[i].at, piece[i].n);
	crypto_auth_hmacsha256_final (&state, ret.at);
	return ret;
}

/* Two senders have nothing better. */
static struct digest sha1_of (struct bytes secret, struct bytes body)
{
	struct digest ret = { 0 };
	unsigned n = 0;
	if (secret.n <= INT32_MAX && HMAC (EVP_sha1 (), secret.at, (int) secret.n, body.at, body.n, ret.at, &n))
		ret.n = n;
	return ret;
}

static const char *unprefixed (const char *text, const char *prefix)
{
	size_t n = strlen (prefix);
	return text && strncmp (text, prefix, n) == 0 ? text + n : NULL;
}

static bool is_hex_of (const struct digest *d, const char *text)
{
	unsigned char said[DIGEST_MOST];
	size_t n;
	const char *end;
	return d->n && text && sodium_hex2bin (said, sizeof said, text, strlen (text), NULL, &n, &end) == 0 && *end == '\0' && n == d->n &&
	       sodium_memcmp (said, d->at, n) == 0;
}

static bool is_base64_of (const struct digest *d, const char *text)
{
	unsigned char said[DIGEST_MOST];
	size_t n;
	const char *end;
	return d->n && text &&
	       sodium_base642bin (said, sizeof said, text, strlen (text), NULL, &n, &end, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       *end == '\0' && n == d->n && sodium_memcmp (said, d->at, n) == 0;
}

static const char *header_of (const struct sender_request *r, const char *name)
{
	return r->header (r->ctx, name);
}

/* Milliseconds as text; 0: none. */
static int64_t ms_read (const char *text)
{
	char *end;
	if (!text || *text < '0' || *text > '9')
		return 0;
	long long ms = strtoll (text, &end, 10);
	return *end || ms > INT64_MAX / 1000 ? 0 : (int64_t) ms * 1000;
}

/* The body as JSON.stringify writes it: two senders sign what they parsed. Heap; null: it is none. */
static char *body_compact (struct bytes body)
{
	json_t *tree = json_loadb ((const char *) body.at, body.n, 0, NULL);
	char *ret = tree ? json_dumps (tree, JSON_COMPACT) : NULL;
	json_decref (tree);
	return ret;
}

const char *sign_hex (struct arena *a, struct bytes secret, const char *text)
{
	char hex[2 * DIGEST_MOST + 1];
	struct bytes piece = text_bytes (text);
	struct digest d = sha256_of (secret, &piece, 1);
	return arena_text (a, sodium_bin2hex (hex, sizeof hex, d.at, d.n));
}

/* ---- the body alone ---- */

bool typeform_fits (struct bytes secret, const struct sender_request *r)
{
	struct digest d = sha256_of (secret, &r->body, 1);
	return is_base64_of (&d, unprefixed (header_of (r, "Typeform-Signature"), "sha256="));
}

bool tally_fits (struct bytes secret, const struct sender_request *r)
{
	const char *said = header_of (r, "Tally-Signature");
	struct digest d = sha256_of (secret, &r->body, 1);
	if (is_base64_of (&d, said))
		return true;
	char *compact = said ? body_compact (r->body) : NULL;
	bool ret = false;
	if (compact) {
		struct bytes again = text_bytes (compact);
		d = sha256_of (secret, &again, 1);
		ret = is_base64_of (&d, said);
	}
	free (compact);
	return ret;
}

/* Our own script's, and everybody's who signs as we ask. */
bool google_forms_fits (struct bytes secret, const struct sender_request *r)
{
	struct digest d = sha256_of (secret, &r->body, 1);
	return is_hex_of (&d, unprefixed (header_of (r, "X-Signature-256"), "sha256="));
}

/* The older header, of SHA-1, counts for nothing. */
bool meta_fits (struct bytes secret, const struct sender_request *r)
{
	struct digest d = sha256_of (secret, &r->body, 1);
	return is_hex_of (&d, unprefixed (header_of (r, "X-Hub-Signature-256"), "sha256="));
}

bool tawk_fits (struct bytes secret, const struct sender_request *r)
{
	struct digest d = sha1_of (secret, r->body);
	return is_hex_of (&d, header_of (r, "X-Tawk-Signature"));
}

bool intercom_fits (struct bytes secret, const struct sender_request *r)
{
	struct digest d = sha1_of (secret, r->body);
	return is_hex_of (&d, unprefixed (header_of (r, "X-Hub-Signature"), "sha1="));
}

bool linkedin_fits (struct bytes secret, const struct sender_request *r)
{
	const struct bytes piece[] = { text_bytes ("hmacsha256="), r->body };
	struct digest d = sha256_of (secret, piece, LENGTH (piece));
	return is_hex_of (&d, header_of (r, "X-LI-Signature"));
}

/* Its key stands in the body: there is no signature. */
bool google_ads_fits (struct bytes secret, const struct sender_request *r)
{
	json_t *tree = json_loadb ((const char *) r->body.at, r->body.n, 0, NULL), *key = json_object_get (tree, "google_key");
	bool ret = json_is_string (key) && json_string_length (key) == secret.n &&
		   sodium_memcmp (json_string_value (key), secret.at, secret.n) == 0;
	json_decref (tree);
	return ret;
}

/* ---- a time and the body ---- */

bool webflow_fits (struct bytes secret, const struct sender_request *r)
{
	const char *at = header_of (r, "X-Webflow-Timestamp");
	if (!at)
		return false;
	const struct bytes piece[] = { text_bytes (at), text_bytes (":"), r->body };
	struct digest d = sha256_of (secret, piece, LENGTH (piece));
	return is_hex_of (&d, header_of (r, "X-Webflow-Signature"));
}

int64_t webflow_signed_at (const struct sender_request *r)
{
	return ms_read (header_of (r, "X-Webflow-Timestamp"));
}

/* The address as HubSpot signs it: what it writes with % is written out. */
static char *hubspot_url (const char *url)
{
	static const char *const coded[] = { "3A:", "2F/", "3F?", "40@", "21!", "24$", "27'", "28(", "29)", "2A*", "2C,", "3B;" };
	char *ret = heap_alloc (strlen (url) + 1), *to = ret;
	for (const char *p = url; *p; p++) {
		*to++ = *p;
		for (size_t i = 0; *p == '%' && i < LENGTH (coded); i++)
			if (strncasecmp (p + 1, coded[i], 2) == 0) {
				to[-1] = coded[i][2];
				p += 2;
				break;
			}
	}
	*to = '\0';
	return ret;
}

bool hubspot_fits (struct bytes secret, const struct sender_request *r)
{
	const char *at = header_of (r, "X-HubSpot-Request-Timestamp");
	char *url = at ? hubspot_url (r->url) : NULL;
	if (!url)
		return false;
	const struct bytes piece[] = { text_bytes (r->method), text_bytes (url), r->body, text_bytes (at) };
	struct digest d = sha256_of (secret, piece, LENGTH (piece));
	heap_free (url);
	return is_base64_of (&d, header_of (r, "X-HubSpot-Signature-v3"));
}

int64_t hubspot_signed_at (const struct sender_request *r)
{
	return ms_read (header_of (r, "X-HubSpot-Request-Timestamp"));
}

/* "t=1795256100,v1=<hex>": the value behind a name and "="; `ret` has room for it. */
static bool calendly_part (const struct sender_request *r, const char *name, char ret[80])
{
	const char *said = header_of (r, "Calendly-Webhook-Signature");
	size_t n = strlen (name);
	while (said && *said) {
		size_t length = strcspn (said, ",");
		if (strncmp (said, name, n) == 0 && length - n < 80 && length > n) {
			memcpy (ret, said + n, length - n);
			ret[length - n] = '\0';
			return true;
		}
		said += length + (said[length] == ',');
	}
	return false;
}

bool calendly_fits (struct bytes secret, const struct sender_request *r)
{
	char at[80], hex[80];
	if (!calendly_part (r, "t=", at) || !calendly_part (r, "v1=", hex))
		return false;
	const struct bytes piece[] = { text_bytes (at), text_bytes ("."), r->body };
	struct digest d = sha256_of (secret, piece, LENGTH (piece));
	return is_hex_of (&d, hex);
}

int64_t calendly_signed_at (const struct sender_request *r)
{
	char at[80];
	return calendly_part (r, "t=", at) ? ms_read (at) * 1000 : 0;
}

static bool crisp_is (struct bytes secret, const char *at, struct bytes body, const char *hex)
{
	const struct bytes piece[] = { text_bytes ("["), text_bytes (at), text_bytes (";"), body, text_bytes ("]") };
	struct digest d = sha256_of (secret, piece, LENGTH (piece));
	return is_hex_of (&d, hex);
}

bool crisp_fits (struct bytes secret, const struct sender_request *r)
{
	const char *at = header_of (r, "X-Crisp-Request-Timestamp"), *hex = header_of (r, "X-Crisp-Signature");
	if (!at || !hex)
		return false;
	if (crisp_is (secret, at, r->body, hex))
		return true;
	char *compact = body_compact (r->body);
	bool ret = compact && crisp_is (secret, at, text_bytes (compact), hex);
	free (compact);
	return ret;
}

int64_t crisp_signed_at (const struct sender_request *r)
{
	return ms_read (header_of (r, "X-Crisp-Request-Timestamp"));
}
