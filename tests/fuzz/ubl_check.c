/* Fuzz target: UBL, read and written. Whatever bytes come are checked or refused, within limits. And whatever words and figures a document holds: what is written
 * of it can be read, and its sums hold by our own rules. The first byte says which door, its next bits the mode and the profile. */
#include "fuzz.h"

#include "charset.h"
#include "../../services/billing/amounts.h"
#include "../../services/billing/ubl.h"
#include "../../services/billing/ubl_check.h"

enum { TEXTS = 11 };

static void failures_check (const struct ubl_failures *f)
{
	assert (f->n <= UBL_FAILURES_MOST);
	for (size_t i = 0; i < f->n; i++)
		assert (*f->at[i].rule && *f->at[i].nl && *f->at[i].en && (!*f->at[i].pointer || *f->at[i].pointer == '/'));
}

/* Lines of the input; what is not there is empty. */
static void texts_split (struct arena *a, struct bytes in, const char *ret[TEXTS])
{
	char *text = arena_text (a, text_from_charset (a, in, NULL));
	for (int i = 0; i < TEXTS; i++) {
		size_t n = strcspn (text, "\n");
		ret[i] = arena_copy (a, text, n);
		text += n + (text[n] == '\n');
	}
}

static struct document document_of (const char *const text[TEXTS], struct doc_line line[2])
{
	static const struct doc_party seller = { .name = "Studio",
						 .street = "Straat 1",
						 .city = "Utrecht",
						 .postcode = "3511 AA",
						 .kvk = "12345678",
						 .vat_id = "NL123456782B01",
						 .iban = "NL13TEST0123456789" };
	line[0] = (struct doc_line){ .name = text[0],
				     .description = text[1],
				     .quantity = text[2],
				     .price = text[3],
				     .per = text[4],
				     .discount = text[5],
				     .discount_amount = text[6],
				     .charge_amount = text[7],
				     .rate = "21" };
	line[1] = (struct doc_line){ .name = "Boek", .quantity = text[4], .price = text[8], .rate = "9" };
	return (struct document){ .kind = document_kind_invoice,
				  .number = "1",
				  .currency = "EUR",
				  .issued = 20000,
				  .due = 20030,
				  .seller = seller,
				  .buyer = { .name = text[9], .street = text[10], .vat_id = text[1] },
				  .notes = text[10],
				  .line = line,
				  .lines = 2,
				  .discount = text[5],
				  .discount_amount = text[6] };
}

/* Quantity times price is another rule's: in gross mode twelve digits are not always enough for it. */
static void sums_check (const struct ubl_failures *f)
{
	static const char *const never[] = {
		"BR-27",    "BR-CO-10", "BR-CO-11", "BR-CO-13", "BR-CO-14", "BR-CO-15",	 "BR-CO-16",
		"BR-CO-17", "LW-CO-17", "BR-S-08",  "LW-S-08",	"BR-S-09",  "UBL-DT-01", "PEPPOL-EN16931-R008"
	};
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < LENGTH (never); k++)
			assert (strcmp (f->at[i].rule, never[k]) != 0);
}

static bool document_write (struct arena *a, unsigned bits, const char *const text[TEXTS], struct bytes *ret)
{
	struct doc_line line[2];
	struct amounts_fault fault;
	int64_t net[2];
	struct document d = document_of (text, line);
	d.mode = bits & 2 ? price_mode_gross : price_mode_net;
	if (totals_of (a, &d, net, &fault) != OK)
		return false;
	assert (ubl_write (a, &d, net, bits & 4 ? ubl_profile_nlcius : ubl_profile_peppol, NULL, ret) == OK);
	return true;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena a;
	struct ubl_failures f;
	struct bytes in = { data + 1, size - 1 }, made;
	const char *text[TEXTS];
	arena_init (&a);
	if (!(data[0] & 1)) {
		enum status status = ubl_check (&a, in, &f);
		assert (status == OK || status == REFUSED);
		failures_check (&f);
	} else {
		texts_split (&a, in, text);
		if (document_write (&a, data[0], text, &made)) {
			assert (ubl_check (&a, made, &f) == OK);
			failures_check (&f);
			sums_check (&f);
		}
	}
	arena_fini (&a);
	return 0;
}

/* Now and then the input becomes a good document, or good figures; then libFuzzer damages it. */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
	static const char *const text[TEXTS] = {
		"Werk", "Meer", "3.5", "65.25", "2", "10", "1.11", "2.50", "19.99", "Bakkerij", "Straat 2"
	};
	struct arena a;
	struct buffer out = { 0 };
	struct bytes xml;
	arena_init (&a);
	if (seed % 16 == 0 && document_write (&a, seed >> 4, text, &xml)) {
		buffer_add (&out, "", 1);
		buffer_add (&out, xml.at, xml.n);
	} else if (seed % 16 == 1) {
		buffer_printf (&out, "%c", (char) (seed >> 4 | 1));
		for (int i = 0; i < TEXTS; i++)
			buffer_printf (&out, "%s\n", text[i]);
	}
	if (out.n && out.n <= room) {
		memcpy (data, out.at, out.n);
		size = out.n;
	}
	buffer_fini (&out);
	arena_fini (&a);
	return LLVMFuzzerMutate (data, size, room);
}
