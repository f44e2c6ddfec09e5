/* What contacts decides: pure functions over what was said and what was loaded. No I/O; time and ids are given.
 * Never lets an empty value overwrite a filled one that a visitor did not mean to change. */
#ifndef LEADWIRE_CONTACTS_RULES_H
#define LEADWIRE_CONTACTS_RULES_H

#include "changes.h"
#include "given.h"
#include "mentions.h"
#include "own_values.h"

/* Lower case as Postgres' lower() under the C collation, without blanks around; null when nothing is left. */
const char *email_fold (struct arena *a, const char *email);

/* Given and family name, of which either may be null: what nobody said is read off the whole name, at its first blank or at the other half.
 * Null: it cannot be told. contact_json in SQL does the same. */
void name_halves (struct arena *a, const char *name, const char *first, const char *last, const char **ret_first, const char **ret_last);

/* The preset's word on leads becoming contacts at once; false: `content` is no preset. */
bool preset_auto_contact (const char *content, bool *ret);

/* The same of a change to a preset, which may say nothing of it: false. */
bool preset_says_contact (const char *content, bool *ret);

enum lead_fate {
	LEAD_TOO_EARLY, /* its workspace has not arrived */
	LEAD_HEARD,	/* it was dealt with before */
	LEAD_ALONE,	/* no contact is made of it here */
	LEAD_NEW,	/* its contact is new */
	LEAD_KNOWN,	/* its contact is there, and may change */
};
enum lead_fate lead_decide (const struct lead_created *lead, const struct contact_place *place);

/* A contact as a lead leaves it: what the lead says, wins; what it leaves open, stays. `ret` is the whole row from now on, `ret_changes` (of
 * struct change) what is different. False: nothing is. */
bool lead_merge (struct arena *a, const struct lead_created *lead, const struct contact_place *was, struct contact_row *ret,
		 struct list *ret_changes);

struct outcome contact_create_check (const struct contact_create *cmd, const struct contact_place *place);
struct outcome contact_update_check (const struct contact_update *cmd, const struct contact_place *was);
/* The account that a command names (`has` of it): only one that its writer may see. */
struct outcome contact_account_check (struct arena *a, const struct grant *grant, unsigned char has, const struct contact_place *place);
/* The same for a command: a field that is there is meant, cleared ones too. */
bool contact_merge (struct arena *a, const struct contact_update *cmd, const struct contact_place *was, struct contact_row *ret,
		    struct list *ret_changes);
/* Who owns a contact made by hand: who was named, else its maker when they see only their own, else the workspace's default owner.
 * False: nobody. */
bool contact_owner (const struct contact_create *cmd, const struct contact_place *place, user_id *ret);

static inline unsigned char here (bool is)
{
	return is ? HERE : ABSENT;
}
/* An activity as the command makes it, or why it may not; `ret` is the whole row. */
struct outcome activity_add_check (struct arena *a, const struct activity_add *cmd, const struct record_place *place, int64_t now,
				   struct activity_row *ret);
/* Whether a bell may ring so: it says something, about one record that the asker may see, or about none for somebody who is named. */
struct outcome notice_ring_check (struct arena *a, const struct notice_ring *cmd, const struct record_place *place);
/* Whether the asker may see that there is such an activity at all; `removed`: one that was taken away counts. */
struct outcome activity_seen (const struct head *head, const struct activity_row *was, bool removed);
/* An activity as the command leaves it: `ret` the whole row from now on, `ret_changes` (of struct change) what is different; none: nothing is. */
struct outcome activity_merge (struct arena *a, const struct activity_update *cmd, const struct activity_row *was, int64_t now,
			       struct activity_row *ret, struct list *ret_changes);

/* The refusal of a change to an activity that is another by now: each field that was changed since, when and by whom. */
struct outcome activity_conflict (struct arena *a, const struct activity_since *since, size_t n);

/* A follow-up as activities: its note, and what comes next when that is planned; how many. */
size_t follow_up_rows (const struct deal_followed_up *said, struct activity_row ret[2]);

/* An appointment as an activity; and what one that is there already becomes at another time. */
void booking_row_of (const struct booking_told *said, const struct record_place *place, int64_t now, struct activity_row *ret);
struct activity_update booking_change (const struct booking_told *said);
/* Whether the timeline has a line of it: of one that was made or moved its activity says so. */
bool booking_has_line (const struct booking_told *said);

enum { TAGS_OF_WORKSPACE = 500 };
/* Whether a tag of the workspace may say so, and whether there may be one more; `ret_label`: without blanks around. */
struct outcome tag_label_check (struct arena *a, const struct tag_row *tag, size_t n, workspace_id workspace, tag_id id, const char *label,
				const char **ret_label);
enum { TAGS_MOST = 30 };
/* A JSON array of ids as tags of the workspace, each once, in the order of `tag`. */
struct outcome tags_read (struct arena *a, const char *json, const struct tag_row *tag, size_t n, struct uuid workspace,
			  const struct tag_row *ret[TAGS_MOST], size_t *ret_n);

/* Whether search would read the old words of a contact: of a new or changed one that is not past the last page. */
bool stands_on_page (const struct contact_place *place, contact_id id);
/* Whether its words changed. */
bool words_changed (struct list changes);

/* The name without blanks around. */
const char *name_trim (struct arena *a, const char *name);
/* An account as the command makes it, or why it may not: `ret` is the whole row but its number. `field`: the workspace's own of accounts. */
struct outcome account_create_check (struct arena *a, const struct account_create *cmd, const struct account_row *was,
				     const struct own_field field[], size_t n, struct account_row *ret);
/* An account as the command leaves it: `ret` the whole row from now on, `ret_changes` (of struct change) what is different; none: nothing is. */
struct outcome account_merge (struct arena *a, const struct account_update *cmd, const struct account_row *was,
			      const struct own_field field[], size_t n, struct account_row *ret, struct list *ret_changes);
/* Who looks after an account from now on; the executive is its owner, with what holds for that. */
struct outcome account_assign_merge (struct arena *a, const struct account_assign *cmd, const struct account_row *was,
				     struct account_row *ret, struct list *ret_changes);
/* All that somebody is to an account, another one is. */
void account_hand_over (struct arena *a, struct account_row *row, user_id from, user_id to);
struct list account_compare (struct arena *a, const struct account_row *was, const struct account_row *now);
/* Whether the asker may see that there is such an account, and saw it as it is. */
struct outcome account_seen (const struct head *head, const struct account_row *was, unsigned char has_version, int64_t version);
/* Out of the lists and back, into the trash and back: `ret` the whole row from now on. False: it is there already. */
bool account_shelve (const struct account_row *was, bool away, int64_t at, struct account_row *ret);
bool account_throw (const struct account_row *was, bool away, const struct head *by, struct account_row *ret);
/* A client that was none is one since `at`. */
void account_is_client (struct account_row *row, int64_t at);

/* ---- places of a company; rules_locations.c ---- */

/* http or https, a host, nothing that ends an address before its end. */
bool is_web_address (const char *text);
enum { LOCATION_NAME_MOST = 50 /* characters */ };
/* A location as the command makes it, or why it may not: `ret` is the whole row. */
struct outcome location_add_check (struct arena *a, const struct location_add *cmd, const struct location_row *was,
				   struct location_row *ret);
/* Whether the asker may see that there is such a location at all. */
struct outcome location_seen (const struct head *head, const struct location_row *was);
/* A location as the command leaves it: `ret` the whole row from now on, `ret_changes` (of struct change) what is different; none: nothing is. */
struct outcome location_merge (struct arena *a, const struct location_update *cmd, const struct location_row *was, struct location_row *ret,
			       struct list *ret_changes);

/* ---- files; rules_attachments.c ---- */

enum { FILES_OF_RECORD = 500 };
/* Which record a command is about. */
record_id record_of (const struct activity_add *about);
/* A file as the command makes it, or why it may not; `about` what it is about, `files` how many that has; `ret` is the whole row. */
struct outcome attachment_add_check (struct arena *a, const struct attachment_add *cmd, const struct activity_add *about,
				     const struct activity_row *activity, const struct record_place *place, int64_t files,
				     struct attachment_row *ret);
/* Whether the asker may see that there is such a file at all. */
struct outcome attachment_seen (const struct head *head, const struct attachment_row *was, const struct record_place *place);

/* ---- the team's conversation; rules_chat.c ---- */

/* Whether it may be said there, and where that is: without its place. */
struct outcome message_post_check (struct arena *a, const struct message_post *cmd, const struct record_place *place);
struct room_row room_of_message (const struct message_post *cmd, const struct record_place *place);
struct outcome message_edit_check (struct arena *a, const struct message_edit *cmd, const struct message_row *was);
struct outcome message_remove_check (const struct message_remove *cmd, const struct message_row *was);
/* Whether the asker may read that room. */
struct outcome message_seen (const struct head *head, const struct message_row *was);
/* The people that a text mentions, each once, without who wrote it; how many. */
size_t people_mentioned (const char *text, struct uuid writer, struct uuid ret[MENTIONS_MOST]);
/* How a text begins, as a line. */
const char *excerpt_of (struct arena *a, const char *text);

/* ---- records of other systems; rules_linked.c ---- */

/* `ret` is the row as it was (or a new one, with its id); what is said is laid over it: what is different, of one that was there. */
struct list linked_lay (struct arena *a, const struct linked_said *said, const struct linked_row *was, struct linked_row *ret);
struct outcome linked_words_check (struct arena *a, const struct linked_said *said);
/* Whether a change is worth a line of the timeline: how many are in it, and how it begins, is not. */
bool linked_told (struct list changes);
void linked_place_in (struct linked_row *row, const struct linked_place *place);
/* Whether what the command names is there and may be seen; `there`: the record itself is. */
struct outcome linked_place_check (struct arena *a, const struct linked_add *cmd, const struct linked_place *place, bool there);
struct outcome linked_seen (const struct head *head, const struct linked_row *was);
/* The fact as it is said from now on; false: as it was. */
bool fact_lay (struct arena *a, const struct record_pushed *said, struct fact_row *row);
/* What waits, as it was said; and what is said now, laid over it. False: it cannot be read any more. */
bool push_read (struct arena *a, const struct push_row *waiting, struct record_pushed *ret);
bool push_merge (struct arena *a, const struct push_row *waiting, struct record_pushed *said);
struct outcome steps_check (struct arena *a, struct list steps);
/* Of struct onboarding_step; those that come by themselves where a workspace has none of its own. */
struct list steps_read (struct arena *a, unsigned char has, const char *json);

/* Did the subject of an event change hands? */
bool owner_changed (struct list changes);

#endif
