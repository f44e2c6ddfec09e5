/* Rows about mail: mails a second handed to an SMTP server beside, by one worker that keeps its connection; templates filled and mails read a second on one
 * core; what the mailer holds in memory behind it. Never a mail that leaves this machine. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../services/mailer/inbound.h"
#include "template.h"
#include "bench.h"

enum { MAILS = 1000 };

/* ---- a server that takes everything ---- */

struct sink {
	int listener;
	_Atomic int connections, taken;
};

struct line_of {
	FILE *in;
	int out;
	struct sink *sink;
};

static void sink_say (int out, const char *text)
{
	for (size_t n = strlen (text); n;) {
		ssize_t did = write (out, text, n);
		if (did <= 0)
			return;
		text += did;
		n -= (size_t) did;
	}
}

static void *sink_talk (void *ctx)
{
	struct line_of *l = ctx;
	char *line = NULL;
	size_t room = 0;
	bool data = false;
	sink_say (l->out, "220 sink ESMTP\r\n");
	while (getline (&line, &room, l->in) > 0) {
		if (data && strcmp (line, ".\r\n") != 0)
			continue;
		if (data) {
			data = false;
			l->sink->taken++;
			sink_say (l->out, "250 2.0.0 taken\r\n");
		} else if (!strncasecmp (line, "DATA", 4)) {
			data = true;
			sink_say (l->out, "354 go on\r\n");
		} else if (!strncasecmp (line, "EHLO", 4)) {
			sink_say (l->out, "250-sink\r\n250-8BITMIME\r\n250 PIPELINING\r\n");
		} else if (!strncasecmp (line, "QUIT", 4)) {
			sink_say (l->out, "221 bye\r\n");
			break;
		} else {
			sink_say (l->out, "250 OK\r\n");
		}
	}
	free (line);
	fclose (l->in);
	free (l);
	return NULL;
}

static void *sink_listen (void *ctx)
{
	struct sink *s = ctx;
	for (int fd; (fd = accept (s->listener, NULL, NULL)) >= 0;) {
		struct line_of *l = malloc (sizeof *l);
		pthread_t thread;
		*l = (struct line_of){ .in = fdopen (fd, "r"), .out = fd, .sink = s };
		/* it is read by one thread, which waits in it and must not hold up a flush of all */
		__fsetlocking (l->in, FSETLOCKING_BYCALLER);
		s->connections++;
		pthread_create (&thread, NULL, sink_talk, l);
		pthread_detach (thread);
	}
	return NULL;
}

static int sink_open (struct sink *s)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	socklen_t n = sizeof at;
	pthread_t thread;
	s->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK (!bind (s->listener, (struct sockaddr *) &at, n) && !listen (s->listener, 16) &&
		       !getsockname (s->listener, (struct sockaddr *) &at, &n),
	       "the SMTP server of the benchmark does not start");
	pthread_create (&thread, NULL, sink_listen, s);
	pthread_detach (thread);
	return ntohs (at.sin_port);
}

/* ---- handed over ---- */

static const char *const mail_words[] = { "--env", "mailer:CRM_MAIL_PRIVATE=yes", "--env", "mailer:CRM_MAIL_HOLD=0", NULL };

/* Mails as people wrote them, due at once; past the daemons, so that writing them is not what is measured. */
static void mails_write (struct stack *s, const char *account)
{
	sql_do (s,
		"with m as (insert into mailer.message (workspace_id, id, direction, created_at, version, thread_id, account_id, subject, body_text, body_html, from_email, "
		"message_id, transactional, auto, send_at, size, state) "
		"select a.workspace_id, i.id, 'out', now(), 1, i.id, a.id, 'Your quote for sun shades', repeat('Dear Sanne, this is what it costs. ', 30), "
		"'<p>' || repeat('Dear Sanne, this is what it costs. ', 30) || '</p>', a.from_email, i.id || '@zon.test', true, false, now(), 1000, 'queued' "
		"from mailer.account a, lateral (select gen_random_uuid() as id from generate_series(1, %d) g where a.id is not null) i where a.id = '%s' "
		"returning workspace_id, id, account_id) "
		"insert into mailer.recipient (workspace_id, message_id, n, account_id, kind, email, state, state_at, attempts, repeated, next_at) "
		"select workspace_id, id, 1, account_id, 'to', 'a' || row_number() over () || '@klant.test', 'queued', now(), 0, false, now() from m",
		MAILS, account);
}

static void handed (void)
{
	struct stack s;
	struct sink sink = { 0 };
	char var[200], body[300];
	double rate[PAIRS], rss[PAIRS], aim[PAIRS];
	int port = sink_open (&sink);
	snprintf (var, sizeof var, "%s-mails", getenv ("BENCH_VAR") ? getenv ("BENCH_VAR") : "/tmp/bench");
	stack_up (&s, var, port_first () + 40, mail_words);
	json_decref (ctl (&s, "workspace add bench --preset nl-offerte-6"));
	json_t *key = ctl (&s, "apikey add --workspace bench --role owner");
	snprintf (body, sizeof body,
		  "{\"kind\":\"smtp\",\"name\":\"Sink\",\"from_email\":\"a@zon.test\",\"host\":\"127.0.0.1\",\"port\":%d,\"tls\":\"none\"}",
		  port);
	settle (&s);
	struct web_answer a = web (&s, text_at (key, "key"), "POST", "/api/crm/mail/accounts", "%s", body);
	CHECK (a.status == 201, "an account is %d: %s", a.status, a.body);
	/* an empty mailer's plans are for empty tables: what that costs is told, and what is measured begins after the first look of autovacuum */
	mails_write (&s, text_at (a.json, "id"));
	UNTIL (120000, sql_number (&s, "select count(*) from mailer.recipient where state <> 'sent'") == 0, "the mails do not go");
	fprintf (stderr, "  the first %d mails of an empty mailer: %lld a second\n", MAILS,
		 (long long) sql_number (&s,
					 "select (count(*) / extract(epoch from max(ended_at) - min(began_at)))::bigint from mailer.try"));
	sql_do (&s, "analyze");
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		mails_write (&s, text_at (a.json, "id"));
		int64_t pg = postgres_cpu (&s), own = daemons_cpu (&s);
		UNTIL (120000, sql_number (&s, "select count(*) from mailer.recipient where state <> 'sent'") == 0, "the mails do not go");
		rate[i] = (double) sql_number (
			&s,
			"select (count(*) / extract(epoch from max(ended_at) - min(began_at)))::bigint from (select * from mailer.try order by began_at desc limit %d) t",
			MAILS);
		rss[i] = (double) smaps_value (daemon_pid (&s, "mailer", 0), "Rss:") / 1024;
		aim[i] = 500;
		fprintf (stderr, "  %d mails: %.0f a second; a mail: Postgres %lld µs, daemons %lld µs of CPU; the mailer at %.1f MB\n",
			 MAILS, rate[i], (long long) (postgres_cpu (&s) - pg) / MAILS, (long long) (daemons_cpu (&s) - own) / MAILS,
			 rss[i]);
	}
	CHECK (sink.taken == MAILS * (PAIRS + 1), "%d mails were taken, not %d", sink.taken, MAILS * (PAIRS + 1));
	row_pairs ("mails_smtp", rate, aim, PAIRS, "mails/s", "≥ 500 on one worker", 1, true);
	printf ("%-26s   %d connections for %d mails\n", "", sink.connections, sink.taken);
	for (int i = 0; i < PAIRS; i++)
		aim[i] = 40;
	row_pairs ("mails_memory", rss, aim, PAIRS, "MB RSS", "≤ 40 MB while mails go", 1, false);
	web_free (&a);
	json_decref (key);
	stack_down (&s);
	free (program_run ((const char *[]){ "/bin/rm", "-rf", s.var, NULL }, NULL));
}

/* ---- filled, and read: on one core, in this process ---- */

static void filled (void)
{
	static const struct template_place places[] = {
		{ "contact.first_name", TEMPLATE_IS_TEXT }, { "deal.title", TEMPLATE_IS_TEXT },
		{ "deal.value", TEMPLATE_IS_MONEY },	    { "today", TEMPLATE_IS_DATE },
		{ "quote.lines", TEMPLATE_IS_LIST },	    { "quote.lines.description", TEMPLATE_IS_TEXT },
		{ "quote.lines.total", TEMPLATE_IS_MONEY }, { NULL, TEMPLATE_IS_TEXT },
	};
	static const char text[] =
		"Dear {{contact.first_name | default:\"reader\"}},\n\nOn {{today | date}} we wrote about **{{deal.title}}**.\n"
		"{% if deal.value %}It comes to {{deal.value | money}}.{% else %}What it costs is not known.{% end %}\n"
		"{% for line in quote.lines %}- {{line.description}}: {{line.total}}\n{% end %}\nKind regards\n";
	json_t *values = json_pack ("{s:{s:s},s:{s:s,s:{s:s,s:s}},s:s,s:{s:[]}}", "contact", "first_name", "Sanne", "deal", "title",
				    "Sun *shades*", "value", "amount", "1815.00", "currency", "EUR", "today", "2026-11-22", "quote",
				    "lines");
	json_t *lines = json_object_get (json_object_get (values, "quote"), "lines");
	double rate[PAIRS], aim[PAIRS];
	for (int i = 0; i < 10; i++)
		json_array_append_new (lines, json_pack ("{s:s,s:{s:s,s:s}}", "description", "An awning & its motor", "total", "amount",
							 "181.50", "currency", "EUR"));
	for (int i = 0; i < PAIRS; i++) {
		struct arena a;
		int n = 0;
		calibrate ();
		arena_init (&a);
		int64_t began = now_us (), until = began + 1000000;
		for (; now_us () < until; n++) {
			const char *ret;
			struct template_error error;
			CHECK (template_render (&a, text, places, values, TEMPLATE_MARKDOWN, TEMPLATE_EN, &ret, &error) == OK, "%d:%d %s",
			       error.line, error.column, error.name);
			arena_reset (&a);
		}
		rate[i] = (double) n * 1e6 / (double) (now_us () - began);
		aim[i] = 20000;
		arena_fini (&a);
	}
	row_pairs ("template_renders", rate, aim, PAIRS, "renders/s", "≥ 20,000: 10 lines, one core", 1, true);
	json_decref (values);
}

static void read_in (void)
{
	static char mail[40000];
	size_t n = (size_t) snprintf (
		mail, sizeof mail, "%s",
		"From: =?UTF-8?Q?Ren=C3=A9?= <rene@klant.test>\r\nTo: reply+abcdefghijkl@in.zon.test\r\nSubject: Re: =?UTF-8?B?T2ZmZXJ0ZSDigJMgY2Fmw6k=?=\r\n"
		"Message-ID: <a1@klant.test>\r\nIn-Reply-To: <b1@zon.test>\r\nReferences: <b0@zon.test> <b1@zon.test>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0100\r\n"
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
		"--a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nAkkoord, caf=E9!\r\n\r\n"
		"Op 21 nov 2026 schreef Verkoop:\r\n> Beste Ren=E9,\r\n> hierbij de offerte.\r\n"
		"--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Akkoord!</p><blockquote>Beste</blockquote>\r\n--a--\r\n"
		"--m\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
	for (int i = 0; i < 270; i++) /* 20 kB */
		n += (size_t) snprintf (mail + n, sizeof mail - n,
					"JVBERi0xLjQKJdPr6eEKMSAwIG9iago8PC9DcmVhdG9yIChNb3ppbGxhLzUuMCBcKFgxMTsgTGlu\r\n");
	n += (size_t) snprintf (mail + n, sizeof mail - n, "--m--\r\n");
	double rate[PAIRS], aim[PAIRS];
	for (int i = 0; i < PAIRS; i++) {
		struct arena a;
		int times = 0;
		calibrate ();
		arena_init (&a);
		int64_t began = now_us (), until = began + 1000000;
		for (; now_us () < until; times++) {
			struct mail ret;
			mail_read (&a, (struct bytes){ (const unsigned char *) mail, n }, &ret);
			CHECK (ret.files == 1 && ret.own_n && strstr (ret.text, "caf\xc3\xa9"), "the mail was not read: %s", ret.text);
			arena_reset (&a);
		}
		rate[i] = (double) times * 1e6 / (double) (now_us () - began);
		aim[i] = 2000;
		arena_fini (&a);
	}
	row_pairs ("inbound_parses", rate, aim, PAIRS, "mails/s", "≥ 2,000: 22 kB, a file, one core", 1, true);
}

void row_mails (void)
{
	filled ();
	read_in ();
	handed ();
}
