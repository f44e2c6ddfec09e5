/* What pipeline decides about catalogues: their values and places, and what a deal's fields may be. See rules.h.
 * Never takes away what deals hold: a value is retired, and whoever has it keeps it. */
#include "rules.h"

#include <string.h>

enum { ITEMS_MOST = 500, SHIPMENTS_MOST = 1000000000, COST_MOST = 1000000000 };

/* ---- what a deal may be given ---- */

static bool is_offered (const struct catalogue_items *items, struct uuid workspace, enum catalogue catalogue, const char *key)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct catalogue_item *item = &items->at[i];
		if (item->catalogue == catalogue && !item->retired && strcmp (item->key, key) == 0 &&
		    uuid_equal (item->workspace_id.uuid, workspace))
			return true;
	}
	return false;
}

static struct outcome numbers_check (struct arena *a, bool has_probability, int64_t probability, bool has_shipments, int64_t shipments)
{
	if (has_probability && (probability < 0 || probability > 100))
		return refused_at (a, "/probability", "out_of_range", "0 to 100");
	if (has_shipments && (shipments < 0 || shipments > SHIPMENTS_MOST))
		return refused_at (a, "/monthly_shipments", "out_of_range", "0 to 1,000,000,000");
	return done ();
}

static struct outcome not_offered (struct arena *a, const char *field)
{
	return refused_at (a, arena_printf (a, "/%s", field), "not_a_choice", "the catalogue offers no such value");
}

struct outcome deal_create_check (struct arena *a, const struct deal_create *cmd, const struct catalogue_items *items)
{
#define WORD(field)                                                                                                           \
	if (cmd->has.field == HERE && *cmd->field && !is_offered (items, cmd->head.workspace, catalogue_##field, cmd->field)) \
		return not_offered (a, #field);
	DEAL_WORDS (WORD)
#undef WORD
	return numbers_check (a, cmd->has.probability == HERE, cmd->probability, cmd->has.monthly_shipments == HERE,
			      cmd->monthly_shipments);
}

struct outcome deal_update_words (struct arena *a, const struct deal_update *cmd, const struct deal_state *was,
				  const struct catalogue_items *items)
{
#define WORD(field)                                                                                                       \
	if (cmd->has.field == HERE && *cmd->field && !(was->has.field == HERE && strcmp (was->field, cmd->field) == 0) && \
	    !is_offered (items, cmd->head.workspace, catalogue_##field, cmd->field))                                      \
		return not_offered (a, #field);
	DEAL_WORDS (WORD)
#undef WORD
	return numbers_check (a, cmd->has.probability == HERE, cmd->probability, cmd->has.monthly_shipments == HERE,
			      cmd->monthly_shipments);
}

bool deal_update_names_words (const struct deal_update *cmd)
{
#define WORD(field) || cmd->has.field == HERE
	return false DEAL_WORDS (WORD);
#undef WORD
}

bool deal_create_says_more (const struct deal_create *cmd)
{
#define WORD(field) || cmd->has.field == HERE
	return cmd->has.probability == HERE || cmd->has.monthly_shipments == HERE || cmd->has.annotations == HERE DEAL_WORDS (WORD);
#undef WORD
}

/* ---- the lists themselves ---- */

static void items_place (struct catalogue_item *list, size_t n, size_t from, int64_t position)
{
	place_change (list, sizeof *list, from, place_within (position, n));
	for (size_t i = 0; i < n; i++)
		list[i].position = (int64_t) i + 1;
}

static size_t item_at (const struct catalogue_item *list, size_t n, struct uuid id)
{
	size_t at = 0;
	while (at < n && !uuid_equal (list[at].item_id.uuid, id))
		at++;
	return at;
}

/* Country, phone code and cost are a locale's. */
static struct outcome locale_check (struct arena *a, const struct catalogue_item *item)
{
	bool locale = item->catalogue == catalogue_locale;
	if (item->has.country == HERE &&
	    (!locale || strlen (item->country) != 2 || strspn (item->country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
		return refused_at (a, "/country", locale ? "malformed" : "unknown", "two capitals (ISO 3166), of a locale");
	if (item->has.phone_code == HERE && (!locale || item->phone_code[0] != '+' || !item->phone_code[1] ||
					     item->phone_code[1 + strspn (item->phone_code + 1, "0123456789")]))
		return refused_at (a, "/phone_code", locale ? "malformed" : "unknown", "+ and digits, of a locale");
	if (item->has.cost == HERE && (!locale || item->cost.minor < 0 || item->cost.minor > COST_MOST))
		return refused_at (a, "/cost", locale ? "out_of_range" : "unknown", "0 to 10,000,000.00, of a locale");
	return done ();
}

struct items {
	const struct catalogue_item *at;
	size_t n;
};

static bool item_key_taken (const void *among, const char *key)
{
	const struct items *items = among;
	for (size_t i = 0; i < items->n; i++)
		if (strcmp (items->at[i].key, key) == 0)
			return true;
	return false;
}

struct outcome item_add_apply (struct arena *a, const struct item_add *cmd, struct catalogue_item *list, size_t n, size_t *ret_at)
{
	const struct items items = { list, n };
	const char *label = NULL, *key = NULL;
	workspace_id workspace = { cmd->head.workspace };
	struct outcome out = n < ITEMS_MOST ? label_read (a, cmd->label, &label)
					    : refused_at (a, "/catalogue", "too_many", "five hundred values are the most");
	if (is_done (out))
		out = key_choose (a, cmd->has.key == HERE ? cmd->key : NULL, label, item_key_taken, &items, &key);
	if (!is_done (out))
		return out;
	list[n] = (struct catalogue_item){
		.workspace_id = workspace,
		.item_id = { board_id_of (a, workspace, "item", catalogue_names[cmd->catalogue], key) },
		.catalogue = cmd->catalogue,
		.key = key,
		.label = label,
		.country = cmd->country,
		.has.country = cmd->has.country,
		.phone_code = cmd->phone_code,
		.has.phone_code = cmd->has.phone_code,
		.cost = cmd->cost,
		.has.cost = cmd->has.cost,
	};
	out = locale_check (a, &list[n]);
	items_place (list, n + 1, n, cmd->has.position == HERE ? cmd->position : (int64_t) n + 1);
	*ret_at = item_at (list, n + 1, board_id_of (a, workspace, "item", catalogue_names[cmd->catalogue], key));
	return out;
}

static bool text_same (unsigned char has_x, const char *x, unsigned char has_y, const char *y)
{
	return (has_x == HERE) == (has_y == HERE) && (has_x != HERE || strcmp (x, y) == 0);
}

static bool item_same (const struct catalogue_item *x, const struct catalogue_item *y)
{
	bool cost = (x->has.cost == HERE) == (y->has.cost == HERE) &&
		    (x->has.cost != HERE || (x->cost.minor == y->cost.minor && strcmp (x->cost.currency, y->cost.currency) == 0));
	return cost && strcmp (x->label, y->label) == 0 && x->position == y->position && x->retired == y->retired &&
	       text_same (x->has.country, x->country, y->has.country, y->country) &&
	       text_same (x->has.phone_code, x->phone_code, y->has.phone_code, y->phone_code);
}

struct outcome item_update_apply (struct arena *a, const struct item_update *cmd, struct catalogue_item *list, size_t n, size_t *ret_at,
				  bool *ret_changed)
{
	size_t at = item_at (list, n, cmd->item_id.uuid);
	if (at == n)
		return refused (item_not_found);
	struct catalogue_item *item = &list[at], was = *item;
	struct outcome out = cmd->has.label == HERE ? label_read (a, cmd->label, &item->label) : done ();
	if (cmd->has.retired == HERE)
		item->retired = cmd->retired;
	item->has.retired = HERE;
	if (cmd->has.country != ABSENT)
		item->country = cmd->country, item->has.country = cmd->has.country;
	if (cmd->has.phone_code != ABSENT)
		item->phone_code = cmd->phone_code, item->has.phone_code = cmd->has.phone_code;
	if (cmd->has.cost != ABSENT)
		item->cost = cmd->cost, item->has.cost = cmd->has.cost;
	if (is_done (out))
		out = locale_check (a, item);
	if (cmd->has.position == HERE)
		items_place (list, n, at, cmd->position);
	*ret_at = item_at (list, n, cmd->item_id.uuid);
	*ret_changed = !item_same (&list[*ret_at], &was);
	return out;
}
