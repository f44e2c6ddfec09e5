/* An auditfile: the books of a period as XML Auditfile Financieel 3.2, which Dutch bookkeepers' programs read. Piece after piece, so that it is never whole in
 * memory: company, relations, ledger, then journals with their bookings. It must never be ended with totals other than those of its lines. */
#ifndef LEADWIRE_GATEWAY_AUDITFILE_H
#define LEADWIRE_GATEWAY_AUDITFILE_H

#include "books.h"

enum { AUDITFILE_PERIODS = 999 }; /* as many as the format can number */

struct auditfile;

/* Whose books, of which period; `today`: when it is made. `whole`: bookings_export's first part {company, currency, groups, lines, debit, credit}. */
struct auditfile *auditfile_open (json_t *whole, int32_t from, int32_t to, int32_t today);
/* Months from January of the first year to the last month: what its periods are numbered by. */
int32_t auditfile_period (int32_t from, int32_t day);
/* A row of the part relations. */
void auditfile_relation (struct auditfile *f, const json_t *row);
/* All relations are told: the ledger, the VAT codes, the periods and what it all comes to. */
void auditfile_ledger (struct auditfile *f);
/* type: S sales, B bank. Ends the one before it. */
void auditfile_journal (struct auditfile *f, const char *id, const char *name, const char *type);
void auditfile_booking (struct auditfile *f, const struct booking *b);
/* REFUSED: its lines do not come to what it said at its beginning, so it is not to be given out as whole. */
enum status auditfile_end (struct auditfile *f) MUST_CHECK;
/* What was written since the last time is added to `out`. FAULT: there was no memory for it. */
enum status auditfile_take (struct auditfile *f, struct buffer *out) MUST_CHECK;
/* null: nothing. */
void auditfile_close (struct auditfile *f);

#endif
