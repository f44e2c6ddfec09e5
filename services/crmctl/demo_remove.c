/* crmctl demo remove: the demo of every agency goes, as the banner's button would do it for one: workspaces first, then the agencies that were made
 * for it, then those who belonged to nothing else. It must never touch what was not made for a demo: the services refuse that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "verbs.h"

enum { HOMES = 64, TEXT_MOST = 16384 };

static struct {
	const char *var;
	bool json;
} run;

static json_t *demo_found (void)
{
	struct uuid home[HOMES];
	struct demo_list list = { 0 };
	list.head.workspaces = home;
	list.head.n_workspaces = ask_homes (home, LENGTH (home));
	struct answer a = ask_query (&demo_list_record, &list);
	if (a.state != ANSWER_DONE)
		answer_fail ("demo", &a, run.json);
	return a.json;
}

/* Done, or done before. */
static bool is_over (const struct answer *a)
{
	bool over = a->state == ANSWER_DONE || (a->state == ANSWER_REFUSED && !strcmp (a->code, "workspace_not_found"));
	if (!over)
		answer_fail ("demo", a, run.json);
	else
		ask_spread (a);
	return over;
}

static struct uuid id_of (const json_t *o)
{
	struct uuid ret;
	const char *text = json_string_value (json_object_get (o, "id"));
	return text && uuid_parse (text, &ret) == OK ? ret : (struct uuid){ 0 };
}

static bool workspaces_remove (json_t *workspaces)
{
	json_t *o;
	size_t i;
	json_array_foreach (workspaces, i, o)
	{
		struct workspace_remove remove = { .head.workspace = id_of (o), .workspace_id = { id_of (o) }, .has.workspace_id = HERE };
		struct answer a = ask_command (&workspace_remove_record, &remove);
		if (!is_over (&a))
			return false;
	}
	return true;
}

/* The names of an agency's workspaces: what its audit keeps of them. */
static char *names_of (const json_t *workspaces, const json_t *agency)
{
	json_t *names = json_array (), *o;
	size_t i;
	json_array_foreach ((json_t *) workspaces, i, o)
	{
		if (json_equal (json_object_get (o, "agency_id"), json_object_get (agency, "id")))
			json_array_append (names, json_object_get (o, "name"));
	}
	char *text = json_array_size (names) ? json_dumps (names, JSON_COMPACT) : NULL;
	json_decref (names);
	return text;
}

static bool agency_end (const json_t *agency, const json_t *workspaces)
{
	struct uuid id = id_of (agency);
	struct answer a;
	if (json_is_true (json_object_get (agency, "demo"))) {
		struct agency_remove remove = { .head.workspace = id, .agency_id = { id }, .has.agency_id = HERE };
		a = ask_command (&agency_remove_record, &remove);
		return is_over (&a);
	}
	char *names = names_of (workspaces, agency), *users = json_dumps (json_object_get (agency, "users"), JSON_COMPACT);
	struct demo_end end = { .head.workspace = id,
				.agency_id = { id },
				.workspaces = names,
				.users = users,
				.has = { .agency_id = HERE, .workspaces = HERE, .users = HERE } };
	bool over = true;
	if (names) {
		a = ask_command (&demo_end_record, &end);
		over = is_over (&a);
	}
	free (names);
	free (users);
	return over;
}

void demo_logins_forget (const char *var)
{
	static char text[TEXT_MOST];
	char path[HOUSE_PATH + 64];
	struct house h;
	house_find (&h, var);
	snprintf (path, sizeof path, "%s/demo.txt", h.var);
	FILE *f = fopen (path, "r");
	if (!f)
		return;
	text[fread (text, 1, sizeof text - 1, f)] = 0;
	fclose (f);
	const char *own = strstr (text, "(the agency)");
	if (strstr (text, "was removed"))
		return;
	if ((f = fopen (path, "w"))) {
		fprintf (f, "The demo was removed.\n");
		if (own)
			fprintf (f, "\n  %.*s\n", (int) strcspn (own, "\n"), own);
		fclose (f);
	}
}

static int remove_run (void *ctx)
{
	(void) ctx;
	json_t *found = demo_found (), *workspaces = json_object_get (found, "workspaces"), *agencies = json_object_get (found, "agencies"),
	       *o;
	size_t i, removed = json_array_size (workspaces), agencies_gone = 0;
	bool good = found && workspaces_remove (workspaces);
	json_array_foreach (agencies, i, o)
	{
		agencies_gone += json_is_true (json_object_get (o, "demo"));
		good = good && agency_end (o, workspaces);
	}
	if (good && removed + agencies_gone)
		demo_logins_forget (run.var);
	if (good && run.json)
		json_line (json_pack ("{sO sI}", "workspaces", workspaces, "agencies", (json_int_t) agencies_gone));
	else if (good && !(removed + agencies_gone))
		printf ("There is no demo here: nothing was removed.\n");
	else if (good)
		printf ("Removed %zu demo workspaces with everything in them, and %zu agencies that were made for them.\n", removed,
			agencies_gone);
	json_decref (found);
	return !good;
}

int demo_remove (const char *var, bool json)
{
	run.var = var;
	run.json = json;
	return ask_run (var, remove_run, NULL);
}
