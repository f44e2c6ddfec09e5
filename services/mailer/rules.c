/* Addresses, states and what providers say; see rules.h. */
#include "rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"

static const int64_t second = 1000000;

/* ---- addresses ---- */

/* Any but the last @ must stand in a quoted local part. */
static bool local_good (const char *at, size_t n)
{
	if (n == 0 || n > 64)
		return false;
	if (at[0] == '"')
		return n > 2 && at[n - 1] == '"' && !memchr (at + 1, '"', n - 2) && !memchr (at, '\\', n);
	for (size_t i = 0; i < n; i++)
		if (strchr ("@()<>[],;:\\\" ", at[i]) || (at[i] == '.' && (i == 0 || i == n - 1 || at[i - 1] == '.')))
			return false;
	return true;
}

static bool domain_good (const char *domain)
{
	size_t label = 0, labels = 0;
	if (strlen (domain) > 253)
		return false;
	for (const char *p = domain;; p++) {
		if (*p == '.' || !*p) {
			if (label == 0 || label > 63 || p[-1] == '-')
				return false;
			labels++;
			label = 0;
			if (!*p)
				return labels > 1;
			continue;
		}
		unsigned char c = (unsigned char) *p;
		if (c < 128 && !isalnum (c) && (c != '-' || label == 0))
			return false;
		label++;
	}
}

const char *address_read (struct arena *a, const char *text)
{
	size_t n;
	if (!text)
		return NULL;
	text += strspn (text, " \t\r\n");
	n = strlen (text);
	while (n && strchr (" \t\r\n", text[n - 1]))
		n--;
	char *address = arena_copy (a, text, n);
	for (char *p = address; *p; p++) {
		if ((unsigned char) *p < ' ' || *p == 127)
			return NULL;
		*p = (char) (*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
	}
	char *at = strrchr (address, '@');
	if (n > 254 || !at || !local_good (address, (size_t) (at - address)) || !domain_good (at + 1))
		return NULL;
	return address;
}

const char *address_domain (const char *address)
{
	const char *at = strrchr (address, '@');
	return at ? at + 1 : address;
}

/* ---- states ---- */

/* How much each says; what was stopped, or ended badly, does not become good again. */
static int rank_of (enum mail_state s)
{
	switch (s) {
	case mail_state_queued: return 0;
	case mail_state_sending: return 1;
	case mail_state_unknown: return 2;
	case mail_state_sent: return 3;
	case mail_state_delivered: return 4;
	case mail_state_opened: return 5;
	case mail_state_clicked: return 6;
	case mail_state_dropped: return 7;
	case mail_state_bounced: return 8;
	case mail_state_complained: return 9;
	case mail_state_cancelled: return 10;
	case mail_state_count: break;
	}
	return 0;
}

bool mail_state_moves (enum mail_state from, enum mail_state to)
{
	return rank_of (to) > rank_of (from);
}

int64_t retry_seconds (int64_t attempts)
{
	static const int64_t waits[] = { 30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 24 * 3600, 24 * 3600 };
	size_t i = attempts < 1 ? 0 : (size_t) attempts - 1;
	return waits[i < LENGTH (waits) ? i : LENGTH (waits) - 1];
}

bool says_no_mailbox (const char *words)
{
	for (const char *p = words; p && (p = strstr (p, "5.1.")); p++)
		if ((p == words || !isalnum ((unsigned char) p[-1])) && p[4] >= '0' && p[4] <= '9' && p[4] != '7' && p[4] != '8')
			return true; /* .7 and .8 speak of the sender's address */
	return false;
}

/* The server did not let us in, or did not speak: every mail of this account would fare alike. */
static bool code_is_accounts (int64_t code)
{
	return code < 0 || code == 401 || code == 403 || code == 429 || code == 421 || code == 454 || code == 530 || code == 534 ||
	       code == 535 || code == 538;
}

struct settled attempt_settle (struct arena *a, const struct mail_settling *s, int64_t now, int64_t unknown_wait)
{
	struct settled ret = { .reason = s->has.reason == HERE ? s->reason : NULL };
	bool last = s->attempt == s->attempts; /* nothing was tried after it */
	enum mail_outcome outcome = s->has.outcome == HERE ? s->outcome : mail_outcome_unknown;
	bool limited = s->has.code == HERE && s->code == 429;
	bool accounts = s->has.code == HERE && outcome == mail_outcome_later && code_is_accounts (s->code);
	switch (outcome) {
	case mail_outcome_accepted:
		ret.state = mail_state_sent;
		ret.moves = mail_state_moves (s->state, ret.state) || (s->state == mail_state_dropped && last);
		ret.account_works = true;
		return ret;
	case mail_outcome_unknown:
		ret.state = mail_state_unknown;
		ret.moves = last && s->state == mail_state_sending;
		ret.next_at = s->repeated || s->stopped ? TIME_MOST : now + unknown_wait;
		if (!ret.reason)
			ret.reason = "nobody recorded whether the server took it";
		return ret;
	case mail_outcome_refused:
		ret.state = s->has.code == HERE && s->code >= 500 && s->code < 600 ? mail_state_bounced : mail_state_dropped;
		ret.moves = last && mail_state_moves (s->state, ret.state);
		ret.suppress = ret.state == mail_state_bounced && says_no_mailbox (ret.reason) ? ret.reason : NULL;
		ret.account_works = ret.state == mail_state_bounced;
		return ret;
	case mail_outcome_later: break;
	case mail_outcome_count: break;
	}
	int64_t wait = s->has.retry_at == HERE && s->retry_at > now ? s->retry_at : now + retry_seconds (s->attempt) * second;
	if (accounts) {
		ret.account_fails = !limited;
		ret.held_until = s->has.retry_at == HERE && s->retry_at > now ? s->retry_at
									      : now + (limited ? 60 : retry_seconds (s->attempt)) * second;
		wait = now; /* the account is what waits */
	}
	ret.moves = last && s->state == mail_state_sending;
	if (s->stopped) {
		ret.state = s->repeated ? mail_state_unknown : mail_state_cancelled;
		ret.next_at = TIME_MOST;
		return ret;
	}
	if (s->attempts >= TRIES_MOST && !limited) {
		ret.state = mail_state_dropped;
		ret.reason = arena_printf (a, "given up after %lld times: %s", (long long) s->attempts,
					   ret.reason ? ret.reason : "no answer");
		return ret;
	}
	ret.state = s->repeated ? mail_state_unknown : mail_state_queued;
	ret.next_at = wait;
	return ret;
}

int64_t rate_reset (const char *retry_after, const char *reset, int64_t now)
{
	const char *said = retry_after && isdigit ((unsigned char) *retry_after) ? retry_after : NULL;
	if (said) {
		long long seconds = strtoll (said, NULL, 10);
		return now + (seconds < 1 ? 1 : seconds > 3600 ? 3600 : seconds) * second;
	}
	if (!reset || !isdigit ((unsigned char) *reset))
		return 0;
	long long until = strtoll (reset, NULL, 10);
	if (until > 4102444800) /* the year 2100: it is no time */
		return 0;
	if (until < 100000000) /* seconds from now, as some say it */
		return now + (until < 1 ? 1 : until > 3600 ? 3600 : until) * second;
	int64_t at = until * second;
	return at <= now ? now + second : at > now + 3600 * second ? now + 3600 * second : at;
}

/* ---- ways to send ---- */

void default_take (struct kept_mail_account row[], size_t n, bool asked)
{
	struct kept_mail_account *last = &row[n - 1];
	for (size_t i = 0; i + 1 < n; i++)
		if (last->is_default && row[i].is_default && uuid_equal (row[i].workspace_id.uuid, last->workspace_id.uuid))
			*(asked ? &row[i].is_default : &last->is_default) = false;
}

/* ---- what providers say ---- */

static const struct {
	const char *event;
	enum mail_state state;
} provider_states[] = {
	{ "processed", mail_state_sent },	 { "delivered", mail_state_delivered }, { "open", mail_state_opened },
	{ "click", mail_state_clicked },	 { "bounce", mail_state_bounced },	{ "dropped", mail_state_dropped },
	{ "spamreport", mail_state_complained },
};

static struct provider_meaning meaning_of (struct arena *a, const char *event, const json_t *e)
{
	struct provider_meaning m = { 0 };
	const char *reason = json_string_value (json_object_get (e, "reason")), *type = json_string_value (json_object_get (e, "type"));
	const char *status = json_string_value (json_object_get (e, "status"));
	if (!reason)
		reason = json_string_value (json_object_get (e, "response"));
	for (size_t i = 0; i < LENGTH (provider_states); i++)
		if (strcmp (provider_states[i].event, event) == 0) {
			m.known = m.moves = true;
			m.state = provider_states[i].state;
		}
	bool machine = json_is_true (json_object_get (e, "sg_machine_open"));
	if (m.moves && m.state == mail_state_opened && machine)
		m.moves = false; /* a machine looked: nobody read it */
	if (m.moves && (m.state == mail_state_bounced || m.state == mail_state_dropped))
		m.reason = reason ? arena_text (a, reason) : NULL;
	if (strcmp (event, "bounce") == 0 && type && strcmp (type, "bounce") == 0 && status && says_no_mailbox (status)) {
		m.suppresses = true;
		m.suppression = suppression_reason_bounced;
	} else if (strcmp (event, "spamreport") == 0) {
		m.suppresses = true;
		m.suppression = suppression_reason_complained;
	} else if (strcmp (event, "unsubscribe") == 0 || strcmp (event, "group_unsubscribe") == 0) {
		m.known = m.suppresses = true;
		m.suppression = suppression_reason_unsubscribed;
	} else if (strcmp (event, "group_resubscribe") == 0) {
		m.known = m.allows = true;
	}
	return m;
}

/* What stands in a message's head as Message-ID, without the brackets. */
static const char *bare_id (struct arena *a, const char *id)
{
	size_t n;
	if (!id)
		return NULL;
	id += strspn (id, " <");
	n = strcspn (id, "> ");
	return n ? arena_copy (a, id, n) : NULL;
}

bool provider_event_read (struct arena *a, const json_t *e, struct provider_said *ret, struct provider_meaning *ret_meaning)
{
	const char *id = json_string_value (json_object_get (e, "sg_event_id")), *event = json_string_value (json_object_get (e, "event"));
	const char *email = json_string_value (json_object_get (e, "email")),
		   *mail = json_string_value (json_object_get (e, "crm_message"));
	const char *n = json_string_value (json_object_get (e, "crm_recipient"));
	const json_t *at = json_object_get (e, "timestamp");
	if (!json_is_object (e) || !id || !event || strlen (id) > 200 || strlen (event) > 40)
		return false;
	*ret = (struct provider_said){ .kind = arena_text (a, event) };
	email = email ? address_read (a, email) : NULL;
	/* one id was seen to stand for two addresses of one mail */
	ret->event_id = arena_printf (a, "%s %s", id, email ? email : "");
	ret->email = email;
	ret->has.email = email ? HERE : ABSENT;
	int64_t seconds = json_is_integer (at) ? json_integer_value (at) : 0;
	ret->at = seconds > 0 && seconds < TIME_MOST / second ? seconds * second : 0;
	if (mail && n && uuid_parse (mail, &ret->mail_id.uuid) == OK && strspn (n, "0123456789") == strlen (n) && *n && strlen (n) < 5) {
		ret->has.mail_id = ret->has.n = HERE;
		ret->n = strtoll (n, NULL, 10);
	}
	ret->message_id = bare_id (a, json_string_value (json_object_get (e, "smtp-id")));
	ret->has.message_id = ret->message_id ? HERE : ABSENT;
	char *raw = json_dumps (e, JSON_COMPACT);
	ret->raw = arena_text (a, raw ? raw : "{}");
	free (raw);
	*ret_meaning = meaning_of (a, event, e);
	return true;
}

bool host_good (const char *host)
{
	size_t n = strspn (host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");
	return n && !host[n];
}
