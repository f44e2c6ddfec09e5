/* What a mail with news says, in its reader's language: a line for each piece of it, with a link to what it is about. See letters.h.
 * It must never let what people wrote become a mark of the HTML, nor a line of the head. */
#include "letters.h"

#include <string.h>

enum { TITLE_MOST = 200, SUBJECT_TITLE_MOST = 120 }; /* bytes */

struct writing {
	struct arena *a;
	bool dutch;
	const char *origin, *slug;
	struct buffer text, html;
};

/* Whole characters of the first bytes, in one line. */
static const char *short_text (struct arena *a, const char *text, size_t most)
{
	size_t n = strlen (text);
	bool cut = n > most;
	if (cut)
		for (n = most; n && ((unsigned char) text[n] & 0xc0) == 0x80;)
			n--;
	char *ret = arena_printf (a, "%.*s%s", (int) n, text, cut ? "…" : "");
	for (char *p = ret; *p; p++)
		if ((unsigned char) *p < ' ' || *p == 127)
			*p = ' ';
	return ret;
}

static void put (struct buffer *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': buffer_text (out, "&amp;"); break;
		case '<': buffer_text (out, "&lt;"); break;
		case '>': buffer_text (out, "&gt;"); break;
		case '"': buffer_text (out, "&quot;"); break;
		default: buffer_add (out, text, 1);
		}
}

/* ---- one piece of news ---- */

static const char *kind_word (enum activity_kind kind, bool dutch)
{
	switch (kind) {
	case activity_kind_call: return dutch ? "Telefoongesprek" : "Call";
	case activity_kind_whatsapp: return "WhatsApp";
	case activity_kind_email: return dutch ? "E-mail" : "Email";
	case activity_kind_sms: return dutch ? "Sms" : "Text message";
	case activity_kind_meeting: return dutch ? "Afspraak" : "Meeting";
	case activity_kind_task: return dutch ? "Taak" : "Task";
	case activity_kind_note: return dutch ? "Notitie" : "Note";
	case activity_kind_other:
	case activity_kind_count: break;
	}
	return dutch ? "Iets te doen" : "Something to do";
}

static const char *thing_word (enum room_kind about, bool dutch, bool many)
{
	switch (about) {
	case room_kind_lead: return many ? "leads" : "lead";
	case room_kind_contact: return dutch ? (many ? "contacten" : "contact") : many ? "contacts" : "contact";
	case room_kind_account: return dutch ? (many ? "klanten" : "klant") : many ? "accounts" : "account";
	case room_kind_deal:
	case room_kind_channel:
	case room_kind_count: break;
	}
	return many ? "deals" : "deal";
}

static const char *given_words (const struct writing *w, const struct letter_due *r)
{
	const char *by = r->has.by_name == HERE ? r->by_name : w->dutch ? "Een koppeling" : "A program";
	if (r->count > 1 && r->has.activity_id == HERE)
		return arena_printf (w->a, w->dutch ? "%s gaf je %lld dingen te doen" : "%s gave you %lld things to do", by,
				     (long long) r->count);
	if (r->count > 1)
		return arena_printf (w->a, w->dutch ? "%s gaf je %lld %s" : "%s gave you %lld %s", by, (long long) r->count,
				     thing_word (r->about, w->dutch, true));
	if (r->has.activity_id == HERE)
		return arena_printf (w->a, w->dutch ? "%s gaf je dit te doen" : "%s gave you this to do", by);
	const char *this = !w->dutch ? "this" : r->about == room_kind_contact ? "dit" : "deze";
	return arena_printf (w->a, w->dutch ? "%s gaf je %s %s" : "%s gave you %s %s", by, this, thing_word (r->about, w->dutch, false));
}

/* Why; what follows is what it is called. */
static const char *why_words (const struct writing *w, const struct letter_due *r)
{
	switch (r->kind) {
	case notice_kind_lead: return w->dutch ? "Nieuwe lead" : "New lead";
	case notice_kind_reminder: return w->dutch ? "Herinnering" : "Reminder";
	case notice_kind_mention:
		return r->has.by_name == HERE ? arena_printf (w->a, w->dutch ? "%s noemde je" : "%s mentioned you", r->by_name)
		       : w->dutch	      ? "Je bent genoemd"
					      : "You were mentioned";
	case notice_kind_assigned: return given_words (w, r);
	case notice_kind_rule: return w->dutch ? "Een regel meldt" : "A rule says";
	case notice_kind_message:
	case notice_kind_count: break;
	}
	return w->dutch ? "Nieuw" : "New";
}

static const char *title_of (const struct writing *w, const struct letter_due *r, size_t most)
{
	if (r->kind == notice_kind_assigned && r->count > 1)
		return "";
	if (r->has.title == HERE)
		return short_text (w->a, r->title, most);
	return r->kind == notice_kind_reminder ? kind_word (r->has.activity_kind == HERE ? r->activity_kind : activity_kind_other, w->dutch)
					       : "";
}

/* Null: nobody knows where the pages are. */
static const char *page_url (const struct writing *w, const char *path, const char *more)
{
	if (!*w->origin)
		return NULL;
	bool slug = w->slug && *w->slug;
	return arena_printf (w->a, "%s%s%s%s%s%s", w->origin, path, slug || *more ? "?" : "", slug ? "workspace=" : "", slug ? w->slug : "",
			     *more ? arena_printf (w->a, "%s%s", slug ? "&" : "", more) : "");
}

static const char *record_url (const struct writing *w, const struct letter_due *r)
{
	char id[UUID_TEXT], message[UUID_TEXT];
	uuid_format (r->record_id.uuid, id);
	const char *said = r->has.message_id == HERE ? arena_printf (w->a, "&message=%s", uuid_format (r->message_id.uuid, message)) : "";
	if (r->count > 1 || (r->kind == notice_kind_rule && r->about == room_kind_channel))
		return page_url (w, "/notifications", "");
	if (r->about == room_kind_channel || (*said && (r->about == room_kind_contact || r->about == room_kind_account)))
		return page_url (w, "/chat", arena_printf (w->a, "room=%s:%s%s", room_kind_names[r->about], id, said));
	/* a lead's deal, which bears its id, is where the work is */
	const char *type = r->about == room_kind_contact ? "contact" : r->about == room_kind_account ? "client" : "prospect";
	return page_url (w, "/", arena_printf (w->a, "type=%s&id=%s%s%s", type, id, *said ? "&tab=chat" : "", said));
}

static void line_write (struct writing *w, const struct letter_due *r)
{
	const char *why = why_words (w, r), *title = title_of (w, r, TITLE_MOST), *url = record_url (w, r);
	buffer_printf (&w->text, "- %s%s%s\n", why, *title ? ": " : "", title);
	if (url)
		buffer_printf (&w->text, "  %s\n", url);
	buffer_text (&w->html, "<li style=\"margin:0 0 8px\">");
	put (&w->html, why);
	buffer_text (&w->html, *title ? ": " : "");
	if (url) {
		buffer_text (&w->html, "<a href=\"");
		put (&w->html, url);
		buffer_text (&w->html, "\">");
		put (&w->html, *title ? title : w->dutch ? "bekijk" : "look");
		buffer_text (&w->html, "</a>");
	} else {
		put (&w->html, title);
	}
	buffer_text (&w->html, "</li>\n");
}

/* ---- the whole ---- */

static const char *subject_of (const struct writing *w, const struct letter_due *r)
{
	const char *where = short_text (w->a, r->workspace_name, SUBJECT_TITLE_MOST);
	if (r->digest)
		return arena_printf (w->a,
				     r->total == 1 ? (w->dutch ? "Je dagoverzicht: %lld melding – %s" : "Your day: %lld notification – %s")
				     : w->dutch	   ? "Je dagoverzicht: %lld meldingen – %s"
						   : "Your day: %lld notifications – %s",
				     (long long) r->total, where);
	if (r->total > 1)
		return arena_printf (w->a,
				     r->leads	? (w->dutch ? "%lld nieuwe leads – %s" : "%lld new leads – %s")
				     : w->dutch ? "%lld meldingen – %s"
						: "%lld notifications – %s",
				     (long long) r->total, where);
	if (r->kind == notice_kind_mention) /* others may see that there was a mail, and not read the conversation */
		return short_text (w->a, arena_printf (w->a, "%s – %s", why_words (w, r), where), 2 * SUBJECT_TITLE_MOST);
	const char *title = title_of (w, r, SUBJECT_TITLE_MOST);
	return short_text (w->a, arena_printf (w->a, "%s%s%s", why_words (w, r), *title ? ": " : "", title), 2 * SUBJECT_TITLE_MOST);
}

static void paragraph (struct writing *w, const char *words, const char *url)
{
	buffer_printf (&w->text, "%s%s%s\n", words, url ? " " : "", url ? url : "");
	buffer_text (&w->html, "<p>");
	if (url) {
		buffer_text (&w->html, "<a href=\"");
		put (&w->html, url);
		buffer_text (&w->html, "\">");
	}
	size_t n = strlen (words);
	put (&w->html, url && n && words[n - 1] == ':' ? arena_copy (w->a, words, n - 1) : words);
	buffer_text (&w->html, url ? "</a></p>\n" : "</p>\n");
}

static void foot_write (struct writing *w, const struct letter_due *r, size_t lines)
{
	long long more = (long long) r->total - (long long) lines;
	const char *all = page_url (w, "/notifications", "");
	buffer_text (&w->text, "\n");
	if (more > 0)
		paragraph (w, arena_printf (w->a, w->dutch ? "En nog %lld meer%s" : "And %lld more%s", more, all ? ":" : "."), all);
	paragraph (w, r->workspace_name, NULL);
	buffer_text (&w->text, "\n");
	if (all)
		paragraph (w, w->dutch ? "Waarover je mail krijgt, kies je zelf:" : "You choose what you get mail about:", all);
	else
		paragraph (w,
			   w->dutch ? "Waarover je mail krijgt, kies je in Leadwire bij Meldingen."
				    : "You choose what you get mail about in Leadwire, under Notifications.",
			   NULL);
}

static const char *taken (struct arena *a, struct buffer *from)
{
	const char *ret = arena_copy (a, from->at ? (const char *) from->at : "", from->n);
	buffer_fini (from);
	return ret;
}

struct letter_text letter_text (struct arena *a, const struct letter_due row[], size_t n, const char *origin)
{
	struct writing w = {
		.a = a, .dutch = !strcmp (row->language, "nl"), .origin = origin, .slug = row->has.slug == HERE ? row->slug : NULL
	};
	size_t lines = n < LETTER_LINES ? n : LETTER_LINES;
	paragraph (&w, arena_printf (a, "%s %s,", w.dutch ? "Hallo" : "Hello", short_text (a, row->name, TITLE_MOST)), NULL);
	buffer_text (&w.text, "\n");
	buffer_text (&w.html, "<ul style=\"padding:0 0 0 20px\">\n");
	for (size_t i = 0; i < lines; i++)
		line_write (&w, &row[i]);
	buffer_text (&w.html, "</ul>\n");
	foot_write (&w, row, lines);
	return (struct letter_text){ .subject = subject_of (&w, row), .text = taken (a, &w.text), .html = taken (a, &w.html) };
}
