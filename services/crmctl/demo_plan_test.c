/* Every demo workspace is planned whole: somebody in every stage, nobody twice under one address, nothing before twelve weeks or after today, and the same
 * each time. */
#include "demo.h"
#include "test.h"

static int steps_of (const struct demo_workspace *w)
{
	int n = 0;
	while (n < DEMO_STAGES && w->stages[n])
		n++;
	return n;
}

static void stages_are_filled (const struct demo_workspace *w, const struct demo_plan *plan)
{
	int in[DEMO_STAGES + 1] = { 0 }, lost = 0, status[3] = { 0 }, owner[DEMO_TEAM] = { 0 };
	for (size_t i = 0; i < DEMO_LEADS; i++) {
		const struct demo_item *lead = &plan->lead[i];
		lost += lead->lost;
		in[lead->way] += !lead->lost;
		status[lead->status]++;
		owner[lead->owner]++;
		CHECK (lead->way >= lead->lost && lead->way <= steps_of (w));
		CHECK (lead->lost == (lead->loss != NULL));
		CHECK (i == 0 || lead->days <= plan->lead[i - 1].days);
		for (int k = 0; k < lead->way; k++) {
			CHECK (demo_step_days (lead, k) >= 1 && demo_step_days (lead, k) <= lead->days);
			CHECK (k == 0 || demo_step_days (lead, k) <= demo_step_days (lead, k - 1));
			CHECK (!w->notes_wanted || lead->move[k]);
		}
	}
	for (int k = 0; k <= steps_of (w); k++)
		CHECK (in[k] > 0);
	CHECK (lost > 0 && status[DEMO_NEW] > 0 && status[DEMO_CONTACTED] > 0 && status[DEMO_QUALIFIED] > 0);
	CHECK (owner[0] > 0 && owner[1] > 0 && owner[2] > 0);
	CHECK (plan->lead[0].days == DEMO_DAYS && plan->lead[DEMO_LEADS - 1].days == 0);
}

/* as many characters before the @ as the name has letters, and a dot */
static void address_holds_the_name (const struct demo_person *person)
{
	size_t letters = 0, spaces = 0;
	for (const char *at = person->name; *at; at++)
		letters += (*at & 0xc0) != 0x80 && !strchr (" '-", *at), spaces += *at == ' ';
	CHECK (strcspn (person->email, "@") == letters + (spaces > 0));
}

static void people_are_themselves (const struct demo_plan *plan)
{
	CHECK (plan->people < DEMO_PEOPLE);
	for (size_t i = 0; i < plan->people; i++) {
		CHECK (*plan->person[i].name && strchr (plan->person[i].email, '@') && *plan->person[i].phone);
		address_holds_the_name (&plan->person[i]);
		for (size_t k = 0; k < i; k++)
			CHECK (strcmp (plan->person[i].email, plan->person[k].email));
	}
	for (size_t i = 0; i < DEMO_BY_HAND; i++)
		CHECK (plan->person[plan->deal[i].person].is_contact && plan->person[plan->deal[i].person].days > plan->deal[i].days);
}

int main (void)
{
	static struct demo_plan plan, again;
	for (size_t i = 0; i < demo_workspaces_n; i++) {
		demo_plan (i, &plan);
		demo_plan (i, &again);
		stages_are_filled (&demo_workspaces[i], &plan);
		people_are_themselves (&plan);
		for (size_t k = 0; k < DEMO_LEADS; k++)
			CHECK (plan.lead[k].worth == again.lead[k].worth && plan.lead[k].title == again.lead[k].title &&
			       !strcmp (plan.person[k].email, again.person[k].email));
	}
	return test_end ();
}
