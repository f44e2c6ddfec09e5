/* Asks DNS what the rules want to know of an account's domains, by c-ares: no SQL, no transaction, and never longer than its limit.
 * It must never ask on when nobody answers: what is left is unknown. */
#include "dns.h"

#include <ares.h>
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "log.h"
#include "seal.h"

enum { TIMEOUT_MS = 2500, TRIES = 2, SILENT_MOST = 3, SLICE_MS = 250, QUESTIONS_MOST = 150, CLASS_IN = 1 };

struct looks {
	struct effect *effect;
	ares_channel channel;
	int64_t until; /* clock_monotonic */
	int silent;    /* questions in a row that nobody answered */
	int asked;
	/* the question that is open */
	enum dns_type type;
	struct dns_answer *answer;
	enum dns_said said;
	bool open;
};

static void answered (void *ctx, int status, int timeouts, unsigned char *at, int n)
{
	struct looks *l = ctx;
	(void) timeouts;
	l->open = false;
	l->said = DNS_FAILS;
	if (status == ARES_SUCCESS)
		l->said = dns_read (effect_arena (l->effect), at, (size_t) n, l->type, l->answer);
	else if (status == ARES_ENOTFOUND || status == ARES_ENODATA)
		l->said = DNS_NONE;
	bool reached = status == ARES_SUCCESS || status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_ESERVFAIL ||
		       status == ARES_EREFUSED || status == ARES_ENOTIMP || status == ARES_EFORMERR;
	l->silent = reached ? 0 : l->silent + 1;
}

/* The open question ends here, and none is asked any more: what came in late would be told of another one. */
static void give_up (struct looks *l)
{
	ares_cancel (l->channel); /* answered () is told so */
	l->silent = SILENT_MOST;
}

static void wait_for (struct looks *l)
{
	while (l->open) {
		ares_socket_t at[ARES_GETSOCK_MAXNUM];
		struct pollfd fds[ARES_GETSOCK_MAXNUM];
		/* bits: what is to be read from; in the higher half, written to */
		unsigned set = (unsigned) ares_getsock (l->channel, at, ARES_GETSOCK_MAXNUM);
		nfds_t n = 0;
		if (effect_ends (l->effect) || clock_monotonic () > l->until) {
			give_up (l);
			break;
		}
		for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
			unsigned reads = set >> i & 1, writes = set >> (i + ARES_GETSOCK_MAXNUM) & 1;
			short events = (short) ((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
			if (events)
				fds[n++] = (struct pollfd){ .fd = at[i], .events = events };
		}
		struct timeval most = { .tv_usec = SLICE_MS * 1000 }, room, *wait = ares_timeout (l->channel, &most, &room);
		int said = poll (fds, n, (int) (wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1));
		if (said < 0 && errno != EINTR)
			give_up (l);
		if (said <= 0)
			ares_process_fd (l->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what takes too long */
		for (nfds_t i = 0; said > 0 && i < n; i++)
			if (fds[i].revents)
				ares_process_fd (l->channel, fds[i].revents & (POLLIN | POLLERR | POLLHUP) ? fds[i].fd : ARES_SOCKET_BAD,
						 fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	}
}

static enum dns_said ask (void *ctx, const char *name, enum dns_type type, struct dns_answer *ret)
{
	struct looks *l = ctx;
	if (!dns_name_good (name))
		return DNS_NONE;
	if (l->silent >= SILENT_MOST || ++l->asked > QUESTIONS_MOST || effect_ends (l->effect))
		return DNS_FAILS;
	l->type = type;
	l->answer = ret;
	l->open = true;
	ares_query (l->channel, name, CLASS_IN, (int) type, answered, l);
	wait_for (l);
	return l->said;
}

static bool channel_open (struct looks *l)
{
	struct ares_options o = { .flags = ARES_FLAG_EDNS, .timeout = TIMEOUT_MS, .tries = TRIES };
	int said = ares_init_options (&l->channel, &o, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (said == ARES_SUCCESS && *mailer_config.dns)
		said = ares_set_servers_ports_csv (l->channel, mailer_config.dns);
	if (said != ARES_SUCCESS)
		log_error ("dns_unusable", LOG_T ("setting", "CRM_DNS"), LOG_T ("error", ares_strerror (said)));
	return said == ARES_SUCCESS;
}

/* ---- what came of it ---- */

static const char *const states[] = { [DNS_OK] = "ok", [DNS_MISSING] = "missing", [DNS_WRONG] = "wrong", [DNS_UNKNOWN] = "unknown" };

/* The worst of them, in the order in which somebody has to do something. */
static enum dns_state worst (const struct dns_record *r, size_t n)
{
	static const int weight[] = { [DNS_OK] = 0, [DNS_UNKNOWN] = 1, [DNS_MISSING] = 2, [DNS_WRONG] = 3 };
	enum dns_state ret = DNS_OK;
	for (size_t i = 0; i < n; i++)
		if (weight[r[i].state] > weight[ret])
			ret = r[i].state;
	return ret;
}

static const char *records_json (struct arena *a, const struct dns_record *r, size_t n)
{
	json_t *rows = json_array ();
	for (size_t i = 0; i < n; i++)
		json_array_append_new (rows, json_pack ("{ss ss ss ss? ss? ss ss?}", "role", r[i].role, "name", r[i].name, "type",
							r[i].type, "wanted", r[i].wanted, "found", r[i].found, "state", states[r[i].state],
							"why", r[i].why));
	char *text = json_dumps (rows, JSON_COMPACT);
	const char *ret = arena_text (a, text);
	free (text);
	json_decref (rows);
	return ret;
}

const void *dns_act (struct effect *e, const void *claimed)
{
	const struct dns_job *j = claimed;
	struct arena *a = effect_arena (e);
	struct dns_told *told = arena_alloc (a, sizeof *told);
	struct looks l = { .effect = e, .until = clock_monotonic () + effect_limit (e) * INT64_C (1000000) };
	struct dns_subject s = {
		.kind = j->kind, .domain = address_domain (j->from_email), .mailbox = j->mailbox, .private = mailer_config.private
	};
	struct dns_record record[DNS_RECORDS_MOST];
	struct dns_zone zone = { .ask = ask, .ctx = &l, .arena = a };
	s.host = j->kind == mail_account_kind_smtp && j->has.host == HERE ? j->host : NULL;
	s.reply_domain = j->has.reply_domain == HERE ? j->reply_domain : NULL;
	s.selector = j->has.selector == HERE ? j->selector : NULL;
	s.include = j->has.include == HERE ? j->include : NULL;
	struct bytes secret = { 0 };
	if (j->kind == mail_account_kind_sendgrid && !s.selector && j->has.sealed == HERE && unseal_text (a, j->sealed, &secret) == OK) {
		s.given = sendgrid_given (a, j->has.host == HERE ? j->host : NULL, (const char *) secret.at, s.domain);
		sodium_memzero ((void *) (uintptr_t) secret.at, secret.n);
	}
	if (!channel_open (&l))
		l.silent = SILENT_MOST;
	size_t n = dns_look (&zone, &s, record);
	if (l.channel)
		ares_destroy (l.channel);
	*told = (struct dns_told){ .workspace_id = j->workspace_id,
				   .mail_account_id = j->mail_account_id,
				   .attempt = j->attempt,
				   .state = states[worst (record, n)],
				   .records = records_json (a, record, n) };
	return told;
}
