/* What must be true at the end, seen from outside: answers, tables, streams. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "story.h"

void then_status (struct web_answer *a, int status)
{
	CHECK (a->status == status, "the answer is %d, not %d: %.600s%s", a->status, status, a->body, a->error);
	web_free (a);
}

void then_problem (struct web_answer *a, int status, const char *code)
{
	char type[200] = "";
	web_header (a, "Content-Type", type, sizeof type);
	CHECK (a->status == status, "the answer is %d, not %d: %.600s%s", a->status, status, a->body, a->error);
	CHECK (!strncmp (type, "application/problem+json", 24), "the answer is %s, not problem+json", type);
	CHECK (!strcmp (text_at (a->json, "code"), code), "the code is %s, not %s: %s", text_at (a->json, "code"), code, a->body);
	CHECK (*text_at (a->json, "title") && number_at (a->json, "status") == status, "the problem is not whole: %s", a->body);
	web_free (a);
}

static char *types_said (struct stack *s, struct uuid subject, const char *expected)
{
	int code;
	char *types = heap_alloc (8192), *rest;
	char *text = ctl_text (s, &code, "tail --from 1 --until-now --json --type '%.*s.*' --subject %s --workspace %s",
			       (int) strcspn (expected, "."), expected, id_text (subject), id_text (workspace_of_deal (s, subject)));
	CHECK (code == 0, "crmctl tail: exit %d", code);
	/* one service's stream after the other: time puts them in order */
	json_t *events = json_array ();
	for (char *line = strtok_r (text, "\n", &rest); line; line = strtok_r (NULL, "\n", &rest)) {
		json_t *o = json_loads (line, 0, NULL);
		CHECK (o, "crmctl tail said no JSON: %s", line);
		size_t i = 0;
		while (i < json_array_size (events) &&
		       strcmp (text_at (json_array_get (events, i), "recorded"), text_at (o, "recorded")) <= 0)
			i++;
		json_array_insert_new (events, i, o);
	}
	for (size_t i = 0; i < json_array_size (events); i++)
		snprintf (types + strlen (types), 8192 - strlen (types), "%s%s", i ? ", " : "",
			  text_at (json_array_get (events, i), "type"));
	json_decref (events);
	free (text);
	return types;
}

void then_said (struct stack *s, struct uuid subject, const char *types)
{
	char *said = types_said (s, subject, types);
	CHECK (!strcmp (said, types), "what was said is: %s\n      not: %s", said, types);
	heap_free (said);
	then_dense (s);
}

void then_stage (struct stack *s, struct uuid deal, const char *key)
{
	then_text (
		s, key, "the deal's stage",
		"select t.key from pipeline.deal d join pipeline.stage t on (t.workspace_id, t.id) = (d.workspace_id, d.stage_id) where d.id = '%s'",
		id_text (deal));
}

void then_number (struct stack *s, int64_t expected, const char *what, const char *sql, ...)
{
	char *text;
	va_list ap;
	va_start (ap, sql);
	if (vasprintf (&text, sql, ap) < 0)
		abort ();
	va_end (ap);
	int64_t n = sql_number (s, "%s", text);
	CHECK (n == expected, "%s: %lld, not %lld", what, (long long) n, (long long) expected);
	free (text);
}

void then_text (struct stack *s, const char *expected, const char *what, const char *sql, ...)
{
	char *text;
	va_list ap;
	va_start (ap, sql);
	if (vasprintf (&text, sql, ap) < 0)
		abort ();
	va_end (ap);
	char *got = sql_text (s, "%s", text);
	CHECK (!strcmp (got, expected), "%s: '%s', not '%s'", what, got, expected);
	free (got);
	free (text);
}

void then_no_dead_letters (struct stack *s)
{
	static const char *const schemas[] = { "gateway", "lead_intake", "contacts", "pipeline", "mailer", "billing", "automation" };
	for (size_t i = 0; i < LENGTH (schemas); i++)
		then_number (s, 0, "parked items", "select count(*) from %s.parked", schemas[i]);
}

_Noreturn void then_over (void)
{
	fflush (NULL);
	_exit (0);
}

json_t *mail_taken (const char *file, const char *to, int nth)
{
	FILE *f = fopen (file, "r");
	char *line = NULL;
	size_t room = 0;
	json_t *ret = NULL;
	while (f && !ret && getline (&line, &room, f) > 0) {
		json_t *o = json_loads (line, 0, NULL);
		if (o && !strcmp (text_at (o, "to.0"), to) && nth-- == 0)
			ret = json_incref (o);
		json_decref (o);
	}
	if (f)
		fclose (f);
	free (line);
	return ret;
}
