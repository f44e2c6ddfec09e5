/* What contacts decides about files; see rules.h. Pure functions; the time is the command's.
 * Never believes what a sender calls a file: its type is said by its bytes, before it comes here. */
#include "rules.h"

#include <string.h>

record_id record_of (const struct activity_add *about)
{
	return (record_id){ about->has.lead_id == HERE	    ? about->lead_id.uuid
			    : about->has.deal_id == HERE    ? about->deal_id.uuid
			    : about->has.account_id == HERE ? about->account_id.uuid
							    : about->contact_id.uuid };
}

static struct outcome about_check (struct arena *a, const struct attachment_add *cmd)
{
	int named = (cmd->has.lead_id == HERE) + (cmd->has.deal_id == HERE) + (cmd->has.contact_id == HERE) +
		    (cmd->has.account_id == HERE) + (cmd->has.activity_id == HERE);
	if (named == 1)
		return done ();
	return named ? refused_at (a, "/contact_id", "too_many", "it is about one record")
		     : refused_at (a, "/contact_id", "required",
				   "lead_id, deal_id, contact_id, account_id or activity_id: what it is about");
}

static struct outcome not_there (const struct activity_add *about)
{
	return about->has.lead_id == HERE      ? refused (lead_not_found)
	       : about->has.deal_id == HERE    ? refused (deal_not_found)
	       : about->has.account_id == HERE ? refused (account_not_found)
					       : refused (contact_not_found);
}

struct outcome attachment_add_check (struct arena *a, const struct attachment_add *cmd, const struct activity_add *about,
				     const struct activity_row *activity, const struct record_place *place, int64_t files,
				     struct attachment_row *ret)
{
	struct outcome outcome = about_check (a, cmd);
	bool with = cmd->has.activity_id == HERE;
	if (!is_done (outcome))
		return outcome;
	if (!place->known)
		return refused (workspace_not_found);
	if (with && (activity->has.version != HERE || activity->has.removed_at == HERE))
		return refused (activity_not_found);
	if (!place->found || !grant_covers (&cmd->head.grant, &place->owner_id)) /* what you may not see is not there */
		return with ? refused (activity_not_found) : not_there (about);
	if (files >= FILES_OF_RECORD)
		return refused (too_many_files);
	if (!cmd->name[strspn (cmd->name, " \t\r\n")])
		return refused_at (a, "/name", "required", "what it is called, with its ending");
	*ret = (struct attachment_row){
		.workspace_id = { cmd->head.workspace },
		.file_id = cmd->file_id,
		.version = 1,
		.about = about->has.lead_id == HERE	 ? record_kind_lead
			 : about->has.deal_id == HERE	 ? record_kind_deal
			 : about->has.account_id == HERE ? record_kind_account
							 : record_kind_contact,
		.record_id = record_of (about),
		.activity_id = cmd->activity_id,
		.name = cmd->name,
		.type = cmd->type,
		.size = cmd->size,
		.sha256 = cmd->sha256,
		.created_by.uuid = cmd->head.actor,
		.created_at = cmd->head.at,
		.has = { .file_id = HERE,
			 .version = HERE,
			 .about = HERE,
			 .record_id = HERE,
			 .activity_id = with ? HERE : ABSENT,
			 .name = HERE,
			 .type = HERE,
			 .size = HERE,
			 .sha256 = HERE,
			 .created_by = uuid_is_null (cmd->head.actor) ? ABSENT : HERE,
			 .created_at = HERE },
	};
	return done ();
}

struct outcome attachment_seen (const struct head *head, const struct attachment_row *was, const struct record_place *place)
{
	bool seen = was->has.file_id == HERE && place->found && grant_covers (&head->grant, &place->owner_id);
	return seen ? done () : refused (file_not_found);
}
