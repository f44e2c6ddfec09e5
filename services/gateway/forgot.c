/* Links that go by mail: which workspace's account takes them, and whoever forgot their password. A link leaves this process sealed.
 * It must never tell whether somebody has a log-in, by words or by time, nor let whoever asks say where the link leads. */
#include <jansson.h>
#include <string.h>

#include "clock.h"
#include "gateway.h"
#include "log.h"

enum { LETTER_MS = 5000, RESET_BYTES = 20 };
static const int64_t reset_lasts = 3600 * INT64_C (1000000);

/* ---- by mail ---- */

static void letter_taken (struct app *app, void *ctx, const struct reply *reply)
{
	struct letter *l = ctx;
	if (reply->state != REPLY_DONE)
		log_warn ("letter_not_taken", LOG_N ("state", reply->state), LOG_N ("error", reply->error));
	l->then (app, l, reply->state == REPLY_DONE);
}

static void letter_give (struct app *app, struct letter *l)
{
	struct mail_access mail = {
		.head = head_of_home (l->way, l->actor),
		.mail_id = { uuid_v7 (clock_now ()) },
		.kind = l->kind,
		.email = l->email,
		.name = l->name,
		.language = l->language,
		.firm = l->firm,
		.by = l->by,
		.user_id = { l->user },
		.sealed = l->sealed,
		.expires = l->expires,
		.has = { .mail_id = HERE, .kind = HERE, .email = HERE, .user_id = HERE, .sealed = HERE, .expires = HERE }
	};
	mail.has.name = l->name ? HERE : ABSENT;
	mail.has.language = l->language ? HERE : ABSENT;
	mail.has.firm = l->firm ? HERE : ABSENT;
	mail.has.by = l->by ? HERE : ABSENT;
	app_command (app, &mail_access_record, &mail, NULL, 0, LETTER_MS, letter_taken, l);
}

static void letter_way (struct app *app, void *ctx, const struct reply *reply)
{
	struct letter *l = ctx;
	json_t *found = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						   : NULL;
	const char *way = json_string_value (json_object_get (found, "workspace_id"));
	l->sealed = way && uuid_parse (way, &l->way) == OK
			    ? seal_text (l->arena, (struct bytes){ (const unsigned char *) l->url, strlen (l->url) })
			    : NULL;
	json_decref (found);
	if (l->sealed)
		letter_give (app, l);
	else
		l->then (app, l, false);
}

/* Of both lists, in the order of the letter's. */
static void ways_keep (struct letter *l, const struct uuid *fit, size_t n_fit)
{
	struct uuid *kept = arena_array (l->arena, l->workspaces + 1, sizeof *kept);
	size_t n = 0;
	for (size_t i = 0; i < l->workspaces; i++)
		for (size_t k = 0; k < n_fit; k++)
			if (uuid_equal (l->workspace[i], fit[k])) {
				kept[n++] = l->workspace[i];
				break;
			}
	l->workspace = kept;
	l->workspaces = n;
}

/* Which of those that could take it may: an account's server reads what goes by it, so whoever chooses that server could come in by the link. */
static void letter_fits (struct app *app, void *ctx, const struct reply *reply)
{
	struct letter *l = ctx;
	size_t n = 0;
	const struct uuid *fit = NULL;
	if (reply->state == REPLY_DONE)
		fit = workspaces_of_data (l->arena, arena_copy (l->arena, (const char *) reply->json.at, reply->json.n), &n);
	ways_keep (l, fit, n);
	if (!l->workspaces) {
		l->then (app, l, false);
		return;
	}
	struct mail_way *ask = arena_alloc (l->arena, sizeof *ask);
	*ask = (struct mail_way){ .head = head_of_homes (), .prefer_id = { l->prefer } };
	ask->head.workspaces = l->workspace;
	ask->head.n_workspaces = l->workspaces;
	ask->has.prefer_id = uuid_is_null (l->prefer) ? ABSENT : HERE;
	app_query (app, &mail_way_record, ask, NULL, 0, LETTER_MS, letter_way, l);
}

void letter_send (struct app *app, struct letter *l)
{
	struct letter_ways *ask = arena_alloc (l->arena, sizeof *ask);
	*ask = (struct letter_ways){ .head = head_of_homes (), .user_id = { l->user }, .has.user_id = HERE };
	app_query (app, &letter_ways_record, ask, NULL, 0, LETTER_MS, letter_fits, l);
}

const struct uuid *workspaces_of_data (struct arena *a, const char *data, size_t *ret_n)
{
	json_t *json = data ? json_loads (data, 0, NULL) : NULL, *list = json_object_get (json, "workspaces"), *id;
	struct uuid *ret = arena_array (a, json_array_size (list) + 1, sizeof *ret);
	size_t i, n = 0;
	json_array_foreach (list, i, id)
	{
		const char *text = json_string_value (id);
		if (text && uuid_parse (text, &ret[n]) == OK)
			n++;
	}
	json_decref (json);
	*ret_n = n;
	return ret;
}

/* ---- whoever forgot their password: answered before anything is looked up, so this goes on by itself ---- */

struct forgot {
	struct arena arena;
	struct uuid user, agency;
	const char *origin;
	char token[TOKEN_TEXT], hash[SHA256_TEXT];
	struct letter letter;
};

static void forgot_end (struct forgot *f)
{
	memset (f->token, 0, sizeof f->token);
	arena_fini (&f->arena);
	heap_free (f);
}

static void forgot_mailed (struct app *app, struct letter *l, bool mailed)
{
	(void) app;
	if (!mailed)
		log_warn (
			"reset_not_mailed",
			LOG_T ("hint",
			       "none of their workspaces may carry it that has a mail account, or there is no CRM_KEY; an administrator can give them a link"));
	forgot_end (l->ctx);
}

static void forgot_kept (struct app *app, void *ctx, const struct reply *reply)
{
	struct forgot *f = ctx;
	if (reply->state != REPLY_DONE) {
		log_warn ("reset_not_made", LOG_N ("state", reply->state));
		forgot_end (f);
		return;
	}
	f->letter.url = arena_printf (&f->arena, "%s/reset#%s", f->origin, f->token);
	f->letter.workspace = workspaces_of_data (&f->arena, reply->data, &f->letter.workspaces);
	letter_send (app, &f->letter);
}

static void forgot_make (struct app *app, struct forgot *f)
{
	token_new (RESET_BYTES, f->token);
	sha256_text ((struct bytes){ (const unsigned char *) f->token, strlen (f->token) }, f->hash);
	f->letter.user = f->letter.actor = f->user;
	f->letter.expires = clock_now () + reset_lasts;
	struct password_forget forget = { .head = head_of_home (f->agency, f->user),
					  .user_id = { f->user },
					  .token_hash = f->hash,
					  .expires = f->letter.expires,
					  .has = { HERE, HERE, HERE } };
	app_command (app, &password_forget_record, &forget, NULL, 0, LETTER_MS, forgot_kept, f);
}

static const char *text_of (struct arena *a, const json_t *o, const char *member)
{
	const char *text = json_string_value (json_object_get (o, member));
	return text ? arena_text (a, text) : NULL;
}

static void forgot_found (struct app *app, void *ctx, const struct reply *reply)
{
	struct forgot *f = ctx;
	json_t *found = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						   : NULL;
	const char *user = json_string_value (json_object_get (found, "id")),
		   *agency = json_string_value (json_object_get (found, "agency_id"));
	bool known = user && agency && uuid_parse (user, &f->user) == OK && uuid_parse (agency, &f->agency) == OK;
	f->letter.email = text_of (&f->arena, found, "email");
	f->letter.name = text_of (&f->arena, found, "name");
	f->letter.language = text_of (&f->arena, found, "language");
	json_decref (found);
	if (known)
		forgot_make (app, f);
	else
		forgot_end (f);
}

static void forgot_begin (struct app *app, const char *email, const char *origin)
{
	struct forgot *f = heap_alloc (sizeof *f);
	arena_init (&f->arena);
	f->origin = arena_text (&f->arena, origin);
	f->letter.arena = &f->arena;
	f->letter.kind = mail_access_kind_forgotten;
	f->letter.then = forgot_mailed;
	f->letter.ctx = f;
	struct forgot_find *find = arena_alloc (&f->arena, sizeof *find);
	*find = (struct forgot_find){ .head = head_of_homes (), .email = arena_text (&f->arena, email), .has.email = HERE };
	app_query (app, &forgot_find_record, find, NULL, 0, LETTER_MS, forgot_found, f);
}

/* Anybody may ask, so what they call this host is no place for the link to lead to: it is CRM_ORIGIN, or this very machine. */
static const char *origin_sure (struct request *q)
{
	if (gateway_config.origin[0])
		return gateway_config.origin;
	return is_own_address (http_header (q->http, "Host")) ? origin_of (q) : NULL;
}

void forgot_page (struct request *q)
{
	size_t n;
	const struct forgot_form *form;
	if (https_asked (q) || !(form = form_taken (q)))
		return;
	if (!email_fits (form->email)) {
		fields_wrong (q, "/email", "not_an_email");
		return;
	}
	int wait = forgot_wait (form->email, http_remote (q->http));
	if (wait) {
		too_many (q, wait);
		return;
	}
	const char *origin = origin_sure (q);
	homes (&n);
	if (!origin)
		log_warn ("reset_without_origin", LOG_T ("hint", "set CRM_ORIGIN: a link for a password leads nowhere else"));
	else if (n)
		forgot_begin (q->app, form->email, origin);
	reply_text (q, 202, "{\"asked\":true}");
}
