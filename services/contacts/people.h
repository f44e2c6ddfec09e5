/* Contacts beyond what a lead says of them: for the commands that make and change them, one by one or many at once.
 * Never touched by a lead. */
#ifndef LEADWIRE_CONTACTS_PEOPLE_H
#define LEADWIRE_CONTACTS_PEOPLE_H

#include "own_values.h"
#include "records.h"

/* The fields that a workspace gave its contacts (or accounts), out of those known of several workspaces. */
struct own_fields {
	const struct custom_field *at;
	size_t n;
};
struct own_fields own_fields_of (struct batch *b, const struct custom_ask ask[], size_t n);
/* Those of the workspaces of `n` commands, each of `size`, with its head first. */
struct own_fields own_fields_asked (struct batch *b, const void *cmd, size_t size, size_t n);
struct own_field *own_fields_about (struct arena *a, const struct own_fields *fields, struct uuid workspace, enum custom_about about,
				    size_t *ret_n);

/* What a command says beyond name, e-mail, phone, company and owner, as a row: ABSENT is not said, CLEARED is said to be nothing. */
#define WHOLE_SAID(cmd)                                                                                                                   \
	(struct contact_whole)                                                                                                            \
	{                                                                                                                                 \
		.workspace_id = { (cmd)->head.workspace }, .contact_id = (cmd)->contact_id, .type = (cmd)->type, .status = (cmd)->status, \
		.job_title = (cmd)->job_title, .notes = (cmd)->notes, .user_id = (cmd)->user_id, .emails = (cmd)->emails,                 \
		.phones = (cmd)->phones, .custom = (cmd)->custom,                                                                         \
		.has = {.workspace_id = HERE,                                                                                             \
			.contact_id = HERE,                                                                                               \
			.type = (cmd)->has.type,                                                                                          \
			.status = (cmd)->has.status,                                                                                      \
			.job_title = (cmd)->has.job_title,                                                                                \
			.notes = (cmd)->has.notes,                                                                                        \
			.user_id = (cmd)->has.user_id,                                                                                    \
			.emails = (cmd)->has.emails,                                                                                      \
			.phones = (cmd)->has.phones,                                                                                      \
			.custom = (cmd)->has.custom }                                                                                     \
	}
/* What is said of a contact that is otherwise from now on: of its row, or of the whole. */
#define CONTACT_UPDATED(b, cause, row, what)                                                                                           \
	(struct contact_updated)                                                                                                       \
	{                                                                                                                              \
		.head = head_caused (b, cause), .contact_id = (row)->contact_id, .version = (row)->version, .name = (row)->name,       \
		.company = (row)->company, .email = (row)->email, .phone = (row)->phone, .changes = what, .owner_id = (row)->owner_id, \
		.has = {.company = (row)->has.company,                                                                                 \
			.email = (row)->has.email,                                                                                     \
			.phone = (row)->has.phone,                                                                                     \
			.owner_id = (row)->has.owner_id }                                                                              \
	}
/* Whether anything of it was said. */
bool whole_says (const struct contact_whole *said);
/* What is said, laid upon what was (`was` empty: they are new; then what is needed has to be there). `first_email`, `first_phone`: stand in the row
 * itself, and among the further ones no more. *ret: from now on; `changes` (of struct change, room for all) gets what is different. */
struct outcome whole_lay (struct arena *a, const struct own_field field[], size_t n, const struct contact_whole *said,
			  const struct contact_whole *was, const char *first_email, const char *first_phone, bool makes,
			  struct contact_whole *ret, struct list *changes);
/* How many changes whole_lay may note at most. */
size_t whole_changes_most (const struct contact_whole *said, const struct contact_whole *was);

/* The further e-mails and phones of a row, as rows of their own: appended to `ret`, which has room. */
size_t reach_rows (struct arena *a, const struct contact_whole *whole, struct reach_row **ret);

/* Rows just written get what no lead says of them. */
void wholes_write (struct batch *b, const struct contact_whole row[], size_t n);

/* Of new ones, whose row says it all already: their further e-mails and phones alone. */
void reaches_write (struct batch *b, const struct contact_whole row[], size_t n);

/* The account of that company, made when there is none of that name; false: the name is empty. */
bool company_account (struct batch *b, const struct head *cause, const char *company, unsigned char has_owner, user_id owner,
		      account_id *ret, const char **ret_name);

/* Archive, reactivate, delete or restore; `did`: it was otherwise before. */
struct state_ask {
	const struct head *head;
	contact_id id;
	int64_t version; /* that the caller saw; 0: any */
	bool primary;	 /* whom a company is spoken to first through may go as well: what made them is taken back */
};
struct outcome contact_state_check (const struct state_ask *ask, const struct contact_whole *was, enum people_action action, bool *ret_did);
void contacts_state (struct batch *b, const struct state_ask ask[], size_t n, enum people_action action, struct outcome ret[], bool did[]);

#endif
