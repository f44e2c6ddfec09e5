/* Commands on deals: in order, once, seen by whoever gave them. */
#include <string.h>
#include "story.h"

STORY (deal_moves_pile_up, "Two moves of one deal in one batch both happen, in order; one that saw an old deal does not")
{
	struct uuid deal = given_deal (s, "acme", "classic-6", "Piet de Vries", "Offerteaanvraag"); /* through the hook */
	when_held (s, "pipeline");								    /* what follows becomes one batch */
	struct asked *first = when_asked (s, "deal_move", deal, "stage=qualified version=1");
	struct asked *second = when_asked (s, "deal_move", deal, "stage=proposal");
	struct asked *stale = when_asked (s, "deal_move", deal, "stage=won version=1");
	when_released (s, "pipeline");
	then_done (s, first), then_done (s, second), then_refused (s, stale, "deal_changed");
	when_redelivered (s, "lead.created", 3);
	then_said (s, deal, "deal.created, deal.stage_changed, deal.stage_changed"); /* each once, lane dense */
	then_stage (s, deal, "proposal");
}

static struct web_answer deal_post (struct stack *s, const struct workspace *w, const char *idempotency, const char *body)
{
	return web_ask (
		s, &(struct web_request){
			   .method = "POST", .url = "/api/crm/opportunities", .key = w->key, .idempotency = idempotency, .body = body });
}

STORY (command_repeated, "A command given again under its key gets the same answer and happens once; with other content it is refused")
{
	static const char id[] = "0b6e3a9e-9d5e-4c83-8a7a-6a8f6f2f5b01", body[] = "{\"title\":\"Nieuwe website\"}";
	struct workspace *w = given_workspace (s, "repeated", "commerce");
	struct web_answer a = deal_post (s, w, id, body);
	CHECK (a.status == 201, "the deal is not made: %d %s", a.status, a.body);
	char *first = id_text (uuid_at (a.json, "id"));
	daemon_kill (s, "pipeline", 0, 9); /* the answer is stored, not remembered */
	daemon_ready (s, "pipeline", 0);
	for (int i = 0; i < 3; i++) {
		struct web_answer again = deal_post (s, w, id, body);
		CHECK (again.status == 201 && !strcmp (text_at (again.json, "id"), first) &&
			       number_at (again.json, "number") == number_at (a.json, "number"),
		       "the repeat got another answer: %d %s", again.status, again.body);
		web_free (&again);
	}
	struct web_answer other = deal_post (s, w, id, "{\"title\":\"Iets anders\"}");
	then_problem (&other, 422, "key_reused");
	web_free (&a);
	settle (s);
	then_number (s, 1, "deals of that title", "select count(*) from pipeline.deal where workspace_id = '%s'", w->id);
}

STORY (own_writes_are_read, "Whoever was answered reads what they wrote, across services, at once")
{
	struct workspace *w = given_workspace (s, "own-writes", "commerce");
	for (int i = 0; i < 30; i++) {
		char path[200], contact[UUID_TEXT];
		struct web_answer a = web (s, w->key, "POST", "/api/crm/contacts", "{\"name\":\"Jane %d\",\"email\":\"jane%d@own.test\"}",
					   i, i);
		CHECK (a.status == 201, "the contact is not made: %d %s", a.status, a.body);
		uuid_format (uuid_at (a.json, "id"), contact);
		web_free (&a);
		a = web (s, w->key, "POST", "/api/crm/opportunities", "{\"title\":\"Deal %d\",\"contact_id\":\"%s\"}", i, contact);
		CHECK (a.status == 201, "the deal is not made: %d %s", a.status, a.body);
		struct uuid deal = uuid_at (a.json, "id");
		web_free (&a);
		snprintf (path, sizeof path, "/api/crm/opportunities/%s", id_text (deal));
		a = web (s, w->key, "GET", path, NULL);
		CHECK (a.status == 200 && !strcmp (text_at (a.json, "contact_id"), contact), "the deal is not there: %d %s", a.status,
		       a.body);
		web_free (&a);
		snprintf (path, sizeof path, "/api/crm/opportunity/%s/stage", id_text (deal));
		a = web (s, w->key, "POST", path, "{\"stage\":\"qualified\"}");
		then_status (&a, 200);
		a = web (s, w->key, "GET", "/api/crm/count", NULL);
		int64_t there = 0;
		for (size_t k = 0; k < json_array_size (json_at (a.json, "data")); k++) {
			json_t *row = json_array_get (json_at (a.json, "data"), k);
			if (!strcmp (text_at (row, "key"), "qualified"))
				there = number_at (row, "count");
		}
		CHECK (there == i + 1, "after move %d the count says %lld: %s", i + 1, (long long) there, a.body);
		web_free (&a);
	}
}

STORY (contact_keeps_history, "A contact that changes says old and new values, and the timeline shows them")
{
	struct workspace *w = given_workspace (s, "history", "nl-offerte-6");
	struct uuid deal = given_deal_of (s, w, "Anna Bos", "anna@history.test", "Offerteaanvraag");
	char *contact = sql_text (s, "select contact_id from pipeline.deal_contact where deal_id = '%s'", id_text (deal)), path[200];
	snprintf (path, sizeof path, "/api/crm/contacts/%s", contact);
	struct web_answer a = web (s, w->key, "PUT", path, "{\"phone\":\"+31 6 11112222\"}");
	then_status (&a, 200);
	a = web (s, w->key, "PUT", path, "{\"phone\":\"+31 6 33334444\"}");
	then_status (&a, 200);
	settle (s);
	snprintf (path, sizeof path, "/api/crm/contacts/%s/timeline", contact);
	a = web (s, w->key, "GET", path, NULL);
	CHECK (a.status == 200, "the timeline: %d %s", a.status, a.body);
	bool shown = false;
	for (size_t i = 0; i < json_array_size (json_at (a.json, "data")); i++) {
		json_t *entry = json_array_get (json_at (a.json, "data"), i), *change;
		size_t k;
		json_array_foreach (json_at (entry, "data.changes"), k, change)
		{
			shown = shown ||
				(!strcmp (text_at (entry, "type"), "contact.updated") && !strcmp (text_at (change, "field"), "phone") &&
				 strstr (text_at (change, "old"), "1111") && strstr (text_at (change, "new"), "3333"));
		}
	}
	CHECK (shown, "the change of phone is not on the timeline: %s", a.body);
	web_free (&a);
}

STORY (note_is_required, "A pipeline that wants a note refuses a move without one, whoever asks")
{
	struct uuid deal = given_deal (s, "envios", "follow-up", "Ana Ruiz", "Registro");
	struct workspace *w = given_workspace (s, "envios", "follow-up");
	char path[200];
	snprintf (path, sizeof path, "/api/crm/opportunity/%s/stage", id_text (deal));
	struct web_answer a = web (s, w->key, "POST", path, "{\"stage\":\"negotiation\"}");
	then_problem (&a, 422, "note_required");
	a = web (s, w->key, "POST", path, "{\"stage\":\"negotiation\",\"note\":\"Pide descuento\"}");
	then_status (&a, 200);
	then_stage (s, deal, "negotiation");
}
