/* Tasks: what one has to do, in all the workspaces one sees. Where rights differ from one to the next, each group is asked for itself and the rows are put
 * together by when they are due. Never one question with the wider of two rights. */
#include <stdlib.h>
#include <string.h>

#include "gateway.h"

enum { TASKS_MS = 5000, TASKS_MOST = 200 };

struct tasks {
	struct request *q;
	json_t *rows, *counts;
	size_t waiting;
	bool failed;
};

/* Those without a date last. */
static int earliest_first (const void *a, const void *b)
{
	const char *x = json_string_value (json_object_get (*(json_t *const *) a, "due_at")),
		   *y = json_string_value (json_object_get (*(json_t *const *) b, "due_at"));
	return x && y ? strcmp (x, y) : !x - !y;
}

static int last_done_first (const void *a, const void *b)
{
	const char *x = json_string_value (json_object_get (*(json_t *const *) a, "done_at")),
		   *y = json_string_value (json_object_get (*(json_t *const *) b, "done_at"));
	return strcmp (y ? y : "", x ? x : "");
}

static json_t *rows_sorted (json_t *rows, bool done, size_t limit)
{
	size_t n = json_array_size (rows);
	json_t **row = heap_alloc ((n + 1) * sizeof *row), *ret = json_array ();
	for (size_t i = 0; i < n; i++)
		row[i] = json_array_get (rows, i);
	qsort (row, n, sizeof *row, done ? last_done_first : earliest_first);
	for (size_t i = 0; i < n && i < limit; i++)
		json_array_append (ret, row[i]);
	heap_free (row);
	json_decref (rows);
	return ret;
}

static void tasks_reply (struct tasks *t)
{
	struct request *q = t->q;
	const struct task_list *asked = q->item;
	bool done = asked->has.view == HERE && asked->view == task_view_done;
	if (t->failed) {
		json_decref (t->rows);
		json_decref (t->counts);
		reply_error (q, ERROR_unavailable, NULL, NULL);
		return;
	}
	json_t *page = json_pack ("{s:o, s:n, s:o}", "data", rows_sorted (t->rows, done, (size_t) asked->limit), "next", "counts",
				  t->counts);
	char *text = json_dumps (page, JSON_COMPACT);
	const char *copy = arena_text (q->arena, text);
	free (text);
	json_decref (page);
	reply_text (q, 200, copy);
}

static void counts_add (json_t *to, const json_t *counts)
{
	const char *name;
	json_t *n;
	json_object_foreach ((json_t *) counts, name, n)
		json_object_set_new (to, name, json_integer (json_integer_value (json_object_get (to, name)) + json_integer_value (n)));
}

static void tasks_answered (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct tasks *t = ctx;
	json_t *page = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, 0, NULL) : NULL;
	t->failed = t->failed || !page;
	json_array_extend (t->rows, json_object_get (page, "data"));
	counts_add (t->counts, json_object_get (page, "counts"));
	json_decref (page);
	if (--t->waiting == 0)
		tasks_reply (t);
}

/* One group pages as any list; several are told at once, as many as a page may hold. */
void tasks_page (struct request *q)
{
	if (q->sight.n_groups == 1) {
		read_page (q);
		return;
	}
	struct tasks *t = arena_alloc (q->arena, sizeof *t);
	if (!record_of_query (q) || (q->sight.n_groups && !zone_set (q)))
		return;
	struct task_list *asked = q->item;
	asked->limit = asked->has.limit == HERE ? asked->limit : TASKS_MOST;
	asked->has.limit = HERE;
	asked->has.after = ABSENT;
	*t = (struct tasks){ .q = q,
			     .rows = json_array (),
			     .counts = json_pack ("{s:i, s:i, s:i, s:i}", "mine", 0, "overdue", 0, "today", 0, "upcoming", 0),
			     .waiting = q->sight.n_groups };
	if (!t->waiting) {
		tasks_reply (t);
		return;
	}
	for (size_t g = 0; g < q->sight.n_groups; g++) {
		struct task_list query = *asked;
		query.head = (struct head){
			.actor = q->caller->actor, .id = q->id, .correlation = q->id, .grant = q->sight.seat[q->sight.group[g]]->grant
		};
		query.head.workspaces = sight_set (q->arena, &q->sight, g, &query.head.n_workspaces);
		app_query (q->app, &task_list_record, &query, q->after.at, q->after.n, TASKS_MS, tasks_answered, t);
	}
}
