/* Mentions in what people write: @{kind:id|label}, as a text is kept, and @kind:Name, as somebody without a picker types it. One parser for messages,
 * notes and follow-ups, for whoever writes and whoever reads them. Pure, and safe with any bytes that end in a NUL: what is none is text.
 * Never a decision whom a mention reaches: that is asked where the data are. */
#ifndef LEADWIRE_MENTIONS_H
#define LEADWIRE_MENTIONS_H

#include "records.h"

enum {
	MENTION_LABEL_MOST = 200 /* characters */,
	MENTION_LABEL_BYTES = 4 * MENTION_LABEL_MOST,
	MENTION_TYPED_MOST = 300,
	MENTIONS_MOST = 100
};

struct mention {
	enum mention_kind kind;
	bool typed;	/* @kind:Name; else a token */
	struct uuid id; /* of a token */
	const char
		*label; /* in the text: a token's label; of a typed one what follows the colon, up to the line's end or the next mention */
	size_t label_n; /* its bytes */
	size_t from, until; /* the bytes of the text that it takes; a typed one's end at `label`: how much of it is a name, names say */
};

/* The next mention at or after *at, which goes past it; false: there is none. Tokens beyond MENTIONS_MOST of a text are still found: callers bound. */
bool mention_next (const char *text, size_t *at, struct mention *ret);

/* How many bytes of `typed` the name takes, whatever its case; 0: it does not stand there, or a word goes on behind it. */
size_t mention_named (const char *typed, size_t n, const char *name);

/* Appends a token; what a label cannot hold is written otherwise. */
void mention_write (struct buffer *out, enum mention_kind kind, struct uuid id, const char *label);

/* How long a text is for whoever reads it: characters, a token counting as @ and its label. */
size_t mention_length (const char *text);

/* A text as a line to be read where there are no links: tokens as @label, blanks for line ends, at most so many characters. */
const char *mention_plain (struct arena *a, const char *text, size_t most);

#endif
