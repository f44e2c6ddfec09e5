/* The rules of ubl_rules.def over a document, by libxml2's XPath. Its numbers are floating point, so sums are reckoned by functions of our own (u:*), in whole
 * numbers of 10^-12. libxml2's objects live inside one call and never leave this file. It must never read a document type. */
#include "ubl_check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include "money.h"

#define UBL_NS "urn:oasis:names:specification:ubl:schema:xsd:"
#define OUR_NS "urn:leadwire:amounts"

enum set { ALL, PEPPOL, NLCIUS };

/* steps of XPath that one document may cost: what UBL_LINES_MOST lines need, a few times over */
enum { STEPS_MOST = 40000000, SCALE = 12 };

static const struct rule {
	const char *id;
	enum set set;
	const char *context, *test, *pointer, *nl, *en;
} rules[] = {
#define RULE(id, set, context, test, pointer, nl, en) { id, set, context, test, pointer, nl, en },
#include "ubl_rules.def"
#undef RULE
};

struct checking {
	struct arena *a;
	xmlXPathContextPtr xpath;
	xmlNodePtr now; /* what the rule at work is about */
	int digits;	/* of the currency */
	struct ubl_failure *failure;
	size_t n, first; /* failures so far, and before this rule */
};

/* ---- whole numbers ---- */

/* value × 10^-SCALE; false: not a number. */
struct figure {
	bool is;
	__int128 value;
};

static const struct figure nothing;

static __int128 ten_to (int n)
{
	__int128 ret = 1;
	while (n-- > 0)
		ret *= 10;
	return ret;
}

static struct figure figure_of (__int128 value)
{
	__int128 most = ten_to (18 + SCALE);
	return (struct figure){ value <= most && value >= -most, value };
}

/* xs:decimal: a sign, digits, a point, digits. Finer than 10^-SCALE is cut off. */
static struct figure figure_read (const char *text)
{
	text += strspn (text, " \t\r\n");
	bool less = *text == '-';
	text += less || *text == '+';
	size_t whole = strspn (text, "0123456789"), fine = text[whole] == '.' ? strspn (text + whole + 1, "0123456789") : 0;
	const char *end = text + whole + (text[whole] == '.' ? 1 + fine : 0);
	if (whole + fine == 0 || whole > 18 || end[strspn (end, " \t\r\n")])
		return nothing;
	__int128 value = 0;
	for (size_t i = 0; i < whole; i++)
		value = value * 10 + (text[i] - '0');
	for (size_t i = 0; i < SCALE; i++)
		value = value * 10 + (i < fine ? text[whole + 1 + i] - '0' : 0);
	return figure_of (less ? -value : value);
}

static const char *figure_text (struct figure f, char ret[64])
{
	if (!f.is)
		return "";
	unsigned __int128 left = f.value < 0 ? -(unsigned __int128) f.value : (unsigned __int128) f.value;
	unsigned __int128 one = (unsigned __int128) ten_to (SCALE);
	snprintf (ret, 64, "%s%llu.%012llu", f.value < 0 ? "-" : "", (unsigned long long) (left / one), (unsigned long long) (left % one));
	return ret;
}

/* Half away from zero; d > 0. */
static __int128 divided (__int128 n, __int128 d)
{
	__int128 whole = n / d, left = n % d;
	if (left < 0)
		left = -left;
	return left >= d - left ? whole + (n < 0 ? -1 : 1) : whole;
}

/* Without zeros behind, so that products stay narrow; *digits behind the point are left. */
static __int128 stripped (__int128 value, int *digits)
{
	for (*digits = SCALE; *digits > 0 && value % 10 == 0; (*digits)--)
		value /= 10;
	return value;
}

/* a × b ÷ c; c is not zero. */
static struct figure figure_product (struct figure a, struct figure b, struct figure c)
{
	int of_a, of_b, of_c;
	__int128 n, d;
	if (!a.is || !b.is || !c.is || !c.value || __builtin_mul_overflow (stripped (a.value, &of_a), stripped (b.value, &of_b), &n))
		return nothing;
	d = stripped (c.value, &of_c);
	if (d < 0) {
		d = -d;
		n = -n;
	}
	for (int left = SCALE + of_c - of_a - of_b; left > 0; left--)
		if (__builtin_mul_overflow (n, 10, &n))
			return nothing;
	for (int left = of_a + of_b - of_c - SCALE; left > 0; left--)
		if (__builtin_mul_overflow (d, 10, &d))
			return nothing;
	return figure_of (divided (n, d));
}

/* ---- functions for XPath ---- */

static struct checking *checking_of (xmlXPathParserContextPtr p)
{
	return p->context->userData;
}

static struct figure figure_pop (xmlXPathParserContextPtr p)
{
	struct figure ret = nothing;
	xmlChar *text = xmlXPathPopString (p);
	if (text)
		ret = figure_read ((const char *) text);
	xmlFree (text);
	return ret;
}

static void figure_push (xmlXPathParserContextPtr p, struct figure f)
{
	char text[64];
	valuePush (p, xmlXPathNewCString (figure_text (f, text)));
}

#define ARGUMENTS(count)                           \
	do {                                       \
		if (n != (count)) {                \
			xmlXPathSetArityError (p); \
			return;                    \
		}                                  \
	} while (0)

/* u:sum (elements): nothing of none at all is zero; one that is no number makes the whole none */
static void call_sum (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (1);
	xmlNodeSetPtr nodes = xmlXPathPopNodeSet (p);
	if (xmlXPathCheckError (p)) {
		xmlXPathFreeNodeSet (nodes);
		return;
	}
	struct figure sum = { true, 0 };
	for (int i = 0; nodes && i < nodes->nodeNr && sum.is; i++) {
		xmlChar *text = xmlNodeGetContent (nodes->nodeTab[i]);
		struct figure one = text ? figure_read ((const char *) text) : nothing;
		xmlFree (text);
		sum = one.is ? figure_of (sum.value + one.value) : nothing;
	}
	xmlXPathFreeNodeSet (nodes);
	figure_push (p, sum);
}

static void call_plus (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure b = figure_pop (p), a = figure_pop (p);
	figure_push (p, a.is && b.is ? figure_of (a.value + b.value) : nothing);
}

static void call_minus (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure b = figure_pop (p), a = figure_pop (p);
	figure_push (p, a.is && b.is ? figure_of (a.value - b.value) : nothing);
}

/* u:share (amount, per cent): rounded to what the currency has */
static void call_share (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure percent = figure_pop (p), a = figure_pop (p), hundred = { true, 100 * ten_to (SCALE) };
	struct figure exact = figure_product (a, percent, hundred);
	__int128 step = ten_to (SCALE - checking_of (p)->digits);
	figure_push (p, exact.is ? figure_of (divided (exact.value, step) * step) : nothing);
}

/* u:part (amount with VAT, per cent): the VAT in it, rounded likewise */
static void call_part (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure percent = figure_pop (p), a = figure_pop (p), whole = { percent.is, percent.value + 100 * ten_to (SCALE) };
	struct figure exact = figure_product (a, percent, whole);
	__int128 step = ten_to (SCALE - checking_of (p)->digits);
	figure_push (p, exact.is ? figure_of (divided (exact.value, step) * step) : nothing);
}

/* u:product (quantity, price, for how many): as Peppol's rule has it, quantity and for how many are 1 where they are not there, the price 0 */
static void call_product (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (3);
	const struct figure one = { true, ten_to (SCALE) };
	struct figure absent[3] = { one, { true, 0 }, one }, f[3];
	for (int i = 3; i-- > 0;) {
		xmlChar *text = xmlXPathPopString (p);
		f[i] = text && *text ? figure_read ((const char *) text) : absent[i];
		xmlFree (text);
	}
	if (f[2].is && !f[2].value)
		f[2] = one;
	figure_push (p, figure_product (f[0], f[1], f[2]));
}

static void call_same (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure b = figure_pop (p), a = figure_pop (p);
	valuePush (p, xmlXPathNewBoolean (a.is && b.is && a.value == b.value));
}

static void call_within (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (3);
	struct figure slack = figure_pop (p), b = figure_pop (p), a = figure_pop (p);
	valuePush (p,
		   xmlXPathNewBoolean (a.is && b.is && slack.is && a.value - b.value <= slack.value && b.value - a.value <= slack.value));
}

/* -1, 0 or 1; of what is no number neither more, less nor equal to anything */
static void call_compare (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (2);
	struct figure b = figure_pop (p), a = figure_pop (p);
	valuePush (p, xmlXPathNewFloat (a.is && b.is ? (a.value > b.value) - (a.value < b.value) : xmlXPathNAN));
}

/* u:rate (): the percentage of what the rule is about, for predicates that stand elsewhere */
static void call_rate (xmlXPathParserContextPtr p, int n)
{
	ARGUMENTS (0);
	struct figure rate = nothing;
	for (xmlNodePtr child = checking_of (p)->now->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && strcmp ((const char *) child->name, "Percent") == 0) {
			xmlChar *text = xmlNodeGetContent (child);
			rate = text ? figure_read ((const char *) text) : nothing;
			xmlFree (text);
			break;
		}
	figure_push (p, rate);
}

/* ---- what failed ---- */

static bool is_line (xmlNodePtr node)
{
	return node->type == XML_ELEMENT_NODE && node->parent && node->parent->parent && node->parent->parent->type == XML_DOCUMENT_NODE &&
	       (strcmp ((const char *) node->name, "InvoiceLine") == 0 || strcmp ((const char *) node->name, "CreditNoteLine") == 0);
}

/* Lines of our own are called by their place in the document, from 1; of others the place in the XML is what there is. */
static unsigned long line_index (xmlNodePtr line)
{
	unsigned long place = 0, id = 0;
	for (xmlNodePtr child = line->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && strcmp ((const char *) child->name, "ID") == 0) {
			xmlChar *text = xmlNodeGetContent (child);
			size_t n = text ? strlen ((const char *) text) : 0;
			if (n && n < 7 && strspn ((const char *) text, "0123456789") == n)
				id = strtoul ((const char *) text, NULL, 10);
			xmlFree (text);
			break;
		}
	if (id)
		return id - 1;
	for (xmlNodePtr before = line->prev; before; before = before->prev)
		place += is_line (before);
	return place;
}

/* "/lines/#/price" with the line's index; what is about no line is about the document. */
static const char *pointer_of (struct checking *c, const char *pointer, xmlNodePtr node)
{
	const char *mark = strchr (pointer, '#');
	if (!mark)
		return pointer;
	while (node && !is_line (node))
		node = node->parent;
	return node ? arena_printf (c->a, "%.*s%lu%s", (int) (mark - pointer), pointer, line_index (node), mark + 1) : mark + 1;
}

static void failure_add (struct checking *c, const struct rule *rule, xmlNodePtr node)
{
	const char *pointer = pointer_of (c, rule->pointer, node);
	for (size_t i = c->first; i < c->n; i++)
		if (strcmp (c->failure[i].pointer, pointer) == 0)
			return;
	c->failure[c->n++] = (struct ubl_failure){ rule->id, pointer, rule->nl, rule->en };
}

/* ---- the rules ---- */

static enum status rule_check (struct checking *c, const struct rule *rule)
{
	enum status ret = OK;
	xmlXPathCompExprPtr context = xmlXPathCtxtCompile (c->xpath, (const xmlChar *) rule->context);
	xmlXPathCompExprPtr test = xmlXPathCtxtCompile (c->xpath, (const xmlChar *) rule->test);
	assert (context && test);
	c->xpath->node = (xmlNodePtr) c->xpath->doc;
	xmlXPathObjectPtr found = xmlXPathCompiledEval (context, c->xpath);
	c->first = c->n;
	if (!found)
		ret = REFUSED;
	for (int i = 0; ret == OK && found->nodesetval && i < found->nodesetval->nodeNr && c->n < UBL_FAILURES_MOST; i++) {
		c->now = c->xpath->node = found->nodesetval->nodeTab[i];
		int so = xmlXPathCompiledEvalToBoolean (test, c->xpath);
		if (so < 0)
			ret = REFUSED;
		else if (!so)
			failure_add (c, rule, c->now);
	}
	xmlXPathFreeObject (found);
	xmlXPathFreeCompExpr (test);
	xmlXPathFreeCompExpr (context);
	return ret;
}

static bool names_nlcius (xmlNodePtr root)
{
	for (xmlNodePtr child = root->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && strcmp ((const char *) child->name, "CustomizationID") == 0) {
			xmlChar *text = xmlNodeGetContent (child);
			bool ret = text && strstr ((const char *) text, "#compliant#urn:fdc:nen.nl:nlcius:v1.0");
			xmlFree (text);
			return ret;
		}
	return false;
}

static int currency_digits (xmlNodePtr root)
{
	int ret = 2;
	for (xmlNodePtr child = root->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE && strcmp ((const char *) child->name, "DocumentCurrencyCode") == 0) {
			xmlChar *text = xmlNodeGetContent (child);
			if (text && strlen ((const char *) text) == 3)
				ret = money_digits ((const char *) text);
			xmlFree (text);
			break;
		}
	return ret > 2 ? 2 : ret; /* finer amounts the standard does not have */
}

static void quiet (void *data, xmlErrorPtr error)
{
	(void) data;
	(void) error;
}

static void names_register (xmlXPathContextPtr x)
{
	static const struct {
		const char *name;
		xmlXPathFunction call;
	} functions[] = { { "sum", call_sum },	       { "plus", call_plus },	    { "minus", call_minus }, { "share", call_share },
			  { "part", call_part },       { "product", call_product }, { "same", call_same },   { "within", call_within },
			  { "compare", call_compare }, { "rate", call_rate } };
	static const char *const spaces[][2] = {
		{ "cbc", UBL_NS "CommonBasicComponents-2" },
		{ "cac", UBL_NS "CommonAggregateComponents-2" },
		{ "inv", UBL_NS "Invoice-2" },
		{ "crn", UBL_NS "CreditNote-2" },
		{ "u", OUR_NS },
	};
	for (size_t i = 0; i < LENGTH (spaces); i++)
		xmlXPathRegisterNs (x, (const xmlChar *) spaces[i][0], (const xmlChar *) spaces[i][1]);
	for (size_t i = 0; i < LENGTH (functions); i++)
		xmlXPathRegisterFuncNS (x, (const xmlChar *) functions[i].name, (const xmlChar *) OUR_NS, functions[i].call);
}

static enum status document_check (struct arena *a, xmlDocPtr doc, struct ubl_failures *ret)
{
	xmlNodePtr root = xmlDocGetRootElement (doc);
	bool nlcius = names_nlcius (root);
	if (xmlChildElementCount (root) > UBL_LINES_MOST)
		return REFUSED;
	struct checking c = { .a = a, .xpath = xmlXPathNewContext (doc), .digits = currency_digits (root) };
	if (!c.xpath)
		return FAULT;
	c.xpath->userData = &c;
	c.xpath->error = quiet;
	c.xpath->opLimit = STEPS_MOST;
	c.failure = arena_array (a, UBL_FAILURES_MOST, sizeof *c.failure);
	names_register (c.xpath);
	enum status status = OK;
	for (size_t i = 0; i < LENGTH (rules) && status == OK && c.n < UBL_FAILURES_MOST; i++)
		if (rules[i].set == ALL || (rules[i].set == NLCIUS) == nlcius)
			status = rule_check (&c, &rules[i]);
	if (status != OK && c.xpath->lastError.code == XML_ERR_NO_MEMORY)
		status = FAULT;
	xmlXPathFreeContext (c.xpath);
	if (status == OK)
		*ret = (struct ubl_failures){ c.failure, c.n };
	return status;
}

/* ---- reading ---- */

/* A document type could name entities, files and hosts: reading ends where one begins. */
static void type_refuse (void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	xmlParserCtxtPtr parser = context;
	(void) name;
	(void) external;
	(void) system;
	parser->wellFormed = 0;
	xmlStopParser (parser);
}

static bool is_ubl (xmlDocPtr doc)
{
	xmlNodePtr root = xmlDocGetRootElement (doc);
	if (!root || !root->ns || !root->ns->href)
		return false;
	const char *name = (const char *) root->name, *space = (const char *) root->ns->href;
	return (strcmp (name, "Invoice") == 0 && strcmp (space, UBL_NS "Invoice-2") == 0) ||
	       (strcmp (name, "CreditNote") == 0 && strcmp (space, UBL_NS "CreditNote-2") == 0);
}

enum status ubl_check (struct arena *a, struct bytes xml, struct ubl_failures *ret)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once (&once, xmlInitParser);
	*ret = (struct ubl_failures){ 0 };
	if (!xml.n || xml.n > UBL_BYTES_MOST)
		return REFUSED;
	xmlParserCtxtPtr parser = xmlNewParserCtxt ();
	if (!parser)
		return FAULT;
	parser->sax->internalSubset = type_refuse;
	enum status status = REFUSED;
	xmlDocPtr doc = xmlCtxtReadMemory (parser, (const char *) xml.at, (int) xml.n, NULL, NULL,
					   XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc && is_ubl (doc))
		status = document_check (a, doc, ret);
	else if (!doc && parser->errNo == XML_ERR_NO_MEMORY)
		status = FAULT;
	xmlFreeDoc (doc);
	xmlFreeParserCtxt (parser);
	return status;
}
