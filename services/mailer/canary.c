/* Mails to oneself; see canary.h. The clock makes those that are due and misses those that stay away, an effect sends them, and the clock that takes what came
 * in hands them back. Load, decide, write, emit.
 * It must never write to another address than the account's own, nor call something back that did not come. */
#include "canary.h"

#include <string.h>
#include "clock.h"
#include "mailer_sql.h"
#include "metrics.h"
#include "seal.h"

enum { TOKEN_BYTES = 15, TOKEN_LETTERS = TOKEN_BYTES * 8 / 5 };

static const char mark[] = "canary.";

static struct metric time_back = { .name = "leadwire_mail_canary_seconds",
				   .help = "From when a mail to oneself went until it came back",
				   .kind = METRIC_HISTOGRAM };
enum { BACK, MISSING, FAILED, ENDS };
#define ENDED(what)                                                                                                                \
	{                                                                                                                          \
		.name = "leadwire_mail_canaries_total", .help = "Mails to oneself by what became of them", .kind = METRIC_COUNTER, \
		.label = "state=\"" what "\""                                                                                      \
	}
static struct metric ended[ENDS] = { [BACK] = ENDED ("back"), [MISSING] = ENDED ("missing"), [FAILED] = ENDED ("failed") };

void canary_start (void)
{
	metric_register (&time_back);
	for (int i = 0; i < ENDS; i++)
		metric_register (&ended[i]);
}

/* ---- one that is to go ---- */

static struct kept_canary canary_new (struct batch *b, const struct canary_account *account, struct uuid id)
{
	struct arena *a = batch_arena (b);
	char text[TOKEN_TEXT];
	struct kept_canary ret = { .workspace_id = account->workspace_id,
				   .mail_account_id = account->mail_account_id,
				   .canary_id = { id },
				   .token = arena_text (a, token_new (TOKEN_BYTES, text)) };
	ret.message_id = arena_printf (a, "%s%s@%s", mark, ret.token, address_domain (account->from_email));
	/* where answers go: else nothing is known of those */
	ret.address = account->has.reply_domain == HERE ? arena_printf (a, "reply+%s@%s", ret.token, account->reply_domain)
							: account->from_email;
	return ret;
}

void mail_canary (struct batch *b, const struct mail_canary cmd[], size_t n, struct outcome ret[])
{
	const struct canary_account *account = mail_canary_load (b, cmd, n);
	struct kept_canary *row = ARRAY (b, row, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = account[i].has.mail_account_id != HERE ? refused (mail_account_not_found)
			 : !account[i].receives			? refused (mail_account_deaf)
								: done ();
		if (!is_done (ret[i]))
			continue;
		ret[i].id = account[i].has.open_id == HERE ? account[i].open_id.uuid : cmd[i].head.id;
		ret[i].data = account_named (b, account[i].name);
		if (account[i].has.open_id == HERE) /* that one tells it */
			continue;
		row[rows] = canary_new (b, &account[i], cmd[i].head.id);
		row[rows].asked_by = (user_id){ cmd[i].head.actor };
		row[rows++].has.asked_by = HERE;
	}
	canary_write (b, row, rows);
	batch_wake (b);
}

/* ---- sending ---- */

const void *canary_act (struct effect *e, const void *claimed)
{
	struct arena *a = effect_arena (e);
	const struct mail_job *job = claimed;
	struct mail_job *whole = arena_alloc (a, sizeof *whole);
	bool dutch = job->has.text == HERE && !strcmp (job->text, "nl");
	*whole = *job;
	whole->subject = arena_printf (a, dutch ? "Leadwire controleert dit adres (%s%s)" : "Leadwire checks this address (%s%s)", mark,
				       job->subject);
	whole->text =
		dutch ? "Dit bericht heeft Leadwire aan zichzelf gestuurd. Komt het terug, dan komen antwoorden van klanten ook aan. U hoeft niets te doen."
		      : "Leadwire sent this message to itself. When it comes back, answers of customers arrive as well. There is nothing to do.";
	whole->has.text = HERE;
	return mail_act (e, whole);
}

/* ---- coming in ---- */

static const char *token_in (struct arena *a, const char *text)
{
	for (const char *at = text; at && (at = strstr (at, mark)); at += strlen (mark)) {
		const char *token = at + strlen (mark);
		if (strspn (token, "abcdefghijklmnopqrstuvwxyz234567") == TOKEN_LETTERS)
			return arena_copy (a, token, TOKEN_LETTERS);
	}
	return NULL;
}

const char *canary_token_of (struct arena *a, const struct mail *m)
{
	const char *ret = token_in (a, m->message_id);
	if (!m->automatic && m->sort == MAIL_MESSAGE) /* somebody found it in their mailbox and wrote about it: a mail as any other */
		return ret;
	ret = ret ? ret : token_in (a, m->subject); /* some servers give every mail another Message-ID */
	ret = ret ? ret : token_in (a, m->original_id);
	for (size_t i = 0; !ret && i < m->references; i++)
		ret = token_in (a, m->reference[i]);
	return ret;
}

struct canary_came canary_came_of (const struct inbound_due *due)
{
	const char *sort = due->has.sort == HERE ? due->sort : "";
	const char *state = !strcmp (sort, "message") ? "back" : !strcmp (sort, "bounce") ? "failed" : NULL;
	return (struct canary_came){ .workspace_id = due->workspace_id,
				     .mail_id = due->mail_id,
				     .canary_id = due->canary_id,
				     .own = due->canary_own,
				     .state = state,
				     .at = due->received_at,
				     .has.state = state ? HERE : ABSENT };
}

void canaries_take (struct batch *b, const struct canary_came came[], size_t n)
{
	size_t rows;
	const struct canary_back *back = canaries_came (b, came, n, &rows);
	for (size_t i = 0; i < rows; i++)
		if (back[i].took >= 0)
			metric_observe (&time_back, back[i].took);
	canaries_came_drop (b, came, n);
	if (rows)
		batch_hurry (b);
}

/* ---- the clock ---- */

/* What a server said of it holds for the account, as of any other mail; that nothing came back does not. */
static const char *account_tell (struct batch *b, const struct canary_untold *u)
{
	bool went = !strcmp (u->canary, "sent") || (!strcmp (u->canary, "back") && strcmp (u->told, "sent"));
	struct mail_account_told told = { .workspace_id = u->workspace_id, .mail_account_id = u->mail_account_id, .at = batch_now (b) };
	if (!went && !u->refused)
		return u->state;
	told.state = u->refused ? "fails" : "works";
	told.has.state = HERE;
	told.error = u->refused ? u->reason : NULL;
	told.has.error = told.error && u->has.reason == HERE ? HERE : ABSENT;
	mail_account_told_write (b, &told, 1);
	return told.state;
}

static void end_count (const struct canary_untold *u)
{
	static const char *const names[ENDS] = { "back", "missing", "failed" };
	for (int i = 0; i < ENDS; i++)
		if (!strcmp (u->canary, names[i]))
			metric_add (&ended[i], 1);
}

static size_t canaries_tell (struct batch *b, const struct head *head, const struct canary_due *due, size_t n)
{
	size_t rows;
	const struct canary_untold *u = canaries_untold (b, due, n, &rows);
	struct mail_account_changed *said = ARRAY (b, said, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		struct head by = *head;
		by.workspace = u[i].workspace_id.uuid; /* the clock has none */
		said[i] = (struct mail_account_changed){ .head = head_caused (b, &by),
							 .mail_account_id = u[i].mail_account_id,
							 .name = u[i].name,
							 .state = account_tell (b, &u[i]),
							 .canary = u[i].canary,
							 .has.canary = HERE };
		end_count (&u[i]);
	}
	canary_told_write (b, u, rows);
	mail_account_changed_emit (b, said, rows);
	return rows;
}

static void canaries_make (struct batch *b, const struct canary_due *due, size_t n)
{
	size_t rows;
	const struct canary_account *account = canaries_due (b, due, n, &rows);
	struct kept_canary *row = ARRAY (b, row, rows + 1);
	for (size_t i = 0; i < rows; i++)
		row[i] = canary_new (b, &account[i], uuid_new (b));
	canary_write (b, row, rows);
	if (rows)
		batch_wake (b);
}

/* How long one may stay away: a mailbox that is looked into seldom gives it late. */
static int64_t wait_seconds (void)
{
	int64_t seldom = 3 * mailer_config.poll;
	return seldom > mailer_config.canary_wait && mailer_config.poll > 60 ? seldom : mailer_config.canary_wait;
}

void canaries_tend (struct batch *b, const struct canaries_tend cmd[], size_t n, struct outcome ret[])
{
	static int64_t looked; /* the writer's alone; it is hurried for every mail that goes, and this has time */
	size_t rows = 0, told = 0;
	const struct canary_turn turn = { .every = mailer_config.canary, .wait = wait_seconds () };
	if (batch_now (b) - looked >= 500000) {
		looked = batch_now (b);
		const struct canary_due *due = canaries_waiting (b, &turn, 1, &rows);
		due = batch_own (b, &canary_due_record, due, &rows);
		canaries_miss (b, due, rows);
		canaries_forget (b, due, rows);
		canaries_make (b, due, rows);
		told = canaries_tell (b, &cmd[0].head, due, rows);
	}
	for (size_t i = 0; i < n; i++) {
		ret[i] = done ();
		ret[i].number = told > 0; /* perhaps there is more of it */
	}
}
