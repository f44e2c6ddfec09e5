/* Who a workspace is on paper, what it sells, how its documents are numbered: the pure rules. Each says what a record is from now on, or refuses at a field.
 * It must never look at anything but what it is given. */
#ifndef LEADWIRE_BILLING_COMPANY_H
#define LEADWIRE_BILLING_COMPANY_H

#include "records.h"

enum { CATALOG_ITEMS_MOST = 2000, CATALOG_PRICES_MOST = 50 };

/* What was said, on top of what was; identifiers as they are written properly. `ret_changes` has room for every field of a company. */
enum { COMPANY_CHANGES_MOST = 40 };
struct outcome company_set_check (struct arena *a, const struct company_set *cmd, const struct company_row *was, struct company_row *ret,
				  struct list *ret_changes);

/* A whole catalogue item, before it is kept; prices in the order of their days. */
struct outcome catalog_item_check (struct arena *a, struct catalog_item_row *item, const struct catalog_item_place *place);
/* What people call it, whichever language it has. */
const char *catalog_item_name (const struct catalog_item_row *item);

/* How documents of a kind are numbered from now on; then, by the highest number of that format that was given by whichever series: none of these again. */
struct outcome series_set_check (struct arena *a, const struct series_set *cmd, const struct series_place *was, struct series_row *ret);
struct outcome series_free_check (struct arena *a, const struct series_row *row, int64_t used);

#endif
