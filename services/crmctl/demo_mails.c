/* The mail of a demo workspace: conversations over deals with what became of each mail, what waits, what could not be delivered, what nobody has assigned yet.
 * Mails are written by the command that the composer gives, answers are brought as files, states come of what a provider would say of them.
 * It must never let a mail leave: its account sends nothing, and its server has a name that does not exist. */
#include "demo_house.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "clock.h"
#include "seal.h"

enum { TALKS = 8, TEXT_ROOM = 2000, MINUTE = 60 * 1000000 };

struct post {
	const struct demo_house *h;
	struct uuid account;
	json_t *events; /* what is told of the mails at the end, all at once */
	int told;
	int64_t now;
};

/* A moment, and never one that is still to come. */
static int64_t moment (const struct post *p, int days, int minute)
{
	int64_t at = demo_time (days, minute);
	return at < p->now ? at : p->now;
}

/* ---- what goes ---- */

static struct head head_by (const struct demo_house *h, size_t who, int64_t at)
{
	struct head ret = { .workspace = h->id, .actor = h->user[who], .at = at };
	ret.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .permissions = ~UINT64_C (0), .user = h->user[who] };
	return ret;
}

struct letter {
	size_t who;						 /* of the team */
	int64_t at, send_at;					 /* send_at 0: at once */
	const char *deal, *email, *name, *subject, *text, *file; /* file: the sum of one that lies there; null: none */
	struct uuid answers;					 /* nil: it begins a thread */
	bool news;
};

static bool letter_goes (const struct post *p, const struct letter *l, struct uuid *ret)
{
	struct mail_address to = { .email = l->email, .name = l->name, .has = { HERE, HERE } };
	struct mail_file file = { .name = demo_said (p->h, "prijsopgave.txt", "quotation.txt"),
				  .type = "text/plain",
				  .sha256 = l->file ? l->file : "" };
	struct mail_send send = { .head = head_by (p->h, l->who, l->at),
				  .mail_account_id = { p->account },
				  .has.mail_account_id = HERE,
				  .to = { &to, 1 },
				  .subject = l->subject,
				  .text = l->text,
				  .transactional = !l->news,
				  .reply_to_id = { l->answers },
				  .send_at = l->send_at,
				  .files = { &file, l->file ? 1 : 0 } };
	send.mail_id.uuid = *ret = uuid_v7 (l->at);
	send.has.to = send.has.subject = send.has.text = send.has.transactional = HERE;
	send.has.files = l->file ? HERE : ABSENT;
	send.has.send_at = l->send_at ? HERE : ABSENT;
	send.has.reply_to_id = uuid_is_null (l->answers) ? ABSENT : HERE;
	send.has.deal_id = uuid_parse (l->deal, &send.deal_id.uuid) == OK ? HERE : ABSENT;
	struct answer a = ask_command (&mail_send_record, &send);
	return !demo_fails ("mail", &a);
}

/* What a provider would say of it: up to `state`, a few minutes between. */
static void told (struct post *p, struct uuid mail, const char *email, int64_t at, const char *const *state, const char *reason)
{
	char id[UUID_TEXT], event[80];
	for (; *state; state++, at += 7 * (int64_t) MINUTE) {
		snprintf (event, sizeof event, "demo-%s-%d", uuid_format (mail, id), p->told++);
		json_t *o = json_pack ("{ss ss ss ss ss sI}", "sg_event_id", event, "event", *state, "email", email, "crm_message", id,
				       "crm_recipient", "1", "timestamp", (json_int_t) (at / 1000000));
		if (reason && !state[1])
			json_object_update_new (o, json_pack ("{ss ss ss}", "reason", reason, "status", "5.1.1", "type", "bounce"));
		json_array_append_new (p->events, o);
	}
}

static bool all_told (const struct post *p)
{
	char *body = json_dumps (p->events, JSON_COMPACT);
	struct mail_events_take take = { .head = head_by (p->h, 0, p->now), .mail_account_id = { p->account }, .body = body };
	struct answer a = ask_command (&mail_events_take_record, &take);
	free (body);
	return !demo_fails ("events of mails", &a);
}

/* ---- what comes ---- */

struct coming {
	const char *name, *email, *subject, *text, *more; /* more: lines of its head; null: none */
	const char *file, *deal; /* file: what stands in the one that hangs on it; deal: where it belongs; null: nobody says */
	int64_t at;
	struct uuid answers;
};

static bool letter_comes (const struct post *p, const struct coming *c)
{
	char id[UUID_TEXT], path[200];
	struct buffer mail = { 0 };
	buffer_printf (&mail, "From: %s <%s>\r\nTo: post@%s\r\nSubject: %s\r\nMessage-ID: <%s@demo.%s>\r\nMIME-Version: 1.0\r\n%s", c->name,
		       c->email, p->h->what->domain, c->subject, uuid_format (uuid_v7 (clock_now ()), id), p->h->what->domain,
		       c->more ? c->more : "");
	if (!uuid_is_null (c->answers))
		buffer_printf (&mail, "In-Reply-To: <%s@%s>\r\n", uuid_format (c->answers, id), p->h->what->domain);
	if (c->file)
		buffer_text (&mail, "Content-Type: multipart/mixed; boundary=demo\r\n\r\n--demo\r\n");
	buffer_printf (&mail, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n", c->text);
	if (c->file)
		buffer_printf (
			&mail,
			"--demo\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\n%s\r\n--demo--\r\n",
			demo_said (p->h, "akkoord.txt", "approval.txt"), c->file);
	snprintf (path, sizeof path, c->deal ? "/api/crm/mails/upload?deal_id=%s" : "/api/crm/mails/upload", c->deal);
	json_t *answer = demo_bytes (p->h, path, "message/rfc822", (struct bytes){ mail.at, mail.n }, c->at);
	buffer_fini (&mail);
	json_decref (answer);
	return answer;
}

/* ---- conversations ---- */

static const char *first_of (const struct demo_person *who, char ret[60])
{
	snprintf (ret, 60, "%.*s", (int) strcspn (who->name, " "), who->name);
	return ret;
}

/* What they answer; then what they answer to the quotation. */
static const struct {
	const char *nl[2], *en[2];
} answers[TALKS] = {
	{ { "Dank voor de snelle reactie! Vóór vrijdag zou fijn zijn, lukt dat?",
	    "Akkoord, zie de bijlage. We horen graag wanneer het begint." },
	  { "Thanks for the quick answer! Before Friday would be great, can you do that?",
	    "Agreed, see attached. Let us know when you start." } },
	{ { "Kunt u ook een variant zonder bezorging sturen?", NULL }, { "Could you send a version without delivery as well?", NULL } },
	{ { "Prima. Wat heeft u nog van ons nodig?", "Ziet er goed uit. Ik leg het maandag voor aan mijn compagnon." },
	  { "Fine. What else do you need from us?", "Looks good. I will show it to my partner on Monday." } },
	{ { "Mijn collega leest vanaf nu mee. We vergelijken nog met één andere partij.", NULL },
	  { "My colleague reads along from now on. We compare with one other firm.", NULL } },
	{ { "Ik zit tot drie uur in overleg, daarna kunt u mij bellen.", "Akkoord! De handtekening zit in de bijlage." },
	  { "I am in meetings until three, after that you can call me.", "Agreed! The signature is attached." } },
	{ { "Het budget is rond. Mag de factuur in twee delen?", NULL },
	  { "The budget is there. May the invoice come in two parts?", NULL } },
	{ { "Klopt het dat de prijs exclusief btw is?", "Dank, dan is het duidelijk." },
	  { "Is it right that the price is without VAT?", "Thank you, that makes it clear." } },
	{ { "Volgende week kom ik graag even langs om het te zien.", NULL },
	  { "I would like to come by next week and have a look.", NULL } },
};

static const char *const arrived[] = { "processed", "delivered", NULL };
static const char *const opened[] = { "processed", "delivered", "open", NULL };
static const char *const clicked[] = { "processed", "delivered", "open", "click", NULL };
static const char *const taken[] = { "processed", NULL };
static const char *const returned[] = { "processed", "bounce", NULL };
static const char *const disliked[] = { "processed", "delivered", "spamreport", NULL };

/* The first answer to who asked: with their own words, and a word that stands out. */
static bool talk_begins (struct post *p, const struct demo_item *lead, const char *deal, int64_t at, size_t k, struct uuid *ret)
{
	static const char *const *const states[] = { opened, arrived, opened, clicked };
	const struct demo_person *who = &p->h->plan.person[lead->person];
	const char *wish = lead->wish ? lead->wish : "";
	char text[TEXT_ROOM], subject[300], first[60];
	snprintf (subject, sizeof subject, demo_said (p->h, "Uw aanvraag: %s", "Your inquiry: %s"), lead->title);
	snprintf (
		text, sizeof text,
		demo_said (
			p->h,
			"Beste %s,\n\nDank voor uw bericht:\n\n_%s_\n\nU krijgt van mij **binnen een werkdag** een voorstel.\n\nMet vriendelijke groet,\n%s\n%s",
			"Dear %s,\n\nThank you for your message:\n\n_%s_\n\nYou will have a proposal from me **within a working day**.\n\nKind regards,\n%s\n%s"),
		first_of (who, first), wish, p->h->what->team[lead->owner], p->h->what->name);
	struct letter l = {
		.who = lead->owner, .at = at, .deal = deal, .email = who->email, .name = who->name, .subject = subject, .text = text
	};
	if (!letter_goes (p, &l, ret))
		return false;
	told (p, *ret, who->email, at + MINUTE, states[k % 4], NULL);
	return true;
}

/* The quotation, with its file, which stands on the deal as well. */
static bool talk_offers (struct post *p, const struct demo_item *lead, const char *deal, int64_t at, size_t k, struct uuid answered,
			 struct uuid *ret)
{
	static const char *const *const states[] = { clicked, opened, arrived, opened };
	const struct demo_person *who = &p->h->plan.person[lead->person];
	char text[TEXT_ROOM], subject[300], first[60], file[600], sum[SHA256_TEXT], path[300];
	snprintf (subject, sizeof subject, demo_said (p->h, "Re: Uw aanvraag: %s", "Re: Your inquiry: %s"), lead->title);
	snprintf (
		text, sizeof text,
		demo_said (
			p->h,
			"Beste %s,\n\nHierbij onze prijsopgave:\n\n- geldig tot **eind volgende maand**\n- betaling binnen 14 dagen\n- levering in overleg\n\nMeer over "
			"ons staat op https://www.%s\n\nMet vriendelijke groet,\n%s",
			"Dear %s,\n\nHere is our quotation:\n\n- valid until **the end of next month**\n- payment within 14 days\n- delivery as agreed\n\nMore about "
			"us: https://www.%s\n\nKind regards,\n%s"),
		first_of (who, first), p->h->what->domain, p->h->what->team[lead->owner]);
	snprintf (file, sizeof file,
		  demo_said (p->h, "Prijsopgave voor %s\r\n\r\n%s\r\nTotaal: %s %lld,00\r\n",
			     "Quotation for %s\r\n\r\n%s\r\nTotal: %s %lld.00\r\n"),
		  who->name, lead->title, p->h->what->currency, (long long) (lead->worth ? lead->worth : p->h->what->least));
	struct bytes bytes = { (const unsigned char *) file, strlen (file) };
	snprintf (path, sizeof path, "/api/crm/files?deal_id=%s&name=%s", deal, demo_said (p->h, "prijsopgave.txt", "quotation.txt"));
	json_t *kept = demo_bytes (p->h, path, "text/plain", bytes, at);
	json_decref (kept);
	struct letter l = { .who = lead->owner,
			    .at = at,
			    .deal = deal,
			    .email = who->email,
			    .name = who->name,
			    .subject = subject,
			    .text = text,
			    .file = sha256_text (bytes, sum),
			    .answers = answered };
	if (!kept || !letter_goes (p, &l, ret))
		return false;
	told (p, *ret, who->email, at + MINUTE, states[k % 4], NULL);
	return true;
}

static bool talk_answers (const struct post *p, const struct demo_item *lead, const char *deal, int64_t at, const char *text,
			  const char *file, struct uuid answered, const char *more)
{
	const struct demo_person *who = &p->h->plan.person[lead->person];
	char subject[300], whole[TEXT_ROOM], first[60];
	snprintf (subject, sizeof subject, demo_said (p->h, "Re: Uw aanvraag: %s", "Re: Your inquiry: %s"), lead->title);
	snprintf (whole, sizeof whole, "%s\r\n\r\n%s %s\r\n\r\n%s\r\n> %s\r\n", text, demo_said (p->h, "Groet,", "Best,"),
		  first_of (who, first), demo_said (p->h, "Op maandag schreef post:", "On Monday post wrote:"),
		  demo_said (p->h, "Met vriendelijke groet,", "Kind regards,"));
	return letter_comes (p, &(struct coming){ .name = who->name,
						  .email = who->email,
						  .subject = subject,
						  .text = whole,
						  .more = more,
						  .file = file,
						  .deal = deal,
						  .at = at,
						  .answers = answered });
}

/* Asked and answered; a quotation goes, and some of them answer that as well. */
static bool talk_make (struct post *p, const struct demo_item *lead, const char *deal, size_t k)
{
	const struct demo_house *h = p->h;
	const char *const *words = h->what->dutch ? answers[k].nl : answers[k].en;
	int days = lead->days > 3 ? lead->days - 1 : lead->days;
	struct uuid first, offer;
	bool good = talk_begins (p, lead, deal, moment (p, lead->days, lead->minute + 30), k, &first) &&
		    talk_answers (p, lead, deal, moment (p, days, lead->minute + 95), words[0], NULL, first, NULL);
	if (good && k % 4 != 3) /* whoever is not answered yet is what somebody has to do */
		good = talk_offers (p, lead, deal, moment (p, days > 2 ? days - 1 : days, lead->minute + 140), k, first, &offer);
	if (good && words[1])
		good = talk_answers (p, lead, deal, moment (p, days > 3 ? days - 2 : days, lead->minute + 200), words[1],
				     k % 4 == 0 ? demo_said (h, "Akkoord met de prijsopgave.", "We agree to the quotation.") : NULL,
				     k % 4 != 3 ? offer : first, NULL);
	if (good && k == 5)
		good = talk_answers (p, lead, deal, moment (p, days > 2 ? days - 1 : days, lead->minute + 141),
				     demo_said (h, "Ik ben er maandag weer en lees tot dan geen mail.",
						"I am back on Monday and read no mail until then."),
				     NULL, offer, "Auto-Submitted: auto-replied\r\n");
	return good;
}

/* ---- what did not go well, and what is still to go ---- */

static bool odd_ones (struct post *p, const struct demo_item *lead, const char *deal)
{
	const struct demo_person *who = &p->h->plan.person[lead->person];
	char wrong[220];
	struct letter l = { .who = lead->owner, .deal = deal, .name = who->name };
	struct uuid id;
	struct mail_cancel stop = { .head = head_by (p->h, lead->owner, p->now) };
	snprintf (wrong, sizeof wrong, "oud.%s", who->email);
	l.email = wrong;
	l.text = demo_said (p->h, "Beste relatie,\n\nWij hebben dit adres van u. Klopt alles nog?",
			    "Dear customer,\n\nThis is the address we have of you. Is everything right?");
	l.subject = demo_said (p->h, "Kloppen uw gegevens nog?", "Are your details still right?");
	l.at = moment (p, 4, 10 * 60);
	if (!letter_goes (p, &l, &id))
		return false;
	told (p, id, wrong, l.at + MINUTE, returned, "550 5.1.1 user unknown");
	l.email = who->email;
	l.text = demo_said (p->h, "Beste relatie,\n\nDeze maand is er van alles nieuw. Kom gerust eens kijken!",
			    "Dear customer,\n\nThere is a lot that is new this month. Do come by and have a look!");
	l.subject = demo_said (p->h, "Nieuw deze maand", "New this month");
	l.news = true;
	l.at = moment (p, 3, 10 * 60);
	if (!letter_goes (p, &l, &id))
		return false;
	told (p, id, who->email, l.at + MINUTE, disliked, NULL);
	l.news = false;
	l.text = demo_said (p->h, "Beste klant,\n\nIk heb het nagevraagd: **dat kan**. Zal ik het voor u inplannen?",
			    "Dear customer,\n\nI have asked: **it can be done**. Shall I plan it in for you?");
	l.subject = demo_said (p->h, "Nog even over uw vraag", "About your question");
	l.at = moment (p, 1, 9 * 60);
	if (!letter_goes (p, &l, &id)) /* taken by the server, and nothing more is known */
		return false;
	told (p, id, who->email, l.at + MINUTE, taken, NULL);
	l.text = demo_said (p->h, "Beste klant,\n\nZullen we dinsdag om tien uur afspreken?",
			    "Dear customer,\n\nShall we meet on Tuesday at ten?");
	l.subject = demo_said (p->h, "Afspraak volgende week", "Our meeting next week");
	l.at = moment (p, 1, 9 * 60 + 5);
	if (!letter_goes (p, &l, &stop.mail_id.uuid)) /* stopped */
		return false;
	struct answer a = ask_command (&mail_cancel_record, &stop);
	l.text = demo_said (p->h, "Beste klant,\n\nTot dinsdag om tien uur!", "Dear customer,\n\nSee you on Tuesday at ten!");
	l.subject = demo_said (p->h, "Herinnering aan onze afspraak", "A reminder of our meeting");
	l.at = p->now;
	l.send_at = p->now + 5 * INT64_C (86400) * 1000000;
	return !demo_fails ("stopping a mail", &a) && letter_goes (p, &l, &id);
}

/* What nobody has assigned yet: somebody unknown, somebody known, an answer without its thread, a newsletter. */
static bool unmatched (const struct post *p, const struct demo_item *lead)
{
	const struct demo_house *h = p->h;
	const struct demo_person *who = &h->plan.person[lead->person];
	char subject[300];
	snprintf (subject, sizeof subject, demo_said (h, "Antw: Uw aanvraag: %s", "RE: Your inquiry: %s"), lead->title);
	const struct coming all[] = {
		{ .name = "Mo Vreemd",
		  .email = "mo@vreemd.example",
		  .subject = demo_said (h, "Samenwerken?", "Working together?"),
		  .text = demo_said (
			  h,
			  "Hallo,\r\n\r\nWij zitten twee straten verder en zoeken iemand om mee samen te werken. Zullen we bellen?\r\n\r\nMo",
			  "Hello,\r\n\r\nWe are two streets away and look for somebody to work with. Shall we call?\r\n\r\nMo"),
		  .at = moment (p, 1, 8 * 60 + 10) },
		{ .name = who->name,
		  .email = who->email,
		  .subject = demo_said (h, "Nog een andere vraag", "Another question"),
		  .text = demo_said (h, "Kunnen jullie ook in het weekend?", "Could you do weekends as well?"),
		  .at = moment (p, 1, 9 * 60) },
		{ .name = who->name,
		  .email = who->email,
		  .subject = subject,
		  .text = demo_said (h, "Vanaf mijn telefoon: prima zo!", "From my phone: fine like this!"),
		  .at = moment (p, 0, 7 * 60) },
		{ .name = "Vakblad",
		  .email = "nieuws@vakblad.example",
		  .subject = demo_said (h, "Dit weekend: de beurs", "This weekend: the trade fair"),
		  .text = demo_said (h, "Alles over de beurs van dit weekend.", "All about the trade fair of this weekend."),
		  .more = "List-Id: <nieuws.vakblad.example>\r\nPrecedence: bulk\r\n",
		  .at = moment (p, 0, 6 * 60) },
	};
	for (size_t i = 0; i < LENGTH (all); i++)
		if (!letter_comes (p, &all[i]))
			return false;
	return true;
}

/* ---- all of it ---- */

/* The mailer has heard of the deal that was made last: then of all. */
static bool deal_is_heard (const struct demo_house *h, const char *id)
{
	struct mail_send send = { .head = head_by (h, 0, 0), .has.deal_id = HERE };
	struct mail_address nobody = { .email = "", .has.email = HERE };
	send.head.at = clock_now ();
	send.mail_id.uuid = uuid_v7 (send.head.at);
	send.to = (struct list){ &nobody, 1 };
	send.subject = send.text = "x";
	send.has.to = send.has.subject = send.has.text = HERE;
	if (uuid_parse (id, &send.deal_id.uuid) != OK)
		return true;
	struct answer a = ask_command (&mail_send_record, &send); /* to nobody: it is refused, and the reason tells */
	return a.state != ANSWER_REFUSED || strcmp (a.code, "deal_not_found") != 0;
}

static bool account_make (struct post *p)
{
	char from[120], host[120];
	snprintf (from, sizeof from, "post@%s", p->h->what->domain);
	snprintf (host, sizeof host, "smtp.%s", p->h->what->domain);
	json_t *answer = demo_post (p->h, "/api/crm/mail/accounts",
				    json_pack ("{ss ss ss ss ss si}", "kind", "smtp", "name",
					       demo_said (p->h, "Post (demo)", "Post (demo)"), "from_name", p->h->what->name, "from_email",
					       from, "host", host, "per_minute", 0));
	const char *id = json_string_value (json_object_get (answer, "id"));
	bool good = id && uuid_parse (id, &p->account) == OK;
	json_decref (answer);
	return good;
}

bool demo_mails (const struct demo_house *h, char id[][UUID_TEXT])
{
	struct post p = { .h = h, .events = json_array (), .now = clock_now () };
	size_t k = 0, last = 0;
	bool good = account_make (&p) && demo_until (deal_is_heard, h, id[DEMO_LEADS - 1], "the mailer's word of a deal");
	for (size_t i = DEMO_LEADS - DEMO_BY_HOOK; good && i > 3 && k < TALKS; i -= 3) /* one in three, the latest first */
		if (h->plan.lead[i].days > 1 && h->plan.lead[i].status != DEMO_NEW) {
			last = k ? last : i;
			good = talk_make (&p, &h->plan.lead[i], id[i], k++);
		}
	good = good && odd_ones (&p, &h->plan.lead[last], id[last]) && all_told (&p) && unmatched (&p, &h->plan.lead[last]);
	json_decref (p.events);
	return good;
}
