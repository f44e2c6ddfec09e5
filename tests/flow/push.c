/* News on somebody's browsers: through the API and a stand-in for a push service, whose messages are opened here with the browser's own key.
 * It must never look at a table where the API or the push service can be asked. */
#include <openssl/evp.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "vapid.h"
#include "seal.h"
#include "story.h"

static const char *const push_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", NULL };

/* ---- the push service beside ---- */

static pid_t service_start (struct stack *s, char ret_file[300])
{
	char port[16];
	snprintf (ret_file, 300, "%s/pushes.jsonl", s->var);
	snprintf (port, sizeof port, "%d", s->port + 32);
	unlink (ret_file);
	pid_t pid = given_world ((const char *const[]){ "python3", "tests/flow/push_world.py", port, ret_file, NULL });
	return pid;
}

/* How many messages an address was sent; the nth of them (from 0), or null. */
static json_t *pushed (const char *file, const char *path, int nth, int *ret_n)
{
	FILE *f = fopen (file, "r");
	char *line = NULL;
	size_t room = 0;
	json_t *ret = NULL;
	*ret_n = 0;
	while (f && getline (&line, &room, f) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		if (o && !strcmp (text_at (o, "path"), path) && (*ret_n)++ == nth)
			ret = json_incref (o);
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	return ret;
}

/* ---- a browser ---- */

struct browser {
	EVP_PKEY *key;
	unsigned char open[P256_PUBLIC], auth[16];
	char path[60], id[UUID_TEXT];
};

static const char words[] =
	"{\"lead\":\"Nieuwe aanvraag: {{name}}\",\"reminder\":\"Herinnering: {{name}}\",\"mention\":\"Genoemd: {{name}}\","
	"\"assigned\":\"Voor jou: {{name}}\",\"many\":\"{{count}} nieuwe meldingen\"}";

static struct web_answer subscribe (struct stack *s, const struct user *u, const struct browser *b)
{
	struct arena a;
	char body[1500];
	arena_init (&a);
	snprintf (body, sizeof body, "{\"endpoint\":\"http://127.0.0.1:%d%s\",\"p256dh\":\"%s\",\"auth\":\"%s\",\"words\":%s}",
		  s->port + 32, b->path, base64url (&a, (struct bytes){ b->open, sizeof b->open }),
		  base64url (&a, (struct bytes){ b->auth, sizeof b->auth }), words);
	arena_fini (&a);
	return when_user_asks (s, u, "POST", "/api/notifications/push", body);
}

static struct browser given_browser (struct stack *s, const struct user *u, const char *path)
{
	struct browser b = { 0 };
	unsigned char number[P256_PRIVATE];
	randombytes_buf (number, sizeof number);
	number[0] = 1;
	randombytes_buf (b.auth, sizeof b.auth);
	b.key = p256_key (number, b.open);
	snprintf (b.path, sizeof b.path, "%s", path);
	struct web_answer a = subscribe (s, u, &b);
	CHECK (a.status == 201, "to subscribe is %d: %s", a.status, a.body);
	snprintf (b.id, sizeof b.id, "%s", text_at (a.json, "id"));
	web_free (&a);
	return b;
}

static void hkdf (struct bytes salt, struct bytes secret, const void *info, size_t n, unsigned char ret[32])
{
	unsigned char prk[32], said[300];
	hmac_sha256 (salt, secret, prk);
	memcpy (said, info, n);
	said[n] = 1;
	hmac_sha256 ((struct bytes){ prk, 32 }, (struct bytes){ said, n + 1 }, ret);
}

/* As a browser opens it: RFC 8291. */
static json_t *opened (const struct browser *b, json_t *push)
{
	const char *hex = text_at (push, "body");
	size_t n = strlen (hex) / 2, m = n - 86 - 16;
	unsigned char *body = malloc (n), info[14 + 2 * P256_PUBLIC] = "WebPush: info", shared[32], ikm[32], key[32], nonce[32];
	char *text = malloc (m + 1);
	int part = 0;
	CHECK (n > 86 + 17 && !sodium_hex2bin (body, n, hex, strlen (hex), NULL, &n, NULL) && p256_shared (b->key, body + 21, shared),
	       "what was sent is no message: %s", hex);
	memcpy (info + 14, b->open, P256_PUBLIC);
	memcpy (info + 14 + P256_PUBLIC, body + 21, P256_PUBLIC);
	hkdf ((struct bytes){ b->auth, 16 }, (struct bytes){ shared, 32 }, info, sizeof info, ikm);
	hkdf ((struct bytes){ body, 16 }, (struct bytes){ ikm, 32 }, "Content-Encoding: aes128gcm", 28, key);
	hkdf ((struct bytes){ body, 16 }, (struct bytes){ ikm, 32 }, "Content-Encoding: nonce", 24, nonce);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new ();
	CHECK (EVP_DecryptInit_ex2 (ctx, EVP_aes_128_gcm (), key, nonce, NULL) == 1 &&
		       EVP_DecryptUpdate (ctx, (unsigned char *) text, &part, body + 86, (int) m) == 1 &&
		       EVP_CIPHER_CTX_ctrl (ctx, EVP_CTRL_AEAD_SET_TAG, 16, body + 86 + m) == 1 &&
		       EVP_DecryptFinal_ex (ctx, (unsigned char *) text + m, &part) == 1 && text[m - 1] == 2,
	       "it does not open with the browser's key");
	EVP_CIPHER_CTX_free (ctx);
	json_t *ret = json_loadb (text, m - 1, 0, NULL);
	free (body), free (text);
	CHECK (ret, "it is no JSON");
	return ret;
}

static void then_pushed (const char *file, const struct browser *b, int nth, const char *title, const char *url)
{
	int n;
	json_t *push = NULL;
	UNTIL (15000, (push = pushed (file, b->path, nth, &n)) != NULL, "%s was not sent message %d, only %d", b->path, nth, n);
	json_t *said = opened (b, push);
	CHECK (!strcmp (text_at (said, "title"), title), "it says %s, not %s", text_at (said, "title"), title);
	CHECK (!strncmp (text_at (said, "url"), url, strlen (url)), "it leads to %s, not %s", text_at (said, "url"), url);
	CHECK (!strcmp (text_at (push, "head.content-encoding"), "aes128gcm") &&
		       !strncmp (text_at (push, "head.authorization"), "vapid t=ey", 10) &&
		       strstr (text_at (push, "head.authorization"), ", k=B") && strlen (text_at (push, "head.topic")) == 32 &&
		       *text_at (push, "head.ttl"),
	       "its head is none of a push");
	json_decref (said), json_decref (push);
}

static void then_browsers (struct stack *s, const struct user *u, int n)
{
	struct web_answer a = when_user_asks (s, u, "GET", "/api/notifications/push", NULL);
	CHECK (a.status == 200 && (int) json_array_size (json_at (a.json, "data")) == n && strlen (text_at (a.json, "key")) == 87 &&
		       !strstr (a.body, "127.0.0.1"),
	       "%d browsers: %s", n, a.body);
	web_free (&a);
}

static void chosen (struct stack *s, const struct user *u, const char *kind, bool on)
{
	char body[100];
	snprintf (body, sizeof body, "{\"kind\":\"%s\",\"desktop\":%s}", kind, on ? "true" : "false");
	struct web_answer a = when_user_asks (s, u, "PUT", "/api/notifications/choices", body);
	then_status (&a, 204);
}

STORY_IN (
	push_browsers,
	"A browser is told of what rings on the desktop of who is logged in there, by a message that it alone can open; of nothing else, nobody else, and no more when that is over",
	push_words)
{
	struct workspace *w = given_workspace (s, "seinpost", "commerce");
	struct user anna = given_user (s, "anna@seinpost.test", "--workspace seinpost --role owner"),
		    bob = given_user (s, "bob@seinpost.test", "--workspace seinpost --role sales"),
		    cas = given_user (s, "cas@seinpost.test", "--workspace seinpost --role sales");
	char file[300], path[200], body[300];
	int n;
	pid_t service = service_start (s, file);
	then_browsers (s, &anna, 0);
	chosen (s, &anna, "lead", true);
	struct browser hers = given_browser (s, &anna, "/anna"), gone = given_browser (s, &anna, "/gone/anna"),
		       busy = given_browser (s, &bob, "/busy/bob"), out = given_browser (s, &cas, "/cas");
	then_browsers (s, &anna, 2);
	then_browsers (s, &bob, 1);
	chosen (s, &bob, "assigned", true);
	chosen (s, &cas, "assigned", true);
	settle (s);
	/* a lead of nobody's: hers, not Bob's, who wants to hear of what he is given */
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Jan \\\"de\\\" Vries\",\"email\":\"jan@vries.test\"}");
	then_status (&a, 202);
	then_pushed (file, &hers, 0, "Nieuwe aanvraag: Jan \"de\" Vries", "/notifications?workspace=seinpost&type=lead&id=");
	/* who is not there any more is told once, and never again */
	UNTIL (15000, (json_decref (pushed (file, gone.path, 0, &n)), n == 1), "the browser that is gone was sent %d", n);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push_subscription where id = '%s'", gone.id) == 0,
	       "a browser that is gone is kept");
	then_browsers (s, &anna, 1);
	/* Bob is given a deal; his push service wants it later, and gets it later */
	snprintf (body, sizeof body, "{\"title\":\"Dakpannen\",\"owner_id\":\"%s\"}", anna.id);
	a = when_user_asks (s, &anna, "POST", "/api/crm/deals", body);
	CHECK (a.status == 201, "a deal is %d: %s", a.status, a.body);
	snprintf (path, sizeof path, "/api/crm/deals/%s", text_at (a.json, "id"));
	web_free (&a);
	snprintf (body, sizeof body, "{\"owner_id\":\"%s\"}", bob.id);
	a = when_user_asks (s, &anna, "PUT", path, body);
	then_status (&a, 200);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push_subscription where id = '%s' and fails = 1", busy.id) == 1,
	       "it did not fail once");
	sql_do (s, "update mailer.push_subscription set next_at = now() where id = '%s'", busy.id);
	then_pushed (file, &busy, 1, "Voor jou: Dakpannen", "/notifications?workspace=seinpost&type=prospect&id=");
	/* Cas is logged out: whatever he is given is not said there */
	a = when_user_asks (s, &cas, "POST", "/api/logout", "{}");
	then_status (&a, 204);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push_subscription where id = '%s'", out.id) == 0,
	       "a browser outlives its log-in");
	/* she wants it no more, and then not even the browser */
	chosen (s, &anna, "lead", false);
	settle (s);
	a = when_posted (s, w->hook, "{\"name\":\"Stil\",\"email\":\"stil@vries.test\"}");
	then_status (&a, 202);
	settle (s);
	chosen (s, &anna, "lead", true);
	settle (s);
	/* one after many: a sentence for all of it */
	sql_do (s, "update mailer.push_subscription set next_at = now() + interval '1 hour' where id = '%s'", hers.id);
	for (int i = 0; i < 6; i++) {
		a = when_posted (s, w->hook, "{\"name\":\"Reeks %d\",\"email\":\"reeks%d@vries.test\"}", i, i);
		then_status (&a, 202);
	}
	settle (s);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push where subscription_id = '%s'", hers.id) == 6, "six do not wait");
	sql_do (s, "update mailer.push_subscription set next_at = now() where id = '%s'", hers.id);
	then_pushed (file, &hers, 1, "6 nieuwe meldingen", "/notifications?unread=1");
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push") == 0, "something waits for ever");
	/* another's browser is nobody's to take away */
	snprintf (path, sizeof path, "/api/notifications/push/%s", hers.id);
	a = when_user_asks (s, &bob, "DELETE", path, NULL);
	then_problem (&a, 404, "not_found");
	then_browsers (s, &anna, 1);
	a = when_user_asks (s, &anna, "DELETE", path, NULL);
	then_status (&a, 204);
	then_browsers (s, &anna, 0);
	json_decref (pushed (file, hers.path, 0, &n));
	CHECK (n == 2, "she was sent %d messages", n);
	json_decref (pushed (file, out.path, 0, &n));
	CHECK (n == 0, "who is logged out was sent %d", n);
	/* whoever uses a browser last has it; what is no browser is refused */
	struct browser shared = given_browser (s, &anna, "/shared");
	sql_do (s, "update mailer.push_subscription set next_at = now() + interval '1 hour' where id = '%s'", shared.id);
	a = when_posted (s, w->hook, "{\"name\":\"Voor Anna\",\"email\":\"anna@vries.test\"}");
	then_status (&a, 202);
	UNTIL (15000, sql_number (s, "select count(*) from mailer.push where subscription_id = '%s'", shared.id) == 1,
	       "nothing waits for her");
	a = subscribe (s, &bob, &shared);
	then_status (&a, 201);
	CHECK (sql_number (s, "select count(*) from mailer.push where subscription_id = '%s'", shared.id) == 0, "what was hers is his");
	then_browsers (s, &anna, 0);
	then_browsers (s, &bob, 2);
	a = when_user_asks (s, &bob, "POST", "/api/notifications/push",
			    "{\"endpoint\":\"ftp://x.test/1\",\"p256dh\":\"BCVx\",\"auth\":\"x\",\"words\":[]}");
	then_problem (&a, 422, "invalid");
	a = web (s, w->key, "GET", "/api/notifications/push", NULL);
	then_problem (&a, 403, "forbidden");
	kill (service, SIGKILL);
	waitpid (service, NULL, 0);
}

STORY (signature_of_mails,
       "What somebody puts under their mails is theirs: kept as it was written, answered to them, and gone when they empty it")
{
	given_workspace (s, "handtekening", "classic-6");
	struct user anna = given_user (s, "anna@handtekening.test", "--workspace handtekening --role owner");
	struct web_answer a = when_user_asks (s, &anna, "GET", "/api/me", NULL);
	CHECK (json_is_null (json_at (a.json, "user.signature")), "there is one at first: %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &anna, "PUT", "/api/me", "{\"signature\":\"**Anna Bos**\\nZonnehof \\\"2\\\"\\nhttps://zon.test\"}");
	then_status (&a, 200);
	a = when_user_asks (s, &anna, "PUT", "/api/me", "{\"theme\":\"dark\"}");
	then_status (&a, 200);
	a = when_user_asks (s, &anna, "GET", "/api/me", NULL);
	CHECK (!strcmp (text_at (a.json, "user.signature"), "**Anna Bos**\nZonnehof \"2\"\nhttps://zon.test"), "it is %s", a.body);
	web_free (&a);
	a = when_user_asks (s, &anna, "PUT", "/api/me", "{\"signature\":\" \\n\"}");
	then_status (&a, 200);
	a = when_user_asks (s, &anna, "GET", "/api/me", NULL);
	CHECK (json_is_null (json_at (a.json, "user.signature")), "it is still there: %s", a.body);
	web_free (&a);
	char long_one[2200], body[2300];
	memset (long_one, 'x', sizeof long_one);
	long_one[2001] = 0;
	snprintf (body, sizeof body, "{\"signature\":\"%s\"}", long_one);
	a = when_user_asks (s, &anna, "PUT", "/api/me", body);
	then_problem (&a, 422, "invalid");
}
