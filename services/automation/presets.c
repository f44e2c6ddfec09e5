/* Presets of rules; see presets.h. Which stage a deal enters is found by the stages' keys. A deal is moved onwards, never back: what is sent or accepted once more
 * changes nothing of one that is further. It must never win a deal of which something is still to be invoiced or paid. */
#include "presets.h"

#include <string.h>
#include "record.h"

enum { PRESETS_MOST = 5 };

struct maker {
	struct arena *a;
	const json_t *stages; /* of the first pipeline */
	bool dutch;
	struct preset *preset;
	size_t n;
};

/* Of boards that know quotes: the stage of those that wait for an answer, and what comes behind it. */
static const struct {
	const char *sent, *accepted;
} boards[] = {
	{ "offerte_verstuurd", "in_onderhandeling" },
	{ "proposal", "negotiation" },
	{ "negotiation", "onboarding" },
};

/* ---- stages ---- */

static const char *said (const json_t *stage, const char *member)
{
	const char *ret = json_string_value (json_object_get (stage, member));
	return ret ? ret : "";
}

static bool stage_is (const struct maker *m, const char *key)
{
	const json_t *stage;
	size_t i;
	json_array_foreach (m->stages, i, stage)
	{
		if (strcmp (said (stage, "key"), key) == 0 && strcmp (said (stage, "kind"), "open") == 0)
			return true;
	}
	return false;
}

static const char *stage_won (const struct maker *m)
{
	const json_t *stage;
	size_t i;
	json_array_foreach (m->stages, i, stage)
	{
		if (strcmp (said (stage, "kind"), "won") == 0)
			return said (stage, "key");
	}
	return NULL;
}

/* This stage and those behind it, as JSON texts with commas between. */
static const char *stages_from (const struct maker *m, const char *key)
{
	struct buffer out = { 0 };
	bool is = false;
	const json_t *stage;
	size_t i;
	json_array_foreach (m->stages, i, stage)
	{
		is = is || strcmp (said (stage, "key"), key) == 0;
		if (!is)
			continue;
		buffer_text (&out, out.n ? "," : "");
		json_quote (&out, said (stage, "key"));
	}
	const char *ret = arena_copy (m->a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

/* ---- the rules ---- */

static void add (struct maker *m, const char *key, const char *english, const char *dutch, const char *body, bool enabled)
{
	m->preset[m->n++] = (struct preset){ key, m->dutch ? dutch : english, body, enabled };
}

/* `more`: a condition besides that the deal is open. */
static const char *move_body (struct maker *m, const char *event, const char *more, const char *stage, bool onwards)
{
	return arena_printf (m->a,
			     "{\"when\":{\"event\":\"%s\"},\"if\":{\"all\":[{\"fact\":\"event.deal_id\",\"op\":\"filled\"},"
			     "{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":\"open\"},%s]},"
			     "\"then\":[{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"%s\"%s}}]}",
			     event, more, stage, onwards ? ",\"onwards\":true" : "");
}

static const char *onwards_body (struct maker *m, const char *event, const char *stage)
{
	const char *before = arena_printf (m->a, "{\"none\":[{\"fact\":\"deal.stage\",\"op\":\"is\",\"value\":[%s]}]}",
					   stages_from (m, stage));
	return move_body (m, event, before, stage, true);
}

static void quotes_add (struct maker *m)
{
	size_t i = 0;
	while (i < LENGTH (boards) && !stage_is (m, boards[i].sent))
		i++;
	if (i == LENGTH (boards))
		return;
	add (m, "quote_sent", "Quote sent: deal to the next stage", "Offerte verstuurd: deal naar de volgende fase",
	     onwards_body (m, "quote.sent", boards[i].sent), true);
	if (stage_is (m, boards[i].accepted))
		add (m, "quote_accepted", "Quote accepted: deal to the next stage", "Offerte geaccepteerd: deal naar de volgende fase",
		     onwards_body (m, "quote.accepted", boards[i].accepted), true);
}

static void paid_add (struct maker *m)
{
	const char *won = stage_won (m);
	if (won)
		add (m, "invoice_paid", "Invoice paid: deal won", "Factuur betaald: deal gewonnen",
		     move_body (m, "invoice.paid",
				"{\"fact\":\"deal.open_invoices\",\"op\":\"is\",\"value\":0},"
				"{\"none\":[{\"fact\":\"deal.left_to_invoice\",\"op\":\"more\",\"value\":0}]}",
				won, false),
		     true);
}

static void task_add (struct maker *m)
{
	const char *subject = m->dutch ? "Nieuwe aanvraag opvolgen: {{event.name}}" : "Follow up the new request of {{event.name}}";
	add (m, "lead_task", "New lead: task within 24 hours", "Nieuwe lead: taak binnen 24 uur",
	     arena_printf (m->a,
			   "{\"when\":{\"event\":\"lead.created\"},\"then\":[{\"do\":\"activity_add\",\"with\":{\"kind\":\"task\","
			   "\"subject\":\"%s\",\"lead_id\":{\"fact\":\"event.lead_id\"},\"due_at\":{\"in\":{\"hours\":24}},"
			   "\"owner_id\":{\"fact\":\"event.owner_id\"}}}]}",
			   subject),
	     false);
}

/* Whoever sends a form may have named another's address: nothing that they wrote goes there. */
static const char *confirm_step (struct maker *m, bool dutch)
{
	const char *subject = dutch ? "We hebben je aanvraag ontvangen" : "We have received your request";
	const char *text = dutch ? "Bedankt voor je aanvraag. We hebben hem goed ontvangen en nemen contact met je op.\\n\\nHeb je "
				   "hem niet zelf verstuurd? Dan kun je deze mail negeren."
				 : "Thank you for your request. It has reached us, and we will be in touch.\\n\\nDid you not send "
				   "it yourself? Then you can ignore this mail.";
	return arena_printf (m->a,
			     "{\"do\":\"mail_send\",\"with\":{\"lead_id\":{\"fact\":\"event.lead_id\"},"
			     "\"to\":[{\"email\":{\"fact\":\"event.email\"}}],\"subject\":\"%s\",\"text\":\"%s\",\"language\":\"%s\"}}",
			     subject, text, dutch ? "nl" : "en");
}

/* A lead is made of a request from outside only where that is no spam, and of no mail: what answers by itself fills in no form. Who reads neither of the two
 * languages, or did not say, is written to in the workspace's. */
static void confirm_add (struct maker *m)
{
	add (m, "lead_confirm", "New lead: confirm by mail", "Nieuwe lead: bevestiging per mail",
	     arena_printf (m->a,
			   "{\"when\":{\"event\":\"lead.created\"},\"if\":{\"all\":[{\"fact\":\"event.email\",\"op\":\"filled\"},"
			   "{\"fact\":\"event.submission_id\",\"op\":\"filled\"}]},"
			   "\"then\":[{\"if\":{\"all\":[{\"fact\":\"event.language\",\"op\":\"is\",\"value\":\"%s\"}]},"
			   "\"then\":[%s],\"else\":[%s]}]}",
			   m->dutch ? "en" : "nl", confirm_step (m, !m->dutch), confirm_step (m, m->dutch)),
	     false);
}

const struct preset *presets_of (struct arena *a, const char *language, const char *content, size_t *ret_n)
{
	json_t *preset = json_loads (content, 0, NULL);
	struct maker m = { .a = a,
			   .stages = json_object_get (json_array_get (json_object_get (preset, "pipelines"), 0), "stages"),
			   .dutch = strcmp (language, "nl") == 0,
			   .preset = arena_array (a, PRESETS_MOST, sizeof *m.preset) };
	quotes_add (&m);
	paid_add (&m);
	task_add (&m);
	confirm_add (&m);
	json_decref (preset);
	*ret_n = m.n;
	return m.preset;
}
