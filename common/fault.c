/* Fault points: a test names a place and the pass at which the process dies or stops there.
 * Only in builds with FAULTS; it must never be in a build that serves anybody. */
#include "fault.h"

#ifdef FAULTS

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "arena.h"

static const char *const names[FAULT_COUNT] = {
#define FAULT_NAME(name, doc) #name,
	FAULT_POINTS (FAULT_NAME)
#undef FAULT_NAME
};

static struct {
	long at;    /* fires at this pass; 0: never */
	int signal; /* SIGKILL or SIGSTOP */
	atomic_long passes;
} point[FAULT_COUNT];

/* A wrong setting would make a crash test pass without a crash, so it stops the daemon. */
static _Noreturn void setting_refuse (const char *item)
{
	fprintf (stderr, "CRM_FAULT: \"%s\" is not name, name:nth, name=stop or name=stop:nth; names:", item);
	for (size_t i = 0; i < FAULT_COUNT; i++)
		fprintf (stderr, " %s", names[i]);
	fputc ('\n', stderr);
	_exit (2);
}

/* name[:nth][=stop|=kill], the two in any order. */
static void item_read (const char *item)
{
	size_t length = strcspn (item, ":="), f = 0;
	while (f < FAULT_COUNT && (strlen (names[f]) != length || strncmp (names[f], item, length) != 0))
		f++;
	if (f == FAULT_COUNT)
		setting_refuse (item);
	long nth = 1;
	int with = SIGKILL;
	for (const char *at = item + length; *at;) {
		char *end = NULL;
		if (*at == ':') {
			nth = strtol (at + 1, &end, 10);
		} else if (strncmp (at, "=stop", 5) == 0) {
			with = SIGSTOP;
			end = (char *) at + 5;
		} else if (strncmp (at, "=kill", 5) == 0) {
			end = (char *) at + 5;
		}
		if (!end || end == at + 1 || nth < 1)
			setting_refuse (item);
		at = end;
	}
	point[f].at = nth;
	point[f].signal = with;
}

void fault_open (const char *setting)
{
	char *copy = heap_text (setting), *rest = copy, *item;
	while ((item = strsep (&rest, ",")))
		if (*item)
			item_read (item);
	heap_free (copy);
}

void fault_reach (enum fault f)
{
	if (point[f].at && atomic_fetch_add (&point[f].passes, 1) + 1 == point[f].at)
		kill (getpid (), point[f].signal);
}

#endif
