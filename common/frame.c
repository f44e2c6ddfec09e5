/* Frames as bytes; see frame.h for their shape. Packs by hand (a frame is a few fixed arrays), reads through msgpack_skip and a small
 * cursor that never trusts a length. */
#include "frame.h"

#include <endian.h>
#include <lz4.h>
#include <string.h>

/* ---- writing ---- */

static void put_nil (struct buffer *b)
{
	buffer_add (b, "\xc0", 1);
}

static void put_false (struct buffer *b)
{
	buffer_add (b, "\xc2", 1);
}

static void put_array (struct buffer *b, size_t n)
{
	unsigned char *p = buffer_reserve (b, 5);
	if (n < 16) {
		p[0] = (unsigned char) (0x90 | n);
		b->n += 1;
	} else {
		uint32_t w = htobe32 ((uint32_t) n);
		p[0] = 0xdd;
		memcpy (p + 1, &w, 4);
		b->n += 5;
	}
}

static void put_int (struct buffer *b, int64_t v)
{
	unsigned char *p = buffer_reserve (b, 9);
	if (v >= 0 && v < 128) {
		p[0] = (unsigned char) v;
		b->n += 1;
		return;
	}
	uint64_t w = htobe64 ((uint64_t) v);
	p[0] = 0xd3;
	memcpy (p + 1, &w, 8);
	b->n += 9;
}

static void put_text (struct buffer *b, const char *text)
{
	size_t n = strlen (text);
	assert (n < 256);
	unsigned char *p = buffer_reserve (b, 2 + n);
	p[0] = 0xd9;
	p[1] = (unsigned char) n;
	memcpy (p + 2, text, n);
	b->n += 2 + n;
}

static void put_uuid (struct buffer *b, struct uuid u)
{
	unsigned char *p = buffer_reserve (b, 18);
	if (uuid_is_null (u)) {
		put_false (b);
		return;
	}
	p[0] = 0xc4;
	p[1] = 16;
	memcpy (p + 2, u.b, 16);
	b->n += 18;
}

static void put_uuid_or_nil (struct buffer *b, struct uuid u, struct uuid before, bool first)
{
	if (!first && uuid_equal (u, before))
		put_nil (b);
	else
		put_uuid (b, u);
}

void frame_start (struct frame_writer *w)
{
	buffer_clear (&w->events);
	w->n = 0;
	w->type = NULL;
}

/* Everything of an event but its data. */
static void event_start (struct frame_writer *w, const char *type, int version, const struct head *head)
{
	struct buffer *b = &w->events;
	bool first = w->n == 0;
	put_array (b, 10);
	if (!first && strcmp (w->type, type) == 0 && w->version == version) {
		put_nil (b);
		put_nil (b);
	} else {
		put_text (b, type);
		put_int (b, version);
	}
	put_uuid (b, head->id);
	put_uuid_or_nil (b, head->workspace, w->last.workspace, first);
	if (!first && head->at == w->last.at)
		put_nil (b);
	else
		put_int (b, head->at);
	put_uuid_or_nil (b, head->actor, w->last.actor, first);
	put_uuid_or_nil (b, head->correlation, w->last.correlation, first);
	if (uuid_equal (head->causation, head->correlation) && !uuid_is_null (head->causation))
		buffer_add (b, "\xc3", 1);
	else
		put_uuid (b, head->causation);
	if (!first && head->depth == w->last.depth)
		put_nil (b);
	else
		put_int (b, head->depth);
	w->last = *head;
	w->type = type;
	w->version = version;
	w->n++;
}

void frame_add (struct frame_writer *w, const struct record *r, const struct head *head, const void *item)
{
	event_start (w, r->type, r->version, head);
	record_pack (&w->events, r, item);
}

void frame_add_raw (struct frame_writer *w, const char *type, int version, const struct head *head, struct bytes data)
{
	event_start (w, type, version, head);
	buffer_add (&w->events, data.at, data.n);
}

void frame_finish (struct frame_writer *w, int64_t recorded, const struct frame_after *after, size_t n_after, struct buffer *out)
{
	struct buffer plain = { 0 };
	put_array (&plain, 3);
	put_int (&plain, recorded);
	assert (n_after < 16);
	buffer_add (&plain, &(unsigned char){ (unsigned char) (0x80 | n_after) }, 1);
	for (size_t i = 0; i < n_after; i++) {
		put_text (&plain, after[i].source);
		put_int (&plain, after[i].sequence);
	}
	put_array (&plain, w->n);
	buffer_add (&plain, w->events.at, w->events.n);
	if (plain.n >= FRAME_COMPRESS_FROM) {
		int bound = LZ4_compressBound ((int) plain.n);
		uint32_t length = htobe32 ((uint32_t) plain.n);
		buffer_add (out, "\1", 1);
		buffer_add (out, &length, 4);
		unsigned char *p = buffer_reserve (out, (size_t) bound);
		int packed = LZ4_compress_default ((const char *) plain.at, (char *) p, (int) plain.n, bound);
		assert (packed > 0);
		out->n += (size_t) packed;
	} else {
		buffer_add (out, "\0", 1);
		buffer_add (out, plain.at, plain.n);
	}
	buffer_fini (&plain);
	frame_start (w);
}

void frame_fini (struct frame_writer *w)
{
	buffer_fini (&w->events);
}

/* ---- reading ---- */

/* A place in the plain payload that only moves forward, and stops for good at anything unexpected. */
struct place {
	struct bytes in;
	size_t at;
	bool bad;
};

static unsigned char place_peek (struct place *p)
{
	if (p->at >= p->in.n)
		p->bad = true;
	return p->bad ? 0 : p->in.at[p->at];
}

static uint64_t place_number (struct place *p, size_t bytes)
{
	uint64_t v = 0;
	if (p->bad || p->in.n - p->at < bytes) {
		p->bad = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | p->in.at[p->at++];
	return v;
}

static int64_t read_int (struct place *p)
{
	unsigned char c = place_peek (p);
	p->at += !p->bad;
	if (c < 0x80)
		return c;
	if (c >= 0xe0)
		return (int8_t) c;
	switch (c) {
	case 0xcc: return (int64_t) place_number (p, 1);
	case 0xcd: return (int64_t) place_number (p, 2);
	case 0xce: return (int64_t) place_number (p, 4);
	case 0xcf:
	case 0xd3: return (int64_t) place_number (p, 8);
	default: p->bad = true; return 0;
	}
}

static size_t read_count (struct place *p, unsigned char small, unsigned char wide16, unsigned char wide32)
{
	unsigned char c = place_peek (p);
	p->at += !p->bad;
	if ((c & 0xf0) == small)
		return c & 0x0f;
	if (c == wide16)
		return (size_t) place_number (p, 2);
	if (c == wide32)
		return (size_t) place_number (p, 4);
	p->bad = true;
	return 0;
}

static void read_text (struct place *p, char *ret, size_t room)
{
	unsigned char c = place_peek (p);
	p->at += !p->bad;
	size_t n = (c & 0xe0) == 0xa0 ? c & 0x1f : c == 0xd9 ? (size_t) place_number (p, 1) : room;
	if (p->bad || n >= room || p->in.n - p->at < n) {
		p->bad = true;
		return;
	}
	memcpy (ret, p->in.at + p->at, n);
	ret[n] = 0;
	p->at += n;
}

/* nil leaves `ret` as it was, false empties it. */
static void read_uuid (struct place *p, struct uuid *ret)
{
	unsigned char c = place_peek (p);
	if (p->bad)
		return;
	p->at++;
	if (c == 0xc0)
		return;
	if (c == 0xc2) {
		*ret = (struct uuid){ 0 };
		return;
	}
	if (c != 0xc4 || place_number (p, 1) != 16 || p->in.n - p->at < 16) {
		p->bad = true;
		return;
	}
	memcpy (ret->b, p->in.at + p->at, 16);
	p->at += 16;
}

static bool read_nil (struct place *p)
{
	if (place_peek (p) != 0xc0 || p->bad)
		return false;
	p->at++;
	return true;
}

enum status frame_open (struct arena *a, struct bytes payload, struct frame_reader *ret)
{
	struct frame_reader r = { 0 };
	if (payload.n < 2 || payload.at[0] > 1)
		return REFUSED;
	if (payload.at[0] == 1) {
		struct place length = { .in = { payload.at + 1, payload.n - 1 } };
		uint64_t n = place_number (&length, 4);
		if (length.bad || n > (256u << 20) || n > (payload.n - 5) * 256) /* LZ4 packs at most 255 to 1 */
			return REFUSED;
		char *plain = arena_alloc (a, n + 1);
		int got = LZ4_decompress_safe ((const char *) payload.at + 5, plain, (int) (payload.n - 5), (int) n);
		if (got < 0 || (uint64_t) got != n)
			return REFUSED;
		r.plain = (struct bytes){ (unsigned char *) plain, n };
	} else {
		r.plain = (struct bytes){ payload.at + 1, payload.n - 1 };
	}
	struct place p = { .in = r.plain };
	if (read_count (&p, 0x90, 0xdc, 0xdd) != 3)
		return REFUSED;
	r.recorded = read_int (&p);
	r.n_after = read_count (&p, 0x80, 0xde, 0xdf);
	if (p.bad || r.n_after > FRAME_SOURCES_MAX)
		return REFUSED;
	for (size_t i = 0; i < r.n_after; i++) {
		read_text (&p, r.after[i].source, sizeof r.after[i].source);
		r.after[i].sequence = read_int (&p);
	}
	r.n = read_count (&p, 0x90, 0xdc, 0xdd);
	if (p.bad || r.n > p.in.n - p.at)
		return REFUSED;
	r.place = p.at;
	*ret = r;
	return OK;
}

bool frame_next (struct frame_reader *r)
{
	struct place p = { .in = r->plain, .at = r->place };
	if (r->i >= r->n || read_count (&p, 0x90, 0xdc, 0xdd) != 10)
		return false;
	if (!read_nil (&p))
		read_text (&p, r->type, sizeof r->type);
	if (!read_nil (&p))
		r->version = (int) read_int (&p);
	read_uuid (&p, &r->head.id);
	read_uuid (&p, &r->head.workspace);
	if (!read_nil (&p))
		r->head.at = read_int (&p);
	read_uuid (&p, &r->head.actor);
	read_uuid (&p, &r->head.correlation);
	if (place_peek (&p) == 0xc3) {
		p.at++;
		r->head.causation = r->head.correlation;
	} else {
		read_uuid (&p, &r->head.causation);
	}
	if (!read_nil (&p))
		r->head.depth = (int) read_int (&p);
	if (p.bad)
		return false;
	size_t length = msgpack_skip ((struct bytes){ p.in.at + p.at, p.in.n - p.at });
	if (length == 0)
		return false;
	r->data = (struct bytes){ p.in.at + p.at, length };
	r->head.recorded = r->recorded;
	r->place = p.at + length;
	r->i++;
	return true;
}
