/* Bank statements: brought in, each booking once; matched where its number and its amount say so, else for somebody to say; taken back again.
 * It must never take a statement of which a part cannot be read, nor make two payments of one booking. */
#include "payments.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bank.h"
#include "billing_sql.h"
#include "files.h"
#include "matching.h"

enum { WRITE_MOST = 500, DOCUMENTS_MOST = 20 };

/* ---- the file ---- */

static bool file_read (struct batch *b, struct uuid workspace, const char *sha256, struct bytes *ret)
{
	struct arena *a = batch_arena (b);
	const char *path = file_path (a, batch_files (b), workspace, sha256);
	int fd = path ? open (path, O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	bool whole = fd >= 0 && fstat (fd, &st) == 0 && st.st_size <= BANK_FILE_MOST;
	size_t n = 0, size = whole ? (size_t) st.st_size : 0;
	unsigned char *at = arena_alloc (a, size + 1);
	for (ssize_t got = 1; whole && n < size && got > 0; n += got > 0 ? (size_t) got : 0)
		got = read (fd, at + n, size - n);
	if (fd >= 0)
		close (fd);
	*ret = (struct bytes){ at, n };
	return whole && n == size;
}

/* Of account, day, amount, references, words, and the how-manieth of those that are alike in all of it. */
static struct bytes line_hash (struct arena *a, const char *account, const struct bank_entry *e, size_t nth)
{
	unsigned char *digest = arena_alloc (a, crypto_hash_sha256_BYTES);
	const char *text = arena_printf (a, "%s\n%d\n%lld\n%s\n%s\n%s\n%s\n%s\n%zu", account, (int) e->day, (long long) e->amount,
					 e->currency, e->reference ? e->reference : "", e->end_to_end ? e->end_to_end : "",
					 e->iban ? e->iban : "", e->text, nth);
	crypto_hash_sha256 (digest, (const unsigned char *) text, strlen (text));
	return (struct bytes){ digest, crypto_hash_sha256_BYTES };
}

/* ---- what is open ---- */

static const struct matching_open *open_load (struct batch *b, struct uuid workspace, size_t *ret_n)
{
	struct matching_ask ask = { .workspace_id = { workspace } };
	const struct matching_row *row = matching_load (b, &ask, 1, ret_n);
	struct matching_open *ret = ARRAY (b, ret, *ret_n + 1);
	for (size_t i = 0; i < *ret_n; i++) {
		json_t *list = json_loads (row[i].ibans, 0, NULL);
		const char **iban = ARRAY (b, iban, json_array_size (list) + 1);
		ret[i] = (struct matching_open){ .id = row[i].document_id.uuid, .number = row[i].number, .open = row[i].open };
		memcpy (ret[i].currency, row[i].currency, 3);
		ret[i].name = row[i].has.name == HERE ? row[i].name : NULL;
		for (size_t k = 0; k < json_array_size (list); k++)
			iban[ret[i].ibans++] = arena_text (batch_arena (b), json_string_value (json_array_get (list, k)));
		ret[i].iban = iban;
		json_decref (list);
		list = json_loads (row[i].paid, 0, NULL);
		int64_t *paid = ARRAY (b, paid, json_array_size (list) + 1);
		for (size_t k = 0; k < json_array_size (list); k++)
			paid[ret[i].paids++] = json_integer_value (json_array_get (list, k));
		ret[i].paid = paid;
		json_decref (list);
		ret[i].plain = matching_plain (batch_arena (b), row[i].number);
	}
	return ret;
}

static const char *parts_json (struct batch *b, const struct matching *m, const struct matching_open open[])
{
	struct buffer out = { 0 };
	char id[UUID_TEXT];
	buffer_text (&out, "[");
	for (size_t i = 0; i < m->n; i++)
		buffer_printf (&out, "%s{\"id\":\"%s\",\"amount\":%lld}", i ? "," : "", uuid_format (open[m->part[i].at].id, id),
			       (long long) m->part[i].amount);
	buffer_text (&out, "]");
	const char *ret = arena_copy (batch_arena (b), (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

static struct payment_row payment_of_line (struct batch *b, const struct line_row *l, struct uuid document, int64_t amount)
{
	struct payment_row row = { .workspace_id = l->workspace_id,
				   .payment_id = { uuid_new (b) },
				   .version = 1,
				   .document_id = { document },
				   .has.document_id = HERE,
				   .amount = l->amount,
				   .day = l->day,
				   .method = payment_method_bank,
				   .statement_line_id = l->statement_line_id,
				   .has.statement_line_id = HERE,
				   .created_at = batch_now (b) };
	row.amount.minor = amount;
	return row;
}

/* ---- bringing in ---- */

struct import {
	struct batch *b;
	const struct statement_import *cmd;
	struct statement_row row;
	struct line_row *line;
	size_t lines;
};

static void lines_make (struct import *in, const struct bank_file *file)
{
	struct arena *a = batch_arena (in->b);
	for (size_t s = 0; s < file->statements; s++) {
		const struct bank_statement *st = &file->statement[s];
		for (size_t i = 0; i < st->entries; i++) {
			const struct bank_entry *e = &st->entry[i];
			struct line_row *l = &in->line[in->lines++];
			*l = (struct line_row){ .workspace_id = in->row.workspace_id,
						.statement_line_id = { uuid_new (in->b) },
						.statement_id = in->row.statement_id,
						.n = (int64_t) in->lines,
						.version = 1,
						.hash = line_hash (a, st->account, e, 0),
						.account = st->account,
						.day = e->day,
						.amount = { .minor = e->amount },
						.name = e->name,
						.iban = e->iban,
						.text = e->text,
						.end_to_end = e->end_to_end,
						.reference = e->reference,
						.reversal = e->reversal,
						.state = statement_line_state_unmatched };
			memcpy (l->amount.currency, e->currency, sizeof l->amount.currency);
			l->has.name = e->name ? HERE : ABSENT;
			l->has.iban = e->iban ? HERE : ABSENT;
			l->has.end_to_end = e->end_to_end ? HERE : ABSENT;
			l->has.reference = e->reference ? HERE : ABSENT;
		}
	}
}

static struct bank_entry entry_of (const struct line_row *l)
{
	struct bank_entry e = { .day = l->day, .amount = l->amount.minor, .text = l->text, .reversal = l->reversal };
	memcpy (e.currency, l->amount.currency, sizeof e.currency);
	e.name = l->has.name == HERE ? l->name : NULL;
	e.iban = l->has.iban == HERE ? l->iban : NULL;
	e.end_to_end = l->has.end_to_end == HERE ? l->end_to_end : NULL;
	e.reference = l->has.reference == HERE ? l->reference : NULL;
	return e;
}

static int hash_order (const void *x, const void *y)
{
	const struct line_row *const *one = x, *const *other = y;
	int ret = memcmp ((*one)->hash.at, (*other)->hash.at, (*one)->hash.n);
	return ret ? ret : ((*one)->n > (*other)->n) - ((*one)->n < (*other)->n);
}

/* Two bookings that are alike in all are two: the second is hashed as the second. */
static void hashes_count (struct import *in)
{
	const struct line_row **by = ARRAY (in->b, by, in->lines + 1);
	struct bytes *first = ARRAY (in->b, first, in->lines + 1);
	size_t *nth = ARRAY (in->b, nth, in->lines + 1);
	for (size_t i = 0; i < in->lines; i++)
		by[i] = &in->line[i];
	qsort (by, in->lines, sizeof *by, hash_order);
	for (size_t i = 0; i < in->lines; i++) {
		first[i] = by[i]->hash;
		nth[i] = i && bytes_equal (first[i], first[i - 1]) ? nth[i - 1] + 1 : 0;
		struct line_row *l = &in->line[by[i] - in->line];
		struct bank_entry e = entry_of (l);
		if (nth[i])
			l->hash = line_hash (batch_arena (in->b), l->account, &e, nth[i]);
	}
}

static int booking_order (const void *x, const void *y)
{
	const struct line_row *one = *(const struct line_row *const *) x, *other = *(const struct line_row *const *) y;
	int ret = strcmp (one->account, other->account);
	ret = ret ? ret : (one->day > other->day) - (one->day < other->day);
	ret = ret ? ret : (one->amount.minor > other->amount.minor) - (one->amount.minor < other->amount.minor);
	ret = ret ? ret : strcmp (one->amount.currency, other->amount.currency);
	return ret ? ret : strcmp (one->has.iban == HERE ? one->iban : "", other->has.iban == HERE ? other->iban : "");
}

/* The same bookings told in the other format say it in other words: those of which it told as many of that day, amount and other side are
 * no others. */
static void lines_alike (struct import *in)
{
	struct line_row **by = ARRAY (in->b, by, in->lines + 1);
	struct alike_ask *ask = ARRAY (in->b, ask, in->lines + 1);
	bool *known = ARRAY (in->b, known, in->lines + 1);
	size_t kept = 0;
	for (size_t i = 0; i < in->lines; i++)
		by[i] = &in->line[i];
	qsort (by, in->lines, sizeof *by, booking_order);
	for (size_t i = 0; i < in->lines; i++)
		ask[i] = (struct alike_ask){ .workspace_id = in->row.workspace_id,
					     .account = by[i]->account,
					     .day = by[i]->day,
					     .amount = by[i]->amount,
					     .iban = by[i]->iban,
					     .has.iban = by[i]->has.iban,
					     .format = in->row.format };
	const struct alike_row *told = line_alike_load (in->b, ask, in->lines);
	for (size_t i = 0, end; i < in->lines; i = end) {
		for (end = i + 1; end < in->lines && booking_order (&by[i], &by[end]) == 0;)
			end++;
		for (size_t k = i; k < end; k++)
			known[by[k] - in->line] = told[i].alike >= (int64_t) (end - i);
	}
	for (size_t i = 0; i < in->lines; i++)
		if (known[i])
			in->row.repeated++;
		else
			in->line[kept++] = in->line[i];
	in->lines = kept;
}

/* Those that an earlier file had are left out. */
static void lines_known (struct import *in)
{
	struct line_ask *ask = ARRAY (in->b, ask, in->lines + 1);
	size_t known_n, kept = 0;
	for (size_t i = 0; i < in->lines; i++)
		ask[i] = (struct line_ask){ .workspace_id = in->row.workspace_id, .hash = in->line[i].hash, .has.hash = HERE };
	const struct line_known *known = line_known_load (in->b, ask, in->lines, &known_n); /* in the order of their hashes */
	for (size_t i = 0; i < in->lines; i++) {
		size_t low = 0, high = known_n;
		while (low < high) {
			size_t mid = (low + high) / 2;
			if (memcmp (known[mid].hash.at, in->line[i].hash.at, in->line[i].hash.n) < 0)
				low = mid + 1;
			else
				high = mid;
		}
		if (low < known_n && bytes_equal (known[low].hash, in->line[i].hash))
			in->row.repeated++;
		else
			in->line[kept++] = in->line[i];
	}
	in->lines = kept;
}

/* What each pays; what one of them takes is not open for the next. */
static void lines_match (struct import *in, struct matching ret[], struct matching_open open[], size_t n)
{
	for (size_t i = 0; i < in->lines; i++) {
		struct line_row *l = &in->line[i];
		struct bank_entry e = entry_of (l);
		matching_decide (batch_arena (in->b), &e, open, n, &ret[i]);
		l->state = ret[i].state;
		l->why = matching_why_name (ret[i].why);
		l->documents = parts_json (in->b, &ret[i], open);
		in->row.matched += l->state == statement_line_state_matched;
		in->row.doubtful += l->state == statement_line_state_doubtful;
		in->row.unmatched += l->state == statement_line_state_unmatched;
		for (size_t k = 0; l->state == statement_line_state_matched && k < ret[i].n; k++)
			open[ret[i].part[k].at].open -= ret[i].part[k].amount;
	}
}

static void import_write (struct import *in)
{
	struct batch *b = in->b;
	const struct head *head = &in->cmd->head;
	size_t n;
	struct matching *m = ARRAY (b, m, in->lines + 1);
	struct matching_open *open = (struct matching_open *) (uintptr_t) open_load (b, head->workspace, &n);
	lines_match (in, m, open, n);
	statement_write (b, &in->row, 1);
	for (size_t i = 0; i < in->lines; i += WRITE_MOST)
		line_write (b, &in->line[i], in->lines - i < WRITE_MOST ? in->lines - i : WRITE_MOST);
	for (size_t i = 0; i < in->lines; i++)
		for (size_t k = 0; in->line[i].state == statement_line_state_matched && k < m[i].n; k++) {
			struct payment_row row = payment_of_line (b, &in->line[i], open[m[i].part[k].at].id, m[i].part[k].amount);
			payments_take (b, head, &row, 1);
		}
	struct statement_imported said = { .head = head_caused (b, head),
					   .statement_id = in->row.statement_id,
					   .name = in->row.name,
					   .lines = in->row.lines,
					   .matched = in->row.matched,
					   .doubtful = in->row.doubtful };
	statement_imported_emit (b, &said, 1);
}

/* A bank account is the workspace's: who sees their own records alone has no business with it. */
static bool sees_all (const struct head *head)
{
	return head->grant.scope > SCOPE_OWN;
}

static struct outcome import_one (struct batch *b, const struct statement_import *cmd)
{
	struct bytes bytes;
	struct bank_file file;
	struct bank_fault fault;
	struct arena *a = batch_arena (b);
	struct outcome ret = refused (statement_unreadable);
	if (!sees_all (&cmd->head))
		return refused (forbidden);
	if (!file_read (b, cmd->head.workspace, cmd->sha256, &bytes))
		return ret;
	if (bank_read (a, bytes, &file, &fault) != OK) {
		ret.detail = fault.line ? arena_printf (a, "Line %zu, %s: %s", fault.line, fault.where, fault.reason)
					: arena_printf (a, "%s: %s", fault.where, fault.reason);
		return ret;
	}
	struct import in = { .b = b,
			     .cmd = cmd,
			     .row = { .workspace_id = { cmd->head.workspace },
				      .statement_id = cmd->statement_id,
				      .name = cmd->name,
				      .sha256 = cmd->sha256,
				      .format = file.format,
				      .account = file.statement->account,
				      .from_day = file.statement->from,
				      .to_day = file.statement->to,
				      .created_at = moment_of (b, &cmd->head),
				      .created_by = { cmd->head.actor },
				      .has.created_by = HERE } };
	for (size_t i = 0; i < file.statements; i++) {
		const struct bank_statement *s = &file.statement[i];
		in.row.lines += (int64_t) s->entries;
		in.row.from_day = s->from < in.row.from_day ? s->from : in.row.from_day;
		in.row.to_day = s->to > in.row.to_day ? s->to : in.row.to_day;
	}
	in.line = ARRAY (b, in.line, (size_t) in.row.lines + 1);
	lines_make (&in, &file);
	hashes_count (&in);
	lines_known (&in);
	lines_alike (&in);
	import_write (&in);
	ret = done ();
	ret.id = cmd->statement_id.uuid;
	ret.data = arena_printf (a, "{\"lines\":%lld,\"matched\":%lld,\"doubtful\":%lld,\"unmatched\":%lld,\"repeated\":%lld}",
				 (long long) in.row.lines, (long long) in.row.matched, (long long) in.row.doubtful,
				 (long long) in.row.unmatched, (long long) in.row.repeated);
	return ret;
}

void statement_import (struct batch *b, const struct statement_import cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++)
		ret[i] = import_one (b, &cmd[i]);
}

/* ---- by hand ---- */

static struct outcome line_find (struct batch *b, const struct head *head, statement_line_id id, struct line_row *ret)
{
	struct line_ask ask = { .workspace_id = { head->workspace }, .statement_line_id = id, .has.statement_line_id = HERE };
	size_t n;
	const struct line_row *row = line_load (b, &ask, 1, &n);
	if (!n || !sees_all (head))
		return refused (statement_line_not_found);
	*ret = *row;
	struct outcome found = done ();
	found.id = id.uuid;
	return found;
}

/* In their order each takes what is open of it; the last one all that is left. */
static struct outcome line_pay (struct batch *b, const struct head *head, struct line_row *l, const json_t *ids)
{
	struct payment_row row[DOCUMENTS_MOST];
	size_t n = json_array_size (ids), rows = 0;
	int64_t left = l->amount.minor;
	struct buffer parts = { 0 };
	char text[UUID_TEXT];
	if (!n || n > DOCUMENTS_MOST)
		return refused (document_not_found);
	for (size_t i = 0; i < n; i++) {
		document_id id;
		const struct payable_row *p = uuid_parse (json_string_value (json_array_get (ids, i)), &id.uuid) == OK
						      ? payable_find (b, head, id)
						      : NULL;
		bool twice = false;
		for (size_t k = 0; p && k < rows; k++)
			twice = twice || uuid_equal (row[k].document_id.uuid, id.uuid);
		if (!p || twice || strcmp (p->total.currency, l->amount.currency) != 0) {
			buffer_fini (&parts);
			return refused (document_not_found);
		}
		int64_t open = payable_open (p), take = i + 1 == n ? left : left > 0 ? (open < left ? open : left) : left;
		take = left > 0 && take < 0 ? 0 : take;
		if (!take)
			continue;
		buffer_printf (&parts, "%s{\"id\":\"%s\",\"amount\":%lld}", rows ? "," : "[", uuid_format (id.uuid, text),
			       (long long) take);
		row[rows++] = payment_of_line (b, l, id.uuid, take);
		left -= take;
	}
	buffer_text (&parts, rows ? "]" : "[]");
	l->documents = arena_copy (batch_arena (b), (const char *) parts.at, parts.n);
	buffer_fini (&parts);
	payments_take (b, head, row, rows);
	return done ();
}

void statement_line_match (struct batch *b, const struct statement_line_match cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct line_row l;
		ret[i] = line_find (b, &cmd[i].head, cmd[i].statement_line_id, &l);
		if (is_done (ret[i]) && l.state == statement_line_state_matched)
			ret[i] = refused (statement_line_matched);
		if (!is_done (ret[i]))
			continue;
		json_t *ids = json_loads (cmd[i].documents, 0, NULL);
		struct outcome paid = line_pay (b, &cmd[i].head, &l, ids);
		json_decref (ids);
		if (!is_done (paid)) {
			ret[i] = paid;
			continue;
		}
		l.state = statement_line_state_matched;
		l.why = "hand";
		ret[i].version = ++l.version;
		line_write (b, &l, 1);
	}
}

/* What it became is taken back: its payments count no more. */
static void line_unpay (struct batch *b, const struct head *head, const struct line_row *l)
{
	struct line_ask ask = { .workspace_id = l->workspace_id, .statement_line_id = l->statement_line_id, .has.statement_line_id = HERE };
	size_t n;
	const struct payment_row *found = line_payments_load (b, &ask, 1, &n);
	for (size_t i = 0; i < n; i++) {
		struct payment_row row = found[i];
		row.version++;
		row.removed_at = batch_now (b);
		row.has.removed_at = HERE;
		payments_take (b, head, &row, 1);
	}
}

void statement_line_ignore (struct batch *b, const struct statement_line_ignore cmd[], size_t n, struct outcome ret[])
{
	for (size_t i = 0; i < n; i++) {
		struct line_row l;
		bool undo = cmd[i].has.undo == HERE && cmd[i].undo;
		ret[i] = line_find (b, &cmd[i].head, cmd[i].statement_line_id, &l);
		if (!is_done (ret[i]))
			continue;
		if (!undo && l.state == statement_line_state_matched) {
			ret[i] = refused (statement_line_matched);
			continue;
		}
		if (undo && l.state == statement_line_state_matched)
			line_unpay (b, &cmd[i].head, &l);
		l.state = !undo			       ? statement_line_state_ignored
			  : strcmp (l.documents, "[]") ? statement_line_state_doubtful
						       : statement_line_state_unmatched;
		ret[i].version = ++l.version;
		line_write (b, &l, 1);
	}
}
