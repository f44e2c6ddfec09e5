/* What the engine tells operators: how many events were decided and how long that took, and how what rules do ended.
 * It must never name a rule or a workspace: labels come from small sets. */
#include "engine_parts.h"
#include "metrics.h"

static struct metric decide_time = { .name = "leadwire_rule_decision_seconds",
				     .help = "Asking the rules that hear an event, or whose time came",
				     .kind = METRIC_HISTOGRAM };
static struct metric loops = { .name = "leadwire_rule_loops_total",
			       .help = "Events about which no rule was asked: too many causes stand behind them",
			       .kind = METRIC_COUNTER };

#define ENDED(what)                                                                          \
	[firing_state_##what] = { .name = "leadwire_rule_firings_total",                     \
				  .help = "What rules did about something, by how it ended", \
				  .kind = METRIC_COUNTER,                                    \
				  .label = "state=\"" #what "\"" }
static struct metric ended[firing_state_count] = {
	ENDED (done), ENDED (refused), ENDED (unmet), ENDED (stopped), ENDED (limited),
};

void engine_start (void)
{
	metric_register (&decide_time);
	metric_register (&loops);
	for (size_t i = 0; i < LENGTH (ended); i++)
		if (ended[i].name)
			metric_register (&ended[i]);
}

void engine_count (const struct run *r)
{
	for (size_t i = 0; i < r->decisions; i++)
		if (r->decision[i].has.skipped == HERE)
			metric_add (&loops, 1);
		else
			metric_observe (&decide_time, r->decision[i].took_us);
	for (size_t i = 0; i < r->firings; i++)
		if (r->firing[i].has.ended_at == HERE)
			metric_add (&ended[r->firing[i].state], 1);
}
