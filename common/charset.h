/* Bytes in one of the character sets that people still send, as UTF-8.
 * Never a NUL or broken UTF-8 in what comes out. */
#ifndef LEADWIRE_CHARSET_H
#define LEADWIRE_CHARSET_H

#include "arena.h"

bool text_is_utf8 (struct bytes in);
/* Bytes in a character set to UTF-8: utf-8, us-ascii, iso-8859-1 and windows-1252 (one for the web), iso-8859-15; null, any other, or what claims
 * to be UTF-8 and is not: UTF-8 if it is that, else windows-1252. A NUL becomes U+FFFD. */
const char *text_from_charset (struct arena *a, struct bytes in, const char *charset);
/* The same in two steps. A name that says nothing for sure is a guess. */
enum charset { CHARSET_GUESS, CHARSET_UTF_8, CHARSET_WINDOWS_1252, CHARSET_LATIN_9 };
enum charset charset_named (const char *name);
const char *text_from_bytes (struct arena *a, struct bytes in, enum charset charset);
/* Two names are one: letters in lower case as lower() of Postgres has it, character by character in the house's locale (C.UTF-8), so that what is decided here
 * and what a unique index on lower(name) says never differ. What is no UTF-8 is itself. */
bool text_same (const char *x, const char *y);
/* A text with every letter small in that way: two texts are one for text_same where these are equal. In the arena. */
const char *text_small (struct arena *a, const char *text);

#endif
