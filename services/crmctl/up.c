/* Starts a house and stays: Postgres first, then the daemons; restarts what dies, gathers every log line, stops everything in order.
 * One supervisor a house. It must never leave a process behind, nor take part in what the daemons do. */
#include "clock.h"
#include "crmctl.h"
#include "postgres.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Every daemon, and its ports counted from PORT. A further replica's stand 20 (metrics) and 40 (HTTP) higher, one by one. */
static const struct daemon {
	const char *name, *schema;
	int http; /* -1: none of its own */
	int metrics;
} daemons[] = {
	{ "gateway", "gateway", 0, 2 },	   { "lead-intake", "lead_intake", 1, 3 }, { "contacts", "contacts", -1, 4 },
	{ "pipeline", "pipeline", -1, 5 }, { "mailer", "mailer", 6, 7 }, /* after what it hears */
	{ "billing", "billing", 8, 9 },	   { "automation", "automation", -1, 10 },
};

enum { CHILDREN_MAX = 48, ENV_MAX = 32, LINE_MAX = 16384 };
enum { TICK = 10, GRACE = 10000, GRACE_POSTGRES = 30000, DELAY_FIRST = 20, DELAY_MOST = 5000, STEADY = 5000 }; /* ms */

struct child {
	const struct daemon *daemon; /* null: Postgres, or the maker of the demo data */
	char name[24];
	int replica, http, metrics;
	pid_t pid; /* 0: does not run */
	int out;   /* its log lines; -1: none */
	int door;  /* its HTTP socket, which outlives it: who knocks while it restarts waits; -1: none */
	bool ready, held, once, replaced;
	int64_t started, again; /* ms; again: when to start it next, 0: not */
	int64_t delay;
	int starts;
	char line[LINE_MAX];
	size_t line_n;
};

struct up {
	struct house house;
	struct postgres postgres;
	char dsn[1024]; /* libpq words without a user */
	int port, wait;
	bool detach, json, demo, outside, foreground, stopping, announced;
	const char *outside_dsn;
	const char *env[ENV_MAX];
	size_t n_env;
	struct child child[CHILDREN_MAX];
	size_t n;
	int signals, lock, tell; /* tell: the waiting parent of a detached supervisor, -1: none */
	FILE *log;
	int64_t began;
};

static int64_t now_ms (void)
{
	struct timespec t;
	clock_gettime (CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- log lines ---- */

/* For a person: time, who, what, then the values. */
static void line_show (const char *line)
{
	json_t *o = json_loads (line, 0, NULL), *value;
	const char *key;
	if (!o)
		return;
	const char *time = json_string_value (json_object_get (o, "time")), *level = json_string_value (json_object_get (o, "level"));
	const char *service = json_string_value (json_object_get (o, "service")), *event = json_string_value (json_object_get (o, "event"));
	bool loud = level && (!strcmp (level, "warn") || !strcmp (level, "error"));
	if (!loud && event && !strncmp (event, "lane_", 5)) { /* sixteen of each at every start; they stand in the log */
		json_decref (o);
		return;
	}
	fprintf (stderr, "%.12s %-12s %s%s", time && strlen (time) > 22 ? time + 11 : "", service ? service : "", loud ? level : "",
		 loud ? " " : "");
	fprintf (stderr, "%s", event ? event : "");
	json_object_foreach (o, key, value)
	{
		if (!strcmp (key, "time") || !strcmp (key, "level") || !strcmp (key, "service") || !strcmp (key, "event"))
			continue;
		char *text = json_is_string (value) ? NULL : json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT);
		fprintf (stderr, " %s=%s", key, text ? text : json_string_value (value));
		free (text);
	}
	fputc ('\n', stderr);
	json_decref (o);
}

/* An empty house says its one-time code; with --demo somebody is going to be there in a moment. False: it was another line. */
static bool setup_show (const struct up *u, const char *line)
{
	json_t *o = strstr (line, "\"setup_code\"") ? json_loads (line, 0, NULL) : NULL;
	const char *code = json_string_value (json_object_get (o, "code"));
	if (code && !u->demo)
		fprintf (
			stderr,
			"\n    Nobody is here yet. Open http://127.0.0.1:%d/setup and enter the code\n\n        %s\n\n    It is good for %d minutes; "
			"opening the page later makes another one.\n\n",
			u->port, code, (int) json_integer_value (json_object_get (o, "minutes")));
	json_decref (o);
	return code != NULL;
}

/* A line of a child that speaks JSON goes into the log as it is; any other is wrapped, so that the log stays one object a line. */
static void line_take (struct up *u, const struct child *c, const char *line)
{
	if (*line == '{') {
		fprintf (u->log, "%s\n", line);
		bool shown = (u->foreground || (u->tell >= 0 && !u->json)) &&
			     setup_show (u, line); /* a detached one says it before it lets go */
		if (u->foreground && !shown)
			line_show (line);
		return;
	}
	char stamp[TIME_TEXT];
	time_format (clock_now (), stamp);
	bool loud = (strstr (line, "FATAL") && !strstr (line, "the database system is")) || strstr (line, "PANIC") ||
		    strstr (line, "ERROR");
	json_t *o = json_pack ("{ss ss ss ss sO*}", "time", stamp, "level", loud ? "warn" : "info", "service", c->name, "event", "said",
			       "line", json_stringn_nocheck (line, strlen (line)));
	char *text = o ? json_dumps (o, JSON_COMPACT) : NULL;
	if (text)
		fprintf (u->log, "%s\n", text);
	if (text && u->foreground && (loud || c->daemon)) /* what Postgres says in good health is for the log */
		line_show (text);
	free (text);
	json_decref (o);
}

static void supervisor_say (struct up *u, const char *event, const struct child *c, int status)
{
	char line[256], stamp[TIME_TEXT];
	snprintf (
		line, sizeof line,
		"{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"up\",\"event\":\"%s\",\"name\":\"%s\",\"replica\":%d,\"pid\":%d,\"status\":%d}",
		time_format (clock_now (), stamp), status ? "warn" : "info", event, c->name, c->replica, (int) c->pid, status);
	line_take (u, c, line);
}

static void child_read (struct up *u, struct child *c)
{
	for (;;) {
		ssize_t n = read (c->out, c->line + c->line_n, sizeof c->line - 1 - c->line_n);
		if (n <= 0) {
			if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
				close (c->out);
				c->out = -1;
			}
			break;
		}
		c->line_n += (size_t) n;
		c->line[c->line_n] = 0;
		char *from = c->line, *end;
		while ((end = strchr (from, '\n'))) {
			*end = 0;
			if (*from)
				line_take (u, c, from);
			from = end + 1;
		}
		c->line_n -= (size_t) (from - c->line);
		memmove (c->line, from, c->line_n);
		if (c->line_n == sizeof c->line - 1) { /* no line is this long: cut it here */
			line_take (u, c, c->line);
			c->line_n = 0;
		}
	}
	fflush (u->log);
}

/* ---- what the house tells others: run/up.json ---- */

static json_t *state_make (const struct up *u, bool ready)
{
	char api[64], hooks[64];
	snprintf (api, sizeof api, "http://127.0.0.1:%d", u->port);
	snprintf (hooks, sizeof hooks, "http://127.0.0.1:%d", u->port + 1);
	json_t *list = json_array ();
	for (size_t i = 0; i < u->n; i++) {
		const struct child *c = &u->child[i];
		if (!c->once)
			json_array_append_new (list, json_pack ("{ss si si si si}", "name", c->name, "replica", c->replica, "pid",
								(int) c->pid, "port", c->http, "metrics", c->metrics));
	}
	return json_pack ("{si ss ss sb ss ss so}", "supervisor", (int) getpid (), "api", api, "hooks", hooks, "ready", ready, "dsn",
			  u->dsn, "bus", u->house.bus, "processes", list);
}

static void state_write (const struct up *u)
{
	char path[HOUSE_PATH + 64], fresh[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/up.json", u->house.run);
	snprintf (fresh, sizeof fresh, "%s/up.json.new", u->house.run);
	json_t *o = state_make (u, u->announced);
	if (json_dump_file (o, fresh, JSON_COMPACT) || rename (fresh, path))
		fprintf (stderr, "crmctl: %s cannot be written: %s\n", path, strerror (errno));
	json_decref (o);
}

/* ---- starting a child ---- */

static void env_set (const char *name, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
static void env_set (const char *name, const char *format, ...)
{
	char value[2048];
	va_list ap;
	va_start (ap, format);
	vsnprintf (value, sizeof value, format, ap);
	va_end (ap);
	setenv (name, value, 1);
}

/* --env NAME=VALUE for all, or DAEMON:NAME=VALUE; a fault point is for a daemon's first life only. */
static void env_given (const struct up *u, const struct child *c)
{
	for (size_t i = 0; i < u->n_env; i++) {
		const char *text = u->env[i], *colon = strchr (text, ':'), *equals = strchr (text, '=');
		if (colon && colon < equals) {
			if (strncmp (text, c->name, (size_t) (colon - text)) || c->name[colon - text])
				continue;
			text = colon + 1;
		}
		char *copy = strdup (text);
		if (!copy)
			_exit (126);
		copy[equals - text] = 0;
		if (c->starts == 1 || strcmp (copy, "CRM_FAULT"))
			setenv (copy, copy + (equals - text) + 1, 1);
	}
}

/* Settings that one kind of daemon alone reads: the environment of the house may say them, and a daemon refuses one that it does not know. */
static const struct {
	const char *daemon, *variable;
} own_setting[] = {
#define SETTING(kind, name, env, ...) { "gateway", env },
#include "../gateway/config.def"
#undef SETTING
#define SETTING(kind, name, env, ...) { "lead-intake", env },
#include "../lead-intake/config.def"
#undef SETTING
#define SETTING(kind, name, env, ...) { "mailer", env },
#include "../mailer/config.def"
#undef SETTING
#define SETTING(kind, name, env, ...) { "billing", env },
#include "../billing/config.def"
#undef SETTING
#define SETTING(kind, name, env, ...) { "automation", env },
#include "../automation/config.def"
#undef SETTING
};

static void daemon_env (const struct up *u, const struct child *c)
{
	env_set ("CRM_DSN", "%s user=%s", u->dsn, c->daemon->schema);
	env_set ("CRM_READ_DSN", "%s user=%s_read", u->dsn, c->daemon->schema);
	env_set ("CRM_BUS", "%s", u->house.bus);
	env_set ("CRM_HTTP_PORT", "%d", c->http);
	env_set ("CRM_METRICS_PORT", "%d", c->metrics);
	env_set ("CRM_FILES", "%s", u->house.files);
	env_set ("CRM_KEY_FILE", "%s/key", u->house.secrets);
	env_set ("CRM_REPLICA", "%d", c->replica);
	if (!strcmp (c->name, "gateway") && *u->house.web)
		env_set ("CRM_WEB", "%s", u->house.web);
	unsetenv ("CRM_VAR");
	for (size_t i = 0; i < LENGTH (own_setting); i++)
		if (strcmp (own_setting[i].daemon, c->name))
			unsetenv (own_setting[i].variable);
	env_given (u, c);
}

/* In the child: its own process group (Ctrl-C is the supervisor's alone), and death with the supervisor. */
static void child_become (struct up *u, const struct child *c, pid_t parent, int out, char *const argv[])
{
	bool postgres = !c->daemon && !c->once;
	sigset_t none;
	sigemptyset (&none);
	sigprocmask (SIG_SETMASK, &none, NULL);
	setpgid (0, 0);
	if (postgres && !getuid () && (setgid (u->postgres.gid) || setuid (u->postgres.uid)))
		_exit (126);
	prctl (PR_SET_PDEATHSIG, postgres ? SIGINT : SIGKILL);
	if (getppid () != parent)
		_exit (126);
	dup2 (out, STDOUT_FILENO);
	if (!c->once)
		dup2 (out, STDERR_FILENO);
	if (c->daemon)
		daemon_env (u, c);
	if (c->door >= 0) {
		enum { FIRST_GIVEN = 3 };
		if (c->door == FIRST_GIVEN ? fcntl (c->door, F_SETFD, 0) : dup2 (c->door, FIRST_GIVEN) != FIRST_GIVEN)
			_exit (126);
		env_set ("LISTEN_FDS", "1");
		env_set ("LISTEN_PID", "%d", (int) getpid ());
	}
	if (postgres && chdir ("/"))
		_exit (126);
	execv (argv[0], argv);
	fprintf (stderr, "%s cannot be started: %s\n", argv[0], strerror (errno));
	_exit (127);
}

/* A setting of one daemon as --env or the environment gives it, or `otherwise`. */
static const char *env_find (const struct up *u, const struct child *c, const char *name, const char *otherwise)
{
	const char *ret = getenv (name);
	size_t n = strlen (name), m = strlen (c->name);
	for (size_t i = 0; i < u->n_env; i++) {
		const char *text = u->env[i];
		if (!strncmp (text, c->name, m) && text[m] == ':')
			text += m + 1;
		if (!strncmp (text, name, n) && text[n] == '=')
			ret = text + n + 1;
	}
	return ret ? ret : otherwise;
}

/* Where it cannot be had, the daemon opens its own and says what is wrong. */
static void door_open (const struct up *u, struct child *c)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) c->http) };
	int yes = 1;
	if (c->door >= 0 || !c->daemon || !c->http || inet_pton (AF_INET, env_find (u, c, "CRM_HTTP_BIND", "127.0.0.1"), &at.sin_addr) != 1)
		return;
	c->door = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->door < 0)
		return;
	if (!setsockopt (c->door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) && !bind (c->door, (struct sockaddr *) &at, sizeof at) &&
	    !listen (c->door, 1024))
		return;
	close (c->door);
	c->door = -1;
}

static void door_close (struct child *c)
{
	if (c->door >= 0)
		close (c->door);
	c->door = -1;
}

static void child_start (struct up *u, struct child *c)
{
	char program[HOUSE_PATH + 32];
	snprintf (program, sizeof program, "%s/%s", u->house.bin, c->daemon ? c->name : "crmctl");
	char *daemon_argv[] = { program, NULL };
	char *demo_argv[] = { program, "demo", "--var", u->house.var, NULL };
	int pipes[2];
	if (!c->daemon && !c->once)
		postgres_clear (&u->house);
	if (c->once) {
		char path[HOUSE_PATH + 64];
		snprintf (path, sizeof path, "%s/demo.txt.new", u->house.var);
		pipes[0] = -1;
		pipes[1] = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	} else if (pipe2 (pipes, O_CLOEXEC))
		pipes[1] = -1;
	if (pipes[1] < 0) {
		fprintf (stderr, "crmctl: %s cannot be started: %s\n", c->name, strerror (errno));
		c->again = now_ms () + DELAY_MOST;
		return;
	}
	if (c->out >= 0)
		close (c->out);
	c->out = pipes[0];
	c->line_n = 0;
	if (c->out >= 0)
		fcntl (c->out, F_SETFL, O_NONBLOCK);
	door_open (u, c);
	c->starts++;
	c->started = now_ms ();
	c->again = 0;
	c->ready = false;
	fflush (NULL);
	pid_t parent = getpid ();
	c->pid = fork ();
	if (!c->pid)
		child_become (u, c, parent, pipes[1], c->once ? demo_argv : c->daemon ? daemon_argv : u->postgres.argv);
	close (pipes[1]);
	if (c->pid < 0) {
		c->pid = 0;
		c->again = now_ms () + DELAY_MOST;
	} else
		supervisor_say (u, "started", c, 0);
}

static struct child *child_add (struct up *u, const struct daemon *d, const char *name, int replica)
{
	assert (u->n < CHILDREN_MAX);
	struct child *c = &u->child[u->n++];
	*c = (struct child){ .daemon = d, .replica = replica, .out = -1, .door = -1 };
	snprintf (c->name, sizeof c->name, "%s", name);
	return c;
}

/* Somebody removed the folder under us: what ran there is not worth restarting, and another `up` may already own the place. */
static bool house_gone (const struct up *u)
{
	struct stat st;
	return fstat (u->lock, &st) || st.st_nlink == 0;
}

/* ---- one turn of the loop ---- */

static void demo_end (struct up *u, const struct child *c, int status)
{
	char fresh[HOUSE_PATH + 64], path[HOUSE_PATH + 64];
	snprintf (fresh, sizeof fresh, "%s/demo.txt.new", u->house.var);
	snprintf (path, sizeof path, "%s/demo.txt", u->house.var);
	if (status || rename (fresh, path))
		supervisor_say (u, "demo_failed", c, status ? status : errno);
}

/* A death: started again at once when it had been steady, later and later when it had not. */
static void child_dead (struct up *u, struct child *c, int status)
{
	int64_t now = now_ms ();
	if (c->out >= 0)
		child_read (u, c);
	if (!u->stopping && house_gone (u))
		u->stopping = true;
	bool wanted = u->stopping || c->held || c->once || c->replaced;
	supervisor_say (u, wanted ? "stopped" : "died", c,
			wanted		       ? 0
			: WIFSIGNALED (status) ? 128 + WTERMSIG (status)
			: WEXITSTATUS (status) ? WEXITSTATUS (status)
					       : 1);
	if (c->once && !u->stopping)
		demo_end (u, c, status);
	c->pid = 0;
	c->ready = false;
	if (!wanted) {
		c->delay = now - c->started > STEADY || c->starts == 1 ? DELAY_FIRST : c->delay * 2;
		if (c->delay > DELAY_MOST)
			c->delay = DELAY_MOST;
		c->again = now + c->delay;
	} else if (c->replaced && !c->held && !u->stopping)
		c->again = now;
	c->replaced = false;
	if (c->held)
		door_close (c);
	state_write (u);
}

static void children_reap (struct up *u)
{
	int status;
	for (pid_t pid; (pid = waitpid (-1, &status, WNOHANG)) > 0;)
		for (size_t i = 0; i < u->n; i++)
			if (u->child[i].pid == pid)
				child_dead (u, &u->child[i], status);
}

/* `crmctl restart` leaves a file for one process; the program is read anew, so that is how another build comes in. */
static void restart_look (struct up *u, struct child *c)
{
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/restart-%s.%d", u->house.run, c->name, c->replica);
	if (unlink (path) || !c->daemon || c->held)
		return;
	if (!c->pid) {
		c->again = now_ms ();
		return;
	}
	c->replaced = true;
	kill (c->pid, SIGCONT);
	kill (c->pid, SIGTERM);
}

/* `crmctl down --only NAME` leaves a file and a SIGHUP: what is named stays down until `up --only NAME` takes the file away. */
static void holds_look (struct up *u)
{
	for (size_t i = 0; i < u->n; i++) {
		struct child *c = &u->child[i];
		char path[HOUSE_PATH + 64];
		snprintf (path, sizeof path, "%s/hold-%s", u->house.run, c->name);
		bool held = !access (path, F_OK);
		if (held && !c->held && c->pid) {
			kill (c->pid, SIGCONT);
			kill (c->pid, c->daemon ? SIGTERM : SIGINT);
		}
		if (c->held && !held && !c->pid)
			c->again = now_ms ();
		c->held = held;
		if (held)
			c->again = 0;
		if (held && !c->pid)
			door_close (c);
		restart_look (u, c);
	}
}

/* Waits at most `ms` for something to happen and does what it asks. */
static void turn (struct up *u, int ms)
{
	struct pollfd fds[CHILDREN_MAX + 1] = { { .fd = u->signals, .events = POLLIN } };
	int64_t now = now_ms ();
	for (size_t i = 0; i < u->n; i++) {
		struct child *c = &u->child[i];
		fds[i + 1] = (struct pollfd){ .fd = c->out, .events = POLLIN };
		if (c->again && !u->stopping) {
			int64_t left = c->again > now ? c->again - now : 0;
			ms = ms < 0 || left < ms ? (int) left : ms;
		}
	}
	if (poll (fds, (nfds_t) u->n + 1, ms) < 0 && errno != EINTR)
		abort ();
	for (size_t i = 0; i < u->n; i++)
		if (fds[i + 1].revents && u->child[i].out >= 0)
			child_read (u, &u->child[i]);
	struct signalfd_siginfo info;
	while (read (u->signals, &info, sizeof info) == sizeof info) {
		if (info.ssi_signo == SIGHUP)
			holds_look (u);
		else if (info.ssi_signo != SIGCHLD && u->stopping) /* asked twice: no more patience */
			for (size_t i = 1; i < u->n; i++)
				if (u->child[i].pid)
					kill (u->child[i].pid, SIGKILL);
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			u->stopping = true;
	}
	children_reap (u);
	now = now_ms ();
	bool started = false;
	for (size_t i = 0; i < u->n && !u->stopping; i++)
		if (u->child[i].again && u->child[i].again <= now && !u->child[i].pid)
			child_start (u, &u->child[i]), started = true;
	if (started)
		state_write (u);
}

/* ---- the way up ---- */

/* Every port must be free: a daemon of another house would answer for ours. */
static bool ports_free (const struct up *u)
{
	for (size_t i = 0; i < u->n; i++) {
		const int port[] = { u->child[i].http, u->child[i].metrics };
		for (size_t j = 0; j < LENGTH (port); j++) {
			struct sockaddr_in at = { .sin_family = AF_INET,
						  .sin_port = htons ((uint16_t) port[j]),
						  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
			int one = 1, fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
			setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
			bool taken = port[j] && bind (fd, (struct sockaddr *) &at, sizeof at);
			close (fd);
			if (!taken)
				continue;
			fprintf (stderr, "crmctl: port %d (for %s) is in use; choose others with --port (make run PORT=…)\n", port[j],
				 u->child[i].name);
			return false;
		}
	}
	return true;
}

/* 32 random bytes that seal stored secrets; made once, read by the daemons alone. */
static bool key_make (const struct house *h)
{
	char path[HOUSE_PATH + 64];
	unsigned char key[32];
	snprintf (path, sizeof path, "%s/key", h->secrets);
	int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return true;
	bool good = fd >= 0 && getrandom (key, sizeof key, 0) == sizeof key;
	for (size_t i = 0; good && i < sizeof key; i++)
		good = dprintf (fd, "%02x", key[i]) == 2;
	good = good && !fsync (fd);
	if (fd >= 0)
		close (fd);
	if (!good)
		fprintf (stderr, "crmctl: %s cannot be made: %s\n", path, strerror (errno));
	return good;
}

static bool lock_take (struct up *u)
{
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/lock", u->house.run);
	u->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (u->lock >= 0 && !flock (u->lock, LOCK_EX | LOCK_NB))
		return true;
	fprintf (stderr, "crmctl: %s is already up (process %d)\n", u->house.var, house_supervisor (&u->house));
	return false;
}

/* An outside Postgres: its words but the user, who is each service's own. */
static bool dsn_take (struct up *u)
{
	char *why = NULL;
	PQconninfoOption *option = PQconninfoParse (u->outside_dsn, &why);
	if (!option) {
		fprintf (stderr, "crmctl: --dsn: %s", why ? why : "cannot be read\n");
		PQfreemem (why);
		return false;
	}
	size_t n = 0;
	for (PQconninfoOption *o = option; o->keyword; o++)
		if (o->val && strcmp (o->keyword, "user") && n < sizeof u->dsn)
			n += (size_t) snprintf (u->dsn + n, sizeof u->dsn - n, "%s%s='%s'", n ? " " : "", o->keyword, o->val);
	PQconninfoFree (option);
	return n < sizeof u->dsn;
}

/* Postgres, its roles, then every daemon. False: it cannot be had, or somebody asked to stop. */
static bool house_start (struct up *u)
{
	if (u->outside) {
		if (!postgres_roles (u->outside_dsn, false))
			fprintf (stderr, "crmctl: going on; the roles may be there already\n");
	} else {
		child_start (u, &u->child[0]);
		int64_t limit = now_ms () + (int64_t) u->wait * 1000;
		while (!postgres_answers (u->dsn)) {
			turn (u, TICK);
			if (u->stopping || now_ms () > limit)
				return false;
		}
		u->child[0].ready = true;
		if (!postgres_roles (u->dsn, true))
			return false;
	}
	for (size_t i = 0; i < u->n; i++)
		if (u->child[i].daemon && !u->child[i].held)
			child_start (u, &u->child[i]);
	state_write (u);
	return !u->stopping;
}

static bool daemons_ready (struct up *u)
{
	bool all = true;
	for (size_t i = 0; i < u->n; i++) {
		struct child *c = &u->child[i];
		if (!c->daemon || c->ready || c->held)
			continue;
		c->ready = c->pid && house_probe (c->metrics, "/readyz", 250) == 200;
		all = all && c->ready;
	}
	return all;
}

static void file_show (const char *path)
{
	char line[1024];
	FILE *file = fopen (path, "r");
	while (file && fgets (line, sizeof line, file))
		fputs (line, stdout);
	if (file)
		fclose (file);
}

static void welcome (struct up *u)
{
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/demo.txt", u->house.var);
	printf ("\nLeadwire is ready: http://127.0.0.1:%d\n", u->port);
	if (!u->outside_dsn && !access (path, F_OK) && !postgres_has_demo (u->dsn)) /* somebody ended it in the browser */
		demo_logins_forget (u->house.var);
	file_show (path);
	printf ("Leads come in at http://127.0.0.1:%d/hooks/<key>. Ctrl-C stops everything.\n\n", u->port + 1);
	fflush (stdout);
}

/* All is ready: say so to whoever waits. */
static void announce (struct up *u)
{
	u->announced = true;
	state_write (u);
	if (u->tell >= 0) {
		if (dprintf (u->tell, "{\"api\":\"http://127.0.0.1:%d\",\"hooks\":\"http://127.0.0.1:%d\"}\n", u->port, u->port + 1) < 0)
			abort ();
		close (u->tell);
		u->tell = -1;
		int null = open ("/dev/null", O_RDWR | O_CLOEXEC);
		dup2 (null, STDERR_FILENO);
		close (null);
	} else if (u->json)
		printf ("{\"api\":\"http://127.0.0.1:%d\",\"hooks\":\"http://127.0.0.1:%d\"}\n", u->port, u->port + 1), fflush (stdout);
	else
		fprintf (stderr, "all ready after %lld ms\n", (long long) (now_ms () - u->began));
}

static void demo_make (struct up *u)
{
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/demo.txt", u->house.var);
	if (!access (path, F_OK))
		return;
	fprintf (stderr, "making the demo workspaces …\n");
	struct child *c = child_add (u, NULL, "demo", 0);
	c->once = true;
	child_start (u, c);
	while (c->pid && !u->stopping)
		turn (u, -1);
}

/* ---- the way down ---- */

static bool any_alive (const struct up *u, bool daemons_only)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->child[i].pid && (!daemons_only || u->child[i].daemon || u->child[i].once))
			return true;
	return false;
}

static void house_stop (struct up *u)
{
	u->stopping = true;
	for (size_t i = 0; i < u->n; i++)
		if (u->child[i].pid && (u->child[i].daemon || u->child[i].once)) {
			kill (u->child[i].pid, SIGTERM);
			kill (u->child[i].pid, SIGCONT); /* one that a test has paused hears it too */
		}
	for (int64_t limit = now_ms () + GRACE; any_alive (u, true);) {
		turn (u, TICK);
		if (now_ms () < limit)
			continue;
		for (size_t i = 0; i < u->n; i++)
			if (u->child[i].pid && (u->child[i].daemon || u->child[i].once))
				kill (u->child[i].pid, SIGKILL);
	}
	if (any_alive (u, false))
		kill (u->child[0].pid, SIGINT);
	for (int64_t limit = now_ms () + GRACE_POSTGRES; any_alive (u, false);) {
		turn (u, TICK);
		if (now_ms () >= limit)
			kill (u->child[0].pid, SIGQUIT);
	}
	char path[HOUSE_PATH + 64];
	snprintf (path, sizeof path, "%s/up.json", u->house.run);
	unlink (path);
}

/* ---- the verb ---- */

static int usage (void)
{
	fprintf (
		stderr,
		"usage: crmctl up [--var DIR] [--port P] [--detach] [--json] [--demo] [--replicas DAEMON=N]… [--env [DAEMON:]NAME=VALUE]…\n"
		"                 [--wait SECONDS] [--no-postgres --dsn DSN]\n"
		"       crmctl up --only NAME [--var DIR]       start what `down --only NAME` stopped\n");
	return 2;
}

/* One of the whole: a file says that it is held down, a signal says to look. */
static int one_hold (const struct house *h, const char *name, bool hold)
{
	char path[HOUSE_PATH + 64];
	int supervisor = house_supervisor (h);
	if (!supervisor) {
		fprintf (stderr, "crmctl: %s is not up\n", h->var);
		return 3;
	}
	snprintf (path, sizeof path, "%s/hold-%s", h->run, name);
	int fd = hold ? open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644) : unlink (path);
	if (hold && fd >= 0)
		close (fd);
	kill (supervisor, SIGHUP);
	for (int64_t limit = now_ms () + GRACE + 2000; now_ms () < limit;
	     nanosleep (&(struct timespec){ .tv_nsec = TICK * 1000000 }, NULL)) {
		json_t *state = house_state (h), *o;
		size_t i;
		bool waiting = false;
		json_array_foreach (json_object_get (state, "processes"), i, o)
		{
			if (strcmp (json_string_value (json_object_get (o, "name")), name))
				continue;
			int metrics = (int) json_integer_value (json_object_get (o, "metrics"));
			bool runs = json_integer_value (json_object_get (o, "pid"));
			waiting = waiting || (hold ? runs : !runs || (metrics && house_probe (metrics, "/readyz", 250) != 200));
		}
		json_decref (state);
		if (!waiting)
			return 0;
	}
	fprintf (stderr, "crmctl: %s did not %s in time\n", name, hold ? "stop" : "become ready");
	return 1;
}

static bool replicas_take (const char *text, int count[])
{
	for (size_t i = 0; i < LENGTH (daemons); i++) {
		size_t n = strlen (daemons[i].name);
		if (!strncmp (text, daemons[i].name, n) && text[n] == '=') {
			count[i] = (int) strtol (text + n + 1, NULL, 10);
			return count[i] >= 0 && count[i] <= 9;
		}
	}
	return false;
}

static void children_plan (struct up *u, const int count[])
{
	int further = 0;
	if (!u->outside)
		child_add (u, NULL, "postgres", 0);
	for (int replica = 0; replica < 9; replica++)
		for (size_t i = 0; i < LENGTH (daemons); i++) {
			if (replica >= count[i])
				continue;
			struct child *c = child_add (u, &daemons[i], daemons[i].name, replica);
			int more = replica ? further++ : -1;
			c->metrics = u->port + (replica ? 20 + more : daemons[i].metrics);
			c->http = daemons[i].http < 0 ? 0 : u->port + (replica ? 40 + more : daemons[i].http);
		}
}

static bool options_take (struct up *u, int argc, char **argv, const char **ret_var, const char **ret_only, int count[])
{
	static const struct option options[] = {
		{ "var", 1, 0, 'v' },  { "port", 1, 0, 'p' },	     { "detach", 0, 0, 'd' }, { "json", 0, 0, 'j' },
		{ "demo", 0, 0, 'D' }, { "replicas", 1, 0, 'r' },    { "env", 1, 0, 'e' },    { "wait", 1, 0, 'w' },
		{ "only", 1, 0, 'o' }, { "no-postgres", 0, 0, 'n' }, { "dsn", 1, 0, 's' },    { 0 },
	};
	optind = 0;
	for (int c; (c = getopt_long (argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'v': *ret_var = optarg; break;
		case 'p': u->port = (int) strtol (optarg, NULL, 10); break;
		case 'd': u->detach = true; break;
		case 'j': u->json = true; break;
		case 'D': u->demo = true; break;
		case 'w': u->wait = (int) strtol (optarg, NULL, 10); break;
		case 'o': *ret_only = optarg; break;
		case 'n': u->outside = true; break;
		case 's': u->outside_dsn = optarg; break;
		case 'r':
			if (!replicas_take (optarg, count))
				return false;
			break;
		case 'e':
			if (u->n_env == ENV_MAX || !strchr (optarg, '='))
				return false;
			u->env[u->n_env++] = optarg;
			break;
		default: return false;
		}
	}
	return optind == argc && u->port > 0 && u->port < 65000 && u->wait > 0 && u->outside == !!u->outside_dsn;
}

/* The parent of a detached supervisor: passes on what it says when all is ready. */
static int detached_wait (int from)
{
	char text[512];
	size_t n = 0;
	for (ssize_t got; n < sizeof text && (got = read (from, text + n, sizeof text - n)) != 0;)
		if (got > 0)
			n += (size_t) got;
	if (!n)
		return 1;
	fwrite (text, 1, n, stdout);
	return 0;
}

static bool supervisor_open (struct up *u)
{
	char path[HOUSE_PATH + 64], pid[16];
	sigset_t set;
	sigemptyset (&set);
	sigaddset (&set, SIGINT), sigaddset (&set, SIGTERM), sigaddset (&set, SIGHUP), sigaddset (&set, SIGCHLD);
	sigprocmask (SIG_BLOCK, &set, NULL);
	signal (SIGPIPE, SIG_IGN);
	u->signals = signalfd (-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	snprintf (path, sizeof path, "%s/crm.log", u->house.log);
	u->log = fopen (path, "ae");
	int n = snprintf (pid, sizeof pid, "%d\n", (int) getpid ());
	bool good = u->signals >= 0 && u->log && !ftruncate (u->lock, 0) && pwrite (u->lock, pid, (size_t) n, 0) == n;
	if (!good)
		fprintf (stderr, "crmctl: %s cannot be written: %s\n", path, strerror (errno));
	return good && key_make (&u->house);
}

static int supervise (struct up *u)
{
	if (!supervisor_open (u) || !(u->outside ? dsn_take (u) : postgres_prepare (&u->postgres, &u->house)))
		return 1;
	if (!u->outside)
		snprintf (u->dsn, sizeof u->dsn, "%s", u->postgres.dsn);
	bool good = house_start (u);
	int64_t limit = now_ms () + (int64_t) u->wait * 1000;
	while (good && !u->stopping && !daemons_ready (u)) {
		turn (u, TICK);
		good = now_ms () < limit;
	}
	if (good && !u->stopping)
		announce (u);
	else if (!u->stopping)
		for (size_t i = 0; i < u->n; i++)
			if (!u->child[i].ready && !u->child[i].held)
				fprintf (stderr, "crmctl: %s %d did not become ready within %d s; see %s/crm.log\n", u->child[i].name,
					 u->child[i].replica, u->wait, u->house.log);
	if (good && u->demo && !u->stopping)
		demo_make (u);
	if (good && u->foreground && !u->json && !u->stopping)
		welcome (u);
	while (good && !u->stopping)
		turn (u, -1);
	house_stop (u);
	return good ? 0 : 1;
}

int crmctl_up (int argc, char **argv)
{
	static struct up u;
	const char *var = NULL, *only = NULL;
	int count[LENGTH (daemons)], pipes[2];
	for (size_t i = 0; i < LENGTH (daemons); i++)
		count[i] = 1;
	u = (struct up){ .port = 8080, .wait = 60, .tell = -1, .lock = -1, .began = now_ms () };
	if (!options_take (&u, argc, argv, &var, &only, count))
		return usage ();
	house_find (&u.house, var);
	if (only)
		return one_hold (&u.house, only, false);
	if (!house_make (&u.house))
		return 1;
	house_find (&u.house, var); /* once more, now that its real name can be known */
	if (!house_make (&u.house) || !lock_take (&u))
		return 1;
	children_plan (&u, count);
	if (!ports_free (&u))
		return 1;
	if (!u.detach) {
		u.foreground = true;
		return supervise (&u);
	}
	if (pipe2 (pipes, O_CLOEXEC))
		return 1;
	fflush (NULL);
	pid_t pid = fork ();
	if (pid) {
		close (pipes[1]);
		return pid < 0 ? 1 : detached_wait (pipes[0]);
	}
	close (pipes[0]);
	setsid ();
	int null = open ("/dev/null", O_RDWR | O_CLOEXEC);
	dup2 (null, STDIN_FILENO), dup2 (null, STDOUT_FILENO);
	close (null);
	u.tell = pipes[1];
	return supervise (&u);
}

int crmctl_down (int argc, char **argv)
{
	static const struct option options[] = { { "var", 1, 0, 'v' }, { "only", 1, 0, 'o' }, { "json", 0, 0, 'j' }, { 0 } };
	const char *var = NULL, *only = NULL;
	bool json = false;
	struct house h;
	optind = 0;
	for (int c; (c = getopt_long (argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'v': var = optarg; break;
		case 'o': only = optarg; break;
		case 'j': json = true; break;
		default: return fprintf (stderr, "usage: crmctl down [--var DIR] [--only NAME] [--json]\n"), 2;
		}
	}
	house_find (&h, var);
	if (only)
		return one_hold (&h, only, true);
	int pid = house_supervisor (&h);
	if (pid)
		kill (pid, SIGTERM);
	/* The lock is let go by the supervisor's end: by then nothing of the house runs. */
	for (int64_t limit = now_ms () + GRACE + GRACE_POSTGRES + 5000; pid && house_supervisor (&h) == pid;) {
		nanosleep (&(struct timespec){ .tv_nsec = TICK * 1000000 }, NULL);
		if (now_ms () > limit) {
			fprintf (stderr, "crmctl: process %d does not stop\n", pid);
			return 1;
		}
	}
	if (json)
		printf ("{\"stopped\":%s}\n", pid ? "true" : "false");
	else if (!pid)
		fprintf (stderr, "crmctl: %s was not up\n", h.var);
	return 0;
}

static void status_show (json_t *o, bool json, bool first)
{
	if (json) {
		char *text = json_dumps (o, JSON_COMPACT);
		printf ("%s%s", first ? "[" : ",\n ", text);
		free (text);
		return;
	}
	printf ("%-12s %7" JSON_INTEGER_FORMAT " %8" JSON_INTEGER_FORMAT "  %s\n", json_string_value (json_object_get (o, "name")),
		json_integer_value (json_object_get (o, "replica")), json_integer_value (json_object_get (o, "pid")),
		json_is_true (json_object_get (o, "ready")) ? "ready" : "not ready");
}

int crmctl_status (int argc, char **argv)
{
	static const struct option options[] = { { "var", 1, 0, 'v' }, { "json", 0, 0, 'j' }, { 0 } };
	const char *var = NULL;
	bool json = false, all = true;
	struct house h;
	optind = 0;
	for (int c; (c = getopt_long (argc, argv, "", options, NULL)) != -1;) {
		switch (c) {
		case 'v': var = optarg; break;
		case 'j': json = true; break;
		default: return fprintf (stderr, "usage: crmctl status [--var DIR] [--json]\n"), 2;
		}
	}
	house_find (&h, var);
	json_t *state = house_supervisor (&h) ? house_state (&h) : NULL, *o;
	if (!state) {
		fprintf (stderr, "crmctl: %s is not up\n", h.var);
		if (json)
			printf ("[]\n");
		return 3;
	}
	char dsn[1100];
	snprintf (dsn, sizeof dsn, "%s", json_string_value (json_object_get (state, "dsn")));
	size_t i;
	if (!json)
		printf ("%-12s %7s %8s  %s\n", "name", "replica", "pid", "");
	json_array_foreach (json_object_get (state, "processes"), i, o)
	{
		int metrics = (int) json_integer_value (json_object_get (o, "metrics"));
		bool ready = json_integer_value (json_object_get (o, "pid")) &&
			     (metrics ? house_probe (metrics, "/readyz", 1000) == 200 : postgres_answers (dsn));
		all = all && ready;
		json_object_set_new (o, "ready", json_boolean (ready));
		status_show (o, json, i == 0);
	}
	if (json)
		printf ("]\n");
	json_decref (state);
	return all ? 0 : 1;
}
