/* Browsers that are told of news: who asks for it, what ends it, what waits for them; see pushing.h. The bytes are push.c's.
 * It must never keep a browser of somebody who is logged in there no more. */
#include "pushing.h"

#include <string.h>
#include "mailer_sql.h"
#include "notified.h"
#include "push.h"

enum { WORD_MOST = 300, WAIT_LEAST = 30, WAIT_MOST = 3600, FAILS_MOST = 20 };

/* ---- rules ---- */

/* Who we are is refused when the key that a browser was given is ours no longer: it never will be again. */
enum push_answer push_answer_of (long status)
{
	if (status >= 200 && status < 300)
		return PUSH_SENT;
	if (status == 404 || status == 410 || status == 401 || status == 403)
		return PUSH_GONE;
	return status == 400 || status == 413 ? PUSH_REFUSED : PUSH_LATER;
}

int64_t push_wait (int64_t fails, int64_t asked)
{
	int64_t ret = WAIT_LEAST;
	for (; fails > 1 && ret < WAIT_MOST; fails--)
		ret *= 2;
	ret = asked > ret ? asked : ret;
	return ret > WAIT_MOST ? WAIT_MOST : ret;
}

bool push_is_hopeless (int64_t fails)
{
	return fails >= FAILS_MOST;
}

/* ---- who asks for it ---- */

/* An object of sentences. */
static bool words_good (const char *text)
{
	json_t *o = json_loads (text, 0, NULL), *word;
	const char *name;
	bool good = json_is_object (o);
	json_object_foreach (o, name, word) good = good && json_is_string (word) && json_string_length (word) <= WORD_MOST;
	json_decref (o);
	return good;
}

static struct outcome subscribe_check (struct batch *b, const struct browser_add *cmd)
{
	struct problem *p = NULL;
	struct push_to to;
	if (!push_origin (batch_arena (b), cmd->endpoint, mailer_config.private))
		form_wrong (b, &p, "/endpoint", "not_a_url", "The address of a push service: https.");
	if (!push_to_read (cmd->p256dh, cmd->auth, &to))
		form_wrong (b, &p, "/p256dh", "malformed", "The keys that a browser gives: base64url.");
	if (!words_good (cmd->words))
		form_wrong (b, &p, "/words", "malformed", "An object: a sentence a kind.");
	if (p)
		return (struct outcome){ .state = OUTCOME_REFUSED, .error = ERROR_invalid, .problem = p };
	struct outcome ret = done ();
	ret.id = cmd->browser_id.uuid;
	return ret;
}

void browser_add (struct batch *b, const struct browser_add cmd[], size_t n, struct outcome ret[])
{
	struct browser_add *fit = ARRAY (b, fit, n);
	size_t fits = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = subscribe_check (b, &cmd[i]);
		if (is_done (ret[i]))
			fit[fits++] = cmd[i];
	}
	browser_waiting_drop (b, fit, fits);
	browser_write (b, fit, fits);
	browser_oldest_drop (b, fit, fits);
}

/* ---- what ends it ---- */

static void all_done (struct outcome ret[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = done ();
}

void browser_drop (struct batch *b, const struct browser_drop cmd[], size_t n, struct outcome ret[])
{
	const struct browser_place *place = browser_drop_load (b, cmd, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = place[i].there ? done () : refused (not_found);
	browser_drop_write (b, cmd, n); /* of what is not theirs nothing goes */
}

void session_ended (struct batch *b, const struct session_ended event[], size_t n, struct outcome ret[])
{
	browser_session_drop (b, event, n);
	all_done (ret, n);
}

/* ---- what waits ---- */

void pushes_keep (struct batch *b, const struct notified news[], size_t n)
{
	if (!n)
		return;
	push_write (b, news, n);
	batch_wake (b);
}
