/* A configuration as a file: what is refused and in which line, secrets and ids never taken nor written, what is written is read as the same;
 * and plans: played through on a list by hand they end at what was wanted, move as little as can be, and a second one finds nothing to do. */
#include "config_file.h"

#include <stdlib.h>
#include "test.h"
#include "../../tests/values.h"

static struct arena arena;

static struct bytes bytes_of (const char *text)
{
	return (struct bytes){ (const unsigned char *) text, strlen (text) };
}

static const char *written (const struct configuration *c)
{
	struct buffer b = { 0 };
	config_write (&b, c);
	const char *ret = arena_copy (&arena, (const char *) b.at, b.n);
	buffer_fini (&b);
	return ret;
}

static const char *faults_text (const struct config_faults *faults)
{
	const char *ret = "";
	for (size_t i = 0; i < faults->n; i++) {
		const struct config_fault *f = &faults->at[i];
		CHECK (f->detail && *f->detail);
		ret = arena_printf (&arena, "%s%s%zu %s %s", ret, i ? "; " : "", f->line, f->pointer, f->code);
	}
	return ret;
}

/* Of a file; its faults, or "" and `ret`. */
static const char *read_faults (const char *text, struct configuration *ret)
{
	struct config_faults faults;
	struct configuration c = { 0 };
	enum status st = config_read (&arena, config_sections, bytes_of (text), &c, &faults);
	CHECK ((st == OK) == !faults.n && (st == OK) == (c.root != NULL));
	if (st == OK && ret)
		*ret = c;
	else if (st == OK)
		config_fini (&c);
	return faults_text (&faults);
}

#define STAGE "stages:\n- pipeline: sales\n  key: new\n  label: {nl: Nieuw, en: New}\n"

static void faults_have_their_lines (void)
{
	static const struct {
		const char *text, *faults;
	} cases[] = {
		{ "leadwire: 1\n", "" },
		{ "leadwire: 1\n" STAGE, "" },
		{ "leadwire: 1\n" STAGE "  colour: ~\n  probability: 20\n  qualified: true\n  kind: open\n", "" },
		{ "leadwire: 1\ncatalogues:\n- {catalogue: locale, key: mx, label: {en: Mexico}, country: MX, phone_code: +52, cost: {amount: 12.50, "
		  "currency: MXN}}\n- {catalogue: locale, key: no, label: {en: Norway}, country: NO}\n",
		  "" },
		{ "", "1 /leadwire not_a_version" },
		{ STAGE, "1 /leadwire not_a_version" },
		{ STAGE "leadwire: 2\n", "5 /leadwire not_a_version" },
		{ "leadwire: '1'\n", "1 /leadwire not_a_version" },
		{ "[1]", "1  not_an_object" },
		{ "---", "1  not_an_object" },
		{ "leadwire: 1\nstages: [\n", "3  not_yaml" },
		{ "leadwire: 1\nusers: []\n", "2 /users unknown" },
		{ "leadwire: 1\nstages: {}\n", "2 /stages not_a_list" },
		{ "leadwire: 1\nstages:\n", "2 /stages not_a_list" },
		{ "leadwire: 1\nstages: [new]\n", "2 /stages/0 not_an_object" },
		{ "leadwire: 1\n" STAGE "  color: red\n", "6 /stages/0/color unknown" },
		{ "leadwire: 1\n" STAGE "  position: 2\n", "6 /stages/0/position unknown" },
		{ "leadwire: 1\n" STAGE "  stage_id: 01936d0c-0000-7000-8000-000000000001\n", "6 /stages/0/stage_id own_id" },
		{ "leadwire: 1\n" STAGE "  probability: many\n  qualified: maybe\n",
		  "6 /stages/0/probability not_a_number; 7 /stages/0/qualified not_a_flag" },
		{ "leadwire: 1\n" STAGE "  probability: 012\n", "6 /stages/0/probability ambiguous" },
		{ "leadwire: 1\n" STAGE "  kind: closed\n", "6 /stages/0/kind not_a_choice" },
		{ "leadwire: 1\n" STAGE "  colour: a-colour-that-is-too-long\n", "6 /stages/0/colour too_long" },
		{ "leadwire: 1\n" STAGE "  colour: [red]\n", "6 /stages/0/colour not_a_string" },
		{ "leadwire: 1\nstages:\n- pipeline: sales\n  label: {nl: Nieuw}\n", "3 /stages/0/key required" },
		{ "leadwire: 1\nstages:\n- pipeline: sales\n  key: ''\n  label: {nl: Nieuw}\n", "4 /stages/0/key required" },
		{ "leadwire: 1\nstages:\n- pipeline: sales\n  key: ~\n  label: {nl: Nieuw}\n", "4 /stages/0/key required" },
		{ "leadwire: 1\nstages:\n- key: new\n  pipeline: sales\n", "3 /stages/0/label required" },
		{ "leadwire: 1\n" STAGE
		  "- pipeline: other\n  key: new\n  label: {nl: X}\n- pipeline: sales\n  key: new\n  label: {nl: X}\n",
		  "9 /stages/2 twice" },
		{ "leadwire: 1\npipelines:\n- {key: sales, label: {nl: X}}\n" STAGE, "" },
		{ "leadwire: 1\npipelines:\n- {key: sales}\n" STAGE, "3 /pipelines/0/label required" },
		{ "leadwire: 1\npipelines: []\n" STAGE, "4 /stages/0/pipeline nowhere" },
		{ "leadwire: 1\nfields:\n- key: a\n  kind: text\n  label: {nl: [0x1]}\n", "5 /fields/0/label ambiguous" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		const char *is = read_faults (cases[i].text, NULL);
		if (strcmp (is, cases[i].faults) != 0)
			fprintf (stderr, "of:\n%s", cases[i].text);
		CHECK_TEXT (is, cases[i].faults);
	}
	/* more than can be shown */
	struct buffer b = { 0 };
	buffer_text (&b, "leadwire: 1\nstages:\n");
	for (int i = 0; i < CONFIG_FAULTS_MOST + 10; i++)
		buffer_text (&b, "- 1\n");
	buffer_add (&b, "", 1);
	struct config_faults faults;
	struct configuration c;
	CHECK (config_read (&arena, config_sections, bytes_of ((const char *) b.at), &c, &faults) == REFUSED &&
	       faults.n == CONFIG_FAULTS_MOST);
	buffer_fini (&b);
}

/* Every command with a secret, as if it were a section: whatever its tables say. */
static void secrets_are_refused (void)
{
	size_t seen = 0;
	for (const struct record *const *r = all_records; *r; r++)
		for (const struct field *f = (*r)->fields; f < (*r)->fields + (*r)->n_fields; f++) {
			if (!(f->flags & SECRET) || f->kind != KIND_TEXT)
				continue;
			const struct config_section sections[] = { { .name = "things", .record = *r, .key = { "name" } }, { 0 } };
			const char *text = arena_printf (&arena, "leadwire: 1\nthings:\n- name: x\n  %s: hush\n", f->name);
			struct config_faults faults;
			struct configuration c;
			bool told = false;
			CHECK (config_read (&arena, sections, bytes_of (text), &c, &faults) == REFUSED);
			for (size_t i = 0; i < faults.n; i++)
				told |= !strcmp (faults.at[i].code, "secret") && faults.at[i].line == 4;
			CHECK (told);
			seen++;
		}
	CHECK (seen > 0);
	/* and nobody stands in a file: no section's command has a field that could hold somebody; a secret of one is refused as above, whatever gives it */
	for (const struct config_section *s = config_sections; s->name; s++)
		for (size_t i = 0; i < s->record->n_fields; i++)
			CHECK (!(s->record->fields[i].flags & PERSONAL));
}

/* The table against the records: keys are texts or choices that are there, and what is within stands behind what it is within. */
static void sections_are_sound (void)
{
	for (const struct config_section *s = config_sections; s->name; s++) {
		CHECK (s->record->class == RECORD_COMMAND && s->key[0]);
		for (size_t k = 0; k < CONFIG_KEYS_MOST && s->key[k]; k++) {
			const struct field *f = record_field (s->record, s->key[k]);
			CHECK (f && (f->kind == KIND_TEXT || f->kind == KIND_ENUM));
		}
		bool before = !s->within;
		for (const struct config_section *o = config_sections; o < s; o++) {
			CHECK (strcmp (o->name, s->name) != 0);
			before |= s->within && !strcmp (o->name, s->within) && !o->key[1];
		}
		CHECK (before);
		CHECK (!s->ordered || record_field (s->record, "position") || s->record == &rule_add_record /* moved once it is made */);
	}
}

/* ---- whatever there is ---- */

/* A section's items with keys of a few names each, so that two sides have some in common. */
static json_t *items_make (const struct config_section *s, size_t names)
{
	json_t *ret = json_array (), *seen = json_object ();
	for (size_t i = value_below (8); i; i--) {
		void *item = arena_alloc (&arena, s->record->size);
		struct buffer b = { 0 };
		record_fill (s->record, item, SOME, 0);
		record_to_json (&b, s->record, item, false);
		json_t *o = json_loadb ((const char *) b.at, b.n, 0, NULL);
		for (size_t k = 0; k < CONFIG_KEYS_MOST && s->key[k]; k++)
			if (record_field (s->record, s->key[k])->kind == KIND_TEXT)
				json_object_set_new (
					o, s->key[k],
					json_sprintf ("k/%zu", value_below (k + 1 < CONFIG_KEYS_MOST && s->key[k + 1] ? 2 : names)));
		for (const struct field *f = s->record->fields; f < s->record->fields + s->record->n_fields; f++)
			if (f->kind == KIND_ID || !strcmp (f->name, "position"))
				json_object_del (o, f->name);
		const char *name = config_item_name (&arena, s, o);
		if (!json_object_get (seen, name))
			json_array_append (ret, o);
		json_object_set_new (seen, name, json_true ());
		json_decref (o);
		buffer_fini (&b);
	}
	json_decref (seen);
	return ret;
}

/* What is there (`whole`) or what a file says, which may leave sections out. */
static struct configuration configuration_make (bool whole)
{
	json_t *root = json_object (), *item;
	for (const struct config_section *s = config_sections; s->name; s++)
		if (whole || value_below (5))
			json_object_set_new (root, s->name, items_make (s, 8));
	/* pipelines that stages stand in are there */
	json_t *pipelines = json_object_get (root, "pipelines");
	for (int k = 0; pipelines && k < 2; k++) {
		bool there = false;
		size_t i;
		const char *key = k ? "k/1" : "k/0";
		json_array_foreach (pipelines, i, item) there |= !strcmp (json_string_value (json_object_get (item, "key")), key);
		if (!there)
			json_array_append_new (pipelines, json_pack ("{s:s, s:{s:s}}", "key", key, "label", "nl", "x"));
	}
	struct configuration ret = { 0 };
	struct config_faults faults;
	CHECK (config_take (&arena, config_sections, root, &ret, &faults) == OK);
	if (faults.n)
		CHECK_TEXT (faults_text (&faults), "");
	json_decref (root);
	return ret;
}

static void what_is_written_is_read (void)
{
	for (uint64_t run = 1; run <= 1500; run++) {
		values_begin (&arena, run);
		struct configuration c = configuration_make (false), again = { 0 };
		const char *text = written (&c);
		CHECK_TEXT (read_faults (text, &again), "");
		CHECK (again.root && json_equal (again.root, c.root));
		if (again.root) {
			CHECK_TEXT (written (&again), text);
			config_fini (&again);
		}
		config_fini (&c);
		arena_reset (&arena);
	}
}

/* Takes the steps on a copy, one after the other, as services would; what they do not say stays. */
static json_t *plan_play (const struct configuration *was, const struct config_plan *plan)
{
	json_t *root = json_deep_copy (was->root);
	for (const struct config_step *s = plan->step; s < plan->step + plan->n; s++) {
		if (!json_object_get (root, s->section->name))
			json_object_set_new (root, s->section->name, json_array ());
		json_t *items = json_object_get (root, s->section->name), *item = NULL, *in;
		size_t i, at = json_array_size (items), behind = 0, seen = 0;
		json_array_foreach (items, i, in) if (!strcmp (config_item_name (&arena, s->section, in), s->name)) at = i;
		CHECK ((at < json_array_size (items)) == (s->action != CONFIG_ADD));
		if (s->action == CONFIG_REMOVE) {
			json_array_remove (items, at);
			continue;
		}
		item = at < json_array_size (items) ? json_incref (json_array_get (items, at)) : json_object ();
		CHECK (s->action != CONFIG_KEEP || (!s->changes && !s->place));
		for (size_t k = 0; k < s->changes; k++)
			if (s->change[k].now)
				json_object_set (item, s->change[k].field, (json_t *) s->change[k].now);
			else
				json_object_del (item, s->change[k].field);
		if (s->place || s->action == CONFIG_ADD) {
			if (at < json_array_size (items))
				json_array_remove (items, at);
			/* behind so many of its own group */
			const char *group = s->section->key[1] ? s->section->key[0] : NULL;
			behind = json_array_size (items);
			if (s->place)
				json_array_foreach (items, i,
						    in) if (!group || json_equal (json_object_get (in, group),
										  json_object_get (s->now, group))) if (++seen == s->place)
				{
					behind = i;
					break;
				}
			CHECK (!s->place || seen + 1 >= s->place);
			json_array_insert (items, behind, item);
		}
		json_decref (item);
	}
	return root;
}

/* The items of one group, by name; a group is all that shares the first of two keys. */
static const char *order_text (const struct config_section *s, const json_t *items, const char *group)
{
	const char *ret = "";
	const json_t *in;
	size_t i;
	json_array_foreach (items, i, in) if (!s->key[1] || !strcmp (json_string_value (json_object_get (in, s->key[0])), group))
		ret = arena_printf (&arena, "%s %s", ret, config_item_name (&arena, s, in));
	return ret;
}

/* All of one side stand on the other, by their names. */
static void all_stand (const struct config_section *s, const json_t *items, const json_t *in)
{
	const json_t *one, *other;
	size_t i, k;
	json_array_foreach (items, i, one)
	{
		bool there = false;
		json_array_foreach (in, k, other)
			there = there || !strcmp (config_item_name (&arena, s, one), config_item_name (&arena, s, other));
		CHECK (there);
	}
}

static void sides_agree (const struct configuration *was, const struct configuration *wanted, const json_t *is)
{
	for (const struct config_section *s = config_sections; s->name; s++) {
		const json_t *items = json_object_get (wanted->root, s->name), *now = json_object_get (is, s->name), *in;
		size_t i;
		if (!items)
			continue;
		all_stand (s, items, now);
		if (s->stays)
			all_stand (s, json_object_get (was->root, s->name), now);
		else
			CHECK (json_array_size (items) == json_array_size (now));
		json_array_foreach (items, i, in)
		{
			const char *group = json_string_value (json_object_get (in, s->key[0]));
			if (s->ordered)
				CHECK_TEXT (order_text (s, now, group), order_text (s, items, group));
		}
	}
}

/* In how many ways of leaving items out the rest is in order: the longest, by trying each end. */
static size_t longest_run (const size_t *at, size_t n)
{
	size_t best = 0, run[64] = { 0 };
	for (size_t i = 0; i < n; i++) {
		run[i] = 1;
		for (size_t k = 0; k < i; k++)
			if (at[k] < at[i] && run[k] + 1 > run[i])
				run[i] = run[k] + 1;
		best = run[i] > best ? run[i] : best;
	}
	return best;
}

static void few_are_moved (const struct config_plan *plan)
{
	for (const struct config_section *s = config_sections; s->name; s++)
		for (int g = 0; g < 2; g++) {
			size_t at[64], n = 0, moved = 0;
			for (const struct config_step *p = plan->step; p < plan->step + plan->n; p++)
				if (p->section == s && s->ordered && p->was && p->now &&
				    (!s->key[1] || !strcmp (json_string_value (json_object_get (p->now, s->key[0])), g ? "k/1" : "k/0"))) {
					at[n++] = p->was_at;
					moved += p->place > 0;
				}
			CHECK (moved == n - longest_run (at, n));
		}
}

static void plans_end_where_they_should (void)
{
	for (uint64_t run = 1; run <= 1500; run++) {
		values_begin (&arena, run);
		struct configuration was = configuration_make (true), wanted = configuration_make (false), now = { 0 };
		struct config_plan plan, second;
		struct config_faults faults;
		config_plan_make (&arena, &was, &wanted, &plan);
		few_are_moved (&plan);
		json_t *root = plan_play (&was, &plan);
		sides_agree (&was, &wanted, root);
		/* what was let alone, and what nobody spoke of, is as it was: a second plan finds nothing */
		CHECK (config_take (&arena, config_sections, root, &now, &faults) == OK);
		config_plan_make (&arena, &now, &wanted, &second);
		CHECK (second.of[CONFIG_KEEP] == second.n && second.n == plan.n - plan.of[CONFIG_REMOVE]);
		/* and what is there is what it is itself */
		config_plan_make (&arena, &was, &was, &second);
		CHECK (second.of[CONFIG_KEEP] == second.n);
		json_decref (root);
		config_fini (&now);
		config_fini (&was);
		config_fini (&wanted);
		arena_reset (&arena);
	}
}

/* ---- plans, by example ---- */

/* Stages of a board by their first letters. */
static struct configuration board (const char *letters)
{
	struct buffer b = { 0 };
	struct configuration ret = { 0 };
	buffer_text (&b, *letters ? "leadwire: 1\nstages:\n" : "leadwire: 1\nstages: []\n");
	for (; *letters; letters++)
		buffer_printf (&b, "- {pipeline: sales, key: '%c', label: {nl: '%c'}}\n", *letters, *letters);
	buffer_add (&b, "", 1);
	CHECK_TEXT (read_faults ((const char *) b.at, &ret), "");
	buffer_fini (&b);
	return ret;
}

static void moves_are_few (void)
{
	static const struct {
		const char *was, *wanted, *steps;
	} cases[] = {
		{ "", "", "" },
		{ "abc", "abc", "=a =b =c" },
		{ "", "ab", "+a1 +b2" },
		{ "ab", "", "-b -a" },
		{ "abcd", "bcda", "=b =c =d ~a4" },
		{ "abcd", "dabc", "~d1 =a =b =c" },
		{ "abc", "axbc", "=a +x2 =b =c" },
		{ "abc", "ac", "=a =c -b" },
		{ "abc", "xc", "+x1 =c -b -a" },
		{ "abcd", "badc", "~b1 =a ~d3 =c" },
	};
	for (size_t i = 0; i < LENGTH (cases); i++) {
		struct configuration was = board (cases[i].was), wanted = board (cases[i].wanted);
		struct config_plan plan;
		const char *steps = "";
		config_plan_make (&arena, &was, &wanted, &plan);
		for (const struct config_step *s = plan.step; s < plan.step + plan.n; s++) {
			const char *key = json_string_value (json_object_get (s->now ? s->now : s->was, "key"));
			steps = arena_printf (&arena, "%s%s%c%s", steps, *steps ? " " : "", "=+~-"[s->action], key);
			steps = s->place ? arena_printf (&arena, "%s%zu", steps, s->place) : steps;
			CHECK (s->action == CONFIG_REMOVE ||
			       config_line (&wanted, arena_printf (&arena, "/stages/%zu", s->now_at)) == 3 + s->now_at);
		}
		CHECK_TEXT (steps, cases[i].steps);
		config_fini (&was);
		config_fini (&wanted);
	}
}

static void what_is_not_said_stays (void)
{
	static const char was_text[] = "leadwire: 1\n" STAGE
				       "  colour: red\n  probability: 20\nfields:\n- {key: a, kind: text, label: {nl: A}}\n";
	static const char wanted_text[] = "leadwire: 1\n" STAGE "  colour: null\n";
	struct configuration was = { 0 }, wanted = { 0 };
	struct config_plan plan;
	CHECK_TEXT (read_faults (was_text, &was), "");
	CHECK_TEXT (read_faults (wanted_text, &wanted), "");
	config_plan_make (&arena, &was, &wanted, &plan);
	CHECK (plan.n == 1 && plan.step[0].action == CONFIG_CHANGE && plan.step[0].changes == 1 && !plan.step[0].place);
	CHECK_TEXT (plan.step[0].name, "stages sales/new");
	CHECK_TEXT (plan.step[0].change[0].field, "colour");
	CHECK (json_is_string (plan.step[0].change[0].was) && !plan.step[0].change[0].now);
	CHECK (config_line (&wanted, "/stages/0/colour") == 6 && config_line (&wanted, "/stages/0/kind") == 3);
	config_fini (&was);
	config_fini (&wanted);
}

int main (void)
{
	arena_init (&arena);
	sections_are_sound ();
	faults_have_their_lines ();
	secrets_are_refused ();
	what_is_written_is_read ();
	moves_are_few ();
	what_is_not_said_stays ();
	plans_end_where_they_should ();
	arena_fini (&arena);
	return test_end ();
}
