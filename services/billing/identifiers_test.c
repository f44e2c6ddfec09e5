/* Numbers of companies and accounts: true ones in every way they are written, and that no single wrong digit, nor two that changed places, passes a check. */
#include "identifiers.h"

#include "test.h"

static struct arena arena;

typedef enum status reads (struct arena *a, const char *text, const char **ret);

static const char *becomes (reads *read, const char *text)
{
	const char *ret = "untouched";
	return read (&arena, text, &ret) == OK ? ret : strcmp (ret, "untouched") == 0 ? "refused" : "refused, and touched";
}

struct pair {
	const char *text, *wanted;
};

static void all (reads *read, const struct pair pair[])
{
	for (; pair->text; pair++)
		CHECK_TEXT (becomes (read, pair->text), pair->wanted);
}

static void vat_ids (void)
{
	static const struct pair pairs[] = {
		{ "NL123456782B01", "NL123456782B01" },
		{ " nl 1234.56.782.b01 ", "NL123456782B01" },
		{ "NL\xC2\xA0"
		  "1234\xE2\x80\xAF"
		  "56782-B01",
		  "NL123456782B01" },
		{ "NL000099998B57", "NL000099998B57" }, /* of a person: mod 97; the tax authority's own example */
		{ "NL000099998B58", "refused" },
		{ "NL123456783B01", "refused" },
		{ "NL000000000B01", "refused" },
		{ "123456782B01", "refused" },
		{ "NL123456782C01", "refused" },
		{ "NL123456782B1", "refused" },
		{ "NL123456782B011", "refused" },
		{ "ATU12345678", "ATU12345678" },
		{ "AT12345678", "refused" },
		{ "BE 0123.456.789", "BE0123456789" },
		{ "BE1123456789", "BE1123456789" },
		{ "BE2123456789", "refused" },
		{ "BE123456789", "refused" },
		{ "BG123456789", "BG123456789" },
		{ "BG1234567890", "BG1234567890" },
		{ "CY12345678X", "CY12345678X" },
		{ "CZ12345678", "CZ12345678" },
		{ "CZ1234567890", "CZ1234567890" },
		{ "de 123 456 789", "DE123456789" },
		{ "DE12345678", "refused" },
		{ "DK12345678", "DK12345678" },
		{ "EE123456789", "EE123456789" },
		{ "EL123456789", "EL123456789" },
		{ "GR123456789", "EL123456789" },
		{ "ESX1234567X", "ESX1234567X" },
		{ "ES12345678X", "ES12345678X" },
		{ "ESA12345678", "ESA12345678" },
		{ "ES123456789", "refused" },
		{ "FI12345678", "FI12345678" },
		{ "FR12345678901", "FR12345678901" },
		{ "FRXX345678901", "FRXX345678901" },
		{ "FRIO345678901", "refused" },
		{ "HR12345678901", "HR12345678901" },
		{ "HU12345678", "HU12345678" },
		{ "IE1234567WA", "IE1234567WA" },
		{ "IE1234567W", "IE1234567W" },
		{ "IE1+23456W", "IE1+23456W" },
		{ "IT12345678901", "IT12345678901" },
		{ "LT123456789", "LT123456789" },
		{ "LT123456789012", "LT123456789012" },
		{ "LT1234567890", "refused" },
		{ "LU12345678", "LU12345678" },
		{ "LV12345678901", "LV12345678901" },
		{ "MT12345678", "MT12345678" },
		{ "PL1234567890", "PL1234567890" },
		{ "PT123456789", "PT123456789" },
		{ "RO12", "RO12" },
		{ "RO1234567890", "RO1234567890" },
		{ "RO1", "refused" },
		{ "SE123456789001", "SE123456789001" },
		{ "SI12345678", "SI12345678" },
		{ "SK1234567890", "SK1234567890" },
		{ "XI123456789", "XI123456789" },
		{ "XIGD123", "XIGD123" },
		{ "GB123456789", "refused" },
		{ "CHE123456789", "refused" },
		{ "XX123456789", "refused" },
		{ "", "refused" },
		{ "NL", "refused" },
		{ "DE１２３４５６７８９", "refused" },
		{ NULL, NULL },
	};
	all (vat_id_read, pairs);
	CHECK (vat_country ("NL") && vat_country ("GR") && vat_country ("EL") && vat_country ("XI") && vat_country ("DE"));
	CHECK (!vat_country ("GB") && !vat_country ("CH") && !vat_country ("US") && !vat_country ("") && !vat_country ("N"));
	static const struct pair elsewhere[] = { { "GB 123 4567 89", "GB 123 4567 89" },
						 { "12-3456789", "12-3456789" },
						 { "none", "refused" },
						 { "1", "refused" },
						 { NULL, NULL } };
	all (tax_id_read, elsewhere);
}

static void registers (void)
{
	static const struct pair kvk[] = { { "12345678", "12345678" }, { "1234 5678", "12345678" }, { "1234567", "refused" },
					   { "123456789", "refused" }, { "1234567a", "refused" },   { NULL, NULL } };
	static const struct pair rsin[] = { { "123456782", "123456782" }, { "1234.56.782", "123456782" }, { "123456783", "refused" },
					    { "000000000", "refused" },	  { "12345678", "refused" },	  { NULL, NULL } };
	static const struct pair oin[] = { { "00000001 123456782 000", "00000001123456782000" },
					   { "0000000112345678200", "refused" },
					   { "0000000112345678200A", "refused" },
					   { NULL, NULL } };
	all (kvk_read, kvk);
	all (rsin_read, rsin);
	all (oin_read, oin);
}

static void banks (void)
{
	static const struct pair iban[] = {
		{ "NL13TEST0123456789", "NL13TEST0123456789" },
		{ "nl91 abna 0417 1643 00", "NL91ABNA0417164300" },
		{ "GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819" },
		{ "DE89 3704 0044 0532 0130 00", "DE89370400440532013000" },
		{ "BE68 5390 0754 7034", "BE68539007547034" },
		{ "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606" },
		{ "NO93 8601 1117 947", "NO9386011117947" },
		{ "MT84 MALT 0110 0001 2345 MTLC AST0 01S", "MT84MALT011000012345MTLCAST001S" },
		{ "NL91ABNA0417164301", "refused" },
		{ "NL58ABNA041716430", "refused" }, /* its digits are right, its length is not */
		{ "NL02ABNA0000000039", "NL02ABNA0000000039" },
		{ "NL99ABNA0000000039", "refused" }, /* the same remainder */
		{ "NLA1ABNA0417164300", "refused" },
		{ "NL91ABNA04171643é0", "refused" },
		{ "XX91ABNA0417164300", "refused" },
		{ "0417164300", "refused" },
		{ "", "refused" },
		{ NULL, NULL },
	};
	static const struct pair bic[] = { { "TESTNL2A", "TESTNL2A" },
					   { "abna nl 2a xxx", "ABNANL2AXXX" },
					   { "ABNANL2AX", "refused" },
					   { "ABN1NL2A", "refused" },
					   { "ABNANL", "refused" },
					   { "", "refused" },
					   { NULL, NULL } };
	static const struct pair rf[] = { { "RF8820260042", "RF8820260042" },
					  { "rf18 5390 0754 7034", "RF18539007547034" },
					  { "RF8820260043", "refused" },
					  { "RF", "refused" },
					  { "RF88", "refused" },
					  { "20260042", "refused" },
					  { "NL13TEST0123456789", "refused" },
					  { NULL, NULL } };
	all (iban_read, iban);
	all (bic_read, bic);
	all (rf_read, rf);
}

/* One digit for another, and two neighbours that changed places: what check digits are for. */
static void slips (reads *read, const char *good, size_t from)
{
	char bad[40];
	for (size_t i = from; good[i]; i++) {
		for (char c = '0'; c <= '9' && good[i] <= '9'; c++) {
			snprintf (bad, sizeof bad, "%s", good);
			bad[i] = c;
			CHECK (strcmp (bad, good) == 0 || strcmp (becomes (read, bad), "refused") == 0);
		}
		if (!good[i + 1] || good[i] == good[i + 1])
			continue;
		snprintf (bad, sizeof bad, "%s", good);
		bad[i] = good[i + 1];
		bad[i + 1] = good[i];
		CHECK_TEXT (becomes (read, bad), "refused");
	}
}

int main (void)
{
	arena_init (&arena);
	vat_ids ();
	registers ();
	banks ();
	slips (iban_read, "NL91ABNA0417164300", 0);
	slips (iban_read, "FR1420041010050500013M02606", 0);
	slips (rf_read, "RF18539007547034", 0);
	slips (rsin_read, "123456782", 0);
	arena_fini (&arena);
	return test_end ();
}
