/* Duplicates: before the pairs are read, contacts compares who came or changed since somebody looked. What takes longer than a bite goes on behind the
 * page, which says so. It must never keep a reader from pairs that are known already. */
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { COMPARE_MS = 1500, COMPARE_BEHIND_MS = 10000, COMPARED_AT_ONCE = 8, BEHIND_MOST = 32 };

/* ---- on behind the page: one bite at a time, a workspace's contacts or accounts once ---- */

static struct behind {
	bool busy;
	enum merge_kind of;
	struct uuid workspace;
} behind[BEHIND_MOST];

static struct alike_index bite_of (struct uuid workspace, enum merge_kind of)
{
	struct alike_index ret = {
		.head = { .workspace = workspace, .id = uuid_v7 (clock_now ()), .at = clock_now (), .grant.scope = SCOPE_ALL },
		.workspace_id = { workspace },
		.of = of,
		.has = { .workspace_id = HERE, .of = HERE },
	};
	return ret;
}

static bool has_more (const struct reply *reply)
{
	return reply->state == REPLY_DONE && reply->data && strstr (reply->data, "\"more\":true");
}

static void bitten (struct app *app, void *ctx, const struct reply *reply)
{
	struct behind *at = ctx;
	if (has_more (reply)) {
		struct alike_index cmd = bite_of (at->workspace, at->of);
		app_command (app, &alike_index_record, &cmd, NULL, 0, COMPARE_BEHIND_MS, bitten, at);
		return;
	}
	if (reply->state != REPLY_DONE)
		log_info ("duplicates_behind", LOG_N ("state", reply->state));
	at->busy = false;
}

static bool is_behind (struct uuid workspace, enum merge_kind of)
{
	for (size_t i = 0; i < BEHIND_MOST; i++)
		if (behind[i].busy && behind[i].of == of && uuid_equal (behind[i].workspace, workspace))
			return true;
	return false;
}

static void behind_go_on (struct app *app, struct uuid workspace, enum merge_kind of)
{
	struct behind *free_one = NULL;
	for (size_t i = 0; i < BEHIND_MOST; i++)
		if (!behind[i].busy)
			free_one = &behind[i];
	if (!free_one || is_behind (workspace, of))
		return; /* whoever looks next asks again */
	*free_one = (struct behind){ .busy = true, .of = of, .workspace = workspace };
	struct alike_index cmd = bite_of (workspace, of);
	app_command (app, &alike_index_record, &cmd, NULL, 0, COMPARE_BEHIND_MS, bitten, free_one);
}

/* ---- a page on its way ---- */

struct comparing {
	struct request *q;
	size_t waiting;
	enum merge_kind of;
};
struct compared {
	struct comparing *all;
	struct uuid workspace;
};

static void compared (struct app *app, void *ctx, const struct reply *reply)
{
	struct compared *one = ctx;
	struct comparing *all = one->all;
	if (has_more (reply) || reply->state != REPLY_DONE)
		behind_go_on (app, one->workspace, all->of);
	if (--all->waiting == 0)
		read_page (all->q);
}

void duplicates_page (struct request *q)
{
	const char *of = http_query (q->http, "of");
	struct comparing *all = arena_alloc (q->arena, sizeof *all);
	*all = (struct comparing){ .q = q, .of = of && strcmp (of, "account") == 0 ? merge_kind_account : merge_kind_contact };
	size_t n = q->sight.n < COMPARED_AT_ONCE ? q->sight.n : COMPARED_AT_ONCE;
	if (http_query (q->http, "after") || !n) {
		read_page (q);
		return;
	}
	all->waiting = 1;
	for (size_t i = 0; i < n; i++) {
		struct compared *one = arena_alloc (q->arena, sizeof *one);
		*one = (struct compared){ .all = all, .workspace = q->sight.seat[i]->workspace };
		if (is_behind (one->workspace, all->of))
			continue; /* for long: what is known is shown meanwhile */
		struct alike_index cmd = bite_of (one->workspace, all->of);
		all->waiting++;
		app_command (q->app, &alike_index_record, &cmd, NULL, 0, COMPARE_MS, compared, one);
	}
	if (--all->waiting == 0)
		read_page (q);
}
