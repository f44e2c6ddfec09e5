/* The writer against a real Postgres, with this test in the main thread's place: batches, fences, doubts, what is parked, what is suspected.
 * The service is a made-up one in pipeline's name, whose handlers do what an item's text tells them.
 * It must never look at what the writer has in memory: only at what it says and at what stands in the tables. */
#include "../../common/bus.h"
#include "../../common/batch.h"
#include "../../common/test.h"
#include "bus_sql.h"
#include "clock.h"
#include "cluster.h"
#include "fault.h"
#include "log.h"
#include "records.h"

/* ---- the made-up service ---- */

const struct lead_plan *gate_load (struct batch *b, const struct lead_created *item, size_t n);
void tried_write (struct batch *b, const struct deal_created *item, size_t n);
void miss_write (struct batch *b, const struct deal_created *item, size_t n);
SQL_LOAD (
	gate_load, lead_created, lead_plan,
	"select exists (select from gate g where g.name = item.name) as has_deal from unnest(:name[]) with ordinality as item (name, i) order by i")
SQL_WRITE (tried_write, deal_created,
	   "insert into tried (what, lead_id, number, workspace_id) select * from unnest(:title[], :lead_id[], :number[], :workspace[])")
SQL_WRITE (miss_write, deal_created,
	   "update tried t set what = 'touched' from unnest(:deal_id[]) as i (id) where t.lead_id = i.id and false")

static void try_leads (struct batch *b, const struct lead_created lead[], size_t n, struct outcome ret[])
{
	const struct lead_plan *gate = gate_load (b, lead, n);
	struct deal_created *deal = ARRAY (b, deal, n);
	size_t deals = 0;
	for (size_t i = 0; i < n; i++) {
		ret[i] = strncmp (lead[i].name, "wait", 4) == 0 && !gate[i].has_deal ? not_yet ("the gate") : done ();
		if (!is_done (ret[i]))
			continue;
		deal[deals++] = (struct deal_created){ .head = head_caused (b, &lead[i].head),
						       .deal_id = { uuid_new (b) },
						       .lead_id = lead[i].lead_id,
						       .has.lead_id = HERE,
						       .stage_id = { uuid_new (b) },
						       .title = lead[i].name,
						       .number = number_take (b, lead[i].head.workspace, NUMBER_DEAL) };
		if (strcmp (lead[i].name, "miss") == 0)
			miss_write (b, &deal[deals - 1], 1);
	}
	tried_write (b, deal, deals);
	deal_created_emit (b, deal, deals);
}

static void lead_run (struct batch *b, const void *item, size_t n, struct outcome ret[])
{
	try_leads (b, item, n, ret);
}

static void try_create (struct batch *b, const struct deal_create cmd[], size_t n, struct outcome ret[])
{
	struct deal_created *deal = ARRAY (b, deal, n);
	struct lead_created *ask = ARRAY (b, ask, n);
	size_t deals = 0;
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct lead_created){ .head = cmd[i].head, .name = cmd[i].title };
	const struct lead_plan *gate = gate_load (b, ask, n);
	for (size_t i = 0; i < n; i++) {
		bool waits = strcmp (cmd[i].title, "wait") == 0 && !gate[i].has_deal;
		ret[i] = waits ? not_yet ("the gate") : strcmp (cmd[i].title, "no") == 0 ? refused (deal_changed) : done ();
		if (!is_done (ret[i]))
			continue;
		ret[i].id = cmd[i].deal_id.uuid;
		deal[deals++] = (struct deal_created){ .head = head_caused (b, &cmd[i].head),
						       .deal_id = cmd[i].deal_id,
						       .lead_id = { cmd[i].deal_id.uuid },
						       .has.lead_id = HERE,
						       .stage_id = { uuid_new (b) },
						       .title = cmd[i].title,
						       .number = number_take (b, cmd[i].head.workspace, NUMBER_DEAL) };
	}
	tried_write (b, deal, deals);
	deal_created_emit (b, deal, deals);
}

static void create_run (struct batch *b, const void *item, size_t n, struct outcome ret[])
{
	try_create (b, item, n, ret);
}

static struct statement *const statements[] = { &gate_load_statement, &tried_write_statement, &miss_write_statement };
static const struct sql_file sql = { statements, LENGTH (statements), NULL, 0 };
static const struct command_row commands[] = { { .record = &deal_create_record, .run = create_run } };
static const struct listener_row hears[] = { { .record = &lead_created_record, .run = lead_run, .key = { "lead_id", "email" } },
					     HEAR_ASKED (action_wanted) };
static const struct service service = { .name = "pipeline",
					.schema = "pipeline",
					.sql = &sql,
					.commands = commands,
					.n_commands = 1,
					.hears = hears,
					.n_hears = 2,
					.settles = &deal_action_settled_record };

/* ---- in main's place ---- */

enum { SOURCE_EPOCH = 77 };

static uv_loop_t loop;
static uv_timer_t look;
static struct worker_shared shared;
static struct config config;
static pthread_t thread;
static struct {
	bool owned, stopped;
	uint64_t epoch;
	int64_t head, cursor;
	int gained, frames;
} lane[LANES];
static bool up, ended;
static struct arena memory;
static struct uuid workspace; /* all items are about it, or about `elsewhere`, whose lane is another */
static struct uuid elsewhere;
static int here, there;

struct answer {
	struct route *route;
	bool come, not_owner, doubt;
	struct reply reply;
};
static struct answer answer[64];
static int answers;

static void route_hear (const struct result *r)
{
	for (int i = 0; i < answers; i++) {
		struct answer *a = &answer[i];
		if (a->route != r->route)
			continue;
		a->come = true;
		a->not_owner = r->kind == RESULT_NOT_OWNER;
		a->doubt = a->not_owner && r->n;
		if (!a->not_owner)
			CHECK (reply_unpack (&memory, (struct bytes){ r->bytes, r->size }, &a->reply) == OK);
		heap_free (a->route);
		a->route = NULL;
	}
}

static void results_hear (uv_async_t *async)
{
	(void) async;
	for (struct result *r = results_take (&shared), *next; r; r = next) {
		next = r->next;
		switch (r->kind) {
		case RESULT_GAINED:
			lane[r->lane].owned = true;
			lane[r->lane].epoch = r->epoch;
			lane[r->lane].head = r->first_seq;
			lane[r->lane].cursor = r->cursor[0];
			lane[r->lane].gained++;
			break;
		case RESULT_LOST: lane[r->lane].owned = false; break;
		case RESULT_FRAME:
			CHECK (r->first_seq == lane[r->lane].head + 1 && r->epoch == lane[r->lane].epoch);
			lane[r->lane].head = r->first_seq + r->n - 1;
			lane[r->lane].frames++;
			break;
		case RESULT_CURSOR: lane[r->lane].cursor = r->first_seq; break;
		case RESULT_REPLY:
		case RESULT_NOT_OWNER: route_hear (r); break;
		case RESULT_STATE: up = r->n; break;
		case RESULT_STOPPED: lane[r->lane].stopped = true; break;
		case RESULT_ENDED: ended = true; break;
		case RESULT_REPLAY:
		case RESULT_REPLAY_END:
		case RESULT_PEER:
		case RESULT_DONE: break;
		}
		heap_free (r);
	}
}

static void looked (uv_timer_t *t)
{
	(void) t;
}

/* Until it is so; false after 15 s. */
#define COMES(...)                                                   \
	do {                                                         \
		int64_t until = clock_monotonic () + 15000000;       \
		while (!(__VA_ARGS__) && clock_monotonic () < until) \
			uv_run (&loop, UV_RUN_ONCE);                 \
		CHECK (__VA_ARGS__);                                 \
	} while (0)

static struct uuid uuid_on (int wanted)
{
	for (;;) {
		struct uuid u = uuid_v7 (clock_now ());
		if (wanted < 0 || lane_of (u) == wanted)
			return u;
	}
}

/* ---- what is given to the writer ---- */

struct event {
	const char *name, *email; /* email: shared ones hold each other up */
	struct uuid lead;
};

static void frame_push (struct uuid where, int64_t first, const struct event e[], int n, int version)
{
	struct frame_writer w = { 0 };
	struct buffer out = { 0 };
	struct record r = lead_created_record;
	r.version = version;
	frame_start (&w);
	for (int i = 0; i < n; i++) {
		struct lead_created lead = { .head = { .workspace = where, .id = uuid_v7 (clock_now ()), .at = clock_now () },
					     .lead_id = { uuid_is_null (e[i].lead) ? uuid_v7 (clock_now ()) : e[i].lead },
					     .number = first + i,
					     .source = "website",
					     .form_type = "F",
					     .name = e[i].name,
					     .email = e[i].email,
					     .has.email = e[i].email ? HERE : ABSENT };
		frame_add (&w, &r, &lead.head, &lead);
	}
	frame_finish (&w, clock_now (), NULL, 0, &out);
	struct work *x = work_new (WORK_FRAME, out.n);
	memcpy (x->bytes, out.at, out.n);
	x->lane = lane_of (where);
	x->claim = lane[x->lane].epoch;
	x->epoch = SOURCE_EPOCH;
	x->first_seq = first;
	x->n = n;
	work_push_writer (&shared, x);
	frame_fini (&w);
	buffer_fini (&out);
}

/* The next frame of that lane: it begins after what was pushed last. */
static int64_t pushed[LANES];

static void events_push (struct uuid where, const struct event e[], int n)
{
	int k = lane_of (where);
	frame_push (where, pushed[k] + 1, e, n, lead_created_record.version);
	pushed[k] += n;
}

/* ---- commands that events ask for ---- */

struct wanted {
	struct uuid action, deal;
	const char *title, *service, *command, *body; /* null: what is right */
	uint64_t permissions;			      /* 0: crm-edit */
};

static void wanted_push (struct uuid where, const struct wanted wanted[], int n)
{
	struct frame_writer w = { 0 };
	struct buffer out = { 0 };
	char body[300], id[UUID_TEXT];
	int k = lane_of (where);
	frame_start (&w);
	for (int i = 0; i < n; i++) {
		const struct wanted *x = &wanted[i];
		snprintf (body, sizeof body, "{\"deal_id\":\"%s\",\"title\":\"%s\"}", uuid_format (x->deal, id), x->title);
		struct action_wanted e = {
			.head = { .workspace = where, .actor = workspace, .id = uuid_v7 (clock_now ()), .at = clock_now (), .depth = 3 },
			.action_id = { x->action },
			.service = x->service ? x->service : "pipeline",
			.command = x->command ? x->command : "deal_create",
			.body = x->body ? x->body : body,
			.scope = "workspace",
			.permissions = (int64_t) (x->permissions ? x->permissions : UINT64_C (1) << PERMISSION_crm_edit),
			.by_id = { workspace }
		};
		frame_add (&w, &action_wanted_record, &e.head, &e);
	}
	frame_finish (&w, clock_now (), NULL, 0, &out);
	struct work *x = work_new (WORK_FRAME, out.n);
	memcpy (x->bytes, out.at, out.n);
	x->lane = k;
	x->claim = lane[k].epoch;
	x->epoch = SOURCE_EPOCH;
	x->first_seq = pushed[k] + 1;
	x->n = n;
	pushed[k] += n;
	work_push_writer (&shared, x);
	frame_fini (&w);
	buffer_fini (&out);
}

/* What was said of it, one after the other: "done", "refused forbidden". */
static const char *settled_of (struct uuid action)
{
	struct buffer out = { 0 };
	PGconn *c = PQconnectdb (cluster_dsn);
	PGresult *r = PQexecParams (c, "select payload from pipeline.event order by lane, first_seq", 0, NULL, NULL, NULL, NULL, 1);
	for (int i = 0; i < PQntuples (r); i++) {
		struct frame_reader f;
		if (PQgetlength (r, i, 0) == 0 ||
		    frame_open (&memory, (struct bytes){ (const unsigned char *) PQgetvalue (r, i, 0), (size_t) PQgetlength (r, i, 0) },
				&f) != OK)
			continue;
		while (frame_next (&f)) {
			struct deal_action_settled *s = arena_alloc (&memory, sizeof *s);
			if (strcmp (f.type, deal_action_settled_record.type) != 0 ||
			    record_unpack (&memory, &deal_action_settled_record, f.data, s, NULL) != OK ||
			    !uuid_equal (s->action_id.uuid, action))
				continue;
			CHECK (f.head.depth == 4 && uuid_equal (f.head.actor, workspace));
			buffer_printf (&out, "%s%s%s%s", out.n ? ", " : "", action_state_names[s->state], s->has.code == HERE ? " " : "",
				       s->has.code == HERE ? s->code : "");
			if (s->has.record_id == HERE && s->has.detail == HERE)
				buffer_text (&out, " with both");
		}
	}
	PQclear (r);
	PQfinish (c);
	buffer_add (&out, "", 1);
	const char *ret = arena_text (&memory, (const char *) out.at);
	buffer_fini (&out);
	return ret;
}

static struct answer *command_push (struct uuid where, struct uuid id, struct uuid deal, const char *title)
{
	struct deal_create cmd = { .deal_id = { deal }, .title = title };
	struct head head = { .workspace = where, .actor = workspace, .id = id, .at = clock_now (), .grant.scope = SCOPE_ALL };
	struct buffer out = { 0 };
	buffer_add (&out, deal_create_record.name, strlen (deal_create_record.name) + 1);
	head_pack (&out, &head);
	record_pack (&out, &deal_create_record, &cmd);
	struct work *x = work_new (WORK_COMMAND, out.n);
	memcpy (x->bytes, out.at, out.n);
	x->lane = lane_of (where);
	x->claim = lane[x->lane].epoch;
	x->deadline = clock_monotonic () + 30000000;
	x->route = heap_alloc (sizeof *x->route);
	struct answer *a = &answer[answers++ % (int) LENGTH (answer)];
	*a = (struct answer){ .route = x->route };
	work_push_writer (&shared, x);
	buffer_fini (&out);
	return a;
}

static void ask_push (const char *verb, const char *json)
{
	struct work *x = work_new (WORK_ASK, strlen (json));
	snprintf (x->verb, sizeof x->verb, "%s", verb);
	memcpy (x->bytes, json, strlen (json));
	x->route = heap_alloc (sizeof *x->route);
	struct answer *a = &answer[answers++ % (int) LENGTH (answer)];
	*a = (struct answer){ .route = x->route };
	work_push_writer (&shared, x);
	COMES (a->come);
	CHECK (a->reply.state == REPLY_DONE);
}

static long number (const char *sql_text)
{
	return strtol (cluster_sql (sql_text), NULL, 10);
}

/* ---- the tests ---- */

static void claims (void)
{
	COMES (up && lane[0].gained == 1 && lane[LANES - 1].gained == 1);
	CHECK (number ("select count(*) from pipeline.lane where not clean") == LANES);
	CHECK (number ("select count(*) from pipeline.cursor where last_seq = 0") == LANES);
}

static void frame_is_done_once (void)
{
	struct event e[] = { { "a", NULL, { { 0 } } }, { "b", NULL, { { 0 } } }, { "c", NULL, { { 0 } } } };
	events_push (workspace, e, 3);
	COMES (lane[here].cursor == 3 && lane[here].head == 3);
	frame_push (workspace, 2, e, 2, 1); /* the tail of it again, and one more of which the first two were heard */
	frame_push (workspace, 3, e, 2, 1);
	pushed[here] = 4;
	COMES (lane[here].cursor == 4);
	CHECK (number ("select count(*) from pipeline.tried") == 4);
	CHECK (number ("select sum(n) from pipeline.event") == 4);
}

static void poison_stands_alone (void)
{
	struct uuid lead = uuid_v7 (clock_now ());
	struct event e[] = { { "p1", NULL, { { 0 } } }, { "p2", NULL, { { 0 } } }, { "poison", "x@y.z", lead },
			     { "behind", NULL, lead },	{ "p3", NULL, { { 0 } } }, { "too", "x@y.z", { { 0 } } },
			     { "p4", NULL, { { 0 } } } };
	int64_t before = lane[here].cursor;
	events_push (workspace, e, 7);
	COMES (lane[here].cursor == before + 7);
	CHECK_TEXT (cluster_sql ("select string_agg(what, ' ' order by id) from pipeline.tried where what like 'p%'"), "p1 p2 p3 p4");
	CHECK_TEXT (cluster_sql ("select string_agg(state, ' ' order by place) from pipeline.parked"), "poison behind behind");
	CHECK (strstr (cluster_sql ("select error from pipeline.parked where state = 'poison'"), "tried_what"));
	CHECK (!strstr (cluster_sql ("select error from pipeline.parked where state = 'poison'"), "Failing row"));
	/* what comes later of the same key waits too, in a batch of its own; another key does not */
	struct event later[] = { { "later", "x@y.z", { { 0 } } }, { "free", NULL, { { 0 } } } };
	events_push (workspace, later, 2);
	COMES (lane[here].cursor == before + 9);
	CHECK (number ("select count(*) from pipeline.tried where what = 'free'") == 1);
	CHECK (number ("select count(*) from pipeline.tried where what in ('later', 'too', 'behind')") == 0);
	/* the cause is put right: redriven in the order of arrival */
	cluster_sql ("alter table pipeline.tried drop constraint tried_what");
	ask_push ("redrive", "{}");
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK_TEXT (
		cluster_sql (
			"select string_agg(what, ' ' order by id) from pipeline.tried where what in ('poison', 'behind', 'too', 'later')"),
		"poison behind too later");
	cluster_sql ("alter table pipeline.tried add constraint tried_what check (what <> 'poison') not valid");
	events_push (workspace, (struct event[]){ { "after", "x@y.z", { { 0 } } } }, 1);
	COMES (number ("select count(*) from pipeline.tried where what = 'after'") == 1);
}

static void poison_is_dropped (void)
{
	char json[200];
	struct event e[] = { { "poison", "d@y.z", { { 0 } } }, { "next", "d@y.z", { { 0 } } } };
	events_push (workspace, e, 2);
	COMES (number ("select count(*) from pipeline.parked") == 2);
	snprintf (json, sizeof json, "{\"source\":\"lead-intake\",\"lane\":%d,\"sequence\":%lld}", here, (long long) pushed[here] - 1);
	ask_push ("drop", json);
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK (number ("select count(*) from pipeline.tried where what = 'next'") == 1);
}

static void not_yet_waits (void)
{
	struct event e[] = { { "wait1", "w@y.z", { { 0 } } }, { "wbehind", "w@y.z", { { 0 } } }, { "wfree", NULL, { { 0 } } } };
	events_push (workspace, e, 3);
	COMES (number ("select count(*) from pipeline.tried where what = 'wfree'") == 1);
	CHECK_TEXT (cluster_sql ("select string_agg(state, ' ' order by place) from pipeline.parked"), "waiting behind");
	CHECK_TEXT (cluster_sql ("select error from pipeline.parked where state = 'waiting'"), "the gate");
	COMES (number ("select max(tries) from pipeline.parked") >= 2); /* it is tried again by itself */
	CHECK (number ("select count(*) from pipeline.tried where what in ('wait1', 'wbehind')") == 0);
	cluster_sql ("insert into pipeline.gate values ('wait1')");
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK_TEXT (cluster_sql ("select string_agg(what, ' ' order by id) from pipeline.tried where what in ('wait1', 'wbehind')"),
		    "wait1 wbehind");
}

static void a_write_touches_n_rows (void)
{
	struct event e[] = { { "m1", NULL, { { 0 } } }, { "miss", NULL, { { 0 } } }, { "m2", NULL, { { 0 } } } };
	events_push (workspace, e, 3);
	COMES (lane[here].cursor == pushed[here]);
	CHECK_TEXT (cluster_sql ("select string_agg(what, ' ' order by id) from pipeline.tried where what in ('m1', 'miss', 'm2')"),
		    "m1 m2");
	CHECK (strstr (cluster_sql ("select error from pipeline.parked"), "miss_write did not touch 1 rows"));
	cluster_sql ("delete from pipeline.parked");
	ask_push ("drop", "{\"source\":\"none\",\"lane\":0,\"sequence\":0}"); /* it looks again at what there is */
}

static void numbers_stay_unique (void)
{
	CHECK (number ("select count(*) - count(distinct (workspace_id, number)) from pipeline.tried") == 0);
	CHECK (number ("select count(*) from pipeline.tried t join pipeline.number_block b using (workspace_id) where t.number >= b.next") ==
	       0);
}

static void commands_are_repeatable (void)
{
	struct uuid id = uuid_v7 (clock_now ()), deal = uuid_v7 (clock_now ());
	struct answer *first = command_push (workspace, id, deal, "once"), *second = command_push (workspace, id, deal, "once");
	COMES (first->come && second->come);
	CHECK (first->reply.state == REPLY_DONE && !first->reply.repeated && uuid_equal (first->reply.id, deal));
	CHECK (second->reply.state == REPLY_DONE && second->reply.repeated && uuid_equal (second->reply.id, deal));
	CHECK (first->reply.position.sequence == second->reply.position.sequence && first->reply.position.sequence == lane[here].head);
	struct answer *other = command_push (workspace, id, deal, "other");
	COMES (other->come);
	CHECK (other->reply.state == REPLY_REFUSED);
	CHECK_TEXT (other->reply.code, "key_reused");
	CHECK (number ("select count(*) from pipeline.tried where what in ('once', 'other')") == 1);
	struct answer *no = command_push (workspace, uuid_v7 (clock_now ()), deal, "no");
	COMES (no->come);
	CHECK_TEXT (no->reply.code, "deal_changed");
	/* what is not possible yet is no answer to keep */
	id = uuid_v7 (clock_now ());
	struct answer *wait = command_push (workspace, id, deal, "wait");
	COMES (wait->come);
	CHECK (wait->reply.state == REPLY_UNAVAILABLE);
	cluster_sql ("insert into pipeline.gate values ('wait')");
	wait = command_push (workspace, id, deal, "wait");
	COMES (wait->come);
	CHECK (wait->reply.state == REPLY_DONE && !wait->reply.repeated);
	/* one that breaks is answered alone, and what shared its batch is done */
	struct answer *good = command_push (workspace, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "good");
	struct answer *bad = command_push (workspace, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "poison");
	COMES (good->come && bad->come);
	CHECK (good->reply.state == REPLY_DONE && bad->reply.state == REPLY_REFUSED);
	CHECK_TEXT (bad->reply.code, "internal");
}

static long tried (const char *what)
{
	char text[200];
	snprintf (text, sizeof text, "select count(*) from pipeline.tried where what = '%s'", what);
	return number (text);
}

/* However often an action is wanted, its command is run once, and each time what became of it is said. */
static void wanted_is_done_once (void)
{
	struct wanted a = { .action = uuid_v7 (clock_now ()), .deal = uuid_v7 (clock_now ()), .title = "wanted" };
	struct wanted b = { .action = uuid_v7 (clock_now ()), .deal = uuid_v7 (clock_now ()), .title = "wanted too" };
	wanted_push (workspace, (struct wanted[]){ a, b, a }, 3); /* twice in one frame */
	COMES (lane[here].cursor == pushed[here]);
	CHECK (tried ("wanted") == 1 && tried ("wanted too") == 1);
	CHECK_TEXT (settled_of (a.action), "done, done");
	wanted_push (workspace, &a, 1); /* and later */
	wanted_push (workspace, &b, 1);
	COMES (lane[here].cursor == pushed[here]);
	CHECK (tried ("wanted") == 1 && tried ("wanted too") == 1);
	CHECK_TEXT (settled_of (a.action), "done, done, done");
	CHECK_TEXT (settled_of (b.action), "done, done");
	CHECK (number ("select count(*) from pipeline.asked where record_id is not null and error is null") == 2);
}

static void wanted_is_refused (void)
{
	const struct uuid deal = uuid_v7 (clock_now ());
	struct wanted w[] = { { .title = "no" },
			      { .title = "x", .permissions = UINT64_C (1) << PERMISSION_crm_view },
			      { .title = "x", .command = "stage_remove" },
			      { .title = "x", .command = "deal_update" }, /* it may be asked for, but is not served here */
			      { .title = "x", .body = "{\"deal_id\":\"nobody\",\"title\":\"x\"}" },
			      { .title = "x", .body = "[]" },
			      { .title = "x", .service = "mailer" } };
	static const char *const said[] = { "refused deal_changed",
					    "refused forbidden",
					    "refused bad_request",
					    "refused bad_request",
					    "refused invalid",
					    "refused invalid",
					    "" };
	long before = number ("select count(*) from pipeline.tried");
	for (size_t i = 0; i < LENGTH (w); i++) {
		w[i].action = uuid_v7 (clock_now ());
		w[i].deal = deal;
	}
	wanted_push (workspace, w, LENGTH (w));
	COMES (lane[here].cursor == pushed[here]);
	CHECK (number ("select count(*) from pipeline.tried") == before);
	for (size_t i = 0; i < LENGTH (w); i++)
		CHECK_TEXT (settled_of (w[i].action), said[i]);
	CHECK (number ("select count(*) from pipeline.asked where error = 'invalid' and detail like '/deal_id: %'") == 1);
	wanted_push (workspace, w, 2); /* the same answers again, from the table */
	COMES (lane[here].cursor == pushed[here]);
	CHECK_TEXT (settled_of (w[0].action), "refused deal_changed, refused deal_changed");
	CHECK_TEXT (settled_of (w[1].action), "refused forbidden, refused forbidden");
	CHECK (number ("select count(*) from pipeline.asked where error is not null") == 6);
}

/* What is not possible yet waits, and what comes behind it; nothing is said of either before. */
static void wanted_waits (void)
{
	struct wanted w = { .action = uuid_v7 (clock_now ()), .deal = uuid_v7 (clock_now ()), .title = "wait" };
	cluster_sql ("delete from pipeline.gate where name = 'wait'; delete from pipeline.tried where what = 'wait'");
	wanted_push (workspace, (struct wanted[]){ w, w }, 2);
	wanted_push (workspace, &w, 1);
	COMES (lane[here].cursor == pushed[here]);
	CHECK_TEXT (cluster_sql ("select string_agg(state, ' ' order by place) from pipeline.parked"), "waiting behind behind");
	CHECK_TEXT (settled_of (w.action), "");
	COMES (number ("select max(tries) from pipeline.parked") >= 2);
	cluster_sql ("insert into pipeline.gate values ('wait')");
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK (tried ("wait") == 1);
	CHECK_TEXT (settled_of (w.action), "done, done, done");
}

/* One that breaks is put aside alone, and says nothing until people have seen to it. */
static void wanted_poison (void)
{
	struct wanted w[] = { { .title = "first" }, { .title = "poison" }, { .title = "last" } };
	for (size_t i = 0; i < LENGTH (w); i++) {
		w[i].action = uuid_v7 (clock_now ());
		w[i].deal = uuid_v7 (clock_now ());
	}
	wanted_push (workspace, w, LENGTH (w));
	COMES (lane[here].cursor == pushed[here]);
	CHECK (tried ("first") == 1 && tried ("last") == 1);
	CHECK_TEXT (cluster_sql ("select string_agg(state, ' ') from pipeline.parked"), "poison");
	CHECK_TEXT (settled_of (w[1].action), "");
	cluster_sql ("alter table pipeline.tried drop constraint tried_what");
	long before = tried ("poison");
	ask_push ("redrive", "{}");
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK (tried ("poison") == before + 1);
	CHECK_TEXT (settled_of (w[1].action), "done");
	cluster_sql ("alter table pipeline.tried add constraint tried_what check (what <> 'poison') not valid");
}

/* The session ends at the commit. Whether it happened is in doubt: the source's events come again, and it has happened once. */
static void wanted_in_doubt (void)
{
	struct wanted w = { .action = uuid_v7 (clock_now ()), .deal = uuid_v7 (clock_now ()), .title = "doubtful" };
	int gained = lane[here].gained;
	cluster_sql (
		"create function pipeline.die_wanted () returns trigger language plpgsql as $$ begin if new.what = 'doubtful' then "
		"perform pg_terminate_backend (pg_backend_pid ()); end if; return null; end $$; "
		"create constraint trigger die_wanted after insert on pipeline.tried deferrable initially deferred for each row execute function pipeline.die_wanted ()");
	wanted_push (workspace, &w, 1);
	COMES (lane[here].gained == gained + 1 && lane[here].owned);
	cluster_sql ("drop trigger die_wanted on pipeline.tried");
	pushed[here] = lane[here].cursor; /* as the bus does: from where the table says that it is */
	wanted_push (workspace, &w, 1);
	COMES (lane[here].cursor == pushed[here]);
	CHECK (tried ("doubtful") == 1);
	CHECK_TEXT (settled_of (w.action), "done");
}

/* A stranger moved the cursor: nothing of the batch is committed, the writer lets everything go and looks again. */
static void forged_cursor (void)
{
	char text[200];
	long tried = number ("select count(*) from pipeline.tried"), frames = number ("select count(*) from pipeline.event");
	int gained = lane[here].gained;
	snprintf (text, sizeof text, "update pipeline.cursor set last_seq = last_seq + 100 where lane = %d", here);
	cluster_sql (text);
	struct answer *beside = command_push (elsewhere, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "beside");
	events_push (workspace, (struct event[]){ { "stolen", NULL, { { 0 } } } }, 1);
	COMES (lane[here].gained == gained + 1 && up && beside->come);
	CHECK (number ("select count(*) from pipeline.tried where what = 'stolen'") == 0);
	if (beside->not_owner)
		CHECK (number ("select count(*) from pipeline.tried") == tried && number ("select count(*) from pipeline.event") == frames);
	CHECK (lane[here].cursor == pushed[here] - 1 + 100);
	pushed[here] = lane[here].cursor;
	COMES (lane[there].owned);
}

/* A stranger wrote a frame at the head: likewise; the same command again, under its id, is done after it. */
static void forged_frame (void)
{
	char text[300];
	struct uuid id = uuid_v7 (clock_now ()), deal = uuid_v7 (clock_now ());
	int gained = lane[here].gained;
	snprintf (text, sizeof text, "insert into pipeline.event (lane, first_seq, n, epoch, payload) values (%d, %lld, 1, 5, '')", here,
		  (long long) lane[here].head + 1);
	cluster_sql (text);
	struct answer *a = command_push (workspace, id, deal, "fenced");
	COMES (a->come && lane[here].gained == gained + 1);
	CHECK (a->not_owner);
	CHECK (number ("select count(*) from pipeline.tried where what = 'fenced'") == 0);
	a = command_push (workspace, id, deal, "fenced");
	COMES (a->come);
	CHECK (a->reply.state == REPLY_DONE && !a->reply.repeated);
	CHECK (number ("select count(*) from pipeline.tried where what = 'fenced'") == 1);
}

/* A refused command says nothing and moves nothing: its epoch proves whose the lane is. */
static void forged_epoch (void)
{
	char text[200];
	int gained = lane[here].gained;
	snprintf (text, sizeof text, "update pipeline.lane set epoch = 1 where lane = %d", here);
	cluster_sql (text);
	struct answer *a = command_push (workspace, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "no");
	struct answer *b = command_push (elsewhere, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()),
					 "yes"); /* a frame there fences nothing here */
	COMES (a->come && b->come && lane[here].gained == gained + 1);
	CHECK (a->not_owner);
}

/* The session ends at the commit: whether it happened is in doubt; under the same id it happens once. */
static void doubt (void)
{
	struct uuid id = uuid_v7 (clock_now ()), deal = uuid_v7 (clock_now ());
	int gained = lane[here].gained;
	cluster_sql (
		"create function pipeline.die () returns trigger language plpgsql as $$ begin if new.what = 'doubt' then "
		"perform pg_terminate_backend (pg_backend_pid ()); end if; return null; end $$; "
		"create constraint trigger die after insert on pipeline.tried deferrable initially deferred for each row execute function pipeline.die ()");
	struct answer *a = command_push (workspace, id, deal, "doubt");
	COMES (a->come && lane[here].gained == gained + 1);
	CHECK (a->not_owner && a->doubt);
	cluster_sql ("drop trigger die on pipeline.tried");
	a = command_push (workspace, id, deal, "doubt");
	COMES (a->come);
	CHECK (a->reply.state == REPLY_DONE);
	CHECK (number ("select count(*) from pipeline.tried where what = 'doubt'") == 1);
	CHECK (number ("select coalesce(max(first_seq + n - 1), 0) from pipeline.event") >= lane[here].head);
}

/* A fault at the commit itself (a deferred check) is told from one of a statement, and the connection goes on. */
static void refused_at_commit (void)
{
	int gained = lane[here].gained;
	cluster_sql (
		"create function pipeline.late () returns trigger language plpgsql as $$ begin if new.what = 'late' then "
		"raise exception 'too late'; end if; return null; end $$; "
		"create constraint trigger late after insert on pipeline.tried deferrable initially deferred for each row execute function pipeline.late ()");
	struct answer *a = command_push (workspace, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "late");
	struct answer *b = command_push (workspace, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "early");
	COMES (a->come && b->come);
	CHECK (a->reply.state == REPLY_REFUSED && b->reply.state == REPLY_DONE && lane[here].gained == gained);
	CHECK_TEXT (a->reply.code, "internal");
	events_push (workspace, (struct event[]){ { "late", NULL, { { 0 } } }, { "not late", NULL, { { 0 } } } }, 2);
	COMES (lane[here].cursor == pushed[here]);
	CHECK (number ("select count(*) from pipeline.tried where what = 'not late'") == 1);
	CHECK (number ("select count(*) from pipeline.parked where state = 'poison'") == 1);
	cluster_sql ("drop trigger late on pipeline.tried; delete from pipeline.parked");
	ask_push ("drop", "{\"source\":\"none\",\"lane\":0,\"sequence\":0}");
}

/* A frame with a version from the future: nothing of it is done, and nothing after it, until somebody comes who knows it. */
static void unknown_version (void)
{
	struct event e[] = { { "future", NULL, { { 0 } } } };
	int64_t before = lane[there].cursor;
	frame_push (elsewhere, before + 1, e, 1, lead_created_record.version + 1);
	frame_push (elsewhere, before + 2, (struct event[]){ { "present", NULL, { { 0 } } } }, 1, lead_created_record.version);
	COMES (lane[there].stopped);
	struct answer *a = command_push (elsewhere, uuid_v7 (clock_now ()), uuid_v7 (clock_now ()), "goes on");
	COMES (a->come);
	CHECK (a->reply.state == REPLY_DONE && lane[there].cursor == before);
	CHECK (number ("select count(*) from pipeline.tried where what in ('future', 'present')") == 0);
	CHECK (number ("select count(*) from pipeline.lane where stopped like '%lead.created comes in version 2%'") == 1);
}

/* After an unclean end the items the process may have died on are run alone; the third death makes one poison, and only that one. */
static void suspects (void)
{
	char text[300];
	int gained = lane[here].gained;
	snprintf (text, sizeof text, "insert into pipeline.attempt (source, lane, sequence, n) values ('lead-intake', %d, %lld, 2)", here,
		  (long long) pushed[here] + 1);
	cluster_sql (text);
	cluster_sql ("select pg_terminate_backend (pid) from pg_stat_activity where application_name = 'pipeline.0 writer'");
	COMES (lane[here].gained == gained + 1 && up);
	CHECK_TEXT (cluster_sql (text), "!23505"); /* an unclean claim keeps what is written down */
	struct event e[] = { { "killer", "k@y.z", { { 0 } } },
			     { "s1", NULL, { { 0 } } },
			     { "s2", NULL, { { 0 } } },
			     { "s3", NULL, { { 0 } } },
			     { "s4", NULL, { { 0 } } } };
	events_push (workspace, e, 5);
	COMES (lane[here].cursor == pushed[here]);
	CHECK (number ("select count(*) from pipeline.tried where what = 'killer'") == 0);
	CHECK_TEXT (cluster_sql ("select string_agg(what, ' ' order by id) from pipeline.tried where what in ('s1', 's2', 's3', 's4')"),
		    "s1 s2 s3 s4");
	CHECK_TEXT (cluster_sql ("select string_agg(state || ' ' || error, ';') from pipeline.parked"),
		    "poison the process died on it three times in a row");
	ask_push ("redrive", "{}"); /* by people: it is tried again */
	COMES (number ("select count(*) from pipeline.parked") == 0);
	CHECK (number ("select count(*) from pipeline.tried where what = 'killer'") == 1);
}

static void locks_are_held (void)
{
	char text[200];
	snprintf (text, sizeof text, "set search_path = pipeline; select pg_try_advisory_lock (hashtext (current_schema ()), %d)::int",
		  here);
	CHECK (number (text) == 0);
}

static void lanes_are_dense (void)
{
	CHECK (number ("select count(*) from (select first_seq - 1 as ends, lag(first_seq + n - 1) over (partition by lane order by first_seq) as before "
		       "from pipeline.event) f where before is not null and ends <> before") == 0);
}

static void ends_in_good_order (void)
{
	workers_stop (&shared);
	COMES (ended);
	pthread_join (thread, NULL);
	CHECK (number ("select count(*) from pipeline.lane where clean") == LANES);
	CHECK (number ("select count(*) from bus.member") == 0);
}

static bool schema_make (void)
{
	struct buffer text = { 0 };
	cluster_sql (
		"create schema bus; create table bus.member (name text primary key, service text not null, pub text not null, rpc text not null, "
		"curve text not null, lanes int not null, pid int not null, seen timestamptz not null); create schema pipeline; create role pipeline_read; create table pipeline.migration (origin text, name text, sum text); create table pipeline.program (member text, build text); set search_path = pipeline; "
		"create table tried (id bigserial primary key, what text not null, lead_id uuid, number bigint not null, workspace_id uuid not null); "
		"alter table tried add constraint tried_what check (what <> 'poison'); create table gate (name text)");
	for (size_t i = 0; i < bus_sql.n_migrations; i++) {
		buffer_clear (&text);
		buffer_text (&text, bus_sql.migrations[i].text);
		buffer_add (&text, "", 1);
		if (*cluster_sql ((const char *) text.at) == '!')
			return fprintf (stderr, "migration %s: %s\n", bus_sql.migrations[i].name, cluster_sql ("")), false;
	}
	buffer_fini (&text);
	return true;
}

int main (void)
{
	alarm (200);
	if (!cluster_start () || !schema_make ())
		return 1;
	for (size_t i = 0; i < bus_sql.n_statements; i++)
		if (!sql_ready (bus_sql.statements[i]))
			return 1;
	for (size_t i = 0; i < sql.n_statements; i++)
		if (!sql_ready (sql.statements[i]))
			return 1;
	log_open ("unit", 0, LOG_ERROR);
	fault_open ("");
	arena_init (&memory);
	uv_loop_init (&loop);
	uv_timer_init (&loop, &look);
	uv_timer_start (&look, looked, 5, 5);
	config.dsn = config.read_dsn = cluster_dsn;
	shared.service = &service;
	shared.config = &config;
	shared.sources[shared.n_sources++] = "lead-intake";
	snprintf (shared.member, sizeof shared.member, "pipeline.0");
	shared_init (&shared, &loop, results_hear);
	workspace = uuid_on (-1);
	here = lane_of (workspace);
	there = (here + 1) % LANES;
	elsewhere = uuid_on (there);
	pthread_create (&thread, NULL, writer_run, &shared);
	claims ();
	frame_is_done_once ();
	poison_stands_alone ();
	poison_is_dropped ();
	not_yet_waits ();
	a_write_touches_n_rows ();
	numbers_stay_unique ();
	commands_are_repeatable ();
	wanted_is_done_once ();
	wanted_is_refused ();
	wanted_waits ();
	wanted_poison ();
	wanted_in_doubt ();
	forged_cursor ();
	forged_frame ();
	forged_epoch ();
	doubt ();
	refused_at_commit ();
	locks_are_held ();
	unknown_version ();
	suspects ();
	numbers_stay_unique ();
	lanes_are_dense ();
	ends_in_good_order ();
	return test_end ();
}
