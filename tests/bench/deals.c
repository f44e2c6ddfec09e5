/* Rows about a workspace with 10 thousand, 100 thousand and a million deals: what people open all day, over HTTP as one browser asks, in turn with the same
 * statements run by pgbench on the same Postgres: that is the limit. It must never leave out an answer that was none. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

enum { SIZES = 3, TURNS = 3, WORDS = 300, ASKS = 15 };

struct times {
	double p50, p99, rate; /* ms, ms, a second */
	int64_t bad;
};

/* What is asked: paths over HTTP, one at a time on one connection; the statements that the services run to answer it, one after another by pgbench, its own
 * journeys to Postgres among them. The second look of a search, at the deals of those who were found, is in ours alone. */
struct ask {
	const char *name, *path; /* path: ? stands for a deal's id, a %s for words */
	double aim_100k, aim_1m; /* ms; 0: none */
	bool grows;		 /* may grow twofold from the least to the most */
	struct {
		const char *room, *statement, *record;
	} run[5];
};

static const struct ask asks[ASKS] = {
	{ "board", "/api/crm/pipeline", 5, 0, true, { { "pipeline", "deal_board", "deal_board" } } },
	{ "page", "/api/crm/deals?limit=50", 0, 0, true, { { "pipeline", "deal_list", "deal_list" } } },
	{ "page_by_title", "/api/crm/deals?limit=50&sort=title", 0, 0, false, { { "pipeline", "deal_list_rest", "deal_list" } } },
	{ "filtered_count", "/api/crm/count?source=whatsapp", 0, 0, false, { { "pipeline", "deal_count_found", "deal_count" } } },
	{ "filtered_board", "/api/crm/pipeline?source=whatsapp", 0, 0, false, { { "pipeline", "deal_board_found", "deal_board" } } },
	{ "search",
	  "/api/crm/search?q=%s",
	  5,
	  10,
	  false,
	  { { "lead-intake", "lead_search", "lead_search" },
	    { "pipeline", "deal_search", "deal_search" },
	    { "contacts", "account_search", "account_search" },
	    { "contacts", "contact_search", "contact_search" },
	    { "contacts", "linked_search", "linked_search" } } },
	{ "search_inside", /* the same with the first letter gone: nothing begins so */
	  "/api/crm/search?q=%s",
	  5,
	  10,
	  false,
	  { { "lead-intake", "lead_search", "lead_search" },
	    { "pipeline", "deal_search", "deal_search" },
	    { "contacts", "account_search", "account_search" },
	    { "contacts", "contact_search", "contact_search" },
	    { "contacts", "linked_search", "linked_search" } } },
	{ "similar", /* while somebody types */
	  "/api/crm/contacts/similar?phone=%2B31+6+00001234&name=%s",
	  50,
	  50,
	  false,
	  { { "contacts", "contact_similar", "contact_similar" } } },
	{ "duplicates", "/api/crm/duplicates?limit=50", 500, 2000, false, { { "contacts", "duplicate_list", "duplicate_list" } } },
	{ "account_list", "/api/crm/accounts?limit=50", 0, 0, true, { { "contacts", "account_list", "account_list" } } },
	{ "timeline",
	  "/api/crm/contacts/?/timeline",
	  0,
	  0,
	  false,
	  { { "contacts", "contact_standing", "contact_standing" }, { "contacts", "timeline", "timeline" } } },
	{ "contact_list", "/api/crm/contacts?limit=50", 0, 0, true, { { "contacts", "contact_list", "contact_list" } } },
	{ "overview", /* an account with twenty people: 360 degrees */
	  "/api/crm/accounts/@/overview",
	  0,
	  0,
	  false,
	  { { "contacts", "account_standing", "account_standing" },
	    { "contacts", "account_overview", "account_overview" },
	    { "contacts", "contact_list", "contact_list" },
	    { "pipeline", "deal_list", "deal_list" } } },
	{ "one_deal",
	  "/api/crm/deals/?",
	  0,
	  0,
	  false,
	  { { "pipeline", "deal_get", "deal_get" }, { "contacts", "contact_get", "contact_get" } } },
	{ "move", NULL, 0, 0, false, { { NULL, NULL, NULL } } },
};

static struct house deals;
static int64_t sizes[SIZES];
static int n_sizes;
static struct result {
	bool done;
	double ours[TURNS], peer[TURNS];
	struct times our, limit;
	double rate;
} results[SIZES][ASKS];

/* ---- the house ---- */

static void sizes_read (void)
{
	const char *given = getenv ("BENCH_DEALS");
	for (const char *at = given ? given : "10000,100000,1000000"; *at && n_sizes < SIZES; at += strspn (at, ","))
		sizes[n_sizes++] = strtoll (at, (char **) &at, 10);
}

static void deals_seed (int64_t many)
{
	char command[600];
	int64_t began = now_us ();
	snprintf (command, sizeof command, "psql -q -h %s -U postgres -d crm -v deals=%lld -f tests/bench/deals.sql >/dev/null",
		  PQhost (sql_db (&deals.s)), (long long) many);
	settle (&deals.s);
	CHECK (!system (command), "%s", command);
	fprintf (stderr, "  %lld deals in %.0f s\n", (long long) many, (double) (now_us () - began) / 1e6);
}

/* ---- ours: wrk ---- */

static double ms_at (const char *text, const char *label)
{
	const char *at = strstr (text, label);
	char unit[8] = "";
	double value = 0;
	if (!at || sscanf (at + strlen (label), "%lf%7s", &value, unit) != 2)
		return 0;
	return !strcmp (unit, "us") ? value / 1000 : !strcmp (unit, "s") ? value * 1000 : !strcmp (unit, "m") ? value * 60000 : value;
}

/* The words that wrk's script is given: GET and the paths, or MOVE, two stages and so many deals. */
static char *words_of (const struct ask *a)
{
	if (!a->path)
		return sql_text (&deals.s,
				 "select 'MOVE nieuwe_aanvraag contact_opgenomen ' || string_agg(id::text, ' ') from (select d.id "
				 "from pipeline.deal d join pipeline.stage s on s.id = d.stage_id where s.key = 'nieuwe_aanvraag' "
				 "order by md5(d.id::text || clock_timestamp()) limit 200) x");
	if (strstr (a->path, "%s"))
		return sql_text (&deals.s, "select 'GET ' || string_agg('%.*s' || replace(%s, ' ', '+'), ' ') from bench.word",
				 (int) (strlen (a->path) - 2), a->path, strstr (a->name, "inside") ? "substr(word, 2)" : "word");
	if (strstr (a->path, "/?/"))
		return sql_text (&deals.s, "select 'GET ' || string_agg(replace('%s', '?', id::text), ' ') from bench.pick", a->path);
	if (strchr (a->path, '@'))
		return sql_text (&deals.s,
				 "select 'GET ' || string_agg('/api/crm/accounts/' || account || '/overview', ' ') from bench.pick");
	if (a->path[strlen (a->path) - 1] == '?')
		return sql_text (&deals.s, "select 'GET ' || string_agg('/api/crm/deals/' || id, ' ') from (select id from bench.pick) x");
	return sql_text (&deals.s, "select 'GET %s'", a->path);
}

static struct times wrk_run (const struct ask *a, int connections, int secs)
{
	static const char *argv[WORDS];
	char count[16], time[16], key[260];
	int n = 0, code;
	const char *first[] = { "/usr/bin/wrk",		 "-t1", count, time,	    "--latency", "--timeout", "20s", "-s",
				"tests/bench/deals.lua", "-H",	key,   deals.s.api, "--" };
	snprintf (count, sizeof count, "-c%d", connections);
	snprintf (time, sizeof time, "-d%ds", secs);
	snprintf (key, sizeof key, "Authorization: Bearer %s", deals.key);
	for (; n < (int) LENGTH (first); n++)
		argv[n] = first[n];
	char *words = words_of (a), *rest = words;
	for (char *word; (word = strsep (&rest, " ")) && n < WORDS - 1;)
		argv[n++] = word;
	argv[n] = NULL;
	char *text = program_run (argv, &code), *rate = strstr (text, "Requests/sec:"), *bad = strstr (text, "responses:");
	CHECK (!code && rate, "wrk: %d %s", code, text);
	struct times ret = { ms_at (text, " 50% "), ms_at (text, " 99% "), strtod (rate + 13, NULL),
			     bad ? strtoll (bad + 10, NULL, 10) : 0 };
	ret.bad += strstr (text, "Socket errors") != NULL;
	free (text), free (words);
	return ret;
}

/* What takes longer than the turn is waited for once. */
static struct times ours_ask (const struct ask *a)
{
	struct times ret = wrk_run (a, 1, 2);
	return ret.p50 > 0 ? ret : wrk_run (a, 1, 12);
}

/* ---- the limit: pgbench ---- */

static int compare_ms (const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;
	return x < y ? -1 : x > y;
}

/* The third column of pgbench's log is how long one took, µs. */
static struct times log_read (const char *path)
{
	static double ms[1000000];
	size_t n = 0;
	long long took;
	char line[300];
	FILE *file = fopen (path, "r");
	while (file && n < LENGTH (ms) && fgets (line, sizeof line, file))
		if (sscanf (line, "%*d %*d %lld", &took) == 1)
			ms[n++] = (double) took / 1000;
	if (file)
		fclose (file);
	qsort (ms, n, sizeof *ms, compare_ms);
	return n ? (struct times){ .p50 = ms[n / 2], .p99 = ms[n * 99 / 100] } : (struct times){ .bad = 1 };
}

/* Each transaction as a reader runs it: bound to its workspace and the caller's rights, under the role that may only read. */
static void reads_put (struct buffer *out, const struct ask *a)
{
	char *set = sql_text (&deals.s, "select '''{' || workspace_id || '}''' from gateway.workspace where slug = 'bench'");
	const struct sql_value values[] = {
		{ "workspaces", set },
		{ "limit", ":most" }, /* a variable, so that pgbench's plans are made as often as ours: for each question anew */
		{ "sort", strstr (a->name, "title") ? "'title'" : "null" },
		{ "source", strstr (a->name, "filtered") ? ":source" : "null" },
		{ "q", !strncmp (a->name, "search", 6) ? ":word" : "null" },
		{ "account_id", !strcmp (a->name, "overview") ? ":account" : "null" }, /* nothing is asked that the path does not ask */
		{ "account", !strcmp (a->name, "overview") ? ":account_text" : "null" },
		{ "name", !strcmp (a->name, "similar") ? ":word" : "null" },
		{ "phone", !strcmp (a->name, "similar") ? "'+31 6 00001234'" : "null" },
		{ "count", !strcmp (a->name, "overview") ? "true" : "null" },
		{ "deal_id", !strcmp (a->name, "one_deal") ? ":pick" : "null" },
		{ "contact_id", ":pick" },
		{ NULL, NULL }
	};
	buffer_printf (
		out,
		"\\set n random(1, 200)\n\\set most %d\nselect id as pick, %s as word, account, account::text as account_text, 'whatsapp' as source from bench.pick p, bench.word w where p.n = :n and w.n = p.n %% 8 + 1 \\gset\n"
		"begin;\nselect set_config('crm.workspaces', %s, true), "
		"set_config('crm.user', '', true), set_config('crm.scope', 'all', true), set_config('crm.users', '', true);\n",
		strstr (a->name, "page") || strstr (a->name, "_list") || !strcmp (a->name, "duplicates") || !strcmp (a->name, "timeline")
			? 50
		: !strncmp (a->name, "search", 6) ? 10
		: !strcmp (a->name, "overview")	  ? 5
						  : 100,
		strstr (a->name, "inside") ? "substr(word, 2)" : "word", set);
	bool kept = false;
	for (size_t i = 0; i < LENGTH (a->run) && a->run[i].room; i++) {
		if (kept) /* a reader asks each in a transaction of its own: nothing of one is left for the next */
			buffer_text (
				out,
				"select set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true), "
				"set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true);\n");
		buffer_printf (out, "set local role %s;\n",
			       !strcmp (a->run[i].room, "lead-intake") ? "lead_intake_read"
			       : !strcmp (a->run[i].room, "contacts")  ? "contacts_read"
								       : "pipeline_read");
		kept = statement_put (out, a->run[i].room, a->run[i].statement, a->run[i].record, values);
		buffer_text (out, ";\n");
	}
	buffer_text (out, "commit;\n");
	free (set);
}

/* A move's two statements, and a frame of its size. */
static void move_put (struct buffer *out)
{
	char *workspace = sql_text (&deals.s, "select '''' || workspace_id || '''' from gateway.workspace where slug = 'bench'");
	const struct sql_value load[] = { { "workspace", workspace },
					  { "deal_id", "(select id from bench.pick where n = :pick)" },
					  { "stage", "case when :back = 1 then 'nieuwe_aanvraag' else 'contact_opgenomen' end" },
					  { NULL, NULL } };
	const struct sql_value write[] = { { "workspace", workspace },
					   { "deal_id", "(select id from bench.pick where n = :pick)" },
					   { "to_id", "':target_id'" },
					   { "version", ":version + 1" },
					   { "at", "now()" },
					   { "closed", "false" },
					   { "from_key", "'nieuwe_aanvraag'" },
					   { "to_key", "'contact_opgenomen'" },
					   { "correlation", "gen_random_uuid()" },
					   { NULL, NULL } };
	buffer_text (out, "\\set pick random(1, 200)\n\\set back random(0, 1)\nbegin;\n");
	statement_put (out, "pipeline", "deal_move_load", "deal_move", load);
	buffer_text (out, " \\gset\n");
	statement_put (out, "pipeline", "deal_move_write", "deal_stage_changed", write);
	buffer_text (out, ";\ninsert into bench.frame (payload) values (repeat('x', 600)::bytea);\ncommit;\n");
	free (workspace);
}

static struct times peer_ask (const struct ask *a)
{
	char path[300], prefix[300], command[2400];
	struct buffer script = { 0 };
	snprintf (path, sizeof path, "%s/ask.pgbench", deals.s.var);
	snprintf (prefix, sizeof prefix, "%s/ask", deals.s.var);
	if (a->path)
		reads_put (&script, a);
	else
		move_put (&script);
	FILE *file = fopen (path, "w");
	CHECK (file && fwrite (script.at, 1, script.n, file) == script.n && !fclose (file), "%s cannot be written", path);
	buffer_fini (&script);
	snprintf (
		command, sizeof command,
		"rm -f %s.[0-9]*; PGOPTIONS='-c plan_cache_mode=%s -c jit=off' pgbench -n -h %s -U postgres -M %s -c 1 -T 2 -l --log-prefix=%s "
		"-f %s crm >/dev/null 2>%s.err && cat %s.[0-9]* >%s.log",
		prefix, a->path ? "force_custom_plan" : "force_generic_plan", PQhost (sql_db (&deals.s)), a->path ? "prepared" : "simple",
		prefix, path, prefix, prefix, prefix);
	CHECK (!system (command), "%s", command);
	snprintf (path, sizeof path, "%s/ask.log", deals.s.var);
	return log_read (path);
}

/* ---- what is measured ---- */

/* 200 deals, and eight things that people look for: six names, a company, the beginning of an e-mail. */
static void picks_make (void)
{
	sql_do (&deals.s, "drop table if exists bench.pick, bench.word, bench.frame");
	sql_do (&deals.s, "create table bench.frame (id bigserial primary key, payload bytea)");
	sql_do (&deals.s,
		"create table bench.pick as select row_number() over () as n, id, md5('account ' || row_number() over ())::uuid as account from (select d.id from pipeline.deal d join pipeline.stage s on "
		"s.id = d.stage_id where s.key = 'nieuwe_aanvraag' order by md5(d.id::text) limit 200) x");
	sql_do (&deals.s,
		"create table bench.word as select row_number() over () as n, word from (select case when i < 7 then name when i = 7 then "
		"coalesce(company, name) else split_part(email, '@', 1) end as word from (select row_number() over () as i, c.* from (select * "
		"from contacts.contact c where company is not null order by md5(c.id::text) limit 8) c) x) y");
	sql_do (&deals.s,
		"alter table bench.pick add primary key (n); grant usage on schema bench to public; grant select on bench.pick, bench.word to public");
}

bool deals_has (const char *row)
{
	for (int i = 0; row && i < ASKS; i++)
		if (!strcmp (asks[i].name, row))
			return true;
	return row && (!strcmp (row, "deal_rates") || !strcmp (row, "people"));
}

static bool is_asked (const struct ask *a)
{
	return !bench_only || !strcmp (bench_only, "deals") || !strcmp (bench_only, a->name) ||
	       (!strcmp (bench_only, "people") &&
		(!strncmp (a->name, "search", 6) || strstr (a->name, "_list") || !strcmp (a->name, "overview") ||
		 !strcmp (a->name, "timeline") || !strcmp (a->name, "similar") || !strcmp (a->name, "duplicates"))) ||
	       (!strcmp (bench_only, "deal_rates") && (!strcmp (a->name, "board") || !strcmp (a->name, "move")));
}

static void ask_measure (int size, int i)
{
	struct result *r = &results[size][i];
	const struct ask *a = &asks[i];
	for (int k = 0; k < TURNS; k++) {
		calibrate ();
		struct times our = ours_ask (a), limit = peer_ask (a);
		r->ours[k] = our.p50, r->peer[k] = limit.p50;
		r->our.p99 = our.p99 > r->our.p99 ? our.p99 : r->our.p99;
		r->limit.p99 = limit.p99 > r->limit.p99 ? limit.p99 : r->limit.p99;
		r->our.bad += our.bad, r->limit.bad += limit.bad;
	}
	if (!strcmp (a->name, "board") || !strcmp (a->name, "move"))
		r->rate = wrk_run (a, CONNECTIONS, seconds).rate;
	r->done = true;
	fprintf (stderr, "  %lld %s: %.2f ms, pgbench %.2f\n", (long long) sizes[size], a->name, median (r->ours, TURNS),
		 median (r->peer, TURNS));
}

static void deals_measure (void)
{
	static bool measured;
	if (measured)
		return;
	measured = true;
	sizes_read ();
	house_open (&deals, "deals", port_first () + 40);
	for (int size = 0; size < n_sizes; size++) {
		deals_seed (sizes[size]);
		picks_make ();
		for (int i = 0; i < ASKS; i++)
			if (is_asked (&asks[i]))
				ask_measure (size, i);
	}
	house_close (&deals);
}

/* ---- the rows ---- */

static const char *size_name (int64_t n, char room[16])
{
	snprintf (room, 16, n % 1000000 == 0 ? "%lldm" : "%lldk", (long long) (n % 1000000 == 0 ? n / 1000000 : n / 1000));
	return room;
}

static void ask_row (int size, int i)
{
	static char names[SIZES][ASKS][40], aims[SIZES][ASKS][60];
	struct result *r = &results[size][i];
	const struct ask *a = &asks[i];
	char room[16];
	double ratio[TURNS], ours = median (r->ours, TURNS);
	double wanted = sizes[size] >= 1000000 ? a->aim_1m : sizes[size] == 100000 ? a->aim_100k : 0;
	for (int k = 0; k < TURNS; k++)
		ratio[k] = r->peer[k] > 0 ? r->ours[k] / r->peer[k] : 0;
	snprintf (names[size][i], sizeof names[size][i], "%s_%s", a->name, size_name (sizes[size], room));
	snprintf (aims[size][i], sizeof aims[size][i], wanted > 0 ? "≤ 1.5 × its SQL, ≤ %.0f ms" : "≤ 1.5 × its SQL by pgbench", wanted);
	bool met = median (ratio, TURNS) <= 1.5 && (wanted <= 0 || ours <= wanted) && !r->our.bad && ours > 0;
	row_end (names[size][i], ours, median (r->peer, TURNS), "ms p50", median (ratio, TURNS), least (ratio, TURNS), most (ratio, TURNS),
		 aims[size][i], met);
	printf ("%-26s   p99 %.1f ms, pgbench %.1f ms\n", "", r->our.p99, r->limit.p99);
	if (r->our.bad)
		printf ("%-26s   %lld answers were no success\n", "", (long long) r->our.bad);
}

static void growth_row (int i)
{
	static char name[ASKS][40];
	const struct ask *a = &asks[i];
	double little = median (results[0][i].ours, TURNS), much = median (results[n_sizes - 1][i].ours, TURNS),
	       ratio = little > 0 ? much / little : 0;
	snprintf (name[i], sizeof name[i], "%s_growth", a->name);
	row_end (name[i], much, little, "ms p50", ratio, ratio, ratio, a->grows ? "≤ 2 × from the least to the most" : "(shown)",
		 !a->grows || ratio <= 2);
}

void row_deals (void)
{
	deals_measure ();
	for (int i = 0; i < ASKS; i++) {
		for (int size = 0; size < n_sizes; size++)
			if (results[size][i].done)
				ask_row (size, i);
		if (n_sizes > 1 && results[0][i].done)
			growth_row (i);
	}
	for (int size = 0; size < n_sizes; size++)
		for (int i = 0; i < ASKS; i++)
			if (results[size][i].rate > 0) {
				static char name[SIZES][ASKS][40];
				char room[16];
				snprintf (name[size][i], sizeof name[size][i], "%s_rate_%s", asks[i].name, size_name (sizes[size], room));
				row_end (name[size][i], results[size][i].rate, 0, "requests/s", 0, 0, 0, "(shown; 32 connections)", true);
			}
}
