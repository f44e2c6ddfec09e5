/* Frames: what was written is what is read, compressed or not; nothing malformed is believed. */
#include "frame.h"
#include "records.h"
#include "test.h"

#include <string.h>

static struct uuid uuid_number (int n)
{
	struct uuid u = { { 1 } };
	u.b[14] = (unsigned char) (n >> 8);
	u.b[15] = (unsigned char) n;
	return u;
}

static struct lead_created lead (int i)
{
	struct lead_created l = {
		.head = { .workspace = uuid_number (i % 3),
			  .id = uuid_number (1000 + i),
			  .correlation = uuid_number (2000 + i / 2),
			  .at = 1795256100000000 + i / 5,
			  .depth = i % 4 },
		.lead_id = { uuid_number (3000 + i) },
		.number = i,
		.source = "web_form",
		.form_type = "Offerteaanvraag",
		.name = "Piet de Vries",
		.email = "piet@example.nl",
		.has.email = HERE,
		.status = lead_status_New,
	};
	l.head.causation = i % 2 ? l.head.correlation : uuid_number (4000 + i);
	if (i % 7 == 0)
		l.head.causation = (struct uuid){ 0 };
	if (i % 3)
		l.head.actor = uuid_number (5000 + i % 2);
	return l;
}

static void frame_of (int n, struct buffer *out)
{
	struct frame_writer w = { 0 };
	struct frame_after after[] = { { "gateway", 7 }, { "pipeline", INT64_C (1) << 40 } };
	frame_start (&w);
	for (int i = 0; i < n; i++) {
		struct lead_created l = lead (i);
		frame_add (&w, &lead_created_record, &l.head, &l);
	}
	frame_finish (&w, 42, after, 2, out);
	frame_fini (&w);
}

static void round_trip (int n)
{
	struct buffer b = { 0 };
	struct arena a;
	struct frame_reader r;
	arena_init (&a);
	frame_of (n, &b);
	CHECK (frame_open (&a, (struct bytes){ b.at, b.n }, &r) == OK);
	CHECK (r.n == (size_t) n && r.recorded == 42 && r.n_after == 2);
	CHECK (strcmp (r.after[1].source, "pipeline") == 0 && r.after[1].sequence == INT64_C (1) << 40);
	for (int i = 0; i < n; i++) {
		struct lead_created l = lead (i), got;
		struct problem p = { 0 };
		CHECK (frame_next (&r));
		CHECK (strcmp (r.type, "lead.created") == 0 && r.version == 1);
		CHECK (uuid_equal (r.head.id, l.head.id) && uuid_equal (r.head.workspace, l.head.workspace) &&
		       uuid_equal (r.head.actor, l.head.actor));
		CHECK (uuid_equal (r.head.correlation, l.head.correlation) && uuid_equal (r.head.causation, l.head.causation));
		CHECK (r.head.at == l.head.at && r.head.depth == l.head.depth && r.head.recorded == 42);
		CHECK (record_unpack (&a, &lead_created_record, r.data, &got, &p) == OK);
		CHECK (got.number == i && strcmp (got.name, "Piet de Vries") == 0);
	}
	CHECK (!frame_next (&r));
	buffer_fini (&b);
	arena_fini (&a);
}

/* Every shorter frame, and every frame with one byte changed, is refused or read without harm (the sanitizers watch). */
static void malformed (int n)
{
	struct buffer b = { 0 };
	struct arena a;
	struct frame_reader r;
	arena_init (&a);
	frame_of (n, &b);
	for (size_t cut = 0; cut < b.n; cut++) {
		unsigned char *copy = heap_alloc (cut + 1);
		memcpy (copy, b.at, cut);
		if (frame_open (&a, (struct bytes){ copy, cut }, &r) == OK) {
			size_t read = 0;
			while (frame_next (&r))
				read++;
			CHECK (read < (size_t) n);
		}
		copy[cut / 2] ^= 0x5a;
		if (frame_open (&a, (struct bytes){ copy, cut }, &r) == OK)
			while (frame_next (&r))
				;
		heap_free (copy);
		arena_reset (&a);
	}
	buffer_fini (&b);
	arena_fini (&a);
}

int main (void)
{
	round_trip (1);
	round_trip (3);
	round_trip (500);
	malformed (2);
	malformed (40);
	return test_end ();
}
