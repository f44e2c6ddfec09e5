/* What somebody agreed to below a form: kept with their lead in the words they were shown, told wherever the lead is, and never made of less.
 * It must never take a yes for terms for a yes to news. */
#include <string.h>
#include "story.h"

static void given_asked (struct stack *s, const struct workspace *w, const char *form)
{
	struct web_answer a = web_ask (s,
				       &(struct web_request){ .method = "POST",
							      .url = w->hook,
							      .type = "application/x-www-form-urlencoded",
							      .header = { "Referer: https://zon.test/offerte", "Sec-Fetch-Mode: navigate" },
							      .body = form });
	then_status (&a, 303);
}

/* given news text version page, as the API tells the lead. */
static void then_agreed (struct stack *s, const struct workspace *w, const char *who, const char *is)
{
	char path[200], told[800];
	snprintf (path, sizeof path, "/api/crm/leads?q=%s", who);
	struct web_answer a = web (s, w->key, "GET", path, NULL);
	json_t *c = json_at (a.json, "data.0.consent");
	snprintf (told, sizeof told, "%s %s %s|%s|%s", json_is_true (json_object_get (c, "given")) ? "yes" : "no",
		  json_is_true (json_object_get (c, "news")) ? "news" : "-", text_at (c, "text"), text_at (c, "version"),
		  text_at (c, "page"));
	CHECK (!strcmp (c && !json_is_null (c) ? told : "nobody asked", is), "what %s agreed to is %s, in %s", who, told, a.body);
	CHECK (!json_is_object (c) || *text_at (c, "at"), "nobody knows when: %s", a.body);
	web_free (&a);
}

STORY (consent_kept,
       "What somebody agreed to is kept with their lead, in the words they were shown, and told by lead.created; terms are no leave for news, and nobody asked is nobody asked")
{
	struct workspace *w = given_workspace (s, "akkoord", "nl-offerte-6");
	given_asked (s, w,
		     "naam=Sanne+Nieuws&email=sanne%40klant.test&consent=on&consent_text=Ik+wil+de+nieuwsbrief.&consent_version=2026-1");
	given_asked (s, w, "naam=Piet+Voorwaarden&email=piet%40klant.test&akkoord=1");
	given_asked (s, w, "naam=Kees+Weigert&email=kees%40klant.test&nieuwsbrief=nee");
	given_asked (s, w, "naam=Anna+Ongevraagd&email=anna%40klant.test");
	settle (s);
	then_agreed (s, w, "Sanne", "yes news Ik wil de nieuwsbrief.|2026-1|https://zon.test/offerte");
	then_agreed (s, w, "Piet", "yes - ||https://zon.test/offerte");
	then_agreed (s, w, "Kees", "no - ||https://zon.test/offerte");
	then_agreed (s, w, "Anna", "nobody asked");
	/* by the API as well, and not what cannot be read */
	struct web_answer a = web (
		s, w->key, "POST", "/api/crm/leads",
		"{\"name\":\"Bea Baliewerk\",\"email\":\"bea@klant.test\",\"consent\":{\"given\":true,\"news\":true,\"text\":\"Aan de balie\"}}");
	then_status (&a, 201);
	a = web (s, w->key, "POST", "/api/crm/leads", "{\"name\":\"Bea\",\"consent\":{\"given\":\"ja\"}}");
	then_problem (&a, 422, "invalid");
	settle (s);
	then_agreed (s, w, "Bea", "yes news Aan de balie||");
}
