/* A house's own stories: what `crmctl up`, `down` and `status` promise. It must never signal a process of another house. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "story.h"

static const char *const names[] = { "postgres", "gateway", "lead-intake", "contacts", "pipeline", "mailer", "billing", "automation" };

static pid_t supervisor_pid (struct stack *s)
{
	char path[300];
	snprintf (path, sizeof path, "%s/run/up.json", s->var);
	json_t *state = json_load_file (path, 0, NULL);
	pid_t pid = (pid_t) number_at (state, "supervisor");
	json_decref (state);
	CHECK (pid > 1, "no supervisor in %s", path);
	return pid;
}

STORY_ALONE (house_no_survivors, "A supervisor killed outright leaves nothing behind, and the next start is whole again")
{
	pid_t pid[LENGTH (names)], supervisor = supervisor_pid (s);
	struct workspace *w = given_workspace (s, "survivor", "classic-6");
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"An\",\"email\":\"an@survivor.nl\"}");
	then_status (&a, 202);
	for (size_t i = 0; i < LENGTH (names); i++)
		pid[i] = daemon_pid (s, names[i], 0);
	sql_forget (s);
	kill (supervisor, SIGKILL);
	for (size_t i = 0; i < LENGTH (names); i++)
		UNTIL (15000, kill (pid[i], 0), "%s outlived its supervisor", names[i]);
	json_t *up = ctl (s, "up --detach --port %d", s->port);
	json_decref (up);
	settle (s);
	then_number (s, 1, "deals after the next start", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}

STORY_ALONE (house_one_supervisor, "A second `up` on the same folder is refused, and the first does not notice")
{
	int code;
	pid_t first = supervisor_pid (s);
	free (ctl_text (s, &code, "up --detach --port %d", s->port + 40));
	CHECK (code == 1, "the second up exits with %d", code);
	CHECK (supervisor_pid (s) == first, "another supervisor took over");
	json_t *list = ctl (s, "status");
	CHECK (json_array_size (list) == LENGTH (names), "%zu processes", json_array_size (list));
	for (size_t i = 0; i < json_array_size (list); i++)
		CHECK (json_is_true (json_object_get (json_array_get (list, i), "ready")), "%s is not ready",
		       text_at (json_array_get (list, i), "name"));
	json_decref (list);
}

STORY_ALONE (house_restarts, "What dies comes back by itself, Postgres too, and one daemon can be held down alone")
{
	for (size_t i = 0; i < LENGTH (names); i++) {
		pid_t old = daemon_pid (s, names[i], 0);
		daemon_kill (s, names[i], 0, i ? SIGKILL : SIGQUIT);
		UNTIL (20000, daemon_pid (s, names[i], 0) && daemon_pid (s, names[i], 0) != old, "%s did not come back", names[i]);
	}
	for (size_t i = 1; i < LENGTH (names); i++)
		daemon_ready (s, names[i], 0);
	daemon_hold (s, "contacts");
	CHECK (!daemon_pid (s, "contacts", 0), "contacts runs though it is held down");
	daemon_release (s, "contacts");
	daemon_ready (s, "contacts", 0);
	sql_forget (s);
}

STORY_ALONE (house_down_and_up, "`down` ends everything, `status` then says so, and a second start finds all there was")
{
	int code;
	struct workspace *w = given_workspace (s, "again", "classic-6");
	struct web_answer a = when_posted (s, w->hook, "{\"name\":\"Bo\",\"email\":\"bo@again.nl\"}");
	then_status (&a, 202);
	settle (s);
	pid_t postgres = daemon_pid (s, "postgres", 0);
	sql_forget (s);
	json_decref (ctl (s, "down"));
	CHECK (kill (postgres, 0), "Postgres outlived `down`");
	free (ctl_text (s, &code, "status"));
	CHECK (code == 3, "status of a house that is down exits with %d", code);
	json_decref (ctl (s, "up --detach --port %d", s->port));
	settle (s);
	then_number (s, 1, "deals after the second start", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}
