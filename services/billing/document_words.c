/* The usual words of mails with documents, in the customer's language; {link} stands for their own page of it.
 * It must never say an amount or a day that the document does not. */
#include "documents.h"

#include <string.h>
#include "clock.h"

static const char *day_text (struct arena *a, const struct document_row *d, int32_t day)
{
	static const char *const months[] = { "January", "February", "March",	  "April",   "May",	 "June",
					      "July",	 "August",   "September", "October", "November", "December" };
	char text[DATE_TEXT];
	date_format (day, text);
	size_t month = (size_t) ((text[5] - '0') * 10 + text[6] - '0');
	if (!strcmp (d->language, "nl"))
		return arena_printf (a, "%.2s-%.2s-%.4s", text + 8, text + 5, text);
	return arena_printf (a, "%d %s %.4s", (text[8] - '0') * 10 + text[9] - '0', months[(month + 11) % 12], text);
}

const char *document_amount_text (struct arena *a, const struct document_row *d, int64_t minor)
{
	bool dutch = !strcmp (d->language, "nl");
	char text[24];
	money_amount (document_money (d, minor < 0 ? -minor : minor), text);
	size_t whole = strcspn (text, ".");
	struct buffer out = { 0 };
	buffer_text (&out, strcmp (d->currency, "EUR") ? d->currency : "€");
	buffer_text (&out, dutch || strcmp (d->currency, "EUR") ? " " : "");
	buffer_text (&out, minor < 0 ? "-" : "");
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			buffer_text (&out, dutch ? "." : ",");
		buffer_add (&out, text + i, 1);
	}
	if (text[whole])
		buffer_printf (&out, "%s%s", dutch ? "," : ".", text + whole + 1);
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static const char *dear (struct arena *a, const struct document_row *d)
{
	struct doc_party buyer = paper_buyer (a, d);
	const char *name = buyer.has.attention == HERE ? buyer.attention : buyer.has.name == HERE ? buyer.name : NULL;
	bool dutch = !strcmp (d->language, "nl");
	return arena_printf (a, "%s%s%s,", dutch ? "Beste" : "Dear", name ? " " : "", name ? name : dutch ? " klant" : " customer");
}

static const char *about (struct arena *a, const struct document_row *d)
{
	return d->has.title == HERE ? arena_printf (a, ": %s", d->title) : "";
}

static struct mail_words quote_words (struct arena *a, const struct document_row *d, const char *from)
{
	const char *number = d->number, *until = day_text (a, d, d->due), *total = document_amount_text (a, d, d->payable);
	if (!strcmp (d->language, "nl"))
		return (struct mail_words){
			arena_printf (a, "Offerte %s%s", number, about (a, d)),
			arena_printf (a,
				      "%s\n\nHierbij ontvangt u onze offerte %s van in totaal %s. De offerte is geldig tot en met %s.\n\n"
				      "U kunt de offerte hier bekijken en accepteren:\n{link}\n\nMet vriendelijke groet,\n%s\n",
				      dear (a, d), number, total, until, from)
		};
	return (struct mail_words){ arena_printf (a, "Quote %s%s", number, about (a, d)),
				    arena_printf (a,
						  "%s\n\nHere is our quote %s, %s in total. It is good until %s.\n\n"
						  "You can look at it and accept it here:\n{link}\n\nKind regards,\n%s\n",
						  dear (a, d), number, total, until, from) };
}

static struct mail_words invoice_words (struct arena *a, const struct document_row *d, const char *from)
{
	const char *number = d->number, *until = day_text (a, d, d->due), *total = document_amount_text (a, d, d->payable);
	if (!strcmp (d->language, "nl"))
		return (struct mail_words){
			arena_printf (a, "Factuur %s%s", number, about (a, d)),
			arena_printf (a,
				      "%s\n\nHierbij ontvangt u factuur %s van %s. Wij verzoeken u het bedrag uiterlijk %s te betalen.\n\n"
				      "U kunt de factuur hier bekijken:\n{link}\n\nMet vriendelijke groet,\n%s\n",
				      dear (a, d), number, total, until, from)
		};
	return (struct mail_words){ arena_printf (a, "Invoice %s%s", number, about (a, d)),
				    arena_printf (a,
						  "%s\n\nHere is invoice %s of %s. Please pay it by %s.\n\n"
						  "You can look at it here:\n{link}\n\nKind regards,\n%s\n",
						  dear (a, d), number, total, until, from) };
}

static struct mail_words note_words (struct arena *a, const struct document_row *d, const char *from)
{
	const char *number = d->number, *total = document_amount_text (a, d, d->payable);
	if (!strcmp (d->language, "nl"))
		return (struct mail_words){
			arena_printf (a, "Creditnota %s%s", number, about (a, d)),
			arena_printf (a, "%s\n\nHierbij ontvangt u creditnota %s van %s.\n\n{link}\n\nMet vriendelijke groet,\n%s\n",
				      dear (a, d), number, total, from)
		};
	return (struct mail_words){ arena_printf (a, "Credit note %s%s", number, about (a, d)),
				    arena_printf (a, "%s\n\nHere is credit note %s of %s.\n\n{link}\n\nKind regards,\n%s\n", dear (a, d),
						  number, total, from) };
}

static struct mail_words reminder_words (struct arena *a, const struct document_row *d, const char *from, int step)
{
	const char *number = d->number, *until = day_text (a, d, d->due), *open = document_amount_text (a, d, document_open (d));
	static const char *const nl[] = {
		"Misschien is het u ontgaan: van factuur %s staat nog %s open. De betaaltermijn liep tot en met %s. Wilt u het bedrag alsnog overmaken? "
		"Hebt u al betaald, dan kunt u deze mail als niet verzonden beschouwen.",
		"Wij hebben van factuur %s nog geen volledige betaling ontvangen: er staat nog %s open, te betalen uiterlijk %s. Wij verzoeken u het bedrag "
		"binnen zeven dagen te betalen.",
		"Ondanks onze eerdere herinneringen staat van factuur %s nog %s open; de betaaltermijn liep tot en met %s. Dit is onze laatste herinnering. Betaal "
		"het bedrag binnen zeven dagen, of neem contact met ons op als er iets niet klopt."
	};
	static const char *const en[] = {
		"It may have escaped you: of invoice %s, %s is still open. It was due on %s. Would you transfer the amount? If you have paid already, please ignore "
		"this message.",
		"We have not received full payment of invoice %s: %s is still open, due on %s. Please pay it within seven days.",
		"Despite our earlier reminders, of invoice %s, %s is still open; it was due on %s. This is our last reminder. Please pay it within seven days, or "
		"get in touch with us if something is not right."
	};
	bool dutch = !strcmp (d->language, "nl");
	static const char *const nl_subject[] = { "Herinnering: factuur %s", "Tweede herinnering: factuur %s",
						  "Laatste herinnering: factuur %s" };
	static const char *const en_subject[] = { "Reminder: invoice %s", "Second reminder: invoice %s", "Last reminder: invoice %s" };
	int i = step - 1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	const char *said = arena_printf (a, dutch ? nl[i] : en[i], number, open, until);
	const char *subject = arena_printf (a, dutch ? nl_subject[i] : en_subject[i], number);
#pragma GCC diagnostic pop
	return (struct mail_words){ subject, arena_printf (a, "%s\n\n%s\n\n%s\n{link}\n\n%s\n%s\n", dear (a, d), said,
							   dutch ? "De factuur staat hier:" : "The invoice is here:",
							   dutch ? "Met vriendelijke groet," : "Kind regards,", from) };
}

struct mail_words document_mail_words (struct arena *a, const struct document_row *d, const struct company_row *c, int step)
{
	const char *from = c->has.name == HERE ? c->name : "";
	if (step > 0)
		return reminder_words (a, d, from, step > 3 ? 3 : step);
	switch (d->kind) {
	case document_kind_quote: return quote_words (a, d, from);
	case document_kind_invoice: return invoice_words (a, d, from);
	case document_kind_credit_note: return note_words (a, d, from);
	case document_kind_count: break;
	}
	return (struct mail_words){ "", "" };
}
