/* Conditions of a segment: what is accepted, what is refused and where. */
#include "conditions.h"
#include "test.h"

#include <string.h>

static const struct {
	enum record_kind of;
	const char *json, *fault; /* fault: the first pointer; null: accepted */
	bool by_time;
} rows[] = {
	{ record_kind_lead, "{\"all\":[{\"field\":\"tag\",\"op\":\"is\",\"value\":\"vip\"}]}", NULL, false },
	{ record_kind_lead, "{\"any\":[{\"field\":\"last_activity\",\"op\":\"within\",\"value\":30}]}", NULL, true },
	{ record_kind_deal, "{\"all\":[{\"field\":\"value\",\"op\":\"more\",\"value\":{\"amount\":\"10.50\",\"currency\":\"EUR\"}}]}", NULL,
	  false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"custom.maat\",\"op\":\"empty\"}]}", NULL, false },
	{ record_kind_lead, "{\"all\":[{\"field\":\"custom.maat\",\"op\":\"empty\"}]}", "/conditions/all/0/field", false },
	{ record_kind_lead, "{\"all\":[{\"field\":\"name\",\"op\":\"filled\"}]}", "/conditions/all/0/field", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"name\",\"op\":\"s\"}]}", "/conditions/all/0/op", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"name\",\"op\":\"is\"}]}", "/conditions/all/0/value", false },
	{ record_kind_contact,
	  "{\"any\":[{\"field\":\"tag\",\"op\":\"empty\"},{\"field\":\"deals_open\",\"op\":\"more\",\"value\":\"1; drop\"}]}",
	  "/conditions/any/1/value", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"value_won\",\"op\":\"more\",\"value\":\"10\"}]}", "/conditions/all/0/value", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"created_at\",\"op\":\"before\",\"value\":\"2026-02-30\"}]}",
	  "/conditions/all/0/value", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"created_at\",\"op\":\"before\",\"value\":\"2026-+1-01\"}]}",
	  "/conditions/all/0/value", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"created_at\",\"op\":\"within\",\"value\":\"0\"}]}", "/conditions/all/0/value",
	  false },
	{ record_kind_contact, "{\"all\":[]}", "/conditions", false },
	{ record_kind_contact, "{\"all\":[{\"field\":\"tag\",\"op\":\"empty\"}],\"any\":[]}", "/conditions", false },
	{ record_kind_contact, "[]", "/conditions", false },
	{ record_kind_contact, "no json", "/conditions", false },
};

int main (void)
{
	struct arena a = { 0 };
	arena_init (&a);
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct problem problem = { 0 };
		bool by_time = false, good = conditions_check (&a, rows[i].of, rows[i].json, &problem, &by_time);
		CHECK (good == !rows[i].fault);
		CHECK (good ? by_time == rows[i].by_time : strcmp (problem.errors[0].pointer, rows[i].fault) == 0);
	}
	arena_fini (&a);
	return test_end ();
}
