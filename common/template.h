/* Templates of mails: text with {{contact.first_name}}, {{deal.value | money}}, {{contact.first_name | default:"there"}},
 * {% if deal.value %}…{% else %}…{% end %} and {% for line in quote.lines %}…{% end %}. Pure: a text, the names there are and their values, in; a text or
 * one error with its place, out. Never memory outside the arena, never a value that can become markup, never more work than its limits. */
#ifndef LEADWIRE_TEMPLATE_H
#define LEADWIRE_TEMPLATE_H

#include <jansson.h>
#include "arena.h"

enum {
	TEMPLATE_MOST = 64 * 1024,	/* bytes of a template */
	TEMPLATE_OUTPUT_MOST = 1 << 20, /* bytes of what it becomes */
	TEMPLATE_DEPTH_MOST = 8,	/* conditions and loops inside each other */
	TEMPLATE_TAG_MOST = 300,	/* bytes between braces */
	TEMPLATE_STEPS_MOST = 200000,	/* tags that are looked at while rendering, loops counted */
	TEMPLATE_NAME_MOST = 64
};

/* What a place may hold, which is how it is said when no filter is given. A date is "2026-11-21" or an RFC 3339 time that is already local. */
enum template_kind { TEMPLATE_IS_TEXT, TEMPLATE_IS_NUMBER, TEMPLATE_IS_DATE, TEMPLATE_IS_MONEY, TEMPLATE_IS_LIST };

/* A name that templates may say: "deal.title"; what stands in a list: "quote.lines.description". The last one's name is null. */
struct template_place {
	const char *name;
	enum template_kind kind;
};

/* What the text is for, which decides how values are written into it. */
enum template_form {
	TEMPLATE_PLAIN,	   /* as they are */
	TEMPLATE_LINE,	   /* a subject: one line, no control characters */
	TEMPLATE_MARKDOWN, /* nothing in them is a mark */
	TEMPLATE_HTML	   /* escaped for text and quoted attributes; line ends become <br> */
};
enum template_language { TEMPLATE_EN, TEMPLATE_NL };

/* What can be wrong; how each is said stands in the catalogues under template.fault.<name>. */
#define TEMPLATE_FAULTS(FAULT)                                                \
	FAULT (unknown_place, "no such placeholder")                          \
	FAULT (unknown_filter, "no such filter")                              \
	FAULT (wrong_filter, "the filter does not fit what stands before it") \
	FAULT (is_list, "a list stands only in a loop or a condition")        \
	FAULT (not_list, "a loop goes over a list alone")                     \
	FAULT (not_read, "what stands between the braces says nothing")       \
	FAULT (not_closed, "what was opened here is never closed")            \
	FAULT (not_opened, "nothing is open that this could close")           \
	FAULT (too_deep, "too many conditions and loops inside each other")   \
	FAULT (too_long, "the template, or what it becomes, is too long")
enum template_fault {
#define TEMPLATE_FAULT(name, doc) TEMPLATE_FAULT_##name,
	TEMPLATE_FAULTS (TEMPLATE_FAULT)
#undef TEMPLATE_FAULT
		TEMPLATE_FAULT_COUNT
};
extern const char *const template_fault_names[TEMPLATE_FAULT_COUNT];

/* Lines and columns begin at 1; a column counts characters. */
struct template_error {
	enum template_fault fault;
	int line, column;
	char name[TEMPLATE_NAME_MOST + 1]; /* the placeholder, filter or word that it is about; "" when it is about none */
};

/* Does it hold for any values? REFUSED: the first error. */
enum status template_check (const char *text, const struct template_place *places, struct template_error *ret) MUST_CHECK;

/* `values` are objects as the places name them: {"contact":{"first_name":"Sanne"}}; what is absent or null is empty, money is
 * {"amount":"1815.00","currency":"EUR"}. What is not valid UTF-8 does not come out of jansson. REFUSED: as template_check, or longer than it may become. */
enum status template_render (struct arena *a, const char *text, const struct template_place *places, const json_t *values,
			     enum template_form form, enum template_language language, const char **ret_text,
			     struct template_error *ret_error) MUST_CHECK;

/* The names that a template says, each once, in order: which of them have no value for somebody is asked before sending. Null ends the list; none when the
 * template does not hold. */
const char *const *template_names (struct arena *a, const char *text, const struct template_place *places);

#endif
