/* Who looks like whom: contacts and accounts are compared with all others a bite at a time, when somebody looks for duplicates; whoever changes after that
 * is marked with the change. Never compares anything while a lead waits, nor keeps a key that names somebody. */
#include "alike.h"

#include "memory.h"
#include "rules.h"
#include "contacts_sql.h"

#include <string.h>

void alike_index (struct batch *b, const struct alike_index cmd[], size_t n, struct outcome ret[])
{
	const struct alike_bite *bite = alike_take (b, cmd, n);
	for (size_t i = 0; i < n; i++) {
		ret[i] = bite[i].known ? done () : refused (workspace_not_found);
		if (is_done (ret[i]))
			ret[i].data = bite[i].more ? "{\"more\":true}" : "{\"more\":false}";
	}
	people_forget (b);
}

/* ---- marks ---- */

static void reach_load (struct batch *b, struct contacts_memory *m)
{
	struct alike_look ask = { .most = ALIKE_MOST };
	size_t n;
	const struct alike_reach *found = alike_anywhere (b, &ask, 1, &n);
	m->alike_all = n > ALIKE_MOST;
	m->n_alike = m->alike_all ? 0 : n;
	for (size_t i = 0; i < m->n_alike; i++)
		m->alike[i] = found[i];
	m->alike_known = true;
}

static bool is_past (unsigned char has, struct uuid upto, struct uuid id)
{
	return has == HERE && memcmp (&id, &upto, sizeof id) <= 0;
}

/* Those yet to be compared need no mark. */
static bool was_compared (const struct contacts_memory *m, struct uuid workspace, struct uuid id)
{
	for (size_t i = 0; i < m->n_alike; i++)
		if (uuid_equal (m->alike[i].workspace_id.uuid, workspace))
			return is_past (m->alike[i].has.contacts_upto, m->alike[i].contacts_upto.uuid, id) ||
			       is_past (m->alike[i].has.accounts_upto, m->alike[i].accounts_upto.uuid, id);
	return m->alike_all;
}

/* Events after which somebody is like another, or no more. */
static bool tells_likeness (const struct record *r)
{
	const struct record *const all[] = {
		&contact_created_record, &contact_updated_record,  &contact_trashed_record,  &contact_restored_record,
		&contact_purged_record,	 &contact_merged_record,   &contact_unmerged_record, &account_created_record,
		&account_updated_record, &account_trashed_record,  &account_restored_record, &account_purged_record,
		&account_merged_record,	 &account_unmerged_record,
	};
	for (size_t i = 0; i < LENGTH (all); i++)
		if (all[i] == r)
			return true;
	return false;
}

static bool names_likeness (const struct field *f)
{
	static const char *const names[] = { "contact_id", "account_id", "survivor_id", "loser_id" };
	for (size_t i = 0; f->kind == KIND_ID && i < LENGTH (names); i++)
		if (strcmp (f->name, names[i]) == 0)
			return true;
	return false;
}

void alike_note (struct batch *b, const struct record *r, const void *item, size_t n)
{
	struct contacts_memory *m = batch_state (b);
	if (!tells_likeness (r))
		return;
	if (!m->alike_known)
		reach_load (b, m);
	if (!m->n_alike && !m->alike_all)
		return;
	size_t marks = 0, most = 0;
	for (size_t k = 0; k < r->n_fields; k++)
		most += names_likeness (&r->fields[k]);
	struct alike_mark *mark = ARRAY (b, mark, n * most);
	for (size_t i = 0; i < n && most; i++) {
		const char *at = (const char *) item + i * r->size;
		const struct head *head = (const void *) at;
		for (size_t k = 0; k < r->n_fields; k++) {
			const struct field *f = &r->fields[k];
			struct uuid id;
			if (!names_likeness (f) || field_has (f, at) != HERE)
				continue;
			memcpy (&id, at + f->offset, sizeof id);
			if (!was_compared (m, head->workspace, id))
				continue;
			mark[marks].workspace_id.uuid = head->workspace;
			mark[marks++].marked_id.uuid = id;
		}
	}
	alike_mark_write (b, mark, marks);
}
