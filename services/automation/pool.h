/* What is known of the records that a run of events speaks of: loaded at once, changed in memory, written back at once. The writer's alone.
 * It must never hold a record from one run to the next. */
#ifndef LEADWIRE_AUTOMATION_POOL_H
#define LEADWIRE_AUTOMATION_POOL_H

#include "known.h"
#include "records.h"

struct pool;

/* Empty; lets go of what an earlier run left behind, its batch aborted or not. */
struct pool *pool_begin (struct batch *b);
/* Is asked for by the next pool_load. */
void pool_ask (struct pool *p, struct uuid workspace, struct uuid record);
/* `near`: and what these hang on, twice over: an invoice's deal, that deal's company. */
void pool_load (struct pool *p, bool near);
/* Quotes, invoices and credit notes of those that are asked for, which are deals. */
void pool_load_papers (struct pool *p);
/* Others that a statement gave. One that is there already stays as it is. */
void pool_take (struct pool *p, const struct known_row row[], size_t n);
/* Null: nothing is known of it. */
struct known *pool_find (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record);
struct known *pool_make (struct pool *p, struct uuid workspace, enum known_noun noun, struct uuid record);
/* It is to be written: say so after every change. */
void pool_touch (struct pool *p, struct uuid workspace, const struct known *k);
/* The deal's documents that were loaded, in the batch's arena. */
const struct known *const *pool_papers (struct pool *p, struct uuid workspace, struct uuid deal, size_t *ret_n);
/* What an event changes of records that it does not name, on all of the workspace that are here. */
void pool_move (struct pool *p, struct uuid workspace, const struct known_move *move);
/* All that was touched is written. */
void pool_keep (struct pool *p);

#endif
