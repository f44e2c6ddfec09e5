/* What pipeline decides about its boards as people change them: labels, keys, places, what may go and what may not. See rules.h.
 * Never leaves a board that does not begin with an open stage, nor two stages of one key. */
#include "rules.h"

#include <ctype.h>
#include <string.h>

enum { LABEL_BYTES = 200, STAGES_MOST = 60, BOARDS_MOST = 60, KEY_BYTES = 60 };

/* ---- words ---- */

/* {"en", "nl"}, both with something in them: *ret is the label as it is kept. */
struct outcome label_read (struct arena *a, const char *json, const char **ret)
{
	static const char *const languages[] = { "en", "nl" };
	json_t *in = json_loads (json, JSON_DECODE_ANY, NULL);
	struct outcome out = json_is_object (in) ? done () : refused_at (a, "/label", "not_an_object", "must be {en, nl}");
	for (size_t i = 0; i < LENGTH (languages) && is_done (out); i++) {
		const char *text = json_string_value (json_object_get (in, languages[i]));
		const char *pointer = arena_printf (a, "/label/%s", languages[i]);
		if (!text || !text[strspn (text, " \t\r\n")])
			out = refused_at (a, pointer, "required", "this field is required");
		else if (strlen (text) > LABEL_BYTES)
			out = refused_at (a, pointer, "too_long", "at most 200 bytes");
	}
	if (is_done (out))
		*ret = label_text (a, in);
	json_decref (in);
	return out;
}

/* "In onderhandeling!" becomes in_onderhandeling */
static const char *key_of_label (struct arena *a, const char *label)
{
	json_t *in = json_loads (label, 0, NULL);
	const char *text = json_string_value (json_object_get (in, "en"));
	char *key = arena_alloc (a, KEY_BYTES + 1);
	size_t n = 0;
	for (; *text && n < KEY_BYTES - 4; text++) {
		unsigned char c = (unsigned char) *text;
		if (c < 128 && isalnum (c))
			key[n++] = (char) tolower (c);
		else if (n && key[n - 1] != '_')
			key[n++] = '_';
	}
	while (n && key[n - 1] == '_')
		n--;
	key[n] = '\0';
	json_decref (in);
	return n && isalpha ((unsigned char) key[0]) ? key : arena_printf (a, "s%s%s", n ? "_" : "", key);
}

static bool key_is_good (const char *key)
{
	if (!(*key >= 'a' && *key <= 'z'))
		return false;
	return !key[strspn (key, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* The key that was asked for, or one made of the label that nobody has. */
struct outcome key_choose (struct arena *a, const char *asked, const char *label, key_taken_fn *taken, const void *among, const char **ret)
{
	if (asked && !key_is_good (asked))
		return refused_at (a, "/key", "malformed", "a-z, 0-9 and _, beginning with a letter");
	if (asked && taken (among, asked))
		return refused_at (a, "/key", "taken", "this key is taken");
	const char *base = asked ? asked : key_of_label (a, label);
	*ret = base;
	for (int i = 2; taken (among, *ret); i++)
		*ret = arena_printf (a, "%s_%d", base, i);
	return done ();
}

static bool stage_key_taken (const void *among, const char *key)
{
	const struct board *board = among;
	for (size_t i = 0; i < board->n; i++)
		if (strcmp (board->stage[i].key, key) == 0)
			return true;
	return false;
}

struct boards {
	const struct board_pipeline *at;
	size_t n;
};

static bool board_key_taken (const void *among, const char *key)
{
	const struct boards *boards = among;
	for (size_t i = 0; i < boards->n; i++)
		if (strcmp (boards->at[i].key, key) == 0)
			return true;
	return false;
}

static struct outcome colour_check (struct arena *a, const char *colour)
{
	static const char *const colours[] = { "grey", "blue", "purple", "orange", "green", "red" };
	for (size_t i = 0; i < LENGTH (colours); i++)
		if (strcmp (colours[i], colour) == 0)
			return done ();
	return refused_at (a, "/colour", "not_a_choice", "grey, blue, purple, orange, green or red");
}

static struct outcome probability_check (struct arena *a, int64_t probability)
{
	return probability >= 0 && probability <= 100 ? done () : refused_at (a, "/probability", "out_of_range", "0 to 100");
}

/* ---- places ---- */

static void stages_number (struct board *board)
{
	for (size_t i = 0; i < board->n; i++)
		board->stage[i].position = (int64_t) i + 1;
}

size_t place_within (int64_t position, size_t n)
{
	return position < 1 ? 0 : position > (int64_t) n ? n - 1 : (size_t) position - 1;
}

void place_change (void *list, size_t size, size_t from, size_t to)
{
	char *at = list, *moved = heap_alloc (size);
	memcpy (moved, at + from * size, size);
	if (from < to)
		memmove (at + from * size, at + (from + 1) * size, (to - from) * size);
	else
		memmove (at + (to + 1) * size, at + to * size, (from - to) * size);
	memcpy (at + to * size, moved, size);
	heap_free (moved);
}

static void stage_place (struct board *board, size_t from, size_t to)
{
	place_change (board->stage, sizeof *board->stage, from, to);
	stages_number (board);
}

static void mark_alone (struct board *board, size_t at)
{
	for (size_t i = 0; i < board->n; i++)
		board->stage[i].qualified = i == at;
}

static struct outcome board_check (struct arena *a, const struct board *board)
{
	return board->stage[0].kind == stage_kind_open ? done ()
						       : refused_at (a, "/position", "first_open", "a pipeline begins with an open stage");
}

void boards_place (struct board_pipeline *boards, size_t n, pipeline_id moved, int64_t position)
{
	size_t from = 0, to = place_within (position, n);
	while (from < n && !uuid_equal (boards[from].pipeline_id.uuid, moved.uuid))
		from++;
	if (from == n)
		return;
	place_change (boards, sizeof *boards, from, to);
	for (size_t i = 0; i < n; i++)
		boards[i].position = (int64_t) i + 1;
}

/* ---- pipelines ---- */

static void stage_begin (struct arena *a, struct board *board, const char *key, enum stage_kind kind, const char *label,
			 int64_t probability, const char *colour)
{
	struct board_stage *s = &board->stage[board->n++];
	*s = (struct board_stage){
		.workspace_id = board->pipeline.workspace_id,
		.stage_id = { board_id_of (a, board->pipeline.workspace_id, "stage", board->pipeline.key, key) },
		.pipeline_id = board->pipeline.pipeline_id,
		.position = (int64_t) board->n,
		.key = key,
		.kind = kind,
		.label = label,
		.probability = probability,
		.colour = colour,
	};
}

struct outcome pipeline_add_apply (struct arena *a, const struct pipeline_add *cmd, const struct board_pipeline *boards, size_t n,
				   struct board *ret)
{
	const struct boards all = { boards, n };
	const char *label = NULL, *key = NULL;
	struct outcome out = n < BOARDS_MOST ? label_read (a, cmd->label, &label)
					     : refused_at (a, "/label", "too_many", "sixty pipelines are the most");
	if (is_done (out))
		out = key_choose (a, cmd->has.key == HERE ? cmd->key : NULL, label, board_key_taken, &all, &key);
	if (!is_done (out))
		return out;
	workspace_id workspace = { cmd->head.workspace };
	*ret = (struct board){ .stage = arena_array (a, 4, sizeof *ret->stage) };
	ret->pipeline = (struct board_pipeline){
		.workspace_id = workspace,
		.pipeline_id = { board_id_of (a, workspace, "pipeline", key, "") },
		.position = (int64_t) n + 1,
		.key = key,
		.label = label,
		.move_mode = cmd->has.move_mode == HERE ? cmd->move_mode : move_mode_instant,
		.lost_reason_required = cmd->has.lost_reason_required == HERE && cmd->lost_reason_required,
		.has.lost_reason_required = HERE,
		.has.archived = HERE,
		.kind = cmd->has.kind == HERE ? cmd->kind : pipeline_kind_sales,
		.has.kind = HERE,
	};
	stage_begin (a, ret, "new", stage_kind_open, "{\"en\":\"New\",\"nl\":\"Nieuw\"}", 10, "grey");
	stage_begin (a, ret, "won", stage_kind_won, "{\"en\":\"Won\",\"nl\":\"Gewonnen\"}", 100, "green");
	stage_begin (a, ret, "lost", stage_kind_lost, "{\"en\":\"Lost\",\"nl\":\"Verloren\"}", 0, "red");
	return done ();
}

/* Leads begin here, or somebody still works on what stands here. */
static bool board_in_use (const struct board *board)
{
	bool used = board->pipeline.begins;
	for (size_t i = 0; i < board->n; i++)
		used = used || (board->stage[i].kind == stage_kind_open && board->stage[i].deals > 0);
	return used;
}

struct outcome pipeline_update_apply (struct arena *a, const struct pipeline_update *cmd, struct board *board, bool *ret_changed)
{
	struct board_pipeline *p = &board->pipeline, was = *p;
	struct outcome out = cmd->has.label == HERE ? label_read (a, cmd->label, &p->label) : done ();
	if (cmd->has.move_mode == HERE)
		p->move_mode = cmd->move_mode;
	if (cmd->has.lost_reason_required == HERE)
		p->lost_reason_required = cmd->lost_reason_required;
	if (cmd->has.archived == HERE)
		p->archived = cmd->archived;
	if (cmd->has.kind == HERE)
		p->kind = cmd->kind;
	p->has.kind = HERE;
	if (is_done (out) && ((p->archived && !was.archived) || p->kind != was.kind) && board_in_use (board))
		out = refused (pipeline_in_use);
	*ret_changed = strcmp (was.label, p->label) || was.move_mode != p->move_mode ||
		       was.lost_reason_required != p->lost_reason_required || was.archived != p->archived || was.kind != p->kind ||
		       (cmd->has.position == HERE && cmd->position != was.position);
	return out;
}

/* ---- stages ---- */

/* Before the first stage that is won or lost; those stand at the end. */
static size_t place_usual (const struct board *board, enum stage_kind kind)
{
	size_t at = 0;
	while (kind == stage_kind_open && at < board->n && board->stage[at].kind == stage_kind_open)
		at++;
	return kind == stage_kind_open ? at : board->n;
}

struct outcome stage_add_apply (struct arena *a, const struct stage_add *cmd, struct board *board, size_t *ret_at)
{
	const char *label = NULL, *key = NULL, *colour = cmd->has.colour == HERE ? cmd->colour : "grey";
	enum stage_kind kind = cmd->has.kind == HERE ? cmd->kind : stage_kind_open;
	int64_t probability = kind == stage_kind_won ? 100 : kind == stage_kind_lost ? 0 : 50;
	size_t at = place_usual (board, kind);
	struct outcome out = board->n < STAGES_MOST ? label_read (a, cmd->label, &label)
						    : refused_at (a, "/pipeline", "too_many", "sixty stages are the most");
	if (is_done (out))
		out = key_choose (a, cmd->has.key == HERE ? cmd->key : NULL, label, stage_key_taken, board, &key);
	if (cmd->has.probability == HERE)
		probability = cmd->probability;
	if (is_done (out))
		out = probability_check (a, probability);
	if (is_done (out))
		out = colour_check (a, colour);
	if (!is_done (out))
		return out;
	stage_begin (a, board, key, kind, label, probability, colour);
	if (cmd->has.position == HERE)
		at = place_within (cmd->position, board->n);
	stage_place (board, board->n - 1, at);
	if (cmd->has.qualified == HERE && cmd->qualified)
		mark_alone (board, at);
	*ret_at = at;
	return board_check (a, board);
}

static size_t stage_find (const struct board *board, struct uuid id)
{
	size_t at = 0;
	while (at < board->n && !uuid_equal (board->stage[at].stage_id.uuid, id))
		at++;
	return at;
}

static bool stage_same (const struct board_stage *x, const struct board_stage *y)
{
	return strcmp (x->label, y->label) == 0 && strcmp (x->colour, y->colour) == 0 && x->kind == y->kind &&
	       x->probability == y->probability && x->qualified == y->qualified && x->position == y->position;
}

struct outcome stage_update_apply (struct arena *a, const struct stage_update *cmd, struct board *board, size_t *ret_at, bool *ret_changed)
{
	size_t at = stage_find (board, cmd->stage_id.uuid), to = at;
	if (at == board->n)
		return refused (stage_not_found);
	struct board_stage *s = &board->stage[at], was = *s;
	struct outcome out = cmd->has.label == HERE ? label_read (a, cmd->label, &s->label) : done ();
	if (is_done (out) && cmd->has.colour == HERE)
		out = colour_check (a, s->colour = cmd->colour);
	if (is_done (out) && cmd->has.probability == HERE)
		out = probability_check (a, s->probability = cmd->probability);
	if (cmd->has.kind == HERE)
		s->kind = cmd->kind;
	if (is_done (out) && s->kind != was.kind && s->deals)
		out = refused (stage_in_use);
	if (!is_done (out))
		return out;
	if (cmd->has.qualified == HERE && cmd->qualified)
		mark_alone (board, at);
	else if (cmd->has.qualified == HERE)
		s->qualified = false;
	if (cmd->has.position == HERE)
		stage_place (board, at, to = place_within (cmd->position, board->n));
	*ret_at = to;
	*ret_changed = !stage_same (&board->stage[to], &was);
	return board_check (a, board);
}

enum { STAGE_MOVE_MOST = 50000 };

struct outcome stage_remove_apply (struct arena *a, const struct stage_remove *cmd, struct board *board, struct board_stage *ret_gone,
				   struct board_stage *ret_to)
{
	size_t at = stage_find (board, cmd->stage_id.uuid), to = 0;
	char text[UUID_TEXT];
	*ret_to = (struct board_stage){ .deals = 0 };
	if (at == board->n)
		return refused (stage_not_found);
	*ret_gone = board->stage[at];
	if (ret_gone->deals && cmd->has.move_to != HERE)
		return refused (stage_in_use);
	if (cmd->has.move_to == HERE) {
		while (to < board->n && strcmp (board->stage[to].key, cmd->move_to) &&
		       strcmp (uuid_format (board->stage[to].stage_id.uuid, text), cmd->move_to))
			to++;
		if (to == board->n || to == at)
			return refused_at (a, "/move_to", "unknown", "name another stage of the same pipeline");
		if (ret_gone->deals && board->stage[to].kind == stage_kind_lost && board->pipeline.lost_reason_required)
			return refused (loss_reason_required);
		if (ret_gone->deals && board->pipeline.kind == pipeline_kind_relationship && ret_gone->kind != stage_kind_open &&
		    board->stage[to].kind == stage_kind_open)
			return refused_at (a, "/move_to", "not_a_choice", "closed cards of companies do not open again all at once");
		if (ret_gone->deals > STAGE_MOVE_MOST)
			return refused_at (a, "/move_to", "out_of_range", "at most 50,000 deals move in one go: move some first");
		*ret_to = board->stage[to];
	}
	stage_place (board, at, board->n - 1);
	board->n--;
	return board->n && board->stage[0].kind == stage_kind_open ? done () : refused (stage_needed);
}

/* ---- as it is told ---- */

struct board_changed board_told (struct arena *a, const struct board *board)
{
	const struct board_pipeline *p = &board->pipeline;
	struct board_column *column = arena_array (a, board->n + 1, sizeof *column);
	for (size_t i = 0; i < board->n; i++) {
		const struct board_stage *s = &board->stage[i];
		column[i] = (struct board_column){
			.stage_id = s->stage_id,
			.key = s->key,
			.kind = s->kind,
			.label = s->label,
			.probability = s->probability,
			.colour = s->colour,
			.qualified = s->qualified,
			.position = s->position,
		};
	}
	return (struct board_changed){
		.pipeline_id = p->pipeline_id,
		.key = p->key,
		.label = p->label,
		.move_mode = p->move_mode,
		.lost_reason_required = p->lost_reason_required,
		.position = p->position,
		.archived = p->archived,
		.kind = p->kind,
		.has.kind = HERE,
		.stages = { column, board->n },
	};
}
