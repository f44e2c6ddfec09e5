/* Somebody's mail program asked for the image in a mail, or a link in it was followed: kept once of each, said when it was a person.
 * It must never call read what a machine looked at, nor write anything down where opens are not followed. */
#include "mailer.h"

#include <stdlib.h>
#include <string.h>
#include "follow.h"
#include "mailer_sql.h"
#include "seal.h"

static struct provider_said said_of (struct batch *b, const struct mail_follow *cmd, const struct mail_follow_place *place,
				     const struct mail_recipient_found *r, bool machine)
{
	struct arena *a = batch_arena (b);
	char id[UUID_TEXT], hex[SHA256_TEXT] = "";
	bool clicked = cmd->has.url == HERE;
	const char *what = clicked ? "click" : "open";
	if (clicked)
		sha256_text ((struct bytes){ (const unsigned char *) cmd->url, strlen (cmd->url) }, hex);
	/* as a provider would say it, in its words: whoever reads one reads the other */
	json_t *o = json_pack ("{ss sI sb sb ss* ss*}", "event", what, "timestamp", (json_int_t) (cmd->head.at / 1000000),
			       "sg_machine_open", machine, "own", true, "url", clicked ? cmd->url : NULL, "useragent",
			       cmd->has.agent == HERE ? cmd->agent : NULL);
	char *raw = o ? json_dumps (o, JSON_COMPACT) : NULL;
	struct provider_said e = {
		.workspace_id = { cmd->head.workspace },
		.event_id = arena_printf (a, "own %s%s %s %lld %.16s", what, machine ? " machine" : "", uuid_format (cmd->mail_id.uuid, id),
					  (long long) cmd->n, hex),
		.mail_account_id = place->mail_account_id,
		.mail_id = cmd->mail_id,
		.n = cmd->n,
		.kind = what,
		.email = r->email,
		.at = cmd->head.at,
		.received_at = batch_now (b),
		.raw = arena_text (a, raw ? raw : "{}"),
		.has = { .mail_id = HERE, .n = HERE, .email = HERE },
	};
	free (raw);
	json_decref (o);
	return e;
}

/* What goes nowhere any more, or waits to go once more, is not opened by it. */
static bool is_gone (enum mail_state state)
{
	return state != mail_state_queued && state != mail_state_cancelled;
}

static void follow (struct batch *b, const struct mail_follow *cmd, const struct mail_follow_place *place,
		    const struct mail_recipient_found *r)
{
	bool clicked = cmd->has.url == HERE;
	bool machine = cmd->machine || follow_is_machine (cmd->has.agent == HERE ? cmd->agent : NULL, clicked,
							  place->has.sent_at == HERE ? place->sent_at : 0, cmd->head.at);
	struct provider_said e = said_of (b, cmd, place, r, machine);
	struct mail_moved to = { .workspace_id = e.workspace_id,
				 .mail_id = cmd->mail_id,
				 .n = cmd->n,
				 .at = cmd->head.at,
				 .state = clicked ? mail_state_clicked : mail_state_opened };
	size_t known;
	provider_known_load (b, &e, 1, &known);
	if (known)
		return;
	provider_said_write (b, &e, 1);
	if (!machine && is_gone (r->state) && mail_state_moves (r->state, to.state))
		mails_move (b, &cmd->head, r, &to, 1);
}

void mail_follow (struct batch *b, const struct mail_follow cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t rows;
		const struct mail_follow_place *place = mail_follow_load (b, &cmd[i], 1);
		const struct mail_recipient_found *r = mail_follow_recipients (b, &cmd[i], 1, &rows);
		ret[i] = refused (not_found);
		for (size_t k = 0; k < rows; k++) {
			if (r[k].n != cmd[i].n || !r[k].out || !place->tracking)
				continue;
			follow (b, &cmd[i], place, &r[k]);
			ret[i] = done ();
		}
	}
}
