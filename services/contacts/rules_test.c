/* contacts' rules: what becomes of a lead, what a contact keeps and what it takes over, and what is refused. */
#include "moving.h"
#include "rules.h"

#include "test.h"

static struct arena arena;

static struct uuid id (unsigned char n)
{
	struct uuid u = { { 0 } };
	u.b[15] = n;
	return u;
}

static void test_email (void)
{
	CHECK_TEXT (email_fold (&arena, "Piet@Example.NL"), "piet@example.nl");
	CHECK_TEXT (email_fold (&arena, " \tpiet@example.nl \r\n"), "piet@example.nl");
	CHECK_TEXT (email_fold (&arena, "J\xc3\x9cRGEN@x.de"), "j\xc3\x9crgen@x.de"); /* as lower() under the C collation: ASCII alone */
	CHECK_TEXT (email_fold (&arena, "  "), NULL);
	CHECK_TEXT (email_fold (&arena, ""), NULL);
	CHECK_TEXT (email_fold (&arena, NULL), NULL);
}

static const struct {
	const char *name, *first, *last, *is_first, *is_last;
} names[] = {
	{ "Piet de Vries", NULL, NULL, "Piet", "de Vries" },
	{ "Cher", NULL, NULL, "Cher", NULL },
	{ "Anna Maria de Wit", "Anna Maria", NULL, "Anna Maria", "de Wit" },
	{ "Anna Maria de Wit", NULL, "de Wit", "Anna Maria", "de Wit" },
	{ "Anna Maria de Wit", "Jo", NULL, "Jo", NULL },
	{ "Anna Maria de Wit", NULL, "Wi", NULL, "Wi" },
	{ "Anna", "Anna", NULL, "Anna", NULL },
	{ "Wit", NULL, "Wit", NULL, "Wit" },
	{ "A B", "A", "B", "A", "B" },
	{ "", NULL, NULL, NULL, NULL },
};

static void test_names (void)
{
	for (size_t i = 0; i < LENGTH (names); i++) {
		const char *first, *last;
		name_halves (&arena, names[i].name, names[i].first, names[i].last, &first, &last);
		CHECK_TEXT (first, names[i].is_first);
		CHECK_TEXT (last, names[i].is_last);
	}
	struct contact_place was = { .name = "Jane Smith", .has.name = HERE };
	struct contact_row row;
	struct list changes;
	struct contact_update cmd = { .first_name = "Janet", .has.first_name = HERE };
	CHECK (contact_merge (&arena, &cmd, &was, &row, &changes));
	CHECK_TEXT (row.name, "Janet Smith");
	cmd = (struct contact_update){ .last_name = "Jones", .has.last_name = HERE, .has.first_name = CLEARED };
	CHECK (contact_merge (&arena, &cmd, &was, &row, &changes));
	CHECK_TEXT (row.name, "Jones");
	cmd = (struct contact_update){ .name = "J. Jones", .last_name = "Jones", .has = { .name = HERE, .last_name = HERE } };
	CHECK (contact_merge (&arena, &cmd, &was, &row, &changes));
	CHECK_TEXT (row.name, "J. Jones");
	CHECK_TEXT (row.last_name, "Jones");
	CHECK (row.has.first_name == ABSENT);
}

static void test_preset (void)
{
	bool on = false;
	CHECK (preset_auto_contact ("{}", &on) && on);
	CHECK (preset_auto_contact ("{\"intake\":{\"auto_contact\":false}}", &on) && !on);
	CHECK (preset_auto_contact ("{\"intake\":{\"auto_contact\":true}}", &on) && on);
	CHECK (!preset_auto_contact ("[]", &on) && !preset_auto_contact ("nonsense", &on));
}

static void test_fates (void)
{
	struct lead_created lead = { .email = "piet@example.nl", .has.email = HERE };
	struct contact_place place = { 0 };
	CHECK (lead_decide (&lead, &place) == LEAD_TOO_EARLY);
	place.has.auto_contact = HERE;
	CHECK (lead_decide (&lead, &place) == LEAD_ALONE);
	place.auto_contact = true;
	CHECK (lead_decide (&lead, &place) == LEAD_NEW);
	place.has.contact_id = HERE;
	CHECK (lead_decide (&lead, &place) == LEAD_KNOWN);
	place.has.heard = HERE;
	CHECK (lead_decide (&lead, &place) == LEAD_KNOWN);
	place.heard = true;
	CHECK (lead_decide (&lead, &place) == LEAD_HEARD);
	place = (struct contact_place){ .has.auto_contact = HERE, .auto_contact = true };
	lead.has.email = ABSENT;
	CHECK (lead_decide (&lead, &place) == LEAD_NEW); /* without an e-mail always a contact of its own */
}

static const struct contact_place piet = {
	.has = { .contact_id = HERE, .version = HERE, .name = HERE, .first_name = HERE, .last_name = HERE, .email = HERE, .phone = HERE },
	.version = 2,
	.name = "Piet de Vries",
	.first_name = "Piet",
	.last_name = "de Vries",
	.email = "piet@example.nl",
	.phone = "+31612345678",
};

static const struct change *changed (struct list changes, const char *field)
{
	const struct change *c = changes.at;
	for (size_t i = 0; i < changes.n; i++)
		if (strcmp (c[i].field, field) == 0)
			return &c[i];
	return NULL;
}

static void test_lead_merge (void)
{
	struct contact_row row;
	struct list changes;
	struct lead_created lead = { .name = "Piet de Vries", .email = "piet@example.nl", .has.email = HERE };
	CHECK (!lead_merge (&arena, &lead, &piet, &row, &changes)); /* nothing new */

	lead.phone = "+31687654321"; /* last write wins, the old value is told */
	lead.has.phone = HERE;
	lead.company = ""; /* empty never overwrites, nor does it count as a change */
	lead.has.company = HERE;
	CHECK (lead_merge (&arena, &lead, &piet, &row, &changes));
	CHECK (changes.n == 1 && row.version == 3);
	CHECK_TEXT (changed (changes, "phone")->old, "+31612345678");
	CHECK_TEXT (changed (changes, "phone")->new, "+31687654321");
	CHECK_TEXT (row.name, "Piet de Vries");
	CHECK (row.has.company == ABSENT);

	lead = (struct lead_created){ .name = "piet@example.nl", .email = "piet@example.nl", .has = { .email = HERE, .phone = CLEARED } };
	CHECK (!lead_merge (&arena, &lead, &piet, &row, &changes)); /* the e-mail for want of a name is no name */
	lead.name = "Unknown";
	CHECK (!lead_merge (&arena, &lead, &piet, &row, &changes));

	lead.name = "Pieter Vries"; /* the old parts would contradict the new name */
	CHECK (lead_merge (&arena, &lead, &piet, &row, &changes));
	CHECK_TEXT (row.name, "Pieter Vries");
	CHECK (row.has.first_name == ABSENT && row.has.last_name == ABSENT);
	CHECK_TEXT (changed (changes, "name")->old, "Piet de Vries");
	CHECK_TEXT (row.phone, "+31612345678");
	lead.first_name = "Pieter";
	lead.has.first_name = HERE;
	CHECK (lead_merge (&arena, &lead, &piet, &row, &changes) && row.has.first_name == HERE && row.has.last_name == ABSENT);

	lead = (struct lead_created){ .name = "Piet de Vries", .owner_id = { id (4) }, .has.owner_id = HERE };
	CHECK (lead_merge (&arena, &lead, &piet, &row, &changes)); /* nobody's contact becomes the lead's owner's */
	CHECK (owner_changed (changes) && uuid_equal (row.owner_id.uuid, id (4)));
	struct contact_place owned = piet;
	owned.owner_id = (user_id){ id (5) };
	owned.has.owner_id = HERE;
	CHECK (!lead_merge (&arena, &lead, &owned, &row, &changes)); /* somebody's stays theirs */
}

static void test_commands (void)
{
	struct contact_create create = { .email = "piet@example.nl", .has.email = HERE };
	CHECK (contact_create_check (&create, &(struct contact_place){ 0 }).error == ERROR_workspace_not_found);
	struct contact_place place = { .has.auto_contact = HERE };
	CHECK (is_done (contact_create_check (&create, &place)));
	place.has.contact_id = HERE;
	CHECK (contact_create_check (&create, &place).error == ERROR_contact_exists);

	struct contact_update update = { .head.grant = { .scope = SCOPE_WORKSPACE } };
	struct contact_row row;
	struct list changes;
	CHECK (contact_update_check (&update, &(struct contact_place){ 0 }).error == ERROR_contact_not_found);
	CHECK (is_done (contact_update_check (&update, &piet)));
	CHECK (!contact_merge (&arena, &update, &piet, &row, &changes));
	update.version = 1;
	update.has.version = HERE;
	CHECK (contact_update_check (&update, &piet).error == ERROR_contact_changed);
	update.has.version = ABSENT;
	update.email = "Pieter@Example.nl";
	update.has.email = HERE;
	update.has.phone = CLEARED;
	CHECK (contact_merge (&arena, &update, &piet, &row, &changes));
	CHECK_TEXT (row.email, "pieter@example.nl");
	CHECK (row.has.phone == CLEARED && changes.n == 2 && changed (changes, "phone")->has.new == ABSENT);
	place = piet;
	place.taken = true;
	place.has.taken = HERE;
	CHECK (contact_update_check (&update, &place).error == ERROR_contact_exists);
	update.head.grant = (struct grant){ .scope = SCOPE_OWN, .user = id (1) };
	CHECK (contact_update_check (&update, &place).error == ERROR_contact_not_found);
	place.owner_id = (user_id){ id (1) };
	place.has.owner_id = HERE;
	CHECK (contact_update_check (&update, &place).error == ERROR_contact_exists);
}

static void test_activities (void)
{
	struct record_place place = { .known = true, .found = true };
	struct activity_add add = {
		.kind = activity_kind_note, .note = "Gebeld", .deal_id = { id (1) }, .has = { .note = HERE, .deal_id = HERE }
	};
	struct activity_row row, now;
	struct list changes;
	add.head.at = 1000000;
	CHECK (activity_add_check (&arena, &add, &place, 5, &row).error == ERROR_deal_not_found); /* scope none sees nothing */
	add.head.grant.scope = SCOPE_WORKSPACE;
	CHECK (is_done (activity_add_check (&arena, &add, &place, 5, &row)));
	CHECK (row.has.done_at == HERE && row.done_at == 1000000 && row.about == record_kind_deal && row.priority == priority_medium);
	add.has.lead_id = HERE; /* of two records */
	CHECK (activity_add_check (&arena, &add, &place, 5, &row).error == ERROR_invalid);
	add.has.lead_id = ABSENT;
	add.note = " \n";
	CHECK (activity_add_check (&arena, &add, &place, 5, &row).error == ERROR_invalid);
	add.kind = activity_kind_task;
	CHECK (activity_add_check (&arena, &add, &place, 5, &row).error == ERROR_invalid);
	add.subject = "Bellen";
	add.has.subject = HERE;
	CHECK (is_done (activity_add_check (&arena, &add, &place, 5, &row)) && row.has.done_at != HERE);
	struct activity_update to = { .version = 1, .done = true, .has = { .version = HERE, .done = HERE } };
	to.head.grant.scope = SCOPE_WORKSPACE;
	to.head.at = 2000000;
	CHECK (is_done (activity_merge (&arena, &to, &row, 6, &now, &changes)) && changes.n == 1 && now.done_at == 2000000 &&
	       now.version == 2);
	CHECK (activity_merge (&arena, &to, &now, 6, &row, &changes).error == ERROR_activity_changed);
	to.has.version = ABSENT; /* done is done */
	CHECK (is_done (activity_merge (&arena, &to, &now, 6, &row, &changes)) && changes.n == 0);
	now.removed_at = 1;
	now.has.removed_at = HERE;
	CHECK (activity_merge (&arena, &to, &now, 6, &row, &changes).error == ERROR_activity_not_found);
}

static void test_follow_up (void)
{
	struct deal_followed_up said = { .deal_id = { id (1) }, .note_id = { id (2) }, .note = "Pide descuento" };
	struct activity_row row[2];
	CHECK (follow_up_rows (&said, row) == 1 && row[0].kind == activity_kind_note && row[0].has.done_at == HERE);
	said.kind = activity_kind_whatsapp;
	said.at = 7;
	said.next_id.uuid = id (3);
	said.has.kind = said.has.at = said.has.next_id = HERE;
	CHECK (follow_up_rows (&said, row) == 2 && row[1].kind == activity_kind_whatsapp && row[1].due_at == 7);
	CHECK (row[1].has.done_at != HERE && row[1].has.note != HERE && uuid_equal (row[1].activity_id.uuid, id (3)));
}

static void test_tags (void)
{
	const struct tag_row tag[] = { { .workspace_id = { id (9) }, .tag_id = { id (1) }, .label = "haast" },
				       { .workspace_id = { id (9) }, .tag_id = { id (2) }, .label = "VIP" } };
	const struct tag_row *ret[TAGS_MOST];
	const char *label;
	char json[200], one[UUID_TEXT], two[UUID_TEXT];
	size_t n;
	CHECK (tag_label_check (&arena, tag, 2, (workspace_id){ id (9) }, (tag_id){ id (3) }, " vip ", &label).error == ERROR_invalid);
	CHECK (tag_label_check (&arena, tag, 2, (workspace_id){ id (9) }, (tag_id){ id (3) }, "a,b", &label).error == ERROR_invalid);
	CHECK (is_done (tag_label_check (&arena, tag, 2, (workspace_id){ id (9) }, (tag_id){ id (2) }, " Vip ", &label)) &&
	       strcmp (label, "Vip") == 0);
	CHECK (is_done (tag_label_check (&arena, tag, 2, (workspace_id){ id (8) }, (tag_id){ id (3) }, "vip", &label)));
	snprintf (json, sizeof json, "[\"%s\",\"%s\",\"%s\"]", uuid_format (id (2), two), uuid_format (id (1), one), two);
	CHECK (is_done (tags_read (&arena, json, tag, 2, id (9), ret, &n)) && n == 2 && ret[0] == &tag[0]); /* each once, by label */
	CHECK (tags_read (&arena, json, tag, 2, id (8), ret, &n).error == ERROR_invalid);		    /* another workspace's */
	CHECK (tags_read (&arena, "{}", tag, 2, id (9), ret, &n).error == ERROR_invalid);
}

/* ---- the team's conversation ---- */

static struct grant talker (enum scope scope, unsigned char user, bool chat)
{
	struct grant ret = { .scope = scope, .user = id (user), .permissions = UINT64_C (1) << PERMISSION_crm_edit };
	if (chat)
		ret.permissions |= UINT64_C (1) << PERMISSION_crm_chat;
	return ret;
}

static void test_rings (void)
{
	struct record_place place = { .known = true, .found = true, .owner_id = { id (5) }, .has.owner_id = HERE };
	struct notice_ring cmd = { .title = "Let op", .deal_id = { id (1) }, .has.deal_id = HERE };
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_deal_not_found); /* scope none sees nothing */
	cmd.head.grant.scope = SCOPE_WORKSPACE;
	CHECK (is_done (notice_ring_check (&arena, &cmd, &place)));
	cmd.has.account_id = HERE;
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_invalid);
	cmd.has.deal_id = cmd.has.account_id = ABSENT; /* about nothing: somebody is named */
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_invalid);
	cmd.has.user_id = HERE;
	place.found = false;
	CHECK (is_done (notice_ring_check (&arena, &cmd, &place)));
	cmd.has.contact_id = HERE;
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_contact_not_found);
	cmd.has.contact_id = ABSENT;
	cmd.title = " ";
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_invalid);
	cmd.title = "Let op";
	place.known = false;
	CHECK (notice_ring_check (&arena, &cmd, &place).error == ERROR_workspace_not_found);
}

static void test_messages (void)
{
	struct record_place place = { .known = true, .found = true, .owner_id = { id (5) }, .has.owner_id = HERE };
	struct message_post cmd = { .head = { .workspace = id (9), .actor = id (1), .grant = talker (SCOPE_WORKSPACE, 1, true) },
				    .text = "Hallo",
				    .deal_id = { id (7) },
				    .has.deal_id = HERE };
	CHECK (is_done (message_post_check (&arena, &cmd, &place)));
	CHECK (room_of_message (&cmd, &place).room == room_kind_deal && uuid_equal (room_of_message (&cmd, &place).room_id.uuid, id (7)));
	cmd.head.grant = talker (SCOPE_OWN, 1, true); /* another one's deal is not there */
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_deal_not_found);
	cmd.head.grant = talker (SCOPE_WORKSPACE, 1, false);
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_forbidden);
	cmd.head.grant = talker (SCOPE_WORKSPACE, 1, true);
	cmd.head.grant.permissions &= ~(UINT64_C (1) << PERMISSION_crm_edit); /* reads records, writes none */
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_forbidden);
	cmd.has.deal_id = ABSENT;
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_invalid);
	cmd.channel = true, cmd.has.channel = HERE;
	CHECK (is_done (message_post_check (&arena, &cmd, &place)));
	CHECK (uuid_equal (room_of_message (&cmd, &place).room_id.uuid, id (9)) && room_of_message (&cmd, &place).has.owner_id == ABSENT);
	cmd.has.contact_id = HERE;
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_invalid);
	cmd.has.contact_id = ABSENT, cmd.text = " \n";
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_invalid);
	char *big = arena_alloc (&arena, 5002);
	memset (big, 'x', 5001);
	cmd.text = big;
	CHECK (message_post_check (&arena, &cmd, &place).error == ERROR_invalid);
	big[5000] = '\0';
	CHECK (is_done (message_post_check (&arena, &cmd, &place)));
}

static void test_message_rights (void)
{
	struct message_row was = { .version = 2,
				   .room = room_kind_contact,
				   .author_id = { id (1) },
				   .owner_id = { id (5) },
				   .text = "Hallo",
				   .has = { .version = HERE, .text = HERE, .owner_id = HERE } };
	struct message_edit edit = { .head = { .actor = id (1), .grant = talker (SCOPE_WORKSPACE, 1, true) }, .text = "Dag" };
	struct message_remove drop = { .head = { .actor = id (2), .grant = talker (SCOPE_WORKSPACE, 2, true) } };
	CHECK (is_done (message_edit_check (&arena, &edit, &was)));
	edit.version = 1, edit.has.version = HERE;
	CHECK (message_edit_check (&arena, &edit, &was).error == ERROR_message_changed);
	edit.has.version = ABSENT, edit.head.actor = id (2);
	CHECK (message_edit_check (&arena, &edit, &was).error == ERROR_forbidden);
	CHECK (message_remove_check (&drop, &was).error == ERROR_forbidden);
	drop.head.grant.permissions |= UINT64_C (1) << PERMISSION_crm_settings;
	CHECK (is_done (message_remove_check (&drop, &was)));
	edit.head.grant = talker (SCOPE_OWN, 1, true), edit.head.actor = id (1); /* the record went to somebody else */
	CHECK (message_edit_check (&arena, &edit, &was).error == ERROR_message_not_found);
	was.room = room_kind_channel;
	CHECK (is_done (message_edit_check (&arena, &edit, &was)) && is_done (message_seen (&edit.head, &was)));
	was.has.removed_at = HERE;
	CHECK (message_edit_check (&arena, &edit, &was).error == ERROR_message_not_found);
	CHECK (is_done (message_remove_check (&drop, &was)));
	was.has.version = ABSENT;
	CHECK (message_seen (&edit.head, &was).error == ERROR_message_not_found);
}

static void test_people_mentioned (void)
{
	struct uuid people[MENTIONS_MOST];
	char text[600], one[UUID_TEXT], two[UUID_TEXT];
	uuid_format (id (1), one), uuid_format (id (2), two);
	snprintf (text, sizeof text, "@{user:%s|A} @{user:%s|B} @{user:%s|A} @{contact:%s|C} @user:Iemand", one, two, one, two);
	CHECK (people_mentioned (text, id (9), people) == 2 && uuid_equal (people[0], id (1)) && uuid_equal (people[1], id (2)));
	CHECK (people_mentioned (text, id (1), people) == 1 && uuid_equal (people[0], id (2)));
	CHECK (people_mentioned ("niemand", id (1), people) == 0);
	CHECK_TEXT (excerpt_of (&arena, text), "@A @B @A @C @user:Iemand");
}

/* A look each second at a row that waits for its deal. How many looks until the import goes on without it. */
static int looks (struct patience *p, int64_t *now, int64_t row)
{
	struct uuid import = { .b = { 1 } };
	for (int n = 1;; n++, *now += 1000000)
		if (patience_ends (p, import, row, false, *now))
			return n;
}

static void waiting_for_pipeline (void)
{
	struct patience p = { 0 };
	struct uuid import = { .b = { 1 } }, other = { .b = { 2 } };
	int64_t now = INT64_C (1795256180) * 1000000;
	CHECK (looks (&p, &now, 7) > 60);
	CHECK (looks (&p, &now, 8) == 1);		   /* one limit for all that were refused */
	CHECK (!patience_ends (&p, import, 9, true, now)); /* a row that waits for nothing says nothing */
	CHECK (looks (&p, &now, 10) == 1);
	now += INT64_C (3600) * 1000000; /* nor does time in which nobody waited */
	p = (struct patience){ 0 };
	CHECK (!patience_ends (&p, import, 7, false, now));
	now += INT64_C (3600) * 1000000;
	CHECK (!patience_ends (&p, import, 8, false, now));
	now += 1000000;
	CHECK (!patience_ends (&p, import, 8, true, now)); /* it came: pipeline works */
	CHECK (looks (&p, &now, 11) > 60);
	CHECK (!patience_ends (&p, other, 11, false, now)); /* each import has its own */
	/* two wait at once, and take turns: neither for ever */
	struct patience of[2] = { 0 };
	int ended = 0, turns = 0;
	for (; ended < 2 && turns < 200; turns++, now += 1000000) {
		struct uuid x = turns % 2 ? other : import;
		ended += patience_ends (patience_of (of, LENGTH (of), x), x, 5, false, now);
	}
	CHECK (ended == 2 && turns > 60);
	CHECK (patience_of (of, LENGTH (of), import) == &of[0] && patience_of (of, LENGTH (of), other) == &of[1]);
}

int main (void)
{
	arena_init (&arena);
	test_email ();
	test_names ();
	test_preset ();
	test_fates ();
	test_lead_merge ();
	test_commands ();
	test_activities ();
	test_follow_up ();
	test_tags ();
	test_rings ();
	test_messages ();
	test_message_rights ();
	test_people_mentioned ();
	waiting_for_pipeline ();
	arena_fini (&arena);
	return test_end ();
}
