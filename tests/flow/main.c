/* Runs the stories: the shared ones in one house, the others each in its own; ends with "N passed, N failed".
 * usage: build/flow [--only NAME,NAME] [--half 1|2] [--keep] [--list]     half: every other story; BIN: where the programs are (build); FLOW_PORT, FLOW_VAR: where houses stand
 * It must never leave a process behind. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "story.h"

enum { STORY_SECONDS = 240 };

const char *const no_words[] = { NULL };

static struct story *stories, **stories_end = &stories;
static struct stack shared;

void story_add (struct story *story)
{
	*stories_end = story;
	stories_end = &story->next;
}

static void var_name (char *ret, size_t room, const char *name)
{
	const char *var = getenv ("FLOW_VAR");
	if (var)
		snprintf (ret, room, "%s-%s", var, name);
	else
		snprintf (ret, room, "/tmp/flow-%d-%s", (int) getpid (), name);
}

static int port_first (void)
{
	const char *port = getenv ("FLOW_PORT");
	return port ? atoi (port) : 9700;
}

/* The story itself, in its own process. */
static _Noreturn void story_child (const struct story *story, struct stack *s)
{
	alarm (STORY_SECONDS);
	sql_forget (s);
	story->run (s);
	settle (s);
	then_dense (s);
	fflush (NULL);
	_exit (0);
}

static void log_show (const struct stack *s)
{
	char command[400];
	snprintf (command, sizeof command,
		  "grep -aE '\"level\":\"(warn|error)\"|Sanitizer|assert' %s/log/crm.log | tail -n 12 | cut -c1-400 >&2", s->var);
	if (system (command))
		fprintf (stderr, "    (no log)\n");
}

static bool story_passes (const struct story *story, struct stack *s)
{
	int status;
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid)
		story_child (story, s);
	if (pid < 0 || waitpid (pid, &status, 0) < 0)
		return false;
	if (WIFSIGNALED (status))
		fprintf (stderr, "    %s\n", WTERMSIG (status) == SIGALRM ? "it took too long" : strsignal (WTERMSIG (status)));
	return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* Bringing a house up can fail too; that must not end the runner. */
static bool house_up (struct stack *s, const char *name, int port, const char *const words[])
{
	char var[200];
	int status;
	var_name (var, sizeof var, name);
	fflush (NULL);
	pid_t pid = fork ();
	if (!pid) {
		/* no story asks the world's name servers; one may start its own there */
		char dns[40];
		snprintf (dns, sizeof dns, "127.0.0.1:%d", port + 34);
		setenv ("CRM_DNS", dns, 1);
		stack_up (s, var, port, words);
		_exit (0);
	}
	waitpid (pid, &status, 0);
	const char *bin = getenv ("BIN");
	*s = (struct stack){ .port = port, .up = true };
	snprintf (s->var, sizeof s->var, "%s", var);
	snprintf (s->bin, sizeof s->bin, "%s", bin ? bin : "build");
	snprintf (s->api, sizeof s->api, "http://127.0.0.1:%d", port);
	snprintf (s->hooks, sizeof s->hooks, "http://127.0.0.1:%d", port + 1);
	return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static void house_end (struct stack *s, bool keep)
{
	if (s->up)
		stack_down (s);
	if (!keep)
		free (program_run ((const char *[]){ "/bin/rm", "-rf", s->var, NULL }, NULL));
}

static bool story_run (const struct story *story, bool keep)
{
	struct stack own = { 0 }, *s = &shared;
	if (story->words) {
		s = &own;
		if (!house_up (&own, story->name, port_first () + 50, story->words)) {
			log_show (&own);
			house_end (&own, keep);
			return false;
		}
	} else if (!shared.up && !house_up (&shared, "shared", port_first (), NULL)) {
		log_show (&shared);
		return false;
	}
	bool passed = story_passes (story, s);
	if (!passed)
		log_show (s);
	if (story->words)
		house_end (&own, keep);
	return passed;
}

/* Part of a name, or several of them. */
static bool is_named (const char *name, const char *only)
{
	char part[200];
	for (size_t n; *only; only += n + (only[n] == ',')) {
		n = strcspn (only, ",");
		snprintf (part, sizeof part, "%.*s", (int) n, only);
		if (n && strstr (name, part))
			return true;
	}
	return false;
}

int main (int argc, char **argv)
{
	const char *only = NULL;
	bool keep = false, list = false;
	int passed = 0, failed = 0, half = 0, nth = 0;
	for (int i = 1; i < argc; i++)
		if (!strcmp (argv[i], "--only") && i + 1 < argc)
			only = argv[++i];
		else if (!strcmp (argv[i], "--half") && i + 1 < argc && (half = atoi (argv[i + 1])) >= 1 && half <= 2)
			i++;
		else if (!strcmp (argv[i], "--keep"))
			keep = true;
		else if (!strcmp (argv[i], "--list"))
			list = true;
		else
			return fprintf (stderr, "usage: build/flow [--only NAME,NAME] [--half 1|2] [--keep] [--list]\n"), 2;
	signal (SIGPIPE, SIG_IGN);
	setvbuf (stdout, NULL, _IOLBF, 0);
	for (const struct story *story = stories; story; story = story->next) {
		if ((only && !is_named (story->name, only)) || (half && nth++ % 2 != half - 1))
			continue;
		if (list) {
			printf ("%-28s %s\n", story->name, story->sentence);
			continue;
		}
		int64_t began = now_us ();
		bool good = story_run (story, keep);
		good ? passed++ : failed++;
		printf ("%s %-28s %5lld ms  %s\n", good ? "ok    " : "FAILED", story->name, (long long) (now_us () - began) / 1000,
			story->sentence);
	}
	if (shared.up)
		house_end (&shared, keep);
	if (list)
		return 0;
	printf ("%d passed, %d failed\n", passed, failed);
	return failed || !passed;
}
