/* Bank statements: a fixture of each bank's way, every cut of each, what must be refused, and statements made at random that come back as they were. */
#include "bank.h"

#include <stdlib.h>
#include <string.h>
#include "clock.h"
#include "money.h"
#include "test.h"
#include "../../tests/values.h"

static struct arena arena;

static struct bytes fixture (const char *name)
{
	char path[200];
	snprintf (path, sizeof path, "tests/fixtures/bank/%s", name);
	FILE *f = fopen (path, "rb");
	struct buffer b = { 0 };
	CHECK (f);
	if (f) {
		b.n = fread (buffer_reserve (&b, 1 << 16), 1, 1 << 16, f);
		fclose (f);
	}
	struct bytes ret = { (const unsigned char *) arena_copy (&arena, (const char *) b.at, b.n), b.n };
	buffer_fini (&b);
	return ret;
}

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static const char *amount (int64_t minor, const char *currency)
{
	struct money m = { .minor = minor };
	char text[24];
	memcpy (m.currency, currency, 4);
	return arena_text (&arena, money_amount (m, text));
}

/* All of it as lines, so that one comparison is about every field. */
static const char *dump (const struct bank_file *file)
{
	struct buffer out = { 0 };
	char from[DATE_TEXT], to[DATE_TEXT];
	for (size_t i = 0; i < file->statements; i++) {
		const struct bank_statement *s = &file->statement[i];
		buffer_printf (&out, "%s %s %s %s %s %s", s->account, s->number ? s->number : "-", date_format (s->from, from),
			       date_format (s->to, to), amount (s->opening, s->currency), amount (s->closing, s->currency));
		buffer_printf (&out, " %s\n", s->currency);
		for (size_t k = 0; k < s->entries; k++) {
			const struct bank_entry *e = &s->entry[k];
			buffer_printf (&out, "%s %s|%s|%s|%s|%s|%s%s\n", date_format (e->day, from), amount (e->amount, e->currency),
				       e->name ? e->name : "", e->iban ? e->iban : "", e->text, e->end_to_end ? e->end_to_end : "",
				       e->reference ? e->reference : "", e->reversal ? "|back" : "");
		}
	}
	const char *ret = arena_copy (&arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static const struct {
	const char *name;
	enum statement_format format;
	const char *wanted;
} fixtures[] = {
	{ "ing.sta", statement_format_mt940,
	  "NL69INGB0123456789 00214 2026-11-02 2026-11-03 1662.23 2772.28 EUR\n"
	  "2026-11-03 1210.00|De Wit Interieurs B.V.|NL91ABNA0417164300|Betaling factuur INV-2026-001 van 1 november|INV-2026-001|26307451234567\n"
	  "2026-11-03 605.00|J. Jansen|NL44RABO0123456789|9000123456789012||26307451234568\n"
	  "2026-11-03 -99.95|Energie Direct|NL20INGB0001234567|Termijn november|E2E-2026-11|26307451234569\n"
	  "2026-11-03 -605.00|J. Jansen|NL44RABO0123456789|Storno||26307451234570|back\n" },
	{ "rabobank.swi", statement_format_mt940,
	  "NL44RABO0123456789 26215 2026-11-02 2026-11-03 8250.00 9931.50 EUR\n"
	  "2026-11-03 1815.00|Bouwbedrijf Van Dijk B.V.|NL91ABNA0417164300|INV-2026-0042|2026-0042|0011223344\n"
	  "2026-11-03 -121.00|Kantoorvakhandel Café Zuid||Factuur 88120||0011223345\n"
	  "2026-11-03 -12.50|||Kosten Rabo BusinessPakket oktober||\n"
	  "NL44RABO0123456789 26216 2026-11-03 2026-11-04 9931.50 9931.50 EUR\n" },
	{ "abnamro.sta", statement_format_mt940,
	  "417164300 21603/1 2026-12-31 2027-01-02 -250.10 1585.81 EUR\n"
	  "2027-01-02 1000.00|TANDARTSPRAKTIJK ZOË DE BOER|NL69INGB0123456789|FACTUUR INV-2026-017||\n"
	  "2027-01-02 242.00|STICHTING MOLLIE PAYMENTS|NL20INGB0001234567|M123456M78 0020001234567890 INV-2026-018|02-01-2027 10:15 0020001234567890|\n"
	  "2027-01-02 -11.59|||BEA NR:XXX1234 02.01.27/12.54 CAFÉ DE KADE,PAS123 ROTTERDAM||\n"
	  "2027-01-02 605.50|||GIRO 428428 DE WIT INTERIEURS BETALINGSKENM. INV-2026-0192 605,50 BETREFT FACTUUR D.D. 20-12-2026 INCL. 105,00 BTW||\n" },
	{ "swift-envelope.txt", statement_format_mt940,
	  "NL55TEST0123456789 00045/001 2026-11-03 2026-11-03 100.00 160.00 EUR\n"
	  "2026-11-03 60.50|Garage De Hoek|NL69INGB0123456789|EREF+2026-77SVWZ+Factuur INV-2026-020 dank|KREF-1|BANK-1\n"
	  "2026-11-03 -0.50|Provincie Zuid|NL69INGB0123456789|NL69INGB0123456789 Provincie Zuid kosten van een overboeking||BANK-2\n" },
	{ "ing-v02.xml", statement_format_camt053,
	  "NL69INGB0123456789 214 2026-11-03 2026-11-03 1662.23 2167.23 EUR\n"
	  "2026-11-03 1210.00|De Wit Interieurs & Zn. B.V.|NL91ABNA0417164300|Betaling factuur INV-2026-001 van 1 november|INV-2026-001|030720260000000001\n"
	  "2026-11-03 -100.00|Energie Direct|NL20INGB0001234567|9000123456789012||\n"
	  "2026-11-03 -605.00|J. Jansen|NL44RABO0123456789|INV-2026-002|INCASSO-12||back\n" },
	{ "rabobank-v08.xml", statement_format_camt053,
	  "NL44RABO0123456789 26215 2026-11-03 2026-11-03 -12.50 1802.50 EUR\n"
	  "2026-11-03 1210.00|Bouwbedrijf Van Dijk B.V.|NL91ABNA0417164300|INV-2026-0042|E-1|A-1\n"
	  "2026-11-03 655.00|Café Zuid||INV-2026-0043||A-2\n"
	  "2026-11-03 -50.00|Incassobank||Batch||A-3\n" },
	{ "abnamro-v04-latin1.xml", statement_format_camt053,
	  "0417164300 0417164300.2026-11-03 2026-11-03 2026-11-03 1000 1600 JPY\n2026-11-03 600|||Zoë € 1 zonder bedrag||X1\n" },
};

static void fixtures_test (void)
{
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		struct bank_file file = { 0 };
		struct bank_fault fault = { 0 };
		bool ok = bank_read (&arena, fixture (fixtures[i].name), &file, &fault) == OK;
		CHECK (ok);
		if (!ok)
			fprintf (stderr, "  %s: line %zu, %s: %s\n", fixtures[i].name, fault.line, fault.where, fault.reason);
		CHECK (file.format == fixtures[i].format);
		CHECK_TEXT (dump (&file), fixtures[i].wanted);
	}
}

/* A file that ends too early is refused, or holds the same up to a statement's end. */
static void cuts_test (void)
{
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		struct bytes whole = fixture (fixtures[i].name);
		size_t refused = 0, other = 0, silent = 0;
		for (size_t n = 0; n < whole.n; n++) {
			struct bank_file file = { 0 };
			struct bank_fault fault = { 0 };
			if (bank_read (&arena, (struct bytes){ whole.at, n }, &file, &fault) != OK) {
				refused++;
				silent += !fault.where || !fault.reason;
				continue;
			}
			const char *text = dump (&file);
			other += strncmp (text, fixtures[i].wanted, strlen (text)) != 0;
		}
		CHECK (refused > whole.n / 3 && !other && !silent);
	}
}

/* The sum is broken by any other amount. */
static void sums_test (void)
{
	for (size_t i = 0; i < LENGTH (fixtures); i++) {
		static const char *const amounts[] = { "1210,00", "1815,00", "1000,N", "60,50N", ">1210.00<", ">655.00<", ">600<" };
		struct bytes whole = fixture (fixtures[i].name);
		char *text = arena_copy (&arena, (const char *) whole.at, whole.n), *at = NULL;
		for (size_t k = 0; k < LENGTH (amounts) && !at; k++)
			at = strstr (text, amounts[k]);
		CHECK (at);
		if (!at)
			continue;
		at += strcspn (at, "0123456789");
		*at = *at == '9' ? '8' : (char) (*at + 1);
		struct bank_file file;
		struct bank_fault fault;
		CHECK (bank_read (&arena, (struct bytes){ (const unsigned char *) text, whole.n }, &file, &fault) == REFUSED);
		CHECK (fault.line && fault.reason && strstr (fault.reason, "come to"));
	}
}

static void refusals_test (void)
{
#define CAMT(inside) \
	"<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>NL69INGB0123456789</IBAN></Id></Acct>" inside "</Stmt></BkToCstmrStmt></Document>"
#define BALANCE(code, amount)                                                            \
	"<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" amount \
	"</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-03</Dt></Dt></Bal>"
#define BOTH BALANCE ("OPBD", "1.00") BALANCE ("CLBD", "2.00")
#define ENTRY(amount, more) \
	"<Ntry><Amt Ccy=\"EUR\">" amount "</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-03</Dt></BookgDt>" more "</Ntry>"
#define MT(inside) ":20:A\r\n:25:NL69INGB0123456789\r\n:28C:1\r\n" inside
	static const struct {
		const char *file, *where, *reason;
	} table[] = {
		{ "", "file", "neither" },
		{ "Datum;Bedrag\n2026-11-03;12\n", "file", "neither" },
		{ "<html/>", "Document", "no CAMT" },
		{ "<Document><BkToCstmrDbtCdtNtfctn/></Document>", "Document", "no CAMT" },
		{ "<Document>", "XML", "well-formed" },
		{ "<!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;</Document>", "DOCTYPE", "document type" },
		{ "<!DOCTYPE Document SYSTEM \"file:///etc/passwd\"><Document/>", "DOCTYPE", "document type" },
		{ "<Document><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>", "Stmt", "which account" },
		{ CAMT (""), "Stmt", "opening" },
		{ CAMT (BALANCE ("OPBD", "1.00")), "Stmt", "closing" },
		{ CAMT (BALANCE ("OPBD", "1.00") BALANCE ("CLBD", "one")), "Bal", "cannot be read" },
		{ CAMT (BALANCE ("OPBD", "-1.00") BALANCE ("CLBD", "1.00")), "Bal", "cannot be read" },
		{ CAMT (BALANCE ("OPBD", "1.001") BALANCE ("CLBD", "1.00")), "Bal", "cannot be read" },
		{ CAMT (BALANCE ("OPBD", "99999999999999999.00") BALANCE ("CLBD", "1.00")), "Bal", "cannot be read" },
		{ CAMT (BOTH), "balance", "come to EUR 1.00, the closing balance is EUR 2.00" },
		{ CAMT (BOTH "<Ntry><Amt Ccy=\"USD\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "Ntry", "another currency" },
		{ CAMT (BOTH "<Ntry><Amt Ccy=\"EUR\">1.00</Amt></Ntry>"), "Ntry", "credit or a debit" },
		{ CAMT (BOTH "<Ntry><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "Ntry", "day" },
		{ CAMT (BOTH ENTRY (
			  "1.00",
			  "<NtryDtls><TxDtls><Amt Ccy=\"EUR\">0.50</Amt></TxDtls><TxDtls><Amt Ccy=\"EUR\">0.51</Amt></TxDtls></NtryDtls>")),
		  "Ntry", "of a batch" },
		{ MT (""), ":20:", "opening" },
		{ ":20:A\r\n:60F:C261103EUR1,00\r\n:62F:C261103EUR1,00\r\n", ":20:", "which account" },
		{ MT (":60F:C261103EUR1,00\r\n"), ":20:", "closing" },
		{ MT (":60F:X261103EUR1,00\r\n:62F:C261103EUR1,00\r\n"), ":60F:", "cannot be read" },
		{ MT (":60F:C261303EUR1,00\r\n:62F:C261103EUR1,00\r\n"), ":60F:", "cannot be read" },
		{ MT (":60F:C261103EUR1.00\r\n:62F:C261103EUR1,00\r\n"), ":60F:", "cannot be read" },
		{ MT (":60F:C261103EUR1,00\r\n:62F:C261103USD1,00\r\n"), ":62F:", "another currency" },
		{ MT (":60F:C261103EUR1,00\r\n:61:261103X1,00NTRF\r\n:62F:C261103EUR1,00\r\n"), ":61:", "credit or a debit" },
		{ MT (":60F:C261103EUR1,00\r\n:61:261103CNTRF\r\n:62F:C261103EUR1,00\r\n"), ":61:", "amount" },
		{ MT (":60F:C261103EUR1,00\r\n:61:C1,00\r\n:62F:C261103EUR1,00\r\n"), ":61:", "day" },
		{ MT (":60F:C261103EUR1,00\r\n:62F:C261103EUR1,01\r\n"), "balance", "come to EUR 1.00, the closing balance is EUR 1.01" },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		struct bank_file file;
		struct bank_fault fault = { 0 };
		CHECK (bank_read (&arena, bytes_of (table[i].file), &file, &fault) == REFUSED);
		CHECK_TEXT (fault.where, table[i].where);
		CHECK (fault.reason && strstr (fault.reason, table[i].reason));
		if (fault.reason && !strstr (fault.reason, table[i].reason))
			fprintf (stderr, "  %zu: %s\n", i, fault.reason);
	}
	struct bank_file file;
	struct bank_fault fault;
	CHECK (bank_read (&arena, (struct bytes){ (const unsigned char *) "<", BANK_FILE_MOST + 1 }, &file, &fault) == REFUSED);
	struct buffer deep = { 0 };
	for (int i = 0; i < 100000; i++)
		buffer_text (&deep, "<Document>");
	CHECK (bank_read (&arena, (struct bytes){ deep.at, deep.n }, &file, &fault) == REFUSED && !strcmp (fault.where, "XML"));
	buffer_fini (&deep);
}

static void amounts_test (void)
{
	static const struct {
		const char *text, *currency;
		enum status status;
		int64_t wanted;
	} table[] = {
		{ "0", "EUR", OK, 0 },
		{ "1210.00", "EUR", OK, 121000 },
		{ "1210", "EUR", OK, 121000 },
		{ "1210.5", "EUR", OK, 121050 },
		{ "1210.", "EUR", OK, 121000 },
		{ "1210.50000", "EUR", OK, 121050 },
		{ "0001.05", "EUR", OK, 105 },
		{ "12", "JPY", OK, 12 },
		{ "12.0", "JPY", OK, 12 },
		{ "1.234", "KWD", OK, 1234 },
		{ "1.005", "EUR", REFUSED, 0 },
		{ "", "EUR", REFUSED, 0 },
		{ "-1", "EUR", REFUSED, 0 },
		{ "+1", "EUR", REFUSED, 0 },
		{ ".5", "EUR", REFUSED, 0 },
		{ "1.2.3", "EUR", REFUSED, 0 },
		{ "1,20", "EUR", REFUSED, 0 },
		{ "1e3", "EUR", REFUSED, 0 },
		{ "10000000000000", "EUR", OK, BANK_AMOUNT_MOST },
		{ "10000000000000.01", "EUR", REFUSED, 0 },
		{ "99999999999999999999999999", "EUR", REFUSED, 0 },
	};
	for (size_t i = 0; i < LENGTH (table); i++) {
		int64_t is = 0;
		CHECK (bank_amount (table[i].text, '.', table[i].currency, &is) == table[i].status);
		CHECK (is == table[i].wanted);
	}
}

/* ---- at random ---- */

static const char *words_make (size_t most)
{
	static const char *const piece[] = { "factuur", "INV-2026-001", "Café", "€", "van", "dank", "B.V.", "2026", "A&B", "<zo>", "'t" };
	struct buffer b = { 0 };
	for (size_t n = 1 + value_below (most); n; n--)
		buffer_printf (&b, "%s%s", b.n ? " " : "", piece[value_below (LENGTH (piece))]);
	const char *ret = arena_copy (&arena, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

static void statement_make (struct bank_statement *s)
{
	static const char *const ibans[] = { "NL91ABNA0417164300", "NL44RABO0123456789", "NL20INGB0001234567" };
	*s = (struct bank_statement){ .account = "NL69INGB0123456789",
				      .number = arena_printf (&arena, "%zu", value_below (999)),
				      .currency = "EUR" };
	s->from = 20000 + (int32_t) value_below (3000);
	s->to = s->from + (int32_t) value_below (30);
	s->opening = (int64_t) value_below (100000000) - 50000000;
	s->closing = s->opening;
	s->entries = value_below (12);
	s->entry = arena_array (&arena, s->entries + 1, sizeof *s->entry);
	for (size_t i = 0; i < s->entries; i++) {
		struct bank_entry *e = &s->entry[i];
		*e = (struct bank_entry){ .day = s->from + (int32_t) value_below ((size_t) (s->to - s->from) + 1),
					  .amount = (int64_t) value_below (20000000) - 10000000,
					  .currency = "EUR",
					  .name = words_make (2),
					  .iban = ibans[value_below (3)],
					  .text = words_make (9),
					  .end_to_end = value_below (2) ? arena_printf (&arena, "E2E-%zu", value_below (1000)) : NULL,
					  .reference = arena_printf (&arena, "R%zu", value_below (100000)),
					  .reversal = value_below (8) == 0 };
		s->closing += e->amount;
	}
}

static const char *size_of (int64_t minor)
{
	return amount (minor < 0 ? -minor : minor, "EUR");
}

static void xml_text (struct buffer *b, const char *text)
{
	for (; *text; text++)
		if (*text == '&')
			buffer_text (b, "&amp;");
		else if (*text == '<')
			buffer_text (b, "&lt;");
		else
			buffer_add (b, text, 1);
}

static void xml_balance (struct buffer *b, const char *code, int64_t minor, int32_t day)
{
	char date[DATE_TEXT];
	buffer_printf (
		b,
		"<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>",
		code, size_of (minor), minor < 0 ? "DBIT" : "CRDT", date_format (day, date));
}

static void camt_write (struct buffer *b, const struct bank_statement *s)
{
	buffer_printf (b, "<Document><BkToCstmrStmt><Stmt><ElctrncSeqNb>%s</ElctrncSeqNb><Acct><Id><IBAN>%s</IBAN></Id></Acct>", s->number,
		       s->account);
	xml_balance (b, "OPBD", s->opening, s->from);
	xml_balance (b, "CLBD", s->closing, s->to);
	for (size_t i = 0; i < s->entries; i++) {
		const struct bank_entry *e = &s->entry[i];
		const char *side = e->amount < 0 ? "Cdtr" : "Dbtr";
		char date[DATE_TEXT];
		buffer_printf (
			b,
			"<Ntry><Amt Ccy=\"EUR\">%s</Amt><CdtDbtInd>%s</CdtDbtInd><RvslInd>%s</RvslInd><Sts>BOOK</Sts><BookgDt><Dt>%s</Dt></BookgDt>",
			size_of (e->amount), e->amount < 0 ? "DBIT" : "CRDT", e->reversal ? "true" : "false", date_format (e->day, date));
		buffer_printf (b,
			       "<NtryDtls><TxDtls><Refs><AcctSvcrRef>%s</AcctSvcrRef><EndToEndId>%s</EndToEndId></Refs><RltdPties><%s><Nm>",
			       e->reference, e->end_to_end ? e->end_to_end : "NOTPROVIDED", side);
		xml_text (b, e->name);
		buffer_printf (b, "</Nm></%s><%sAcct><Id><IBAN>%s</IBAN></Id></%sAcct></RltdPties><RmtInf><Ustrd>", side, side, e->iban,
			       side);
		xml_text (b, e->text);
		buffer_text (b, "</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>");
	}
	buffer_text (b, "</Stmt></BkToCstmrStmt></Document>");
}

static const char *short_date (int32_t day)
{
	char date[DATE_TEXT];
	date_format (day, date);
	return arena_printf (&arena, "%.2s%.2s%.2s", date + 2, date + 5, date + 8);
}

static const char *comma (const char *number)
{
	char *ret = arena_text (&arena, number), *point = strchr (ret, '.');
	if (point)
		*point = ',';
	return ret;
}

/* Words in lines of 65, as banks wrap them. */
static void mt940_words (struct buffer *b, const char *text)
{
	size_t n = 0;
	buffer_text (b, ":86:");
	for (; *text; text++) {
		if (n == 65 && ((unsigned char) *text & 0xc0) != 0x80) {
			buffer_text (b, "\r\n");
			n = 0;
		}
		buffer_add (b, text, 1);
		n += ((unsigned char) text[1] & 0xc0) != 0x80; /* of whole characters */
	}
	buffer_text (b, "\r\n");
}

static void mt940_write (struct buffer *b, const struct bank_statement *s)
{
	buffer_printf (b, ":20:X\r\n:25:%sEUR\r\n:28C:%s\r\n:60F:%c%sEUR%s\r\n", s->account, s->number, s->opening < 0 ? 'D' : 'C',
		       short_date (s->from), comma (size_of (s->opening)));
	for (size_t i = 0; i < s->entries; i++) {
		const struct bank_entry *e = &s->entry[i];
		const char *mark = e->reversal ? (e->amount < 0 ? "RC" : "RD") : e->amount < 0 ? "D" : "C";
		const char *day = short_date (e->day);
		buffer_printf (b, ":61:%s%s%s%sNTRF%s//%s\r\n", day, day + 2, mark, comma (size_of (e->amount)),
			       e->end_to_end ? "EREF" : "NONREF", e->reference);
		mt940_words (b, arena_printf (&arena, "/EREF/%s//CNTP/%s/BANKNL2A/%s/UTRECHT//REMI/USTD//%s/",
					      e->end_to_end ? e->end_to_end : "NOTPROVIDED", e->iban, e->name, e->text));
	}
	buffer_printf (b, ":62F:%c%sEUR%s\r\n-\r\n", s->closing < 0 ? 'D' : 'C', short_date (s->to), comma (size_of (s->closing)));
}

static void random_test (void)
{
	for (int i = 0; i < 300; i++) {
		struct bank_statement s;
		struct bank_file made = { .statement = &s, .statements = 1 }, xml = { 0 }, swift = { 0 };
		struct bank_fault fault;
		struct buffer camt = { 0 }, mt940 = { 0 };
		statement_make (&s);
		camt_write (&camt, &s);
		mt940_write (&mt940, &s);
		CHECK (bank_read (&arena, (struct bytes){ camt.at, camt.n }, &xml, &fault) == OK);
		CHECK (bank_read (&arena, (struct bytes){ mt940.at, mt940.n }, &swift, &fault) == OK);
		CHECK_TEXT (dump (&xml), dump (&made));
		CHECK_TEXT (dump (&swift), dump (&made));
		buffer_fini (&camt);
		buffer_fini (&mt940);
	}
}

int main (void)
{
	arena_init (&arena);
	values_begin (&arena, 7);
	fixtures_test ();
	cuts_test ();
	sums_test ();
	refusals_test ();
	amounts_test ();
	random_test ();
	arena_fini (&arena);
	return test_end ();
}
