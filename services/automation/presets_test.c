/* Presets of rules: of each preset that a workspace begins with, in both languages, each body is read, and moves deals to stages that stand there. */
#include "presets.h"

#include <dirent.h>
#include "rule_eval.h"
#include "test.h"

static struct arena arena;

static const char *file_text (const char *path)
{
	struct buffer out = { 0 };
	FILE *f = fopen (path, "r");
	size_t n = 1;
	while (f && n) {
		n = fread (buffer_reserve (&out, 65536), 1, 65536, f);
		out.n += n;
	}
	CHECK (f && out.n);
	if (f)
		fclose (f);
	const char *ret = arena_copy (&arena, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

/* Which stages the rules of quotes and of payment go to; null: there is no such rule. */
static const struct {
	const char *name, *sent, *accepted, *won;
} wanted[] = {
	{ "classic-6.json", "proposal", "negotiation", "won" },
	{ "commerce.json", "proposal", NULL, "won" },
	{ "dynamics.json", "proposal", "negotiation", "won" },
	{ "follow-up.json", "negotiation", "onboarding", "won" },
	{ "nl-offerte-6.json", "offerte_verstuurd", "in_onderhandeling", "gewonnen" },
};

/* The stage that a body's first step moves to, if the preset has it; null: it moves nothing. */
static const char *stage_moved (const struct rule *rule, const json_t *content)
{
	const json_t *stages = json_object_get (json_array_get (json_object_get (content, "pipelines"), 0), "stages"), *stage;
	const struct step *step = rule->steps.at;
	size_t i;
	if (step->kind != STEP_DO || strcmp (step->command->name, "deal_move") != 0)
		return NULL;
	json_t *key = json_loads (step->with[1].json, JSON_DECODE_ANY, NULL);
	const char *ret = "";
	json_array_foreach (stages, i, stage) if (json_equal (json_object_get (stage, "key"), key))
		ret = arena_text (&arena, json_string_value (key));
	json_decref (key);
	return ret;
}

static void preset_read (size_t which, const char *content, const char *language, json_t *whole)
{
	const char *const keys[] = { "quote_sent", "quote_accepted", "invoice_paid", "lead_task", "lead_confirm" }, *const stages[] = {
		wanted[which].sent, wanted[which].accepted, wanted[which].won
	};
	size_t n, at = 0;
	const struct preset *preset = presets_of (&arena, language, content, &n);
	for (size_t i = 0; i < LENGTH (keys); i++) {
		struct rule rule;
		struct problem problem = { 0 };
		if (i < LENGTH (stages) && !stages[i])
			continue;
		CHECK (at < n);
		if (at == n)
			return;
		CHECK_TEXT (preset[at].key, keys[i]);
		CHECK (preset[at].enabled == (i < LENGTH (stages)) && *preset[at].name);
		CHECK (rule_read (&arena, preset[at].body, &rule, &problem) == OK);
		if (problem.n_errors)
			fprintf (stderr, "%s: %s %s %s\n", keys[i], problem.errors[0].pointer, problem.errors[0].code,
				 problem.errors[0].detail);
		else
			CHECK_TEXT (stage_moved (&rule, whole), i < LENGTH (stages) ? stages[i] : NULL);
		at++;
	}
	CHECK (at == n);
}

static void presets_all (void)
{
	DIR *folder = opendir ("proto/presets");
	size_t files = 0;
	for (struct dirent *e; folder && (e = readdir (folder));) {
		size_t which = 0;
		if (!strstr (e->d_name, ".json"))
			continue;
		const char *content = file_text (arena_printf (&arena, "proto/presets/%s", e->d_name));
		json_t *whole = json_loads (content, 0, NULL);
		while (which < LENGTH (wanted) && strcmp (wanted[which].name, e->d_name) != 0)
			which++;
		if (json_object_get (whole, "pipelines")) { /* roles.json has none: no preset of a workspace */
			CHECK (which < LENGTH (wanted));
			files++;
		}
		if (which < LENGTH (wanted)) {
			preset_read (which, content, "nl", whole);
			preset_read (which, content, "en", whole);
		}
		json_decref (whole);
	}
	CHECK (files == LENGTH (wanted));
	if (folder)
		closedir (folder);
}

/* ---- when they act ---- */

struct case_of {
	const char *preset, *stage, *outcome;
	int64_t open, left; /* invoices; cents, -1: no accepted quotes */
	bool acts;
};

static struct fact fact_of_case (const char *name, const struct case_of *c)
{
	if (strcmp (name, "event.deal_id") == 0)
		return fact_of_id (uuid_of ("deal", 4));
	if (strcmp (name, "deal.open_invoices") == 0)
		return fact_of_whole (c->open);
	if (strcmp (name, "deal.left_to_invoice") == 0)
		return c->left < 0 ? (struct fact){ .has = CLEARED }
				   : fact_of_money ((struct money){ .minor = c->left, .currency = "EUR" });
	return fact_of_text (&arena, strcmp (name, "deal.stage") == 0 ? c->stage : c->outcome);
}

static void acting (void)
{
	static const struct case_of cases[] = {
		{ "quote_sent", "nieuwe_aanvraag", "open", 0, -1, true },
		{ "quote_sent", "offerte_verstuurd", "open", 0, -1, false },
		{ "quote_sent", "in_onderhandeling", "open", 0, -1, false },
		{ "quote_sent", "gewonnen", "won", 0, -1, false },
		{ "quote_sent", "verloren", "lost", 0, -1, false },
		{ "quote_accepted", "nieuwe_aanvraag", "open", 0, -1, true },
		{ "quote_accepted", "offerte_verstuurd", "open", 0, -1, true },
		{ "quote_accepted", "in_onderhandeling", "open", 0, -1, false },
		{ "invoice_paid", "in_onderhandeling", "open", 0, -1, true },
		{ "invoice_paid", "in_onderhandeling", "open", 0, 0, true },
		{ "invoice_paid", "in_onderhandeling", "open", 0, 1, false },
		{ "invoice_paid", "in_onderhandeling", "open", 1, 0, false },
		{ "invoice_paid", "verloren", "lost", 0, 0, false },
	};
	const char *content = file_text ("proto/presets/nl-offerte-6.json");
	size_t n;
	const struct preset *preset = presets_of (&arena, "nl", content, &n);
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct asking asking = { .now = 0 };
		struct rule rule;
		size_t at = 0;
		while (strcmp (preset[at].key, cases[i].preset) != 0)
			at++;
		CHECK (rule_read (&arena, preset[at].body, &rule, NULL) == OK);
		struct fact *fact = arena_array (&arena, rule.n_facts, sizeof *fact);
		for (size_t k = 0; k < rule.n_facts; k++)
			fact[k] = fact_of_case (rule.fact[k].name, &cases[i]);
		CHECK (conditions_evaluate (&rule.conditions, fact, &asking).matched == cases[i].acts);
	}
}

/* In which language who asked is written to: theirs where it is one of the two, else the workspace's. */
static void confirming (void)
{
	static const struct {
		const char *workspace, *reads, *written;
	} cases[] = {
		{ "nl", NULL, "nl" }, { "nl", "nl", "nl" }, { "nl", "en", "en" }, { "nl", "de", "nl" },
		{ "en", NULL, "en" }, { "en", "nl", "nl" }, { "en", "en", "en" }, { "en", "fr", "en" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct asking asking = { .now = 0 };
		struct rule rule;
		size_t n;
		const struct preset *preset = presets_of (&arena, cases[i].workspace, "{}", &n);
		CHECK_TEXT (preset[n - 1].key, "lead_confirm");
		CHECK (rule_read (&arena, preset[n - 1].body, &rule, NULL) == OK && rule.steps.at->kind == STEP_BRANCH);
		struct fact *fact = arena_array (&arena, rule.n_facts, sizeof *fact);
		for (size_t k = 0; k < rule.n_facts; k++)
			if (strcmp (rule.fact[k].name, "event.language") == 0)
				fact[k] = cases[i].reads ? fact_of_text (&arena, cases[i].reads) : (struct fact){ .has = CLEARED };
		bool yes = conditions_evaluate (&rule.steps.at->branch, fact, &asking).matched;
		const struct step *mail = yes ? rule.steps.at->yes.at : rule.steps.at->no.at;
		const struct given_field *language = mail->with;
		while (strcmp (language->field->name, "language") != 0)
			language++;
		CHECK_TEXT (language->json, arena_printf (&arena, "\"%s\"", cases[i].written));
	}
}

/* Of what is no preset there is nothing to move: the others stand. */
static void odd (void)
{
	static const char *const contents[] = { "", "[]", "{}", "{\"pipelines\":[{\"stages\":[1,{\"key\":7},{\"kind\":\"open\"}]}]}" };
	for (size_t i = 0; i < LENGTH (contents); i++) {
		size_t n;
		const struct preset *preset = presets_of (&arena, "en", contents[i], &n);
		CHECK (n == 2 && !preset[0].enabled && !preset[1].enabled);
	}
}

int main (void)
{
	arena_init (&arena);
	presets_all ();
	acting ();
	confirming ();
	odd ();
	arena_fini (&arena);
	return test_end ();
}
