/* Who the workspace is on paper, what it sells, how its documents are numbered: kept and changed. What stands on documents stays as it was.
 * It must never give a number: that is the documents' own affair. */
#include "company.h"

#include "given.h"
#include "numbers.h"
#include "billing_sql.h"

void company_set (struct batch *b, const struct company_set cmd[], size_t n, struct outcome ret[])
{
	struct billing_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i].workspace_id.uuid = cmd[i].head.workspace;
	const struct company_row *was = company_load (b, ask, n);
	struct company_row *row = ARRAY (b, row, n);
	struct company_changed *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		struct list changes = { .at = arena_array (batch_arena (b), COMPANY_CHANGES_MOST, sizeof (struct change)) };
		ret[i] = company_set_check (batch_arena (b), &cmd[i], &was[i], &row[rows], &changes);
		if (!is_done (ret[i]))
			continue;
		ret[i].version = row[rows].version;
		if (!changes.n)
			continue;
		said[rows] = (struct company_changed){ .head = head_caused (b, &cmd[i].head),
						       .version = row[rows].version,
						       .name = row[rows].name,
						       .has.name = row[rows].has.name,
						       .changes = changes };
		rows++;
	}
	company_write (b, row, rows);
	company_changed_emit (b, said, rows);
}

/* ---- the catalogue ---- */

static struct outcome item_keep (struct batch *b, const struct head *cause, const struct catalog_item_row *row)
{
	struct catalog_item_changed said = { .head = head_caused (b, cause),
					     .catalog_item_id = row->catalog_item_id,
					     .name = catalog_item_name (row),
					     .version = row->version,
					     .removed = row->has.removed_at == HERE };
	struct outcome ret = done ();
	catalog_item_write (b, row, 1);
	catalog_item_changed_emit (b, &said, 1);
	ret.id = row->catalog_item_id.uuid;
	ret.version = row->version;
	return ret;
}

static const struct catalog_item_place *item_place (struct batch *b, const struct head *head, catalog_item_id id, unsigned char has,
						    const char *code)
{
	struct catalog_item_ask ask = {
		.workspace_id = { head->workspace }, .catalog_item_id = id, .code = code, .has.code = is_said (has, code) ? HERE : ABSENT
	};
	return catalog_item_load (b, &ask, 1);
}

static struct catalog_item_row item_of (const struct head *head, catalog_item_id id, const struct catalog_item_place *was)
{
	return (struct catalog_item_row){ .workspace_id = { head->workspace },
					  .catalog_item_id = id,
					  .version = was->version,
					  .code = was->code,
					  .name_nl = was->name_nl,
					  .name_en = was->name_en,
					  .description_nl = was->description_nl,
					  .description_en = was->description_en,
					  .unit = was->has.unit == HERE ? was->unit : unit_piece,
					  .prices = was->prices,
					  .created_at = was->created_at,
					  .created_by = was->created_by,
					  .has = { .code = was->has.code,
						   .name_nl = was->has.name_nl,
						   .name_en = was->has.name_en,
						   .description_nl = was->has.description_nl,
						   .description_en = was->has.description_en,
						   .prices = was->has.prices,
						   .created_by = was->has.created_by } };
}

/* Blanks alone are nothing. */
#define TAKE(to, from, field)                                                                                         \
	do {                                                                                                          \
		if ((from)->has.field != ABSENT) {                                                                    \
			(to)->has.field = is_said ((from)->has.field, (from)->field) ? HERE : (unsigned char) ABSENT; \
			(to)->field = (from)->field;                                                                  \
		}                                                                                                     \
	} while (0)
#define ITEM_TAKE(to, from)                            \
	do {                                           \
		TAKE (to, from, code);                 \
		TAKE (to, from, name_nl);              \
		TAKE (to, from, name_en);              \
		TAKE (to, from, description_nl);       \
		TAKE (to, from, description_en);       \
		if ((from)->has.unit == HERE)          \
			(to)->unit = (from)->unit;     \
		if ((from)->has.prices == HERE) {      \
			(to)->prices = (from)->prices; \
			(to)->has.prices = HERE;       \
		}                                      \
	} while (0)

void catalog_item_add (struct batch *b, const struct catalog_item_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct catalog_item_place *was = item_place (b, &cmd[i].head, cmd[i].catalog_item_id, cmd[i].has.code, cmd[i].code);
		struct catalog_item_row row = item_of (&cmd[i].head, cmd[i].catalog_item_id, was);
		ITEM_TAKE (&row, &cmd[i]);
		row.version = 1;
		row.created_at = batch_now (b);
		row.created_by.uuid = cmd[i].head.actor;
		row.has.created_by = HERE;
		ret[i] = catalog_item_check (batch_arena (b), &row, was);
		if (is_done (ret[i]) && was->items >= CATALOG_ITEMS_MOST)
			ret[i] = refused_at (batch_arena (b), "/code", "too_many", "two thousand items are the most");
		if (is_done (ret[i]))
			ret[i] = item_keep (b, &cmd[i].head, &row);
	}
}

void catalog_item_update (struct batch *b, const struct catalog_item_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		const struct catalog_item_place *was = item_place (b, &cmd[i].head, cmd[i].catalog_item_id, cmd[i].has.code, cmd[i].code);
		struct catalog_item_row row = item_of (&cmd[i].head, cmd[i].catalog_item_id, was);
		ret[i] = was->has.version != HERE || was->removed			? refused (catalog_item_not_found)
			 : cmd[i].has.version == HERE && cmd[i].version != was->version ? refused (catalog_item_changed)
											: done ();
		if (!is_done (ret[i]))
			continue;
		ITEM_TAKE (&row, &cmd[i]);
		row.version++;
		ret[i] = catalog_item_check (batch_arena (b), &row, was);
		if (is_done (ret[i]))
			ret[i] = item_keep (b, &cmd[i].head, &row);
	}
}

/* What is so already is done, and says nothing. */
static struct outcome item_away (struct batch *b, const struct head *head, catalog_item_id id, bool away)
{
	const struct catalog_item_place *was = item_place (b, head, id, ABSENT, NULL);
	if (was->has.version != HERE)
		return refused (catalog_item_not_found);
	struct outcome ret = done ();
	ret.id = id.uuid;
	ret.version = was->version;
	if (was->removed == away)
		return ret;
	/* meanwhile another one may bear its code */
	was = item_place (b, head, id, away ? ABSENT : was->has.code, was->code);
	struct catalog_item_row row = item_of (head, id, was);
	row.version++;
	row.removed_at = batch_now (b);
	row.has.removed_at = away ? HERE : ABSENT;
	ret = catalog_item_check (batch_arena (b), &row, was);
	return is_done (ret) ? item_keep (b, head, &row) : ret;
}

void catalog_item_remove (struct batch *b, const struct catalog_item_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = item_away (b, &cmd[i].head, cmd[i].catalog_item_id, true);
}

void catalog_item_restore (struct batch *b, const struct catalog_item_restore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = item_away (b, &cmd[i].head, cmd[i].catalog_item_id, false);
}

/* ---- number series ---- */

/* A format that was used before, or one that makes the same numbers, goes on after the last of these. */
static struct outcome series_free (struct batch *b, const struct series_row *row)
{
	struct series_pattern ask = { .workspace_id = row->workspace_id,
				      .kind = row->kind,
				      .pattern = number_pattern (batch_arena (b), row->format, (int) row->year) };
	return series_free_check (batch_arena (b), row, series_used_load (b, &ask, 1)->most);
}

/* One after the other: of one workspace each sees what the one before it wrote. */
void series_set (struct batch *b, const struct series_set cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct series_ask ask = { .workspace_id = { cmd[i].head.workspace }, .kind = cmd[i].kind, .now = batch_now (b) };
		const struct series_place *was = series_load (b, &ask, 1);
		struct series_row row = { .workspace_id = { cmd[i].head.workspace }, .kind = cmd[i].kind };
		ret[i] = series_set_check (batch_arena (b), &cmd[i], was, &row);
		if (is_done (ret[i]))
			ret[i] = series_free (b, &row);
		if (!is_done (ret[i]))
			continue;
		struct series_changed said = {
			.head = head_caused (b, &cmd[i].head), .kind = row.kind, .format = row.format, .next = row.last + 1
		};
		series_write (b, &row, 1);
		series_changed_emit (b, &said, 1);
	}
}
