/* What is known of records, out of events alone: merged as they come, asked as facts by rules. The same code serves what happens and what is tried; pure.
 * It must never look anything up, take what nobody said for none, nor keep what a SECRET field holds. */
#ifndef LEADWIRE_AUTOMATION_KNOWN_H
#define LEADWIRE_AUTOMATION_KNOWN_H

#include "fact.h"

/* Also the order of their names, which facts begin with. */
enum known_noun { KNOWN_LEAD, KNOWN_DEAL, KNOWN_CONTACT, KNOWN_ACCOUNT, KNOWN_DOCUMENT, KNOWN_NOUNS };
extern const char *const known_noun_names[]; /* ended by null */

/* A record as far as it was told. The ids stand apart, null where there is none or none was told. `facts` is a JSON object, its members named as facts are
 * without "<noun>.": texts, choices, ids as text, numbers, flags, times as RFC 3339, dates as 2026-11-23, money as {amount, currency} (without the currency
 * where nobody said it), custom as an object; null: it is known that there is none. Beside these:
 *
 *   tags            [{id, label}]
 *   segments        [ids]: those that it fits now
 *   n               {event type: how often it was said of the record, by this or any other that names it}
 *   mails_sent      mails that a server took, each once whatever its recipients; mails_received: those that people wrote; mailed_at: the last of either
 *   mailed_id       the last one that was sent
 *   trashed         true: it lies in the trash
 *   merged          id of the one that it went into
 *   was             {column: [ids]}: whose it was before merges, the last one last; what takes them back goes by that
 *   original_id     of a credit note: which invoice
 *   linked          true, of a lead: contacts has said which contact it is, or that it is none
 *   upto            {service: [number on its stream, when it was recorded]} of the last event that was taken
 *
 * Where created_at is there, the record was heard of from its beginning: what no member says, it has none of. Else nobody knows. */
struct known {
	enum known_noun noun;
	struct uuid record_id;
	struct uuid contact_id, account_id, deal_id, lead_id, owner_id;
	int64_t created_at, active_at; /* µs since 1970 UTC; 0: not heard of. active_at: the last of what anybody did about it */
	bool gone;		       /* it was purged: its row goes */
	json_t *facts;		       /* this struct's own */
};

/* One of which nothing is known yet. */
struct known known_begin (enum known_noun noun, struct uuid id);
void known_end (struct known *k);
/* It is in the trash, merged into another, taken away or no more. */
bool known_is_gone (const struct known *k);
/* It is there, not in the trash and not merged into another: rules of time may take it up. */
bool known_stands (const struct known *k);
/* What is about a person is none from now on: fields that are PERSONAL. */
void known_erase (struct known *k);

/* ---- events ---- */

struct known_target {
	enum known_noun noun;
	struct uuid id;
	bool makes; /* where there is none of it yet, one begins (known_begin); else it is left */
	bool twin;  /* the event does not name it: it is the deal of a lead that it names, or the lead of a deal, if there is one */
};
/* Which records an event speaks of, in the arena, each once. The first is the one that it is about: whose history.* is meant. `item`: the event's struct. A lead
 * and its deal bear one id: who names one speaks of the other, if that is there. */
size_t known_targets (struct arena *a, const struct record *event, const void *item, const struct known_target **ret);
/* Takes what the event says of this one of its targets, and counts it; what is delivered again by its stream (head.sequence) is passed over. */
void known_apply (struct known *k, const struct record *event, const void *item);
/* A deal that was heard of after its lead had found its contact has that contact. False: nothing is other. */
bool known_inherit (struct known *deal, const struct known *lead);

/* What an event changes of records that it does not name. */
enum known_moving {
	MOVE_TO,   /* rows whose column is `from`: it is `to` from now on; a merge, or a member's things handed over */
	MOVE_BACK, /* rows whose column is `from`, and to whose last facts.was.<column> is `to`: that again */
	MOVE_NONE, /* rows whose column is `from`: none */
	MOVE_TAG, /* rows that bear the tag `from` (facts.tags[].id): it is called `label`; null: they bear it no more. The same of segments, which are ids alone */
};
struct known_move {
	enum known_moving how;
	const char *column; /* contact_id, account_id, deal_id, owner_id; TAG: tags or segments */
	struct uuid from, to;
	const char *label;
};
/* False: nothing else. */
bool known_moves (const struct record *event, const void *item, struct known_move *ret);
/* On one record; false: it is as it was. */
bool known_move (struct known *k, const struct known_move *move);

/* ---- stages ---- */

/* pipeline: the key of its pipeline. */
struct known_stage {
	struct uuid id;
	const char *pipeline, *key;
	enum stage_kind kind;
};
/* The stages that workspace_created, workspace_preset_changed or board_changed tell of, in the arena: rows to write over those of the same id, beside which the
 * others stay. `was`: those that are known of the workspace, whose pipelines another preset may be laid upon. Other events: none. */
size_t known_stages (struct arena *a, const struct record *event, const void *item, const struct known_stage *was, size_t n,
		     const struct known_stage **ret);

/* ---- facts ---- */

struct known_context {
	const struct known *of[KNOWN_NOUNS]; /* null: there is none of it here */
	const struct known *const *document; /* the deal's; null: they were not loaded, and what is reckoned of them is not known */
	size_t documents;
	const struct known_stage *stage; /* all of the workspace */
	size_t stages;
	int32_t (*day_of) (const void *zone, int64_t at); /* the workspace's day of a moment */
	const void *zone;
};
/* Which record of that noun those name that are in the context: the document before the deal, that before the lead, that before the contact; a lead's deal
 * bears its id. False: none. A caller asks for each noun that the event itself does not name, loads, and asks again: three times is enough. */
bool known_follow (const struct known_context *c, enum known_noun noun, struct uuid *ret);

enum {
	DEAL_FOLLOWS_SECONDS = 30, /* so long after a lead began its deal may still be on its way */
};
/* Whether any of those facts comes over what another service has still to say of a lead that is here: who it is (contacts), or, where the event is the lead's
 * and it began just now or was found worth a deal, its deal (pipeline). `at`: when the event happened, µs. */
bool known_awaits (const struct known_context *c, const struct record *event, int64_t at, const struct fact_name fact[], size_t n);
/* Whether any of them can, whatever lead the event is about. */
bool known_asks_later (const struct record *event, const struct fact_name fact[], size_t n);

/* A fact of a record (FACT_OF_RECORD), whose texts stand in the arena. ABSENT: the record is not here, or nobody told. CLEARED: there is none, nor of what
 * only a contact or a company has where it is known that none is named. deal.contact_name and account_name are what these are called now, where they are here. */
struct fact fact_of_known (struct arena *a, const struct fact_name *name, const struct known_context *c);

/* Of a deal's documents, `document` as in the context. open_invoices: its invoices that are neither paid, cancelled (credited whole) nor thrown away, drafts
 * too. left_to_invoice: what its accepted quotes come to, less what its invoices come to that are neither cancelled nor thrown away, and with what credit
 * notes take off these; CLEARED: no quote was accepted. ABSENT: unknown, or of several currencies. */
struct fact known_open_invoices (const struct known_context *c);
struct fact known_left_to_invoice (const struct known_context *c);

/* What only the caller knows of a rule and the record. matched_at: 0: never. */
struct known_history {
	int64_t matches, matched_at;
};
/* A fact of history (FACT_OF_HISTORY) of the record that `event` is about; null: ABSENT. What this event counts is counted: the first time, events is 1. */
struct fact fact_of_history (const struct fact_name *name, const struct known *about, const struct record *event,
			     const struct known_history *rule, const struct known_context *c);

#endif
