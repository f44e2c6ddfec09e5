/* Deals that rows of files ask for, and that are taken back with them: made and thrown away by the commands that people use.
 * Never makes a deal twice, never takes back what somebody changed. */
#include "rules.h"
#include "pipeline_sql.h"

void deal_create (struct batch *b, const struct deal_create cmd[], size_t n, struct outcome ret[]);
void deal_trash (struct batch *b, const struct deal_trash cmd[], size_t n, struct outcome ret[]);

/* An import may do what its confirmer might: contacts has looked at that. */
static struct head head_of_row (struct batch *b, const struct head *cause)
{
	struct head ret = head_caused (b, cause);
	ret.grant = (struct grant){ .scope = SCOPE_WORKSPACE, .user = cause->actor };
	return ret;
}

/* The row's own fields where they fit, then what the import says. */
static struct deal_create deal_of_row (struct batch *b, const struct deal_import_asked *asked, bool all)
{
	char id[UUID_TEXT];
	struct deal_create ret = { 0 };
	json_t *fields = all && asked->has.fields == HERE ? json_loads (asked->fields, 0, NULL) : NULL;
	if (!json_is_object (fields)) {
		json_decref (fields);
		fields = json_object ();
	}
	json_object_set_new (fields, "deal_id", json_string (uuid_format (asked->deal_id.uuid, id)));
	json_object_set_new (fields, "title", json_string (asked->title));
	if (record_from_json (batch_arena (b), &deal_create_record, fields, false, &ret, NULL) != OK)
		ret = (struct deal_create){ .deal_id = asked->deal_id, .title = asked->title };
	json_decref (fields);
	ret.head = head_of_row (b, &asked->head);
	ret.contact_id = asked->contact_id, ret.has.contact_id = asked->has.contact_id;
	ret.contact_name = asked->contact_name, ret.has.contact_name = asked->has.contact_name;
	ret.company = asked->company, ret.has.company = asked->has.company;
	ret.account_id = asked->account_id, ret.has.account_id = asked->has.account_id;
	ret.owner_id = asked->owner_id, ret.has.owner_id = asked->has.owner_id;
	return ret;
}

/* What a catalogue does not offer any more is left out rather than the deal. */
void deal_import_asked (struct batch *b, const struct deal_import_asked asked[], size_t n, struct outcome ret[])
{
	const struct deal_there *there = deal_import_load (b, asked, n);
	struct deal_create *cmd = ARRAY (b, cmd, n);
	struct outcome *outcome = ARRAY (b, outcome, n);
	size_t *of = ARRAY (b, of, n), deals = 0, again = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = !there[i].known ? not_yet ("workspace") : there[i].deal ? skipped () : done ();
		if (!is_done (ret[i]))
			continue;
		of[deals] = i;
		cmd[deals++] = deal_of_row (b, &asked[i], true);
	}
	deal_create (b, cmd, deals, outcome);
	for (size_t k = 0; k < deals; k++)
		if (!is_done (outcome[k])) {
			ret[of[k]] = skipped ();
			cmd[again++] = deal_of_row (b, &asked[of[k]], false);
		}
	deal_create (b, cmd, again, outcome);
}

void deal_import_undone (struct batch *b, const struct deal_import_undone said[], size_t n, struct outcome ret[])
{
	struct deal_trash *cmd = ARRAY (b, cmd, n);
	struct outcome *outcome = ARRAY (b, outcome, n);
	for (size_t i = 0; i < n; i++) {
		cmd[i] = (struct deal_trash){
			.head = head_of_row (b, &said[i].head), .deal_id = said[i].deal_id, .version = 1, .has.version = HERE
		};
		ret[i] = done ();
	}
	deal_trash (b, cmd, n, outcome); /* one that is refused was changed since, or is gone: it stays as it is */
}
