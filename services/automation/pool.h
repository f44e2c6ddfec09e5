/* What is known of the records that a batch's events speak of: each read once, changed in memory, written back once, at the batch's end. The writer's alone.
 * It must never hold a record from one batch to the next: the erasure of a person changes rows behind its back. */
#ifndef LEADWIRE_AUTOMATION_POOL_H
#define LEADWIRE_AUTOMATION_POOL_H

#include "known.h"
#include "records.h"

struct pool;

/* This batch's; empty at its first use, whatever an earlier batch left behind. */
struct pool *pool_of (struct batch *b);
/* All that was touched is written, and the next pool_of is empty again: at the batch's end, and before a statement of another kind changes rows. */
void pool_end (struct batch *b);
/* Is asked for by the next pool_load. */
void pool_ask (struct pool *p, struct uuid workspace, struct uuid record);
/* `near`: and what these hang on, twice over: an invoice's deal, that deal's company. */
void pool_load (struct pool *p, bool near);
/* Quotes, invoices and credit notes of those that are asked for, which are deals. */
void pool_load_papers (struct pool *p);
/* Others that a statement gave. One that is there already stays as it is. */
void pool_take (struct pool *p, const struct known_row row[], size_t n);
/* Null: nothing is known of it, or nobody asked. */
struct known *pool_find (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record);
struct known *pool_make (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record);
/* It is to be written: say so after every change. */
void pool_touch (struct pool *p, struct uuid workspace, const struct known *k);
/* The deal's documents that were loaded, in the batch's arena. */
const struct known *const *pool_papers (struct pool *p, struct uuid workspace, struct uuid deal, size_t *ret_n);
/* What an event changes of records that it does not name, on all of the workspace that are here. */
void pool_move (struct pool *p, struct uuid workspace, const struct known_move *move);
/* All that was touched is written, for a statement that reads rows. */
void pool_keep (struct pool *p);

#endif
