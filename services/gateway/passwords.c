/* Passwords and second factors: checked and hashed on the pool, a few at a time, since each takes its megabytes and milliseconds; wrong ones cost a
 * growing wait, by who was tried and by where it came from. RFC 6238 codes are liboath's. It must never tell by time what was wrong, nor log any of it. */
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"
#include "seal.h"

enum { CHECKS_AT_ONCE = 2, CHECKS_WAITING = 32, SLOTS = 4096, OFFICE = 15, DIGITS = 6, TOTP_SECONDS = 30 };
static const int64_t second = 1000000;
static const int64_t forgotten = 900 * INT64_C (1000000);

/* ---- the throttle ---- */

/* Wrong ones in a row, by name and by address. A slot is shared by whatever hashes to it: at worst somebody waits a second for another. */
static struct slot {
	int failures;
	int64_t last;
} slots[2][SLOTS];

static size_t slot_number (const char *text)
{
	char low[321];
	size_t n = 0;
	for (; text[n] && n < sizeof low - 1; n++)
		low[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char) (text[n] + 32) : text[n];
	return uuid_hash (uuid_of (low, n)) % SLOTS;
}

static struct slot *slot_of (int table, const char *text)
{
	struct slot *ret = &slots[table][slot_number (text)];
	if (clock_monotonic () - ret->last > forgotten)
		ret->failures = 0;
	return ret;
}

/* Seconds until this slot may be tried again. An address stands for a whole office, so it has more tries free. */
static int slot_wait (const struct slot *s, int free_tries)
{
	int64_t until = s->last + login_delay (s->failures - free_tries) * second, now = clock_monotonic ();
	return s->failures > free_tries && until > now ? (int) ((until - now) / second) + 1 : 0;
}

int guess_wait (const char *name, const char *remote)
{
	int wait = name ? slot_wait (slot_of (0, name), 0) : 0, office = slot_wait (slot_of (1, remote), OFFICE);
	return wait > office ? wait : office;
}

void guess_wrong (const char *name, const char *remote)
{
	int64_t now = clock_monotonic ();
	struct slot *by_name = name ? slot_of (0, name) : NULL, *by_remote = slot_of (1, remote);
	by_remote->failures++;
	by_remote->last = now;
	if (by_name) {
		by_name->failures++;
		by_name->last = now;
	}
}

void guess_right (const char *name)
{
	slot_of (0, name)->failures = 0;
}

void guess_remembered (const char *name, int failures, int64_t ago)
{
	struct slot *s = slot_of (0, name);
	if (failures <= s->failures || ago < 0 || ago > forgotten)
		return;
	s->failures = failures;
	s->last = clock_monotonic () - ago;
}

/* ---- links that are asked for ---- */

/* Whether anybody has that address or not: who asks learns nothing by how soon they may ask again. */
int forgot_wait (const char *email, const char *remote)
{
	enum { BY_EMAIL = 3, BY_REMOTE = 20 };
	static struct slot asked[2][SLOTS];
	struct slot *s[2] = { &asked[0][slot_number (email)], &asked[1][slot_number (remote)] };
	int64_t now = clock_monotonic ();
	int wait = 0;
	for (int i = 0; i < 2; i++) { /* `last`: when the first of these was asked for */
		if (now - s[i]->last > forgotten)
			*s[i] = (struct slot){ .last = now };
		int left = (int) ((s[i]->last + forgotten - now) / second) + 1;
		if (s[i]->failures >= (i ? BY_REMOTE : BY_EMAIL) && left > wait)
			wait = left;
	}
	if (!wait)
		s[0]->failures++, s[1]->failures++;
	return wait;
}

/* ---- the pool ---- */

static struct {
	int now, waiting;
	struct password_work *first, **last;
} checks = { .last = &checks.first };

static void work_run (void *ctx)
{
	struct password_work *w = ctx;
	if (w->hash_new)
		w->right = password_hash (w->password, w->made);
	else
		w->right = password_verify (w->hash, w->password);
}

static void work_next (struct app *app);

static void work_done (struct app *app, void *ctx)
{
	struct password_work *w = ctx;
	checks.now--;
	work_next (app);
	w->then (app, w->ctx);
}

static void work_next (struct app *app)
{
	while (checks.first && checks.now < CHECKS_AT_ONCE) {
		struct password_work *w = checks.first;
		checks.first = w->next;
		if (!checks.first)
			checks.last = &checks.first;
		checks.waiting--;
		checks.now++;
		app_work (app, work_run, work_done, w);
	}
}

bool password_work (struct app *app, struct password_work *w)
{
	if (checks.waiting >= CHECKS_WAITING)
		return false;
	w->next = NULL;
	*checks.last = w;
	checks.last = &w->next;
	checks.waiting++;
	work_next (app);
	return true;
}

/* ---- codes ---- */

int64_t totp_step (const char *secret, size_t n, const char *code, int64_t now, int64_t last_step)
{
	char otp[DIGITS + 1];
	int64_t ret = 0, here = now / second / TOTP_SECONDS;
	if (strlen (code) != DIGITS || strspn (code, "0123456789") != DIGITS)
		return 0;
	for (int64_t step = here - 1; step <= here + 1; step++) { /* whatever fits: all three are looked at */
		if (step < 0 ||
		    oath_hotp_generate (secret, n, (uint64_t) step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, otp) != OATH_OK)
			continue;
		if (text_equal (otp, code) && step > last_step && !ret)
			ret = step;
	}
	return ret;
}

const char *totp_secret_text (struct arena *a, struct bytes secret)
{
	char *text = NULL;
	size_t n = 0;
	if (oath_base32_encode ((const char *) secret.at, secret.n, &text, &n) != OATH_OK)
		return NULL;
	while (n && text[n - 1] == '=')
		n--;
	const char *ret = arena_copy (a, text, n);
	memset (text, 0, n);
	free (text);
	return ret;
}

/* As a person may type it: without blanks and dashes, in lower case. */
const char *recovery_plain (struct arena *a, const char *code)
{
	char *ret = arena_alloc (a, strlen (code) + 1), *to = ret;
	for (; *code; code++)
		if (*code != '-' && *code != ' ')
			*to++ = *code >= 'A' && *code <= 'Z' ? (char) (*code + 32) : *code;
	*to = 0;
	return ret;
}
