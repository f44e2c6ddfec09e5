/* Rows about a house that holds much: the flow's rate beside millions of contacts, in turn with one that holds 10,000.
 * Seeded past the daemons, in one statement with its indexes laid afterwards; never what a row measures. */
#include <stdlib.h>
#include <string.h>
#include "bench.h"

/* Contacts as old leads would have left them: e-mails strewn among those that the load sends, ids of the past, numbers below all others. */
static void contacts_seed (struct house *h, int64_t wanted)
{
	char *lay = sql_text (&h->s,
			      "select string_agg(indexdef, ';') from pg_indexes where schemaname = 'contacts' and tablename = 'contact' "
			      "and indexname <> 'contact_pkey'");
	sql_do (&h->s, "set maintenance_work_mem = '512MB'");
	sql_do (&h->s, "alter table contacts.contact drop constraint contact_pkey");
	sql_do (&h->s, "drop index contacts.contact_email, contacts.contact_number");
	sql_do (&h->s,
		"insert into contacts.contact (workspace_id, id, number, created_at, name, email, phone) "
		"select w.workspace_id, (lpad(to_hex(1700000000000 + g), 12, '0') || '7' || lpad(to_hex(g %% 4096), 3, '0') || '8' || "
		"lpad(to_hex(g), 15, '0'))::uuid, -g, now() - interval '1 year', 'Lead ' || g, 'person' || g * 199 || '@bench.example', "
		"'+31 6 ' || lpad(g::text, 8, '0') from contacts.workspace w, generate_series(1, %lld) g "
		"where w.workspace_id = (select workspace_id from gateway.workspace where slug = 'bench')",
		(long long) wanted);
	sql_do (&h->s, "alter table contacts.contact add primary key (workspace_id, id)");
	sql_do (&h->s, "%s", lay);
	free (lay);
	sql_do (&h->s, "vacuum analyze");
	sql_do (&h->s, "checkpoint");
}

void row_contacts (void)
{
	static struct house small, large;
	const char *given = getenv ("BENCH_CONTACTS");
	double a[PAIRS], b[PAIRS];
	house_open (&small, "10k", port_first () + 20);
	house_open (&large, "5m", port_first () + 60);
	contacts_seed (&small, 10000);
	int64_t began = now_us (), many = given ? atoll (given) : 5000000;
	contacts_seed (&large, many);
	fprintf (stderr, "  %lld contacts in %.0f s\n", (long long) many, (double) (now_us () - began) / 1e6);
	ours_run (&small, 1, PEOPLE, 1000000), ours_run (&large, 1, PEOPLE, 1000000);
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		struct side little = ours_run (&small, 1, PEOPLE, (int64_t) seconds * 1000000);
		struct side much = ours_run (&large, 1, PEOPLE, (int64_t) seconds * 1000000);
		a[i] = much.rate, b[i] = little.rate;
		fprintf (stderr, "  pair %d: %.0f leads/s beside %lld contacts, %.0f beside 10,000; Postgres %.0f and %.0f µs a lead\n",
			 i + 1, a[i], (long long) many, b[i], much.pg_cpu, little.pg_cpu);
	}
	row_pairs ("contacts_5m", a, b, PAIRS, "leads/s", "≥ 0.8 × the rate at 10 k", 0.8, true);
	house_close (&small), house_close (&large);
}
