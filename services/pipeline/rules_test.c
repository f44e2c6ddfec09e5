/* pipeline's rules: every preset there is, moves and who may make them, changes, owners, and where a contact is noted. */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

static struct arena arena;

static struct uuid id (unsigned char n)
{
	struct uuid u = { { 0 } };
	u.b[15] = n;
	return u;
}

/* ---- presets ---- */

static char *file_read (const char *path)
{
	FILE *f = fopen (path, "rb");
	char *text = arena_alloc (&arena, 65536);
	CHECK (f != NULL);
	if (f) {
		size_t n = fread (text, 1, 65535, f);
		CHECK (n > 0 && n < 65535);
		fclose (f);
	}
	return text;
}

static const struct {
	const char *name, *first, *stages, *qualified;
	enum move_mode move_mode;
	bool lost_reason;
} presets[] = {
	{ "nl-offerte-6", "nieuwe_aanvraag", "nieuwe_aanvraag contact_opgenomen offerte_verstuurd in_onderhandeling gewonnen+ verloren-",
	  NULL, move_mode_instant, false },
	{ "classic-6", "lead", "lead qualified proposal negotiation won+ lost-", NULL, move_mode_locked, false },
	{ "dynamics", "lead", "lead qualified proposal negotiation won+ lost-", "qualified", move_mode_instant, false },
	{ "follow-up", "new", "new contacted interested negotiation onboarding won+ lost-", NULL, move_mode_note_required, false },
	{ "commerce", "new", "new qualified proposal won+ lost-", NULL, move_mode_instant, true },
};

static void test_presets (void)
{
	for (size_t i = 0; i < LENGTH (presets); i++) {
		struct preset_board board, again;
		const char *error = NULL, *content = file_read (arena_printf (&arena, "proto/presets/%s.json", presets[i].name));
		char stages[400] = "";
		size_t n = 0;
		const char *qualified = NULL;
		CHECK (preset_read (&arena, (workspace_id){ id (1) }, content, &board, &error));
		CHECK_TEXT (error, NULL);
		CHECK (board.pipelines == 1 && board.pipeline[0].move_mode == presets[i].move_mode && board.pipeline[0].position == 1);
		CHECK (board.pipeline[0].lost_reason_required == presets[i].lost_reason);
		CHECK (board.auto_deal);
		for (size_t j = 0; j < board.stages; j++) {
			const struct board_stage *s = &board.stage[j];
			n += (size_t) snprintf (stages + n, sizeof stages - n, "%s%s%s", j ? " " : "", s->key,
						s->kind == stage_kind_won    ? "+"
						: s->kind == stage_kind_lost ? "-"
									     : "");
			CHECK (s->position == (int64_t) j + 1 && uuid_equal (s->pipeline_id.uuid, board.pipeline[0].pipeline_id.uuid));
			if (s->qualified)
				qualified = s->key;
		}
		CHECK_TEXT (stages, presets[i].stages);
		CHECK_TEXT (qualified, presets[i].qualified);
		CHECK_TEXT (board.stage[0].key, presets[i].first);
		CHECK (uuid_equal (board.first_stage_id.uuid, board.stage[0].stage_id.uuid));
		/* the same words give the same ids, another workspace gives others */
		CHECK (preset_read (&arena, (workspace_id){ id (1) }, content, &again, &error));
		CHECK (uuid_equal (again.stage[3].stage_id.uuid, board.stage[3].stage_id.uuid));
		CHECK (preset_read (&arena, (workspace_id){ id (2) }, content, &again, &error));
		CHECK (!uuid_equal (again.stage[3].stage_id.uuid, board.stage[3].stage_id.uuid));
	}
}

#define STAGE(key, kind, more) "{\"key\":\"" key "\",\"kind\":\"" kind "\",\"label\":{\"en\":\"A\",\"nl\":\"A\"},\"probability\":1" more "}"
#define PRESET(stages) \
	"{\"move_mode\":\"instant\",\"pipelines\":[{\"key\":\"p\",\"label\":{\"en\":\"P\",\"nl\":\"P\"},\"stages\":[" stages "]}]}"

static void test_presets_wrong (void)
{
	static const char *const wrong[] = {
		"",
		"[]",
		"{}",
		"{\"pipelines\":[]}",
		"{\"move_mode\":\"instant\",\"pipelines\":[{\"key\":\"p\",\"label\":{\"en\":\"P\"},\"stages\":[]}]}",
		PRESET (""),
		PRESET (STAGE ("a", "won", "")),
		PRESET (STAGE ("a", "open", "") "," STAGE ("a", "won", "")),
		PRESET (STAGE ("a", "open", "") "," STAGE ("b", "gone", "")),
		PRESET (STAGE ("a", "open", ",\"qualified\":true") "," STAGE ("b", "open", ",\"qualified\":true")),
		PRESET ("{\"key\":\"a\",\"kind\":\"open\",\"probability\":5}"),
		PRESET ("{\"key\":\"a\",\"kind\":\"open\",\"label\":{\"en\":\"A\",\"nl\":\"A\"},\"probability\":101}"),
	};
	for (size_t i = 0; i < LENGTH (wrong); i++) {
		struct preset_board board;
		const char *error = NULL;
		CHECK (!preset_read (&arena, (workspace_id){ id (1) }, wrong[i], &board, &error));
		CHECK (error != NULL);
	}
	struct preset_board board;
	const char *error, *good = PRESET (STAGE ("a", "open", "") "," STAGE ("b", "open", ",\"qualified\":true"));
	CHECK (preset_read (&arena, (workspace_id){ id (1) }, good, &board, &error));
	CHECK (board.auto_deal && board.stages == 2 && board.stage[1].qualified);
}

/* ---- moves ---- */

static void test_moves (void)
{
	struct deal_place there = { .has.stage_id = HERE,
				    .stage_id = { id (1) },
				    .has.target_id = HERE,
				    .target_id = { id (2) },
				    .version = 3,
				    .owner_id = { id (9) },
				    .has.owner_id = HERE };
	struct deal_move move = { .head.grant = { .scope = SCOPE_WORKSPACE } };
	struct deal_place place = there;
	CHECK (is_done (deal_move_check (&arena, &move, &place)));
	place.has.stage_id = ABSENT;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_deal_not_found);
	place = there;
	place.has.target_id = ABSENT;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_stage_not_found);

	place = there;
	move.version = 2;
	move.has.version = HERE;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_deal_changed);
	move.version = 3;
	CHECK (is_done (deal_move_check (&arena, &move, &place)));

	place.wants_note = true;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_note_required);
	move.note = " \n";
	move.has.note = HERE;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_note_required);
	move.note = "Pide descuento";
	CHECK (is_done (deal_move_check (&arena, &move, &place)));
	move.note = NULL;
	place.target_id = place.stage_id; /* staying is no move */
	CHECK (is_done (deal_move_check (&arena, &move, &place)));

	place = there;
	move.head.grant = (struct grant){ .scope = SCOPE_OWN, .user = id (8) };
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_deal_not_found); /* before anything else can be learnt of it */
	move.head.grant.user = id (9);
	CHECK (is_done (deal_move_check (&arena, &move, &place)));
	move.head.grant.scope = SCOPE_NONE;
	CHECK (deal_move_check (&arena, &move, &place).error == ERROR_deal_not_found);
}

/* ---- changes ---- */

static const struct deal_state a_deal = {
	.has = { .deal_id = HERE, .version = HERE, .title = HERE, .value = HERE, .owner_id = HERE },
	.version = 4,
	.title = "Piet de Vries — Offerteaanvraag",
	.value = { 150000, "EUR" },
	.owner_id = { { { 5 } } },
};

static const struct change *changed (const struct deal_updated *deal, const char *field)
{
	const struct change *c = deal->changes.at;
	for (size_t i = 0; i < deal->changes.n; i++)
		if (strcmp (c[i].field, field) == 0)
			return &c[i];
	return NULL;
}

static void test_changes (void)
{
	struct deal_updated deal;
	struct deal_update cmd = { .head.grant = { .scope = SCOPE_ALL } };
	CHECK (!deal_update_merge (&arena, &cmd, &a_deal, &deal)); /* nothing said */
	cmd.title = a_deal.title;
	cmd.has.title = HERE;
	cmd.value = (struct money){ 150000, "EUR" };
	cmd.has.value = HERE;
	CHECK (!deal_update_merge (&arena, &cmd, &a_deal, &deal)); /* nothing new said */

	cmd.value = (struct money){ 181500, "EUR" };
	cmd.title = "  "; /* no title is no title */
	cmd.close_date = 20000;
	cmd.has.close_date = HERE;
	CHECK (deal_update_merge (&arena, &cmd, &a_deal, &deal));
	CHECK (deal.changes.n == 2 && deal.version == 5 && deal.value.minor == 181500);
	CHECK_TEXT (deal.title, a_deal.title);
	CHECK_TEXT (changed (&deal, "value")->old, "1500.00 EUR");
	CHECK_TEXT (changed (&deal, "value")->new, "1815.00 EUR");
	CHECK (changed (&deal, "close_date")->has.old == ABSENT);
	CHECK_TEXT (changed (&deal, "close_date")->new, "2024-10-04");
	CHECK (deal.has.old_owner_id == ABSENT);

	cmd = (struct deal_update){ .has = { .value = CLEARED, .owner_id = HERE }, .owner_id = { { { 6 } } } };
	CHECK (deal_update_merge (&arena, &cmd, &a_deal, &deal));
	CHECK (deal.has.value == CLEARED && changed (&deal, "value")->has.new == ABSENT);
	CHECK (deal.owner_id.uuid.b[0] == 6 && deal.has.old_owner_id == HERE && deal.old_owner_id.uuid.b[0] == 5);

	CHECK (is_done (deal_update_check (&cmd, &a_deal)) == false); /* scope none */
	cmd.head.grant.scope = SCOPE_TEAM;
	cmd.version = 3;
	cmd.has.version = HERE;
	CHECK (deal_update_check (&cmd, &a_deal).error == ERROR_deal_changed);
	cmd.version = 4;
	CHECK (deal_update_check (&cmd, &a_deal).error == ERROR_forbidden); /* another owner is a right of its own */
	cmd.head.grant.permissions = 1U << PERMISSION_crm_edit_salesman_prospect;
	CHECK (is_done (deal_update_check (&cmd, &a_deal)));
	struct deal_state client = a_deal;
	client.client = true;
	client.has.client = HERE;
	CHECK (deal_update_check (&cmd, &client).error == ERROR_account_is_client);
	CHECK (deal_update_check (&cmd, &(struct deal_state){ 0 }).error == ERROR_deal_not_found);
}

/* ---- owners ---- */

static void test_owners (void)
{
	user_id owner = { { { 0 } } };
	struct deal_create cmd = { .head.grant = { .scope = SCOPE_ALL, .user = id (3) } };
	struct deal_start start = { 0 };
	CHECK (!deal_owner (&cmd, &start, &owner));
	start.default_owner_id = (user_id){ id (4) };
	start.has.default_owner_id = HERE;
	CHECK (deal_owner (&cmd, &start, &owner) && uuid_equal (owner.uuid, id (4)));
	cmd.head.grant.scope = SCOPE_OWN; /* what they make must not vanish before their eyes */
	CHECK (deal_owner (&cmd, &start, &owner) && uuid_equal (owner.uuid, id (3)));
	cmd.owner_id = (user_id){ id (5) };
	cmd.has.owner_id = HERE;
	CHECK (deal_owner (&cmd, &start, &owner) && uuid_equal (owner.uuid, id (5)));

	static const struct change handed = { .field = "owner_id" }, called = { .field = "name" };
	struct lead_updated lead = { .changes = { &called, 1 }, .owner_id = { { { 7 } } }, .has.owner_id = HERE };
	struct deal_updated deal;
	CHECK (!deal_follow_lead (&arena, &lead, &a_deal, &deal));
	lead.changes.at = &handed;
	CHECK (!deal_follow_lead (&arena, &lead, &a_deal, &deal)); /* the lead was nobody's, the deal is somebody's */
	lead.old_owner_id = (user_id){ { { 6 } } };
	lead.has.old_owner_id = HERE;
	CHECK (!deal_follow_lead (&arena, &lead, &a_deal, &deal)); /* the deal was given to another one by hand */
	lead.old_owner_id = a_deal.owner_id;
	CHECK (deal_follow_lead (&arena, &lead, &a_deal, &deal));
	CHECK (deal.owner_id.uuid.b[0] == 7 && deal.changes.n == 1 && deal.version == 5);
	CHECK (!deal_follow_lead (&arena, &lead, &(struct deal_state){ 0 }, &deal));
}

static void test_links (void)
{
	struct lead_contact_linked none = { 0 }, linked = { .contact_id = { id (1) }, .has.contact_id = HERE };
	struct link_place deal = { .has.auto_deal = HERE, .auto_deal = true, .board = true, .has_deal = true };
	CHECK (link_decide (&none, &deal) == LINK_NOTHING);
	CHECK (link_decide (&linked, &deal) == LINK_DEAL);
	deal.contact_id = (contact_id){ id (1) };
	deal.has.contact_id = HERE;
	CHECK (link_decide (&linked, &deal) == LINK_NOTHING); /* heard before */
	deal.contact_id = (contact_id){ id (2) };
	CHECK (link_decide (&linked, &deal) == LINK_OTHER);
	CHECK (link_decide (&linked, &(struct link_place){ 0 }) == LINK_TOO_EARLY);
	CHECK (link_decide (&linked, &(struct link_place){ .has.auto_deal = HERE, .auto_deal = true, .board = true }) == LINK_TOO_EARLY);
	CHECK (link_decide (&linked, &(struct link_place){ .has.auto_deal = HERE, .board = true, .waits = true }) == LINK_WAITING);
	CHECK (link_decide (&linked, &(struct link_place){ .has.auto_deal = HERE }) == LINK_NOTHING); /* an agency's home */
}

/* ---- boards ---- */

static struct board board_of_five (void)
{
	struct preset_board preset;
	const char *error = NULL;
	CHECK (preset_read (&arena, (workspace_id){ id (1) }, file_read ("proto/presets/commerce.json"), &preset, &error));
	struct board board = { .pipeline = preset.pipeline[0], .stage = arena_array (&arena, 8, sizeof *board.stage), .n = preset.stages };
	memcpy (board.stage, preset.stage, preset.stages * sizeof *board.stage);
	return board;
}

static void test_boards (void)
{
	static const char label[] = "{\"en\":\"Second look!\",\"nl\":\"Nog eens\",\"fr\":\"x\"}";
	struct board board = board_of_five (); /* new qualified proposal won lost */
	struct stage_add add = { .label = label };
	size_t at = 99;
	bool changed = false;
	CHECK (is_done (stage_add_apply (&arena, &add, &board, &at)) && at == 3 && board.n == 6);
	CHECK_TEXT (board.stage[3].key, "second_look");
	CHECK_TEXT (board.stage[3].label, "{\"en\":\"Second look!\",\"nl\":\"Nog eens\"}");
	for (size_t i = 0; i < board.n; i++)
		CHECK (board.stage[i].position == (int64_t) i + 1);
	CHECK (is_done (stage_add_apply (&arena, &add, &board, &at)));
	CHECK_TEXT (board.stage[at].key, "second_look_2");

	struct stage_update up = { .stage_id = board.stage[at].stage_id, .position = 2, .has.position = HERE };
	CHECK (is_done (stage_update_apply (&arena, &up, &board, &at, &changed)) && at == 1 && changed);
	CHECK (is_done (stage_update_apply (&arena, &up, &board, &at, &changed)) && !changed); /* it stands there */
	up.stage_id = board.stage[5].stage_id;
	up.position = 1;
	CHECK (stage_update_apply (&arena, &up, &board, &at, &changed).error == ERROR_invalid); /* won comes first */

	board = board_of_five ();
	board.stage[0].deals = 3;
	struct board_stage gone, to;
	struct stage_remove drop = { .stage_id = board.stage[0].stage_id };
	CHECK (stage_remove_apply (&arena, &drop, &board, &gone, &to).error == ERROR_stage_in_use && board.n == 5);
	drop.move_to = "new";
	drop.has.move_to = HERE;
	CHECK (stage_remove_apply (&arena, &drop, &board, &gone, &to).error == ERROR_invalid && board.n == 5);
	drop.move_to = "won";
	CHECK (is_done (stage_remove_apply (&arena, &drop, &board, &gone, &to)) && board.n == 4 && board.stage[0].position == 1);
	CHECK_TEXT (gone.key, "new");
	CHECK_TEXT (to.key, "won");
	for (int i = 0; i < 2; i++) {
		drop = (struct stage_remove){ .stage_id = board.stage[0].stage_id };
		struct outcome last = stage_remove_apply (&arena, &drop, &board, &gone, &to);
		CHECK (i ? last.error == ERROR_stage_needed : is_done (last));
	}
}

/* ---- catalogues ---- */

static void test_catalogues (void)
{
	struct catalogue_item offered[2] = {
		{ .workspace_id = { id (1) }, .catalogue = catalogue_channel, .key = "fax" },
		{ .workspace_id = { id (1) }, .catalogue = catalogue_channel, .key = "telex", .retired = true },
	};
	struct catalogue_items items = { offered, 2 };
	struct deal_update cmd = { .head.workspace = id (1), .channel = "fax", .has.channel = HERE };
	struct deal_state was = { 0 };
	CHECK (is_done (deal_update_words (&arena, &cmd, &was, &items)));
	cmd.head.workspace = id (2); /* another workspace's */
	CHECK (deal_update_words (&arena, &cmd, &was, &items).error == ERROR_invalid);
	cmd.head.workspace = id (1);
	cmd.channel = "telex";
	CHECK (deal_update_words (&arena, &cmd, &was, &items).error == ERROR_invalid);
	was.channel = "telex";
	was.has.channel = HERE;
	CHECK (is_done (deal_update_words (&arena, &cmd, &was, &items)));				 /* it has it already */
	cmd = (struct deal_update){ .head.workspace = id (1), .campaign = "fax", .has.campaign = HERE }; /* of another list */
	CHECK (deal_update_words (&arena, &cmd, &was, &items).error == ERROR_invalid);
}

/* ---- rates ---- */

static void test_rates (void)
{
	static const struct {
		const char *text;
		int64_t nano;
		const char *told;
	} good[] = {
		{ "1", 1000000000, "1" },
		{ "0.92", 920000000, "0.92" },
		{ "1.0845", 1084500000, "1.0845" },
		{ "007.50", 7500000000, "7.5" },
		{ "0.000000001", 1, "0.000000001" },
		{ "100", 100000000000, "100" },
		{ "999999999.999999999", 999999999999999999, "999999999.999999999" },
	};
	static const char *const bad[] = { "",	  "0",	"0.0", ".5",	       "5.",	     "-1",  "+1",   "1,5",
					   "1e3", " 1", "1 ",  "1.0000000000", "1000000000", "0x1", "1.2.3" };
	for (size_t i = 0; i < LENGTH (good); i++) {
		int64_t nano = 0;
		CHECK (rate_parse (good[i].text, &nano) && nano == good[i].nano);
		CHECK_TEXT (rate_text (&arena, nano), good[i].told);
	}
	for (size_t i = 0; i < LENGTH (bad); i++) {
		int64_t nano = 7;
		CHECK (!rate_parse (bad[i], &nano));
	}
	CHECK (currency_fits ("EUR") && !currency_fits ("EU") && !currency_fits ("EURO") && !currency_fits ("eur") && !currency_fits (""));
}

int main (void)
{
	arena_init (&arena);
	test_presets ();
	test_presets_wrong ();
	test_moves ();
	test_changes ();
	test_owners ();
	test_links ();
	test_boards ();
	test_catalogues ();
	test_rates ();
	arena_fini (&arena);
	return test_end ();
}
