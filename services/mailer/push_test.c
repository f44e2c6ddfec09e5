/* Messages to browsers: the example of RFC 8291, what a browser would open, and how we show ourselves to push services. */
#include "push.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "pushing.h"
#include "seal.h"
#include "test.h"

static struct arena memory;

/* Appendix A. */
static const char plain[] = "When I grow up, I want to be a watermelon";
static const char sender_number[] = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
		  receiver_number[] = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";
static const char sender_open[] = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
static const char receiver_open[] = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
static const char receiver_auth[] = "BTBZMqHH6r4Tts7J_aSIgg", salt_text[] = "DGv6ra1nlYgDCS1FRnbzlw";
static const char sealed[] =
	"DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
	"yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

static struct bytes read64 (const char *text)
{
	size_t room = strlen (text), n = 0;
	unsigned char *ret = arena_alloc (&memory, room + 1);
	CHECK (!sodium_base642bin (ret, room, text, room, NULL, &n, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
	return (struct bytes){ ret, n };
}

static struct push_to receiver (void)
{
	struct push_to ret;
	CHECK (push_to_read (receiver_open, receiver_auth, &ret));
	return ret;
}

static void example (void)
{
	struct push_to to = receiver ();
	struct bytes body = { 0 };
	unsigned char open[P256_PUBLIC];
	EVP_PKEY *key = p256_key (read64 (sender_number).at, open);
	CHECK (key != NULL);
	CHECK_TEXT (base64url (&memory, (struct bytes){ open, sizeof open }), sender_open);
	EVP_PKEY_free (key);
	CHECK (push_seal_with (&memory, &to, (struct bytes){ (const unsigned char *) plain, strlen (plain) }, read64 (sender_number).at,
			       read64 (salt_text).at, &body));
	CHECK_TEXT (base64url (&memory, body), sealed);
}

/* ---- as a browser does it ---- */

static void expand (struct bytes salt, struct bytes secret, const void *info, size_t n, unsigned char ret[32])
{
	unsigned char prk[32], said[300];
	hmac_sha256 (salt, secret, prk);
	memcpy (said, info, n);
	said[n] = 1;
	hmac_sha256 ((struct bytes){ prk, 32 }, (struct bytes){ said, n + 1 }, ret);
}

/* Null: it does not open. */
static const char *opened (struct bytes body)
{
	unsigned char open[P256_PUBLIC], shared[32], info[14 + 2 * P256_PUBLIC] = "WebPush: info", ikm[32], key[32], nonce[32];
	EVP_PKEY *mine = p256_key (read64 (receiver_number).at, open);
	const unsigned char *theirs = body.at + 21, *text = body.at + 86;
	size_t n = body.n - 86 - 16;
	if (!mine || body.n < 86 + 17 || body.at[20] != 65 || !p256_shared (mine, theirs, shared))
		return NULL;
	EVP_PKEY_free (mine);
	memcpy (info + 14, open, 65);
	memcpy (info + 14 + 65, theirs, 65);
	expand (read64 (receiver_auth), (struct bytes){ shared, 32 }, info, sizeof info, ikm);
	expand ((struct bytes){ body.at, 16 }, (struct bytes){ ikm, 32 }, "Content-Encoding: aes128gcm", 28, key);
	expand ((struct bytes){ body.at, 16 }, (struct bytes){ ikm, 32 }, "Content-Encoding: nonce", 24, nonce);
	char *ret = arena_alloc (&memory, n + 1);
	int part = 0;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new ();
	bool good = EVP_DecryptInit_ex2 (ctx, EVP_aes_128_gcm (), key, nonce, NULL) == 1 &&
		    EVP_DecryptUpdate (ctx, (unsigned char *) ret, &part, text, (int) n) == 1 &&
		    EVP_CIPHER_CTX_ctrl (ctx, EVP_CTRL_AEAD_SET_TAG, 16, (void *) (uintptr_t) (text + n)) == 1 &&
		    EVP_DecryptFinal_ex (ctx, (unsigned char *) ret + n, &part) == 1 && ret[n - 1] == 2;
	EVP_CIPHER_CTX_free (ctx);
	ret[n - 1] = 0;
	return good ? ret : NULL;
}

static void round_trip (void)
{
	struct push_to to = receiver ();
	struct bytes one = { 0 }, two = { 0 };
	char most[PUSH_TEXT_MOST + 2];
	memset (most, 'x', sizeof most);
	most[PUSH_TEXT_MOST] = 0;
	CHECK (push_seal (&memory, &to, (struct bytes){ (const unsigned char *) "Nieuwe lead \xe2\x80\xa6", 15 }, &one));
	CHECK_TEXT (opened (one), "Nieuwe lead \xe2\x80\xa6");
	CHECK (push_seal (&memory, &to, (struct bytes){ (const unsigned char *) "Nieuwe lead \xe2\x80\xa6", 15 }, &two));
	CHECK (one.n == two.n && memcmp (one.at, two.at, 16) && memcmp (one.at + 86, two.at + 86, 16));
	CHECK (push_seal (&memory, &to, (struct bytes){ (const unsigned char *) most, PUSH_TEXT_MOST }, &one));
	CHECK (one.n == PUSH_RECORD);
	CHECK_TEXT (opened (one), most);
	CHECK (!push_seal (&memory, &to, (struct bytes){ (const unsigned char *) most, PUSH_TEXT_MOST + 1 }, &one));
	/* one bit of it otherwise, and it does not open */
	unsigned char *bent = arena_alloc (&memory, two.n);
	memcpy (bent, two.at, two.n);
	bent[90] ^= 1;
	CHECK (opened ((struct bytes){ bent, two.n }) == NULL);
}

static void wrong_keys (void)
{
	struct push_to to;
	struct bytes body;
	unsigned char open[P256_PUBLIC], zero[P256_PRIVATE] = { 0 };
	CHECK (push_to_read (receiver_open, "BTBZMqHH6r4Tts7J_aSIgg==", &to));
	CHECK (!push_to_read ("", receiver_auth, &to));
	CHECK (!push_to_read (receiver_open, "BTBZMqHH6r4Tts7J_aSI", &to));
	CHECK (!push_to_read (receiver_open + 4, receiver_auth, &to));
	CHECK (!push_to_read ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw!", receiver_auth,
			      &to));
	to = receiver ();
	to.open[64] ^= 1; /* no point of the curve */
	CHECK (!push_seal (&memory, &to, (struct bytes){ (const unsigned char *) "x", 1 }, &body));
	CHECK (p256_key (zero, open) == NULL);
	memset (zero, 0xff, sizeof zero);
	CHECK (p256_key (zero, open) == NULL);
}

/* ---- who we are ---- */

static bool signed_by (const char *token, const char *open_text)
{
	struct bytes open = read64 (open_text);
	const char *dot = strrchr (token, '.');
	struct bytes raw = read64 (arena_text (&memory, dot + 1));
	ECDSA_SIG *sig = ECDSA_SIG_new ();
	unsigned char *der = NULL;
	CHECK (raw.n == 64 && ECDSA_SIG_set0 (sig, BN_bin2bn (raw.at, 32, NULL), BN_bin2bn (raw.at + 32, 32, NULL)));
	int n = i2d_ECDSA_SIG (sig, &der);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
	EVP_PKEY *key = NULL;
	char group[] = "prime256v1";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
				OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (void *) (uintptr_t) open.at, open.n),
				OSSL_PARAM_construct_end () };
	CHECK (EVP_PKEY_fromdata_init (ctx) == 1 && EVP_PKEY_fromdata (ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1);
	EVP_MD_CTX *md = EVP_MD_CTX_new ();
	bool ret = EVP_DigestVerifyInit (md, NULL, EVP_sha256 (), NULL, key) == 1 &&
		   EVP_DigestVerify (md, der, (size_t) n, (const unsigned char *) token, (size_t) (dot - token)) == 1;
	EVP_MD_CTX_free (md);
	EVP_PKEY_free (key);
	EVP_PKEY_CTX_free (ctx);
	OPENSSL_free (der);
	ECDSA_SIG_free (sig);
	return ret;
}

static void ours (void)
{
	vapid_open ("");
	CHECK (vapid_public (&memory) == NULL && vapid_authorization (&memory, "https://push.test", "https://crm.test", 1) == NULL);
	vapid_open ("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
	const char *first = vapid_public (&memory);
	CHECK (first && strlen (first) == 87 && *first == 'B');
	vapid_open ("00112233445566778899aabbccddeeff00112233445566778899aabbccddee00");
	CHECK (strcmp (first, vapid_public (&memory)) != 0);
	vapid_open ("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
	CHECK_TEXT (vapid_public (&memory), first);
	const char *said = vapid_authorization (&memory, "https://push.test:8443", "https://crm.test", 1795299380);
	CHECK (said && !strncmp (said, "vapid t=", 8));
	char *token = arena_text (&memory, said + 8), *k = strstr (token, ", k=");
	CHECK (k != NULL);
	*k = 0;
	CHECK_TEXT (k + 4, first);
	const char *dot = strchr (token, '.'), *end = strrchr (token, '.');
	struct bytes head = read64 (arena_copy (&memory, token, (size_t) (dot - token))),
		     body = read64 (arena_copy (&memory, dot + 1, (size_t) (end - dot - 1)));
	CHECK_TEXT ((const char *) head.at, "{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
	CHECK_TEXT ((const char *) body.at, "{\"aud\":\"https://push.test:8443\",\"exp\":1795299380,\"sub\":\"https://crm.test\"}");
	CHECK (signed_by (token, first));
	token[10] ^= 1;
	CHECK (!signed_by (token, first));
	CHECK (vapid_authorization (&memory, "https://push.test\"", "https://crm.test", 1) == NULL);
}

static void addresses (void)
{
	static const struct {
		const char *endpoint, *origin;
		bool plain;
	} rows[] = {
		{ "https://fcm.googleapis.com/fcm/send/a:b_c-d", "https://fcm.googleapis.com", false },
		{ "https://Updates.Push.Services.Mozilla.com/wpush/v2/x?y=1", "https://updates.push.services.mozilla.com", false },
		{ "https://push.test:8443/x", "https://push.test:8443", false },
		{ "http://127.0.0.1:99/x", "http://127.0.0.1:99", true },
		{ "http://push.test/x", NULL, false },
		{ "https://push.test", NULL, false },
		{ "https:///x", NULL, false },
		{ "https://a@push.test/x", NULL, false },
		{ "https://push.test:/x", NULL, false },
		{ "https://push.test:8443@x/x", NULL, false },
		{ "https://[::1]/x", NULL, false },
		{ "https://push.test/x\r\nX: y", NULL, false },
		{ "https://push.test/x#y", NULL, false },
		{ "ftp://push.test/x", NULL, true },
		{ "", NULL, true },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK_TEXT (push_origin (&memory, rows[i].endpoint, rows[i].plain), rows[i].origin);
}

static void texts (void)
{
	char most[5000];
	const char *topic = push_topic (&memory, "0190aaaa-0000-7000-8000-000000000000");
	CHECK (strlen (topic) == 32 && !strcmp (topic, push_topic (&memory, "0190aaaa-0000-7000-8000-000000000000")));
	CHECK (strcmp (topic, push_topic (&memory, "0190aaaa-0000-7000-8000-000000000001")) != 0);
	CHECK_TEXT (push_text (&memory, "t", "Nieuwe lead", "Jan \"de\" Vries", "/leads?id=1"),
		    "{\"tag\":\"t\",\"title\":\"Nieuwe lead\",\"body\":\"Jan \\\"de\\\" Vries\",\"url\":\"/leads?id=1\"}");
	/* letters of three bytes: what is cut is cut between two */
	for (size_t i = 0; i + 3 < sizeof most; i += 3)
		memcpy (most + i, "\xe2\x82\xac", 4);
	const char *cut = push_text (&memory, "t", most, most, "/");
	CHECK (cut != NULL && strlen (cut) <= PUSH_TEXT_MOST && strstr (cut, "\xe2\x82\xac\xe2\x80\xa6\""));
	/* what takes six bytes each as JSON */
	memset (most, 1, sizeof most - 1);
	most[sizeof most - 1] = 0;
	CHECK (push_text (&memory, "t", "x", most, "/") == NULL || strlen (push_text (&memory, "t", "x", most, "/")) <= PUSH_TEXT_MOST);
}

/* ---- what becomes of a browser ---- */

static void answers (void)
{
	static const struct {
		long status;
		enum push_answer is;
	} rows[] = {
		{ 201, PUSH_SENT },  { 200, PUSH_SENT },  { 202, PUSH_SENT },	 { 404, PUSH_GONE },	{ 410, PUSH_GONE },
		{ 403, PUSH_GONE },  { 401, PUSH_GONE },  { 400, PUSH_REFUSED }, { 413, PUSH_REFUSED }, { 429, PUSH_LATER },
		{ 500, PUSH_LATER }, { 503, PUSH_LATER }, { 0, PUSH_LATER },	 { 301, PUSH_LATER },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK (push_answer_of (rows[i].status) == rows[i].is);
	CHECK (push_wait (1, 0) == 30 && push_wait (2, 0) == 60 && push_wait (3, 0) == 120 && push_wait (20, 0) == 3600);
	CHECK (push_wait (1, 100) == 100 && push_wait (3, 5) == 120 && push_wait (1, 1000000) == 3600 && push_wait (1, -5) == 30);
	CHECK (!push_is_hopeless (19) && push_is_hopeless (20));
}

int main (void)
{
	arena_init (&memory);
	example ();
	round_trip ();
	wrong_keys ();
	ours ();
	addresses ();
	texts ();
	answers ();
	arena_fini (&memory);
	return test_end ();
}
