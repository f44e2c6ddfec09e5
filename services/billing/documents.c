/* Documents in a batch: see documents.h. */
#include "documents.h"

#include <sodium.h>
#include <string.h>
#include "billing_sql.h"
#include "numbers.h"
#include "seal.h"

const struct document_row document_none;

int64_t moment_of (struct batch *b, const struct head *head)
{
	static const int64_t hour = INT64_C (3600) * 1000000;
	return head->at > 0 && head->at < batch_now (b) - hour ? head->at : batch_now (b);
}

struct paper *papers_load (struct batch *b, const struct document_ask ask[], const struct head *const head[], size_t n)
{
	struct billing_ask *whose = ARRAY (b, whose, n);
	struct paper *ret = ARRAY (b, ret, n);
	for (size_t i = 0; i < n; i++)
		whose[i].workspace_id = ask[i].workspace_id;
	const struct document_row *was = document_load (b, ask, n);
	const struct document_beside *beside = document_beside_load (b, ask, n);
	const struct company_row *company = company_load (b, whose, n);
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct paper){ .head = head[i], .was = &was[i], .beside = &beside[i], .company = &company[i], .to = was[i] };
	return ret;
}

void originals_load (struct batch *b, struct paper p[], size_t n)
{
	struct document_ask *ask = ARRAY (b, ask, n);
	for (size_t i = 0; i < n; i++)
		ask[i] = (struct document_ask){ .workspace_id = { p[i].head->workspace },
						.document_id = p[i].to.original_id,
						.has.document_id = p[i].to.has.original_id == HERE ? HERE : ABSENT,
						.now = moment_of (b, p[i].head) };
	const struct document_row *original = document_load (b, ask, n);
	for (size_t i = 0; i < n; i++)
		p[i].original = &original[i], p[i].original_number = original[i].has.number == HERE ? original[i].number : "";
}

struct outcome paper_seen (const struct paper *p)
{
	bool there = p->was->has.version == HERE && p->was->has.removed_at != HERE;
	return there && grant_covers (&p->head->grant, &p->was->owner_id) ? done () : refused (document_not_found);
}

/* ---- numbers ---- */

static struct counter_row *counter_of (struct counter_row row[], size_t n, const struct document_row *d, int64_t year)
{
	for (size_t i = 0; i < n; i++)
		if (uuid_equal (row[i].workspace_id.uuid, d->workspace_id.uuid) && row[i].kind == d->kind && row[i].year == year)
			return &row[i];
	return NULL;
}

/* A quote's day may be any; an invoice's is not before that of the last number. */
static bool day_ascends (const struct document_row *d, const struct counter_row *c)
{
	return d->kind == document_kind_quote || c->has.issued != HERE || d->issued >= c->issued;
}

/* A number that a series of another format gave already is given by none again: then nothing of that counter is, and it says so. */
static size_t counters_check (struct batch *b, struct paper p[], const size_t whose[], struct counter_row *const of[], size_t n,
			      struct counter_row counter[], size_t counters, struct outcome ret[])
{
	struct number_ask *ask = ARRAY (b, ask, n);
	size_t *asked = ARRAY (b, asked, n), asks = 0, left = 0;
	for (size_t k = 0; k < n; k++)
		if (of[k]) {
			const struct document_row *d = &p[whose[k]].to;
			ask[asks] = (struct number_ask){ .workspace_id = d->workspace_id, .kind = d->kind, .number = d->number };
			asked[asks++] = k;
		}
	const struct number_place *place = asks ? numbers_load (b, ask, asks) : NULL;
	bool *taken = ARRAY (b, taken, counters);
	for (size_t i = 0; i < asks; i++)
		if (place[i].taken)
			taken[of[asked[i]] - counter] = true;
	for (size_t k = 0; k < n; k++)
		if (of[k] && taken[of[k] - counter])
			ret[whose[k]] = refused (series_taken);
	for (size_t i = 0; i < counters; i++)
		if (!taken[i])
			counter[left++] = counter[i];
	return left;
}

void papers_number (struct batch *b, struct paper p[], const bool wanted[], size_t n, struct outcome ret[])
{
	struct series_ask *ask = ARRAY (b, ask, n);
	struct counter_row *counter = ARRAY (b, counter, n);
	struct counter_row **of = ARRAY (b, of, n);
	size_t *whose = ARRAY (b, whose, n), asks = 0, counters = 0;
	for (size_t i = 0; i < n; i++) {
		if (!wanted[i] || !is_done (ret[i]))
			continue;
		ask[asks] = (struct series_ask){ .workspace_id = p[i].to.workspace_id,
						 .kind = p[i].to.kind,
						 .now = moment_of (b, p[i].head),
						 .day = p[i].to.issued,
						 .has.day = p[i].to.has.issued };
		whose[asks++] = i;
	}
	const struct series_place *series = series_load (b, ask, asks);
	for (size_t k = 0; k < asks; k++) {
		struct document_row *d = &p[whose[k]].to;
		const struct series_place *s = &series[k];
		int64_t year = s->yearly ? s->year : 0;
		struct counter_row *c = counter_of (counter, counters, d, year);
		if (s->has.format != HERE) {
			ret[whose[k]] = refused (workspace_not_found);
			continue;
		}
		struct counter_row fresh = { .workspace_id = d->workspace_id,
					     .kind = d->kind,
					     .year = year,
					     .last = s->yearly ? s->last : s->last_ever,
					     .issued = s->issued,
					     .has.issued = s->has.issued };
		if (!day_ascends (d, c ? c : &fresh)) {
			ret[whose[k]] = refused (document_day);
			continue;
		}
		if (!c)
			c = &counter[counters++], *c = fresh;
		c->last++;
		if (d->has.issued == HERE)
			c->issued = d->issued, c->has.issued = HERE;
		d->series_year = year;
		d->series_seq = c->last;
		d->number = number_format (batch_arena (b), s->format, (int) s->year, (int) s->month, c->last, (int) s->digits);
		d->has.series_year = d->has.series_seq = d->has.number = HERE;
		of[k] = c;
	}
	counters = counters_check (b, p, whose, of, asks, counter, counters, ret);
	counter_write (b, counter, counters);
}

/* ---- written and said ---- */

void papers_keep (struct batch *b, struct paper p[], size_t n)
{
	struct document_row *row = ARRAY (b, row, n);
	struct document_changed *said = ARRAY (b, said, n);
	struct render_row *render = ARRAY (b, render, n);
	size_t rows = 0, renders = 0;
	for (size_t i = 0; i < n; i++) {
		if (!p[i].kept)
			continue;
		struct document_row *d = &p[i].to;
		d->version = p[i].was->has.version == HERE ? p[i].was->version + 1 : 1;
		d->has.version = HERE;
		row[rows] = *d;
		bool invoice = d->kind == document_kind_invoice;
		said[rows] = (struct document_changed){ PAPER_SAYS (batch_arena (b), head_caused (b, p[i].head), d), .version = d->version,
							.open = document_money (d, document_open (d)),
							.removed = d->has.removed_at == HERE };
		said[rows++].has.open = invoice ? HERE : ABSENT;
		if (p[i].render)
			render[renders++] = (struct render_row){ .workspace_id = d->workspace_id,
								 .document_id = d->document_id,
								 .version = d->version };
	}
	document_write (b, row, rows);
	render_write (b, render, renders);
	document_changed_emit (b, said, rows);
	if (renders)
		batch_wake (b);
}

struct outcome paper_told (struct batch *b, const struct paper *p)
{
	struct outcome ret = done ();
	const struct document_row *d = &p->to;
	ret.id = d->document_id.uuid;
	ret.version = d->version;
	if (d->has.number == HERE)
		ret.data = arena_printf (batch_arena (b), "{\"number\":\"%s\"}", d->number);
	return ret;
}

/* ---- the customer's link ---- */

enum { TOKEN_BYTES = 32, HALF = 16 };

void paper_link (struct batch *b, struct paper *p, int32_t day, int days)
{
	static const int64_t day_us = 86400 * INT64_C (1000000);
	struct document_row *d = &p->to;
	unsigned char bytes[TOKEN_BYTES];
	char text[sodium_base64_ENCODED_LEN (TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)], hash[SHA256_TEXT];
	d->token_until = ((int64_t) day + days) * day_us;
	d->has.token_until = HERE;
	if (d->has.token == HERE)
		return;
	memcpy (bytes, &d->workspace_id.uuid, HALF);
	randombytes_buf (bytes + HALF, HALF);
	sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	d->token = arena_text (batch_arena (b), text);
	d->token_hash = arena_text (batch_arena (b), sha256_text ((struct bytes){ (const unsigned char *) text, strlen (text) }, hash));
	d->has.token = d->has.token_hash = HERE;
}

const char *paper_link_sealed (struct batch *b, const struct document_row *d)
{
	if (d->has.token != HERE)
		return NULL;
	const char *path = arena_printf (batch_arena (b), "/portal/%s", d->token);
	return seal_text (batch_arena (b), (struct bytes){ (const unsigned char *) path, strlen (path) });
}
