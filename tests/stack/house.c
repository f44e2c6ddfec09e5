/* A house of real daemons, started and looked at by crmctl. It must never signal a process that it did not read from its own house. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "arena.h"
#include "stack.h"

_Noreturn void fail_at (const char *file, int line, const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	fprintf (stderr, "    %s:%d: ", file, line);
	vfprintf (stderr, format, ap);
	fputc ('\n', stderr);
	va_end (ap);
	fflush (NULL);
	_exit (1);
}

int64_t now_us (void)
{
	struct timespec t;
	clock_gettime (CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void pause_us (int64_t microseconds)
{
	nanosleep (&(struct timespec){ .tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000 }, NULL);
}

char *program_run (const char *const argv[], int *ret_exit)
{
	int out[2], status;
	struct buffer text = { 0 };
	CHECK (!pipe (out), "no pipe");
	fflush (NULL);
	pid_t pid = fork ();
	CHECK (pid >= 0, "no process for %s", argv[0]);
	if (!pid) {
		sigset_t none;
		sigemptyset (&none);
		sigprocmask (SIG_SETMASK, &none, NULL);
		alarm (0);
		dup2 (out[1], STDOUT_FILENO);
		close (out[0]), close (out[1]);
		execv (argv[0], (char *const *) argv);
		_exit (127);
	}
	close (out[1]);
	for (ssize_t n; (n = read (out[0], buffer_reserve (&text, 65536), 65536)) > 0;)
		text.n += (size_t) n;
	close (out[0]);
	waitpid (pid, &status, 0);
	buffer_add (&text, "", 1);
	if (ret_exit)
		*ret_exit = WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status);
	return (char *) text.at;
}

/* Splits at spaces; '…' holds a word together. In place. */
static int words_split (char *line, const char *argv[], int most)
{
	int n = 0;
	for (char *at = line; *at && n < most;) {
		while (*at == ' ')
			at++;
		if (!*at)
			break;
		char end = *at == '\'' ? *at++ : ' ';
		argv[n++] = at;
		while (*at && *at != end)
			at++;
		if (*at)
			*at++ = 0;
	}
	return n;
}

static char *ctl_run (struct stack *s, int *ret_exit, bool json, const char *format, va_list ap)
{
	char line[2048], program[300];
	const char *argv[64];
	vsnprintf (line, sizeof line, format, ap);
	snprintf (program, sizeof program, "%s/crmctl", s->bin);
	argv[0] = program;
	int n = 1 + words_split (line, argv + 1, 50);
	argv[n++] = "--var";
	argv[n++] = s->var;
	if (json)
		argv[n++] = "--json";
	argv[n] = NULL;
	return program_run (argv, ret_exit);
}

char *ctl_text (struct stack *s, int *ret_exit, const char *format, ...)
{
	va_list ap;
	va_start (ap, format);
	char *text = ctl_run (s, ret_exit, false, format, ap);
	va_end (ap);
	return text;
}

json_t *ctl (struct stack *s, const char *format, ...)
{
	int code;
	va_list ap;
	va_start (ap, format);
	char *text = ctl_run (s, &code, true, format, ap);
	va_end (ap);
	CHECK (code == 0, "crmctl %s: exit %d: %s", format, code, text);
	json_t *o = json_loads (text, JSON_DECODE_ANY, NULL);
	CHECK (o, "crmctl %s said no JSON: %s", format, text);
	free (text);
	return o;
}

void stack_up (struct stack *s, const char *var, int port, const char *const words[])
{
	char program[300], port_text[16];
	const char *bin = getenv ("BIN"), *argv[64];
	int n = 0, code;
	*s = (struct stack){ .port = port };
	snprintf (s->var, sizeof s->var, "%s", var);
	snprintf (s->bin, sizeof s->bin, "%s", bin ? bin : "build");
	snprintf (s->api, sizeof s->api, "http://127.0.0.1:%d", port);
	snprintf (s->hooks, sizeof s->hooks, "http://127.0.0.1:%d", port + 1);
	snprintf (program, sizeof program, "%s/crmctl", s->bin);
	snprintf (port_text, sizeof port_text, "%d", port);
	stack_down (s);
	CHECK (!strncmp (var, "/tmp/", 5), "%s is no folder for a test", var);
	free (program_run ((const char *[]){ "/bin/rm", "-rf", var, NULL }, NULL));
	/* from one address comes what hundreds would send */
	const char *const first[] = { program, "up",	 "--detach", "--json", "--var",
				      s->var,  "--port", port_text,  "--env",  "lead-intake:CRM_HOOK_RATE=0" };
	for (; n < (int) LENGTH (first); n++)
		argv[n] = first[n];
	for (int i = 0; words && words[i] && n < 60; i++)
		argv[n++] = words[i];
	argv[n] = NULL;
	char *text = program_run (argv, &code);
	json_t *o = json_loads (text, 0, NULL);
	CHECK (code == 0 && o, "crmctl up: exit %d: %s", code, text);
	snprintf (s->api, sizeof s->api, "%s", text_at (o, "api"));
	snprintf (s->hooks, sizeof s->hooks, "%s", text_at (o, "hooks"));
	s->up = true;
	json_decref (o);
	free (text);
}

void stack_down (struct stack *s)
{
	int code;
	sql_forget (s);
	free (ctl_text (s, &code, "down --json"));
	s->up = false;
}

/* ---- processes ---- */

static json_t *process_find (struct stack *s, json_t *state, const char *name, int replica)
{
	size_t i;
	json_t *o;
	(void) s;
	json_array_foreach (json_object_get (state, "processes"), i, o)
	{
		if (!strcmp (text_at (o, "name"), name) && number_at (o, "replica") == replica)
			return o;
	}
	return NULL;
}

static int64_t process_number (struct stack *s, const char *name, int replica, const char *which)
{
	char path[300];
	snprintf (path, sizeof path, "%s/run/up.json", s->var);
	json_t *state = json_load_file (path, 0, NULL);
	int64_t n = number_at (process_find (s, state, name, replica), which);
	json_decref (state);
	return n;
}

pid_t daemon_pid (struct stack *s, const char *name, int replica)
{
	return (pid_t) process_number (s, name, replica, "pid");
}

int daemon_port (struct stack *s, const char *name, int replica, const char *which)
{
	return (int) process_number (s, name, replica, which);
}

void daemon_kill (struct stack *s, const char *name, int replica, int number)
{
	pid_t pid = daemon_pid (s, name, replica);
	if (pid > 1)
		kill (pid, number);
}

static bool readyz (int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons ((uint16_t) port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
	static const char ask[] = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	struct timeval limit = { .tv_sec = 2 };
	char text[64] = "";
	int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	bool good = !connect (fd, (struct sockaddr *) &to, sizeof to) && send (fd, ask, sizeof ask - 1, MSG_NOSIGNAL) > 0 &&
		    recv (fd, text, sizeof text - 1, 0) > 12 && !strncmp (text + 9, "200", 3);
	close (fd);
	return good;
}

void daemon_ready (struct stack *s, const char *name, int replica)
{
	UNTIL (60000, daemon_pid (s, name, replica) > 0 && readyz (daemon_port (s, name, replica, "metrics")), "%s does not become ready",
	       name);
}

void daemon_hold (struct stack *s, const char *name)
{
	int code;
	free (ctl_text (s, &code, "down --only %s", name));
	CHECK (code == 0, "%s cannot be held down", name);
}

void daemon_release (struct stack *s, const char *name)
{
	int code;
	free (ctl_text (s, &code, "up --only %s", name));
	CHECK (code == 0, "%s does not come up again", name);
}
