/* Ways in as records: added, changed, removed, restored, given another key. Load, decide, write, say.
 * It must never say a key or a secret but in the one answer that a rotation is, nor keep a secret that is not sealed. */
#include "given.h"
#include "intake.h"
#include "memory.h"

#include <string.h>
#include <sodium.h>
#include "lead_intake_sql.h"
#include "mapping.h"
#include "rules.h"
#include "seal.h"

enum { KEY_BYTES = 16, OVERLAP = 24, OVERLAP_MOST = 720 /* hours */, FILL_MOST = 600 /* seconds */, RATE_LEAST = 1, RATE_MOST = 6000 };

#define COPY(to, from, field) ((to)->field = (from)->field, (to)->has.field = (from)->has.field)

/* Sealed where there is something to seal; `ret` refuses where it cannot be: unsealed it is not kept. */
static const char *sealed_of (struct batch *b, enum has has, const char *text, struct outcome *ret)
{
	if (has != HERE || !*text)
		return NULL;
	const char *sealed = secret_seal (batch_arena (b), text);
	if (!sealed)
		*ret = refused (unavailable);
	return sealed;
}

/* Rules that can be read; none and no list is none. */
static const char *mapping_of (struct batch *b, enum has has, const char *json, struct outcome *ret)
{
	struct arena *a = batch_arena (b);
	struct mapping_rules rules;
	struct problem found = { 0 }, *problem = arena_alloc (a, sizeof *problem);
	if (has != HERE || !is_done (*ret))
		return NULL;
	if (mapping_read (a, json, &rules, &found) == OK)
		return rules.n || rules.body || rules.at ? json : NULL;
	*problem = (struct problem){ 0 };
	for (size_t i = 0; i < found.n_errors; i++)
		problem_add (a, problem, arena_printf (a, "/mapping%s", found.errors[i].pointer), found.errors[i].code,
			     found.errors[i].detail);
	*ret = refused (invalid);
	ret->problem = problem;
	return NULL;
}

/* Within its bounds, or there is none; `ret` refuses what is not. */
static bool number_fits (struct batch *b, const char *pointer, int64_t number, int64_t least, int64_t most, const char *words,
			 struct outcome *ret)
{
	bool fits = number >= least && number <= most;
	if (!fits && is_done (*ret))
		*ret = refused_at (batch_arena (b), pointer, "out_of_range", words);
	return fits;
}

static bool limits_fit (struct batch *b, enum source_kind kind, enum has has_fill, int64_t fill, enum has has_rate, int64_t rate,
			struct outcome *ret)
{
	unsigned char key[32];
	if (has_rate == HERE && !number_fits (b, "/per_minute", rate, RATE_LEAST, RATE_MOST, "1 to 6000 requests", ret))
		return false;
	if (has_fill != HERE)
		return true;
	if (!kind_is_page (kind))
		return number_fits (b, "/minimum_fill", 1, 0, 0, "only of a form of one's own: generic, web_form, agency", ret);
	if (!number_fits (b, "/minimum_fill", fill, 0, FILL_MOST, "0 to 600 seconds", ret))
		return false;
	if (!seal_key ("stamps", key) && is_done (*ret)) /* nobody could tell a stamp from a forged one */
		*ret = refused (unavailable);
	return is_done (*ret);
}

static struct kept_source source_new (struct batch *b, const struct source_add *cmd, struct outcome *ret)
{
	struct kept_source row = {
		.workspace_id = { cmd->head.workspace },
		.source_id = cmd->source_id,
		.kind = cmd->kind,
		.key_hash = key_hash (batch_arena (b), cmd->url_key),
		.at = cmd->head.at,
		.demo = cmd->has.demo == HERE && cmd->demo,
		.sealed = sealed_of (b, cmd->has.secret, cmd->secret, ret),
		.sealed_token = sealed_of (b, cmd->has.verify_token, cmd->verify_token, ret),
		.sealed_access = sealed_of (b, cmd->has.access_token, cmd->access_token, ret),
	};
	row.has.sealed = row.sealed ? HERE : ABSENT;
	row.has.sealed_token = row.sealed_token ? HERE : ABSENT;
	row.has.sealed_access = row.sealed_access ? HERE : ABSENT;
	row.mapping = mapping_of (b, cmd->has.mapping, cmd->mapping, ret);
	row.has.mapping = row.mapping ? HERE : ABSENT;
	if (limits_fit (b, cmd->kind, cmd->has.minimum_fill, cmd->minimum_fill, cmd->has.per_minute, cmd->per_minute, ret)) {
		COPY (&row, cmd, minimum_fill);
		COPY (&row, cmd, per_minute);
	}
	COPY (&row, cmd, name);
	COPY (&row, cmd, form_type);
	COPY (&row, cmd, redirect);
	COPY (&row, cmd, origins);
	COPY (&row, cmd, owner_id);
	COPY (&row, cmd, stage);
	COPY (&row, cmd, tags);
	COPY (&row, cmd, assign);
	return row;
}

void source_add (struct batch *b, const struct source_add cmd[], size_t n, struct outcome ret[])
{
	const struct workspace_facts *facts = source_add_load (b, cmd, n);
	struct kept_source *source = ARRAY (b, source, n);
	struct source_added *said = ARRAY (b, said, n);
	size_t sources = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !facts[i].has.language ? refused (workspace_not_found) : done ();
		ret[i].id = cmd[i].source_id.uuid;
		if (!is_done (ret[i]) || facts[i].taken)
			continue;
		source[sources] = source_new (b, &cmd[i], &ret[i]);
		if (!is_done (ret[i]))
			continue;
		said[sources] = (struct source_added){ .head = head_caused (b, &cmd[i].head),
						       .source_id = cmd[i].source_id,
						       .kind = cmd[i].kind };
		COPY (&said[sources], &cmd[i], name);
		sources++;
	}
	source_write (b, source, sources);
	ways_forget (b);
	source_added_emit (b, said, sources);
}

/* ---- those that are there ---- */

/* Ways in that a run of commands is about, what becomes of them, and what is said of it. */
struct changing {
	const struct source_held *was;
	struct source_held *to;
	struct source_changed *said;
	size_t n;
};

static void changing_end (struct batch *b, const struct changing *c)
{
	source_held_write (b, c->to, c->n);
	ways_forget (b);
	source_changed_emit (b, c->said, c->n);
}

/* Only who arranges a workspace may; what you may not see is not there. */
static struct outcome may_change (const struct head *head, const struct source_held *was, bool removed)
{
	if (!grant_allows (&head->grant, PERMISSION_crm_settings))
		return refused (forbidden);
	if (was->has.source_id != HERE || (removed != (was->has.removed_at == HERE)))
		return refused (source_not_found);
	return done ();
}

/* What it was called, for the audit, which can tell by it which one it was when it is no more; beside it the new key, where there is one. */
static const char *named (struct batch *b, const struct source_held *was, const char *key)
{
	struct buffer text = { 0 };
	buffer_text (&text, "{\"before\":{\"name\":");
	if (was->has.name == HERE)
		json_quote (&text, was->name);
	else
		buffer_text (&text, "null");
	buffer_text (&text, "}");
	if (key)
		buffer_printf (&text, ",\"hook\":\"%s\"", key);
	buffer_text (&text, "}");
	const char *ret = arena_copy (batch_arena (b), (const char *) text.at, text.n);
	buffer_fini (&text);
	return ret;
}

static struct outcome changed (struct batch *b, struct changing *c, const struct head *cause, const struct source_held *was,
			       struct source_held to)
{
	struct outcome ret = done ();
	ret.data = named (b, was, NULL);
	to.version++;
	c->to[c->n] = to;
	c->said[c->n] = (struct source_changed){ .head = head_caused (b, cause),
						 .source_id = to.source_id,
						 .kind = to.kind,
						 .version = to.version,
						 .removed = to.has.removed_at == HERE };
	COPY (&c->said[c->n], &to, name);
	c->n++;
	ret.id = to.source_id.uuid;
	ret.version = to.version;
	return ret;
}

static struct outcome unchanged (const struct source_held *was)
{
	struct outcome ret = done ();
	ret.id = was->source_id.uuid;
	ret.version = was->version;
	return ret;
}

#define CHANGING(b, c, cmd, n)                                                                                                            \
	do {                                                                                                                              \
		struct source_asked *asked = ARRAY (b, asked, n);                                                                         \
		for (size_t k = 0; k < (n); k++)                                                                                          \
			asked[k] = (struct source_asked){ .workspace_id = { (cmd)[k].head.workspace }, .source_id = (cmd)[k].source_id }; \
		(c).was = source_held_load (b, asked, n);                                                                                 \
		(c).to = ARRAY (b, (c).to, n);                                                                                            \
		(c).said = ARRAY (b, (c).said, n);                                                                                        \
	} while (0)

/* An empty text is none. */
#define LAY(field)                                                         \
	do {                                                               \
		if (cmd->has.field != ABSENT) {                            \
			bool here = cmd->has.field == HERE && *cmd->field; \
			to.field = here ? cmd->field : NULL;               \
			to.has.field = here ? HERE : CLEARED;              \
		}                                                          \
	} while (0)

static struct source_held source_laid (struct batch *b, const struct source_update *cmd, const struct source_held *was, struct outcome *ret)
{
	struct source_held to = *was;
	LAY (name);
	LAY (form_type);
	LAY (redirect);
	LAY (origins);
	LAY (stage);
	if (cmd->has.owner_id != ABSENT)
		COPY (&to, cmd, owner_id);
	if (cmd->has.tags != ABSENT)
		COPY (&to, cmd, tags);
	if (cmd->has.assign != ABSENT)
		COPY (&to, cmd, assign);
	if (cmd->has.secret != ABSENT) {
		to.sealed = sealed_of (b, cmd->has.secret, cmd->secret, ret);
		to.has.sealed = to.sealed ? HERE : CLEARED;
	}
	if (cmd->has.verify_token != ABSENT) {
		to.sealed_token = sealed_of (b, cmd->has.verify_token, cmd->verify_token, ret);
		to.has.sealed_token = to.sealed_token ? HERE : CLEARED;
	}
	if (cmd->has.access_token != ABSENT) {
		to.sealed_access = sealed_of (b, cmd->has.access_token, cmd->access_token, ret);
		to.has.sealed_access = to.sealed_access ? HERE : CLEARED;
		to.has.paused_at = to.has.paused_reason = CLEARED;
	}
	if (cmd->has.mapping != ABSENT) {
		to.mapping = mapping_of (b, cmd->has.mapping, cmd->mapping, ret);
		to.has.mapping = to.mapping ? HERE : CLEARED;
	}
	if (limits_fit (b, was->kind, cmd->has.minimum_fill, cmd->minimum_fill, cmd->has.per_minute, cmd->per_minute, ret)) {
		if (cmd->has.minimum_fill != ABSENT)
			COPY (&to, cmd, minimum_fill);
		if (cmd->has.per_minute != ABSENT)
			COPY (&to, cmd, per_minute);
	}
	return to;
}

void source_update (struct batch *b, const struct source_update cmd[], size_t n, struct outcome ret[])
{
	struct changing c = { 0 };
	CHANGING (b, c, cmd, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = may_change (&cmd[i].head, &c.was[i], false);
		if (is_done (ret[i]) && cmd[i].has.version == HERE && cmd[i].version != c.was[i].version)
			ret[i] = refused (source_changed);
		if (!is_done (ret[i]))
			continue;
		struct source_held to = source_laid (b, &cmd[i], &c.was[i], &ret[i]);
		if (is_done (ret[i]))
			ret[i] = changed (b, &c, &cmd[i].head, &c.was[i], to);
	}
	changing_end (b, &c);
}

/* One that is gone already stays so. */
void source_remove (struct batch *b, const struct source_remove cmd[], size_t n, struct outcome ret[])
{
	struct changing c = { 0 };
	CHANGING (b, c, cmd, n);
	for (size_t i = 0; i < n; i++) {
		struct source_held to = c.was[i];
		bool gone = to.has.removed_at == HERE;
		ret[i] = may_change (&cmd[i].head, &to, gone);
		if (!is_done (ret[i]))
			continue;
		to.removed_at = cmd[i].head.at;
		to.has.removed_at = HERE;
		ret[i] = gone ? unchanged (&to) : changed (b, &c, &cmd[i].head, &c.was[i], to);
	}
	changing_end (b, &c);
}

void source_restore (struct batch *b, const struct source_restore cmd[], size_t n, struct outcome ret[])
{
	struct changing c = { 0 };
	CHANGING (b, c, cmd, n);
	for (size_t i = 0; i < n; i++) {
		struct source_held to = c.was[i];
		bool gone = to.has.removed_at == HERE;
		ret[i] = may_change (&cmd[i].head, &to, gone);
		if (!is_done (ret[i]))
			continue;
		to.has.removed_at = CLEARED;
		ret[i] = gone ? changed (b, &c, &cmd[i].head, &c.was[i], to) : unchanged (&to);
	}
	changing_end (b, &c);
}

/* Whose site still posts to the old address has until then to change it. */
void source_rotate (struct batch *b, const struct source_rotate cmd[], size_t n, struct outcome ret[])
{
	struct changing c = { 0 };
	CHANGING (b, c, cmd, n);
	for (size_t i = 0; i < n; i++) {
		struct source_held to = c.was[i];
		char key[TOKEN_TEXT];
		int64_t hours = cmd[i].has.overlap == HERE ? cmd[i].overlap : OVERLAP;
		ret[i] = may_change (&cmd[i].head, &to, false);
		if (is_done (ret[i]) && (hours < 0 || hours > OVERLAP_MOST))
			ret[i] = refused_at (batch_arena (b), "/overlap", "out_of_range", "0 to 720 hours");
		if (!is_done (ret[i]))
			continue;
		token_new (KEY_BYTES, key);
		to.old_key_hash = to.key_hash;
		to.old_key_until = batch_now (b) + hours * INT64_C (3600000000);
		to.has.old_key_hash = to.has.old_key_until = hours ? HERE : CLEARED;
		to.key_hash = key_hash (batch_arena (b), key);
		ret[i] = changed (b, &c, &cmd[i].head, &c.was[i], to);
		ret[i].secret = named (b, &c.was[i], key);
	}
	changing_end (b, &c);
}
