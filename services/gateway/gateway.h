/* What the gateway's rooms share on the main thread: settings, callers, a request on its way, the live stream, the web app's files.
 * Nothing here is touched by a worker. */
#ifndef LEADWIRE_GATEWAY_H
#define LEADWIRE_GATEWAY_H

#include "records.h"
#include "rules.h"
#include "seal.h"

struct gateway_config {
#define SETTING(kind, name, env, fallback, least, most, doc) setting_##kind name;
#include "config.def"
#undef SETTING
};
extern struct gateway_config gateway_config;

/* ---- session.c: who is asking ---- */

enum caller_kind { CALLER_SESSION, CALLER_KEY, CALLER_CALENDAR };

/* Somebody who is logged in, a key, or whose calendar a link leads to. Counted; never changed after it was read but for its positions and its last use. */
struct caller {
	int refs;
	struct arena arena;
	enum caller_kind kind;
	struct uuid id;	   /* of the session, key or link */
	struct uuid actor; /* the user's, or the key's own */
	struct uuid agency;
	const char *agency_name, *name, *email, *language, *theme, *timezone; /* the last three: null when not chosen */
	const char *photo;						      /* its hash; null: none */
	const char *signature;						      /* under their mails; null: none */
	bool single_keys, agency_admin, section_crm, two_factor;
	int64_t recovery_left, archived; /* codes; workspaces that are hidden */
	struct seat home;		 /* of an agency's admin: the agency itself; else its workspace is null */
	const char *sections;		 /* JSON array */
	int64_t expires, used;		 /* wall clock, µs; a key has 0 */
	int64_t loaded;			 /* clock_monotonic */
	struct seat *seats;		 /* texts in the arena */
	size_t n_seats;
	struct positions positions;
};

/* `c` is the callee's to drop; null with the row of errors.def that says why. May be called before caller_find returns. */
typedef void caller_fn (struct app *app, void *ctx, struct caller *c, int error);

void callers_start (struct app *app);
bool callers_settled (struct app *app); /* it knows whom it may let in */
/* By the SHA-256 (hex) of a cookie's value, a key or a link's token. */
void caller_find (struct app *app, enum caller_kind kind, const char *hash, caller_fn *found, void *ctx);
struct caller *caller_keep (struct caller *c);
void caller_drop (struct caller **c);
/* Past its end, or unused for too long. */
bool caller_expired (const struct caller *c, int64_t now);
/* It is in use: says so to the database now and then. */
void caller_use (struct app *app, struct caller *c);
/* Its session, rights or preferences were changed through this very process: it is read again before its next request. */
void caller_changed (const struct caller *c);
/* The tap: what changes somebody's rights ends what was kept of them. */
void callers_hear (struct app *app, const struct heard *event);
void callers_hole (void);
/* The agencies' home workspaces: the set of every look-up by log-in, token or key. n 0: not known yet. */
const struct uuid *homes (size_t *ret_n);
struct head head_of_homes (void);

/* ---- routes*.c: a request on its way ---- */

struct request {
	struct app *app;
	struct http_request *http;
	struct arena *arena;
	const struct route_row *row;
	struct route_found found;
	const char *language;  /* of what a person reads in the answer */
	struct caller *caller; /* null on public pages */
	struct sight sight;    /* the workspaces it may read */
	struct positions after;
	struct uuid id; /* X-Request-Id's, or made */
	json_t *body;	/* null: none was sent */
	bool gone;	/* the client left */
	/* a read, a write: what they ask */
	void *item; /* struct of the route's record */
	size_t group;
	int64_t asked;		   /* clock_monotonic, of a read */
	const struct seat *seat;   /* a write's workspace, or that of the record the path names */
	struct uuid target;	   /* the record the path names */
	const char *target_json;   /* what is known of it, when it was looked up */
	bool placed;		   /* where it stands is enough */
	const struct field *about; /* of a page about that record: the query's field, and the id in it */
	const char *about_id;
	void (*then) (struct request *q);
	reply_fn *sent;		  /* of a command that waits for something */
	json_t *merged;		  /* of a read that runs for several groups */
	const char *planned_next; /* of a page of the calendar: where what pipeline knows goes on */
	int64_t if_match;
	struct sending *sending;	   /* of a file that is sent; see files.c */
	void (*admit) (struct request *q); /* instead of its page: the body has not come */
	size_t body_most;		   /* bytes of it that would be taken */
};

typedef void page_fn (struct request *q);

/* A page about people, keys or settings rather than about the CRM's records. */
bool route_is_office (const struct route_row *row);

/* Every one of these ends the request. */
void reply_json (struct request *q, int status, struct bytes json);
void reply_as (struct request *q, int status, const char *type, struct bytes body);
void reply_text (struct request *q, int status, const char *json);
void reply_error (struct request *q, int error, const char *detail, const struct problem *problem);
/* The same problem in the asker's language. */
const struct problem *problem_translated (struct request *q, const struct problem *problem);
/* What a service answered, when it is not REPLY_DONE. */
void reply_fault (struct request *q, const struct reply *reply);
void request_end (struct request *q); /* releases what a request holds beyond its arena; the answer was given */

/* table.c: a query's fields out of a query string of filters, and what is wrong with it; which query that is; a page's rows with the columns asked for; a
 * header that says where the list goes on. */
bool is_table (const struct record *r);
/* search.c: pages of deals' words may be behind; they are written when they are. */
void deals_behind (struct app *app, struct uuid workspace);
void pages_behind (struct app *app, const struct record *query, const json_t *page); /* what a search's page says is behind */
json_t *table_params (struct request *q, struct problem *problem);
/* What a query string says of fields of the workspace's own, where the query `r` takes them: custom.<key>. */
void own_params (struct request *q, const struct record *r, struct problem *problem, json_t *params);
json_t *table_filter (struct request *q, struct problem *problem, json_t *filter);
const struct record *table_asks (const struct request *q);
const struct record *list_asks (const struct deal_list *list);
void table_sparse (const char *fields, json_t *page);
const char *word_next (struct arena *a, const char **list); /* of a list with commas; null: there is no more */
void link_next (struct request *q, const char *cursor);
const char *next_of_page (struct request *q, struct bytes json);
json_t *param_json (const struct field *f, const char *value);

/* The value of a field of the path or the query string goes in as JSON text; numbers and flags as themselves. False: answered. */
bool record_of_query (struct request *q);
/* Looks up the record that the path names, sets target, seat and target_json, and goes on with q->then; 404 when there is none. */
void target_find (struct request *q, page_fn *then);
/* The same for a page that only asks where the record stands: where there is a query that gives that alone, target_json is {id, workspace_id} and what
 * else a page about it needs (a deal's lead_id). */
void place_find (struct request *q, page_fn *then);
/* What was looked up is the target: goes on with q->then, or answers that there is none (a row of errors.def), or the fault. */
void target_take (struct request *q, const struct reply *reply, int none);
const char *target_text (const struct request *q, const char *member); /* of target_json; null when absent */
int not_found_of (struct request *q);				       /* what is said of a record that is not there: a row of errors.def */
void read_page (struct request *q);
bool zone_set (struct request *q); /* false: answered */
/* When it happens: now, or as somebody says who may. */
int64_t time_of (struct request *q, const struct seat *seat);
void write_page (struct request *q);
void account_page (struct request *q);
void account_assign_page (struct request *q);
bool body_read (struct request *q);    /* false: answered */
bool command_read (struct request *q); /* the body is the route's command now; false: answered */
/* The one workspace a write is for: the one named, the only one there is, or that of the record the path names. Goes on with `then`, or answers. */
void seat_choose (struct request *q, page_fn *then);
/* the same, and who answers */
void command_send (struct request *q, reply_fn *then);
void write_send (struct request *q); /* the command is whole: it is sent, and answered */
void position_remember (struct request *q, const struct reply *reply);
/* Who belongs to a workspace is known here alone, so it is here that nobody else becomes the owner of what is in q->seat's: goes on with `then`, or
 * answers. Null: none is named. */
void owner_check (struct request *q, const struct uuid *owner, page_fn *then);
struct head head_of_write (struct request *q, const struct seat *seat);
struct head head_of_read (struct request *q, size_t group); /* of the workspaces of a group of equal rights */
struct head head_of_seat (struct request *q);		    /* the same of q->seat alone */

/* ---- passwords.c: what is guessed at ---- */

/* Seconds to wait before another guess; `name`: of what is guessed at (an e-mail), or null. */
int guess_wait (const char *name, const char *remote);
void guess_wrong (const char *name, const char *remote);
void guess_right (const char *name);
/* The database remembers more wrong ones than this process does; the last was `ago` µs ago. */
void guess_remembered (const char *name, int failures, int64_t ago);

/* ---- links.c: addresses that are their own key (a calendar, a customer's page) ---- */

enum { LINK_SLOTS = 1024 };
/* How often one address may be asked for within a minute. Of one thread; begins zeroed but for `most`. */
struct link_pace {
	int most;
	struct {
		int64_t began; /* µs, monotonic; 0: nobody asked */
		int asked;
	} slots[LINK_SLOTS];
};
/* Counts this asking; `link`: what the address is known by. */
bool link_too_often (struct link_pace *pace, struct uuid link);
/* Answers who asked for one that is not there with that error, or to wait. `kind`: which links, counted apart from each other and from log-in. */
void link_unknown (struct request *q, const char *kind, int error);

/* A check or a hash on its way; lives in the request's arena. */
struct password_work {
	struct password_work *next;
	const char *password, *hash; /* hash null: nobody has that password, in the same time */
	bool hash_new;		     /* not a check: `made` becomes its hash */
	bool right;		     /* it fits, or was made */
	char made[PASSWORD_TEXT];
	void (*then) (struct app *app, void *ctx);
	void *ctx;
};
/* False: too many wait already. */
bool password_work (struct app *app, struct password_work *w);

/* Seconds until somebody may ask for another link; 0: now, and this was one. Counts what is asked, not what comes of it. */
int forgot_wait (const char *email, const char *remote);

/* ---- forgot.c: links that go by mail ---- */

/* Lives as long as its arena; what it says is the caller's until `then`. */
struct letter {
	struct arena *arena;
	enum mail_access_kind kind;
	const char *email, *name, *language, *firm, *by; /* but the e-mail, each may be null */
	const char *url;
	int64_t expires;
	struct uuid actor, user;
	const struct uuid *workspace; /* whose accounts it may go by */
	size_t workspaces;
	struct uuid prefer; /* rather by this one's; null: any */
	struct uuid way;
	const char *sealed;
	void (*then) (struct app *app, struct letter *l, bool mailed);
	void *ctx;
};
/* By the way of one of its workspaces that has one, and whose settings nobody changes who may not let that user in anyway. Never answers before it returns. */
void letter_send (struct app *app, struct letter *l);
/* The ids of a reply's data {workspaces}. */
const struct uuid *workspaces_of_data (struct arena *a, const char *data, size_t *ret_n);

/* The step whose code it is, now or a step before or after, past the last one that was used; 0: none. Time in µs since 1970. */
int64_t totp_step (const char *secret, size_t n, const char *code, int64_t now, int64_t last_step);
/* Base32 without padding, as authenticators take it. Null: out of memory. */
const char *totp_secret_text (struct arena *a, struct bytes secret);
const char *recovery_plain (struct arena *a, const char *code);

/* ---- the pages of a person, of people, of workspaces ---- */

struct head head_of_home (struct uuid agency, struct uuid actor);
void too_many (struct request *q, int seconds);
/* Opens a session for somebody whose password and code were right, sets the cookie and goes on; `then` null: answers as GET /api/me. */
struct entry_ticket {
	struct request *q;
	struct uuid user, agency;
	int64_t totp_step;	   /* 0: none was given */
	const char *recovery_hash; /* null: none was given */
	page_fn *then;
	char token[TOKEN_TEXT], token_hash[SHA256_TEXT];
};
void entry_open (struct entry_ticket *t);
void me_reply (struct request *q, int status, const char *more); /* `more`: further members, as ",\"a\":1", or null */
/* A form's fields out of the body; null: answered. */
void *form_taken (struct request *q);
void fields_wrong (struct request *q, const char *pointer, const char *code);
/* Whether a new password may be one; false: answered. */
bool password_fits (struct request *q, const char *pointer, const char *password, const char *email, const char *name);
/* Tells the workspaces of a reply's data {workspaces} what somebody is called now. */
void members_refresh (struct app *app, struct uuid agency, struct uuid actor, struct uuid user, const char *data);
/* The seat of a write by ?workspace= or the only one; null: answered. */
const struct seat *seat_of_write (struct request *q);
/* "https://crm.example.nl", as the person who asks sees us; "http://host" when nothing else is known. */
const char *origin_of (struct request *q);
/* Where people's websites post to: CRM_HOOKS, or this machine's next port. */
const char *hooks_origin (struct http_request *r);
enum { MAILER_DOOR = 6, BILLING_DOOR = 8 /* ports after the gateway's, as `crmctl up` and Compose have it */ };
const char *door_origin (struct http_request *r, int door);
/* Plain http on a name that is not this machine's own. */
bool is_plain (struct request *q);
/* Nobody logs in over that, unless the operator says so. True: answered. */
bool https_asked (struct request *q);
/* What the log-in page has to know: GET /api/login/state. */
void setup_tell (struct request *q);

void login_state_page (struct request *q);
void password_page (struct request *q);
void photo_page (struct request *q);
void photo_show_page (struct request *q);
void sessions_page (struct request *q);
void sessions_close_page (struct request *q);
void totp_page (struct request *q);
void totp_confirm_page (struct request *q);
void person_page (struct request *q);
void person_add_page (struct request *q);
void person_update_page (struct request *q);
void person_invite_page (struct request *q);
void person_withdraw_page (struct request *q);
void member_page (struct request *q);
void hand_over_page (struct request *q);
void invite_page (struct request *q);
void invite_accept_page (struct request *q);
void forgot_page (struct request *q);
void role_page (struct request *q);
void workspace_add_page (struct request *q);
void workspace_update_page (struct request *q);
void presets_list_page (struct request *q);
void preset_page (struct request *q);
void preset_set_page (struct request *q);
void setup_page_show (struct request *q);
void setup_form_page (struct request *q);
void setup_start (struct app *app);
void search_page_show (struct request *q);
void exports_start (void);
void export_page (struct request *q);
void bookings_page (struct request *q);
void notices_page_show (struct request *q);
void news_stop_page_show (struct request *q);
void news_stop_form_page (struct request *q);
void notices_seen_page (struct request *q);
void notices_read_page (struct request *q);
void notices_choose_page (struct request *q);
/* pushes.c: browsers that are told of news though no page is open */
void browser_list_page (struct request *q);
void browser_form_page (struct request *q);
void browser_drop_page (struct request *q);
/* What somebody made themselves is no news to them. */
void notice_own (struct request *q, struct uuid made);
void document_page_show (struct request *q);
void source_add_page (struct request *q);
void demo_page_show (struct request *q);
void demo_end_page (struct request *q);

void calendar_link_page (struct request *q);
void calendar_link_make_page (struct request *q);
void calendar_link_drop_page (struct request *q);
void calendar_feed_page (struct request *q);

/* chat.c, mentioning.c: the team's conversation; names in a command's text become ids, and then it goes on */
void messages_page (struct request *q);
void message_page (struct request *q);
void rooms_page (struct request *q);
void room_seen_page (struct request *q);
void mentions_page (struct request *q);
void candidates_page_show (struct request *q);
void mentions_resolve (struct request *q, page_fn *then);
void text_page (struct request *q);

/* imports.c: an upload, and what stands with pipeline when its rows are looked at */
void imports_begin (struct http_request *r, struct app *app);
void import_upload_page (struct request *q);
void import_check_page (struct request *q);
void import_step_page (struct request *q);
void import_result_page (struct request *q);

/* mails.c: what stands in a mail, made safe; its files; one that somebody brings */
void mails_begin (struct http_request *r, struct app *app);
void mail_html_page (struct request *q);
void mail_file_page (struct request *q);
void mail_upload_page (struct request *q);
void mail_oauth_page (struct request *q);

/* billing.c: a document's files, made when they are asked for; a logo; a bank statement; one more of the same */
void billing_start (struct app *app);
void billing_begin (struct http_request *r, struct app *app);
void document_pdf_page_show (struct request *q);
void document_ubl_page_show (struct request *q);
void document_check_page_show (struct request *q);
void document_duplicate_page (struct request *q);
void company_logo_page_show (struct request *q);
void company_logo_form_page (struct request *q);
void statement_form_page (struct request *q);
/* Makes a document's files where they are not there, and goes on with q->then: q->target_json is what document_files says by then. */
void document_render_wait (struct request *q, const struct head *head, struct uuid document, page_fn *then);
enum document_file { DOCUMENT_PDF, DOCUMENT_UBL };
/* The file of q->target_json, of q->seat's workspace, as an answer. */
void document_file_send (struct request *q, enum document_file which, bool shown);

/* rule_catalogue.c: what a rule may be made of, and what is wrong with one; nobody is asked */
const char *rule_catalogue_text (struct arena *a); /* as JSON */
void rule_catalogue_page_show (struct request *q);
void rule_check_page (struct request *q);

/* decisions.c: which condition of a rule failed, and on what */
void decision_page (struct request *q);

/* rule_try.c: a rule on what was said already */
void rule_try_page (struct request *q);

/* submissions.c: requests from outside as they were kept, what they would give, and read again */
void submission_list_page (struct request *q);
void submission_page (struct request *q);
void submission_preview_page (struct request *q);
void submission_replay_page (struct request *q);
/* reasons.c: why no lead came of a request, as lead-intake says it, in a person's language; what stands in no table stays as it is. */
const char *reason_in (struct arena *a, const char *language, const char *reason);

/* events.c: what happened, pulled */
void event_pull_page_show (struct request *q);

/* portal.c: what a customer sees and does by their link */
void portal_start (void);
void portal_page_show (struct request *q);
void portal_seen_page (struct request *q);
void portal_choose_page (struct request *q);
void portal_accept_page (struct request *q);
void portal_decline_page (struct request *q);
void portal_pay_page (struct request *q);
void portal_payment_page_show (struct request *q);
void portal_pdf_page_show (struct request *q);
void portal_ubl_page_show (struct request *q);
void portal_logo_page_show (struct request *q);

/* profile.c: a QR code (level M) of a text as JSON: an array of rows of modules, 1 is dark. The page draws it, nothing is fetched. */
void qr_text (struct buffer *out, const char *text);

void prefs_page (struct request *q);
void prefs_set_page (struct request *q);
void login_page (struct request *q);
void logout_page (struct request *q);
void me_page_show (struct request *q);
void profile_page (struct request *q);
void file_page (struct request *q);
void qualify_page (struct request *q);
void deal_page (struct request *q);
void activity_add_page (struct request *q);
void tasks_page (struct request *q);
void deal_follow_up_page (struct request *q);
void deal_create_page (struct request *q);
void lead_create_page (struct request *q);
void setting_page (struct request *q);
void named_page (struct request *q);
void named_setting_page (struct request *q);
void bulk_page (struct request *q);
void undo_page (struct request *q);
void stream_page_open (struct request *q);
void overview_page (struct request *q);
void duplicates_page (struct request *q); /* duplicates.c */

void gateway_route (struct http_request *r, void *app);
/* "__Host-leadwire", or "leadwire" where a browser would drop a Secure cookie. */
const char *cookie_name (struct request *q);

/* ---- stream.c ---- */

/* Whether somebody with that grant in the event's workspace may hear it; `actor`: who they are. */
bool event_hears (const struct heard *event, const struct grant *g, struct uuid actor);
/* An event as it leaves: one JSON object, appended. */
void event_say (struct buffer *out, const struct heard *event);
/* The last event heard of a source's lane; 0: none yet. */
int64_t stream_head (const char *source, int lane);
void streams_start (struct app *app);
bool streams_settled (void); /* it knows how far every service is */
void streams_hear (struct app *app, const struct heard *event);
void streams_head (struct app *app, const char *source, int lane, int64_t sequence, uint64_t epoch);
void streams_hole (const char *source, int lane);
/* The streams of whoever fits end now; `reason` null: only their rights changed, so they come back and read everything anew. */
typedef bool caller_fits (const struct caller *c, struct uuid id);
void streams_end (caller_fits *fits, struct uuid id, const char *reason);
void streams_reset_all (void);

/* ---- export.c ---- */

/* The exports of whoever fits (null: everybody) break off. */
void exports_end (caller_fits *fits, struct uuid id);
/* bookings.c: the same of files for bookkeepers; rule_try.c: of rules that are tried; submissions.c: of requests that are read again. */
void bookings_end (caller_fits *fits, struct uuid id);
void rule_tries_end (caller_fits *fits, struct uuid id);
void submissions_end (caller_fits *fits, struct uuid id);
/* Of a CSV file: one cell, quoted where it has to be; a formula loses its power. */
void cell_add (struct buffer *out, const char *text);
/* What stands above a column: words in a person's language; null: a key reads what the API calls it. */
const char *heading_of (const char *language, const char *name);

/* ---- files.c ---- */

void files_page (struct request *q);
void file_add_page (struct request *q);
void file_change_page (struct request *q);
/* The bytes of what q->target_json says, as a whole answer; see static.c. */
void file_send (struct request *q);
/* The file of that digest in q->seat's workspace; shown in place where a browser may, else kept under that name. */
void file_give (struct request *q, const char *hash, const char *name, bool shown);
/* On the headers alone: which requests may be longer than others. */
http_handler uploads_begin;
void sweep_start (struct app *app); /* sweep.c: files that no row names any more */
/* A body larger than others', of up to so many bytes: whoever asks is looked up, and may do it there, before a byte of it is taken; refused otherwise. */
void body_admit (struct http_request *r, struct app *app, size_t bytes);
/* ---- privacy.c, takeout.c: all that is known of a person, given out or erased ---- */

void erase_page (struct request *q);
void erasures_page (struct request *q);
void takeout_page (struct request *q);

/* ---- static.c ---- */

void files_start (struct app *app);
/* True: answered. */
bool file_serve (struct http_request *r);

#endif
