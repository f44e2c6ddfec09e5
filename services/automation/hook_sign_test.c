/* Signatures of webhooks: byte for byte those of the public vector and of a case with two keys; what is refused; and that no byte of anything that was
 * signed can change without its being seen. */
#include "hook_sign.h"

#include <jansson.h>
#include <sodium.h>
#include "test.h"

static struct arena arena;

static const char *file_text (const char *name)
{
	char path[200], text[4000];
	snprintf (path, sizeof path, "tests/fixtures/standard-webhooks/%s", name);
	FILE *f = fopen (path, "rb");
	size_t n = f ? fread (text, 1, sizeof text, f) : 0;
	CHECK (f && n > 0 && n < sizeof text);
	if (f)
		fclose (f);
	return arena_copy (&arena, text, n);
}

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

struct sample {
	struct hook_headers headers;
	struct bytes body;
	struct hook_key key[HOOK_KEYS_MOST];
	size_t keys;
	int64_t second;
};

static const char *header_of (const json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (json_object_get (o, "headers"), name));
	CHECK (text != NULL);
	return arena_text (&arena, text ? text : "");
}

static struct sample sample_read (const char *name)
{
	struct sample s = { 0 };
	json_t *o = json_loads (file_text (name), 0, NULL);
	json_t *secrets = json_object_get (o, "secrets");
	s.body = bytes_of (file_text (json_string_value (json_object_get (o, "body_file"))));
	CHECK (s.body.n == (size_t) json_integer_value (json_object_get (o, "body_bytes")));
	s.headers = (struct hook_headers){ header_of (o, "webhook-id"), header_of (o, "webhook-timestamp"),
					   header_of (o, "webhook-signature") };
	s.second = strtoll (s.headers.timestamp, NULL, 10);
	s.keys = secrets ? json_array_size (secrets) : 1;
	for (size_t i = 0; i < s.keys; i++) {
		const char *text = json_string_value (secrets ? json_array_get (secrets, i) : json_object_get (o, "secret"));
		CHECK (hook_secret_read (text, &s.key[i]) == OK);
		CHECK_TEXT (hook_secret_write (&arena, &s.key[i]), text);
	}
	json_decref (o);
	return s;
}

static const char *signed_as (const struct sample *s, const char *id, int64_t second, size_t keys)
{
	const char *ret = "untouched";
	struct hook_message m = { .id = id, .second = second, .body = s->body };
	return hook_sign (&arena, &m, s->key, keys, &ret) == OK ? ret : strcmp (ret, "untouched") ? "refused, and touched" : "refused";
}

static enum hook_verdict verdict (const struct sample *s)
{
	return hook_verify (&s->headers, s->body, s->key, s->keys, s->second);
}

static void fixtures_hold (void)
{
	struct sample one = sample_read ("public-vector.case.json"), two = sample_read ("deal.won.case.json");
	CHECK_TEXT (signed_as (&one, one.headers.id, one.second, 1), one.headers.signature);
	/* the other maker's list goes on with a signature of another version, which a receiver passes over */
	const char *ours = signed_as (&two, two.headers.id, two.second, 2);
	CHECK (two.keys == 2 && strlen (ours) < strlen (two.headers.signature));
	CHECK (!strncmp (two.headers.signature, ours, strlen (ours)) && !strncmp (two.headers.signature + strlen (ours), " v1a,", 5));
	CHECK (verdict (&one) == HOOK_GOOD && verdict (&two) == HOOK_GOOD);
}

static void either_key_will_do (void)
{
	struct sample s = sample_read ("deal.won.case.json");
	for (size_t i = 0; i < 2; i++) { /* who has not changed its key yet, and who has */
		CHECK (hook_verify (&s.headers, s.body, &s.key[i], 1, s.second) == HOOK_GOOD);
		struct sample alone = s;
		alone.key[0] = s.key[i];
		alone.headers.signature = signed_as (&alone, s.headers.id, s.second, 1);
		CHECK (verdict (&s) == HOOK_GOOD && hook_verify (&alone.headers, s.body, s.key, 2, s.second) == HOOK_GOOD);
		CHECK (hook_verify (&alone.headers, s.body, &s.key[1 - i], 1, s.second) == HOOK_FORGED);
	}
}

static void secrets_are_told_from_what_is_none (void)
{
	static const char *const bad[] = {
		"",
		"whsec_",
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",	 /* no word before it */
		"whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", /* another one's */
		"WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",   /* cut */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=", /* too much */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",		  /* the alphabet of URLs */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==",		  /* 22 bytes */
		"whsec_\xa9\xa9\xa9\xa9MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", /* letters to libsodium alone */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAB==" /* bits where none are */,
	};
	struct hook_key key, before;
	memset (&key, 7, sizeof key);
	before = key;
	for (size_t i = 0; i < LENGTH (bad); i++)
		if (hook_secret_read (bad[i], &key) != REFUSED || memcmp (&key, &before, sizeof key) != 0)
			CHECK_TEXT (bad[i], "refused, and nothing touched");
	CHECK (hook_secret_read (NULL, &key) == REFUSED);
	/* of every length: good from 24 to 64 bytes, and the same back */
	for (size_t n = 0; n <= 80; n++) {
		unsigned char random[80];
		char base64[200];
		randombytes_buf (random, sizeof random);
		sodium_bin2base64 (base64, sizeof base64, random, n, sodium_base64_VARIANT_ORIGINAL);
		const char *text = arena_printf (&arena, "whsec_%s", base64);
		bool fits = n >= HOOK_KEY_LEAST && n <= HOOK_KEY_MOST;
		CHECK (hook_secret_read (text, &key) == (fits ? OK : REFUSED));
		if (!fits)
			continue;
		CHECK (key.n == n && !memcmp (key.at, random, n));
		CHECK_TEXT (hook_secret_write (&arena, &key), text);
	}
}

static void what_cannot_be_signed (void)
{
	struct sample s = sample_read ("deal.won.case.json");
	char longest[HOOK_ID_MOST + 2];
	memset (longest, 'a', sizeof longest);
	longest[HOOK_ID_MOST] = '\0';
	CHECK (strcmp (signed_as (&s, longest, 0, 1), "refused") != 0);
	longest[HOOK_ID_MOST] = 'a';
	longest[HOOK_ID_MOST + 1] = '\0';
	static const char *const bad[] = { "", "a.b", ".", "a b", "a\n", "caf\xc3\xa9", "\x7f" };
	for (size_t i = 0; i < LENGTH (bad); i++)
		CHECK_TEXT (signed_as (&s, bad[i], s.second, 1), "refused");
	CHECK_TEXT (signed_as (&s, longest, s.second, 1), "refused");
	CHECK_TEXT (signed_as (&s, NULL, s.second, 1), "refused");
	CHECK_TEXT (signed_as (&s, "a", -1, 1), "refused");
	CHECK_TEXT (signed_as (&s, "a", s.second, 0), "refused");
	CHECK_TEXT (signed_as (&s, "a", s.second, 3), "refused");
}

static void times_and_headers (void)
{
	struct sample s = sample_read ("public-vector.case.json");
	static const struct {
		int64_t off;
		enum hook_verdict verdict;
	} off[] = { { -300, HOOK_GOOD }, { -301, HOOK_EARLY }, { 300, HOOK_GOOD }, { 301, HOOK_OLD }, { INT32_MAX, HOOK_OLD } };
	for (size_t i = 0; i < LENGTH (off); i++)
		CHECK (hook_verify (&s.headers, s.body, s.key, 1, s.second + off[i].off) == off[i].verdict);
	static const char *const times[] = { "",     "-1",	     "+1614265330",   " 1614265330", "1614265330 ",
					     "0x60", "1614265330.0", "9999999999999", "now" };
	for (size_t i = 0; i < LENGTH (times); i++) {
		struct sample bad = s;
		bad.headers.timestamp = times[i];
		if (verdict (&bad) != HOOK_UNREADABLE)
			CHECK_TEXT (times[i], "unreadable");
	}
	const char **part[] = { &s.headers.id, &s.headers.timestamp, &s.headers.signature };
	for (size_t i = 0; i < LENGTH (part); i++) {
		const char *was = *part[i];
		*part[i] = NULL;
		CHECK (verdict (&s) == HOOK_UNREADABLE);
		*part[i] = was;
	}
}

static void lists_of_signatures (void)
{
	struct sample s = sample_read ("public-vector.case.json");
	const char *good = s.headers.signature, *many = good;
	const struct {
		const char *list;
		enum hook_verdict verdict;
	} lists[] = {
		{ "", HOOK_FORGED },
		{ "v1", HOOK_FORGED },
		{ "v1,", HOOK_FORGED },
		{ good + 3, HOOK_FORGED }, /* without its version */
		{ arena_printf (&arena, "v2,%s", good + 3), HOOK_FORGED },
		{ arena_printf (&arena, "v1a,%s", good + 3), HOOK_FORGED },
		{ arena_printf (&arena, "%s,", good), HOOK_FORGED },
		{ arena_printf (&arena, "v1,AAAA %s", good), HOOK_GOOD },
		{ arena_printf (&arena, "%s v1,%s", "v1,!!!", good + 3), HOOK_GOOD },
		{ arena_printf (&arena, "  %s  ", good), HOOK_GOOD },
	};
	for (size_t i = 0; i < LENGTH (lists); i++) {
		s.headers.signature = lists[i].list;
		if (verdict (&s) != lists[i].verdict)
			CHECK_TEXT (lists[i].list, lists[i].verdict == HOOK_GOOD ? "good" : "forged");
	}
	for (int i = 1; i < HOOK_SIGNATURES_MOST; i++)
		many = arena_printf (&arena, "v1,AAAA %s", many);
	s.headers.signature = many;
	CHECK (verdict (&s) == HOOK_GOOD);
	s.headers.signature = arena_printf (&arena, "v1,AAAA %s", many);
	CHECK (verdict (&s) == HOOK_UNREADABLE);
}

/* Each byte of what was signed, each bit of it; where the change makes it no id or no time any more it is unreadable, never good. */
static void every_bit_is_signed (void)
{
	struct sample s = sample_read ("deal.won.case.json");
	char *id = arena_text (&arena, s.headers.id), *time = arena_text (&arena, s.headers.timestamp);
	char *body = arena_copy (&arena, (const char *) s.body.at, s.body.n);
	s.headers.id = id;
	s.headers.timestamp = time;
	s.body.at = (const unsigned char *) body;
	const struct {
		char *at;
		size_t n;
	} parts[] = { { id, strlen (id) }, { time, strlen (time) }, { body, s.body.n } };
	CHECK (verdict (&s) == HOOK_GOOD);
	for (size_t p = 0; p < LENGTH (parts); p++)
		for (size_t bit = 0; bit < 8 * parts[p].n; bit++) {
			parts[p].at[bit / 8] = (char) (parts[p].at[bit / 8] ^ 1 << bit % 8);
			CHECK (verdict (&s) != HOOK_GOOD);
			parts[p].at[bit / 8] = (char) (parts[p].at[bit / 8] ^ 1 << bit % 8);
		}
	s.body.n--;
	CHECK (verdict (&s) == HOOK_FORGED);
}

int main (void)
{
	CHECK (sodium_init () >= 0);
	arena_init (&arena);
	fixtures_hold ();
	either_key_will_do ();
	secrets_are_told_from_what_is_none ();
	what_cannot_be_signed ();
	times_and_headers ();
	lists_of_signatures ();
	every_bit_is_signed ();
	arena_fini (&arena);
	return test_end ();
}
