/* Reads CAMT.053, the ISO 20022 statement, by libxml2: names of elements without their namespaces, so that each version and each bank's own is one.
 * It must never fetch anything, know an entity, nor believe a document type. */
#include "bank.h"

#include <libxml/parser.h>
#include <string.h>
#include "clock.h"

struct reading {
	struct arena *arena;
	struct bank_fault *fault;
	struct bank_statement *statement;
	size_t room; /* for entries */
	size_t line; /* of the statement */
};

/* ---- elements ---- */

static bool is (const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp ((const char *) node->name, name);
}

static xmlNode *next_of (xmlNode *from, const char *name)
{
	while (from && !is (from, name))
		from = from->next;
	return from;
}

/* The first one at the end of a path of names: "Acct/Id/IBAN". */
static xmlNode *find (xmlNode *node, const char *path)
{
	while (node && *path) {
		char name[40];
		size_t n = strcspn (path, "/");
		assert (n < sizeof name);
		memcpy (name, path, n);
		name[n] = 0;
		path += n + (path[n] == '/');
		node = next_of (node->children, name);
	}
	return node;
}

static const char *node_text (struct reading *r, const xmlNode *node)
{
	if (!node)
		return NULL;
	xmlChar *content = xmlNodeGetContent (node);
	const char *ret = content ? bank_words (r->arena, (const char *) content) : NULL;
	xmlFree (content);
	return ret;
}

static const char *text_at (struct reading *r, xmlNode *node, const char *path)
{
	return node_text (r, find (node, path));
}

static size_t line_of (const xmlNode *node)
{
	long line = node ? xmlGetLineNo (node) : 0;
	return line > 0 ? (size_t) line : 0;
}

static enum status wrong (struct reading *r, const xmlNode *node, const char *reason)
{
	return bank_refuse (r->fault, line_of (node), arena_text (r->arena, (const char *) node->name), reason);
}

/* ---- values ---- */

/* An element Amt with its currency, which is `currency` where that is set already. */
static enum status amount_read (struct reading *r, xmlNode *amt, char currency[4], int64_t *ret)
{
	xmlChar *said = amt ? xmlGetNoNsProp (amt, (const xmlChar *) "Ccy") : NULL;
	const char *ccy = said ? bank_words (r->arena, (const char *) said) : NULL;
	xmlFree (said);
	const char *text = node_text (r, amt);
	if (!text || !bank_currency_good (ccy) || (*currency && strcmp (ccy, currency) != 0))
		return REFUSED;
	if (bank_amount (text, '.', ccy, ret) != OK)
		return REFUSED;
	memcpy (currency, ccy, 4);
	return OK;
}

/* -1, 1, or 0: neither. */
static int side_read (struct reading *r, xmlNode *node)
{
	const char *text = text_at (r, node, "CdtDbtInd");
	return !text ? 0 : !strcmp (text, "CRDT") ? 1 : !strcmp (text, "DBIT") ? -1 : 0;
}

/* Dt, or the day of DtTm as it stands there: the bank's own. */
static bool day_read (struct reading *r, xmlNode *node, int32_t *ret)
{
	const char *text = text_at (r, node, "Dt");
	if (!text)
		text = text_at (r, node, "DtTm");
	return text && strlen (text) >= 10 && date_parse (arena_copy (r->arena, text, 10), ret) == OK;
}

static bool day_of_moment (struct reading *r, xmlNode *node, const char *path, int32_t *ret)
{
	const char *text = text_at (r, node, path);
	return text && strlen (text) >= 10 && date_parse (arena_copy (r->arena, text, 10), ret) == OK;
}

/* ---- who and what ---- */

static const char *party_name (struct reading *r, xmlNode *party)
{
	const char *ret = text_at (r, party, "Nm");
	return ret ? ret : text_at (r, party, "Pty/Nm"); /* since .08 */
}

/* The side that is not ours: who paid what came in, who got what went out; of a reversal banks have it either way. */
static void other_read (struct reading *r, xmlNode *details, int side, struct bank_entry *ret)
{
	static const char *const name[2][2] = { { "Dbtr", "UltmtDbtr" }, { "Cdtr", "UltmtCdtr" } }, *const account[2] = { "DbtrAcct",
															  "CdtrAcct" };
	xmlNode *parties = find (details, "RltdPties");
	for (int turn = 0; parties && turn < 2; turn++) {
		int at = (side < 0) ^ turn;
		const char *iban = bank_account (r->arena, text_at (r, find (parties, account[at]), "Id/IBAN"));
		if (!iban)
			iban = bank_account (r->arena, text_at (r, find (parties, account[at]), "Id/Othr/Id"));
		const char *who = party_name (r, find (parties, name[at][0]));
		if (!who)
			who = party_name (r, find (parties, name[at][1]));
		if ((iban && !strcmp (iban, r->statement->account)) || (!iban && !who) || (turn && !ret->reversal))
			continue;
		ret->iban = iban;
		ret->name = who;
		return;
	}
}

static void words_add (struct reading *r, const char **words, const char *more)
{
	if (!more || (*words && (strstr (*words, more) || strlen (*words) > BANK_TEXT_MOST)))
		return;
	*words = *words ? arena_printf (r->arena, "%s %s", *words, more) : more;
}

static void details_words (struct reading *r, xmlNode *details, const char **words)
{
	xmlNode *remittance = find (details, "RmtInf");
	for (xmlNode *u = remittance ? remittance->children : NULL; u; u = u->next) {
		if (is (u, "Ustrd"))
			words_add (r, words, node_text (r, u));
		if (!is (u, "Strd"))
			continue;
		words_add (r, words, text_at (r, u, "CdtrRefInf/Ref"));
		words_add (r, words, text_at (r, u, "RfrdDocInf/Nb"));
		words_add (r, words, text_at (r, u, "AddtlRmtInf"));
	}
	words_add (r, words, text_at (r, details, "AddtlTxInf"));
}

static void details_read (struct reading *r, xmlNode *details, int side, struct bank_entry *ret)
{
	const char *end = text_at (r, details, "Refs/EndToEndId"), *reference = text_at (r, details, "Refs/AcctSvcrRef"), *words = NULL;
	ret->end_to_end = end && strcmp (end, "NOTPROVIDED") != 0 ? end : NULL;
	if (reference)
		ret->reference = reference;
	other_read (r, details, side, ret);
	details_words (r, details, &words);
	if (words)
		ret->text = bank_words (r->arena, words);
}

/* ---- bookings ---- */

static xmlNode *details_amount (xmlNode *details)
{
	xmlNode *ret = find (details, "Amt");
	if (!ret)
		ret = find (details, "AmtDtls/TxAmt/Amt");
	return ret ? ret : find (details, "AmtDtls/InstdAmt/Amt");
}

static size_t details_count (xmlNode *entry, xmlNode **ret_first)
{
	size_t n = 0;
	for (xmlNode *group = entry->children; group; group = group->next)
		for (xmlNode *d = is (group, "NtryDtls") ? group->children : NULL; d; d = d->next)
			if (is (d, "TxDtls") && !n++)
				*ret_first = d;
	return n;
}

/* What is one of a batch, each with an amount in the account's currency. False: the bank did not tell them one by one. */
static bool batch_told (struct reading *r, xmlNode *entry)
{
	for (xmlNode *group = entry->children; group; group = group->next)
		for (xmlNode *d = is (group, "NtryDtls") ? group->children : NULL; d; d = d->next) {
			char currency[4];
			int64_t amount;
			memcpy (currency, r->statement->currency, sizeof currency);
			if (is (d, "TxDtls") && amount_read (r, details_amount (d), currency, &amount) != OK)
				return false;
		}
	return true;
}

static enum status batch_split (struct reading *r, xmlNode *entry, const struct bank_entry *whole, int side)
{
	struct bank_statement *s = r->statement;
	int64_t sum = 0;
	for (xmlNode *group = entry->children; group; group = group->next)
		for (xmlNode *d = is (group, "NtryDtls") ? group->children : NULL; d; d = d->next) {
			if (!is (d, "TxDtls"))
				continue;
			struct bank_entry *e = &s->entry[s->entries++];
			*e = *whole;
			int own = side_read (r, d);
			if (amount_read (r, details_amount (d), e->currency, &e->amount) != OK)
				return wrong (r, d, "Its amount cannot be read.");
			e->amount *= own ? own : side;
			if (__builtin_add_overflow (sum, e->amount, &sum))
				return wrong (r, entry, "The amounts are too large.");
			details_read (r, d, own ? own : side, e);
		}
	return sum == whole->amount ? OK : wrong (r, entry, "The bookings of a batch do not come to its amount.");
}

/* A batch in one sum: what is said of each, and of no one who it was. */
static void batch_words (struct reading *r, xmlNode *entry, struct bank_entry *ret)
{
	const char *words = NULL;
	for (xmlNode *group = entry->children; group; group = group->next)
		for (xmlNode *d = is (group, "NtryDtls") ? group->children : NULL; d; d = d->next)
			if (is (d, "TxDtls"))
				details_words (r, d, &words);
	if (words)
		ret->text = bank_words (r->arena, words);
}

/* Not booked yet: it counts when it is. */
static bool entry_waits (struct reading *r, xmlNode *entry)
{
	const char *state = text_at (r, entry, "Sts/Cd");
	if (!state)
		state = text_at (r, entry, "Sts");
	return state && strcmp (state, "BOOK") != 0;
}

static enum status entry_read (struct reading *r, xmlNode *entry)
{
	struct bank_statement *s = r->statement;
	struct bank_entry e = { .text = "" };
	const char *reversal = text_at (r, entry, "RvslInd"), *words = text_at (r, entry, "AddtlNtryInf");
	int side = side_read (r, entry);
	xmlNode *first = NULL;
	memcpy (e.currency, s->currency, sizeof e.currency);
	if (amount_read (r, find (entry, "Amt"), e.currency, &e.amount) != OK)
		return wrong (r, entry, "Its amount cannot be read, or is in another currency than the account.");
	if (!side)
		return wrong (r, entry, "It does not say whether it is a credit or a debit.");
	if (!day_read (r, find (entry, "BookgDt"), &e.day) && !day_read (r, find (entry, "ValDt"), &e.day))
		return wrong (r, entry, "Its day cannot be read.");
	e.amount *= side;
	e.reversal = reversal && (!strcmp (reversal, "true") || !strcmp (reversal, "1"));
	e.reference = text_at (r, entry, "AcctSvcrRef");
	if (!e.reference)
		e.reference = text_at (r, entry, "NtryRef");
	if (words)
		e.text = words;
	size_t n = details_count (entry, &first);
	if (n > 1 && batch_told (r, entry))
		return batch_split (r, entry, &e, side);
	if (n > 1)
		batch_words (r, entry, &e);
	else if (n)
		details_read (r, first, side, &e);
	s->entry[s->entries++] = e;
	return OK;
}

/* ---- statements ---- */

static enum status balance_read (struct reading *r, xmlNode *bal, int64_t *ret, int32_t *ret_day)
{
	struct bank_statement *s = r->statement;
	int side = side_read (r, bal);
	if (amount_read (r, find (bal, "Amt"), s->currency, ret) != OK || !side)
		return wrong (r, bal, "A balance cannot be read, or is in another currency than the account.");
	*ret *= side;
	return day_read (r, find (bal, "Dt"), ret_day) ? OK : wrong (r, bal, "A balance has no day.");
}

/* The booked ones: at the begin OPBD, or PRCD of the day before; at the end CLBD; of a part of a statement ITBD is both. */
static enum status balances_read (struct reading *r, xmlNode *stmt)
{
	struct bank_statement *s = r->statement;
	xmlNode *opening = NULL, *closing = NULL, *between[2] = { NULL, NULL };
	for (xmlNode *b = stmt->children; (b = next_of (b, "Bal")); b = b->next) {
		const char *code = text_at (r, b, "Tp/CdOrPrtry/Cd");
		if (code && (!strcmp (code, "OPBD") || (!strcmp (code, "PRCD") && !opening)))
			opening = b;
		else if (code && !strcmp (code, "CLBD"))
			closing = b;
		else if (code && !strcmp (code, "ITBD"))
			between[between[0] != NULL] = b;
	}
	opening = opening ? opening : between[0];
	closing = closing ? closing : between[between[1] != NULL];
	if (!opening || !closing || opening == closing)
		return wrong (r, stmt, opening ? "It has no closing balance." : "It has no opening balance.");
	if (balance_read (r, opening, &s->opening, &s->from) != OK || balance_read (r, closing, &s->closing, &s->to) != OK)
		return REFUSED;
	day_of_moment (r, stmt, "FrToDt/FrDtTm", &s->from);
	day_of_moment (r, stmt, "FrToDt/ToDtTm", &s->to);
	return OK;
}

static enum status statement_read (struct reading *r, xmlNode *stmt)
{
	struct bank_statement *s = r->statement;
	const char *currency = text_at (r, stmt, "Acct/Ccy");
	s->account = bank_account (r->arena, text_at (r, stmt, "Acct/Id/IBAN"));
	if (!s->account)
		s->account = bank_account (r->arena, text_at (r, stmt, "Acct/Id/Othr/Id"));
	if (!s->account)
		return wrong (r, stmt, "It does not say of which account it is.");
	if (currency && !bank_currency_good (currency))
		return wrong (r, stmt, "The account's currency cannot be read.");
	if (currency)
		memcpy (s->currency, currency, sizeof s->currency);
	s->number = text_at (r, stmt, "ElctrncSeqNb");
	if (!s->number)
		s->number = text_at (r, stmt, "LglSeqNb");
	if (!s->number)
		s->number = text_at (r, stmt, "Id");
	size_t n = 0;
	for (xmlNode *e = stmt->children; (e = next_of (e, "Ntry")); e = e->next) {
		xmlNode *first;
		size_t details = details_count (e, &first);
		n += details > 1 ? details : 1;
	}
	if (n > BANK_ENTRIES_MOST)
		return wrong (r, stmt, "It has too many bookings.");
	s->entry = arena_array (r->arena, n + 1, sizeof *s->entry);
	enum status ret = balances_read (r, stmt);
	for (xmlNode *e = stmt->children; ret == OK && (e = next_of (e, "Ntry")); e = e->next)
		if (!entry_waits (r, e))
			ret = entry_read (r, e);
	return ret == OK ? bank_check (r->arena, s, line_of (stmt), r->fault) : ret;
}

static enum status document_read (struct arena *a, xmlDoc *doc, struct bank_file *ret, struct bank_fault *fault)
{
	xmlNode *root = xmlDocGetRootElement (doc), *all = root && is (root, "Document") ? find (root, "BkToCstmrStmt") : NULL;
	struct bank_file file = { .format = statement_format_camt053 };
	size_t n = 0;
	for (xmlNode *s = all ? all->children : NULL; (s = next_of (s, "Stmt")); s = s->next)
		n++;
	if (!n)
		return bank_refuse (fault, 0, "Document", "This is no CAMT.053 statement.");
	file.statement = arena_array (a, n, sizeof *file.statement);
	for (xmlNode *s = all->children; (s = next_of (s, "Stmt")); s = s->next) {
		struct reading r = { .arena = a, .fault = fault, .statement = &file.statement[file.statements++] };
		if (statement_read (&r, s) != OK)
			return REFUSED;
	}
	*ret = file;
	return OK;
}

/* ---- the file ---- */

/* A document type is where entities come from: nobody's bank writes one. */
static void doctype_seen (void *ctx, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxt *parser = ctx;
	(void) name, (void) external, (void) system;
	*(bool *) parser->_private = true;
	xmlStopParser (parser);
}

enum status camt_read (struct arena *a, struct bytes file, struct bank_file *ret, struct bank_fault *ret_fault)
{
	bool doctype = false;
	xmlParserCtxt *parser = xmlNewParserCtxt ();
	assert (parser && file.n <= BANK_FILE_MOST);
	parser->_private = &doctype;
	parser->sax->internalSubset = doctype_seen;
	xmlDoc *doc = xmlCtxtReadMemory (parser, (const char *) file.at, (int) file.n, NULL, NULL,
					 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
						 XML_PARSE_BIG_LINES);
	const xmlError *e = xmlCtxtGetLastError (parser);
	size_t line = e && e->line > 0 ? (size_t) e->line : 0;
	enum status status = doctype ? bank_refuse (ret_fault, 0, "DOCTYPE", "A statement has no document type.")
			     : !doc  ? bank_refuse (ret_fault, line, "XML", "This is not well-formed XML.")
				     : document_read (a, doc, ret, ret_fault);
	xmlFreeDoc (doc);
	xmlFreeParserCtxt (parser);
	return status;
}
