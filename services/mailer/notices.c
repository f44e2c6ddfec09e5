/* What the product itself writes to people of the workspace: that a deal was won, to its owner, once.
 * It must never write twice for one event, nor to somebody who left. */
#include "mailer.h"

#include <string.h>
#include "mailer_sql.h"
#include "money.h"

/* Whoever hears the past for the first time writes to nobody about it. */
static const int64_t news_lasts = 3 * 86400 * INT64_C (1000000);

static const char *won_text (struct batch *b, const struct won_place *p, bool dutch)
{
	const char *hello = text_join (b, dutch ? "Hallo " : "Hello ", p->name, ",\n\n");
	const char *value = "";
	char amount[24];
	if (p->has.value == HERE)
		value = text_join (b, dutch ? "\nWaarde: " : "\nValue: ", money_amount (p->value, amount), " ", p->value.currency);
	return text_join (b, hello, dutch ? "Gewonnen: " : "Won: ", p->title, value,
			  dutch ? "\n\nGefeliciteerd!\n\n" : "\n\nCongratulations!\n\n", p->workspace_name, "\n");
}

void deal_stage_changed (struct batch *b, const struct deal_stage_changed event[], size_t n, struct outcome ret[])
{
	letters_moved (b, event, n); /* who moves a deal has seen it */
	const struct won_place *place = won_load (b, event, n);
	struct draft *draft = ARRAY (b, draft, n);
	size_t drafts = 0;
	for (size_t i = 0; i < n; i++) {
		const struct won_place *p = &place[i];
		const char *email = p->has.email == HERE ? address_read (batch_arena (b), p->email) : NULL;
		bool won = event[i].has.won == HERE && event[i].won, dutch = p->has.language == HERE && !strcmp (p->language, "nl");
		bool news = event[i].head.recorded > batch_now (b) - news_lasts;
		ret[i] = won && news && p->wanted && email && p->has.mail_account_id == HERE && p->has.title == HERE ? done () : skipped ();
		if (!is_done (ret[i]))
			continue;
		struct mail_place way = { .mail_account_id = p->mail_account_id, .from_name = p->from_name, .from_email = p->from_email };
		way.has.mail_account_id = HERE;
		way.has.from_name = p->has.from_name;
		struct draft d = { .head = event[i].head };
		d.mail = (struct kept_mail){ .workspace_id = { event[i].head.workspace },
					     .mail_id = { uuid_new (b) },
					     .at = batch_now (b),
					     .deal_id = event[i].deal_id,
					     .contact_id = p->contact_id,
					     .account_id = p->account_id,
					     .owner_id = event[i].owner_id,
					     .cause_id = { event[i].head.id },
					     .subject = text_join (b, dutch ? "Gewonnen: " : "Won: ", p->title),
					     .text = won_text (b, p, dutch),
					     .transactional = true,
					     .machine = true,
					     .send_at = batch_now (b) };
		d.mail.has.deal_id = d.mail.has.cause_id = HERE;
		d.mail.has.contact_id = p->has.contact_id;
		d.mail.has.account_id = p->has.account_id;
		d.mail.has.owner_id = event[i].has.owner_id;
		d.recipient = ARRAY (b, d.recipient, 1);
		d.recipient[d.recipients++] = (struct kept_mail_recipient){ .workspace_id = d.mail.workspace_id,
									    .mail_id = d.mail.mail_id,
									    .n = 1,
									    .kind = mail_recipient_kind_to,
									    .email = email,
									    .name = p->name,
									    .has.name = p->has.name };
		draft_finish (b, &d, &way, false);
		draft[drafts++] = d;
	}
	drafts_write (b, draft, drafts);
}

/* ---- which of them there are ---- */

void mail_settings_set (struct batch *b, const struct mail_settings_set cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) { /* two of one workspace: the second tells what the first left */
		const struct mail_settings_row *was = mail_settings_load (b, &cmd[i], 1);
		ret[i] = was->known ? done () : refused (workspace_not_found);
		if (!was->known)
			continue;
		ret[i].id = cmd[i].head.workspace;
		ret[i].data = arena_printf (batch_arena (b), "{\"before\":{\"won_mail\":%s}}", was->won_mail ? "true" : "false");
		mail_settings_write (b, &cmd[i], 1);
	}
}
