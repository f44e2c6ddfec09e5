/* Forgetting somebody, in lead-intake: their leads, the requests these came in, requests that name their e-mail or number though no lead came of them, their files. It begins: what it says last of them, leads.erased, stands
 * in its lane behind all else, so whoever has come that far has heard everything.
 * It must never take a file away that somebody else's request, or a record of contacts, needs as well. */
#include "files.h"
#include "records.h"
#include "rules.h"
#include "lead_intake_sql.h"

#include <fcntl.h>
#include <jansson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void ids_add (json_t *ids, struct uuid id)
{
	char text[UUID_TEXT];
	if (!uuid_is_null (id))
		json_array_append_new (ids, json_string (uuid_format (id, text)));
}

static void word_add (json_t *words, unsigned char has, const char *word)
{
	if (has == HERE)
		json_array_append_new (words, json_string (word));
}

static json_t *array_of (unsigned char has, const char *text)
{
	json_t *ret = has == HERE ? json_loads (text, 0, NULL) : NULL;
	if (json_is_array (ret))
		return ret;
	json_decref (ret);
	return json_array ();
}

static const char *array_text (struct batch *b, json_t *array)
{
	char *text = json_dumps (array, JSON_COMPACT);
	const char *ret = arena_text (batch_arena (b), text);
	free (text);
	json_decref (array);
	return ret;
}

/* What hangs on their requests. Bytes that nobody names here any more are let go of: contacts may have the same, so it drops them, or keeps them. */
static void requests_empty (struct batch *b, const struct erased_request *request, size_t n, json_t *ids, json_t *gone)
{
	size_t files;
	const struct erased_file *file = erased_files (b, request, n, &files);
	erased_lead_file_drop (b, request, n);
	erased_file_drop (b, request, n);
	for (size_t i = 0; i < files; i++) {
		if (file[i].alone)
			json_array_append_new (gone, json_string (file[i].sha256));
		if (file[i].has.file_id == HERE)
			ids_add (ids, file[i].file_id.uuid);
	}
}

/* Whether a file holds one of the words. One that is not there holds nothing. */
static bool file_names (const char *path, const json_t *words)
{
	int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	bool ret = false;
	if (fd < 0)
		return false;
	if (fstat (fd, &st) == 0 && st.st_size > 0) {
		size_t n = (size_t) st.st_size, i;
		void *at = mmap (NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
		json_t *word;
		if (at != MAP_FAILED) {
			json_array_foreach (words, i, word) ret = ret || body_names ((struct bytes){ at, n }, json_string_value (word));
			munmap (at, n);
		}
	}
	close (fd);
	return ret;
}

/* Requests whose bytes lie beside their rows, and that name them. */
static size_t beside_find (struct batch *b, const struct erasure_asked *event, const json_t *words, json_t *ids,
			   struct erased_request **ret)
{
	size_t n, found = 0;
	const struct kept_beside *kept = erased_beside (b, event, 1, &n);
	struct erased_request *request = ARRAY (b, request, n);
	for (size_t i = 0; i < n; i++) {
		const char *path = file_path (batch_arena (b), batch_files (b), event->head.workspace, kept[i].sha256);
		if (!file_names (path, words))
			continue;
		ids_add (ids, kept[i].submission_id.uuid);
		request[found++] = (struct erased_request){ .workspace_id = { event->head.workspace },
							    .submission_id = kept[i].submission_id };
	}
	*ret = request;
	return found;
}

void erasure_asked (struct batch *b, const struct erasure_asked event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		size_t leads, requests = 0;
		const struct erased_lead *lead = erased_leads (b, &event[i], 1, &leads);
		struct erased_request *request = ARRAY (b, request, leads);
		json_t *ids = array_of (HERE, event[i].ids), *words = array_of (event[i].has.words, event[i].words), *gone = json_array ();
		for (size_t k = 0; k < leads; k++) {
			if (lead[k].has.lead_id == HERE)
				ids_add (ids, lead[k].lead_id.uuid);
			word_add (words, lead[k].has.name, lead[k].name);
			word_add (words, lead[k].has.email, lead[k].email);
			word_add (words, lead[k].has.phone, lead[k].phone);
			if (lead[k].has.submission_id != HERE)
				continue;
			ids_add (ids, lead[k].submission_id.uuid);
			request[requests++] = (struct erased_request){ .workspace_id = { event[i].head.workspace },
								       .submission_id = lead[k].submission_id };
		}
		struct erased_request *beside;
		size_t besides = beside_find (b, &event[i], words, ids, &beside);
		struct erased_request *all = ARRAY (b, all, requests + besides);
		for (size_t k = 0; k < requests + besides; k++)
			all[k] = k < requests ? request[k] : beside[k - requests];
		requests_empty (b, all, requests + besides, ids, gone);
		struct leads_erased said = { .head = head_caused (b, &event[i].head),
					     .erasure_id = event[i].erasure_id,
					     .ids = array_text (b, ids),
					     .words = array_text (b, words),
					     .has.words = HERE,
					     .files = array_text (b, gone),
					     .has.files = HERE,
					     .files_at = batch_now (b),
					     .has.files_at = HERE };
		struct erased_lead_pages page = { .workspace_id = { event[i].head.workspace }, .ids = said.ids };
		batch_erase (b, event[i].head.workspace, event[i].erasure_id.uuid, said.ids, said.words);
		erased_lead_pages_write (b, &page, 1);
		leads_erased_emit (b, &said, 1);
		ret[i] = done ();
	}
}

/* What contacts names no more goes from the disk when nobody names it here. */
static void files_let_go (struct batch *b, const struct head *head, const char *ids, unsigned char has, const char *files, int64_t at)
{
	struct lead_let_go ask = { .workspace_id = { head->workspace }, .ids = ids, .files = files };
	size_t n = 0;
	const struct lead_let_go_file *file = has == HERE ? let_go_files (b, &ask, 1, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		file_drop_older (batch_files (b), head->workspace, file[i].sha256, at);
}

/* Whatever contacts knew beside: looked for here too. */
void person_erased (struct batch *b, const struct person_erased event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		batch_erase (b, event[i].head.workspace, event[i].erasure_id.uuid, event[i].ids,
			     event[i].has.words == HERE ? event[i].words : "[]");
		files_let_go (b, &event[i].head, event[i].ids, event[i].has.files, event[i].files, event[i].files_at);
		ret[i] = done ();
	}
}

void erasure_settled (struct batch *b, const struct erasure_settled event[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		batch_erase_settle (b, event[i].head.workspace, event[i].erasure_id.uuid, true);
		files_let_go (b, &event[i].head, "[]", event[i].has.files, event[i].files, event[i].files_at);
		ret[i] = done ();
	}
}
