/* What people ask of currencies: another base, a rate more, corrected or taken away; one command after the other, since each sees what the one before left.
 * Never changes a deal: what it is worth stays in its own currency. */
#include "rules.h"

#include <string.h>
#include "clock.h"
#include "pipeline_sql.h"

static void rate_say (struct batch *b, const struct head *cause, const struct rate_row *rate, bool removed)
{
	struct rate_changed said = {
		.head = head_caused (b, cause),
		.rate_id = rate->rate_id,
		.base = rate->base,
		.currency = rate->currency,
		.day = rate->day,
		.rate = rate_text (batch_arena (b), rate->nano),
		.removed = removed,
	};
	rate_changed_emit (b, &said, 1);
}

/* What stood there, for whoever writes down what was changed. */
static const char *rate_before (struct batch *b, const struct rate_place *was)
{
	char day[DATE_TEXT];
	return was->has.rate_id == HERE
		       ? arena_printf (batch_arena (b), "{\"before\":{\"currency\":\"%s\",\"day\":\"%s\",\"rate\":\"%s\"}}", was->currency,
				       date_format (was->day, day), rate_text (batch_arena (b), was->nano))
		       : NULL;
}

static struct outcome currency_set_one (struct batch *b, const struct currency_set *cmd)
{
	struct rate_ask ask = { .workspace_id = { cmd->head.workspace } };
	const struct rate_place *place = rate_load (b, &ask, 1);
	struct outcome ret = currency_set_check (batch_arena (b), cmd, place);
	if (!is_done (ret) || !strcmp (cmd->base, place->base))
		return ret;
	struct currency_row base = { .workspace_id = ask.workspace_id, .currency = cmd->base };
	struct currency_changed said = { .head = head_caused (b, &cmd->head), .base = cmd->base };
	ret.data = arena_printf (batch_arena (b), "{\"before\":{\"base\":\"%s\"}}", place->base);
	base_write (b, &base, 1);
	currency_changed_emit (b, &said, 1);
	return ret;
}

void currency_set (struct batch *b, const struct currency_set cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = currency_set_one (b, &cmd[i]);
}

static struct outcome rate_put_one (struct batch *b, const struct rate_put *cmd)
{
	struct rate_ask ask = { .workspace_id = { cmd->head.workspace } };
	struct rate_row rate = { 0 };
	struct outcome ret = rate_put_read (batch_arena (b), cmd, rate_load (b, &ask, 1), &rate);
	if (!is_done (ret))
		return ret;
	ask.rate_id = rate.rate_id, ask.has.rate_id = HERE;
	const struct rate_place *was = rate_load (b, &ask, 1);
	ret = rate_room (batch_arena (b), was);
	ret.id = rate.rate_id.uuid;
	ret.data = rate_before (b, was);
	if (!is_done (ret) || (was->has.rate_id == HERE && was->nano == rate.nano))
		return ret;
	rate_write (b, &rate, 1);
	rate_say (b, &cmd->head, &rate, false);
	return ret;
}

void rate_put (struct batch *b, const struct rate_put cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = rate_put_one (b, &cmd[i]);
}

static struct outcome rate_update_one (struct batch *b, const struct rate_update *cmd)
{
	struct rate_ask ask = { .workspace_id = { cmd->head.workspace }, .rate_id = cmd->rate_id, .has.rate_id = HERE };
	const struct rate_place *was = rate_load (b, &ask, 1);
	struct rate_row rate = { 0 };
	struct outcome ret = rate_update_read (batch_arena (b), cmd, was, &rate);
	ret.id = cmd->rate_id.uuid;
	ret.data = rate_before (b, was);
	if (!is_done (ret) || was->nano == rate.nano)
		return ret;
	rate_write (b, &rate, 1);
	rate_say (b, &cmd->head, &rate, false);
	return ret;
}

void rate_update (struct batch *b, const struct rate_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = rate_update_one (b, &cmd[i]);
}

static struct outcome rate_remove_one (struct batch *b, const struct rate_remove *cmd)
{
	struct rate_ask ask = { .workspace_id = { cmd->head.workspace }, .rate_id = cmd->rate_id, .has.rate_id = HERE };
	const struct rate_place *was = rate_load (b, &ask, 1);
	if (was->has.rate_id != HERE)
		return refused (rate_not_found);
	struct rate_row rate = { .workspace_id = was->workspace_id,
				 .rate_id = was->rate_id,
				 .base = was->of_base,
				 .currency = was->currency,
				 .day = was->day,
				 .nano = was->nano };
	rate_drop (b, &rate, 1);
	rate_say (b, &cmd->head, &rate, true);
	struct outcome ret = done ();
	ret.data = rate_before (b, was);
	return ret;
}

void rate_remove (struct batch *b, const struct rate_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = rate_remove_one (b, &cmd[i]);
}
