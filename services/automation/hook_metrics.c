/* What webhooks tell operators: how much waits and for how long, what was given up, which addresses are off or have trouble, how talks ended.
 * It must never name an address or a workspace: labels come from small sets. */
#include "automation_sql.h"
#include "hooks.h"
#include "metrics.h"

enum { COUNT_EVERY = 30000000 }; /* µs */

static struct metric waiting = { .name = "leadwire_hooks_waiting",
				 .help = "Messages of webhooks that did not arrive yet, to addresses that are on, of the lanes owned here",
				 .kind = METRIC_GAUGE };
static struct metric oldest = { .name = "leadwire_hooks_oldest_seconds",
				.help = "How long ago the oldest of these happened",
				.kind = METRIC_GAUGE };
static struct metric given_up = { .name = "leadwire_hooks_given_up",
				  .help = "Messages of webhooks in the log, of thirty days, that did not arrive and are tried no more",
				  .kind = METRIC_GAUGE };
static struct metric endpoints[] = {
	{ .name = "leadwire_hook_endpoints",
	  .help = "Addresses of webhooks: on and in trouble (the last attempts failed), switched off because nothing arrived, or because they are gone",
	  .kind = METRIC_GAUGE,
	  .label = "state=\"trouble\"" },
	{ .name = "leadwire_hook_endpoints", .kind = METRIC_GAUGE, .label = "state=\"failing\"" },
	{ .name = "leadwire_hook_endpoints", .kind = METRIC_GAUGE, .label = "state=\"gone\"" },
};

#define TALKED(what)                                                                                                \
	[hook_delivery_state_##what] = { .name = "leadwire_hook_talks_total",                                       \
					 .help = "Attempts at messages of webhooks, by how the message stood then", \
					 .kind = METRIC_COUNTER,                                                    \
					 .label = "state=\"" #what "\"" }
static struct metric talked[hook_delivery_state_count] = { TALKED (waiting), TALKED (delivered), TALKED (given_up) };

void hooks_start (void)
{
	metric_register (&waiting);
	metric_register (&oldest);
	metric_register (&given_up);
	for (size_t i = 0; i < LENGTH (endpoints); i++)
		metric_register (&endpoints[i]);
	for (size_t i = 0; i < LENGTH (talked); i++)
		if (talked[i].name)
			metric_register (&talked[i]);
}

void hook_talked (enum hook_delivery_state state)
{
	metric_add (&talked[state], 1);
}

/* Each replica counts its own lanes, twice a minute. */
void hooks_counted (struct batch *b, const struct hooks_tell *tell)
{
	static int64_t next; /* the writer's alone */
	struct hook_count all = { 0 };
	size_t n;
	if (tell->now < next)
		return;
	next = tell->now + COUNT_EVERY;
	const struct hook_count *row = hooks_count (b, tell, 1, &n);
	for (size_t i = 0; i < n; i++) {
		if (!batch_owns (b, row[i].workspace_id.uuid))
			continue;
		all.waiting += row[i].waiting;
		all.oldest = row[i].oldest > all.oldest ? row[i].oldest : all.oldest;
		all.given_up += row[i].given_up;
		all.trouble += row[i].trouble;
		all.failing += row[i].failing;
		all.gone += row[i].gone;
	}
	metric_set (&waiting, all.waiting);
	metric_set (&oldest, all.oldest);
	metric_set (&given_up, all.given_up);
	metric_set (&endpoints[0], all.trouble);
	metric_set (&endpoints[1], all.failing);
	metric_set (&endpoints[2], all.gone);
}
