/* A deal that is won: its company is an account and a client, its person a contact of that account; once, whatever is heard twice.
 * One deal at a time: two of one company or one person see each other's. Never makes an account without a name for it. */
#include "accounts.h"
#include "convert.h"
#include "rules.h"
#include "timeline.h"
#include "contacts_sql.h"

static struct account_ask ask_of (const struct head *head, account_id id, const char *name)
{
	return (struct account_ask){
		.workspace_id = { head->workspace }, .account_id = id, .name = name, .has.name = name ? HERE : ABSENT
	};
}

/* It is there: from now on a client, if it was none. */
static void account_won (struct batch *b, const struct deal_stage_changed *won, const struct account_row *was)
{
	struct account_row row = *was;
	row.lifecycle = lifecycle_client;
	if (was->lifecycle == lifecycle_client)
		return;
	row.version++;
	account_is_client (&row, won->head.at);
	struct account_updated event = account_is_other (b, &won->head, was, &row, account_compare (batch_arena (b), was, &row));
	event.deal_id = won->deal_id;
	event.has.deal_id = HERE;
	accounts_change (b, &row, &event, 1);
}

static void account_begun (struct batch *b, const struct deal_stage_changed *won, const struct account_row *none, account_id id,
			   const char *name)
{
	struct account_row row = {
		.workspace_id = { won->head.workspace },
		.account_id = id,
		.number = number_take (b, won->head.workspace, NUMBER_ACCOUNT),
		.name = name,
		.lifecycle = lifecycle_client,
		.created_at = won->head.at,
		.owner_id = won->has.owner_id == HERE ? won->owner_id : none->default_owner_id,
		.version = 1,
		.has = { .workspace_id = HERE,
			 .account_id = HERE,
			 .number = HERE,
			 .version = HERE,
			 .name = HERE,
			 .lifecycle = HERE,
			 .created_at = HERE,
			 .owner_id = won->has.owner_id == HERE ? (unsigned char) HERE : none->has.default_owner_id },
	};
	account_is_client (&row, won->head.at);
	struct account_created event = account_is_new (b, &won->head, &row);
	event.deal_id = won->deal_id;
	event.has.deal_id = HERE;
	accounts_make (b, &row, &event, 1);
}

/* The account that the deal names itself goes before what its words say. False: it names none. */
static bool account_named (struct batch *b, const struct deal_stage_changed *won, struct deal_converted *into)
{
	if (won->has.account_id != HERE)
		return false;
	struct account_ask ask = ask_of (&won->head, won->account_id, NULL);
	const struct account_row *there = account_load (b, &ask, 1);
	if (there->has.account_id != HERE)
		return false;
	account_won (b, won, there);
	into->account_id = won->account_id;
	into->account_name = there->name;
	into->has.account_id = into->has.account_name = HERE;
	return true;
}

/* The account of that company, made when there is none; false: nobody named a company. */
static bool account_of_deal (struct batch *b, const struct deal_stage_changed *won, const struct won_deal *deal,
			     struct deal_converted *into)
{
	const char *company = deal->has.company == HERE ? deal->company : deal->has.contact_company == HERE ? deal->contact_company : "";
	const char *name = name_trim (batch_arena (b), company);
	if (!*name && deal->has.account_id != HERE)
		return false;
	into->account_id = deal->has.account_id == HERE && !*name ? deal->account_id : (account_id){ uuid_new (b) };
	struct account_ask ask = ask_of (&won->head, into->account_id, *name ? name : NULL);
	const struct account_row *there = account_load (b, &ask, 1);
	if (there->has.taken_id == HERE) {
		into->account_id = there->taken_id;
		ask = ask_of (&won->head, into->account_id, NULL);
		there = account_load (b, &ask, 1);
	}
	if (there->has.account_id == HERE)
		account_won (b, won, there);
	else
		account_begun (b, won, there, into->account_id, name);
	into->account_name = there->has.name == HERE ? there->name : name;
	into->has.account_id = into->has.account_name = HERE;
	return true;
}

static void person_made (struct batch *b, const struct deal_stage_changed *won, const struct won_deal *deal, contact_id id)
{
	struct contact_created c = {
		.head = head_caused (b, &won->head),
		.contact_id = id,
		.number = number_take (b, won->head.workspace, NUMBER_CONTACT),
		.name = deal->name,
		.first_name = deal->first_name,
		.has.first_name = deal->has.first_name,
		.last_name = deal->last_name,
		.has.last_name = deal->has.last_name,
		.email = deal->has.email == HERE ? email_fold (batch_arena (b), deal->email) : NULL,
		.phone = deal->phone,
		.has.phone = deal->has.phone,
		.company = deal->company,
		.has.company = deal->has.company,
		.owner_id = won->owner_id,
		.has.owner_id = won->has.owner_id,
	};
	c.has.email = c.email ? HERE : ABSENT;
	struct contact_late late = { .workspace_id = { won->head.workspace }, .late_id = id };
	contact_created_write (b, &c, 1);
	contact_late_write (b, &late, 1);
	contact_created_emit (b, &c, 1);
}

/* They belong to the account from now on; whoever was there before is told to have changed. */
static void person_joins (struct batch *b, const struct deal_stage_changed *won, const struct won_deal *deal,
			  const struct deal_converted *into)
{
	bool known = deal->has.contact_id == HERE;
	char id[UUID_TEXT];
	struct contact_account row = { .workspace_id = { won->head.workspace },
				       .contact_id = into->contact_id,
				       .account_id = into->account_id,
				       .has.account_id = HERE,
				       .version = known ? deal->contact_version + 1 : 1 };
	contact_account_write (b, &row, 1);
	if (!known)
		return;
	struct change change[] = {
		{ .field = "account_id", .new = arena_text (batch_arena (b), uuid_format (into->account_id.uuid, id)), .has.new = HERE },
		{ .field = "account", .new = into->account_name, .has.new = into->has.account_name },
	};
	struct contact_updated event = {
		.head = head_caused (b, &won->head),
		.contact_id = into->contact_id,
		.version = row.version,
		.name = deal->contact_name,
		.company = deal->contact_company,
		.has.company = deal->has.contact_company,
		.email = deal->contact_email,
		.has.email = deal->has.contact_email,
		.phone = deal->contact_phone,
		.has.phone = deal->has.contact_phone,
		.changes = { .at = change, .n = LENGTH (change) },
		.owner_id = deal->contact_owner_id,
		.has.owner_id = deal->has.contact_owner_id,
	};
	struct timeline_entry entry = timeline_with_data (b, &contact_updated_record, &event, into->contact_id.uuid, event.has.owner_id,
							  event.owner_id);
	timeline_write (b, &entry, 1);
	contact_updated_emit (b, &event, 1);
}

void deal_won (struct batch *b, const struct deal_stage_changed *won, bool asked)
{
	const struct won_deal *deal = won_deal_load (b, won, 1);
	struct deal_converted named;
	if (deal->converted && asked) /* it was, and names a company by now */
		account_named (b, won, &named);
	if (deal->converted || (deal->by_hand && !asked))
		return;
	struct deal_converted into = {
		.head = head_caused (b, &won->head),
		.deal_id = won->deal_id,
		.lead_id = won->lead_id,
		.has.lead_id = won->has.lead_id,
		.owner_id = won->owner_id,
		.has.owner_id = won->has.owner_id,
	};
	bool company = account_named (b, won, &into) || account_of_deal (b, won, deal, &into);
	if (deal->has.contact_id == HERE || deal->has.name == HERE) {
		into.contact_id = deal->has.contact_id == HERE ? deal->contact_id : (contact_id){ uuid_new (b) };
		into.contact_name = deal->has.contact_id == HERE ? deal->contact_name : deal->name;
		into.has.contact_id = into.has.contact_name = HERE;
		bool known = deal->has.contact_id == HERE;
		into.company = known ? deal->contact_company : deal->company;
		into.has.company = known ? deal->has.contact_company : deal->has.company;
		into.email = known ? deal->contact_email : deal->email;
		into.has.email = known ? deal->has.contact_email : deal->has.email;
		into.phone = known ? deal->contact_phone : deal->phone;
		into.has.phone = known ? deal->has.contact_phone : deal->has.phone;
		if (deal->has.contact_id != HERE)
			person_made (b, won, deal, into.contact_id);
		if (company && deal->has.account_id != HERE)
			person_joins (b, won, deal, &into);
	}
	conversion_write (b, &into, 1);
	lead_converted_write (b, &into, 1);
	lead_person_gone (b, &into, 1);
	struct timeline_entry entry = timeline_with_data (b, &deal_converted_record, &into, won->deal_id.uuid, won->has.owner_id,
							  won->owner_id);
	timeline_write (b, &entry, 1);
	deal_converted_emit (b, &into, 1);
}

void deal_conversion_asked (struct batch *b, const struct deal_conversion_asked deal[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct deal_stage_changed won = {
			.head = deal[i].head,
			.deal_id = deal[i].deal_id,
			.lead_id = deal[i].lead_id,
			.account_id = deal[i].account_id,
			.owner_id = deal[i].owner_id,
			.has = { .lead_id = deal[i].has.lead_id, .account_id = deal[i].has.account_id, .owner_id = deal[i].has.owner_id },
		};
		deal_won (b, &won, true);
		ret[i] = done ();
	}
}

/* ---- who asked, while they are no contact ---- */

void person_keep (const struct lead_created *lead, struct lead_person *ret)
{
	*ret = (struct lead_person){
		.workspace_id = { lead->head.workspace },
		.lead_id = lead->lead_id,
		.name = lead->name,
		.first_name = lead->first_name,
		.has.first_name = lead->has.first_name,
		.last_name = lead->last_name,
		.has.last_name = lead->has.last_name,
		.email = lead->email,
		.has.email = lead->has.email,
		.phone = lead->phone,
		.has.phone = lead->has.phone,
		.company = lead->company,
		.has.company = lead->has.company,
	};
}

void people_changed (struct batch *b, const struct lead_updated lead[], size_t n)
{
	size_t room = 0, words = 0;
	for (size_t i = 0; i < n; i++)
		room += lead[i].changes.n;
	struct lead_word *word = ARRAY (b, word, room);
	for (size_t i = 0; i < n; i++) {
		const struct change *change = lead[i].changes.at;
		for (size_t k = 0; k < lead[i].changes.n; k++)
			word[words++] = (struct lead_word){ .workspace_id = { lead[i].head.workspace },
							    .lead_id = lead[i].lead_id,
							    .field = change[k].field,
							    .now = change[k].new,
							    .has.now = change[k].has.new };
	}
	lead_person_changed (b, word, words);
}
