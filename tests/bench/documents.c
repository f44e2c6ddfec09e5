/* Rows about documents of money: one drawn, of three lines and of three hundred; made final with its files, as many as go; an accepted quote until its invoice's
 * PDF is there, over HTTP; what ten thousand of them leave in memory. The peers draw or insert alone. It must never draw what the product would not. */
#include <jansson.h>
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../services/billing/amounts.h"
#include "../../services/billing/page.h"
#include "clock.h"
#include "bench.h"

enum { CLIENTS = 4, FINALS = 2000, QUOTES = 20 };

/* ---- drawn, in this process ---- */

static struct document invoice_of (struct arena *a, size_t lines)
{
	struct document d = {
		.kind = document_kind_invoice,
		.number = "INV-2026-042",
		.revision = 1,
		.language = "nl",
		.currency = "EUR",
		.title = "Nieuwe website en onderhoud",
		.intro = "Beste Piet,\n\nDank voor de prettige samenwerking. Hierbij de factuur voor het werk van november.",
		.seller = { .name = "Studio Noordlicht B.V.",
			    .street = "Keizersgracht 112",
			    .postcode = "1015 CV",
			    .city = "Amsterdam",
			    .country = "NL",
			    .kvk = "12345678",
			    .vat_id = "NL123456782B12",
			    .iban = "NL91ABNA0417164300",
			    .bic = "ABNANL2A" },
		.buyer = { .name = "Bakkerij De Gouden Korenaar",
			   .street = "Dorpsstraat 8",
			   .postcode = "3511 AB",
			   .city = "Utrecht",
			   .country = "NL" },
		.website = "noordlicht.example",
		.footer = "Studio Noordlicht B.V. · Keizersgracht 112, 1015 CV Amsterdam · KvK 12345678",
		.colour = "#0f766e",
		.lines = lines,
	};
	struct doc_line *line = arena_array (a, lines, sizeof *line);
	struct amounts_fault fault;
	int64_t *net = arena_array (a, lines, sizeof *net);
	CHECK (date_parse ("2026-11-21", &d.issued) == OK && date_parse ("2026-12-21", &d.due) == OK, "no day");
	for (size_t i = 0; i < lines; i++)
		line[i] = (struct doc_line){ .name = arena_printf (a, "Ontwerp en uitvoering van onderdeel %zu", i + 1),
					     .description = i % 3 ? NULL : "Zoals besproken, met een woord van uitleg erbij.",
					     .quantity = arena_printf (a, "%zu", i % 7 + 1),
					     .unit = unit_hour,
					     .price = arena_printf (a, "%zu.50", 40 + i % 60),
					     .rate = i % 4 ? "21" : "9",
					     .has = { .name = HERE,
						      .description = i % 3 ? ABSENT : HERE,
						      .quantity = HERE,
						      .unit = HERE,
						      .price = HERE,
						      .rate = HERE } };
	d.line = line;
	CHECK (totals_of (a, &d, net, &fault) == OK, "the invoice has no totals: %s %s", fault.pointer, fault.code);
	return d;
}

static cairo_status_t bytes_counted (void *ctx, const unsigned char *bytes, unsigned n)
{
	(void) bytes;
	*(size_t *) ctx += n;
	return CAIRO_STATUS_SUCCESS;
}

/* The same words by Pango and Cairo and nothing else: no columns, no sums, no page that fits. */
static size_t words_drawn (PangoFontMap *fonts, const struct document *d)
{
	size_t n = 0;
	char words[300];
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (bytes_counted, &n, 595.28, 841.89); /* no money */
	cairo_t *pen = cairo_create (surface);
	PangoContext *context = pango_font_map_create_context (fonts);
	PangoFontDescription *font = pango_font_description_from_string ("Inter 9");
	int y = 60;
	for (size_t i = 0; i < d->lines; i++) {
		const char *cells[] = { d->line[i].name, d->line[i].quantity, d->line[i].price, d->line[i].rate, d->line[i].description };
		for (size_t c = 0; c < LENGTH (cells) && cells[c]; c++) {
			PangoLayout *layout = pango_layout_new (context);
			snprintf (words, sizeof words, "%s", cells[c]);
			pango_layout_set_font_description (layout, font);
			pango_layout_set_text (layout, words, -1);
			cairo_move_to (pen, 56 + 90 * (int) c, y);
			pango_cairo_show_layout (pen, layout);
			g_object_unref (layout);
		}
		y += 20;
		if (y > 780) {
			cairo_show_page (pen);
			y = 60;
		}
	}
	pango_font_description_free (font);
	g_object_unref (context);
	cairo_destroy (pen);
	cairo_surface_finish (surface);
	cairo_surface_destroy (surface);
	return n;
}

static void drawn (const char *name, size_t lines, int times, const char *aim, int most_ms)
{
	double ours[PAIRS], peer[PAIRS];
	struct arena kept, a;
	arena_init (&kept);
	arena_init (&a);
	struct document d = invoice_of (&kept, lines);
	struct page_maker *maker = page_maker_new ();
	PangoFontMap *fonts = pango_cairo_font_map_new ();
	for (int i = -1; i < PAIRS; i++) { /* once before: fonts are read */
		calibrate ();
		int64_t began = now_us ();
		for (int n = 0; n < times; n++) {
			struct bytes pdf;
			CHECK (page_draw (maker, &a, &d, &pdf) == OK && pdf.n > 1000, "the invoice is not drawn");
			arena_reset (&a);
		}
		int64_t between = now_us ();
		for (int n = 0; n < times; n++)
			CHECK (words_drawn (fonts, &d) > 1000, "the words are not drawn");
		if (i < 0)
			continue;
		ours[i] = (double) (between - began) / 1000 / times;
		peer[i] = (double) (now_us () - between) / 1000 / times;
	}
	double ratio[PAIRS];
	for (int i = 0; i < PAIRS; i++)
		ratio[i] = ours[i] / peer[i];
	row_end (name, median (ours, PAIRS), median (peer, PAIRS), "ms", median (ratio, PAIRS), least (ratio, PAIRS), most (ratio, PAIRS),
		 aim, median (ours, PAIRS) <= most_ms);
	g_object_unref (fonts);
	page_maker_free (&maker);
	arena_fini (&a);
	arena_fini (&kept);
}

/* ---- the house ---- */

static struct web_answer answered (struct web_answer a, const char *what)
{
	CHECK (a.status >= 200 && a.status < 300, "%s is %d: %.400s", what, a.status, a.body);
	return a;
}

/* A POST whose answer holds an id, kept in ret; null: nobody asks. */
static void posted (struct stack *s, const char *key, const char *path, const char *body, char ret[UUID_TEXT])
{
	struct web_answer a = answered (web (s, key, "POST", path, "%s", body), path);
	if (ret)
		snprintf (ret, UUID_TEXT, "%s", text_at (a.json, "id"));
	web_free (&a);
}

#define PAPER                                                                                                                                 \
	"{\"buyer\":{\"name\":\"Bakkerij De Gouden Korenaar\",\"street\":\"Dorpsstraat 8\",\"postcode\":\"3511 AB\",\"city\":\"Utrecht\","    \
	"\"country\":\"NL\",\"kvk\":\"87654321\"},\"buyer_reference\":\"PO-7781\",\"title\":\"Nieuwe website en onderhoud\",\"lines\":["      \
	"{\"name\":\"Ontwerp van de website\",\"quantity\":\"12.50\",\"unit\":\"hour\",\"price\":\"95\",\"rate\":\"21\"},"                    \
	"{\"name\":\"Hosting en onderhoud\",\"quantity\":\"12\",\"unit\":\"month\",\"price\":\"24.95\",\"discount\":\"10\",\"rate\":\"21\"}," \
	"{\"name\":\"Handboek voor redacteuren\",\"quantity\":\"4\",\"price\":\"17.5\",\"rate\":\"9\"}]}"

static void company_given (struct stack *s, const char *key)
{
	struct web_answer a = answered (
		web (s, key, "PUT", "/api/crm/company", "%s",
		     "{\"name\":\"Studio Noordlicht B.V.\",\"street\":\"Keizersgracht 112\",\"postcode\":\"1015 CV\",\"city\":\"Amsterdam\",\"country\":\"NL\","
		     "\"email\":\"hallo@noordlicht.example\",\"kvk\":\"12345678\",\"vat_id\":\"NL123456782B90\",\"iban\":\"NL91ABNA0417164300\"}"),
		"the company");
	web_free (&a);
}

/* Drafts as somebody wrote the first, past the daemons, so that writing them is not what is measured. */
static void drafts_write (struct stack *s, const char *first, int n)
{
	sql_do (s,
		"do $$ declare names text; begin "
		"select string_agg(quote_ident(attname), ', ') into names from pg_attribute where attrelid = 'billing.document'::regclass and attnum > 0 and not attisdropped and attgenerated = ''; "
		"execute 'insert into billing.document (' || names || ') select ' || names || ' from (select (jsonb_populate_record(d, jsonb_build_object(''id'', gen_random_uuid()))).* "
		"from billing.document d, generate_series(1, %d) g where d.id = ''%s'') x'; end $$",
		n, first);
}

/* ---- as many as go ---- */

struct client {
	struct stack *s;
	const char *key;
	char (*id)[UUID_TEXT];
	int n, step;
	int64_t *took;
	pthread_t thread;
};

/* Final, its PDF, its UBL; the next one then. */
static void *client_run (void *ctx)
{
	struct client *c = ctx;
	char path[120];
	for (int i = 0; i < c->n; i += c->step) {
		int64_t began = now_us ();
		snprintf (path, sizeof path, "/api/crm/documents/%.36s/finalise", c->id[i]);
		posted (c->s, c->key, path, "{}", NULL);
		static const char *const files[] = { "pdf", "ubl" };
		for (size_t f = 0; f < LENGTH (files); f++) {
			snprintf (path, sizeof path, "/api/crm/documents/%.36s/%s", c->id[i], files[f]);
			struct web_answer a = answered (web (c->s, c->key, "GET", path, NULL), path);
			CHECK (a.n > 1000 && !memcmp (a.body, f ? "<?xml" : "%PDF-", 5), "%s is %.20s", path, a.body);
			web_free (&a);
		}
		c->took[i] = now_us () - began;
	}
	return NULL;
}

static void drafts_find (struct stack *s, const char *first, char (*id)[UUID_TEXT], int n)
{
	PGresult *r = PQexec (sql_db (s),
			      "select id from billing.document where kind = 'invoice' and finalised_at is null order by random()");
	int found = 0;
	for (int i = 0; i < PQntuples (r) && found < n; i++)
		if (strcmp (PQgetvalue (r, i, 0), first) != 0)
			snprintf (id[found++], UUID_TEXT, "%s", PQgetvalue (r, i, 0));
	PQclear (r);
	CHECK (found == n, "%d drafts are there, not %d", found, n);
}

/* The peer: as many rows, a transaction each, by pgbench. */
static double inserts_rate (struct stack *s, int n)
{
	char script[300], times[20], clients[8];
	int code;
	snprintf (script, sizeof script, "%s/inserts.pgbench", s->var);
	FILE *f = fopen (script, "w");
	CHECK (f && fputs ("insert into bench_paper (body) values (repeat('a line of an invoice ', 100));\n", f) >= 0 && !fclose (f),
	       "the script is not written");
	sql_do (s, "create table if not exists bench_paper (number bigint generated always as identity primary key, body text not null)");
	snprintf (times, sizeof times, "%d", n / CLIENTS);
	snprintf (clients, sizeof clients, "%d", CLIENTS);
	int64_t began = now_us ();
	free (program_run ((const char *[]){ "/usr/bin/env", "pgbench", "-n", "-h", PQhost (sql_db (s)), "-U", "postgres", "-c", clients,
					     "-t", times, "-f", script, "crm", NULL },
			   &code));
	CHECK (!code, "pgbench: exit %d", code);
	return (double) n * 1e6 / (double) (now_us () - began);
}

/* So many of the drafts, by all clients; how many a second. */
static double finals_run (struct stack *s, const char *key, const char *first, int n, int64_t *took)
{
	static char id[FINALS][UUID_TEXT];
	struct client client[CLIENTS];
	drafts_find (s, first, id, n);
	int64_t began = now_us ();
	for (int c = 0; c < CLIENTS; c++) {
		client[c] = (struct client){ .s = s, .key = key, .id = id + c, .n = n - c, .step = CLIENTS, .took = took + c };
		pthread_create (&client[c].thread, NULL, client_run, &client[c]);
	}
	for (int c = 0; c < CLIENTS; c++)
		pthread_join (client[c].thread, NULL);
	return (double) n * 1e6 / (double) (now_us () - began);
}

static void finals (struct stack *s, const char *key)
{
	static int64_t took[(PAIRS + 1) * FINALS];
	double rate[PAIRS], peer[PAIRS], ratio[PAIRS];
	char first[UUID_TEXT], aim[80];
	const char *given = getenv ("BENCH_DOCUMENTS");
	int each = given && atoi (given) >= 2 * CLIENTS && atoi (given) < FINALS ? atoi (given) : FINALS, early = each / 2;
	posted (s, key, "/api/crm/invoices", PAPER, first);
	drafts_write (s, first, early + PAIRS * each);
	sql_do (s, "analyze");
	finals_run (s, key, first, early, took);
	double early_mb = (double) smaps_value (daemon_pid (s, "billing", 0), "Rss:") / 1024, late_mb = early_mb;
	for (int i = 0; i < PAIRS; i++) {
		calibrate ();
		rate[i] = finals_run (s, key, first, each, took + i * each);
		late_mb = (double) smaps_value (daemon_pid (s, "billing", 0), "Rss:") / 1024;
		peer[i] = inserts_rate (s, each);
		ratio[i] = rate[i] / peer[i];
		fprintf (stderr, "  %d final with PDF and UBL: %.1f a second; inserts alone %.0f; billing at %.1f MB\n", each, rate[i],
			 peer[i], late_mb);
	}
	row_end ("documents_final", median (rate, PAIRS), median (peer, PAIRS), "documents/s", median (ratio, PAIRS), least (ratio, PAIRS),
		 most (ratio, PAIRS), "told: with both files, 4 clients", true);
	printf ("%-26s   from asking for it to having both files: p50 %lld ms, p99 %lld ms\n", "",
		(long long) percentile (took, PAIRS * each, 50) / 1000, (long long) percentile (took, PAIRS * each, 99) / 1000);
	snprintf (aim, sizeof aim, "≤ 1.1: after %d, after %d", early + PAIRS * each, early);
	row_end ("documents_memory", late_mb, early_mb, "MB RSS", late_mb / early_mb, late_mb / early_mb, late_mb / early_mb, aim,
		 late_mb <= early_mb * 1.1);
}

/* ---- one, over HTTP ---- */

static void quote_given (struct stack *s, const char *key, char ret[UUID_TEXT])
{
	char path[120];
	posted (s, key, "/api/crm/quotes", PAPER, ret);
	snprintf (path, sizeof path, "/api/crm/documents/%.36s/send", ret);
	posted (s, key, path, "{\"mail\":false}", NULL);
	snprintf (path, sizeof path, "/api/crm/documents/%.36s/accept", ret);
	posted (s, key, path, "{\"name\":\"Piet van den Berg\"}", NULL);
}

static void part_add (int64_t *part, int64_t *at)
{
	int64_t now = now_us ();
	*part += now - *at;
	*at = now;
}

/* Accepted quote, invoice, final, PDF: one after the other on one connection. */
static void quotes (struct stack *s, const char *key)
{
	double ours[PAIRS], aim[PAIRS];
	int64_t took[PAIRS * QUOTES], invoice = 0, final = 0, pdf = 0;
	for (int i = 0; i < PAIRS; i++) {
		char quote[QUOTES][UUID_TEXT], id[UUID_TEXT], path[120];
		calibrate ();
		for (int n = 0; n < QUOTES; n++)
			quote_given (s, key, quote[n]);
		settle (s);
		pause_us (1000000); /* the quotes' own files are made */
		for (int n = 0; n < QUOTES; n++) {
			int64_t began = now_us (), at = began;
			snprintf (path, sizeof path, "/api/crm/documents/%.36s/invoice", quote[n]);
			posted (s, key, path, "{}", id);
			part_add (&invoice, &at);
			snprintf (path, sizeof path, "/api/crm/documents/%.36s/finalise", id);
			posted (s, key, path, "{}", NULL);
			part_add (&final, &at);
			snprintf (path, sizeof path, "/api/crm/documents/%.36s/pdf", id);
			struct web_answer a = answered (web (s, key, "GET", path, NULL), path);
			CHECK (a.n > 1000 && !memcmp (a.body, "%PDF-", 5), "%s is %.20s", path, a.body);
			web_free (&a);
			part_add (&pdf, &at);
			took[i * QUOTES + n] = at - began;
		}
		int64_t copy[QUOTES];
		memcpy (copy, took + i * QUOTES, sizeof copy);
		ours[i] = (double) percentile (copy, QUOTES, 50) / 1000;
		aim[i] = 50;
	}
	row_pairs ("quote_to_pdf", ours, aim, PAIRS, "ms p50", "≤ 50 ms: quote to posted PDF, HTTP", 1, false);
	printf ("%-26s   p50 %.1f ms, p99 %.1f ms; means: invoice %.1f ms, final %.1f ms, PDF %.1f ms\n", "",
		(double) percentile (took, PAIRS * QUOTES, 50) / 1000, (double) percentile (took, PAIRS * QUOTES, 99) / 1000,
		(double) invoice / 1000 / (PAIRS * QUOTES), (double) final / 1000 / (PAIRS * QUOTES),
		(double) pdf / 1000 / (PAIRS * QUOTES));
}

void row_documents (void)
{
	static const char *const words[] = { NULL };
	struct stack s;
	char var[200];
	drawn ("pdf_3_lines", 3, 50, "≤ 25 ms; peer: the words alone", 25);
	drawn ("pdf_300_lines", 300, 5, "≤ 150 ms; peer: the words alone", 150);
	snprintf (var, sizeof var, "%s-documents", getenv ("BENCH_VAR") ? getenv ("BENCH_VAR") : "/tmp/bench");
	stack_up (&s, var, port_first () + 60, words);
	json_decref (ctl (&s, "workspace add bench --preset nl-offerte-6"));
	json_t *key = ctl (&s, "apikey add --workspace bench --role owner");
	settle (&s);
	company_given (&s, text_at (key, "key"));
	quotes (&s, text_at (key, "key"));
	finals (&s, text_at (key, "key"));
	json_decref (key);
	stack_down (&s);
	free (program_run ((const char *[]){ "/bin/rm", "-rf", s.var, NULL }, NULL));
}
