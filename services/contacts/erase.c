/* Forgetting somebody, in contacts: who they are, in which order it goes (lead-intake, then here, then everybody), and what is left when
 * pipeline has answered. Their row stays, without a word of them, so that what hangs on it still has a place.
 * It must never say again what it takes away, but in the three events that carry it on and are emptied last, nor take bytes away that lead-intake names. */
#include "files.h"
#include "import_bites.h"
#include "records.h"
#include "contacts_sql.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void person_erase (struct batch *b, const struct person_erase cmd[], size_t n, struct outcome ret[])
{
	const struct erasure_found *found = erasure_find (b, cmd, n);
	struct erasure_row *row = ARRAY (b, row, n);
	struct erasure_asked *said = ARRAY (b, said, n);
	size_t rows = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !grant_allows (&cmd[i].head.grant, PERMISSION_crm_erase) ? refused (forbidden)
			 : !found[i].known					  ? refused (contact_not_found)
										  : done ();
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].erasure_id.uuid;
		row[rows] = (struct erasure_row){ .workspace_id = { cmd[i].head.workspace },
						  .erasure_id = cmd[i].erasure_id,
						  .contact_id = cmd[i].contact_id,
						  .has.contact_id = cmd[i].has.contact_id,
						  .by_id = { cmd[i].head.actor },
						  .has.by_id = HERE,
						  .at = cmd[i].head.at };
		said[rows++] = (struct erasure_asked){ .head = head_caused (b, &cmd[i].head),
						       .erasure_id = cmd[i].erasure_id,
						       .ids = found[i].ids,
						       .words = found[i].words,
						       .has.words = HERE };
	}
	erasure_write (b, row, rows);
	erasure_asked_emit (b, said, rows);
}

/* The past of what is about them: each event as its frame will be, so that a rebuild says the same. */
static void past_empty (struct batch *b, const struct erased_about *about)
{
	size_t n, rows = 0;
	const struct erased_entry *was = erased_timeline (b, about, 1, &n);
	struct erased_entry *row = ARRAY (b, row, n);
	for (size_t i = 0; i < n; i++) {
		const struct record *r = record_of_type (was[i].type);
		struct buffer text = { 0 };
		struct problem problem = { 0 };
		json_t *data = json_loads (was[i].data, 0, NULL);
		void *item = r ? arena_alloc (batch_arena (b), r->size) : NULL;
		row[rows] = was[i];
		row[rows].data = "{}";
		if (r && record_from_json (batch_arena (b), r, data, false, item, &problem) == OK) {
			record_erase (batch_arena (b), r, item);
			record_to_json (&text, r, item, false);
			row[rows].data = arena_copy (batch_arena (b), (const char *) text.at, text.n);
		}
		rows++;
		buffer_fini (&text);
		json_decref (data);
	}
	erased_timeline_write (b, row, rows);
}

/* What lead-intake names no more goes from the disk when nobody names it here. */
static void files_let_go (struct batch *b, const struct leads_erased *event)
{
	struct let_go ask = { .workspace_id = { event->head.workspace }, .ids = event->ids, .files = event->files };
	size_t n = 0;
	const struct let_go_file *file = event->has.files == HERE ? let_go_files (b, &ask, 1, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		file_drop_older (batch_files (b), event->head.workspace, file[i].sha256, event->files_at);
}

/* The files that are named here no more: an array of digests. lead-intake may have the same bytes: it drops them, or keeps them. */
static const char *rows_empty (struct batch *b, const struct head *head, struct uuid request, const char *ids, unsigned char has,
			       const char *words)
{
	struct erased_about about = { .workspace_id = { head->workspace }, .ids = ids };
	size_t files;
	const struct erased_attachment *file = erased_attachments (b, &about, 1, &files);
	struct erased_import import = { .workspace_id = { head->workspace }, .ids = ids, .words = has == HERE ? words : "[]" };
	json_t *gone = json_array ();
	for (size_t i = 0; i < files; i++)
		if (file[i].alone)
			json_array_append_new (gone, json_string (file[i].sha256));
	char *text = json_dumps (gone, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (b), text);
	free (text);
	json_decref (gone);
	imports_forget_person (b, head->workspace, import.words);
	erased_imports_write (b, &import, 1);
	past_empty (b, &about);
	projection_cancel (b, &about, 1);
	erased_shadow_drop (b, &about, 1);
	erased_merge_part_drop (b, &about, 1);
	batch_erase (b, head->workspace, request, ids, has == HERE ? words : "[]");
	erased_contacts_write (b, &about, 1);
	erased_pages_write (b, &about, 1);
	return ret;
}

/* lead-intake has nothing more to say of them: so it is our turn. */
void leads_erased (struct batch *b, const struct leads_erased event[], size_t n, struct outcome ret[])
{
	struct person_erased *said = ARRAY (b, said, n);
	for (size_t i = 0; i < n; i++) {
		const char *files = rows_empty (b, &event[i].head, event[i].erasure_id.uuid, event[i].ids, event[i].has.words,
						event[i].words);
		files_let_go (b, &event[i]);
		said[i] = (struct person_erased){ .head = head_caused (b, &event[i].head),
						  .erasure_id = event[i].erasure_id,
						  .ids = event[i].ids,
						  .words = event[i].words,
						  .has.words = event[i].has.words,
						  .files = files,
						  .has.files = HERE,
						  .files_at = batch_now (b),
						  .has.files_at = HERE };
		ret[i] = done ();
	}
	erasure_leads_write (b, event, n);
	person_erased_emit (b, said, n);
}

/* Nor has pipeline. What it said of their deals in between is taken too, and from here on frames and texts are gone through. */
void deals_erased (struct batch *b, const struct deals_erased event[], size_t n, struct outcome ret[])
{
	struct erasure_settled *said = ARRAY (b, said, n);
	for (size_t i = 0; i < n; i++) {
		const char *files = rows_empty (b, &event[i].head, event[i].erasure_id.uuid, event[i].ids, ABSENT, NULL);
		batch_erase_settle (b, event[i].head.workspace, event[i].erasure_id.uuid, true);
		said[i] = (struct erasure_settled){ .head = head_caused (b, &event[i].head),
						    .erasure_id = event[i].erasure_id,
						    .files = files,
						    .has.files = HERE,
						    .files_at = batch_now (b),
						    .has.files_at = HERE };
		ret[i] = done ();
	}
	erasure_deals_write (b, event, n);
	erasure_settled_emit (b, said, n);
}
