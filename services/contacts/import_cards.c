/* Imports: a vCard as a row. What address books say of a person goes to the field that a column of that name would have; what has no field of its own
 * (an address) stands in the notes, what is nobody's business (a photo, when it was changed) is left out. Pure.
 * It must never make a name up: a card that names nobody, no company and no e-mail has none. */
#include "import.h"

#include <string.h>
#include <strings.h>

enum { REACH = 12, CELL_MOST = 20000 };
enum { FIRST, LAST, NAME, EMAIL, EMAILS, PHONE, PHONES, COMPANY, TITLE, NOTES, CELLS };

/* In the order of the cells above. */
const char import_cards_mapping[] = "[\"first_name\",\"last_name\",\"name\",\"email\",\"further_emails\",\"phone\",\"further_phones\","
				    "\"company\",\"job_title\",\"notes\"]";

bool import_is_cards (const struct csv_shape *shape)
{
	return shape->delimiter == VCARD_DELIMITER;
}

/* The first property of that name that says something. */
static const char *value_of (const struct vcard *card, const char *name)
{
	for (size_t i = 0; i < card->n; i++)
		if (strcmp (card->line[i].name, name) == 0 && *card->line[i].value)
			return card->line[i].value;
	return "";
}

/* What an e-mail or phone is for, of all that its type may say. */
static const char *label_of (const char *types)
{
	static const char *const labels[] = { "work", "home", "cell", "fax" };
	char word[8];
	for (size_t i = 0; i < LENGTH (labels); i++) {
		snprintf (word, sizeof word, " %s ", labels[i]);
		if (strstr (types, word))
			return labels[i];
	}
	return NULL;
}

static const char *without (const char *text, const char *scheme)
{
	size_t n = strlen (scheme);
	return strncasecmp (text, scheme, n) == 0 ? text + n : text;
}

/* All e-mails or phones: the preferred one, and the others as the column of further ones has them. */
static void reach_read (struct arena *a, const struct vcard *card, const char *name, const char *scheme, const char **first,
			const char **others)
{
	const struct vcard_line *found[REACH];
	size_t n = 0, best = 0;
	for (size_t i = 0; i < card->n && n < REACH; i++)
		if (strcmp (card->line[i].name, name) == 0 && *vcard_text (a, card->line[i].value))
			found[n++] = &card->line[i];
	for (size_t i = 1; i < n; i++)
		if (found[i]->preference < found[best]->preference)
			best = i;
	*first = n ? without (vcard_text (a, found[best]->value), scheme) : "";
	*others = "";
	for (size_t i = 0; i < n; i++) {
		const char *label = label_of (found[i]->types), *value = without (vcard_text (a, found[i]->value), scheme);
		if (i != best)
			*others = arena_printf (a, label ? "%s%s%s (%s)" : "%s%s%s", *others, **others ? "; " : "", value, label);
	}
}

/* Street, postcode with place, country: what is there of it, each once. */
static const char *address_of (struct arena *a, const char *value)
{
	static const size_t order[] = { 0, 1, 2, 5, 3, 4, 6 };
	const char *ret = "";
	for (size_t i = 0; i < LENGTH (order); i++) {
		const char *part = vcard_part (a, value, order[i]);
		if (*part)
			ret = arena_printf (a, "%s%s%s", ret, !*ret ? "" : order[i] == 3 ? " " : ", ", part);
	}
	return ret;
}

static const char *notes_of (struct arena *a, const struct vcard *card)
{
	const char *ret = "";
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < card->n && strlen (ret) < CELL_MOST; i++) {
			const char *text = strcmp (card->line[i].name, pass ? "ADR" : "NOTE") != 0 ? ""
					   : pass						   ? address_of (a, card->line[i].value)
												   : vcard_text (a, card->line[i].value);
			if (*text)
				ret = arena_printf (a, "%s%s%s", ret, *ret ? "\n" : "", text);
		}
	return ret;
}

struct csv_row import_card_row (struct arena *a, const struct vcard *card)
{
	const char **cell = arena_array (a, CELLS, sizeof *cell), *name = value_of (card, "N"), *title = value_of (card, "TITLE");
	cell[LAST] = vcard_part (a, name, 0);
	cell[FIRST] = vcard_part (a, name, 1);
	cell[NAME] = vcard_text (a, value_of (card, "FN"));
	cell[COMPANY] = vcard_part (a, value_of (card, "ORG"), 0);
	cell[TITLE] = vcard_text (a, *title ? title : value_of (card, "ROLE"));
	cell[NOTES] = notes_of (a, card);
	reach_read (a, card, "EMAIL", "mailto:", &cell[EMAIL], &cell[EMAILS]);
	reach_read (a, card, "TEL", "tel:", &cell[PHONE], &cell[PHONES]);
	if (!*cell[NAME])
		cell[NAME] = *cell[FIRST] && *cell[LAST] ? arena_printf (a, "%s %s", cell[FIRST], cell[LAST])
			     : *cell[FIRST]		 ? cell[FIRST]
			     : *cell[LAST]		 ? cell[LAST]
			     : *cell[COMPANY]		 ? cell[COMPANY]
							 : cell[EMAIL];
	return (struct csv_row){ .row = card->number, .begins = card->begins, .ends = card->ends, .n = CELLS, .cell = cell };
}

enum status import_rows_read (struct arena *a, const char *path, const struct csv_shape *shape, struct csv_place *place, size_t most,
			      const struct csv_row **ret, size_t *ret_n)
{
	if (!import_is_cards (shape))
		return csv_read (a, path, shape, place, most, ret, ret_n);
	const struct vcard *card = NULL;
	enum status status = vcard_read (a, path, shape, place, most, &card, ret_n);
	struct csv_row *row = status == OK ? arena_array (a, *ret_n + 1, sizeof *row) : NULL;
	for (size_t i = 0; status == OK && i < *ret_n; i++)
		row[i] = import_card_row (a, &card[i]);
	*ret = row;
	return status;
}
