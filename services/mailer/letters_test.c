/* What a mail with news says: one line for each, who may not write into it, and where its links lead. */
#include "letters.h"

#include <string.h>
#include "test.h"

static struct arena memory;

static struct letter_due lead (const char *name, int64_t total)
{
	struct letter_due row = { .total = total,
				  .leads = true,
				  .kind = notice_kind_lead,
				  .about = room_kind_lead,
				  .title = name,
				  .count = 1,
				  .name = "Anna",
				  .email = "anna@x.nl",
				  .language = "nl",
				  .workspace_name = "Bakkerij",
				  .slug = "bakkerij",
				  .has = { .title = HERE, .slug = HERE } };
	row.record_id.uuid.b[15] = 7;
	return row;
}

static void one_lead (void)
{
	struct letter_due row = lead ("Jan <b>\r\nBcc: x", 1);
	struct letter_text is = letter_text (&memory, &row, 1, "https://crm.nl");
	CHECK_TEXT (is.subject, "Nieuwe lead: Jan <b>  Bcc: x");
	CHECK_TEXT (is.text, "Hallo Anna,\n\n- Nieuwe lead: Jan <b>  Bcc: x\n"
			     "  https://crm.nl/?workspace=bakkerij&type=prospect&id=00000000-0000-0000-0000-000000000007\n\nBakkerij\n\n"
			     "Waarover je mail krijgt, kies je zelf: https://crm.nl/notifications?workspace=bakkerij\n");
	CHECK_TEXT (
		is.html,
		"<p>Hallo Anna,</p>\n<ul style=\"padding:0 0 0 20px\">\n<li style=\"margin:0 0 8px\">Nieuwe lead: "
		"<a href=\"https://crm.nl/?workspace=bakkerij&amp;type=prospect&amp;id=00000000-0000-0000-0000-000000000007\">Jan &lt;b&gt;  Bcc: x</a></li>\n"
		"</ul>\n<p>Bakkerij</p>\n<p><a href=\"https://crm.nl/notifications?workspace=bakkerij\">Waarover je mail krijgt, kies je zelf</a></p>\n");
}

/* Nobody knows where the pages are: no links, and it still says where one chooses. */
static void no_links (void)
{
	struct letter_due row = lead ("Jan", 1);
	row.language = "en";
	row.has.slug = ABSENT;
	struct letter_text is = letter_text (&memory, &row, 1, "");
	CHECK_TEXT (is.text,
		    "Hello Anna,\n\n- New lead: Jan\n\nBakkerij\n\nYou choose what you get mail about in Leadwire, under Notifications.\n");
	CHECK (!strstr (is.html, "href"));
}

static void many (void)
{
	struct letter_due row[25];
	for (size_t i = 0; i < LENGTH (row); i++)
		row[i] = lead ("Jan", 40);
	struct letter_text is = letter_text (&memory, row, LENGTH (row), "https://crm.nl");
	CHECK_TEXT (is.subject, "40 nieuwe leads – Bakkerij");
	CHECK (strstr (is.text, "En nog 20 meer: https://crm.nl/notifications?workspace=bakkerij\n"));
	row[0].digest = true;
	CHECK_TEXT (letter_text (&memory, row, 1, "").subject, "Je dagoverzicht: 40 meldingen – Bakkerij");
	row[0].digest = row[0].leads = false;
	CHECK_TEXT (letter_text (&memory, row, 1, "").subject, "40 meldingen – Bakkerij");
}

static void lines (void)
{
	static const struct {
		const char *language;
		enum notice_kind kind;
		enum room_kind about;
		bool activity, message;
		const char *by, *title;
		int64_t count;
		const char *says, *leads;
	} rows[] = {
		{ "nl", notice_kind_reminder, room_kind_contact, true, false, NULL, NULL, 1, "- Herinnering: Telefoongesprek\n",
		  "/?workspace=bakkerij&type=contact&id=" },
		{ "en", notice_kind_reminder, room_kind_account, true, false, NULL, "Call", 1, "- Reminder: Call\n",
		  "/?workspace=bakkerij&type=client&id=" },
		{ "en", notice_kind_mention, room_kind_deal, false, true, "Bob", "look", 1, "- Bob mentioned you: look\n",
		  "&tab=chat&message=" },
		{ "nl", notice_kind_mention, room_kind_channel, false, true, NULL, "kijk", 1, "- Je bent genoemd: kijk\n",
		  "/chat?workspace=bakkerij&room=channel:" },
		{ "nl", notice_kind_mention, room_kind_contact, false, true, "Bob", "kijk", 1, "- Bob noemde je: kijk\n",
		  "/chat?workspace=bakkerij&room=contact:" },
		{ "nl", notice_kind_assigned, room_kind_contact, false, false, "Bob", "Jan", 1, "- Bob gaf je dit contact: Jan\n",
		  "type=contact" },
		{ "nl", notice_kind_assigned, room_kind_account, false, false, NULL, "BV", 1, "- Een koppeling gaf je deze klant: BV\n",
		  "type=client" },
		{ "nl", notice_kind_assigned, room_kind_deal, false, false, "Bob", "Een", 20, "- Bob gaf je 20 deals\n",
		  "/notifications?workspace=bakkerij\n" },
		{ "nl", notice_kind_rule, room_kind_account, false, false, NULL, "Bel ze", 1, "- Een regel meldt: Bel ze\n",
		  "type=client" },
		{ "en", notice_kind_rule, room_kind_channel, false, false, NULL, "Look", 1, "- A rule says: Look\n",
		  "/notifications?workspace=bakkerij\n" },
		{ "en", notice_kind_assigned, room_kind_deal, true, false, "Bob", "Call", 1, "- Bob gave you this to do: Call\n",
		  "type=prospect" },
	};
	for (size_t i = 0; i < LENGTH (rows); i++) {
		struct letter_due row = lead ("", 1);
		row.leads = false;
		row.language = rows[i].language;
		row.kind = rows[i].kind;
		row.about = rows[i].about;
		row.has.activity_id = rows[i].activity ? HERE : ABSENT;
		row.activity_kind = activity_kind_call;
		row.has.activity_kind = row.has.activity_id;
		row.has.message_id = rows[i].message ? HERE : ABSENT;
		row.by_name = rows[i].by;
		row.has.by_name = rows[i].by ? HERE : ABSENT;
		row.title = rows[i].title;
		row.has.title = rows[i].title ? HERE : ABSENT;
		row.count = rows[i].count;
		struct letter_text is = letter_text (&memory, &row, 1, "https://crm.nl");
		CHECK (strstr (is.text, rows[i].says) && strstr (is.text, rows[i].leads));
	}
	/* a long title is cut between characters */
	char text[403];
	for (size_t i = 0; i < 400; i += 2)
		memcpy (text + i, "é", 2);
	text[400] = 0;
	struct letter_due row = lead (text + 1, 1);
	row.title = text;
	CHECK (strstr (letter_text (&memory, &row, 1, "").text, "é…\n"));
}

int main (void)
{
	arena_init (&memory);
	one_lead ();
	no_links ();
	many ();
	lines ();
	arena_fini (&memory);
	return test_end ();
}
