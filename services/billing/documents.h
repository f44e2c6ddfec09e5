/* Documents in a batch: loaded with what stands beside them, reckoned, numbered, written and said; the rooms that change documents share it.
 * It must never give a number outside the transaction that writes its document, nor change what is final. */
#ifndef LEADWIRE_BILLING_DOCUMENTS_H
#define LEADWIRE_BILLING_DOCUMENTS_H

#include "billing.h"

/* One document of a run. */
struct paper {
	const struct head *head;	      /* of the command */
	const struct document_row *was;	      /* has.version is not HERE: there is none */
	const struct document_beside *beside; /* the workspace's day, and who its deal, contact and company are */
	const struct company_row *company;
	struct document_row to;		     /* from now on; at first as it was */
	bool kept;			     /* `to` is to be written */
	bool render;			     /* and its files are wanted */
	const char *original_number;	     /* of a credit note, after originals_load: of which invoice */
	const struct document_row *original; /* and that invoice */
};

/* What a document was that is only being made. */
extern const struct document_row document_none;
/* Of n items their papers, in their order. asks[i] says which document, and by which deal, contact and company its words are. */
struct paper *papers_load (struct batch *b, const struct document_ask ask[], const struct head *const head[], size_t n);
/* The document of a command, where it is there, not thrown away and the asker may see it: else document_not_found. */
struct outcome paper_seen (const struct paper *p);
/* Gives the next numbers of their series to those of n papers for which wanted[i] says so, by the day of their issue, and writes the counters. What an earlier
 * day would break is refused in ret[i]; nothing of it is counted. */
void papers_number (struct batch *b, struct paper p[], const bool wanted[], size_t n, struct outcome ret[]);
/* Writes those that are kept, each as its next version, asks for the files of those that want them, and says document.changed of each. */
void papers_keep (struct batch *b, struct paper p[], size_t n);
/* The invoices that n papers correct, those of them that are credit notes, and what these are called. */
void originals_load (struct batch *b, struct paper p[], size_t n);
/* What the companies of n documents owe from now on, after they were written: said where it is another (balances.c). */
void balances_tell (struct batch *b, const struct head *head, const struct document_row d[], size_t n);
/* The same of one company. */
void balance_tell (struct batch *b, const struct head *head, account_id account);
/* What the command answers: id, version and number. */
struct outcome paper_told (struct batch *b, const struct paper *p);
/* A link for the customer, where it has none yet, good for so many days from `day` on. */
void paper_link (struct batch *b, struct paper *p, int32_t day, int days);
/* "/portal/TOKEN", sealed; null: no link, or no key. */
const char *paper_link_sealed (struct batch *b, const struct document_row *d);
/* Who the buyer is, out of its JSON. */
struct doc_party paper_buyer (struct arena *a, const struct document_row *d);

/* DOC_SAID of an event. */
#define PAPER_SAYS(a, cause, d)                                                                                                     \
	.head = cause, .document_id = (d)->document_id, .kind = (d)->kind, .state = (d)->state, .number = (d)->number,              \
	.has.number = (d)->has.number, .title = (d)->title, .has.title = (d)->has.title, .name = document_buyer_name (a, d),        \
	.has.name = document_buyer_name (a, d) ? HERE : ABSENT, .total = document_money (d, (d)->payable), .deal_id = (d)->deal_id, \
	.has.deal_id = (d)->has.deal_id, .lead_id = (d)->lead_id, .has.lead_id = (d)->has.lead_id, .contact_id = (d)->contact_id,   \
	.has.contact_id = (d)->has.contact_id, .account_id = (d)->account_id, .has.account_id = (d)->has.account_id,                \
	.owner_id = (d)->owner_id, .has.owner_id = (d)->has.owner_id

/* ---- rules: pure ---- */

/* What of it is no party any more (it was kept by an older build) is left out; null: nobody. */
struct doc_party party_of (struct arena *a, const char *json);
struct money document_money (const struct document_row *d, int64_t minor);
const char *document_buyer_name (struct arena *a, const struct document_row *d);
/* What is still to be paid of a final invoice; 0 of all others. */
int64_t document_open (const struct document_row *d);
/* An invoice's state by what came in and what was credited. True: all of it has come in for the first time, which is said once (paid_at, paid_said are set). */
bool document_settle (struct document_row *d, int64_t now);
/* Totals, groups and the nets of its lines, by its words; kor: whoever sends it charges no VAT, which is said in another way. Refused at the field that cannot be reckoned with. */
struct outcome document_reckon (struct arena *a, struct document_row *d, bool kor);
/* A buyer as somebody wrote it: identifiers as they are written properly, blanks gone. */
struct outcome buyer_read (struct arena *a, const char *json, const char **ret);
/* What the law wants on a document that gets its number: who from, to whom, of what; each missing field named. */
struct outcome document_complete (struct arena *a, const struct document_row *d, const struct company_row *company);
/* The company as it stands on this document for good: doc_party with what else is printed of it, as JSON. */
const char *company_snapshot (struct arena *a, const struct company_row *c, const char *language, enum document_kind kind);
/* A credit note that would get its number takes off no more than is left of its invoice. */
struct outcome credit_fits (const struct document_row *note, const struct document_row *original);
/* Of what is left of another document, cents that rounding by group has lost or won: `left` is what it has to come to. At most a cent a group and document. */
void document_round (struct document_row *d, int64_t left, size_t documents);
/* Lines that bring down each VAT group of a document by an amount: `part` of 10,000 of it, or with less[] (minor units without VAT, a row per group) that. */
struct list document_group_lines (struct arena *a, const struct document_row *d, int64_t part, const char *name);
/* One line per group, negative, of what was invoiced in `d` already. */
struct list document_minus_lines (struct arena *a, const struct document_row *d, const char *name);
struct list lists_join (struct arena *a, struct list x, struct list y);

/* The words of a mail with a document: step 0 sends it, 1 to 3 remind of it. */
struct mail_words {
	const char *subject, *text;
};
struct mail_words document_mail_words (struct arena *a, const struct document_row *d, const struct company_row *c, int step);
/* "€ 1.815,00" or "€ 1,815.00". */
const char *document_amount_text (struct arena *a, const struct document_row *d, int64_t minor);

#endif
