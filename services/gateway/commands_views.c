/* The gateway's commands about how people like their pages, and the views they keep or share. What a page keeps is the page's own business: here it is
 * an object of a bounded size. Nobody changes what another one keeps; a shared view goes by its owner or by whoever may change settings. */
#include "commands.h"
#include "gateway_sql.h"
#include "rules.h"

/* Bytes of a page's object; views of a page; pages of a person in a workspace that keep something. */
enum { CONTENT_MOST = 16384, VIEWS_MOST = 100, PLACES_MOST = 100 };

static struct outcome content_check (struct batch *b, const char *place, const char *content)
{
	if (place && !page_fits (place))
		return refused_field (b, "/place", "malformed", "a-z, 0-9, _ and -.");
	if (content && !object_fits (content))
		return refused_field (b, "/content", "not_an_object", "An object.");
	return done ();
}

/* ---- how somebody likes a page ---- */

static struct outcome prefs_check (struct batch *b, const struct prefs_set *cmd)
{
	if (uuid_is_null (cmd->head.actor))
		return refused (forbidden);
	return content_check (b, cmd->place, cmd->content);
}

static const char *prefs_told (struct batch *b, const char *place, int64_t version)
{
	return arena_printf (batch_arena (b), "{\"place\":\"%s\",\"version\":%lld}", place, (long long) version);
}

void prefs_set (struct batch *b, const struct prefs_set cmd[], size_t n, struct outcome ret[])
{
	struct prefs_set *fit = ARRAY (b, fit, n), *set = ARRAY (b, set, n);
	struct prefs_changed *event = ARRAY (b, event, n);
	size_t *from = ARRAY (b, from, n), fits = 0, sets = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = prefs_check (b, &cmd[i]);
		if (is_done (ret[i])) /* what is no object cannot be laid over one */
			from[fits] = i, fit[fits++] = cmd[i];
	}
	const struct prefs_place *place = prefs_set_load (b, fit, fits);
	for (size_t i = 0; i < fits; i++) {
		struct outcome *out = &ret[from[i]];
		if (place[i].size > CONTENT_MOST) {
			*out = refused_field (b, "/content", "too_long", "At most 16 KB with what is there already.");
			continue;
		}
		if (!place[i].version && place[i].others >= PLACES_MOST) {
			*out = refused_field (b, "/place", "too_many", "At most a hundred pages keep something.");
			continue;
		}
		out->data = prefs_told (b, fit[i].place, place[i].version + !place[i].same);
		if (place[i].same)
			continue;
		event[sets] = (struct prefs_changed){ .head = head_caused (b, &fit[i].head),
						      .user_id = { fit[i].head.actor },
						      .place = fit[i].place,
						      .version = place[i].version + 1 };
		ALL_HERE (&event[sets]);
		set[sets++] = fit[i];
	}
	prefs_set_write (b, set, sets);
	prefs_untold (b, set, sets);
	batch_hurry (b);
	prefs_changed_emit (b, event, sets);
}

/* ---- views ---- */

static struct view_changed view_event (struct batch *b, const struct head *cause, const struct view_whole *view, bool shared, bool removed)
{
	struct view_changed ret = { .head = head_caused (b, cause),
				    .view_id = view->view_id,
				    .by_id = view->owner_id,
				    .place = view->place,
				    .shared = shared,
				    .removed = removed };
	ALL_HERE (&ret);
	return ret;
}

static struct outcome view_add_check (struct batch *b, const struct view_add *cmd, const struct view_whole *old)
{
	if (uuid_is_null (cmd->head.actor))
		return refused (forbidden);
	if (cmd->shared && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit))
		return refused (forbidden);
	if (old->has.workspace_id == HERE)
		return done_with (cmd->view_id.uuid, NULL); /* said twice */
	if (!*cmd->name)
		return refused_field (b, "/name", "required", "A view has a name.");
	if (old->taken)
		return refused_field (b, "/name", "taken", "You have a view of that name.");
	if (old->others >= VIEWS_MOST)
		return refused_field (b, "/name", "too_many", "At most a hundred views of a page.");
	struct outcome ret = content_check (b, cmd->place, cmd->content);
	return is_done (ret) ? done_with (cmd->view_id.uuid, NULL) : ret;
}

static struct view_whole view_of (const struct view_add *cmd)
{
	struct view_whole ret = { .workspace_id = { cmd->head.workspace },
				  .view_id = cmd->view_id,
				  .owner_id = { cmd->head.actor },
				  .place = cmd->place,
				  .name = cmd->name,
				  .shared = cmd->has.shared == HERE && cmd->shared,
				  .content = cmd->content,
				  .version = 1,
				  .at = cmd->head.at };
	ALL_HERE (&ret);
	return ret;
}

void view_add (struct batch *b, const struct view_add cmd[], size_t n, struct outcome ret[])
{
	const struct view_whole *old = view_add_load (b, cmd, n);
	struct view_whole *made = ARRAY (b, made, n);
	struct view_changed *event = ARRAY (b, event, n);
	size_t news = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = view_add_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]) || old[i].has.workspace_id == HERE)
			continue;
		made[news] = view_of (&cmd[i]);
		event[news] = view_event (b, &cmd[i].head, &made[news], made[news].shared, false);
		news++;
	}
	view_write (b, made, news);
	view_changed_emit (b, event, news);
}

static bool is_own (const struct head *head, const struct view_whole *view)
{
	return uuid_equal (head->actor, view->owner_id.uuid);
}

/* What somebody else keeps to themselves is not there at all. */
static bool is_seen (const struct head *head, const struct view_whole *view)
{
	return view->has.workspace_id == HERE && (view->shared || is_own (head, view));
}

static struct outcome view_update_check (struct batch *b, const struct view_update *cmd, const struct view_whole *old)
{
	if (!is_seen (&cmd->head, old))
		return refused (view_not_found);
	if (!is_own (&cmd->head, old))
		return refused (forbidden);
	if (cmd->has.shared == HERE && cmd->shared && !grant_allows (&cmd->head.grant, PERMISSION_crm_edit))
		return refused (forbidden);
	if (cmd->has.name != ABSENT && (cmd->has.name == CLEARED || !*cmd->name))
		return refused_field (b, "/name", "required", "A view has a name.");
	if (cmd->has.content == CLEARED)
		return refused_field (b, "/content", "not_an_object", "An object.");
	if (cmd->has.name == HERE && old->taken)
		return refused_field (b, "/name", "taken", "You have a view of that name.");
	struct outcome ret = content_check (b, NULL, cmd->has.content == HERE ? cmd->content : NULL);
	return is_done (ret) ? done_with (cmd->view_id.uuid, NULL) : ret;
}

void view_update (struct batch *b, const struct view_update cmd[], size_t n, struct outcome ret[])
{
	const struct view_whole *old = view_update_load (b, cmd, n);
	struct view_whole *whole = ARRAY (b, whole, n);
	struct view_changed *event = ARRAY (b, event, n);
	size_t changes = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = view_update_check (b, &cmd[i], &old[i]);
		if (!is_done (ret[i]))
			continue;
		struct view_whole *v = &whole[changes];
		*v = old[i];
		if (cmd[i].has.name == HERE)
			v->name = cmd[i].name;
		if (cmd[i].has.shared != ABSENT)
			v->shared = cmd[i].has.shared == HERE && cmd[i].shared;
		if (cmd[i].has.content == HERE)
			v->content = cmd[i].content;
		v->version++;
		ret[i].version = v->version;
		event[changes++] = view_event (b, &cmd[i].head, v, v->shared || old[i].shared, false);
	}
	view_write (b, whole, changes);
	view_changed_emit (b, event, changes);
}

void view_drop (struct batch *b, const struct view_drop cmd[], size_t n, struct outcome ret[])
{
	const struct view_whole *old = view_drop_load (b, cmd, n);
	struct view_whole *gone = ARRAY (b, gone, n);
	struct view_changed *event = ARRAY (b, event, n);
	size_t drops = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !is_seen (&cmd[i].head, &old[i]) ? refused (view_not_found)
			 : is_own (&cmd[i].head, &old[i]) || grant_allows (&cmd[i].head.grant, PERMISSION_crm_settings)
				 ? done_with (cmd[i].view_id.uuid, NULL)
				 : refused (forbidden);
		if (!is_done (ret[i]))
			continue;
		event[drops] = view_event (b, &cmd[i].head, &old[i], old[i].shared, true);
		gone[drops++] = old[i];
	}
	view_drop_write (b, gone, drops);
	view_changed_emit (b, event, drops);
}
