/* XML Auditfile Financieel 3.2, element by element in the order of its schema, by libxml2's writer; its objects never leave this file.
 * Texts are cut to what the schema takes, at a whole character. It must never write a floating point number. */
#include "auditfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/xmlwriter.h>
#include "clock.h"
#include "money.h"

#define XAF_NS "http://www.auditfiles.nl/XAF/3.2"

enum { TEXT_ID = 35, TEXT_SHORT = 50, TEXT_LONG = 999 };

struct auditfile {
	struct arena once; /* of one piece */
	xmlBufferPtr made;
	xmlTextWriterPtr to;
	json_t *whole;
	char currency[4];
	int32_t from, until;
	int64_t lines;
	__int128 debit, credit;
	bool journal, failed;
};

/* ---- writing ---- */

static void so (struct auditfile *f, int written)
{
	f->failed |= written < 0;
}

static void begin (struct auditfile *f, const char *name)
{
	so (f, xmlTextWriterStartElement (f->to, (const xmlChar *) name));
}

static void end (struct auditfile *f)
{
	so (f, xmlTextWriterEndElement (f->to));
}

/* Whether XML can hold the character that begins there. */
static bool is_held (const unsigned char *p)
{
	return p[0] == 0xEF && p[1] == 0xBF ? p[2] != 0xBE && p[2] != 0xBF : *p >= 0x20 || *p == '\t' || *p == '\n';
}

/* What XML can hold of it, at most so many characters. */
static const char *text_cut (struct arena *a, const char *text, size_t most)
{
	size_t n = strlen (text), held = 0;
	char *ret = arena_alloc (a, n + 1), *out = ret;
	for (const unsigned char *p = (const unsigned char *) text, *last = p + n; p < last;) {
		size_t wide = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
		if (is_held (p) && held++ == most)
			break;
		for (bool keep = is_held (p); wide && p < last; wide--, p++)
			if (keep)
				*out++ = (char) *p;
	}
	*out = '\0';
	return ret;
}

static void text (struct auditfile *f, const char *name, const char *value, size_t most)
{
	if (value && *value)
		so (f, xmlTextWriterWriteElement (f->to, (const xmlChar *) name, (const xmlChar *) text_cut (&f->once, value, most)));
}

/* One that the schema wants even where nothing is known. */
static void text_always (struct auditfile *f, const char *name, const char *value, size_t most)
{
	so (f, xmlTextWriterWriteElement (f->to, (const xmlChar *) name, (const xmlChar *) text_cut (&f->once, value ? value : "", most)));
}

static void count (struct auditfile *f, const char *name, int64_t value)
{
	text (f, name, arena_printf (&f->once, "%lld", (long long) value), TEXT_ID);
}

static void day (struct auditfile *f, const char *name, int32_t at)
{
	char made[DATE_TEXT];
	text (f, name, date_format (at, made), TEXT_ID);
}

static void amount (struct auditfile *f, const char *name, int64_t minor)
{
	struct money m = { .minor = minor };
	char made[24];
	memcpy (m.currency, f->currency, sizeof m.currency);
	text (f, name, money_amount (m, made), TEXT_ID);
}

/* Never below zero: the side says which way. */
static void sided (struct auditfile *f, const char *name, const char *side, int64_t minor)
{
	amount (f, name, minor < 0 ? -minor : minor);
	text (f, side, minor < 0 ? "C" : "D", 1);
}

static const char *said (const json_t *row, const char *key)
{
	return json_string_value (json_object_get (row, key));
}

/* ---- who ---- */

static const char *country_of (const json_t *row)
{
	const char *ret = said (row, "country");
	return ret && strlen (ret) == 2 ? ret : "NL";
}

static void address (struct auditfile *f, const json_t *row)
{
	if (!said (row, "street") && !said (row, "city") && !said (row, "postcode"))
		return;
	begin (f, "streetAddress");
	text (f, "streetname", said (row, "street"), TEXT_LONG);
	text (f, "city", said (row, "city"), TEXT_SHORT);
	text (f, "postalCode", said (row, "postcode"), 10);
	text (f, "country", country_of (row), 2);
	end (f);
}

static void head (struct auditfile *f, int32_t to, int32_t today)
{
	const json_t *company = json_object_get (f->whole, "company");
	char year[DATE_TEXT];
	date_format (f->from, year);
	year[4] = '\0';
	begin (f, "header");
	text (f, "fiscalYear", year, 9);
	day (f, "startDate", f->from);
	day (f, "endDate", to);
	text (f, "curCode", f->currency, 3);
	day (f, "dateCreated", today);
	text (f, "softwareDesc", "Leadwire", TEXT_SHORT);
	end (f);
	begin (f, "company");
	text (f, "companyIdent", said (company, "kvk"), TEXT_ID);
	text_always (f, "companyName", said (company, "name"), TEXT_LONG);
	text (f, "taxRegistrationCountry", country_of (company), 2);
	text_always (f, "taxRegIdent", said (company, "vat_id"), 30);
	address (f, company);
	begin (f, "customersSuppliers");
}

struct auditfile *auditfile_open (json_t *whole, int32_t from, int32_t to, int32_t today)
{
	struct auditfile *f = heap_alloc (sizeof *f);
	*f = (struct auditfile){ .whole = json_incref (whole), .from = from, .until = to, .made = xmlBufferCreate () };
	const char *currency = said (whole, "currency");
	arena_init (&f->once);
	snprintf (f->currency, sizeof f->currency, "%s", currency ? currency : "EUR");
	f->to = f->made ? xmlNewTextWriterMemory (f->made, 0) : NULL;
	f->failed = !f->to;
	if (!f->to)
		return f;
	so (f, xmlTextWriterSetIndent (f->to, 1));
	so (f, xmlTextWriterSetIndentString (f->to, (const xmlChar *) " "));
	so (f, xmlTextWriterStartDocument (f->to, NULL, "UTF-8", NULL));
	begin (f, "auditfile");
	so (f, xmlTextWriterWriteAttribute (f->to, (const xmlChar *) "xmlns", (const xmlChar *) XAF_NS));
	head (f, to, today);
	return f;
}

void auditfile_relation (struct auditfile *f, const json_t *row)
{
	const char *vat_id = said (row, "vat_id");
	if (!f->to)
		return;
	begin (f, "customerSupplier");
	text_always (f, "custSupID", said (row, "id"), TEXT_ID);
	text (f, "custSupName", said (row, "name"), TEXT_SHORT);
	text (f, "contact", said (row, "attention"), TEXT_SHORT);
	text (f, "telephone", said (row, "phone"), 30);
	text (f, "eMail", said (row, "email"), TEXT_LONG);
	text (f, "commerceNr", said (row, "kvk"), TEXT_LONG);
	if (vat_id && *vat_id) {
		text (f, "taxRegistrationCountry", country_of (row), 2);
		text (f, "taxRegIdent", vat_id, 30);
	}
	text (f, "custSupTp", "C", 1);
	address (f, row);
	end (f);
}

/* ---- ledger, codes and periods ---- */

static void codes (struct auditfile *f)
{
	const json_t *group;
	size_t i;
	begin (f, "vatCodes");
	json_array_foreach (json_object_get (f->whole, "groups"), i, group)
	{
		const char *category = said (group, "category"), *rate = said (group, "rate");
		if (!category || !rate)
			continue;
		const struct ledger *owed = vat_ledger (category, rate);
		begin (f, "vatCode");
		text (f, "vatID", vat_code (&f->once, category, rate), TEXT_ID);
		text (f, "vatDesc", vat_code_name (&f->once, category, rate), TEXT_LONG);
		text (f, "vatToPayAccID", owed ? owed->id : NULL, TEXT_ID);
		end (f);
	}
	end (f);
}

/* A day's year and month, as months since year 0. */
static int32_t month_of (int32_t at)
{
	char made[DATE_TEXT];
	date_format (at, made);
	return (int32_t) (strtol (made, NULL, 10) * 12 + strtol (made + 5, NULL, 10) - 1);
}

static int32_t month_begin (struct arena *a, int32_t month)
{
	int32_t ret = 0;
	if (date_parse (arena_printf (a, "%04d-%02d-01", month / 12, month % 12 + 1), &ret) != OK)
		ret = 0;
	return ret;
}

int32_t auditfile_period (int32_t from, int32_t at)
{
	int32_t first = month_of (from);
	return month_of (at) - (first - first % 12) + 1;
}

static void periods (struct auditfile *f)
{
	begin (f, "periods");
	for (int32_t month = month_of (f->from); month <= month_of (f->until); month++) {
		int32_t first = month_begin (&f->once, month), last = month_begin (&f->once, month + 1) - 1;
		begin (f, "period");
		count (f, "periodNumber", auditfile_period (f->from, first));
		text (f, "periodDesc", arena_printf (&f->once, "%04d-%02d", month / 12, month % 12 + 1), TEXT_SHORT);
		day (f, "startDatePeriod", first < f->from ? f->from : first);
		day (f, "endDatePeriod", last > f->until ? f->until : last);
		end (f);
	}
	end (f);
}

void auditfile_ledger (struct auditfile *f)
{
	if (!f->to)
		return;
	end (f); /* customersSuppliers */
	begin (f, "generalLedger");
	for (size_t i = 0; i < n_ledgers; i++) {
		begin (f, "ledgerAccount");
		text (f, "accID", ledgers[i].id, TEXT_ID);
		text (f, "accDesc", ledgers[i].nl, TEXT_LONG);
		text (f, "accTp", (const char[]){ ledgers[i].kind, '\0' }, 2);
		end (f);
	}
	end (f);
	codes (f);
	periods (f);
	begin (f, "transactions");
	count (f, "linesCount", json_integer_value (json_object_get (f->whole, "lines")));
	amount (f, "totalDebit", json_integer_value (json_object_get (f->whole, "debit")));
	amount (f, "totalCredit", json_integer_value (json_object_get (f->whole, "credit")));
}

/* ---- bookings ---- */

void auditfile_journal (struct auditfile *f, const char *id, const char *name, const char *type)
{
	if (!f->to)
		return;
	if (f->journal)
		end (f);
	f->journal = true;
	begin (f, "journal");
	text (f, "jrnID", id, TEXT_ID);
	text (f, "desc", name, TEXT_LONG);
	text (f, "jrnTp", type, 2);
}

static const char *words_of (struct auditfile *f, const struct booking *b)
{
	const char *number = strcmp (b->kind, "payment") == 0 ? b->about : b->number;
	return arena_printf (&f->once, "%s%s%s", number ? number : "", number && b->name ? " " : "", b->name ? b->name : "");
}

static void line (struct auditfile *f, const struct booking *b, size_t i)
{
	const struct book_line *l = &b->line[i];
	const char *paper = strcmp (b->kind, "payment") == 0 && b->about ? b->about : b->number;
	begin (f, "trLine");
	count (f, "nr", (int64_t) i + 1);
	text (f, "accID", l->ledger->id, TEXT_ID);
	text (f, "docRef", paper, TEXT_LONG);
	text (f, "effDate", b->day, TEXT_ID);
	text (f, "desc", words_of (f, b), TEXT_LONG);
	sided (f, "amnt", "amntTp", l->minor);
	text (f, "custSupID", b->relation, TEXT_ID);
	text (f, "invRef", b->about ? b->about : b->number, TEXT_LONG);
	if (l->code) {
		begin (f, "vat");
		text (f, "vatID", l->code, TEXT_ID);
		text (f, "vatPerc", l->rate, TEXT_ID);
		amount (f, "vatAmnt", l->tax < 0 ? -l->tax : l->tax);
		text (f, "vatAmntTp", (l->tax ? l->tax : l->minor) < 0 ? "C" : "D", 1);
		end (f);
	}
	end (f);
	f->lines++;
	if (l->minor > 0)
		f->debit += l->minor;
	else
		f->credit -= l->minor;
}

void auditfile_booking (struct auditfile *f, const struct booking *b)
{
	int32_t at;
	if (!f->to || !b->lines)
		return;
	if (date_parse (b->day, &at) != OK) {
		f->failed = true;
		return;
	}
	begin (f, "transaction");
	text (f, "nr", b->number, TEXT_ID);
	text (f, "desc", words_of (f, b), TEXT_LONG);
	count (f, "periodNumber", auditfile_period (f->from, at));
	text (f, "trDt", b->day, TEXT_ID);
	for (size_t i = 0; i < b->lines; i++)
		line (f, b, i);
	end (f);
}

enum status auditfile_end (struct auditfile *f)
{
	const json_t *whole = f->whole;
	if (!f->to)
		return FAULT;
	so (f, xmlTextWriterEndDocument (f->to)); /* and whatever is open */
	bool same = f->lines == json_integer_value (json_object_get (whole, "lines")) &&
		    f->debit == json_integer_value (json_object_get (whole, "debit")) &&
		    f->credit == json_integer_value (json_object_get (whole, "credit")) && f->debit == f->credit;
	return f->failed ? FAULT : same ? OK : REFUSED;
}

enum status auditfile_take (struct auditfile *f, struct buffer *out)
{
	if (f->to) {
		so (f, xmlTextWriterFlush (f->to));
		buffer_add (out, xmlBufferContent (f->made), (size_t) xmlBufferLength (f->made));
		xmlBufferEmpty (f->made);
	}
	arena_reset (&f->once);
	return f->failed ? FAULT : OK;
}

void auditfile_close (struct auditfile *f)
{
	if (!f)
		return;
	if (f->to)
		xmlFreeTextWriter (f->to);
	if (f->made)
		xmlBufferFree (f->made);
	json_decref (f->whole);
	arena_fini (&f->once);
	heap_free (f);
}
