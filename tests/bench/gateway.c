/* Rows about the gateway alone, by wrk: log-ins beside bare argon2id, reads beside a bare libmicrohttpd that answers as many bytes from memory.
 * Ours and the peer in turn, on the same cores. It must never count an answer that is no success. */
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bench.h"
#include "seal.h"

/* Requests a second, as wrk saw them; every answer must be a success (or 304). */
static double wrk_rate (int port, const char *path, const char *const *words)
{
	char url[400], time[16], connections[16];
	const char *argv[32] = { "/usr/bin/wrk", "-t1", connections, time };
	int n = 4, code;
	snprintf (connections, sizeof connections, "-c%d", CONNECTIONS);
	snprintf (time, sizeof time, "-d%ds", seconds);
	snprintf (url, sizeof url, "http://127.0.0.1:%d%s", port, path);
	for (; *words && strcmp (*words, "--") != 0; words++)
		argv[n++] = *words;
	argv[n++] = url;
	for (; *words; words++)
		argv[n++] = *words;
	char *text = program_run (argv, &code), *rate = strstr (text, "Requests/sec:");
	CHECK (!code && rate, "wrk: %d %s", code, text);
	CHECK (!strstr (text, "Non-2xx") && !strstr (text, "Socket errors"), "wrk %s: %s", path, text);
	double ret = strtod (rate + 13, NULL);
	free (text);
	return ret;
}

/* ---- log-ins ---- */

struct hashing {
	pthread_t thread;
	const char *hash;
	int64_t until, n;
};

static void *hash_on (void *ctx)
{
	struct hashing *h = ctx;
	while (now_us () < h->until) {
		CHECK (password_verify (h->hash, "een goed wachtwoord"), "the password does not fit");
		h->n++;
	}
	return NULL;
}

/* Checks of a password a second by nothing but libsodium, a thread a core. */
static double bare_checks (const char *hash)
{
	struct hashing h[64];
	long n = sysconf (_SC_NPROCESSORS_ONLN);
	int64_t began = now_us (), sum = 0;
	n = n > 64 ? 64 : n;
	for (long i = 0; i < n; i++) {
		h[i] = (struct hashing){ .hash = hash, .until = began + (int64_t) seconds * 1000000 };
		pthread_create (&h[i].thread, NULL, hash_on, &h[i]);
	}
	for (long i = 0; i < n; i++) {
		pthread_join (h[i].thread, NULL);
		sum += h[i].n;
	}
	return (double) sum * 1e6 / (double) (now_us () - began);
}

/* The most that a process has had in memory since peak_begin, MB. */
static void peak_begin (pid_t pid)
{
	char path[64];
	snprintf (path, sizeof path, "/proc/%d/clear_refs", (int) pid);
	FILE *file = fopen (path, "w");
	CHECK (file && fputs ("5", file) >= 0 && !fclose (file), "%s cannot be written", path);
}

static double peak_mb (pid_t pid)
{
	char path[64], line[200];
	long long kb = 0;
	snprintf (path, sizeof path, "/proc/%d/status", (int) pid);
	FILE *file = fopen (path, "r");
	while (file && fgets (line, sizeof line, file))
		if (!strncmp (line, "VmHWM:", 6))
			sscanf (line + 6, "%lld", &kb);
	if (file)
		fclose (file);
	return (double) kb / 1024;
}

void row_logins (void)
{
	double ours[PAIRS], bare[PAIRS], rise[PAIRS], rest[PAIRS];
	char hash[PASSWORD_TEXT];
	house_main ();
	json_t *user = ctl (&house.s, "user add bench@leadwire.example --workspace bench --role manager --password 'een goed wachtwoord'");
	json_decref (user);
	CHECK (password_hash ("een goed wachtwoord", hash), "argon2id does not work");
	pid_t pid = daemon_pid (&house.s, "gateway", 0);
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		rest[i] = (double) smaps_value (pid, "Rss:") / 1024;
		peak_begin (pid);
		ours[i] = wrk_rate (house.s.port, "/api/login",
				    (const char *[]){ "-s", "tests/bench/login.lua", "--timeout", "10s", "--", "bench@leadwire.example",
						      "een goed wachtwoord", NULL });
		rise[i] = peak_mb (pid) - rest[i];
		bare[i] = bare_checks (hash);
	}
	row_pairs ("logins", ours, bare, PAIRS, "log-ins/s", "≥ 0.8 × bare argon2id on every core", 0.8, true);
	for (int i = 0; i < PAIRS; i++)
		bare[i] = 48; /* two at once of 19 MB, and sessions */
	row_pairs ("logins_memory", rise, bare, PAIRS, "MB more", "≤ 48 MB over what it had at rest", 1, false);
}

/* ---- reads ---- */

static struct MHD_Response *bare_response;

static enum MHD_Result bare_answer (void *ctx, struct MHD_Connection *c, const char *url, const char *method, const char *version,
				    const char *body, size_t *size, void **mine)
{
	static int seen;
	(void) ctx, (void) url, (void) method, (void) version, (void) body, (void) size;
	if (!*mine) {
		*mine = &seen;
		return MHD_YES;
	}
	return MHD_queue_response (c, MHD_HTTP_OK, bare_response);
}

/* A process that answers everything with n bytes out of its memory. */
static pid_t bare_start (int port, size_t n)
{
	pid_t pid = fork ();
	if (pid)
		return pid;
	char *body = malloc (n + 1);
	memset (body, 'x', n + 1);
	bare_response = MHD_create_response_from_buffer (n, body, MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *d = MHD_start_daemon (MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t) port, NULL, NULL, bare_answer, NULL,
						 MHD_OPTION_END);
	while (d)
		pause ();
	_exit (1);
}

static bool bare_answers (int port)
{
	struct stack s = { .port = port };
	snprintf (s.api, sizeof s.api, "http://127.0.0.1:%d", port);
	struct web_answer a = web (&s, NULL, "GET", "/", NULL);
	bool yes = a.status == 200;
	web_free (&a);
	return yes;
}

struct read {
	const char *name, *path, *header, *aim;
	double wanted;
};

/* A read, and a bare answer of as many bytes. */
static void row_read (const struct read *r)
{
	char key[300], tag[300] = "X-None: 1";
	double ours[PAIRS], bare[PAIRS];
	int port = port_first () + 15;
	struct web_answer a = web (&house.s, house.key, "GET", r->path, NULL);
	CHECK (a.status == 200, "%s is answered %d", r->path, a.status);
	size_t bytes = r->header ? 0 : strlen (a.body);
	if (r->header) {
		char room[200];
		const char *given = web_header (&a, "ETag", room, sizeof room);
		CHECK (given, "%s has no ETag", r->path);
		snprintf (tag, sizeof tag, "%s: %s", r->header, given);
	}
	web_free (&a);
	snprintf (key, sizeof key, "Authorization: Bearer %s", house.key);
	pid_t pid = bare_start (port, bytes);
	UNTIL (5000, bare_answers (port), "the bare server does not answer");
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		ours[i] = wrk_rate (house.s.port, r->path, (const char *[]){ "-H", key, "-H", tag, NULL });
		bare[i] = wrk_rate (port, "/", (const char *[]){ "-H", key, "-H", tag, NULL });
	}
	kill (pid, SIGTERM);
	waitpid (pid, NULL, 0);
	row_pairs (r->name, ours, bare, PAIRS, "reads/s", r->aim, r->wanted, true);
}

void row_reads (void)
{
	house_main ();
	ours_run (&house, 1, PEOPLE, 500000);
	char deal[200];
	struct web_answer a = web (&house.s, house.key, "GET", "/api/crm/opportunities?limit=1", NULL);
	snprintf (deal, sizeof deal, "/api/crm/opportunities/%s", text_at (a.json, "data.0.id"));
	web_free (&a);
	const struct read reads[] = {
		{ "read_from_memory", "/", NULL, "≥ 0.5 × a bare answer of its size", 0.5 },
		{ "read_not_modified", "/", "If-None-Match", "≥ 0.5 × a bare empty answer", 0.5 },
		{ "read_of_a_deal", deal, NULL, "≥ 0.1 × a bare answer of its size", 0.1 },
		{ "read_of_the_board", "/api/crm/pipeline", NULL, "≥ 0.01 × a bare answer of its size", 0.01 },
	};
	for (size_t i = 0; i < LENGTH (reads); i++)
		row_read (&reads[i]);
}
