/* Frames: the events of one transaction on one lane, as they are stored and published. What is the same for the event before is
 * not said again (nil); everything is expanded when read. Knows no noun of the product.
 *
 * payload = byte 0 (plain) or 1 (LZ4 block, then 4 bytes: plain length, big-endian), then msgpack:
 *   [ recorded, {source: sequence, …} (after), [event, …] ]
 * event = [ type, version, id, workspace, at, actor, correlation, causation, depth, data ]
 *   nil: as in the event before (type, version, workspace, at, actor, correlation, depth); false: none; causation true: the correlation
 * data = the record's map.
 */
#ifndef LEADWIRE_FRAME_H
#define LEADWIRE_FRAME_H

#include "record.h"

enum { FRAME_SOURCES_MAX = 16, FRAME_COMPRESS_FROM = 1024 };

struct frame_after {
	char source[32];
	int64_t sequence;
};

/* A frame being written. */
struct frame_writer {
	struct buffer events;
	size_t n;
	struct head last;
	const char *type;
	int version;
};
void frame_start (struct frame_writer *w);
void frame_add (struct frame_writer *w, const struct record *r, const struct head *head, const void *item);
/* The same with data that stays as it came, understood or not; `type` must outlive the frame. */
void frame_add_raw (struct frame_writer *w, const char *type, int version, const struct head *head, struct bytes data);
/* The payload, appended to `out`; the writer is empty afterwards. */
void frame_finish (struct frame_writer *w, int64_t recorded, const struct frame_after *after, size_t n_after, struct buffer *out);
void frame_fini (struct frame_writer *w);

/* A frame being read. Texts of decoded records point into `plain` or the arena. */
struct frame_reader {
	struct bytes plain; /* decompressed payload */
	size_t place;	    /* of the next event */
	size_t n, i;	    /* events, and how many were read */
	int64_t recorded;
	struct frame_after after[FRAME_SOURCES_MAX];
	size_t n_after;
	struct head head; /* of the event last read; sequence is the caller's to add */
	char type[64];
	int version;
	struct bytes data; /* its data, undecoded */
};
/* REFUSED: not a frame. */
enum status frame_open (struct arena *a, struct bytes payload, struct frame_reader *ret) MUST_CHECK;
/* The next event's head, type, version and data. False: there is none left, or it is malformed (then n > i). */
bool frame_next (struct frame_reader *r);

#endif
