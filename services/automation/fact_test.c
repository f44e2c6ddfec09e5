/* All facts there are: each is found by its name, stands once and says what it is; of a workspace's own fields one stands for all. It must never list one that a
 * rule could not ask. */
#include "fact.h"

#include "test.h"

static struct arena arena;

static const struct fact_name *named (const struct fact_name *fact, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp (fact[i].name, name) == 0)
			return &fact[i];
	return NULL;
}

static void all_of (const struct record *event)
{
	struct fact_name found;
	size_t n;
	const struct fact_name *fact = facts_all (&arena, event, &n);
	for (size_t i = 0; i < n; i++) {
		CHECK (fact_find (&arena, event, fact[i].name, &found) && found.kind == fact[i].kind && found.of == fact[i].of);
		CHECK (named (fact, n, fact[i].name) == &fact[i]);
		CHECK (fact[i].doc && *fact[i].doc);
		CHECK (!fact[i].field || !(fact[i].field->flags & SECRET));
		CHECK ((fact[i].of == FACT_OF_EVENT) == (event != NULL));
		CHECK ((fact[i].kind == FACT_CHOICE) == (fact[i].choice != NULL));
		CHECK (fact[i].kind != FACT_OWN || fact[i].name[strlen (fact[i].name) - 1] == '*');
	}
}

static void lists (void)
{
	size_t n;
	const struct fact_name *fact = facts_all (&arena, NULL, &n);
	CHECK (named (fact, n, "deal.value") && named (fact, n, "deal.value")->kind == FACT_MONEY);
	CHECK (named (fact, n, "deal.custom.*") && named (fact, n, "contact.tags") && named (fact, n, "history.active_at"));
	CHECK (named (fact, n, "document.total") && named (fact, n, "document.due")); /* of both events that tell of one */
	CHECK (!named (fact, n, "event.at"));
	fact = facts_all (&arena, &invoice_paid_record, &n);
	CHECK (named (fact, n, "event.at") && named (fact, n, "event.total") && named (fact, n, "event.deal_id"));
	CHECK (named (fact, n, "event.state") && named (fact, n, "event.state")->choice == document_state_names);
	CHECK (!named (fact, n, "deal.value"));
}

int main (void)
{
	arena_init (&arena);
	all_of (NULL);
	for (size_t i = 0; all_records[i]; i++)
		if (all_records[i]->class == RECORD_EVENT)
			all_of (all_records[i]);
	lists ();
	arena_fini (&arena);
	return test_end ();
}
