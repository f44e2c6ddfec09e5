/* Tests of sealing, hashing, passwords and tokens; digests by the RFCs' own vectors. */
#include "seal.h"

#include "test.h"

static struct bytes text_bytes (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static void what_is_sealed_opens_again (struct arena *a)
{
	struct bytes out = { 0 };
	CHECK (!seal_open ("abc") && !seal_open ("zz") && seal_open (""));
	CHECK (seal_text (a, text_bytes ("x")) == NULL);
	CHECK (seal_open ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
	const char *sealed = seal_text (a, text_bytes ("live_key")), *again = seal_text (a, text_bytes ("live_key"));
	CHECK (sealed && again && strcmp (sealed, again) != 0 && !strstr (sealed, "live"));
	CHECK (unseal_text (a, sealed, &out) == OK && out.n == 8 && memcmp (out.at, "live_key", 9) == 0);
	CHECK (unseal_text (a, seal_text (a, text_bytes ("")), &out) == OK && out.n == 0);
	for (size_t i = 0; i < strlen (sealed); i++) {
		char *bent = arena_text (a, sealed);
		bent[i] = bent[i] == 'A' ? 'B' : 'A';
		CHECK (unseal_text (a, bent, &out) == REFUSED);
	}
	CHECK (unseal_text (a, "", &out) == REFUSED && unseal_text (a, "AQ==", &out) == REFUSED &&
	       unseal_text (a, "no base64!", &out) == REFUSED);
	CHECK (seal_open ("ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
	CHECK (unseal_text (a, sealed, &out) == REFUSED);
}

static void keys_are_derived (void)
{
	unsigned char one[32], two[32], other[32];
	CHECK (seal_open ("") && !seal_key ("stamps", one));
	CHECK (seal_open ("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
	CHECK (seal_key ("stamps", one) && seal_key ("stamps", two) && memcmp (one, two, sizeof one) == 0);
	CHECK (seal_key ("letters", other) && memcmp (one, other, sizeof one) != 0);
	CHECK (seal_open ("ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
	CHECK (seal_key ("stamps", other) && memcmp (one, other, sizeof one) != 0);
}

static void digests (void)
{
	char hex[SHA256_TEXT];
	CHECK_TEXT (sha256_text (text_bytes ("abc"), hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	/* RFC 4231, cases 2 and 6 (a key longer than a block) */
	CHECK_TEXT (hmac_sha256_text (text_bytes ("Jefe"), text_bytes ("what do ya want for nothing?"), hex),
		    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	unsigned char key[131], digest[32];
	memset (key, 0xaa, sizeof key);
	struct bytes in = text_bytes ("Test Using Larger Than Block-Size Key - Hash Key First");
	CHECK_TEXT (hmac_sha256_text ((struct bytes){ key, sizeof key }, in, hex),
		    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	hmac_sha256 ((struct bytes){ key, sizeof key }, in, digest);
	CHECK (hex_equal ("60E431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", digest, 32));
	CHECK (!hex_equal ("61e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", digest, 32));
	CHECK (!hex_equal ("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f", digest, 32));
	CHECK (!hex_equal ("", digest, 32) && !hex_equal ("zze431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", digest, 32));
	CHECK (text_equal ("a", "a") && !text_equal ("a", "b") && !text_equal ("a", "aa") && text_equal ("", ""));
}

static void passwords (void)
{
	char hash[PASSWORD_TEXT], long_one[PASSWORD_MOST + 2];
	memset (long_one, 'x', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	CHECK (password_hash ("correct horse", hash));
	CHECK (strncmp (hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
	CHECK (password_verify (hash, "correct horse") && !password_verify (hash, "correct horsf") && !password_verify (hash, ""));
	CHECK (!password_verify (NULL, "correct horse") && !password_verify ("no hash", "x") && !password_verify ("", "x"));
	CHECK (!password_hash (long_one, hash) && !password_verify (hash, long_one));
	CHECK (password_hash ("correct horse", hash) && !password_is_old (hash));
	CHECK (password_is_old ("$argon2id$v=19$m=8192,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$ZuGvhYyf6mVSsnyzpmyvCbMrn7Dj4b3rCX5Vn4GCyXg"));
}

static void tokens (void)
{
	char a[TOKEN_TEXT], b[TOKEN_TEXT];
	CHECK (strlen (token_new (32, a)) == 52 && strlen (token_new (32, b)) == 52 && strcmp (a, b) != 0);
	CHECK (strspn (a, "abcdefghijklmnopqrstuvwxyz234567") == 52);
	CHECK (strlen (token_new (TOKEN_MOST, a)) == 64 && strlen (token_new (1, a)) == 2 && strlen (token_new (5, a)) == 8);
}

int main (void)
{
	struct arena a;
	arena_init (&a);
	keys_are_derived ();
	what_is_sealed_opens_again (&a);
	digests ();
	passwords ();
	tokens ();
	arena_fini (&a);
	return test_end ();
}
