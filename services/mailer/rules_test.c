/* What mailer decides: addresses, states by precedence, what follows from an attempt, what providers mean, and what a mail looks like. */
#include "rules.h"

#include <stdio.h>
#include <string.h>
#include "clock.h"
#include "signature.h"
#include "test.h"

static struct arena memory;
static const int64_t second = 1000000, now = INT64_C (1795256180) * 1000000;

static void addresses (void)
{
	static const char *const good[][2] = { { " Sanne.deWit@Example.COM ", "sanne.dewit@example.com" },
					       { "jan+lead@example.com", "jan+lead@example.com" },
					       { "\"jan de vries\"@example.com", "\"jan de vries\"@example.com" },
					       { "info@b\xc3\xbc"
						 "cher.example",
						 "info@b\xc3\xbc"
						 "cher.example" } };
	static const char *const bad[] = { "a@b@example.com", "jan@localhost", "jan",	   "@example.com",	    "jan@",
					   "jan@-x.nl",	      "jan@x-.nl",     "a b@x.nl", "a\r\nBcc: x@y.nl@x.nl", "<a@x.nl>",
					   "a..b@x.nl",	      ".a@x.nl",       "" };
	for (size_t i = 0; i < LENGTH (good); i++)
		CHECK_TEXT (address_read (&memory, good[i][0]), good[i][1]);
	for (size_t i = 0; i < LENGTH (bad); i++)
		CHECK (!address_read (&memory, bad[i]));
	CHECK_TEXT (address_domain ("a@x.nl"), "x.nl");
}

static void precedence (void)
{
	CHECK (mail_state_moves (mail_state_unknown, mail_state_sent) && mail_state_moves (mail_state_sent, mail_state_clicked));
	CHECK (!mail_state_moves (mail_state_clicked, mail_state_delivered) &&
	       !mail_state_moves (mail_state_bounced, mail_state_delivered));
	CHECK (mail_state_moves (mail_state_delivered, mail_state_bounced) && mail_state_moves (mail_state_opened, mail_state_complained));
	for (int s = 0; s < mail_state_count; s++)
		CHECK (!mail_state_moves ((enum mail_state) s, (enum mail_state) s) &&
		       !mail_state_moves (mail_state_cancelled, (enum mail_state) s));
	CHECK (retry_seconds (1) < retry_seconds (2) && retry_seconds (500) == 24 * 3600);
}

static struct mail_settling attempt (enum mail_outcome outcome, int64_t code, const char *reason)
{
	return (struct mail_settling){ .attempt = 1,
				       .attempts = 1,
				       .outcome = outcome,
				       .code = code,
				       .reason = reason,
				       .state = mail_state_sending,
				       .has = { .outcome = HERE, .code = code ? HERE : ABSENT, .reason = reason ? HERE : ABSENT } };
}

static void attempts (void)
{
	struct mail_settling s = attempt (mail_outcome_accepted, 250, NULL);
	struct settled d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.moves && d.state == mail_state_sent && d.account_works);
	s = attempt (mail_outcome_refused, 550, "550 5.1.1 no such mailbox");
	d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.moves && d.state == mail_state_bounced && d.suppress);
	s = attempt (mail_outcome_refused, 550, "550 5.7.1 blocked by policy");
	d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.state == mail_state_bounced && !d.suppress);
	s = attempt (mail_outcome_refused, 400, "no");
	d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.state == mail_state_dropped && !d.suppress);
	/* nobody recorded it: unknown, once repeated, then left */
	s = attempt (mail_outcome_unknown, 0, NULL);
	s.has.outcome = ABSENT;
	d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.moves && d.state == mail_state_unknown && d.next_at == now + 900 * second && d.reason);
	s.repeated = true;
	d = attempt_settle (&memory, &s, now, 900 * second);
	CHECK (d.state == mail_state_unknown && d.next_at == TIME_MOST);
	/* a late word about an earlier attempt: what was taken is sent; a refusal of it says nothing of the later one */
	s = attempt (mail_outcome_accepted, 250, NULL);
	s.attempts = 2;
	CHECK (attempt_settle (&memory, &s, now, second).moves);
	s = attempt (mail_outcome_refused, 550, "550 no");
	s.attempts = 2;
	CHECK (!attempt_settle (&memory, &s, now, second).moves);
	/* told to wait: the account waits, and nothing is wrong with it */
	s = attempt (mail_outcome_later, 429, "too many");
	s.retry_at = now + 7 * second;
	s.has.retry_at = HERE;
	d = attempt_settle (&memory, &s, now, second);
	CHECK (d.state == mail_state_queued && d.held_until == now + 7 * second && !d.account_fails);
	s = attempt (mail_outcome_later, 535, "no log-in");
	d = attempt_settle (&memory, &s, now, second);
	CHECK (d.state == mail_state_queued && d.account_fails && d.held_until > now);
	s = attempt (mail_outcome_later, 451, "later");
	d = attempt_settle (&memory, &s, now, second);
	CHECK (d.moves && d.state == mail_state_queued && d.next_at == now + retry_seconds (1) * second && !d.account_fails);
	s.attempt = s.attempts = TRIES_MOST;
	CHECK (attempt_settle (&memory, &s, now, second).state == mail_state_dropped);
	/* its account is gone, or somebody is forgotten: it goes no more, and what may have gone stays unknown */
	s = attempt (mail_outcome_later, 451, "later");
	s.stopped = true;
	CHECK (attempt_settle (&memory, &s, now, second).state == mail_state_cancelled);
	s.repeated = true;
	d = attempt_settle (&memory, &s, now, second);
	CHECK (d.state == mail_state_unknown && d.next_at == TIME_MOST);
	s = attempt (mail_outcome_unknown, 0, NULL);
	s.stopped = true;
	CHECK (attempt_settle (&memory, &s, now, second).next_at == TIME_MOST);
}

static void limits (void)
{
	CHECK (rate_reset (NULL, "1795256187", now) == now + 7 * second && rate_reset ("5", "1795256187", now) == now + 5 * second);
	CHECK (rate_reset (NULL, NULL, now) == 0 && rate_reset (NULL, "soon", now) == 0 &&
	       rate_reset (NULL, "1795250000", now) == now + second);
	CHECK (rate_reset ("999999999", NULL, now) == now + 3600 * second && rate_reset (NULL, "30", now) == now + 30 * second);
}

/* "a": of workspace a, as it was; "A": asked to be the default. What is left of them: who is. */
static void one_default (const char *run, const char *left)
{
	struct kept_mail_account row[8] = { 0 };
	size_t n = strlen (run);
	for (size_t i = 0; i < n; i++) {
		row[i].workspace_id.uuid.b[0] = (unsigned char) (run[i] | 32);
		row[i].is_default = true;
		default_take (row, i + 1, run[i] < 'a');
	}
	for (size_t i = 0; i < n; i++)
		CHECK (row[i].is_default == (left[i] != '.'));
}

static void defaults (void)
{
	one_default ("AA", ".A");   /* two are asked for in one run: the later one */
	one_default ("aa", "a.");   /* two first ones: the earlier one */
	one_default ("Aa", "A.");   /* it was the default, and another one is from now on */
	one_default ("aA", ".A");   /* in either order */
	one_default ("AbA", ".bA"); /* each workspace has its own */
	one_default ("AAa", ".A.");
}

static void meanings (void)
{
	static const struct {
		const char *json;
		bool moves, suppresses;
	} rows[] = {
		{ "{\"sg_event_id\":\"1\",\"event\":\"open\",\"email\":\"a@x.nl\",\"timestamp\":1}", true, false },
		{ "{\"sg_event_id\":\"1\",\"event\":\"open\",\"sg_machine_open\":true}", false, false },
		{ "{\"sg_event_id\":\"1\",\"event\":\"bounce\",\"type\":\"bounce\",\"status\":\"5.1.1\"}", true, true },
		{ "{\"sg_event_id\":\"1\",\"event\":\"bounce\",\"type\":\"blocked\",\"status\":\"5.1.1\"}", true, false },
		{ "{\"sg_event_id\":\"1\",\"event\":\"deferred\"}", false, false },
		{ "{\"sg_event_id\":\"1\",\"event\":\"spamreport\"}", true, true },
		{ "{\"sg_event_id\":\"1\",\"event\":\"group_unsubscribe\"}", false, true },
		{ "{\"sg_event_id\":\"1\",\"event\":\"something new\"}", false, false },
	};
	struct provider_said e;
	struct provider_meaning m;
	for (size_t i = 0; i < LENGTH (rows); i++) {
		json_t *o = json_loads (rows[i].json, 0, NULL);
		CHECK (provider_event_read (&memory, o, &e, &m) && m.moves == rows[i].moves && m.suppresses == rows[i].suppresses);
		json_decref (o);
	}
	json_t *none = json_loads ("{\"event\":\"open\"}", 0, NULL);
	CHECK (!provider_event_read (&memory, none, &e, &m));
	json_decref (none);
}

/* The longest line of a head, its name ahead of the first. */
static size_t longest_line (const char *name, const char *value)
{
	size_t most = 0, n = strlen (name);
	for (const char *p = value;; p += 2) {
		size_t line = strcspn (p, "\r");
		most = line + n > most ? line + n : most;
		p += line;
		n = 0;
		if (!*p)
			return most;
	}
}

static void threads (void)
{
	char ids[2400] = "";
	CHECK_TEXT (header_ids (&memory, "<a@x.nl>"), "<a@x.nl>");
	CHECK_TEXT (header_ids (&memory, " <a@x.nl>  <b@x.nl>\r\nBcc: z@x.nl"), "<a@x.nl> <b@x.nl> Bcc: z@x.nl");
	for (int i = 0; i < 40; i++)
		snprintf (ids + strlen (ids), sizeof ids - strlen (ids), "<019363a4-0000-7000-8000-0000000000%02d@zonwering.example> ", i);
	const char *folded = header_ids (&memory, ids);
	CHECK (longest_line ("References: ", folded) <= 78 && !strstr (folded, "\r\n\r\n"));
	size_t known = 0;
	for (const char *p = folded; (p = strchr (p, '<')); p++)
		known++;
	CHECK (known == 40 && strstr (folded, "\r\n <019363a4-0000-7000-8000-000000000039@"));
	/* one that no line can hold */
	memset (ids, 'x', 1200);
	memcpy (ids + 1200, " <b@x.nl>", 10);
	CHECK_TEXT (header_ids (&memory, ids), "<b@x.nl>");
}

static void letters (void)
{
	CHECK_TEXT (header_text (&memory, "Offerte"), "Offerte");
	CHECK_TEXT (header_text (&memory, "caf\xc3\xa9"), "=?UTF-8?Q?caf=C3=A9?=");
	CHECK (!strstr (header_text (&memory, "a\r\nBcc: x@y.nl"), "\r\nBcc"));
	CHECK_TEXT (header_address (&memory, "Jan \"X\" de Vries", "j@x.nl"), "\"Jan \\\"X\\\" de Vries\" <j@x.nl>");
	CHECK_TEXT (header_filename (&memory, "offerte.pdf"), "; filename=\"offerte.pdf\"");
	CHECK_TEXT (header_filename (&memory, "caf\xc3\xa9\".pdf"), "; filename=\"caf__.pdf\"; filename*=UTF-8''caf%C3%A9%22.pdf");
	CHECK_TEXT (header_date (&memory, INT64_C (1795256100) * second), "Sat, 21 Nov 2026 10:15:00 +0000");
	CHECK_TEXT (
		text_html (&memory, "Hallo <b>\n\n- **een**\n- _twee_\nhttps://x.nl/a?b=1&c.", NULL, 0),
		"<p>Hallo &lt;b&gt;</p>\n<ul>\n<li><strong>een</strong></li>\n<li><em>twee</em></li>\n</ul>\n<p><a href=\"https://x.nl/a?b=1&amp;c\">https://x.nl/a?b=1&amp;c</a>.</p>\n");
	CHECK_TEXT (text_html (&memory, "snake_case_name 2 ** 3", NULL, 0), "<p>snake_case_name 2 ** 3</p>\n");
	/* what a value holds is no mark, and a link in it is one link */
	CHECK_TEXT (marked_html (&memory, "**a \\*\\*b\\*** \\_c\\_ \\<d\\> \\- e\\\\", NULL, 0),
		    "<p><strong>a **b*</strong> _c_ &lt;d&gt; - e\\</p>\n");
	CHECK_TEXT (marked_html (&memory, "\\- https://x\\.nl/a\\_b?c=1&d\\. x", NULL, 0),
		    "<p>- <a href=\"https://x.nl/a_b?c=1&amp;d\">https://x.nl/a_b?c=1&amp;d</a>. x</p>\n");
	CHECK_TEXT (text_html (&memory, "C:\\_x", NULL, 0), "<p>C:\\_x</p>\n");
	/* a picture is shown where a file of that name goes along, else it stays what was written */
	struct picture picture[] = { { .name = "logo (2).png", .content_id = "1@x" }, { .name = "b.png", .content_id = "2@x" } };
	CHECK_TEXT (
		text_html (&memory, "Zie ![een \"b\"](b.png) ![x](c.png) ![](logo (2).png) ![y](b.png", picture, LENGTH (picture)),
		"<p>Zie <img src=\"cid:2@x\" style=\"max-width:100%\" alt=\"een &quot;b&quot;\"> ![x](c.png) <img src=\"cid:1@x\" style=\"max-width:100%\" alt=\"\"> ![y](b.png</p>\n");
	CHECK (picture[1].shown && picture[0].shown);
	CHECK_TEXT (html_plain (&memory,
				text_html (&memory, "Hallo <b> & \"x\"\n\n- **een**\n- _twee_\nZie\nhttps://x.nl/a_b_?b=1&c.\n\n\n2 ** 3\n",
					   NULL, 0)),
		    "Hallo <b> & \"x\"\n\n- een\n- twee\n\nZie\nhttps://x.nl/a_b_?b=1&c.\n\n2 ** 3");
	CHECK_TEXT (html_plain (&memory, marked_html (&memory, "**Dag \\*\\*Jan\\*\\*** &amp; \\<p\\>", NULL, 0)), "Dag **Jan** &amp; <p>");
	CHECK_TEXT (html_plain (&memory, text_html (&memory, "Zie ![een \"b\"](b.png).", picture, 2)), "Zie [een \"b\"].");
	CHECK_TEXT (html_plain (&memory, ""), "");
	/* marks that nothing ends near: each is gone past, however long the line */
	static char line[150001];
	for (size_t i = 0; i + 3 < sizeof line; i += 3)
		memcpy (line + i, " _a", 3);
	int64_t begun = clock_monotonic ();
	CHECK (!strstr (text_html (&memory, line, NULL, 0), "<em>") && clock_monotonic () - begun < 3 * second);
}

int main (void)
{
	arena_init (&memory);
	addresses ();
	precedence ();
	attempts ();
	limits ();
	defaults ();
	meanings ();
	letters ();
	threads ();
	CHECK (!signature_good (NULL, "x", "1", (struct bytes){ 0 }) && !signature_good ("x", NULL, "1", (struct bytes){ 0 }));
	arena_fini (&memory);
	return test_end ();
}
