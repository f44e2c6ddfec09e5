/* The bus' messages as bytes: big-endian numbers, names ended by NUL, written and read in order.
 * Never reads beyond what came: whoever reads asks `bad` once, at the end. */
#include "bus_parts.h"

#include <endian.h>
#include <string.h>

void wire_put_u8 (struct buffer *b, int v)
{
	buffer_add (b, &(unsigned char){ (unsigned char) v }, 1);
}

void wire_put_u32 (struct buffer *b, uint32_t v)
{
	v = htobe32 (v);
	buffer_add (b, &v, 4);
}

void wire_put_u64 (struct buffer *b, uint64_t v)
{
	v = htobe64 (v);
	buffer_add (b, &v, 8);
}

void wire_put_name (struct buffer *b, const char *name)
{
	buffer_add (b, name, strlen (name) + 1);
}

uint64_t wire_get (struct reading *r, size_t bytes)
{
	uint64_t v = 0;
	if (r->n < bytes) {
		r->bad = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | r->at[i];
	r->at += bytes;
	r->n -= bytes;
	return v;
}

int wire_get_lane (struct reading *r)
{
	uint64_t lane = wire_get (r, 1);
	if (lane >= LANES)
		r->bad = true;
	return r->bad ? 0 : (int) lane;
}

const char *wire_get_name (struct reading *r)
{
	const char *name = (const char *) r->at;
	size_t length = strnlen (name, r->n);
	if (length == r->n) {
		r->bad = true;
		return "";
	}
	r->at += length + 1;
	r->n -= length + 1;
	return name;
}
