/* What a provider's door takes: SendGrid's Inbound Parse, both of its modes, as the mail that it carries and the envelope it came in.
 * Never a part of the envelope from the mail's own headers: those anybody can write. */
#ifndef LEADWIRE_INBOUND_H
#define LEADWIRE_INBOUND_H

#include "mime.h"

enum {
	INBOUND_MOST = 31 * 1024 * 1024 /* bytes: SendGrid's 30 MB and the form around them */,
	MAIL_TOKEN_LEAST = 12,
	MAIL_TOKEN_MOST = 64
};

struct inbound {
	struct mail mail;
	struct bytes raw;	     /* the message itself in raw mode; else the form as it came */
	bool is_form;		     /* the latter */
	const char *broken;	     /* why nothing could be read of it, a sentence: it is kept all the same. Null: it was read */
	const char *const *envelope; /* whom it was delivered to */
	size_t envelopes;
	const char *envelope_from; /* "" when it had no sender, or was not told */
	bool aligned;		   /* DKIM or SPF passed for the domain that the sender's address has */
};

/* Never refused: what is no form is a mail that says nothing, and its bytes. */
void inbound_read (struct arena *a, const char *content_type, struct bytes body, struct inbound *ret);

/* reply+<token>@…: the token in small letters, null when it has none. Letters and digits of base32 alone, and any case. */
const char *token_of_address (struct arena *a, const char *email);
/* A subject without Re:, Fwd:, Antw:, Betr:, Doorst: and the like, and without blanks at its ends. */
const char *subject_bare (struct arena *a, const char *subject);

#endif
