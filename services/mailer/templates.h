/* What templates may say: the placeholders that there are, and what each holds. The page's chips and the statement that gives the values say the same names.
 * Never a name that says something to whom it is sent that only the team may read. */
#ifndef LEADWIRE_MAILER_TEMPLATES_H
#define LEADWIRE_MAILER_TEMPLATES_H

#include "records.h"
#include "template.h"

#define MAIL_PLACES(PLACE)                 \
	PLACE ("contact.name", TEXT)       \
	PLACE ("contact.first_name", TEXT) \
	PLACE ("contact.last_name", TEXT)  \
	PLACE ("contact.email", TEXT)      \
	PLACE ("contact.phone", TEXT)      \
	PLACE ("contact.company", TEXT)    \
	PLACE ("deal.title", TEXT)         \
	PLACE ("deal.number", NUMBER)      \
	PLACE ("deal.value", MONEY)        \
	PLACE ("owner.name", TEXT)         \
	PLACE ("owner.email", TEXT)        \
	PLACE ("sender.name", TEXT)        \
	PLACE ("sender.email", TEXT)       \
	PLACE ("workspace.name", TEXT)     \
	PLACE ("quote.number", TEXT)       \
	PLACE ("quote.total", MONEY)       \
	PLACE ("quote.valid_until", DATE)  \
	PLACE ("quote.url", TEXT)          \
	PLACE ("invoice.number", TEXT)     \
	PLACE ("invoice.total", MONEY)     \
	PLACE ("invoice.open", MONEY)      \
	PLACE ("invoice.due", DATE)        \
	PLACE ("invoice.url", TEXT)        \
	PLACE ("today", DATE)
extern const struct template_place mail_places[];

struct draft;
/* The words of a mail: as they were given, and filled where a template or placeholders are asked for. Refused: a placeholder that nobody knows, by its field
 * and place; no such template; a language that it has not. `d` says whom and what it is about. */
struct outcome mail_words_fill (struct batch *b, const struct mail_send *cmd, struct draft *d);

#endif
