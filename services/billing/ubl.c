/* A document as UBL, element by element in the order of the schema, by libxml2's writer; its objects live inside one call and never leave this file.
 * What is empty is not written at all: an empty element is against the rules. It must never write a floating point number. */
#include "ubl.h"

#include <stdio.h>
#include <string.h>
#include <libxml/xmlwriter.h>
#include "amounts.h"
#include "clock.h"
#include "money.h"
#include "rates.h"

#define UBL_NS "urn:oasis:names:specification:ubl:schema:xsd:"

enum { PRICE_FINEST = 12, QUANTITY_FINEST = 4, PRICE_ENTERED = 6 };

struct writing {
	struct arena *a;
	const struct document *d;
	enum ubl_profile profile;
	xmlTextWriterPtr to;
	bool credit, failed;
};

/* What stands on a line, without VAT, minor units. */
struct line_parts {
	int64_t base; /* quantity × price */
	int64_t percent, off, on;
	const char *price;
};

/* ---- writing ---- */

static void so (struct writing *w, int written)
{
	w->failed |= written < 0;
}

static void begin (struct writing *w, const char *name)
{
	so (w, xmlTextWriterStartElement (w->to, (const xmlChar *) name));
}

static void end (struct writing *w)
{
	so (w, xmlTextWriterEndElement (w->to));
}

static void attribute (struct writing *w, const char *name, const char *value)
{
	so (w, xmlTextWriterWriteAttribute (w->to, (const xmlChar *) name, (const xmlChar *) value));
}

/* Without what XML cannot hold and without blanks around it; null: nothing is left. */
static const char *text_clean (struct arena *a, const char *text)
{
	if (!text)
		return NULL;
	char *ret = arena_text (a, text), *out = ret;
	for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
		if (p[0] == 0xEF && p[1] == 0xBF && (p[2] == 0xBE || p[2] == 0xBF))
			p += 2; /* U+FFFE and U+FFFF */
		else if (*p >= 0x20 || *p == '\n' || *p == '\t')
			*out++ = (char) *p;
	}
	while (out > ret && strchr (" \t\n", out[-1]))
		out--;
	*out = '\0';
	ret += strspn (ret, " \t\n");
	return *ret ? ret : NULL;
}

/* One with an attribute; null: none. */
static void text_with (struct writing *w, const char *name, const char *key, const char *value, const char *text)
{
	text = text_clean (w->a, text);
	if (!text)
		return;
	begin (w, name);
	if (key)
		attribute (w, key, value);
	so (w, xmlTextWriterWriteString (w->to, (const xmlChar *) text));
	end (w);
}

static void text (struct writing *w, const char *name, const char *value)
{
	text_with (w, name, NULL, NULL, value);
}

static void day (struct writing *w, const char *name, int32_t at)
{
	char made[DATE_TEXT];
	if (at)
		text (w, name, date_format (at, made));
}

static const char *amount_text_in (struct writing *w, const char *currency, int64_t minor)
{
	struct money m = { .minor = minor };
	char made[24];
	snprintf (m.currency, sizeof m.currency, "%.3s", currency);
	return arena_text (w->a, money_amount (m, made));
}

static const char *amount_text (struct writing *w, int64_t minor)
{
	return amount_text_in (w, w->d->currency, minor);
}

static void amount (struct writing *w, const char *name, int64_t minor)
{
	text_with (w, name, "currencyID", w->d->currency, amount_text (w, minor));
}

static bool is_said (const char *value)
{
	return value && *value;
}

/* In another currency its VAT is said in euro, too (BT-6, BT-111). */
static bool vat_euro (const struct document *d, int64_t *ret)
{
	return is_said (d->rate) && strcmp (d->currency, "EUR") != 0 && vat_in_euro (d->currency, d->rate, d->totals.vat, ret) == OK;
}

static bool in_dutch (const struct writing *w)
{
	return !is_said (w->d->language) || strcmp (w->d->language, "nl") == 0;
}

/* ---- parties ---- */

static const char *country_of (const struct doc_party *p)
{
	return is_said (p->country) ? p->country : "NL";
}

static bool is_kvk (const struct doc_party *p)
{
	return is_said (p->kvk) && strcmp (country_of (p), "NL") == 0;
}

/* Under which scheme a country's VAT numbers are electronic addresses. Source: Electronic Address Scheme code list. */
static const char *vat_scheme (const char *vat_id)
{
	static const char *const schemes[][2] = {
		{ "AT", "9914" }, { "BE", "9925" }, { "BG", "9926" }, { "CH", "9927" }, { "CY", "9928" }, { "CZ", "9929" },
		{ "DE", "9930" }, { "EE", "9931" }, { "EL", "9933" }, { "ES", "9920" }, { "FR", "9957" }, { "GB", "9932" },
		{ "HR", "9934" }, { "HU", "9910" }, { "IE", "9935" }, { "IT", "0211" }, { "LT", "9937" }, { "LU", "9938" },
		{ "LV", "9939" }, { "MT", "9943" }, { "NL", "9944" }, { "PL", "9945" }, { "PT", "9946" }, { "RO", "9947" },
		{ "SI", "9949" }, { "SK", "9950" },
	};
	for (size_t i = 0; i < LENGTH (schemes); i++)
		if (strncmp (vat_id, schemes[i][0], 2) == 0)
			return schemes[i][1];
	return NULL;
}

static void endpoint (struct writing *w, const struct doc_party *p)
{
	const char *colon = is_said (p->endpoint) ? strchr (p->endpoint, ':') : NULL;
	if (colon)
		text_with (w, "cbc:EndpointID", "schemeID", arena_copy (w->a, p->endpoint, (size_t) (colon - p->endpoint)), colon + 1);
	else if (is_said (p->oin))
		text_with (w, "cbc:EndpointID", "schemeID", "0190", p->oin);
	else if (is_kvk (p))
		text_with (w, "cbc:EndpointID", "schemeID", "0106", p->kvk);
	else if (is_said (p->vat_id) && vat_scheme (p->vat_id))
		text_with (w, "cbc:EndpointID", "schemeID", vat_scheme (p->vat_id), p->vat_id);
}

static void country (struct writing *w, const char *code)
{
	begin (w, "cac:Country");
	text (w, "cbc:IdentificationCode", code);
	end (w);
}

static void address (struct writing *w, const struct doc_party *p)
{
	begin (w, "cac:PostalAddress");
	text (w, "cbc:StreetName", p->street);
	text (w, "cbc:AdditionalStreetName", p->street2);
	text (w, "cbc:CityName", p->city);
	text (w, "cbc:PostalZone", p->postcode);
	country (w, country_of (p));
	end (w);
}

static void scheme_of_vat (struct writing *w)
{
	begin (w, "cac:TaxScheme");
	text (w, "cbc:ID", "VAT");
	end (w);
}

static void legal_entity (struct writing *w, const struct doc_party *p)
{
	if (!text_clean (w->a, p->name) && !text_clean (w->a, p->oin) && !text_clean (w->a, p->kvk))
		return;
	begin (w, "cac:PartyLegalEntity");
	text (w, "cbc:RegistrationName", p->name);
	if (is_said (p->oin))
		text_with (w, "cbc:CompanyID", "schemeID", "0190", p->oin);
	else if (is_kvk (p))
		text_with (w, "cbc:CompanyID", "schemeID", "0106", p->kvk);
	else
		text (w, "cbc:CompanyID", p->kvk);
	end (w);
}

static bool is_outside (const struct document *d)
{
	return d->totals.groups && d->totals.group[0].category == tax_category_outside;
}

static void contact (struct writing *w, const struct doc_party *p)
{
	const char *name = text_clean (w->a, p->attention), *phone = text_clean (w->a, p->phone), *email = text_clean (w->a, p->email);
	if (!name && !phone && !email)
		return;
	begin (w, "cac:Contact");
	text (w, "cbc:Name", name);
	text (w, "cbc:Telephone", phone);
	text (w, "cbc:ElectronicMail", email);
	end (w);
}

static void party (struct writing *w, const char *name, const struct doc_party *p)
{
	begin (w, name);
	begin (w, "cac:Party");
	endpoint (w, p);
	if (text_clean (w->a, p->name)) {
		begin (w, "cac:PartyName");
		text (w, "cbc:Name", p->name);
		end (w);
	}
	address (w, p);
	if (text_clean (w->a, p->vat_id) && !is_outside (w->d)) { /* outside the scope of VAT nobody's number may stand there */
		begin (w, "cac:PartyTaxScheme");
		text (w, "cbc:CompanyID", p->vat_id);
		scheme_of_vat (w);
		end (w);
	}
	legal_entity (w, p);
	contact (w, p);
	end (w);
	end (w);
}

/* ---- the head ---- */

static void notes (struct writing *w)
{
	const char *all[] = { w->d->title, w->d->intro, w->d->notes }, *note = NULL;
	for (size_t i = 0; i < LENGTH (all); i++) {
		const char *one = text_clean (w->a, all[i]);
		if (one)
			note = note ? arena_printf (w->a, "%s\n%s", note, one) : one;
	}
	text (w, "cbc:Note", note); /* Peppol wants one at most */
}

static void references (struct writing *w, const struct ubl_attachment *pdf)
{
	const struct document *d = w->d;
	text (w, "cbc:BuyerReference", d->buyer_reference);
	if (text_clean (w->a, d->order_reference)) {
		begin (w, "cac:OrderReference");
		text (w, "cbc:ID", d->order_reference);
		end (w);
	}
	if (text_clean (w->a, d->original_number)) {
		begin (w, "cac:BillingReference");
		begin (w, "cac:InvoiceDocumentReference");
		text (w, "cbc:ID", d->original_number);
		if (w->profile != ubl_profile_nlcius) /* BR-NL-24 advises against its day */
			day (w, "cbc:IssueDate", d->original_issued);
		end (w);
		end (w);
	}
	if (!pdf || !pdf->pdf.n)
		return;
	begin (w, "cac:AdditionalDocumentReference");
	text (w, "cbc:ID", d->number);
	begin (w, "cac:Attachment");
	begin (w, "cbc:EmbeddedDocumentBinaryObject");
	attribute (w, "mimeCode", "application/pdf");
	attribute (w, "filename", pdf->name);
	so (w, xmlTextWriterWriteBase64 (w->to, (const char *) pdf->pdf.at, 0, (int) pdf->pdf.n));
	end (w);
	end (w);
	end (w);
}

static void head (struct writing *w)
{
	const struct document *d = w->d;
	static const char *const agreements[] = {
		[ubl_profile_peppol] = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
		[ubl_profile_nlcius] = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
	};
	text (w, "cbc:CustomizationID", agreements[w->profile]);
	text (w, "cbc:ProfileID", "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
	text (w, "cbc:ID", d->number);
	day (w, "cbc:IssueDate", d->issued);
	if (!w->credit)
		day (w, "cbc:DueDate", d->due);
	text (w, w->credit ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", w->credit ? "381" : "380");
	notes (w);
	text (w, "cbc:DocumentCurrencyCode", d->currency);
	int64_t euro;
	if (vat_euro (d, &euro))
		text (w, "cbc:TaxCurrencyCode", "EUR");
}

/* ---- delivery and payment ---- */

static bool has_category (const struct document *d, enum tax_category category)
{
	for (size_t i = 0; i < d->totals.groups; i++)
		if (d->totals.group[i].category == category)
			return true;
	return false;
}

/* A supply within the EU says when and where to; without another day it was the document's own. */
static void delivery (struct writing *w)
{
	const struct document *d = w->d;
	bool within = has_category (d, tax_category_intra_community), elsewhere = within || is_said (d->delivery_country);
	if (!d->supplied && !elsewhere)
		return;
	begin (w, "cac:Delivery");
	day (w, "cbc:ActualDeliveryDate", d->supplied ? d->supplied : within ? d->issued : 0);
	if (elsewhere) {
		begin (w, "cac:DeliveryLocation");
		begin (w, "cac:Address");
		country (w, is_said (d->delivery_country) ? d->delivery_country : country_of (&d->buyer));
		end (w);
		end (w);
	}
	end (w);
}

static void payment (struct writing *w)
{
	const struct document *d = w->d;
	bool sepa = strcmp (d->currency, "EUR") == 0;
	if (text_clean (w->a, d->seller.iban)) {
		begin (w, "cac:PaymentMeans");
		text (w, "cbc:PaymentMeansCode", sepa ? "58" : "30");
		if (w->credit)
			day (w, "cbc:PaymentDueDate", d->due);
		text (w, "cbc:PaymentID", d->number);
		begin (w, "cac:PayeeFinancialAccount");
		text (w, "cbc:ID", d->seller.iban);
		if (!sepa && text_clean (w->a, d->seller.bic)) { /* within SEPA the account says which bank */
			begin (w, "cac:FinancialInstitutionBranch");
			text (w, "cbc:ID", d->seller.bic);
			end (w);
		}
		end (w);
		end (w);
	}
	if (text_clean (w->a, d->terms)) {
		begin (w, "cac:PaymentTerms");
		text (w, "cbc:Note", d->terms);
		end (w);
	}
}

/* ---- VAT and totals ---- */

static const char *rate_text (struct writing *w, const char *rate)
{
	int64_t value;
	return is_said (rate) && decimal_parse (rate, 2, &value) == OK ? decimal_text (w->a, value, 2) : "0";
}

static void category (struct writing *w, const char *name, enum tax_category which, const char *rate, const char *code, const char *reason)
{
	begin (w, name);
	text (w, "cbc:ID", category_letter (which));
	if (which != tax_category_outside)
		text (w, "cbc:Percent", rate_text (w, rate));
	text (w, "cbc:TaxExemptionReasonCode", code);
	text (w, "cbc:TaxExemptionReason", reason);
	scheme_of_vat (w);
	end (w);
}

static void allowances (struct writing *w)
{
	const struct document *d = w->d;
	const char *reason = text_clean (w->a, d->discount_reason);
	for (size_t i = 0; i < d->totals.groups; i++) {
		const struct doc_group *g = &d->totals.group[i];
		if (!d->totals.group_allowance[i])
			continue;
		begin (w, "cac:AllowanceCharge");
		text (w, "cbc:ChargeIndicator", "false");
		text (w, "cbc:AllowanceChargeReason", reason ? reason : in_dutch (w) ? "Korting" : "Discount");
		amount (w, "cbc:Amount", d->totals.group_allowance[i]);
		category (w, "cac:TaxCategory", g->category, g->rate, NULL, NULL);
		end (w);
	}
}

static void groups (struct writing *w)
{
	const struct document *d = w->d;
	begin (w, "cac:TaxTotal");
	amount (w, "cbc:TaxAmount", d->totals.vat);
	for (size_t i = 0; i < d->totals.groups; i++) {
		const struct doc_group *g = &d->totals.group[i];
		/* what has VAT, even of nothing, has no reason */
		const char *why = category_reason (g->category, d->kor, d->language) ? g->reason : NULL;
		/* BR-NL-35 advises against codes */
		const char *code = w->profile == ubl_profile_nlcius ? NULL : category_code (g->category);
		begin (w, "cac:TaxSubtotal");
		amount (w, "cbc:TaxableAmount", g->taxable);
		amount (w, "cbc:TaxAmount", g->tax);
		category (w, "cac:TaxCategory", g->category, g->rate, code, why);
		end (w);
	}
	end (w);
	int64_t euro;
	if (!vat_euro (d, &euro))
		return;
	begin (w, "cac:TaxTotal");
	text_with (w, "cbc:TaxAmount", "currencyID", "EUR", amount_text_in (w, "EUR", euro));
	end (w);
}

static void totals (struct writing *w)
{
	const struct doc_totals *t = &w->d->totals;
	bool any = false;
	for (size_t i = 0; i < t->groups; i++)
		any |= t->group_allowance[i] != 0;
	begin (w, "cac:LegalMonetaryTotal");
	amount (w, "cbc:LineExtensionAmount", t->lines);
	amount (w, "cbc:TaxExclusiveAmount", t->net);
	amount (w, "cbc:TaxInclusiveAmount", t->gross);
	if (any)
		amount (w, "cbc:AllowanceTotalAmount", t->allowance);
	if (t->prepaid)
		amount (w, "cbc:PrepaidAmount", t->prepaid);
	if (t->rounding)
		amount (w, "cbc:PayableRoundingAmount", t->rounding);
	amount (w, "cbc:PayableAmount", t->payable);
	end (w);
}

/* ---- lines ---- */

/* Half away from zero; d > 0. */
static __int128 divided (__int128 n, __int128 d)
{
	__int128 whole = n / d, left = n % d;
	if (left < 0)
		left = -left;
	return left >= d - left ? whole + (n < 0 ? -1 : 1) : whole;
}

static __int128 ten_to (int n)
{
	__int128 ret = 1;
	while (n-- > 0)
		ret *= 10;
	return ret;
}

/* What was read once by totals_of is well; what is absent is told by `absent`. */
static int64_t figure (const char *text, int digits, int64_t absent)
{
	int64_t ret;
	return is_said (text) && decimal_parse (text, digits, &ret) == OK ? ret : absent;
}

static int64_t without_vat (int64_t gross, int64_t rate)
{
	return gross - (int64_t) divided ((__int128) gross * rate, 10000 + rate);
}

/* price × 10^-digits times quantity, in minor units */
static __int128 product (const struct writing *w, const struct doc_line *line, __int128 price, int digits)
{
	int64_t one = (int64_t) ten_to (QUANTITY_FINEST), quantity = figure (line->quantity, QUANTITY_FINEST, one),
		per = figure (line->per, QUANTITY_FINEST, one);
	int more = money_digits (w->d->currency) - digits;
	__int128 n = (__int128) quantity * price, d = per;
	if (more > 0)
		n *= ten_to (more);
	else
		d *= ten_to (-more);
	return divided (n, d);
}

/* The price entered less VAT where that gives the line to the cent, else the one that does, no finer than it takes. */
static const char *price_without_vat (struct writing *w, const struct doc_line *line, int64_t rate, int64_t base)
{
	int64_t one = (int64_t) ten_to (QUANTITY_FINEST), quantity = figure (line->quantity, QUANTITY_FINEST, one),
		per = figure (line->per, QUANTITY_FINEST, one);
	__int128 price = divided ((__int128) figure (line->price, PRICE_ENTERED, 0) * 10000, 10000 + rate), finer = price;
	int digits = PRICE_ENTERED, minor = money_digits (w->d->currency), last = digits;
	for (int tried = minor; quantity && tried <= PRICE_FINEST && product (w, line, finer, last) != base; tried++) {
		__int128 n;
		if (__builtin_mul_overflow ((__int128) base * per, ten_to (tried - minor), &n))
			break;
		n = divided (quantity < 0 ? -n : n, quantity < 0 ? -(__int128) quantity : quantity);
		if (n > INT64_MAX || n < 0)
			break;
		finer = n;
		last = tried;
	}
	if (product (w, line, finer, last) == base) {
		price = finer;
		digits = last;
	}
	return decimal_text (w->a, (int64_t) price, digits);
}

/* The line's parts as they were entered; in gross mode less VAT, so that they come to `net` all the same. */
static struct line_parts line_split (struct writing *w, const struct doc_line *line, int64_t net)
{
	int minor = money_digits (w->d->currency);
	int64_t rate = figure (line->rate, 2, 0), entered = figure (line->price, PRICE_ENTERED, 0);
	struct line_parts p = { .base = (int64_t) product (w, line, entered, PRICE_ENTERED) };
	p.percent = (int64_t) divided ((__int128) p.base * figure (line->discount, 2, 0), 10000);
	p.off = figure (line->discount_amount, minor, 0);
	p.on = figure (line->charge_amount, minor, 0);
	p.price = decimal_text (w->a, entered, PRICE_ENTERED);
	if (w->d->mode != price_mode_gross)
		return p;
	int64_t *rest = p.percent ? &p.percent : p.off ? &p.off : NULL, gross_on = p.on;
	p.base = without_vat (p.base, rate);
	p.percent = without_vat (p.percent, rate);
	p.off = without_vat (p.off, rate);
	p.on = without_vat (p.on, rate);
	int64_t left = p.base - p.percent - p.off + p.on - net; /* what rounding leaves over */
	if (rest)
		*rest += left;
	else if (gross_on)
		p.on -= left;
	else
		p.base -= left;
	p.price = price_without_vat (w, line, rate, p.base);
	return p;
}

static void line_allowance (struct writing *w, bool charge, const char *reason, int64_t value, const char *percent, int64_t base)
{
	if (!value)
		return;
	begin (w, "cac:AllowanceCharge");
	text (w, "cbc:ChargeIndicator", charge ? "true" : "false");
	text (w, "cbc:AllowanceChargeReason", reason);
	text (w, "cbc:MultiplierFactorNumeric", percent);
	amount (w, "cbc:Amount", value);
	if (percent)
		amount (w, "cbc:BaseAmount", base);
	end (w);
}

static void line_allowances (struct writing *w, const struct doc_line *line, const struct line_parts *p)
{
	const char *off = in_dutch (w) ? "Korting" : "Discount", *on = in_dutch (w) ? "Toeslag" : "Surcharge";
	const char *percent = rate_text (w, line->discount), *counted = w->d->mode == price_mode_gross ? NULL : percent;
	/* less VAT a percentage is no longer one of the base to the cent: there it is told in words */
	line_allowance (w, false, arena_printf (w->a, "%s %s%%", off, percent), p->percent, counted, p->base);
	line_allowance (w, false, off, p->off, NULL, 0);
	line_allowance (w, true, on, p->on, NULL, 0);
}

static void item (struct writing *w, const struct doc_line *line)
{
	begin (w, "cac:Item");
	text (w, "cbc:Description", line->description);
	text (w, "cbc:Name", line->name);
	if (text_clean (w->a, line->code)) {
		begin (w, "cac:SellersItemIdentification");
		text (w, "cbc:ID", line->code);
		end (w);
	}
	category (w, "cac:ClassifiedTaxCategory", line->category, line->rate, NULL, NULL);
	end (w);
}

static void line_write (struct writing *w, size_t i, int64_t net)
{
	const struct doc_line *line = &w->d->line[i];
	const char *unit = unit_code (line->unit);
	int64_t one = (int64_t) ten_to (QUANTITY_FINEST), per = figure (line->per, QUANTITY_FINEST, one);
	struct line_parts p = line_split (w, line, net);
	begin (w, w->credit ? "cac:CreditNoteLine" : "cac:InvoiceLine");
	text (w, "cbc:ID", arena_printf (w->a, "%zu", i + 1));
	text_with (w, w->credit ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", "unitCode", unit,
		   decimal_text (w->a, figure (line->quantity, QUANTITY_FINEST, one), QUANTITY_FINEST));
	amount (w, "cbc:LineExtensionAmount", net);
	line_allowances (w, line, &p);
	item (w, line);
	begin (w, "cac:Price");
	text_with (w, "cbc:PriceAmount", "currencyID", w->d->currency, p.price);
	if (per != one)
		text_with (w, "cbc:BaseQuantity", "unitCode", unit, decimal_text (w->a, per, QUANTITY_FINEST));
	end (w);
	end (w);
}

/* ---- the whole ---- */

static void document_write (struct writing *w, const int64_t net[], const struct ubl_attachment *pdf)
{
	const struct document *d = w->d;
	int64_t *without = arena_array (w->a, d->lines + 1, sizeof *without);
	lines_without_vat (d, net, without);
	so (w, xmlTextWriterStartDocument (w->to, NULL, "UTF-8", NULL));
	begin (w, w->credit ? "CreditNote" : "Invoice");
	attribute (w, "xmlns", w->credit ? UBL_NS "CreditNote-2" : UBL_NS "Invoice-2");
	attribute (w, "xmlns:cac", UBL_NS "CommonAggregateComponents-2");
	attribute (w, "xmlns:cbc", UBL_NS "CommonBasicComponents-2");
	head (w);
	references (w, pdf);
	party (w, "cac:AccountingSupplierParty", &d->seller);
	party (w, "cac:AccountingCustomerParty", &d->buyer);
	delivery (w);
	payment (w);
	allowances (w);
	groups (w);
	totals (w);
	for (size_t i = 0; i < d->lines; i++)
		if (line_counts (&d->line[i]))
			line_write (w, i, without[i]);
	end (w);
	so (w, xmlTextWriterEndDocument (w->to));
}

enum status ubl_write (struct arena *a, const struct document *d, const int64_t net[], enum ubl_profile profile,
		       const struct ubl_attachment *pdf, struct bytes *ret)
{
	if (d->kind == document_kind_quote || !is_said (d->number) || money_digits (d->currency) > 2 || (pdf && pdf->pdf.n > UBL_PDF_MOST))
		return REFUSED;
	xmlBufferPtr made = xmlBufferCreate ();
	xmlTextWriterPtr to = made ? xmlNewTextWriterMemory (made, 0) : NULL;
	struct writing w = { .a = a, .d = d, .profile = profile, .to = to, .credit = d->kind == document_kind_credit_note };
	if (to) {
		so (&w, xmlTextWriterSetIndent (to, 1));
		so (&w, xmlTextWriterSetIndentString (to, (const xmlChar *) "  "));
		document_write (&w, net, pdf);
		xmlFreeTextWriter (to);
	}
	enum status status = to && !w.failed ? OK : FAULT;
	if (status == OK) {
		size_t n = (size_t) xmlBufferLength (made);
		*ret = (struct bytes){ (const unsigned char *) arena_copy (a, (const char *) xmlBufferContent (made), n), n };
	}
	xmlBufferFree (made);
	return status;
}
