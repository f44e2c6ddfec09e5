/* Restarts the daemons of a house one after the other, while it works: each finishes what it has begun, the next process takes its place, and the
 * one after it waits until that is ready. It must never have two of a service away at the same time, nor go on past one that does not come back. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "verbs.h"

enum { LOOK_MS = 10 };

/* Those that only hear come before those that speak to them: an event's new version is understood before it is said. */
static const char *const order[] = { "automation", "mailer", "billing", "contacts", "pipeline", "lead-intake", "gateway" };

static int64_t now_ms (void)
{
	struct timespec t;
	clock_gettime (CLOCK_MONOTONIC, &t);
	return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int member (json_t *o, const char *name)
{
	return (int) json_integer_value (json_object_get (o, name));
}

/* The process as the supervisor tells of it now; null: there is none such. A new reference. */
static json_t *process_now (const struct house *h, const char *name, int replica)
{
	json_t *state = house_state (h), *o, *ret = NULL;
	size_t i;
	json_array_foreach (json_object_get (state, "processes"), i, o)
	{
		if (!strcmp (json_string_value (json_object_get (o, "name")), name) && member (o, "replica") == replica)
			ret = json_incref (o);
	}
	json_decref (state);
	return ret;
}

/* One request to the supervisor, and its effect. */
static bool one_restart (const struct house *h, const char *name, int replica, int seconds, int64_t *ret_ms)
{
	char path[HOUSE_PATH + 64];
	int64_t began = now_ms (), limit = began + (int64_t) seconds * 1000;
	json_t *o = process_now (h, name, replica);
	int was = member (o, "pid"), metrics = member (o, "metrics"), supervisor = house_supervisor (h);
	json_decref (o);
	snprintf (path, sizeof path, "%s/restart-%s.%d", h->run, name, replica);
	int fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || !supervisor) {
		fprintf (stderr, "crmctl: %s: %s\n", path, fd < 0 ? strerror (errno) : "the house is no longer up");
		return false;
	}
	close (fd);
	kill (supervisor, SIGHUP);
	for (bool ready = false; !ready; nanosleep (&(struct timespec){ .tv_nsec = LOOK_MS * 1000000 }, NULL)) {
		if (now_ms () > limit) {
			unlink (path);
			return false;
		}
		o = process_now (h, name, replica);
		ready = member (o, "pid") && member (o, "pid") != was && house_probe (metrics, "/readyz", 250) == 200;
		json_decref (o);
	}
	*ret_ms = now_ms () - began;
	return true;
}

/* --only names a daemon, or one replica of it: contacts.1 */
static bool meant (const char *only, const char *name, int replica)
{
	size_t n = strlen (name);
	if (!only)
		return true;
	if (strncmp (only, name, n))
		return false;
	return !only[n] || (only[n] == '.' && only[n + 1] && strspn (only + n + 1, "0123456789") == strlen (only + n + 1) &&
			    strtol (only + n + 1, NULL, 10) == replica);
}

/* False: one did not come back, and those after it were let be. */
static bool all_restart (const struct house *h, json_t *processes, const char *only, int seconds, bool json)
{
	int n = 0;
	for (size_t i = 0; i < LENGTH (order); i++) {
		size_t j;
		json_t *o;
		json_array_foreach (processes, j, o)
		{
			int replica = member (o, "replica");
			int64_t ms;
			if (strcmp (json_string_value (json_object_get (o, "name")), order[i]) || !meant (only, order[i], replica))
				continue;
			if (!one_restart (h, order[i], replica, seconds, &ms)) {
				fprintf (
					stderr,
					"crmctl: %s %d did not become ready within %d s; the rest was let be; see %s/crm.log and crmctl doctor\n",
					order[i], replica, seconds, h->log);
				return false;
			}
			n++;
			if (json)
				json_line (json_pack ("{ss si sI}", "name", order[i], "replica", replica, "ms", (json_int_t) ms));
			else
				printf ("%-12s %d  ready again after %lld ms\n", order[i], replica, (long long) ms);
		}
	}
	if (!n)
		fprintf (stderr, "crmctl: no process of this house is called %s\n", only ? only : "so");
	return n > 0;
}

int crmctl_restart (int argc, char **argv)
{
	const char *var = NULL, *only = NULL, *wait = NULL;
	bool json = false;
	const struct word word[] = { { "var", &var, NULL }, { "only", &only, NULL }, { "wait", &wait, NULL }, { "json", NULL, &json } };
	struct house h;
	int left = words_read (argc, argv, word, LENGTH (word)), seconds = wait ? (int) strtol (wait, NULL, 10) : 60;
	if (left || seconds < 1) {
		fprintf (stderr, "usage: crmctl restart [--only DAEMON[.REPLICA]] [--wait SECONDS] [--var DIR] [--json]\n");
		return 2;
	}
	house_find (&h, var);
	json_t *state = house_supervisor (&h) ? house_state (&h) : NULL;
	if (!state) {
		fprintf (stderr, "crmctl: %s is not up\n", h.var);
		return 3;
	}
	bool good = all_restart (&h, json_object_get (state, "processes"), only, seconds, json);
	json_decref (state);
	return good ? 0 : 1;
}
