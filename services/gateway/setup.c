/* An empty installation: nobody is there, so whoever reads the terminal may become its owner. The one-time code stands in the log once, its hash in the
 * database; it lasts half an hour, and ten wrong ones end it. From the first user on there is nothing here. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"
#include "presets.h"
#include "workspaces.h"

enum { SETUP_MS = 5000, CODE_LETTERS = 12, CODE_TEXT = CODE_LETTERS + 3 };
static const int64_t code_lasts = 1800 * INT64_C (1000000);

struct setup {
	struct request *q; /* null: nobody asked, the process looks by itself */
	struct app *app;
	struct uuid agency;
	const char *hash; /* of the code that is good; null: none is */
	bool open;
	char code[CODE_TEXT], code_hash[SHA256_TEXT];
	void (*then) (struct setup *s);
	/* a form on its way */
	const struct setup_form *form;
	struct setup_owner owner;
	struct password_work work;
	struct making making;
	struct entry_ticket ticket;
};

/* ---- how it stands ---- */

static void state_found (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct setup *s = ctx;
	json_t *state = reply->state == REPLY_DONE ? json_loadb ((const char *) reply->json.at, reply->json.n, JSON_DECODE_ANY, NULL)
						   : NULL;
	const char *agency = json_string_value (json_object_get (state, "agency_id")),
		   *hash = json_string_value (json_object_get (state, "hash"));
	if (!json_is_object (state) && s->q) {
		json_decref (state);
		reply_fault (s->q, reply);
		return;
	}
	s->open = agency && uuid_parse (agency, &s->agency) == OK && json_is_true (json_object_get (state, "open"));
	s->hash = hash ? memcpy (s->code_hash, hash, strnlen (hash, SHA256_TEXT - 1)) : NULL;
	json_decref (state);
	s->then (s);
}

static void state_ask (struct setup *s, void (*then) (struct setup *s))
{
	struct setup_state state = { .head = head_of_homes () };
	size_t n;
	homes (&n);
	s->then = then;
	if (!n) {
		if (s->q)
			reply_error (s->q, ERROR_unavailable, NULL, NULL);
		else
			heap_free (s);
		return;
	}
	app_query (s->app, &setup_state_record, &state, NULL, 0, SETUP_MS, state_found, s);
}

/* ---- the code ---- */

/* Twelve letters and digits that cannot be mistaken for each other, in fours: 58 bits. */
static void code_make (char ret[CODE_TEXT])
{
	static const char letters[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
	size_t n = 0;
	for (int i = 0; i < CODE_LETTERS; i++) {
		if (i && i % 4 == 0)
			ret[n++] = '-';
		ret[n++] = letters[randombytes_uniform (sizeof letters - 1)];
	}
	ret[n] = 0;
}

/* As it may be typed: in small letters, with blanks or without dashes. */
static void code_hash (const char *code, char ret_hash[SHA256_TEXT])
{
	char plain[64];
	size_t n = 0;
	for (; *code && n < sizeof plain; code++)
		if (*code != '-' && *code != ' ')
			plain[n++] = *code >= 'a' && *code <= 'z' ? (char) (*code - 32) : *code;
	sha256_text ((struct bytes){ (const unsigned char *) plain, n }, ret_hash);
}

static void code_kept (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct setup *s = ctx;
	bool kept = reply->state == REPLY_DONE && reply->data && strstr (reply->data, "\"kept\":true");
	if (kept && !reply->repeated) /* here, once, and nowhere else */
		log_info ("setup_code", LOG_T ("code", s->code), LOG_T ("page", "/setup"), LOG_N ("minutes", code_lasts / 60000000));
	if (s->q)
		s->then (s);
	else
		heap_free (s);
}

static void code_open (struct setup *s, void (*then) (struct setup *s))
{
	code_make (s->code);
	code_hash (s->code, s->code_hash);
	struct setup_open open = { .head = head_of_home (s->agency, (struct uuid){ { 0 } }),
				   .agency_id = { s->agency },
				   .code_hash = s->code_hash,
				   .expires = clock_now () + code_lasts,
				   .has = { HERE, HERE, HERE } };
	s->then = then;
	app_command (s->app, &setup_open_record, &open, NULL, 0, SETUP_MS, code_kept, s);
}

static void look_end (struct setup *s)
{
	if (s->open && !s->hash)
		code_open (s, NULL);
	else
		heap_free (s);
}

void setup_start (struct app *app)
{
	struct setup *s = heap_alloc (sizeof *s);
	s->app = app;
	state_ask (s, look_end);
}

/* ---- the pages ---- */

static struct setup *setup_of (struct request *q)
{
	struct setup *s = arena_alloc (q->arena, sizeof *s);
	s->q = q;
	s->app = q->app;
	return s;
}

static void page_tell (struct setup *s)
{
	reply_text (s->q, 200,
		    s->open ? arena_printf (s->q->arena, "{\"open\":true,\"presets\":%s}", presets_page ()) : "{\"open\":false}");
}

/* Whoever opens the page after the code has expired finds another one in the terminal. */
static void page_code (struct setup *s)
{
	if (s->open && !s->hash)
		code_open (s, page_tell);
	else
		page_tell (s);
}

void setup_page_show (struct request *q)
{
	state_ask (setup_of (q), page_code);
}

static void state_tell (struct setup *s)
{
	struct request *q = s->q;
	bool plain = is_plain (q);
	reply_text (q, 200,
		    arena_printf (q->arena, "{\"setup_open\":%s,\"https_required\":%s,\"insecure\":%s}", s->open ? "true" : "false",
				  plain && !gateway_config.insecure_cookies ? "true" : "false",
				  plain && gateway_config.insecure_cookies ? "true" : "false"));
}

void setup_tell (struct request *q)
{
	state_ask (setup_of (q), state_tell);
}

/* ---- the form ---- */

static void setup_reply (struct request *q)
{
	struct setup *s = q->item;
	struct making *m = &s->making;
	char id[UUID_TEXT];
	const char *curl =
		m->hook ? arena_printf (
				  q->arena,
				  "curl -X POST -H 'Content-Type: application/json' -d "
				  "'{\\\"name\\\":\\\"Test Person\\\",\\\"email\\\":\\\"test@example.com\\\",\\\"message\\\":\\\"Hello\\\"}' %s",
				  m->hook)
			: NULL;
	me_reply (q, 201,
		  arena_printf (q->arena, ",\"setup\":{\"workspace_id\":\"%s\",\"slug\":\"%s\",\"hook\":%s%s%s,\"curl\":%s%s%s}",
				uuid_format (m->id, id), m->slug, m->hook ? "\"" : "", m->hook ? m->hook : "null", m->hook ? "\"" : "",
				curl ? "\"" : "", curl ? curl : "null", curl ? "\"" : ""));
}

static void workspace_stands (struct making *m)
{
	struct setup *s = m->q->item;
	s->ticket = (struct entry_ticket){ .q = s->q, .user = m->owner, .agency = s->agency, .then = setup_reply };
	entry_open (&s->ticket);
}

static void finished (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app;
	struct setup *s = ctx;
	const struct setup_form *form = s->form;
	if (reply->state != REPLY_DONE) {
		reply_fault (s->q, reply);
		return;
	}
	s->making = (struct making){ .q = s->q,
				     .actor = reply->id,
				     .agency = s->agency,
				     .command = reply->id,
				     .owner = reply->id,
				     .name = form->has.workspace == HERE && *form->workspace ? form->workspace : form->firm,
				     .preset = form->preset,
				     .language = form->language,
				     .currency = form->currency,
				     .timezone = form->timezone,
				     .country = form->country,
				     .then = workspace_stands };
	making_start (&s->making);
}

static void owner_hashed (struct app *app, void *ctx)
{
	struct setup *s = ctx;
	static const char name[] = "the first owner";
	struct uuid seed = uuid_of (s->code_hash, sizeof s->code_hash - 1);
	if (!s->work.right) {
		reply_error (s->q, ERROR_unavailable, NULL, NULL);
		return;
	}
	struct setup_finish finish = { .head = head_of_home (s->agency, (struct uuid){ { 0 } }),
				       .agency_id = { s->agency },
				       .code_hash = s->code_hash,
				       .firm = s->form->firm,
				       .user_id = { made_id (s->agency, seed, name) },
				       .name = s->owner.name,
				       .email = s->owner.email,
				       .password_hash = s->work.made,
				       .language = s->form->language,
				       .has = { HERE, HERE, HERE, HERE, HERE, HERE, HERE, HERE } };
	app_command (app, &setup_finish_record, &finish, NULL, 0, SETUP_MS, finished, s);
}

/* What the later steps would refuse is refused before there is an owner: half a set-up is none. */
static bool form_fits (struct setup *s)
{
	struct request *q = s->q;
	const struct setup_form *form = s->form;
	struct preset_set parts = { .language = form->language,
				    .currency = form->currency,
				    .country = form->country,
				    .has = { .language = HERE, .currency = HERE, .country = HERE } };
	const char *wrong = preset_parts_wrong (&parts);
	if (!form->firm[strspn (form->firm, " \t")])
		fields_wrong (q, "/firm", "required");
	else if (!preset_find (form->preset))
		fields_wrong (q, "/preset", "not_a_choice");
	else if (wrong)
		fields_wrong (q, wrong, "not_a_choice");
	else if (!zone_fits (form->timezone))
		fields_wrong (q, "/timezone", "not_a_timezone");
	else if (!email_fits (s->owner.email))
		fields_wrong (q, "/owner/email", "not_an_email");
	else
		return password_fits (q, "/owner/password", s->owner.password, s->owner.email, s->owner.name);
	return false;
}

static void missed (struct app *app, void *ctx, const struct reply *reply)
{
	(void) app, (void) ctx;
	if (reply->state != REPLY_DONE)
		log_debug ("setup_miss_lost", LOG_N ("state", reply->state));
}

static void code_wrong (struct setup *s)
{
	struct setup_miss miss = { .head = head_of_home (s->agency, (struct uuid){ { 0 } }),
				   .agency_id = { s->agency },
				   .has.agency_id = HERE };
	guess_wrong (NULL, http_remote (s->q->http));
	app_command (s->app, &setup_miss_record, &miss, NULL, 0, SETUP_MS, missed, NULL);
	reply_error (s->q, ERROR_setup_code_wrong, NULL, NULL);
}

static void form_check (struct setup *s)
{
	char hash[SHA256_TEXT];
	code_hash (s->form->code, hash);
	if (!s->open) {
		reply_error (s->q, ERROR_not_found, NULL, NULL);
		return;
	}
	if (!s->hash || !text_equal (s->hash, hash)) {
		code_wrong (s);
		return;
	}
	if (!form_fits (s))
		return;
	s->work = (struct password_work){ .password = s->owner.password, .hash_new = true, .then = owner_hashed, .ctx = s };
	if (!password_work (s->app, &s->work))
		too_many (s->q, 1);
}

/* The owner's own faults are told by where they stand in the form. */
static bool owner_read (struct setup *s)
{
	struct problem problem = { 0 };
	if (record_from_json (s->q->arena, &setup_owner_record, json_object_get (s->q->body, "owner"), true, &s->owner, &problem) == OK)
		return true;
	for (size_t i = 0; i < problem.n_errors; i++)
		problem.errors[i].pointer = arena_printf (s->q->arena, "/owner%s", problem.errors[i].pointer);
	reply_error (s->q, ERROR_invalid, NULL, &problem);
	return false;
}

void setup_form_page (struct request *q)
{
	struct setup *s = setup_of (q);
	int wait = guess_wait (NULL, http_remote (q->http));
	q->item = s;
	if (https_asked (q))
		return;
	if (wait) {
		too_many (q, wait);
		return;
	}
	s->form = form_taken (q);
	if (s->form && owner_read (s))
		state_ask (s, form_check);
}
