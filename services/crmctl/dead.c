/* crmctl dead: what a service could not do and put aside. It asks the service that put it aside; nothing is changed behind its back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "verbs.h"

static struct {
	const char *var, *service;
	bool json, all;
	char **word; /* what is left of the line */
	int n;
} dead;

/* An item's name: service/source/lane/sequence, as `list` prints it. */
struct dead_item {
	char service[32], source[32];
	int lane;
	long long sequence;
};

static bool item_read (const char *text, struct dead_item *ret)
{
	int used = 0;
	return sscanf (text, "%31[^/]/%31[^/]/%d/%lld%n", ret->service, ret->source, &ret->lane, &ret->sequence, &used) == 4 && !text[used];
}

static const char *text_of (json_t *o, const char *name)
{
	const char *text = json_string_value (json_object_get (o, name));
	return text ? text : "";
}

static void item_print (const char *service, json_t *o)
{
	printf ("%s/%s/%lld/%lld  %-20s %-8s tries %lld  since %s  %s\n", service, text_of (o, "source"),
		(long long) json_integer_value (json_object_get (o, "lane")),
		(long long) json_integer_value (json_object_get (o, "sequence")), text_of (o, "type"), text_of (o, "state"),
		(long long) json_integer_value (json_object_get (o, "tries")), text_of (o, "first_at"), text_of (o, "error"));
}

/* Every parked item of the services asked for, through `use`; the exit code. */
static int parked_each (void (*use) (const char *service, json_t *o, void *ctx), void *ctx)
{
	int exit_code = 0;
	for (const char *const *s = services_all (); *s; s++) {
		if (dead.service && strcmp (dead.service, *s))
			continue;
		struct answer a = ask_service (*s, "parked", json_pack ("{si}", "limit", 1000));
		if (a.state != ANSWER_DONE) {
			exit_code = answer_fail ("dead", &a, false);
			continue;
		}
		size_t i;
		json_t *o;
		json_array_foreach (json_object_get (a.json, "data"), i, o)
		{
			use (*s, o, ctx);
		}
		json_decref (a.json);
	}
	return exit_code;
}

static void list_one (const char *service, json_t *o, void *ctx)
{
	json_t *list = ctx;
	if (!list) {
		item_print (service, o);
		return;
	}
	json_t *copy = json_deep_copy (o);
	json_object_set_new (copy, "service", json_string (service));
	json_array_append_new (list, copy);
}

static int dead_list (void *ctx)
{
	(void) ctx;
	json_t *list = dead.json ? json_array () : NULL;
	int exit_code = parked_each (list_one, list);
	if (list)
		json_line (json_pack ("{so so}", "data", list, "next", json_null ()));
	return exit_code;
}

struct show {
	struct dead_item item;
	bool found;
};

static void show_one (const char *service, json_t *o, void *ctx)
{
	struct show *show = ctx;
	if (strcmp (service, show->item.service) || strcmp (text_of (o, "source"), show->item.source) ||
	    json_integer_value (json_object_get (o, "lane")) != show->item.lane ||
	    json_integer_value (json_object_get (o, "sequence")) != show->item.sequence)
		return;
	show->found = true;
	char *text = json_dumps (o, dead.json ? JSON_COMPACT : JSON_INDENT (2));
	puts (text);
	free (text);
}

static int dead_show (void *ctx)
{
	struct show show = { .item = *(struct dead_item *) ctx };
	dead.service = show.item.service;
	int exit_code = parked_each (show_one, &show);
	if (!exit_code && !show.found) {
		fprintf (stderr, "crmctl dead: no such item is parked\n");
		exit_code = 1;
	}
	return exit_code;
}

/* Redrive or drop: one item, or with --all every item of a service. */
static int dead_change (void *ctx)
{
	const struct dead_item *item = ctx;
	const char *question = dead.word[0];
	json_int_t changed = 0;
	for (const char *const *s = services_all (); *s; s++) {
		if (item ? strcmp (item->service, *s) : dead.service && strcmp (dead.service, *s))
			continue;
		struct answer a = ask_service (
			*s, question,
			item ? json_pack ("{ss si sI}", "source", item->source, "lane", item->lane, "sequence", (json_int_t) item->sequence)
			     : json_object ());
		if (a.state != ANSWER_DONE)
			return answer_fail ("dead", &a, dead.json);
		changed += json_integer_value (json_object_get (a.json, "changed"));
		json_decref (a.json);
	}
	if (dead.json)
		json_line (json_pack ("{sI}", "changed", changed));
	else
		printf ("%lld changed\n", (long long) changed);
	return item && !changed ? 1 : 0;
}

int crmctl_dead (int argc, char **argv)
{
	static struct dead_item item;
	const struct word words[] = {
		{ "json", NULL, &dead.json },
		{ "all", NULL, &dead.all },
		{ "var", &dead.var, NULL },
		{ "service", &dead.service, NULL },
	};
	dead.n = words_read (argc, argv, words, LENGTH (words));
	dead.word = argv + 1;
	const char *what = dead.n ? dead.word[0] : "list";
	if (dead.n <= 1 && !strcmp (what, "list"))
		return ask_run (dead.var, dead_list, NULL);
	if (dead.n == 2 && !dead.all && item_read (dead.word[1], &item)) {
		if (!strcmp (what, "show"))
			return ask_run (dead.var, dead_show, &item);
		if (!strcmp (what, "redrive") || !strcmp (what, "drop"))
			return ask_run (dead.var, dead_change, &item);
	}
	if (dead.n == 1 && dead.all && !strcmp (what, "redrive"))
		return ask_run (dead.var, dead_change, NULL);
	fprintf (stderr, "usage: crmctl dead [list] [--service NAME] [--json] [--var DIR]\n"
			 "       crmctl dead show|redrive|drop SERVICE/SOURCE/LANE/SEQUENCE\n"
			 "       crmctl dead redrive --all [--service NAME]\n");
	return 2;
}
