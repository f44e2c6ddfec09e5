/* Presets of rules; see presets.h. Which stage follows a quote that was sent or accepted is found by the stages' keys, which the presets share.
 * It must never win a deal of which something is still to be invoiced or paid. */
#include "presets.h"

#include <jansson.h>
#include <string.h>

enum { PRESETS_MOST = 8 };

static const json_t *stages_of (const json_t *content)
{
	return json_object_get (json_array_get (json_object_get (content, "pipelines"), 0), "stages");
}

/* The first of these keys that is a stage; null: none. */
static const char *stage_of (struct arena *a, const json_t *content, const char *const key[])
{
	const json_t *stage;
	size_t i;
	for (size_t k = 0; key[k]; k++)
		json_array_foreach (stages_of (content), i, stage)
		{
			if (strcmp (json_string_value (json_object_get (stage, "key")), key[k]) == 0)
				return arena_text (a, key[k]);
		}
	return NULL;
}

static const char *won_of (struct arena *a, const json_t *content)
{
	const json_t *stage;
	size_t i;
	json_array_foreach (stages_of (content), i, stage)
	{
		if (strcmp (json_string_value (json_object_get (stage, "kind")), "won") == 0)
			return arena_text (a, json_string_value (json_object_get (stage, "key")));
	}
	return NULL;
}

static const char *move_body (struct arena *a, const char *event, const char *more, const char *stage)
{
	return arena_printf (a,
			     "{\"when\":{\"event\":\"%s\"},\"if\":{\"all\":[{\"fact\":\"event.deal_id\",\"op\":\"filled\"},"
			     "{\"fact\":\"deal.outcome\",\"op\":\"is\",\"value\":[\"open\"]}%s]},"
			     "\"then\":[{\"do\":\"deal_move\",\"with\":{\"deal_id\":{\"fact\":\"event.deal_id\"},\"stage\":\"%s\"}}]}",
			     event, more, stage);
}

const struct preset *presets_of (struct arena *a, const char *language, const char *content, size_t *ret_n)
{
	static const char *const sent[] = { "offerte_verstuurd", "proposal", "interested", NULL }, *const accepted[] = {
		"in_onderhandeling", "negotiation", NULL
	};
	static const char all_paid[] = ",{\"fact\":\"deal.open_invoices\",\"op\":\"is\",\"value\":0},"
				       "{\"none\":[{\"fact\":\"deal.left_to_invoice\",\"op\":\"more\",\"value\":{\"amount\":\"0\"}}]}";
	json_t *preset = json_loads (content, 0, NULL);
	struct preset *ret = arena_array (a, PRESETS_MOST, sizeof *ret);
	const char *stage;
	size_t n = 0;
	bool dutch = strcmp (language, "nl") == 0;
	if ((stage = stage_of (a, preset, sent)))
		ret[n++] = (struct preset){ "quote_sent",
					    dutch ? "Offerte verstuurd: deal naar de volgende fase" : "Quote sent: deal to the next stage",
					    move_body (a, "quote.sent", "", stage), true };
	if ((stage = stage_of (a, preset, accepted)))
		ret[n++] = (struct preset){ "quote_accepted",
					    dutch ? "Offerte geaccepteerd: deal naar de volgende fase"
						  : "Quote accepted: deal to the next stage",
					    move_body (a, "quote.accepted", "", stage), true };
	if ((stage = won_of (a, preset)))
		ret[n++] = (struct preset){ "invoice_paid", dutch ? "Factuur betaald: deal gewonnen" : "Invoice paid: deal won",
					    move_body (a, "invoice.paid", all_paid, stage), true };
	json_decref (preset);
	*ret_n = n;
	return ret;
}
