/* What a command gives in a field: whether it says anything, read where it is JSON, and refused at that field. For every service.
 * Pure. Never decides what a value means: that is the rules' of a service. */
#ifndef LEADWIRE_GIVEN_H
#define LEADWIRE_GIVEN_H

#include "records.h"

/* Whether a text was given, and more than blanks. */
bool is_said (unsigned char has, const char *text);

/* 422: what is wrong with the field at `pointer` (RFC 6901); `code` is a key of the catalogues. */
struct outcome refused_at (struct arena *a, const char *pointer, const char *code, const char *detail);

enum { IDS_MOST = 5000 };
/* The field `ids`, a JSON array of at most IDS_MOST ids: each once, in order. */
struct outcome ids_read (struct arena *a, const char *json, struct uuid **ret, size_t *ret_n);
/* By their bytes, as qsort and bsearch want it. */
int id_order (const void *x, const void *y);

#endif
