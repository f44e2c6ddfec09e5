/* What stands on a document in words and figures, in Dutch and English: labels, amounts, quantities, dates, countries. Text in, text out.
 * Never a floating point number: what is written is the text or the integer that was given. */
#ifndef LEADWIRE_BILLING_PAGE_WORDS_H
#define LEADWIRE_BILLING_PAGE_WORDS_H

#include "records.h"

enum page_language { PAGE_DUTCH, PAGE_ENGLISH, PAGE_LANGUAGES };

/* X (name, Dutch, English) */
#define PAGE_WORDS(X)                                                                                                   \
	X (quote, "Offerte", "Quote")                                                                                   \
	X (invoice, "Factuur", "Invoice")                                                                               \
	X (credit_note, "Creditnota", "Credit note")                                                                    \
	X (quote_number, "Offertenummer", "Quote number")                                                               \
	X (invoice_number, "Factuurnummer", "Invoice number")                                                           \
	X (credit_note_number, "Creditnotanummer", "Credit note number")                                                \
	X (quote_date, "Offertedatum", "Quote date")                                                                    \
	X (invoice_date, "Factuurdatum", "Invoice date")                                                                \
	X (credit_note_date, "Datum", "Date")                                                                           \
	X (due, "Vervaldatum", "Due date")                                                                              \
	X (valid, "Geldig tot en met", "Valid until")                                                                   \
	X (supplied, "Leverdatum", "Date of supply")                                                                    \
	X (revision, "Versie", "Version")                                                                               \
	X (your_reference, "Uw referentie", "Your reference")                                                           \
	X (your_order, "Uw ordernummer", "Your order")                                                                  \
	X (your_vat, "Uw btw-nummer", "Your VAT number")                                                                \
	X (of_invoice, "Bij factuur", "Of invoice")                                                                     \
	X (of_invoice_date, "Datum van die factuur", "Date of that invoice")                                            \
	X (corrects, "Deze creditnota hoort bij factuur {1} van {2}.", "This credit note corrects invoice {1} of {2}.") \
	X (corrects_undated, "Deze creditnota hoort bij factuur {1}.", "This credit note corrects invoice {1}.")        \
	X (attention, "t.a.v. {1}", "Attn. {1}")                                                                        \
	X (kvk, "KvK", "CoC")                                                                                           \
	X (vat_id, "Btw", "VAT")                                                                                        \
	X (oin, "OIN", "OIN")                                                                                           \
	X (description, "Omschrijving", "Description")                                                                  \
	X (quantity, "Aantal", "Quantity")                                                                              \
	X (price, "Prijs", "Price")                                                                                     \
	X (price_gross, "Prijs incl.", "Price incl.")                                                                   \
	X (discount, "Korting", "Discount")                                                                             \
	X (vat, "Btw", "VAT")                                                                                           \
	X (amount, "Bedrag", "Amount")                                                                                  \
	X (amount_gross, "Bedrag incl.", "Amount incl.")                                                                \
	X (charge, "Toeslag {1}", "Surcharge {1}")                                                                      \
	X (per, "{1} per {2}", "{1} per {2}")                                                                           \
	X (option_chosen, "Optie, gekozen", "Option, chosen")                                                           \
	X (option_left, "Optie, niet in het totaal", "Option, not in the total")                                        \
	X (subtotal_of, "Subtotaal {1}", "Subtotal {1}")                                                                \
	X (subtotal, "Subtotaal", "Subtotal")                                                                           \
	X (discount_whole, "Korting", "Discount")                                                                       \
	X (net, "Totaal exclusief btw", "Total excluding VAT")                                                          \
	X (gross, "Totaal inclusief btw", "Total including VAT")                                                        \
	X (total, "Totaal", "Total")                                                                                    \
	X (vat_over, "Btw {1} over {2}", "VAT {1} on {2}")                                                              \
	X (vat_within, "Inclusief btw {1} over {2}", "Including VAT {1} on {2}")                                        \
	X (vat_none, "{1} over {2}", "{1} on {2}")                                                                      \
	X (vat_euro, "Btw in euro (1 euro = {1})", "VAT in euro (1 euro = {1})")                                        \
	X (vat_euro_on, "Btw in euro (1 euro = {1} op {2})", "VAT in euro (1 euro = {1} on {2})")                       \
	X (prepaid, "Al betaald", "Already paid")                                                                       \
	X (rounding, "Afronding", "Rounding")                                                                           \
	X (to_pay, "Te betalen", "To pay")                                                                              \
	X (to_receive, "U ontvangt", "You receive")                                                                     \
	X (credit_total, "Totaal tegoed", "Total credit")                                                               \
	X (paid, "BETAALD", "PAID")                                                                                     \
	X (paid_words, "Deze factuur is voldaan. Dank u wel.", "This invoice has been paid. Thank you.")                \
	X (draft, "CONCEPT", "DRAFT")                                                                                   \
	X (pay, "Betaling", "Payment")                                                                                  \
	X (pay_before, "Wij ontvangen {1} graag uiterlijk op {2}.", "Please pay {1} by {2}.")                           \
	X (pay_some_day, "Wij ontvangen {1} graag op onderstaande rekening.", "Please pay {1} to the account below.")   \
	X (pay_iban, "IBAN", "IBAN")                                                                                    \
	X (pay_bic, "BIC", "BIC")                                                                                       \
	X (pay_name, "Ten name van", "Account holder")                                                                  \
	X (pay_reference, "Kenmerk", "Reference")                                                                       \
	X (pay_scan, "Scan met uw bank-app", "Scan with your bank's app")                                               \
	X (pay_online, "Betaal online", "Pay online")                                                                   \
	X (accept, "Akkoord?", "Happy with it?")                                                                        \
	X (accept_words, "Bekijk deze offerte online en geef daar akkoord, of stel uw vraag.",                          \
	   "See this quote online, accept it there or ask your question.")                                              \
	X (accept_online, "Bekijk online", "View online")                                                               \
	X (terms_invoice, "Betalingsvoorwaarden", "Terms of payment")                                                   \
	X (terms_quote, "Voorwaarden", "Terms")                                                                         \
	X (page_of, "Pagina {1} van {2}", "Page {1} of {2}")

enum word {
#define PAGE_WORD(name, nl, en) WORD_##name,
	PAGE_WORDS (PAGE_WORD)
#undef PAGE_WORD
};
const char *page_word (enum page_language l, enum word word);
/* The same with x where it says {1} and y where it says {2}. */
const char *page_phrase (struct arena *a, enum page_language l, enum word word, const char *x, const char *y);

/* nl or absent: Dutch; anything else: English. */
enum page_language page_language_of (const char *language);

/* € 1.815,00 and € -50,00 in Dutch, € 1,815.00 and -€ 50.00 in English; another currency by its letters. Minor units. */
const char *page_money (struct arena *a, enum page_language l, const char *currency, int64_t minor);
/* The same of exact decimal text, with all its digits that say something, and never fewer than the currency has. */
const char *page_price (struct arena *a, enum page_language l, const char *currency, const char *decimal);
/* 1.250,5 of "1250.500" */
const char *page_figure (struct arena *a, enum page_language l, const char *decimal);
const char *page_percent (struct arena *a, enum page_language l, const char *decimal);
/* 21-11-2026 of days since 1970 */
const char *page_date (struct arena *a, int32_t day);
/* IBANs as people read them: in fours. */
const char *page_iban (struct arena *a, const char *iban);
/* A country by its name, by its two letters where it is none of those that we know. */
const char *page_country (struct arena *a, enum page_language l, const char *code);

#endif
