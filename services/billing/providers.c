/* Ways to be paid: added, changed, removed. Secrets are sealed before they are kept and never given back; the key of a hook's URL leaves in the one answer.
 * It must never send a key to another address than the one that it was written for. */
#include "paying.h"

#include <string.h>
#include "billing_sql.h"
#include "seal.h"

enum { HOOK_BYTES = 20 };

static void wrong (struct batch *b, struct problem **p, const char *pointer, const char *code, const char *detail)
{
	if (!*p)
		*p = arena_alloc (batch_arena (b), sizeof **p);
	problem_add (batch_arena (b), *p, pointer, code, detail);
}

static bool no_controls (const char *text)
{
	for (; *text; text++)
		if ((unsigned char) *text <= ' ' || (unsigned char) *text > '~')
			return false;
	return true;
}

/* "" and null leave nothing; absent leaves it as it was. False: there is no CRM_KEY, and unsealed it is not kept. */
static bool secret_take (struct batch *b, unsigned char has, const char *secret, unsigned char *ret_has, const char **ret)
{
	if (has == ABSENT)
		return true;
	bool here = has == HERE && *secret;
	*ret = here ? seal_text (batch_arena (b), (struct bytes){ (const unsigned char *) secret, strlen (secret) }) : NULL;
	*ret_has = here ? HERE : CLEARED;
	return !here || *ret;
}

static void url_look (struct batch *b, const struct pay_provider_row *row, struct problem **p)
{
	bool good = row->has.url != HERE || (no_controls (row->url) && (!strncmp (row->url, "https://", 8) ||
									(billing_config.private && !strncmp (row->url, "http://", 7))));
	if (!good)
		wrong (b, p, "/url", "bad_host", "An address that begins with https://, or nothing.");
}

static struct outcome invalid (const struct problem *p)
{
	struct outcome ret = refused (invalid);
	ret.problem = p;
	return ret;
}

static void provider_say (struct batch *b, const struct head *head, const struct pay_provider_row *row)
{
	struct pay_provider_changed said = { .head = head_caused (b, head),
					     .pay_provider_id = row->pay_provider_id,
					     .name = row->name,
					     .kind = row->kind,
					     .state = row->state,
					     .removed = row->has.removed_at == HERE };
	pay_provider_changed_emit (b, &said, 1);
}

/* What both forms say alike. */
#define FORM_TAKE(b, row, cmd, p, ok)                                                                                           \
	do {                                                                                                                    \
		ok = secret_take (b, (cmd)->has.secret, (cmd)->secret, &(row)->has.sealed, &(row)->sealed) &&                   \
		     secret_take (b, (cmd)->has.hook_secret, (cmd)->hook_secret, &(row)->has.hook_sealed, &(row)->hook_sealed); \
		if ((cmd)->has.secret == HERE && !no_controls ((cmd)->secret))                                                  \
			wrong (b, &(p), "/secret", "bad_key", "The key as the provider shows it.");                             \
		if ((cmd)->has.name == HERE && *(cmd)->name)                                                                    \
			(row)->name = (cmd)->name;                                                                              \
		if ((cmd)->has.active == HERE)                                                                                  \
			(row)->active = (cmd)->active;                                                                          \
		if ((cmd)->has.url != ABSENT) {                                                                                 \
			(row)->url = (cmd)->url;                                                                                \
			(row)->has.url = (cmd)->has.url == HERE && *(cmd)->url ? HERE : CLEARED;                                \
		}                                                                                                               \
		url_look (b, row, &(p));                                                                                        \
		if ((row)->has.sealed != HERE)                                                                                  \
			wrong (b, &(p), "/secret", "required", "The provider's key.");                                          \
	} while (0)

static struct outcome provider_make (struct batch *b, const struct pay_provider_add *cmd)
{
	struct arena *a = batch_arena (b);
	char key[TOKEN_TEXT], hash[SHA256_TEXT];
	struct problem *p = NULL;
	bool ok;
	token_new (HOOK_BYTES, key);
	struct bytes bytes = { (const unsigned char *) arena_text (a, key), strlen (key) };
	struct pay_provider_row row = { .workspace_id = { cmd->head.workspace },
					.pay_provider_id = cmd->pay_provider_id,
					.version = 1,
					.kind = cmd->kind,
					.name = cmd->kind == pay_provider_kind_mollie ? "Mollie" : "Stripe",
					.hook_hash = arena_text (a, sha256_text (bytes, hash)),
					.hook_key_sealed = seal_text (a, bytes),
					.active = true,
					.state = "unchecked",
					.created_at = batch_now (b) };
	row.has.hook_key_sealed = row.hook_key_sealed ? HERE : ABSENT;
	FORM_TAKE (b, &row, cmd, p, ok);
	if (!ok || !row.hook_key_sealed)
		return refused (unavailable);
	if (p)
		return invalid (p);
	pay_provider_write (b, &row, 1);
	batch_wake (b); /* its key is tried at once */
	provider_say (b, &cmd->head, &row);
	struct outcome ret = done ();
	ret.id = row.pay_provider_id.uuid;
	ret.version = 1;
	ret.secret = arena_printf (a, "{\"hook\":\"%s\"}", key);
	return ret;
}

void pay_provider_add (struct batch *b, const struct pay_provider_add cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = provider_make (b, &cmd[i]);
}

static struct outcome provider_find (struct batch *b, const struct head *head, pay_provider_id id, struct pay_provider_row *ret)
{
	struct pay_provider_ask ask = { .workspace_id = { head->workspace }, .pay_provider_id = id };
	size_t n;
	const struct pay_provider_row *row = pay_provider_load (b, &ask, 1, &n);
	if (!n)
		return refused (pay_provider_not_found);
	*ret = *row;
	struct outcome found = done ();
	found.id = id.uuid;
	return found;
}

static bool same_url (const struct pay_provider_row *x, const struct pay_provider_row *y)
{
	bool one = x->has.url == HERE, other = y->has.url == HERE;
	return one == other && (!one || !strcmp (x->url, y->url));
}

static struct outcome provider_change (struct batch *b, const struct pay_provider_update *cmd)
{
	struct pay_provider_row row, was;
	struct problem *p = NULL;
	bool ok;
	struct outcome ret = provider_find (b, &cmd->head, cmd->pay_provider_id, &row);
	if (!is_done (ret))
		return ret;
	if (cmd->has.version == HERE && cmd->version != row.version)
		return refused (pay_provider_changed);
	was = row;
	FORM_TAKE (b, &row, cmd, p, ok);
	if (!same_url (&was, &row) && cmd->has.secret != HERE)
		wrong (b, &p, "/secret", "required", "Another address: say its key again.");
	if (!ok)
		return refused (unavailable);
	if (p)
		return invalid (p);
	if (cmd->has.secret == HERE || !same_url (&was, &row))
		row.state = "unchecked";
	ret.version = ++row.version;
	pay_provider_write (b, &row, 1);
	batch_wake (b);
	provider_say (b, &cmd->head, &row);
	return ret;
}

void pay_provider_update (struct batch *b, const struct pay_provider_update cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = provider_change (b, &cmd[i]);
}

void pay_provider_remove (struct batch *b, const struct pay_provider_remove cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct pay_provider_row row;
		ret[i] = provider_find (b, &cmd[i].head, cmd[i].pay_provider_id, &row);
		if (!is_done (ret[i]))
			continue;
		row.active = false;
		row.removed_at = batch_now (b);
		row.has.removed_at = HERE;
		ret[i].version = ++row.version;
		pay_provider_write (b, &row, 1);
		provider_say (b, &cmd[i].head, &row);
	}
}
