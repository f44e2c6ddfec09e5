/* Mails with the link by which somebody gets in: an invitation, another password. In the language of whoever reads them.
 * It must never keep the link but sealed and apart, nor write it into what a page, an event or a log shows. */
#include "mailer.h"

#include <string.h>
#include "mailer_sql.h"

/* "7 dagen", "1 hour": how long the link is good, from now. */
static const char *lasts_text (struct batch *b, int64_t expires, bool dutch)
{
	static const int64_t hour = 3600 * INT64_C (1000000);
	int64_t hours = (expires - batch_now (b) + hour / 2) / hour, days = (hours + 12) / 24;
	if (hours < 48)
		return hours <= 1 ? (dutch ? "een uur" : "one hour")
				  : arena_printf (batch_arena (b), dutch ? "%lld uur" : "%lld hours", (long long) hours);
	return arena_printf (batch_arena (b), dutch ? "%lld dagen" : "%lld days", (long long) days);
}

static const char *access_subject (struct batch *b, const struct mail_access *cmd, bool dutch)
{
	if (cmd->kind != mail_access_kind_invitation)
		return dutch ? "Kies een nieuw wachtwoord voor Leadwire" : "Choose a new password for Leadwire";
	if (cmd->has.firm != HERE)
		return dutch ? "Je bent uitgenodigd voor Leadwire" : "You are invited to Leadwire";
	return text_join (b, cmd->firm, dutch ? " nodigt je uit voor Leadwire" : " invites you to Leadwire");
}

static const char *invitation_text (struct batch *b, const struct mail_access *cmd, bool dutch)
{
	const char *firm = cmd->has.firm == HERE ? cmd->firm : "Leadwire", *by = cmd->has.by == HERE ? cmd->by : firm;
	const char *where = cmd->has.firm == HERE ? text_join (b, dutch ? " bij " : " at ", firm) : "";
	return dutch ? text_join (b, by, " nodigt je uit om samen te werken in Leadwire", where,
				  ". Kies via deze link een wachtwoord, dan ben je binnen:")
		     : text_join (b, by, " invites you to work together in Leadwire", where,
				  ". Choose a password by this link, and you are in:");
}

static const char *password_text (const struct mail_access *cmd, bool dutch)
{
	if (cmd->kind == mail_access_kind_password)
		return dutch ? "Een beheerder stuurt je een link waarmee je een nieuw wachtwoord voor Leadwire kiest:"
			     : "An administrator sends you a link to choose a new password for Leadwire:";
	return dutch ? "Er is een nieuw wachtwoord gevraagd voor je account bij Leadwire. Via deze link kies je het:"
		     : "A new password was asked for your account at Leadwire. Choose it by this link:";
}

static const char *access_text (struct batch *b, const struct mail_access *cmd, bool dutch)
{
	bool invited = cmd->kind == mail_access_kind_invitation;
	const char *name = cmd->has.name == HERE && strcmp (cmd->name, cmd->email) ? text_join (b, " ", cmd->name) : "";
	const char *hello = text_join (b, dutch ? "Hallo" : "Hello", name, ",\n\n");
	const char *what = invited ? invitation_text (b, cmd, dutch) : password_text (cmd, dutch);
	const char *lasts = lasts_text (b, cmd->expires, dutch);
	const char *once = dutch ? text_join (b, "De link werkt één keer en is ", lasts, " geldig. ")
				 : text_join (b, "The link works once, and is good for ", lasts, ". ");
	const char *not_you =
		invited ? (dutch ? "Verwachtte je dit niet? Dan hoef je niets te doen."
				 : "Did you not expect this? Then you need do nothing.")
		: dutch ? "Daarna ben je overal elders uitgelogd. Vroeg je hier niet om? Dan hoef je niets te doen: je oude wachtwoord blijft werken."
			: "Afterwards you are logged out everywhere else. Did you not ask for this? Then you need do nothing: your old password still works.";
	return text_join (b, hello, what, "\n\n{link}\n\n", once, not_you, "\n");
}

static struct draft access_draft (struct batch *b, const struct mail_access *cmd, const char *email, bool dutch)
{
	struct draft d = { .head = cmd->head };
	d.mail = (struct kept_mail){ .workspace_id = { cmd->head.workspace },
				     .mail_id = cmd->mail_id,
				     .at = batch_now (b),
				     .owner_id = cmd->user_id,
				     .subject = access_subject (b, cmd, dutch),
				     .text = access_text (b, cmd, dutch),
				     .link = cmd->sealed,
				     .link_until = cmd->expires,
				     .transactional = true,
				     .machine = true,
				     .send_at = batch_now (b),
				     .has = { .owner_id = cmd->has.user_id, .link = HERE, .link_until = HERE } };
	d.recipient = ARRAY (b, d.recipient, 1);
	d.recipient[d.recipients++] = (struct kept_mail_recipient){ .workspace_id = d.mail.workspace_id,
								    .mail_id = d.mail.mail_id,
								    .n = 1,
								    .kind = mail_recipient_kind_to,
								    .email = email,
								    .name = cmd->name,
								    .has.name = cmd->has.name };
	return d;
}

void mail_access (struct batch *b, const struct mail_access cmd[], size_t n, struct outcome ret[])
{
	const struct mail_place *place = mail_access_load (b, cmd, n);
	struct draft *draft = ARRAY (b, draft, n);
	size_t drafts = 0;
	for (size_t i = 0; i < n; i++) {
		const char *email = address_read (batch_arena (b), cmd[i].email);
		const char *language = cmd[i].has.language == HERE     ? cmd[i].language
				       : place[i].has.language == HERE ? place[i].language
								       : "en";
		ret[i] = !place[i].known				  ? refused (workspace_not_found)
			 : place[i].has.mail_account_id != HERE || !email ? refused (no_mail_account)
									  : done ();
		ret[i].id = cmd[i].mail_id.uuid;
		if (!is_done (ret[i]) || place[i].taken)
			continue;
		draft[drafts] = access_draft (b, &cmd[i], email, !strcmp (language, "nl"));
		draft_finish (b, &draft[drafts++], &place[i], false);
	}
	drafts_write (b, draft, drafts);
}
