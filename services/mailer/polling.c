/* Looks into a mailbox: libcurl connects, keeps the talk to itself and logs in; what is new is then read by our own IMAP, for libcurl's would mark it as
 * seen. Each message is on disk before it is told of; no SQL, no transaction.
 * It must never change anything on a server, step over a message that was not kept, or let a server hold it longer than its limit. */
#include "mailboxes.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "files.h"
#include "imap.h"
#include "inbound.h"
#include "seal.h"

enum {
	MESSAGES_MOST = 50,    /* of one look: what is left is taken at once after it is recorded */
	BYTES_MOST = 64 << 20, /* likewise */
	HEAD_MOST = 256 << 10,
	CONNECT_SECONDS = 15,
	SILENCE_MS = 30000,
	SLICE_MS = 500,
	WORDS_MOST = 300,
};

static const int64_t day_us = INT64_C (86400) * 1000000;

struct look {
	struct effect *effect;
	const struct mailbox_job *job;
	struct mailbox_told *told;
	CURL *curl;
	struct imap imap;
	int64_t until;				       /* clock_monotonic */
	char error[CURL_ERROR_SIZE], last[WORDS_MOST]; /* what libcurl says, and what the server said last */
	bool late;
	struct outside outside;
	json_t *messages;
	size_t bytes;
	bool more;
};

/* ---- what went wrong ---- */

static void fail (struct look *l, enum mailbox_fault fault, const char *words)
{
	char *text = arena_printf (effect_arena (l->effect), "%.300s", words);
	for (char *p = text; *p; p++)
		if ((unsigned char) *p < ' ' || (unsigned char) *p > '~')
			*p = '?';
	l->told->fault = fault;
	l->told->has.fault = HERE;
	l->told->error = text;
	l->told->has.error = *text ? HERE : ABSENT;
}

/* libcurl's codes that are about TLS differ from one version to the next: what began encrypted and did not come to a log-in is one of them. */
static bool code_is_tls (CURLcode code)
{
	switch ((int) code) {
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_ENGINE_NOTFOUND:
	case CURLE_SSL_SHUTDOWN_FAILED: return true;
	}
	return false;
}

static void fail_connecting (struct look *l, CURLcode code)
{
	const char *words = *l->error ? l->error : curl_easy_strerror (code);
	if (l->outside.refused)
		fail (l, mailbox_fault_private, "its address is a private one, which is not allowed here");
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		fail (l, mailbox_fault_dns, words);
	else if (code == CURLE_COULDNT_CONNECT)
		fail (l, mailbox_fault_connect, words);
	else if (code == CURLE_LOGIN_DENIED)
		fail (l, mailbox_fault_login, *l->last ? l->last : words);
	else if (code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK)
		fail (l, mailbox_fault_timeout, words);
	else if (code_is_tls (code))
		fail (l, mailbox_fault_tls, words);
	else
		fail (l, mailbox_fault_server, words);
}

/* `what`: of which message, or nothing. */
static void fail_talking (struct look *l, enum imap_said said, enum mailbox_fault refused, const char *what)
{
	enum mailbox_fault fault = said == IMAP_NO ? refused : l->late ? mailbox_fault_timeout : mailbox_fault_server;
	fail (l, fault, arena_printf (effect_arena (l->effect), "%s%s", what, l->imap.words));
}

/* ---- libcurl ---- */

/* Why a log-in was refused: "A002 NO [AUTHENTICATIONFAILED] …". What we say is not looked at. */
static int wire_hear (CURL *curl, curl_infotype type, char *at, size_t n, void *ctx)
{
	struct look *l = ctx;
	(void) curl;
	const char *space = type == CURLINFO_HEADER_IN ? memchr (at, ' ', n) : NULL;
	if (!space)
		return 0;
	size_t left = n - (size_t) (space + 1 - at);
	while (left && (space[left] == '\r' || space[left] == '\n'))
		left--;
	if (left > 3 && (!strncasecmp (space + 1, "NO ", 3) || !strncasecmp (space + 1, "BAD ", 4)))
		snprintf (l->last, sizeof l->last, "%.*s", (int) left, space + 1);
	return 0;
}

static int wire_ends (void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct look *l = ctx;
	(void) a, (void) b, (void) c, (void) d;
	return effect_ends (l->effect);
}

static bool wire_open (struct look *l, const char *secret)
{
	const struct mailbox_job *j = l->job;
	CURL *c = l->curl;
	curl_easy_setopt (c, CURLOPT_URL,
			  arena_printf (effect_arena (l->effect), "%s://%s:%lld", j->tls == mail_tls_tls ? "imaps" : "imap", j->host,
					(long long) j->port));
	curl_easy_setopt (c, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt (c, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt (c, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS);
	curl_easy_setopt (c, CURLOPT_TIMEOUT, (long) SILENCE_MS / 1000);
	curl_easy_setopt (c, CURLOPT_ERRORBUFFER, l->error);
	curl_easy_setopt (c, CURLOPT_VERBOSE, 1L); /* to hear what is said; none of it is printed */
	curl_easy_setopt (c, CURLOPT_DEBUGFUNCTION, wire_hear);
	curl_easy_setopt (c, CURLOPT_DEBUGDATA, l);
	curl_easy_setopt (c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt (c, CURLOPT_XFERINFOFUNCTION, wire_ends);
	curl_easy_setopt (c, CURLOPT_XFERINFODATA, l);
	if (j->tls == mail_tls_starttls)
		curl_easy_setopt (c, CURLOPT_USE_SSL, (long) CURLUSESSL_ALL);
	l->outside = mailer_outside ();
	curl_outside (c, &l->outside);
	if (j->oauth) {
		curl_bearer (c, j->login, secret);
	} else {
		curl_easy_setopt (c, CURLOPT_USERNAME, j->login);
		curl_easy_setopt (c, CURLOPT_PASSWORD, secret);
	}
	CURLcode code = curl_easy_perform (c);
	if (code != CURLE_OK)
		fail_connecting (l, code);
	return code == CURLE_OK;
}

/* Until the server can be read from, or written to. False: it fell silent, the time is over, or the process stops. */
static bool wire_wait (struct look *l, short events)
{
	curl_socket_t at = CURL_SOCKET_BAD;
	int64_t silent = clock_monotonic () + SILENCE_MS * INT64_C (1000), until = silent < l->until ? silent : l->until;
	if (curl_easy_getinfo (l->curl, CURLINFO_ACTIVESOCKET, &at) != CURLE_OK || at == CURL_SOCKET_BAD)
		return false;
	while (!effect_ends (l->effect) && clock_monotonic () < until) {
		struct pollfd p = { .fd = at, .events = events };
		int n = poll (&p, 1, SLICE_MS);
		if (n > 0 || (n < 0 && errno != EINTR))
			return n > 0;
	}
	l->late = true;
	return false;
}

static void words_put (struct look *l, const char *words)
{
	snprintf (l->imap.words, sizeof l->imap.words, "%s", words);
}

static size_t wire_read (void *ctx, unsigned char *at, size_t room)
{
	struct look *l = ctx;
	for (;;) {
		size_t n = 0;
		if (effect_ends (l->effect) || clock_monotonic () >= l->until) { /* also of a server that never pauses */
			l->late = true;
			words_put (l, "the server takes too long");
			return 0;
		}
		CURLcode code = curl_easy_recv (l->curl, at, room, &n);
		if (code == CURLE_OK) {
			if (!n)
				words_put (l, "the server broke off");
			return n;
		}
		if (code != CURLE_AGAIN) {
			words_put (l, curl_easy_strerror (code));
			return 0;
		}
		if (!wire_wait (l, POLLIN)) {
			words_put (l, "the server takes too long");
			return 0;
		}
	}
}

static bool wire_write (void *ctx, const char *at, size_t n)
{
	struct look *l = ctx;
	while (n) {
		size_t part = 0;
		CURLcode code = curl_easy_send (l->curl, at, n, &part);
		if (code == CURLE_AGAIN && wire_wait (l, POLLOUT))
			continue;
		if (code != CURLE_OK) {
			words_put (l, code == CURLE_AGAIN ? "the server takes too long" : curl_easy_strerror (code));
			return false;
		}
		at += part;
		n -= part;
	}
	return true;
}

/* ---- messages ---- */

/* On disk for good, and told of; `fault`: it stands for one that cannot be had. */
static bool message_keep (struct look *l, int64_t uid, const void *at, size_t n, const char *fault)
{
	char sha256[SHA256_TEXT], id[UUID_TEXT];
	if (file_put (effect_files (l->effect), l->job->workspace_id.uuid, (struct bytes){ at, n }, sha256) != OK) {
		fail (l, mailbox_fault_disk, "what came could not be kept here; it is tried again");
		return false;
	}
	json_array_append_new (l->messages, json_pack ("{ss ss sI ss*}", "id", uuid_format (uuid_v7 (clock_now ()), id), "sha256", sha256,
						       "size", (json_int_t) n, "fault", fault));
	l->told->last_uid = uid;
	l->bytes += n;
	return true;
}

/* It could not be taken. After a while it is listed as unreadable and stepped over, else it would hold its mailbox for ever. True: the next one. */
static bool message_refused (struct look *l, int64_t uid, enum imap_said said)
{
	const struct mailbox_job *j = l->job;
	struct arena *a = effect_arena (l->effect);
	bool again = j->has.stuck_uid == HERE && j->stuck_uid == uid && j->has.validity == HERE && j->validity == l->told->validity;
	fail_talking (l, said, mailbox_fault_server, arena_printf (a, "message %lld: ", (long long) uid));
	if (effect_ends (l->effect))
		return false;
	l->told->stuck_uid = uid;
	l->told->has.stuck_uid = HERE;
	if (!again || !mailbox_steps_over (j->stuck + 1, said == IMAP_NO))
		return false;
	const char *words = l->told->has.error == HERE ? l->told->error : "";
	const char *note = mailbox_refusal (a, j->folder, l->told->validity, uid, words,
					    j->has.language == HERE && !strcmp (j->language, "nl"));
	if (!message_keep (l, uid, note, strlen (note), "its server does not give it"))
		return false;
	l->told->has.stuck_uid = l->told->has.fault = l->told->has.error = ABSENT;
	l->more = true; /* whoever broke off is asked anew */
	return said == IMAP_NO;
}

static bool message_take (struct look *l, int64_t uid, struct buffer *body)
{
	struct arena *a = effect_arena (l->effect);
	int64_t size;
	bool there = false;
	enum imap_said said = imap_size (&l->imap, uid, &size);
	bool large = said == IMAP_OK && size > INBOUND_MOST;
	if (said == IMAP_OK && size >= 0)
		said = imap_fetch (&l->imap, uid, large, large ? HEAD_MOST : INBOUND_MOST, body, &there);
	if (said != IMAP_OK)
		return message_refused (l, uid, said);
	if (!there || !body->n) { /* somebody took it away meanwhile, or there is nothing in it */
		l->told->last_uid = uid;
		return true;
	}
	if (!large)
		return message_keep (l, uid, body->at, body->n, NULL);
	bool dutch = l->job->has.language == HERE && !strcmp (l->job->language, "nl");
	const char *note = mailbox_note (a, (const char *) body->at, body->n, size, dutch);
	return message_keep (l, uid, note, strlen (note), NULL);
}

static void messages_take (struct look *l)
{
	const struct mailbox_job *j = l->job;
	struct buffer body = { 0 };
	int64_t uid[MESSAGES_MOST], half = l->until - MAILBOX_LIMIT * INT64_C (500000);
	int64_t validity = 0;
	size_t n = 0;
	enum imap_said said = imap_open (&l->imap, j->folder, &validity);
	if (said != IMAP_OK) {
		fail_talking (l, said, mailbox_fault_folder, "");
		return;
	}
	bool anew = j->has.validity != HERE || j->validity != validity;
	l->told->validity = validity;
	l->told->last_uid = anew ? 0 : j->last_uid;
	l->told->has.validity = l->told->has.last_uid = HERE;
	said = imap_search (&l->imap, l->told->last_uid + 1, j->since - day_us, uid, MESSAGES_MOST, &n, &l->more);
	if (said != IMAP_OK)
		fail_talking (l, said, mailbox_fault_folder, "");
	for (size_t i = 0; said == IMAP_OK && i < n; i++) {
		if (l->bytes > BYTES_MOST || clock_monotonic () > half || effect_ends (l->effect)) {
			l->more = true;
			break;
		}
		if (!message_take (l, uid[i], &body))
			break;
	}
	buffer_fini (&body);
}

static void look (struct look *l, const char *secret)
{
	if (!wire_open (l, secret))
		return;
	imap_init (&l->imap);
	l->imap.read = wire_read;
	l->imap.write = wire_write;
	l->imap.ctx = l;
	messages_take (l);
	imap_close (&l->imap);
	imap_fini (&l->imap);
}

const void *mailbox_act (struct effect *e, const void *claimed)
{
	const struct mailbox_job *j = claimed;
	struct arena *a = effect_arena (e);
	struct mailbox_told *told = arena_alloc (a, sizeof *told);
	struct look *l = arena_alloc (a, sizeof *l);
	struct bytes secret = { 0 };
	*told = (struct mailbox_told){ .workspace_id = j->workspace_id, .mail_account_id = j->mail_account_id, .attempt = j->attempt };
	*l = (struct look){ .effect = e,
			    .job = j,
			    .told = told,
			    .curl = curl_easy_init (),
			    .until = clock_monotonic () + effect_limit (e) * INT64_C (1000000),
			    .messages = json_array () };
	const char *sealed = j->oauth ? j->has.access_sealed == HERE ? j->access_sealed : NULL : j->has.sealed == HERE ? j->sealed : "";
	if (!sealed)
		fail (l, mailbox_fault_oauth, "nobody is logged in with the provider, or not any more: log in again");
	else if (!l->curl || unseal_text (a, sealed, &secret) != OK)
		fail (l, mailbox_fault_secret, "its password cannot be read: it was sealed with another CRM_KEY");
	else
		look (l, (const char *) secret.at);
	if (secret.at)
		sodium_memzero ((void *) (uintptr_t) secret.at, secret.n);
	curl_easy_cleanup (l->curl);
	char *text = json_dumps (l->messages, JSON_COMPACT);
	told->messages = arena_text (a, text);
	told->wait = told->has.fault == HERE ? mailbox_wait (mailer_config.poll, j->fails + 1) : l->more ? 0 : mailer_config.poll;
	free (text);
	json_decref (l->messages);
	return told;
}
